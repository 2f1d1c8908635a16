#!/usr/bin/env python3
"""Names of persons against every target, in one table.

  ninja names_eval names_train
  python3 bench/train/evaluate.py --tool BUILD/bench/names_eval --data .../data/names --fold .../fold.tsv [--work build/names] [--cross BUILD/bench/names_train]

prose: sentences of UD Japanese GSD and Wikinews with their PERSON spans; spans with a kanji count, katakana names are left aside. The shipped model
is trained on gsd_train, gsd_dev and wikinews, so of those only gsd_test is unseen; --cross trains on one corpus (and the templates) and measures the other.
variants: the persons of all sets rewritten (高 -> 髙, 辺 -> 邉 ...): what recall that costs.
nobody: lines that name no person (offices of Japan Post's list, names of diseases, towns): lines with a hit, hits per MB.
cells: full names of gimei (given names and spellings mostly unknown to the dictionary) against real organisations and places; columns of 20 of them.
"""
import argparse
import glob
import json
import os
import random
import re
import shutil
import subprocess
import tempfile
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


def sentences(o, name):
    rows = [json.loads(l) for l in open(os.path.join(o.data, name + ".jsonl"), encoding="utf-8")]
    for r in rows:
        t, at = normal(r["text"].replace("\n", " "))
        yield t, [(at[b], at[e]) for b, e, k in r["ents"] if k in ("PERSON", "PER", "PSN")]


def spans(o, texts, least, mode="prose"):
    for line in run(o, mode, texts):
        v = list(map(int, line.split()))
        yield [(v[i], v[i + 1]) for i in range(0, len(v), 3) if v[i + 2] >= least]


def meets(x, ys):
    return any(x[0] < y[1] and y[0] < x[1] for y in ys)


def prose(o, name, least, mode="prose", title=None):
    texts, golds = zip(*sentences(o, name))
    hit = over_p = over_r = n_pred = n_gold = 0
    for t, gold, pred in zip(texts, golds, spans(o, texts, least, mode)):
        kanji = [(b, e) for b, e in gold if KANJI.search(t[b:e])]
        aside = [(b, e) for b, e in gold if not KANJI.search(t[b:e])]
        pred = [x for x in pred if not meets(x, aside) and KANJI.search(t[x[0]:x[1]])]
        hit += len(set(pred) & set(kanji))
        over_p += sum(meets(x, kanji) for x in pred)
        over_r += sum(meets(x, pred) for x in kanji)
        n_pred += len(pred)
        n_gold += len(kanji)
        for x in pred if o.show else ():
            if not meets(x, kanji):
                print("  extra", t[max(0, x[0] - 8):x[0]] + "<" + t[x[0]:x[1]] + ">" + t[x[1]:x[1] + 8])
        for x in kanji if o.show > 1 else ():
            if not meets(x, pred):
                print("  missed", t[max(0, x[0] - 8):x[0]] + "<" + t[x[0]:x[1]] + ">" + t[x[1]:x[1] + 8])
    d = lambda a, b: a / b if b else 0
    print("| prose | %s | strict P %.3f R %.3f, overlap P %.3f R %.3f (%d found, %d gold) | P .90 R .85, P .93 R .90 |" % (
        title or name + (", medium and high" if least else ", all"), d(hit, n_pred), d(hit, n_gold), d(over_p, n_pred), d(over_r, n_gold), n_pred, n_gold))
    return d(hit, n_pred), d(hit, n_gold)


def cross(o):
    """Models that have not seen the corpus they are asked about; per mille of certainty as names_text.c has them."""
    here = os.path.dirname(os.path.abspath(__file__))
    for train, test in (("gsd_train", "wikinews_hironsan"), ("wikinews_hironsan", "gsd_train")):
        with tempfile.TemporaryDirectory() as folder:
            patterns = os.path.join(folder, "patterns")
            shutil.copytree(o.patterns, patterns)
            os.remove(os.path.join(patterns, "models/prose.bin"))
            tsv = os.path.join(folder, "prose.tsv")
            subprocess.run(["python3", os.path.join(here, "make_prose.py"), "--data", o.data, "--work", o.work, "--sets", train, "--out", tsv], check=True)
            subprocess.run([o.cross, patterns, os.path.join(o.work, "names.tsv"), os.path.join(patterns, "models/prose.bin"), "10", tsv], check=True,
                           stderr=subprocess.DEVNULL)
            other = argparse.Namespace(**dict(vars(o), patterns=patterns))
            for least in (700, 500):
                prose(other, test, least, "0", "%s by a model of %s, %s" % (test, train, "medium" if least == 700 else "low"))


def variants(o):
    """Recall of the same persons in other spellings."""
    back = {}
    for line in open(o.fold, encoding="utf-8"):
        v, c = line.split("\t")[:2]
        if len(v) == len(c) == 1 and v in "髙﨑邉邊齊齋濵濱澤嶋嶌淵渕冨德惠廣國榮櫻眞瀨柳桒曾槇檜藪籠鄕隆靜黑龍壽實":
            back.setdefault(c, v)
    same = other = 0
    for name in ("gsd_test", "gsd_dev", "gsd_train", "wikinews_hironsan"):
        pairs = []
        for t, gold in sentences(o, name):
            new = list(t)
            for b, e in gold:
                for i in range(b, e):
                    new[i] = back.get(t[i], t[i])
            if new != list(t):
                pairs.append((t, "".join(new), [(b, e) for b, e in gold if new[b:e] != list(t[b:e])]))
        for row, a, b in zip(pairs, spans(o, [p[0] for p in pairs], 0), spans(o, [p[1] for p in pairs], 0)):
            same += sum(x in a for x in row[2])
            other += sum(x in b for x in row[2])
    print("| variants | persons of all sets in other spellings | found %d of %d found before | 0.5 points lost |" % (other, same))


def nobody(o):
    offices, cities, towns = places(o)
    sets = {"offices of Japan Post's list": offices, "towns": towns}
    nando = os.path.join(o.data, "../nando_20250826.tsv")
    if os.path.exists(nando):
        words = sorted({w for l in open(nando, encoding="utf-8") for w in re.findall("[\u3041-\u9fff]{2,}", l)})
        sets["sentences with names of rare diseases"] = ["患者は%sと診断され、%sの合併も疑われた。" % (a, b) for a, b in zip(words, words[1:] + words[:1])]
    for title, lines in sets.items():
        if not lines:
            continue
        hits = list(spans(o, lines, 1))
        size = sum(len(l.encode()) + 1 for l in lines) / 1e6
        print("| nobody | %s (%d lines) | %.2f %% of lines hit, %.1f hits per MB, at medium or high | 0.3 %% of organisations, 5 per MB of medical prose |" % (
            title, len(lines), 100 * sum(bool(x) for x in hits) / len(lines), sum(map(len, hits)) / size))
        for l, x in list(zip(lines, hits)) if o.show else ():
            if x:
                print("  extra", l, [l[b:e] for b, e in x])


def speed(o):
    texts = [(t, g) for name in ("gsd_train", "wikinews_hironsan") for t, g in sentences(o, name)]
    for title, some in (("sentences that all name a person", [t for t, g in texts if g] * 8), ("all sentences", [t for t, _ in texts] * 3),
                        ("ASCII", ["INFO job=1234 status=200 elapsed=12 ms"] * 50000)):
        p = subprocess.run([o.tool, o.patterns, "speed"], input="\n".join(some) + "\n", capture_output=True, text=True, check=True)
        n, seconds, _ = p.stdout.split("\n")[0].split()
        print("| speed | gate and labels, %s | %.0f MB/s | 75 MB/s all gated in, 300 MB/s office text |" % (title, int(n) / 1e6 / max(float(seconds), 1e-6)))


def places(o):
    offices = cities = towns = ()
    for path in glob.glob(os.path.join(o.work, "root/usr/share/skk/SKK-JISYO.office.zipcode")):
        text = open(path, encoding="euc_jp", errors="ignore").read()
        offices = sorted({m.split(" @ ")[0] for l in text.split("\n") if " @ " in l for m in l.split("/")[1:-1]})
    city = os.path.join(o.work, "package/master/city.json")
    if os.path.exists(city):
        cities = sorted(json.load(open(city, encoding="utf-8"))["city"].values())
        z = sorted(set(x for x in json.load(open(os.path.join(o.work, "package/master/zip7.json"), encoding="utf-8"))["zip7"].values() if isinstance(x, str)))
        towns = random.Random(5).sample(z, min(5000, len(z)))
    return offices, cities, towns


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
    offices, cities, towns = places(o)
    sets.update({"not: organisations": offices, "not: municipalities": [x[0] for x in cities], "not: their readings": [x[1] for x in cities],
                 "not: towns": towns})
    nando = os.path.join(o.data, "../nando_20250826.tsv")
    if os.path.exists(nando):
        sets["not: rare diseases"] = sorted({w for l in open(nando, encoding="utf-8") for w in re.findall("[\u3041-\u9fff]{2,}", l)})
    for title, lines in sets.items():
        if not lines:
            continue
        v = [line.split() for line in run(o, "cells", lines)]
        which = 1 if "reading" in title else 0
        share = [sum(x[which] == k for x in v) / len(v) for k in "21"]
        votes = [[rng.choice(v)[which] for _ in range(20)] for _ in range(2000)]
        names = sum(c.count("2") * 10 >= 20 * 2 and (c.count("2") + c.count("1")) * 10 >= 20 * 8 for c in votes)  # names_by_vote
        print("| cells | %s (%d) | likely %.4f, maybe %.4f; of 2,000 columns of 20 cells %d are names | names .995, others .005; no wrong column |" % (
            title, len(v), share[0], share[1], names))
        if o.show and title.startswith("not"):
            print("  ", [l for l, x in zip(lines, v) if x[which] == "2"][:25])


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--tool", required=True)
    a.add_argument("--patterns", default="patterns")
    a.add_argument("--data", required=True)
    a.add_argument("--work", default="build/names")
    a.add_argument("--show", type=int, default=0, help="1: print what is found wrongly, 2: and what is missed")
    a.add_argument("--sets", default="gsd_test")
    a.add_argument("--fold", required=True, help="table of variant characters")
    a.add_argument("--cross", help="names_train: models that have not seen what they are asked about")
    o = a.parse_args()
    print("| what | corpus | measured | target |\n|---|---|---|---|")
    for name in o.sets.split(","):
        for least in (1, 0):
            prose(o, name, least)
    if o.cross:
        cross(o)
    variants(o)
    nobody(o)
    cells(o)
    speed(o)


if __name__ == "__main__":
    main()
