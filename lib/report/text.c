/* text.c - for a person at a terminal: the conclusion first, then the worst first. Clean files are only counted. */
#include <stdlib.h>
#include <string.h>

#include "report/inner.h"

#define PLACES 3 /* of an element; jsonl has all */

struct text {
    struct sk_sheaf sheaf;
    struct sk_buf block, say;
};

static bool begin(struct sk_report *r)
{
    struct text *t = sk_new(1, sizeof(*t));
    if (!t)
        return false;
    sk_buf_init(&t->block, 1 << 24);
    sk_buf_init(&t->say, 1 << 24);
    r->own = t;
    return true;
}

/* "    title: what is in t->say", made safe; clears it. */
static void put_line(struct text *t, const char *title)
{
    sk_buf_printf(&t->block, "      %s: ", title);
    sk_put_plain(&t->block, t->say.p ? t->say.p : "", t->say.n);
    sk_buf_str(&t->block, "\n");
    t->block.failed |= t->say.failed;
    sk_buf_clear(&t->say);
}

static void put_head(struct sk_report *r, struct text *t, const struct sk_report_file *f, enum sk_section section)
{
    const struct sk_run_info *run = &r->run;
    const char *severity = sk_file_severity(f, run->policy);
    if (section == SK_SEC_FIX)
        sk_buf_printf(&t->block, "  %s[%s] ", sk_severity_shape(run->policy, severity),
                      sk_severity_word(run, severity));
    else if (section == SK_SEC_UNREAD)
        sk_buf_printf(&t->block, "  [%s] ",
                      f->result && f->result->state == SK_PARTIAL ? sk_tell(run, "一部判定不能", "partly not inspected")
                                                                  : sk_tell(run, "判定不能", "not inspectable"));
    else
        sk_buf_str(&t->block, "  ");
    sk_put_plain(&t->block, f->facts->path, strlen(f->facts->path));
    sk_buf_str(&t->block, "\n");
}

static void put_label(struct sk_report *r, struct text *t, const struct sk_report_file *f)
{
    const struct sk_run_info *run = &r->run;
    const struct sk_judgement *j = f->judgement;
    if (!j)
        return;
    sk_tell_label(&t->say, run, &j->label);
    if (j->label.n_rules) {
        sk_buf_str(&t->say, sk_tell(run, "  根拠 ", "  by "));
        for (size_t i = 0; i < j->label.n_rules; i++)
            sk_buf_printf(&t->say, "%s%s", i ? " " : "", j->label.rules[i]);
    }
    if (j->location) {
        const char *path = sk_policy_location_name(run->policy, j->location);
        sk_buf_printf(&t->say, sk_tell(run, "  置き場所 %s", "  place %s"), j->location);
        if (path && *path)
            sk_buf_printf(&t->say, run->english ? " (%s)" : "(%s)", path);
    }
    if (f->result && f->result->persons_max) {
        sk_buf_str(&t->say, sk_tell(run, "  本人の数 ", "  persons "));
        sk_tell_persons(&t->say, run, f->result->persons_min, f->result->persons_max);
        if (f->result->has_own)
            sk_buf_printf(&t->say, sk_tell(run, "(うち台帳にある人 %llu人)", " (%llu in the own register)"),
                          (unsigned long long)f->result->own_persons);
    }
    put_line(t, sk_tell(run, "格付", "Label"));
}

static void put_details(struct sk_report *r, struct text *t, const struct sk_report_file *f)
{
    const struct sk_run_info *run = &r->run;
    const struct sk_judgement *j = f->judgement;
    for (size_t i = 0; j && i < j->n_violations; i++) {
        sk_tell_violation(&t->say, run, &j->violations[i]);
        put_line(t, sk_tell(run, "違反", "Violation"));
    }
    for (size_t i = 0; j && i < j->n_reviews; i++) {
        sk_buf_printf(&t->say, "%s%s%s", j->reviews[i].code, j->reviews[i].rule ? " " : "",
                      j->reviews[i].rule ? j->reviews[i].rule : "");
        put_line(t, sk_tell(run, "確認", "Review"));
    }
    for (size_t i = 0; j && i < j->n_exceptions; i++) {
        sk_tell_exception(&t->say, run, &j->exceptions[i]);
        put_line(t, sk_tell(run, "例外", "Exception"));
    }
    if (j && j->canary && !j->canary_ok) {
        sk_buf_str(&t->say,
                   sk_tell(run, "不合格。置いた要素が正しく見つかりません。検査器の規則と設定を確かめてください。",
                           "failed: what was planted is not found. Check the rules and settings of the detector."));
        put_line(t, sk_tell(run, "検査器試験", "Detector test"));
    }
    for (uint32_t i = 0; f->result && i < f->result->n_found; i++) {
        if (!sk_found_is_listed(run, &f->result->found[i]))
            continue;
        sk_tell_found(&t->say, &r->part, run, f->result, &f->result->found[i], PLACES);
        put_line(t, sk_tell(run, "見つかったもの", "Found"));
    }
    for (size_t i = 0; i < sk_file_reasons(f); i++) {
        struct sk_file_reason y = sk_file_reason(f, run->policy, i);
        sk_tell_reason(&t->say, &r->part, run, f, &y);
        put_line(t, sk_file_state(f) == SK_ST_EXCLUDED ? sk_tell(run, "理由", "Reason")
                                                       : sk_tell(run, "検査できない理由", "Not inspected"));
    }
}

static bool file(struct sk_report *r, const struct sk_report_file *f)
{
    struct text *t = r->own;
    enum sk_section section = sk_file_section(f);
    if (section == SK_SEC_NONE)
        return true;
    put_head(r, t, f, section);
    if (section != SK_SEC_EXCLUDED)
        put_label(r, t, f);
    put_details(r, t, f);
    return sk_sheaf_add(&t->sheaf, section, sk_policy_severity_rank(r->run.policy, sk_file_severity(f, r->run.policy)),
                        &t->block);
}

static bool aggregate(struct sk_report *r, const struct sk_report_aggregate *a)
{
    struct text *t = r->own;
    const struct sk_run_info *run = &r->run;
    const char *path = sk_policy_location_name(run->policy, a->location);
    sk_buf_printf(&t->block, sk_tell(run, "  %s[%s] 置き場所 %s", "  %s[%s] place %s"),
                  sk_severity_shape(run->policy, a->severity), sk_severity_word(run, a->severity), a->location);
    if (path && *path) {
        sk_buf_str(&t->block, " ");
        sk_put_plain(&t->block, path, strlen(path));
    }
    sk_buf_str(&t->block, "\n");
    sk_tell_persons(&t->say, run, a->min, a->max);
    sk_buf_str(&t->say,
               sk_tell(run, " が別々のファイルに分かれて置かれています。まとめて適切な場所へ移してください。",
                       " are spread over the files of this place. Move them to a place with a higher ceiling."));
    put_line(t, a->code);
    return sk_sheaf_add(&t->sheaf, SK_SEC_FIX, sk_policy_severity_rank(run->policy, a->severity), &t->block);
}

/* ---------------------------------------------------------------- the end: head, sections, totals */

static void put_front(struct sk_report *r, bool complete)
{
    const struct sk_run_info *run = &r->run;
    struct text *t = r->own;
    struct sk_buf *b = &r->line;
    char day[11];
    sk_day_text(run->as_of, day);
    sk_buf_printf(b, sk_tell(run, "関所 検査結果  基準日 %s\n", "Sekisho scan  as of %s\n"), day);
    sk_buf_str(b, sk_tell(run, "結論: ", "Conclusion: "));
    sk_tell_to_do(b, r);
    sk_buf_str(b, sk_tell(run, "  検査: ", "  Inspection: "));
    sk_tell_completeness(b, r, complete);
    sk_buf_str(b, "\n");
    sk_tell_versions(&t->say, run);
    sk_put_plain(b, t->say.p, t->say.n);
    sk_buf_clear(&t->say);
    sk_buf_str(b, sk_tell(run, "\n対象 ", "\nScanned "));
    for (size_t i = 0; i < run->n_roots; i++) {
        sk_buf_str(b, i ? " " : "");
        sk_put_plain(b, run->roots[i], strlen(run->roots[i]));
    }
    if (run->interrupted_before)
        sk_buf_str(b, sk_tell(run, "\n前回の検査は中断されていました(中断・不完全)",
                              "\nThe previous scan was interrupted (incomplete)"));
    sk_buf_str(b, "\n");
}

static void put_row(struct sk_report *r, const char *title, uint64_t n)
{
    struct text *t = r->own;
    sk_buf_str(&r->line, "  ");
    sk_put_padded(&r->line, title, 30, false);
    sk_put_number(&t->say, n);
    sk_put_padded(&r->line, t->say.p ? t->say.p : "", 14, true);
    sk_buf_clear(&t->say);
    sk_buf_str(&r->line, "\n");
}

static void put_tally(struct sk_report *r, const char *title, const struct sk_tally *t)
{
    if (t->n == 0)
        return;
    sk_buf_printf(&r->line, "%s\n", title);
    for (size_t i = 0; i < t->n; i++) {
        enum sk_reason reason = sk_reason_find(t->items[i].name);
        put_row(r, reason < SK_WHY_COUNT ? sk_reason_title(reason, r->run.english) : t->items[i].name, t->items[i].n);
    }
}

static void put_totals(struct sk_report *r, double seconds)
{
    const struct sk_run_info *run = &r->run;
    const struct sk_counts *c = &r->counts;
    struct text *t = r->own;
    struct sk_buf *b = &r->line;
    sk_buf_str(b, sk_tell(run, "\n集計(ファイル数)\n", "\nTotals (files)\n"));
    for (int s = 0; s < SK_ST_COUNT; s++)
        put_row(r, sk_count_state_title((enum sk_count_state)s, run->english), c->states[s]);
    put_row(r, sk_tell(run, "合計", "all"), c->files);
    sk_buf_str(b, sk_tell(run, "格付(検査器試験ファイルを除く)\n", "Labels (without detector test files)\n"));
    for (size_t g = sk_policy_grades(run->policy); g-- > 0;)
        if (g < 256 && c->grades[g]) {
            const char *name = sk_policy_grade_name(run->policy, (uint8_t)g);
            sk_buf_printf(&t->block, "%s %s", sk_policy_grade(run->policy, (uint8_t)g), name ? name : "");
            put_row(r, t->block.p ? t->block.p : "", c->grades[g]);
            sk_buf_clear(&t->block);
        }
    put_tally(r, sk_tell(run, "違反(例外承認中を含む件数)", "Violations (with excepted ones)"), &c->violations);
    put_tally(r, sk_tell(run, "検査できない理由(ファイル数)", "Reasons for not inspecting (files)"), &c->reasons);
    if (c->canaries)
        put_row(r, sk_tell(run, "検査器試験 合格", "Detector tests passed"), c->canaries - c->canaries_failed);
    sk_put_size(b, c->bytes);
    uint64_t tenths = seconds > 0 && seconds < 1e15 ? (uint64_t)(seconds * 10) : 0;
    sk_buf_printf(b, sk_tell(run, "、%llu.%u 秒\n", ", %llu.%u s\n"), (unsigned long long)(tenths / 10),
                  (unsigned)(tenths % 10));
}

static bool finish(struct sk_report *r, bool complete, double seconds)
{
    struct text *t = r->own;
    put_front(r, complete);
    for (int s = 0; s < SK_SECTIONS; s++) {
        if (t->sheaf.counts[s] == 0)
            continue;
        sk_buf_printf(&r->line, sk_tell(&r->run, "\n%s %zu件\n", "\n%s: %zu\n"),
                      sk_section_title((enum sk_section)s, r->run.english), t->sheaf.counts[s]);
        if (!sk_sheaf_write(r, &t->sheaf, (enum sk_section)s))
            return false;
    }
    put_totals(r, seconds);
    return sk_report_flush(r);
}

static void free_text(struct sk_report *r)
{
    struct text *t = r->own;
    if (!t)
        return;
    sk_sheaf_free(&t->sheaf);
    sk_buf_free(&t->block);
    sk_buf_free(&t->say);
    free(t);
}

const struct sk_report_style SK_STYLE_TEXT = { begin, file, aggregate, finish, free_text };
