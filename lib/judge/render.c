/* render.c - the policy as tables for the annex of a 規程: one source, so that the paper never drifts from what is tested. */
#include "judge/render.h"

#include <string.h>

#define CELL_BYTES ((size_t)1 << 20)

static void put_html(struct sk_buf *b, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *as = s[i] == '&' ? "&amp;" : s[i] == '<' ? "&lt;" : s[i] == '>' ? "&gt;" : s[i] == '"' ? "&quot;" : NULL;
        if (as)
            sk_buf_str(b, as);
        else
            sk_buf_add(b, (unsigned char)s[i] < 0x20 ? " " : s + i, 1);
    }
}

/* What Markdown would read as its own is escaped; line ends would end the row. */
static void put_markdown(struct sk_buf *b, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strchr("|\\`*_<>[]#", s[i]) && s[i])
            sk_buf_str(b, "\\");
        sk_buf_add(b, (unsigned char)s[i] < 0x20 ? " " : s + i, 1);
    }
}

static void put(struct sk_page *page, const char *s, size_t n)
{
    if (page->html)
        put_html(page->out, s, n);
    else
        put_markdown(page->out, s, n);
}

void sk_page_heading(struct sk_page *page, const char *title)
{
    sk_buf_printf(page->out, page->html ? "<h2>%u " : "\n## %u ", ++page->section);
    put(page, title, strlen(title));
    sk_buf_str(page->out, page->html ? "</h2>\n" : "\n\n");
}

void sk_page_text(struct sk_page *page, const char *text)
{
    sk_buf_str(page->out, page->html ? "<p>" : "");
    put(page, text, strlen(text));
    sk_buf_str(page->out, page->html ? "</p>\n" : "\n\n");
}

void sk_page_table(struct sk_page *page, const char *const *titles)
{
    sk_buf_str(page->out, page->html ? "<table>\n<tr>" : "|");
    size_t n = 0;
    for (; titles[n]; n++) {
        sk_buf_str(page->out, page->html ? "<th scope=\"col\">" : " ");
        put(page, titles[n], strlen(titles[n]));
        sk_buf_str(page->out, page->html ? "</th>" : " |");
    }
    if (page->html) {
        sk_buf_str(page->out, "</tr>\n");
        return;
    }
    sk_buf_str(page->out, "\n|");
    for (size_t i = 0; i < n; i++)
        sk_buf_str(page->out, " --- |");
    sk_buf_str(page->out, "\n");
}

void sk_page_row(struct sk_page *page)
{
    sk_buf_str(page->out, page->html ? "<tr>" : "|");
}

void sk_page_cell(struct sk_page *page)
{
    page->failed |= page->cell.failed;
    sk_buf_str(page->out, page->html ? "<td>" : " ");
    if (page->cell.n)
        put(page, page->cell.p, page->cell.n);
    sk_buf_str(page->out, page->html ? "</td>" : " |");
    sk_buf_clear(&page->cell);
}

void sk_page_text_cell(struct sk_page *page, const char *text)
{
    sk_buf_str(&page->cell, text);
    sk_page_cell(page);
}

void sk_page_row_end(struct sk_page *page)
{
    sk_buf_str(page->out, page->html ? "</tr>\n" : "\n");
}

void sk_page_table_end(struct sk_page *page)
{
    sk_buf_str(page->out, page->html ? "</table>\n" : "\n");
}

static void head(struct sk_page *page)
{
    const struct sk_policy *p = page->p;
    const struct sk_policy_settings *s = &p->settings;
    sk_buf_printf(&page->cell, sk_tr(page, "情報の格付と取扱い 別表(%s %s)", "Grades and handling of information, annex (%s %s)"), p->id, p->version);
    if (page->html) {
        sk_buf_printf(page->out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<title>", page->english ? "en" : "ja");
        put(page, page->cell.p ? page->cell.p : "", page->cell.n);
        sk_buf_str(page->out, "</title>\n<style>body{font-family:sans-serif;margin:2em}table{border-collapse:collapse;margin:0 0 1em}"
                              "th,td{border:1px solid #666;padding:.2em .5em;text-align:left;vertical-align:top}th{background:#eee}"
                              "tr{page-break-inside:avoid}</style>\n</head>\n<body>\n<h1>");
    } else {
        sk_buf_str(page->out, "# ");
    }
    put(page, page->cell.p ? page->cell.p : "", page->cell.n);
    sk_buf_clear(&page->cell);
    sk_buf_str(page->out, page->html ? "</h1>\n" : "\n\n");
    if (sk_policy_is_draft(p)) {
        sk_page_text(page, sk_tr(page, "【未承認】この方針はまだ承認されていません。", "NOT APPROVED: this policy is a draft."));
        return;
    }
    sk_buf_printf(&page->cell, sk_tr(page, "承認 %s %s(%s)", "Approved by %s %s on %s"), s->approver_role, s->approver, s->approved_at);
    sk_page_text(page, page->cell.p ? page->cell.p : "");
    sk_buf_clear(&page->cell);
}

bool sk_policy_render(const struct sk_policy *p, bool html, bool english, struct sk_buf *buf)
{
    struct sk_page page = { .p = p, .out = buf, .html = html, .english = english };
    sk_buf_init(&page.cell, CELL_BYTES);
    head(&page);
    sk_render_scheme(&page);
    sk_render_rules(&page);
    sk_render_markings(&page);
    sk_render_places(&page);
    sk_render_transfer(&page);
    sk_render_rest(&page);
    if (html)
        sk_buf_str(buf, "</body>\n</html>\n");
    bool ok = !buf->failed && !page.failed && !page.cell.failed;
    sk_buf_free(&page.cell);
    return ok;
}
