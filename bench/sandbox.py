#!/usr/bin/env python3
"""What isolation costs: one locked worker against scanning in process, on Office files and text.

Usage: sandbox.py SEKISHO [FILES]     prints CPU and wall seconds, the best of 7, and their ratio (target <= 1.10)

The files are copies of a workbook of 200 rows, a letter, and a CSV of 3,000 rows, made here; FILES of each (default 200), so that starting
the command and its worker, once for a whole share, does not hide what each file costs."""
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile

FAMILY = "山田 鈴木 佐藤 高橋 田中 伊藤 渡辺 中村 小林 加藤".split()
GIVEN = "太郎 花子 一郎 次郎 美咲 健太 陽子 和子 誠 愛".split()
X = "http://schemas.openxmlformats.org/"


def rows(n):
    return [(FAMILY[i % 10] + " " + GIVEN[i // 10 % 10], "東京都千代田区丸の内%d丁目%d番%d号" % (i % 4 + 1, i % 30 + 1, i % 9 + 1), "03-%04d-%04d" % (i % 9000 + 1000, i * 7 % 10000)) for i in range(n)]


def package(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in members.items():
            z.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return out.getvalue()


def rels(kind, target):
    return '<Relationships xmlns="%spackage/2006/relationships"><Relationship Id="r1" Type="%sofficeDocument/2006/relationships/%s" Target="%s"/></Relationships>' % (X, X, kind, target)


def types(part, kind):
    return '<Types xmlns="%spackage/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="%s" ContentType="application/vnd.openxmlformats-officedocument.%s+xml"/></Types>' % (X, part, kind)


def workbook():
    cells = "".join("<row>" + "".join('<c t="inlineStr"><is><t>%s</t></is></c>' % v for v in r) + "</row>" for r in [("氏名", "住所", "電話")] + rows(200))
    return package({"[Content_Types].xml": types("/xl/workbook.xml", "spreadsheetml.sheet.main"), "_rels/.rels": rels("officeDocument", "xl/workbook.xml"),
                    "xl/workbook.xml": '<workbook xmlns="%sspreadsheetml/2006/main" xmlns:r="%sofficeDocument/2006/relationships"><sheets><sheet name="名簿" sheetId="1" r:id="r1"/></sheets></workbook>' % (X, X),
                    "xl/_rels/workbook.xml.rels": rels("worksheet", "worksheets/sheet1.xml"),
                    "xl/worksheets/sheet1.xml": '<worksheet xmlns="%sspreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>' % (X, cells)})


def letter():
    text = "".join("<w:p><w:r><w:t>%s 様　%s　電話 %s</w:t></w:r></w:p>" % r for r in rows(150))
    return package({"[Content_Types].xml": types("/word/document.xml", "wordprocessingml.document.main"), "_rels/.rels": rels("officeDocument", "word/document.xml"),
                    "word/document.xml": '<w:document xmlns:w="%swordprocessingml/2006/main"><w:body>%s</w:body></w:document>' % (X, text)})


def cost(command):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - start


def main():
    command, copies = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200
    text = "\r\n".join(",".join(r) for r in [("氏名", "住所", "電話")] + rows(3000)).encode("cp932")
    print("%-6s %23s %23s   %s" % ("", "in process (cpu, wall)", "locked worker", "ratio (cpu, wall)"))
    for ending, data in (("xlsx", workbook()), ("docx", letter()), ("csv", text)):
        with tempfile.TemporaryDirectory() as folder:
            for i in range(copies):
                with open(os.path.join(folder, "%03d.%s" % (i, ending)), "wb") as f:
                    f.write(data)
            best = {}
            for _ in range(7):  # by turns, so that a busy machine is busy for both
                for how in ("--in-process", "--jobs=1"):
                    one = cost([command, "scan", how, "--format", "jsonl", "--places", "1", folder])
                    best[how] = [min(a, b) for a, b in zip(one, best.get(how, one))]
            a, b = best["--in-process"], best["--jobs=1"]
            print("%-6s %10.3f s %10.3f s %9.3f s %10.3f s   %.3f %.3f" % (ending, a[0], a[1], b[0], b[1], b[0] / a[0], b[1] / a[1]))


if __name__ == "__main__":
    main()
