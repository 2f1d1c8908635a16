/* pdf_records.c - reads what the helper program says (pdf.h), checks every record, and pushes it into the sink. */
#include "base/utf8.h"
#include "extract/msip.h"
#include "extract/pdf.h"

#include <stdio.h>

#define HEADER 12u
#define STEP ((size_t)64 << 10)
#define LINE_MAX_BYTES ((size_t)4 << 20)
#define COLUMNS_MAX 4096u

struct reader {
    struct sk_job *job;
    sk_pdf_pull pull;
    void *ctx;
    struct sk_buf in; /* received, not yet used */
    size_t at;        /* used of it */
    struct sk_out *o;
    bool in_table, has_cell, has_text, stopped;
    struct sk_labels labels;
    uint32_t row, col, image_pages, first_image_page;
};

struct head {
    uint8_t type, kind, hidden;
    uint32_t page, length;
};

/* The next n bytes; false at the end of what comes. */
static bool have(struct reader *r, size_t n)
{
    if (r->at && r->in.n - r->at < n) {
        memmove(r->in.p, r->in.p + r->at, r->in.n - r->at);
        r->in.n -= r->at;
        r->at = 0;
    }
    while (r->in.n - r->at < n) {
        if (!sk_buf_reserve(&r->in, STEP)) {
            r->job->sink->reason(r->job->sink->ctx, r->job->part, SK_WHY_TOO_LARGE, "memory");
            return r->stopped = true, false;
        }
        ssize_t got = r->pull(r->ctx, r->in.p + r->in.n, STEP);
        if (got < 0)
            r->stopped = true;
        if (got <= 0)
            return false;
        r->in.n += (size_t)got;
        if (!sk_budget_time(r->job->budget))
            return r->stopped = true, false;
    }
    return true;
}

static struct sk_bytes next(struct reader *r, size_t n)
{
    struct sk_bytes b = sk_bytes(r->in.p + r->at, n);
    r->at += n;
    return b;
}

static void tell(struct reader *r, enum sk_reason why, const char *detail)
{
    r->job->sink->reason(r->job->sink->ctx, r->job->part, why, detail);
}

/* ---------------------------------------------------------------- text */

static bool place(struct reader *r, const struct head *h, enum sk_run_kind kind, enum sk_hidden hidden)
{
    return sk_out_kind(r->o, kind, hidden) && sk_out_place(r->o, h->page, 0, 0);
}

static const enum sk_hidden HIDDEN[] = { SK_SHOWN, SK_HIDDEN_TEXT, SK_HIDDEN_COVERED, SK_HIDDEN_COMMENT };
static const enum sk_run_kind KINDS[] = { SK_RUN_BODY,      SK_RUN_TITLE,  SK_RUN_COMMENT, SK_RUN_BODY,
                                          SK_RUN_WATERMARK, SK_RUN_HEADER, SK_RUN_FOOTER };

static bool is_text(struct sk_bytes b)
{
    return sk_utf8_valid((const char *)b.p, b.n) && !memchr(b.p, 0, b.n);
}

static bool on_line(struct reader *r, const struct head *h, struct sk_bytes b)
{
    if (r->in_table || !is_text(b))
        return false;
    r->has_text |= b.n > 0;
    r->stopped = !place(r, h, KINDS[h->kind], HIDDEN[h->hidden]) || !sk_out_text(r->o, (const char *)b.p, b.n) ||
                 !sk_out_line(r->o);
    return true;
}

static bool on_table(struct reader *r, const struct head *h)
{
    bool begin = h->type == 'B';
    if (begin == r->in_table)
        return false;
    r->in_table = begin;
    r->has_cell = false;
    r->stopped =
        begin ? !place(r, h, SK_RUN_BODY, SK_SHOWN) || !sk_out_table_begin(r->o, false) : !sk_out_table_end(r->o);
    return true;
}

/* Cells come in reading order. */
static bool on_cell(struct reader *r, const struct head *h, struct sk_bytes b)
{
    uint32_t row, col;
    if (!r->in_table || !sk_u32le(&b, &row) || !sk_u32le(&b, &col) || col >= COLUMNS_MAX || !is_text(b))
        return false;
    if (r->has_cell && (row < r->row || (row == r->row && col <= r->col)))
        return false;
    r->has_cell = r->has_text = true;
    r->row = row;
    r->col = col;
    r->stopped = !sk_out_cell_begin(r->o, row, col, HIDDEN[h->hidden], false) ||
                 !sk_out_text(r->o, (const char *)b.p, b.n) || !sk_out_cell_end(r->o);
    return true;
}

/* ---------------------------------------------------------------- beside the text */

static bool named(struct sk_bytes *b, struct sk_bytes *name)
{
    uint32_t n;
    return sk_u32le(b, &n) && sk_take(b, n, name) && is_text(*name);
}

static bool on_label(struct reader *r, struct sk_bytes name, struct sk_bytes value)
{
    char key[128], text[64];
    if (name.n >= sizeof(key) || value.n >= sizeof(text))
        return false;
    memcpy(key, name.p, name.n);
    key[name.n] = '\0';
    memcpy(text, value.p, value.n);
    text[value.n] = '\0';
    return sk_labels_property(&r->labels, key, text);
}

static bool on_property(struct reader *r, const struct head *h, struct sk_bytes b)
{
    struct sk_bytes name;
    if (r->in_table || !named(&b, &name) || !is_text(b))
        return false;
    if (name.n && on_label(r, name, b))
        return true;
    bool title = name.n == 5 && memcmp(name.p, "Title", 5) == 0;
    r->stopped = !place(r, h, title ? SK_RUN_TITLE : SK_RUN_PROPERTY, SK_SHOWN) ||
                 !sk_out_text(r->o, (const char *)b.p, b.n) || !sk_out_line(r->o);
    return true;
}

static bool on_attachment(struct reader *r, struct sk_bytes b)
{
    struct sk_bytes name;
    if (!named(&b, &name))
        return false;
    if (sk_budget_member(r->job->budget) && sk_budget_expand(r->job->budget, b.n))
        r->stopped = !sk_out_child_bytes(r->job, (const char *)name.p, name.n, SK_HIDDEN_EMBEDDED, b);
    else
        r->stopped = true;
    return true;
}

static bool on_encrypted(struct reader *r, struct sk_bytes b)
{
    static const char *const METHODS[] = { "pdf-rc4-40", "pdf-rc4-128",     "pdf-aes128",
                                           "pdf-aes256", "pdf-certificate", "pdf-unknown" };
    for (size_t i = 0; i < sizeof(METHODS) / sizeof(*METHODS); i++)
        if (b.n == strlen(METHODS[i]) && memcmp(b.p, METHODS[i], b.n) == 0) {
            r->job->sink->encrypted(r->job->sink->ctx, r->job->part, METHODS[i]);
            tell(r, SK_WHY_ENCRYPTED, METHODS[i]);
            return true;
        }
    return false;
}

/* ---------------------------------------------------------------- the stream */

static bool on_image_page(struct reader *r, const struct head *h)
{
    if (r->image_pages++ == 0)
        r->first_image_page = h->page;
    return true;
}

static bool on_record(struct reader *r, const struct head *h, struct sk_bytes b)
{
    switch (h->type) {
    case 'L':
        return on_line(r, h, b);
    case 'B':
    case 'N':
        return on_table(r, h);
    case 'C':
        return on_cell(r, h, b);
    case 'P':
        return on_property(r, h, b);
    case 'A':
        return on_attachment(r, b);
    case 'X':
        return on_encrypted(r, b);
    case 'R':
        return tell(r, SK_WHY_RIGHTS_MANAGED, ""), true;
    case 'D':
        return tell(r, SK_WHY_DAMAGED, ""), true;
    case 'I':
        return on_image_page(r, h);
    case 'F':
        return tell(r, SK_WHY_UNSUPPORTED, "font"), true;
    case 'T':
        return tell(r, SK_WHY_TOO_LARGE, "page"), true;
    default:
        return false;
    }
}

static bool read_head(struct reader *r, struct head *h)
{
    uint8_t zero;
    struct sk_bytes b = next(r, HEADER);
    uint64_t most = r->job->budget->limits.max_member_bytes;
    return sk_u8(&b, &h->type) && sk_u8(&b, &h->kind) && sk_u8(&b, &h->hidden) && sk_u8(&b, &zero) &&
           sk_u32le(&b, &h->page) && sk_u32le(&b, &h->length) && zero == 0 &&
           h->kind < sizeof(KINDS) / sizeof(*KINDS) && h->hidden < sizeof(HIDDEN) / sizeof(*HIDDEN) &&
           h->length <= (h->type == 'A' ? most : LINE_MAX_BYTES);
}

/* A page that is only a picture was not inspected; when all are, that is all there is to say. */
static void tell_images(struct reader *r)
{
    char page[32] = "";
    if (r->image_pages == 0)
        return;
    if (r->has_text)
        snprintf(page, sizeof(page), "page %u", r->first_image_page);
    tell(r, SK_WHY_IMAGE_ONLY, page);
}

static enum sk_pdf_end read_all(struct reader *r)
{
    struct head h;
    while (have(r, HEADER)) {
        if (!read_head(r, &h))
            return SK_PDF_INVALID;
        if (!have(r, h.length))
            break;
        struct sk_bytes payload = next(r, h.length);
        if (h.type == 'E')
            return SK_PDF_WHOLE;
        if (!on_record(r, &h, payload))
            return SK_PDF_INVALID;
        if (r->stopped)
            break;
    }
    return r->stopped ? SK_PDF_STOPPED : SK_PDF_CUT;
}

enum sk_pdf_end sk_pdf_records(struct sk_job *job, sk_pdf_pull pull, void *ctx)
{
    struct reader r = { .job = job, .pull = pull, .ctx = ctx };
    uint64_t most = job->budget->limits.max_member_bytes;
    sk_buf_init(&r.in, (size_t)(most < ((uint64_t)1 << 40) ? most : (uint64_t)1 << 40) + LINE_MAX_BYTES + 2 * STEP);
    if (!(r.o = sk_out_open(job, job->part)))
        return SK_PDF_STOPPED;
    enum sk_pdf_end end = read_all(&r);
    if (r.in_table && !r.stopped)
        sk_out_table_end(r.o);
    tell_images(&r);
    sk_labels_tell(&r.labels, job);
    if (!sk_out_close(r.o))
        end = SK_PDF_STOPPED;
    sk_buf_free(&r.in);
    return end;
}
