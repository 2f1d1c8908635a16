/* strength.c - is the whole file strongly encrypted? One readable part in it, or one weak method, and it is not. */
#include "judge/inner.h"

#include <stdlib.h>
#include <string.h>

static bool reads_encrypted(const struct seki_result *r, uint32_t part)
{
    for (uint32_t i = 0; i < r->n_whys; i++)
        if (r->whys[i].part == part && r->whys[i].reason == SK_WHY_ENCRYPTED)
            return true;
    return false;
}

/* The method of the part, or of the container whose members it is one of when the part itself could not be read. */
static const char *method_of(const struct seki_result *r, uint32_t part)
{
    if (r->parts[part].encryption || part == 0 || !reads_encrypted(r, part))
        return r->parts[part].encryption;
    return r->parts[r->parts[part].parent].encryption;
}

/* Can any part be read without the key? True also without memory. */
static bool is_open(const struct seki_result *r)
{
    bool *parent = sk_new(r->n_parts, sizeof(*parent));
    if (!parent)
        return true;
    for (uint32_t i = 1; i < r->n_parts; i++)
        parent[r->parts[i].parent] = true;
    bool open = false;
    for (uint32_t i = 0; i < r->n_parts && !open; i++)
        open = r->parts[i].has_text || (!parent[i] && !method_of(r, i));
    free(parent);
    return open;
}

enum sk_strength sk_file_strength(const struct sk_policy *p, const struct seki_result *r)
{
    bool encrypted = false;
    for (uint32_t i = 0; i < r->n_parts; i++)
        if (r->parts[i].encryption) {
            encrypted = true;
            if (strcmp(sk_policy_strength(p, r->parts[i].encryption), "strong") != 0)
                return SK_WEAK;
        }
    if (!encrypted)
        return SK_PLAIN;
    return r->state == SK_INSPECTED || is_open(r) ? SK_WEAK : SK_STRONG;
}
