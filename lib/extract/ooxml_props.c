/* ooxml_props.c - document properties (ECMA-376 part 1, 15.2.12) and sensitivity labels (MS-OI29500 3.4.1.5;
 * MSIP_Label_ properties). */
#include "extract/ooxml.h"

#include <stdlib.h>
#include <strings.h>

#define LABELS_MAX 64u

struct props {
    struct sk_opc *opc;
    struct sk_out *o;
    bool wanted, title, custom;
    struct sk_buf text, name;
    struct sk_msip labels[LABELS_MAX];
    size_t n_labels;
};

/* ---------------------------------------------------------------- labels */

/* "{ABC...}" -> "abc..."; false when it is no GUID. */
static bool guid_of(const char *s, size_t n, char out[40])
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

static bool yes(const char *s)
{
    return s && (strcmp(s, "1") == 0 || strcasecmp(s, "true") == 0);
}

static bool label_start(void *ctx, const char *name, const char **atts)
{
    struct sk_job *job = ctx;
    const char *id = sk_xml_attr(atts, "id"), *site = sk_xml_attr(atts, "siteId");
    struct sk_msip m = { .label_info = true };
    if (strcmp(name, "label") != 0 || !id || !guid_of(id, strlen(id), m.guid))
        return true;
    if (site)
        guid_of(site, strlen(site), m.site);
    m.enabled = yes(sk_xml_attr(atts, "enabled"));
    m.removed = yes(sk_xml_attr(atts, "removed"));
    job->sink->msip(job->sink->ctx, job->part, &m);
    return true;
}

void sk_label_info(struct sk_job *job, struct sk_bytes xml)
{
    static const struct sk_xml_calls CALLS = { label_start, NULL, NULL };
    sk_xml_parse(xml, &CALLS, job, job->budget);
}

/* MSIP_Label_<GUID>_<field>: gathers the fields of one label. */
static bool label_property(struct props *p)
{
    static const char PREFIX[] = "MSIP_Label_";
    const char *s = p->name.p;
    char guid[40];
    if (p->name.n < sizeof(PREFIX) + 36 || strncasecmp(s, PREFIX, sizeof(PREFIX) - 1) != 0 ||
        !guid_of(s + sizeof(PREFIX) - 1, 36, guid))
        return false;
    size_t i = 0;
    while (i < p->n_labels && strcmp(p->labels[i].guid, guid) != 0)
        i++;
    if (i == LABELS_MAX)
        return true;
    if (i == p->n_labels) {
        memset(&p->labels[i], 0, sizeof(p->labels[i]));
        memcpy(p->labels[i].guid, guid, sizeof(guid));
        p->n_labels++;
    }
    const char *field = s + sizeof(PREFIX) - 1 + 36, *value = p->text.p ? p->text.p : "";
    if (strcasecmp(field, "_Enabled") == 0)
        p->labels[i].enabled = yes(value);
    else if (strcasecmp(field, "_SiteId") == 0)
        guid_of(value, strlen(value), p->labels[i].site);
    return true;
}

/* ---------------------------------------------------------------- properties */

static bool on_start(void *ctx, const char *name, const char **atts)
{
    static const char *const WANTED[] = { "title",       "subject",        "creator",      "keywords",
                                          "description", "lastModifiedBy", "category",     "contentStatus",
                                          "Company",     "Manager",        "HyperlinkBase" };
    struct props *p = ctx;
    if (p->custom) {
        if (strcmp(name, "property") == 0) {
            const char *key = sk_xml_attr(atts, "name");
            sk_buf_clear(&p->name);
            sk_buf_str(&p->name, key ? key : "");
            sk_buf_clear(&p->text);
            p->wanted = true;
        }
        return true;
    }
    for (size_t i = 0; i < sizeof(WANTED) / sizeof(WANTED[0]); i++)
        if (strcmp(name, WANTED[i]) == 0) {
            sk_buf_clear(&p->text);
            p->wanted = true;
            p->title = i == 0;
        }
    return true;
}

static bool on_end(void *ctx, const char *name)
{
    struct props *p = ctx;
    if (!p->wanted || (p->custom && strcmp(name, "property") != 0))
        return true;
    p->wanted = false;
    enum sk_run_kind kind = p->title ? SK_RUN_TITLE : SK_RUN_PROPERTY;
    if (!p->custom)
        return sk_ooxml_line(p->o, kind, SK_SHOWN, p->text.p, p->text.n);
    if (label_property(p))
        return true;
    /* Its name is the label of its value. */
    sk_buf_str(&p->name, ":");
    sk_buf_add(&p->name, p->text.p, p->text.n);
    return p->text.n == 0 || sk_ooxml_line(p->o, kind, SK_SHOWN, p->name.p, p->name.n);
}

static bool on_text(void *ctx, const char *s, size_t n)
{
    struct props *p = ctx;
    if (p->wanted)
        sk_buf_add(&p->text, s, n);
    return true;
}

static bool read_part(struct props *p, size_t i, bool custom)
{
    static const struct sk_xml_calls CALLS = { on_start, on_end, on_text };
    p->custom = custom;
    p->wanted = p->title = false;
    return sk_opc_parse(p->opc, i, &CALLS, p);
}

static size_t label_part(struct sk_opc *p)
{
    struct sk_rels r;
    sk_opc_rels(p, SIZE_MAX, &r);
    for (size_t i = 0; i < r.n; i++)
        if (strcasecmp(r.items[i].type, "classificationlabels") == 0 && r.items[i].member != SIZE_MAX)
            return r.items[i].member;
    return sk_zip_find(p->zip, "docMetadata/LabelInfo.xml");
}

bool sk_ooxml_props(struct sk_opc *opc, struct sk_out *o)
{
    struct props *p = sk_new(1, sizeof(*p));
    if (!p)
        return true;
    p->opc = opc;
    p->o = o;
    sk_buf_init(&p->text, (size_t)1 << 20);
    sk_buf_init(&p->name, (size_t)2 << 20);
    size_t label = label_part(opc);
    if (label != SIZE_MAX)
        sk_label_info(opc->job, sk_opc_bytes(opc, label));
    bool ok = true;
    for (size_t i = 0; ok && i < sk_opc_count(opc); i++) {
        if (opc->seen[i])
            continue;
        if (sk_opc_is(opc, i, "core-properties+xml", "docProps/core") ||
            sk_opc_is(opc, i, "extended-properties+xml", "docProps/app"))
            ok = read_part(p, i, false);
        else if (sk_opc_is(opc, i, "custom-properties+xml", "docProps/custom"))
            ok = read_part(p, i, true);
    }
    for (size_t i = 0; i < p->n_labels; i++)
        opc->job->sink->msip(opc->job->sink->ctx, opc->job->part, &p->labels[i]);
    sk_buf_free(&p->text);
    sk_buf_free(&p->name);
    free(p);
    return ok;
}
