#!/usr/bin/env python3
"""Writes the seeds of corpus/uke and corpus/csv_table and what they hold (data/claims/facts.tsv).

All people and numbers are invented; the counts are taken while the files are written, not from the program under test.
Run it again after a change: the output is the same for the same source (fixed seed).
"""
import datetime
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))
FAMILY = [("山川", "ヤマカワ"), ("髙橋", "タカハシ"), ("小鳥遊", "タカナシ"), ("東海林", "ショウジ"), ("渡邊", "ワタナベ"), ("五十嵐", "イガラシ"), ("原", "ハラ"), ("佐々木", "ササキ")]
GIVEN = [("一恵", "カズエ"), ("志津", "シヅ"), ("健三", "ケンゾウ"), ("りく", "リク"), ("武蔵", "ムサシ"), ("美代子", "ミヨコ"), ("章", "アキラ"), ("多恵", "タエ")]
DISEASES = [("8830592", "本態性高血圧症"), ("2500015", "２型糖尿病"), ("7840024", "頭痛"), ("3000004", "不安神経症")]


def cd10(body):
    """Modulus 10, weights 2 and 1 from the right, digits of the products added."""
    t = sum(sum(map(int, str(int(c) * (2 - i % 2)))) for i, c in enumerate(reversed(body)))
    return str(-t % 10)


def cd11(body):
    r = sum(int(c) * (i % 6 + 2) for i, c in enumerate(reversed(body))) % 11
    return "0" if r <= 1 else str(11 - r)


def full(s):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in s)


class Person:
    def __init__(self, rng, i):
        self.family, self.family_kana = FAMILY[i % len(FAMILY)]
        self.given, self.given_kana = GIVEN[(i // len(FAMILY) + i) % len(GIVEN)]
        self.name, self.kana = self.family + "　" + self.given, self.family_kana + "　" + self.given_kana
        self.sex = str(rng.randint(1, 2))
        self.birth = datetime.date(1931, 2, 1) + datetime.timedelta(rng.randrange(30000))
        self.symbol, self.number, self.branch = str(rng.randint(10, 99)), "%06d" % (200000 + 37 * i), "%02d" % rng.randint(0, 5)
        self.late, self.care = "%07d" % rng.randint(1000000, 9999999), "00%08d" % (10000000 + i)
        self.late += cd10(self.late)
        my = "%011d" % rng.randint(10 ** 10, 10 ** 11 - 1)
        self.my = my + cd11(my)
        self.phone = "090-%04d-%04d" % (rng.randint(1000, 9999), rng.randrange(10000))
        self.postal, self.address = "371-%04d" % rng.randrange(10000), "群馬県前橋市大手町%d丁目%d番%d号" % (rng.randint(1, 9), rng.randint(1, 30), rng.randint(1, 20))

    def ymd(self):
        return self.birth.strftime("%Y%m%d")

    def era(self):
        y, m, d = self.birth.year, self.birth.month, self.birth.day
        for code, first, base in ((5, (2019, 5, 1), 2018), (4, (1989, 1, 8), 1988), (3, (1926, 12, 25), 1925), (2, (1912, 7, 30), 1911)):
            if (y, m, d) >= first:
                return "%d%02d%02d%02d" % (code, y - base, m, d)


SHORT = "0" + "2345678901"
SHORT = (SHORT + cd11(SHORT))[1:]  # a 個人番号 that began with 0, as a spreadsheet leaves it
INSURER = "10003" + cd10("10003")
OTHER_INSURER = "10301" + cd10("10301")
LATE_INSURER = "3910000" + cd10("3910000")
PAYER = "5410601" + cd10("5410601")
FACILITY = "0112345"


class File:
    """Rows and what they hold."""

    def __init__(self, name, form):
        self.name, self.form, self.rows, self.count, self.people = name, form, [], {}, set()

    def add(self, *elements):
        for e in elements:
            self.count[e] = self.count.get(e, 0) + 1

    def row(self, *cells, width=0):
        self.rows.append([str(c) for c in cells] + [""] * (width - len(cells)))


def receipt(f, p, n, point="1", western=True, late=False, payer=False, blank=False, insurer=INSURER):
    """One claim as the rows that follow the header."""
    birth = p.ymd() if western else p.era()
    ym = "202608" if western else "50808"
    width = {"1": 38, "3": 27, "4": 43}[point]
    row = ["RE", n, point + ("3" if late else "1") + "14", ym, "" if blank else p.name, p.sex, birth] + [""] * (width - 7)
    if point == "1":
        row[13], row[36] = "%05d" % n, p.kana
        f.add("person_kana")
    if point == "3":
        row[25] = p.kana
        f.add("person_kana")
    f.row(*row)
    f.add("claim_record", "birth_date", "sex")
    if not blank:
        f.add("person_name")
    if late:
        f.row("HO", LATE_INSURER, "", p.late, 2, 512, width=15)
        f.add("insurer_number", "latecare_insured_number")
        f.people.add(("late", p.late))
    else:
        f.row("HO", "  " + insurer, full(p.symbol), full(p.number), 2, 512, width=15)
        f.add("insurer_number", "insured_id")
        f.people.add((insurer, p.symbol, p.number, p.branch))
    if payer:
        body = "12345%d" % (n % 10)
        f.row("KO", PAYER, body + cd10(body), "", 2, 512, width=12)
        f.add("public_expense_payer", "public_expense_recipient")
    if point == "1" and not late:
        f.row("SN", "1", "01", "", "", "", p.branch, "", "")
    for i, (code, name) in enumerate(DISEASES[: 1 + n % 3]):
        if point == "3":
            f.row("HS", "", "", "", "101600", "5220063", "", "", "", "", "", "")
        else:
            f.row("SY", code if i else "0000999", ym + "11", "1", "", "" if i else name, "01" if i == 0 else "", "")
        f.add("disease")
    if point == "1":
        f.row("SI", "11", "1", "111000110", "", 291, 1, width=44)
        f.add("procedure")
    if point == "3":
        f.row("SS", "11", "1", "301000110", width=109)
        f.add("procedure")
    f.row("IY", "21", "1", "620008993", "2", 3, 7, width=44)
    f.add("drug")


def header(f, point="1", western=True):
    ym = "202609" if western else "50809"
    if point == "4":
        f.row("YK", "2", "10", "4", FACILITY, "あおぞら薬局", ym, "00", "027-000-0001")
    elif point == "3":
        f.row("UK", "2", "10", "3", FACILITY, "", "はみがき歯科", ym, "", "00")
    else:
        f.row("IR", "2", "10", "1", FACILITY, "", "ひだまり診療所", ym, "00", "027-000-0002")


def insurer_side(f, returned=False):
    """Three history columns before each row, a management record before each claim."""
    rows, n = ([["HI", "", "202609"]] if returned else []), 0
    head = None
    for r in f.rows:
        if r[0] in ("IR", "UK", "YK"):
            head = r
            continue
        if r[0] == "GO":
            continue
        if r[0] == "RE":
            rows += [["1", "1", "0", "MN", "%09d" % (900000000 + int(r[1])), "群馬県前橋市", "%017d" % int(r[1])], ["1", "2", "0"] + head]
            n = 2
        n += 1
        rows.append(["1", str(n), "0"] + r)
        if returned and r[0] == "RE":
            rows.append(["1", str(n), "0", "HR", "10", "1", "", "", "記載を確かめてください", ""])
    f.rows = rows


def uke(rng):
    out = []
    for name, point, western in (("medical", "1", True), ("medical-era", "1", False), ("dental", "3", True), ("pharmacy", "4", True)):
        f = File(name + ".csv", "uke")
        header(f, point, western)
        ps = [Person(rng, i) for i in range(5)]
        for i, p in enumerate(ps):
            receipt(f, p, i + 1, point, western, late=i == 2, payer=i == 3, blank=i == 4, insurer=OTHER_INSURER if i == 1 else INSURER)
        receipt(f, ps[0], 6, point, western)
        f.row("GO", 7, 3072, "99")
        out.append(f)
    for name, returned in (("insurer", False), ("returned", True)):
        f = File(name + ".csv", "uke-returned" if returned else "uke-insurer")
        header(f)
        for i in range(4):
            receipt(f, Person(rng, 10 + i), i + 1, late=i == 1, payer=i == 0)
        insurer_side(f, returned)
        out.append(f)
    f = File("cut.csv", "uke")  # neither header nor trailer
    for i in range(2):
        receipt(f, Person(rng, 20 + i), i + 1)
    out.append(f)
    f = File("excel.csv", "uke")  # zeros lost
    header(f)
    for i in range(3):
        receipt(f, Person(rng, 30 + i), i + 1)
    f.rows = [[c.strip().lstrip("0") or "0" if c.strip().isdigit() and c.isascii() else c for c in r] for r in f.rows]
    out.append(f)
    return out


def envelope(f, kind, rows, width=12):
    control = ["1", "1", "0", str(len(rows)), kind, "", INSURER, "1070500123", "10", "1", "202609", "0"]
    if width == 11:
        control = ["1", "1", "0", str(len(rows)), kind, "0", "1070500123", "0", "1", "202609", ""]
    f.rows = [control] + [["2", str(i + 2)] + [str(c) for c in r] for i, r in enumerate(rows)] + [["3", str(len(rows) + 2)]]


def care(rng):
    office = "1070500123"
    out = []
    f, rows = File("care-7131.csv", "care-claims"), [["7111", "202608", office] + [""] * 17]
    for i in range(4):
        p = Person(rng, 40 + i)
        key = ["202608", office, "00" + INSURER, p.care]
        rows.append(["7131", "01"] + key + [""] * 6 + [p.ymd(), p.sex, "22", "", "20260401", "20270331"] + [""] * 38)
        rows += [["7131", "02"] + key + ["11", "1211", "250", "4"] + [""] * 10] * 2
        f.add("care_claim_record", "care_insured_number", "birth_date", "care_level", "sex")
        f.people.add(p.care)
    envelope(f, "713", rows)
    out.append(f)
    f, rows = File("care-8222.csv", "care-claims"), []
    for i in range(3):
        p = Person(rng, 50 + i)
        rows.append(["8222", "202608", "00" + INSURER, office, "", "", "", "", p.care, p.ymd(), p.sex, "13"] + [""] * 12)
        f.add("care_claim_record", "care_insured_number", "birth_date", "care_level", "sex")
        f.people.add(p.care)
    envelope(f, "822", rows)
    out.append(f)
    f, rows = File("care-5331.csv", "care-claims"), []  # notice of change: the kana name stands behind the number
    for i in range(3):
        p = Person(rng, 60 + i)
        rows.append(["5331", "1", "20260801", "02", INSURER, p.care, p.kana, p.ymd(), p.sex] + [""] * 20)
        f.add("care_claim_record", "care_insured_number", "birth_date", "person_kana", "sex")
        f.people.add(p.care)
    envelope(f, "533", rows)
    out.append(f)
    f, rows = File("disability.csv", "disability-claims"), [["J111", "01", "202608", "100032", office, "27000", "1"]]
    for i in range(3):
        p = Person(rng, 70 + i)
        key = ["202608", "100032", office, "1" + p.care[1:]]
        rows += [["J121", "01"] + key + ["", p.kana] + [""] * 30, ["J121", "02"] + key + ["46", "20260401"], ["J121", "03"] + key + ["462980", "566"]]
        f.add("disability_claim_record", "person_kana", "public_expense_recipient")
        f.people.add(p.care)
    envelope(f, "J11", rows, 11)
    out.append(f)
    f = File("notebook.csv", "jahis-notebook")
    p = Person(rng, 80)
    for r in (["JAHISTC07", "1"], ["1", p.name, p.sex, p.ymd(), p.postal, p.address, p.phone, "", "", "", p.kana], ["5", "20260801", "1"],
              ["11", "あおぞら薬局", "10", "4", FACILITY], ["201", "1", "アムロジピン錠5mg", "1", "錠", "2", "620008993", "1"], ["301", "1", "1日1回朝食後", "7"]):
        f.row(*r)
    f.add("person_name", "person_kana", "sex", "birth_date", "postal_code", "address", "phone", "prescription_record", "drug")
    f.people.add(1)
    out.append(f)
    f = File("prescription.csv", "jahis-prescription")
    for r in (["JAHIS9"], ["1", "1", FACILITY, "10", "ひだまり診療所"], ["11", "", p.name, p.kana], ["12", p.sex], ["13", p.ymd()], ["22", INSURER],
              ["23", p.symbol, p.number, "1", p.branch], ["51", "20260801"], ["201", "1", "アムロジピン錠5mg", "1"]):
        f.row(*r)
    f.add("person_name", "person_kana", "sex", "birth_date", "insurer_number", "insured_id", "prescription_record", "drug")
    f.people.add(1)
    out.append(f)
    f = File("dpc-ef.csv", "dpc")
    for i in range(6):
        code = ["111000110", "620008993"][i % 2]
        f.row("101234567", "00000%05d" % (i // 2), "20260810", "20260801", "11", "%04d" % (i + 1), "000", "X%d" % i, code, width=31)
        f.rows[-1][30] = "0"
        f.add("procedure" if i % 2 == 0 else "drug")
    f.count["claim_record"] = 3
    out.append(f)
    return out


def tables(rng):
    out = []

    def table(name, head, rows, count, people, lead=()):
        f = File(name + ".csv", "csv")
        f.rows = [list(r) for r in lead] + ([head] if head else []) + rows
        f.count, f.people = count, set(range(people))
        out.append(f)

    ps = [Person(rng, 100 + i) for i in range(6)]
    n = len(ps)
    table("list", ["保険者番号", "被保険者証記号", "被保険者証番号", "枝番", "氏名", "生年月日", "傷病名"],
          [[INSURER, p.symbol, p.number, p.branch, p.name, p.birth.strftime("%Y/%m/%d"), DISEASES[0][1]] for p in ps],
          {"insurer_number": n, "insured_id": n, "person_name": n, "birth_date": n, "disease": n}, n, [["再審査一覧"], ["出力日：令和8年10月1日"]])
    table("two-rows", None, [["氏名", "被保険者証", "", "", "生年月日"], ["", "記号", "番号", "枝番", ""]] +
          [[p.name, p.symbol, p.number, p.branch, p.ymd()] for p in ps], {"person_name": n, "insured_id": n, "birth_date": n}, n)
    table("names-apart", ["姓", "名", "セイ", "メイ", "生年月日"], [[p.family, p.given, p.family_kana, p.given_kana, p.ymd()] for p in ps],
          {"person_name": n, "person_kana": n, "birth_date": n}, n)
    table("my-number", ["氏名", "個人番号"], [[p.name, p.my] for p in ps], {"person_name": n, "personal_number": n}, n)
    table("household-number", ["氏名", "個人番号"], [[p.name, str(i + 1)] for i, p in enumerate(ps)], {"person_name": n, "personal_number": 0}, n)
    table("late", ["被保険者番号", "氏名", "要介護度"], [[p.late, p.name, "要介護3"] for p in ps], {"latecare_insured_number": n, "person_name": n, "care_level": n}, n)
    table("care", ["被保険者番号", "氏名"], [[p.care, p.name] for p in ps], {"care_insured_number": n, "person_name": n}, n)
    table("symbol-number", ["記号番号", "氏名カナ"], [["%s・%s" % (p.symbol, p.number), p.kana] for p in ps], {"insured_id": n, "person_kana": n}, n)
    table("repeated-header", ["氏名", "生年月日"], [[p.name, p.ymd()] for p in ps[:3]] + [["氏名", "生年月日"]] + [[p.name, p.ymd()] for p in ps[3:]],
          {"person_name": n, "birth_date": n}, n)
    table("no-header", None, [[p.name, p.kana, p.ymd(), p.phone] for p in ps], {"person_name": n, "person_kana": n, "birth_date": n, "phone": n}, n)
    table("no-header-codes", None, [[str(i), p.my] for i, p in enumerate(ps)], {"personal_number": n}, n)
    table("staff", ["職員番号", "氏名", "基本給", "人事評価"], [["%04d" % i, p.name, 250000 + i, "A"] for i, p in enumerate(ps)], {"person_name": n, "staff_hr": n}, n)
    table("bank", ["氏名", "金融機関名", "口座番号"], [[p.name, "みどり銀行", "%07d" % (1234567 + 31 * i)] for i, p in enumerate(ps)], {"person_name": n, "bank_account": n}, n)
    head = ["整理番号", "保険者番号", "被保険者証記号", "被保険者証番号", "カナ氏名", "性別", "生年月日", "身長", "体重", "腹囲", "収縮期血圧", "拡張期血圧", "HbA1c"]
    table("checkup", head, [["%05d" % i, INSURER, p.symbol, p.number, p.kana, "男" if p.sex == "1" else "女", p.ymd(), "162.3", "55.0", "80.1", "121", "70", "5.6"]
                            for i, p in enumerate(ps)],
          {"insurer_number": n, "insured_id": n, "person_kana": n, "sex": n, "birth_date": n, "health_check_record": n, "lab_value": n}, n)
    form = [["健康相談票", "", "", ""], ["氏名", ps[0].name, "フリガナ", ps[0].kana], ["生年月日", "昭和32年4月5日", "性別", "男"], ["住所", ps[0].address, "電話番号", ps[0].phone],
            ["傷病名", "頭痛", "", ""]]
    table("form", None, form, {"person_name": 1, "person_kana": 1, "birth_date": 1, "sex": 1, "address": 1, "phone": 1, "disease": 1}, 1)
    table("across", None, [["項目", "１人目", "２人目"], ["氏名", ps[0].name, ps[1].name], ["生年月日", ps[0].ymd(), ps[1].ymd()], ["傷病名", "頭痛", "腰痛症"]],
          {"person_name": 2, "birth_date": 2, "disease": 2}, 2)
    table("two-tables", ["区分", "件数"], [["全体", 812], ["再掲", 90]] + [["", ""]] * 25 + [["氏名", "被保険者番号", "傷病名"]] + [[p.name, p.late, "頭痛"] for p in ps],
          {"person_name": n, "latecare_insured_number": n, "disease": n}, n)
    table("zeros-lost", ["氏名", "個人番号"], [[p.name, p.my] for p in ps[:5]] + [["山川　ゆり", SHORT]], {"person_name": 6, "personal_number": 6}, 6)
    table("passwords", ["ユーザーID", "パスワード"], [["u%03d" % i, "Xk%d#pq" % (i * 37)] for i in range(4)], {"credential": 4}, 0)
    table("password-rules", ["項目", "パスワード"], [["長さ", "8文字以上にする"], ["変更", "90日ごとに変える"]], {"credential": 0}, 0)
    # nothing personal
    zero = {e: 0 for e in ("person_name", "person_kana", "personal_number", "insured_id", "birth_date", "phone", "address", "claim_record", "disease", "latecare_insured_number",
                           "care_insured_number", "care_claim_record", "bank_account", "drug", "procedure", "lab_value")}
    table("empty-form", ["氏名", "フリガナ", "生年月日", "住所", "電話番号", "個人番号", "傷病名"], [], zero, 0)
    table("blank-rows", ["氏名", "生年月日", "個人番号"], [["　", "　年　月　日", "□□□□"], ["", "年　月　日", ""]], zero, 0)
    table("statistics", ["傷病名", "性別", "年齢階級", "患者数"], [[d[1], "男", "40～44歳", 12 + i] for i, d in enumerate(DISEASES)], zero, 0, [["疾病別患者数"]])
    table("directory", ["医療機関コード", "医療機関名称", "所在地", "電話番号"], [[FACILITY, "ひだまり診療所%d" % i, "群馬県前橋市大手町%d番地" % i, "027-224-%04d" % (1000 + i)]
                                                                for i in range(8)], dict(zero, institution_directory=1), 0)
    schools = [["市区町村コード", "名称", "名称_カナ", "住所", "電話番号"]] + [["102016", "大手町%d丁目公民館" % i, "オオテマチコウミンカン", "群馬県前橋市大手町%d-1" % (i + 1), "027-225-%04d" % (2000 + i)]
                                                                     for i in range(8)]
    table("public-places", schools[0], schools[1:], {k: v for k, v in zero.items() if k not in ("phone", "address")}, 0)
    table("english-places", ["name", "address", "telephoneNumber"], [["大手町%d幼稚園" % i, "前橋市大手町%d丁目" % (i + 1), "027-226-%04d" % (2000 + i)] for i in range(8)],
          {"person_name": 0, "person_kana": 0}, 0)
    table("orders", None, [["2026/10/%02d" % (i + 1), "山本商店", "コピー用紙", i * 3, "027-221-%04d" % (i + 1000)] for i in range(8)], {"person_name": 0, "birth_date": 0}, 0)
    table("places", None, [["群馬県", "前橋市", t, k] for t, k in (("大手町", "オオテマチ"), ("高松町", "タカマツチョウ"), ("織姫町", "オリヒメチョウ"), ("浜町", "ハマチョウ"))], zero, 0)
    table("products", ["商品コード", "品名", "数量"], [["%012d" % (483920571034 + 7919 * i), "用紙%d" % i, i] for i in range(40)], zero, 0)
    table("serials", ["管理番号", "機器名", "シリアル番号"], [["K%03d" % i, "ノートPC", "090%08d" % (31415926 + 271 * i)] for i in range(12)], zero, 0)
    table("countries", ["code", "name"], [[c, n] for c, n in (("RE", "Réunion"), ("IR", "Iran"), ("CO", "Colombia"), ("SY", "Syria"), ("SI", "Slovenia"), ("TO", "Tonga"),
                                                           ("KH", "Cambodia"), ("GR", "Greece"), ("MN", "Mongolia"), ("UK", "United Kingdom"))], zero, 0)
    table("trace", None, [["1", str(i), "0", "TRACE", "%06d" % i] for i in range(1, 40)], zero, 0)
    table("specification", ["項番", "項目名", "モード", "最大バイト", "内容"], [["1", "レコード識別情報", "英数", "2", "RE"], ["5", "氏名", "漢字", "40", "患者の氏名を記録する"],
                                                                  ["7", "生年月日", "数字", "8", "西暦で記録する"]], zero, 0)
    table("master", None, [["0", "B", "%07d" % (8830000 + i), "10", "10", DISEASES[i % 4][1], "", "", "", "ﾋﾞｮｳﾒｲ"] + [""] * 35 + ["1"] for i in range(12)], zero, 0)
    table("postal", None, [["10201", "371  ", "371%04d" % i, "グンマケン", "マエバシシ", "オオテマチ", "群馬県", "前橋市", "大手町", "0", "0", "0", "0", "0", "0"] for i in range(12)], zero, 0)
    return out


def main():
    rng = random.Random(20261124)
    facts = ["# Written by corpus/make_claims.py: file, format, people, then element=count ..."]
    for folder, files in (("uke", uke(rng) + care(rng)), ("csv_table", tables(rng))):
        for f in files:
            with open(os.path.join(HERE, folder, f.name), "w", encoding="utf-8", newline="") as out:
                out.write("".join(",".join(map(str, r)) + "\r\n" for r in f.rows))
            facts.append("\t".join([folder + "/" + f.name, f.form, str(len(f.people))] + ["%s=%d" % x for x in sorted(f.count.items())]))
    with open(os.path.join(HERE, "..", "data", "claims", "facts.tsv"), "w", encoding="utf-8") as out:
        out.write("\n".join(facts) + "\n")


if __name__ == "__main__":
    main()
