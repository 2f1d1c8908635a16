#!/usr/bin/env python3
"""Files for the soak of tests/long.sh, and the soak itself: a share of many small files, one in twenty of them hostile, scanned by worker processes.

Usage: soak.py make DIR N [SEED]               writes N files below DIR/share and DIR/truth.json; the same bytes for the same seed
       soak.py run SEKISHO DIR [FIGURES.json]  scans them and holds the answer against the truth; exit 1 when it does not hold

Truth: every file is answered exactly once; the counts of the summary are those of the answers; the good files are inspected and have the persons that
were written into them; not one file crashed a worker; the parent's memory does not grow with the number of files.
"""
import io
import json
import os
import random
import struct
import subprocess
import sys
import tarfile
import time
import zipfile
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import make_share as ms    # noqa: E402

DEPARTMENTS = ["総務課", "審査", "保健事業", "介護", "一時", "広報"]
WORDS = "予算 会議 議事録 研修 日程 備品 広報 見積 請求 契約 点検 報告 通知 資料 来月 本年度 事務局 会場 受付 配布 改修 手順 確認 担当".split()


# ---------------------------------------------------------------- good files: (suffix, bytes, persons)

def roster(rng, n):
    """People of whom no two have name and day of birth alike: those would be one person."""
    ms.RNG, ms.Person.serial, out = rng, rng.randrange(60000), {}
    while len(out) < n:
        p = ms.Person()
        out.setdefault((p.name, p.birth), p)
    return list(out.values())


def prose(rng, n=None):
    return "".join("".join(rng.choice(WORDS) for _ in range(rng.randint(5, 14))) + "について確認した。\r\n" for _ in range(n or rng.randint(5, 60)))


def text(rng):
    return ".txt", prose(rng).encode(rng.choice(("cp932", "utf-8", "utf-8-sig", "euc_jp", "iso2022_jp", "utf-16"))), 0


def table(rng):
    n = rng.randint(1, 40)
    return ".csv", ms.rows_text(ms.roster(roster(rng, n))).encode(rng.choice(("cp932", "utf-8-sig"))), n


def claims(rng):
    n = rng.randint(1, 20)
    return ".UKE", ms.uke(roster(rng, n)), n


def book(rng):
    n = rng.randint(1, 20)
    return ".xlsx", ms.xlsx(ms.roster(roster(rng, n)), "名簿"), n


def mail(rng):
    n = rng.randint(1, 5)
    body = ms.rows_text(ms.roster(roster(rng, n))).encode("utf-8")
    import base64
    return ".eml", ("From: a@example.jp\r\nTo: b@example.jp\r\nSubject: =?UTF-8?B?5ZCN57C/?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
                    "--x\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nSee the list.\r\n--x\r\nContent-Type: text/csv; charset=utf-8; name=list.csv\r\n"
                    "Content-Disposition: attachment; filename=list.csv\r\nContent-Transfer-Encoding: base64\r\n\r\n%s--x--\r\n" % base64.encodebytes(body).decode()).encode(), n


def archive(rng):
    suffix, data, n = rng.choice((table, claims, book))(rng)
    buf = io.BytesIO()
    with zipfile.ZipFile(buf, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("list" + suffix, data)
        z.writestr("memo.txt", prose(rng))
    return ".zip", buf.getvalue(), n


def tar(rng):
    suffix, data, n = rng.choice((table, claims))(rng)
    buf = io.BytesIO()
    with tarfile.open(fileobj=buf, mode="w:gz") as t:
        info = tarfile.TarInfo("list" + suffix)
        info.size = len(data)
        t.addfile(info, io.BytesIO(data))
    return ".tar.gz", buf.getvalue(), n


GOOD = [(text, 40), (table, 25), (claims, 10), (book, 12), (mail, 6), (archive, 5), (tar, 2)]


# ---------------------------------------------------------------- hostile ones

def noise(rng):
    return rng.choice((".doc", ".pdf", ".xlsx", ".zip", ".bin", ".eml", ".mdb")), rng.randbytes(rng.randint(1, 20000))


def cut(rng):
    suffix, data, _ = rng.choice((book, archive, mail, tar, claims))(rng)
    return suffix, data[:rng.randrange(1, len(data))]


def bitten(rng):
    """A good file with bytes changed all over."""
    suffix, data, _ = rng.choice((book, archive, mail, tar, claims, table))(rng)
    data = bytearray(data)
    for _ in range(rng.randint(1, 40)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return suffix, bytes(data)


def headed(rng):
    """The first bytes of a format, then anything."""
    head = rng.choice((b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.7\n", b"{\\rtf1", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\x00", b"SQLite format 3\0", b"\0\1\0\0Standard Jet DB\0",
                       b"!BDN", b"\x78\x9f\x3e\x22", b"MSCF", b"MZ", b"<?xml version='1.0'?>", b"\x1f\x8b\x08", b"BZh9", b"-lh5-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"\x03"))
    return ".dat", head + rng.randbytes(rng.randint(0, 8000))


def bomb(rng):
    """Much from little: one level, many levels, many members."""
    kind = rng.randrange(4)
    if kind == 0:
        buf = io.BytesIO()
        with zipfile.ZipFile(buf, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("a.txt", b"0" * rng.randint(1 << 20, 1 << 24))
        return ".zip", buf.getvalue()
    if kind == 1:
        data = b"x"
        for _ in range(rng.randint(20, 80)):
            buf = io.BytesIO()
            with zipfile.ZipFile(buf, "w", zipfile.ZIP_DEFLATED) as z:
                z.writestr("a.zip", data)
            data = buf.getvalue()
        return ".zip", data
    if kind == 2:
        c = zlib.compressobj(9, zlib.DEFLATED, 31)
        return ".gz", c.compress(b"\0" * rng.randint(1 << 20, 1 << 25)) + c.flush()
    return ".xml", b"<?xml version='1.0'?><!DOCTYPE a [" + b"".join(b"<!ENTITY e%d '%s'>" % (i, (b"&e%d;" % (i - 1)) * 10 if i else b"x" * 100) for i in range(9)) + b"]><a>&e8;</a>"


def deep(rng):
    n = rng.randint(1000, 200000)
    return rng.choice(((".json", b"[" * n), (".xml", b"<a>" * n), (".html", b"<div>" * n), (".rtf", b"{\\rtf1" + b"{" * n), (".eml", b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(200)))))


def lying(rng):
    """Sizes and offsets that lie beyond the file."""
    suffix, data, _ = rng.choice((book, archive))(rng)
    data = bytearray(data)
    for mark in (b"PK\1\2", b"PK\5\6"):
        at = data.find(mark)
        if at >= 0:
            struct.pack_into("<I", data, at + rng.choice((12, 16)), rng.choice((0xFFFFFFFF, 0x7FFFFFFF, 0xFFFF0000)))
    return suffix, bytes(data)


HOSTILE = [noise, cut, bitten, headed, bomb, deep, lying]


# ---------------------------------------------------------------- making and running

def make(folder, n, seed):
    rng = random.Random(seed)
    share, good, hostile = os.path.join(folder, "share"), {}, []
    kinds, weights = [k for k, _ in GOOD], [w for _, w in GOOD]
    for i in range(n):
        bad = i % 20 == 7
        if bad:
            suffix, data = HOSTILE[(i // 20) % len(HOSTILE)](rng)
        else:
            suffix, data, persons = rng.choices(kinds, weights)[0](rng)
        path = "%s/%03d/%06d%s" % (DEPARTMENTS[i % len(DEPARTMENTS)], i // 500, i, suffix)
        full = os.path.join(share, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as f:
            f.write(data)
        if bad:
            hostile.append(path)
        else:
            good[path] = persons
    with open(os.path.join(folder, "truth.json"), "w", encoding="utf-8") as f:
        json.dump({"files": n, "seed": seed, "good": good, "hostile": hostile}, f, ensure_ascii=False)
    print("%d files, %d of them hostile" % (n, len(hostile)))


def resident(pid):
    """KiB of one process; 0 when it has gone."""
    try:
        with open("/proc/%d/status" % pid) as f:
            return int(next(x for x in f if x.startswith("VmRSS")).split()[1])
    except (OSError, StopIteration):
        return 0


def run(binary, folder, figures):
    with open(os.path.join(folder, "truth.json"), encoding="utf-8") as f:
        truth = json.load(f)
    share, out, store = os.path.join(folder, "share"), os.path.join(folder, "out.jsonl"), os.path.join(folder, "soak.db")
    for name in os.listdir(folder):
        if name.startswith("soak.db"):
            os.unlink(os.path.join(folder, name))
    begun, memory = time.time(), []
    with open(out, "wb") as f, open(os.path.join(folder, "err.txt"), "wb") as e:
        p = subprocess.Popen([binary, "scan", "--format", "jsonl", "--places", "1", "--lang", "en", "--as", "/share", "--state", store, share], stdout=f, stderr=e)
        while p.poll() is None:
            memory.append((resident(p.pid), os.path.getsize(out)))
            time.sleep(0.2)
    seconds = time.time() - begun
    answers, codes, total, extra = {}, {}, None, []
    with open(out, encoding="utf-8") as f:
        for line in f:
            r = json.loads(line)
            if r["record"] == "file":
                path = os.path.relpath(r["path"], "/share") if r["path"].startswith("/share") else os.path.relpath(r["path"], share)
                if path in answers:
                    extra.append("answered twice: " + path)
                for reason in r.get("reasons") or []:
                    codes[reason["code"]] = codes.get(reason["code"], 0) + 1
                answers[path] = (r["state"], r.get("persons") or {}, sorted(x["code"] for x in r.get("reasons") or []))
            elif r["record"] == "summary":
                total = r
    wrong = list(extra)
    known = set(truth["good"]) | set(truth["hostile"])
    wrong += ["not answered: " + p for p in sorted(known - set(answers))] + ["unknown: " + p for p in sorted(set(answers) - known)]
    for path, persons in truth["good"].items():
        state, got, why = answers.get(path, ("", {}, []))
        if state != "inspected":
            wrong.append("%s: %s %s" % (path, state, why))
        elif not got.get("min", 0) <= persons <= got.get("max", 0):
            wrong.append("%s: %s persons, not %d" % (path, got, persons))
    states = {}
    for state, _, _ in answers.values():
        states[state] = states.get(state, 0) + 1
    counted = {k: v for k, v in ((total or {}).get("states") or {}).items() if isinstance(v, int)}
    for state, n in states.items():
        if counted.get(state) != n:
            wrong.append("the summary has %s %s, the answers %d" % (counted.get(state), state, n))
    if (total or {}).get("files") != truth["files"]:
        wrong.append("the summary has %s files" % (total or {}).get("files"))
    if p.returncode not in (1, 2):
        wrong.append("exit %d" % p.returncode)
    if codes.get("crashed"):
        wrong.append("%d files crashed a worker: %s" % (codes["crashed"], [x for x, a in answers.items() if "crashed" in a[2]][:5]))
    early = max([m for m, _ in memory[:max(2, len(memory) // 10)]] or [0])
    late = max([m for m, _ in memory] or [0])
    if late > early + 32 * 1024:
        wrong.append("the parent grew from %d to %d KiB" % (early, late))
    result = {"files": truth["files"], "hostile": len(truth["hostile"]), "seconds": round(seconds, 1), "states": states, "reasons": codes, "parent KiB": [early, late], "wrong": len(wrong)}
    if figures:
        with open(figures, "w") as f:
            json.dump(result, f, ensure_ascii=False)
    print(json.dumps(result, ensure_ascii=False))
    print("\n".join(wrong[:30]))
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) >= 4 and sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    elif len(sys.argv) >= 4 and sys.argv[1] == "run":
        sys.exit(run(os.path.abspath(sys.argv[2]), sys.argv[3], sys.argv[4] if len(sys.argv) > 4 else None))
    else:
        sys.exit(__doc__)
