/*
 * columns.h - inside detect: the columns of one table. columns.c finds the header and its roles, columns_type.c
 * confirms them by the values, columns_guess.c types columns without header, columns_kind.c judges what kind of table
 * it is and what its columns may then say, columns_row.c turns rows into records, columns_form.c reads tables that are
 * forms (label beside value).
 */
#ifndef SK_DETECT_COLUMNS_H
#define SK_DETECT_COLUMNS_H

#include "detect/layout.h"

#define SK_COLUMNS_MOST 1024u /* columns that are looked at */
#define SK_WINDOW_ROWS 400u   /* rows on which a table is decided */
#define SK_HEADER_ROWS 20u    /* titles, conditions and dates of output stand before the header */
#define SK_SAMPLE_ROWS 200u
#define SK_CELL_AROUND 8u    /* bytes of a cell besides a number that make it text which holds the number */
#define SK_HEADER_BYTES 128u /* a normalised header; longer texts are none */

/* How the header of a column was known. */
enum sk_head { SK_HEAD_NONE, SK_HEAD_EXACT, SK_HEAD_NEAR, SK_HEAD_VALUES /* none: typed by its values */ };

enum sk_column_use {
    SK_COL_FREE,    /* nothing known: candidates of the detectors count */
    SK_COL_CONTEXT, /* known and of no interest: candidates count only with their own label */
    SK_COL_VALUE,   /* each cell that holds a value is an element */
    SK_COL_ONCE,    /* one finding a row for all such columns together (measures, personnel data) */
    SK_COL_SYMBOL,
    SK_COL_NUMBER,
    SK_COL_BRANCH,
    SK_COL_BOTH, /* 記号, 番号, 枝番, 記号番号: one insured_id a row */
    SK_COL_EACH, /* 被保険者番号 of which no value was seen yet: the digits of each cell tell its kind */
    SK_COL_FAMILY,
    SK_COL_GIVEN /* two columns, one name */
};

struct sk_column {
    uint8_t role;    /* enum sk_role */
    uint8_t head;    /* enum sk_head */
    uint8_t use;     /* enum sk_column_use */
    uint8_t element; /* of findings, SK_EL_NONE */
    uint8_t piece;   /* enum sk_piece */
    uint8_t good;    /* confidence of a value, with a valid check digit where there is one */
    int8_t bad;      /* confidence of a value of the right shape with a wrong check digit, -1 none */
    bool weak;       /* its header needs neighbours */
    bool confirmed;
    bool bodies;      /* organisations were seen among the names: each cell is asked */
    bool guarded;     /* twelve-digit numbers that are mostly no 個人番号: a lone valid one says nothing */
    uint8_t shape;    /* digits of a value of the right shape, 0 = any */
    uint16_t partner; /* of a family name: the column of the given name */
    sk_value value;
    sk_check digit;
    uint32_t filled, passed, shaped; /* in the sample */
};

enum sk_table_kind { SK_TABLE_PLAIN, SK_TABLE_PERSONS, SK_TABLE_STATISTICS, SK_TABLE_DIRECTORY };

struct sk_columns {
    struct sk_column *at;
    uint32_t n;
    uint16_t *active; /* columns with something to add, identity first */
    uint32_t n_active;
    const char **heads; /* n normalised headers, NULL = none */
    char *head_text;
    const struct sk_word_list *no_value; /* NULL = the rules have none */
    uint8_t *marks;                      /* n * detectors: what the header says about the detector, see columns_row.c */
    size_t n_detectors;
    uint8_t kind; /* enum sk_table_kind */
    bool has_header, checkup;
    uint32_t apart;  /* column that tells people of one name apart where nothing better does, UINT32_MAX = none */
    bool told;       /* institution_directory was reported */
    bool idle;       /* the last row told nothing: it may be the header of another table */
    uint16_t looked; /* such rows that were none */
    uint32_t header_row, header_rows; /* row number of the first header row; how many */
    struct sk_cell header_cell;       /* where a directory is reported */
    uint32_t repeat_col;              /* the column whose text shows a header that is repeated */
    char repeat_text[SK_HEADER_BYTES];
    uint32_t repeat_n;
};

/* Decides from the first rows. NULL without memory. */
struct sk_columns *sk_columns_new(struct sk_context *c, const struct sk_row *rows, size_t n);
void sk_columns_free(struct sk_columns *k);
/* One row; items: the candidates of its segment, *next: the first that may lie in this row or behind it. */
bool sk_columns_row(struct sk_context *c, struct sk_columns *k, const struct sk_row *r,
                    const struct sk_candidate *items, size_t n, size_t *next);
/* Nothing in it is known: neither a header nor a column typed by its values. */
bool sk_columns_unknown(const struct sk_columns *k);

/* Is this idle row the header of another table below the first? */
bool sk_columns_other_header(struct sk_context *c, struct sk_columns *k, const struct sk_row *r);

/* A table without header in which labels stand beside or above their values. True when it was read so; *ok false
 * without memory. */
struct sk_table_items { /* candidates of the segments of the rows */
    const struct sk_segment *segment;
    const struct sk_candidate *items;
    size_t n;
};
bool sk_columns_form(struct sk_context *c, const struct sk_row *rows, size_t n, const struct sk_table_items *sets,
                     size_t n_sets, bool *ok);

/* ---- between the files above ---- */
bool sk_columns_header(struct sk_context *c, struct sk_columns *k, const struct sk_row *rows, size_t n);
bool sk_columns_type(struct sk_context *c, struct sk_columns *k, const struct sk_row *rows, size_t n);
/* The rows below the header on which columns are confirmed. */
struct sk_sample {
    const struct sk_context *c;
    const struct sk_row *rows;
    size_t n;
    long today;
};
/* Gives a column its role, by values alone. */
void sk_column_take(struct sk_column *col, enum sk_role role, enum sk_confidence conf);
void sk_column_forget(struct sk_column *col, enum sk_column_use use);
/* passed is at least of_10 tenths of filled, and something is filled. */
static inline bool sk_most(uint32_t passed, uint32_t filled, uint32_t of_10)
{
    return filled != 0 && (uint64_t)passed * 10 >= (uint64_t)filled * of_10;
}
uint32_t sk_columns_count(const struct sk_columns *k, enum sk_role role); /* confirmed columns of this role */
/* Columns without header: 個人番号, and people by several kinds of values together. */
void sk_columns_guess_codes(struct sk_columns *k, const struct sk_sample *s);
void sk_columns_guess_names(struct sk_columns *k, const struct sk_sample *s);
/* The dictionary of names knows none of the cells, as names or as readings of names. */
bool sk_columns_no_names(const struct sk_sample *s, uint32_t col);
bool sk_columns_no_readings(const struct sk_sample *s, uint32_t col);
void sk_columns_guess_people(struct sk_columns *k, const struct sk_sample *s);
/* The kind of the table, and what its columns may say in that company; lists the active ones. */
void sk_columns_settle(struct sk_columns *k, const struct sk_sample *s);

/* Role of a cell's text as a header; norm (SK_HEADER_BYTES) receives the normalised text, *n_norm its length. */
enum sk_role sk_cell_role(const struct sk_context *c, struct sk_text t, char *norm, size_t *n_norm, bool *weak);
/* Digits and signs alone are the header of nothing: most cells below one, known without normalising them. */
bool sk_cell_may_head(struct sk_text t);
/* Is the text a disease of patterns/words/disease.txt? */
bool sk_column_disease(const struct sk_context *c, struct sk_text t);
/* Value of an element column: confidence 0-2, or -1 when the cell holds none. */
int sk_column_value(const struct sk_column *col, struct sk_text t, long today);
/* Adds the parts of "記号・番号" as pieces. */
void sk_pieces_of_insured(struct sk_record *rec, struct sk_text t);

#endif
