#include "segment_helper.h"

/* What stands in running text. Numbers carry valid check digits computed by hand or taken from published specimens. */

Test(prose, examples_of_the_shipped_rules)
{
    struct bench b;
    bench_start(&b);
    cr_assert(sk_detect_check_rules(b.rules, &b.problems));
    size_t run = sk_detect_test_examples(b.rules, b.matcher, b.fold, &b.problems);
    cr_expect_gt(run, 100);
    for (size_t i = 0; i < b.problems.n; i++)
        cr_expect(false, "%s:%u: %s", b.problems.items[i].file, b.problems.items[i].line, b.problems.items[i].en);
    bench_end(&b);
}

/* One line of prose, one element, how often at least at this confidence. */
Test(prose, elements)
{
    static const struct {
        const char *text;
        uint8_t element, confidence;
        unsigned count;
    } CASES[] = {
        { "個人番号は 6214 9832 0257 です。", SK_EL_PERSONAL_NUMBER, SK_CONF_HIGH, 1 },
        { "マイナンバー：６２１４９８３２０２５７", SK_EL_PERSONAL_NUMBER, SK_CONF_HIGH, 1 },
        { "個人番号 6214-9832-\n0257", SK_EL_PERSONAL_NUMBER, SK_CONF_HIGH, 1 },
        { "個人番号 62149832\n0257", SK_EL_PERSONAL_NUMBER, SK_CONF_HIGH, 1 },
        { "個人番号\n|6|2|1|4|9|8|3|2|0|2|5|7|", SK_EL_PERSONAL_NUMBER, SK_CONF_HIGH, 1 },
        { "個人番号 6 2 1 4 9 8 3 2 0 2 5 7", SK_EL_PERSONAL_NUMBER, SK_CONF_HIGH, 1 },
        { "個人番号 6214 9832 0258", SK_EL_PERSONAL_NUMBER, SK_CONF_LOW, 0 },
        { "621498320257", SK_EL_PERSONAL_NUMBER, SK_CONF_MEDIUM, 0 },
        { "x=0.621498320257", SK_EL_PERSONAL_NUMBER, SK_CONF_LOW, 0 },
        { "個人番号 1621498320257", SK_EL_PERSONAL_NUMBER, SK_CONF_LOW, 0 },
        { "マイナンバー 4f1c0c2e-1b7a-4d35-9f8e-621498320257", SK_EL_PERSONAL_NUMBER, SK_CONF_LOW, 0 },
        { "個人番号：□□□□-□□□□-□□□□", SK_EL_PERSONAL_NUMBER, SK_CONF_LOW, 0 },
        { "追跡番号 6214-9832-0257", SK_EL_PERSONAL_NUMBER, SK_CONF_MEDIUM, 0 },
        { "個人番号 6214 9832 0257 電話 090-1234-5679", SK_EL_PHONE, SK_CONF_HIGH, 1 },
        { "電話 09012340009", SK_EL_PHONE, SK_CONF_MEDIUM, 1 },
        { "電話 09012340009", SK_EL_JUKI_CODE, SK_CONF_MEDIUM, 0 },
        { "住民票コード 24727059608", SK_EL_JUKI_CODE, SK_CONF_MEDIUM, 1 },
        { "TEL03-3581-4321", SK_EL_PHONE, SK_CONF_MEDIUM, 1 },
        { "携帯（０９０）１２３４－５６７９", SK_EL_PHONE, SK_CONF_MEDIUM, 1 },
        { "taro.yamada@city.example.lg.jp、hanako@example.or.jp", SK_EL_EMAIL, SK_CONF_MEDIUM, 2 },
        { "09012345679@example.ne.jp", SK_EL_PHONE, SK_CONF_MEDIUM, 0 },
        { "昭和55年1月2日生", SK_EL_BIRTH_DATE, SK_CONF_MEDIUM, 1 },
        { "生年月日　昭和５５年１月２日（４６歳）", SK_EL_BIRTH_DATE, SK_CONF_MEDIUM, 1 },
        { "平成3年4月5日生産のもの", SK_EL_BIRTH_DATE, SK_CONF_MEDIUM, 0 },
        { "令和8年10月1日", SK_EL_BIRTH_DATE, SK_CONF_LOW, 0 },
        { "被保険者証の記号 12-34 番号 5678 (枝番) 01", SK_EL_INSURED_ID, SK_CONF_MEDIUM, 1 },
        { "被保険者証記号・番号　１２・３４５６７８", SK_EL_INSURED_ID, SK_CONF_MEDIUM, 1 },
        { "枝番　同じ世帯の中で個人を区別する2桁の番号。", SK_EL_INSURED_ID, SK_CONF_LOW, 0 },
        { "被保険者証の記号・番号が分かりません。", SK_EL_INSURED_ID, SK_CONF_LOW, 0 },
        { "保険者番号 138057", SK_EL_INSURER_NUMBER, SK_CONF_MEDIUM, 1 },
        { "保険者番号 138058", SK_EL_INSURER_NUMBER, SK_CONF_LOW, 0 },
        { "氏名：佐藤　一郎", SK_EL_PERSON_NAME, SK_CONF_MEDIUM, 1 },
        { "患者氏名：佐藤一郎 様", SK_EL_PERSON_NAME, SK_CONF_MEDIUM, 1 },
        { "氏　名　佐藤　一郎", SK_EL_PERSON_NAME, SK_CONF_MEDIUM, 1 },
        { "【氏名】佐藤 一郎", SK_EL_PERSON_NAME, SK_CONF_MEDIUM, 1 },
        { "氏名\n佐藤　一郎\n", SK_EL_PERSON_NAME, SK_CONF_MEDIUM, 1 },
        { "氏名：\n傷病名：\n", SK_EL_PERSON_NAME, SK_CONF_LOW, 0 },
        { "氏名：　　　　　　\n生年月日：　　　年　　月　　日", SK_EL_PERSON_NAME, SK_CONF_LOW, 0 },
        { "  氏名 VARCHAR(40),", SK_EL_PERSON_NAME, SK_CONF_LOW, 0 },
        { "氏名・住所・電話番号を記入してください。", SK_EL_PERSON_NAME, SK_CONF_LOW, 0 },
        { "フリガナ：サトウ　イチロウ", SK_EL_PERSON_KANA, SK_CONF_MEDIUM, 1 },
        { "氏名：佐藤　一郎　　氏名カナ：サトウ イチロウ", SK_EL_PERSON_NAME, SK_CONF_LOW, 1 },
        { "【全角カナ氏名】ﾀﾅｶ ﾁﾖ", SK_EL_PERSON_NAME, SK_CONF_LOW, 0 },
        { "CREATE TABLE t (\"被保険者証記号（国保）\" text, \"被保険者等番号\" text)", SK_EL_INSURED_ID, SK_CONF_LOW, 0 },
        { "Name: Google Test", SK_EL_PERSON_NAME, SK_CONF_LOW, 0 },
        { "name: Module-Build\nabstract: Build\n", SK_EL_PERSON_NAME, SK_CONF_LOW, 0 },
        { "Name: Maria dos Santos\nTEL: 090-1234-5679\n", SK_EL_PERSON_NAME, SK_CONF_MEDIUM, 1 },
        { "氏名：MARIA SANTOS", SK_EL_PERSON_NAME, SK_CONF_MEDIUM, 1 },
        { "氏名：佐藤　一郎\n住所：群馬県前橋市大手町1丁目2番3号\n電　話　１　　09011459007\n", SK_EL_PHONE, SK_CONF_MEDIUM, 1 },
        { "氏名：佐藤　一郎\n住所：群馬県前橋市大手町1丁目2番3号\n電話１　：　09011459007\n", SK_EL_ADDRESS, SK_CONF_LOW, 1 },
        { "氏名：佐藤　一郎\nがん種\n　うつ病\n", SK_EL_DISEASE, SK_CONF_MEDIUM, 1 },
        { "氏名：佐藤　一郎\n難病名：潰瘍性大腸炎\n", SK_EL_DISEASE, SK_CONF_MEDIUM, 1 },
        { "加入者氏名　　中村 恵子\n預　金　口　座　　9410899\n\n--------------------\n", SK_EL_PERSON_NAME, SK_CONF_LOW, 1 },
        { "糖尿病や高血圧症は自覚症状がないまま進むことがあります。", SK_EL_DISEASE, SK_CONF_MEDIUM, 0 }, /* nobody's */
        { "糖尿病や高血圧症は自覚症状がないまま進むことがあります。", SK_EL_DISEASE, SK_CONF_LOW, 2 },
        { "患者氏名：佐藤一郎\n糖尿病で通院中", SK_EL_DISEASE, SK_CONF_MEDIUM, 1 },
        { "-----BEGIN RSA PRIVATE KEY-----", SK_EL_CREDENTIAL, SK_CONF_HIGH, 1 },
        { "住所：群馬県桜川市若葉町1丁目2番3号", SK_EL_ADDRESS, SK_CONF_MEDIUM, 1 },
    };
    struct bench b;
    bench_start(&b);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        const struct seki_result *r = bench_prose(&b, CASES[i].text);
        unsigned n = bench_count(r, CASES[i].element, CASES[i].confidence);
        cr_expect_eq(n, CASES[i].count, "%s: %u %s", CASES[i].text, n, sk_element_name(CASES[i].element));
    }
    bench_end(&b);
}

/* The inquiry of the acceptance share: one record with all of it, one person of one insurer. */
Test(forms, inquiry_is_one_record)
{
    struct bench b;
    bench_start(&b);
    const struct seki_result *r = bench_prose(&b, "照会書\n保険者番号：100016\n被保険者証記号・番号：12・345678\n氏名：佐藤　一郎\n"
                                                  "生年月日：昭和55年1月2日\n傷病名：糖尿病\n");
    cr_expect_eq(bench_count(r, SK_EL_INSURER_NUMBER, SK_CONF_MEDIUM), 1);
    cr_expect_eq(bench_count(r, SK_EL_INSURED_ID, SK_CONF_LOW), 1);
    cr_expect_eq(bench_count(r, SK_EL_PERSON_NAME, SK_CONF_LOW), 1);
    cr_expect_eq(bench_count(r, SK_EL_BIRTH_DATE, SK_CONF_LOW), 1);
    cr_expect_eq(bench_count(r, SK_EL_DISEASE, SK_CONF_LOW), 1);
    cr_expect_eq(bench_records(r, BIT(INSURER_NUMBER) | BIT(INSURED_ID) | BIT(PERSON_NAME) | BIT(BIRTH_DATE) | BIT(DISEASE)), 1);
    cr_expect_eq(r->n_masks, 1);
    cr_expect_eq(r->persons_min, 1);
    cr_expect_eq(r->persons_max, 1);
    const struct sk_insurer *ins = bench_insurer(r, "100016");
    cr_assert(ins);
    cr_expect_eq(ins->max, 1);
    bench_end(&b);
}

Test(forms, people)
{
    static const struct {
        const char *text;
        unsigned min, max, records; /* records that hold a name or an insured id */
    } CASES[] = {
        { "氏名：佐藤　一郎　電話番号：090-1234-5679\n氏名：鈴木　花子　電話番号：080-1234-5679\n氏名：高橋　茂　電話番号：070-1234-5679\n", 3, 3, 3 },
        { "氏名：佐藤　一郎\n電話番号：090-1234-5679\n\n氏名：鈴木　花子\n電話番号：080-1234-5679\n", 2, 2, 2 },
        { "フリガナ：サトウ　イチロウ\n氏名：佐藤　一郎\nフリガナ：スズキ　ハナコ\n氏名：鈴木　花子\n", 2, 2, 2 },
        { "氏名 生年月日 電話番号\n佐藤 一郎 1980/1/2 090-1234-5679\n鈴木 花子 1981/1/2 090-1234-5678\n", 2, 2, 2 },
        { "氏名：佐藤　一郎\n氏名：佐藤　一郎\n", 1, 1, 2 },
        { "氏名：佐藤　一郎\n生年月日：S55.1.2\n氏名：佐藤　一郎\n生年月日：昭和55年1月2日\n", 1, 1, 2 },
        { "氏名：佐藤　一郎\n生年月日：S55.1.2\n氏名：佐藤　一郎\n生年月日：昭和56年1月2日\n", 2, 2, 2 },
        { "記号：12\n番号：345678\n枝番：01\n記号：12\n番号：345678\n枝番：02\n", 2, 2, 2 },
        { "記号：12\n番号：345678\n記号：12\n番号：345678\n記号：12\n番号：345678\n", 1, 3, 3 },
        { "届出人氏名：佐藤　一郎\n被保険者氏名：佐藤　花子\n", 2, 2, 2 },
        { "特定個人情報 提供書\n氏名：\n生年月日：　年　月　日\n個人番号：□□□□-□□□□-□□□□\n住所：\n電話番号：　　－　　－　　\n記入例　個人番号は12桁の数字です。\n", 0, 0, 0 },
    };
    struct bench b;
    bench_start(&b);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        const struct seki_result *r = bench_prose(&b, CASES[i].text);
        unsigned records = 0;
        for (uint32_t k = 0; k < r->n_masks; k++)
            if (r->masks[k].elements & (BIT(PERSON_NAME) | BIT(PERSON_KANA) | BIT(INSURED_ID)))
                records += (unsigned)r->masks[k].records;
        cr_expect_eq(r->persons_min, CASES[i].min, "case %zu: min %u", i, (unsigned)r->persons_min);
        cr_expect_eq(r->persons_max, CASES[i].max, "case %zu: max %u", i, (unsigned)r->persons_max);
        cr_expect_eq(records, CASES[i].records, "case %zu: records %u", i, records);
    }
    bench_end(&b);
}

/* 記号 and 番号 of the form of a post bank account are that only beside a bank, and not one of the file before. */
Test(forms, post_bank)
{
    static const struct {
        const char *text;
        bool account, insured;
    } CASES[] = {
        { "金融機関：ゆうちょ銀行\n記号：10460\n番号：12345671\n", true, false },
        { "記号：10460\n番号：12345671\n", false, true },
        { "金融機関：ゆうちょ銀行\n記号：10461\n番号：12345671\n", false, true },
        { "記号 10460\n番号 12345671\n", false, true },
    };
    struct bench b;
    bench_start(&b);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        const struct seki_result *r = bench_prose(&b, CASES[i].text);
        bool account = bench_count(r, SK_EL_YUCHO_ACCOUNT, SK_CONF_MEDIUM) != 0,
             insured = bench_count(r, SK_EL_INSURED_ID, SK_CONF_MEDIUM) != 0;
        cr_expect(account == CASES[i].account && insured == CASES[i].insured, "case %zu: account %d, insured %d", i, account,
                  insured);
    }
    bench_end(&b);
}

/* What a sentence or paragraph says together is one record, what stands apart is not (rules with `link: record`). */
Test(prose, records_by_paragraph)
{
    static const struct {
        const char *text;
        bool together;
    } CASES[] = {
        { "患者の佐藤一郎様は糖尿病で通院しています。", true },
        { "患者の佐藤一郎様が来庁されました。\n糖尿病で通院中とのことです。", true },
        { "佐藤一郎様から電話がありました。連絡先は090-1234-5679、糖尿病の治療中です。", true },
        { "患者の佐藤一郎様が来庁されました。\n\n次の議題に移る。\n\n糖尿病は自覚症状がないまま進むことがある。", false },
        { "糖尿病の予防について講演があった。\n\n\n佐藤一郎様より寄附の申し出があった。", false },
        { "担当の佐藤一郎様が説明した。\n資料は配布済みである。\n質疑はなかった。\n次回は来月である。\n会場は未定である。\n"
          "糖尿病の統計を添付する。",
          false },
    };
    struct bench b;
    bench_start(&b);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        const struct seki_result *r = bench_prose(&b, CASES[i].text);
        cr_expect_gt(bench_count(r, SK_EL_PERSON_NAME, SK_CONF_LOW), 0, "case %zu: no name", i);
        cr_expect_gt(bench_count(r, SK_EL_DISEASE, SK_CONF_LOW), 0, "case %zu: no disease", i);
        cr_expect_eq(bench_records(r, BIT(PERSON_NAME) | BIT(DISEASE)) > 0, CASES[i].together, "case %zu", i);
    }
    bench_end(&b);
}

/* Bytes, line and column of the source, whatever its charset. Offsets counted by hand. */
Test(places, bytes_of_the_source)
{
    /* "a\r\n電話 " in CP932: a CR LF 93 64 98 62 20, then full-width digits are two bytes each. */
    static const uint8_t CP932[] = "a\r\n\x93\x64\x98\x62 \x82\x4F\x82\x58\x82\x4F-1234-5679\r\n";
    /* The same line in ISO-2022-JP: ESC $ B, 電話, ESC ( B. */
    static const uint8_t JIS[] = "a\r\n\x1B$B\x45\x45\x4F\x43\x1B(B 090-1234-5679\r\n";
    struct bench b;
    bench_start(&b);
    bench_file(&b);
    bench_raw(&b, SK_CS_CP932, CP932, sizeof(CP932) - 1);
    bench_give(&b);
    const struct seki_result *r = bench_result(&b);
    cr_assert_eq(bench_count(r, SK_EL_PHONE, SK_CONF_MEDIUM), 1);
    const struct sk_place *p = NULL;
    for (uint32_t i = 0; i < r->n_found; i++)
        if (r->found[i].element == SK_EL_PHONE)
            p = r->found[i].at;
    cr_expect_eq(p->kind, SK_AT_BYTES);
    cr_expect_eq(p->offset, 8);
    cr_expect_eq(p->length, 16);
    cr_expect_eq(p->line, 2);
    cr_expect_eq(p->column, 4);
    bench_file(&b);
    bench_raw(&b, SK_CS_ISO2022JP, JIS, sizeof(JIS) - 1);
    bench_give(&b);
    r = bench_result(&b);
    cr_assert_eq(bench_count(r, SK_EL_PHONE, SK_CONF_MEDIUM), 1);
    for (uint32_t i = 0; i < r->n_found; i++)
        if (r->found[i].element == SK_EL_PHONE)
            p = r->found[i].at;
    cr_expect_eq(p->offset, 3 + 3 + 4 + 3 + 1);
    cr_expect_eq(p->length, 13);
    cr_expect_eq(p->line, 2);
    cr_expect_eq(p->column, 4);
    bench_end(&b);
}
