/* numbers.h - inside detect: what numbers.c, labels.c and the finders share. */
#ifndef SK_DETECT_NUMBERS_H
#define SK_DETECT_NUMBERS_H

#include "detect/context.h"

/* ---------------------------------------------------------------- labels.c: words near a number */

struct sk_mark { /* a label, a header or an against-word in the segment that no longer such word contains */
    uint32_t begin, end, word;
};

struct sk_labels {
    const struct sk_word *words;
    const struct sk_use *uses;
    size_t n_words, n_detectors, stride; /* stride: 64-bit words of a set of detectors */
    uint64_t *speaks, *against;          /* by word: sets of detectors */
    uint8_t *kind;                       /* by word: SK_MARK_ bits */
    uint32_t *latin;                     /* words of ASCII letters only that speak for a detector */
    size_t n_latin;
    uint16_t latin_lengths[26]; /* by first letter, bit n: one of them has n letters */
    uint32_t farthest;          /* the largest `within` of all detectors */
    struct sk_mark *marks;
    size_t n, cap;
    size_t next;      /* first mark that does not begin before the last place asked for */
    struct sk_lines { /* around the last place asked for: its line is [own, end], before it begins the one in front */
        uint32_t before, own, end;
        bool known;
    } lines;
};
#define SK_MARK_SPEAKS 1u /* label of some detector */
#define SK_MARK_BLOCKS 2u /* names a kind of value, so that what follows is that and nothing else */
#define SK_MARK_AGAINST 4u

bool sk_labels_init(struct sk_labels *l, const struct sk_rules *rules, const struct sk_detector *detectors, size_t n);
void sk_labels_free(struct sk_labels *l);
/* Sorts out the words of a segment. False without memory. */
bool sk_labels_segment(struct sk_labels *l, const struct sk_segment *s, const struct sk_hits *hits);

/* The word of ASCII letters that ends right at `at`, where a digit follows: index + 1, 0 = none. The matcher wants
 * whole words. */
uint32_t sk_labels_attached(const struct sk_labels *l, const char *text, uint32_t at);

struct sk_nearby { /* the marks within reach of one place; found once, asked for each detector */
    const struct sk_labels *l;
    const struct sk_segment *s;
    uint32_t begin, end, floor; /* floor: no label may end before it (line ends) */
    bool none;                  /* nothing in reach on either side */
    size_t from, to;            /* marks [from, to) begin before the place */
};
void sk_nearby_find(struct sk_labels *l, const struct sk_segment *s, uint32_t begin, struct sk_nearby *out);
struct sk_near {
    bool labelled, against, blocked;
    uint32_t label_end; /* of the label in front, when labelled by one */
};
/* What the words around [near->begin, end) say about this detector. */
struct sk_near sk_nearby_ask(const struct sk_nearby *near, uint32_t end, uint16_t detector,
                             const struct sk_detector *d);
static inline bool sk_mark_speaks(const struct sk_labels *l, const struct sk_mark *m, uint16_t detector)
{
    return l->speaks[m->word * l->stride + detector / 64] >> detector % 64 & 1;
}

static inline bool sk_mark_denies(const struct sk_labels *l, const struct sk_mark *m, uint16_t detector)
{
    return l->against[m->word * l->stride + detector / 64] >> detector % 64 & 1;
}

/* ---------------------------------------------------------------- numbers.c */

struct sk_name_words;

/* X(name, what) of finders.def */
struct sk_find {
    struct sk_context *c;
    const struct sk_segment *s;
    const struct sk_hits *hits;
    struct sk_labels *labels;
    const struct sk_name_words *name_words; /* names_text.h */
    const struct sk_detector *d;
    uint16_t detector;
    bool no_memory;
};
typedef void (*sk_finder)(struct sk_find *f);
sk_finder sk_finder_find(const char *name); /* NULL unknown */
#define SK_FIND_CHECKED 1u
#define SK_FIND_LABELLED 2u /* the finder saw the label itself; else words nearby are asked */
#define SK_FIND_GROUPED 4u
#define SK_FIND_ALONE 8u    /* the finder asked the words nearby: none speaks for it */
#define SK_FIND_AGAINST 16u /* and one speaks against it: with ALONE the score is the lowest that is kept */
#define SK_FIND_BARE 32u    /* nothing but the text itself speaks for it: counts, but makes nobody a record */
void sk_find_add(struct sk_find *f, uint32_t begin, uint32_t end, unsigned flags);

#define X(name, what) void sk_find_##name(struct sk_find *f);
#include "detect/finders.def"
#undef X

struct sk_labels *sk_numbers_labels(struct sk_context *c); /* of the segment last scanned */

#endif
