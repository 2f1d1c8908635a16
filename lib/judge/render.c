/* render.c - the policy as tables for the annex of a 規程: one source, so that the paper never drifts from what is
 * tested. */
#include "judge/render.h"

#include <string.h>

#define CELL_BYTES ((size_t)1 << 20)

static void put_html(struct sk_buf *b, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *as = s[i] == '&'   ? "&amp;"
                         : s[i] == '<' ? "&lt;"
                         : s[i] == '>' ? "&gt;"
                         : s[i] == '"' ? "&quot;"
                                       : NULL;
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
        if (strchr("|\\`*<>[]", s[i]) && s[i])
            sk_buf_str(b, "\\");
        sk_buf_add(b, (unsigned char)s[i] < 0x20 ? " " : s + i, 1);
    }
}

static void put(struct sk_annex *annex, const char *s, size_t n)
{
    if (annex->html)
        put_html(annex->out, s, n);
    else
        put_markdown(annex->out, s, n);
}

void sk_annex_heading(struct sk_annex *annex, const char *title)
{
    sk_buf_printf(annex->out, annex->html ? "<h2>%u " : "\n## %u ", ++annex->section);
    put(annex, title, strlen(title));
    sk_buf_str(annex->out, annex->html ? "</h2>\n" : "\n\n");
}

void sk_annex_text(struct sk_annex *annex, const char *text)
{
    sk_buf_str(annex->out, annex->html ? "<p>" : "");
    put(annex, text, strlen(text));
    sk_buf_str(annex->out, annex->html ? "</p>\n" : "\n\n");
}

void sk_annex_table(struct sk_annex *annex, const char *const *titles)
{
    sk_buf_str(annex->out, annex->html ? "<table>\n<tr>" : "|");
    size_t n = 0;
    for (; titles[n]; n++) {
        sk_buf_str(annex->out, annex->html ? "<th scope=\"col\">" : " ");
        put(annex, titles[n], strlen(titles[n]));
        sk_buf_str(annex->out, annex->html ? "</th>" : " |");
    }
    if (annex->html) {
        sk_buf_str(annex->out, "</tr>\n");
        return;
    }
    sk_buf_str(annex->out, "\n|");
    for (size_t i = 0; i < n; i++)
        sk_buf_str(annex->out, " --- |");
    sk_buf_str(annex->out, "\n");
}

void sk_annex_row(struct sk_annex *annex)
{
    sk_buf_str(annex->out, annex->html ? "<tr>" : "|");
}

void sk_annex_cell(struct sk_annex *annex)
{
    annex->failed |= annex->cell.failed;
    sk_buf_str(annex->out, annex->html ? "<td>" : " ");
    if (annex->cell.n)
        put(annex, annex->cell.p, annex->cell.n);
    sk_buf_str(annex->out, annex->html ? "</td>" : " |");
    sk_buf_clear(&annex->cell);
}

void sk_annex_text_cell(struct sk_annex *annex, const char *text)
{
    sk_buf_str(&annex->cell, text);
    sk_annex_cell(annex);
}

void sk_annex_row_end(struct sk_annex *annex)
{
    sk_buf_str(annex->out, annex->html ? "</tr>\n" : "\n");
}

void sk_annex_table_end(struct sk_annex *annex)
{
    sk_buf_str(annex->out, annex->html ? "</table>\n" : "\n");
}

static void head(struct sk_annex *annex)
{
    const struct sk_policy *p = annex->p;
    const struct sk_policy_settings *s = &p->settings;
    sk_buf_printf(&annex->cell,
                  sk_tr(annex, "情報の格付と取扱い 別表(%s %s)", "Grades and handling of information, annex (%s %s)"),
                  p->id, p->version);
    if (annex->html) {
        sk_buf_printf(annex->out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<title>",
                      annex->english ? "en" : "ja");
        put(annex, annex->cell.p ? annex->cell.p : "", annex->cell.n);
        sk_buf_str(
            annex->out,
            "</title>\n<style>body{font-family:sans-serif;margin:2em}table{border-collapse:collapse;margin:0 0 1em}"
            "th,td{border:1px solid #666;padding:.2em .5em;text-align:left;vertical-align:top}th{background:#eee}"
            "tr{page-break-inside:avoid}</style>\n</head>\n<body>\n<h1>");
    } else {
        sk_buf_str(annex->out, "# ");
    }
    put(annex, annex->cell.p ? annex->cell.p : "", annex->cell.n);
    sk_buf_clear(&annex->cell);
    sk_buf_str(annex->out, annex->html ? "</h1>\n" : "\n\n");
    if (sk_policy_is_draft(p)) {
        sk_annex_text(annex, sk_tr(annex, "【未承認】この方針はまだ承認されていません。",
                                   "NOT APPROVED: this policy is a draft."));
        return;
    }
    sk_buf_printf(&annex->cell, sk_tr(annex, "承認 %s %s(%s)", "Approved by %s %s on %s"), s->approver_role,
                  s->approver, s->approved_at);
    sk_annex_text(annex, annex->cell.p ? annex->cell.p : "");
    sk_buf_clear(&annex->cell);
}

bool sk_policy_render(const struct sk_policy *p, bool html, bool english, struct sk_buf *buf)
{
    struct sk_annex annex = { .p = p, .out = buf, .html = html, .english = english };
    sk_buf_init(&annex.cell, CELL_BYTES);
    head(&annex);
    sk_render_scheme(&annex);
    sk_render_rules(&annex);
    sk_render_markings(&annex);
    sk_render_places(&annex);
    sk_render_transfer(&annex);
    sk_render_rest(&annex);
    if (html)
        sk_buf_str(buf, "</body>\n</html>\n");
    bool ok = !buf->failed && !annex.failed && !annex.cell.failed;
    sk_buf_free(&annex.cell);
    return ok;
}
