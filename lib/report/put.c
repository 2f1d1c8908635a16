#include "report/put.h"

#include <string.h>
#include <time.h>

#include "base/utf8.h"

/* ---------------------------------------------------------------- what must not reach a terminal or page as it is */

/* Controls, line and paragraph separators, and everything invisible or able to reorder what is read ("Trojan Source",
 * UTS #39 and UTR #36): a file name could hide its extension or forge a line of the report. */
static bool is_deceptive(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } RANGES[] = {
        { 0x00, 0x1F },       { 0x7F, 0x9F },       { 0xAD, 0xAD },     { 0x61C, 0x61C },   { 0x115F, 0x1160 },
        { 0x17B4, 0x17B5 },   { 0x180B, 0x180E },   { 0x200B, 0x200F }, { 0x2028, 0x202E }, { 0x2060, 0x206F },
        { 0x3164, 0x3164 },   { 0xFEFF, 0xFEFF },   { 0xFFA0, 0xFFA0 }, { 0xFFF0, 0xFFFB }, { 0xFFFE, 0xFFFF },
        { 0x1D173, 0x1D17A }, { 0xE0000, 0xE00FF },
    };
    for (size_t i = 0; i < sizeof(RANGES) / sizeof(*RANGES); i++)
        if (c >= RANGES[i].first && c <= RANGES[i].last)
            return true;
    return (c & 0xFFFE) == 0xFFFE;
}

/* Adds s code point by code point; special writes those it wants otherwise and says so. */
typedef bool (*put_special)(struct sk_buf *b, uint32_t c);

static bool put_each(struct sk_buf *b, const char *s, size_t n, put_special special)
{
    size_t len, from = 0; /* s[from, i) is to be copied as it is */
    for (size_t i = 0; i < n; i += len) {
        uint32_t c;
        len = sk_utf8_next(s + i, n - i, &c);
        bool invalid = c == SK_REPLACEMENT && len == 1;
        if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '&' && c != '<' && c != '>' && c != '\'')
            continue;
        if (!sk_buf_add(b, s + from, i - from))
            return false;
        from = i;
        size_t before = b->n;
        if (invalid)
            sk_buf_add(b, "\xEF\xBF\xBD", 3);
        else
            special(b, c);
        if (b->failed)
            return false;
        if (b->n != before)
            from = i + len;
    }
    return sk_buf_add(b, s + from, n - from);
}

static bool plain_special(struct sk_buf *b, uint32_t c)
{
    return !is_deceptive(c) || sk_buf_printf(b, "\\u{%x}", (unsigned)c);
}

bool sk_put_plain(struct sk_buf *b, const char *s, size_t n)
{
    return put_each(b, s, n, plain_special);
}

static bool json_special(struct sk_buf *b, uint32_t c)
{
    static const char SHORT[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (size_t i = 0; i < sizeof(SHORT) - 1; i += 2)
        if (c == (unsigned char)SHORT[i]) {
            char escape[2] = { '\\', SHORT[i + 1] };
            return sk_buf_add(b, escape, 2);
        }
    if (!is_deceptive(c))
        return true;
    if (c > 0xFFFF)
        return sk_buf_printf(b, "\\u%04x\\u%04x", (unsigned)(0xD7C0 + (c >> 10)), (unsigned)(0xDC00 | (c & 0x3FF)));
    return sk_buf_printf(b, "\\u%04x", (unsigned)c);
}

/* More is escaped than JSON asks for, so that a line is one line for every reader and safe on a terminal. */
bool sk_put_json(struct sk_buf *b, const char *s, size_t n)
{
    return put_each(b, s, n, json_special);
}

static bool html_special(struct sk_buf *b, uint32_t c)
{
    switch (c) {
    case '&':
        return sk_buf_str(b, "&amp;");
    case '<':
        return sk_buf_str(b, "&lt;");
    case '>':
        return sk_buf_str(b, "&gt;");
    case '"':
        return sk_buf_str(b, "&quot;");
    case '\'':
        return sk_buf_str(b, "&#39;");
    default:
        return plain_special(b, c);
    }
}

bool sk_put_html(struct sk_buf *b, const char *s, size_t n)
{
    return put_each(b, s, n, html_special);
}

static bool csv_special(struct sk_buf *b, uint32_t c)
{
    if (c == '"')
        return sk_buf_str(b, "\"\"");
    return c == '\n' || c == '\r' || c == '\t' || plain_special(b, c);
}

/* OWASP "CSV Injection": spreadsheets evaluate what begins so; Japanese ones also accept the full-width forms. */
static bool begins_formula(const char *s, size_t n)
{
    uint32_t c;
    if (n == 0)
        return false;
    sk_utf8_next(s, n, &c);
    return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r' || c == '\n' || c == 0xFF1D ||
           c == 0xFF0B || c == 0xFF0D || c == 0xFF20;
}

bool sk_put_csv(struct sk_buf *b, const char *s, size_t n)
{
    bool quote = n && (s[0] == ' ' || s[n - 1] == ' ');
    for (size_t i = 0; i < n && !quote; i++)
        quote = s[i] == ',' || s[i] == '"' || s[i] == '\n' || s[i] == '\r' || s[i] == '\t' || s[i] == ';';
    if (quote)
        sk_buf_str(b, "\"");
    if (begins_formula(s, n))
        sk_buf_str(b, "'");
    put_each(b, s, n, csv_special);
    if (quote)
        sk_buf_str(b, "\"");
    return !b->failed;
}

bool sk_put_json_string(struct sk_buf *b, const char *s)
{
    return sk_buf_str(b, "\"") && sk_put_json(b, s ? s : "", s ? strlen(s) : 0) && sk_buf_str(b, "\"");
}

bool sk_put_uri(struct sk_buf *b, const char *path)
{
    if (path[0] == '/')
        sk_buf_str(b, "file://");
    for (const unsigned char *p = (const unsigned char *)path; *p; p++) {
        /* RFC 3986 unreserved and what a path segment may hold; ":" is left out, as it could read as a scheme. */
        if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || strchr("-._~/", *p))
            sk_buf_add(b, p, 1);
        else
            sk_buf_printf(b, "%%%02X", *p);
    }
    return !b->failed;
}

/* ---------------------------------------------------------------- columns */

static size_t width_of(uint32_t c)
{
    if ((c >= 0x300 && c <= 0x36F) || c == 0x3099 || c == 0x309A || (c >= 0xFE00 && c <= 0xFE0F) ||
        (c >= 0xE0100 && c <= 0xE01EF))
        return 0;
    bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0x303E) || (c >= 0x3041 && c <= 0x4DBF) ||
                (c >= 0x4E00 && c <= 0xA4CF) || (c >= 0xA960 && c <= 0xA97F) || (c >= 0xAC00 && c <= 0xD7A3) ||
                (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF01 && c <= 0xFF60) ||
                (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1F64F) || (c >= 0x1F900 && c <= 0x1F9FF) ||
                (c >= 0x20000 && c <= 0x3FFFD);
    return wide ? 2 : 1;
}

size_t sk_width(const char *s)
{
    size_t n = strlen(s), width = 0;
    uint32_t c;
    for (size_t i = 0; i < n; i += sk_utf8_next(s + i, n - i, &c), width += width_of(c))
        ;
    return width;
}

static bool put_spaces(struct sk_buf *b, size_t n)
{
    while (n-- > 0)
        if (!sk_buf_add(b, " ", 1))
            return false;
    return true;
}

bool sk_put_padded(struct sk_buf *b, const char *s, size_t width, bool right)
{
    struct sk_buf safe;
    sk_buf_init(&safe, 1 << 20);
    bool ok = sk_put_plain(&safe, s, strlen(s));
    size_t have = ok && safe.p ? sk_width(safe.p) : 0, pad = have < width ? width - have : 0;
    ok = ok && (!right || put_spaces(b, pad)) && sk_buf_add(b, safe.p, safe.n) && (right || put_spaces(b, pad));
    sk_buf_free(&safe);
    return ok;
}

/* ---------------------------------------------------------------- numbers */

bool sk_put_number(struct sk_buf *b, uint64_t n)
{
    char digits[32];
    size_t at = sizeof(digits), group = 0;
    do {
        if (group == 3) {
            digits[--at] = ',';
            group = 0;
        }
        digits[--at] = (char)('0' + n % 10);
        group++;
        n /= 10;
    } while (n);
    return sk_buf_add(b, digits + at, sizeof(digits) - at);
}

bool sk_put_size(struct sk_buf *b, uint64_t bytes)
{
    static const char *const UNITS[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB" };
    size_t unit = 0;
    uint64_t scale = 1;
    while (unit < 6 && bytes / scale >= 1000) {
        scale *= 1000;
        unit++;
    }
    if (unit == 0)
        return sk_buf_printf(b, "%u B", (unsigned)bytes);
    return sk_buf_printf(b, "%u.%u %s", (unsigned)(bytes / scale), (unsigned)(bytes % scale / (scale / 10)),
                         UNITS[unit]);
}

bool sk_put_cell(struct sk_buf *b, uint32_t row, uint32_t col)
{
    char letters[8];
    size_t at = sizeof(letters);
    uint64_t c = (uint64_t)col + 1;
    while (c > 0) {
        c--;
        letters[--at] = (char)('A' + c % 26);
        c /= 26;
    }
    return sk_buf_printf(b, "%.*s%llu", (int)(sizeof(letters) - at), letters + at, (unsigned long long)row + 1);
}

/* ---------------------------------------------------------------- days: proleptic Gregorian, H. Hinnant's
 * days_from_civil */

void sk_day_text(long day, char out[11])
{
    /* Years 0000 to 9999; anything beyond is no date of a file. */
    day = day < -719528 ? -719528 : day > 2932896 ? 2932896 : day;
    long z = day + 719468;
    long era = (z >= 0 ? z : z - 146096) / 146097;
    long doe = z - era * 146097;
    long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    long mp = (5 * doy + 2) / 153;
    long d = doy - (153 * mp + 2) / 5 + 1;
    long m = mp < 10 ? mp + 3 : mp - 9;
    long y = yoe + era * 400 + (m <= 2);
    const long parts[3] = { y, m, d };
    const int digits[3] = { 4, 2, 2 };
    char *at = out;
    for (int i = 0; i < 3; i++) {
        long v = parts[i];
        for (int k = digits[i] - 1; k >= 0; k--, v /= 10)
            at[k] = (char)('0' + v % 10);
        at += digits[i];
        *at++ = i < 2 ? '-' : '\0';
    }
}

bool sk_day_parse(const char *text, long *day)
{
    long v[3] = { 0, 0, 0 };
    static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    for (int i = 0; i < 10; i++) {
        bool dash = i == 4 || i == 7;
        if (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9') /* also stops at the NUL of a shorter text */
            return false;
        if (!dash)
            v[i < 4 ? 0 : i < 7 ? 1 : 2] = v[i < 4 ? 0 : i < 7 ? 1 : 2] * 10 + (text[i] - '0');
    }
    long y = v[0], m = v[1], d = v[2];
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (text[10] != '\0' || m < 1 || m > 12 || d < 1 || d > DAYS[m - 1] + (m == 2 && leap))
        return false;
    y -= m <= 2;
    long era = (y >= 0 ? y : y - 399) / 400;
    long yoe = y - era * 400;
    long doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    *day = era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
    return true;
}

bool sk_put_time(struct sk_buf *b, int64_t seconds)
{
    int64_t day = seconds / 86400, rest = seconds % 86400;
    if (rest < 0) {
        rest += 86400;
        day--;
    }
    char text[11];
    sk_day_text((long)day, text);
    return sk_buf_printf(b, "%sT%02d:%02d:%02dZ", text, (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

bool sk_put_base64(struct sk_buf *b, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        uint32_t v = (uint32_t)p[i] << 16 | (i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0) | (i + 2 < n ? p[i + 2] : 0);
        char four[4] = { DIGITS[v >> 18], DIGITS[v >> 12 & 63], i + 1 < n ? DIGITS[v >> 6 & 63] : '=',
                         i + 2 < n ? DIGITS[v & 63] : '=' };
        sk_buf_add(b, four, 4);
    }
    return !b->failed;
}
