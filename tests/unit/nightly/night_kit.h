/* night_kit.h - whole nights over a store, without files: what lies where is told by the test. */
#ifndef TESTS_NIGHT_KIT_H
#define TESTS_NIGHT_KIT_H

/* A row of a night names only what is not usual. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#include "nightly/inner.h"
#include "nightly/store.h"
#include "report/wire.h"

#define MONDAY 20780 /* 2026-11-23 */
#define SOUMU "/share/総務課/共有/"
#define SHINSA "/share/審査/"

struct kit {
    char folder[64], path[128];
    struct sk_fold *fold;
    struct sk_policy *policy;
    struct sk_problems problems;
    struct sk_store *store;
    uint8_t rules[32];
    long day;
    bool full, complete, interrupted_before;
    size_t unreachable, read, kept; /* files read and not read in the night in hand */
    char text[65536];               /* of the last report */
};
/* What lies at a path: claims of people (0: nothing personal). mark: content. */
struct lying {
    const char *path;
    uint8_t mark;
    unsigned people;
    uint32_t mode; /* 0: 0640 */
    bool denied;   /* not readable */
    int64_t ctime; /* 0: a fixed one */
};

void kit_open(struct kit *k, const char *from,
              const char *to); /* the default policy with from replaced by to (NULL: as it is) */
void kit_close(struct kit *k);
void kit_policy(struct kit *k, const char *from, const char *to);
bool kit_reopen(struct kit *k);
/* One night over /share: begin, the files, and the end unless it is cut. False when anything failed. */
bool kit_begin(struct kit *k);
bool kit_files(struct kit *k, const struct lying *files, size_t n);
bool kit_end(struct kit *k);
bool kit_night(struct kit *k, const struct lying *files, size_t n);
#define NIGHT(k, ...)                                                                                                  \
    kit_night((k), (const struct lying[]){ __VA_ARGS__ },                                                              \
              sizeof((const struct lying[]){ __VA_ARGS__ }) / sizeof(struct lying))
/* Status and number of the finding of a path; "" when there is none. */
const char *kit_status(struct kit *k, const char *path, int64_t *id, char moved[256]);
const char *kit_report(struct kit *k, const char *kind, const char *format, bool restricted);
int64_t kit_integer(struct kit *k, const char *sql);

#endif
