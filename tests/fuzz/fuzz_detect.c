/* layer: detect - prose in any charset through folding, matching and detection, with markings and a second reading. */
#include "detect/detect.h"

#include <stdlib.h>
#include <string.h>

static struct {
    struct sk_fold *fold;
    struct sk_rules *rules;
    struct sk_matcher *matcher;
    struct sk_match_scratch *scratch;
    struct sk_detect *detect;
    bool ready;
} G;

static void start(void)
{
    static const struct sk_mark_word WORDS[] = { { "極秘", false }, { "秘", true }, { "取扱注意", false } };
    struct sk_problems problems;
    struct sk_detect_config config = { .mark_words = WORDS,
                                       .n_mark_words = 3,
                                       .mark_positions = (1u << SK_MARK_POSITIONS) - 1,
                                       .cia_positions = 255,
                                       .first_lines = 5,
                                       .max_places = 100,
                                       .person_keys = true,
                                       .key = { 1, 2 },
                                       .today = 20780 };
    sk_problems_init(&problems);
    G.fold = sk_fold_new();
    G.rules = G.fold ? sk_rules_load(PATTERNS_DIR, G.fold, &problems) : NULL;
    G.matcher = G.rules ? sk_matcher_new(G.rules, NULL, &problems) : NULL;
    G.scratch = G.matcher ? sk_match_scratch_new(G.matcher) : NULL;
    G.detect = G.scratch ? sk_detect_new(G.rules, &config) : NULL;
    sk_problems_free(&problems);
    G.ready = true;
}

static void give(const uint8_t *data, size_t n, enum sk_charset cs, enum sk_run_kind kind, bool second)
{
    size_t cap = n * 4 + 512;
    char *text = calloc(1, cap + SK_PAD);
    struct sk_fold_map map;
    struct sk_fold_state state = { 0 };
    struct sk_hits hits;
    if (!text)
        return;
    sk_fold_map_init(&map);
    struct sk_fold_result f = sk_fold_run(G.fold, cs, data, n, true, &state, text, cap, &map);
    memset(text + f.produced, 0, SK_PAD);
    struct sk_raw raw = { .charset = cs, .bytes = data, .n = n, .line = 1, .map = &map };
    struct sk_segment s = { .text = text,
                            .len = (uint32_t)f.produced,
                            .kind = kind,
                            .first = true,
                            .last = true,
                            .fold = G.fold,
                            .raw = &raw,
                            .second_reading = second };
    if (f.ok && sk_match_scan(G.matcher, G.scratch, text, s.len, &hits))
        sk_detect_segment(G.detect, &s, &hits);
    sk_fold_map_free(&map);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (!G.ready)
        start();
    if (!G.detect)
        abort();
    if (n < 2 || n > 1 << 16)
        return 0;
    enum sk_charset cs = (enum sk_charset)(SK_CS_ASCII + data[0] % (SK_CS_COUNT - SK_CS_ASCII));
    enum sk_run_kind kind = (enum sk_run_kind)(data[1] % 12);
    struct seki_result *r = calloc(1, sizeof(*r));
    if (!r)
        return 0;
    sk_arena_init(&r->arena, (size_t)1 << 28);
    sk_detect_begin(G.detect);
    give(data + 2, n - 2, cs, kind, false);
    give(data + 2, n - 2, SK_CS_CP932, kind, true);
    sk_detect_part_end(G.detect, 0, NULL);
    sk_detect_end(G.detect, r);
    sk_result_free(r);
    return 0;
}
