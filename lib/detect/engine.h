/*
 * engine.h - inside detect: the pieces that finders, tables and record layouts share. One file, one job:
 *   checks.c     check digits and shapes                     (checks.def)
 *   values.c     does this cell hold a value of that kind?   (values.def)
 *   numbers.c    digit atoms -> candidates of the detectors; labels near them; score -> confidence
 *   finders      email, dates, addresses, names ... on text  (finders.def, find_<name>.c)
 *   forms.c      label: value blocks in prose                -> records
 *   tables.c     header row, columns by role and by value    -> records
 *   layouts      rows that are claims, care claims, masters ... (layouts.def, layout_<name>.c) -> records
 *   records.c    what belongs to one person; masks; persons.c counts people
 *   findings.c   counts, places, hidden sums
 *   markings.c   confidentiality markings; small.c small cells
 *   detect.c     the public face; joins them
 */
#ifndef SK_DETECT_ENGINE_H
#define SK_DETECT_ENGINE_H

#include "detect/detect.h"

struct sk_context; /* all state of the file in hand: findings, records, persons, per-part tables (detect.c) */

/* ---------------------------------------------------------------- checks.c */
/* s: n characters, normalised (ASCII, no separators). today: days since 1970-01-01, for dates. Pure. Sources:
 * identifiers.md rules named beside each function. */
typedef bool (*sk_check)(const char *s, size_t n, long today);
sk_check sk_check_find(const char *name);   /* NULL unknown */
bool sk_one_digit(const char *s, size_t n); /* all characters the same: a filler, whatever its check digit says */
/* Every kind of the published vectors is a check of the same name: hokensha6, my_number, wareki, ... */

/* ---------------------------------------------------------------- dates.c */
/* A date as people write it at the start of s: wareki, S55.1.2, 1980/1/2, 19800102, 3550102 (GYYMMDD), 1980年1月2日
 * ...; returns bytes used, 0 = none. *day: days since 1970-01-01 (may be negative). bare: also accept 7 and 8 bare
 * digits. */
size_t sk_date_read(const char *s, size_t n, bool bare, long *day);

/* ---------------------------------------------------------------- values.c */
/* Does the folded cell text hold a value of this kind ("name", "kana", "date", "my_number", ...)? */
typedef bool (*sk_value)(const char *s, size_t n, long today);
sk_value sk_value_find(const char *name); /* NULL unknown */
/* 記号 1xxx0 and 番号 xxxxxxx1 of ゆうちょ銀行 総合口座, digits only. */
bool sk_is_postal_account(struct sk_bytes symbol, struct sk_bytes number);
size_t sk_account_begins(const char *s, size_t n); /* of an account: where the number begins behind 普通, 当座 ... */
/* Nothing but what stands in an empty form: spaces, lines, boxes, 年 月 日, names of eras, brackets. */
bool sk_blank_form(const char *s, size_t n);
struct sk_word_list;
/* Says that there is no value (以上, 合計, 該当なし): exactly a word of patterns/words/no_value.txt. words may be NULL.
 */
bool sk_no_value(const struct sk_word_list *words, const char *s, size_t n);
/* The characters of a number without spaces and hyphens, at most cap; 0 when there is anything else than ASCII letters
 * and digits, or too many. */
size_t sk_compact(const char *s, size_t n, char *out, size_t cap);

/* ---------------------------------------------------------------- findings.c */
/* Counts one finding and keeps its place (up to max_places). Overlapping findings of the same element in one segment
 * are one. */
bool sk_finding_add(struct sk_context *c, const struct sk_segment *s, uint32_t begin, uint32_t end, enum sk_element e,
                    enum sk_confidence conf);
/* Where in the part the folded range stands. cell: the cell that holds begin, or NULL. */
void sk_place_of(const struct sk_segment *s, uint32_t begin, uint32_t end, struct sk_place *out);
const struct sk_cell *sk_cell_at(const struct sk_segment *s, uint32_t offset);

/* ---------------------------------------------------------------- records.c, persons.c */
/* What identifies one person; text is copied into a keyed hash at once and never kept. */
enum sk_piece {
    SK_PIECE_INSURER, /* 6 or 8 digits, padding removed by records.c */
    SK_PIECE_SYMBOL,
    SK_PIECE_NUMBER,
    SK_PIECE_BRANCH, /* 国保/社保 */
    SK_PIECE_LATECARE,
    SK_PIECE_CARE, /* 8 and 10 digits */
    SK_PIECE_PAYER,
    SK_PIECE_RECIPIENT, /* 公費 */
    SK_PIECE_OTHER, /* pension, licence, passport, residence card, resident code, employment insurance: text incl. kind
                       letter */
    SK_PIECE_NAME,
    SK_PIECE_KANA,
    SK_PIECE_BIRTH, /* records.c normalises any written date to a day */
    SK_PIECE_SEX,
    SK_PIECE_PERSONAL_NUMBER, /* hashed under a key that lives for this file only; never leaves the process */
    SK_PIECES
};
#define SK_RECORD_STORE 768u
struct sk_record {              /* do not copy: piece[] points into store */
    sk_elements elements, high; /* at medium or high confidence; at high */
    struct {
        const char *p;
        uint32_t n;
    } piece[SK_PIECES];               /* folded text; sk_record_add copies it into store */
    const struct sk_segment *segment; /* the segment that sk_record_add's offsets mean; set it anew when the record goes
                                         on in the next one */
    uint32_t begin, end;
    enum sk_hidden hidden;
    uint32_t part;
    struct sk_place
        at; /* where its person begins, when has_at: told only while the insurer's first places are wanted */
    uint16_t stored;
    bool has_at, found; /* found: something was noted, at whatever confidence */
    char store[SK_RECORD_STORE];
};
void sk_record_start(struct sk_record *r, const struct sk_segment *s, uint32_t begin);
/* Notes an element in the record (and calls sk_finding_add unless counted is false). piece SK_PIECES: identifies
 * nobody. */
bool sk_record_add(struct sk_context *c, struct sk_record *r, uint32_t begin, uint32_t end, enum sk_element e,
                   enum sk_confidence conf, enum sk_piece piece, bool counted);
/* The record is complete: its mask is counted, its person registered, its insurer and hidden sums updated. */
bool sk_record_end(struct sk_context *c, struct sk_record *r);
/* Only the piece: what identifies the person without being an element of its own here (a branch, a sex code). */
void sk_record_piece(struct sk_record *r, enum sk_piece piece, const char *p, size_t n);
/* The piece that an element of this kind is, SK_PIECES when it identifies nobody. INSURED_ID has three: see
 * SK_PIECE_SYMBOL. */
enum sk_piece sk_element_piece(enum sk_element e);

/* ---------------------------------------------------------------- numbers.c */
/* A candidate of a detector, after check digit and labels. */
struct sk_candidate {
    uint32_t begin, end;
    uint16_t detector;
    int16_t score;
    char value[40];
    uint8_t n; /* digits without separators; cleared after use */
    bool checked, labelled;
    bool bare; /* found by the running text alone: a finding of its own, part of no record */
};
static inline int sk_score_confidence(int score) /* enum sk_confidence, -1 = no finding */
{
    return score >= SK_SCORE_HIGH     ? SK_CONF_HIGH
           : score >= SK_SCORE_MEDIUM ? SK_CONF_MEDIUM
           : score >= SK_SCORE_LOW    ? SK_CONF_LOW
                                      : -1;
}
/* All candidates of a segment with score >= SK_SCORE_LOW, the best detector for each range, ascending. Owned by the
 * context. known: columns of the table (or NULL): numbers which their columns rule out anyway are not looked at. */
struct sk_columns;
bool sk_numbers_scan(struct sk_context *c, const struct sk_segment *s, const struct sk_hits *hits,
                     const struct sk_columns *known, const struct sk_candidate **out, size_t *n);
/* The same of prose without names of persons; see sk_detect_identifiers. */
bool sk_numbers_identifiers(struct sk_context *c, const struct sk_segment *s, const struct sk_hits *hits,
                            const struct sk_candidate **out, size_t *n);

/* ---------------------------------------------------------------- tables.c, layouts */
/* Rows of one table across segments; owns column roles once the header is found; streams in constant memory. */
bool sk_tables_segment(struct sk_context *c, const struct sk_segment *s, const struct sk_hits *hits);
bool sk_tables_end(struct sk_context *c, uint32_t part);

/* A layout recognises rows of cells whose first columns say what they are (UKE, care transmission, code masters ...).
 */
struct sk_row {
    const struct sk_segment *segment;
    const struct sk_cell *cells;
    uint32_t n; /* cells by column; missing columns are absent: use sk_row_cell */
    uint32_t row;
};
const struct sk_cell *sk_row_cell(const struct sk_row *r, uint32_t col); /* NULL when absent or empty */

struct sk_row_layout {
    const char *name;
    /* Evidence 0..100 that these first rows (up to 400) are mine; >= 60 takes the table. *format: name to show for the
     * part. */
    int (*probe)(const struct sk_row *rows, size_t n, long today, const char **format);
    /* One row; state is zeroed memory of state_size kept for the table. False without memory. */
    bool (*row)(struct sk_context *c, void *state, const struct sk_row *row);
    bool (*end)(struct sk_context *c, void *state); /* closes the open record; may be NULL */
    /* Columns [*first, *last] of this row hold free text, in which telephones, names and numbers are looked for; false
     * = none. NULL = the layout has no such rows; else its state begins with a struct sk_open. */
    bool (*prose)(const struct sk_row *row, uint32_t *first, uint32_t *last);
    size_t state_size;
    bool silent; /* recognised and deliberately not labelled: code masters, interface documents */
};
extern const struct sk_row_layout *const SK_LAYOUTS[];
extern const size_t SK_LAYOUTS_N;

#endif
