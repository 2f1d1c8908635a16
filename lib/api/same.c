#include "api/same.h"

#include <stdlib.h>
#include <string.h>

#define LEAST 1024u               /* smaller ones are scanned as fast */
#define LARGE ((uint64_t)1 << 20) /* worth waiting for the first of them */

static bool meet(struct sk_same *s, uint64_t size)
{
    size_t bit = (size_t)((size * 0x9E3779B97F4A7C15u) >> 44) % SK_SAME_SIZES;
    bool before = (s->sizes[bit / 8] >> (bit % 8)) & 1;
    s->sizes[bit / 8] |= (uint8_t)(1u << (bit % 8));
    return before;
}

static bool meet_one(void *ctx, uint64_t size)
{
    meet(ctx, size);
    return true;
}

bool sk_name_says_nothing(struct sk_executor *executor, const char *name)
{
    struct seki_result *r = NULL;
    if (seki_scan_memory(executor->scanner, "", 0, name, &r, NULL) != SEKI_OK)
        return false;
    bool nothing = r->n_found == 0 && r->n_markings == 0 && r->persons_max == 0;
    sk_result_free(r);
    return nothing;
}

static bool names_agree(struct sk_executor *executor, const char *known, const char *name)
{
    const char *slash = strrchr(known, '/');
    known = slash ? slash + 1 : known;
    if (strcmp(known, name) == 0)
        return true;
    const char *a = strrchr(known, '.'), *b = strrchr(name, '.');
    return strcmp(a ? a : "", b ? b : "") == 0 && sk_name_says_nothing(executor, known) &&
           sk_name_says_nothing(executor, name);
}

/* The result says under which name it was found, and what the other file wore. */
static bool rename_result(struct seki_result *r, const char *name)
{
    struct sk_part *parts = sk_arena_new(&r->arena, r->n_parts ? r->n_parts : 1, sizeof(*parts));
    if (!parts || r->n_parts == 0 || !r->parts)
        return false;
    memcpy(parts, r->parts, r->n_parts * sizeof(*parts));
    parts[0].name = sk_arena_string(&r->arena, name, strlen(name));
    r->parts = parts;
    r->worn = NULL;
    return parts[0].name != NULL;
}

static struct seki_result *look(struct sk_store *store, struct sk_executor *executor, const uint8_t *sha, uint64_t size,
                                const char *name, uint32_t days)
{
    char *known;
    struct seki_result *r = sk_store_same_content(store, sha, size, days, &known);
    if (r && (!names_agree(executor, known, name) || !rename_result(r, name))) {
        sk_result_free(r);
        r = NULL;
    }
    free(known);
    return r;
}

static bool is_waiting(struct sk_same *s, uint64_t size)
{
    for (size_t i = 0; i < s->n_waiting; i++)
        if (s->waiting[i] == size)
            return true;
    return false;
}

struct seki_result *sk_same_find(struct sk_same *s, struct sk_store *store, struct sk_executor *executor,
                                 const struct sk_item *item, int fd, const char *name, uint32_t days)
{
    uint8_t sha[SK_SHA256_BYTES];
    uint64_t size = item->facts.size, bytes;
    struct seki_result *r = NULL;
    if (size < LEAST)
        return NULL;
    if (!s->sizes) {
        s->sizes = sk_new(SK_SAME_SIZES / 8, 1);
        if (!s->sizes || !sk_store_sizes(store, meet_one, s))
            return NULL;
    }
    /* Another size than it had: it changes while we look, and the scan will say so. */
    if (meet(s, size) && sk_sha256_file(fd, sha, &bytes) && bytes == size) {
        r = look(store, executor, sha, size, name, days);
        if (!r && is_waiting(s, size) && sk_executor_drain(executor)) {
            s->n_waiting = 0;
            r = look(store, executor, sha, size, name, days);
        }
    }
    if (!r && size >= LARGE)
        s->waiting[s->n_waiting++ % 64] = size;
    if (s->n_waiting > 64)
        s->n_waiting = 64;
    return r;
}

void sk_same_free(struct sk_same *s)
{
    free(s->sizes);
}
