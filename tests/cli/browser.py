"""A headless Chromium by its debugging pipe; standard library only."""
import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PROGRAM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)


class Browser:
    def __init__(self, *args):
        self.dir = tempfile.mkdtemp(prefix="sekisho-chromium-")
        to_child, self.out = os.pipe()
        self.inp, from_child = os.pipe()
        read_end, write_end = fcntl.fcntl(to_child, fcntl.F_DUPFD, 20), fcntl.fcntl(from_child, fcntl.F_DUPFD, 20)

        def wire():     # 3 and 4 may be ends of the pipes themselves
            os.dup2(read_end, 3)
            os.dup2(write_end, 4)
        self.p = subprocess.Popen([PROGRAM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars", "--disable-background-networking",
                                   "--disable-component-update", "--remote-debugging-pipe", "--user-data-dir=" + self.dir, "--lang=ja", *args, "about:blank"],
                                  preexec_fn=wire, pass_fds=(3, 4), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for fd in (to_child, from_child, read_end, write_end):
            os.close(fd)
        self.buffer, self.n, self.events, self.session = b"", 0, [], None
        target = next(t for t in self.send("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self.session = self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "DOM", "Log", "Accessibility", "Network"):
            self.send(domain + ".enable")
        self.size(1000, 1100)

    def read(self, seconds):
        end = time.time() + seconds
        while b"\0" not in self.buffer:
            left = end - time.time()
            if left <= 0 or not select.select([self.inp], [], [], left)[0]:
                return None
            more = os.read(self.inp, 1 << 20)
            if not more:
                raise RuntimeError("the browser has gone")
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def send(self, method, **params):
        self.n += 1
        message = {"id": self.n, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            got = self.read(60)
            if got is None:
                raise RuntimeError("no answer to " + method)
            if got.get("id") == self.n:
                if "error" in got:
                    raise RuntimeError("%s: %s" % (method, got["error"]))
                return got["result"]
            self.events.append(got)

    def wait(self, method, seconds=60):
        end = time.time() + seconds
        while time.time() < end:
            for i, e in enumerate(self.events):
                if e.get("method") == method:
                    return self.events.pop(i)
            got = self.read(1)
            if got:
                self.events.append(got)
        raise RuntimeError("no " + method)

    def size(self, width, height, mobile=False):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def open(self, url):
        self.events = [e for e in self.events if e.get("method") == "Log.entryAdded"]
        self.send("Page.navigate", url=url)
        self.wait("Page.loadEventFired")

    def ask(self, expression):
        r = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in r:
            raise RuntimeError(r["exceptionDetails"])
        return r["result"].get("value")

    def key(self, key, code=None, n=0, text=None):
        base = {"key": key, "code": code or key, "windowsVirtualKeyCode": n}
        self.send("Input.dispatchKeyEvent", type="keyDown", **base, **({"text": text} if text else {}))
        self.send("Input.dispatchKeyEvent", type="keyUp", **base)

    def tab(self):
        self.key("Tab", n=9)

    def enter(self):
        self.key("Enter", n=13, text="\r")

    def type(self, text):
        self.send("Input.insertText", text=text)

    def node(self, selector):
        root = self.send("DOM.getDocument")["root"]["nodeId"]
        return self.send("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]

    def give_files(self, selector, paths):
        self.send("DOM.setFileInputFiles", nodeId=self.node(selector), files=paths)

    def drop_file(self, selector, path):
        x, y = json.loads(self.ask("(function(){var r=document.querySelector(%s);r.scrollIntoView();r=r.getBoundingClientRect();return JSON.stringify([r.x+r.width/2,r.y+r.height/2])})()" % json.dumps(selector)))
        for kind in ("dragEnter", "dragOver", "drop"):
            self.send("Input.dispatchDragEvent", type=kind, x=x, y=y, data={"items": [], "files": [path], "dragOperationsMask": 1})

    def names(self):
        """(role, name, description) of what a screen reader is told."""
        out = []
        for n in self.send("Accessibility.getFullAXTree")["nodes"]:
            if not n.get("ignored"):
                out.append(tuple((n.get(k) or {}).get("value", "") for k in ("role", "name", "description")))
        return out

    def shot(self, path):
        with open(path, "wb") as f:
            f.write(base64.b64decode(self.send("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]))

    def pdf(self, path):
        data = base64.b64decode(self.send("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])
        with open(path, "wb") as f:
            f.write(data)
        return data

    def complaints(self):
        """What the console says: blocked styles, scripts, requests."""
        return [e["params"]["entry"]["text"] for e in self.events if e.get("method") == "Log.entryAdded" and e["params"]["entry"]["level"] in ("error", "warning")]

    def close(self):
        try:
            self.session = None
            self.send("Browser.close")
        except (RuntimeError, OSError):
            pass
        try:
            self.p.wait(10)
        except subprocess.TimeoutExpired:
            self.p.kill()
            self.p.wait()
        os.close(self.out)
        os.close(self.inp)
        shutil.rmtree(self.dir, ignore_errors=True)
