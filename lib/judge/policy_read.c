/* policy_read.c - what all sections of a policy read in the same way. */
#include "base/utf8.h"
#include "judge/policy.h"
#include "text/fold.h"

#include <string.h>

void *sk_load_new(struct sk_loader *l, size_t n, size_t size)
{
    void *items = sk_arena_new(&l->p->arena, n ? n : 1, size);
    if (!items)
        l->r.problems->no_memory = true;
    return items;
}

const struct sk_node *sk_load_items(struct sk_loader *l, const struct sk_node *node, enum sk_node_kind kind,
                                    size_t most, size_t *n)
{
    *n = 0;
    if (!node)
        return NULL;
    if (node->kind != kind) {
        if (kind == SK_NODE_LIST)
            sk_is_list(&l->r, node);
        else
            sk_wrong(&l->r, node, "ここには「項目: 値」の組を書きます", "expected 'key: value' pairs here");
        return NULL;
    }
    if (node->n > most) {
        sk_wrong(&l->r, node, "多すぎます(%zu件)。%zu件までにしてください",
                 "too many items (%zu); at most %zu are allowed", node->n, most);
        return NULL;
    }
    *n = node->n;
    return node->child;
}

const char *const *sk_load_strings(struct sk_loader *l, const struct sk_node *node, size_t *n)
{
    size_t most;
    *n = 0;
    for (const struct sk_node *c = sk_load_items(l, node, SK_NODE_LIST, SK_MOST_ITEMS, &most); c; c = c->next)
        if (c->kind == SK_NODE_SCALAR && c->quoted && c->text[strspn(c->text, " ")] == '\0')
            sk_wrong(&l->r, c, "空の語は書けません", "an empty text is not allowed here");
    if (node && node->kind == SK_NODE_LIST && node->n == 0)
        sk_wrong(&l->r, node, "一覧が空です。一つ以上書いてください", "the list is empty; write at least one");
    return most ? sk_strings(&l->r, node, n) : NULL;
}

const char *sk_load_text(struct sk_loader *l, const struct sk_node *map, const char *key)
{
    const struct sk_node *node = sk_need(&l->r, map, key);
    const char *text = sk_string(&l->r, node, NULL);
    if (text && text[strspn(text, " \t\r\n")])
        return text;
    if (text)
        sk_wrong(&l->r, node, "「%s」が空です。値を書いてください", "'%s' is empty; give it a value", key);
    return "";
}

const char *sk_load_optional(struct sk_loader *l, const struct sk_node *map, const char *key)
{
    const struct sk_node *node = sk_get(map, key);
    return sk_string(&l->r, node, "");
}

const char *sk_load_id(struct sk_loader *l, const struct sk_node *item, const char *const *ids, size_t n)
{
    const char *id = sk_load_text(l, item, "id");
    if (!*id)
        return id;
    for (size_t i = 0; i < n; i++)
        if (ids[i] && strcmp(ids[i], id) == 0) {
            sk_wrong(&l->r, sk_get(item, "id"), "id「%s」は前にもあります。別の id にしてください",
                     "the id '%s' is already used above; choose another", id);
            break;
        }
    return id;
}

bool sk_names_find(const struct sk_names *names, const char *name, size_t *index)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->names[i], name) == 0) {
            if (index)
                *index = i;
            return true;
        }
    return false;
}

int sk_load_ref(struct sk_loader *l, const struct sk_node *node, const struct sk_names *names)
{
    if (!node || names->n == 0)
        return -1;
    return sk_choice(&l->r, node, names->names, names->n);
}

uint32_t sk_load_bits(struct sk_loader *l, const struct sk_node *node, const struct sk_names *names)
{
    uint32_t bits = 0;
    size_t n;
    for (const struct sk_node *c = sk_load_items(l, node, SK_NODE_LIST, SK_MOST_ITEMS, &n); c; c = c->next) {
        int i = sk_load_ref(l, c, names);
        if (i < 0 || (unsigned)i >= SK_MOST_BITS)
            continue;
        if (bits >> i & 1)
            sk_wrong(&l->r, c, "「%s」が二度書かれています。一つにしてください", "'%s' is written twice; keep one",
                     names->names[i]);
        bits |= UINT32_C(1) << i;
    }
    return bits;
}

static sk_elements find_element(const struct sk_policy *p, const char *name)
{
    enum sk_element e = sk_element_find(name);
    if (e != SK_EL_NONE)
        return SK_BIT(e);
    for (size_t i = 0; i < p->n_groups; i++)
        if (strcmp(p->groups[i].name, name) == 0)
            return p->groups[i].elements;
    return 0;
}

sk_elements sk_load_element(struct sk_loader *l, const struct sk_node *node)
{
    const struct sk_policy *p = l->p;
    const char *name = sk_string(&l->r, node, NULL);
    if (!name)
        return 0;
    sk_elements found = find_element(p, name);
    if (found)
        return found;
    for (size_t i = 0; i < p->n_groups; i++)
        if (strcmp(p->groups[i].name, name) == 0)
            return 0; /* a group whose own elements were wrong: told there */
    const char **known = sk_arena_new(l->r.arena, SK_EL_COUNT + p->n_groups, sizeof(*known));
    if (!known) {
        l->r.problems->no_memory = true;
        return 0;
    }
    for (int e = 0; e < SK_EL_COUNT; e++)
        known[e] = sk_element_name((enum sk_element)e);
    for (size_t i = 0; i < p->n_groups; i++)
        known[SK_EL_COUNT + i] = p->groups[i].name;
    const char *near = sk_suggest(name, known, SK_EL_COUNT + p->n_groups);
    if (near)
        sk_wrong(&l->r, node, "「%.100s」という要素もまとまりもありません。「%s」のことですか",
                 "there is no element or group '%.100s'; did you mean '%s'?", name, near);
    else
        sk_wrong(
            &l->r, node, "「%.100s」という要素もまとまりもありません。要素名か element_groups の名前を書いてください",
            "there is no element or group '%.100s'; write the name of an element or of one of element_groups", name);
    return 0;
}

sk_elements sk_load_elements(struct sk_loader *l, const struct sk_node *node)
{
    sk_elements all = 0;
    size_t n;
    for (const struct sk_node *c = sk_load_items(l, node, SK_NODE_LIST, SK_MOST_ITEMS, &n); c; c = c->next)
        all |= sk_load_element(l, c);
    return all;
}

struct sk_effect sk_load_effect(struct sk_loader *l, const struct sk_node *map)
{
    struct sk_effect e = { .grade = sk_load_ref(l, sk_get(map, "grade"), &l->p->grade_ids) };
    e.compartments = sk_load_bits(l, sk_get(map, "compartments"), &l->p->compartments);
    e.handling = sk_load_bits(l, sk_get(map, "handling"), &l->p->handling);
    e.integrity = (uint8_t)sk_integer(&l->r, sk_get(map, "integrity"), 1, 3, 0);
    e.availability = (uint8_t)sk_integer(&l->r, sk_get(map, "availability"), 1, 3, 0);
    return e;
}

const char *sk_load_folded(struct sk_loader *l, const char *text)
{
    size_t n = strlen(text), cap = n * 4 + 256; /* NFKC of one character may be long; a header is a few of them */
    char *out = sk_load_new(l, cap + 1, 1);
    if (!out)
        return "";
    size_t used = sk_fold_utf8(l->fold, text, n, out, cap);
    out[used] = '\0';
    return out;
}

static bool is_bracket(uint32_t c)
{
    return c == '(' || c == ')' || c == 0x3010 || c == 0x3011 || c == 0x3014 || c == 0x3015 || c == 0x300C ||
           c == 0x300D || c == 0xFF08 || c == 0xFF09;
}

const char *sk_load_normalised(struct sk_loader *l, const char *text)
{
    const char *folded = sk_load_folded(l, text);
    size_t n = strlen(folded), used = 0;
    char *out = sk_load_new(l, n + 1, 1);
    if (!out)
        return "";
    for (size_t i = 0; i < n;) {
        uint32_t c;
        size_t len = sk_utf8_next(folded + i, n - i, &c);
        if (c != ' ' && c != '\t' && c != 0x3000 && !is_bracket(c)) {
            memcpy(out + used, folded + i, len);
            used += len;
        }
        i += len;
    }
    out[used] = '\0';
    return out;
}

static bool is_dots(const char *s, size_t n)
{
    return (n == 1 && s[0] == '.') || (n == 2 && s[0] == '.' && s[1] == '.');
}

const char *sk_load_path(struct sk_loader *l, const struct sk_node *node)
{
    const char *text = sk_string(&l->r, node, NULL);
    if (!text)
        return "";
    if (text[0] != '/') {
        sk_wrong(&l->r, node, "パスは「/」から書きます(scan の --as で付ける名前から)",
                 "a path begins with '/' (the name that scan --as gives)");
        return "";
    }
    size_t n = strlen(text);
    while (n > 1 && text[n - 1] == '/')
        n--;
    for (size_t i = 0, start = 0; i <= n; i++)
        if (i == n || text[i] == '/') {
            bool empty_inside = i == start && start > 1 && i < n;
            if (empty_inside || is_dots(text + start, i - start)) {
                sk_wrong(&l->r, node, "パスに「//」「.」「..」は使えません", "a path cannot hold '//', '.' or '..'");
                return "";
            }
            start = i + 1;
        }
    char *copy = sk_arena_string(&l->p->arena, text, n);
    if (!copy)
        l->r.problems->no_memory = true;
    return copy ? copy : "";
}
