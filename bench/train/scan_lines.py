"""What the command finds in lines of text, as spans of characters: for the evaluations of this folder."""
import json
import os
import subprocess
import sys
import tempfile


def scan(o, lines, elements, suffix=".txt"):
    """For each line what of these elements it holds, at any confidence, as (begin, end, element, confidence)."""
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, "lines" + suffix)
        with open(path, "w", encoding="utf-8", newline="\n") as f:
            f.write("\n".join(lines) + "\n")
        p = subprocess.run([o.sekisho, "scan", "--policy", o.policy, "--format", "jsonl", "--verbose", "--places", "0", "-j", "1", path],
                           capture_output=True, text=True)
    if p.returncode in (64, 70):
        sys.exit(p.stderr)
    starts, at = [], 0
    for l in lines:
        starts.append(at)
        at += len(l.encode()) + 1
    out = [[] for _ in lines]
    for record in map(json.loads, p.stdout.splitlines()):
        for e in record.get("elements", ()):
            for a in e["at"] if e["element"] in elements else ():
                i = a["line"] - 1
                raw, b = lines[i].encode(), a["offset"] - starts[i]
                out[i].append((len(raw[:b].decode(errors="ignore")), len(raw[:b + a["length"]].decode(errors="ignore")), e["element"], e["confidence"]))
    return out
