#include "scene.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"

/* ---- results, by hand ---- */

static const struct sk_part CLAIMS_PARTS[] = {
    { .name = "RECEIPTC.UKE", .format = "uke", .charset = "Shift_JIS", .has_text = true }
};
static const struct sk_place CLAIMS_AT[] = {
    { .kind = SK_AT_BYTES, .offset = 123, .length = 8, .line = 3, .column = 5 },
    { .kind = SK_AT_BYTES, .offset = 323, .length = 8, .line = 7, .column = 5 },
    { .kind = SK_AT_BYTES, .offset = 523, .length = 8, .line = 11, .column = 5 },
    { .kind = SK_AT_BYTES, .offset = 723, .length = 8, .line = 15, .column = 5 },
};
static const struct sk_found CLAIMS_FOUND[] = {
    { SK_EL_CLAIM_RECORD, SK_CONF_HIGH, 3, CLAIMS_AT, 3 },
    { SK_EL_INSURED_ID, SK_CONF_HIGH, 6, CLAIMS_AT, 4 },
    { SK_EL_DISEASE, SK_CONF_MEDIUM, 9, CLAIMS_AT, 2 },
    { SK_EL_PHONE, SK_CONF_LOW, 1, CLAIMS_AT, 1 },
};
static const struct sk_mask CLAIMS_MASKS[] = { { SK_BIT(SK_EL_CLAIM_RECORD) | SK_BIT(SK_EL_INSURED_ID),
                                                 SK_BIT(SK_EL_CLAIM_RECORD), 3 } };
static const struct sk_insurer CLAIMS_INSURERS[] = { { "100016", 2, 2, CLAIMS_AT, 1 },
                                                     { "39100016", 1, 1, CLAIMS_AT, 1 } };

static const struct sk_part BOOK_PARTS[] = {
    { .name = "名簿.xlsx", .format = "xlsx", .has_text = true },
    { .parent = 0, .name = "Sheet1", .has_text = true },
    { .parent = 0, .name = "元データ", .hidden = SK_HIDDEN_VERY, .has_text = true },
    { .parent = 0, .name = "添付.docx", .format = "docx", .has_text = false },
};
static const struct sk_place BOOK_AT[] = {
    { .part = 1, .kind = SK_AT_CELL, .row = 1, .col = 2 },
    { .part = 2, .kind = SK_AT_CELL, .row = 9, .col = 27, .hidden = SK_HIDDEN_VERY },
    { .part = 3, .kind = SK_AT_PARAGRAPH, .number = 4, .run = SK_RUN_HEADER },
    { .part = 3, .kind = SK_AT_PAGE, .number = 12 },
    { .part = 3, .kind = SK_AT_SLIDE, .number = 2 },
    { .part = 3, .kind = SK_AT_PART },
};
static const struct sk_found BOOK_FOUND[] = {
    { SK_EL_PERSONAL_NUMBER, SK_CONF_HIGH, 5, BOOK_AT, 2 },
    { SK_EL_PERSON_NAME, SK_CONF_MEDIUM, 6, BOOK_AT, 6 },
};
static const struct sk_mask BOOK_MASKS[] = { { SK_BIT(SK_EL_PERSONAL_NUMBER) | SK_BIT(SK_EL_PERSON_NAME),
                                               SK_BIT(SK_EL_PERSONAL_NUMBER), 5 } };
static const struct sk_why BOOK_WHYS[] = { { 3, SK_WHY_DAMAGED, "zip" } };
static const struct sk_hidden_sum BOOK_HIDDENS[] = { { .part = 2,
                                                       .hidden = SK_HIDDEN_VERY,
                                                       .records = 1204,
                                                       .persons = 5,
                                                       .elements = SK_BIT(SK_EL_PERSONAL_NUMBER),
                                                       .at = { .part = 2, .kind = SK_AT_CELL } } };

static const struct sk_part ZIP_PARTS[] = { { .name = "弱.zip", .format = "zip" },
                                            { .parent = 0, .name = "RECEIPTC.UKE", .encryption = "zipcrypto" } };
static const struct sk_why ZIP_WHYS[] = { { 1, SK_WHY_ENCRYPTED, "" } };
static const struct sk_member ZIP_MEMBERS[] = { { 1, "RECEIPTC.UKE", 1234, 0xCBF43926, true } };

static const struct sk_part NASTY_PARTS[] = { { .name = "x" },
                                              { .parent = 0, .name = "<script>alert(1)</script>\x1b[31m" } };
static const struct sk_place NASTY_AT[] = { { .part = 1, .kind = SK_AT_PART } };
static const struct sk_found NASTY_FOUND[] = { { SK_EL_CREDENTIAL, SK_CONF_HIGH, 1, NASTY_AT, 1 } };

#define LIST(field, items) .field = (items), .n_##field = sizeof(items) / sizeof(*(items))

static void fill_results(struct seki_result *r)
{
    r[SCENE_CLAIMS] = (struct seki_result){ .format = "uke",
                                            .size = 1234,
                                            .has_sha256 = true,
                                            .crc = 0xCBF43926,
                                            .has_crc = true,
                                            LIST(parts, CLAIMS_PARTS),
                                            LIST(found, CLAIMS_FOUND),
                                            LIST(masks, CLAIMS_MASKS),
                                            .persons_min = 3,
                                            .persons_max = 3,
                                            LIST(insurers, CLAIMS_INSURERS) };
    r[SCENE_BOOK] = (struct seki_result){ .state = SK_PARTIAL,
                                          .format = "xlsx",
                                          .size = 40000,
                                          .has_sha256 = true,
                                          LIST(parts, BOOK_PARTS),
                                          LIST(found, BOOK_FOUND),
                                          LIST(masks, BOOK_MASKS),
                                          LIST(whys, BOOK_WHYS),
                                          LIST(hiddens, BOOK_HIDDENS),
                                          .persons_min = 5,
                                          .persons_max = 6 };
    r[SCENE_ZIP] = (struct seki_result){ .state = SK_UNINSPECTABLE,
                                         .format = "zip",
                                         .size = 999,
                                         .has_sha256 = true,
                                         LIST(parts, ZIP_PARTS),
                                         LIST(whys, ZIP_WHYS),
                                         LIST(members, ZIP_MEMBERS) };
    r[SCENE_NASTY] = (struct seki_result){
        .format = "text", .size = 5, .has_sha256 = true, LIST(parts, NASTY_PARTS), LIST(found, NASTY_FOUND)
    };
    r[SCENE_CLEAN] =
        (struct seki_result){ .format = "text", .size = 10, .has_sha256 = true, .parts = NASTY_PARTS, .n_parts = 1 };
    for (int i = 0; i < SCENE_FILES; i++)
        for (int k = 0; k < 32; k++)
            r[i].sha256[k] = (uint8_t)(17 * i + k);
}

struct scene *scene_new(void)
{
    static const char *const PATHS[SCENE_FILES] = { "/share/総務課/共有/RECEIPTC.UKE",
                                                    "/share/総務課/共有/名簿.xlsx",
                                                    "/share/総務課/取込/弱.zip",
                                                    "/share/総務課/取込/権限なし.txt",
                                                    "/share/総務課/link",
                                                    "/share/広報/=<b>\"\n\xE2\x80\xAE\x96\xBC,x'.csv",
                                                    "/share/総務課/会議.txt" };
    static const char *const STATES[] = { "inspected", "partial", "uninspectable" };
    static const char *const ROOTS[] = { "/share" };
    static const uint8_t RULES_DIGEST[32] = { 0x8c, 0x1f, 0x00, 0x01 };
    struct scene *s = calloc(1, sizeof(*s));
    struct sk_problems problems;
    sk_problems_init(&problems);
    s->fold = sk_fold_new();
    s->policy = sk_policy_load(PATTERNS_DIR "/policies/kokuhoren-default.yaml", s->fold, &problems);
    cr_assert(s->policy, "the default policy: line %u %s", problems.n ? problems.items[0].line : 0,
              problems.n ? problems.items[0].en : "");
    sk_problems_free(&problems);
    s->run = (struct sk_run_info){ .tool_version = "0.1.0",
                                   .rules_version = "2026.11.20",
                                   .engine = "hs 5.4",
                                   .rules_digest = RULES_DIGEST,
                                   .policy = s->policy,
                                   .as_of = 20780,
                                   .started = 1763900000,
                                   .roots = ROOTS,
                                   .n_roots = 1,
                                   .max_places = 1000 };
    fill_results(s->results);
    for (int i = 0; i < SCENE_FILES; i++) {
        struct seki_result *r = &s->results[i];
        s->facts[i] = (struct sk_facts){
            .path = PATHS[i], .size = r->size ? r->size : 7, .mtime = 1763000000, .mode = 0640, .group = "GRP_SOUMU"
        };
        s->files[i] = (struct sk_report_file){ .facts = &s->facts[i],
                                               .state_name = STATES[r->state],
                                               .result = r,
                                               .judgement = &s->judgements[i],
                                               .why = SK_WHY_NONE,
                                               .why_detail = "" };
    }
    s->files[SCENE_DENIED].result = s->files[SCENE_LINK].result = NULL;
    s->files[SCENE_DENIED].state_name = "uninspectable";
    s->files[SCENE_DENIED].why = SK_WHY_DENIED;
    s->files[SCENE_LINK].state_name = "excluded";
    s->files[SCENE_LINK].why = SK_WHY_SPECIAL;
    for (int i = 0; i < SCENE_FILES; i++)
        cr_assert(sk_judge_place(s->policy, s->files[i].result, &s->facts[i], s->run.as_of, &s->judgements[i]));
    s->files[SCENE_LINK].judgement = NULL;
    for (int i = 0; i < SCENE_FILES; i++) /* the wording of details is judge's to change */
        for (size_t k = 0; k < s->judgements[i].n_violations; k++) {
            s->judgements[i].violations[k].detail_ja = "なぜ違反か。どう直すか";
            s->judgements[i].violations[k].detail_en = "why, and what to do";
        }
    return s;
}

void scene_free(struct scene *s)
{
    for (int i = 0; i < SCENE_FILES; i++)
        sk_judgement_free(&s->judgements[i]);
    sk_policy_free(s->policy);
    sk_fold_free(s->fold);
    free(s);
}

/* ---- where output goes ---- */

static bool write_sink(void *ctx, const void *p, size_t n)
{
    struct sink *s = ctx;
    if (s->room && s->buf.n + n > s->room)
        return false;
    return sk_buf_add(&s->buf, p, n);
}

struct sk_writer sink_writer(struct sink *s)
{
    sk_buf_init(&s->buf, 1 << 26);
    return (struct sk_writer){ write_sink, s };
}

void check_with_python(const char *kind, const struct sk_buf *text)
{
    char path[] = "/tmp/sekisho-report-XXXXXX", command[512], said[2000];
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, text->p, text->n) == (ssize_t)text->n);
    close(fd);
    snprintf(command, sizeof(command), "python3 '%s/unit/report/check_output.py' %s %s 2>&1", TESTS_DIR, kind, path);
    FILE *p = popen(command, "r");
    size_t n = fread(said, 1, sizeof(said) - 1, p);
    said[n] = '\0';
    int rc = pclose(p);
    unlink(path);
    cr_assert_eq(rc, 0, "%s: %s", kind, said);
}

/* A changed policy file has another digest; the report is the same. */
static void mask_digest(const struct scene *s, struct sk_buf *b)
{
    char hex[65];
    sk_hex(sk_policy_digest(s->policy), 32, hex);
    for (char *at; (at = strstr(b->p, hex));)
        memset(at, 'd', 64);
    hex[8] = '\0';
    for (char *at; (at = strstr(b->p, hex));)
        memset(at, 'd', 8);
}

void check_golden(const struct scene *s, const char *name, struct sk_buf *text)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/golden/report/%s", TESTS_DIR, name);
    mask_digest(s, text);
    if (getenv("UPDATE_GOLDEN")) {
        FILE *f = fopen(path, "wb");
        cr_assert(f && fwrite(text->p, 1, text->n, f) == text->n);
        fclose(f);
        return;
    }
    FILE *f = fopen(path, "rb");
    cr_assert(f, "%s is missing", path);
    char *want = calloc(1, text->n + 2);
    size_t n = fread(want, 1, text->n + 1, f);
    fclose(f);
    cr_assert(n == text->n && memcmp(want, text->p, n) == 0, "%s differs; see it with UPDATE_GOLDEN=1 and git diff",
              name);
    free(want);
}
