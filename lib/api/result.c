/* Reading results and judgements from outside. */
#include "api/api.h"

#include <stdlib.h>
#include <string.h>

#ifndef SEKISHO_VERSION
#define SEKISHO_VERSION "0.1.0"
#endif

const char *seki_version(void)
{
    return SEKISHO_VERSION;
}

const char *seki_version_engines(void)
{
    return sk_match_engine();
}

size_t seki_formats(void)
{
    return SK_FORMATS_N;
}

seki_status seki_format(size_t i, const char **name, const char **title_ja, const char **title_en, bool *readable)
{
    if (i >= SK_FORMATS_N)
        return SEKI_E_USAGE;
    if (name)
        *name = SK_FORMATS[i].name;
    if (title_ja)
        *title_ja = SK_FORMATS[i].title_ja;
    if (title_en)
        *title_en = SK_FORMATS[i].title_en;
    if (readable)
        *readable = SK_FORMATS[i].extract != NULL;
    return SEKI_OK;
}

const char *seki_result_state(const seki_result *r)
{
    static const char *const NAMES[] = { "inspected", "partial", "uninspectable" };
    return NAMES[r->state];
}

const char *seki_result_format(const seki_result *r)
{
    return r->format;
}

const char *seki_result_sha256(const seki_result *r, char hex[65])
{
    hex[0] = '\0';
    if (r->has_sha256)
        sk_hex(r->sha256, SK_SHA256_BYTES, hex);
    return hex;
}

bool seki_result_own_persons(const seki_result *r, uint64_t *persons)
{
    if (persons)
        *persons = r ? r->own_persons : 0;
    return r && r->has_own;
}

void seki_result_persons(const seki_result *r, uint64_t *min, uint64_t *max)
{
    *min = r->persons_min;
    *max = r->persons_max;
}

/* Fills the caller's struct, of the size that the caller was compiled with. */
static seki_status give(void *out, const void *full, size_t known)
{
    size_t size = *(const size_t *)out;
    if (size < sizeof(size_t))
        return SEKI_E_USAGE;
    size_t n = size < known ? size : known;
    memset(out, 0, size);
    memcpy(out, full, n);
    memcpy(out, &size, sizeof(size));
    return SEKI_OK;
}

size_t seki_result_reasons(const seki_result *r)
{
    return r->n_whys;
}

seki_status seki_result_reason(const seki_result *r, size_t i, seki_reason *out)
{
    if (i >= r->n_whys)
        return SEKI_E_USAGE;
    seki_reason full = { sizeof(full), sk_reason_code((enum sk_reason)r->whys[i].reason), r->whys[i].detail,
                         r->whys[i].part };
    return give(out, &full, sizeof(full));
}

size_t seki_result_findings(const seki_result *r)
{
    return r->n_found;
}

seki_status seki_result_finding(const seki_result *r, size_t i, seki_finding *out)
{
    if (i >= r->n_found)
        return SEKI_E_USAGE;
    const struct sk_found *f = &r->found[i];
    seki_finding full = { sizeof(full), sk_element_name((enum sk_element)f->element),
                          sk_confidence_name((enum sk_confidence)f->confidence), f->count, f->n_at };
    return give(out, &full, sizeof(full));
}

seki_status seki_result_place(const seki_result *r, size_t finding, size_t i, seki_place *out)
{
    static const char *const KINDS[] = { "bytes", "cell", "page", "slide", "paragraph", "part" };
    if (finding >= r->n_found || i >= r->found[finding].n_at)
        return SEKI_E_USAGE;
    const struct sk_place *p = &r->found[finding].at[i];
    seki_place full = { .size = sizeof(full),
                        .part = p->part,
                        .kind = KINDS[p->kind],
                        .hidden = p->hidden ? sk_hidden_name((enum sk_hidden)p->hidden, 1) : NULL,
                        .offset = p->offset,
                        .line = p->line,
                        .length = p->length,
                        .column = p->column,
                        .row = p->row,
                        .col = p->col,
                        .number = p->number };
    return give(out, &full, sizeof(full));
}

size_t seki_result_part(const seki_result *r, size_t part, char *out, size_t n)
{
    struct sk_buf path;
    sk_buf_init(&path, (size_t)1 << 20);
    const char *text = part < r->n_parts ? sk_part_path(r, (uint32_t)part, &path) : "";
    size_t full = text ? strlen(text) : 0;
    if (n) {
        size_t copy = full < n - 1 ? full : n - 1;
        if (copy)
            memcpy(out, text, copy);
        out[copy] = '\0';
    }
    sk_buf_free(&path);
    return full;
}

size_t seki_result_insurers(const seki_result *r)
{
    return r->n_insurers;
}

seki_status seki_result_insurer(const seki_result *r, size_t i, seki_insurer *out)
{
    if (i >= r->n_insurers)
        return SEKI_E_USAGE;
    seki_insurer full = { sizeof(full), r->insurers[i].number, r->insurers[i].min, r->insurers[i].max };
    return give(out, &full, sizeof(full));
}

seki_status seki_judge_place(seki_judgement **out, const seki_policy *policy, const seki_result *result,
                             const seki_judge_options *given, seki_error *err)
{
    seki_judge_options o;
    long day;
    if (!out || !policy || !result || !given || !SK_OPTIONS(o, given) || !o.path)
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    seki_status status = sk_as_of(o.as_of, &day, err);
    if (status)
        return status;
    struct sk_facts facts = { .path = o.path,
                              .size = result->size,
                              .mtime = o.mtime ? o.mtime : (int64_t)day * 86400,
                              .group = o.group,
                              .world_readable = o.world_readable };
    seki_judgement *j = sk_new(1, sizeof(*j));
    if (!j)
        return sk_no_memory(err);
    j->policy = policy->policy;
    if (!sk_judge_place(policy->policy, result, &facts, day, &j->j)) {
        free(j);
        return sk_no_memory(err);
    }
    *out = j;
    return SEKI_OK;
}

void seki_judgement_free(seki_judgement *j)
{
    if (!j)
        return;
    sk_judgement_free(&j->j);
    free(j);
}

const char *seki_judgement_grade(const seki_judgement *j)
{
    return sk_policy_grade(j->policy, j->j.label.grade);
}

const char *seki_judgement_location(const seki_judgement *j)
{
    return j->j.location;
}

size_t seki_judgement_violations(const seki_judgement *j)
{
    return j->j.n_violations;
}

seki_status seki_judgement_violation(const seki_judgement *j, size_t i, const char **code, const char **severity,
                                     const char **detail_ja, const char **detail_en)
{
    if (i >= j->j.n_violations)
        return SEKI_E_USAGE;
    const struct sk_violation *v = &j->j.violations[i];
    if (code)
        *code = v->code;
    if (severity)
        *severity = v->severity;
    if (detail_ja)
        *detail_ja = v->detail_ja;
    if (detail_en)
        *detail_en = v->detail_en;
    return SEKI_OK;
}
