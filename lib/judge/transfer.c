/* transfer.c - before files leave: 判定不能, 送付不可, 条件未達 or 送付可, with every reason and how to put it right.
 */
#include "judge/transfer.h"

#include <string.h>

#define VERDICT_BYTES ((size_t)256 << 20)
#define MOST_REQUESTED 1000u /* recipients, approvals */

void sk_reason_add(struct sk_transfer *t, const char *code, size_t file, const char *part, const char *detail_ja,
                   const char *detail_en, const char *fix_ja, const char *fix_en)
{
    struct sk_verdict_result *out = t->out;
    if (out->n_reasons == t->cap_reasons) {
        size_t cap = t->cap_reasons ? t->cap_reasons * 2 : 16;
        struct sk_transfer_reason *items = sk_arena_new(&out->arena, cap, sizeof(*items));
        if (!items) {
            t->phrases.no_memory = true;
            return;
        }
        if (out->n_reasons)
            memcpy(items, out->reasons, out->n_reasons * sizeof(*items));
        out->reasons = items;
        t->cap_reasons = cap;
    }
    out->reasons[out->n_reasons++] =
        (struct sk_transfer_reason){ code, (uint32_t)file, part, detail_ja, detail_en, fix_ja, fix_en };
}

/* ---- the question itself ---- */

static void find_destination(struct sk_transfer *t, struct sk_problems *problems)
{
    const struct sk_policy *p = t->p;
    const char *id = t->q->dest ? t->q->dest : "";
    const char **ids = sk_arena_new(&t->out->arena, p->n_destinations + 1, sizeof(*ids));
    if (!ids) {
        t->phrases.no_memory = true;
        return;
    }
    for (size_t i = 0; i < p->n_destinations; i++) {
        ids[i] = p->destinations[i].id;
        if (strcmp(ids[i], id) == 0)
            t->dest = &p->destinations[i];
    }
    if (t->dest)
        return;
    const char *near = sk_suggest(id, ids, p->n_destinations);
    struct sk_buf b;
    sk_buf_init(&b, 4096);
    for (size_t i = 0; i < p->n_destinations && b.n < 1000; i++)
        sk_buf_printf(&b, "%s%.60s", i ? ", " : "", ids[i]);
    if (near)
        sk_problem_add(problems, "--dest", 0, 0, "送付先「%.100s」はありません。「%s」のことですか",
                       "there is no destination '%.100s'; did you mean '%s'?", id, near);
    else
        sk_problem_add(problems, "--dest", 0, 0, "送付先「%.100s」はありません。使えるもの: %s",
                       "there is no destination '%.100s'; one of: %s", id, b.p ? b.p : "");
    sk_buf_free(&b);
}

/* 00100016 and "  100016" are 100016; a number of eight digits stays so (POLICY.md, decision 3). NULL: not a number. */
static const char *unpadded(struct sk_transfer *t, const char *text)
{
    while (*text == ' ')
        text++;
    size_t n = strspn(text, "0123456789");
    if (text[n] || (n != 6 && n != 8))
        return NULL;
    if (n == 8 && text[0] == '0' && text[1] == '0')
        text += 2;
    return sk_phrase(&t->phrases, "%s", text);
}

static void read_recipients(struct sk_transfer *t, struct sk_problems *problems)
{
    const struct sk_transfer_request *q = t->q;
    if (q->n_recipients > MOST_REQUESTED || q->n_approvals > MOST_REQUESTED) {
        sk_problem_add(problems, "check", 0, 0, "--recipient と --approval は %u 個までです",
                       "at most %u of --recipient and of --approval", MOST_REQUESTED);
        return;
    }
    t->recipients = sk_arena_new(&t->out->arena, q->n_recipients, sizeof(*t->recipients));
    if (!t->recipients) {
        t->phrases.no_memory = true;
        return;
    }
    for (size_t i = 0; i < q->n_recipients; i++) {
        t->recipients[i] = unpadded(t, q->recipients[i]);
        if (!t->recipients[i])
            sk_problem_add(problems, "--recipient", 0, 0,
                           "保険者番号「%.40s」の形が違います。数字 6 桁か 8 桁で書いてください",
                           "'%.40s' is no insurer number; write 6 or 8 digits", q->recipients[i]);
    }
    for (size_t i = 0; i < q->n_approvals; i++)
        if (!sk_approval_is_valid(q->approvals[i]))
            sk_problem_add(problems, "--approval", 0, 0, "承認は「役割:氏名」の形で書いてください(例 所属長:承認一郎)",
                           "an approval is written ROLE:NAME");
}

/* ---- labels ---- */

static bool label_one(struct sk_transfer *t, struct sk_sent *s)
{
    struct sk_evidence e;
    struct sk_reviews unused;
    sk_evidence_of(&e, &s->result, s->result ? 1 : 0, s->result ? s->result->persons_max : 0);
    return sk_label_decide(t->p, &e, t->p->default_in_transfer, &t->out->arena, &s->label, &unused);
}

/* What a receipt says of one plain file. A label that no rule and no marking decided stops no transfer. */
static void apply_receipt(struct sk_transfer *t, struct sk_label *label, const struct sk_receipt *r)
{
    struct sk_effect effect;
    if (r->label.is_decided && sk_receipt_effect(t->p, r, &effect))
        sk_label_apply(label, &effect);
}

/* Files that are each below a threshold of people may pass it together; a receipt's people have keys, its elements are
 * not known. */
static void apply_thresholds(struct sk_transfer *t, struct sk_label *label)
{
    size_t receipts = 0;
    for (size_t i = 0; i < t->n; i++)
        receipts += t->sent[i].n_receipts;
    for (size_t i = 0; receipts && i < t->p->n_rules; i++) {
        const struct sk_label_rule *rule = &t->p->rules[i];
        if (rule->over >= 1 && rule->any && !rule->n_all && !rule->small_cells && !rule->review &&
            t->out->persons_max > (uint64_t)rule->over)
            sk_label_apply(label, &rule->set);
    }
}

static bool label_all(struct sk_transfer *t)
{
    const struct seki_result **results = sk_arena_new(&t->out->arena, t->n, sizeof(*results));
    struct sk_evidence e;
    struct sk_reviews unused;
    struct sk_label *label = &t->out->label;
    size_t n = 0;
    if (!results)
        return false;
    for (size_t i = 0; i < t->n; i++) {
        if (!label_one(t, &t->sent[i]))
            return false;
        if (t->sent[i].result)
            results[n++] = t->sent[i].result;
    }
    sk_evidence_of(&e, results, n, t->out->persons_max);
    if (!sk_label_decide(t->p, &e, t->p->default_in_transfer, &t->out->arena, label, &unused))
        return false;
    for (size_t i = 0; i < t->n; i++)
        for (size_t k = 0; k < t->sent[i].n_receipts; k++) {
            apply_receipt(t, &t->sent[i].label, t->sent[i].receipts[k]);
            apply_receipt(t, label, t->sent[i].receipts[k]);
        }
    apply_thresholds(t, label);
    label->grade = label->decided > label->grade ? label->decided : label->grade;
    return true;
}

/* ---- verdict ---- */

static enum sk_verdict verdict_of(const char *code)
{
    static const char *const CONDITIONS[] = { "T-ENC", "T-APPR1", "T-APPR2", "T-PUBAPPR", "T-RCPT" };
    if (strcmp(code, "T-UNREAD") == 0)
        return SK_UNDETERMINED;
    for (size_t i = 0; i < sizeof(CONDITIONS) / sizeof(CONDITIONS[0]); i++)
        if (strcmp(code, CONDITIONS[i]) == 0)
            return SK_CONDITIONS;
    return SK_DENY;
}

static void decide(struct sk_transfer *t)
{
    struct sk_verdict_result *out = t->out;
    bool only_encryption = true;
    out->verdict = SK_ALLOW;
    for (size_t i = 0; i < out->n_reasons; i++) {
        enum sk_verdict v = verdict_of(out->reasons[i].code);
        out->verdict = v > out->verdict ? v : out->verdict;
        only_encryption &= strcmp(out->reasons[i].code, "T-ENC") == 0;
    }
    out->receipt = only_encryption && t->n > 0;
    for (size_t i = 0; i < t->n; i++)
        out->receipt &= t->sent[i].cover == SK_READ && t->sent[i].result->has_sha256;
    out->receipt_expires = out->receipt ? t->q->as_of + (long)t->p->settings.receipt_days : 0;
}

static bool look_at_files(struct sk_transfer *t, struct sk_transfer_file *files)
{
    t->sent = sk_arena_new(&t->out->arena, t->n, sizeof(*t->sent));
    if (!t->sent)
        return false;
    for (size_t i = 0; i < t->n; i++) {
        struct sk_sent *s = &t->sent[i];
        s->result = files[i].result;
        if (!sk_cover_find(t, s))
            return false;
        s->strength = s->result ? sk_file_strength(t->p, s->result) : SK_PLAIN;
    }
    return sk_people_join(t) && label_all(t);
}

static bool judge(struct sk_transfer *t, struct sk_transfer_file *files)
{
    if (!look_at_files(t, files))
        return false;
    sk_reasons_unread(t);
    sk_reasons_label(t);
    sk_reasons_scope(t);
    sk_reasons_hidden(t);
    sk_reasons_small(t);
    sk_reasons_terms(t);
    decide(t);
    return !t->phrases.no_memory;
}

bool sk_judge_transfer(const struct sk_policy *p, struct sk_transfer_file *files, size_t n,
                       const struct sk_transfer_request *q, struct sk_verdict_result *out, struct sk_problems *problems)
{
    size_t before = problems->n;
    memset(out, 0, sizeof(*out));
    sk_arena_init(&out->arena, VERDICT_BYTES);
    struct sk_transfer t = { .p = p, .q = q, .n = n, .out = out, .phrases = { &out->arena, false } };
    if (n == 0)
        sk_problem_add(problems, "check", 0, 0, "点検するファイルがありません", "there is no file to check");
    find_destination(&t, problems);
    read_recipients(&t, problems);
    bool ok = problems->n == before && !t.phrases.no_memory && judge(&t, files);
    if (!ok && problems->n == before)
        problems->no_memory = true;
    if (!ok)
        sk_verdict_free(out);
    return ok;
}

void sk_verdict_free(struct sk_verdict_result *v)
{
    sk_arena_free(&v->arena);
    memset(v, 0, sizeof(*v));
}
