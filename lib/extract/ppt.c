/* ppt.c - see ppt.h. */
#include "extract/ppt.h"

#include <stdlib.h>

#define IDS (1u << 20) /* persist identifiers have twenty bits */
#define EDITS_MAX 1000u
#define CELLS_MAX 10000u

struct head {
    uint16_t version, type;
    struct sk_bytes body;
};

static bool record(struct sk_bytes *b, struct head *h)
{
    uint32_t n;
    return sk_u16le(b, &h->version) && sk_u16le(b, &h->type) && sk_u32le(b, &n) &&
           sk_take(b, n < b->n ? n : b->n, &h->body);
}

static bool record_at(struct sk_bytes all, uint64_t at, uint16_t type, struct head *h)
{
    struct sk_bytes b;
    return at < all.n && sk_slice(all, at, all.n - at, &b) && record(&b, h) && h->type == type;
}

/* ---------------------------------------------------------------- live objects */

static void add_object(struct ppt_objects *o, uint8_t *seen, uint32_t id, uint32_t at)
{
    if (id >= IDS || (seen[id / 8] & 1u << id % 8) || !sk_grow(&o->items, &o->cap, o->n + 1, sizeof(*o->items)))
        return;
    seen[id / 8] = (uint8_t)(seen[id / 8] | 1u << id % 8);
    o->items[o->n++] = (struct ppt_object){ id, at, 0 };
}

static void directory(struct sk_bytes b, struct ppt_objects *o, uint8_t *seen)
{
    uint32_t first, at;
    while (sk_u32le(&b, &first))
        for (uint32_t id = first & (IDS - 1), n = first >> 20; n && sk_u32le(&b, &at); n--, id++)
            add_object(o, seen, id, at);
}

static int by_offset(const void *a, const void *b)
{
    const struct ppt_object *x = a, *y = b;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* The show is the document's first list of slides. */
static void number_slides(struct sk_bytes all, struct ppt_objects *o, uint32_t document)
{
    struct head doc, list, entry;
    uint32_t id, n = 0;
    size_t i = 0;
    while (i < o->n && o->items[i].id != document)
        i++;
    if (i == o->n || !record_at(all, o->items[i].at, 0x03E8, &doc) || !(o->slides = sk_new(IDS, sizeof(*o->slides))))
        return;
    o->n_slides = IDS;
    while (record(&doc.body, &list))
        if (list.type == 0x0FF0 && list.version >> 4 == 0)
            while (record(&list.body, &entry))
                if (entry.type == 0x03F3 && sk_u32le(&entry.body, &id) && id < IDS && o->slides[id] == 0)
                    o->slides[id] = ++n;
    for (i = 0; i < o->n; i++)
        o->items[i].slide = o->slides[o->items[i].id];
}

void ppt_objects_read(struct sk_bytes stream, struct sk_bytes current_user, struct ppt_objects *o)
{
    uint32_t at = 0, persist, document = 0, last;
    uint8_t *seen = sk_new(IDS / 8, 1);
    struct head edit, dir;
    if (seen && sk_skip(&current_user, 16) && sk_u32le(&current_user, &at))
        for (unsigned i = 0; i < EDITS_MAX && at && record_at(stream, at, 0x0FF5, &edit); i++) {
            last = at;
            if (!sk_skip(&edit.body, 8) || !sk_u32le(&edit.body, &at) || !sk_u32le(&edit.body, &persist))
                break;
            if (i == 0)
                sk_u32le(&edit.body, &document);
            if (record_at(stream, persist, 0x1772, &dir))
                directory(dir.body, o, seen);
            if (at >= last) /* edits only point back */
                break;
        }
    free(seen);
    number_slides(stream, o, document);
    if (o->n)
        qsort(o->items, o->n, sizeof(*o->items), by_offset);
}

void ppt_objects_free(struct ppt_objects *o)
{
    free(o->items);
    free(o->slides);
}

bool ppt_object_at(const struct ppt_objects *o, uint32_t at, struct ppt_object *found)
{
    struct ppt_object key = { 0, at, 0 }, *x = o->n ? bsearch(&key, o->items, o->n, sizeof(key), by_offset) : NULL;
    if (x)
        *found = *x;
    return x != NULL;
}

uint32_t ppt_slide_of(const struct ppt_objects *o, uint32_t id)
{
    return id < o->n_slides ? o->slides[id] : 0;
}

/* ---------------------------------------------------------------- tables */

struct box {
    int32_t left, top;
    struct sk_bytes text; /* of a text box: records */
};

/* tableProperties (MS-ODRAW 2.3.4.37): the group is a table. */
static bool is_table(struct sk_bytes shape)
{
    struct head h;
    while (record(&shape, &h)) {
        if (h.type != 0xF00B && h.type != 0xF121 && h.type != 0xF122)
            continue;
        uint16_t id;
        uint32_t value;
        for (unsigned n = h.version >> 4; n && sk_u16le(&h.body, &id) && sk_u32le(&h.body, &value); n--)
            if ((id & 0x3FFF) == 0x039F && (value & 1))
                return true;
    }
    return false;
}

static bool box_of(struct sk_bytes shape, struct box *out)
{
    struct head h;
    uint32_t left, top;
    bool anchored = false, text = false;
    while (record(&shape, &h)) {
        if (h.type == 0xF00F && sk_u32le(&h.body, &left) && sk_u32le(&h.body, &top)) {
            out->left = (int32_t)left;
            out->top = (int32_t)top;
            anchored = true;
        } else if (h.type == 0xF00D) {
            out->text = h.body;
            text = true;
        }
    }
    return anchored && text;
}

static int by_place(const void *a, const void *b)
{
    const struct box *x = a, *y = b;
    if (x->top != y->top)
        return x->top < y->top ? -1 : 1;
    return x->left < y->left ? -1 : x->left > y->left;
}

static int by_number(const void *a, const void *b)
{
    const int32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static bool write_text(struct sk_out *o, struct sk_bytes box)
{
    struct head h;
    while (record(&box, &h)) {
        if (h.type == 0x0FA0 && !sk_out_bytes(o, SK_CS_UTF16LE, h.body.p, h.body.n & ~(size_t)1))
            return false;
        for (size_t i = 0; h.type == 0x0FA8 && i < h.body.n; i++) {
            const uint8_t wide[2] = { h.body.p[i], 0 };
            if (!sk_out_bytes(o, SK_CS_UTF16LE, wide, 2))
                return false;
        }
    }
    return true;
}

static bool write_boxes(struct sk_out *o, const struct box *boxes, size_t n)
{
    int32_t *lefts = sk_new(n, sizeof(*lefts));
    bool ok = lefts != NULL;
    size_t columns = 0;
    uint32_t row = 0;
    for (size_t i = 0; ok && i < n; i++)
        lefts[i] = boxes[i].left;
    if (ok)
        qsort(lefts, n, sizeof(*lefts), by_number);
    for (size_t i = 0; ok && i < n; i++)
        if (i == 0 || lefts[i] != lefts[columns - 1])
            lefts[columns++] = lefts[i];
    ok = ok && sk_out_table_begin(o, false);
    for (size_t i = 0; ok && i < n; i++) {
        row += i > 0 && boxes[i].top != boxes[i - 1].top;
        const int32_t *at = bsearch(&boxes[i].left, lefts, columns, sizeof(*lefts), by_number);
        ok = sk_out_cell_begin(o, row, at ? (uint32_t)(at - lefts) : 0, SK_SHOWN, false) &&
             write_text(o, boxes[i].text) && sk_out_cell_end(o);
    }
    free(lefts);
    return ok && sk_out_table_end(o);
}

uint32_t ppt_table(struct sk_bytes group, struct sk_out *o, enum sk_run_kind kind, enum sk_hidden hidden,
                   uint32_t slide, bool *ok)
{
    struct head h;
    struct box *boxes = NULL, b;
    size_t n = 0, cap = 0;
    if (!record(&group, &h) || h.type != 0xF004 || !is_table(h.body))
        return 0;
    while (record(&group, &h)) {
        if (h.type != 0xF004) { /* a group within: not a plain table */
            n = 0;
            break;
        }
        if (n < CELLS_MAX && box_of(h.body, &b) && sk_grow(&boxes, &cap, n + 1, sizeof(*boxes)))
            boxes[n++] = b;
    }
    if (n > 1 && n < CELLS_MAX) {
        qsort(boxes, n, sizeof(*boxes), by_place);
        *ok = sk_out_kind(o, kind, hidden) && sk_out_place(o, 0, slide, 0) && write_boxes(o, boxes, n);
    } else {
        n = 0;
    }
    free(boxes);
    return (uint32_t)n;
}
