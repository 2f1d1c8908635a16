/* layer: detect */
/* Rows of claims, care and disability transmissions, notebooks: each layout is made to read any rows, whatever its
 * probe says. */
#include "detect/context.h"
#include "detect/layout.h"

#include "../unit/detect/table_feed.h"

struct bench {
    struct sk_context context;
    const struct sk_row_layout *layout;
    void *state;
};

static bool give(void *ctx, const struct sk_segment *s)
{
    struct bench *b = ctx;
    struct sk_row rows[64], row;
    size_t n = 0;
    for (uint32_t i = 0, j; i < s->n_cells; i = j) {
        for (j = i + 1; j < s->n_cells && s->cells[j].row == s->cells[i].row; j++)
            continue;
        row = (struct sk_row){ .segment = s, .cells = s->cells + i, .n = j - i, .row = s->cells[i].row };
        if (n < 64)
            rows[n++] = row;
        if (!b->layout->row(&b->context, b->state, &row))
            abort();
    }
    const char *format = NULL;
    int score = b->layout->probe(rows, n, b->context.config.today, &format);
    if (score < 0 || score > 100)
        abort();
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct bench b;
    static struct sk_fold *fold;
    if (fold == NULL) {
        fold = sk_fold_new();
        b.context.config.today = 20780;
        sk_arena_init(&b.context.arena, (size_t)1 << 26);
        b.context.findings = sk_findings_new(&b.context);
        b.context.people = sk_people_new(&b.context);
        if (b.context.findings == NULL || b.context.people == NULL)
            abort();
    }
    for (size_t i = 0; size < 1 << 18 && i < SK_LAYOUTS_N; i++) {
        struct table_feed f = { .fold = fold, .rows = 5, .separator = ',' };
        sk_findings_reset(b.context.findings);
        sk_people_reset(b.context.people);
        b.layout = SK_LAYOUTS[i];
        b.state = calloc(1, b.layout->state_size + 1);
        if (b.state == NULL || !table_feed(&f, (const char *)data, size, give, &b))
            abort();
        if (b.layout->end != NULL && !b.layout->end(&b.context, b.state))
            abort();
        free(b.state);
    }
    return 0;
}
