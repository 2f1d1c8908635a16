#!/usr/bin/env python3
"""Builds a small, realistic share of an invented 国保連合会: some files lie where they belong, some do not.

Usage: make_share.py DIR        (DIR/share/... is written; the same bytes every time)

All people, numbers and addresses are invented; numbers carry valid check digits.
"""
import csv
import datetime
import io
import os
import random
import sys
import zipfile
from xml.sax.saxutils import escape

RNG = random.Random(20261124)
DAY = datetime.datetime(2026, 11, 20, 12).timestamp()
SEI = [("佐藤", "サトウ"), ("鈴木", "スズキ"), ("髙橋", "タカハシ"), ("田中", "タナカ"), ("渡邉", "ワタナベ"), ("伊藤", "イトウ"), ("山﨑", "ヤマザキ"),
       ("中村", "ナカムラ"), ("小林", "コバヤシ"), ("加藤", "カトウ"), ("吉田", "ヨシダ"), ("齋藤", "サイトウ")]
MEI = [("一郎", "イチロウ"), ("花子", "ハナコ"), ("健太", "ケンタ"), ("美咲", "ミサキ"), ("和夫", "カズオ"), ("陽子", "ヨウコ"), ("茂", "シゲル"),
       ("節子", "セツコ"), ("誠", "マコト"), ("由美子", "ユミコ")]
TOWNS = ["桜川市若葉町", "緑野町大字中里", "朝日市本町", "松原市栄町"]
DISEASES = [("8830417", "高血圧症"), ("2500013", "糖尿病"), ("2724007", "脂質異常症"), ("4779004", "急性気管支炎")]


def mod10(body):
    t = 0
    for i, c in enumerate(reversed(body)):
        p = int(c) * (2 if i % 2 == 0 else 1)
        t += p // 10 + p % 10
    return body + str((10 - t % 10) % 10)


def my_number():
    body = "".join(RNG.choice("0123456789") for _ in range(11))
    r = sum(int(c) * (i % 6 + 2) for i, c in enumerate(reversed(body))) % 11
    return body + str(0 if r <= 1 else 11 - r)


INSURERS = [mod10("10901"), mod10("10902"), mod10("10903")]


class Person:
    serial = 0

    def __init__(self):
        Person.serial += 1
        sei, mei = RNG.choice(SEI), RNG.choice(MEI)
        self.name, self.kana = sei[0] + "　" + mei[0], sei[1] + "　" + mei[1]
        self.birth = datetime.date(1935, 1, 1) + datetime.timedelta(RNG.randrange(25000))
        self.sex = RNG.choice("12")
        self.insurer = RNG.choice(INSURERS)
        self.symbol, self.number = "%02d" % RNG.randrange(1, 99), "%06d" % (100000 + Person.serial * 13)
        self.phone = "0%d0-%04d-%04d" % (RNG.choice((7, 8, 9)), RNG.randrange(1000, 9999), RNG.randrange(10000))
        self.address = "群馬県%s%d丁目%d番%d号" % (RNG.choice(TOWNS), RNG.randrange(1, 6), RNG.randrange(1, 30), RNG.randrange(1, 20))
        self.my_number = my_number()


def people(n):
    return [Person() for _ in range(n)]


def rows_text(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if "0" <= c <= "9" else c for c in text)


def uke(ps):
    facility = mod10("012345")
    lines = ["IR,2,10,1,%s,,みどり内科クリニック,202610,00,027-220-1111" % facility]
    points = 0
    for i, p in enumerate(ps, 1):
        re = ["RE", str(i), "1112", "202609", p.name, p.sex, p.birth.strftime("%Y%m%d")] + [""] * 31
        re[13], re[36] = "%06d" % (i * 7), p.kana.replace("　", "")
        n = RNG.randrange(200, 3000)
        points += n
        lines += [",".join(re), "HO,  %s,%s,%s,1,%d,,,,,,,,,," % (p.insurer, wide(p.symbol), wide(p.number), n), "SN,1,01,,,,01,,"]
        for k, (code, _) in enumerate(RNG.sample(DISEASES, 2)):
            lines.append("SY,%s,20260901,1,,,%s," % (code, "01" if k == 0 else ""))
        lines.append("SI,11,1,111000110,,288,1" + "," * 37)
        lines.append("IY,21,1,620009461,3,5,7" + "," * 37)
    lines.append("GO,%d,%d,99" % (len(ps), points))
    return ("\r\n".join(lines) + "\r\n\x1a").encode("cp932")


def roster(ps):
    return [["氏名", "フリガナ", "生年月日", "住所", "電話番号"]] + [[p.name, p.kana, p.birth.strftime("%Y/%m/%d"), p.address, p.phone] for p in ps]


def package(members):
    buf = io.BytesIO()
    with zipfile.ZipFile(buf, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in members:
            z.writestr(zipfile.ZipInfo(name, (2026, 10, 1, 9, 0, 0)), text)
    return buf.getvalue()


HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>%s</Types>'


def relationships(items):
    return HEAD + '<Relationships xmlns="%s">%s</Relationships>' % (RELS, "".join('<Relationship Id="%s" Type="%s/%s" Target="%s"/>' % (i, OFFICE, t, x) for i, t, x in items))


def xlsx(rows, name, state=""):
    ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    body = "".join('<row r="%d">%s</row>' % (r + 1, "".join('<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>' % (chr(65 + c), r + 1, escape(str(v))) for c, v in enumerate(row))) for r, row in enumerate(rows))
    ct = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    return package([("[Content_Types].xml", HEAD + TYPES % ('<Override PartName="/xl/workbook.xml" ContentType="%ssheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="%sworksheet+xml"/>' % (ct, ct))),
                    ("_rels/.rels", relationships([("rId1", "officeDocument", "xl/workbook.xml")])),
                    ("xl/workbook.xml", HEAD + '<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="%s" sheetId="1"%s r:id="rId1"/></sheets></workbook>' % (ns, OFFICE, name, state)),
                    ("xl/_rels/workbook.xml.rels", relationships([("rId1", "worksheet", "worksheets/sheet1.xml")])),
                    ("xl/worksheets/sheet1.xml", HEAD + '<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (ns, body))])


def docx(lines):
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join('<w:p><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:p>' % escape(t) for t in lines)
    return package([("[Content_Types].xml", HEAD + TYPES % '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'),
                    ("_rels/.rels", relationships([("rId1", "officeDocument", "word/document.xml")])),
                    ("word/document.xml", HEAD + '<w:document xmlns:w="%s"><w:body>%s</w:body></w:document>' % (w, body))])


def put(root, path, data):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as f:
        f.write(data)
    os.chmod(full, 0o644 if path.startswith("share/広報") else 0o640)
    os.utime(full, (DAY, DAY))


def main(root):
    put(root, "share/審査/202610/RECEIPTC.UKE", uke(people(40)))
    put(root, "share/総務課/共有/レセ控え.txt", uke(people(6)))
    put(root, "share/総務課/名簿/委員名簿.csv", rows_text(roster(people(24))).encode("cp932"))
    put(root, "share/総務課/名簿/研修参加者.csv", rows_text(roster(people(130))).encode("cp932"))
    ps = people(5)
    put(root, "share/総務課/共有/マイナンバー収集表.xlsx", xlsx([["氏名", "個人番号"]] + [[p.name, p.my_number] for p in ps], "収集表"))
    p = people(1)[0]
    put(root, "share/総務課/共有/照会書.docx", docx(["照会書", "保険者番号：" + p.insurer, "被保険者証記号・番号：%s・%s" % (p.symbol, p.number), "氏名：" + p.name, "傷病名：糖尿病"]))
    put(root, "share/広報/健康だより.txt", "健康だより　秋号\r\n特定健診は年に一度、無料で受けられます。\r\n便秘症が続くときは医師に相談しましょう。\r\n".encode("cp932"))
    put(root, "share/広報/統計/被保険者数.csv", rows_text([["年齢階級", "男", "女", "計"]] + [["%d～%d歳" % (a, a + 4), 1200 + a, 1300 + a, 2500 + 2 * a] for a in range(0, 90, 5)]).encode("utf-8-sig"))
    put(root, "share/総務課/物品/物品コード.csv", rows_text([["商品コード", "品名", "数量"]] + [["".join(RNG.choice("0123456789") for _ in range(12)), "文具%d" % i, i] for i in range(200)]).encode("cp932"))
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo("RECEIPTC.UKE", (2026, 10, 1, 9, 0, 0)), uke(people(3)))
    put(root, "share/一時/持ち帰り.zip", inner.getvalue())
    put(root, "share/一時/図面.dwg", b"AC1032" + bytes(range(256)) * 4)
    put(root, "share/一時/連絡先.txt", rows_text(roster(people(4))).replace(",", "\t").encode("iso2022_jp_ext", "ignore"))
    print("%s: 見本の共有フォルダを作りました" % os.path.join(root, "share"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
