#!/bin/bash
# run.sh BUILD [CORPUS [MIB]] - every ratio of the issue in one run. BUILD holds the built command and bench/stage; peers are used
# where they are installed. All times are user + system seconds of one process tree, the best of RUNS.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$1 corpus=${2:-/tmp/sekisho-corpus} mib=${3:-16} runs=${RUNS:-3}
rules=$here/rules60.txt command=$build/sekisho
export LC_ALL=C.UTF-8 TIMEFORMAT='%U %S'
[ -d "$corpus/tree" ] || python3 "$here/corpus.py" "$corpus" "$mib"

# best COMMAND...: CPU seconds of the best run; the command's output and status are dropped.
best() {
    for _ in $(seq "$runs"); do { time "$@" >/dev/null 2>&1 || true; } 2>&1 | tail -1; done | awk '{ s = $1 + $2; if (!n++ || s < m) m = s } END { print m < 0.001 ? 0.001 : m }'
}
wall() {
    for _ in $(seq "$runs"); do { TIMEFORMAT=%R; time "$@" >/dev/null 2>&1 || true; } 2>&1 | tail -1; done | sort -n | head -1
}
ours() { "$command" scan --in-process "$1"; }
piped() { iconv -f CP932 -t UTF-8 "$1" | rg --count-matches -f "$rules"; }
ratio() { awk -v a="$1" -v b="$2" -v t="$3" -v n="$4" 'BEGIN { printf "  %-52s %7.2f   target %s\n", n, a / b, t }'; }
has() { command -v "$1" >/dev/null; }
rate() { awk -v n="$(stat -c %s "$1")" -v s="$2" 'BEGIN { printf "%8.0f", n / s / 1e6 }'; }

echo "# $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2), $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg), commit $(git -C "$here" rev-parse --short HEAD), $(date -u +%F)"
ours "$corpus/prose.utf8.txt" >/dev/null || true
: >"$corpus/empty.txt"
start=$(best ours "$corpus/empty.txt")
echo "start to first byte, rules cached: $(awk -v s="$start" 'BEGIN { printf "%.1f", s * 1000 }') ms of CPU (target 15)"

echo; echo "stages"
"$build/bench/stage" "$rules" "$corpus"/prose.utf8.txt "$corpus"/prose.cp932.txt "$corpus"/prose.eucjp.txt "$corpus"/prose.jis.txt \
    "$corpus"/prose.utf16.txt "$corpus"/personal.utf8.csv "$corpus"/personal.cp932.csv "$corpus"/business.utf8.csv "$corpus"/claims.cp932.uke \
    "$corpus"/logs.txt | tee "$corpus/stages"
# columns: 2 read 3 hash 4 charset 5 fold 6 atoms 7 match 8 ids 9 whole 10 hs60 11 words
stage() { awk -v f="$1" -v c="$2" '$1 == f { print $c }' "$corpus/stages"; }
# ids FILE SECONDS: how many times as fast as a peer that took so long (identifiers and labels alone, which is what its rules do)
ids() { ratio "$2" "$(awk -v r="$(stage "$1" 8)" -v n="$(stat -c %s "$corpus/$1")" 'BEGIN { print n / r / 1e6 }')" "$3" "$4"; }

echo; echo "whole command, MB/s"
printf '%-20s %8s %8s %8s\n' "#" sekisho cat rg
for f in prose.utf8.txt prose.cp932.txt personal.utf8.csv business.utf8.csv claims.cp932.uke logs.txt; do
    p=$corpus/$f
    s=$(best ours "$p"); c=$(best cat "$p")
    case $f in *cp932*) r=$(has rg && best piped "$p" || echo 0) ;; *) r=$(has rg && best rg --count-matches -f "$rules" "$p" || echo 0) ;; esac
    printf '%-20s %s %s %s\n' "$f" "$(rate "$p" "$s")" "$(rate "$p" "$c")" "$( [ "$r" = 0 ] && echo - || rate "$p" "$r")"
    eval "s_${f//./_}=$s r_${f//./_}=$r"
done

echo; echo "ratios"
ids prose.utf8.txt "$r_prose_utf8_txt" ">= 10" "UTF-8 prose: rg / identifiers and labels"
ratio "$(stage prose.utf8.txt 8)" "$(stage prose.utf8.txt 11)" ">= 0.8" "UTF-8 prose: identifiers and labels / raw HS, words"
ratio "$(stage prose.utf8.txt 8)" "$(stage prose.utf8.txt 10)" ">= 2.5" "UTF-8 prose: identifiers and labels / raw HS, 60 rules"
ids prose.cp932.txt "$r_prose_cp932_txt" ">= 12" "CP932 prose: iconv | rg / identifiers and labels"
ratio "$(stage business.utf8.csv 8)" "$(stage business.utf8.csv 10)" ">= 5" "business CSV: identifiers and labels / raw HS, 60 rules"
ids personal.utf8.csv "$r_personal_utf8_csv" ">= 10" "personal CSV: rg / identifiers and labels"
ratio "$r_prose_utf8_txt" "$s_prose_utf8_txt" ">= 1.5" "UTF-8 prose: rg / whole command"
ratio "$(stage business.utf8.csv 9)" "$(stage business.utf8.csv 10)" "-" "business CSV: whole / raw HS, 60 rules"
ratio "$r_personal_utf8_csv" "$s_personal_utf8_csv" "-" "personal CSV: rg / whole command"
ratio "$r_prose_cp932_txt" "$s_prose_cp932_txt" "-" "CP932 prose: iconv | rg / whole command"
ratio "$(has rg && best rg -E shift_jis --count-matches -f "$rules" "$corpus/claims.cp932.uke" || echo 0)" "$s_claims_cp932_uke" ">= 4" "claims CP932: rg -E shift_jis / sekisho"
if [ -x "$build/bench/fold_bench" ]; then echo "  fold against ICU (x = ratio, target 10):"; "$build/bench/fold_bench" "$corpus/prose.cp932.txt" | sed 's/^/    /'; fi
printf '個人番号\n保険者番号\n氏名\n生年月日\n' >"$corpus/words.list"
ratio "$(best grep -F -c -f "$corpus/words.list" "$corpus/prose.utf8.txt")" "$s_prose_utf8_txt" "-" "UTF-8 prose: grep -F of four words / sekisho"

echo; echo "small files"
bare() { python3 - "$1" <<'P'
import os, sys, time
files = [e.path for d in os.scandir(sys.argv[1]) for e in os.scandir(d.path)]
s = time.process_time()
for p in files:
    f = os.open(p, os.O_RDONLY); os.fstat(f); os.read(f, 8192); os.close(f)
print((time.process_time() - s) / len(files) * 1e6)
P
}
n=$(find "$corpus/tree" -type f | wc -l)
t=$(runs=1 best ours "$corpus/tree")
echo "  4 KiB files: $(awk -v t="$t" -v n="$n" 'BEGIN { printf "%.1f", t / n * 1e6 }') us each; open + stat + read + close from Python: $(bare "$corpus/tree" | cut -c1-4) us"
ratio "$(runs=1 wall "$command" scan -j 1 "$corpus/tree")" "$(runs=1 wall "$command" scan -j 2 "$corpus/tree")" ">= 1.9" "-j 1 / -j 2, wall"
# clamscan wants a database, whatever is in it; its structured detection needs none. Run on part of the tree: it is slow.
mkdir -p "$corpus/clam" && echo 'Bench:0:*:5345434b5f4e4f545f48455245' >"$corpus/clam/one.ndb"
some=$corpus/tree/d000
if has clamscan; then
    none=$(best clamscan --no-summary --database="$corpus/clam" "$corpus/empty.txt")
    clam() { clamscan --no-summary --infected --database="$corpus/clam" --detect-structured=yes --structured-ssn-count=1 --structured-cc-count=1 -r "$1"; }
    net() { awk -v a="$1" -v b="$2" 'BEGIN { print (a - b > 0.001 ? a - b : 0.001) }'; }
    ratio "$(net "$(best clam "$some")" "$none")" "$(net "$(best ours "$some")" "$start")" ">= 10" "clamscan --detect-structured / sekisho, 200 files, no start"
    ratio "$(net "$(best clam "$corpus/personal.utf8.csv")" "$none")" "$(net "$s_personal_utf8_csv" "$start")" ">= 10" "the same, personal CSV"
    ratio "$(net "$(best clam "$corpus/prose.utf8.txt")" "$none")" "$(net "$s_prose_utf8_txt" "$start")" ">= 10" "the same, prose"
    echo "  files with a finding among these 200: clamscan $( { clam "$some" || true; } | grep -c FOUND || true), sekisho $( { "$command" scan --in-process --format jsonl "$some" || true; } | grep -c '"element":' || true)"
fi
if has yara; then
    python3 - "$rules" >"$corpus/rules.yar" <<'P'
import sys
print("rule all { strings:")
for i, line in enumerate(open(sys.argv[1], encoding="utf-8")):
    e = "".join(c if ord(c) < 128 else "(" + "".join("\\x%02x" % b for b in c.encode()) + ")" for c in line.rstrip("\n"))
    if all(ord(c) < 128 for c in line):
        print("  $r%d = /%s/" % (i, e.replace("(?:", "(").replace("/", "\\/")))
print("condition: any of them }")
P
    head -c 2000000 "$corpus/prose.utf8.txt" >"$corpus/sample.yara.txt"
    yara "$corpus/rules.yar" "$corpus/sample.yara.txt" >/dev/null 2>&1 &&
        ratio "$(best yara -w "$corpus/rules.yar" "$corpus/sample.yara.txt")" "$(best ours "$corpus/sample.yara.txt")" "-" "2 MB of prose: yara with the ASCII ones of the 60 rules / whole command"
fi

echo; echo "containers"
for f in personal.xlsx mixed.zip; do
    out=$(has bsdtar && best bsdtar -xOf "$corpus/$f" || best unzip -p "$corpus/$f")
    ratio "$out" "$(best ours "$corpus/$f")" ">= 1.4" "$f: extraction alone (bsdtar or unzip) / sekisho"
done
echo; echo "memory, MiB resident (target: 64 a worker beyond the shared database)"
for f in prose.utf8.txt personal.utf8.csv tree; do
    "$command" scan -j 2 "$corpus/$f" >/dev/null 2>&1 &
    parent=$! most=0
    while kill -0 "$parent" 2>/dev/null; do # of each process below: what is not mapped from files
        for p in $(pgrep -P "$parent" || true) $(pgrep -P "$(pgrep -P "$parent" | paste -sd,)" 2>/dev/null || true); do
            kib=$(awk '/RssAnon/ { print $2 }' "/proc/$p/status" 2>/dev/null || true)
            [ "${kib:-0}" -gt "$most" ] && most=$kib
        done
        sleep 0.01
    done
    wait "$parent" || true
    echo "  $f: largest worker $((most / 1024)), process in one $(($(/usr/bin/time -f %M "$command" scan --in-process "$corpus/$f" 2>&1 >/dev/null | tail -1 || true) / 1024))"
done
if has valgrind && [ "${CALLGRIND:-0}" = 1 ]; then
    for f in prose.utf8.txt personal.cp932.csv; do
        head -c 1000000 "$corpus/$f" >"$corpus/sample.${f#*.}"
        i=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$command" scan --in-process "$corpus/sample.${f#*.}" 2>&1 >/dev/null | awk '/Collected/ { print $NF }' || true)
        e=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$command" scan --in-process "$corpus/empty.txt" 2>&1 >/dev/null | awk '/Collected/ { print $NF }' || true)
        awk -v i="$i" -v e="$e" -v f="$f" 'BEGIN { printf "instructions per byte, %s: %.1f\n", f, (i - e) / 1e6 }'
    done
fi
