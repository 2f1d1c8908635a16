/* scanner.h - inside api: one scanner, shared by scan.c (a part) and scanner.c (a file). */
#ifndef SK_API_SCANNER_H
#define SK_API_SCANNER_H

#include "api/api.h"
#include "work/launcher.h"

struct seki_scanner {
    const seki_rules *rules;
    const struct sk_policy *policy;
    struct sk_limits limits;
    struct sk_detect_config config;
    struct sk_detect *detect;
    struct sk_match_scratch *match;
    struct sk_scratch *extract;
    struct sk_sha256 *sha;
    struct sk_register *own;      /* NULL: no index of the own register */
    struct sk_launcher *launcher; /* NULL: no helper programs */
    struct sk_buf bytes;          /* a small file, or a step of hashing */
    struct sk_budget budget;
    bool (*cancelled)(void *);
    void *cancel_ctx;

    /* the file in hand */
    struct seki_result *result;
    struct sk_part *parts;
    size_t n_parts, cap_parts;
    struct sk_why *whys;
    size_t n_whys, cap_whys;
    struct sk_msip *msips;
    size_t n_msips, cap_msips;
    struct sk_member *members;
    size_t n_members, cap_members;
    unsigned depth;
    bool no_memory;
};

/* scan.c */
uint32_t sk_scan_new_part(void *ctx, uint32_t parent, const char *name, size_t n, enum sk_hidden hidden);
void sk_scan_reason(void *ctx, uint32_t part, enum sk_reason why, const char *detail);
/* Scans a part and all below it; false: stop. */
bool sk_scan_part(seki_scanner *s, uint32_t part, struct sk_source *source);

#endif
