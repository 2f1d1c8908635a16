#!/usr/bin/env python3
"""Files made to eat time or memory: each must end in bounded time and memory, with a reason where something was left out, and what was
found before must be kept. Usage: bombs.py SEKISHO [FOLDER]      prints seconds and MiB for each"""
import gzip
import io
import json
import os
import shutil
import struct
import sys
import tempfile
import time
import zipfile
import zlib

SEKISHO = sys.argv[1]
SECONDS, MEMORY = 120, 3 << 30  # on a busy machine; memory includes one worker's ceiling of 2 GiB
CANARY = "東京都千代田区丸の内一丁目 電話 03-1234-5678"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."


def package(folder, name, main, kind, parts, relations=""):
    types = "".join('<Override PartName="/%s" ContentType="%s"/>' % (n, t) for n, t, _ in parts)
    with zipfile.ZipFile(os.path.join(folder, name), "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' + types + "</Types>")
        z.writestr("_rels/.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="%s/officeDocument" Target="%s"/></Relationships>' % (REL, main))
        if relations:
            z.writestr(kind, '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>' % relations)
        for n, _, data in parts:
            z.writestr(n, data)


def shared_strings(folder):
    """A long string that a million cells show: 30 GiB out of 2 MiB."""
    rows = io.StringIO()
    for r in range(1, 10001):
        rows.write('<row r="%d">' % r + "".join('<c t="s"><v>%d</v></c>' % (c > 0 or r > 1) for c in range(100)) + "</row>")
    package(folder, "fanout.xlsx", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", [
        ("xl/workbook.xml", SHEET + "sheet.main+xml", '<workbook xmlns:r="%s"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>' % REL),
        ("xl/worksheets/sheet1.xml", SHEET + "worksheet+xml", "<worksheet><sheetData>" + rows.getvalue() + "</sheetData></worksheet>"),
        ("xl/sharedStrings.xml", SHEET + "sharedStrings+xml", "<sst><si><t>" + CANARY + "</t></si><si><t>" + "長" * 32767 + "</t></si></sst>")],
        '<Relationship Id="r1" Type="%s/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="%s/sharedStrings" Target="sharedStrings.xml"/>' % (REL, REL))


def laughs(folder):
    entities = '<!ENTITY a "%s">' % ("は" * 1000) + "".join('<!ENTITY %s "%s">' % (b, "&%s;" % a * 30) for a, b in zip("abcdefg", "bcdefgh"))
    xml = '<?xml version="1.0"?><!DOCTYPE d [%s]><d>%s&h;</d>' % (entities, CANARY)
    with open(os.path.join(folder, "laughs.xml"), "w", encoding="utf-8") as f:
        f.write(xml)
    package(folder, "laughs.docx", "word/document.xml", "", [
        ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
         '<!DOCTYPE d [%s]><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p><w:p><w:r><w:t>&h;</w:t></w:r></w:p></w:body></w:document>' % (entities, CANARY))])


def nested_zips(folder):
    """42.zip in kind: five levels of sixteen, the last a GiB of zeros each; and one that is 300 deep."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("0", bytes(64 << 20))
    data = inner.getvalue()
    for level in range(4):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
            for i in range(16):
                z.writestr("%d.zip" % i, data)
        data = out.getvalue()
    with zipfile.ZipFile(os.path.join(folder, "tree.zip"), "w") as z:
        z.writestr("canary.txt", CANARY)
        z.writestr("tree.zip", data)
    data = CANARY.encode()
    for level in range(300):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as z:
            z.writestr("a.zip" if level else "a.txt", data)
        data = out.getvalue()
    with open(os.path.join(folder, "deep.zip"), "wb") as f:
        f.write(data)


def overlap(folder):
    """Every member of the directory is the same bytes of the file (Fifield's bomb in kind)."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = bytes(16 << 20)
    packed, crc = body.compress(raw) + body.flush(), zlib.crc32(raw)
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, crc, len(packed), len(raw), 1, 0) + b"a"
    lines = b"".join(struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, crc, len(packed), len(raw), 1, 0, 0, 0, 0, 0, 0) + b"a"
                     for _ in range(60000))
    data = local + packed
    with open(os.path.join(folder, "overlap.zip"), "wb") as f:
        f.write(data + lines + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 60000, 60000, len(lines), len(data), 0))


def pdf(folder):
    """Page trees and forms that hold themselves, a page of a million million points, names nested 50,000 deep."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1000000/Kids[2 0 R 3 0 R 2 0 R]>>",
               "<</Type/Page/Parent 2 0 R/MediaBox[0 0 999999999999 999999999999]/Resources<</XObject<</A 4 0 R>>>>/Contents 5 0 R>>",
               None, None, "[" * 50000 + "]" * 50000]
    form, content = b"/A Do /A Do /A Do", b"/A Do " * 1000
    out, at = b"%PDF-1.7\n", []
    for i, o in enumerate(objects, 1):
        at.append(len(out))
        if o is None:
            stream = form if i == 4 else content
            extra = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 4 0 R>>>>" if i == 4 else b""
            out += b"%d 0 obj<<%s/Length %d>>stream\n%s\nendstream endobj\n" % (i, extra, len(stream), stream)
        else:
            out += b"%d 0 obj%s endobj\n" % (i, o.encode())
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(at) + 1) + b"".join(b"%010d 00000 n \n" % a for a in at)
    with open(os.path.join(folder, "cycle.pdf"), "wb") as f:
        f.write(out + b"trailer<</Size %d/Root 1 0 R/Prev %d>>startxref\n%d\n%%%%EOF\n" % (len(at) + 1, xref, xref))


def streams(folder):
    with gzip.open(os.path.join(folder, "zeros.gz"), "wb", 6) as f:
        f.write(CANARY.encode() + b"\n")
        for _ in range(64):
            f.write(bytes(64 << 20))
    with open(os.path.join(folder, "line.txt"), "wb") as f:  # 100 MB without a line end
        f.write((CANARY + " ").encode())
        for _ in range(100):
            f.write("あ山,0".encode() * (1000000 // 8))
    with open(os.path.join(folder, "digits.txt"), "wb") as f:
        for _ in range(20):
            f.write(b"1234567890" * 100000)
    for name, piece in (("deep.json", "["), ("deep.html", "<div><table><tr><td>"), ("deep.xml", "<a>"), ("deep.rtf", "{\\b ")):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(("{\\rtf1 " if name.endswith("rtf") else "<html>" if name.endswith("html") else "") + piece * 300000)


def sparse(folder):
    """50 GB that take no room: an apparent size over the limit is told, not read."""
    with open(os.path.join(folder, "sparse.dat"), "wb") as f:
        f.write(CANARY.encode())
        f.truncate(50 << 30)


def run(path):
    began, (back, there) = time.monotonic(), os.pipe()
    pid = os.posix_spawn(SEKISHO, [SEKISHO, "scan", "--format", "jsonl", path], dict(os.environ), file_actions=[(os.POSIX_SPAWN_DUP2, there, 1)])
    os.close(there)
    with os.fdopen(back, "rb") as f:
        out = f.read()
    _, status, usage = os.wait4(pid, 0)
    return out, os.waitstatus_to_exitcode(status), time.monotonic() - began, usage.ru_maxrss * 1024


def main():
    folder = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="sekisho-bombs-")
    failed = passed = 0
    for make in (shared_strings, laughs, nested_zips, overlap, pdf, streams, sparse):
        make(folder)
    for name in sorted(os.listdir(folder)):
        out, code, seconds, memory = run(os.path.join(folder, name))
        files = [json.loads(x) for x in out.decode("utf-8").split("\n") if x.startswith("{")]
        files = [x for x in files if x.get("state")]
        state = files[0]["state"] if files else "-"
        ok = code in (0, 1, 2) and seconds < SECONDS and memory < MEMORY and bool(files)
        print("%s %-14s %6.1f s %6d MiB  %s" % ("ok  " if ok else "FAIL", name, seconds, memory >> 20, state))
        passed += ok
        failed += not ok
    if len(sys.argv) < 3:
        shutil.rmtree(folder)
    print("%d passed, %d failed" % (passed, failed))
    return failed > 0


sys.exit(main())
