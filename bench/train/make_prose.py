#!/usr/bin/env python3
"""Sentences for names_train: annotated corpora, the same with other names in them, and sentences made from own templates.

  python3 bench/train/make_prose.py --data .../data/names --work build/names --sets gsd_train,gsd_dev,wikinews_hironsan --out build/names/prose.tsv

Names that are put in are drawn from names.tsv of build_names.py (UniDic, ipadic, jumandic) and from population counts
(last_name_org.csv). Each line: text folded with NFKC, a tab, "begin,end,kind;..." (1 person, 2 other proper name).
Python's standard library only; the same bytes each time.
"""
import argparse
import json
import os
import random
import re
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
PERSON = ("PERSON", "PER", "PSN")
OTHER = ("ORG", "GPE", "LOC", "FAC", "PRODUCT", "NORP", "EVENT", "WORK_OF_ART", "LAW", "MOVEMENT", "PET_NAME", "ART", "LANGUAGE")
KANJI = re.compile("^[々\u3400-\u9fff\uf900-\ufaff]+$")
HIRAGANA = re.compile("^[ぁ-ゖ]+$")


def folded(text, ents):
    out, at, n = [], [], 0
    for c in text.replace("\n", " ").replace("\t", " "):
        f = unicodedata.normalize("NFKC", c)
        at.append(n)
        out.append(f)
        n += len(f)
    at.append(n)
    return "".join(out), [(at[b], at[e], k) for b, e, k in sorted(ents)]


class Names:
    def __init__(self, o, rng):
        self.rng = rng
        self.flags = {}
        for line in open(os.path.join(o.work, "names.tsv"), encoding="utf-8"):
            word, flags = line.rstrip("\n").split("\t")
            self.flags[word] = int(flags)
        pick = lambda test: [w for w, f in self.flags.items() if KANJI.match(w) and test(w, f)]
        common = [l.split(",") for l in open(os.path.join(o.data, "last_name_org.csv"), encoding="utf-8")]
        self.common = [x[0] for x in common]
        self.weights = [int(x[1]) ** 0.7 for x in common]
        self.surnames = pick(lambda w, f: f & 3 and len(w) <= 3)
        self.given = {r: pick(lambda w, f: f >> 2 & 3 == r and len(w) <= 3) for r in (1, 2, 3)}
        self.kana = [w for w, f in self.flags.items() if f >> 2 & 3 and HIRAGANA.match(w) and 2 <= len(w) <= 4]
        self.places = pick(lambda w, f: f & 64 and 2 <= len(w) <= 4)
        self.cities = pick(lambda w, f: f & 64 and f & 128)
        self.orgs = pick(lambda w, f: f & 1024 and len(w) >= 2)
        self.nouns = pick(lambda w, f: f & 512 and 2 <= len(w) <= 4 and not f & 15)
        self.foreign = [w for w, f in self.flags.items() if f & 0x4000 and re.match("^[ァ-ヺー]{2,7}$", w)]

    def surname(self):
        return self.rng.choices(self.common, self.weights)[0] if self.rng.random() < 0.6 else self.rng.choice(self.surnames)

    def first(self):
        x = self.rng.random()
        if x < 0.45:
            return self.rng.choice(self.given[3])
        if x < 0.65:
            return self.rng.choice(self.given[2])
        if x < 0.85:
            return self.rng.choice(self.given[1])
        if x < 0.92:  # a spelling that no dictionary has
            return "".join(w[0] for w in (self.rng.choice(self.given[3]), self.rng.choice(self.given[2]), self.rng.choice(self.given[3]))[:self.rng.choice((2, 2, 3))])
        return self.rng.choice(self.kana)

    def form(self, text):
        """What a name consists of: 's', 'g', 'sg', 's g'; None when it cannot be told."""
        is_s = lambda w: self.flags.get(w, 0) & 3
        is_g = lambda w: self.flags.get(w, 0) >> 2 & 3
        if " " in text:
            a, b = text.split(" ", 1)
            return "s g" if is_s(a) and KANJI.match(a) else None
        best = max(((is_s(text[:k]) + is_g(text[k:]), k) for k in range(1, len(text)) if is_s(text[:k]) and is_g(text[k:])), default=None)
        if best and len(text) >= 3:
            return "sg"
        if is_s(text) and KANJI.match(text):
            return "s"
        return "g" if is_g(text) and len(text) > 1 else None

    def new(self, form):
        s, g = self.surname(), self.first()
        return {"s": s, "g": g, "sg": s + g, "s g": s + " " + g}[form]


def others(rng, n, text, ents):
    """The sentence with other names and places, the same one for the same word."""
    said, out, at, spans, changed = {}, "", 0, [], False
    for b, e, k in ents:
        if b < at:
            continue
        word = new = text[b:e]
        if word in said:
            new = said[word]
        elif k in PERSON:
            form = n.form(word)
            new = said[word] = n.new(form) if form else word
        elif k in ("GPE", "LOC") and KANJI.match(word) and n.flags.get(word, 0) & 64 and rng.random() < 0.6:
            new = said[word] = rng.choice(n.places)
        changed = changed or new != word
        out += text[at:b]
        spans.append((len(out), len(out) + len(new), k))
        out += new
        at = e
    return out + text[at:], spans, changed


def lists():
    read, part = {}, None
    for line in open(os.path.join(HERE, "templates.txt"), encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("#") or not line:
            continue
        if line.startswith("["):
            part = read.setdefault(line.strip("[]"), [])
        else:
            part.append(line)
    return read


class Templates:
    def __init__(self, n, rng):
        self.n, self.rng, self.l = n, rng, lists()

    def org(self):
        n, x, c = self.n, self.rng.random(), self.rng.choice
        if x < 0.35:
            return n.surname() + c(self.l["company"])
        if x < 0.5:
            return c(self.l["legal form"]) + c(("", " ")) + n.surname() + c(("", "商事", "組", "建設", "会", "製薬", "技研", "工業"))
        if x < 0.65:
            return n.surname() + c(("会", "組", "堂", "屋", "園", "苑", "荘", "亭", "庵")) + c(self.l["company"])
        if x < 0.75:
            return c(n.orgs)
        return c(n.places) + c(self.l["facility"])

    def word(self, k):
        n, c = self.n, self.rng.choice
        if k == "F":
            return n.surname() + n.first(), "PERSON"
        if k == "FS":
            return n.surname() + " " + n.first(), "PERSON"
        if k == "S":
            return n.surname(), "PERSON"
        if k == "G":
            return n.first(), "PERSON"
        if k == "K":
            return c(n.foreign) + c(("・", "・", "=")) + c(n.foreign) if self.rng.random() < 0.7 else c(n.foreign), "PERSON"
        if k == "O":
            return self.org(), "ORG"
        if k == "P":
            return c(n.places), "LOC"
        if k == "C":
            return c(n.cities), "LOC"
        if k == "PS":  # a place named like a person
            return n.surname() + c(self.l["place end"]), "LOC"
        if k == "N":
            return c(n.nouns), None
        return c(self.l[{"H": "honorific", "D": "disease", "R": "role", "L": "law", "M": "drug"}[k]]), None

    def sentence(self):
        out, spans = "", []
        t = self.rng.choice(self.l["with names"] if self.rng.random() < 0.6 else self.l["without names"])
        for part in re.split(r"(\{[A-Z]+\})", t):
            if not part.startswith("{"):
                out += part
                continue
            word, kind = self.word(part.strip("{}"))
            if kind and not (kind == "PERSON" and t.startswith("{S}賞")):
                spans.append((len(out), len(out) + len(word), kind))
            out += word
        return out, spans


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--data", required=True)
    a.add_argument("--work", default="build/names")
    a.add_argument("--sets", default="gsd_train,gsd_dev,wikinews_hironsan")
    a.add_argument("--again", type=int, default=2, help="how often each sentence comes with other names")
    a.add_argument("--made", type=int, default=20000, help="sentences from templates")
    a.add_argument("--out", required=True)
    o = a.parse_args()
    rng = random.Random(11)
    n = Names(o, rng)
    with open(o.out, "w", encoding="utf-8") as f:
        def put(text, spans):
            kinds = [(b, e, 1 if k in PERSON else 2) for b, e, k in spans if k in PERSON + OTHER]
            f.write(text + "\t" + ";".join("%d,%d,%d" % x for x in kinds) + "\n")
        for name in o.sets.split(","):
            for line in open(os.path.join(o.data, name + ".jsonl"), encoding="utf-8") if name else ():
                r = json.loads(line)
                text, ents = folded(r["text"], r["ents"])
                put(text, ents)
                for _ in range(o.again):
                    new, spans, changed = others(rng, n, text, ents)
                    if not changed:
                        break
                    put(new, spans)
        t = Templates(n, rng)
        for _ in range(o.made):
            text, spans = t.sentence()
            put(*folded(text, spans))


if __name__ == "__main__":
    main()
