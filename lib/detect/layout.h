/* layout.h - what the row layouts share: reading cells, and one record that may reach over several rows and segments.
 */
#ifndef SK_DETECT_LAYOUT_H
#define SK_DETECT_LAYOUT_H

#include "detect/context.h"

struct sk_text {
    const char *p;
    uint32_t n;
};
/* Text of a cell; n = 0 when absent or empty. */
struct sk_text sk_row_text(const struct sk_row *r, uint32_t col);
bool sk_row_is(const struct sk_row *r, uint32_t col, const char *text);
/* One past the last column that has a cell. */
uint32_t sk_row_width(const struct sk_row *r);

/* All n characters are digits, and min <= n <= max. */
bool sk_text_digits(struct sk_text t, uint32_t min, uint32_t max);
/* Digits of t without spaces and hyphens into out; 0 when it holds anything else or more than cap digits. */
size_t sk_text_plain_digits(struct sk_text t, char *out, size_t cap);
/* Value of 1 to 9 digits, else -1. */
long sk_text_number(struct sk_text t);
/* Holds more than blanks, asterisks, dots and hyphens: a blanked-out name does not. */
bool sk_text_filled(struct sk_text t);
/* YYYYMM or GYYMM (G 1-5) / a date of 7 or 8 bare digits that exists and does not lie behind today. */
bool sk_text_ym(struct sk_text t);
bool sk_text_ymd(struct sk_text t, long today);
/* 6 or 8 digits with a valid check digit, however padded. */
bool sk_text_insurer(struct sk_text t, long today);

/* ---- the record in hand ---- */
struct sk_open {
    struct sk_record record;
    bool open;
};
/* Ends the record in hand and begins one with this row. */
bool sk_open_start(struct sk_context *c, struct sk_open *o, const struct sk_row *r);
/* Adds the cell, if it holds anything. The first value of a piece stays. */
bool sk_open_add(struct sk_context *c, struct sk_open *o, const struct sk_row *r, uint32_t col, enum sk_element e,
                 enum sk_confidence conf, enum sk_piece piece, bool counted);
/* Sets a piece without finding anything. */
void sk_open_piece(struct sk_open *o, const struct sk_row *r, uint32_t col, enum sk_piece piece);
/* Does the record's piece hold exactly this text? */
bool sk_open_holds(const struct sk_open *o, enum sk_piece piece, struct sk_text t);
bool sk_open_end(struct sk_context *c, struct sk_open *o);

/* Looks for telephones, names and numbers in the columns of free text. items: candidates of the segment; *next as in
 * sk_columns_row. */
bool sk_layout_prose(struct sk_context *c, const struct sk_row_layout *layout, void *state, const struct sk_row *r,
                     const struct sk_candidate *items, size_t n, size_t *next);

/* ---- layouts, from layouts.def ---- */
#define X(name) extern const struct sk_row_layout sk_layout_##name;
#include "detect/layouts.def"
#undef X

#endif
