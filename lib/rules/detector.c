/* detector.c - one file patterns/detectors/<id>.yaml -> struct sk_detector. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "rules/load.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MOST_DIGITS 40 /* struct sk_candidate holds no more */

struct detector_reader {
    struct sk_reader r;
    struct sk_loader *l;
    struct sk_detector *d;
};

/* ---- find ---- */

/* "12", "14..19" or "4-4-4" (groups with one separator between). */
static bool read_shape(const char *s, struct sk_shape *shape)
{
    unsigned value[6] = { 0 };
    size_t n = 0;
    char sep = 0;
    for (const char *p = s;; p++) {
        size_t digits = strspn(p, "0123456789");
        if (digits == 0 || digits > 2 || n == 6)
            return false;
        for (size_t i = 0; i < digits; i++)
            value[n] = value[n] * 10 + (unsigned)(p[i] - '0');
        if (value[n] == 0 || value[n] > MOST_DIGITS)
            return false;
        n++;
        p += digits;
        if (*p == '\0')
            break;
        bool range = p[0] == '.' && p[1] == '.';
        if ((!range && *p != '-') || (sep && (sep != *p || range)))
            return false;
        sep = *p;
        p += range;
    }
    memset(shape, 0, sizeof(*shape));
    unsigned total = 0;
    for (size_t i = 0; i < n; i++)
        total += value[i];
    if (sep == '-') {
        shape->n_groups = (uint8_t)n;
        for (size_t i = 0; i < n; i++)
            shape->groups[i] = (uint8_t)value[i];
    }
    shape->min = (uint8_t)(sep == '-' ? total : value[0]);
    shape->max = (uint8_t)(sep == '-' ? total : value[n - 1]);
    return shape->min <= shape->max && shape->max <= MOST_DIGITS;
}

static void read_shapes(struct detector_reader *x, const struct sk_node *node)
{
    size_t n;
    const char *const *texts = sk_strings(&x->r, node, &n);
    if (n == 0)
        return;
    struct sk_shape *shapes = sk_arena_new(x->r.arena, n, sizeof(*shapes));
    if (!shapes) {
        x->r.problems->no_memory = true;
        return;
    }
    for (size_t i = 0; i < n; i++)
        if (!read_shape(texts[i], &shapes[i])) {
            sk_wrong(&x->r, node, "「%s」は桁の書き方ではありません。12、14..19、4-4-4 のように書きます",
                     "'%s' is not a shape; write 12, 14..19 or 4-4-4", texts[i]);
            return;
        }
    x->d->shapes = shapes;
    x->d->n_shapes = n;
}

static void read_find(struct detector_reader *x, const struct sk_node *node)
{
    static const char *const KEYS[] = { "digits", "regex", "finder", "line_break", "letters" };
    if (!sk_keys(&x->r, node, KEYS, COUNT(KEYS)))
        return;
    const struct sk_node *digits = sk_get(node, "digits"), *regex = sk_get(node, "regex"),
                         *finder = sk_get(node, "finder");
    if ((digits != NULL) + (regex != NULL) + (finder != NULL) != 1) {
        sk_wrong(&x->r, node, "digits、regex、finder のうち、ちょうど1つを書きます",
                 "write exactly one of digits, regex and finder");
        return;
    }
    read_shapes(x, digits);
    x->d->regex = sk_string(&x->r, regex, NULL);
    x->d->finder = sk_string(&x->r, finder, NULL);
    x->d->line_break = sk_boolean(&x->r, sk_get(node, "line_break"), false);
    x->d->letters = sk_boolean(&x->r, sk_get(node, "letters"), false);
    if (!digits && (x->d->line_break || x->d->letters))
        sk_wrong(&x->r, node, "line_break と letters は digits と一緒にだけ使えます",
                 "line_break and letters go with digits only");
}

/* ---- score ---- */

static int16_t part(struct detector_reader *x, const struct sk_node *score, const char *key, int min, int max)
{
    return (int16_t)sk_integer(&x->r, sk_get(score, key), min, max, 0);
}

static void read_score(struct detector_reader *x, const struct sk_node *score)
{
    static const char *const KEYS[] = { "found", "grouped", "checked", "failed", "labelled", "column", "against" };
    if (!sk_keys(&x->r, score, KEYS, COUNT(KEYS)))
        return;
    struct sk_detector *d = x->d;
    d->found = part(x, score, "found", 0, 100);
    d->grouped = part(x, score, "grouped", 0, 100);
    d->checked = part(x, score, "checked", 0, 100);
    d->failed = part(x, score, "failed", -100, 0);
    d->labelled = part(x, score, "labelled", 0, 100);
    d->column = part(x, score, "column", 0, 100);
    d->against_score = part(x, score, "against", -100, 0);
    if (d->found + d->grouped + d->checked + d->labelled + d->column < SK_SCORE_LOW)
        sk_wrong(&x->r, score, "全部足しても %d に届かないので、この規則は何も見つけません",
                 "all parts together stay under %d, so the rule never finds anything", SK_SCORE_LOW);
    if (d->checked && !d->check)
        sk_wrong(&x->r, sk_get(score, "checked"), "check がないので、checked は加わりません",
                 "'checked' needs a 'check'");
    if (d->failed && !d->check_soft)
        sk_wrong(&x->r, sk_get(score, "failed"), "failed は check_soft: true のときだけ使えます",
                 "'failed' needs 'check_soft: true'");
    if (d->labelled && d->n_labels == 0)
        sk_wrong(&x->r, sk_get(score, "labelled"), "labels がないので、labelled は加わりません",
                 "'labelled' needs 'labels'");
    if (d->against_score && d->n_against == 0)
        sk_wrong(&x->r, sk_get(score, "against"), "against の語がないので、減点されません",
                 "the score 'against' needs words in 'against'");
}

/* ---- words ---- */

/* One letter, kanji or kana stands in half of all sentences; one sign (a postal mark, a telephone) does not. */
static bool too_short(const char *word)
{
    uint32_t c;
    size_t n = strlen(word);
    if (sk_utf8_next(word, n, &c) != n)
        return false;
    return c < 0x80 || sk_is_kanji(c) || sk_is_hiragana(c) || sk_is_katakana(c);
}

static const char *const *read_words(struct detector_reader *x, const struct sk_node *node, size_t *n)
{
    size_t given;
    const char *const *texts = sk_strings(&x->r, node, &given);
    *n = 0;
    if (given == 0)
        return NULL;
    const char **words = sk_arena_new(x->r.arena, given, sizeof(const char *));
    if (!words) {
        x->r.problems->no_memory = true;
        return NULL;
    }
    const struct sk_node *at = node->kind == SK_NODE_LIST ? node->child : node;
    for (size_t i = 0; i < given; i++, at = at && at->next ? at->next : at) {
        const char *folded = sk_load_fold(x->l, texts[i]);
        if (!folded)
            sk_wrong(&x->r, at, "語が長すぎます(上限 %u バイト)", "the word is too long (at most %u bytes)",
                     SK_WORD_BYTES);
        else if (strpbrk(folded, "\r\n"))
            sk_wrong(&x->r, at, "語の中で改行はできません", "a word cannot hold a line end");
        else if (too_short(folded))
            sk_wrong(&x->r, at, "1文字の語は当たりすぎるので使えません", "a word of one character matches too often");
        else
            words[(*n)++] = folded;
    }
    return words;
}

static void read_examples(struct detector_reader *x, const struct sk_node *examples, const char *key,
                          const struct sk_example **out, size_t *n)
{
    const struct sk_node *list = sk_need(&x->r, examples, key);
    if (!list || !sk_is_list(&x->r, list))
        return;
    if (list->n == 0) {
        sk_wrong(&x->r, list, "例を1つ以上書きます", "write at least one example");
        return;
    }
    struct sk_example *items = sk_arena_new(x->r.arena, list->n, sizeof(*items));
    if (!items) {
        x->r.problems->no_memory = true;
        return;
    }
    for (const struct sk_node *c = list->child; c; c = c->next) {
        const char *text = sk_string(&x->r, c, NULL);
        if (text)
            items[(*n)++] = (struct sk_example){ text, c->line, c->column };
    }
    *out = items;
}

/* ---- the whole ---- */

static void read_element(struct detector_reader *x, const struct sk_node *node)
{
    const char *names[SK_EL_COUNT];
    for (unsigned e = 0; e < SK_EL_COUNT; e++)
        names[e] = sk_element_name((enum sk_element)e);
    int e = node ? sk_choice(&x->r, node, names, SK_EL_COUNT) : -1;
    x->d->element = e < 0 ? SK_EL_NONE : (enum sk_element)e;
}

static bool good_id(const char *s)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return n > 0 && n < 64 && s[n] == '\0' && s[0] >= 'a' && s[0] <= 'z';
}

static void read_id(struct detector_reader *x, const struct sk_node *node, const char *name)
{
    const char *id = sk_string(&x->r, node, NULL);
    if (!id)
        return;
    if (!good_id(id)) {
        sk_wrong(&x->r, node, "id には英小文字・数字・_ を使います",
                 "an id is made of lower-case letters, digits and _");
        return;
    }
    /* The file's name is what a person sees in a list; both must lead to the same rule. */
    size_t n = strlen(id);
    const char *base = strrchr(name, '/');
    base = base ? base + 1 : name;
    if (strncmp(base, id, n) != 0 || strcmp(base + n, ".yaml") != 0)
        sk_wrong(&x->r, node, "id「%s」とファイル名「%s」が違います", "the id '%s' differs from the file name '%s'", id,
                 base);
    struct sk_rules *rules = x->l->rules;
    for (size_t i = 0; i < rules->n_detectors; i++)
        if (strcmp(rules->detectors[i].id, id) == 0)
            sk_wrong(&x->r, node, "id「%s」は %s にもあります", "the id '%s' is also in %s", id,
                     rules->detectors[i].file);
    x->d->id = id;
}

static void read_detector(struct detector_reader *x, const struct sk_node *root, const char *name)
{
    static const char *const KEYS[] = { "id",         "title",        "element", "find",   "check",
                                        "check_soft", "needs_label",  "score",   "within", "labels",
                                        "against",    "placeholders", "examples" };
    static const char *const TITLE[] = { "ja", "en" }, *const EXAMPLES[] = { "hits", "misses" };
    struct sk_reader *r = &x->r;
    struct sk_detector *d = x->d;
    if (!sk_keys(r, root, KEYS, COUNT(KEYS)))
        return;
    read_id(x, sk_need(r, root, "id"), name);
    const struct sk_node *title = sk_need(r, root, "title");
    if (title && sk_keys(r, title, TITLE, COUNT(TITLE))) {
        d->title_ja = sk_string(r, sk_need(r, title, "ja"), "");
        d->title_en = sk_string(r, sk_need(r, title, "en"), "");
    }
    read_element(x, sk_need(r, root, "element"));
    const struct sk_node *find = sk_need(r, root, "find");
    if (find)
        read_find(x, find);
    d->check = sk_string(r, sk_get(root, "check"), NULL);
    d->check_soft = sk_boolean(r, sk_get(root, "check_soft"), false);
    d->needs_label = sk_boolean(r, sk_get(root, "needs_label"), false);
    d->within = (uint16_t)sk_integer(r, sk_get(root, "within"), 3, 600, 60);
    d->labels = read_words(x, sk_get(root, "labels"), &d->n_labels);
    d->against = read_words(x, sk_get(root, "against"), &d->n_against);
    d->placeholders = read_words(x, sk_get(root, "placeholders"), &d->n_placeholders);
    const struct sk_node *score = sk_need(r, root, "score");
    if (score)
        read_score(x, score);
    if (d->check_soft && !d->check)
        sk_wrong(r, sk_get(root, "check_soft"), "check がありません", "'check_soft' needs a 'check'");
    const struct sk_node *examples = sk_need(r, root, "examples");
    if (examples && sk_keys(r, examples, EXAMPLES, COUNT(EXAMPLES))) {
        read_examples(x, examples, "hits", &d->hits, &d->n_hits);
        read_examples(x, examples, "misses", &d->misses, &d->n_misses);
    }
}

void sk_load_detector(struct sk_loader *l, const char *path, const char *name)
{
    struct sk_rules *rules = l->rules;
    struct sk_buf text;
    size_t before = l->problems->n;
    struct sk_node *root = sk_yaml_load(path, &text, &rules->arena, l->problems);
    bool digested = !root || sk_load_digest(l, name, text.p, text.n);
    sk_buf_free(&text);
    const char *file = sk_arena_string(&rules->arena, path, strlen(path));
    struct sk_detector d = { .file = file, .id = "", .title_ja = "", .title_en = "", .element = SK_EL_NONE };
    if (!digested || !file || !sk_grow(&rules->detectors, &rules->detectors_cap, rules->n_detectors + 1, sizeof(d))) {
        l->problems->no_memory = true;
        return;
    }
    if (!root)
        return;
    d.line = root->line;
    struct detector_reader x = { { file, &rules->arena, l->problems }, l, &d };
    read_detector(&x, root, name);
    if (l->problems->n == before)
        rules->detectors[rules->n_detectors++] = d;
}
