#include "detect/chars.h"
#include "detect/checks.h"
#include "rules/rules.h"

#include <string.h>

/*
 * Does a cell or a form's value hold what its header or label promises? Strict enough that an empty form, a heading or
 * another column's content fails, lenient enough for how offices write. Arithmetic stays in checks.c.
 */

#define VALUE(name) static bool value_##name(const char *s, size_t n, long today)
#define UNUSED_DAY (void)today

size_t sk_compact(const char *s, size_t n, char *out, size_t cap)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] == ' ' || s[i] == '-')
            continue;
        if (!sk_is_alnum(s[i]) || k == cap)
            return 0;
        out[k++] = s[i];
    }
    return k;
}

/* Characters that stand in empty forms, besides all that is neither letter nor digit. */
static bool form_word(const char *s, size_t n, size_t *used)
{
    static const char *const WORDS[] = { "明治", "大正", "昭和", "平成", "令和", "西暦", "年",
                                         "月",   "日",   "生",   "男",   "女",   "様",   "殿",
                                         "印",   "円",   "都",   "道府", "府県", "市区", "町村" };
    if (n < 3) /* each begins with a kanji of E5 to E7 or E9 */
        return false;
    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
        if (s[2] == WORDS[i][2] && sk_has(s, n, WORDS[i])) {
            *used = strlen(WORDS[i]);
            return true;
        }
    return false;
}

/* Letters of any script and digits; signs, boxes, lines, circles and brackets are none. */
static bool wordlike(uint32_t cp)
{
    if (cp < 0x80)
        return sk_is_alnum((char)cp);
    if (sk_is_kanji(cp))
        return cp != 0x3007; /* 〇 as a box */
    return sk_is_hiragana(cp) || (sk_is_katakana(cp) && cp != 0x30FC) || (cp >= 0xC0 && cp < 0x2000) ||
           (cp >= 0xAC00 && cp < 0xD7B0);
}

bool sk_blank_form(const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t used;
        unsigned char c = (unsigned char)s[i];
        if (c < 0x80) { /* first what most cells begin with */
            if (sk_is_alnum((char)c))
                return false;
            i++;
            continue;
        }
        if (c != 0xE3 && form_word(s + i, n - i, &used)) { /* none begins with kana */
            i += used;
            continue;
        }
        size_t k = sk_utf8_next(s + i, n - i, &cp);
        if (wordlike(cp))
            return false;
        i += k;
    }
    return true;
}

bool sk_no_value(const struct sk_word_list *words, const char *s, size_t n)
{
    size_t lo = 0, hi = words != NULL ? words->n : 0;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2, k = strlen(words->words[mid]);
        int order = memcmp(words->words[mid], s, k < n ? k : n);
        if (order == 0 && k == n)
            return true;
        if (order < 0 || (order == 0 && k < n))
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

/* ---- people ---- */

struct shape {                                                       /* of a possible name */
    unsigned chars, kanji, hiragana, katakana, latin, spaces, joins; /* joins: ・ - . ' between words */
    bool other;
};

static struct shape shape_of(const char *s, size_t n)
{
    struct shape h = { 0 };
    for (size_t i = 0; i < n && !h.other;) {
        uint32_t cp;
        i += sk_utf8_next(s + i, n - i, &cp);
        h.chars++;
        if (sk_is_kanji(cp))
            h.kanji++;
        else if (sk_is_hiragana(cp))
            h.hiragana++;
        else if (sk_is_katakana(cp))
            h.katakana++;
        else if (cp == ' ')
            h.spaces++;
        else if (cp == 0x30FB || cp == '-' || cp == '.' || cp == '\'' || cp == '=' || cp == ',')
            h.joins++;
        else if ((cp < 0x80 && sk_is_letter((char)cp)) || (cp >= 0xC0 && cp < 0x250))
            h.latin++;
        else
            h.other = true;
    }
    return h;
}

/* Words in Latin letters that begin as names do; a short word between them may not: Maria dos Santos. */
static bool latin_name(const char *s, size_t n)
{
    bool first = true, last = false, parted = false;
    for (size_t i = 0; i < n;) {
        size_t e = i;
        while (e < n && s[e] != ' ' && s[e] != ',')
            e++;
        unsigned char c = (unsigned char)s[i];
        bool upper = (c >= 'A' && c <= 'Z') || c >= 0xC3;
        if (e > i && !upper && (first || e - i > 3))
            return false;
        last = e > i ? upper : last;
        parted = parted || (!first && e > i);
        first = first && e == i;
        i = e + 1;
    }
    return last && parted;
}

VALUE(name)
{
    UNUSED_DAY;
    if (n < 3 || n > 160)
        return false;
    struct shape h = shape_of(s, n);
    unsigned letters = h.kanji + h.hiragana + h.katakana + h.latin;
    if (h.other || letters < 2 || h.chars > 40 || h.spaces > 4 || sk_blank_form(s, n)) /* 年 月 日 in an empty form */
        return false;
    if (h.latin) /* two words at least: one alone is as well a code or a type name */
        return h.kanji + h.hiragana == 0 && h.latin >= 4 && h.katakana == 0 && latin_name(s, n);
    if (h.katakana && !h.kanji && !h.hiragana)
        return letters >= 3;
    /* Japanese full names have 2 to 8 characters, with few exceptions up to 12; a katakana given name may be longer. */
    return letters <= 12 + h.katakana && (h.hiragana <= 5 || h.spaces > 0) && h.joins <= 2;
}

VALUE(kana)
{
    UNUSED_DAY;
    if (n < 6 || n > 240)
        return false;
    struct shape h = shape_of(s, n);
    return !h.other && h.kanji == 0 && h.latin == 0 && h.katakana + h.hiragana >= 2 &&
           (h.katakana == 0 || h.hiragana == 0);
}

/* A bank writes readings of people in two words, those of companies with their short form: カ)マエバシ. */
VALUE(holder)
{
    return value_kana(s, n, today) && memchr(s, ' ', n) != NULL;
}

VALUE(date)
{
    long day;
    size_t k = sk_date_read(s, n, true, &day);
    if (k == 0 || day > today)
        return false;
    while (k < n && s[k] == ' ')
        k++;
    if (sk_has(s + k, n - k, "生"))
        k += strlen("生");
    if (sk_has(s + k, n - k, "まれ"))
        k += strlen("まれ");
    /* A database's time of day, or the age in brackets. */
    return k == n || s[k] == '(' || (n - k >= 4 && (s[k] == 'T' || sk_is_digit(s[k])) && memchr(s + k, ':', n - k));
}

static bool one_of(const char *s, size_t n, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (n == strlen(words[i]) && memcmp(s, words[i], n) == 0)
            return true;
    return false;
}
#define ONE_OF(s, n, words) one_of(s, n, words, sizeof(words) / sizeof((words)[0]))

VALUE(sex)
{
    UNUSED_DAY;
    static const char *const WORDS[] = { "男", "女", "男性", "女性",   "1",    "2",      "M",    "F",
                                         "m",  "f",  "Male", "Female", "male", "female", "1:男", "2:女" };
    return ONE_OF(s, n, WORDS);
}

VALUE(age)
{
    UNUSED_DAY;
    if (sk_has(s, n, "満")) {
        s += strlen("満");
        n -= strlen("満");
    }
    size_t k = 0;
    int v = 0;
    while (k < n && k < 4 && sk_is_digit(s[k]))
        v = v * 10 + s[k++] - '0';
    if (k == 0 || k > 3 || v > 125)
        return false;
    return k == n || (n - k == strlen("歳") && (sk_has(s + k, n - k, "歳") || sk_has(s + k, n - k, "才")));
}

/* Does one of the characters 都道府県市区町村郡 stand in s? One walk for all. */
static bool administrative(const char *s, size_t n)
{
    static const char *const KINDS[] = { "都", "道", "府", "県", "市", "区", "町", "村", "郡" };
    for (size_t i = 0; i + 3 <= n; i++) {
        if ((unsigned char)s[i] < 0xE5 || (unsigned char)s[i] > 0xE9)
            continue;
        for (size_t k = 0; k < sizeof(KINDS) / sizeof(KINDS[0]); k++)
            if (memcmp(s + i, KINDS[k], 3) == 0)
                return true;
    }
    return false;
}

VALUE(address)
{
    UNUSED_DAY;
    if (n < 9 || n > 600 || sk_blank_form(s, n) || sk_within(s, n, "。"))
        return false;
    if (n > 9 && administrative(s + 3, n - 3))
        return true;
    /* Without its municipality, as local offices write: 中里1-2-3. */
    return n >= 8 && (unsigned char)s[0] >= 0xE3 && memchr(s, '-', n) && sk_is_digit(s[n - 1]);
}

/* ---- numbers ---- */

VALUE(postal)
{
    if (sk_has(s, n, "〒")) {
        s += strlen("〒");
        n -= strlen("〒");
    }
    char v[8];
    size_t k = sk_compact(s, n, v, sizeof(v));
    return k == 7 && n <= 10 && sk_check_postal7(v, k, today);
}

/* Domestic digits of a written telephone number; 0 when it is none. */
static size_t phone_digits(const char *s, size_t n, char out[12])
{
    size_t k = 0, i = 0;
    if (sk_has(s, n, "+81")) {
        out[k++] = '0';
        i = 3;
    }
    for (; i < n; i++) {
        if (strchr(" -()", s[i]) && s[i])
            continue;
        if (!sk_is_digit(s[i]) || k == 11)
            return 0;
        if (k == 1 && i > 3 && out[0] == '0' && s[0] == '+' && s[i] == '0')
            continue; /* +81-(0)3 */
        out[k++] = s[i];
    }
    return k;
}

VALUE(phone)
{
    char v[12];
    size_t k = phone_digits(s, n, v);
    return k > 0 && n <= 24 && sk_check_phone(v, k, today);
}

VALUE(email)
{
    return sk_check_email(s, n, today);
}

static bool compact_check(const char *s, size_t n, long today, sk_check check)
{
    char v[20];
    size_t k = sk_compact(s, n, v, sizeof(v));
    return k > 0 && n <= k + 6 && !sk_one_digit(v, k) && check(v, k, today);
}

/* Twelve digits in one piece, in groups, or each in its box. */
VALUE(my_number)
{
    char v[12];
    size_t k = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t used = sk_utf8_next(s + i, n - i, &cp);
        if (cp < 0x80 && sk_is_digit((char)cp)) {
            if (k == sizeof(v))
                return false;
            v[k++] = (char)cp;
        } else if (cp != ' ' && cp != '-' && cp != '|' && cp != 0x2502 && cp != 0x2503) {
            return false;
        }
        i += used;
    }
    return k == 12 && !sk_one_digit(v, k) && sk_check_my_number(v, k, today);
}

/* 記号 or 番号 alone: short, insurer-defined, may hold kana and kanji (石あ, 国保い). */
VALUE(symbol)
{
    UNUSED_DAY;
    if (n == 0 || n > 60 || sk_blank_form(s, n))
        return false;
    unsigned digits = 0, others = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t k = sk_utf8_next(s + i, n - i, &cp);
        if (cp < 0x80 && sk_is_digit((char)cp))
            digits++;
        else if (wordlike(cp))
            others++;
        else if (!strchr(" -./()", cp < 0x80 ? (int)cp : '!') && cp != 0x30FB && !(cp >= 0x2460 && cp <= 0x24FF))
            return false;
        i += k;
    }
    return digits ? digits <= 19 && others <= 8 : others <= 6;
}

VALUE(symbol_number)
{
    unsigned digits = 0;
    for (size_t i = 0; i < n; i++)
        digits += sk_is_digit(s[i]);
    long day;
    return digits >= 2 && value_symbol(s, n, today) && sk_date_read(s, n, false, &day) == 0;
}

VALUE(branch)
{
    UNUSED_DAY;
    return (n == 1 || n == 2) && sk_is_digit(s[0]) && (n == 1 || sk_is_digit(s[1]));
}

/* 後期 8 digits, 介護 10 digits or H and 9. */
VALUE(insured_no)
{
    char v[12];
    size_t k = sk_compact(s, n, v, sizeof(v));
    if (k == 0 || k != n || sk_one_digit(v, k))
        return false;
    if (k == 10)
        return sk_check_kaigo_hihokensha10(v, k, today);
    for (size_t i = 0; i < k; i++)
        if (!sk_is_digit(v[i]))
            return false;
    return k == 8;
}

VALUE(insurer)
{
    char v[9];
    size_t k = sk_compact(s, n, v + 1, 8);
    if (k == 0 || n > k + 2)
        return false;
    if (sk_check_insurer(v + 1, k, today))
        return true;
    v[0] = '0'; /* a spreadsheet has eaten the first zero */
    return (k == 5 || k == 7) && sk_check_insurer(v, k + 1, today);
}

VALUE(payer)
{
    char v[9];
    size_t k = sk_compact(s, n, v, sizeof(v));
    return k == 8 && !sk_one_digit(v, k) && sk_check_payer(v, k, today);
}

VALUE(digits)
{
    UNUSED_DAY;
    char v[24];
    size_t k = sk_compact(s, n, v, sizeof(v));
    if (k < 2 || k > 22)
        return false;
    for (size_t i = 0; i < k; i++)
        if (!sk_is_digit(v[i]))
            return false;
    return n <= k + 4;
}

#define COMPACT(name, check)                                                                                           \
    VALUE(name)                                                                                                        \
    {                                                                                                                  \
        return compact_check(s, n, today, check);                                                                      \
    }
COMPACT(juki, sk_check_jumin11)
COMPACT(pension, sk_check_kiso_nenkin)
COMPACT(licence, sk_check_licence12)
COMPACT(passport, sk_check_passport9)
COMPACT(residence_card, sk_check_zairyu12)
COMPACT(employment, sk_check_koyo_hihokensha)
COMPACT(card, sk_check_credit_card)

/* ゆうちょ銀行 総合口座: 番号 of up to eight digits that end in 1. */
VALUE(postal_number)
{
    UNUSED_DAY;
    return n >= 2 && n <= 8 && s[n - 1] == '1' && value_digits(s, n, 0);
}

bool sk_is_postal_account(struct sk_bytes symbol, struct sk_bytes number)
{
    const char *s = (const char *)symbol.p;
    return symbol.n == 5 && s[0] == '1' && s[4] == '0' && value_digits(s, symbol.n, 0) &&
           value_postal_number((const char *)number.p, number.n, 0);
}

/* Both, or the number alone where the 記号 has a column of its own. */
VALUE(yucho)
{
    return compact_check(s, n, today, sk_check_yucho) || (n >= 6 && value_postal_number(s, n, today));
}

/* 群馬 本店 普通 2345671: bank, branch and kind in front of the number. */
size_t sk_account_begins(const char *s, size_t n)
{
    static const char *const KINDS[] = { "普通預金", "当座預金", "貯蓄預金", "普通", "当座", "貯蓄", "(普)", "(当)" };
    size_t begin = 0;
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]) && begin == 0; i++) {
        size_t k = strlen(KINDS[i]), at = sk_find(sk_bytes(s, n), 0, KINDS[i], k);
        begin = at == SIZE_MAX ? 0 : at + k;
    }
    while (begin != 0 && begin < n && (s[begin] == ' ' || s[begin] == ')' || s[begin] == ':'))
        begin++;
    return begin < n ? begin : 0;
}

VALUE(account)
{
    size_t from = n <= 120 ? sk_account_begins(s, n) : 0;
    return compact_check(s + from, n - from, today, sk_check_account_number);
}

COMPACT(office, sk_check_kaigo_jigyosho10)
COMPACT(corporate, sk_check_houjin13)

/* The ten digits with their check, or the seven alone, which only check themselves in four prefectures. */
VALUE(facility)
{
    char v[11];
    size_t k = sk_compact(s, n, v, sizeof(v));
    if (k == 10)
        return sk_check_iryokikan10(v, k, today);
    return k == 7 && value_digits(v, 7, today) && !sk_one_digit(v, 7);
}

/* ---- care ---- */

VALUE(text)
{
    UNUSED_DAY;
    return n > 0 && n <= 1200 && !sk_blank_form(s, n);
}

VALUE(disease_code)
{
    UNUSED_DAY;
    if (n == 0 || (n != 7 && n % 4 != 0) || n > 80)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!sk_is_digit(s[i]))
            return false;
    return true;
}

VALUE(icd10)
{
    return sk_check_icd10(s, n, today);
}

VALUE(drug_code)
{
    return sk_check_iyakuhin9(s, n, today) || sk_check_yakka12(s, n, today) || sk_check_ippanmei12(s, n, today) ||
           sk_check_hot9(s, n, today) || sk_check_hot13(s, n, today) || sk_check_hot7(s, n, today);
}

/* 120, 5.4, <0.3, 65.5kg, (-), 1+, ±: what a laboratory or a scale says. */
VALUE(measure)
{
    UNUSED_DAY;
    static const char *const WORDS[] = { "-",    "+",    "++", "+++", "±",  "(-)",  "(+)", "(±)",
                                         "(2+)", "(3+)", "1+", "2+",  "3+", "陰性", "陽性" };
    if (ONE_OF(s, n, WORDS))
        return true;
    size_t i = n > 0 && (s[0] == '<' || s[0] == '>') ? 1 : 0, from = i;
    while (i < n && sk_is_digit(s[i]))
        i++;
    if (i == from || i - from > 5)
        return false;
    if (i < n && s[i] == '.') {
        size_t point = ++i;
        while (i < n && sk_is_digit(s[i]))
            i++;
        if (i == point || i - point > 3)
            return false;
    }
    /* A unit may follow, no second number. */
    for (size_t k = i; k < n; k++)
        if (sk_is_digit(s[k]) && k - i < 2)
            return false;
    return n - i <= 12;
}

VALUE(care_level)
{
    UNUSED_DAY;
    static const char *const CODES[] = { "01", "06", "11", "12",   "13",     "21",         "22",
                                         "23", "24", "25", "自立", "非該当", "事業対象者", "経過的要介護" };
    if (ONE_OF(s, n, CODES))
        return true;
    size_t k = sk_has(s, n, "要介護") || sk_has(s, n, "要支援") ? strlen("要介護") : 0;
    while (k && k < n && s[k] == ' ')
        k++;
    return k && n - k == 1 && s[k] >= '1' && s[k] <= '5';
}

VALUE(count)
{
    UNUSED_DAY;
    size_t digits = 0;
    for (size_t i = 0; i < n; i++) {
        if (sk_is_digit(s[i]))
            digits++;
        else if (s[i] != ',' && !(i == 0 && s[i] == '-' && n > 1))
            return sk_has(s + i, n - i, "人") && digits && n - i == strlen("人");
    }
    return digits > 0 && digits <= 15;
}

VALUE(hex)
{
    UNUSED_DAY;
    if (n < 16 || n > 128)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!sk_is_digit(s[i]) && !(s[i] >= 'a' && s[i] <= 'f') && !(s[i] >= 'A' && s[i] <= 'F') && s[i] != '-')
            return false;
    return true;
}

static const struct {
    const char *name;
    sk_value value;
} VALUES[] = {
#define X(name) { #name, value_##name },
#include "detect/values.def"
#undef X
};

sk_value sk_value_find(const char *name)
{
    for (size_t i = 0; i < sizeof(VALUES) / sizeof(VALUES[0]); i++)
        if (strcmp(VALUES[i].name, name) == 0)
            return VALUES[i].value;
    return NULL;
}
