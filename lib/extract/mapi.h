/* mapi.h - messages, contacts and appointments as Outlook keeps them: properties by number and type (MS-OXPROPS), from
 * winmail.dat (fmt_tnef.c) and .pst (pst_*.c); .msg has its own order of reading (ole_msg.c). */
#ifndef SK_EXTRACT_MAPI_H
#define SK_EXTRACT_MAPI_H

#include "extract/extract.h"

enum sk_mapi_type {
    SK_MAPI_I2 = 0x02,
    SK_MAPI_I4 = 0x03,
    SK_MAPI_BOOL = 0x0B,
    SK_MAPI_OBJECT = 0x0D,
    SK_MAPI_TEXT8 = 0x1E,
    SK_MAPI_TEXT16 = 0x1F,
    SK_MAPI_BYTES = 0x102
};

struct sk_mapi {
    struct sk_job *job; /* its part is the message */
    uint32_t codepage;  /* of TEXT8; 0: the detector decides */
    bool is_note;       /* mail: nothing of interest stands in further properties */
    struct sk_buf subject, from, from_address, to, cc, bcc, body, rest; /* UTF-8 */
    struct sk_buf html, rtf;                                            /* bytes; rtf compressed */
};

void sk_mapi_init(struct sk_mapi *m, struct sk_job *job);
void sk_mapi_free(struct sk_mapi *m);
/* Keeps a property if it says something; others are passed over. */
void sk_mapi_take(struct sk_mapi *m, unsigned property, unsigned type, struct sk_bytes value);
/* Adds "name <address>" to the recipients: kind 1 To, 2 Cc, 3 Bcc. */
void sk_mapi_recipient(struct sk_mapi *m, unsigned kind, const struct sk_buf *name, const struct sk_buf *address);
/* A text property as UTF-8 behind what is in *out. */
void sk_mapi_text(const struct sk_mapi *m, unsigned type, struct sk_bytes value, struct sk_buf *out);
/* Writes all that was kept: subject, header, body, the rest, then the formatted bodies as children. False: stop. */
bool sk_mapi_give(struct sk_mapi *m);

#define SK_LZFU_MAX ((size_t)256 << 20)
/* Unpacks compressed RTF (MS-OXRTFCP) behind what is in *out. False: nothing could be read. */
bool sk_lzfu(struct sk_bytes b, struct sk_buf *out);

#endif
