#!/bin/sh
# The second night over unchanged files against `find -printf` of the same tree in the same run, and the store's bytes a clean file.
# Usage: nightly.sh SEKISHO [FILES=100000] [FOLDER]
set -eu
sekisho=$1 files=${2:-100000}
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
now() { date +%s.%N; }
night() { "$sekisho" scan --as /share --state "$dir/state.db" --format jsonl -o "$dir/out" --quiet "$dir/share" || [ $? -le 2 ]; }
t0=$(now); night; t1=$(now)
find "$dir/share" -printf '%p %s %T@ %C@ %i %m %g\n' > "$dir/list"
t2=$(now); find "$dir/share" -printf '%p %s %T@ %C@ %i %m %g\n' > "$dir/list"
t3=$(now); night; t4=$(now)
"$sekisho" report nightly --state "$dir/state.db" > "$dir/report"
t5=$(now)
unchanged=$(grep -c '"state":"unchanged"' "$dir/out" || true)
bytes=$(python3 -c "import sqlite3,sys; d=sqlite3.connect(sys.argv[1]); d.execute('pragma wal_checkpoint(truncate)'); p=d.execute('pragma page_count').fetchone()[0]-d.execute('pragma freelist_count').fetchone()[0]; print(p*d.execute('pragma page_size').fetchone()[0])" "$dir/state.db")
awk -v a="$t0" -v b="$t1" -v c="$t2" -v d="$t3" -v e="$t4" -v f="$t5" -v n="$files" -v u="$unchanged" -v s="$bytes" 'BEGIN {
    printf "files %d, unchanged in the second night %d\nfirst night %.2f s\nfind -printf %.2f s\nsecond night %.2f s = %.2f x find\nreport %.2f s\nstore %.0f bytes a file\n",
        n, u, b - a, d - c, e - d, (e - d) / (d - c), f - e, s / n }'
