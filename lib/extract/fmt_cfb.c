/*
 * fmt_cfb.c - OLE2 compound files: which kind it is, whether it is encrypted or rights-managed (MS-OFFCRYPTO), its
 * sensitivity label, the document in it and what is packed inside.
 */
#include "extract/ole.h"
#include "extract/ooxml.h"
#include "extract/ooxml_crypt.h"
#include "extract/xls_crypt.h"

#include <stdlib.h>

int sk_sniff_cfb(struct sk_bytes head, struct sk_source *source);
bool sk_extract_cfb(struct sk_job *job);

#define LOOK ((uint64_t)64 << 10)
#define PACKED_MAX ((uint64_t)256 << 20)

int sk_sniff_cfb(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    return SK_STARTS(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") ? 100 : 0;
}

/* ---------------------------------------------------------------- encryption */

/* EncryptionInfo (MS-OFFCRYPTO 2.3.4): the version says the scheme, the header or the XML the cipher. */
static const char *ooxml_method(struct sk_bytes b)
{
    uint16_t major = 0, minor = 0;
    uint32_t flags = 0, header_n = 0, algorithm = 0;
    if (!sk_u16le(&b, &major) || !sk_u16le(&b, &minor) || !sk_u32le(&b, &flags))
        return "ooxml-unknown";
    if (major == 4 && minor == 4) {
        size_t key = sk_find(b, 0, "keyData", 7),
               cipher = key == SIZE_MAX ? SIZE_MAX : sk_find(b, key, "cipherAlgorithm=\"AES\"", 21);
        return cipher != SIZE_MAX ? "ooxml-agile-aes" : "ooxml-agile-other";
    }
    if (minor == 3)
        return "ooxml-extensible";
    if (minor != 2)
        return "ooxml-rc4";
    if (!sk_u32le(&b, &header_n) || !sk_skip(&b, 8) || !sk_u32le(&b, &algorithm))
        return "ooxml-unknown";
    return algorithm >= 0x660E && algorithm <= 0x6610 ? "ooxml-standard-aes"
           : algorithm == 0x6801                      ? "ooxml-rc4"
                                                      : "ooxml-unknown";
}

/* fEncrypted and fObfuscated of the FIB (MS-DOC 2.5.2). */
static const char *doc_method(struct sk_bytes b)
{
    uint16_t flags = 0;
    if (!sk_skip(&b, 10) || !sk_u16le(&b, &flags) || !(flags & 0x0100))
        return NULL;
    return flags & 0x8000 ? "doc-xor" : "doc-rc4";
}

/* A workbook that everyone can open counts as clear. */
static const char *xls_method(struct sk_bytes b)
{
    uint16_t scheme = 0;
    struct sk_bytes body;
    struct sk_xls_key key;
    if (!sk_xls_filepass(b, &body) || sk_xls_key_find(b, &key))
        return NULL;
    return body.n == 4 || (sk_u16le(&body, &scheme) && scheme == 0) ? "xls-xor" : "xls-rc4";
}

/* The token of the CurrentUser atom (MS-PPT 2.3.2). */
static const char *ppt_method(struct sk_bytes b)
{
    uint32_t token = 0;
    return sk_skip(&b, 12) && sk_u32le(&b, &token) && token == 0xF3D1C4DFu ? "ppt-rc4" : NULL;
}

static void tell_encrypted(struct sk_job *job, const char *method)
{
    job->sink->encrypted(job->sink->ctx, job->part, method);
    job->sink->reason(job->sink->ctx, job->part, SK_WHY_ENCRYPTED, method);
}

/* ---------------------------------------------------------------- kinds */

struct kind {
    const char *stream, *name;
    const char *where; /* stream that tells of encryption */
    const char *(*method)(struct sk_bytes b);
    bool (*read)(struct sk_ole *f);
};
static const struct kind KINDS[] = {
    { "WordDocument", "doc", "WordDocument", doc_method, sk_doc_read },
    { "Workbook", "xls", "Workbook", xls_method, sk_xls_read },
    { "Book", "xls", "Book", xls_method, sk_xls_read },
    { "PowerPoint Document", "ppt", "Current User", ppt_method, sk_ppt_read },
    { "__properties_version1.0", "msg", NULL, NULL, sk_msg_read },
    { "VisioDocument", "vsd", NULL, NULL, NULL },
    { "Quill", "pub", NULL, NULL, NULL },
    { "DocumentText", "jtd", NULL, NULL, sk_jtd_read },
    { "JSCompDocument", "jtd", NULL, NULL, sk_jtd_read },
    { "HwpSummaryInformation", "hwp", NULL, NULL, NULL },
};

static const struct kind *kind_of(struct sk_cfb *c, uint32_t storage)
{
    for (size_t k = 0; k < sizeof(KINDS) / sizeof(KINDS[0]); k++)
        if (sk_cfb_find(c, storage, KINDS[k].stream) != SK_CFB_NONE)
            return &KINDS[k];
    return NULL;
}

/* The label stands in the clear, so that it can be read without the right to read the document (MS-OFFCRYPTO 2.6.3). */
static void read_label(struct sk_job *job, struct sk_cfb *c, uint32_t transforms, struct sk_buf *buf)
{
    uint32_t label = sk_cfb_find(c, transforms, "LabelInfo");
    if (label != SK_CFB_NONE && (sk_cfb_read(c, label, (uint64_t)1 << 20, buf), buf->n > 0))
        sk_label_info(job, sk_bytes(buf->p, buf->n));
}

/* Encrypted with the password that everyone knows: read like any other package. */
static bool open_package(struct sk_job *job, struct sk_cfb *c, uint32_t package, struct sk_bytes info, bool *go)
{
    struct sk_package_key key;
    struct sk_bytes inner;
    struct sk_buf hold;
    uint64_t most = job->budget->limits.max_member_bytes;
    if (!sk_package_key_find(info, job->budget, &key))
        return false;
    sk_buf_init(&hold, (size_t)most + 8192);
    if (!sk_cfb_read(c, package, most, &hold))
        job->sink->reason(job->sink->ctx, job->part,
                          sk_cfb_at(c, package)->size > most ? SK_WHY_TOO_LARGE : SK_WHY_DAMAGED, "");
    if (sk_package_decrypt(&key, &hold, job->budget, &inner) && sk_budget_member(job->budget))
        *go = sk_out_child_bytes(job, "EncryptedPackage", 16, SK_SHOWN, inner);
    else
        job->sink->reason(job->sink->ctx, job->part, SK_WHY_DAMAGED, "");
    sk_buf_free(&hold);
    return true;
}

/* True when the file is encrypted or rights-managed as a whole. */
static bool protected_package(struct sk_job *job, struct sk_cfb *c, struct sk_buf *buf, bool *go)
{
    uint32_t spaces = sk_cfb_find(c, SK_CFB_ROOT, "\006DataSpaces"),
             transforms = sk_cfb_find(c, spaces, "TransformInfo");
    uint32_t infos = sk_cfb_find(c, spaces, "DataSpaceInfo"), info = sk_cfb_find(c, SK_CFB_ROOT, "EncryptionInfo");
    read_label(job, c, transforms, buf);
    bool managed = sk_cfb_find(c, transforms, "DRMEncryptedTransform") != SK_CFB_NONE ||
                   sk_cfb_find(c, infos, "DRMEncryptedDataSpace") != SK_CFB_NONE ||
                   sk_cfb_find(c, transforms, "DRMTransform") != SK_CFB_NONE ||
                   sk_cfb_find(c, infos, "DRMDataSpace") != SK_CFB_NONE ||
                   sk_cfb_find(c, SK_CFB_ROOT, "\011DRMContent") != SK_CFB_NONE;
    uint32_t package = sk_cfb_find(c, SK_CFB_ROOT, "EncryptedPackage");
    if (package != SK_CFB_NONE || managed)
        job->sink->format(job->sink->ctx, job->part, "ooxml");
    if (managed) {
        job->sink->reason(job->sink->ctx, job->part, SK_WHY_RIGHTS_MANAGED, "");
        return true;
    }
    if (package == SK_CFB_NONE)
        return false;
    sk_buf_clear(buf);
    if (info != SK_CFB_NONE)
        sk_cfb_read(c, info, LOOK, buf);
    if (buf->n && open_package(job, c, package, sk_bytes(buf->p, buf->n), go))
        return true;
    tell_encrypted(job, info != SK_CFB_NONE ? ooxml_method(sk_bytes(buf->p, buf->n)) : "ooxml-unknown");
    return true;
}

/* ---------------------------------------------------------------- files packed inside */

static bool take_string(struct sk_bytes *b, struct sk_bytes *out)
{
    const uint8_t *end = b->n ? memchr(b->p, 0, b->n) : NULL;
    return end && sk_take(b, (size_t)(end - b->p), out) && sk_skip(b, 1);
}

/* A file as the packager packs it (MS-OLEDS 2.3.6 from behind the size): label, file name, temporary path, bytes. */
bool sk_packed_child(struct sk_job *job, struct sk_bytes b)
{
    uint32_t path_n, n;
    uint16_t flags;
    struct sk_bytes label, file, all = b, data;
    char name[1024];
    bool packed = sk_u16le(&b, &flags) && flags == 2 && take_string(&b, &label) && take_string(&b, &file) &&
                  sk_skip(&b, 4) && sk_u32le(&b, &path_n) && sk_skip(&b, path_n) && sk_u32le(&b, &n);
    if (packed && sk_take(&b, n < b.n ? n : b.n, &data)) {
        size_t len = sk_member_name(label.p, label.n < 255 ? label.n : 255, name, sizeof(name));
        return sk_out_child_bytes(job, name, len, SK_HIDDEN_EMBEDDED, data);
    }
    return all.n == 0 || sk_out_child_bytes(job, "Ole10Native", 11, SK_HIDDEN_EMBEDDED, all);
}

/* \1Ole10Native: the size, then the packed file. */
static bool ole10_child(struct sk_job *job, struct sk_bytes b)
{
    uint32_t total;
    struct sk_bytes data;
    if (!sk_u32le(&b, &total))
        return true;
    return !sk_take(&b, total < b.n ? total : b.n, &data) || sk_packed_child(job, data);
}

static bool packed_file(struct sk_job *job, struct sk_cfb *c, uint32_t i, struct sk_buf *buf, bool *found)
{
    const struct sk_cfb_entry *e = sk_cfb_at(c, i);
    bool native = strcmp(e->name, "\001Ole10Native") == 0;
    bool whole =
        strcmp(e->name, "Package") == 0 || strcmp(e->name, "CONTENTS") == 0 || strcmp(e->name, "EmbeddedOdf") == 0;
    if (e->type != 2 || !e->reached || e->size == 0 || !(native || whole))
        return true;
    *found = true;
    if (!sk_budget_member(job->budget))
        return true;
    bool complete = e->size <= PACKED_MAX && sk_cfb_read(c, i, PACKED_MAX, buf);
    if (!complete)
        job->sink->reason(job->sink->ctx, job->part, e->size > PACKED_MAX ? SK_WHY_TOO_LARGE : SK_WHY_DAMAGED, "");
    if (buf->n == 0 || e->size > PACKED_MAX)
        return true;
    struct sk_bytes b = sk_bytes(buf->p, buf->n);
    return native ? ole10_child(job, b) : sk_out_child_bytes(job, e->name, strlen(e->name), SK_HIDDEN_EMBEDDED, b);
}

/* The sheets of a 一太郎 document look like documents, but are read with it. */
static bool is_sheet(struct sk_ole *f, uint32_t storage)
{
    const struct kind *inner = kind_of(f->c, storage), *outer = kind_of(f->c, f->root);
    return inner && outer && inner->read == sk_jtd_read && outer->read == sk_jtd_read;
}

/* Storages with a document of their own are parts; others (ObjectPool, MBD...) only hold packed files. */
static bool packed(struct sk_ole *f, uint32_t storage, unsigned level, struct sk_buf *buf, bool *found)
{
    bool go = true;
    for (uint32_t i = sk_cfb_at(f->c, storage)->first; go && i != SK_CFB_NONE; i = sk_cfb_at(f->c, i)->next) {
        const struct sk_cfb_entry *e = sk_cfb_at(f->c, i);
        if (e->type == 2) {
            go = packed_file(f->job, f->c, i, buf, found);
        } else if (kind_of(f->c, i) && !is_sheet(f, i)) {
            *found = true;
            go = sk_ole_object(f, i, e->name, strlen(e->name), SK_HIDDEN_EMBEDDED);
        } else if (level < SK_OLE_DEPTH) {
            go = packed(f, i, level + 1, buf, found);
        } else {
            sk_ole_tell(f, SK_WHY_TOO_DEEP, "");
        }
    }
    return go;
}

/* ---------------------------------------------------------------- the file */

static bool read_kind(struct sk_ole *f, const struct kind *kind, struct sk_buf *buf)
{
    struct sk_job *job = f->job;
    uint32_t where = kind->where ? sk_cfb_find(f->c, f->root, kind->where) : SK_CFB_NONE;
    if (where != SK_CFB_NONE)
        sk_cfb_read(f->c, where, LOOK, buf);
    const char *method = where != SK_CFB_NONE ? kind->method(sk_bytes(buf->p, buf->n)) : NULL;
    job->sink->format(job->sink->ctx, job->part, kind->name);
    if (method)
        tell_encrypted(job, method);
    else if (kind->read)
        return kind->read(f);
    else
        sk_ole_tell(f, SK_WHY_UNSUPPORTED, kind->name);
    return true;
}

bool sk_ole_storage(struct sk_ole *f, bool *known)
{
    const struct kind *kind = kind_of(f->c, f->root);
    struct sk_buf buf;
    bool go = true;
    sk_buf_init(&buf, (size_t)PACKED_MAX);
    if (kind)
        go = read_kind(f, kind, &buf);
    /* An empty storage holds nothing; program code of a macro project is nobody's data. */
    *known |= kind != NULL || sk_cfb_at(f->c, f->root)->first == SK_CFB_NONE ||
              sk_cfb_find(f->c, f->root, "VBA") != SK_CFB_NONE;
    if (go && !(kind && kind->read == sk_msg_read)) /* a message's storages are its own matter */
        go = packed(f, f->root, 0, &buf, known);
    sk_buf_free(&buf);
    return go;
}

bool sk_ole_object(struct sk_ole *f, uint32_t storage, const char *name, size_t n, enum sk_hidden hidden)
{
    const struct sk_sink *sink = f->job->sink;
    struct sk_job job = *f->job;
    struct sk_ole inner = { &job, f->c, storage, f->depth + 1 };
    bool known = false;
    if (f->depth >= SK_OLE_DEPTH) {
        sk_ole_tell(f, SK_WHY_TOO_DEEP, "");
        return true;
    }
    if (!sk_budget_member(f->job->budget)) {
        if (f->job->budget->spent != SK_WHY_NONE)
            sk_ole_tell(f, f->job->budget->spent, "");
        return false;
    }
    job.part = sink->part(sink->ctx, f->job->part, name, n, hidden);
    if (job.part == 0)
        return false;
    if (!sk_ole_storage(&inner, &known))
        return false;
    if (!known)
        sk_ole_tell(&inner, SK_WHY_UNSUPPORTED, "ole2");
    return true;
}

bool sk_extract_cfb(struct sk_job *job)
{
    struct sk_cfb *c = NULL;
    struct sk_buf hold, buf;
    struct sk_bytes all;
    sk_buf_init(&hold, (size_t)PACKED_MAX);
    sk_buf_init(&buf, (size_t)PACKED_MAX);
    struct sk_source *memory = NULL;
    bool go = true, found = false;
    if (sk_source_random(job->source))
        c = sk_cfb_open(job->source, job->budget);
    else if (sk_source_all(job->source, PACKED_MAX, job->budget, &hold, &all) && (memory = sk_source_memory(all)))
        c = sk_cfb_open(memory, job->budget);
    if (!c) {
        job->sink->reason(job->sink->ctx, job->part, SK_WHY_DAMAGED, "");
    } else if (!protected_package(job, c, &buf, &go)) {
        struct sk_ole f = { job, c, SK_CFB_ROOT, 0 };
        go = sk_ole_storage(&f, &found);
        if (go && !found)
            sk_ole_tell(&f, SK_WHY_UNSUPPORTED, "ole2");
    }
    sk_cfb_close(c);
    sk_source_free(memory);
    sk_buf_free(&hold);
    sk_buf_free(&buf);
    return go;
}
