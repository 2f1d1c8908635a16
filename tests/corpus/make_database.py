#!/usr/bin/env python3
"""dBase tables by hand and SQLite databases by SQLite. Nobody in them is real. Usage: make_database.py CORPUS-FOLDER"""
import os
import sqlite3
import struct
import sys


def dbf(fields, rows, driver, encoding, version=3):
    header = 32 + 32 * len(fields) + 1
    width = 1 + sum(f[2] for f in fields)
    b = bytearray(struct.pack("<BBBBIHH", version, 126, 11, 24, len(rows), header, width) + bytes(17) + bytes([driver, 0, 0]))
    for name, kind, w in fields:
        b += name.encode(encoding)[:10].ljust(11, b"\0") + kind.encode() + bytes(4) + bytes([w & 255, w >> 8 if kind == "C" else 0]) + bytes(14)
    b += b"\r"
    for deleted, values in rows:
        b += b"*" if deleted else b" "
        for (_, kind, w), v in zip(fields, values):
            if kind == "I":
                b += struct.pack("<i", v)
            else:
                v = v.encode(encoding)
                b += (v.rjust(w) if kind == "N" else v.ljust(w))[:w]
    return bytes(b + b"\x1a")


FIELDS = [("番号", "N", 8), ("氏名", "C", 20), ("カナ", "C", 20), ("生年月日", "D", 8), ("連番", "I", 4)]
ROWS = [(0, ["12345", "髙橋　①郎", "ﾀｶﾊｼ ｲﾁﾛｳ", "19550903", 1]), (1, ["67890", "佐藤 花子", "ｻﾄｳ ﾊﾅｺ", "19600101", -2]),
        (0, ["1", "鈴木", "ｽｽﾞｷ", "20200229", 3])]


def people(c):
    c.execute('create table "名簿" ("番号" integer primary key, [氏名] text not null default (\'a,b\'), `生年月日` text, 金額 real, check(length([氏名])>0))')
    for i in range(40):
        c.execute('insert into "名簿" values(?,?,?,?)', (1001 + i, "髙橋 %d郎" % i, "1955-09-03", 1.5 * i))
    c.execute('create index ix on "名簿"("氏名")')
    c.execute("create table wr(k text primary key, v blob) without rowid")
    c.execute("insert into wr values(?,?)", ("長い値", "あ" * 3000))
    c.execute("insert into wr values(?,?)", ("書類", b"{\\rtf1 inside the blob\\par}"))
    c.execute("insert into wr values(?,?)", ("鍵", bytes(range(128, 168))))
    c.execute("create view v as select 1 -- 見るだけ")
    c.execute("create table gone(x)")
    for i in range(30):
        c.execute("insert into gone values(?)", ("消した人 %02d " % i + "x" * 60,))
    c.commit()
    c.execute("drop table gone")


def wide(c):
    c.execute("create table t(氏名, n)")
    c.execute("insert into t values('佐藤 花子',null)")
    c.execute("insert into t values('鈴木',-7)")


def database(path, encoding, page, body):
    if os.path.exists(path):
        os.remove(path)
    c = sqlite3.connect(path)
    c.execute("pragma encoding='%s'" % encoding)
    c.execute("pragma page_size=%d" % page)
    c.execute("pragma secure_delete=0").fetchall()
    body(c)
    c.commit()
    c.close()


def put(folder, name, data):
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data)


if __name__ == "__main__":
    d, s = (os.path.join(sys.argv[1], x) for x in ("dbf", "sqlite"))
    put(d, "cp932.dbf", dbf(FIELDS, ROWS, 0x13, "cp932"))
    put(d, "unmarked.dbf", dbf(FIELDS, ROWS, 0, "cp932"))
    put(d, "utf8.dbf", dbf([("name", "C", 300)], [(0, ["日本語の文字です" * 4])], 0, "utf8", 0x30))
    put(d, "cut.dbf", dbf(FIELDS, ROWS, 0x13, "cp932")[:300])
    database(os.path.join(s, "people.sqlite"), "UTF-8", 512, people)
    database(os.path.join(s, "utf16.sqlite"), "UTF-16le", 1024, wide)
    with open(os.path.join(s, "people.sqlite"), "rb") as f:
        b = f.read()
    put(s, "cut.sqlite", b[:2048])
    put(s, "loop.sqlite", b[:108] + b"\xff" + b[109:])
