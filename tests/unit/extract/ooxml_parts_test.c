/*
 * ooxml_parts_test.c - every place in which an Office package can hold text (ECMA-376 and Microsoft's extensions): in
 * parts.docx, parts.xlsx and parts.pptx (make_parts.py) each holds a text of its own, which must be delivered with the
 * kind and the hidden state that a reader of a report is told.
 */
#include "record_check.h"

TestSuite(ooxml_parts);

struct place {
    const char *what, *kind, *hidden, *text; /* kind NULL: the text must not be there at all */
};

static const struct place DOCX[] = {
    { "a word split over runs", "body", "-", "runs-split-word" },
    { "text box, branch that Word shows", "body", "-", "only-in-choice" },
    { "text box, branch for older programs with another text", "body", "name", "only-in-fallback" },
    { "tracked insertion", "body", "-", "inserted" },
    { "tracked deletion", "body", "change", "deleted" },
    { "moved, at its new place", "body", "-", "moved-to" },
    { "moved, at its old place", "body", "change", "moved-from" },
    { "who edited", "property", "-", "editor-two" },
    { "formerly hidden, shown now", "body", "-", "was-hidden-before" },
    { "simple field", "body", "-", "simple-field" },
    { "address of a simple field", "body", "name", "HYPERLINK \"mailto:simple@example.jp\"" },
    { "DDE field", "body", "name", "DDEAUTO excel http://example.jp/dde" },
    { "form field: status", "body", "name", "status-of-field" },
    { "form field: help", "body", "name", "help-of-field" },
    { "form field: default", "body", "name", "default-of-field" },
    { "form field: entry of a list", "body", "name", "entry-of-field" },
    { "content control", "body", "-", "content-of-control" },
    { "content control: name", "body", "name", "alias-of-control" },
    { "content control: list, shown", "body", "name", "shown-in-list" },
    { "content control: list, value only", "body", "name", "value-in-list" },
    { "description of a picture", "body", "name", "description-of-picture" },
    { "title of a picture", "body", "name", "title-of-picture" },
    { "cell of a table", "body", "-", "r0c0 cell-a" },
    { "cell behind one that spans two", "body", "-", "r0c2 cell-b" },
    { "formula", "body", "-", "formula-text" },
    { "header", "header", "-", "header-default" },
    { "header of the first page", "header", "-", "header-first" },
    { "footer", "footer", "-", "footer-text" },
    { "footnote", "note", "-", "footnote-text" },
    { "endnote", "note", "-", "endnote-text" },
    { "comment", "comment", "comment", "comment-text" },
    { "who commented", "property", "-", "commenter" },
    { "list of persons", "property", "-", "person-of-word" },
    { "account of a person", "property", "-", "S::word@example.jp::x" },
    { "building block", "body", "name", "building-block" },
    { "core properties", "title", "-", "題名です" },
    { "custom properties", "property", "-", "担当課:総務課" },
    { "hyperlink", "body", "-", "link@example.jp" },
    { "attached template", "body", "name", "file:///Z:/template-share/x.dotx" },
    { "embedded workbook", "body", "-", "A1 in-embedded-book" },
    { "text called .png", "body", "-", "a document under a false name" },
    { "custom XML: attribute", "body", "name", "custom-attribute" },
    { "custom XML: element", "body", "name", "custom-element" },
    { "a part of unknown kind is told", "reason", "unsupported", "" },
};

static const struct place XLSX[] = {
    { "shared string of several runs", "body", "-", "A1 shared-runs" },
    { "furigana, apart", "ruby", "-", "shared-ruby" },
    { "shared string of no cell", "body", "cache", "left-behind" },
    { "inline string", "body", "-", "B1 inline-string" },
    { "result of a formula", "body", "-", "C1 cached-string" },
    { "hidden row", "body", "-", "A2(row) in-hidden-row" },
    { "row of no height", "body", "-", "A3(row) in-flat-row" },
    { "hidden column", "body", "-", "E4(column) in-hidden-column" },
    { "hidden sheet", "body", "sheet", "A1 in-hidden-sheet" },
    { "very hidden sheet", "body", "very", "A1 in-very-hidden-sheet" },
    { "text box", "body", "-", "text-of-a-box-on-the-sheet" },
    { "description of a shape", "body", "name", "description-of-shape" },
    { "scenario: name", "body", "name", "scenario-name" },
    { "scenario: comment", "body", "name", "scenario-comment" },
    { "scenario: value", "body", "name", "scenario-value" },
    { "validation: title of its message", "body", "name", "prompt-title" },
    { "validation: its message", "body", "name", "prompt-text" },
    { "validation: its error", "body", "name", "error-text" },
    { "validation: its list", "body", "name", "list-one,list-two" },
    { "validation of Excel 2010", "body", "name", "list-x14" },
    { "hyperlink: tip", "body", "name", "tooltip-text" },
    { "hyperlink: target", "body", "-", "link@example.jp" },
    { "header", "header", "-", "odd-header" },
    { "header of even pages", "header", "-", "even-header" },
    { "footer", "footer", "-", "odd-footer" },
    { "footer of the first page", "footer", "-", "first-footer" },
    { "note", "comment", "comment", "note-on-cell" },
    { "its author", "property", "-", "author-of-note" },
    { "thread", "comment", "comment", "thread-on-cell" },
    { "person of threads", "property", "-", "person-of-excel" },
    { "account of a person", "property", "-", "S::excel@example.jp::x" },
    { "defined name", "body", "name", "defined-name \"defined-value\"" },
    { "pivot cache: field", "body", "pivot", "pivot-field" },
    { "pivot cache: shared item", "body", "pivot", "pivot-item" },
    { "pivot cache: record", "body", "pivot", "pivot-record" },
    { "cache of another workbook", "body", "cache", "A1 cell-of-other-book" },
    { "path of another workbook", "body", "name", "file:///Z:/other-share/other.xlsx" },
    { "chart: title", "body", "-", "chart-title" },
    { "chart: series", "body", "cache", "chart-series" },
    { "chart: category", "body", "cache", "chart-category" },
    { "connection", "body", "name", "Server=db-server;Pwd=connection-string" },
    { "command", "body", "name", "SELECT command-text" },
    { "packed file", "body", "-", "in-packed-file" },
    { "rich value", "body", "name", "rich-value" },
    { "custom XML: attribute", "body", "name", "custom-attribute" },
    { "custom XML: element", "body", "name", "custom-element" },
};

static const struct place PPTX[] = {
    { "title", "title", "-", "slide-title" },
    { "body", "body", "-", "slide-body-text" },
    { "branch that PowerPoint shows", "body", "-", "only-in-choice" },
    { "branch for older programs with another text", "body", "name", "only-in-fallback" },
    { "beside the slide", "body", "text", "off-slide" },
    { "hidden shape", "body", "text", "hidden-shape" },
    { "footer", "footer", "-", "slide-footer" },
    { "description of a picture", "body", "name", "description-of-picture" },
    { "title of a picture", "body", "name", "title-of-picture" },
    { "link: tip", "body", "name", "tooltip-text" },
    { "link: target", "body", "name", "https://example.jp/link-target" },
    { "notes", "note", "notes", "speaker-notes" },
    { "comment", "comment", "comment", "old-comment" },
    { "its author", "property", "-", "old-author" },
    { "comment of Microsoft 365", "comment", "comment", "new-comment" },
    { "its author", "property", "-", "new-author" },
    { "account of an author", "property", "-", "S::ppt@example.jp::x" },
    { "SmartArt", "body", "-", "in-smart-art" },
    { "hidden slide", "body", "slide", "on-hidden-slide" },
    { "slide that nothing leads to", "body", "slide", "on-lost-slide" },
    { "master", "body", "-", "text-on-every-slide" },
    { "prompt of the master", NULL, "", "prompt-of-title" },
    { "embedded workbook", "body", "-", "A1 in-embedded-book" },
    { "a film is told", "reason", "unsupported", "mp4" },
};

/* A line of the transcript: the part's number, kind, hidden state, a place, text. */
static bool has_line(const char *log, const struct place *want)
{
    char head[64];
    size_t n = strlen(want->text);
    int h = snprintf(head, sizeof(head), " %s %s", want->kind, want->hidden);
    for (const char *line = log; *line;) {
        size_t len = strcspn(line, "\n"), number = strspn(line, "0123456789");
        size_t last = len; /* folding leaves single spaces at the ends */
        while (last && line[last - 1] == ' ')
            last--;
        if (number && len >= number + (size_t)h && memcmp(line + number, head, (size_t)h) == 0 && last >= n &&
            memcmp(line + last - n, want->text, n) == 0)
            return true;
        line += len + (line[len] == '\n');
    }
    return false;
}

static void check_places(const char *file, const struct place *p, size_t n)
{
    struct record *r = record_new();
    size_t size;
    uint8_t *bytes = corpus_load(file, &size);
    cr_assert(record_bytes(r, file, bytes, size));
    for (size_t i = 0; i < n; i++) {
        if (!p[i].kind)
            cr_expect_null(strstr(r->log.p, p[i].text), "%s: %s", file, p[i].what);
        else
            cr_expect(has_line(r->log.p, &p[i]), "%s: %s: \"%s\" is not there as %s, %s", file, p[i].what, p[i].text,
                      p[i].kind, p[i].hidden);
    }
    free(bytes);
    record_free(r);
}

Test(ooxml_parts, every_place)
{
    check_places("docx/parts.docx", DOCX, sizeof(DOCX) / sizeof(DOCX[0]));
    check_places("xlsx/parts.xlsx", XLSX, sizeof(XLSX) / sizeof(XLSX[0]));
    check_places("pptx/parts.pptx", PPTX, sizeof(PPTX) / sizeof(PPTX[0]));
}

/* A picture and one word: what the picture says was not inspected. */
Test(ooxml_parts, scans)
{
    static const struct expected FILES[] = {
        { "docx/scan.docx", { "0 body - p1 scan", "0 reason image-only" } },
        { "docx/parts.docx", { "!0 reason image-only" } },
    };
    CHECK_FILES(FILES);
}
