/* render_places.c - locations, sums, severities, destinations, exceptions, limits as tables. */
#include "judge/render.h"

#include <inttypes.h>
#include <string.h>

static const char *yes_no(const struct sk_annex *annex, bool yes)
{
    return yes ? sk_tr(annex, "はい", "yes") : sk_tr(annex, "いいえ", "no");
}

static void place_row(struct sk_annex *annex, const struct sk_location *loc)
{
    sk_annex_row(annex);
    sk_annex_text_cell(annex, loc->id);
    sk_annex_text_cell(annex, loc->path_n ? loc->path : sk_tr(annex, "(ほかのすべて)", "(every other path)"));
    sk_annex_text_cell(annex, sk_policy_grade(annex->p, loc->max_grade));
    sk_put_bits(&annex->cell, &annex->p->compartments, loc->compartments);
    sk_annex_cell(annex);
    for (size_t i = 0; i < loc->n_owner_groups; i++)
        sk_buf_printf(&annex->cell, "%s%s", i ? ", " : "", loc->owner_groups[i]);
    sk_annex_cell(annex);
    sk_annex_text_cell(annex, yes_no(annex, loc->world_readable));
    sk_annex_text_cell(annex, yes_no(annex, loc->must_encrypt));
    if (loc->max_age_days >= 0)
        sk_buf_printf(&annex->cell, sk_tr(annex, "%ld日", "%ld days"), loc->max_age_days);
    sk_annex_cell(annex);
    sk_put_elements(annex, loc->forbidden, sk_tr(annex, "、", ", "));
    sk_annex_cell(annex);
    sk_annex_text_cell(annex,
                       loc->review_unscannable ? sk_tr(annex, "要確認", "review") : sk_tr(annex, "問わない", "ignore"));
    sk_annex_row_end(annex);
}

static void put_line(struct sk_annex *annex, const struct sk_severity_line *line)
{
    const char *between = "";
    for (int c = 0; c < SK_V_CODES; c++)
        if (line->codes >> c & 1) {
            sk_buf_printf(&annex->cell, "%s%s", between, SK_CODES[c]);
            between = "/";
        }
    between = *between ? " " : "";
    if (line->review) {
        sk_buf_printf(&annex->cell, "%s%s", between, sk_tr(annex, "要確認の項目", "items for review"));
        between = " ";
    }
    if (line->grade_at_least >= 0) {
        sk_buf_printf(&annex->cell, sk_tr(annex, "%s%s 以上", "%sat least %s"), between,
                      sk_policy_grade(annex->p, (uint8_t)line->grade_at_least));
        between = " ";
    }
    for (size_t i = 0; i < line->n_locations; i++) {
        sk_buf_printf(&annex->cell, "%s%s", i ? "/" : between, line->locations[i]);
        between = " ";
    }
    if (line->persons_over >= 0)
        sk_buf_printf(&annex->cell, sk_tr(annex, "%s%lld人を超える", "%smore than %lld people"), between,
                      line->persons_over);
}

static void severities(struct sk_annex *annex)
{
    static const char *const JA[] = { "重大度", "名称", "条件(上から最初に当たったもの)", NULL };
    static const char *const EN[] = { "Severity", "Name", "Condition (the first that holds)", NULL };
    sk_annex_heading(annex, sk_tr(annex, "重大度", "Severity"));
    sk_annex_table(annex, annex->english ? EN : JA);
    for (size_t i = 0; i < annex->p->n_severities; i++)
        for (size_t k = 0; k < annex->p->severities[i].n_lines; k++) {
            sk_annex_row(annex);
            sk_annex_text_cell(annex, annex->p->severities[i].id);
            sk_annex_text_cell(annex, annex->p->severities[i].name);
            put_line(annex, &annex->p->severities[i].lines[k]);
            sk_annex_cell(annex);
            sk_annex_row_end(annex);
        }
    sk_annex_table_end(annex);
}

static void aggregates(struct sk_annex *annex)
{
    static const char *const JA[] = { "本人の合計", "置き場所の上限", "重大度", NULL };
    static const char *const EN[] = { "People in all", "Ceiling of the place", "Severity", NULL };
    const struct sk_policy *p = annex->p;
    sk_annex_heading(annex, sk_tr(annex, "同じ置き場所の合計(V-AGG)", "Sum over one place (V-AGG)"));
    sk_annex_table(annex, annex->english ? EN : JA);
    for (size_t i = 0; i < p->n_aggregates; i++) {
        sk_annex_row(annex);
        sk_buf_printf(&annex->cell, sk_tr(annex, "%lld人を超える", "more than %lld"), p->aggregates[i].over);
        sk_annex_cell(annex);
        if (p->aggregates[i].ceiling_below >= 0)
            sk_buf_printf(&annex->cell, sk_tr(annex, "%s 未満", "below %s"),
                          sk_policy_grade(p, (uint8_t)p->aggregates[i].ceiling_below));
        sk_annex_cell(annex);
        sk_annex_text_cell(annex, p->severities[p->aggregates[i].severity].id);
        sk_annex_row_end(annex);
    }
    sk_annex_table_end(annex);
}

void sk_render_places(struct sk_annex *annex)
{
    static const char *const JA[] = { "id",
                                      "場所",
                                      "上限",
                                      "区画",
                                      "担当グループ",
                                      "だれでも読める",
                                      "暗号化が必要",
                                      "保存期間",
                                      "置けない項目",
                                      "検査できないとき",
                                      NULL };
    static const char *const EN[] = { "id",
                                      "Path",
                                      "Ceiling",
                                      "Compartments",
                                      "Owner groups",
                                      "World-readable",
                                      "Must be encrypted",
                                      "Age limit",
                                      "Forbidden",
                                      "Not inspectable",
                                      NULL };
    sk_annex_heading(annex, sk_tr(annex, "置き場所(いちばん長く一致したもの)", "Places (the longest match)"));
    sk_annex_table(annex, annex->english ? EN : JA);
    for (size_t i = 0; i < annex->p->n_locations; i++)
        place_row(annex, &annex->p->locations[i]);
    sk_annex_table_end(annex);
    aggregates(annex);
    severities(annex);
}

static const char *requirement(const struct sk_annex *annex, int i)
{
    static const char *const JA[SK_REQS] = { "宛先の保険者だけ", "強い暗号化", "隠れた内容なし",
                                             "少数セルなし",     "承認",       "二者承認",
                                             "公表の承認",       "契約" };
    static const char *const EN[SK_REQS] = { "recipient's people only", "strong encryption", "nothing hidden",
                                             "no small cells",          "approval",          "dual approval",
                                             "publication approval",    "contract" };
    return annex->english ? EN[i] : JA[i];
}

static void approvals(struct sk_annex *annex)
{
    static const char *const JA[] = { "承認", "人数", "役割", NULL }, *const EN[] = { "Approval", "People", "Roles",
                                                                                      NULL };
    static const int NAMES[SK_APPROVALS] = { SK_REQ_APPROVAL, SK_REQ_DUAL, SK_REQ_PUBLIC };
    const struct sk_policy *p = annex->p;
    sk_annex_heading(annex, sk_tr(annex, "承認・暗号化", "Approvals, encryption"));
    sk_annex_table(annex, annex->english ? EN : JA);
    for (size_t i = 0; i < SK_APPROVALS; i++) {
        if (!p->approvals[i].count)
            continue;
        sk_annex_row(annex);
        sk_annex_text_cell(annex, requirement(annex, NAMES[i]));
        sk_buf_printf(&annex->cell, "%u", p->approvals[i].count);
        sk_annex_cell(annex);
        for (size_t k = 0; k < p->approvals[i].n_roles; k++)
            sk_buf_printf(&annex->cell, "%s%s", k ? ", " : "", p->approvals[i].roles[k]);
        sk_annex_cell(annex);
        sk_annex_row_end(annex);
    }
    sk_annex_table_end(annex);
    sk_buf_printf(&annex->cell,
                  sk_tr(annex, "平文を点検した控えは %u 日間有効。強いと認める暗号:",
                        "A receipt of a plain file holds %u days. Strong encryption: "),
                  p->settings.receipt_days);
    for (size_t i = 0; i < p->n_strong; i++)
        sk_buf_printf(&annex->cell, "%s%s", i ? ", " : "", p->strong[i]);
    sk_annex_text(annex, annex->cell.p ? annex->cell.p : "");
    sk_buf_clear(&annex->cell);
}

void sk_render_transfer(struct sk_annex *annex)
{
    static const char *const JA[] = { "id", "送付先", "上限", "区画", "止めない取扱い", "条件", NULL };
    static const char *const EN[] = {
        "id", "Destination", "Ceiling", "Compartments", "Handling that does not stop it", "Requires", NULL
    };
    const struct sk_policy *p = annex->p;
    sk_annex_heading(annex, sk_tr(annex, "外部送付先", "Destinations"));
    sk_annex_table(annex, annex->english ? EN : JA);
    for (size_t i = 0; i < p->n_destinations; i++) {
        const struct sk_destination *d = &p->destinations[i];
        sk_annex_row(annex);
        sk_annex_text_cell(annex, d->id);
        sk_annex_text_cell(annex, d->name);
        sk_annex_text_cell(annex, sk_policy_grade(p, d->max_grade));
        sk_put_bits(&annex->cell, &p->compartments, d->compartments);
        sk_annex_cell(annex);
        sk_put_bits(&annex->cell, &p->handling, d->overrides);
        sk_annex_cell(annex);
        for (int k = 0, n = 0; k < SK_REQS; k++)
            if (d->require >> k & 1)
                sk_buf_printf(&annex->cell, "%s%s", n++ ? sk_tr(annex, "、", ", ") : "", requirement(annex, k));
        sk_annex_cell(annex);
        sk_annex_row_end(annex);
    }
    sk_annex_table_end(annex);
    approvals(annex);
}

static void exceptions(struct sk_annex *annex)
{
    static const char *const JA[] = { "格付", "例外の最長日数", "範囲の書き方", NULL }, *const EN[] = {
        "Grade", "Longest exception (days)", "Scope", NULL
    };
    const struct sk_policy *p = annex->p;
    sk_annex_heading(annex, sk_tr(annex, "例外", "Exceptions"));
    sk_annex_text(
        annex,
        sk_tr(annex, "例外は違反を「例外承認中」にするだけで、検出・格付・件数は消えない。申請者は自分で承認できない。",
              "An exception only marks a violation as approved; finding, label and counts stay. Nobody approves their "
              "own request."));
    sk_annex_table(annex, annex->english ? EN : JA);
    for (size_t i = 0; i < p->grade_ids.n; i++) {
        sk_annex_row(annex);
        sk_annex_text_cell(annex, p->grade_ids.names[i]);
        sk_buf_printf(&annex->cell, "%ld", p->max_days[i]);
        sk_annex_cell(annex);
        sk_annex_text_cell(annex, (int)i <= p->path_up_to ? "sha256, path" : "sha256");
        sk_annex_row_end(annex);
    }
    sk_annex_table_end(annex);
    sk_buf_printf(&annex->cell,
                  sk_tr(annex, "承認済みの例外:%zu件。期限の %u 日前から報告書に出す。",
                        "Approved exceptions: %zu. Reports mention the end from %u days before."),
                  p->n_exceptions, p->settings.notice_days);
    sk_annex_text(annex, annex->cell.p ? annex->cell.p : "");
    sk_buf_clear(&annex->cell);
}

static void limit(struct sk_annex *annex, const char *name, uint64_t value)
{
    sk_annex_row(annex);
    sk_annex_text_cell(annex, name);
    sk_buf_printf(&annex->cell, "%" PRIu64, value);
    sk_annex_cell(annex);
    sk_annex_row_end(annex);
}

void sk_render_rest(struct sk_annex *annex)
{
    static const char *const JA[] = { "項目", "値", NULL }, *const EN[] = { "Setting", "Value", NULL };
    const struct sk_policy *p = annex->p;
    exceptions(annex);
    sk_annex_heading(annex, sk_tr(annex, "検査の範囲と上限", "Limits and coverage"));
    sk_annex_table(annex, annex->english ? EN : JA);
    limit(annex, sk_tr(annex, "書庫の入れ子の深さ", "depth of nested containers"), p->limits.max_depth);
    limit(annex, sk_tr(annex, "ファイルの大きさ(バイト)", "bytes of a file"), p->limits.max_file_bytes);
    limit(annex, sk_tr(annex, "展開後の大きさ(バイト)", "bytes expanded"), p->limits.max_expanded_bytes);
    limit(annex, sk_tr(annex, "展開の倍率", "expansion ratio"), p->limits.max_ratio);
    limit(annex, sk_tr(annex, "1ファイルの秒数", "seconds a file"), p->limits.seconds);
    limit(annex, sk_tr(annex, "全件検査の間隔(日)", "days between full scans"), p->settings.full_scan_days);
    sk_annex_row(annex);
    sk_annex_text_cell(annex, sk_tr(annex, "前回の件数に対する下限(下回ると到達不良)",
                                    "least share of the last count (below: not reachable)"));
    sk_buf_printf(&annex->cell, "%g", p->settings.share_min_ratio);
    sk_annex_cell(annex);
    sk_annex_row_end(annex);
    sk_annex_row(annex);
    sk_annex_text_cell(annex, sk_tr(annex, "検査器試験のファイル", "canary file"));
    sk_buf_printf(&annex->cell, "%s%s", p->settings.canary_name,
                  p->settings.canary_required ? sk_tr(annex, "(必須)", " (required)") : "");
    for (size_t i = 0; i < p->n_expect; i++)
        sk_buf_printf(&annex->cell, " %s=%" PRIu64, sk_element_title(p->expect[i].element, annex->english),
                      p->expect[i].count);
    sk_annex_cell(annex);
    sk_annex_row_end(annex);
    limit(annex, sk_tr(annex, "概要版で人数を伏せる境(未満)", "summary tells no counts of people below"),
          p->settings.small_count_mask);
    sk_annex_table_end(annex);
}
