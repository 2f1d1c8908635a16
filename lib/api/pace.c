#include "api/pace.h"

#include <stdio.h>
#include <string.h>

static bool parse_shard(const char *text, struct sk_pace *p)
{
    unsigned i, n;
    int used = 0;
    /* NOLINTNEXTLINE(cert-err34-c) */
    if (sscanf(text, "%4u/%4u%n", &i, &n, &used) != 2 || text[used] || i < 1 || n < 1 || i > n)
        return false;
    p->shard = i;
    p->shards = n;
    return true;
}

/* The next moment at which the local clock shows it. */
static bool parse_until(const char *text, time_t *out)
{
    unsigned hour, minute, second = 0;
    int used = 0;
    time_t now = time(NULL);
    struct tm tm;
    /* NOLINTNEXTLINE(cert-err34-c) */
    if (sscanf(text, "%2u:%2u%n", &hour, &minute, &used) != 2)
        return false;
    /* NOLINTNEXTLINE(cert-err34-c) */
    if (text[used] == ':' && sscanf(text, "%2u:%2u:%2u%n", &hour, &minute, &second, &used) != 3)
        return false;
    if (text[used] || hour > 23 || minute > 59 || second > 59 || !localtime_r(&now, &tm))
        return false;
    tm.tm_hour = (int)hour;
    tm.tm_min = (int)minute;
    tm.tm_sec = (int)second;
    tm.tm_isdst = -1;
    *out = mktime(&tm);
    if (*out <= now) {
        tm.tm_mday++;
        tm.tm_isdst = -1;
        *out = mktime(&tm);
    }
    return *out > now;
}

seki_status sk_pace_set(struct sk_pace *p, const char *shard, uint64_t bytes_per_second, const char *until,
                        seki_error *err)
{
    memset(p, 0, sizeof(*p));
    clock_gettime(CLOCK_MONOTONIC, &p->began);
    p->rate = bytes_per_second;
    if (shard && !parse_shard(shard, p))
        return sk_fail(err, SEKI_E_USAGE, 0, "--shard %s は使えません。2/8 のように書いてください。",
                       "--shard %s cannot be used. Write it as 2/8.", shard);
    if (until && !parse_until(until, &p->until))
        return sk_fail(err, SEKI_E_USAGE, 0, "--until %s は使えません。05:30 のように書いてください。",
                       "--until %s cannot be used. Write it as 05:30.", until);
    return SEKI_OK;
}

bool sk_pace_mine(const struct sk_pace *p, const char *below)
{
    const struct sk_key plain = { 0, 0 }; /* no secret: every host must get the same answer */
    return p->shards == 0 || sk_siphash(&plain, below, strlen(below)) % p->shards == p->shard - 1;
}

bool sk_pace_over(const struct sk_pace *p)
{
    return p->until && time(NULL) >= p->until;
}

bool sk_pace_take(struct sk_pace *p, uint64_t size, bool (*cancelled)(void *ctx), void *ctx)
{
    while (p->rate) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        double seconds = (double)(now.tv_sec - p->began.tv_sec) + (double)(now.tv_nsec - p->began.tv_nsec) * 1e-9;
        double early = (double)p->taken / (double)p->rate - seconds;
        if (early <= 0) {
            if (early < -1) { /* what was not used is not saved up */
                p->began = now;
                p->taken = 0;
            }
            break;
        }
        if (cancelled(ctx))
            return false;
        long ns = early > 0.1 ? 100000000L : (long)(early * 1e9) + 1;
        nanosleep(&(struct timespec){ 0, ns }, NULL);
    }
    p->taken += size;
    return true;
}
