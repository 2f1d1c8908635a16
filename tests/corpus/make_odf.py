#!/usr/bin/env python3
"""Writes the OpenDocument seeds of tests/corpus/odf. Standard library only, output is deterministic.

Usage: make_odf.py [FOLDER]   (default: the folder of this script). All values are invented."""
import base64
import io
import os
import sys
import zipfile

OUT = os.path.join(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__)), "odf")
STAMP = (2026, 10, 1, 9, 0, 0)
O = "urn:oasis:names:tc:opendocument:xmlns:"
NS = " ".join('xmlns:%s="%s%s:1.0"' % (p, O, n) for p, n in (
    ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style"), ("presentation", "presentation"),
    ("meta", "meta"), ("svg", "svg-compatible"), ("fo", "xsl-fo-compatible"), ("form", "form"))) + \
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
META = '<office:meta><dc:title>題名です</dc:title><meta:initial-creator>作成者甲</meta:initial-creator><meta:user-defined meta:name="担当課">総務課</meta:user-defined></office:meta>'


def write(name, data):
    os.makedirs(OUT, exist_ok=True)
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data.encode("utf-8") if isinstance(data, str) else data)


def stream(root, inner):
    return HEAD + '<office:document-%s %s office:version="1.3">%s</office:document-%s>' % (root, NS, inner, root)


def pack(kind, members, encrypted=None, marked=True):
    mime = "application/vnd.oasis.opendocument." + kind
    entries = '<manifest:file-entry manifest:full-path="/" manifest:media-type="%s"/>' % mime
    if encrypted:
        entries += ('<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml" manifest:size="100"><manifest:encryption-data '
                    'manifest:checksum-type="SHA1/1K" manifest:checksum="AAAA"><manifest:algorithm manifest:algorithm-name="%s" manifest:initialisation-vector="AAAA"/>'
                    '</manifest:encryption-data></manifest:file-entry>' % encrypted)
    manifest = HEAD + '<manifest:manifest xmlns:manifest="%smanifest:1.0">%s</manifest:manifest>' % (O, entries)
    buf = io.BytesIO()
    with zipfile.ZipFile(buf, "w") as z:
        head = [("mimetype", mime)] if marked else []
        for name, data in head + members + [("META-INF/manifest.xml", manifest)]:
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            z.writestr(info, data.encode("utf-8") if isinstance(data, str) else data)
    return buf.getvalue()


# ---------------------------------------------------------------- text
STYLES = ('<office:automatic-styles><style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>'
          '<style:style style:name="T2" style:family="text"><style:text-properties fo:color="#FFFFFF"/></style:style>'
          '<style:style style:name="T3" style:family="text"><style:text-properties fo:color="#ffffff" fo:background-color="#000000"/></style:style>'
          '</office:automatic-styles>')
TEXT = (STYLES + '<office:body><office:text>'
        '<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>査読者</dc:creator></office:change-info>'
        '<text:p>消した段落</text:p></text:deletion></text:changed-region></text:tracked-changes>'
        '<text:h>見出し</text:h>\n'
        '<text:p>氏<text:span>名</text:span>\n   <text:s text:c="2"/>甲<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>脚注の文</text:p></text:note-body></text:note>'
        'と<office:annotation><dc:creator>査読者</dc:creator><text:p>注釈の文</text:p></office:annotation>乙</text:p>'
        '<text:p><text:ruby><text:ruby-base>山田</text:ruby-base><text:ruby-text>やまだ</text:ruby-text></text:ruby>さん</text:p>'
        '<text:p>前<text:span text:style-name="T1">見えない字</text:span>後</text:p>'
        '<text:p>白<text:span text:style-name="T2">白い字</text:span><text:span text:style-name="T3">黒地の白字</text:span></text:p>'
        '<text:section text:display="none"><text:p>隠した節</text:p></text:section>'
        '<text:p><text:a xlink:href="mailto:a@example.jp">宛先</text:a><draw:frame svg:width="2cm"><draw:text-box><text:p>秘</text:p></draw:text-box></draw:frame>本文</text:p>'
        '<table:table table:name="表"><table:table-column table:number-columns-repeated="2"/>'
        '<table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>区</text:p></table:table-cell><table:table-cell><text:p>一行</text:p><text:p>二行</text:p></table:table-cell></table:table-row>'
        '<table:table-row><table:covered-table-cell/><table:table-cell><table:table><table:table-row><table:table-cell><text:p>中</text:p></table:table-cell>'
        '<table:table-cell><text:p>表</text:p></table:table-cell></table:table-row></table:table></table:table-cell></table:table-row></table:table>'
        '<text:p>末尾</text:p></office:text></office:body>')
PAGE = ('<office:master-styles><style:master-page style:name="S"><style:header><text:p>取扱注意</text:p></style:header>'
        '<style:footer><text:p>- <text:page-number>1</text:page-number> 頁 -</text:p></style:footer></style:master-page></office:master-styles>')
OBJECT = stream("content", '<office:body><office:spreadsheet><table:table table:name="元"><table:table-row><table:table-cell office:value-type="string">'
                '<text:p>元データ</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>')
write("full.odt", pack("text", [("content.xml", stream("content", TEXT)), ("styles.xml", stream("styles", PAGE)), ("meta.xml", stream("meta", META)),
                                ("Object 1/content.xml", OBJECT), ("Object 2", "氏名,番号\r\n甲,1\r\n乙,2\r\n"), ("settings.xml", "<settings>読まない</settings>")]))
write("repacked.odt", pack("text", [("content.xml", stream("content", TEXT))], marked=False))
write("cut.odt", pack("text", [("content.xml", stream("content", TEXT)[:-200])]))
write("aes.odt", pack("text", [("content.xml", b"\x5a" * 64)], "http://www.w3.org/2001/04/xmlenc#aes256-cbc"))
write("blowfish.ods", pack("spreadsheet", [("content.xml", b"\x5a" * 64)], "Blowfish CFB"))


# ---------------------------------------------------------------- sheets
def cell(text="", value="", more=""):
    return '<table:table-cell%s%s>%s</table:table-cell>' % (value and " " + value, more and " " + more, "<text:p>%s</text:p>" % text if text else "")


def row(cells, more=""):
    return "<table:table-row%s>%s</table:table-row>" % (more and " " + more, "".join(cells))


SHEETS = ('<office:automatic-styles><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>'
          '<office:body><office:spreadsheet><table:content-validations><table:content-validation table:condition="of:cell-content-is-in-list(&quot;甲&quot;;&quot;乙&quot;)"/></table:content-validations>'
          '<table:table table:name="一覧"><table:table-column/><table:table-column/><table:table-column table:visibility="collapse"/><table:table-column table:number-columns-repeated="1021"/>'
          + row([cell("氏名"), cell("生年月日", 'office:value-type="date" office:date-value="1980-01-02"'), cell("隠し列"), cell("", 'office:value-type="float" office:value="12.5"')])
          + row([cell()], 'table:number-rows-repeated="3"')
          + row([cell("", "", 'table:number-columns-repeated="2"'), cell("", "", 'table:number-columns-repeated="2"'), cell("同", "", 'table:number-columns-repeated="2"')], 'table:number-rows-repeated="2"')
          + row([cell("隠し行")], 'table:visibility="filter"')
          + '<table:table-row-group table:display="false">' + row([cell("畳んだ行")]) + "</table:table-row-group>"
          + row([cell("縦", "", 'table:number-rows-spanned="2"'), cell("1.2E+12", 'office:value-type="float" office:value="1234567890123"')])
          + row(["<table:covered-table-cell/>", '<table:table-cell office:value-type="string"><office:annotation><text:p>セルの注釈</text:p></office:annotation><text:p>値</text:p></table:table-cell>'])
          + row([cell()], 'table:number-rows-repeated="1048500"')
          + '</table:table><table:table table:name="裏" table:style-name="ta2">' + row([cell("隠しシート")]) + "</table:table></office:spreadsheet></office:body>")
write("full.ods", pack("spreadsheet", [("content.xml", stream("content", SHEETS))]))
write("bomb.ods", pack("spreadsheet", [("content.xml", stream("content", '<office:body><office:spreadsheet><table:table table:name="大">'
      + row([cell("満", "", 'table:number-columns-repeated="16384"')], 'table:number-rows-repeated="1048576"') + "</table:table></office:spreadsheet></office:body>"))]))
write("flat.fods", HEAD + '<office:document %s office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">%s%s%s</office:document>' % (
    NS, META, '<office:scripts><office:script>Sub Main</office:script></office:scripts>', SHEETS))

# ---------------------------------------------------------------- slides
SLIDES = ('<office:automatic-styles><style:style style:name="dp2" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style></office:automatic-styles>'
          '<office:body><office:presentation><presentation:footer-decl presentation:name="f">部外秘</presentation:footer-decl>'
          '<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>表題</text:p></draw:text-box></draw:frame>'
          '<draw:frame presentation:class="outline"><draw:text-box><text:p>本文一行目</text:p><text:p>本文二行目</text:p></draw:text-box></draw:frame>'
          '<draw:custom-shape svg:width="3cm" svg:height="1cm"><text:p>機密</text:p></draw:custom-shape>'
          '<draw:frame><table:table>' + row([cell("列甲"), cell("列乙")]) + '</table:table></draw:frame>'
          '<draw:frame><draw:object-ole><office:binary-data>%s</office:binary-data></draw:object-ole></draw:frame>'
          '<presentation:notes><draw:frame><draw:text-box><text:p>発表者だけが見る文</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>'
          '<draw:page draw:style-name="dp2"><draw:frame><draw:text-box><text:p>隠しスライドの文です</text:p></draw:text-box></draw:frame></draw:page></office:presentation></office:body>'
          % base64.b64encode("氏名,番号\r\n丙,3\r\n丁,4\r\n".encode("cp932")).decode())
MASTER = ('<office:master-styles><style:master-page><draw:frame presentation:class="title" presentation:placeholder="true"><draw:text-box><text:p>タイトルを入力</text:p></draw:text-box></draw:frame>'
          '<draw:frame svg:width="20cm"><draw:text-box><text:p>全頁に出る組織の名前</text:p></draw:text-box></draw:frame></style:master-page></office:master-styles>')
write("full.odp", pack("presentation", [("content.xml", stream("content", SLIDES)), ("styles.xml", stream("styles", MASTER))]))
