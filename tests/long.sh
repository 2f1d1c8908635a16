#!/bin/bash
# The long lane: what a test of every day has no time for. About an hour; the last lines are the table for bench/README.md.
#   1 every fuzz target for an equal share of the time (clang, ASan, UBSan), beginning with the seeds
#   2 documents moved against the end of a block of text, by every byte
#   3 the n-th allocation fails, for every n
#   4 eight threads with one set of rules, under ThreadSanitizer
#   5 faults of disk and of devices: full, torn, not synced, short reads, processes that die
#   6 soak: FILES generated files, one in twenty hostile, in worker processes
# Usage: long.sh [RESULT_FILE]     MINUTES=60 for the fuzzers (5/6 of it) and everything else in proportion; FILES=200000; STEP=1; KEEP=DIR for what is made
#        BUILD=, FUZZ=, TSAN= name build folders that exist already (else build/release, build/fuzz, build/tsan are made)
set -u
{ # read whole before it runs: somebody may edit it meanwhile
cd "$(dirname "$0")/.." || exit 70
root=$PWD
minutes=${MINUTES:-60}
files=${FILES:-$((minutes * 200000 / 60))}
step=${STEP:-$((minutes >= 60 ? 1 : 60 / minutes))}
result=${1:-$root/build/long.txt}
mkdir -p build "$(dirname "$result")"
keep=${KEEP:-$(mktemp -d)}
mkdir -p "$keep"
failed=0
jobs=$(nproc)
echo "# $(date -u +%Y-%m-%dT%H:%MZ) commit $(git rev-parse --short HEAD 2>/dev/null), MINUTES=$minutes FILES=$files STEP=$step, $jobs processors, load $(cut -d' ' -f1 /proc/loadavg)" >"$result"
row() { # row WHAT STATUS FIGURE: a line of the table
    local word=ok
    [ "$2" = 0 ] || { word=FAIL; failed=$((failed + 1)); }
    echo "| $1 | $3 | $word |" | tee -a "$result"
}
preset() { # preset NAME TARGET...: builds, prints the folder
    local name=$1
    shift
    cmake --preset "$name" >"build/$name.log" 2>&1 && cmake --build --preset "$name" --target "$@" >>"build/$name.log" 2>&1 || { tail -20 "build/$name.log" >&2; return 1; }
    echo "$root/build/$name"
}

# ---------------------------------------------------------------- 1 fuzzers
targets=$(for f in tests/fuzz/fuzz_*.c; do basename "$f" .c; done)
# shellcheck disable=SC2086
fuzz=${FUZZ:-$(preset fuzz $targets)} || row "fuzz targets" 1 "do not build"
fuzz_one() { # fuzz_one TARGET SECONDS
    local name=$1 corpus=${1#fuzz_} log="$keep/$1.log"
    [ -x "$fuzz/tests/$name" ] || { echo "missing" >"$log"; return; }
    mkdir -p "$keep/corpus/$corpus"
    # New inputs go to the first folder; the seeds are only read.
    "$fuzz/tests/$name" -max_total_time="$2" -timeout=25 -rss_limit_mb=4096 -max_len=65536 -print_final_stats=1 -artifact_prefix="$keep/$name-" \
        "$keep/corpus/$corpus" "tests/corpus/$corpus" >"$log" 2>&1
    echo "exit $?" >>"$log"
}
if [ -n "${fuzz:-}" ]; then
    n=$(echo "$targets" | wc -w)
    seconds=$((minutes * 50 * jobs / n))
    [ "$seconds" -ge 1 ] || seconds=1
    export -f fuzz_one
    export fuzz keep
    echo "$targets" | xargs -P "$jobs" -I{} bash -c "fuzz_one {} $seconds"
    runs=0 bad=""
    for t in $targets; do
        r=$(sed -n 's/^stat::number_of_executed_units: *//p' "$keep/$t.log")
        runs=$((runs + ${r:-0}))
        grep -q '^exit 0$' "$keep/$t.log" || bad="$bad ${t#fuzz_}"
    done
    row "fuzz: $n targets, $seconds s each" "$([ -z "$bad" ]; echo $?)" "$runs inputs; $([ -z "$bad" ] && echo "no crash, no hang, no leak" || echo "fails:$bad (inputs in $keep)")"
fi

# ---------------------------------------------------------------- 2 to 5 programs
build=${BUILD:-$(preset release sekisho_cli program_oom program_chunks test_nightly test_input test_extract test_work)} || row "release build" 1 "does not build"
documents() { find tests/corpus/text tests/corpus/csv_table tests/corpus/uke tests/corpus/hl7 -type f -size -20k | sort; }
if [ -n "${build:-}" ]; then
    # Inputs of the detector's fuzzer are documents behind two bytes.
    mkdir -p "$keep/documents"
    for f in tests/corpus/detect/*; do tail -c +3 "$f" >"$keep/documents/$(basename "$f").txt"; done
    block=$(sed -n 's/^#define SK_BLOCK_BYTES ((size_t)\([0-9]*\) << 10).*/\1/p' lib/extract/scratch.h)
    # shellcheck disable=SC2046
    "$build/tests/program_chunks" patterns $((block * 1024)) "$step" $(documents) "$keep"/documents/*.txt >"$keep/chunks.log" 2>&1
    row "text moved against the end of a block" $? "$(tail -1 "$keep/chunks.log")"
    # shellcheck disable=SC2046
    "$build/tests/program_oom" patterns $(documents | awk -v m="$minutes" 'NR % (m >= 60 ? 6 : 24) == 1') tests/corpus/docx/full.docx tests/corpus/xlsx/full.xlsx tests/corpus/pptx/full.pptx \
        tests/corpus/sqlite/people.sqlite >"$keep/oom.log" 2>&1
    row "the n-th allocation fails" $? "$(tail -1 "$keep/oom.log")"
    for t in "nightly fault/*" "input source/errors*" "extract */*error*" "work pool/*"; do
        set -f
        # shellcheck disable=SC2086
        set -- $t
        set +f
        "$build/tests/test_$1" --filter "$2" --jobs "$jobs" >"$keep/fault-$1.log" 2>&1
        status=$?
        row "faults: $1 $2" $status "$(grep -o 'Tested: [0-9]*' "$keep/fault-$1.log" | tail -1)"
    done
fi
tsan=${TSAN:-$(preset tsan program_threads)} || row "tsan build" 1 "does not build"
if [ -n "${tsan:-}" ]; then
    # shellcheck disable=SC2046
    TSAN_OPTIONS="suppressions=$root/tests/tsan.supp" "$tsan/tests/program_threads" patterns $(documents | awk 'NR % 8 == 1') tests/corpus/docx/full.docx tests/corpus/xlsx/full.xlsx \
        >"$keep/threads.log" 2>&1
    row "eight threads, ThreadSanitizer" $? "$(tail -1 "$keep/threads.log")"
fi

# ---------------------------------------------------------------- 6 soak
if [ -n "${build:-}" ]; then
    python3 tests/sample/soak.py make "$keep/soak" "$files" >"$keep/soak.log" && python3 tests/sample/soak.py run "$build/sekisho" "$keep/soak" "$keep/soak.json" >>"$keep/soak.log" 2>&1
    status=$?
    row "soak: $files files, 5 % hostile" $status "$(python3 - "$keep/soak.json" <<'P'
import json, sys
try:
    r = json.load(open(sys.argv[1]))
    print("%s s; %s; reasons %s; parent %d to %d KiB; crashed %d" % (r["seconds"], ", ".join("%s %d" % x for x in sorted(r["states"].items())),
          ", ".join("%s %d" % x for x in sorted(r["reasons"].items())), *r["parent KiB"], r["reasons"].get("crashed", 0)))
except OSError:
    print("did not end; see soak.log")
P
)"
fi
echo "logs in $keep, table in $result"
[ "$failed" = 0 ]
exit
}
