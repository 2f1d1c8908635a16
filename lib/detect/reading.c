#include "detect/reading.h"

#include "detect/chars.h"

#define LONGEST_TEXT 180u /* bytes of a free value: a disease, a drug; more is a sentence */

struct stretch {
    const char *t;
    uint32_t b, e;
    struct sk_kind kind;
    long today;
};

struct sk_kind sk_kind_find(const char *name)
{
    static const struct {
        const char *name;
        enum sk_reading reading;
    } SPECIAL[] = { { "name", SK_READ_NAME }, { "kana", SK_READ_NAME },       { "date", SK_READ_DATE },
                    { "text", SK_READ_TEXT }, { "account", SK_READ_ACCOUNT }, { "address", SK_READ_ADDRESS } };
    struct sk_kind kind = { sk_value_find(name), SK_READ_ANY };
    for (size_t i = 0; i < sizeof(SPECIAL) / sizeof(SPECIAL[0]); i++)
        if (strcmp(SPECIAL[i].name, name) == 0)
            kind.reading = SPECIAL[i].reading;
    return kind;
}

static bool starts(const struct stretch *x, uint32_t p, const char *lit)
{
    return sk_has(x->t + p, x->e - p, lit);
}

/* Honorifics behind a name, and the particles of a sentence that goes on. */
static void without_honorific(struct stretch *x)
{
    static const char *const TAILS[] = { "について", "に関する", "である", "です", "様", "殿", "さん", "ちゃん", "氏",
                                         "先生",     "さま",     "の",     "は",   "が", "を", "に",   "と" };
    for (size_t i = 0; i < sizeof(TAILS) / sizeof(TAILS[0]); i++) {
        uint32_t cp = 0, k = (uint32_t)strlen(TAILS[i]);
        if (x->e - x->b < k + 6 || !sk_has_behind(x->t + x->b, x->e - x->b, TAILS[i]))
            continue;
        sk_utf8_prev(x->t, x->e - k, &cp);
        if (i > 3 && k == 3 && sk_is_hiragana(cp) && i > 10) /* はな子は: a hiragana name keeps its last character */
            continue;
        x->e -= k;
        sk_trim(x->t, &x->b, &x->e);
        return;
    }
}

static bool holds(struct stretch x, uint32_t *from, uint32_t *to)
{
    sk_trim(x.t, &x.b, &x.e);
    if (x.b >= x.e)
        return false;
    if (x.kind.reading == SK_READ_NAME)
        without_honorific(&x);
    if (!x.kind.value(x.t + x.b, x.e - x.b, x.today))
        return false;
    if (x.kind.reading == SK_READ_ACCOUNT)
        x.b += (uint32_t)sk_account_begins(x.t + x.b, x.e - x.b);
    *from = x.b;
    *to = x.e;
    return true;
}

/* Position of the first of these in [b, e), e when there is none. */
static uint32_t cut_at(const struct stretch *x, const char *const *marks, size_t n)
{
    for (uint32_t p = x->b; p < x->e; p++) {
        if (((unsigned char)x->t[p] & 0xC0) == 0x80)
            continue;
        for (size_t i = 0; i < n; i++)
            if (starts(x, p, marks[i]))
                return p;
    }
    return x->e;
}
#define CUT(x, marks) cut_at(x, marks, sizeof(marks) / sizeof((marks)[0]))

static uint32_t behind_words(const struct stretch *x, int words)
{
    uint32_t p = x->b;
    while (p < x->e && words-- > 0) {
        while (p < x->e && x->t[p] == ' ')
            p++;
        while (p < x->e && x->t[p] != ' ')
            p++;
    }
    return p;
}

static bool read_date(const struct stretch *x, uint32_t *from, uint32_t *to)
{
    static const char *const KINDS[] = { "西暦", "和暦", "(西暦)", "(和暦)" };
    struct stretch y = *x;
    long day;
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++)
        if (starts(&y, y.b, KINDS[i]))
            y.b += (uint32_t)strlen(KINDS[i]);
    sk_trim(y.t, &y.b, &y.e);
    size_t k = y.b < y.e ? sk_date_read(y.t + y.b, y.e - y.b, true, &day) : 0;
    if (!k || day > y.today)
        return false;
    *from = y.b;
    *to = y.b + (uint32_t)k;
    return true;
}

bool sk_read_value(const char *text, uint32_t begin, uint32_t end, const struct sk_kind *kind, long today,
                   uint32_t *from, uint32_t *to)
{
    static const char *const COLUMNS[] = { "  ", "\t", "|", "\n" };
    static const char *const NOTES[] = { "(", ",", ";", "、", "。", "[", "【", "<", "→", "※" };
    struct stretch x = { text, begin, end, *kind, today };
    if (!kind->value)
        return false;
    while (x.b < x.e && (sk_is_space(text[x.b]) || text[x.b] == ':' || text[x.b] == '=' || text[x.b] == '|'))
        x.b++;
    static const char *const OPEN[] = { "「", "『", "【", "[" };
    for (size_t i = 0; i < sizeof(OPEN) / sizeof(OPEN[0]); i++)
        if (starts(&x, x.b, OPEN[i])) {
            static const char *const CLOSE[] = { "」", "』", "】", "]" };
            x.b += (uint32_t)strlen(OPEN[i]);
            x.e = cut_at(&x, &CLOSE[i], 1);
        }
    if (x.e - x.b > 600)
        x.e = x.b + 600;
    if (kind->reading == SK_READ_DATE)
        return read_date(&x, from, to);
    if (kind->reading == SK_READ_TEXT) {
        x.e = CUT(&x, COLUMNS);
        return x.e - x.b <= LONGEST_TEXT && holds(x, from, to);
    }
    struct stretch y = x;
    if (kind->reading != SK_READ_ADDRESS && holds(y, from, to))
        return true;
    y.e = CUT(&x, COLUMNS);
    if (holds(y, from, to))
        return true;
    y.e = CUT(&y, NOTES);
    if (holds(y, from, to))
        return true;
    for (int words = 2; words > 0; words--) {
        struct stretch z = y;
        z.e = behind_words(&y, words);
        if (holds(z, from, to))
            return true;
    }
    return false;
}
