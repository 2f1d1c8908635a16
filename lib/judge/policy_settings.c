/* policy_settings.c - the head of the policy, limits, coverage, report. */
#include "judge/policy.h"

#include <string.h>

static bool is_blank(const char *s)
{
    return s[strspn(s, " \t\r\n")] == '\0';
}

static void load_approved_by(struct sk_loader *l, const struct sk_node *node, bool approved)
{
    struct sk_policy_settings *s = &l->p->settings;
    if (!node || !SK_KEYS_ARE(l, node, "role", "name", "at"))
        return;
    s->approver_role = sk_load_optional(l, node, "role");
    s->approver = sk_load_optional(l, node, "name");
    s->approved_at = sk_load_optional(l, node, "at");
    sk_date(&l->r, sk_get(node, "at"), true, 0);
    if (approved && (is_blank(s->approver_role) || is_blank(s->approver) || is_blank(s->approved_at)))
        sk_wrong(&l->r, node, "status が approved なら、承認した人の role・name・at を書いてください",
                 "with status approved, fill in role, name and at of the person who approved");
}

void sk_load_head(struct sk_loader *l, const struct sk_node *root)
{
    static const char *const STATUS[] = { "draft", "approved" };
    struct sk_policy *p = l->p;
    struct sk_policy_settings *s = &p->settings;
    s->status = STATUS[0];
    s->approver_role = s->approver = s->approved_at = "";
    p->id = p->version = "";
    const struct sk_node *node = sk_need(&l->r, root, "policy");
    if (!node ||
        !SK_KEYS_ARE(l, node, "schema", "id", "version", "status", "approved_by", "effective_from", "review_by"))
        return;
    const struct sk_node *schema = sk_need(&l->r, node, "schema");
    if (sk_integer(&l->r, schema, 0, INT32_MAX, 1) != 1)
        sk_wrong(&l->r, schema, "この版のプログラムが読めるのは schema 1 の方針だけです",
                 "this version of the program reads policies of schema 1 only");
    p->id = sk_load_text(l, node, "id");
    p->version = sk_load_text(l, node, "version");
    const struct sk_node *status = sk_need(&l->r, node, "status");
    int i = status ? sk_choice(&l->r, status, STATUS, 2) : 0;
    s->status = STATUS[i < 0 ? 0 : i];
    load_approved_by(l, sk_need(&l->r, node, "approved_by"), i == 1);
    s->effective_from = sk_date(&l->r, sk_need(&l->r, node, "effective_from"), false, 0);
    const struct sk_node *review = sk_need(&l->r, node, "review_by");
    s->review_by = sk_date(&l->r, review, false, INT32_MAX);
    if (s->review_by < s->effective_from)
        sk_wrong(&l->r, review, "見直し期限が適用開始日より前です", "review_by is before effective_from");
}

void sk_load_limits(struct sk_loader *l, const struct sk_node *root)
{
    struct sk_limits *limits = &l->p->limits;
    *limits = SK_LIMITS_DEFAULT;
    const struct sk_node *node = sk_need(&l->r, root, "limits");
    if (!node || !SK_KEYS_ARE(l, node, "max_depth", "max_file_bytes", "max_expanded_bytes", "max_ratio",
                              "seconds_per_file", "ocr"))
        return;
    limits->max_depth = (uint32_t)sk_integer(&l->r, sk_need(&l->r, node, "max_depth"), 1, 100, limits->max_depth);
    limits->max_file_bytes = (uint64_t)sk_integer(&l->r, sk_need(&l->r, node, "max_file_bytes"), 1, INT64_MAX, 1);
    limits->max_expanded_bytes =
        (uint64_t)sk_integer(&l->r, sk_need(&l->r, node, "max_expanded_bytes"), 1, INT64_MAX, 1);
    limits->max_ratio =
        (uint32_t)sk_integer(&l->r, sk_need(&l->r, node, "max_ratio"), 1, UINT32_MAX, limits->max_ratio);
    limits->seconds = (uint32_t)sk_integer(&l->r, sk_need(&l->r, node, "seconds_per_file"), 1, 86400, limits->seconds);
    const struct sk_node *ocr = sk_get(node, "ocr");
    limits->ocr = ocr && sk_boolean(&l->r, ocr, false);
}

static void load_expect(struct sk_loader *l, const struct sk_node *node)
{
    struct sk_policy *p = l->p;
    size_t n;
    const struct sk_node *c = sk_load_items(l, node, SK_NODE_MAP, SK_EL_COUNT, &n);
    if (node && node->kind == SK_NODE_MAP && n == 0)
        sk_wrong(&l->r, node, "expect が空です。見つかるはずの要素と数を書いてください",
                 "expect is empty; write the elements and counts to be found");
    p->expect = sk_load_new(l, n, sizeof(*p->expect));
    for (; c && p->expect; c = c->next) {
        struct sk_node at = { .kind = SK_NODE_SCALAR,
                              .line = c->key_line,
                              .column = c->key_column,
                              .text = c->key,
                              .text_n = strlen(c->key) };
        enum sk_element e = sk_element_find(c->key);
        long long count = sk_integer(&l->r, c, 1, INT32_MAX, 1);
        if (e == SK_EL_NONE) {
            const char *names[SK_EL_COUNT];
            for (int i = 0; i < SK_EL_COUNT; i++)
                names[i] = sk_element_name((enum sk_element)i);
            sk_choice(&l->r, &at, names, SK_EL_COUNT);
            continue;
        }
        p->expect[p->n_expect].element = e;
        p->expect[p->n_expect++].count = (uint64_t)count;
    }
}

static void load_canary(struct sk_loader *l, const struct sk_node *node)
{
    struct sk_policy_settings *s = &l->p->settings;
    if (!node || !SK_KEYS_ARE(l, node, "required", "file_name", "expect"))
        return;
    s->canary_required = sk_boolean(&l->r, sk_need(&l->r, node, "required"), true);
    s->canary_name = sk_load_text(l, node, "file_name");
    if (strchr(s->canary_name, '/'))
        sk_wrong(&l->r, sk_get(node, "file_name"), "file_name にはファイル名だけを書きます(「/」なし)",
                 "file_name is a bare file name, without '/'");
    load_expect(l, sk_need(&l->r, node, "expect"));
}

void sk_load_coverage(struct sk_loader *l, const struct sk_node *root)
{
    static const char *const VERDICTS[] = { "判定不能" };
    struct sk_policy_settings *s = &l->p->settings;
    s->canary_name = "";
    s->full_scan_days = 1;
    const struct sk_node *node = sk_need(&l->r, root, "coverage");
    if (!node || !SK_KEYS_ARE(l, node, "verdict_when_incomplete", "full_scan_days", "share_min_ratio", "canary"))
        return;
    const struct sk_node *verdict = sk_need(&l->r, node, "verdict_when_incomplete");
    if (verdict)
        sk_choice(&l->r, verdict, VERDICTS, 1);
    s->full_scan_days = (uint32_t)sk_integer(&l->r, sk_need(&l->r, node, "full_scan_days"), 1, 3650, 1);
    s->share_min_ratio = sk_number(&l->r, sk_need(&l->r, node, "share_min_ratio"), 0, 1, 1);
    load_canary(l, sk_need(&l->r, node, "canary"));
}

void sk_load_report(struct sk_loader *l, const struct sk_node *root)
{
    static const char *const VALUES[] = { "none" }, *const DETAIL[] = { "restricted", "full" };
    struct sk_policy_settings *s = &l->p->settings;
    s->restricted_paths = true;
    const struct sk_node *node = sk_need(&l->r, root, "report");
    if (!node || !SK_KEYS_ARE(l, node, "values", "path_detail", "small_count_mask"))
        return;
    const struct sk_node *values = sk_need(&l->r, node, "values"), *detail = sk_need(&l->r, node, "path_detail");
    if (values)
        sk_choice(&l->r, values, VALUES, 1);
    s->restricted_paths = !detail || sk_choice(&l->r, detail, DETAIL, 2) != 1;
    s->small_count_mask = (uint64_t)sk_integer(&l->r, sk_need(&l->r, node, "small_count_mask"), 0, 1000000, 0);
}
