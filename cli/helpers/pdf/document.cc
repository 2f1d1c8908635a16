#include "document.h"
#include "layout.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <memory>
#include <set>

#include <poppler/Annot.h>
#include <poppler/Catalog.h>
#include <poppler/ErrorCodes.h>
#include <poppler/FileSpec.h>
#include <poppler/Form.h>
#include <poppler/OptionalContent.h>
#include <poppler/Outline.h>
#include <poppler/PDFDoc.h>
#include <poppler/Page.h>
#include <poppler/Stream.h>
#include <poppler/XRef.h>

namespace {
constexpr size_t kAttachment = 256 << 20, kAttachments = 10000, kText = 16 << 20;
constexpr int kFieldDepth = 32;
constexpr size_t kOutline = 20000;

/* ---------------------------------------------------------------- encryption */

/* ISO 32000-2 tables 20 and 25: /V, /Length, and the crypt filter that streams use. */
std::string methodOf(const Object &encrypt)
{
    Object v = encrypt.dictLookup("V"), length = encrypt.dictLookup("Length");
    int version = v.isInt() ? v.getInt() : 0, bits = length.isInt() ? length.getInt() : 40;
    if (version == 1)
        return "pdf-rc4-40";
    if (version == 2 || version == 3)
        return bits > 40 ? "pdf-rc4-128" : "pdf-rc4-40";
    if (version != 4 && version != 5)
        return "pdf-unknown";
    Object filters = encrypt.dictLookup("CF"), name = encrypt.dictLookup("StmF");
    Object filter = filters.isDict() && name.isName() ? filters.dictLookup(name.getName()) : Object(objNull);
    Object method = filter.isDict() ? filter.dictLookup("CFM") : Object(objNull);
    if (method.isName("AESV3"))
        return "pdf-aes256";
    if (method.isName("AESV2"))
        return "pdf-aes128";
    if (method.isName("V2"))
        return "pdf-rc4-128";
    return version == 5 ? "pdf-aes256" : "pdf-unknown";
}

void tellEncryption(PDFDoc &doc, Records &out)
{
    XRef *xref = doc.getXRef();
    Object encrypt = xref && xref->getTrailerDict() && xref->getTrailerDict()->isDict() ? xref->getTrailerDict()->dictLookup("Encrypt") : Object(objNull);
    if (!encrypt.isDict()) {
        out.encrypted("pdf-unknown");
        return;
    }
    Object handler = encrypt.dictLookup("Filter");
    if (handler.isName("Standard"))
        out.encrypted(methodOf(encrypt));
    else if (handler.isName("Adobe.PubSec"))
        out.encrypted("pdf-certificate");
    else /* MicrosoftIRMServices, Adobe.APS, FOPN_foweb and others: a server decides who may read */
        out.mark('R', 0);
}

/* ---------------------------------------------------------------- text beside the pages */

std::string stripped(const std::string &s)
{
    std::string out;
    for (char c : s)
        if (c != ' ')
            out += c;
    return out;
}

/* XML text nodes, for XMP and XFA, which need no more. Elements whose content is about the file, not by people, are left out. */
void xmlTexts(const std::string &xml, const std::vector<std::string> &without, const std::function<void(const std::string &)> &text)
{
    std::string element, value;
    size_t i = 0;
    auto flush = [&]() {
        size_t a = value.find_first_not_of(" \t\r\n"), b = value.find_last_not_of(" \t\r\n");
        bool drop = std::any_of(without.begin(), without.end(), [&](const std::string &w) { return element.compare(0, w.size(), w) == 0; });
        if (a != std::string::npos && !drop)
            text(textString(value.substr(a, b - a + 1)));
        value.clear();
    };
    while (i < xml.size()) {
        if (xml[i] != '<') {
            if (xml[i] == '&') {
                static const std::pair<const char *, char> kNamed[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' } };
                bool done = false;
                for (const auto &n : kNamed)
                    if (!done && xml.compare(i, std::string(n.first).size(), n.first) == 0) {
                        value += n.second;
                        i += std::string(n.first).size();
                        done = true;
                    }
                size_t semi = xml.find(';', i);
                if (!done && i + 2 < xml.size() && xml[i + 1] == '#' && semi != std::string::npos && semi - i < 12) {
                    bool hex = xml[i + 2] == 'x';
                    putUtf8(value, uint32_t(std::strtoul(xml.c_str() + i + (hex ? 3 : 2), nullptr, hex ? 16 : 10)));
                    i = semi + 1;
                    done = true;
                }
                if (done)
                    continue;
            }
            value += xml[i++];
            continue;
        }
        flush();
        size_t close = xml.find('>', i);
        if (close == std::string::npos)
            break;
        if (xml[i + 1] != '/' && xml[i + 1] != '?' && xml[i + 1] != '!')
            element = xml.substr(i + 1, std::min(close, xml.find_first_of(" \t\r\n/>", i + 1)) - i - 1);
        else
            element.clear();
        i = close + 1;
    }
}

std::string streamBytes(Stream *stream, size_t most, bool *whole)
{
    std::string bytes;
    stream->reset();
    int c;
    while (bytes.size() < most && (c = stream->getChar()) != EOF)
        bytes += char(c);
    *whole = bytes.size() < most;
    stream->close();
    return bytes;
}

class Reader {
public:
    Reader(PDFDoc &doc, Records &out) : doc_(doc), out_(out) {}
    void all();

private:
    void properties();
    void outline(const std::vector<OutlineItem *> *items, int depth);
    void page(int number);
    void layers(int number, std::string &ignored);
    void annotations(int number);
    void fields();
    void field(FormField *f, int depth);
    void xfa();
    void value(const std::string &s);
    void attachment(FileSpec *spec);
    void attachments();

    PDFDoc &doc_;
    Records &out_;
    PageReader page_;
    std::string seen_; /* what the pages show, without spaces */
    std::set<std::string> told_;
    std::vector<OptionalContentGroup *> off_;
    size_t attachments_ = 0, outline_ = 0;
};

void Reader::properties()
{
    static const std::set<std::string> kWithout = { "CreationDate", "ModDate", "Producer", "Creator", "Trapped", "PTEX.Fullbanner" };
    Object info = doc_.getDocInfo();
    for (int i = 0; info.isDict() && i < info.dictGetLength() && i < 1000; i++) {
        std::string key = info.dictGetKey(i);
        Object v = info.dictGetVal(i);
        if (kWithout.count(key) || !v.isString())
            continue;
        std::string text = textString(v.getString()->toStr());
        if (!text.empty()) {
            out_.property(textString(key), text);
            told_.insert(text);
        }
    }
    std::unique_ptr<GooString> xmp = doc_.readMetadata();
    if (xmp && xmp->toStr().size() < kText)
        xmlTexts(xmp->toStr(), { "xmpMM:", "stEvt:", "stRef:", "pdfaid:", "xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate", "xmp:CreatorTool", "pdf:Producer", "dc:format", "pdf:PDFVersion", "pdf:Trapped" },
                 [&](const std::string &s) {
                     bool date = s.size() > 10 && s.find_first_not_of("0123456789-T:+.Z") == std::string::npos;
                     if (!date && s.compare(0, 5, "uuid:") != 0 && told_.insert(s).second)
                         out_.property("", s);
                 });
}

void Reader::outline(const std::vector<OutlineItem *> *items, int depth)
{
    for (size_t i = 0; items && i < items->size() && depth < kFieldDepth && outline_ < kOutline; i++, outline_++) {
        OutlineItem *item = (*items)[i];
        std::string title;
        for (int k = 0; k < item->getTitleLength(); k++)
            putUtf8(title, item->getTitle()[k]);
        /* Most repeat a heading of the text. */
        if (!title.empty() && seen_.find(stripped(title)) == std::string::npos)
            out_.line(0, kTitle, kShown, title);
        item->open();
        if (item->hasKids())
            outline(item->getKids(), depth + 1);
    }
}

/* ---------------------------------------------------------------- pages */

bool drawn(Annot *annot, void *)
{
    return annot->getType() != Annot::typePopup;
}

void Reader::page(int number)
{
    page_.clear();
    doc_.displayPage(&page_, number, 72, 72, 0, false, true, false, nullptr, nullptr, drawn, nullptr);
    double area = page_.width * page_.height, images = page_.imageArea;
    size_t unmapped = page_.unmapped, all = page_.glyphs.size();
    page_.judge();
    bool text = writePage(page_, uint32_t(number), out_, seen_);
    if (page_.overflow)
        out_.mark('T', uint32_t(number));
    if (!text && images > 0.05 * area)
        out_.mark('I', uint32_t(number));
    else if (unmapped >= 5 && unmapped * 5 > all)
        out_.mark('F', uint32_t(number));
    if (!off_.empty())
        layers(number, seen_);
    annotations(number);
    out_.flush();
}

/* Layers that are switched off: painted again with all of them on; what was not there before is hidden. */
void Reader::layers(int number, std::string &ignored)
{
    auto keyOf = [](const Glyph &g) { return std::make_tuple(g.text, std::lround(g.centre.x * 4), std::lround(g.centre.y * 4)); };
    std::set<decltype(keyOf(page_.glyphs[0]))> shown;
    for (const Glyph &g : page_.glyphs)
        shown.insert(keyOf(g));
    for (OptionalContentGroup *g : off_)
        g->setState(OptionalContentGroup::On);
    page_.clear();
    doc_.displayPage(&page_, number, 72, 72, 0, false, true, false);
    for (OptionalContentGroup *g : off_)
        g->setState(OptionalContentGroup::Off);
    page_.judge();
    auto &all = page_.glyphs;
    all.erase(std::remove_if(all.begin(), all.end(), [&](const Glyph &g) { return shown.count(keyOf(g)) != 0; }), all.end());
    for (Glyph &g : all)
        g.hidden = kInvisible;
    writePage(page_, uint32_t(number), out_, ignored);
}

/* What an annotation shows on the page was painted with it; its note is read apart, unless it is the same text. */
void Reader::annotations(int number)
{
    Page *p = doc_.getPage(number);
    Annots *annots = p ? p->getAnnots() : nullptr;
    if (!annots)
        return;
    for (Annot *a : annots->getAnnots()) {
        if (a->getType() == Annot::typeFileAttachment) {
            Object *file = static_cast<AnnotFileAttachment *>(a)->getFile();
            FileSpec spec(file);
            if (spec.isOk())
                attachment(&spec);
        }
        if (a->getType() == Annot::typeWidget || a->getType() == Annot::typeLink || a->getType() == Annot::typePopup || !a->getContents())
            continue;
        std::string note = textString(a->getContents()->toStr());
        if (!note.empty() && seen_.find(stripped(note)) == std::string::npos)
            out_.line(uint32_t(number), kComment, kNote, note);
    }
}

/* ---------------------------------------------------------------- forms and attachments */

/* A value that no page shows: the field has no appearance, is hidden, or scrolls. */
void Reader::value(const std::string &s)
{
    if (!s.empty() && seen_.find(stripped(s)) == std::string::npos && told_.insert(s).second)
        out_.line(0, kForm, kShown, s);
}

void Reader::field(FormField *f, int depth)
{
    if (!f || depth > kFieldDepth)
        return;
    Object v = f->getObj()->isDict() ? f->getObj()->dictLookup("V") : Object(objNull);
    if ((f->getType() == formText || f->getType() == formChoice) && v.isString())
        value(textString(v.getString()->toStr()));
    for (int i = 0; v.isArray() && i < v.arrayGetLength() && i < 1000; i++) {
        Object one = v.arrayGet(i);
        if (one.isString())
            value(textString(one.getString()->toStr()));
    }
    if ((f->getType() == formText) && v.isStream()) {
        bool whole;
        value(textString(streamBytes(v.getStream(), kText, &whole)));
    }
    for (int i = 0; i < f->getNumChildren(); i++)
        field(f->getChildren(i), depth + 1);
}

void Reader::fields()
{
    Form *form = doc_.getCatalog()->getForm();
    for (int i = 0; form && i < form->getNumFields(); i++)
        field(form->getRootField(i), 0);
}

/* The data packet of an XFA form holds what was filled in; the pages may show only a notice to use another viewer. */
void Reader::xfa()
{
    Object *acro = doc_.getCatalog()->getAcroForm();
    Object all = acro && acro->isDict() ? acro->dictLookup("XFA") : Object(objNull);
    for (int i = 0; all.isArray() && i + 1 < all.arrayGetLength() && i < 64; i += 2) {
        Object name = all.arrayGet(i), data = all.arrayGet(i + 1);
        bool whole;
        if (name.isString() && name.getString()->toStr() == "datasets" && data.isStream())
            xmlTexts(streamBytes(data.getStream(), kText, &whole), {}, [&](const std::string &s) { value(s); });
    }
    bool whole;
    if (all.isStream()) {
        std::string xml = streamBytes(all.getStream(), kText, &whole);
        size_t from = xml.find("<xfa:datasets"), to = xml.find("</xfa:datasets");
        if (from != std::string::npos && to != std::string::npos && to > from)
            xmlTexts(xml.substr(from, to - from), {}, [&](const std::string &s) { value(s); });
    }
}

void Reader::attachment(FileSpec *spec)
{
    EmbFile *file = spec->getEmbeddedFile();
    if (!file || !file->isOk())
        return;
    if (attachments_++ >= kAttachments) {
        out_.mark('T', 0);
        return;
    }
    bool whole;
    std::string bytes = streamBytes(file->stream(), kAttachment, &whole);
    std::string name = spec->getFileName() ? textString(spec->getFileName()->toStr()) : "";
    if (!whole)
        out_.mark('T', 0);
    out_.attachment(name.empty() ? "attachment" : name, bytes);
}

void Reader::attachments()
{
    Catalog *catalog = doc_.getCatalog();
    for (int i = 0; i < catalog->numEmbeddedFiles(); i++) {
        std::unique_ptr<FileSpec> spec = catalog->embeddedFile(i);
        if (spec && spec->isOk())
            attachment(spec.get());
    }
}

void Reader::all()
{
    properties();
    OCGs *layers = doc_.getOptContentConfig();
    if (layers)
        for (const auto &g : layers->getOCGs())
            if (g.second->getState() == OptionalContentGroup::Off)
                off_.push_back(g.second.get());
    int pages = doc_.getNumPages();
    for (int i = 1; i <= pages; i++)
        page(i);
    fields();
    xfa();
    Outline *outlines = doc_.getOutline();
    if (outlines)
        outline(outlines->getItems(), 0);
    attachments();
    if (pages < 1)
        out_.mark('D', 0);
    out_.mark('E', uint32_t(std::max(pages, 0)));
}
} // namespace

void readDocument(const char *bytes, size_t n, Records &out)
{
    PDFDoc doc(new MemStream(bytes, 0, Goffset(n), Object(objNull)));
    if (doc.isOk()) {
        Reader(doc, out).all();
    } else {
        if (doc.getErrorCode() == errEncrypted)
            tellEncryption(doc, out);
        else
            out.mark('D', 0);
        out.mark('E', 0);
    }
    out.flush();
}
