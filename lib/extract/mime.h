/* mime.h - the grammar of mail headers and bodies: RFC 5322 fields, RFC 2047 words, RFC 2231 parameters, transfer
 * encodings. Never refuses: what mailers get wrong is read as they meant it. */
#ifndef SK_EXTRACT_MIME_H
#define SK_EXTRACT_MIME_H

#include "extract/extract.h"

struct sk_mime_field {
    struct sk_bytes name, value; /* the value still folded over lines */
};
/* Takes one field from the front of *b. False: no field stands there; a blank line that ends the header is taken. */
bool sk_mime_field(struct sk_bytes *b, struct sk_mime_field *f);
bool sk_mime_is(const struct sk_bytes *name, const char *word);
/* The value of the first field of that name in a header; empty when there is none. */
struct sk_bytes sk_mime_find(struct sk_bytes header, const char *name);

/* As UTF-8 on one line behind what is in out: unfolded, encoded words decoded. */
void sk_mime_words(struct sk_bytes value, struct sk_buf *out);
/* "text/plain; ..." -> "text/plain" in lower case. */
void sk_mime_token(struct sk_bytes value, char *out, size_t cap);
/* A parameter as UTF-8; false when it is not there. */
bool sk_mime_param(struct sk_bytes value, const char *name, struct sk_buf *out);

enum sk_transfer { SK_TRANSFER_NONE, SK_TRANSFER_BASE64, SK_TRANSFER_QUOTED, SK_TRANSFER_UU };
enum sk_transfer sk_mime_transfer(struct sk_bytes value);
/* Decodes behind what is in out; false without memory. */
bool sk_mime_decode(enum sk_transfer t, struct sk_bytes b, struct sk_buf *out);
/* One line of uuencoded text; false when it is none. */
bool sk_mime_uu_line(struct sk_bytes line, struct sk_buf *out);
/* Takes a line with its end from the front of *b; the line is given without its end. */
bool sk_mime_line(struct sk_bytes *b, struct sk_bytes *line);

/* What is declared counts when the bytes agree with it; else the detector decides. */
/* Text in a declared encoding that is none of ours (EUC-KR, Big5, windows-1251), as UTF-8 in out. False: it is ours, or
 * Japanese that only says Latin-1. */
bool sk_mime_foreign(const char *declared, size_t n, struct sk_bytes b, struct sk_buf *out);
enum sk_charset sk_mime_charset(const char *declared, size_t n, struct sk_bytes b);

/* A signed, encrypted or compressed envelope (CMS; fmt_cms.c). */
bool sk_is_cms(struct sk_bytes b);

#endif
