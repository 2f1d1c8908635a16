/*
 * ole.h - documents kept in compound files. Each reader gets a storage: the root of a file, or one inside it (objects,
 * attached messages), and writes into job->part.
 */
#ifndef SK_EXTRACT_OLE_H
#define SK_EXTRACT_OLE_H

#include "extract/cfb.h"

#define SK_OLE_DEPTH 16u /* storages with documents of their own inside each other */

struct sk_ole {
    struct sk_job *job;
    struct sk_cfb *c;
    uint32_t root;
    unsigned depth;
};

/* ---- the formats; each false = stop ---- */
bool sk_msg_read(struct sk_ole *f);
bool sk_xls_read(struct sk_ole *f);
bool sk_doc_read(struct sk_ole *f);
bool sk_ppt_read(struct sk_ole *f);
bool sk_jtd_read(struct sk_ole *f);

/* A document, or packed files, in a storage: as the part of job (fmt_cfb.c). *known: anything was recognised. */
bool sk_ole_storage(struct sk_ole *f, bool *known);
/* The same as a part of its own. */
bool sk_ole_object(struct sk_ole *f, uint32_t storage, const char *name, size_t n, enum sk_hidden hidden);
/* Title, author and what users added (MS-OLEPS), in their own code page (ole_props.c). */
bool sk_ole_props(struct sk_ole *f, struct sk_out *o);

/* ---- help ---- */
/* Stream of that name, whole, up to what a member may have in memory; tells why when it is cut. False: there is none.
 */
bool sk_ole_stream(struct sk_ole *f, uint32_t storage, const char *name, struct sk_buf *out);
void sk_ole_tell(struct sk_ole *f, enum sk_reason why, const char *detail);
/* Windows code page -> encoding; SK_CS_BINARY: let the detector decide. */
enum sk_charset sk_ole_codepage(uint32_t cp);
/* Bytes in a code page as UTF-8 behind what is in out, up to the first NUL. */
void sk_ole_text(uint32_t cp, struct sk_bytes b, struct sk_buf *out);
void sk_ole_utf16(struct sk_bytes b, struct sk_buf *out);
/* A line of this kind; BODY, SK_SHOWN holds afterwards. */
bool sk_ole_line(struct sk_out *o, enum sk_run_kind kind, enum sk_hidden hidden, const struct sk_buf *text);

#endif
