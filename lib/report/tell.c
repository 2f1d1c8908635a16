/* tell.c - phrases for people, Japanese and English. What is found is named, counted and placed; never shown. */
#include <string.h>

#include "base/hash.h"
#include "report/inner.h"

static void number(struct sk_buf *b, const char *before, uint64_t n, const char *after)
{
    sk_buf_str(b, before);
    sk_put_number(b, n);
    sk_buf_str(b, after);
}

bool sk_tell_label(struct sk_buf *b, const struct sk_run_info *run, const struct sk_label *l)
{
    const struct sk_policy *p = run->policy;
    const char *name = sk_policy_grade_name(p, l->grade);
    sk_buf_str(b, sk_policy_grade(p, l->grade));
    if (name && *name)
        sk_buf_printf(b, " %s", name);
    const char *letter;
    bool any = false;
    for (unsigned bit = 0; bit < 32 && (letter = sk_policy_compartment(p, bit)); bit++)
        if (sk_has_compartment(l, bit)) {
            sk_buf_printf(b, "%s%s", any ? "," : "[", letter);
            any = true;
        }
    return sk_buf_str(b, any ? "]" : "");
}

bool sk_tell_persons(struct sk_buf *b, const struct sk_run_info *run, uint64_t min, uint64_t max)
{
    if (min != max) {
        sk_put_number(b, min);
        sk_buf_str(b, run->english ? " to " : "〜");
    }
    sk_put_number(b, max);
    return sk_buf_str(b, min != max ? sk_tell(run, "人", "") : sk_tell(run, "人(確定)", " (certain)"));
}

static void say_kind(struct sk_buf *b, const struct sk_run_info *run, const struct sk_place *p)
{
    static const char *const KINDS[][2] = {
        [SK_RUN_TITLE] = { "表題", "title" },
        [SK_RUN_HEADER] = { "ヘッダー", "header" },
        [SK_RUN_FOOTER] = { "フッター", "footer" },
        [SK_RUN_WATERMARK] = { "透かし", "watermark" },
        [SK_RUN_STAMP] = { "スタンプ", "stamp" },
        [SK_RUN_COMMENT] = { "コメント", "comment" },
        [SK_RUN_NOTE] = { "注・ノート", "note" },
        [SK_RUN_PROPERTY] = { "文書のプロパティ", "document property" },
        [SK_RUN_FILENAME] = { "ファイル名", "file name" },
        [SK_RUN_MAIL_HEADER] = { "メールのヘッダー", "mail header" },
        [SK_RUN_RUBY] = { "ふりがな", "ruby" },
    };
    if (p->hidden != SK_SHOWN)
        sk_buf_printf(b, sk_tell(run, "〔%s〕", " [%s]"), sk_hidden_name((enum sk_hidden)p->hidden, run->english));
    else if (p->run != SK_RUN_BODY && p->run < sizeof(KINDS) / sizeof(*KINDS) && KINDS[p->run][0])
        sk_buf_printf(b, sk_tell(run, "〔%s〕", " [%s]"), KINDS[p->run][run->english]);
}

bool sk_tell_place(struct sk_buf *b, struct sk_buf *scratch, const struct sk_run_info *run, const struct seki_result *r,
                   const struct sk_place *p)
{
    const char *part = sk_part_text(r, p->part, scratch);
    size_t start = b->n;
    sk_buf_str(b, part);
    if (*part && p->kind != SK_AT_PART)
        sk_buf_str(b, " ");
    switch (p->kind) {
    case SK_AT_BYTES:
        sk_buf_printf(b, sk_tell(run, "%llu行 %u文字目", "line %llu column %u"), (unsigned long long)p->line,
                      p->column);
        break;
    case SK_AT_CELL:
        sk_put_cell(b, p->row, p->col);
        break;
    case SK_AT_PAGE:
        sk_buf_printf(b, sk_tell(run, "%uページ", "page %u"), p->number);
        break;
    case SK_AT_SLIDE:
        sk_buf_printf(b, sk_tell(run, "スライド%u", "slide %u"), p->number);
        break;
    case SK_AT_PARAGRAPH:
        sk_buf_printf(b, sk_tell(run, "段落%u", "paragraph %u"), p->number);
        break;
    default:
        break;
    }
    say_kind(b, run, p);
    return b->n != start || sk_buf_str(b, sk_tell(run, "ファイル全体", "whole file"));
}

bool sk_tell_found(struct sk_buf *b, struct sk_buf *scratch, const struct sk_run_info *run, const struct seki_result *r,
                   const struct sk_found *f, uint32_t places)
{
    static const char *const CONFIDENCE[SK_CONF_COUNT][2] = { { "低", "low" }, { "中", "medium" }, { "高", "high" } };
    uint32_t n = f->n_at < places ? f->n_at : places;
    sk_buf_str(b, sk_element_title((enum sk_element)f->element, run->english));
    number(b, " ", f->count, sk_tell(run, "件(確度 ", " (confidence "));
    sk_buf_str(b, CONFIDENCE[f->confidence][run->english]);
    sk_buf_str(b, n ? sk_tell(run, "): ", "): ") : ")");
    for (uint32_t i = 0; i < n; i++) {
        sk_buf_str(b, i ? sk_tell(run, "、", ", ") : "");
        sk_tell_place(b, scratch, run, r, &f->at[i]);
    }
    if (n && f->count > n)
        number(b, sk_tell(run, "、ほか", " and "), f->count - n, sk_tell(run, "か所", " more"));
    return !b->failed;
}

bool sk_tell_reason(struct sk_buf *b, struct sk_buf *scratch, const struct sk_run_info *run,
                    const struct sk_report_file *f, const struct sk_file_reason *y)
{
    const char *part = sk_part_text(f->result, y->part, scratch);
    if (*part)
        sk_buf_printf(b, "%s: ", part);
    sk_buf_str(b, y->reason < SK_WHY_COUNT ? sk_reason_title(y->reason, run->english)
                                           : sk_tell(run, "理由不明", "reason unknown"));
    if (y->reason == SK_WHY_ENCRYPTED) {
        bool strong = strcmp(y->detail, "strong") == 0, weak = strcmp(y->detail, "weak") == 0;
        const char *word = strong ? sk_tell(run, "強い方式", "strong method")
                           : weak ? sk_tell(run, "弱い方式", "weak method")
                                  : sk_tell(run, "方式不明", "unknown method");
        sk_buf_printf(b, run->english ? " (%s%s%s)" : "(%s%s%s)", word, y->method ? " " : "",
                      y->method ? y->method : "");
    } else if (*y->detail) {
        sk_buf_printf(b, run->english ? " (%s)" : "(%s)", y->detail);
    }
    return !b->failed;
}

const char *sk_severity_word(const struct sk_run_info *run, const char *severity)
{
    const char *name = *severity ? sk_policy_severity_name(run->policy, severity) : NULL;
    if (name && *name && !run->english)
        return name;
    return *severity ? severity : sk_tell(run, "重大度なし", "no severity");
}

const char *sk_severity_shape(const struct sk_policy *policy, const char *severity)
{
    static const char *const SHAPES[] = { "■", "▲", "●", "○" };
    size_t rank = sk_policy_severity_rank(policy, severity);
    return *severity && rank < 4 ? SHAPES[rank] : "・";
}

bool sk_tell_violation(struct sk_buf *b, const struct sk_run_info *run, const struct sk_violation *v)
{
    const char *detail = sk_tell(run, v->detail_ja, v->detail_en);
    sk_buf_printf(b, run->english ? "%s (%s%s)" : "%s(%s%s)", v->code, sk_severity_word(run, v->severity),
                  v->excepted ? sk_tell(run, "・例外承認中", ", excepted") : "");
    if (detail && *detail)
        sk_buf_printf(b, ": %s", detail);
    return !b->failed;
}

bool sk_tell_exception(struct sk_buf *b, const struct sk_run_info *run, const struct sk_exception_state *e)
{
    static const char *const WORDS[][3] = {
        { "active", "例外承認中", "approved exception" },
        { "expired", "例外期限切れ", "exception expired" },
        { "changed", "内容変更により例外失効", "exception void: the content has changed" },
    };
    const char *word = e->status;
    for (size_t i = 0; i < 3; i++)
        if (strcmp(e->status, WORDS[i][0]) == 0)
            word = WORDS[i][1 + run->english];
    return sk_buf_printf(b, "%s %s", e->id, word);
}

bool sk_tell_versions(struct sk_buf *b, const struct sk_run_info *run)
{
    char policy[SK_SHA256_HEX], rules[SK_SHA256_HEX] = "";
    sk_hex(sk_policy_digest(run->policy), 32, policy);
    if (run->rules_digest)
        sk_hex(run->rules_digest, 32, rules);
    sk_buf_printf(b, sk_tell(run, "方針 %s %s(%.8s)", "Policy %s %s (%.8s)"), sk_policy_id(run->policy),
                  sk_policy_version(run->policy), policy);
    if (sk_policy_is_draft(run->policy))
        sk_buf_str(b, sk_tell(run, "【未承認ポリシー】", " [DRAFT, NOT APPROVED]"));
    if (sk_policy_is_overdue(run->policy, run->as_of))
        sk_buf_str(b, sk_tell(run, "【見直し期限超過】", " [REVIEW OVERDUE]"));
    sk_buf_printf(b, sk_tell(run, "  規則 %s(%.8s)", "  Rules %s (%.8s)"), run->rules_version ? run->rules_version : "",
                  rules);
    return sk_buf_printf(b, "  sekisho %s", run->tool_version ? run->tool_version : "");
}

bool sk_tell_to_do(struct sk_buf *b, const struct sk_report *r)
{
    const struct sk_run_info *run = &r->run;
    const struct sk_counts *c = &r->counts;
    uint64_t named = 0, unread = c->states[SK_ST_PARTIAL] + c->states[SK_ST_UNINSPECTABLE] + c->unread_unchanged;
    bool first = true;
    if (c->worst.n == 0 && c->to_fix == 0) {
        if (c->excepted)
            number(b, sk_tell(run, "【例外を除き違反なし】例外承認中 ", "[NO VIOLATION BESIDE EXCEPTIONS] excepted "),
                   c->excepted, sk_tell(run, "件", ""));
        else
            sk_buf_str(b, unread ? sk_tell(run, "【検査できた範囲に違反なし】", "[NO VIOLATION IN WHAT WAS INSPECTED]")
                                 : sk_tell(run, "【違反なし】", "[NO VIOLATION]"));
        return !b->failed;
    }
    sk_buf_str(b, sk_tell(run, "【要対応】", "[ACTION NEEDED] "));
    for (size_t rank = 0; rank < sk_policy_severities(run->policy); rank++) {
        const char *severity = sk_policy_severity(run->policy, rank);
        for (size_t i = 0; severity && i < c->worst.n; i++)
            if (strcmp(c->worst.items[i].name, severity) == 0) {
                sk_buf_str(b, first ? "" : sk_tell(run, "・", ", "));
                sk_buf_str(b, sk_severity_word(run, severity));
                number(b, " ", c->worst.items[i].n, sk_tell(run, "件", ""));
                named += c->worst.items[i].n;
                first = false;
            }
    }
    if (named < c->to_fix)
        number(b, first ? "" : sk_tell(run, "・重大度なし ", ", no severity "), c->to_fix - named,
               sk_tell(run, "件", ""));
    return !b->failed;
}

bool sk_tell_completeness(struct sk_buf *b, const struct sk_report *r, bool complete)
{
    const struct sk_run_info *run = &r->run;
    const struct sk_counts *c = &r->counts;
    uint64_t unread = c->states[SK_ST_UNINSPECTABLE] + c->unread_unchanged, partial = c->states[SK_ST_PARTIAL];
    if (complete && unread + partial == 0 && c->canaries_failed == 0)
        return sk_buf_str(b, sk_tell(run, "【完全】", "[COMPLETE]"));
    sk_buf_str(b, sk_tell(run, "【不完全】", "[INCOMPLETE] "));
    if (unread)
        number(b, sk_tell(run, "判定不能 ", "not inspectable "), unread, sk_tell(run, "件", ""));
    if (partial)
        number(b,
               unread ? sk_tell(run, "・一部判定不能 ", ", partly ")
                      : sk_tell(run, "一部判定不能 ", "partly not inspected "),
               partial, sk_tell(run, "件", ""));
    if (c->canaries_failed)
        number(b, sk_tell(run, " 検査器試験 不合格 ", " detector test failed "), c->canaries_failed,
               sk_tell(run, "件", ""));
    if (unread + partial + c->canaries_failed == 0)
        sk_buf_str(b, sk_tell(run, "見ていない場所・ファイルがあります", "some places or files were not reached"));
    return !b->failed;
}
