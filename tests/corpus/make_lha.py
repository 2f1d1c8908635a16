#!/usr/bin/env python3
"""Writes the LHA seeds into lha/ (python3, standard library only): the old methods and every level of header, byte by byte from their
published descriptions. jlha-*.lzh and the like were written by other programs and stay as they are.

Every archive holds the CP932 text below unless its name says otherwise."""
import os, struct

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "lha")
NAME = "名簿.csv"
TEXT = "氏名,番号\r\n山田太郎,１２\r\n鈴木花子,３４\r\n".encode("cp932")


def crc16(data):
    crc = 0
    for b in data:
        crc ^= b
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


# ---- methods
def bits(pairs):
    value = "".join(format(v, "0%db" % n) for v, n in pairs)
    value += "0" * (-len(value) % 8)
    return bytes(int(value[i:i + 8], 2) for i in range(0, len(value), 8))


def lzs(data):  # LArc: a bit 1 and a byte, or 0, 11 bits of place in the ring, 4 of length - 2
    return bits([x for b in data for x in ((1, 1), (b, 8))])


def lz5(data):  # LArc: flags for eight, lowest first
    out = b""
    for i in range(0, len(data), 8):
        out += b"\xff" + data[i:i + 8]
    return out


def lh1(data):  # LHarc: LZHUF's adaptive Huffman code, bytes only (Okumura, Yoshizaki 1988)
    n, t, root = 314, 627, 626
    freq, son, parent = [1] * n + [0] * (t - n) + [0xFFFF], [i + t for i in range(n)] + [0] * (t - n), [0] * (t + n)
    for i in range(n):
        parent[i + t] = i
    for j, i in enumerate(range(0, 2 * (t - n), 2), n):
        freq[j], son[j] = freq[i] + freq[i + 1], i
        parent[i] = parent[i + 1] = j
    pairs = []
    for b in data:
        path, k = "", parent[b + t]
        while k != root:
            path += str(k & 1)
            k = parent[k]
        pairs.append((int(path[::-1], 2), len(path)))
        c = parent[b + t]
        while True:
            freq[c] += 1
            k, l = freq[c], c + 1
            if k > freq[l]:
                while k > freq[l + 1]:
                    l += 1
                freq[c], freq[l] = freq[l], k
                i, j = son[c], son[l]
                parent[i] = l
                if i < t:
                    parent[i + 1] = l
                parent[j] = c
                if j < t:
                    parent[j + 1] = c
                son[l], son[c], c = i, j, l
            c = parent[c]
            if c == 0:
                break
    return bits(pairs)


# ---- headers
def level0(raw, method, packed, data, crc=None):
    crc = crc16(data) if crc is None else crc
    body = method + struct.pack("<IIHHBBB", len(packed), len(data), 0x4800, 0x5D41, 0x20, 0, len(raw)) + raw + struct.pack("<H", crc)
    return bytes([len(body), sum(body) & 0xFF]) + body + packed


def chain(exts, wide=False):
    """The first length, and the extensions each with the length of the next behind it."""
    code, extra = ("<I", 5) if wide else ("<H", 3)
    sizes = [len(d) + extra for _, d in exts] + [0]
    out = b""
    for (kind, data), following in zip(exts, sizes[1:]):
        out += bytes([kind]) + data + struct.pack(code, following)
    return struct.pack(code, sizes[0]), out


def level1(raw, method, packed, data, exts):
    first, rest = chain(exts)
    body = method + struct.pack("<IIHHBBB", len(packed) + len(rest), len(data), 0x4800, 0x5D41, 0x20, 1, len(raw)) + raw
    body += struct.pack("<HB", crc16(data), 0x4D) + first
    return bytes([len(body), sum(body) & 0xFF]) + body + rest + packed


def level2(method, packed, data, exts):
    def header(crc):  # extension 0 holds the sum of the header, itself taken as zero
        first, rest = chain([(0, struct.pack("<H", crc))] + exts)
        body = method + struct.pack("<IIIBBHB", len(packed), len(data), 1790000000, 0x20, 2, crc16(data), 0x77) + first + rest
        return struct.pack("<H", len(body) + 2) + body
    return header(crc16(header(0))) + packed


def level3(method, packed, data, exts):
    first, rest = chain(exts, True)
    return (b"\x04\0" + method + struct.pack("<IIIBBHB", len(packed), len(data), 1790000000, 0x20, 3, crc16(data), 0x77) +
            struct.pack("<I", 28 + 4 + len(rest)) + first + rest + packed)


def put(name, data):
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)


def main():
    os.makedirs(OUT, exist_ok=True)
    raw = NAME.encode("cp932")
    stored = level0(raw, b"-lh0-", TEXT, TEXT)
    put("level0.lzh", stored + level0("表ソ.txt".encode("cp932"), b"-lh0-", b"x\r\n", b"x\r\n") + b"\0")
    put("level0-folder.lzh", level0("資料\\表ソ\\".encode("cp932") + raw, b"-lh0-", TEXT, TEXT) + b"\0")
    put("level1.lzh", level1(raw, b"-lh0-", TEXT, TEXT, [(2, "資料".encode("cp932") + b"\xff" + "表ソ".encode("cp932") + b"\xff")]) + b"\0")
    folder = "資料".encode("cp932") + b"\xff" + "表ソ".encode("cp932") + b"\xff"
    put("level2.lzh", level2(b"-lh0-", TEXT, TEXT, [(1, raw), (2, folder)]) + b"\0")
    put("level3.lzh", level3(b"-lh0-", TEXT, TEXT, [(1, raw), (2, folder)]) + b"\0")
    put("utf16.lzh", level2(b"-lh0-", TEXT, TEXT, [(1, b"meibo.csv"), (0x44, "髙橋🍣.csv".encode("utf-16-le")), (0x45, "資料\uffff".encode("utf-16-le"))]) + b"\0")
    put("lz4.lzh", level0(raw, b"-lz4-", TEXT, TEXT) + b"\0")
    put("lz5.lzh", level0(raw, b"-lz5-", lz5(TEXT), TEXT) + b"\0")
    put("lzs.lzh", level0(raw, b"-lzs-", lzs(TEXT), TEXT) + b"\0")
    put("lh1.lzh", level0(raw, b"-lh1-", lh1(TEXT), TEXT) + b"\0")
    put("lh3-unread.lzh", level0(raw, b"-lh3-", TEXT, TEXT) + stored + b"\0")
    put("folder-and-link.lzh", level0(b"d\\", b"-lhd-", b"", b"") + stored + b"\0")
    put("wrong-crc.lzh", level0(b"a.csv", b"-lh0-", TEXT, TEXT, 1) + stored + b"\0")
    put("cut.lzh", stored + level0(b"b.txt", b"-lh0-", b"x" * 500, b"x" * 500)[:-400])
    put("broken-middle.lzh", level0(b"a.csv", b"-lh0-", TEXT, TEXT) + b"\x99" * 50 + stored + b"\0")
    put("two-joined.lzh", level0(b"a.csv", b"-lh0-", TEXT, TEXT) + b"\0" + b"\0" * 60 + stored + b"\0")


if __name__ == "__main__":
    main()
