/* night_html.c - the reports as one self-contained page: no request to the outside, light and dark, A4, phone
 * (report/page.c). */
#include "nightly/night.h"
#include "report/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* One table cell with its title, which a phone shows before it. */
static void cell(struct sk_buf *b, const char *title, const char *text)
{
    sk_buf_str(b, "<td data-t=\"");
    sk_page_put(b, title);
    sk_buf_str(b, "\">");
    sk_page_put(b, text);
    sk_buf_str(b, "</td>");
}

static void cell_number(struct sk_buf *b, const char *title, int64_t n)
{
    sk_buf_printf(b, "<td class=\"n\" data-t=\"%s\" data-k=\"%" PRId64 "\">%" PRId64 "</td>", title, n, n);
}

static void open_table(struct sk_buf *b, const char *const (*titles)[2], size_t n, bool en, bool sorts)
{
    sk_buf_printf(b, "<table class=\"cards\"%s><thead><tr>", sorts ? " id=\"files\"" : "");
    for (size_t i = 0; i < n; i++)
        sk_buf_printf(
            b, sorts ? "<th scope=\"col\"><button type=\"button\">%s</button></th>" : "<th scope=\"col\">%s</th>",
            titles[i][en]);
    sk_buf_str(b, "</tr></thead><tbody>\n");
}

static void close_table(struct sk_buf *b)
{
    sk_buf_str(b, "</tbody></table>\n");
}

static void heading(struct sk_buf *b, const char *text)
{
    sk_buf_printf(b, "<h2>%s</h2>\n", text);
}

static void paragraph(struct sk_buf *b, const char *text)
{
    sk_buf_str(b, "<p>");
    sk_page_put(b, text);
    sk_buf_str(b, "</p>\n");
}

/* ---- the head ---- */
static void front(const struct sk_night *n, bool en, struct sk_buf *b)
{
    static const char *const CLASSES[] = { "good", "bad", "warn" };
    struct sk_buf say;
    sk_buf_init(&say, 65536);
    char day[11];
    sk_day_text(n->run.as_of, day);
    enum sk_night_verdict v = sk_night_conclusion(n, en, &say);
    sk_buf_printf(b, "<p class=\"conclusion %s\">", CLASSES[v]);
    sk_page_told(b, &say);
    sk_buf_str(b, "</p>\n");
    for (size_t i = 0; i < n->n_places; i++)
        if (n->places[i].unreachable) {
            sk_buf_printf(&say,
                          en ? "Out of reach: %s (%" PRId64 " files last time, %" PRId64 " now)"
                             : "到達不良:%s(前回 %" PRId64 "件→今回 %" PRId64 "件)",
                          n->places[i].location, n->places[i].before, n->places[i].files);
            paragraph(b, say.p ? say.p : "");
            sk_buf_clear(&say);
        }
    if (n->previous_interrupted)
        paragraph(b, en ? "The run before this one was interrupted." : "前回の検査は中断されていました(中断)。");
    size_t good = 0;
    for (size_t i = 0; i < n->n_canaries; i++)
        good += n->canaries[i].ok;
    sk_buf_printf(&say, "%s  %s %s%s%s  %s %s  sekisho %s  ", day, en ? "policy" : "方針", n->run.policy_id,
                  n->run.policy_version, n->run.draft ? (en ? " (DRAFT, not approved)" : "(※未承認ポリシー)") : "",
                  en ? "rules" : "規則", n->run.rules, n->run.tool);
    if (n->run.overdue)
        sk_buf_str(&say, en ? "(REVIEW OVERDUE)  " : "(※見直し期限超過)  ");
    if (n->n_canaries == 0)
        sk_buf_str(&say, en ? "canaries: none placed" : "検査器試験:未設置");
    else
        sk_buf_printf(&say, en ? "canaries: %s (%zu of %zu places)" : "検査器試験:%s(区画%zu/%zu)",
                      good == n->n_canaries ? (en ? "passed" : "合格") : (en ? "FAILED" : "不合格"), good,
                      n->n_canaries);
    sk_buf_str(b, "<p class=\"meta\">");
    sk_page_told(b, &say);
    sk_buf_str(b, "</p>\n");
    sk_buf_free(&say);
}

/* ---- findings ---- */
static const char *shape(const char *severity)
{
    return severity[0] != 'S'   ? "・"
           : severity[1] == '1' ? "■"
           : severity[1] == '2' ? "▲"
           : severity[1] == '3' ? "○"
                                : "・";
}

static void tools(const struct sk_night *n, bool en, struct sk_buf *b)
{
    static const char *const STATUSES[] = { "new", "again", "open", "unsure", "gone" };
    const int64_t counts[] = { n->fresh, n->again, n->open, n->unsure, n->closed };
    sk_buf_printf(b,
                  "<div class=\"tools\"><label>%s <input id=\"q\" type=\"search\"></label><label>%s <select "
                  "id=\"k\"><option value=\"\">%s</option>",
                  en ? "Filter" : "絞り込み", en ? "Status" : "状態", en ? "all" : "すべて");
    for (size_t i = 0; i < 5; i++)
        if (counts[i])
            sk_buf_printf(b, "<option value=\"%s\">%s %" PRId64 "</option>", STATUSES[i],
                          sk_night_status(STATUSES[i], en), counts[i]);
    sk_buf_str(b, "</select></label><span id=\"n\" aria-live=\"polite\"></span></div>\n");
}

static const char *const FINDING[][2] = { { "重大度", "Severity" },
                                          { "番号", "Finding" },
                                          { "状態", "Status" },
                                          { "場所", "Place" },
                                          { "格付・違反", "Grade, violations" },
                                          { "本人の数", "Persons" },
                                          { "初検知", "First seen" },
                                          { "滞留日数", "Days" },
                                          { "備考", "Remarks" } };
#define T(i) FINDING[i][en]

static void finding(const struct sk_night *n, const struct sk_night_finding *f, const struct sk_nightly_request *q,
                    struct sk_buf *b)
{
    bool en = q->english, gone = strcmp(f->status, "gone") == 0;
    struct sk_buf say;
    sk_buf_init(&say, (size_t)1 << 20);
    char day[11];
    int rank = f->severity[0] == 'S' ? f->severity[1] - '1' : 9;
    sk_buf_printf(b, "<tr data-s=\"%s\"><td class=\"sev r%d\" data-t=\"%s\" data-k=\"%d\">%s %s</td>", f->status, rank,
                  T(0), rank, shape(f->severity), sk_night_severity(f->severity, en));
    sk_buf_printf(b, "<td data-t=\"%s\" data-k=\"%" PRId64 "\">F-%" PRId64 "</td>", T(1), f->id, f->id);
    cell(b, T(2), sk_night_status(f->status, en));
    const char *place = q->restricted ? f->path : f->location;
    sk_put_plain(&say, place, strlen(place));
    cell(b, T(3), say.p ? say.p : "");
    sk_buf_clear(&say);
    sk_buf_printf(&say, "%s %s", f->grade, f->violations);
    cell(b, T(4), say.p ? say.p : "");
    sk_buf_clear(&say);
    sk_night_persons(&say, f->persons_min, f->persons_max, n, q);
    sk_buf_printf(b, "<td class=\"n\" data-t=\"%s\" data-k=\"%" PRId64 "\">", T(5),
                  sk_night_hides(f->persons_max, n, q) ? 1 : f->persons_max);
    sk_page_told(b, &say);
    sk_buf_str(b, "</td>");
    sk_day_text(f->first, day);
    cell(b, T(6), day);
    cell_number(b, T(7), (gone ? f->closed : n->run.as_of) - f->first);
    if (f->exception[0])
        sk_buf_printf(&say, "%s ", sk_night_exception_word(f->exception, en));
    if (gone) {
        sk_day_text(f->closed, day);
        sk_buf_printf(&say, en ? "resolved %s " : "解消日 %s ", day);
        if (f->moved[0] && q->restricted) {
            sk_buf_str(&say, en ? "now at " : "移動先 ");
            sk_put_plain(&say, f->moved, strlen(f->moved));
        }
    }
    cell(b, T(8), say.p ? say.p : "");
    sk_buf_str(b, "</tr>\n");
    b->failed |= say.failed;
    sk_buf_free(&say);
}

static void findings(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *b)
{
    bool en = q->english;
    heading(b, en ? "1 To do, worst first" : "1 今日すること(重い順)");
    struct sk_buf say;
    sk_buf_init(&say, 65536);
    for (size_t i = 0; i < n->n_aggregates; i++) {
        const struct sk_night_aggregate *a = &n->aggregates[i];
        sk_buf_printf(&say, "%s %s %s %s ", shape(a->severity), sk_night_severity(a->severity, en), a->code,
                      a->location);
        sk_night_persons(&say, a->min, a->max, n, q);
        sk_buf_str(&say, en ? " in all files of this place" : "(同じ置き場所の合計)");
        paragraph(b, say.p ? say.p : "");
        sk_buf_clear(&say);
    }
    sk_buf_free(&say);
    if (n->n_findings == 0) {
        paragraph(b, en ? "No findings." : "なし");
        return;
    }
    tools(n, en, b);
    open_table(b, FINDING, sizeof(FINDING) / sizeof(FINDING[0]), en, true);
    for (size_t i = 0; i < n->n_findings; i++)
        finding(n, &n->findings[i], q, b);
    close_table(b);
}

/* ---- totals ---- */
static void row(struct sk_buf *b, const char *title, int64_t n)
{
    sk_buf_str(b, "<tr><td>");
    sk_page_put(b, title);
    sk_buf_printf(b, "</td><td class=\"n\">%" PRId64 "</td></tr>\n", n);
}

static void coverage(const struct sk_night *n, bool en, struct sk_buf *b)
{
    heading(b, en ? "2 What was inspected (files)" : "2 検査できた範囲(ファイル数)");
    if (n->interrupted) {
        paragraph(b, en ? "unknown (interrupted)" : "不明(中断)");
        return;
    }
    sk_buf_str(b, "<table>\n");
    row(b, en ? "all" : "対象", n->files);
    for (size_t i = 0; i < n->n_states; i++)
        row(b, sk_night_state(n->states[i].name, en), n->states[i].n);
    for (size_t i = 0; i < n->n_reasons; i++) {
        enum sk_reason r = sk_reason_find(n->reasons[i].name);
        row(b, r == SK_WHY_NONE ? n->reasons[i].name : sk_reason_title(r, en), n->reasons[i].n);
    }
    sk_buf_str(b, "</table>\n");
}

static void holdings(const struct sk_night *n, bool en, struct sk_buf *b)
{
    heading(b, en ? "4 Holdings by grade (files)" : "4 格付別の保有(ファイル数)");
    sk_buf_str(b, "<table>\n");
    for (size_t i = 0; i < n->n_grades; i++)
        if (n->grades[i].name[0])
            row(b, n->grades[i].name, n->grades[i].n);
    row(b, en ? "over 100 people" : "100人超", n->over100);
    row(b, en ? "over 1,000 people" : "1,000人超", n->over1000);
    sk_buf_str(b, "</table>\n");
    heading(b, en ? "5 Exceptions" : "5 例外");
    if (n->n_exceptions == 0)
        paragraph(b, en ? "none" : "なし");
    for (size_t i = 0; i < n->n_exceptions; i++) {
        const struct sk_night_exception *e = &n->exceptions[i];
        char day[11], line[512];
        sk_day_text(e->expires, day);
        snprintf(line, sizeof(line), "%.100s:%s %s %s%s", e->id, sk_night_exception_word(e->status, en),
                 en ? "until" : "期限", day, e->soon ? (en ? " (ends soon)" : "(まもなく期限)") : "");
        paragraph(b, line);
    }
}

static void changes(const struct sk_night *n, bool en, struct sk_buf *b)
{
    char line[512];
    heading(b, en ? "3 Changes" : "3 増減");
    snprintf(line, sizeof(line),
             en ? "new %" PRId64 " / open %" PRId64 " / resolved %" PRId64 " / again %" PRId64
                  " / not confirmed %" PRId64
                : "新規 %" PRId64 " / 継続 %" PRId64 " / 解消 %" PRId64 " / 再発 %" PRId64 " / 継続(未確認) %" PRId64,
             n->fresh, n->open, n->closed, n->again, n->unsure);
    paragraph(b, line);
    sk_night_chart(n, en, b);
}

static void trend(const struct sk_night *n, bool en, struct sk_buf *b)
{
    static const char *const TITLES[][2] = { { "日", "Date" },    { "結果", "Result" }, { "方針", "Policy" },
                                             { "規則", "Rules" }, { "対象", "Files" },  { "緊急", "S1" },
                                             { "重大", "S2" },    { "要是正", "S3" },   { "解消", "Resolved" } };
    sk_night_chart(n, en, b);
    open_table(b, TITLES, sizeof(TITLES) / sizeof(TITLES[0]), en, false);
    for (size_t i = n->n_trend; i-- > 0;) {
        const struct sk_night_run *r = &n->trend[i];
        char day[11], policy[256];
        bool ended = strcmp(r->status, "ended") == 0;
        sk_day_text(r->as_of, day);
        snprintf(policy, sizeof(policy), "%s%.100s %.100s",
                 sk_night_break(n, i) ? (en ? "[changed] " : "【変更】") : "", r->policy_id, r->policy_version);
        sk_buf_str(b, "<tr>");
        cell(b, TITLES[0][en], day);
        cell(b, TITLES[1][en], sk_night_run_word(r, en));
        cell(b, TITLES[2][en], policy);
        cell(b, TITLES[3][en], r->rules);
        const int64_t values[] = { r->files, r->still_open[0], r->still_open[1], r->still_open[2], r->closed };
        for (size_t k = 0; k < 5; k++)
            if (ended)
                cell_number(b, TITLES[4 + k][en], values[k]);
            else
                cell(b, TITLES[4 + k][en], en ? "unknown" : "不明");
        sk_buf_str(b, "</tr>\n");
    }
    close_table(b);
}

static void audit(const struct sk_sample *sample, const struct sk_nightly_request *q, struct sk_buf *b)
{
    static const char *const TITLES[][2] = {
        { "番号", "No." },   { "ファイル", "File" },   { "格付", "Grade" },
        { "検査", "State" }, { "違反", "Violations" }, { "目視の結果", "By eye" }
    };
    bool en = q->english;
    char line[160];
    snprintf(line, sizeof(line),
             en ? "%zu files, seed %" PRIu64 ": the same seed draws the same files."
                : "%zu件 種 %" PRIu64 "(同じ種なら同じファイルを抽出)",
             sample->n, q->seed);
    paragraph(b, line);
    open_table(b, TITLES, sizeof(TITLES) / sizeof(TITLES[0]), en, false);
    for (size_t i = 0; i < sample->n; i++) {
        const struct sk_pick *p = &sample->items[i];
        const char *name = q->restricted ? p->path : p->location, state[2] = { (char)('0' + (p->state & 3)), '\0' };
        struct sk_buf say;
        sk_buf_init(&say, (size_t)1 << 20);
        sk_put_plain(&say, name, strlen(name));
        sk_buf_str(b, "<tr>");
        cell_number(b, TITLES[0][en], (int64_t)i + 1);
        cell(b, TITLES[1][en], say.p ? say.p : "");
        cell(b, TITLES[2][en], p->grade);
        cell(b, TITLES[3][en], sk_night_state(state, en));
        cell(b, TITLES[4][en], p->violations);
        cell(b, TITLES[5][en], "");
        sk_buf_str(b, "</tr>\n");
        sk_buf_free(&say);
    }
    close_table(b);
}

bool sk_night_html(const struct sk_night *n, const struct sk_sample *sample, const struct sk_nightly_request *q,
                   struct sk_buf *b)
{
    static const char *const KINDS[][3] = { { "nightly", "夜間検査報告", "Nightly scan report" },
                                            { "trend", "検査の推移", "Trend of runs" },
                                            { "inventory", "情報資産の保有状況", "Inventory" },
                                            { "audit", "監査用の抽出", "Audit sample" } };
    size_t kind = 0;
    for (size_t i = 0; i < 4; i++)
        kind = strcmp(KINDS[i][0], q->kind) == 0 ? i : kind;
    bool en = q->english;
    enum sk_page_script script = kind == 0 && n->n_findings > 0 ? SK_PAGE_TABLES : SK_PAGE_PLAIN;
    struct sk_run_info info = { .english = en };
    sk_page_begin(b, &info, KINDS[kind][1 + en], script);
    sk_buf_printf(b, "<h1>%s</h1>\n", KINDS[kind][1 + en]);
    if (!n->has_run) {
        sk_buf_printf(b, "<p class=\"conclusion warn\">%s</p>\n",
                      en ? "[INCOMPLETE] no run is recorded here."
                         : "【不完全】この状態ファイルには検査の記録がありません(中断された可能性があります)。");
        return sk_page_end(b, SK_PAGE_PLAIN);
    }
    front(n, en, b);
    if (kind == 0)
        findings(n, q, b);
    if (kind == 0 || kind == 2)
        coverage(n, en, b);
    if (kind == 0)
        changes(n, en, b);
    if (kind == 0 || kind == 2)
        holdings(n, en, b);
    if (kind == 1)
        trend(n, en, b);
    if (kind == 3)
        audit(sample, q, b);
    sk_buf_printf(b, "<p class=\"meta\">%s</p>\n",
                  en ? "Thresholds of the law are told as facts; what to do about them is for people to decide."
                     : "法令の目安は事実として示すもので、報告等の要否は管理者が判断します。");
    return sk_page_end(b, script);
}
