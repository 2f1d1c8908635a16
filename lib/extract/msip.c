#include "extract/msip.h"

#include <string.h>
#include <strings.h>

bool sk_guid(const char *s, size_t n, char out[40])
{
    if (n >= 2 && s[0] == '{' && s[n - 1] == '}') {
        s++;
        n -= 2;
    }
    if (n != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        char c = s[i] >= 'A' && s[i] <= 'Z' ? (char)(s[i] + 32) : s[i];
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
        out[i] = c;
    }
    out[36] = '\0';
    return true;
}

bool sk_msip_yes(const char *s)
{
    return s && (strcmp(s, "1") == 0 || strcasecmp(s, "true") == 0);
}

bool sk_labels_property(struct sk_labels *l, const char *name, const char *value)
{
    static const char PREFIX[] = "MSIP_Label_";
    char guid[40];
    if (strlen(name) < sizeof(PREFIX) + 36 || strncasecmp(name, PREFIX, sizeof(PREFIX) - 1) != 0 ||
        !sk_guid(name + sizeof(PREFIX) - 1, 36, guid))
        return false;
    size_t i = 0;
    while (i < l->n && strcmp(l->items[i].guid, guid) != 0)
        i++;
    if (i == SK_LABELS_MAX)
        return true;
    if (i == l->n) {
        memset(&l->items[i], 0, sizeof(l->items[i]));
        memcpy(l->items[i].guid, guid, sizeof(guid));
        l->n++;
    }
    const char *field = name + sizeof(PREFIX) - 1 + 36;
    if (strcasecmp(field, "_Enabled") == 0)
        l->items[i].enabled = sk_msip_yes(value);
    else if (strcasecmp(field, "_SiteId") == 0)
        sk_guid(value, strlen(value), l->items[i].site);
    return true;
}

void sk_labels_tell(const struct sk_labels *l, struct sk_job *job)
{
    for (size_t i = 0; i < l->n; i++)
        job->sink->msip(job->sink->ctx, job->part, &l->items[i]);
}
