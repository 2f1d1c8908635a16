/* phrase.c - words for people: grades, places, and texts that live with a judgement. Never a value of a file. */
#include "judge/inner.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *sk_phrase(struct sk_phrases *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = n < 0 || s->no_memory ? NULL : sk_arena_alloc(s->arena, (size_t)n + 1);
    if (!text) {
        s->no_memory = true;
        return "";
    }
    va_start(args, format);
    vsnprintf(text, (size_t)n + 1, format, args);
    va_end(args);
    return text;
}

const char *sk_phrase_buf(struct sk_phrases *s, struct sk_buf *b)
{
    char *text = b->failed || s->no_memory ? NULL : sk_arena_string(s->arena, b->p ? b->p : "", b->n);
    s->no_memory |= !text;
    sk_buf_free(b);
    return text ? text : "";
}

void sk_put_grade(struct sk_buf *b, const struct sk_policy *p, uint8_t grade, bool english)
{
    sk_buf_printf(b, english ? "%s (%s)" : "%s(%s)", sk_policy_grade(p, grade), sk_policy_grade_name(p, grade));
}

void sk_put_bits(struct sk_buf *b, const struct sk_names *names, uint32_t bits)
{
    const char *between = "";
    for (size_t i = 0; i < names->n; i++)
        if (bits >> i & 1) {
            sk_buf_printf(b, "%s%s", between, names->names[i]);
            between = ", ";
        }
}

static void put_column(struct sk_buf *b, uint32_t col)
{
    char text[8];
    size_t n = sizeof(text);
    text[--n] = '\0';
    for (uint64_t c = (uint64_t)col + 1; c && n; c = (c - 1) / 26)
        text[--n] = (char)('A' + (c - 1) % 26);
    sk_buf_str(b, text + n);
}

void sk_put_place(struct sk_buf *b, const struct sk_place *at, bool english)
{
    switch (at->kind) {
    case SK_AT_BYTES:
        sk_buf_printf(b, english ? "line %" PRIu64 : "行 %" PRIu64, at->line);
        break;
    case SK_AT_CELL:
        put_column(b, at->col);
        sk_buf_printf(b, "%" PRIu64, (uint64_t)at->row + 1);
        break;
    case SK_AT_PAGE:
        sk_buf_printf(b, english ? "page %u" : "%u ページ", at->number);
        break;
    case SK_AT_SLIDE:
        sk_buf_printf(b, english ? "slide %u" : "スライド %u", at->number);
        break;
    case SK_AT_PARAGRAPH:
        sk_buf_printf(b, english ? "paragraph %u" : "段落 %u", at->number);
        break;
    default:
        sk_buf_str(b, english ? "somewhere in the part" : "部品全体");
        break;
    }
}

/* ---- many places in few words ---- */

#define MOST_TOLD 5u

static bool is_same_spot(const struct sk_place *a, const struct sk_place *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case SK_AT_BYTES:
        return a->line == b->line;
    case SK_AT_CELL:
        return a->row == b->row && a->col == b->col;
    case SK_AT_PAGE:
    case SK_AT_SLIDE:
    case SK_AT_PARAGRAPH:
        return a->number == b->number;
    default:
        return true;
    }
}

/* Cells are told by column: whoever masks a sheet, or a table in a text file, masks columns. */
struct column {
    uint64_t first, last; /* rows, 0-based */
    uint32_t col, n;
};

static bool is_cell(const struct sk_place *at)
{
    return at->kind == SK_AT_CELL || (at->kind == SK_AT_BYTES && at->number);
}

static size_t columns_of(const struct sk_place *at, uint32_t n, uint32_t only_part, struct column *columns, size_t most)
{
    size_t used = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!is_cell(&at[i]) || (only_part != UINT32_MAX && at[i].part != only_part))
            continue;
        bool text = at[i].kind == SK_AT_BYTES;
        uint32_t col = text ? at[i].number - 1 : at[i].col;
        uint64_t row = text ? at[i].line - 1 : at[i].row;
        size_t k = 0;
        while (k < used && columns[k].col != col)
            k++;
        if (k == most)
            continue;
        if (k == used)
            columns[used++] = (struct column){ row, row, col, 0 };
        columns[k].first = row < columns[k].first ? row : columns[k].first;
        columns[k].last = row > columns[k].last ? row : columns[k].last;
        columns[k].n++;
    }
    return used;
}

static uint64_t put_columns(struct sk_buf *b, const struct column *columns, size_t n, bool english)
{
    uint64_t told = 0;
    for (size_t i = 0; i < n; i++) {
        sk_buf_str(b, i ? (english ? ", " : "・") : "");
        sk_buf_str(b, english ? "column " : "列 ");
        put_column(b, columns[i].col);
        uint64_t first = columns[i].first + 1, last = columns[i].last + 1;
        if (first == last)
            sk_buf_printf(b, english ? " (row %" PRIu64 ")" : "(行 %" PRIu64 ")", first);
        else
            sk_buf_printf(b, english ? " (rows %" PRIu64 "-%" PRIu64 ")" : "(行 %" PRIu64 "~%" PRIu64 ")", first, last);
        told += columns[i].n;
    }
    return told;
}

void sk_put_places(struct sk_buf *b, const struct sk_place *at, uint32_t n, uint64_t count, uint32_t only_part,
                   bool english)
{
    struct column columns[MOST_TOLD];
    size_t n_columns = columns_of(at, n, only_part, columns, MOST_TOLD), spots = n_columns;
    uint64_t told = put_columns(b, columns, n_columns, english);
    const struct sk_place *last = NULL;
    for (uint32_t i = 0; i < n; i++) {
        if (is_cell(&at[i]) || (only_part != UINT32_MAX && at[i].part != only_part))
            continue;
        if (last && is_same_spot(last, &at[i])) {
            told++;
            continue;
        }
        if (spots >= MOST_TOLD)
            break;
        sk_buf_str(b, spots++ ? (english ? ", " : "・") : "");
        sk_put_place(b, &at[i], english);
        last = &at[i];
        told++;
    }
    if (count > told)
        sk_buf_printf(b, english ? " and %" PRIu64 " more" : " ほか%" PRIu64 "か所", count - told);
}
