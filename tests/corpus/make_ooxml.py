#!/usr/bin/env python3
"""Writes the small ZIP and Office documents of tests/corpus/{zip,docx,xlsx,pptx,cfb}. Standard library only, output is deterministic.

Usage: make_ooxml.py [FOLDER]   (default: the folder of this script)
All values are invented; numbers that look like identifiers have wrong check digits.
"""
import io
import os
import struct
import sys
import zipfile
import zlib

STAMP = (2026, 10, 1, 9, 0, 0)
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OD = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PKG = "http://schemas.openxmlformats.org/package/2006"
OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))


def write(name, data):
    path = os.path.join(OUT, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def pack(members, store=False):
    buf = io.BytesIO()
    with zipfile.ZipFile(buf, "w") as z:
        for name, data in members:
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_STORED if store else zipfile.ZIP_DEFLATED
            z.writestr(info, data.encode("utf-8") if isinstance(data, str) else data)
    return buf.getvalue()


def rels(items):
    return XML + '<Relationships xmlns="%s/relationships">%s</Relationships>' % (PKG, "".join(
        '<Relationship Id="%s" Type="%s" Target="%s"%s/>' % (i, t if "://" in t else OD + "/" + t, g, ' TargetMode="External"' if x else "")
        for i, t, g, x in [(r + (False,))[:4] for r in items]))


def types(overrides, defaults=()):
    base = [("rels", "application/vnd.openxmlformats-package.relationships+xml"), ("xml", "application/xml"), ("bin", "application/octet-stream")]
    return XML + '<Types xmlns="%s/content-types">%s%s</Types>' % (PKG, "".join(
        '<Default Extension="%s" ContentType="%s"/>' % d for d in base + list(defaults)), "".join(
        '<Override PartName="/%s" ContentType="%s"/>' % (n, t if "/" in t else "application/vnd.openxmlformats-officedocument." + t) for n, t in overrides))


CORE = XML + ('<cp:coreProperties xmlns:cp="%s/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>題名です</dc:title>'
              '<dc:creator>作成者甲</dc:creator><cp:lastModifiedBy>更新者乙</cp:lastModifiedBy></cp:coreProperties>' % PKG)
CUSTOM = XML + ('<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
                'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
                '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="MSIP_Label_ABCDEF01-2345-6789-ABCD-EF0123456789_Enabled"><vt:lpwstr>true</vt:lpwstr></property>'
                '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="3" name="MSIP_Label_ABCDEF01-2345-6789-ABCD-EF0123456789_SiteId"><vt:lpwstr>00000000-0000-0000-0000-00000000000A</vt:lpwstr></property>'
                '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="4" name="担当課"><vt:lpwstr>総務課</vt:lpwstr></property></Properties>')
LABELS = XML + ('<clbl:labelList xmlns:clbl="http://schemas.microsoft.com/office/2020/mipLabelMetadata"><clbl:label id="{11111111-2222-3333-4444-55555555555A}" '
                'enabled="1" method="Privileged" siteId="{00000000-0000-0000-0000-00000000000B}" contentBits="0" removed="0"/></clbl:labelList>')
LABEL_REL = "http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels"
PROPS = [("docProps/core.xml", CORE), ("docProps/custom.xml", CUSTOM), ("docMetadata/LabelInfo.xml", LABELS)]
PROP_TYPES = [("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"), ("docProps/custom.xml", "custom-properties+xml"),
              ("docMetadata/LabelInfo.xml", "application/vnd.ms-office.classificationlabels+xml")]
PROP_RELS = [("rId91", PKG + "/relationships/metadata/core-properties", "docProps/core.xml"), ("rId92", "custom-properties", "docProps/custom.xml"),
             ("rId93", LABEL_REL, "docMetadata/LabelInfo.xml")]


# ---------------------------------------------------------------- zip
def local(name, data, flags=0, method=8, crc=None, size=None, packed=None, extra=b"", body=None, descriptor=False):
    comp = zlib.compressobj(9, zlib.DEFLATED, -15)
    if body is None:
        body = comp.compress(data) + comp.flush() if method == 8 else data
    crc = zlib.crc32(data) if crc is None else crc
    size = len(data) if size is None else size
    told = (0, 0, 0) if descriptor else (crc, len(body) if packed is None else packed, size)
    head = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, flags | (8 if descriptor else 0), method, 0x4800, 0x5D41, *told, len(name), len(extra)) + name + extra
    tail = struct.pack("<IIII", 0x08074B50, crc, len(body), size) if descriptor else b""
    return head + body + tail, (name, flags | (8 if descriptor else 0), method, crc, len(body), size, extra)


def central(info, offset):
    name, flags, method, crc, packed, size, extra = info
    return struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, flags, method, 0x4800, 0x5D41, crc, packed, size, len(name), len(extra), 0, 0, 0, 0,
                       offset) + name + extra


def end(n, size, offset, comment=b""):
    return struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, n, n, size, offset, len(comment)) + comment


def archive(members, prefix=b"", shifted=True, unlisted=(), comment=b""):
    """members: results of local(); unlisted: indexes left out of the directory."""
    out, lines = bytearray(prefix), []
    for i, (data, info) in enumerate(members):
        if i not in unlisted:
            lines.append(central(info, len(out) - (0 if shifted else len(prefix))))
        out += data
    d = b"".join(lines)
    at = len(out) - (0 if shifted else len(prefix))
    return bytes(out + d + end(len(lines), len(d), at, comment))


def zip64(name, data):
    body, info = local(name, data)
    extra = struct.pack("<HHQQQ", 1, 24, info[5], info[4], 0)
    line = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 45, 45, 0, 8, 0x4800, 0x5D41, info[3], 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(extra), 0, 0, 0, 0,
                       0xFFFFFFFF) + name + extra
    at = len(body)
    e64 = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 1, 1, len(line), at)
    loc = struct.pack("<IIQI", 0x07064B50, 0, at + len(line), 1)
    return body + line + e64 + loc + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)


class Bits:
    """Deflate's bit order: numbers from the low bit, Huffman codes from the high bit."""

    def __init__(self):
        self.value, self.n = 0, 0

    def number(self, v, n):
        self.value |= v << self.n
        self.n += n

    def symbol(self, s):
        """The fixed code (RFC 1951 3.2.6) of a literal or length."""
        code, n = (0x30 + s, 8) if s < 144 else (0x190 + s - 144, 9) if s < 256 else (s - 256, 7) if s < 280 else (0xC0 + s - 280, 8)
        self.number(int(bin(code)[2:].zfill(n)[::-1], 2), n)

    def distance(self, code):
        self.number(int(bin(code)[2:].zfill(5)[::-1], 2), 5)


def deflate64():
    """One block: a line, 40,001 times x (length code 285 has 16 extra bits here), a line end, the line again from 40,014 bytes before."""
    b = Bits()
    b.number(1, 1)
    b.number(1, 2)
    for c in b"alpha one\r\nx":
        b.symbol(c)
    b.symbol(285)
    b.number(40000 - 3, 16)
    b.distance(0)
    for c in b"\r\n":
        b.symbol(c)
    b.symbol(265)          # length 11, one extra bit
    b.number(0, 1)
    b.distance(30)         # 32769 and 14 extra bits
    b.number(40014 - 32769, 14)
    b.symbol(256)
    return b.value.to_bytes(-(-b.n // 8), "little"), b"alpha one\r\n" + b"x" * 40001 + b"\r\nalpha one\r\n"


def make_zip():
    a, b, c = b"alpha one\r\n", b"beta two\r\n", b"gamma three\r\n"
    sjis = "表ソ能.txt".encode("cp932")
    uni = "葛󠄀城.txt".encode("utf-8")
    u7075 = struct.pack("<HHBI", 0x7075, 5 + len(uni), 1, zlib.crc32(b"x.txt")) + uni
    stale = struct.pack("<HHBI", 0x7075, 5 + 4, 1, 0) + b"evil"
    write("zip/plain.zip", pack([("a.txt", a), ("dir/", b""), ("dir/b.txt", b)]))
    write("zip/stored.zip", pack([("a.txt", a)], store=True))
    write("zip/names.zip", archive([local(sjis, a), local("日本.txt".encode(), b, flags=0x800), local(b"x.txt", c, extra=u7075),
                                    local(b"y.txt", a, extra=stale), local(b"w\\z.txt", b)]))
    write("zip/descriptor.zip", archive([local(b"a.txt", a, descriptor=True), local(b"b.txt", b, descriptor=True)]))
    write("zip/zip64.zip", zip64(b"a.txt", a))
    write("zip/prefix.exe", archive([local(b"a.txt", a)], prefix=b"MZ" + b"\x90" * 500))
    write("zip/prefix-unshifted.exe", archive([local(b"a.txt", a)], prefix=b"MZ" + b"\x90" * 500, shifted=False))
    write("zip/two.zip", archive([local(b"a.txt", a)]) + archive([local(b"b.txt", b)], shifted=True))
    write("zip/unlisted.zip", archive([local(b"a.txt", a), local(b"b.txt", b), local(b"c.txt", c, descriptor=True)], unlisted=(1, 2)))
    whole = archive([local(b"a.txt", a), local(b"b.txt", b, descriptor=True), local(b"c.txt", c * 50)])
    write("zip/no-directory.zip", whole[:whole.index(b"PK\x01\x02")])
    write("zip/cut-member.zip", whole[:whole.index(b"PK\x01\x02") - 12])
    write("zip/crc.zip", archive([local(b"a.txt", a, crc=12345), local(b"b.txt", b)]))
    write("zip/comment.zip", archive([local(b"a.txt", a)], comment=b"PK\x05\x06 is no end"))
    write("zip/duplicate.zip", archive([local(b"a.txt", a), local(b"a.txt", b)]))
    write("zip/empty.zip", end(0, 0, 0))
    packed, text = deflate64()
    write("zip/deflate64.zip", archive([local(b"a.txt", text, method=9, body=packed), local(b"b.txt", b)]))
    # Without matches of 258 bytes and far distances Deflate and Deflate64 are the same: zlib's dynamic blocks.
    lines = b"".join(b"line %d %d\r\n" % (i, i * i * 7919 % 10007) for i in range(1500))
    comp = zlib.compressobj(9, zlib.DEFLATED, -15)
    write("zip/deflate64-dynamic.zip", archive([local(b"a.txt", lines, method=9, body=comp.compress(lines) + comp.flush())]))
    write("zip/ppmd.zip", archive([local(b"a.txt", a, method=97, body=b"\x03\x00"), local(b"b.txt", b)]))
    import bz2
    import lzma
    write("zip/bzip2.zip", archive([local(b"a.txt", a, method=12, body=bz2.compress(a))]))
    raw = lzma.compress(a * 20, format=lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, "dict_size": 65536}])
    write("zip/lzma.zip", archive([local(b"a.txt", a * 20, method=14, flags=2, body=struct.pack("<BBHBI", 9, 20, 5, 0x5D, 65536) + raw)]))
    aes = lambda s: struct.pack("<HHHHBH", 0x9901, 7, 2, 0x4541, s, 8)
    enc = b"0123456789abcdef" + b"\x99" * 40
    for s, bits in ((1, 128), (2, 192), (3, 256)):
        write("zip/aes%d.zip" % bits, archive([local(b"a.txt", a, flags=1, method=99, extra=aes(s), body=enc, crc=0)]))
    write("zip/zipcrypto.zip", archive([local("氏名.txt".encode("cp932"), a, flags=1, body=enc), local(b"b.txt", b)]))
    write("zip/strong.zip", archive([local(b"a.txt", a, flags=0x41, body=enc)]))
    # Every member is the same bytes: the output counts, not the file (as in Fifield's zip bombs).
    body, info = local(b"0.txt", b"\0" * (4 << 20))
    lines = b"".join(central((b"%d.txt" % i,) + info[1:], 0) for i in range(64))
    write("zip/overlap.zip", body + lines + end(64, len(lines), len(body)))


# ---------------------------------------------------------------- xlsx
SS = "spreadsheetml."
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="%s"' % OD


def sheet(body, before="", after=""):
    return XML + "<worksheet %s>%s<sheetData>%s</sheetData>%s</worksheet>" % (NS, before, body, after)


def book(sheets, strings=None, styles=None, extra=(), extra_types=(), wb_rels=(), wb="", strings_last=False, sheet_rels=None, props=False):
    """sheets: [(name, xml, state)]"""
    members, over, wr, names = [], [("xl/workbook.xml", SS + "sheet.main+xml")], [], []
    for i, (name, xml, state) in enumerate(sheets, 1):
        members.append(("xl/worksheets/sheet%d.xml" % i, xml))
        over.append(("xl/worksheets/sheet%d.xml" % i, SS + "worksheet+xml"))
        wr.append(("rId%d" % (100 - i), "worksheet", "worksheets/sheet%d.xml" % i))
        names.append('<sheet name="%s" sheetId="%d"%s r:id="rId%d"/>' % (name, i, ' state="%s"' % state if state else "", 100 - i))
        if sheet_rels and i in sheet_rels:
            members.append(("xl/worksheets/_rels/sheet%d.xml.rels" % i, rels(sheet_rels[i])))
    tables = []
    if strings is not None:
        tables.append(("xl/sharedStrings.xml", XML + "<sst %s>%s</sst>" % (NS, strings)))
        over.append(("xl/sharedStrings.xml", SS + "sharedStrings+xml"))
        wr.append(("rId201", "sharedStrings", "sharedStrings.xml"))
    if styles is not None:
        tables.append(("xl/styles.xml", XML + "<styleSheet %s>%s</styleSheet>" % (NS, styles)))
        over.append(("xl/styles.xml", SS + "styles+xml"))
        wr.append(("rId202", "styles", "styles.xml"))
    members = members + tables if strings_last else tables + members
    root = [("rId1", "officeDocument", "xl/workbook.xml")] + (PROP_RELS if props else [])
    head = [("[Content_Types].xml", types(over + list(extra_types) + (PROP_TYPES if props else []))), ("_rels/.rels", rels(root)),
            ("xl/workbook.xml", XML + "<workbook %s>%s<sheets>%s</sheets>%s</workbook>" % (NS, wb if wb.startswith("<workbookPr") else "", "".join(names),
                                                                                           "" if wb.startswith("<workbookPr") else wb)),
            ("xl/_rels/workbook.xml.rels", rels(wr + list(wb_rels)))]
    return pack(head + members + list(extra) + (PROPS if props else []))


STYLES = ('<numFmts count="9"><numFmt numFmtId="176" formatCode="[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="177" formatCode="0000000"/>'
          '<numFmt numFmtId="178" formatCode="[&lt;=999]000;[&lt;=9999]000\\-00;000\\-0000"/><numFmt numFmtId="179" formatCode="General&quot;人&quot;"/>'
          '<numFmt numFmtId="180" formatCode="0.00E+00"/><numFmt numFmtId="181" formatCode="[h]:mm"/><numFmt numFmtId="182" formatCode="G/標準"/>'
          '<numFmt numFmtId="183" formatCode="#,##0_);[Red]\\(#,##0\\)"/><numFmt numFmtId="184" formatCode="yyyy\\-mm\\-dd\\ hh:mm;@"/></numFmts>'
          '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="13">'
          + "".join('<xf numFmtId="%d" applyNumberFormat="1"/>' % i for i in (0, 14, 176, 177, 178, 179, 180, 181, 182, 183, 184, 27, 58)) + "</cellXfs>")


def make_xlsx():
    c = lambda ref, v, s=0: '<c r="%s" s="%d"><v>%s</v></c>' % (ref, s, v)
    rows = ('<row r="1">' + c("A1", "20335", 1) + c("B1", "20335.75", 2) + c("C1", "1234", 3) + c("D1", "1000001", 4) + c("E1", "123", 5) + c("F1", "1.23456789012E+11") +
            c("G1", "123456789012.0", 8) + c("H1", "1.5", 7) + c("I1", "1234567", 9) + c("J1", "45000.5", 10) + c("K1", "20335", 11) + c("L1", "20335", 12) +
            c("M1", "1.5E-3") + c("N1", "12345", 6) + c("O1", "12", 4) + c("P1", "1234", 4) + "</row>"
            '<row r="2">' + c("A2", "1", 1) + c("B2", "59", 1) + c("C2", "61", 1) + c("D2", "0.5", 1) + c("E2", "-3", 1) + c("F2", "2958465", 1) + "</row>"
            '<row r="3"><c r="A3" t="b"><v>1</v></c><c r="B3" t="e"><v>#N/A</v></c><c r="C3" t="str"><f>A1&amp;B1</f><v>結果</v></c>'
            '<c r="D3" t="inlineStr"><is><r><t>山</t></r><r><t>田</t></r><rPh sb="0" eb="1"><t>ヤマダ</t></rPh></is></c><c r="E3" t="d"><v>1999-12-31T00:00:00</v></c></row>')
    write("xlsx/numbers.xlsx", book([("数値", sheet(rows), None)], styles=STYLES))
    looks = ('<numFmts count="1"><numFmt numFmtId="176" formatCode=";;;"/></numFmts><fonts count="2"><font><color theme="1"/></font><font><color rgb="FFFFFFFF"/></font></fonts>'
             '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FF1F4E79"/>'
             '</patternFill></fill></fills><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0"/><xf numFmtId="0" fontId="1" fillId="0"/><xf numFmtId="0" fontId="1" fillId="2"/>'
             '<xf numFmtId="176" fontId="0" fillId="0"/></cellXfs>')
    write("xlsx/unseen.xlsx", book([("S", sheet('<row r="1">' + c("A1", "1", 0) + c("B1", "2", 1) + c("C1", "3", 2) + c("D1", "4", 3) + "</row>"), None)], styles=looks))
    write("xlsx/date1904.xlsx", book([("S", sheet('<row r="1">' + c("A1", "0", 1) + c("B1", "18873", 1) + "</row>"), None)], styles=STYLES, wb='<workbookPr date1904="1"/>'))

    s = lambda ref, i: '<c r="%s" t="s"><v>%d</v></c>' % (ref, i)
    strings = ('<si><t>氏名</t><rPh sb="0" eb="2"><t>シメイ</t></rPh></si><si><t>部署</t></si><si><r><rPr><b/></rPr><t>山田</t></r><r><t xml:space="preserve"> 太郎</t></r>'
               '<rPh sb="0" eb="2"><t>ヤマダ</t></rPh><phoneticPr fontId="1"/></si><si><t>佐藤 花子</t></si><si><t>審査課</t></si><si><t>消した人 次郎</t></si>')
    table = ('<row r="1">' + s("A1", 1) + s("B1", 0) + '</row><row r="2">' + s("A2", 4) + s("B2", 2) + '</row><row r="3" hidden="1"><c r="A3" s="0"/>' + s("B3", 3) +
             '</row><row r="4">' + s("B4", 2) + '</row><row r="5">' + s("B5", 3) + "</row>")
    after = ('<mergeCells count="2"><mergeCell ref="A2:A4"/><mergeCell ref="D1:E1"/></mergeCells><dataValidations count="2">'
             '<dataValidation type="list" sqref="A1"><formula1>"男,女"</formula1></dataValidation><dataValidation type="list" sqref="A2"><formula1>$A$1:$A$9</formula1>'
             '</dataValidation></dataValidations><headerFooter><oddHeader>&amp;L社外秘&amp;C&amp;"ＭＳ ゴシック,太字"&amp;12見出し&amp;&amp;&amp;K04+000色&amp;R&amp;P/&amp;N</oddHeader>'
             '<oddFooter>&amp;C取扱注意</oddFooter></headerFooter><drawing r:id="rId2"/><legacyDrawing r:id="rId9"/>')
    comments = XML + ('<comments %s><authors><author>甲</author><author>tc={X}</author></authors><commentList><comment ref="B2" authorId="0"><text><r><t>電話は</t></r><r><t>未確認</t></r></text>'
                      '</comment><comment ref="B3" authorId="1"><text><t>[スレッド] 写し</t></text></comment></commentList></comments>' % NS)
    threaded = XML + ('<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="B3" personId="{P}" id="{X}">'
                      '<text>本物のスレッド</text></threadedComment></ThreadedComments>')
    drawing = XML + ('<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
                     '<xdr:twoCellAnchor><xdr:sp><xdr:nvSpPr><xdr:cNvPr id="2" name="t"/></xdr:nvSpPr><xdr:txBody><a:p><a:r><a:t>図の中の文章で、</a:t></a:r><a:r><a:t>少し長いもの</a:t></a:r></a:p></xdr:txBody></xdr:sp>'
                     '</xdr:twoCellAnchor><xdr:twoCellAnchor><xdr:sp><xdr:nvSpPr><xdr:cNvPr id="3" name="s"/></xdr:nvSpPr><xdr:txBody><a:p><a:r><a:t>㊙</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>')
    definition = XML + ('<pivotCacheDefinition %s r:id="rId1"><cacheFields count="3"><cacheField name="氏名"><sharedItems count="3"><s v="甲野"/><s v="乙野"/><s v="消えた丙野"/></sharedItems></cacheField>'
                        '<cacheField name="生年月日"><sharedItems containsDate="1"/></cacheField><cacheField name="点数"><sharedItems containsNumber="1"/></cacheField></cacheFields></pivotCacheDefinition>' % NS)
    records = XML + ('<pivotCacheRecords %s count="2"><r><x v="0"/><d v="1955-09-02T00:00:00"/><n v="812"/></r><r><x v="1"/><m/><n v="1.2E+2"/></r></pivotCacheRecords>' % NS)
    link = XML + ('<externalLink %s><externalBook r:id="rId1"><sheetNames><sheetName val="元"/></sheetNames><sheetDataSet><sheetData sheetId="0"><row r="2"><cell r="B2" t="str"><v>外の値</v></cell>'
                  '</row></sheetData></sheetDataSet></externalBook></externalLink>' % NS)
    inner = book([("中", sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>埋め込み</t></is></c></row>'), None)])
    names = '<definedNames><definedName name="区分">"甲,乙"</definedName><definedName name="_xlnm.Print_Area" localSheetId="0">表!$A$1</definedName></definedNames>'
    extra = [("xl/comments1.xml", comments), ("xl/threadedComments/threadedComment1.xml", threaded), ("xl/drawings/drawing1.xml", drawing),
             ("xl/pivotCache/pivotCacheDefinition1.xml", definition), ("xl/pivotCache/pivotCacheRecords1.xml", records),
             ("xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels", rels([("rId1", "pivotCacheRecords", "pivotCacheRecords1.xml")])),
             ("xl/externalLinks/externalLink1.xml", link), ("xl/embeddings/book.xlsx", inner), ("xl/media/image1.png", b"\x89PNG\r\n\x1a\n" + bytes(32)),
             ("xl/connections.xml", XML + '<connections %s><connection id="1" name="c"><dbPr connection="Provider=X;Data Source=srv" command="select 1"/></connection></connections>' % NS),
             ("customXml/item1.xml", '<root><person code="属性値">本文値</person></root>')]
    over = [("xl/comments1.xml", SS + "comments+xml"), ("xl/threadedComments/threadedComment1.xml", "application/vnd.ms-excel.threadedcomments+xml"),
            ("xl/drawings/drawing1.xml", "drawing+xml"), ("xl/pivotCache/pivotCacheDefinition1.xml", SS + "pivotCacheDefinition+xml"),
            ("xl/pivotCache/pivotCacheRecords1.xml", SS + "pivotCacheRecords+xml"), ("xl/externalLinks/externalLink1.xml", SS + "externalLink+xml"),
            ("xl/connections.xml", SS + "connections+xml")]
    srels = {1: [("rId1", "comments", "../comments1.xml"), ("rId2", "drawing", "/xl/drawings/drawing1.xml"),
                 ("rId3", "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment", "../threadedComments/threadedComment1.xml"),
                 ("rId4", "hyperlink", "mailto:tantou@example.jp?subject=x", True)]}
    full = book([("表", sheet(table, '<cols><col min="1" max="1" width="9" hidden="1"/></cols>', after), None), ("隠し", sheet('<row r="7"><c r="C7"><v>5</v></c></row>'), "hidden"),
                 ("極秘シート", sheet('<row><c t="inlineStr"><is><t>番地なし</t></is></c><c><v>7</v></c></row>'), "veryHidden")], strings=strings, extra=extra, extra_types=over,
                wb=names, wb_rels=[("rId301", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"), ("rId302", "externalLink", "externalLinks/externalLink1.xml")],
                strings_last=True, sheet_rels=srels, props=True)
    write("xlsx/full.xlsx", full)
    write("xlsx/cut.xlsx", full[:len(full) // 2])
    strict = book([("S", sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>strict</t></is></c></row>'), None)])
    z = zipfile.ZipFile(io.BytesIO(strict))
    fixed = [(n, z.read(n).replace(OD.encode(), STRICT.encode()).replace(b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"))
             for n in z.namelist()]
    write("xlsx/strict.xlsx", pack(fixed))
    write("xlsx/backslash.xlsx", archive([local(n.replace("/", "\\").encode(), d) for n, d in fixed]))
    pre = [(n, d.replace(b"<worksheet xmlns=", b"<x:worksheet xmlns:x=").replace(b"</worksheet>", b"</x:worksheet>").replace(b"<row", b"<x:row").replace(b"</row", b"</x:row")
            .replace(b"<sheetData", b"<x:sheetData").replace(b"</sheetData", b"</x:sheetData").replace(b"<c ", b"<x:c ").replace(b"</c>", b"</x:c>").replace(b"<is>", b"<x:is>")
            .replace(b"</is>", b"</x:is>").replace(b"<t>", b"<x:t>").replace(b"</t>", b"</x:t>") if "worksheets" in n else d) for n, d in fixed]
    write("xlsx/prefixed.xlsx", pack(pre))
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    write("xlsx/entities.xlsx", book([("S", XML + bomb + sheet('<row r="1"><c r="A1" t="str"><v>&c;</v></c></row>')[len(XML):], None)]))
    sj = ('<?xml version="1.0" encoding="Shift_JIS"?>' + sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>表計算①</t></is></c></row>')[len(XML):]).encode("cp932")
    u16 = ('<?xml version="1.0" encoding="UTF-16"?>' + sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>ユーティーエフ</t></is></c></row>')[len(XML):]).encode("utf-16")
    write("xlsx/encodings.xlsx", book([("sj", sj, None), ("u16", u16, None)]))
    write("xlsx/disorder.xlsx", book([("S", sheet('<row r="3"><c r="B3"><v>3</v></c><c r="A3"><v>4</v></c></row><row r="1"><c r="A1"><v>1</v></c></row><row r="9999999"><c r="ZZZZ1"><v>2</v></c></row>'), None)]))
    # A few kilobytes that would become gigabytes of text: one long shared string in many cells.
    cells = "".join('<row r="%d">%s</row>' % (r, "".join('<c t="s"><v>0</v></c>' for _ in range(200))) for r in range(1, 101))
    write("xlsx/fanout.xlsx", book([("S", sheet(cells), None)], strings="<si><t>%s</t></si>" % ("山" * 30000)))


# ---------------------------------------------------------------- docx
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="%s" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"' % OD


def r(text, props="", tag="t"):
    return '<w:r>%s<w:%s xml:space="preserve">%s</w:%s></w:r>' % ("<w:rPr>%s</w:rPr>" % props if props else "", tag, text, tag)


def p(*runs):
    return "<w:p>%s</w:p>" % "".join(x if x.startswith("<") else r(x) for x in runs)


def tc(*ps, props=""):
    return "<w:tc><w:tcPr>%s</w:tcPr>%s</w:tc>" % (props, "".join(ps) or "<w:p/>")


def tr(*cells):
    return "<w:tr>%s</w:tr>" % "".join(cells)


def document(body, extra=(), extra_types=(), doc_rels=(), main="wordprocessingml.document.main+xml", props=False):
    return pack([("[Content_Types].xml", types([("word/document.xml", main)] + list(extra_types) + (PROP_TYPES if props else []))),
                 ("_rels/.rels", rels([("rId1", "officeDocument", "word/document.xml")] + (PROP_RELS if props else []))),
                 ("word/document.xml", XML + "<w:document %s><w:body>%s</w:body></w:document>" % (W, body)),
                 ("word/_rels/document.xml.rels", rels(list(doc_rels)))] + list(extra) + (PROPS if props else []))


def make_docx():
    box = lambda t: "<w:txbxContent>%s</w:txbxContent>" % p(t)
    body = (p("一段落目", r("続き", "<w:b/>"), "です") + p("山", '<w:del w:author="x">%s</w:del>' % r("川", tag="delText"), '<w:ins w:author="x">%s</w:ins>' % r("田"), "太郎") +
            p("前", r("隠し文字", "<w:vanish/>"), r("表示", '<w:vanish w:val="0"/>'), r("白文字", '<w:color w:val="FFFFFF"/>'), "後") +
            p('<w:r><w:ruby><w:rt>%s</w:rt><w:rubyBase>%s</w:rubyBase></w:ruby></w:r>' % (r("さとう"), r("佐藤")), "様") +
            p("左", "<w:r><w:tab/></w:r>", "右", "<w:r><w:br/></w:r>", "次行", "<w:r><w:noBreakHyphen/></w:r>", "末") +
            p('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', r(' HYPERLINK "mailto:a.b@example.jp" ', tag="instrText"), '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', "連絡先") +
            '<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="1"/></w:tabs><w:rPr><w:vanish/></w:rPr></w:pPr>%s</w:p>' % r("記号だけ隠れる") +
            "<w:tbl><w:tblPr/>" +
            tr(tc(p("課"), props='<w:vMerge w:val="restart"/>'), tc(p("氏名"), p("二段落"), props='<w:gridSpan w:val="2"/>'), tc(p(r("白見出し", '<w:color w:val="FFFFFF"/>')), props='<w:shd w:val="clear" w:color="auto" w:fill="1F4E79"/>')) +
            tr(tc(props="<w:vMerge/>"), tc("<w:tbl>%s</w:tbl>" % tr(tc(p("内1")), tc(p("内2"))), p("外")), tc(p(r("消し", "<w:vanish/>"))), tc(p(r("白だけ", '<w:color w:val="ffffff"/>')))) +
            "</w:tbl>" +
            p("錨", "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><wps:txbx>%s</wps:txbx></mc:Choice><mc:Fallback><w:pict><v:textbox>%s</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
              % (box("テキストボックスの中にある少し長い文章"), box("テキストボックスの中にある少し長い文章")), "後ろ") +
            p('<w:r><w:pict><v:shape><v:textbox>%s</v:textbox></v:shape></w:pict></w:r>' % box("部外秘")) +
            p('<w:moveFrom w:author="x">%s</w:moveFrom>' % r("移動元"), '<w:moveTo w:author="x">%s</w:moveTo>' % r("移動先")) + p("終わり"))
    part = lambda root, inner: XML + "<w:%s %s>%s</w:%s>" % (root, W, inner, root)
    wm = "wordprocessingml."
    mark = p('<w:r><w:pict><v:shape id="PowerPlusWaterMarkObject"><v:textpath style="x" string="㊙"/></v:shape></w:pict></w:r>')
    extra = [("word/header1.xml", part("hdr", p("取扱", r("注意")) + mark)), ("word/footer1.xml", part("ftr", p("1頁"))),
             ("word/footnotes.xml", part("footnotes", '<w:footnote w:id="1">%s</w:footnote>' % p("脚注の文"))),
             ("word/endnotes.xml", part("endnotes", '<w:endnote w:id="1">%s</w:endnote>' % p("文末の注"))),
             ("word/comments.xml", part("comments", '<w:comment w:id="1" w:author="甲">%s</w:comment>' % p("要確認の人"))),
             ("word/embeddings/oleObject1.bin", compound({"\x01Ole10Native": ole10("添付.txt", "native の中身\r\n".encode("cp932"))})),
             ("word/afchunk1.txt", "取り込まれた文書\r\n".encode("cp932")), ("customXml/item1.xml", "<root>カスタム値</root>"),
             ("word/diagrams/data1.xml", XML + '<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
              '<dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>図解の</a:t></a:r><a:r><a:t>文字</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>'),
             ("word/theme/theme1.xml", XML + '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="t"/>')]
    over = [("word/header1.xml", wm + "header+xml"), ("word/footer1.xml", wm + "footer+xml"), ("word/footnotes.xml", wm + "footnotes+xml"), ("word/endnotes.xml", wm + "endnotes+xml"),
            ("word/comments.xml", wm + "comments+xml"), ("word/diagrams/data1.xml", "drawingml.diagramData+xml"), ("word/theme/theme1.xml", "theme+xml"), ("word/afchunk1.txt", "text/plain")]
    drels = [("rId1", "header", "header1.xml"), ("rId2", "hyperlink", "mailto:soumu@example.jp", True), ("rId3", "hyperlink", "https://example.jp/a", True), ("rId4", "aFChunk", "afchunk1.txt")]
    full = document(body, extra, over, drels, props=True)
    write("docx/full.docx", full)
    write("docx/template.dotm", document(p("ひな形"), main="application/vnd.ms-word.template.macroEnabledTemplate.main+xml"))
    simple = document(p("最初の段落です。") + "".join(p("本文の段落 %d 番、内容は次のとおり %d。" % (i, i * 7919)) for i in range(60)))
    write("docx/cut.docx", simple[:len(simple) * 2 // 3])
    z = zipfile.ZipFile(io.BytesIO(simple))
    broken = [(n, z.read(n)[:900] if n == "word/document.xml" else z.read(n)) for n in z.namelist()]
    write("docx/cut-xml.docx", pack(broken))
    write("docx/deep.docx", document("<w:sdt>" * 5000 + p("深い") + "</w:sdt>" * 5000))
    write("docx/no-types.docx", pack([(n, d) for n, d in [(m, z.read(m)) for m in z.namelist()] if n != "_rels/.rels"]))


# ---------------------------------------------------------------- pptx
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="%s" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"' % OD


def sp(text, ph=None, x=0, y=0, cx=8000000, cy=500000, hidden=False):
    paras = "".join('<a:p><a:r><a:t>%s</a:t></a:r></a:p>' % t for t in text.split("\n"))
    return ('<p:sp><p:nvSpPr><p:cNvPr id="2" name="n"%s/><p:cNvSpPr/><p:nvPr>%s</p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="%d" y="%d"/><a:ext cx="%d" cy="%d"/></a:xfrm></p:spPr>'
            '<p:txBody><a:bodyPr/>%s</p:txBody></p:sp>' % (' hidden="1"' if hidden else "", '<p:ph type="%s"/>' % ph if ph else "", x, y, cx, cy, paras))


def slide(root, inner, attrs=""):
    return XML + '<p:%s %s%s><p:cSld><p:spTree>%s</p:spTree></p:cSld></p:%s>' % (root, A, attrs, inner, root)


def make_pptx():
    pm = "presentationml."
    cell = lambda t, attrs="": '<a:tc%s><a:txBody><a:p><a:r><a:t>%s</a:t></a:r></a:p></a:txBody></a:tc>' % (attrs, t)
    empty = lambda attrs: '<a:tc%s><a:txBody><a:p/></a:txBody></a:tc>' % attrs
    table = ('<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tr>%s%s%s</a:tr><a:tr>%s%s%s</a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>' % (
        cell("区", ' rowSpan="2"'), cell("氏名欄", ' gridSpan="2"'), empty(' hMerge="1"'), empty(' vMerge="1"'), cell("甲"), cell("乙")))
    first = sp("表題のスライド", "title") + sp("本文一行目\n本文二行目", "body") + table + sp("㊙", x=8000000, cx=900000, cy=400000) + sp("枠の外に置いた文", x=20000000) + sp("見えない図形の文", hidden=True) + sp("部外秘", "ftr") + sp("1", "sldNum")
    chart = XML + ('<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" %s><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>件数の推移</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart>'
                   '<c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>系列一</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache><c:ptCount val="2"/><c:pt idx="0"><c:v>甲野</c:v></c:pt>'
                   '<c:pt idx="1"><c:v>乙野</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:formatCode>General</c:formatCode><c:pt idx="0"><c:v>12</c:v></c:pt><c:pt idx="1"><c:v>34</c:v></c:pt>'
                   '</c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart><c:externalData r:id="rId1"/></c:chartSpace>' % A)
    inner = book([("元", sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>元データ</t></is></c></row>'), None)])
    cm = XML + '<p:cmLst %s><p:cm authorId="0"><p:pos x="1" y="1"/><p:text>昔のコメント</p:text></p:cm></p:cmLst>' % A
    parts = [("ppt/presentation.xml", XML + '<p:presentation %s><p:sldIdLst><p:sldId id="256" r:id="rId12"/><p:sldId id="257" r:id="rId11"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/></p:presentation>' % A),
             ("ppt/_rels/presentation.xml.rels", rels([("rId11", "slide", "slides/slide1.xml"), ("rId12", "slide", "slides/slide2.xml"), ("rId1", "slideMaster", "slideMasters/slideMaster1.xml")])),
             ("ppt/slides/slide1.xml", slide("sld", sp("隠しスライドの文", "body"), ' show="0"')), ("ppt/slides/slide2.xml", slide("sld", first)), ("ppt/slides/slide3.xml", slide("sld", sp("どこからも参照されない文", "body"))),
             ("ppt/slides/_rels/slide2.xml.rels", rels([("rId1", "notesSlide", "../notesSlides/notesSlide1.xml"), ("rId2", "chart", "../charts/chart1.xml"), ("rId3", "comments", "../comments/comment1.xml")])),
             ("ppt/notesSlides/notesSlide1.xml", slide("notes", sp("発表者だけが見る文", "body") + sp("1", "sldNum"))), ("ppt/charts/chart1.xml", chart), ("ppt/comments/comment1.xml", cm),
             ("ppt/charts/_rels/chart1.xml.rels", rels([("rId1", "package", "../embeddings/book.xlsx")])), ("ppt/embeddings/book.xlsx", inner),
             ("ppt/slideMasters/slideMaster1.xml", slide("sldMaster", sp("マスタータイトルの書式設定", "title") + sp("全頁に出る組織の名前と所在地") + sp("フッターの注記", "ftr"))),
             ("ppt/slideLayouts/slideLayout1.xml", slide("sldLayout", sp("全頁に出る組織の名前と所在地")))]
    over = [("ppt/presentation.xml", pm + "presentation.main+xml"), ("ppt/notesSlides/notesSlide1.xml", pm + "notesSlide+xml"), ("ppt/charts/chart1.xml", "drawingml.chart+xml"),
            ("ppt/comments/comment1.xml", pm + "comments+xml"), ("ppt/slideMasters/slideMaster1.xml", pm + "slideMaster+xml"), ("ppt/slideLayouts/slideLayout1.xml", pm + "slideLayout+xml")]
    over += [("ppt/slides/slide%d.xml" % i, pm + "slide+xml") for i in (1, 2, 3)]
    deck = pack([("[Content_Types].xml", types(over, [("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")])),
                 ("_rels/.rels", rels([("rId1", "officeDocument", "ppt/presentation.xml")]))] + parts)
    write("pptx/full.pptx", deck)
    write("pptx/cut.pptx", deck[:len(deck) * 3 // 5])


# ---------------------------------------------------------------- compound files
def ole10(name, data):
    raw = name.encode("cp932")
    body = struct.pack("<H", 2) + raw + b"\0" + b"C:\\" + raw + b"\0" + struct.pack("<HHI", 0, 3, len(raw) + 1) + raw + b"\0" + struct.pack("<I", len(data)) + data
    return struct.pack("<I", len(body)) + body


def compound(tree):
    """tree: name -> bytes or dict. Version 3; streams below 4096 bytes lie in the mini stream; siblings form a right-leaning list."""
    entries = []

    def add(name, node):
        i = len(entries)
        entries.append([name, node if isinstance(node, bytes) else b"", isinstance(node, dict), -1, -1])
        if isinstance(node, dict):
            kids = [add(k, node[k]) for k in sorted(node, key=lambda n: (len(n), n.upper()))]
            for a, b in zip(kids, kids[1:]):
                entries[a][4] = b
            entries[i][3] = kids[0] if kids else -1
        return i

    add("Root Entry", tree)
    sectors, fat = [], []

    def store(data):
        if not data:
            return 0xFFFFFFFE
        start, n = len(sectors), -(-len(data) // 512)
        for i in range(n):
            sectors.append(data[i * 512:(i + 1) * 512].ljust(512, b"\0"))
            fat.append(start + i + 1 if i < n - 1 else 0xFFFFFFFE)
        return start

    mini, minifat, starts = bytearray(), [], {}
    for i, e in enumerate(entries):
        if e[2] or not e[1]:
            starts[i] = 0xFFFFFFFE
        elif len(e[1]) >= 4096:
            starts[i] = store(e[1])
        else:
            s, n = len(mini) // 64, -(-len(e[1]) // 64)
            mini += e[1].ljust(n * 64, b"\0")
            minifat += [s + k + 1 if k < n - 1 else 0xFFFFFFFE for k in range(n)]
            starts[i] = s
    starts[0] = store(bytes(mini))
    mf = b"".join(struct.pack("<I", x) for x in minifat)
    mf_start = store(mf.ljust(-(-len(mf) // 512) * 512, b"\xff"))
    d = bytearray()
    for i, e in enumerate(entries):
        raw = e[0].encode("utf-16-le") + b"\0\0"
        d += raw.ljust(64, b"\0") + struct.pack("<HBBiii", len(raw), 5 if i == 0 else 1 if e[2] else 2, 1, -1, e[4], e[3]) + b"\0" * 36
        d += struct.pack("<IQ", starts[i], len(mini) if i == 0 else len(e[1]))
    d_start = store(bytes(d).ljust(-(-len(d) // 512) * 512, b"\0"))
    assert len(fat) < 128
    f_start = len(sectors)
    sectors.append((b"".join(struct.pack("<I", x) for x in fat) + struct.pack("<I", 0xFFFFFFFD)).ljust(512, b"\xff"))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, d_start, 0, 4096, mf_start, -(-len(mf) // 512), 0xFFFFFFFE, 0)
    return head + struct.pack("<I", f_start) + b"\xff" * 432 + b"".join(sectors)


def aes_tables():
    """S-box of FIPS 197: the inverse in GF(2^8), then the affine map."""
    mul = lambda a, b: 0 if not b else (a if b & 1 else 0) ^ mul((a << 1 ^ (0x11B if a & 0x80 else 0)), b >> 1)
    box = []
    for x in range(256):
        inv = next((y for y in range(256) if mul(x, y) == 1), 0)
        v = 0x63
        for k in range(5):
            v ^= (inv << k | inv >> (8 - k)) & 0xFF
        box.append(v)
    return box, mul


BOX, MUL = aes_tables()


def aes_block(key, block):
    nk = len(key) // 4
    w, rcon = [list(key[4 * i:4 * i + 4]) for i in range(nk)], 1
    for i in range(nk, 4 * (nk + 7)):
        t = list(w[-1])
        if i % nk == 0:
            t = [BOX[x] for x in t[1:] + t[:1]]
            t[0] ^= rcon
            rcon = rcon << 1 ^ (0x11B if rcon & 0x80 else 0)
        elif nk > 6 and i % nk == 4:
            t = [BOX[x] for x in t]
        w.append([a ^ b for a, b in zip(w[i - nk], t)])
    keys = [sum(w[4 * r:4 * r + 4], []) for r in range(nk + 7)]
    st = [a ^ b for a, b in zip(block, keys[0])]
    for r in range(1, len(keys)):
        st = [BOX[st[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if r < len(keys) - 1:
            st = [MUL(st[c + i], 2) ^ MUL(st[c + (i + 1) % 4], 3) ^ st[c + (i + 2) % 4] ^ st[c + (i + 3) % 4] for c in (0, 4, 8, 12) for i in range(4)]
        st = [a ^ b for a, b in zip(st, keys[r])]
    return bytes(st)


def aes_cbc(key, iv, data):
    out = b""
    data = data.ljust(-(-len(data) // 16) * 16, b"\0")
    for i in range(0, len(data), 16):
        iv = aes_block(key, [a ^ b for a, b in zip(iv, data[i:i + 16])])
        out += iv
    return out


def agile_package(package, password):
    """MS-OFFCRYPTO 2.3.4.10 to 2.3.4.15, AES-256, SHA-512, 1,000 turns."""
    import base64
    import hashlib
    sha = lambda *parts: hashlib.sha512(b"".join(parts)).digest()
    b64 = lambda x: base64.b64encode(x).decode()
    salt, data_salt, secret, verifier = (bytes((i * 37 + k) & 0xFF for i in range(n)) for k, n in ((1, 16), (2, 16), (3, 32), (4, 16)))
    h = sha(salt, password.encode("utf-16-le"))
    for i in range(1000):
        h = sha(struct.pack("<I", i), h)
    lock = lambda block_key, v: aes_cbc(sha(h, bytes.fromhex(block_key))[:32], salt, v)
    common = 'blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512"'
    info = ('<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption"><keyData saltSize="16" %s saltValue="%s"/><keyEncryptors><keyEncryptor '
            'uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password"><p:encryptedKey xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password" spinCount="1000" '
            'saltSize="16" %s saltValue="%s" encryptedVerifierHashInput="%s" encryptedVerifierHashValue="%s" encryptedKeyValue="%s"/></keyEncryptor></keyEncryptors></encryption>' % (
                common, b64(data_salt), common, b64(salt), b64(lock("fea7d2763b4b9e79", verifier)), b64(lock("d7aa0f6d3061344e", sha(verifier))), b64(lock("146e0be7abacd0d6", secret))))
    body = b"".join(aes_cbc(secret, sha(data_salt, struct.pack("<I", i // 4096))[:16], package[i:i + 4096]) for i in range(0, len(package), 4096))
    return compound({"EncryptionInfo": struct.pack("<HHI", 4, 4, 0x40) + info.encode(), "EncryptedPackage": struct.pack("<Q", len(package)) + body})


def make_cfb():
    assert aes_block(bytes(range(32)), bytes.fromhex("00112233445566778899aabbccddeeff")).hex() == "8ea2b7ca516745bfeafc49904b496089"   # FIPS 197 C.3
    open_book = pack([("[Content_Types].xml", types([("xl/workbook.xml", SS + "sheet.main+xml"), ("xl/worksheets/sheet1.xml", SS + "worksheet+xml")])),
                      ("_rels/.rels", rels([("rId1", "officeDocument", "xl/workbook.xml")])), ("xl/workbook.xml", XML + '<workbook %s><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>' % NS),
                      ("xl/_rels/workbook.xml.rels", rels([("rId1", "worksheet", "worksheets/sheet1.xml")])),
                      ("xl/worksheets/sheet1.xml", sheet("".join('<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (i, i, i * 1001) for i in range(1, 60))))], store=True)
    write("cfb/open-agile.xlsx", agile_package(open_book, "VelvetSweatshop"))
    write("cfb/other-password.xlsx", agile_package(open_book[:600], "velvetsweatshop"))
    agile = struct.pack("<HHI", 4, 4, 0x40) + b'<encryption><keyData saltSize="16" cipherAlgorithm="AES" hashAlgorithm="SHA512"/></encryption>'
    standard = struct.pack("<HHIIIIII", 3, 2, 0x24, 32, 0x24, 0, 0x660E, 0x8004) + b"\0" * 64
    rc4 = struct.pack("<HHIIIIII", 3, 2, 0x04, 32, 0x04, 0, 0x6801, 0x8004) + b"\0" * 64
    body = struct.pack("<Q", 5000) + bytes(range(256)) * 20
    for name, info in (("agile", agile), ("standard", standard), ("rc4", rc4)):
        write("cfb/%s.xlsx" % name, compound({"EncryptionInfo": info, "EncryptedPackage": body}))
    write("cfb/irm.docx", compound({"EncryptedPackage": body, "\x06DataSpaces": {"DataSpaceInfo": {"DRMEncryptedDataSpace": b"x"}, "TransformInfo": {
        "LabelInfo": LABELS.encode(), "DRMEncryptedTransform": {"\x06Primary": b"x"}}}}))
    fib = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x411, 0, 0)
    write("cfb/plain.doc", compound({"WordDocument": fib + b"\0" * 500}))
    write("cfb/locked.doc", compound({"WordDocument": fib[:10] + struct.pack("<H", 0x0100) + b"\0" * 500}))
    bof = struct.pack("<HHHH", 0x809, 4, 0x600, 5)
    write("cfb/locked.xls", compound({"Workbook": bof + struct.pack("<HHHI", 0x2F, 6, 1, 0) + b"\0" * 100}))
    write("cfb/mail.msg", compound({"__properties_version1.0": b"\0" * 32}))
    write("cfb/package.bin", compound({"\x01Ole10Native": ole10("名簿.csv", "氏名,年齢\r\n".encode("cp932")), "\x03ObjInfo": b"\0" * 6}))
    whole = compound({"Package": pack([("a.txt", b"packed text\r\n")] , store=True) + b"", "big": b"z" * 9000})
    write("cfb/zip-inside.bin", whole)
    write("cfb/cut.bin", whole[:len(whole) // 2])
    loop = bytearray(whole)
    loop[-512:-508] = struct.pack("<I", 0)   # the first chain leads to itself
    write("cfb/loop.bin", bytes(loop))


if __name__ == "__main__":
    make_zip()
    make_xlsx()
    make_docx()
    make_pptx()
    make_cfb()
