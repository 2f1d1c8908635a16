#include "detect/conditions.h"

#include <endian.h>
#include <stdlib.h>

#include "detect/chars.h"

/*
 * Words of patterns/words/ and a grammar of endings: a run of kanji, katakana, letters and digits that ends with 症,
 * 炎, 癌
 * ... is a disease as a whole (原発性胆汁性胆管炎), unless a word of the veto list covers the ending (病院). What other
 * words need beside them, says their kind.
 */

enum kind {                    /* bits: a word may stand in several lists */
            WHOLE_DISEASE = 1, /* as it is */
            WHOLE_PROCEDURE = 2,
            WHOLE_CARE = 4,
            DRUG_STEM = 8,    /* the beginning of a name: アムロジピンベシル酸塩錠5mg */
            DISEASE_END = 16, /* with the run in front of it */
            WEAK_END = 32,    /* if a part of the body stands in the run */
            PROCEDURE_END = 64,
            DRUG_END = 128,  /* at the end of a run of katakana */
            DRUG_FORM = 256, /* between a run and an amount: 錠5mg */
            MEASURE = 512,   /* a number follows */
            GRADE = 1024,    /* one of 1 to 6 follows */
            BODY = 2048,
            VETO = 4096
};

static const struct {
    const char *list;
    uint16_t kind;
} LISTS[] = { { "disease", WHOLE_DISEASE },
              { "symptom", WHOLE_DISEASE },
              { "procedure", WHOLE_PROCEDURE },
              { "welfare", WHOLE_CARE },
              { "drug", DRUG_STEM },
              { "condition_suffix", DISEASE_END },
              { "condition_weak", WEAK_END },
              { "procedure_suffix", PROCEDURE_END },
              { "drug_suffix", DRUG_END },
              { "drug_form", DRUG_FORM },
              { "lab", MEASURE },
              { "care_level", GRADE },
              { "body_part", BODY },
              { "condition_veto", VETO } };
#define N_LISTS (sizeof(LISTS) / sizeof(LISTS[0]))

struct entry {
    const char *word;
    uint16_t n, kind;
};

struct head { /* words that share their first three bytes: [from, to) */
    uint32_t bytes, from, to;
};

struct sk_conditions {
    struct entry *words; /* sorted by bytes */
    size_t n;
    struct head *heads;           /* by hash, open addressing; to = 0: free */
    size_t n_heads;               /* a power of two, more than twice the words */
    uint8_t one[8192], two[8192]; /* bits by hash of three bytes (words of one character), of six (all others) */
};

#define LONGEST_RUN 120u /* bytes in front of an ending */
#define LONGEST_WORD 96u
#define VETO_BACK 27u /* bytes that a veto word may begin before an ending */

/* ---------------------------------------------------------------- the dictionary */

static unsigned hash3(const char *s)
{
    uint32_t v = 0;
    memcpy(&v, s, 3);
    return (le32toh(v) & 0xFFFFFF) * 0x9E3779B1u >> 16;
}

static unsigned hash6(const char *s)
{
    uint64_t v = 0;
    memcpy(&v, s, 6);
    return (unsigned)(le64toh(v) * 0x9E3779B97F4A7C15u >> 48);
}

static void set(uint8_t *bits, unsigned i)
{
    bits[i / 8] = (uint8_t)(bits[i / 8] | 1u << i % 8);
}

static bool get(const uint8_t *bits, unsigned i)
{
    return bits[i / 8] >> i % 8 & 1;
}

static int by_word(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->word, ((const struct entry *)b)->word);
}

static void add_list(struct sk_conditions *k, const struct sk_word_list *list, uint16_t kind)
{
    for (size_t i = 0; i < list->n; i++) {
        size_t n = strlen(list->words[i]);
        bool alone = kind == WHOLE_DISEASE || kind == WHOLE_PROCEDURE || kind == DRUG_STEM;
        if (n < 3 || n > LONGEST_WORD ||
            (n < 6 && alone && (unsigned char)list->words[i][0] >= 0x80 &&
             strcmp(list->words[i], "癌") != 0)) /* one kanji is in too many other words */
            continue;
        k->words[k->n++] = (struct entry){ list->words[i], (uint16_t)n, kind };
    }
}

static uint32_t three(const char *s)
{
    return (uint32_t)(unsigned char)s[0] | (uint32_t)(unsigned char)s[1] << 8 | (uint32_t)(unsigned char)s[2] << 16;
}

/* Where the words that begin with these three bytes are listed, or would be. */
static struct head *head_of(const struct sk_conditions *k, uint32_t bytes)
{
    size_t i = bytes * 0x9E3779B1u >> 12 & (k->n_heads - 1);
    while (k->heads[i].to && k->heads[i].bytes != bytes)
        i = (i + 1) & (k->n_heads - 1);
    return &k->heads[i];
}

static bool list_heads(struct sk_conditions *k)
{
    for (k->n_heads = 64; k->n_heads <= 2 * k->n;)
        k->n_heads *= 2;
    k->heads = sk_new(k->n_heads, sizeof(*k->heads));
    for (size_t i = 0; k->heads && i < k->n; i++) {
        struct head *h = head_of(k, three(k->words[i].word));
        if (!h->to)
            *h = (struct head){ .bytes = three(k->words[i].word), .from = (uint32_t)i };
        h->to = (uint32_t)i + 1;
    }
    return k->heads != NULL;
}

struct sk_conditions *sk_conditions_new(const struct sk_rules *rules)
{
    struct sk_conditions *k = sk_new(1, sizeof(*k));
    size_t most = 1, kept = 0;
    const struct sk_word_list *lists[N_LISTS];
    for (size_t i = 0; i < N_LISTS; i++) {
        lists[i] = sk_rules_words(rules, LISTS[i].list);
        most += lists[i] ? lists[i]->n : 0;
    }
    if (!k || !(k->words = sk_new(most, sizeof(*k->words)))) {
        sk_conditions_free(k);
        return NULL;
    }
    for (size_t i = 0; i < N_LISTS; i++)
        if (lists[i])
            add_list(k, lists[i], LISTS[i].kind);
    if (k->n)
        qsort(k->words, k->n, sizeof(*k->words), by_word);
    for (size_t i = 0; i < k->n; i++) {
        if (kept && strcmp(k->words[kept - 1].word, k->words[i].word) == 0) {
            k->words[kept - 1].kind = (uint16_t)(k->words[kept - 1].kind | k->words[i].kind);
            continue;
        }
        k->words[kept++] = k->words[i];
    }
    k->n = kept;
    for (size_t i = 0; i < k->n; i++)
        if (k->words[i].kind & (uint16_t) ~(BODY | VETO)) {
            if (k->words[i].n < 6)
                set(k->one, hash3(k->words[i].word));
            else
                set(k->two, hash6(k->words[i].word));
        }
    if (!list_heads(k)) {
        sk_conditions_free(k);
        return NULL;
    }
    return k;
}

void sk_conditions_free(struct sk_conditions *k)
{
    if (!k)
        return;
    free(k->words);
    free(k->heads);
    free(k);
}

/* The longest word of these kinds that text[0, n) begins with; NULL = none. As sk_list_longest. */
static const struct entry *longest(const struct sk_conditions *k, const char *text, size_t n, uint16_t kinds)
{
    const struct head *head = n >= 3 ? head_of(k, three(text)) : NULL;
    if (!head || !head->to)
        return NULL;
    for (size_t limit = n < LONGEST_WORD ? n : LONGEST_WORD; limit >= 3;) {
        size_t lo = head->from, hi = head->to;
        while (lo < hi) { /* first word above text[0, limit) */
            size_t mid = lo + (hi - lo) / 2, w = k->words[mid].n;
            int order = memcmp(k->words[mid].word, text, w < limit ? w : limit);
            if (order < 0 || (order == 0 && w <= limit))
                lo = mid + 1;
            else
                hi = mid;
        }
        if (lo == head->from)
            return NULL;
        const struct entry *e = &k->words[lo - 1];
        size_t same = 0;
        while (same < e->n && same < limit && e->word[same] == text[same])
            same++;
        if (same == e->n && e->kind & kinds)
            return e;
        limit = same == e->n ? same - 1 : same;
    }
    return NULL;
}

/* ---------------------------------------------------------------- one place */

struct cursor {
    const struct sk_conditions *k;
    const char *t;
    uint32_t run, katakana, to; /* where the run in hand and its last katakana begin */
};

static bool katakana(uint32_t cp)
{
    return sk_is_katakana(cp) || cp == 0x30FC;
}

static bool latin(char c)
{
    return sk_is_alnum(c);
}

/* A word of letters stands by itself, and so does one of katakana: HIV in ARCHIVE, ガン in ガンダム are none. */
static bool bounded(const struct cursor *c, uint32_t p, uint32_t end, bool whole)
{
    if (latin(c->t[p]) && p > 0 && latin(c->t[p - 1]))
        return false;
    if (sk_is_letter(c->t[end - 1]) && end < c->to && sk_is_letter(c->t[end]))
        return false;
    uint32_t first, last, next = 0;
    (void)sk_utf8_next(c->t + p, c->to - p, &first);
    (void)sk_utf8_prev(c->t, end, &last);
    if (end < c->to)
        (void)sk_utf8_next(c->t + end, c->to - end, &next);
    return !(katakana(last) && katakana(next)) && !(whole && katakana(first) && c->katakana < p && c->run < p);
}

static bool vetoed(const struct cursor *c, uint32_t p, uint32_t end, bool equal)
{
    uint32_t from = p - c->run > VETO_BACK ? p - VETO_BACK : c->run;
    for (uint32_t v = from; v <= p; v++) {
        if (((unsigned char)c->t[v] & 0xC0) == 0x80)
            continue;
        const struct entry *e = longest(c->k, c->t + v, c->to - v, VETO);
        if (e && (v + e->n > end || ((equal || v < p) && v + e->n == end)))
            return true;
    }
    return false;
}

static bool body_within(const struct cursor *c, uint32_t from, uint32_t to)
{
    for (uint32_t v = from; v < to; v++)
        if (((unsigned char)c->t[v] & 0xC0) != 0x80 && longest(c->k, c->t + v, to - v, BODY))
            return true;
    return false;
}

static uint32_t digits(const struct cursor *c, uint32_t p)
{
    while (p < c->to &&
           (sk_is_digit(c->t[p]) || ((c->t[p] == '.' || c->t[p] == '/') && p + 1 < c->to && sk_is_digit(c->t[p + 1]))))
        p++;
    return p;
}

/* 錠5mg, 2.5%: the character behind the amount, p = none. */
static uint32_t amount(const struct cursor *c, uint32_t p)
{
    static const char *const UNITS[] = { "mg", "μg", "mcg", "g", "%", "mL", "ml", "単位", "mEq", "国際単位" };
    uint32_t from = p < c->to && c->t[p] == ' ' ? p + 1 : p, e = digits(c, from);
    for (size_t i = 0; e > from && i < sizeof(UNITS) / sizeof(UNITS[0]); i++)
        if (sk_has(c->t + e, c->to - e, UNITS[i]))
            return e + (uint32_t)strlen(UNITS[i]);
    return p;
}

/* A measured value behind its name: HbA1cは7.2%, 血圧 150/90. */
static uint32_t measured(const struct cursor *c, uint32_t p)
{
    static const char *const BETWEEN[] = { "値", "は", "が", "の", "も", ":", " ", "=", "約", "(", "、" };
    static const char *const COUNTERS[] = { "年", "月", "日", "人", "回", "件", "歳", "時", "名" };
    for (int k = 0; k < 4; k++)
        for (size_t i = 0; i < sizeof(BETWEEN) / sizeof(BETWEEN[0]); i++)
            if (sk_has(c->t + p, c->to - p, BETWEEN[i])) {
                p += (uint32_t)strlen(BETWEEN[i]);
                break;
            }
    uint32_t e = digits(c, p);
    for (size_t i = 0; i < sizeof(COUNTERS) / sizeof(COUNTERS[0]); i++)
        if (sk_has(c->t + e, c->to - e, COUNTERS[i]))
            return 0;
    return e > p ? e : 0;
}

/* 要介護3, 要支援:2, 障害支援区分 6; 身体障害者手帳2級 */
static uint32_t grade(const struct cursor *c, uint32_t p)
{
    static const char *const KANJI[] = { "一", "二", "三", "四", "五", "六" };
    if (p < c->to && (c->t[p] == ':' || c->t[p] == ' '))
        p++;
    if (p < c->to && c->t[p] >= '1' && c->t[p] <= '6' && !(p + 1 < c->to && sk_is_digit(c->t[p + 1])))
        return p + 1;
    for (size_t i = 0; i < sizeof(KANJI) / sizeof(KANJI[0]); i++)
        if (sk_has(c->t + p, c->to - p, KANJI[i]))
            return p + (uint32_t)strlen(KANJI[i]);
    return 0;
}

static uint32_t certificate(const struct cursor *c, uint32_t p)
{
    uint32_t e = grade(c, p);
    return e && sk_has(c->t + e, c->to - e, "級") ? e + 3 : p;
}

/* The rest of a drug's name behind its stem, its form and amount. */
static uint32_t drug_end(const struct cursor *c, uint32_t p)
{
    while (p < c->to) {
        uint32_t cp;
        size_t n = sk_utf8_next(c->t + p, c->to - p, &cp);
        if (!katakana(cp) && cp != 0x5869 && cp != 0x9178) /* 塩, 酸 */
            break;
        p += (uint32_t)n;
    }
    const struct entry *form = longest(c->k, c->t + p, c->to - p, DRUG_FORM);
    if (form)
        p += form->n;
    return amount(c, p);
}

/* What the word at p is, if it is one; best keeps the longest. */
static void judge(const struct cursor *c, uint32_t p, const struct entry *e, struct sk_condition *best)
{
    uint32_t end = p + e->n, found = 0, begin = p, cp = 0;
    enum sk_element element = SK_EL_DISEASE;
    if (e->kind & WHOLE_DISEASE) {
        found = end;
        begin = c->run; /* 2型糖尿病 */
    } else if (e->kind & WHOLE_PROCEDURE) {
        found = end;
        element = SK_EL_PROCEDURE;
    } else if (e->kind & WHOLE_CARE) {
        found = certificate(c, end);
        element = SK_EL_CARE_LEVEL;
    } else if (e->kind & DRUG_STEM) {
        found = drug_end(c, end);
        element = SK_EL_DRUG;
    } else if (e->kind & GRADE) {
        found = grade(c, end);
        element = SK_EL_CARE_LEVEL;
    } else if (e->kind & MEASURE) {
        found = measured(c, end);
        element = SK_EL_LAB_VALUE;
    }
    if (found && vetoed(c, p, end, false))
        found = 0;
    if (!found && e->kind & (DISEASE_END | PROCEDURE_END | WEAK_END)) {
        bool weak = !(e->kind & (DISEASE_END | PROCEDURE_END));
        begin = c->run;
        bool tail = sk_has(c->t + p, c->to - p, "ー"); /* リンフォーマ: two characters at least in front */
        if ((tail ? p - c->katakana >= 6 : e->n >= 6 || begin < p || latin(c->t[p])) &&
            (!weak || (begin < p && body_within(c, begin, p))) && !vetoed(c, p, end, true))
            found = end;
        element = e->kind & DISEASE_END || weak ? SK_EL_DISEASE : SK_EL_PROCEDURE;
    }
    if (!found && e->kind & DRUG_END && p - c->katakana >= 6 && p > c->katakana) {
        if (end < c->to)
            (void)sk_utf8_next(c->t + end, c->to - end, &cp);
        begin = c->katakana;
        found = katakana(cp) ? 0 : drug_end(c, end);
        element = SK_EL_DRUG;
    }
    if (!found && e->kind & DRUG_FORM && c->run < p && amount(c, end) > end) {
        begin = c->run;
        found = amount(c, end);
        element = SK_EL_DRUG;
    }
    if (found && bounded(c, p, element == SK_EL_DRUG ? found : end, begin == p || e->kind & WHOLE_DISEASE) &&
        found > best->end)
        *best = (struct sk_condition){ begin, found, element };
}

#define SPEAKS ((uint16_t) ~(BODY | VETO))

static void look(const struct cursor *c, uint32_t p, struct sk_condition *best)
{
    uint32_t left = c->to - p;
    for (const struct entry *e = longest(c->k, c->t + p, left, SPEAKS); e;
         e = e->n > 3 ? longest(c->k, c->t + p, e->n - 1u, SPEAKS) : NULL) {
        uint32_t before = best->end;
        judge(c, p, e, best);
        if (best->end != before)
            return;
    }
}

/* ---------------------------------------------------------------- the walk */

/* Where a run begins anew: behind dates and ages. */
static bool parts(uint32_t cp)
{
    return cp == 0x5E74 || cp == 0x6708 || cp == 0x65E5 || cp == 0x6B73 || cp == 0x6642; /* 年月日歳時 */
}

/* The run of term characters that ends in front of p, not below floor. */
static void run_before(struct cursor *c, uint32_t p, uint32_t floor)
{
    bool kana = true;
    c->run = c->katakana = p;
    while (c->run > floor && p - c->run < LONGEST_RUN) {
        uint32_t cp;
        uint32_t n = (uint32_t)sk_utf8_prev(c->t, c->run, &cp);
        bool hyphen = cp == '-' && c->run < p && latin(c->t[c->run]);
        bool dot = cp == 0x30FB && c->run < p && kana && c->katakana == c->run;
        if (n > c->run - floor || parts(cp) ||
            !(sk_is_kanji(cp) || katakana(cp) || dot || hyphen || (cp < 0x80 && latin((char)cp))))
            break;
        c->run -= n;
        kana = kana && (katakana(cp) || dot);
        if (kana)
            c->katakana = c->run;
    }
    while (c->run < p && ((unsigned char)c->t[c->run] & 0xC0) == 0x80)
        c->run++;
}

/* The next place at which a word may begin; to = none. Asked of every character: a look at one table. */
static uint32_t next_place(const struct sk_conditions *k, const char *t, uint32_t from, uint32_t p, uint32_t to)
{
    while (p + 8 <= to) {
        uint64_t v;
        memcpy(&v, t + p, sizeof(v));
        v = le64toh(v);
        unsigned char b = (unsigned char)t[p];
        if (b < 0x80) {
            uint64_t w[3];
            if (p + 32 <= to && (v & 0x8080808080808080u) == 0) { /* letters alone: their last words are looked at */
                memcpy(w, t + p + 8, sizeof(w));
                if (((w[0] | w[1] | w[2]) & 0x8080808080808080u) == 0) {
                    p += 16;
                    continue;
                }
            }
            if (!sk_is_letter((char)b) || (p > from && latin(t[p - 1]))) {
                p++;
                continue;
            }
        }
        /* Without branches: which of the tables says yes cannot be foreseen. */
        unsigned h3 = (uint32_t)(v & 0xFFFFFF) * 0x9E3779B1u >> 16;
        unsigned h6 = (unsigned)((v & 0xFFFFFFFFFFFF) * 0x9E3779B97F4A7C15u >> 48);
        unsigned yes = (k->one[h3 / 8] >> h3 % 8) | (k->two[h6 / 8] >> h6 % 8);
        if (yes & 1)
            return p;
        p += 1u + (b >= 0xC0) + (b >= 0xE0) + (b >= 0xF0);
    }
    for (; p + 3 <= to; p++) { /* the last few bytes */
        unsigned char b = (unsigned char)t[p];
        bool begins = b >= 0xC0 || (sk_is_letter((char)b) && !(p > from && latin(t[p - 1])));
        if (begins && (get(k->one, hash3(t + p)) || (p + 6 <= to && get(k->two, hash6(t + p)))))
            return p;
    }
    return to;
}

bool sk_conditions_next(const struct sk_conditions *k, const char *text, uint32_t from, uint32_t to,
                        struct sk_condition *found)
{
    struct cursor c = { k, text, from, from, to };
    struct sk_condition best = { 0 };
    for (uint32_t p = next_place(k, text, from, from, to); p < to; p = next_place(k, text, from, p, to)) {
        run_before(&c, p, from);
        /* May the same run make it longer? 糖尿病性腎症 */
        if (best.end && p >= best.end &&
            (c.run > best.begin || best.element != SK_EL_DISEASE || p - best.end > 9 || latin(text[p])))
            break;
        look(&c, p, &best);
        unsigned char b = (unsigned char)text[p];
        p += b < 0xC0 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
    }
    *found = best;
    return best.end > 0;
}
