#include "api/api.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

seki_status sk_fail(seki_error *err, seki_status status, int system, const char *ja, const char *en, ...)
{
    if (!err)
        return status;
    memset(err, 0, sizeof(*err));
    err->status = status;
    err->system = system;
    va_list ap;
    va_start(ap, en);
    vsnprintf(err->ja, sizeof(err->ja), ja, ap);
    va_end(ap);
    va_start(ap, en);
    vsnprintf(err->en, sizeof(err->en), en, ap);
    va_end(ap);
    return status;
}

seki_status sk_no_memory(seki_error *err)
{
    return sk_fail(err, SEKI_E_MEMORY, 0, "メモリーが足りません。", "Out of memory.");
}

seki_status sk_fail_problems(seki_error *err, const struct sk_problems *p, seki_problem_fn problem, void *ctx)
{
    for (size_t i = 0; problem && i < p->n; i++) {
        seki_problem one = { p->items[i].file, p->items[i].line, p->items[i].column, p->items[i].ja, p->items[i].en };
        problem(ctx, &one);
    }
    if (p->n == 0)
        return sk_no_memory(err);
    const struct sk_problem *first = &p->items[0];
    char place[32] = "";
    if (first->line)
        snprintf(place, sizeof(place), ":%u:%u", first->line, first->column);
    sk_fail(err, SEKI_E_RULES, 0, "%s%s: %s", "%s%s: %s", first->file, place, first->ja);
    if (err)
        snprintf(err->en, sizeof(err->en), "%s%s: %s", first->file, place, first->en);
    return SEKI_E_RULES;
}

bool sk_options_copy(void *local, size_t known, const void *given, size_t size)
{
    memset(local, 0, known);
    if (!given)
        return true;
    if (size < sizeof(size_t))
        return false;
    const unsigned char *p = given;
    for (size_t i = known; i < size; i++)
        if (p[i])
            return false;
    memcpy(local, given, size < known ? size : known);
    return true;
}

seki_status sk_as_of(const char *text, long *day, seki_error *err)
{
    if (text) {
        if (!sk_day_parse(text, day))
            return sk_fail(err, SEKI_E_USAGE, 0, "日付 %s は使えません。YYYY-MM-DD の形で実在する日を書いてください。",
                           "Date %s cannot be used. Write an existing day as YYYY-MM-DD.", text);
        return SEKI_OK;
    }
    time_t now = time(NULL);
    struct tm local;
    if (!localtime_r(&now, &local))
        return sk_fail(err, SEKI_E_INTERNAL, 0, "今日の日付が分かりません。", "Today's date is not known.");
    char buffer[32];
    snprintf(buffer, sizeof(buffer), "%04d-%02d-%02d", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
    return sk_day_parse(buffer, day)
               ? SEKI_OK
               : sk_fail(err, SEKI_E_INTERNAL, 0, "今日の日付が分かりません。", "Today's date is not known.");
}

seki_status sk_language(const char *text, bool *english, seki_error *err)
{
    if (!text || strcmp(text, "ja") == 0)
        *english = false;
    else if (strcmp(text, "en") == 0)
        *english = true;
    else
        return sk_fail(err, SEKI_E_USAGE, 0, "言語 %s は使えません。ja か en を書いてください。",
                       "Language %s is not known. Use ja or en.", text);
    return SEKI_OK;
}
