#!/bin/bash
# Builds and tests with Vectorscan beside an installed Hyperscan: its packages are unpacked, not installed.
# Usage: vectorscan.sh BUILD_DIR
set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
build=$1
mkdir -p "$build/root"
if [ ! -e "$build/root/unpacked" ]; then
    (cd "$build/root" && apt-get download -qq libvectorscan5 libvectorscan-dev && for d in *.deb; do dpkg -x "$d" . ; done && touch unpacked)
fi
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSEKISHO_VECTORSCAN=ON -DSEKISHO_HS_ROOT="$build/root" >"$build/configure.log"
cmake --build "$build" --target sekisho_cli test_match test_detect >"$build/build.log" 2>&1 || { tail -20 "$build/build.log"; exit 1; }
export LD_LIBRARY_PATH="$build/root/usr/lib/x86_64-linux-gnu:$build"
"$build/sekisho" version | grep -i vectorscan
"$build/tests/test_match" --jobs 2
"$build/tests/test_detect" --jobs 2
python3 "$source/tests/cli/run.py" "$build/sekisho"
