/*
 * fold_rules.c - what one code point becomes: NFKC by ICU, then the differences listed in fold.h.
 *
 * Why not plain NFKC: it turns circled and superscript digits into digits, which makes numbers that nobody wrote, and
 * full-width commas and bars into delimiters, which shifts the columns of a table.
 *
 * Joining is by pairs: a mark joins the code point written just before it (unorm2_composePair) and nothing else. So
 * canonical reordering of several marks is not done, and a dropped character (a zero-width joiner) parts a mark from
 * its base, as it does in NFKC.
 */
#include "text/fold_internal.h"
#include <unicode/uchar.h>
#include <unicode/ustring.h>

static bool is_hyphen(UChar32 c)
{
    return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE63 || c == 0xFF0D || c == 0x2043 || c == 0x207B ||
           c == 0x208B || c == 0x2500;
}

static bool is_dropped(UChar32 c)
{
    return c == 0xAD || (c >= 0x200B && c <= 0x200D) || c == 0x2060 || c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F) ||
           (c >= 0xE0100 && c <= 0xE01EF);
}

/* The one-to-one differences; also applied to what NFKC gives, so that a vertical dash ends as a hyphen too. */
static UChar32 substitute(UChar32 c)
{
    if (is_hyphen(c))
        return '-';
    if (c == 0x301C || c == 0xFF5E)
        return '~';
    if (c == 0)
        return ' '; /* fields padded with NUL; folded text holds none */
    if (c > 0x7F && u_charType(c) == U_SPACE_SEPARATOR)
        return ' ';
    return c;
}

/* Would NFKC make a digit or a delimiter of what is neither? Decimal digits of other shapes (full-width,
 * mathematical) are digits; circled, raised and the like are "other numbers" and symbols. */
static bool must_stay(UChar32 c, const UChar32 *text, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        if (text[i] >= '0' && text[i] <= '9' && u_charType(c) != U_DECIMAL_DIGIT_NUMBER)
            return true;
        if (text[i] == ',' || text[i] == ';' || text[i] == '"' || text[i] == '|')
            return true;
    }
    return false;
}

static void set_one(struct sk_fold_rule *rule, enum sk_fold_kind kind, UChar32 c)
{
    rule->kind = (uint8_t)kind;
    rule->n = 1;
    rule->text[0] = c;
}

static void set_nfkc(const UNormalizer2 *nfkc, UChar32 c, struct sk_fold_rule *rule)
{
    set_one(rule, SK_FOLD_PLAIN, c);
    if (unorm2_isInert(nfkc, c))
        return;
    UChar source[2], target[SK_FOLD_LONGEST * 2];
    int32_t units = 0;
    UErrorCode e = U_ZERO_ERROR;
    u_strFromUTF32(source, 2, &units, &c, 1, &e);
    int32_t n = unorm2_normalize(nfkc, source, units, target, SK_FOLD_LONGEST * 2, &e);
    UChar32 text[SK_FOLD_LONGEST];
    int32_t points = 0;
    u_strToUTF32(text, SK_FOLD_LONGEST, &points, target, n, &e);
    if (U_FAILURE(e) || points == 0)
        return;
    if (!must_stay(c, text, points)) {
        rule->n = (uint8_t)points;
        for (int32_t i = 0; i < points; i++)
            rule->text[i] = substitute(text[i]);
    }
    if (!unorm2_hasBoundaryBefore(nfkc, c))
        rule->kind = SK_FOLD_MARK;
}

void sk_fold_rule(const UNormalizer2 *nfkc, UChar32 c, struct sk_fold_rule *rule)
{
    rule->low = 0;
    if (is_dropped(c)) {
        rule->kind = SK_FOLD_DROP;
        rule->n = 0;
    } else if (c == 0x3299) { /* a stamp is no word: a plain 秘 stands in 秘書 */
        set_one(rule, SK_FOLD_PLAIN, c);
    } else if (substitute(c) != c) {
        set_one(rule, SK_FOLD_PLAIN, substitute(c));
    } else if (c == 0x30FC || c == 0xFF70) {
        set_one(rule, SK_FOLD_LONG, 0x30FC);
    } else if (c == 0x3099 || c == 0x309A || c == 0xFF9E || c == 0xFF9F || c == 0x309B || c == 0x309C) {
        bool spacing = c == 0x309B || c == 0x309C; /* alone, NFKC makes them a space and the mark */
        bool semi = c == 0x309A || c == 0xFF9F || c == 0x309C;
        set_one(rule, SK_FOLD_VOICE, semi ? 0x309A : 0x3099);
        rule->low = (uint8_t)(semi | spacing << 1);
    } else {
        set_nfkc(nfkc, c, rule);
    }
}
