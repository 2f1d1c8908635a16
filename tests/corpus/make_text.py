#!/usr/bin/env python3
"""Writes the seeds of text and tables into text/ (python3, standard library only)."""
import os

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "text")
TABLE = "氏名,フリガナ,番号\r\n山田太郎,ﾔﾏﾀﾞﾀﾛｳ,１２３４\r\n\r\n鈴木花子,ｽｽﾞｷﾊﾅｺ,５６７８\r\n"
PROSE = "本日の会議は、第２会議室で行います。\n電話 03-ー１２３４\n"
CLAIM = "IR,1,10,1,0100161,,病院,50510,00,\r\nRE,1,1112,50510,山田,1,3550102,,,,\r\nHO,  100016,１２,３４,1,500\r\nCO,01,1,810000001,\"未閉\r\nGO,1,500,99\r\n\x1a"
QUOTED = "id,memo,date\n1,\"a, b\",2026\n2,\"say \"\"hi\"\"\nnext\",2026\n3,\"open,2026\n4,5\" tall,\"x\"y\n"
FIXED = "番号  氏名　　　生年月日\n1     山田　太郎　　S55.1.2\n2     鈴木　花子　　S50.3.4\n3     佐藤　次郎　　S41.5.6\n"


def put(name, data):
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)


def main():
    os.makedirs(OUT, exist_ok=True)
    for enc in ("utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16-le", "utf-16-be", "utf-16"):
        put("table-%s.csv" % enc, TABLE.encode(enc))
        put("prose-%s.txt" % enc, PROSE.encode(enc))
    put("prose-jis.txt", "会議の案内\r\nカタカナ,ガギグ\r\n".encode("iso2022_jp"))
    put("claim.uke", CLAIM.encode("cp932"))
    put("quoted.csv", QUOTED.encode())
    put("fixed.txt", FIXED.encode("cp932"))
    put("tabs.tsv", TABLE.replace(",", "\t").encode("cp932"))
    put("mac.csv", TABLE.replace("\r\n", "\r").encode("cp932"))
    put("mixed.log", (PROSE * 20).encode("utf-8") + (PROSE * 20).encode("cp932") + b"\0" * 700 + (PROSE * 20).encode("euc_jp"))
    put("long-line.txt", "山田太郎 ".encode("cp932") * 30000)
    put("long-row.csv", b"a,b,c\n" + b"1,\"" + b"x\n" * 150 + b"\",2\n" + b"1,2,3\n" * 60000)
    put("delimiters.txt", b",;|\t\"" * 50 + b"\n")
    put("empty.txt", b"")


if __name__ == "__main__":
    main()
