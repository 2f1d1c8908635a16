/*
 * fmt_pst.c - Outlook data files (.pst .ost): folders, messages, attachments (MS-PST 2.4). All messages of the node
 * tree are read, also those that hang in no folder any more. The password of such a file protects nothing: it is not
 * asked.
 */
#include "extract/mapi.h"
#include "extract/pst.h"

#include <stdlib.h>

int sk_sniff_pst(struct sk_bytes head, struct sk_source *source);
bool sk_extract_pst(struct sk_job *job);

#define FOLDERS_MAX 100000u
#define DEPTH 16u
#define RECIPIENTS 0x692u

enum node_type { FOLDER = 0x02, MESSAGE = 0x04, ATTACHMENT = 0x05, ASSOCIATED = 0x08 };

struct folder {
    uint32_t nid, parent, part;
    char *name; /* NULL: none */
};

struct store {
    struct pst pst;
    struct sk_job *job;
    struct folder *folders; /* by nid, ascending */
    size_t n, cap;
    struct sk_buf value; /* of one property */
    bool stopped;
};

int sk_sniff_pst(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    return SK_STARTS(head, "!BDN") && head.n >= 564 && head.p[8] == 'S' && (head.p[9] == 'M' || head.p[9] == 'O') ? 48
                                                                                                                  : 0;
}

/* ---------------------------------------------------------------- folders */

static bool on_folder_property(void *ctx, struct pst_heap *h, const struct pst_property *p)
{
    struct sk_mapi *m = ctx;
    struct sk_bytes b;
    struct sk_buf hold;
    sk_buf_init(&hold, 65536);
    if (p->id == 0x3001 && m->subject.n == 0 && pst_value(h, p->value, &hold, &b))
        sk_mapi_text(m, p->type, b, &m->subject);
    sk_buf_free(&hold);
    return true;
}

static bool on_folder(void *ctx, const struct pst_node *node)
{
    struct store *s = ctx;
    struct pst_heap h;
    struct sk_mapi m;
    if ((node->nid & 0x1F) != FOLDER || s->n >= FOLDERS_MAX)
        return true;
    if (!sk_grow(&s->folders, &s->cap, s->n + 1, sizeof(*s->folders)))
        return true;
    struct folder *f = &s->folders[s->n];
    *f = (struct folder){ node->nid, node->parent, 0, NULL };
    if (s->n && f[-1].nid >= f->nid) /* a tree out of order: its folders cannot be found by number */
        return true;
    s->n++;
    sk_mapi_init(&m, s->job);
    if (pst_heap_open(&s->pst, node, &h) && pst_properties(&h, on_folder_property, &m) && m.subject.n)
        f->name = sk_copy_string(m.subject.p, m.subject.n < 512 ? m.subject.n : 512);
    pst_heap_free(&h);
    sk_mapi_free(&m);
    return true;
}

static struct folder *find_folder(struct store *s, uint32_t nid)
{
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->folders[mid].nid < nid)
            low = mid + 1;
        else
            high = mid;
    }
    return low < s->n && s->folders[low].nid == nid ? &s->folders[low] : NULL;
}

/* The part of a folder, made when something is in it. The root has no name and is the file itself. */
static uint32_t folder_part(struct store *s, uint32_t nid, unsigned depth)
{
    struct folder *f = find_folder(s, nid);
    if (!f || depth == 0)
        return s->job->part;
    if (f->part)
        return f->part;
    uint32_t above = f->parent != nid ? folder_part(s, f->parent, depth - 1) : s->job->part;
    if (!f->name)
        return above;
    const struct sk_sink *sink = s->job->sink;
    f->part = sink->part(sink->ctx, above, f->name, strlen(f->name), SK_SHOWN);
    return f->part ? f->part : above;
}

/* ---------------------------------------------------------------- attachments */

struct attachment {
    struct sk_mapi *mapi;
    struct sk_buf name;
    unsigned name_id;
    uint32_t method, data;
    unsigned type;
    bool has_data;
};

static bool on_attachment_property(void *ctx, struct pst_heap *h, const struct pst_property *p)
{
    struct attachment *a = ctx;
    struct sk_bytes b;
    struct sk_buf hold;
    if (p->id == 0x3705) {
        a->method = p->value;
    } else if (p->id == 0x3701) {
        a->data = p->value;
        a->type = p->type;
        a->has_data = true;
    } else if (p->id == 0x3707 || ((p->id == 0x3704 || p->id == 0x3001) && a->name_id != 0x3707)) {
        sk_buf_init(&hold, 65536);
        if (pst_value(h, p->value, &hold, &b) && b.n) {
            sk_buf_clear(&a->name);
            sk_mapi_text(a->mapi, p->type, b, &a->name);
            a->name_id = p->id;
        }
        sk_buf_free(&hold);
    }
    return true;
}

/* The blocks of a node as a stream: an attachment may be larger than memory. */
struct flow {
    struct pst *pst;
    struct pst_data data;
    size_t next, at;
    struct sk_buf block;
};

static ssize_t on_pull(void *ctx, void *buf, size_t n)
{
    struct flow *f = ctx;
    while (f->at == f->block.n) {
        sk_buf_clear(&f->block);
        f->at = 0;
        if (f->next == f->data.n)
            return 0;
        if (!pst_block(f->pst, f->data.bids[f->next++], &f->block))
            return -1;
        if (!sk_budget_expand(f->pst->job->budget, f->block.n))
            return 0;
    }
    size_t left = f->block.n - f->at;
    n = n < left ? n : left;
    memcpy(buf, f->block.p + f->at, n);
    f->at += n;
    return (ssize_t)n;
}

static bool give_node(struct store *s, struct sk_job *job, const struct pst_node *node, const struct sk_buf *name)
{
    struct flow f = { .pst = &s->pst };
    bool ok = true;
    sk_buf_init(&f.block, (size_t)1 << 18);
    if (pst_data_list(&s->pst, node->data, &f.data)) {
        struct sk_source *source = sk_source_stream(on_pull, &f, SK_SIZE_UNKNOWN);
        ok = !source || sk_out_child(job, name->p, name->n, SK_SHOWN, source);
        sk_source_free(source);
    }
    pst_data_free(&f.data);
    sk_buf_free(&f.block);
    return ok;
}

static bool message(struct store *s, const struct pst_node *node, uint32_t above, unsigned depth);

static bool give_attachment(struct store *s, struct sk_job *job, struct pst_heap *h, struct attachment *a,
                            unsigned depth)
{
    struct sk_bytes b;
    const struct pst_node *node = NULL;
    if (!a->has_data) /* by reference: only a link */
        return true;
    if (a->name.n == 0)
        sk_buf_str(&a->name, "attachment");
    uint32_t nid = a->data;
    if (a->type == SK_MAPI_OBJECT) {
        if (!pst_value(h, a->data, &s->value, &b) || !sk_u32le(&b, &nid))
            return s->pst.damaged = true;
        node = pst_subnode(&h->sub, nid);
    } else if (nid & 0x1F) {
        node = pst_subnode(&h->sub, nid);
    }
    if (node && a->type == SK_MAPI_OBJECT && a->method == 5)
        return message(s, node, job->part, depth - 1);
    if (node)
        return give_node(s, job, node, &a->name);
    if (!pst_value(h, a->data, &s->value, &b))
        return s->pst.damaged = true;
    return b.n == 0 || sk_out_child_bytes(job, a->name.p, a->name.n, SK_SHOWN, b);
}

static bool attachments(struct store *s, struct sk_job *job, struct sk_mapi *m, struct pst_heap *h, unsigned depth)
{
    bool go = true;
    for (size_t i = 0; go && i < h->sub.n; i++) {
        struct attachment a = { .mapi = m };
        struct pst_heap inner;
        if ((h->sub.nodes[i].nid & 0x1F) != ATTACHMENT)
            continue;
        if (!sk_budget_member(job->budget))
            return false;
        sk_buf_init(&a.name, 65536);
        if (pst_heap_open(&s->pst, &h->sub.nodes[i], &inner) && pst_properties(&inner, on_attachment_property, &a))
            go = give_attachment(s, job, &inner, &a, depth);
        else
            job->sink->reason(job->sink->ctx, job->part, SK_WHY_DAMAGED, "");
        pst_heap_free(&inner);
        sk_buf_free(&a.name);
    }
    return go;
}

/* ---------------------------------------------------------------- recipients */

struct recipients {
    struct sk_mapi *m;
    struct sk_buf name, address, hold;
    uint32_t row, kind;
    bool any;
};

static void end_row(struct recipients *r)
{
    sk_mapi_recipient(r->m, r->kind, &r->name, &r->address);
    sk_buf_clear(&r->name);
    sk_buf_clear(&r->address);
    r->kind = 1;
}

static bool on_cell(void *ctx, struct pst_heap *h, uint32_t row, const struct pst_property *p)
{
    struct recipients *r = ctx;
    struct sk_bytes b;
    if (!r->any) { /* it says more than the lists of names for display */
        sk_buf_clear(&r->m->to);
        sk_buf_clear(&r->m->cc);
        sk_buf_clear(&r->m->bcc);
    } else if (row != r->row) {
        end_row(r);
    }
    r->any = true;
    r->row = row;
    if (p->id == 0x0C15 && p->type == SK_MAPI_I4)
        r->kind = p->value & 0xFF;
    else if (p->id == 0x3001 && pst_value(h, p->value, &r->hold, &b))
        sk_mapi_text(r->m, p->type, b, &r->name);
    else if ((p->id == 0x39FE || p->id == 0x3003) && r->address.n == 0 && pst_value(h, p->value, &r->hold, &b))
        sk_mapi_text(r->m, p->type, b, &r->address);
    return true;
}

static void read_recipients(struct store *s, struct sk_mapi *m, const struct pst_heap *message_heap)
{
    const struct pst_node *node = pst_subnode(&message_heap->sub, RECIPIENTS);
    struct recipients r = { .m = m, .kind = 1 };
    struct pst_heap h;
    if (!node)
        return;
    sk_buf_init(&r.name, 65536);
    sk_buf_init(&r.address, 65536);
    sk_buf_init(&r.hold, 65536);
    if (!pst_heap_open(&s->pst, node, &h) || !pst_table(&h, on_cell, &r))
        s->pst.damaged = true;
    if (r.any)
        end_row(&r);
    pst_heap_free(&h);
    sk_buf_free(&r.name);
    sk_buf_free(&r.address);
    sk_buf_free(&r.hold);
}

/* ---------------------------------------------------------------- messages */

struct reading {
    struct store *s;
    struct sk_mapi *m;
    bool codepage_only;
};

static bool on_message_property(void *ctx, struct pst_heap *h, const struct pst_property *p)
{
    struct reading *r = ctx;
    struct sk_bytes b = p->bytes;
    bool codepage = p->id == 0x3FFD || p->id == 0x3FDE;
    if (r->codepage_only != codepage)
        return true;
    bool wanted = codepage || p->type == SK_MAPI_TEXT8 || p->type == SK_MAPI_TEXT16 ||
                  (p->type == SK_MAPI_BYTES && (p->id == 0x1009 || p->id == 0x1013));
    if (!wanted || (!pst_is_inline(p->type) && !pst_value(h, p->value, &r->s->value, &b)))
        return true;
    if (p->id == 0x0037 && p->type == SK_MAPI_TEXT16 && b.n >= 4 && b.p[0] == 1 && b.p[1] == 0)
        sk_skip(&b, 4); /* the length of its prefix ("RE: ") stands before it */
    else if (p->id == 0x0037 && p->type == SK_MAPI_TEXT8 && b.n >= 2 && b.p[0] == 1)
        sk_skip(&b, 2);
    sk_mapi_take(r->m, p->id, p->type, b);
    return sk_budget_time(r->s->job->budget);
}

/* Into a part of its own. False: stop. */
static bool message(struct store *s, const struct pst_node *node, uint32_t above, unsigned depth)
{
    const struct sk_sink *sink = s->job->sink;
    struct sk_job job = *s->job;
    struct pst_heap h;
    struct sk_mapi m;
    if (depth == 0) {
        sink->reason(sink->ctx, above, SK_WHY_TOO_DEEP, "");
        return true;
    }
    sk_mapi_init(&m, &job);
    struct reading r = { s, &m, true };
    bool ok = pst_heap_open(&s->pst, node, &h) && pst_properties(&h, on_message_property, &r);
    r.codepage_only = false;
    ok = ok && pst_properties(&h, on_message_property, &r);
    bool named = m.subject.n > 0, go = true;
    job.part = sink->part(sink->ctx, above, named ? m.subject.p : "message", named ? m.subject.n : 7,
                          (node->nid & 0x1F) == ASSOCIATED ? SK_HIDDEN_NAME : SK_SHOWN);
    if (job.part == 0) {
        go = false;
    } else {
        sink->format(sink->ctx, job.part, "msg");
        if (!ok && s->job->budget->spent == SK_WHY_NONE)
            sink->reason(sink->ctx, job.part, SK_WHY_DAMAGED, "");
        read_recipients(s, &m, &h);
        go = sk_mapi_give(&m) && attachments(s, &job, &m, &h, depth);
    }
    pst_heap_free(&h);
    sk_mapi_free(&m);
    return go;
}

static bool on_message(void *ctx, const struct pst_node *node)
{
    struct store *s = ctx;
    unsigned type = node->nid & 0x1F;
    if (type != MESSAGE && type != ASSOCIATED)
        return true;
    if (!sk_budget_member(s->job->budget))
        return false;
    bool go = message(s, node, folder_part(s, node->parent, DEPTH * 2), DEPTH);
    s->stopped |= !go && s->job->budget->spent == SK_WHY_NONE;
    return go;
}

/* ---------------------------------------------------------------- the file */

static void read_store(struct store *s)
{
    const struct sk_sink *sink = s->job->sink;
    if (s->pst.method == PST_EDP) {
        sink->encrypted(sink->ctx, s->job->part, "edp");
        sink->reason(sink->ctx, s->job->part, SK_WHY_ENCRYPTED, "edp");
        return;
    }
    if (pst_nodes(&s->pst, on_folder, s))
        pst_nodes(&s->pst, on_message, s);
    if (s->pst.damaged && s->job->budget->spent == SK_WHY_NONE)
        sink->reason(sink->ctx, s->job->part, SK_WHY_DAMAGED, "");
}

bool sk_extract_pst(struct sk_job *job)
{
    struct store s = { .job = job };
    struct sk_buf hold;
    struct sk_bytes all;
    struct sk_source *memory = NULL, *source = job->source;
    sk_buf_init(&hold, 0);
    sk_buf_init(&s.value, (size_t)job->budget->limits.max_member_bytes);
    if (!sk_source_random(source)) {
        bool held = sk_source_all(source, job->budget->limits.max_member_bytes, job->budget, &hold, &all);
        source = memory = held ? sk_source_memory(all) : NULL;
    }
    if (source && pst_open(&s.pst, job, source))
        read_store(&s);
    else if (job->budget->spent == SK_WHY_NONE)
        job->sink->reason(job->sink->ctx, job->part, SK_WHY_DAMAGED, "");
    pst_close(&s.pst);
    for (size_t i = 0; i < s.n; i++)
        free(s.folders[i].name);
    free(s.folders);
    sk_buf_free(&s.value);
    sk_source_free(memory);
    sk_buf_free(&hold);
    return !s.stopped;
}
