#!/bin/bash
# clang-format and clang-tidy over our sources; prints what is wrong and fails.
set -u
cd "$(dirname "$0")/.." || exit 70
status=0
files=$(find lib cli -name '*.[ch]' | sort)
# shellcheck disable=SC2086
clang-format-14 --dry-run -Werror $files 2>&1 | head -20
[ "${PIPESTATUS[0]}" = 0 ] || status=1
[ -f build/release/compile_commands.json ] || cmake --preset release >/dev/null
find lib cli -name '*.c' | sort | xargs -P 2 -n 8 clang-tidy-14 -p build/release --quiet 2>/dev/null >build/tidy.log
grep -E 'warning:|error:' build/tidy.log | sort -u | head -40
grep -qE 'warning:|error:' build/tidy.log && status=1
exit $status
