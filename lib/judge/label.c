/* label.c - all rules, markings and sensitivity labels that hold, together: the maximum and the union. Nothing lowers.
 */
#include "judge/inner.h"

#include <string.h>

#define REVIEW_WORN "付与された格付を読めない"
#define REVIEW_UNLINKED "同じ記録の中か確認"

void sk_evidence_of(struct sk_evidence *e, const struct seki_result *const *results, size_t n, uint64_t persons_max)
{
    *e = (struct sk_evidence){ .results = results, .n = n, .persons_max = persons_max };
    for (size_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < results[i]->n_found; k++) {
            const struct sk_found *f = &results[i]->found[k];
            if (f->element < SK_EL_COUNT && f->confidence < SK_CONF_COUNT && f->count)
                e->at[f->confidence] |= SK_BIT(f->element);
        }
        e->small_cells |= results[i]->small_cells > 0;
    }
}

static bool has_each(const struct sk_label_rule *rule, sk_elements present)
{
    for (size_t i = 0; i < rule->n_all; i++)
        if (!(rule->all[i] & present))
            return false;
    return true;
}

/* Of a record's elements those with a confidence that counts; a record knows medium and high only. */
static sk_elements counted(const struct sk_label_rule *rule, const struct sk_mask *m)
{
    sk_elements set = 0;
    if (rule->confidences & 1u << SK_CONF_HIGH)
        set |= m->high;
    if (rule->confidences & 1u << SK_CONF_MEDIUM)
        set |= m->elements & ~m->high;
    return set;
}

static bool has_linked(const struct sk_label_rule *rule, const struct sk_evidence *e)
{
    for (size_t i = 0; i < e->n; i++)
        for (uint32_t k = 0; k < e->results[i]->n_masks; k++)
            if (has_each(rule, counted(rule, &e->results[i]->masks[k])))
                return true;
    return false;
}

/* Everything but the link. */
static bool holds_in_file(const struct sk_label_rule *rule, const struct sk_evidence *e)
{
    sk_elements present = 0;
    for (unsigned c = 0; c < SK_CONF_COUNT; c++)
        if (rule->confidences & 1u << c)
            present |= e->at[c];
    return (rule->over < 0 || e->persons_max > (uint64_t)rule->over) && (!rule->any || rule->any & present) &&
           (!rule->small_cells || e->small_cells) && (rule->link || has_each(rule, present));
}

static bool holds_unlinked(const struct sk_label_rule *rule, const struct sk_evidence *e)
{
    struct sk_label_rule loose = *rule;
    loose.link = false;
    return holds_in_file(&loose, e);
}

bool sk_rule_holds(const struct sk_label_rule *rule, const struct sk_evidence *e)
{
    return holds_in_file(rule, e) && (!rule->link || has_linked(rule, e));
}

void sk_label_apply(struct sk_label *label, const struct sk_effect *effect)
{
    if (effect->grade > label->decided)
        label->decided = (uint8_t)effect->grade;
    label->compartments |= effect->compartments;
    label->handling |= effect->handling;
    if (effect->integrity > label->integrity)
        label->integrity = effect->integrity;
    if (effect->availability > label->availability)
        label->availability = effect->availability;
    label->is_decided = true;
}

struct work {
    const struct sk_policy *p;
    const struct sk_evidence *e;
    struct sk_arena *arena;
    struct sk_label *label;
    struct sk_reviews *reviews;
    size_t cap_rules, cap_reviews;
    int marked; /* highest grade of markings; -1: none */
    uint8_t floor;
};

static void add_rule(struct work *w, const char *id)
{
    struct sk_label *l = w->label;
    for (size_t i = 0; i < l->n_rules; i++)
        if (strcmp(l->rules[i], id) == 0)
            return;
    if (l->n_rules < w->cap_rules)
        l->rules[l->n_rules++] = id;
}

static void add_review(struct work *w, const char *code, const char *rule)
{
    for (size_t i = 0; i < w->reviews->n; i++)
        if (strcmp(w->reviews->items[i].code, code) == 0 && strcmp(w->reviews->items[i].rule, rule) == 0)
            return;
    if (w->reviews->n < w->cap_reviews)
        w->reviews->items[w->reviews->n++] = (struct sk_review){ code, rule };
}

static void apply_rules(struct work *w)
{
    for (size_t i = 0; i < w->p->n_rules; i++) {
        const struct sk_label_rule *rule = &w->p->rules[i];
        if (!sk_rule_holds(rule, w->e))
            continue;
        if (rule->review) {
            add_review(w, rule->review, rule->id);
        } else {
            sk_label_apply(w->label, &rule->set);
            add_rule(w, rule->id);
        }
    }
}

/* In the file but not in one record: a person looks whether they belong together, unless the label is as high anyway.
 * Only for rules that give a compartment (要配慮): a name and a telephone number somewhere in a memo are everyday. */
static void review_unlinked(struct work *w)
{
    for (size_t i = 0; i < w->p->n_rules; i++) {
        const struct sk_label_rule *rule = &w->p->rules[i];
        if (rule->link && rule->set.compartments && rule->set.grade > w->label->decided && holds_unlinked(rule, w->e) &&
            !sk_rule_holds(rule, w->e))
            add_review(w, REVIEW_UNLINKED, rule->id);
    }
}

static unsigned digit(uint8_t d)
{
    return d >= '0' ? d - '0' : d;
}

static bool apply_cia(struct work *w, const struct sk_marking *m)
{
    unsigned c = digit(m->c), i = digit(m->i), a = digit(m->a);
    int grade = c < 10 ? w->p->cia_grades[c] : -1;
    if (grade < 0 || i > 9 || a > 9)
        return true;
    struct sk_effect effect = { .grade = grade, .integrity = (uint8_t)i, .availability = (uint8_t)a };
    char text[] = "MARK:C0I0A0";
    text[6] = (char)('0' + c);
    text[8] = (char)('0' + i);
    text[10] = (char)('0' + a);
    char *id = sk_arena_string(w->arena, text, strlen(text));
    if (!id)
        return false;
    sk_label_apply(w->label, &effect);
    w->marked = grade > w->marked ? grade : w->marked;
    add_rule(w, id);
    return true;
}

static bool apply_word(struct work *w, uint32_t word)
{
    const struct sk_mark *mark = &w->p->marks[word];
    size_t n = strlen(mark->word);
    char *id = sk_arena_alloc(w->arena, n + sizeof("MARK:"));
    if (!id)
        return false;
    memcpy(id, "MARK:", 5);
    memcpy(id + 5, mark->word, n + 1);
    sk_label_apply(w->label, &mark->set);
    w->marked = mark->set.grade > w->marked ? mark->set.grade : w->marked;
    add_rule(w, id);
    return true;
}

static bool apply_markings(struct work *w)
{
    uint8_t *seen = sk_arena_new(w->arena, w->p->n_marks + 1, 1);
    uint32_t cia_seen = 0;
    if (!seen)
        return false;
    for (size_t i = 0; i < w->e->n; i++)
        for (uint32_t k = 0; k < w->e->results[i]->n_markings; k++) {
            const struct sk_marking *m = &w->e->results[i]->markings[k];
            if (m->word == SK_MARKING_CIA) {
                unsigned which = (digit(m->c) * 9 + digit(m->i) * 3 + digit(m->a)) % 64;
                if (which < 32 && cia_seen >> which & 1)
                    continue;
                if (which < 32)
                    cia_seen |= UINT32_C(1) << which;
                if (!apply_cia(w, m))
                    return false;
            } else if (m->word < w->p->n_marks && !seen[m->word]++) {
                if (!apply_word(w, m->word))
                    return false;
            }
        }
    return true;
}

/* MS-OFFCRYPTO / MIP: LabelInfo speaks first; old custom properties only for labels that it does not name. */
static bool is_superseded(const struct seki_result *r, const struct sk_msip *label)
{
    for (uint32_t i = 0; !label->label_info && i < r->n_msips; i++)
        if (r->msips[i].label_info && strcmp(r->msips[i].guid, label->guid) == 0)
            return true;
    return false;
}

static const struct sk_msip_label *find_label(const struct sk_policy *p, const struct sk_msip *label)
{
    if (label->site[0] && strcmp(label->site, p->msip_tenant) != 0)
        return NULL;
    for (size_t i = 0; i < p->n_msip_labels; i++)
        if (strcmp(p->msip_labels[i].guid, label->guid) == 0)
            return &p->msip_labels[i];
    return NULL;
}

/* A label that nobody here can read is a floor like the default label, and decides only where the policy sets it
 * higher. */
static void apply_unknown(struct work *w)
{
    const struct sk_policy *p = w->p;
    if (p->msip_review)
        add_review(w, p->msip_review, "MSIP");
    if (p->msip_unknown.grade > p->default_label.grade || p->msip_unknown.compartments || p->msip_unknown.handling) {
        sk_label_apply(w->label, &p->msip_unknown);
        add_rule(w, "MSIP");
    } else if (p->msip_unknown.grade > w->floor) {
        w->floor = (uint8_t)p->msip_unknown.grade;
    }
}

static void apply_msips(struct work *w)
{
    for (size_t i = 0; w->p->msip_tenant && i < w->e->n; i++)
        for (uint32_t k = 0; k < w->e->results[i]->n_msips; k++) {
            const struct sk_msip *label = &w->e->results[i]->msips[k];
            if (label->removed || !label->enabled || is_superseded(w->e->results[i], label))
                continue;
            const struct sk_msip_label *known = find_label(w->p, label);
            if (!known) {
                apply_unknown(w);
                continue;
            }
            sk_label_apply(w->label, &known->set);
            w->marked = known->set.grade > w->marked ? known->set.grade : w->marked;
            add_rule(w, "MSIP");
        }
}

/* A label of an earlier scan is one more marking. One that this policy cannot read is put up for review. */
static void apply_worn(struct work *w)
{
    for (size_t i = 0; i < w->e->n; i++) {
        const char *text = w->e->results[i]->worn;
        struct sk_label worn;
        if (text && !sk_worn_read(w->p, text, &worn)) {
            add_review(w, REVIEW_WORN, "WORN");
        } else if (text && worn.is_decided) {
            struct sk_effect effect = { worn.grade, worn.compartments, worn.handling, worn.integrity,
                                        worn.availability };
            sk_label_apply(w->label, &effect);
            w->marked = effect.grade > w->marked ? effect.grade : w->marked;
            add_rule(w, "WORN");
        }
    }
}

bool sk_label_decide(const struct sk_policy *p, const struct sk_evidence *e, bool floor, struct sk_arena *arena,
                     struct sk_label *label, struct sk_reviews *reviews)
{
    struct work w = { .p = p, .e = e, .arena = arena, .label = label, .reviews = reviews, .marked = -1 };
    *label = (struct sk_label){ .integrity = 1, .availability = 1 };
    *reviews = (struct sk_reviews){ NULL, 0 };
    w.cap_rules = p->n_rules + p->n_marks + 35; /* + CIA codes, MSIP, WORN */
    w.cap_reviews = p->n_rules + 3;
    label->rules = sk_arena_new(arena, w.cap_rules, sizeof(*label->rules));
    reviews->items = sk_arena_new(arena, w.cap_reviews, sizeof(*reviews->items));
    if (!label->rules || !reviews->items)
        return false;
    apply_rules(&w);
    uint8_t content = label->decided;
    if (!apply_markings(&w))
        return false;
    apply_msips(&w);
    apply_worn(&w);
    review_unlinked(&w);
    label->below_content = w.marked >= 0 && w.marked < content;
    if (floor) {
        w.floor = (uint8_t)p->default_label.grade > w.floor ? (uint8_t)p->default_label.grade : w.floor;
        if (p->default_label.integrity > label->integrity)
            label->integrity = p->default_label.integrity;
        if (p->default_label.availability > label->availability)
            label->availability = p->default_label.availability;
    }
    label->grade = w.floor > label->decided ? w.floor : label->decided;
    return true;
}
