/* xml_records_test.c - documents of tests/corpus/xml (make_markup.py). */
#include "record_check.h"

TestSuite(xml_records);

#define CHECKUP                                                                                                        \
    "format 0 cda", "0 field 1 health_check_record 10", "0 field 1 insurer_number 00100016",                           \
        "0 field 1 insured_id.symbol 記1", "0 field 1 insured_id.number 123", "0 field 1 insured_id.branch 01",        \
        "0 field 1 address 架空県架空市1-2", "0 field 1 postal_code 999-9999", "0 field 1 phone 0000000000",           \
        "0 field 1 person_kana カクウタロウ", "0 field 1 sex 1", "0 field 1 birth_date 19800102",                      \
        "0 field 1 lab_value 162.3", "0 body - 医師甲", "0 body - 所見あり", "!0 field 1 person_name 医師甲"

Test(xml_records, records)
{
    static const struct expected FILES[] = {
        { "xml/checkup.xml", { CHECKUP, "!0 reason damaged" } },
        { "xml/checkup-sjis.xml", { CHECKUP, "!0 reason damaged" } },
        { "xml/checkup-cut.xml", { CHECKUP, "0 reason damaged" } },
        { "xml/qualification.xml",
          { "format 0 xml", "0 field 2 insurer_number 100016", "0 field 2 insured_id.symbol 記",
            "0 field 2 insured_id.number 12", "0 field 2 person_name 架空 太郎", "0 field 2 person_kana カクウ タロウ",
            "0 field 2 birth_date 19800102", "0 field 3 insurer_number 39100001",
            "0 field 3 latecare_insured_number 00000001", "0 field 3 person_name 架空 花子",
            "0 field 3 person_kana カクウ ハナコ", "!0 reason damaged" } },
        { "xml/chart.mml",
          { "format 0 mml", "0 field 1 person_name.family 架空", "0 field 1 person_name.given 次郎",
            "0 field 1 birth_date 1990-01-02", "0 field 1 sex male", "0 field 1 insurer_number 100016",
            "0 field 1 insured_id.symbol 記", "0 field 1 insured_id.number 45", "0 field 1 disease 高血圧症",
            "0 body - 医師乙" } },
    };
    CHECK_FILES(FILES);
}

Test(xml_records, lines)
{
    static const struct expected FILES[] = {
        { "xml/rows.xml",
          { "format 0 xml", "0 body - 作成:総務課", "0 body - 氏名:架空一郎", "0 body - 前", "0 body - b:太字",
            "0 body - 後 & <生>", "0 body - 氏名:架空二郎", "0 comment comment  注釈 ", "!0 reason damaged" } },
        { "xml/schema.xsd", { "0 body - 説明文", "!0 body - name:氏名" } },
        { "xml/bomb.xml", { "0 body - a:&b;&b;", "!0 reason too-large" } },
    };
    CHECK_FILES(FILES);
}

Test(xml_records, stop)
{
    check_stop("xml/checkup.xml");
    check_stop("xml/qualification.xml");
}
