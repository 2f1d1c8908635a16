/* names.c - names of members for display, names of hidden places. */
#include "base/utf8.h"
#include "extract/extract.h"

#include <string.h>

const char *sk_hidden_name(enum sk_hidden h, int english)
{
    static const struct {
        const char *ja, *en;
    } NAMES[SK_HIDDEN_COUNT] = {
        [SK_SHOWN] = { "表示", "visible" },
        [SK_HIDDEN_SHEET] = { "非表示シート", "hidden sheet" },
        [SK_HIDDEN_VERY] = { "完全非表示シート", "very hidden sheet" },
        [SK_HIDDEN_ROW] = { "非表示行", "hidden row" },
        [SK_HIDDEN_COLUMN] = { "非表示列", "hidden column" },
        [SK_HIDDEN_PIVOT] = { "ピボットキャッシュ", "pivot cache" },
        [SK_HIDDEN_EMBEDDED] = { "埋め込みオブジェクト", "embedded object" },
        [SK_HIDDEN_CACHE] = { "グラフ・外部リンクのキャッシュ", "cache of a chart or external link" },
        [SK_HIDDEN_CHANGE] = { "変更履歴", "tracked change" },
        [SK_HIDDEN_COMMENT] = { "コメント", "comment" },
        [SK_HIDDEN_NOTES] = { "発表者ノート", "speaker notes" },
        [SK_HIDDEN_SLIDE] = { "非表示スライド", "hidden slide" },
        [SK_HIDDEN_TEXT] = { "見えない文字", "invisible text" },
        [SK_HIDDEN_COVERED] = { "黒塗りの下の文字", "text under a black box" },
        [SK_HIDDEN_NAME] = { "名前定義・入力規則・カスタムXML", "defined name, validation list or custom XML" },
    };
    if ((unsigned)h >= SK_HIDDEN_COUNT)
        h = SK_SHOWN;
    return english ? NAMES[h].en : NAMES[h].ja;
}

/* Copies whole code points of valid UTF-8 only. */
static size_t copy_utf8(const uint8_t *raw, size_t n, char *out, size_t cap)
{
    if (n > cap) {
        n = cap;
        while (n && (raw[n] & 0xC0) == 0x80)
            n--;
    }
    if (n)
        memcpy(out, raw, n);
    return n;
}

/* Valid UTF-8 whose only characters beyond ASCII lie between Latin and the rest (U+0180-07FF) is more likely EUC-JP, if
 * it is that too: 表 is C9 BD. */
static bool is_euc(const uint8_t *p, size_t n)
{
    bool between = false;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t used = sk_utf8_next((const char *)p + i, n - i, &cp);
        if (used > 2 || (used == 2 && p[i + 1] < 0xA1))
            return false;
        between = between || cp >= 0x180;
        i += used;
    }
    return between;
}

/* Order: strict UTF-8, else what the detector says, else CP932, the encoding of Japanese Windows archives. */
size_t sk_member_name(const uint8_t *raw, size_t n, char *out, size_t cap)
{
    if (n == 0 || cap == 0)
        return 0;
    if (sk_utf8_valid((const char *)raw, n))
        return is_euc(raw, n) ? sk_to_utf8(SK_CS_EUCJP, raw, n, out, cap) : copy_utf8(raw, n, out, cap);
    struct sk_guess g = sk_charset_guess(raw, n, false);
    enum sk_charset cs = g.best;
    /* A name is bytes in a one-byte-based encoding; UTF-16 and binary readings of so short a sample are accidents. */
    if (cs != SK_CS_CP932 && cs != SK_CS_EUCJP && cs != SK_CS_ISO2022JP)
        cs = SK_CS_CP932;
    return sk_to_utf8(cs, raw, n, out, cap);
}
