/* jet.c - see jet.h. */
#include "extract/jet.h"
#include "extract/rc4.h"
#include "text/codepage.h"

#include <stdlib.h>

static const struct jet_layout JET3 = { 2048, 8, 25, 31, 43, 8, 18, 1, 3, 13, 14, 16, false };
static const struct jet_layout JET4 = { 4096, 12, 45, 51, 63, 12, 25, 5, 7, 15, 21, 23, true };

#define PAGE_ROWS 0x01u
#define PAGE_TABLE 0x02u
#define ROW_MASK 0x1FFFu
#define DEFINITION_MAX ((size_t)1 << 20)
#define CHAIN_MAX 65536u
#define HEADER_KEY 0x6B39DAC7u /* the header's own, the same in every file */

static uint32_t get(struct sk_bytes b, uint64_t at, unsigned n)
{
    struct sk_bytes v;
    uint32_t x = 0;
    if (!sk_slice(b, at, n, &v))
        return 0;
    for (unsigned i = n; i-- > 0;)
        x = x << 8 | v.p[i];
    return x;
}

static void key_bytes(uint32_t key, uint8_t out[4])
{
    for (unsigned i = 0; i < 4; i++)
        out[i] = (uint8_t)(key >> (8 * i));
}

bool jet_load(struct jet *j, uint32_t page, uint8_t out[JET_PAGE_MAX])
{
    size_t n = j->layout->page;
    if (page >= j->pages || sk_read_fully(j->source, (uint64_t)page * n, out, n) != (ssize_t)n)
        return false;
    if (page && j->key) {
        struct sk_rc4 c;
        uint8_t key[4];
        key_bytes(j->key ^ page, key);
        sk_rc4_key(&c, key, 4);
        sk_rc4_run(&c, out, n);
    }
    return true;
}

/* A database with a password, from 2007 on: an EncryptionInfo as that of Office files lies in the first page. */
static const char *encryption(struct sk_bytes head, uint8_t version)
{
    if (version < 2 || get(head, 0x299, 2) < 8 || get(head, 0x299, 2) > 2000)
        return NULL;
    uint32_t major = get(head, 0x29B, 2), minor = get(head, 0x29D, 2);
    if (major == 4 && minor == 4)
        return "access-agile-aes";
    if (minor == 2 && major >= 2 && major <= 4)
        return get(head, 0x29B + 20, 4) == 0x6801 ? "access-rc4" : "access-standard-aes";
    return minor <= 4 && major == 1 ? "access-rc4" : NULL;
}

bool jet_open(struct jet *j, struct sk_job *job, struct sk_source *source)
{
    struct sk_rc4 c;
    uint8_t key[4];
    j->job = job;
    j->source = source;
    j->value_page = UINT32_MAX;
    if (sk_read_fully(source, 0, j->page, JET_PAGE_MAX) < 2048)
        return false;
    j->version = j->page[0x14];
    j->layout = j->version == 0 ? &JET3 : &JET4;
    key_bytes(HEADER_KEY, key);
    sk_rc4_key(&c, key, 4);
    sk_rc4_run(&c, j->page + 0x18, j->version == 0 ? 126 : 128);
    struct sk_bytes head = sk_bytes(j->page, j->layout->page);
    j->codepage = get(head, 0x3C, 2);
    j->key = get(head, 0x3E, 4);
    if (j->key && (j->encryption = encryption(head, j->version)))
        return true;
    uint64_t pages = sk_source_size(source) / j->layout->page;
    j->damaged = sk_source_size(source) % j->layout->page != 0;
    j->pages = pages < UINT32_MAX / 8 ? (uint32_t)pages : UINT32_MAX / 8;
    j->first = sk_new(j->pages + 1u, sizeof(*j->first));
    j->next = sk_new(j->pages + 1u, sizeof(*j->next));
    if (!j->first || !j->next)
        return false;
    for (uint32_t i = j->pages; i-- > 1;) { /* from the end, so that lists go forward */
        if (!jet_load(j, i, j->page) || ((i & 255) == 0 && !sk_budget_time(job->budget)))
            return true;
        uint32_t table = get(sk_bytes(j->page, JET_PAGE_MAX), 4, 4);
        if (j->page[0] == PAGE_ROWS && table < j->pages) {
            j->next[i] = j->first[table];
            j->first[table] = i;
        }
    }
    return true;
}

void jet_close(struct jet *j)
{
    free(j->first);
    free(j->next);
}

/* ---------------------------------------------------------------- definitions */

static bool definition(struct jet *j, uint32_t page, struct sk_buf *out)
{
    uint32_t next = page;
    for (unsigned i = 0; next && i < DEFINITION_MAX / 2048; i++) {
        if (!jet_load(j, next, j->value) || j->value[0] != PAGE_TABLE)
            return i > 0;
        size_t skip = i ? 8 : 0; /* the chain's own header */
        if (!sk_buf_add(out, j->value + skip, j->layout->page - skip))
            return i > 0;
        next = get(sk_bytes(j->value, j->layout->page), 4, 4);
    }
    return true;
}

bool jet_table_read(struct jet *j, uint32_t page, struct jet_table *t)
{
    const struct jet_layout *l = j->layout;
    sk_buf_init(&t->definition, DEFINITION_MAX);
    j->value_page = UINT32_MAX;
    if (!definition(j, page, &t->definition))
        return false;
    struct sk_bytes b = sk_bytes(t->definition.p, t->definition.n), at;
    uint32_t n = get(b, l->tdef_columns, 2);
    uint64_t from = l->tdef_start + (uint64_t)get(b, l->tdef_indexes, 4) * l->index_size;
    if (n == 0 || n > JET_COLUMNS || !sk_slice(b, from, (uint64_t)n * l->column_size, &at))
        return false;
    struct sk_bytes names = sk_bytes(at.p + at.n, b.n - (size_t)from - at.n);
    t->n = (uint16_t)n;
    for (uint32_t i = 0; i < n; i++) {
        struct sk_bytes one = sk_bytes(at.p + (size_t)i * l->column_size, l->column_size);
        t->columns[i] = (struct jet_column){ .type = one.p[0],
                                             .scale = l->wide ? one.p[12] : 0,
                                             .fixed = one.p[l->column_flags] & 1u,
                                             .number = (uint16_t)get(one, l->column_number, 2),
                                             .variable = (uint16_t)get(one, l->column_variable, 2),
                                             .at = (uint16_t)get(one, l->column_fixed, 2),
                                             .width = (uint16_t)get(one, l->column_width, 2) };
    }
    /* Names may end early: what has none keeps an empty one, never that of the table before. */
    for (uint32_t i = 0; i < n; i++) {
        uint16_t length = 0;
        uint8_t short_length = 0;
        if (l->wide ? !sk_u16le(&names, &length) : !sk_u8(&names, &short_length))
            break;
        if (!sk_take(&names, l->wide ? length : short_length, &t->columns[i].name))
            break;
    }
    return true;
}

void jet_table_free(struct jet_table *t)
{
    sk_buf_free(&t->definition);
}

/* ---------------------------------------------------------------- rows */

uint16_t jet_rows(const struct jet *j, const uint8_t *page)
{
    uint32_t n = get(sk_bytes(page, j->layout->page), j->layout->rows_at, 2);
    return (uint16_t)(n < j->layout->page / 2 ? n : 0);
}

struct sk_bytes jet_row(const struct jet *j, const uint8_t *page, uint16_t i, bool *deleted, bool *moved)
{
    struct sk_bytes b = sk_bytes(page, j->layout->page), row = { NULL, 0 };
    uint64_t at = j->layout->rows_at + 2u + (uint64_t)i * 2u;
    uint32_t mark = get(b, at, 2), from = mark & ROW_MASK, to = i ? get(b, at - 2, 2) & ROW_MASK : j->layout->page;
    *deleted = (mark & 0xC000u) != 0;
    *moved = false;
    if (from > to || !sk_slice(b, from, to - from, &row))
        return (struct sk_bytes){ NULL, 0 };
    if (*deleted && row.n == 4) { /* only says where the row is now */
        *moved = true;
        return row;
    }
    return row;
}

/* Where the variable columns begin and end: a table at the end of the row, from its last byte back. */
static bool variable(const struct jet *j, struct sk_bytes row, size_t mask, uint32_t i, uint32_t *from, uint32_t *to)
{
    if (j->layout->wide) {
        if (row.n < mask + 2 || i >= get(row, row.n - mask - 2, 2) || row.n < mask + 2 + (size_t)(i + 2) * 2)
            return false;
        *from = get(row, row.n - mask - 4 - (uint64_t)i * 2, 2);
        *to = get(row, row.n - mask - 6 - (uint64_t)i * 2, 2);
        return *from <= *to;
    }
    /* One-byte offsets with a list of the columns at which 256 is added. */
    if (row.n < mask + 1)
        return false;
    uint32_t count = row.p[row.n - mask - 1], jumps = (uint32_t)(row.n - 1) / 256;
    if (i >= count || row.n < mask + 2 + jumps + count + 1)
        return false;
    size_t last = row.n - mask - 2 - jumps;
    if ((last - count) / 256 < jumps)
        jumps--;
    for (uint32_t k = 0, used = 0; k <= i + 1; k++) {
        while (used < jumps && k == row.p[row.n - mask - 2 - used])
            used++;
        uint32_t at = row.p[last - k] + used * 256;
        *(k == i ? from : to) = at;
    }
    return *from <= *to;
}

bool jet_value(const struct jet *j, const struct jet_table *t, const struct jet_column *c, struct sk_bytes row,
               struct sk_bytes *out)
{
    static const uint8_t WIDTH[] = { 0, 0, 1, 2, 4, 8, 4, 8, 8, 0, 0, 0, 0, 0, 0, 16, 17, 0, 4, 8 };
    size_t lead = j->layout->wide ? 2 : 1;
    uint32_t columns = get(row, 0, (unsigned)lead), from, to;
    size_t mask = (columns + 7u) / 8u;
    (void)t;
    if (columns == 0 || row.n < lead + mask || c->number >= columns)
        return false;
    bool set = row.p[row.n - mask + c->number / 8u] & 1u << (c->number % 8u);
    *out = sk_bytes(row.p, 0);
    if (!set || c->type == JET_BOOL)
        return set;
    if (c->fixed) {
        size_t width = c->type < sizeof(WIDTH) && WIDTH[c->type] ? WIDTH[c->type] : c->width;
        return sk_slice(row, lead + c->at, width, out);
    }
    return variable(j, row, mask, c->variable, &from, &to) && sk_slice(row, from, to - from, out);
}

/* ---------------------------------------------------------------- text */

/* Jet 4 "Unicode compression": behind FF FE bytes are characters; a zero byte switches to UTF-16 and back. */
static bool compressed(struct sk_bytes b, struct sk_buf *out)
{
    bool packed = true;
    while (b.n) {
        size_t n = 0;
        if (packed) {
            while (n < b.n && b.p[n])
                n++;
            for (size_t i = 0; i < n; i++) { /* Latin-1 */
                char utf8[2] = { (char)(0xC0 | b.p[i] >> 6), (char)(0x80 | (b.p[i] & 0x3F)) };
                if (!(b.p[i] < 0x80 ? sk_buf_add(out, b.p + i, 1) : sk_buf_add(out, utf8, 2)))
                    return false;
            }
        } else {
            while (n + 1 < b.n && b.p[n])
                n += 2;
            if (n + 1 >= b.n && n < b.n && b.p[n])
                n = b.n; /* half a character */
            if (n && !sk_buf_reserve(out, n * 2 + 16))
                return false;
            if (n)
                out->n += sk_to_utf8(SK_CS_UTF16LE, b.p, n & ~(size_t)1, out->p + out->n, n * 2 + 16);
        }
        sk_skip(&b, n);
        sk_skip(&b, 1);
        packed = !packed;
    }
    return true;
}

bool jet_text(const struct jet *j, struct sk_bytes b, struct sk_buf *out)
{
    size_t length, room = sk_codepage_room(b.n) + b.n;
    if (j->layout->wide && b.n >= 2 && b.p[0] == 0xFF && b.p[1] == 0xFE)
        return compressed(sk_bytes(b.p + 2, b.n - 2), out);
    if (!sk_buf_reserve(out, room))
        return false;
    if (j->layout->wide)
        length = sk_to_utf8(SK_CS_UTF16LE, b.p, b.n, out->p + out->n, room);
    else if (!sk_codepage_to_utf8(j->codepage == 932 ? 0 : j->codepage, b.p, b.n, out->p + out->n, room, &length))
        length = sk_to_utf8(SK_CS_CP932, b.p, b.n, out->p + out->n, room);
    out->n += length;
    out->p[out->n] = '\0';
    return true;
}

/* ---------------------------------------------------------------- long values */

static struct sk_bytes pointed(struct jet *j, uint32_t pointer)
{
    uint32_t page = pointer >> 8;
    bool deleted, moved;
    if (page != j->value_page) {
        j->value_page = UINT32_MAX;
        if (!jet_load(j, page, j->value) || j->value[0] != PAGE_ROWS) {
            j->damaged = true;
            return (struct sk_bytes){ NULL, 0 };
        }
        j->value_page = page;
    }
    uint16_t row = (uint16_t)(pointer & 0xFFu);
    return row < jet_rows(j, j->value) ? jet_row(j, j->value, row, &deleted, &moved) : (struct sk_bytes){ NULL, 0 };
}

bool jet_long_value(struct jet *j, struct sk_bytes b, struct sk_buf *out)
{
    uint32_t head = get(b, 0, 4), pointer = get(b, 4, 4), size = head & 0x3FFFFFFFu;
    if (b.n < 12)
        return true;
    if (head & 0x80000000u)
        return sk_buf_add(out, b.p + 12, b.n - 12);
    if (head & 0x40000000u) {
        struct sk_bytes v = pointed(j, pointer);
        return sk_buf_add(out, v.p, v.n < size ? v.n : size);
    }
    for (unsigned i = 0; pointer && size && i < CHAIN_MAX; i++) {
        struct sk_bytes v = pointed(j, pointer);
        if (v.n < 4)
            break;
        pointer = get(v, 0, 4);
        size_t n = v.n - 4 < size ? v.n - 4 : size;
        if (!sk_buf_add(out, v.p + 4, n))
            return false;
        size -= (uint32_t)n;
    }
    return true;
}
