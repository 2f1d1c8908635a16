/*
 * near.c - a header that is not in the list. In Japanese the head stands last (被保険者の氏名 is a name, 氏名の確認方法
 * is none), so only a known header at the end counts; what stands before it tells whose it is.
 */
#include <string.h>

#include "base/utf8.h"
#include "rules/load.h"

#define HEAD_SCORE 60  /* of a known header at the end; the share of the text it covers adds up to 40 */
#define INNER_SCORE 40 /* the most for a known header elsewhere */

static bool contains(const char *text, size_t n, const char *word)
{
    return sk_find(sk_bytes(text, n), 0, word, strlen(word)) != SIZE_MAX;
}

static bool ends_with(const char *text, size_t n, const char *word, size_t length)
{
    return n >= length && memcmp(text + n - length, word, length) == 0;
}

/* text without (...) parts; returns the length. */
static size_t drop_brackets(const char *text, size_t n, char *out)
{
    size_t depth = 0, length = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '(')
            depth++;
        else if (text[i] == ')')
            depth -= depth > 0;
        else if (depth == 0)
            out[length++] = text[i];
    }
    return length;
}

static size_t drop_tails(const struct sk_rules *r, const char *text, size_t n)
{
    const struct sk_near_words *tails = &r->near[SK_NEAR_TAIL];
    for (int round = 0; round < 3; round++) {
        size_t before = n;
        for (size_t i = 0; i < tails->n; i++) {
            size_t length = strlen(tails->words[i]);
            if (n > length && ends_with(text, n, tails->words[i], length)) {
                n -= length;
                break;
            }
        }
        if (n == before)
            break;
    }
    return n;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Long enough to mean something inside another text: two characters, three if ASCII. */
static bool telling(const struct sk_header *h, size_t length)
{
    return !h->weak && length >= 3 && ((unsigned char)h->text[0] < 0x80 || length >= 6);
}

static const struct sk_header *longest_end(const struct sk_rules *r, const char *text, size_t n)
{
    for (size_t at = 0; at < n; at++) {
        const struct sk_header *h = sk_header_exact(r, text + at, n - at);
        if (h && telling(h, n - at) &&
            !(at > 0 && is_letter(text[at]) && is_letter(text[at - 1]))) /* tel is no part of hotel */
            return h;
    }
    return NULL;
}

static const struct sk_header *longest_inside(const struct sk_rules *r, const char *text, size_t n)
{
    const struct sk_header *best = NULL;
    size_t best_length = 0;
    for (size_t at = 0; at + SK_HEADER_START <= n; at++) {
        size_t i, end;
        if (!sk_header_range(r, text + at, &i, &end))
            continue;
        for (; i < end; i++) {
            const struct sk_header *h = &r->headers[i];
            size_t length = strlen(h->text);
            if (length > n - at || length < best_length || memcmp(text + at, h->text, length) != 0 ||
                !telling(h, length))
                continue;
            if (length > best_length || h < best) { /* of two that are as long, the first of the list */
                best = h;
                best_length = length;
            }
        }
    }
    return best;
}

static bool any_inside(const struct sk_near_words *words, const char *text, size_t n)
{
    for (size_t i = 0; i < words->n; i++)
        if (contains(text, n, words->words[i]))
            return true;
    return false;
}

/* Whose name, address or telephone is it? before: the text in front of the head. */
static enum sk_role owned(const struct sk_rules *r, enum sk_role role, const char *before, size_t n)
{
    bool organisation = any_inside(&r->near[SK_NEAR_ORGANISATION], before, n);
    bool staff = any_inside(&r->near[SK_NEAR_STAFF], before, n);
    switch (role) {
    case SK_ROLE_PERSON_NAME:
    case SK_ROLE_PERSON_KANA:
        return staff || organisation ? SK_ROLE_STAFF_NAME : role;
    case SK_ROLE_ADDRESS:
    case SK_ROLE_POSTAL:
    case SK_ROLE_PHONE:
    case SK_ROLE_FAX:
    case SK_ROLE_EMAIL:
        return organisation ? SK_ROLE_ORGANISATION : role;
    default:
        return role;
    }
}

enum sk_role sk_rules_header_near(const struct sk_rules *r, const char *text, size_t n, int *score)
{
    char plain[SK_WORD_BYTES * 2] = "";
    *score = 0;
    if (n == 0 || n > sizeof(plain))
        return SK_ROLE_NONE;
    size_t length = drop_tails(r, plain, drop_brackets(text, n, plain));
    if (length == 0 || memchr(plain, 0, length))
        return SK_ROLE_NONE;
    const struct sk_header *h = longest_end(r, plain, length);
    if (!h) {
        h = longest_inside(r, plain, length);
        if (!h)
            return SK_ROLE_NONE;
        *score = (int)(INNER_SCORE * strlen(h->text) / length);
        return (enum sk_role)h->role;
    }
    size_t covered = strlen(h->text);
    *score = HEAD_SCORE + (int)((100 - HEAD_SCORE) * covered / length);
    enum sk_role role = owned(r, (enum sk_role)h->role, plain, length - covered);
    /* 利用者のお名前(フリガナ): the bracket says how the name is written. */
    const char *open = memchr(text, '(', n);
    if (open && role == SK_ROLE_PERSON_NAME) {
        const char *inside = open + 1;
        const char *close = memchr(inside, ')', n - (size_t)(inside - text));
        size_t inner = close ? (size_t)(close - inside) : n - (size_t)(inside - text);
        if (sk_rules_header(r, inside, inner, NULL) == SK_ROLE_PERSON_KANA)
            role = SK_ROLE_PERSON_KANA;
    }
    return role;
}
