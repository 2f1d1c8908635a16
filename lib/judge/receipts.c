/*
 * receipts.c - an encrypted container is judged by the receipts of its members' plain files: same name, same size, and
 * the same CRC-32 where the container shows it (AES of the AE-2 kind does not). One member without, and the file is
 * unread.
 */
#include "judge/transfer.h"

#include "base/hash.h"

#include <string.h>
#include <strings.h>

enum match { NO_RECEIPT, OTHER_CONTENT, OTHER_POLICY, OTHER_DEST, EXPIRED, VALID };

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/'), *back = strrchr(path, '\\');
    const char *last = !slash || (back && back > slash) ? back : slash;
    return last ? last + 1 : path;
}

/* The receipt says under which policy it was issued: by id, by id and version, or by digest. */
static bool same_policy(const struct sk_policy *p, const char *text)
{
    char hex[SK_SHA256_HEX];
    size_t id_n = strlen(p->id);
    if (!text || !*text || strcmp(text, p->id) == 0)
        return true;
    sk_hex(p->digest, sizeof(p->digest), hex);
    if (strcasecmp(text, hex) == 0)
        return true;
    return strncmp(text, p->id, id_n) == 0 && strchr(" /@:", text[id_n]) && strcmp(text + id_n + 1, p->version) == 0;
}

static bool bits_of(const struct sk_names *names, const char *word, size_t n, uint32_t *bits)
{
    for (size_t i = 0; i < names->n; i++)
        if (strlen(names->names[i]) == n && memcmp(names->names[i], word, n) == 0) {
            *bits |= UINT32_C(1) << i;
            return true;
        }
    return false;
}

/* "M", "TM" or "T, M": a token is a compartment, or each of its letters is one. */
static bool read_compartments(const struct sk_policy *p, const char *text, uint32_t *bits)
{
    static const char BETWEEN[] = " ,[]";
    for (const char *s = text ? text : ""; *(s += strspn(s, BETWEEN));) {
        size_t n = strcspn(s, BETWEEN);
        if (!bits_of(&p->compartments, s, n, bits))
            for (size_t i = 0; i < n; i++)
                if (!bits_of(&p->compartments, s + i, 1, bits))
                    return false;
        s += n;
    }
    return true;
}

bool sk_receipt_effect(const struct sk_policy *p, const struct sk_receipt *r, struct sk_effect *effect)
{
    size_t grade;
    *effect = (struct sk_effect){ .grade = -1, .integrity = r->label.integrity, .availability = r->label.availability };
    if (!r->grade || !sk_names_find(&p->grade_ids, r->grade, &grade) ||
        !read_compartments(p, r->compartments, &effect->compartments))
        return false;
    effect->grade = (int)grade;
    for (size_t i = 0; i < r->n_handling; i++)
        if (!bits_of(&p->handling, r->handling[i], strlen(r->handling[i]), &effect->handling))
            return false;
    return true;
}

static enum match match(const struct sk_transfer *t, const struct sk_receipt *r, const struct sk_member *m)
{
    struct sk_effect effect;
    const char *name = r->member.name && *r->member.name ? r->member.name : r->member.path ? r->member.path : "";
    if (strcmp(base_name(name), base_name(m->name)) != 0)
        return NO_RECEIPT;
    if (r->member.size != m->size || (m->has_crc && r->member.crc && r->member.crc != m->crc))
        return OTHER_CONTENT;
    if (!same_policy(t->p, r->policy) || !sk_receipt_effect(t->p, r, &effect))
        return OTHER_POLICY;
    if (!r->dest || strcmp(r->dest, t->dest->id) != 0)
        return OTHER_DEST;
    if (t->q->as_of < r->issued || t->q->as_of > r->expires ||
        (r->issued > 0 && r->expires - r->issued > (long)t->p->settings.receipt_days))
        return EXPIRED;
    return VALID;
}

static enum match find_receipt(const struct sk_transfer *t, const struct sk_member *m, const struct sk_receipt **found)
{
    enum match best = NO_RECEIPT;
    for (size_t i = 0; i < t->q->n_receipts; i++) {
        enum match how = match(t, &t->q->receipts[i], m);
        if (how > best || (how == best && !*found)) {
            best = how;
            *found = &t->q->receipts[i];
        }
        if (how == VALID)
            break;
    }
    return best;
}

/* Everything unread must be encrypted, and stand in a container whose members are known. */
static bool is_accounted(const struct seki_result *r, const struct sk_why *why)
{
    if (why->reason != SK_WHY_ENCRYPTED || why->part >= r->n_parts)
        return false;
    const struct sk_part *part = &r->parts[why->part];
    for (uint32_t i = 0; i < r->n_members; i++) {
        const struct sk_member *m = &r->members[i];
        if (m->part == why->part || (why->part && m->part == part->parent && strcmp(m->name, part->name) == 0))
            return true;
    }
    return false;
}

static void say_missing(struct sk_transfer *t, struct sk_sent *sent, const struct sk_member *m, enum match how)
{
    static const char *const JA[] = { "控えがありません", "控えと大きさか中身が違います",
                                      "控えは別の方針(版)のものです", "控えは別の送付先のものです",
                                      "控えの有効期限が過ぎています" };
    static const char *const EN[] = { "has no receipt", "differs from its receipt in size or content",
                                      "has a receipt of another policy or version",
                                      "has a receipt for another destination",
                                      "has a receipt that is not valid on this day" };
    sent->why_ja = sk_phrase(&t->phrases, "書庫の中の「%s」:%s", m->name, JA[how]);
    sent->why_en = sk_phrase(&t->phrases, "'%s' in the container %s", m->name, EN[how]);
}

bool sk_cover_find(struct sk_transfer *t, struct sk_sent *sent)
{
    const struct seki_result *r = sent->result;
    sent->why_ja = sent->why_en = "";
    sent->cover = r && r->state == SK_INSPECTED ? SK_READ : SK_UNREAD;
    if (sent->cover == SK_READ || !r || r->n_members == 0)
        return true;
    for (uint32_t i = 0; i < r->n_whys; i++)
        if (!is_accounted(r, &r->whys[i]))
            return true;
    sent->receipts = sk_arena_new(&t->out->arena, r->n_members, sizeof(*sent->receipts));
    if (!sent->receipts)
        return false;
    for (uint32_t i = 0; i < r->n_members; i++) {
        const struct sk_receipt *found = NULL;
        enum match how = find_receipt(t, &r->members[i], &found);
        if (how != VALID) {
            say_missing(t, sent, &r->members[i], how);
            sent->n_receipts = 0;
            return true;
        }
        sent->receipts[sent->n_receipts++] = found;
    }
    sent->cover = SK_COVERED;
    return true;
}
