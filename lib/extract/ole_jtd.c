/*
 * ole_jtd.c - 一太郎 8 and later (.jtd .jtt .jfw .jvw; .jtdc .jttc hold the same compressed). The format is not
 * published; the layout is what real files show, as also written down by the OpenJTD project: streams of big-endian
 * units that begin with "SsmgV.01" and hold segments "TextV.01", u32 count of units, text with control records.
 */
#include "extract/ole.h"
#include "extract/ooxml.h"

#define MAGIC "SsmgV.01"
#define SEGMENT "TextV.01"
#define RECORD_UNITS 4096u /* no record is longer; one without an end is passed over up to here */
#define COMPRESSED_LOOK 256u

enum code {
    LINE = 0x0A,
    COLUMN_BREAK = 0x0B,
    PAGE_BREAK = 0x0C,
    PARAGRAPH = 0x0D,
    CELL = 0x0E,
    SPACE = 0x10,
    RECORD = 0x1C,
    INLINE = 0x1D, /* ends a record; inline text follows */
    INLINE_END = 0x1E,
    RUN = 0x1F /* ends a record; running text follows */
};

static unsigned unit(struct sk_bytes b, size_t i)
{
    return (unsigned)b.p[2 * i] << 8 | b.p[2 * i + 1];
}

/* The unit behind the record that begins at i: class, length, ... and at the end RUN or INLINE. */
static size_t behind_record(struct sk_bytes b, size_t i, size_t n)
{
    size_t length = i + 2 < n ? unit(b, i + 2) : 0;
    if (length >= 4 && length <= n - i) {
        unsigned last = unit(b, i + length - 1);
        if (last == RUN || last == INLINE)
            return i + length;
    }
    size_t most = n - i < RECORD_UNITS ? n : i + RECORD_UNITS;
    for (size_t k = i + 1; k < most; k++)
        if (unit(b, k) == RUN || unit(b, k) == INLINE)
            return k + 1;
    return i + 1;
}

struct page {
    struct sk_out *o;
    struct sk_buf text; /* UTF-16BE of the line in hand */
    uint32_t paragraph;
    bool numbered; /* paragraphs of the body are counted */
};

static bool end_line(struct page *p)
{
    char utf8[2048];
    bool ok = true;
    for (size_t at = 0; ok && at < p->text.n;) { /* a step never ends between surrogates */
        size_t n = p->text.n - at < 1024 ? p->text.n - at : 1024;
        struct sk_bytes b = sk_bytes(p->text.p + at, n);
        if (at + n < p->text.n && (unit(b, n / 2 - 1) & 0xFC00) == 0xD800)
            n -= 2;
        ok = sk_out_text(p->o, utf8, sk_to_utf8(SK_CS_UTF16BE, b.p, n, utf8, sizeof(utf8)));
        at += n;
    }
    sk_buf_clear(&p->text);
    return ok && sk_out_line(p->o);
}

static bool add_unit(struct page *p, unsigned u)
{
    uint8_t two[2] = { (uint8_t)(u >> 8), (uint8_t)u };
    return sk_buf_add(&p->text, two, 2);
}

/* n units of text. A simple document has no record at all, so everything is text until a record begins. */
static bool segment(struct page *p, struct sk_bytes b, size_t n)
{
    bool ok = true;
    for (size_t i = 0; ok && i < n;) {
        unsigned u = unit(b, i);
        if (u == RECORD) {
            i = behind_record(b, i, n);
            continue;
        }
        i++;
        if (u == PARAGRAPH || u == LINE || u == COLUMN_BREAK || u == PAGE_BREAK) {
            p->paragraph += p->numbered;
            ok = sk_out_place(p->o, 0, 0, p->paragraph) && end_line(p);
            if (u == PARAGRAPH && i < n && unit(b, i) == LINE)
                i++;
        } else if (u == CELL || u == '\t') {
            ok = add_unit(p, '\t');
        } else if (u == SPACE) {
            ok = add_unit(p, ' ');
        } else if (u >= 0x20 && u != 0xFFFF && !(u >= 0x7F && u <= 0x9F)) {
            ok = add_unit(p, u);
        }
    }
    return ok && (p->text.n == 0 || (sk_out_place(p->o, 0, 0, p->paragraph + p->numbered) && end_line(p)));
}

/* All segments of a stream; *found: there was one. */
static bool stream(struct sk_ole *f, struct sk_out *o, struct sk_bytes b, bool numbered, bool *found)
{
    struct page p = { .o = o, .numbered = numbered };
    bool ok = true;
    sk_buf_init(&p.text, (size_t)16 << 20);
    for (size_t at = 8; ok && (at = sk_find(b, at, SEGMENT, 8)) != SIZE_MAX;) {
        struct sk_bytes rest;
        uint32_t count = 0;
        at += 8;
        if (!sk_slice(b, at, b.n - at, &rest) || !sk_u32be(&rest, &count))
            break;
        if (count > rest.n / 2) {
            sk_ole_tell(f, SK_WHY_DAMAGED, "");
            count = (uint32_t)(rest.n / 2);
        }
        *found = true;
        ok = segment(&p, rest, count);
        at += 4 + (size_t)count * 2;
    }
    sk_buf_free(&p.text);
    return ok;
}

static enum sk_run_kind kind_of(const char *name)
{
    return strcmp(name, "Header") == 0                                     ? SK_RUN_HEADER
           : strcmp(name, "Footnote") == 0 || strcmp(name, "Endnote") == 0 ? SK_RUN_NOTE
                                                                           : SK_RUN_BODY;
}

/* Every stream that holds text, in whatever storage: sheets lie in ObjectSheets/DocSheet/DOCS_nnnn. */
static bool storage(struct sk_ole *f, struct sk_out *o, uint32_t where, unsigned level, struct sk_buf *buf, bool *found)
{
    uint64_t most = f->job->budget->limits.max_member_bytes;
    bool ok = true;
    for (uint32_t i = sk_cfb_at(f->c, where)->first; ok && i != SK_CFB_NONE; i = sk_cfb_at(f->c, i)->next) {
        const struct sk_cfb_entry *e = sk_cfb_at(f->c, i);
        if (!sk_budget_time(f->job->budget))
            return false;
        if (e->type != 2) {
            ok = level >= SK_OLE_DEPTH || storage(f, o, i, level + 1, buf, found);
            continue;
        }
        sk_buf_clear(buf);
        if (e->size < 16 || !e->reached || (sk_cfb_read(f->c, i, 8, buf), buf->n < 8) || memcmp(buf->p, MAGIC, 8) != 0)
            continue;
        sk_buf_clear(buf);
        if (!sk_cfb_read(f->c, i, most, buf))
            sk_ole_tell(f, e->size > most ? SK_WHY_TOO_LARGE : SK_WHY_DAMAGED, "");
        enum sk_run_kind kind = kind_of(e->name);
        ok = sk_out_kind(o, kind, SK_SHOWN) && stream(f, o, sk_bytes(buf->p, buf->n), kind == SK_RUN_BODY, found);
    }
    return ok;
}

/* "JustCompressedDocument" and, within the first bytes, an LHA archive of one member: the document. */
static bool compressed(struct sk_ole *f, struct sk_buf *buf, bool *found)
{
    if (!sk_ole_stream(f, f->root, "JSCompDocument", buf))
        return true;
    struct sk_bytes b = sk_bytes(buf->p, buf->n),
                    head = sk_bytes(buf->p, b.n < COMPRESSED_LOOK ? b.n : COMPRESSED_LOOK);
    for (size_t at = 2; (at = sk_find(head, at, "-lh", 3)) != SIZE_MAX; at++) {
        struct sk_bytes archive;
        if (head.n - at < 5 || b.p[at + 4] != '-' || !sk_slice(b, at - 2, b.n - (at - 2), &archive))
            continue;
        *found = true;
        return !sk_budget_member(f->job->budget) || sk_out_child_bytes(f->job, "JSCompDocument", 14, SK_SHOWN, archive);
    }
    return true;
}

bool sk_jtd_read(struct sk_ole *f)
{
    struct sk_buf buf;
    bool found = false;
    sk_buf_init(&buf, SIZE_MAX / 2);
    bool ok = compressed(f, &buf, &found);
    struct sk_out *o = ok ? sk_out_open(f->job, f->job->part) : NULL;
    if (o) {
        ok = storage(f, o, f->root, 0, &buf, &found) && sk_ole_props(f, o);
        ok = sk_out_close(o) && ok;
    } else if (ok) {
        sk_ole_tell(f, SK_WHY_TOO_LARGE, "memory");
    }
    if (!found)
        sk_ole_tell(f, SK_WHY_UNSUPPORTED, "jtd");
    sk_buf_free(&buf);
    return ok;
}
