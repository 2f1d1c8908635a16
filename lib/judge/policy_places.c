/* policy_places.c - severities, locations, aggregate. */
#include "judge/policy.h"

#include <string.h>

const char *const SK_CODES[SK_V_CODES] = { "V-GRADE", "V-COMP", "V-ACL",  "V-OWNER", "V-AGE",
                                           "V-ENC",   "V-ELEM", "V-MARK", "V-AGG",   "V-UNK" };

/* ---- severity: read after the locations, which its lines name ---- */

static void load_codes(struct sk_loader *l, const struct sk_node *node, struct sk_severity_line *line)
{
    size_t n;
    for (const struct sk_node *c = sk_load_items(l, node, SK_NODE_LIST, SK_MOST_ITEMS, &n); c; c = c->next) {
        int i = sk_choice(&l->r, c, SK_CODES, SK_V_CODES);
        if (i >= 0)
            line->codes |= UINT32_C(1) << i;
    }
    if (node && node->kind == SK_NODE_LIST && n == 0)
        sk_wrong(&l->r, node, "一覧が空です。違反の符号を書いてください",
                 "the list is empty; write codes of violations");
}

static void load_line_locations(struct sk_loader *l, const struct sk_node *node, struct sk_severity_line *line)
{
    size_t n;
    const struct sk_node *c = sk_load_items(l, node, SK_NODE_LIST, SK_MOST_ITEMS, &n);
    const char **ids = sk_load_new(l, n, sizeof(*ids));
    if (node && node->kind == SK_NODE_LIST && n == 0)
        sk_wrong(&l->r, node, "一覧が空です。置き場所の id を書いてください",
                 "the list is empty; write ids of locations");
    for (; c && ids; c = c->next) {
        int i = sk_load_ref(l, c, &l->p->location_ids);
        if (i >= 0)
            ids[line->n_locations++] = l->p->location_ids.names[i];
    }
    line->locations = ids;
}

static void load_lines(struct sk_loader *l, const struct sk_node *node, struct sk_severity *s)
{
    size_t n;
    const struct sk_node *c = sk_load_items(l, node, SK_NODE_LIST, SK_MOST_ITEMS, &n);
    struct sk_severity_line *lines = sk_load_new(l, n, sizeof(*lines));
    if (!lines)
        return;
    for (; c; c = c->next) {
        struct sk_severity_line line = { .grade_at_least = -1, .persons_over = -1 };
        if (!SK_KEYS_ARE(l, c, "violation", "grade_at_least", "location", "persons_over", "review"))
            continue;
        if (c->n == 0)
            sk_wrong(&l->r, c, "条件が空です。すべてに当たってしまいます",
                     "the condition is empty; it would hold for everything");
        load_codes(l, sk_get(c, "violation"), &line);
        line.grade_at_least = sk_load_ref(l, sk_get(c, "grade_at_least"), &l->p->grade_ids);
        if (sk_get(c, "location"))
            load_line_locations(l, sk_get(c, "location"), &line);
        line.persons_over = sk_integer(&l->r, sk_get(c, "persons_over"), 0, INT32_MAX, -1);
        line.review = sk_boolean(&l->r, sk_get(c, "review"), false);
        if (line.review && line.codes)
            sk_wrong(&l->r, sk_get(c, "review"), "review と violation は同時に書けません。行を分けてください",
                     "review and violation cannot stand in one line; write two lines");
        lines[s->n_lines++] = line;
    }
    s->lines = lines;
}

void sk_load_severities(struct sk_loader *l, const struct sk_node *root)
{
    struct sk_policy *p = l->p;
    size_t n;
    const struct sk_node *list = sk_need(&l->r, root, "severity");
    const struct sk_node *c = sk_load_items(l, list, SK_NODE_LIST, 32, &n);
    if (list && list->kind == SK_NODE_LIST && list->n == 0)
        sk_wrong(&l->r, list, "重大度が一つもありません", "there are no severities");
    p->severities = sk_load_new(l, n, sizeof(*p->severities));
    p->severity_ids.names = sk_load_new(l, n, sizeof(char *));
    if (!p->severities || !p->severity_ids.names)
        return;
    for (; c; c = c->next) {
        struct sk_severity s = { .id = "", .name = "" };
        if (SK_KEYS_ARE(l, c, "id", "name", "any_of")) {
            s.id = sk_load_id(l, c, p->severity_ids.names, p->n_severities);
            s.name = sk_load_text(l, c, "name");
            load_lines(l, sk_need(&l->r, c, "any_of"), &s);
        }
        p->severity_ids.names[p->n_severities] = s.id;
        p->severities[p->n_severities++] = s;
        p->severity_ids.n = p->n_severities;
    }
}

/* ---- locations ---- */

static const char *const UNSCANNABLE[] = { "review", "ignore" };

static void load_owner_groups(struct sk_loader *l, const struct sk_node *node, struct sk_location *loc)
{
    if (!node)
        return;
    loc->tests_owner = true;
    loc->owner_groups = sk_load_strings(l, node, &loc->n_owner_groups);
}

/* What every place has; missing keys keep the values that loc came with. */
static void load_place(struct sk_loader *l, const struct sk_node *c, struct sk_location *loc)
{
    int grade = sk_load_ref(l, sk_need(&l->r, c, "max_grade"), &l->p->grade_ids);
    loc->max_grade = grade < 0 ? 0 : (uint8_t)grade;
    loc->compartments = sk_load_bits(l, sk_need(&l->r, c, "compartments"), &l->p->compartments);
    load_owner_groups(l, sk_get(c, "owner_groups"), loc);
    loc->world_readable = sk_boolean(&l->r, sk_get(c, "world_readable"), loc->world_readable);
    loc->must_encrypt = sk_boolean(&l->r, sk_get(c, "must_encrypt"), false);
    loc->max_age_days = (long)sk_integer(&l->r, sk_get(c, "max_age_days"), 0, 36500, -1);
    loc->forbidden = sk_load_elements(l, sk_get(c, "forbid_elements"));
    const struct sk_node *unscannable = sk_get(c, "unscannable");
    if (unscannable)
        loc->review_unscannable = sk_choice(&l->r, unscannable, UNSCANNABLE, 2) != 1;
}

static void load_path(struct sk_loader *l, const struct sk_node *c, struct sk_location *loc)
{
    const struct sk_policy *p = l->p;
    const struct sk_node *node = sk_need(&l->r, c, "path");
    loc->path = sk_load_path(l, node);
    loc->path_n = strlen(loc->path);
    for (size_t i = 0; loc->path_n && i < p->n_locations; i++)
        if (strcmp(p->locations[i].path, loc->path) == 0)
            sk_wrong(&l->r, node, "パス「%s」は %s にもあります。一つにしてください",
                     "the path '%s' is also that of %s; keep one", loc->path, p->locations[i].id);
}

static void add(struct sk_policy *p, const struct sk_location *loc)
{
    p->places[p->n_locations] = (struct sk_policy_place){ loc->id, loc->path, loc->max_grade, loc->compartments };
    p->location_ids.names[p->n_locations] = loc->id;
    p->locations[p->n_locations++] = *loc;
    p->location_ids.n = p->n_locations;
}

static struct sk_location load_default_place(struct sk_loader *l, const struct sk_node *node)
{
    struct sk_location loc = { .id = "", .path = "", .review_unscannable = true, .max_age_days = -1 };
    if (node && SK_KEYS_ARE(l, node, "id", "max_grade", "compartments", "owner_groups", "world_readable",
                            "must_encrypt", "max_age_days", "forbid_elements", "unscannable")) {
        loc.id = sk_load_id(l, node, NULL, 0);
        load_place(l, node, &loc);
        sk_need(&l->r, node, "world_readable");
        sk_need(&l->r, node, "unscannable");
    }
    return loc;
}

void sk_load_locations(struct sk_loader *l, const struct sk_node *root)
{
    struct sk_policy *p = l->p;
    const struct sk_node *node = sk_need(&l->r, root, "locations");
    const struct sk_node *list = NULL, *c = NULL;
    struct sk_location fallback = { .id = "", .path = "" };
    size_t n = 0;
    if (node && SK_KEYS_ARE(l, node, "default", "list")) {
        fallback = load_default_place(l, sk_need(&l->r, node, "default"));
        list = sk_need(&l->r, node, "list");
        c = sk_load_items(l, list, SK_NODE_LIST, SK_MOST_ITEMS, &n);
    }
    p->locations = sk_load_new(l, n + 1, sizeof(*p->locations));
    p->places = sk_load_new(l, n + 1, sizeof(*p->places));
    p->location_ids.names = sk_load_new(l, n + 1, sizeof(char *));
    if (!p->locations || !p->places || !p->location_ids.names)
        return;
    for (; c; c = c->next) {
        struct sk_location loc = { .id = "",
                                   .path = "",
                                   .world_readable = fallback.world_readable,
                                   .review_unscannable = fallback.review_unscannable,
                                   .max_age_days = -1 };
        if (SK_KEYS_ARE(l, c, "id", "path", "max_grade", "compartments", "owner_groups", "world_readable",
                        "must_encrypt", "max_age_days", "forbid_elements", "unscannable")) {
            loc.id = sk_load_id(l, c, p->location_ids.names, p->n_locations);
            if (*loc.id && strcmp(loc.id, fallback.id) == 0)
                sk_wrong(&l->r, sk_get(c, "id"), "id「%s」は default の id と同じです。別の id にしてください",
                         "the id '%s' is that of default; choose another", loc.id);
            load_path(l, c, &loc);
            load_place(l, c, &loc);
        }
        add(p, &loc);
    }
    add(p, &fallback);
}

/* ---- aggregate ---- */

void sk_load_aggregate(struct sk_loader *l, const struct sk_node *root)
{
    static const char *const LEVELS[] = { "location" }, *const CODES[] = { "V-AGG" };
    struct sk_policy *p = l->p;
    size_t n;
    const struct sk_node *c = sk_load_items(l, sk_get(root, "aggregate"), SK_NODE_LIST, SK_MOST_ITEMS, &n);
    p->aggregates = sk_load_new(l, n, sizeof(*p->aggregates));
    if (!p->aggregates)
        return;
    for (; c; c = c->next) {
        struct sk_aggregate_rule a = { .over = 0, .ceiling_below = -1 };
        if (!SK_KEYS_ARE(l, c, "level", "persons", "ceiling_below", "code", "severity"))
            continue;
        const struct sk_node *level = sk_need(&l->r, c, "level"), *code = sk_need(&l->r, c, "code"),
                             *persons = sk_need(&l->r, c, "persons");
        if (level)
            sk_choice(&l->r, level, LEVELS, 1);
        if (code)
            sk_choice(&l->r, code, CODES, 1);
        if (persons && SK_KEYS_ARE(l, persons, "over"))
            a.over = sk_integer(&l->r, sk_need(&l->r, persons, "over"), 0, INT32_MAX, 0);
        a.ceiling_below = sk_load_ref(l, sk_get(c, "ceiling_below"), &p->grade_ids);
        int severity = sk_load_ref(l, sk_need(&l->r, c, "severity"), &p->severity_ids);
        a.severity = severity < 0 ? 0 : (size_t)severity;
        p->aggregates[p->n_aggregates++] = a;
    }
}
