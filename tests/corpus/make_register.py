#!/usr/bin/env python3
"""Seeds of fuzz_register: first byte 1 = the target mends the sums; then an index as detect/register.h tells it, written without Sekisho."""
import os
import random
import struct

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "register")


def index(keys, bits, n=None, first=None, magic=b"SKREG1\n\0", records=3):
    slots = 1 << bits
    table = first or [sum((k >> (64 - bits) if bits else 0) < i for k in keys) for i in range(slots)] + [len(keys)]
    head = magic + struct.pack("<QIIqQQ", len(keys) if n is None else n, bits, 0, 20000, 0, records) + bytes(32)
    return head.ljust(128, b"\0") + struct.pack("<%dQ" % len(table), *table) + struct.pack("<%dQ" % len(keys), *keys)


def main():
    os.makedirs(HERE, exist_ok=True)
    rng = random.Random(8)
    keys = sorted(rng.getrandbits(64) for _ in range(40))
    seeds = {
        "good": b"\1" + index(keys, 2),
        "one_slot": b"\1" + index(keys[:3], 0),
        "empty": b"\1" + index([], 0),
        "unmended": b"\0" + index(keys, 2),
        "unsorted_keys": b"\1" + index(keys[::-1], 2),
        "first_falls": b"\1" + index(keys, 2, first=[0, 30, 10, 35, 40]),
        "first_behind_end": b"\1" + index(keys, 2, first=[0, 10, 20, 2 ** 63, 40]),
        "first_from_middle": b"\1" + index(keys, 2, first=[7, 10, 20, 30, 40]),
        "many_keys_said": b"\1" + index(keys, 2, n=2 ** 40),
        "wrapping_n": b"\1" + index(keys, 2, n=2 ** 61),
        "many_bits": b"\1" + index(keys, 2)[:16] + struct.pack("<I", 24) + index(keys, 2)[20:],
        "other_magic": b"\1" + index(keys, 2, magic=b"SKREG2\n\0"),
        "cut": b"\1" + index(keys, 2)[:-4],
        "header_only": b"\1" + index(keys, 2)[:128],
        "short": b"\1SKREG1\n",
    }
    for name, data in seeds.items():
        with open(os.path.join(HERE, name), "wb") as f:
            f.write(data)


if __name__ == "__main__":
    main()
