#!/usr/bin/env python3
"""Checks a mail and its attachments before it is sent: what is in each part, and the label of the whole.

    check_mail.py MAIL.eml [POLICY.yaml]

Exit status 0: nothing above L1 and everything inspected; 1: something above L1; 2: something was not inspected.
"""
import sys

import sekisho


def main(mail: str, policy_file: str = None) -> int:
    rules = sekisho.Rules()
    policy = sekisho.Policy(policy_file, rules)
    with sekisho.Scanner(rules, policy) as scanner, scanner.scan_path(mail) as result:
        parts = {}
        for finding in result.findings():
            for place in finding.places():
                parts.setdefault(place.part, {}).setdefault(finding.element, 0)
                parts[place.part][finding.element] += 1
        for part, elements in sorted(parts.items()):
            print("%s: %s" % (part or "(mail)", ", ".join("%s %d" % e for e in sorted(elements.items()))))
        for reason in result.reasons():
            print("not inspected: %s (%s %s)" % (reason.part or "(mail)", reason.code, reason.detail))
        grade = result.judge(policy, path=mail).grade
        low, high = result.persons
        print("label %s, persons %d-%d, %s" % (grade, low, high, result.state))
        if grade > "L1":
            return 1
        return 0 if result.state == "inspected" else 2


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
