/* mapi.c - see mapi.h */
#include "extract/mapi.h"
#include "extract/ole.h"
#include "extract/ooxml.h"

void sk_mapi_init(struct sk_mapi *m, struct sk_job *job)
{
    struct sk_buf *bufs[] = { &m->subject, &m->from, &m->from_address, &m->to,   &m->cc,
                              &m->bcc,     &m->body, &m->rest,         &m->html, &m->rtf };
    memset(m, 0, sizeof(*m));
    m->job = job;
    for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
        sk_buf_init(bufs[i], SIZE_MAX / 2);
}

void sk_mapi_free(struct sk_mapi *m)
{
    sk_buf_free(&m->subject);
    sk_buf_free(&m->from);
    sk_buf_free(&m->from_address);
    sk_buf_free(&m->to);
    sk_buf_free(&m->cc);
    sk_buf_free(&m->bcc);
    sk_buf_free(&m->body);
    sk_buf_free(&m->rest);
    sk_buf_free(&m->html);
    sk_buf_free(&m->rtf);
}

/* ---------------------------------------------------------------- taking */

void sk_mapi_text(const struct sk_mapi *m, unsigned type, struct sk_bytes value, struct sk_buf *out)
{
    if (type == SK_MAPI_TEXT16)
        sk_ole_utf16(value, out);
    else if (type == SK_MAPI_TEXT8)
        sk_ole_text(m->codepage, value, out);
}

static bool is_text(unsigned type)
{
    return type == SK_MAPI_TEXT8 || type == SK_MAPI_TEXT16;
}

/* The first of several properties that say the same is kept. */
static void keep_text(const struct sk_mapi *m, unsigned type, struct sk_bytes value, struct sk_buf *into)
{
    if (into->n == 0 && is_text(type))
        sk_mapi_text(m, type, value, into);
}

/* A page whose text came decoded is marked so: it may still name the encoding that it once had. */
static void keep_page(struct sk_mapi *m, unsigned type, struct sk_bytes value)
{
    if (m->html.n)
        return;
    if (type == SK_MAPI_BYTES || type == SK_MAPI_TEXT8) {
        sk_buf_add(&m->html, value.p, value.n);
    } else if (type == SK_MAPI_TEXT16) {
        sk_buf_str(&m->html, "\xEF\xBB\xBF");
        sk_ole_utf16(value, &m->html);
    }
}

/* Contacts, appointments and tasks keep what they know in properties of their own: names, addresses, numbers, places.
 */
static void keep_rest(struct sk_mapi *m, unsigned property, unsigned type, struct sk_bytes value)
{
    if (!is_text(type) || !(property >> 8 == 0x3A || property >= 0x8000 || property == 0x3001))
        return;
    size_t before = m->rest.n;
    sk_mapi_text(m, type, value, &m->rest);
    /* Names of forms and addresses inside Exchange ("/O=...") tell of nobody. */
    if (m->rest.n > before && m->rest.p[before] == '/')
        m->rest.n = before;
    if (m->rest.n > before)
        sk_buf_str(&m->rest, "\n");
}

/* "IPM.Note" and the classes below it. */
static bool is_note(unsigned type, struct sk_bytes value)
{
    static const char CLASS[] = "IPM.Note";
    size_t step = type == SK_MAPI_TEXT16 ? 2 : 1;
    for (size_t i = 0; i < sizeof(CLASS) - 1; i++)
        if (i * step >= value.n || value.p[i * step] != (uint8_t)CLASS[i])
            return false;
    return is_text(type);
}

void sk_mapi_take(struct sk_mapi *m, unsigned property, unsigned type, struct sk_bytes value)
{
    uint32_t number;
    switch (property) {
    case 0x0037:
        keep_text(m, type, value, &m->subject);
        break;
    case 0x0C1A: /* sender */
    case 0x0042: /* on whose behalf */
        keep_text(m, type, value, &m->from);
        break;
    case 0x5D01:
    case 0x0C1F:
    case 0x5D02:
    case 0x0065:
        keep_text(m, type, value, &m->from_address);
        break;
    case 0x0E04:
        keep_text(m, type, value, &m->to);
        break;
    case 0x0E03:
        keep_text(m, type, value, &m->cc);
        break;
    case 0x0E02:
        keep_text(m, type, value, &m->bcc);
        break;
    case 0x1000:
        keep_text(m, type, value, &m->body);
        break;
    case 0x1013:
        keep_page(m, type, value);
        break;
    case 0x1009:
        if (type == SK_MAPI_BYTES && m->rtf.n == 0)
            sk_buf_add(&m->rtf, value.p, value.n);
        break;
    case 0x3FFD: /* code page of the message */
    case 0x3FDE: /* of its internet form */
        if (type == SK_MAPI_I4 && sk_u32le(&value, &number) && m->codepage == 0)
            m->codepage = number;
        break;
    case 0x001A: /* message class */
        m->is_note = is_note(type, value);
        break;
    default:
        keep_rest(m, property, type, value);
        break;
    }
}

void sk_mapi_recipient(struct sk_mapi *m, unsigned kind, const struct sk_buf *name, const struct sk_buf *address)
{
    struct sk_buf *to = kind == 2 ? &m->cc : kind == 3 ? &m->bcc : &m->to;
    if (name->n + address->n == 0)
        return;
    if (to->n)
        sk_buf_str(to, "; ");
    sk_buf_add(to, name->p, name->n);
    if (address->n && address->p[0] != '/' && !(address->n == name->n && memcmp(address->p, name->p, name->n) == 0)) {
        sk_buf_str(to, " <");
        sk_buf_add(to, address->p, address->n);
        sk_buf_str(to, ">");
    }
}

/* ---------------------------------------------------------------- giving */

static bool line(struct sk_out *o, enum sk_run_kind kind, const char *label, const struct sk_buf *a,
                 const struct sk_buf *b)
{
    bool second = b && b->n && b->p[0] != '/';
    if (a->n == 0 && !second)
        return true;
    return sk_out_kind(o, kind, SK_SHOWN) && sk_out_text(o, label, strlen(label)) && sk_out_text(o, a->p, a->n) &&
           (!second || (sk_out_text(o, " <", 2) && sk_out_text(o, b->p, b->n) && sk_out_text(o, ">", 1))) &&
           sk_out_line(o);
}

static bool lines(struct sk_out *o, enum sk_run_kind kind, const struct sk_buf *text)
{
    const char *p = text->p, *end = p ? p + text->n : p;
    if (p == end || !sk_out_kind(o, kind, SK_SHOWN))
        return p == end;
    while (p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p)), *stop = nl ? nl : end;
        size_t n = (size_t)(stop - p);
        n -= n && p[n - 1] == '\r';
        if (!sk_out_text(o, p, n) || !sk_out_line(o))
            return false;
        p = nl ? nl + 1 : end;
    }
    return true;
}

static bool child(struct sk_mapi *m, const char *name, struct sk_bytes b)
{
    if (b.n == 0)
        return true;
    if (!sk_budget_member(m->job->budget)) {
        if (m->job->budget->spent != SK_WHY_NONE)
            m->job->sink->reason(m->job->sink->ctx, m->job->part, m->job->budget->spent, "");
        return false;
    }
    return sk_out_child_bytes(m->job, name, strlen(name), SK_SHOWN, b);
}

static bool formatted(struct sk_mapi *m)
{
    struct sk_buf out;
    if (!child(m, "body.html", sk_bytes(m->html.p, m->html.n)))
        return false;
    if (m->rtf.n == 0)
        return true;
    bool ok = true;
    sk_buf_init(&out, SK_LZFU_MAX);
    if (!sk_lzfu(sk_bytes(m->rtf.p, m->rtf.n), &out))
        m->job->sink->reason(m->job->sink->ctx, m->job->part, SK_WHY_DAMAGED, "rtf");
    else
        ok = sk_budget_expand(m->job->budget, out.n) && child(m, "body.rtf", sk_bytes(out.p, out.n));
    sk_buf_free(&out);
    return ok;
}

bool sk_mapi_give(struct sk_mapi *m)
{
    struct sk_out *o = sk_out_open(m->job, m->job->part);
    if (!o) {
        m->job->sink->reason(m->job->sink->ctx, m->job->part, SK_WHY_TOO_LARGE, "memory");
        return true;
    }
    bool ok = line(o, SK_RUN_TITLE, "", &m->subject, NULL) &&
              line(o, SK_RUN_MAIL_HEADER, "From: ", &m->from, &m->from_address) &&
              line(o, SK_RUN_MAIL_HEADER, "To: ", &m->to, NULL) && line(o, SK_RUN_MAIL_HEADER, "Cc: ", &m->cc, NULL) &&
              line(o, SK_RUN_MAIL_HEADER, "Bcc: ", &m->bcc, NULL) && lines(o, SK_RUN_BODY, &m->body) &&
              (m->is_note || lines(o, SK_RUN_PROPERTY, &m->rest));
    ok = sk_out_close(o) && ok;
    return ok && formatted(m);
}

/* ---------------------------------------------------------------- compressed RTF (MS-OXRTFCP) */

static const char LZFU_START[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    "\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

bool sk_lzfu(struct sk_bytes b, struct sk_buf *out)
{
    uint32_t size, raw_size, kind, crc;
    if (!sk_u32le(&b, &size) || !sk_u32le(&b, &raw_size) || !sk_u32le(&b, &kind) || !sk_u32le(&b, &crc) ||
        raw_size > SK_LZFU_MAX)
        return false;
    if (kind == 0x414C454Du) /* "MELA": stored */
        return sk_buf_add(out, b.p, raw_size < b.n ? raw_size : b.n);
    if (kind != 0x75465A4Cu)
        return false;
    uint8_t window[4096] = { 0 }, flags, c;
    size_t at = sizeof(LZFU_START) - 1;
    memcpy(window, LZFU_START, at);
    while (sk_u8(&b, &flags))
        for (unsigned bit = 0; bit < 8; bit++, flags >>= 1) {
            uint16_t ref;
            if (!(flags & 1)) {
                if (!sk_u8(&b, &c) || out->n >= raw_size)
                    return out->n > 0;
                window[at++ & 4095] = c;
                if (!sk_buf_add(out, &c, 1))
                    return false;
                continue;
            }
            if (!sk_u16be(&b, &ref) || (at & 4095) == (size_t)(ref >> 4))
                return out->n > 0;
            for (unsigned k = 0, n = (ref & 15u) + 2; k < n && out->n < raw_size; k++) {
                c = window[((ref >> 4) + k) & 4095];
                window[at++ & 4095] = c;
                if (!sk_buf_add(out, &c, 1))
                    return false;
            }
        }
    return out->n > 0;
}
