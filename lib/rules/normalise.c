/* normalise.c - the header form of a cell or label text (claims.md section 4): what people vary is removed or unified.
 */
#include <string.h>

#include "base/utf8.h"
#include "rules/rules.h"

#define LONGEST 400 /* bytes; longer cells are no headers */

struct form {
    char text[LONGEST + 1];
    size_t n;
};

/* ---- characters ---- */

static bool dropped(uint32_t c)
{
    switch (c) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
    case '*':
    case '"':
    case '\'':
    case '-':
    case '_':
    case '.':
    case ':':
    case 0x203B: /* reference mark */
    case 0x30FB: /* middle dot */
    case 0x3010: /* lenticular brackets */
    case 0x3011:
    case 0x25CF: /* circles and squares in front of items */
    case 0x25CB:
    case 0x25A0:
    case 0x25A1:
    case 0x2605:
    case 0x2606:
        return true;
    default:
        return c < 0x20 || c == 0x7F || c == SK_REPLACEMENT;
    }
}

static uint32_t unified(uint32_t c)
{
    switch (c) {
    case '[':
    case '<':
    case '{':
    case 0x3008:
    case 0x300A:
    case 0x300C:
    case 0x300E:
    case 0x3014:
        return '(';
    case ']':
    case '>':
    case '}':
    case 0x3009:
    case 0x300B:
    case 0x300D:
    case 0x300F:
    case 0x3015:
        return ')';
    default:
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }
}

static void copy_characters(struct form *f, const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint32_t c;
        unsigned char lead = (unsigned char)s[i];
        if (lead >= 0xE4 && lead <= 0xE9 && n - i >= 3 && f->n + 3 <= LONGEST &&
            ((unsigned char)s[i + 1] & 0xC0) == 0x80 &&
            ((unsigned char)s[i + 2] & 0xC0) == 0x80) { /* kanji stay as they are */
            memcpy(f->text + f->n, s + i, 3);
            f->n += 3;
            i += 3;
            continue;
        }
        if (((lead >= '0' && lead <= '9') || (lead >= 'a' && lead <= 'z')) && f->n < LONGEST) {
            f->text[f->n++] = s[i++];
            continue;
        }
        i += sk_utf8_next(s + i, n - i, &c);
        if (dropped(c))
            continue;
        char out[4];
        size_t length = sk_utf8_put(out, unified(c));
        if (f->n + length > LONGEST)
            return;
        memcpy(f->text + f->n, out, length);
        f->n += length;
    }
}

/* ---- words ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool stands(const struct form *f, size_t at, const char *word)
{
    if (at >= f->n || f->text[at] != *word) /* asked at every byte for every spelling */
        return false;
    size_t n = strlen(word);
    return at + n <= f->n && memcmp(f->text + at, word, n) == 0;
}

static bool ends(const struct form *f, const char *word)
{
    size_t n = strlen(word);
    return f->n >= n && stands(f, f->n - n, word);
}

static void replace(struct form *f, size_t at, size_t old, const char *by)
{
    size_t n = strlen(by);
    if (f->n - old + n > LONGEST)
        return;
    memmove(f->text + at + n, f->text + at + old, f->n - at - old);
    memcpy(f->text + at, by, n);
    f->n = f->n - old + n;
}

/* Spellings of one thing; longer ones first. */
#define SAME_AS(from, to)                                                                                              \
    {                                                                                                                  \
        from, to, sizeof(from) - 1                                                                                     \
    }
static const struct {
    const char *from, *to;
    size_t n;
} SAME[] = {
    SAME_AS("(必須)", ""),           SAME_AS("(任意)", ""),        SAME_AS("(半角)", ""),
    SAME_AS("(全角)", ""),           SAME_AS("ヨミガナ", "カナ"),  SAME_AS("よみがな", "カナ"),
    SAME_AS("読みがな", "カナ"),     SAME_AS("読み仮名", "カナ"),  SAME_AS("読みカナ", "カナ"),
    SAME_AS("フリガナ", "カナ"),     SAME_AS("ふりがな", "カナ"),  SAME_AS("振り仮名", "カナ"),
    SAME_AS("振仮名", "カナ"),       SAME_AS("カタカナ", "カナ"),  SAME_AS("ヨミ", "カナ"),
    SAME_AS("読み", "カナ"),         SAME_AS("年月日", "日"),      SAME_AS("日付", "日"),
    SAME_AS("電子メール", "メール"), SAME_AS("eメール", "メール"), SAME_AS("email", "メール"),
};
#undef SAME_AS

/* What spellings begin with: this is asked for every label of every line, and most characters begin none. */
static bool may_begin(const char *s, size_t n)
{
    unsigned char c = (unsigned char)s[0];
    if (c == '(' || c == 'e' || c == 'n')
        return true;
    if (c < 0xE3 || n < 3)
        return false;
    switch (c << 16 | (unsigned char)s[1] << 8 | (unsigned char)s[2]) {
    case 0xE383A8: /* ヨ */
    case 0xE38288: /* よ */
    case 0xE8AAAD: /* 読 */
    case 0xE38395: /* フ */
    case 0xE381B5: /* ふ */
    case 0xE68CAF: /* 振 */
    case 0xE382AB: /* カ */
    case 0xE5B9B4: /* 年 */
    case 0xE697A5: /* 日 */
    case 0xE99BBB: /* 電 */
    case 0xE3838A: /* ナ */
        return true;
    default:
        return false;
    }
}

static void unify_words(struct form *f)
{
    for (size_t at = 0; at < f->n; at++) {
        if (!may_begin(f->text + at, f->n - at))
            continue;
        for (size_t i = 0; i < sizeof(SAME) / sizeof(SAME[0]); i++) {
            size_t n = SAME[i].n;
            if (f->text[at] == SAME[i].from[0] && n <= f->n - at && f->text[at + 2] == SAME[i].from[2] &&
                memcmp(f->text + at, SAME[i].from, n) == 0 && (*SAME[i].to || n != f->n)) {
                replace(f, at, n, SAME[i].to);
                break;
            }
        }
        if (at >= f->n)
            return;
        /* "No." alone counts the rows. */
        bool no = f->n > 2 && stands(f, at, "no") && (at == 0 || !is_letter(f->text[at - 1])) &&
                  (at + 2 == f->n || !is_letter(f->text[at + 2]));
        if (no)
            replace(f, at, 2, "番号");
        else if (stands(f, at, "ナンバー") && !(at >= 6 && stands(f, at - 6, "マイ")))
            replace(f, at, strlen("ナンバー"), "番号");
    }
}

static void strip_ends(struct form *f)
{
    static const char *const POLITE[] = { "御", "ご", "お" };
    if (f->n > 6 && stands(f, 0, "必須"))
        replace(f, 0, 6, "");
    if (f->n > 6 && ends(f, "必須"))
        f->n -= 6;
    for (size_t i = 0; i < 3; i++) {
        uint32_t c;
        if (f->n > 6 && stands(f, 0, POLITE[i]) && sk_utf8_next(f->text + 3, f->n - 3, &c) && sk_is_kanji(c)) {
            replace(f, 0, 3, "");
            break;
        }
    }
}

/* The trailing number of repeated columns: one or two digits behind a character that is no ASCII letter, in brackets or
 * circled. */
static bool strip_number(struct form *f)
{
    size_t n = f->n;
    bool bracket = n > 3 && f->text[n - 1] == ')';
    n -= bracket;
    size_t digits = 0;
    while (digits < n && f->text[n - 1 - digits] >= '0' && f->text[n - 1 - digits] <= '9')
        digits++;
    n -= digits;
    if (bracket && n > 0 && f->text[n - 1] == '(')
        n--;
    else if (bracket)
        return false;
    if (digits >= 1 && digits <= 2 && n > 0 && (bracket || ((unsigned char)f->text[n - 1] >= 0x80))) {
        f->n = n;
        return true;
    }
    uint32_t c;
    size_t length = f->n ? sk_utf8_prev(f->text, f->n, &c) : 0;
    if (length && length < f->n && c >= 0x2460 && c <= 0x2473) {
        f->n -= length;
        return true;
    }
    return false;
}

size_t sk_header_normalise(const char *folded, size_t n, char *out, size_t cap)
{
    struct form f = { .n = 0 };
    copy_characters(&f, folded, n);
    unify_words(&f);
    strip_ends(&f);
    for (int i = 0; i < 3 && strip_number(&f); i++)
        ;
    while (f.n > cap) { /* whole characters only */
        uint32_t c;
        f.n -= sk_utf8_prev(f.text, f.n, &c);
    }
    memcpy(out, f.text, f.n);
    return f.n;
}
