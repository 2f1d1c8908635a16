"""Claim and health files of every kind, in provider and insurer layout, clipped, re-saved, through a spreadsheet. Written from the published
layouts; truth is counted while writing."""
import base64
import datetime as dt
import json

import people as pp
import write as w
from tables import Case, DISEASES, DRUGS

DISEASE_CODES = ["2500013", "4019014", "2724007", "4660009", "5640018"]


class Uke:
    """医科 C, DPC D, 歯科 S, 調剤 Y, 訪問看護 H, 労災 R (no payer)."""
    POINT = {"C": "1", "D": "1", "S": "3", "Y": "4", "H": "6", "R": "1"}

    def __init__(self, rng, kind, western):
        self.rng, self.kind, self.western = rng, kind, western
        self.rows, self.truth, self.ho, self.people = [], {}, 0, 0
        ym, code = self.ym("202610"), pp.facility(rng, "10", self.POINT[kind])
        self.fac = code
        head = {"S": ["UK", "2", "10", "3", code, "", "わかば歯科医院", ym, "", "00"], "Y": ["YK", "2", "10", "4", code, "ことり薬局", ym, "00", "027-220-1111"],
                "H": ["HM", "2", "10", "6", code, "ひなた訪問看護ステーション", ym, "027-220-1111"], "R": ["IR", "", "10", "1", code, "", "東部総合病院", ym, "00", "027-220-1111"]}
        self.rows.append(head.get(kind, ["IR", "2", "10", "1", code, "", rng.choice(("", "みどり内科")), ym, "00", "027-220-1111"]))

    def ym(self, t):
        return t if self.western else "5%02d%s" % (int(t[:4]) - 2018, t[4:])

    def day(self, d):
        return d.strftime("%Y%m%d") if self.western else pp.gymd(d)

    def count(self, e, n=1):
        self.truth[e] = self.truth.get(e, 0) + n

    def receipt(self, p, late=False, public=False, name=True, service="202609", kana=True, again=False):
        rng, k, n = self.rng, self.kind, self.truth.get("claim_record", 0) + 1
        if k == "S":
            self.rows.append(["IR", "2", "10", "3", self.fac, "", self.ym("202610"), "027-220-1111", ""])
        width = {"C": 38, "D": 30, "S": 27, "Y": 43, "H": 30, "R": 30}[k]
        row = ["RE", str(n), "" if k == "R" else self.POINT[k] + ("3" if late else "1") + "12", self.ym(service), p.name if name else rng.choice(("", "＊＊＊")), p.sex, self.day(p.birth)]
        row += [""] * (width - len(row))
        if k == "C":
            row[13] = "%06d" % rng.randint(1, 999999)
        at = {"C": 36, "S": 25, "Y": 41}.get(k)
        if at and kana and name:
            row[at] = p.kana.replace("　", "")
            self.count("person_kana")
        self.rows.append(row)
        self.count("claim_record")
        self.count("birth_date")
        self.count("sex")
        if name:
            self.count("person_name")
        if k == "R":
            self.rows.append(["RR", "1", "3", "10101234567", "", "", "1", "", self.day(dt.date(2026, 5, 1)), "500"])
        elif late:
            self.rows.append(["HO", "39100003", "", p.late, "1", "%d" % rng.randint(200, 4000)] + [""] * 9)
            self.count("latecare_insured_number")
        else:
            self.rows.append(["HO", "  " + p.insurer, pp.wide(p.symbol), pp.wide(p.number), "1", "%d" % rng.randint(200, 4000)] + [""] * 9)
            self.count("insured_id")
        if k != "R":
            self.count("insurer_number")
            self.ho += 1
        if public:
            self.rows.append(["KO", p.payer, p.recipient, "", "1", "500"] + [""] * 6)
            self.count("public_expense_payer")
            self.count("public_expense_recipient")
            self.ho += 1
        if k in "CDSY" and not late:
            self.rows.append(["SN", "1", "01", "", "", "", p.branch, "", ""])
        self.body(service)
        if not again:
            self.people += 1

    def body(self, service):
        rng, k, start = self.rng, self.kind, self.ym(service) + "01"
        if k in "CRH":
            for i in range(rng.randint(1, 3)):
                self.rows.append(["SY", "0000999" if i == 1 else rng.choice(DISEASE_CODES), start, "1", "", rng.choice(DISEASES) if i == 1 else "", "01" if i == 0 else "", ""])
                self.count("disease")
        if k == "D":
            self.rows += [["BU", "040080x099x0xx", start, start, "", "", "", ""], ["KK", "1"] + [""] * 8]
            for i in range(2):
                self.rows.append(["SB", rng.choice(DISEASE_CODES), "", rng.choice(DISEASES), "J459", "", "01" if i == 0 else "", ""])
                self.count("disease")
        if k == "S":
            self.rows += [["HS", "", "", "", "102400102500", "5220063", "", "", "", "", "", ""], ["SS", "11", "1", "301072810"] + [""] * 73 + ["226", "1"] + [""] * 30]
            self.count("disease")
            self.count("procedure")
        if k == "Y":
            self.rows += [["SH", "1", "1", "", start, "1"], ["CZ", "1", start, start, "1", "7"] + [""] * 14]
        if k in "CR":
            self.rows.append(["SI", "11", "1", "111000110", "", "288", "1"] + [""] * 6 + ["1" if d == 3 else "" for d in range(31)])
            self.count("procedure")
        if k in "CRYD":
            if k == "D":
                self.rows.append(["CD", "20260901", "1", "9300001", "", "111000110"] + [""] * 6)
            else:
                self.rows.append(["IY", "21", "1", "620009461", "3", "5", "7"] + [""] * 6 + ["1" if d == 3 else "" for d in range(31)])
                self.count("drug")
        if k == "H":
            self.rows += [["IH", "1", "10", "1", "1234567", "中央　太郎", "東部総合病院"], ["HJ", "1", start, start], ["JS", "1", "病状は安定している"], ["RJ", "01", start, "1"], ["KA", "1", "510000110", "5550", "1"]]

    def lines(self, clip=False):
        body = [r for r in self.rows if not clip or r[0] not in ("IR", "UK", "YK", "HM")]
        return body if clip else body + [["GO", str(self.ho), "12345", "99"]]

    def insurer(self):
        out, n, head = [], 0, self.rows[0]
        for r in self.rows:
            if r[0] in ("IR", "UK", "YK", "HM"):
                head = r
                continue
            if r[0] == "RE":
                n = 2
                out += [["1", "1", "0", "MN", "%09d" % (910000000 + int(r[1])), "群馬県桜川市若葉町", "%017d" % (13143000000000000 + int(r[1])), "", "", ""], ["1", "2", "0"] + head]
            n += 1
            out.append(["1", str(n), "0"] + r)
        out.append(["1", "1", "0", "RC", "Ver000001000", "0123456789abcdef0123456789abcdef"])
        return out


def plain(rows, eol="\r\n"):
    return eol.join(",".join(r) for r in rows) + eol


def excel_csv(rows):
    """Opened and saved by a spreadsheet: digits become numbers, rows get one width, quotes where needed."""
    return w.delimited([[str(int(v.strip())) if v.strip().isascii() and v.strip().isdigit() and len(v.strip()) < 15 else v for v in r] for r in rows])


def excel_book(rows):
    return w.xlsx([("RECEIPTC", [[int(v.strip()) if v.strip().isascii() and v.strip().isdigit() and len(v.strip()) < 15 else v for v in r] for r in rows], [])])


def uke(rng, crowd, n):
    out = []
    for i in range(n):
        for kind in "CDSYHR":
            for form in ("provider", "insurer", "returned", "clipped", "utf-8", "excel", "book", "jis", "euc"):
                if kind == "R" and form in ("clipped", "returned"):
                    continue
                u = Uke(rng, kind, western=rng.random() < 0.6)
                ps = crowd.take(rng.randint(2, 6))
                late = rng.random() < 0.3 and form not in ("excel", "book")
                for j, p in enumerate(ps):
                    u.receipt(p, late=late and j % 2 == 1 and kind != "R", public=j % 3 == 1 and kind != "R", name=kind == "R" or rng.random() > 0.1)
                if rng.random() < 0.5:
                    u.receipt(ps[0], service="202608", late=False, again=True)
                enc, eof = "cp932", "\x1a" if rng.random() < 0.5 else ""
                if form in ("provider", "utf-8", "jis", "euc", "clipped"):
                    enc = {"utf-8": rng.choice(("utf-8", "utf-8-sig", "utf-16le-bom")), "jis": "iso2022_jp", "euc": "euc_jp"}.get(form, "cp932")
                    data = w.encode(plain(u.lines(form == "clipped"), "\n" if form == "utf-8" else "\r\n") + eof, enc)
                elif form == "insurer":
                    data = (plain(u.insurer()) + eof).encode("cp932")
                elif form == "returned":
                    body = u.insurer()[:-1]
                    body += [["1", "99", "0", "HR", "1", "202610", "01", "", "", "", "", "資格喪失後の受診", ""]]
                    data = (plain([["HI", "", "202610"]] + body) + eof).encode("cp932")
                elif form == "excel":
                    data = excel_csv(u.lines()).encode("cp932")
                else:
                    data, enc = excel_book(u.lines()), "-"
                if data is None:
                    continue
                truth = dict(u.truth)
                ext = {"book": ".xlsx", "returned": ".HEN"}.get(form, rng.choice((".UKE", ".csv", ".txt", ".dat")))
                persons = len(ps)
                c = Case("uke/%02d-%s-%s%s" % (i, kind, form, ext), data, "uke-" + form, enc, truth, persons, "uke " + kind, form)
                c.ignore = {"medical_institution", "phone", "address", "age", "person_name_free"}
                if kind == "H":
                    truth["person_name"] = (truth.get("person_name", 0), truth.get("person_name", 0) + len(ps) + 1)   # IH names the doctor
                if form == "excel" or form == "book":
                    persons = (len(ps), len(ps))
                out.append(c)
    return out


def free_text(rng, crowd, n):
    """Comments (CO) and detailed reports of symptoms (SJ) with people in them."""
    out = []
    for i in range(n):
        u = Uke(rng, "C", True)
        a, b = crowd.take(2)
        u.receipt(a)
        u.rows.append(["CO", "01", "1", "810000001", "緊急連絡先　長男　電話 %s" % b.phone])
        u.rows.append(["SJ", "01", "患者は令和８年８月に転倒し受診した。家族の連絡先は電話番号：%s、メール %s である。" % (a.phone, b.email)])
        truth = dict(u.truth, phone=2, email=1)
        c = Case("uke/free-%02d.UKE" % i, plain(u.lines()).encode("cp932"), "uke-free-text", "cp932", truth, 1, "uke free text", "free text")
        c.ignore = {"medical_institution", "address", "age", "person_name"}
        out.append(c)
    return out


def envelope(data, kind, insurer, off, quote=False, disability=False):
    cell = (lambda v: '"%s"' % v) if quote else (lambda v: v)
    head = ["1", "1", "0", str(len(data)), kind] + (["0", off, "0", "1", "202610", ""] if disability else ["", insurer, off, "10", "1", "202610", "0"])
    return plain([head] + [["2", str(i + 2)] + [cell(v) if v else v for v in r] for i, r in enumerate(data)] + [["3", str(len(data) + 2)]])


def pad(r, n):
    return r + [""] * (n - len(r))


def care(rng, crowd, n):
    out = []
    for i in range(n):
        for kind in ("7131", "7143", "7195", "71R1", "8124", "8222", "1131", "5331", "5361"):
            ps, off, data, truth = crowd.take(rng.randint(2, 7)), pp.office(rng), [], {}
            ins = ps[0].insurer
            if kind[0] == "7":
                data.append(pad(["7111", "202609", off, "1", "1", str(len(ps)), "1000"], 20))
            for p in ps:
                birth = p.birth.strftime("%Y%m%d")
                if kind[0] == "7":
                    data.append(pad([kind, "01", "202609", off, "00" + ins, p.care, "", "", "", "", "", "", birth, p.sex, rng.choice(("12", "21", "23")), "", "20260401", "20270331"], 56))
                    for _ in range(rng.randint(1, 3)):
                        data.append(pad([kind, "02", "202609", off, "00" + ins, p.care, "15", "1241", "658", "8"], 18))
                elif kind == "8124":
                    data.append(pad([kind, off, "1", "202609", "00" + ins, "1", p.care, "", "", birth, p.sex, "22", "20260401"], 30))
                elif kind == "8222":
                    data.append(pad([kind, "202609", "00" + ins, off, "1", "2", "20260901", "1", p.care, birth, p.sex, "21"], 30))
                elif kind == "1131":
                    data.append(pad(["1131", "7131", "H1", "1", "00" + ins, p.care, "202609", "1", off, "0000000001"] + [""] * 6 + [birth, p.sex, "21"], 40))
                    data.append(pad(["1131", "7131", "D1", "1", "00" + ins, p.care, "202609", "1", off, "0000000001", "11", "1111", "250", "4"], 30))
                else:
                    data.append(pad([kind, "1", "20260901", "01", "00" + ins, p.care, pp.half(p.kana), birth, p.sex, "", "", "20000401"], 60))
            count = len(ps)
            truth = {"care_claim_record": (count, len(data)), "care_insured_number": (count, len(data)), "birth_date": count, "sex": count}
            if kind[0] in "178":
                truth["care_level"] = count
            if kind[0] == "5":
                truth["person_kana"] = count
            for form in ("plain", "quoted", "cut", "excel"):
                if form == "cut" and kind[0] == "7":
                    text = plain([["2", str(5 + j)] + r for j, r in enumerate(data[1:])])
                else:
                    text = envelope(data, kind[:3], ins, off, form == "quoted")
                if form == "excel":
                    text = excel_csv([r.split(",") for r in text.strip().split("\r\n")])
                c = Case("care/%02d-%s-%s.csv" % (i, kind, form), text.encode("cp932"), "care-" + form, "cp932", dict(truth), count, "care " + kind, form)
                c.ignore = {"insurer_number", "care_office"}
                out.append(c)
        # 障害: names in half-width kana
        for kind in ("J121", "J611", "E111"):
            ps, off, data = crowd.take(rng.randint(2, 6)), pp.office(rng), []
            for j, p in enumerate(ps):
                num = "1%09d" % (7919 * (j + 1) + i * 1000 + int(p.care) % 1000)
                if kind == "J121":
                    data.append(pad(["J121", "01", "202609", "102016", off, num, "", '"%s"' % pp.half(p.kana), "", "", "16", "1", "9300"], 38))
                    data.append(pad(["J121", "02", "202609", "102016", off, num, "46", "20260401", "", "5"], 12))
                elif kind == "J611":
                    data.append(pad(["J611", "01", "202609", "102016", off, num, "0301"], 30))
                else:
                    data.append(pad(["E111", "20260901", "102016", num, '"%s"' % pp.half(p.kana), "", p.birth.strftime("%Y%m%d"), p.sex], 30))
            if kind == "J121":
                data.insert(0, pad(["J111", "01", "202609", "102016", off, "27000", "1", "3000"], 27))
            truth = {"disability_claim_record": (len(ps), len(data)), "public_expense_recipient": (len(ps), len(data))}
            if kind != "J611":
                truth["person_kana"] = len(ps)
            if kind == "E111":
                truth["birth_date"] = len(ps)
            text = envelope(data, kind[:3], "", off, disability=True)
            c = Case("care/%02d-%s.csv" % (i, kind), text.encode("cp932"), "disability", "cp932", truth, len(ps), "disability " + kind)
            c.ignore = {"insurer_number", "care_office", "sex"}
            out.append(c)
    return out


def cda(rng, p, version="hc08_V08"):
    obs = "".join('<entry><observation classCode="OBS" moodCode="EVN"><code code="%s" codeSystem="1.2.392.200119.6.1005" displayName="%s"/><value xsi:type="PQ" value="%d" unit="u"/></observation></entry>'
                  % (code, name, rng.randint(lo, hi)) for code, name, lo, hi in (("9N001000000000001", "身長", 145, 180), ("9N006000000000001", "体重", 40, 90), ("3D046000001906202", "HbA1c", 5, 9)))
    return ('<?xml version="1.0" encoding="UTF-8"?>%s<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:hl7-org:v3 ../XSD/%s.xsd">'
            '<typeId extension="POCD_HD000040" root="2.16.840.1.113883.1.3"/><code code="10" codeSystem="1.2.392.200119.6.1001"/><effectiveTime value="20260701"/>'
            '<recordTarget><patientRole><id extension="00%s" root="1.2.392.200119.6.101"/><id extension="%s" root="1.2.392.200119.6.204"/><id extension="%s" root="1.2.392.200119.6.205"/>'
            '<id extension="%s" root="1.2.392.200119.6.211"/><addr>%s<postalCode>%s</postalCode></addr><patient><name>%s</name><administrativeGenderCode code="%s" codeSystem="1.2.392.200119.6.1104"/>'
            '<birthTime value="%s"/></patient></patientRole></recordTarget><component><structuredBody><component><section><code code="01010" codeSystem="1.2.392.200119.6.1010"/>'
            '<text><list><item>身長 162 cm</item></list></text>%s</section></component></structuredBody></component></ClinicalDocument>\n') % (
        rng.choice(("", "\n")), version, p.insurer, pp.wide(p.symbol), pp.wide(p.number), p.branch, p.address, p.postal, p.kana.replace("　", ""), p.sex, p.birth.strftime("%Y%m%d"), obs)


def checkups(rng, crowd, n):
    out = []
    each = {"health_check_record": 1, "insured_id": 1, "birth_date": 1, "person_kana": 1}
    skip = {"lab_value", "sex", "postal_code", "address", "insurer_number"}
    for i in range(n):
        p = crowd.one()
        for name, data in (("plain", cda(rng, p).encode()), ("bom", b"\xef\xbb\xbf" + cda(rng, p, "hc18_V01").encode()), ("guidance", cda(rng, p, "hg08_V08").replace('code="10" codeSystem', 'code="21" codeSystem').encode())):
            c = Case("checkup/%02d-%s.xml" % (i, name), data, "cda", "utf-8", dict(each), 1, "cda", name)
            c.ignore = skip
            out.append(c)
        ps = crowd.take(rng.randint(3, 9))
        base = "1021100011_00%s_202607010_1" % ps[0].insurer
        members = [(base + "/ix08_V08.xml", '<?xml version="1.0" encoding="UTF-8"?>\n<index xmlns="http://tokuteikenshin.jp/checkup/2007"><interactionType code="1"/><creationTime value="20260701"/><totalRecordCount value="%d"/></index>' % len(ps)),
                   (base + "/XSD/hc08_V08.xsd", '<?xml version="1.0"?><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>')]
        members += [(base + "/DATA/h102110001120260701%d1%06d.xml" % (0, j + 1), cda(rng, q)) for j, q in enumerate(ps)]
        members += [(base + "/CLAIMS/c102110001120260701%d1%06d.xml" % (0, j + 1), settlement(q)) for j, q in enumerate(ps)]
        c = Case("checkup/%s-%02d.zip" % (base, i), w.pack(members), "checkup-zip", "utf-8", {"health_check_record": (len(ps), 2 * len(ps)), "insured_id": (len(ps), 2 * len(ps)), "birth_date": (len(ps), 2 * len(ps)), "person_kana": (len(ps), 2 * len(ps))}, len(ps), "checkup zip")
        c.ignore = skip
        out.append(c)
        p = crowd.one()
        c = Case("checkup/%02d-settlement.xml" % i, settlement(p).encode(), "settlement", "utf-8", {"insured_id": 1}, 1, "settlement")
        c.ignore = skip | {"health_check_record", "birth_date", "person_kana"}
        out.append(c)
    return out


JLAC = ["9N001000000000001", "9N006000000000001", "9N011000000000001", "9N016160100000001", "9A751000000000001", "9A761000000000001", "3F015000002327101", "3F070000002327101",
        "3F077000002327101", "3B035000002327201", "3B045000002327201", "3B090000002327101", "3D046000001906202"]


def checkup_tables(rng, crowd, n):
    """健診 results as rows: items named by the codes of 17 characters, after the columns of the insured."""
    out = []
    for i in range(n):
        ps = crowd.take(rng.choice((4, 9, 25)))
        items = rng.sample(JLAC, rng.randint(6, len(JLAC)))
        head = ["保険者番号", "被保険者証等記号", "被保険者証等番号", "枝番", "氏名（カナ）", "生年月日", "男女区分", "受診年月日"] + items
        rows = [head] + [["00" + p.insurer, p.symbol, p.number, p.branch, p.kana, p.birth.strftime("%Y%m%d"), p.sex, "20260701"] + [str(rng.randint(20, 180)) for _ in items] for p in ps]
        truth = {"health_check_record": len(ps), "insured_id": len(ps), "insurer_number": len(ps), "person_kana": len(ps), "birth_date": len(ps), "sex": len(ps), "lab_value": len(ps)}
        for name, data, enc in (("cp932.csv", w.encode(w.delimited(rows), "cp932"), "cp932"), ("utf-8.tsv", w.encode(w.delimited(rows, "\t"), "utf-8-sig"), "utf-8-sig"), ("book.xlsx", w.xlsx([("健診", rows, [])]), "-")):
            c = Case("checkup/%02d-jlac-%s" % (i, name), data, "checkup-table", enc, dict(truth), len(ps), "checkup table", name)
            out.append(c)
    return out


def settlement(p):
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<checkupClaim xmlns="http://tokuteikenshin.jp/checkup/2007"><encounter><serviceEventType code="1"/><effectiveTime value="20260601"/></encounter>'
            '<subjectPerson><name>%s</name><administrativeGenderCode code="%s"/><birthTime value="%s"/></subjectPerson><checkupCard><id extension="26100000001" root="1.2.392.200119.6.209.100%s"/></checkupCard>'
            '<insuranceCard><insurer><id extension="00%s" root="1.2.392.200119.6.101"/></insurer><cardSymbol>%s</cardSymbol><cardNumber>%s</cardNumber><id extension="%s" root="1.2.392.200119.6.204"/><id extension="%s" root="1.2.392.200119.6.205"/><id extension="%s" root="1.2.392.200119.6.211"/></insuranceCard></checkupClaim>\n') % (
        p.kana.replace("　", ""), p.sex, p.birth.strftime("%Y%m%d"), p.insurer, p.insurer, p.symbol, p.number, p.symbol, p.number, p.branch)


def fhir_patient(p):
    name = lambda text, kind, a, b: {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation", "valueCode": kind}], "use": "official", "text": text, "family": a, "given": [b]}
    return {"resourceType": "Patient", "meta": {"profile": ["http://jpfhir.jp/fhir/core/StructureDefinition/JP_Patient"]},
            "identifier": [{"system": "urn:oid:1.2.392.100495.20.3.51.11011234567", "value": "000%s" % p.number},
                           {"system": "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID", "value": "00%s:%s:%s:%s" % (p.insurer, pp.wide(p.symbol), pp.wide(p.number), p.branch)}],
            "name": [name(p.name, "IDE", p.sei, p.mei), name(p.kana, "SYL", p.sei_kana, p.mei_kana)], "gender": "male" if p.sex == "1" else "female", "birthDate": p.birth.isoformat(),
            "telecom": [{"system": "phone", "value": p.phone}], "address": [{"text": p.address, "postalCode": p.postal}]}


def fhir(rng, crowd, n):
    out = []
    skip = {"sex", "insurer_number", "disease", "lab_value", "drug"}
    for i in range(n):
        ps = crowd.take(4)
        one = {"person_name": (1, 2), "person_kana": (1, 2), "birth_date": (1, 2), "insured_id": (1, 2), "phone": (1, 2), "address": (1, 2), "postal_code": (1, 2)}
        each = lambda k: {e: (lo * k, hi * k) for e, (lo, hi) in one.items()}
        bundle = lambda p: {"resourceType": "Bundle", "type": "document", "meta": {"profile": ["http://jpfhir.jp/fhir/eCheckup/StructureDefinition/JP_Bundle_eCheckup"]}, "entry": [
            {"resource": fhir_patient(p)}, {"resource": {"resourceType": "Condition", "code": {"text": rng.choice(DISEASES)}}}]}
        cases_ = [("bundle.json", json.dumps(bundle(ps[0]), ensure_ascii=False, indent=1), each(1), 1), ("patient.json", json.dumps(fhir_patient(ps[1]), ensure_ascii=False), each(1), 1),
                  ("export.ndjson", "".join(json.dumps(fhir_patient(p), ensure_ascii=False) + "\n" for p in ps), each(4), 4),
                  ("escaped.json", json.dumps(bundle(ps[2])), each(1), 1),
                  ("searchset.json", json.dumps({"resourceType": "Bundle", "type": "searchset", "total": 3, "entry": [{"fullUrl": "urn:uuid:%d" % k, "resource": fhir_patient(p)} for k, p in enumerate(ps[:3])]}, ensure_ascii=False), each(3), 3),
                  ("array.json", json.dumps([bundle(p) for p in ps[:2]], ensure_ascii=False), each(2), 2),
                  ("bundles.ndjson", "".join(json.dumps(bundle(p), ensure_ascii=False) + "\n" for p in ps), each(4), 4)]
        for name, text, truth, persons in cases_:
            c = Case("fhir/%02d-%s" % (i, name), text.encode(), "fhir", "utf-8", truth, persons, "fhir", name)
            c.ignore = skip | {"health_check_record"}
            out.append(c)
        p = crowd.one()
        doc = {"resourceType": "DocumentReference", "meta": {"profile": ["http://jpfhir.jp/fhir/core/StructureDefinition/JP_DocumentReference"]},
               "content": [{"attachment": {"contentType": "application/xml", "data": base64.b64encode(cda(rng, p).encode()).decode()}}]}
        c = Case("fhir/%02d-attachment.json" % i, json.dumps(doc).encode(), "fhir", "utf-8", {"health_check_record": 1, "insured_id": 1, "birth_date": 1, "person_kana": 1}, 1, "fhir", "attachment")
        c.ignore = skip | {"postal_code", "address"}
        out.append(c)
    return out


def others(rng, crowd, n):
    out = []

    def add(name, data, fmt, enc, truth, persons, ignore=()):
        c = Case("other/" + name, data, fmt, enc, truth, persons, fmt)
        c.ignore = set(ignore)
        out.append(c)

    for i in range(n):
        p, q = crowd.take(2)
        birth = p.birth.strftime("%Y%m%d")
        note = "JAHISTC0%d,1\r\n1,%s,%s,%s,%s,%s,%s,,,,%s\r\n5,20261001,1\r\n11,ことり薬局,10,4,1234567,,,\r\n51,みどり内科,10,1,1234567\r\n201,1,%s,1,錠,2,620009461,1\r\n301,1,1日1回,7,日分,1,1,,1\r\n" % (
            rng.randint(1, 8), p.name, p.sex, rng.choice((birth, pp.era(p.birth)[1] + pp.gymd(p.birth)[1:])), p.postal, p.address, p.phone, pp.half(p.kana), DRUGS[0])
        for enc in ("cp932", "utf-8"):
            add("%02d-notebook-%s.csv" % (i, enc), note.encode(enc), "jahis-notebook", enc, {"prescription_record": (1, 2), "person_name": 1, "birth_date": 1, "person_kana": 1, "phone": 1, "address": 1, "postal_code": 1, "drug": 1, "sex": 1}, 1, ("medical_institution",))
        for head in ("JAHIS9", "JAHIS10", "SJ1"):
            rx = "%s\r\n1,1,1234567,10,みどり内科\r\n5,,,伊藤　誠\r\n11,,%s,%s\r\n12,%s\r\n13,%s\r\n22,%s\r\n23,%s,%s,1,%s\r\n51,20261001\r\n101,1,1,,7\r\n111,1,1,,1日1回朝食後,1\r\n201,1,1,1,2,620009461,%s,1,1,錠\r\n" % (
                head, p.name, pp.half(p.kana), p.sex, birth, "00" + p.insurer, pp.wide(p.symbol), pp.wide(p.number), p.branch, DRUGS[1])
            add("%02d-%s.%s" % (i, head, "csv" if head == "SJ1" else "txt"), rx.encode("cp932"), "prescription", "cp932", {"prescription_record": (1, 2), "person_name": (1, 2), "birth_date": 1, "insured_id": 1}, 1,
                ("medical_institution", "insurer_number", "drug", "sex", "person_kana"))
        xml = ('<?xml version="1.0" encoding="%s"?>\n<XmlMsg><MessageHeader><CharacterCodeIdentifier>%s</CharacterCodeIdentifier></MessageHeader><MessageBody><ResultList>%s</ResultList></MessageBody></XmlMsg>\n')
        item = lambda x: ('<ResultOfQualificationConfirmation><InsurerNumber>%s</InsurerNumber><InsuredCardSymbol>%s</InsuredCardSymbol><InsuredIdentificationNumber>%s</InsuredIdentificationNumber><InsuredBranchNumber>%s</InsuredBranchNumber>'
                          '<Name>%s</Name><NameKana>%s</NameKana><Sex1>%s</Sex1><Birthdate>%s</Birthdate><Address>%s</Address><PostNumber>%s</PostNumber></ResultOfQualificationConfirmation>') % (
            x.insurer, pp.wide(x.symbol), pp.wide(x.number), x.branch, x.name, pp.half(x.kana), x.sex, x.birth.strftime("%Y%m%d"), x.address, x.postal)
        for enc, label, code in (("utf-8", "UTF-8", "0"), ("cp932", "Shift_JIS", "1")):
            add("%02d-OQSsiquc01res-%s.xml" % (i, enc), (xml % (label, code, item(p) + item(q))).encode(enc), "qualification", enc, {"insured_id": 2, "person_name": 2, "person_kana": 2, "birth_date": 2, "address": 2, "postal_code": 2}, 2, ("sex", "insurer_number"))
        # 電子処方箋: a public payer, narcotics with the patient's address, tests; several in one file
        rx = "SJ1\r\n"
        for k, x in enumerate((p, q)[:1 + i % 2]):
            rx += ("1,1,1234567,10,みどり内科\r\n2,3710026,群馬県前橋市大手町1-1-1\r\n5,,,伊藤　誠\r\n11,,%s,%s\r\n12,%s\r\n13,%s\r\n21,1\r\n22,%s\r\n23,%s,%s,1,%s\r\n27,%s,%s\r\n51,20261001\r\n52,20261004\r\n60,第1号,%s,%s\r\n"
                   "81,1,残薬あり\r\n82,123456789012\r\n101,1,1,,7\r\n111,1,1,,1日1回朝食後,1\r\n201,1,1,1,2,620009461,%s,1,1,錠\r\n") % (
                x.name, pp.half(x.kana), x.sex, rng.choice((x.birth.strftime("%Y%m%d"), pp.era(x.birth)[1] + pp.gymd(x.birth)[1:])), "00" + x.insurer, pp.wide(x.symbol), pp.wide(x.number), x.branch, x.payer, x.recipient, x.address, x.phone, DRUGS[k])
        k = 1 + i % 2
        if k == 1:
            for enc in ("cp932", "utf-8"):
                add("%02d-electronic-%s.csv" % (i, enc), rx.encode(enc), "prescription", enc, {"prescription_record": (k, 2 * k), "person_name": (k, 2 * k), "person_kana": k, "birth_date": k, "insured_id": k, "public_expense_payer": k,
                    "public_expense_recipient": k, "address": k, "phone": k, "insurer_number": k}, k, ("medical_institution", "drug", "sex", "postal_code"))
        mml = ('<?xml version="1.0" encoding="UTF-8"?>\n<Mml version="4.0" xmlns="http://www.medxml.net/MML/v4/base/1.0" xmlns:mmlPi="http://www.medxml.net/MML/v4/module/PatientInfo/1.0" xmlns:mmlNm="http://www.medxml.net/MML/v4/common/Name/1.0" xmlns:mmlAd="http://www.medxml.net/MML/v4/common/Address/1.0" xmlns:mmlPh="http://www.medxml.net/MML/v4/common/Phone/1.0" xmlns:mmlCm="http://www.medxml.net/MML/v4/common/CommonComponent/1.0">'
               '<MmlHeader/><MmlBody><MmlModuleItem><content><mmlPi:PatientModule><mmlPi:uniqueInfo><mmlPi:masterId><mmlCm:Id>%s</mmlCm:Id></mmlPi:masterId></mmlPi:uniqueInfo><mmlPi:personName><mmlNm:Name mmlNm:repCode="I"><mmlNm:fullname>%s</mmlNm:fullname></mmlNm:Name><mmlNm:Name mmlNm:repCode="P"><mmlNm:fullname>%s</mmlNm:fullname></mmlNm:Name></mmlPi:personName>'
               '<mmlPi:birthday>%s</mmlPi:birthday><mmlPi:sex>male</mmlPi:sex><mmlPi:addresses><mmlAd:Address><mmlAd:full>%s</mmlAd:full><mmlAd:zip>%s</mmlAd:zip></mmlAd:Address></mmlPi:addresses></mmlPi:PatientModule></content></MmlModuleItem></MmlBody></Mml>\n') % (
            p.number, p.name, p.kana, p.birth.isoformat(), p.address, p.postal)
        add("%02d-mml.xml" % i, mml.encode(), "mml", "utf-8", {"person_name": 1, "birth_date": 1, "address": 1}, 1, ("sex", "person_kana", "postal_code", "claim_record", "health_check_record"))
        old = ('<?xml version="1.0" encoding="%s"?>\n<Mml version="2.3" xmlns:mmlPi="http://www.medxml.net/MML/SharedComponent/PatientInfo/1.0" xmlns:mmlNm="http://www.medxml.net/MML/SharedComponent/Name/1.0" xmlns:mmlHi="http://www.medxml.net/MML/ContentModule/HealthInsurance/1.1" xmlns:mmlRd="http://www.medxml.net/MML/ContentModule/RegisteredDiagnosis/1.0">'
               '<MmlHeader/><MmlBody><MmlModuleItem><docInfo contentModuleType="patientInfo"/><content><mmlPi:PatientModule><mmlPi:personName><mmlNm:Name mmlNm:repCode="I"><mmlNm:family>%s</mmlNm:family><mmlNm:given>%s</mmlNm:given></mmlNm:Name></mmlPi:personName>'
               '<mmlPi:birthday>%s</mmlPi:birthday><mmlPi:sex>female</mmlPi:sex></mmlPi:PatientModule></content></MmlModuleItem><MmlModuleItem><docInfo contentModuleType="registeredDiagnosis"/><content><mmlRd:RegisteredDiagnosisModule><mmlRd:diagnosis>%s</mmlRd:diagnosis></mmlRd:RegisteredDiagnosisModule></content></MmlModuleItem>'
               '<MmlModuleItem><content><mmlHi:HealthInsuranceModule><mmlHi:insuranceNumber>%s</mmlHi:insuranceNumber><mmlHi:clientId><mmlHi:group>%s</mmlHi:group><mmlHi:number>%s</mmlHi:number></mmlHi:clientId></mmlHi:HealthInsuranceModule></content></MmlModuleItem></MmlBody></Mml>\n')
        for enc, label in (("utf-8", "UTF-8"), ("cp932", "Shift_JIS"), ("euc_jp", "EUC-JP")):
            data = w.encode(old % (label, q.sei, q.mei, q.birth.isoformat(), DISEASES[i % len(DISEASES)], q.insurer, q.symbol, q.number), enc)
            if data:
                add("%02d-mml23-%s.xml" % (i, enc), data, "mml", enc, {"person_name": (1, 2), "birth_date": 1, "disease": 1, "insured_id": 1}, 1, ("sex", "insurer_number", "claim_record", "health_check_record"))
        for enc in ("iso2022_jp", "utf-8", "cp932"):
            hl7 = "MSH|^~\\&|HIS|110|LAB|110|20261001||ADT^A08|1|P|2.5||||||~ISO IR87||ISO 2022-1994\rPID|1||%s||%s^%s^^^^^L^I~%s^%s^^^^^L^P||%s|%s|||^^^^%s^JPN^H^%s||^PRN^PH^^^^^^^^^%s\rIN1|1|C0|%s||||||||||||||||||||||||||||||||%s\r" % (
                p.number, p.sei, p.mei, p.sei_kana, p.mei_kana, birth, "M" if p.sex == "1" else "F", p.postal, p.address, p.phone, p.insurer, p.number)
            add("%02d-hl7-%s.txt" % (i, enc), w.encode(hl7, enc), "hl7", enc, {"person_name": (1, 2), "birth_date": 1, "phone": 1}, 1, ("sex", "person_kana", "address", "postal_code", "insured_id", "insurer_number", "claim_record", "health_check_record"))
        dpc = dpc_files(rng, crowd)
        for name, text, truth, persons in dpc:
            add("%02d-%s" % (i, name), text.encode("cp932"), "dpc", "cp932", truth, persons, ("medical_institution", "drug", "procedure", "postal_code", "sex", "insurer_number"))
    return out


def dpc_files(rng, crowd):
    fac = "100123456"
    ps = ["%010d" % rng.randint(1, 10 ** 9) for _ in range(3)]
    ef = "".join("\t".join([fac, p, "20260920", "20260910", "21", "%04d" % j, "%03d" % k, "1", "620009461", "", "アムロジピン", "1", "1", "0", "0", "10", "", "0", "", "", "1", "20260911", "620009461", "1", "01", "", "", "", "", "", ""]) + "\r\n"
                 for p in ps for j in range(1, 3) for k in range(1, 3))
    births = [dt.date(1940 + rng.randint(0, 50), 5, rng.randint(1, 28)).strftime("%Y%m%d") for _ in ps]
    ff1 = "".join("\t".join([fac, p, "20260910", "0", "0", code, "20260401", "1"] + vals + [""] * (9 - len(vals))) + "\r\n"
                  for p, b in zip(ps, births) for code, vals in (("A000010", [b, "1", "3710026"]), ("A006010", ["糖尿病", "E119"]), ("A000020", ["20260910", "20260920"])))
    d = "".join("\t".join([fac, p, "20260920", "20260910", "93", "%04d" % j, "0", "%d1111111" % (k + 1), "", "DPC", "100", "0", "0", "100", "1", "", "20260911", "111111110", "1", "", "1", "", "", "", "", "", "", "", "010010xx99x00x", ""]) + "\r\n"
                for p in ps for j in range(1, 3) for k in range(2))
    four = "".join("\t".join([fac, p, "20260910", "20260920", "1"]) + "\r\n" for p in ps)
    named = "\t".join(["施設コード", "データ識別番号", "退院年月日", "入院年月日", "データ区分", "順序番号", "行為明細番号"] + ["項目%d" % k for k in range(8, 32)]) + "\r\n" + ef
    more = [("Dn.txt", d, {"claim_record": (3, 12)}, (0, 3)), ("FF4.txt", four, {"claim_record": 3}, (0, 3)), ("EFn-head.txt", named, {"claim_record": (3, 12)}, (0, 3))]
    return more + [("EFn.txt", ef, {"claim_record": (3, 12)}, (0, 3)), ("FF1.txt", ff1, {"claim_record": (3, 9), "birth_date": 3, "disease": (0, 3)}, (0, 3))]


def cases(rng, heads, crowd, n):
    return uke(rng, crowd, n) + free_text(rng, crowd, 3 * n) + care(rng, crowd, n) + checkups(rng, crowd, 2 * n) + checkup_tables(rng, crowd, n) + fhir(rng, crowd, 2 * n) + others(rng, crowd, 2 * n)
