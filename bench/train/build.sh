#!/bin/sh
# Rebuilds patterns/models/names.bin and prose.bin, byte for byte the same each time (x86-64, Debian 12's Python and gcc).
#   bench/train/build.sh BUILD SHARED [WORK]     BUILD: a build folder; SHARED: has data/names and domain/names-prototype
set -eu
build=$1 shared=$2 work=${3:-build/names}
here=$(dirname "$0")
patterns=$here/../../patterns
python3 "$here/build_names.py" --work "$work" --fold "$shared/domain/names-prototype/fold.tsv" \
    --surnames "$shared/data/names/last_name_org.csv" --words "$patterns/words" --out "$patterns/models/names.bin"
python3 "$here/make_prose.py" --data "$shared/data/names" --work "$work" --out "$work/prose.tsv"
ninja -C "$build" names_train
rm -f "$patterns/models/prose.bin" # it is trained without itself
"$build/bench/names_train" "$patterns" "$work/names.tsv" "$patterns/models/prose.bin" 10 "$work/prose.tsv"
