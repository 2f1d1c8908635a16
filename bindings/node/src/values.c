#include "values.h"

#include <stdlib.h>
#include <string.h>

void set_text(napi_env env, napi_value object, const char *name, const char *text)
{
    napi_value v;
    napi_create_string_utf8(env, text ? text : "", NAPI_AUTO_LENGTH, &v);
    napi_set_named_property(env, object, name, v);
}

void set_number(napi_env env, napi_value object, const char *name, double number)
{
    napi_value v;
    napi_create_double(env, number, &v);
    napi_set_named_property(env, object, name, v);
}

void set_bool(napi_env env, napi_value object, const char *name, bool value)
{
    napi_value v;
    napi_get_boolean(env, value, &v);
    napi_set_named_property(env, object, name, v);
}

static void set_part(napi_env env, napi_value object, const seki_result *r, size_t part)
{
    size_t n = seki_result_part(r, part, NULL, 0);
    char *text = malloc(n + 1);
    if (text) {
        seki_result_part(r, part, text, n + 1);
        set_text(env, object, "part", text);
        free(text);
    }
}

static void set_range(napi_env env, napi_value object, uint64_t min, uint64_t max)
{
    set_number(env, object, "min", (double)min);
    set_number(env, object, "max", (double)max);
}

static napi_value place_value(napi_env env, const seki_result *r, const seki_place *p)
{
    napi_value v;
    napi_create_object(env, &v);
    set_part(env, v, r, p->part);
    set_text(env, v, "kind", p->kind);
    if (p->hidden)
        set_text(env, v, "hidden", p->hidden);
    if (strcmp(p->kind, "bytes") == 0) {
        set_number(env, v, "offset", (double)p->offset);
        set_number(env, v, "length", p->length);
        set_number(env, v, "line", (double)p->line);
        set_number(env, v, "column", p->column);
    } else if (strcmp(p->kind, "cell") == 0) {
        set_number(env, v, "row", p->row);
        set_number(env, v, "col", p->col);
    } else {
        set_number(env, v, "number", p->number);
    }
    return v;
}

static napi_value finding_value(napi_env env, const seki_result *r, size_t i)
{
    seki_finding f = { .size = sizeof(f) };
    napi_value v, places;
    napi_create_object(env, &v);
    if (seki_result_finding(r, i, &f) != SEKI_OK)
        return v;
    set_text(env, v, "element", f.element);
    set_text(env, v, "confidence", f.confidence);
    set_number(env, v, "count", (double)f.count);
    napi_create_array_with_length(env, f.places, &places);
    for (size_t k = 0; k < f.places; k++) {
        seki_place p = { .size = sizeof(p) };
        napi_handle_scope scope; /* a million places shall not keep a million handles */
        napi_open_handle_scope(env, &scope);
        if (seki_result_place(r, i, k, &p) == SEKI_OK)
            napi_set_element(env, places, (uint32_t)k, place_value(env, r, &p));
        napi_close_handle_scope(env, scope);
    }
    napi_set_named_property(env, v, "places", places);
    return v;
}

static void set_reasons(napi_env env, napi_value object, const seki_result *r)
{
    size_t n = seki_result_reasons(r);
    napi_value list, v;
    napi_create_array_with_length(env, n, &list);
    for (size_t i = 0; i < n; i++) {
        seki_reason reason = { .size = sizeof(reason) };
        if (seki_result_reason(r, i, &reason) != SEKI_OK)
            continue;
        napi_create_object(env, &v);
        set_text(env, v, "code", reason.code);
        set_text(env, v, "detail", reason.detail);
        set_part(env, v, r, reason.part);
        napi_set_element(env, list, (uint32_t)i, v);
    }
    napi_set_named_property(env, object, "reasons", list);
}

static void set_persons(napi_env env, napi_value object, const seki_result *r)
{
    uint64_t min = 0, max = 0, own;
    size_t n = seki_result_insurers(r);
    napi_value persons, list, v;
    seki_result_persons(r, &min, &max);
    napi_create_object(env, &persons);
    set_range(env, persons, min, max);
    napi_set_named_property(env, object, "persons", persons);
    if (seki_result_own_persons(r, &own))
        set_number(env, object, "ownPersons", (double)own);
    napi_create_array_with_length(env, n, &list);
    for (size_t i = 0; i < n; i++) {
        seki_insurer insurer = { .size = sizeof(insurer) };
        if (seki_result_insurer(r, i, &insurer) != SEKI_OK)
            continue;
        napi_create_object(env, &v);
        set_text(env, v, "number", insurer.number);
        set_range(env, v, insurer.min, insurer.max);
        napi_set_element(env, list, (uint32_t)i, v);
    }
    napi_set_named_property(env, object, "insurers", list);
}

napi_value result_value(napi_env env, const seki_result *r)
{
    char hex[65];
    napi_value v, findings;
    size_t n = seki_result_findings(r);
    napi_create_object(env, &v);
    set_text(env, v, "state", seki_result_state(r));
    set_text(env, v, "format", seki_result_format(r));
    set_text(env, v, "sha256", seki_result_sha256(r, hex));
    set_persons(env, v, r);
    set_reasons(env, v, r);
    napi_create_array_with_length(env, n, &findings);
    for (size_t i = 0; i < n; i++)
        napi_set_element(env, findings, (uint32_t)i, finding_value(env, r, i));
    napi_set_named_property(env, v, "findings", findings);
    return v;
}

napi_value judgement_value(napi_env env, const seki_judgement *j)
{
    napi_value v, list, one;
    size_t n = seki_judgement_violations(j);
    napi_create_object(env, &v);
    set_text(env, v, "grade", seki_judgement_grade(j));
    set_text(env, v, "location", seki_judgement_location(j));
    napi_create_array_with_length(env, n, &list);
    for (size_t i = 0; i < n; i++) {
        const char *code, *severity, *ja, *en;
        if (seki_judgement_violation(j, i, &code, &severity, &ja, &en) != SEKI_OK)
            continue;
        napi_create_object(env, &one);
        set_text(env, one, "code", code);
        set_text(env, one, "severity", severity);
        set_text(env, one, "ja", ja);
        set_text(env, one, "en", en);
        napi_set_element(env, list, (uint32_t)i, one);
    }
    napi_set_named_property(env, v, "violations", list);
    return v;
}
