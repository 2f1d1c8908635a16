/* fmt_pptx.c - PresentationML (ECMA-376 part 1, 19): slides in the order in which they are shown, each with its notes
 * and comments. */
#include "extract/ooxml.h"

#include <stdlib.h>

int sk_sniff_pptx(struct sk_bytes head, struct sk_source *source);
bool sk_extract_pptx(struct sk_job *job);

struct deck {
    struct sk_opc *opc;
    struct sk_out *o;
    const char **slides; /* relationship ids */
    size_t n, cap;
    int64_t width, height;
    struct sk_drawing master;
};

static bool deck_start(void *ctx, const char *name, const char **atts)
{
    struct deck *d = ctx;
    if (strcmp(name, "sldId") == 0) {
        const char *id = sk_xml_attr_prefixed(atts, "id");
        char *own = id ? sk_arena_string(&d->opc->arena, id, strlen(id)) : NULL;
        if (own && sk_grow(&d->slides, &d->cap, d->n + 1, sizeof(*d->slides)))
            d->slides[d->n++] = own;
        else if (id)
            sk_opc_reason(d->opc, SK_WHY_TOO_LARGE, "memory");
    } else if (strcmp(name, "sldSz") == 0) {
        const char *cx = sk_xml_attr(atts, "cx"), *cy = sk_xml_attr(atts, "cy");
        d->width = cx ? strtoll(cx, NULL, 10) : 0;
        d->height = cy ? strtoll(cy, NULL, 10) : 0;
    }
    return true;
}

static bool read_related(struct deck *d, size_t slide, uint32_t number, enum sk_hidden hidden)
{
    struct sk_rels r;
    bool ok = true;
    sk_opc_rels(d->opc, slide, &r);
    struct sk_drawing notes = { .slide = number, .kind = SK_RUN_NOTE, .hidden = SK_HIDDEN_NOTES };
    struct sk_drawing comments = { .slide = number, .kind = SK_RUN_COMMENT, .hidden = SK_HIDDEN_COMMENT };
    struct sk_drawing diagram = { .slide = number, .kind = SK_RUN_BODY, .hidden = hidden };
    for (size_t i = 0; ok && i < r.n; i++) {
        const char *type = r.items[i].type;
        size_t m = r.items[i].member;
        if (m == SIZE_MAX || d->opc->seen[m])
            continue;
        if (strcmp(type, "notesSlide") == 0)
            ok = sk_drawing_text(d->opc, m, d->o, &notes);
        else if (strcmp(type, "comments") == 0 || strcmp(type, "comment") == 0)
            ok = sk_drawing_text(d->opc, m, d->o, &comments);
        else if (strcmp(type, "diagramData") == 0)
            ok = sk_drawing_text(d->opc, m, d->o, &diagram);
        else if (strcmp(type, "diagramDrawing") == 0)
            d->opc->seen[m] = 1; /* the diagram as drawn last: the same text */
        else if (strcmp(type, "chart") == 0)
            ok = sk_chart_text(d->opc, m, d->o, number);
    }
    return ok;
}

static bool read_slide(struct deck *d, size_t i, uint32_t number, bool listed)
{
    struct sk_drawing how = {
        .slide = number, .kind = SK_RUN_BODY, .stamps = true, .width = d->width, .height = d->height
    };
    if (!listed)
        how.hidden = SK_HIDDEN_SLIDE;
    return sk_drawing_text(d->opc, i, d->o, &how) && read_related(d, i, number, how.hidden);
}

static bool read_masters(struct deck *d)
{
    bool ok = true;
    d->master = (struct sk_drawing){
        .kind = SK_RUN_BODY, .master = true, .stamps = true, .width = d->width, .height = d->height
    };
    for (size_t i = 0; ok && i < sk_opc_count(d->opc); i++)
        if (!d->opc->seen[i] && (sk_opc_is(d->opc, i, "slideMaster+xml", "ppt/slideMasters/") ||
                                 sk_opc_is(d->opc, i, "slideLayout+xml", "ppt/slideLayouts/") ||
                                 sk_opc_is(d->opc, i, "notesMaster+xml", "ppt/notesMasters/") ||
                                 sk_opc_is(d->opc, i, "handoutMaster+xml", "ppt/handoutMasters/")))
            ok = sk_drawing_text(d->opc, i, d->o, &d->master);
    return ok;
}

/* Slides, notes and comments to which nothing leads any more. */
static bool read_left(struct deck *d, bool listed)
{
    static const struct {
        const char *suffix, *prefix;
        enum sk_run_kind kind;
        enum sk_hidden hidden;
    } PARTS[] = {
        { "notesSlide+xml", "ppt/notesSlides/", SK_RUN_NOTE, SK_HIDDEN_NOTES },
        { "comments+xml", "ppt/comments/", SK_RUN_COMMENT, SK_HIDDEN_COMMENT },
    };
    bool ok = true;
    uint32_t number = (uint32_t)d->n;
    for (size_t i = 0; ok && i < sk_opc_count(d->opc); i++)
        if (!d->opc->seen[i] && sk_opc_is(d->opc, i, "presentationml.slide+xml", "ppt/slides/slide"))
            ok = read_slide(d, i, ++number, !listed);
    for (size_t k = 0; ok && k < sizeof(PARTS) / sizeof(PARTS[0]); k++) {
        struct sk_drawing how = { .kind = PARTS[k].kind, .hidden = PARTS[k].hidden };
        for (size_t i = 0; ok && i < sk_opc_count(d->opc); i++)
            if (!d->opc->seen[i] && sk_opc_is(d->opc, i, PARTS[k].suffix, PARTS[k].prefix))
                ok = sk_drawing_text(d->opc, i, d->o, &how);
    }
    return ok;
}

static bool read_deck(struct deck *d)
{
    static const struct sk_xml_calls CALLS = { deck_start, NULL, NULL };
    struct sk_opc *p = d->opc;
    struct sk_rels rels = { 0 };
    bool ok = true;
    size_t main = sk_opc_main(p, "main+xml", "ppt/presentation");
    if (main == SIZE_MAX) {
        sk_opc_reason(p, SK_WHY_DAMAGED, "");
    } else {
        ok = sk_opc_parse(p, main, &CALLS, d);
        sk_opc_rels(p, main, &rels);
    }
    for (size_t i = 0; ok && i < d->n; i++) {
        const struct sk_rel *r = sk_rel_find(&rels, d->slides[i]);
        if (r && r->member != SIZE_MAX && !p->seen[r->member])
            ok = read_slide(d, r->member, (uint32_t)i + 1, true);
        else if (!r || r->member == SIZE_MAX)
            sk_opc_reason(p, SK_WHY_DAMAGED, "");
    }
    return ok && read_left(d, d->n > 0) && read_masters(d) && sk_ooxml_pictures(p, d->o) && sk_ooxml_props(p, d->o) &&
           sk_ooxml_rest(p, d->o);
}

int sk_sniff_pptx(struct sk_bytes head, struct sk_source *source)
{
    return sk_ooxml_kind_of(head, source) == SK_OOXML_PPTX ? 200 : 0;
}

bool sk_extract_pptx(struct sk_job *job)
{
    struct sk_opc *p = sk_opc_open(job);
    struct sk_out *o = p ? sk_out_open(job, job->part) : NULL;
    bool go = true;
    if (o) {
        struct deck d = { .opc = p, .o = o };
        go = read_deck(&d);
        go = sk_out_close(o) && go;
        free(d.slides);
        free(d.master.known);
    }
    if (p && !o)
        sk_opc_reason(p, SK_WHY_TOO_LARGE, "memory");
    sk_opc_close(p);
    return go;
}
