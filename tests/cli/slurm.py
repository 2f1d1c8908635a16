#!/usr/bin/env python3
"""The Slurm job array of cli/slurm on the real engine, on this one node: several tasks, then one report over their stores.

Usage: slurm.py SEKISHO       the last line is 'N passed, N failed'; without slurm-wlm and munge, or not as root, it says that it was skipped.
"""
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

BINARY = os.path.abspath(sys.argv[1])
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "cli", "slurm", "sekisho-shards.sh")
NEEDED = ("slurmctld", "slurmd", "munged", "sbatch", "squeue", "scontrol")
PERSON = "100016,国%d,%07d,01,佐藤 太郎,%d/01/%02d\r\n"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Cluster:
    """One node, its own munge and slurm daemons, all in a folder of its own."""

    def __init__(self, folder):
        self.dir, self.children = folder, []
        host = socket.gethostname().split(".")[0]
        os.chmod(folder, 0o755)
        for name in ("munge", "state", "spool", "log"):
            os.makedirs(self.path(name), mode=0o755)
        os.chmod(self.path("munge"), 0o700)
        with open(self.path("munge", "key"), "wb") as f:
            f.write(os.urandom(1024))
        os.chmod(self.path("munge", "key"), 0o600)
        socket_path = self.path("munge.socket")
        self.start("munged", "--foreground", "--force", "--key-file", self.path("munge", "key"), "--socket", socket_path, "--pid-file",
                   self.path("munge", "pid"), "--log-file", self.path("munge", "log"), "--seed-file", self.path("munge", "seed"), "--num-threads", "2")
        with open(self.path("slurm.conf"), "w") as f:
            f.write("""ClusterName=test
SlurmctldHost=%s(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=%s
CredType=cred/munge
SlurmctldPort=%d
SlurmdPort=%d
StateSaveLocation=%s
SlurmdSpoolDir=%s
SlurmctldPidFile=%s
SlurmdPidFile=%s
SlurmctldLogFile=%s
SlurmdLogFile=%s
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
MailProg=/bin/true
NodeName=%s NodeAddr=127.0.0.1 CPUs=%d State=UNKNOWN
PartitionName=main Nodes=%s Default=YES State=UP
""" % (host, socket_path, free_port(), free_port(), self.path("state"), self.path("spool"), self.path("ctld.pid"), self.path("d.pid"),
                self.path("log", "ctld"), self.path("log", "d"), host, os.cpu_count() or 1, host))
        self.env = dict(os.environ, SLURM_CONF=self.path("slurm.conf"), LC_ALL="C.UTF-8")
        time.sleep(1)
        self.start("slurmctld", "-D", "-f", self.path("slurm.conf"))
        self.start("slurmd", "-D", "-f", self.path("slurm.conf"), "-N", host)

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def start(self, *command):
        out = open(self.path("out-" + command[0]), "wb")
        path = shutil.which(command[0], path=os.environ.get("PATH", "") + ":/usr/sbin")
        self.children.append(subprocess.Popen([path] + list(command[1:]), stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=getattr(self, "env", None)))

    def run(self, *command, **more):
        env = dict(self.env, **more)
        return subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60).stdout.decode("utf-8", "replace")

    def array(self, n, **env):
        """Submits the script as it is delivered, and waits."""
        out = self.run("sbatch", "--parsable", "--array=1-%d" % n, "--output", self.path("log", "job-%A_%a"), SCRIPT, **env)
        job = out.strip().split(";")[0]
        assert job.isdigit(), out
        end = time.time() + 180
        while time.time() < end:
            if not self.run("squeue", "-h", "-j", job).strip() or "Invalid job" in self.run("squeue", "-h", "-j", job):
                return
            time.sleep(0.5)
        raise AssertionError("the jobs did not end: " + self.run("squeue") + self.run("scontrol", "show", "node"))

    def close(self):
        for child in reversed(self.children):
            child.terminate()
        for child in self.children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()


def test(folder):
    share, state = os.path.join(folder, "share", "総務課"), os.path.join(folder, "store")
    os.makedirs(share)
    os.makedirs(state)
    for k in range(30):         # 40 people a file, five of them also in the next one: 30 * 35 + 5 = 1055 (policy.md A6)
        with open(os.path.join(share, "名簿%02d.csv" % k), "w", encoding="cp932", newline="") as f:
            f.write("保険者番号,記号,番号,枝番,氏名,生年月日\r\n")
            for i in range(k * 35, k * 35 + 40):
                f.write(PERSON % (i % 7, 1000000 + i * 13, 1940 + i % 60, i % 28 + 1))
    key = os.path.join(folder, "site.secret")
    subprocess.run([BINARY, "index", "key", key], check=True, stdout=subprocess.DEVNULL)
    cluster = Cluster(os.path.join(folder, "slurm"))
    try:
        end = time.time() + 60
        while "idle" not in cluster.run("sinfo", "-h") and time.time() < end:
            time.sleep(0.5)
        env = {"SHARE": os.path.dirname(share), "AS": "/share", "STATE_DIR": state, "SITE_KEY": key, "SEKISHO": BINARY,
               "XDG_CACHE_HOME": os.path.join(folder, "cache")}
        cluster.array(4, **env)
        exits = [open(os.path.join(state, "shard-%d.exit" % i)).read().strip() for i in range(1, 5)]
        assert all(e in ("0", "1") for e in exits), exits
        states = [x for i in range(1, 5) for x in ("--state", os.path.join(state, "shard-%d.db" % i))]
        r = subprocess.run([BINARY, "report", "nightly", "--lang", "ja"] + states, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=cluster.env)
        text = r.stdout.decode()
        assert r.returncode == 0 and "対象 30件" in text and "1055人" in text, (r.returncode, text, r.stderr.decode())
        # Again: every shard resumes from its store and reads nothing.
        cluster.array(4, **env)
        lines = [l for i in range(1, 5) for l in open(os.path.join(state, "shard-%d.jsonl" % i), encoding="utf-8") if '"record":"file"' in l]
        assert len(lines) == 30 and all('"state":"unchanged"' in l for l in lines), len(lines)
    except Exception:
        for name in ("out-munged", "out-slurmctld", "out-slurmd", "log/ctld", "log/d"):
            path = os.path.join(folder, "slurm", name)
            if os.path.exists(path):
                print(name, open(path, errors="replace").read()[-800:])
        raise
    finally:
        cluster.close()


def main():
    missing = [n for n in NEEDED if not shutil.which(n, path=os.environ.get("PATH", "") + ":/usr/sbin")]
    if missing or os.getuid() != 0:
        print("skipped: %s" % ("not root" if not missing else "not installed: " + " ".join(missing)))
        print("0 passed, 0 failed")
        return 77       # what ctest knows as skipped
    folder = tempfile.mkdtemp(prefix="sekisho-slurm-")
    os.mkdir(os.path.join(folder, "slurm"))
    try:
        test(folder)
        print("1 passed, 0 failed")
        return 0
    except Exception as e:      # noqa: BLE001
        print("FAIL slurm: %s" % str(e)[:2000])
        print("0 passed, 1 failed")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
