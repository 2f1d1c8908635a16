/*
 * fmt_rtf.c - Rich Text Format (RTF 1.9.1, Microsoft). Text goes to the destination of its group; notes, comments,
 * headers and what is hidden are set aside, so that the paragraph in which they hang stays whole.
 */
#include "extract/cfb.h"
#include "extract/rtf.h"

#include <stdlib.h>
#include <strings.h>

int sk_sniff_rtf(struct sk_bytes head, struct sk_source *source);
bool sk_extract_rtf(struct sk_job *job);

#define TEXT_MAX ((size_t)16 << 20)
#define OBJECT_MAX ((size_t)256 << 20)
#define CHECK_EVERY ((size_t)256 << 10)

/* ---------------------------------------------------------------- destinations */

static const struct {
    const char *word;
    enum sk_run_kind kind;
    enum sk_hidden hidden;
} BOX_WORDS[] = {
    { "header", SK_RUN_HEADER, SK_SHOWN },     { "headerl", SK_RUN_HEADER, SK_SHOWN },
    { "headerr", SK_RUN_HEADER, SK_SHOWN },    { "headerf", SK_RUN_HEADER, SK_SHOWN },
    { "footer", SK_RUN_FOOTER, SK_SHOWN },     { "footerl", SK_RUN_FOOTER, SK_SHOWN },
    { "footerr", SK_RUN_FOOTER, SK_SHOWN },    { "footerf", SK_RUN_FOOTER, SK_SHOWN },
    { "footnote", SK_RUN_NOTE, SK_SHOWN },     { "annotation", SK_RUN_COMMENT, SK_HIDDEN_COMMENT },
    { "shptxt", SK_RUN_BODY, SK_SHOWN },       { "title", SK_RUN_TITLE, SK_SHOWN },
    { "author", SK_RUN_PROPERTY, SK_SHOWN },   { "subject", SK_RUN_PROPERTY, SK_SHOWN },
    { "keywords", SK_RUN_PROPERTY, SK_SHOWN }, { "comment", SK_RUN_PROPERTY, SK_SHOWN },
    { "doccomm", SK_RUN_PROPERTY, SK_SHOWN },  { "operator", SK_RUN_PROPERTY, SK_SHOWN },
    { "manager", SK_RUN_PROPERTY, SK_SHOWN },  { "company", SK_RUN_PROPERTY, SK_SHOWN },
    { "category", SK_RUN_PROPERTY, SK_SHOWN }, { "staticval", SK_RUN_PROPERTY, SK_SHOWN },
};

static const char *const SKIPPED[] = {
    "colortbl",
    "stylesheet",
    "pict",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "generator",
    "themedata",
    "colorschememapping",
    "latentstyles",
    "datastore",
    "xmlnstbl",
    "filetbl",
    "revtbl",
    "atnid",
    "atnauthor",
    "atndate",
    "atntime",
    "atnref",
    "bkmkstart",
    "bkmkend",
    "listtext",
    "pntext",
    "nonshppict",
    "sp",
    "falt",
    "panose",
    "mmathPr",
    "objclass",
    "objname",
    "creatim",
    "revtim",
    "printim",
    "buptim",
    "wgrffmtfilter",
    "pnseclvl",
    "ftnsep",
    "ftnsepc",
    "aftnsep",
    "aftnsepc",
};

static bool box_begin(struct rtf *r, size_t i)
{
    struct rtf_group *g = &r->group[r->depth];
    if (r->boxes == RTF_BOXES || g->box || g->dest == RTF_TO_SKIP)
        return true;
    struct rtf_box *b = &r->box[r->boxes++];
    sk_buf_clear(&b->text);
    b->kind = BOX_WORDS[i].kind;
    b->hidden = BOX_WORDS[i].hidden;
    g->box = true;
    g->dest = RTF_TO_TEXT;
    return true;
}

static bool box_end(struct rtf *r)
{
    struct rtf_box *b = &r->box[--r->boxes];
    size_t n = b->text.n;
    while (n && b->text.p[n - 1] == '\n')
        n--;
    enum sk_run_kind kind = b->kind == SK_RUN_BODY && sk_is_stamp(b->text.p, n) ? SK_RUN_STAMP : b->kind;
    return sk_side_add(&r->side, kind, b->hidden, 0, r->paragraph, b->text.p, n);
}

/* True: the word named what its group is. */
static bool destination(struct rtf *r, const char *w, bool *ok)
{
    struct rtf_group *g = &r->group[r->depth];
    for (size_t i = 0; i < sizeof(BOX_WORDS) / sizeof(BOX_WORDS[0]); i++)
        if (strcmp(w, BOX_WORDS[i].word) == 0)
            return *ok = rtf_flush_bytes(r) && box_begin(r, i), true;
    bool skip = false;
    for (size_t i = 0; i < sizeof(SKIPPED) / sizeof(SKIPPED[0]) && !skip; i++)
        skip = strcmp(w, SKIPPED[i]) == 0;
    if (skip)
        g->dest = RTF_TO_SKIP;
    else if (strcmp(w, "fonttbl") == 0)
        g->dest = RTF_TO_FONTS;
    else if (strcmp(w, "objdata") == 0 && g->dest != RTF_TO_SKIP) {
        g->dest = RTF_TO_OBJECT;
        sk_buf_clear(&r->object);
        r->nibble = -1;
    } else if (strcmp(w, "fldinst") == 0 && g->dest == RTF_TO_TEXT) {
        g->dest = RTF_TO_CODE;
        sk_buf_clear(&r->code);
    } else
        return false;
    return true;
}

/* ---------------------------------------------------------------- objects and fields */

static bool take_counted(struct sk_bytes *b, struct sk_bytes *out)
{
    uint32_t n;
    return sk_u32le(b, &n) && sk_take(b, n, out);
}

/* MS-OLEDS 2.2.5 EmbeddedObject: version, format 2, class, topic, item, bytes. */
static bool object_end(struct rtf *r)
{
    struct sk_bytes b = sk_bytes(r->object.p, r->object.n), name, unused, data;
    uint32_t version, format;
    if (!sk_budget_member(r->job->budget))
        return true;
    bool known = sk_u32le(&b, &version) && sk_u32le(&b, &format) && format == 2 && take_counted(&b, &name) &&
                 take_counted(&b, &unused) && take_counted(&b, &unused);
    uint32_t n = 0;
    if (!known || !sk_u32le(&b, &n))
        return true;
    sk_take(&b, n < b.n ? n : b.n, &data);
    char shown[256];
    size_t k = sk_member_name(name.p, name.n ? strnlen((const char *)name.p, name.n < 100 ? name.n : 100) : 0, shown,
                              sizeof(shown));
    if (name.n >= 7 && memcmp(name.p, "Package", 7) == 0)
        return sk_packed_child(r->job, data);
    return data.n == 0 || sk_out_child_bytes(r->job, shown, k, SK_HIDDEN_EMBEDDED, data);
}

static void object_byte(struct rtf *r, uint8_t c)
{
    int v = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
    if (v < 0)
        return;
    if (r->nibble < 0) {
        r->nibble = v;
        return;
    }
    uint8_t byte = (uint8_t)(r->nibble << 4 | v);
    r->overflow |= !sk_buf_add(&r->object, &byte, 1);
    r->nibble = -1;
}

/* A field's code names what it shows; only addresses are more than that. */
static bool code_end(struct rtf *r)
{
    bool address = r->code.n && (strstr(r->code.p, "://") || strstr(r->code.p, "mailto:"));
    return !address || sk_side_add(&r->side, SK_RUN_BODY, SK_HIDDEN_NAME, 0, r->paragraph, r->code.p, r->code.n);
}

/* ---------------------------------------------------------------- groups and words */

static bool open_group(struct rtf *r)
{
    if (!rtf_flush_bytes(r))
        return false;
    if (r->depth + 1 == RTF_GROUPS) {
        r->over++;
        return true;
    }
    r->group[r->depth + 1] = r->group[r->depth];
    r->depth++;
    r->group[r->depth].box = r->group[r->depth].star = false;
    return true;
}

static bool close_group(struct rtf *r)
{
    bool ok = rtf_flush_bytes(r);
    if (r->over) {
        r->over--;
        return ok;
    }
    if (r->depth == 0)
        return ok;
    struct rtf_group *g = &r->group[r->depth], *up = g - 1;
    if (g->box)
        ok = ok && box_end(r);
    if (g->dest == RTF_TO_OBJECT && up->dest != RTF_TO_OBJECT)
        ok = ok && object_end(r);
    if (g->dest == RTF_TO_CODE && up->dest != RTF_TO_CODE)
        ok = ok && code_end(r);
    r->depth--;
    return ok;
}

/* \fcharset (RTF 1.9.1, font table) -> code page; 0 and 1 are the document's own. */
static uint16_t font_codepage(long charset)
{
    static const struct {
        uint8_t charset;
        uint16_t codepage;
    } CHARSETS[] = { { 77, 10000 }, { 128, 932 },  { 129, 949 },  { 134, 936 },  { 136, 950 },
                     { 161, 1253 }, { 162, 1254 }, { 163, 1258 }, { 177, 1255 }, { 178, 1256 },
                     { 186, 1257 }, { 204, 1251 }, { 222, 874 },  { 238, 1250 }, { 254, 437 } };
    for (size_t i = 0; i < sizeof(CHARSETS) / sizeof(CHARSETS[0]); i++)
        if (CHARSETS[i].charset == charset)
            return CHARSETS[i].codepage;
    return 0;
}

static void font_word(struct rtf *r, const struct rtf_token *t)
{
    if (strcmp(t->word, "f") == 0)
        r->font = t->number;
    else if (strcmp(t->word, "fcharset") == 0 && r->font >= 0 && r->font < (long)RTF_FONTS)
        r->fonts[r->font] = font_codepage(t->number);
}

static const struct {
    const char *word, *text;
} CHARACTERS[] = {
    { "tab", "\t" },    { "emdash", "—" },  { "endash", "–" },    { "bullet", "・" },
    { "lquote", "‘" },  { "rquote", "’" },  { "ldblquote", "“" }, { "rdblquote", "”" },
    { "emspace", " " }, { "enspace", " " }, { "qmspace", " " },
};

static bool character_word(struct rtf *r, const struct rtf_token *t, bool *known)
{
    const char *w = t->word;
    *known = true;
    if (strcmp(w, "par") == 0 || strcmp(w, "sect") == 0 || strcmp(w, "page") == 0)
        return rtf_paragraph_end(r);
    if (strcmp(w, "line") == 0)
        return r->boxes || r->in_row || r->group[r->depth].dest != RTF_TO_TEXT
                   ? rtf_put(r, "\n")
                   : rtf_flush_bytes(r) && sk_out_line(r->o);
    if (strcmp(w, "u") == 0)
        return rtf_put_code_point(r, t->number);
    for (size_t i = 0; i < sizeof(CHARACTERS) / sizeof(CHARACTERS[0]); i++)
        if (strcmp(w, CHARACTERS[i].word) == 0)
            return rtf_put(r, CHARACTERS[i].text);
    *known = false;
    return true;
}

static bool style_word(struct rtf *r, const struct rtf_token *t)
{
    struct rtf_group *g = &r->group[r->depth];
    const char *w = t->word;
    bool on = !t->has_number || t->number != 0;
    if (strcmp(w, "ansicpg") == 0)
        r->codepage = t->number > 0 && t->number < 65536 ? (uint32_t)t->number : 0;
    else if (strcmp(w, "uc") == 0)
        g->skip = (uint8_t)(t->number >= 0 && t->number < 256 ? t->number : 1);
    else if (strcmp(w, "f") == 0 || strcmp(w, "af") == 0) {
        bool ok = rtf_flush_bytes(r);
        g->codepage = t->number >= 0 && t->number < (long)RTF_FONTS ? r->fonts[t->number] : 0;
        return ok;
    } else if (strcmp(w, "v") == 0 || strcmp(w, "deleted") == 0 || strcmp(w, "plain") == 0) {
        bool ok = rtf_flush_bytes(r);
        if (w[0] == 'p')
            g->hidden = g->deleted = false;
        else if (w[0] == 'v')
            g->hidden = on;
        else
            g->deleted = on;
        return ok;
    }
    return true;
}

static bool word(struct rtf *r, const struct rtf_token *t)
{
    struct rtf_group *g = &r->group[r->depth];
    bool ok = true, known, star = g->star;
    g->star = false;
    if (strcmp(t->word, "u") != 0)
        r->pass = 0;
    if (g->dest == RTF_TO_FONTS) {
        font_word(r, t);
        return true;
    }
    if (g->dest == RTF_TO_SKIP)
        return true;
    if (destination(r, t->word, &ok))
        return ok;
    if (star) { /* \* and a word that is not known: the group is not for us */
        static const char *const READ[] = { "shpinst",   "shppict", "userprops",     "propname",
                                            "hlinkbase", "ud",      "nesttableprops" };
        g->dest = RTF_TO_SKIP;
        for (size_t i = 0; i < sizeof(READ) / sizeof(READ[0]); i++)
            if (strcmp(t->word, READ[i]) == 0)
                g->dest = (g - 1)->dest;
        return true;
    }
    ok = character_word(r, t, &known);
    if (known)
        return ok;
    ok = rtf_table_word(r, t->word, &known);
    return known ? ok : style_word(r, t);
}

static bool symbol(struct rtf *r, char c)
{
    r->pass = 0;
    if (c == '*') {
        r->group[r->depth].star = true;
        return true;
    }
    if (c == '\\' || c == '{' || c == '}')
        return rtf_put_byte(r, (uint8_t)c);
    if (c == '\n' || c == '\r')
        return rtf_paragraph_end(r);
    return c == '~' ? rtf_put(r, " ") : c == '_' ? rtf_put(r, "-") : true;
}

static bool character(struct rtf *r, const struct rtf_token *t)
{
    struct rtf_group *g = &r->group[r->depth];
    if (g->dest == RTF_TO_OBJECT)
        object_byte(r, t->byte);
    if (g->dest == RTF_TO_OBJECT || g->dest == RTF_TO_SKIP || g->dest == RTF_TO_FONTS)
        return true;
    if (r->pass) {
        r->pass--;
        return true;
    }
    return rtf_put_byte(r, t->byte);
}

static bool token(struct rtf *r, const struct rtf_token *t)
{
    switch (t->kind) {
    case RTF_OPEN:
        return open_group(r);
    case RTF_CLOSE:
        return close_group(r);
    case RTF_WORD:
        return word(r, t);
    case RTF_SYMBOL:
        return symbol(r, t->word[0]);
    case RTF_BYTE:
        return character(r, t);
    case RTF_BINARY:
        if (r->group[r->depth].dest == RTF_TO_OBJECT)
            r->overflow |= !sk_buf_add(&r->object, t->data.p, t->data.n);
        return true;
    case RTF_END:
        break;
    }
    return true;
}

/* ---------------------------------------------------------------- the document */

static bool read_all(struct rtf *r, struct sk_bytes b)
{
    const struct sk_sink *sink = r->job->sink;
    bool ok = true;
    unsigned deepest = 0;
    for (size_t next = b.n; ok && b.n;) {
        if (b.n <= next) {
            next = b.n > CHECK_EVERY ? b.n - CHECK_EVERY : 0;
            if (!sk_budget_time(r->job->budget))
                break;
        }
        struct rtf_token t;
        rtf_next(&b, &t);
        ok = token(r, &t);
        deepest = r->depth > deepest ? r->depth : deepest;
        if (deepest && r->depth == 0) /* what follows the document's last brace is no part of it */
            break;
    }
    if (r->job->budget->spent != SK_WHY_NONE)
        sink->reason(sink->ctx, r->job->part, r->job->budget->spent, "");
    else if (r->depth || r->over)
        sink->reason(sink->ctx, r->job->part, SK_WHY_DAMAGED, "");
    while (ok && r->depth)
        ok = close_group(r);
    ok = ok && rtf_flush_aside(r) && (!r->in_row || rtf_row_end(r));
    if (r->in_table)
        ok = sk_grid_end(r->grid) && ok;
    return ok && sk_out_line(r->o) && sk_side_flush(&r->side);
}

static void init(struct rtf *r, struct sk_job *job, struct sk_out *o)
{
    r->job = job;
    r->o = o;
    r->group[0].skip = 1;
    r->paragraph = 1;
    r->font = -1;
    sk_side_init(&r->side, o);
    struct sk_buf *all[] = { &r->bytes, &r->cell, &r->aside, &r->code };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        sk_buf_init(all[i], TEXT_MAX);
    for (size_t i = 0; i < RTF_BOXES; i++)
        sk_buf_init(&r->box[i].text, TEXT_MAX);
    sk_buf_init(&r->object, OBJECT_MAX);
}

static void free_rtf(struct rtf *r)
{
    struct sk_buf *all[] = { &r->bytes, &r->cell, &r->aside, &r->code, &r->object };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        sk_buf_free(all[i]);
    for (size_t i = 0; i < RTF_BOXES; i++)
        sk_buf_free(&r->box[i].text);
    sk_side_free(&r->side);
    sk_grid_free(r->grid);
    free(r);
}

bool sk_extract_rtf(struct sk_job *job)
{
    struct sk_buf hold;
    struct sk_bytes b;
    sk_buf_init(&hold, SIZE_MAX / 2);
    bool go = true;
    if (!sk_source_all(job->source, job->budget->limits.max_member_bytes, job->budget, &hold, &b)) {
        enum sk_reason why = job->budget->spent != SK_WHY_NONE ? job->budget->spent : SK_WHY_DAMAGED;
        job->sink->reason(job->sink->ctx, job->part, why, "");
        sk_buf_free(&hold);
        return true;
    }
    struct rtf *r = sk_new(1, sizeof(*r));
    struct sk_out *o = r ? sk_out_open(job, job->part) : NULL;
    if (o) {
        init(r, job, o);
        go = sk_out_place(o, 0, 0, 1) && read_all(r, b);
        if (r->overflow || r->side.lost)
            job->sink->reason(job->sink->ctx, job->part, SK_WHY_TOO_LARGE, "");
        go = sk_out_close(o) && go;
        free_rtf(r);
    } else {
        free(r);
    }
    sk_buf_free(&hold);
    return go;
}

int sk_sniff_rtf(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    return SK_STARTS(head, "{\\rtf") ? 80 : 0;
}
