#include "detect/checks.h"

#include <string.h>

/*
 * Check digits and shapes. Rules and their evidence: domain paper "identifier rules", sections 1 to 8; the arithmetic
 * is the one of its section 0.1 (MHLW 検証番号, 平成26年総務省令第85号 第5条, ICAO 9303, JAN, Luhn).
 */

static bool digits(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] < '0' || s[i] > '9')
            return false;
    return true;
}

static bool all_digits(const char *s, size_t n, size_t want)
{
    return n == want && digits(s, n);
}

static bool upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static int two(const char *s)
{
    return (s[0] - '0') * 10 + s[1] - '0';
}

bool sk_one_digit(const char *s, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (s[i] != s[0])
            return false;
    return n > 0;
}

/* Value in care office numbers: I, O, Q are not used, so that H = 17, J = 18, ..., Z = 32; -1 for those. */
static int care_value(char c)
{
    if (digit(c))
        return c - '0';
    if (!upper(c) || c == 'I' || c == 'O' || c == 'Q')
        return -1;
    return c - 'A' + 10 - (c > 'I') - (c > 'O') - (c > 'Q');
}

/* 「モジュラス10 ウェイト2-1分割」: weights 2, 1, 2 ... from the right, the digits of each product added. -1: a letter
 * without value. */
static int m10w21(const char *s, size_t n)
{
    int total = 0;
    for (size_t i = 0; i < n; i++) {
        int v = care_value(s[n - 1 - i]);
        if (v < 0)
            return -1;
        int p = i % 2 == 0 ? v * 2 : v;
        total += p / 10 + p % 10;
    }
    return (10 - total % 10) % 10;
}

static bool luhn(const char *s, size_t n)
{
    return m10w21(s, n - 1) == s[n - 1] - '0';
}

/* Sum with weights 2 to 7 from the right, again and again, modulo 11: 個人番号, 住民票コード, 運転免許証, 団体コード.
 */
static int m11(const char *s, size_t n)
{
    int total = 0;
    for (size_t i = 0; i < n; i++)
        total += (s[n - 1 - i] - '0') * (int)(i % 6 + 2);
    return total % 11;
}

static int m11_my(const char *s, size_t n)
{
    int r = m11(s, n);
    return r <= 1 ? 0 : 11 - r;
}

static int m11_licence(const char *s, size_t n)
{
    return (11 - m11(s, n)) % 10;
}

static bool prefecture(const char *s)
{
    int p = two(s);
    return p >= 1 && p <= 47;
}

static bool in_set(int v, const unsigned char *set, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (set[i] == v)
            return true;
    return false;
}
#define IN(v, set) in_set(v, set, sizeof(set))

static const unsigned char LAW_INSURER[] = { 1, 2, 3, 4, 6, 7, 31, 32, 33, 34, 39, 63, 67, 72, 73, 74, 75 };
static const unsigned char LAW_EXPENSE[] = { 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
                                             24, 25, 28, 29, 30, 38, 51, 52, 53, 54, 62, 66, 79 };
static const unsigned char POLICE_BOARD[] = { 10, 11, 12, 13, 14, 20, 21, 22, 23, 24, 25, 30, 40, 41, 42, 43, 44,
                                              45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 60, 61, 62, 63, 64, 65,
                                              70, 71, 72, 73, 74, 80, 81, 82, 83, 90, 91, 92, 93, 94, 95, 96, 97 };

/* 埼玉, 千葉, 東京, 神奈川: the seven digits of an institution check themselves (measured on 906 of 906 published
 * numbers). */
static bool self_checked_prefecture(const char *s)
{
    return two(s) >= 11 && two(s) <= 14;
}

#define CHECK(name) bool sk_check_##name(const char *s, size_t n, long today)
#define UNUSED_DAY (void)today

CHECK(hokensha6)
{
    UNUSED_DAY;
    return all_digits(s, n, 6) && prefecture(s) && luhn(s, 6);
}

CHECK(hokensha8)
{
    UNUSED_DAY;
    return all_digits(s, n, 8) && IN(two(s), LAW_INSURER) && prefecture(s + 2) && luhn(s, 8);
}

CHECK(hokensha8_padded)
{
    return all_digits(s, n, 8) && s[0] == '0' && s[1] == '0' && sk_check_hokensha6(s + 2, 6, today);
}

CHECK(kouki_hihokensha8)
{
    UNUSED_DAY;
    return all_digits(s, n, 8) && luhn(s, 8);
}

CHECK(kaigo_hokensha6)
{
    return sk_check_hokensha6(s, n, today);
}

CHECK(kaigo_hihokensha10)
{
    UNUSED_DAY;
    return n == 10 && (digit(s[0]) || s[0] == 'H') && digits(s + 1, 9);
}

CHECK(kouhi_futan8)
{
    UNUSED_DAY;
    return all_digits(s, n, 8) && IN(two(s), LAW_EXPENSE) && prefecture(s + 2) && luhn(s, 8);
}

CHECK(kouhi_jukyu7)
{
    UNUSED_DAY;
    return all_digits(s, n, 7) && luhn(s, 7);
}

CHECK(iryokikan10)
{
    UNUSED_DAY;
    if (!all_digits(s, n, 10) || !prefecture(s) || !strchr("1346", s[2]))
        return false;
    return luhn(s, 10) || (self_checked_prefecture(s) && luhn(s + 3, 7));
}

CHECK(kaigo_jigyosho10)
{
    UNUSED_DAY;
    if (n != 10 || !digits(s, 2) || !digits(s + 3, 7) || care_value(s[2]) < 0 || !prefecture(s))
        return false;
    if (m10w21(s, 9) == s[9] - '0')
        return true;
    return self_checked_prefecture(s) && digit(s[2]) && strchr("134569", s[2]) && luhn(s + 3, 7);
}

CHECK(my_number)
{
    UNUSED_DAY;
    return all_digits(s, n, 12) && m11_my(s, 11) == s[11] - '0';
}

CHECK(jumin11)
{
    UNUSED_DAY;
    return all_digits(s, n, 11) && m11_my(s, 10) == s[10] - '0';
}

CHECK(houjin13)
{
    UNUSED_DAY;
    if (!all_digits(s, n, 13) || s[0] == '0')
        return false;
    int total = 0;
    for (int i = 0; i < 12; i++)
        total += (s[12 - i] - '0') * (i % 2 == 0 ? 1 : 2);
    return 9 - total % 9 == s[0] - '0';
}

CHECK(lgcode6)
{
    UNUSED_DAY;
    return all_digits(s, n, 6) && prefecture(s) && m11_licence(s, 5) == s[5] - '0';
}

CHECK(licence12)
{
    UNUSED_DAY;
    return all_digits(s, n, 12) && IN(two(s), POLICE_BOARD) && m11_licence(s, 10) == s[10] - '0';
}

CHECK(passport9)
{
    UNUSED_DAY;
    return n == 9 && upper(s[0]) && upper(s[1]) && digits(s + 2, 7);
}

/* ICAO 9303: weights 7, 3, 1; A = 10 ... Z = 35, '<' = 0. */
static int icao(const char *s, size_t n)
{
    static const int WEIGHT[3] = { 7, 3, 1 };
    int total = 0;
    for (size_t i = 0; i < n; i++)
        total += (digit(s[i]) ? s[i] - '0' : upper(s[i]) ? s[i] - 'A' + 10 : 0) * WEIGHT[i % 3];
    return total % 10;
}

CHECK(passport_mrz2)
{
    UNUSED_DAY;
    if (n != 44)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!digit(s[i]) && !upper(s[i]) && s[i] != '<')
            return false;
    return memcmp(s + 10, "JPN", 3) == 0 && icao(s, 9) == s[9] - '0' && icao(s + 13, 6) == s[19] - '0' &&
           icao(s + 21, 6) == s[27] - '0';
}

CHECK(zairyu12)
{
    UNUSED_DAY;
    return n == 12 && upper(s[0]) && upper(s[1]) && digits(s + 2, 8) && upper(s[10]) && upper(s[11]);
}

CHECK(kiso_nenkin)
{
    UNUSED_DAY;
    if (n == 11)
        return digits(s, 4) && s[4] == '-' && digits(s + 5, 6);
    return all_digits(s, n, 10);
}

CHECK(koyo_hihokensha)
{
    UNUSED_DAY;
    if (n == 13)
        return digits(s, 4) && s[4] == '-' && digits(s + 5, 6) && s[11] == '-' && digit(s[12]);
    return all_digits(s, n, 11);
}

static int number(const char *s, size_t n)
{
    int v = 0;
    for (size_t i = 0; i < n; i++)
        v = v * 10 + s[i] - '0';
    return v;
}

/* Issuer ranges as of npm credit-card-type 10.3.0. */
CHECK(credit_card)
{
    UNUSED_DAY;
    if (n < 14 || n > 19 || !digits(s, n) || !luhn(s, n))
        return false;
    int p2 = number(s, 2), p3 = number(s, 3), p4 = number(s, 4);
    if (s[0] == '4')
        return n == 16 || n == 18 || n == 19;
    if ((p2 >= 51 && p2 <= 55) || (p4 >= 2221 && p4 <= 2720))
        return n == 16;
    if (p2 == 34 || p2 == 37)
        return n == 15;
    if (p4 >= 3528 && p4 <= 3589)
        return n >= 16;
    if ((p3 >= 300 && p3 <= 305) || p2 == 36 || p2 == 38 || p2 == 39)
        return n == 14 || n == 16 || n == 19;
    if (p4 == 6011 || (p3 >= 644 && p3 <= 649) || p2 == 65)
        return n == 16 || n == 19;
    return p2 == 62 && n >= 16;
}

/* 銀行 4, 支店 3, 口座 7: with hyphens, or the fourteen digits alone. */
CHECK(bank_account)
{
    UNUSED_DAY;
    if (n == 16)
        return digits(s, 4) && s[4] == '-' && digits(s + 5, 3) && s[8] == '-' && digits(s + 9, 7);
    return all_digits(s, n, 14);
}

/* 総合口座: 記号 1xxx0, 番号 up to 8 digits that end in 1. */
CHECK(yucho)
{
    UNUSED_DAY;
    if (n < 7 || !digits(s, 5) || s[0] != '1' || s[4] != '0')
        return false;
    const char *p = s + 5;
    size_t left = n - 5;
    if (*p == '-') {
        p++;
        left--;
    }
    return left >= 2 && left <= 8 && digits(p, left) && p[left - 1] == '1';
}

CHECK(iban)
{
    UNUSED_DAY;
    if (n < 15 || n > 34 || !upper(s[0]) || !upper(s[1]) || !digits(s + 2, 2) || (s[0] == 'J' && s[1] == 'P'))
        return false;
    int r = 0;
    for (size_t k = 0; k < n; k++) {
        char c = s[(k + 4) % n];
        if (digit(c))
            r = (r * 10 + c - '0') % 97;
        else if (upper(c))
            r = (r * 100 + c - 'A' + 10) % 97;
        else
            return false;
    }
    return r == 1;
}

/* Domestic form with its leading 0, as the numbering plan of 2024-12 has it (060 is open to mobiles). */
CHECK(phone)
{
    UNUSED_DAY;
    if ((n != 10 && n != 11) || !digits(s, n) || s[0] != '0')
        return false;
    if (n == 11) {
        if (s[2] != '0')
            return false;
        if (memcmp(s, "0800", 4) == 0)
            return true;
        return s[3] != '0' && ((s[1] >= '5' && s[1] <= '9') || s[1] == '2');
    }
    if (memcmp(s, "0120", 4) == 0 || memcmp(s, "0570", 4) == 0 || memcmp(s, "0990", 4) == 0)
        return true;
    if (s[1] == '0' || memcmp(s, "050", 3) == 0)
        return false;
    if (s[2] != '0')
        return true;
    return s[3] != '0' && s[1] != '2' && s[1] < '6';
}

CHECK(postal7)
{
    UNUSED_DAY;
    if (n < 7 || memcmp(s, "000", 3) == 0)
        return false;
    return all_digits(s, n, 7) || (n == 8 && digits(s, 3) && s[3] == '-' && digits(s + 4, 4));
}

static bool local_char(char c)
{
    return digit(c) || upper(c) || (c >= 'a' && c <= 'z') || strchr("._%+-!#$&'*/=?^`{|}~", c);
}

CHECK(email)
{
    UNUSED_DAY;
    const char *at = memchr(s, '@', n);
    if (!at || at == s || at - s > 64 || n > 254)
        return false;
    for (const char *p = s; p < at; p++)
        if (!*p || !local_char(*p))
            return false;
    if (s[0] == '.' || at[-1] == '.')
        return false;
    size_t label = 0, dots = 0, letters = 0;
    for (const char *p = at + 1; p < s + n; p++) {
        bool letter = upper(*p) || (*p >= 'a' && *p <= 'z');
        if (*p == '.') {
            if (label == 0 || p[-1] == '-')
                return false;
            dots++;
            label = letters = 0;
        } else if (letter || digit(*p) || (*p == '-' && label > 0)) {
            label++;
            letters += letter;
        } else {
            return false;
        }
    }
    return dots > 0 && label >= 2 && letters == label;
}

CHECK(ipv4)
{
    UNUSED_DAY;
    size_t i = 0;
    for (int octet = 0; octet < 4; octet++) {
        size_t from = i;
        while (i < n && i - from < 4 && digit(s[i]))
            i++;
        if (i == from || i - from > 3 || number(s + from, i - from) > 255)
            return false;
        if (octet < 3 && (i >= n || s[i++] != '.'))
            return false;
    }
    return i == n;
}

static bool whole_date(const char *s, size_t n, bool bare, long today)
{
    long day;
    return sk_date_read(s, n, bare, &day) == n && day <= today;
}

CHECK(gyymmdd7)
{
    return all_digits(s, n, 7) && whole_date(s, n, true, today);
}

CHECK(yyyymmdd8)
{
    return all_digits(s, n, 8) && whole_date(s, n, true, today);
}

/* Full-width digits are accepted here, although folded text has none: the published vectors hold them. */
CHECK(wareki)
{
    char plain[64];
    size_t k = 0;
    for (size_t i = 0; i < n && k < sizeof(plain); i++) {
        if (i + 2 < n && (unsigned char)s[i] == 0xEF && (unsigned char)s[i + 1] == 0xBC &&
            (unsigned char)s[i + 2] >= 0x90 && (unsigned char)s[i + 2] <= 0x99) {
            plain[k++] = (char)('0' + (unsigned char)s[i + 2] - 0x90);
            i += 2;
        } else {
            plain[k++] = s[i];
        }
    }
    if (k == 0 || digit(plain[0]))
        return false;
    static const char BORN[] = "\xE7\x94\x9F"; /* 生 */
    if (k > 3 && memcmp(plain + k - 3, BORN, 3) == 0)
        k -= 3;
    return whole_date(plain, k, false, today);
}

CHECK(byomei7)
{
    UNUSED_DAY;
    return all_digits(s, n, 7);
}

CHECK(shushokugo4)
{
    UNUSED_DAY;
    return all_digits(s, n, 4) && s[0] >= '1' && s[0] <= '8';
}

CHECK(shinryo9)
{
    UNUSED_DAY;
    return all_digits(s, n, 9) && s[0] == '1' && s[1] != '0' && (s[7] - '0') % 2 == 1 && s[8] == '0';
}

CHECK(iyakuhin9)
{
    UNUSED_DAY;
    return all_digits(s, n, 9) && s[0] == '6' && s[1] >= '1' && s[1] <= '8';
}

CHECK(tokutei9)
{
    UNUSED_DAY;
    return all_digits(s, n, 9) && s[0] == '7';
}

CHECK(comment9)
{
    UNUSED_DAY;
    static const unsigned char PATTERN[] = { 10, 20, 30, 31, 40, 42, 50, 51, 52, 53, 80, 90 };
    return all_digits(s, n, 9) && s[0] == '8' && IN(two(s + 1), PATTERN);
}

/* 薬価基準収載医薬品コード: weights 6 5 4 3 2 7 6 5 4 3 2; a letter counts as the low half of its EBCDIC code. */
CHECK(yakka12)
{
    UNUSED_DAY;
    static const int WEIGHT[11] = { 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
    if (n != 12 || !digits(s, 7) || s[0] == '0' || !upper(s[7]) || strchr("IOZ", s[7]) || !digits(s + 8, 4))
        return false;
    int total = 0;
    for (int i = 0; i < 11; i++) {
        char c = s[i];
        int v = digit(c) ? c - '0' : c <= 'I' ? c - 'A' + 1 : c <= 'R' ? c - 'J' + 1 : c - 'S' + 2;
        total += v * WEIGHT[i];
    }
    int r = total % 11;
    return (r <= 1 ? 0 : 11 - r) == s[11] - '0';
}

CHECK(ippanmei12)
{
    UNUSED_DAY;
    return n == 12 && digits(s, 7) && s[0] != '0' && upper(s[7]) && (digit(s[8]) || upper(s[8])) &&
           memcmp(s + 9, "ZZZ", 3) == 0;
}

static bool hot_digit(const char *s)
{
    int total = 0;
    for (int i = 0; i < 6; i++)
        total += (s[5 - i] - '0') * (i % 2 == 0 ? 3 : 1);
    return (10 - total % 10) % 10 == s[6] - '0';
}

CHECK(hot7)
{
    UNUSED_DAY;
    return all_digits(s, n, 7) && hot_digit(s);
}

CHECK(hot9)
{
    UNUSED_DAY;
    return all_digits(s, n, 9) && hot_digit(s);
}

CHECK(hot13)
{
    UNUSED_DAY;
    return all_digits(s, n, 13) && hot_digit(s);
}

/* Letter, two digits, up to two more with or without a dot; U codes at most one more; dagger, asterisk, plus may
 * follow. */
CHECK(icd10)
{
    UNUSED_DAY;
    if (n < 3 || !upper(s[0]) || !digits(s + 1, 2))
        return false;
    size_t i = 3, extra = 0;
    bool dot = i < n && s[i] == '.';
    if (dot)
        i++;
    while (i < n && digit(s[i])) {
        i++;
        extra++;
    }
    if ((dot && extra == 0) || extra > (s[0] == 'U' ? 1u : 2u))
        return false;
    if (s[0] != 'U') {
        if (i < n && (s[i] == '*' || s[i] == '+'))
            i++;
        else if (n - i == 3 && memcmp(s + i, "\xE2\x80\xA0", 3) == 0)
            i += 3;
    }
    return i == n;
}

CHECK(dpc14)
{
    UNUSED_DAY;
    if (n != 14 || !digits(s, 6) || number(s, 2) < 1 || number(s, 2) > 18)
        return false;
    for (size_t i = 6; i < 14; i++)
        if (!digit(s[i]) && s[i] != 'x')
            return false;
    return digit(s[8]) == digit(s[9]);
}

CHECK(kcode)
{
    UNUSED_DAY;
    if (n < 4 || s[0] != 'K' || !digits(s + 1, 3))
        return false;
    return n == 4 || ((n == 6 || n == 7) && s[4] == '-' && digits(s + 5, n - 5));
}

CHECK(kaigo_service6)
{
    UNUSED_DAY;
    if (n != 6)
        return false;
    bool kind = digits(s, 2) ? two(s) >= 11 && two(s) <= 79
                             : s[0] == 'A' && ((s[1] >= '1' && s[1] <= '9') || (s[1] >= 'A' && s[1] <= 'F'));
    for (size_t i = 2; i < 6; i++)
        kind = kind && (digit(s[i]) || upper(s[i]));
    return kind;
}

CHECK(edaban2)
{
    UNUSED_DAY;
    return all_digits(s, n, 2);
}

CHECK(insurer)
{
    return sk_check_hokensha6(s, n, today) || sk_check_hokensha8(s, n, today) || sk_check_hokensha8_padded(s, n, today);
}

/* The distributed masters switch the check off for every local programme, so only the shape is left there. */
CHECK(payer)
{
    if (sk_check_kouhi_futan8(s, n, today))
        return true;
    return all_digits(s, n, 8) && prefecture(s + 2) && ((two(s) >= 40 && two(s) <= 50) || two(s) >= 80);
}

CHECK(account_number)
{
    UNUSED_DAY;
    return n >= 5 && n <= 8 && digits(s, n) && !sk_one_digit(s, n);
}

static const struct {
    const char *name;
    sk_check check;
} CHECKS[] = {
#define X(name) { #name, sk_check_##name },
#include "detect/checks.def"
#undef X
};

sk_check sk_check_find(const char *name)
{
    for (size_t i = 0; i < sizeof(CHECKS) / sizeof(CHECKS[0]); i++)
        if (strcmp(CHECKS[i].name, name) == 0)
            return CHECKS[i].check;
    return NULL;
}
