/* opc_kind.c - what a ZIP file is, when it is an Office package: asked for every ZIP, so it reads as little as it can.
 */
#include "extract/opc.h"

#include <strings.h>

#define TYPES_MAX ((uint64_t)4 << 20)

/* Content types of main parts end so, whatever precedes: transitional or strict, plain or macro-enabled, document or
 * template. */
static const struct {
    const char *needle;
    enum sk_ooxml_kind kind;
} MAINS[] = {
    { "wordprocessingml.document.main+xml", SK_OOXML_DOCX },
    { "wordprocessingml.template.main+xml", SK_OOXML_DOCX },
    { "ms-word.document.macroEnabled.main+xml", SK_OOXML_DOCX },
    { "ms-word.document.macroEnabledTemplate.main+xml", SK_OOXML_DOCX },
    { "ms-word.template.macroEnabledTemplate.main+xml", SK_OOXML_DOCX },
    { "spreadsheetml.sheet.main+xml", SK_OOXML_XLSX },
    { "spreadsheetml.template.main+xml", SK_OOXML_XLSX },
    { "ms-excel.sheet.macroEnabled.main+xml", SK_OOXML_XLSX },
    { "ms-excel.template.macroEnabled.main+xml", SK_OOXML_XLSX },
    { "ms-excel.addin.macroEnabled.main+xml", SK_OOXML_XLSX },
    { "ms-excel.sheet.binary.macroEnabled.main", SK_OOXML_XLSX },
    { "presentationml.presentation.main+xml", SK_OOXML_PPTX },
    { "presentationml.slideshow.main+xml", SK_OOXML_PPTX },
    { "presentationml.template.main+xml", SK_OOXML_PPTX },
    { "ms-powerpoint.presentation.macroEnabled.main+xml", SK_OOXML_PPTX },
    { "ms-powerpoint.slideshow.macroEnabled.main+xml", SK_OOXML_PPTX },
    { "ms-powerpoint.template.macroEnabled.main+xml", SK_OOXML_PPTX },
    { "ms-powerpoint.addin.macroEnabled.main+xml", SK_OOXML_PPTX },
};

static enum sk_ooxml_kind kind_of_types(struct sk_bytes types)
{
    enum sk_ooxml_kind best = SK_OOXML_NONE;
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < sizeof(MAINS) / sizeof(MAINS[0]); i++) {
        size_t at = sk_find(types, 0, MAINS[i].needle, strlen(MAINS[i].needle));
        if (at < first) {
            first = at;
            best = MAINS[i].kind;
        }
    }
    return best;
}

static enum sk_ooxml_kind kind_of_name(const char *name, size_t n)
{
    static const struct {
        const char *folder;
        enum sk_ooxml_kind kind;
    } FOLDERS[] = { { "word/", SK_OOXML_DOCX }, { "xl/", SK_OOXML_XLSX }, { "ppt/", SK_OOXML_PPTX } };
    for (size_t i = 0; i < sizeof(FOLDERS) / sizeof(FOLDERS[0]); i++) {
        size_t k = strlen(FOLDERS[i].folder);
        if (n > k && strncasecmp(name, FOLDERS[i].folder, k - 1) == 0 && (name[k - 1] == '/' || name[k - 1] == '\\'))
            return FOLDERS[i].kind;
    }
    return SK_OOXML_NONE;
}

/* A package names [Content_Types].xml in a header near the start or in the directory at the end: two searches spare the
 * rest. */
static bool may_be_package(struct sk_bytes head, struct sk_source *source)
{
    static const char NAME[] = "[Content_Types].xml";
    if (sk_find(head, 0, NAME, sizeof(NAME) - 1) != SIZE_MAX)
        return true;
    uint64_t size = sk_source_size(source);
    uint8_t tail[8192];
    uint64_t low = size > (128u << 10) ? size - (128u << 10) : 0;
    for (uint64_t at = low; at < size; at += sizeof(tail) - sizeof(NAME)) {
        ssize_t n = sk_source_read(source, at, tail, sizeof(tail));
        if (n <= 0)
            return false;
        if (sk_find(sk_bytes(tail, (size_t)n), 0, NAME, sizeof(NAME) - 1) != SIZE_MAX)
            return true;
    }
    return false;
}

/* Whole package: the main part's type. Names decide when the types are damaged or unknown. */
static enum sk_ooxml_kind kind_of_package(struct sk_zip *z)
{
    size_t types = sk_zip_find(z, "[Content_Types].xml");
    if (types == SIZE_MAX)
        return SK_OOXML_NONE;
    enum sk_ooxml_kind kind = SK_OOXML_NONE;
    struct sk_buf b;
    sk_buf_init(&b, (size_t)TYPES_MAX);
    if (sk_zip_at(z, types)->size <= TYPES_MAX) {
        sk_zip_read(z, types, &b);
        kind = kind_of_types(sk_bytes(b.p, b.n));
    }
    bool intact = kind != SK_OOXML_NONE || sk_find(sk_bytes(b.p, b.n), 0, "</Types>", 8) != SIZE_MAX;
    sk_buf_free(&b);
    if (intact)
        return kind;
    for (size_t i = 0; i < sk_zip_count(z) && kind == SK_OOXML_NONE; i++)
        kind = kind_of_name(sk_zip_at(z, i)->name, strlen(sk_zip_at(z, i)->name));
    return kind;
}

/* No directory: the names in the local headers of the head. */
static enum sk_ooxml_kind kind_of_head(struct sk_bytes head)
{
    bool types = false;
    enum sk_ooxml_kind kind = SK_OOXML_NONE;
    for (size_t at = 0; (at = sk_find(head, at, "PK\003\004", 4)) != SIZE_MAX; at += 4) {
        struct sk_bytes b, name;
        uint16_t n;
        if (!sk_slice(head, at, head.n - at, &b) || !sk_skip(&b, 26) || !sk_u16le(&b, &n) || !sk_skip(&b, 2) ||
            !sk_take(&b, n, &name))
            break;
        if (n == 19 && strncasecmp((const char *)name.p, "[Content_Types].xml", 19) == 0)
            types = true;
        else if (kind == SK_OOXML_NONE)
            kind = kind_of_name((const char *)name.p, n);
    }
    return types ? kind : SK_OOXML_NONE;
}

enum sk_ooxml_kind sk_ooxml_kind_of(struct sk_bytes head, struct sk_source *source)
{
    if (!SK_STARTS(head, "PK\003\004"))
        return SK_OOXML_NONE;
    if (!sk_source_random(source))
        return kind_of_head(head);
    if (!may_be_package(head, source))
        return SK_OOXML_NONE;
    struct sk_budget budget = { 0 };
    struct sk_limits limits = SK_LIMITS_DEFAULT;
    limits.seconds = 10;
    limits.max_member_bytes = TYPES_MAX;
    sk_budget_start(&budget, &limits, sk_source_size(source));
    struct sk_zip *z = sk_zip_open_listed(source, &budget);
    enum sk_ooxml_kind kind = z ? kind_of_package(z) : kind_of_head(head);
    sk_zip_close(z);
    return kind;
}
