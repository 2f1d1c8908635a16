/* Names by the dictionary: cells, running text, columns without or under unknown headers. Truth by hand. */
#include <criterion/criterion.h>

#include "segment_helper.h"

#include "detect/names.h"

Test(names, cells)
{
    static const struct {
        const char *text;
        int name, reading;
    } CELLS[] = {
        { "佐藤健太", 2, 0 },
        { "佐藤 健太", 2, 0 },
        { "佐藤　健太", 2, 0 },
        { "髙橋美咲", 2, 0 },
        { "渡邉 由美子", 2, 0 },
        { "林 一郎", 2, 0 },
        { "小林さくら", 2, 0 },
        { "長谷川 心結愛", 2, 0 },
        { "ｻﾄｳ ｹﾝﾀ", 0, 2 },
        { "サトウケンタ", 0, 2 },
        { "さとう けんた", 0, 2 },
        { "ﾜﾀﾅﾍﾞ ﾕﾐｺ", 0, 2 },
        { "前橋市", 0, 0 },
        { "桜川市役所", 0, 0 },
        { "みどり内科医院", 0, 0 },
        { "株式会社高橋商事", 0, 0 },
        { "糖尿病", 0, 0 },
        { "高血圧症", 0, 0 },
        { "ﾏｴﾊﾞｼｼ", 0, 0 },
        { "東京", 0, 0 },
        { "国民健康保険", 0, 0 },
        { "アムロジピン錠", 0, 0 },
        { "", 0, 0 },
        { "佐藤 ", 0, 0 },
        { "山口県", 0, 0 },
        { "大和郡山市", 0, 0 },
        { "石川病院", 0, 0 },
    };
    struct bench b;
    bench_start(&b);
    const struct sk_names *m = sk_rules_names(b.rules);
    for (size_t i = 0; i < sizeof(CELLS) / sizeof(CELLS[0]); i++) {
        const struct sk_segment *s = bench_fold(&b, CELLS[i].text);
        cr_expect_eq((int)sk_name_cell(m, sk_rules_words(b.rules, "not_name"), s->text, s->len), CELLS[i].name, "%s",
                     CELLS[i].text);
        cr_expect_eq((int)sk_name_reading(m, s->text, s->len), CELLS[i].reading, "%s", CELLS[i].text);
    }
    bench_end(&b);
}

/* Best confidence and number of names in a text; -1 none. */
static int names_of(struct bench *b, const char *text, uint64_t *count)
{
    int best = -1;
    *count = 0;
    const struct seki_result *r = bench_prose(b, text);
    for (uint32_t i = 0; i < r->n_found; i++)
        if (r->found[i].element == SK_EL_PERSON_NAME && r->found[i].count) {
            best = r->found[i].confidence > best ? r->found[i].confidence : best;
            *count += r->found[i].count;
        }
    return best;
}

Test(names, running_text)
{
    static const struct {
        const char *text;
        int best;
        uint64_t count;
    } TEXTS[] = {
        { "昨日、佐藤健太様よりお電話がありました。", SK_CONF_MEDIUM, 1 },
        { "佐藤様と鈴木さんが来庁した。", SK_CONF_MEDIUM, 2 },
        { "患者の髙橋美咲は通院中である。", SK_CONF_MEDIUM, 1 },
        { "利用者 渡邉由美子について相談した。", SK_CONF_MEDIUM, 1 },
        { "10月5日田中一郎氏に連絡した。", SK_CONF_MEDIUM, 1 },
        { "小林さくら(45歳)が転倒した。", SK_CONF_MEDIUM, 1 },
        { "伊藤直樹(いとうなおき)が来所。", SK_CONF_MEDIUM, 1 },
        { "髙橋美咲 昭和30年4月1日生 女", SK_CONF_MEDIUM, 1 },
        { "佐藤健太が発表した。", SK_CONF_MEDIUM, 1 },
        { "会議には佐藤健太と髙橋美咲が出席した。", SK_CONF_MEDIUM, 2 },
        { "渡邉由美子(わたなべゆみこ)は欠席した。", SK_CONF_MEDIUM, 1 },
        { "前回の打合せの記録を、鈴木一郎が作成して、関係者に送った。", SK_CONF_MEDIUM, 1 },
        /* published with their office: listed only */
        { "桜川市長　佐藤　健太", SK_CONF_LOW, 1 },
        { "理事長 田中一郎", SK_CONF_LOW, 1 },
        { "佐藤健太議員が質問した。", SK_CONF_LOW, 1 },
        { "様式第1号により申請する。", -1, 0 },
        { "神様に感謝する。皆様のお越しを。", -1, 0 },
        { "東京の病院と前橋市の薬局で、平成の時代に。", -1, 0 },
        { "株式会社様、連合会御中、医療機関様", -1, 0 },
        { "田中様式を使うこと。", -1, 0 },
        { "便秘症　べんぴしょう。秘書　会長秘書は総務課に置く。", -1, 0 },
    };
    struct bench b;
    bench_start(&b);
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
        uint64_t count;
        cr_expect_eq(names_of(&b, TEXTS[i].text, &count), TEXTS[i].best, "%s", TEXTS[i].text);
        cr_expect_eq(count, TEXTS[i].count, "%s", TEXTS[i].text);
    }
    bench_end(&b);
}

Test(names, columns)
{
    static const struct {
        const char *csv;
        unsigned names, kana;
    } TABLES[] = {
        /* no header, no spaces, days that are no birthdays */
        { "1,佐藤健太,2026/10/01\n2,髙橋美咲,2026/10/02\n3,渡邊由美子,2026/10/02\n4,鈴木一郎,2026/10/"
          "04\n5,小林さくら,2026/10/05\n",
          5, 0 },
        { "整理番号,対象,結果\nA1,佐藤健太,要精密検査\nA2,髙橋美咲,異常なし\nA3,渡邊由美子,異常なし\nA4,鈴木一郎,"
          "要治療\n",
          4, 0 },
        { "佐藤健太,ｻﾄｳｹﾝﾀ\n髙橋美咲,ﾀｶﾊｼﾐｻｷ\n渡邊由美子,ﾜﾀﾅﾍﾞﾕﾐｺ\n鈴木一郎,ｽｽﾞｷｲﾁﾛｳ\n", 4, 4 },
        { "番号,会場,定員\n1,前橋市民会館,20\n2,高崎市役所,30\n3,大和田公園,30\n4,東山町,40\n5,石川県庁,40\n", 0, 0 },
        { "前橋市,ﾏｴﾊﾞｼｼ,10\n高崎市,ﾀｶｻｷｼ,20\n桐生市,ｷﾘｭｳｼ,30\n太田市,ｵｵﾀｼ,30\n沼田市,ﾇﾏﾀｼ,40\n", 0, 0 },
        { "糖尿病,120\n高血圧症,300\n脂質異常症,80\n胃潰瘍,20\n白内障,44\n", 0, 0 },
    };
    struct bench b;
    bench_start(&b);
    for (size_t i = 0; i < sizeof(TABLES) / sizeof(TABLES[0]); i++) {
        bench_file(&b);
        bench_table(&b, TABLES[i].csv, ',', false);
        bench_give(&b);
        const struct seki_result *r = bench_result(&b);
        cr_expect_eq(bench_count(r, SK_EL_PERSON_NAME, SK_CONF_MEDIUM), TABLES[i].names, "%s", TABLES[i].csv);
        cr_expect_eq(bench_count(r, SK_EL_PERSON_KANA, SK_CONF_MEDIUM), TABLES[i].kana, "%s", TABLES[i].csv);
    }
    bench_end(&b);
}

/* Floors of running text, so that a model built anew is not worse unseen: own sentences, with names of every frequency
 * and in variant characters. bench/train/evaluate.py measures on corpora. */
Test(names, floors)
{
    static const char *const NAMES[] = { "佐藤健太", "髙橋美咲",   "渡邉由美子", "小澤征夫",     "齋藤隆",
                                         "濵田直樹", "長谷川心結", "勅使河原毅", "東海林太一郎", "五十嵐翔太",
                                         "林真理子", "森下さくら", "栁沢浩二",   "阿部 節子",    "嶋田 惠子",
                                         "大和田聡", "千葉雄大",   "石川遼太" };
    static const char *const FRAMES[] = { "会議には%sが出席し、今後の進め方を話し合った。",
                                          "%sは先月から別の部署に移っている。",
                                          "この件は昨日、%sに伝えた。",
                                          "資料は%sが作成したものである。",
                                          "なお、%sからは特に意見がなかった。",
                                          "当日は%sと二人で訪問する予定だ。" };
    static const char *const NOBODY[] = { "川崎市と前橋市の病院で研修を行う。",
                                          "医療法人佐藤会 佐藤医院は高崎駅の近くにある。",
                                          "株式会社高橋商事と有限会社山本工業が入札に参加した。",
                                          "国民健康保険法第9条及び介護保険法の規定による。",
                                          "橋本病、川崎病、菊池病の患者数を調べた。",
                                          "アムロジピン錠とロキソプロフェンを処方した。",
                                          "福岡、千葉、宮崎の各支部で実施した。",
                                          "長野県、石川県、山口県の状況を比較する。",
                                          "本町、東町、西町の各会場で健診を行う。",
                                          "平成と令和、昭和の統計を並べた。",
                                          "中山道と東海道の宿場町を歩いた。",
                                          "大学、高校、中学校の順に回った。",
                                          "山間部では大雨に注意すること。",
                                          "森林の保全と林業の振興について述べる。",
                                          "被保険者証の記号と番号を記入する。",
                                          "糖尿病性腎症の重症化予防に関する研究" };
    enum { PEOPLE = sizeof(NAMES) / sizeof(NAMES[0]), SENTENCES = sizeof(FRAMES) / sizeof(FRAMES[0]) };
    struct bench b;
    unsigned found = 0;
    char text[512];
    bench_start(&b);
    for (size_t i = 0; i < PEOPLE; i++)
        for (size_t k = 0; k < SENTENCES; k++) {
            const char *at = strstr(FRAMES[k], "%s");
            uint64_t count;
            (void)snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - FRAMES[k]), FRAMES[k], NAMES[i], at + 2);
            found += names_of(&b, text, &count) >= SK_CONF_MEDIUM;
        }
    cr_expect_geq(found * 100, PEOPLE * SENTENCES * 85, "%u of %d", found, PEOPLE * SENTENCES);
    for (size_t i = 0; i < sizeof(NOBODY) / sizeof(NOBODY[0]); i++) {
        uint64_t count;
        cr_expect_lt(names_of(&b, NOBODY[i], &count), SK_CONF_MEDIUM, "%s", NOBODY[i]);
    }
    bench_end(&b);
}

/* A name that nothing but the text speaks for is found and makes nobody a record: no label follows from it. */
Test(names, text_alone_makes_no_record)
{
    struct bench b;
    bench_start(&b);
    const struct seki_result *r =
        bench_prose(&b, "佐藤健太は糖尿病で入院していたが、電話090-1234-5679で取材に応じた。");
    cr_expect_eq(bench_count(r, SK_EL_PERSON_NAME, SK_CONF_MEDIUM), 1);
    for (uint32_t i = 0; i < r->n_masks; i++)
        cr_expect_eq(r->masks[i].elements & BIT(PERSON_NAME), 0);
    cr_expect_eq(r->persons_max, 0);
    bench_end(&b);
}
