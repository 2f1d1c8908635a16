/*
 * jet.h - pages, table definitions and rows of Access databases: Jet 3 (Access 97), Jet 4 (2000 to 2003), ACE (2007
 * on). The format is undocumented; facts are those of mdbtools' HACKING and of Jackcess. Every read is checked, every
 * page is looked at a bounded number of times.
 */
#ifndef SK_EXTRACT_JET_H
#define SK_EXTRACT_JET_H

#include "extract/extract.h"

#define JET_PAGE_MAX 4096u
#define JET_COLUMNS 256u

struct jet_layout { /* what differs between Jet 3 and later */
    uint32_t page, rows_at, tdef_columns, tdef_indexes, tdef_start, index_size, column_size;
    uint32_t column_number, column_variable, column_flags, column_fixed, column_width;
    bool wide; /* UTF-16, two-byte counts */
};

enum jet_type {
    JET_BOOL = 1,
    JET_BYTE,
    JET_INT,
    JET_LONG,
    JET_MONEY,
    JET_FLOAT,
    JET_DOUBLE,
    JET_DATE,
    JET_BINARY,
    JET_TEXT,
    JET_OLE,
    JET_MEMO,
    JET_GUID = 15,
    JET_NUMERIC,
    JET_BIGINT = 19
};

struct jet_column {
    uint8_t type, scale;
    bool fixed;
    uint16_t number, variable, at, width;
    struct sk_bytes name; /* in the definition */
};

struct jet_table {
    uint16_t n;
    struct jet_column columns[JET_COLUMNS];
    struct sk_buf definition;
};

struct jet {
    struct sk_job *job;
    struct sk_source *source; /* random access */
    const struct jet_layout *layout;
    uint32_t pages, key, codepage;
    uint8_t version;
    uint32_t *first, *next; /* pages of rows, by the page of their table's definition; 0 ends */
    uint8_t page[JET_PAGE_MAX], value[JET_PAGE_MAX]; /* rows at hand; a page that a value lies in */
    uint32_t value_page;
    bool damaged, large;
    const char *encryption; /* not NULL: only this can be told */
};

bool jet_open(struct jet *j, struct sk_job *job, struct sk_source *source);
void jet_close(struct jet *j);
/* Deciphered where the file only obfuscates. False: cannot be read. */
/* The first page of a table's rows; 0: it has none. */
static inline uint32_t jet_first(const struct jet *j, uint32_t table)
{
    return table < j->pages ? j->first[table] : 0;
}
bool jet_load(struct jet *j, uint32_t page, uint8_t out[JET_PAGE_MAX]);
/* The definition that begins at a page. False: there is none. */
bool jet_table_read(struct jet *j, uint32_t page, struct jet_table *t);
void jet_table_free(struct jet_table *t);

/* The rows of the page at hand; *deleted also for rows that moved elsewhere. Empty: nothing to read. */
uint16_t jet_rows(const struct jet *j, const uint8_t *page);
struct sk_bytes jet_row(const struct jet *j, const uint8_t *page, uint16_t i, bool *deleted, bool *moved);
/* A column of a row. False: no value (or, for JET_BOOL, no). */
bool jet_value(const struct jet *j, const struct jet_table *t, const struct jet_column *c, struct sk_bytes row,
               struct sk_bytes *out);
/* Text of a value as UTF-8 behind what is in out. */
bool jet_text(const struct jet *j, struct sk_bytes b, struct sk_buf *out);
/* Memo or OLE value: its bytes behind what is in out. */
bool jet_long_value(struct jet *j, struct sk_bytes b, struct sk_buf *out);

#endif
