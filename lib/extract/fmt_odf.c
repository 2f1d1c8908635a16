/* fmt_odf.c - OpenDocument packages and flat documents: which kind, is it encrypted, in which order are its streams
 * read. */
#include "extract/odf.h"

#include <stdlib.h>

int sk_sniff_odf(struct sk_bytes head, struct sk_source *source);
bool sk_extract_odf(struct sk_job *job);

#define MIME_MAX ((uint64_t)256)
#define FLAT_HEAD ((size_t)8 << 10)

/* By the end of the media type (ODF 1.3 part 2, 2.2.4; OpenOffice.org 1 had its own, with the same elements). */
static const struct {
    const char *type, *packed, *flat;
} KINDS[] = {
    { "opendocument.text", "odt", "fodt" },
    { "opendocument.spreadsheet", "ods", "fods" },
    { "opendocument.presentation", "odp", "fodp" },
    { "opendocument.graphics", "odg", "fodg" },
    { "opendocument.chart", "odc", "odc" },
    { "opendocument.formula", "odf", "odf" },
    { "opendocument.base", "odb", "odb" },
    { "opendocument.database", "odb", "odb" },
    { "sun.xml.writer", "sxw", "sxw" },
    { "sun.xml.calc", "sxc", "sxc" },
    { "sun.xml.impress", "sxi", "sxi" },
    { "sun.xml.draw", "sxd", "sxd" },
};

static const char *kind_of(struct sk_bytes type, bool flat)
{
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++)
        if (sk_find(type, 0, KINDS[i].type, strlen(KINDS[i].type)) != SIZE_MAX)
            return flat ? KINDS[i].flat : KINDS[i].packed;
    return NULL;
}

/* ---------------------------------------------------------------- what is it */

static bool is_flat(struct sk_bytes head)
{
    struct sk_bytes b = sk_bytes(head.p, head.n < FLAT_HEAD ? head.n : FLAT_HEAD);
    size_t root = sk_find(b, 0, "<office:document", 16);
    return root != SIZE_MAX && b.n - root > 17 && (b.p[root + 16] == ' ' || b.p[root + 16] == '\n') &&
           sk_find(b, root, ":opendocument:xmlns:office:", 27) != SIZE_MAX;
}

/* The first member is "mimetype", stored, so that it is readable without unpacking (ODF 1.3 part 2, 3.3). */
static bool is_marked(struct sk_bytes head)
{
    struct sk_bytes b = sk_bytes(head.p, head.n < 512 ? head.n : 512);
    return sk_find(b, 30, "mimetype", 8) == 30 && kind_of(b, false);
}

/* Repacked by somebody who did not know that: the directory tells. */
static bool is_repacked(struct sk_bytes head, struct sk_source *source)
{
    if (sk_find(head, 0, "content.xml", 11) == SIZE_MAX || !sk_source_random(source))
        return false;
    struct sk_budget budget = { 0 };
    struct sk_limits limits = SK_LIMITS_DEFAULT;
    limits.seconds = 10;
    sk_budget_start(&budget, &limits, sk_source_size(source));
    struct sk_zip *z = sk_zip_open_listed(source, &budget);
    bool yes = z && sk_zip_find(z, "content.xml") != SIZE_MAX && sk_zip_find(z, "META-INF/manifest.xml") != SIZE_MAX;
    sk_zip_close(z);
    return yes;
}

int sk_sniff_odf(struct sk_bytes head, struct sk_source *source)
{
    if (SK_STARTS(head, "PK\003\004"))
        return is_marked(head) || is_repacked(head, source) ? 200 : 0;
    return is_flat(head) ? 200 : 0;
}

/* ---------------------------------------------------------------- encryption */

struct manifest {
    const char *method; /* NULL: nothing is encrypted */
    const char *kind;
    bool in_entry;
};

static const struct {
    const char *algorithm, *method;
} METHODS[] = {
    { "aes256", "odf-aes256" },     { "aes192", "odf-aes192" },     { "aes128", "odf-aes128" },
    { "Blowfish", "odf-blowfish" }, { "blowfish", "odf-blowfish" },
};

static bool manifest_start(void *ctx, const char *name, const char **atts)
{
    struct manifest *m = ctx;
    if (strcmp(name, "file-entry") == 0) {
        const char *path = sk_xml_attr(atts, "full-path"), *type = sk_xml_attr(atts, "media-type");
        if (path && type && strcmp(path, "/") == 0)
            m->kind = kind_of(sk_bytes(type, strlen(type)), false);
    } else if (strcmp(name, "encryption-data") == 0) {
        if (!m->method)
            m->method = "odf-unknown";
    } else if (strcmp(name, "algorithm") == 0) {
        const char *a = sk_xml_attr(atts, "algorithm-name");
        for (size_t i = 0; a && i < sizeof(METHODS) / sizeof(METHODS[0]); i++)
            if (strstr(a, METHODS[i].algorithm))
                m->method = METHODS[i].method;
    }
    return true;
}

static bool tell_encrypted(struct sk_job *job, const char *method)
{
    job->sink->encrypted(job->sink->ctx, job->part, method);
    job->sink->reason(job->sink->ctx, job->part, SK_WHY_ENCRYPTED, method);
    return true;
}

/* ---------------------------------------------------------------- streams */

static bool read_stream(struct odf *d, size_t i)
{
    d->opc->seen[i] = 1;
    bool ok = odf_stream_begin(d) && sk_opc_parse(d->opc, i, &ODF_CALLS, d);
    return odf_stream_end(d) && ok;
}

static bool read_named(struct odf *d, const char *folder, const char *stream)
{
    char name[1024];
    size_t n = strlen(folder), k = strlen(stream);
    if (n + k >= sizeof(name))
        return true;
    memcpy(name, folder, n);
    memcpy(name + n, stream, k + 1);
    size_t i = sk_zip_find(d->opc->zip, name);
    return i == SIZE_MAX || d->opc->seen[i] || read_stream(d, i);
}

/* Styles first: they tell what of the content is hidden. */
static bool read_document(struct sk_job *job, struct sk_opc *p, uint32_t part, const char *folder)
{
    struct odf *d = odf_new(job, part, p);
    if (!d)
        return true;
    bool ok = read_named(d, folder, "styles.xml") && read_named(d, folder, "content.xml") &&
              read_named(d, folder, "meta.xml");
    return odf_free(d) && ok;
}

/* "Object 1/content.xml": charts, sheets and texts inside this document. */
static bool read_objects(struct sk_job *job, struct sk_opc *p)
{
    bool ok = true;
    for (size_t i = 0; ok && i < sk_opc_count(p); i++) {
        const char *name = sk_opc_name(p, i), *slash = strrchr(name, '/');
        if (p->seen[i] || !slash || strcmp(slash, "/content.xml") != 0)
            continue;
        size_t n = (size_t)(slash - name);
        char *folder = sk_arena_string(&p->arena, name, n + 1);
        uint32_t part = folder ? job->sink->part(job->sink->ctx, job->part, name, n, SK_HIDDEN_EMBEDDED) : 0;
        ok = part == 0 || read_document(job, p, part, folder);
    }
    return ok;
}

/* What holds no text of anybody: mark it as read. */
static void pass_over(struct sk_opc *p)
{
    static const char *const NAMES[] = { "mimetype",     "META-INF/",        "manifest.rdf", "settings.xml",
                                         "layout-cache", "Configurations2/", "Thumbnails/",  "ObjectReplacements/" };
    for (size_t i = 0; i < sk_opc_count(p); i++) {
        const char *name = sk_opc_name(p, i), *slash = strrchr(name, '/');
        for (size_t k = 0; k < sizeof(NAMES) / sizeof(NAMES[0]); k++)
            if (strncmp(name, NAMES[k], strlen(NAMES[k])) == 0)
                p->seen[i] = 1;
        if (slash && strcmp(slash, "/settings.xml") == 0)
            p->seen[i] = 1;
    }
}

static bool read_rest(struct sk_job *job, struct sk_opc *p)
{
    struct sk_out *o = sk_out_open(job, job->part);
    if (!o)
        return true;
    bool ok = sk_ooxml_rest(p, o);
    return sk_out_close(o) && ok;
}

static bool read_package(struct sk_job *job, struct sk_opc *p)
{
    static const struct sk_xml_calls CALLS = { manifest_start, NULL, NULL };
    struct manifest m = { 0 };
    size_t manifest = sk_zip_find(p->zip, "META-INF/manifest.xml"), mime = sk_zip_find(p->zip, "mimetype");
    if (manifest != SIZE_MAX)
        sk_opc_parse(p, manifest, &CALLS, &m);
    const char *kind = NULL;
    if (mime != SIZE_MAX && sk_zip_at(p->zip, mime)->size <= MIME_MAX)
        kind = kind_of(sk_opc_bytes(p, mime), false);
    kind = kind ? kind : m.kind;
    job->sink->format(job->sink->ctx, job->part, kind ? kind : "odt");
    if (m.method)
        return tell_encrypted(job, m.method);
    if (sk_zip_find(p->zip, "content.xml") == SIZE_MAX)
        sk_opc_reason(p, SK_WHY_DAMAGED, "");
    pass_over(p);
    return read_document(job, p, job->part, "") && read_objects(job, p) && read_rest(job, p);
}

static bool read_flat(struct sk_job *job)
{
    struct sk_bytes head = sk_source_head(job->source, FLAT_HEAD);
    const char *kind = kind_of(head, true);
    job->sink->format(job->sink->ctx, job->part, kind ? kind : "fodt");
    struct odf *d = odf_new(job, job->part, NULL);
    struct sk_buf piece;
    sk_buf_init(&piece, (size_t)1 << 20);
    struct sk_xml *x = d && sk_buf_reserve(&piece, (size_t)1 << 18) ? sk_xml_new(&ODF_CALLS, d, job->budget) : NULL;
    bool ok = true, failed = false;
    if (x) {
        ssize_t n = 0;
        ok = odf_stream_begin(d);
        for (uint64_t at = 0; ok && (n = sk_source_read(job->source, at, piece.p, (size_t)1 << 18)) > 0;
             at += (uint64_t)n)
            if (!sk_xml_feed(x, piece.p, (size_t)n))
                break;
        enum sk_xml_end end = sk_xml_close(x);
        failed = n < 0 || end == SK_XML_BAD;
        ok = ok && end != SK_XML_STOPPED;
        ok = odf_stream_end(d) && ok;
    }
    if (d)
        ok = odf_free(d) && ok;
    sk_buf_free(&piece);
    if (job->budget->spent != SK_WHY_NONE)
        job->sink->reason(job->sink->ctx, job->part, job->budget->spent, "");
    else if (failed)
        job->sink->reason(job->sink->ctx, job->part, SK_WHY_DAMAGED, "");
    return ok;
}

bool sk_extract_odf(struct sk_job *job)
{
    struct sk_bytes head = sk_source_head(job->source, 4);
    if (!SK_STARTS(head, "PK\003\004"))
        return read_flat(job);
    struct sk_opc *p = sk_opc_open(job);
    bool go = !p || read_package(job, p);
    sk_opc_close(p);
    return go;
}
