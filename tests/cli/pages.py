#!/usr/bin/env python3
"""The nightly reports in a headless Chromium: light and dark, a phone, A4, sorting, filtering, no request to anywhere.

Usage: pages.py SEKISHO       the last line is 'N passed, N failed'; without Chromium it says that it was skipped.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import browser

BINARY = os.path.abspath(sys.argv[1])
DAYS = ("2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23")


def check(ok, text):
    if not ok:
        raise AssertionError(text)


class Reports:
    """Four nights; policy of another version before the last one, so that the trend has a break."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="sekisho-pages-")
        share = os.path.join(self.dir, "share", "総務課")
        os.makedirs(share)
        self.env = dict(os.environ, LC_ALL="C.UTF-8", XDG_CACHE_HOME=os.path.join(self.dir, "cache"))
        policies = [os.path.join(self.dir, "policy%d.yaml" % i) for i in (0, 1)]
        here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "patterns", "policies")
        text = open(next(os.path.join(here, n) for n in sorted(os.listdir(here)) if n.endswith(".yaml")), encoding="utf-8").read()
        for i, path in enumerate(policies):
            with open(path, "w", encoding="utf-8") as f:
                f.write(re.sub(r'version: "[^"]*"', 'version: "0.%d.0"' % (i + 1), text, 1))
        for k, day in enumerate(DAYS):
            for i in range(4 * k, 4 * k + 4):
                with open(os.path.join(share, "名簿<b>&%02d.csv" % i), "w", encoding="utf-8") as f:
                    f.write("氏名,電話,住所\n" + "".join("佐藤 花子,090-%04d-%04d,東京都千代田区丸の内%d-1\n" % (n, n * 7 % 9999, n % 9 + 1) for n in range(3 + i * 9)))
            self.run("scan", "--as", "/share", "--policy", policies[k == 3], "--state", self.path("s.db"), "--as-of", day, "--quiet", "-o", self.path("out"), os.path.join(self.dir, "share"))
        self.pages = {}
        for kind in ("nightly", "trend", "inventory", "audit"):
            for audience in ("summary", "restricted"):
                path = self.path("%s-%s.html" % (kind, audience))
                r = self.run("report", kind, "--state", self.path("s.db"), "--format", "html", "--audience", audience, "-o", path)
                check(r.returncode == 0, r.stderr.decode())
                self.pages[kind, audience] = path

    def path(self, name):
        return os.path.join(self.dir, name)

    def run(self, *args):
        return subprocess.run((BINARY,) + args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.env, timeout=120)

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)


def luminance(color):
    v = [int(x) / 255 for x in re.findall(r"\d+", color)[:3]]
    v = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in v]
    return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]


def contrast(a, b):
    x, y = sorted((luminance(a), luminance(b)), reverse=True)
    return (x + 0.05) / (y + 0.05)


def scheme(b, name):
    b.send("Emulation.setEmulatedMedia", media="screen", features=[{"name": "prefers-color-scheme", "value": name}])


def test_light_and_dark(reports, b):
    """WCAG 2 AA: 4.5:1 for all text, in both schemes; the background really differs."""
    grounds = []
    for name in ("light", "dark"):
        scheme(b, name)
        for page in reports.pages.values():
            b.open("file://" + page)
            ground, texts = json.loads(b.ask("""(function(){
                function ground(e){for(;e;e=e.parentElement){var c=getComputedStyle(e).backgroundColor;if(c!=='rgba(0, 0, 0, 0)')return c}return 'rgb(255,255,255)'}
                var seen={};[].forEach.call(document.body.querySelectorAll('*'),function(e){if(e.textContent.trim()&&!/SCRIPT|STYLE/.test(e.tagName))seen[getComputedStyle(e).color+'|'+ground(e)]=e.tagName+'.'+e.className});
                return JSON.stringify([ground(document.body),seen])})()"""))
            grounds.append(ground)
            for pair, where in texts.items():
                check(contrast(*pair.split("|")) >= 4.5, "%s %s: %s of %s" % (name, os.path.basename(page), pair, where))
    check(luminance(grounds[0]) > 0.8 and luminance(grounds[-1]) < 0.1, grounds)


def test_phone(reports, b):
    """390 points wide: nothing to scroll sideways, text not smaller than 14 points."""
    b.size(390, 844, mobile=True)
    try:
        for page in reports.pages.values():
            b.open("file://" + page)
            wide = b.ask("document.documentElement.scrollWidth")
            small = b.ask("Math.min.apply(null,[].map.call(document.body.querySelectorAll('p,td,li,h1,h2,.conclusion'),function(e){return parseFloat(getComputedStyle(e).fontSize)}))")
            check(wide <= 391, "%s is %s wide" % (os.path.basename(page), wide))
            check(small is None or small >= 13, "%s has text of %s" % (os.path.basename(page), small))
    finally:
        b.size(1000, 1100)


def test_a4(reports, b):
    for key, page in reports.pages.items():
        b.open("file://" + page)
        data = b.pdf(reports.path("a4.pdf"))
        boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", data)
        check(boxes and all(abs(float(w) - 595) < 2 and abs(float(h) - 842) < 2 for w, h in boxes), "%s: %s" % (key, boxes))


def table(b):
    return json.loads(b.ask("JSON.stringify([].map.call(document.getElementById('files').tBodies[0].rows,function(r){return [r.hidden].concat([].map.call(r.cells,function(c){return c.dataset.k||c.textContent}))}))"))


def test_sort_and_filter(reports, b):
    b.open("file://" + reports.pages["nightly", "restricted"])
    rows = table(b)
    check(len(rows) == 16 and not any(r[0] for r in rows), "rows: %d" % len(rows))
    heads = b.ask("document.getElementById('files').tHead.rows[0].cells.length")
    for i in range(heads):
        for up in (True, False):
            b.ask("document.getElementById('files').tHead.rows[0].cells[%d].querySelector('button').click()" % i)
            cells = [r[i + 1] for r in table(b)]
            if all(re.fullmatch(r"-?\d+(\.\d+)?", c) for c in cells):
                wanted = sorted(map(float, cells), reverse=not up)
                check(list(map(float, cells)) == wanted, "column %d: %s" % (i, cells))
            said = b.ask("document.getElementById('files').tHead.rows[0].cells[%d].getAttribute('aria-sort')" % i)
            check(said == ("ascending" if up else "descending"), "aria-sort %s" % said)
    b.ask("document.getElementById('q').focus()")
    b.type("名簿<b>&07")
    rows = table(b)
    check(sum(not r[0] for r in rows) == 1, "filtered: %s" % [r for r in rows if not r[0]])


def test_nothing_from_outside(reports, b):
    """One file, no request, no complaint of its own content policy; names of files are text and nothing else."""
    for key, page in reports.pages.items():
        b.events = []
        b.open("file://" + page)
        asked = [e["params"]["request"]["url"] for e in b.events if e.get("method") == "Network.requestWillBeSent"]
        check(all(u.startswith("file://" + page.rsplit("/", 1)[0]) and u.endswith(".html") for u in asked), "%s asks for %s" % (key, asked))
        check(not b.complaints(), "%s: %s" % (key, b.complaints()))
        source = open(page, encoding="utf-8").read()
        check(not re.search(r"(src|href|action)\s*=|https?://(?!www\.w3\.org/)|@import|url\(", source), "%s refers to something" % (key,))
        text = b.ask("document.body.textContent")
        check(("名簿<b>&" in text) == (key[1] == "restricted" and key[0] in ("nightly", "audit")), "names in %s" % (key,))


def test_trend(reports, b):
    b.open("file://" + reports.pages["trend", "summary"])
    breaks, label = b.ask("document.querySelectorAll('svg .break').length"), b.ask("document.querySelector('svg').getAttribute('aria-label')")
    check(breaks == 1, "one break where the policy changed, not %s" % breaks)
    check(label and b.ask("document.querySelector('svg').getBoundingClientRect().width") > 300, "chart")
    titles = b.ask("document.querySelectorAll('svg title').length")
    check(titles >= len(DAYS), "a number for each night: %s" % titles)


def main():
    tests = [(n, f) for n, f in sorted(globals().items()) if n.startswith("test_")]
    if not browser.PROGRAM:
        print("skipped %d tests: Chromium is not installed (tests/packages.sh test)\n0 passed, 0 failed" % len(tests))
        return 77
    reports, passed = Reports(), 0
    b = browser.Browser()
    try:
        for name, test in tests:
            try:
                scheme(b, "light")
                test(reports, b)
                passed += 1
            except Exception as e:      # noqa: BLE001 - one test must not stop the others
                print("FAIL %s: %s" % (name, str(e)[:1500]))
    finally:
        b.close()
        reports.close()
    print("%d passed, %d failed" % (passed, len(tests) - passed))
    return passed != len(tests)


if __name__ == "__main__":
    sys.exit(main())
