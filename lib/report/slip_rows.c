/* slip_rows.c - what the slip tells people, row by row (policy.md 5.2). What could not be looked at is 不明, never 0.
 */
#include <string.h>

#include "base/hash.h"
#include "report/slip.h"

#define MAX_LISTED 10 /* insurers or files named in a row */

const char *sk_slip_title(const struct sk_slip *s, enum sk_slip_row row)
{
    static const char *const TITLES[SK_SLIP_ROWS][2] = {
        [SK_ROW_DEST] = { "送付先", "Destination" },
        [SK_ROW_FILES] = { "ファイル", "Files" },
        [SK_ROW_LABEL] = { "格付", "Label" },
        [SK_ROW_PERSONS] = { "本人の数", "Persons" },
        [SK_ROW_CONTENT] = { "中身", "Content" },
        [SK_ROW_HIDDEN] = { "隠れた部分", "Hidden parts" },
        [SK_ROW_ENCRYPTION] = { "暗号化", "Encryption" },
        [SK_ROW_COMPLETE] = { "検査の完全性", "Completeness" },
        [SK_ROW_TERMS] = { "申請", "Request" },
        [SK_ROW_APPROVALS] = { "承認", "Approvals" },
        [SK_ROW_RECEIPT] = { "控え", "Receipt" },
    };
    return TITLES[row][s->run->english];
}

const char *sk_slip_verdict(const struct sk_slip *s)
{
    static const char *const WORDS[][2] = {
        [SK_ALLOW] = { "○ 送付可", "○ MAY BE SENT" },
        [SK_CONDITIONS] = { "△ 条件未達", "△ CONDITIONS NOT MET" },
        [SK_DENY] = { "× 送付不可", "× MUST NOT BE SENT" },
        [SK_UNDETERMINED] = { "？ 判定不能", "? UNDETERMINED" },
    };
    return WORDS[s->v->verdict][s->run->english];
}

static const char *tell(const struct sk_slip *s, const char *ja, const char *en)
{
    return sk_tell(s->run, ja, en);
}

static void add(struct sk_slip *s, const char *text)
{
    sk_buf_str(&s->said, text);
}

static void add_number(struct sk_slip *s, uint64_t n, const char *after)
{
    sk_put_number(&s->said, n);
    add(s, after);
}

static void between(struct sk_slip *s, bool *first, const char *sep)
{
    if (!*first)
        add(s, sep);
    *first = false;
}

static void add_more(struct sk_slip *s, uint64_t n)
{
    if (n) {
        add(s, tell(s, " ほか", " and "));
        add_number(s, n, tell(s, "件", " more"));
    }
}

static bool is_unread(const struct sk_slip *s, size_t i)
{
    return !s->files[i].result || s->files[i].result->state != SK_INSPECTED;
}

/* Unread, and not made up for by receipts: these stand for what is encrypted, and for nothing else. */
static bool is_unknown(const struct sk_slip *s, size_t i)
{
    const struct seki_result *r = s->files[i].result;
    if (!is_unread(s, i))
        return false;
    for (size_t k = 0; k < s->v->n_reasons; k++)
        if (s->v->reasons[k].file == i && strcmp(s->v->reasons[k].code, "T-UNREAD") == 0)
            return true;
    for (uint32_t k = 0; r && k < r->n_whys; k++)
        if (r->whys[k].reason != SK_WHY_ENCRYPTED)
            return true;
    return !r || s->q->n_receipts == 0 || s->v->verdict == SK_UNDETERMINED;
}

static bool any_unknown(const struct sk_slip *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (is_unknown(s, i))
            return true;
    return false;
}

static bool any_unread(const struct sk_slip *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (is_unread(s, i))
            return true;
    return false;
}

/* ---------------------------------------------------------------- rows */

static void say_dest(struct sk_slip *s)
{
    const char *name = sk_policy_destination_name(s->run->policy, s->q->dest);
    sk_buf_printf(&s->said, "%s %s", s->q->dest, name ? name : "");
    if (s->q->n_recipients)
        add(s, tell(s, "  宛先の保険者 ", "  insurer "));
    bool first = true;
    for (size_t i = 0; i < s->q->n_recipients; i++) {
        between(s, &first, ", ");
        add(s, s->q->recipients[i]);
    }
}

static void say_files(struct sk_slip *s)
{
    bool first = true;
    for (size_t i = 0; i < s->n && i < MAX_LISTED; i++) {
        char hex[SK_SHA256_HEX];
        between(s, &first, " / ");
        add(s, s->files[i].facts->path);
        if (s->files[i].result && s->files[i].result->has_sha256) {
            sk_hex(s->files[i].result->sha256, 32, hex);
            sk_buf_printf(&s->said, " (SHA-256 %.8s…%s)", hex, hex + 60);
        }
    }
    add_more(s, s->n > MAX_LISTED ? s->n - MAX_LISTED : 0);
}

static void say_label(struct sk_slip *s)
{
    if (any_unknown(s))
        add(s, tell(s, "不明(検査できた部分だけでは ", "unknown (of what was inspected: "));
    sk_tell_label(&s->said, s->run, &s->v->label);
    if (any_unknown(s))
        add(s, ")");
}

static void say_persons(struct sk_slip *s)
{
    const struct sk_verdict_result *v = s->v;
    if (any_unknown(s)) {
        add(s, tell(s, "不明", "unknown"));
        if (v->persons_max == 0)
            return;
        add(s, tell(s, "(検査できた部分に ", " (in what was inspected: "));
        sk_tell_persons(&s->said, s->run, v->persons_min, v->persons_max);
        add(s, ")");
    } else {
        sk_tell_persons(&s->said, s->run, v->persons_min, v->persons_max);
    }
    bool first = true;
    for (uint32_t i = 0; i < v->n_insurers && i < MAX_LISTED; i++) {
        add(s, first ? tell(s, "  内訳 ", "  by insurer ") : " / ");
        first = false;
        sk_buf_printf(&s->said, "%s=", v->insurers[i].number);
        if (v->insurers[i].min != v->insurers[i].max) {
            add_number(s, v->insurers[i].min, tell(s, "〜", "-"));
        }
        add_number(s, v->insurers[i].max, tell(s, "人", ""));
    }
    add_more(s, v->n_insurers > MAX_LISTED ? v->n_insurers - MAX_LISTED : 0);
}

static void say_content(struct sk_slip *s)
{
    uint64_t counts[SK_EL_COUNT] = { 0 };
    for (size_t i = 0; i < s->n; i++)
        for (uint32_t k = 0; s->files[i].result && k < s->files[i].result->n_found; k++) {
            const struct sk_found *f = &s->files[i].result->found[k];
            if (f->element < SK_EL_COUNT && f->confidence != SK_CONF_LOW)
                counts[f->element] += f->count;
        }
    bool first = true;
    for (int e = 0; e < SK_EL_COUNT; e++)
        if (counts[e]) {
            between(s, &first, tell(s, "・", ", "));
            sk_buf_printf(&s->said, "%s ", sk_element_title((enum sk_element)e, s->run->english));
            add_number(s, counts[e], tell(s, "件", ""));
        }
    if (any_unknown(s) || any_unread(s)) {
        between(s, &first, tell(s, "・", ", "));
        add(s, any_unknown(s) ? tell(s, "検査できない部分は不明", "the part not inspected is unknown")
                              : tell(s, "暗号化された中身は控えによる", "encrypted content by its receipt"));
    } else if (counts[SK_EL_PERSONAL_NUMBER] == 0) { /* the one that matters most is told also when there is none */
        between(s, &first, tell(s, "・", ", "));
        sk_buf_printf(&s->said, tell(s, "%s 0件", "%s 0"), sk_element_title(SK_EL_PERSONAL_NUMBER, s->run->english));
    }
}

static void say_hidden(struct sk_slip *s)
{
    uint64_t records[SK_HIDDEN_COUNT] = { 0 }, places[SK_HIDDEN_COUNT] = { 0 };
    for (size_t i = 0; i < s->n; i++)
        for (uint32_t k = 0; s->files[i].result && k < s->files[i].result->n_hiddens; k++) {
            const struct sk_hidden_sum *h = &s->files[i].result->hiddens[k];
            if (h->hidden < SK_HIDDEN_COUNT) {
                records[h->hidden] += h->records;
                places[h->hidden]++;
            }
        }
    bool first = true;
    for (int h = 1; h < SK_HIDDEN_COUNT; h++)
        if (places[h]) {
            between(s, &first, tell(s, " / ", ", "));
            sk_buf_printf(&s->said, "%s ", sk_hidden_name((enum sk_hidden)h, s->run->english));
            add_number(s, places[h], tell(s, "か所(", " ("));
            add_number(s, records[h], tell(s, "行)", " records)"));
        }
    if (any_unknown(s)) {
        between(s, &first, tell(s, " / ", ", "));
        add(s, tell(s, "検査できない部分は不明", "unknown in the part not inspected"));
    } else if (first) {
        add(s, tell(s, "なし", "none"));
    }
}

static const char *strength_word(const struct sk_slip *s, const char *method)
{
    const char *strength = sk_policy_strength(s->run->policy, method);
    return strcmp(strength, "strong") == 0 ? tell(s, "強い方式", "strong")
           : strcmp(strength, "weak") == 0 ? tell(s, "弱い方式", "weak")
                                           : tell(s, "方式不明", "unknown strength");
}

static void say_encryption(struct sk_slip *s)
{
    bool first = true;
    unsigned listed = 0;
    for (size_t i = 0; i < s->n && listed < MAX_LISTED; i++)
        for (uint32_t p = 0; s->files[i].result && p < s->files[i].result->n_parts; p++) {
            const char *method = s->files[i].result->parts[p].encryption;
            if (!method || !*method)
                continue;
            between(s, &first, " / ");
            if (s->n > 1)
                sk_buf_printf(&s->said, "%s ",
                              s->files[i].result->parts[0].name ? s->files[i].result->parts[0].name : "");
            sk_buf_printf(&s->said, tell(s, "%s(%s)", "%s (%s)"), method, strength_word(s, method));
            listed++;
            break; /* the first of a file stands for all: a container uses one method */
        }
    if (first)
        add(s, tell(s, "なし(平文)", "none (plain)"));
}

static void say_complete(struct sk_slip *s)
{
    uint64_t parts = 0, unread = 0, files = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct seki_result *r = s->files[i].result;
        files += is_unread(s, i);
        parts += r && r->n_parts ? r->n_parts : 1;
        uint32_t last = UINT32_MAX, here = 0;
        for (uint32_t k = 0; r && k < r->n_whys; k++) {
            here += r->whys[k].part != last; /* reasons of one part stand together */
            last = r->whys[k].part;
        }
        unread += r ? here : 1;
    }
    if (files == 0)
        add(s, tell(s, "完全(部品 ", "complete (parts "));
    else if (any_unknown(s))
        add(s, tell(s, "【不完全】(部品 ", "[INCOMPLETE] (parts "));
    else
        add(s, tell(s, "暗号化された部分は控えで確認(部品 ", "encrypted parts covered by receipts (parts "));
    add_number(s, parts > unread ? parts - unread : 0, "/");
    add_number(s, parts, ")");
}

static void say_terms(struct sk_slip *s)
{
    const struct {
        const char *value, *ja, *en;
    } TERMS[] = {
        { s->q->channel, "経路 ", "by " },
        { s->q->requested_by, "申請 ", "requested by " },
        { s->q->purpose, "用途 ", "for " },
        { s->q->contract, "契約 ", "contract " },
    };
    bool first = true;
    for (size_t i = 0; i < sizeof(TERMS) / sizeof(TERMS[0]); i++)
        if (TERMS[i].value && *TERMS[i].value) {
            between(s, &first, "  ");
            add(s, tell(s, TERMS[i].ja, TERMS[i].en));
            add(s, TERMS[i].value);
        }
}

static void say_approvals(struct sk_slip *s)
{
    bool first = true;
    for (size_t i = 0; i < s->q->n_approvals; i++) {
        between(s, &first, tell(s, "・", ", "));
        add(s, s->q->approvals[i]);
    }
    if (first)
        add(s, tell(s, "なし  ( )所属長  ( )情報セキュリティ管理者", "none given"));
}

static void say_receipt(struct sk_slip *s)
{
    char day[11];
    if (s->n_receipts == 0) {
        if (s->v->receipt)
            add(s, tell(s, "発行できません(署名の鍵がありません。sekisho key create で作ってください)",
                        "cannot be issued (there is no signing key; make one with sekisho key create)"));
        return;
    }
    sk_day_text(s->receipts[0].expires, day);
    sk_buf_printf(&s->said, tell(s, "%s  有効 %s まで・このファイルに限る", "%s  valid to %s, for these files only"),
                  s->receipts[0].id, day);
}

void sk_slip_say(struct sk_slip *s, enum sk_slip_row row)
{
    static void (*const ROWS[SK_SLIP_ROWS])(struct sk_slip *) = {
        [SK_ROW_DEST] = say_dest,
        [SK_ROW_FILES] = say_files,
        [SK_ROW_LABEL] = say_label,
        [SK_ROW_PERSONS] = say_persons,
        [SK_ROW_CONTENT] = say_content,
        [SK_ROW_HIDDEN] = say_hidden,
        [SK_ROW_ENCRYPTION] = say_encryption,
        [SK_ROW_COMPLETE] = say_complete,
        [SK_ROW_TERMS] = say_terms,
        [SK_ROW_APPROVALS] = say_approvals,
        [SK_ROW_RECEIPT] = say_receipt,
    };
    ROWS[row](s);
}

/* ---------------------------------------------------------------- reasons and steps */

void sk_slip_say_reason(struct sk_slip *s, const struct sk_transfer_reason *y)
{
    const char *detail = tell(s, y->detail_ja, y->detail_en);
    sk_buf_printf(&s->said, "[%s] ", y->code);
    if (s->n > 1 && y->file < s->n)
        sk_buf_printf(&s->said, "%s: ", s->files[y->file].facts->path);
    if (y->part && *y->part)
        sk_buf_printf(&s->said, "%s: ", y->part);
    add(s, detail ? detail : "");
}

const char *sk_slip_step(const struct sk_slip *s, size_t wanted)
{
    size_t n = 0;
    for (size_t i = 0; i < s->v->n_reasons; i++) {
        const char *fix = tell(s, s->v->reasons[i].fix_ja, s->v->reasons[i].fix_en);
        bool known = !fix || !*fix;
        for (size_t k = 0; k < i && !known; k++) {
            const char *earlier = tell(s, s->v->reasons[k].fix_ja, s->v->reasons[k].fix_en);
            known = earlier && strcmp(earlier, fix) == 0;
        }
        if (!known && n++ == wanted)
            return fix;
    }
    return NULL;
}
