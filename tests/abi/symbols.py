#!/usr/bin/env python3
"""Exported symbols of the library = functions declared in the public header.

Usage: symbols.py LIBRARY HEADER
"""
import re
import subprocess
import sys

library, header = sys.argv[1:3]
out = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
exported = {line.split()[-1].split("@")[0] for line in out.splitlines() if line.split()[-2] in "TDBRW"}
exported -= {s for s in exported if s.startswith("SEKISHO_")}
declared = set(re.findall(r"SEKI_API[^;]*?\b(seki_\w+)\s*\(", open(header, encoding="utf-8").read()))
for s in sorted(declared - exported):
    print("declared, not exported: " + s)
for s in sorted(exported - declared):
    print("exported, not declared: " + s)
print("%d symbols" % len(exported))
sys.exit(0 if exported == declared else 1)
