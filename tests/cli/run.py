#!/usr/bin/env python3
"""Black-box tests of the command on the project's own sample share. Needs only the standard library.

Usage: run.py SEKISHO [NAME...]        prints a line per failure; the last line is 'N passed, N failed'
"""
import grp
import json
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
BINARY = os.path.abspath(sys.argv[1])
POLICY = os.path.join(HERE, "..", "..", "patterns", "policies", "kokuhoren-default.yaml")
AS_OF = "2026-11-24"


class Failure(Exception):
    pass


def check(ok, text):
    if not ok:
        raise Failure(text)


class Box:
    """A fresh folder with the sample share."""

    def __init__(self, share=True):
        self.dir = tempfile.mkdtemp(prefix="sekisho-cli-")
        self.share = os.path.join(self.dir, "share")
        if share:
            subprocess.run([sys.executable, os.path.join(HERE, "..", "sample", "make_share.py"), self.dir], check=True, stdout=subprocess.DEVNULL)
        else:
            os.makedirs(self.share)

        with open(POLICY, encoding="utf-8") as f:
            text = f.read()
        self.policy = self.path("policy.yaml")       # the owning groups become the group of whoever runs the tests
        with open(self.policy, "w", encoding="utf-8") as f:
            f.write(re.sub(r"GRP_[A-Z]+", grp.getgrgid(os.getgid()).gr_name, text))

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def run(self, *args, stdout=None, user=None, env=None):
        e = dict(os.environ, LC_ALL="C.UTF-8", XDG_CACHE_HOME=self.path("cache"), **(env or {}))
        kw = {"user": user, "group": user, "extra_groups": []} if user else {}
        p = subprocess.run([BINARY] + list(args), stdout=stdout or subprocess.PIPE, stderr=subprocess.PIPE, env=e, cwd=self.dir, timeout=120, **kw)
        p.out = (p.stdout or b"").decode("utf-8", "replace")
        p.err = p.stderr.decode("utf-8", "replace")
        return p

    def scan(self, *args, **kw):
        policy = () if "--policy" in args else ("--policy", self.policy)
        return self.run("scan", "--as", "/share", "--as-of", AS_OF, *policy, *args, self.share, **kw)

    def lines(self, *args):
        p = self.scan("--format", "jsonl", *args)
        check(p.returncode in (0, 1, 2), "exit %d: %s" % (p.returncode, p.err))
        return [json.loads(x) for x in p.out.splitlines()]

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)


def files_of(records):
    return {r["path"]: r for r in records if r["record"] == "file"}


def count(f, element):
    return sum(e["count"] for e in f["elements"] if e["element"] == element and e["confidence"] != "low")


# ---------------------------------------------------------------- tests
def test_sample_share(box):
    """Every sample file has its line, its people and its violations."""
    records = box.lines()
    check(records[0]["record"] == "run" and records[-1]["record"] == "summary", "run first, summary last")
    f = files_of(records)
    check(len(f) == 12, "%d files" % len(f))
    uke = f["/share/審査/202610/RECEIPTC.UKE"]
    check(uke["format"] == "uke" and count(uke, "claim_record") == 40 and uke["persons"]["max"] == 40, "claims: %s" % uke)
    check(not uke["violations"], "claims lie where they belong")
    moved = f["/share/総務課/共有/レセ控え.txt"]
    check({v["code"] for v in moved["violations"]} >= {"V-GRADE", "V-COMP"}, "misplaced claims: %s" % moved["violations"])
    book = f["/share/総務課/共有/マイナンバー収集表.xlsx"]
    check(book["label"]["grade"] == "L4" and count(book, "personal_number") == 5, "book: %s" % book)
    cells = {a.get("cell") for e in book["elements"] if e["element"] == "personal_number" for a in e["at"]}
    check(cells == {"B2", "B3", "B4", "B5", "B6"}, "cells %s" % cells)
    check(f["/share/総務課/名簿/研修参加者.csv"]["persons"] .get("max") == 130, "130 people")
    check(f["/share/総務課/名簿/委員名簿.csv"]["label"]["grade"] == "L2", "a short contact list is L2")
    letter = f["/share/総務課/共有/照会書.docx"]
    check(count(letter, "insured_id") == 1 and letter["persons"]["max"] == 1 and letter["label"]["grade"] == "L3", "letter: %s" % letter)
    for name in ("/share/広報/健康だより.txt", "/share/広報/統計/被保険者数.csv", "/share/総務課/物品/物品コード.csv"):
        check(not f[name]["violations"] and f[name]["persons"]["max"] == 0, "%s: %s" % (name, f[name]))
    drawing = f["/share/一時/図面.dwg"]
    check(drawing["state"] == "uninspectable" and drawing["reasons"][0]["code"] == "unsupported", "drawing: %s" % drawing)
    inner = f["/share/一時/持ち帰り.zip"]
    parts = {a["part"] for e in inner["elements"] for a in e["at"]}
    check(parts == {"持ち帰り.zip!RECEIPTC.UKE"}, "parts %s" % parts)
    check(sum(records[-1]["states"].values()) == 12 and records[-1]["complete"] is False, "summary %s" % records[-1])


def test_same_with_any_number_of_workers(box):
    def lines(*args):
        out = []
        for r in box.lines(*args):
            for k in [k for k in r if re.search("start|elapsed", k)]:
                del r[k]
            out.append(json.dumps(r, sort_keys=True))
        return out
    one = lines("-j", "1")
    check(one == lines("-j", "4"), "-j 4 differs from -j 1")
    check(one == lines("--in-process"), "in process differs")


def test_tree_is_untouched(box):
    def snapshot():
        out = {}
        for d, _, names in os.walk(box.share):
            for n in names:
                s = os.stat(os.path.join(d, n))
                out[os.path.join(d, n)] = (s.st_atime_ns, s.st_mtime_ns, s.st_ctime_ns, s.st_size)
        return out
    before = snapshot()
    box.scan()
    check(before == snapshot(), "times or sizes changed")


def test_no_values_in_outputs(box):
    name = "マイナンバー収集表.xlsx"
    import zipfile
    with zipfile.ZipFile(os.path.join(box.share, "総務課", "共有", name)) as z:
        cells = re.findall(r"<t>([^<]*)</t>", z.read("xl/worksheets/sheet1.xml").decode())
    values = [c for c in cells if len(c) == 12 or "　" in c]
    check(len(values) == 10, "%d values" % len(values))
    for fmt in ("text", "jsonl", "csv", "sarif", "html"):
        p = box.scan("--format", fmt, "--verbose")
        for v in values:
            check(v not in p.out and v not in p.err, "a value in %s" % fmt)


def test_human_text(box):
    p = box.scan()
    check(p.returncode == 1, "exit %d" % p.returncode)
    for word in ("未承認", "マイナンバー収集表.xlsx", "L4"):
        check(word in p.out, "the text does not say %s" % word)
    p = box.scan("--lang", "en")
    check("マイナンバー収集表.xlsx" in p.out and "draft" in p.out.lower(), "English text")


def test_exit_status(box):
    shutil.rmtree(os.path.join(box.share, "総務課"))
    shutil.rmtree(os.path.join(box.share, "一時"))
    check(box.scan().returncode == 0, "nothing wrong must give 0")
    with open(os.path.join(box.share, "審査", "x.dwg"), "wb") as f:
        f.write(b"AC1032\0\1\2\3" * 100)
    p = box.scan()
    check(p.returncode in (1, 2), "something not inspected gives %d" % p.returncode)


def test_bad_arguments(box):
    cases = [(["scan", box.path("no-such-folder")], "no-such-folder"), (["scan", "--polcy", "x", box.share], "--policy"), (["scan"], ""),
             (["scan", "-j", "many", box.share], "many"), (["scan", "--format", "xml", box.share], "xml"), (["scan", "--as-of", "2026-02-30", box.share], "2026-02-30"),
             (["frobnicate"], "frobnicate"), (["check", box.share], ""), (["check", "--dest", "D-NOWHERE", os.path.join(box.share, "広報", "健康だより.txt")], "D-NOWHERE"),
             (["scan", "-o", os.path.join(box.share, "out.jsonl"), box.share], "out.jsonl"), (["scan", "--state", os.path.join(box.share, "s.db"), box.share], "s.db")]
    for args, word in cases:
        p = box.run(*args)
        check(p.returncode == 64, "%s: exit %d" % (" ".join(args), p.returncode))
        check(p.err.strip() and word in p.err, "%s: says %r" % (" ".join(args), p.err))
        check('"record":"file"' not in p.out, "%s: scanned something" % " ".join(args))
    check(not os.path.exists(os.path.join(box.share, "out.jsonl")) and not os.path.exists(os.path.join(box.share, "s.db")), "wrote into the tree")


def test_broken_policy_stops_everything(box):
    with open(POLICY, encoding="utf-8") as f:
        text = f.read()
    for name, bad in (("key", text.replace("      max_grade: L3\n", "      max_gradd: L3\n", 1)), ("syntax", text.replace("aggregate:", "aggregate: [", 1)),
                      ("sjis", "policy: {id: 既定}\n")):
        path = box.path(name + ".yaml")
        with open(path, "w", encoding="cp932" if name == "sjis" else "utf-8") as f:
            f.write(bad)
        previous = box.path("previous.txt")
        with open(previous, "w", encoding="utf-8") as f:
            f.write("前回")
        p = box.scan("--policy", path, "-o", previous)
        check(p.returncode == 64, "%s: exit %d" % (name, p.returncode))
        check(re.search(re.escape(name + ".yaml") + r":\d+:\d+: ", p.err), "%s: no place in %r" % (name, p.err[:300]))
        with open(previous, encoding="utf-8") as f:
            check(f.read() == "前回", "the previous report was overwritten")


def test_broken_rules_stop_everything(box):
    copy = box.path("patterns")
    shutil.copytree(os.path.join(HERE, "..", "..", "patterns"), copy)
    path = os.path.join(copy, "detectors", sorted(os.listdir(os.path.join(copy, "detectors")))[0])
    with open(path, encoding="utf-8") as f:
        text = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace("element:", "elemnt:", 1))
    p = box.scan(env={"SEKISHO_PATTERNS": copy})
    check(p.returncode == 64 and "element" in p.err and re.search(r"\.yaml:\d+:\d+: ", p.err), "exit %d, says %r" % (p.returncode, p.err[:300]))


def test_full_disk(box):
    with open("/dev/full", "wb") as full:
        p = box.scan("--format", "jsonl", stdout=full)
    check(p.returncode == 70 and p.err.strip(), "stdout: exit %d" % p.returncode)
    p = box.scan("--format", "jsonl", "-o", "/dev/full")
    check(p.returncode == 70 and "/dev/full" in p.err, "-o: exit %d, says %r" % (p.returncode, p.err))


def test_output_file_is_whole_or_absent(box):
    out = box.path("result.jsonl")
    p = box.scan("--format", "jsonl", "-o", out)
    check(p.returncode == 1 and not p.out, "exit %d" % p.returncode)
    with open(out, encoding="utf-8") as f:
        check(json.loads(f.read().splitlines()[-1])["record"] == "summary", "no summary")
    check(stat.S_IMODE(os.stat(out).st_mode) == 0o600, "mode")
    check([n for n in os.listdir(box.dir) if n.endswith(".part")] == [], "left-overs")


def test_unreadable(box):
    """Without permission: named with its reason, exit 2 or 1, never silent."""
    if os.geteuid() != 0:
        user = None
    else:
        user = pwd.getpwnam("nobody").pw_uid
        for d, dirs, names in os.walk(box.dir):
            for n in dirs + names:
                os.chown(os.path.join(d, n), user, user)
        os.chown(box.dir, user, user)
    secret, closed = os.path.join(box.share, "審査", "x.txt"), os.path.join(box.share, "審査", "閉")
    os.makedirs(closed)
    with open(secret, "wb") as f:
        f.write(b"x")
    if user:
        os.chown(secret, user, user)
        os.chown(closed, user, user)
    os.chmod(secret, 0)
    os.chmod(closed, 0)
    p = box.scan("--format", "jsonl", user=user)
    os.chmod(closed, 0o700)
    if p.returncode in (126, 127) or not p.out:
        return      # this user cannot start the program from where it was built
    f = files_of(json.loads(x) for x in p.out.splitlines())
    check(f["/share/審査/x.txt"]["reasons"][0]["code"] == "denied", "file: %s" % f["/share/審査/x.txt"])
    check(f["/share/審査/閉"]["reasons"][0]["code"] == "denied", "folder")
    check(p.returncode in (1, 2), "exit %d" % p.returncode)


def test_special_files(box):
    os.mkfifo(os.path.join(box.share, "pipe"))
    os.symlink("/etc/passwd", os.path.join(box.share, "link"))
    os.symlink(box.share, os.path.join(box.share, "loop"))
    name = os.path.join(os.fsencode(box.share), b"\x83e\x83X\x83g.txt")
    with open(name, "wb") as f:
        f.write(b"x\n")
    f = files_of(box.lines())
    for n in ("pipe", "link", "loop"):
        check(f["/share/" + n]["state"] == "excluded" and f["/share/" + n]["reasons"][0]["code"] == "special", n)
    odd = [r for r in f.values() if "path_bytes" in r]
    check(len(odd) == 1 and "%83e" in odd[0]["path_bytes"], "path_bytes %s" % odd)


def test_check(box):
    uke = os.path.join(box.share, "審査", "202610", "RECEIPTC.UKE")
    flyer = os.path.join(box.share, "広報", "健康だより.txt")
    p = box.run("check", "--dest", "D-TRAINING", "--as-of", AS_OF, "--format", "json", uke)
    answer = json.loads(p.out)
    check(p.returncode == 1 and answer["verdict"] == "deny" and {"T-GRADE", "T-COMP"} <= {r["code"] for r in answer["reasons"]}, "claims to training: %s" % answer["reasons"])
    p = box.run("check", "--dest", "D-TRAINING", "--as-of", AS_OF, flyer)
    check(p.returncode == 0 and "送付可" in p.out, "flyer: %d %s" % (p.returncode, p.out))
    p = box.run("check", "--dest", "D-TRAINING", "--as-of", AS_OF, os.path.join(box.share, "一時", "図面.dwg"))
    check(p.returncode == 2 and "判定不能" in p.out, "drawing: %d" % p.returncode)


def test_state(box):
    """Two nights: the second reads nothing again; a violation that is repaired is 解消; an edited record breaks the chain."""
    import sqlite3
    state = box.path("state.db")
    p = box.scan("--state", state, "--format", "jsonl")
    check(p.returncode == 1, "first: %d %s" % (p.returncode, p.err))
    f = files_of(box.lines("--state", state))
    check(f["/share/審査/202610/RECEIPTC.UKE"]["state"] == "unchanged", "second night reads again")
    os.unlink(os.path.join(box.share, "総務課", "共有", "レセ控え.txt"))
    box.scan("--state", state)
    r = box.run("report", "nightly", "--state", state, "--audience", "restricted")
    check(r.returncode == 0 and "解消" in r.out and "レセ控え.txt" in r.out, "report: %s" % r.out[:500])
    r = box.run("report", "nightly", "--state", state)
    check("レセ控え" not in r.out, "the summary names a file")
    check(box.run("log", "verify", "--state", state).returncode == 0, "chain")
    db = sqlite3.connect(state)
    db.execute("UPDATE chain SET body='run=1 complete=1' WHERE seq=2")
    db.commit()
    db.close()
    check(box.run("log", "verify", "--state", state).returncode == 1, "an edited chain verifies")


def test_rules_and_selftest(box):
    p = box.run("rules", "list")
    check(p.returncode == 0 and "personal_number" in p.out, "rules list")
    p = box.run("rules", "test")
    check(p.returncode == 0, "rules test: %s" % (p.out + p.err)[-800:])
    p = box.run("selftest")
    check(p.returncode == 0 and "合格" in p.out, "selftest: %s" % (p.out + p.err)[-800:])
    p = box.run("version", "--formats")
    check(p.returncode == 0 and "xlsx" in p.out, "version")
    p = box.run("policy", "lint", POLICY)
    check(p.returncode == 0, "lint: %s" % p.err)
    p = box.run("policy", "render", POLICY, "--lang", "ja")
    check(p.returncode == 0 and "LR-10" in p.out, "render")


def test_split_archives(box):
    """Volumes are read as one archive, under the name of one of them; files that only look so stay themselves."""
    import gzip
    import struct
    import zipfile
    import zlib
    sys.path.insert(0, os.path.join(HERE, "..", "corpus"))
    import make_archive as rar
    shutil.rmtree(box.share)
    os.makedirs(box.share)
    names = [a + " " + b for a in ("山田", "鈴木", "佐藤", "高橋", "田中") for b in ("太郎", "花子", "一郎", "美咲", "健太", "次郎")]
    text = "\r\n".join(["氏名,住所"] + ["%s,東京都千代田区丸の内一丁目%d番1号" % (n, i + 1) for i, n in enumerate(names)]).encode("cp932")
    cuts = [text[:500], text[500:900], text[900:]]

    def put(name, data):
        with open(os.path.join(box.share, name), "wb") as out:
            out.write(data)

    for i, (old, data) in enumerate(zip(("c.rar", "c.r00", "c.r01"), cuts)):
        first, last = i == 0, i == 2
        crc = zlib.crc32(text if last else data)
        head = struct.pack("<IIBIIBBHI", len(data), len(text), 2, crc, 0x5D414800, 20, 0x30, 5, 0x20) + b"a.csv"
        four = b"Rar!\x1a\x07\0" + rar.rar4_block(0x73, 0x11 | (0x100 if first else 0), b"\0" * 6)
        four += rar.rar4_block(0x74, 0x8000 | (not first) | (0 if last else 2), head) + data + rar.rar4_block(0x7B, 0x4000 | (not last), b"")
        put(old, four)
        put("b.part%d.rar" % (i + 1), four)
        v = rar.vint
        main = v(1) + v(0) + (v(1) if first else v(3) + v(i))
        body = v(2) + v(2 | (0 if first else 8) | (0 if last else 16)) + v(len(data)) + v(4) + v(len(text)) + v(0x20)
        body += struct.pack("<I", crc) + v(0) + v(0) + v(5) + b"a.csv"
        put("d.part%d.rar" % (i + 1), b"Rar!\x1a\x07\x01\0" + rar.rar5_block(main) + rar.rar5_block(body) + data + rar.rar5_block(v(5) + v(0) + v(not last)))
    packed = gzip.compress(text, 0)
    put("e.csv.gz.001", packed[:700])
    put("e.csv.gz.002", packed[700:])
    for name in ("f.001", "f.002"):
        with zipfile.ZipFile(os.path.join(box.share, name), "w") as z:
            z.writestr("a.csv", text)
    put("g.part2.rar", open(os.path.join(box.share, "b.part2.rar"), "rb").read())
    for args in ((), ("--in-process",)):
        f = {os.path.basename(k): r for k, r in files_of(box.lines(*args)).items()}
        for lead in ("c.rar", "b.part1.rar", "d.part1.rar", "e.csv.gz.001", "f.001", "f.002"):
            check(f[lead]["state"] == "inspected" and f[lead]["persons"]["max"] == 30, "%s: %s" % (lead, f[lead]))
        for other in ("c.r00", "c.r01", "b.part2.rar", "b.part3.rar", "d.part3.rar", "e.csv.gz.002"):
            check(f[other]["format"] == "volume" and f[other]["state"] == "inspected", "%s: %s" % (other, f[other]))
        check(f["g.part2.rar"]["state"] != "inspected" and f["g.part2.rar"]["reasons"][0]["detail"] == "multi-volume", "a volume alone: %s" % f["g.part2.rar"])
    # One volume asked for by its name, to be scanned or to be handed over, stands for the whole archive.
    for one in ("c.r01", "b.part2.rar", "d.part3.rar", "e.csv.gz.002", "b.part1.rar"):
        path = os.path.join(box.share, one)
        p = box.run("scan", "--format", "jsonl", path)
        f = list(files_of([json.loads(x) for x in p.out.splitlines()]).values())
        check(len(f) == 1 and f[0]["state"] == "inspected" and f[0]["persons"]["max"] == 30, "%s alone: %s" % (one, f))
        p = box.run("check", "--dest", "D-INSURER", "--format", "json", path)
        f = json.loads(p.out)["files"][0]
        check(f["state"] == "inspected" and f["persons"]["max"] == 30, "check %s: %s %s" % (one, p.out[:400], p.err))


def test_pictures(box):
    """Codes in pictures are read, and text when asked for; without, a picture stays one. qr.png by qrencode, text.png by poppler."""
    seeds = os.path.join(HERE, "..", "corpus", "image")
    helpers = os.path.join(os.path.dirname(BINARY), "helpers")
    shutil.rmtree(box.share)
    shutil.copytree(seeds, box.share)
    os.rename(os.path.join(box.share, "qr.jpg"), os.path.join(box.share, "qr.txt"))
    with open(os.path.join(box.share, "bomb.png"), "wb") as f:     # 60000 x 60000
        import struct
        import zlib
        head = b"IHDR" + struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
        f.write(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + b"\0" * 200)
    f = {os.path.basename(k): r for k, r in files_of(box.lines()).items()}
    for r in f.values():
        check(r["state"] != "inspected" and "image-only" in {x["code"] for x in r["reasons"]}, "%s" % r)
    if os.path.exists(os.path.join(helpers, "sekisho-image")):
        for name in ("qr.png", "qr.txt"):
            places = {a["part"] for e in f[name]["elements"] for a in e["at"]}
            check(count(f[name], "birth_date") == 1 and places == {name + "!QR-Code 1"}, "%s: %s" % (name, f[name]))
        codes = {x["code"] for x in f["bomb.png"]["reasons"]}
        check("too-large" in codes and "crashed" not in codes, "bomb: %s" % f["bomb.png"])
    if os.path.exists(os.path.join(helpers, "sekisho-ocr")):
        r = {os.path.basename(k): r for k, r in files_of(box.lines("--ocr")).items()}
        check(r["text.png"]["state"] == "inspected", "recognised: %s" % r["text.png"])
        check("image-only" in {x["code"] for x in r["cut.png"]["reasons"]}, "cut: %s" % r["cut.png"])


def main():
    todo = sorted(n for n in globals() if n.startswith("test_") and (len(sys.argv) < 3 or n in sys.argv[2:]))
    passed = 0
    for name in todo:
        box = Box()
        try:
            globals()[name](box)
            passed += 1
        except Failure as e:
            print("FAIL %s: %s" % (name, str(e)[:1500]))
        except Exception:       # noqa: BLE001 - one test must not stop the others
            print("FAIL %s: %s" % (name, traceback.format_exc()[-1500:]))
        finally:
            box.close()
    print("%d passed, %d failed" % (passed, len(todo) - passed))
    return passed != len(todo)


if __name__ == "__main__":
    sys.exit(main())
