#define _GNU_SOURCE
#include "base/budget.h"

#include <string.h>
#include <time.h>

static const struct {
    const char *code, *ja, *en;
} REASONS[] = {
#define X(symbol, code, ja, en) { code, ja, en },
#include "base/reasons.def"
#undef X
};

const char *sk_reason_code(enum sk_reason r)
{
    return REASONS[r].code;
}

const char *sk_reason_title(enum sk_reason r, int english)
{
    return english ? REASONS[r].en : REASONS[r].ja;
}

enum sk_reason sk_reason_find(const char *code)
{
    for (int r = 0; r < SK_WHY_COUNT; r++)
        if (strcmp(REASONS[r].code, code) == 0)
            return (enum sk_reason)r;
    return SK_WHY_NONE;
}

#define GIB ((uint64_t)1 << 30)
#define MIB ((uint64_t)1 << 20)

const struct sk_limits SK_LIMITS_DEFAULT = {
    .max_depth = 10,
    .max_members = 100000,
    .max_file_bytes = 20 * GIB,
    .max_expanded_bytes = 20 * GIB,
    .max_member_bytes = 512 * MIB,
    .max_text_bytes = 4 * GIB,
    .max_ratio = 1000,
    .ratio_floor = 64 * MIB,
    .seconds = 600,
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void sk_budget_start(struct sk_budget *b, const struct sk_limits *limits, uint64_t file_bytes)
{
    bool (*cancelled)(void *) = b->cancelled;
    void *ctx = b->cancel_ctx;
    memset(b, 0, sizeof(*b));
    b->limits = *limits;
    b->file_bytes = file_bytes;
    b->spent = SK_WHY_NONE;
    b->cancelled = cancelled;
    b->cancel_ctx = ctx;
    if (limits->seconds)
        b->deadline_ns = now_ns() + (uint64_t)limits->seconds * 1000000000u;
}

static bool spend(struct sk_budget *b, enum sk_reason why)
{
    if (b->spent == SK_WHY_NONE)
        b->spent = why;
    return false;
}

bool sk_budget_expand(struct sk_budget *b, uint64_t bytes)
{
    b->expanded = bytes > UINT64_MAX - b->expanded ? UINT64_MAX : b->expanded + bytes;
    if (b->expanded > b->limits.max_expanded_bytes)
        return spend(b, SK_WHY_TOO_LARGE);
    if (b->expanded > b->limits.ratio_floor && b->expanded / b->limits.max_ratio > b->file_bytes)
        return spend(b, SK_WHY_RATIO);
    return sk_budget_time(b);
}

bool sk_budget_text(struct sk_budget *b, uint64_t bytes)
{
    b->text = bytes > UINT64_MAX - b->text ? UINT64_MAX : b->text + bytes;
    if (b->text > b->limits.max_text_bytes)
        return spend(b, SK_WHY_TOO_LARGE);
    return sk_budget_time(b);
}

bool sk_budget_member(struct sk_budget *b)
{
    if (++b->members > b->limits.max_members)
        return spend(b, SK_WHY_TOO_LARGE);
    return sk_budget_time(b);
}

bool sk_budget_time(struct sk_budget *b)
{
    if (b->cancelled && b->cancelled(b->cancel_ctx)) {
        b->is_cancelled = true;
        return false;
    }
    if (b->deadline_ns && now_ns() > b->deadline_ns)
        return spend(b, SK_WHY_TIMEOUT);
    return b->spent == SK_WHY_NONE;
}
