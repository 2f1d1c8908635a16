#include "detect/engine.h"

#include <string.h>

/* Dates as people write them. Eras by day: identifier rules, section 7; on the two days on which eras meet both are in
 * use. */

static const struct {
    const char *kanji, *shorter; /* 昭和, 昭 */
    char letter, code;           /* S, 3 */
    int offset;                  /* year 1 is offset + 1 */
    long first, last;            /* days since 1970-01-01 */
} ERAS[] = {
    { "明治", "明", 'M', '1', 1867, -37231, -20974 }, /* 1868-01-25 .. 1912-07-30 */
    { "大正", "大", 'T', '2', 1911, -20974, -15713 }, /* 1912-07-30 .. 1926-12-25 */
    { "昭和", "昭", 'S', '3', 1925, -15713, 6946 },   /* 1926-12-25 .. 1989-01-07 */
    { "平成", "平", 'H', '4', 1988, 6947, 18016 },    /* 1989-01-08 .. 2019-04-30 */
    { "令和", "令", 'R', '5', 2018, 18017, 2932896 }, /* 2019-05-01 .. 9999-12-31 */
};
#define N_ERAS (sizeof(ERAS) / sizeof(ERAS[0]))
#define FIRST_YEAR 1868
#define LAST_YEAR 2199 /* what is later is no date in an office file */

static long day_number(int y, int m, int d) /* Gregorian; Howard Hinnant's days_from_civil */
{
    y -= m <= 2;
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return (long)era * 146097 + doe - 719468;
}

static bool make_day(int y, int m, int d, long *day)
{
    static const unsigned char LENGTH[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (m < 1 || m > 12 || d < 1)
        return false;
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (d > LENGTH[m - 1] + (m == 2 && leap))
        return false;
    *day = day_number(y, m, d);
    return true;
}

static bool era_day(size_t era, int y, int m, int d, long *day)
{
    return y >= 1 && make_day(ERAS[era].offset + y, m, d, day) && *day >= ERAS[era].first && *day <= ERAS[era].last;
}

struct reader {
    const char *p, *end;
};

static bool lit(struct reader *r, const char *s)
{
    size_t n = strlen(s);
    if ((size_t)(r->end - r->p) < n || memcmp(r->p, s, n) != 0)
        return false;
    r->p += n;
    return true;
}

static void spaces(struct reader *r)
{
    for (int i = 0; i < 3 && r->p < r->end && *r->p == ' '; i++)
        r->p++;
}

/* min to max digits, no more following. */
static bool num(struct reader *r, int min, int max, int *v)
{
    int n = 0;
    *v = 0;
    while (r->p + n < r->end && r->p[n] >= '0' && r->p[n] <= '9') {
        if (++n > max)
            return false;
        *v = *v * 10 + r->p[n - 1] - '0';
    }
    r->p += n;
    return n >= min;
}

/* "(1980年)" beside 年, as forms print it. */
static void other_era(struct reader *r)
{
    struct reader at = *r;
    spaces(&at);
    if (!lit(&at, "("))
        return;
    for (int i = 0; i < 24 && at.p < at.end && *at.p != '\n'; i++)
        if (*at.p++ == ')') {
            *r = at;
            return;
        }
}

/* Month and day behind the year. kanji: 1月2日, else one separator of ./- that stays the same. */
static bool month_day(struct reader *r, int *m, int *d)
{
    other_era(r);
    spaces(r);
    if (lit(r, "年")) {
        other_era(r);
        spaces(r);
        if (!num(r, 1, 2, m))
            return false;
        spaces(r);
        if (!lit(r, "月"))
            return false;
        spaces(r);
        if (!num(r, 1, 2, d))
            return false;
        spaces(r);
        return lit(r, "日");
    }
    if (r->p >= r->end || !strchr("./-", *r->p) || !*r->p)
        return false;
    char sep[2] = { *r->p++, 0 };
    spaces(r);
    if (!num(r, 1, 2, m))
        return false;
    spaces(r);
    if (!lit(r, sep))
        return false;
    spaces(r);
    return num(r, 1, 2, d);
}

/* 1 to 99, or 元 for 1. */
static bool era_year(struct reader *r, int *y)
{
    spaces(r);
    if (lit(r, "元")) {
        *y = 1;
        return true;
    }
    return num(r, 1, 2, y);
}

static bool read_era(struct reader *r, size_t *era)
{
    for (size_t i = 0; i < N_ERAS; i++)
        if (lit(r, ERAS[i].kanji) || lit(r, ERAS[i].shorter)) {
            *era = i;
            return true;
        }
    if (r->p >= r->end)
        return false;
    char c = *r->p;
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    for (size_t i = 0; i < N_ERAS; i++)
        if (c == ERAS[i].letter) {
            r->p++;
            lit(r, ".");
            *era = i;
            return true;
        }
    return false;
}

/* A number that goes on is no date: 1980/1/23 is not 1980/1/2, 2024.10.1.5 is a version. */
static bool ends(const struct reader *r)
{
    if (r->p >= r->end)
        return true;
    if (*r->p >= '0' && *r->p <= '9')
        return false;
    return !(r->end - r->p >= 2 && strchr("./-", *r->p) && *r->p && r->p[1] >= '0' && r->p[1] <= '9');
}

static size_t bare_digits(const char *s, size_t n, long *day)
{
    size_t k = 0;
    while (k < n && k < 9 && s[k] >= '0' && s[k] <= '9')
        k++;
    int v[8];
    for (size_t i = 0; i < k && i < 8; i++)
        v[i] = s[i] - '0';
    if (k == 8) {
        int y = v[0] * 1000 + v[1] * 100 + v[2] * 10 + v[3];
        return y >= FIRST_YEAR && y <= LAST_YEAR && make_day(y, v[4] * 10 + v[5], v[6] * 10 + v[7], day) &&
                       *day >= ERAS[0].first
                   ? 8
                   : 0;
    }
    if (k == 7)
        for (size_t i = 0; i < N_ERAS; i++)
            if (s[0] == ERAS[i].code)
                return era_day(i, v[1] * 10 + v[2], v[3] * 10 + v[4], v[5] * 10 + v[6], day) ? 7 : 0;
    return 0;
}

/* S330303: prescriptions and notebooks (JAHIS) write eras so. */
static size_t bare_era(const char *s, size_t n, long *day)
{
    struct reader r = { s, s + n };
    size_t era, k = 1;
    while (k < n && k < 8 && s[k] >= '0' && s[k] <= '9')
        k++;
    if (k != 7 || (n > 7 && ((s[7] >= 'A' && s[7] <= 'Z') || (s[7] >= 'a' && s[7] <= 'z'))) || !read_era(&r, &era))
        return 0;
    const char *d = s + 1;
    return era_day(era, (d[0] - '0') * 10 + d[1] - '0', (d[2] - '0') * 10 + d[3] - '0', (d[4] - '0') * 10 + d[5] - '0',
                   day)
               ? 7
               : 0;
}

size_t sk_date_read(const char *s, size_t n, bool bare, long *day)
{
    struct reader r = { s, s + n };
    int y, m, d;
    size_t era;
    if (n == 0)
        return 0;
    if (*s >= '0' && *s <= '9') {
        if (num(&r, 4, 4, &y) && y >= FIRST_YEAR && y <= LAST_YEAR && month_day(&r, &m, &d) && ends(&r) &&
            make_day(y, m, d, day) && *day >= ERAS[0].first)
            return (size_t)(r.p - s);
        return bare ? bare_digits(s, n, day) : 0;
    }
    if (read_era(&r, &era) && era_year(&r, &y) && month_day(&r, &m, &d) && ends(&r) && era_day(era, y, m, d, day))
        return (size_t)(r.p - s);
    return bare && n >= 7 && s[1] >= '0' && s[1] <= '9' ? bare_era(s, n, day) : 0;
}
