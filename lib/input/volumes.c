#define _GNU_SOURCE
#include "input/volumes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAGIC 0x534C4F56u
#define NAME_CAP 1024u

/* ---------------------------------------------------------------- names */

/* The decimal number that ends at `end`; *digits of it, at most `most`. */
static uint32_t number_before(const char *name, size_t end, size_t most, size_t *digits)
{
    uint32_t value = 0, scale = 1;
    size_t n = 0;
    while (n < most && n < end && name[end - n - 1] >= '0' && name[end - n - 1] <= '9') {
        value += (uint32_t)(name[end - n - 1] - '0') * scale;
        scale *= 10;
        n++;
    }
    *digits = n;
    return value;
}

struct split { /* a name taken apart: stem, number of so many digits, the rest */
    struct sk_volume v;
    size_t stem, digits;
};

static struct split split_name(const char *name)
{
    size_t n = strlen(name), digits;
    struct split s = { .stem = n };
    const char *end = n >= 4 ? name + n - 4 : "";
    if (n >= 10 && strcasecmp(end, ".rar") == 0) {
        uint32_t number = number_before(name, n - 4, 4, &digits);
        if (digits && n - 4 >= digits + 6 && strncasecmp(name + n - 4 - digits - 5, ".part", 5) == 0 && number) {
            s = (struct split){ { SK_VOLUME_PARTS, number - 1, number == 1 }, n - 4 - digits, digits };
            return s;
        }
    }
    if (n < 5)
        return s;
    s.stem = n - 2;
    if (strcasecmp(end, ".rar") == 0) {
        s.v = (struct sk_volume){ SK_VOLUME_RAR, 0, true };
    } else if (strcasecmp(end, ".zip") == 0) {
        s.v = (struct sk_volume){ SK_VOLUME_ZIP, UINT32_MAX, true };
    } else if (end[0] == '.') {
        uint32_t number = number_before(name, n, 3, &digits);
        char kind = (char)(end[1] | 0x20);
        if (digits == 3 && number)
            s = (struct split){ { SK_VOLUME_NUMBERED, number - 1, number == 1 }, n - 3, 3 };
        else if (digits == 2 && (kind == 'r' || kind == 's')) /* .r00 to .r99, then .s00 */
            s.v = (struct sk_volume){ SK_VOLUME_RAR, number + 1 + (kind == 's' ? 100 : 0), false };
        else if (digits == 2 && kind == 'z' && number)
            s.v = (struct sk_volume){ SK_VOLUME_ZIP, number - 1, false };
    }
    return s;
}

struct sk_volume sk_volume_of(const char *name)
{
    return split_name(name).v;
}

size_t sk_volume_name(const char *name, uint32_t order, char *out, size_t cap)
{
    struct split s = split_name(name);
    size_t n = strlen(name), width = s.digits;
    bool upper = n >= 3 && name[n - 3] >= 'A' && name[n - 3] <= 'Z';
    int made = 0;
    if (n + 4 > cap || (order != UINT32_MAX && order > 9998))
        return 0;
    switch (s.v.style) {
    case SK_VOLUME_PARTS:
        made = snprintf(out, cap, "%.*s%0*u%s", (int)s.stem, name, (int)width, order + 1, name + s.stem + width);
        break;
    case SK_VOLUME_NUMBERED:
        made = order < 999 ? snprintf(out, cap, "%.*s%03u", (int)s.stem, name, order + 1) : 0;
        break;
    case SK_VOLUME_RAR:
        made = order == 0    ? snprintf(out, cap, "%.*s%s", (int)(n - 3), name, upper ? "RAR" : "rar")
               : order < 201 ? snprintf(out, cap, "%.*s%c%02u", (int)(n - 3), name, (upper ? "RS" : "rs")[order > 100],
                                        (order - 1) % 100)
                             : 0;
        break;
    case SK_VOLUME_ZIP:
        made = order == UINT32_MAX ? snprintf(out, cap, "%.*s%s", (int)(n - 3), name, upper ? "ZIP" : "zip")
               : order < 99        ? snprintf(out, cap, "%.*s%c%02u", (int)(n - 3), name, upper ? 'Z' : 'z', order + 1)
                                   : 0;
        break;
    default:
        break;
    }
    return made > 0 && (size_t)made < cap ? (size_t)made : 0;
}

/* ---------------------------------------------------------------- descriptors */

struct message {
    uint32_t magic, lead, self, n;
};

union control {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int) * SK_VOLUMES_MAX)];
};

static int open_order(int dir_fd, const char *name, uint32_t order)
{
    char other[NAME_CAP];
    if (sk_volume_name(name, order, other, sizeof(other)) == 0)
        return -1;
    struct sk_entry e = { .dir_fd = dir_fd, .name = other };
    return sk_open_entry(&e, NULL);
}

static void close_others(struct sk_volumes *v)
{
    for (uint32_t i = 0; i < v->n; i++)
        if (i != v->self)
            close(v->fds[i]);
}

/* All volumes before this one are there: else nobody can have read as far as here. */
static bool reachable(int dir_fd, const char *name, uint32_t order)
{
    char other[NAME_CAP];
    struct stat st;
    if (order >= SK_VOLUMES_MAX)
        return false;
    for (uint32_t k = 0; k < order; k++)
        if (sk_volume_name(name, k, other, sizeof(other)) == 0 ||
            fstatat(dir_fd, other, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
            return false;
    return true;
}

static int volume_fd(int dir_fd, const char *name, int fd, struct sk_volume own, uint32_t order)
{
    return order == own.order ? fd : open_order(dir_fd, name, order);
}

/* All volumes around any of them; a ZIP's .zip, which is its lead, comes last. */
static bool gather_all(int dir_fd, const char *name, int fd, struct sk_volume own, struct sk_volumes *v)
{
    v->lead = true;
    v->self = own.order;
    if (!own.lead && !reachable(dir_fd, name, own.order))
        return false;
    for (int next; v->n < SK_VOLUMES_MAX - 1 && (next = volume_fd(dir_fd, name, fd, own, v->n)) >= 0;)
        v->fds[v->n++] = next;
    if (own.style == SK_VOLUME_ZIP) {
        int last = volume_fd(dir_fd, name, fd, own, UINT32_MAX);
        if (last < 0)
            return false;
        if (own.lead)
            v->self = v->n;
        v->fds[v->n++] = last;
    }
    return v->n > 1 && v->n > v->self;
}

/* The set around an entry; false when it stands alone. */
static bool gather(int dir_fd, const char *name, int fd, bool alone, struct sk_volumes *v)
{
    struct sk_volume own = sk_volume_of(name);
    v->lead = own.lead;
    v->n = v->self = 0;
    if (own.style == SK_VOLUME_NONE)
        return false;
    if (own.lead || alone)
        return gather_all(dir_fd, name, fd, own, v);
    if (!reachable(dir_fd, name, own.order))
        return false;
    int lead = open_order(dir_fd, name, own.style == SK_VOLUME_ZIP ? UINT32_MAX : 0);
    if (lead < 0)
        return false;
    int first = own.style == SK_VOLUME_ZIP && own.order ? open_order(dir_fd, name, 0) : -1;
    v->fds[v->n++] = fd;
    if (own.style != SK_VOLUME_ZIP)
        v->fds[v->n++] = lead;
    else
        close(lead);
    if (first >= 0)
        v->fds[v->n++] = first;
    return true;
}

static bool send_set(int to, const struct sk_volumes *v)
{
    struct message body = { MAGIC, v->lead, v->self, v->n };
    struct iovec part = { &body, sizeof(body) };
    union control control;
    memset(&control, 0, sizeof(control));
    struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space };
    m.msg_controllen = CMSG_SPACE(sizeof(int) * v->n);
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int) * v->n);
    memcpy(CMSG_DATA(c), v->fds, sizeof(int) * v->n);
    return sendmsg(to, &m, MSG_NOSIGNAL) == (ssize_t)sizeof(body);
}

int sk_volumes_bundle(int dir_fd, const char *name, int fd, bool alone)
{
    struct sk_volumes v;
    int ends[2];
    if (sk_volume_of(name).style == SK_VOLUME_NONE)
        return fd;
    bool set = gather(dir_fd, name, fd, alone, &v);
    bool sent = set && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0;
    if (sent) {
        sent = send_set(ends[0], &v);
        close(ends[0]); /* what was sent stays in the other */
        if (!sent)
            close(ends[1]);
    }
    close_others(&v);
    if (sent)
        close(fd);
    return sent ? ends[1] : fd;
}

int sk_volumes_bundle_path(const char *path, int fd)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char folder[4096];
    int n = slash ? snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path + 1), path)
                  : snprintf(folder, sizeof(folder), ".");
    if (n <= 0 || (size_t)n >= sizeof(folder) || sk_volume_of(name).style == SK_VOLUME_NONE)
        return fd;
    int dir_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
    if (dir_fd < 0)
        return fd;
    fd = sk_volumes_bundle(dir_fd, name, fd, true);
    close(dir_fd);
    return fd;
}

bool sk_volumes_take(int fd, struct sk_volumes *out)
{
    struct message body = { 0 };
    struct iovec part = { &body, sizeof(body) };
    union control control;
    struct msghdr m = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = sizeof(control.space)
    };
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISSOCK(st.st_mode))
        return false;
    memset(&control, 0, sizeof(control));
    memset(out, 0, sizeof(*out));
    ssize_t got;
    do
        got = recvmsg(fd, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    while (got < 0 && errno == EINTR);
    struct cmsghdr *c = got == (ssize_t)sizeof(body) ? CMSG_FIRSTHDR(&m) : NULL;
    if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
        return false;
    out->n = (uint32_t)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    memcpy(out->fds, CMSG_DATA(c), sizeof(int) * out->n);
    out->lead = body.lead != 0;
    out->self = body.self;
    bool ok = body.magic == MAGIC && body.n == out->n && body.self < out->n;
    for (uint32_t i = 0; i < out->n; i++)
        if (fstat(out->fds[i], &st) == 0 && st.st_size > 0)
            out->sizes[i] = (uint64_t)st.st_size;
    if (!ok)
        sk_volumes_close(out);
    return ok;
}

void sk_volumes_close(struct sk_volumes *v)
{
    for (uint32_t i = 0; i < v->n; i++)
        close(v->fds[i]);
    v->n = 0;
}
