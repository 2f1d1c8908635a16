#include "detect/chars.h"
#include "detect/numbers.h"

/*
 * Addresses by their grammar: 都道府県, 市区町村, town, then 1丁目2番3号, 1-2-3, 123番地. Found from the numbers
 * backwards, because numbers are few. With its prefecture an address stands for itself; without, only a label makes it
 * one.
 */

static bool street_number(const char *t, uint32_t left)
{
    static const char *const UNITS[] = { "丁目", "番地", "番", "号", "地割" };
    for (size_t i = 0; i < sizeof(UNITS) / sizeof(UNITS[0]); i++)
        if (sk_has(t, left, UNITS[i]))
            return true;
    return left > 1 && t[0] == '-' && sk_is_digit(t[1]);
}

static bool town_char(uint32_t cp)
{
    return sk_is_kanji(cp) || sk_is_hiragana(cp) || sk_is_katakana(cp) || cp == 0x30FC || cp == 0x30F6 || cp == 0x30B1;
}

/* 都, 道, 府 or 県 */
static bool prefecture_ends(const char *t)
{
    return memcmp(t, "県", 3) == 0 || memcmp(t, "府", 3) == 0 || memcmp(t, "都", 3) == 0 || memcmp(t, "道", 3) == 0;
}

/* Whether [b, b + n) begins with a prefecture; the 47 names have 2 or 3 characters before their 都道府県. */
static bool at_prefecture(const char *t, size_t n)
{
    static const char *const NAMES[] = { "北海道", "青森県",   "岩手県", "宮城県",   "秋田県", "山形県", "福島県",
                                         "茨城県", "栃木県",   "群馬県", "埼玉県",   "千葉県", "東京都", "神奈川県",
                                         "新潟県", "富山県",   "石川県", "福井県",   "山梨県", "長野県", "岐阜県",
                                         "静岡県", "愛知県",   "三重県", "滋賀県",   "京都府", "大阪府", "兵庫県",
                                         "奈良県", "和歌山県", "鳥取県", "島根県",   "岡山県", "広島県", "山口県",
                                         "徳島県", "香川県",   "愛媛県", "高知県",   "福岡県", "佐賀県", "長崎県",
                                         "熊本県", "大分県",   "宮崎県", "鹿児島県", "沖縄県" };
    if (n < 9 || !(prefecture_ends(t + 6) || (n >= 12 && prefecture_ends(t + 9)))) /* asked at every character */
        return false;
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (sk_has(t, n, NAMES[i]))
            return true;
    return false;
}

static bool municipality_within(const char *t, size_t n)
{
    return sk_within(t, n, "市") || sk_within(t, n, "区") || sk_within(t, n, "町") || sk_within(t, n, "村") ||
           sk_within(t, n, "郡");
}

/* Behind the first number: the rest of block and house number, then a building's room is left out. */
static uint32_t address_end(const struct sk_segment *s, uint32_t p)
{
    static const char *const PARTS[] = { "丁目", "番地", "番", "号", "地割", "の", "-", " " };
    bool more = true;
    while (more && p < s->len) {
        more = false;
        while (p < s->len && sk_is_digit(s->text[p])) {
            p++;
            more = true;
        }
        for (size_t i = 0; i < sizeof(PARTS) / sizeof(PARTS[0]) && p < s->len; i++) {
            size_t k = strlen(PARTS[i]);
            if (!sk_has(s->text + p, s->len - p, PARTS[i]))
                continue;
            if (i >= 5 && !sk_is_digit(s->text[p + k])) /* joins numbers only */
                continue;
            if (i == 7 && !more) /* two spaces end it */
                continue;
            p += (uint32_t)k;
            more = true;
            break;
        }
    }
    return p;
}

/* Start of the run of town characters that ends at `end`; *prefecture: it holds one, and that is where the address
 * begins. */
static uint32_t address_begin(const struct sk_segment *s, uint32_t end, uint32_t floor, bool *prefecture)
{
    uint32_t p = end, best = end;
    *prefecture = false;
    while (p > floor && end - p < 120) {
        uint32_t cp;
        size_t k = sk_utf8_prev(s->text, p, &cp);
        bool space = cp == ' ' && p - 1 > floor && (s->text[p - 2] & 0x80); /* 群馬県 前橋市 */
        if (!town_char(cp) && !space)
            break;
        p -= (uint32_t)k;
        if (!space)
            best = p;
        if (cp != ' ' && at_prefecture(s->text + p, s->len - p)) {
            *prefecture = true;
            return p;
        }
    }
    return best;
}

static bool label_ends_at(struct sk_find *f, uint32_t begin, uint32_t *label_end)
{
    struct sk_nearby near;
    sk_nearby_find(f->labels, f->s, begin + 1, &near); /* the label may run into the address: 住所桜川市... */
    for (size_t i = near.to; i > near.from; i--) {
        const struct sk_mark *m = &f->labels->marks[i - 1];
        if (sk_mark_speaks(f->labels, m, f->detector)) {
            *label_end = m->end;
            return true;
        }
    }
    return false;
}

void sk_find_address(struct sk_find *f)
{
    uint32_t floor = 0;
    for (size_t i = 0; i < f->hits->n_atoms; i++) {
        const struct sk_atom *a = &f->hits->atoms[i];
        uint32_t number_end = a->begin + a->n, cp = 0, label_end = 0;
        if (a->n > 5 || a->begin <= floor + 3 || !street_number(f->s->text + number_end, f->s->len - number_end))
            continue;
        sk_utf8_prev(f->s->text, a->begin, &cp);
        if (!town_char(cp))
            continue;
        bool prefecture;
        uint32_t begin = address_begin(f->s, a->begin, floor, &prefecture), end = address_end(f->s, a->begin);
        bool municipality = municipality_within(f->s->text + begin, a->begin - begin);
        unsigned flags = prefecture && municipality ? SK_FIND_CHECKED | SK_FIND_GROUPED : 0;
        if (!prefecture) {
            if (!label_ends_at(f, begin, &label_end) || label_end >= a->begin)
                continue;
            if (label_end > begin)
                begin = label_end;
            flags = SK_FIND_LABELLED;
        }
        if (prefecture && !municipality)
            continue;
        sk_find_add(f, begin, end, flags);
        floor = end;
    }
}
