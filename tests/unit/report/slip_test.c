#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scene.h"

/* The keys of TEST 2 and TEST 3 of RFC 8032 (7.1): seed, public key. */
static struct sk_signer signer_of(const char *seed, const char *public_key)
{
    struct sk_signer s = { .can_sign = true };
    cr_assert(sk_unhex(seed, s.secret, 32) && sk_unhex(public_key, s.secret + 32, 32));
    memcpy(s.public_key, s.secret + 32, 32);
    return s;
}
#define OURS                                                                                                           \
    signer_of("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",                                      \
              "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
#define THEIRS                                                                                                         \
    signer_of("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",                                      \
              "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")

static const char *const RECIPIENT[] = { "100016" }, *const APPROVAL[] = { "所属長:承認花子" };

static const struct sk_transfer_reason REASONS[] = {
    { "T-SCOPE", 0, "", "宛先でない保険者 39100016 の人が1人入っています(37行)",
      "1 person of another insurer 39100016 (line 37)", "明細 37行目を除く", "remove line 37" },
    { "T-HIDDEN", 1, "名簿.xlsx!元データ", "非表示シート「元データ」1204行", "hidden sheet, 1204 rows",
      "シート「元データ」を削除", "delete the sheet" },
    { "T-ENC", 0, "", "暗号化されていません", "not encrypted", "AES-256で圧縮し、もう一度点検",
      "compress with AES-256 and check again" },
    { "T-ENC", 1, "", "暗号化されていません", "not encrypted", "AES-256で圧縮し、もう一度点検",
      "compress with AES-256 and check again" },
};

/* A verdict by hand over the claims and the book. */
struct sent {
    struct sk_transfer_file files[2];
    struct sk_transfer_request q;
    struct sk_verdict_result v;
};

static struct sent hand_made(const struct scene *s)
{
    struct sent t = { .q = { .dest = "D-INSURER",
                             .recipients = RECIPIENT,
                             .n_recipients = 1,
                             .approvals = APPROVAL,
                             .n_approvals = 1,
                             .requested_by = "審査課 申請太郎",
                             .as_of = s->run.as_of } };
    for (int i = 0; i < 2; i++)
        t.files[i] = (struct sk_transfer_file){ &s->results[i], &s->facts[i], s->judgements[i] };
    t.v = (struct sk_verdict_result){ .verdict = SK_DENY,
                                      .reasons = (struct sk_transfer_reason *)REASONS,
                                      .n_reasons = 4,
                                      .label = s->judgements[0].label,
                                      .persons_min = 8,
                                      .persons_max = 9,
                                      .insurers = s->results[0].insurers,
                                      .n_insurers = 2 };
    return t;
}

static void write_slip(const struct scene *s, const struct sent *t, size_t n, enum sk_slip_format format,
                       struct sink *out)
{
    struct sk_writer w = sink_writer(out);
    struct sk_signer key = OURS;
    struct sk_run_info run = s->run;
    run.signer = &key;
    cr_assert(sk_slip_write(format, &run, &t->q, t->files, n, &t->v, &w));
}

Test(slip, every_format_is_valid_and_as_agreed)
{
    static const struct {
        enum sk_slip_format format;
        const char *kind;
        bool english;
        const char *golden;
    } CASES[] = {
        { SK_SLIP_TEXT, "text", false, "slip.ja.txt" },  { SK_SLIP_TEXT, "text", true, "slip.en.txt" },
        { SK_SLIP_JSON, "check", false, "slip.json" },   { SK_SLIP_JSON, "check", true, "slip.json" },
        { SK_SLIP_HTML, "html", false, "slip.ja.html" }, { SK_SLIP_HTML, "html", true, "slip.en.html" },
    };
    struct scene *s = scene_new();
    struct sent t = hand_made(s);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct sink out = { 0 };
        s->run.english = CASES[i].english;
        write_slip(s, &t, 2, CASES[i].format, &out);
        check_with_python(CASES[i].kind, &out.buf);
        check_golden(s, CASES[i].golden, &out.buf);
        sk_buf_free(&out.buf);
    }
    scene_free(s);
}

/* ---- receipts ---- */

static void save(const char *path, const char *p, size_t n)
{
    FILE *f = fopen(path, "wb");
    cr_assert(f && fwrite(p, 1, n, f) == n);
    fclose(f);
}

static const struct sk_receipt *load(const char *text, size_t len, struct sk_arena *arena, size_t *n,
                                     struct sk_problems *problems)
{
    char path[] = "/tmp/sekisho-receipt-XXXXXX";
    close(mkstemp(path));
    save(path, text, len);
    sk_arena_init(arena, 1 << 24);
    sk_problems_init(problems);
    struct sk_signer key = OURS;
    const struct sk_receipt *r = sk_receipts_load(path, key.public_key, arena, n, problems);
    cr_assert_eq(r == NULL, problems->n > 0);
    unlink(path);
    return r;
}

static struct sent one_file_with_receipt(const struct scene *s)
{
    struct sent t = hand_made(s);
    t.v.verdict = SK_CONDITIONS;
    t.v.reasons = (struct sk_transfer_reason *)&REASONS[2];
    t.v.n_reasons = 1;
    t.v.receipt = true;
    t.v.receipt_expires = s->run.as_of + 7;
    return t;
}

Test(slip, a_receipt_comes_back_as_it_was_issued)
{
    struct scene *s = scene_new();
    struct sent t = one_file_with_receipt(s);
    for (size_t files = 1; files <= 2; files++) {
        struct sink out = { 0 };
        struct sk_arena arena;
        struct sk_problems problems;
        size_t n;
        write_slip(s, &t, files, SK_SLIP_JSON, &out);
        check_with_python("check", &out.buf);
        const struct sk_receipt *r = load(out.buf.p, out.buf.n, &arena, &n, &problems);
        cr_assert(r && n == files);
        cr_assert_eq(r->issued, s->run.as_of);
        cr_assert_eq(r->expires, s->run.as_of + 7);
        cr_assert_str_eq(r->dest, "D-INSURER");
        cr_assert_str_eq(r->member.name, "RECEIPTC.UKE");
        cr_assert_eq(r->member.size, 1234);
        cr_assert_eq(r->member.crc, 0xCBF43926);
        cr_assert_arr_eq(r->member.sha256, s->results[0].sha256, 32);
        cr_assert_str_eq(r->grade, "L3");
        cr_assert_str_eq(r->compartments, "M");
        cr_assert_eq(r->label.integrity, 2);
        cr_assert(r->label.is_decided);
        cr_assert(r->n_handling >= 1);
        cr_assert_eq(r->persons_max, 3);
        cr_assert_eq(r->n_insurers, 2);
        cr_assert_str_eq(r->insurers[0].number, "100016");
        cr_assert_eq(r->insurers[0].max, 2);
        if (files == 2)
            cr_assert_str_eq(r[1].member.name, "名簿.xlsx");
        sk_arena_free(&arena);
        sk_problems_free(&problems);
        sk_buf_free(&out.buf);
    }
    scene_free(s);
}

Test(slip, two_checks_may_stand_in_one_file)
{
    struct scene *s = scene_new();
    struct sent t = one_file_with_receipt(s);
    struct sink out = { 0 };
    struct sk_arena arena;
    struct sk_problems problems;
    size_t n;
    write_slip(s, &t, 1, SK_SLIP_JSON, &out);
    size_t once = out.buf.n;
    cr_assert(sk_buf_reserve(&out.buf, once) && sk_buf_add(&out.buf, out.buf.p, once));
    cr_assert(load(out.buf.p, out.buf.n, &arena, &n, &problems) && n == 2);
    sk_arena_free(&arena);
    sk_problems_free(&problems);
    sk_buf_free(&out.buf);
    scene_free(s);
}

/* Anything that a receipt says may not be changed by hand; what stands elsewhere in the check may. */
Test(slip, an_edited_receipt_is_refused)
{
    static const char *const EDITS[][2] = {
        { "\"issued\":\"2026-11-23\"", "\"issued\":\"2026-11-24\"" },
        { "\"expires\":\"2026-11-30\"", "\"expires\":\"2027-11-30\"" },
        { "\"crc32\":3421780262", "\"crc32\":3421780261" },
        { "\"name\":\"RECEIPTC.UKE\"", "\"name\":\"RECEIPTD.UKE\"" },
        { "\"size\":1234,\"crc32\"", "\"size\":1235,\"crc32\"" },
        { "\"grade\":\"L3\",\"compartments\":\"M\"", "\"grade\":\"L1\",\"compartments\":\"M\"" },
        { "\"compartments\":\"M\"", "\"compartments\":\"\"" },
        { "\"dest\":\"D-INSURER\",\"members\"", "\"dest\":\"D-PUBLIC\",\"members\"" },
        { "\"id\":\"R-20261123-", "\"id\":\"R-20261122-" },
        { "\"members\":[{", "\"members\":[{}, {" },
        { "\"members\":", "\"member\":" },
        { "\"record\":\"check\"", "\"record\":\"file\"" },
        { "\"receipt\":{", "\"receipt\":{\"id\":\"R-1\"," },
        { "\"receipt\":{", "\"receipt\":null,\"old\":{" },
        { "{\"record\"", "{,\"record\"" },
    };
    struct scene *s = scene_new();
    struct sent t = one_file_with_receipt(s);
    struct sink out = { 0 };
    write_slip(s, &t, 1, SK_SLIP_JSON, &out);
    for (size_t i = 0; i < sizeof(EDITS) / sizeof(*EDITS); i++) {
        struct sk_arena arena;
        struct sk_problems problems;
        struct sk_buf edited;
        size_t n;
        /* within the receipt: the last place where the text stands before "files" */
        char *files = strstr(out.buf.p, ",\"files\":["), *at = NULL;
        for (char *p = out.buf.p; (p = strstr(p, EDITS[i][0])) && p < files; p++)
            at = p;
        cr_assert(at, "%s", EDITS[i][0]);
        sk_buf_init(&edited, 1 << 24);
        sk_buf_add(&edited, out.buf.p, (size_t)(at - out.buf.p));
        sk_buf_str(&edited, EDITS[i][1]);
        sk_buf_str(&edited, at + strlen(EDITS[i][0]));
        cr_assert_null(load(edited.p, edited.n, &arena, &n, &problems), "%s", EDITS[i][1]);
        cr_assert_eq(problems.n, 1);
        sk_arena_free(&arena);
        sk_problems_free(&problems);
        sk_buf_free(&edited);
    }
    sk_buf_free(&out.buf);
    scene_free(s);
}

static void refused(const char *text, size_t n, const char *because)
{
    struct sk_arena arena;
    struct sk_problems problems;
    size_t found;
    cr_assert_null(load(text, n, &arena, &found, &problems), "%s", because);
    cr_assert(problems.n == 1 && strstr(problems.items[0].ja, because), "%s", problems.items[0].ja);
    sk_arena_free(&arena);
    sk_problems_free(&problems);
}

/* A digest can be computed by anybody: only the key of the site makes a receipt. */
Test(slip, a_forged_receipt_is_refused)
{
    struct scene *s = scene_new();
    struct sent t = one_file_with_receipt(s);
    struct sink out = { 0 };
    struct sk_signer key = THEIRS;
    struct sk_run_info run = s->run;
    struct sk_writer w = sink_writer(&out);
    run.signer = &key;
    cr_assert(sk_slip_write(SK_SLIP_JSON, &run, &t.q, t.files, 1, &t.v, &w));
    refused(out.buf.p, out.buf.n, "別の鍵で署名");
    /* the forger names our key */
    char *named = strstr(out.buf.p, "\"key\":\"fc51cd8e");
    cr_assert(named);
    memcpy(named + 7, "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", 64);
    refused(out.buf.p, out.buf.n, "書き換えられて");
    /* or leaves the signature out */
    char *key_word = strstr(out.buf.p, "\"signature\":");
    memcpy(key_word, "\"signaturX\":", 12);
    refused(out.buf.p, out.buf.n, "署名がありません");
    sk_buf_free(&out.buf);
    scene_free(s);
}

Test(slip, without_a_key_no_receipt_and_the_slip_says_so)
{
    static const char *const WORDS[SK_SLIP_FORMATS] = { "sekisho key create", "\"receipt\":null",
                                                        "sekisho key create" };
    struct scene *s = scene_new();
    struct sent t = one_file_with_receipt(s);
    struct sk_signer key = OURS;
    key.can_sign = false;
    for (int with = 0; with < 2; with++)
        for (int f = 0; f < SK_SLIP_FORMATS; f++) {
            struct sink out = { 0 };
            struct sk_run_info run = s->run;
            struct sk_writer w = sink_writer(&out);
            run.signer = with ? &key : NULL;
            cr_assert(sk_slip_write((enum sk_slip_format)f, &run, &t.q, t.files, 1, &t.v, &w));
            cr_assert(strstr(out.buf.p, WORDS[f]), "%s", out.buf.p);
            sk_buf_free(&out.buf);
        }
    scene_free(s);
}

Test(slip, what_is_no_receipt_is_a_problem_with_its_place)
{
    struct sk_arena arena;
    struct sk_problems problems;
    size_t n;
    cr_assert_null(load("{\n \"record\": \"check\",\n x}", 26, &arena, &n, &problems));
    cr_assert_eq(problems.items[0].line, 3);
    sk_arena_free(&arena);
    sk_problems_free(&problems);
    cr_assert_null(load("", 0, &arena, &n, &problems));
    sk_arena_free(&arena);
    sk_problems_free(&problems);
    sk_arena_init(&arena, 1 << 20);
    sk_problems_init(&problems);
    struct sk_signer key = OURS;
    cr_assert_null(sk_receipts_load("/nonexistent/receipts.json", key.public_key, &arena, &n, &problems));
    cr_assert_null(sk_receipts_load("/tmp", key.public_key, &arena, &n, &problems));
    cr_assert_eq(problems.n, 2);
    sk_arena_free(&arena);
    sk_problems_free(&problems);
}

/* From the check of the plain file to the check of the container, with the judge in between: acceptance A11. */
Test(slip, a_receipt_opens_the_way_for_its_container)
{
    struct scene *s = scene_new();
    struct sent t = hand_made(s);
    struct sk_problems problems, more;
    struct sk_arena arena;
    struct sink out = { 0 };
    size_t n;
    sk_problems_init(&problems);
    s->results[SCENE_CLAIMS].n_insurers = 1;
    s->results[SCENE_CLAIMS].persons_min = s->results[SCENE_CLAIMS].persons_max = 2;
    cr_assert(sk_judge_transfer(s->policy, t.files, 1, &t.q, &t.v, &problems));
    cr_assert_eq(t.v.verdict, SK_CONDITIONS);
    cr_assert(t.v.receipt);
    write_slip(s, &t, 1, SK_SLIP_JSON, &out);
    check_with_python("check", &out.buf);
    sk_verdict_free(&t.v);
    const struct sk_receipt *receipts = load(out.buf.p, out.buf.n, &arena, &n, &more);
    cr_assert(receipts);
    t.q.receipts = receipts;
    t.q.n_receipts = n;
    t.files[0] = (struct sk_transfer_file){ &s->results[SCENE_ZIP], &s->facts[SCENE_ZIP], s->judgements[SCENE_ZIP] };
    cr_assert(sk_judge_transfer(s->policy, t.files, 1, &t.q, &t.v, &problems));
    cr_assert_eq(t.v.verdict, SK_CONDITIONS, "ZipCrypto with a receipt lacks strong encryption only");
    cr_assert_str_eq(t.v.reasons[0].code, "T-ENC");
    sk_buf_free(&out.buf);
    write_slip(s, &t, 1, SK_SLIP_TEXT, &out);
    cr_assert(strstr(out.buf.p, "条件未達") && strstr(out.buf.p, "zipcrypto(弱い方式)"), "%s", out.buf.p);
    sk_verdict_free(&t.v);
    sk_buf_free(&out.buf);
    sk_arena_free(&arena);
    sk_problems_free(&problems);
    sk_problems_free(&more);
    scene_free(s);
}

Test(slip, a_full_disk_is_told)
{
    struct scene *s = scene_new();
    struct sent t = hand_made(s);
    for (int f = 0; f < SK_SLIP_FORMATS; f++) {
        struct sink out = { .room = 100 };
        struct sk_writer w = sink_writer(&out);
        cr_assert_not(sk_slip_write(f, &s->run, &t.q, t.files, 2, &t.v, &w));
        sk_buf_free(&out.buf);
    }
    scene_free(s);
}
