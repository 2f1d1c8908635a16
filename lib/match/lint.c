#include "match/lint.h"

#include <stdint.h>
#include <string.h>

/*
 * Folded text is matched as bytes (Hyperscan without UTF8 and UCP, which cost a third of the speed), so a kanji is
 * three bytes to a pattern: a quantifier behind it would take its last byte only, and in a class its bytes would be
 * single members.
 */
#define MOST_GROUPS 20

struct parser {
    const char *p;
    unsigned depth;
    struct sk_lint out;
};

static void mistake(struct parser *x, const char *ja, const char *en)
{
    if (!x->out.ja) {
        x->out.ja = ja;
        x->out.en = en;
    }
}

static bool is_quantifier(const char *p)
{
    return *p == '?' || *p == '*' || *p == '+' || (*p == '{' && p[1] >= '0' && p[1] <= '9');
}

/* Skips a quantifier; true when it allows none at all. */
static bool quantifier(struct parser *x, bool *repeated)
{
    *repeated = is_quantifier(x->p);
    if (!*repeated)
        return false;
    bool none = *x->p == '?' || *x->p == '*';
    if (*x->p == '{') {
        none = x->p[1] == '0' && (x->p[2] == ',' || x->p[2] == '}');
        x->p += strcspn(x->p, "}");
    }
    if (*x->p)
        x->p++;
    if (*x->p == '?' || *x->p == '+')
        x->p++;
    return none;
}

static void class(struct parser *x)
{
    bool negated = x->p[1] == '^', line_end = false;
    x->p += 1 + negated;
    for (bool first = true; *x->p && (first || *x->p != ']'); first = false) {
        if ((unsigned char)*x->p >= 0x80)
            mistake(x, "[ ] の中に日本語の文字は書けません。(?:あ|い) のように書きます",
                    "no Japanese characters in [ ]; write (?:x|y)");
        if (*x->p == '\\' && x->p[1]) {
            line_end = line_end || x->p[1] == 'n';
            if (x->p[1] == 'p' || x->p[1] == 'P')
                mistake(x, "\\p は使えません", "\\p is not allowed");
            x->p++;
        }
        x->p++;
    }
    if (*x->p)
        x->p++;
    if (negated && !line_end)
        mistake(x, "[^…] には \\n を入れて、行を越えないようにします",
                "put \\n into [^...] so that it does not cross a line");
}

/* An escape; returns the bytes of literal text it stands for (0: a class of characters). */
static size_t escape(struct parser *x)
{
    char c = x->p[1];
    x->p += c ? 2 : 1;
    switch (c) {
    case 'b':
    case 'B':
        mistake(x, "\\b は使えません。前後は検査する側が見ます",
                "\\b is not allowed; the neighbours are looked at elsewhere");
        return 0;
    case 'd':
    case 'D':
    case 'w':
    case 'W':
    case 's':
    case 'S':
    case 'p':
    case 'P':
        mistake(x, "\\d \\w \\s \\p は使えません。[0-9] のように書きます",
                "\\d \\w \\s \\p are not allowed; write [0-9]");
        return 0;
    case 'x':
        for (int i = 0; i < 2 && *x->p; i++)
            x->p++;
        return 1;
    default:
        return 1;
    }
}

static size_t alternatives(struct parser *x);

static size_t group(struct parser *x)
{
    x->p++;
    if (x->p[0] == '?' && x->p[1] == ':')
        x->p += 2;
    else if (x->p[0] == '?')
        mistake(x, "(?…) は (?:…) だけ使えます", "of (?...) only (?:...) is allowed");
    if (++x->depth > MOST_GROUPS) {
        mistake(x, "( ) の入れ子が深すぎます", "groups are nested too deeply");
        x->p += strlen(x->p);
        return 0;
    }
    size_t best = alternatives(x);
    x->depth--;
    if (*x->p == ')')
        x->p++;
    return best;
}

/* One character as written; false at a quantified kanji. */
static size_t character(struct parser *x)
{
    size_t n = 1;
    if ((unsigned char)*x->p >= 0xC0)
        while (((unsigned char)x->p[n] & 0xC0) == 0x80)
            n++;
    x->p += n;
    if (n > 1 && is_quantifier(x->p))
        mistake(x, "日本語の文字に ? や + を付けるときは (?:字)? のように囲みます",
                "wrap a Japanese character that is repeated or optional: (?:x)?");
    return n;
}

/* The longest literal that a sequence must hold. */
static size_t sequence(struct parser *x)
{
    size_t best = 0, run = 0;
    while (*x->p && *x->p != '|' && *x->p != ')') {
        size_t literal = 0, inner = 0;
        if (*x->p == '[')
            class(x);
        else if (*x->p == '(')
            inner = group(x);
        else if (*x->p == '\\')
            literal = escape(x);
        else if (*x->p == '.' || *x->p == '^' || *x->p == '$')
            x->p++;
        else
            literal = character(x);
        bool repeated, none = quantifier(x, &repeated);
        if (none)
            literal = inner = 0;
        run = literal ? run + literal : 0;
        best = run > best ? run : best;
        best = inner > best ? inner : best;
        if (repeated)
            run = 0;
    }
    return best;
}

static size_t alternatives(struct parser *x)
{
    size_t least = sequence(x);
    while (*x->p == '|') {
        x->p++;
        size_t n = sequence(x);
        least = n < least ? n : least;
    }
    return least;
}

struct sk_lint sk_lint_regex(const char *pattern)
{
    struct parser x = { .p = pattern };
    x.out.literal = alternatives(&x);
    if (*x.p)
        mistake(&x, ") が余っています", "there is a ) too many");
    return x.out;
}
