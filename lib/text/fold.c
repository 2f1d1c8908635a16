/* fold.c - one run over a block, and the way back through its checkpoints. */
#include "text/fold.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "text/fold_internal.h"
#include <stdlib.h>
#include <string.h>

#define TAIL_PORTABLE 16 /* what the fast loops may read behind their limit */
#define TAIL_SIMD 80
#define OUT_RESERVE 128

void sk_fold_map_init(struct sk_fold_map *m)
{
    *m = (struct sk_fold_map){ 0 };
}

void sk_fold_map_free(struct sk_fold_map *m)
{
    free(m->source);
    free(m->folded);
    free(m->state);
    sk_fold_map_init(m);
}

/* Room for all checkpoints of n bytes, so that none can fail later. */
static bool map_start(struct sk_fold_map *m, size_t n)
{
    size_t want = n / SK_FOLD_STRIDE_LEAST + 3;
    m->n = 0;
    m->identity = false;
    if (n > UINT32_MAX / 20) /* folded offsets are 32 bits; U+FDFA grows most, 2 bytes to 33 */
        return false;
    size_t caps[3] = { m->cap, m->cap, m->cap };
    bool ok = sk_grow(&m->source, &caps[0], want, sizeof(uint32_t)) &&
              sk_grow(&m->folded, &caps[1], want, sizeof(uint32_t)) &&
              sk_grow(&m->state, &caps[2], want, sizeof(uint32_t));
    /* After a failure between them the smallest counts; growing to it again costs nothing. */
    size_t least = caps[0] < caps[1] ? caps[0] : caps[1];
    m->cap = least < caps[2] ? least : caps[2];
    return ok;
}

static uint32_t entry_of(const struct sk_fold *f, const struct sk_raw *c)
{
    switch (c->kind) {
    case SK_RAW_CP:
        return sk_fold_entry(f, c->cp);
    case SK_RAW_CP932:
        return f->cp932[(c->a & 0x7Fu) << 8 | c->b];
    case SK_RAW_JIS:
        return f->jis[(c->a & 0x7Fu) << 8 | c->b];
    case SK_RAW_JIS0212:
        return f->jis0212[(c->a & 0x7Fu) << 7 | (c->b & 0x7Fu)];
    case SK_RAW_NONE:
        return SK_FOLD_ENTRY(SK_FOLD_DROP, 0);
    default:
        return SK_FOLD_ENTRY(SK_FOLD_BAD, 0);
    }
}

static void put(struct sk_run *r, uint32_t cp)
{
    r->o += sk_utf8_put((char *)r->o, cp);
}

/* Joins cp to the code point just written; false when they have no joint form. */
static bool join(struct sk_run *r, uint32_t cp)
{
    if (r->o == r->floor)
        return false;
    uint32_t base;
    size_t len = sk_utf8_prev((const char *)r->floor, (size_t)(r->o - r->floor), &base);
    UChar32 both = unorm2_composePair(r->f->nfkc, (UChar32)base, (UChar32)cp);
    if (both < 0)
        return false;
    r->o -= len;
    put(r, (uint32_t)both);
    return true;
}

/* A mark: joined, or written as it is. */
static void take_voice(struct sk_run *r, uint32_t e)
{
    uint32_t mark = 0x3099 + (e & 1);
    r->joined = join(r, mark);
    if (r->joined)
        return;
    sk_fold_safe(r, r->p, r->o);
    if (e & 2)
        put(r, ' ');
    put(r, mark);
}

static void take_mark(struct sk_run *r, uint32_t e)
{
    const uint8_t *more = r->f->more + (e & 0xFFFFFF);
    size_t n = more[0];
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t len = sk_utf8_next((const char *)more + 1 + i, n - i, &cp);
        bool joins = join(r, cp);
        if (i == 0) {
            r->joined = joins;
            if (!joins)
                sk_fold_safe(r, r->p, r->o);
        }
        if (!joins)
            put(r, cp);
        i += len;
    }
}

/* The long vowel mark at r->p (c) stands behind a digit: how many marks up to the next digit become '-'? One or two
 * marks do, more are a line that someone drew. -1: the input ends before that is known. */
static int count_dashes(const struct sk_run *r, const struct sk_raw *c)
{
    const uint8_t *q = r->p + c->skip + c->len;
    uint32_t shift = c->shift;
    for (int marks = 1;;) {
        if (q == r->end)
            return r->last ? 0 : -1;
        struct sk_raw next = sk_decode(r->cs, q, (size_t)(r->end - q), r->last, shift);
        if (next.kind == SK_RAW_CUT)
            return -1;
        uint32_t e = entry_of(r->f, &next);
        if (e >> 24 == 1 && sk_fold_digit((uint8_t)e))
            return marks;
        if (e >> 24 != SK_FOLD_LONG || marks == 2)
            return 0;
        marks = 2;
        q += next.skip + next.len;
        shift = next.shift;
    }
}

static bool take_long(struct sk_run *r, const struct sk_raw *c)
{
    if (!r->dashes && sk_fold_behind_digit(r, r->o)) {
        int n = count_dashes(r, c);
        if (n < 0)
            return false;
        r->dashes = (uint8_t)n;
    }
    if (r->dashes) {
        r->dashes--;
        put(r, '-');
    } else {
        sk_fold_safe(r, r->p, r->o);
        put(r, 0x30FC);
    }
    return true;
}

static void take_free(struct sk_run *r, uint32_t e, const struct sk_raw *c)
{
    sk_fold_safe(r, r->p, r->o);
    switch (e >> 24) {
    case SK_FOLD_MORE:
        memcpy(r->o, r->f->more + (e & 0xFFFFFF) + 1, r->f->more[e & 0xFFFFFF]);
        r->o += r->f->more[e & 0xFFFFFF];
        break;
    case SK_FOLD_SELF:
        put(r, c->cp);
        break;
    case SK_FOLD_DROP:
        r->floor = r->o;
        break;
    case SK_FOLD_BAD:
    case SK_FOLD_PAIR:
        put(r, SK_REPLACEMENT);
        r->invalid += c->len;
        break;
    default:
        sk_fold_store4(r->o, e);
        r->o += e >> 24;
        break;
    }
}

bool sk_fold_step(struct sk_run *r)
{
    if (r->p == r->end)
        return false;
    struct sk_raw c = sk_decode(r->cs, r->p, (size_t)(r->end - r->p), r->last, r->shift);
    if (c.kind == SK_RAW_CUT)
        return false;
    const uint8_t *o = r->o;
    uint32_t e = entry_of(r->f, &c);
    r->joined = false;
    r->skipped = c.skip;
    if (e >> 24 == SK_FOLD_LONG) {
        if (!take_long(r, &c))
            return false;
    } else if (e >> 24 == SK_FOLD_VOICE) {
        take_voice(r, e);
    } else if (e >> 24 == SK_FOLD_MARK) {
        take_mark(r, e);
    } else {
        take_free(r, e, &c);
    }
    size_t len = (size_t)c.skip + c.len;
    bool ascii = c.kind == SK_RAW_CP && c.cp < 0x80;
    r->uneven |= r->joined || r->o - o != (ptrdiff_t)len || (r->cs != SK_CS_UTF8 && !ascii);
    r->p += len;
    r->shift = c.shift;
    return true;
}

/* Could what comes next in the stream still change what is written? */
static bool settled(const struct sk_run *r)
{
    if (r->o == r->floor || r->cs == SK_CS_ASCII || r->cs == SK_CS_BINARY)
        return true;
    if (sk_fold_digit(r->o[-1]))
        return false;
    uint32_t base;
    sk_utf8_prev((const char *)r->floor, (size_t)(r->o - r->floor), &base);
    if (r->cs == SK_CS_UTF8 || r->cs == SK_CS_UTF16LE || r->cs == SK_CS_UTF16BE)
        return unorm2_hasBoundaryAfter(r->f->nfkc, (UChar32)base);
    return base - 0x3040 >= 192 || !(r->f->voiced[base - 0x3040][0] | r->f->voiced[base - 0x3040][1]);
}

static sk_fold_loop *portable_loop(enum sk_charset cs)
{
    static sk_fold_loop *const loops[SK_CS_COUNT] = {
        [SK_CS_BINARY] = sk_fold_ascii_c,    [SK_CS_ASCII] = sk_fold_ascii_c,
        [SK_CS_UTF8] = sk_fold_utf8_c,       [SK_CS_CP932] = sk_fold_cp932_c,
        [SK_CS_EUCJP] = sk_fold_eucjp_c,     [SK_CS_ISO2022JP] = sk_fold_iso2022jp_c,
        [SK_CS_UTF16LE] = sk_fold_utf16le_c, [SK_CS_UTF16BE] = sk_fold_utf16be_c,
    };
    return loops[cs];
}

/* From r->p while at least tail bytes lie behind; each source byte gives at most 3 folded bytes in a loop. */
static void run_loop(struct sk_run *r, sk_fold_loop *loop, size_t tail)
{
    size_t left = (size_t)(r->end - r->p), room = (size_t)(r->room - r->o) / 3;
    if (left <= tail || !loop)
        return;
    left -= tail;
    if (room > tail && !r->dashes)
        loop(r, r->p + (left < room - tail ? left : room - tail));
}

static void run(struct sk_run *r)
{
    sk_fold_loop *fast = sk_fold_simd(r->f, r->cs), *loop = portable_loop(r->cs);
    sk_fold_safe(r, r->p, r->o);
    while (r->o < r->room) {
        run_loop(r, fast, TAIL_SIMD);
        run_loop(r, loop, TAIL_PORTABLE);
        if (!sk_fold_step(r)) {
            if (r->p == r->end ? r->last || settled(r) : settled(r))
                sk_fold_safe(r, r->p, r->o);
            break;
        }
    }
}

struct sk_fold_result sk_fold_run(const struct sk_fold *f, enum sk_charset cs, const uint8_t *in, size_t n, bool last,
                                  /* NOLINTNEXTLINE(readability-non-const-parameter) */
                                  struct sk_fold_state *state, char *out, size_t cap, struct sk_fold_map *map)
{
    struct sk_fold_result result = { .ok = true };
    if (map && !map_start(map, n))
        result.ok = false;
    if (map)
        map->identity = result.ok && n == 0;
    if (!result.ok || n == 0 || cap < 2 * OUT_RESERVE || cs >= SK_CS_COUNT)
        return result;
    struct sk_run r = {
        .f = f,
        .cs = cs,
        .last = last,
        .in = in,
        .p = in,
        .end = in + n,
        .due = in,
        .out = (uint8_t *)out,
        .o = (uint8_t *)out,
        .floor = (uint8_t *)out,
        .room = (uint8_t *)out + cap - OUT_RESERVE,
        .shift = state->shift,
        .map = map,
    };
    run(&r);
    result.consumed = (size_t)(r.safe.p - in);
    result.produced = (size_t)(r.safe.o - r.out);
    result.invalid = r.safe.invalid;
    state->shift = r.safe.shift;
    if (map && !r.uneven) {
        map->identity = true;
        map->n = 0;
    }
    return result;
}

/* The last checkpoint at or before a folded offset. */
static size_t checkpoint_before(const struct sk_fold_map *map, uint32_t folded)
{
    size_t lo = 0, hi = map->n;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (map->folded[mid] <= folded)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

#define LOCATED_AT_ONCE 1024u /* folded bytes; a longer range is looked up at both ends */

/* Entry and length of the character at p (four bytes are readable) where that is known without decoding; 0: it is not.
 */
static uint32_t plain_length(const struct sk_run *r, const uint8_t *p, uint32_t *e)
{
    const struct sk_fold *f = r->f;
    if (r->cs == SK_CS_UTF16LE || r->cs == SK_CS_UTF16BE) {
        *e = f->bmp[r->cs == SK_CS_UTF16LE ? p[0] | (uint32_t)p[1] << 8 : p[1] | (uint32_t)p[0] << 8];
        return 2;
    }
    if (p[0] < 0x80) {
        *e = SK_FOLD_ENTRY(p[0] ? 1 : SK_FOLD_BAD, p[0]); /* NUL is for sk_fold_step */
        return r->cs == SK_CS_ISO2022JP ? 0 : 1;
    }
    if (r->cs == SK_CS_UTF8 && (p[0] & 0xF0) == 0xE0 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80) {
        uint32_t cp = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
        *e = f->bmp[cp];
        return cp < 0x800 ? 0 : 3;
    }
    if (r->cs == SK_CS_CP932) {
        *e = f->cp932[(p[0] & 0x7Fu) << 8 | p[1]];
        return sk_cp932_lead(p[0]) ? 2 : 1;
    }
    if (r->cs == SK_CS_EUCJP && p[0] != 0x8F) {
        *e = f->jis[(p[0] & 0x7Fu) << 8 | p[1]];
        return 2;
    }
    return 0;
}

/* What sk_fold_step does, for characters that neither join nor become more. */
static bool plain_step(struct sk_run *r)
{
    uint32_t e, len;
    if (r->end - r->p < 4 || r->dashes || (len = plain_length(r, r->p, &e)) == 0 || e >> 24 > SK_FOLD_PLAIN)
        return false;
    sk_fold_store4(r->o, e);
    r->o += e >> 24;
    r->p += len;
    r->joined = false;
    r->skipped = 0;
    return true;
}

/* Source range of the characters whose fold holds the folded offsets first to last, by folding again from the
 * checkpoint before them. */
static void locate(const struct sk_fold *f, enum sk_charset cs, const uint8_t *in, size_t n,
                   const struct sk_fold_map *map, uint32_t first, uint32_t last, uint32_t *begin, uint32_t *end)
{
    /* 64 source bytes, the character behind them and the reserve: at most 17 times as long; then the range */
    uint8_t scratch[2048 + LOCATED_AT_ONCE];
    size_t i = checkpoint_before(map, first);
    uint32_t want = first - map->folded[i], until = last - map->folded[i];
    struct sk_run r = {
        .f = f,
        .cs = cs,
        .last = true,
        .in = in,
        .p = in + map->source[i],
        .end = in + n,
        .due = in + n + 1,
        .out = scratch,
        .o = scratch,
        .floor = scratch,
        .room = scratch + sizeof(scratch) - OUT_RESERVE,
        .shift = map->state[i],
    };
    *begin = *end = map->source[i];
    while (r.o < r.room) {
        const uint8_t *p = r.p;
        size_t written = (size_t)(r.o - scratch);
        if (!plain_step(&r) && !sk_fold_step(&r))
            return;
        if (!r.joined) {
            if (written > until)
                return;
            if (written <= want)
                *begin = (uint32_t)(p - in) + r.skipped;
        }
        *end = (uint32_t)(r.p - in);
    }
}

/* In a map of identity the text is valid UTF-8 or ASCII: characters begin where no continuation byte is. */
static void locate_same(const uint8_t *in, size_t n, uint32_t from, uint32_t to, uint32_t *begin, uint32_t *end)
{
    for (int i = 0; i < 3 && from > 0 && (in[from] & 0xC0) == 0x80; i++)
        from--;
    for (int i = 0; i < 3 && to < n && (in[to] & 0xC0) == 0x80; i++)
        to++;
    *begin = from;
    *end = to;
}

void sk_fold_source(const struct sk_fold *f, enum sk_charset cs, const uint8_t *in, size_t n,
                    const struct sk_fold_map *map, uint32_t from, uint32_t to, uint32_t *begin, uint32_t *end)
{
    uint32_t unused;
    if (to < from)
        to = from;
    if (map->identity) {
        uint32_t limit = n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
        from = from < limit ? from : limit;
        to = to < limit ? to : limit;
        *begin = from;
        *end = to;
        if (from < limit)
            locate_same(in, n, from, to, begin, end);
        return;
    }
    *begin = *end = 0;
    if (map->n == 0)
        return;
    bool at_once = to > from && to - from <= LOCATED_AT_ONCE;
    locate(f, cs, in, n, map, from, at_once ? to - 1 : from, begin, end);
    if (to == from)
        *end = *begin;
    else if (!at_once)
        locate(f, cs, in, n, map, to - 1, to - 1, &unused, end);
}

/* Bytes of the character at p when it is plainly whole, without decoding: ASCII, and the kanji of UTF-8 and of the
 * first level of CP932, whose cells are all assigned. 0 = decode it. */
static size_t plain_character(enum sk_charset cs, const uint8_t *p, size_t n)
{
    if (cs == SK_CS_UTF8 && n >= 3 && p[0] >= 0xE1 && p[0] <= 0xEC)
        return (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80 ? 3 : 0;
    if (cs == SK_CS_CP932 && n >= 2 && p[0] >= 0x89 && p[0] <= 0x97)
        return p[1] >= 0x40 && p[1] <= 0xFC && p[1] != 0x7F ? 2 : 0;
    return p[0] < 0x80 && (cs == SK_CS_UTF8 || cs == SK_CS_CP932 || cs == SK_CS_EUCJP || cs == SK_CS_ASCII) ? 1 : 0;
}

size_t sk_charset_count(enum sk_charset cs, const uint8_t *p, size_t n, struct sk_fold_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < n;) {
        size_t plain = plain_character(cs, p + i, n - i);
        if (plain) {
            count++;
            i += plain;
            continue;
        }
        struct sk_raw c = sk_decode(cs, p + i, n - i, true, state.shift);
        if (c.kind != SK_RAW_NONE && !(c.kind == SK_RAW_CP && c.cp == 0xFEFF)) /* escapes and byte order marks */
            count++;
        state.shift = c.shift;
        i += (size_t)c.skip + c.len;
    }
    return count;
}

size_t sk_fold_utf8(const struct sk_fold *f, const char *in, size_t n, char *out, size_t cap)
{
    char piece[1024];
    size_t done = 0, at = 0;
    struct sk_fold_state state = { 0 };
    while (at < n && done < cap) {
        struct sk_fold_result r =
            sk_fold_run(f, SK_CS_UTF8, (const uint8_t *)in + at, n - at, true, &state, piece, sizeof(piece), NULL);
        size_t take = r.produced < cap - done ? r.produced : cap - done;
        while (take < r.produced && take > 0 && ((uint8_t)piece[take] & 0xC0) == 0x80)
            take--; /* whole characters only */
        memcpy(out + done, piece, take);
        done += take;
        at += r.consumed;
        if (take < r.produced || r.consumed == 0)
            break;
    }
    return done;
}

/* The code point of a decoded character. */
static uint32_t code_point(struct sk_cells *cells, const struct sk_raw *c)
{
    uint32_t cp = 0;
    if (c->kind == SK_RAW_CP)
        cp = c->cp;
    else if (c->kind == SK_RAW_CP932)
        cp = sk_cells_one(cells, SK_CELLS_CP932, c->a, c->b);
    else if (c->kind == SK_RAW_JIS || c->kind == SK_RAW_JIS0212)
        cp = sk_cells_one(cells, c->kind == SK_RAW_JIS ? SK_CELLS_JIS : SK_CELLS_JIS0212, c->a, c->b);
    return cp ? cp : SK_REPLACEMENT;
}

size_t sk_to_utf8(enum sk_charset cs, const uint8_t *in, size_t n, char *out, size_t cap)
{
    bool has_cells = cs == SK_CS_CP932 || cs == SK_CS_EUCJP || cs == SK_CS_ISO2022JP;
    struct sk_cells *cells = has_cells ? sk_cells_open() : NULL;
    size_t done = 0;
    uint32_t shift = 0;
    for (size_t i = 0; i < n && (cells || !has_cells);) {
        struct sk_raw c = sk_decode(cs, in + i, n - i, true, shift);
        i += (size_t)c.skip + c.len;
        shift = c.shift;
        if (c.kind == SK_RAW_NONE || (c.kind == SK_RAW_CP && c.cp == 0xFEFF && done == 0))
            continue;
        char one[4];
        size_t len = sk_utf8_put(one, code_point(cells, &c));
        if (len > cap - done)
            break;
        memcpy(out + done, one, len);
        done += len;
    }
    sk_cells_close(cells);
    return done;
}
