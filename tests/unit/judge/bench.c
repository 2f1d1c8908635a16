#define _GNU_SOURCE
#include "bench.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *read_text(const char *path)
{
    FILE *f = fopen(path, "rb");
    cr_assert(f, "%s", path);
    char *text = malloc((size_t)4 << 20);
    size_t n = fread(text, 1, ((size_t)4 << 20) - 1, f);
    fclose(f);
    text[n] = '\0';
    return text;
}

static const struct sk_fold *the_fold(void)
{
    static struct sk_fold *fold;
    if (!fold)
        fold = sk_fold_new();
    cr_assert(fold);
    return fold;
}

const struct sk_policy *the_policy(void)
{
    static struct sk_policy *p;
    if (p)
        return p;
    struct sk_problems problems;
    sk_problems_init(&problems);
    p = sk_policy_load(DEFAULT_POLICY, the_fold(), &problems);
    for (size_t i = 0; i < problems.n; i++)
        cr_log_error("%s:%u:%u: %s", problems.items[i].file, problems.items[i].line, problems.items[i].column,
                     problems.items[i].en);
    cr_assert(p);
    sk_problems_free(&problems);
    return p;
}

struct sk_policy *policy_from(const char *text, struct sk_problems *problems)
{
    char path[] = "/tmp/sekisho-policy-XXXXXX";
    int fd = mkstemp(path);
    cr_assert(fd >= 0);
    size_t n = strlen(text);
    cr_assert_eq(write(fd, text, n), (ssize_t)n);
    close(fd);
    struct sk_policy *p = sk_policy_load(path, the_fold(), problems);
    unlink(path);
    return p;
}

struct sk_policy *changed_policy(const char *from, const char *to, struct sk_problems *problems, unsigned *line)
{
    char *text = read_text(DEFAULT_POLICY), *made = NULL;
    if (from) {
        char *at = strstr(text, from);
        cr_assert(at, "the default policy does not hold: %s", from);
        made = malloc(strlen(text) + strlen(to) + 1);
        memcpy(made, text, (size_t)(at - text));
        strcpy(made + (at - text), to);
        strcat(made, at + strlen(from));
        if (line) {
            *line = 1;
            for (char *s = text; s < at; s++)
                *line += *s == '\n';
        }
    }
    struct sk_policy *p = policy_from(made ? made : text, problems);
    free(text);
    free(made);
    return p;
}

bool has_problem(const struct sk_problems *problems, unsigned line, const char *ja, const char *en)
{
    for (size_t i = 0; i < problems->n; i++) {
        const struct sk_problem *x = &problems->items[i];
        if ((line == 0 || x->line == line) && strstr(x->ja, ja) && strstr(x->en, en) && x->line && x->column &&
            *x->file)
            return true;
    }
    return false;
}

void bench_start(struct bench *b, uint8_t mark)
{
    memset(b, 0, sizeof(*b));
    struct seki_result *r = &b->r;
    sk_arena_init(&r->arena, 1);
    r->format = "csv";
    memset(r->sha256, mark, sizeof(r->sha256));
    r->has_sha256 = true;
    r->parts = b->parts;
    r->whys = b->whys;
    r->found = b->found;
    r->masks = b->masks;
    r->insurers = b->insurers;
    r->markings = b->markings;
    r->msips = b->msips;
    r->hiddens = b->hiddens;
    r->members = b->members;
    b->parts[0] = (struct sk_part){ .name = "a.csv", .format = "csv", .has_text = true };
    r->n_parts = 1;
}

uint32_t bench_part(struct bench *b, uint32_t parent, const char *name)
{
    b->parts[b->r.n_parts] = (struct sk_part){ .parent = parent, .name = name, .format = "" };
    return b->r.n_parts++;
}

void bench_found(struct bench *b, enum sk_element e, enum sk_confidence c, uint64_t count)
{
    b->places[b->n_places] = (struct sk_place){ .kind = SK_AT_CELL, .row = 1, .col = e % 26 };
    b->found[b->r.n_found++] = (struct sk_found){ (uint8_t)e, (uint8_t)c, count, &b->places[b->n_places++], 1 };
}

void bench_mask(struct bench *b, sk_elements elements, sk_elements high)
{
    b->masks[b->r.n_masks++] = (struct sk_mask){ elements, high, 1 };
}

void bench_why(struct bench *b, uint32_t part, enum sk_reason why)
{
    b->whys[b->r.n_whys++] = (struct sk_why){ part, (uint8_t)why, "" };
    b->r.state = SK_UNINSPECTABLE;
}

void bench_persons(struct bench *b, uint64_t min, uint64_t max)
{
    b->r.persons_min = min;
    b->r.persons_max = max;
}

void bench_insurer(struct bench *b, const char *number, uint64_t n, uint64_t line)
{
    b->places[b->n_places] = (struct sk_place){ .kind = SK_AT_BYTES, .line = line };
    b->insurers[b->r.n_insurers++] = (struct sk_insurer){ number, n, n, &b->places[b->n_places++], 1 };
}

void bench_mark(struct bench *b, const char *word)
{
    struct sk_detect_config config;
    memset(&config, 0, sizeof(config));
    sk_policy_detect(the_policy(), &config);
    for (uint32_t i = 0; i < config.n_mark_words; i++)
        if (strcmp(config.mark_words[i].text, word) == 0) {
            b->markings[b->r.n_markings++] = (struct sk_marking){ .word = i };
            return;
        }
    cr_assert_fail("no marking %s", word);
}

void bench_hidden(struct bench *b, uint32_t part, enum sk_hidden kind, uint64_t records, uint64_t persons,
                  sk_elements set)
{
    b->hiddens[b->r.n_hiddens++] = (struct sk_hidden_sum){
        part, (uint8_t)kind, records, persons, set, records * 10, { .part = part, .kind = SK_AT_CELL }
    };
}

void bench_member(struct bench *b, uint32_t part, const char *name, uint64_t size, uint32_t crc)
{
    b->members[b->r.n_members++] = (struct sk_member){ part, name, size, crc, crc != 0 };
}

void bench_claims(struct bench *b, uint8_t mark, uint64_t n)
{
    bench_start(b, mark);
    const sk_elements set =
        SK_BIT(SK_EL_INSURED_ID) | SK_BIT(SK_EL_PERSON_NAME) | SK_BIT(SK_EL_CLAIM_RECORD) | SK_BIT(SK_EL_DISEASE);
    bench_found(b, SK_EL_CLAIM_RECORD, SK_CONF_HIGH, n);
    bench_found(b, SK_EL_INSURED_ID, SK_CONF_HIGH, n);
    bench_found(b, SK_EL_PERSON_NAME, SK_CONF_HIGH, n);
    bench_found(b, SK_EL_DISEASE, SK_CONF_HIGH, n);
    bench_mask(b, set, set);
    bench_persons(b, n, n);
}

void bench_locked(struct bench *b, const char *method, const char *name, uint64_t size, uint32_t crc)
{
    bench_start(b, 0xEE);
    b->parts[0].name = "x.zip";
    b->parts[0].has_text = false;
    b->parts[0].encryption = method;
    uint32_t part = bench_part(b, 0, name);
    b->parts[part].encryption = method;
    bench_why(b, part, SK_WHY_ENCRYPTED);
    bench_member(b, 0, name, size, crc);
}

bool label_has(const struct sk_policy *p, const struct sk_label *l, const char *handling)
{
    for (unsigned i = 0; sk_policy_handling(p, i); i++)
        if (strcmp(sk_policy_handling(p, i), handling) == 0)
            return l->handling >> i & 1;
    return false;
}

bool label_has_rule(const struct sk_label *l, const char *rule)
{
    for (size_t i = 0; i < l->n_rules; i++)
        if (strcmp(l->rules[i], rule) == 0)
            return true;
    return false;
}
