/*
 * result.h - what is known about one file after scanning: immutable, flat, in one arena; it holds no text of the file.
 * This struct is the public opaque seki_result. The worker sends it over a pipe (report/wire.c), judge reads it.
 */
#ifndef SK_DETECT_RESULT_H
#define SK_DETECT_RESULT_H

#include "extract/extract.h"

enum sk_place_kind { SK_AT_BYTES, SK_AT_CELL, SK_AT_PAGE, SK_AT_SLIDE, SK_AT_PARAGRAPH, SK_AT_PART };

struct sk_place {
    uint32_t part;
    uint8_t kind;            /* enum sk_place_kind */
    uint8_t hidden;          /* enum sk_hidden */
    uint8_t run;             /* enum sk_run_kind */
    uint32_t length, column; /* BYTES: source bytes; 1-based characters */
    uint64_t offset, line;   /* BYTES: in the part; 1-based */
    uint32_t row, col;       /* CELL: 0-based */
    uint32_t number;         /* page, slide or paragraph, 1-based; BYTES: column of a table in text, 0 none */
};

struct sk_part {
    uint32_t parent;  /* part 0 is its own parent */
    const char *name; /* UTF-8 for display; part 0: base name of the file */
    const char *format;
    const char *charset;    /* of text, else NULL */
    const char *encryption; /* method or NULL */
    uint8_t hidden;
    bool has_text; /* some text was delivered */
};

struct sk_why {
    uint32_t part;
    uint8_t reason; /* enum sk_reason */
    const char *detail;
};

struct sk_found {
    uint8_t element, confidence;
    uint64_t count;
    const struct sk_place *at;
    uint32_t n_at;
};

/* Records in which exactly these elements (at medium or high confidence) stand together. */
struct sk_mask {
    sk_elements elements;
    sk_elements high; /* those of them at high confidence */
    uint64_t records;
};

struct sk_insurer {
    const char *number; /* without padding: 6 or 8 digits; the key of by_insurer */
    uint64_t min, max;
    const struct sk_place *at; /* first places where its people begin (at most 20) */
    uint32_t n_at;
};

/* An honoured marking word: index into the sk_detect_config given. */
struct sk_marking {
    uint32_t word;    /* index, or SK_MARKING_CIA */
    uint8_t position; /* enum sk_mark_position */
    uint8_t c, i, a;  /* CIA code digits */
    struct sk_place at;
};
#define SK_MARKING_CIA UINT32_MAX
enum sk_mark_position {
    SK_MARK_HEADER,
    SK_MARK_FOOTER,
    SK_MARK_TITLE,
    SK_MARK_FIRST_LINES,
    SK_MARK_FILENAME,
    SK_MARK_PROPERTY,
    SK_MARK_WATERMARK,
    SK_MARK_STAMP,
    SK_MARK_POSITIONS
};

struct sk_hidden_sum { /* hidden content of one part and kind */
    uint32_t part;
    uint8_t hidden;
    uint64_t records; /* rows, forms, claims with at least one finding; else pieces of text */
    uint64_t persons;
    sk_elements elements;
    uint64_t characters;
    struct sk_place at; /* the first */
};

struct sk_member { /* of an encrypted container */
    uint32_t part;
    const char *name;
    uint64_t size;
    uint32_t crc;
    bool has_crc;
};

struct seki_result {
    struct sk_arena arena;
    uint8_t state; /* enum sk_state */
    const char *format;
    uint64_t size;
    uint8_t sha256[32];
    bool has_sha256;
    uint32_t crc; /* CRC-32 of the file, for receipts: ZIP shows it for encrypted members */
    bool has_crc;
    const struct sk_part *parts;
    uint32_t n_parts;
    const struct sk_why *whys;
    uint32_t n_whys;
    const struct sk_found *found;
    uint32_t n_found;
    const struct sk_mask *masks;
    uint32_t n_masks;
    uint64_t persons_min, persons_max;
    const struct sk_insurer *insurers;
    uint32_t n_insurers;
    const uint64_t *person_keys;
    uint64_t n_person_keys;   /* keyed hashes for unions over files; empty unless asked; never from a 個人番号 */
    uint64_t persons_unkeyed; /* people that have no key to send (個人番号 alone) */
    uint64_t small_cells;
    const struct sk_place *small_at;
    uint32_t n_small_at;
    const struct sk_marking *markings;
    uint32_t n_markings;
    const struct sk_msip *msips;
    uint32_t n_msips;
    const struct sk_hidden_sum *hiddens;
    uint32_t n_hiddens;
    const struct sk_member *members;
    uint32_t n_members;
    bool has_own;         /* an index of the own register was asked */
    uint64_t own_persons; /* of persons_max: those in it */
    uint64_t text_bytes, expanded_bytes;
    const char *worn; /* label in an extended attribute, in words of the policy (judge/worn.c), "?", or NULL */
};

/* Elements present at >= this confidence. */
sk_elements sk_result_elements(const struct seki_result *r, enum sk_confidence at_least);
/* "outer.zip!inner.zip!a.csv" into buf; for part 0 "" . Returns buf->p. */
const char *sk_part_path(const struct seki_result *r, uint32_t part, struct sk_buf *buf);
void sk_result_free(struct seki_result *r); /* with its arena; r was made by sk_new; NULL does nothing */

#endif
