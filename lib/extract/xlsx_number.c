/* xlsx_number.c - what a reader sees in a numeric cell, as far as it changes what the number is: dates, leading zeros,
 * no exponents. */
#include "extract/xlsx.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* ---------------------------------------------------------------- format codes */

bool xlsx_scan_next(struct xlsx_scan *k)
{
    for (;;) {
        char c = *k->s;
        if (!c)
            return false;
        k->s++;
        if (k->quoted) {
            k->quoted = c != '"';
            if (c == '"')
                continue;
            k->c = c;
            k->literal = true;
            return true;
        }
        if (c == '"') {
            k->quoted = true;
            continue;
        }
        if (c == '[') { /* colour, condition, locale; [h] and [m] are elapsed time, which is no date */
            const char *end = strchr(k->s, ']');
            if (end) {
                k->s = end + 1;
                continue;
            }
        }
        if ((c == '_' || c == '*') && *k->s) { /* a space as wide as, a fill with the next character */
            k->s++;
            continue;
        }
        k->literal = false;
        if ((c == '\\' || c == '!') && *k->s) { /* ! is the Japanese edition's escape */
            c = *k->s++;
            k->literal = true;
        }
        k->c = c;
        return true;
    }
}

static bool is_general(const char *s)
{
    return strncasecmp(s, "General", 7) == 0 || strncmp(s, "G/\346\250\231\346\272\226", 8) == 0; /* G/標準 */
}

/* y, d, e, g outside of literals make a date; m alone is a month unless hours or seconds stand by. */
static enum xlsx_show date_or_time(const char *code)
{
    struct xlsx_scan k = { .s = code };
    bool month = false, time = false, date = false, era = false;
    char before = 0;
    for (const char *b = code; (b = strchr(b, '[')); b++)
        if (b[1] && strchr("hHmMsS", b[1]) && (b[2] == ']' || b[2] == b[1]))
            return XLSX_PLAIN; /* elapsed time */
    while (true) {
        if (!k.quoted && is_general(k.s)) {
            k.s += k.s[1] == '/' ? 8 : 7;
            continue;
        }
        if (!xlsx_scan_next(&k))
            break;
        if (k.literal)
            continue;
        if (k.c == ';')
            break;
        char c = (char)(k.c | 32);
        if (c == 'e' && (*k.s == '+' || *k.s == '-') &&
            (before == '0' || before == '#' || before == '.' || before == '?'))
            return XLSX_PLAIN; /* exponent */
        date |= c == 'y' || c == 'd' || c == 'e' || c == 'g' || c == 'r' || c == 'b';
        era |= c == 'g';
        month |= c == 'm';
        time |= c == 'h' || c == 's';
        before = k.c;
    }
    if (date)
        return era ? XLSX_ERA : XLSX_DATE;
    return time ? XLSX_TIME : month ? XLSX_DATE : XLSX_PLAIN;
}

/* Does the section change how digits look? Leading zeros, or literals between digit places (000-0000). */
static bool shapes_digits(const char *section)
{
    struct xlsx_scan k = { .s = section };
    bool seen = false, gap = false, between = false;
    unsigned zeros = 0;
    while (xlsx_scan_next(&k)) {
        bool place = !k.literal && (k.c == '0' || k.c == '#' || k.c == '?');
        if (!k.literal && k.c == ';')
            break;
        if (!k.literal && strchr(".,%/E@", k.c))
            return false;
        between |= place && gap;
        zeros += place && k.c == '0';
        gap = seen && !place;
        seen |= place;
    }
    return zeros >= 2 || between;
}

struct xlsx_format xlsx_format_of(uint32_t id, const char *code)
{
    struct xlsx_format f = { XLSX_PLAIN, NULL, false };
    if (!code) {
        if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58))
            f.show = XLSX_DATE;
        else if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47))
            f.show = XLSX_TIME;
        if ((f.code = xlsx_built_in(id)))
            f.show = f.show == XLSX_DATE ? XLSX_ERA : XLSX_AMOUNT;
        return f;
    }
    f.unseen = *code && strspn(code, ";") == strlen(code); /* ";;;" shows nothing */
    f.show = date_or_time(code);
    if (f.show == XLSX_ERA)
        f.code = code;
    if (f.show == XLSX_PLAIN && xlsx_is_amount(code)) {
        f.show = XLSX_AMOUNT;
        f.code = code;
    } else if (f.show == XLSX_PLAIN) {
        bool pattern = false;
        for (const char *s = code; s && !pattern; s = strchr(s, ';') ? strchr(s, ';') + 1 : NULL)
            pattern = shapes_digits(s);
        if (pattern) {
            f.show = XLSX_PATTERN;
            f.code = code;
        }
    }
    return f;
}

/* ---------------------------------------------------------------- plain decimal */

/* "1.23456789012E+11" -> "123456789012", "12.0" -> "12": exact, on the digits. 0 when it is no decimal number. */
static size_t plain(const char *v, size_t n, char *out, size_t cap)
{
    char digits[64];
    size_t k = 0, i = 0, m = 0;
    long point = -1, exponent = 0;
    bool negative = n && v[0] == '-';
    for (i = negative || (n && v[0] == '+'); i < n && (v[i] == '.' || (v[i] >= '0' && v[i] <= '9')); i++) {
        if (v[i] == '.') {
            if (point >= 0)
                return 0;
            point = (long)k;
        } else if (k < sizeof(digits)) {
            digits[k++] = v[i];
        } else {
            return 0;
        }
    }
    if (k == 0)
        return 0;
    if (i < n && (v[i] == 'E' || v[i] == 'e')) {
        char e[8] = { 0 };
        size_t len = n - i - 1;
        if (len == 0 || len >= sizeof(e))
            return 0;
        memcpy(e, v + i + 1, len);
        char *end;
        exponent = strtol(e, &end, 10);
        if (*end)
            return 0;
    } else if (i < n) {
        return 0;
    }
    point = (point < 0 ? (long)k : point) + exponent;
    if (point < -32 || point > 40 || cap < 160)
        return 0;
    size_t lead = 0, end = k;
    while (end > 0 && (long)end > point && digits[end - 1] == '0')
        end--;
    while (lead < end && (long)lead + 1 < point && digits[lead] == '0')
        lead++;
    if (negative)
        out[m++] = '-';
    if (point <= 0)
        out[m++] = '0';
    for (long at = (long)lead; at < point; at++)
        out[m++] = at < (long)k ? digits[at] : '0';
    if ((long)end > point && end > 0) {
        out[m++] = '.';
        for (long at = point; at < 0; at++)
            out[m++] = '0';
        for (size_t at = point > 0 ? (size_t)point : 0; at < end; at++)
            out[m++] = digits[at];
    }
    return m;
}

/* ---------------------------------------------------------------- dates */

/* Civil date from days since 1970-01-01 (Howard Hinnant's algorithm), in the era that a code asks for or plainly. */
static size_t put_date(long day, const char *era, char *out)
{
    long z = day + 719468, cycle = (z >= 0 ? z : z - 146096) / 146097;
    unsigned long doe = (unsigned long)(z - cycle * 146097);
    unsigned long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned long doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    unsigned d = (unsigned)(doy - (153 * mp + 2) / 5 + 1), m = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
    long y = (long)yoe + cycle * 400 + (m <= 2);
    size_t shown = era ? xlsx_era(era, y, m, d, out) : 0;
    int n = shown ? 0 : snprintf(out, XLSX_NUMBER, "%04ld/%02u/%02u", y, m, d);
    return n > 0 ? (size_t)n : shown;
}

static size_t date(bool date1904, const char *digits, size_t n, const struct xlsx_format *f, char *out)
{
    char copy[64];
    if (n == 0 || n >= sizeof(copy))
        return 0;
    memcpy(copy, digits, n);
    copy[n] = '\0';
    double v = 0;
    for (const char *s = copy; *s && *s != '.'; s++) /* not strtod: its point depends on the locale */
        v = *s >= '0' && *s <= '9' ? v * 10 + (*s - '0') : -1e9;
    if (v < 0 || v > 2958465)
        return 0;
    if (f->show == XLSX_TIME && v < 1)
        return 0;
    long serial = (long)v;
    const char *era = f->show == XLSX_ERA ? f->code : NULL;
    if (date1904)
        return put_date(serial - 24107, era, out); /* day 0 is 1904-01-01 */
    /* Day 60 is 1900-02-29, which never was: earlier days are one off. */
    return serial < 1 ? 0 : put_date(serial - 25569 + (serial < 60), era, out);
}

size_t xlsx_iso_date(const char *v, size_t n, char out[XLSX_NUMBER])
{
    static const char SHAPE[] = "dddd-dd-dd";
    bool iso = n >= 10 && (n == 10 || v[10] == 'T');
    for (size_t i = 0; iso && i < 10; i++)
        iso = SHAPE[i] == 'd' ? v[i] >= '0' && v[i] <= '9' : v[i] == '-';
    if (!iso) {
        n = n < XLSX_NUMBER ? n : XLSX_NUMBER;
        memcpy(out, v, n);
        return n;
    }
    memcpy(out, v, 10);
    out[4] = out[7] = '/';
    return 10;
}

/* ---------------------------------------------------------------- patterns */

/* "[<=9999]" before a section; true when it is there. */
static bool condition(const char *s, const char *end, double v, bool *holds)
{
    for (; s < end && *s == '['; s = strchr(s, ']') + 1) {
        const char *close = strchr(s, ']');
        if (!close || close > end)
            return false;
        char op[3] = { s[1], s[2] == '=' || s[2] == '>' ? s[2] : '\0', '\0' };
        if (!strchr("<>=", op[0]))
            continue;
        double limit = 0;
        for (const char *d = s + 1 + strlen(op); d < close; d++)
            if (*d >= '0' && *d <= '9')
                limit = limit * 10 + (*d - '0');
        *holds = strcmp(op, "<=") == 0   ? v <= limit
                 : strcmp(op, ">=") == 0 ? v >= limit
                 : strcmp(op, "<>") == 0 ? v != limit
                 : op[0] == '<'          ? v < limit
                 : op[0] == '>'          ? v > limit
                                         : v == limit;
        return true;
    }
    return false;
}

size_t xlsx_section(const char *code, double v, const char **begin, bool *negative)
{
    const char *s = code, *part[4];
    size_t n[4], count = 0;
    bool holds = true, conditions = false;
    for (; count < 4; count++) {
        struct xlsx_scan k = { .s = s }; /* a ';' in quotes ends nothing */
        while (xlsx_scan_next(&k) && (k.literal || k.c != ';'))
            continue;
        const char *end = *k.s || (k.s > s && k.s[-1] == ';' && !k.literal) ? k.s - 1 : k.s;
        part[count] = s;
        n[count] = (size_t)(end - s);
        conditions |= condition(s, end, v, &holds);
        if (!*end) {
            count++;
            break;
        }
        s = end + 1;
    }
    size_t pick = !conditions && v < 0 && count > 1 ? 1 : !conditions && v == 0 && count > 2 ? 2 : 0;
    for (size_t i = 0; conditions && i < count; i++) {
        pick = i;
        if (!condition(part[i], part[i] + n[i], v, &holds) || holds)
            break;
    }
    *negative = !conditions && pick == 1;
    *begin = part[pick];
    return n[pick];
}

/* Puts the digits of a whole number into the places of a code, from the right; literals between places are kept. */
static size_t pattern(const char *code, const char *digits, size_t n, char *out)
{
    char text[128], section[128];
    uint8_t place[128]; /* 0 literal, else '0' or '#' */
    size_t k = 0, m = 0, places = 0;
    const char *begin = code;
    double v = 0;
    for (size_t i = 0; i < n; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return 0;
        v = v * 10 + (digits[i] - '0');
    }
    bool sign;
    size_t len = xlsx_section(code, v, &begin, &sign);
    if (len == 0 || len >= sizeof(section))
        return 0;
    memcpy(section, begin, len);
    section[len] = '\0';
    if (!shapes_digits(section))
        return 0;
    struct xlsx_scan s = { .s = section };
    while (k < sizeof(text) && xlsx_scan_next(&s)) {
        bool is_place = !s.literal && (s.c == '0' || s.c == '#' || s.c == '?');
        places += is_place;
        place[k] = is_place ? (uint8_t)(s.c == '0' ? '0' : '#') : 0;
        text[k++] = s.c;
    }
    if (places == 0 || n > XLSX_NUMBER / 2)
        return 0;
    size_t left = n > places ? n - places : 0, pad = places > n ? places - n : 0, at = left;
    bool first = true, started = false;
    for (size_t i = 0; i < k; i++) {
        if (!place[i]) {
            if (started || first)
                out[m++] = text[i];
            continue;
        }
        if (first) {
            memcpy(out + m, digits, left); /* more digits than places stand before the first one */
            m += left;
            started |= left > 0;
            first = false;
        }
        if (pad) {
            pad--;
            if (place[i] == '0') {
                out[m++] = '0';
                started = true;
            }
            continue;
        }
        out[m++] = digits[at++];
        started = true;
    }
    return m;
}

size_t xlsx_number(const struct xlsx_format *f, bool date1904, const char *v, size_t n, char out[XLSX_NUMBER])
{
    char digits[XLSX_NUMBER];
    while (n && (v[0] == ' ' || v[0] == '\n' || v[0] == '\r' || v[0] == '\t'))
        v++, n--;
    while (n && (v[n - 1] == ' ' || v[n - 1] == '\n' || v[n - 1] == '\r' || v[n - 1] == '\t'))
        n--;
    size_t m = plain(v, n, digits, sizeof(digits)), shown = 0;
    if (m == 0) { /* not a decimal number: as written */
        n = n < XLSX_NUMBER ? n : XLSX_NUMBER;
        memcpy(out, v, n);
        return n;
    }
    if (f->show == XLSX_DATE || f->show == XLSX_TIME || f->show == XLSX_ERA)
        shown = date(date1904, digits, m, f, out);
    else if (f->show == XLSX_AMOUNT)
        shown = xlsx_amount(f->code, digits, m, out);
    else if (f->show == XLSX_PATTERN)
        shown = pattern(f->code, digits, m, out);
    if (shown == 0) {
        memcpy(out, digits, m);
        shown = m;
    }
    return shown;
}
