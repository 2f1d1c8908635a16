/* policy_exceptions.c - approved exceptions: all that can be wrong with them is told before anything is scanned. */
#include "judge/transfer.h"

#include <string.h>

static const char *const NEEDED[] = { "id",           "scope",       "grade",       "reason",
                                      "requested_by", "approved_by", "approved_at", "expires_at" };
#define N_NEEDED (sizeof(NEEDED) / sizeof(NEEDED[0]))
/* Without these an exception cannot be judged at all, whatever `need` says. */
static bool always(size_t i)
{
    return i != 3 && i != 4 && i != 5;
}

static void load_max_days(struct sk_loader *l, const struct sk_node *node)
{
    struct sk_policy *p = l->p;
    size_t n, first;
    for (size_t i = 0; i < SK_MOST_GRADES; i++)
        p->max_days[i] = -1;
    for (const struct sk_node *c = sk_load_items(l, node, SK_NODE_MAP, SK_MOST_GRADES, &n); c; c = c->next) {
        size_t i;
        struct sk_node at = { .line = c->key_line, .column = c->key_column };
        long days = (long)sk_integer(&l->r, c, 0, 36500, 0);
        if (sk_names_find(&p->grade_ids, c->key, &i))
            p->max_days[i] = days;
        else
            sk_wrong(&l->r, &at, "「%s」という格付はありません。grades の id を書いてください",
                     "there is no grade '%s'; write an id of grades", c->key);
    }
    for (size_t i = 0; node && node->kind == SK_NODE_MAP && i < p->grade_ids.n; i++)
        if (p->max_days[i] < 0 && sk_names_find(&p->grade_ids, p->grade_ids.names[i], &first) && first == i)
            sk_wrong(&l->r, node, "格付 %s の日数がありません", "the days of grade %s are missing",
                     p->grade_ids.names[i]);
}

static bool from_hex(const char *s, uint8_t out[32])
{
    if (strlen(s) != 64)
        return false;
    for (size_t i = 0; i < 64; i++) {
        char c = s[i];
        int v = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : -1;
        if (v < 0)
            return false;
        out[i / 2] = (uint8_t)(i % 2 ? out[i / 2] | v : v << 4);
    }
    return true;
}

static void load_scope(struct sk_loader *l, const struct sk_node *node, struct sk_policy_exception *e)
{
    if (!node || !SK_KEYS_ARE(l, node, "sha256", "path"))
        return;
    const struct sk_node *sha = sk_get(node, "sha256"), *path = sk_get(node, "path");
    const char *text = sk_string(&l->r, sha, NULL);
    if (!sha && !path)
        sk_wrong(&l->r, node, "scope に sha256 か path を書いてください", "write sha256 or path in scope");
    if (text && !(e->has_sha256 = from_hex(text, e->sha256)))
        sk_wrong(&l->r, sha, "sha256 は 0-9 と a-f の 64 文字です(ファイルの SHA-256 をそのまま書いてください)",
                 "sha256 is 64 characters of 0-9 and a-f (copy the SHA-256 of the file)");
    if (path)
        e->path = sk_load_path(l, path);
    if (e->path && strcmp(e->path, "/") == 0)
        sk_wrong(&l->r, path, "範囲が広すぎます。対象のフォルダーかファイルのパスを書いてください",
                 "the scope is too wide; write the path of a folder or file");
    if (path && !sha && e->grade > l->p->path_up_to && l->p->path_up_to >= 0)
        sk_wrong(&l->r, path, "格付 %s の例外に path は使えません(%s まで)。sha256 を書いてください",
                 "an exception at grade %s cannot use path (only up to %s); write sha256",
                 l->p->grade_ids.names[e->grade], l->p->grade_ids.names[l->p->path_up_to]);
}

static void check_persons(struct sk_loader *l, const struct sk_node *c, const struct sk_policy_exception *e)
{
    char asks[512], approves[512];
    sk_person_name(sk_load_folded(l, e->requested_by), asks, sizeof(asks));
    sk_person_name(sk_load_folded(l, e->approved_by), approves, sizeof(approves));
    if (*asks && strcmp(asks, approves) == 0)
        sk_wrong(&l->r, sk_get(c, "approved_by"), "申請者と承認者が同じです(自己承認)。別の人の承認を受けてください",
                 "requested_by and approved_by are the same person (self-approval); another person must approve");
}

static void check_dates(struct sk_loader *l, const struct sk_node *c, const struct sk_policy_exception *e, bool known)
{
    const struct sk_node *end = sk_get(c, "expires_at");
    if (!known || !end)
        return;
    long days = e->expires - e->approved, most = l->p->max_days[e->grade];
    if (days < 0)
        sk_wrong(&l->r, end, "期限が承認日より前です", "expires_at is before approved_at");
    else if (most >= 0 && days > most)
        sk_wrong(&l->r, end, "期間が長すぎます(%ld日)。格付 %s の例外は %ld日までです。期限を早めてください",
                 "too long (%ld days); an exception at grade %s lasts at most %ld days; choose an earlier end", days,
                 l->p->grade_ids.names[e->grade], most);
}

static void check_needed(struct sk_loader *l, const struct sk_node *c, uint32_t need)
{
    for (size_t i = 1; i < N_NEEDED; i++) {
        const struct sk_node *node = sk_get(c, NEEDED[i]);
        if (!(need >> i & 1))
            continue;
        if (!node)
            sk_need(&l->r, c, NEEDED[i]);
        else if (node->kind == SK_NODE_SCALAR && node->text[strspn(node->text, " \t\r\n")] == '\0')
            sk_wrong(&l->r, node, "「%s」が空です。書いてください", "'%s' is empty; fill it in", NEEDED[i]);
    }
}

static const char *text_of(struct sk_loader *l, const struct sk_node *c, const char *key)
{
    const struct sk_node *node = sk_get(c, key);
    if (node && node->kind == SK_NODE_SCALAR)
        return node->text; /* emptiness was told by check_needed */
    return sk_string(&l->r, node, "");
}

static void load_exception(struct sk_loader *l, const struct sk_node *c, const char *const *ids, size_t n,
                           uint32_t need, struct sk_policy_exception *e)
{
    *e = (struct sk_policy_exception){
        .id = "", .reason = "", .requested_by = "", .approved_by = "", .approved = 1, .expires = 0
    };
    if (!sk_keys(&l->r, c, NEEDED, N_NEEDED))
        return;
    e->id = sk_load_id(l, c, ids, n);
    check_needed(l, c, need);
    const struct sk_node *grade = sk_get(c, "grade");
    int g =
        grade && !(grade->kind == SK_NODE_SCALAR && grade->text_n == 0) ? sk_load_ref(l, grade, &l->p->grade_ids) : -1;
    e->grade = g < 0 ? 0 : (uint8_t)g;
    load_scope(l, sk_get(c, "scope"), e);
    e->reason = text_of(l, c, "reason");
    e->requested_by = text_of(l, c, "requested_by");
    e->approved_by = text_of(l, c, "approved_by");
    const long none = -1000000;
    e->approved = sk_date(&l->r, sk_get(c, "approved_at"), true, none);
    e->expires = sk_date(&l->r, sk_get(c, "expires_at"), true, none);
    check_persons(l, c, e);
    check_dates(l, c, e, g >= 0 && e->approved != none && e->expires != none);
}

static uint32_t load_need(struct sk_loader *l, const struct sk_node *node)
{
    static const struct sk_names NAMES = { (const char **)NEEDED, N_NEEDED };
    uint32_t need = sk_load_bits(l, node, &NAMES);
    for (size_t i = 0; i < N_NEEDED; i++)
        if (always(i))
            need |= UINT32_C(1) << i;
    return need;
}

void sk_load_exceptions(struct sk_loader *l, const struct sk_node *root)
{
    static const char *const FORBID[] = { "forbid" };
    struct sk_policy *p = l->p;
    const struct sk_node *node = sk_need(&l->r, root, "exceptions");
    p->path_up_to = -1;
    if (!node || !SK_KEYS_ARE(l, node, "max_days", "need", "self_approval", "path_scope_up_to", "notice_days", "list"))
        return;
    load_max_days(l, sk_need(&l->r, node, "max_days"));
    uint32_t need = load_need(l, sk_need(&l->r, node, "need"));
    const struct sk_node *self = sk_need(&l->r, node, "self_approval");
    if (self)
        sk_choice(&l->r, self, FORBID, 1);
    p->path_up_to = sk_load_ref(l, sk_need(&l->r, node, "path_scope_up_to"), &p->grade_ids);
    p->settings.notice_days = (uint32_t)sk_integer(&l->r, sk_need(&l->r, node, "notice_days"), 0, 3650, 0);
    size_t n;
    const struct sk_node *c = sk_load_items(l, sk_need(&l->r, node, "list"), SK_NODE_LIST, SK_MOST_ITEMS, &n);
    p->exceptions = sk_load_new(l, n, sizeof(*p->exceptions));
    const char **ids = sk_load_new(l, n, sizeof(*ids));
    if (!p->exceptions || !ids)
        return;
    for (; c; c = c->next) {
        load_exception(l, c, ids, p->n_exceptions, need, &p->exceptions[p->n_exceptions]);
        ids[p->n_exceptions] = p->exceptions[p->n_exceptions].id;
        p->n_exceptions++;
    }
}
