#!/usr/bin/env python3
"""Reads include/sekisho/sekisho.h and writes what the bindings know of it, so that neither is typed by hand twice.

    generate.py           writes python/sekisho/_abi.py and node/src/abi.h
    generate.py --check   exit 1 when either is not what the header says today

The header is plain by its own rules (one typedef a struct, callbacks as typedefs or fields); what this reader does not
understand is an error, never left out.
"""
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
HEADER = HERE.parent / "include/sekisho/sekisho.h"
PYTHON = HERE / "python/sekisho/_abi.py"
NODE = HERE / "node/src/abi.h"

SCALARS = {
    "bool": "c_bool", "size_t": "c_size_t", "uint64_t": "c_uint64", "uint32_t": "c_uint32", "uint16_t": "c_uint16", "int64_t": "c_int64",
    "unsigned": "c_uint", "int": "c_int", "double": "c_double", "char": "c_char", "seki_status": "c_int",
}


def declarations(text):
    """The header without comments, directives and the C++ wrapper, cut at top-level semicolons."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    text = re.sub(r"^\s*#.*$", "", text, flags=re.M)
    text = text.replace('extern "C" {', " ")
    depth, start = 0, 0
    for i, c in enumerate(text):
        depth += {"{": 1, "}": -1}.get(c, 0)
        if depth < 0:  # the wrapper's closing brace
            depth, start = 0, i + 1
        if c == ";" and depth == 0:
            yield " ".join(text[start:i].split())
            start = i + 1


def parameter(text):
    """'const char *const *paths' -> ('const char *const *', 'paths')"""
    text = text.strip()
    if text == "void":
        return None
    m = re.fullmatch(r"(.*?[\s*])(\w+)(\[\w*\])?", text)
    if not m:
        sys.exit("sekisho.h: cannot read the parameter: " + text)
    kind = m.group(1).strip()
    return (kind + " *" if m.group(3) else kind, m.group(2))


def parameters(text):
    return [p for p in (parameter(t) for t in text.split(",")) if p]


class Header:
    def __init__(self, text):
        self.constants, self.callbacks, self.structs, self.opaque, self.functions = {}, {}, {}, [], {}
        for d in declarations(text):
            self.read(d)

    def read(self, d):
        if m := re.fullmatch(r"typedef enum (\w+) \{(.*)\} \1", d):
            for item in m.group(2).split(","):
                name, value = item.split("=")
                self.constants[name.strip()] = int(value)
        elif m := re.fullmatch(r"typedef struct (\w+) \{(.*)\} \1", d):
            self.structs[m.group(1)] = self.fields(m.group(1), m.group(2))
        elif m := re.fullmatch(r"typedef struct (\w+) \1", d):
            self.opaque.append(m.group(1))
        elif m := re.fullmatch(r"typedef (\w+) \(\*(\w+)\)\((.*)\)", d):
            self.callbacks[m.group(2)] = (m.group(1), parameters(m.group(3)))
        elif m := re.fullmatch(r"SEKI_API (.*?)(seki_\w+)\((.*)\)", d):
            self.functions[m.group(2)] = (m.group(1).strip(), parameters(m.group(3)))
        else:
            sys.exit("sekisho.h: cannot read the declaration: " + d)

    def fields(self, struct, body):
        out = []
        for line in filter(None, (s.strip() for s in body.split(";"))):
            if m := re.fullmatch(r"(\w+) \(\*(\w+)\)\((.*)\)", line):
                name = struct + "_" + m.group(2)
                self.callbacks[name] = (m.group(1), parameters(m.group(3)))
                out.append((m.group(2), name, 0))
                continue
            m = re.fullmatch(r"((?:const )?\w+)\s*(.*)", line)
            for declarator in m.group(2).split(","):
                f = re.fullmatch(r"((?:\*\s*(?:const\s*)?)*)(\w+)(?:\[(\d+)\])?", declarator.strip())
                if not f:
                    sys.exit("sekisho.h: cannot read the field: " + line)
                out.append((f.group(2), (m.group(1) + " " + f.group(1)).strip(), int(f.group(3) or 0)))
        return out


def ctype(header, kind):
    """A C type in ctypes' words. Pointers to opaque objects are c_void_p: they are only handed back."""
    bare = kind.replace("const", "").strip()
    stars, bare = bare.count("*"), bare.replace("*", "").strip()
    if bare in header.callbacks:
        return bare
    if bare in header.opaque or bare == "void":
        return {0: "None", 1: "c_void_p", 2: "POINTER(c_void_p)"}[stars]
    if bare == "char" and stars:
        return {1: "c_char_p", 2: "POINTER(c_char_p)"}[stars]
    base = bare if bare in header.structs else SCALARS.get(bare)
    if base is None:
        sys.exit("sekisho.h: unknown type: " + kind)
    for _ in range(stars):
        base = "POINTER(%s)" % base
    return base


def argument(header, kind, name):
    # A buffer that the library writes into is no c_char_p: ctypes would hand over bytes that cannot change.
    return "c_void_p" if kind.replace(" ", "") == "char*" else ctype(header, kind)


def python(header):
    lines = ['"""Written by bindings/generate.py from sekisho.h. Do not edit."""', "# fmt: off",
             "from ctypes import CFUNCTYPE, POINTER, Structure, c_bool, c_char, c_char_p, c_double, c_int, c_int64, c_size_t, c_uint, c_uint16, c_uint32, c_uint64, c_void_p", ""]
    lines += ["%s = %d" % c for c in header.constants.items()] + [""]
    waiting = dict(header.callbacks)
    known = set()

    def callback(name):
        result, args = waiting.pop(name)
        words = ", ".join([ctype(header, result)] + [ctype(header, k) for k, _ in args])
        lines.append("%s = CFUNCTYPE(%s)" % (name, words))
        known.add(name)

    for struct, fields in header.structs.items():
        for _, kind, _ in fields:
            if kind in waiting:
                callback(kind)
        lines += ["", "", "class %s(Structure):" % struct, "    _fields_ = ["]
        for name, kind, n in fields:
            t = kind if kind in header.callbacks else ctype(header, kind)
            lines.append('        ("%s", %s%s),' % (name, t, " * %d" % n if n else ""))
        lines += ["    ]", "", ""]
    for name in list(waiting):
        callback(name)
    lines += ["", "", "# name -> (result, arguments)", "FUNCTIONS = {"]
    for name, (result, args) in header.functions.items():
        words = ", ".join(argument(header, k, a) for k, a in args)
        lines.append('    "%s": (%s, [%s]),' % (name, ctype(header, result), words))
    lines += ["}", ""]
    text = "\n".join(lines)
    return re.sub(r"\n{4,}", "\n\n\n", text)


OPTION_KINDS = {"const char *": "STRING", "bool": "BOOL", "uint32_t": "UINT32", "unsigned": "UINT32", "uint64_t": "UINT64",
                "int64_t": "INT64", "const char *const *": "STRINGS", "const int *": "INTS"}


def node(header):
    """Fields of the options structs that a JavaScript object can set, and the callbacks the addon sets itself."""
    out = ["/* Written by bindings/generate.py from sekisho.h. Do not edit. */", "#ifndef SEKISHO_NODE_ABI_H", "#define SEKISHO_NODE_ABI_H", ""]
    for struct, fields in header.structs.items():
        if not struct.endswith("_options"):
            continue
        kinds = [(n, OPTION_KINDS.get(k)) for n, k, _ in fields if n != "size" and not n.startswith("n_")]
        out.append("static const struct option %s_fields[] = {" % struct)
        out += ["    {\"%s\", OPTION_%s, offsetof(%s, %s), %s}," % (
            n, k, struct, n, "offsetof(%s, n_%s)" % (struct, n) if k == "STRINGS" else "0") for n, k in kinds if k]
        out += ["    {NULL, OPTION_BOOL, 0, 0}};", ""]
    out += ["#endif", ""]
    return "\n".join(out)


def main():
    header = Header(HEADER.read_text(encoding="utf-8"))
    late = []
    for path, text in ((PYTHON, python(header)), (NODE, node(header))):
        if "--check" in sys.argv:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                late.append(path)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for path in late:
        print("%s lags sekisho.h: run bindings/generate.py" % path)
    sys.exit(1 if late else 0)


if __name__ == "__main__":
    main()
