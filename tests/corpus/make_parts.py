#!/usr/bin/env python3
"""Writes tests/corpus/{docx,xlsx,pptx}/parts.*: one document of each kind that holds a text of its own in every place where a package can
hold text. ooxml_parts_test.c lists the places.

Usage: make_parts.py [FOLDER]   (default: the folder of this script)
"""
import sys

import make_ooxml as m
from make_ooxml import A, NS, OD, SS, W, XML, compound, document, ole10, p, pack, r, rels, sheet, slide, sp, tc, tr, types, write

MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
MSO = "http://schemas.microsoft.com/office/"


def inline(ref, text):
    return '<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % (ref, text)


def small_book(text):
    return m.book([("S", sheet('<row r="1">%s</row>' % inline("A1", text)), None)])


def docx():
    part = lambda root, inner: XML + "<w:%s %s>%s</w:%s>" % (root, W, inner, root)
    box = lambda t: "<w:txbxContent>%s</w:txbxContent>" % p(t)
    either = lambda a, b: "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\">%s</mc:Choice><mc:Fallback>%s</mc:Fallback></mc:AlternateContent></w:r>" % (a, b)
    body = (p("runs-", r("split", "<w:b/>"), "-word") +
            p(either("<wps:txbx>%s</wps:txbx>" % box("only-in-choice"), "<w:pict><v:textbox>%s</v:textbox></w:pict>" % box("only-in-fallback"))) +
            p('<w:ins w:author="editor-one">%s</w:ins>' % r("inserted"), '<w:del w:author="editor-two">%s</w:del>' % r("deleted", tag="delText")) +
            p('<w:moveFrom w:author="editor-two">%s</w:moveFrom>' % r("moved-from"), '<w:moveTo w:author="editor-two">%s</w:moveTo>' % r("moved-to")) +
            p("<w:r><w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>was-hidden-before</w:t></w:r>") +
            p('<w:fldSimple w:instr=" HYPERLINK &quot;mailto:simple@example.jp&quot; ">%s</w:fldSimple>' % r("simple-field")) +
            p('<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:statusText w:val="status-of-field"/><w:helpText w:val="help-of-field"/><w:textInput><w:default w:val="default-of-field"/></w:textInput>'
              '<w:ddList><w:listEntry w:val="entry-of-field"/></w:ddList></w:ffData></w:fldChar></w:r>', r(" DDEAUTO excel http://example.jp/dde ", tag="instrText"), '<w:r><w:fldChar w:fldCharType="end"/></w:r>') +
            "<w:sdt><w:sdtPr><w:alias w:val=\"alias-of-control\"/><w:dropDownList><w:listItem w:displayText=\"shown-in-list\" w:value=\"x\"/><w:listItem w:value=\"value-in-list\"/></w:dropDownList></w:sdtPr>"
            "<w:sdtContent>%s</w:sdtContent></w:sdt>" % p("content-of-control") +
            p('<w:r><w:drawing><wp:inline><wp:docPr id="1" name="n" descr="description-of-picture" title="title-of-picture"/></wp:inline></w:drawing></w:r>') +
            "<w:tbl>" + tr(tc(p("cell-a"), props='<w:gridSpan w:val="2"/><w:tcPrChange><w:tcPr><w:gridSpan w:val="1"/></w:tcPr></w:tcPrChange>'), tc(p("cell-b"))) + "</w:tbl>" +
            p('<w:r><m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>formula-text</m:t></m:r></m:oMath></w:r>'))
    wm = "wordprocessingml."
    glossary = part("glossaryDocument", "<w:docParts><w:docPart><w:docPartBody>%s</w:docPartBody></w:docPart></w:docParts>" % p("building-block"))
    extra = [("word/header1.xml", part("hdr", p("header-default"))), ("word/header2.xml", part("hdr", p("header-first"))), ("word/footer1.xml", part("ftr", p("footer-text"))),
             ("word/footnotes.xml", part("footnotes", '<w:footnote w:id="1">%s</w:footnote>' % p("footnote-text"))), ("word/endnotes.xml", part("endnotes", '<w:endnote w:id="1">%s</w:endnote>' % p("endnote-text"))),
             ("word/comments.xml", part("comments", '<w:comment w:id="1" w:author="commenter">%s</w:comment>' % p("comment-text"))),
             ("word/people.xml", XML + '<w15:people xmlns:w15="%sword/2012/wordml"><w15:person w15:author="person-of-word"><w15:presenceInfo w15:providerId="AD" w15:userId="S::word@example.jp::x"/></w15:person></w15:people>' % MSO),
             ("word/glossary/document.xml", glossary), ("word/embeddings/book.xlsx", small_book("in-embedded-book")), ("word/media/image1.png", "a document under a false name\n" * 20),
             ("word/unknown.bin", bytes((i * 37 + i // 7) & 0xFF for i in range(5000))), ("customXml/item1.xml", '<d><x code="custom-attribute">custom-element</x></d>')]
    over = [("word/header1.xml", wm + "header+xml"), ("word/header2.xml", wm + "header+xml"), ("word/footer1.xml", wm + "footer+xml"), ("word/footnotes.xml", wm + "footnotes+xml"),
            ("word/endnotes.xml", wm + "endnotes+xml"), ("word/comments.xml", wm + "comments+xml"), ("word/glossary/document.xml", wm + "document.glossary+xml"),
            ("word/people.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.people+xml")]
    drels = [("rId1", "hyperlink", "mailto:link@example.jp", True), ("rId2", "attachedTemplate", "file:///Z:/template-share/x.dotx", True)]
    write("docx/parts.docx", document(body, extra, over, drels, props=True))
    photo = b"\x89PNG\r\n\x1a\n" + bytes((i * i * 7 + i // 3) & 0xFF for i in range(40000))
    write("docx/scan.docx", document(p("scan"), [("word/media/image1.png", photo)], [], [("rId1", "image", "media/image1.png")]))


def xlsx():
    s = lambda ref, i: '<c r="%s" t="s"><v>%d</v></c>' % (ref, i)
    strings = "<si><r><t>shared-</t></r><r><t>runs</t></r><rPh sb=\"0\" eb=\"1\"><t>shared-ruby</t></rPh></si><si><t>left-behind</t></si>"
    rows = ('<row r="1">' + s("A1", 0) + inline("B1", "inline-string") + '<c r="C1" t="str"><f>A1</f><v>cached-string</v></c><c r="D1"><f>1+1</f><v>20335</v></c></row>'
            '<row r="2" hidden="1">' + inline("A2", "in-hidden-row") + '</row><row r="3" ht="0">' + inline("A3", "in-flat-row") + "</row>"
            '<row r="4">' + inline("E4", "in-hidden-column") + "</row>")
    after = ('<scenarios><scenario name="scenario-name" comment="scenario-comment"><inputCells r="A1" val="scenario-value"/></scenario></scenarios>'
             '<dataValidations count="1"><dataValidation type="list" promptTitle="prompt-title" prompt="prompt-text" error="error-text" sqref="A1"><formula1>"list-one,list-two"</formula1></dataValidation></dataValidations>'
             '<hyperlinks><hyperlink ref="A1" r:id="rId9" tooltip="tooltip-text" display="x"/></hyperlinks>'
             '<headerFooter><oddHeader>&amp;Codd-header</oddHeader><oddFooter>odd-footer</oddFooter><evenHeader>even-header</evenHeader><firstFooter>first-footer</firstFooter></headerFooter>'
             '<drawing r:id="rId2"/><extLst><ext><x14:dataValidations xmlns:x14="%sspreadsheetml/2009/9/main"><x14:dataValidation type="list"><x14:formula1><xm:f xmlns:xm="%sexcel/2006/main">"list-x14"</xm:f>'
             "</x14:formula1></x14:dataValidation></x14:dataValidations></ext></extLst>" % (MSO, MSO))
    drawing = XML + ('<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" %s %s><xdr:twoCellAnchor><xdr:sp><xdr:nvSpPr><xdr:cNvPr id="1" name="n" descr="description-of-shape"/></xdr:nvSpPr>'
                     '<xdr:txBody><a:p><a:r><a:t>text-of-a-box-on-the-sheet</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>' % (A, MC))
    chart = XML + ('<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" %s><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>chart-title</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser>'
                   '<c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>chart-series</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>chart-category</c:v></c:pt></c:strCache></c:strRef></c:cat>'
                   '</c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>' % A)
    comments = XML + '<comments %s><authors><author>author-of-note</author></authors><commentList><comment ref="A1" authorId="0"><text><t>note-on-cell</t></text></comment></commentList></comments>' % NS
    threaded = XML + '<ThreadedComments xmlns="%sspreadsheetml/2018/threadedcomments"><threadedComment ref="B1" personId="{P}" id="{X}"><text>thread-on-cell</text></threadedComment></ThreadedComments>' % MSO
    persons = XML + '<personList xmlns="%sspreadsheetml/2018/threadedcomments"><person displayName="person-of-excel" id="{P}" userId="S::excel@example.jp::x" providerId="AD"/></personList>' % MSO
    pivot = XML + '<pivotCacheDefinition %s r:id="rId1"><cacheFields><cacheField name="pivot-field"><sharedItems><s v="pivot-item"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>' % NS
    records = XML + '<pivotCacheRecords %s><r><x v="0"/></r><r><s v="pivot-record"/></r></pivotCacheRecords>' % NS
    link = XML + '<externalLink %s><externalBook r:id="rId1"><sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1" t="str"><v>cell-of-other-book</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>' % NS
    extra = [("xl/comments1.xml", comments), ("xl/threadedComments/threadedComment1.xml", threaded), ("xl/persons/person.xml", persons), ("xl/drawings/drawing1.xml", drawing), ("xl/charts/chart1.xml", chart),
             ("xl/drawings/_rels/drawing1.xml.rels", rels([("rId1", "chart", "../charts/chart1.xml")])), ("xl/pivotCache/pivotCacheDefinition1.xml", pivot), ("xl/pivotCache/pivotCacheRecords1.xml", records),
             ("xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels", rels([("rId1", "pivotCacheRecords", "pivotCacheRecords1.xml")])), ("xl/externalLinks/externalLink1.xml", link),
             ("xl/externalLinks/_rels/externalLink1.xml.rels", rels([("rId1", "externalLinkPath", "file:///Z:/other-share/other.xlsx", True)])),
             ("xl/connections.xml", XML + '<connections %s><connection id="1" name="c"><dbPr connection="Server=db-server;Pwd=connection-string" command="SELECT command-text"/></connection></connections>' % NS),
             ("xl/embeddings/oleObject1.bin", compound({"\x01Ole10Native": ole10("packed.txt", b"in-packed-file\r\n")})),
             ("xl/richData/rdrichvalue.xml", XML + '<rvData xmlns="%sspreadsheetml/2017/richdata" count="1"><rv s="0"><v>rich-value</v></rv></rvData>' % MSO),
             ("customXml/item1.xml", '<d code="custom-attribute">custom-element</d>')]
    over = [("xl/comments1.xml", SS + "comments+xml"), ("xl/threadedComments/threadedComment1.xml", "application/vnd.ms-excel.threadedcomments+xml"), ("xl/persons/person.xml", "application/vnd.ms-excel.person+xml"),
            ("xl/drawings/drawing1.xml", "drawing+xml"), ("xl/charts/chart1.xml", "drawingml.chart+xml"), ("xl/pivotCache/pivotCacheDefinition1.xml", SS + "pivotCacheDefinition+xml"),
            ("xl/pivotCache/pivotCacheRecords1.xml", SS + "pivotCacheRecords+xml"), ("xl/externalLinks/externalLink1.xml", SS + "externalLink+xml"), ("xl/connections.xml", SS + "connections+xml"),
            ("xl/richData/rdrichvalue.xml", "application/vnd.ms-excel.rdrichvalue+xml")]
    srels = {1: [("rId1", "comments", "../comments1.xml"), ("rId2", "drawing", "../drawings/drawing1.xml"), ("rId3", MSO.replace("office/", "office/2017/10/relationships/threadedComment"), "../threadedComments/threadedComment1.xml"),
                 ("rId9", "hyperlink", "mailto:link@example.jp", True)]}
    names = '<definedNames><definedName name="defined-name">"defined-value"</definedName></definedNames>'
    write("xlsx/parts.xlsx", m.book([("Sheet-shown", sheet(rows, '<cols><col min="5" max="5" hidden="1"/></cols>', after), None), ("Sheet-hidden", sheet('<row r="1">%s</row>' % inline("A1", "in-hidden-sheet")), "hidden"),
                                     ("Sheet-very", sheet('<row r="1">%s</row>' % inline("A1", "in-very-hidden-sheet")), "veryHidden")], strings=strings, styles=m.STYLES, extra=extra, extra_types=over, wb=names,
                                    wb_rels=[("rId301", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"), ("rId302", "externalLink", "externalLinks/externalLink1.xml")], strings_last=True, sheet_rels=srels, props=True))


def pptx():
    pm = "presentationml."
    picture = '<p:pic><p:nvPicPr><p:cNvPr id="3" name="n" descr="description-of-picture" title="title-of-picture"><a:hlinkClick r:id="rId5" tooltip="tooltip-text"/></p:cNvPr></p:nvPicPr></p:pic>'
    either = '<mc:AlternateContent %s><mc:Choice Requires="x">%s</mc:Choice><mc:Fallback>%s</mc:Fallback></mc:AlternateContent>' % (MC, sp("only-in-choice"), sp("only-in-fallback"))
    first = sp("slide-title", "title") + sp("slide-body-text", "body") + picture + either + sp("off-slide", x=20000000) + sp("hidden-shape", hidden=True) + sp("slide-footer", "ftr")
    old = XML + '<p:cmLst %s><p:cm authorId="0"><p:pos x="1" y="1"/><p:text>old-comment</p:text></p:cm></p:cmLst>' % A
    new = XML + '<p188:cmLst xmlns:p188="%spowerpoint/2018/8/main" %s><p188:cm authorId="{A}"><p188:txBody><a:p><a:r><a:t>new-comment</a:t></a:r></a:p></p188:txBody></p188:cm></p188:cmLst>' % (MSO, A)
    smart = XML + ('<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>in-smart-art</a:t></a:r></a:p>'
                   "</dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>")
    movie = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 4
    parts = [("ppt/presentation.xml", XML + '<p:presentation %s><p:sldIdLst><p:sldId id="256" r:id="rId11"/><p:sldId id="257" r:id="rId12"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/></p:presentation>' % A),
             ("ppt/_rels/presentation.xml.rels", rels([("rId11", "slide", "slides/slide1.xml"), ("rId12", "slide", "slides/slide2.xml"), ("rId1", "slideMaster", "slideMasters/slideMaster1.xml")])),
             ("ppt/slides/slide1.xml", slide("sld", first)), ("ppt/slides/slide2.xml", slide("sld", sp("on-hidden-slide", "body"), ' show="0"')), ("ppt/slides/slide3.xml", slide("sld", sp("on-lost-slide", "body"))),
             ("ppt/slides/_rels/slide1.xml.rels", rels([("rId1", "notesSlide", "../notesSlides/notesSlide1.xml"), ("rId2", "comments", "../comments/comment1.xml"), ("rId3", "http://schemas.microsoft.com/office/2018/10/relationships/comments", "../comments/modernComment_1.xml"),
                                                        ("rId4", "diagramData", "../diagrams/data1.xml"), ("rId5", "hyperlink", "https://example.jp/link-target", True)])),
             ("ppt/notesSlides/notesSlide1.xml", slide("notes", sp("speaker-notes", "body"))), ("ppt/comments/comment1.xml", old), ("ppt/comments/modernComment_1.xml", new), ("ppt/diagrams/data1.xml", smart),
             ("ppt/commentAuthors.xml", XML + '<p:cmAuthorLst %s><p:cmAuthor id="0" name="old-author" initials="x"/></p:cmAuthorLst>' % A),
             ("ppt/authors.xml", XML + '<p188:authorLst xmlns:p188="%spowerpoint/2018/8/main"><p188:author id="{A}" name="new-author" userId="S::ppt@example.jp::x"/></p188:authorLst>' % MSO),
             ("ppt/slideMasters/slideMaster1.xml", slide("sldMaster", sp("prompt-of-title", "title") + sp("text-on-every-slide"))), ("ppt/media/media1.mp4", movie), ("ppt/embeddings/book.xlsx", small_book("in-embedded-book"))]
    over = [("ppt/presentation.xml", pm + "presentation.main+xml"), ("ppt/notesSlides/notesSlide1.xml", pm + "notesSlide+xml"), ("ppt/comments/comment1.xml", pm + "comments+xml"),
            ("ppt/comments/modernComment_1.xml", "application/vnd.ms-powerpoint.comments+xml"), ("ppt/authors.xml", "application/vnd.ms-powerpoint.authors+xml"), ("ppt/commentAuthors.xml", pm + "commentAuthors+xml"),
            ("ppt/slideMasters/slideMaster1.xml", pm + "slideMaster+xml"), ("ppt/diagrams/data1.xml", "drawingml.diagramData+xml")]
    over += [("ppt/slides/slide%d.xml" % i, pm + "slide+xml") for i in (1, 2, 3)]
    write("pptx/parts.pptx", pack([("[Content_Types].xml", types(over, [("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")])), ("_rels/.rels", rels([("rId1", "officeDocument", "ppt/presentation.xml")]))] + parts))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        m.OUT = sys.argv[1]
    docx()
    xlsx()
    pptx()
