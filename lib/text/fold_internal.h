/*
 * fold_internal.h - inside of the fold, for the files fold*.c and their tests only.
 *
 * A table maps a character to an entry: the low 24 bits are up to three bytes of UTF-8 (first byte lowest), the high
 * byte is their number, 0x01 to 0x03. Other high bytes are kinds that the fast loops hand over or treat apart.
 */
#ifndef SK_TEXT_FOLD_INTERNAL_H
#define SK_TEXT_FOLD_INTERNAL_H

#include "text/fold.h"
#include <string.h>
#include <unicode/unorm2.h>

enum sk_fold_kind {
    SK_FOLD_PLAIN = 3,   /* the greatest number of bytes in an entry */
    SK_FOLD_MORE = 0xF0, /* the text stands in fold->more: one length byte, then the bytes */
    SK_FOLD_SELF = 0xF1, /* a code point above FFFF that is its own fold */
    SK_FOLD_DROP = 0xF2, /* nothing is written */
    SK_FOLD_BAD = 0xF3,  /* no character */
    SK_FOLD_PAIR = 0xF4, /* UTF-16 surrogate */
    /* Kinds from here on depend on what stands before them. */
    SK_FOLD_LONG = 0xF8,  /* the long vowel mark */
    SK_FOLD_VOICE = 0xF9, /* (semi-)voiced sound mark of kana: bit 0 semi-voiced, bit 1 spacing form */
    SK_FOLD_MARK = 0xFA   /* text in fold->more whose first code point may join the one before */
};
#define SK_FOLD_CONTEXT 0xF8u
#define SK_FOLD_ENTRY(kind, low) ((uint32_t)(kind) << 24 | (uint32_t)(low))

enum sk_fold_isa { SK_FOLD_PORTABLE, SK_FOLD_AVX2, SK_FOLD_AVX512 };

#define SK_FOLD_PAGES 0xE02u /* pages of 256 code points up to U+E01FF; none behind is changed */
struct sk_fold {
    const UNormalizer2 *nfkc;
    const uint32_t *bmp;     /* [65536] by code unit */
    const uint32_t *cp932;   /* [128 * 256] by (first - 0x80) << 8 | second; single bytes hold for every second */
    const uint32_t *jis;     /* [128 * 256] by EUC bytes, the same way */
    const uint32_t *jis0212; /* [128 * 128] by the two EUC bytes behind 8F, without their high bits */
    const uint16_t
        *page; /* [SK_FOLD_PAGES] above FFFF: 0 = all of the page is its own fold, else 1 + number in pages */
    const uint32_t *pages;
    const uint8_t *more;
    const uint16_t (*voiced)[2]; /* [192] kana from U+3040 with U+3099, U+309A; 0 = none */
    enum sk_fold_isa isa;
};

/* ---- written by make/fold_make.c at build time ---- */
extern const uint32_t sk_fold_bmp[], sk_fold_cp932[], sk_fold_jis[], sk_fold_jis0212[], sk_fold_pages[];
extern const uint16_t sk_fold_page[SK_FOLD_PAGES], sk_fold_voiced[192][2];
extern const uint8_t sk_fold_more[];

/* ---- make/fold_rules.c, at build time only: the fold of one code point, by ICU and the rules of fold.h ---- */
#define SK_FOLD_LONGEST 20 /* U+FDFA becomes 18 code points */
struct sk_fold_rule {
    uint8_t kind; /* SK_FOLD_PLAIN = text, _DROP, _LONG, _VOICE, _MARK */
    uint8_t low;  /* of _VOICE */
    uint8_t n;
    UChar32 text[SK_FOLD_LONGEST];
};
void sk_fold_rule(const UNormalizer2 *nfkc, UChar32 c, struct sk_fold_rule *rule);

/* ---- fold_cells.c: double-byte cells to code points, by ICU's converters and our repairs ---- */
struct sk_cells;
struct sk_cells *sk_cells_open(void); /* NULL without the converters or memory */
void sk_cells_close(struct sk_cells *c);
enum sk_cell_set { SK_CELLS_CP932, SK_CELLS_JIS, SK_CELLS_JIS0212 };
/* Row a (first byte, EUC or CP932 form): code points of second bytes 0x40 to 0xFF, 0 where there is none. */
bool sk_cells_row(struct sk_cells *c, enum sk_cell_set set, unsigned a, uint16_t out[192]);
uint32_t sk_cells_one(struct sk_cells *c, enum sk_cell_set set, unsigned a, unsigned b);

/* ---- fold_decode.c: structure of the encodings ---- */
struct sk_raw {
    uint8_t kind;      /* enum sk_raw_kind */
    uint8_t skip, len; /* bytes of escape sequences before it; its own bytes */
    uint8_t a, b;      /* of a cell */
    uint32_t cp;       /* of SK_RAW_CP */
    uint32_t shift;    /* state behind it */
};
enum sk_raw_kind {
    SK_RAW_CP,
    SK_RAW_CP932,
    SK_RAW_JIS,
    SK_RAW_JIS0212,
    SK_RAW_BAD,
    SK_RAW_NONE, /* escape sequences and nothing behind them */
    SK_RAW_CUT   /* the input ends inside a character */
};
/* The character at p (n > 0). With last, a cut character reads as BAD of one byte (UTF-16: what is left). */
struct sk_raw sk_decode(enum sk_charset cs, const uint8_t *p, size_t n, bool last, uint32_t shift);

/* ---- one run over a block, shared by the loops ---- */
struct sk_run {
    const struct sk_fold *f;
    enum sk_charset cs;
    bool last;
    const uint8_t *in, *p, *end, *due; /* due: from here on a checkpoint is wanted */
    uint8_t *out, *o, *room;           /* room: where writing stops; 128 bytes behind it are ours */
    uint8_t *floor;                    /* nothing before this can be joined */
    uint32_t shift;
    uint8_t dashes;  /* long vowel marks ahead that are known to become '-' */
    bool joined;     /* the last step changed the character before it */
    uint8_t skipped; /* escape bytes before the last step's character */
    uint32_t uneven; /* not 0: a character's folded length differs from its own */
    size_t invalid;
    struct sk_fold_map *map; /* with room for all checkpoints, or NULL */
    struct {
        const uint8_t *p;
        uint8_t *o;
        uint32_t shift;
        size_t invalid;
    } safe; /* the last place where the fold can be cut */
};

/* Folds one character at r->p; false at the end of the input or when more of it is needed. */
bool sk_fold_step(struct sk_run *r);
#define SK_FOLD_STRIDE 40       /* checkpoints: 40 + the longest joined character < 64 */
#define SK_FOLD_STRIDE_LEAST 24 /* of the vector loops, which see places to cut less often */

/* A fast loop folds from r->p while r->p < limit and stops early at what it leaves to sk_fold_step. It may read 16
 * bytes from any place before limit. */
typedef void sk_fold_loop(struct sk_run *r, const uint8_t *limit);
sk_fold_loop sk_fold_ascii_c, sk_fold_utf8_c, sk_fold_cp932_c, sk_fold_eucjp_c, sk_fold_iso2022jp_c, sk_fold_utf16le_c,
    sk_fold_utf16be_c;
/* The vector loop for this charset under f->isa, or NULL. It may read 80 bytes from any place before limit. */
sk_fold_loop *sk_fold_simd(const struct sk_fold *f, enum sk_charset cs);
enum sk_fold_isa sk_fold_best_isa(void);
/* For tests: which loops f uses; false when this CPU cannot. */
bool sk_fold_force(struct sk_fold *f, enum sk_fold_isa isa);

/* ---- small helpers ---- */
/* Little-endian, whatever the machine; compilers turn the shifts of the load into one instruction, of the store not
 * always. */
static inline uint32_t sk_fold_load4(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline void sk_fold_store4(uint8_t *o, uint32_t v)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(o, &v, sizeof(v));
#else
    o[0] = (uint8_t)v;
    o[1] = (uint8_t)(v >> 8);
    o[2] = (uint8_t)(v >> 16);
    o[3] = (uint8_t)(v >> 24);
#endif
}

static inline bool sk_fold_digit(uint8_t c)
{
    return (uint8_t)(c - '0') < 10;
}

/* CP932: 81-9F, E0-FC. */
static inline bool sk_cp932_lead(uint8_t c)
{
    return (uint8_t)((c ^ 0x20) - 0xA1) < 0x3C;
}

static inline bool sk_cp932_trail(uint8_t c)
{
    return c >= 0x40 && c <= 0xFC && c != 0x7F;
}

static inline bool sk_euc_byte(uint8_t c)
{
    return c >= 0xA1 && c <= 0xFE;
}

/* Marks (p, o) as a place to cut, and as a checkpoint when one is due; returns the new due. */
static inline const uint8_t *sk_fold_safe(struct sk_run *r, const uint8_t *p, uint8_t *o)
{
    r->safe.p = p;
    r->safe.o = o;
    r->safe.shift = r->shift;
    r->safe.invalid = r->invalid;
    if (p < r->due)
        return r->due;
    struct sk_fold_map *m = r->map;
    if (m) {
        m->source[m->n] = (uint32_t)(p - r->in);
        m->folded[m->n] = (uint32_t)(o - r->out);
        m->state[m->n] = r->shift;
        m->n++;
    }
    return r->due = p + SK_FOLD_STRIDE;
}

/* A voiced mark behind a kana that takes it: rewrites the kana before o in place. */
static inline bool sk_fold_join_voice(const struct sk_run *r, uint8_t *o, uint32_t semi)
{
    if (o - r->floor < 3 || o[-3] != 0xE3)
        return false;
    uint32_t at = ((o[-2] & 0x3Fu) << 6 | (o[-1] & 0x3Fu)) - 0x40;
    uint32_t joined = at < 192 ? r->f->voiced[at][semi] : 0;
    if (!joined)
        return false;
    o[-2] = (uint8_t)(0x80 | (joined >> 6 & 0x3F));
    o[-1] = (uint8_t)(0x80 | (joined & 0x3F));
    return true;
}

static inline bool sk_fold_behind_digit(const struct sk_run *r, const uint8_t *o)
{
    return o > r->floor && sk_fold_digit(o[-1]);
}

/* The entry of any code point; SK_FOLD_SELF for most above FFFF. */
static inline uint32_t sk_fold_entry(const struct sk_fold *f, uint32_t cp)
{
    if (cp < 0x10000)
        return f->bmp[cp];
    uint32_t page = cp >> 8;
    if (page >= SK_FOLD_PAGES || !f->page[page])
        return SK_FOLD_ENTRY(SK_FOLD_SELF, 0);
    return f->pages[(size_t)(f->page[page] - 1) * 256 + (cp & 0xFF)];
}

#endif
