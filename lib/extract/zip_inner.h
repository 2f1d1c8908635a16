/* zip_inner.h - shared by zip.c (members -> bytes) and zip_directory.c (file -> members). */
#ifndef SK_EXTRACT_ZIP_INNER_H
#define SK_EXTRACT_ZIP_INNER_H

#include "extract/zip.h"

#define ZIP_LOCAL 30u   /* fixed size of a local header */
#define ZIP_CENTRAL 46u /* of a line in the central directory */
#define ZIP_END 22u     /* of the end record */

struct zip_window {
    uint8_t *p;
    uint64_t base;
    size_t n;
};

struct zip_flow; /* a member being inflated piece by piece */

struct sk_zip {
    struct sk_source *source;
    struct sk_budget *budget;
    uint64_t size;       /* of the source */
    struct sk_bytes all; /* the whole source, when it was small enough to be held */
    struct sk_buf all_hold;
    struct sk_source *own; /* over all, when the archive came as a stream */
    struct zip_window window;
    struct sk_zip_member *members;
    size_t n, cap;
    uint32_t *index; /* hash table over names, entries + 1; 0 = free */
    size_t index_n;
    struct sk_arena names;
    struct sk_buf packed; /* reused */
    void *inflater;       /* libdeflate */
    struct zip_flow *flow;
    enum sk_reason flow_why;
    bool damaged;
};

/* n bytes at off (n <= 256 KiB), valid until the next call; NULL when they are not all there. ahead: read so much more
 * at once. */
const uint8_t *zip_view(struct sk_zip *z, uint64_t off, size_t n, size_t ahead);
/* Where the member's packed bytes begin; false when no local header stands where the directory says. */
bool zip_data_at(struct sk_zip *z, const struct sk_zip_member *m, uint64_t *at);
/* Fills z->members from the central directory; false when there is none. */
bool zip_read_directory(struct sk_zip *z, uint64_t *directory_at, uint64_t *end_at);
/* Adds members whose local headers stand in bytes that no member and no directory of the list covers. */
bool zip_read_gaps(struct sk_zip *z, uint64_t directory_at, uint64_t end_at);

#endif
