#!/usr/bin/env python3
"""Writes tests/corpus/cfb/open-*.xls and open-standard.xlsx: the workbooks of make_mail.py encrypted as MS-XLS 2.2.10 and MS-OFFCRYPTO 2.3.5 and 2.3.7 say, with the
password that Excel uses when only the structure is protected, and locked-xor.xls with another one. LibreOffice opens the former without asking.
open-rc4.xls (2.3.6) is not made here: LibreOffice 7.4 wrote it, from a sheet with table:structure-protected.

Usage: make_xls_crypt.py [FOLDER]   (default: the folder of this script)
"""
import hashlib
import os
import struct
import sys

from make_mail import compound, rec, workbook
from make_ooxml import aes_block, book, sheet

OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
CLEAR = {0x809, 0x2F, 0x194, 0x195, 0xE1, 0x196, 0x138}
MATRIX = [0xAEFC, 0x4DD9, 0x9BB2, 0x2745, 0x4E8A, 0x9D14, 0x2A09, 0x7B61, 0xF6C2, 0xFDA5, 0xEB6B, 0xC6F7, 0x9DCF, 0x2BBF, 0x4563, 0x8AC6, 0x05AD, 0x0B5A, 0x16B4, 0x2D68, 0x5AD0,
          0x0375, 0x06EA, 0x0DD4, 0x1BA8, 0x3750, 0x6EA0, 0xDD40, 0xD849, 0xA0B3, 0x5147, 0xA28E, 0x553D, 0xAA7A, 0x44D5, 0x6F45, 0xDE8A, 0xAD35, 0x4A4B, 0x9496, 0x390D, 0x721A,
          0xEB23, 0xC667, 0x9CEF, 0x29FF, 0x53FE, 0xA7FC, 0x5FD9, 0x47D3, 0x8FA6, 0x0F6D, 0x1EDA, 0x3DB4, 0x7B68, 0xF6D0, 0xB861, 0x60E3, 0xC1C6, 0x93AD, 0x377B, 0x6EF6, 0xDDEC,
          0x45A0, 0x8B40, 0x06A1, 0x0D42, 0x1A84, 0x3508, 0x6A10, 0xAA51, 0x4483, 0x8906, 0x022D, 0x045A, 0x08B4, 0x1168, 0x76B4, 0xED68, 0xCAF1, 0x85C3, 0x1BA7, 0x374E, 0x6E9C,
          0x3730, 0x6E60, 0xDCC0, 0xA9A1, 0x4363, 0x86C6, 0x1DAD, 0x3331, 0x6662, 0xCCC4, 0x89A9, 0x0373, 0x06E6, 0x0DCC, 0x1021, 0x2042, 0x4084, 0x8108, 0x1231, 0x2462, 0x48C4]
CODES = [0xE1F0, 0x1D0F, 0xCC9C, 0x84C0, 0x110C, 0x0E10, 0xF1CE, 0x313E, 0x1872, 0xE139, 0xD40F, 0x84F9, 0x280C, 0xA96A, 0x4EC3]
PAD = [0xBB, 0xFF, 0xFF, 0xBA, 0xFF, 0xFF, 0xB9, 0x80, 0x00, 0xBE, 0x0F, 0x00, 0xBF, 0x0F, 0x00]


def rc4(key):
    s, j = list(range(256)), 0
    for i in range(256):
        j = (j + s[i] + key[i % len(key)]) & 255
        s[i], s[j] = s[j], s[i]
    i = j = 0
    while True:
        i = (i + 1) & 255
        j = (j + s[i]) & 255
        s[i], s[j] = s[j], s[i]
        yield s[(s[i] + s[j]) & 255]


def with_filepass(stream, filepass):
    """Behind the first record; sheets move by as much."""
    at = 4 + struct.unpack_from("<H", stream, 2)[0]
    out = bytearray(stream[:at] + filepass + stream[at:])
    pos = 0
    while pos + 4 <= len(out):
        kind, n = struct.unpack_from("<HH", out, pos)
        if kind == 0x85:
            struct.pack_into("<I", out, pos + 4, struct.unpack_from("<I", out, pos + 4)[0] + len(filepass))
        pos += 4 + n
    return out


def bodies(stream):
    pos = 0
    while pos + 4 <= len(stream):
        kind, n = struct.unpack_from("<HH", stream, pos)
        skip = n if kind in CLEAR else 4 if kind == 0x85 else 0
        yield pos + 4 + skip, pos + 4 + n
        pos += 4 + n


def xor_parts(password):
    verifier = 0
    for b in reversed([len(password)] + list(password)):
        verifier = (verifier >> 14 & 1 | verifier * 2 & 0x7FFF) ^ b
    key, element = CODES[len(password) - 1], 0x68
    for c in reversed(password):
        for _ in range(7):
            if c & 0x40:
                key ^= MATRIX[element]
            c, element = c * 2, element - 1
    ror = lambda a, b: ((a ^ b) >> 1 | (a ^ b) << 7) & 255
    high, low = key >> 8, key & 255
    array, i = [0] * 16, len(password)
    if i % 2:
        array[i] = ror(PAD[0], high)
        array[i - 1] = ror(password[-1], low)
        i -= 1
    while i > 0:
        array[i - 1] = ror(password[i - 1], high)
        array[i - 2] = ror(password[i - 2], low)
        i -= 2
    i, k = 15, 15 - len(password)
    while k > 0:
        array[i] = ror(PAD[k], high)
        array[i - 1] = ror(PAD[k - 1], low)
        i, k = i - 2, k - 2
    return key, verifier ^ 0xCE4B, array


def rotate(v):
    return (v << 5 & 255) | v >> 3


def xor_encrypt(stream, password, wide):
    key, verifier, array = xor_parts(password)
    out = with_filepass(stream, rec(0x2F, (struct.pack("<H", 0) if wide else b"") + struct.pack("<HH", key, verifier)))
    pos = 0
    while pos + 4 <= len(out):
        kind, n = struct.unpack_from("<HH", out, pos)
        skip = n if kind in CLEAR else 4 if kind == 0x85 else 0
        first = (pos + 4 + n) % 16  # of the body's first byte
        for i in range(skip, n):
            out[pos + 4 + i] = rotate(out[pos + 4 + i]) ^ array[(first + i) % 16]
        pos += 4 + n
    return bytes(out)


def api_encrypt(stream, password, bits):
    salt, verifier = bytes(range(1, 17)), bytes(range(100, 116))
    h0 = hashlib.sha1(salt + password.decode().encode("utf-16-le")).digest()

    def key(block):
        k = hashlib.sha1(h0 + struct.pack("<I", block)).digest()[:bits // 8]
        return k.ljust(16, b"\0") if bits == 40 else k

    gen = rc4(key(0))
    locked = bytes(b ^ next(gen) for b in verifier + hashlib.sha1(verifier).digest())
    header = struct.pack("<IIIIIIII", 4, 0, 0x6801, 0x8004, bits, 1, 0, 0) + "RC4\0".encode("utf-16-le")
    body = struct.pack("<HHHII", 1, 4, 2, 4, len(header)) + header + struct.pack("<I", 16) + salt + locked[:16] + struct.pack("<I", 20) + locked[16:]
    out = with_filepass(stream, rec(0x2F, body))
    hidden = set()
    for begin, end in bodies(bytes(out)):
        hidden.update(range(begin, end))
    gen = None
    for i in range(len(out)):
        if i % 1024 == 0:
            gen = rc4(key(i // 1024))
        k = next(gen)
        if i in hidden:
            out[i] ^= k
    return bytes(out)


def standard_package(package, password):
    """MS-OFFCRYPTO 2.3.4.5 to 2.3.4.9: AES-128 in ECB mode, 50,000 turns of SHA-1."""
    salt, verifier = bytes(range(1, 17)), bytes(range(100, 116))
    h = hashlib.sha1(salt + password.decode().encode("utf-16-le")).digest()
    for i in range(50000):
        h = hashlib.sha1(struct.pack("<I", i) + h).digest()
    h = hashlib.sha1(h + bytes(4)).digest()
    key = hashlib.sha1(bytes(0x36 ^ b for b in h.ljust(64, b"\0"))).digest()[:16]
    ecb = lambda data: b"".join(aes_block(key, data[i:i + 16].ljust(16, b"\0")) for i in range(0, len(data), 16))
    header = struct.pack("<IIIIIIII", 0x24, 0, 0x660E, 0x8004, 128, 24, 0, 0) + "Microsoft Enhanced RSA and AES Cryptographic Provider\0".encode("utf-16-le")
    info = struct.pack("<HHII", 3, 2, 0x24, len(header)) + header + struct.pack("<I", 16) + salt + ecb(verifier) + struct.pack("<I", 20) + ecb(hashlib.sha1(verifier).digest())
    return {"EncryptionInfo": info, "EncryptedPackage": struct.pack("<Q", len(package)) + ecb(package)}


def write(name, tree):
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(compound(tree))


if __name__ == "__main__":
    password = b"VelvetSweatshop"
    assert xor_parts(password)[:2] == (0xB359, 0x9A0A)  # as in every such file that Excel wrote
    write("cfb/open-xor.xls", {"Workbook": xor_encrypt(workbook(), password, True)})
    write("cfb/open-xor5.xls", {"Book": xor_encrypt(workbook(False), password, False)})
    write("cfb/open-api.xls", {"Workbook": api_encrypt(workbook(), password, 128)})
    write("cfb/open-api40.xls", {"Workbook": api_encrypt(workbook(), password, 40)})
    write("cfb/locked-xor.xls", {"Workbook": xor_encrypt(workbook(), b"anotherpassword", True)})
    small = book([("S", sheet("".join('<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (i, i, i * 1001) for i in range(1, 40))), None)])
    write("cfb/open-standard.xlsx", standard_package(small, password))
