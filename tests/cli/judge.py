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
    if os.geteuid() == 0:       # another's file keeps what it had, also before root
        os.chown(flyer, 65534, -1)
        os.removexattr(flyer, "user.sekisho.label")
        p = box.run("label", "apply", "--xattr", "--state", box.path("other.db"), "--policy", box.policy, flyer)
        check(p.returncode == 1 and "持ち主でない" in p.out and "user.sekisho.label" not in os.listxattr(flyer), "another's file: %d %s" % (p.returncode, p.out))
        os.chown(flyer, 0, -1)
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


# ---------------------------------------------------------------- tools over rules and policies
def test_rules_diff(box):
    """A rule taken away, one changed, a word added; and what that means for files."""
    old, new = box.path("old"), box.path("new")
    for d in (old, new):
        shutil.copytree(os.path.join(os.path.dirname(POLICY), ".."), d)
    p = box.run("rules", "diff", old, new)
    check(p.returncode == 0 and "変更はありません" in p.out, "same: %d %s %s" % (p.returncode, p.out, p.err))
    os.unlink(os.path.join(old, "detectors", "email.yaml"))
    phone = os.path.join(new, "detectors", "iban.yaml")
    text = open(phone, encoding="utf-8").read()
    edited = re.sub(r"within: \d+", "within: 41", text)
    check(edited != text, "nothing to edit in iban.yaml")
    open(phone, "w", encoding="utf-8").write(edited)
    with open(os.path.join(new, "words", "honorific.txt"), "a", encoding="utf-8") as f:
        f.write("試験殿下\n")
    p = box.run("rules", "diff", old, new)
    check(p.returncode == 0 and "+ detector email  email" in p.out and "~ detector iban  within" in p.out and "+ honorific 試験殿下" in p.out, "diff: %s" % p.out)
    p = box.run("rules", "diff", new, old, "--lang", "en")
    check("- detector email" in p.out and "- honorific" in p.out, "back: %s" % p.out)
    box.write("mails/a.txt", "連絡先 taro.yamada@example.jp\r\n".encode("cp932"))
    box.write("mails/b.txt", "件名のみ\r\n".encode("cp932"))
    p = box.run("rules", "diff", old, new, box.path("mails"), "--policy", box.policy)
    check(p.returncode == 0 and re.search(r"影響の試算: 2件", p.out) and re.search(r"email  0 → 1.新しく検出 1", p.out), "effect: %s %s" % (p.out, p.err))
    p = box.run("rules", "diff", old, box.path("nowhere"))
    check(p.returncode == 64 and p.err.strip(), "a folder that is not there: %d" % p.returncode)
    check(box.run("rules", "diff", old).returncode == 64, "usage")


def test_policy_coverage(box):
    p = box.run("policy", "coverage", "--policy", box.policy, "/share/審査/2026", "/share/新設課", "/share/総務課", "/share/総務課2", "/backup/個人端末/u1")
    lines = p.out.splitlines()
    check(p.returncode == 0 and [l.split("\t") for l in lines if l.startswith("LOC-DEFAULT")] == [["LOC-DEFAULT", "/share/新設課"], ["LOC-DEFAULT", "/share/総務課2"]], "coverage: %r" % p.out)


def approved(box):
    """The policy with an approver, in force, before its review."""
    text = open(box.policy, encoding="utf-8").read()
    text = re.sub(r"status: draft[^\n]*", "status: approved", text)
    text = re.sub(r"approved_by: [^\n]*", "approved_by: {role: 情報セキュリティ管理者, name: 承認花子, at: 2026-10-01}", text)
    return text.replace("effective_from: 2027-01-01", "effective_from: 2026-10-01")


def test_draft_and_overdue_are_told(box):
    good = box.write("good.yaml", approved(box))
    late = box.write("late.yaml", approved(box).replace("review_by: 2027-12-31", "review_by: 2026-11-01"))
    flyer = os.path.join(box.share, "広報", "健康だより.txt")
    commands = [("scan", "--as", "/share", "--as-of", AS_OF, "--format", f, box.share) for f in ("text", "html", "jsonl", "csv", "sarif")]
    commands += [("check", "--dest", "D-TRAINING", "--as-of", AS_OF, "--format", f, flyer) for f in ("text", "html", "json")]
    commands += [("label", "export", "--as-of", AS_OF, "--format", f, flyer) for f in ("json",)] + [("label", "show", "--as-of", AS_OF, flyer)]
    for c in commands:
        out = {k: box.run(c[0], *c[1:-1], "--policy", path, c[-1]) if c[0] != "label" else box.run(*c[:2], "--policy", path, *c[2:]) for k, path in (("draft", box.policy), ("good", good), ("late", late))}
        for k, p in out.items():
            check(p.returncode in (0, 1, 2), "%s %s: %d %s" % (k, c[:4], p.returncode, p.err))
        draft = "draft" in out["draft"].out or "未承認" in out["draft"].out
        if "csv" not in c:
            check(draft, "a draft is not told by %s" % (c[:5],))
            check("draft" not in re.sub("sekisho-cli-[^/]*", "", out["good"].out) and "未承認" not in out["good"].out, "approved, and called a draft by %s" % (c[:5],))
        if "text" in c or "html" in c or c[1] == "show":
            check("見直し期限" in out["late"].out and "見直し期限" not in out["good"].out, "overdue is not told by %s" % (c[:5],))


def test_lint_names_every_mistake(box):
    text = open(box.policy, encoding="utf-8").read()
    bad = text.replace("max_grade: L3", "max_grade: L33", 1).replace("valid_days: 7", "valid_days: -1").replace("    max_grade: L1\n", "    max_grde: L1\n", 1)
    path = box.write("bad.yaml", bad)
    p = box.run("policy", "lint", path)
    places = re.findall(r"bad\.yaml:(\d+):(\d+): ", p.err)
    check(p.returncode == 64 and len(places) >= 3, "lint: %d %s" % (p.returncode, p.err))
    lines = bad.splitlines()
    for word in ("L33", "valid_days: -1", "max_grde"):
        line = next(i for i, l in enumerate(lines, 1) if word in l)
        check(str(line) in [a for a, _ in places], "the mistake in line %d (%s) is not named: %s" % (line, word, p.err))
    for c in (["scan", box.share], ["check", "--dest", "D-TRAINING", os.path.join(box.share, "広報", "健康だより.txt")], ["label", "show", box.share], ["serve"]):
        p = box.run(*c[:1], *c[1:2] if c[0] == "label" else (), "--policy", path, *(c[2:] if c[0] == "label" else c[1:]))
        check(p.returncode == 64 and not p.out.strip(), "%s runs on an invalid policy: %d" % (c[0], p.returncode))


def test_render(box):
    for f in ("markdown", "html"):
        p = box.run("policy", "render", box.policy, "--format", f, "--ja")
        check(p.returncode == 0, p.err)
        for word in ("LR-10", "LOC-SHINSA", "/share/審査", "D-INSURER", "自治体機密性3B", "機密性2", "取扱注意", "所属長", "未承認"):
            check(word in p.out, "%s: render lacks %s" % (f, word))


def test_other_schemes_follow_the_policy(box):
    """gov and muni are the policy's to fill in."""
    path = box.write("p.yaml", open(box.policy, encoding="utf-8").read().replace("gov: 機密性2, muni: 自治体機密性3B}", "gov: 機密性3, muni: 自治体機密性3A}"))
    p = box.run("label", "show", "--policy", path, box.uke())
    check("統一基準:機密性3" in p.out and "自治体:自治体機密性3A" in p.out, "show: %s" % p.out)
    p = box.run("policy", "diff", box.policy, path)
    check("自治体機密性3A" in p.out, "diff: %s" % p.out)


def test_never_says_no_report_is_due(box):
    """Facts and thresholds with their basis; never a judgement of law, never a ranking of people."""
    state = box.path("s.db")
    outs = [box.scan("--format", f).out for f in ("text", "html", "jsonl", "csv")] + [box.scan("--state", state).out]
    outs += [box.run("report", k, "--state", state, "--format", f, "--audience", a).out for k in ("nightly", "inventory", "trend", "audit") for f in ("text", "html") for a in ("summary", "restricted")]
    outs += [box.check(box.uke()).out, box.run("policy", "render", box.policy).out]
    for out in outs:
        for word in ("報告不要", "報告は不要", "漏えいではない", "漏えいには当たら", "報告の必要はありません"):
            check(word not in out, "says %s" % word)
    nightly = box.run("report", "nightly", "--state", state).out
    check("管理者" in nightly and "1,000人超" in nightly.replace("1000人超", "1,000人超"), "thresholds as facts: %s" % nightly[-600:])


def test_exceptions_hide_nothing(box):
    moved = os.path.join(box.share, "総務課", "共有", "レセ控え.txt")
    import hashlib
    digest = hashlib.sha256(open(moved, "rb").read()).hexdigest()
    plain = files_of(box.lines())["/share/総務課/共有/レセ控え.txt"]

    def policy(**change):
        e = dict({"id": "EX-1", "scope": '{sha256: "%s"}' % digest, "grade": "L3", "reason": "照会への回答", "requested_by": "総務課 申請太郎", "approved_by": "管理者 承認花子", "approved_at": "2026-11-01",
                  "expires_at": "2027-01-31"}, **change)
        text = open(box.policy, encoding="utf-8").read()
        body = "".join(("    - " if i == 0 else "      ") + "%s: %s\n" % kv for i, kv in enumerate((k, v) for k, v in e.items() if v))
        check("  list: []\n" in text, "no empty list of exceptions")
        return box.write("ex.yaml", text.replace("  list: []\n", "  list:\n" + body))

    def scan(path, as_of=AS_OF):
        p = box.run("scan", "--as", "/share", "--as-of", as_of, "--policy", path, "--format", "jsonl", box.share)
        return p, files_of(json.loads(x) for x in p.out.splitlines()) if p.returncode != 64 else {}

    p, f = scan(policy())
    got = f["/share/総務課/共有/レセ控え.txt"]
    check(got["exceptions"] == [{"id": "EX-1", "status": "active"}] and {v["code"] for v in got["violations"]} == {v["code"] for v in plain["violations"]}, "active: %s" % got)
    check(got["elements"] == plain["elements"] and got["label"] == plain["label"] and got["persons"] == plain["persons"], "an exception changed what was found")
    for as_of, status in (("2027-01-31", "active"), ("2027-02-01", "expired"), ("2026-10-31", None)):
        _, f = scan(policy(), as_of)
        check([e["status"] for e in f["/share/総務課/共有/レセ控え.txt"].get("exceptions", [])] == ([status] if status else []), "%s" % as_of)
    for name, change in (("self-approved", {"approved_by": "総務課　申請 太郎"}), ("no reason", {"reason": ""}), ("too long", {"expires_at": "2027-05-02"}), ("path above L2", {"scope": "{path: /share/総務課}"}),
                         ("no approver", {"approved_by": ""}), ("ends before it begins", {"expires_at": "2026-10-01"})):
        p, _ = scan(policy(**change))
        check(p.returncode == 64 and re.search(r"ex\.yaml:\d+:\d+: ", p.err), "%s: %d %s" % (name, p.returncode, p.err))
    check(scan(policy(expires_at="2027-04-30"))[0].returncode != 64, "180 days at L3")
    check(scan(policy(scope="{path: /share/総務課/名簿}", grade="L2"))[0].returncode != 64, "a path at L2")
    with open(moved, "ab") as f:
        f.write(b"\r\n")
    _, f = scan(policy(scope='{sha256: "%s", path: /share/総務課/共有/レセ控え.txt}' % digest))
    check([e["status"] for e in f["/share/総務課/共有/レセ控え.txt"]["exceptions"]] == ["changed"], "changed content")


def test_masking_guidance(box):
    """The slip names columns and rows; after the change the same command passes; the file is not rewritten."""
    rows = [["氏名", "電話番号", "支部", "年度"]] + [["山田　太郎", "03-1234-56%02d" % i, "第%d支部" % i, "2026"] for i in range(1, 6)]
    path = box.write("研修.csv", "\r\n".join(",".join(r) for r in rows).encode("cp932"))
    before = open(path, "rb").read(), os.stat(path).st_mtime_ns
    p = box.run("check", "--policy", box.policy, "--as-of", AS_OF, "--dest", "D-TRAINING", path)
    check(p.returncode == 1 and "直し方" in p.out and re.search(r"氏名=列 A.*2", p.out) and re.search(r"電話番号=列 B", p.out), "guidance: %s" % p.out)
    check((open(path, "rb").read(), os.stat(path).st_mtime_ns) == before, "the file was rewritten")
    box.write("研修.csv", "\r\n".join(",".join(r[2:]) for r in rows).encode("cp932"))
    p = box.run("check", "--policy", box.policy, "--as-of", AS_OF, "--dest", "D-TRAINING", path)
    check(p.returncode == 0 and "○ 送付可" in p.out, "after the change: %s" % p.out)


def test_every_refusal_has_its_way_out(box):
    """JSON of every kind of refusal: each reason carries a fix."""
    cases = [(["--dest", "D-TRAINING", box.uke()]), (["--dest", "D-INSURER", "--recipient", "100016", box.uke()]), (["--dest", "D-INSURER", box.uke()]), (["--dest", "D-CONTRACTOR", box.uke()]),
             (["--dest", "D-PUBLIC", os.path.join(box.share, "広報", "健康だより.txt")]), (["--dest", "D-TRAINING", os.path.join(box.share, "一時", "図面.dwg")]),
             (["--dest", "D-INSURER-T", os.path.join(box.share, "総務課", "共有", "マイナンバー収集表.xlsx")]), (["--dest", "D-INSURER", os.path.join(box.share, "総務課", "共有", "マイナンバー収集表.xlsx")])]
    seen = set()
    for c in cases:
        p = box.run("check", "--policy", box.policy, "--as-of", AS_OF, "--format", "json", *c)
        o = json.loads(p.out)
        check(o["verdict"] != "allow", "%s is allowed" % c)
        for r in o["reasons"]:
            seen.add(r["code"])
            check(r["fix"].strip(), "%s: no fix for %s" % (c, r))
    check({"T-GRADE", "T-COMP", "T-SCOPE", "T-RCPT", "T-CONTRACT", "T-PUBAPPR", "T-UNREAD", "T-ENC", "T-APPR1", "T-APPR2", "T-NOEXT"} <= seen, "kinds seen: %s" % sorted(seen))


def insurer_number(six):
    """保険者番号 with its check digit: digits from the right times 2, 1, 2 ..., sums of digits, 10 less the last digit."""
    total = sum(sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(reversed(six)))
    return six + str(-total % 10)


def test_people_of_another_insurer_by_row(box):
    ours, other = insurer_number("10001"), insurer_number("10002")
    check((ours, other) == ("100016", "100024"), "check digits: %s %s" % (ours, other))
    head = "保険者番号,被保険者証記号,被保険者証番号,氏名,生年月日,傷病名"
    rows = ["%s,国保%d,%d,山田　太郎%s,昭和%d年4月1日,糖尿病" % (other if i == 37 else ours, 11, 1000 + i, "一二三四五六七八九"[i % 9], 20 + i) for i in range(2, 41)]
    path = box.write("送付.csv", "\r\n".join([head] + rows).encode("cp932"))
    p = box.run("check", "--policy", box.policy, "--as-of", AS_OF, "--dest", "D-INSURER", "--recipient", ours, "--approval", APPROVER, "--format", "json", path)
    o = json.loads(p.out)
    scope = [r for r in o["reasons"] if r["code"] == "T-SCOPE"]
    check(p.returncode == 1 and len(scope) == 1 and other in scope[0]["detail"] and "1人" in scope[0]["detail"] and "37" in scope[0]["detail"] and "37" in scope[0]["fix"], "scope: %s" % o["reasons"])
    check(o["persons"]["by_insurer"][other]["max"] == 1 and o["persons"]["by_insurer"][ours]["max"] == 38, "by insurer: %s" % o["persons"])
    p = box.run("check", "--policy", box.policy, "--as-of", AS_OF, "--dest", "D-INSURER", "--recipient", ours, "--recipient", other, "--approval", APPROVER, path)
    check(p.returncode == 3 and "T-SCOPE" not in p.out, "both are recipients: %s" % p.out)


def test_slip_of_one_minute(box):
    """Every field of the slip, as text and on A4."""
    for f in ("text", "html"):
        p = box.run(*box.question(), "--requested-by", "審査課 申請太郎", "--purpose", "再審査資料", "--channel", "専用回線", "--contract", "K-12", "--format", f, box.uke())
        for word in ("外部送付前点検票", "条件未達", "D-INSURER", box.insurers[0], "申請太郎", "再審査資料", "専用回線", "K-12", "L3 機密[M]", "人(確定)", "レセプト", "個人番号 0件", "隠れた部分", "なし(平文)", "完全(部品", "直し方",
                     APPROVER, "有効", "2026-12-01", "未承認ポリシー", "SHA-256"):
            check(word in p.out, "%s: the slip lacks %s" % (f, word))
        check(len(p.out.splitlines()) < 40 or f == "html", "longer than a minute")



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
