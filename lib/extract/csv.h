/* csv.h - is folded text a table, and where are its cells? Pure functions of the text; rows never need more than the
 * text given. */
#ifndef SK_EXTRACT_CSV_H
#define SK_EXTRACT_CSV_H

#include "extract/extract.h"

enum sk_table_kind {
    SK_NO_TABLE,
    SK_DELIMITED,  /* by d.delimiter, quoted as RFC 4180 */
    SK_FIXED_WIDTH /* columns of a print-out: two or more spaces between them */
};

#define SK_FIXED_COLUMNS 64u
struct sk_dialect {
    enum sk_table_kind kind;
    char delimiter;
    bool cr;          /* lines end with CR alone */
    bool one_line;    /* records of several lengths: a quoted field does not span lines */
    uint32_t columns; /* of most rows; 0 when they differ */
    struct {
        uint16_t min, max;
    } at[SK_FIXED_COLUMNS]; /* fixed width: where whole rows begin their columns, in characters of a screen */
};

struct sk_rows {
    struct sk_cell *cells; /* malloc'd, reused */
    size_t n, cap;
    uint32_t row; /* number of the next row; blank lines count */
    bool no_memory;
};

/* Judges the first block. SK_PAD bytes behind n are readable. rows lends its memory. */
struct sk_dialect sk_table_sniff(const char *text, size_t n, struct sk_rows *rows);

/*
 * Appends the cells of all complete rows of text; returns where the last of them ends. whole: the end of the text ends
 * its last row. Cells exclude quotes and outer spaces; empty fields give no cell, but the last of a row always does, so
 * that its width is known.
 */
size_t sk_table_split(const struct sk_dialect *d, const char *text, size_t n, bool whole, struct sk_rows *rows);

/* ---- inside csv*.c ---- */
bool sk_rows_add(struct sk_rows *rows, size_t begin, size_t end, uint32_t col); /* false without memory */
/* csv_fixed.c: one line t[p, end) of a print-out; returns its columns, 0 without memory. */
uint32_t sk_fixed_row(const struct sk_dialect *d, const char *t, size_t p, size_t end, struct sk_rows *rows);
/* Learns from the rows just split, without d->columns, where d->columns columns begin. How many rows of ten are whole
 * or can be laid over them? */
unsigned sk_fixed_learn(struct sk_dialect *d, const char *t, const struct sk_rows *rows);

#endif
