#include "detect/chars.h"
#include "detect/findings.h"
#include "detect/people.h"

#include <stddef.h>

/* A record collects what stands together about one person: a table row, a claim, a form, a few lines of prose. */

void sk_record_start(struct sk_record *r, const struct sk_segment *s, uint32_t begin)
{
    memset(r, 0, offsetof(struct sk_record, store)); /* the store is written before it is read */
    r->segment = s;
    r->begin = r->end = begin;
    r->part = s->part;
    r->hidden = s->hidden;
    if (r->hidden == SK_SHOWN && s->n_cells) {
        const struct sk_cell *cell = sk_cell_at(s, begin);
        if (cell)
            r->hidden = (enum sk_hidden)cell->hidden;
    }
}

void sk_record_piece(struct sk_record *r, enum sk_piece piece, const char *p, size_t n)
{
    if ((unsigned)piece >= SK_PIECES || n == 0)
        return;
    if (n > 160)
        n = 160;
    if (n > SK_RECORD_STORE - r->stored)
        return;
    memcpy(r->store + r->stored, p, n);
    r->piece[piece].p = r->store + r->stored;
    r->piece[piece].n = (uint32_t)n;
    r->stored = (uint16_t)(r->stored + n);
}

enum sk_piece sk_element_piece(enum sk_element e)
{
    switch (e) {
    case SK_EL_INSURER_NUMBER:
        return SK_PIECE_INSURER;
    case SK_EL_INSURED_ID:
        return SK_PIECE_NUMBER;
    case SK_EL_LATECARE_INSURED_NUMBER:
        return SK_PIECE_LATECARE;
    case SK_EL_CARE_INSURED_NUMBER:
        return SK_PIECE_CARE;
    case SK_EL_PUBLIC_EXPENSE_PAYER:
        return SK_PIECE_PAYER;
    case SK_EL_PUBLIC_EXPENSE_RECIPIENT:
        return SK_PIECE_RECIPIENT;
    case SK_EL_PENSION_NUMBER:
    case SK_EL_LICENCE_NUMBER:
    case SK_EL_PASSPORT_NUMBER:
    case SK_EL_RESIDENCE_CARD:
    case SK_EL_JUKI_CODE:
    case SK_EL_EMPLOYMENT_INSURANCE_NUMBER:
        return SK_PIECE_OTHER;
    case SK_EL_PERSON_NAME:
        return SK_PIECE_NAME;
    case SK_EL_PERSON_KANA:
        return SK_PIECE_KANA;
    case SK_EL_BIRTH_DATE:
        return SK_PIECE_BIRTH;
    case SK_EL_SEX:
        return SK_PIECE_SEX;
    case SK_EL_PERSONAL_NUMBER:
        return SK_PIECE_PERSONAL_NUMBER;
    default:
        return SK_PIECES;
    }
}

static void want_place(struct sk_context *c, struct sk_record *r, uint32_t begin, uint32_t end)
{
    char number[9];
    size_t n = sk_insurer_key(r->piece[SK_PIECE_INSURER].p, r->piece[SK_PIECE_INSURER].n, number);
    if (n > 0 && sk_people_wants_place(c, number, n)) {
        sk_findings_place(c, r->segment, begin, end, &r->at);
        r->has_at = true;
    }
}

bool sk_record_add(struct sk_context *c, struct sk_record *r, uint32_t begin, uint32_t end, enum sk_element e,
                   enum sk_confidence conf, enum sk_piece piece, bool counted)
{
    if (end > r->end)
        r->end = end;
    if (piece != SK_PIECES && conf >= SK_CONF_MEDIUM && begin < end && end <= r->segment->len) {
        /* A letter in front tells the kinds of other codes apart: two kinds may have the same digits. */
        if (piece == SK_PIECE_OTHER) {
            char kind[64] = { (char)('A' + (int)e % 58) };
            size_t n = end - begin < sizeof(kind) - 1 ? end - begin : sizeof(kind) - 1;
            memcpy(kind + 1, r->segment->text + begin, n);
            sk_record_piece(r, piece, kind, n + 1);
        } else {
            sk_record_piece(r, piece, r->segment->text + begin, end - begin);
        }
        if (piece == SK_PIECE_INSURER)
            want_place(c, r, begin, end);
    }
    if ((unsigned)e >= SK_EL_COUNT)
        return true;
    /* 記号, 番号 and 枝番 of one person in one record are one place, however many cells they fill. */
    if (e == SK_EL_INSURED_ID && (r->elements & SK_BIT(e)))
        counted = false;
    r->found = true;
    if (conf >= SK_CONF_MEDIUM)
        r->elements |= SK_BIT(e);
    if (conf == SK_CONF_HIGH)
        r->high |= SK_BIT(e);
    return !counted || sk_finding_add(c, r->segment, begin, end, e, conf);
}

/* ---------------------------------------------------------------- pieces -> identity */

size_t sk_insurer_key(const char *s, size_t n, char out[9])
{
    char v[9];
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (sk_is_space(s[i]) || s[i] == '-')
            continue;
        if (!sk_is_digit(s[i]) || k == 8)
            return 0;
        v[k++] = s[i];
    }
    if (k == 8 && v[0] == '0' && v[1] == '0') {
        memcpy(out, v + 2, 6);
        return 6;
    }
    if (k == 5 || k == 7) {
        out[0] = '0';
        memcpy(out + 1, v, k);
        return k + 1;
    }
    if (k != 6 && k != 8)
        return 0;
    memcpy(out, v, k);
    return k;
}

static void put(struct sk_identity *id, enum sk_piece piece, const char *p, size_t n)
{
    if (n > sizeof(id->piece[piece].p))
        n = sizeof(id->piece[piece].p);
    memcpy(id->piece[piece].p, p, n);
    id->piece[piece].n = (uint8_t)n;
}

/* Without spaces; hiragana as katakana for readings. What is blanked out (***) identifies nobody. */
static void put_name(struct sk_identity *id, enum sk_piece piece, const char *s, size_t n)
{
    char out[96];
    size_t k = 0;
    if (sk_blank_form(s, n))
        return;
    for (size_t i = 0; i < n && k + 4 <= sizeof(out);) {
        uint32_t cp;
        i += sk_utf8_next(s + i, n - i, &cp);
        if (cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r')
            continue;
        if (piece == SK_PIECE_KANA && cp >= 0x3041 && cp <= 0x3096)
            cp += 0x60;
        k += sk_utf8_put(out + k, cp);
    }
    put(id, piece, out, k);
}

/* Letters and digits of any script, the rest (spaces, hyphens, middle dots) left out. */
static size_t squeeze(const char *s, size_t n, char *out, size_t cap)
{
    size_t k = 0;
    for (size_t i = 0; i < n && k + 4 <= cap;) {
        uint32_t cp;
        i += sk_utf8_next(s + i, n - i, &cp);
        if (cp >= 0x80 ? cp != 0x30FB : sk_is_alnum((char)cp))
            k += sk_utf8_put(out + k, cp);
    }
    return k;
}

/* A place found in text may hold all three with their words: 12-34 番号 5678 (枝番) 01. Cuts at the word; what is
 * behind it goes to *rest. */
static bool cut_word(const char *s, size_t *n, const char *word, const char **rest, size_t *rest_n)
{
    bool ascii = true; /* as nearly all are */
    for (size_t i = 0; i < *n && ascii; i++)
        ascii = (unsigned char)s[i] < 0x80;
    size_t at = ascii ? SIZE_MAX : sk_find(sk_bytes(s, *n), 0, word, strlen(word));
    if (at == SIZE_MAX)
        return false;
    *rest = s + at + strlen(word);
    *rest_n = *n - at - strlen(word);
    *n = at;
    return true;
}

/* "12・123456" in one piece is 記号 12, 番号 123456: at the last middle dot, else space, else hyphen or slash. */
static void put_symbol_number(struct sk_identity *id, const struct sk_record *r)
{
    const char *s = r->piece[SK_PIECE_NUMBER].p, *symbol = r->piece[SK_PIECE_SYMBOL].p, *rest;
    size_t n = r->piece[SK_PIECE_NUMBER].n, symbol_n = r->piece[SK_PIECE_SYMBOL].n, cut = 0, width = 0, rest_n;
    char two[8];
    if (n && cut_word(s, &n, "枝番", &rest, &rest_n) && r->piece[SK_PIECE_BRANCH].n == 0 &&
        squeeze(rest, rest_n, two, sizeof(two)) == 2)
        put(id, SK_PIECE_BRANCH, two, 2);
    if (n && symbol_n == 0 && cut_word(s, &n, "番号", &rest, &rest_n)) {
        symbol = s;
        symbol_n = n;
        s = rest;
        n = rest_n;
    }
    while (n > 0 && (sk_is_space(s[n - 1]) || s[n - 1] == '('))
        n--;
    static const char *const SEPARATORS[] = { "・", " ", "-", "/" };
    for (size_t k = 0; symbol_n == 0 && cut == 0 && k < sizeof(SEPARATORS) / sizeof(SEPARATORS[0]); k++) {
        width = strlen(SEPARATORS[k]);
        for (size_t i = n; i-- > 1;)
            if (sk_has(s + i, n - i, SEPARATORS[k]) && i + width < n) {
                cut = i;
                break;
            }
    }
    if (cut > 0) {
        symbol = s;
        symbol_n = cut;
        s += cut + width;
        n -= cut + width;
    }
    char out[96];
    if (n > 0)
        put(id, SK_PIECE_NUMBER, out, squeeze(s, n, out, sizeof(out)));
    if (symbol_n > 0)
        put(id, SK_PIECE_SYMBOL, out, squeeze(symbol, symbol_n, out, sizeof(out)));
}

static void put_code(struct sk_identity *id, const struct sk_record *r, enum sk_piece piece)
{
    char out[96];
    size_t n = r->piece[piece].n ? squeeze(r->piece[piece].p, r->piece[piece].n, out, sizeof(out)) : 0;
    size_t from = piece == SK_PIECE_OTHER ? 1 : 0;       /* its kind */
    if (n > from && !sk_one_digit(out + from, n - from)) /* 00000000 is a filler */
        put(id, piece, out, n);
}

static uint8_t sex_of(const char *s, size_t n)
{
    if (n && (s[0] == '1' || s[0] == 'M' || s[0] == 'm' || sk_has(s, n, "男")))
        return 1;
    if (n && (s[0] == '2' || s[0] == 'F' || s[0] == 'f' || sk_has(s, n, "女")))
        return 2;
    return 0;
}

static void identify(const struct sk_record *r, struct sk_identity *id)
{
    for (int i = 0; i < SK_PIECES; i++)
        id->piece[i].n = 0;
    char number[9];
    size_t n = sk_insurer_key(r->piece[SK_PIECE_INSURER].p, r->piece[SK_PIECE_INSURER].n, number);
    if (n)
        put(id, SK_PIECE_INSURER, number, n);
    put_symbol_number(id, r);
    n = r->piece[SK_PIECE_BRANCH].n;
    const char *branch = r->piece[SK_PIECE_BRANCH].p;
    if (n == 1 && sk_is_digit(branch[0])) {
        char two[2] = { '0', branch[0] };
        put(id, SK_PIECE_BRANCH, two, 2);
    } else if (n == 2) {
        put(id, SK_PIECE_BRANCH, branch, 2);
    }
    static const enum sk_piece CODES[] = { SK_PIECE_LATECARE,  SK_PIECE_CARE,  SK_PIECE_PAYER,
                                           SK_PIECE_RECIPIENT, SK_PIECE_OTHER, SK_PIECE_PERSONAL_NUMBER };
    for (size_t i = 0; i < sizeof(CODES) / sizeof(CODES[0]); i++)
        put_code(id, r, CODES[i]);
    if (r->piece[SK_PIECE_NAME].n)
        put_name(id, SK_PIECE_NAME, r->piece[SK_PIECE_NAME].p, r->piece[SK_PIECE_NAME].n);
    if (r->piece[SK_PIECE_KANA].n)
        put_name(id, SK_PIECE_KANA, r->piece[SK_PIECE_KANA].p, r->piece[SK_PIECE_KANA].n);
    id->has_birth = r->piece[SK_PIECE_BIRTH].n &&
                    sk_date_read(r->piece[SK_PIECE_BIRTH].p, r->piece[SK_PIECE_BIRTH].n, true, &id->birth);
    id->sex = sex_of(r->piece[SK_PIECE_SEX].p, r->piece[SK_PIECE_SEX].n);
}

static bool count_hidden(struct sk_context *c, const struct sk_record *r, uint32_t person)
{
    struct sk_place at = { .part = r->part, .hidden = (uint8_t)r->hidden, .kind = SK_AT_PART };
    if (r->has_at)
        at = r->at;
    uint32_t i = sk_hidden_sum(c, r->part, r->hidden, &at);
    struct sk_hidden_sum *h = sk_hidden_sum_at(c, i);
    if (!h)
        return false;
    h->records++;
    h->elements |= r->elements;
    if (person != UINT32_MAX && sk_people_first_in(c, i, person))
        h->persons++;
    return true;
}

bool sk_record_end(struct sk_context *c, struct sk_record *r)
{
    uint32_t person = UINT32_MAX;
    bool ok = true;
    if (!r->found || sk_findings_muted(c))
        return true;
    if (r->elements & SK_PERSON_KEYS) {
        struct sk_identity id;
        identify(r, &id);
        ok = sk_people_add(c, &id, r->has_at ? &r->at : NULL, &person);
        explicit_bzero(&id, sizeof(id));
        if (ok && sk_people_last_is_own(c)) { /* a person of the own register: what names them is no chance hit */
            sk_elements sure = r->elements & (SK_PERSON_KEYS | SK_KEY(BIRTH_DATE) | SK_KEY(INSURER_NUMBER));
            sk_findings_confirm(c, sure & ~r->high);
            r->high |= sure;
        }
    }
    ok = ok && (r->elements == 0 || sk_people_mask(c, r->elements, r->high));
    if (ok && r->hidden != SK_SHOWN)
        ok = count_hidden(c, r, person);
    explicit_bzero(r->store, r->stored); /* nothing of the file stays */
    r->stored = 0;
    r->found = false;
    return ok;
}
