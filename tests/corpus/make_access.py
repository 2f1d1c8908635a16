#!/usr/bin/env python3
"""Small Access databases of Jet 4, written from the description in mdbtools' HACKING; mdb-export reads them (apt: mdbtools), which is the
check that the description was understood. Nobody in them is real. Usage: make_access.py FOLDER"""
import os
import struct
import sys

PAGE = 4096
LONG, TEXT, OLE, MEMO, INT, DATE, MONEY, BOOL = 4, 10, 11, 12, 3, 8, 5, 1
WIDTH = {LONG: 4, INT: 2, DATE: 8, MONEY: 8, BOOL: 1}


def rc4(key, data):
    s, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + s[i] + key[i % len(key)]) % 256
        s[i], s[j] = s[j], s[i]
    i = j = 0
    for c in data:
        i = (i + 1) % 256
        j = (j + s[i]) % 256
        s[i], s[j] = s[j], s[i]
        out.append(c ^ s[(s[i] + s[j]) % 256])
    return bytes(out)


def text(s):
    """Compressed where Access does: all of the characters below 256."""
    if s and all(0 < ord(c) < 256 for c in s):
        return b"\xff\xfe" + s.encode("latin-1")
    return s.encode("utf-16le")


def definition(columns, rows, usage):
    fixed = variable = 0
    cols, names = b"", b""
    for i, (name, kind) in enumerate(columns):
        is_fixed = kind in WIDTH
        cols += struct.pack("<BIHHHIBBIHH", kind, 0, i, variable, i, 0, 1 if is_fixed else 0, 0, 0, fixed, WIDTH.get(kind, 510))
        if is_fixed:
            fixed += 0 if kind == BOOL else WIDTH[kind]
        else:
            variable += 1
        n = name.encode("utf-16le")
        names += struct.pack("<H", len(n)) + n
    body = struct.pack("<IIIIIIIIBHHHIIII", 0, 0, rows, 0, 1, 0, 0, 0, 0x4E, len(columns), variable, len(columns), 0, 0, usage, usage)
    page = b"\x02\x01\0\0" + struct.pack("<I", 0) + body + cols + names + b"\xff\xff"
    return page.ljust(PAGE, b"\0")


def row(columns, values):
    fixed, var, mask = b"", [], 0
    for i, ((_, kind), v) in enumerate(zip(columns, values)):
        if v is not None and not (kind == BOOL and not v):
            mask |= 1 << i
        if kind == BOOL:
            continue
        if kind in WIDTH:
            fixed += b"\0" * WIDTH[kind] if v is None else struct.pack({LONG: "<i", INT: "<h", DATE: "<d", MONEY: "<q"}[kind], v)
        else:
            var.append(v or b"")
    head = struct.pack("<H", len(columns)) + fixed
    out, offsets = head, []
    for v in var:
        offsets.append(len(out))
        out += v
    offsets.append(len(out))
    out += b"".join(struct.pack("<H", o) for o in reversed(offsets)) + struct.pack("<H", len(var))
    return out + mask.to_bytes((len(columns) + 7) // 8, "little")


def rows_page(owner, rows):
    """rows: (flags, bytes)."""
    at, table, page = PAGE, b"", bytearray(PAGE)
    for flags, r in rows:
        at -= len(r)
        page[at:at + len(r)] = r
        table += struct.pack("<H", at | flags)
    head = struct.pack("<BBHIIH", 1, 1, at - 14 - len(table), owner, 0, len(rows)) + table
    page[:len(head)] = head
    return bytes(page)


def database(key=0):
    catalog = [("Id", LONG), ("ParentId", LONG), ("Name", TEXT), ("Type", INT), ("Flags", LONG), ("LvProp", OLE)]
    people = [("番号", LONG), ("氏名", TEXT), ("kana", TEXT), ("生年月日", DATE), ("備考", MEMO), ("金額", MONEY), ("済", BOOL)]
    long_memo = ("長い備考。" * 900).encode("utf-16le")
    half = long_memo[:4000]
    pages = [
        b"", b"\0" * PAGE, definition(catalog, 2, 0x00000600),
        rows_page(2, [(0, row(catalog, [4, 0, text("名簿"), 1, 0, None])), (0, row(catalog, [2, 0, text("MSysObjects"), 1, -2147483648, None]))]),
        definition(people, 4, 0x00000601),
        rows_page(4, [
            (0, row(people, [1001, text("髙橋 一郎"), text("Takahashi"), 20335.0, struct.pack("<III", 8 | 0x80000000, 0, 0) + "内の備考".encode("utf-16le"), 15000000, 1])),
            (0x8000, row(people, [1002, text("消した 人"), None, None, None, None, 0])),
            (0, row(people, [1003, text("佐藤 花子"), text("Caf\xe9"), 43890.0, struct.pack("<III", len(long_memo), 7 << 8, 0), -12345, 0])),
            (0x4000, struct.pack("<I", 8 << 8)),
            (0, row(people, [1005, text("一枚"), None, None, struct.pack("<III", 10 | 0x40000000, 7 << 8 | 1, 0), None, 0])),
        ]),
        rows_page(0x4C41564C, [(0, b"\0" + struct.pack("<I", 0) + b"\x08" + b"\0" * 60), (0, b"\0" + struct.pack("<I", 0) + b"\x20\x01" + b"\0" * 60)]),
        b"", rows_page(4, [(0x8000, row(people, [1004, text("移った 人"), None, None, None, None, 0]))]), b"", b"",
    ]
    chain, where = [half[i:i + 3000] for i in range(0, len(long_memo), 3000)], []
    chain = [long_memo[i:i + 3500] for i in range(0, len(long_memo), 3500)]
    where = [7, 9, 10]
    for i, piece in enumerate(chain):
        rows = [(0, struct.pack("<I", where[i + 1] << 8 if i + 1 < len(chain) else 0) + piece)]
        if where[i] == 7:
            rows.append((0, "一枚の備考".encode("utf-16le")))
        pages[where[i]] = rows_page(0x4C41564C, rows)
    first = bytearray(PAGE)
    first[0:0x18] = (b"\0\1\0\0Standard Jet DB\0" + b"\1\0\0\0")[:0x18]
    head = bytearray(128)
    head[0x3C - 0x18:0x3E - 0x18] = struct.pack("<H", 932)
    head[0x3E - 0x18:0x42 - 0x18] = struct.pack("<I", key)
    first[0x18:0x98] = rc4(struct.pack("<I", 0x6B39DAC7), bytes(head))
    pages[0] = bytes(first)
    if key:
        pages = [pages[0]] + [rc4(struct.pack("<I", key ^ i), p) for i, p in enumerate(pages) if i]
    return b"".join(pages)


if __name__ == "__main__":
    whole = database()
    for name, data in (("jet4.mdb", whole), ("encoded.mdb", database(0x12345678)), ("cut.mdb", whole[:PAGE * 7 + 100])):
        with open(os.path.join(sys.argv[1], name), "wb") as f:
            f.write(data)
