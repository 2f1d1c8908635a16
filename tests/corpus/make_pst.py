#!/usr/bin/env python3
"""Writes small Outlook data files into pst/ from MS-PST (standard library only): one page for each tree, one block for each node.
All people are invented."""
import os, struct, zlib

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "pst")


class Store:
    def __init__(self, wide=True, large=False, method=0, table=None):
        self.wide, self.large, self.method, self.table = wide, large, method, table
        self.blocks, self.nodes, self.bid = [], [], 4

    def w(self, v):
        return struct.pack("<Q" if self.wide else "<I", v)

    def block(self, data, internal=False):
        bid = self.bid | (2 if internal else 0)
        self.bid += 4
        whole = len(data)
        if self.method == 1 and not internal:
            data = bytes(self.table.index(b) for b in data)
        if self.large and not internal and whole > 100:
            data = zlib.compress(data)
        self.blocks.append((bid, data, whole))
        return bid

    def long(self, parts):
        """Data in several blocks."""
        bids = [self.block(p) for p in parts]
        return self.block(struct.pack("<BBHI", 1, 1, len(bids), sum(map(len, parts))) + b"".join(self.w(b) for b in bids), True)

    def subnodes(self, items):
        """items: nid -> (data, sub)"""
        out = struct.pack("<BBH", 2, 0, len(items)) + (b"\0" * 4 if self.wide else b"")
        for nid in sorted(items):
            out += self.w(nid) + self.w(items[nid][0]) + self.w(items[nid][1])
        return self.block(out, True)

    def heap(self, kind, items, root):
        at, offs, body = 12, [], b""
        for i in items:
            offs.append(at)
            body += i
            at += len(i)
        offs.append(at)
        page = struct.pack("<HBBII", at + at % 2, 0xEC, kind, root, 0) + body + b"\0" * (at % 2)
        return page + struct.pack("<HH", len(items), 0) + b"".join(struct.pack("<H", o) for o in offs)

    def hid(self, index):
        return index << 5

    def properties(self, props):
        """props: id -> (type, value); a value that is an int stands in the record, bytes in the heap."""
        items, records = [None, None], b""
        for pid in sorted(props):
            kind, value = props[pid]
            if isinstance(value, str):
                value = value.encode("utf-16-le" if kind == 0x1F else "cp932")
            if isinstance(value, bytes):
                items.append(value)
                value = self.hid(len(items))
            records += struct.pack("<HHI", pid, kind, value)
        items[0] = struct.pack("<BBBBI", 0xB5, 2, 6, 0, self.hid(2))
        items[1] = records
        return self.heap(0xBC, items, self.hid(1))

    def table_of(self, columns, rows):
        """columns: (id, type, size); four-byte cells first."""
        items, data, at, desc = [None, None], b"", 0, b""
        bits = (len(columns) + 7) // 8
        for i, (pid, kind, size) in enumerate(columns):
            desc += struct.pack("<HHHBB", kind, pid, at, size, i)
            at += size
        for row in rows:
            cells, there = b"", 0
            for i, (pid, kind, size) in enumerate(columns):
                v = row.get(pid)
                if isinstance(v, str):
                    items.append(v.encode("utf-16-le" if kind == 0x1F else "cp932"))
                    v = self.hid(len(items))
                there |= (0x80 >> i) if v is not None else 0
                cells += (v or 0).to_bytes(size, "little")
            data += cells + bytes([there])
        items[0] = struct.pack("<BBHHHHIIII", 0x7C, len(columns), at, at, at, at + bits, 0, self.hid(2), 0, 0)[:22] + desc
        items[1] = data
        return self.heap(0x7C, items, self.hid(1))

    def node(self, nid, parent, data, sub=0):
        self.nodes.append((nid, parent, data, sub))

    def page(self, entries, size, level=0):
        body = b"".join(entries)
        if self.large:
            return body.ljust(4056, b"\0") + struct.pack("<HHBB", len(entries), 200, size, level) + b"\0" * 34
        room = 488 if self.wide else 496
        return body.ljust(room, b"\0") + struct.pack("<BBBB", len(entries), 20, size, level) + b"\0" * (20 if self.wide else 12)

    def save(self, name):
        step = 4096 if self.large else 512
        at, bbt, data = 4 * step, [], b""
        for bid, body, whole in sorted(self.blocks, key=lambda b: b[0]):
            tail = struct.pack("<HH", len(body), whole if self.large else 1)
            bbt.append(self.w(bid) + self.w(at + len(data)) + tail + (b"\0" * 4 if self.wide else b""))
            data += body.ljust(-(-len(body) // 64) * 64 + 64, b"\0")
        nbt = [self.w(n) + self.w(d) + self.w(s) + struct.pack("<I", p) + (b"\0" * 4 if self.wide else b"") for n, p, d, s in sorted(self.nodes)]
        # two levels in the tree of nodes
        half = max(1, len(nbt) // 2)
        keys = [sorted(self.nodes)[0][0], sorted(self.nodes)[half][0]] if len(nbt) > 1 else [0]
        version = 36 if self.large else 23 if self.wide else 14
        h = bytearray(4 * step if self.large else 4 * step)
        h[0:4], h[8:10], h[10:12] = b"!BDN", b"SO" if self.large else b"SM", struct.pack("<H", version)
        root_nodes, root_blocks, leaf = at + len(data), at + len(data) + step, at + len(data) + 2 * step
        if self.wide:
            h[224:232], h[240:248], h[513] = self.w(root_nodes), self.w(root_blocks), self.method
        else:
            h[188:192], h[196:200], h[461] = self.w(root_nodes), self.w(root_blocks), self.method
        size = len(nbt[0])
        pages = self.page([self.w(k) + self.w(0) + self.w(leaf + i * step) for i, k in enumerate(keys)], 24 if self.wide else 12, 1)
        pages += self.page(bbt, len(bbt[0])) + self.page(nbt[:half], size) + self.page(nbt[half:], size)
        os.makedirs(OUT, exist_ok=True)
        with open(os.path.join(OUT, name), "wb") as f:
            f.write(bytes(h) + data + pages)


def message(s, subject, body, t, extra=None, attachments=(), recipients=()):
    props = {0x37: (t, subject), 0x1000: (t, body)}
    props.update(extra or {})
    subs = {}
    for i, (name, method, content) in enumerate(attachments):
        p, sub = {0x3707: (t, name), 0x3705: (3, method)}, 0
        if isinstance(content, tuple):  # a node below: a message, or long data
            sub = s.subnodes({0x2001: content})
            p[0x3701] = (0x0D, struct.pack("<II", 0x2001, 0)) if method == 5 else (0x102, 0x2001)
        else:
            p[0x3701] = (0x102, content)
        subs[(0x100 + i) << 5 | 5] = (s.block(s.properties(p)), sub)
    if recipients:
        subs[0x692] = (s.block(s.table_of([(0x0C15, 3, 4), (0x3001, t, 4), (0x39FE, t, 4)], recipients)), 0)
    return s.block(s.properties(props)), s.subnodes(subs) if subs else 0


def fill(s, t):
    csv = "氏名,番号\r\n山田太郎,１２\r\n".encode("cp932")
    s.node(0x122, 0x122, s.block(s.properties({0x3001: (t, "")})))
    s.node(0x8022, 0x122, s.block(s.properties({0x3001: (t, "受信トレイ")})))
    s.node(0x8042, 0x8022, s.block(s.properties({0x3001: (t, "表ソ能")})))
    long_text = s.long([csv, "鈴木花子,３４\r\n".encode("cp932")])
    inner = message(s, "転送された件名", "内側の本文", t)
    s.node(0x200024, 0x8042, *message(
        s, ("\x01\x05RE: " if t == 0x1F else "\x01\x05RE: ") + "名簿の件", "本文です。\r\n二行目", t,
        {0x1A: (t, "IPM.Note"), 0x0C1A: (t, "担当 太郎"), 0x3FFD: (3, 932), 0x1013: (0x102, b"<html><body><p>page</p></body></html>")},
        [("名簿.csv", 1, csv), ("長い.csv", 1, (long_text, 0)), ("転送", 5, inner)],
        [{0x0C15: 1, 0x3001: "受取 花子", 0x39FE: "hanako@example.jp"}, {0x0C15: 2, 0x3001: "写し 次郎"}]))
    s.node(0x200044, 0x99999, *message(s, "どこにもない", "削除された本文", t, {0x3FFD: (3, 932)}))
    s.node(0x200064, 0x8022, *message(s, "連絡先", "", t, {0x1A: (t, "IPM.Contact"), 0x3FFD: (3, 932), 0x3A08: (t, "090-0000-0000")}))


def main():
    table = open(os.path.join(HERE, "..", "..", "lib", "extract", "pst_cipher.c"), encoding="utf-8").read().split(" I[256] = {")[1].split("}")[0]
    table = [int(x) for x in table.replace("\n", " ").split(",") if x.strip()]
    for name, args, t in (("unicode.pst", dict(), 0x1F), ("permuted.pst", dict(method=1, table=table), 0x1F), ("ansi.pst", dict(wide=False), 0x1E),
                          ("large.ost", dict(large=True), 0x1F)):
        s = Store(**args)
        fill(s, t)
        s.save(name)
    whole = open(os.path.join(OUT, "unicode.pst"), "rb").read()
    with open(os.path.join(OUT, "no-blocks.pst"), "wb") as f:  # the tree of blocks is not there
        f.write(whole[:240] + b"\xff" * 8 + whole[248:])
    with open(os.path.join(OUT, "edp.pst"), "wb") as f:
        f.write(whole[:513] + b"\x10" + whole[514:600])
    loop = bytearray(whole)
    at = struct.unpack("<Q", whole[224:232])[0]
    loop[at + 16:at + 24] = struct.pack("<Q", at)  # the root leads to itself
    with open(os.path.join(OUT, "loop.pst"), "wb") as f:
        f.write(bytes(loop))


if __name__ == "__main__":
    main()
