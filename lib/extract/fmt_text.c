/*
 * fmt_text.c - plain text and delimited tables. Read in blocks cut behind a line end; the encoding is checked again for
 * every block, because concatenated logs and exports change it half way.
 */
#define _GNU_SOURCE
#include "extract/csv.h"
#include "extract/identify.h"
#include "extract/scratch.h"

#define PIECE_BYTES ((size_t)1024) /* the smallest block when encodings are mixed */
#define QUIET_BYTES ((size_t)4096) /* how far before a block's end a better place to cut is looked for */
#define SAMPLE_STEP ((size_t)16 << 10)
#define SAMPLE_BYTES ((size_t)1 << 10)
#define END_OF_FILE 0x1A /* Ctrl-Z behind the last line of claim files */

bool sk_extract_text(struct sk_job *job);

struct reader {
    struct sk_job *job;
    struct sk_text_space *space;
    const uint8_t *p; /* the bytes not yet delivered: the source's head, or space->in */
    size_t n;
    uint64_t offset;  /* of p in the part */
    bool eof, failed; /* nothing behind p + n; because of an error */
    size_t step;      /* longest block while encodings are mixed, else SK_BLOCK_BYTES */

    enum sk_charset charset, second;
    bool one_reading; /* second is not needed for this block */
    struct sk_fold_state state;
    uint64_t line, line_start, line_chars;
    bool told_binary, first, ended, stopped; /* ended: a segment was given as the last */

    struct sk_dialect dialect;
};

/* ---------------------------------------------------------------- bytes */

/* A part that ends within the head is read where it lies; others are copied block by block. */
static void start(struct reader *r)
{
    struct sk_bytes head = sk_source_head(r->job->source, SK_HEAD_BYTES);
    r->p = head.p;
    r->n = head.n;
    if (head.n == SK_HEAD_BYTES)
        return;
    uint8_t more; /* there is none: only whether it is the end or an error */
    r->failed = sk_source_read(r->job->source, head.n, &more, 1) < 0;
    r->eof = true;
}

static void fill(struct reader *r)
{
    if (r->eof)
        return;
    uint8_t *in = r->space->in;
    if (r->n)
        memmove(in, r->p, r->n);
    r->p = in;
    while (r->n < SK_BLOCK_BYTES && !r->eof) {
        ssize_t got = sk_source_read(r->job->source, r->offset + r->n, in + r->n, SK_BLOCK_BYTES - r->n);
        r->failed = got < 0;
        r->eof = got <= 0;
        r->n += got > 0 ? (size_t)got : 0;
    }
}

static void advance(struct reader *r, size_t n)
{
    r->p += n;
    r->n -= n;
    r->offset += n;
}

static size_t unit_of(enum sk_charset cs)
{
    return cs == SK_CS_UTF16LE || cs == SK_CS_UTF16BE ? 2 : 1;
}

static bool is_unit(const uint8_t *p, enum sk_charset cs, uint8_t c)
{
    if (cs == SK_CS_UTF16LE)
        return p[0] == c && p[1] == 0;
    if (cs == SK_CS_UTF16BE)
        return p[0] == 0 && p[1] == c;
    return p[0] == c;
}

/* Behind the last character c in p[0, n); 0 = none. n and the place are whole units. */
static size_t behind_last(const uint8_t *p, size_t n, enum sk_charset cs, uint8_t c)
{
    size_t unit = unit_of(cs);
    if (unit == 1) {
        const uint8_t *at = n ? memrchr(p, c, n) : NULL;
        return at ? (size_t)(at - p) + 1 : 0;
    }
    for (size_t i = n - n % unit; i; i -= unit)
        if (is_unit(p + i - unit, cs, c))
            return i;
    return 0;
}

/* Where to cut at most n bytes: behind a line end, else anywhere (the fold keeps characters whole). */
static size_t cut_line(const struct reader *r, size_t n)
{
    size_t cut = behind_last(r->p, n, r->charset, '\n');
    if (cut == 0 && (cut = behind_last(r->p, n, r->charset, '\r')) == n)
        cut = behind_last(r->p, n - unit_of(r->charset), r->charset, '\r'); /* LF may follow */
    return cut;
}

/* The character of ASCII at p, else 0. */
static uint8_t ascii_at(const uint8_t *p, enum sk_charset cs)
{
    if (unit_of(cs) == 1)
        return *p < 0x80 ? *p : 0;
    return cs == SK_CS_UTF16LE ? (p[1] ? 0 : p[0]) : (p[0] ? 0 : p[1]);
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* May the lines before and behind the cut belong together: a number that the line end cuts, a value below its label,
 * rows of columns? An empty line parts them. */
static bool may_belong(const struct reader *r, size_t cut)
{
    size_t unit = unit_of(r->charset), i = cut - unit, k = cut;
    if (i >= unit && is_unit(r->p + i - unit, r->charset, '\r'))
        i -= unit;
    uint8_t before = i >= unit ? ascii_at(r->p + i - unit, r->charset) : (uint8_t)'\n';
    while (k + unit <= r->n && is_unit(r->p + k, r->charset, ' '))
        k += unit;
    uint8_t behind = k + unit <= r->n ? ascii_at(r->p + k, r->charset) : 0;
    if (before == '\n' || behind == '\n' || behind == '\r')
        return false;
    return is_digit(before) || before == '-' || before == ':' || is_digit(behind);
}

/* Each block is searched for itself, so a cut behind a line end is moved to before lines that may belong together. */
static size_t quiet_cut(const struct reader *r, size_t cut)
{
    size_t unit = unit_of(r->charset), least = cut > QUIET_BYTES ? cut - QUIET_BYTES : 0;
    for (size_t at = cut; at > least; at = behind_last(r->p, at - unit, r->charset, '\n'))
        if (is_unit(r->p + at - unit, r->charset, '\n') && !may_belong(r, at))
            return at;
    return cut;
}

static size_t choose_cut(const struct reader *r)
{
    size_t n = r->n < r->step ? r->n : r->step;
    if (n == r->n && r->eof)
        return n;
    /* When the block fills the buffer, at least one byte stays, so that the last block is known as such. */
    size_t most = n == r->n ? n - 8 : n;
    size_t cut = cut_line(r, most);
    return cut ? quiet_cut(r, cut) : most - most % 4;
}

static void drop_end_mark(struct reader *r)
{
    size_t unit = unit_of(r->charset);
    while (r->n >= unit && is_unit(r->p + r->n - unit, r->charset, END_OF_FILE))
        r->n -= unit;
}

/* ---------------------------------------------------------------- encoding */

static bool only_zeros(const uint8_t *p, size_t n)
{
    return n && p[0] == 0 && memcmp(p, p + 1, n - 1) == 0;
}

static void note_binary(struct reader *r, size_t n)
{
    if (r->told_binary || only_zeros(r->p, n))
        return;
    r->told_binary = true;
    r->job->sink->reason(r->job->sink->ctx, r->job->part, SK_WHY_UNSUPPORTED, "binary data in text");
}

/* In doubt between two encodings: a block that leaves none settles it; one that is plain ASCII is the same in both. */
static void settle_doubt(struct reader *r, size_t n)
{
    struct sk_guess g = sk_charset_guess(r->p, n, false);
    r->one_reading = g.best == SK_CS_ASCII;
    if (!r->one_reading && g.best == g.second && (g.best == r->charset || g.best == r->second))
        r->charset = r->second = g.best;
}

/* Some lines of every 16 KiB; a sample begins behind a line end where there is one near. */
static bool samples_hold(const struct reader *r, size_t n)
{
    for (size_t at = 0; at < n; at += SAMPLE_STEP) {
        size_t begin = at, left = n - at, size = left < SAMPLE_BYTES ? left : SAMPLE_BYTES;
        const uint8_t *line = at ? memchr(r->p + at, '\n', size / 2) : NULL;
        if (line)
            begin = (size_t)(line - r->p) + 1;
        if (!sk_charset_holds(r->charset, r->p + begin, at + size - begin))
            return false;
    }
    return true;
}

/* A cheap look that spares judging every byte of every block. What it lets pass as UTF-8 or ASCII the fold must find
 * without fault. */
static bool seems_unchanged(const struct reader *r, size_t n)
{
    if (r->first && r->eof && r->n <= SK_GUESS_BYTES)
        return true; /* sk_identify has judged all of it */
    if (r->charset == SK_CS_ASCII || r->charset == SK_CS_UTF8)
        return !memchr(r->p, 0x1B, n) && !memchr(r->p, 0, n); /* no ISO-2022-JP, no UTF-16 */
    return (r->charset == SK_CS_CP932 || r->charset == SK_CS_EUCJP) && samples_hold(r, n);
}

/* Makes r->charset fit p[0, *cut); where no encoding fits the whole block it is halved until one does. */
static void settle_charset(struct reader *r, size_t *cut)
{
    bool halved = false;
    while (!sk_charset_holds(r->charset, r->p, *cut)) {
        struct sk_guess g = sk_charset_guess(r->p, *cut, r->first);
        bool fits = g.best != SK_CS_BINARY && sk_charset_holds(g.best, r->p, *cut);
        if (fits || *cut <= PIECE_BYTES) {
            if (g.best == SK_CS_BINARY) {
                note_binary(r, *cut);
            } else {
                r->charset = g.best;
                r->second = g.second;
                r->state = (struct sk_fold_state){ 0 };
            }
            break;
        }
        size_t half = *cut / 2, line = cut_line(r, half);
        *cut = line ? line : half - half % 4;
        r->step = *cut > PIECE_BYTES ? *cut : PIECE_BYTES;
        halved = true;
    }
    if (!halved && r->step < SK_BLOCK_BYTES)
        r->step *= 2;
}

/* Is a second reading needed of p[0, n)? */
static void settle_reading(struct reader *r, size_t n)
{
    r->one_reading = r->second == r->charset || r->second == SK_CS_BINARY || unit_of(r->second) != unit_of(r->charset);
    if (!r->one_reading)
        settle_doubt(r, n);
}

/* ---------------------------------------------------------------- one block */

struct block {
    enum sk_charset charset;
    size_t n;  /* source bytes */
    bool last; /* of the part */
    struct sk_fold_state before, after;
    size_t produced, invalid;
};

static bool ends_line(const struct reader *r, size_t n, enum sk_charset cs)
{
    size_t unit = unit_of(cs);
    return n >= unit && (is_unit(r->p + n - unit, cs, '\n') || is_unit(r->p + n - unit, cs, '\r'));
}

static bool no_memory(struct reader *r)
{
    r->job->sink->reason(r->job->sink->ctx, r->job->part, SK_WHY_TOO_LARGE, "memory");
    r->stopped = true;
    return false;
}

/* Folds p[0, b->n) and lowers b->n to what fitted: text that grows more than threefold ends its block at an earlier
 * line. */
static bool fold_block(struct reader *r, struct block *b)
{
    struct sk_text_space *s = r->space;
    for (int attempt = 0;; attempt++) {
        b->after = b->before;
        bool last = (b->last && attempt == 0) || ends_line(r, b->n, b->charset);
        struct sk_fold_result f =
            sk_fold_run(r->job->fold, b->charset, r->p, b->n, last, &b->after, s->out, s->out_cap - SK_PAD, &s->map);
        if (!f.ok)
            return no_memory(r);
        b->produced = f.produced;
        b->invalid = f.invalid;
        if (f.consumed == b->n)
            return true;
        b->last = false;
        size_t line = attempt == 0 ? behind_last(r->p, f.consumed, b->charset, '\n') : 0;
        if (line == 0) {
            b->n = f.consumed;
            return true;
        }
        b->n = line;
    }
}

/* Splits the folded block into rows; a row that goes on behind the block moves the block's end to before it. */
static bool split_block(struct reader *r, struct block *b, uint32_t row)
{
    struct sk_text_space *s = r->space;
    struct sk_rows *rows = &s->rows;
    for (int attempt = 0; attempt < 2; attempt++) {
        rows->n = 0;
        rows->row = row;
        bool whole = b->last || attempt == 1;
        size_t end = sk_table_split(&r->dialect, s->out, b->produced, whole, rows);
        if (rows->no_memory)
            return no_memory(r);
        if (end == b->produced || whole)
            return true;
        if (end == 0)
            continue; /* one row fills the block: give what there is of it */
        uint32_t from, to;
        sk_fold_source(r->job->fold, b->charset, r->p, b->n, &s->map, (uint32_t)end - 1, (uint32_t)end, &from, &to);
        b->n = to;
        if (!fold_block(r, b))
            return false;
    }
    return true;
}

static bool deliver(struct reader *r, const struct block *b, bool second)
{
    struct sk_text_space *s = r->space;
    struct sk_job *job = r->job;
    memset(s->out + b->produced, 0, SK_PAD);
    if (!sk_budget_text(job->budget, b->produced)) {
        if (job->budget->spent != SK_WHY_NONE)
            job->sink->reason(job->sink->ctx, job->part, job->budget->spent, "");
        r->stopped = true;
        return false;
    }
    struct sk_raw raw = { .charset = b->charset,
                          .bytes = r->p,
                          .n = b->n,
                          .offset = r->offset,
                          .line = r->line,
                          .line_start = r->line_start,
                          .line_chars = r->line_chars,
                          .state = b->before,
                          .map = &s->map };
    bool table = r->dialect.kind != SK_NO_TABLE;
    struct sk_segment seg = { .text = s->out,
                              .len = (uint32_t)b->produced,
                              .part = job->part,
                              .layout = table ? SK_TABLE : SK_PROSE,
                              .first = r->first,
                              .last = b->last,
                              .line_of_row0 = 1,
                              .cells = s->rows.cells,
                              .n_cells = table ? (uint32_t)s->rows.n : 0,
                              .raw = &raw,
                              .fold = job->fold,
                              .second_reading = second };
    r->ended = b->last;
    if (!job->sink->segment(job->sink->ctx, &seg))
        r->stopped = true;
    return !r->stopped;
}

static void count_lines(struct reader *r, const struct block *b)
{
    size_t unit = unit_of(b->charset), last = 0;
    uint8_t end = r->dialect.cr ? '\r' : '\n';
    if (unit == 1) {
        for (const uint8_t *at = r->p, *stop = r->p + b->n; (at = memchr(at, end, (size_t)(stop - at)));
             at++, r->line++)
            last = (size_t)(at - r->p) + 1;
    } else {
        for (size_t i = 0; i + unit <= b->n; i += unit)
            if (is_unit(r->p + i, b->charset, end)) {
                r->line++;
                last = i + unit;
            }
    }
    if (last) {
        r->line_start = r->offset + last;
        r->line_chars = 0;
    }
    if (last < b->n)
        r->line_chars +=
            sk_charset_count(b->charset, r->p + last, b->n - last, last ? (struct sk_fold_state){ 0 } : b->before);
}

static void decide_layout(struct reader *r, size_t produced)
{
    struct sk_text_space *s = r->space;
    memset(s->out + produced, 0, SK_PAD);
    r->dialect = sk_table_sniff(s->out, produced, &s->rows);
    if (s->rows.no_memory)
        no_memory(r); /* a table might have been taken for prose */
    if (r->dialect.kind == SK_DELIMITED)
        r->job->sink->format(r->job->sink->ctx, r->job->part, "csv");
}

/* Settles the encoding of the next block and folds it. */
static bool take_block(struct reader *r, struct block *b)
{
    size_t cut = choose_cut(r);
    bool unchanged = seems_unchanged(r, cut);
    if (unchanged && r->step < SK_BLOCK_BYTES)
        r->step *= 2;
    for (int attempt = 0; attempt < 2; attempt++) {
        if (!unchanged || attempt)
            settle_charset(r, &cut);
        settle_reading(r, cut);
        *b = (struct block){ .charset = r->charset, .n = cut, .last = r->eof && cut == r->n, .before = r->state };
        if (!fold_block(r, b))
            return false;
        if (b->invalid == 0 || !unchanged)
            break; /* else it was too cheap a look */
    }
    return true;
}

/* The block's bytes once more, as the other encoding they may be in. */
static bool give_second(struct reader *r, const struct block *b, uint32_t row)
{
    struct block other = { .charset = r->second, .n = b->n, .last = b->last };
    size_t n = r->n;
    if (!fold_block(r, &other))
        return false;
    memset(r->space->out + other.produced, 0, SK_PAD);
    r->n = other.n; /* so much of it as was folded */
    bool ok = (r->dialect.kind == SK_NO_TABLE || split_block(r, &other, row)) && deliver(r, &other, true);
    r->n = n;
    return ok;
}

/* Gives the next block, in both readings when its encoding is in doubt, and moves on behind it. */
static bool read_block(struct reader *r)
{
    struct block b;
    uint32_t row = r->space->rows.row;
    if (!take_block(r, &b))
        return false;
    if (b.n == 0) { /* cannot be: no progress; but never turn in a circle */
        r->failed = true;
        return false;
    }
    if (r->first) {
        decide_layout(r, b.produced);
        row = 0;
    }
    memset(r->space->out + b.produced, 0, SK_PAD);
    if ((r->dialect.kind != SK_NO_TABLE && !split_block(r, &b, row)) || !deliver(r, &b, false))
        return false;
    uint32_t next_row = r->space->rows.row;
    if (!r->one_reading && r->second != r->charset && !give_second(r, &b, row))
        return false;
    r->space->rows.row = next_row;
    count_lines(r, &b);
    r->state = b.after;
    r->first = false;
    advance(r, b.n);
    return !r->stopped;
}

/* ---------------------------------------------------------------- the part */

bool sk_extract_text(struct sk_job *job)
{
    struct reader r = { .job = job,
                        .space = sk_scratch_text(job->scratch),
                        .step = SK_BLOCK_BYTES,
                        .charset = job->guess.best,
                        .second = job->guess.second,
                        .line = 1,
                        .first = true };
    if (!r.space) {
        no_memory(&r);
        return true;
    }
    r.space->rows.n = 0;
    r.space->rows.row = 0;
    r.space->rows.no_memory = false;
    start(&r);
    size_t bom = job->guess.bom < r.n ? job->guess.bom : r.n;
    advance(&r, bom);
    bool sink_stopped = false;
    for (;;) {
        fill(&r);
        if (r.eof)
            drop_end_mark(&r);
        if (r.n == 0)
            break;
        if (!read_block(&r)) {
            sink_stopped = r.stopped && job->budget->spent == SK_WHY_NONE;
            break;
        }
    }
    if (!r.first && !r.ended && !r.stopped) { /* nothing but end marks was left */
        struct block end = { .charset = r.charset, .last = true, .before = r.state };
        r.space->rows.n = 0;
        sink_stopped = !deliver(&r, &end, false);
    }
    if (r.failed)
        job->sink->reason(job->sink->ctx, job->part, SK_WHY_DAMAGED, "");
    return !sink_stopped;
}
