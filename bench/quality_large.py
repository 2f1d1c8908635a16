#!/usr/bin/env python3
"""A table of millions of rows: are the people exact, and how much memory does it take?

Usage: python3 bench/quality_large.py BINARY [--mb 300] [--people 1000000] [--memory 256]

Exit status 1 when the people are not exact (up to 1,000,000), not told as a bound (beyond), or more than --memory MiB were resident.
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile

GIVEN = ["一郎", "花子", "健太", "美咲", "誠", "節子", "大輔", "恵子"]


def write(path, size, people):
    """Rows of claims until the file has `size` bytes and every person came; every person of rows 0.. comes again from the start."""
    n = i = 0
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write("保険者番号,被保険者証記号,被保険者証番号,枝番,氏名,生年月日,傷病名,診療年月,合計点数,摘要\r\n")
        while n < size or i < people:
            k = i % people
            line = "100016,%02d,%08d,01,%s　%s,%04d/%02d/%02d,糖尿病,202609,%d,%s\r\n" % (
                k % 90 + 1, k, chr(0x4E00 + k % 997) + chr(0x5200 + k // 997 % 991), GIVEN[k // 8 % 8], 1930 + k % 80, k % 12 + 1, k % 28 + 1, k % 9000,
                "再審査請求の対象となったため確認を要する事項あり" * 3)
            f.write(line)
            n += len(line.encode("utf-8"))
            i += 1
    return i


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("binary")
    ap.add_argument("--mb", type=int, default=300)
    ap.add_argument("--people", type=int, default=1000000)
    ap.add_argument("--memory", type=int, default=256, help="MiB that may be resident")
    args = ap.parse_args()
    with tempfile.TemporaryDirectory(prefix="large-") as work:
        path = os.path.join(work, "claims.csv")
        rows = write(path, args.mb * 1000000, args.people)
        out = subprocess.run([os.path.abspath(args.binary), "scan", "--format", "jsonl", "--places", "1", "-j", "1", path], stdout=subprocess.PIPE).stdout
        size = os.path.getsize(path)
    resident = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    r = next(json.loads(x) for x in out.decode().splitlines() if json.loads(x)["record"] == "file")
    names = sum(e["count"] for e in r["elements"] if e["element"] == "person_name")
    print("%.0f MB, %d rows, %d people: %d names, persons %s, state %s %s, largest process %.0f MiB" % (
        size / 1e6, rows, args.people, names, r["persons"], r["state"], r["reasons"], resident))
    exact = r["persons"]["min"] == r["persons"]["max"] == args.people
    told = any(x["code"] == "too-large" and x["detail"] == "persons" for x in r["reasons"])
    return 0 if names == rows and (exact or (told and args.people > 1000000)) and resident <= args.memory else 1


if __name__ == "__main__":
    sys.exit(main())
