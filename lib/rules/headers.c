/* headers.c - patterns/headers/: role TAB spelling;spelling;?weak spelling - and looking headers up. near.c guesses
 * about the others. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "rules/load.h"

/* ---- reading ---- */

static int find_role(struct sk_loader *l, const char *path, unsigned line, const char *name)
{
    const char *names[SK_ROLES];
    for (unsigned i = 0; i < SK_ROLES; i++) {
        names[i] = sk_role_info((enum sk_role)i)->name;
        if (strcmp(names[i], name) == 0)
            return (int)i;
    }
    const char *near = sk_suggest(name, names, SK_ROLES);
    sk_problem_add(l->problems, path, line, 1, "「%.60s」という役割はありません%s%s", "unknown role '%.60s'%s%s", name,
                   near ? " -> " : "", near ? near : "");
    return -1;
}

static void add_spelling(struct sk_loader *l, const char *path, unsigned line, unsigned column, const char *text,
                         uint8_t role)
{
    struct sk_rules *r = l->rules;
    bool weak = *text == '?';
    const char *folded = sk_load_fold(l, text + weak);
    char normal[SK_WORD_BYTES + 1];
    size_t n = folded ? sk_header_normalise(folded, strlen(folded), normal, SK_WORD_BYTES) : 0;
    if (n == 0) {
        sk_problem_add(l->problems, path, line, column, "見出しが空か、長すぎます", "the header is empty or too long");
        return;
    }
    struct sk_spelling s = { folded, sk_arena_string(&r->arena, normal, n), path, line, column, role, weak };
    if (!s.normal || !sk_grow(&r->spellings, &r->spellings_cap, r->n_spellings + 1, sizeof(s))) {
        l->problems->no_memory = true;
        return;
    }
    r->spellings[r->n_spellings++] = s;
}

/* Calls each for the ';'-separated words of text, which is cut up. */
static void split(char *text, void (*each)(void *ctx, const char *word, size_t offset), void *ctx)
{
    for (char *p = text;;) {
        char *end = p + strcspn(p, ";");
        bool last = *end == '\0';
        *end = '\0';
        each(ctx, p, (size_t)(p - text));
        if (last)
            return;
        p = end + 1;
    }
}

struct header_line {
    struct sk_loader *l;
    const char *path, *start;
    char *words;
    unsigned number;
    uint8_t role;
    size_t counted;  /* bytes of the line in front of the last spelling */
    unsigned column; /* characters in them */
};

static void on_spelling(void *ctx, const char *word, size_t offset)
{
    struct header_line *h = ctx;
    size_t before = (size_t)(h->words - h->start) + offset;
    /* Cells were cut at ';' and TAB, so the line is counted in pieces: everything in front has the same number of
     * characters. */
    h->column += (unsigned)sk_utf8_count(h->start + h->counted, before - h->counted);
    h->counted = before;
    add_spelling(h->l, h->path, h->number, h->column + 1, word, h->role);
}

static void on_header_line(struct sk_loader *l, const char *path, struct sk_line line, void *ctx)
{
    (void)ctx;
    if (line.text[0] == '#')
        return;
    char *tab = strchr(line.text, '\t');
    if (!tab) {
        sk_problem_add(l->problems, path, line.number, 1, "「役割 TAB 見出し;見出し」の形で書きます",
                       "expected 'ROLE<TAB>header;header'");
        return;
    }
    *tab = '\0';
    int role = find_role(l, path, line.number, line.text);
    if (role < 0)
        return;
    struct header_line h = {
        .l = l, .path = path, .start = line.text, .words = tab + 1, .number = line.number, .role = (uint8_t)role
    };
    split(tab + 1, on_spelling, &h);
}

void sk_load_headers(struct sk_loader *l, const char *path, const char *name)
{
    const char *file = sk_arena_string(&l->rules->arena, path, strlen(path));
    if (!file)
        l->problems->no_memory = true;
    else
        sk_load_lines(l, file, name, on_header_line, NULL);
}

static const char *const NEAR_NAMES[SK_NEAR_KINDS] = { "tail", "organisation", "staff" };

struct near_line {
    struct sk_loader *l;
    const char *path;
    unsigned number;
    struct sk_near_words *into;
};

static void on_near_word(void *ctx, const char *word, size_t offset)
{
    (void)offset;
    struct near_line *x = ctx;
    const char *folded = sk_load_fold(x->l, word);
    char normal[SK_WORD_BYTES];
    size_t n = folded ? sk_header_normalise(folded, strlen(folded), normal, sizeof(normal)) : 0;
    const char *text = n ? sk_arena_string(&x->l->rules->arena, normal, n) : NULL;
    if (!text)
        sk_problem_add(x->l->problems, x->path, x->number, 1, "語が空か、長すぎます", "the word is empty or too long");
    else if (!sk_grow(&x->into->words, &x->into->cap, x->into->n + 1, sizeof(const char *)))
        x->l->problems->no_memory = true;
    else
        x->into->words[x->into->n++] = text;
}

static void on_near_line(struct sk_loader *l, const char *path, struct sk_line line, void *ctx)
{
    (void)ctx;
    if (line.text[0] == '#')
        return;
    char *tab = strchr(line.text, '\t');
    if (tab)
        *tab = '\0';
    for (size_t k = 0; tab && k < SK_NEAR_KINDS; k++)
        if (strcmp(line.text, NEAR_NAMES[k]) == 0) {
            struct near_line x = { l, path, line.number, &l->rules->near[k] };
            split(tab + 1, on_near_word, &x);
            return;
        }
    sk_problem_add(l->problems, path, line.number, 1,
                   "「種類 TAB 語;語」の形で書きます(種類: tail, organisation, staff)",
                   "expected 'kind<TAB>word;word' (kinds: tail, organisation, staff)");
}

void sk_load_near(struct sk_loader *l, const char *path, const char *name)
{
    sk_load_lines(l, path, name, on_near_line, NULL);
}

/* ---- the table ---- */

/* Most cells and words that are asked for are no headers: length and first character tell that for nearly all. */
static unsigned header_bit(const char *text, size_t n)
{
    uint32_t v = (uint32_t)n << 24;
    for (size_t i = 0; i < n && i < 3; i++)
        v ^= (uint32_t)(uint8_t)text[i] << 8 * i;
    return v * 0x9E3779B1u >> 18;
}

static unsigned start_bit(const char *text)
{
    uint64_t v = 0;
    memcpy(&v, text, SK_HEADER_START);
    return (unsigned)(v * 0x9E3779B97F4A7C15u >> 50);
}

static void set_bit(uint8_t bits[2048], unsigned bit)
{
    bits[bit / 8] |= (uint8_t)(1u << bit % 8);
}

static bool has_bit(const uint8_t bits[2048], unsigned bit)
{
    return bits[bit / 8] >> bit % 8 & 1;
}

static int by_normal(const void *a, const void *b)
{
    const struct sk_spelling *x = a, *y = b;
    int order = strcmp(x->normal, y->normal);
    if (order)
        return order;
    order = strcmp(x->file, y->file);
    return order                   ? order
           : x->line != y->line    ? (x->line < y->line ? -1 : 1)
           : x->column < y->column ? -1
                                   : x->column > y->column;
}

void sk_load_headers_end(struct sk_loader *l)
{
    struct sk_rules *r = l->rules;
    r->headers = sk_arena_new(&r->arena, r->n_spellings, sizeof(*r->headers));
    if (!r->headers) {
        l->problems->no_memory = true;
        return;
    }
    if (r->n_spellings)
        qsort(r->spellings, r->n_spellings, sizeof(*r->spellings), by_normal);
    for (size_t i = 0, first = 0; i < r->n_spellings; i++) {
        const struct sk_spelling *s = &r->spellings[i];
        if (r->n_headers == 0 || strcmp(r->headers[r->n_headers - 1].text, s->normal) != 0) {
            size_t n = strlen(s->normal);
            set_bit(r->header_bits, header_bit(s->normal, n));
            if (n >= SK_HEADER_START)
                set_bit(r->header_starts, start_bit(s->normal));
            r->headers[r->n_headers++] = (struct sk_header){ s->normal, s->role, s->weak };
            first = i;
            continue;
        }
        struct sk_header *h = &r->headers[r->n_headers - 1];
        h->weak = h->weak && s->weak;
        if (h->role != s->role)
            sk_problem_add(
                l->problems, s->file, s->line, s->column, "見出し「%s」は別の役割 %s にもあります(%s %u 行目)",
                "the header '%s' also has the role %s (%s line %u)", s->text, sk_role_info((enum sk_role)h->role)->name,
                r->spellings[first].file, r->spellings[first].line);
    }
}

/* ---- looking up ---- */

const struct sk_header *sk_header_exact(const struct sk_rules *r, const char *text, size_t n)
{
    size_t low = 0, high = has_bit(r->header_bits, header_bit(text, n)) ? r->n_headers : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *other = r->headers[middle].text;
        int order = strncmp(other, text, n);
        if (order == 0)
            order = other[n] != '\0';
        if (order == 0)
            return &r->headers[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool sk_header_range(const struct sk_rules *r, const char *text, size_t *first, size_t *end)
{
    size_t low = 0, high = has_bit(r->header_starts, start_bit(text)) ? r->n_headers : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strncmp(r->headers[middle].text, text, SK_HEADER_START) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *first = *end = low;
    while (*end < r->n_headers && strncmp(r->headers[*end].text, text, SK_HEADER_START) == 0)
        ++*end;
    return *first < *end;
}

/* text = before(inside)behind; false without brackets. */
static bool brackets(const char *text, size_t n, size_t *open, size_t *close)
{
    const char *p = memchr(text, '(', n);
    if (!p)
        return false;
    *open = (size_t)(p - text);
    const char *q = memchr(p, ')', n - *open);
    *close = q ? (size_t)(q - text) : n;
    return true;
}

/* "利用者氏名(カナ)" is found as 利用者氏名カナ, カナ利用者氏名, or as 利用者氏名 whose bracket turns it into kana. */
static const struct sk_header *without_brackets(const struct sk_rules *r, const char *text, size_t n,
                                                enum sk_role *role)
{
    size_t open, close;
    char joined[SK_WORD_BYTES * 2];
    if (n > sizeof(joined) || !brackets(text, n, &open, &close))
        return NULL;
    size_t inside = close - open - 1, behind = close < n ? n - close - 1 : 0;
    const char *in = text + open + 1, *rest = text + close + (close < n);
    if (open + behind == 0)
        return sk_header_exact(r, in, inside);

    memcpy(joined, text, open);
    memcpy(joined + open, rest, behind);
    memcpy(joined + open + behind, in, inside);
    const struct sk_header *h = sk_header_exact(r, joined, open + behind + inside);
    if (h)
        return h;
    memcpy(joined, in, inside);
    memcpy(joined + inside, text, open);
    memcpy(joined + inside + open, rest, behind);
    h = sk_header_exact(r, joined, inside + open + behind);
    if (h)
        return h;
    h = sk_header_exact(r, joined + inside, open + behind);
    if (h && h->role == SK_ROLE_PERSON_NAME) {
        const struct sk_header *kind = sk_header_exact(r, in, inside);
        if (kind && kind->role == SK_ROLE_PERSON_KANA)
            *role = SK_ROLE_PERSON_KANA;
    }
    return h;
}

enum sk_role sk_rules_header(const struct sk_rules *r, const char *text, size_t n, bool *weak)
{
    if (weak)
        *weak = false;
    if (n == 0 || n > SK_WORD_BYTES || memchr(text, 0, n))
        return SK_ROLE_NONE;
    enum sk_role role = SK_ROLE_NONE;
    const struct sk_header *h = sk_header_exact(r, text, n);
    if (!h)
        h = without_brackets(r, text, n, &role);
    if (!h && n > 3 && text[n - 1] >= '0' &&
        text[n - 1] <= '9') /* TEL1: the number that normalising leaves behind a letter */
        h = sk_header_exact(r, text, n - 1);
    if (!h)
        return SK_ROLE_NONE;
    if (weak)
        *weak = h->weak;
    return role != SK_ROLE_NONE ? role : (enum sk_role)h->role;
}
