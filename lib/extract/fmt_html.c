/*
 * fmt_html.c - HTML (WHATWG) as a reader of the page sees it: lines, tables, what is hidden. No tree is built; end tags
 * that are left out are made up for where it matters (cells, rows, paragraphs). Of tables inside tables the inner ones
 * are tables, the outer ones are layout.
 */
#include "extract/doc.h"
#include "extract/markup.h"
#include "extract/ooxml.h"

#include <stdlib.h>
#include <strings.h>

int sk_sniff_html(struct sk_bytes head, struct sk_source *source);
bool sk_extract_html(struct sk_job *job);

#define CELL_MAX ((size_t)16 << 20)

struct html {
    struct sk_out *o;
    struct sk_side side;
    struct sk_grid *grid;
    bool in_grid, in_cell, overflow, space, at_line_start, pre;
    unsigned outer; /* open tables around the innermost */
    struct sk_buf cell;
    uint32_t span, down; /* of the cell that is open */
    uint32_t left[SK_GRID_COLUMNS];
    uint32_t line;
    /* what is hidden: the element's name and how many of that name are open inside */
    char hider[32];
    unsigned hider_depth;
    struct sk_buf hidden;
    bool in_title, in_head_text;
    struct sk_buf title, ruby;
    bool in_ruby;
};

/* ---------------------------------------------------------------- text */

static bool put(struct html *h, const char *p, size_t n)
{
    if (h->hider_depth)
        h->overflow |= !sk_buf_add(&h->hidden, p, n);
    else if (h->in_ruby)
        h->overflow |= !sk_buf_add(&h->ruby, p, n);
    else if (h->in_cell)
        h->overflow |= !sk_buf_add(&h->cell, p, n);
    else
        return sk_out_text(h->o, p, n);
    return true;
}

static bool on_text(void *ctx, const char *s, size_t n)
{
    struct html *h = ctx;
    bool ok = true;
    if (h->in_title)
        return sk_buf_add(&h->title, s, n) || true;
    for (size_t i = 0; ok && i < n;) {
        size_t from = i;
        while (i < n && ((unsigned char)s[i] > ' ' || h->pre))
            i++;
        if (i > from) {
            ok = put(h, s + from, i - from);
            h->space = h->at_line_start = false;
        }
        from = i;
        while (i < n && (unsigned char)s[i] <= ' ' && !h->pre)
            i++;
        if (ok && i > from && !h->space) {
            ok = put(h, " ", 1);
            h->space = true;
        }
    }
    return ok;
}

static bool ruby_end(struct html *h)
{
    h->in_ruby = false;
    bool ok = sk_side_add(&h->side, SK_RUN_RUBY, SK_SHOWN, 0, h->line, h->ruby.p, h->ruby.n);
    sk_buf_clear(&h->ruby);
    return ok;
}

static bool new_line(struct html *h)
{
    h->space = true;
    if (h->hider_depth)
        return put(h, "\n", 1);
    if (h->in_cell)
        return h->cell.n == 0 || put(h, "\n", 1);
    if (h->at_line_start)
        return true;
    h->at_line_start = true;
    if (!sk_out_line(h->o))
        return false;
    if (!h->in_grid && h->side.text.n >= ((size_t)1 << 20) &&
        !(sk_side_flush(&h->side) && sk_out_kind(h->o, SK_RUN_BODY, SK_SHOWN)))
        return false;
    return sk_out_place(h->o, 0, 0, ++h->line);
}

static bool aside(struct html *h, enum sk_run_kind kind, enum sk_hidden hidden, const char *s)
{
    return !s || !*s || sk_side_add(&h->side, kind, hidden, 0, h->line, s, strlen(s));
}

/* ---------------------------------------------------------------- tables */

static uint32_t number(const char **atts, const char *name)
{
    const char *s = sk_xml_attr(atts, name);
    unsigned long n = s ? strtoul(s, NULL, 10) : 1;
    return n == 0 ? 1 : n < 1000 ? (uint32_t)n : 1000;
}

/* Columns that a cell further up still fills. */
static bool pass_filled(struct html *h)
{
    bool ok = true;
    while (ok && h->grid->col < SK_GRID_COLUMNS && h->left[h->grid->col]) {
        h->left[h->grid->col]--;
        ok = sk_grid_cell(h->grid, "", 0, SK_SHOWN, 1, SK_MERGE_CONTINUE);
    }
    return ok;
}

static bool cell_end(struct html *h)
{
    if (!h->in_cell)
        return true;
    h->in_cell = false;
    h->space = true;
    size_t n = h->cell.n;
    while (n && (h->cell.p[n - 1] == '\n' || h->cell.p[n - 1] == ' '))
        n--;
    uint32_t col = h->grid->col;
    for (uint32_t i = col; h->down > 1 && i < col + h->span && i < SK_GRID_COLUMNS; i++)
        h->left[i] = h->down - 1;
    bool ok = sk_grid_cell(h->grid, h->cell.p, n, SK_SHOWN, h->span, h->down > 1 ? SK_MERGE_RESTART : SK_MERGE_NONE);
    sk_buf_clear(&h->cell);
    return ok;
}

static bool row_end(struct html *h)
{
    return cell_end(h) && (!h->in_grid || pass_filled(h));
}

static bool grid_end(struct html *h)
{
    if (!h->in_grid)
        return true;
    bool ok = row_end(h);
    h->in_grid = false;
    h->at_line_start = true;
    return sk_grid_end(h->grid) && ok && sk_side_settle(&h->side);
}

/* A table begins where its first row or cell does: layout around it has ended by then. */
static bool grid_begin(struct html *h)
{
    if (h->in_grid)
        return true;
    if (!h->grid && !(h->grid = sk_grid_new()))
        return false;
    h->in_grid = true;
    memset(h->left, 0, sizeof(h->left));
    return sk_out_kind(h->o, SK_RUN_BODY, SK_SHOWN) && sk_grid_begin(h->grid, h->o, false);
}

static bool row_begin(struct html *h)
{
    if (!row_end(h) || !grid_begin(h))
        return false;
    sk_grid_row(h->grid);
    return true;
}

static bool cell_begin(struct html *h, const char **atts)
{
    if (!cell_end(h) || !grid_begin(h))
        return false;
    if (h->grid->row == UINT32_MAX)
        sk_grid_row(h->grid);
    if (!pass_filled(h))
        return false;
    h->in_cell = true;
    h->space = true;
    h->span = number(atts, "colspan");
    h->down = number(atts, "rowspan");
    sk_buf_clear(&h->cell);
    return true;
}

static bool table_tag(struct html *h, const char *name, const char **atts, bool *known)
{
    *known = true;
    if (strcmp(name, "table") == 0) {
        h->outer++;
        return grid_end(h) && new_line(h);
    }
    if (h->outer == 0) {
        *known = false;
        return true;
    }
    if (strcmp(name, "tr") == 0)
        return row_begin(h);
    if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0)
        return cell_begin(h, atts);
    *known = false;
    return true;
}

/* ---------------------------------------------------------------- hidden */

static bool is_void(const char *name)
{
    static const char *const NAMES[] = { "area",  "base", "br",   "col",   "embed",  "hr",    "img",
                                         "input", "link", "meta", "param", "source", "track", "wbr" };
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (strcmp(name, NAMES[i]) == 0)
            return true;
    return false;
}

/* "display:none", "visibility : hidden" */
static bool style_hides(const char *style)
{
    static const char *const PAIRS[][2] = { { "display", "none" }, { "visibility", "hidden" } };
    for (const char *p = style; p && *p; p = strchr(p, ';'), p = p ? p + 1 : NULL) {
        p += strspn(p, " \t\r\n");
        for (size_t i = 0; i < 2; i++) {
            size_t n = strlen(PAIRS[i][0]);
            if (strncasecmp(p, PAIRS[i][0], n) != 0)
                continue;
            const char *v = p + n + strspn(p + n, " :\t");
            if (strncasecmp(v, PAIRS[i][1], strlen(PAIRS[i][1])) == 0)
                return true;
        }
    }
    return false;
}

static bool hides(const char *name, const char **atts)
{
    return strcmp(name, "template") == 0 || sk_xml_attr_plain(atts, "hidden") ||
           style_hides(sk_xml_attr_plain(atts, "style"));
}

static void start_hiding(struct html *h, const char *name)
{
    size_t n = strnlen(name, sizeof(h->hider) - 1);
    memcpy(h->hider, name, n);
    h->hider[n] = '\0';
    h->hider_depth = 1;
}

static bool stop_hiding(struct html *h)
{
    h->hider_depth = 0;
    bool ok = sk_side_add(&h->side, SK_RUN_BODY, SK_HIDDEN_TEXT, 0, h->line, h->hidden.p, h->hidden.n);
    sk_buf_clear(&h->hidden);
    return ok;
}

/* Inside what is hidden only its own name counts; cells and rows end it where they end without a tag. */
static bool hidden_tag(struct html *h, const char *name, bool end)
{
    if (strcmp(name, h->hider) == 0) {
        bool sibling = !end && (strcmp(name, "td") == 0 || strcmp(name, "tr") == 0 || strcmp(name, "p") == 0 ||
                                strcmp(name, "li") == 0);
        h->hider_depth = end || sibling ? h->hider_depth - 1 : h->hider_depth + 1;
        if (h->hider_depth == 0)
            return stop_hiding(h);
    }
    bool parts = strcmp(name, "td") == 0 || strcmp(name, "th") == 0;
    return parts ? put(h, "\t", 1) : put(h, " ", 1);
}

/* ---------------------------------------------------------------- elements */

static bool is_block(const char *name)
{
    static const char *const NAMES[] = { "p",      "div",      "br",      "li",         "ul",    "ol",      "dl",
                                         "dt",     "dd",       "h1",      "h2",         "h3",    "h4",      "h5",
                                         "h6",     "hr",       "pre",     "blockquote", "form",  "section", "article",
                                         "nav",    "header",   "footer",  "aside",      "main",  "center",  "option",
                                         "select", "fieldset", "legend",  "address",    "body",  "head",    "caption",
                                         "figure", "textarea", "details", "summary",    "tbody", "thead",   "tfoot",
                                         "iframe" };
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (strcmp(name, NAMES[i]) == 0)
            return true;
    return false;
}

static bool input_tag(struct html *h, const char **atts)
{
    const char *type = sk_xml_attr_plain(atts, "type"), *value = sk_xml_attr_plain(atts, "value");
    if (!value)
        return true;
    if (type && (strcasecmp(type, "hidden") == 0 || strcasecmp(type, "password") == 0))
        return aside(h, SK_RUN_BODY, SK_HIDDEN_TEXT, value);
    return on_text(h, value, strlen(value));
}

static bool meta_tag(struct html *h, const char **atts)
{
    static const char *const WANTED[] = { "author", "description", "keywords", "subject", "creator" };
    const char *name = sk_xml_attr_plain(atts, "name");
    for (size_t i = 0; name && i < sizeof(WANTED) / sizeof(WANTED[0]); i++)
        if (strcasecmp(name, WANTED[i]) == 0)
            return aside(h, SK_RUN_PROPERTY, SK_SHOWN, sk_xml_attr_plain(atts, "content"));
    return true;
}

static bool link_tag(struct html *h, const char **atts)
{
    const char *href = sk_xml_attr_plain(atts, "href");
    if (!href || strncasecmp(href, "mailto:", 7) != 0)
        return true;
    return sk_side_add(&h->side, SK_RUN_BODY, SK_SHOWN, 0, h->line, href + 7, strcspn(href + 7, "?"));
}

static bool other_tag(struct html *h, const char *name, const char **atts)
{
    bool ok = aside(h, SK_RUN_BODY, SK_HIDDEN_NAME, sk_xml_attr_plain(atts, "alt")) &&
              aside(h, SK_RUN_BODY, SK_HIDDEN_NAME, sk_xml_attr_plain(atts, "title"));
    if (strcmp(name, "input") == 0)
        ok = ok && input_tag(h, atts);
    else if (strcmp(name, "meta") == 0)
        ok = ok && meta_tag(h, atts);
    else if (strcmp(name, "a") == 0)
        ok = ok && link_tag(h, atts);
    else if (strcmp(name, "title") == 0)
        h->in_title = true;
    else if (strcmp(name, "pre") == 0)
        h->pre = true;
    else if (strcmp(name, "rt") == 0 || strcmp(name, "rp") == 0)
        h->in_ruby = true;
    return ok;
}

static bool on_start(void *ctx, const char *name, const char **atts)
{
    struct html *h = ctx;
    bool known;
    if (h->hider_depth && !hidden_tag(h, name, false))
        return false;
    if (h->hider_depth)
        return strcmp(name, "input") != 0 || input_tag(h, atts);
    if (h->in_ruby && (strcmp(name, "rt") == 0 || is_block(name)) && !ruby_end(h))
        return false;
    bool ok = table_tag(h, name, atts, &known);
    if (ok && !known && is_block(name))
        ok = new_line(h);
    if (ok && atts[0] && !is_void(name) && hides(name, atts))
        start_hiding(h, name);
    return ok && (known || other_tag(h, name, atts));
}

static bool title_end(struct html *h)
{
    h->in_title = false;
    bool ok = sk_ooxml_line(h->o, SK_RUN_TITLE, SK_SHOWN, h->title.p, h->title.n);
    sk_buf_clear(&h->title);
    return ok;
}

static bool on_end(void *ctx, const char *name)
{
    struct html *h = ctx;
    if (h->in_title && strcmp(name, "title") == 0)
        return title_end(h);
    if (h->hider_depth)
        return hidden_tag(h, name, true) && (h->hider_depth || on_end(h, name));
    if (h->in_ruby && (strcmp(name, "rt") == 0 || strcmp(name, "rp") == 0 || strcmp(name, "ruby") == 0))
        return ruby_end(h);
    if (strcmp(name, "table") == 0) {
        h->outer -= h->outer > 0;
        return grid_end(h);
    }
    if (h->outer && (strcmp(name, "td") == 0 || strcmp(name, "th") == 0))
        return cell_end(h) && (h->in_grid || new_line(h));
    if (h->outer && strcmp(name, "tr") == 0)
        return row_end(h);
    if (strcmp(name, "pre") == 0)
        h->pre = false;
    return !is_block(name) || new_line(h);
}

/* A comment may hold what was taken out of the page: its text without tags. */
static bool on_comment(void *ctx, const char *s, size_t n)
{
    struct html *h = ctx;
    struct sk_buf b;
    sk_buf_init(&b, n + 1);
    bool tag = false;
    for (size_t i = 0; i < n; i++) {
        tag |= s[i] == '<';
        sk_buf_add(&b, tag && s[i] != '\n' ? " " : s + i, 1);
        tag &= s[i] != '>';
    }
    bool ok = sk_side_add(&h->side, SK_RUN_COMMENT, SK_HIDDEN_COMMENT, 0, h->line, b.p, b.n);
    sk_buf_free(&b);
    return ok;
}

/* Scripts are no text, but the lines in them that hold more than ASCII are data. */
static bool on_script(void *ctx, const char *name, const char *s, size_t n)
{
    struct html *h = ctx;
    bool ok = true;
    if (strcmp(name, "style") == 0)
        return true;
    for (size_t i = 0; ok && i < n;) {
        const char *nl = memchr(s + i, '\n', n - i);
        size_t end = nl ? (size_t)(nl - s) : n;
        bool data = false;
        for (size_t k = i; k < end && !data; k++)
            data = (unsigned char)s[k] >= 0x80;
        if (data)
            ok = sk_side_add(&h->side, SK_RUN_BODY, SK_HIDDEN_TEXT, 0, h->line, s + i, end - i);
        i = end + 1;
    }
    return ok;
}

/* ---------------------------------------------------------------- the document */

static enum sk_charset declared(const char *head, size_t n)
{
    return sk_doc_named(head, n, "charset");
}

static void init(struct html *h, struct sk_out *o)
{
    h->o = o;
    h->space = h->at_line_start = true;
    h->line = 1;
    sk_side_init(&h->side, o);
    struct sk_buf *all[] = { &h->cell, &h->hidden, &h->title, &h->ruby };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        sk_buf_init(all[i], CELL_MAX);
}

static void free_html(struct html *h)
{
    struct sk_buf *all[] = { &h->cell, &h->hidden, &h->title, &h->ruby };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        sk_buf_free(all[i]);
    sk_side_free(&h->side);
    sk_grid_free(h->grid);
    free(h);
}

static bool finish(struct html *h)
{
    bool ok = !h->in_title || title_end(h);
    ok = ok && (!h->in_ruby || ruby_end(h)) && (!h->hider_depth || stop_hiding(h));
    ok = grid_end(h) && ok;
    return ok && sk_out_line(h->o) && sk_side_flush(&h->side);
}

bool sk_extract_html(struct sk_job *job)
{
    static const struct sk_markup_calls CALLS = { on_start, on_end, on_text, on_comment, on_script };
    struct sk_doc d;
    bool go = true;
    if (!sk_doc_load(job, declared, &d)) {
        sk_doc_free(&d);
        return true;
    }
    struct html *h = sk_new(1, sizeof(*h));
    struct sk_out *o = h ? sk_out_open(job, job->part) : NULL;
    if (o) {
        init(h, o);
        bool read = sk_markup_parse(d.p, d.n, true, &CALLS, h, job->budget);
        bool spent = job->budget->spent != SK_WHY_NONE;
        go = (read || spent) && finish(h);
        if (spent || h->overflow || h->side.lost)
            job->sink->reason(job->sink->ctx, job->part, spent ? job->budget->spent : SK_WHY_TOO_LARGE, "");
        go = sk_out_close(o) && go;
        free_html(h);
    } else {
        free(h);
    }
    sk_doc_free(&d);
    return go;
}

/* The first tag that says more than "<". */
int sk_sniff_html(struct sk_bytes head, struct sk_source *source)
{
    static const char *const SIGNS[] = { "<!doctype html", "<html", "<head", "<body", "<table", "<title", "<meta " };
    char peek[1024];
    (void)source;
    sk_doc_peek(head, peek, sizeof(peek));
    const char *p = peek;
    for (int i = 0; i < 8; i++) { /* behind comments and instructions */
        p += strspn(p, " \t\r\n");
        bool comment = strncmp(p, "<!--", 4) == 0;
        const char *end = comment ? strstr(p, "-->") : strncmp(p, "<?", 2) == 0 ? strchr(p, '>') : NULL;
        if (!end)
            break;
        p = end + (comment ? 3 : 1);
    }
    for (size_t i = 0; i < sizeof(SIGNS) / sizeof(SIGNS[0]); i++)
        if (strncasecmp(p, SIGNS[i], strlen(SIGNS[i])) == 0)
            return 80;
    return 0;
}
