#!/usr/bin/env python3
"""Black-box tests of judging: signed receipts, labels for other tools, rights, markings, policy and rules tools.

Usage: judge.py SEKISHO [NAME...]       the last line is 'N passed, N failed'
"""
import csv
import io
import json
import os
import re
import shutil
import stat
import struct
import subprocess
import sys
import traceback

from run import AS_OF, Box, Failure, POLICY, check, count, files_of

APPROVER = "所属長:承認一郎"


class Desk(Box):
    """The sample share and an own home, so that the key of the site is made there."""

    def run(self, *args, env=None, **kw):
        return super().run(*args, env=dict({"XDG_CONFIG_HOME": self.path("config")}, **(env or {})), **kw)

    def key(self):
        return self.path("config", "sekisho", "site.key")

    def question(self, as_of=AS_OF):
        """To the insurers of the sample claims, approved."""
        if not hasattr(self, "insurers"):
            self.insurers = sorted(files_of(self.lines())["/share/審査/202610/RECEIPTC.UKE"]["persons"]["by_insurer"])
        to = [x for i in self.insurers for x in ("--recipient", i)]
        return ["check", "--policy", self.policy, "--as-of", as_of, "--dest", "D-INSURER", "--approval", APPROVER] + to

    def check(self, *args, as_of=AS_OF, **kw):
        return self.run(*self.question(as_of), *args, **kw)

    def write(self, name, data):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode("utf-8"))
        return path

    def uke(self):
        return os.path.join(self.share, "審査", "202610", "RECEIPTC.UKE")


def zip_encrypted(path, name, data):
    """A ZIP whose only member says AES-256 (WinZip AE-2); the content is noise, as nobody has the key."""
    extra = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 0)
    raw = name.encode("utf-8")
    body = os.urandom(18 + len(data) + 10)
    common = struct.pack("<HHHHHIII", 51, 0x801, 99, 0, 0x5A21, 0, len(body), len(data))
    local = b"PK\3\4" + common + struct.pack("<HH", len(raw), len(extra)) + raw + extra
    central = b"PK\1\2" + struct.pack("<H", 51) + common + struct.pack("<HHHHHII", len(raw), len(extra), 0, 0, 0, 0, 0) + raw + extra
    with open(path, "wb") as f:
        f.write(local + body + central + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local) + len(body), 0))


# ---------------------------------------------------------------- receipts
def receipt_flow(box):
    """Returns (receipts file, encrypted container): the first check of the plain file made the key of the site."""
    out = box.path("receipt.json")
    p = box.check("--format", "json", "-o", out, box.uke())
    check(p.returncode == 3, "plain: exit %d %s" % (p.returncode, p.err))
    box.answer = json.load(open(out, encoding="utf-8"))
    container = box.path("RECEIPTC.zip")
    with open(box.uke(), "rb") as f:
        zip_encrypted(container, "RECEIPTC.UKE", f.read())
    return out, container


def test_receipts_are_signed(box):
    """A11 with keys: missing, other, edited, public key only."""
    receipts, container = receipt_flow(box)
    r = box.answer["receipt"]
    check(r and r["signature"]["algorithm"] == "ed25519", "no signed receipt: %s" % box.answer["reasons"])
    check(stat.S_IMODE(os.stat(box.key()).st_mode) == 0o600 and os.path.getsize(box.key()) == 64, "key file")
    p = box.check("--receipts", receipts, container)
    check(p.returncode == 0 and "送付可" in p.out, "container: %d %s %s" % (p.returncode, p.out, p.err))
    # without receipts the container is unread
    p = box.check(container)
    check(p.returncode == 2 and "判定不能" in p.out, "no receipt: %d" % p.returncode)
    # expired
    p = box.check("--receipts", receipts, container, as_of="2026-12-02")
    check(p.returncode == 2 and "有効期限" in p.out and "送付可" not in p.out.replace("判定", ""), "expired: %d %s" % (p.returncode, p.out))
    # edited, with the id made anew from what it says
    text = open(receipts, encoding="utf-8").read()
    for name, edited in (("grade", text.replace('"grade":"L3","compartments":"M"', '"grade":"L1","compartments":""')), ("expires", re.sub(r'"expires":"[-0-9]+"', '"expires":"2027-11-30"', text)),
                         ("unsigned", re.sub(r',"signature":\{[^}]*\}', "", text)), ("size", re.sub(r'"size":(\d+),"crc32"', r'"size":1,"crc32"', text))):
        check(edited != text, "%s: the edit did nothing" % name)
        p = box.check("--receipts", box.write("edited.json", edited), container)
        check(p.returncode == 64 and p.err.strip() and "送付可" not in p.out, "%s: exit %d %s" % (name, p.returncode, p.out))
    # signed by another site
    other = box.path("other.key")
    check(box.run("key", "create", "--key", other).returncode == 0, "create")
    p = box.check("--key", other, "--receipts", receipts, container)
    check(p.returncode == 64 and "別の鍵" in p.err, "other key: %d %s" % (p.returncode, p.err))
    # a colleague verifies with the public line, and cannot sign
    shown = box.run("key", "show").out.split()[-1]
    check(r["signature"]["key"] == shown, "key show")
    public = box.write("site.key.pub", "sekisho-public-key 1 %s\n" % shown)
    p = box.check("--key", public, "--receipts", receipts, container)
    check(p.returncode == 0, "public key: %d %s" % (p.returncode, p.err))
    p = box.check("--key", public, "--format", "json", box.uke())
    check(p.returncode == 3 and json.loads(p.out)["receipt"] is None, "signed with a public key")
    # missing
    os.unlink(box.key())
    p = box.check("--receipts", receipts, container)
    check(p.returncode == 64 and "鍵" in p.err and not p.out, "missing key: %d %s" % (p.returncode, p.err))
    p = box.check("--key", box.path("nowhere.key"), "--format", "json", box.uke())
    check(p.returncode == 64 and not os.path.exists(box.path("nowhere.key")), "a named key was made silently: %d" % p.returncode)


def test_key_file_is_guarded(box):
    p = box.run("key", "create")
    check(p.returncode == 0 and re.search("[0-9a-f]{64}", p.out), "create: %s" % p.err)
    first = open(box.key(), "rb").read()
    check(stat.S_IMODE(os.stat(box.key()).st_mode) == 0o600 and os.path.exists(box.key() + ".pub"), "files")
    p = box.run("key", "create")
    check(p.returncode == 64 and open(box.key(), "rb").read() == first, "an existing key was replaced")
    os.chmod(box.key(), 0o644)
    p = box.run("key", "show")
    check(p.returncode == 64 and "chmod 600" in p.err, "open key: %s" % p.err)
    os.chmod(box.key(), 0o600)
    p = box.run("key", "show", "--key", box.write("junk.key", b"x" * 64))
    check(p.returncode == 64, "junk key")
    check(box.run("key").returncode == 64 and box.run("key", "steal").returncode == 64, "usage")


def test_no_place_for_a_key(box):
    """Without a home the verdict stands, no receipt is issued, and the slip says how to get one."""
    env = {"XDG_CONFIG_HOME": "", "HOME": ""}
    p = box.check("--format", "json", box.uke(), env=env)
    check(p.returncode == 3 and json.loads(p.out)["receipt"] is None, "exit %d" % p.returncode)
    p = box.check(box.uke(), env=env)
    check("sekisho key create" in p.out, "slip: %s" % p.out)


def test_bad_questions(box):
    """Nothing that was asked wrongly is answered with 送付可."""
    flyer = os.path.join(box.share, "広報", "健康だより.txt")
    cases = [(["--dest", "D-INSURE"], "D-INSURER"), (["--dest", "D-INSURER", "--recipient", "12345"], "12345"), (["--dest", "D-INSURER", "--recipient", "１０００１６x"], ""),
             (["--dest", "D-INSURER", "--approval", "所属長"], ""), (["--dest", "D-INSURER", "--receipts", box.path("none.json")], "site.key"), (["--dest", "D-TRAINING", "--format", "xml"], "xml"),
             (["--dest", "D-TRAINING", "--as-of", "2026-13-01"], "2026-13-01"), ([], "")]
    for args, word in cases:
        p = box.run("check", "--policy", box.policy, *args, flyer)
        check(p.returncode == 64 and p.err.strip() and word in p.err and "送付可" not in p.out, "%s: %d %s" % (args, p.returncode, p.err))
    p = box.run("check", "--policy", box.policy, "--dest", "D-NOWHERE", "--lang", "en", flyer)
    check(p.returncode == 64 and not re.search("[ぁ-んァ-ン]", p.err), "English message holds Japanese: %s" % p.err)


# ---------------------------------------------------------------- labels
def can_xattr(box):
    try:
        os.setxattr(box.write("probe", b""), "user.sekisho.test", b"x")
        return True
    except OSError:
        return False


def test_label_show_and_export(box):
    book = os.path.join(box.share, "総務課", "共有", "マイナンバー収集表.xlsx")
    p = box.run("label", "show", "--policy", box.policy, book)
    check(p.returncode == 0 and "L4" in p.out and "[T]" in p.out and "機密性3" in p.out and "自治体機密性3B" in p.out, "show: %d %s %s" % (p.returncode, p.out, p.err))
    p = box.run("label", "export", "--policy", box.policy, "--as", "/share", "--as-of", AS_OF, box.share)
    rows = list(csv.DictReader(io.StringIO(p.out.lstrip("\ufeff"))))
    check(p.returncode == 2 and len(rows) == 12, "export: %d, %d rows" % (p.returncode, len(rows)))
    by_path = {r["path"]: r for r in rows}
    import hashlib
    for path, r in by_path.items():
        if r["state"] == "inspected":
            with open(os.path.join(box.share, path[len("/share/"):]), "rb") as f:
                check(hashlib.sha256(f.read()).hexdigest() == r["sha256"], "SHA-256 of %s" % path)
    scanned = files_of(box.lines())
    for path, r in by_path.items():
        check(r["grade"] == scanned[path]["label"]["grade"] and r["compartments"].split() == scanned[path]["label"]["compartments"], "label of %s" % path)
    p = box.run("label", "export", "--policy", box.policy, "--format", "json", "--as", "/share", box.share)
    o = json.loads(p.out)
    check(len(o["labels"]) == 12 and {x["path"]: x["label"]["grade"] for x in o["labels"]} == {k: v["grade"] for k, v in by_path.items()}, "json")
    check(o["complete"] is False, "one sample file cannot be read")


def test_label_apply(box):
    if not can_xattr(box):
        print("skip test_label_apply: no user attributes on this file system")
        return
    state = box.path("labels.db")
    book = os.path.join(box.share, "総務課", "共有", "マイナンバー収集表.xlsx")
    flyer = os.path.join(box.share, "広報", "健康だより.txt")
    drawing = os.path.join(box.share, "一時", "図面.dwg")
    before = {f: (os.stat(f).st_mtime_ns, open(f, "rb").read()) for f in (book, flyer, drawing)}
    box.lines("--state", state)
    check("user.sekisho.label" not in os.listxattr(book), "a scan wrote a label")
    check(box.run("label", "apply", "--policy", box.policy, book).returncode == 64 and box.run("label", "apply", "--xattr", "--policy", box.policy, book).returncode == 64, "only on explicit request, with a record")
    check("user.sekisho.label" not in os.listxattr(book), "refused, and written all the same")
    p = box.run("label", "apply", "--xattr", "--state", state, "--policy", box.policy, "--as-of", AS_OF, box.share)
    check(p.returncode == 1 and "検査が完全でない" in p.out, "apply: %d %s %s" % (p.returncode, p.out, p.err))
    for f, (mtime, data) in before.items():
        check(os.stat(f).st_mtime_ns == mtime and open(f, "rb").read() == data, "content or mtime of %s" % f)
    text = os.getxattr(book, "user.sekisho.label").decode()
    check(text.startswith("sekisho 1;grade=L4;compartments=T;") and "decided=1" in text, text)
    check("user.sekisho.label" not in os.listxattr(drawing), "a file that was not read got a label")
    p = box.run("log", "verify", "--state", state)
    check(p.returncode == 0, "chain: %s" % p.err)
    import sqlite3
    db = sqlite3.connect(state)
    records = [b for (b,) in db.execute("SELECT body FROM chain WHERE kind='label'")]
    db.close()
    import hashlib
    check(len(records) == 2 and hashlib.sha256(before[book][1]).hexdigest() + "=L4" in records[1] and "マイナンバー" not in "".join(records), "records: %s" % records)
    # what nothing decided stays free of violations when its label is read back
    f = files_of(box.lines("--state", state))
    check(not f["/share/広報/健康だより.txt"]["violations"], "the default label came back as a violation")
    check("WORN" in f["/share/総務課/共有/マイナンバー収集表.xlsx"]["label"]["rules"], "read back: %s" % f["/share/総務課/共有/マイナンバー収集表.xlsx"]["label"])
    # the number list is emptied: the worn label stays, tonight and the night after (result from the store)
    worn = os.getxattr(book, "user.sekisho.label")
    with open(book, "wb") as out:
        out.write(b"nothing here\n")
    os.setxattr(book, "user.sekisho.label", worn)
    for night in (1, 2):
        got = files_of(box.lines("--state", state))["/share/総務課/共有/マイナンバー収集表.xlsx"]
        check(got["label"]["grade"] == "L4" and got["label"]["compartments"] == ["T"] and {"V-GRADE", "V-COMP"} <= {v["code"] for v in got["violations"]}, "night %d: %s" % (night, got))
        check(got["state"] == ("inspected" if night == 1 else "unchanged"), "night %d: %s" % (night, got["state"]))


def test_worn_label_never_lowers(box):
    if not can_xattr(box):
        return
    uke = os.path.join(box.share, "総務課", "共有", "レセ控え.txt")
    plain = files_of(box.lines())["/share/総務課/共有/レセ控え.txt"]
    low = "sekisho 1;grade=L0;compartments=;handling=;integrity=1;availability=1;decided=1;sha256=0"
    for value, reviewed, marked in ((low, False, True), ("sekisho 1;grade=L9;compartments=", True, False), ("氏名 山田太郎 個人番号", True, False), ("x" * 3000, True, False), ("", False, False)):
        os.setxattr(uke, "user.sekisho.label", value.encode())
        p = box.scan("--format", "jsonl")
        got = files_of(json.loads(x) for x in p.out.splitlines())["/share/総務課/共有/レセ控え.txt"]
        check(got["label"]["grade"] == plain["label"]["grade"] and got["label"]["compartments"] == plain["label"]["compartments"], "%r lowered: %s" % (value[:20], got["label"]))
        check({v["code"] for v in plain["violations"]} <= {v["code"] for v in got["violations"]}, "a violation went away")
        check(("V-MARK" in {v["code"] for v in got["violations"]}) == marked, "%r: %s" % (value[:20], got["violations"]))
        check(bool([r for r in got["review"] if r.get("rule") == "WORN"]) == reviewed, "%r: review %s" % (value[:20], got["review"]))
        check("山田太郎" not in p.out, "what stood in the attribute was printed")


# ---------------------------------------------------------------- rights and markings
def test_rights(box):
    path = box.write("share/審査/明細.UKE", open(box.uke(), "rb").read())
    def codes():
        return {v["code"]: v["severity"] for v in files_of(box.lines())["/share/審査/明細.UKE"]["violations"]}
    os.chmod(path, 0o640)
    check("V-ACL" not in codes(), "0640")
    os.chmod(path, 0o644)
    check(codes().get("V-ACL") == "S1", "o+r")
    os.chmod(path, 0o640)
    sid = bytes([1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
    ace = struct.pack("<BBHI", 0, 0, 8 + len(sid), 0x1200A9) + sid
    sd = struct.pack("<BBHIIII", 1, 0, 0x8004, 0, 0, 0, 20) + struct.pack("<BBHHH", 2, 0, 8 + len(ace), 1, 0) + ace
    try:
        os.setxattr(path, "user.NTACL", struct.pack("<HHI", 1, 1, 0x20000) + sd)
        check(codes().get("V-ACL") == "S1", "Everyone in an NT ACL")
        p = box.scan()
        check("Everyone" in p.out, "the group is not named")
        os.removexattr(path, "user.NTACL")
    except OSError:
        pass
    if shutil.which("setfacl"):
        subprocess.run(["setfacl", "-m", "o::r", path], check=True)
        check(codes().get("V-ACL") == "S1", "setfacl other")
    os.chmod(path, 0o640)
    check("V-ACL" not in codes(), "repaired")


def test_markings_by_name(box):
    names = {"㊙名簿.txt": ("L4", ["S"]), "計画㊙.txt": ("L4", ["S"]), "【取扱注意】案.txt": ("L2", []), "C3I2A2_計画.txt": ("L3", []), "秘書業務.txt": ("L1", []), "便秘症.txt": ("L1", []),
             "取扱注意文書の管理.txt": ("L1", []), "議事(秘).txt": ("L4", ["S"]), "自治体機密性3B_表.txt": ("L3", [])}
    for n in names:
        box.write("share/総務課/" + n, "議題\r\n")
    f = files_of(box.lines())
    for n, (grade, comps) in names.items():
        got = f["/share/総務課/" + n]["label"]
        check(got["grade"] == grade and got["compartments"] == comps, "%s: %s" % (n, got))


def main():
    todo = sorted(n for n in globals() if n.startswith("test_") and (len(sys.argv) < 3 or n in sys.argv[2:]))
    passed = 0
    for name in todo:
        box = Desk()
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
