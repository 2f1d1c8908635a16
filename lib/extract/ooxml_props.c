/* ooxml_props.c - document properties (ECMA-376 part 1, 15.2.12) and sensitivity labels (MS-OI29500 3.4.1.5;
 * MSIP_Label_ properties). */
#include "extract/msip.h"
#include "extract/ooxml.h"

#include <stdlib.h>

struct props {
    struct sk_opc *opc;
    struct sk_out *o;
    bool wanted, title, custom;
    struct sk_buf text, name;
    struct sk_labels labels;
};

/* ---------------------------------------------------------------- labels */

static bool label_start(void *ctx, const char *name, const char **atts)
{
    struct sk_job *job = ctx;
    const char *id = sk_xml_attr(atts, "id"), *site = sk_xml_attr(atts, "siteId");
    struct sk_msip m = { .label_info = true };
    if (strcmp(name, "label") != 0 || !id || !sk_guid(id, strlen(id), m.guid))
        return true;
    if (site)
        sk_guid(site, strlen(site), m.site);
    m.enabled = sk_msip_yes(sk_xml_attr(atts, "enabled"));
    m.removed = sk_msip_yes(sk_xml_attr(atts, "removed"));
    job->sink->msip(job->sink->ctx, job->part, &m);
    return true;
}

void sk_label_info(struct sk_job *job, struct sk_bytes xml)
{
    static const struct sk_xml_calls CALLS = { label_start, NULL, NULL };
    sk_xml_parse(xml, &CALLS, job, job->budget);
}

static bool label_property(struct props *p)
{
    return sk_labels_property(&p->labels, p->name.p ? p->name.p : "", p->text.p ? p->text.p : "");
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
    sk_labels_tell(&p->labels, opc->job);
    sk_buf_free(&p->text);
    sk_buf_free(&p->name);
    free(p);
    return ok;
}
