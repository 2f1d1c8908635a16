#include "rules/problem.h"

#include <stdio.h>
#include <string.h>

/* A file that is wrong throughout is told by its first mistakes; more would only bury them (and hostile input must not
 * fill memory). */
#define MOST_PROBLEMS 500
#define ARENA_BYTES ((size_t)4 << 20)
#define LONGEST_MESSAGE 2000
#define LONGEST_WORD 64

void sk_problems_init(struct sk_problems *p)
{
    memset(p, 0, sizeof(*p));
    sk_arena_init(&p->arena, ARENA_BYTES);
}

void sk_problems_free(struct sk_problems *p)
{
    sk_arena_free(&p->arena);
    memset(p, 0, sizeof(*p));
}

/* Length of s without a code point cut in half by the buffer's end. */
static size_t whole_length(const char *s, size_t n)
{
    size_t back = 0;
    while (back < 3 && back < n && ((unsigned char)s[n - 1 - back] & 0xC0) == 0x80)
        back++;
    if (back == n)
        return n;
    unsigned char lead = (unsigned char)s[n - 1 - back];
    size_t want = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return want > back + 1 ? n - 1 - back : n;
}

static const char *message(struct sk_problems *p, const char *format, va_list args)
{
    char text[LONGEST_MESSAGE];
    int n = vsnprintf(text, sizeof(text), format, args);
    if (n < 0)
        return NULL;
    size_t length = (size_t)n < sizeof(text) ? (size_t)n : whole_length(text, sizeof(text) - 1);
    return sk_arena_string(&p->arena, text, length);
}

static bool room(struct sk_problems *p)
{
    if (p->n < p->cap)
        return true;
    size_t cap = p->cap ? p->cap * 2 : 16;
    struct sk_problem *items = sk_arena_new(&p->arena, cap, sizeof(*items));
    if (!items)
        return false;
    if (p->n)
        memcpy(items, p->items, p->n * sizeof(*items));
    p->items = items;
    p->cap = cap;
    return true;
}

void sk_problem_vadd(struct sk_problems *p, const char *file, unsigned line, unsigned column, const char *ja,
                     const char *en, va_list args)
{
    if (p->n >= MOST_PROBLEMS)
        return;
    va_list again;
    va_copy(again, args);
    struct sk_problem item = { NULL, line, column, message(p, ja, args), message(p, en, again) };
    va_end(again);
    item.file = sk_arena_string(&p->arena, file ? file : "", file ? strlen(file) : 0);
    if (!item.ja || !item.en || !item.file || !room(p)) {
        p->no_memory = true;
        return;
    }
    p->items[p->n++] = item;
}

void sk_problem_add(struct sk_problems *p, const char *file, unsigned line, unsigned column, const char *ja,
                    const char *en, ...)
{
    va_list args;
    va_start(args, en);
    sk_problem_vadd(p, file, line, column, ja, en, args);
    va_end(args);
}

/* Edit distance with swapped neighbours as one edit (optimal string alignment), over bytes: the keys are ASCII. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t rows[3][LONGEST_WORD + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= nb; j++)
        last[j] = j;
    for (size_t i = 1; i <= na; i++) {
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        size_t *spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return last[nb];
}

static size_t common_prefix(const char *a, const char *b)
{
    size_t n = 0;
    while (a[n] && a[n] == b[n])
        n++;
    return n;
}

const char *sk_suggest(const char *word, const char *const *candidates, size_t n)
{
    size_t length = strlen(word);
    if (length == 0 || length > LONGEST_WORD)
        return NULL;
    const char *best = NULL, *longest = NULL;
    size_t best_distance = 3, longest_prefix = 0;
    for (size_t i = 0; i < n; i++) {
        size_t other = strlen(candidates[i]);
        if (other > LONGEST_WORD)
            continue;
        /* Two edits may turn a word of three letters into any other. */
        size_t allowed = (length < other ? length : other) <= 3 ? 1 : 2;
        size_t d = distance(word, length, candidates[i], other);
        if (d <= allowed && d < best_distance) {
            best = candidates[i];
            best_distance = d;
        }
        size_t prefix = common_prefix(word, candidates[i]);
        if (prefix >= 4 && prefix * 2 >= length && prefix > longest_prefix) {
            longest = candidates[i];
            longest_prefix = prefix;
        }
    }
    return best ? best : longest;
}
