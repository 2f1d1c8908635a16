/* record_check.h - a file of the corpus against the lines that its transcript must have and must not have. */
#ifndef RECORD_CHECK_H
#define RECORD_CHECK_H

#include "record_sink.h"

#include <criterion/criterion.h>

struct expected {
    const char *file;
    const char *lines[48]; /* "!..." must not be there */
};

/* A file of tests/corpus, to be freed. */
static inline uint8_t *corpus_load(const char *file, size_t *n)
{
    char path[512];
    snprintf(path, sizeof(path), TESTS_DIR "/corpus/%s", file);
    uint8_t *p = record_load(path, n);
    cr_assert(p, "%s: not found", path);
    return p;
}

static void check_file(struct record *r, const struct expected *e)
{
    size_t n;
    uint8_t *p = corpus_load(e->file, &n);
    cr_expect(record_bytes(r, e->file, p, n) || r->budget.spent != SK_WHY_NONE, "%s: stopped", e->file);
    for (size_t i = 0; i < 48 && e->lines[i]; i++) {
        const char *line = e->lines[i];
        if (line[0] == '!')
            cr_expect(!record_has(r, line + 1), "%s: must not have \"%s\"", e->file, line + 1);
        else
            cr_expect(record_has(r, line), "%s: lacks \"%s\" in:%s", e->file, line, r->log.p);
    }
    free(p);
}

static inline void check_files(const struct expected *e, size_t n)
{
    struct record *r = record_new();
    for (size_t i = 0; i < n; i++)
        check_file(r, &e[i]);
    record_free(r);
}
#define CHECK_FILES(table) check_files(table, sizeof(table) / sizeof((table)[0]))

/* The sink may say stop at any segment: nothing is delivered after it, nothing leaks. */
static inline void check_stop(const char *file)
{
    struct record *r = record_new();
    size_t n;
    uint8_t *p = corpus_load(file, &n);
    r->stop_at_text = true;
    cr_expect(!record_bytes(r, file, p, n), "%s: did not stop", file);
    free(p);
    record_free(r);
}

#endif
