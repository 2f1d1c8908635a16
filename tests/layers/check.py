#!/usr/bin/env python3
"""Structure that a compiler does not see: layer order, hs.h in one folder, corpus and fuzzer for every format, forbidden functions.

Usage: check.py SOURCE_DIR; prints what is wrong and exits 1.
"""
import os
import re
import sys

ROOT = sys.argv[1]
LIB = os.path.join(ROOT, "lib")
BANNED = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|setlocale|system|popen|tmpnam|mktemp|rand|srand|asctime|ctime|localtime|gmtime)\s*\(")
wrong = []


def lines(path):
    with open(path, encoding="utf-8") as f:
        return f.read().splitlines()


layers = [x for x in lines(os.path.join(LIB, "layers.txt")) if re.fullmatch("[a-z]+", x)]
for d in sorted(os.listdir(LIB)):
    if os.path.isdir(os.path.join(LIB, d)) and d != "cmake" and d not in layers:
        wrong.append("lib/%s is not in layers.txt" % d)
for i, layer in enumerate(layers):
    folder = os.path.join(LIB, layer)
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        path = os.path.join(folder, name)
        if not name.endswith((".c", ".h", ".def")):
            continue
        text = lines(path)
        if len(text) > 700:
            wrong.append("lib/%s/%s has %d lines; split it" % (layer, name, len(text)))
        for n, line in enumerate(text, 1):
            m = re.match(r'\s*#\s*include\s+"([a-z]+)/', line)
            if m and m.group(1) in layers and layers.index(m.group(1)) > i:
                wrong.append("lib/%s/%s:%d includes %s, which is above it" % (layer, name, n, m.group(1)))
            if m and m.group(1) == "sekisho" and layer != "api":
                wrong.append("lib/%s/%s:%d includes the public header below api" % (layer, name, n))
            if re.search(r'#\s*include\s*<hs', line) and layer != "match":
                wrong.append("lib/%s/%s:%d includes hs.h outside match" % (layer, name, n))
            if BANNED.search(re.sub(r'/\*.*?\*/|"[^"]*"', "", line)) and not line.lstrip().startswith("*"):
                wrong.append("lib/%s/%s:%d calls a function that is not used here: %s" % (layer, name, n, line.strip()))
for name in sorted(os.listdir(os.path.join(ROOT, "cli"))):
    if name.endswith(".c"):
        for n, line in enumerate(lines(os.path.join(ROOT, "cli", name)), 1):
            if re.match(r'\s*#\s*include\s+"(%s)/' % "|".join(layers), line):
                wrong.append("cli/%s:%d includes an inner header; the command uses the public one only" % (name, n))
for line in lines(os.path.join(LIB, "extract", "formats.def")):
    m = re.match(r"X\((\w+),", line)
    if m:
        corpus = os.path.join(ROOT, "tests", "corpus", m.group(1))
        if not os.path.isdir(corpus) or not [f for f in os.listdir(corpus) if not f.startswith(".")]:
            wrong.append("formats.def: %s has no seeds in tests/corpus/%s" % (m.group(1), m.group(1)))
        if not os.path.exists(os.path.join(ROOT, "tests", "fuzz", "fuzz_%s.c" % m.group(1))):
            wrong.append("formats.def: %s has no tests/fuzz/fuzz_%s.c" % (m.group(1), m.group(1)))
print("\n".join(wrong) or "structure holds")
sys.exit(1 if wrong else 0)
