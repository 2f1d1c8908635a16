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
