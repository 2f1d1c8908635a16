#!/usr/bin/env python3
"""The manual pages lag neither the command nor the header, in both languages, and mandoc finds nothing to say.

Usage: manual.py SEKISHO
"""
import os
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

SEKISHO = os.path.abspath(sys.argv[1])
ROOT = Path(__file__).resolve().parents[2]
MAN = ROOT / "cli/man"
PAGES = ["sekisho.1", "sekisho.3", "sekisho-policy.5", "sekisho-rules.5"]


class Manual(unittest.TestCase):
    def test_lint(self):
        if not shutil.which("mandoc"):
            self.skipTest("mandoc is not installed")
        for page in PAGES:
            # Lines of Japanese are long in bytes, which is a matter of style only.
            for path, level in ((MAN / page, "all"), (MAN / "ja" / page, "warning")):
                p = subprocess.run(["mandoc", "-Tlint", "-W", level, str(path)], capture_output=True, text=True)
                said = [line for line in (p.stdout + p.stderr).splitlines() if "referenced manual not found" not in line]
                self.assertEqual(said, [], path)

    def test_verbs_and_options(self):
        verbs = re.findall(r"^  sekisho ([a-z]+) ", subprocess.run([SEKISHO, "help"], capture_output=True, text=True).stdout, re.M)
        for folder in (MAN, MAN / "ja"):
            page = (folder / "sekisho.1").read_text(encoding="utf-8").replace("Fl -", "--").replace("Fl ", "-")
            missing = [v for v in verbs if not re.search(r"\.Cm %s\b" % v, page)]
            for verb in verbs:
                told = subprocess.run([SEKISHO, verb, "--help"], capture_output=True, text=True).stdout
                for option in set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", told, re.M)) - {"--help", "--lang", "--ja", "--output", "--jobs"}:
                    if option + " " not in page and option + "\n" not in page:
                        missing.append(verb + " " + option)
            self.assertEqual(missing, [], folder)

    def test_functions(self):
        names = re.findall(r"SEKI_API[^;]*?\b(seki_\w+)\(", (ROOT / "include/sekisho/sekisho.h").read_text(encoding="utf-8"))
        for folder in (MAN, MAN / "ja"):
            page = (folder / "sekisho.3").read_text(encoding="utf-8")
            self.assertEqual([n for n in names if ".Fn %s" % n not in page], [])

    def test_policy_keys(self):
        keys = re.findall(r"^([a-z_]+):", (ROOT / "patterns/policies/kokuhoren-default.yaml").read_text(encoding="utf-8"), re.M)
        for folder in (MAN, MAN / "ja"):
            page = (folder / "sekisho-policy.5").read_text(encoding="utf-8")
            self.assertEqual([k for k in keys if not re.search(r"\b%s\b" % k, page) and k != "small_cells"], [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
