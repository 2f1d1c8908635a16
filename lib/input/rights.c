#include "input/rights.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#define MOST_ENTRIES 1024u

enum { ALLOW = 0, DENY = 1 }; /* the same in both kinds of list */

/* ---------------------------------------------------------------- NFSv4 */

#define NFS4_READ_DATA 1u
#define NFS4_INHERIT_ONLY 8u

static const char *nfs4_name(struct sk_bytes who)
{
    static const char *const NAMES[] = { "EVERYONE@", "AUTHENTICATED@", "ANONYMOUS@" };
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (who.n == strlen(NAMES[i]) && memcmp(who.p, NAMES[i], who.n) == 0)
            return NAMES[i];
    return NULL;
}

/* Entries are tried in order; the first that speaks of everybody's reading decides. */
const char *sk_nfs4_everybody(struct sk_bytes b)
{
    uint32_t count;
    if (!sk_u32be(&b, &count))
        return NULL;
    for (uint32_t i = 0; i < count && i < MOST_ENTRIES; i++) {
        uint32_t type, flags, mask, len;
        struct sk_bytes who;
        if (!sk_u32be(&b, &type) || !sk_u32be(&b, &flags) || !sk_u32be(&b, &mask) || !sk_u32be(&b, &len) ||
            !sk_take(&b, len, &who) || !sk_skip(&b, (4 - len % 4) % 4))
            return NULL;
        const char *name = nfs4_name(who);
        if (!name || !(mask & NFS4_READ_DATA) || flags & NFS4_INHERIT_ONLY || type > DENY)
            continue;
        if (type == ALLOW)
            return name;
        if (*name == 'E') /* denied to everyone, whoever it is allowed to further down */
            return NULL;
    }
    return NULL;
}

/* ---------------------------------------------------------------- Windows */

#define NT_READS (0x00000001u | 0x80000000u | 0x10000000u) /* FILE_READ_DATA, GENERIC_READ, GENERIC_ALL */
#define NT_INHERIT_ONLY 8u
#define NT_DACL_PRESENT 0x0004u
#define NT_SELF_RELATIVE 0x8000u

/* S-1-1-0 and the groups that hold every account: of the machine, of the domain (S-1-5-21-…-513). */
static const char *sid_name(struct sk_bytes sid)
{
    uint8_t revision, subs;
    struct sk_bytes authority;
    uint32_t first, last = 0;
    static const uint8_t WORLD[6] = { 0, 0, 0, 0, 0, 1 }, NT[6] = { 0, 0, 0, 0, 0, 5 };
    if (!sk_u8(&sid, &revision) || !sk_u8(&sid, &subs) || !sk_take(&sid, 6, &authority) || revision != 1 || subs == 0 ||
        subs > 15 || !sk_u32le(&sid, &first))
        return NULL;
    for (uint8_t i = 1; i < subs; i++)
        if (!sk_u32le(&sid, &last))
            return NULL;
    if (memcmp(authority.p, WORLD, 6) == 0)
        return subs == 1 && first == 0 ? "Everyone" : NULL;
    if (memcmp(authority.p, NT, 6) != 0)
        return NULL;
    if (subs == 1)
        return first == 11 ? "Authenticated Users" : first == 7 ? "Anonymous" : NULL;
    if (subs == 2 && first == 32)
        return last == 545 ? "Users" : last == 546 ? "Guests" : NULL;
    return subs == 5 && first == 21 ? (last == 513 ? "Domain Users" : last == 514 ? "Domain Guests" : NULL) : NULL;
}

static const char *dacl_everybody(struct sk_bytes b)
{
    uint8_t revision, zero;
    uint16_t size, count, zeros;
    struct sk_bytes entries;
    if (!sk_u8(&b, &revision) || !sk_u8(&b, &zero) || !sk_u16le(&b, &size) || !sk_u16le(&b, &count) ||
        !sk_u16le(&b, &zeros) || (revision != 2 && revision != 4) || size < 8 || !sk_take(&b, size - 8u, &entries))
        return NULL;
    for (uint16_t i = 0; i < count && i < MOST_ENTRIES; i++) {
        uint8_t type, flags;
        uint16_t n;
        uint32_t mask;
        struct sk_bytes sid;
        if (!sk_u8(&entries, &type) || !sk_u8(&entries, &flags) || !sk_u16le(&entries, &n) || n < 8 ||
            !sk_u32le(&entries, &mask) || !sk_take(&entries, n - 8u, &sid))
            return NULL;
        const char *name = type <= DENY && mask & NT_READS && !(flags & NT_INHERIT_ONLY) ? sid_name(sid) : NULL;
        if (name && type == ALLOW)
            return name;
        if (name && strcmp(name, "Everyone") == 0)
            return NULL;
    }
    return NULL;
}

const char *sk_descriptor_everybody(struct sk_bytes sd)
{
    struct sk_bytes b = sd, dacl;
    uint8_t revision, zero;
    uint16_t control;
    uint32_t at = 0;
    if (!sk_u8(&b, &revision) || !sk_u8(&b, &zero) || !sk_u16le(&b, &control) || revision != 1 ||
        !(control & NT_SELF_RELATIVE) || !(control & NT_DACL_PRESENT) || !sk_skip(&b, 12) || !sk_u32le(&b, &at))
        return NULL;
    if (at == 0) /* a list that is present and empty of itself: nobody is kept out */
        return "Everyone";
    return at < sd.n && sk_slice(sd, at, sd.n - at, &dacl) ? dacl_everybody(dacl) : NULL;
}

/* NDR of xattr.idl: version, the same again, pointers of four bytes; behind them a hash (2: 16 bytes, 3: 64 of a kind,
 * 4: two of 64 with a text and a time between), then the descriptor on a multiple of four. */
const char *sk_ntacl_everybody(struct sk_bytes attribute)
{
    struct sk_bytes b = attribute;
    uint16_t version, again, kind;
    uint32_t pointer;
    if (!sk_u16le(&b, &version) || !sk_u16le(&b, &again) || version != again || version < 1 || version > 4 ||
        !sk_u32le(&b, &pointer) || (version > 1 && !sk_u32le(&b, &pointer)))
        return NULL;
    if ((version == 2 && !sk_skip(&b, 16)) || (version > 2 && (!sk_u16le(&b, &kind) || !sk_skip(&b, 64))))
        return NULL;
    if (version == 4) {
        const void *end = memchr(b.p, 0, b.n);
        if (!end || !sk_skip(&b, (size_t)((const uint8_t *)end - b.p) + 1) ||
            !sk_skip(&b, (4 - (size_t)(b.p - attribute.p) % 4) % 4) || !sk_skip(&b, 8 + 64))
            return NULL;
    }
    if (!sk_skip(&b, (4 - (size_t)(b.p - attribute.p) % 4) % 4))
        return NULL;
    return sk_descriptor_everybody(b);
}

/* ---------------------------------------------------------------- of a file */

const char *sk_everybody_reads(int fd, uint32_t mode)
{
    static const struct {
        const char *attribute;
        const char *(*read)(struct sk_bytes);
    } LISTS[] = {
        { "system.nfs4_acl", sk_nfs4_everybody },       { "security.NTACL", sk_ntacl_everybody },
        { "user.NTACL", sk_ntacl_everybody }, /* acl_xattr:security_acl_name */
        { "system.cifs_acl", sk_descriptor_everybody }, { "system.ntfs_acl", sk_descriptor_everybody },
    };
    uint8_t bytes[16384];
    if (mode & S_IROTH)
        return "other (o+r)";
    for (size_t i = 0; fd >= 0 && i < sizeof(LISTS) / sizeof(LISTS[0]); i++) {
        ssize_t n = fgetxattr(fd, LISTS[i].attribute, bytes, sizeof(bytes));
        const char *who = n > 0 ? LISTS[i].read(sk_bytes(bytes, (size_t)n)) : NULL;
        if (who)
            return who;
    }
    return NULL;
}
