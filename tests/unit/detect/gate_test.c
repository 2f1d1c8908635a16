/* The gate's fast loops against slow ones that read, fold and weigh one character after the other. */
#include "detect/gate_read.h"
#include "detect/runs.h"

#include "segment_helper.h"

#include <stdlib.h>

enum { BYTES = 30000 };

static uint64_t dice(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* Office text, broken lines, runs of ASCII around the length that is left out, variants of kanji, rare characters. */
static uint32_t make(char *out, uint64_t *state)
{
    static const char *const PIECES[] = {
        "会議の資料を",  "佐藤健太",  "髙橋﨑", "。\n",   "\n",      "\r\n", "\r", "渡邉さん(45)",
        "サトウ ケンタ", "2026年1月", "。",     "𠮷野家", "㐂",      "豈",   "ﾊ",  "é",
        "한국",          "x",         "ABC 12", "\xff",   "\xe3\x81"
    };
    uint32_t n = 0;
    while (n < BYTES - 200) {
        unsigned p = (unsigned)(dice(state) % (sizeof(PIECES) / sizeof(PIECES[0]) + 3));
        if (p < sizeof(PIECES) / sizeof(PIECES[0])) {
            size_t k = strlen(PIECES[p]);
            memcpy(out + n, PIECES[p], k);
            n += (uint32_t)k;
            continue;
        }
        unsigned k = p & 1 ? 28 + (unsigned)(dice(state) % 8) : (unsigned)(dice(state) % 120),
                 end = (unsigned)(dice(state) % 200);
        for (unsigned i = 0; i < k; i++)
            out[n++] = i == end ? '\n' : (char)(32 + dice(state) % 90);
    }
    return n;
}

/* ---------------------------------------------------------------- slow */

static void add(struct sk_gate_block *b, uint32_t cp, uint32_t at)
{
    b->cp[b->chars + 2] = cp;
    b->at[b->chars++] = at;
}

static bool ascii32(const struct sk_gate_text *t)
{
    for (uint32_t k = 0; k < SK_GATE_ASCII_RUN; k++)
        if (t->next + k >= t->n || (unsigned char)t->text[t->next + k] >= 0x80)
            return false;
    return true;
}

static uint32_t seen(const struct sk_names *m, uint32_t c)
{
    return c >= 0x3000 && c < 0x3400 ? c : sk_crf_char(m, c);
}

static void slow_ascii(struct sk_gate_text *t, struct sk_gate_block *b)
{
    uint32_t from = t->next;
    for (t->next += SK_GATE_ASCII_RUN; t->n - t->next >= 16; t->next += 16) {
        bool ascii = true;
        for (uint32_t k = 0; k < 16; k++)
            ascii = ascii && (unsigned char)t->text[t->next + k] < 0x80;
        if (!ascii)
            break;
    }
    t->next -= 3;
    for (uint32_t k = 0; k < 3 && b->chars < SK_GATE_BLOCK; k++)
        add(b, seen(t->names, (unsigned char)t->text[from + k]), from + k);
    if (b->chars < SK_GATE_BLOCK)
        add(b, SK_CRF_BREAK, t->next - 1);
    t->line = 0;
}

static void slow_read(struct sk_gate_text *t, struct sk_gate_block *b)
{
    b->chars = 0;
    while (t->next < t->n && b->chars < SK_GATE_BLOCK) {
        uint32_t cp, behind = 0, at = t->next;
        if (ascii32(t)) {
            slow_ascii(t, b);
            continue;
        }
        t->next += (uint32_t)sk_utf8_next(t->text + at, t->n - at, &cp);
        if (cp != '\n' && cp != '\r') {
            add(b, seen(t->names, cp), at);
            t->line++;
            continue;
        }
        t->next += cp == '\r' && t->next < t->n && t->text[t->next] == '\n';
        if (t->next < t->n)
            sk_utf8_next(t->text + t->next, t->n - t->next, &behind);
        if (t->line < SK_GATE_BROKEN_LINE || b->chars == 0 || !sk_is_kanji(b->cp[b->chars + 1]) ||
            !(sk_is_kanji(behind) || sk_is_hiragana(behind)))
            add(b, SK_CRF_BREAK, at);
        t->line = 0;
    }
    b->at[b->chars] = t->next;
}

static bool slow_open(const struct sk_prose *p, const uint32_t *cp, uint32_t i)
{
    int32_t sum = 0;
    for (int k = 0; k < 4; k++) /* weights of two neighbours for the second character behind, ... the one before */
        sum += (int8_t)(p->gate[sk_gate_row(cp[(int)i + k - 2], cp[(int)i + k - 1])] >> 8 * k);
    return sum + p->gate_bias > p->gate_least;
}

/* ---------------------------------------------------------------- the same? */

static void weigh(const struct sk_prose *p, const struct sk_gate_block *b)
{
    static uint8_t fast[SK_GATE_BLOCK + SK_UTF8_ROOM], portable[SK_GATE_BLOCK + SK_UTF8_ROOM];
    const uint32_t *cp = b->cp + 2;
    bool any = false, told = sk_gate_open(p, cp, b->chars, fast);
    cr_expect_eq(sk_gate_open_portable(p, cp, b->chars, portable), told);
    for (uint32_t i = 0; i < b->chars; i++) {
        bool open = slow_open(p, cp, i);
        cr_assert(fast[i] == open && portable[i] == open, "character %u of %u", i, b->chars);
        any = any || open;
    }
    cr_expect_eq(any, told);
}

Test(gate, reads_and_weighs_as_one_by_one)
{
    static struct sk_gate_block fast, slow;
    struct bench b;
    bench_start(&b);
    const struct sk_prose *prose = sk_rules_prose(b.rules);
    cr_assert(prose);
    uint64_t state = 7;
    for (unsigned turn = 0; turn < 40; turn++) {
        char text[BYTES];
        uint32_t n = make(text, &state), from = (uint32_t)(dice(&state) % 40);
        char *exact = malloc(n);
        cr_assert(exact);
        memcpy(exact, text, n);
        struct sk_gate_text f = { .names = sk_rules_names(b.rules), .text = exact, .n = n, .next = from }, s = f;
        while (f.next < n) {
            sk_gate_read(&f, &fast);
            slow_read(&s, &slow);
            cr_assert(f.next == s.next && f.line == s.line && fast.chars == slow.chars, "turn %u at %u", turn, f.next);
            cr_assert_arr_eq(fast.cp + 2, slow.cp + 2, fast.chars * sizeof(fast.cp[0]));
            cr_assert_arr_eq(fast.at, slow.at, (fast.chars + 1) * sizeof(fast.at[0]));
            fast.cp[0] = fast.cp[1] = fast.cp[fast.chars + 2] = fast.cp[fast.chars + 3] = SK_CRF_BREAK;
            weigh(prose, &fast);
        }
        free(exact);
    }
    bench_end(&b);
}

Test(gate, folds_every_character)
{
    static uint32_t fast[0x30000], portable[0x30000];
    struct bench b;
    bench_start(&b);
    const struct sk_names *m = sk_rules_names(b.rules);
    for (uint32_t i = 0; i < 0x30000; i++)
        fast[i] = portable[i] = i;
    sk_gate_fold(m, fast, 0x2FFF9);
    sk_gate_fold_portable(m, portable, 0x2FFF9);
    for (uint32_t i = 0; i < 0x2FFF9; i++)
        cr_assert(i == '\r' || (fast[i] == seen(m, i) && portable[i] == seen(m, i)), "U+%04X", i);
    bench_end(&b);
}

Test(gate, runs_of_kanji_begin_where_single_characters_say)
{
    uint64_t state = 3;
    for (unsigned turn = 0; turn < 20; turn++) {
        char text[BYTES + 66] = { 0 };
        static uint8_t told[BYTES + 64];
        uint32_t n = make(text, &state), before = ' ', c;
        uint64_t carry = 0;
        for (uint32_t base = 0; base < n; base += 64) {
            uint64_t begins = sk_runs_64(text + base, &carry);
            for (unsigned k = 0; k < 64; k++)
                told[base + k] = begins >> k & 1;
        }
        for (uint32_t i = 0, k; i < n; i += k, before = c) {
            k = (uint32_t)sk_utf8_next(text + i, n - i, &c);
            bool maybe = c > 0xFFFF, begins = sk_is_kanji(c) && (!sk_is_kanji(before) || before > 0xFFFF);
            if (c != SK_REPLACEMENT && before != SK_REPLACEMENT)
                cr_assert_eq(told[i], maybe || begins, "U+%04X at %u", c, i);
            for (uint32_t inside = 1; inside < k; inside++)
                cr_assert_not(told[i + inside]);
        }
    }
}
