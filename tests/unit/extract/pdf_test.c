/* pdf_test.c - the records of the helper program (tests/corpus/pdf, make_pdf.py), and how its failures are told. */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <sys/socket.h>
#include <unistd.h>

#include "extract/pdf.h"
#include "record_sink.h"

struct rest {
    const uint8_t *p;
    size_t n, step;
};

static ssize_t pull(void *ctx, void *buf, size_t n)
{
    struct rest *r = ctx;
    size_t take = r->n < n ? r->n : n;
    if (take > r->step)
        take = r->step;
    memcpy(buf, r->p, take);
    r->p += take;
    r->n -= take;
    return (ssize_t)take;
}

static enum sk_pdf_end read_records(struct record *r, const char *name, size_t step)
{
    char path[512];
    size_t n;
    snprintf(path, sizeof(path), "%s/corpus/pdf/%s.rec", TESTS_DIR, name);
    uint8_t *p = record_load(path, &n);
    cr_assert(p, "%s", path);
    sk_buf_clear(&r->log);
    sk_buf_str(&r->log, "\n");
    r->parts = 0;
    sk_budget_start(&r->budget, &r->limits, n);
    struct rest rest = { p, n, step };
    struct sk_job job = {
        .name = "a.pdf", .budget = &r->budget, .fold = r->fold, .scratch = r->scratch, .sink = &r->sink
    };
    enum sk_pdf_end end = sk_pdf_records(&job, pull, &rest);
    free(p);
    return end;
}

Test(pdf, records)
{
    static const struct {
        const char *name;
        enum sk_pdf_end end;
        const char *lines[4];
    } CASES[] = {
        { "lines", SK_PDF_WHOLE, { "0 body - 出席者名簿", "0 body covered 下の文字", "0 comment comment 付箋" } },
        { "table",
          SK_PDF_WHOLE,
          { "0 body - r0c0 氏名", "0 body - r1c0(covered) 検査 一郎", "0 body - r1c1 03-5555-0001" } },
        { "beside", SK_PDF_WHOLE, { "0 title - 題名", "part 1 in 0 [embedded] 名簿.csv" } },
        { "label", SK_PDF_WHOLE, { "0 msip 11111111-2222-3333-4444-555555555555  enabled custom" } },
        { "encrypted", SK_PDF_WHOLE, { "0 encrypted pdf-aes256", "0 reason encrypted pdf-aes256" } },
        { "marks",
          SK_PDF_WHOLE,
          { "0 reason rights-managed", "0 reason damaged", "0 reason image-only", "0 reason unsupported font" } },
        { "cut", SK_PDF_CUT, { "0 body - 途中まで" } },
        { "wrong-order", SK_PDF_INVALID, { "0 body - r1c0 b" } },
        { "too-long", SK_PDF_INVALID, { NULL } },
        { "not-utf8", SK_PDF_INVALID, { NULL } },
        { "unknown", SK_PDF_INVALID, { NULL } },
    };
    struct record *r = record_new();
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        for (size_t step = 1; step <= 4096; step *= 64) {
            enum sk_pdf_end end = read_records(r, CASES[i].name, step);
            cr_expect_eq(end, CASES[i].end, "%s: ended %d", CASES[i].name, (int)end);
            for (size_t k = 0; k < 4 && CASES[i].lines[k]; k++)
                cr_expect(record_has(r, CASES[i].lines[k]), "%s: no '%s' in%s", CASES[i].name, CASES[i].lines[k],
                          r->log.p);
        }
    record_free(r);
}

/* ---------------------------------------------------------------- a program that ends badly */

struct fake {
    enum sk_helper_end end;
    int started, finished;
};

static int fake_start(void *ctx, const char *name, uint32_t seconds)
{
    struct fake *f = ctx;
    int ends[2];
    cr_assert_str_eq(name, "pdf");
    cr_assert(seconds > 0);
    if (f->end == SK_HELPER_ABSENT || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        return -1;
    f->started++;
    close(ends[1]); /* it ended without a word */
    return ends[0];
}

static enum sk_helper_end fake_finish(void *ctx, int fd)
{
    struct fake *f = ctx;
    close(fd);
    f->finished++;
    return f->end;
}

Test(pdf, ends_of_the_program)
{
    static const struct {
        enum sk_helper_end end;
        const char *line;
    } CASES[] = {
        { SK_HELPER_DONE, "0 reason crashed pdf" },       { SK_HELPER_CRASHED, "0 reason crashed pdf" },
        { SK_HELPER_TIMEOUT, "0 reason timeout pdf" },    { SK_HELPER_MEMORY, "0 reason too-large memory" },
        { SK_HELPER_ABSENT, "0 reason unsupported pdf" },
    };
    bool sk_extract_pdf(struct sk_job * job);
    struct record *r = record_new();
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct fake fake = { .end = CASES[i].end };
        struct sk_helper helper = { &fake, fake_start, fake_finish };
        struct sk_source *s = sk_source_memory(sk_bytes("%PDF-1.7\n", 9));
        struct sk_job job = { .source = s,
                              .name = "a.pdf",
                              .budget = &r->budget,
                              .fold = r->fold,
                              .scratch = r->scratch,
                              .sink = &r->sink,
                              .helper = &helper };
        sk_buf_clear(&r->log);
        sk_buf_str(&r->log, "\n");
        sk_budget_start(&r->budget, &r->limits, 9);
        cr_expect(sk_extract_pdf(&job), "the other files go on");
        cr_expect(record_has(r, CASES[i].line), "no '%s' in%s", CASES[i].line, r->log.p);
        cr_expect_eq(fake.started, fake.finished);
        sk_source_free(s);
    }
    record_free(r);
}
