/* night_words.c - the words and numbers that text, HTML, CSV and JSON of a night have in common. */
#include "nightly/night.h"

#include <inttypes.h>
#include <string.h>

const char *sk_night_severity(const char *s, bool en)
{
    static const char *const NAMES[][2] = {
        { "緊急", "critical" }, { "重大", "serious" }, { "要是正", "to be fixed" }, { "要確認", "to be looked at" }
    };
    return s[0] == 'S' && s[1] >= '1' && s[1] <= '4' ? NAMES[s[1] - '1'][en] : "-";
}

const char *sk_night_state(const char *number, bool en)
{
    static const char *const NAMES[][2] = { { "検査済", "inspected" },
                                            { "一部検査", "partly inspected" },
                                            { "判定不能", "not inspectable" },
                                            { "対象外", "excluded" } };
    return number[0] >= '0' && number[0] <= '3' ? NAMES[number[0] - '0'][en] : number;
}

const char *sk_night_exception_word(const char *status, bool en)
{
    return strcmp(status, "active") == 0    ? (en ? "approved, in force" : "例外承認中")
           : strcmp(status, "expired") == 0 ? (en ? "expired" : "例外期限切れ")
           : strcmp(status, "changed") == 0 ? (en ? "void: content changed" : "内容変更により例外失効")
                                            : (en ? "not yet in force" : "開始前");
}

bool sk_night_hides(int64_t max, const struct sk_night *n, const struct sk_nightly_request *q)
{
    return !q->restricted && max >= 1 && max < n->run.mask;
}

void sk_night_persons(struct sk_buf *b, int64_t min, int64_t max, const struct sk_night *n,
                      const struct sk_nightly_request *q)
{
    if (sk_night_hides(max, n, q))
        sk_buf_printf(b, q->english ? "fewer than %" PRId64 : "%" PRId64 "人未満", n->run.mask);
    else if (min == max)
        sk_buf_printf(b, q->english ? "%" PRId64 " (exact)" : "%" PRId64 "人(確定)", max);
    else
        sk_buf_printf(b, q->english ? "%" PRId64 "-%" PRId64 : "%" PRId64 "～%" PRId64 "人", min, max);
}

static bool canaries_fail(const struct sk_night *n)
{
    for (size_t i = 0; i < n->n_canaries; i++)
        if (!n->canaries[i].ok)
            return true;
    return false;
}

enum sk_night_verdict sk_night_conclusion(const struct sk_night *n, bool en, struct sk_buf *b)
{
    bool act = n->worst[0] + n->worst[1] + n->worst[2] + (int64_t)n->n_aggregates > 0;
    if (n->interrupted)
        sk_buf_str(b, en ? "[INCOMPLETE] the run was interrupted. " : "【不完全】検査が中断されました。");
    else if (n->incomplete)
        sk_buf_str(b, en ? "[INCOMPLETE] something was not inspected. " : "【不完全】検査できないものがあります。");
    if (act) {
        sk_buf_printf(b,
                      en ? "Conclusion: [ACT] critical %" PRId64 ", serious %" PRId64 ", to be fixed %" PRId64
                         : "結論:【要対応】緊急%" PRId64 "件・重大%" PRId64 "件・要是正%" PRId64 "件",
                      n->worst[0], n->worst[1], n->worst[2]);
        return SK_NIGHT_ACT;
    }
    if (n->interrupted || n->incomplete || canaries_fail(n)) {
        sk_buf_str(b, en ? "Conclusion: not decided"
                         : "結論:【判定不能】検査した範囲に違反はありませんが、全体は確かめられていません");
        return SK_NIGHT_UNKNOWN;
    }
    sk_buf_str(b, en ? "Conclusion: [COMPLIANT] no violations, everything was inspected"
                     : "結論:【適合】違反はなく、すべて検査しました");
    return SK_NIGHT_FINE;
}

bool sk_night_break(const struct sk_night *n, size_t i)
{
    return i > 0 && i < n->n_trend &&
           (strcmp(n->trend[i - 1].policy_version, n->trend[i].policy_version) != 0 ||
            strcmp(n->trend[i - 1].policy_id, n->trend[i].policy_id) != 0 ||
            strcmp(n->trend[i - 1].rules, n->trend[i].rules) != 0);
}

const char *sk_night_run_word(const struct sk_night_run *r, bool en)
{
    return strcmp(r->status, "ended") != 0 ? (en ? "interrupted, incomplete" : "中断・不完全")
           : r->complete                   ? (en ? "complete" : "完全")
                                           : (en ? "incomplete" : "不完全");
}

static int64_t all_open(const struct sk_night_run *r)
{
    return r->still_open[0] + r->still_open[1] + r->still_open[2] + r->still_open[3];
}

static size_t first_within(const struct sk_night *n, long days)
{
    size_t first = n->n_trend;
    while (first > 0 && n->trend[first - 1].as_of > n->run.as_of - days && n->n_trend - first < 400)
        first--;
    return first;
}

void sk_night_sparkline(const struct sk_night *n, struct sk_buf *b)
{
    static const char *const BARS[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
    size_t first = first_within(n, 30);
    int64_t most = 1;
    for (size_t i = first; i < n->n_trend; i++)
        most = all_open(&n->trend[i]) > most ? all_open(&n->trend[i]) : most;
    for (size_t i = first; i < n->n_trend; i++) {
        if (i > first && sk_night_break(n, i))
            sk_buf_str(b, "|");
        sk_buf_str(b, strcmp(n->trend[i].status, "ended") != 0 ? "×" : BARS[all_open(&n->trend[i]) * 7 / most]);
    }
    if (first < n->n_trend)
        sk_buf_printf(b, " %" PRId64 "→%" PRId64, all_open(&n->trend[first]), all_open(&n->trend[n->n_trend - 1]));
}

/* One severity: a line with its own dashes and marks of its own shape, so that it reads without colour. Interrupted
 * runs have no number: a gap. */
static void chart_line(const struct sk_night *n, size_t first, int severity, int64_t most, struct sk_buf *b)
{
    static const char *const DASHES[] = { "", "6 3", "2 3" };
    size_t last = n->n_trend - 1;
    bool open = false;
    for (size_t i = first; i <= last; i++) {
        bool ended = strcmp(n->trend[i].status, "ended") == 0, begins = !open || sk_night_break(n, i);
        if (open && (!ended || begins))
            sk_buf_str(b, "\"/>");
        open = ended;
        if (!ended)
            continue;
        double x = 40 + (last > first ? 660.0 * (double)(i - first) / (double)(last - first) : 330),
               y = 190 - 170.0 * (double)n->trend[i].still_open[severity] / (double)most;
        if (begins)
            sk_buf_printf(
                b,
                "<polyline fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" stroke-dasharray=\"%s\" points=\"",
                DASHES[severity]);
        sk_buf_printf(b, "%.1f,%.1f ", x, y);
    }
    if (open)
        sk_buf_str(b, "\"/>");
    for (size_t i = first; i <= last; i++) {
        if (strcmp(n->trend[i].status, "ended") != 0)
            continue;
        double x = 40 + (last > first ? 660.0 * (double)(i - first) / (double)(last - first) : 330),
               y = 190 - 170.0 * (double)n->trend[i].still_open[severity] / (double)most;
        char day[11];
        sk_day_text(n->trend[i].as_of, day);
        if (severity == 0)
            sk_buf_printf(b, "<rect x=\"%.1f\" y=\"%.1f\" width=\"7\" height=\"7\" fill=\"currentColor\">", x - 3.5,
                          y - 3.5);
        else if (severity == 1)
            sk_buf_printf(b, "<path d=\"M%.1f %.1fl4 7h-8z\" fill=\"currentColor\">", x, y - 4);
        else
            sk_buf_printf(b, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"none\" stroke=\"currentColor\">", x, y);
        sk_buf_printf(b, "<title>%s %s %" PRId64 "</title></%s>\n", day,
                      severity == 0   ? "S1"
                      : severity == 1 ? "S2"
                                      : "S3",
                      n->trend[i].still_open[severity],
                      severity == 0   ? "rect"
                      : severity == 1 ? "path"
                                      : "circle");
    }
}

void sk_night_chart(const struct sk_night *n, bool en, struct sk_buf *b)
{
    size_t first = first_within(n, 366), last = n->n_trend - 1;
    int64_t most = 1;
    if (first >= n->n_trend)
        return;
    for (size_t i = first; i <= last; i++)
        for (int k = 0; k < 3; k++)
            most = n->trend[i].still_open[k] > most ? n->trend[i].still_open[k] : most;
    sk_buf_printf(b,
                  "<svg viewBox=\"0 0 720 240\" width=\"100%%\" role=\"img\" aria-label=\"%s\" "
                  "font-size=\"12\">\n<path d=\"M40 10V190H710\" fill=\"none\" stroke=\"currentColor\"/>"
                  "<text x=\"34\" y=\"22\" text-anchor=\"end\" fill=\"currentColor\">%" PRId64
                  "</text><text x=\"34\" y=\"194\" text-anchor=\"end\" fill=\"currentColor\">0</text>\n",
                  en ? "open findings of each run" : "検査ごとの未解消の件数", most);
    for (size_t i = first; i <= last; i++)
        if (i > first && sk_night_break(n, i)) {
            double x = 40 + 660.0 * ((double)(i - first) - 0.5) / (double)(last - first);
            sk_buf_printf(b,
                          "<path class=\"break\" d=\"M%.1f 10V190\" stroke=\"currentColor\" stroke-dasharray=\"1 "
                          "4\"/><text x=\"%.1f\" y=\"205\" text-anchor=\"middle\" fill=\"currentColor\">%s</text>\n",
                          x, x, en ? "changed" : "変更");
        }
    for (int k = 0; k < 3; k++)
        chart_line(n, first, k, most, b);
    char from[11], to[11];
    sk_day_text(n->trend[first].as_of, from);
    sk_day_text(n->trend[last].as_of, to);
    sk_buf_printf(b,
                  "<text x=\"40\" y=\"230\" fill=\"currentColor\">%s</text><text x=\"710\" y=\"230\" "
                  "text-anchor=\"end\" fill=\"currentColor\">%s</text>"
                  "<text x=\"375\" y=\"230\" text-anchor=\"middle\" fill=\"currentColor\">■ %s(S1)  ▲ %s(S2)  ○ "
                  "%s(S3)</text></svg>\n",
                  from, to, sk_night_severity("S1", en), sk_night_severity("S2", en), sk_night_severity("S3", en));
}
