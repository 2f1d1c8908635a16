/* objects.c - the JSON objects of the contract that the report of a scan and the answer of a check have in common. */
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "report/inner.h"

/* ---------------------------------------------------------------- questions */

bool sk_found_is_listed(const struct sk_run_info *run, const struct sk_found *f)
{
    return f->count > 0 && (f->confidence != SK_CONF_LOW || run->verbose);
}

uint32_t sk_places_listed(const struct sk_run_info *run, const struct sk_found *f)
{
    return run->max_places && f->n_at > run->max_places ? run->max_places : f->n_at;
}

bool sk_has_compartment(const struct sk_label *l, unsigned bit)
{
    return bit < 32 && (l->compartments >> bit & 1);
}

const char *sk_part_text(const struct seki_result *r, uint32_t part, struct sk_buf *scratch)
{
    const char *s = r ? sk_part_path(r, part, scratch) : NULL;
    return s ? s : "";
}

/* ---------------------------------------------------------------- pieces */

static void key_string(struct sk_buf *b, const char *key, const char *value)
{
    sk_buf_printf(b, "\"%s\":", key);
    sk_put_json_string(b, value);
}

static void comma(struct sk_buf *b, bool *first)
{
    if (!*first)
        sk_buf_str(b, ",");
    *first = false;
}

bool sk_json_persons(struct sk_buf *b, uint64_t min, uint64_t max, const struct sk_insurer *insurers, uint32_t n)
{
    sk_buf_printf(b, "{\"min\":%llu,\"max\":%llu,\"by_insurer\":{", (unsigned long long)min, (unsigned long long)max);
    for (uint32_t i = 0; i < n; i++) {
        sk_buf_str(b, i ? "," : "");
        sk_put_json_string(b, insurers[i].number);
        sk_buf_printf(b, ":{\"min\":%llu,\"max\":%llu}", (unsigned long long)insurers[i].min,
                      (unsigned long long)insurers[i].max);
    }
    return sk_buf_str(b, "}}");
}

bool sk_json_label(struct sk_buf *b, const struct sk_policy *policy, const struct sk_label *l)
{
    bool first = true;
    sk_buf_str(b, "{");
    key_string(b, "grade", sk_policy_grade(policy, l->grade));
    sk_buf_str(b, ",\"compartments\":[");
    const char *name;
    for (unsigned bit = 0; bit < 32 && (name = sk_policy_compartment(policy, bit)); bit++)
        if (sk_has_compartment(l, bit)) {
            comma(b, &first);
            sk_put_json_string(b, name);
        }
    sk_buf_printf(b, "],\"integrity\":%u,\"availability\":%u,\"handling\":[", l->integrity, l->availability);
    first = true;
    for (unsigned bit = 0; bit < 32 && (name = sk_policy_handling(policy, bit)); bit++)
        if (l->handling >> bit & 1) {
            comma(b, &first);
            sk_put_json_string(b, name);
        }
    sk_buf_str(b, "],\"rules\":[");
    for (size_t i = 0; i < l->n_rules; i++) {
        sk_buf_str(b, i ? "," : "");
        sk_put_json_string(b, l->rules[i]);
    }
    return sk_buf_str(b, "]}");
}

static void put_place(struct sk_buf *b, struct sk_buf *scratch, const struct seki_result *r, const struct sk_place *p)
{
    sk_buf_str(b, "{");
    key_string(b, "part", sk_part_text(r, p->part, scratch));
    switch (p->kind) {
    case SK_AT_BYTES:
        sk_buf_printf(b, ",\"offset\":%llu,\"length\":%u,\"line\":%llu,\"column\":%u", (unsigned long long)p->offset,
                      p->length, (unsigned long long)p->line, p->column);
        break;
    case SK_AT_CELL:
        sk_buf_str(b, ",\"cell\":\"");
        sk_put_cell(b, p->row, p->col);
        sk_buf_str(b, "\"");
        break;
    case SK_AT_PAGE:
        sk_buf_printf(b, ",\"page\":%u", p->number);
        break;
    case SK_AT_SLIDE:
        sk_buf_printf(b, ",\"slide\":%u", p->number);
        break;
    case SK_AT_PARAGRAPH:
        sk_buf_printf(b, ",\"paragraph\":%u", p->number);
        break;
    default:
        break;
    }
    if (p->hidden != SK_SHOWN) {
        sk_buf_str(b, ",\"hidden\":true,");
        key_string(b, "hidden_kind", sk_hidden_name((enum sk_hidden)p->hidden, 1));
    }
    sk_buf_str(b, "}");
}

static void put_elements(struct sk_buf *b, struct sk_buf *scratch, const struct sk_run_info *run,
                         const struct seki_result *r)
{
    bool first = true;
    sk_buf_str(b, ",\"elements\":[");
    for (uint32_t i = 0; r && i < r->n_found && !b->failed; i++) {
        const struct sk_found *f = &r->found[i];
        if (!sk_found_is_listed(run, f))
            continue;
        uint32_t n = sk_places_listed(run, f);
        comma(b, &first);
        sk_buf_printf(b, "{\"element\":\"%s\",\"confidence\":\"%s\",\"count\":%llu,\"at\":[",
                      sk_element_name((enum sk_element)f->element),
                      sk_confidence_name((enum sk_confidence)f->confidence), (unsigned long long)f->count);
        for (uint32_t k = 0; k < n; k++) {
            sk_buf_str(b, k ? "," : "");
            put_place(b, scratch, r, &f->at[k]);
        }
        sk_buf_printf(b, "],\"more\":%llu}", (unsigned long long)(f->count > n ? f->count - n : 0));
    }
    sk_buf_str(b, "]");
}

static void put_reasons(struct sk_buf *b, struct sk_buf *scratch, const struct sk_run_info *run,
                        const struct sk_report_file *f)
{
    sk_buf_str(b, ",\"reasons\":[");
    for (size_t i = 0; i < sk_file_reasons(f) && !b->failed; i++) {
        struct sk_file_reason y = sk_file_reason(f, run->policy, i);
        sk_buf_printf(b, "%s{\"code\":\"%s\",", i ? "," : "", sk_reason_code(y.reason));
        key_string(b, "part", sk_part_text(f->result, y.part, scratch));
        sk_buf_str(b, ",");
        key_string(b, "detail", y.detail);
        if (y.method) {
            sk_buf_str(b, ",");
            key_string(b, "method", y.method);
        }
        sk_buf_str(b, "}");
    }
    sk_buf_str(b, "]");
}

static void put_judgement(struct sk_buf *b, const struct sk_run_info *run, const struct sk_judgement *j)
{
    sk_buf_str(b, ",\"label\":");
    sk_json_label(b, run->policy, &j->label);
    if (j->location) {
        sk_buf_str(b, ",");
        key_string(b, "location", j->location);
    }
    sk_buf_str(b, ",\"violations\":[");
    for (size_t i = 0; i < j->n_violations; i++) {
        sk_buf_str(b, i ? ",{" : "{");
        key_string(b, "code", j->violations[i].code);
        sk_buf_str(b, ",");
        key_string(b, "severity", j->violations[i].severity);
        sk_buf_str(b, j->violations[i].excepted ? ",\"excepted\":true}" : "}");
    }
    sk_buf_str(b, "],\"review\":[");
    for (size_t i = 0; i < j->n_reviews; i++) {
        sk_buf_str(b, i ? ",{" : "{");
        key_string(b, "code", j->reviews[i].code);
        if (j->reviews[i].rule) {
            sk_buf_str(b, ",");
            key_string(b, "rule", j->reviews[i].rule);
        }
        sk_buf_str(b, "}");
    }
    sk_buf_str(b, "]");
    if (j->n_exceptions) {
        sk_buf_str(b, ",\"exceptions\":[");
        for (size_t i = 0; i < j->n_exceptions; i++) {
            sk_buf_str(b, i ? ",{" : "{");
            key_string(b, "id", j->exceptions[i].id);
            sk_buf_str(b, ",");
            key_string(b, "status", j->exceptions[i].status);
            sk_buf_str(b, "}");
        }
        sk_buf_str(b, "]");
    }
    if (j->canary)
        sk_buf_printf(b, ",\"canary\":\"%s\"", j->canary_ok ? "passed" : "failed");
}

static void put_path(struct sk_buf *b, const char *path)
{
    key_string(b, "path", path);
    if (sk_utf8_valid(path, strlen(path)))
        return;
    sk_buf_str(b, ",\"path_bytes\":\"");
    for (const unsigned char *p = (const unsigned char *)path; *p; p++)
        sk_buf_printf(b, *p > 0x20 && *p < 0x7F && *p != '%' && *p != '"' && *p != '\\' ? "%c" : "%%%02X", *p);
    sk_buf_str(b, "\"");
}

bool sk_json_file(struct sk_buf *b, struct sk_buf *scratch, const struct sk_run_info *run,
                  const struct sk_report_file *f)
{
    const struct seki_result *r = f->result;
    sk_buf_str(b, "{\"record\":\"file\",");
    put_path(b, f->facts->path);
    sk_buf_str(b, ",");
    key_string(b, "format", r ? r->format : "");
    sk_buf_printf(b, ",\"size\":%llu", (unsigned long long)f->facts->size);
    if (r && r->has_sha256) {
        char hex[SK_SHA256_HEX];
        sk_hex(r->sha256, 32, hex);
        sk_buf_printf(b, ",\"sha256\":\"%s\"", hex);
    }
    sk_buf_printf(b, ",\"state\":\"%s\"", sk_count_state_name(sk_file_state(f)));
    put_reasons(b, scratch, run, f);
    if (r && (r->state != SK_UNINSPECTABLE || r->persons_max)) { /* never 0 for "could not look" */
        sk_buf_str(b, ",\"persons\":");
        sk_json_persons(b, r->persons_min, r->persons_max, r->insurers, r->n_insurers);
        if (r->has_own && r->persons_max)
            sk_buf_printf(b, ",\"own_register\":{\"persons\":%llu}", (unsigned long long)r->own_persons);
    }
    put_elements(b, scratch, run, r);
    if (f->judgement)
        put_judgement(b, run, f->judgement);
    return sk_buf_str(b, "}");
}

bool sk_json_versions(struct sk_buf *b, const struct sk_run_info *run)
{
    char hex[SK_SHA256_HEX] = "";
    sk_buf_str(b, "\"tool\":{\"name\":\"sekisho\",");
    key_string(b, "version", run->tool_version);
    if (run->engine) {
        sk_buf_str(b, ",");
        key_string(b, "engine", run->engine);
    }
    sk_buf_str(b, "},\"rules\":{");
    key_string(b, "version", run->rules_version);
    if (run->rules_digest)
        sk_hex(run->rules_digest, 32, hex);
    sk_buf_printf(b, ",\"digest\":\"%s\"},\"policy\":{", hex);
    key_string(b, "id", sk_policy_id(run->policy));
    sk_buf_str(b, ",");
    key_string(b, "version", sk_policy_version(run->policy));
    sk_hex(sk_policy_digest(run->policy), 32, hex);
    return sk_buf_printf(b, ",\"digest\":\"%s\",\"status\":\"%s\",\"overdue\":%s}", hex,
                         sk_policy_is_draft(run->policy) ? "draft" : "approved",
                         sk_policy_is_overdue(run->policy, run->as_of) ? "true" : "false");
}
