#!/usr/bin/env python3
"""Seeds of mail and of the old Office formats. The structures are written from their specifications (RFC 5322, 2045-2047, 2231; MS-CFB,
MS-OXMSG, MS-XLS, MS-DOC, MS-PPT), so that the tests have a truth that no reader of ours produced. All people are invented."""
import base64
import binascii
import os
import quopri
import struct
import zlib

from make_ooxml import compound

HERE = os.path.dirname(os.path.abspath(__file__))


def write(path, data):
    path = os.path.join(HERE, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def crlf(*lines):
    return b"\r\n".join(x if isinstance(x, bytes) else x.encode("ascii") for x in lines) + b"\r\n"


def b64(data):
    return base64.encodebytes(data).replace(b"\n", b"\r\n").rstrip()


def word(s, charset="ISO-2022-JP", codec="iso2022_jp", q=False):
    raw = s.encode(codec)
    if q:
        return "=?%s?Q?%s?=" % (charset, "".join("=%02X" % c for c in raw))
    return "=?%s?B?%s?=" % (charset, base64.b64encode(raw).decode())


# ---------------------------------------------------------------- mail
def mails():
    # ISO-2022-JP with characters that the standard set does not have: NEC row 13 and half-width kana (ESC ( I)
    body = b"\x1b$B;0!9ED2V;R\x1b(B \x1b$B-!\x1b(B \x1b(I6X\x1b(B"
    write("eml/jis.eml", crlf(
        "Received: from a.example (a.example [192.0.2.1]) by b.example; Thu, 1 Oct 2026 09:00:00 +0900",
        "From: " + word("担当 太郎") + " <tantou@example.jp>", "To: soumu@example.jp",
        "Subject: " + word("名簿の") + "\r\n " + word("送付"), "Message-ID: <1@example.jp>", "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=ISO-2022-JP", "Content-Transfer-Encoding: 7bit", "", body, "second"))
    # one character of UTF-8 cut in two by encoded words
    raw = "氏名".encode("utf-8")
    split = "=?UTF-8?B?%s?= =?UTF-8?B?%s?=" % (base64.b64encode(raw[:4]).decode(), base64.b64encode(raw[4:]).decode())
    ext = "".join("%%%02X" % c for c in "名簿 2026.csv".encode("utf-8"))
    csv = "氏名,電話\r\n山田太郎,03-0000-0000\r\n".encode("cp932")
    inner = crlf("From: c@example.jp", "To: d@example.jp", "Subject: " + word("転送", "UTF-8", "utf-8", True), "",
                 b"inner text")
    nested = crlf("--in", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "",
                  quopri.encodestring("住所は東京都千代田区丸の内一丁目".encode("utf-8")).replace(b"\n", b"\r\n"),
                  "--in", "Content-Type: text/html; charset=Shift_JIS", "Content-Transfer-Encoding: base64", "",
                  b64("<p>本文の<b>表示</b></p>".encode("cp932")), "--in--")
    write("eml/parts.eml", crlf(
        "From: a@example.jp", "To: b@example.jp", "Subject: " + split, "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="out"', "", "preamble", "--out",
        'Content-Type: multipart/alternative; boundary="in"', "", nested.rstrip(b"\r\n"),
        "--out", "Content-Type: application/octet-stream", "Content-Transfer-Encoding: base64",
        "Content-Disposition: attachment;\r\n filename*0*=utf-8'ja'%s;\r\n filename*1*=%s" % (ext[:12], ext[12:]), "",
        b64(csv), "--out", "Content-Type: message/rfc822", "", inner.rstrip(b"\r\n"),
        "--out", 'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
        "Content-Transfer-Encoding: base64", "", b64(bytes.fromhex("3080") + bytes.fromhex("06092a864886f70d010703") + b"\0" * 20),
        "--out--", "epilogue"))
    # nothing declared: raw Shift_JIS in the header and the body, an attachment uuencoded in the text
    data = b"abc123\n" * 9
    uu = ["begin 644 list.txt"]
    for i in range(0, len(data), 45):
        uu.append(binascii.b2a_uu(data[i:i + 45]).decode().rstrip("\n"))
    uu += ["`", "end"]
    write("eml/raw.eml", crlf("Return-Path: <x@example.jp>", "Date: Thu, 1 Oct 2026 09:00:00 +0900",
                              b"Subject: " + "表の送付について".encode("cp932"), b"From: " + "佐藤次郎".encode("cp932"), "",
                              "カナ氏名はサトウ ジロウです。".encode("cp932"), *uu, "behind"))
    one = lambda n: b"From x@example.jp Thu Oct  1 09:00:00 2026\n" + crlf(
        "From: x@example.jp", "Subject: no%d" % n, "Message-ID: <%d@example.jp>" % n, "", "text %d" % n, "").replace(b"\r", b"")
    write("eml/box.mbox", one(1) + one(2))
    write("eml/page.mht", crlf(
        "From: <Saved by a browser>", "Subject: " + word("頁", "UTF-8", "utf-8"), "MIME-Version: 1.0",
        'Content-Type: multipart/related; type="text/html"; boundary="----=_m"', "", "------=_m", "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable", "Content-Location: http://example.jp/", "",
        quopri.encodestring("<html><body><table><tr><td>氏名</td><td>鈴木花子</td></tr></table></body></html>".encode("utf-8")).replace(b"\n", b"\r\n"),
        "------=_m--"))
    write("eml/flowed.eml", crlf("From: a@example.jp", "To: b@example.jp", "Subject: flow", "MIME-Version: 1.0",
                                 "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes", "",
                                 "山田 ".encode("utf-8"), "太郎".encode("utf-8")))
    write("eml/cut.eml", crlf("From: a@example.jp", "To: b@example.jp", "Subject: cut", "Content-Type: multipart/mixed; boundary=x", "",
                              "--x", "", "kept text"))
    deep = b"bottom\r\n"
    for i in range(40):
        deep = crlf("Content-Type: multipart/mixed; boundary=b%d" % i, "", "--b%d" % i) + deep + crlf("--b%d--" % i)
    write("eml/deep.eml", crlf("From: a@example.jp", "To: b@example.jp", "MIME-Version: 1.0") + deep)


# ---------------------------------------------------------------- property sets (MS-OLEPS)
def summary(title, author, codec="cp932", codepage=932):
    def text(x):
        raw = x.encode(codec) + b"\0"
        return struct.pack("<II", 30, len(raw)) + raw + b"\0" * (-len(raw) % 4)
    values = [(1, struct.pack("<IHH", 2, codepage, 0)), (2, text(title)), (4, text(author))]
    at, table, body = 8 + 8 * len(values), b"", b""
    for i, v in values:
        table += struct.pack("<II", i, at + len(body))
        body += v
    section = struct.pack("<II", at + len(body), len(values)) + table + body
    return b"\xfe\xff\0\0\x06\0\x02\0" + b"\0" * 16 + struct.pack("<I", 1) + b"\xe0\x85\x9f\xf2\xf9\x4f\x68\x10\xab\x91\x08\0\x2b\x27\xb3\xd9" + struct.pack("<I", 48) + section


# ---------------------------------------------------------------- Outlook (MS-OXMSG)
def u(s):
    return s.encode("utf-16-le")


def lzfu(data):
    """MS-OXRTFCP with literals only, but for one reference into the known start."""
    out = bytearray()
    for i in range(0, len(data), 8):
        out += b"\0" + data[i:i + 8]
    return struct.pack("<IIII", len(out) + 12, len(data), 0x75465A4C, 0) + bytes(out)


def numbers(head, *items):
    return b"\0" * head + b"".join(struct.pack("<HHIII", 3, i, 6, v, 0) for i, v in items)


def messages():
    inner = {"__properties_version1.0": numbers(24), "__substg1.0_0037001F": u("内側の件名"), "__substg1.0_1000001F": u("内側の本文")}
    rtf = b"{\\rtf1\\ansi\\ansicpg932 rtf body\\par}"
    write("cfb/full.msg", compound({
        "__properties_version1.0": numbers(32, (0x3FFD, 932)), "__substg1.0_001A001E": b"IPM.Note",
        "__substg1.0_0037001E": "件名の表示".encode("cp932"), "__substg1.0_0C1A001E": "送信 太郎".encode("cp932"),
        "__substg1.0_0C1F001E": b"/O=ORG/CN=X", "__substg1.0_5D01001E": b"taro@example.jp",
        "__substg1.0_1000001E": "一行目\r\n二行目".encode("cp932"), "__substg1.0_10090102": lzfu(rtf),
        "__substg1.0_10130102": "<html><body><p>表の本文</p></body></html>".encode("utf-8"),
        "__recip_version1.0_#00000000": {"__substg1.0_3001001E": "宛先 花子".encode("cp932"), "__substg1.0_39FE001E": b"hana@example.jp",
                                         "__properties_version1.0": numbers(8)},
        "__attach_version1.0_#00000000": {"__properties_version1.0": numbers(8, (0x3705, 1)), "__substg1.0_3707001F": u("名簿.csv"),
                                          "__substg1.0_37010102": "氏名,電話\r\n山田太郎,03-0000-0000\r\n".encode("cp932")},
        "__attach_version1.0_#00000001": {"__properties_version1.0": numbers(8, (0x3705, 5)), "__substg1.0_3001001F": u("転送"),
                                          "__substg1.0_3701000D": inner},
    }))


# ---------------------------------------------------------------- workbooks (MS-XLS)
def rec(t, body=b""):
    return struct.pack("<HH", t, len(body)) + body


def text8(s, size="<H"):
    return struct.pack(size, len(s)) + b"\x01" + u(s)


def xf(fmt):
    return rec(0xE0, struct.pack("<HHHBBBBIIHxx", 0, fmt, 1, 0x20, 0, 0, 0, 0, 0, 0)[:20])


def workbook(wide=True):
    def label(row, col, s, f=0):
        return rec(0x204, struct.pack("<HHH", row, col, f) + (text8(s) if wide else struct.pack("<H", len(s.encode("cp932"))) + s.encode("cp932")))
    bof = 0x600 if wide else 0x500
    code = text8("000-0000") if wide else b"\x08000-0000"
    head = rec(0x809, struct.pack("<HHHH", bof, 5, 0, 0) + b"\0" * 8) + rec(0x42, struct.pack("<H", 1200 if wide else 932))
    head += rec(0x41E, struct.pack("<H", 164) + code) + xf(0) + xf(14) + xf(164)
    # 3: "電話番号" is cut by a record end behind two characters and goes on one byte wide; then furigana
    ruby = struct.pack("<HHHHHHH", 1, 0, 0, 0, 0, 4, 4) + u("ヤマダ1")
    first = struct.pack("<II", 5, 3) + text8("氏名") + struct.pack("<H", 6) + b"\x01" + u("電話")
    more = b"\x00" + b"abcd" + struct.pack("<HBI", 4, 0x05, len(ruby)) + u("山田太郎") + ruby
    sst = rec(0xFC, first) + rec(0x3C, more) if wide else b""
    cells = rec(0x809, struct.pack("<HHHH", bof, 0x10, 0, 0) + b"\0" * 8)
    cells += rec(0x14, text8("&L社外秘&R&P")) if wide else rec(0x14, b"\x05&Labc")
    cells += rec(0x208, struct.pack("<HHHHHHHH", 2, 0, 5, 255, 0, 0, 0x20, 0))
    cells += rec(0x7D, struct.pack("<HHHHHH", 4, 4, 2000, 0, 1, 0))
    if wide:
        for i, (r, c) in enumerate([(0, 0), (0, 1), (1, 0)]):
            cells += rec(0xFD, struct.pack("<HHHI", r, c, 0, i))
    else:
        cells += label(0, 0, "氏名") + label(1, 0, "山田太郎")
    cells += rec(0x27E, struct.pack("<HHHI", 1, 1, 2, 1000001 << 2 | 2))                  # 1000001 as 000-0000 -> 100-0001
    cells += rec(0x203, struct.pack("<HHHd", 1, 2, 1, 29221.0))                            # 1980-01-01
    cells += rec(0xBD, struct.pack("<HHHIHIH", 2, 0, 0, 7 << 2 | 2, 0, 1234 << 2 | 3, 1))   # 7 and 12.34
    cells += rec(0x06, struct.pack("<HHH", 3, 0, 0) + b"\0\0\0\0\0\0\xff\xff" + struct.pack("<HIH", 0, 0, 0))
    cells += rec(0x207, text8("式の値") if wide else b"\x06\0" + "式の値".encode("cp932"))
    cells += label(3, 4, "隠し列")
    cells += rec(0xE5, struct.pack("<HHHHH", 1, 3, 4, 0, 0))
    if wide:
        cells += rec(0x5D, struct.pack("<HHHHH", 0x15, 0x12, 0x19, 1, 0) + b"\0" * 12)
        cells += rec(0x1B6, struct.pack("<HHHHHHH", 0, 0, 0, 0, 0, 5, 16) + b"\0" * 4) + rec(0x3C, b"\x01" + u("コメント文"[:5])) + rec(0x3C, b"\0" * 16)
    else:
        cells += rec(0x1C, struct.pack("<HHH", 0, 0, 8) + "コメント".encode("cp932"))
    cells += rec(0x0A)
    second = rec(0x809, struct.pack("<HHHH", bof, 0x10, 0, 0) + b"\0" * 8) + label(0, 0, "裏の表") + rec(0x0A)
    names = ["名簿", "裏"]
    bounds = lambda a, b: b"".join(rec(0x85, struct.pack("<IBB", at, hidden, 0) + (text8(n, "<B") if wide else bytes([len(n.encode("cp932"))]) + n.encode("cp932")))
                                   for n, at, hidden in ((names[0], a, 0), (names[1], b, 1)))
    size = len(head) + len(bounds(0, 0)) + len(sst) + 4
    return head + bounds(size, size + len(cells)) + sst + rec(0x0A) + cells + second


def workbooks():
    write("cfb/book.xls", compound({"Workbook": workbook(), "\x05SummaryInformation": summary("表題の例", "作成 太郎"),
                                    "_SX_DB_CUR": {"0001": rec(0xCD, text8("隠れた元の値"))},
                                    "MBD00000001": {"\x01Ole10Native": b"\x0c\0\0\0packed text\n"}}))
    write("cfb/book5.xls", compound({"Book": workbook(False)}))


# ---------------------------------------------------------------- documents (MS-DOC)
def page(fcs, props, paragraphs):
    """A formatting page: file offsets, then for each run where its properties stand."""
    out, end = bytearray(512), 510
    out[:4 * len(fcs)] = b"".join(struct.pack("<I", x) for x in fcs)
    for i, sprms in enumerate(props):
        if not sprms:
            continue
        raw = b"\0\0" + sprms if paragraphs else sprms
        if paragraphs:
            raw = (bytes([(len(raw) + 1) // 2]) + raw) if len(raw) % 2 else b"\0" + bytes([len(raw) // 2]) + raw
        else:
            raw = bytes([len(raw)]) + raw
        end = (end - len(raw)) & ~1
        out[end:end + len(raw)] = raw
        out[4 * len(fcs) + i * (13 if paragraphs else 1)] = end // 2
    out[511] = len(props)
    return bytes(out)


def document():
    narrow = b"Tel\x92s "  # 1252: right quotation mark
    head, row1, row2, tail = "見出し\r", "氏名\x07電話\x07", "山田太郎\x0703-0000-0000\x07", "\x13 HYPERLINK \"mailto:a@example.jp\" \x14表示\x15末尾"
    gone, header = "消した字", "取扱注意\r"
    mark = "\x07"
    parts = [head, row1, mark, row2, mark, tail, gone, "\r", header]
    base, at, offs = 0x400 + 16, 0, []
    for p in parts:
        offs.append(base + 2 * at)
        at += len(p)
    offs.append(base + 2 * at)
    wide = u("".join(parts))
    fib = bytearray(0x400)
    struct.pack_into("<HHHHHH", fib, 0, 0xA5EC, 0xC1, 0, 0x411, 0, 0x0200)
    body = len(narrow) + at - len(header)
    struct.pack_into("<III", fib, 0x4C, body, 0, len(header))
    it, ttp = struct.pack("<HB", 0x2416, 1), struct.pack("<HB", 0x2417, 1)
    papx = page([0x400, offs[1], offs[2], offs[3], offs[4], offs[5], offs[9]], [b"", it, it + ttp, it, it + ttp, b""], True)
    chpx = page([0x400, offs[6], offs[7], offs[9]], [b"", struct.pack("<HB", 0x083C, 1), b""], False)
    stream = bytes(fib) + narrow.ljust(16, b"\0") + wide
    stream = stream.ljust(-(-len(stream) // 512) * 512, b"\0")
    pn = len(stream) // 512
    stream += papx + chpx
    cps = [0, len(narrow), len(narrow) + at]
    pcds = struct.pack("<HIH", 0, 0x400 * 2 | 0x40000000, 0) + struct.pack("<HIH", 0, base, 0)
    plc = b"".join(struct.pack("<I", c) for c in cps) + pcds
    clx = b"\x02" + struct.pack("<I", len(plc)) + plc
    bte = lambda n: struct.pack("<III", 0x400, offs[9], n)
    table = clx + bte(pn) + bte(pn + 1)
    stream = bytearray(stream)
    struct.pack_into("<II", stream, 0x1A2, 0, len(clx))
    struct.pack_into("<II", stream, 0x102, len(clx), 12)
    struct.pack_into("<II", stream, 0xFA, len(clx) + 12, 12)
    write("cfb/letter.doc", compound({"WordDocument": bytes(stream), "1Table": table, "\x05SummaryInformation": summary("文書の題", "書いた人"),
                                      "ObjectPool": {"_1": {"Workbook": workbook()}}}))
    old = bytearray(0x300)
    text = "旧版の文\r氏名\x07山田\x07\x07終わり\r".encode("cp932")
    struct.pack_into("<HHHHHH", old, 0, 0xA5DC, 0x68, 0, 0x411, 0, 0)
    struct.pack_into("<II", old, 0x18, 0x300, 0x300 + len(text))
    struct.pack_into("<I", old, 0x34, len(text))
    write("cfb/word95.doc", compound({"WordDocument": bytes(old) + text}))


# ---------------------------------------------------------------- presentations (MS-PPT)
def atom(t, body, instance=0):
    return struct.pack("<HHI", instance << 4, t, len(body)) + body


def box(t, body, instance=0):
    return struct.pack("<HHI", instance << 4 | 15, t, len(body)) + body


def shape(s, left, top):
    return box(0xF004, atom(0xF00F, struct.pack("<iiii", left, top, left + 10, top + 10)) + box(0xF00D, atom(4000, u(s))))


def show():
    table = box(0xF003, box(0xF004, atom(0xF122, struct.pack("<HI", 0x039F, 1), 1)) + shape("電話", 100, 0) + shape("氏名", 0, 0) +
                shape("山田太郎", 0, 50) + shape("03-0000-0000", 100, 50))
    inside = compound({"\x01Ole10Native": b"\x0c\0\0\0packed text\n"})
    slide = lambda *x: box(0x3EE, b"".join(x))
    old = slide(atom(4000, u("古い版の文")))
    one = slide(atom(4008, b"caf\xe9\rsecond"), table)
    two = slide(atom(0x3F9, b"\0" * 10 + struct.pack("<H", 4) + b"\0" * 4), atom(4000, u("見せない頁")), atom(4026, u("slide name")))
    notes = box(0x3F0, atom(4000, u("発表者の控え")))
    stored = atom(0x1011, struct.pack("<I", len(inside)) + zlib.compress(inside), 1)
    items = [one, two, notes]
    lists = box(0xFF0, atom(0x3F3, struct.pack("<IIIII", 3, 0, 1, 256, 0)) + atom(4000, u("一枚目の題")) +
                atom(0x3F3, struct.pack("<IIIII", 4, 0, 0, 257, 0)), 0)
    doc = box(0x3E8, lists)
    out, offs = old + doc, [len(old)]
    for x in items:
        offs.append(len(out))
        out += x
    offs[1:] = offs[1:]
    out += stored
    directory = len(out)
    out += atom(0x1772, struct.pack("<I", 2 | 4 << 20) + struct.pack("<IIII", offs[0], offs[1], offs[2], offs[3]))
    edit = len(out)
    out += atom(0xFF5, struct.pack("<IHBBIIII", 0, 0, 0, 3, 0, directory, 2, 5) + b"\0" * 4)
    user = atom(0xFF6, struct.pack("<III", 0x14, 0xE391C05F, edit) + b"\0" * 8)
    write("cfb/show.ppt", compound({"Current User": user, "PowerPoint Document": out}))


if __name__ == "__main__":
    mails()
    messages()
    workbooks()
    document()
    show()
