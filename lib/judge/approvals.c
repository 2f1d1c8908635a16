/* approvals.c - who approved: different persons of the listed roles, never the one who asks. */
#include "base/utf8.h"
#include "judge/transfer.h"

#include <string.h>

#define LONGEST 512u
#define WIDE_COLON "："

/* Splits "役割:氏名" at its first colon, ASCII or full-width; NULL without one. */
static const char *split(const char *text, size_t *role_n)
{
    const char *ascii = strchr(text, ':'), *wide = strstr(text, WIDE_COLON);
    if (wide && (!ascii || wide < ascii)) {
        *role_n = (size_t)(wide - text);
        return wide + strlen(WIDE_COLON);
    }
    *role_n = ascii ? (size_t)(ascii - text) : 0;
    return ascii ? ascii + 1 : NULL;
}

/* Names are compared without spaces: 承認 一郎 and 承認一郎 are one person. */
static void squeeze(const char *text, size_t n, char *out, size_t cap)
{
    size_t used = 0;
    for (size_t i = 0; i < n;) {
        uint32_t c;
        size_t len = sk_utf8_next(text + i, n - i, &c);
        bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0xA0 || c == 0x3000;
        if (!space && used + len < cap) {
            memcpy(out + used, text + i, len);
            used += len;
        }
        i += len;
    }
    out[used] = '\0';
}

void sk_person_name(const char *text, char *out, size_t cap)
{
    size_t role_n;
    const char *name = split(text, &role_n);
    name = name ? name : text;
    squeeze(name, strlen(name), out, cap);
}

static bool read_approval(const char *text, char role[LONGEST], char name[LONGEST])
{
    size_t role_n;
    const char *rest = split(text, &role_n);
    if (!rest || role_n >= LONGEST || strlen(rest) >= LONGEST)
        return false;
    squeeze(text, role_n, role, LONGEST);
    squeeze(rest, strlen(rest), name, LONGEST);
    return *role && *name;
}

bool sk_approval_is_valid(const char *text)
{
    char role[LONGEST], name[LONGEST];
    return read_approval(text, role, name);
}

static bool is_role(const struct sk_approval *a, const char *role)
{
    char known[LONGEST];
    for (size_t i = 0; i < a->n_roles; i++) {
        squeeze(a->roles[i], strlen(a->roles[i]), known, sizeof(known));
        if (strcmp(known, role) == 0)
            return true;
    }
    return false;
}

static bool counts(const struct sk_approval *a, const struct sk_transfer_request *q, size_t i, char name[LONGEST])
{
    char role[LONGEST], asks[LONGEST] = "";
    if (q->requested_by)
        sk_person_name(q->requested_by, asks, sizeof(asks));
    return read_approval(q->approvals[i], role, name) && is_role(a, role) && strcmp(name, asks) != 0;
}

uint32_t sk_approvals_count(const struct sk_approval *a, const struct sk_transfer_request *q)
{
    uint32_t n = 0;
    for (size_t i = 0; i < q->n_approvals; i++) {
        char name[LONGEST], other[LONGEST];
        bool again = false;
        if (!counts(a, q, i, name))
            continue;
        for (size_t k = 0; k < i && !again; k++)
            again = counts(a, q, k, other) && strcmp(name, other) == 0;
        n += !again;
    }
    return n;
}
