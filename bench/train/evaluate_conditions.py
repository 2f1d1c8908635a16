#!/usr/bin/env python3
"""How well conditions (diseases, drugs, procedures, measured values, grades of care) are found, measured through the command.

  python3 bench/train/evaluate_conditions.py --sekisho BUILD/sekisho [--nando .../nando_20250826.tsv] [--data .../data/names] [--annotated FILE...] [--show]

sample     tests/data/conditions.txt, marked by hand: precision and recall by overlap and of exact spans, for each kind
nando      names of rare diseases, each in a sentence: share in which a disease is found, and found as a whole
prose      UD Japanese GSD and Wikinews, which are not medical: findings in a MB
annotated  your own text with <d>...</d> around diseases, one document a line or file (other tags are removed)
With --floor P R the exit status is 1 when diseases of the sample are below it.
"""
import argparse
import json
import os
import re
import sys

import scan_lines

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = {"d": "disease", "m": "drug", "p": "procedure", "l": "lab_value", "c": "care_level"}


def scan(o, lines):
    """For each line its conditions as (begin, end, element) in characters, at any confidence."""
    return [[found[:3] for found in line] for line in scan_lines.scan(o, lines, set(KINDS.values()))]


def marked(line, tags):
    """Text without tags, and the spans of those asked for."""
    text, spans, open_at = "", [], {}
    for part in re.split("(<[^<>]*>)", line):
        m = re.match("<(/?)([A-Za-z]+)[^<>]*>$", part)
        if not m:
            text += part
        elif m.group(2) in tags and not m.group(1):
            open_at[m.group(2)] = len(text)
        elif m.group(2) in open_at:
            spans.append((open_at.pop(m.group(2)), len(text), tags[m.group(2)]))
    return text, spans


def compare(o, title, rows, elements):
    found = scan(o, [t for t, _ in rows])
    figures = {}
    for element in elements:
        gold = [[x for x in g if x[2] == element] for _, g in rows]
        pred = [[x for x in f if x[2] == element] for f in found]
        meets = lambda x, ys: any(x[0] < y[1] and y[0] < x[1] for y in ys)
        ng, np = sum(map(len, gold)), sum(map(len, pred))
        p = sum(meets(x, g) for f, g in zip(pred, gold) for x in f)
        r = sum(meets(x, f) for f, g in zip(pred, gold) for x in g)
        s = sum(len(set(f) & set(g)) for f, g in zip(pred, gold))
        d = lambda a, b: a / b if b else 1.0
        figures[element] = d(p, np), d(r, ng)
        print("%-10s %-10s overlap P %.3f R %.3f  exact P %.3f R %.3f  (%d found, %d marked)" % (title, element, d(p, np), d(r, ng), d(s, np), d(s, ng), np, ng))
        for (t, _), f, g in zip(rows, pred, gold) if o.show else ():
            for x in f:
                if not meets(x, g):
                    print("   extra  " + t[max(0, x[0] - 8):x[0]] + "<" + t[x[0]:x[1]] + ">" + t[x[1]:x[1] + 8])
            for x in g:
                if not meets(x, f):
                    print("   missed " + t[max(0, x[0] - 8):x[0]] + "<" + t[x[0]:x[1]] + ">" + t[x[1]:x[1] + 8])
    return figures


def nando(o):
    names = set()
    for line in open(o.nando, encoding="utf-8"):
        for cell in line.rstrip("\n").split("\t")[3:5]:
            for name in cell.split("|"):
                name = re.sub(r"^\[.*?\] *|[(（].*", "", name).strip()
                if re.search("[\u3041-\u9fff]", name) and name not in ("label_ja", "synonym_ja"):
                    names.add(name)
    names = sorted(names)
    found = scan(o, ["診断は%sである。" % n for n in names])
    some = sum(any(x[2] == "disease" for x in f) for f in found)
    whole = sum(any(x == (3, 3 + len(n), "disease") for x in f) for f, n in zip(found, names))
    print("nando      %d names: a disease found in %.3f, the whole name in %.3f" % (len(names), some / len(names), whole / len(names)))
    if o.show:
        print("   ", [n for n, f in zip(names, found) if not any(x[2] == "disease" for x in f)][:60])


def prose(o):
    texts = []
    for name in ("gsd_train", "gsd_dev", "gsd_test", "wikinews_hironsan"):
        texts += [json.loads(l)["text"].replace("\n", " ") for l in open(os.path.join(o.data, name + ".jsonl"), encoding="utf-8")]
    found = scan(o, texts)
    mb = sum(len(t.encode()) for t in texts) / 1e6
    for e in KINDS.values():
        print("prose      %-10s %.0f a MB" % (e, sum(x[2] == e for f in found for x in f) / mb))
    for t, f in zip(texts, found) if o.show else ():
        for b, e, k in f:
            print("   ", k, t[max(0, b - 8):b] + "<" + t[b:e] + ">" + t[e:e + 8])


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--sekisho", required=True)
    a.add_argument("--policy", default=os.path.join(HERE, "../../patterns/policies/kokuhoren-default.yaml"))
    a.add_argument("--sample", default=os.path.join(HERE, "../../tests/data/conditions.txt"))
    a.add_argument("--nando")
    a.add_argument("--data")
    a.add_argument("--annotated", nargs="*", default=[])
    a.add_argument("--show", action="store_true")
    a.add_argument("--floor", type=float, nargs=2, metavar=("P", "R"))
    o = a.parse_args()
    rows = [marked(l.rstrip("\n"), KINDS) for l in open(o.sample, encoding="utf-8") if not l.startswith("#")]
    figures = compare(o, "sample", rows, KINDS.values())
    for path in o.annotated:
        rows = [marked(l.rstrip("\n"), {"d": "disease"}) for l in open(path, encoding="utf-8")]
        compare(o, os.path.basename(path), rows, ["disease"])
    if o.nando:
        nando(o)
    if o.data:
        prose(o)
    if o.floor and (figures["disease"][0] < o.floor[0] or figures["disease"][1] < o.floor[1]):
        sys.exit("below the floor")


if __name__ == "__main__":
    main()
