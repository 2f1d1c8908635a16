#include "detect/envelope.h"

bool sk_text_care_number(struct sk_text t)
{
    if (t.n == 10 && t.p[0] == 'H')
        return sk_text_digits((struct sk_text){ t.p + 1, 9 }, 9, 9);
    return sk_text_digits(t, 5, 10);
}

uint32_t sk_envelope_base(const struct sk_row *r, sk_inner_mine mine)
{
    if (mine(sk_row_text(r, 2)) && sk_row_is(r, 0, "2") && sk_text_digits(sk_row_text(r, 1), 1, 9))
        return 2;
    return mine(sk_row_text(r, 0)) ? 0 : UINT32_MAX;
}

/* 1,連番,ボリューム,件数,データ種別(3), ... 処理対象年月: eleven or twelve fields, the last may be empty. */
static bool control_ok(const struct sk_row *r)
{
    struct sk_text kind = sk_row_text(r, 4);
    if (!sk_row_is(r, 0, "1") || sk_row_width(r) < 10 || sk_row_width(r) > 12 || kind.n != 3)
        return false;
    for (uint32_t i = 0; i < 3; i++)
        if (!((kind.p[i] >= '0' && kind.p[i] <= '9') || (kind.p[i] >= 'A' && kind.p[i] <= 'Z')))
            return false;
    if (!sk_text_digits(sk_row_text(r, 1), 1, 9) || !sk_text_digits(sk_row_text(r, 3), 1, 9))
        return false;
    for (uint32_t col = 8; col <= 10; col++)
        if (sk_text_ym(sk_row_text(r, col)))
            return true;
    return false;
}

struct wrap {
    size_t rows, data, steps, bare, typed;
    bool control, end, kind; /* the first inner id begins with the control record's kind */
    long count, last;
    struct sk_text kind_text;
};

static void weigh(struct wrap *w, const struct sk_row *r, long today, sk_inner_mine mine, sk_inner_ok ok)
{
    w->rows++;
    if (w->rows <= 3 && !w->control && control_ok(r)) {
        w->control = true;
        w->count = sk_text_number(sk_row_text(r, 3));
        w->last = sk_text_number(sk_row_text(r, 1));
        w->kind_text = sk_row_text(r, 4);
        return;
    }
    uint32_t base = sk_envelope_base(r, mine);
    if (base == 0) {
        w->bare++;
        w->typed += ok(r, 0, today);
    } else if (base == 2) {
        long number = sk_text_number(sk_row_text(r, 1));
        w->steps += (w->data == 0 && !w->control) || number == w->last + 1;
        w->last = number;
        if (w->data == 0 && w->control)
            w->kind = memcmp(sk_row_text(r, 2).p, w->kind_text.p, 3) == 0;
        w->data++;
        w->typed += ok(r, 2, today);
    } else if (sk_row_is(r, 0, "3") && sk_row_width(r) <= 3 && sk_text_number(sk_row_text(r, 1)) == w->last + 1) {
        w->end = true;
    }
}

int sk_envelope_probe(const struct sk_row *rows, size_t n, long today, sk_inner_mine mine, sk_inner_ok ok)
{
    struct wrap w = { 0 };
    for (size_t i = 0; i < n; i++)
        weigh(&w, &rows[i], today, mine, ok);
    if (w.control && w.data != 0 && w.steps * 10 >= w.data * 9 && (w.kind || (w.end && w.count == (long)w.data)))
        return 100;
    if ((w.data + w.bare) * 10 < w.rows * 9 || w.typed == 0)
        return 0;
    if (w.bare == 0 && w.steps * 10 >= w.data * 9 && w.typed * 2 >= w.data)
        return w.data >= 2 || w.control ? 80 : 60;                       /* cut out of a file: no control record */
    return w.bare >= 2 && w.data == 0 && w.typed * 2 >= w.bare ? 65 : 0; /* unwrapped */
}
