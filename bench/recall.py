#!/usr/bin/env python3
"""Recall of the expected strings of ../shared/data/formats (or another folder with a manifest.tsv) in what the extractors deliver,
beside LibreOffice's and pdftotext's on the same files, where these are installed; then encrypted files recognised and clear ones called
encrypted. Strings and text are compared folded, without white space.

Usage: recall.py SEKISHO-TEXT FORMATS-FOLDER [--missing] [--no-peers]   (peers are cached in /tmp/sekisho-recall)
"""
import binascii
import collections
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOOL, FOLDER = sys.argv[1], sys.argv[2]
CACHE = os.path.join(tempfile.gettempdir(), "sekisho-recall")
# What LibreOffice is asked to write for a format; others it does not read (archives, mail).
WRITER = {"doc", "docx", "docm", "odt", "fodt", "rtf", "wpd", "wp", "hwp", "html", "xps", "pages", "epub", "one", "txt"}
CALC = {"xls", "xlsx", "xlsb", "ods", "fods", "dbf", "qpw", "numbers", "mdb", "accdb"}
DRAW = {"ppt", "pptx", "odp", "key", "pub", "vsd"}
ENCRYPTED = {"tika/testAccess2_encrypted.accdb", "tika/testZipEncrypted.zip"}  # protectedFile.xlsx opens with the password that all programs know


def rows():
    with open(os.path.join(FOLDER, "manifest.tsv"), encoding="utf-8", errors="replace") as f:
        next(f)
        for line in f:
            cells = line.rstrip("\n").split("\t")
            wanted = []
            for s in cells[2].split(" ¦ ") if len(cells) > 2 else []:
                if re.match(r"\((expect|member list)", s.strip()) or not s.strip():
                    continue
                if "\\x" in s:  # a test's own bytes: UTF-8 or CP932
                    raw = re.sub(rb"\\x([0-9A-Fa-f]{2})", lambda m: binascii.unhexlify(m.group(1)), s.encode())
                    try:
                        s = raw.decode()
                    except UnicodeDecodeError:
                        s = raw.decode("cp932", "ignore")
                wanted.append(s)
            yield cells[0], cells[1], wanted


def unpacked(path, scratch):
    """The file itself; of uuencoded ones the decoded bytes."""
    if not path.endswith(".uu"):
        return path
    out = bytearray()
    with open(path, "rb") as f:
        lines = f.read().split(b"\n")
    at = next(i for i, x in enumerate(lines) if x.startswith(b"begin "))
    for x in lines[at + 1:]:
        if x.strip() == b"end":
            break
        try:
            out += binascii.a2b_uu(x)
        except binascii.Error:  # a known bug of some encoders: too many bytes at the end
            out += binascii.a2b_uu(x[:(((x[0] - 32) & 63) * 4 + 5) // 3])
    name = os.path.join(scratch, os.path.basename(path)[:-3])
    with open(name, "wb") as f:
        f.write(out)
    return name


def fold(texts):
    plain = "\n".join(t.replace("\n", " ").replace("\r", " ") for t in texts) + "\n"
    done = subprocess.run([TOOL, "--fold"], input=plain.encode("utf-8", "replace"), stdout=subprocess.PIPE, check=True)
    return [re.sub(r"\s+", "", t) for t in done.stdout.decode("utf-8", "replace").split("\n")][:len(texts)]


def ours(path):
    done = subprocess.run([TOOL, path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=600)
    texts, methods, whys = [], [], []
    for line in done.stdout.decode("utf-8", "replace").split("\n"):
        if line:
            o = json.loads(line)
            if "encrypted" in o:
                methods.append(o["encrypted"])
            elif "why" in o:
                whys.append(o["why"])
            elif "text" in o:
                texts.append(o["text"])
            elif "member" in o:
                texts.append(o["member"])
    return texts, methods, whys


def text_of(path):
    try:
        with open(path, "rb") as f:
            raw = f.read().decode("utf-8", "replace")
    except OSError:
        return ""
    if path.endswith((".fodt", ".fods", ".fodp", ".html")):  # flat XML: all of its characters
        raw = re.sub(r"<office:binary-data>.*?</office:binary-data>", "", raw, flags=re.S)
        raw = re.sub(r"<text:(s|tab|line-break)\b[^>]*/>", " ", raw)
        raw = re.sub(r"<[^>]*>", "", raw)
        for a, b in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
            raw = raw.replace(a, b)
    return raw


def peer(path, kind):
    """Text by pdftotext or LibreOffice; None: not a format of theirs, or not installed."""
    with open(path, "rb") as f:
        key = hashlib.sha256(f.read()).hexdigest()
    if kind == "xml":
        with open(path, "rb") as f:
            head = f.read(2000)
        target = "fods" if b"Excel.Sheet" in head else "fodt" if b"Word.Document" in head else None
    else:
        target = "fodt" if kind in WRITER else "fods" if kind in CALC else "fodp" if kind in DRAW else None
    if kind == "pdf" and shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", "-q", path, "-"], stdout=subprocess.PIPE, timeout=120)
        return done.stdout.decode("utf-8", "replace")
    if not target or not shutil.which("soffice"):
        return None
    kept = os.path.join(CACHE, key + "." + target)
    if not os.path.exists(kept):
        os.makedirs(CACHE, exist_ok=True)
        with tempfile.TemporaryDirectory() as d:
            copy = os.path.join(d, "x." + kind)
            shutil.copy(path, copy)
            try:
                subprocess.run(["nice", "soffice", "-env:UserInstallation=file://" + CACHE + "/profile", "--headless", "--convert-to", target,
                                "--outdir", d, copy], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=90)
            except subprocess.TimeoutExpired:
                pass
            made = os.path.join(d, "x." + target)
            if made != copy and os.path.exists(made):
                shutil.copy(made, kept)
            else:
                open(kept, "w").close()
    return text_of(kept)


def main():
    found, wanted, theirs, has_peer = (collections.Counter() for _ in range(4))
    readable_found = readable_wanted = 0
    unreadable = collections.Counter()
    recognised, clear_called = [], []
    with tempfile.TemporaryDirectory() as scratch:
        for name, kind, strings in rows():
            path = unpacked(os.path.join(FOLDER, name), scratch)
            texts, methods, whys = ours(path)
            if name in ENCRYPTED or not strings and methods:
                recognised.append((name, methods))
                if not texts or name in ENCRYPTED:
                    strings = []
            elif methods:
                clear_called.append((name, methods))
            if not strings:
                continue
            everything = fold(["\n".join(texts)] + strings)
            got = [s in everything[0] for s in everything[1:]]
            found[kind] += sum(got)
            wanted[kind] += len(got)
            if "unsupported" in whys and not any(got):
                unreadable[kind] += len(got)
            else:
                readable_found += sum(got)
                readable_wanted += len(got)
            if "--missing" in sys.argv:
                for s, ok in zip(strings, got):
                    if not ok:
                        print("missing: %s: %s %s" % (name, s, whys or ""))
            text = None if "--no-peers" in sys.argv else peer(path, kind)
            if text is not None:
                flat = fold([text] + strings)
                has_peer[kind] += len(strings)
                theirs[kind] += sum(s in flat[0] for s in flat[1:])
    print("| format | strings | found | share | LibreOffice / pdftotext |")
    print("|---|---|---|---|---|")
    for kind in sorted(wanted, key=lambda k: (-wanted[k], k)):
        other = "%.2f" % (theirs[kind] / has_peer[kind]) if has_peer[kind] else "-"
        print("| %s%s | %d | %d | %.2f | %s |" % (kind, " (not read)" if unreadable[kind] == wanted[kind] else "", wanted[kind], found[kind],
                                               found[kind] / wanted[kind], other))
    print("| **all rows** | %d | %d | **%.3f** | |" % (sum(wanted.values()), sum(found.values()), sum(found.values()) / sum(wanted.values())))
    print("| **readable rows** | %d | %d | **%.3f** | |" % (readable_wanted, readable_found, readable_found / max(readable_wanted, 1)))
    print("encrypted recognised: %d of %d" % (sum(bool(m) for _, m in recognised), len(recognised)),
          " ".join("%s=%s" % (os.path.basename(n), "/".join(m) or "MISSED") for n, m in recognised))
    print("clear called encrypted: %d" % len(clear_called), clear_called or "")


main()
