/* The detector on short Japanese office text, encoded by ICU. */
#include "text/charset.h"
#include "reference.h"
#include <criterion/criterion.h>
#include <unicode/ustring.h>

/* Common surnames and given names: kanji, full-width and (by rule) half-width kana. */
static const struct {
    const char *kanji, *kana;
} surnames[] = {
    { "佐藤", "サトウ" },   { "鈴木", "スズキ" },   { "高橋", "タカハシ" }, { "田中", "タナカ" },
    { "伊藤", "イトウ" },   { "渡邉", "ワタナベ" }, { "山本", "ヤマモト" }, { "中村", "ナカムラ" },
    { "小林", "コバヤシ" }, { "加藤", "カトウ" },   { "吉田", "ヨシダ" },   { "山田", "ヤマダ" },
    { "佐々木", "ササキ" }, { "齋藤", "サイトウ" }, { "松本", "マツモト" }, { "井上", "イノウエ" },
    { "木村", "キムラ" },   { "林", "ハヤシ" },     { "清水", "シミズ" },   { "阿部", "アベ" },
    { "池田", "イケダ" },   { "橋本", "ハシモト" }, { "森", "モリ" },       { "石川", "イシカワ" },
    { "前田", "マエダ" },   { "岡田", "オカダ" },   { "後藤", "ゴトウ" },   { "長谷川", "ハセガワ" },
    { "近藤", "コンドウ" }, { "坂本", "サカモト" }, { "青木", "アオキ" },   { "藤井", "フジイ" },
    { "西村", "ニシムラ" }, { "福田", "フクダ" },   { "太田", "オオタ" },   { "三浦", "ミウラ" },
    { "岡本", "オカモト" }, { "中島", "ナカジマ" }, { "原田", "ハラダ" },   { "小野", "オノ" },
    { "竹内", "タケウチ" }, { "金子", "カネコ" },   { "中川", "ナカガワ" }, { "和田", "ワダ" },
    { "武田", "タケダ" },   { "上野", "ウエノ" },   { "杉山", "スギヤマ" }, { "千葉", "チバ" },
    { "村上", "ムラカミ" }, { "工藤", "クドウ" },   { "平野", "ヒラノ" },   { "大塚", "オオツカ" },
    { "菊地", "キクチ" },   { "久保", "クボ" },     { "野口", "ノグチ" },   { "桜井", "サクライ" },
    { "木下", "キノシタ" }, { "新井", "アライ" },   { "古川", "フルカワ" }, { "樋口", "ヒグチ" },
};
static const struct {
    const char *kanji, *kana;
} given[] = {
    { "太郎", "タロウ" },   { "花子", "ハナコ" },   { "一郎", "イチロウ" },   { "健太", "ケンタ" },
    { "美咲", "ミサキ" },   { "翔", "ショウ" },     { "陽子", "ヨウコ" },     { "和子", "カズコ" },
    { "幸子", "サチコ" },   { "正", "タダシ" },     { "清", "キヨシ" },       { "弘", "ヒロシ" },
    { "節子", "セツコ" },   { "恵子", "ケイコ" },   { "洋子", "ヨウコ" },     { "博", "ヒロシ" },
    { "直樹", "ナオキ" },   { "真由美", "マユミ" }, { "久美子", "クミコ" },   { "裕子", "ユウコ" },
    { "隆", "タカシ" },     { "浩", "ヒロシ" },     { "智子", "トモコ" },     { "哲也", "テツヤ" },
    { "大輔", "ダイスケ" }, { "由美子", "ユミコ" }, { "純一", "ジュンイチ" }, { "亮", "リョウ" },
    { "愛", "アイ" },       { "結衣", "ユイ" },     { "蓮", "レン" },         { "葵", "アオイ" },
    { "陽菜", "ヒナ" },     { "悠真", "ユウマ" },   { "義雄", "ヨシオ" },     { "文子", "フミコ" },
    { "千代", "チヨ" },     { "誠", "マコト" },     { "豊", "ユタカ" },       { "紀美江", "キミエ" },
};
static const char *const places[] = { "東京都千代田区霞が関", "大阪市北区中之島", "岩手県盛岡市大沢川原",
                                      "沖縄県那覇市西" };

static char *add(char *out, const char *s)
{
    size_t n = strlen(s);
    memcpy(out, s, n + 1);
    return out + n;
}

/* Full-width katakana to half-width, by decomposing and searching ICU's own compatibility mapping. */
static char *add_half(char *out, const char *kana)
{
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&e), *nfkc = unorm2_getNFKCInstance(&e);
    UChar u[64], d[128], h[128];
    int32_t n = 0, k = 0;
    u_strFromUTF8(u, 64, &n, kana, -1, &e);
    n = unorm2_normalize(nfd, u, n, d, 128, &e);
    for (int32_t i = 0; i < n; i++)
        for (UChar c = 0xFF61; c < 0xFFA0; c++) {
            UChar one[8];
            UErrorCode e1 = U_ZERO_ERROR;
            if (unorm2_normalize(nfkc, &c, 1, one, 8, &e1) == 1 && one[0] == d[i])
                h[k++] = c;
        }
    u_strToUTF8(out, 256, &n, h, k, &e);
    cr_assert(U_SUCCESS(e));
    out[n] = '\0';
    return out + n;
}

enum style { CSV, NAMES, NAME_SPACE, HALF_KANA, HALF_KANA_ONLY, FULL_KANA, CLAIM, ADDRESS, STYLES };

static char *add_row(char *o, enum style style, uint32_t *seed)
{
    size_t s = rnd(seed, sizeof(surnames) / sizeof(*surnames)), g = rnd(seed, sizeof(given) / sizeof(*given));
    char number[64];
    snprintf(number, sizeof(number), "%u", rnd(seed, 10000000));
    switch (style) {
    case CSV:
        o = add(add(add(add(add(add(o, number), ","), surnames[s].kanji), " "), given[g].kanji), ",");
        o = add_half(add(add_half(o, surnames[s].kana), " "), given[g].kana);
        snprintf(number, sizeof(number), ",%u/%u/%u\r\n", 1930 + rnd(seed, 80), 1 + rnd(seed, 12), 1 + rnd(seed, 28));
        return add(o, number);
    case NAMES:
        return add(add(add(o, surnames[s].kanji), given[g].kanji), "\r\n");
    case NAME_SPACE:
        return add(add(add(add(o, surnames[s].kanji), "　"), given[g].kanji), "\n");
    case HALF_KANA:
        o = add_half(add(add_half(o, surnames[s].kana), " "), given[g].kana);
        return add(add(add(o, ","), number), "\r\n");
    case HALF_KANA_ONLY:
        return add(add_half(add(add_half(o, surnames[s].kana), " "), given[g].kana), "\r\n");
    case FULL_KANA:
        return add(add(add(add(o, surnames[s].kana), "　"), given[g].kana), "\r\n");
    case CLAIM:
        o = add(add(add(add(add(o, "RE,1,1112,"), surnames[s].kanji), "　"), given[g].kanji),
                ",1,3580203,,,,,1,,,,\r\nHO,");
        return add(add(o, number), ",１２３・４５,６７８９,1,300,,,,\r\n");
    default:
        return add(add(add(add(o, places[rnd(seed, 4)]), "1-2-3 "), surnames[s].kanji), "様\r\n");
    }
}

static const struct {
    enum sk_charset cs;
    const char *icu;
} encodings[] = { { SK_CS_UTF8, "UTF-8" },     { SK_CS_CP932, "ibm-943_P15A-2003" }, { SK_CS_EUCJP, "EUC-JP" },
                  { SK_CS_ISO2022JP, "JIS7" }, { SK_CS_UTF16LE, "UTF-16LE" },        { SK_CS_UTF16BE, "UTF-16BE" } };

static size_t encode(const char *converter, const char *text, char *out, size_t cap)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar u[8192];
    int32_t n;
    u_strFromUTF8(u, 8192, &n, text, -1, &e);
    UConverter *c = ucnv_open(converter, &e);
    cr_assert(U_SUCCESS(e), "%s", converter);
    n = ucnv_fromUChars(c, out, (int32_t)cap, u, n, &e);
    ucnv_close(c);
    cr_assert(U_SUCCESS(e));
    return (size_t)n;
}

Test(charset, short_office_text, .timeout = 240)
{
    enum { SAMPLES = 300 };
    static const int rows[] = { 1, 3, 10 };
    uint32_t seed = 2024;
    for (int style = 0; style < STYLES; style++)
        for (size_t r = 0; r < 3; r++)
            for (size_t k = 0; k < sizeof(encodings) / sizeof(*encodings); k++) {
                int right = 0, offered = 0;
                for (int i = 0; i < SAMPLES; i++) {
                    char text[4096] = "", bytes[16384], *o = text;
                    for (int row = 0; row < rows[r]; row++)
                        o = add_row(o, (enum style)style, &seed);
                    size_t n = encode(encodings[k].icu, text, bytes, sizeof(bytes));
                    struct sk_guess g = sk_charset_guess((uint8_t *)bytes, n, true);
                    right += g.best == encodings[k].cs;
                    offered += g.best == encodings[k].cs || g.second == encodings[k].cs;
                    cr_expect(g.best != encodings[k].cs || sk_charset_holds(g.best, (uint8_t *)bytes, n),
                              "%s does not hold: %s", encodings[k].icu, text);
                }
                /* One name alone, "佐藤太郎", is as good half-width kana in CP932 as kanji in EUC-JP: offering both is
                 * right. */
                bool alone = style == NAMES && rows[r] == 1 && encodings[k].cs == SK_CS_EUCJP;
                cr_expect(right * 100 >= SAMPLES * (alone ? 75 : 99), "style %d, %d rows, %s: %d of %d", style, rows[r],
                          encodings[k].icu, right, SAMPLES);
                cr_expect_eq(offered, SAMPLES, "style %d, %d rows, %s: never offered in %d", style, rows[r],
                             encodings[k].icu, SAMPLES - offered);
            }
}

/* The sample may end anywhere. */
Test(charset, cut_sample)
{
    static const char text[] = "被保険者番号,氏名,住所\r\n12345678,佐藤　太郎,東京都千代田区一丁目\r\n";
    for (size_t k = 0; k < sizeof(encodings) / sizeof(*encodings); k++) {
        char bytes[512];
        size_t n = encode(encodings[k].icu, text, bytes, sizeof(bytes));
        for (size_t cut = n - 30; cut <= n; cut++) {
            uint8_t *exact = malloc(cut);
            memcpy(exact, bytes, cut);
            struct sk_guess g = sk_charset_guess(exact, cut, true);
            cr_expect(g.best == encodings[k].cs && g.second == g.best, "%s cut at %zu of %zu: %s", encodings[k].icu,
                      cut, n, sk_charset_name(g.best));
            free(exact);
        }
    }
}

#define CASE(s, cs, mark)                                                                                              \
    {                                                                                                                  \
        s, sizeof(s) - 1, cs, mark                                                                                     \
    }
Test(charset, single_cases)
{
    static const struct {
        const char *bytes;
        size_t n;
        enum sk_charset cs;
        int bom;
    } cases[] = {
        CASE("", SK_CS_ASCII, 0),
        CASE("plain text, 123\r\n", SK_CS_ASCII, 0),
        CASE("\xEF\xBB\xBF", SK_CS_UTF8, 3),
        CASE("\xEF\xBB\xBF"
             "abc",
             SK_CS_UTF8, 3),
        CASE("\xFF\xFE\x42\x30", SK_CS_UTF16LE, 2),
        CASE("\xFE\xFF\x30\x42", SK_CS_UTF16BE, 2),
        CASE("\xFF\xFE\0\0A\0\0\0", SK_CS_BINARY, 0),
        CASE("\xEE\xE0\n", SK_CS_CP932, 0), /* 髙 among NEC's copies */
        CASE("\xFB\xFC\x8B\xB4\n", SK_CS_CP932, 0),
        CASE("\x87\x40\x87\x8A\n", SK_CS_CP932, 0),
        CASE("\xB1\n", SK_CS_CP932, 0),
        CASE("caf\xE9 cr\xE8me br\xFBl\xE9"
             "e\n",
             SK_CS_BINARY, 0),
        CASE("Stra\xDF"
             "e \xDC"
             "bergr\xF6\xDF"
             "e M\xFCller f\xFCr\n",
             SK_CS_BINARY, 0),
        CASE("don\x92t \x93quote\x94\x97me\n", SK_CS_BINARY, 0),
        CASE("Jos\xC3\xA9 \xC3\xBAtil a\xC3\xA7\xC3\xA3o\n", SK_CS_UTF8, 0),
        CASE("\x1B[31mred\x1B[0m\n", SK_CS_ASCII, 0),
        CASE("\x1B$B;3ED\x1B(B\n", SK_CS_ISO2022JP, 0),
        CASE("\x1B(ITO@^\x1B(B\n", SK_CS_ISO2022JP, 0),
        CASE("\x0ETO@^\x0F\n", SK_CS_ISO2022JP, 0),
        CASE("\x7F"
             "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0>\0\1\0\0\0",
             SK_CS_BINARY, 0),
        CASE("PK\3\4\24\0\0\0\10\0", SK_CS_BINARY, 0),
        CASE("abc\0def\0", SK_CS_ASCII, 0),
        CASE("12345     \0\0\0\0\0\0", SK_CS_ASCII, 0),
        CASE("0A0B0C0D0E0F0A1B\n", SK_CS_ASCII, 0),
        CASE("B0D0F0D0K0k0", SK_CS_UTF16LE, 0),
        CASE("\x8ER\x93"
             "c\0\0\0\0\x8ER\x93"
             "c\0\0\0\0",
             SK_CS_CP932, 0),
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct sk_guess g = sk_charset_guess((const uint8_t *)cases[i].bytes, cases[i].n, true);
        cr_expect(g.best == cases[i].cs && g.bom == cases[i].bom, "case %zu: %s", i, sk_charset_name(g.best));
    }
}

Test(charset, noise_is_binary)
{
    uint32_t seed = 9;
    int binary = 0;
    for (int i = 0; i < 500; i++) {
        uint8_t b[1024];
        for (size_t k = 0; k < sizeof(b); k++)
            b[k] = (uint8_t)rnd(&seed, 256);
        binary += sk_charset_guess(b, sizeof(b), true).best == SK_CS_BINARY;
    }
    cr_expect_eq(binary, 500);
}

/* Logs that were joined change their encoding in the middle. */
Test(charset, blocks_are_judged_again)
{
    static const char text[] = "氏名,住所\r\n鈴木　花子,大阪市北区中之島\r\n高橋　健太,福岡市中央区\r\n";
    for (size_t k = 0; k < 3; k++)
        for (size_t j = 0; j < 3; j++) {
            char bytes[512];
            size_t n = encode(encodings[k].icu, text, bytes, sizeof(bytes));
            cr_expect_eq(sk_charset_holds(encodings[j].cs, (uint8_t *)bytes, n), j == k, "%s as %s", encodings[k].icu,
                         encodings[j].icu);
        }
    cr_expect(sk_charset_holds(SK_CS_CP932, (const uint8_t *)"only ascii\n", 11));
    cr_expect(!sk_charset_holds(SK_CS_CP932, (const uint8_t *)"\1\2\3\4\0\0\5\6", 8));
    cr_expect(!sk_charset_holds(SK_CS_ASCII,
                                (const uint8_t *)"\x8ER\x93"
                                                 "c\n",
                                5));
}

Test(charset, names)
{
    static const struct {
        const char *name;
        enum sk_charset cs;
    } cases[] = {
        { "Shift_JIS", SK_CS_CP932 },
        { "windows-31j", SK_CS_CP932 },
        { "x-sjis", SK_CS_CP932 },
        { "utf8", SK_CS_UTF8 },
        { "UTF-8", SK_CS_UTF8 },
        { "ISO-2022-JP", SK_CS_ISO2022JP },
        { "iso-2022-jp-ms", SK_CS_ISO2022JP },
        { "EUC-JP", SK_CS_EUCJP },
        { "US-ASCII", SK_CS_ASCII },
        { "utf-16be", SK_CS_UTF16BE },
        { "iso-8859-1", SK_CS_BINARY },
        { "", SK_CS_BINARY },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        cr_expect_eq(sk_charset_named(cases[i].name, strlen(cases[i].name)), cases[i].cs, "%s", cases[i].name);
    for (int cs = SK_CS_ASCII; cs < SK_CS_COUNT; cs++) {
        const char *name = sk_charset_name((enum sk_charset)cs);
        cr_expect_eq(sk_charset_named(name, strlen(name)), (enum sk_charset)cs);
    }
}
