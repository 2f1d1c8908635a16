/* render.h - tables in Markdown or HTML, for render.c and render_sections.c. */
#ifndef SK_JUDGE_RENDER_H
#define SK_JUDGE_RENDER_H

#include "judge/inner.h"

struct sk_annex {
    const struct sk_policy *p;
    struct sk_buf *out;
    struct sk_buf cell; /* the cell being written */
    bool html, english, failed;
    unsigned section;
};
/* The text in the annex's language. */
static inline const char *sk_tr(const struct sk_annex *annex, const char *ja, const char *en)
{
    return annex->english ? en : ja;
}

void sk_annex_heading(struct sk_annex *annex, const char *title); /* numbered */
void sk_annex_text(struct sk_annex *annex, const char *text);     /* a paragraph */
/* titles: names of columns in the annex's language, NULL behind the last. */
void sk_annex_table(struct sk_annex *annex, const char *const *titles);
void sk_annex_row(struct sk_annex *annex);
/* Writes annex->cell as the next cell of the row and empties it. */
void sk_annex_cell(struct sk_annex *annex);
void sk_annex_text_cell(struct sk_annex *annex, const char *text);
void sk_annex_row_end(struct sk_annex *annex);
void sk_annex_table_end(struct sk_annex *annex);

void sk_render_scheme(struct sk_annex *annex); /* render_rules.c: grades, compartments, handling, rules, markings */
void sk_render_rules(struct sk_annex *annex);
void sk_render_markings(struct sk_annex *annex);
void sk_render_places(
    struct sk_annex *annex); /* render_places.c: locations, aggregate, severity, transfer, exceptions, limits */
void sk_render_transfer(struct sk_annex *annex);
void sk_render_rest(struct sk_annex *annex);

/* Into annex->cell. */
void sk_put_effect_cells(
    struct sk_annex *annex,
    const struct sk_effect *e); /* four cells: grade, compartments, handling, integrity/availability */
void sk_put_elements(struct sk_annex *annex, sk_elements set, const char *between);

#endif
