/*
 * fmt_dbf.c - dBase III to V, FoxPro and Visual FoxPro tables. Deleted records keep their data until the file is
 * packed: they are read too, as hidden. Memo fields lie in a file of their own (.dbt, .fpt), which is unreadable
 * without this one and is told by name where it lies.
 */
#include "extract/extract.h"
#include "text/codepage.h"

#include <stdio.h>
#include <stdlib.h>

int sk_sniff_dbf(struct sk_bytes b, struct sk_source *source);
bool sk_extract_dbf(struct sk_job *job);

#define FIELDS 2048u /* dBase has 255, Visual FoxPro 254, Clipper 1024 */
#define HEADER_MAX ((size_t)65535)

struct field {
    uint32_t at; /* in the record */
    uint16_t width;
    char type;
};

struct dbf {
    struct sk_job *job;
    struct sk_out *o;
    struct field *fields;
    size_t n;
    uint32_t records;
    uint16_t header, width;
    uint32_t codepage; /* 0: not told */
    enum sk_charset cs;
};

static bool layout(struct sk_bytes b, uint16_t *header, uint16_t *width)
{
    struct sk_bytes at = b;
    return b.n >= 65 && sk_skip(&at, 8) && sk_u16le(&at, header) && sk_u16le(&at, width) && *header >= 65 &&
           *width >= 2;
}

/* Version, a date, header = 32 + 32 for each field + an end mark (+ 263 for a Visual FoxPro database's name). */
int sk_sniff_dbf(struct sk_bytes b, struct sk_source *source)
{
    static const uint8_t VERSIONS[] = { 0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x83, 0x8B, 0x8E, 0xCB, 0xF5 };
    uint16_t header, width;
    (void)source;
    if (!layout(b, &header, &width) || !memchr(VERSIONS, b.p[0], sizeof(VERSIONS)))
        return 0;
    bool dated = (b.p[2] >= 1 && b.p[2] <= 12 && b.p[3] >= 1 && b.p[3] <= 31) || (b.p[2] == 0 && b.p[3] == 0);
    unsigned rest = (header - 1u) % 32u;
    uint8_t type = b.p[32 + 11];
    bool typed = (type >= 'A' && type <= 'Z') || type == '+' || type == '@' || type == '0';
    return dated && typed && (rest == 0 || rest == 263u % 32u || header % 32u == 0) ? 56 : 0;
}

/* The language driver's byte -> code page (dBase and FoxPro documentation; 0x13 and 0x7B are Japan's). */
static uint32_t driver(uint8_t id)
{
    static const struct {
        uint8_t id;
        uint16_t codepage;
    } DRIVERS[] = {
        { 0x01, 437 },  { 0x02, 850 },  { 0x03, 1252 }, { 0x13, 932 },  { 0x4D, 936 },  { 0x4E, 949 },
        { 0x4F, 950 },  { 0x50, 874 },  { 0x57, 1252 }, { 0x58, 1252 }, { 0x59, 1252 }, { 0x64, 852 },
        { 0x65, 866 },  { 0x78, 950 },  { 0x79, 949 },  { 0x7A, 936 },  { 0x7B, 932 },  { 0x7C, 874 },
        { 0x7D, 1255 }, { 0x7E, 1256 }, { 0xC8, 1250 }, { 0xC9, 1251 }, { 0xCA, 1254 }, { 0xCB, 1253 },
    };
    for (size_t i = 0; i < sizeof(DRIVERS) / sizeof(DRIVERS[0]); i++)
        if (DRIVERS[i].id == id)
            return DRIVERS[i].codepage;
    return 0;
}

static bool put(struct dbf *d, struct sk_bytes b)
{
    size_t length, room = sk_codepage_room(b.n);
    char utf8[3 * 1024 + 16];
    uint8_t high = 0;
    for (size_t i = 0; i < b.n; i++)
        high |= b.p[i];
    if (high < 0x80) /* most of a table; opening a converter costs more than the value */
        return sk_out_text(d->o, (const char *)b.p, b.n);
    if (d->codepage && room <= sizeof(utf8) && sk_codepage_to_utf8(d->codepage, b.p, b.n, utf8, room, &length))
        return sk_out_text(d->o, utf8, length);
    return sk_out_bytes(d->o, d->cs, b.p, b.n);
}

/* Binary numbers of Visual FoxPro; dates are YYYYMMDD and stay digits. */
static bool put_value(struct dbf *d, const struct field *f, struct sk_bytes b)
{
    char number[40];
    uint32_t v;
    if (f->type == 'I' && f->width == 4 && sk_u32le(&b, &v)) {
        int n = snprintf(number, sizeof(number), "%ld", (long)(int32_t)v);
        return sk_out_text(d->o, number, n > 0 ? (size_t)n : 0);
    }
    if (strchr("BOYT@+0GPQ", f->type) && f->type)
        return true; /* doubles, money, moments, pictures: no text of a person */
    while (b.n && (b.p[b.n - 1] == ' ' || b.p[b.n - 1] == '\0'))
        b.n--;
    while (b.n && b.p[0] == ' ')
        sk_skip(&b, 1);
    return put(d, b);
}

static bool fields(struct dbf *d, struct sk_bytes head)
{
    uint32_t at = 1; /* behind the mark of deletion */
    struct sk_bytes name;
    bool memo = false, ok = true;
    if (!(d->fields = sk_new(FIELDS, sizeof(*d->fields))))
        return false;
    for (size_t i = 32; d->n < FIELDS && i + 32 <= head.n && head.p[i] != 0x0D; i += 32) {
        struct field f = { at, head.p[i + 16], (char)head.p[i + 11] };
        if (f.type == 'C') /* Clipper and FoxPro keep a high byte where others have decimals */
            f.width = (uint16_t)(f.width | head.p[i + 17] << 8);
        if (f.width == 0 || at + f.width > d->width)
            break;
        at += f.width;
        memo |= f.type == 'M';
        d->fields[d->n] = f;
        name = sk_bytes(head.p + i, 11);
        const uint8_t *end = memchr(name.p, 0, name.n);
        if (end)
            name.n = (size_t)(end - name.p);
        ok = ok && sk_out_cell_begin(d->o, 0, (uint32_t)d->n, SK_SHOWN, false) && put(d, name) && sk_out_cell_end(d->o);
        d->n++;
    }
    if (memo)
        d->job->sink->reason(d->job->sink->ctx, d->job->part, SK_WHY_UNSUPPORTED, "dbf-memo");
    return ok;
}

static bool record(struct dbf *d, uint32_t row, struct sk_bytes b)
{
    enum sk_hidden hidden = b.p[0] == '*' ? SK_HIDDEN_CHANGE : SK_SHOWN;
    bool ok = true;
    for (size_t i = 0; ok && i < d->n; i++) {
        struct sk_bytes value;
        ok = sk_slice(b, d->fields[i].at, d->fields[i].width, &value) &&
             sk_out_cell_begin(d->o, row, (uint32_t)i, hidden, false) && put_value(d, &d->fields[i], value) &&
             sk_out_cell_end(d->o);
    }
    return ok;
}

/* All records; those behind the declared count are what an older state of the table left. */
static bool records(struct dbf *d)
{
    uint8_t *row = sk_new(1, d->width);
    bool ok = row != NULL;
    uint32_t i = 0;
    for (; ok && i < UINT32_MAX - 2; i++) {
        ssize_t got = sk_read_fully(d->job->source, d->header + (uint64_t)i * d->width, row, d->width);
        if (got != d->width || (i >= d->records && row[0] != ' ' && row[0] != '*'))
            break;
        ok = record(d, i + 1, sk_bytes(row, d->width)) && ((i & 1023) || sk_budget_time(d->job->budget));
    }
    if (ok && i < d->records)
        d->job->sink->reason(d->job->sink->ctx, d->job->part, SK_WHY_DAMAGED, "");
    free(row);
    return ok;
}

/* Without a told code page the data itself says; a sample of them, as a short header says little. */
static enum sk_charset guess(const struct dbf *d)
{
    struct sk_bytes head = sk_source_head(d->job->source, SK_HEAD_BYTES), data;
    size_t n = head.n > d->header ? head.n - d->header : 0;
    uint8_t *text = n ? sk_new(n, 1) : NULL;
    enum sk_charset cs = SK_CS_CP932;
    if (text && sk_slice(head, d->header, n, &data)) {
        for (size_t i = 0; i < n; i++) /* binary fields have NULs */
            text[i] = data.p[i] < ' ' ? ' ' : data.p[i];
        struct sk_guess g = sk_charset_guess(text, n, false);
        if (g.best == SK_CS_UTF8 || g.best == SK_CS_EUCJP)
            cs = g.best;
    }
    free(text);
    return cs;
}

bool sk_extract_dbf(struct sk_job *job)
{
    struct dbf d = { .job = job };
    struct sk_bytes head = sk_source_head(job->source, HEADER_MAX), at = head;
    if (!layout(head, &d.header, &d.width) || !sk_skip(&at, 4) || !sk_u32le(&at, &d.records) ||
        !(d.o = sk_out_open(job, job->part))) {
        job->sink->reason(job->sink->ctx, job->part, SK_WHY_DAMAGED, "");
        return true;
    }
    d.codepage = driver(head.p[29]);
    if (d.codepage == 1252) /* what many programs write without meaning it */
        d.codepage = 0;
    d.cs = d.codepage == 932 ? SK_CS_CP932 : guess(&d);
    if (d.codepage == 932)
        d.codepage = 0;
    bool ok = sk_out_table_begin(d.o, false) && fields(&d, sk_bytes(head.p, d.header < head.n ? d.header : head.n)) &&
              records(&d) && sk_out_table_end(d.o);
    free(d.fields);
    return sk_out_close(d.o) && ok;
}
