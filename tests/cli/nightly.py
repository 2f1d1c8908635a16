#!/usr/bin/env python3
"""Black-box tests of nights: kill -9 at random moments, two runs at a time, a state that is missing, the installed nightly script.

Usage: nightly.py SEKISHO [SEED]       the last line is 'N passed, N failed'
"""
import os
import random
import signal
import shutil
import subprocess
import sys
import tempfile
import time

BINARY = os.path.abspath(sys.argv[1])
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
RNG = random.Random(SEED)
HERE = os.path.dirname(os.path.abspath(__file__))


def check(ok, text):
    if not ok:
        raise AssertionError(text)


class Box:
    def __init__(self, files):
        self.dir = tempfile.mkdtemp(prefix="sekisho-nightly-")
        self.share = os.path.join(self.dir, "share")
        self.state = os.path.join(self.dir, "state.db")
        os.makedirs(os.path.join(self.share, "総務課"))
        for i in range(files):
            with open(os.path.join(self.share, "総務課", "%05d.txt" % i), "w", encoding="utf-8") as f:
                f.write("会議の記録 %d\n" % i * 50)

    def command(self, *args):
        return [BINARY] + list(args)

    def run(self, *args):
        p = subprocess.run(self.command(*args), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300, env=self.env())
        p.out, p.err = p.stdout.decode("utf-8", "replace"), p.stderr.decode("utf-8", "replace")
        return p

    def env(self):
        return dict(os.environ, LC_ALL="C.UTF-8", XDG_CACHE_HOME=os.path.join(self.dir, "cache"))

    def scan(self):
        return ("scan", "--as", "/share", "--state", self.state, "--quiet", "-o", os.path.join(self.dir, "out.txt"), self.share)

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)


def wait_for(path, seconds=20):
    end = time.time() + seconds
    while time.time() < end and not os.path.exists(path):
        time.sleep(0.002)


def test_kill():
    """Killed at any moment: the next report says 中断・不完全 or tells a night that really ended; the chain holds; the next night ends."""
    box = Box(1500)
    try:
        box.run("scan", "--as", "/share", os.path.join(box.share, "総務課", "00000.txt"))      # fills the cache of rules
        begun = time.time()
        box.run(*box.scan())
        whole = time.time() - begun         # how long a night takes on this machine now; kills must fall into it
        caught = 0
        for i in range(12):
            for n in os.listdir(box.dir):
                if n.startswith("state.db"):
                    os.unlink(os.path.join(box.dir, n))
            p = subprocess.Popen(box.command(*box.scan()), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=box.env())
            wait_for(box.state)
            time.sleep(RNG.uniform(0, 0.6) * whole)
            p.send_signal(signal.SIGKILL)
            p.wait()
            r = box.run("report", "nightly", "--state", box.state)
            if p.returncode == -signal.SIGKILL:
                caught += 1
                if r.returncode == 0:
                    ended = "対象 1500件" in r.out and "中断" not in r.out
                    check(ended or ("中断" in r.out and "不完全" in r.out), "killed: %s" % r.out[:600])
                    check(box.run("log", "verify", "--state", box.state).returncode == 0, "chain after a kill")
                else:
                    check("まだ行われていません" in r.err, "killed before the state was made: %s" % r.err)
            again = box.run(*box.scan())
            check(again.returncode in (0, 1, 2), "the next night: %d %s" % (again.returncode, again.err))
            r = box.run("report", "nightly", "--state", box.state)
            check("対象 1500件" in r.out, "the next report: %s" % r.out[:600])
            v = box.run("log", "verify", "--state", box.state)
            check(v.returncode == 0, "chain: %s" % v.err)
        check(caught >= 3, "only %d kills struck" % caught)
    finally:
        box.close()


def test_two_runs():
    box = Box(3000)
    try:
        p = subprocess.Popen(box.command(*box.scan()), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=box.env())
        wait_for(box.state + "-wal")
        second = box.run("scan", "--as", "/share", "--state", box.state, box.share)
        alive = p.poll() is None
        p.wait()
        if alive:
            check(second.returncode in (64, 70) and "ほかの検査が使用中" in second.err and not second.out, "second: %d %s" % (second.returncode, second.err))
        check(p.returncode in (0, 1, 2), "first: %d" % p.returncode)
        check(box.run(*box.scan()).returncode in (0, 1, 2), "after both")
    finally:
        box.close()


def test_missing_and_foreign():
    box = Box(1)
    try:
        r = box.run("report", "nightly", "--state", box.state)
        check(r.returncode == 64 and "まだ行われていません" in r.err and not r.out, "missing: %d %s" % (r.returncode, r.err))
        check(not os.path.exists(box.state), "a report made a state")
        open(box.state, "w").close()
        r = box.run("report", "nightly", "--state", box.state)
        check(r.returncode == 64 and "まだ行われていません" in r.err, "empty: %s" % r.err)
        with open(box.state, "w", encoding="utf-8") as f:
            f.write("これは状態ファイルではない" * 100)
        r = box.run(*box.scan())
        check(r.returncode in (64, 70) and "使えません" in r.err, "foreign: %d %s" % (r.returncode, r.err))
        with open(box.state, encoding="utf-8") as f:
            check(f.read().startswith("これは"), "a foreign file was changed")
    finally:
        box.close()


def test_script():
    """The script of the service: reports, chain and metrics in the state folder, exit status of the scan."""
    box = Box(3)
    try:
        text = open(os.path.join(HERE, "..", "..", "cli", "systemd", "sekisho-nightly.in"), encoding="utf-8").read()
        script = os.path.join(box.dir, "nightly.sh")
        with open(script, "w", encoding="utf-8") as f:
            f.write(text)
        out = os.path.join(box.dir, "state")
        os.makedirs(os.path.join(box.dir, "metrics"))
        os.makedirs(out)
        env = dict(box.env(), SEKISHO=BINARY, SHARE=box.share, AS="/share", STATE_DIR=out, METRICS_DIR=os.path.join(box.dir, "metrics"))
        p = subprocess.run(["sh", script], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
        check(p.returncode in (0, 1, 2), "exit %d %s" % (p.returncode, p.stderr.decode()))
        for n in ("nightly.html", "nightly.txt", "nightly-restricted.html", "trend.html", "scan.jsonl"):
            check(os.path.getsize(os.path.join(out, n)) > 100, n)
        prom = open(os.path.join(box.dir, "metrics", "sekisho.prom")).read()
        check("sekisho_files 3\n" in prom and "sekisho_exit_status %d\n" % p.returncode in prom and 'sekisho_open_findings{severity="S1"}' in prom, prom)
    finally:
        box.close()


def main():
    passed, todo = 0, sorted(n for n in globals() if n.startswith("test_"))
    for name in todo:
        try:
            globals()[name]()
            passed += 1
        except Exception as e:      # noqa: BLE001 - one test must not stop the others
            print("FAIL %s (seed %d): %s" % (name, SEED, str(e)[:1500]))
    print("%d passed, %d failed" % (passed, len(todo) - passed))
    return passed != len(todo)


if __name__ == "__main__":
    sys.exit(main())
