#!/usr/bin/env python3
"""Precision and recall of names of persons.

  ninja names_eval && python3 bench/train/evaluate.py --tool BUILD/bench/names_eval --data .../data/names [--work build/names]

prose: sentences of UD Japanese GSD and Wikinews with their PERSON spans; only spans with a kanji count, katakana names are left aside.
cells: full names of gimei (given names and spellings mostly unknown to the dictionary) against real organisations and places.
"""
import argparse
import glob
import json
import os
import random
import re
import subprocess
import unicodedata

KANJI = re.compile("[々\u3400-\u9fff\uf900-\ufaff]")


def run(o, mode, lines):
    p = subprocess.run([o.tool, o.patterns, mode], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    return p.stdout.split("\n")[:len(lines)]


def normal(text):
    """NFKC one character at a time, with where each source character begins."""
    out, at, n = [], [], 0
    for c in text:
        f = unicodedata.normalize("NFKC", c)
        at.append(n)
        out.append(f)
        n += len(f)
    return "".join(out), at + [n]


def prose(o, name, least):
    rows = [json.loads(l) for l in open(os.path.join(o.data, name), encoding="utf-8")]
    texts, golds = [], []
    for r in rows:
        t, at = normal(r["text"].replace("\n", " "))
        texts.append(t)
        golds.append([(at[b], at[e], t[at[b]:at[e]]) for b, e, k in r["ents"] if k in ("PERSON", "PER", "PSN")])
    hit = over_p = over_r = n_pred = n_gold = 0
    for t, gold, line in zip(texts, golds, run(o, "prose", texts)):
        v = list(map(int, line.split()))
        pred = [(v[i], v[i + 1]) for i in range(0, len(v), 3) if v[i + 2] >= least]
        kanji = [(b, e) for b, e, s in gold if KANJI.search(s)]
        aside = [(b, e) for b, e, s in gold if not KANJI.search(s)]
        meets = lambda x, ys: any(x[0] < y[1] and y[0] < x[1] for y in ys)
        pred = [x for x in pred if not meets(x, aside)]
        hit += len(set(pred) & set(kanji))
        over_p += sum(meets(x, kanji) for x in pred)
        over_r += sum(meets(x, pred) for x in kanji)
        n_pred += len(pred)
        n_gold += len(kanji)
        if o.show:
            for x in pred:
                if not meets(x, kanji):
                    print("  extra", t[max(0, x[0] - 8):x[0]] + "<" + t[x[0]:x[1]] + ">" + t[x[1]:x[1] + 8])
            for x in kanji:
                if not meets(x, pred) and o.show > 1:
                    print("  missed", t[max(0, x[0] - 8):x[0]] + "<" + t[x[0]:x[1]] + ">" + t[x[1]:x[1] + 8])
    d = lambda a, b: a / b if b else 0
    print("%-24s %-7s strict P %.3f R %.3f  overlap P %.3f R %.3f  (%d found, %d gold)" % (
        name, "medium+" if least else "all", d(hit, n_pred), d(hit, n_gold), d(over_p, n_pred), d(over_r, n_gold), n_pred, n_gold))


def gimei(o):
    first, last, part = [], [], None
    for l in open(os.path.join(o.data, "gimei_names.yml"), encoding="utf-8"):
        if re.match("^(first|last)_name", l):
            part = first if l.startswith("first") else last
        m = re.findall("'([^']*)'", l)
        if len(m) >= 3:
            part.append(m)
    return first, last


def cells(o):
    rng = random.Random(5)
    first, last = gimei(o)
    common = [l.split(",") for l in open(os.path.join(o.data, "last_name_org.csv"), encoding="utf-8")]
    weights = [int(x[1]) for x in common]
    people = [(rng.choices(common, weights)[0], rng.choice(first)) for _ in range(2500)]
    rare = [(rng.choice(last), rng.choice(first)) for _ in range(2500)]
    sets = {"name, joined": [a[0] + b[0] for a, b in people], "name, space": [a[0] + " " + b[0] for a, b in people],
            "rare surname, joined": [a[0] + b[0] for a, b in rare],
            "reading, space": [unicodedata.normalize("NFKC", a[2]) + " " + b[1] for a, b in people],
            "reading, joined": [a[2] + b[1] for a, b in people]}
    for path in glob.glob(os.path.join(o.work, "root/usr/share/skk/SKK-JISYO.office.zipcode")):
        text = open(path, encoding="euc_jp", errors="ignore").read()
        names = sorted({m.split(" @ ")[0] for l in text.split("\n") if " @ " in l for m in l.split("/")[1:-1]})
        sets["not: organisations"] = names
    city = os.path.join(o.work, "package/master/city.json")
    if os.path.exists(city):
        c = list(json.load(open(city, encoding="utf-8"))["city"].values())
        sets["not: municipalities"] = [x[0] for x in c]
        sets["not: their readings"] = [x[1] for x in c]
        z = sorted(set(x for x in json.load(open(os.path.join(o.work, "package/master/zip7.json"), encoding="utf-8"))["zip7"].values() if isinstance(x, str)))
        sets["not: towns"] = rng.sample(z, min(5000, len(z)))
    nando = os.path.join(o.data, "../nando_20250826.tsv")
    if os.path.exists(nando):
        sets["not: rare diseases"] = sorted({w for l in open(nando, encoding="utf-8") for w in re.findall("[\u3041-\u9fff]{2,}", l)})
    for title, lines in sets.items():
        if not lines:
            continue
        v = [line.split() for line in run(o, "cells", lines)]
        which = 1 if "reading" in title else 0
        share = [sum(x[which] == k for x in v) / len(v) for k in "21"]
        print("%-24s likely %.4f  maybe %.4f  of %d" % (title, share[0], share[1], len(v)))
        if o.show and title.startswith("not"):
            print("  ", [l for l, x in zip(lines, v) if x[which] == "2"][:25])


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--tool", required=True)
    a.add_argument("--patterns", default="patterns")
    a.add_argument("--data", required=True)
    a.add_argument("--work", default="build/names")
    a.add_argument("--show", type=int, default=0, help="1: print what is found wrongly, 2: and what is missed")
    a.add_argument("--sets", default="gsd_test,gsd_dev,wikinews_hironsan")
    o = a.parse_args()
    for name in o.sets.split(","):
        for least in (1, 0):
            prose(o, name + ".jsonl", least)
    cells(o)


if __name__ == "__main__":
    main()
