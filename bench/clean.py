#!/usr/bin/env python3
"""Findings in text that holds nobody: hits per GB by element and confidence.

Usage: python3 bench/clean.py BINARY [--size short|full] [--floors FILE] [--corpus NAME]... [--text FILE]... [--keep DIR] [--misses N]

Corpora: hard negatives made anew (order numbers, JAN codes, serial numbers like telephones, hashes, UUIDs, dates, coordinates, tables of science,
logs of networks, code masters, directories of institutions, statistics, blank forms, random digits); and, with --size full, source trees and
documents of this machine (/usr/include, /usr/share/doc, /usr/lib/python3, /usr/share/perl ...), at most --most MB of each. --text adds a
file of clean text. Exit status 1 when identifiers are above the ceilings: none at high confidence, at medium at most one in 100 MB.
"""
import argparse
import datetime as dt
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "quality"))
import people as pp    # noqa: E402
import write as w      # noqa: E402

IDENTIFIERS = ["personal_number", "insured_id", "latecare_insured_number", "care_insured_number", "public_expense_payer", "public_expense_recipient", "pension_number",
               "licence_number", "passport_number", "residence_card", "juki_code", "employment_insurance_number", "card_number", "bank_account", "yucho_account", "iban",
               "claim_record", "care_claim_record", "disability_claim_record", "health_check_record", "prescription_record", "insurer_number"]
# Columns that say whose number it is: what they hold is that number, though nobody's. Not counted where the corpus holds them on purpose.
PUBLIC = {"directories": {"medical_institution", "care_office", "corporate_number", "institution_directory", "insurer_number", "phone", "address", "postal_code"}}
TREES = ["/usr/include", "/usr/share/doc", "/usr/lib/python3", "/usr/lib/python3.11", "/usr/share/perl", "/usr/share/perl5", "/usr/share/info", "/usr/share/man", "/usr/share/common-licenses", "/usr/src",
         "/usr/share/i18n", "/usr/share/cmake-3.25", "/usr/share/zoneinfo", "/etc"]


def lines(rng, n, make):
    return "".join(make(rng, i) + "\n" for i in range(n))


def d(rng, n):
    return pp.digits(rng, n)


def table(rows, rng):
    """The same rows as CP932 and UTF-8, with commas or tabs."""
    return w.encode(w.delimited(rows, rng.choice(",\t;"), rng.random() < 0.3), rng.choice(("cp932", "utf-8", "utf-8-sig", "utf-16le-bom")))


def negatives(rng, n):
    """{corpus: [(name, bytes)]}; n rows of each kind."""
    out = {}
    day = lambda: dt.date(1990, 1, 1) + dt.timedelta(days=rng.randint(0, 13000))
    add = lambda corpus, name, data: out.setdefault(corpus, []).append((name, data if isinstance(data, bytes) else data.encode("utf-8")))
    add("random", "digits.txt", lines(rng, n, lambda r, i: d(r, r.randint(1, 40))))
    add("random", "columns.csv", lines(rng, n, lambda r, i: ",".join(d(r, k) for k in (6, 7, 8, 10, 11, 12, 13, 16))))
    add("random", "spaced.txt", lines(rng, n, lambda r, i: " ".join(d(r, 4) for _ in range(3)) + "  " + "-".join(d(r, 4) for _ in range(2))))
    add("random", "hex.txt", lines(rng, n, lambda r, i: "%032x" % r.getrandbits(128)))
    add("random", "base64.txt", lines(rng, n, lambda r, i: "".join(r.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") for _ in range(76))))
    orders = lambda head, make: table([head] + [make(i) for i in range(n)], rng)
    add("orders", "orders.csv", orders(["注文番号", "品名", "数量", "単価", "発注日"], lambda i: [d(rng, 12), "コピー用紙%d" % i, rng.randint(1, 90), 480, day().isoformat()]))
    add("orders", "jan.csv", orders(["JANコード", "商品名", "価格"], lambda i: [pp.jan(rng), "ボールペン黒%d" % i, rng.randint(80, 900)]))
    add("orders", "serial.csv", orders(["管理番号", "機器名", "シリアル番号"], lambda i: ["K%05d" % i, "ノートPC", "0%d0%s" % (rng.randint(7, 9), d(rng, 8))]))
    add("orders", "tracking.csv", orders(["追跡番号", "発送日", "状態"], lambda i: ["%s-%s-%s" % (d(rng, 4), d(rng, 4), d(rng, 4)), day().isoformat(), "配達完了"]))
    add("orders", "invoice.csv", orders(["請求書番号", "取引先", "登録番号", "金額"], lambda i: ["INV-%s" % d(rng, 8), "株式会社みどり商事%d" % (i % 90), "T" + pp.corporate(rng), rng.randint(1000, 900000)]))
    add("orders", "mail.txt", lines(rng, n // 4, lambda r, i: "注文番号：%s　お問い合わせ番号：%s-%s-%s　商品コード %s を発送しました。" % (d(r, 12), d(r, 4), d(r, 4), d(r, 4), d(r, 8))))
    add("orders", "unnamed.csv", orders(["コード", "内容", "値"], lambda i: [d(rng, 12), "項目%d" % i, d(rng, 7)]))
    add("hashes", "sha256.txt", lines(rng, n, lambda r, i: "%s  file%d.bin" % (hashlib.sha256(b"%d" % i).hexdigest(), i)))
    add("hashes", "md5.csv", lines(rng, n, lambda r, i: "%d,%s,%d" % (i, hashlib.md5(b"%d" % i).hexdigest(), r.randint(1, 10 ** 9))))
    add("hashes", "uuid.txt", lines(rng, n, lambda r, i: str(uuid.UUID(int=r.getrandbits(128)))))
    add("hashes", "git.log", lines(rng, n, lambda r, i: "commit %040x\nDate:   %s 1%d:%02d:%02d 2026 +0900" % (r.getrandbits(160), day().strftime("%a %b %d"), i % 10, i % 60, i % 59)))
    add("dates", "dates.csv", lines(rng, n, lambda r, i: "%s,%s,%s,%d" % (day().strftime("%Y%m%d"), day().isoformat(), day().strftime("%Y/%m/%d"), i)))
    add("dates", "calendar.csv", table([["日付", "曜日", "営業日", "行事"]] + [[day().strftime("%Y%m%d"), "月", "1", "会議"] for _ in range(n)], rng))
    add("dates", "epoch.txt", lines(rng, n, lambda r, i: "%d.%06d %d" % (1700000000 + r.randint(0, 10 ** 8), r.randint(0, 999999), 1700000000000 + r.randint(0, 10 ** 11))))
    add("science", "coordinates.csv", lines(rng, n, lambda r, i: "%.7f,%.7f,%.2f" % (r.uniform(24, 46), r.uniform(123, 146), r.uniform(0, 3000))))
    add("science", "measures.tsv", lines(rng, n, lambda r, i: "\t".join("%.6e" % r.gauss(0, 1) for _ in range(8))))
    add("science", "matrix.txt", lines(rng, n, lambda r, i: "  ".join("%12d" % r.randint(0, 10 ** 11) for _ in range(6))))
    add("science", "genome.txt", lines(rng, n, lambda r, i: "chr%d\t%d\t%d\trs%d\t%s" % (r.randint(1, 22), r.randint(1, 10 ** 8), r.randint(1, 10 ** 8), r.randint(10 ** 6, 10 ** 9), "".join(r.choice("ACGT") for _ in range(20)))))
    ip = lambda r: ".".join(str(r.randint(0, 255)) for _ in range(4))
    add("logs", "access.log", lines(rng, n, lambda r, i: '%s - - [%02d/Oct/2026:09:%02d:%02d +0900] "GET /api/v1/items/%s?id=%s HTTP/1.1" 200 %d "-" "Mozilla/5.0 (X11; Linux x86_64)"' % (ip(r), i % 28 + 1, i % 60, i % 59, d(r, 12), d(r, 8), r.randint(100, 99999))))
    add("logs", "firewall.log", lines(rng, n, lambda r, i: "Oct %2d 09:%02d:%02d fw kernel: [%d.%06d] DROP IN=eth0 SRC=%s DST=%s LEN=%d TTL=%d ID=%d PROTO=TCP SPT=%d DPT=%d SEQ=%s" % (i % 28 + 1, i % 60, i % 59, r.randint(1, 10 ** 7), i % 10 ** 6, ip(r), ip(r), r.randint(40, 1500), r.randint(30, 255), r.randint(1, 65535), r.randint(1024, 65535), r.randint(1, 65535), d(r, 10))))
    add("logs", "app.log", lines(rng, n, lambda r, i: "2026-10-%02d 09:%02d:%02d,%03d INFO [worker-%d] job=%s session=%s トランザクション%sを処理しました elapsed=%d ms" % (i % 28 + 1, i % 60, i % 59, i % 1000, i % 8, d(r, 12), d(r, 16), d(r, 11), r.randint(1, 9999))))
    add("logs", "events.json", lines(rng, n, lambda r, i: json.dumps({"ts": 1700000000000 + i, "id": d(r, 12), "seq": int("1" + d(r, 10)), "host": ip(r), "code": d(r, 8), "ok": True})))
    q = lambda rows: w.delimited(rows, ",", True).encode("cp932")
    add("masters", "b_ALL20260401.csv", q([["0", "B", "%07d" % rng.randint(0, 9999999), "10", "10", "急性気管支炎%d" % i, "急性気管支炎", "", "", "ｷｭｳｾｲ"] + [""] * 36 for i in range(n)]))
    add("masters", "y_ALL20260401.csv", q([["0", "Y", "62%s" % d(rng, 7), "20", "10", "アムロジピン錠%dmg" % (i % 10), "", "ｱﾑﾛｼﾞﾋﾟﾝ", "", "16", "錠", "10.10"] + [""] * 23 for i in range(n)]))
    add("masters", "postal.csv", q([["10201", "371  ", "371%04d" % rng.randint(0, 9999), "ｸﾞﾝﾏｹﾝ", "ﾏｴﾊﾞｼｼ", "ｵｵﾃﾏﾁ", "群馬県", "前橋市", "大手町%d" % i, "0", "0", "0", "0", "0", "0"] for i in range(n)]))
    add("masters", "icd.csv", table([["ICD10", "病名", "カナ"]] + [["E%02d.%d" % (i % 100, i % 10), "糖尿病性合併症%d" % i, "トウニョウビョウ"] for i in range(n)], rng))
    add("masters", "towns.csv", table([["団体コード", "都道府県名", "市区町村名", "都道府県名（カナ）"]] + [["10%04d" % rng.randint(0, 9999), "群馬県", "みどり市%d" % i, "ｸﾞﾝﾏｹﾝ"] for i in range(n)], rng))
    add("directories", "hospitals.csv", table([["医療機関コード", "医療機関名称", "開設者氏名", "所在地", "電話番号", "病床数"]] + [[pp.facility(rng), "みどり内科第%d分院" % i, "医療法人みどり会", "群馬県前橋市大手町%d" % (i + 1), "027-2%s-%s" % (d(rng, 2), d(rng, 4)), rng.randint(0, 300)] for i in range(n)], rng))
    add("directories", "offices.csv", table([["事業所番号", "事業所名", "サービス種類", "住所", "電話番号", "FAX番号"]] + [[pp.office(rng), "デイサービスひだまり%d号館" % i, "通所介護", "群馬県高崎市高松町%d" % (i + 1), "027-3%s-%s" % (d(rng, 2), d(rng, 4)), "027-3%s-%s" % (d(rng, 2), d(rng, 4))] for i in range(n)], rng))
    add("directories", "companies.csv", table([["法人番号", "商号", "本店所在地"]] + [[pp.corporate(rng), "株式会社みどり商事%d" % i, "東京都港区芝%d丁目" % (i % 5 + 1)] for i in range(n)], rng))
    ages = ["%d～%d歳" % (a, a + 4) for a in range(0, 95, 5)]
    for i in range(max(1, n // 400)):
        add("statistics", "age-%d.csv" % i, table([["年齢階級", "男", "女", "計", "被保険者数"]] + [[a, rng.randint(100, 9000), rng.randint(100, 9000), rng.randint(100, 9000), rng.randint(100, 90000)] for a in ages], rng))
        add("statistics", "ndb-%d.csv" % i, table([["NDBオープンデータ"], ["傷病名", "性別", "年齢", "患者数"]] + [[x, s, a, rng.choice(("-", rng.randint(10, 9999)))] for x in ("糖尿病", "高血圧症", "うつ病") for s in "男女" for a in ages], rng))
        add("statistics", "insurers-%d.csv" % i, table([["市町村名", "被保険者数", "受診者数", "受診率", "HbA1c該当者数"]] + [["みどり市%d" % k, rng.randint(100, 90000), rng.randint(100, 9000), "%.1f%%" % rng.uniform(20, 60), rng.randint(10, 900)] for k in range(40)], rng))
        head = ["氏名", "フリガナ", "生年月日", "住所", "電話番号", "個人番号", "被保険者証記号", "被保険者証番号", "傷病名"]
        add("forms", "empty-%d.csv" % i, table([head] + [[""] * 9] * rng.randint(0, 9), rng))
        add("forms", "blank-%d.txt" % i, "\n".join("%s：%s" % (h, rng.choice(("", "　　　　　　", "＿＿＿＿＿＿", "　　年　　月　　日", "□□□□□□□□"))) for h in head) + "\n")
        add("forms", "empty-%d.xlsx" % i, w.xlsx([("様式", [["届出書"], head], [])]))
        add("forms", "spec-%d.csv" % i, table([["項番", "項目名", "モード", "最大バイト", "内容"]] + [[k + 1, h, rng.choice(("漢字", "数字", "英数")), rng.choice((2, 7, 8, 10, 40)), "%sを記録する" % h] for k, h in enumerate(head)], rng))
        add("forms", "sql-%d.sql" % i, "CREATE TABLE t%d (\n%s\n);\nINSERT INTO codes VALUES ('%s', '%s');\n" % (i, ",\n".join("  %s VARCHAR(%d)" % (h, 8 + k) for k, h in enumerate(head)), d(rng, 12), d(rng, 8)))
    return out


def copy_tree(top, to, most):
    """Regular files of a tree up to `most` bytes; returns the bytes."""
    size = 0
    for folder, dirs, names in os.walk(top):
        dirs.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            try:
                n = os.path.getsize(path)
                if os.path.islink(path) or not os.path.isfile(path) or n == 0 or n > most // 4 or size + n > most:
                    continue
                target = os.path.join(to, os.path.relpath(path, top))
                os.makedirs(os.path.dirname(target), exist_ok=True)
                shutil.copyfile(path, target)
            except OSError:
                continue
            size += n
    return size


def scan(binary, folder, work):
    """Counts by (element, confidence), and for identifiers the files."""
    out = os.path.join(work, os.path.basename(folder) + ".jsonl")
    with open(out, "wb") as f, open(os.path.join(work, "err"), "wb") as e:
        rc = subprocess.run([binary, "scan", "--format", "jsonl", "--places", "1", "--lang", "en", "--verbose", folder], stdout=f, stderr=e).returncode
    found, where, answered = {}, {}, 0
    with open(out, encoding="utf-8") as f:
        for line in f:
            r = json.loads(line)
            answered += r["record"] == "file"
            for x in r.get("elements") or []:
                key = (x["element"], x["confidence"])
                found[key] = found.get(key, 0) + x["count"]
                where.setdefault(key, []).append((os.path.relpath(r["path"], folder), x["count"]))
    if not answered:
        raise SystemExit("no answer, exit %s: %s" % (rc, open(os.path.join(work, "err")).read()[-300:]))
    return found, where


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("binary")
    ap.add_argument("--size", choices=("short", "full"), default="full")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--most", type=int, default=150, help="MB of each tree")
    ap.add_argument("--corpus", action="append", default=[])
    ap.add_argument("--text", action="append", default=[])
    ap.add_argument("--floors")
    ap.add_argument("--keep")
    ap.add_argument("--misses", type=int, default=20)
    args = ap.parse_args()
    ceilings = {"high": 0, "medium_per_100MB": 1.0}
    if args.floors:
        with open(args.floors, encoding="utf-8") as f:
            ceilings = json.load(f)["clean"]
    work = args.keep or tempfile.mkdtemp(prefix="clean-")
    binary, total, sums, bad = os.path.abspath(args.binary), 0, {}, []
    try:
        todo = []
        for name, files in negatives(random.Random(args.seed), {"short": 2000, "full": 60000}[args.size]).items():
            if args.corpus and name not in args.corpus:
                continue
            folder = os.path.join(work, name)
            os.makedirs(folder, exist_ok=True)
            for n, data in files:
                with open(os.path.join(folder, n), "wb") as f:
                    f.write(data)
            todo.append((name, folder, sum(len(x) for _, x in files)))
        for top in TREES if args.size == "full" else []:
            name = top.strip("/").replace("/", "-")
            if os.path.isdir(top) and (not args.corpus or name in args.corpus):
                folder = os.path.join(work, name)
                todo.append((name, folder, copy_tree(top, folder, args.most << 20)))
        if args.text:
            folder = os.path.join(work, "text")
            os.makedirs(folder, exist_ok=True)
            for i, path in enumerate(args.text):
                shutil.copyfile(path, os.path.join(folder, "%d-%s" % (i, os.path.basename(path))))
            todo.append(("text", folder, sum(os.path.getsize(p) for p in args.text)))
        medium = 0
        print("%-24s %9s  %s" % ("corpus", "MB", "identifiers: high, medium; everything else: high, medium"))
        for name, folder, size in todo:
            if size == 0:
                continue
            found, where = scan(binary, folder, work)
            total += size
            public = PUBLIC.get(name, set())
            ident = {c: sum(n for (e, k), n in found.items() if k == c and e in IDENTIFIERS and e not in public) for c in ("high", "medium")}
            other = {c: sum(n for (e, k), n in found.items() if k == c and e not in IDENTIFIERS and e not in public) for c in ("high", "medium")}
            print("%-24s %9.1f  %d, %d; %d, %d" % (name, size / 1e6, ident["high"], ident["medium"], other["high"], other["medium"]))
            for key, n in found.items():
                if key[0] not in public:
                    sums[key] = sums.get(key, 0) + n
            for e, c in sorted(where):
                if c in ("high", "medium") and e not in public:
                    for path, n in sorted(where[(e, c)], key=lambda x: -x[1])[:3 if e in IDENTIFIERS else 1]:
                        bad.append("%s %s %d in %s/%s" % (e, c, n, name, path))
        print("\n%-30s %14s %14s %14s   hits per GB" % ("element", "high", "medium", "low"))
        for e in sorted({k[0] for k in sums}):
            print("%-30s %14.1f %14.1f %14.1f" % ((e,) + tuple(sums.get((e, c), 0) / (total / 1e9) for c in ("high", "medium", "low"))))
        high = sum(n for (e, c), n in sums.items() if c == "high" and e in IDENTIFIERS)
        medium = sum(n for (e, c), n in sums.items() if c == "medium" and e in IDENTIFIERS)
        per = medium / (total / 1e8) if total else 0
        print("\n%.1f MB; identifiers at high %d (at most %d), at medium %d = %.2f per 100 MB (at most %g)" % (total / 1e6, high, ceilings["high"], medium, per, ceilings["medium_per_100MB"]))
        for x in bad[:args.misses]:
            print("  " + x)
        return 1 if high > ceilings["high"] or per > ceilings["medium_per_100MB"] else 0
    finally:
        if not args.keep:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
