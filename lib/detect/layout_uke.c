/*
 * Medical, DPC, dental, pharmacy and home-nursing claims (claims.md 1). Provider files begin each line with the record
 * id; insurer and returned files put three history columns before it. Nothing but typed columns decides: two-letter ids
 * alone are also country codes.
 */
#include "detect/layout.h"

#define UKE_PROBE_ROWS 400u
#define UKE_PREFIX_MAX 4u

#define ID(a, b) ((unsigned)(a) << 8 | (unsigned)(b))
#define ID_OF(s) ID((s)[0], (s)[1])

static bool known_id(unsigned id)
{
    static const char ids[][3] = {
#define X(id) #id,
#include "detect/uke_records.def"
#undef X
    };
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        if (ID_OF(ids[i]) == id)
            return true;
    return false;
}

/* The record id in this column, 0 = none. */
static unsigned id_at(const struct sk_row *r, uint32_t col)
{
    struct sk_text t = sk_row_text(r, col);
    return t.n == 2 && t.p[0] >= 'A' && t.p[0] <= 'Z' && t.p[1] >= 'A' && t.p[1] <= 'Z' ? ID_OF(t.p) : 0;
}

/* ---------------------------------------------------------------- recognition, claims.md 1.4 */

static bool header_ok(const struct sk_row *r, uint32_t p, unsigned id)
{
    static const struct {
        char id[3];
        const char *points; /* 点数表 */
    } heads[] = { { "IR", "13" }, { "UK", "3" }, { "YK", "4" }, { "HM", "6" } };
    const char *points = NULL;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        if (ID_OF(heads[i].id) == id)
            points = heads[i].points;
    if (points == NULL)
        return false;
    struct sk_text agency = sk_row_text(r, p + 1), table = sk_row_text(r, p + 3);
    long pref = sk_text_number(sk_row_text(r, p + 2));
    if (agency.n != 1 || (agency.p[0] != '1' && agency.p[0] != '2') || pref < 1 || pref > 47)
        return false;
    if (table.n != 1 || strchr(points, table.p[0]) == NULL || !sk_text_digits(sk_row_text(r, p + 4), 1, 7))
        return false;
    for (uint32_t col = p + 5; col <= p + 8; col++)
        if (sk_text_ym(sk_row_text(r, col)))
            return true;
    return false;
}

static bool receipt_ok(const struct sk_row *r, uint32_t p, long today)
{
    struct sk_text kind = sk_row_text(r, p + 2), sex = sk_row_text(r, p + 5);
    if (!sk_text_digits(sk_row_text(r, p + 1), 1, 6) || !sk_text_digits(kind, 4, 4) ||
        strchr("1346", kind.p[0]) == NULL || kind.p[1] < '1' || kind.p[1] > '4' || kind.p[2] < '1' || kind.p[2] > '5')
        return false;
    return sk_text_ym(sk_row_text(r, p + 3)) && sex.n == 1 && (sex.p[0] == '1' || sex.p[0] == '2') &&
           sk_text_ymd(sk_row_text(r, p + 6), today);
}

/* 労災: RE without レセプト種別; only beside the records RR or RS, which no other kind has. */
static bool labour_receipt_ok(const struct sk_row *r, uint32_t p, long today)
{
    struct sk_text sex = sk_row_text(r, p + 5);
    return sk_text_digits(sk_row_text(r, p + 1), 1, 6) && sk_row_text(r, p + 2).n == 0 &&
           sk_text_ym(sk_row_text(r, p + 3)) && sex.n == 1 && (sex.p[0] == '1' || sex.p[0] == '2') &&
           sk_text_ymd(sk_row_text(r, p + 6), today);
}

/* A cut-out without any RE: payer and acts must both be typed as only claims are. */
static bool payer_ok(const struct sk_row *r, uint32_t p, long today)
{
    return sk_text_insurer(sk_row_text(r, p + 1), today) && sk_row_text(r, p + 3).n != 0 &&
           sk_text_digits(sk_row_text(r, p + 4), 1, 3) && sk_text_digits(sk_row_text(r, p + 5), 1, 8);
}

static bool act_ok(const struct sk_row *r, uint32_t p)
{
    return sk_text_digits(sk_row_text(r, p + 3), 9, 9) && sk_row_width(r) >= p + 7;
}

struct uke_evidence {
    size_t lines, ids, headers, receipts, payers, acts, returned, histories, labour, labour_receipts;
};

static void weigh_row(struct uke_evidence *e, const struct sk_row *r, uint32_t p, long today)
{
    unsigned id = id_at(r, p);
    if (id == 0 && id_at(r, 0) == ID('H', 'I')) /* heads a returned file, without the history columns */
        id = ID('H', 'I');
    if (r->n == 1 && sk_row_text(r, 0).n <= 1)
        return; /* Ctrl-Z behind the last line */
    e->lines++;
    if (id == 0 || !known_id(id))
        return;
    e->ids++;
    if (p == 3 && sk_text_digits(sk_row_text(r, 0), 1, 2) && sk_text_digits(sk_row_text(r, 1), 1, 9))
        e->histories++;
    switch (id) {
    case ID('R', 'E'):
        e->receipts += receipt_ok(r, p, today);
        e->labour_receipts += labour_receipt_ok(r, p, today);
        break;
    case ID('R', 'R'):
    case ID('R', 'S'):
        e->labour++;
        break;
    case ID('H', 'O'):
        e->payers += payer_ok(r, p, today);
        break;
    case ID('S', 'I'):
    case ID('I', 'Y'):
    case ID('S', 'S'):
        e->acts += act_ok(r, p);
        break;
    case ID('H', 'I'):
    case ID('H', 'R'):
    case ID('M', 'D'):
    case ID('M', 'K'):
        e->returned++;
        break;
    default:
        e->headers += header_ok(r, p, id);
        break;
    }
}

static int uke_probe(const struct sk_row *rows, size_t n, long today, const char **format)
{
    int best = 0;
    for (uint32_t p = 0; p <= UKE_PREFIX_MAX; p++) {
        struct uke_evidence e = { 0 };
        for (size_t i = 0; i < n && i < UKE_PROBE_ROWS; i++)
            weigh_row(&e, &rows[i], p, today);
        int score = 0;
        if (e.lines == 0 || e.ids * 10 < e.lines * 9)
            continue;
        if (e.receipts != 0)
            score = e.headers != 0 || e.payers != 0 ? 100 : 80;
        else if (e.labour != 0 && e.labour_receipts != 0)
            score = 80;
        else if (e.payers != 0 && e.acts != 0)
            score = 70;
        if (score > best) {
            best = score;
            bool insurer = p == 3 && e.histories != 0;
            *format = !insurer ? "uke" : e.returned != 0 ? "uke-returned" : "uke-insurer";
        }
    }
    return best;
}

/* ---------------------------------------------------------------- reading */

struct uke {
    struct sk_open open;
    uint32_t prefix; /* where the last id stood */
    sk_value kana;
};

static unsigned uke_id(struct uke *u, const struct sk_row *r)
{
    unsigned id = id_at(r, u->prefix);
    if (id != 0) /* the probe has seen that ids stand there */
        return id;
    for (uint32_t p = 0; p <= UKE_PREFIX_MAX; p++) {
        id = id_at(r, p);
        if (id != 0 && known_id(id)) {
            if (id != ID('H', 'I'))
                u->prefix = p;
            return id;
        }
    }
    return 0;
}

/* Column of カタカナ氏名 (claims.md 1.3), 0 = the kind has none. */
static uint32_t kana_column(struct sk_text kind)
{
    switch (kind.n != 0 ? kind.p[0] : 0) {
    case '1':
        return 36;
    case '3':
        return 25;
    case '4':
        return 41;
    default:
        return 0;
    }
}

static bool receipt_row(struct sk_context *c, struct uke *u, const struct sk_row *r, uint32_t p)
{
    struct sk_open *o = &u->open;
    long today = c->config.today;
    if (!sk_open_start(c, o, r) || !sk_open_add(c, o, r, p, SK_EL_CLAIM_RECORD, SK_CONF_HIGH, SK_PIECES, true))
        return false;
    if (sk_text_filled(sk_row_text(r, p + 4)) &&
        !sk_open_add(c, o, r, p + 4, SK_EL_PERSON_NAME, SK_CONF_HIGH, SK_PIECE_NAME, true))
        return false;
    if (!sk_open_add(c, o, r, p + 5, SK_EL_SEX, SK_CONF_HIGH, SK_PIECE_SEX, true))
        return false;
    if (sk_text_ymd(sk_row_text(r, p + 6), today) &&
        !sk_open_add(c, o, r, p + 6, SK_EL_BIRTH_DATE, SK_CONF_HIGH, SK_PIECE_BIRTH, true))
        return false;
    uint32_t kana = kana_column(sk_row_text(r, p + 2));
    struct sk_text t = sk_row_text(r, p + kana);
    if (kana == 0 || t.n == 0 || u->kana == NULL || !u->kana(t.p, t.n, today))
        return true;
    return sk_open_add(c, o, r, p + kana, SK_EL_PERSON_KANA, SK_CONF_HIGH, SK_PIECE_KANA, true);
}

/* HO: 保険者番号 of eight digits beginning with 39 is 後期高齢者, whose 番号 stands without 記号. */
static bool payer_row(struct sk_context *c, struct uke *u, const struct sk_row *r, uint32_t p)
{
    struct sk_open *o = &u->open;
    if (!o->open && !sk_open_start(c, o, r)) /* a cut-out that begins behind its RE */
        return false;
    struct sk_text insurer = sk_row_text(r, p + 1), symbol = sk_row_text(r, p + 2), number = sk_row_text(r, p + 3);
    if (sk_text_filled(insurer) &&
        !sk_open_add(c, o, r, p + 1, SK_EL_INSURER_NUMBER, SK_CONF_HIGH, SK_PIECE_INSURER, true))
        return false;
    if (insurer.n == 8 && memcmp(insurer.p, "39", 2) == 0 && symbol.n == 0)
        return !sk_text_filled(number) ||
               sk_open_add(c, o, r, p + 3, SK_EL_LATECARE_INSURED_NUMBER, SK_CONF_HIGH, SK_PIECE_LATECARE, true);
    bool has_symbol = sk_text_filled(symbol);
    if (has_symbol && !sk_open_add(c, o, r, p + 2, SK_EL_INSURED_ID, SK_CONF_HIGH, SK_PIECE_SYMBOL, true))
        return false;
    return !sk_text_filled(number) ||
           sk_open_add(c, o, r, p + 3, SK_EL_INSURED_ID, SK_CONF_HIGH, SK_PIECE_NUMBER, !has_symbol);
}

static bool public_row(struct sk_context *c, struct uke *u, const struct sk_row *r, uint32_t p)
{
    struct sk_open *o = &u->open;
    if (!o->open && !sk_open_start(c, o, r))
        return false;
    return sk_open_add(c, o, r, p + 1, SK_EL_PUBLIC_EXPENSE_PAYER, SK_CONF_HIGH, SK_PIECE_PAYER, true) &&
           sk_open_add(c, o, r, p + 2, SK_EL_PUBLIC_EXPENSE_RECIPIENT, SK_CONF_HIGH, SK_PIECE_RECIPIENT, true);
}

/* One element for the record, at the first of these columns that holds something. */
static bool one_of(struct sk_context *c, struct uke *u, const struct sk_row *r, const uint32_t *cols, size_t n,
                   enum sk_element e)
{
    for (size_t i = 0; i < n; i++)
        if (sk_row_cell(r, cols[i]) != NULL)
            return sk_open_add(c, &u->open, r, cols[i], e, SK_CONF_HIGH, SK_PIECES, true);
    return true;
}

static bool content_row(struct sk_context *c, struct uke *u, const struct sk_row *r, uint32_t p, unsigned id)
{
    switch (id) {
    case ID('S', 'N'): /* 負担者種別 1: the payer of HO; others repeat a 公費 */
        if (sk_text_number(sk_row_text(r, p + 1)) <= 1)
            sk_open_piece(&u->open, r, p + 6, SK_PIECE_BRANCH);
        return true;
    case ID('S', 'Y'):
        return one_of(c, u, r, (const uint32_t[]){ p + 5, p + 1 }, 2, SK_EL_DISEASE);
    case ID('S', 'B'):
        return one_of(c, u, r, (const uint32_t[]){ p + 3, p + 1, p + 4 }, 3, SK_EL_DISEASE);
    case ID('H', 'S'): /* the code's column moved between versions of the dental specification */
        return one_of(c, u, r, (const uint32_t[]){ p + 6, p + 5, p + 4 }, 3, SK_EL_DISEASE);
    case ID('S', 'I'):
    case ID('S', 'S'):
        return one_of(c, u, r, (const uint32_t[]){ p + 3 }, 1, SK_EL_PROCEDURE);
    case ID('I', 'Y'):
        return one_of(c, u, r, (const uint32_t[]){ p + 3 }, 1, SK_EL_DRUG);
    case ID('T', 'R'): /* a living donor: another person, without name */
        return one_of(c, u, r, (const uint32_t[]){ p + 6 }, 1, SK_EL_BIRTH_DATE);
    default:
        return true;
    }
}

static bool uke_row(struct sk_context *c, void *state, const struct sk_row *r)
{
    struct uke *u = state;
    if (u->kana == NULL)
        u->kana = sk_value_find("kana");
    unsigned id = uke_id(u, r);
    uint32_t p = u->prefix;
    switch (id) {
    case 0:
        return true;
    case ID('R', 'E'):
        return receipt_row(c, u, r, p);
    case ID('H', 'O'):
        return payer_row(c, u, r, p);
    case ID('K', 'O'):
        return public_row(c, u, r, p);
    case ID('I', 'R'):
    case ID('U', 'K'):
    case ID('Y', 'K'):
    case ID('H', 'M'):
    case ID('M', 'N'):
    case ID('G', 'O'):
        return sk_open_end(c, &u->open);
    default:
        return content_row(c, u, r, p, id);
    }
}

static bool uke_end(struct sk_context *c, void *state)
{
    return sk_open_end(c, &((struct uke *)state)->open);
}

/* Free text: comments, detailed reports of symptoms, the federation's own record, reasons of returns. claims.md 1.3 */
static bool uke_prose(const struct sk_row *r, uint32_t *first, uint32_t *last)
{
    static const struct {
        char id[3];
        uint8_t first, last;
    } texts[] = { { "CO", 4, 4 },  { "SJ", 2, 2 }, { "KH", 1, 3 },   { "MD", 9, 15 }, { "MK", 9, 15 },
                  { "HR", 8, 12 }, { "JS", 2, 6 }, { "HS", 11, 11 }, { "SY", 7, 7 } };
    for (uint32_t p = 0; p <= UKE_PREFIX_MAX; p++) {
        unsigned id = id_at(r, p);
        for (size_t i = 0; id != 0 && i < sizeof texts / sizeof texts[0]; i++)
            if (ID_OF(texts[i].id) == id) {
                *first = p + texts[i].first;
                *last = p + texts[i].last;
                for (uint32_t col = *first; col <= *last; col++)
                    if (sk_row_cell(r, col) != NULL)
                        return true;
                return false;
            }
        if (id != 0 && known_id(id))
            return false;
    }
    return false;
}

const struct sk_row_layout sk_layout_uke = {
    .name = "uke",
    .probe = uke_probe,
    .row = uke_row,
    .end = uke_end,
    .prose = uke_prose,
    .state_size = sizeof(struct uke),
};
