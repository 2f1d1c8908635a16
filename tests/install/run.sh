#!/bin/sh
# Installs into a stage and builds a consumer against it, by find_package and by pkg-config.
# Usage: run.sh BUILD_DIR SOURCE_DIR WORK_DIR
set -eu
build=$1 source=$2 work=$3
rm -rf "$work" && mkdir -p "$work"
cmake --install "$build" --prefix "$work/stage" >"$work/install.log"
cmake -S "$source/tests/install/consumer" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$work/stage" >"$work/cmake.log"
cmake --build "$work/cmake" >>"$work/cmake.log"
"$work/cmake/consumer" "$work/stage/share/sekisho/patterns"
pc=$(dirname "$(find "$work/stage" -name sekisho.pc)")
lib=$(dirname "$pc")
# shellcheck disable=SC2046
cc -std=c99 -o "$work/consumer" "$source/tests/install/consumer/consumer.c" $(PKG_CONFIG_PATH="$pc" pkg-config --cflags --libs sekisho) -Wl,-rpath,"$lib"
"$work/consumer" "$work/stage/share/sekisho/patterns"

# The three whole programs of bindings/c, as their first lines say to build them.
export SEKISHO_PATTERNS="$work/stage/share/sekisho/patterns"
for example in scan_file scan_memory check_transfer; do
    # shellcheck disable=SC2046
    cc -std=c17 -Wall -Wextra -Werror -pedantic -o "$work/$example" "$source/bindings/c/$example.c" $(PKG_CONFIG_PATH="$pc" pkg-config --cflags --libs sekisho) \
        -Wl,-rpath,"$lib"
done
roster="$work/名簿.csv"
printf '氏名,生年月日,電話番号\r\n山田太郎,1980/01/02,090-1234-5678\r\n' >"$roster"
"$work/scan_file" "$roster" >"$work/out"
grep -q '^inspected csv [0-9a-f]\{64\} persons 1-1$' "$work/out"
grep -q '^  phone (high) 1$' "$work/out"
! grep -q '5678' "$work/out"
"$work/scan_memory" roster.csv <"$roster" | grep -q '^inspected csv 3 kinds of data$'
status=0
"$work/check_transfer" "$SEKISHO_PATTERNS/policies/kokuhoren-default.yaml" D-OTHER "$roster" >"$work/out" || status=$?
[ $status = 1 ] && grep -q 'T-GRADE' "$work/out"
status=0
"$work/check_transfer" "$SEKISHO_PATTERNS/policies/kokuhoren-default.yaml" D-NOWHERE "$roster" >"$work/out" 2>&1 || status=$?
[ $status = 64 ] && grep -q 'D-NOWHERE' "$work/out"
# Ctrl-C: the program says that it stopped and gives no result.
head -c 200000000 /dev/zero | tr '\0' '1' >"$work/big"
"$work/scan_memory" big.txt <"$work/big" >"$work/out" 2>&1 &
pid=$!
sleep 1
kill -INT $pid 2>/dev/null || true
wait $pid || true
grep -Eq "^(stopped|inspected )" "$work/out"
rm -f "$work/big"
