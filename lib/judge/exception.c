/* exception.c - an exception in force marks violations; finding, label and counts stay as they are. */
#include "judge/inner.h"

#include <string.h>

/* NULL: the exception does not speak of this file. */
static const char *status_of(const struct sk_policy_exception *e, const struct seki_result *r, const char *path,
                             const struct sk_label *label, long as_of)
{
    bool same = e->has_sha256 && r && r->has_sha256 && memcmp(r->sha256, e->sha256, sizeof(e->sha256)) == 0;
    bool here =
        e->path && (e->has_sha256 ? strcmp(path, e->path) == 0 : sk_path_is_below(path, e->path, strlen(e->path)));
    bool speaks = e->has_sha256 ? same || (here && r && r->has_sha256) : here;
    if (!speaks || as_of < e->approved)
        return NULL;
    if (as_of > e->expires)
        return "expired";
    /* Another content, or one that has grown above the grade for which the exception was approved. */
    return (e->has_sha256 && !same) || label->decided > e->grade ? "changed" : "active";
}

bool sk_exceptions_apply(const struct sk_policy *p, const struct seki_result *r, const struct sk_facts *facts,
                         long as_of, struct sk_judgement *j)
{
    bool active = false;
    if (!p->n_exceptions)
        return true;
    j->exceptions = sk_arena_new(&j->arena, p->n_exceptions, sizeof(*j->exceptions));
    if (!j->exceptions)
        return false;
    for (size_t i = 0; i < p->n_exceptions; i++) {
        const char *status = status_of(&p->exceptions[i], r, facts->path, &j->label, as_of);
        if (!status)
            continue;
        j->exceptions[j->n_exceptions++] = (struct sk_exception_state){ p->exceptions[i].id, status };
        active |= strcmp(status, "active") == 0;
    }
    for (size_t i = 0; active && i < j->n_violations; i++)
        j->violations[i].excepted = true;
    return true;
}
