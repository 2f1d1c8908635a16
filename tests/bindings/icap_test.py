#!/usr/bin/env python3
"""The ICAP service under a real c-icap: clean passes, personal data is answered with the slip, what cannot be read does not pass,
and under load no answer is lost and memory stays flat.

Usage: icap_test.py MODULE PATTERNS [REQUESTS]
"""
import base64
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULE, PATTERNS = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
REQUESTS = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
CASES = {c["name"]: base64.b64decode(c["base64"]) for c in json.loads((HERE / "cases.json").read_text(encoding="utf-8"))}
CLEAN, ROSTER, DAMAGED = CASES["議事録.txt"], CASES["名簿.csv"], CASES["鍵付き.7z"]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    def __init__(self, folder, extra=""):
        self.port = free_port()
        (folder / "c-icap.conf").write_text(
            "PidFile %(d)s/pid\nCommandsSocket %(d)s/ctl\nPort 127.0.0.1:%(p)d\nTimeout 300\nMaxKeepAliveRequests 100\nKeepAliveTimeout 600\n"
            "StartServers 2\nMaxServers 2\nMinSpareThreads 4\nMaxSpareThreads 20\nThreadsPerChild 8\nMaxRequestsPerChild 0\n"
            "TmpDir %(d)s\nModulesDir /usr/lib/x86_64-linux-gnu/c_icap\nServicesDir %(s)s\nServerLog %(d)s/server.log\nAccessLog %(d)s/access.log\n"
            "DebugLevel 1\nService sekisho %(m)s\nsekisho.Destination D-OTHER\nsekisho.MaxObject 1000000\n%(x)s" % {
                "d": folder, "p": self.port, "s": os.path.dirname(MODULE), "m": os.path.basename(MODULE), "x": extra})
        env = dict(os.environ, SEKISHO_PATTERNS=PATTERNS, HOME=str(folder))
        self.process = subprocess.Popen(["c-icap", "-N", "-f", str(folder / "c-icap.conf")], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("c-icap does not answer: " + (folder / "server.log").read_text(errors="replace"))

    def resident(self):
        """KiB of the server and its children, shared pages once (Pss)."""
        pids = [self.process.pid] + [int(p) for p in Path("/proc/%d/task/%d/children" % ((self.process.pid,) * 2)).read_text().split()]
        total = 0
        for pid in pids:
            for line in Path("/proc/%d/smaps_rollup" % pid).read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


def read_answer(f):
    """(ICAP status, HTTP status or None, body)"""
    status = f.readline().split()
    headers = {}
    while (line := f.readline().strip()):
        k, v = line.split(b":", 1)
        headers[k.strip().lower()] = v.strip()
    http, body = None, b""
    if b"encapsulated" in headers and b"-body=" in headers[b"encapsulated"] or b"res-hdr" in headers.get(b"encapsulated", b""):
        first = f.readline().split()
        http = first[1] if first[0].startswith(b"HTTP") else first[0]
        while f.readline().strip():
            pass
        if b"null-body" not in headers[b"encapsulated"]:
            while (n := int(f.readline().split(b";")[0], 16)):
                body += f.read(n)
                f.readline()
            f.readline()
    return int(status[1]), http, body


def request(port, body, content_type="application/octet-stream", name="file", allow204=True):
    http = b"PUT http://upload.example.jp/%s HTTP/1.1\r\nHost: upload.example.jp\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (
        name.encode(), content_type.encode(), len(body))
    icap = b"REQMOD icap://127.0.0.1/sekisho ICAP/1.0\r\nHost: 127.0.0.1\r\n%sEncapsulated: req-hdr=0, req-body=%d\r\n\r\n" % (
        b"Allow: 204\r\n" if allow204 else b"", len(http))
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(body[i:i + 8192]), body[i:i + 8192]) for i in range(0, len(body), 8192)) + b"0\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), 60) as s:
        def send():
            try:
                s.sendall(icap + http + chunks)
            except OSError:
                pass  # answered before everything was sent
        sender = threading.Thread(target=send)
        sender.start()
        with s.makefile("rb") as f:
            answer = read_answer(f)
        sender.join()
    return answer


class Icap(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="sekisho-icap-"))
        cls.server = Server(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        shutil.rmtree(cls.folder)

    def client(self, data, *more):
        """What c-icap's own client shows: (headers and messages, body)."""
        source, out = self.folder / "in", self.folder / "out"
        source.write_bytes(data)
        out.unlink(missing_ok=True)
        p = subprocess.run(["c-icap-client", "-i", "127.0.0.1", "-p", str(self.server.port), "-s", "sekisho", "-f", str(source), "-o", str(out), "-v", *more],
                           capture_output=True, timeout=120)
        return (p.stdout + p.stderr).decode(errors="replace"), out.read_bytes() if out.exists() else b""

    def test_client_clean_passes(self):
        seen, _ = self.client(CLEAN, "-req", "http://upload.example.jp/minutes.txt", "-method", "PUT")
        self.assertIn("204", seen)

    def test_client_personal_data_is_blocked_with_the_slip(self):
        seen, slip = self.client(ROSTER, "-req", "http://upload.example.jp/roster.csv", "-method", "PUT")
        self.assertIn("403 Forbidden", seen)
        self.assertIn("T-GRADE", slip.decode())
        self.assertNotIn(b"090-1234-5678", slip)

    def test_clean_without_204_comes_back_whole(self):
        body = CLEAN * 2000
        status, _, back = request(self.server.port, body, allow204=False)
        self.assertEqual((status, back), (200, body))

    def test_undetermined_does_not_pass(self):
        status, http, slip = request(self.server.port, DAMAGED, name="a.7z")
        self.assertEqual((status, http), (200, b"403"))
        self.assertIn("判定不能", slip.decode())

    def test_too_large_does_not_pass(self):
        status, http, slip = request(self.server.port, CLEAN * 20000)
        self.assertEqual((status, http), (200, b"403"))
        self.assertIn("上限", slip.decode())

    def test_file_in_a_form(self):
        workbook = io.BytesIO()
        with zipfile.ZipFile(workbook, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("名簿.csv", ROSTER)
        for data, want in ((workbook.getvalue(), (200, b"403")), (CLEAN, (204, None))):
            form = b"--XyZ\r\nContent-Disposition: form-data; name=\"memo\"\r\n\r\nhello\r\n" \
                   b"--XyZ\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n" + data + \
                   b"\r\n--XyZ--\r\n"
            status, http, _ = request(self.server.port, form, "multipart/form-data; boundary=XyZ")
            self.assertEqual((status, http), want)

    def test_load(self):
        bodies = [(CLEAN, (204, None)), (ROSTER, (200, b"403")), (DAMAGED, (200, b"403")), (CASES["資料.zip"], (200, b"403"))]
        wrong, todo, lock = [], list(range(REQUESTS)), threading.Lock()

        def work():
            while True:
                with lock:
                    if not todo:
                        return
                    i = todo.pop()
                body, want = bodies[i % len(bodies)]
                try:
                    status, http, _ = request(self.server.port, body)
                    if (status, http) != want:
                        wrong.append((i, status, http))
                except Exception as e:  # a lost answer
                    wrong.append((i, repr(e)))

        def run(n):
            todo[:] = range(n)
            threads = [threading.Thread(target=work) for _ in range(8)]
            for t in threads:
                t.start()
            for t in threads:
                t.join()

        # Threads that c-icap starts late, and each thread's own part of the heap, are warmth; what a request leaves behind grows in every round.
        rounds, start = [], time.time()
        for _ in range(5):
            before = self.server.resident()
            run(REQUESTS // 5)
            rounds.append(self.server.resident() - before)
        print("%d requests in %.1f s, memory at the end %d KiB, growth by fifth %s KiB" % (REQUESTS, time.time() - start, self.server.resident(), rounds))
        self.assertEqual(wrong, [])
        self.assertLess(min(rounds[1:]), REQUESTS // 5 // 2)  # 512 bytes a request


class Refuses(unittest.TestCase):
    def test_without_a_good_policy_the_service_does_not_start(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "p.yaml").write_text("nonsense: 1\n")
            server = Server(folder, "sekisho.Policy %s/p.yaml\n" % folder)
            try:
                status = request(server.port, CLEAN)[0]
            finally:
                server.stop()
            self.assertGreaterEqual(status, 400)
            self.assertIn("p.yaml", (folder / "server.log").read_text(errors="replace"))


if __name__ == "__main__":
    if not shutil.which("c-icap") or not shutil.which("c-icap-client"):
        print("skipped: c-icap is not installed")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=1)
