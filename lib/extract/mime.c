/* mime.c - see mime.h. */
#include "extract/mime.h"
#include "base/utf8.h"
#include "extract/base64.h"
#include "text/codepage.h"

#include <stdlib.h>
#include <strings.h>

#define GUESS_BYTES ((size_t)256 << 10)
#define PARAM_SECTIONS 64

/* ---------------------------------------------------------------- lines and fields */

bool sk_mime_line(struct sk_bytes *b, struct sk_bytes *line)
{
    if (b->n == 0)
        return false;
    const uint8_t *end = memchr(b->p, '\n', b->n);
    size_t n = end ? (size_t)(end - b->p) : b->n;
    *line = sk_bytes(b->p, n && b->p[n - 1] == '\r' ? n - 1 : n);
    return sk_skip(b, n + (end != NULL));
}

static bool blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct sk_bytes trim(struct sk_bytes b)
{
    while (b.n && blank(b.p[0]))
        sk_skip(&b, 1);
    while (b.n && blank(b.p[b.n - 1]))
        b.n--;
    return b;
}

bool sk_mime_field(struct sk_bytes *b, struct sk_mime_field *f)
{
    struct sk_bytes at = *b, line;
    if (!sk_mime_line(&at, &line))
        return false;
    if (trim(line).n == 0) {
        *b = at;
        return false;
    }
    size_t n = 0;
    while (n < line.n && line.p[n] > ' ' && line.p[n] < 0x7F && line.p[n] != ':')
        n++;
    f->name = sk_bytes(line.p, n);
    while (n < line.n && (line.p[n] == ' ' || line.p[n] == '\t'))
        n++;
    if (f->name.n == 0 || n == line.n || line.p[n] != ':')
        return false;
    const uint8_t *value = line.p + n + 1, *end = line.p + line.n;
    while (at.n && (at.p[0] == ' ' || at.p[0] == '\t')) {
        struct sk_bytes next = at;
        sk_mime_line(&next, &line);
        if (trim(line).n == 0)
            break; /* a line of blanks: meant as the end of the header */
        at = next;
        end = line.p + line.n;
    }
    f->value = trim(sk_bytes(value, (size_t)(end - value)));
    *b = at;
    return true;
}

bool sk_mime_is(const struct sk_bytes *name, const char *word)
{
    return name->n == strlen(word) && strncasecmp((const char *)name->p, word, name->n) == 0;
}

struct sk_bytes sk_mime_find(struct sk_bytes header, const char *name)
{
    struct sk_mime_field f;
    while (sk_mime_field(&header, &f))
        if (sk_mime_is(&f.name, name))
            return f.value;
    return sk_bytes("", 0);
}

/* ---------------------------------------------------------------- charsets */

enum sk_charset sk_mime_charset(const char *declared, size_t n, struct sk_bytes b)
{
    size_t look = b.n < GUESS_BYTES ? b.n : GUESS_BYTES;
    enum sk_charset cs = n ? sk_charset_named(declared, n) : SK_CS_BINARY;
    if (cs != SK_CS_BINARY && cs != SK_CS_ASCII && sk_charset_holds(cs, b.p, look))
        return cs;
    struct sk_guess g = sk_charset_guess(b.p, look, true);
    return g.best == SK_CS_BINARY ? SK_CS_CP932 : g.best;
}

bool sk_mime_foreign(const char *declared, size_t n, struct sk_bytes b, struct sk_buf *out)
{
    uint32_t cp = sk_codepage_named(declared, n);
    size_t look = b.n < GUESS_BYTES ? b.n : GUESS_BYTES, length, room = sk_codepage_room(b.n);
    if (cp == 0 || b.n == 0 || sk_utf8_valid((const char *)b.p, b.n))
        return false;
    if ((cp == 1252 || cp == 28591) && sk_charset_guess(b.p, look, true).best != SK_CS_BINARY)
        return false;
    if (!sk_buf_reserve(out, room) || !sk_codepage_to_utf8(cp, b.p, b.n, out->p + out->n, room, &length))
        return false;
    out->n += length;
    out->p[out->n] = '\0';
    return true;
}

static void add_converted(struct sk_buf *out, const char *declared, size_t n, struct sk_bytes b)
{
    if (b.n == 0 || b.n > ((size_t)64 << 20))
        return;
    if (sk_mime_foreign(declared, n, b, out))
        return;
    enum sk_charset cs = sk_mime_charset(declared, n, b);
    if (sk_buf_reserve(out, b.n * 4 + 16))
        out->n += sk_to_utf8(cs, b.p, b.n, out->p + out->n, b.n * 4 + 16);
    if (out->p)
        out->p[out->n] = '\0';
}

/* ---------------------------------------------------------------- encoded words (RFC 2047) */

static int hex(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

struct word {
    struct sk_bytes charset, text;
    bool base64;
    size_t n; /* of the whole word */
};

/* *none: nothing further on ends a word, which need not be looked for again. */
static bool word_at(struct sk_bytes b, struct word *w, bool *none)
{
    if (*none || !SK_STARTS(b, "=?"))
        return false;
    struct sk_bytes part[2], rest = sk_bytes(b.p + 2, b.n - 2);
    for (size_t i = 0; i < 2; i++) {
        const uint8_t *q = memchr(rest.p, '?', rest.n < 64 ? rest.n : 64);
        if (!q || !sk_take(&rest, (size_t)(q - rest.p), &part[i]) || !sk_skip(&rest, 1))
            return false;
    }
    if (part[0].n == 0 || part[1].n != 1 || !strchr("bBqQ", part[1].p[0]))
        return false;
    size_t end = sk_find(rest, 0, "?=", 2);
    *none = end == SIZE_MAX;
    if (*none || (end == 0 && rest.n > 2 && rest.p[2] == '?')) /* "?=?=": an empty text */
        return false;
    const uint8_t *star = memchr(part[0].p, '*', part[0].n); /* RFC 2231: a language behind it */
    w->charset = sk_bytes(part[0].p, star ? (size_t)(star - part[0].p) : part[0].n);
    w->text = sk_bytes(rest.p, end);
    w->base64 = (part[1].p[0] | 32) == 'b';
    w->n = (size_t)(rest.p + end + 2 - b.p);
    return true;
}

static void word_bytes(const struct word *w, struct sk_buf *out)
{
    if (w->base64) {
        sk_mime_decode(SK_TRANSFER_BASE64, w->text, out);
        return;
    }
    for (size_t i = 0; i < w->text.n; i++) {
        char c = (char)w->text.p[i];
        bool coded = c == '=' && i + 2 < w->text.n && hex(w->text.p[i + 1]) >= 0 && hex(w->text.p[i + 2]) >= 0;
        if (coded) {
            c = (char)((unsigned)hex(w->text.p[i + 1]) << 4 | (unsigned)hex(w->text.p[i + 2]));
            i += 2;
        } else if (c == '_') {
            c = ' ';
        }
        sk_buf_add(out, &c, 1);
    }
}

static void unfold(struct sk_bytes b, struct sk_buf *out)
{
    for (size_t i = 0; i < b.n; i++) {
        if (b.p[i] == '\r' || b.p[i] == '\n')
            continue;
        char c = b.p[i] == '\t' || b.p[i] == 0 ? ' ' : (char)b.p[i];
        sk_buf_add(out, &c, 1);
    }
}

/* Mailers split a character over two words: the bytes of neighbours of one charset are joined before conversion. */
void sk_mime_words(struct sk_bytes value, struct sk_buf *out)
{
    struct sk_buf bytes;
    struct sk_bytes charset = sk_bytes("", 0);
    struct word w;
    size_t at = 0, literal = 0;
    bool after_word = false, none = false, lost = false;
    if (value.n == 0)
        return;
    sk_buf_init(&bytes, value.n + 64);
    while (at <= value.n) {
        const uint8_t *eq = at < value.n ? memchr(value.p + at, '=', value.n - at) : NULL;
        at = eq ? (size_t)(eq - value.p) : value.n;
        bool is_word = eq && word_at(sk_bytes(eq, value.n - at), &w, &none);
        if (eq && !is_word) {
            at++;
            continue;
        }
        struct sk_bytes between = sk_bytes(value.p + literal, at - literal);
        bool joined = is_word && after_word && trim(between).n == 0 && w.charset.n == charset.n &&
                      strncasecmp((const char *)w.charset.p, (const char *)charset.p, charset.n) == 0;
        if (!joined) {
            bool drop = is_word && after_word && trim(between).n == 0;
            add_converted(out, (const char *)charset.p, charset.n, sk_bytes(bytes.p, bytes.n));
            lost |= bytes.failed;
            sk_buf_clear(&bytes);
            if (!drop)
                unfold(between, &bytes);
            add_converted(out, "", 0, sk_bytes(bytes.p, bytes.n));
            lost |= bytes.failed;
            sk_buf_clear(&bytes);
        }
        if (!is_word)
            break;
        charset = w.charset;
        word_bytes(&w, &bytes);
        after_word = true;
        at = literal = at + w.n;
    }
    out->failed |= lost;
    sk_buf_free(&bytes);
}

/* ---------------------------------------------------------------- parameters (RFC 2045, 2231) */

void sk_mime_token(struct sk_bytes value, char *out, size_t cap)
{
    size_t n = 0;
    for (size_t i = 0; i < value.n && n + 1 < cap && value.p[i] != ';' && !blank(value.p[i]); i++)
        out[n++] = (char)(value.p[i] >= 'A' && value.p[i] <= 'Z' ? value.p[i] | 32 : value.p[i]);
    out[n] = '\0';
}

struct param {
    struct sk_bytes name, value;
    bool quoted;
};

static bool next_param(struct sk_bytes *b, struct param *p)
{
    const uint8_t *semi = b->n ? memchr(b->p, ';', b->n) : NULL;
    if (!semi || !sk_skip(b, (size_t)(semi - b->p) + 1))
        return false;
    while (b->n && blank(b->p[0]))
        sk_skip(b, 1);
    size_t n = 0;
    while (n < b->n && b->p[n] != '=' && b->p[n] != ';')
        n++;
    sk_take(b, n, &p->name);
    p->name = trim(p->name);
    p->value = sk_bytes(b->p, 0);
    p->quoted = false;
    if (b->n == 0 || b->p[0] != '=')
        return true;
    sk_skip(b, 1);
    while (b->n && blank(b->p[0]))
        sk_skip(b, 1);
    p->quoted = b->n && b->p[0] == '"';
    sk_skip(b, p->quoted);
    n = 0;
    if (p->quoted) {
        for (; n < b->n && b->p[n] != '"'; n++) /* the second byte of a raw Shift_JIS character may be 5C */
            n += b->p[n] == '\\' && n + 1 < b->n && !(n && b->p[n - 1] >= 0x80);
    } else {
        while (n < b->n && b->p[n] != ';')
            n++;
    }
    sk_take(b, n < b->n ? n : b->n, &p->value);
    if (!p->quoted)
        p->value = trim(p->value);
    return true;
}

/* "name", "name*", "name*0", "name*0*" -> section (0 when there is none), extended. */
static bool names(struct sk_bytes found, const char *name, uint32_t *section, bool *extended)
{
    size_t n = strlen(name);
    if (found.n < n || strncasecmp((const char *)found.p, name, n) != 0)
        return false;
    struct sk_bytes rest = sk_bytes(found.p + n, found.n - n);
    *section = 0;
    *extended = rest.n && rest.p[rest.n - 1] == '*';
    if (rest.n == 0)
        return true;
    if (rest.p[0] != '*')
        return false;
    for (size_t i = 1; i < rest.n && rest.p[i] >= '0' && rest.p[i] <= '9' && *section < PARAM_SECTIONS; i++)
        *section = *section * 10 + (uint32_t)(rest.p[i] - '0');
    return *section < PARAM_SECTIONS;
}

static void unquote(const struct param *p, struct sk_buf *out)
{
    for (size_t i = 0; i < p->value.n; i++) {
        uint8_t c = p->value.p[i];
        if (c == '\r' || c == '\n')
            continue;
        if (p->quoted && c == '\\' && i + 1 < p->value.n && (p->value.p[i + 1] == '"' || p->value.p[i + 1] == '\\') &&
            !(i && p->value.p[i - 1] >= 0x80))
            c = p->value.p[++i];
        sk_buf_add(out, &c, 1);
    }
}

static void percent(struct sk_bytes b, struct sk_buf *out)
{
    for (size_t i = 0; i < b.n; i++) {
        char c = (char)b.p[i];
        if (c == '%' && i + 2 < b.n && hex(b.p[i + 1]) >= 0 && hex(b.p[i + 2]) >= 0) {
            c = (char)((unsigned)hex(b.p[i + 1]) << 4 | (unsigned)hex(b.p[i + 2]));
            i += 2;
        }
        sk_buf_add(out, &c, 1);
    }
}

bool sk_mime_param(struct sk_bytes value, const char *name, struct sk_buf *out)
{
    struct param p, section[PARAM_SECTIONS] = { 0 };
    struct sk_buf bytes;
    struct sk_bytes charset = sk_bytes("", 0);
    bool extended[PARAM_SECTIONS] = { false }, ext = false, any = false;
    uint32_t k;
    for (int i = 0; i < 4 * PARAM_SECTIONS && next_param(&value, &p); i++)
        if (names(p.name, name, &k, &ext) && (!section[k].name.p || ext)) {
            section[k] = p;
            extended[k] = ext;
        }
    if (!section[0].name.p)
        return false;
    sk_buf_init(&bytes, (size_t)1 << 20);
    for (k = 0; k < PARAM_SECTIONS && section[k].name.p; k++) {
        struct sk_bytes v = section[k].value;
        if (!extended[k]) {
            unquote(&section[k], &bytes);
            continue;
        }
        any = true;
        const uint8_t *a = k == 0 && v.n ? memchr(v.p, '\'', v.n) : NULL,
                      *b = a ? memchr(a + 1, '\'', v.n - (size_t)(a + 1 - v.p)) : NULL;
        if (b) {
            charset = sk_bytes(v.p, (size_t)(a - v.p));
            sk_skip(&v, (size_t)(b + 1 - v.p));
        }
        percent(v, &bytes);
    }
    if (any)
        add_converted(out, (const char *)charset.p, charset.n, sk_bytes(bytes.p, bytes.n));
    else
        sk_mime_words(sk_bytes(bytes.p, bytes.n), out);
    sk_buf_free(&bytes);
    return true;
}

/* ---------------------------------------------------------------- transfer encodings */

enum sk_transfer sk_mime_transfer(struct sk_bytes value)
{
    char token[40];
    sk_mime_token(value, token, sizeof(token));
    return strcmp(token, "base64") == 0             ? SK_TRANSFER_BASE64
           : strcmp(token, "quoted-printable") == 0 ? SK_TRANSFER_QUOTED
           : strstr(token, "uu")                    ? SK_TRANSFER_UU
                                                    : SK_TRANSFER_NONE;
}

/* Pieces that were encoded one by one and then joined have padding in the middle. */
static bool base64(struct sk_bytes b, struct sk_buf *out)
{
    while (b.n) {
        const uint8_t *pad = memchr(b.p, '=', b.n);
        size_t n = pad ? (size_t)(pad - b.p) : b.n;
        if (!sk_buf_reserve(out, n))
            return false;
        memcpy(out->p + out->n, b.p, n);
        out->n += sk_base64_decode(out->p + out->n, n);
        out->p[out->n] = '\0';
        sk_skip(&b, n + (pad != NULL));
    }
    return true;
}

static bool quoted(struct sk_bytes b, struct sk_buf *out)
{
    struct sk_bytes line;
    if (!sk_buf_reserve(out, b.n))
        return false;
    while (b.n) {
        const uint8_t *before = b.p;
        sk_mime_line(&b, &line);
        bool ended = b.p[-1] == '\n' && b.p > before, soft = false;
        while (line.n && blank(line.p[line.n - 1])) /* also a carriage return that was doubled on the way */
            line.n--;
        for (size_t i = 0; i < line.n; i++) {
            char c = (char)line.p[i];
            if (c == '=' && i + 1 == line.n) {
                soft = true;
                break;
            }
            if (c == '=' && i + 2 < line.n && hex(line.p[i + 1]) >= 0 && hex(line.p[i + 2]) >= 0) {
                c = (char)(hex(line.p[i + 1]) << 4 | hex(line.p[i + 2]));
                i += 2;
            }
            out->p[out->n++] = c;
        }
        if (ended && !soft) /* CRLF where it stood: the bytes of an attached file */
            for (const uint8_t *e = b.p - 1 - (b.p - 1 > before && b.p[-2] == '\r'); e < b.p; e++)
                out->p[out->n++] = (char)*e;
    }
    out->p[out->n] = '\0';
    return true;
}

bool sk_mime_uu_line(struct sk_bytes line, struct sk_buf *out)
{
    if (line.n < 2 || line.p[0] <= ' ' || line.p[0] > '`')
        return false;
    size_t n = (line.p[0] - 32u) & 63u;
    if (n == 0 || line.n + 4 < 1 + (n * 4 + 2) / 3) /* trailing blanks may be lost */
        return false;
    for (size_t i = 0; i < n; i += 3) {
        uint32_t v = 0;
        for (size_t k = 0; k < 4; k++) {
            size_t at = 1 + i / 3 * 4 + k;
            uint8_t c = at < line.n ? line.p[at] : ' ';
            if (c < ' ' || c > '`')
                return false;
            v = v << 6 | ((c - 32u) & 63u);
        }
        char three[3] = { (char)(v >> 16), (char)(v >> 8), (char)v };
        if (!sk_buf_add(out, three, n - i < 3 ? n - i : 3))
            return false;
    }
    return true;
}

static bool uu(struct sk_bytes b, struct sk_buf *out)
{
    struct sk_bytes line;
    while (sk_mime_line(&b, &line))
        if (!SK_STARTS(line, "begin ") && !SK_STARTS(line, "end"))
            sk_mime_uu_line(line, out);
    return !out->failed;
}

bool sk_mime_decode(enum sk_transfer t, struct sk_bytes b, struct sk_buf *out)
{
    switch (t) {
    case SK_TRANSFER_BASE64:
        return base64(b, out);
    case SK_TRANSFER_QUOTED:
        return quoted(b, out);
    case SK_TRANSFER_UU:
        return uu(b, out);
    default:
        return sk_buf_add(out, b.p, b.n);
    }
}
