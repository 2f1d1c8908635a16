/* policy.c - loading as a whole, and what others ask about a policy. */
#include "judge/policy.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#define POLICY_BYTES ((size_t)256 << 20)

static void load_sections(struct sk_loader *l, const struct sk_node *root)
{
    if (!SK_KEYS_ARE(l, root, "policy", "grades", "compartments", "handling", "default_label", "element_groups",
                     "small_cells", "label_rules", "markings", "msip", "locations", "aggregate", "severity",
                     "approvals", "receipts", "encryption", "destinations", "exceptions", "limits", "coverage",
                     "report"))
        return;
    sk_load_head(l, root);
    sk_load_scheme(l, root);
    sk_load_rules(l, root);
    sk_load_markings(l, root);
    sk_load_locations(l, root);
    sk_load_severities(l, root);
    sk_load_aggregate(l, root);
    sk_load_transfer(l, root);
    sk_load_exceptions(l, root);
    sk_load_limits(l, root);
    sk_load_coverage(l, root);
    sk_load_report(l, root);
}

static void add_number(struct sk_buf *b, long long v)
{
    sk_buf_printf(b, "%lld;", v);
}

/* Every text with its length, so that two policies that look for different things never give the same bytes. */
static void add_text(struct sk_buf *b, const char *s)
{
    sk_buf_printf(b, "%zu:%s;", strlen(s), s);
}

static bool detect_digest(struct sk_policy *p)
{
    struct sk_buf b;
    sk_buf_init(&b, POLICY_BYTES);
    for (size_t i = 0; i < p->n_marks; i++) {
        add_text(&b, p->mark_words[i].text);
        add_number(&b, p->mark_words[i].enclosed_only);
    }
    add_number(&b, p->mark_positions);
    add_number(&b, p->cia_positions);
    add_number(&b, p->first_lines);
    for (size_t i = 0; i < p->small_headers.n; i++)
        add_text(&b, p->small_headers.names[i]);
    add_number(&b, p->small_from);
    add_number(&b, p->small_to);
    bool ok = !b.failed && sk_sha256(b.p, b.n, p->detect_digest);
    sk_buf_free(&b);
    return ok;
}

struct sk_policy *sk_policy_load(const char *path, const struct sk_fold *fold, struct sk_problems *problems)
{
    struct sk_policy *p = sk_new(1, sizeof(*p));
    struct sk_buf text;
    if (!p) {
        problems->no_memory = true;
        return NULL;
    }
    size_t before = problems->n;
    sk_arena_init(&p->arena, POLICY_BYTES);
    memset(&text, 0, sizeof(text));
    struct sk_loader l = { { path, &p->arena, problems }, p, fold };
    p->root = sk_yaml_load(path, &text, &p->arena, problems);
    if (p->root)
        load_sections(&l, p->root);
    if (p->root && problems->n == before && !(sk_sha256(text.p, text.n, p->digest) && detect_digest(p)))
        problems->no_memory = true;
    sk_buf_free(&text);
    if (p->root && problems->n == before && !problems->no_memory)
        return p;
    sk_policy_free(p);
    return NULL;
}

void sk_policy_free(struct sk_policy *p)
{
    if (!p)
        return;
    sk_arena_free(&p->arena);
    free(p);
}

const char *sk_policy_id(const struct sk_policy *p)
{
    return p->id;
}

const char *sk_policy_version(const struct sk_policy *p)
{
    return p->version;
}

bool sk_policy_is_draft(const struct sk_policy *p)
{
    return strcmp(p->settings.status, "draft") == 0;
}

bool sk_policy_is_overdue(const struct sk_policy *p, long as_of)
{
    return as_of > p->settings.review_by;
}

const uint8_t *sk_policy_digest(const struct sk_policy *p)
{
    return p->digest;
}

const uint8_t *sk_policy_detect_digest(const struct sk_policy *p)
{
    return p->detect_digest;
}

void sk_policy_limits(const struct sk_policy *p, struct sk_limits *limits)
{
    *limits = p->limits;
}

void sk_policy_detect(const struct sk_policy *p, struct sk_detect_config *config)
{
    config->mark_words = p->mark_words;
    config->n_mark_words = p->n_marks;
    config->mark_positions = p->mark_positions;
    config->cia_positions = p->cia_positions;
    config->first_lines = p->first_lines;
    config->small_headers = p->small_headers.names;
    config->n_small_headers = p->small_headers.n;
    config->small_from = p->small_from;
    config->small_to = p->small_to;
}

const struct sk_policy_settings *sk_policy_settings(const struct sk_policy *p)
{
    return &p->settings;
}

size_t sk_policy_exceptions(const struct sk_policy *p, const struct sk_policy_exception **out)
{
    *out = p->exceptions;
    return p->n_exceptions;
}

bool sk_exception_ends_soon(const struct sk_policy *p, const struct sk_policy_exception *e, long as_of)
{
    return as_of >= e->approved && as_of <= e->expires && e->expires - as_of <= (long)p->settings.notice_days;
}

size_t sk_policy_places(const struct sk_policy *p, const struct sk_policy_place **out)
{
    *out = p->places;
    return p->n_locations;
}

size_t sk_policy_severities(const struct sk_policy *p)
{
    return p->n_severities;
}

const char *sk_policy_severity(const struct sk_policy *p, size_t i)
{
    return i < p->n_severities ? p->severities[i].id : NULL;
}

size_t sk_policy_severity_rank(const struct sk_policy *p, const char *severity)
{
    for (size_t i = 0; severity && i < p->n_severities; i++)
        if (strcmp(p->severities[i].id, severity) == 0)
            return i;
    return p->n_severities;
}

const char *sk_policy_severity_name(const struct sk_policy *p, const char *severity)
{
    size_t i = sk_policy_severity_rank(p, severity);
    return i < p->n_severities ? p->severities[i].name : "";
}

const char *sk_policy_destination_name(const struct sk_policy *p, const char *id)
{
    for (size_t i = 0; i < p->n_destinations; i++)
        if (strcmp(p->destinations[i].id, id) == 0)
            return p->destinations[i].name;
    return NULL;
}

bool sk_policy_destination(const struct sk_policy *p, size_t i, const char **id, const char **name)
{
    if (i >= p->n_destinations)
        return false;
    *id = p->destinations[i].id;
    *name = p->destinations[i].name;
    return true;
}

bool sk_policy_rule(const struct sk_policy *p, const char *id, const char **name, const char **basis)
{
    for (size_t i = 0; i < p->n_rules; i++)
        if (strcmp(p->rules[i].id, id) == 0) {
            *name = p->rules[i].name;
            *basis = p->rules[i].basis;
            return true;
        }
    return false;
}

const char *sk_policy_grade(const struct sk_policy *p, uint8_t grade)
{
    return grade < p->grade_ids.n ? p->grades[grade].id : "";
}

const char *sk_policy_grade_gov(const struct sk_policy *p, uint8_t grade)
{
    return grade < p->grade_ids.n && p->grades[grade].gov ? p->grades[grade].gov : "";
}

const char *sk_policy_grade_muni(const struct sk_policy *p, uint8_t grade)
{
    return grade < p->grade_ids.n && p->grades[grade].muni ? p->grades[grade].muni : "";
}

const char *sk_policy_grade_name(const struct sk_policy *p, uint8_t grade)
{
    return grade < p->grade_ids.n ? p->grades[grade].name : "";
}

size_t sk_policy_grades(const struct sk_policy *p)
{
    return p->grade_ids.n;
}

const char *sk_policy_compartment(const struct sk_policy *p, unsigned bit)
{
    return bit < p->compartments.n ? p->compartments.names[bit] : NULL;
}

const char *sk_policy_compartment_name(const struct sk_policy *p, unsigned bit)
{
    return bit < p->compartment_names.n ? p->compartment_names.names[bit] : NULL;
}

const char *sk_policy_handling(const struct sk_policy *p, unsigned bit)
{
    return bit < p->handling.n ? p->handling.names[bit] : NULL;
}

const char *sk_policy_location_name(const struct sk_policy *p, const char *id)
{
    for (size_t i = 0; i < p->n_locations; i++)
        if (strcmp(p->locations[i].id, id) == 0)
            return p->locations[i].path;
    return NULL;
}

const char *sk_policy_strength(const struct sk_policy *p, const char *method)
{
    if (!method || !*method || strstr(method, "unknown"))
        return "unknown";
    for (size_t i = 0; i < p->n_strong; i++)
        if (strcmp(p->strong[i], method) == 0)
            return "strong";
    return "weak";
}
