#!/bin/sh
# Item by item in one run: the second night over unchanged files against `find -printf` of the same tree (best of RUNS, in turn), the store's bytes
# a clean file, the time of the report, and the memory of the command (flat: at two sizes of the tree).
# Usage: nightly.sh SEKISHO [FILES=100000] [FOLDER]      RUNS=3
set -eu
sekisho=$1 files=${2:-100000} runs=${RUNS:-3}
dir=$(mktemp -d "${3:-${TMPDIR:-/tmp}}/sekisho-night-XXXXXX")
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/share"
python3 - "$dir/share" "$files" <<'PY'
import os, sys
root, n = sys.argv[1], int(sys.argv[2])
for i in range(n):
    folder = os.path.join(root, "広報", "%03d" % (i // 500))
    if i % 500 == 0:
        os.makedirs(folder)
    with open(os.path.join(folder, "会議資料_%06d.txt" % i), "w", encoding="utf-8") as f:
        f.write("会議の記録 %d\n" % i)
PY
python3 - "$sekisho" "$dir" "$files" "$runs" <<'PY'
import os, resource, sqlite3, subprocess, sys, time
sekisho, folder, files, runs = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
share, state, out = (os.path.join(folder, n) for n in ("share", "state.db", "out"))

def clock(*command, to=os.devnull):
    begun = time.time()
    with open(to, "wb") as f:
        p = subprocess.Popen(command, stdout=f)
        _, status, used = os.wait4(p.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code <= 2, command
    return time.time() - begun, used.ru_maxrss, used.ru_utime + used.ru_stime

def night(tree=share, db=state):
    return clock(sekisho, "scan", "--as", "/share", "--state", db, "--format", "jsonl", "-o", out, "--quiet", tree)

def find():
    return clock("find", share, "-printf", "%p %s %T@ %C@ %i %m %g\n", to=os.path.join(folder, "list"))

part = os.path.join(share, "広報", "000")
small = [night(part, os.path.join(folder, "small.db")) for _ in range(2)][-1]
first = night()
find()
pairs = [(find(), night()) for _ in range(runs)]
unchanged = sum('"state":"unchanged"' in line for line in open(out, encoding="utf-8"))
report = clock(sekisho, "report", "nightly", "--state", state, "--format", "html", to=os.path.join(folder, "report"))
db = sqlite3.connect(state)
db.execute("pragma wal_checkpoint(truncate)")
pages = db.execute("pragma page_count").fetchone()[0] - db.execute("pragma freelist_count").fetchone()[0]
size = pages * db.execute("pragma page_size").fetchone()[0] / files
a, b = min(p[0][0] for p in pairs), min(p[1][0] for p in pairs)
ca, cb = min(p[0][2] for p in pairs), min(p[1][2] for p in pairs)
print("load %.1f, files %d, unchanged in the second night %d" % (os.getloadavg()[0], files, unchanged))
print("first night         %8.2f s" % first[0])
print("find -printf        %8.2f s, %.2f s of processor" % (a, ca))
print("second night        %8.2f s, %.2f s of processor" % (b, cb))
print("second night / find %8.2f (target 1.5); of processor time %.2f" % (b / a, cb / ca))
print("store               %8.0f bytes a file (target 300)" % size)
print("report              %8.2f s (target 5)" % report[0])
print("memory              %8d KiB second night, %d KiB with %d files" % (max(p[1][1] for p in pairs), small[1], min(500, files)))
PY
