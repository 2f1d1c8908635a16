#!/usr/bin/env python3
"""Writes self-extracting seeds into exe/: a Windows program's header, code that holds the signatures of archives as such programs do, and
an archive of archive/ or lha/ (standard library only)."""
import os, struct

HERE = os.path.dirname(os.path.abspath(__file__))
STUB = (b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff".ljust(60, b"\0") + struct.pack("<I", 128)).ljust(128, b"\0") + b"PE\0\0".ljust(400, b"\x90") + \
    b"7z\xbc\xaf\x27\x1c\0\0 Rar!\x1a\x07\0 Rar!\x1a\x07\x01\0 MSCF\0\0\0\0 -lh5- " + b"\xcc" * 70000


def main():
    os.makedirs(os.path.join(HERE, "exe"), exist_ok=True)
    cab = b""
    for name in ("archive/copy.7z", "archive/stored-4.rar", "archive/stored-5.rar", "archive/stored.cab", "lha/level2.lzh"):
        with open(os.path.join(HERE, name), "rb") as f:
            data = f.read()
        cab = data if name.endswith("cab") else cab
        with open(os.path.join(HERE, "exe", os.path.basename(name) + ".exe"), "wb") as f:
            f.write(STUB[:600] + STUB[-1000:] + data if "rar" in name else STUB + data)
    for name, data in (("two-cabinets.exe", STUB[:900] + cab + b"resources" + cab + b"end"), ("plain.exe", STUB[:2000])):
        with open(os.path.join(HERE, "exe", name), "wb") as f:
            f.write(data)


if __name__ == "__main__":
    main()
