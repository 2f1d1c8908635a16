#!/usr/bin/env python3
"""The tables of the READMEs, printed from what the command says and what was measured.

Usage: tables.py SEKISHO [--lang en|ja] [--write]

Without --write the tables are printed as Markdown. With it they are put between the markers `<!-- table NAME -->` and `<!-- end -->` of README.md and
cli/README.ja.md. tests/docs.py fails when a README holds other tables than these.
Sources: lib/base/elements.def, `sekisho version --formats`, quality/measured.json (quality.py --json), quality/floors.json.
"""
import argparse
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
READMES = {"en": "README.md", "ja": "cli/README.ja.md"}
# What formats have in common for a reader: words, formats by name, and the kinds of generated files that measure them (quality.py).
GROUPS = [
    ("Plain text, CSV, TSV, fixed width; CP932, EUC-JP, ISO-2022-JP, UTF-8, UTF-16 by block", "テキスト、CSV、TSV、固定長(CP932、EUC-JP、ISO-2022-JP、UTF-8、UTF-16 を区間ごとに判別)",
     "text", "csv tsv quoted pipe semicolon fixed form-text"),
    ("Claims by their structure: UKE of all kinds, 介護・障害 transmissions, DPC, JAHIS", "レセプト等(UKE 各種、介護・障害の伝送、DPC、JAHIS)", "",
     "uke-provider uke-insurer uke-returned uke-clipped uke-free-text uke-excel uke-euc uke-jis uke-utf-8 uke-book care-plain care-quoted care-cut care-excel disability dpc "
     "jahis-notebook prescription settlement"),
    ("Office: docx, xlsx (hidden sheets, comments, charts, pivot caches, embedded files)", "Office: docx、xlsx(非表示シート、コメント、グラフ、ピボットの控え、埋め込み)",
     "docx xlsx", "docx xlsx form-docx form-xlsx"),
    ("Office: pptx, xlsb, Excel XML of 2003, Flat OPC", "Office: pptx、xlsb、2003 年の Excel XML、Flat OPC", "pptx excel-xml flat-opc", ""),
    ("Older Office and Outlook: doc, xls, ppt, msg, 一太郎", "旧 Office と Outlook: doc、xls、ppt、msg、一太郎", "ole2 ichitaro", ""),
    ("OpenDocument", "OpenDocument", "odf", "ods form-ods"),
    ("PDF (hidden layers, text under black boxes), XPS, RTF", "PDF(隠れた層、墨塗りの下の文字も)、XPS、RTF", "pdf xps rtf", ""),
    ("HTML, XML, JSON, HL7: 特定健診 CDA, FHIR, MML, 資格確認", "HTML、XML、JSON、HL7: 特定健診 CDA、FHIR、MML、資格確認", "html xml json hl7", "html form-html cda fhir mml qualification hl7"),
    ("Mail and what is attached: eml, mbox, MHT, S/MIME, winmail.dat, pst, ost", "メールと添付: eml、mbox、MHT、S/MIME、winmail.dat、pst、ost", "eml p7m tnef pst", ""),
    ("zip, nested", "zip(入れ子も)", "zip", "zip checkup-zip"),
    ("Other archives, nested: 7z, rar, tar, cab, iso, LZH, split and self-extracting ones", "ほかの書庫(入れ子も): 7z、rar、tar、cab、iso、LZH、分割・自己解凍", "archive lzh exe", ""),
    ("Databases with deleted rows: Access, SQLite, dBase", "データベース(削除済みの行も): Access、SQLite、dBase", "access sqlite dbf", ""),
    ("Pictures: QR and bar codes; printed text only with --ocr", "画像: QR・バーコード。印刷文字は --ocr のときだけ", "png jpeg gif tiff bmp webp heic jp2 jxl jbig2 ico psd", ""),
    ("Told as encrypted, with method and strength where known", "暗号化されていると報告(分かれば方式と強度も)", "openssl pgp age luks bitlocker aescrypt ansible-vault", ""),
]
WORDS = {
    "en": {"element": "Element", "name": "Name in outputs", "p": "Precision", "r": "Recall", "floor": "Test fails below", "formats": "Format", "measured": "Precision, recall", "not": "not measured",
           "other": "Others", "unread": "Known by name, not read, and reported so", "by": "%s files made by `bench/quality.py` (%s); persons exact in %s of them. – = not in those files.",
           "names": "Names in outputs"},
    "ja": {"element": "要素", "name": "出力での名前", "p": "適合率", "r": "再現率", "floor": "試験の下限", "formats": "形式", "measured": "適合率、再現率", "not": "未測定",
           "other": "その他", "unread": "名前は分かるが読まず、そう報告するもの", "by": "`bench/quality.py` が作る %s ファイル(%s)で測定。本人の数は %s ファイルで正確。– はその中にないもの。",
           "names": "出力での名前"},
}


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def table(head, rows):
    return "\n".join("| " + " | ".join(r) + " |" for r in [head, ["---"] * len(head)] + rows)


def share(x):
    """Never rounded up to 1."""
    return "1.000" if x >= 1 else "%.3f" % (int(x * 1000) / 1000)


def elements(lang):
    w, got, floors = WORDS[lang], json.loads(read("bench/quality/measured.json")), json.loads(read("bench/quality/floors.json"))
    text, rows = read("lib/base/elements.def"), []
    for name, ja, en in re.findall(r'^X\(\w+, "([^"]+)", "([^"]+)", "([^"]+)"\)', text, re.M):
        if name == "marking":
            continue        # what others say about a file, not what it holds
        p = got["element"].get(name)
        rows.append([ja if lang == "ja" else en, "`%s`" % name] + ([share(p[0]), share(p[1]), "%.3f" % floors["elements"].get(name, floors["default"])] if p else ["–"] * 3))
    return table([w["element"], w["name"], w["p"], w["r"], w["floor"]], rows) + "\n\n" + w["by"] % (got["files"], got["day"], got["persons exact"])


def formats(lang, binary):
    w, got = WORDS[lang], json.loads(read("bench/quality/measured.json"))["format"]
    out = subprocess.run([binary, "version", "--formats", "--lang", "en"], stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout
    known = re.findall(r"^(\S+) +(yes|no) +(.+)$", out, re.M)
    readable = [n for n, yes, _ in known if yes == "yes"]
    grouped, rows = set(), []
    for en, ja, names, kinds in GROUPS:
        names, kinds = [n for n in names.split() if n in readable], kinds.split()
        grouped |= set(names)
        if not names and not kinds:
            continue
        missing = [k for k in kinds if k not in got]
        if missing:
            raise SystemExit("measured.json has no " + " ".join(missing))
        least = [share(min(got[k][i] for k in kinds)) for i in (0, 1)] if kinds else None
        rows.append([ja if lang == "ja" else en, " ".join("`%s`" % n for n in names) or "`text`", ", ".join(least) if least else "–" if "pgp" in names else w["not"]])
    others = [n for n in readable if n not in grouped]
    if others:
        rows.append([w["other"], " ".join("`%s`" % n for n in others), w["not"]])
    unread = ", ".join("`%s`" % n for n, yes, _ in known if yes == "no")
    return table([w["formats"], w["names"], w["measured"]], rows) + "\n\n%s: %s." % (w["unread"], unread)


def tables(lang, binary):
    return {"elements": elements(lang), "formats": formats(lang, binary)}


def filled(text, made):
    """The document with its tables renewed."""
    for name, body in made.items():
        pattern = re.compile(r"(<!-- table %s -->\n).*?(<!-- end -->)" % name, re.S)
        if not pattern.search(text):
            raise SystemExit("no marker for the table " + name)
        text = pattern.sub(lambda m: m.group(1) + body + "\n" + m.group(2), text)
    return text


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("sekisho")
    ap.add_argument("--lang", choices=("en", "ja"), default="en")
    ap.add_argument("--write", action="store_true")
    args = ap.parse_args()
    if not args.write:
        for name, body in tables(args.lang, os.path.abspath(args.sekisho)).items():
            print("%s\n" % body)
        return 0
    for lang, path in READMES.items():
        text = filled(read(path), tables(lang, os.path.abspath(args.sekisho)))
        with open(os.path.join(ROOT, path), "w", encoding="utf-8") as f:
            f.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
