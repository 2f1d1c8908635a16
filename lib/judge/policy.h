/* policy.h - inside judge: the policy as read. Everything lives in its arena, names are the policy's own text. */
#ifndef SK_JUDGE_POLICY_H
#define SK_JUDGE_POLICY_H

#include "judge/judge.h"
#include "rules/yaml.h"

#define SK_MOST_GRADES 32u
#define SK_MOST_BITS 32u    /* compartments, handling words: one bit each */
#define SK_MOST_ITEMS 4096u /* of any list in which items are looked for one by one */
#define SK_HANDLING_TWO_PERSONS "二者承認"
#define SK_HANDLING_NO_EXPORT "持出禁止"
#define SK_HANDLING_NO_FORWARD "転送禁止"

struct sk_names { /* ids in the order of the policy */
    const char **names;
    size_t n;
};

struct sk_grade {
    const char *id, *name, *gov, *muni;
    int c;
};

/* What a rule, marking or sensitivity label sets. */
struct sk_effect {
    int grade; /* -1: none */
    uint32_t compartments, handling;
    uint8_t integrity, availability; /* 0: none */
};

struct sk_element_group {
    const char *name;
    sk_elements elements;
};

struct sk_label_rule {
    const char *id, *name, *basis;
    sk_elements any;        /* 0: no such condition */
    const sk_elements *all; /* each needs one of its elements */
    size_t n_all;
    uint8_t confidences; /* bits of enum sk_confidence */
    bool link, small_cells;
    long long over; /* -1: people do not matter */
    struct sk_effect set;
    const char *review; /* NULL: none */
};

struct sk_mark {
    const char *word; /* as the policy writes it */
    struct sk_effect set;
};

struct sk_msip_label {
    const char *guid; /* lower case */
    struct sk_effect set;
};

struct sk_location {
    const char *id, *path; /* without final '/'; default: "" */
    size_t path_n;
    uint8_t max_grade;
    uint32_t compartments;
    const char *const *owner_groups;
    size_t n_owner_groups;
    bool tests_owner;
    bool world_readable, must_encrypt, review_unscannable;
    long max_age_days; /* -1: no test */
    sk_elements forbidden;
};

struct sk_aggregate_rule {
    long long over;
    int ceiling_below; /* -1: every place */
    size_t severity;
};

enum sk_code {
    SK_V_GRADE,
    SK_V_COMP,
    SK_V_ACL,
    SK_V_OWNER,
    SK_V_AGE,
    SK_V_ENC,
    SK_V_ELEM,
    SK_V_MARK,
    SK_V_AGG,
    SK_V_UNK,
    SK_V_CODES
};
extern const char *const SK_CODES[SK_V_CODES];

struct sk_severity_line {
    uint32_t codes;     /* bits of enum sk_code; 0: any */
    int grade_at_least; /* -1: any */
    const char *const *locations;
    size_t n_locations;     /* 0: any */
    long long persons_over; /* -1: any */
    bool review;
};
struct sk_severity {
    const char *id, *name;
    const struct sk_severity_line *lines;
    size_t n_lines;
};

struct sk_approval {
    uint32_t count; /* 0: not in the policy */
    const char *const *roles;
    size_t n_roles;
};
enum sk_approval_kind { SK_APPROVAL_ONE, SK_APPROVAL_TWO, SK_APPROVAL_PUBLIC, SK_APPROVALS };

enum sk_require {
    SK_REQ_RECIPIENT,
    SK_REQ_ENCRYPTION,
    SK_REQ_NO_HIDDEN,
    SK_REQ_NO_SMALL,
    SK_REQ_APPROVAL,
    SK_REQ_DUAL,
    SK_REQ_PUBLIC,
    SK_REQ_CONTRACT,
    SK_REQS
};
extern const char *const SK_REQUIRES[SK_REQS];

struct sk_destination {
    const char *id, *name;
    uint8_t max_grade;
    uint32_t compartments, overrides, require; /* require: bits of enum sk_require */
};

struct sk_policy {
    struct sk_arena arena;
    const struct sk_node *root;
    uint8_t digest[32], detect_digest[32];
    const char *id, *version;
    struct sk_policy_settings settings;
    struct sk_limits limits;

    struct sk_grade *grades;
    struct sk_names grade_ids, compartments, compartment_names, handling;
    struct sk_effect default_label;
    bool default_in_inventory, default_in_transfer;
    struct sk_element_group *groups;
    size_t n_groups;
    long long small_from, small_to;
    struct sk_names small_headers; /* folded */
    bool has_small_cells;

    struct sk_label_rule *rules;
    size_t n_rules;
    struct sk_mark *marks;
    struct sk_mark_word *mark_words; /* parallel to marks, normalised */
    size_t n_marks;
    uint32_t mark_positions, cia_positions, first_lines;
    int cia_grades[10];      /* by digit of C; -1 none */
    const char *msip_tenant; /* lower case; NULL without msip */
    struct sk_msip_label *msip_labels;
    size_t n_msip_labels;
    struct sk_effect msip_unknown;
    const char *msip_review;

    struct sk_location *locations; /* the default place is the last */
    size_t n_locations;
    struct sk_policy_place *places; /* parallel, for other layers */
    struct sk_names location_ids;
    struct sk_aggregate_rule *aggregates;
    size_t n_aggregates;
    struct sk_severity *severities;
    size_t n_severities;
    struct sk_names severity_ids;

    struct sk_approval approvals[SK_APPROVALS];
    const char *const *strong;
    size_t n_strong;
    struct sk_destination *destinations;
    size_t n_destinations;

    struct sk_policy_exception *exceptions;
    size_t n_exceptions;
    long max_days[SK_MOST_GRADES];
    int path_up_to;

    struct {
        enum sk_element element;
        uint64_t count;
    } * expect;
    size_t n_expect;
};

/* ---- reading (policy_read.c): every mistake becomes a problem at its place, reading goes on ---- */
struct sk_loader {
    struct sk_reader r;
    struct sk_policy *p;
    const struct sk_fold *fold;
};
#define SK_KEYS_ARE(l, node, ...)                                                                                      \
    sk_keys(&(l)->r, node, (const char *const[]){ __VA_ARGS__ },                                                       \
            sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))
void *sk_load_new(struct sk_loader *l, size_t n, size_t size);
/* The children of a list (of a map) when there are at most SK_MOST_ITEMS of them, else NULL and a problem. node NULL:
 * NULL. */
const struct sk_node *sk_load_items(struct sk_loader *l, const struct sk_node *node, enum sk_node_kind kind,
                                    size_t most, size_t *n);
/* A list of texts, bounded like every list; a problem when node is no list, holds no text at all or an empty one. */
const char *const *sk_load_strings(struct sk_loader *l, const struct sk_node *node, size_t *n);
/* Text that must be there and must not be empty; "" after a problem. */
const char *sk_load_text(struct sk_loader *l, const struct sk_node *map, const char *key);
/* Text that may be missing or empty. */
const char *sk_load_optional(struct sk_loader *l, const struct sk_node *map, const char *key);
/* The id of an item; a problem when an earlier item of the n in ids has it. */
const char *sk_load_id(struct sk_loader *l, const struct sk_node *item, const char *const *ids, size_t n);
/* Index of the name, -1 after a problem; quiet -1 when node is NULL or there are no names (their own problem was told).
 */
int sk_load_ref(struct sk_loader *l, const struct sk_node *node, const struct sk_names *names);
/* A list of names as bits; a name written twice is a problem. */
uint32_t sk_load_bits(struct sk_loader *l, const struct sk_node *node, const struct sk_names *names);
/* A list of elements and groups. */
sk_elements sk_load_elements(struct sk_loader *l, const struct sk_node *node);
sk_elements sk_load_element(struct sk_loader *l, const struct sk_node *node);
/* grade, compartments, handling, integrity, availability of a map whose keys were checked. */
struct sk_effect sk_load_effect(struct sk_loader *l, const struct sk_node *map);
/* Folded text without spaces and brackets, as markings are compared. */
const char *sk_load_normalised(struct sk_loader *l, const char *text);
const char *sk_load_folded(struct sk_loader *l, const char *text);
/* A path of whole components without final '/'; "" after a problem. */
const char *sk_load_path(struct sk_loader *l, const struct sk_node *node);
bool sk_names_find(const struct sk_names *names, const char *name, size_t *index);

/* One function a section; root is the whole policy. */
void sk_load_head(struct sk_loader *l, const struct sk_node *root); /* policy_settings.c */
void sk_load_limits(struct sk_loader *l, const struct sk_node *root);
void sk_load_coverage(struct sk_loader *l, const struct sk_node *root);
void sk_load_report(struct sk_loader *l, const struct sk_node *root);
void sk_load_scheme(struct sk_loader *l,
                    const struct sk_node *root); /* policy_scheme.c: grades ... element groups, small cells */
void sk_load_rules(struct sk_loader *l, const struct sk_node *root);      /* policy_rules.c */
void sk_load_markings(struct sk_loader *l, const struct sk_node *root);   /* policy_markings.c: also msip */
void sk_load_severities(struct sk_loader *l, const struct sk_node *root); /* policy_places.c */
void sk_load_locations(struct sk_loader *l, const struct sk_node *root);
void sk_load_aggregate(struct sk_loader *l, const struct sk_node *root);
void sk_load_transfer(struct sk_loader *l, const struct sk_node *root);   /* policy_transfer.c */
void sk_load_exceptions(struct sk_loader *l, const struct sk_node *root); /* policy_exceptions.c */

#endif
