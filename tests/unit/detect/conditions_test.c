/* Conditions in text: where each begins and ends, and words that hold the same endings and are none. */
#include "segment_helper.h"

#include "detect/conditions.h"

Test(conditions, spans)
{
    static const struct {
        const char *before, *condition, *behind;
        enum sk_element element;
    } CASES[] = {
        { "既往に", "2型糖尿病", "がある", SK_EL_DISEASE },
        { "", "糖尿病性腎症", "で通院", SK_EL_DISEASE },
        { "診断は", "くも膜下出血", "。", SK_EL_DISEASE },
        { "", "原発性胆汁性胆管炎", "", SK_EL_DISEASE },
        { "平成20年", "胃癌", "の手術", SK_EL_DISEASE },
        { "", "うつ病", "で休職", SK_EL_DISEASE },
        { "昨年", "HIV感染症", "と", SK_EL_DISEASE },
        { "軽度の", "嚥下障害", "あり", SK_EL_DISEASE }, /* 障害 of a part of the body */
        { "", "アムロジピン錠5mg", "を", SK_EL_DRUG },
        { "", "ベバシズマブ", "を投与", SK_EL_DRUG }, /* an ending: no list has it */
        { "昨日", "腹腔鏡下胆嚢摘出術", "を", SK_EL_PROCEDURE },
        { "認定は", "要介護3", "から", SK_EL_CARE_LEVEL },
        { "", "身体障害者手帳2級", "を", SK_EL_CARE_LEVEL },
        { "", "生活保護受給中", "で", SK_EL_CARE_LEVEL },
        { "", "HbA1cは8.4", "%", SK_EL_LAB_VALUE },
        { "", "血圧 158/96", "mmHg", SK_EL_LAB_VALUE },
    };
    struct bench b;
    bench_start(&b);
    struct sk_conditions *k = sk_conditions_new(b.rules);
    cr_assert(k);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char text[300];
        struct sk_condition found;
        snprintf(text, sizeof(text), "%s%s%s", CASES[i].before, CASES[i].condition, CASES[i].behind);
        bench_fold(&b, text);
        bool is = sk_conditions_next(k, b.segment.text, 0, b.segment.len, &found);
        cr_expect(is, "%s", text);
        if (!is)
            continue;
        cr_expect_eq(found.element, CASES[i].element, "%s: %s", text, sk_element_name(found.element));
        cr_expect_eq(found.begin, strlen(CASES[i].before), "%s: %u", text, found.begin);
        cr_expect_eq(found.end, strlen(CASES[i].before) + strlen(CASES[i].condition), "%s: %.*s", text,
                     (int)(found.end - found.begin), b.folded + found.begin);
    }
    sk_conditions_free(k);
    bench_end(&b);
}

Test(conditions, none)
{
    static const char *const TEXTS[] = {
        "病院と病棟の名簿",     "システム障害の対応", "がん検診の受診率", "障害者の雇用", "傷病手当金の支給",
        "ガンダムとスローガン", "ローマ帝国",         "要介護認定の件数", "血圧計を2台",  "要介護者10人",
        "症状と症例",           "ARCHIVES and COPDX", "第3四半期の減少",  "病",           "\xE7\x97"
    };
    struct bench b;
    bench_start(&b);
    struct sk_conditions *k = sk_conditions_new(b.rules);
    cr_assert(k);
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
        struct sk_condition found;
        bench_fold(&b, TEXTS[i]);
        cr_expect(!sk_conditions_next(k, b.segment.text, 0, b.segment.len, &found), "%s", TEXTS[i]);
    }
    sk_conditions_free(k);
    bench_end(&b);
}
