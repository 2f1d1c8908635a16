"""Tables whose truth is known: columns of people under headers from the lists, in the layouts and files that offices make."""
import os

import people as pp
import write as w

HERE = os.path.dirname(os.path.abspath(__file__))
DISEASES = ["糖尿病", "高血圧症", "脂質異常症", "急性気管支炎", "便秘症", "うつ病", "腰痛症", "気管支喘息", "慢性腎臓病", "アルツハイマー型認知症", "胃癌", "統合失調症"]
DRUGS = ["アムロジピン錠5mg", "ロキソプロフェンNa錠60mg", "メトホルミン塩酸塩錠250mg", "酸化マグネシウム錠330mg", "ツムラ葛根湯エキス顆粒"]
ACTS = ["初診料", "再診料", "血液化学検査", "胃内視鏡検査", "処方箋料"]
BANKS = ["みどり銀行", "群馬銀行", "ゆうちょ銀行", "利根郡信用金庫"]
# Headers that name only a part of a name, or mean something else without company: see PAIRS.
PARTIAL = {"姓", "名字", "苗字", "漢字姓", "氏", "名", "漢字名（名）", "姓カナ", "セイ", "カナ姓", "名カナ", "メイ", "カナ名", "姓（漢字）", "名（漢字）", "氏名（姓）", "氏名（名）",
           "氏名（カナ姓）", "氏名（カナ名）", "familyname", "givenname", "lastname", "firstname"}
PAIRS = [("姓", "名", "セイ", "メイ"), ("氏", "名", "姓カナ", "名カナ"), ("姓（漢字）", "名（漢字）", "カナ姓", "カナ名"), ("氏名（姓）", "氏名（名）", "氏名（カナ姓）", "氏名（カナ名）")]
# Spellings that no list has, as people invent them: found by their parts and by their values.
UNLISTED = {
    "PERSON_NAME": ["対象となる方の氏名", "ご本人のお名前", "氏名（戸籍）", "被保険者様氏名", "転出された方の氏名欄", "転入者氏名"],
    "PERSON_KANA": ["氏名（全角カナ）", "お名前（フリガナ）", "フリガナ（氏名）", "転入者氏名カナ"],
    "BIRTH_DATE": ["ご本人の生年月日", "生年月日(和暦・西暦)", "子の生年月日", "世帯主の生年月日"],
    "ADDRESS": ["ご住所", "お住まいの住所", "住所（住民票上）", "転入先の住所"],
    "PHONE": ["お電話番号", "日中つながる電話番号", "電話番号（任意）", "ご連絡先電話番号"],
    "POSTAL": ["ご自宅の郵便番号", "郵便番号（ハイフンあり）"],
    "DISEASE_NAME": ["主な傷病名", "傷病名（医師記入）", "診断された病名"],
    "INSURED_NO": ["後期高齢者医療の被保険者番号", "被保険者番号（８桁）"],
    "KOKUHO_SYMBOL_NUMBER": ["国保証の記号・番号", "資格確認書の記号番号"],
}


def read_headers(folder):
    """{role: [(header, weak)]} of the product's lists."""
    out = {}
    for name in ("headers.tsv", "more.tsv"):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            for line in f:
                if line.strip() and not line.startswith("#"):
                    role, words = line.rstrip("\n").split("\t")
                    for x in words.split(";"):
                        out.setdefault(role, []).append((x.lstrip("?"), x.startswith("?")))
    return out


class Case:
    def __init__(self, name, data, fmt, enc, truth, persons, theme, layout=""):
        self.name, self.data, self.fmt, self.enc, self.truth, self.persons, self.theme, self.layout = name, data, fmt, enc, truth, persons, theme, layout


def spoken(rng, p):
    """Ways to write a telephone number."""
    t = p.phone
    return rng.choice([t, t, t.replace("-", ""), pp.wide(t), t.replace("-", "ー") if rng.random() < 0.3 else t, "(%s)%s" % tuple(t.split("-", 1)) if t[1] != "9" else t])


# role -> (element, text of a person). A maker is made once for a table, so that a column is written in one way.
def makers(rng):
    date = rng.choice(pp.DATES[:-3])
    kana = rng.choice([lambda p: p.kana, lambda p: pp.half(p.kana), lambda p: pp.hiragana(p.kana), lambda p: p.kana.replace("　", " "), lambda p: p.kana.replace("　", "")])
    name = rng.choice([lambda p: p.name, lambda p: p.name, lambda p: p.name.replace("　", " "), lambda p: p.name.replace("　", "")])
    dash = rng.choice([lambda t: t, lambda t: t, lambda t: t.replace("-", ""), pp.wide])
    sex = rng.choice([("男", "女"), ("1", "2"), ("男性", "女性"), ("M", "F")])
    both = rng.choice(["%s・%s", "%s-%s", "%s － %s", "%s　%s"])
    full = rng.choice([lambda t: t, lambda t: t, pp.wide])
    my = rng.choice([lambda t: t, lambda t: "%s-%s-%s" % (t[:4], t[4:8], t[8:]), lambda t: "%s %s %s" % (t[:4], t[4:8], t[8:])])
    insurer = rng.choice([lambda t: t, lambda t: "00" + t, lambda t: "  " + t])
    return {
        "PERSON_NAME": ("person_name", name), "PERSON_KANA": ("person_kana", kana), "BIRTH_DATE": ("birth_date", lambda p: date(p.birth)),
        "SEX": ("sex", lambda p: sex[int(p.sex) - 1]), "AGE": ("age", lambda p: str(p.age)), "POSTAL": ("postal_code", lambda p: dash(p.postal)),
        "ADDRESS": ("address", lambda p: full(p.address)), "PHONE": ("phone", lambda p: dash(p.phone)), "EMAIL": ("email", lambda p: p.email),
        "INSURER_NO": ("insurer_number", lambda p: insurer(p.insurer)), "KOKUHO_SYMBOL": (None, lambda p: full(p.symbol)), "KOKUHO_NUMBER": ("insured_id", lambda p: full(p.number)),
        "KOKUHO_SYMBOL_NUMBER": ("insured_id", lambda p: full(both % (p.symbol, p.number))), "EDABAN": (None, lambda p: p.branch),
        "LATE": ("latecare_insured_number", lambda p: full(p.late)), "CARE": ("care_insured_number", lambda p: full(p.care)),
        "CARE_LEVEL": ("care_level", lambda p: rng.choice(("要介護1", "要介護２", "要支援1", "要介護5"))), "OFFICE_CODE": ("care_office", lambda p: pp.office(rng)),
        "FACILITY_CODE": ("medical_institution", lambda p: pp.facility(rng)),
        "DISEASE_NAME": ("disease", lambda p: rng.choice(DISEASES)), "DRUG_NAME": ("drug", lambda p: rng.choice(DRUGS)), "PROCEDURE": ("procedure", lambda p: rng.choice(ACTS)),
        "KOUHI_PAYER_NO": ("public_expense_payer", lambda p: p.payer), "KOUHI_RECIPIENT_NO": ("public_expense_recipient", lambda p: p.recipient),
        "MY_NUMBER_OR_KOKUHO_PERSON": ("personal_number", lambda p: my(p.my)), "RESIDENT_CODE": ("juki_code", lambda p: p.juki), "PENSION": ("pension_number", lambda p: p.pension),
        "LICENCE": ("licence_number", lambda p: p.licence), "PASSPORT": ("passport_number", lambda p: p.passport), "RESIDENCE_CARD": ("residence_card", lambda p: p.residence),
        "EMPLOYMENT": ("employment_insurance_number", lambda p: p.employment), "CARD": ("card_number", lambda p: p.card), "BANK_ACCOUNT": ("bank_account", lambda p: p.account),
        "YUCHO": ("yucho_account", lambda p: p.yucho), "ACCOUNT_HOLDER": (None, lambda p: pp.half(p.kana)), "BANK_NAME": (None, lambda p: rng.choice(BANKS)),
        "STAFF_ID": (None, lambda p: p.number[-5:]), "STAFF_HR": ("staff_hr", lambda p: str(rng.randint(18, 60) * 10000)),
        "CREDENTIAL": ("credential", lambda p: "".join(rng.choice("abcdefghkmnpqrstXYZ23456789!#") for _ in range(10))),
        "CLAIM_CONTEXT": (None, lambda p: "202%d0%d" % (rng.randint(4, 6), rng.randint(1, 9))),
    }


# What stands together; "?" is left out half of the time. The keys make every person exact.
THEMES = {
    "roster": ["PERSON_NAME", "?PERSON_KANA", "BIRTH_DATE", "?SEX", "?AGE", "?POSTAL", "ADDRESS", "PHONE", "?EMAIL"],
    "insured": ["INSURER_NO", "KOKUHO_SYMBOL", "KOKUHO_NUMBER", "EDABAN", "PERSON_NAME", "?PERSON_KANA", "BIRTH_DATE", "?SEX", "?ADDRESS"],
    "insured2": ["INSURER_NO", "KOKUHO_SYMBOL_NUMBER", "PERSON_NAME", "BIRTH_DATE", "?PHONE"],
    "claims": ["?INSURER_NO", "KOKUHO_SYMBOL", "KOKUHO_NUMBER", "EDABAN", "?PERSON_NAME", "BIRTH_DATE", "DISEASE_NAME", "?DRUG_NAME", "?PROCEDURE", "?FACILITY_CODE"],
    "latecare": ["?INSURER_NO", "LATE", "PERSON_NAME", "?PERSON_KANA", "BIRTH_DATE", "?DISEASE_NAME"],
    "care": ["CARE", "PERSON_NAME", "BIRTH_DATE", "CARE_LEVEL", "?OFFICE_CODE"],
    "public": ["KOUHI_PAYER_NO", "KOUHI_RECIPIENT_NO", "PERSON_NAME", "BIRTH_DATE"],
    "mynumber": ["PERSON_NAME", "?BIRTH_DATE", "MY_NUMBER_OR_KOKUHO_PERSON", "?ADDRESS"],
    "codes": ["PERSON_NAME", "BIRTH_DATE", "?RESIDENT_CODE", "?PENSION", "?LICENCE", "?PASSPORT", "?RESIDENCE_CARD", "?EMPLOYMENT", "?CARD"],
    "bank": ["PERSON_NAME", "BIRTH_DATE", "BANK_NAME", "BANK_ACCOUNT", "ACCOUNT_HOLDER"],
    "post": ["PERSON_NAME", "BIRTH_DATE", "YUCHO"],
    "staff": ["STAFF_ID", "PERSON_NAME", "BIRTH_DATE", "STAFF_HR"],
    "checkup": ["INSURER_NO", "KOKUHO_SYMBOL", "KOKUHO_NUMBER", "EDABAN", "PERSON_KANA", "BIRTH_DATE", "SEX"] + ["LAB"] * 6,
    "accounts": ["STAFF_ID", "PERSON_NAME", "BIRTH_DATE", "CREDENTIAL"],
}
LAB = [("身長（cm）", 145, 180), ("体重", 40, 90), ("腹囲", 65, 105), ("収縮期血圧", 95, 170), ("拡張期血圧", 55, 105), ("中性脂肪（mg/dl）", 40, 300), ("HDL-C", 35, 90),
       ("LDLコレステロール", 60, 200), ("HbA1c（NGSP）", 4, 9), ("γ-GTP", 10, 90), ("尿酸値", 3, 9), ("eGFR値", 40, 100), ("BMI", 18, 33)]
LATE_HEADS = ["被保険者番号", "被保番", "後期高齢者被保険者番号", "被保険者番号（後期）", "後期被保険者番号", "後期高齢者医療被保険者番号", "被保険者No", "後期被保番", "医療被保険者番号"]
CARE_HEADS = ["被保険者番号", "被保番", "介護被保険者番号", "介護保険被保険者番号", "介護被保番", "被保険者番号（介護）", "介護保険番号"]


class Table:
    """Header and rows of one theme with its truth."""

    def __init__(self, rng, heads, crowd, theme, n, unlisted=False):
        self.rng, self.theme = rng, theme
        ps, make = crowd.take(n), makers(rng)
        roles = [r.lstrip("?") for r in THEMES[theme] if not r.startswith("?") or rng.random() < 0.5]
        if theme not in ("checkup", "insured", "claims") and rng.random() < 0.4:
            rng.shuffle(roles)
        self.head, columns, self.truth, self.group = [], [], {}, []
        labs = iter(rng.sample(LAB, 8))
        spare = 2
        for role in roles:
            if role == "LAB":
                name, lo, hi = next(labs)
                self.head.append(name)
                columns.append(lambda p, lo=lo, hi=hi: str(rng.randint(lo, hi)))
                self.group.append("検査")
                continue
            if role == "PERSON_NAME" and rng.random() < 0.12:
                pair = rng.choice(PAIRS)
                self.head += pair[:2]
                columns += [lambda p: p.sei, lambda p: p.mei]
                self.group += ["本人", "本人"]
                self.count("person_name", n)
                continue
            element, text = make[role]
            self.head.append(self.header(heads, role, unlisted, spare))
            columns.append(text)
            self.group.append("資格" if role in ("INSURER_NO", "KOKUHO_SYMBOL", "KOKUHO_NUMBER", "EDABAN", "LATE", "CARE") else "本人")
            if element:
                self.count(element, n)
        for _ in range(rng.choice((0, 0, 1, 2))):
            at = rng.randint(0, len(self.head))
            self.head.insert(at, rng.choice([h for h, weak in heads["CLAIM_CONTEXT"] if not weak and h not in self.head]))
            columns.insert(at, make["CLAIM_CONTEXT"][1])
            self.group.insert(at, "本人")
        if rng.random() < 0.5:
            self.head.insert(0, rng.choice(("No.", "通番", "項番", "№", "番号" if theme == "roster" else "連番")))
            serial = iter(range(1, n + 1))
            columns.insert(0, lambda p: str(next(serial)))
            self.group.insert(0, "")
        if rng.random() < 0.4:
            self.head.append("備考")
            columns.append(lambda p: rng.choice(("", "", "", "確認済", "再送")))
            self.group.append("")
        self.rows = [[c(p) for c in columns] for p in ps]
        self.persons = n
        if theme == "checkup":
            self.count("lab_value", n)
            self.count("health_check_record", n)

    def count(self, element, n):
        self.truth[element] = self.truth.get(element, 0) + n

    def header(self, heads, role, unlisted, spare):
        rng = self.rng
        if unlisted and role in UNLISTED and rng.random() < 0.7:
            return rng.choice(UNLISTED[role])
        if role in ("LATE", "CARE"):
            return rng.choice(LATE_HEADS if role == "LATE" else CARE_HEADS)
        strong = [h for h, weak in heads[role] if not weak and h not in PARTIAL and h not in self.head]
        h = rng.choice(strong)
        if role == "KOKUHO_SYMBOL" and rng.random() < 0.15:
            return "記号"
        if role == "KOKUHO_NUMBER" and "記号" in self.head:
            return "番号"
        x = rng.random()
        if x < 0.06:
            return h[:2] + rng.choice((" ", "　")) + h[2:] if len(h) > 2 and not h.isascii() else h
        if x < 0.10:
            return h + rng.choice(("※", "【必須】", "*", "（必須）"))
        if x < 0.13:
            return rng.choice(("※", "①", "(1)")) + h
        if x < 0.16:
            return pp.wide(h)
        return pp.half(h) if x < 0.19 else h


def lay_out(rng, t, layout):
    """(rows, merges): the table with what stands around it; merges as (row, column, columns)."""
    head, rows, width = t.head, t.rows, len(t.head)
    if layout == "titles":
        lead = [["%s（令和8年%d月分）" % (rng.choice(("対象者一覧", "資格者名簿", "照会結果一覧")), rng.randint(1, 12))], ["出力日：2026年10月%d日" % rng.randint(1, 28), "", "頁 1"], ["条件", "有資格者のみ", "処理年月=202609"], []]
        return lead[:rng.randint(1, 4)] + [head] + rows, []
    if layout == "deep":
        return [["帳票番号 KH%03d" % i] for i in range(rng.randint(6, 17))] + [head] + rows, []
    if layout == "two-row":          # a group over neighbours that belong to it
        upper, merges, i = [], [], 0
        while i < width:
            j = i
            while j < width and t.group[j] == t.group[i]:
                j += 1
            upper += [t.group[i]] + [""] * (j - i - 1)
            if j - i > 1 and t.group[i]:
                merges.append((0, i, j - i))
            i = j
        return [upper, head] + rows, merges
    if layout == "split-head":       # one header over two lines
        upper = [h[: len(h) // 2] if len(h) >= 4 and not h.isascii() else h for h in head]
        lower = [h[len(h) // 2:] if len(h) >= 4 and not h.isascii() else "" for h in head]
        return [upper, lower] + rows, []
    if layout == "repeated":
        out = []
        for i, r in enumerate(rows):
            if i % 7 == 0:
                out.append(head)
            out.append(r)
        return out, []
    if layout == "gaps":
        out = [head]
        for r in rows:
            out.append(r)
            if rng.random() < 0.15:
                out.append([""] * width)
        return out + [["以上"] + [""] * (width - 1)], []
    if layout == "shifted":          # empty rows above and an empty column before
        return [[""] * (width + 1)] * 2 + [[""] + r for r in [head] + rows], []
    return [head] + rows, []


LAYOUTS = ["plain", "titles", "deep", "two-row", "split-head", "repeated", "gaps", "shifted"]
FORMATS = ["csv", "tsv", "semicolon", "pipe", "quoted", "fixed", "html", "xlsx", "docx", "ods"]


def lost_zero(v):
    """What a spreadsheet makes of a cell of digits."""
    return int(v) if v.isascii() and v.isdigit() and len(v) < 15 and (v == "0" or len(v) > 0) else v


def file_of(rng, t, fmt, enc, layout):
    """(bytes, extension) or None when the encoding lacks a character."""
    rows, merges = lay_out(rng, t, layout)
    wide = max(map(len, rows))
    full = [list(r) + [""] * (wide - len(r)) for r in rows]
    if fmt in ("csv", "tsv", "semicolon", "pipe", "quoted"):
        sep = {"tsv": "\t", "semicolon": ";", "pipe": "|"}.get(fmt, ",")
        data = w.encode(w.delimited(rows if fmt == "csv" else full, sep, fmt == "quoted", rng.choice(("\r\n", "\n"))), enc)
        return data and (data, rng.choice((".csv", ".txt", ".dat")))
    if fmt == "fixed":
        data = w.encode(w.fixed(full), enc)
        return data and (data, ".txt")
    if fmt == "html":
        data = w.html(full, {(r, c): n for r, c, n in merges}, enc)
        return data and (data, ".html")
    ranges = ["%s%d:%s%d" % (w.column(c), r + 1, w.column(c + n - 1), r + 1) for r, c, n in merges]
    if fmt == "xlsx":
        return w.xlsx([("一覧", full, ranges)], rng.random() < 0.3), ".xlsx"
    if fmt == "docx":
        if merges:
            full = [[(v, {(r, c): n for r, c, n in merges}.get((i, j), 1)) for j, v in enumerate(row) if not any(i == r and c < j < c + n for r, c, n in merges)] for i, row in enumerate(full)
                    for r_ in (0,)]
        return w.docx(["資料", full]), ".docx"
    return w.ods([("一覧", full, [])]), ".ods"


def cases(rng, heads, crowd, n):
    """n tables over all themes, formats, encodings and layouts."""
    themes, out, i = list(THEMES), [], 0
    while len(out) < n:
        theme, fmt, layout = themes[i % len(themes)], FORMATS[(i // 2 + i // len(themes)) % len(FORMATS)], LAYOUTS[(i * 3 + i // 14) % len(LAYOUTS)]
        enc = w.ENCODINGS[(i * 5 + i // 8) % len(w.ENCODINGS)] if fmt not in ("xlsx", "docx", "ods") else "-"
        i += 1
        if fmt == "html" and enc not in ("utf-8", "cp932", "euc_jp", "utf-8-sig"):
            enc = "cp932"
        if fmt == "fixed" and layout in ("split-head", "two-row"):
            layout = "titles"
        t = Table(rng, heads, crowd, theme, rng.choice((3, 5, 8, 12, 40)), unlisted=i % 6 == 0)
        made = file_of(rng, t, fmt, enc, layout)
        if made is None:
            continue
        out.append(Case("table/%04d-%s-%s-%s-%s%s" % (len(out), theme, fmt, layout, enc, made[1]), made[0], fmt, enc, t.truth, t.persons, theme, layout))
    return out


def sheets(rng, heads, crowd, n):
    """Workbooks: the same people on two sheets are one person each, other people more; and numbers without their zeros."""
    out = []
    for i in range(n):
        t = Table(rng, heads, crowd, rng.choice(("insured", "roster", "latecare")), rng.randint(4, 15))
        part = t.rows[: len(t.rows) // 2]
        truth = {}
        for e, c in t.truth.items():
            truth[e] = c + c // len(t.rows) * len(part)
        out.append(Case("sheets/%03d-again.xlsx" % i, w.xlsx([("全件", [t.head] + t.rows, []), ("抜粋", [t.head] + part, [])]), "xlsx", "-", truth, t.persons, t.theme, "two sheets"))
        data = w.pack([("甲/一覧.csv", w.delimited([t.head] + t.rows).encode("cp932")), ("乙.csv", w.encode(w.delimited([t.head] + part, "\t"), "utf-8-sig"))])
        out.append(Case("sheets/%03d-again.zip" % i, data, "zip", "-", truth, t.persons, t.theme, "two members"))
    return out


def databases(rng, heads, crowd, n):
    """Tables of SQLite files, alone and beside a table of codes, and of dBase, whose column names have ten bytes."""
    out, themes = [], list(THEMES)
    for i in range(n):
        theme = themes[i % len(themes)]
        t = Table(rng, heads, crowd, theme, rng.choice((3, 8, 40)))
        if len({h.lower() for h in t.head}) == len(t.head):
            tables_ = [("名簿", t.head, t.rows)] + ([("コード表", ["コード", "名称"], [[str(k), "区分%d" % k] for k in range(9)])] if i % 2 else [])
            out.append(Case("database/%03d-%s.sqlite" % (i, theme), w.sqlite(tables_), "sqlite", "-", dict(t.truth), t.persons, theme, "database"))
        for _ in range(40):     # until all names are short enough
            t = Table(rng, heads, crowd, theme, rng.choice((3, 8, 40)))
            data = w.dbf(t.head, t.rows)
            if data:
                out.append(Case("database/%03d-%s.dbf" % (i, theme), data, "dbf", "cp932", t.truth, t.persons, theme, "database"))
                break
    return out


def headerless(rng, crowd, n):
    """Values alone: counted by what they are; only names with birth dates, and numbers with company."""
    out = []
    for i in range(n):
        ps, make = crowd.take(rng.choice((8, 20, 40))), makers(rng)
        roles = rng.choice([["PERSON_NAME", "BIRTH_DATE", "ADDRESS", "PHONE"], ["PERSON_NAME", "PERSON_KANA", "BIRTH_DATE", "POSTAL", "ADDRESS"], ["PERSON_NAME", "BIRTH_DATE", "EMAIL", "PHONE"]])
        rows = [[make[r][1](p) for r in roles] for p in ps]
        truth = {make[r][0]: len(ps) for r in roles}
        enc = rng.choice(("cp932", "utf-8", "utf-16le-bom"))
        data = w.encode(w.delimited(rows, rng.choice(",\t;")), enc)
        if data:
            out.append(Case("headerless/%03d-%s.csv" % (i, enc), data, "csv", enc, truth, len(ps), "headerless", "headerless"))
    return out
