#include "detect/numbers.h"

#include "detect/chars.h"
#include "detect/names_text.h"
#include "detect/numbers_forms.h"
#include "detect/numbers_sift.h"

#include <stdlib.h>

/*
 * Digit runs -> candidates. Every run is asked once: which detectors have a shape that begins with so many digits, and
 * goes on with as many as the next run has? Only those are checked, the cheapest question first, so that long runs
 * before long numbers and tables full of digits stay fast.
 */

#define CHANCE_LEAST 3u /* failed check digits that make the others suspect */
#define BOX_MOST 13u

struct sk_numbers {
    const struct sk_detector *detectors;
    size_t n_detectors;
    sk_check *checks;   /* by detector, NULL = none */
    sk_finder *finders; /* by detector, NULL = none */
    struct {
        uint32_t passed, failed;
    } * grouped; /* by detector: numbers of the file in groups without a label, by their check digit */
    struct sk_number_forms forms;
    bool any_break, any_finder, without_names;
    struct sk_labels labels;
    struct sk_name_words *name_words;
    struct sk_sifted sifted; /* of a table */
    struct sk_candidate *out;
    size_t n, cap;
    bool no_memory;
};

/* What is known about the run in hand; found out only when a form asks. */
struct scan {
    struct sk_numbers *m;
    const struct sk_segment *s;
    const struct sk_hits *hits;
    long today;
    size_t atom;
    struct sk_nearby near;
    bool has_near;
    uint32_t attached;  /* word + 1 that the run is written onto: TEL0312345678 */
    uint32_t long_word; /* up to here goes a word of letters and digits that is too long for any number */
};

/* ---------------------------------------------------------------- setting up */

static bool set_up(struct sk_numbers *m)
{
    for (size_t i = 0; i < m->n_detectors; i++) {
        const struct sk_detector *d = &m->detectors[i];
        m->checks[i] = d->check ? sk_check_find(d->check) : NULL;
        m->finders[i] = d->finder ? sk_finder_find(d->finder) : NULL;
        m->any_finder = m->any_finder || m->finders[i];
        m->any_break = m->any_break || d->line_break;
    }
    return sk_number_forms_init(&m->forms, m->detectors, m->n_detectors);
}

struct sk_numbers *sk_numbers_new(const struct sk_context *c)
{
    struct sk_numbers *m = sk_new(1, sizeof(*m));
    if (!m)
        return NULL;
    m->n_detectors = sk_rules_detectors(c->rules, &m->detectors);
    m->checks = sk_new(m->n_detectors, sizeof(*m->checks));
    m->finders = sk_new(m->n_detectors, sizeof(*m->finders));
    m->grouped = sk_new(m->n_detectors, sizeof(*m->grouped));
    m->name_words = sk_name_words_new(c->rules);
    if (m->n_detectors > UINT16_MAX || !m->checks || !m->finders || !m->grouped || !m->name_words || !set_up(m) ||
        !sk_labels_init(&m->labels, c->rules, m->detectors, m->n_detectors)) {
        sk_numbers_free(m);
        return NULL;
    }
    return m;
}

static void forget(struct sk_numbers *m)
{
    if (m->n)
        explicit_bzero(m->out, m->n * sizeof(*m->out));
    m->n = 0;
}

void sk_numbers_reset(struct sk_numbers *m)
{
    forget(m);
    memset(m->grouped, 0, m->n_detectors * sizeof(*m->grouped));
    m->no_memory = false;
}

void sk_numbers_free(struct sk_numbers *m)
{
    if (!m)
        return;
    forget(m);
    sk_labels_free(&m->labels);
    free(m->name_words);
    free(m->checks);
    free(m->finders);
    free(m->grouped);
    sk_number_forms_free(&m->forms);
    free(m->sifted.at);
    free(m->out);
    free(m);
}

struct sk_labels *sk_numbers_labels(struct sk_context *c)
{
    return &c->numbers->labels;
}

/* ---------------------------------------------------------------- judging */

static struct sk_near ask(struct scan *x, uint32_t begin, uint32_t end, uint16_t detector)
{
    if (!x->has_near || x->near.begin != begin) {
        sk_nearby_find(&x->m->labels, x->s, begin, &x->near);
        x->has_near = true;
    }
    return sk_nearby_ask(&x->near, end, detector, &x->m->detectors[detector]);
}

/* A specimen may be written with separators that the value no longer has. */
static bool same_number(const char *specimen, const char *v, size_t n)
{
    size_t k = 0;
    for (; *specimen; specimen++) {
        if (k < n && *specimen == v[k])
            k++;
        else if (*specimen != ' ' && *specimen != '-')
            return false;
    }
    return k == n && n > 0;
}

static bool placeholder(const struct sk_detector *d, const char *v, size_t n)
{
    if (sk_one_digit(v, n))
        return true;
    for (size_t i = 0; i < d->n_placeholders; i++)
        if (same_number(d->placeholders[i], v, n))
            return true;
    return false;
}

/* Asks check and words; makes *best better when this is better. told: SK_FIND_ flags of a finder that knows more. */
static void judge(struct scan *x, uint16_t detector, uint32_t begin, uint32_t end, const char *v, size_t n,
                  unsigned told, struct sk_candidate *best)
{
    const struct sk_detector *d = &x->m->detectors[detector];
    sk_check check = x->m->checks[detector];
    struct sk_near near = { .labelled = told & SK_FIND_LABELLED };
    if (x->attached) {
        struct sk_mark m = { .word = x->attached - 1 };
        near.labelled = near.labelled || sk_mark_speaks(&x->m->labels, &m, detector);
    }
    bool asked = near.labelled || told & SK_FIND_ALONE, passed = told & SK_FIND_CHECKED;
    if (d->needs_label && !asked) {
        near = ask(x, begin, end, detector);
        asked = true;
        if (!near.labelled)
            return;
    }
    if (check && !passed) {
        passed = check(v, n, x->today);
        if (told & SK_FIND_GROUPED && !near.labelled)
            ++*(passed ? &x->m->grouped[detector].passed : &x->m->grouped[detector].failed);
        if (!passed && !d->check_soft)
            return;
    }
    if (!asked)
        near = ask(x, begin, end, detector);
    int score = d->found + (told & SK_FIND_GROUPED ? d->grouped : 0) + (near.labelled ? d->labelled : 0) +
                (near.against ? d->against_score : 0);
    if (passed)
        score += d->checked;
    else if (check)
        score += d->failed;
    if (score >= SK_SCORE_MEDIUM && placeholder(d, v, n))
        score = SK_SCORE_MEDIUM - 1;
    if (told & SK_FIND_AGAINST && score > SK_SCORE_LOW)
        score = SK_SCORE_LOW;
    if (score < SK_SCORE_LOW)
        return;
    bool better = best->end == 0 || score > best->score ||
                  (score == best->score && (near.labelled > best->labelled || (near.labelled == best->labelled &&
                                                                               end - begin > best->end - best->begin)));
    if (!better)
        return;
    if (score > INT16_MAX)
        score = INT16_MAX;
    *best = (struct sk_candidate){ .begin = begin,
                                   .end = end,
                                   .detector = detector,
                                   .score = (int16_t)score,
                                   .checked = passed,
                                   .labelled = near.labelled,
                                   .bare = told & SK_FIND_BARE && !near.labelled };
    best->n = (uint8_t)(n < sizeof(best->value) ? n : sizeof(best->value));
    memcpy(best->value, v, best->n);
}

static bool keep(struct sk_numbers *m, const struct sk_candidate *cand)
{
    if (!sk_grow(&m->out, &m->cap, m->n + 1, sizeof(*m->out)))
        return false;
    m->out[m->n++] = *cand;
    return true;
}

/* ---------------------------------------------------------------- bounds */

/* The word of letters, digits, hyphens and underscores around is a UUID, a serial number or the like. */
static bool in_code_word(const struct sk_segment *s, uint32_t begin, uint32_t end)
{
    unsigned hyphens = 0, letters = 0;
    for (uint32_t i = begin;
         i > 0 && begin - i < 48 && (sk_is_alnum(s->text[i - 1]) || s->text[i - 1] == '-' || s->text[i - 1] == '_');
         i--) {
        hyphens += s->text[i - 1] == '-';
        letters += sk_is_letter(s->text[i - 1]);
    }
    for (uint32_t i = end;
         i < s->len && i - end < 48 && (sk_is_alnum(s->text[i]) || s->text[i] == '-' || s->text[i] == '_'); i++) {
        hyphens += s->text[i] == '-';
        letters += sk_is_letter(s->text[i]);
    }
    return hyphens >= 3 || (hyphens >= 2 && letters >= 3);
}

static bool free_before(struct scan *x, uint32_t begin, const struct sk_atom *a)
{
    const char *t = x->s->text;
    if (a->flags & SK_ATOM_POINT_BEFORE)
        return false;
    if (a->flags & SK_ATOM_WORD_BEFORE)
        return x->attached > 0;
    if (begin == 0)
        return true;
    if (t[begin - 1] == '+')
        return false;
    if (t[begin - 1] != '-' || begin < 2)
        return true;
    return !sk_is_digit(t[begin - 2]) && !(sk_is_letter(t[begin - 2]) && in_code_word(x->s, begin, begin));
}

static bool free_behind(const struct scan *x, uint32_t end, const struct sk_atom *a)
{
    const char *t = x->s->text; /* SK_PAD bytes are readable behind */
    if (a->flags & SK_ATOM_WORD_BEHIND)
        return false;
    if ((t[end] == '.' || t[end] == '-' || t[end] == ':') && sk_is_digit(t[end + 1]))
        return false;
    if (t[end] == '-' && sk_is_letter(t[end + 1]) && in_code_word(x->s, end, end))
        return false;
    return t[end] != '@';
}

/* One separator between groups: a space, a hyphen, brackets of an area code, or those with a space. *broken: a line
 * end. */
static bool separator(const char *gap, size_t n, bool line_break, bool *broken)
{
    *broken = false;
    if (n == 1 && gap[0] != '\n')
        return gap[0] == '-' || gap[0] == ' ' || gap[0] == '(' || gap[0] == ')';
    if (n == 0 || n > 12)
        return false;
    size_t marks = 0, ends = 0;
    for (size_t i = 0; i < n; i++) {
        if (gap[i] == '-' || gap[i] == ')' || gap[i] == '(')
            marks++;
        else if (gap[i] == '\n')
            ends++;
        else if (gap[i] != ' ' && gap[i] != '\r')
            return false;
    }
    *broken = ends > 0;
    return marks <= 1 && ends <= 1 && (ends == 0 ? marks == 1 && n <= 3 : line_break);
}

static bool gap_between(const struct scan *x, size_t left, bool line_break, bool *broken)
{
    const struct sk_atom *a = &x->hits->atoms[left], *b = a + 1;
    uint32_t end = a->begin + a->n;
    *broken = false;
    return left + 1 < x->hits->n_atoms && b->gap != 255 &&
           separator(x->s->text + end, b->begin - end, line_break, broken);
}

/* "1234 5678 9012 3456": four groups of equal length are not three. */
static bool longer_list(const struct scan *x, size_t first, size_t last, const struct sk_form *f)
{
    bool broken;
    const struct sk_atom *a = x->hits->atoms;
    return (first > 0 && a[first - 1].n == f->groups[0] && gap_between(x, first - 1, false, &broken) &&
            x->s->text[a[first].begin - 1] == ' ') ||
           (last + 1 < x->hits->n_atoms && a[last + 1].n == f->groups[f->n_groups - 1] &&
            gap_between(x, last, false, &broken) && x->s->text[a[last].begin + a[last].n] == ' ');
}

/* ---------------------------------------------------------------- ways of writing */

static void try_groups(struct scan *x, const struct sk_form *f, struct sk_candidate *best)
{
    const struct sk_detector *d = &x->m->detectors[f->detector];
    const struct sk_atom *a = &x->hits->atoms[x->atom];
    char v[40];
    size_t n = 0, last = x->atom + f->n_groups - 1u;
    bool cut = false; /* by a line end: lists of short numbers are none of ours */
    if (f->total > sizeof(v) || last >= x->hits->n_atoms)
        return;
    for (unsigned g = 0; g < f->n_groups; g++) {
        bool broken = false;
        if (a[g].n != f->groups[g] || (g && !gap_between(x, x->atom + g - 1, d->line_break, &broken)))
            return;
        memcpy(v + n, x->s->text + a[g].begin, a[g].n);
        n += a[g].n;
        cut = cut || broken;
    }
    uint32_t end = a[f->n_groups - 1].begin + a[f->n_groups - 1].n;
    if (cut && !ask(x, a->begin, end, f->detector).labelled)
        return;
    if (free_before(x, a->begin, a) && free_behind(x, end, &a[f->n_groups - 1]) && !longer_list(x, x->atom, last, f))
        judge(x, f->detector, a->begin, end, v, n, SK_FIND_GROUPED, best);
    explicit_bzero(v, sizeof(v));
}

/* A number cut by a line end: only with a label, and never in a table. */
static void try_broken(struct scan *x, struct sk_candidate *best)
{
    const struct sk_atom *a = &x->hits->atoms[x->atom], *b = a + 1;
    bool broken;
    char v[SK_LONGEST_RUN];
    if (!gap_between(x, x->atom, true, &broken) || !broken || b->n >= SK_LONGEST_RUN)
        return;
    unsigned total = (unsigned)a->n + b->n;
    if (total > SK_LONGEST_RUN || x->s->text[a->begin + a->n] == '-')
        return;
    for (unsigned i = x->m->forms.all.first[total]; i < x->m->forms.all.first[total + 1]; i++) {
        const struct sk_form *f = &x->m->forms.all.at[i];
        if (f->n_groups || !x->m->detectors[f->detector].line_break ||
            !ask(x, a->begin, b->begin + b->n, f->detector).labelled)
            continue;
        memcpy(v, x->s->text + a->begin, a->n);
        memcpy(v + a->n, x->s->text + b->begin, b->n);
        if (free_before(x, a->begin, a) && free_behind(x, b->begin + b->n, b))
            judge(x, f->detector, a->begin, b->begin + b->n, v, total, 0, best);
    }
    explicit_bzero(v, sizeof(v));
}

/* Each digit in its box: |1|2|3|, "1 2 3", one a cell. Returns the number of boxes. */
static size_t box_run(const struct scan *x)
{
    const struct sk_atom *a = &x->hits->atoms[x->atom];
    size_t n = 1, gap = x->atom + 1 < x->hits->n_atoms ? a[1].gap : 255;
    if (gap == 0 || gap > 8)
        return 1;
    for (const char *g = x->s->text + a->begin + 1, *e = g + gap; g < e; g++)
        if (sk_is_alnum(*g) || *g == '\n' || *g == '.')
            return 1;
    while (x->atom + n < x->hits->n_atoms && a[n].n == 1 && a[n].gap == gap &&
           memcmp(x->s->text + a[n].begin - gap, x->s->text + a->begin + 1, gap) == 0)
        n++;
    return n;
}

static size_t try_boxes(struct scan *x, struct sk_candidate *best)
{
    size_t n = box_run(x);
    const struct sk_atom *a = &x->hits->atoms[x->atom];
    char v[BOX_MOST];
    if (n < 6 || n > BOX_MOST)
        return n;
    for (unsigned i = x->m->forms.all.first[n]; i < x->m->forms.all.first[n + 1]; i++) {
        const struct sk_form *f = &x->m->forms.all.at[i];
        uint32_t end = a[n - 1].begin + 1;
        if (f->n_groups || !ask(x, a->begin, end, f->detector).labelled)
            continue;
        for (size_t k = 0; k < n; k++)
            v[k] = x->s->text[a[k].begin];
        judge(x, f->detector, a->begin, end, v, n, SK_FIND_GROUPED, best);
    }
    explicit_bzero(v, sizeof(v));
    return n;
}

/* Numbers with letters in them: the whole run of letters and digits around. */
static void try_spelled(struct scan *x, struct sk_candidate *best)
{
    const char *t = x->s->text;
    const struct sk_atom *a = &x->hits->atoms[x->atom];
    uint32_t begin = a->begin, end = a->begin + a->n;
    if (begin < x->long_word) /* the runs of a hexadecimal word: it was measured once */
        return;
    while (begin > 0 && a->begin - begin < 16 && sk_is_alnum(t[begin - 1]))
        begin--;
    while (end < x->s->len && end - begin <= x->m->forms.spelled_most && sk_is_alnum(t[end]))
        end++; /* one more than the longest is enough to know */
    if (end - begin > x->m->forms.spelled_most) {
        while (end < x->s->len && sk_is_alnum(t[end]))
            end++;
        x->long_word = end;
        return;
    }
    if (end - begin > 63 || !(x->m->forms.spelled_totals >> (end - begin) & 1))
        return;
    if ((begin > 0 && (t[begin - 1] == '-' || t[begin - 1] == '_') && begin > 1 && sk_is_alnum(t[begin - 2])) ||
        ((t[end] == '-' || t[end] == '_' || t[end] == '.') && sk_is_alnum(t[end + 1])) || t[end] == '@')
        return;
    for (size_t i = 0; i < x->m->forms.n_spelled; i++)
        if (!x->m->forms.spelled[i].n_groups && x->m->forms.spelled[i].total == end - begin)
            judge(x, x->m->forms.spelled[i].detector, begin, end, t + begin, end - begin, 0, best);
}

/* What may stand behind the first half of a number that a line end cuts: see separator(). */
static bool may_break(char c)
{
    return c == '\n' || c == '\r' || c == ' ' || c == ')' || c == '(';
}

static bool nothing_near(struct scan *x, uint32_t begin)
{
    if (!x->has_near) {
        sk_nearby_find(&x->m->labels, x->s, begin, &x->near);
        x->has_near = true;
    }
    return x->near.none && !x->attached;
}

/* One random number in ten has a valid check digit. Where most numbers in the same groups fail, those that pass are
 * chance: order numbers, tracking numbers, tables of figures. */
static void drop_chance(struct sk_numbers *m)
{
    for (size_t i = 0; i < m->n; i++) {
        struct sk_candidate *x = &m->out[i];
        uint32_t failed = m->grouped[x->detector].failed;
        bool grouped = x->end - x->begin > x->n;
        if (grouped && x->checked && !x->labelled && x->score >= SK_SCORE_MEDIUM && failed >= CHANCE_LEAST &&
            failed > m->grouped[x->detector].passed)
            x->score = SK_SCORE_MEDIUM - 1;
    }
}

/* The forms that begin with this run. next: the run behind it when near enough to belong to it, else NULL. */
static void try_forms(struct scan *x, const struct sk_atom *a, const struct sk_atom *next, struct sk_candidate *best)
{
    const struct sk_forms_by_run *forms = &x->m->forms.all;
    unsigned second = next ? next->n : 0;
    int alone = -1;
    if (!sk_form_may_begin(forms, a->n, second))
        return;
    if (nothing_near(x, a->begin))
        forms = &x->m->forms.unlabelled;
    for (unsigned i = forms->first[a->n]; i < forms->first[a->n + 1]; i++) {
        const struct sk_form *f = &forms->at[i];
        if (f->n_groups > 1 && f->groups[1] != second)
            continue;
        if (f->n_groups) {
            try_groups(x, f, best);
            continue;
        }
        if (alone < 0)
            alone = free_before(x, a->begin, a) && free_behind(x, a->begin + a->n, a);
        if (alone)
            judge(x, f->detector, a->begin, a->begin + a->n, x->s->text + a->begin, a->n, 0, best);
    }
}

static bool scan_digits(struct scan *x)
{
    struct sk_numbers *m = x->m;
    bool breaks = m->any_break && x->s->layout != SK_TABLE;
    uint32_t done = 0;
    for (; x->atom < x->hits->n_atoms; x->atom++) {
        const struct sk_atom *a = &x->hits->atoms[x->atom];
        if (a->begin < done || a->n > SK_LONGEST_RUN)
            continue;
        struct sk_candidate best;
        size_t boxes = 1;
        best.end = 0; /* nothing else of it is read before it is set */
        x->has_near = false;
        x->attached = a->flags & SK_ATOM_WORD_BEFORE && m->forms.all.first[a->n] < m->forms.all.first[a->n + 1]
                          ? sk_labels_attached(&m->labels, x->s->text, a->begin)
                          : 0;
        if (a->n == 1)
            boxes = try_boxes(x, &best);
        const struct sk_atom *next = x->atom + 1 < x->hits->n_atoms && a[1].gap >= 1 && a[1].gap <= 12 ? a + 1 : NULL;
        try_forms(x, a, next, &best);
        if (m->forms.n_spelled &&
            (a->flags & (SK_ATOM_WORD_BEFORE | SK_ATOM_WORD_BEHIND) || m->forms.spelled_totals >> (a->n & 63) & 1))
            try_spelled(x, &best);
        if (!best.end && breaks && next && may_break(x->s->text[a->begin + a->n]))
            try_broken(x, &best);
        if (best.end) {
            done = best.end;
            if (!keep(m, &best))
                return false;
        }
        if (boxes > BOX_MOST) /* a long row of single digits is none of ours: pass over it at once */
            x->atom += boxes - 1;
    }
    return true;
}

/* ---------------------------------------------------------------- regexes, finders, joining */

static bool add_other(struct scan *x, uint16_t detector, uint32_t begin, uint32_t end, unsigned told)
{
    char v[64];
    struct sk_candidate best = { 0 };
    size_t n = sk_compact(x->s->text + begin, end - begin, v, sizeof(v));
    const char *value = v;
    if (n == 0) {
        value = x->s->text + begin;
        n = end - begin;
    }
    x->has_near = false;
    judge(x, detector, begin, end, value, n, told, &best);
    explicit_bzero(v, sizeof(v));
    return !best.end || keep(x->m, &best);
}

static bool scan_regexes(struct scan *x)
{
    const char *t = x->s->text;
    for (size_t i = 0; i < x->hits->n_regexes; i++) {
        const struct sk_regex_hit *h = &x->hits->regexes[i];
        if (h->detector >= x->m->n_detectors || h->end <= h->begin || h->end > x->s->len)
            continue;
        /* The regex finds the core; that the word goes on around it, only we can see. */
        if ((h->begin > 0 && sk_is_alnum(t[h->begin]) && sk_is_alnum(t[h->begin - 1])) ||
            (sk_is_alnum(t[h->end - 1]) && sk_is_alnum(t[h->end])))
            continue;
        if (!add_other(x, (uint16_t)h->detector, h->begin, h->end, 0))
            return false;
    }
    return true;
}

sk_finder sk_finder_find(const char *name)
{
    static const struct {
        const char *name;
        sk_finder find;
    } FINDERS[] = {
#define X(name, what) { #name, sk_find_##name },
#include "detect/finders.def"
#undef X
    };
    for (size_t i = 0; i < sizeof(FINDERS) / sizeof(FINDERS[0]); i++)
        if (strcmp(FINDERS[i].name, name) == 0)
            return FINDERS[i].find;
    return NULL;
}

void sk_find_add(struct sk_find *f, uint32_t begin, uint32_t end, unsigned flags)
{
    struct scan x = { .m = f->c->numbers, .s = f->s, .hits = f->hits, .today = f->c->config.today };
    if (end <= begin || end > f->s->len)
        return;
    if (!add_other(&x, f->detector, begin, end, flags))
        f->no_memory = true;
}

static bool run_finders(struct sk_context *c, const struct sk_segment *s, const struct sk_hits *hits)
{
    struct sk_numbers *m = c->numbers;
    for (size_t i = 0; i < m->n_detectors; i++) {
        struct sk_find f = { .c = c,
                             .s = s,
                             .hits = hits,
                             .labels = &m->labels,
                             .name_words = m->name_words,
                             .d = &m->detectors[i],
                             .detector = (uint16_t)i };
        enum sk_element e = m->detectors[i].element;
        if (m->finders[i] && !(m->without_names && (e == SK_EL_PERSON_NAME || e == SK_EL_PERSON_KANA)))
            m->finders[i](&f);
        if (f.no_memory)
            return false;
    }
    return true;
}

static int by_place(const void *a, const void *b)
{
    const struct sk_candidate *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    if (x->end != y->end)
        return x->end > y->end ? -1 : 1; /* the longer first */
    return (x->score < y->score) - (x->score > y->score);
}

/* Sorts, and of overlapping candidates keeps the better one; a longer one that a finder or regex saw as a whole wins a
 * draw. */
static void join(struct sk_numbers *m)
{
    size_t n = 0;
    qsort(m->out, m->n, sizeof(*m->out), by_place);
    for (size_t i = 0; i < m->n; i++) {
        const struct sk_candidate *x = &m->out[i];
        if (n > 0 && x->begin < m->out[n - 1].end) {
            if (x->score > m->out[n - 1].score)
                m->out[n - 1] = *x;
            continue;
        }
        m->out[n++] = *x;
    }
    if (n < m->n)
        explicit_bzero(m->out + n, (m->n - n) * sizeof(*m->out));
    m->n = n;
}

bool sk_numbers_scan(struct sk_context *c, const struct sk_segment *s, const struct sk_hits *all_hits,
                     const struct sk_columns *known, const struct sk_candidate **out, size_t *n)
{
    struct sk_numbers *m = c->numbers;
    struct sk_hits hits = *all_hits;
    struct scan x = { .m = m, .s = s, .hits = &hits, .today = c->config.today };
    forget(m);
    if (!sk_labels_segment(&m->labels, s, &hits) ||
        (known && !sk_sift_atoms(&m->sifted, &m->labels, s, known, &hits)) || !scan_digits(&x))
        return false;
    size_t digits = m->n;
    m->labels.next = 0;
    if (!scan_regexes(&x) || !run_finders(c, s, &hits))
        return false;
    drop_chance(m);
    if (m->n > digits)
        join(m);
    *out = m->out;
    *n = m->n;
    return true;
}

bool sk_numbers_identifiers(struct sk_context *c, const struct sk_segment *s, const struct sk_hits *hits,
                            const struct sk_candidate **out, size_t *n)
{
    c->numbers->without_names = true;
    bool ok = sk_numbers_scan(c, s, hits, NULL, out, n);
    c->numbers->without_names = false;
    return ok;
}
