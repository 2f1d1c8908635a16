#include "detect/address.h"

#include "detect/chars.h"

/*
 * prefecture, district, municipality, 大字 town 字 ..., number. Names come from the dictionary of places; what it does
 * not know (字, 通り名 of 京都, merged towns) is a run of characters that a number must end.
 */

#define LONGEST_RUN 28u /* characters between municipality and number: 寺町通御池上る上本能寺前町 */
#define LONGEST_MUNICIPALITY 8u

void sk_address_read(struct sk_address_text *x, const char *text, uint32_t begin, uint32_t end)
{
    uint32_t i = begin;
    x->text = text;
    x->n = 0;
    while (i < end && x->n < SK_ADDRESS_CHARS) {
        x->at[x->n] = i;
        i += (uint32_t)sk_utf8_next(text + i, end - i, &x->cp[x->n]);
        x->same[x->n] = sk_place_char(x->names, x->cp[x->n]);
        x->n++;
    }
    x->at[x->n] = i;
    x->cut = i < end;
}

static bool digit(const struct sk_address_text *x, uint32_t i)
{
    return i < x->n && x->cp[i] >= '0' && x->cp[i] <= '9';
}

static bool numeral(uint32_t cp)
{
    static const uint16_t NUMERALS[] = { 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03,
                                         0x516B, 0x4E5D, 0x5341, 0x767E, 0x5343, 0x3007 };
    for (size_t k = 0; k < sizeof(NUMERALS) / sizeof(NUMERALS[0]); k++)
        if (cp == NUMERALS[k])
            return true;
    return false;
}

uint32_t sk_address_number(const struct sk_address_text *x, uint32_t i)
{
    uint32_t j = i;
    while (digit(x, j) && j - i < 7)
        j++;
    if (j > i)
        return j - i <= 6 ? j : i;
    while (j < x->n && numeral(x->cp[j]) && j - i < 6)
        j++;
    return j;
}

static bool town_char(uint32_t cp)
{
    return sk_is_kanji(cp) || sk_is_hiragana(cp) || sk_is_katakana(cp);
}

static uint32_t skip_space(const struct sk_address_text *x, uint32_t i)
{
    return sk_address_is(x, i, ' ') ? i + 1 : i;
}

static bool word(const struct sk_address_text *x, uint32_t i, const char *w)
{
    return i < x->n && sk_has(x->text + x->at[i], x->at[x->n] - x->at[i], w);
}

static bool one_of(const struct sk_address_text *x, uint32_t i, const char *const *words, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (word(x, i, words[k]))
            return true;
    return false;
}
#define ONE_OF(x, i, words) one_of(x, i, words, sizeof(words) / sizeof((words)[0]))

/* The longest name of the dictionary at i, whose hash begins with h; the character behind it, i = none. */
static uint32_t name_at(const struct sk_address_text *x, uint32_t i, uint64_t h, uint64_t *hash)
{
    uint32_t best = i, steps = 0;
    for (uint32_t k = i; x->places && k < x->n && steps < SK_PLACE_LONGEST; k++) {
        if (!town_char(x->cp[k]) && !digit(x, k))
            break;
        if (k > i && digit(x, k) && digit(x, k - 1)) /* a run of digits is one step */
            continue;
        h = sk_names_step(h, x->same[k]);
        steps++;
        uint32_t end = k + 1;
        while (digit(x, k) && digit(x, end))
            end++;
        if (sk_places_has(x->places, h)) {
            best = end;
            if (hash)
                *hash = h;
        }
    }
    return best;
}

/* ---------------------------------------------------------------- the number */

struct number {
    uint32_t end, parts;
    bool unit; /* 丁目, 番, 番地, 号 */
};

static bool hyphen(const struct sk_address_text *x, uint32_t i)
{
    return sk_address_is(x, i, '-') || sk_address_is(x, i, 0x30FC); /* ー between digits */
}

/* の or a hyphen that another number follows. */
static uint32_t joined(const struct sk_address_text *x, uint32_t i)
{
    bool joins = hyphen(x, i) || (i < x->n && x->same[i] == 0x306E);
    return joins && sk_address_number(x, i + 1) > i + 1 ? i + 1 : i;
}

/* What behind a number makes it a part of an address; the character behind it, i = none. */
static uint32_t unit_at(const struct sk_address_text *x, uint32_t i, bool *last)
{
    *last = false;
    if (word(x, i, "丁目"))
        return i + 2;
    if (word(x, i, "番地") || word(x, i, "街区") || word(x, i, "画地"))
        return i + 2;
    if (sk_address_is(x, i, 0x4E01)) /* 丁 without 目, as in 堺 */
        return sk_address_number(x, i + 1) > i + 1 || joined(x, i + 1) > i + 1 ? i + 1 : i;
    if (sk_address_is(x, i, 0x756A)) { /* 番, but not 番町, 番丁, 番線, 番号, 番目, 番組, 番館 */
        static const char *const OTHERS[] = { "町", "丁", "線", "号", "目", "組", "館", "街", "通", "手", "台" };
        if (ONE_OF(x, i + 1, OTHERS))
            return i;
        return i + 1;
    }
    if (sk_address_is(x, i, 0x53F7)) { /* 号, but not 号線, 号機, 号棟; 号室 is the room's */
        static const char *const OTHERS[] = { "線", "機", "棟", "館", "室", "車", "様", "及", "の", "に", "か" };
        if (ONE_OF(x, i + 1, OTHERS))
            return i;
        *last = true;
        return i + 1;
    }
    return i;
}

/* Behind a number without a unit: it counts something, or is a date. bare: it is the only number. */
static bool counts(const struct sk_address_text *x, uint32_t i, bool bare)
{
    static const char *const NAMES[] = { "月島", "月光", "人形", "円山", "回向", "件名", "年金", "分庁", "階段" };
    static const char *const COUNTERS[] = { "年",   "月",   "日",   "時",   "分", "秒", "人",   "円",
                                            "回",   "歳",   "才",   "件",   "個", "%",  "か月", "ヶ月",
                                            "カ月", "ケ月", "か所", "キロ", "km", "kg", "m",    "メートル",
                                            "頁",   "条",   "項",   "階",   "/",  ":",  "." };
    static const char *const BARE[] = { "か",   "ヶ", "カ", "ケ", "メ", "倍", "万",   "億",     "千円",
                                        "千人", "位", "名", "本", "台", "点", "度",   "世帯",   "章",
                                        "羽",   "匹", "頭", "隻", "棟", "戸", "軒",   "ページ", "目",
                                        "割",   "行", "列", "番", "号", "ha", "平方", "ミリ",   "つ" };
    if (ONE_OF(x, i, NAMES))
        return false;
    if (word(x, i, "日") && i + 1 < x->n) { /* 日本, 日比谷, ...; but 日間, 日午前 */
        static const char *const DAYS[] = {
            "間", "目", "午", "夜", "朝", "頃", "以", "前", "後", "付", "現", "発", "開"
        };
        return ONE_OF(x, i + 1, DAYS) || !(sk_is_kanji(x->cp[i + 1]) || sk_is_katakana(x->cp[i + 1]));
    }
    return digit(x, i) || ONE_OF(x, i, COUNTERS) || (bare && ONE_OF(x, i, BARE));
}

static bool side(const struct sk_address_text *x, uint32_t i)
{
    static const char *const SIDES[] = { "東", "西", "南", "北", "左", "右" };
    return ONE_OF(x, i, SIDES);
}

/* 1丁目2番3号, 1-2-3, 123番地の4, 二丁目3 */
static struct number number_at(const struct sk_address_text *x, uint32_t i)
{
    struct number r = { i, 0, false };
    uint32_t p = i, before = i;
    bool last = false, kanji_last = false;
    if (word(x, i, "無番地"))
        return (struct number){ i + 3, 1, true };
    while (r.parts < 6 && !last) {
        uint32_t k = sk_address_number(x, p);
        if (k == p)
            break;
        bool kanji = !digit(x, p);
        uint32_t u = unit_at(x, k, &last), next;
        if (u > k) {
            r.unit = true;
            r.parts++;
            before = r.end;
            r.end = u;
            kanji_last = false;
            next = joined(x, u);
            if (next == u) {
                next = skip_space(x, u);
                if (next > u && (last || !digit(x, next)))
                    break;
                if (next == u && side(x, u) && digit(x, u + 1)) /* 16丁目南1番1号 */
                    next = u + 1;
            }
            if (last && next == u) /* 号 ends it, unless -203 or の203 goes on */
                break;
            last = false;
            p = next;
            continue;
        }
        if (kanji && joined(x, k) == k && !r.unit) /* a bare kanji numeral is part of a name */
            break;
        r.parts++;
        before = r.end;
        r.end = k;
        kanji_last = kanji;
        p = joined(x, k);
        if (p == k)
            break;
    }
    if (kanji_last && !r.unit && r.parts < 2)
        r.parts = 0;
    if (r.parts && x->cp[r.end - 1] < 0x80 && counts(x, r.end, r.parts == 1)) {
        bool floor = word(x, r.end, "階") || r.unit; /* 2番1-2階; 2-3人 is none at all */
        r.parts = floor ? r.parts - 1 : 0;
        r.end = r.parts ? before : i;
    }
    if (r.parts && hyphen(x, r.end) && r.end + 1 < x->n && x->cp[r.end + 1] < 0x80 &&
        sk_is_letter((char)x->cp[r.end + 1])) { /* 1-2-A101 */
        uint32_t e = r.end + 2;
        while (digit(x, e))
            e++;
        if (e >= x->n || x->cp[e] >= 0x80 || !sk_is_letter((char)x->cp[e]))
            r.end = e;
    }
    return r;
}

/* ---------------------------------------------------------------- what stands in front of the number */

static bool ends_here(const struct sk_address_text *x, uint32_t i)
{
    if (i >= x->n)
        return !x->cut;
    return !town_char(x->cp[i]) && !digit(x, i) && x->cp[i] != '-';
}

/* 字昭和776, 旭市ニの2132: no year, no part of a sentence. */
static bool plot_letter(const struct sk_address_text *x, uint32_t i)
{
    static const char *const LETTERS[] = { "イ", "ロ", "ハ", "ニ", "ホ", "ヘ", "ト", "甲", "乙", "丙", "丁", "字" };
    return i > 1 && ONE_OF(x, i - 2, LETTERS) ? true : i > 2 && word(x, i - 3, "字");
}

/* A number alone is one only behind a town; what follows must be nothing or a building. known: 2 a town of the
 * dictionary stands right in front, 1 its municipality is known. */
static bool good(const struct sk_address_text *x, uint32_t from, const struct number *r, int known)
{
    static const char *const BEFORE[] = { "第", "平成", "令和", "昭和", "約", "計", "全", "各", "号",
                                          "巻", "延べ", "度",   "年",   "月", "の", "同", "数" };
    if (r->parts == 0)
        return false;
    if (r->unit || r->parts >= 2)
        return true;
    for (size_t k = 0; known < 2 && k < sizeof(BEFORE) / sizeof(BEFORE[0]); k++)
        if (sk_has_behind(x->text + x->at[0], x->at[from] - x->at[0], BEFORE[k]) && !plot_letter(x, from))
            return false;
    if (known == 2 && r->end < x->n && sk_is_hiragana(x->cp[r->end])) /* 松戸市中根533です */
        return true;
    return ends_here(x, r->end) || (known && sk_address_building(x, r->end, false) > r->end);
}

/* Words that no stretch between municipality and number holds: the sentence goes on, or a road is meant. */
static bool breaks(const struct sk_address_text *x, uint32_t i)
{
    static const char *const WORDS[] = { "は",   "で",   "を",   "に",     "も",     "から", "まで", "国道", "県道",
                                         "道道", "及び", "並び", "または", "および", "条例", "告示", "規則" };
    return ONE_OF(x, i, WORDS);
}

/* N条, N線, 第N地割, N番町, N区: numbers inside names. */
static uint32_t number_in_name(const struct sk_address_text *x, uint32_t i)
{
    static const char *const BEHIND[] = { "条",   "線",   "地割", "番町", "番丁", "区", "号線", "組", "町",
                                          "番通", "ノ町", "の町", "歩",   "割",   "部", "字",   "甲" };
    uint32_t from = sk_address_is(x, i, 0x7B2C) ? i + 1 : i, k = sk_address_number(x, from);
    for (size_t w = 0; k > from && w < sizeof(BEHIND) / sizeof(BEHIND[0]); w++)
        if (word(x, k, BEHIND[w]))
            return k + (uint32_t)sk_utf8_count(BEHIND[w], strlen(BEHIND[w]));
    return k > from && from > i ? k : i;
}

/* From i over names to the first number that is one. */
static bool run_to_number(const struct sk_address_text *x, uint32_t i, int known, struct number *out)
{
    for (uint32_t z = i; z < x->n && z - i < LONGEST_RUN;) {
        *out = (struct number){ sk_address_box(x, z), 1, true }; /* the box stands for the number */
        if (known && out->end > z)
            return true;
        *out = number_at(x, z);
        if (good(x, z, out, known == 2 && z > i ? 1 : known))
            return true;
        uint32_t k = number_in_name(x, z);
        if (k > z) {
            z = skip_space(x, k);
            if (hyphen(x, z) && digit(x, z + 1)) /* 地割-12 */
                z++;
            continue;
        }
        if (z > i && hyphen(x, z) && digit(x, z + 1) && (sk_is_katakana(x->cp[z - 1]) || numeral(x->cp[z - 1]))) {
            z++; /* イ-17 */
            continue;
        }
        if (digit(x, z) || breaks(x, z) ||
            !(town_char(x->cp[z]) || (x->cp[z] == ' ' && z > i && x->cp[z - 1] > 0x7F)) ||
            (z > i && name_at(x, z, SK_PLACE_PREFECTURE, NULL) > z))
            return false;
        z++;
    }
    return false;
}

static bool town_and_number(const struct sk_address_text *x, uint32_t i, uint64_t municipality, struct sk_address *out)
{
    struct number r;
    uint32_t from = skip_space(x, i);
    uint32_t bare = word(x, from, "大字") ? from + 2 : word(x, from, "字") ? from + 1 : from;
    uint64_t seed = sk_place_town(municipality);
    uint32_t town = municipality ? name_at(x, bare, seed, NULL) : bare;
    if (town == bare && bare > from && municipality) { /* 字 may belong to the name */
        town = name_at(x, from, seed, NULL);
        if (town == from)
            town = bare;
    }
    out->town = town > bare;
    int known = municipality != 0;
    if (run_to_number(x, skip_space(x, town), out->town ? 2 : known, &r) ||
        (out->town && run_to_number(x, from, known, &r))) {
        out->end = r.end;
        return true;
    }
    return false;
}

/* A municipality by its form: up to 8 characters and 市, 区, 町 or 村. */
static uint32_t municipality_form(const struct sk_address_text *x, uint32_t i)
{
    for (uint32_t k = i; k < x->n && k - i < LONGEST_MUNICIPALITY && town_char(x->cp[k]); k++) {
        uint32_t cp = x->cp[k];
        if (k > i && (cp == 0x5E02 || cp == 0x533A || cp == 0x753A || cp == 0x6751))
            return k + 1;
        if (breaks(x, k) && k > i)
            return i;
    }
    return i;
}

bool sk_address_parse(const struct sk_address_text *x, uint32_t from, bool loose, struct sk_address *out)
{
    *out = (struct sk_address){ .end = from };
    uint32_t i = name_at(x, from, SK_PLACE_PREFECTURE, NULL);
    out->prefecture = i > from;
    i = out->prefecture ? skip_space(x, i) : i;
    uint32_t district = name_at(x, i, SK_PLACE_DISTRICT, NULL);
    uint32_t begin = district > i ? skip_space(x, district) : i;
    uint64_t hash = 0;
    uint32_t end = name_at(x, begin, SK_PLACE_MUNICIPALITY, &hash);
    bool known = end > begin;
    if (!known && district > i) { /* 郡上市 is no 郡 */
        end = name_at(x, i, SK_PLACE_MUNICIPALITY, &hash);
        known = end > i;
    }
    if (!known && (out->prefecture || loose))
        end = municipality_form(x, begin);
    out->municipality = end > begin;
    if (!out->municipality && !loose)
        return false;
    if (!town_and_number(x, end, hash, out)) {
        if (!known || !out->prefecture) /* the dictionary's name may be the beginning of another */
            return false;
        end = municipality_form(x, begin);
        return end > begin && town_and_number(x, end, 0, out);
    }
    return out->prefecture || loose || (known && out->town);
}
