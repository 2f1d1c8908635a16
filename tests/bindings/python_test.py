#!/usr/bin/env python3
"""The Python binding: the golden cases, errors, callbacks, ownership, and that every function of the header is reachable.

Usage: python_test.py LIBRARY PATTERNS      (SOURCE/bindings/python is taken from this file's place)
"""
import base64
import ctypes
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
import zipfile
from email.message import EmailMessage
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[1] / "bindings/python"
os.environ["SEKISHO_LIBRARY"], os.environ["SEKISHO_PATTERNS"] = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
sys.path.insert(0, str(PACKAGE))
import sekisho  # noqa: E402
from sekisho import _abi  # noqa: E402

CASES = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
ROSTER = base64.b64decode(CASES[0]["base64"])
RULES = sekisho.Rules(cache="")
POLICY = sekisho.Policy(rules=RULES)


class Golden(unittest.TestCase):
    def check(self, case, result):
        want = case["expect"]
        self.assertEqual(result.state, want["state"])
        self.assertEqual([r.code for r in result.reasons()], want["reasons"])
        found = {f.element: [f.confidence, f.count] for f in result.findings()}
        self.assertEqual(found, want["elements"])
        if "format" in want:
            self.assertEqual(result.format, want["format"])
        if "persons" in want:
            self.assertEqual(list(result.persons), want["persons"])
        if "place" in want:
            place = next(next(f.places()) for f in result.findings() if f.element == want["place"]["element"])
            for field in set(want["place"]) - {"element"}:
                self.assertEqual(getattr(place, field), want["place"][field], field)

    def test_bytes(self):
        with sekisho.Scanner(RULES, POLICY) as scanner:
            for case in CASES:
                with self.subTest(case["name"]), scanner.scan_bytes(base64.b64decode(case["base64"]), case["name"]) as result:
                    self.check(case, result)

    def test_paths_and_descriptors(self):
        with tempfile.TemporaryDirectory() as folder, sekisho.Scanner(RULES, POLICY) as scanner:
            for case in CASES:
                path = Path(folder) / case["name"]
                path.write_bytes(base64.b64decode(case["base64"]))
                with self.subTest(case["name"]), scanner.scan_path(path) as result:
                    self.check(case, result)
                with self.subTest(case["name"]), open(path, "rb") as f, scanner.scan_fd(f.fileno(), case["name"]) as result:
                    self.check(case, result)


class Behaviour(unittest.TestCase):
    def test_same_as_the_command(self):
        out = bytearray()
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "名簿.csv").write_bytes(ROSTER)
            status = sekisho.scan_tree(RULES, POLICY, [folder], format="jsonl", write=out.extend, jobs=1, as_prefix="/share/総務課/共有")
        files = [json.loads(line) for line in out.decode().splitlines()]
        self.assertEqual(status, 1)
        self.assertEqual([f["path"] for f in files if f["record"] == "file"], ["/share/総務課/共有/名簿.csv"])
        with sekisho.Scanner(RULES, POLICY) as scanner, scanner.scan_bytes(ROSTER, "名簿.csv") as result:
            judged = result.judge(POLICY, path="/share/総務課/共有/名簿.csv")
        line = next(f for f in files if f["record"] == "file")
        self.assertEqual((judged.grade, judged.location), (line["label"]["grade"], line["location"]))
        self.assertNotIn("V-OWNER", [v.code for v in judged.violations])  # no group was named: not judged

    def test_check(self):
        out = bytearray()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "名簿.csv"
            path.write_bytes(ROSTER)
            with self.assertRaises(sekisho.Error):
                sekisho.check(RULES, POLICY, [path], "D-NOWHERE", format="json")
            dest = re.search(r"\bD-[A-Z-]+", POLICY.render()).group(0)
            status = sekisho.check(RULES, POLICY, [path], dest, format="json", write=out.extend)
        verdict = json.loads(out)["verdict"]
        self.assertEqual(status, {"allow": 0, "deny": 1, "undetermined": 2, "conditions": 3}[verdict])

    def test_mistakes_are_all_told(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as f:
            f.write("policy: {id: x, nonsense: 1}\nother: 2\n")
            f.flush()
            with self.assertRaises(sekisho.RulesError) as caught:
                sekisho.Policy(f.name)
        self.assertGreater(len(caught.exception.problems), 1)
        self.assertTrue(all(p.line for p in caught.exception.problems))
        self.assertTrue(caught.exception.ja and caught.exception.en)

    def test_unknown_option(self):
        with self.assertRaises(TypeError):
            sekisho.Scanner(RULES, POLICY, no_such_option=1)

    def test_missing_file(self):
        with sekisho.Scanner(RULES) as scanner, self.assertRaises(sekisho.InputError) as caught:
            scanner.scan_path("/nonexistent/file")
        self.assertNotEqual(caught.exception.system, 0)

    def test_exception_in_callback_is_raised_and_stops(self):
        def stop():
            raise KeyError("mine")

        with sekisho.Scanner(RULES, POLICY, cancelled=stop) as scanner, self.assertRaises(KeyError):
            scanner.scan_bytes(ROSTER * 20000, "a.csv")

    def test_cancel(self):
        with sekisho.Scanner(RULES, POLICY, cancelled=lambda: True) as scanner, self.assertRaises(sekisho.Cancelled):
            scanner.scan_bytes(ROSTER * 20000, "a.csv")

    def test_closed(self):
        scanner = sekisho.Scanner(RULES, POLICY)
        result = scanner.scan_bytes(ROSTER)
        result.close()
        result.close()
        with self.assertRaises(ValueError):
            result.state
        scanner.close()
        with self.assertRaises(ValueError):
            scanner.scan_bytes(b"")

    def test_result_outlives_scanner(self):
        with sekisho.Scanner(RULES, POLICY) as scanner:
            result = scanner.scan_bytes(ROSTER, "名簿.csv")
        self.assertEqual(result.persons, (2, 2))
        result.close()

    def test_threads_share_rules(self):
        seen = []

        def work():
            with sekisho.Scanner(RULES, POLICY) as scanner:
                for _ in range(20):
                    with scanner.scan_bytes(ROSTER, "名簿.csv") as r:
                        seen.append((r.persons, sorted((f.element, f.count) for f in r.findings())))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(len(seen), 80)
        self.assertTrue(all(s == seen[0] for s in seen))

    def test_rules_and_formats(self):
        self.assertEqual(len(list(RULES)), len(RULES))
        self.assertIn("personal_number", {r.element for r in RULES})
        run, failed = RULES.test()
        self.assertGreater(run, 0)
        self.assertEqual(failed, [])
        self.assertIn("xlsx", {f.name for f in sekisho.formats() if f.readable})
        self.assertRegex(RULES.digest + POLICY.digest, "^[0-9a-f]{128}$")

    def test_key(self):
        with tempfile.TemporaryDirectory() as folder:
            sekisho.key_create(folder + "/site.key")
            self.assertEqual(os.stat(folder + "/site.key").st_mode & 0o777, 0o600)
            self.assertRegex(sekisho.key_show(folder + "/site.key"), "^[0-9a-f]{64}$")
            with self.assertRaises(sekisho.Error):
                sekisho.key_create(folder + "/site.key")

    def test_check_by_descriptor(self):
        slip, record = bytearray(), bytearray()
        with tempfile.TemporaryFile() as f:
            f.write(ROSTER)
            f.flush()
            status = sekisho.check(RULES, POLICY, ["名簿.csv"], "D-OTHER", fds=[f.fileno()], write=slip.extend, json=record.extend)
        self.assertEqual(status, 1)
        self.assertEqual(json.loads(record)["verdict"], "deny")
        self.assertIn("T-GRADE", slip.decode())
        with self.assertRaises(ValueError):
            sekisho.check(RULES, POLICY, ["a", "b"], "D-OTHER", fds=[0])

    def test_label_and_own_register(self):
        out = bytearray()
        with tempfile.TemporaryDirectory() as folder:
            people, index, secret = folder + "/people.csv", folder + "/own.idx", folder + "/own.key"
            Path(people).write_text("被保険者番号,氏名,生年月日\n1234567,山田太郎,1980/01/02\n", encoding="utf-8")
            sekisho.secret_create(secret)
            info = sekisho.index_build(RULES, people, index, secret)
            self.assertEqual(info.records, 1)
            self.assertEqual(sekisho.index_show(index, secret).digest, info.digest)
            with sekisho.Scanner(RULES, POLICY, index=index, index_key=secret) as s, s.scan_bytes(ROSTER, "名簿.csv") as r:
                self.assertEqual(r.own_persons, 1)
            with sekisho.Scanner(RULES, POLICY) as s, s.scan_bytes(ROSTER, "名簿.csv") as r:
                self.assertIsNone(r.own_persons)
            Path(folder, "名簿.csv").write_bytes(ROSTER)
            sekisho.label(RULES, POLICY, [folder + "/名簿.csv"], format="json", write=out.extend)
        self.assertIn("L2", out.decode())

    def test_serve(self):
        addresses = []
        sekisho.serve(RULES, POLICY, started=addresses.append, cancelled=lambda: bool(addresses))
        self.assertRegex(addresses[0], r"^http://127\.0\.0\.1:\d+/")

    def test_example_mail(self):
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"] = "名簿", "a@example.jp", "b@example.jp"
        mail.set_content("添付のとおりです。")
        mail.add_attachment(ROSTER, maintype="text", subtype="csv", filename="名簿.csv")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.eml"
            path.write_bytes(mail.as_bytes())
            out = subprocess.run([sys.executable, str(PACKAGE / "examples/check_mail.py"), str(path)], capture_output=True, text=True,
                                 env=dict(os.environ, PYTHONPATH=str(PACKAGE), PYTHONUTF8="1"))
        self.assertEqual(out.returncode, 1, out.stderr)
        self.assertIn("名簿.csv", out.stdout)
        self.assertIn("phone 2", out.stdout)
        self.assertNotIn("090-1234-5678", out.stdout)

    def test_rules_diff(self):
        with tempfile.TemporaryDirectory() as folder:
            changed = shutil.copytree(os.environ["SEKISHO_PATTERNS"], folder + "/patterns")
            Path(changed, "detectors/phone.yaml").unlink()
            (Path(folder) / "a.csv").write_bytes(ROSTER)
            changes, told = RULES.diff(sekisho.Rules(changed, cache=""), policy=POLICY, paths=[folder + "/a.csv"])
        self.assertGreater(changes, 0)
        self.assertIn("phone", told)
        self.assertEqual(RULES.diff(RULES)[0], 0)

    def test_store(self):
        with tempfile.TemporaryDirectory() as folder:
            share, state = Path(folder) / "share", Path(folder) / "state.db"
            share.mkdir()
            (share / "名簿.csv").write_bytes(ROSTER)
            sekisho.scan_tree(RULES, POLICY, [share], state=state, write=lambda b: None, as_prefix="/share/総務課/共有")
            sekisho.log_verify(state)
            out = bytearray()
            sekisho.report(state, "inventory", format="json", write=out.extend)
            self.assertTrue(json.loads(out))


class Abi(unittest.TestCase):
    """The structs of this package lie in memory as the C compiler lays them."""

    def test_layout(self):
        structs = {n: c for n, c in vars(_abi).items() if isinstance(c, type) and issubclass(c, ctypes.Structure) and c is not ctypes.Structure}
        body = ""
        for name, kind in structs.items():
            body += 'printf("%%zu\\n", sizeof(%s));\n' % name
            for field, _ in kind._fields_:
                body += 'printf("%%zu\\n", offsetof(%s, %s));\n' % (name, field)
        want = []
        for kind in structs.values():
            want += [ctypes.sizeof(kind)] + [getattr(kind, f).offset for f, _ in kind._fields_]
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "layout.c"
            source.write_text("#include <sekisho/sekisho.h>\n#include <stdio.h>\nint main(void) {\n%s}\n" % body)
            subprocess.run(["cc", "-I", str(HERE.parents[1] / "include"), "-o", folder + "/layout", str(source)], check=True)
            have = [int(n) for n in subprocess.run([folder + "/layout"], capture_output=True, text=True, check=True).stdout.split()]
        self.assertEqual(have, want)

    def test_every_function_is_used(self):
        code = "".join(p.read_text(encoding="utf-8") for p in (PACKAGE / "sekisho").glob("*.py") if p.name != "_abi.py")
        unused = [f for f in _abi.FUNCTIONS if not re.search(r"\blib\.%s\b" % f, code)]
        self.assertEqual(unused, [], "functions of sekisho.h that Python cannot reach")


class Wheel(unittest.TestCase):
    def test_builds(self):
        try:
            import setuptools.build_meta  # noqa: F401
            import wheel  # noqa: F401
        except ImportError:
            self.skipTest("python3-setuptools and python3-wheel are not installed for this Python")
        with tempfile.TemporaryDirectory() as folder:
            source = shutil.copytree(PACKAGE, folder + "/source", ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))
            script = "from setuptools import build_meta; print(build_meta.build_wheel(%r))" % folder
            p = subprocess.run([sys.executable, "-c", script], cwd=source, capture_output=True, text=True)
            self.assertEqual(p.returncode, 0, p.stderr)
            with zipfile.ZipFile(Path(folder) / p.stdout.split()[-1]) as z:
                self.assertLessEqual({"sekisho/__init__.py", "sekisho/_abi.py", "sekisho/_library.py", "sekisho/py.typed"}, set(z.namelist()))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
