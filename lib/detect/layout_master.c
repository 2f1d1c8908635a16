/* Public code masters and interface documents: they name diseases, drugs and items of persons, and hold nobody
 * (claims.md 5). */
#include "detect/chars.h"
#include "detect/layout.h"

/* 変更区分, master letter, code: b_ z_ y_ s_ h_ t_ c_ m_ files of the payment fund. */
static bool master_row(const struct sk_row *r)
{
    struct sk_text change = sk_row_text(r, 0), letter = sk_row_text(r, 1);
    if (change.n != 1 || strchr("013579", change.p[0]) == NULL || letter.n != 1 ||
        strchr("BZSYTCHMK", letter.p[0]) == NULL || sk_row_width(r) < 12)
        return false;
    return sk_text_digits(sk_row_text(r, 2), 2, 9);
}

static int share(size_t good, size_t all, int score)
{
    return all >= 3 && good * 20 >= all * 19 ? score : 0;
}

static int code_master_probe(const struct sk_row *rows, size_t n, long today, const char **format)
{
    (void)today;
    size_t good = 0;
    for (size_t i = 0; i < n; i++)
        good += master_row(&rows[i]);
    *format = NULL;
    return share(good, n, 95);
}

static bool flag(struct sk_text t)
{
    return t.n == 1 && t.p[0] >= '0' && t.p[0] <= '9';
}

/* KEN_ALL of Japan Post: municipality code, old and new postal code, three kana, three kanji, six flags. */
static bool postal_row(const struct sk_row *r)
{
    if (!sk_text_digits(sk_row_text(r, 0), 4, 5) || !sk_text_digits(sk_row_text(r, 2), 6, 7) || sk_row_width(r) < 10)
        return false;
    for (uint32_t col = 3; col < 9; col++)
        if (sk_row_text(r, col).n == 0 || (unsigned char)sk_row_text(r, col).p[0] < 0x80)
            return false;
    for (uint32_t col = 9; col < sk_row_width(r); col++)
        if (!flag(sk_row_text(r, col)))
            return false;
    return true;
}

static int postal_list_probe(const struct sk_row *rows, size_t n, long today, const char **format)
{
    (void)today;
    size_t good = 0;
    for (size_t i = 0; i < n; i++)
        good += postal_row(&rows[i]);
    *format = NULL;
    return share(good, n, 95);
}

/* ---------------------------------------------------------------- interface documents */

enum word_kind { ITEM, FORM, LENGTH, ORDER, WORD_KINDS };
#define HEADER_ROWS 20u
#define HEADER_BYTES 60u /* longer cells are sentences */

static unsigned kind_of(struct sk_text t)
{
    static const struct {
        enum word_kind kind;
        const char *word;
        size_t n;
    } words[] = {
#define X(kind, word) { kind, word, sizeof(word) - 1 },
#include "detect/interface_words.def"
#undef X
    };
    size_t best = sizeof words / sizeof words[0]; /* of several words the first of the list */
    if (t.n > HEADER_BYTES)
        return WORD_KINDS;
    for (size_t at = 0; at + 1 < t.n; at++) {
        if (((unsigned char)t.p[at] & 0xC0) == 0x80 || sk_is_digit(t.p[at]))
            continue;
        for (size_t i = 0; i < best; i++)
            if (t.p[at] == words[i].word[0] && t.p[at + 1] == words[i].word[1] && words[i].n <= t.n - at &&
                memcmp(t.p + at, words[i].word, words[i].n) == 0)
                best = i;
    }
    return best < sizeof words / sizeof words[0] ? words[best].kind : WORD_KINDS;
}

/* Most cells of the length column are small numbers below the header. */
static bool lengths_ok(const struct sk_row *rows, size_t n, size_t header, uint32_t col)
{
    size_t filled = 0, small = 0;
    for (size_t i = header + 1; i < n; i++) {
        struct sk_text t = sk_row_text(&rows[i], col);
        filled += t.n != 0;
        small += t.n != 0 && t.n <= 8 && t.p[0] >= '0' && t.p[0] <= '9';
    }
    return filled != 0 && small * 10 >= filled * 6;
}

static int interface_probe(const struct sk_row *rows, size_t n, long today, const char **format)
{
    (void)today;
    *format = NULL;
    for (size_t i = 0; i < n && i < HEADER_ROWS; i++) {
        uint32_t at[WORD_KINDS] = { 0 };
        unsigned have = 0;
        for (uint32_t k = 0; k < rows[i].n; k++) {
            uint32_t col = rows[i].cells[k].col;
            unsigned kind = kind_of(sk_row_text(&rows[i], col));
            if (kind < WORD_KINDS && (have & 1u << kind) == 0) {
                have |= 1u << kind;
                at[kind] = col;
            }
        }
        if ((have & 1u << ITEM) != 0 && (have & 1u << LENGTH) != 0 && (have & (1u << FORM | 1u << ORDER)) != 0 &&
            lengths_ok(rows, n, i, at[LENGTH]))
            return 90;
    }
    return 0;
}

static bool silent_row(struct sk_context *c, void *state, const struct sk_row *r)
{
    (void)c;
    (void)state;
    (void)r;
    return true;
}

const struct sk_row_layout sk_layout_code_master = {
    .name = "code-master",
    .probe = code_master_probe,
    .row = silent_row,
    .silent = true,
};

const struct sk_row_layout sk_layout_postal_list = {
    .name = "postal-list",
    .probe = postal_list_probe,
    .row = silent_row,
    .silent = true,
};

const struct sk_row_layout sk_layout_interface_document = {
    .name = "interface-document",
    .probe = interface_probe,
    .row = silent_row,
    .silent = true,
};
