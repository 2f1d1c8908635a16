/*
 * reasons_hidden.c - T-HIDDEN. What a reader does not see is what leaks happen with: left-over sheets, pivot caches,
 * workbooks behind charts, text under black boxes. So anything hidden stops a transfer that asks for no_hidden, even
 * when nothing was recognised in it; the exceptions are caches and names that every office file carries, which count
 * only when something was found in them.
 */
#include "judge/transfer.h"

#include <inttypes.h>
#include <string.h>

static const struct {
    const char *ja, *en;
} FIXES[SK_HIDDEN_COUNT] = {
    [SK_HIDDEN_SHEET] = { "シート「%s」を再表示し、要らなければシートごと削除してください。",
                          "Unhide the sheet '%s' and delete it if it is not needed." },
    [SK_HIDDEN_VERY] = { "シート「%s」は通常の操作では見えません。表示に変えて(VBE の "
                         "Visible)、シートごと削除してください。",
                         "The sheet '%s' cannot be seen by usual means. Make it visible (Visible in the VBA editor) "
                         "and delete it." },
    [SK_HIDDEN_ROW] = { "「%s」の非表示の行を再表示し、行ごと削除してください。",
                        "Unhide the hidden rows of '%s' and delete them." },
    [SK_HIDDEN_COLUMN] = { "「%s」の非表示の列を再表示し、列ごと削除してください。",
                           "Unhide the hidden columns of '%s' and delete them." },
    [SK_HIDDEN_PIVOT] = { "ピボットテーブル(%s)を値だけで貼り付け直し、元のピボットを削除してください。",
                          "Paste the pivot table (%s) as values and delete the original." },
    [SK_HIDDEN_EMBEDDED] = { "埋め込み「%s」を図として貼り付け直し、埋め込みを削除してください。",
                             "Paste the embedded object '%s' as a picture and delete it." },
    [SK_HIDDEN_CACHE] = { "グラフや外部リンクの控え(%s)を、図や値に置き換えてください。",
                          "Replace the cached data of charts or links (%s) with a picture or values." },
    [SK_HIDDEN_CHANGE] = { "「%s」の変更履歴をすべて承諾し、履歴を残さずに保存してください。",
                           "Accept all tracked changes of '%s' and save without history." },
    [SK_HIDDEN_COMMENT] = { "「%s」のコメントを削除してください。", "Delete the comments of '%s'." },
    [SK_HIDDEN_NOTES] = { "「%s」のノートを削除してください。", "Delete the speaker notes of '%s'." },
    [SK_HIDDEN_SLIDE] = { "非表示のスライド(%s)を削除してください。", "Delete the hidden slides (%s)." },
    [SK_HIDDEN_TEXT] = { "「%s」の見えない文字(白い文字・隠し文字・枠外)を削除してください。",
                         "Delete the invisible text of '%s' (white, hidden or off the page)." },
    [SK_HIDDEN_COVERED] = { "「%s」の黒塗りの下の文字を消してください。四角を重ねるのではなく、文字を消してから PDF "
                            "を作り直します。",
                            "Remove the text under the black boxes of '%s': delete the text itself and make the PDF "
                            "again." },
    [SK_HIDDEN_NAME] = { "「%s」の名前の定義・入力規則の一覧・カスタム XML を削除してください。",
                         "Delete defined names, validation lists and custom XML of '%s'." },
};

static bool matters(const struct sk_hidden_sum *h)
{
    if (h->hidden == SK_SHOWN || h->hidden >= SK_HIDDEN_COUNT)
        return false;
    if (h->hidden == SK_HIDDEN_CACHE || h->hidden == SK_HIDDEN_NAME)
        return h->elements || h->persons;
    return h->records || h->persons || h->characters || h->elements;
}

static void put_elements(struct sk_buf *b, sk_elements set, bool english)
{
    for (int e = 0, n = 0; e < SK_EL_COUNT; e++)
        if (set & SK_BIT(e))
            sk_buf_printf(b, "%s%s", n++ ? (english ? ", " : "・") : (english ? ": " : ":"),
                          sk_element_title((enum sk_element)e, english));
}

static const char *describe(struct sk_transfer *t, const struct sk_hidden_sum *h, const char *name, bool english)
{
    struct sk_buf b;
    enum sk_hidden kind = (enum sk_hidden)h->hidden;
    sk_buf_init(&b, (size_t)1 << 20);
    sk_buf_printf(&b, english ? "%s in '%s'" : "%s「%s」", sk_hidden_name(kind, english), name);
    if (h->elements || h->persons) {
        sk_buf_printf(&b, english ? ", %" PRIu64 " records" : "に %" PRIu64 "件", h->records);
        if (h->persons)
            sk_buf_printf(&b, english ? ", %" PRIu64 " people" : "(本人 %" PRIu64 "人)", h->persons);
    } else if (h->records) {
        sk_buf_printf(&b, english ? ", text in %" PRIu64 " places" : "に文字 %" PRIu64 "か所", h->records);
    } else {
        sk_buf_printf(&b, english ? ", %" PRIu64 " characters" : "に文字 %" PRIu64 "字", h->characters);
    }
    put_elements(&b, h->elements, english);
    sk_buf_str(&b, english ? "; first at " : "、最初は ");
    sk_put_place(&b, &h->at, english);
    return sk_phrase_buf(&t->phrases, &b);
}

static const char *part_name(const struct seki_result *r, uint32_t part)
{
    return part < r->n_parts && r->parts[part].name ? r->parts[part].name : "";
}

static const char *fix(struct sk_transfer *t, const char *format, const char *name)
{
    const char *at = strstr(format, "%s");
    return at ? sk_phrase(&t->phrases, "%.*s%s%s", (int)(at - format), format, name, at + 2) : format;
}

static void add_hidden(struct sk_transfer *t, size_t file, const struct seki_result *r, const struct sk_hidden_sum *h)
{
    struct sk_buf b;
    const char *name = part_name(r, h->part);
    sk_buf_init(&b, (size_t)1 << 20);
    sk_part_path(r, h->part, &b);
    const char *part = sk_phrase_buf(&t->phrases, &b);
    sk_reason_add(t, "T-HIDDEN", file, part, describe(t, h, name, false), describe(t, h, name, true),
                  fix(t, FIXES[h->hidden].ja, name), fix(t, FIXES[h->hidden].en, name));
}

static void hidden_of(struct sk_transfer *t, size_t file, const struct seki_result *r)
{
    uint64_t told = 0, records = 0;
    for (uint32_t i = 0; i < r->n_hiddens; i++) {
        if (!matters(&r->hiddens[i]))
            continue;
        if (told++ < SK_MOST_TOLD)
            add_hidden(t, file, r, &r->hiddens[i]);
        else
            records += r->hiddens[i].records;
    }
    if (told > SK_MOST_TOLD)
        sk_reason_add(
            t, "T-HIDDEN", file, "",
            sk_phrase(&t->phrases, "ほか %" PRIu64 "件の隠れた部分(記録 %" PRIu64 "件)", told - SK_MOST_TOLD, records),
            sk_phrase(&t->phrases, "and %" PRIu64 " more hidden parts (%" PRIu64 " records)", told - SK_MOST_TOLD,
                      records),
            "", "");
}

void sk_reasons_hidden(struct sk_transfer *t)
{
    for (size_t i = 0; sk_requires(t, SK_REQ_NO_HIDDEN) && i < t->n; i++)
        if (t->sent[i].result)
            hidden_of(t, i, t->sent[i].result);
}
