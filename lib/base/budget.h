/*
 * budget.h - what one file may cost. All limits and their defaults are here; reaching one never discards what
 * was found: the part becomes partial with the reason.
 */
#ifndef SK_BASE_BUDGET_H
#define SK_BASE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

/* Reasons why a part was not inspected: X(symbol, code, 日本語, English). The codes are the public interface. */
enum sk_reason {
#define X(symbol, code, ja, en) SK_WHY_##symbol,
#include "base/reasons.def"
#undef X
    SK_WHY_COUNT,
    SK_WHY_NONE = 255
};
const char *sk_reason_code(enum sk_reason r);
const char *sk_reason_title(enum sk_reason r, int english);
enum sk_reason sk_reason_find(const char *code); /* SK_WHY_NONE when unknown */

struct sk_limits {
    uint32_t max_depth;          /* containers inside each other, the file itself being the first [10] */
    uint32_t max_members;        /* of all containers of one file [100000] */
    uint64_t max_file_bytes;     /* apparent size [20 GiB] */
    uint64_t max_expanded_bytes; /* all that comes out of one file [20 GiB] */
    uint64_t max_member_bytes;   /* held in memory at once for one member [512 MiB] */
    uint64_t max_text_bytes;     /* text of one file [4 GiB] */
    uint32_t max_ratio;          /* expanded / file size, once ratio_floor is passed [1000] */
    uint64_t ratio_floor;        /* [64 MiB] */
    uint32_t seconds;            /* of one file [600] */
    bool ocr;                    /* text in pictures is recognised, which takes a second for each [false] */
};
extern const struct sk_limits SK_LIMITS_DEFAULT;

struct sk_budget {
    struct sk_limits limits;
    uint64_t file_bytes; /* of the top file */
    uint64_t expanded, text;
    uint32_t members, depth;
    uint64_t deadline_ns;         /* CLOCK_MONOTONIC; 0 = none */
    enum sk_reason spent;         /* the first limit that was reached, or SK_WHY_NONE */
    bool (*cancelled)(void *ctx); /* may be NULL; polled at least every few MiB */
    void *cancel_ctx;
    bool is_cancelled;
};

void sk_budget_start(struct sk_budget *b, const struct sk_limits *limits, uint64_t file_bytes);
/* Each charges and says whether work may go on; on false b->spent tells why (SK_WHY_NONE = cancelled). */
bool sk_budget_expand(struct sk_budget *b, uint64_t bytes);
bool sk_budget_text(struct sk_budget *b, uint64_t bytes);
bool sk_budget_member(struct sk_budget *b);
bool sk_budget_time(struct sk_budget *b); /* also polls cancelled; cheap enough for once per 64 KiB */

#endif
