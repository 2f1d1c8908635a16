#include "detect/detect.h"

#include "detect/chars.h"
#include "detect/findings.h"
#include "detect/people.h"

#include <stdlib.h>

struct sk_detect {
    struct sk_context c;
    uint32_t read_part;   /* of the last first reading */
    uint64_t read_offset; /* where in the part it began */
    uint64_t read_found;  /* findings at medium or high confidence in it */
};

#define MEMBERS(X) X(findings) X(people) X(numbers) X(forms) X(tables) X(marks) X(small)
#define ARENA_CEILING ((size_t)1 << 30)

struct sk_detect *sk_detect_new(const struct sk_rules *rules, const struct sk_detect_config *config)
{
    struct sk_detect *d = sk_new(1, sizeof(*d));
    if (!d)
        return NULL;
    d->c.rules = rules;
    d->c.config = *config;
    sk_arena_init(&d->c.arena, ARENA_CEILING);
    bool ok = true;
#define X(name) ok = ok && (d->c.name = sk_##name##_new(&d->c)) != NULL;
    MEMBERS(X)
#undef X
    if (!ok) {
        sk_detect_free(d);
        return NULL;
    }
    return d;
}

void sk_detect_free(struct sk_detect *d)
{
    if (!d)
        return;
#define X(name)                                                                                                        \
    if (d->c.name)                                                                                                     \
        sk_##name##_free(d->c.name);
    MEMBERS(X)
#undef X
    sk_arena_free(&d->c.arena);
    explicit_bzero(&d->c.config.key, sizeof(d->c.config.key));
    free(d);
}

void sk_detect_begin(struct sk_detect *d)
{
#define X(name) sk_##name##_reset(d->c.name);
    MEMBERS(X)
#undef X
    sk_arena_reset(&d->c.arena);
    d->read_part = UINT32_MAX;
    d->read_found = 0;
}

/* ---------------------------------------------------------------- hidden text */

static bool count_hidden(struct sk_context *c, const struct sk_segment *s, enum sk_hidden hidden, uint32_t begin,
                         uint32_t end, uint64_t pieces)
{
    struct sk_place at = { .part = s->part, .hidden = (uint8_t)hidden, .kind = SK_AT_PART };
    if (s->layout != SK_FIELDS)
        sk_place_of(s, begin, end, &at);
    uint32_t i = sk_hidden_sum(c, s->part, hidden, &at);
    if (i == UINT32_MAX)
        return false;
    sk_hidden_text(c, i, pieces, sk_utf8_count(s->text + begin, end - begin));
    return true;
}

/* Characters that a reader would not see; lines, rows or fields as pieces, for the case that nothing is found in them.
 */
static bool hidden_text(struct sk_context *c, const struct sk_segment *s)
{
    if (s->hidden && s->layout != SK_TABLE) {
        for (uint32_t p = 0; p < s->len;) {
            uint32_t e = sk_line_end(s->text, s->len, p), b = p, to = e;
            sk_trim(s->text, &b, &to);
            if (b < to && !count_hidden(c, s, s->hidden, b, to, 1))
                return false;
            p = e + 1;
        }
        return true;
    }
    uint32_t row = UINT32_MAX;
    for (uint32_t i = 0; i < s->n_cells; i++) {
        const struct sk_cell *cell = &s->cells[i];
        enum sk_hidden hidden = s->hidden ? s->hidden : (enum sk_hidden)cell->hidden;
        if (!hidden || cell->repeat || cell->end <= cell->begin || cell->end > s->len)
            continue;
        if (!count_hidden(c, s, hidden, cell->begin, cell->end, cell->row != row))
            return false;
        row = cell->row;
    }
    return true;
}

/* ---------------------------------------------------------------- segments */

static bool by_layout(struct sk_context *c, const struct sk_segment *s, const struct sk_hits *hits)
{
    switch (s->layout) {
    case SK_TABLE:
        return sk_tables_segment(c, s, hits);
    case SK_FIELDS:
        return sk_fields_segment(c, s);
    case SK_PROSE:
    default:
        return sk_forms_segment(c, s, hits);
    }
}

/* Bytes that could be read in two encodings come twice. The second reading counts only where it finds more than the
 * first. */
static bool second_reading(struct sk_detect *d, const struct sk_segment *s, const struct sk_hits *hits)
{
    struct sk_context *c = &d->c;
    uint64_t first = d->read_part == s->part && (!s->raw || s->raw->offset == d->read_offset) ? d->read_found : 0;
    if (s->layout != SK_PROSE)
        return first > 0 || by_layout(c, s, hits);
    if (!sk_forms_part_end(c, s->part)) /* what is open belongs to the first reading */
        return false;
    sk_findings_mute(c);
    bool ok = sk_forms_segment(c, s, hits) && sk_forms_part_end(c, s->part);
    uint64_t second = sk_findings_mute_end(c);
    if (!ok || second <= first)
        return ok;
    return sk_forms_segment(c, s, hits);
}

bool sk_detect_segment(struct sk_detect *d, const struct sk_segment *s, const struct sk_hits *hits)
{
    struct sk_context *c = &d->c;
    sk_findings_segment(c, s);
    if (!sk_marks_segment(c, s))
        return false;
    if (s->second_reading)
        return second_reading(d, s, hits);
    if (!hidden_text(c, s) || !by_layout(c, s, hits))
        return false;
    d->read_part = s->part;
    d->read_offset = s->raw ? s->raw->offset : 0;
    d->read_found = sk_findings_here(c);
    return true;
}

size_t sk_detect_identifiers(struct sk_detect *d, const struct sk_segment *s, const struct sk_hits *hits)
{
    const struct sk_candidate *items;
    size_t n, found = 0;
    if (!sk_numbers_identifiers(&d->c, s, hits, &items, &n))
        return SIZE_MAX;
    for (size_t i = 0; i < n; i++)
        found += sk_score_confidence(items[i].score) >= SK_CONF_MEDIUM;
    return found;
}

bool sk_detect_part_end(struct sk_detect *d, uint32_t part, const char **format)
{
    if (!sk_forms_part_end(&d->c, part) || !sk_tables_end(&d->c, part))
        return false;
    const char *better = sk_tables_format(&d->c, part);
    if (better && format)
        *format = better;
    return true;
}

bool sk_detect_end(struct sk_detect *d, struct seki_result *r)
{
    struct sk_context *c = &d->c;
    return sk_people_result(c, r) && sk_findings_result(c, r) && sk_marks_result(c, r) && sk_small_result(c, r);
}

bool sk_detect_persons_full(const struct sk_detect *d)
{
    return sk_people_full(&d->c);
}
