/* sink_log.h - a sink that writes down what it gets, and scans children as the library does. For tests of extract. */
#ifndef SINK_LOG_H
#define SINK_LOG_H

#include "base/utf8.h"
#include "extract/extract.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define LOG_PARTS 64

struct log_part {
    char name[256], format[32];
    uint32_t parent;
    struct sk_buf text;   /* folded text of all its segments, first reading only */
    struct sk_buf second; /* second readings */
    struct sk_buf cells;  /* "row,col=text\n" of the first reading */
    unsigned segments, firsts, lasts, largest;
    bool table, sheet;
    struct sk_buf reasons; /* "code:detail;" */
    char encrypted[32];
    struct sk_buf members; /* "name:size:crc;" */
    enum sk_charset charset;
};

struct sink_log {
    struct log_part parts[LOG_PARTS];
    uint32_t n;
    struct sk_fold *fold;
    struct sk_scratch *scratch;
    struct sk_budget budget;
    struct sk_limits limits;
    unsigned depth;
    bool (*on_segment)(struct sink_log *log, const struct sk_segment *s); /* may be NULL */
    void *user;
    bool keep_nothing; /* counts only, for large inputs */
};

struct sink_log *log_new(void);
void log_free(struct sink_log *log);
/* Forgets what was written down. */
void log_clear(struct sink_log *log);
/* Identifies and extracts the source as part 0 named `name`; false when extraction said stop. */
bool log_scan(struct sink_log *log, struct sk_source *source, const char *name);
bool log_memory(struct sink_log *log, const void *bytes, size_t n, const char *name);
/* The part with this name (its last one), NULL when there is none. */
struct log_part *log_find(struct sink_log *log, const char *name);
/* A job for part 0, to write with sk_out_ directly. */
struct sk_job log_job(struct sink_log *log, struct sk_sink *sink);
/* Whole file; data->p is malloc'd. Path below tests/. */
struct sk_bytes log_file(const char *path);
const char *log_text(const struct sk_buf *b); /* "" when empty */

#endif
