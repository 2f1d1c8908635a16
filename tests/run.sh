#!/bin/bash
# Second command of the README: builds and runs every test. The last line counts them.
# Usage: run.sh [quick]    quick: without the sanitizer build, lint and acceptance
set -u
cd "$(dirname "$0")/.." || exit 70
sh tests/packages.sh test || exit 70
quick=${1:-}
passed=0 failed=0
note() { # note NAME STATUS
    if [ "$2" = 0 ]; then passed=$((passed + 1)); echo "ok   $1"; else failed=$((failed + 1)); echo "FAIL $1"; fi
}
build() { # build PRESET
    cmake --preset "$1" >"build/$1.log" 2>&1 && cmake --build --preset "$1" >>"build/$1.log" 2>&1 || { tail -40 "build/$1.log"; return 1; }
}
tests() { # tests BUILD_DIR NAME: counts each test of ctest
    ctest --test-dir "$1" --output-on-failure --no-tests=error -j2 >"build/$2-tests.log" 2>&1
    grep -E '^ *[0-9]+/[0-9]+ Test +#' "build/$2-tests.log" | grep -cE ' Passed ' >build/count || true
    local ok all skipped
    ok=$(cat build/count)
    skipped=$(grep -E '^ *[0-9]+/[0-9]+ Test +#' "build/$2-tests.log" | grep -cE '\*\*\*Skipped' || true)
    all=$(grep -cE '^ *[0-9]+/[0-9]+ Test +#' "build/$2-tests.log")
    all=$((all - skipped))
    [ "$skipped" = 0 ] || grep -E '\*\*\*Skipped' "build/$2-tests.log" # what they need is not installed here
    [ "$all" -gt 0 ] || { echo "FAIL $2: no tests ran"; tail -20 "build/$2-tests.log"; failed=$((failed + 1)); return; }
    [ "$ok" = "$all" ] || { grep -E '\*\*\*|Failed' "build/$2-tests.log"; grep -vE '^ *[0-9]+/[0-9]+ Test' "build/$2-tests.log" | tail -80; }
    passed=$((passed + ok))
    failed=$((failed + all - ok))
    echo "$2: $ok of $all"
}
mkdir -p build
build release && tests build/release release || note "build release" 1
if [ "$quick" != quick ]; then
    build asan && tests build/asan asan || note "build asan" 1
    cmake --preset tsan >build/tsan.log 2>&1 && cmake --build --preset tsan --target program_threads >>build/tsan.log 2>&1 &&
        ctest --test-dir build/tsan -R program_threads --no-tests=error >>build/tsan.log 2>&1; status=$?
    [ $status = 0 ] || tail -30 build/tsan.log
    note threads-tsan $status
    bash tests/lint.sh; note lint $?
    bash tests/vectorscan.sh "$PWD/build/vectorscan" >build/vectorscan-tests.log 2>&1; status=$?
    [ $status = 0 ] || tail -20 build/vectorscan-tests.log
    note vectorscan $status
    if [ -f ../shared/acceptance/run.py ] && [ -x build/release/sekisho ]; then
        chmod -R a+rX build/release patterns 2>/dev/null
        bash tests/acceptance.sh ../shared/acceptance/run.py build/release/sekisho >build/acceptance.log 2>&1; status=$?
        tail -60 build/acceptance.log
        note acceptance $status
    fi
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
