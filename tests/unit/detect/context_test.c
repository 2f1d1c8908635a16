#include "segment_helper.h"

/* Segments that are more than one text: hidden parts, second readings, fields, forms over several segments. */

Test(hidden, sums)
{
    struct bench b;
    bench_start(&b);
    bench_file(&b);
    bench_fold(&b, "氏名：佐藤　一郎\n氏名：鈴木　花子\n")->hidden = SK_HIDDEN_NOTES;
    bench_give(&b);
    bench_fold(&b, "山田\n川上\n\n海野\n")->hidden = SK_HIDDEN_COVERED; /* nothing that a rule finds: three pieces of text */
    bench_give(&b);
    const struct seki_result *r = bench_result(&b);
    cr_assert_eq(r->n_hiddens, 2);
    for (uint32_t i = 0; i < 2; i++) {
        const struct sk_hidden_sum *h = &r->hiddens[i];
        if (h->hidden == SK_HIDDEN_NOTES) {
            cr_expect_eq(h->records, 2);
            cr_expect_eq(h->persons, 2);
            cr_expect_eq(h->elements, BIT(PERSON_NAME));
            cr_expect_eq(h->characters, 16);
        } else {
            cr_expect_eq(h->hidden, SK_HIDDEN_COVERED);
            cr_expect_eq(h->records, 3);
            cr_expect_eq(h->persons, 0);
            cr_expect_eq(h->characters, 6);
        }
    }
    cr_expect_eq(r->found[0].at[0].hidden, SK_HIDDEN_NOTES);
    bench_end(&b);
}

/* The same bytes in two encodings count once, and the reading that finds more counts. */
Test(second_reading, counts_once)
{
    static const char TEXT[] = "電話 090-1234-5679\n氏名：佐藤　一郎\n";
    struct bench b;
    bench_start(&b);
    bench_file(&b);
    bench_fold(&b, TEXT);
    bench_give(&b);
    bench_fold(&b, TEXT)->second_reading = true;
    bench_give(&b);
    const struct seki_result *r = bench_result(&b);
    cr_expect_eq(bench_count(r, SK_EL_PHONE, SK_CONF_LOW), 1);
    cr_expect_eq(bench_count(r, SK_EL_PERSON_NAME, SK_CONF_LOW), 1);
    cr_expect_eq(r->persons_max, 1);
    bench_file(&b);
    bench_fold(&b, "縺ｪ繧薙〒縺吶°\n");
    bench_give(&b);
    bench_fold(&b, TEXT)->second_reading = true;
    bench_give(&b);
    r = bench_result(&b);
    cr_expect_eq(bench_count(r, SK_EL_PHONE, SK_CONF_LOW), 1);
    cr_expect_eq(r->persons_max, 1);
    bench_end(&b);
}

Test(forms, goes_on_in_the_next_segment)
{
    struct bench b;
    bench_start(&b);
    bench_file(&b);
    bench_fold(&b, "氏名：佐藤　一郎\n")->last = false;
    bench_give(&b);
    bench_fold(&b, "生年月日：昭和55年1月2日\n傷病名：糖尿病\n")->first = false;
    bench_give(&b);
    const struct seki_result *r = bench_result(&b);
    cr_expect_eq(bench_records(r, BIT(PERSON_NAME) | BIT(BIRTH_DATE) | BIT(DISEASE)), 1);
    cr_expect_eq(r->persons_max, 1);
    bench_end(&b);
}

Test(forms, slides_are_people)
{
    struct sk_unit units[] = { { .begin = 0, .slide = 1 }, { .begin = 0, .slide = 2 } };
    struct bench b;
    bench_start(&b);
    bench_file(&b);
    struct sk_segment *s = bench_fold(&b, "氏名：佐藤　一郎\n電話番号：090-1234-5679\n氏名：鈴木　花子\n電話番号：080-1234-5679\n");
    units[1].begin = (uint32_t)(strstr(s->text, "氏名:鈴木") - s->text);
    s->units = units;
    s->n_units = 2;
    bench_give(&b);
    const struct seki_result *r = bench_result(&b);
    cr_expect_eq(bench_records(r, BIT(PERSON_NAME) | BIT(PHONE)), 2);
    for (uint32_t i = 0; i < r->n_found; i++)
        if (r->found[i].element == SK_EL_PERSON_NAME) {
            cr_expect_eq(r->found[i].at[1].kind, SK_AT_SLIDE);
            cr_expect_eq(r->found[i].at[1].number, 2);
        }
    bench_end(&b);
}

/* Fields of two people, one of them in two places; family and given name are one finding. */
Test(fields, records)
{
    static const struct {
        const char *text;
        uint32_t record;
        uint8_t element, aspect;
    } FIELDS[] = {
        { "00100016", 1, SK_EL_INSURER_NUMBER, SK_WHOLE }, { "１２", 1, SK_EL_INSURED_ID, SK_SYMBOL }, { "３４５６７８", 1, SK_EL_INSURED_ID, SK_NUMBER },
        { "01", 1, SK_EL_INSURED_ID, SK_BRANCH }, { "佐藤", 1, SK_EL_PERSON_NAME, SK_FAMILY }, { "一郎", 1, SK_EL_PERSON_NAME, SK_GIVEN },
        { "19800102", 1, SK_EL_BIRTH_DATE, SK_WHOLE }, { "鈴木 花子", 2, SK_EL_PERSON_NAME, SK_WHOLE }, { "糖尿病", 1, SK_EL_DISEASE, SK_WHOLE },
        { "621498320258", 2, SK_EL_PERSONAL_NUMBER, SK_WHOLE },
    };
    enum { N = sizeof(FIELDS) / sizeof(FIELDS[0]) };
    struct sk_field fields[N];
    char all[512] = "";
    struct bench b;
    bench_start(&b);
    bench_file(&b);
    for (int i = 0; i < N; i++) {
        strcat(all, FIELDS[i].text);
        strcat(all, "\n");
    }
    struct sk_segment *s = bench_fold(&b, all);
    uint32_t at = 0;
    for (int i = 0; i < N; i++) {
        uint32_t end = sk_line_end(s->text, s->len, at);
        fields[i] = (struct sk_field){ at, end, FIELDS[i].record, FIELDS[i].element, FIELDS[i].aspect };
        at = end + 1;
    }
    s->layout = SK_FIELDS;
    s->fields = fields;
    s->n_fields = N;
    bench_give(&b);
    const struct seki_result *r = bench_result(&b);
    cr_expect_eq(bench_count(r, SK_EL_INSURED_ID, SK_CONF_LOW), 1);
    cr_expect_eq(bench_count(r, SK_EL_PERSON_NAME, SK_CONF_LOW), 2);
    cr_expect_eq(bench_count(r, SK_EL_PERSONAL_NUMBER, SK_CONF_LOW), 0); /* its check digit is wrong */
    cr_expect_eq(bench_records(r, BIT(INSURED_ID) | BIT(PERSON_NAME) | BIT(DISEASE)), 1);
    cr_expect_eq(r->persons_max, 2);
    cr_assert(bench_insurer(r, "100016"));
    cr_expect_eq(bench_insurer(r, "100016")->max, 1);
    bench_end(&b);
}

/* The negatives of the acceptance share, as prose: nothing personal. */
Test(negatives, nothing_personal)
{
    static const char *const TEXTS[] = {
        "第三者行為による傷病届\n被保険者証記号・番号：\n保険者番号：\n氏名：\n傷病名：\n事故発生日：令和　年　月　日\n",
        "健康だより　秋号\n特定健診は年に一度、無料で受けられます。\n糖尿病や高血圧症は自覚症状がないまま進むことがあります。\n問い合わせ　国民健康保険課　電話　027-220-1234\n",
        "レセプト用語集\n便秘症　べんぴしょう。排便が困難な状態。\n秘書　会長秘書は総務課に置く。\n枝番　同じ世帯の中で個人を区別する2桁の番号。\n個人番号　12桁の番号。マイナンバーともいう。\n",
        "よくある質問\n問　個人番号を医療機関に見せる必要はありますか。\n問　被保険者証の記号・番号が分かりません。\n答　資格情報のお知らせを見てください。電話 0120-000-111 でも案内します。\n",
        "CREATE TABLE 被保険者 (\n  個人番号 CHAR(12),\n  氏名 VARCHAR(40),\n  生年月日 DATE,\n  住所 VARCHAR(200),\n  電話番号 VARCHAR(15),\n  傷病名 VARCHAR(80)\n);\n-- SELECT 氏名 FROM 被保険者 WHERE 個人番号 = ?;\n",
        "/* 個人番号の検査数字 */\nstatic const int weight[] = {6,5,4,3,2,7,6,5,4,3,2};\n",
        "2026-10-12 09:12:30,012 INFO [worker-2] job=621498320257 status=200 elapsed=12 ms\n",
        "糖尿病性腎症の重症化予防に関する研究\n背景　糖尿病の患者数は増加している。\n方法　対象は40歳から74歳の被保険者12,345人である。\n",
        "傷病名 性別 年齢 患者数\n糖尿病 男 40～44歳 812\nうつ病 女 45～49歳 1204\n",
        "会議の日程について、RE: RE: 次回は10月20日でお願いします。\nRE,1,IR など件名に入る略号は使わないこと。\n",
        "{\"host\": \"10.1.2.3\", \"id\": \"4f1c0c2e-1b7a-4d35-9f8e-0a1b2c3d4e5f\"}\n",
        "団体コード 131300 桜川市\n法人番号 7000012050002 株式会社みどり商事\n",
    };
    const sk_elements never = BIT(PERSONAL_NUMBER) | BIT(INSURED_ID) | BIT(LATECARE_INSURED_NUMBER) | BIT(CARE_INSURED_NUMBER) |
                              BIT(PUBLIC_EXPENSE_RECIPIENT) | BIT(PENSION_NUMBER) | BIT(LICENCE_NUMBER) | BIT(JUKI_CODE) | BIT(CARD_NUMBER) |
                              BIT(BANK_ACCOUNT) | BIT(CREDENTIAL) | BIT(PERSON_KANA) | BIT(PERSON_NAME) | BIT(STAFF_HR) | BIT(DISEASE);
    struct bench b;
    bench_start(&b);
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
        const struct seki_result *r = bench_prose(&b, TEXTS[i]);
        sk_elements got = sk_result_elements(r, SK_CONF_MEDIUM) & never;
        for (int e = 0; e < SK_EL_COUNT; e++)
            cr_expect_not(got >> e & 1, "text %zu: %s", i, sk_element_name((enum sk_element)e));
        cr_expect_eq(r->persons_max, 0, "text %zu: %u people", i, (unsigned)r->persons_max);
    }
    bench_end(&b);
}
