/* render_rules.c - grades, compartments, handling, label rules, markings as tables. */
#include "judge/render.h"

#include <string.h>

void sk_put_elements(struct sk_page *page, sk_elements set, const char *between)
{
    const struct sk_policy *p = page->p;
    for (size_t i = 0; i < p->n_groups; i++) /* a group is told by all it holds, so that the annex stands alone; longest lists only by name */
        if (p->groups[i].elements == set && __builtin_popcountll(set) > 4) {
            sk_buf_printf(&page->cell, "%s", p->groups[i].name);
            return;
        }
    for (int e = 0, n = 0; e < SK_EL_COUNT; e++)
        if (set & SK_BIT(e))
            sk_buf_printf(&page->cell, "%s%s", n++ ? between : "", sk_element_title((enum sk_element)e, page->english));
}

void sk_put_effect_cells(struct sk_page *page, const struct sk_effect *e)
{
    sk_page_text_cell(page, e->grade < 0 ? "" : sk_policy_grade(page->p, (uint8_t)e->grade));
    sk_put_bits(&page->cell, &page->p->compartments, e->compartments);
    sk_page_cell(page);
    sk_put_bits(&page->cell, &page->p->handling, e->handling);
    sk_page_cell(page);
    if (e->integrity)
        sk_buf_printf(&page->cell, sk_tr(page, "完全性%u", "I%u"), e->integrity);
    if (e->availability)
        sk_buf_printf(&page->cell, sk_tr(page, "%s可用性%u", "%sA%u"), e->integrity ? " " : "", e->availability);
    sk_page_cell(page);
}

static void groups(struct sk_page *page)
{
    static const char *const JA[] = { "まとまり", "含まれる要素", NULL }, *const EN[] = { "Group", "Elements", NULL };
    sk_page_heading(page, sk_tr(page, "要素のまとまり", "Groups of elements"));
    sk_page_table(page, page->english ? EN : JA);
    for (size_t i = 0; i < page->p->n_groups; i++) {
        sk_page_row(page);
        sk_page_text_cell(page, page->p->groups[i].name);
        for (int e = 0, n = 0; e < SK_EL_COUNT; e++)
            if (page->p->groups[i].elements & SK_BIT(e))
                sk_buf_printf(&page->cell, "%s%s", n++ ? sk_tr(page, "、", ", ") : "", sk_element_title((enum sk_element)e, page->english));
        sk_page_cell(page);
        sk_page_row_end(page);
    }
    sk_page_table_end(page);
}

static void grades(struct sk_page *page)
{
    static const char *const JA[] = { "格付", "名称", "機密性", "統一基準", "自治体", NULL };
    static const char *const EN[] = { "Grade", "Name", "C", "Government scheme", "Municipal scheme", NULL };
    const struct sk_policy *p = page->p;
    sk_page_heading(page, sk_tr(page, "格付(低い順)", "Grades (low to high)"));
    sk_page_table(page, page->english ? EN : JA);
    for (size_t i = 0; i < p->grade_ids.n; i++) {
        sk_page_row(page);
        sk_page_text_cell(page, p->grades[i].id);
        sk_page_text_cell(page, p->grades[i].name);
        if (p->grades[i].c)
            sk_buf_printf(&page->cell, "%d", p->grades[i].c);
        sk_page_cell(page);
        sk_page_text_cell(page, p->grades[i].gov);
        sk_page_text_cell(page, p->grades[i].muni);
        sk_page_row_end(page);
    }
    sk_page_table_end(page);
}

void sk_render_scheme(struct sk_page *page)
{
    static const char *const JA[] = { "区画", "意味", NULL }, *const EN[] = { "Compartment", "Meaning", NULL };
    const struct sk_policy *p = page->p;
    grades(page);
    sk_page_heading(page, sk_tr(page, "区画と取扱い", "Compartments and handling"));
    sk_page_table(page, page->english ? EN : JA);
    for (size_t i = 0; i < p->compartments.n; i++) {
        sk_page_row(page);
        sk_page_text_cell(page, p->compartments.names[i]);
        sk_page_text_cell(page, p->compartment_names.names[i]);
        sk_page_row_end(page);
    }
    sk_page_table_end(page);
    sk_buf_str(&page->cell, sk_tr(page, "取扱い:", "Handling: "));
    sk_put_bits(&page->cell, &p->handling, UINT32_MAX);
    sk_buf_printf(&page->cell, sk_tr(page, "。何も当たらなかったファイルの格付は %s とする(公開してよいという意味ではない)。",
                                     ". A file on which nothing hits is graded %s, which does not mean that it may be published."),
                  sk_policy_grade(p, (uint8_t)p->default_label.grade));
    sk_page_text(page, page->cell.p ? page->cell.p : "");
    sk_buf_clear(&page->cell);
    groups(page);
}

static void put_confidences(struct sk_page *page, uint8_t bits)
{
    if (bits == (1u << SK_CONF_MEDIUM | 1u << SK_CONF_HIGH))
        return;
    sk_buf_str(&page->cell, sk_tr(page, "(確度 ", " (confidence "));
    for (unsigned c = 0, n = 0; c < SK_CONF_COUNT; c++)
        if (bits >> c & 1)
            sk_buf_printf(&page->cell, "%s%s", n++ ? "/" : "", sk_confidence_name((enum sk_confidence)c));
    sk_buf_str(&page->cell, sk_tr(page, ")", ")"));
}

static void put_condition(struct sk_page *page, const struct sk_label_rule *rule)
{
    const char *and = sk_tr(page, " と ", " and "), *or = sk_tr(page, "・", " or ");
    bool some = false;
    if (rule->any) {
        sk_buf_str(&page->cell, sk_tr(page, "どれか:", "any of: "));
        sk_put_elements(page, rule->any, or);
        some = true;
    }
    for (size_t i = 0; i < rule->n_all; i++) {
        sk_buf_str(&page->cell, some ? and : "");
        sk_put_elements(page, rule->all[i], or);
        some = true;
    }
    if (rule->link)
        sk_buf_str(&page->cell, sk_tr(page, "(同じ記録の中)", " (in one record)"));
    if (rule->small_cells)
        sk_buf_printf(&page->cell, sk_tr(page, "%s人数の見出しの列に %lld から %lld までの数", "%sa number from %lld to %lld under a heading of people"),
                      some ? and : "", page->p->small_from, page->p->small_to);
    put_confidences(page, rule->confidences);
    if (rule->over == 0)
        sk_buf_str(&page->cell, sk_tr(page, "、1人から", ", from 1 person"));
    else if (rule->over > 0)
        sk_buf_printf(&page->cell, sk_tr(page, "、%lld人を超える", ", more than %lld people"), rule->over);
}

void sk_render_rules(struct sk_page *page)
{
    static const char *const JA[] = { "規則", "名称", "条件", "格付", "区画", "取扱い", "完全性・可用性", "根拠(目安)", NULL };
    static const char *const EN[] = { "Rule", "Name", "Condition", "Grade", "Compartments", "Handling", "I, A", "Ground (guide)", NULL };
    sk_page_heading(page, sk_tr(page, "格付規則", "Label rules"));
    sk_page_text(page, sk_tr(page, "当たった規則すべての最大の格付と、区画・取扱いの和集合をとる。格付を下げる規則はない。",
                             "All rules that hold are combined: highest grade, union of compartments and handling. Nothing lowers a grade."));
    sk_page_table(page, page->english ? EN : JA);
    for (size_t i = 0; i < page->p->n_rules; i++) {
        const struct sk_label_rule *rule = &page->p->rules[i];
        sk_page_row(page);
        sk_page_text_cell(page, rule->id);
        sk_page_text_cell(page, rule->name);
        put_condition(page, rule);
        sk_page_cell(page);
        if (rule->review) {
            sk_buf_printf(&page->cell, sk_tr(page, "要確認:%s", "review: %s"), rule->review);
            sk_page_cell(page);
            for (int k = 0; k < 3; k++)
                sk_page_text_cell(page, "");
        } else {
            sk_put_effect_cells(page, &rule->set);
        }
        sk_page_text_cell(page, rule->basis);
        sk_page_row_end(page);
    }
    sk_page_table_end(page);
}

static void msip(struct sk_page *page)
{
    static const char *const JA[] = { "ラベル(GUID)", "格付", "区画", "取扱い", "完全性・可用性", NULL };
    static const char *const EN[] = { "Label (GUID)", "Grade", "Compartments", "Handling", "I, A", NULL };
    const struct sk_policy *p = page->p;
    if (!p->msip_tenant)
        return;
    sk_page_heading(page, sk_tr(page, "Microsoft 秘密度ラベル", "Microsoft sensitivity labels"));
    sk_page_table(page, page->english ? EN : JA);
    for (size_t i = 0; i < p->n_msip_labels; i++) {
        sk_page_row(page);
        sk_page_text_cell(page, p->msip_labels[i].guid);
        sk_put_effect_cells(page, &p->msip_labels[i].set);
        sk_page_row_end(page);
    }
    sk_page_row(page);
    sk_page_text_cell(page, sk_tr(page, "ほかのラベル・ほかの組織", "other labels, other tenants"));
    sk_put_effect_cells(page, &p->msip_unknown);
    sk_page_row_end(page);
    sk_page_table_end(page);
}

void sk_render_markings(struct sk_page *page)
{
    static const char *const JA[] = { "表示", "数え方", "格付", "区画", "取扱い", "完全性・可用性", NULL };
    static const char *const EN[] = { "Marking", "Counts", "Grade", "Compartments", "Handling", "I, A", NULL };
    const struct sk_policy *p = page->p;
    sk_page_heading(page, sk_tr(page, "格付の表示", "Markings"));
    sk_page_table(page, page->english ? EN : JA);
    for (size_t i = 0; i < p->n_marks; i++) {
        sk_page_row(page);
        sk_page_text_cell(page, p->marks[i].word);
        sk_page_text_cell(page, p->mark_words[i].enclosed_only ? sk_tr(page, "囲みの中・1行だけ", "enclosed or alone on its line") : "");
        sk_put_effect_cells(page, &p->marks[i].set);
        sk_page_row_end(page);
    }
    for (int c = 0; c < 10; c++) {
        if (p->cia_grades[c] < 0)
            continue;
        sk_page_row(page);
        sk_buf_printf(&page->cell, "C%dIxAx", c);
        sk_page_cell(page);
        sk_page_text_cell(page, "");
        struct sk_effect e = { .grade = p->cia_grades[c] };
        sk_put_effect_cells(page, &e);
        sk_page_row_end(page);
    }
    sk_page_table_end(page);
    msip(page);
}
