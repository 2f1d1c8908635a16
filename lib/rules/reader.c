/* reader.c - typed reading of the tree that yaml.c gives. */
#include "rules/yaml.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sk_wrong(struct sk_reader *r, const struct sk_node *node, const char *ja, const char *en, ...)
{
    va_list args;
    va_start(args, en);
    sk_problem_vadd(r->problems, r->file, node ? node->line : 0, node ? node->column : 0, ja, en, args);
    va_end(args);
}

const struct sk_node *sk_get(const struct sk_node *map, const char *key)
{
    if (!map || map->kind != SK_NODE_MAP)
        return NULL;
    for (const struct sk_node *c = map->child; c; c = c->next)
        if (strcmp(c->key, key) == 0)
            return c;
    return NULL;
}

const struct sk_node *sk_need(struct sk_reader *r, const struct sk_node *map, const char *key)
{
    const struct sk_node *node = sk_get(map, key);
    if (!node)
        sk_wrong(r, map, "項目「%s」がありません", "the key '%s' is missing", key);
    return node;
}

bool sk_keys(struct sk_reader *r, const struct sk_node *map, const char *const *keys, size_t n)
{
    if (!map)
        return false;
    if (map->kind != SK_NODE_MAP) {
        sk_wrong(r, map, "ここには「項目: 値」の組を書きます", "expected 'key: value' pairs here");
        return false;
    }
    for (const struct sk_node *c = map->child; c; c = c->next) {
        size_t i = 0;
        while (i < n && strcmp(c->key, keys[i]) != 0)
            i++;
        if (i < n)
            continue;
        struct sk_node at = { .line = c->key_line, .column = c->key_column };
        const char *near = sk_suggest(c->key, keys, n);
        if (near)
            sk_wrong(r, &at, "「%s」という項目はありません。「%s」のことですか", "unknown key '%s'; did you mean '%s'?",
                     c->key, near);
        else
            sk_wrong(r, &at, "「%s」という項目はありません", "unknown key '%s'", c->key);
    }
    return true;
}

bool sk_is_list(struct sk_reader *r, const struct sk_node *node)
{
    if (!node)
        return false;
    if (node->kind == SK_NODE_LIST)
        return true;
    sk_wrong(r, node, "ここには一覧([a, b] または「- 」の並び)を書きます",
             "expected a list here ([a, b] or lines of '- ')");
    return false;
}

/* "key:" with nothing behind it. */
static bool is_empty(const struct sk_node *node)
{
    return node->kind == SK_NODE_SCALAR && !node->quoted && node->text_n == 0;
}

const char *sk_string(struct sk_reader *r, const struct sk_node *node, const char *otherwise)
{
    if (!node)
        return otherwise;
    if (node->kind != SK_NODE_SCALAR) {
        sk_wrong(r, node, "ここには文字列を書きます", "expected text here");
        return otherwise;
    }
    if (is_empty(node)) {
        sk_wrong(r, node, "値がありません(空にするときは \"\" と書きます)",
                 "the value is missing (write \"\" for an empty one)");
        return otherwise;
    }
    return node->text;
}

long long sk_integer(struct sk_reader *r, const struct sk_node *node, long long min, long long max, long long otherwise)
{
    if (!node)
        return otherwise;
    /* Digits only: 0x10, 010 and 1_000 would be read differently by different YAML readers. */
    const char *s = node->kind == SK_NODE_SCALAR && !node->quoted ? node->text : "";
    const char *digits = s + (*s == '-' || *s == '+');
    size_t n = strspn(digits, "0123456789");
    bool plain = n > 0 && digits[n] == '\0' && !(n > 1 && digits[0] == '0');
    errno = 0;
    long long value = plain ? strtoll(s, NULL, 10) : 0;
    if (plain && errno == 0 && value >= min && value <= max)
        return value;
    sk_wrong(r, node, "ここには %lld から %lld までの整数を書きます", "expected a whole number from %lld to %lld", min,
             max);
    return otherwise;
}

/* [-+]digits[.digits], without the locale's decimal comma. */
static bool read_number(const char *s, double *value)
{
    bool minus = *s == '-';
    s += *s == '-' || *s == '+';
    size_t whole = strspn(s, "0123456789");
    if (whole == 0 || whole > 15)
        return false;
    double v = 0, unit = 1;
    for (size_t i = 0; i < whole; i++)
        v = v * 10 + (s[i] - '0');
    s += whole;
    if (*s == '.') {
        size_t part = strspn(++s, "0123456789");
        if (part == 0 || part > 15)
            return false;
        double rest = 0;
        for (size_t i = 0; i < part; i++) {
            rest = rest * 10 + (s[i] - '0');
            unit *= 10;
        }
        v += rest / unit;
        s += part;
    }
    *value = minus ? -v : v;
    return *s == '\0';
}

double sk_number(struct sk_reader *r, const struct sk_node *node, double min, double max, double otherwise)
{
    double value = 0;
    if (!node)
        return otherwise;
    if (node->kind == SK_NODE_SCALAR && !node->quoted && read_number(node->text, &value) && value >= min &&
        value <= max)
        return value;
    sk_wrong(r, node, "ここには %g から %g までの数を書きます", "expected a number from %g to %g", min, max);
    return otherwise;
}

bool sk_boolean(struct sk_reader *r, const struct sk_node *node, bool otherwise)
{
    if (!node)
        return otherwise;
    if (node->kind == SK_NODE_SCALAR && !node->quoted) {
        if (strcmp(node->text, "true") == 0)
            return true;
        if (strcmp(node->text, "false") == 0)
            return false;
    }
    sk_wrong(r, node, "ここには true か false を書きます", "expected true or false");
    return otherwise;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar (years 1 to 9999). */
static long days(long y, long m, long d)
{
    long a = (14 - m) / 12, year = y + 4800 - a, month = m + 12 * a - 3;
    long julian = d + (153 * month + 2) / 5 + 365 * year + year / 4 - year / 100 + year / 400 - 32045;
    return julian - 2440588;
}

static bool read_date(const char *s, size_t n, long *day)
{
    static const unsigned char LENGTH[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (n != 10 || s[4] != '-' || s[7] != '-')
        return false;
    long part[3] = { 0, 0, 0 };
    for (size_t i = 0, k = 0; i < n; i++) {
        if (i == 4 || i == 7)
            k++;
        else if (s[i] < '0' || s[i] > '9')
            return false;
        else
            part[k] = part[k] * 10 + (s[i] - '0');
    }
    long y = part[0], m = part[1], d = part[2];
    if (y < 1 || m < 1 || m > 12)
        return false;
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (d < 1 || d > LENGTH[m - 1] + (m == 2 && leap))
        return false;
    *day = days(y, m, d);
    return true;
}

long sk_date(struct sk_reader *r, const struct sk_node *node, bool empty_ok, long otherwise)
{
    long day;
    if (!node || (empty_ok && node->kind == SK_NODE_SCALAR && node->text_n == 0))
        return otherwise;
    if (node->kind == SK_NODE_SCALAR && read_date(node->text, node->text_n, &day))
        return day;
    sk_wrong(r, node, "ここには暦にある日付を 2027-01-31 の形で書きます",
             "expected a date that exists in the calendar, like 2027-01-31");
    return otherwise;
}

const char *const *sk_strings(struct sk_reader *r, const struct sk_node *node, size_t *n)
{
    *n = 0;
    if (!node || is_empty(node))
        return NULL;
    if (node->kind == SK_NODE_MAP) {
        sk_wrong(r, node, "ここには文字列の一覧を書きます", "expected a list of texts here");
        return NULL;
    }
    size_t most = node->kind == SK_NODE_LIST ? node->n : 1;
    const char **items = sk_arena_new(r->arena, most ? most : 1, sizeof(const char *));
    if (!items) {
        r->problems->no_memory = true;
        return NULL;
    }
    const struct sk_node *c = node->kind == SK_NODE_LIST ? node->child : node;
    for (; c; c = node->kind == SK_NODE_LIST ? c->next : NULL) {
        const char *text = sk_string(r, c, NULL);
        if (text)
            items[(*n)++] = text;
    }
    return items;
}

static void offer(struct sk_reader *r, const struct sk_node *node, const char *const *names, size_t n)
{
    char list[700] = "";
    size_t used = 0;
    for (size_t i = 0; i < n && used + strlen(names[i]) + 8 < sizeof(list); i++) {
        int wrote = snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "", names[i]);
        if (wrote < 0)
            break;
        used += (size_t)wrote;
    }
    sk_wrong(r, node, "「%.100s」は使えません。使えるもの: %s", "'%.100s' is not known; one of: %s", node->text, list);
}

int sk_choice(struct sk_reader *r, const struct sk_node *node, const char *const *names, size_t n)
{
    const char *text = sk_string(r, node, NULL);
    if (!text)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (strcmp(text, names[i]) == 0)
            return (int)i;
    const char *near = sk_suggest(text, names, n);
    if (near)
        sk_wrong(r, node, "「%.100s」は使えません。「%s」のことですか", "'%.100s' is not known; did you mean '%s'?",
                 text, near);
    else
        offer(r, node, names, n);
    return -1;
}
