/* render_places.c - locations, sums, severities, destinations, exceptions, limits as tables. */
#include "judge/render.h"

#include <inttypes.h>
#include <string.h>

static const char *yes_no(const struct sk_page *page, bool yes)
{
    return yes ? sk_tr(page, "はい", "yes") : sk_tr(page, "いいえ", "no");
}

static void place_row(struct sk_page *page, const struct sk_location *loc)
{
    sk_page_row(page);
    sk_page_text_cell(page, loc->id);
    sk_page_text_cell(page, loc->path_n ? loc->path : sk_tr(page, "(ほかのすべて)", "(every other path)"));
    sk_page_text_cell(page, sk_policy_grade(page->p, loc->max_grade));
    sk_put_bits(&page->cell, &page->p->compartments, loc->compartments);
    sk_page_cell(page);
    for (size_t i = 0; i < loc->n_owner_groups; i++)
        sk_buf_printf(&page->cell, "%s%s", i ? ", " : "", loc->owner_groups[i]);
    sk_page_cell(page);
    sk_page_text_cell(page, yes_no(page, loc->world_readable));
    sk_page_text_cell(page, yes_no(page, loc->must_encrypt));
    if (loc->max_age_days >= 0)
        sk_buf_printf(&page->cell, sk_tr(page, "%ld日", "%ld days"), loc->max_age_days);
    sk_page_cell(page);
    sk_put_elements(page, loc->forbidden, sk_tr(page, "、", ", "));
    sk_page_cell(page);
    sk_page_text_cell(page, loc->review_unscannable ? sk_tr(page, "要確認", "review") : sk_tr(page, "問わない", "ignore"));
    sk_page_row_end(page);
}

static void put_line(struct sk_page *page, const struct sk_severity_line *line)
{
    const char *between = "";
    for (int c = 0; c < SK_V_CODES; c++)
        if (line->codes >> c & 1) {
            sk_buf_printf(&page->cell, "%s%s", between, SK_CODES[c]);
            between = "/";
        }
    between = *between ? " " : "";
    if (line->review) {
        sk_buf_printf(&page->cell, "%s%s", between, sk_tr(page, "要確認の項目", "items for review"));
        between = " ";
    }
    if (line->grade_at_least >= 0) {
        sk_buf_printf(&page->cell, sk_tr(page, "%s%s 以上", "%sat least %s"), between, sk_policy_grade(page->p, (uint8_t)line->grade_at_least));
        between = " ";
    }
    for (size_t i = 0; i < line->n_locations; i++) {
        sk_buf_printf(&page->cell, "%s%s", i ? "/" : between, line->locations[i]);
        between = " ";
    }
    if (line->persons_over >= 0)
        sk_buf_printf(&page->cell, sk_tr(page, "%s%lld人を超える", "%smore than %lld people"), between, line->persons_over);
}

static void severities(struct sk_page *page)
{
    static const char *const JA[] = { "重大度", "名称", "条件(上から最初に当たったもの)", NULL };
    static const char *const EN[] = { "Severity", "Name", "Condition (the first that holds)", NULL };
    sk_page_heading(page, sk_tr(page, "重大度", "Severity"));
    sk_page_table(page, page->english ? EN : JA);
    for (size_t i = 0; i < page->p->n_severities; i++)
        for (size_t k = 0; k < page->p->severities[i].n_lines; k++) {
            sk_page_row(page);
            sk_page_text_cell(page, page->p->severities[i].id);
            sk_page_text_cell(page, page->p->severities[i].name);
            put_line(page, &page->p->severities[i].lines[k]);
            sk_page_cell(page);
            sk_page_row_end(page);
        }
    sk_page_table_end(page);
}

static void aggregates(struct sk_page *page)
{
    static const char *const JA[] = { "本人の合計", "置き場所の上限", "重大度", NULL };
    static const char *const EN[] = { "People in all", "Ceiling of the place", "Severity", NULL };
    const struct sk_policy *p = page->p;
    sk_page_heading(page, sk_tr(page, "同じ置き場所の合計(V-AGG)", "Sum over one place (V-AGG)"));
    sk_page_table(page, page->english ? EN : JA);
    for (size_t i = 0; i < p->n_aggregates; i++) {
        sk_page_row(page);
        sk_buf_printf(&page->cell, sk_tr(page, "%lld人を超える", "more than %lld"), p->aggregates[i].over);
        sk_page_cell(page);
        if (p->aggregates[i].ceiling_below >= 0)
            sk_buf_printf(&page->cell, sk_tr(page, "%s 未満", "below %s"), sk_policy_grade(p, (uint8_t)p->aggregates[i].ceiling_below));
        sk_page_cell(page);
        sk_page_text_cell(page, p->severities[p->aggregates[i].severity].id);
        sk_page_row_end(page);
    }
    sk_page_table_end(page);
}

void sk_render_places(struct sk_page *page)
{
    static const char *const JA[] = { "id", "場所", "上限", "区画", "担当グループ", "だれでも読める", "暗号化が必要", "保存期間", "置けない項目", "検査できないとき", NULL };
    static const char *const EN[] = { "id", "Path", "Ceiling", "Compartments", "Owner groups", "World-readable", "Must be encrypted", "Age limit",
                                      "Forbidden", "Not inspectable", NULL };
    sk_page_heading(page, sk_tr(page, "置き場所(いちばん長く一致したもの)", "Places (the longest match)"));
    sk_page_table(page, page->english ? EN : JA);
    for (size_t i = 0; i < page->p->n_locations; i++)
        place_row(page, &page->p->locations[i]);
    sk_page_table_end(page);
    aggregates(page);
    severities(page);
}

static const char *requirement(const struct sk_page *page, int i)
{
    static const char *const JA[SK_REQS] = { "宛先の保険者だけ", "強い暗号化", "隠れた内容なし", "少数セルなし", "承認", "二者承認", "公表の承認", "契約" };
    static const char *const EN[SK_REQS] = { "recipient's people only", "strong encryption", "nothing hidden",      "no small cells",
                                             "approval",                "dual approval",     "publication approval", "contract" };
    return page->english ? EN[i] : JA[i];
}

static void approvals(struct sk_page *page)
{
    static const char *const JA[] = { "承認", "人数", "役割", NULL }, *const EN[] = { "Approval", "People", "Roles", NULL };
    static const int NAMES[SK_APPROVALS] = { SK_REQ_APPROVAL, SK_REQ_DUAL, SK_REQ_PUBLIC };
    const struct sk_policy *p = page->p;
    sk_page_heading(page, sk_tr(page, "承認・暗号化", "Approvals, encryption"));
    sk_page_table(page, page->english ? EN : JA);
    for (size_t i = 0; i < SK_APPROVALS; i++) {
        if (!p->approvals[i].count)
            continue;
        sk_page_row(page);
        sk_page_text_cell(page, requirement(page, NAMES[i]));
        sk_buf_printf(&page->cell, "%u", p->approvals[i].count);
        sk_page_cell(page);
        for (size_t k = 0; k < p->approvals[i].n_roles; k++)
            sk_buf_printf(&page->cell, "%s%s", k ? ", " : "", p->approvals[i].roles[k]);
        sk_page_cell(page);
        sk_page_row_end(page);
    }
    sk_page_table_end(page);
    sk_buf_printf(&page->cell, sk_tr(page, "平文を点検した控えは %u 日間有効。強いと認める暗号:", "A receipt of a plain file holds %u days. Strong encryption: "),
                  p->settings.receipt_days);
    for (size_t i = 0; i < p->n_strong; i++)
        sk_buf_printf(&page->cell, "%s%s", i ? ", " : "", p->strong[i]);
    sk_page_text(page, page->cell.p ? page->cell.p : "");
    sk_buf_clear(&page->cell);
}

void sk_render_transfer(struct sk_page *page)
{
    static const char *const JA[] = { "id", "送付先", "上限", "区画", "止めない取扱い", "条件", NULL };
    static const char *const EN[] = { "id", "Destination", "Ceiling", "Compartments", "Handling that does not stop it", "Requires", NULL };
    const struct sk_policy *p = page->p;
    sk_page_heading(page, sk_tr(page, "外部送付先", "Destinations"));
    sk_page_table(page, page->english ? EN : JA);
    for (size_t i = 0; i < p->n_destinations; i++) {
        const struct sk_destination *d = &p->destinations[i];
        sk_page_row(page);
        sk_page_text_cell(page, d->id);
        sk_page_text_cell(page, d->name);
        sk_page_text_cell(page, sk_policy_grade(p, d->max_grade));
        sk_put_bits(&page->cell, &p->compartments, d->compartments);
        sk_page_cell(page);
        sk_put_bits(&page->cell, &p->handling, d->overrides);
        sk_page_cell(page);
        for (int k = 0, n = 0; k < SK_REQS; k++)
            if (d->require >> k & 1)
                sk_buf_printf(&page->cell, "%s%s", n++ ? sk_tr(page, "、", ", ") : "", requirement(page, k));
        sk_page_cell(page);
        sk_page_row_end(page);
    }
    sk_page_table_end(page);
    approvals(page);
}

static void exceptions(struct sk_page *page)
{
    static const char *const JA[] = { "格付", "例外の最長日数", "範囲の書き方", NULL }, *const EN[] = { "Grade", "Longest exception (days)", "Scope", NULL };
    const struct sk_policy *p = page->p;
    sk_page_heading(page, sk_tr(page, "例外", "Exceptions"));
    sk_page_text(page, sk_tr(page, "例外は違反を「例外承認中」にするだけで、検出・格付・件数は消えない。申請者は自分で承認できない。",
                             "An exception only marks a violation as approved; finding, label and counts stay. Nobody approves their own request."));
    sk_page_table(page, page->english ? EN : JA);
    for (size_t i = 0; i < p->grade_ids.n; i++) {
        sk_page_row(page);
        sk_page_text_cell(page, p->grade_ids.names[i]);
        sk_buf_printf(&page->cell, "%ld", p->max_days[i]);
        sk_page_cell(page);
        sk_page_text_cell(page, (int)i <= p->path_up_to ? "sha256, path" : "sha256");
        sk_page_row_end(page);
    }
    sk_page_table_end(page);
    sk_buf_printf(&page->cell, sk_tr(page, "承認済みの例外:%zu件。期限の %u 日前から報告書に出す。", "Approved exceptions: %zu. Reports mention the end from %u days before."),
                  p->n_exceptions, p->settings.notice_days);
    sk_page_text(page, page->cell.p ? page->cell.p : "");
    sk_buf_clear(&page->cell);
}

static void limit(struct sk_page *page, const char *name, uint64_t value)
{
    sk_page_row(page);
    sk_page_text_cell(page, name);
    sk_buf_printf(&page->cell, "%" PRIu64, value);
    sk_page_cell(page);
    sk_page_row_end(page);
}

void sk_render_rest(struct sk_page *page)
{
    static const char *const JA[] = { "項目", "値", NULL }, *const EN[] = { "Setting", "Value", NULL };
    const struct sk_policy *p = page->p;
    exceptions(page);
    sk_page_heading(page, sk_tr(page, "検査の範囲と上限", "Limits and coverage"));
    sk_page_table(page, page->english ? EN : JA);
    limit(page, sk_tr(page, "書庫の入れ子の深さ", "depth of nested containers"), p->limits.max_depth);
    limit(page, sk_tr(page, "ファイルの大きさ(バイト)", "bytes of a file"), p->limits.max_file_bytes);
    limit(page, sk_tr(page, "展開後の大きさ(バイト)", "bytes expanded"), p->limits.max_expanded_bytes);
    limit(page, sk_tr(page, "展開の倍率", "expansion ratio"), p->limits.max_ratio);
    limit(page, sk_tr(page, "1ファイルの秒数", "seconds a file"), p->limits.seconds);
    limit(page, sk_tr(page, "全件検査の間隔(日)", "days between full scans"), p->settings.full_scan_days);
    sk_page_row(page);
    sk_page_text_cell(page, sk_tr(page, "前回の件数に対する下限(下回ると到達不良)", "least share of the last count (below: not reachable)"));
    sk_buf_printf(&page->cell, "%g", p->settings.share_min_ratio);
    sk_page_cell(page);
    sk_page_row_end(page);
    sk_page_row(page);
    sk_page_text_cell(page, sk_tr(page, "検査器試験のファイル", "canary file"));
    sk_buf_printf(&page->cell, "%s%s", p->settings.canary_name, p->settings.canary_required ? sk_tr(page, "(必須)", " (required)") : "");
    for (size_t i = 0; i < p->n_expect; i++)
        sk_buf_printf(&page->cell, " %s=%" PRIu64, sk_element_title(p->expect[i].element, page->english), p->expect[i].count);
    sk_page_cell(page);
    sk_page_row_end(page);
    limit(page, sk_tr(page, "概要版で人数を伏せる境(未満)", "summary tells no counts of people below"), p->settings.small_count_mask);
    sk_page_table_end(page);
}
