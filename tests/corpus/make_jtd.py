#!/usr/bin/env python3
"""Writes the 一太郎 seeds: cfb/*.jtd, cfb/*.jtdc (version 8 and later) and ichitaro/* (5 and 6). Standard library only; the layout is the
one that lib/extract/ole_jtd.c describes. All values are invented."""
import os, struct

from make_lha import level0
from make_ooxml import compound

HERE = os.path.dirname(os.path.abspath(__file__))


def units(text):
    return [u for u in struct.unpack(">%dH" % (len(text.encode("utf-16-be")) // 2), text.encode("utf-16-be"))]


def record(kind=0x10, body=(0, 0, 1, 2, 0x24, 1, 0xFFFF)):
    """class, length, what is in it, length again, 0, class, and the mark of a run."""
    n = len(body) + 7
    return [0x1C, kind, n] + list(body) + [n, 0, kind, 0x1F]


def inline(text, selector):
    return [0x1C, 1, 7, 0, 0, selector, 0x1D] + units(text) + [0x1E]


def text_stream(*segments):
    out = b"SsmgV.01" + struct.pack(">IIHH", 1, 0x100, 0, len(segments))
    for s in segments:
        out += b"TextV.01" + struct.pack(">I", len(s)) + b"".join(struct.pack(">H", u) for u in s)
    return out


def write(name, data):
    path = os.path.join(HERE, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def main():
    simple = text_stream(units("氏名：山田太郎\r𠮷田 花子\r")) + b"\x04\x90" * 20
    rich = text_stream(record() + units("第１条　被保険者") + record(0x30) + units("氏名") + [0x0E] + units("番号") + [0x0A] +
                       inline("髙橋", 1) + inline("たかはし", 3) + record() + units("様\r次の行") + [0x10] + units("終") + [0x0D, 0x0A])
    head = text_stream(units("- ? -"), record() + units("取扱注意") + [0x0A])
    head = head + b"\0\x1b\0\x5d" * 8
    write("cfb/simple.jtd", compound({"DocumentText": simple}))
    whole = compound({"DocumentText": rich, "Header": head, "Footnote": text_stream(units("脚注の文")),
                      "ObjectSheets": {"DocSheet": {"DOCS_0001": {"DocumentText": text_stream(units("二枚目のシート\r"))}}}})
    write("cfb/rich.jtd", whole)
    write("cfb/cut.jtd", compound({"DocumentText": simple[:40]}))
    packed = struct.pack("<H", 22) + b"JustCompressedDocument" + b"\0" * 30 + level0(b"DOC.JTD", b"-lh0-", whole, whole) + b"\0"
    write("cfb/packed.jtdc", compound({"JSCompDocument": packed}))
    old = b"DOC\0" + bytes(range(256)) * 8
    old = old[:0x800] + b"\0\0\1\2" + "支払通知書　山田太郎\r".encode("cp932") + b"\x1c\x03\x07" + "電話 00-0000-0000\r\n".encode("cp932") + b"\0" * 9
    write("ichitaro/v6.jtw", old)
    write("ichitaro/packed.jsw", b"DOC\0" + b"\0" * 0x7FC + bytes((i * i * 31 + (i >> 3)) & 0x9F for i in range(3000)))


if __name__ == "__main__":
    main()
