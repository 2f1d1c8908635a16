/*
 * ole_ppt.c - binary presentations (MS-PPT). The stream is walked record by record, in the order of its bytes: what an
 * older save left behind is found as well, and told apart by the table of persistent objects. Text of slides may lie in
 * the slide or in the document's list of slides.
 */
#include "extract/ole.h"
#include "extract/ooxml.h"
#include "extract/ppt.h"

#include <stdlib.h>
#include <zlib.h>

#define LEVELS 64u

enum record {
    RT_DOCUMENT = 0x03E8,
    RT_SLIDE = 0x03EE,
    RT_NOTES = 0x03F0,
    RT_PERSIST = 0x03F3,
    RT_MASTER = 0x03F8,
    RT_SHOW_INFO = 0x03F9,
    RT_TEXT_CHARS = 0x0FA0,
    RT_TEXT_BYTES = 0x0FA8,
    RT_HANDOUT = 0x0FC9,
    RT_CSTRING = 0x0FBA,
    RT_SLIDE_LIST = 0x0FF0,
    RT_OLE_DATA = 0x1011,
    RT_COMMENT = 0x2EE0,
    RT_GROUP = 0xF003
};

struct state { /* holds within a container */
    enum sk_run_kind kind;
    enum sk_hidden hidden;
    uint32_t slide;
    bool list; /* list of slides: texts belong to the slide named last */
    uint16_t container;
};

struct walk {
    struct sk_ole *f;
    struct sk_out *o;
    struct sk_side side;
    struct sk_buf text;
    struct ppt_objects objects;
};

/* ---------------------------------------------------------------- text */

static bool blank_text(const struct sk_buf *t)
{
    for (size_t i = 0; i < t->n; i++)
        /* NOLINTNEXTLINE(clang-analyzer-*) */
        if ((unsigned char)t->p[i] > ' ')
            return false;
    return true;
}

/* Paragraphs end with 0D, lines within them with 0B. */
static bool write_lines(struct walk *w, const struct state *s)
{
    const char *p = w->text.p, *end = p ? p + w->text.n : p;
    if (blank_text(&w->text))
        return true;
    if (!sk_out_kind(w->o, s->kind, s->hidden) || !sk_out_place(w->o, 0, s->slide, 0))
        return false;
    while (p < end) {
        size_t n = 0;
        while (p + n < end && p[n] != '\r' && p[n] != '\v' && p[n] != '\n')
            n++;
        if (!sk_out_text(w->o, p, n) || !sk_out_line(w->o))
            return false;
        p += n + 1;
    }
    return true;
}

static void decode(struct walk *w, uint16_t type, struct sk_bytes b)
{
    sk_buf_clear(&w->text);
    if (type == RT_TEXT_BYTES) { /* the low bytes of UTF-16 */
        for (size_t i = 0; i < b.n; i++) {
            uint8_t wide[2] = { b.p[i], 0 };
            char utf8[8];
            sk_buf_add(&w->text, utf8, sk_to_utf8(SK_CS_UTF16LE, wide, 2, utf8, sizeof(utf8)));
        }
    } else if (b.n && sk_buf_reserve(&w->text, b.n * 2 + 16)) {
        w->text.n = sk_to_utf8(SK_CS_UTF16LE, b.p, b.n & ~(size_t)1, w->text.p, b.n * 2 + 16);
        w->text.p[w->text.n] = '\0';
    }
}

/* ---------------------------------------------------------------- embedded objects */

static bool inflate_object(struct walk *w, struct sk_bytes b, struct sk_buf *out)
{
    uint32_t size;
    uint64_t most = w->f->job->budget->limits.max_member_bytes;
    if (!sk_u32le(&b, &size) || size == 0)
        return false;
    if (size > most || !sk_budget_expand(w->f->job->budget, size) || !sk_buf_reserve(out, size)) {
        sk_ole_tell(w->f, SK_WHY_TOO_LARGE, "");
        return true;
    }
    uLongf n = size;
    int end = uncompress((Bytef *)out->p, &n, b.p, (uLong)b.n);
    if (end != Z_OK && end != Z_BUF_ERROR)
        return false;
    out->n = n;
    return true;
}

static bool object(struct walk *w, uint16_t instance, struct sk_bytes b)
{
    struct sk_buf out;
    bool ok = true;
    sk_buf_init(&out, SIZE_MAX / 2);
    if (instance == 1) {
        if (!inflate_object(w, b, &out))
            sk_ole_tell(w->f, SK_WHY_DAMAGED, "");
        b = sk_bytes(out.p, out.n);
    }
    if (b.n && sk_budget_member(w->f->job->budget))
        ok = sk_out_child_bytes(w->f->job, "OLE", 3, SK_HIDDEN_EMBEDDED, b);
    sk_buf_free(&out);
    return ok;
}

/* ---------------------------------------------------------------- containers */

/* What stands in a container of this type; at: its offset in the stream. */
static struct state enter(struct walk *w, struct state s, uint16_t type, uint16_t instance, uint32_t at)
{
    struct ppt_object o = { 0 };
    s.container = type;
    switch (type) {
    case RT_SLIDE:
    case RT_NOTES:
    case RT_DOCUMENT:
    case RT_MASTER:
    case RT_HANDOUT:
        s.hidden = SK_SHOWN;
        s.kind = SK_RUN_BODY;
        s.list = false;
        if (!ppt_object_at(&w->objects, at, &o) && w->objects.n)
            s.hidden = SK_HIDDEN_CHANGE; /* left behind by an older save */
        s.slide = o.slide;
        if (type == RT_NOTES) {
            s.kind = SK_RUN_NOTE;
            s.hidden = s.hidden ? s.hidden : SK_HIDDEN_NOTES;
        }
        break;
    case RT_SLIDE_LIST:
        s.list = true;
        s.slide = 0;
        s.kind = instance == 2 ? SK_RUN_NOTE : SK_RUN_BODY;
        if (instance == 2 && !s.hidden)
            s.hidden = SK_HIDDEN_NOTES;
        break;
    case RT_COMMENT:
        s.kind = SK_RUN_COMMENT;
        s.hidden = SK_HIDDEN_COMMENT;
        break;
    default:
        break;
    }
    return s;
}

static bool atom(struct walk *w, struct state *s, uint16_t type, uint16_t instance, struct sk_bytes b)
{
    struct sk_bytes at = b;
    uint32_t id;
    uint16_t flags;
    switch (type) {
    case RT_PERSIST:
        if (s->list && sk_u32le(&at, &id))
            s->slide = ppt_slide_of(&w->objects, id);
        return true;
    case RT_SHOW_INFO:
        if (s->container == RT_SLIDE && sk_skip(&at, 10) && sk_u16le(&at, &flags) && (flags & 4) && !s->hidden)
            s->hidden = SK_HIDDEN_SLIDE;
        return true;
    case RT_CSTRING:
        /* Besides text: names of programs, fonts and the like. Those of comments: author, text, initials. */
        if (s->container == RT_COMMENT && instance == 2)
            return true;
        decode(w, type, b);
        if (s->container == RT_COMMENT || s->container == RT_SLIDE || s->container == RT_NOTES)
            return write_lines(w, s);
        return s->container == RT_DOCUMENT ||
               sk_side_add(&w->side, SK_RUN_BODY, SK_HIDDEN_NAME, 0, 0, w->text.p, w->text.n);
    case RT_TEXT_CHARS:
    case RT_TEXT_BYTES:
        decode(w, type, b);
        return write_lines(w, s);
    case RT_OLE_DATA:
        return object(w, instance, b);
    default:
        return true;
    }
}

static bool walk(struct walk *w, struct sk_bytes all)
{
    struct {
        size_t end;
        struct state s;
    } level[LEVELS] = { { all.n, { .kind = SK_RUN_BODY } } };
    unsigned depth = 0;
    size_t at = 0;
    bool ok = true, broken = false, deep = false;
    for (size_t i = 0; ok && at + 8 <= all.n; i++) {
        while (depth && at >= level[depth].end)
            depth--;
        struct sk_bytes b = sk_bytes(all.p + at, all.n - at), body;
        uint16_t version, type;
        uint32_t n;
        if ((i & 1023) == 0 && !sk_budget_time(w->f->job->budget))
            break;
        if (!sk_u16le(&b, &version) || !sk_u16le(&b, &type) || !sk_u32le(&b, &n))
            break;
        struct state *s = &level[depth].s;
        size_t end = level[depth].end - at > 8 && n <= level[depth].end - at - 8 ? at + 8 + n : level[depth].end;
        broken |= end < at + 8 || end - at - 8 < n;
        if ((version & 15) == 15 && depth + 1 < LEVELS) {
            struct sk_bytes inside = sk_bytes(all.p + at + 8, end > at + 8 ? end - at - 8 : 0);
            if (type == RT_GROUP && ppt_table(inside, w->o, s->kind, s->hidden, s->slide, &ok) > 0) {
                at = end;
                continue;
            }
            depth++;
            level[depth].end = end;
            level[depth].s = enter(w, *s, type, version >> 4, (uint32_t)at);
            at += 8;
            continue;
        }
        deep |= (version & 15) == 15;
        if (sk_slice(all, at + 8, end > at + 8 ? end - at - 8 : 0, &body))
            ok = atom(w, s, type, version >> 4, body);
        at = end > at + 8 ? end : at + 8;
    }
    if (broken)
        sk_ole_tell(w->f, SK_WHY_DAMAGED, "");
    if (deep)
        sk_ole_tell(w->f, SK_WHY_TOO_DEEP, "");
    return ok && sk_side_flush(&w->side);
}

bool sk_ppt_read(struct sk_ole *f)
{
    struct walk w = { .f = f, .o = sk_out_open(f->job, f->job->part) };
    struct sk_buf stream, user;
    bool ok = true;
    if (!w.o) {
        sk_ole_tell(f, SK_WHY_TOO_LARGE, "memory");
        return true;
    }
    sk_side_init(&w.side, w.o);
    sk_buf_init(&stream, SIZE_MAX / 2);
    sk_buf_init(&user, (size_t)1 << 20);
    sk_buf_init(&w.text, (size_t)256 << 20);
    sk_ole_stream(f, f->root, "Current User", &user);
    if (sk_ole_stream(f, f->root, "PowerPoint Document", &stream)) {
        struct sk_bytes all = sk_bytes(stream.p, stream.n);
        ppt_objects_read(all, sk_bytes(user.p, user.n), &w.objects);
        ok = walk(&w, all);
    } else {
        sk_ole_tell(f, SK_WHY_DAMAGED, "");
    }
    ok = ok && sk_out_kind(w.o, SK_RUN_BODY, SK_SHOWN) && sk_ole_props(f, w.o);
    ok = sk_out_close(w.o) && ok;
    ppt_objects_free(&w.objects);
    sk_side_free(&w.side);
    sk_buf_free(&stream);
    sk_buf_free(&user);
    sk_buf_free(&w.text);
    return ok;
}
