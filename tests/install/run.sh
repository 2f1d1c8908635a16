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
