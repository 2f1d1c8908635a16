/* xlsx_amount.c - number formats that people read as amounts (thousands, currency, percent) and dates in Japanese eras
 * (ECMA-376 part 1, 18.8.30 and 18.8.31). */
#include "extract/xlsx.h"

#include <stdio.h>

/* An amount of more digits is shown as stored: it may be a number of something, which commas would hide. */
#define AMOUNT_DIGITS 7u

const char *xlsx_built_in(uint32_t id)
{
    static const struct {
        uint8_t id;
        const char *code;
    } CODES[] = {
        { 3, "#,##0" },
        { 4, "#,##0.00" },
        { 5, "\"¥\"#,##0;\"¥\"-#,##0" },
        { 6, "\"¥\"#,##0;\"¥\"-#,##0" },
        { 7, "\"¥\"#,##0.00;\"¥\"-#,##0.00" },
        { 8, "\"¥\"#,##0.00;\"¥\"-#,##0.00" },
        { 9, "0%" },
        { 10, "0.00%" },
        { 27, "[$-411]ge.m.d" },
        { 28, "[$-411]ggge\"年\"m\"月\"d\"日\"" },
        { 29, "[$-411]ggge\"年\"m\"月\"d\"日\"" },
        { 36, "[$-411]ge.m.d" },
        { 37, "#,##0;-#,##0" },
        { 38, "#,##0;-#,##0" },
        { 39, "#,##0.00;-#,##0.00" },
        { 40, "#,##0.00;-#,##0.00" },
        { 41, "#,##0;-#,##0" },
        { 42, "\"¥\"#,##0;\"¥\"-#,##0" },
        { 43, "#,##0.00;-#,##0.00" },
        { 44, "\"¥\"#,##0.00;\"¥\"-#,##0.00" },
        { 50, "[$-411]ge.m.d" },
        { 51, "[$-411]ggge\"年\"m\"月\"d\"日\"" },
        { 54, "[$-411]ggge\"年\"m\"月\"d\"日\"" },
        { 57, "[$-411]ge.m.d" },
        { 58, "[$-411]ggge\"年\"m\"月\"d\"日\"" },
    };
    for (size_t i = 0; i < sizeof(CODES) / sizeof(CODES[0]); i++)
        if (CODES[i].id == id)
            return CODES[i].code;
    return NULL;
}

struct shape {
    bool thousands, percent, scaled, odd;
    unsigned whole, decimals; /* zeros that are always shown before the point; places behind it */
    bool point;
};

/* The first section; what is not an amount (fractions, exponents, dates, text) is odd. */
static struct shape shape_of(const char *code, size_t n)
{
    struct shape s = { 0 };
    struct xlsx_scan k = { .s = code };
    bool places = false, after = false;
    while (k.s < code + n && xlsx_scan_next(&k)) {
        if (k.literal)
            continue;
        if (k.c == ';')
            break;
        bool place = k.c == '0' || k.c == '#' || k.c == '?';
        s.odd |= (place && after) || k.c == '/' || k.c == 'E' || k.c == '@' || k.c == 'G';
        if (place && s.point)
            s.decimals++;
        else if (place)
            s.whole += k.c == '0';
        places |= place;
        s.point |= k.c == '.';
        if (k.c == ',' && places) {
            bool inside = *k.s == '0' || *k.s == '#' || *k.s == '?';
            s.thousands |= inside;
            s.scaled |= !inside;
        }
        s.percent |= k.c == '%';
        after |= places && !place && k.c != ',' && k.c != '.';
    }
    s.odd |= !places;
    return s;
}

bool xlsx_is_amount(const char *code)
{
    struct shape s = shape_of(code, strlen(code));
    return !s.odd && !s.scaled && s.whole <= 1 && (s.thousands || s.percent);
}

/* Rounds half up, on the digits: "1599.995" to two places is "1600.00"; shift moves the point right (percent). */
static bool round_to(const char *digits, size_t n, unsigned shift, unsigned places, char *whole, char *rest)
{
    char all[96];
    size_t k = 1, point = 0;
    bool dot = false;
    all[0] = '0'; /* room for a carry */
    for (size_t i = 0; i < n && k < sizeof(all) - 24; i++) {
        if (digits[i] == '.') {
            dot = true;
            point = k;
        } else {
            all[k++] = digits[i];
        }
    }
    if (!dot)
        point = k;
    point += shift;
    while (k < point + places + 1 && k < sizeof(all) - 1)
        all[k++] = '0';
    if (point + places + 1 > k || point >= 64 || places > 20)
        return false;
    if (all[point + places] >= '5') {
        size_t i = point + places;
        while (i-- > 0) {
            if (all[i] < '9') {
                all[i]++;
                break;
            }
            all[i] = '0';
        }
    }
    size_t from = 0;
    while (from + 1 < point && all[from] == '0')
        from++;
    memcpy(whole, all + from, point - from);
    whole[point - from] = '\0';
    memcpy(rest, all + point, places);
    rest[places] = '\0';
    return true;
}

static size_t put_number(const struct shape *s, const char *whole, const char *rest, char *out)
{
    size_t n = strlen(whole), m = 0;
    if (s->whole == 0 && n == 1 && whole[0] == '0')
        n = 0;
    for (size_t i = 0; i < n; i++) {
        out[m++] = whole[i];
        if (s->thousands && (n - i) % 3 == 1 && i + 1 < n)
            out[m++] = ',';
    }
    if (s->decimals) {
        out[m++] = '.';
        memcpy(out + m, rest, strlen(rest));
        m += strlen(rest);
    }
    return m;
}

/* "[$¥-411]": the sign of a currency stands between '$' and '-'. */
static size_t currency(const char *s, const char *end, char *out, size_t cap)
{
    size_t n = 0;
    if (s + 1 >= end || s[0] != '[' || s[1] != '$')
        return 0;
    for (s += 2; s < end && *s != '-' && *s != ']' && n < cap; s++)
        out[n++] = *s;
    return n;
}

size_t xlsx_amount(const char *code, const char *digits, size_t n, char out[XLSX_NUMBER])
{
    bool minus = n && digits[0] == '-', own_sign, placed = false;
    char whole[96], rest[32];
    const char *begin;
    double v = 0;
    digits += minus;
    n -= minus;
    size_t length = n;
    const char *dot = memchr(digits, '.', n);
    if (dot)
        length = (size_t)(dot - digits);
    if (length > AMOUNT_DIGITS - (dot == NULL) || n == 0)
        return 0;
    for (size_t i = 0; i < n; i++)
        v = digits[i] == '.' ? v : v * 10 + (digits[i] - '0'); /* only its sign and zero are asked */
    size_t len = xlsx_section(code, minus ? -v : v, &begin, &own_sign), m = 0;
    struct shape s = shape_of(begin, len);
    if (s.odd || s.scaled || len > XLSX_NUMBER / 4 || !round_to(digits, n, s.percent ? 2 : 0, s.decimals, whole, rest))
        return 0;
    if (minus && !own_sign)
        out[m++] = '-';
    struct xlsx_scan k = { .s = begin };
    for (const char *at = begin;; at = k.s) {
        const char *bracket = !k.quoted && *at == '[' ? at : NULL;
        if (at >= begin + len || !xlsx_scan_next(&k) || k.s > begin + len)
            break;
        if (bracket)
            m += currency(bracket, begin + len, out + m, 16);
        bool part = !k.literal && strchr("0#?.,", k.c);
        if (part && !placed)
            m += put_number(&s, whole, rest, out + m);
        placed |= part;
        if (!part)
            out[m++] = k.c;
        if (m > XLSX_NUMBER - 160)
            return 0;
    }
    return placed ? m : 0;
}

/* ---------------------------------------------------------------- eras */

struct era {
    long year;     /* its first year is this one + 1 */
    unsigned from; /* yyyymmdd of its first day */
    const char *letter, *kanji;
};

/* One step a section and a mark. NOLINTNEXTLINE(readability-function-cognitive-complexity) */
size_t xlsx_era(const char *code, long year, unsigned month, unsigned day, char out[XLSX_NUMBER])
{
    static const struct era ERAS[] = { { 2018, 20190501, "R", "令和" },
                                       { 1988, 19890108, "H", "平成" },
                                       { 1925, 19261225, "S", "昭和" },
                                       { 1911, 19120730, "T", "大正" },
                                       { 1867, 18681023, "M", "明治" } };
    const struct era *e = NULL;
    unsigned long date = (unsigned long)year * 10000 + month * 100 + day;
    for (size_t i = 0; i < 5 && !e; i++)
        if (date >= ERAS[i].from)
            e = &ERAS[i];
    if (!e || year < 0)
        return 0;
    size_t m = 0;
    struct xlsx_scan k = { .s = code };
    while (xlsx_scan_next(&k) && m < XLSX_NUMBER - 64) {
        char c = (char)(k.c | 32);
        unsigned run = 1;
        if (!k.literal && k.c == ';')
            break;
        if (k.literal || !strchr("gremdy", c) || !c) {
            if (!k.literal && (c == 'h' || c == 's' || c == 'a')) /* a time of day is left out */
                break;
            out[m++] = k.c;
            continue;
        }
        while ((*k.s | 32) == c) {
            k.s++;
            run++;
        }
        int n = 0;
        if (c == 'g') /* g M, gg 明, ggg 明治 */
            n = snprintf(out + m, 16, "%.*s", run == 1 ? 1 : run == 2 ? 3 : 6, run == 1 ? e->letter : e->kanji);
        else if (c == 'e' || c == 'r')
            n = snprintf(out + m, 24, run > 1 ? "%02ld" : "%ld", year - e->year);
        else if (c == 'y')
            n = snprintf(out + m, 24, run > 2 ? "%04ld" : "%02ld", run > 2 ? year : year % 100);
        else if (run <= 2)
            n = snprintf(out + m, 24, run > 1 ? "%02u" : "%u", c == 'm' ? month : day);
        m += n > 0 ? (size_t)n : 0;
    }
    while (m && (out[m - 1] == ' ' || out[m - 1] == '/' || out[m - 1] == '.'))
        m--;
    return m;
}
