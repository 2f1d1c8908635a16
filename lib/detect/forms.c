#include "detect/forms.h"

#include "detect/chars.h"
#include "detect/checks.h"
#include "detect/findings.h"
#include "detect/numbers.h"
#include "detect/reading.h"

#include <stdlib.h>

/*
 * Prose -> records. Two kinds are open at a time:
 *   form   labels with values (氏名:佐藤 一郎) on following lines; the same label again begins the next person's form
 *   loose  candidates without a form around them; what stands within three lines of one paragraph is one record
 * Records and what waits in them: blocks.c. Labels of a line: formline.c. Values behind them: reading.c.
 */

#define FORM_GAP 6u /* lines without a label that a form bears */
#define LOOSE_LINES 3u
#define LABELS_A_LINE 16u

struct sk_forms {
    struct sk_block form, loose;
    struct sk_kind kinds[SK_ROLES]; /* by role: how its value is read */
    struct sk_lists lists;
    struct sk_conditions *conditions;
    uint32_t part, slide;
    enum sk_run_kind kind;
    uint64_t line, blank_line;      /* of the stream in hand; the last blank one */
    uint64_t bank_line;             /* the last one that told a bank or the holder of an account */
    uint8_t columns[LABELS_A_LINE]; /* roles of a heading line without values: rows may follow */
    size_t n_columns;
    struct sk_label above; /* a label alone on its line: the value may stand below */
    bool has_above;
    struct sk_fields_state fields;
};

/* What one call needs at hand. */
struct work {
    struct sk_context *c;
    struct sk_forms *f;
    const struct sk_segment *s;
    const struct sk_candidate *cands;
    size_t n_cands, cand;
    struct {
        uint32_t from, to;
        uint8_t element;
    } taken[LABELS_A_LINE * 2]; /* by pairs of this line: the same candidates are not added again */
    size_t n_taken;
    struct sk_label labels[LABELS_A_LINE]; /* of the line in hand */
    size_t n_labels;
    uint32_t unit; /* of the line in hand */
};

/* ---------------------------------------------------------------- life */

struct sk_forms *sk_forms_new(const struct sk_context *c)
{
    struct sk_forms *f = sk_new(1, sizeof(*f));
    if (f) {
        for (int i = 0; i < SK_ROLES; i++)
            f->kinds[i] = sk_kind_find(sk_role_info((enum sk_role)i)->check);
        sk_lists_init_organisations(&f->lists, c->rules);
        f->conditions = sk_conditions_new(c->rules);
        f->form.conditions = f->loose.conditions = f->conditions;
        if (!f->conditions) {
            free(f);
            return NULL;
        }
    }
    return f;
}

void sk_forms_reset(struct sk_forms *f)
{
    sk_block_drop(&f->form);
    sk_block_drop(&f->loose);
    f->part = f->slide = 0;
    f->line = f->blank_line = f->bank_line = 0;
    f->n_columns = 0;
    f->has_above = false;
    memset(&f->fields, 0, sizeof(f->fields));
}

void sk_forms_free(struct sk_forms *f)
{
    if (!f)
        return;
    sk_block_free(&f->form);
    sk_block_free(&f->loose);
    sk_conditions_free(f->conditions);
    free(f);
}

struct sk_fields_state *sk_forms_fields(struct sk_context *c)
{
    return &c->forms->fields;
}

static bool end_all(struct sk_context *c)
{
    struct sk_forms *f = c->forms;
    f->n_columns = 0;
    f->has_above = false;
    return sk_block_end(c, &f->form) && sk_block_end(c, &f->loose);
}

bool sk_forms_part_end(struct sk_context *c, uint32_t part)
{
    bool ok = true;
    if (c->forms->part == part)
        ok = end_all(c);
    return ok && sk_fields_end(c, part);
}

/* ---------------------------------------------------------------- pairs of label and value */

static bool is_care(const struct sk_role_info *info)
{
    return info->class == 'H' && info->element != SK_EL_PUBLIC_EXPENSE_PAYER;
}

/* The check that a value must pass to be sure; NULL: the form of the value is all there is. */
static sk_check sure_check(enum sk_element e)
{
    switch (e) {
    case SK_EL_LATECARE_INSURED_NUMBER:
        return sk_check_kouki_hihokensha8;
    case SK_EL_PUBLIC_EXPENSE_RECIPIENT:
        return sk_check_kouhi_jukyu7;
    case SK_EL_PUBLIC_EXPENSE_PAYER:
        return sk_check_kouhi_futan8;
    case SK_EL_MEDICAL_INSTITUTION:
        return sk_check_iryokikan10;
    default:
        return NULL;
    }
}

static enum sk_confidence confidence_of(const struct work *w, const struct sk_label *l, enum sk_element e,
                                        uint32_t from, uint32_t to)
{
    char v[20];
    sk_check check = sure_check(e);
    if (l->weak || (!l->colon && (e == SK_EL_PERSON_NAME || e == SK_EL_PERSON_KANA)))
        return SK_CONF_MEDIUM;
    if (!check)
        return SK_CONF_HIGH;
    size_t n = sk_compact(w->s->text + from, to - from, v, sizeof(v));
    return n && check(v, n, w->c->config.today) ? SK_CONF_HIGH : SK_CONF_MEDIUM;
}

static enum sk_element element_of(const struct work *w, enum sk_role role, uint32_t from, uint32_t to)
{
    char v[12];
    if (role == SK_ROLE_INSURED_NO) /* 8 digits 後期, 10 介護 */
        return sk_compact(w->s->text + from, to - from, v, sizeof(v)) == 10 ? SK_EL_CARE_INSURED_NUMBER
                                                                            : SK_EL_LATECARE_INSURED_NUMBER;
    if (role == SK_ROLE_ACCOUNT_HOLDER) { /* a person where nobody else is named and a bank's two words of kana stand */
        const struct sk_block *b = &w->f->form;
        bool named = b->open && (b->record.piece[SK_PIECE_NAME].n > 0 || b->record.piece[SK_PIECE_KANA].n > 0);
        return !named && sk_value_find("holder")(w->s->text + from, to - from, 0) ? SK_EL_PERSON_KANA : SK_EL_NONE;
    }
    return sk_role_info(role)->element;
}

static enum sk_piece piece_of(enum sk_role role, enum sk_element e)
{
    return role == SK_ROLE_KOKUHO_SYMBOL ? SK_PIECE_SYMBOL
           : role == SK_ROLE_EDABAN      ? SK_PIECE_BRANCH
                                         : sk_element_piece(e);
}

/* Generic words (番号, 記号) mean something only beside each other. */
static bool weak_fits(const struct sk_block *b, const struct sk_label *l)
{
    if (!l->weak)
        return true;
    if (l->role == SK_ROLE_KOKUHO_NUMBER)
        return b->symbol.set || (b->open && b->record.piece[SK_PIECE_SYMBOL].n > 0);
    return l->role == SK_ROLE_KOKUHO_SYMBOL || l->role == SK_ROLE_EDABAN || l->role == SK_ROLE_PERSON_NAME ||
           l->role == SK_ROLE_PERSON_KANA;
}

static bool in_latin(const char *t, uint32_t from, uint32_t to)
{
    while (from < to && (unsigned char)t[from] < 0xE0)
        from++;
    return from >= to;
}

static bool any_digit(const char *t, uint32_t from, uint32_t to)
{
    while (from < to && !sk_is_digit(t[from]))
        from++;
    return from < to;
}

/* 記号 and 番号 of the post bank stand under the same labels as those of insured persons. */
static bool is_postal(const struct work *w, uint32_t from, uint32_t to)
{
    const struct sk_block *b = &w->f->form;
    const char *t = w->s->text;
    return b->symbol.set && w->f->bank_line != 0 && w->f->line - w->f->bank_line <= FORM_GAP &&
           sk_is_postal_account(sk_bytes(t + b->symbol.begin, b->symbol.end - b->symbol.begin),
                                sk_bytes(t + from, to - from));
}

static bool add_pair(struct work *w, const struct sk_label *l, uint32_t from, uint32_t to)
{
    struct sk_block *b = &w->f->form;
    enum sk_element e = element_of(w, l->role, from, to);
    enum sk_piece piece = piece_of(l->role, e);
    const struct sk_role_info *info = sk_role_info(l->role);
    if (e == SK_EL_CREDENTIAL || (e == SK_EL_NONE && l->role != SK_ROLE_EDABAN)) /* secrets: find_secret.c knows more */
        return true;
    if (e != SK_EL_NONE && piece != SK_PIECE_BRANCH && w->n_taken < sizeof(w->taken) / sizeof(w->taken[0])) {
        w->taken[w->n_taken].from = from;
        w->taken[w->n_taken].to = to;
        w->taken[w->n_taken++].element = (uint8_t)e;
    }
    if (!sk_block_label(w->c, b, w->s, l, from, w->f->line))
        return false;
    enum sk_confidence conf = confidence_of(w, l, e, from, to);
    if (e == SK_EL_PERSON_NAME && in_latin(w->s->text, l->begin, l->end) && in_latin(w->s->text, from, to))
        return sk_block_wait(w->c, b, from, to, e, SK_CONF_MEDIUM, -1); /* "Name: Google Test" of programs */
    if (is_care(info))
        return sk_block_wait(w->c, b, from, to, e, conf, -1);
    if (piece == SK_PIECE_BRANCH) {
        sk_record_piece(&b->record, piece, w->s->text + from, to - from);
        return true;
    }
    if (piece == SK_PIECE_SYMBOL && l->weak) { /* counts when its 番号 comes */
        b->symbol.begin = from;
        b->symbol.end = to;
        b->symbol.set = true;
        return true;
    }
    if (e == SK_EL_INSURED_ID && is_postal(w, from, to)) {
        b->symbol.set = false;
        return sk_record_add(w->c, &b->record, from, to, SK_EL_YUCHO_ACCOUNT, conf, SK_PIECES, true);
    }
    if (e == SK_EL_INSURED_ID && b->symbol.set) {
        b->symbol.set = false;
        if (!sk_record_add(w->c, &b->record, b->symbol.begin, b->symbol.end, e, conf, SK_PIECE_SYMBOL, true))
            return false;
    }
    if (piece != SK_PIECES && b->record.piece[piece].n > 0) {
        if (e == SK_EL_PERSON_NAME) /* a second name in the same form is another person: 届出人 beside 被保険者 */
            return sk_block_alone(w->c, w->s, from, to, e, conf, piece);
        piece = SK_PIECES;
    }
    return sk_record_add(w->c, &b->record, from, to, e, conf, piece, true);
}

static bool pair(struct work *w, const struct sk_label *l, uint32_t from, uint32_t to, bool *used)
{
    uint32_t begin, end;
    *used = false;
    if (from >= to || sk_blank_form(w->s->text + from, to - from) || !weak_fits(&w->f->form, l))
        return true;
    if (!sk_read_value(w->s->text, from, to, &w->f->kinds[l->role], w->c->config.today, &begin, &end))
        return true;
    if ((l->role == SK_ROLE_PERSON_NAME || l->role == SK_ROLE_PERSON_KANA) &&
        (sk_lists_organisation(&w->f->lists, w->s->text + begin, end - begin) ||
         sk_no_value(sk_rules_words(w->c->rules, "no_value"), w->s->text + begin, end - begin)))
        return true;
    /* "記号" text, "番号" text: a column's type. Symbols without digits are written in kanji or kana. */
    if ((l->role == SK_ROLE_KOKUHO_SYMBOL || l->role == SK_ROLE_KOKUHO_NUMBER) && in_latin(w->s->text, begin, end) &&
        !any_digit(w->s->text, begin, end))
        return true;
    *used = true;
    return add_pair(w, l, begin, end);
}

/* ---------------------------------------------------------------- rows under a heading line */

static bool row_below(struct work *w, uint32_t begin, uint32_t end, bool *used)
{
    struct sk_forms *f = w->f;
    struct {
        uint32_t from, to;
    } value[LABELS_A_LINE];
    size_t found = 0;
    uint32_t p = begin;
    for (size_t i = 0; i < f->n_columns; i++) {
        value[i].from = value[i].to = 0;
        while (p < end && sk_is_space(w->s->text[p]))
            p++;
        if (p < end &&
            sk_read_value(w->s->text, p, end, &f->kinds[f->columns[i]], w->c->config.today, &value[i].from,
                          &value[i].to) &&
            value[i].from == p) {
            p = value[i].to;
            found++;
        } else {
            value[i].to = 0;
            while (p < end && !sk_is_space(w->s->text[p]))
                p++;
        }
    }
    *used = found >= 2 && found * 2 >= f->n_columns;
    if (!*used)
        return true;
    if (!sk_block_end(w->c, &f->form))
        return false;
    for (size_t i = 0; i < f->n_columns; i++) {
        struct sk_label l = { .role = (enum sk_role)f->columns[i], .colon = false, .spelling = i + 1 };
        if (value[i].to && !add_pair(w, &l, value[i].from, value[i].to))
            return false;
    }
    return sk_block_end(w->c, &f->form);
}

/* ---------------------------------------------------------------- candidates and words of care */

/* Does the line in hand still belong to what is open? */
static bool in_form(const struct sk_forms *f)
{
    return f->form.open && f->line - f->form.last_line <= 2;
}

static bool in_loose(const struct sk_forms *f)
{
    return f->loose.open && f->line - f->loose.first_line < LOOSE_LINES && f->blank_line <= f->loose.last_line;
}

static bool same_place(const struct sk_block *b, enum sk_piece piece)
{
    return piece == SK_PIECES || b->record.piece[piece].n == 0;
}

static bool add_candidate(struct work *w, const struct sk_candidate *cand, const struct sk_detector *d)
{
    struct sk_forms *f = w->f;
    enum sk_element e = d[cand->detector].element;
    int conf = sk_score_confidence(cand->score);
    enum sk_piece piece = sk_element_piece(e);
    if (conf < 0)
        return true;
    if (cand->bare) /* the minister of a news article is found and is no record */
        return sk_finding_add(w->c, w->s, cand->begin, cand->end, e, (enum sk_confidence)conf);
    struct sk_block *b = in_form(f) && same_place(&f->form, piece) ? &f->form : &f->loose;
    if (b == &f->loose) {
        bool near =
            b->open && f->line - b->first_line < LOOSE_LINES && f->blank_line <= b->last_line && same_place(b, piece);
        if (!near && !(sk_block_end(w->c, b) && sk_block_start(w->c, b, w->s, cand->begin, f->line)))
            return false;
        b->last_line = f->line;
    }
    b->record.segment = w->s;
    /* An address without a label is that of the person in its record; of nobody, when words of bodies stand by it. */
    if (e == SK_EL_ADDRESS && conf == SK_CONF_LOW && cand->score > SK_SCORE_LOW)
        return sk_block_wait(w->c, b, cand->begin, cand->end, e, SK_CONF_MEDIUM, conf);
    return sk_record_add(w->c, &b->record, cand->begin, cand->end, e, (enum sk_confidence)conf, piece, true);
}

/* A label's value says what it is, and so does the label itself: the reading of a name is no second name, 電話1 no
 * house number. */
static bool taken(const struct work *w, const struct sk_candidate *cand, enum sk_element e)
{
    for (size_t i = 0; i < w->n_taken; i++) {
        uint8_t is = w->taken[i].element;
        bool same = is == (uint8_t)e || (is == SK_EL_PERSON_KANA && e == SK_EL_PERSON_NAME);
        if (same && cand->begin < w->taken[i].to && w->taken[i].from < cand->end)
            return true;
    }
    for (size_t i = 0; i < w->n_labels; i++)
        if (w->labels[i].begin <= cand->begin && cand->begin < w->labels[i].end)
            return true;
    return false;
}

static bool rest_of_line(struct work *w, uint32_t end)
{
    const struct sk_detector *d;
    sk_rules_detectors(w->c->rules, &d);
    for (; w->cand < w->n_cands && w->cands[w->cand].begin < end; w->cand++)
        if (!taken(w, &w->cands[w->cand], d[w->cands[w->cand].detector].element) &&
            !add_candidate(w, &w->cands[w->cand], d))
            return false;
    return true;
}

/* ---------------------------------------------------------------- lines */

/* A label alone on the line above: this whole line is its value, unless it is a sentence or has labels of its own. */
static bool value_below(struct work *w, uint32_t begin, uint32_t end, bool *used)
{
    const char *t = w->s->text;
    *used = false;
    if (!w->f->has_above || end - begin > 120 || memchr(t + begin, ':', end - begin) ||
        sk_within(t + begin, end - begin, "。"))
        return true;
    return pair(w, &w->f->above, begin, end, used);
}

static bool labelled_line(struct work *w, const struct sk_label *labels, size_t n, uint32_t end)
{
    struct sk_forms *f = w->f;
    size_t with_value = 0;
    bool used;
    for (size_t i = 0; i < n; i++) {
        if (labels[i].role == SK_ROLE_BANK_NAME || labels[i].role == SK_ROLE_ACCOUNT_HOLDER)
            f->bank_line = f->line;
        if (!pair(w, &labels[i], labels[i].value, labels[i].value_end, &used))
            return false;
        with_value += used;
    }
    f->has_above = false;
    f->n_columns = 0;
    if (with_value)
        return true;
    if (n == 1) {
        uint32_t from = labels[0].value;
        while (from < end && sk_is_space(w->s->text[from]))
            from++;
        f->has_above = from >= end;
        f->above = labels[0];
    } else {
        for (; f->n_columns < n; f->n_columns++)
            f->columns[f->n_columns] = (uint8_t)labels[f->n_columns].role;
    }
    return true;
}

static bool one_line(struct work *w, uint32_t begin, uint32_t end)
{
    struct sk_forms *f = w->f;
    bool used = false;
    if (f->form.open && f->line - f->form.last_line > FORM_GAP && !sk_block_end(w->c, &f->form))
        return false;
    w->n_labels = sk_form_labels(w->c->rules, w->s->text, begin, end, w->labels, LABELS_A_LINE);
    if (w->n_labels > 0)
        return labelled_line(w, w->labels, w->n_labels, end);
    if (f->n_columns && !row_below(w, begin, end, &used))
        return false;
    if (!used) {
        f->n_columns = 0;
        if (!value_below(w, begin, end, &used))
            return false;
    }
    f->has_above = false;
    return true;
}

static uint32_t slide_at(struct work *w, uint32_t offset)
{
    while (w->unit + 1 < w->s->n_units && w->s->units[w->unit + 1].begin <= offset)
        w->unit++;
    return w->unit < w->s->n_units ? w->s->units[w->unit].slide : 0;
}

static bool all_lines(struct work *w)
{
    struct sk_forms *f = w->f;
    const struct sk_segment *s = w->s;
    for (uint32_t begin = 0; begin < s->len;) {
        uint32_t end = sk_line_end(s->text, s->len, begin), b = begin, e = end;
        f->line++;
        w->n_taken = w->n_labels = 0;
        uint32_t slide = slide_at(w, begin);
        if (slide != f->slide && !end_all(w->c))
            return false;
        f->slide = slide;
        sk_trim(s->text, &b, &e);
        if (b == e)
            f->blank_line = f->line;
        else if (!one_line(w, b, e))
            return false;
        if (!rest_of_line(w, end + 1))
            return false;
        if (in_form(f))
            f->form.to = end;
        if (in_loose(f))
            f->loose.to = end;
        begin = end + 1;
    }
    return true;
}

/* Conditions of nobody: told with --verbose, and nothing follows from them. */
static bool conditions_alone(struct sk_context *c, const struct sk_segment *s)
{
    struct sk_condition found;
    for (uint32_t p = 0; sk_conditions_next(c->forms->conditions, s->text, p, s->len, &found); p = found.end)
        if (!sk_finding_add(c, s, found.begin, found.end, found.element, SK_CONF_LOW))
            return false;
    return true;
}

bool sk_forms_segment(struct sk_context *c, const struct sk_segment *s, const struct sk_hits *hits)
{
    struct sk_forms *f = c->forms;
    struct work w = { .c = c, .f = f, .s = s };
    if (s->first || s->part != f->part || s->kind != f->kind) {
        if (!end_all(c))
            return false;
        f->part = s->part;
        f->kind = s->kind;
        f->slide = 0;
    }
    if (!sk_numbers_scan(c, s, hits, NULL, &w.cands, &w.n_cands))
        return false;
    sk_block_segment(&f->form, s);
    return all_lines(&w) && sk_block_pause(c, &f->form) && sk_block_end(c, &f->loose) && conditions_alone(c, s);
}
