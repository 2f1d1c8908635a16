/* policy_transfer.c - approvals, receipts, encryption, destinations. */
#include "judge/policy.h"

#include <string.h>

const char *const SK_REQUIRES[SK_REQS] = { "recipient_scope",      "strong_encryption", "no_hidden",
                                           "no_small_cells",       "approval",          "dual_approval",
                                           "publication_approval", "contract" };
static const char *const APPROVALS[SK_APPROVALS] = { "approval", "dual_approval", "publication_approval" };

static void load_approval(struct sk_loader *l, const struct sk_node *node, struct sk_approval *a, uint32_t least)
{
    if (!node || !SK_KEYS_ARE(l, node, "count", "roles"))
        return;
    const struct sk_node *count = sk_need(&l->r, node, "count"), *roles = sk_need(&l->r, node, "roles");
    a->count = (uint32_t)sk_integer(&l->r, count, 1, 100, least);
    if (a->count < least)
        sk_wrong(&l->r, count, "二者承認には %u 人以上が要ります",
                 "the approval of two persons needs a count of %u or more", least);
    a->roles = sk_load_strings(l, roles, &a->n_roles);
}

static void load_approvals(struct sk_loader *l, const struct sk_node *node)
{
    if (!node || !sk_keys(&l->r, node, APPROVALS, SK_APPROVALS))
        return;
    for (size_t i = 0; i < SK_APPROVALS; i++)
        load_approval(l, sk_get(node, APPROVALS[i]), &l->p->approvals[i], i == SK_APPROVAL_TWO ? 2 : 1);
}

static void load_strong(struct sk_loader *l, const struct sk_node *node)
{
    struct sk_policy *p = l->p;
    if (!node || !SK_KEYS_ARE(l, node, "strong"))
        return;
    p->strong = sk_load_strings(l, sk_need(&l->r, node, "strong"), &p->n_strong);
}

/* A requirement that points at an approval which the policy does not describe could never be fulfilled. */
static void check_require(struct sk_loader *l, const struct sk_node *node, uint32_t require)
{
    static const struct {
        uint8_t need, kind;
    } NEEDS[] = { { SK_REQ_APPROVAL, SK_APPROVAL_ONE },
                  { SK_REQ_APPROVAL, SK_APPROVAL_TWO },
                  { SK_REQ_DUAL, SK_APPROVAL_TWO },
                  { SK_REQ_PUBLIC, SK_APPROVAL_PUBLIC } };
    for (size_t i = 0; i < sizeof(NEEDS) / sizeof(NEEDS[0]); i++)
        if (require >> NEEDS[i].need & 1 && l->p->approvals[NEEDS[i].kind].count == 0)
            sk_wrong(&l->r, node, "「%s」を求めていますが、approvals に「%s」がありません",
                     "'%s' is required, but approvals does not describe '%s'", SK_REQUIRES[NEEDS[i].need],
                     APPROVALS[NEEDS[i].kind]);
}

static uint32_t load_require(struct sk_loader *l, const struct sk_node *node)
{
    static const struct sk_names NAMES = { (const char **)SK_REQUIRES, SK_REQS };
    uint32_t require = sk_load_bits(l, node, &NAMES);
    if (node)
        check_require(l, node, require);
    return require;
}

static void load_destinations(struct sk_loader *l, const struct sk_node *node)
{
    struct sk_policy *p = l->p;
    size_t n;
    const struct sk_node *c = sk_load_items(l, node, SK_NODE_LIST, SK_MOST_ITEMS, &n);
    p->destinations = sk_load_new(l, n, sizeof(*p->destinations));
    const char **ids = sk_load_new(l, n, sizeof(*ids));
    if (!p->destinations || !ids)
        return;
    for (; c; c = c->next) {
        struct sk_destination d = { .id = "", .name = "" };
        if (!SK_KEYS_ARE(l, c, "id", "name", "max_grade", "compartments", "overrides_handling", "require"))
            continue;
        d.id = sk_load_id(l, c, ids, p->n_destinations);
        d.name = sk_load_text(l, c, "name");
        int grade = sk_load_ref(l, sk_need(&l->r, c, "max_grade"), &p->grade_ids);
        d.max_grade = grade < 0 ? 0 : (uint8_t)grade;
        d.compartments = sk_load_bits(l, sk_need(&l->r, c, "compartments"), &p->compartments);
        d.overrides = sk_load_bits(l, sk_get(c, "overrides_handling"), &p->handling);
        d.require = load_require(l, sk_need(&l->r, c, "require"));
        ids[p->n_destinations] = d.id;
        p->destinations[p->n_destinations++] = d;
    }
}

void sk_load_transfer(struct sk_loader *l, const struct sk_node *root)
{
    const struct sk_node *receipts = sk_need(&l->r, root, "receipts");
    load_approvals(l, sk_need(&l->r, root, "approvals"));
    if (receipts && SK_KEYS_ARE(l, receipts, "valid_days"))
        l->p->settings.receipt_days = (uint32_t)sk_integer(&l->r, sk_need(&l->r, receipts, "valid_days"), 0, 3650, 0);
    load_strong(l, sk_need(&l->r, root, "encryption"));
    load_destinations(l, sk_need(&l->r, root, "destinations"));
}
