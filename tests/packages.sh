#!/bin/sh
# Installs what building and testing need from Debian's packages; does nothing when all of it is there.
# Usage: packages.sh [runtime|test]
set -eu
BUILD="build-essential cmake ninja-build pkg-config python3 libarchive-dev liblhasa-dev libmagic-dev libicu-dev libyaml-dev libexpat1-dev libdeflate-dev zlib1g-dev libssl-dev libsqlite3-dev libsodium-dev libseccomp-dev libmicrohttpd-dev libpoppler-private-dev libpoppler-dev poppler-data libzbar-dev libleptonica-dev libtesseract-dev tesseract-ocr-jpn"
TEST="libcriterion-dev clang-14 clang-tidy-14 clang-format-14 libclang-rt-14-dev chromium fonts-noto-cjk c-icap libicapapi-dev mandoc valgrind abigail-tools debootstrap python3-setuptools python3-wheel slurm-wlm munge"
want=$BUILD
[ "${1:-runtime}" = test ] && want="$want $TEST"
# Node may be another than Debian's, with headers of its own.
if [ "${1:-runtime}" = test ]; then
    command -v node >/dev/null || want="$want nodejs"
    [ -e /usr/include/node/node_api.h ] || [ -e /usr/include/nodejs/src/node_api.h ] || want="$want libnode-dev"
fi
# Either engine will do; Hyperscan is the default.
dpkg -s libvectorscan-dev >/dev/null 2>&1 || want="$want libhyperscan-dev"
missing=""
for p in $want; do
    dpkg -s "$p" 2>/dev/null | grep -q '^Status: install ok installed' || missing="$missing $p"
done
[ -z "$missing" ] && exit 0
echo "installing:$missing"
sudo=""
[ "$(id -u)" = 0 ] || sudo=sudo
$sudo apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
