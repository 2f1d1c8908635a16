/* render_rules.c - grades, compartments, handling, label rules, markings as tables. */
#include "judge/render.h"

#include <string.h>

void sk_put_elements(struct sk_annex *annex, sk_elements set, const char *between)
{
    const struct sk_policy *p = annex->p;
    for (size_t i = 0; i < p->n_groups;
         i++) /* a group is told by all it holds, so that the annex stands alone; longest lists only by name */
        if (p->groups[i].elements == set && __builtin_popcountll(set) > 4) {
            sk_buf_printf(&annex->cell, "%s", p->groups[i].name);
            return;
        }
    for (int e = 0, n = 0; e < SK_EL_COUNT; e++)
        if (set & SK_BIT(e))
            sk_buf_printf(&annex->cell, "%s%s", n++ ? between : "",
                          sk_element_title((enum sk_element)e, annex->english));
}

void sk_put_effect_cells(struct sk_annex *annex, const struct sk_effect *e)
{
    sk_annex_text_cell(annex, e->grade < 0 ? "" : sk_policy_grade(annex->p, (uint8_t)e->grade));
    sk_put_bits(&annex->cell, &annex->p->compartments, e->compartments);
    sk_annex_cell(annex);
    sk_put_bits(&annex->cell, &annex->p->handling, e->handling);
    sk_annex_cell(annex);
    if (e->integrity)
        sk_buf_printf(&annex->cell, sk_tr(annex, "完全性%u", "I%u"), e->integrity);
    if (e->availability)
        sk_buf_printf(&annex->cell, sk_tr(annex, "%s可用性%u", "%sA%u"), e->integrity ? " " : "", e->availability);
    sk_annex_cell(annex);
}

static void groups(struct sk_annex *annex)
{
    static const char *const JA[] = { "まとまり", "含まれる要素", NULL }, *const EN[] = { "Group", "Elements", NULL };
    sk_annex_heading(annex, sk_tr(annex, "要素のまとまり", "Groups of elements"));
    sk_annex_table(annex, annex->english ? EN : JA);
    for (size_t i = 0; i < annex->p->n_groups; i++) {
        sk_annex_row(annex);
        sk_annex_text_cell(annex, annex->p->groups[i].name);
        for (int e = 0, n = 0; e < SK_EL_COUNT; e++)
            if (annex->p->groups[i].elements & SK_BIT(e))
                sk_buf_printf(&annex->cell, "%s%s", n++ ? sk_tr(annex, "、", ", ") : "",
                              sk_element_title((enum sk_element)e, annex->english));
        sk_annex_cell(annex);
        sk_annex_row_end(annex);
    }
    sk_annex_table_end(annex);
}

static void grades(struct sk_annex *annex)
{
    static const char *const JA[] = { "格付", "名称", "機密性", "統一基準", "自治体", NULL };
    static const char *const EN[] = { "Grade", "Name", "C", "Government scheme", "Municipal scheme", NULL };
    const struct sk_policy *p = annex->p;
    sk_annex_heading(annex, sk_tr(annex, "格付(低い順)", "Grades (low to high)"));
    sk_annex_table(annex, annex->english ? EN : JA);
    for (size_t i = 0; i < p->grade_ids.n; i++) {
        sk_annex_row(annex);
        sk_annex_text_cell(annex, p->grades[i].id);
        sk_annex_text_cell(annex, p->grades[i].name);
        if (p->grades[i].c)
            sk_buf_printf(&annex->cell, "%d", p->grades[i].c);
        sk_annex_cell(annex);
        sk_annex_text_cell(annex, p->grades[i].gov);
        sk_annex_text_cell(annex, p->grades[i].muni);
        sk_annex_row_end(annex);
    }
    sk_annex_table_end(annex);
}

void sk_render_scheme(struct sk_annex *annex)
{
    static const char *const JA[] = { "区画", "意味", NULL }, *const EN[] = { "Compartment", "Meaning", NULL };
    const struct sk_policy *p = annex->p;
    grades(annex);
    sk_annex_heading(annex, sk_tr(annex, "区画と取扱い", "Compartments and handling"));
    sk_annex_table(annex, annex->english ? EN : JA);
    for (size_t i = 0; i < p->compartments.n; i++) {
        sk_annex_row(annex);
        sk_annex_text_cell(annex, p->compartments.names[i]);
        sk_annex_text_cell(annex, p->compartment_names.names[i]);
        sk_annex_row_end(annex);
    }
    sk_annex_table_end(annex);
    sk_buf_str(&annex->cell, sk_tr(annex, "取扱い:", "Handling: "));
    sk_put_bits(&annex->cell, &p->handling, UINT32_MAX);
    sk_buf_printf(&annex->cell,
                  sk_tr(annex, "。何も当たらなかったファイルの格付は %s とする(公開してよいという意味ではない)。",
                        ". A file on which nothing hits is graded %s, which does not mean that it may be published."),
                  sk_policy_grade(p, (uint8_t)p->default_label.grade));
    sk_annex_text(annex, annex->cell.p ? annex->cell.p : "");
    sk_buf_clear(&annex->cell);
    groups(annex);
}

static void put_confidences(struct sk_annex *annex, uint8_t bits)
{
    if (bits == (1u << SK_CONF_MEDIUM | 1u << SK_CONF_HIGH))
        return;
    sk_buf_str(&annex->cell, sk_tr(annex, "(確度 ", " (confidence "));
    for (unsigned c = 0, n = 0; c < SK_CONF_COUNT; c++)
        if (bits >> c & 1)
            sk_buf_printf(&annex->cell, "%s%s", n++ ? "/" : "", sk_confidence_name((enum sk_confidence)c));
    sk_buf_str(&annex->cell, sk_tr(annex, ")", ")"));
}

static void put_condition(struct sk_annex *annex, const struct sk_label_rule *rule)
{
    const char *and = sk_tr(annex, " と ", " and "), * or = sk_tr(annex, "・", " or ");
    bool some = false;
    if (rule->any) {
        sk_buf_str(&annex->cell, sk_tr(annex, "どれか:", "any of: "));
        sk_put_elements(annex, rule->any, or);
        some = true;
    }
    for (size_t i = 0; i < rule->n_all; i++) {
        sk_buf_str(&annex->cell, some ? and : "");
        sk_put_elements(annex, rule->all[i], or);
        some = true;
    }
    if (rule->link)
        sk_buf_str(&annex->cell, sk_tr(annex, "(同じ記録の中)", " (in one record)"));
    if (rule->small_cells)
        sk_buf_printf(&annex->cell,
                      sk_tr(annex, "%s人数の見出しの列に %lld から %lld までの数",
                            "%sa number from %lld to %lld under a heading of people"),
                      some ? and : "", annex->p->small_from, annex->p->small_to);
    put_confidences(annex, rule->confidences);
    if (rule->over == 0)
        sk_buf_str(&annex->cell, sk_tr(annex, "、1人から", ", from 1 person"));
    else if (rule->over > 0)
        sk_buf_printf(&annex->cell, sk_tr(annex, "、%lld人を超える", ", more than %lld people"), rule->over);
}

void sk_render_rules(struct sk_annex *annex)
{
    static const char *const JA[] = { "規則",   "名称",           "条件",       "格付", "区画",
                                      "取扱い", "完全性・可用性", "根拠(目安)", NULL };
    static const char *const EN[] = { "Rule",     "Name", "Condition",      "Grade", "Compartments",
                                      "Handling", "I, A", "Ground (guide)", NULL };
    sk_annex_heading(annex, sk_tr(annex, "格付規則", "Label rules"));
    sk_annex_text(annex,
                  sk_tr(annex, "当たった規則すべての最大の格付と、区画・取扱いの和集合をとる。格付を下げる規則はない。",
                        "All rules that hold are combined: highest grade, union of compartments and handling. Nothing "
                        "lowers a grade."));
    sk_annex_table(annex, annex->english ? EN : JA);
    for (size_t i = 0; i < annex->p->n_rules; i++) {
        const struct sk_label_rule *rule = &annex->p->rules[i];
        sk_annex_row(annex);
        sk_annex_text_cell(annex, rule->id);
        sk_annex_text_cell(annex, rule->name);
        put_condition(annex, rule);
        sk_annex_cell(annex);
        if (rule->review) {
            sk_buf_printf(&annex->cell, sk_tr(annex, "要確認:%s", "review: %s"), rule->review);
            sk_annex_cell(annex);
            for (int k = 0; k < 3; k++)
                sk_annex_text_cell(annex, "");
        } else {
            sk_put_effect_cells(annex, &rule->set);
        }
        sk_annex_text_cell(annex, rule->basis);
        sk_annex_row_end(annex);
    }
    sk_annex_table_end(annex);
}

static void msip(struct sk_annex *annex)
{
    static const char *const JA[] = { "ラベル(GUID)", "格付", "区画", "取扱い", "完全性・可用性", NULL };
    static const char *const EN[] = { "Label (GUID)", "Grade", "Compartments", "Handling", "I, A", NULL };
    const struct sk_policy *p = annex->p;
    if (!p->msip_tenant)
        return;
    sk_annex_heading(annex, sk_tr(annex, "Microsoft 秘密度ラベル", "Microsoft sensitivity labels"));
    sk_annex_table(annex, annex->english ? EN : JA);
    for (size_t i = 0; i < p->n_msip_labels; i++) {
        sk_annex_row(annex);
        sk_annex_text_cell(annex, p->msip_labels[i].guid);
        sk_put_effect_cells(annex, &p->msip_labels[i].set);
        sk_annex_row_end(annex);
    }
    sk_annex_row(annex);
    sk_annex_text_cell(annex, sk_tr(annex, "ほかのラベル・ほかの組織", "other labels, other tenants"));
    sk_put_effect_cells(annex, &p->msip_unknown);
    sk_annex_row_end(annex);
    sk_annex_table_end(annex);
}

void sk_render_markings(struct sk_annex *annex)
{
    static const char *const JA[] = { "表示", "数え方", "格付", "区画", "取扱い", "完全性・可用性", NULL };
    static const char *const EN[] = { "Marking", "Counts", "Grade", "Compartments", "Handling", "I, A", NULL };
    const struct sk_policy *p = annex->p;
    sk_annex_heading(annex, sk_tr(annex, "格付の表示", "Markings"));
    sk_annex_table(annex, annex->english ? EN : JA);
    for (size_t i = 0; i < p->n_marks; i++) {
        sk_annex_row(annex);
        sk_annex_text_cell(annex, p->marks[i].word);
        sk_annex_text_cell(annex, p->mark_words[i].enclosed_only
                                      ? sk_tr(annex, "囲みの中・1行だけ", "enclosed or alone on its line")
                                      : "");
        sk_put_effect_cells(annex, &p->marks[i].set);
        sk_annex_row_end(annex);
    }
    for (int c = 0; c < 10; c++) {
        if (p->cia_grades[c] < 0)
            continue;
        sk_annex_row(annex);
        sk_buf_printf(&annex->cell, "C%dIxAx", c);
        sk_annex_cell(annex);
        sk_annex_text_cell(annex, "");
        struct sk_effect e = { .grade = p->cia_grades[c] };
        sk_put_effect_cells(annex, &e);
        sk_annex_row_end(annex);
    }
    sk_annex_table_end(annex);
    msip(annex);
}
