/*
 * Labels and violations of 1,200 files against tests/data/judge/places.tsv, which was written by a second, independent
 * reading of the policy in another language (it shares neither code nor the policy file with us).
 */
#include "bench.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATH,
    ELEMENTS,
    PERSONS,
    LINKED,
    SMALL,
    MARKS,
    WORLD,
    AGE,
    ENCRYPTED,
    UNREAD,
    OWNER_OK,
    GRADE,
    DECIDED,
    COMPARTMENTS,
    INTEGRITY,
    HANDLING,
    RULES,
    MISMATCH,
    VIOLATIONS,
    SEVERITY,
    COLUMNS
};

static void fill(struct bench *b, char **row)
{
    sk_elements all = 0;
    char *save, *copy = strdup(row[ELEMENTS]);
    bench_start(b, 1);
    for (char *e = strtok_r(copy, ",", &save); e; e = strtok_r(NULL, ",", &save)) {
        enum sk_element element = sk_element_find(e);
        cr_assert_neq(element, SK_EL_NONE, "%s", e);
        enum sk_confidence c = element == SK_EL_PERSONAL_NUMBER || element % 2 ? SK_CONF_HIGH : SK_CONF_MEDIUM;
        bench_found(b, element, c, 3);
        all |= SK_BIT(element);
        if (*row[LINKED] == '0')
            bench_mask(b, SK_BIT(element), 0);
    }
    if (*row[LINKED] == '1')
        bench_mask(b, all, 0);
    free(copy);
    bench_persons(b, 0, strtoull(row[PERSONS], NULL, 10));
    b->r.small_cells = *row[SMALL] == '1';
    copy = strdup(row[MARKS]);
    for (char *m = strtok_r(copy, ",", &save); m; m = strtok_r(NULL, ",", &save))
        bench_mark(b, m);
    free(copy);
    if (strcmp(row[ENCRYPTED], "none") != 0) {
        bool strong = strcmp(row[ENCRYPTED], "strong") == 0;
        b->parts[0].encryption = strong ? "zip-aes256" : "zipcrypto";
        b->parts[0].has_text = !strong;
    }
    if (*row[UNREAD] == '1')
        bench_why(b, 0, SK_WHY_ENCRYPTED);
}

static void expect_label(char **row, const struct sk_label *l, unsigned line)
{
    const struct sk_policy *p = the_policy();
    char letters[64] = "", *save, *copy = strdup(row[HANDLING]);
    for (unsigned i = 0; sk_policy_compartment(p, i); i++)
        if (l->compartments >> i & 1)
            strcat(letters, sk_policy_compartment(p, i));
    cr_expect_str_eq(sk_policy_grade(p, l->grade), row[GRADE], "line %u", line);
    cr_expect_str_eq(sk_policy_grade(p, l->decided), row[DECIDED], "line %u", line);
    cr_expect_eq(l->integrity, atoi(row[INTEGRITY]), "line %u", line);
    cr_expect_eq(l->below_content, *row[MISMATCH] == '1', "line %u", line);
    unsigned letters_wanted = 0;
    for (char *s = row[COMPARTMENTS]; *s; s++)
        if (*s != ',') {
            letters_wanted++;
            cr_expect(strchr(letters, *s), "line %u: %c", line, *s);
        }
    cr_expect_eq(strlen(letters), letters_wanted, "line %u: %s", line, letters);
    unsigned words = 0, bits = (unsigned)__builtin_popcount(l->handling);
    for (char *w = strtok_r(copy, ",", &save); w; w = strtok_r(NULL, ",", &save), words++)
        cr_expect(label_has(p, l, w), "line %u: %s", line, w);
    cr_expect_eq(words, bits, "line %u", line);
    free(copy);
    copy = strdup(row[RULES]);
    size_t rules = 0, marks = 0;
    for (char *w = strtok_r(copy, ",", &save); w; w = strtok_r(NULL, ",", &save), rules++)
        cr_expect(label_has_rule(l, w), "line %u: %s", line, w);
    for (size_t i = 0; i < l->n_rules; i++)
        marks += strncmp(l->rules[i], "MARK:", 5) == 0;
    cr_expect_eq(l->n_rules, rules + marks, "line %u", line);
    free(copy);
}

static void expect_violations(char **row, const struct sk_judgement *j, unsigned line)
{
    char *save, *copy = strdup(row[VIOLATIONS]);
    size_t n = 0;
    for (char *v = strtok_r(copy, ",", &save); v; v = strtok_r(NULL, ",", &save), n++) {
        char *severity = strchr(v, '=');
        *severity++ = '\0';
        bool found = false;
        for (size_t i = 0; i < j->n_violations; i++)
            if (strcmp(j->violations[i].code, v) == 0) {
                found = true;
                cr_expect_str_eq(j->violations[i].severity, severity, "line %u: %s", line, v);
                cr_expect(*j->violations[i].detail_ja && *j->violations[i].detail_en);
            }
        cr_expect(found, "line %u: %s", line, v);
    }
    cr_expect_eq(j->n_violations, n, "line %u", line);
    if (n)
        cr_expect_str_eq(j->severity, row[SEVERITY], "line %u", line);
    free(copy);
}

static const char *owner_of(const char *path)
{
    static const char *const GROUPS[][2] = {
        { "/share/審査", "GRP_SHINSA" },       { "/share/保健事業", "GRP_HOKEN" },
        { "/share/介護", "GRP_KAIGO" },        { "/share/特定個人情報区域", "GRP_TOKUTEI" },
        { "/share/総務課/人事", "GRP_JINJI" }, { "/share/総務課", "GRP_SOUMU" }
    };
    for (size_t i = 0; i < sizeof(GROUPS) / sizeof(GROUPS[0]); i++) {
        size_t n = strlen(GROUPS[i][0]);
        if (strncmp(path, GROUPS[i][0], n) == 0 && (path[n] == '/' || !path[n]))
            return GROUPS[i][1];
    }
    return "users";
}

Test(oracle, places)
{
    char *text = read_text(TESTS_DIR "/data/judge/places.tsv"), *next;
    struct bench *b = malloc(sizeof(*b));
    unsigned line = 0, cases = 0;
    for (char *at = text; at && *at; at = next) {
        char *row[COLUMNS];
        next = strchr(at, '\n');
        if (next)
            *next++ = '\0';
        if (line++ == 0)
            continue;
        for (int i = 0; i < COLUMNS; i++) {
            row[i] = at;
            at = i + 1 < COLUMNS ? strchr(at, '\t') : NULL;
            if (at)
                *at++ = '\0';
        }
        fill(b, row);
        struct sk_facts facts = { .path = row[PATH],
                                  .world_readable = *row[WORLD] == '1',
                                  .group = *row[OWNER_OK] == '1' ? owner_of(row[PATH]) : "someone",
                                  .mtime = (AS_OF - strtol(row[AGE], NULL, 10)) * 86400L + 43200 };
        struct sk_judgement j;
        cr_assert(sk_judge_place(the_policy(), &b->r, &facts, AS_OF, &j));
        expect_label(row, &j.label, line);
        expect_violations(row, &j, line);
        sk_judgement_free(&j);
        cases++;
    }
    cr_assert_eq(cases, 1200);
    free(b);
    free(text);
}
