/*
 * rights.h - may everybody read a file? The mode says it on most file systems; where a server keeps richer lists, they
 * are read from extended attributes: NFSv4, and the security descriptors of Windows that Samba, cifs and ntfs-3g show.
 */
#ifndef SK_INPUT_RIGHTS_H
#define SK_INPUT_RIGHTS_H

#include "base/bytes.h"

/* Who stands for everybody ("other", "Everyone", "EVERYONE@" ...; static); NULL: not everybody, or not known. A POSIX
 * ACL needs no look of its own: its entry for all others is the mode's, and its other entries name somebody. */
const char *sk_everybody_reads(int fd, uint32_t mode);

/* The lists themselves; damaged ones say nothing. */
const char *sk_nfs4_everybody(struct sk_bytes b);        /* RFC 7530 6.2.1, as Linux shows it: system.nfs4_acl */
const char *sk_descriptor_everybody(struct sk_bytes sd); /* MS-DTYP 2.4.6, self-relative */
/* Samba's wrapping of it (vfs_acl_xattr: security.NTACL), versions 1 to 4. */
const char *sk_ntacl_everybody(struct sk_bytes attribute);

#endif
