/* ole_msg.c - Outlook messages (MS-OXMSG): properties are streams named by their number and type. */
#include "extract/mapi.h"
#include "extract/mime.h"
#include "extract/ole.h"
#include "extract/ooxml.h"

#include <stdio.h>

#define PR_SUBJECT 0x0037u
#define PR_BODY 0x1000u
#define PR_RTF_COMPRESSED 0x1009u
#define PR_HTML 0x1013u
#define PR_ATTACH_DATA 0x3701u
#define PR_INTERNET_CPID 0x3FDEu
#define PR_MESSAGE_CODEPAGE 0x3FFDu

struct msg {
    struct sk_ole *f;
    struct sk_out *o;
    uint32_t codepage;
    struct sk_buf raw, text;
};

/* ---------------------------------------------------------------- properties */

static uint32_t stream_of(const struct msg *m, uint32_t storage, unsigned property, unsigned type)
{
    char name[40];
    snprintf(name, sizeof(name), "__substg1.0_%04X%04X", property, type);
    return sk_cfb_find(m->f->c, storage, name);
}

static bool read_stream(struct msg *m, uint32_t i)
{
    uint64_t most = m->f->job->budget->limits.max_member_bytes;
    sk_buf_clear(&m->raw);
    if (i == SK_CFB_NONE || sk_cfb_at(m->f->c, i)->type != 2)
        return false;
    if (!sk_cfb_read(m->f->c, i, most, &m->raw))
        sk_ole_tell(m->f, m->f->job->budget->spent != SK_WHY_NONE ? m->f->job->budget->spent : SK_WHY_DAMAGED, "");
    if (sk_cfb_at(m->f->c, i)->size > most)
        sk_ole_tell(m->f, SK_WHY_TOO_LARGE, "");
    return m->raw.n > 0;
}

/* A string property as UTF-8 behind what is in m->text. */
static bool add_string(struct msg *m, uint32_t storage, unsigned property)
{
    size_t before = m->text.n;
    if (read_stream(m, stream_of(m, storage, property, 0x1F)))
        sk_ole_utf16(sk_bytes(m->raw.p, m->raw.n), &m->text);
    else if (read_stream(m, stream_of(m, storage, property, 0x1E)))
        sk_ole_text(m->codepage, sk_bytes(m->raw.p, m->raw.n), &m->text);
    return m->text.n > before;
}

/* Numbers stand in the property stream itself, behind a header whose size depends on what it belongs to (2.4.1). */
static uint32_t number(struct msg *m, uint32_t storage, unsigned wanted)
{
    struct sk_bytes b, one;
    uint32_t i = sk_cfb_find(m->f->c, storage, "__properties_version1.0");
    if (!read_stream(m, i))
        return 0;
    b = sk_bytes(m->raw.p, m->raw.n);
    if (b.n % 16 == 8) /* 24 for messages inside messages, 8 for attachments: entries lie 8 off */
        sk_skip(&b, 8);
    while (sk_take(&b, 16, &one)) {
        uint16_t type, property;
        uint32_t value;
        if (sk_u16le(&one, &type) && sk_u16le(&one, &property) && property == wanted && type == 3 && sk_skip(&one, 4) &&
            sk_u32le(&one, &value))
            return value;
    }
    return 0;
}

static bool lines(struct msg *m)
{
    const char *p = m->text.p, *end = p ? p + m->text.n : p;
    while (p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p)), *stop = nl ? nl : end;
        size_t n = (size_t)(stop - p);
        n -= n && p[n - 1] == '\r';
        if (!sk_out_text(m->o, p, n) || !sk_out_line(m->o))
            return false;
        p = nl ? nl + 1 : end;
    }
    return true;
}

/* "label: a <b>" of up to three properties, as one header line. */
static bool person(struct msg *m, uint32_t storage, const char *label, const unsigned property[3])
{
    sk_buf_clear(&m->text);
    sk_buf_str(&m->text, label);
    bool any = false;
    for (size_t i = 0; i < 3 && property[i]; i++) {
        size_t before = m->text.n;
        if (any)
            sk_buf_str(&m->text, " <");
        if (!add_string(m, storage, property[i])) {
            m->text.n = before;
            continue;
        }
        /* Addresses inside Exchange are directory paths ("/O=..."), which name nobody. */
        if (m->text.p[before + (any ? 2 : 0)] == '/') {
            m->text.n = before;
            continue;
        }
        if (any)
            sk_buf_str(&m->text, ">");
        any = true;
    }
    return !any || sk_ole_line(m->o, SK_RUN_MAIL_HEADER, SK_SHOWN, &m->text);
}

static bool header(struct msg *m)
{
    static const unsigned SENDER[3] = { 0x0C1A, 0x5D01, 0x0C1F }, FOR[3] = { 0x0042, 0x5D02, 0x0065 },
                          TO[3] = { 0x0E04, 0, 0 }, CC[3] = { 0x0E03, 0, 0 }, BCC[3] = { 0x0E02, 0, 0 };
    sk_buf_clear(&m->text);
    add_string(m, m->f->root, PR_SUBJECT);
    return sk_ole_line(m->o, SK_RUN_TITLE, SK_SHOWN, &m->text) && person(m, m->f->root, "From: ", SENDER) &&
           person(m, m->f->root, "From: ", FOR) && person(m, m->f->root, "To: ", TO) &&
           person(m, m->f->root, "Cc: ", CC) && person(m, m->f->root, "Bcc: ", BCC);
}

/* Contacts, appointments and tasks keep what they know in further properties. */
static bool items(struct msg *m)
{
    struct sk_cfb *c = m->f->c;
    sk_buf_clear(&m->text);
    if (!add_string(m, m->f->root, 0x001A) || strncmp(m->text.p, "IPM.Note", 8) == 0)
        return true;
    bool ok = true;
    for (uint32_t i = sk_cfb_at(c, m->f->root)->first; ok && i != SK_CFB_NONE; i = sk_cfb_at(c, i)->next) {
        unsigned property, type;
        /* NOLINTNEXTLINE(cert-err34-c) */
        if (sscanf(sk_cfb_at(c, i)->name, "__substg1.0_%4X%4X", &property, &type) != 2 ||
            !(property >> 8 == 0x3A || property >= 0x8000) || (type != 0x1E && type != 0x1F))
            continue;
        sk_buf_clear(&m->text);
        add_string(m, m->f->root, property);
        ok = sk_ole_line(m->o, SK_RUN_PROPERTY, SK_SHOWN, &m->text);
    }
    return ok;
}

static bool child(struct msg *m, const char *name, size_t n, struct sk_bytes b)
{
    if (b.n == 0)
        return true;
    if (!sk_budget_member(m->f->job->budget)) {
        if (m->f->job->budget->spent != SK_WHY_NONE)
            sk_ole_tell(m->f, m->f->job->budget->spent, "");
        return false;
    }
    return sk_out_child_bytes(m->f->job, name, n, SK_SHOWN, b);
}

static bool rtf(struct msg *m)
{
    struct sk_buf out;
    bool ok = true;
    if (!read_stream(m, stream_of(m, m->f->root, PR_RTF_COMPRESSED, 0x102)))
        return true;
    sk_buf_init(&out, SK_LZFU_MAX);
    if (!sk_lzfu(sk_bytes(m->raw.p, m->raw.n), &out))
        sk_ole_tell(m->f, SK_WHY_DAMAGED, "rtf");
    else
        ok = sk_budget_expand(m->f->job->budget, out.n) && child(m, "body.rtf", 8, sk_bytes(out.p, out.n));
    sk_buf_free(&out);
    return ok;
}

/* ---------------------------------------------------------------- body and attachments */

static bool html(struct msg *m)
{
    if (read_stream(m, stream_of(m, m->f->root, PR_HTML, 0x102)) ||
        read_stream(m, stream_of(m, m->f->root, PR_HTML, 0x1E)))
        return child(m, "body.html", 9, sk_bytes(m->raw.p, m->raw.n));
    sk_buf_clear(&m->text);
    sk_buf_str(&m->text, "\xEF\xBB\xBF"); /* the page may still name the encoding that it once had */
    return !add_string(m, m->f->root, PR_HTML) || child(m, "body.html", 9, sk_bytes(m->text.p, m->text.n));
}

static bool attachment(struct msg *m, uint32_t storage)
{
    uint32_t object = stream_of(m, storage, PR_ATTACH_DATA, 0x0D);
    sk_buf_clear(&m->text);
    if (!add_string(m, storage, 0x3707) && !add_string(m, storage, 0x3704) && !add_string(m, storage, 0x3001))
        sk_buf_str(&m->text, "attachment");
    if (object != SK_CFB_NONE && sk_cfb_at(m->f->c, object)->type == 1) {
        bool mail = sk_cfb_find(m->f->c, object, "__properties_version1.0") != SK_CFB_NONE;
        return sk_ole_object(m->f, object, m->text.p, m->text.n, mail ? SK_SHOWN : SK_HIDDEN_EMBEDDED);
    }
    if (!read_stream(m, stream_of(m, storage, PR_ATTACH_DATA, 0x102)))
        return true;
    if (m->raw.n > 8 && memcmp(m->raw.p, "\x76\xE8\x04\x60\xC4\x11\xE3\x86", 8) == 0) { /* message.rpmsg: MS-OXORMMS */
        sk_ole_tell(m->f, SK_WHY_RIGHTS_MANAGED, "");
        return true;
    }
    sk_buf_clear(&m->text);
    struct sk_buf data = m->raw; /* the name is read into m->raw */
    sk_buf_init(&m->raw, data.ceiling);
    if (!add_string(m, storage, 0x3707) && !add_string(m, storage, 0x3704) && !add_string(m, storage, 0x3001))
        sk_buf_str(&m->text, "attachment");
    bool ok = child(m, m->text.p, m->text.n, sk_bytes(data.p, data.n));
    sk_buf_free(&data);
    return ok;
}

static bool storages(struct msg *m)
{
    static const unsigned RECIPIENT[3] = { 0x3001, 0x39FE, 0x3003 };
    struct sk_cfb *c = m->f->c;
    bool ok = true;
    for (int pass = 0; ok && pass < 2; pass++)
        for (uint32_t i = sk_cfb_at(c, m->f->root)->first; ok && i != SK_CFB_NONE; i = sk_cfb_at(c, i)->next) {
            const char *name = sk_cfb_at(c, i)->name;
            if (sk_cfb_at(c, i)->type != 1 || !sk_budget_time(m->f->job->budget))
                continue;
            if (pass == 0 && strncmp(name, "__recip_version1.0", 18) == 0)
                ok = person(m, i, "To: ", RECIPIENT);
            else if (pass == 1 && strncmp(name, "__attach_version1.0", 19) == 0)
                ok = attachment(m, i);
        }
    return ok;
}

bool sk_msg_read(struct sk_ole *f)
{
    struct msg m = { .f = f, .o = sk_out_open(f->job, f->job->part) };
    if (!m.o) {
        sk_ole_tell(f, SK_WHY_TOO_LARGE, "memory");
        return true;
    }
    sk_buf_init(&m.raw, SIZE_MAX / 2);
    sk_buf_init(&m.text, SIZE_MAX / 2);
    m.codepage = number(&m, f->root, PR_MESSAGE_CODEPAGE);
    if (m.codepage == 0)
        m.codepage = number(&m, f->root, PR_INTERNET_CPID);
    bool ok = header(&m) && items(&m);
    sk_buf_clear(&m.text);
    if (ok && add_string(&m, f->root, PR_BODY))
        ok = lines(&m);
    ok = ok && html(&m) && rtf(&m) && storages(&m);
    ok = sk_out_close(m.o) && ok;
    sk_buf_free(&m.raw);
    sk_buf_free(&m.text);
    return ok;
}
