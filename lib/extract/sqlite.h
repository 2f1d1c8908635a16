/* sqlite.h - pages, trees and records of SQLite database files (https://www.sqlite.org/fileformat2.html), read without
 * SQLite itself: nothing of a hostile schema is ever compiled, and every page is visited at most once. */
#ifndef SK_EXTRACT_SQLITE_H
#define SK_EXTRACT_SQLITE_H

#include "extract/extract.h"

#define SQLITE_LEVELS 24u /* a tree of 2^32 pages has fewer */

struct sqlite_db {
    struct sk_job *job;
    struct sk_source *source; /* random access */
    uint32_t page_size, usable, pages;
    enum sk_charset cs;
    uint8_t *visited; /* a bit for each page */
    uint8_t *level;   /* SQLITE_LEVELS pages */
    uint8_t *spill;   /* a page of an overflow chain */
    struct sk_buf payload;
    bool damaged, large;
};

struct sqlite_value {
    enum { SQLITE_NOTHING, SQLITE_INTEGER, SQLITE_REAL, SQLITE_TEXT, SQLITE_BYTES } kind;
    int64_t integer;
    double real;
    struct sk_bytes bytes;
};
/* The next value of a record. header and body shrink. False: there is none, or the record is damaged. */
bool sqlite_next(struct sk_bytes *header, struct sk_bytes *body, struct sqlite_value *v);
/* Splits a record. */
bool sqlite_record(struct sk_bytes payload, struct sk_bytes *header, struct sk_bytes *body);

/* rowid is 0 in index trees; false = stop. */
typedef bool (*sqlite_row)(void *ctx, int64_t rowid, struct sk_bytes payload);

/* False: not a database, or no memory. */
bool sqlite_open(struct sqlite_db *d, struct sk_job *job, struct sk_source *source);
void sqlite_close(struct sqlite_db *d);
/* All records of the tree at a root page, in order. row NULL: its pages are only marked as visited. False = stop. */
bool sqlite_walk(struct sqlite_db *d, uint32_t root, sqlite_row row, void *ctx);
/* The page, when nothing has visited it; NULL otherwise or when it cannot be read. Valid until the next call. */
const uint8_t *sqlite_unvisited(struct sqlite_db *d, uint32_t page);

#endif
