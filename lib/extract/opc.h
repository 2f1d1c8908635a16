/*
 * opc.h - an Office package: a ZIP whose members are parts with content types and relationships (ECMA-376 part 2).
 * Formats walk parts; every part is marked when it was read, so that what nobody asked for is still looked at
 * (sk_ooxml_rest).
 */
#ifndef SK_EXTRACT_OPC_H
#define SK_EXTRACT_OPC_H

#include "extract/xml.h"
#include "extract/zip.h"

struct sk_rel {
    const char *id, *type; /* type: what stands behind the last '/', the same in transitional and strict packages */
    const char *target;    /* resolved part name, or the address of an external target */
    size_t member;         /* SIZE_MAX: external or not there */
    bool external;
};
struct sk_rels {
    struct sk_rel *items; /* in document order; memory of the package */
    size_t n;
    uint32_t *by_id;
};

struct opc_type {
    const char *name, *type;
};
struct opc_types {
    struct opc_type *items;
    size_t n, cap;
};

struct sk_opc {
    struct sk_job *job;
    struct sk_zip *zip;
    struct sk_arena arena;
    struct sk_buf bytes; /* of the member read last */
    struct opc_types defaults, overrides;
    uint8_t *seen;
    uint32_t told;        /* reasons already given */
    uint64_t text_before; /* of the budget when it was opened */
    uint64_t pictures;    /* their bytes */
};

enum sk_ooxml_kind { SK_OOXML_NONE, SK_OOXML_DOCX, SK_OOXML_XLSX, SK_OOXML_PPTX };
/* Which kind of package is this? By the content type of its main part; for a cut file by the names of its first
 * members. */
enum sk_ooxml_kind sk_ooxml_kind_of(struct sk_bytes head, struct sk_source *source);

/* NULL: no member could be found (DAMAGED is then told) or no memory. */
struct sk_opc *sk_opc_open(struct sk_job *job);
void sk_opc_close(struct sk_opc *p);
size_t sk_opc_count(const struct sk_opc *p);
const char *sk_opc_name(const struct sk_opc *p, size_t i);
/* "" when the package does not say. */
const char *sk_opc_type(const struct sk_opc *p, size_t i);
/* The type ends so (as "header+xml"), or there is none and the name begins with prefix (as "word/header"). */
bool sk_opc_is(const struct sk_opc *p, size_t i, const char *suffix, const char *prefix);
/* Relationships of a part; SIZE_MAX = of the package. Empty when there are none. False without memory. */
bool sk_opc_rels(struct sk_opc *p, size_t i, struct sk_rels *out);
const struct sk_rel *sk_rel_find(const struct sk_rels *r, const char *id);
/* The part that the package's relationships call officeDocument, else the first with that type or name; SIZE_MAX: none.
 */
size_t sk_opc_main(struct sk_opc *p, const char *suffix, const char *prefix);

/* Parses a part as XML. What is wrong with it is told to the sink. False: stop the file. */
bool sk_opc_parse(struct sk_opc *p, size_t i, const struct sk_xml_calls *calls, void *ctx);
bool sk_opc_parse_bytes(struct sk_opc *p, struct sk_bytes b, const struct sk_xml_calls *calls, void *ctx);
/* The part is so large that it is parsed while it is inflated. */
bool sk_opc_streams(const struct sk_opc *p, size_t i);
/* A part's bytes, valid until the next sk_opc_ call that reads; empty when unreadable (told). */
struct sk_bytes sk_opc_bytes(struct sk_opc *p, size_t i);
/* Hands a member over to be scanned as a file of its own. */
bool sk_opc_child(struct sk_opc *p, size_t i, enum sk_hidden hidden);
/* Once for each reason. */
void sk_opc_reason(struct sk_opc *p, enum sk_reason why, const char *detail);

#endif
