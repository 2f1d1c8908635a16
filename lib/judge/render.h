/* render.h - tables in Markdown or HTML, for render.c and render_sections.c. */
#ifndef SK_JUDGE_RENDER_H
#define SK_JUDGE_RENDER_H

#include "judge/inner.h"

struct sk_page {
    const struct sk_policy *p;
    struct sk_buf *out;
    struct sk_buf cell; /* the cell being written */
    bool html, english, failed;
    unsigned section;
};
/* The text in the page's language. */
static inline const char *sk_tr(const struct sk_page *page, const char *ja, const char *en)
{
    return page->english ? en : ja;
}

void sk_page_heading(struct sk_page *page, const char *title); /* numbered */
void sk_page_text(struct sk_page *page, const char *text);     /* a paragraph */
/* titles: names of columns in the page's language, NULL behind the last. */
void sk_page_table(struct sk_page *page, const char *const *titles);
void sk_page_row(struct sk_page *page);
/* Writes page->cell as the next cell of the row and empties it. */
void sk_page_cell(struct sk_page *page);
void sk_page_text_cell(struct sk_page *page, const char *text);
void sk_page_row_end(struct sk_page *page);
void sk_page_table_end(struct sk_page *page);

void sk_render_scheme(struct sk_page *page);   /* render_rules.c: grades, compartments, handling, rules, markings */
void sk_render_rules(struct sk_page *page);
void sk_render_markings(struct sk_page *page);
void sk_render_places(struct sk_page *page);   /* render_places.c: locations, aggregate, severity, transfer, exceptions, limits */
void sk_render_transfer(struct sk_page *page);
void sk_render_rest(struct sk_page *page);

/* Into page->cell. */
void sk_put_effect_cells(struct sk_page *page, const struct sk_effect *e); /* four cells: grade, compartments, handling, integrity/availability */
void sk_put_elements(struct sk_page *page, sk_elements set, const char *between);

#endif
