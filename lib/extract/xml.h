/*
 * xml.h - expat with the library's rules: local names (transitional and strict OOXML and odd prefixes read alike),
 * bounded depth, no entity of entities, any encoding that text/charset knows, and what was read before an error counts.
 */
#ifndef SK_EXTRACT_XML_H
#define SK_EXTRACT_XML_H

#include "base/budget.h"
#include "base/bytes.h"
#include "base/mem.h"

#define SK_XML_DEPTH 256u

/* atts: name, value, ..., NULL as expat gives them. Each returns false to stop. Members may be NULL. */
struct sk_xml_calls {
    bool (*start)(void *ctx, const char *name, const char **atts);
    bool (*end)(void *ctx, const char *name);
    bool (*text)(void *ctx, const char *s, size_t n); /* UTF-8; one text may come in pieces */
};

enum sk_xml_end {
    SK_XML_OK,
    SK_XML_BAD,    /* not well-formed, cut, too deep, an entity bomb; what came before was delivered */
    SK_XML_STOPPED /* a callback said so */
};

struct sk_xml;
struct sk_xml *sk_xml_new(const struct sk_xml_calls *calls, void *ctx, struct sk_budget *budget);
/* Piece by piece; false when no more will be taken. */
bool sk_xml_feed(struct sk_xml *x, const void *p, size_t n);
/* Ends the document, frees x. */
enum sk_xml_end sk_xml_close(struct sk_xml *x);
/* A whole document. Without memory: SK_XML_BAD. */
enum sk_xml_end sk_xml_parse(struct sk_bytes doc, const struct sk_xml_calls *calls, void *ctx,
                             struct sk_budget *budget);

/* Value of the attribute with this local name, prefixed or not; NULL when there is none. */
const char *sk_xml_attr(const char **atts, const char *local);
/* The same, but only with (r:id) or only without a prefix (id). */
const char *sk_xml_attr_prefixed(const char **atts, const char *local);
const char *sk_xml_attr_plain(const char **atts, const char *local);
/* ST_OnOff: present and not 0, false, off. */
bool sk_xml_on(const char *value);
const char *sk_xml_local(const char *name);

#endif
