/* reasons_content.c - what stands in the files and must not go there: unread parts, label, other insurers, hidden
 * content, small cells. */
#include "judge/transfer.h"

#include <inttypes.h>
#include <string.h>

static const char *part_path(struct sk_transfer *t, const struct seki_result *r, uint32_t part)
{
    struct sk_buf b;
    sk_buf_init(&b, (size_t)1 << 20);
    sk_part_path(r, part, &b);
    return sk_phrase_buf(&t->phrases, &b);
}

static void add_more(struct sk_transfer *t, const char *code, size_t file, uint64_t more)
{
    if (more)
        sk_reason_add(t, code, file, "", sk_phrase(&t->phrases, "ほか %" PRIu64 "件", more),
                      sk_phrase(&t->phrases, "and %" PRIu64 " more", more), "", "");
}

/* ---- T-UNREAD ---- */

struct advice {
    uint8_t reason;
    const char *ja, *en;
};
static const struct advice ADVICE[] = {
    { SK_WHY_ENCRYPTED, "暗号化する前のファイルを先に点検し、その控えを --receipts で渡してください",
      "Check the plain file first and give its receipt with --receipts" },
    { SK_WHY_RIGHTS_MANAGED, "権利管理を外した版を点検してください", "Check a version without rights management" },
    { SK_WHY_IMAGE_ONLY, "文字のある元のファイルを点検するか、文字認識(OCR)した版を点検してください",
      "Check the original with text, or a version with recognised text (OCR)" },
    { SK_WHY_DAMAGED, "正しく開けるファイルを作り直してください",
      "Make the file again so that it opens without errors" },
    { SK_WHY_UNSUPPORTED, "検査できる形式(xlsx, docx, pdf, csv など)に変えて点検してください",
      "Convert it to a format that can be inspected (xlsx, docx, pdf, csv ...)" },
    { SK_WHY_TOO_DEEP, "入れ子の書庫をほどいてから点検してください",
      "Unpack the nested archives and check what is inside" },
    { SK_WHY_TOO_LARGE, "小さく分けて点検してください", "Split it into smaller files and check those" },
    { SK_WHY_RATIO, "書庫をほどいてから点検してください", "Unpack the archive and check what is inside" },
    { SK_WHY_TIMEOUT, "小さく分けて点検してください", "Split it into smaller files and check those" },
    { SK_WHY_DENIED, "読む権限を得てから点検してください", "Get permission to read it, then check again" },
    { SK_WHY_CHANGED, "書き込みが終わってから、もう一度点検してください", "Check again when nobody writes to it" },
};

static const struct advice *advice_for(uint8_t reason)
{
    static const struct advice OTHER = { 0, "人が中身を確かめるか、別の形式に変えて点検してください",
                                         "A person must look into it, or convert it and check again" };
    for (size_t i = 0; i < sizeof(ADVICE) / sizeof(ADVICE[0]); i++)
        if (ADVICE[i].reason == reason)
            return &ADVICE[i];
    return &OTHER;
}

static void add_why(struct sk_transfer *t, size_t file, const struct seki_result *r, const struct sk_why *why)
{
    static const char *const STRONG_JA = "強い方式", *const WEAK_JA = "弱い方式", *const UNKNOWN_JA = "方式不明";
    const struct advice *a = advice_for(why->reason);
    enum sk_reason reason = why->reason < SK_WHY_COUNT ? (enum sk_reason)why->reason : SK_WHY_UNSUPPORTED;
    const char *ja = sk_reason_title(reason, 0), *en = sk_reason_title(reason, 1);
    if (why->reason == SK_WHY_ENCRYPTED) {
        const char *method =
            why->part < r->n_parts && r->parts[why->part].encryption ? r->parts[why->part].encryption : why->detail;
        const char *strength = sk_policy_strength(t->p, method);
        const char *word = *strength == 's' ? STRONG_JA : *strength == 'w' ? WEAK_JA : UNKNOWN_JA;
        ja = sk_phrase(&t->phrases, "%s(%s)%s%s", ja, word, *t->sent[file].why_ja ? "。" : "", t->sent[file].why_ja);
        en = sk_phrase(&t->phrases, "%s (%s)%s%s", en, strength, *t->sent[file].why_en ? "; " : "",
                       t->sent[file].why_en);
    } else if (why->detail && *why->detail) {
        ja = sk_phrase(&t->phrases, "%s(%s)", ja, why->detail);
        en = sk_phrase(&t->phrases, "%s (%s)", en, why->detail);
    }
    sk_reason_add(t, "T-UNREAD", file, part_path(t, r, why->part), ja, en, a->ja, a->en);
}

void sk_reasons_unread(struct sk_transfer *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct seki_result *r = t->sent[i].result;
        if (t->sent[i].cover != SK_UNREAD)
            continue;
        uint32_t told = r ? (r->n_whys < SK_MOST_TOLD ? r->n_whys : SK_MOST_TOLD) : 0;
        for (uint32_t k = 0; k < told; k++)
            add_why(t, i, r, &r->whys[k]);
        if (told == 0)
            sk_reason_add(t, "T-UNREAD", i, "", "ファイルを読めませんでした", "the file could not be read",
                          advice_for(SK_WHY_DENIED)->ja, advice_for(SK_WHY_DENIED)->en);
        add_more(t, "T-UNREAD", i, r ? r->n_whys - told : 0);
    }
}

/* ---- T-GRADE, T-COMP: which elements made it so, and where they stand ---- */

#define MOST_ELEMENTS 8u

/* Elements of the rules that hold and set more than the destination may have. */
static sk_elements guilty(const struct sk_transfer *t, const struct seki_result *r)
{
    struct sk_evidence e;
    sk_elements set = 0;
    sk_evidence_of(&e, &r, 1, t->out->persons_max);
    for (size_t i = 0; i < t->p->n_rules; i++) {
        const struct sk_label_rule *rule = &t->p->rules[i];
        bool above = rule->set.grade > t->dest->max_grade || rule->set.compartments & ~t->dest->compartments;
        if (rule->review || !above || !sk_rule_holds(rule, &e))
            continue;
        set |= rule->any;
        for (size_t k = 0; k < rule->n_all; k++)
            set |= rule->all[k];
    }
    return set;
}

static void put_found(struct sk_buf *b, const struct seki_result *r, const struct sk_found *f, bool english)
{
    uint32_t part = f->n_at ? f->at[0].part : 0;
    sk_buf_printf(b, "%s%s=", b->n ? (english ? "; " : "、") : "",
                  sk_element_title((enum sk_element)f->element, english));
    if (part && part < r->n_parts)
        sk_buf_printf(b, english ? "'%.80s' " : "「%.80s」", r->parts[part].name);
    if (f->n_at)
        sk_put_places(b, f->at, f->n_at, f->count, part, english);
    else
        sk_buf_printf(b, english ? "%" PRIu64 " places" : "%" PRIu64 "か所", f->count);
}

/* "消すか隠すもの:氏名=列 A(行 2~51)、…"; "" when no element is to blame (markings). */
static const char *what_to_mask(struct sk_transfer *t, const struct seki_result *r, bool english)
{
    struct sk_buf b;
    sk_buf_init(&b, (size_t)1 << 20);
    sk_elements set = r ? guilty(t, r) : 0;
    size_t told = 0, more = 0;
    for (uint32_t i = 0; r && i < r->n_found; i++) {
        const struct sk_found *f = &r->found[i];
        if (f->element >= SK_EL_COUNT || f->confidence < SK_CONF_MEDIUM || !(set & SK_BIT(f->element)))
            continue;
        if (told < MOST_ELEMENTS) {
            put_found(&b, r, f, english);
            told++;
        } else {
            more++;
        }
    }
    if (more)
        sk_buf_printf(&b, english ? "; and %zu more kinds" : "、ほか%zu種類", more);
    const char *list = sk_phrase_buf(&t->phrases, &b);
    if (!*list)
        return "";
    return sk_phrase(&t->phrases,
                     english ? "Remove or mask: %s. Then check again. "
                             : "消すか、元に戻せない形で隠すもの:%s。直したら、もう一度点検してください。",
                     list);
}

static const char *rules_of(struct sk_transfer *t, const struct sk_label *label)
{
    struct sk_buf b;
    sk_buf_init(&b, 65536);
    for (size_t i = 0; i < label->n_rules && b.n < 2000; i++)
        sk_buf_printf(&b, "%s%s", i ? ", " : "", label->rules[i]);
    return sk_phrase_buf(&t->phrases, &b);
}

static void add_grade(struct sk_transfer *t, size_t file, const struct sk_label *label, const struct seki_result *r)
{
    const char *have = sk_policy_grade(t->p, label->decided), *most = sk_policy_grade(t->p, t->dest->max_grade),
               *rules = rules_of(t, label);
    sk_reason_add(
        t, "T-GRADE", file, "",
        sk_phrase(&t->phrases, "格付 %s は、送付先 %s の上限 %s を超えています(規則 %s)", have, t->dest->id, most,
                  rules),
        sk_phrase(&t->phrases, "grade %s is above the ceiling %s of %s (rules %s)", have, most, t->dest->id, rules),
        sk_phrase(&t->phrases, "%s送付先を確かめてください。", what_to_mask(t, r, false)),
        sk_phrase(&t->phrases, "%sMake sure that the destination is right.", what_to_mask(t, r, true)));
}

static void add_compartment(struct sk_transfer *t, size_t file, const struct sk_label *label,
                            const struct seki_result *r)
{
    struct sk_buf b;
    sk_buf_init(&b, 65536);
    sk_put_bits(&b, &t->p->compartments, label->compartments & ~t->dest->compartments);
    const char *wrong = sk_phrase_buf(&t->phrases, &b);
    sk_reason_add(t, "T-COMP", file, "",
                  sk_phrase(&t->phrases, "区画 [%s] の情報は、送付先 %s には出せません", wrong, t->dest->id),
                  sk_phrase(&t->phrases, "compartment [%s] must not go to %s", wrong, t->dest->id),
                  sk_phrase(&t->phrases, "%s送付先を確かめてください。", what_to_mask(t, r, false)),
                  sk_phrase(&t->phrases, "%sMake sure that the destination is right.", what_to_mask(t, r, true)));
}

void sk_reasons_label(struct sk_transfer *t)
{
    const struct sk_label *all = &t->out->label;
    bool grade = all->decided > t->dest->max_grade, comp = all->compartments & ~t->dest->compartments;
    size_t told = 0;
    for (size_t i = 0; grade && i < t->n && told < SK_MOST_TOLD; i++)
        if (t->sent[i].label.decided > t->dest->max_grade) {
            add_grade(t, i, &t->sent[i].label, t->sent[i].result);
            told++;
        }
    if (grade && !told) /* only together: people over a threshold */
        add_grade(t, 0, all, t->sent[0].result);
    told = 0;
    for (size_t i = 0; comp && i < t->n && told < SK_MOST_TOLD; i++)
        if (t->sent[i].label.compartments & ~t->dest->compartments) {
            add_compartment(t, i, &t->sent[i].label, t->sent[i].result);
            told++;
        }
    if (comp && !told)
        add_compartment(t, 0, all, t->sent[0].result);
}

/* ---- T-SCOPE ---- */

static bool is_recipient(const struct sk_transfer *t, const char *insurer)
{
    for (size_t i = 0; i < t->q->n_recipients; i++)
        if (strcmp(t->recipients[i], insurer) == 0)
            return true;
    return false;
}

static const char *places_text(struct sk_transfer *t, const struct sk_place *at, uint32_t n, uint64_t count,
                               uint32_t part, bool english)
{
    struct sk_buf b;
    sk_buf_init(&b, 65536);
    sk_put_places(&b, at, n, count, part, english);
    return sk_phrase_buf(&t->phrases, &b);
}

/* The first place, wherever it stands, tells the part; the others of that part follow. */
static void add_stranger(struct sk_transfer *t, size_t file, const struct seki_result *r, const struct sk_insurer *ins)
{
    uint32_t part = ins->n_at ? ins->at[0].part : 0;
    const char *ja = "", *en = "";
    if (ins->n_at) {
        ja = places_text(t, ins->at, ins->n_at, ins->max, part, false);
        en = places_text(t, ins->at, ins->n_at, ins->max, part, true);
    }
    sk_reason_add(t, "T-SCOPE", file, r ? part_path(t, r, part) : "",
                  sk_phrase(&t->phrases, "宛先でない保険者 %s の人が %" PRIu64 "人入っています%s%s%s", ins->number,
                            ins->max, *ja ? "(" : "", ja, *ja ? ")" : ""),
                  sk_phrase(&t->phrases, "holds %" PRIu64 " people of insurer %s, which is not a recipient%s%s%s",
                            ins->max, ins->number, *en ? " (" : "", en, *en ? ")" : ""),
                  *ja ? sk_phrase(&t->phrases, "%s から始まる、その人の明細を除いてください。", ja)
                      : "その保険者の人の明細を除いてください。",
                  *en ? sk_phrase(&t->phrases, "Remove that person's records, which begin at %s.", en)
                      : "Remove the records of that insurer's people.");
}

static uint64_t scope_of(struct sk_transfer *t, size_t file, const struct seki_result *r,
                         const struct sk_insurer *insurers, uint32_t n, uint64_t told)
{
    for (uint32_t i = 0; i < n; i++) {
        if (insurers[i].max == 0 || is_recipient(t, insurers[i].number))
            continue;
        if (told++ < SK_MOST_TOLD)
            add_stranger(t, file, r, &insurers[i]);
    }
    return told;
}

void sk_reasons_scope(struct sk_transfer *t)
{
    if (!sk_requires(t, SK_REQ_RECIPIENT) || t->q->n_recipients == 0)
        return; /* without --recipient: T-RCPT */
    for (size_t i = 0; i < t->n; i++) {
        const struct sk_sent *s = &t->sent[i];
        uint64_t told = s->result ? scope_of(t, i, s->result, s->result->insurers, s->result->n_insurers, 0) : 0;
        for (size_t k = 0; k < s->n_receipts; k++)
            told = scope_of(t, i, NULL, s->receipts[k]->insurers, s->receipts[k]->n_insurers, told);
        add_more(t, "T-SCOPE", i, told > SK_MOST_TOLD ? told - SK_MOST_TOLD : 0);
    }
}

/* ---- T-SMALL ---- */

void sk_reasons_small(struct sk_transfer *t)
{
    for (size_t i = 0; sk_requires(t, SK_REQ_NO_SMALL) && i < t->n; i++) {
        const struct seki_result *r = t->sent[i].result;
        if (!r || !r->small_cells)
            continue;
        uint32_t part = r->n_small_at ? r->small_at[0].part : 0;
        const char *ja = places_text(t, r->small_at, r->n_small_at, r->small_cells, part, false);
        const char *en = places_text(t, r->small_at, r->n_small_at, r->small_cells, part, true);
        long long below = t->p->small_to < INT64_MAX ? t->p->small_to + 1 : t->p->small_to;
        sk_reason_add(
            t, "T-SMALL", i, part_path(t, r, part),
            sk_phrase(&t->phrases, "%lld未満の人数が入ったセルが %" PRIu64 "か所あります(%s)", below, r->small_cells,
                      ja),
            sk_phrase(&t->phrases, "%" PRIu64 " cells hold a number of people below %lld (%s)", r->small_cells, below,
                      en),
            sk_phrase(&t->phrases,
                      "%s を「%lld未満」と書くか、区分をまとめてください。合計から逆算できないことも確かめてください。",
                      ja, below),
            sk_phrase(
                &t->phrases,
                "Write 'fewer than %lld' at %s, or join categories. Make sure that totals do not give the number away.",
                below, en));
    }
}
