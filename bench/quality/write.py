"""Files of the formats that people use, with the standard library only."""
import csv
import io
import os
import sqlite3
import struct
import tempfile
import unicodedata
import zipfile
from xml.sax.saxutils import escape

ENCODINGS = ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16le-bom", "utf-16be-bom", "utf-16le"]
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def encode(text, enc):
    """None when the encoding lacks a character."""
    if enc.startswith("utf-16"):
        body = text.encode("utf-16-" + enc[6:8])
        return ({"le": b"\xff\xfe", "be": b"\xfe\xff"}[enc[6:8]] if enc.endswith("bom") else b"") + body
    if enc in ("euc_jp", "iso2022_jp"):
        text = text.translate(str.maketrans("－～髙﨑", "−〜高崎"))
        text = "".join(unicodedata.normalize("NFKC", c) if enc == "iso2022_jp" and 0xFF61 <= ord(c) < 0xFFA0 else c for c in text)
    try:
        return text.encode(enc)
    except UnicodeEncodeError:
        return None


def delimited(rows, sep=",", quote=False, eol="\r\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=sep, lineterminator=eol, quoting=csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL).writerows(rows)
    return out.getvalue()


def cells(text):
    return sum(2 if unicodedata.east_asian_width(c) in "FWA" else 1 for c in str(text))


def fixed(rows, eol="\r\n", gap=2):
    """Columns padded with blanks to the width of their longest cell, as hosts and reports print them."""
    width = [max(cells(r[i]) if i < len(r) else 0 for r in rows) for i in range(max(map(len, rows)))]
    return "".join("".join(str(v) + " " * (width[i] - cells(v) + gap) for i, v in enumerate(r)).rstrip() + eol for r in rows)


def html(rows, spans=(), enc="utf-8", head=True, title="一覧"):
    """spans: {(row, column): columns} of merged cells."""
    spans, out = dict(spans), []
    for r, row in enumerate(rows):
        skip, tds = 0, []
        for c, v in enumerate(row):
            if skip:
                skip -= 1
                continue
            n = spans.get((r, c), 1)
            skip = n - 1
            tag = "th" if head and r == 0 else "td"
            tds.append("<%s%s>%s</%s>" % (tag, ' colspan="%d"' % n if n > 1 else "", escape(str(v)), tag))
        out.append("<tr>%s</tr>" % "".join(tds))
    name = {"cp932": "Shift_JIS", "euc_jp": "EUC-JP"}.get(enc, "UTF-8")
    return encode('<!DOCTYPE html><html><head><meta charset="%s"><title>%s</title></head><body><table>\n%s\n</table></body></html>' % (
        name, title, "\n".join(out)), enc)


def pack(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name, (2026, 4, 1, 9, 0, 0)), data.encode() if isinstance(data, str) else data)
    return out.getvalue()


def column(n):
    s = ""
    while n >= 0:
        s, n = chr(65 + n % 26) + s, n // 26 - 1
    return s


O = "http://schemas.openxmlformats.org/"


def xlsx(sheets, inline=False):
    """sheets: [(name, rows, [merged ranges])]; int and float cells are numbers."""
    strings, parts, ct, wb, rel = {}, [], "", "", ""
    for i, (name, rows, merges) in enumerate(sheets, 1):
        body = []
        for r, row in enumerate(rows, 1):
            tds = []
            for c, v in enumerate(row):
                ref = "%s%d" % (column(c), r)
                if v is None or v == "":
                    continue
                if isinstance(v, (int, float)):
                    tds.append('<c r="%s"><v>%s</v></c>' % (ref, v))
                elif inline:
                    tds.append('<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % (ref, escape(v)))
                else:
                    tds.append('<c r="%s" t="s"><v>%d</v></c>' % (ref, strings.setdefault(v, len(strings))))
            body.append('<row r="%d">%s</row>' % (r, "".join(tds)))
        merged = '<mergeCells count="%d">%s</mergeCells>' % (len(merges), "".join('<mergeCell ref="%s"/>' % m for m in merges)) if merges else ""
        parts.append(("xl/worksheets/sheet%d.xml" % i, XML + '<worksheet xmlns="%sspreadsheetml/2006/main"><sheetData>%s</sheetData>%s</worksheet>' % (O, "".join(body), merged)))
        ct += '<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>' % i
        wb += '<sheet name="%s" sheetId="%d" r:id="rId%d"/>' % (escape(name), i, i)
        rel += '<Relationship Id="rId%d" Type="%sofficeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>' % (i, O, i)
    rel += '<Relationship Id="rId900" Type="%sofficeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>' % O
    ct += '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
    return pack([
        ("[Content_Types].xml", XML + '<Types xmlns="%spackage/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
         '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>%s</Types>' % (O, ct)),
        ("_rels/.rels", XML + '<Relationships xmlns="%spackage/2006/relationships"><Relationship Id="rId1" Type="%sofficeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>' % (O, O)),
        ("xl/workbook.xml", XML + '<workbook xmlns="%sspreadsheetml/2006/main" xmlns:r="%sofficeDocument/2006/relationships"><sheets>%s</sheets></workbook>' % (O, O, wb)),
        ("xl/_rels/workbook.xml.rels", XML + '<Relationships xmlns="%spackage/2006/relationships">%s</Relationships>' % (O, rel)),
        ("xl/sharedStrings.xml", XML + '<sst xmlns="%sspreadsheetml/2006/main">%s</sst>' % (O, "".join('<si><t xml:space="preserve">%s</t></si>' % escape(s) for s in strings)))] + parts)


def docx(blocks):
    """blocks: paragraphs (str) and tables (rows); a cell (text, n) spans n columns."""
    para = lambda t: '<w:p><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:p>' % escape(str(t))

    def cell(v):
        text, n = v if isinstance(v, tuple) else (v, 1)
        return "<w:tc><w:tcPr>%s</w:tcPr>%s</w:tc>" % ('<w:gridSpan w:val="%d"/>' % n if n > 1 else "", para(text))

    body = "".join(para(b) if isinstance(b, str) else "<w:tbl><w:tblPr/>%s</w:tbl>" % "".join("<w:tr>%s</w:tr>" % "".join(map(cell, r)) for r in b) for b in blocks)
    return pack([
        ("[Content_Types].xml", XML + '<Types xmlns="%spackage/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
         '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>' % O),
        ("_rels/.rels", XML + '<Relationships xmlns="%spackage/2006/relationships"><Relationship Id="rId1" Type="%sofficeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>' % (O, O)),
        ("word/document.xml", XML + '<w:document xmlns:w="%swordprocessingml/2006/main"><w:body>%s<w:sectPr/></w:body></w:document>' % (O, body))])


def ods(sheets):
    ns = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'

    def cell(v):
        if isinstance(v, (int, float)):
            return '<table:table-cell office:value-type="float" office:value="%s"><text:p>%s</text:p></table:table-cell>' % (v, v)
        return '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>' % escape(str(v))

    body = "".join('<table:table table:name="%s">%s</table:table>' % (escape(name), "".join(
        "<table:table-row>%s</table:table-row>" % "".join(map(cell, r)) for r in rows)) for name, rows, _ in sheets)
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return pack([("mimetype", kind), ("content.xml", '<?xml version="1.0" encoding="UTF-8"?><office:document-content %s office:version="1.2"><office:body><office:spreadsheet>%s</office:spreadsheet></office:body></office:document-content>' % (ns, body)),
                 ("META-INF/manifest.xml", '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="%s"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>' % kind)])


def sqlite(tables):
    """tables: [(name, header, rows)]; every column is text, as an import makes them."""
    quote = lambda t: '"%s"' % str(t).replace('"', '""')
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "t.sqlite")
        c = sqlite3.connect(path)
        for name, head, rows in tables:
            c.execute("create table %s (%s)" % (quote(name), ", ".join(quote(h) + " text" for h in head)))
            c.executemany("insert into %s values (%s)" % (quote(name), ",".join("?" * len(head))), rows)
        c.commit()
        c.close()
        with open(path, "rb") as f:
            return f.read()


def dbf(head, rows, encoding="cp932"):
    """dBase III of character fields; names have at most ten bytes. None when they do not fit or the encoding lacks a character."""
    try:
        names = [h.encode(encoding) for h in head]
        cells_ = [[str(v).encode(encoding) for v in r] for r in rows]
    except UnicodeEncodeError:
        return None
    if max(map(len, names)) > 10 or len(set(names)) < len(names) or len(names) > 128:
        return None
    wide = [max([1] + [len(r[i]) for r in cells_]) for i in range(len(names))]
    if max(wide) > 254:
        return None
    out = struct.pack("<BBBBIHH", 3, 126, 11, 24, len(rows), 33 + 32 * len(names), 1 + sum(wide)) + bytes(17) + bytes([0x13, 0, 0])
    for name, n in zip(names, wide):
        out += name.ljust(11, b"\0") + b"C" + bytes(4) + bytes([n, 0]) + bytes(14)
    return out + b"\r" + b"".join(b" " + b"".join(v.ljust(n) for v, n in zip(r, wide)) for r in cells_) + b"\x1a"
