/* policy_rules.c - label_rules. */
#include "judge/policy.h"

#include <string.h>

/* The law's duty to report needs a person's judgement (policy.md 5.3, N11): no text of ours may say that there is none.
 */
static void check_words(struct sk_loader *l, const struct sk_node *map, const char *key)
{
    const struct sk_node *node = sk_get(map, key);
    if (node && node->kind == SK_NODE_SCALAR && strstr(node->text, "報告不要"))
        sk_wrong(&l->r, node, "「報告不要」とは書けません。報告が要るかどうかは人が判断します",
                 "'報告不要' (no report needed) cannot be written; people decide that");
}

static uint8_t load_confidences(struct sk_loader *l, const struct sk_node *node)
{
    static const char *const NAMES[] = { "low", "medium", "high" };
    if (!node)
        return 1u << SK_CONF_MEDIUM | 1u << SK_CONF_HIGH;
    uint8_t bits = 0;
    size_t n;
    if (node->kind == SK_NODE_SCALAR) {
        int i = sk_choice(&l->r, node, NAMES, 3);
        return (uint8_t)(1u << (i < 0 ? SK_CONF_HIGH : i));
    }
    for (const struct sk_node *c = sk_load_items(l, node, SK_NODE_LIST, SK_MOST_ITEMS, &n); c; c = c->next) {
        int i = sk_choice(&l->r, c, NAMES, 3);
        if (i >= 0)
            bits |= (uint8_t)(1u << i);
    }
    if (node->kind == SK_NODE_LIST && node->n == 0)
        sk_wrong(&l->r, node, "confidence が空です。この規則は決して当たりません",
                 "confidence is empty; the rule could never hold");
    return bits;
}

static void load_all(struct sk_loader *l, const struct sk_node *node, struct sk_label_rule *rule)
{
    size_t n;
    const struct sk_node *c = sk_load_items(l, node, SK_NODE_LIST, SK_MOST_ITEMS, &n);
    sk_elements *sets = sk_load_new(l, n, sizeof(*sets));
    if (!sets)
        return;
    for (; c; c = c->next)
        sets[rule->n_all++] = sk_load_element(l, c);
    rule->all = sets;
}

static void check_list(struct sk_loader *l, const struct sk_node *node)
{
    if (node && node->kind == SK_NODE_LIST && node->n == 0)
        sk_wrong(&l->r, node, "一覧が空です。要素を書いてください", "the list is empty; write elements");
}

static void load_when(struct sk_loader *l, const struct sk_node *when, struct sk_label_rule *rule)
{
    static const char *const LINKS[] = { "record" }, *const SIGNALS[] = { "small_cells" };
    rule->confidences = 1u << SK_CONF_MEDIUM | 1u << SK_CONF_HIGH;
    if (!when || !SK_KEYS_ARE(l, when, "any", "all", "link", "signal", "confidence"))
        return;
    const struct sk_node *any = sk_get(when, "any"), *all = sk_get(when, "all"), *link = sk_get(when, "link");
    const struct sk_node *signal = sk_get(when, "signal"), *confidence = sk_get(when, "confidence");
    check_list(l, any);
    check_list(l, all);
    rule->any = sk_load_elements(l, any);
    load_all(l, all, rule);
    rule->link = link && sk_choice(&l->r, link, LINKS, 1) == 0;
    rule->small_cells = signal && sk_choice(&l->r, signal, SIGNALS, 1) == 0;
    rule->confidences = load_confidences(l, confidence);
    if (!any && !all && !signal)
        sk_wrong(&l->r, when, "any・all・signal のどれかを書いてください", "write one of any, all, signal");
    if (link && !all)
        sk_wrong(&l->r, link, "link は all といっしょに使います", "link is used together with all");
    if (confidence && !any && !all)
        sk_wrong(&l->r, confidence, "confidence は any か all といっしょに使います",
                 "confidence is used together with any or all");
    if (rule->link && confidence && rule->confidences & 1u << SK_CONF_LOW)
        sk_wrong(&l->r, confidence, "link: record には確度 low を使えません(記録は medium 以上でまとめます)",
                 "link: record cannot count low confidence (records hold medium and high only)");
    if (rule->small_cells && !l->p->has_small_cells)
        sk_wrong(&l->r, signal, "small_cells の節がありません。節を加えるか、この規則を消してください",
                 "there is no section small_cells; add it or remove this rule");
}

static void load_set(struct sk_loader *l, const struct sk_node *set, struct sk_label_rule *rule)
{
    rule->set.grade = -1;
    if (!set || !SK_KEYS_ARE(l, set, "grade", "compartments", "handling", "integrity", "availability", "review"))
        return;
    const struct sk_node *review = sk_get(set, "review");
    rule->set = sk_load_effect(l, set);
    if (review) {
        rule->review = sk_load_text(l, set, "review");
        check_words(l, set, "review");
        if (set->n > 1)
            sk_wrong(&l->r, review, "review は格付などと同時に書けません。規則を二つに分けてください",
                     "review cannot stand beside a grade or other values; write two rules");
    } else if (set->n == 0) {
        sk_wrong(&l->r, set, "set が空です。grade か review などを書いてください",
                 "set is empty; write grade, review or other values");
    }
}

static void load_rule(struct sk_loader *l, const struct sk_node *c, const char *const *ids, size_t n,
                      struct sk_label_rule *rule)
{
    *rule = (struct sk_label_rule){ .id = "", .name = "", .basis = "", .over = -1, .set = { .grade = -1 } };
    if (!SK_KEYS_ARE(l, c, "id", "name", "when", "persons", "set", "basis"))
        return;
    rule->id = sk_load_id(l, c, ids, n);
    rule->name = sk_load_text(l, c, "name");
    rule->basis = sk_load_optional(l, c, "basis");
    check_words(l, c, "name");
    check_words(l, c, "basis");
    load_when(l, sk_need(&l->r, c, "when"), rule);
    const struct sk_node *persons = sk_get(c, "persons");
    if (persons && SK_KEYS_ARE(l, persons, "over"))
        rule->over = sk_integer(&l->r, sk_need(&l->r, persons, "over"), 0, INT32_MAX, 0);
    load_set(l, sk_need(&l->r, c, "set"), rule);
}

void sk_load_rules(struct sk_loader *l, const struct sk_node *root)
{
    struct sk_policy *p = l->p;
    size_t n;
    const struct sk_node *c = sk_load_items(l, sk_need(&l->r, root, "label_rules"), SK_NODE_LIST, SK_MOST_ITEMS, &n);
    p->rules = sk_load_new(l, n, sizeof(*p->rules));
    const char **ids = sk_load_new(l, n, sizeof(*ids));
    if (!p->rules || !ids)
        return;
    for (; c; c = c->next) {
        load_rule(l, c, ids, p->n_rules, &p->rules[p->n_rules]);
        ids[p->n_rules] = p->rules[p->n_rules].id;
        p->n_rules++;
    }
}
