#!/usr/bin/env python3
"""`sekisho VERB --help`: every verb has forms, every option a description, in both languages, and the completion knows them.

Usage: help.py SEKISHO
"""
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

SEKISHO = os.path.abspath(sys.argv[1])
COMPLETION = Path(__file__).resolve().parents[2] / "cli/completion/sekisho.bash"


def run(*args):
    return subprocess.run([SEKISHO, *args], capture_output=True, text=True, timeout=30)


VERBS = re.findall(r"^  sekisho ([a-z]+) ", run("help").stdout, re.M)


class Help(unittest.TestCase):
    def test_verbs(self):
        self.assertGreater(len(VERBS), 9)
        for verb in VERBS:
            for lang in ("ja", "en"):
                p = run(verb, "--help", "--lang", lang)
                with self.subTest(verb=verb, lang=lang):
                    self.assertEqual((p.returncode, p.stderr), (0, ""))
                    self.assertRegex(p.stdout, r"^(使い方|usage): sekisho %s" % verb)
                    options = re.findall(r"^  (?:-\w, |    )(--.{22})  (.*)$", p.stdout, re.M)
                    self.assertTrue(options)
                    for name, words in options:
                        self.assertTrue(words.strip(), name)

    def test_no_words_for_options_that_no_verb_takes(self):
        told = "".join(run(verb, "--help").stdout for verb in VERBS)
        names = re.findall(r'^OPTION\("(--[a-z-]+)"', (COMPLETION.parents[1] / "options.def").read_text(encoding="utf-8"), re.M)
        self.assertEqual([n for n in names if not re.search(n + r"\b(?!-)", told)], [])

    def test_nothing_is_done(self):
        self.assertEqual(run("scan", "/nonexistent", "-h").returncode, 0)

    def complete(self, *words):
        script = 'source %s; COMP_WORDS=(%s); COMP_CWORD=%d; _sekisho; printf "%%s\\n" "${COMPREPLY[@]}"' % (
            COMPLETION, " ".join("'%s'" % w for w in (SEKISHO,) + words), len(words))
        return subprocess.run(["bash", "-c", script], capture_output=True, text=True).stdout.split()

    def test_completion(self):
        self.assertEqual(set(VERBS) - set(self.complete("")), set())
        self.assertIn("--recipient", self.complete("check", "--r"))
        self.assertEqual(self.complete("scan", "--fo"), ["--format"])
        self.assertIn("nightly", self.complete("report", "n"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
