/* The header row and what each column's header promises (claims.md 4). */
#include "detect/columns.h"

#include "detect/chars.h"

#include <stdlib.h>

#define PAIR_APART 16u      /* columns between the two parts of a name */
#define NEAR_SCORE 60       /* a known header stands at the end */
#define NEAR_SCORE_LOOSE 70 /* where any text or number would pass as the value */

/* 9N001000000000001: the code of an item of a health check (JLAC10), which heads columns (claims.md 3.1). */
static bool checkup_item(const char *norm, size_t n)
{
    static const char AREAS[] = "9n 9a 9d 3f 3b 3d 5c 1a 2a ";
    if (n != 17)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!sk_is_digit(norm[i]) && (i != 1 || !sk_is_letter(norm[i])))
            return false;
    for (const char *a = AREAS; *a; a += 3)
        if (memcmp(a, norm, 2) == 0)
            return true;
    return false;
}

enum sk_role sk_cell_role(const struct sk_context *c, struct sk_text t, char *norm, size_t *n_norm, bool *weak)
{
    *n_norm = 0;
    *weak = false;
    if (t.n == 0 || t.n > 3 * SK_HEADER_BYTES)
        return SK_ROLE_NONE;
    char form[3 * SK_HEADER_BYTES + 1];
    size_t n = sk_header_normalise(t.p, t.n, form, sizeof form - 1);
    if (n == 0 || n >= SK_HEADER_BYTES)
        return SK_ROLE_NONE;
    memcpy(norm, form, n);
    norm[n] = '\0';
    *n_norm = n;
    enum sk_role role = sk_rules_header(c->rules, norm, n, weak);
    /* A number in front, 1. or ①. Of 3月 a word must be left that needs no company. */
    size_t number = 0;
    uint32_t sign;
    if (role != SK_ROLE_NONE)
        return role;
    if (checkup_item(norm, n))
        return SK_ROLE_LAB_VALUE;
    while (number < n && norm[number] >= '0' && norm[number] <= '9')
        number++;
    if (number == 0 && sk_utf8_next(norm, n, &sign) == 3 && sign >= 0x2460 && sign <= 0x2473)
        number = 3;
    if (number == 0 || number > 3 || n - number < 6 || (unsigned char)norm[number] < 0x80)
        return role;
    role = sk_rules_header(c->rules, norm + number, n - number, weak);
    if (role == SK_ROLE_NONE || *weak) {
        *weak = false;
        return SK_ROLE_NONE;
    }
    memmove(norm, norm + number, n - number + 1);
    *n_norm = n - number;
    return role;
}

bool sk_column_disease(const struct sk_context *c, struct sk_text t)
{
    return sk_no_value(sk_rules_words(c->rules, "disease"), t.p, t.n);
}

bool sk_cell_may_head(struct sk_text t)
{
    for (uint32_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        if (c >= 0x80 || (unsigned char)((c | 0x20) - 'a') < 26)
            return true;
    }
    return false;
}

static bool looks_like_data(struct sk_text t)
{
    uint32_t digits = 0;
    for (uint32_t i = 0; i < t.n; i++)
        digits += t.p[i] >= '0' && t.p[i] <= '9';
    return t.n > 3 * SK_HEADER_BYTES || (digits != 0 && digits * 2 >= t.n);
}

struct row_score {
    int score;
    uint32_t strong, weak, counts, data, filled;
};

static struct row_score score_row(const struct sk_context *c, const struct sk_row *r)
{
    struct row_score out = { 0 };
    char norm[SK_HEADER_BYTES];
    for (uint32_t i = 0; i < r->n && r->cells[i].col < SK_COLUMNS_MOST; i++) {
        struct sk_text t = sk_row_text(r, r->cells[i].col);
        size_t n;
        bool weak;
        if (t.n == 0)
            continue;
        out.filled++;
        enum sk_role role = sk_cell_may_head(t) ? sk_cell_role(c, t, norm, &n, &weak) : SK_ROLE_NONE;
        if (role == SK_ROLE_NONE)
            out.data += looks_like_data(t);
        else if (weak)
            out.weak++;
        else if (role == SK_ROLE_COUNT) /* 男, 女, 計 are also values */
            out.counts++;
        else
            out.strong++;
    }
    out.score = (int)(3 * out.strong + out.weak + out.counts) - (int)(2 * out.data);
    return out;
}

/* Index of the header row, n = there is none. */
static size_t find_header(const struct sk_context *c, const struct sk_row *rows, size_t n)
{
    size_t best = n, plain = n;
    int best_score = 0;
    struct row_score ahead = { 0 };
    size_t known_ahead = 0; /* the row that `ahead` scores */
    for (size_t i = 0; i < n && i < SK_HEADER_ROWS; i++) {
        struct row_score s = i > 0 && known_ahead == i ? ahead : score_row(c, &rows[i]);
        bool enough = s.strong >= 1 || s.weak >= 2 || s.counts >= 2 || (s.counts == 1 && s.data == 0);
        if (enough && s.score > best_score) {
            best = i;
            best_score = s.score;
        }
        /* words that nobody knows, above values: still the words that small.c and candidates need */
        if (plain == n && s.data == 0 && s.filled >= 2 && i + 1 < n) {
            ahead = score_row(c, &rows[i + 1]);
            known_ahead = i + 1;
            plain = ahead.data != 0 ? i : n;
        }
    }
    return best < n ? best : plain;
}

/* ---------------------------------------------------------------- texts of the header, one or two rows */

static bool join(struct sk_text a, struct sk_text b, char *out, size_t cap, struct sk_text *joined)
{
    if ((size_t)a.n + b.n > cap)
        return false;
    memcpy(out, a.p, a.n);
    memcpy(out + a.n, b.p, b.n);
    joined->p = out;
    joined->n = a.n + b.n;
    return true;
}

/* The upper header that spans this column: its own cell, or the nearest to the left when it has none. */
static struct sk_text upper_text(const struct sk_row *upper, const struct sk_row *lower, uint32_t col)
{
    struct sk_text t = sk_row_text(upper, col);
    for (uint32_t back = col; t.n == 0 && back-- > 0;) {
        if (sk_row_text(lower, back).n == 0)
            break; /* a header that reaches over both rows ends the span */
        t = sk_row_text(upper, back);
    }
    return t;
}

/* The second row is header too: joined with the first it gives more roles, and it holds no data. */
static bool two_rows(const struct sk_context *c, const struct sk_row *upper, const struct sk_row *lower)
{
    struct row_score below = score_row(c, lower);
    if (below.filled == 0)
        return false;
    uint32_t gain = 0, same = 0, cut = 0; /* cut: the 2 of 住所2 under 住所 */
    int score;
    for (uint32_t i = 0; i < lower->n; i++) {
        uint32_t col = lower->cells[i].col;
        struct sk_text l = sk_row_text(lower, col), u = sk_row_text(upper, col), both;
        char text[6 * SK_HEADER_BYTES], norm[SK_HEADER_BYTES];
        size_t n;
        bool weak, weak_upper;
        if (l.n == 0 || col >= SK_COLUMNS_MOST)
            continue;
        if (u.n == l.n && memcmp(u.p, l.p, l.n) == 0) { /* a cell merged downwards, shown again */
            same++;
            continue;
        }
        u = upper_text(upper, lower, col);
        if (join(u, l, text, sizeof text, &both) && sk_cell_role(c, both, norm, &n, &weak) != SK_ROLE_NONE) {
            bool number = looks_like_data(l);
            gain += number ? 0 : 2; /* 個人番号 over 1 is a value */
            cut += number && l.n <= 2;
        } else if (sk_cell_role(c, l, norm, &n, &weak) != SK_ROLE_NONE)
            gain += sk_cell_role(c, u, norm, &n, &weak_upper) == SK_ROLE_NONE || weak_upper ? 1 : 0;
        else if (u.n != 0 && join(u, l, text, sizeof text, &both) &&
                 sk_cell_role(c, both, norm, &n, &weak) == SK_ROLE_NONE && n != 0 &&
                 sk_rules_header_near(c->rules, norm, n, &score) != SK_ROLE_NONE && score >= NEAR_SCORE)
            gain += 1; /* an unlisted header over two lines */
    }
    return below.data <= cut && (gain >= 2 || (gain != 0 && same != 0));
}

/* ---------------------------------------------------------------- roles */

static void set_role(struct sk_column *col, enum sk_role role, enum sk_head head, bool weak)
{
    col->role = (uint8_t)role;
    col->head = (uint8_t)head;
    col->weak = weak;
}

static void set_near(const struct sk_context *c, struct sk_column *col, const char *norm, size_t n)
{
    int score = 0;
    enum sk_role role = sk_rules_header_near(c->rules, norm, n, &score);
    if (role == SK_ROLE_NONE)
        return;
    const char *check = sk_role_info(role)->check;
    bool loose = strcmp(check, "text") == 0 || strcmp(check, "digits") == 0;
    if (score >= (loose ? NEAR_SCORE_LOOSE : NEAR_SCORE))
        set_role(col, role, SK_HEAD_NEAR, false);
}

/* The header of one column: joined, lower, upper, then near. */
static void head_column(const struct sk_context *c, struct sk_columns *k, uint32_t i, struct sk_text upper,
                        struct sk_text lower)
{
    struct sk_column *col = &k->at[i];
    char *norm = k->head_text + (size_t)i * SK_HEADER_BYTES;
    char text[6 * SK_HEADER_BYTES], last[SK_HEADER_BYTES] = "";
    size_t n_norm = 0, n_last = 0;
    bool weak = false, repeated = upper.n == lower.n && memcmp(upper.p, lower.p, lower.n) == 0;
    struct sk_text both;
    if (upper.n != 0 && lower.n != 0 && !repeated && join(upper, lower, text, sizeof text, &both)) {
        enum sk_role role = sk_cell_role(c, both, norm, &n_norm, &weak);
        if (role != SK_ROLE_NONE)
            set_role(col, role, SK_HEAD_EXACT, weak);
        /* 本人 over 姓 and 名: what pairs them is the lower word */
        if (role != SK_ROLE_NONE && sk_cell_role(c, lower, last, &n_last, &weak) == role) {
            memcpy(norm, last, n_last);
            n_norm = n_last;
        }
    }
    if (col->head == SK_HEAD_NONE) {
        enum sk_role role = sk_cell_role(c, lower.n != 0 ? lower : upper, last, &n_last, &weak);
        if (role != SK_ROLE_NONE)
            set_role(col, role, SK_HEAD_EXACT, weak);
        if (n_norm != 0 && (role == SK_ROLE_NONE || weak)) /* an unlisted header over two lines */
            set_near(c, col, norm, n_norm);
        if (n_norm == 0 || (n_last != 0 && col->head != SK_HEAD_NEAR)) {
            memcpy(norm, last, n_last);
            n_norm = n_last;
        }
    }
    norm[n_norm] = '\0';
    k->heads[i] = n_norm != 0 ? norm : NULL;
    if (col->head == SK_HEAD_NONE && n_norm != 0)
        set_near(c, col, norm, n_norm);
}

/* ---------------------------------------------------------------- family and given names */

static bool pair_of(const char *family, const char *given)
{
    static const char *const pairs[][2] = {
#define X(family, given) { family, given },
#include "detect/name_pairs.def"
#undef X
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        /* what stands around them is the same: 漢字姓 and 漢字名, 姓カナ and 名カナ, 氏名(姓) and 氏名(名) */
        size_t n_f = strlen(pairs[i][0]), n_g = strlen(pairs[i][1]);
        for (const char *f = strstr(family, pairs[i][0]); f != NULL; f = strstr(f + 1, pairs[i][0])) {
            size_t before = (size_t)(f - family);
            if (strncmp(family, given, before) == 0 && strncmp(given + before, pairs[i][1], n_g) == 0 &&
                strcmp(f + n_f, given + before + n_g) == 0)
                return true;
        }
    }
    return false;
}

static bool is_name(const struct sk_column *col)
{
    return col->role == SK_ROLE_PERSON_NAME || col->role == SK_ROLE_PERSON_KANA;
}

static void find_pairs(struct sk_columns *k)
{
    for (uint32_t i = 0; i < k->n; i++) {
        if (!is_name(&k->at[i]) || k->at[i].use == SK_COL_GIVEN || k->heads[i] == NULL)
            continue;
        for (uint32_t j = i + 1; j < k->n && j <= i + PAIR_APART; j++) {
            if (k->at[j].role != k->at[i].role || k->heads[j] == NULL || !pair_of(k->heads[i], k->heads[j]))
                continue;
            k->at[i].use = SK_COL_FAMILY;
            k->at[i].partner = (uint16_t)j;
            k->at[i].weak = k->at[j].weak = false;
            k->at[j].use = SK_COL_GIVEN;
            break;
        }
    }
}

/* A weak word alone is no role: 名 without 姓, 番号 without a neighbour that says whose. */
static void drop_weak(struct sk_columns *k)
{
    bool strong = false;
    uint32_t symbols = 0;
    for (uint32_t i = 0; i < k->n; i++) {
        const struct sk_column *col = &k->at[i];
        if (col->head == SK_HEAD_EXACT && !col->weak && col->role != SK_ROLE_OTHER && col->role != SK_ROLE_PRODUCT)
            strong = true;
        symbols += col->role == SK_ROLE_KOKUHO_SYMBOL || col->role == SK_ROLE_KOKUHO_NUMBER;
    }
    for (uint32_t i = 0; i < k->n; i++) {
        struct sk_column *col = &k->at[i];
        bool number = col->role == SK_ROLE_KOKUHO_SYMBOL || col->role == SK_ROLE_KOKUHO_NUMBER;
        bool bare_given = k->heads[i] != NULL && strlen(k->heads[i]) <= 3 && is_name(col);
        if (col->weak && (!strong || bare_given || (number && symbols < 2)))
            set_role(col, SK_ROLE_NONE, SK_HEAD_NONE, false);
    }
}

static void remember_repeat(struct sk_columns *k, const struct sk_row *last)
{
    for (uint32_t i = 0; i < k->n; i++) {
        struct sk_text t = sk_row_text(last, i);
        if (k->at[i].head == SK_HEAD_NONE || t.n == 0 || t.n >= SK_HEADER_BYTES)
            continue;
        k->repeat_col = i;
        memcpy(k->repeat_text, t.p, t.n);
        k->repeat_n = t.n;
        return;
    }
}

bool sk_columns_header(struct sk_context *c, struct sk_columns *k, const struct sk_row *rows, size_t n)
{
    size_t at = find_header(c, rows, n);
    if (at >= n)
        return true;
    const struct sk_row none = { .segment = rows[at].segment };
    const struct sk_row *lower = &rows[at], *upper = &none;
    if (at + 1 < n && two_rows(c, &rows[at], &rows[at + 1])) {
        upper = &rows[at];
        lower = &rows[at + 1];
    } else if (at > 0 && two_rows(c, &rows[at - 1], &rows[at])) {
        upper = &rows[at - 1];
    }
    k->has_header = true;
    k->header_row = upper == &none ? lower->row : upper->row;
    k->header_rows = lower->row - k->header_row + 1;
    k->head_text = sk_new((size_t)k->n, SK_HEADER_BYTES);
    k->heads = sk_new((size_t)k->n, sizeof *k->heads);
    if (k->head_text == NULL || k->heads == NULL)
        return false;
    for (uint32_t i = 0; i < k->n; i++)
        head_column(c, k, i, upper == &none ? sk_row_text(upper, i) : upper_text(upper, lower, i),
                    sk_row_text(lower, i));
    find_pairs(k);
    drop_weak(k);
    remember_repeat(k, lower);
    if (lower->n != 0)
        k->header_cell = lower->cells[0];
    return true;
}

/* ---------------------------------------------------------------- the table */

struct sk_columns *sk_columns_new(struct sk_context *c, const struct sk_row *rows, size_t n)
{
    struct sk_columns *k = sk_new(1, sizeof *k);
    if (k == NULL)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        uint32_t width = sk_row_width(&rows[i]);
        if (width > k->n)
            k->n = width < SK_COLUMNS_MOST ? width : SK_COLUMNS_MOST;
    }
    if (k->n == 0)
        k->n = 1;
    k->no_value = sk_rules_words(c->rules, "no_value");
    k->at = sk_new(k->n, sizeof *k->at);
    k->active = sk_new(k->n, sizeof *k->active);
    if (k->at != NULL)
        for (uint32_t i = 0; i < k->n; i++) {
            k->at[i].role = SK_ROLE_NONE;
            k->at[i].element = SK_EL_NONE;
            k->at[i].piece = SK_PIECES;
            k->at[i].bad = -1;
        }
    if (k->at == NULL || k->active == NULL || !sk_columns_header(c, k, rows, n) || !sk_columns_type(c, k, rows, n)) {
        sk_columns_free(k);
        return NULL;
    }
    return k;
}

#define LOOKS_MOST 256u /* rows of words that are no header, after which nobody looks any more */

bool sk_columns_other_header(struct sk_context *c, struct sk_columns *k, const struct sk_row *r)
{
    if (!k->idle || r->n < 2 || k->looked >= LOOKS_MOST)
        return false;
    for (uint32_t i = 0; i < r->n && i < 4; i++) { /* most rows of data show a digit at once */
        struct sk_text t = sk_row_text(r, r->cells[i].col);
        if (looks_like_data(t))
            return false;
    }
    k->looked++;
    struct row_score s = score_row(c, r);
    return s.strong >= 3 && s.data == 0;
}

void sk_columns_free(struct sk_columns *k)
{
    if (k == NULL)
        return;
    free(k->at);
    free(k->active);
    free(k->heads);
    free(k->head_text);
    free(k->marks);
    free(k);
}

bool sk_columns_unknown(const struct sk_columns *k)
{
    for (uint32_t i = 0; i < k->n; i++)
        if (k->at[i].use != SK_COL_FREE)
            return false;
    return true;
}
