#!/usr/bin/env python3
"""The local page: who is served and who is not (by sockets), and the page in a headless Chromium: by keyboard, by screen reader, on paper.

Usage: serve.py SEKISHO [OUTPUT]      screenshots and the printed slip go to OUTPUT (test-output/serve beside the program). Without Chromium
(tests/packages.sh test installs it) the browser's part is skipped and said to be. The last line is 'N passed, N failed'.
"""
import base64
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import traceback
import urllib.parse

OUTPUT = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "test-output", "serve"))
sys.argv[2:] = []

import browser
from judge import APPROVER, Desk, zip_encrypted
from run import AS_OF, Failure, check


class Server:
    def __init__(self, box, *args):
        self.tmp = box.path("tmp")
        os.makedirs(self.tmp, exist_ok=True)
        env = dict(os.environ, LC_ALL="C.UTF-8", XDG_CACHE_HOME=box.path("cache"), XDG_CONFIG_HOME=box.path("config"), TMPDIR=self.tmp)
        self.p = subprocess.Popen([os.path.abspath(sys.argv[1]), "serve", "--policy", box.policy, "--as-of", AS_OF, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=self.tmp)
        self.url = None
        for line in self.p.stdout:
            m = re.search(rb"http://127\.0\.0\.1:(\d+)(/[0-9a-f]{64}/)", line)
            if m:
                self.port, self.path, self.url = int(m.group(1)), m.group(2).decode(), m.group(0).decode()
                break
        check(self.url, "no address: %s" % (self.p.stderr.read() if self.p.poll() is not None else ""))
        self.host = "127.0.0.1:%d" % self.port

    def ask(self, method="GET", path=None, headers=None, body=None, host=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        c.putrequest(method, path or self.path, skip_host=True, skip_accept_encoding=True)
        for k, v in {"Host": host or self.host, **(headers or {})}.items():
            c.putheader(k, v)
        if body is not None:
            c.putheader("Content-Length", str(len(body)))
        c.endheaders(body)
        r = c.getresponse()
        text = r.read().decode("utf-8", "replace")
        c.close()
        return r.status, text, dict(r.getheaders())

    def send(self, fields, files, origin=True, headers=None, **kw):
        """A form as a browser sends it."""
        edge = b"----sekisho-test"
        body = b"".join(b"--" + edge + b'\r\nContent-Disposition: form-data; name="' + k.encode() + b'"\r\n\r\n' + v.encode() + b"\r\n" for k, v in fields.items())
        for key, name, data in files:
            body += b"--" + edge + ('\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: application/octet-stream\r\n\r\n' % (key, name)).encode() + data + b"\r\n"
        h = {"Content-Type": "multipart/form-data; boundary=" + edge.decode()}
        if origin:
            h["Origin"] = origin if isinstance(origin, str) else "http://" + self.host
        return self.ask("POST", self.path + "check", {**h, **(headers or {})}, body + b"--" + edge + b"--\r\n", **kw)

    def close(self):
        self.p.send_signal(signal.SIGINT)
        try:
            code = self.p.wait(10)
        except subprocess.TimeoutExpired:
            self.p.kill()
            code = None
        self.p.stdout.close()
        self.p.stderr.close()
        return code


def slurp(path):
    with open(path, "rb") as f:
        return f.read()


def uploads(pid):
    folder = "/proc/%d/fd" % pid
    return [f for f in os.listdir(folder) if "sekisho-upload" in os.readlink(os.path.join(folder, f))]


def sample(box, *names):
    return os.path.join(box.share, *names)


# ---------------------------------------------------------------- who is served
def test_only_the_right_guest(box):
    s = Server(box)
    try:
        flyer = [("files", "健康だより.txt", slurp(sample(box, "広報", "健康だより.txt")))]
        to = {"dest": "D-TRAINING"}
        status, page, headers = s.ask()
        check(status == 200 and '<html lang="ja">' in page and "D-INSURER" in page, "the page: %d" % status)
        for k, v in (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "same-origin")):
            check(headers.get(k) == v, "%s: %s" % (k, headers.get(k)))
        check("frame-ancestors 'none'" in headers["Content-Security-Policy"] and "default-src 'none'" in page and "unsafe" not in page, "CSP")
        check(s.ask(host="localhost:%d" % s.port)[0] == 200, "localhost")
        for host in ("evil.example", "evil.example:%d" % s.port, "127.0.0.1", "127.0.0.1:1", "[::1]:%d" % s.port, "127.0.0.1.evil.example:%d" % s.port):
            check(s.ask(host=host)[0] == 403 and s.send(to, flyer, host=host, origin="http://" + host)[0] == 403, "Host %s is served" % host)
        for path in ("/", "/check", "/" + "0" * 64 + "/", s.path[:-3] + "/", "/favicon.ico", s.path.replace("/", "//", 1)):
            check(s.ask(path=path)[0] == 403, "%s is served" % path)
        check(s.ask(path=s.path + "../etc/passwd")[0] == 404 and s.ask(path=s.path + "check")[0] == 404, "unknown pages")
        check(s.ask("DELETE")[0] == 405 and s.ask("POST", body=b"x")[0] == 405 and s.ask("OPTIONS")[0] == 405, "methods")
        status, page, _ = s.send(to, flyer)
        check(status == 200 and "送付可" in page and "送付不可" not in page, "a flyer: %d" % status)
        for origin in ("http://evil.example", "null", "https://" + s.host, "http://127.0.0.1:1", "http://localhost:%d" % s.port, False):
            check(s.send(to, flyer, origin=origin)[0] == 403, "origin %s is served" % origin)
        check(s.send(to, flyer, headers={"Sec-Fetch-Site": "cross-site"})[0] == 403, "cross-site")
        check(s.send(to, flyer, headers={"Sec-Fetch-Site": "same-origin"})[0] == 200, "same-origin")
        # only loopback listens
        for family, address in {(i[0], i[4][0]) for i in socket.getaddrinfo(socket.gethostname(), None)}:
            if not address.startswith("127.") and address != "::1":
                with socket.socket(family, socket.SOCK_STREAM) as k:
                    k.settimeout(2)
                    check(k.connect_ex((address, s.port)) != 0, "%s answers" % address)
    finally:
        check(s.close() == 0, "end")


def test_bad_forms(box):
    s = Server(box, "--max-mb", "1")
    try:
        flyer = [("files", "a.txt", b"x\r\n")]
        for fields, files, word in (({"dest": ""}, flyer, "送付先"), ({"dest": "D-TRAINING"}, [], "ファイル"), ({"dest": "D-NOWHERE"}, flyer, "D-NOWHERE"), ({"dest": "D-INSURER", "recipients": "12x"}, flyer, "12x"),
                                    ({"dest": "D-INSURER", "approvals": "所属長だけ"}, flyer, "役割"), ({"dest": "D-TRAINING"}, [("files", "a.txt", b"x")] * 40, "多すぎ"),
                                    ({"dest": "D-TRAINING"}, flyer + [("receipts", "r.json", b"{}")], "鍵"), ({"dest": "<script>alert(1)</script>"}, flyer, "&lt;script&gt;")):
            status, page, _ = s.send(fields, files)
            check(status == 400 and 'role="alert"' in page and word in page and "送付可" not in page and "<script>alert" not in page, "%s: %d %s" % (fields, status, page[-800:]))
        for size in (2 << 20, 9 << 20):
            try:
                status, page, _ = s.send({"dest": "D-TRAINING"}, [("files", "big.txt", b"x" * size)])
                check(status == 413 and "大きすぎ" in page, "%d bytes: %d" % (size, status))
            except (ConnectionError, BrokenPipeError):
                pass        # refused before all was sent
        status, page, _ = s.ask("POST", s.path + "check", {"Content-Type": "text/plain", "Origin": "http://" + s.host}, b"x")
        check(status == 400, "not a form: %d" % status)
        status, page, _ = s.send({"dest": "D-TRAINING"}, [("files", '<img src=x onerror=alert(1)>.txt', b"x\r\n")])
        check(status == 200 and "<img" not in page, "a name became markup")
        # nonsense never ends it
        for junk in (b"\0" * 300, b"GET / HTTP/9.9\r\n\r\n", b"POST " + s.path.encode() + b"check HTTP/1.1\r\nHost: " + s.host.encode() + b"\r\nContent-Length: 99999999999999999999\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", s.port), 5) as k:
                k.sendall(junk)
                k.settimeout(2)
                try:
                    k.recv(4096)
                except OSError:
                    pass
        check(s.ask()[0] == 200, "still alive")
    finally:
        s.close()


def test_nothing_is_stored(box):
    s = Server(box)
    try:
        book = slurp(sample(box, "総務課", "共有", "マイナンバー収集表.xlsx"))
        import io
        import zipfile
        values = re.findall(r"<t>(\d{12})</t>", zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode())
        check(len(values) == 5, "sample")

        def files():
            return {os.path.join(d, n): os.path.getsize(os.path.join(d, n)) for top in (s.tmp, box.path("config"), box.path("cache")) for d, _, names in os.walk(top) for n in names}
        s.send({"dest": "D-TRAINING"}, [("files", "a.txt", b"x\r\n")])      # makes the key of the site
        before = files()
        status, page, _ = s.send({"dest": "D-INSURER", "recipients": "100016", "approvals": APPROVER}, [("files", "マイナンバー収集表.xlsx", book)])
        check(status == 200 and "送付不可" in page and "T-GRADE" in page, "number list: %d" % status)
        check(not any(v in page for v in values), "a value is on the page")
        check(files() == before, "left behind: %s" % (set(files()) ^ set(before)))
        if os.geteuid() == 0:       # the program forbids others to look into it
            end = time.time() + 5
            while uploads(s.p.pid) and time.time() < end:
                time.sleep(0.1)
            check(not uploads(s.p.pid), "an upload outlives its answer")
    finally:
        s.close()


def test_receipt_by_the_page(box):
    """The plain file, its receipt from the page, the container with it; the audit chain notes each."""
    state = box.path("page.db")
    s = Server(box, "--state", state)
    try:
        plain = slurp(box.uke())
        box.question()
        fields = {"dest": "D-INSURER", "recipients": " ".join(box.insurers), "approvals": APPROVER + "\n", "requester": "審査課 申請太郎"}
        status, page, _ = s.send(fields, [("files", "RECEIPTC.UKE", plain)])
        m = re.search(r'download="receipt.json" href="data:application/json;base64,([^"]*)"', page)
        check(status == 200 and "条件未達" in page and m, "plain: %d" % status)
        receipt = base64.b64decode(m.group(1))
        check(json.loads(receipt)["receipt"]["signature"], "unsigned")
        zip_encrypted(box.path("x.zip"), "RECEIPTC.UKE", plain)
        status, page, _ = s.send(fields, [("files", "RECEIPTC.zip", slurp(box.path("x.zip"))), ("receipts", "receipt.json", receipt)])
        check(status == 200 and "○ 送付可" in page, "container: %d %s" % (status, re.sub("<[^>]*>", " ", page)[-900:]))
        status, page, _ = s.send(fields, [("files", "RECEIPTC.zip", slurp(box.path("x.zip"))), ("receipts", "receipt.json", receipt.replace(b'"expires":"20', b'"expires":"21'))])
        check(status == 400 and "書き換え" in page, "edited: %d" % status)
        # the requester does not approve
        status, page, _ = s.send({**fields, "requester": "承認一郎"}, [("files", "RECEIPTC.UKE", plain)])
        check("T-APPR1" in page, "self-approval")
    finally:
        s.close()
    import sqlite3
    db = sqlite3.connect(state)
    notes = [b for (b,) in db.execute("SELECT body FROM chain WHERE kind='check'")]
    db.close()
    check(len(notes) == 3 and all("sha256=" in n and "RECEIPTC" not in n for n in notes), "notes: %s" % notes)
    check(box.run("log", "verify", "--state", state).returncode == 0, "chain")


# ---------------------------------------------------------------- in the browser
def picture(name):
    os.makedirs(OUTPUT, exist_ok=True)
    return os.path.join(OUTPUT, name)


def submitted(b):
    b.wait("Page.loadEventFired")
    return b.ask("document.title")


def browser_keyboard(box, s, b):
    """Everything by keyboard, in the order of the page; the slip says its verdict first."""
    b.open(s.url)
    b.shot(picture("1-form.png"))
    order = []
    for _ in range(10):
        b.tab()
        order.append(b.ask("document.activeElement.id || document.activeElement.className"))
    check(order == ["dest", "recipients", "requester", "purpose", "channel", "approvals", "contract", "files", "receipts", "main"], "order of Tab: %s" % order)
    check(b.ask("getComputedStyle(document.activeElement).outlineStyle") == "solid", "the focus is not seen")
    b.open(s.url)
    b.tab()
    for _ in range(12):
        if b.ask("document.getElementById('dest').value") == "D-TRAINING":
            break
        b.key("ArrowDown", n=40)
    check(b.ask("document.getElementById('dest').value") == "D-TRAINING", "the list by arrow keys")
    b.tab()
    b.tab()
    b.type("総務課 申請太郎")
    check(b.ask("document.getElementById('requester').value") == "総務課 申請太郎", "typing")
    b.give_files("#files", [sample(box, "総務課", "共有", "レセ控え.txt")])
    b.tab()
    b.type("研修の資料")
    for _ in range(6):
        b.tab()
    check(b.ask("document.activeElement.className") == "main", "the button")
    b.enter()
    title = submitted(b)
    check(title.startswith("× 送付不可"), "title %s" % title)
    b.shot(picture("2-denied.png"))
    text = b.ask("document.body.innerText")
    for word in ("送付不可", "T-GRADE", "直し方", "D-TRAINING", "申請太郎", "研修の資料", "未承認"):
        check(word in text, "the slip lacks %s" % word)
    check(b.ask("document.getElementById('print').offsetParent !== null"), "the button for printing is not shown")
    b.ask("window.print = function(){ window.printed = true }")
    b.ask("document.getElementById('print').focus()")
    b.enter()
    check(b.ask("window.printed === true"), "the button does not print")
    check(not b.complaints(), "console: %s" % b.complaints())


def browser_drop(box, s, b):
    """A file dropped into the frame; the way back to the form."""
    b.open(s.url)
    b.ask("document.getElementById('dest').value = 'D-TRAINING'")
    b.drop_file("#files", sample(box, "広報", "健康だより.txt"))
    check(b.ask("document.getElementById('files').files.length") == 1, "nothing was dropped")
    b.ask("document.querySelector('button.main').click()")
    check(submitted(b).startswith("○ 送付可"), "a flyer")
    b.shot(picture("3-allowed.png"))
    b.ask("document.querySelector('nav a').click()")
    b.wait("Page.loadEventFired")
    check(b.ask("location.href") == s.url and b.ask("document.getElementById('files').files.length") == 0, "back")
    # without destination the browser itself holds it back
    b.give_files("#files", [sample(box, "広報", "健康だより.txt")])
    b.ask("document.querySelector('button.main').click()")
    check(b.ask("document.querySelector(':invalid') !== null") and b.ask("location.href") == s.url, "sent without a destination")


def browser_screen_reader(box, s, b):
    b.open(s.url)
    told = b.names()
    controls = [t for t in told if t[0] in ("combobox", "textbox", "button", "Button", "searchbox")]
    check(len(controls) >= 10 and all(name.strip() for _, name, _ in controls), "a control without name: %s" % controls)
    for part in ("宛先の保険者番号", "申請者", "承認", "契約番号"):
        match = [t for t in told if t[0] == "textbox" and t[1] == part]
        check(match and match[0][2].strip(), "%s is not told with its hint: %s" % (part, match))
    check(any(r == "heading" and "外部送付前点検" in n for r, n, _ in told) and any(r == "main" for r, _, _ in told) and len([1 for r, _, _ in told if r in ("group", "Group")]) >= 2, "structure")
    check(b.ask("document.documentElement.lang") == "ja", "lang")
    # a mistake is told aloud
    b.ask("document.getElementById('dest').value = 'D-INSURER'; document.getElementById('recipients').value = '12x'")
    b.give_files("#files", [sample(box, "広報", "健康だより.txt")])
    b.ask("document.querySelector('button.main').click()")
    submitted(b)
    check(any(r == "alert" for r, _, _ in b.names()), "a mistake is no alert")
    b.shot(picture("4-mistake.png"))


def browser_paper(box, s, b):
    """One page of A4, without what belongs to the screen."""
    b.open(s.url)
    b.ask("document.getElementById('dest').value = 'D-TRAINING'")
    b.give_files("#files", [box.uke(), sample(box, "総務課", "共有", "マイナンバー収集表.xlsx")])
    b.ask("document.querySelector('button.main').click()")
    submitted(b)
    pdf = b.pdf(picture("5-slip.pdf"))
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    check(len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1, "%d pages" % len(re.findall(rb"/Type\s*/Page\b", pdf)))
    check(boxes and abs(float(boxes[0][0]) - 595) < 2 and abs(float(boxes[0][1]) - 842) < 2, "not A4: %s" % boxes)
    b.send("Emulation.setEmulatedMedia", media="print")
    check(b.ask("getComputedStyle(document.querySelector('nav.tools')).display") == "none", "the way back is printed")
    b.shot(picture("6-print.png"))
    b.send("Emulation.setEmulatedMedia", media="")
    b.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    b.shot(picture("7-dark.png"))
    b.send("Emulation.setEmulatedMedia", features=[])
    b.size(360, 800, True)
    b.open(s.url)
    check(b.ask("document.documentElement.scrollWidth <= 360"), "wider than a phone: %s" % b.ask("document.documentElement.scrollWidth"))
    b.shot(picture("8-narrow.png"))
    b.size(1000, 1100)


def browser_other_sites(box, s, b):
    """A page of another site cannot send files, nor reach the server by a name of its own (DNS rebinding)."""
    b.open("http://evil.example:%d%s" % (s.port, s.path))
    check("宛先名" in b.ask("document.body.innerText"), "rebinding: %s" % b.ask("document.body.innerText")[:200])
    form = ("<form method=post enctype=multipart/form-data action='%scheck'><input name=dest value=D-TRAINING><input type=file name=files id=files></form>" % s.url)
    b.open("data:text/html," + urllib.parse.quote(form))
    b.give_files("#files", [sample(box, "広報", "健康だより.txt")])
    b.ask("document.forms[0].submit()")
    submitted(b)
    check("ほかの画面" in b.ask("document.body.innerText"), "another site may send: %s" % b.ask("document.body.innerText")[:200])
    b.open("data:text/html," + urllib.parse.quote("<iframe src='%s' id=f></iframe>" % s.url))
    check(b.ask("(function(){try{return document.getElementById('f').contentDocument.title}catch(e){return 'blocked'}})()") in ("blocked", None, ""), "framed")


def browser_slip_file(box, s, b):
    """The slip of `check --format html`, as a file."""
    b.events.clear()
    out = box.path("slip.html")
    box.run("check", "--policy", box.policy, "--dest", "D-PUBLIC", "--as-of", AS_OF, "--format", "html", "-o", out, sample(box, "総務課", "名簿", "研修参加者.csv"))
    b.open("file://" + out)
    check("送付不可" in b.ask("document.title") and b.ask("document.getElementById('print').offsetParent !== null"), "slip as a file")
    check(not b.complaints(), "console: %s" % b.complaints())
    pdf = b.pdf(picture("9-slip-file.pdf"))
    check(len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1, "more than one page")


def main():
    todo = [(n, f) for n, f in sorted(globals().items()) if n.startswith("test_")]
    pages = [(n, f) for n, f in sorted(globals().items()) if n.startswith("browser_")]
    passed = failed = 0

    def attempt(name, f, *args):
        nonlocal passed, failed
        try:
            f(*args)
            passed += 1
        except Failure as e:
            failed += 1
            print("FAIL %s: %s" % (name, str(e)[:1500]))
        except Exception:       # noqa: BLE001 - one test must not stop the others
            failed += 1
            print("FAIL %s: %s" % (name, traceback.format_exc()[-1500:]))
    for name, f in todo:
        box = Desk()
        attempt(name, f, box)
        box.close()
    if not browser.PROGRAM:
        print("skipped %d tests in a browser: Chromium is not installed (tests/packages.sh test)" % len(pages))
    else:
        box = Desk()
        s = Server(box)
        b = browser.Browser("--host-resolver-rules=MAP evil.example 127.0.0.1")
        for name, f in pages:
            attempt(name, f, box, s, b)
        b.close()
        s.close()
        box.close()
        print("screenshots in %s" % OUTPUT)
    print("%d passed, %d failed" % (passed, failed))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
