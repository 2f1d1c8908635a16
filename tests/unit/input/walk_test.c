#define _GNU_SOURCE
#include "input/walk.h"

#include "base/mem.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

static char dir[64];
static struct sk_buf seen;
static unsigned stop_after;

static void setup(void)
{
    strcpy(dir, "/tmp/walk_test.XXXXXX");
    cr_assert(mkdtemp(dir));
    sk_buf_init(&seen, 1 << 26);
    stop_after = 0;
}

static void teardown(void)
{
    char command[256];
    snprintf(command, sizeof(command), "chmod -R u+rwx %s; rm -rf %s", dir, dir);
    cr_assert_eq(system(command), 0);
    sk_buf_free(&seen);
}

TestSuite(walk, .init = setup, .fini = teardown);

static const char *path(const char *name)
{
    static char p[4][512];
    static int i;
    i = (i + 1) % 4;
    snprintf(p[i], sizeof(p[i]), "%s/%s", dir, name);
    return p[i];
}

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(path(name), "w");
    cr_assert(f);
    fputs(text, f);
    fclose(f);
}

/* "name:code(:content)" a line, relative to dir */
static bool visit(void *ctx, const struct sk_entry *e)
{
    (void)ctx;
    const char *name = e->path + (strncmp(e->path, dir, strlen(dir)) == 0 ? strlen(dir) : 0);
    sk_buf_printf(&seen, "%s%s:%s", name, e->is_folder ? "/" : "",
                  e->why == SK_WHY_NONE ? "ok" : sk_reason_code(e->why));
    if (e->why == SK_WHY_NONE) {
        char content[16] = "";
        bool risk = true;
        int fd = sk_open_entry(e, &risk);
        cr_assert_geq(fd, 0);
        cr_assert_not(risk, "the owner's files are opened with O_NOATIME");
        ssize_t n = read(fd, content, sizeof(content) - 1);
        cr_assert_eq(n, (ssize_t)(e->st.st_size < 15 ? e->st.st_size : 15));
        close(fd);
        sk_buf_printf(&seen, ":%s", content);
    }
    sk_buf_str(&seen, "\n");
    return stop_after == 0 || --stop_after > 0;
}

Test(walk, order_hidden_special_links)
{
    write_file("b.txt", "1");
    write_file(".hidden", "2");
    cr_assert_eq(mkdir(path("a"), 0700), 0);
    write_file("a/z", "3");
    write_file("a/\xE5\x90\x8D", "4");
    write_file("a.txt", "5");
    cr_assert_eq(mkfifo(path("c-fifo"), 0600), 0);
    cr_assert_eq(symlink("b.txt", path("d-link")), 0);
    cr_assert_eq(symlink("a", path("e-link")), 0);
    cr_assert_eq(link(path("b.txt"), path("f-hard")), 0);
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un u = { .sun_family = AF_UNIX };
    snprintf(u.sun_path, sizeof(u.sun_path), "%s/g-sock", dir);
    cr_assert_eq(bind(s, (struct sockaddr *)&u, sizeof(u)), 0);
    cr_assert_eq(sk_walk(dir, NULL, visit, NULL), 0);
    close(s);
    cr_assert_str_eq(
        seen.p,
        "/.hidden:ok:2\n/a/z:ok:3\n/a/\xE5\x90\x8D:ok:4\n/a.txt:ok:5\n/b.txt:ok:1\n/c-fifo:special\n/d-link:special\n"
        "/e-link:special\n/f-hard:ok:1\n/g-sock:special\n");
}

Test(walk, start_is_a_file_a_link_or_missing)
{
    write_file("x", "1");
    cr_assert_eq(symlink(dir, path("link")), 0);
    cr_assert_eq(sk_walk(path("x"), NULL, visit, NULL), 0);
    cr_assert_eq(sk_walk(path("link"), NULL, visit, NULL), 0);
    cr_assert_eq(sk_walk(path("none"), NULL, visit, NULL), ENOENT);
    cr_assert_str_eq(seen.p, "/x:ok:1\n/link:special\n");
    sk_buf_clear(&seen);
    cr_assert_eq(chdir(dir), 0);
    cr_assert_eq(sk_walk("x", NULL, visit, NULL), 0);
    cr_assert_eq(sk_walk(".", NULL, visit, NULL), 0);
    cr_assert_str_eq(seen.p, "x:ok:1\n./link:special\n./x:ok:1\n");
}

Test(walk, skipped_file_and_stopping)
{
    write_file("a", "1");
    write_file("b", "2");
    write_file("c", "3");
    struct stat st;
    cr_assert_eq(stat(path("b"), &st), 0);
    struct sk_walk_options o = { .skip_dev = st.st_dev, .skip_ino = st.st_ino };
    cr_assert_eq(sk_walk(dir, &o, visit, NULL), 0);
    cr_assert_str_eq(seen.p, "/a:ok:1\n/c:ok:3\n");
    stop_after = 1;
    cr_assert_eq(sk_walk(dir, NULL, visit, NULL), ECANCELED);
    cr_assert_str_eq(seen.p, "/a:ok:1\n/c:ok:3\n/a:ok:1\n");
}

Test(walk, unreadable_folder_is_told)
{
    if (geteuid() == 0)
        cr_skip("root reads everything");
    cr_assert_eq(mkdir(path("no"), 0700), 0);
    write_file("no/x", "1");
    write_file("z", "2");
    cr_assert_eq(chmod(path("no"), 0), 0);
    cr_assert_eq(sk_walk(dir, NULL, visit, NULL), 0);
    cr_assert_str_eq(seen.p, "/no/:denied\n/z:ok:2\n");
}

/* A tree deeper than the descriptors held and deeper than PATH_MAX; behind it the walk goes on where it was. */
Test(walk, deep_tree)
{
    int at = open(dir, O_PATH | O_DIRECTORY);
    for (int i = 0; i < 600; i++) {
        cr_assert_eq(mkdirat(at, "ddddddddd", 0700), 0);
        int next = openat(at, "ddddddddd", O_PATH | O_DIRECTORY);
        int f = openat(at, "z", O_CREAT | O_WRONLY, 0600);
        cr_assert_geq(f, 0);
        close(f);
        close(at);
        at = next;
    }
    close(at);
    cr_assert_eq(sk_walk(dir, NULL, visit, NULL), 0);
    unsigned ok = 0;
    for (const char *p = seen.p; (p = strstr(p, ":ok:")); p++)
        ok++;
    cr_assert_eq(ok, 600);
    cr_assert_not(strstr(seen.p, "denied"));
}

Test(walk, too_deep_is_told)
{
    int at = open(dir, O_PATH | O_DIRECTORY);
    for (int i = 0; i < 4200; i++) {
        cr_assert_eq(mkdirat(at, "d", 0700), 0);
        int next = openat(at, "d", O_PATH | O_DIRECTORY);
        close(at);
        at = next;
    }
    close(at);
    cr_assert_eq(sk_walk(dir, NULL, visit, NULL), 0);
    cr_assert(strstr(seen.p, "too-deep"));
}

/* A folder that is removed after its parent was listed. */
static bool remove_other(void *ctx, const struct sk_entry *e)
{
    (void)ctx;
    if (strcmp(e->name, "a") == 0)
        rmdir(path("b"));
    sk_buf_printf(&seen, "%s:%s:%d\n", e->name, e->why == SK_WHY_NONE ? "ok" : sk_reason_code(e->why), e->error);
    return true;
}

Test(walk, vanished_folder_is_told)
{
    write_file("a", "1");
    cr_assert_eq(mkdir(path("b"), 0700), 0);
    cr_assert_eq(sk_walk(dir, NULL, remove_other, NULL), 0);
    cr_assert_str_eq(seen.p, "a:ok:0\nb:denied:2\n"); /* ENOENT */
}

/* A file replaced by a link or FIFO between listing and opening is not followed and does not block. */
static bool swap(void *ctx, const struct sk_entry *e)
{
    bool fifo = *(bool *)ctx;
    unlink(e->path);
    cr_assert_eq(fifo ? mkfifo(e->path, 0600) : symlink("/etc/passwd", e->path), 0);
    cr_assert_eq(sk_open_entry(e, NULL), -1);
    cr_assert_eq(errno, fifo ? EINVAL : ELOOP);
    return true;
}

Test(walk, swapped_file)
{
    for (int i = 0; i < 2; i++) {
        bool fifo = i;
        write_file("x", "1");
        cr_assert_eq(sk_walk(dir, NULL, swap, &fifo), 0);
        unlink(path("x"));
    }
}

Test(walk, open_path)
{
    write_file("x", "1");
    cr_assert_eq(symlink("x", path("l")), 0);
    cr_assert_eq(symlink(".", path("dl")), 0);
    int fd = sk_open_path(path("x"), NULL);
    cr_assert_geq(fd, 0);
    close(fd);
    fd = sk_open_path(path("dl/x"), NULL);
    cr_assert_geq(fd, 0);
    close(fd);
    cr_assert_eq(sk_open_path(path("l"), NULL), -1);
    cr_assert_eq(errno, ELOOP);
    cr_assert_eq(sk_open_path(dir, NULL), -1);
    cr_assert_eq(errno, EINVAL);
}

/* Needs the right to make devices and mounts; elsewhere there is nothing to see. */
Test(walk, devices_and_loops)
{
    write_file("a", "1");
    cr_assert_eq(mkdir(path("b"), 0700), 0);
    cr_assert_eq(mkdir(path("b/loop"), 0700), 0);
    bool device = mknod(path("c-dev"), S_IFCHR | 0600, makedev(1, 3)) == 0;
    bool loop = mount(dir, path("b/loop"), NULL, MS_BIND, NULL) == 0;
    cr_expect_eq(sk_walk(dir, NULL, visit, NULL), 0);
    if (loop)
        cr_expect_eq(umount2(path("b/loop"), MNT_DETACH), 0);
    char want[128];
    snprintf(want, sizeof(want), "/a:ok:1\n%s%s", loop ? "/b/loop/:special\n" : "", device ? "/c-dev:special\n" : "");
    cr_expect_str_eq(seen.p, want);
}

/* The whole share goes away at the first file: all that was listed is told, and the walk ends. */
static bool take_away(void *ctx, const struct sk_entry *e)
{
    bool *gone = ctx;
    if (!*gone) {
        char command[256];
        snprintf(command, sizeof(command), "rm -rf %s/*", dir);
        cr_assert_eq(system(command), 0);
    }
    sk_buf_printf(&seen, "%s:%s:%d\n", e->path + strlen(dir), e->why == SK_WHY_NONE ? "ok" : sk_reason_code(e->why),
                  *gone ? sk_open_entry(e, NULL) : 0);
    *gone = true;
    return true;
}

Test(walk, a_share_disappears)
{
    bool gone = false;
    cr_assert_eq(mkdir(path("a"), 0700), 0);
    cr_assert_eq(mkdir(path("a/b"), 0700), 0);
    write_file("a/b/c", "1");
    write_file("a/b/d", "2");
    write_file("a/e", "3");
    write_file("f", "4");
    cr_assert_eq(sk_walk(dir, NULL, take_away, &gone), 0);
    cr_expect_str_eq(seen.p, "/a/b/c:ok:0\n/a/b/d:denied:-1\n/a/e:denied:-1\n/f:denied:-1\n");
}
