/* labels.c - the label of each file with its SHA-256, for other tools: text, CSV, one JSON object. Nothing of what was
 * found stands in them. */
#include <string.h>

#include "base/hash.h"
#include "report/inner.h"

static const char *digest_of(const struct sk_report_file *f, char hex[SK_SHA256_HEX])
{
    *hex = '\0';
    if (f->result && f->result->has_sha256)
        sk_hex(f->result->sha256, 32, hex);
    return hex;
}

static bool is_labelled(const struct sk_report_file *f)
{
    return f->judgement && !f->judgement->canary;
}

/* Words of a kind (compartments, handling), one separator between. */
static void put_words(struct sk_buf *b, const struct sk_policy *p,
                      const char *(*name_of)(const struct sk_policy *, unsigned), uint32_t bits, const char *between)
{
    const char *name;
    bool first = true;
    for (unsigned bit = 0; bit < 32 && (name = name_of(p, bit)); bit++)
        if (bits >> bit & 1) {
            sk_buf_printf(b, "%s%s", first ? "" : between, name);
            first = false;
        }
}

static void put_rules(struct sk_buf *b, const struct sk_label *l)
{
    for (size_t i = 0; i < l->n_rules; i++)
        sk_buf_printf(b, "%s%s", i ? " " : "", l->rules[i]);
}

static bool no_places(struct sk_report *r, const struct sk_report_aggregate *a)
{
    (void)a;
    return !r->failed;
}

/* ---------------------------------------------------------------- text */

static const char *note_text(const struct sk_run_info *run, const char *note)
{
    static const char *const NOTES[][3] = {
        { "applied", "付けました", "applied" },
        { "same", "もう付いています", "already there" },
        { "unread", "付けません: 検査が完全でない", "not applied: not inspected whole" },
        { "not-owner", "付けません: 持ち主でない", "not applied: owned by somebody else" },
        { "changed", "付けません: 検査の間に変わった", "not applied: changed meanwhile" },
        { "denied", "付けません: 書く権限がない", "not applied: no permission" },
        { "unsupported", "付けません: この場所では拡張属性が使えない", "not applied: no extended attributes there" },
    };
    for (size_t i = 0; i < sizeof(NOTES) / sizeof(NOTES[0]); i++)
        if (strcmp(note, NOTES[i][0]) == 0)
            return NOTES[i][1 + run->english];
    return note;
}

static bool text_begin(struct sk_report *r)
{
    sk_tell_versions(&r->line, &r->run);
    sk_buf_str(&r->line, "\n");
    return sk_report_flush(r);
}

static bool text_file(struct sk_report *r, const struct sk_report_file *f)
{
    struct sk_buf *b = &r->line;
    const struct sk_policy *p = r->run.policy;
    char hex[SK_SHA256_HEX];
    sk_put_plain(b, f->facts->path, strlen(f->facts->path));
    sk_buf_str(b, "\n    ");
    if (is_labelled(f)) {
        const struct sk_label *l = &f->judgement->label;
        const char *gov = sk_policy_grade_gov(p, l->grade), *muni = sk_policy_grade_muni(p, l->grade);
        sk_tell_label(b, &r->run, l);
        sk_buf_printf(b, sk_tell(&r->run, "  完全性%u 可用性%u", "  integrity %u availability %u"), l->integrity,
                      l->availability);
        if (*gov || *muni)
            sk_buf_printf(b, sk_tell(&r->run, "  統一基準:%s 自治体:%s", "  government: %s municipalities: %s"),
                          *gov ? gov : "-", *muni ? muni : "-");
        sk_buf_str(b, "\n    ");
        put_words(b, p, sk_policy_handling, l->handling, " ");
        sk_buf_str(b, l->handling ? "  " : "");
        put_rules(b, l);
        sk_buf_str(b, l->handling || l->n_rules ? "\n    " : "");
    }
    if (sk_file_is_unread(f))
        sk_buf_printf(
            b, "%s\n    ",
            sk_tell(&r->run, "【判定不能】この格付は下限です", "[NOT INSPECTED WHOLE] the label is a lower bound"));
    sk_buf_printf(b, "SHA-256 %s\n", *digest_of(f, hex) ? hex : sk_tell(&r->run, "不明", "unknown"));
    if (f->note)
        sk_buf_printf(b, "    %s\n", note_text(&r->run, f->note));
    return sk_report_flush(r);
}

static bool text_finish(struct sk_report *r, bool complete, double seconds)
{
    (void)seconds;
    sk_tell_completeness(&r->line, r, complete);
    sk_buf_str(&r->line, "\n");
    return sk_report_flush(r);
}

const struct sk_report_style SK_STYLE_LABELS_TEXT = { text_begin, text_file, no_places, text_finish, NULL };

/* ---------------------------------------------------------------- CSV */

static bool csv_begin(struct sk_report *r)
{
    sk_buf_str(&r->line,
               "\xEF\xBB\xBFpath,state,sha256,grade,compartments,handling,integrity,availability,gov,muni,rules,"
               "policy,applied\r\n");
    return sk_report_flush(r);
}

static void csv_cell(struct sk_report *r, struct sk_buf *t)
{
    sk_put_csv(&r->line, t->p ? t->p : "", t->n);
    sk_buf_str(&r->line, ",");
    r->line.failed |= t->failed;
    sk_buf_clear(t);
}

static void csv_label(struct sk_report *r, struct sk_buf *t, const struct sk_label *l)
{
    const struct sk_policy *p = r->run.policy;
    sk_buf_str(t, sk_policy_grade(p, l->grade));
    csv_cell(r, t);
    put_words(t, p, sk_policy_compartment, l->compartments, " ");
    csv_cell(r, t);
    put_words(t, p, sk_policy_handling, l->handling, " ");
    csv_cell(r, t);
    sk_buf_printf(&r->line, "%u,%u,", l->integrity, l->availability);
    sk_buf_str(t, sk_policy_grade_gov(p, l->grade));
    csv_cell(r, t);
    sk_buf_str(t, sk_policy_grade_muni(p, l->grade));
    csv_cell(r, t);
    put_rules(t, l);
    csv_cell(r, t);
}

static bool csv_file(struct sk_report *r, const struct sk_report_file *f)
{
    struct sk_buf *t = &r->part;
    char hex[SK_SHA256_HEX];
    sk_buf_clear(t);
    sk_buf_str(t, f->facts->path);
    csv_cell(r, t);
    sk_buf_printf(&r->line, "%s,%s,", f->state_name, digest_of(f, hex));
    if (is_labelled(f))
        csv_label(r, t, &f->judgement->label);
    else
        sk_buf_str(&r->line, ",,,,,,,,");
    sk_buf_printf(t, "%s %s", sk_policy_id(r->run.policy), sk_policy_version(r->run.policy));
    csv_cell(r, t);
    sk_buf_printf(&r->line, "%s\r\n", f->note ? f->note : "");
    return sk_report_flush(r);
}

static bool csv_finish(struct sk_report *r, bool complete, double seconds)
{
    (void)complete;
    (void)seconds;
    return sk_report_flush(r);
}

const struct sk_report_style SK_STYLE_LABELS_CSV = { csv_begin, csv_file, no_places, csv_finish, NULL };

/* ---------------------------------------------------------------- JSON */

static bool json_begin(struct sk_report *r)
{
    sk_buf_str(&r->line, "{\"record\":\"labels\",");
    sk_json_versions(&r->line, &r->run);
    sk_buf_str(&r->line, ",\"labels\":[");
    return sk_report_flush(r);
}

static bool json_file(struct sk_report *r, const struct sk_report_file *f)
{
    struct sk_buf *b = &r->line;
    const struct sk_policy *p = r->run.policy;
    char hex[SK_SHA256_HEX];
    sk_buf_str(b, r->counts.files > 1 ? ",\n{\"path\":" : "\n{\"path\":");
    sk_put_json_string(b, f->facts->path);
    sk_buf_printf(b, ",\"state\":\"%s\",\"sha256\":\"%s\"", f->state_name, digest_of(f, hex));
    if (is_labelled(f)) {
        const struct sk_label *l = &f->judgement->label;
        sk_buf_str(b, ",\"label\":");
        sk_json_label(b, p, l);
        sk_buf_str(b, ",\"gov\":");
        sk_put_json_string(b, sk_policy_grade_gov(p, l->grade));
        sk_buf_str(b, ",\"muni\":");
        sk_put_json_string(b, sk_policy_grade_muni(p, l->grade));
    }
    if (f->note)
        sk_buf_printf(b, ",\"applied\":\"%s\"", f->note);
    sk_buf_str(b, "}");
    return sk_report_flush(r);
}

static bool json_finish(struct sk_report *r, bool complete, double seconds)
{
    (void)seconds;
    sk_buf_printf(&r->line, "\n],\"complete\":%s}\n", complete ? "true" : "false");
    return sk_report_flush(r);
}

const struct sk_report_style SK_STYLE_LABELS_JSON = { json_begin, json_file, no_places, json_finish, NULL };
