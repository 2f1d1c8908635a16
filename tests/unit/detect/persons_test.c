#include "detect/people.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* People counted from bare identities: no matcher, no rules. "key=value" pairs, one record a string. */

static struct sk_people *people_for(struct sk_context *c)
{
    c->config.key = (struct sk_key){ 3, 4 };
    c->config.person_keys = true;
    return c->people = sk_people_new(c);
}

static void parse(const char *text, struct sk_identity *id)
{
    static const char NAMES[] = "isnblcprofkxxgm"; /* letter = piece; see PIECES */
    static const int PIECES[] = { SK_PIECE_INSURER, SK_PIECE_SYMBOL, SK_PIECE_NUMBER, SK_PIECE_BRANCH, SK_PIECE_LATECARE, SK_PIECE_CARE, SK_PIECE_PAYER, SK_PIECE_RECIPIENT, SK_PIECE_OTHER,
                                  SK_PIECE_NAME, SK_PIECE_KANA, 0, 0, 0, SK_PIECE_PERSONAL_NUMBER };
    char copy[256];
    memset(id, 0, sizeof(*id));
    snprintf(copy, sizeof(copy), "%s", text);
    for (char *save, *t = strtok_r(copy, " ", &save); t; t = strtok_r(NULL, " ", &save)) {
        if (t[0] == 'd') {
            id->birth = atol(t + 2);
            id->has_birth = true;
        } else if (t[0] == 'g') {
            id->sex = (uint8_t)atoi(t + 2);
        } else {
            int piece = PIECES[strchr(NAMES, t[0]) - NAMES];
            id->piece[piece].n = (uint8_t)strlen(t + 2);
            memcpy(id->piece[piece].p, t + 2, id->piece[piece].n);
        }
    }
}

Test(persons, bounds)
{
    static const struct {
        const char *records[6];
        unsigned min, max;
        const char *why;
    } CASES[] = {
        { { "i=100016 s=1 n=2 b=01", "i=100016 s=1 n=2 b=02" }, 2, 2, "branches tell a household apart" },
        { { "i=100016 s=1 n=2 d=10 g=1", "i=100016 s=1 n=2 d=20 g=2" }, 2, 2, "birth and sex do, too" },
        { { "i=100016 s=1 n=2 d=10 g=1", "i=100016 s=1 n=2 d=10 g=2" }, 2, 2, "twins of different sex" },
        { { "i=100016 s=1 n=2 d=10 g=1", "i=100016 s=1 n=2 d=10 g=1" }, 1, 1, "two receipts of one person" },
        { { "i=100016 s=1 n=2", "i=100016 s=1 n=2", "i=100016 s=1 n=2" }, 1, 3, "a bare household" },
        { { "i=100016 s=1 n=2", "i=100016 s=1 n=3" }, 2, 2, "two households" },
        { { "i=100016 s=1 n=2 b=01", "i=100016 s=1 n=2" }, 1, 1, "a bare record beside a known member" },
        { { "i=100016 s=1 n=2", "i=100016 s=1 n=2 b=01" }, 1, 1, "the same the other way round" },
        { { "i=100016 s=1 n=2 f=A", "i=100016 s=1 n=2 f=B" }, 1, 2, "names in a household: members perhaps" },
        { { "i=100016 s=1 n=2 f=A", "i=100016 s=1 n=2 b=01 f=A" }, 1, 1, "the name joins them" },
        { { "i=100016 s=1 n=2", "i=100024 s=1 n=2" }, 2, 2, "insurers number on their own" },
        { { "l=87654323", "l=87654323" }, 1, 1, "後期" },
        { { "c=0000012345 i=100016", "c=0000012345 i=100024" }, 2, 2, "介護 numbers belong to an insurer" },
        { { "p=54016027 r=1234566", "p=54016027 r=2345676" }, 2, 2, "公費" },
        { { "f=A d=10", "f=A d=20" }, 2, 2, "namesakes with different birth dates" },
        { { "f=A d=10", "k=a d=10", "f=A k=a d=10" }, 1, 1, "a record with both readings links them" },
        { { "f=A", "f=A" }, 1, 1, "a name alone" },
        { { "f=A", "f=A d=10 l=87654323" }, 1, 1, "a name alone joins its person" },
        { { "f=A d=10 l=87654323", "f=A" }, 1, 1, "the other way round" },
        { { "l=87654323 f=A d=10", "f=A d=10", "l=87654323" }, 1, 1, "strong and medium keys of one person" },
        { { "l=87654323 f=A d=10", "m=621498320257 f=A d=10" }, 1, 1, "codes of different kinds may be one person's" },
        { { "l=87654323 f=A d=10", "l=07654320 f=A d=10" }, 1, 2, "two numbers of one kind: two people, or one with two cards" },
        { { "m=621498320257", "m=621498320257", "m=983205673214" }, 2, 2, "個人番号" },
        { { "i=100016", "d=10" }, 0, 0, "nobody" },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct sk_context c = { 0 };
        cr_assert(people_for(&c));
        struct seki_result r = { 0 };
        sk_arena_init(&r.arena, 1 << 20);
        for (size_t k = 0; k < 6 && CASES[i].records[k]; k++) {
            struct sk_identity id;
            uint32_t person;
            parse(CASES[i].records[k], &id);
            cr_assert(sk_people_add(&c, &id, NULL, &person));
        }
        cr_assert(sk_people_result(&c, &r));
        cr_expect_eq(r.persons_min, CASES[i].min, "%s: min %u", CASES[i].why, (unsigned)r.persons_min);
        cr_expect_eq(r.persons_max, CASES[i].max, "%s: max %u", CASES[i].why, (unsigned)r.persons_max);
        sk_arena_free(&r.arena);
        sk_people_free(c.people);
    }
}

/* 個人番号 never leave, not even as a hash; other people have the same key in every file. */
Test(persons, keys_to_send)
{
    static const char *const RECORDS[] = { "m=621498320257", "l=87654323", "m=983205673214 f=A d=10" };
    uint64_t first[3] = { 0 };
    for (int run = 0; run < 2; run++) {
        struct sk_context c = { 0 };
        cr_assert(people_for(&c));
        struct seki_result r = { 0 };
        sk_arena_init(&r.arena, 1 << 20);
        for (size_t k = 0; k < 3; k++) {
            struct sk_identity id;
            uint32_t person;
            parse(RECORDS[k], &id);
            cr_assert(sk_people_add(&c, &id, NULL, &person));
        }
        cr_assert(sk_people_result(&c, &r));
        cr_expect_eq(r.persons_max, 3);
        cr_assert_eq(r.n_person_keys, 2);
        cr_expect_eq(r.persons_unkeyed, 1);
        for (int k = 0; k < 2; k++) {
            cr_expect(run == 0 || r.person_keys[k] == first[k]);
            first[k] = r.person_keys[k];
        }
        sk_arena_free(&r.arena);
        sk_people_free(c.people);
    }
}

Test(persons, insurers_without_padding)
{
    static const struct {
        const char *given, *key;
    } CASES[] = { { "00100016", "100016" }, { "  100016", "100016" }, { "100016", "100016" }, { "39100003", "39100003" }, { "10017", "010017" }, { "1130012", "01130012" }, { "12", "" } };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char out[9];
        size_t n = sk_insurer_key(CASES[i].given, strlen(CASES[i].given), out);
        cr_expect(n == strlen(CASES[i].key) && memcmp(out, CASES[i].key, n) == 0, "%s", CASES[i].given);
    }
}

/* Exact up to a million. */
Test(persons, many)
{
    struct sk_context c = { 0 };
    cr_assert(people_for(&c));
    c.config.person_keys = false;
    struct seki_result r = { 0 };
    sk_arena_init(&r.arena, 1 << 20);
    enum { PEOPLE = 300000 };
    for (unsigned i = 0; i < PEOPLE + PEOPLE / 10; i++) { /* the last tenth are repeated */
        struct sk_identity id;
        char text[96];
        uint32_t person;
        snprintf(text, sizeof(text), "i=%06u s=1 n=%u d=%u f=N%u k=K%u", 100000 + i % PEOPLE % 7, i % PEOPLE, i % PEOPLE % 20000, i % PEOPLE % 5000, i % PEOPLE);
        parse(text, &id);
        cr_assert(sk_people_add(&c, &id, NULL, &person));
    }
    cr_assert(sk_people_result(&c, &r));
    cr_expect_eq(r.persons_max, PEOPLE, "%u", (unsigned)r.persons_max);
    cr_expect_not(sk_people_full(&c));
    cr_expect_eq(r.n_insurers, 7);
    sk_arena_free(&r.arena);
    sk_people_free(c.people);
}
