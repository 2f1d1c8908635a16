/* doc.h - a whole text document as UTF-8 in memory, for formats whose structure is text: HTML, XML, JSON, RTF, HL7. */
#ifndef SK_EXTRACT_DOC_H
#define SK_EXTRACT_DOC_H

#include "extract/extract.h"

struct sk_doc {
    const char *p; /* UTF-8 without byte order mark */
    size_t n;
    enum sk_charset charset; /* as read */
    struct sk_buf hold;
    char *converted;
};
/* Names an encoding that the document declares in its first bytes, or SK_CS_BINARY. */
typedef enum sk_charset (*sk_declared)(const char *head, size_t n);
/* What is declared counts when the bytes agree with it; else the detector decides. Tells the sink why when it cannot;
 * false then. */
bool sk_doc_load(struct sk_job *job, sk_declared declared, struct sk_doc *d);
void sk_doc_free(struct sk_doc *d);
/* Start of a document as ASCII for sniffing: without byte order mark, zero bytes of UTF-16 and leading blanks;
 * NUL-terminated. */
size_t sk_doc_peek(struct sk_bytes head, char *out, size_t cap);
/* charset=... or encoding="..." behind `key` in the head; SK_CS_BINARY: not there. */
enum sk_charset sk_doc_named(const char *head, size_t n, const char *key);

#endif
