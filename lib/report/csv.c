/* csv.c - one row a file, for a spreadsheet: UTF-8 with BOM (else Excel reads CP932), CRLF (RFC 4180), no cell that
 * could be a formula. */
#include <string.h>

#include "base/hash.h"
#include "report/inner.h"

static const char *const COLUMNS[] = { "path",        "state",        "format",   "size",       "sha256",
                                       "grade",       "compartments", "handling", "location",   "severity",
                                       "violations",  "why",          "review",   "exceptions", "elements",
                                       "persons_min", "persons_max",  "reasons",  "where" };
#define PLACES 5

static bool begin(struct sk_report *r)
{
    sk_buf_str(&r->line, "\xEF\xBB\xBF");
    for (size_t i = 0; i < sizeof(COLUMNS) / sizeof(*COLUMNS); i++)
        sk_buf_printf(&r->line, "%s%s", i ? "," : "", COLUMNS[i]);
    sk_buf_str(&r->line, "\r\n");
    return sk_report_flush(r);
}

/* Ends the cell that is in text and begins the next. */
static void cell(struct sk_report *r, struct sk_buf *text)
{
    sk_buf_str(&r->line, ",");
    sk_put_csv(&r->line, text->p ? text->p : "", text->n);
    r->line.failed |= text->failed;
    sk_buf_clear(text);
}

static void gap(struct sk_buf *t, const char *between)
{
    if (t->n)
        sk_buf_str(t, between);
}

static void label_cells(struct sk_report *r, struct sk_buf *t, const struct sk_judgement *j)
{
    const struct sk_policy *p = r->run.policy;
    const char *name;
    if (j)
        sk_buf_str(t, sk_policy_grade(p, j->label.grade));
    cell(r, t);
    for (unsigned bit = 0; j && bit < 32 && (name = sk_policy_compartment(p, bit)); bit++)
        if (sk_has_compartment(&j->label, bit))
            sk_buf_str(t, name);
    cell(r, t);
    for (unsigned bit = 0; j && bit < 32 && (name = sk_policy_handling(p, bit)); bit++)
        if (j->label.handling >> bit & 1) {
            gap(t, " ");
            sk_buf_str(t, name);
        }
    cell(r, t);
    sk_buf_str(t, j && j->location ? j->location : "");
    cell(r, t);
}

static void judgement_cells(struct sk_report *r, struct sk_buf *t, const struct sk_report_file *f)
{
    const struct sk_judgement *j = f->judgement;
    sk_buf_str(t, sk_file_severity(f, r->run.policy));
    cell(r, t);
    for (size_t i = 0; j && i < j->n_violations; i++) {
        gap(t, " ");
        sk_buf_str(t, j->violations[i].code);
    }
    cell(r, t);
    for (size_t i = 0; j && i < j->n_violations; i++) {
        gap(t, " / ");
        sk_buf_str(t, j->violations[i].detail_ja ? j->violations[i].detail_ja : "");
    }
    cell(r, t);
    for (size_t i = 0; j && i < j->n_reviews; i++) {
        gap(t, " / ");
        sk_buf_str(t, j->reviews[i].code);
    }
    cell(r, t);
    for (size_t i = 0; j && i < j->n_exceptions; i++) {
        gap(t, " ");
        sk_buf_printf(t, "%s:%s", j->exceptions[i].id, j->exceptions[i].status);
    }
    cell(r, t);
}

static void found_cells(struct sk_report *r, struct sk_buf *t, const struct seki_result *result)
{
    for (uint32_t i = 0; result && i < result->n_found; i++) {
        const struct sk_found *f = &result->found[i];
        if (!sk_found_is_listed(&r->run, f))
            continue;
        gap(t, " ");
        sk_buf_printf(t, "%s:%s:%llu", sk_element_name((enum sk_element)f->element),
                      sk_confidence_name((enum sk_confidence)f->confidence), (unsigned long long)f->count);
    }
    cell(r, t);
    bool known = result && (result->state != SK_UNINSPECTABLE ||
                            result->persons_max); /* an empty cell, never 0, when it was not read */
    if (known)
        sk_buf_printf(t, "%llu", (unsigned long long)result->persons_min);
    cell(r, t);
    if (known)
        sk_buf_printf(t, "%llu", (unsigned long long)result->persons_max);
    cell(r, t);
}

static void place_cells(struct sk_report *r, struct sk_buf *t, const struct sk_report_file *f)
{
    struct sk_run_info en = r->run; /* machine output never changes with language */
    en.english = true;
    for (size_t i = 0; i < sk_file_reasons(f); i++) {
        struct sk_file_reason y = sk_file_reason(f, r->run.policy, i);
        const char *part = sk_part_text(f->result, y.part, &r->part);
        gap(t, " / ");
        sk_buf_printf(t, "%s%s%s%s%s", sk_reason_code(y.reason), *y.detail ? ":" : "", y.detail, *part ? " " : "",
                      part);
    }
    cell(r, t);
    unsigned n = 0;
    for (uint32_t i = 0; f->result && i < f->result->n_found && n < PLACES; i++) {
        const struct sk_found *found = &f->result->found[i];
        if (!sk_found_is_listed(&r->run, found) || found->n_at == 0)
            continue;
        gap(t, " / ");
        sk_buf_printf(t, "%s ", sk_element_name((enum sk_element)found->element));
        sk_tell_place(t, &r->part, &en, f->result, &found->at[0]);
        n++;
    }
    cell(r, t);
}

static bool file(struct sk_report *r, const struct sk_report_file *f)
{
    struct sk_buf t;
    sk_buf_init(&t, 1 << 26);
    sk_put_plain(&t, f->facts->path, strlen(f->facts->path)); /* a name cannot break a row */
    sk_put_csv(&r->line, t.p ? t.p : "", t.n);
    r->line.failed |= t.failed;
    sk_buf_clear(&t);
    sk_buf_str(&t, sk_count_state_name(sk_file_state(f)));
    cell(r, &t);
    sk_buf_str(&t, f->result && f->result->format ? f->result->format : "");
    cell(r, &t);
    sk_buf_printf(&t, "%llu", (unsigned long long)f->facts->size);
    cell(r, &t);
    if (f->result && f->result->has_sha256) {
        char hex[SK_SHA256_HEX];
        sk_hex(f->result->sha256, 32, hex);
        sk_buf_str(&t, hex);
    }
    cell(r, &t);
    label_cells(r, &t, f->judgement);
    judgement_cells(r, &t, f);
    found_cells(r, &t, f->result);
    place_cells(r, &t, f);
    sk_buf_free(&t);
    sk_buf_str(&r->line, "\r\n");
    return sk_report_flush(r);
}

/* A place has no row of its own among files: a CSV row is a file. The count stands in every other format. */
static bool aggregate(struct sk_report *r, const struct sk_report_aggregate *a)
{
    (void)r;
    (void)a;
    return true;
}

static bool finish(struct sk_report *r, bool complete, double seconds)
{
    (void)complete;
    (void)seconds;
    return sk_report_flush(r);
}

const struct sk_report_style SK_STYLE_CSV = { begin, file, aggregate, finish, NULL };
