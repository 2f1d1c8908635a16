/* problem.h - mistakes in rules, policies and word lists: all of them at once, each with its place. */
#ifndef SK_RULES_PROBLEM_H
#define SK_RULES_PROBLEM_H

#include "base/mem.h"

struct sk_problem {
    const char *file;      /* as the user named it */
    unsigned line, column; /* 1-based; 0 = whole file */
    const char *ja, *en;   /* what is wrong and what to do */
};

struct sk_problems {
    struct sk_arena arena;
    struct sk_problem *items;
    size_t n, cap;
    bool no_memory;
};
void sk_problems_init(struct sk_problems *p);
void sk_problems_free(struct sk_problems *p);
/* Formats are printf's for ja and en with the same arguments in the same order. */
void sk_problem_add(struct sk_problems *p, const char *file, unsigned line, unsigned column, const char *ja,
                    const char *en, ...) __attribute__((format(printf, 5, 7), format(printf, 6, 7)));
void sk_problem_vadd(struct sk_problems *p, const char *file, unsigned line, unsigned column, const char *ja,
                     const char *en, va_list args);
/* The candidate within edit distance 2 (or sharing a long prefix) of word, NULL when none is near. */
const char *sk_suggest(const char *word, const char *const *candidates, size_t n);

#endif
