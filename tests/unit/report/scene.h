/* A small share as the report gets it: results by hand, judged by the default policy. */
#ifndef SCENE_H
#define SCENE_H

#include "report/report.h"

enum { SCENE_CLAIMS, SCENE_BOOK, SCENE_ZIP, SCENE_DENIED, SCENE_LINK, SCENE_NASTY, SCENE_CLEAN, SCENE_FILES };

struct scene {
    struct sk_fold *fold;
    struct sk_policy *policy;
    struct sk_run_info run;
    struct seki_result results[SCENE_FILES];
    struct sk_facts facts[SCENE_FILES];
    struct sk_judgement judgements[SCENE_FILES];
    struct sk_report_file files[SCENE_FILES];
};
struct scene *scene_new(void);
void scene_free(struct scene *s);

struct sink { /* a writer into memory; fails after `room` bytes when room is set */
    struct sk_buf buf;
    size_t room;
};
struct sk_writer sink_writer(struct sink *s);
/* Runs the Python checker on the text; fails the test with what it says. */
void check_with_python(const char *kind, const struct sk_buf *text);
/* Compares with tests/golden/report/<name>; writes it instead when UPDATE_GOLDEN is set. */
void check_golden(const struct scene *s, const char *name, struct sk_buf *text);

#endif
