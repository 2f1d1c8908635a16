"""Forms: label and value beside, below, in boxes, on lines of their own; one block is one person."""
import people as pp
import write as w
from tables import Case, PARTIAL, makers

FIELDS = [("PERSON_NAME", "person_name"), ("PERSON_KANA", "person_kana"), ("BIRTH_DATE", "birth_date"), ("ADDRESS", "address"), ("PHONE", "phone"), ("POSTAL", "postal_code"),
          ("KOKUHO_SYMBOL_NUMBER", "insured_id"), ("INSURER_NO", "insurer_number"), ("MY_NUMBER_OR_KOKUHO_PERSON", "personal_number"), ("DISEASE_NAME", "disease"),
          ("LATE", "latecare_insured_number"), ("CARE", "care_insured_number"), ("BANK_ACCOUNT", "bank_account"), ("EMAIL", "email")]
SETS = [["PERSON_NAME", "BIRTH_DATE", "ADDRESS", "PHONE"], ["INSURER_NO", "KOKUHO_SYMBOL_NUMBER", "PERSON_NAME", "BIRTH_DATE", "DISEASE_NAME"],
        ["PERSON_NAME", "PERSON_KANA", "BIRTH_DATE", "POSTAL", "ADDRESS"], ["PERSON_NAME", "MY_NUMBER_OR_KOKUHO_PERSON", "BIRTH_DATE"],
        ["LATE", "PERSON_NAME", "BIRTH_DATE", "ADDRESS"], ["PERSON_NAME", "BIRTH_DATE", "BANK_ACCOUNT"], ["PERSON_NAME", "BIRTH_DATE", "EMAIL", "PHONE"]]
SIMPLE = {"LATE": ["後期高齢者医療被保険者番号", "被保険者番号（後期）", "後期被保険者番号"], "CARE": ["介護保険被保険者番号", "介護被保険者番号"]}
TITLES = ["高額療養費支給申請書", "資格取得届", "照会書", "相談記録票", "申立書", "第三者行為による傷病届"]


def label(rng, heads, role):
    if role in SIMPLE:
        return rng.choice(SIMPLE[role])
    return rng.choice([h for h, weak in heads[role] if not weak and h not in PARTIAL and not h.isascii() and "コード" not in h and h not in ("連絡先", "自宅", "送付先", "名義", "診断", "症状", "住所１", "住所2")])


def people_of(rng, heads, crowd, n):
    ps, make, roles = crowd.take(n), makers(rng), rng.choice(SETS)
    labels = [label(rng, heads, r) for r in roles]
    rows = [[make[r][1](p) for r in roles] for p in ps]
    return ps, labels, rows, {make[r][0]: n for r in roles}


def spaced(t):
    """氏　　名"""
    return "　".join(t) if len(t) <= 4 and not any(c.isascii() for c in t) else t


def text(rng, kind, labels, values):
    if kind == "colon":
        mark = rng.choice(("：", ":", "： ", " : "))
        return ["%s%s%s" % (a, mark, b) for a, b in zip(labels, values)]
    if kind == "spread":
        return ["%s　　%s" % (spaced(a), b) for a, b in zip(labels, values)]
    if kind == "bracket":
        return ["【%s】%s" % x for x in zip(labels, values)]
    if kind == "below":
        out = []
        for a, b in zip(labels, values):
            out += [a, "　" + b]
        return out
    if kind == "numbered":
        return ["%d．%s　：　%s" % (i + 1, a, b) for i, (a, b) in enumerate(zip(labels, values))]
    return ["　　".join("%s：%s" % x for x in zip(labels[:2], values[:2]))] + ["%s：%s" % x for x in zip(labels[2:], values[2:])]


TEXTS = ["colon", "spread", "bracket", "below", "numbered", "two-a-line"]


def boxes(v):
    return list(v) if v.isascii() and v.isdigit() else [v]


def grid(rng, kind, title, labels, values):
    """Cells of a form in a sheet or a table."""
    if kind == "right":
        return [[title]] + [[a, b] for a, b in zip(labels, values)]
    if kind == "under":
        return [[title], list(labels), list(values)]
    if kind == "boxes":
        return [[title]] + [[a] + boxes(b) for a, b in zip(labels, values)]
    if kind == "pairs":
        rows, flat = [[title]], [x for pair in zip(labels, values) for x in pair]
        return rows + [flat[i:i + 4] for i in range(0, len(flat), 4)]
    return [[title], [""]] + [["", a, "", b] for a, b in zip(labels, values)]


GRIDS = ["right", "under", "boxes", "pairs", "apart"]


def cases(rng, heads, crowd, n):
    out = []
    for i in range(6 * n):
        for kind in TEXTS:
            k = rng.choice((1, 1, 3))
            ps, labels, rows, truth = people_of(rng, heads, crowd, k)
            lines = [rng.choice(TITLES), ""]
            for values in rows:
                lines += text(rng, kind, labels, values) + ["", "-" * 20, ""]
            enc = rng.choice(w.ENCODINGS)
            data = w.encode("\r\n".join(lines) + "\r\n", enc)
            if data:
                out.append(Case("form/%03d-%s-%s.txt" % (i, kind, enc), data, "form-text", enc, truth, k, "form", kind))
            ps, labels, rows, truth = people_of(rng, heads, crowd, 1)
            out.append(Case("form/%03d-%s.docx" % (i, kind), w.docx([rng.choice(TITLES)] + text(rng, kind, labels, rows[0])), "form-docx", "-", truth, 1, "form", kind))
        for kind in GRIDS:
            ps, labels, rows, truth = people_of(rng, heads, crowd, 1)
            cells = grid(rng, kind, rng.choice(TITLES), labels, rows[0])
            wide = max(map(len, cells))
            full = [r + [""] * (wide - len(r)) for r in cells]
            for fmt in ("xlsx", "docx", "html", "ods"):
                data = {"xlsx": lambda: w.xlsx([("様式", cells, [])]), "docx": lambda: w.docx([full]), "html": lambda: w.html(full, (), "cp932", False), "ods": lambda: w.ods([("様式", cells, [])])}[fmt]()
                if data:
                    out.append(Case("form/%03d-%s.%s" % (i, kind, fmt), data, "form-" + fmt, "-", dict(truth), 1, "form", kind))
    return out
