#!/usr/bin/env python3
"""Writes the archive seeds into archive/ (python3, standard library only). Output does not change from run to run.

Every archive holds 名簿.csv (CP932 text below) unless its name says otherwise. RAR, 7z and CAB are written here byte by byte from
their published descriptions: stored, with right checksums."""
import bz2, gzip, io, lzma, os, struct, tarfile, zlib

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "archive")
NAME = "名簿.csv"
TEXT = "氏名,番号\r\n山田太郎,１２\r\n鈴木花子,３４\r\n".encode("cp932")


def put(name, data):
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)
    return data


def tar(members, fmt, encoding="utf-8"):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=fmt, encoding=encoding) as t:
        for name, data in members:
            info = tarfile.TarInfo(name)
            if data is None:
                info.type = tarfile.DIRTYPE
                data = b""
            elif isinstance(data, str):
                info.type, info.linkname, data = tarfile.SYMTYPE, data, b""
            info.size, info.mtime = len(data), 1790000000
            t.addfile(info, io.BytesIO(data))
    return raw.getvalue()


def gz(data, name=""):
    out = io.BytesIO()
    with gzip.GzipFile(filename=name, fileobj=out, mode="wb", mtime=1790000000) as g:
        g.write(data)
    return out.getvalue()


# ---- 7z (7zFormat.txt of the LZMA SDK)
def num(n):
    if n < 0x80:
        return bytes([n])
    if n < 0x4000:
        return bytes([0x80 | n >> 8, n & 0xFF])
    return b"\xff" + struct.pack("<Q", n)


def seven(header, blob):
    start = struct.pack("<QQI", len(blob), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + blob + header


def streams(blob, coder, size, crc):
    h = b"\x06" + num(0) + num(1) + b"\x09" + num(len(blob)) + b"\x00"
    h += b"\x07\x0b" + num(1) + b"\x00" + num(1) + coder + b"\x0c" + num(size)
    if crc is not None:
        h += b"\x0a\x01" + struct.pack("<I", crc)
    return h + b"\x00"


COPY = b"\x01\x00"
AES = b"\x24\x06\xf1\x07\x01" + num(2 + 16) + b"\x53\x0f" + bytes(range(16))  # 2^19 rounds, no salt, 16 bytes of IV


def seven_zip(coder, blob, size, crc):
    names = b"\x00" + NAME.encode("utf-16-le") + b"\0\0"
    h = b"\x01\x04" + streams(blob, coder, size, None) + b"\x08\x0a\x01" + struct.pack("<I", crc) + b"\x00\x00"
    h += b"\x05" + num(1) + b"\x11" + num(len(names)) + names + b"\x00\x00"
    return seven(h, blob)


# ---- CAB ([MS-CAB]), one folder, not compressed
def cab(name, data):
    raw = name.encode("cp932") + b"\0"
    block = struct.pack("<HH", len(data), len(data)) + data
    files = struct.pack("<IIHHHH", len(data), 0, 0, 0x5D41, 0x4800, 0x20) + raw
    off_files = 36 + 8
    off_data = off_files + len(files)
    total = off_data + 4 + len(block)
    head = b"MSCF" + struct.pack("<IIIIIBBHHHHH", 0, total, 0, off_files, 0, 3, 1, 1, 1, 0, 7, 0)
    folder = struct.pack("<IHH", off_data, 1, 0)
    return head + folder + files + struct.pack("<I", 0) + block


# ---- RAR 4 and 5, stored
def rar4_block(kind, flags, body):
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def rar4(members, main_flags=0, end_flags=0x4000):
    out = b"Rar!\x1a\x07\x00" + rar4_block(0x73, main_flags, b"\0" * 6)
    for name, data, flags in members:
        raw = name.encode("ascii")
        body = struct.pack("<IIBIIBBHI", len(data), len(data), 2, zlib.crc32(data), 0x5D414800, 29, 0x30, len(raw), 0x20)
        body += raw + (b"saltsalt" if flags & 4 else b"")
        out += rar4_block(0x74, 0x8000 | flags | (0x400 if flags & 4 else 0), body) + data
    return out + rar4_block(0x7B, end_flags, b"")


def vint(n):
    out = bytearray()
    while True:
        out.append(n & 0x7F | (0x80 if n > 0x7F else 0))
        n >>= 7
        if not n:
            return bytes(out)


def rar5_block(body):
    data = vint(len(body)) + body
    return struct.pack("<I", zlib.crc32(data)) + data


def rar5(members, main=0, head=b"", end=0):
    out = b"Rar!\x1a\x07\x01\x00" + head + rar5_block(vint(1) + vint(0) + vint(main))
    for name, data, encrypted in members:
        raw = name.encode("utf-8")
        extra = b""
        if encrypted:  # version 0, flags 1 = check value, 2 = checksums are MACs; 2^15 rounds, salt, IV, check
            record = vint(1) + vint(0) + vint(encrypted) + bytes([15]) + b"S" * 16 + b"I" * 16 + b"C" * 12
            extra = vint(len(record)) + record
        body = vint(2) + vint(2 | (1 if extra else 0)) + (vint(len(extra)) if extra else b"") + vint(len(data))
        body += vint(4) + vint(len(data)) + vint(0x20) + struct.pack("<I", zlib.crc32(data)) + vint(0) + vint(0) + vint(len(raw)) + raw + extra
        out += rar5_block(body) + data
    return out + rar5_block(vint(5) + vint(0) + vint(end))


# ---- cpio newc
def cpio(members):
    out = b""
    for name, data in members + [("TRAILER!!!", b"")]:
        raw = name.encode() + b"\0"
        f = [1, 0o100644, 0, 0, 1, 1790000000, len(data), 0, 0, 0, 0, len(raw), 0]
        head = b"070701" + b"".join(b"%08X" % x for x in f) + raw
        out += head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4)
    return out


def main():
    os.makedirs(OUT, exist_ok=True)
    plain = put("gnu.tar", tar([("dir", None), ("dir/" + NAME, TEXT), ("link", "dir/" + NAME)], tarfile.GNU_FORMAT))
    put("pax.tar", tar([("長い名前" * 40 + ".csv", TEXT)], tarfile.PAX_FORMAT))
    put("cp932-name.tar", tar([(NAME, TEXT)], tarfile.GNU_FORMAT, "cp932"))
    put("home.tar.gz", gz(plain))
    put("nested.tar.gz", gz(tar([("a.tgz", gz(plain)), ("b.txt.bz2", bz2.compress(TEXT))], tarfile.GNU_FORMAT)))
    put("cut.tar.gz", gz(tar([("a.txt", b"first\r\n"), ("b.txt", bytes(range(32, 127)) * 3000)], tarfile.GNU_FORMAT))[:-200])
    put("名簿.csv.gz", gz(TEXT, "x"))
    put("名簿.csv.bz2", bz2.compress(TEXT))
    put("名簿.csv.xz", lzma.compress(TEXT))
    put("名簿.csv.lzma", lzma.compress(TEXT, format=lzma.FORMAT_ALONE))
    put("empty.gz", gz(b""))
    put("two.gz", gz(b"one\n") + gz(b"two\n"))
    put("copy.7z", seven_zip(COPY, TEXT, len(TEXT), zlib.crc32(TEXT)))
    cipher = bytes((i * 37 + 11) & 0xFF for i in range(-(-len(TEXT) // 16) * 16))
    put("aes.7z", seven_zip(AES, cipher, len(TEXT), zlib.crc32(TEXT)))
    put("aes-header.7z", seven(b"\x17" + streams(cipher, AES, 60, 0x12345678) + b"\x00", cipher))
    put("stored.cab", cab("資料\\" + NAME, TEXT))
    put("stored-4.rar", rar4([("a.csv", TEXT, 0)]))
    put("stored-5.rar", rar5([("資料/" + NAME, TEXT, 0)]))
    put("aes-4.rar", rar4([("a.csv", cipher, 4), ("b.csv", cipher, 4)]))
    put("aes-5.rar", rar5([(NAME, cipher, 1), ("b.csv", cipher, 3)]))
    put("aes-header-4.rar", rar4([], 0x80))
    put("aes-header-5.rar", b"Rar!\x1a\x07\x01\x00" + rar5_block(vint(4) + vint(0) + vint(0) + vint(0) + bytes([15]) + b"S" * 16) + cipher)
    put("volume-5.rar", rar5([("a.csv", TEXT, 0)], main=1, end=1))
    put("newc.cpio", cpio([(NAME, TEXT)]))
    put("static.a", b"!<arch>\n" + b"a.csv/          1790000000  0     0     100644  %-10d`\n" % len(TEXT) + TEXT + b"\n" * (len(TEXT) % 2))
    put("bomb.gz", gz(b"\x01" * 3000000))
    put("zeros-first.gz", gz(b"\0" * 2048 + TEXT))


if __name__ == "__main__":
    main()
