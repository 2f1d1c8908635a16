/* cfb.c - see cfb.h. */
#include "extract/cfb.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <strings.h>

#define END_OF_CHAIN 0xFFFFFFFEu
#define MINI_BELOW 4096u
#define ENTRY_BYTES 128u
#define ENTRIES_MAX 1000000u
#define FILE_MAX ((uint64_t)8 << 30)

struct sk_cfb {
    struct sk_source *source;
    struct sk_budget *budget;
    uint64_t size;
    unsigned shift, mini_shift;
    uint32_t sectors; /* in the file */
    uint32_t *fat, n_fat;
    uint32_t *mini_fat, n_mini_fat;
    struct sk_cfb_entry *entries;
    uint32_t n;
};

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool read_at(struct sk_cfb *c, uint64_t off, void *buf, size_t n)
{
    size_t have = 0;
    while (have < n) {
        ssize_t got = sk_source_read(c->source, off + have, (uint8_t *)buf + have, n - have);
        if (got <= 0)
            return false;
        have += (size_t)got;
    }
    return true;
}

/* A sector; the last one of a file may be cut short: then it is filled with zeros. */
static bool read_sector(struct sk_cfb *c, uint32_t sector, uint8_t *buf)
{
    uint64_t off = ((uint64_t)sector + 1) << c->shift;
    size_t n = (size_t)1 << c->shift;
    if (off >= c->size)
        return false;
    if (c->size - off < n) {
        memset(buf, 0, n);
        n = (size_t)(c->size - off);
    }
    return read_at(c, off, buf, n);
}

/* ---------------------------------------------------------------- tables */

static bool add_fat_sector(struct sk_cfb *c, uint32_t sector, uint8_t *buf)
{
    uint32_t per = 1u << (c->shift - 2);
    if (c->n_fat / per > c->sectors / per + 1)
        return false; /* more table than file */
    size_t cap = c->n_fat;
    uint32_t *more = realloc(c->fat, (cap + per) * sizeof(*more));
    if (!more)
        return false;
    c->fat = more;
    bool ok = read_sector(c, sector, buf);
    for (uint32_t i = 0; i < per; i++)
        c->fat[c->n_fat++] = ok ? get32(buf + 4 * (size_t)i) : END_OF_CHAIN;
    return true;
}

/* 109 places in the header, the others in a chain of sectors of their own. */
static bool read_fat(struct sk_cfb *c, const uint8_t *header, uint8_t *buf, uint8_t *difat)
{
    uint32_t n = get32(header + 44), done = 0, next = get32(header + 68), per = 1u << (c->shift - 2);
    for (; done < n && done < 109; done++)
        if (!add_fat_sector(c, get32(header + 76 + 4 * (size_t)done), buf))
            break;
    for (uint32_t hops = 0; done < n && next < END_OF_CHAIN && hops < c->sectors; hops++) {
        if (!sk_budget_time(c->budget) || !read_sector(c, next, difat))
            break;
        for (uint32_t i = 0; i + 1 < per && done < n; i++, done++)
            if (!add_fat_sector(c, get32(difat + 4 * (size_t)i), buf))
                return c->n_fat > 0;
        next = get32(difat + 4 * ((size_t)per - 1));
    }
    return c->n_fat > 0;
}

static uint32_t next_sector(const uint32_t *table, uint32_t n, uint32_t sector)
{
    return sector < n ? table[sector] : END_OF_CHAIN;
}

/* Sectors were read whole. False: there were fewer bytes. */
static bool cut(struct sk_buf *out, uint64_t n)
{
    bool all = out->n >= n;
    if (out->n > n)
        out->n = (size_t)n;
    if (out->p)
        out->p[out->n] = '\0';
    return all;
}

/* Follows a chain of big sectors; no chain is longer than the file. */
static bool read_chain(struct sk_cfb *c, uint32_t start, uint64_t n, struct sk_buf *out)
{
    size_t step = (size_t)1 << c->shift;
    uint32_t hops = 0;
    for (uint32_t s = start; s < END_OF_CHAIN && out->n < n; s = next_sector(c->fat, c->n_fat, s)) {
        if (hops++ > c->sectors || !sk_budget_expand(c->budget, step) || !sk_buf_reserve(out, step) ||
            !read_sector(c, s, (uint8_t *)out->p + out->n))
            break;
        out->n += step;
    }
    return cut(out, n);
}

/* ---------------------------------------------------------------- directory */

static void entry_name(struct sk_cfb_entry *e, const uint8_t *p)
{
    uint32_t bytes = (uint32_t)p[64] | (uint32_t)p[65] << 8, n = 0;
    for (uint32_t i = 0; i + 3 < bytes && i < 62; i += 2) {
        uint32_t u = (uint32_t)p[i] | (uint32_t)p[i + 1] << 8;
        n += (uint32_t)sk_utf8_put(e->name + n, u);
    }
    e->name[n] = '\0';
}

static bool read_directory(struct sk_cfb *c, uint32_t start)
{
    struct sk_buf b;
    sk_buf_init(&b, (size_t)ENTRIES_MAX * ENTRY_BYTES);
    read_chain(c, start, (uint64_t)c->sectors << c->shift, &b);
    c->n = (uint32_t)(b.n / ENTRY_BYTES);
    c->entries = c->n ? sk_new(c->n, sizeof(*c->entries)) : NULL;
    for (uint32_t i = 0; c->entries && i < c->n; i++) {
        const uint8_t *p = (const uint8_t *)b.p + (size_t)i * ENTRY_BYTES;
        struct sk_cfb_entry *e = &c->entries[i];
        entry_name(e, p);
        e->type = p[66];
        e->left = get32(p + 68);
        e->right = get32(p + 72);
        e->child = get32(p + 76);
        e->start = get32(p + 116);
        e->size = get32(p + 120) | (c->shift > 9 ? (uint64_t)get32(p + 124) << 32 : 0);
        e->parent = e->first = e->next = SK_CFB_NONE;
    }
    sk_buf_free(&b);
    return c->entries != NULL;
}

/* The siblings of a storage are a binary tree; a damaged one may loop, so each entry is taken once. */
static bool hang_children(struct sk_cfb *c)
{
    uint32_t *todo = sk_new(2 * (size_t)c->n + 2, sizeof(*todo)), n = 0; /* pairs would do: parent is set when pushed */
    if (!todo)
        return false;
    c->entries[0].reached = true;
    c->entries[0].parent = 0;
    todo[n++] = 0;
    while (n) {
        const struct sk_cfb_entry *e = &c->entries[todo[--n]];
        uint32_t self = (uint32_t)(e - c->entries),
                 next[3] = { self ? e->left : SK_CFB_NONE, self ? e->right : SK_CFB_NONE, e->child };
        for (size_t k = 0; k < 3; k++) {
            if (next[k] >= c->n || c->entries[next[k]].reached || (k == 2 && e->type == 2))
                continue;
            c->entries[next[k]].reached = true;
            c->entries[next[k]].parent = k == 2 ? self : e->parent;
            todo[n++] = next[k];
        }
    }
    free(todo);
    for (uint32_t i = c->n; i-- > 1;) /* in the order of the directory, which is the order of their making */
        if (c->entries[i].reached) {
            c->entries[i].next = c->entries[c->entries[i].parent].first;
            c->entries[c->entries[i].parent].first = i;
        }
    return true;
}

static void read_mini_fat(struct sk_cfb *c, uint32_t start)
{
    struct sk_buf b;
    sk_buf_init(&b, (size_t)64 << 20);
    read_chain(c, start, (uint64_t)c->sectors << c->shift, &b);
    c->mini_fat = sk_new(b.n / 4, sizeof(uint32_t));
    for (size_t i = 0; c->mini_fat && i < b.n / 4; i++)
        c->mini_fat[c->n_mini_fat++] = get32((const uint8_t *)b.p + 4 * i);
    sk_buf_free(&b);
}

struct sk_cfb *sk_cfb_open(struct sk_source *source, struct sk_budget *budget)
{
    uint8_t header[512], *buf = NULL;
    if (!sk_source_random(source) || sk_source_size(source) > FILE_MAX || sk_source_size(source) < 1024)
        return NULL;
    struct sk_cfb *c = sk_new(1, sizeof(*c));
    if (!c)
        return NULL;
    c->source = source;
    c->budget = budget;
    c->size = sk_source_size(source);
    bool ok = read_at(c, 0, header, sizeof(header)) && memcmp(header, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0;
    c->shift = header[30];
    c->mini_shift = header[32];
    ok = ok && (c->shift == 9 || c->shift == 12) && c->mini_shift == 6;
    c->sectors = ok ? (uint32_t)(c->size >> c->shift) + 1 : 0;
    ok = ok && (buf = sk_new(2, (size_t)1 << c->shift)) && read_fat(c, header, buf, buf + ((size_t)1 << c->shift)) &&
         read_directory(c, get32(header + 48)) && hang_children(c);
    free(buf);
    if (!ok) {
        sk_cfb_close(c);
        return NULL;
    }
    read_mini_fat(c, get32(header + 60));
    return c;
}

void sk_cfb_close(struct sk_cfb *c)
{
    if (!c)
        return;
    free(c->fat);
    free(c->mini_fat);
    free(c->entries);
    free(c);
}

uint32_t sk_cfb_count(const struct sk_cfb *c)
{
    return c->n;
}

const struct sk_cfb_entry *sk_cfb_at(const struct sk_cfb *c, uint32_t i)
{
    return &c->entries[i];
}

uint32_t sk_cfb_find(const struct sk_cfb *c, uint32_t parent, const char *name)
{
    for (uint32_t i = parent < c->n ? c->entries[parent].first : SK_CFB_NONE; i != SK_CFB_NONE; i = c->entries[i].next)
        if (strcasecmp(c->entries[i].name, name) == 0)
            return i;
    return SK_CFB_NONE;
}

/* Small streams lie in pieces of 64 bytes in the root's stream, whose sectors are found by walking its chain along. */
static bool read_mini(struct sk_cfb *c, const struct sk_cfb_entry *e, uint64_t n, struct sk_buf *out)
{
    const struct sk_cfb_entry *root = &c->entries[0];
    uint32_t per = 1u << (c->shift - c->mini_shift), hops = 0, at = 0, sector = root->start;
    for (uint32_t m = e->start; m < END_OF_CHAIN && out->n < n && hops++ <= MINI_BELOW / 64;
         m = next_sector(c->mini_fat, c->n_mini_fat, m)) {
        uint32_t want = m / per;
        if (want > c->sectors)
            break;
        if (want < at) {
            at = 0;
            sector = root->start;
        }
        for (; at < want && sector < END_OF_CHAIN; at++)
            sector = next_sector(c->fat, c->n_fat, sector);
        uint64_t off = (((uint64_t)sector + 1) << c->shift) + ((uint64_t)(m % per) << c->mini_shift);
        if (sector >= END_OF_CHAIN || !sk_buf_reserve(out, 64) || !read_at(c, off, out->p + out->n, 64))
            break;
        out->n += 64;
    }
    return cut(out, n);
}

bool sk_cfb_read(struct sk_cfb *c, uint32_t i, uint64_t max, struct sk_buf *out)
{
    const struct sk_cfb_entry *e = &c->entries[i];
    uint64_t n = e->size < max ? e->size : max;
    sk_buf_clear(out);
    if (e->type != 2)
        return false;
    return e->size < MINI_BELOW ? read_mini(c, e, n, out) : read_chain(c, e->start, n, out);
}
