#!/usr/bin/env python3
"""The documents say what is so: tables of the READMEs, the tour's commands and what they print, relative links, options.

Usage: docs.py SEKISHO            (exit 1 and what is wrong)
       docs.py SEKISHO --write    renews the tables and prints what each command of the tours prints today; outputs are put in by hand,
                                  because somebody has to choose what is left out
       docs.py SEKISHO --shot     makes cli/screenshot.png anew (needs Chromium)

A tour is a fenced block behind the line `<!-- tour -->`: lines with `$ ` are commands, the others their output; `...` stands for any lines.
"""
import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
sys.path.insert(0, os.path.join(ROOT, "bench"))
import tables    # noqa: E402

SEKISHO = os.path.abspath(sys.argv[1])
wrong = []
# What differs from run to run or from version to version without a document becoming untrue.
MASKS = [(r"R-\d{8}-[0-9a-f]{32}", "R-#"), (r"\b[0-9a-f]{8}…[0-9a-f]{4}\b", "#"), (r"\([0-9a-f]{8}\)", "(#)"), (r"\b[0-9a-f]{64}\b", "#"),
         (r"\d+\.\d (s|秒)", r"0 \1"), (r"\b20\d\d\.\d\d\.\d\d(\.\d+)?", "V"), (r"\b\d{3,} (tests|項目)", r"N \1")]


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def masked(line):
    for pattern, with_ in MASKS:
        line = re.sub(pattern, with_, line)
    return line.rstrip()


def documents():
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.md"], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8").stdout.split()
    if not out:     # without git: an unpacked source
        for folder, dirs, names in os.walk(ROOT):
            dirs[:] = [d for d in dirs if not d.startswith((".", "build")) and d != "node_modules"]
            out += [os.path.relpath(os.path.join(folder, n), ROOT) for n in names if n.endswith(".md")]
    return sorted(p for p in out if os.path.exists(os.path.join(ROOT, p)))


# ---------------------------------------------------------------- tables, links, options

def check_tables():
    for lang, path in tables.READMES.items():
        if tables.filled(read(path), tables.tables(lang, SEKISHO)) != read(path):
            wrong.append("%s: its tables are not those of today; python3 bench/tables.py SEKISHO --write" % path)


def anchors(text):
    """Anchors as GitHub makes them of headings."""
    return {re.sub(r"[^\w\- ]", "", h.strip().lower()).replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.M)}


def check_links(paths):
    for path in paths:
        text = re.sub(r"```.*?```", "", read(path), flags=re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            to, _, anchor = target.partition("#")
            full = os.path.normpath(os.path.join(ROOT, os.path.dirname(path), to)) if to else os.path.join(ROOT, path)
            if not os.path.exists(full):
                wrong.append("%s: no such file: %s" % (path, target))
            elif anchor and full.endswith(".md") and anchor not in anchors(read(os.path.relpath(full, ROOT))):
                wrong.append("%s: no such heading: %s" % (path, target))
        # Folders of the source that are named in code style are links for people.
        for target in re.findall(r"`((?:tests|lib|bench|cli|bindings|patterns|include)/[\w./-]*)`", text):
            if not any(os.path.exists(os.path.join(ROOT, base, target)) for base in ("", os.path.dirname(path))):
                wrong.append("%s: no such file: %s" % (path, target))


def check_dependencies():
    """The table of lib/README.md against what CMake asks for and what is installed."""
    text = read("lib/README.md")
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in text.splitlines() if re.match(r"\| .* \| .* \| `?[\w.` -]*`? \| ", line)]
    by_name = {name: row for row in rows if len(row) > 3 for name in re.findall(r"[\w.-]+", row[2].strip("`"))}
    cmake = read("lib/CMakeLists.txt") + read("cli/helpers/pdf/CMakeLists.txt") + read("cli/helpers/image/CMakeLists.txt")
    modules = dict(re.findall(r"pkg_check_modules\((\w+) REQUIRED IMPORTED_TARGET ([\w.-]+)\)", cmake))
    for name in modules.values():
        if name not in by_name:
            wrong.append("lib/README.md: the table of dependencies lacks %s" % name)
    for layer, needs in re.findall(r"set\(NEEDS_(\w+) (.+)\)", cmake):
        for need in re.findall(r"PkgConfig::(\w+)", needs):
            if layer not in re.split(r"[, ]+", by_name.get(modules[need], ["", ""])[1]):
                wrong.append("lib/README.md: %s is used by %s, which the table does not say" % (modules[need], layer))
    packages = re.findall(r"[\w.+-]+", " ".join(re.findall(r'^(?:BUILD|TEST)="(.*)"', read("tests/packages.sh"), re.M)))
    for name in packages:
        if "`%s`" % name not in text:
            wrong.append("lib/README.md does not say what the package %s is for" % name)


def check_options():
    known, verbs = set(), re.findall(r"^  sekisho ([a-z]+) ", run(["help"]), re.M)
    of = {v: run([v, "--help"]) for v in verbs}
    for text in of.values():
        known |= set(re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)", text))
    for path in tables.READMES.values():
        for code in re.findall(r"`([^`\n]+)`", read(path)) + [c for _, block in tours(read(path)) for c, _ in block]:
            m = re.match(r"(?:sekisho )?(\w+)(?= |$)", code)
            verb = m.group(1) if m and m.group(1) in of else None
            if not verb and not code.startswith("--"):
                continue
            for option in re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)", code):
                if option not in (re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)", of[verb]) if verb else known):
                    wrong.append("%s: `%s`: --help does not know %s" % (path, code, option))
            if code.startswith("sekisho ") and code.split()[1] not in verbs + ["help"]:
                wrong.append("%s: `%s`: no such verb" % (path, code))


def run(args):
    return subprocess.run([SEKISHO, *args], stdout=subprocess.PIPE, encoding="utf-8", timeout=60).stdout


# ---------------------------------------------------------------- the tour

def tours(text):
    """[(line, [(command, [output lines])])] of one document."""
    out = []
    for m in re.finditer(r"<!-- tour -->\n```\w*\n(.*?)```", text, re.S):
        steps = []
        for line in m.group(1).splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], []))
            elif steps:
                steps[-1][1].append(line)
        out.append((text.count("\n", 0, m.start()) + 1, steps))
    return out


def sample(folder):
    """The sample share, its policy for the group of whoever runs this, and the command: as tests/try.sh leaves them."""
    os.makedirs(os.path.join(folder, "build", "sample"))
    subprocess.run([sys.executable, os.path.join(HERE, "sample", "make_share.py"), os.path.join(folder, "build", "sample")], check=True, stdout=subprocess.DEVNULL)
    group = subprocess.run(["id", "-gn"], stdout=subprocess.PIPE, encoding="utf-8").stdout.strip()
    with open(os.path.join(folder, "build", "sample", "policy.yaml"), "w", encoding="utf-8") as f:
        f.write(re.sub("GRP_[A-Z]*", group, read("patterns/policies/kokuhoren-default.yaml")))


def walk(steps, folder):
    """What each command prints."""
    script = "".join("%s\n__r=$?; printf '\\n\\036'; (exit $__r)\n" % command for command, _ in steps)
    home = os.path.join(folder, "home")
    os.makedirs(home, exist_ok=True)
    env = dict(os.environ, PATH=os.path.dirname(SEKISHO) + ":" + os.environ["PATH"], HOME=home, SEKISHO_PATTERNS=os.path.join(ROOT, "patterns"))
    text = subprocess.run(["bash", "-c", script], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          encoding="utf-8", timeout=120).stdout
    return [x.strip("\n").splitlines() for x in text.split("\n\036")[:len(steps)]]


def same(want, got):
    """None, or the first line wanted that does not come."""
    at, skip = 0, False
    for line in want:
        if line.strip() == "...":
            skip = True
            continue
        if skip:
            while at < len(got) and masked(got[at]) != masked(line):
                at += 1
        if at >= len(got) or masked(got[at]) != masked(line):
            return line
        at, skip = at + 1, False
    return None if skip or at == len(got) else "(end), but there is: " + got[at]


def check_tours(show):
    for path in tables.READMES.values():
        folder = tempfile.mkdtemp(prefix="sekisho-docs-")
        try:
            sample(folder)
            found = tours(read(path))
            if len(found) < 4:
                wrong.append("%s: the tour has gone" % path)
            for line, steps in found:
                for (command, want), got in zip(steps, walk(steps, folder)):
                    if show:
                        print("$ %s\n%s" % (command, "\n".join(got)))
                    miss = same(want, got)
                    if miss:
                        wrong.append("%s:%d: %s\n    does not print: %s" % (path, line, command, miss))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def shot():
    sys.path.insert(0, os.path.join(HERE, "cli"))
    import browser
    folder = tempfile.mkdtemp(prefix="sekisho-docs-")
    sample(folder)
    page = os.path.join(folder, "report.html")
    subprocess.run([SEKISHO, "scan", "-q", "--format", "html", "-o", page, "--policy", "build/sample/policy.yaml", "--as", "/share", "--as-of", "2026-11-24", "build/sample/share"], cwd=folder)
    b = browser.Browser()
    b.size(960, 900)
    b.open("file://" + page)
    data = base64.b64decode(b.send("Page.captureScreenshot", format="png")["data"])
    b.close()
    shutil.rmtree(folder)
    with open(os.path.join(ROOT, "cli", "screenshot.png"), "wb") as f:
        f.write(data)


def main():
    if "--shot" in sys.argv:
        return shot()
    if "--write" in sys.argv:
        subprocess.run([sys.executable, os.path.join(ROOT, "bench", "tables.py"), SEKISHO, "--write"], check=True)
    check_tables()
    check_links(documents())
    check_dependencies()
    check_options()
    check_tours("--write" in sys.argv)
    if os.path.getsize(os.path.join(ROOT, "cli", "screenshot.png")) > 300000:
        wrong.append("cli/screenshot.png is larger than 300 kB")
    for readme, other in (("README.md", "cli/README.ja.md"), ("cli/README.ja.md", "../README.md")):
        if "](%s)" % other not in read(readme):
            wrong.append("%s does not lead to the other language" % readme)
    print("\n".join(wrong) or "the documents hold")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
