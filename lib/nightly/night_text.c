/* night_text.c - the one-page report for the 情報セキュリティ管理者 (policy.md 5.1), as text. Conclusion and
 * completeness stand first. */
#include "nightly/night.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define TODAY 20 /* rows of section 1; the rest is counted */

static void head(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *b)
{
    char day[11];
    sk_day_text(n->run.as_of, day);
    sk_buf_printf(b, q->english ? "Nightly scan report %s\n" : "夜間検査報告 %s    宛先:情報セキュリティ管理者\n", day);
    sk_night_conclusion(n, q->english, b);
    sk_buf_str(b, "\n");
    for (size_t i = 0; i < n->n_places; i++)
        if (n->places[i].unreachable)
            sk_buf_printf(b,
                          q->english ? "Out of reach: %s (%" PRId64 " files last time -> %" PRId64 " now)\n"
                                     : "到達不良:%s(前回 %" PRId64 "件→今回 %" PRId64 "件)\n",
                          n->places[i].location, n->places[i].before, n->places[i].files);
    if (n->previous_interrupted)
        sk_buf_str(b, q->english ? "The run before this one was interrupted.\n"
                                 : "前回の検査は中断されていました(中断)。今回は続きから検査しました。\n");
    sk_buf_printf(b, q->english ? "Policy %s %s%s%s  rules %s  sekisho %s\n" : "方針 %s %s%s%s  規則 %s  検査器 %s\n",
                  n->run.policy_id, n->run.policy_version,
                  n->run.draft ? (q->english ? " (DRAFT, not approved)" : "(※未承認ポリシー)") : "",
                  n->run.overdue ? (q->english ? " (REVIEW OVERDUE)" : "(※見直し期限超過)") : "", n->run.rules,
                  n->run.tool);
    size_t good = 0;
    for (size_t i = 0; i < n->n_canaries; i++)
        good += n->canaries[i].ok;
    if (n->n_canaries == 0)
        sk_buf_str(b, q->english ? "Canaries: none placed\n" : "検査器試験:未設置\n");
    else
        sk_buf_printf(b, q->english ? "Canaries: %s (%zu of %zu places)\n" : "検査器試験:%s(区画%zu/%zu)\n",
                      good == n->n_canaries ? (q->english ? "passed" : "合格") : (q->english ? "FAILED" : "不合格"),
                      good, n->n_canaries);
    for (size_t i = 0; i < n->n_canaries; i++)
        if (!n->canaries[i].ok)
            sk_buf_printf(b,
                          q->english ? "  %s: the canary was not found as expected\n"
                                     : "  %s:検査器試験用ファイルが決まった件数で見つかりませんでした\n",
                          n->canaries[i].location);
}

static void finding(const struct sk_night *n, const struct sk_night_finding *f, const struct sk_nightly_request *q,
                    struct sk_buf *b)
{
    char first[11], closed[11];
    sk_day_text(f->first, first);
    sk_buf_printf(b, "  F-%" PRId64 " %s %s ", f->id, sk_night_severity(f->severity, q->english),
                  sk_night_status(f->status, q->english));
    if (q->restricted)
        sk_put_plain(b, f->path, strlen(f->path));
    else
        sk_buf_str(b, f->location);
    sk_buf_printf(b, "  %s %s  ", f->grade, f->violations);
    sk_night_persons(b, f->persons_min, f->persons_max, n, q);
    sk_buf_printf(b, q->english ? "  first seen %s (%ld days)" : "  初検知 %s(滞留%ld日)", first,
                  n->run.as_of - f->first);
    if (strcmp(f->exception, "active") == 0)
        sk_buf_str(b, q->english ? "  [approved exception]" : "  例外承認中");
    else if (strcmp(f->exception, "expired") == 0)
        sk_buf_str(b, q->english ? "  [exception expired]" : "  例外期限切れ");
    else if (strcmp(f->exception, "changed") == 0)
        sk_buf_str(b, q->english ? "  [exception void: content changed]" : "  内容変更により例外失効");
    if (strcmp(f->status, "gone") == 0) {
        sk_day_text(f->closed, closed);
        sk_buf_printf(b, q->english ? "  resolved %s" : "  解消日 %s", closed);
        if (f->moved[0] && q->restricted) {
            sk_buf_str(b, q->english ? "  now at " : "  移動先 ");
            sk_put_plain(b, f->moved, strlen(f->moved));
        }
    }
    sk_buf_str(b, "\n");
}

static void section_findings(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *b)
{
    size_t shown = 0, open = 0;
    sk_buf_str(b, q->english ? "\n1 To do today (worst first)\n" : "\n1 今日すること(重い順)\n");
    for (size_t i = 0; i < n->n_findings; i++) {
        if (strcmp(n->findings[i].status, "gone") == 0)
            continue;
        open++;
        if (shown < TODAY || q->restricted) {
            finding(n, &n->findings[i], q, b);
            shown++;
        }
    }
    for (size_t i = 0; i < n->n_aggregates; i++) {
        const struct sk_night_aggregate *a = &n->aggregates[i];
        sk_buf_printf(b, "  %s %s %s ", sk_night_severity(a->severity, q->english), a->code, a->location);
        sk_night_persons(b, a->min, a->max, n, q);
        sk_buf_str(b, q->english ? " in all files of this place\n" : "(同じ置き場所の合計)\n");
    }
    if (open > shown)
        sk_buf_printf(b, q->english ? "  and %zu more\n" : "  ほか%zu件\n", open - shown);
    if (open == 0 && n->n_aggregates == 0)
        sk_buf_str(b, q->english ? "  nothing\n" : "  なし\n");
    if (n->closed) {
        sk_buf_str(b, q->english ? "  Resolved since the last report:\n" : "  前回からの解消:\n");
        for (size_t i = 0; i < n->n_findings; i++)
            if (strcmp(n->findings[i].status, "gone") == 0)
                finding(n, &n->findings[i], q, b);
    }
}

static void section_coverage(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *b)
{
    sk_buf_printf(b,
                  q->english ? "\n2 What was inspected\n  %" PRId64 " files, %.1f MB:"
                             : "\n2 検査できた範囲\n  対象 %" PRId64 "件 %.1fMB /",
                  n->files, (double)n->bytes / 1e6);
    for (size_t i = 0; i < n->n_states; i++)
        sk_buf_printf(b, q->english ? " %s %" PRId64 : " %s %" PRId64 "件",
                      sk_night_state(n->states[i].name, q->english), n->states[i].n);
    if (n->interrupted)
        sk_buf_str(b, q->english ? " unknown (interrupted)" : " 不明(中断)");
    sk_buf_str(b, "\n");
    for (size_t i = 0; i < n->n_reasons; i++) {
        enum sk_reason r = sk_reason_find(n->reasons[i].name);
        sk_buf_printf(b, q->english ? "  not inspected: %s %" PRId64 "\n" : "  判定不能の理由:%s %" PRId64 "件\n",
                      r == SK_WHY_NONE ? n->reasons[i].name : sk_reason_title(r, q->english), n->reasons[i].n);
    }
}

static void section_rest(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *b)
{
    sk_buf_printf(b,
                  q->english ? "\n3 Changes: new %" PRId64 " / open %" PRId64 " / resolved %" PRId64 " / again %" PRId64
                               " / not confirmed %" PRId64 "\n"
                             : "\n3 増減 新規 %" PRId64 " / 継続 %" PRId64 " / 解消 %" PRId64 " / 再発 %" PRId64
                               " / 継続(未確認) %" PRId64 "\n",
                  n->fresh, n->open, n->closed, n->again, n->unsure);
    sk_buf_str(b, q->english ? "  open over 30 days " : "  30日の推移(未解消の件数) ");
    sk_night_sparkline(n, b);
    sk_buf_str(b, "\n");
    sk_buf_str(b, q->english ? "\n4 Holdings by grade (files):" : "\n4 格付別の保有(ファイル数)");
    for (size_t i = 0; i < n->n_grades; i++)
        if (n->grades[i].name[0])
            sk_buf_printf(b, " %s %" PRId64 " /", n->grades[i].name, n->grades[i].n);
    sk_buf_printf(b,
                  q->english ? " over 100 people %" PRId64 " / over 1,000 people %" PRId64 "\n"
                             : " 100人超 %" PRId64 "件 / 1,000人超 %" PRId64 "件\n",
                  n->over100, n->over1000);
    sk_buf_str(b, q->english ? "\n5 Exceptions\n" : "\n5 例外\n");
    for (size_t i = 0; i < n->n_exceptions; i++) {
        const struct sk_night_exception *e = &n->exceptions[i];
        char day[11];
        sk_day_text(e->expires, day);
        sk_buf_printf(b, q->english ? "  %s: %s, until %s%s\n" : "  %s:%s 期限 %s%s\n", e->id,
                      sk_night_exception_word(e->status, q->english), day,
                      e->soon ? (q->english ? " (ends within 14 days)" : "(14日以内に期限)") : "");
    }
    if (n->n_exceptions == 0)
        sk_buf_str(b, q->english ? "  none\n" : "  なし\n");
}

static bool trend(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *b)
{
    sk_buf_str(b, q->english ? "Trend of runs (a line marks a change of rules or policy)\n"
                             : "検査の推移(― は規則・方針の変更)\n");
    for (size_t i = 0; i < n->n_trend; i++) {
        const struct sk_night_run *r = &n->trend[i], *before = i ? &n->trend[i - 1] : NULL;
        char day[11];
        sk_day_text(r->as_of, day);
        if (sk_night_break(n, i))
            /* NOLINTNEXTLINE(clang-analyzer-*) */
            sk_buf_printf(b, "― ― ― %s %s → %s %s ― ― ―\n", before->policy_version, before->rules, r->policy_version,
                          r->rules);
        sk_buf_printf(b, "%s  %s %s  %s  %s\n", day, r->policy_id, r->policy_version, r->rules,
                      sk_night_run_word(r, q->english));
        sk_buf_printf(b,
                      q->english ? "    open S1 %" PRId64 " S2 %" PRId64 " S3 %" PRId64 " of %" PRId64
                                   " files, resolved %" PRId64 "\n"
                                 : "    未解消 緊急 %" PRId64 " 重大 %" PRId64 " 要是正 %" PRId64 " / 対象 %" PRId64
                                   "件 解消 %" PRId64 "\n",
                      r->still_open[0], r->still_open[1], r->still_open[2], r->files, r->closed);
    }
    return !b->failed;
}

bool sk_night_text(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *b)
{
    if (!n->has_run)
        return sk_buf_str(
            b, q->english ? "[INCOMPLETE] no run is recorded here.\n"
                          : "【不完全】この状態ファイルには検査の記録がありません(中断された可能性があります)。\n");
    if (strcmp(q->kind, "trend") == 0)
        return trend(n, q, b);
    head(n, q, b);
    if (strcmp(q->kind, "nightly") == 0)
        section_findings(n, q, b);
    section_coverage(n, q, b);
    section_rest(n, q, b);
    sk_buf_str(b, q->english
                      ? "\nThresholds of the law are told as facts; what to do about them is for people to decide.\n"
                      : "\n法令の目安は事実として示すもので、報告等の要否は管理者が判断します。\n");
    return !b->failed;
}
