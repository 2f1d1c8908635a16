/* Before sending: the scenarios A7 to A11 and A14 worked by hand, and what people would try. */
#include "bench.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define APPROVER "所属長:承認一郎"

struct ask {
    struct sk_transfer_request q;
    struct sk_transfer_file files[4];
    struct sk_facts facts;
    size_t n;
    struct sk_verdict_result v;
    struct sk_problems problems;
};

static bool ask(struct ask *a, const char *dest, const char *recipient, const char *approval)
{
    static const char *recipients[1], *approvals[1];
    recipients[0] = recipient;
    approvals[0] = approval;
    a->q.dest = dest;
    if (recipient) {
        a->q.recipients = recipients;
        a->q.n_recipients = 1;
    }
    if (approval) {
        a->q.approvals = approvals;
        a->q.n_approvals = 1;
    }
    if (!a->q.as_of)
        a->q.as_of = AS_OF;
    for (size_t i = 0; i < a->n; i++)
        a->files[i].facts = &a->facts;
    a->facts.path = "/share/審査/送付/a";
    sk_problems_init(&a->problems);
    return sk_judge_transfer(the_policy(), a->files, a->n, &a->q, &a->v, &a->problems);
}

static struct ask of(const struct bench *b)
{
    struct ask a;
    memset(&a, 0, sizeof(a));
    a.files[0].result = &b->r;
    a.n = 1;
    return a;
}

static void done(struct ask *a)
{
    sk_verdict_free(&a->v);
    sk_problems_free(&a->problems);
}

static const struct sk_transfer_reason *find(const struct ask *a, const char *code)
{
    for (size_t i = 0; i < a->v.n_reasons; i++)
        if (strcmp(a->v.reasons[i].code, code) == 0)
            return &a->v.reasons[i];
    return NULL;
}

/* Exactly these codes, and every reason says how to put it right. */
static void expect(const struct ask *a, enum sk_verdict verdict, const char *codes, const char *what)
{
    char list[400], *save;
    size_t n = 0;
    cr_expect_eq(a->v.verdict, verdict, "%s: verdict %d", what, a->v.verdict);
    strcpy(list, codes);
    for (char *c = strtok_r(list, " ", &save); c; c = strtok_r(NULL, " ", &save), n++)
        cr_expect(find(a, c), "%s: %s is missing", what, c);
    for (size_t i = 0; i < a->v.n_reasons; i++) {
        cr_expect(strstr(codes, a->v.reasons[i].code), "%s: unexpected %s", what, a->v.reasons[i].code);
        cr_expect(*a->v.reasons[i].fix_ja && *a->v.reasons[i].fix_en && *a->v.reasons[i].detail_ja &&
                      *a->v.reasons[i].detail_en,
                  "%s", what);
    }
}

/* ---- A11 ---- */

Test(transfer, wrong_recipient)
{
    struct bench b;
    bench_claims(&b, 1, 50);
    bench_insurer(&b, "100016", 49, 3);
    bench_insurer(&b, "100024", 1, 37);
    struct ask a = of(&b);
    cr_assert(ask(&a, "D-INSURER", "100016", APPROVER));
    expect(&a, SK_DENY, "T-SCOPE T-ENC", "mixed");
    const struct sk_transfer_reason *r = find(&a, "T-SCOPE");
    cr_expect(strstr(r->detail_ja, "行 37") && strstr(r->detail_ja, "100024"));
    cr_expect(strstr(r->fix_ja, "行 37"));
    cr_expect_not(a.v.receipt);
    cr_expect_eq(a.v.n_insurers, 2);
    done(&a);
}

Test(transfer, right_recipient)
{
    static const struct {
        const char *recipient, *approval;
        enum sk_verdict verdict;
        const char *codes;
        bool receipt;
    } CASES[] = {
        { "100016", APPROVER, SK_CONDITIONS, "T-ENC", true },
        { "00100016", APPROVER, SK_CONDITIONS, "T-ENC", true },
        { "  100016", APPROVER, SK_CONDITIONS, "T-ENC", true },
        { "100024", APPROVER, SK_DENY, "T-SCOPE T-ENC", false },
        { NULL, APPROVER, SK_CONDITIONS, "T-RCPT T-ENC", false },
        { "100016", NULL, SK_CONDITIONS, "T-APPR1 T-ENC", false },
        { "100016", "係長:承認一郎", SK_CONDITIONS, "T-APPR1 T-ENC", false },
        { "100016", "所属長：承認一郎", SK_CONDITIONS, "T-ENC", true },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct bench b;
        bench_claims(&b, 1, 50);
        bench_insurer(&b, "100016", 50, 3);
        struct ask a = of(&b);
        cr_assert(ask(&a, "D-INSURER", CASES[i].recipient, CASES[i].approval));
        expect(&a, CASES[i].verdict, CASES[i].codes, CASES[i].codes);
        cr_expect_eq(a.v.receipt, CASES[i].receipt, "%zu", i);
        if (a.v.receipt)
            cr_expect_eq(a.v.receipt_expires, AS_OF + 7);
        done(&a);
    }
}

/* ---- receipts ---- */

static struct sk_receipt receipt(void)
{
    static const struct sk_insurer INSURERS[] = { { "100016", 50, 50, NULL, 0 } };
    static const char *const HANDLING[] = { "暗号化必須", "要許可", "関係者限り" };
    struct sk_receipt r = {
        .id = "R-1",
        .issued = AS_OF,
        .expires = AS_OF + 7,
        .policy = "kokuhoren-default",
        .dest = "D-INSURER",
        .member = { .path = "/share/審査/送付/RECEIPTC.UKE", .name = "RECEIPTC.UKE", .size = 5000, .crc = 0x12345678 },
        .grade = "L3",
        .compartments = "M",
        .handling = HANDLING,
        .n_handling = 3,
        .persons_min = 50,
        .persons_max = 50,
        .insurers = INSURERS,
        .n_insurers = 1
    };
    r.label.integrity = 2;
    r.label.availability = 1;
    r.label.is_decided = true;
    return r;
}

Test(transfer, receipts)
{
    enum { NONE, SIZE, NAME, CRC, LATE, EARLY, DEST, POLICY, GRADE, STRETCHED, SCOPE, FINE };
    static const struct {
        const char *method;
        uint32_t crc;
        int wrong;
        const char *approval;
        enum sk_verdict verdict;
        const char *codes;
    } CASES[] = {
        { "zip-aes256", 0, FINE, APPROVER, SK_ALLOW, "" },
        { "zip-aes256", 0, FINE, NULL, SK_CONDITIONS, "T-APPR1" },
        { "zipcrypto", 0x12345678, FINE, NULL, SK_CONDITIONS, "T-ENC T-APPR1" },
        { "zipcrypto", 0x12345678, FINE, APPROVER, SK_CONDITIONS, "T-ENC" },
        { "zipcrypto", 0x99999999, FINE, APPROVER, SK_UNDETERMINED,
          "T-UNREAD T-ENC" }, /* another content of the same size */
        { "zip-aes256", 0, NONE, APPROVER, SK_UNDETERMINED, "T-UNREAD" },
        { "zip-aes256", 0, SIZE, APPROVER, SK_UNDETERMINED, "T-UNREAD" },
        { "zip-aes256", 0, NAME, APPROVER, SK_UNDETERMINED, "T-UNREAD" },
        { "zip-aes256", 0, LATE, APPROVER, SK_UNDETERMINED, "T-UNREAD" },
        { "zip-aes256", 0, EARLY, APPROVER, SK_UNDETERMINED, "T-UNREAD" },
        { "zip-aes256", 0, DEST, APPROVER, SK_UNDETERMINED, "T-UNREAD" },
        { "zip-aes256", 0, POLICY, APPROVER, SK_UNDETERMINED, "T-UNREAD" },
        { "zip-aes256", 0, GRADE, APPROVER, SK_UNDETERMINED, "T-UNREAD" },
        { "zip-aes256", 0, STRETCHED, APPROVER, SK_UNDETERMINED, "T-UNREAD" }, /* edited to live longer */
        { "zip-aes256", 0, SCOPE, APPROVER, SK_DENY, "T-SCOPE" },
    };
    static const struct sk_insurer STRANGERS[] = { { "100024", 1, 1, NULL, 0 } };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct bench b;
        struct sk_receipt r = receipt();
        bench_locked(&b, CASES[i].method, "送付/RECEIPTC.UKE", 5000, CASES[i].crc);
        int w = CASES[i].wrong;
        r.member.size += w == SIZE;
        r.member.name = w == NAME ? "RECEIPTD.UKE" : r.member.name;
        r.issued = w == LATE ? AS_OF - 8 : w == EARLY ? AS_OF + 1 : r.issued;
        r.expires = w == LATE ? AS_OF - 1 : w == STRETCHED ? AS_OF + 8 : r.expires;
        r.dest = w == DEST ? "D-OTHER" : r.dest;
        r.policy = w == POLICY ? "kokuhoren-default 0.0.9" : r.policy;
        r.grade = w == GRADE ? "L9" : r.grade;
        if (w == SCOPE)
            r.insurers = STRANGERS;
        struct ask a = of(&b);
        a.q.receipts = &r;
        a.q.n_receipts = w != NONE;
        cr_assert(ask(&a, "D-INSURER", "100016", CASES[i].approval));
        expect(&a, CASES[i].verdict, CASES[i].codes, CASES[i].codes);
        cr_expect_not(a.v.receipt);
        if (CASES[i].verdict == SK_ALLOW) {
            cr_expect_str_eq(sk_policy_grade(the_policy(), a.v.label.grade), "L3");
            cr_expect_eq(a.v.label.compartments, 2u);
            cr_expect_eq(a.v.persons_max, 50);
        }
        done(&a);
    }
}

Test(transfer, receipt_of_this_version)
{
    struct bench b;
    struct sk_receipt r = receipt();
    r.policy = "kokuhoren-default 0.1.0";
    bench_locked(&b, "zip-aes256", "RECEIPTC.UKE", 5000, 0);
    struct ask a = of(&b);
    a.q.receipts = &r;
    a.q.n_receipts = 1;
    cr_assert(ask(&a, "D-INSURER", "100016", APPROVER));
    expect(&a, SK_ALLOW, "", "version");
    done(&a);
}

/* One member without a receipt, a hidden directory of names, damage beside the encryption: nobody knows what is in it.
 */
Test(transfer, receipts_must_cover_all)
{
    for (int i = 0; i < 4; i++) {
        struct bench b;
        struct sk_receipt r = receipt();
        bench_locked(&b, "zip-aes256", "RECEIPTC.UKE", 5000, 0);
        if (i == 0)
            bench_member(&b, 0, "別.csv", 10, 0);
        else if (i == 1)
            bench_why(&b, 0, SK_WHY_DAMAGED);
        else if (i == 2)
            bench_why(&b, bench_part(&b, 0, "中.7z"), SK_WHY_ENCRYPTED);
        else
            b.r.n_members = 0;
        struct ask a = of(&b);
        a.q.receipts = &r;
        a.q.n_receipts = 1;
        cr_assert(ask(&a, "D-INSURER", "100016", APPROVER));
        cr_expect_eq(a.v.verdict, SK_UNDETERMINED, "%d", i);
        cr_expect(find(&a, "T-UNREAD"));
        if (i == 0)
            cr_expect(strstr(find(&a, "T-UNREAD")->detail_ja, "別.csv"));
        done(&a);
    }
}

/* Two plain files of 60 people each, checked apart, leave in one container: 120 people. */
Test(transfer, receipts_add_up)
{
    struct bench b;
    struct sk_receipt r[2] = { receipt(), receipt() };
    for (int i = 0; i < 2; i++) {
        r[i].grade = "L2";
        r[i].compartments = "";
        r[i].n_handling = 0;
        r[i].persons_min = r[i].persons_max = 60;
        r[i].dest = "D-INSURER";
    }
    r[1].member.name = "B.csv";
    bench_locked(&b, "zip-aes256", "RECEIPTC.UKE", 5000, 0);
    uint32_t part = bench_part(&b, 0, "B.csv");
    b.parts[part].encryption = "zip-aes256";
    bench_why(&b, part, SK_WHY_ENCRYPTED);
    bench_member(&b, 0, "B.csv", 5000, 0);
    struct ask a = of(&b);
    a.q.receipts = r;
    a.q.n_receipts = 2;
    cr_assert(ask(&a, "D-INSURER", "100016", APPROVER));
    cr_expect_eq(a.v.persons_max, 120);
    cr_expect_str_eq(sk_policy_grade(the_policy(), a.v.label.grade), "L3");
    cr_expect(label_has(the_policy(), &a.v.label, "要許可"));
    done(&a);
}

/* ---- A7 ---- */

Test(transfer, unread_is_undetermined)
{
    static const enum sk_reason WHYS[] = {
        SK_WHY_ENCRYPTED, SK_WHY_RIGHTS_MANAGED, SK_WHY_IMAGE_ONLY, SK_WHY_DAMAGED, SK_WHY_UNSUPPORTED, SK_WHY_TOO_DEEP,
        SK_WHY_TOO_LARGE, SK_WHY_RATIO,          SK_WHY_TIMEOUT,    SK_WHY_DENIED,  SK_WHY_CHANGED,     SK_WHY_CRASHED
    };
    static const char *const DESTS[] = { "D-INSURER", "D-PUBLIC", "D-OTHER" };
    for (size_t i = 0; i < sizeof(WHYS) / sizeof(WHYS[0]); i++)
        for (size_t d = 0; d < 3; d++) {
            struct bench b;
            bench_start(&b, 1);
            bench_why(&b, 0, WHYS[i]);
            struct ask a = of(&b);
            cr_assert(ask(&a, DESTS[d], "100016", APPROVER));
            cr_expect_eq(a.v.verdict, SK_UNDETERMINED);
            cr_expect(find(&a, "T-UNREAD") && *find(&a, "T-UNREAD")->fix_ja);
            cr_expect_not(a.v.receipt);
            done(&a);
        }
}

Test(transfer, never_opened)
{
    struct ask a;
    memset(&a, 0, sizeof(a));
    a.n = 1;
    cr_assert(ask(&a, "D-TRAINING", NULL, NULL));
    expect(&a, SK_UNDETERMINED, "T-UNREAD", "never opened");
    done(&a);
}

/* ---- A8 ---- */

Test(transfer, small_cells)
{
    static const struct sk_place AT = { .kind = SK_AT_BYTES, .line = 3 };
    for (int small = 0; small < 2; small++) {
        struct bench b;
        bench_start(&b, 1);
        bench_found(&b, SK_EL_DISEASE, SK_CONF_HIGH, 3);
        b.r.small_cells = small;
        b.r.small_at = &AT;
        b.r.n_small_at = small;
        struct ask a = of(&b);
        cr_assert(ask(&a, "D-PUBLIC", NULL, "公表責任者:公表花子"));
        expect(&a, small ? SK_DENY : SK_ALLOW, small ? "T-SMALL T-GRADE" : "", "small cells");
        if (small)
            cr_expect(strstr(find(&a, "T-SMALL")->detail_ja, "行 3") &&
                      strstr(find(&a, "T-SMALL")->detail_ja, "10未満"));
        done(&a);
        a = of(&b);
        cr_assert(ask(&a, "D-PUBLIC", NULL, NULL));
        expect(&a, small ? SK_DENY : SK_CONDITIONS, small ? "T-SMALL T-GRADE T-PUBAPPR" : "T-PUBAPPR", "no approval");
        done(&a);
    }
}

/* ---- A9, A10 ---- */

Test(transfer, hidden_content)
{
    const sk_elements people = SK_BIT(SK_EL_PERSON_NAME) | SK_BIT(SK_EL_HEALTH_CHECK_RECORD);
    struct bench b;
    bench_start(&b, 1);
    bench_found(&b, SK_EL_PERSON_NAME, SK_CONF_HIGH, 26626);
    bench_found(&b, SK_EL_HEALTH_CHECK_RECORD, SK_CONF_HIGH, 26626);
    bench_mask(&b, people, people);
    bench_persons(&b, 26626, 26626);
    uint32_t book = bench_part(&b, 0, "ppt/embeddings/Book1.xlsx"), sheet = bench_part(&b, book, "元データ"),
             pivot = bench_part(&b, 0, "pivotCache1");
    bench_hidden(&b, sheet, SK_HIDDEN_EMBEDDED, 26626, 26626, people);
    bench_hidden(&b, pivot, SK_HIDDEN_PIVOT, 12, 12, SK_BIT(SK_EL_PERSON_NAME));
    bench_hidden(&b, 0, SK_HIDDEN_CACHE, 4, 0, 0); /* every chart has one */
    struct ask a = of(&b);
    cr_assert(ask(&a, "D-TRAINING", NULL, NULL));
    expect(&a, SK_DENY, "T-HIDDEN T-GRADE T-COMP", "training");
    const struct sk_transfer_reason *r = find(&a, "T-HIDDEN");
    cr_expect_str_eq(r->part, "a.csv!ppt/embeddings/Book1.xlsx!元データ");
    cr_expect(strstr(r->detail_ja, "26626") && strstr(r->detail_ja, "元データ") && strstr(r->detail_en, "26626"));
    cr_expect(strstr(r->fix_ja, "元データ"));
    size_t hidden = 0;
    for (size_t i = 0; i < a.v.n_reasons; i++)
        hidden += strcmp(a.v.reasons[i].code, "T-HIDDEN") == 0;
    cr_expect_eq(hidden, 2);
    cr_expect(strstr(find(&a, "T-GRADE")->fix_ja, "氏名") && strstr(find(&a, "T-GRADE")->fix_ja, "列 "));
    done(&a);
}

Test(transfer, text_under_black_boxes)
{
    struct bench b;
    bench_start(&b, 1);
    bench_hidden(&b, 0, SK_HIDDEN_COVERED, 3, 0, 0);
    struct ask a = of(&b);
    cr_assert(ask(&a, "D-TRAINING", NULL, NULL));
    expect(&a, SK_DENY, "T-HIDDEN", "black boxes");
    cr_expect(strstr(find(&a, "T-HIDDEN")->detail_ja, "文字 3か所"));
    done(&a);
    b.r.n_hiddens = 0;
    a = of(&b);
    cr_assert(ask(&a, "D-TRAINING", NULL, NULL));
    expect(&a, SK_ALLOW, "", "really removed");
    cr_expect(a.v.receipt);
    done(&a);
}

Test(transfer, many_hidden_parts_are_summed)
{
    struct bench b;
    static struct sk_hidden_sum sums[2000];
    bench_start(&b, 1);
    for (int i = 0; i < 2000; i++)
        sums[i] = (struct sk_hidden_sum){ .hidden = SK_HIDDEN_COMMENT, .records = 2, .characters = 9 };
    b.r.hiddens = sums;
    b.r.n_hiddens = 2000;
    struct ask a = of(&b);
    cr_assert(ask(&a, "D-TRAINING", NULL, NULL));
    cr_expect_eq(a.v.n_reasons, 51);
    cr_expect(strstr(a.v.reasons[50].detail_ja, "1950") && strstr(a.v.reasons[50].detail_ja, "3900"));
    done(&a);
}

/* ---- handling, contract, approvals ---- */

Test(transfer, handling_words)
{
    static const struct {
        const char *dest, *codes;
        enum sk_verdict verdict;
    } CASES[] = {
        { "D-INSURER", "T-GRADE T-COMP T-NOEXT T-ENC", SK_DENY },
        { "D-INSURER-T", "T-ENC T-APPR2", SK_CONDITIONS }, /* may have it; two persons must approve */
        { "D-CONTRACTOR", "T-GRADE T-COMP T-NOEXT T-CONTRACT T-ENC", SK_DENY },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct bench b;
        bench_start(&b, 1);
        bench_found(&b, SK_EL_PERSONAL_NUMBER, SK_CONF_HIGH, 5);
        bench_persons(&b, 5, 5);
        struct ask a = of(&b);
        cr_assert(ask(&a, CASES[i].dest, "100016", APPROVER));
        expect(&a, CASES[i].verdict, CASES[i].codes, CASES[i].dest);
        done(&a);
    }
    struct bench b;
    bench_start(&b, 1);
    bench_mark(&b, "転送禁止");
    struct ask a = of(&b);
    cr_assert(ask(&a, "D-OTHER", NULL, NULL));
    expect(&a, SK_DENY, "T-NOFWD", "marking");
    done(&a);
}

Test(transfer, approvals)
{
    static const struct {
        const char *approvals[3];
        const char *requested_by;
        uint64_t persons;
        const char *codes;
    } CASES[] = {
        { { APPROVER }, NULL, 50, "T-ENC" },
        { { APPROVER }, "承認一郎", 50, "T-APPR1 T-ENC" }, /* nobody approves their own request */
        { { APPROVER }, "審査課:承認 一郎", 50, "T-APPR1 T-ENC" },
        { { APPROVER }, NULL, 1001, "T-APPR2 T-ENC" }, /* 二者承認 */
        { { APPROVER, "情報セキュリティ管理者:承認花子" }, NULL, 1001, "T-ENC" },
        { { APPROVER, "情報セキュリティ管理者:承認一郎" }, NULL, 1001, "T-APPR2 T-ENC" }, /* one person, two roles */
        { { APPROVER, "所属長:承認　一郎" }, NULL, 1001, "T-APPR2 T-ENC" },
        { { APPROVER, "係員:承認花子" }, NULL, 1001, "T-APPR2 T-ENC" },
        { { APPROVER, "所属長:承認花子", "所属長:承認三郎" }, "承認三郎", 1001, "T-ENC" },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct bench b;
        bench_claims(&b, 1, CASES[i].persons);
        struct ask a = of(&b);
        a.q.approvals = CASES[i].approvals;
        while (a.q.n_approvals < 3 && CASES[i].approvals[a.q.n_approvals])
            a.q.n_approvals++;
        a.q.requested_by = CASES[i].requested_by;
        cr_assert(ask(&a, "D-KOKUHO-CHUO", NULL, NULL));
        expect(&a, SK_CONDITIONS, CASES[i].codes, CASES[i].codes);
        done(&a);
    }
}

Test(transfer, contract)
{
    static const char *const CONTRACTS[] = { NULL, "", "  ", "委-2026-001" };
    for (size_t i = 0; i < 4; i++) {
        struct bench b;
        bench_claims(&b, 1, 5);
        struct ask a = of(&b);
        a.q.contract = CONTRACTS[i];
        cr_assert(ask(&a, "D-CONTRACTOR", NULL, APPROVER));
        expect(&a, i < 3 ? SK_DENY : SK_CONDITIONS, i < 3 ? "T-CONTRACT T-ENC" : "T-ENC", "contract");
        done(&a);
    }
}

/* The default label L1 alone does not stop a brochure for the public (ceiling L0). */
Test(transfer, default_label_denies_nothing)
{
    struct bench b;
    bench_start(&b, 1);
    struct ask a = of(&b);
    cr_assert(ask(&a, "D-PUBLIC", NULL, "公表責任者:公表花子"));
    expect(&a, SK_ALLOW, "", "brochure");
    cr_expect_str_eq(sk_policy_grade(the_policy(), a.v.label.grade), "L1");
    done(&a);
}

/* ---- several files ---- */

Test(transfer, files_together)
{
    static struct bench b[2];
    for (int shared = 0; shared < 2; shared++) {
        static uint64_t keys[2][60];
        for (int i = 0; i < 2; i++) {
            bench_start(&b[i], (uint8_t)(i + 1));
            bench_found(&b[i], SK_EL_PERSON_NAME, SK_CONF_HIGH, 60);
            bench_persons(&b[i], 60, 60);
            for (uint64_t k = 0; k < 60; k++)
                keys[i][k] = 1000 + k + (shared ? 0 : 60u * (unsigned)i);
            b[i].r.person_keys = keys[i];
            b[i].r.n_person_keys = 60;
        }
        struct ask a = of(&b[0]);
        a.files[1].result = &b[1].r;
        a.n = 2;
        cr_assert(ask(&a, "D-OTHER", NULL, NULL));
        cr_expect_eq(a.v.persons_max, shared ? 60u : 120u);
        cr_expect_eq(a.v.verdict, shared ? SK_ALLOW : SK_DENY);
        cr_expect_eq(find(&a, "T-GRADE") != NULL, !shared);
        done(&a);
    }
}

Test(transfer, one_unread_file_of_two)
{
    static struct bench b[2];
    bench_start(&b[0], 1);
    bench_start(&b[1], 2);
    bench_why(&b[1], 0, SK_WHY_DAMAGED);
    struct ask a = of(&b[0]);
    a.files[1].result = &b[1].r;
    a.n = 2;
    cr_assert(ask(&a, "D-OTHER", NULL, NULL));
    expect(&a, SK_UNDETERMINED, "T-UNREAD", "two files");
    cr_expect_eq(find(&a, "T-UNREAD")->file, 1);
    done(&a);
}

/* ---- the question itself ---- */

Test(transfer, wrong_questions)
{
    static const struct {
        const char *dest, *recipient, *approval, *en;
    } CASES[] = {
        { "D-INSURERS", NULL, NULL, "did you mean 'D-INSURER'" },
        { "X", NULL, NULL, "one of: D-PUBLIC" },
        { "D-INSURER", "10001", NULL, "6 or 8 digits" },
        { "D-INSURER", "１０００１６", NULL, "6 or 8 digits" },
        { "D-INSURER", "100016 ", NULL, "6 or 8 digits" },
        { "D-INSURER", "100016", "承認一郎", "ROLE:NAME" },
        { "D-INSURER", "100016", "所属長:", "ROLE:NAME" },
        { "D-INSURER", "100016", ":承認一郎", "ROLE:NAME" },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct bench b;
        bench_start(&b, 1);
        struct ask a = of(&b);
        cr_expect_not(ask(&a, CASES[i].dest, CASES[i].recipient, CASES[i].approval), "%zu", i);
        cr_assert_eq(a.problems.n, 1);
        cr_expect(strstr(a.problems.items[0].en, CASES[i].en), "%s", a.problems.items[0].en);
        cr_expect(*a.problems.items[0].ja);
        done(&a);
    }
}
