#include "detect/chars.h"
#include "detect/context.h"

#include <stdlib.h>

/*
 * Confidentiality markings. A word counts only in marking position (policy: positions). In headers and stamps it may
 * stand beside other words; in titles, file names and properties it must be set off from them; among the first lines
 * the line must be nothing but markings, because 「取扱注意の文書は…」 is a mention. Words of one character (秘) count
 * only in brackets, as a stamp (㊙) or alone: 便秘症, 秘書.
 */

#define MOST_MARKINGS 4096u

struct sk_marks {
    struct sk_marking *found;
    size_t n, cap;
    uint8_t *lines; /* by part: body lines seen, up to 255 */
    size_t cap_parts;
};

struct sk_marks *sk_marks_new(const struct sk_context *c)
{
    (void)c;
    return sk_new(1, sizeof(struct sk_marks));
}

void sk_marks_reset(struct sk_marks *m)
{
    m->n = 0;
    if (m->lines)
        memset(m->lines, 0, m->cap_parts);
}

void sk_marks_free(struct sk_marks *m)
{
    if (m) {
        free(m->found);
        free(m->lines);
        free(m);
    }
}

/* ---------------------------------------------------------------- reading */

static bool is_open(uint32_t cp)
{
    return cp == 0x3010 || cp == 0x3014 || cp == '(' || cp == 0x300C || cp == '[' || cp == 0x300E || cp == 0x3008 ||
           cp == '<' || cp == 0x300A;
}

static bool is_close(uint32_t cp)
{
    return cp == 0x3011 || cp == 0x3015 || cp == ')' || cp == 0x300D || cp == ']' || cp == 0x300F || cp == 0x3009 ||
           cp == '>' || cp == 0x300B;
}

static bool is_word_char(uint32_t cp)
{
    return sk_is_kanji(cp) || sk_is_hiragana(cp) || sk_is_katakana(cp) || cp == 0x30FC ||
           (cp < 0x80 && sk_is_alnum((char)cp));
}

#define STAMP "㊙" /* folded text keeps it: it stands for 秘 in brackets */
#define STAMPED "秘"

static bool is_stamp(const char *t, uint32_t p, uint32_t end)
{
    return end - p >= sizeof(STAMP) - 1 && memcmp(t + p, STAMP, sizeof(STAMP) - 1) == 0;
}

/* Does the word stand at p, with spaces between its characters at will? End of it, or 0. */
static uint32_t word_at(const char *t, uint32_t p, uint32_t end, const char *word)
{
    if (is_stamp(t, p, end) && strcmp(word, STAMPED) == 0)
        return p + (uint32_t)sizeof(STAMP) - 1;
    for (; *word; word++) {
        while (p < end && (t[p] == ' ' || t[p] == '\t') && *word != ' ')
            p++;
        if (p >= end || t[p] != *word)
            return 0;
        p++;
    }
    return p;
}

static uint32_t before(const char *t, uint32_t p, uint32_t floor, bool spaces)
{
    uint32_t cp = 0;
    while (spaces && p > floor && t[p - 1] == ' ')
        p--;
    if (p > floor)
        sk_utf8_prev(t + floor, p - floor, &cp);
    return cp;
}

static uint32_t behind(const char *t, uint32_t p, uint32_t end, bool spaces)
{
    uint32_t cp = 0;
    while (spaces && p < end && t[p] == ' ')
        p++;
    if (p < end)
        sk_utf8_next(t + p, end - p, &cp);
    return cp;
}

/* The longest of the policy's words at p. */
static bool longest_at(const struct sk_detect_config *config, const char *t, uint32_t p, uint32_t end, size_t *word,
                       uint32_t *word_end)
{
    *word_end = 0;
    for (size_t i = 0; i < config->n_mark_words; i++) {
        uint32_t e = config->mark_words[i].text[0] ? word_at(t, p, end, config->mark_words[i].text) : 0;
        if (e > *word_end) {
            *word_end = e;
            *word = i;
        }
    }
    return *word_end > 0;
}

/* ---------------------------------------------------------------- finding */

static bool add(struct sk_context *c, const struct sk_segment *s, uint32_t begin, uint32_t end, uint32_t word,
                enum sk_mark_position position, const uint8_t cia[3])
{
    struct sk_marks *m = c->marks;
    for (size_t i = m->n; i-- > 0 && m->n - i <= 256;) /* page headers come again and again */
        if (m->found[i].word == word && m->found[i].position == position && m->found[i].at.part == s->part &&
            (word != SK_MARKING_CIA || (m->found[i].c == cia[0] && m->found[i].i == cia[1] && m->found[i].a == cia[2])))
            return true;
    if (m->n >= MOST_MARKINGS)
        return true;
    if (!sk_grow(&m->found, &m->cap, m->n + 1, sizeof(*m->found)))
        return false;
    struct sk_marking *x = &m->found[m->n++];
    *x = (struct sk_marking){ .word = word, .position = (uint8_t)position };
    if (cia) {
        x->c = cia[0];
        x->i = cia[1];
        x->a = cia[2];
    }
    sk_place_of(s, begin, end, &x->at);
    return sk_finding_add(c, s, begin, end, SK_EL_MARKING, SK_CONF_HIGH);
}

/* A line that is nothing but markings: words, brackets and what joins them. */
static bool only_markings(struct sk_context *c, const struct sk_segment *s, uint32_t begin, uint32_t end, bool adding,
                          bool *all)
{
    uint32_t p = begin, words = 0;
    *all = false;
    while (p < end) {
        uint32_t cp, e;
        size_t word;
        size_t k = sk_utf8_next(s->text + p, end - p, &cp);
        if (longest_at(&c->config, s->text, p, end, &word, &e)) {
            if (adding && !add(c, s, p, e, (uint32_t)word, SK_MARK_FIRST_LINES, NULL))
                return false;
            words++;
            p = e;
        } else if (is_word_char(cp)) {
            return true;
        } else {
            p += (uint32_t)k;
        }
    }
    *all = words > 0;
    return true;
}

/* May the word at [b, e) count in this position of the stretch [from, to)? */
static bool counts(const struct sk_context *c, const struct sk_segment *s, uint32_t from, uint32_t to, uint32_t b,
                   uint32_t e, size_t word, enum sk_mark_position position)
{
    uint32_t left = before(s->text, b, from, true), right = behind(s->text, e, to, true);
    bool in_brackets = is_open(left) && is_close(right);
    bool alone = !is_word_char(before(s->text, b, from, false)) && !is_word_char(behind(s->text, e, to, false));
    bool page = position == SK_MARK_HEADER || position == SK_MARK_FOOTER || position == SK_MARK_WATERMARK ||
                position == SK_MARK_STAMP;
    if (is_stamp(s->text, b, e))
        return true;
    if (c->config.mark_words[word].enclosed_only)
        return in_brackets || (left == 0 && right == 0) || (page && alone);
    return page || alone;
}

/* C[1-3]I[12]A[12], with spaces at will; its end, or 0. Other digits are part numbers, not grades. */
static uint32_t cia_at(const char *t, uint32_t p, uint32_t end, uint8_t cia[3])
{
    static const char LETTERS[3] = { 'C', 'I', 'A' }, MOST[3] = { '3', '2', '2' };
    for (int i = 0; i < 6; i++) {
        while (i && p < end && t[p] == ' ')
            p++;
        if (p >= end || (i % 2 ? t[p] < '1' || t[p] > MOST[i / 2] : t[p] != LETTERS[i / 2]))
            return 0;
        if (i % 2)
            cia[i / 2] = (uint8_t)(t[p] - '0');
        p++;
    }
    return p;
}

static bool stretch(struct sk_context *c, const struct sk_segment *s, uint32_t from, uint32_t to,
                    enum sk_mark_position position)
{
    const struct sk_detect_config *config = &c->config;
    bool words = config->mark_positions >> position & 1, codes = config->cia_positions >> position & 1;
    for (uint32_t p = from; p < to;) {
        uint8_t cia[3];
        uint32_t e, cp;
        size_t word;
        if (codes && s->text[p] == 'C' && (e = cia_at(s->text, p, to, cia)) &&
            !is_word_char(before(s->text, p, from, false)) && !is_word_char(behind(s->text, e, to, false))) {
            if (!add(c, s, p, e, SK_MARKING_CIA, position, cia))
                return false;
            p = e;
            continue;
        }
        if (words && longest_at(config, s->text, p, to, &word, &e)) {
            if (counts(c, s, from, to, p, e, word, position) && !add(c, s, p, e, (uint32_t)word, position, NULL))
                return false;
            p = e;
            continue;
        }
        p += (uint32_t)sk_utf8_next(s->text + p, to - p, &cp);
    }
    return true;
}

/* ---------------------------------------------------------------- positions */

static bool position_of(enum sk_run_kind kind, enum sk_mark_position *position)
{
    static const struct {
        enum sk_run_kind kind;
        enum sk_mark_position position;
    } MAP[] = {
        { SK_RUN_TITLE, SK_MARK_TITLE },       { SK_RUN_HEADER, SK_MARK_HEADER },
        { SK_RUN_FOOTER, SK_MARK_FOOTER },     { SK_RUN_WATERMARK, SK_MARK_WATERMARK },
        { SK_RUN_STAMP, SK_MARK_STAMP },       { SK_RUN_PROPERTY, SK_MARK_PROPERTY },
        { SK_RUN_FILENAME, SK_MARK_FILENAME },
    };
    for (size_t i = 0; i < sizeof(MAP) / sizeof(MAP[0]); i++)
        if (MAP[i].kind == kind) {
            *position = MAP[i].position;
            return true;
        }
    return false;
}

static uint8_t *lines_of(struct sk_marks *m, uint32_t part)
{
    size_t had = m->cap_parts;
    if (!sk_grow(&m->lines, &m->cap_parts, (size_t)part + 1, 1))
        return NULL;
    if (m->cap_parts > had)
        memset(m->lines + had, 0, m->cap_parts - had);
    return &m->lines[part];
}

static bool body_line(struct sk_context *c, const struct sk_segment *s, uint32_t b, uint32_t e)
{
    bool all;
    sk_trim(s->text, &b, &e);
    if (b == e || e - b > 200)
        return true;
    return only_markings(c, s, b, e, false, &all) && (!all || only_markings(c, s, b, e, true, &all));
}

static bool first_lines(struct sk_context *c, const struct sk_segment *s)
{
    uint8_t *seen = lines_of(c->marks, s->part);
    if (!seen)
        return false;
    if (s->layout == SK_TABLE) { /* each cell of the first rows is a line of its own */
        for (uint32_t i = 0; i < s->n_cells && s->cells[i].row + *seen < c->config.first_lines; i++)
            if (s->cells[i].end <= s->len && s->cells[i].begin <= s->cells[i].end && !s->cells[i].hidden &&
                !body_line(c, s, s->cells[i].begin, s->cells[i].end))
                return false;
        return true;
    }
    for (uint32_t p = 0; p < s->len && *seen < c->config.first_lines && *seen < 255;) {
        uint32_t e = sk_line_end(s->text, s->len, p);
        ++*seen;
        if (!body_line(c, s, p, e))
            return false;
        p = e + 1;
    }
    return true;
}

bool sk_marks_segment(struct sk_context *c, const struct sk_segment *s)
{
    enum sk_mark_position position;
    if (s->hidden || (!c->config.n_mark_words && !c->config.cia_positions) || (s->layout == SK_FIELDS))
        return true;
    if (s->kind == SK_RUN_BODY)
        return !(c->config.mark_positions >> SK_MARK_FIRST_LINES & 1) || first_lines(c, s);
    if (!position_of(s->kind, &position))
        return true;
    for (uint32_t p = 0; p < s->len;) { /* each line or run on its own */
        uint32_t e = sk_line_end(s->text, s->len, p), b = p, to = e;
        sk_trim(s->text, &b, &to);
        if (!stretch(c, s, b, to, position))
            return false;
        p = e + 1;
    }
    return true;
}

bool sk_marks_result(struct sk_context *c, struct seki_result *r)
{
    struct sk_marks *m = c->marks;
    struct sk_marking *all = sk_arena_new(&r->arena, m->n ? m->n : 1, sizeof(*all));
    if (!all)
        return false;
    if (m->n)
        memcpy(all, m->found, m->n * sizeof(*all));
    r->markings = all;
    r->n_markings = (uint32_t)m->n;
    return true;
}
