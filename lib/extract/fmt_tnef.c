/*
 * fmt_tnef.c - winmail.dat: a message of Outlook and its attachments in one attachment (MS-OXTNEF). A row of
 * attributes: level, number, length, bytes, sum.
 */
#include "extract/mapi.h"
#include "extract/ole.h"

int sk_sniff_tnef(struct sk_bytes head, struct sk_source *source);
bool sk_extract_tnef(struct sk_job *job);

#define PROPERTIES_MAX 65536u
#define IID_BYTES 16u /* what kind of object follows (PtypObject) */

enum attribute { /* type in the upper half */
                 ATT_SUBJECT = 0x00018004,
                 ATT_BODY = 0x0002800C,
                 ATT_TITLE = 0x00018010,
                 ATT_DATA = 0x0006800F,
                 ATT_REND = 0x00069002, /* an attachment begins */
                 ATT_MAPI = 0x00069003,
                 ATT_RECIPIENTS = 0x00069004,
                 ATT_ATTACHMENT = 0x00069005,
                 ATT_CODEPAGE = 0x00069007
};

int sk_sniff_tnef(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    return SK_STARTS(head, "\x78\x9F\x3E\x22") ? 32 : 0;
}

/* ---------------------------------------------------------------- properties */

struct property {
    unsigned id, type;
    struct sk_bytes value; /* of single values; of several the last */
};
typedef void (*on_property)(void *ctx, const struct property *p);

static size_t fixed_size(unsigned type)
{
    switch (type) {
    case 0x02:
    case 0x03:
    case 0x04:
    case 0x0A:
    case 0x0B:
        return 4;
    case 0x05:
    case 0x06:
    case 0x07:
    case 0x14:
    case 0x40:
        return 8;
    case 0x48:
        return 16;
    default:
        return 0;
    }
}

static bool take_padded(struct sk_bytes *b, uint32_t n, struct sk_bytes *out)
{
    if (!sk_take(b, n, out))
        return false;
    size_t pad = (4 - n % 4) % 4;
    sk_skip(b, pad < b->n ? pad : b->n);
    return true;
}

static bool take_value(struct sk_bytes *b, unsigned type, struct sk_bytes *out)
{
    uint32_t n;
    size_t fixed = fixed_size(type);
    if (fixed)
        return sk_take(b, fixed, out);
    return (type == SK_MAPI_TEXT8 || type == SK_MAPI_TEXT16 || type == SK_MAPI_BYTES || type == SK_MAPI_OBJECT) &&
           sk_u32le(b, &n) && take_padded(b, n, out);
}

/* Properties of the application carry their name: a set and a number or a text. */
static bool skip_name(struct sk_bytes *b)
{
    uint32_t kind, n;
    struct sk_bytes name;
    return sk_skip(b, 16) && sk_u32le(b, &kind) && sk_u32le(b, &n) && (kind == 0 || take_padded(b, n, &name));
}

/* A counted row of properties. False when it does not hold together. */
static bool properties(struct sk_bytes *b, on_property each, void *ctx)
{
    uint32_t count, values;
    uint16_t type, id;
    if (!sk_u32le(b, &count) || count > PROPERTIES_MAX)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!sk_u16le(b, &type) || !sk_u16le(b, &id) || (id >= 0x8000 && !skip_name(b)))
            return false;
        struct property p = { id, type & 0x0FFFu, { NULL, 0 } };
        bool several = (type & 0x1000) != 0;
        values = 1;
        if ((several || fixed_size(p.type) == 0) && !sk_u32le(b, &values))
            return false;
        for (uint32_t k = 0; k < values; k++) {
            if (!take_value(b, p.type, &p.value))
                return false;
            each(ctx, &p);
        }
    }
    return true;
}

/* ---------------------------------------------------------------- the message */

struct attachment {
    bool open;
    struct sk_bytes title, data, object;
    struct property name; /* of the properties; long before short */
};

struct tnef {
    struct sk_job *job;
    struct sk_mapi mapi;
    struct attachment a;
    struct sk_buf name, address;
    unsigned kind; /* of the recipient in hand */
};

static void on_message(void *ctx, const struct property *p)
{
    struct tnef *t = ctx;
    sk_mapi_take(&t->mapi, p->id, p->type, p->value);
}

static void on_recipient(void *ctx, const struct property *p)
{
    struct tnef *t = ctx;
    struct sk_bytes v = p->value;
    uint32_t kind;
    if (p->id == 0x3001 && t->name.n == 0)
        sk_mapi_text(&t->mapi, p->type, p->value, &t->name);
    else if ((p->id == 0x39FE || p->id == 0x3003) && t->address.n == 0)
        sk_mapi_text(&t->mapi, p->type, p->value, &t->address);
    else if (p->id == 0x0C15 && p->type == SK_MAPI_I4 && sk_u32le(&v, &kind))
        t->kind = kind;
}

static void on_attachment(void *ctx, const struct property *p)
{
    struct tnef *t = ctx;
    if (p->id == 0x3707 || ((p->id == 0x3704 || p->id == 0x3001) && t->a.name.id == 0))
        t->a.name = *p;
    else if (p->id == 0x3701 && p->value.n > IID_BYTES && p->type == SK_MAPI_OBJECT)
        t->a.object = sk_bytes(p->value.p + IID_BYTES, p->value.n - IID_BYTES);
    else if (p->id == 0x3701 && p->type == SK_MAPI_BYTES && t->a.data.n == 0)
        t->a.data = p->value;
}

static bool recipients(struct tnef *t, struct sk_bytes b)
{
    uint32_t rows;
    if (!sk_u32le(&b, &rows))
        return false;
    for (uint32_t i = 0; i < rows; i++) {
        sk_buf_clear(&t->name);
        sk_buf_clear(&t->address);
        t->kind = 1;
        if (!properties(&b, on_recipient, t))
            return false;
        sk_mapi_recipient(&t->mapi, t->kind, &t->name, &t->address);
    }
    return true;
}

/* The attachment that ends here, as a child. False: stop. */
static bool end_attachment(struct tnef *t)
{
    struct attachment a = t->a;
    struct sk_bytes b = a.object.n ? a.object : a.data;
    memset(&t->a, 0, sizeof(t->a));
    if (!a.open || b.n == 0)
        return true;
    if (!sk_budget_member(t->job->budget))
        return false;
    sk_buf_clear(&t->name);
    if (a.name.id)
        sk_mapi_text(&t->mapi, a.name.type, a.name.value, &t->name);
    if (t->name.n == 0)
        sk_mapi_text(&t->mapi, SK_MAPI_TEXT8, a.title, &t->name);
    if (t->name.n == 0)
        sk_buf_str(&t->name, "attachment");
    return sk_out_child_bytes(t->job, t->name.p, t->name.n, SK_SHOWN, b);
}

/* False: what it holds does not hold together. */
static bool attribute(struct tnef *t, uint32_t id, struct sk_bytes b)
{
    struct sk_bytes v = b;
    switch (id) {
    case ATT_CODEPAGE:
        return t->mapi.codepage != 0 || sk_u32le(&v, &t->mapi.codepage);
    case ATT_SUBJECT:
        sk_mapi_take(&t->mapi, 0x0037, SK_MAPI_TEXT8, b);
        return true;
    case ATT_BODY:
        sk_mapi_take(&t->mapi, 0x1000, SK_MAPI_TEXT8, b);
        return true;
    case ATT_MAPI:
        return properties(&v, on_message, t);
    case ATT_RECIPIENTS:
        return recipients(t, b);
    case ATT_TITLE:
        t->a.title = b;
        return true;
    case ATT_DATA:
        t->a.data = b;
        return true;
    case ATT_ATTACHMENT:
        return properties(&v, on_attachment, t);
    default:
        return true;
    }
}

/* A pass for each: properties, which may be Unicode; what the older attributes say besides; attachments. */
enum pass { PROPERTIES, OLDER, ATTACHMENTS };

static bool belongs(enum pass pass, uint8_t level, uint32_t id)
{
    bool older = id == ATT_SUBJECT || id == ATT_BODY;
    return pass == ATTACHMENTS ? level == 2 : level == 1 && older == (pass == OLDER);
}

/* False: stop. */
static bool attributes(struct tnef *t, struct sk_bytes b, enum pass pass, bool *whole)
{
    uint8_t level;
    uint32_t id, n;
    struct sk_bytes data;
    sk_skip(&b, 6); /* signature and key */
    while (b.n && sk_budget_time(t->job->budget)) {
        if (!sk_u8(&b, &level) || !sk_u32le(&b, &id) || !sk_u32le(&b, &n) || level < 1 || level > 2) {
            *whole = false;
            break;
        }
        bool cut = n > b.n;
        sk_take(&b, cut ? b.n : n, &data);
        *whole &= sk_skip(&b, 2) && !cut;
        if (belongs(pass, level, id) && id == ATT_REND) {
            if (!end_attachment(t))
                return false;
            t->a.open = true;
        }
        if (belongs(pass, level, id) && !attribute(t, id, data))
            *whole = false;
        if (cut)
            break;
    }
    return pass != ATTACHMENTS || end_attachment(t);
}

bool sk_extract_tnef(struct sk_job *job)
{
    const struct sk_sink *sink = job->sink;
    struct tnef t = { .job = job };
    struct sk_buf hold;
    struct sk_bytes all;
    bool whole = true, ok = true;
    sk_buf_init(&hold, 0);
    sk_buf_init(&t.name, 65536);
    sk_buf_init(&t.address, 65536);
    sk_mapi_init(&t.mapi, job);
    if (!sk_source_all(job->source, job->budget->limits.max_member_bytes, job->budget, &hold, &all))
        whole = job->budget->spent != SK_WHY_NONE;
    else
        ok = attributes(&t, all, PROPERTIES, &whole) && attributes(&t, all, OLDER, &whole) && sk_mapi_give(&t.mapi) &&
             attributes(&t, all, ATTACHMENTS, &whole);
    if (!whole)
        sink->reason(sink->ctx, job->part, SK_WHY_DAMAGED, "");
    sk_mapi_free(&t.mapi);
    sk_buf_free(&t.name);
    sk_buf_free(&t.address);
    sk_buf_free(&hold);
    return ok;
}
