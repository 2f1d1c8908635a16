/* scratch.h - what sk_scratch holds: reusable buffers for out.c, fmt_text.c and fmt_archive.c, so that small files cost
 * no malloc. */
#ifndef SK_EXTRACT_SCRATCH_H
#define SK_EXTRACT_SCRATCH_H

#include "extract/csv.h"

#include <locale.h>

#define SK_BLOCK_BYTES ((size_t)256 << 10) /* source bytes of one block of text */

#define SK_CONVERTERS 3

/* Used by one text part at a time: text has no children. */
struct sk_text_space {
    uint8_t *in; /* SK_BLOCK_BYTES */
    char *out;
    size_t out_cap;
    struct sk_fold_map map;
    struct sk_rows rows;
};

/* Input buffer of an open archive; archives nest. */
struct sk_archive_space {
    struct sk_archive_space *next;
    uint8_t in[(size_t)128 << 10];
};

struct sk_out;

struct sk_scratch {
    struct sk_text_space text;
    struct sk_out *outs;               /* free list */
    struct sk_archive_space *archives; /* free list */
    /* libarchive converts names by locale and iconv, which read files when first used: a locked worker could not. They
     * are taken here, before the lock, and kept. */
    locale_t utf8;                   /* (locale_t)0: not installed */
    void *converters[SK_CONVERTERS]; /* iconv_t; never used, they only keep glibc's modules loaded */
    struct magic_set *magic;         /* naming.c; NULL: not loaded yet */
    bool magic_tried;
};

/* scratch.c; NULL without memory */
struct sk_text_space *sk_scratch_text(struct sk_scratch *s);
struct sk_archive_space *sk_scratch_archive_take(struct sk_scratch *s);
void sk_scratch_archive_give(struct sk_scratch *s, struct sk_archive_space *a);
/* naming.c */
void sk_naming_free(struct sk_scratch *s);
/* out.c */
void sk_outs_free(struct sk_out *list);

#endif
