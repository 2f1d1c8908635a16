/* The shipped patterns load without a problem, and hold what they promise. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rules.h"

static struct sk_rules *load(struct sk_problems *p, struct sk_fold **fold)
{
    sk_problems_init(p);
    *fold = sk_fold_new();
    cr_assert_not_null(*fold);
    struct sk_rules *r = sk_rules_load(PATTERNS_DIR, *fold, p);
    for (size_t i = 0; i < p->n; i++)
        fprintf(stderr, "%s:%u:%u: %s / %s\n", p->items[i].file, p->items[i].line, p->items[i].column, p->items[i].ja,
                p->items[i].en);
    return r;
}

static void unload(struct sk_rules *r, struct sk_problems *p, struct sk_fold *fold)
{
    sk_rules_free(r);
    sk_problems_free(p);
    sk_fold_free(fold);
}

Test(patterns, load_without_a_problem)
{
    struct sk_problems p;
    struct sk_fold *fold;
    struct sk_rules *r = load(&p, &fold);
    cr_expect_eq(p.n, 0);
    cr_expect(!p.no_memory);
    cr_assert_not_null(r);
    const struct sk_detector *d;
    size_t n = sk_rules_detectors(r, &d);
    cr_expect_geq(n, 30);
    for (size_t i = 0; i < n; i++) {
        cr_expect_geq(d[i].n_hits, 4, "%s", d[i].id);
        cr_expect_geq(d[i].n_misses, 4, "%s", d[i].id);
        cr_expect_neq(d[i].element, SK_EL_NONE, "%s", d[i].id);
        cr_expect_eq((d[i].n_shapes > 0) + (d[i].regex != NULL) + (d[i].finder != NULL), 1, "%s", d[i].id);
        /* Whatever can be found at all can be found with certainty: with everything that speaks for it, medium at
         * least. */
        int best = d[i].found + d[i].grouped + d[i].checked + d[i].labelled;
        cr_expect_geq(best, SK_SCORE_MEDIUM, "%s", d[i].id);
    }
    cr_expect_gt(strlen(sk_rules_version(r)), 0);
    unload(r, &p, fold);
}

/* The steps asked for the 12 digits of an individual number. */
Test(patterns, scores_of_the_individual_number)
{
    struct sk_problems p;
    struct sk_fold *fold;
    struct sk_rules *r = load(&p, &fold);
    cr_assert_not_null(r);
    const struct sk_detector *d = NULL, *all;
    size_t n = sk_rules_detectors(r, &all);
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].id, "personal_number") == 0)
            d = &all[i];
    cr_assert_not_null(d);
    int checked = d->found + d->checked;
    cr_expect(checked >= SK_SCORE_LOW && checked < SK_SCORE_MEDIUM);
    int grouped = checked + d->grouped;
    cr_expect(grouped >= SK_SCORE_MEDIUM && grouped < SK_SCORE_HIGH);
    cr_expect_geq(checked + d->labelled, SK_SCORE_HIGH);
    cr_expect_geq(d->column, SK_SCORE_HIGH);
    cr_expect_lt(grouped + d->against_score, SK_SCORE_LOW);
    cr_assert_eq(d->n_shapes, 2);
    cr_expect_eq(d->shapes[1].n_groups, 3);
    cr_expect_eq(d->shapes[1].max, 12);
    unload(r, &p, fold);
}

static enum sk_role look(const struct sk_rules *r, const struct sk_fold *fold, const char *text, bool *weak)
{
    char folded[400], normal[400];
    size_t n = sk_fold_utf8(fold, text, strlen(text), folded, sizeof(folded));
    n = sk_header_normalise(folded, n, normal, sizeof(normal));
    return sk_rules_header(r, normal, n, weak);
}

Test(patterns, headers)
{
    static const struct {
        const char *header;
        enum sk_role role;
        bool weak;
    } ROWS[] = {
        { "氏名", SK_ROLE_PERSON_NAME, false },
        { "氏　名", SK_ROLE_PERSON_NAME, false },
        { "※氏名【必須】", SK_ROLE_PERSON_NAME, false },
        { "氏名（漢字）", SK_ROLE_PERSON_NAME, false },
        { "ｶﾅ氏名", SK_ROLE_PERSON_KANA, false },
        { "フリガナ", SK_ROLE_PERSON_KANA, false },
        { "ふりがな", SK_ROLE_PERSON_KANA, false },
        { "氏名（カナ）", SK_ROLE_PERSON_KANA, false },
        { "生年月日", SK_ROLE_BIRTH_DATE, false },
        { "生年\n月日", SK_ROLE_BIRTH_DATE, false },
        { "郵便番号", SK_ROLE_POSTAL, false },
        { "住所１", SK_ROLE_ADDRESS, false },
        { "住所②", SK_ROLE_ADDRESS, false },
        { "電話番号（自宅）", SK_ROLE_PHONE, false },
        { "TEL", SK_ROLE_PHONE, false },
        { "Tel.", SK_ROLE_PHONE, false },
        { "ＦＡＸ番号", SK_ROLE_FAX, false },
        { "E-mail", SK_ROLE_EMAIL, false },
        { "個人番号", SK_ROLE_MY_NUMBER_OR_KOKUHO_PERSON, false },
        { "マイナンバー", SK_ROLE_MY_NUMBER_OR_KOKUHO_PERSON, false },
        { "保険者番号", SK_ROLE_INSURER_NO, false },
        { "保険者№", SK_ROLE_INSURER_NO, false },
        { "被保険者証記号", SK_ROLE_KOKUHO_SYMBOL, false },
        { "被保険者証番号", SK_ROLE_KOKUHO_NUMBER, false },
        { "被保険者証記号・番号", SK_ROLE_KOKUHO_SYMBOL_NUMBER, false },
        { "枝番", SK_ROLE_EDABAN, false },
        { "被保険者番号", SK_ROLE_INSURED_NO, false },
        { "傷病名1", SK_ROLE_DISEASE_NAME, false },
        { "傷病名12", SK_ROLE_DISEASE_NAME, false },
        { "HbA1c", SK_ROLE_LAB_VALUE, false },
        { "身長（cm）", SK_ROLE_LAB_VALUE, false },
        { "腹囲(cm)", SK_ROLE_LAB_VALUE, false },
        { "要介護状態区分", SK_ROLE_CARE_LEVEL, false },
        { "基本給", SK_ROLE_STAFF_HR, false },
        { "人事評価", SK_ROLE_STAFF_HR, false },
        { "職員番号", SK_ROLE_STAFF_ID, false },
        { "口座番号", SK_ROLE_BANK_ACCOUNT, false },
        { "口座名義", SK_ROLE_ACCOUNT_HOLDER, false },
        { "金融機関名", SK_ROLE_BANK_NAME, false },
        { "患者数", SK_ROLE_COUNT, false },
        { "被保険者数", SK_ROLE_COUNT, false },
        { "商品コード", SK_ROLE_PRODUCT, false },
        { "品名", SK_ROLE_PRODUCT, false },
        { "追跡番号", SK_ROLE_PRODUCT, false },
        { "法人名", SK_ROLE_ORGANISATION, false },
        { "所在地", SK_ROLE_ORGANISATION, false },
        { "保険者名", SK_ROLE_ORGANISATION, false },
        { "施設名", SK_ROLE_FACILITY_NAME, false },
        { "No.", SK_ROLE_OTHER, false },
        { "名", SK_ROLE_PERSON_NAME, true },
        { "番号", SK_ROLE_KOKUHO_NUMBER, true },
        { "記号", SK_ROLE_KOKUHO_SYMBOL, true },
        { "日数", SK_ROLE_HEALTH_CONTEXT, true },
        { "医師名", SK_ROLE_STAFF_NAME, false },
        { "曇り空", SK_ROLE_NONE, false },
        { "", SK_ROLE_NONE, false },
    };
    struct sk_problems p;
    struct sk_fold *fold;
    struct sk_rules *r = load(&p, &fold);
    cr_assert_not_null(r);
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        bool weak = false;
        enum sk_role role = look(r, fold, ROWS[i].header, &weak);
        cr_expect_eq(role, ROWS[i].role, "%s: %d", ROWS[i].header, (int)role);
        cr_expect_eq(weak, ROWS[i].weak, "weak %s", ROWS[i].header);
    }
    unload(r, &p, fold);
}

/* Headers that nobody listed: the head at the end decides, and whose it is. 60 is where trust begins. */
Test(patterns, headers_near)
{
    static const struct {
        const char *header;
        enum sk_role role;
        int least, most;
    } ROWS[] = {
        { "被保険者の氏名（漢字）", SK_ROLE_PERSON_NAME, 60, 99 },
        { "届出をする人のお名前フルネーム", SK_ROLE_PERSON_NAME, 60, 99 },
        { "事業所名称等", SK_ROLE_FACILITY_NAME, 60, 100 },
        { "利用者さまの電話番号", SK_ROLE_PHONE, 60, 99 },
        { "利用者さまのお名前（フリガナ）", SK_ROLE_PERSON_KANA, 60, 99 },
        { "利用者の氏名（フリガナ）", SK_ROLE_PERSON_KANA, 60, 99 },
        { "医療機関の電話番号", SK_ROLE_ORGANISATION, 60, 99 },
        { "勤務先会社の住所", SK_ROLE_ORGANISATION, 60, 99 },
        { "記載した医師の氏名", SK_ROLE_STAFF_NAME, 60, 99 },
        { "糖尿病患者数", SK_ROLE_COUNT, 60, 99 },
        { "氏名不詳者数", SK_ROLE_COUNT, 60, 99 },
        { "氏名ではない", SK_ROLE_PERSON_NAME, 0, 40 },
        { "氏名の確認方法", SK_ROLE_PERSON_NAME, 0, 40 },
        { "後期高齢保険者名", SK_ROLE_ORGANISATION, 60, 99 },
        { "購入品名", SK_ROLE_PRODUCT, 60, 99 },
        { "hotel", SK_ROLE_NONE, 0, 0 },
        { "あいうえお", SK_ROLE_NONE, 0, 0 },
    };
    struct sk_problems p;
    struct sk_fold *fold;
    struct sk_rules *r = load(&p, &fold);
    cr_assert_not_null(r);
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        char folded[400], normal[400];
        int score = -1;
        size_t n = sk_fold_utf8(fold, ROWS[i].header, strlen(ROWS[i].header), folded, sizeof(folded));
        n = sk_header_normalise(folded, n, normal, sizeof(normal));
        enum sk_role role = sk_rules_header_near(r, normal, n, &score);
        if (ROWS[i].role != SK_ROLE_NONE || ROWS[i].least > 0)
            cr_expect_eq(role, ROWS[i].role, "%s: %d", ROWS[i].header, (int)role);
        cr_expect(score >= ROWS[i].least && score <= ROWS[i].most, "%s: score %d", ROWS[i].header, score);
    }
    unload(r, &p, fold);
}

Test(patterns, normal_form_is_stable)
{
    static const char *const TEXTS[] = { "氏名1-2",      "住所(1)①",   "ヨミ仮名フリガナ",
                                         "No.No",        "御住所１２", "必須氏名必須",
                                         "((((",         ")(",         "年月日年月日",
                                         "マイナンバー", "レセプトNo", "お",
                                         "お薬",         "T-Cho",      "1",
                                         "12",           "①" };
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
        char a[400], b[400];
        size_t n = sk_header_normalise(TEXTS[i], strlen(TEXTS[i]), a, sizeof(a));
        size_t m = sk_header_normalise(a, n, b, sizeof(b));
        cr_expect(m == n && memcmp(a, b, n) == 0, "%s -> %.*s -> %.*s", TEXTS[i], (int)n, a, (int)m, b);
    }
    char small[4];
    cr_expect_eq(sk_header_normalise("氏名", 6, small, 4), 3);
}

Test(patterns, literals)
{
    struct sk_problems p;
    struct sk_fold *fold;
    struct sk_rules *r = load(&p, &fold);
    cr_assert_not_null(r);
    const struct sk_word *w;
    const struct sk_use *u;
    size_t n = sk_rules_literals(r, &w, &u);
    cr_expect_gt(n, 1000);
    bool label = false, header = false;
    for (size_t i = 0; i < n; i++) {
        if (i)
            cr_assert_lt(strcmp(w[i - 1].text, w[i].text), 0);
        cr_assert_eq(strlen(w[i].text), w[i].n);
        cr_assert_gt(w[i].n_uses, 0);
        for (const char *c = w[i].text; *c; c++)
            cr_assert(!(*c >= 'A' && *c <= 'Z'));
        if (strcmp(w[i].text, "個人番号") == 0)
            for (size_t k = 0; k < w[i].n_uses; k++) {
                label = label || u[w[i].first_use + k].kind == SK_USE_LABEL;
                header = header || (u[w[i].first_use + k].kind == SK_USE_HEADER &&
                                    u[w[i].first_use + k].index == SK_ROLE_MY_NUMBER_OR_KOKUHO_PERSON);
            }
    }
    cr_expect(label && header);
    const struct sk_word_list *disease = sk_rules_words(r, "disease");
    cr_assert_not_null(disease);
    cr_expect_geq(disease->n, 300);
    for (size_t i = 1; i < disease->n; i++)
        cr_assert_lt(strcmp(disease->words[i - 1], disease->words[i]), 0);
    cr_expect_null(sk_rules_words(r, "nothing"));
    unload(r, &p, fold);
}

Test(patterns, digest_is_that_of_the_bytes)
{
    struct sk_problems p, q;
    struct sk_fold *fold, *fold2;
    struct sk_rules *a = load(&p, &fold), *b = load(&q, &fold2);
    cr_assert(a && b);
    cr_expect_arr_eq(sk_rules_digest(a), sk_rules_digest(b), 32);
    unload(a, &p, fold);
    unload(b, &q, fold2);
}
