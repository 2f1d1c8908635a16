/*
 * markup.h - tags and text of HTML and XML, read in one pass and never refused: what a strict parser would reject
 * (records cut in two, undeclared entities, unclosed tags) still holds people. Entities of the document itself are not
 * expanded, so nothing grows.
 */
#ifndef SK_EXTRACT_MARKUP_H
#define SK_EXTRACT_MARKUP_H

#include "extract/xml.h"

struct sk_markup_calls {
    /* name: local name, lower case in HTML; atts as sk_xml_attr wants them (HTML: lower case names). */
    bool (*start)(void *ctx, const char *name, const char **atts);
    bool (*end)(void *ctx, const char *name);            /* also behind <x/> in XML */
    bool (*text)(void *ctx, const char *s, size_t n);    /* entities are decoded; in pieces */
    bool (*comment)(void *ctx, const char *s, size_t n); /* also declarations that hold text; may be NULL */
    bool (*script)(void *ctx, const char *name, const char *s,
                   size_t n); /* HTML: content of script and style; may be NULL */
};
/* False: a callback said so, or the time is up (then the budget tells). */
bool sk_markup_parse(const char *utf8, size_t n, bool html, const struct sk_markup_calls *calls, void *ctx,
                     struct sk_budget *budget);
/* "a &amp; b" -> "a & b" behind what is in out. */
bool sk_markup_decode(struct sk_buf *out, const char *p, size_t n);

#endif
