/*
 * out.c - the writing side of a part. Text is gathered raw until a place where nothing can join over it (end of a line,
 * of a cell, a change of kind), folded there, and collected into segments of at most SEGMENT bytes, cut behind a line
 * or a row.
 */
#define _GNU_SOURCE
#include "extract/scratch.h"

#include <stdlib.h>

#define SEGMENT ((size_t)256 << 10)
#define CELL_LIMIT ((size_t)128 << 10) /* a longer cell is given in pieces */
#define FIELD_LIMIT ((size_t)32 << 10)
#define RAW_LIMIT ((size_t)64 << 10) /* raw text folded at once; longer lines are folded piece by piece */
#define KEEP_BYTES ((size_t)1 << 20) /* a larger buffer is not kept for reuse */
#define FOLD_ROOM ((size_t)1024)

struct sk_out {
    struct sk_out *next; /* free list of the scratch */
    struct sk_job *job;
    uint32_t part;
    enum sk_run_kind kind;
    enum sk_hidden hidden;
    enum sk_layout layout;
    bool stopped, told, sheet;
    bool continued; /* a segment of this stream or table was delivered before */
    bool in_cell;   /* text goes to a cell or field that began at cell.begin */

    struct sk_buf raw; /* UTF-8, not yet folded */
    char *text;
    size_t len, cap;
    size_t cut; /* behind the last line end or row end in text; 0 = none */
    struct sk_cell *cells;
    size_t n_cells, cap_cells;
    struct sk_cell cell; /* the open one */
    bool row_open;       /* cells of cells[n_cells - 1].row may still follow */
    struct sk_field *fields;
    size_t n_fields, cap_fields;
    struct sk_unit *units;
    size_t n_units, cap_units;
    struct sk_unit place; /* where text stands now */
};

/* ---------------------------------------------------------------- life */

static bool stop(struct sk_out *o)
{
    o->stopped = true;
    return false;
}

/* Out of memory is told as what it is to a reader of the report: the part was not wholly inspected. */
void sk_out_lost(struct sk_out *o)
{
    if (!o->told)
        o->job->sink->reason(o->job->sink->ctx, o->part, SK_WHY_TOO_LARGE, "memory");
    o->told = true;
}

static bool no_memory(struct sk_out *o)
{
    sk_out_lost(o);
    return stop(o);
}

struct sk_out *sk_out_open(struct sk_job *job, uint32_t part)
{
    struct sk_scratch *s = job->scratch;
    struct sk_out *o = s->outs;
    if (o) {
        s->outs = o->next;
    } else {
        if (!(o = sk_new(1, sizeof(*o))))
            return NULL;
        sk_buf_init(&o->raw, (size_t)1 << 30);
    }
    o->job = job;
    o->part = part;
    o->kind = SK_RUN_BODY;
    o->hidden = SK_SHOWN;
    o->layout = SK_PROSE;
    o->stopped = o->told = o->sheet = o->continued = o->in_cell = o->row_open = false;
    sk_buf_clear(&o->raw);
    o->len = o->cut = o->n_cells = o->n_fields = o->n_units = 0;
    memset(&o->place, 0, sizeof(o->place));
    return o;
}

static void free_out(struct sk_out *o)
{
    sk_buf_free(&o->raw);
    free(o->text);
    free(o->cells);
    free(o->fields);
    free(o->units);
    free(o);
}

void sk_outs_free(struct sk_out *list)
{
    while (list) {
        struct sk_out *next = list->next;
        free_out(list);
        list = next;
    }
}

/* ---------------------------------------------------------------- delivering */

static size_t count_before(const struct sk_out *o, size_t end, size_t *fields, size_t *units)
{
    size_t cells = o->n_cells;
    *fields = o->n_fields;
    *units = o->n_units;
    if (end < o->len) {
        while (cells && o->cells[cells - 1].begin >= end)
            cells--;
        while (*fields && o->fields[*fields - 1].begin >= end)
            (*fields)--;
        while (*units && o->units[*units - 1].begin >= end)
            (*units)--;
    }
    return cells;
}

/* Moves what lies behind `end` to the front of the buffers. */
static void keep_rest(struct sk_out *o, size_t end, size_t cells, size_t fields, size_t units)
{
    struct sk_unit now = units ? o->units[units - 1] : (struct sk_unit){ 0 };
    if (end < o->len && end)
        memmove(o->text, o->text + end, o->len - end);
    o->len -= end;
    o->cut = 0;
    for (size_t i = cells; i < o->n_cells; i++) {
        o->cells[i - cells] = o->cells[i];
        o->cells[i - cells].begin -= (uint32_t)end;
        o->cells[i - cells].end -= (uint32_t)end;
    }
    o->n_cells -= cells;
    for (size_t i = fields; i < o->n_fields; i++) {
        o->fields[i - fields] = o->fields[i];
        o->fields[i - fields].begin -= (uint32_t)end;
        o->fields[i - fields].end -= (uint32_t)end;
    }
    o->n_fields -= fields;
    /* The place in which the delivered text ended goes on at the front, unless another begins right there. */
    bool again = units && !(units < o->n_units && o->units[units].begin == end);
    size_t n = 0;
    if (again) {
        now.begin = 0;
        o->units[n++] = now; /* units >= 1, so that no unread unit is overwritten */
    }
    for (size_t i = units; i < o->n_units; i++) {
        o->units[n] = o->units[i];
        o->units[n++].begin -= (uint32_t)end;
    }
    o->n_units = n;
}

/* Gives text[0, end) to the sink. last: nothing of this stream or table follows. */
static bool deliver(struct sk_out *o, size_t end, bool last)
{
    if (o->stopped)
        return false;
    size_t fields, units, cells = count_before(o, end, &fields, &units);
    struct sk_job *job = o->job;
    if (end && !sk_budget_text(job->budget, end)) {
        if (job->budget->spent != SK_WHY_NONE && !o->told)
            job->sink->reason(job->sink->ctx, o->part, job->budget->spent, "");
        o->told = true;
        return stop(o);
    }
    if (end || (last && o->continued)) {
        char kept[SK_PAD]; /* bytes of the next segment give way to the zeros behind this one */
        size_t rest = o->len - end < SK_PAD ? o->len - end : SK_PAD;
        memcpy(kept, o->text + end, rest);
        memset(o->text + end, 0, SK_PAD);
        struct sk_segment s = { .text = o->text,
                                .len = (uint32_t)end,
                                .part = o->part,
                                .kind = o->kind,
                                .hidden = o->hidden,
                                .layout = o->layout,
                                .first = !o->continued,
                                .last = last,
                                .sheet = o->sheet,
                                .cells = o->cells,
                                .n_cells = (uint32_t)cells,
                                .fields = o->fields,
                                .n_fields = (uint32_t)fields,
                                .units = o->units,
                                .n_units = (uint32_t)units,
                                .fold = job->fold };
        o->continued = true;
        if (!job->sink->segment(job->sink->ctx, &s))
            return stop(o);
        memcpy(o->text + end, kept, rest);
    }
    keep_rest(o, end, cells, fields, units);
    return true;
}

/* Room for n more folded bytes; delivers whole lines or rows when the segment would grow too long. */
static bool room(struct sk_out *o, size_t n)
{
    for (int i = 0; i < 2 && o->len + n > SEGMENT; i++) {
        size_t end = o->cut;
        if (end == 0 && o->in_cell)
            end = o->cell.begin; /* one row fills a segment: cut between its cells */
        else if (end == 0 && o->layout == SK_PROSE && o->len >= SEGMENT / 2)
            end = o->len;
        if (end == 0)
            break;
        if (!deliver(o, end, false))
            return false;
        if (o->in_cell)
            o->cell.begin -= (uint32_t)end;
    }
    size_t want = o->len + n + SK_PAD;
    if (want <= o->cap)
        return true;
    size_t cap = o->cap ? o->cap : 4096;
    while (cap < want)
        cap *= 2;
    char *more = realloc(o->text, cap);
    if (!more)
        return no_memory(o);
    o->text = more;
    o->cap = cap;
    return true;
}

static bool put(struct sk_out *o, const char *p, size_t n)
{
    if (!room(o, n))
        return false;
    memcpy(o->text + o->len, p, n);
    o->len += n;
    return true;
}

/* ---------------------------------------------------------------- folding */

static bool all_ascii(const char *p, size_t n)
{
    uint64_t high = 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t v;
        memcpy(&v, p + i, 8);
        high |= v;
    }
    for (; i < n; i++)
        high |= (uint64_t)(unsigned char)p[i];
    return (high & 0x8080808080808080u) == 0;
}

/* Ends a piece of an over-long cell as a cell of its own. */
static bool close_piece(struct sk_out *o)
{
    if (!sk_grow(&o->cells, &o->cap_cells, o->n_cells + 1, sizeof(*o->cells)))
        return no_memory(o);
    o->cell.end = (uint32_t)o->len;
    o->cells[o->n_cells++] = o->cell;
    if (!deliver(o, o->len, false))
        return false;
    o->cell.begin = 0;
    return true;
}

/* Folds bytes of charset cs to the end of the text; stores how many were used. */
static bool fold_some(struct sk_out *o, enum sk_charset cs, const uint8_t *p, size_t n, bool last, size_t *used)
{
    struct sk_fold_state state = { 0 };
    size_t at = 0;
    while (at < n) {
        if (o->in_cell && o->layout == SK_TABLE && o->len - o->cell.begin >= CELL_LIMIT && !close_piece(o))
            return false;
        size_t step = n - at < RAW_LIMIT / 2 ? n - at : RAW_LIMIT / 2;
        size_t want = step * 2 + FOLD_ROOM;
        if (!room(o, want))
            return false;
        struct sk_fold_result r = sk_fold_run(o->job->fold, cs, p + at, step, last && at + step == n, &state,
                                              o->text + o->len, o->cap - o->len - SK_PAD, NULL);
        o->len += r.produced;
        at += r.consumed;
        if (r.consumed == 0)
            break; /* an incomplete character: waits for more */
    }
    *used = at;
    return true;
}

/* Control characters that would look like the table's own. */
static void blank_separators(struct sk_out *o, size_t begin)
{
    for (size_t i = begin; i < o->len; i++)
        if (o->text[i] == '\t' || o->text[i] == '\n' || o->text[i] == '\r')
            o->text[i] = ' ';
}

/* Folds what was gathered; with `last` nothing joins to it any more. */
static bool fold_raw(struct sk_out *o, bool last)
{
    if (o->stopped)
        return false;
    if (o->raw.n == 0)
        return true;
    size_t used = o->raw.n;
    if (o->raw.n <= RAW_LIMIT && last && all_ascii(o->raw.p, o->raw.n)) {
        if (!put(o, o->raw.p, o->raw.n)) /* ASCII folds to itself */
            return false;
    } else if (!fold_some(o, SK_CS_UTF8, (const uint8_t *)o->raw.p, o->raw.n, last, &used)) {
        return false;
    }
    memmove(o->raw.p, o->raw.p + used, o->raw.n - used);
    o->raw.n -= used;
    if (last)
        o->raw.n = 0;
    return true;
}

/* ---------------------------------------------------------------- streams */

static bool end_stream(struct sk_out *o)
{
    if (!fold_raw(o, true) || !deliver(o, o->len, true))
        return false;
    o->continued = false;
    o->n_units = 0;
    o->cut = 0;
    return true;
}

static bool set_layout(struct sk_out *o, enum sk_layout layout)
{
    if (o->layout == layout)
        return !o->stopped;
    if (!end_stream(o))
        return false;
    o->layout = layout;
    o->sheet = false;
    return true;
}

bool sk_out_close(struct sk_out *o)
{
    if (o->in_cell)
        sk_out_cell_end(o);
    bool ok = end_stream(o);
    struct sk_scratch *s = o->job->scratch;
    if (o->cap > KEEP_BYTES || o->raw.cap > KEEP_BYTES || o->cap_cells * sizeof(*o->cells) > 4 * KEEP_BYTES ||
        o->cap_fields * sizeof(*o->fields) > 4 * KEEP_BYTES) {
        free_out(o);
    } else {
        o->next = s->outs;
        s->outs = o;
    }
    return ok;
}

/* The current place begins here, if it is not noted yet. */
static bool note_place(struct sk_out *o)
{
    if (!(o->place.page | o->place.slide | o->place.paragraph))
        return true;
    struct sk_unit *u = o->n_units ? &o->units[o->n_units - 1] : NULL;
    if (u && u->page == o->place.page && u->slide == o->place.slide && u->paragraph == o->place.paragraph)
        return true;
    if (u && u->begin == o->len) {
        *u = o->place;
        u->begin = (uint32_t)o->len;
        return true;
    }
    if (!sk_grow(&o->units, &o->cap_units, o->n_units + 1, sizeof(*o->units)))
        return no_memory(o);
    o->units[o->n_units] = o->place;
    o->units[o->n_units++].begin = (uint32_t)o->len;
    return true;
}

bool sk_out_text(struct sk_out *o, const char *utf8, size_t n)
{
    if (o->stopped)
        return false;
    if (n == 0)
        return true;
    if (o->layout == SK_FIELDS && !set_layout(o, SK_PROSE))
        return false;
    if (o->raw.n == 0 && !note_place(o))
        return false;
    while (n) {
        size_t step = n < RAW_LIMIT ? n : RAW_LIMIT;
        if (!sk_buf_add(&o->raw, utf8, step))
            return no_memory(o);
        utf8 += step;
        n -= step;
        if (o->raw.n >= RAW_LIMIT && !fold_raw(o, false))
            return false;
    }
    return true;
}

bool sk_out_bytes(struct sk_out *o, enum sk_charset cs, const uint8_t *p, size_t n)
{
    if (cs == SK_CS_UTF8 || cs == SK_CS_ASCII)
        return sk_out_text(o, (const char *)p, n);
    if (o->stopped || n == 0)
        return !o->stopped;
    if (n <= RAW_LIMIT) { /* joins with what was written before */
        size_t cap = n * 4 + 16;
        char small[1024], *text = cap <= sizeof(small) ? small : malloc(cap);
        if (!text)
            return no_memory(o);
        size_t length = sk_to_utf8(cs, p, n, text, cap);
        if (length == 0 && p[0] != 0x1B)
            sk_out_lost(o); /* no converter: no memory for it */
        bool ok = sk_out_text(o, text, length);
        if (text != small)
            free(text);
        return ok;
    }
    if (o->layout == SK_FIELDS && !set_layout(o, SK_PROSE))
        return false;
    size_t used;
    return fold_raw(o, true) && note_place(o) && fold_some(o, cs, p, n, true, &used);
}

bool sk_out_line(struct sk_out *o)
{
    if (o->in_cell)
        return sk_out_text(o, " ", 1);
    if (!fold_raw(o, true) || !put(o, "\n", 1))
        return false;
    if (o->layout == SK_PROSE)
        o->cut = o->len;
    return true;
}

bool sk_out_kind(struct sk_out *o, enum sk_run_kind kind, enum sk_hidden hidden)
{
    if (o->kind == kind && o->hidden == hidden)
        return !o->stopped;
    if (o->layout == SK_TABLE) { /* the table goes on in another kind: its open cell is given in two pieces */
        bool was_open = o->in_cell;
        if (!sk_out_cell_end(o) || !deliver(o, o->len, false))
            return false;
        o->in_cell = was_open;
        o->cell.begin = 0;
    } else if (!end_stream(o)) {
        return false;
    }
    o->kind = kind;
    o->hidden = hidden;
    return true;
}

bool sk_out_place(struct sk_out *o, uint32_t page, uint32_t slide, uint32_t paragraph)
{
    if (o->place.page == page && o->place.slide == slide && o->place.paragraph == paragraph)
        return !o->stopped;
    if (!o->in_cell && !fold_raw(o, true))
        return false;
    o->place = (struct sk_unit){ 0, page, slide, paragraph };
    return true;
}

bool sk_out_name(struct sk_out *o, const char *name, size_t n, enum sk_hidden hidden)
{
    return sk_out_kind(o, SK_RUN_FILENAME, hidden) && sk_out_text(o, name, n) && (n == 0 || sk_out_line(o)) &&
           sk_out_kind(o, SK_RUN_BODY, hidden);
}

/* ---------------------------------------------------------------- tables */

bool sk_out_table_begin(struct sk_out *o, bool sheet)
{
    if (!end_stream(o))
        return false;
    o->layout = SK_TABLE;
    o->sheet = sheet;
    o->row_open = false;
    return true;
}

bool sk_out_cell_begin(struct sk_out *o, uint32_t row, uint32_t col, enum sk_hidden hidden, bool repeat)
{
    if (o->layout != SK_TABLE || o->stopped)
        return false;
    if (o->in_cell && !sk_out_cell_end(o))
        return false;
    if (!fold_raw(o, true)) /* text between cells belongs to none */
        return false;
    bool same_row = o->row_open && o->cell.row == row;
    if (o->row_open && !put(o, same_row ? "\t" : "\n", 1))
        return false;
    if (!same_row)
        o->cut = o->row_open ? o->len : 0;
    o->row_open = true;
    o->in_cell = true;
    o->cell = (struct sk_cell){ .begin = (uint32_t)o->len,
                                .row = row,
                                .col = (uint16_t)(col < UINT16_MAX ? col : UINT16_MAX),
                                .hidden = (uint8_t)hidden,
                                .repeat = repeat };
    return true;
}

bool sk_out_cell_end(struct sk_out *o)
{
    if (!o->in_cell)
        return !o->stopped;
    if (!fold_raw(o, true)) {
        o->in_cell = false;
        return false;
    }
    o->in_cell = false;
    struct sk_cell *c = &o->cell;
    blank_separators(o, c->begin);
    c->end = (uint32_t)o->len;
    while (c->end > c->begin && o->text[c->end - 1] == ' ')
        c->end--;
    while (c->begin < c->end && o->text[c->begin] == ' ')
        c->begin++;
    if (!sk_grow(&o->cells, &o->cap_cells, o->n_cells + 1, sizeof(*o->cells)))
        return no_memory(o);
    o->cells[o->n_cells++] = *c;
    return true;
}

bool sk_out_table_end(struct sk_out *o)
{
    if (o->in_cell && !sk_out_cell_end(o))
        return false;
    if (o->row_open && !put(o, "\n", 1))
        return false;
    o->row_open = false;
    if (!end_stream(o))
        return false;
    o->layout = SK_PROSE;
    o->sheet = false;
    return true;
}

/* ---------------------------------------------------------------- fields */

static bool put_field(struct sk_out *o, const struct sk_field *f, const char *utf8, size_t n)
{
    o->in_cell = true;
    o->cell.begin = (uint32_t)o->len;
    size_t used;
    bool ok = note_place(o) && fold_some(o, SK_CS_UTF8, (const uint8_t *)utf8, n, true, &used);
    o->in_cell = false;
    if (!ok)
        return false;
    blank_separators(o, o->cell.begin);
    if (!sk_grow(&o->fields, &o->cap_fields, o->n_fields + 1, sizeof(*o->fields)))
        return no_memory(o);
    o->fields[o->n_fields] = *f;
    o->fields[o->n_fields].begin = o->cell.begin;
    o->fields[o->n_fields++].end = (uint32_t)o->len;
    return put(o, "\n", 1);
}

bool sk_out_field(struct sk_out *o, uint32_t record, enum sk_element element, enum sk_aspect aspect, const char *utf8,
                  size_t n)
{
    if (o->layout == SK_TABLE || !set_layout(o, SK_FIELDS))
        return false;
    if (o->n_fields && o->fields[o->n_fields - 1].record != record)
        o->cut = o->len;
    struct sk_field f = { .record = record, .element = (uint8_t)element, .aspect = (uint8_t)aspect };
    while (n > FIELD_LIMIT) { /* nobody's data, but it must be seen: in pieces */
        size_t step = FIELD_LIMIT;
        while (step > FIELD_LIMIT - 4 && ((unsigned char)utf8[step] & 0xC0) == 0x80)
            step--;
        if (!put_field(o, &f, utf8, step))
            return false;
        utf8 += step;
        n -= step;
    }
    return put_field(o, &f, utf8, n);
}

/* ---------------------------------------------------------------- children */

bool sk_out_child(struct sk_job *job, const char *name, size_t n, enum sk_hidden hidden, struct sk_source *source)
{
    const struct sk_sink *sink = job->sink;
    uint32_t part = sink->part(sink->ctx, job->part, name, n, hidden);
    if (part == 0) {
        enum sk_reason why = job->budget->spent != SK_WHY_NONE ? job->budget->spent : SK_WHY_TOO_LARGE;
        sink->reason(sink->ctx, job->part, why, "");
        return false;
    }
    return sink->child(sink->ctx, part, source);
}

bool sk_out_child_bytes(struct sk_job *job, const char *name, size_t n, enum sk_hidden hidden, struct sk_bytes bytes)
{
    struct sk_source *source = sk_source_memory(bytes);
    if (!source) {
        job->sink->reason(job->sink->ctx, job->part, SK_WHY_TOO_LARGE, "memory");
        return true;
    }
    bool more = sk_out_child(job, name, n, hidden, source);
    sk_source_free(source);
    return more;
}
