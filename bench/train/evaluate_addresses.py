#!/usr/bin/env python3
"""How well addresses are found, measured through the command.

  python3 bench/train/evaluate_addresses.py --sekisho BUILD/sekisho --data .../data/names [--work build/places] [--show 20] [--list FILE]

office     addresses of Japan Post's list of large users (SKK-JISYO.office.zipcode, not used by build_places.py): found from the first character; to the number;
           exact end (number, building, floor and room; what stands in brackets is left out)
made       addresses made of all municipalities and towns in eleven ways of writing
prose      UD Japanese GSD and Wikinews: what is found in them, to be looked through (--show)
--list     a file of your own, one address a line
A floor: with --floor the exit status is 1 when a figure is below it.
"""
import argparse
import json
import os
import random
import re
import sys
import unicodedata

import build_places
import scan_lines

POLICY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../patterns/policies/kokuhoren-default.yaml")
NUMBER = "[0-9一二三四五六七八九十百〇]+"


def scan(o, lines, suffix=".txt"):
    """For each line its addresses as (begin, end, confidence) in characters."""
    return [[(b, e, confidence) for b, e, _, confidence in line] for line in scan_lines.scan(o, lines, {"address"}, suffix)]


def end_of(address):
    """Brackets do not belong to it, but for a post office box."""
    m = re.match("^([^（(]*)(?:[（(][^（(]*私書箱.*?[）)])?", address)
    return m.end()


def office(o):
    rows = set()
    for l in open(os.path.join(o.work, "root/usr/share/skk/SKK-JISYO.office.zipcode"), encoding="euc_jp", errors="replace"):
        for x in [] if l.startswith(";") else l.rstrip("\n").split("/")[1:-1]:
            a = x.split(" @ ")
            if len(a) == 2 and re.search("[0-9０-９]", a[1]) and "�" not in a[1]:
                rows.add(a[1])
    return [(a, end_of(a)) for a in sorted(rows)]


def made(o):
    p = build_places.Places(o.fold)
    build_places.zipcodes(p, os.path.join(o.work, "package/master"))
    prefecture = {}
    for code, name in p.cities.items():
        prefecture.setdefault(re.sub("^.+?郡(?=.)", "", name), set()).add((p.prefectures[code // 1000], name))
    rng = random.Random(11)
    towns = [(m, t) for m, t in sorted(p.towns) if len(prefecture.get(m, ())) == 1 and not re.search("[0-9]", unicodedata.normalize("NFKC", t))]
    kanji = lambda n: ("" if n < 10 else ("" if n < 20 else "〇一二三四五六七八九"[n // 10]) + "十") + ("" if n > 9 and n % 10 == 0 else "〇一二三四五六七八九"[n % 10])
    wide = lambda s: s.translate(str.maketrans("0123456789-", "０１２３４５６７８９−"))
    out = []
    for i, (m, t) in enumerate(rng.sample(towns, min(o.made, len(towns)))):
        pref, city = next(iter(prefecture[m]))
        a, b, c = rng.randint(1, 9), rng.randint(1, 40), rng.randint(1, 30)
        tail = ["%d-%d-%d" % (a, b, c), wide("%d-%d-%d" % (a, b, c)), "%d丁目%d番%d号" % (a, b, c), "%d番地" % (b * 37), "%d番地の%d" % (b * 9, c), wide("%d" % (b * 21)),
                "%s丁目%s番%s号" % (kanji(a), kanji(b), kanji(c)), "%s番地" % kanji(b), "%d丁目%dー%d" % (a, b, c), "%d-%d みどりハイツ%d号室" % (b, c, 100 + c), "字中島%d-%d" % (b, c)][i % 11]
        if re.search("%s$" % NUMBER, t) and tail[0] in "一二三四五六七八九十":
            continue
        text = pref + city + ("大字" if i % 7 == 3 else "") + t + tail
        out.append((text, len(text)))
    return out


def measure(o, title, rows):
    got = scan(o, [r[0] for r in rows])
    start = full = exact = 0
    for (text, end), found in zip(rows, got):
        number = end
        m = re.search("[0-9０-９][^0-9０-９]*$", text[:end])
        head = re.match("^.*?[0-9０-９一二三四五六七八九十〇]+(?:[^0-9０-９]{1,3}[0-9０-９]+)*", text[:end])
        f = [x for x in found if x[0] == 0]
        start += bool(f)
        # to the number: the first group of numbers, as far as its parts hang together
        m = re.match("^(.*?[0-9０-９]+(?:(?:丁目?|番地?|号|の|[-−ー－‐])[0-9０-９]+)*)", text[:end])
        need = len(m.group(1)) if m else end
        full += bool(f) and f[0][1] >= need
        exact += bool(f) and f[0][1] == end
        if o.show and not (f and f[0][1] == end) and measure.shown < o.show:
            measure.shown += 1
            print("  ", text[:f[0][1]] + "|" + text[f[0][1]:] if f else "-- " + text + " " + str(found))
    n = len(rows)
    print("%-8s %6d  start %.4f  to the number %.4f  exact end %.4f" % (title, n, start / n, full / n, exact / n))
    measure.shown = 0
    return full / n, exact / n


measure.shown = 0


def prose(o):
    texts = []
    for name in ("gsd_train", "gsd_dev", "gsd_test", "wikinews_hironsan"):
        texts += [json.loads(l)["text"].replace("\n", " ") for l in open(os.path.join(o.data, name + ".jsonl"), encoding="utf-8")]
    found = scan(o, texts)
    n = sum(map(len, found))
    print("prose    %.1f MB: %d found" % (sum(len(t.encode()) for t in texts) / 1e6, n))
    for t, f in zip(texts, found):
        for b, e, c in f if o.show else ():
            print("  ", c, t[max(0, b - 10):b] + "<" + t[b:e] + ">" + t[e:e + 10])


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--sekisho", required=True)
    a.add_argument("--policy", default=POLICY)
    a.add_argument("--data")
    a.add_argument("--work", default="build/places")
    a.add_argument("--fold", help="fold.tsv, for made")
    a.add_argument("--list", help="a file with an address a line")
    a.add_argument("--made", type=int, default=20000)
    a.add_argument("--show", type=int, default=0, help="print so many mistakes of each set")
    a.add_argument("--floor", type=float, nargs=2, metavar=("NUMBER", "END"))
    o = a.parse_args()
    figures = []
    if o.list:
        rows = [l.rstrip("\n") for l in open(o.list, encoding="utf-8")]
        figures.append(measure(o, "list", [(l, end_of(l)) for l in rows if l]))
    else:
        if os.path.isdir(os.path.join(o.work, "root")):
            figures.append(measure(o, "office", office(o)))
        if o.fold:
            figures.append(measure(o, "made", made(o)))
    if o.data:
        prose(o)
    if o.floor and any(f[0] < o.floor[0] or f[1] < o.floor[1] for f in figures):
        sys.exit("below the floor")


if __name__ == "__main__":
    main()
