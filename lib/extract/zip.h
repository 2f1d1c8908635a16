/*
 * zip.h - random access to the members of a ZIP file held in memory or behind a random-access source, for the zip
 * container and for OOXML/ODF. Own directory reader (members missing from the directory, prefix data, overlaps are
 * found and told); inflating is libdeflate's for whole members that fit memory, zlib's for streams.
 */
#ifndef SK_EXTRACT_ZIP_H
#define SK_EXTRACT_ZIP_H

#include "extract/extract.h"

struct sk_zip_member {
    const uint8_t *raw_name;
    uint16_t raw_name_n;
    char *name; /* UTF-8: flag bit 11, else 0x7075 extra field, else sk_member_name */
    uint64_t header_offset, packed, size;
    uint32_t crc;
    uint16_t method, flags;
    bool folder, encrypted, unlisted; /* unlisted: has a local header but no line in the central directory */
    bool unsized; /* size (SK_SIZE_UNKNOWN) and crc are not told: unlisted, with a descriptor that was not found */
    bool cut;     /* the file ends inside its packed bytes */
    const char *encryption; /* "zip-aes256", "zip-aes128", "zipcrypto", "zip-unknown" or NULL */
};

struct sk_zip;
/* Reads the directory (or, where it is missing or cut, the local headers; *damaged then tells). NULL: no member at all,
 * or no memory. The source must outlive the zip; a stream is held in memory as a whole. */
struct sk_zip *sk_zip_open(struct sk_source *source, struct sk_budget *budget, bool *damaged);
/* Only what the central directory lists, for sniffing; NULL when there is no directory. */
struct sk_zip *sk_zip_open_listed(struct sk_source *source, struct sk_budget *budget);
void sk_zip_close(struct sk_zip *z);
size_t sk_zip_count(const struct sk_zip *z);
const struct sk_zip_member *sk_zip_at(const struct sk_zip *z, size_t i);
/* Index of the member with this exact name ('/' and '\' alike, ASCII case ignored); SIZE_MAX when there is none. */
size_t sk_zip_find(const struct sk_zip *z, const char *name);

/* Whole member into *out (initialised by the caller, reused call after call, freed with sk_buf_free), at most
 * limits.max_member_bytes; charges the budget. SK_WHY_NONE when all is well; DAMAGED (what could be inflated is in
 * *out), ENCRYPTED, UNSUPPORTED (method), TOO_LARGE / RATIO / TIMEOUT (budget). */
enum sk_reason sk_zip_read(struct sk_zip *z, size_t i, struct sk_buf *out);
/* A forward-only source of a member, for those too large for memory. NULL: not possible (method, encrypted, no memory).
 * One at a time: a further call ends the one before (free its source first). */
struct sk_source *sk_zip_stream(struct sk_zip *z, size_t i);
/* After a stream was read: SK_WHY_NONE, DAMAGED, or the limit that ended it early. */
enum sk_reason sk_zip_stream_why(const struct sk_zip *z);
/* The method's name for a reason's detail ("deflate64", "method 97"); static-like, valid until the next call with this
 * buffer. */
const char *sk_zip_method_name(uint16_t method, char *buf, size_t cap);

#endif
