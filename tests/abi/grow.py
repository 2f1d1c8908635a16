#!/usr/bin/env python3
"""Programs built against the first header run with today's library.

Every struct begins as it did, every function and constant is still there with the same type; a program compiled with the first header is run
against the library of today, where a smaller `size` must be understood, and a larger one with unknown content refused.

Usage: grow.py LIBRARY PATTERNS
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "bindings"))
from generate import Header  # noqa: E402

LIBRARY, PATTERNS = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
FIRST, TODAY = HERE / "first", ROOT / "include"


def header(folder):
    return Header((folder / "sekisho/sekisho.h").read_text(encoding="utf-8"))


def build(folder, include, source, name, libraries=()):
    path = Path(folder) / name
    subprocess.run(["cc", "-std=c17", "-I", str(include), "-o", str(path), str(source), *libraries], check=True)
    return path


def layout(folder, include, structs):
    body = "".join('printf("%s %%zu\\n", sizeof(%s));\n' % (s, s) + "".join('printf("%s.%s %%zu\\n", offsetof(%s, %s));\n' % (s, f, s, f)
                   for f, _, _ in fields) for s, fields in structs.items())
    source = Path(folder) / "layout.c"
    source.write_text("#include <sekisho/sekisho.h>\n#include <stdio.h>\nint main(void) {\n%s}\n" % body)
    out = subprocess.run([str(build(folder, include, source, "layout"))], capture_output=True, text=True, check=True).stdout
    return {k: int(v) for k, v in (line.split() for line in out.splitlines())}


def stub(folder, include, parsed, name):
    """A library of nothing but what a header declares, for abidiff: types come from the compiler, not from our reading."""
    source = Path(folder) / (name + ".c")
    source.write_text("#include <sekisho/sekisho.h>\n" + "".join(
        "%s %s(%s) { %s }\n" % (result, function, ", ".join("%s %s" % a for a in arguments) or "void",
                                 "" if result == "void" else "return 0;") for function, (result, arguments) in parsed.functions.items()))
    path = Path(folder) / (name + ".so")
    subprocess.run(["cc", "-std=c17", "-g", "-shared", "-fPIC", "-Wl,-soname,libsekisho.so.0", "-I", str(include), "-o", str(path), str(source)], check=True)
    return str(path)


# Structs may grow at their end, which abidiff calls a changed size and insertions; these are what programs would feel.
FELT = re.compile(r"data member (deletion|change)|[1-9]\d* Removed|return type changed|entity changed|type of '|enumerator (deletion|change)")


def compare_by_abidiff(folder, first, today):
    p = subprocess.run(["abidiff", "--no-added-syms", stub(folder, FIRST, first, "first"), stub(folder, TODAY, today, "today")], capture_output=True, text=True)
    return p.stdout + p.stderr if p.returncode & ~4 or FELT.search(p.stdout) else None


def plain(kind):
    return kind.replace(" ", "")


def main():
    first, today, wrong = header(FIRST), header(TODAY), []
    for name, value in first.constants.items():
        if today.constants.get(name) != value:
            wrong.append("constant " + name)
    for name, (result, arguments) in first.functions.items():
        now = today.functions.get(name)
        if now is None or plain(now[0]) != plain(result) or [plain(k) for k, _ in now[1]] != [plain(k) for k, _ in arguments]:
            wrong.append("function " + name)
    with tempfile.TemporaryDirectory() as folder:
        before, now = layout(folder, FIRST, first.structs), layout(folder, TODAY, {s: f for s, f in today.structs.items() if s in first.structs})
        for what, n in before.items():
            if what not in now or (now[what] < n if "." not in what else now[what] != n):
                wrong.append("%s: %d, today %s" % (what, n, now.get(what)))
        libraries = [LIBRARY, "-Wl,-rpath," + os.path.dirname(LIBRARY)]
        old = build(folder, FIRST, HERE / "old_program.c", "old", libraries)
        p = subprocess.run([str(old), PATTERNS], capture_output=True, text=True)
        if p.returncode:
            wrong.append("a program of the first header: " + p.stdout + p.stderr)
        if shutil.which("abidiff"):
            told = compare_by_abidiff(folder, first, today)
            if told:
                wrong.append("abidiff: " + told)
        else:
            print("abidiff is not installed: layouts and signatures were compared, types of types were not")
    for w in wrong:
        print("changed: " + w)
    print("%d functions, %d structs, %d fields compared" % (len(first.functions), len(first.structs), len(before)))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
