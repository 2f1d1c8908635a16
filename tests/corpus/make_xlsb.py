#!/usr/bin/env python3
"""A binary workbook (MS-XLSB), record by record. Nobody in it is real. Usage: make_xlsb.py CORPUS-FOLDER"""
import os
import struct
import sys
import zipfile

MAIN = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def rec(kind, body=b""):
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    n, size = len(body), b""
    while True:
        size += bytes([n & 127 | (128 if n > 127 else 0)])
        n >>= 7
        if not n:
            return head + size + body


def text(s):
    b = s.encode("utf-16le")
    return struct.pack("<I", len(b) // 2) + b


def rich(s, ruby=None):
    return bytes([2 if ruby else 0]) + text(s) + (text(ruby) + struct.pack("<I", 0) if ruby else b"")


def row(n, hidden=False):
    return rec(0, struct.pack("<IIHBBBI", n, 0, 300, 0, 0x10 if hidden else 0, 0, 0))


def cell(kind, col, style, body):
    return rec(kind, struct.pack("<II", col, style) + body)


def color(rgb):
    return bytes([2 << 1 | 1, 0, 0, 0]) + bytes.fromhex(rgb) + b"\xff"


STRINGS = [("氏名", None), ("山田 太郎", "ヤマダ タロウ"), ("結合の値", None), ("消した文字列", None)]
SST = rec(159, struct.pack("<II", 5, len(STRINGS))) + b"".join(rec(19, rich(*s)) for s in STRINGS) + rec(160)
STYLES = (rec(278) + rec(44, struct.pack("<H", 164) + text('[$-411]ggge"年"m"月"d"日"')) + rec(611, struct.pack("<I", 2))
          + rec(43, struct.pack("<HHHHBBBB", 220, 0, 400, 0, 0, 0, 128, 0) + color("000000"))
          + rec(43, struct.pack("<HHHHBBBB", 220, 0, 400, 0, 0, 0, 128, 0) + color("FFFFFF")) + rec(612)
          + rec(603, struct.pack("<I", 1)) + rec(45, struct.pack("<I", 0) + color("000000") * 2) + rec(604)
          + rec(626) + rec(47, struct.pack("<HHHHH", 0xFFFF, 0, 0, 0, 0)) + rec(627) + rec(617)
          + b"".join(rec(47, struct.pack("<HHHHH", 0, f, font, 0, 0)) for f, font in ((0, 0), (164, 0), (4, 0), (0, 1))) + rec(618) + rec(279))
SHEET1 = (rec(129) + rec(60, struct.pack("<IIIIH", 6, 7, 0, 0, 1)) + rec(145)
          + row(0) + cell(7, 0, 0, struct.pack("<I", 0)) + cell(6, 1, 0, text("直書き")) + cell(62, 2, 0, rich("飾った文", "カザッタブン"))
          + row(1) + cell(7, 0, 0, struct.pack("<I", 1)) + cell(5, 1, 1, struct.pack("<d", 20335.0)) + cell(2, 2, 2, struct.pack("<I", (159999 << 2) | 3))
          + rec(16, struct.pack("<Id", 0, 12345678.0)) + cell(4, 6, 0, b"\x01")
          + row(2, True) + cell(8, 0, 0, text("式の結果") + struct.pack("<H", 0)) + cell(9, 1, 0, struct.pack("<d", 0.5) + struct.pack("<H", 0))
          + row(3) + cell(7, 0, 0, struct.pack("<I", 2)) + cell(6, 1, 3, text("白い字")) + row(4) + cell(6, 1, 0, text("下の行"))
          + rec(146) + rec(177, struct.pack("<I", 1)) + rec(176, struct.pack("<IIII", 3, 4, 0, 0)) + rec(178)
          + rec(64, struct.pack("<II", 3, 1) + struct.pack("<IIII", 0, 9, 5, 5) + struct.pack("<I", 0xFFFFFFFF) * 4
                + struct.pack("<IBH", 3 + 14, 0x17, 7) + "甲野,乙山,丙".encode("utf-16le") + struct.pack("<I", 0))
          + rec(494, struct.pack("<IIII", 0, 0, 0, 0) + struct.pack("<I", 0xFFFFFFFF) + text("") + text("連絡先は山田") + text("表示"))
          + rec(479, struct.pack("<H", 0) + text("&C取扱注意") + text("&L部外秘") + struct.pack("<I", 0xFFFFFFFF) * 4) + rec(480) + rec(130))
SHEET2 = rec(129) + rec(145) + row(0) + cell(6, 0, 0, text("隠した値")) + rec(146) + rec(130)
COMMENTS = (rec(628) + rec(630) + rec(632, text("甲")) + rec(631) + rec(633) + rec(635, struct.pack("<I", 0) + struct.pack("<IIII", 0, 0, 0, 0) + bytes(16))
            + rec(637, rich("注釈の文")) + rec(636) + rec(634) + rec(629))
BOOK = (rec(131) + rec(153, struct.pack("<II", 0, 0) + text("")) + rec(143)
        + rec(156, struct.pack("<II", 0, 1) + text("rId1") + text("表")) + rec(156, struct.pack("<II", 2, 2) + text("rId2") + text("元データ")) + rec(144)
        + rec(39, struct.pack("<IBI", 0, 0, 0xFFFFFFFF) + text("担当_山田") + struct.pack("<II", 0, 0)) + rec(132))
PIVOT = rec(179) + rec(24, text("集計元の人")) + rec(180)


def rels(*items):
    return ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' +
            "".join('<Relationship Id="%s" Type="%s%s" Target="%s"/>' % (i, REL, t, g) for i, t, g in items) + "</Relationships>").encode()


PARTS = {"xl/workbook.bin": (MAIN, BOOK), "xl/sharedStrings.bin": ("sharedStrings", SST), "xl/styles.bin": ("styles", STYLES),
         "xl/worksheets/sheet1.bin": ("worksheet", SHEET1), "xl/worksheets/sheet2.bin": ("worksheet", SHEET2), "xl/comments1.bin": ("comments", COMMENTS),
         "xl/pivotCache/pivotCacheDefinition1.bin": ("pivotCacheDefinition", PIVOT)}

if __name__ == "__main__":
    types = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
             'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
             "".join('<Override PartName="/%s" ContentType="%s"/>' % (n, t if "/" in t else "application/vnd.ms-excel." + t) for n, (t, _) in PARTS.items()) + "</Types>")
    with zipfile.ZipFile(os.path.join(sys.argv[1], "xlsx", "binary.xlsb"), "w", zipfile.ZIP_DEFLATED) as z:
        def add(name, data):
            z.writestr(zipfile.ZipInfo(name, (2026, 11, 24, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
        add("[Content_Types].xml", types)
        add("_rels/.rels", rels(("r", "officeDocument", "xl/workbook.bin")))
        add("xl/_rels/workbook.bin.rels", rels(("rId1", "worksheet", "worksheets/sheet1.bin"), ("rId2", "worksheet", "worksheets/sheet2.bin"),
                                               ("rId3", "sharedStrings", "sharedStrings.bin"), ("rId4", "styles", "styles.bin")))
        add("xl/worksheets/_rels/sheet1.bin.rels", rels(("c1", "comments", "../comments1.bin")))
        for n, (_, data) in PARTS.items():
            add(n, data)
    for n, (_, data) in PARTS.items():
        with open(os.path.join(sys.argv[1], "xlsb", os.path.basename(n)), "wb") as f:
            f.write(data)
