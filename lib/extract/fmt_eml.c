/*
 * fmt_eml.c - mail: one message (RFC 5322, also MHT) or an mbox of many. Plain text is text of the message's part,
 * HTML, attachments and further messages are parts inside it.
 */
#include "extract/mime.h"
#include "extract/msip.h"

#include <stdlib.h>
#include <strings.h>

int sk_sniff_eml(struct sk_bytes head, struct sk_source *source);
bool sk_extract_eml(struct sk_job *job);

#define DEPTH_MAX 32u /* multiparts and messages inside each other */
#define TYPE_MAX 80
#define CHUNK ((size_t)48 << 10)
#define HEADER_FIELDS 1000u

/* ---------------------------------------------------------------- is it mail? */

/* Fields that any letter has weigh 1, fields that only mail programs write weigh 2. */
static int weight(const struct sk_bytes *name)
{
    static const char *const LETTER[] = { "from", "to", "cc", "subject", "date", "reply-to", "sender" };
    static const char *const PROGRAM[] = { "message-id",
                                           "mime-version",
                                           "received",
                                           "return-path",
                                           "delivered-to",
                                           "content-type",
                                           "content-transfer-encoding",
                                           "x-mailer",
                                           "in-reply-to",
                                           "references",
                                           "x-original-to" };
    for (size_t i = 0; i < sizeof(LETTER) / sizeof(LETTER[0]); i++)
        if (sk_mime_is(name, LETTER[i]))
            return 1;
    for (size_t i = 0; i < sizeof(PROGRAM) / sizeof(PROGRAM[0]); i++)
        if (sk_mime_is(name, PROGRAM[i]))
            return 2;
    return 0;
}

static bool from_line(struct sk_bytes b)
{
    struct sk_bytes line;
    struct sk_mime_field f;
    return SK_STARTS(b, "From ") && sk_mime_line(&b, &line) && sk_mime_field(&b, &f);
}

int sk_sniff_eml(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    struct sk_bytes b = head, line;
    struct sk_mime_field f;
    int sum = 0, known = 0;
    if (b.n == 0 || b.p[0] < '!' || b.p[0] >= 0x7F)
        return 0;
    if (from_line(b))
        sk_mime_line(&b, &line);
    for (unsigned i = 0; i < HEADER_FIELDS && sk_mime_field(&b, &f); i++) {
        int w = weight(&f.name);
        sum += w;
        known += w > 0;
    }
    /* All lines up to a blank one are fields; a head that ends inside them is a long header. */
    bool ended = b.p > head.p + 1 && b.p[-1] == '\n' && (b.p[-2] == '\n' || (b.p - head.p > 2 && b.p[-3] == '\n'));
    return known >= 2 && sum >= 3 && (ended || b.n == 0) ? 64 : 0;
}

/* ---------------------------------------------------------------- state */

struct mail {
    struct sk_job *job; /* with the message's part */
    struct sk_out *o;
    unsigned depth;
};

static bool read_message(struct sk_job *job, struct sk_bytes b, unsigned depth);

static void tell(struct sk_job *job, enum sk_reason why, const char *detail)
{
    job->sink->reason(job->sink->ctx, job->part, why, detail);
}

/* May one more part be made? */
static bool member(struct sk_job *job)
{
    if (sk_budget_member(job->budget))
        return true;
    if (job->budget->spent != SK_WHY_NONE)
        tell(job, job->budget->spent, "");
    return false;
}

static bool child(struct mail *m, const char *name, size_t n, struct sk_bytes b)
{
    return b.n == 0 || (member(m->job) && sk_out_child_bytes(m->job, name, n, SK_SHOWN, b));
}

/* ---------------------------------------------------------------- header */

/* Fields that people write or that name people; the trail of servers names nobody. */
static bool shown_field(const struct sk_mime_field *f)
{
    static const char *const SHOWN[] = { "from",
                                         "to",
                                         "cc",
                                         "bcc",
                                         "reply-to",
                                         "sender",
                                         "resent-from",
                                         "resent-to",
                                         "resent-cc",
                                         "resent-sender",
                                         "organization",
                                         "keywords",
                                         "comments",
                                         "sensitivity",
                                         "thread-topic",
                                         "apparently-to",
                                         "disposition-notification-to",
                                         "x-sender",
                                         "errors-to" };
    for (size_t i = 0; i < sizeof(SHOWN) / sizeof(SHOWN[0]); i++)
        if (sk_mime_is(&f->name, SHOWN[i]))
            return true;
    if (sk_find(f->value, 0, "=?", 2) != SIZE_MAX)
        return true;
    for (size_t i = 0; i < f->value.n; i++)
        if (f->value.p[i] >= 0x80)
            return true;
    return false;
}

/* "msip_labels: MSIP_Label_<guid>_Enabled=True; ..." as Outlook writes it. */
static void read_labels(struct sk_job *job, char *s)
{
    struct sk_labels *labels = sk_new(1, sizeof(*labels));
    for (char *next; labels && s; s = next) {
        next = strchr(s, ';');
        if (next)
            *next++ = '\0';
        while (*s == ' ')
            s++;
        char *eq = strchr(s, '=');
        if (eq) {
            *eq = '\0';
            sk_labels_property(labels, s, eq + 1);
        }
    }
    if (labels)
        sk_labels_tell(labels, job);
    free(labels);
}

static bool write_field(struct mail *m, const struct sk_mime_field *f, struct sk_buf *buf)
{
    bool subject = sk_mime_is(&f->name, "subject"), label = sk_mime_is(&f->name, "msip_labels");
    if (!subject && !label && !shown_field(f))
        return true;
    sk_buf_clear(buf);
    if (!subject && !label) {
        sk_buf_add(buf, f->name.p, f->name.n);
        sk_buf_str(buf, ": ");
    }
    sk_mime_words(f->value, buf);
    if (buf->failed)
        sk_out_lost(m->o);
    if (buf->n == 0)
        return true;
    if (label) {
        read_labels(m->job, buf->p);
        return true;
    }
    return sk_out_kind(m->o, subject ? SK_RUN_TITLE : SK_RUN_MAIL_HEADER, SK_SHOWN) &&
           sk_out_text(m->o, buf->p, buf->n) && sk_out_line(m->o);
}

static bool write_header(struct mail *m, struct sk_bytes b)
{
    struct sk_mime_field f;
    struct sk_buf buf;
    bool ok = true;
    sk_buf_init(&buf, (size_t)64 << 20);
    while (ok && sk_mime_field(&b, &f))
        ok = write_field(m, &f, &buf);
    sk_buf_free(&buf);
    return ok && sk_out_kind(m->o, SK_RUN_BODY, SK_SHOWN);
}

/* ---------------------------------------------------------------- text */

/* Flowed lines (RFC 3676) end with a blank and go on in the next; delsp: the blank was put there by the mailer. */
static bool write_line(struct mail *m, enum sk_charset cs, struct sk_bytes line, bool flowed, bool delsp)
{
    bool soft = flowed && line.n && line.p[line.n - 1] == ' ' && !(line.n == 3 && SK_STARTS(line, "-- "));
    line.n -= soft && delsp;
    while (line.n > CHUNK && cs != SK_CS_ISO2022JP) {
        size_t n = CHUNK;
        while (n > CHUNK - 8 && line.p[n] >= 0x80)
            n--;
        struct sk_bytes piece;
        sk_take(&line, n, &piece);
        if (!sk_out_bytes(m->o, cs, piece.p, piece.n))
            return false;
    }
    return sk_out_bytes(m->o, cs, line.p, line.n) && (soft || sk_out_line(m->o));
}

/* "begin 644 name", lines, "end" within a text. */
static bool uu_child(struct mail *m, struct sk_bytes begin, struct sk_bytes *rest, bool *was)
{
    struct sk_bytes at = *rest, line;
    struct sk_buf out;
    char name[1024];
    size_t n = 6;
    bool ok = true;
    while (n < begin.n && begin.p[n] >= '0' && begin.p[n] <= '7')
        n++;
    *was = n >= 9 && n <= 10 && n + 1 < begin.n && begin.p[n] == ' ';
    if (!*was)
        return true;
    sk_buf_init(&out, rest->n + 64);
    unsigned lines = 0;
    for (struct sk_bytes next = at; sk_mime_line(&next, &line) && sk_mime_uu_line(line, &out); at = next)
        lines++;
    *was = lines > 0;
    if (*was) {
        struct sk_bytes after = at;
        for (int i = 0; i < 2 && sk_mime_line(&after, &line); i++) { /* "`" and "end" */
            if (SK_STARTS(line, "end"))
                at = after;
        }
        *rest = at;
        size_t len = sk_member_name(begin.p + n + 1, begin.n - n - 1 < 255 ? begin.n - n - 1 : 255, name, sizeof(name));
        ok = sk_budget_expand(m->job->budget, out.n) && child(m, name, len, sk_bytes(out.p, out.n));
    }
    sk_buf_free(&out);
    return ok;
}

static bool write_lines(struct mail *m, struct sk_bytes type, enum sk_charset cs, struct sk_bytes b)
{
    struct sk_buf p;
    sk_buf_init(&p, 4096);
    bool flowed = sk_mime_param(type, "format", &p) && p.n == 6 && strncasecmp(p.p, "flowed", 6) == 0;
    sk_buf_clear(&p);
    bool delsp = sk_mime_param(type, "delsp", &p) && p.n == 3 && strncasecmp(p.p, "yes", 3) == 0;
    sk_buf_free(&p);
    if (cs == SK_CS_UTF16LE || cs == SK_CS_UTF16BE) /* lines of two-byte units */
        return child(m, "text", 4, b);
    struct sk_bytes line;
    bool ok = true, was = false;
    for (size_t lines = 0; ok && sk_mime_line(&b, &line); lines++) {
        if (SK_STARTS(line, "-----BEGIN PGP MESSAGE-----")) { /* told as encrypted by its own format */
            ok = child(m, "pgp", 3, sk_bytes(line.p, (size_t)(b.p + b.n - line.p)));
            break;
        }
        if (SK_STARTS(line, "begin ") && (!(ok = uu_child(m, line, &b, &was)) || was))
            continue;
        ok = write_line(m, cs, line, flowed, delsp) && ((lines & 1023) || sk_budget_time(m->job->budget));
    }
    return ok;
}

static bool write_text(struct mail *m, struct sk_bytes type, struct sk_bytes b)
{
    struct sk_buf charset, utf8;
    if (b.n == 0)
        return true;
    sk_buf_init(&charset, 4096);
    sk_buf_init(&utf8, (size_t)64 << 20);
    sk_mime_param(type, "charset", &charset);
    const char *name = charset.p ? charset.p : "";
    bool ok = sk_mime_foreign(name, charset.n, b, &utf8) ? write_lines(m, type, SK_CS_UTF8, sk_bytes(utf8.p, utf8.n))
                                                         : write_lines(m, type, sk_mime_charset(name, charset.n, b), b);
    sk_buf_free(&charset);
    sk_buf_free(&utf8);
    return ok;
}

static bool write_aside(struct mail *m, struct sk_bytes b)
{
    size_t i = 0;
    while (i < b.n && b.p[i] <= ' ')
        i++;
    /* What stands around the parts is shown by no mail program. */
    return i == b.n || (sk_out_kind(m->o, SK_RUN_BODY, SK_HIDDEN_TEXT) && write_text(m, sk_bytes("", 0), b) &&
                        sk_out_kind(m->o, SK_RUN_BODY, SK_SHOWN));
}

/* The HTML reader looks for an encoding in the page; mail programs take it from the field. */
static bool html_child(struct mail *m, struct sk_bytes type, struct sk_bytes b, const char *name, size_t n)
{
    struct sk_buf page, p;
    sk_buf_init(&p, 4096);
    sk_mime_param(type, "charset", &p);
    enum sk_charset cs = sk_mime_charset(p.p ? p.p : "", p.n, b);
    sk_buf_free(&p);
    size_t at = 0, cap = b.n * 4 + 64;
    while (at < b.n && b.p[at] <= ' ')
        at++;
    bool page_like = b.n - at > 5 && (strncasecmp((const char *)b.p + at, "<html", 5) == 0 || b.p[at + 1] == '!');
    bool own = cs == SK_CS_UTF16LE || cs == SK_CS_UTF16BE || (page_like && cs != SK_CS_ISO2022JP);
    if (own || b.n > ((size_t)64 << 20))
        return child(m, name, n, b);
    sk_buf_init(&page, cap + 64);
    bool ok = sk_buf_str(&page, "<!DOCTYPE html><meta charset=utf-8>\n") && sk_buf_reserve(&page, b.n * 4 + 16);
    if (ok) {
        page.n += sk_to_utf8(cs, b.p, b.n, page.p + page.n, b.n * 4 + 16);
        ok = child(m, name, n, sk_bytes(page.p, page.n));
    } else {
        tell(m->job, SK_WHY_TOO_LARGE, "memory");
        ok = true;
    }
    sk_buf_free(&page);
    return ok;
}

/* ---------------------------------------------------------------- S/MIME and rights */

/* Sealed data in place of a body or an attachment. */
static bool sealed(struct mail *m, const char *name, size_t n, bool managed)
{
    const struct sk_sink *sink = m->job->sink;
    if (!member(m->job))
        return false;
    uint32_t part = sink->part(sink->ctx, m->job->part, name, n, SK_SHOWN);
    if (part == 0)
        return false;
    if (managed) {
        sink->reason(sink->ctx, part, SK_WHY_RIGHTS_MANAGED, "");
    } else {
        sink->encrypted(sink->ctx, part, "smime");
        sink->reason(sink->ctx, part, SK_WHY_ENCRYPTED, "smime");
    }
    return true;
}

/* A signature beside what it signs is no content; but only if it is one. */
static bool is_signature(const char *type, struct sk_bytes b)
{
    if (strstr(type, "pkcs7-signature"))
        return b.n > 2 && b.p[0] == 0x30 && b.p[1] >= 0x80 && b.n < ((size_t)64 << 10);
    return strcmp(type, "application/pgp-signature") == 0 && SK_STARTS(b, "-----BEGIN PGP SIGNATURE-----") &&
           b.n < ((size_t)8 << 10);
}

/* ---------------------------------------------------------------- entities */

static bool read_entity(struct mail *m, struct sk_bytes header, struct sk_bytes body, const char *usual,
                        unsigned depth);

static bool nested_message(struct mail *m, struct sk_bytes b, unsigned depth)
{
    const struct sk_sink *sink = m->job->sink;
    struct sk_job inner = *m->job;
    struct sk_buf subject;
    if (!member(m->job))
        return false;
    sk_buf_init(&subject, 4096);
    struct sk_bytes fields = b, line;
    if (from_line(fields))
        sk_mime_line(&fields, &line);
    sk_mime_words(sk_mime_find(fields, "subject"), &subject);
    bool named = subject.n > 0;
    inner.part = sink->part(sink->ctx, m->job->part, named ? subject.p : "message", named ? subject.n : 7, SK_SHOWN);
    sk_buf_free(&subject);
    if (inner.part == 0)
        return false;
    sink->format(sink->ctx, inner.part, "eml");
    return read_message(&inner, b, depth + 1);
}

static bool delimiter(struct sk_bytes line, const struct sk_buf *mark, bool *closing)
{
    if (!sk_starts(line, mark->p, mark->n))
        return false;
    sk_skip(&line, mark->n);
    *closing = SK_STARTS(line, "--");
    sk_skip(&line, *closing ? 2 : 0);
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] != ' ' && line.p[i] != '\t')
            return false;
    return true;
}

static bool one_part(struct mail *m, struct sk_bytes b, const char *usual, unsigned depth)
{
    struct sk_bytes header = b;
    struct sk_mime_field f;
    while (sk_mime_field(&b, &f))
        ;
    header.n -= b.n;
    return read_entity(m, header, b, usual, depth);
}

static bool multipart(struct mail *m, struct sk_bytes body, const struct sk_buf *mark, const char *usual,
                      unsigned depth)
{
    struct sk_bytes b = body, line, piece = body;
    bool in_part = false, closing = false, ok = true;
    while (ok && !closing) {
        const uint8_t *at = b.p;
        bool more = sk_mime_line(&b, &line);
        if (more && !delimiter(line, mark, &closing))
            continue;
        piece.n = (size_t)(at - piece.p);
        if (more && piece.n && piece.p[piece.n - 1] == '\n') /* the line end before a delimiter belongs to it */
            piece.n -= 1 + (piece.n > 1 && piece.p[piece.n - 2] == '\r');
        ok = in_part ? one_part(m, piece, usual, depth) : write_aside(m, piece);
        if (!more) {
            tell(m->job, SK_WHY_DAMAGED, "");
            return ok;
        }
        in_part = true;
        piece = b;
    }
    return ok && write_aside(m, b);
}

/* name: of the attachment, "" when it has none. */
static bool leaf(struct mail *m, const char *type, struct sk_bytes field, struct sk_bytes b, const struct sk_buf *name,
                 bool attached, unsigned depth)
{
    const char *slash = strchr(type, '/'), *given = name->n ? name->p : slash ? slash + 1 : type;
    size_t n = name->n ? name->n : strlen(given);
    bool plain = strcmp(type, "text/plain") == 0 || strcmp(type, "text") == 0 ||
                 strcmp(type, "text/rfc822-headers") == 0 || strcmp(type, "message/delivery-status") == 0 ||
                 strcmp(type, "message/disposition-notification") == 0;
    if (b.n == 0 || is_signature(type, b)) /* nothing to scan but its name */
        return name->n == 0 || sk_out_name(m->o, given, n, SK_SHOWN);
    if (strstr(type, "pkcs7-mime") && !sk_is_cms(b)) /* no envelope that is known: what it hides is not seen */
        return sealed(m, given, n, false);
    if (strstr(type, "rpmsg") || SK_STARTS(b, "\x76\xE8\x04\x60\xC4\x11\xE3\x86")) /* MS-OXORMMS */
        return sealed(m, given, n, true);
    if (plain && !attached && name->n == 0)
        return write_text(m, field, b);
    if (strcmp(type, "message/rfc822") == 0 || strcmp(type, "message/global") == 0)
        return nested_message(m, b, depth);
    if (strcmp(type, "text/html") == 0 && !attached)
        return html_child(m, field, b, name->n ? given : "body.html", name->n ? n : 9);
    return child(m, given, n, b);
}

static bool read_leaf(struct mail *m, struct sk_bytes header, struct sk_bytes body, const char *type, unsigned depth)
{
    struct sk_bytes field = sk_mime_find(header, "content-type"), how = sk_mime_find(header, "content-disposition");
    enum sk_transfer t = sk_mime_transfer(sk_mime_find(header, "content-transfer-encoding"));
    struct sk_buf name, decoded;
    char disposition[40];
    bool ok = true;
    sk_buf_init(&name, (size_t)64 << 10);
    sk_buf_init(&decoded, body.n + 64);
    if (!sk_mime_param(how, "filename", &name))
        sk_mime_param(field, "name", &name);
    if (name.n == 0) /* the pages of an MHT */
        sk_mime_words(sk_mime_find(header, "content-location"), &name);
    bool located = name.n && sk_mime_find(header, "content-disposition").n == 0 && strcmp(type, "text/html") == 0;
    sk_mime_token(how, disposition, sizeof(disposition));
    if (t != SK_TRANSFER_NONE) {
        if (!sk_budget_expand(m->job->budget, body.n) || !sk_mime_decode(t, body, &decoded)) {
            tell(m->job, m->job->budget->spent != SK_WHY_NONE ? m->job->budget->spent : SK_WHY_TOO_LARGE, "");
            ok = m->job->budget->spent == SK_WHY_NONE;
        }
        body = sk_bytes(decoded.p, decoded.n);
    }
    ok = ok && leaf(m, type, field, body, &name, strcmp(disposition, "attachment") == 0 && !located, depth);
    sk_buf_free(&name);
    sk_buf_free(&decoded);
    return ok;
}

static bool read_entity(struct mail *m, struct sk_bytes header, struct sk_bytes body, const char *usual, unsigned depth)
{
    char type[TYPE_MAX];
    struct sk_bytes field = sk_mime_find(header, "content-type");
    sk_mime_token(field, type, sizeof(type));
    if (type[0] == '\0')
        memcpy(type, usual, strlen(usual) + 1);
    if (depth >= DEPTH_MAX) {
        tell(m->job, SK_WHY_TOO_DEEP, "");
        return true;
    }
    if (!sk_budget_time(m->job->budget))
        return false;
    if (strncmp(type, "multipart/", 10) != 0)
        return read_leaf(m, header, body, type, depth);
    struct sk_buf mark;
    sk_buf_init(&mark, 4096);
    sk_buf_str(&mark, "--");
    bool ok = sk_mime_param(field, "boundary", &mark) && mark.n > 2 && !mark.failed
                  ? multipart(m, body, &mark, strcmp(type, "multipart/digest") == 0 ? "message/rfc822" : "text/plain",
                              depth + 1)
                  : write_text(m, sk_bytes("", 0), body);
    sk_buf_free(&mark);
    return ok;
}

/* ---------------------------------------------------------------- messages */

static bool read_message(struct sk_job *job, struct sk_bytes b, unsigned depth)
{
    struct mail m = { .job = job, .o = sk_out_open(job, job->part), .depth = depth };
    struct sk_bytes header = b, line;
    struct sk_mime_field f;
    if (!m.o) {
        tell(job, SK_WHY_TOO_LARGE, "memory");
        return true;
    }
    bool ok = true;
    if (from_line(b) && sk_mime_line(&b, &line)) { /* who sent it, as the mailbox has it */
        header = b;
        ok = sk_out_kind(m.o, SK_RUN_MAIL_HEADER, SK_SHOWN) &&
             sk_out_bytes(m.o, sk_mime_charset("", 0, line), line.p, line.n) && sk_out_line(m.o);
    }
    while (sk_mime_field(&b, &f))
        ;
    header.n -= b.n;
    ok = ok && write_header(&m, header) && read_entity(&m, header, b, "text/plain", depth);
    return sk_out_close(m.o) && ok;
}

/* Where the next message of an mbox begins: a From line behind a blank line. */
static size_t message_end(struct sk_bytes b)
{
    for (size_t at = 5;;) {
        at = sk_find(b, at, "\nFrom ", 6);
        if (at == SIZE_MAX)
            return b.n;
        at++;
        bool after_blank = b.p[at - 2] == '\n' || (b.p[at - 2] == '\r' && at > 2 && b.p[at - 3] == '\n');
        if (after_blank && from_line(sk_bytes(b.p + at, b.n - at)))
            return at;
    }
}

static bool read_mbox(struct sk_job *job, struct sk_bytes b)
{
    struct sk_bytes one;
    struct mail m = { .job = job };
    bool ok = true, several = message_end(b) < b.n;
    while (ok && b.n && sk_budget_time(job->budget)) {
        sk_take(&b, message_end(b), &one);
        ok = several ? nested_message(&m, one, 0) : read_message(job, one, 0);
    }
    return ok;
}

bool sk_extract_eml(struct sk_job *job)
{
    struct sk_buf hold;
    struct sk_bytes b;
    bool ok = true;
    sk_buf_init(&hold, SIZE_MAX / 2);
    if (!sk_source_all(job->source, job->budget->limits.max_member_bytes, job->budget, &hold, &b))
        tell(job, job->budget->spent != SK_WHY_NONE ? job->budget->spent : SK_WHY_DAMAGED, "");
    else
        ok = SK_STARTS(b, "From ") ? read_mbox(job, b) : read_message(job, b, 0);
    sk_buf_free(&hold);
    return ok;
}
