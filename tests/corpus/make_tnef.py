#!/usr/bin/env python3
"""Writes winmail.dat seeds into tnef/ from MS-OXTNEF (standard library only). All people are invented."""
import os, struct

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "tnef")


def attribute(level, ident, data):
    return struct.pack("<BII", level, ident, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def stream(*attributes):
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


def pad(b):
    return b + b"\0" * (-len(b) % 4)


def prop(ident, kind, value, name=None):
    out = struct.pack("<HH", kind, ident)
    if name is not None:
        text = name.encode("utf-16-le") + b"\0\0"
        out += b"G" * 16 + struct.pack("<II", 1, len(text)) + pad(text)
    if kind in (0x02, 0x03, 0x0B):
        return out + struct.pack("<I", value)
    if kind == 0x40:
        return out + struct.pack("<Q", value)
    if kind == 0x1F:
        value = value.encode("utf-16-le") + b"\0\0"
    elif kind == 0x1E:
        value = value.encode("cp932") + b"\0"
    return out + struct.pack("<II", 1, len(value)) + pad(value)


def props(*items):
    return struct.pack("<I", len(items)) + b"".join(items)


def main():
    os.makedirs(OUT, exist_ok=True)
    csv = "氏名,番号\r\n山田太郎,１２\r\n".encode("cp932")
    codepage = attribute(1, 0x69007, struct.pack("<II", 932, 0))
    inner = stream(codepage, attribute(1, 0x69003, props(prop(0x37, 0x1F, "転送された件名"), prop(0x1000, 0x1F, "内側の本文"))))
    rend = attribute(2, 0x69002, b"\1\0" + b"\0" * 12)
    whole = stream(
        attribute(1, 0x89006, struct.pack("<I", 0x10000)), codepage, attribute(1, 0x18004, "件名?文字化け\0".encode("cp932")),
        attribute(1, 0x69003, props(
            prop(0x37, 0x1F, "名簿 髙橋様"), prop(0x0C1A, 0x1E, "担当 太郎"), prop(0x5D01, 0x1F, "tantou@example.jp"),
            prop(0x39, 0x40, 133000000000000000), prop(0x1000, 0x1E, "本文です。\r\n二行目"), prop(0x8001, 0x1F, "携帯 090-0000-0000", "Keywords"),
            prop(0x1013, 0x102, "<html><body><p>書式つきの本文</p></body></html>".encode("utf-8")), prop(0x3FDE, 0x03, 65001))),
        attribute(1, 0x69004, struct.pack("<I", 2) +
                  props(prop(0x0C15, 3, 1), prop(0x3001, 0x1F, "受取 花子"), prop(0x39FE, 0x1F, "hanako@example.jp")) +
                  props(prop(0x0C15, 3, 2), prop(0x3001, 0x1F, "写し 次郎"))),
        rend, attribute(2, 0x18010, "名簿~1.CSV\0".encode("cp932")), attribute(2, 0x6800F, csv),
        attribute(2, 0x69005, props(prop(0x3707, 0x1F, "名簿 2026.csv"))),
        rend, attribute(2, 0x18010, b"mail\0"), attribute(2, 0x69005, props(prop(0x3001, 0x1F, "転送"), prop(0x3701, 0x0D, b"I" * 16 + inner))))
    old = stream(codepage, attribute(1, 0x18004, "古い件名\0".encode("cp932")), attribute(1, 0x2800C, "古い本文\0".encode("cp932")),
                 rend, attribute(2, 0x18010, "表.csv\0".encode("cp932")), attribute(2, 0x6800F, csv))
    for name, data in (("winmail.dat", whole), ("old.dat", old), ("cut.dat", whole[:-60]), ("badcount.dat", stream(attribute(1, 0x69003, b"\xff" * 40)))):
        with open(os.path.join(OUT, name), "wb") as f:
            f.write(data)


if __name__ == "__main__":
    main()
