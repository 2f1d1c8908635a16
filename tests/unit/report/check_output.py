"""Reads a report with Python's own parsers and says what does not hold. Usage: check_output.py KIND FILE"""
import base64
import csv
import hashlib
import html.parser
import io
import json
import re
import sys
import unicodedata

STATES = {"inspected", "partial", "uninspectable", "excluded", "unchanged"}
FILE_KEYS = ["record", "path", "path_bytes", "format", "size", "sha256", "state", "reasons", "persons", "elements", "label", "location", "violations",
             "review", "exceptions", "canary"]


def unique(pairs):
    keys = [k for k, _ in pairs]
    assert len(keys) == len(set(keys)), "a key twice: %s" % keys
    return dict(pairs)


def load(text):
    return json.loads(text, object_pairs_hook=unique, parse_constant=lambda c: 1 / 0)


def safe(text):
    for c in text:
        assert c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp"), "unsafe character %r" % c


def check_file(o):
    keys = list(o)
    assert keys == [k for k in FILE_KEYS if k in o], keys
    assert o["state"] in STATES
    assert o["state"] not in ("partial", "uninspectable") or o["reasons"]
    for r in o["reasons"]:
        assert {"code", "part", "detail"} <= set(r)
        assert r["code"] != "encrypted" or r["detail"] in ("strong", "weak", "unknown")
    for e in o["elements"]:
        assert list(e) == ["element", "confidence", "count", "at", "more"]
        assert e["more"] == e["count"] - len(e["at"]), e
        for a in e["at"]:
            kinds = [k for k in ("offset", "cell", "page", "slide", "paragraph") if k in a]
            assert len(kinds) <= 1 and "part" in a
            assert "offset" not in a or {"length", "line", "column"} <= set(a)
            assert "cell" not in a or re.fullmatch(r"[A-Z]+[1-9][0-9]*", a["cell"])
            assert a.get("hidden", True) is True
    for v in o.get("violations", []):
        assert v["code"].startswith("V-")


def jsonl(text):
    assert text.endswith("\n")
    safe(text)
    lines = [load(line) for line in text.splitlines()]
    assert len(lines) == text.count("\n")
    kinds = [o["record"] for o in lines]
    assert kinds[0] == "run" and kinds[-1] == "summary"
    assert set(kinds[1:-1]) <= {"file", "aggregate"}
    assert kinds == sorted(kinds, key=["run", "file", "aggregate", "summary"].index)
    files = [o for o in lines if o["record"] == "file"]
    for o in files:
        check_file(o)
    s = lines[-1]
    assert sum(s["states"].values()) == len(files) and set(s["states"]) == STATES
    for state, n in s["states"].items():
        assert n == sum(o["state"] == state for o in files)
    every = [v for o in files + [a for a in lines if a["record"] == "aggregate"] for v in o.get("violations", [o] if "code" in o else [])]
    for key, name in (("violations", "code"), ("severities", "severity")):
        assert sum(s[key].values()) == len([v for v in every if v[name]])
        for k, n in s[key].items():
            assert n == sum(v[name] == k for v in every)
    for k, n in s["labels"].items():
        assert n == sum(o.get("label", {}).get("grade") == k for o in files)


def check(text):
    safe(text)
    o = load(text)
    assert list(o)[:9] == ["record", "verdict", "reasons", "dest", "recipient", "label", "persons", "receipt", "files"], list(o)
    assert o["record"] == "check" and o["verdict"] in ("allow", "conditions", "deny", "undetermined")
    for r in o["reasons"]:
        assert {"code", "part", "detail"} <= set(r) and r["detail"]
    for f in o["files"]:
        check_file(f)
    if o["receipt"]:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", o["receipt"]["expires"])
        assert re.fullmatch(r"[0-9a-f]{64}", o["receipt"]["sha256"])
        if len(o["files"]) == 1:
            assert o["receipt"]["sha256"] == o["files"][0]["sha256"] == o["receipt"]["members"][0]["sha256"]


def table(text):
    assert text.startswith("\ufeff")
    assert text.count("\n") == text.count("\r\n") + sum(c.count("\n") - c.count("\r\n") for c in re.findall(r'"(?:[^"]|"")*"', text))
    rows = list(csv.reader(io.StringIO(text[1:], newline="")))
    assert len({len(r) for r in rows}) == 1 and len(rows) > 1
    for row in rows:
        for cell in row:
            assert not re.match(r"[=+\-@\t\r＝＋－＠]", cell), cell


def sarif(text):
    safe(text)
    o = load(text)
    assert o["version"] == "2.1.0" and len(o["runs"]) == 1
    run = o["runs"][0]
    rules = [r["id"] for r in run["tool"]["driver"]["rules"]]
    assert run["results"] and len(rules) == len(set(rules))
    for r in run["results"]:
        assert rules[r["ruleIndex"]] == r["ruleId"]
        assert r["message"]["text"] and r["level"] in ("none", "note", "warning", "error")
        assert r["kind"] == "fail" or r["level"] == "none"      # 3.27.9 and 3.27.10
        for where in r["locations"] + r.get("relatedLocations", []):
            uri = where["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"[A-Za-z0-9\-._~/%:]+", uri), uri
            region = where["physicalLocation"].get("region")
            assert region is None or (region["startLine"] > 0 and region["startColumn"] > 0 and region["byteLength"] > 0)
    for i in run["invocations"]:
        assert i["executionSuccessful"] is True


class Page(html.parser.HTMLParser):
    VOID = {"meta", "br", "input"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.raw, self.csp, self.text = [], {"style": [], "script": []}, None, ""

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        assert not {"src", "href", "style", "srcset", "action"} & set(attrs) and not any(k.startswith("on") for k in attrs), (tag, attrs)
        if attrs.get("http-equiv") == "Content-Security-Policy":
            self.csp = attrs["content"]
        if tag not in self.VOID:
            self.open.append(tag)
        if tag in self.raw:
            self.raw[tag].append("")

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, "unbalanced </%s>" % tag

    def handle_data(self, data):
        if self.open and self.open[-1] in self.raw:
            self.raw[self.open[-1]][-1] += data
        else:
            self.text += data


def page(text):
    safe(text)
    p = Page()
    p.feed(text)
    p.close()
    assert not p.open, p.open
    assert "default-src 'none'" in p.csp and "unsafe" not in p.csp
    for kind, texts in p.raw.items():
        for t in texts:
            assert "'sha256-%s'" % base64.b64encode(hashlib.sha256(t.encode()).digest()).decode() in p.csp, "the policy does not allow the %s" % kind
    assert not re.search(r"https?:|url\(|@import", text)
    assert "@page" in text and "prefers-color-scheme" in text and "viewport" in text


def main():
    with open(sys.argv[2], "rb") as f:
        text = f.read().decode("utf-8")
    {"jsonl": jsonl, "check": check, "csv": table, "sarif": sarif, "html": page, "text": safe}[sys.argv[1]](text)


main()
