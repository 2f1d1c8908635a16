#!/usr/bin/env python3
"""Precision and recall of each element, format and encoding on generated files whose truth is known.

Usage: python3 bench/quality.py BINARY [--seed N] [--size short|full] [--floors FILE] [--keep DIR] [--misses N] [--acceptance DIR] [--only WORD] [--json FILE]

The files are made by bench/quality/, which shares no code with the product. With --floors the exit status is 1 when an
element is below its floor. --acceptance names a folder with share.py, whose share is measured too (default: ../shared/acceptance beside the
repository, when there).
"""
import argparse
import datetime
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "quality"))
import people    # noqa: E402
import tables    # noqa: E402

ROOT = os.path.dirname(HERE)
IDENTIFIERS = {"personal_number", "insured_id", "insurer_number", "latecare_insured_number", "care_insured_number", "public_expense_payer", "public_expense_recipient",
               "pension_number", "licence_number", "passport_number", "residence_card", "juki_code", "employment_insurance_number", "card_number", "bank_account",
               "yucho_account", "medical_institution", "care_office", "corporate_number"}
RECORDS = {"claim_record", "care_claim_record", "disability_claim_record", "health_check_record", "prescription_record"}


def scan(binary, folder):
    """{path below the folder: record} of one scan."""
    out = os.path.join(folder + ".out")
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, "scan.jsonl"), "wb") as f, open(os.path.join(out, "scan.err"), "wb") as e:
        rc = subprocess.run([binary, "scan", "--format", "jsonl", "--places", "1", "--lang", "en", folder], stdout=f, stderr=e).returncode
    found = {}
    with open(os.path.join(out, "scan.jsonl"), encoding="utf-8") as f:
        for line in f:
            r = json.loads(line)
            if r["record"] == "file":
                found[os.path.relpath(r["path"], folder)] = r
    if not found:
        raise SystemExit("no answer, exit %s: %s" % (rc, open(os.path.join(out, "scan.err")).read()[-300:]))
    return found


def counts(record):
    out = {}
    for e in record.get("elements") or []:
        if e["confidence"] in ("high", "medium"):
            out[e["element"]] = out.get(e["element"], 0) + e["count"]
    return out


class Score:
    def __init__(self):
        self.hit = self.extra = self.missed = 0

    def add(self, got, lo, hi):
        self.hit += min(got, hi) if got >= lo else got
        self.extra += max(0, got - hi)
        self.missed += max(0, lo - got)

    precision = property(lambda s: s.hit / (s.hit + s.extra) if s.hit + s.extra else 1.0)
    recall = property(lambda s: s.hit / (s.hit + s.missed) if s.hit + s.missed else 1.0)


class Report:
    def __init__(self):
        self.by = {"element": {}, "format": {}, "encoding": {}}
        self.files = self.exact = 0
        self.misses = []

    def add(self, name, fmt, enc, truth, persons, record, ignore=()):
        got = counts(record) if record else {}
        wrong = []
        for element in sorted(set(truth) | set(got)):
            if element in ignore:
                continue
            span = truth.get(element, 0)
            lo, hi = span if isinstance(span, (tuple, list)) else (span, span)
            n = got.get(element, 0)
            for kind, key in (("element", element), ("format", fmt), ("encoding", enc)):
                self.by[kind].setdefault(key, Score()).add(n, lo, hi)
            if not lo <= n <= hi:
                wrong.append("%s %d, expected %s" % (element, n, lo if lo == hi else "%d to %d" % (lo, hi)))
        if persons is not None:
            p = (record or {}).get("persons") or {}
            lo, hi = persons if isinstance(persons, tuple) else (persons, persons)
            ok = lo <= p.get("min", 0) <= hi and lo <= p.get("max", 0) <= hi
            self.files += 1
            self.exact += ok
            if not ok:
                wrong.append("persons %s to %s, expected %s" % (p.get("min", 0), p.get("max", 0), persons))
        if record and record.get("state") not in ("inspected", None) and fmt != "unreadable":
            wrong.append("state %s %s" % (record["state"], record.get("reasons")))
        if wrong:
            self.misses.append((name, wrong))

    def show(self):
        for kind, rows in self.by.items():
            print("%-30s %9s %9s %7s %7s" % (kind, "precision", "recall", "extra", "missed"))
            for key in sorted(rows):
                s = rows[key]
                print("%-30s %9.4f %9.4f %7d %7d" % (key, s.precision, s.recall, s.extra, s.missed))
            print()
        if self.files:
            print("persons exact in %d of %d files (%.4f)" % (self.exact, self.files, self.exact / self.files))

    def figures(self, args):
        rows = {kind: {key: [round(s.precision, 4), round(s.recall, 4)] for key, s in sorted(rows.items())} for kind, rows in self.by.items()}
        return {"made by": "bench/quality.py --seed %d --size %s --json" % (args.seed, args.size), "day": datetime.date.today().isoformat(),
                "files": self.files, "persons exact": self.exact, **rows}

    def floor(self, floors):
        """What lies below the floors, in words."""
        bad = []
        for key, s in sorted(self.by["element"].items()):
            want = floors["elements"].get(key, floors["default"])
            for word, value in (("precision", s.precision), ("recall", s.recall)):
                if value < want:
                    bad.append("%s: %s %.4f below %.4f" % (key, word, value, want))
        if self.files and self.exact / self.files < floors["persons"]:
            bad.append("persons exact in %.4f of the files, below %.4f" % (self.exact / self.files, floors["persons"]))
        return bad


def generated(rng, size):
    heads = tables.read_headers(os.path.join(ROOT, "patterns", "headers"))
    crowd = people.Crowd(rng)
    n = {"short": 1, "full": 6}[size]
    out = tables.cases(rng, heads, crowd, 300 * n) + tables.sheets(rng, heads, crowd, 4 * n) + tables.headerless(rng, crowd, 6 * n) + tables.databases(rng, heads, crowd, 14 * n)
    for module in ("forms", "claims"):
        try:
            out += __import__(module).cases(rng, heads, crowd, n)
        except ImportError:
            pass
    return out


def measure(binary, work, todo, report):
    root = os.path.join(work, "generated")
    for c in todo:
        path = os.path.join(root, c.name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(c.data)
    found = scan(binary, root)
    for c in todo:
        report.add(c.name, c.fmt, c.enc, c.truth, c.persons, found.get(c.name), getattr(c, "ignore", ()))


def acceptance(binary, work, folder, seed, report):
    """The share of the acceptance suite, judged by its own truth; elements that it does not list for a file are not judged."""
    top = os.path.join(work, "share")
    subprocess.run([sys.executable, os.path.join(folder, "share.py"), top, "--seed", str(seed)], check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(top, "truth.json"), encoding="utf-8") as f:
        files = json.load(f)["files"]
    if isinstance(files, list):
        files = {x["path"]: x for x in files}
    found = scan(binary, os.path.join(work, "share", "fs"))
    for path, want in sorted(files.items()):
        rec = found.get(path.lstrip("/"))
        got = counts(rec) if rec else {}
        truth = {k: tuple(v) for k, v in want["elements"].items() if "|" not in k}
        unlisted = set(got) - set(truth) - set(want["absent"])
        if not want["negative"]:
            ignore = unlisted
        else:
            ignore = unlisted - IDENTIFIERS - RECORDS | ({"insurer_number", "corporate_number", "medical_institution", "care_office"} & unlisted)
        fmt = want.get("format", "?")
        enc = re.search(r"_(cp932|utf-8-sig|utf-8|euc_jp|iso2022_jp|utf-16\w\w(?:-bom)?)", path)
        p = want.get("persons")
        report.add(path, fmt, enc.group(1) if enc else "-", truth, (p["min"][0], p["max"][1]) if p and not want["negative"] else None, dict(rec, state=None) if rec else None, ignore)


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("binary")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--size", choices=("short", "full"), default="full")
    ap.add_argument("--floors")
    ap.add_argument("--keep")
    ap.add_argument("--misses", type=int, default=40)
    ap.add_argument("--only")
    ap.add_argument("--json", help="write the figures of the generated files, which tables.py prints into the READMEs")
    ap.add_argument("--acceptance", default=os.path.join(ROOT, "..", "shared", "acceptance"))
    args = ap.parse_args()
    work = args.keep or tempfile.mkdtemp(prefix="quality-")
    bad = []
    try:
        runs = [("generated files", lambda r: measure(os.path.abspath(args.binary), work, [c for c in generated(random.Random(args.seed), args.size) if not args.only or args.only in c.name], r))]
        if os.path.exists(os.path.join(args.acceptance, "share.py")) and not args.only and args.size == "full":
            runs.append(("acceptance share", lambda r: acceptance(os.path.abspath(args.binary), work, os.path.abspath(args.acceptance), args.seed, r)))
        for title, run in runs:
            report = Report()
            run(report)
            print("== %s\n" % title)
            report.show()
            print("files with a difference: %d" % len(report.misses))
            for name, wrong in report.misses[:args.misses]:
                print("  %s: %s" % (name, "; ".join(wrong)))
            print()
            if args.json and title == "generated files":
                with open(args.json, "w", encoding="utf-8") as f:
                    json.dump(report.figures(args), f, indent=1, ensure_ascii=False)
                    f.write("\n")
            if args.floors:
                with open(args.floors, encoding="utf-8") as f:
                    bad += ["%s: %s" % (title, x) for x in report.floor(json.load(f))]
    finally:
        if not args.keep:
            shutil.rmtree(work, ignore_errors=True)
    for x in bad:
        print("BELOW THE FLOOR " + x)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
