/* html.c - the report of a scan as one self-contained page; same order as the text: conclusion, worst first, totals. */
#include <stdlib.h>
#include <string.h>

#include "report/page.h"

#define PLACES 3

struct html {
    struct sk_sheaf sheaf;
    struct sk_buf row, say;
};

static bool begin(struct sk_report *r)
{
    struct html *h = sk_new(1, sizeof(*h));
    if (!h)
        return false;
    sk_buf_init(&h->row, 1 << 24);
    sk_buf_init(&h->say, 1 << 24);
    r->own = h;
    return true;
}

/* ---------------------------------------------------------------- columns */

enum column { COL_SEVERITY, COL_FILE, COL_LABEL, COL_WHY, COL_PERSONS, COLUMNS };

static const char *column_title(const struct sk_run_info *run, enum column c)
{
    static const char *const TITLES[COLUMNS][2] = {
        { "重大度", "Severity" },  { "ファイル", "File" },
        { "格付", "Label" },       { "何が・どこに・どう直す", "What, where, what to do" },
        { "本人の数", "Persons" },
    };
    return TITLES[c][run->english];
}

static void open_cell(struct html *h, const struct sk_run_info *run, enum column c)
{
    sk_buf_printf(&h->row, "<td data-t=\"%s\">", column_title(run, c));
}

static void open_row(struct html *h, const struct sk_run_info *run, enum sk_section section, const char *severity)
{
    size_t rank = sk_policy_severity_rank(run->policy, severity);
    sk_buf_printf(&h->row, "<tr data-s=\"%d\"><td class=\"sev r%zu\" data-t=\"%s\" data-k=\"%zu\">%s ", (int)section,
                  *severity ? rank : (size_t)9, column_title(run, COL_SEVERITY), (size_t)section * 100 + rank,
                  section == SK_SEC_FIX      ? sk_severity_shape(run->policy, severity)
                  : section == SK_SEC_UNREAD ? "?"
                                             : "・");
    sk_page_put(&h->row, section == SK_SEC_FIX        ? sk_severity_word(run, severity)
                         : section == SK_SEC_UNREAD   ? sk_tell(run, "判定不能", "not inspected")
                         : section == SK_SEC_REVIEW   ? sk_tell(run, "要確認", "review")
                         : section == SK_SEC_EXCEPTED ? sk_tell(run, "例外承認中", "excepted")
                                                      : sk_tell(run, "対象外", "excluded"));
    sk_buf_str(&h->row, "</td>");
}

static void item(struct html *h, const char *title)
{
    sk_buf_str(&h->row, "<li>");
    if (*title)
        sk_buf_printf(&h->row, "<small>%s</small> ", title);
    sk_page_told(&h->row, &h->say);
    sk_buf_str(&h->row, "</li>");
}

static void why_cell(struct sk_report *r, struct html *h, const struct sk_report_file *f)
{
    const struct sk_run_info *run = &r->run;
    const struct sk_judgement *j = f->judgement;
    open_cell(h, run, COL_WHY);
    sk_buf_str(&h->row, "<ul>");
    for (size_t i = 0; j && i < j->n_violations; i++) {
        sk_tell_violation(&h->say, run, &j->violations[i]);
        item(h, "");
    }
    for (size_t i = 0; j && i < j->n_reviews; i++) {
        sk_buf_str(&h->say, j->reviews[i].code);
        item(h, sk_tell(run, "確認", "review"));
    }
    for (size_t i = 0; j && i < j->n_exceptions; i++) {
        sk_tell_exception(&h->say, run, &j->exceptions[i]);
        item(h, sk_tell(run, "例外", "exception"));
    }
    if (j && j->canary && !j->canary_ok) {
        sk_buf_str(&h->say, sk_tell(run, "検査器試験 不合格", "detector test failed"));
        item(h, "");
    }
    for (size_t i = 0; i < sk_file_reasons(f); i++) {
        struct sk_file_reason y = sk_file_reason(f, run->policy, i);
        sk_tell_reason(&h->say, &r->part, run, f, &y);
        item(h, sk_tell(run, "検査できない理由", "not inspected"));
    }
    for (uint32_t i = 0; f->result && i < f->result->n_found; i++)
        if (sk_found_is_listed(run, &f->result->found[i])) {
            sk_tell_found(&h->say, &r->part, run, f->result, &f->result->found[i], PLACES);
            item(h, sk_tell(run, "見つかったもの", "found"));
        }
    sk_buf_str(&h->row, "</ul></td>");
}

static void persons_cell(struct html *h, const struct sk_run_info *run, const struct seki_result *result)
{
    bool known = result && (result->state != SK_UNINSPECTABLE || result->persons_max);
    sk_buf_printf(&h->row, "<td class=\"n\" data-t=\"%s\" data-k=\"%llu\">", column_title(run, COL_PERSONS),
                  (unsigned long long)(known ? result->persons_max : 0));
    if (known)
        sk_tell_persons(&h->say, run, result->persons_min, result->persons_max);
    else
        sk_buf_str(&h->say, sk_tell(run, "不明", "unknown"));
    sk_page_told(&h->row, &h->say);
    sk_buf_str(&h->row, "</td></tr>\n");
}

static bool file(struct sk_report *r, const struct sk_report_file *f)
{
    struct html *h = r->own;
    const struct sk_run_info *run = &r->run;
    enum sk_section section = sk_file_section(f);
    if (section == SK_SEC_NONE)
        return true;
    const char *severity = sk_file_severity(f, run->policy);
    open_row(h, run, section, severity);
    open_cell(h, run, COL_FILE);
    sk_page_put(&h->row, f->facts->path);
    sk_buf_str(&h->row, "</td>");
    open_cell(h, run, COL_LABEL);
    if (f->judgement) {
        sk_tell_label(&h->say, run, &f->judgement->label);
        sk_page_told(&h->row, &h->say);
        sk_buf_str(&h->row, "<br><small>");
        sk_page_put(&h->row, f->judgement->location);
        sk_buf_str(&h->row, "</small>");
    }
    sk_buf_str(&h->row, "</td>");
    why_cell(r, h, f);
    persons_cell(h, run, f->result);
    return sk_sheaf_add(&h->sheaf, section, sk_policy_severity_rank(run->policy, severity), &h->row);
}

static bool aggregate(struct sk_report *r, const struct sk_report_aggregate *a)
{
    struct html *h = r->own;
    const struct sk_run_info *run = &r->run;
    open_row(h, run, SK_SEC_FIX, a->severity);
    open_cell(h, run, COL_FILE);
    sk_page_put(&h->row, a->location);
    sk_buf_str(&h->row, " ");
    sk_page_put(&h->row, sk_policy_location_name(run->policy, a->location));
    sk_buf_str(&h->row, "</td>");
    open_cell(h, run, COL_LABEL);
    sk_buf_str(&h->row, "</td>");
    open_cell(h, run, COL_WHY);
    sk_page_put(&h->row, a->code);
    sk_page_put(&h->row, sk_tell(run, " 同じ置き場所の別々のファイルにいる本人の合計",
                                 " distinct persons over the files of this place"));
    struct seki_result sum = { .persons_min = a->min, .persons_max = a->max };
    sk_buf_str(&h->row, "</td>");
    persons_cell(h, run, &sum);
    return sk_sheaf_add(&h->sheaf, SK_SEC_FIX, sk_policy_severity_rank(run->policy, a->severity), &h->row);
}

/* ---------------------------------------------------------------- the page */

static void put_front(struct sk_report *r, bool complete)
{
    struct html *h = r->own;
    const struct sk_run_info *run = &r->run;
    struct sk_buf *b = &r->line;
    char day[11];
    sk_day_text(run->as_of, day);
    sk_page_begin(b, run, sk_tell(run, "関所 検査結果", "Sekisho scan"), SK_PAGE_TABLES);
    sk_buf_printf(b, "<h1>%s <small>%s</small></h1>\n", sk_tell(run, "関所 検査結果", "Sekisho scan"), day);
    bool unread =
        !complete ||
        r->counts.states[SK_ST_PARTIAL] + r->counts.states[SK_ST_UNINSPECTABLE] + r->counts.unread_unchanged > 0;
    sk_buf_printf(b, "<p class=\"conclusion %s\">%s ",
                  r->counts.worst.n || r->counts.to_fix ? "bad"
                  : unread                              ? "warn"
                                                        : "good",
                  sk_tell(run, "結論:", "Conclusion:"));
    sk_tell_to_do(&h->say, r);
    sk_page_told(b, &h->say);
    sk_buf_printf(b, "<br>%s ", sk_tell(run, "検査:", "Inspection:"));
    sk_tell_completeness(&h->say, r, complete);
    sk_page_told(b, &h->say);
    sk_buf_str(b, "</p>\n<p class=\"meta\">");
    sk_tell_versions(&h->say, run);
    sk_page_told(b, &h->say);
    for (size_t i = 0; i < run->n_roots; i++) {
        sk_buf_str(b, i ? " " : "<br>");
        sk_page_put(b, run->roots[i]);
    }
    if (run->interrupted_before)
        sk_buf_printf(b, "<br>%s",
                      sk_tell(run, "前回の検査は中断されていました(中断・不完全)",
                              "The previous scan was interrupted (incomplete)"));
    sk_buf_str(b, "</p>\n");
}

static void put_table_head(struct sk_report *r)
{
    struct html *h = r->own;
    const struct sk_run_info *run = &r->run;
    struct sk_buf *b = &r->line;
    sk_buf_printf(b,
                  "<div class=\"tools\"><label>%s <input id=\"q\" type=\"search\"></label><label>%s <select "
                  "id=\"k\"><option value=\"\">%s</option>",
                  sk_tell(run, "絞り込み", "Filter"), sk_tell(run, "種類", "Kind"), sk_tell(run, "すべて", "all"));
    for (int s = 0; s < SK_SECTIONS; s++)
        if (h->sheaf.counts[s])
            sk_buf_printf(b, "<option value=\"%d\">%s %zu</option>", s,
                          sk_section_title((enum sk_section)s, run->english), h->sheaf.counts[s]);
    sk_buf_str(b, "</select></label><span id=\"n\" aria-live=\"polite\"></span></div>\n<table class=\"cards\" "
                  "id=\"files\"><thead><tr>");
    for (int c = 0; c < COLUMNS; c++)
        sk_buf_printf(b, "<th scope=\"col\"><button type=\"button\">%s</button></th>",
                      column_title(run, (enum column)c));
    sk_buf_str(b, "</tr></thead><tbody>\n");
}

static void total(struct sk_report *r, const char *title, uint64_t n)
{
    sk_buf_str(&r->line, "<tr><td>");
    sk_page_put(&r->line, title);
    sk_buf_str(&r->line, "</td><td class=\"n\">");
    sk_put_number(&r->line, n);
    sk_buf_str(&r->line, "</td></tr>\n");
}

static void put_totals(struct sk_report *r, double seconds)
{
    struct html *h = r->own;
    const struct sk_run_info *run = &r->run;
    const struct sk_counts *c = &r->counts;
    struct sk_buf *b = &r->line;
    sk_buf_printf(b, "<h2>%s</h2>\n<table>\n", sk_tell(run, "集計(ファイル数)", "Totals (files)"));
    for (int s = 0; s < SK_ST_COUNT; s++)
        total(r, sk_count_state_title((enum sk_count_state)s, run->english), c->states[s]);
    total(r, sk_tell(run, "合計", "all"), c->files);
    sk_buf_printf(b, "</table>\n<h2>%s</h2>\n<table>\n", sk_tell(run, "格付", "Labels"));
    for (size_t g = sk_policy_grades(run->policy); g-- > 0;)
        if (g < 256 && c->grades[g]) {
            const char *name = sk_policy_grade_name(run->policy, (uint8_t)g);
            sk_buf_printf(&h->say, "%s %s", sk_policy_grade(run->policy, (uint8_t)g), name ? name : "");
            total(r, h->say.p ? h->say.p : "", c->grades[g]);
            sk_buf_clear(&h->say);
        }
    sk_buf_printf(b, "</table>\n<h2>%s</h2>\n<table>\n",
                  sk_tell(run, "違反(例外承認中を含む件数)", "Violations (with excepted ones)"));
    for (size_t i = 0; i < c->violations.n; i++)
        total(r, c->violations.items[i].name, c->violations.items[i].n);
    sk_buf_str(b, "</table>\n<p class=\"meta\">");
    sk_put_size(b, c->bytes);
    uint64_t tenths = seconds > 0 && seconds < 1e15 ? (uint64_t)(seconds * 10) : 0;
    sk_buf_printf(b, " / %llu.%u s</p>\n", (unsigned long long)(tenths / 10), (unsigned)(tenths % 10));
}

static bool finish(struct sk_report *r, bool complete, double seconds)
{
    struct html *h = r->own;
    put_front(r, complete);
    if (h->sheaf.n) {
        put_table_head(r);
        for (int s = 0; s < SK_SECTIONS; s++)
            if (!sk_sheaf_write(r, &h->sheaf, (enum sk_section)s))
                return false;
        sk_buf_str(&r->line, "</tbody></table>\n");
    }
    put_totals(r, seconds);
    sk_page_end(&r->line, SK_PAGE_TABLES);
    return sk_report_flush(r);
}

static void free_html(struct sk_report *r)
{
    struct html *h = r->own;
    if (!h)
        return;
    sk_sheaf_free(&h->sheaf);
    sk_buf_free(&h->row);
    sk_buf_free(&h->say);
    free(h);
}

const struct sk_report_style SK_STYLE_HTML = { begin, file, aggregate, finish, free_html };
