#include "detect/address.h"
#include "detect/chars.h"
#include "detect/lists.h"

/* Building, floor and room behind a street number: 1-2-3 みどりハイツ203号室, 2丁目6-1朝日生命大手町ビル4F. */

#define LONGEST_NAME 30u /* characters */

static bool name_char(uint32_t cp)
{
    return sk_is_kanji(cp) || sk_is_hiragana(cp) || sk_is_katakana(cp) || cp == 0x30FB || cp == 0x30FC ||
           (cp < 0x80 && (sk_is_alnum((char)cp) || cp == '-' || cp == '&' || cp == '~' || cp == '_' || cp == '\'')) ||
           (cp >= 0x2160 && cp <= 0x216B);
}

static bool is_digit(const struct sk_address_text *x, uint32_t i)
{
    return i < x->n && x->cp[i] >= '0' && x->cp[i] <= '9';
}

static bool word(const struct sk_address_text *x, uint32_t i, const char *w)
{
    return i < x->n && sk_has(x->text + x->at[i], x->at[x->n] - x->at[i], w);
}

/* The sentence goes on, or says where in relation to the number something is. */
static bool sentence(const struct sk_address_text *x, uint32_t i)
{
    static const char *const WORDS[] = { "に",   "で",   "を",   "は",   "が",   "と",   "へ",   "も",   "や",   "の",
                                         "から", "まで", "より", "付近", "周辺", "地先", "先",   "在住", "所在", "居住",
                                         "宛",   "方面", "他",   "外",   "ほか", "及び", "また", "お",   "ご",   "様",
                                         "電話", "TEL",  "tel",  "FAX",  "Tel",  "生",   "氏名", "交番", "の" };
    for (size_t k = 0; k < sizeof(WORDS) / sizeof(WORDS[0]); k++)
        if (word(x, i, WORDS[k]))
            return true;
    return false;
}

/* B1F, 4階, 地下1階, 203号室, 203号, 203, A-203 */
static uint32_t room(const struct sk_address_text *x, uint32_t i, bool bare)
{
    uint32_t p = i;
    if (word(x, p, "地下"))
        p += 2;
    else if (p + 1 < x->n && x->cp[p] < 0x80 && sk_is_letter((char)x->cp[p])) {
        p++;
        if (p < x->n && x->cp[p] == '-')
            p++;
    }
    uint32_t from = p;
    while (is_digit(x, p) && p - from < 5)
        p++;
    if (p == from)
        return i;
    while (p + 1 < x->n && (x->cp[p] == '-' || x->cp[p] == '~' || x->cp[p] == 0x30FB) &&
           is_digit(x, p + 1)) { /* 3・4階 */
        p++;
        while (is_digit(x, p) && p - from < 12)
            p++;
    }
    if (p + 1 < x->n && x->cp[p] < 0x80 && sk_is_letter((char)x->cp[p]) && word(x, p + 1, "号")) /* 502B号 */
        p++;
    static const char *const UNITS[] = { "号室", "号棟", "号館", "号", "室", "階", "棟", "F" };
    for (size_t k = 0; k < sizeof(UNITS) / sizeof(UNITS[0]); k++)
        if (word(x, p, UNITS[k]))
            return p + (uint32_t)sk_utf8_count(UNITS[k], strlen(UNITS[k]));
    bool ends = p >= x->n || !(name_char(x->cp[p]) || x->cp[p] == '.' || x->cp[p] == ':' || x->cp[p] == '/');
    return bare && ends ? p : i;
}

/* 2号棟 203号室, 4階: as many as stand behind each other. */
static uint32_t rooms(const struct sk_address_text *x, uint32_t i, bool bare)
{
    for (int k = 0; k < 3; k++) {
        bool joins =
            i < x->n && (x->cp[i] == ' ' || x->cp[i] == '-' || (k > 0 && (x->cp[i] == 0x30FB || x->cp[i] == '~')));
        uint32_t from = i + joins, to = room(x, from, bare && !(joins && x->cp[i] == '-'));
        if (to == from)
            break;
        i = to;
        if (word(x, i, "内"))
            return i + 1;
    }
    return i;
}

/* Behind the last word of buildings in [i, end); i = there is none. */
static uint32_t last_building(const struct sk_address_text *x, uint32_t i, uint32_t end)
{
    uint32_t best = i;
    for (uint32_t k = i; x->buildings && k < end; k++) {
        size_t n = sk_list_longest(x->buildings, x->text + x->at[k], x->at[end] - x->at[k]);
        if (n > 0 && (k > i || n > 6)) /* not 館 alone at the beginning */
            best = k + (uint32_t)sk_utf8_count(x->text + x->at[k], n);
    }
    return best;
}

uint32_t sk_address_box(const struct sk_address_text *x, uint32_t i)
{
    uint32_t p = i;
    if (p >= x->n || x->cp[p] != '(')
        return i;
    for (p++; p < x->n && p - i < LONGEST_NAME && name_char(x->cp[p]) && !word(x, p, "私書箱"); p++)
        ;
    if (!word(x, p, "私書箱"))
        return i;
    p += 3 + (uint32_t)word(x, p + 3, "第");
    uint32_t digits = p;
    while (p < x->n && (is_digit(x, p) || x->cp[p] == 0x30FB) && p - digits < 24)
        p++;
    p += word(x, p, "号") || word(x, p, "番");
    return p > digits && p < x->n && x->cp[p] == ')' ? p + 1 : i;
}

static uint32_t building(const struct sk_address_text *x, uint32_t end, bool whole)
{
    bool space = end < x->n && x->cp[end] == ' ';
    uint32_t from = end + space, to = from, words = 0;
    uint32_t first = rooms(x, end, false);
    if (first > end)
        return first;
    if (from >= x->n || !name_char(x->cp[from]) || x->cp[from] == '-')
        return end;
    /* One token, and the next when the first has no building's word: レジデンス 青山 */
    while (to < x->n && to - from < LONGEST_NAME) {
        if (x->cp[to] == ' ') {
            if (last_building(x, from, to) > from || ++words > 1)
                break;
        } else if (!name_char(x->cp[to]) &&
                   !((x->cp[to] == '.' || x->cp[to] == '!') && to + 1 < x->n && name_char(x->cp[to + 1]))) {
            break;
        }
        to++;
    }
    uint32_t last = last_building(x, from, to);
    /* A cell of its own: コスモス青山 without any such word, written onto the number; what stands behind ビル. */
    bool ends = whole && words == 0 && !x->cut && (to >= x->n || x->cp[to] == '(');
    if (ends && (last > from || (!space && !sentence(x, from))))
        return to;
    if (last > from && !sentence(x, from)) {
        static const char *const BEHIND[] = { "本館", "別館", "新館", "内", "方" };
        for (size_t k = 0; k < sizeof(BEHIND) / sizeof(BEHIND[0]); k++)
            if (word(x, last, BEHIND[k])) {
                last += (uint32_t)sk_utf8_count(BEHIND[k], strlen(BEHIND[k]));
                break;
            }
        return rooms(x, last, true);
    }
    return end;
}

uint32_t sk_address_building(const struct sk_address_text *x, uint32_t end, bool whole)
{
    return sk_address_box(x, building(x, end, whole));
}
