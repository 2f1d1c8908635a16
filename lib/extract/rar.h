/* rar.h - what the headers of a RAR archive say that libarchive does not tell: encryption, volumes, checksums. Data is
 * not touched. */
#ifndef SK_EXTRACT_RAR_H
#define SK_EXTRACT_RAR_H

#include "extract/extract.h"

struct sk_rar {
    bool volume;               /* one of several, and others are missing */
    bool encrypted_headers;    /* no names can be seen */
    uint32_t encrypted, clear; /* files */
    const char *method;        /* of the first encrypted file, or of the headers; NULL */
    bool damaged;              /* the headers end before the archive does */
};

/* Reads the headers of the archive at base; encrypted members are given to the job's sink as members of part. */
void sk_rar_read(struct sk_job *job, struct sk_source *source, uint64_t base, struct sk_rar *out);

#endif
