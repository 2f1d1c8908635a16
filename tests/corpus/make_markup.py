#!/usr/bin/env python3
"""Writes the seeds of tests/corpus/{html,xml,rtf,json_data,hl7}. Standard library only, output is deterministic.

Usage: make_markup.py [FOLDER]   (default: the folder of this script). All values are invented."""
import os
import sys

OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))


def write(name, data):
    path = os.path.join(OUT, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data.encode("utf-8") if isinstance(data, str) else data)


# ---------------------------------------------------------------- html
PAGE = """<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=%s"><title>題名 &amp; 副題</title>
<meta name="author" content="作成者甲"><style>p { color: red } /* 様式 */</style>
<script>var a = 1;
var s = "脚本の値";</script></head>
<body><!-- 消した<b>行</b> -->
<p>一行目の
文<br>二行目&#65;&#x3042;&nbsp;終&lt;&unknown;
<p style="display: none">隠した<p>段落</p>
<div hidden>隠した枠<div>内側</div></div>
<ruby>山田<rt>やまだ</rt></ruby>さん
<table><tr><td>配置<table border=1>
<tr><th rowspan=2>区<th colspan="2">横
<tr><td>甲<td>乙
</table></td></tr></table>
<form><input type="text" value="入力値"><input type=hidden name=x value="隠し値"><textarea>欄の<文</textarea></form>
<img src="a.png" alt="代替文"><a href="mailto:a@example.jp?subject=x">宛先</a>
1 < 2 && 3 > 2
</body></html>
"""
write("html/cp932.html", (PAGE % "Shift_JIS").encode("cp932"))
write("html/euc.htm", (PAGE % "x-euc-jp").encode("euc_jp"))
write("html/utf16.html", b"\xff\xfe" + (PAGE % "unicode").encode("utf-16-le"))
write("html/liar.html", (PAGE % "UTF-8").encode("cp932"))
write("html/broken.html", "<html><!-- 閉じない <p>文一 <a href=\"x>文二</a> <table><tr><td>升<td 途中")

# ---------------------------------------------------------------- xml
CDA = """<?xml version="1.0" encoding="%s"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:hl7-org:v3 ../XSD/hc08_V08.xsd">
<code code="10" codeSystem="1.2.392.200119.6.1001"/>
<recordTarget><patientRole><id extension="00100016" root="1.2.392.200119.6.101"/><id extension="記１" root="1.2.392.200119.6.204"/>
<id extension="１２３" root="1.2.392.200119.6.205"/><id extension="01" root="1.2.392.200119.6.211"/>
<addr>架空県架空市１－２<postalCode>999-9999</postalCode></addr><telecom value="tel:0000000000"/>
<patient><name>カクウタロウ</name><administrativeGenderCode code="1"/><birthTime value="19800102"/></patient></patientRole></recordTarget>
<author><assignedAuthor><assignedPerson><name>医師甲</name></assignedPerson></assignedAuthor></author>
<component><section><text>所見あり</text><entry><observation><code code="9N001000000000001" displayName="身長"/><value value="162.3" unit="cm"/></observation></entry></section></component>
%s"""
write("xml/checkup.xml", b"\xef\xbb\xbf" + (CDA % ("UTF-8", "</ClinicalDocument>")).encode("utf-8"))
write("xml/checkup-sjis.xml", (CDA % ("Shift_JIS", "</ClinicalDocument>")).encode("cp932"))
write("xml/checkup-cut.xml", CDA % ("UTF-8", "<extra"))
QUALIFICATION = "".join("<ResultOfQualificationConfirmation><InsurerNumber>%s</InsurerNumber><InsuredCardSymbol>%s</InsuredCardSymbol><InsuredIdentificationNumber>%s</InsuredIdentificationNumber>"
                        "<Name>%s</Name><NameKana>%s</NameKana><Birthdate>%s</Birthdate></ResultOfQualificationConfirmation>" % t for t in (
                            ("100016", "記", "１２", "架空　太郎", "ｶｸｳ ﾀﾛｳ", "19800102"), ("39100001", "", "00000001", "架空　花子", "カクウ　ハナコ", "19400102")))
write("xml/qualification.xml", '<XmlMsg><MessageBody><ResultList>%s</ResultList></MessageBody></XmlMsg>\n' % QUALIFICATION)
MML_NS = "http://www.medxml.net/MML"
write("xml/chart.mml", """<?xml version="1.0" encoding="EUC-JP"?><Mml version="2.3" xmlns:mmlPi="%s/ContentModule/PatientInfo/1.0" xmlns="%s"><MmlBody><MmlModuleItem>
<docInfo><mmlCi:CreatorInfo><mmlPsi:PersonalizedInfo><mmlNm:fullname>医師乙</mmlNm:fullname></mmlPsi:PersonalizedInfo></mmlCi:CreatorInfo></docInfo>
<content><mmlPi:PatientModule><mmlNm:Name mmlNm:repCode="I"><mmlNm:family>架空</mmlNm:family><mmlNm:given>次郎</mmlNm:given></mmlNm:Name><mmlPi:birthday>1990-01-02</mmlPi:birthday><mmlPi:sex>male</mmlPi:sex></mmlPi:PatientModule>
<mmlHi:HealthInsuranceModule><mmlHi:insuranceNumber>100016</mmlHi:insuranceNumber><mmlHi:clientId><mmlHi:group>記</mmlHi:group><mmlHi:number>45</mmlHi:number></mmlHi:clientId></mmlHi:HealthInsuranceModule>
<mmlRd:RegisteredDiagnosisModule><mmlRd:diagnosis>高血圧症</mmlRd:diagnosis></mmlRd:RegisteredDiagnosisModule></content></MmlModuleItem></MmlBody></Mml>""".encode("utf-8").decode("utf-8").replace("%s", MML_NS).encode("euc_jp"))
write("xml/rows.xml", """<名簿 作成="総務課"><行><氏名>架空一郎</氏名><備考>前<b>太字</b>後 &amp; <![CDATA[<生>]]></備考></行>
<行><氏名>架空二郎</行>
<!-- 注釈 --></名簿>
""")
write("xml/schema.xsd", '<?xml version="1.0"?><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="氏名" type="xs:string"><xs:documentation>説明文</xs:documentation></xs:element></xs:schema>')
write("xml/bomb.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "字"><!ENTITY b "&a;&a;&a;">]><a>&b;&b;</a>')

# ---------------------------------------------------------------- rtf
def quoted(text):
    return "".join(chr(b) if 0x20 <= b < 0x7F and chr(b) not in "\\{}" else "\\'%02x" % b for b in text.encode("cp932"))


def hexed(data):
    s = data.hex()
    return "\n".join(s[i:i + 64] for i in range(0, len(s), 64))


def ole1(cls, data):
    import struct
    return struct.pack("<III", 0x501, 2, len(cls) + 1) + cls + b"\0" + struct.pack("<II", 0, 0) + struct.pack("<I", len(data)) + data


def packed(name, data):
    import struct
    return struct.pack("<H", 2) + name + b"\0" + b"C:\\" + name + b"\0" + b"\0\0\x03\0" + struct.pack("<I", 4) + b"tmp\0" + struct.pack("<I", len(data)) + data


RTF = ("{\\rtf1\\ansi\\ansicpg932\\deff0{\\fonttbl{\\f0\\fcharset128 " + quoted("ＭＳ 明朝") + ";}{\\f1\\fcharset0 Arial;}}{\\colortbl;\\red0;}\n"
       "{\\info{\\title " + quoted("題名です") + "}{\\author " + quoted("作成者甲") + "}}{\\*\\generator Msftedit;}\n"
       "{\\header\\pard " + quoted("取扱注意") + "\\par}{\\footer " + quoted("部外秘の頁") + "}\n"
       "\\pard " + quoted("一行目の表示") + "{\\v " + quoted("隠し字") + "}" + quoted("続き") + "\\par\n"
       "\\uc2 \\u23665\\'8e\\'52\\u30000\\'93\\'63{\\deleted " + quoted("消した字") + "}\\uc1\\u-10179 ?\\u-8384 ?{\\footnote " + quoted("脚注の文") + "}{\\*\\annotation\\pard " + quoted("注釈の文") + "}\\par\n"
       "\\trowd\\clvmgf\\cellx100\\cellx200\\pard\\intbl " + quoted("区") + "\\cell " + quoted("甲") + "\\par " + quoted("乙") + "\\cell\\row\n"
       "\\trowd\\clvmrg\\cellx100\\cellx200\\pard\\intbl\\cell " + quoted("丙") + "\\cell\\row\n"
       "\\pard " + quoted("表の後") + "{\\field{\\*\\fldinst HYPERLINK \"mailto:a@example.jp\"}{\\fldrslt " + quoted("宛先") + "}}\\par\n"
       "{\\pict\\pngblip 89504e47}{\\shp{\\*\\shpinst{\\sp{\\sn x}{\\sv 1}}{\\shptxt " + quoted("秘") + "\\par}}}{\\object{\\*\\objdata " + hexed(ole1(b"Package", packed("名簿.csv".encode("cp932"), "氏名,番号\r\n甲,1\r\n乙,2\r\n".encode("cp932")))) + "}}\n"
       "{\\f1 caf\\'e9}\\{\\}\\par}")
write("rtf/full.rtf", RTF)
write("rtf/cut.rtf", RTF[:RTF.index("\\clvmrg")])

# ---------------------------------------------------------------- json (folder json belongs to the writer of JSON)
import base64
import json

PATIENT = {"resourceType": "Patient", "id": "p1", "text": {"div": "<div>架空　太郎</div>"},
           "name": [{"extension": [{"valueCode": "IDE"}], "family": "架空", "given": ["太郎"]}, {"text": "カクウ　タロウ"}],
           "identifier": [{"system": "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID", "value": "00100016:記:１８７:05"}],
           "gender": "male", "birthDate": "1980-01-02", "telecom": [{"system": "phone", "value": "000-0000-0000"}],
           "address": [{"state": "架空県", "city": "架空市", "line": ["１－２"], "postalCode": "999-9999"}]}
BUNDLE = {"resourceType": "Bundle", "type": "document", "entry": [
    {"fullUrl": "urn:uuid:1", "resource": PATIENT},
    {"fullUrl": "urn:uuid:2", "resource": {"resourceType": "Patient", "id": "p2", "name": [{"text": "架空　花子"}], "birthDate": "1990-01-02"}},
    {"resource": {"resourceType": "Coverage", "beneficiary": {"reference": "Patient/p2"}, "extension": [
        {"url": "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Coverage_InsuredPersonSymbol", "valueString": "号"},
        {"url": "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Coverage_InsuredPersonNumber", "valueString": "９"}]}},
    {"resource": {"resourceType": "Condition", "subject": {"reference": "urn:uuid:1"}, "code": {"coding": [{"display": "高血圧症"}]}}},
    {"resource": {"resourceType": "MedicationRequest", "subject": {"reference": "Patient/p2"}, "medicationCodeableConcept": {"text": "架空錠１０ｍｇ"}}},
    {"resource": {"resourceType": "Observation", "subject": {"reference": "Patient/p2"}, "code": {"text": "身長"}, "valueQuantity": {"value": 162.3, "unit": "cm"}}},
    {"resource": {"resourceType": "DocumentReference", "content": [{"attachment": {"contentType": "text/csv", "title": "紹介.csv",
        "data": base64.b64encode("氏名,番号\r\n甲,1\r\n乙,2\r\n".encode("cp932")).decode()}}]}},
    {"resource": {"resourceType": "Practitioner", "name": [{"text": "医師甲"}]}}]}
write("json_data/bundle.json", json.dumps(BUNDLE, ensure_ascii=False))
write("json_data/patients.ndjson", json.dumps(PATIENT) + "\n" + json.dumps({"resourceType": "Patient", "id": "x", "name": [{"text": "架空　三郎"}]}) + "\n")
write("json_data/list.json", json.dumps({"件名": "名簿\u3000控", "一覧": [{"氏名": "架空一郎", "年": 40, "空": None, "連絡": {"電話": "000"}}, {"年": 41, "氏名": "架空\U00020BB7二郎", "備考": "行\n替"}],
                                         "値": ["甲", "乙"], "表": [["x", "y"], ["z"]]}, ensure_ascii=True).encode("ascii"))
write("json_data/sjis.json", json.dumps({"氏名": "架空一郎", "住所": "架空市"}, ensure_ascii=False).encode("cp932"))
write("json_data/cut.json", '{"氏名": "架空一郎", "住所": "架空市')
write("json_data/deep.json", '{"a":' + "[" * 5000 + '"底"' + "]" * 5000 + "}")

# ---------------------------------------------------------------- hl7
def message(number, family, given, kana, symbol):
    return "\r".join(["MSH|^~\\&|HIS|HOSP|LIS|LAB|20261001||ORU^R01|%s|P|2.5||||||~ISO IR87||ISO 2022-1994" % number,
                      "PID|||%s||%s^%s^^^^^L^I~%s^^^^^L^P||19800102|M|||１番２号^^架空市^架空県^999-9999^JPN||000-0000-0000" % (number, family, given, kana),
                      "IN1|1|67^国民健康保険^JHSD0001|00100016|||||||%s" % symbol + "|" * 26 + "１２３",
                      "DG1|1||I10^高血圧症^ICD10", "OBX|1|NM|3D046^HbA1c^JC10||6.1|%|4.6-6.2", "OBX|2|ST|X^所見^L||正常\\T\\異常なし", "NTE|1||所見の文", ""])


MESSAGES = message("1", "架空", "太郎", "カクウ^タロウ^", "記") + message("2", "架空", "花子", "カクウ^ハナコ^", "号")
write("hl7/jis.hl7", MESSAGES.encode("iso2022_jp"))
write("hl7/utf8.hl7", "\x0b" + MESSAGES.replace("\r", "\r\n") + "\x1c\r")
