#define _GNU_SOURCE
#include "input/volumes.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Test(volumes, names)
{
    static const struct {
        const char *name;
        enum sk_volume_style style;
        uint32_t order;
        bool lead;
        const char *next; /* the name behind it */
    } CASES[] = {
        { "a.part1.rar", SK_VOLUME_PARTS, 0, true, "a.part2.rar" },
        { "a.part09.rar", SK_VOLUME_PARTS, 8, false, "a.part10.rar" },
        { "名簿.PART001.RAR", SK_VOLUME_PARTS, 0, true, "名簿.PART002.RAR" },
        { "a.rar", SK_VOLUME_RAR, 0, true, "a.r00" },
        { "A.RAR", SK_VOLUME_RAR, 0, true, "A.R00" },
        { "a.r99", SK_VOLUME_RAR, 100, false, "a.s00" },
        { "a.7z.001", SK_VOLUME_NUMBERED, 0, true, "a.7z.002" },
        { "a.zip.099", SK_VOLUME_NUMBERED, 98, false, "a.zip.100" },
        { "a.z01", SK_VOLUME_ZIP, 0, false, "a.z02" },
        { "a.zip", SK_VOLUME_ZIP, UINT32_MAX, true, NULL },
        { "a.000", SK_VOLUME_NONE, 0, false, NULL },
        { "a.0001", SK_VOLUME_NONE, 0, false, NULL },
        { "a.csv", SK_VOLUME_NONE, 0, false, NULL },
        { ".rar", SK_VOLUME_NONE, 0, false, NULL },
        { "", SK_VOLUME_NONE, 0, false, NULL },
        { "a.r5", SK_VOLUME_NONE, 0, false, NULL },
        { "part1.rar", SK_VOLUME_RAR, 0, true, "part1.r00" },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct sk_volume v = sk_volume_of(CASES[i].name);
        char next[64] = "";
        cr_expect_eq(v.style, CASES[i].style, "%s: %d", CASES[i].name, v.style);
        cr_expect(v.style == SK_VOLUME_NONE || (v.order == CASES[i].order && v.lead == CASES[i].lead), "%s",
                  CASES[i].name);
        if (CASES[i].next)
            cr_expect(sk_volume_name(CASES[i].name, v.order + 1, next, sizeof(next)) &&
                          strcmp(next, CASES[i].next) == 0,
                      "%s: %s", CASES[i].name, next);
    }
    char out[8];
    cr_expect_eq(sk_volume_name("a-long-name.part1.rar", 1, out, sizeof(out)), 0);
    cr_expect_eq(sk_volume_name("a.7z.001", 999, out, sizeof(out)), 0);
}

static char dir[] = "/tmp/sekisho-volumes-XXXXXX";
static int dir_fd;

static int put(const char *name)
{
    int fd = openat(dir_fd, name, O_RDWR | O_CREAT, 0600);
    cr_assert(fd >= 0);
    cr_assert_eq(write(fd, name, strlen(name)), (ssize_t)strlen(name));
    return fd;
}

/* Opens a set by the name of one of its files; the bytes of each are its name. */
static void expect_set_of(bool alone, const char *name, bool lead, unsigned n, const char *first, const char *last)
{
    struct sk_volumes v;
    char buf[64] = "";
    int fd = sk_volumes_bundle(dir_fd, name, put(name), alone);
    if (n == 0) {
        cr_expect_not(sk_volumes_take(fd, &v), "%s", name);
        cr_expect_eq(pread(fd, buf, 63, 0), (ssize_t)strlen(name), "%s stays itself", name);
        close(fd);
        return;
    }
    cr_assert(sk_volumes_take(fd, &v), "%s", name);
    close(fd);
    cr_expect(v.lead == lead && v.n == n, "%s: %u", name, v.n);
    cr_expect_eq(v.sizes[0], strlen(first));
    cr_expect(pread(v.fds[0], buf, 63, 0) > 0 && strcmp(buf, first) == 0, "%s: %s", name, buf);
    memset(buf, 0, sizeof(buf));
    cr_expect(pread(v.fds[v.n - 1], buf, 63, 0) > 0 && strcmp(buf, last) == 0, "%s: %s", name, buf);
    memset(buf, 0, sizeof(buf));
    cr_expect(pread(v.fds[v.self], buf, 63, 0) > 0 && strcmp(buf, name) == 0, "%s: %s", name, buf);
    sk_volumes_close(&v);
}

static void expect_set(const char *name, bool lead, unsigned n, const char *first, const char *last)
{
    expect_set_of(false, name, lead, n, first, last);
}

/* The same volumes in the same order, whichever was asked for. */
static void expect_alone(const char *name, unsigned n, const char *first, const char *last)
{
    expect_set_of(true, name, n > 0, n, first, last);
}

Test(volumes, sets)
{
    static const char *const FILES[] = { "a.rar",       "a.r00",    "a.r01",   "b.z01", "b.z02",
                                         "b.zip",       "c.7z.001", "d.zip",   "e.r00", "f.part1.rar",
                                         "f.part3.rar", "g.7z.001", "g.7z.002" };
    cr_assert(mkdtemp(dir) && (dir_fd = open(dir, O_RDONLY | O_DIRECTORY)) >= 0);
    for (size_t i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++)
        close(put(FILES[i]));
    cr_assert_eq(symlinkat("b.zip", dir_fd, "c.7z.002"), 0); /* links are no volumes */
    expect_set("a.rar", true, 3, "a.rar", "a.r01");
    expect_set("a.r01", false, 2, "a.r01", "a.rar");
    expect_set("b.zip", true, 3, "b.z01", "b.zip");
    expect_set("b.z01", false, 1, "b.z01", "b.z01");
    expect_set("b.z02", false, 2, "b.z02", "b.z01");
    expect_set("g.7z.002", false, 2, "g.7z.002", "g.7z.001");
    expect_set("c.7z.001", true, 0, "", "");
    expect_set("d.zip", true, 0, "", "");
    expect_set("e.r00", false, 0, "", "");       /* the first is not there */
    expect_set("f.part3.rar", false, 0, "", ""); /* one before it is not there */
    expect_alone("a.rar", 3, "a.rar", "a.r01");
    expect_alone("a.r00", 3, "a.rar", "a.r01");
    expect_alone("a.r01", 3, "a.rar", "a.r01");
    expect_alone("b.z01", 3, "b.z01", "b.zip");
    expect_alone("b.z02", 3, "b.z01", "b.zip");
    expect_alone("b.zip", 3, "b.z01", "b.zip");
    expect_alone("g.7z.002", 2, "g.7z.001", "g.7z.002");
    expect_alone("e.r00", 0, "", "");
    expect_alone("f.part3.rar", 0, "", "");
    expect_alone("d.zip", 0, "", "");
    int leaked = open("/dev/null", O_RDONLY);
    cr_expect_lt(leaked, dir_fd + 8, "descriptors are closed");
    close(leaked);
    for (size_t i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++)
        unlinkat(dir_fd, FILES[i], 0);
    unlinkat(dir_fd, "c.7z.002", 0);
    rmdir(dir);
}
