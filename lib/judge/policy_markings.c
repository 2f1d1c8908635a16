/* policy_markings.c - markings written in documents, CIA codes, sensitivity labels of Microsoft. */
#include "judge/policy.h"

#include <string.h>

static const char *const POSITIONS[SK_MARK_POSITIONS] = { "header",   "footer",   "title",     "first_lines",
                                                          "filename", "property", "watermark", "stamp" };

static uint32_t load_positions(struct sk_loader *l, const struct sk_node *node)
{
    uint32_t bits = 0;
    size_t n;
    for (const struct sk_node *c = sk_load_items(l, node, SK_NODE_LIST, SK_MOST_ITEMS, &n); c; c = c->next) {
        int i = sk_choice(&l->r, c, POSITIONS, SK_MARK_POSITIONS);
        if (i >= 0)
            bits |= UINT32_C(1) << i;
    }
    return bits;
}

/* A word whose normal form an earlier word has would never be told apart from it. */
static void check_same(struct sk_loader *l, const struct sk_node *c, const char *text)
{
    const struct sk_policy *p = l->p;
    if (!*text) {
        struct sk_node at = { .line = c->key_line, .column = c->key_column };
        sk_wrong(&l->r, &at, "表示の語が空です(空白と括弧は数えません)",
                 "the marking word is empty (spaces and brackets do not count)");
    }
    for (size_t i = 0; i < p->n_marks; i++)
        if (strcmp(p->mark_words[i].text, text) == 0) {
            struct sk_node at = { .line = c->key_line, .column = c->key_column };
            sk_wrong(&l->r, &at, "「%s」は「%s」と同じ表示になります。一つにしてください",
                     "'%s' is the same marking as '%s'; keep one", c->key, p->marks[i].word);
            return;
        }
}

static void load_words(struct sk_loader *l, const struct sk_node *node)
{
    struct sk_policy *p = l->p;
    size_t n;
    const struct sk_node *c = sk_load_items(l, node, SK_NODE_MAP, SK_MOST_ITEMS, &n);
    p->marks = sk_load_new(l, n, sizeof(*p->marks));
    p->mark_words = sk_load_new(l, n, sizeof(*p->mark_words));
    if (!p->marks || !p->mark_words)
        return;
    for (; c; c = c->next) {
        struct sk_mark mark = { c->key, { .grade = -1 } };
        struct sk_mark_word word = { sk_load_normalised(l, c->key), false };
        if (SK_KEYS_ARE(l, c, "grade", "compartments", "handling", "integrity", "availability", "enclosed_only")) {
            mark.set = sk_load_effect(l, c);
            sk_need(&l->r, c, "grade");
            word.enclosed_only = sk_boolean(&l->r, sk_get(c, "enclosed_only"), false);
        }
        check_same(l, c, word.text);
        p->marks[p->n_marks] = mark;
        p->mark_words[p->n_marks++] = word;
    }
}

static void load_cia(struct sk_loader *l, const struct sk_node *node)
{
    struct sk_policy *p = l->p;
    for (size_t i = 0; i < 10; i++)
        p->cia_grades[i] = -1;
    if (!node || !SK_KEYS_ARE(l, node, "positions", "confidentiality"))
        return;
    p->cia_positions = load_positions(l, sk_need(&l->r, node, "positions"));
    size_t n;
    for (const struct sk_node *c =
             sk_load_items(l, sk_need(&l->r, node, "confidentiality"), SK_NODE_MAP, SK_MOST_ITEMS, &n);
         c; c = c->next) {
        struct sk_node at = { .line = c->key_line, .column = c->key_column };
        if (strlen(c->key) == 1 && c->key[0] >= '1' && c->key[0] <= '3')
            p->cia_grades[c->key[0] - '0'] = sk_load_ref(l, c, &p->grade_ids);
        else
            sk_wrong(&l->r, &at, "C の値は 1 から 3 です", "C is a digit from 1 to 3");
    }
}

static bool is_guid(const char *s)
{
    static const char FORM[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (strlen(s) != sizeof(FORM) - 1)
        return false;
    for (size_t i = 0; s[i]; i++)
        if (FORM[i] == '-' ? s[i] != '-' : !strchr("0123456789abcdefABCDEF", s[i]))
            return false;
    return true;
}

/* Lower case; "" after a problem at node. */
static const char *load_guid(struct sk_loader *l, const struct sk_node *at, const char *text)
{
    if (!is_guid(text)) {
        sk_wrong(&l->r, at, "GUID は 00000000-0000-0000-0000-000000000000 の形で書きます",
                 "a GUID is written like 00000000-0000-0000-0000-000000000000");
        return "";
    }
    char *copy = sk_arena_string(&l->p->arena, text, strlen(text));
    if (!copy)
        l->r.problems->no_memory = true;
    for (char *s = copy; s && *s; s++)
        if (*s >= 'A' && *s <= 'F')
            *s = (char)(*s - 'A' + 'a');
    return copy ? copy : "";
}

static void load_msip(struct sk_loader *l, const struct sk_node *node)
{
    struct sk_policy *p = l->p;
    if (!node || !SK_KEYS_ARE(l, node, "tenant", "labels", "unknown_label"))
        return;
    const struct sk_node *tenant = sk_need(&l->r, node, "tenant"), *unknown = sk_need(&l->r, node, "unknown_label");
    const char *text = sk_string(&l->r, tenant, NULL);
    p->msip_tenant = text ? load_guid(l, tenant, text) : "";
    size_t n;
    const struct sk_node *c = sk_load_items(l, sk_need(&l->r, node, "labels"), SK_NODE_MAP, SK_MOST_ITEMS, &n);
    p->msip_labels = sk_load_new(l, n, sizeof(*p->msip_labels));
    for (; c && p->msip_labels; c = c->next) {
        struct sk_node at = { .line = c->key_line, .column = c->key_column };
        struct sk_msip_label label = { load_guid(l, &at, c->key), { .grade = -1 } };
        if (SK_KEYS_ARE(l, c, "grade", "compartments", "handling", "integrity", "availability")) {
            label.set = sk_load_effect(l, c);
            sk_need(&l->r, c, "grade");
        }
        for (size_t i = 0; *label.guid && i < p->n_msip_labels; i++)
            if (strcmp(p->msip_labels[i].guid, label.guid) == 0)
                sk_wrong(&l->r, &at, "このラベルは前にもあります", "this label is already listed above");
        p->msip_labels[p->n_msip_labels++] = label;
    }
    p->msip_unknown.grade = -1;
    if (unknown &&
        SK_KEYS_ARE(l, unknown, "grade", "compartments", "handling", "integrity", "availability", "review")) {
        p->msip_unknown = sk_load_effect(l, unknown);
        if (sk_get(unknown, "review"))
            p->msip_review = sk_load_text(l, unknown, "review");
    }
}

void sk_load_markings(struct sk_loader *l, const struct sk_node *root)
{
    struct sk_policy *p = l->p;
    const struct sk_node *node = sk_need(&l->r, root, "markings");
    if (node && SK_KEYS_ARE(l, node, "positions", "first_lines", "words", "cia_code")) {
        p->mark_positions = load_positions(l, sk_need(&l->r, node, "positions"));
        p->first_lines = (uint32_t)sk_integer(&l->r, sk_need(&l->r, node, "first_lines"), 0, 1000, 0);
        load_words(l, sk_need(&l->r, node, "words"));
        load_cia(l, sk_get(node, "cia_code"));
    }
    load_msip(l, sk_get(root, "msip"));
}
