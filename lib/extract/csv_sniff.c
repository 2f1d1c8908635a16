/*
 * csv_sniff.c - prose or table? Judged by how consistent the first rows are, so that neither commas in sentences nor a
 * title above a header decide. Japanese administrative text uses "、" and "，" as commas; the thresholds are for the
 * mixed text that is left.
 */
#define _GNU_SOURCE
#include "extract/csv.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define SAMPLE_BYTES ((size_t)16 << 10)
#define SAMPLE_ROWS 200u
#define TITLE_ROWS 20u
#define TABLE_ROWS 3u    /* of one width make a table among others */
#define FIXED_MISSING 4u /* cells that most rows of a print-out may lack */

static const char DELIMITERS[] = "\t,;|";
#define N_DELIMITERS 4u

/* What the first rows look like when parted by one delimiter. */
struct shape {
    uint32_t widths[SAMPLE_ROWS]; /* fields of each row that is not blank */
    uint8_t filled[SAMPLE_ROWS];  /* not empty among them, at most 255 */
    unsigned rows;
    unsigned tagged; /* rows that begin with a record id: a few digits or capitals */
    unsigned fields; /* not empty */
    unsigned wordy;  /* fields that are sentences with spaces */
    unsigned quoted;
    unsigned spaced; /* fields, not first, that begin with a space: ", " of prose */
    unsigned inner;  /* delimiters */
    unsigned first_wordy;
    bool sentence; /* the last row ends as one */
};

struct marks {
    unsigned delimiter[N_DELIMITERS];
    unsigned lines, returns, gaps; /* LF, CR, pairs of spaces */
};

#ifdef __SSE2__
/* 16 bytes at a time into byte counters, added up before they can overflow. */
static size_t count_wide(const char *t, size_t n, struct marks *m)
{
    static const char WHAT[6] = { '\t', ',', ';', '|', '\n', '\r' };
    unsigned *to[6] = {
        &m->delimiter[0], &m->delimiter[1], &m->delimiter[2], &m->delimiter[3], &m->lines, &m->returns
    };
    size_t i = 0;
    while (i + 17 <= n) {
        __m128i acc[7] = { 0 };
        for (unsigned k = 0; k < 255 && i + 17 <= n; k++, i += 16) {
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(t + i));
            __m128i next = _mm_loadu_si128((const __m128i *)(const void *)(t + i + 1));
            for (int j = 0; j < 6; j++)
                acc[j] = _mm_sub_epi8(acc[j], _mm_cmpeq_epi8(v, _mm_set1_epi8(WHAT[j])));
            acc[6] = _mm_sub_epi8(
                acc[6], _mm_and_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(next, _mm_set1_epi8(' '))));
        }
        for (int j = 0; j < 7; j++) {
            __m128i sum = _mm_sad_epu8(acc[j], _mm_setzero_si128());
            *(j < 6 ? to[j] : &m->gaps) += (unsigned)_mm_cvtsi128_si32(sum) + (unsigned)_mm_extract_epi16(sum, 4);
        }
    }
    return i;
}
#endif

static struct marks count_marks(const char *t, size_t n)
{
    struct marks m = { 0 };
    size_t i = 0;
#ifdef __SSE2__
    i = count_wide(t, n, &m);
#endif
    for (; i < n; i++) {
        m.delimiter[0] += t[i] == '\t';
        m.delimiter[1] += t[i] == ',';
        m.delimiter[2] += t[i] == ';';
        m.delimiter[3] += t[i] == '|';
        m.lines += t[i] == '\n';
        m.returns += t[i] == '\r';
        m.gaps += t[i] == ' ' && i + 1 < n && t[i + 1] == ' ';
    }
    return m;
}

static bool is_tag(const char *t, const struct sk_cell *c)
{
    uint32_t n = c->end - c->begin;
    if (n == 0 || n > 12) /* JAHISTC06 is the longest */
        return false;
    for (uint32_t i = c->begin; i < c->end; i++)
        if (!(t[i] >= '0' && t[i] <= '9') && !(t[i] >= 'A' && t[i] <= 'Z'))
            return false;
    return true;
}

static bool is_wordy(const char *t, const struct sk_cell *c)
{
    unsigned spaces = 0;
    for (uint32_t i = c->begin; i < c->end; i++)
        spaces += t[i] == ' ';
    return spaces >= 3 && c->end - c->begin >= 20;
}

static void look_at_row(struct shape *s, const char *t, const struct sk_cell *cells, size_t n)
{
    unsigned filled = 0;
    for (size_t i = 0; i < n; i++) {
        const struct sk_cell *c = &cells[i];
        if (c->begin == c->end)
            continue;
        filled++;
        bool wordy = is_wordy(t, c);
        s->wordy += wordy;
        s->first_wordy += wordy && c->col == 0;
        s->quoted += c->begin > 0 && t[c->begin - 1] == '"';
        s->spaced += c->col > 0 && c->begin > 0 && t[c->begin - 1] == ' ';
    }
    const struct sk_cell *last = &cells[n - 1];
    s->fields += filled;
    s->widths[s->rows] = last->col + 1u;
    s->filled[s->rows] = (uint8_t)(filled < 255 ? filled : 255);
    s->inner += last->col;
    s->tagged += last->col >= 1 && cells[0].col == 0 && is_tag(t, &cells[0]);
    uint32_t e = last->end;
    s->sentence =
        e > last->begin && (t[e - 1] == '.' || (e - last->begin >= 3 && memcmp(t + e - 3, "\xE3\x80\x82", 3) == 0));
    s->rows++;
}

struct sample {
    const char *t;
    size_t n;
    bool whole, cr;
    struct sk_rows *rows; /* for use while judging */
    struct marks marks;
};

static bool take_shape(const struct sk_dialect *d, const struct sample *x, struct shape *s)
{
    struct sk_rows *rows = x->rows;
    memset(s, 0, sizeof(*s));
    rows->n = 0;
    rows->row = 0;
    sk_table_split(d, x->t, x->n, x->whole, rows);
    for (size_t i = 0; i < rows->n && s->rows < SAMPLE_ROWS;) {
        size_t j = i;
        while (j < rows->n && rows->cells[j].row == rows->cells[i].row)
            j++;
        look_at_row(s, x->t, rows->cells + i, j - i);
        i = j;
    }
    rows->n = 0;
    rows->row = 0;
    return !rows->no_memory && s->rows > 0;
}

/* Rows of the body, without titles above the header; the width that most of them have. */
struct body {
    unsigned first, rows, modal_rows, wide_rows, real_rows, empty_rows;
    uint32_t modal;
    unsigned several; /* percent: several_tables */
};

static unsigned percent(unsigned part, unsigned all)
{
    return all ? part * 100u / all : 0;
}

/* A sheet that was saved as text may hold several tables, each of its own width, below each other or parted by rows of
 * nothing but delimiters: the rows that stand among rows of their width. */
static unsigned several_tables(const struct shape *s, const struct body *b)
{
    unsigned same = 0;
    for (unsigned i = b->first, end; i < s->rows; i = end) {
        for (end = i + 1; end < s->rows && s->widths[end] == s->widths[i] && !s->filled[end] == !s->filled[i];)
            end++;
        if (s->filled[i] != 0 && s->widths[i] >= 2 && end - i >= TABLE_ROWS)
            same += end - i;
    }
    return percent(same, b->rows - b->empty_rows);
}

static struct body find_body(const struct shape *s)
{
    struct body b = { 0 };
    while (b.first < TITLE_ROWS && b.first + 1 < s->rows && s->widths[b.first] == 1)
        b.first++;
    unsigned padded = b.first; /* titles that an export filled up with empty fields: only above a body */
    while (padded < TITLE_ROWS && padded + 2 < s->rows && s->filled[padded] <= 1)
        padded++;
    if (padded + 2 < s->rows)
        b.first = padded;
    b.rows = s->rows - b.first;
    for (unsigned i = b.first; i < s->rows; i++) {
        unsigned same = 0;
        for (unsigned j = b.first; j < s->rows; j++)
            same += s->widths[j] == s->widths[i];
        if (s->widths[i] >= 2 && same > b.modal_rows) {
            b.modal_rows = same;
            b.modal = s->widths[i];
        }
        b.wide_rows += s->widths[i] >= 3;
        b.real_rows += s->filled[i] >= 2;
        b.empty_rows += s->filled[i] == 0;
    }
    b.several = several_tables(s, &b);
    return b;
}

/* Record-tagged lines of very different widths: claims (RE,HO,SY...), history columns in front (1,1,0,MN,...), care
 * transmission. */
static bool is_tagged(const struct shape *s, char delimiter)
{
    unsigned wide = 0;
    for (unsigned i = 0; i < s->rows; i++)
        wide += s->widths[i] >= 3;
    return delimiter == ',' && percent(s->tagged, s->rows) >= 90 && percent(wide, s->rows) >= 50 &&
           percent(s->spaced, s->inner) < 10;
}

/* 0 = no table, else the better the higher. */
static unsigned judge(const struct shape *s, const struct body *b, char delimiter)
{
    unsigned share = percent(b->modal_rows, b->rows), spaced = percent(s->spaced, s->inner),
             wordy = percent(s->wordy, s->fields);
    bool quoted = percent(s->quoted, s->fields) >= 50;
    bool cells = delimiter == '\t' || quoted || (spaced < 50 && wordy < 34);
    if (percent(b->real_rows, b->rows - b->empty_rows) < 70 && !(b->rows == 1 && b->real_rows))
        return 0; /* indented text: only the last field of a row is filled */
    unsigned score = share + (b->modal < 50 ? b->modal : 50) + (delimiter == '\t' ? 5 : 0);
    if (b->rows == 1) /* a single row, perhaps below titles */
        return s->rows <= 3 && b->modal >= 3 && cells && !s->sentence && s->filled[b->first] >= 2 &&
                       s->fields * 3 >= s->inner
                   ? score
                   : 0;
    if (b->modal >= 3 && share >= 70 &&
        (cells || (share >= 90 && b->rows >= 5 && b->modal >= 4 && s->first_wordy * 2 < b->rows)))
        return score;
    if (b->rows >= 3 && percent(b->wide_rows, b->rows) >= 80 && share >= 40 && cells && (spaced < 20 || quoted))
        return score;
    if (b->several >= 90 && b->wide_rows * 3 >= b->real_rows && cells && wordy < 15 && (spaced < 20 || quoted))
        return score;
    bool rare = delimiter == ';' || delimiter == '|'; /* in prose and programs these end lines */
    bool short_will_do = delimiter == '\t' || (delimiter == ',' && !s->sentence);
    if (b->modal == 2 && b->rows >= (short_will_do ? 2u : 3u) && share >= (rare ? 95 : 90) &&
        percent(b->real_rows, b->rows - b->empty_rows) >= (rare ? 95 : 90) && (quoted || (spaced < 50 && wordy < 15)))
        return score;
    return 0;
}

static struct sk_dialect judge_delimited(const struct sample *x)
{
    struct sk_dialect best = { .kind = SK_NO_TABLE, .cr = x->cr };
    unsigned most = 0, lines = (x->cr ? x->marks.returns : x->marks.lines) + 1;
    for (unsigned i = 0; i < N_DELIMITERS; i++) {
        if (x->marks.delimiter[i] == 0 || x->marks.delimiter[i] * 3 < lines)
            continue;
        struct sk_dialect d = { .kind = SK_DELIMITED, .delimiter = DELIMITERS[i], .cr = x->cr };
        struct shape s;
        if (!take_shape(&d, x, &s))
            continue;
        struct body b = find_body(&s);
        unsigned score = judge(&s, &b, d.delimiter);
        if (is_tagged(&s, d.delimiter) && percent(b.modal_rows, b.rows) < 70) {
            d.one_line = true; /* read again: what looked like quoted fields over lines may be bare marks */
            if (!take_shape(&d, x, &s))
                continue;
            b = find_body(&s);
            score = is_tagged(&s, d.delimiter) ? 60 : judge(&s, &b, d.delimiter);
        }
        if (score > most) {
            most = score;
            best = d;
            best.columns = percent(b.modal_rows, b.rows) >= 70 ? b.modal : 0;
        }
    }
    return best;
}

/* Digits with what joins them, four at least: a number that somebody has, not a count or a size. */
static bool is_code(const char *t, const struct sk_cell *c)
{
    unsigned digits = 0;
    for (uint32_t i = c->begin; i < c->end; i++) {
        if (t[i] >= '0' && t[i] <= '9')
            digits++;
        else if (t[i] != '-' && t[i] != ' ' && t[i] != '/')
            return false;
    }
    return digits >= 4;
}

/* Two columns are many things: options of a manual, contents and their pages. A list of words that each have a code
 * is a table: its rows are whole, one of its columns holds codes, and the other no ASCII. */
static bool is_code_list(const struct sample *x, const struct sk_rows *rows)
{
    unsigned all = 0, codes[2] = { 0 }, words[2] = { 0 };
    for (size_t i = 0; i + 1 < rows->n;) {
        const struct sk_cell *a = &rows->cells[i], *b = a + 1;
        bool pair = a->row == b->row && (i + 2 >= rows->n || rows->cells[i + 2].row != a->row);
        for (i++; i < rows->n && rows->cells[i].row == a->row;)
            i++;
        all += pair || all > 0; /* titles above */
        for (unsigned k = 0; k < 2 && pair; k++) {
            codes[k] += is_code(x->t, k ? b : a);
            words[k] += (unsigned char)x->t[k ? b->begin : a->begin] >= 0x80;
        }
    }
    return all >= 3 && ((codes[1] * 10 >= all * 7 && words[0] * 10 >= all * 9) ||
                        (codes[0] * 10 >= all * 7 && words[1] * 10 >= all * 9));
}

/* Lays the rows over this many columns. */
static bool fits(struct sk_dialect *d, const struct sample *x, uint32_t columns)
{
    struct sk_dialect plain = { .kind = SK_FIXED_WIDTH, .cr = x->cr };
    d->columns = columns;
    x->rows->n = 0;
    x->rows->row = 0;
    sk_table_split(&plain, x->t, x->n, x->whole, x->rows);
    bool fit = !x->rows->no_memory && (columns >= 3 || is_code_list(x, x->rows));
    unsigned tenths = fit ? sk_fixed_learn(d, x->t, x->rows) : 0;
    x->rows->n = 0;
    x->rows->row = 0;
    return tenths >= 8;
}

/* Rows with empty cells have fewer parts than the header: wider shapes are tried first. */
static struct sk_dialect judge_fixed(const struct sample *x)
{
    struct sk_dialect d = { .kind = SK_FIXED_WIDTH, .cr = x->cr }, none = { .kind = SK_NO_TABLE, .cr = x->cr };
    struct shape s;
    if (!take_shape(&d, x, &s))
        return none;
    struct body b = find_body(&s);
    if (b.modal < 2 || b.rows < 3 || percent(s.wordy, s.fields) >= 20)
        return none;
    bool present[FIXED_MISSING + 1] = { false };
    for (unsigned i = b.first; i < s.rows; i++)
        if (s.widths[i] >= b.modal && s.widths[i] <= b.modal + FIXED_MISSING)
            present[s.widths[i] - b.modal] = true;
    for (uint32_t more = FIXED_MISSING + 1; more-- > 0;)
        if (present[more] && fits(&d, x, b.modal + more))
            return d;
    return none;
}

/* Markup and data of programs: their commas part no columns. */
static bool is_markup(const char *t, size_t n)
{
    size_t i = 0;
    while (i < n && (t[i] == ' ' || t[i] == '\n' || t[i] == '\r' || t[i] == '\t'))
        i++;
    return i < n && (t[i] == '<' || t[i] == '{' ||
                     (t[i] == '[' && i + 1 < n && (t[i + 1] == '{' || t[i + 1] == '\n' || t[i + 1] == '\r')));
}

struct sk_dialect sk_table_sniff(const char *text, size_t n, struct sk_rows *rows)
{
    struct sample x = { .t = text, .n = n < SAMPLE_BYTES ? n : SAMPLE_BYTES, .whole = n <= SAMPLE_BYTES, .rows = rows };
    x.marks = count_marks(text, x.n);
    unsigned lines = x.marks.lines;
    x.cr = lines == 0 && x.marks.returns > 1;
    if (x.cr)
        lines = x.marks.returns;
    struct sk_dialect none = { .kind = SK_NO_TABLE, .cr = x.cr };
    if (n == 0 || is_markup(text, x.n))
        return none;
    /* A sample cut inside a line: its last row is not complete, unless there is no other. */
    x.whole = x.whole || lines == 0;
    struct sk_dialect d = judge_delimited(&x);
    if (d.kind == SK_NO_TABLE && x.marks.gaps >= 4 && x.marks.gaps >= lines)
        d = judge_fixed(&x);
    return d;
}
