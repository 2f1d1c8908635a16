/* Addresses: what belongs to them to the last character, what is none, and whose they are. Real municipalities and
 * towns, invented numbers. */
#include "segment_helper.h"

#include "detect/numbers.h"
#include "rules/places.h"

static const struct sk_candidate *address_of(struct bench *b, struct sk_context *c, const char *text)
{
    const struct sk_detector *d;
    const struct sk_candidate *found;
    size_t n;
    bench_fold(b, text);
    sk_rules_detectors(b->rules, &d);
    cr_assert(sk_match_scan(b->matcher, b->scratch, b->segment.text, b->segment.len, &b->hits));
    cr_assert(sk_numbers_scan(c, &b->segment, &b->hits, NULL, &found, &n));
    for (size_t i = 0; i < n; i++)
        if (d[found[i].detector].element == SK_EL_ADDRESS)
            return &found[i];
    return NULL;
}

Test(address, begins_and_ends)
{
    static const struct {
        const char *before, *address, *behind; /* folded form */
    } CASES[] = {
        { "", "東京都千代田区霞が関1-2-2", "に住む" },
        { "", "大阪府堺市堺区南花田口町2丁3-10", "" },
        { "〒930-0001 ", "富山県富山市明輪町1番227号", " 電話" },
        { "", "北海道札幌市中央区北一条西二丁目", "である" },
        { "", "京都府京都市中京区寺町通御池上る上本能寺前町488番地", "" },
        { "", "岩手県盛岡市渋民第3地割12番地4", "。" },
        { "", "前橋市大手町三丁目十二番地の五", "" }, /* town and municipality are known: no prefecture needed */
        { "", "埼玉県浦和市高砂3-15-1 コーポ高砂101", "" },
        { "", "福岡県福岡市博多区博多駅前2-1-1朝日生命ビル4F", "" },
        { "", "東京都港区赤坂9丁目7番1号 ミッドタウン・タワー20階", "" },
        { "東京都と", "千葉県松戸市中根533", "です" },
        { "", "神奈川県横浜市緑区長津田町2436-4", "(駐車場は別)" },
        { "本籍は", "群馬県みどり市笠懸町鹿2952番地", "とする" },
        { "", "茨城県龍ケ崎市3710番地", "" },
        { "", "茨城県竜ヶ崎市3710番地", "" },
        { "", "東京都台東区蔵前4丁目35番10号-203", "" },
    };
    struct bench b;
    bench_start(&b);
    struct sk_context c = { .rules = b.rules, .config = b.config };
    c.numbers = sk_numbers_new(&c);
    cr_assert(c.numbers);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char text[400];
        snprintf(text, sizeof(text), "%s%s%s", CASES[i].before, CASES[i].address, CASES[i].behind);
        const struct sk_candidate *a = address_of(&b, &c, text);
        cr_expect(a, "%s", text);
        if (!a)
            continue;
        cr_expect_eq(a->begin, strlen(CASES[i].before), "%s: %u", text, a->begin);
        cr_expect_eq(a->end, strlen(CASES[i].before) + strlen(CASES[i].address), "%s: %.*s", text,
                     (int)(a->end - a->begin), b.folded + a->begin);
    }
    sk_numbers_free(c.numbers);
    bench_end(&b);
}

Test(address, nothing_in)
{
    static const char *const TEXTS[] = { "東京都の人口は1,400万人である。",
                                         "平成30年度に前橋市は3件を採択した。",
                                         "市町村の第3回会議",
                                         "国道17号線は前橋市を通る。",
                                         "東京都港区では2-3人が応募した。",
                                         "世田谷区と2024年に協定を結んだ。",
                                         "京都市条例第5条第2項",
                                         "1,2,3,4-5-6,7番",
                                         "大阪府立第1高校 3年" };
    struct bench b;
    bench_start(&b);
    struct sk_context c = { .rules = b.rules, .config = b.config };
    c.numbers = sk_numbers_new(&c);
    cr_assert(c.numbers);
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
        cr_expect(!address_of(&b, &c, TEXTS[i]), "%s", TEXTS[i]);
    sk_numbers_free(c.numbers);
    bench_end(&b);
}

/* Without a label it is the address of the person in its record, of a body when words of one stand by it, else of
 * nobody known. */
Test(address, belongs_to)
{
    static const struct {
        const char *text;
        unsigned medium, low;
    } CASES[] = {
        { "群馬県前橋市大手町1丁目1番1号へ送付する。", 0, 1 },
        { "患者氏名：佐藤一郎\n群馬県前橋市大手町1丁目1番1号", 1, 1 },
        { "株式会社 所在地 群馬県前橋市大手町1丁目1番1号", 0, 1 },
        { "住所：前橋市大手町1-1-1", 1, 1 },
    };
    struct bench b;
    bench_start(&b);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        const struct seki_result *r = bench_prose(&b, CASES[i].text);
        cr_expect_eq(bench_count(r, SK_EL_ADDRESS, SK_CONF_MEDIUM), CASES[i].medium, "%s", CASES[i].text);
        cr_expect_eq(bench_count(r, SK_EL_ADDRESS, SK_CONF_LOW), CASES[i].low, "%s", CASES[i].text);
    }
    bench_end(&b);
}

static uint64_t steps(const struct sk_names *m, uint64_t h, const char *s)
{
    for (size_t i = 0, n = strlen(s); i < n;) {
        uint32_t cp;
        i += sk_utf8_next(s + i, n - i, &cp);
        h = sk_names_step(h, sk_place_char(m, cp));
    }
    return h;
}

Test(address, knows_places)
{
    struct bench b;
    bench_start(&b);
    const struct sk_places *p = sk_rules_places(b.rules);
    const struct sk_names *m = sk_rules_names(b.rules);
    cr_assert(p);
    static const char *const CITIES[] = { "前橋市",   "札幌市中央区", "千代田区", "音更町",
                                          "八幡浜市", "龍ヶ崎市",     "浦和市" };
    for (size_t i = 0; i < sizeof(CITIES) / sizeof(CITIES[0]); i++)
        cr_expect(sk_places_has(p, steps(m, SK_PLACE_MUNICIPALITY, CITIES[i])), "%s", CITIES[i]);
    cr_expect(sk_places_has(p, steps(m, SK_PLACE_PREFECTURE, "沖縄県")));
    cr_expect(sk_places_has(p, steps(m, sk_place_town(steps(m, SK_PLACE_MUNICIPALITY, "前橋市")), "大手町")));
    cr_expect(!sk_places_has(p, steps(m, sk_place_town(steps(m, SK_PLACE_MUNICIPALITY, "前橋市")), "霞が関")));
    cr_expect(!sk_places_has(p, steps(m, SK_PLACE_MUNICIPALITY, "猫町")));
    bench_end(&b);
}
