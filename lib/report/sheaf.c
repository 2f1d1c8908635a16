#include <stdlib.h>
#include <string.h>

#include "report/inner.h"

enum sk_section sk_file_section(const struct sk_report_file *f)
{
    if (sk_file_state(f) == SK_ST_EXCLUDED)
        return SK_SEC_EXCLUDED;
    const struct sk_judgement *j = f->judgement;
    bool excepted = false;
    for (size_t i = 0; j && i < j->n_violations; i++) {
        excepted |= j->violations[i].excepted;
        /* V-UNK says the same as the state: such a file is listed among those not inspected. */
        if (!j->violations[i].excepted && !(strcmp(j->violations[i].code, "V-UNK") == 0 && sk_file_is_unread(f)))
            return SK_SEC_FIX;
    }
    if (j && j->canary && !j->canary_ok)
        return SK_SEC_FIX;
    if (sk_file_is_unread(f))
        return SK_SEC_UNREAD;
    if (j && j->n_reviews)
        return SK_SEC_REVIEW;
    return excepted || (j && j->n_exceptions) ? SK_SEC_EXCEPTED : SK_SEC_NONE;
}

const char *sk_section_title(enum sk_section s, bool english)
{
    static const char *const TITLES[SK_SECTIONS][2] = {
        [SK_SEC_FIX] = { "直すもの(重い順)", "To be put right (worst first)" },
        [SK_SEC_UNREAD] = { "検査できなかったもの(中身は不明です)", "Not inspected (what they hold is unknown)" },
        [SK_SEC_REVIEW] = { "人が確かめるもの", "To be reviewed by a person" },
        [SK_SEC_EXCEPTED] = { "例外承認中", "Under an approved exception" },
        [SK_SEC_EXCLUDED] = { "対象外", "Excluded" },
    };
    return TITLES[s][english];
}

bool sk_sheaf_add(struct sk_sheaf *s, enum sk_section section, size_t rank, struct sk_buf *text)
{
    char *copy = text->failed ? NULL : sk_copy_string(text->p ? text->p : "", text->n);
    bool ok = copy && sk_grow(&s->items, &s->cap, s->n + 1, sizeof(*s->items));
    if (ok) {
        s->items[s->n] = (struct sk_sheaf_piece){ section, rank, s->n, copy, text->n };
        s->n++;
        s->counts[section]++;
        s->sorted = false;
    } else {
        free(copy);
    }
    sk_buf_clear(text);
    return ok;
}

static int by_rank(const void *a, const void *b)
{
    const struct sk_sheaf_piece *x = a, *y = b;
    if (x->section != y->section)
        return x->section < y->section ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

bool sk_sheaf_write(struct sk_report *r, struct sk_sheaf *s, enum sk_section section)
{
    if (!s->sorted && s->n)
        qsort(s->items, s->n, sizeof(*s->items), by_rank);
    s->sorted = true;
    for (size_t i = 0; i < s->n; i++)
        if (s->items[i].section == section) {
            sk_buf_add(&r->line, s->items[i].text, s->items[i].n);
            if (!sk_report_flush(r))
                return false;
        }
    return true;
}

void sk_sheaf_free(struct sk_sheaf *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->items[i].text);
    free(s->items);
    memset(s, 0, sizeof(*s));
}
