#!/usr/bin/env python3
"""Black-box tests of PDF reading: the command, its worker, the launcher and the program sekisho-pdf together.

Usage: pdf.py SEKISHO [NAME...]
"""
import os
import re
import stat
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "corpus")]
import make_pdf  # noqa: E402
import run  # noqa: E402
from run import Box, check, count, files_of  # noqa: E402

FIXTURES = os.path.join(HERE, "..", "data", "pdf")


def put(box, name, data):
    os.makedirs(box.path("share", "広報"), exist_ok=True)
    path = box.path("share", "広報", name)
    with open(path, "wb") as f:
        f.write(data)
    return path


def scan_one(box, data, *args, env=None):
    put(box, "a.pdf", data)
    p = box.scan("--format", "jsonl", *args, env=env)
    check(p.returncode in (0, 1, 2), "exit %d: %s" % (p.returncode, p.err))
    return [r for r in map(run.json.loads, p.out.splitlines()) if r["record"] == "file"][0]


def transfer(box, path, name):
    """The reasons of a check to a destination that allows nothing hidden."""
    p = box.run("check", "--dest", "D-TRAINING", "--format", "json", "--as-of", run.AS_OF, path)
    return run.json.loads(p.out)


def helper(box, script):
    """A folder whose sekisho-pdf is this shell script."""
    folder = box.path("helpers")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "sekisho-pdf")
    with open(path, "w") as f:
        f.write("#!/bin/sh\n" + script)
    os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
    return {"SEKISHO_HELPERS": folder}


def reasons(f):
    return [(r["code"], r.get("detail") or "") for r in f["reasons"]]


# ---------------------------------------------------------------- content
def test_tables_in_every_encoding(box):
    """Japanese text is read without embedded fonts, whatever the CMap; rows are people; the page is told."""
    for encoding in ("unicode", "sjis", "euc", "utf16"):
        f = scan_one(box, make_pdf.roster(encoding))
        check(f["state"] == "inspected" and f["format"] == "pdf", "%s: %s" % (encoding, f))
        check(count(f, "person_name") == 3 and count(f, "birth_date") == 3 and count(f, "phone") == 3, "%s: %s" % (encoding, f["elements"]))
        check(f["persons"]["max"] == 3, "%s: %s" % (encoding, f["persons"]))
        check({a.get("page") for e in f["elements"] for a in e["at"]} == {1}, "%s: pages %s" % (encoding, f["elements"]))


def test_tables_without_borders(box):
    """Only the lines below each other show where a spreadsheet's narrow cells end; a head cut off by its cell is not hidden text."""
    f = scan_one(box, make_pdf.tight())
    check(count(f, "person_name") == 3 and count(f, "birth_date") == 3 and count(f, "phone") == 3, "%s" % f["elements"])
    check(f["persons"]["min"] == 3 and all(e["confidence"] == "high" for e in f["elements"] if e["element"] == "person_name"), "%s" % f)
    for cut, hidden in ((1, False), (4, True)):
        answer = transfer(box, put(box, "狭い表.pdf", make_pdf.tight(cut)), "")
        check(bool([r for r in answer["reasons"] if r["code"] == "T-HIDDEN"]) == hidden, "%d cut: %s" % (cut, answer["reasons"]))


def test_same_in_process(box):
    """The same without workers."""
    a, b = scan_one(box, make_pdf.roster()), scan_one(box, make_pdf.roster(), "--in-process")
    check(a["elements"] == b["elements"] and b["persons"] == a["persons"], "in process: %s" % b)


def test_black_boxes(box):
    """Text under three black boxes is told with its number of places; where it was removed there is nothing to tell."""
    answer = transfer(box, put(box, "黒塗り.pdf", make_pdf.black_boxes()), "")
    found = [r for r in answer["reasons"] if r["code"] == "T-HIDDEN"]
    check(len(found) == 1 and "3" in run.json.dumps(found, ensure_ascii=False), "black boxes: %s" % answer["reasons"])
    answer = transfer(box, put(box, "済.pdf", make_pdf.black_boxes(False)), "")
    check(not [r for r in answer["reasons"] if r["code"] == "T-HIDDEN"], "nothing hidden: %s" % answer["reasons"])


def test_what_is_hidden(box):
    """White on paper, invisible, outside, switched off, under an annotation: hidden. White on a dark band and recognised scans: not."""
    for name, data, hidden in (("見出し.pdf", make_pdf.header_row(), True), ("レイヤー.pdf", make_pdf.layers(), True), ("注釈.pdf", make_pdf.form(), True),
                               ("認識.pdf", make_pdf.scanned(True), False), ("表.pdf", make_pdf.roster(), False)):
        answer = transfer(box, put(box, name, data), "")
        got = [r for r in answer["reasons"] if r["code"] == "T-HIDDEN"]
        check(bool(got) == hidden, "%s: %s" % (name, answer["reasons"]))


def test_markings(box):
    """A slanting stamp and a footer are markings, a sentence about markings is not."""
    f = scan_one(box, make_pdf.stamped())
    check(sorted(f["label"]["rules"]) == ["MARK:社外秘", "MARK:部外秘"], "markings: %s" % f["label"])


def test_scan_without_text(box):
    """A scanned page is not clean."""
    f = scan_one(box, make_pdf.scanned(False))
    check(f["state"] == "uninspectable" and reasons(f) == [("image-only", "")], "scan: %s" % f)


def test_encryption(box):
    """The method is told; a file that only restricts its owner's rights is read."""
    for name in ("rc4-40", "rc4-128", "aes128", "aes256"):
        with open(os.path.join(FIXTURES, name + ".pdf"), "rb") as file:
            f = scan_one(box, file.read())
        check(f["state"] == "uninspectable" and f["reasons"][0]["code"] == "encrypted" and "pdf-" + name in run.json.dumps(f), "%s: %s" % (name, f))
    with open(os.path.join(FIXTURES, "owner-only.pdf"), "rb") as file:
        f = scan_one(box, file.read())
    check(f["state"] == "inspected" and count(f, "person_name") == 1, "owner only: %s" % f)


def test_attachments(box):
    """Files inside are scanned, PDFs inside PDFs too."""
    table = "氏名,電話番号\r\n" + "".join("%s,%s\r\n" % (r[0], r[2]) for r in make_pdf.ROWS)
    inner = make_pdf.attached("名簿.csv", table.encode("cp932"))
    f = scan_one(box, make_pdf.attached("中.pdf", inner))
    parts = {a["part"] for e in f["elements"] for a in e["at"] if e["element"] == "phone"}
    check(count(f, "phone") == 3 and parts == {"a.pdf!中.pdf!名簿.csv"}, "attachments: %s" % f)


def test_damaged(box):
    """Half a file is never clean, and never stops the run."""
    whole = make_pdf.roster()
    for data in (whole[: len(whole) // 3], b"%PDF-1.7\n", b"%PDF-1.7\n" + os.urandom(5000)):
        f = scan_one(box, data)
        check(f["state"] != "inspected" and f["reasons"][0]["code"] in ("damaged", "unsupported"), "damaged: %s" % f)


# ---------------------------------------------------------------- a program that fails
def test_crash_costs_one_file(box):
    """Crash, nonsense, no program: each is told, and the other files are read."""
    cases = (("kill -SEGV $$", "crashed"), ("head -c 100000 /dev/zero", "crashed"), ("exit 3", "too-large"), ("exit 0", "crashed"),
             ("printf 'L\\0\\0\\0\\1\\0\\0\\0\\1\\0\\0\\0a'", "crashed"))
    for script, code in cases:
        put(box, "b.txt", "氏名：検査　一郎\r\n電話番号：03-5555-0001\r\n".encode("cp932"))
        f = scan_one(box, make_pdf.roster(), env=helper(box, script))
        check([c for c, _ in reasons(f)] == [code], "%r: %s" % (script, f["reasons"]))
    p = box.scan("--format", "jsonl", env=helper(box, "kill -SEGV $$"))
    other = files_of([run.json.loads(x) for x in p.out.splitlines()])["/share/広報/b.txt"]
    check(count(other, "phone") == 1, "the other file: %s" % other)
    f = scan_one(box, make_pdf.roster(), env={"SEKISHO_HELPERS": box.path("none")})
    check(f["state"] == "uninspectable" and reasons(f) == [("unsupported", "pdf")], "no program: %s" % f)


def test_hang_costs_its_time(box):
    """A program that hangs is killed when the file's time is over, and does not stay."""
    with open(run.POLICY, encoding="utf-8") as f:
        policy = f.read()
    policy, n = re.subn(r"(seconds_per_file:) \d+", r"\1 3", policy)
    check(n == 1, "the default policy has no seconds_per_file")
    path = box.path("policy.yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(policy)
    mark = "98765.%d" % os.getpid()
    begin = time.time()
    f = scan_one(box, make_pdf.roster(), "--policy", path, env=helper(box, "exec sleep %s" % mark))
    check([c for c, _ in reasons(f)] == ["timeout"], "hang: %s" % f["reasons"])
    check(time.time() - begin < 60, "%d s" % (time.time() - begin))
    time.sleep(0.5)
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as cmd:
                check(mark.encode() not in cmd.read(), "the program still runs")
        except OSError:
            pass


if __name__ == "__main__":
    run.__dict__.update({k: v for k, v in list(globals().items()) if k.startswith("test_")})
    mine = {k for k in globals() if k.startswith("test_")}
    for k in [k for k in run.__dict__ if k.startswith("test_") and k not in mine]:
        del run.__dict__[k]
    run.Box.__init__.__defaults__ = (False,)
    sys.exit(run.main())
