/* json_test.c - documents of tests/corpus/json_data and messages of tests/corpus/hl7 (make_markup.py). */
#include "record_check.h"

TestSuite(json);

#define TARO                                                                                                           \
    "format 0 fhir", "0 field 1 insurer_number 00100016", "0 field 1 insured_id.symbol 記",                            \
        "0 field 1 insured_id.number 187", "0 field 1 insured_id.branch 05", "0 field 1 person_name.family 架空",      \
        "0 field 1 person_name.given 太郎", "0 field 1 person_kana カクウ タロウ", "0 field 1 sex male",               \
        "0 field 1 birth_date 1980-01-02", "0 field 1 phone 000-0000-0000", "0 field 1 address 架空県架空市1-2",       \
        "0 field 1 postal_code 999-9999", "!0 body - 架空 太郎"

Test(json, fhir)
{
    static const struct expected FILES[] = {
        { "json_data/bundle.json",
          { TARO, "0 field 1 disease 高血圧症", "0 field 2 person_name 架空 花子", "0 field 2 birth_date 1990-01-02",
            "0 field 2 insured_id.symbol 号", "0 field 2 insured_id.number 9", "0 field 2 drug 架空錠10mg",
            "0 field 2 lab_value 162.3", "!0 body - display:高血圧症", "0 body - text:身長", "0 body - text:医師甲",
            "part 1 in 0 [-] 紹介.csv", "1 body - r1c0 甲", "!0 reason damaged" } },
        { "json_data/patients.ndjson", { TARO, "0 field 2 person_name 架空 三郎" } },
    };
    CHECK_FILES(FILES);
}

Test(json, others)
{
    static const struct expected FILES[] = {
        { "json_data/list.json",
          { "format 0 json", "0 body - 件名:名簿 控", "0 body - r0c0 氏名", "0 body - r0c3 備考",
            "0 body - r1c0 架空一郎", "0 body - r1c1 40", "0 body - r2c0 架空𠮷二郎", "0 body - r2c1 41",
            "0 body - r2c3 行 替", "0 body - 電話:000", "0 body - 甲", "0 body - z", "!0 reason damaged" } },
        { "json_data/sjis.json", { "0 body - 氏名:架空一郎", "0 body - 住所:架空市" } },
        { "json_data/cut.json", { "0 body - 氏名:架空一郎", "0 body - 住所:架空市", "0 reason damaged" } },
        { "json_data/deep.json", { "0 body - 底" } },
    };
    CHECK_FILES(FILES);
}

#define MESSAGES                                                                                                       \
    "format 0 hl7", "0 field 2 person_name 架空 太郎", "0 field 2 person_kana カクウ タロウ",                          \
        "0 field 2 birth_date 19800102", "0 field 2 sex M", "0 field 2 address 1番2号 架空市 架空県",                  \
        "0 field 2 postal_code 999-9999", "0 field 2 phone 000-0000-0000", "0 field 2 insurer_number 00100016",        \
        "0 field 2 insured_id.symbol 記", "0 field 2 insured_id.number 123", "0 field 2 disease 高血圧症",             \
        "0 field 2 lab_value 6.1", "0 field 2 lab_value 正常&異常なし", "0 body - 所見の文",                           \
        "0 field 3 person_name 架空 花子", "0 field 3 insured_id.symbol 号"

Test(json, hl7)
{
    static const struct expected FILES[] = {
        { "hl7/jis.hl7", { MESSAGES } },
        { "hl7/utf8.hl7", { MESSAGES } },
    };
    CHECK_FILES(FILES);
}

Test(json, stop)
{
    check_stop("json_data/bundle.json");
    check_stop("json_data/list.json");
    check_stop("hl7/utf8.hl7");
}
