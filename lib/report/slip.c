/* slip.c - the answer of a check: as text, as the JSON of the contract, and as one page of A4. */
#include "report/slip.h"

#include <string.h>

#include "report/page.h"

int sk_slip_format_find(const char *name)
{
    static const char *const NAMES[SK_SLIP_FORMATS] = {
        [SK_SLIP_TEXT] = "text", [SK_SLIP_JSON] = "json", [SK_SLIP_HTML] = "html"
    };
    for (int i = 0; i < SK_SLIP_FORMATS; i++)
        if (strcmp(name, NAMES[i]) == 0)
            return i;
    return -1;
}

/* ---------------------------------------------------------------- text */

static void put_said(struct sk_slip *s)
{
    sk_put_plain(&s->out, s->said.p ? s->said.p : "", s->said.n);
    s->out.failed |= s->said.failed;
    sk_buf_clear(&s->said);
    sk_buf_str(&s->out, "\n");
}

void sk_slip_text(struct sk_slip *s)
{
    struct sk_buf *b = &s->out;
    char day[11];
    sk_day_text(s->q->as_of, day);
    sk_buf_printf(
        b,
        sk_tell(s->run, "外部送付前点検票  %s\n判定: 【%s】", "Check before an external transfer  %s\nVerdict: [%s]"),
        day, sk_slip_verdict(s));
    if (s->v->n_reasons)
        sk_buf_printf(b, sk_tell(s->run, "  理由は%zuつ", "  reasons: %zu"), s->v->n_reasons);
    sk_buf_str(b, "\n");
    for (size_t i = 0; i < s->v->n_reasons && i < SK_SLIP_REASONS; i++) {
        sk_buf_printf(b, "  %zu ", i + 1);
        sk_slip_say_reason(s, &s->v->reasons[i]);
        put_said(s);
    }
    if (s->v->n_reasons > SK_SLIP_REASONS)
        sk_buf_printf(
            b,
            sk_tell(s->run, "  ほか%zu件(--format json ですべて出ます)\n", "  and %zu more (--format json has all)\n"),
            s->v->n_reasons - SK_SLIP_REASONS);
    for (int row = 0; row < SK_SLIP_ROWS; row++) {
        sk_slip_say(s, (enum sk_slip_row)row);
        if (s->said.n == 0)
            continue;
        sk_put_padded(b, sk_slip_title(s, (enum sk_slip_row)row), 13, false);
        put_said(s);
    }
    const char *step;
    for (size_t i = 0; (step = sk_slip_step(s, i)); i++) {
        sk_buf_str(b, i ? sk_tell(s->run, "             ", "             ")
                        : sk_tell(s->run, "直し方       ", "What to do   "));
        sk_buf_printf(&s->said, "(%zu) %s", i + 1, step);
        put_said(s);
    }
    sk_tell_versions(&s->said, s->run);
    put_said(s);
}

/* ---------------------------------------------------------------- JSON */

static void put_key(struct sk_buf *b, const char *before, const char *key, const char *value)
{
    sk_buf_printf(b, "%s\"%s\":", before, key);
    sk_put_json_string(b, value);
}

static void put_strings(struct sk_buf *b, const char *key, const char *const *items, size_t n)
{
    sk_buf_printf(b, ",\"%s\":[", key);
    for (size_t i = 0; i < n; i++) {
        sk_buf_str(b, i ? "," : "");
        sk_put_json_string(b, items[i]);
    }
    sk_buf_str(b, "]");
}

/* Machine output never changes with language: details are Japanese. */
static void put_reasons(struct sk_slip *s)
{
    struct sk_buf *b = &s->out;
    sk_buf_str(b, ",\"reasons\":[");
    for (size_t i = 0; i < s->v->n_reasons; i++) {
        const struct sk_transfer_reason *y = &s->v->reasons[i];
        put_key(b, i ? ",{" : "{", "code", y->code);
        put_key(b, ",", "part", y->part);
        put_key(b, ",", "detail", y->detail_ja);
        put_key(b, ",", "fix", y->fix_ja);
        if (s->n > 1 && y->file < s->n)
            put_key(b, ",", "path", s->files[y->file].facts->path);
        sk_buf_str(b, "}");
    }
    sk_buf_str(b, "]");
}

static void put_files(struct sk_slip *s)
{
    static const char *const STATES[] = { "inspected", "partial", "uninspectable" };
    struct sk_buf *b = &s->out;
    sk_buf_str(b, ",\"files\":[");
    for (size_t i = 0; i < s->n; i++) {
        const struct sk_transfer_file *f = &s->files[i];
        struct sk_report_file file = { .facts = f->facts,
                                       .state_name = f->result && f->result->state <= SK_UNINSPECTABLE
                                                         ? STATES[f->result->state]
                                                         : "uninspectable",
                                       .result = f->result,
                                       .judgement = &f->judgement,
                                       .why = f->result ? SK_WHY_NONE : SK_WHY_DENIED,
                                       .why_detail = "" };
        sk_buf_str(b, i ? "," : "");
        sk_json_file(b, &s->part, s->run, &file);
    }
    sk_buf_str(b, "]");
}

void sk_slip_json(struct sk_slip *s)
{
    static const char *const VERDICTS[] = {
        [SK_ALLOW] = "allow", [SK_CONDITIONS] = "conditions", [SK_DENY] = "deny", [SK_UNDETERMINED] = "undetermined"
    };
    struct sk_buf *b = &s->out;
    char day[11];
    sk_day_text(s->q->as_of, day);
    sk_buf_printf(b, "{\"record\":\"check\",\"verdict\":\"%s\"", VERDICTS[s->v->verdict]);
    put_reasons(s);
    put_key(b, ",", "dest", s->q->dest);
    put_strings(b, "recipient", s->q->recipients, s->q->n_recipients);
    sk_buf_str(b, ",\"label\":");
    sk_json_label(b, s->run->policy, &s->v->label);
    sk_buf_str(b, ",\"persons\":");
    sk_json_persons(b, s->v->persons_min, s->v->persons_max, s->v->insurers, s->v->n_insurers);
    sk_buf_str(b, ",\"receipt\":");
    if (s->n_receipts)
        s->out.failed |= !sk_receipts_json(b, s->run->signer, s->receipts, s->n_receipts);
    else
        sk_buf_str(b, "null");
    put_files(s);
    put_key(b, ",", "contract", s->q->contract);
    put_key(b, ",", "requested_by", s->q->requested_by);
    put_key(b, ",", "purpose", s->q->purpose);
    put_key(b, ",", "channel", s->q->channel);
    put_strings(b, "approvals", s->q->approvals, s->q->n_approvals);
    sk_buf_printf(b, ",\"as_of\":\"%s\",", day);
    sk_json_versions(b, s->run);
    sk_buf_str(b, ",\"started\":\"");
    sk_put_time(b, s->run->started);
    sk_buf_str(b, "\"}\n");
}

/* ---------------------------------------------------------------- HTML */

void sk_slip_html(struct sk_slip *s)
{
    struct sk_buf *b = &s->out;
    const char *title = sk_tell(s->run, "外部送付前点検票", "Check before an external transfer"), *step;
    char day[11];
    sk_day_text(s->q->as_of, day);
    sk_buf_printf(&s->said, "%s %s", sk_slip_verdict(s), title); /* what a screen reader says first */
    sk_page_begin(b, s->run, s->said.p ? s->said.p : title, SK_PAGE_PRINT);
    sk_buf_clear(&s->said);
    sk_page_print(b, s->run);
    sk_buf_printf(b, "<h1>%s <small>%s</small></h1>\n<p class=\"conclusion %s\">%s %s</p>\n", title, day,
                  s->v->verdict == SK_ALLOW  ? "good"
                  : s->v->verdict == SK_DENY ? "bad"
                                             : "warn",
                  sk_tell(s->run, "判定:", "Verdict:"), sk_slip_verdict(s));
    if (s->v->n_reasons)
        sk_buf_printf(b, "<h2>%s</h2>\n<ol>\n", sk_tell(s->run, "理由", "Reasons"));
    for (size_t i = 0; i < s->v->n_reasons && i < SK_SLIP_REASONS; i++) {
        sk_buf_str(b, "<li>");
        sk_slip_say_reason(s, &s->v->reasons[i]);
        sk_page_told(b, &s->said);
        sk_buf_str(b, "</li>\n");
    }
    if (s->v->n_reasons)
        sk_buf_str(b, "</ol>\n");
    if (s->v->n_reasons > SK_SLIP_REASONS)
        sk_buf_printf(b, sk_tell(s->run, "<p>ほか%zu件</p>\n", "<p>and %zu more</p>\n"),
                      s->v->n_reasons - SK_SLIP_REASONS);
    for (size_t i = 0; (step = sk_slip_step(s, i)); i++) {
        if (i == 0)
            sk_buf_printf(b, "<h2>%s</h2>\n<ol>\n", sk_tell(s->run, "直し方", "What to do"));
        sk_buf_str(b, "<li>");
        sk_page_put(b, step);
        sk_buf_str(b, "</li>\n");
    }
    if (sk_slip_step(s, 0))
        sk_buf_str(b, "</ol>\n");
    sk_buf_printf(b, "<h2>%s</h2>\n<dl>\n", sk_tell(s->run, "点検の内容", "What was checked"));
    for (int row = 0; row < SK_SLIP_ROWS; row++) {
        sk_slip_say(s, (enum sk_slip_row)row);
        if (s->said.n == 0)
            continue;
        sk_buf_printf(b, "<dt>%s</dt><dd>", sk_slip_title(s, (enum sk_slip_row)row));
        sk_page_told(b, &s->said);
        sk_buf_str(b, "</dd>\n");
    }
    sk_buf_str(b, "</dl>\n<p class=\"meta\">");
    sk_tell_versions(&s->said, s->run);
    sk_page_told(b, &s->said);
    sk_buf_str(b, "</p>\n");
    sk_page_end(b, SK_PAGE_PRINT);
}

/* ---------------------------------------------------------------- writing */

bool sk_slip_write(enum sk_slip_format format, const struct sk_run_info *run, const struct sk_transfer_request *q,
                   const struct sk_transfer_file *files, size_t n, const struct sk_verdict_result *v,
                   const struct sk_writer *out)
{
    static void (*const WRITE[SK_SLIP_FORMATS])(struct sk_slip *) = {
        [SK_SLIP_TEXT] = sk_slip_text, [SK_SLIP_JSON] = sk_slip_json, [SK_SLIP_HTML] = sk_slip_html
    };
    if ((unsigned)format >= SK_SLIP_FORMATS)
        return false;
    struct sk_slip s = { .run = run, .q = q, .files = files, .n = n, .v = v };
    struct sk_arena arena;
    sk_arena_init(&arena, (size_t)1 << 28);
    sk_buf_init(&s.out, (size_t)1 << 30);
    sk_buf_init(&s.said, 1 << 24);
    sk_buf_init(&s.part, 1 << 24);
    bool ok = !v->receipt || (s.receipts = sk_receipts_issue(run, q, files, n, v, &arena, &s.n_receipts));
    if (ok)
        WRITE[format](&s);
    ok = ok && !s.out.failed && out->write(out->ctx, s.out.p, s.out.n);
    sk_buf_free(&s.out);
    sk_buf_free(&s.said);
    sk_buf_free(&s.part);
    sk_arena_free(&arena);
    return ok;
}
