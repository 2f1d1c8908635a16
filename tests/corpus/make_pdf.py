#!/usr/bin/env python3
"""PDF files for the tests, written from ISO 32000-1 without any PDF library, and seeds for the fuzz target of the record reader.

Usage: make_pdf.py            writes tests/corpus/pdf/
The encrypted files of tests/data/pdf/ were made from locked() by qpdf 11.3: qpdf --encrypt USER OWNER BITS ... --
"""
import os
import struct

HERE = os.path.dirname(os.path.abspath(__file__))


def text(value):
    return b"<FEFF" + value.encode("utf-16-be").hex().upper().encode() + b">"


class Pdf:
    """Objects in order of numbering; pages share one Japanese font that is not embedded.

    encoding: "unicode" = Identity-H with a ToUnicode map; else a predefined CMap and the codec of its bytes.
    """

    CMAPS = {"sjis": ("90ms-RKSJ-H", "cp932"), "euc": ("EUC-H", "euc_jp"), "utf16": ("UniJIS-UTF16-H", "utf-16-be"), "sjis-v": ("90ms-RKSJ-V", "cp932")}

    def __init__(self, encoding="unicode"):
        self.encoding, self.glyphs, self.pages, self.objects, self.trailer = encoding, {}, [], [], b""
        self.catalog = b""
        self.info = {}

    def add(self, body):
        self.objects.append(body)
        return len(self.objects)

    def stream(self, data, extra=b""):
        return self.add(b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), extra, data))

    def code(self, value):
        if self.encoding == "unicode":
            return "".join("%04X" % self.glyphs.setdefault(c, len(self.glyphs) + 1) for c in value)
        return value.encode(self.CMAPS[self.encoding][1]).hex()

    def show(self, x, y, value, size=11, before="", after=""):
        return "%s BT /F1 %d Tf %.2f %.2f Td <%s> Tj ET %s" % (before, size, x, y, self.code(value), after)

    def page(self, ops, resources=b"", annots=()):
        self.pages.append(("\n".join(ops).encode(), resources, list(annots)))
        return self

    def image(self, width=8, height=8):
        return self.stream(bytes(i * 37 % 256 for i in range(width * height)),
                           b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8" % (width, height))

    def font(self):
        if self.encoding == "unicode":
            rows = list(self.glyphs.items())
            blocks = ["%d beginbfchar\n%s\nendbfchar" % (len(part), "\n".join("<%04X> <%s>" % (g, c.encode("utf-16-be").hex()) for c, g in part))
                      for part in (rows[i:i + 100] for i in range(0, len(rows), 100))]
            cmap = ("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> "
                    "endcodespacerange\n%s\nendcmap end end" % "\n".join(blocks)).encode()
            name, more, order = b"Identity-H", b"/ToUnicode %d 0 R" % self.stream(cmap), b"Identity"
        else:
            name, more, order = self.CMAPS[self.encoding][0].encode(), b"", b"Japan1"
        flags = self.add(b"<< /Type /FontDescriptor /FontName /MS-Mincho /Flags 6 /FontBBox [0 -136 1000 859] /ItalicAngle 0 /Ascent 859 /Descent -140 "
                         b"/CapHeight 769 /StemV 78 >>")
        kid = self.add(b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /MS-Mincho /CIDSystemInfo << /Registry (Adobe) /Ordering (%s) /Supplement 2 >> "
                       b"/FontDescriptor %d 0 R /DW 1000 /W [1 [500 500] 231 632 500] >>" % (order, flags))
        return self.add(b"<< /Type /Font /Subtype /Type0 /BaseFont /MS-Mincho /Encoding /%s /DescendantFonts [%d 0 R] %s >>" % (name, kid, more))

    def bytes(self):
        font = self.font()
        tree = len(self.objects) + 1 + 2 * len(self.pages)
        kids = []
        for ops, resources, annots in self.pages:
            content = self.stream(ops)
            kids.append(self.add(b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 %d 0 R >> %s >> /Contents %d 0 R /Annots [%s] >>"
                                 % (tree, font, resources, content, b" ".join(annots))))
        self.add(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids)))
        root = self.add(b"<< /Type /Catalog /Pages %d 0 R %s >>" % (tree, self.catalog))
        info = self.add(b"<< %s >>" % b" ".join(b"/%s %s" % (k.encode(), text(v)) for k, v in self.info.items()))
        out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
        for i, body in enumerate(self.objects, 1):
            offsets.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (i, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(self.objects) + 1)
        out += b"".join(b"%010d 00000 n \n" % o for o in offsets)
        out += b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(self.objects) + 1, root, info, start)
        return bytes(out)


# ---------------------------------------------------------------- files
ROWS = [("検査　一郎", "昭和30年1月2日", "03-5555-0001"), ("検査　二郎", "昭和31年2月3日", "03-5555-0002"), ("検査　三郎", "昭和32年3月4日", "03-5555-0003")]


def roster(encoding="unicode"):
    """A table of three people, with borders between its rows."""
    p = Pdf(encoding)
    ops = [p.show(60, 780, "出席者名簿", 14)]
    for i, row in enumerate([("氏名", "生年月日", "電話番号")] + ROWS):
        y = 740 - 24 * i
        ops += [p.show(x, y, cell) for x, cell in zip((60, 200, 340), row)]
        ops.append("0.5 w 50 %d m 500 %d l S" % (y - 8, y - 8))
    return p.page(ops).bytes()


def tight(cut=0):
    """The same people as spreadsheets print them: cells a fifth of a character apart, heads that touch, no borders; the third head is cut
    off by its cell, `cut` characters of it."""
    p = Pdf("sjis")
    ops = [p.show(60, 780, "出席者名簿", 14)]
    for i, row in enumerate([("整理番号", "氏名", "生年月日", "電話番号")] + [("1002%d" % k,) + r for k, r in enumerate(ROWS)]):
        y = 740 - 12 * i
        for x, cell in zip((60, 100, 152, 224), row):
            clip = (x, y - 3, 10 * (len(cell) - cut) - 6) if cut and cell == "生年月日" else None
            ops.append(p.show(x, y, cell, 10, "q %d %d %d 14 re W n" % clip if clip else "", "Q" if clip else ""))
    return p.page(ops).bytes()


def black_boxes(really=True):
    """Three names under black rectangles; really: the text is still there."""
    p = Pdf()
    ops = [p.show(60, 780, "審査会議事録")]
    for i, row in enumerate(ROWS):
        y = 700 - 60 * i
        ops.append(p.show(60, y, "申立人"))
        if really:
            ops.append(p.show(130, y, row[0]))
        ops.append("0 g 125 %d 120 20 re f" % (y - 6))
    return p.page(ops).bytes()


def header_row():
    """White text on a dark band is what a reader sees; white text on paper is not."""
    p = Pdf()
    return p.page(["0.1 0.2 0.5 rg 50 730 400 20 re f", p.show(60, 735, "見える見出し", before="1 g", after="0 g"),
                   p.show(60, 600, "白い文字の氏名", before="1 g", after="0 g"), p.show(60, 560, "透明な文字の住所", before="3 Tr", after="0 Tr"),
                   p.show(60, 2000, "枠外の文字です"), p.show(60, 500, "ふつうの本文です")]).bytes()


def scanned(recognised):
    """A picture of a page; recognised: with the invisible text of a recogniser on it."""
    p = Pdf()
    pic = p.image()
    ops = ["q 595 0 0 842 0 0 cm /Im1 Do Q"] + ([p.show(60, 700, "氏名：検査　一郎", before="3 Tr")] if recognised else [])
    return p.page(ops, b"/XObject << /Im1 %d 0 R >>" % pic).bytes()


def spaced():
    """氏　名 spaced out, digits in boxes of their own, vertical writing by single characters."""
    p = Pdf()
    ops = [p.show(60 + 30 * i, 760, c) for i, c in enumerate("健康診断書")]
    for i, c in enumerate("12345678"):
        ops += [p.show(64 + 18 * i, 700, c), "0.5 w %d 694 18 20 re S" % (60 + 18 * i)]
    ops += [p.show(520, 760 - 12 * i, c) for i, c in enumerate("東京都千代田区霞が関")]
    return p.page(ops).bytes()


def attached(name, data):
    p = Pdf()
    file = p.stream(data, b"/Type /EmbeddedFile")
    spec = p.add(b"<< /Type /Filespec /F (a) /UF %s /EF << /F %d 0 R >> >>" % (text(name), file))
    p.catalog = b"/Names << /EmbeddedFiles << /Names [(a) %d 0 R] >> >>" % spec
    return p.page([p.show(60, 700, "添付をご覧ください")]).bytes()


def form():
    """A field without appearance, a sticky note, a covering annotation, a property, a label."""
    p = Pdf()
    field = p.add(b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V %s /Rect [60 600 200 620] /F 2 >>" % text("検査　一郎"))
    note = p.add(b"<< /Type /Annot /Subtype /Text /Contents %s /Rect [300 700 320 720] >>" % text("付箋の覚え書き"))
    square = p.add(b"<< /Type /Annot /Subtype /Square /IC [0 0 0] /C [0 0 0] /F 4 /Rect [55 645 200 665] >>")
    p.catalog = b"/AcroForm << /Fields [%d 0 R] >>" % field
    p.info = {"Title": "申込書の題名", "MSIP_Label_11111111-2222-3333-4444-555555555555_Enabled": "true",
              "MSIP_Label_11111111-2222-3333-4444-555555555555_SiteId": "99999999-2222-3333-4444-555555555555"}
    return p.page([p.show(60, 700, "申込書"), p.show(60, 650, "注釈の下の文字")], annots=[b"%d 0 R" % i for i in (field, note, square)]).bytes()


def layers():
    p = Pdf()
    off = p.add(b"<< /Type /OCG /Name (x) >>")
    p.catalog = b"/OCProperties << /OCGs [%d 0 R] /D << /OFF [%d 0 R] >> >>" % (off, off)
    return p.page([p.show(60, 700, "見えるレイヤー"), "/OC /L1 BDC " + p.show(60, 650, "消えたレイヤー") + " EMC"],
                  b"/Properties << /L1 %d 0 R >>" % off).bytes()


def stamped():
    """A slanting stamp over the page, a footer, and a sentence that only speaks of markings."""
    p = Pdf()
    ops = [p.show(60, 700, "取扱注意の文書は鍵のかかる棚に置いてください。"), p.show(60, 680, "二行目の本文です。"), p.show(270, 30, "部外秘")]
    ops.append("BT /F1 60 Tf 0.7 0.7 -0.7 0.7 150 300 Tm <%s> Tj ET" % p.code("社外秘"))
    return p.page(ops).bytes()


def locked():
    p = Pdf()
    return p.page([p.show(60, 700, "氏名：検査　一郎")]).bytes()


# ---------------------------------------------------------------- what the helper program says of them
def record(kind, payload=b"", page=1, run=0, hidden=0):
    return struct.pack("<cBBBII", kind.encode(), run, hidden, 0, page, len(payload)) + payload


def line(value, **kw):
    return record("L", value.encode(), **kw)


def cell(row, col, value, **kw):
    return record("C", struct.pack("<II", row, col) + value.encode(), **kw)


def named(kind, name, value):
    return record(kind, struct.pack("<I", len(name.encode())) + name.encode() + value, page=0)


END = record("E")
SEEDS = {
    "lines": line("出席者名簿") + line("下の文字", hidden=2) + line("付箋", run=2, hidden=3) + END,
    "table": record("B") + cell(0, 0, "氏名") + cell(0, 1, "電話番号") + cell(1, 0, "検査　一郎", hidden=2) + cell(1, 1, "03-5555-0001") + record("N") + END,
    "beside": named("P", "Title", "題名".encode()) + named("A", "名簿.csv", "氏名,電話番号\r\n検査　一郎,03-5555-0001\r\n".encode("cp932")) + END,
    "label": named("P", "MSIP_Label_11111111-2222-3333-4444-555555555555_Enabled", b"true") + END,
    "encrypted": record("X", b"pdf-aes256", page=0) + record("E", page=0),
    "marks": record("R") + record("D") + record("I", page=3) + record("F") + record("T") + END,
    "cut": line("途中まで") + record("L", b"x" * 40)[:-8],
    "wrong-order": record("B") + cell(1, 0, "b") + cell(0, 0, "a") + record("N") + END,
    "too-long": struct.pack("<cBBBII", b"L", 0, 0, 0, 1, 0xFFFFFFFF) + b"abc",
    "not-utf8": record("L", b"\xff\xfe") + END,
    "unknown": record("Z") + END,
}

if __name__ == "__main__":
    folder = os.path.join(HERE, "pdf")
    os.makedirs(folder, exist_ok=True)
    for name, data in SEEDS.items():
        with open(os.path.join(folder, name + ".rec"), "wb") as f:
            f.write(data)
