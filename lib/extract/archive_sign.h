/* archive_sign.h - which of libarchive's formats, by signature: libarchive itself would take text for an archive
 * (mtree, raw). */
#ifndef SK_EXTRACT_ARCHIVE_SIGN_H
#define SK_EXTRACT_ARCHIVE_SIGN_H

#include "extract/extract.h"

enum sk_archive_kind {
    SK_ARC_NONE,
    SK_ARC_TAR,
    SK_ARC_7Z,
    SK_ARC_RAR4,
    SK_ARC_RAR5,
    SK_ARC_CAB,
    SK_ARC_ISO,
    SK_ARC_CPIO,
    SK_ARC_AR,
    SK_ARC_XAR,
    SK_ARC_RPM,
    /* compressors of one file */
    SK_ARC_GZ,
    SK_ARC_BZ2,
    SK_ARC_XZ,
    SK_ARC_LZMA,
    SK_ARC_LZIP,
    SK_ARC_ZST,
    SK_ARC_LZ4,
    SK_ARC_Z,
    SK_ARC_KINDS
};

/* *bits: evidence. */
enum sk_archive_kind sk_archive_sign(struct sk_bytes b, int *bits);

#endif
