#!/usr/bin/env python3
"""Seeds of mail and of the old Office formats. The structures are written from their specifications (RFC 5322, 2045-2047, 2231; MS-CFB,
MS-OXMSG, MS-XLS, MS-DOC, MS-PPT), so that the tests have a truth that no reader of ours produced. All people are invented."""
import base64
import os
import quopri
import struct
import sys

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
    import binascii
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


if __name__ == "__main__":
    mails()
