/*
 * sarif.c - SARIF 2.1.0 (OASIS), for tools that already show it. One result a violation; what was not inspected is a
 * result of kind "open" (3.27.9: "there is insufficient information"), so that nothing unread can look clean. Texts are
 * Japanese with the English beside.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "report/inner.h"

#define RELATED 20 /* further places of a result */

static const struct {
    const char *id, *ja, *en;
} RULES[] = {
    { "V-GRADE", "置き場所の上限を超える格付", "Graded above the ceiling of the place" },
    { "V-COMP", "置き場所に許されない区画", "Compartment not allowed in the place" },
    { "V-ACL", "誰でも読める", "Readable by everybody" },
    { "V-OWNER", "所有グループが違う", "Owned by another group" },
    { "V-AGE", "保存期間を過ぎている", "Older than the place allows" },
    { "V-ENC", "強い暗号化が必要", "Must be strongly encrypted" },
    { "V-ELEM", "置いてはならない要素", "Element forbidden in the place" },
    { "V-MARK", "中身が表示より重い", "Content above its marking" },
    { "V-AGG", "同じ置き場所の合計人数がしきい値を超える", "Persons over a threshold across the files of one place" },
    { "V-UNK", "検査できない", "Not inspectable where the policy asks for review" },
    { "UNINSPECTED", "検査できなかった部分がある", "Something was not inspected" },
};
#define N_RULES (sizeof(RULES) / sizeof(*RULES))

struct sarif {
    bool any;
};

static bool begin(struct sk_report *r)
{
    struct sk_buf *b = &r->line;
    if (!(r->own = sk_new(1, sizeof(struct sarif))))
        return false;
    sk_buf_str(b, "{\"$schema\":\"https://json.schemastore.org/"
                  "sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{"
                  "\"name\":\"Sekisho\",\"version\":");
    sk_put_json_string(b, r->run.tool_version);
    sk_buf_str(b, ",\"language\":\"ja\",\"rules\":[");
    for (size_t i = 0; i < N_RULES; i++) {
        sk_buf_printf(b, "%s{\"id\":\"%s\",\"shortDescription\":{\"text\":", i ? "," : "", RULES[i].id);
        sk_put_json_string(b, RULES[i].ja);
        sk_buf_str(b, "},\"fullDescription\":{\"text\":");
        sk_put_json_string(b, RULES[i].en);
        sk_buf_str(b, "}}");
    }
    sk_buf_str(b, "],\"properties\":{");
    sk_json_versions(b, &r->run);
    sk_buf_str(b, "}}},\"language\":\"ja\",\"columnKind\":\"unicodeCodePoints\",\"results\":[");
    return sk_report_flush(r);
}

static size_t rule_index(const char *id)
{
    size_t i = 0;
    while (i < N_RULES && strcmp(RULES[i].id, id) != 0)
        i++;
    return i;
}

/* The policy's worst two severities are errors. */
static const char *level(const struct sk_policy *p, const char *severity)
{
    size_t rank = sk_policy_severity_rank(p, severity);
    return !*severity ? "warning" : rank < 2 ? "error" : rank == 2 ? "warning" : "note";
}

static void put_artifact(struct sk_buf *b, const char *path)
{
    sk_buf_str(b, "\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"");
    sk_put_uri(b, path);
    sk_buf_str(b, "\"}");
}

/* A region only where the file itself is text: inside containers lines would point into the wrong bytes. */
static void put_location(struct sk_report *r, const struct sk_report_file *f, const struct sk_place *p)
{
    struct sk_buf *b = &r->line;
    put_artifact(b, f->facts->path);
    if (p && p->part == 0 && p->kind == SK_AT_BYTES && p->line && p->column)
        sk_buf_printf(b, ",\"region\":{\"startLine\":%llu,\"startColumn\":%u,\"byteOffset\":%llu,\"byteLength\":%u}",
                      (unsigned long long)p->line, p->column, (unsigned long long)p->offset, p->length);
    sk_buf_str(b, "}");
    if (!p || (p->part == 0 && p->kind == SK_AT_BYTES))
        return;
    struct sk_run_info en = r->run;
    struct sk_buf name;
    en.english = true;
    sk_buf_init(&name, 1 << 24);
    sk_tell_place(&name, &r->part, &en, f->result, p);
    sk_buf_str(b, ",\"logicalLocations\":[{\"fullyQualifiedName\":");
    sk_put_json_string(b, name.p);
    sk_buf_str(b, "}]");
    sk_buf_free(&name);
}

static const struct sk_place *first_place(const struct sk_report *r, const struct sk_report_file *f)
{
    for (uint32_t i = 0; f->result && i < f->result->n_found; i++)
        if (sk_found_is_listed(&r->run, &f->result->found[i]) && f->result->found[i].n_at)
            return &f->result->found[i].at[0];
    return NULL;
}

static void put_related(struct sk_report *r, const struct sk_report_file *f)
{
    struct sk_buf *b = &r->line;
    unsigned n = 0;
    for (uint32_t i = 0; f->result && i < f->result->n_found && n < RELATED; i++) {
        const struct sk_found *found = &f->result->found[i];
        for (uint32_t k = 0; sk_found_is_listed(&r->run, found) && k < found->n_at && k < 3 && n < RELATED; k++) {
            sk_buf_str(b, n++ ? ",{" : ",\"relatedLocations\":[{");
            sk_buf_printf(b, "\"id\":%u,", n);
            put_location(r, f, &found->at[k]);
            sk_buf_str(b, ",\"message\":{\"text\":");
            sk_put_json_string(b, sk_element_title((enum sk_element)found->element, 0));
            sk_buf_str(b, "}}");
        }
    }
    sk_buf_str(b, n ? "]" : "");
}

/* Stable over runs and hosts: of rule and path, nothing from the content. */
static void put_fingerprint(struct sk_buf *b, const char *rule, const char *path)
{
    uint8_t digest[SK_SHA256_BYTES];
    char hex[SK_SHA256_HEX];
    struct sk_buf both;
    sk_buf_init(&both, 1 << 20);
    sk_buf_printf(&both, "%s\n%s", rule, path);
    if (!both.failed && sk_sha256(both.p, both.n, digest)) {
        sk_hex(digest, 32, hex);
        sk_buf_printf(b, ",\"partialFingerprints\":{\"sekishoRulePath/v1\":\"%s\"}", hex);
    }
    sk_buf_free(&both);
}

static void open_result(struct sk_report *r, const char *rule, const char *kind, const char *lvl, const char *text)
{
    struct sk_buf *b = &r->line;
    struct sarif *s = r->own;
    size_t index = rule_index(rule);
    sk_buf_str(b, s->any ? ",\n{\"ruleId\":" : "\n{\"ruleId\":");
    s->any = true;
    sk_put_json_string(b, rule);
    if (index < N_RULES)
        sk_buf_printf(b, ",\"ruleIndex\":%zu", index);
    sk_buf_printf(b, ",\"kind\":\"%s\",\"level\":\"%s\",\"message\":{\"text\":", kind, lvl);
    sk_put_json_string(b, text && *text ? text : rule);
    sk_buf_str(b, "}");
}

static bool violation(struct sk_report *r, const struct sk_report_file *f, const struct sk_violation *v)
{
    struct sk_buf *b = &r->line;
    open_result(r, v->code, "fail", level(r->run.policy, v->severity), v->detail_ja);
    sk_buf_str(b, ",\"locations\":[{");
    put_location(r, f, first_place(r, f));
    sk_buf_str(b, "}]");
    put_related(r, f);
    put_fingerprint(b, v->code, f->facts->path);
    if (v->excepted)
        sk_buf_str(b, ",\"suppressions\":[{\"kind\":\"external\",\"status\":\"accepted\"}]");
    sk_buf_str(b, ",\"properties\":{\"severity\":");
    sk_put_json_string(b, v->severity);
    sk_buf_str(b, ",\"message_en\":");
    sk_put_json_string(b, v->detail_en);
    sk_buf_str(b, ",\"label\":");
    sk_json_label(b, r->run.policy, &f->judgement->label);
    sk_buf_str(b, "}}");
    return sk_report_flush(r);
}

static bool uninspected(struct sk_report *r, const struct sk_report_file *f)
{
    struct sk_run_info ja = r->run;
    struct sk_buf text;
    ja.english = false;
    sk_buf_init(&text, 1 << 24);
    for (size_t i = 0; i < sk_file_reasons(f); i++) {
        struct sk_file_reason y = sk_file_reason(f, r->run.policy, i);
        sk_buf_str(&text, i ? "、" : "");
        sk_tell_reason(&text, &r->part, &ja, f, &y);
    }
    open_result(r, "UNINSPECTED", "open", "none", text.p);
    sk_buf_free(&text);
    sk_buf_str(&r->line, ",\"locations\":[{");
    put_location(r, f, NULL);
    sk_buf_str(&r->line, "}]");
    put_fingerprint(&r->line, "UNINSPECTED", f->facts->path);
    sk_buf_str(&r->line, "}");
    return sk_report_flush(r);
}

static bool file(struct sk_report *r, const struct sk_report_file *f)
{
    for (size_t i = 0; f->judgement && i < f->judgement->n_violations; i++)
        if (!violation(r, f, &f->judgement->violations[i]))
            return false;
    return !sk_file_is_unread(f) || uninspected(r, f);
}

static bool aggregate(struct sk_report *r, const struct sk_report_aggregate *a)
{
    struct sk_buf *b = &r->line;
    struct sk_run_info ja = r->run;
    struct sk_buf text;
    const char *path = sk_policy_location_name(r->run.policy, a->location);
    ja.english = false;
    sk_buf_init(&text, 4096);
    sk_buf_printf(&text, "%s ", a->location);
    sk_tell_persons(&text, &ja, a->min, a->max);
    open_result(r, a->code, "fail", level(r->run.policy, a->severity), text.p);
    sk_buf_free(&text);
    sk_buf_str(b, ",\"locations\":[{");
    put_artifact(b, path && *path ? path : a->location);
    sk_buf_str(b, "}}]");
    put_fingerprint(b, a->code, a->location);
    sk_buf_str(b, "}");
    return sk_report_flush(r);
}

static bool finish(struct sk_report *r, bool complete, double seconds)
{
    struct sk_buf *b = &r->line;
    sk_buf_str(b, "],\"invocations\":[{\"executionSuccessful\":true,\"startTimeUtc\":\"");
    sk_put_time(b, r->run.started);
    sk_buf_str(b, "\",\"endTimeUtc\":\"");
    sk_put_time(b, r->run.started + (seconds > 0 && seconds < 1e9 ? (int64_t)seconds : 0));
    sk_buf_printf(b, "\"}],\"properties\":{\"complete\":%s,\"files\":%llu,\"states\":{", complete ? "true" : "false",
                  (unsigned long long)r->counts.files);
    for (int i = 0; i < SK_ST_COUNT; i++)
        sk_buf_printf(b, "%s\"%s\":%llu", i ? "," : "", sk_count_state_name((enum sk_count_state)i),
                      (unsigned long long)r->counts.states[i]);
    sk_buf_str(b, "}}}]}\n");
    return sk_report_flush(r);
}

static void free_sarif(struct sk_report *r)
{
    free(r->own);
}

const struct sk_report_style SK_STYLE_SARIF = { begin, file, aggregate, finish, free_sarif };
