#!/bin/bash
# A stranger's walk with the packages: builds them, installs them with apt in a fresh Debian 12 tree, uses command, C examples and Python there,
# and removes them; nothing may stay behind. Needs root, debootstrap and the network for Debian's packages.
# With "source" it then takes this commit's sources there and runs README's first command, which installs, builds and scans;
# with "whole" the second one too, which runs all tests, those of both bindings and of the ICAP service among them (about an hour).
# Usage: debian.sh WORK_DIR [source|whole]      (a tree in WORK_DIR/debian12.tar is used again; packages stay in WORK_DIR/packages)
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$1
if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
    echo "skipped: needs root and debootstrap"
    exit 77
fi
mkdir -p "$work" build
cmake --preset package >"$work/cmake.log"
cmake --build --preset package >>"$work/cmake.log"
rm -rf "$work/packages" && mkdir "$work/packages"
cpack --preset package -B "$work/packages" >>"$work/cmake.log"
rm -rf "$work/packages/_CPack_Packages"
ls "$work/packages"

tree="$work/tree"
release() { for m in dev/shm proc; do ! mountpoint -q "$tree/$m" || umount "$tree/$m"; done; }
trap release EXIT
release
rm -rf "$tree"
mkdir -p "$tree"
if [ -f "$work/debian12.tar" ]; then
    tar -xpf "$work/debian12.tar" -C "$tree"
else
    debootstrap --variant=minbase bookworm "$tree" >"$work/debootstrap.log"
    chroot "$tree" apt-get update -qq
    tar -cpf "$work/debian12.tar" -C "$tree" .
fi
mount -t proc proc "$tree/proc" 2>/dev/null || echo "note: no /proc in the tree"
mkdir -p "$tree/dev/shm" && mount -t tmpfs tmpfs "$tree/dev/shm" 2>/dev/null || echo "note: no /dev/shm in the tree"
inside() { chroot "$tree" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
files() { inside find / -xdev -path /proc -prune -o \( -path '/usr/*' -o -path '/etc/*' \) -print | grep -i sekisho | grep -v '^/usr/src' | sort || true; }

mkdir "$tree/packages" && cp "$work"/packages/*.deb "$tree/packages/"
inside sh -c 'apt-get install -y -qq --no-install-recommends /packages/*.deb' >"$work/apt.log" 2>&1 || { tail -20 "$work/apt.log"; exit 1; }
python3 tests/sample/make_share.py "$tree/sample" >/dev/null
status=0
inside sekisho scan --as /share --format jsonl -o /tmp/out.jsonl /sample/share || status=$?
[ $status = 1 ] || [ $status = 2 ] || { echo "scan: exit $status"; exit 1; }
grep -q '"record":"summary"' "$tree/tmp/out.jsonl"
! grep -q '"code":"crashed"' "$tree/tmp/out.jsonl"
inside sekisho selftest
for helper in pdf image ocr; do inside test -x /usr/libexec/sekisho/sekisho-$helper; done
inside test -f /usr/share/man/ja/man1/sekisho.1
inside sekisho version --formats >/dev/null
inside python3 -c 'import sekisho; r = sekisho.Rules(cache=""); print("python:", sekisho.version(), len(r), "detectors")'
# Compilers come afterwards: the packages must not need them.
inside apt-get install -y -qq --no-install-recommends gcc libc6-dev pkg-config >>"$work/apt.log" 2>&1
cp bindings/c/*.c "$tree/root/"
inside sh -c 'cd /root && for e in scan_file scan_memory check_transfer; do cc -std=c17 -o $e $e.c $(pkg-config --cflags --libs sekisho) || exit 1; done'
inside sh -c 'printf "氏名,生年月日,電話番号\n山田太郎,1980/01/02,090-1234-5678\n" >/root/a.csv; /root/scan_file /root/a.csv >/root/out; cat /root/out' | grep -c 'phone (high) 1'
inside sh -c 'apt-get purge -y -qq "*sekisho*"' >>"$work/apt.log" 2>&1
left=$(files)
[ -z "$left" ] || { echo "left behind:"; echo "$left"; exit 1; }
echo "packages: installed, used, removed"

[ "${2:-}" = source ] || [ "${2:-}" = whole ] || exit 0
git archive --prefix=sekisho/ HEAD | tar -xf - -C "$tree/root"
inside sh -c 'cd /root/sekisho && sh tests/try.sh' >"$work/try.log" 2>&1 || { tail -30 "$work/try.log"; exit 1; }
tail -5 "$work/try.log"
echo "sources: installed, built, scanned"

[ "$2" = whole ] || exit 0
inside sh -c 'cd /root/sekisho && bash tests/run.sh' >"$work/run.log" 2>&1 || { tail -60 "$work/run.log"; exit 1; }
grep -E 'of|passed|skipped|Skipped' "$work/run.log" | tail -12
echo "sources: all tests passed"
