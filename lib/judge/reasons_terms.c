/* reasons_terms.c - what a transfer needs besides its content: handling words, contract, recipient, encryption,
 * approvals. */
#include "judge/transfer.h"

#include <string.h>

static bool holds(const struct sk_transfer *t, const char *word)
{
    size_t bit;
    return sk_names_find(&t->p->handling, word, &bit) && t->out->label.handling >> bit & 1;
}

static bool is_overridden(const struct sk_transfer *t, const char *word)
{
    size_t bit;
    return sk_names_find(&t->p->handling, word, &bit) && t->dest->overrides >> bit & 1;
}

static void handling(struct sk_transfer *t)
{
    static const struct {
        const char *word, *code, *ja, *en;
    } STOPS[] = {
        { SK_HANDLING_NO_EXPORT, "T-NOEXT", "持出禁止の情報です", "must not be taken out (持出禁止)" },
        { SK_HANDLING_NO_FORWARD, "T-NOFWD", "転送禁止の情報です", "must not be forwarded (転送禁止)" },
    };
    for (size_t i = 0; i < sizeof(STOPS) / sizeof(STOPS[0]); i++)
        if (holds(t, STOPS[i].word) && !is_overridden(t, STOPS[i].word))
            sk_reason_add(
                t, STOPS[i].code, 0, "", STOPS[i].ja, STOPS[i].en,
                "その取扱いの元になった内容(個人番号など)や表示を除くか、送ってよい送付先かを確かめてください。",
                "Take out the content (such as Individual Numbers) or the marking that says so, or choose a "
                "destination that may have it.");
}

static const char *strong_methods(struct sk_transfer *t)
{
    struct sk_buf b;
    sk_buf_init(&b, 65536);
    for (size_t i = 0; i < t->p->n_strong && b.n < 2000; i++)
        sk_buf_printf(&b, "%s%s", i ? ", " : "", t->p->strong[i]);
    return sk_phrase_buf(&t->phrases, &b);
}

#define PLAIN_JA                                                                                                                                           \
    "この点検の控え(--format json の出力)を保存し、強い方式(%s)で暗号化してから、--receipts に控えを付けてもう一度" \
    "点検してください。"
#define PLAIN_EN                                                                                                       \
    "Keep this check's receipt (the output of --format json), encrypt with a strong method (%s) and check again with " \
    "--receipts."
#define WEAK_JA "強い方式(%s)で全体を暗号化し直し、平文の控えを --receipts に付けてもう一度点検してください。"
#define WEAK_EN "Encrypt the whole again with a strong method (%s) and check again with the receipt of the plain file."

static void encryption(struct sk_transfer *t)
{
    size_t told = 0;
    for (size_t i = 0; sk_requires(t, SK_REQ_ENCRYPTION) && i < t->n; i++) {
        bool weak = t->sent[i].strength == SK_WEAK;
        if (t->sent[i].strength == SK_STRONG || told++ >= SK_MOST_TOLD)
            continue;
        const char *methods = strong_methods(t);
        sk_reason_add(t, "T-ENC", i, "", weak ? "暗号化が弱いか、一部しか暗号化されていません" : "暗号化されていません",
                      weak ? "the encryption is weak or covers only a part" : "not encrypted",
                      sk_phrase(&t->phrases, weak ? WEAK_JA : PLAIN_JA, methods),
                      sk_phrase(&t->phrases, weak ? WEAK_EN : PLAIN_EN, methods));
    }
}

static const char *roles(struct sk_transfer *t, const struct sk_approval *a)
{
    struct sk_buf b;
    sk_buf_init(&b, 65536);
    for (size_t i = 0; i < a->n_roles && b.n < 2000; i++)
        sk_buf_printf(&b, "%s%s", i ? ", " : "", a->roles[i]);
    return sk_phrase_buf(&t->phrases, &b);
}

static void approval(struct sk_transfer *t, enum sk_approval_kind kind, const char *code)
{
    const struct sk_approval *a = &t->p->approvals[kind];
    uint32_t have = sk_approvals_count(a, t->q);
    if (have >= a->count && a->count)
        return;
    const char *who = roles(t, a);
    sk_reason_add(
        t, code, 0, "",
        sk_phrase(&t->phrases, "承認が足りません(必要 %u 人、有効 %u 人。申請者本人と、役割にない人は数えません)",
                  a->count, have),
        sk_phrase(&t->phrases,
                  "approvals are missing (%u needed, %u valid; the requester and other roles do not count)", a->count,
                  have),
        sk_phrase(&t->phrases, "別々の %u 人の承認を --approval 役割:氏名 で付けてください(役割 %s)。", a->count, who),
        sk_phrase(&t->phrases, "Give approvals of %u different people with --approval ROLE:NAME (roles %s).", a->count,
                  who));
}

/* 二者承認 in the label raises what is asked; two persons fulfil the one as well, so only one of the two is asked. */
static void approvals(struct sk_transfer *t)
{
    bool one = sk_requires(t, SK_REQ_APPROVAL),
         two = sk_requires(t, SK_REQ_DUAL) || (one && holds(t, SK_HANDLING_TWO_PERSONS));
    if (two)
        approval(t, SK_APPROVAL_TWO, "T-APPR2");
    else if (one)
        approval(t, SK_APPROVAL_ONE, "T-APPR1");
    if (sk_requires(t, SK_REQ_PUBLIC))
        approval(t, SK_APPROVAL_PUBLIC, "T-PUBAPPR");
}

static bool is_blank(const char *s)
{
    return !s || s[strspn(s, " \t")] == '\0';
}

void sk_reasons_terms(struct sk_transfer *t)
{
    handling(t);
    if (sk_requires(t, SK_REQ_CONTRACT) && is_blank(t->q->contract))
        sk_reason_add(t, "T-CONTRACT", 0, "", "契約番号がありません。契約のない相手には出せません",
                      "there is no contract; nothing may go out without one",
                      "委託契約(台帳の番号)を --contract で書いてください。",
                      "Give the contract's number with --contract.");
    if (sk_requires(t, SK_REQ_RECIPIENT) && t->q->n_recipients == 0)
        sk_reason_add(
            t, "T-RCPT", 0, "", "宛先の保険者番号がないので、別の保険者の人が入っていないか確かめられません",
            "without the recipient's insurer number it cannot be told whether people of another insurer are in it",
            "宛先を --recipient 保険者番号 で書いてください。", "Give the recipient with --recipient NUMBER.");
    encryption(t);
    approvals(t);
}
