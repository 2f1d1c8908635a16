#include "detect/findings.h"

#include "detect/chars.h"

#include <stdlib.h>

#define MOST_PLACES 1000000u /* of one element and confidence, even when all are asked for */
#define MOST_HIDDEN 10000u   /* hidden sums of a file; text beyond is summed in the last */

struct range {
    uint32_t begin, end;
};

struct places { /* of one element and confidence */
    uint64_t count;
    struct sk_place *at;
    size_t n, cap;
};

struct ranges { /* of one element in the segment in hand, ascending, disjoint */
    struct range *at;
    size_t n, cap;
};

struct hidden {
    struct sk_hidden_sum sum;
    uint64_t pieces;
};

/* Where the last place was told, so that a segment with many findings is walked once. */
struct cursor {
    const struct sk_segment *segment;
    uint32_t begin, line_begin;
    uint64_t lines;
    /* Of a line told before: where it begins in the source, and the characters up to the last place told in it. */
    uint32_t told_line, line_from, counted_to;
    size_t counted;
    bool told;
};

struct sk_findings {
    struct places found[SK_EL_COUNT][SK_CONF_COUNT];
    struct ranges ranges[SK_EL_COUNT];
    struct cursor cursor;
    struct hidden *hidden;
    size_t n_hidden, cap_hidden;
    const struct sk_segment *last; /* what ranges[] speak of */
    uint64_t here, mute_count;
    uint64_t confirmed[SK_EL_COUNT]; /* records at medium confidence that the own register knows */
    bool muted;
};

struct sk_findings *sk_findings_new(const struct sk_context *c)
{
    (void)c;
    return sk_new(1, sizeof(struct sk_findings));
}

static void forget_ranges(struct sk_findings *f, const struct sk_segment *s)
{
    for (int e = 0; e < SK_EL_COUNT; e++)
        f->ranges[e].n = 0;
    f->last = s;
}

void sk_findings_reset(struct sk_findings *f)
{
    forget_ranges(f, NULL);
    for (int e = 0; e < SK_EL_COUNT; e++) {
        for (int k = 0; k < SK_CONF_COUNT; k++)
            f->found[e][k].count = f->found[e][k].n = 0;
        f->confirmed[e] = 0;
    }
    f->cursor = (struct cursor){ 0 };
    f->n_hidden = 0;
    f->here = f->mute_count = 0;
    f->muted = false;
}

void sk_findings_free(struct sk_findings *f)
{
    if (!f)
        return;
    for (int e = 0; e < SK_EL_COUNT; e++) {
        free(f->ranges[e].at);
        for (int k = 0; k < SK_CONF_COUNT; k++)
            free(f->found[e][k].at);
    }
    free(f->hidden);
    free(f);
}

void sk_findings_segment(struct sk_context *c, const struct sk_segment *s)
{
    struct sk_findings *f = c->findings;
    forget_ranges(f, s);
    f->cursor = (struct cursor){ .segment = s };
    f->here = 0;
}

void sk_findings_mute(struct sk_context *c)
{
    c->findings->muted = true;
    c->findings->mute_count = 0;
}

uint64_t sk_findings_mute_end(struct sk_context *c)
{
    struct sk_findings *f = c->findings;
    f->muted = false;
    forget_ranges(f, f->last);
    return f->mute_count;
}

bool sk_findings_muted(const struct sk_context *c)
{
    return c->findings->muted;
}

uint64_t sk_findings_here(const struct sk_context *c)
{
    return c->findings->here;
}

/* ---------------------------------------------------------------- places */

const struct sk_cell *sk_cell_at(const struct sk_segment *s, uint32_t offset)
{
    uint32_t lo = 0, hi = s->n_cells;
    while (lo < hi) { /* the last cell that begins at or before offset */
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->cells[mid].begin <= offset)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo > 0; lo--) { /* cells shown again for further rows share their range */
        const struct sk_cell *cell = &s->cells[lo - 1];
        if (offset < cell->end || (cell->begin == cell->end && cell->begin == offset))
            return cell;
        if (cell->end > cell->begin)
            return NULL;
    }
    return NULL;
}

static const struct sk_unit *unit_at(const struct sk_segment *s, uint32_t offset)
{
    uint32_t lo = 0, hi = s->n_units;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->units[mid].begin <= offset)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo > 0 ? &s->units[lo - 1] : NULL;
}

/* Moves the cursor to begin and counts the lines passed, either way: a table's columns are asked in the order of their
 * roles. Line ends are counted in folded text, where every charset has '\n'. */
static void move_cursor(struct cursor *at, const struct sk_segment *s, uint32_t begin)
{
    if (at->segment != s)
        *at = (struct cursor){ .segment = s };
    for (uint32_t i = at->begin; i < begin;) {
        const char *p = memchr(s->text + i, '\n', begin - i);
        if (!p)
            break;
        i = (uint32_t)(p - s->text) + 1;
        at->lines++;
        at->line_begin = i;
    }
    while (begin < at->line_begin) { /* back over the line end in front of the line in hand */
        uint32_t end = at->line_begin - 1;
        at->lines--;
        at->line_begin = at->lines ? end : 0;
        while (at->line_begin > 0 && s->text[at->line_begin - 1] != '\n')
            at->line_begin--;
    }
    at->begin = begin;
}

static void byte_place(struct cursor *at, const struct sk_segment *s, uint32_t begin, uint32_t end,
                       struct sk_place *out)
{
    const struct sk_raw *raw = s->raw;
    uint32_t from, to, line_from = 0, unused;
    sk_fold_source(s->fold, raw->charset, raw->bytes, raw->n, raw->map, begin, end, &from, &to);
    if (to > raw->n)
        to = (uint32_t)raw->n;
    if (from > to)
        from = to;
    out->kind = SK_AT_BYTES;
    out->offset = raw->offset + from;
    out->length = to - from;
    move_cursor(at, s, begin);
    out->line = raw->line + at->lines;
    struct sk_fold_state state = raw->state;
    uint64_t before = raw->line_chars;
    if (at->lines > 0) { /* the line begins where the line end before it ends: an escape sequence in front of its text
                            is part of it */
        if (at->told && at->told_line == at->line_begin)
            line_from = at->line_from;
        else
            sk_fold_source(s->fold, raw->charset, raw->bytes, raw->n, raw->map, at->line_begin - 1, at->line_begin,
                           &unused, &line_from);
        before = 0;
        state = (struct sk_fold_state){ 0 }; /* ISO-2022-JP ends every line in ASCII */
    }
    if (line_from > from)
        line_from = from;
    bool same = at->told && at->told_line == at->line_begin;
    bool goes_on = same && at->counted_to <= from && at->counted_to >= line_from && raw->charset != SK_CS_ISO2022JP;
    size_t characters = goes_on ? at->counted + sk_charset_count(raw->charset, raw->bytes + at->counted_to,
                                                                 from - at->counted_to, state)
                                : sk_charset_count(raw->charset, raw->bytes + line_from, from - line_from, state);
    at->told_line = at->line_begin;
    at->line_from = line_from;
    at->counted_to = from;
    at->counted = characters;
    at->told = true;
    out->column = (uint32_t)(1 + before + characters);
}

static void place_of(struct cursor *at, const struct sk_segment *s, uint32_t begin, uint32_t end, struct sk_place *out)
{
    const struct sk_cell *cell = s->n_cells ? sk_cell_at(s, begin) : NULL;
    const struct sk_unit *unit = unit_at(s, begin);
    memset(out, 0, sizeof(*out));
    out->part = s->part;
    out->run = (uint8_t)s->kind;
    out->hidden = (uint8_t)(s->hidden ? s->hidden : cell ? (enum sk_hidden)cell->hidden : SK_SHOWN);
    if (s->raw) {
        byte_place(at, s, begin, end, out);
        out->number = cell && s->layout == SK_TABLE ? cell->col + 1 : 0;
    } else if (s->sheet && cell) {
        out->kind = SK_AT_CELL;
        out->row = cell->row;
        out->col = cell->col;
    } else if (unit && (unit->page || unit->slide || unit->paragraph)) {
        out->kind = unit->page ? SK_AT_PAGE : unit->slide ? SK_AT_SLIDE : SK_AT_PARAGRAPH;
        out->number = unit->page ? unit->page : unit->slide ? unit->slide : unit->paragraph;
    } else {
        out->kind = SK_AT_PART;
    }
}

void sk_place_of(const struct sk_segment *s, uint32_t begin, uint32_t end, struct sk_place *out)
{
    struct cursor at = { .segment = s };
    place_of(&at, s, begin, end, out);
}

void sk_findings_place(struct sk_context *c, const struct sk_segment *s, uint32_t begin, uint32_t end,
                       struct sk_place *out)
{
    place_of(&c->findings->cursor, s, begin, end, out);
}

/* ---------------------------------------------------------------- counting */

/* Notes the range; false when one of the same element overlaps it already. *ok is false without memory. */
static bool note_range(struct ranges *r, uint32_t begin, uint32_t end, bool *ok)
{
    size_t at = r->n;
    *ok = true;
    if (end <= begin)
        end = begin + 1;
    if (at > 0 && begin < r->at[at - 1].end) { /* seldom: out of order */
        size_t lo = 0, hi = r->n;
        while (lo < hi) {
            size_t mid = lo + (hi - lo) / 2;
            if (r->at[mid].end <= begin)
                lo = mid + 1;
            else
                hi = mid;
        }
        if (lo < r->n && r->at[lo].begin < end)
            return false;
        at = lo;
    }
    if (!sk_grow(&r->at, &r->cap, r->n + 1, sizeof(*r->at))) {
        *ok = false;
        return false;
    }
    memmove(r->at + at + 1, r->at + at, (r->n - at) * sizeof(*r->at));
    r->at[at] = (struct range){ begin, end };
    r->n++;
    return true;
}

bool sk_finding_add(struct sk_context *c, const struct sk_segment *s, uint32_t begin, uint32_t end, enum sk_element e,
                    enum sk_confidence conf)
{
    struct sk_findings *f = c->findings;
    bool ok;
    if ((unsigned)e >= SK_EL_COUNT || (unsigned)conf >= SK_CONF_COUNT)
        return true;
    if (s != f->last) /* a kept copy of an earlier segment: its offsets are others */
        forget_ranges(f, s);
    if (!note_range(&f->ranges[e], begin, end, &ok))
        return ok;
    if (f->muted) {
        f->mute_count += conf >= SK_CONF_MEDIUM;
        return true;
    }
    f->here += conf >= SK_CONF_MEDIUM;
    struct places *p = &f->found[e][conf];
    uint32_t most = c->config.max_places ? c->config.max_places : MOST_PLACES;
    p->count++;
    if (p->n >= most || p->n >= MOST_PLACES)
        return true;
    if (!sk_grow(&p->at, &p->cap, p->n + 1, sizeof(*p->at)))
        return false;
    place_of(&f->cursor, s, begin, end, &p->at[p->n++]);
    return true;
}

/* ---------------------------------------------------------------- hidden content */

uint32_t sk_hidden_sum(struct sk_context *c, uint32_t part, enum sk_hidden hidden, const struct sk_place *at)
{
    struct sk_findings *f = c->findings;
    for (size_t i = f->n_hidden; i-- > 0 && i + 64 > f->n_hidden;) /* the one in hand is among the last */
        if (f->hidden[i].sum.part == part && f->hidden[i].sum.hidden == (uint8_t)hidden)
            return (uint32_t)i;
    if (f->n_hidden >= MOST_HIDDEN)
        return (uint32_t)f->n_hidden - 1;
    if (!sk_grow(&f->hidden, &f->cap_hidden, f->n_hidden + 1, sizeof(*f->hidden)))
        return UINT32_MAX;
    f->hidden[f->n_hidden] = (struct hidden){ .sum = { .part = part, .hidden = (uint8_t)hidden, .at = *at } };
    return (uint32_t)f->n_hidden++;
}

struct sk_hidden_sum *sk_hidden_sum_at(struct sk_context *c, uint32_t index)
{
    return index < c->findings->n_hidden ? &c->findings->hidden[index].sum : NULL;
}

void sk_hidden_text(struct sk_context *c, uint32_t index, uint64_t pieces, uint64_t characters)
{
    struct sk_findings *f = c->findings;
    if (index >= f->n_hidden)
        return;
    f->hidden[index].pieces += pieces;
    f->hidden[index].sum.characters += characters;
}

/* ---------------------------------------------------------------- result */

static bool hidden_result(struct sk_findings *f, struct seki_result *r)
{
    struct sk_hidden_sum *all = sk_arena_new(&r->arena, f->n_hidden ? f->n_hidden : 1, sizeof(*all));
    uint32_t n = 0;
    if (!all)
        return false;
    for (size_t i = 0; i < f->n_hidden; i++) {
        struct hidden *h = &f->hidden[i];
        if (h->sum.characters == 0 && h->sum.records == 0)
            continue;
        all[n] = h->sum;
        if (all[n].records == 0)
            all[n].records = h->pieces;
        n++;
    }
    r->hiddens = all;
    r->n_hiddens = n;
    return true;
}

void sk_findings_confirm(struct sk_context *c, sk_elements elements)
{
    for (int e = 0; elements && e < SK_EL_COUNT; e++)
        if (elements & SK_BIT(e))
            c->findings->confirmed[e]++;
}

/* Medium places of an element become high ones when at least half of them are of people in the own register. */
static bool make_sure(struct sk_findings *f, int e)
{
    struct places *from = &f->found[e][SK_CONF_MEDIUM], *to = &f->found[e][SK_CONF_HIGH];
    if (f->confirmed[e] == 0 || f->confirmed[e] < from->count - from->count / 2)
        return true;
    to->count += from->count;
    from->count = 0;
    for (size_t i = 0; i < from->n && to->n < MOST_PLACES; i++) {
        if (!sk_grow(&to->at, &to->cap, to->n + 1, sizeof(*to->at)))
            return false;
        to->at[to->n++] = from->at[i];
    }
    from->n = 0;
    return true;
}

bool sk_findings_result(struct sk_context *c, struct seki_result *r)
{
    struct sk_findings *f = c->findings;
    struct sk_found *all = sk_arena_new(&r->arena, SK_EL_COUNT * SK_CONF_COUNT, sizeof(*all));
    uint32_t n = 0;
    if (!all)
        return false;
    for (int e = 0; e < SK_EL_COUNT; e++) {
        if (!make_sure(f, e))
            return false;
        for (int k = SK_CONF_COUNT; k-- > 0;) {
            struct places *p = &f->found[e][k];
            if (p->count == 0)
                continue;
            struct sk_place *at = sk_arena_new(&r->arena, p->n ? p->n : 1, sizeof(*at));
            if (!at)
                return false;
            if (p->n)
                memcpy(at, p->at, p->n * sizeof(*at));
            all[n++] = (struct sk_found){ (uint8_t)e, (uint8_t)k, p->count, at, (uint32_t)p->n };
        }
    }
    r->found = all;
    r->n_found = n;
    return hidden_result(f, r);
}
