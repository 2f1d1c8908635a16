#include "input/rights.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Lists are written here byte by byte after RFC 7530 (6.2.1), MS-DTYP (2.4.2, 2.4.4, 2.4.5, 2.4.6) and Samba's
 * xattr.idl. */
struct out {
    uint8_t p[1024];
    size_t n;
};

static void put(struct out *o, const void *p, size_t n)
{
    cr_assert(o->n + n <= sizeof(o->p));
    memcpy(o->p + o->n, p, n);
    o->n += n;
}

static void put_be(struct out *o, uint32_t v)
{
    put(o, (uint8_t[]){ (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v }, 4);
}

static void put_le(struct out *o, uint32_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        put(o, (uint8_t[]){ v >> (8 * i) & 255 }, 1);
}

static void same(const char *got, const char *want, const char *what)
{
    cr_expect(want ? got && strcmp(got, want) == 0 : got == NULL, "%s: %s", what, got ? got : "nobody");
}

struct ace4 {
    uint32_t type, flags, mask;
    const char *who;
};

Test(rights, nfs4)
{
    static const struct {
        const char *what;
        struct ace4 aces[3];
        const char *want;
    } CASES[] = {
        { "owner only", { { 0, 0, 1, "OWNER@" }, { 0, 0x40, 1, "staff@example.jp" } }, NULL },
        { "everyone reads", { { 0, 0, 1, "OWNER@" }, { 0, 0, 0x81, "EVERYONE@" } }, "EVERYONE@" },
        { "everyone sees attributes only", { { 0, 0, 0x80, "EVERYONE@" } }, NULL },
        { "denied first", { { 1, 0, 1, "EVERYONE@" }, { 0, 0, 1, "EVERYONE@" } }, NULL },
        { "denied behind", { { 0, 0, 1, "EVERYONE@" }, { 1, 0, 1, "EVERYONE@" } }, "EVERYONE@" },
        { "for new files only", { { 0, 8 | 1, 1, "EVERYONE@" } }, NULL },
        { "an audit entry", { { 2, 0, 1, "EVERYONE@" } }, NULL },
        { "every account", { { 0, 0x40, 1, "AUTHENTICATED@" } }, "AUTHENTICATED@" },
        { "a user of that name", { { 0, 0, 1, "EVERYONE@example.jp" } }, NULL },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct out o = { 0 };
        uint32_t n = 0;
        while (n < 3 && CASES[i].aces[n].who)
            n++;
        put_be(&o, n);
        for (uint32_t k = 0; k < n; k++) {
            const struct ace4 *a = &CASES[i].aces[k];
            put_be(&o, a->type);
            put_be(&o, a->flags);
            put_be(&o, a->mask);
            put_be(&o, (uint32_t)strlen(a->who));
            put(&o, a->who, strlen(a->who));
            put(&o, "\0\0\0", (4 - strlen(a->who) % 4) % 4);
        }
        same(sk_nfs4_everybody(sk_bytes(o.p, o.n)), CASES[i].want, CASES[i].what);
        for (size_t cut = 0; cut < o.n; cut++) {
            const char *who = sk_nfs4_everybody(sk_bytes(o.p, cut));
            cr_expect(!who || CASES[i].want, "%s, cut %zu", CASES[i].what, cut);
        }
    }
}

struct ace {
    uint8_t type, flags;
    uint32_t mask;
    uint8_t authority, subs;
    uint32_t sub[5];
};

static void put_descriptor(struct out *o, uint16_t control, const struct ace *aces, size_t n)
{
    put_le(o, 1 | (uint32_t)control << 16, 4);
    put_le(o, 0, 4);
    put_le(o, 0, 4);
    put_le(o, 0, 4);
    put_le(o, aces ? 20 : 0, 4);
    if (!aces)
        return;
    size_t acl = o->n;
    put_le(o, 2, 4);
    put_le(o, (uint32_t)n, 4);
    for (size_t i = 0; i < n; i++) {
        put(o, (uint8_t[]){ aces[i].type, aces[i].flags }, 2);
        put_le(o, 16u + 4u * aces[i].subs, 2);
        put_le(o, aces[i].mask, 4);
        put(o, (uint8_t[]){ 1, aces[i].subs, 0, 0, 0, 0, 0, aces[i].authority }, 8);
        for (int k = 0; k < aces[i].subs; k++)
            put_le(o, aces[i].sub[k], 4);
    }
    o->p[acl + 2] = (uint8_t)((o->n - acl) & 255);
    o->p[acl + 3] = (uint8_t)((o->n - acl) >> 8 & 255);
}

#define EVERYONE                                                                                                       \
    1, 1,                                                                                                              \
    {                                                                                                                  \
        0                                                                                                              \
    }
#define USERS                                                                                                          \
    5, 2,                                                                                                              \
    {                                                                                                                  \
        32, 545                                                                                                        \
    }
#define DOMAIN(rid)                                                                                                    \
    5, 5,                                                                                                              \
    {                                                                                                                  \
        21, 1000, 2000, 3000, rid                                                                                      \
    }

static const struct {
    const char *what;
    struct ace aces[2];
    const char *want;
} DESCRIPTORS[] = {
    { "one person", { { 0, 0, 0x1200a9, DOMAIN(1104) } }, NULL },
    { "Everyone:ALLOWED/0x0/READ", { { 0, 0, 0x1200a9, EVERYONE } }, "Everyone" },
    { "Everyone, for new files only", { { 0, 0x0b, 0x1200a9, EVERYONE } }, NULL },
    { "Everyone may not read", { { 1, 0, 1, EVERYONE }, { 0, 0, 0x1f01ff, DOMAIN(513) } }, NULL },
    { "Everyone may see names only", { { 0, 0, 0x100080, EVERYONE } }, NULL },
    { "Domain Users", { { 0, 0, 0x1f01ff, DOMAIN(1104) }, { 0, 0x10, 0x1200a9, DOMAIN(513) } }, "Domain Users" },
    { "Domain Admins", { { 0, 0, 0x1f01ff, DOMAIN(512) } }, NULL },
    { "Users of the machine", { { 0, 0, 0x80000000u, USERS } }, "Users" },
    { "Administrators", { { 0, 0, 0x1f01ff, 5, 2, { 32, 544 } } }, NULL },
    { "Authenticated Users", { { 0, 0, 0x10000000u, 5, 1, { 11 } } }, "Authenticated Users" },
    { "SYSTEM", { { 0, 0, 0x1f01ff, 5, 1, { 18 } } }, NULL },
    { "CREATOR OWNER", { { 0, 0, 0x1f01ff, 3, 1, { 0 } } }, NULL },
    { "an audit entry", { { 2, 0, 1, EVERYONE } }, NULL },
};

Test(rights, descriptors)
{
    for (size_t i = 0; i < sizeof(DESCRIPTORS) / sizeof(DESCRIPTORS[0]); i++) {
        struct out o = { 0 };
        put_descriptor(&o, 0x8004, DESCRIPTORS[i].aces, DESCRIPTORS[i].aces[1].subs ? 2 : 1);
        same(sk_descriptor_everybody(sk_bytes(o.p, o.n)), DESCRIPTORS[i].want, DESCRIPTORS[i].what);
        for (size_t cut = 0; cut < o.n; cut++)
            cr_expect_null(sk_descriptor_everybody(sk_bytes(o.p, cut)), "cut %zu", cut);
    }
    struct out open = { 0 }, none = { 0 };
    put_descriptor(&open, 0x8004, NULL, 0);
    same(sk_descriptor_everybody(sk_bytes(open.p, open.n)), "Everyone", "NULL DACL");
    put_descriptor(&none, 0x8000, NULL, 0);
    same(sk_descriptor_everybody(sk_bytes(none.p, none.n)), NULL, "no DACL is told");
}

static void put_wrapped(struct out *o, uint32_t version, const struct ace *aces)
{
    uint8_t hash[64] = { 0xAA, 0xBB };
    put_le(o, version | version << 16, 4);
    put_le(o, 0x20000, 4);
    if (version > 1)
        put_le(o, 0x20004, 4);
    if (version == 2)
        put(o, hash, 16);
    if (version > 2) {
        put_le(o, 1, 2);
        put(o, hash, 64);
    }
    if (version == 4) {
        put(o, "posix_acl", 10);
        put_le(o, 0xcc5e6f8a, 4);
        put_le(o, 0x01d854cf, 4);
        put(o, hash, 64);
    }
    put(o, "\0\0\0", (4 - o->n % 4) % 4);
    put_descriptor(o, 0x8004, aces, 1);
}

Test(rights, samba)
{
    for (uint32_t version = 1; version <= 4; version++)
        for (size_t i = 0; i < 3; i++) {
            struct out o = { 0 };
            put_wrapped(&o, version, DESCRIPTORS[i].aces);
            same(sk_ntacl_everybody(sk_bytes(o.p, o.n)), DESCRIPTORS[i].want, DESCRIPTORS[i].what);
            for (size_t cut = 0; cut < o.n; cut++)
                cr_expect_null(sk_ntacl_everybody(sk_bytes(o.p, cut)), "version %u, cut %zu", version, cut);
        }
}

/* On a file: the mode, a POSIX ACL (whose entry for others becomes the mode), and user.NTACL, which needs no root. */
Test(rights, of_a_file)
{
    char path[] = "/tmp/sk-rights-XXXXXX";
    int fd = mkstemp(path);
    struct out o = { 0 };
    struct stat st;
    cr_assert(fd >= 0);
    same(sk_everybody_reads(fd, 0100600), NULL, "0600");
    same(sk_everybody_reads(fd, 0100604), "other (o+r)", "0604");
    same(sk_everybody_reads(-1, 0100640), NULL, "never opened");
    /* linux/posix_acl_xattr.h: version 2; user:: rw-, user:1000 r--, group:: ---, mask r--, other r-- */
    static const uint16_t ACL[][2] = { { 1, 6 }, { 2, 4 }, { 4, 0 }, { 16, 4 }, { 32, 4 } };
    put_le(&o, 2, 4);
    for (size_t i = 0; i < 5; i++) {
        put_le(&o, ACL[i][0] | (uint32_t)ACL[i][1] << 16, 4);
        put_le(&o, ACL[i][0] == 2 ? 1000 : 0xFFFFFFFFu, 4);
    }
    if (fsetxattr(fd, "system.posix_acl_access", o.p, o.n, 0) == 0) {
        cr_assert_eq(fstat(fd, &st), 0);
        same(sk_everybody_reads(fd, st.st_mode), "other (o+r)", "other::r--");
        o.p[o.n - 6] = 0; /* other::--- */
        cr_assert_eq(fsetxattr(fd, "system.posix_acl_access", o.p, o.n, 0), 0);
        cr_assert_eq(fstat(fd, &st), 0);
        same(sk_everybody_reads(fd, st.st_mode), NULL, "a named user reads, not everybody");
    }
    o.n = 0;
    put_wrapped(&o, 4, DESCRIPTORS[1].aces);
    if (fsetxattr(fd, "user.NTACL", o.p, o.n, 0) == 0)
        same(sk_everybody_reads(fd, 0100640), "Everyone", "user.NTACL");
    close(fd);
    unlink(path);
}
