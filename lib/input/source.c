#define _GNU_SOURCE
#include "input/source.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum kind { MEMORY, DESCRIPTOR, STREAM, JOINED };

#define SKIP_STEP ((size_t)16 << 10)
#define READ_STEP ((size_t)256 << 10)

struct sk_source {
    enum kind kind;
    struct sk_bytes memory;
    struct sk_stretch *pieces; /* JOINED */
    size_t n_pieces;
    int fd;
    sk_pull pull;
    void *ctx;
    uint64_t size;
    uint64_t at;   /* STREAM: bytes pulled so far */
    uint8_t *head; /* the first head_n bytes; not for MEMORY */
    size_t head_n;
    bool head_whole; /* the source ends with the head */
    bool failed;     /* an error was met behind the head; it is told again to whoever asks */
};

static struct sk_source *make(enum kind kind, uint64_t size)
{
    struct sk_source *s = sk_new(1, sizeof(*s));
    if (s) {
        s->kind = kind;
        s->size = size;
        s->fd = -1;
    }
    return s;
}

struct sk_source *sk_source_memory(struct sk_bytes bytes)
{
    struct sk_source *s = make(MEMORY, bytes.n);
    if (s)
        s->memory = bytes;
    return s;
}

struct sk_source *sk_source_fd(int fd, uint64_t size)
{
    struct sk_source *s = make(DESCRIPTOR, size);
    if (s)
        s->fd = fd;
    return s;
}

struct sk_source *sk_source_stream(sk_pull pull, void *ctx, uint64_t size_or_unknown)
{
    struct sk_source *s = make(STREAM, size_or_unknown);
    if (s) {
        s->pull = pull;
        s->ctx = ctx;
    }
    return s;
}

struct sk_source *sk_source_joined(const struct sk_stretch *pieces, size_t n)
{
    struct sk_source *s = make(JOINED, 0);
    if (!s || !(s->pieces = sk_new(n ? n : 1, sizeof(*pieces)))) {
        free(s);
        return NULL;
    }
    s->n_pieces = n;
    for (size_t i = 0; i < n; i++) {
        if (!sk_source_random(pieces[i].source) || pieces[i].n > UINT64_MAX / 2 - s->size) {
            sk_source_free(s);
            return NULL;
        }
        s->pieces[i] = pieces[i];
        s->size += pieces[i].n;
    }
    return s;
}

size_t sk_source_stretches(const struct sk_source *s)
{
    return s->n_pieces;
}

uint64_t sk_source_stretch(const struct sk_source *s, size_t i)
{
    uint64_t at = 0;
    for (size_t k = 0; k < i && k < s->n_pieces; k++)
        at += s->pieces[k].n;
    return at;
}

void sk_source_free(struct sk_source *s)
{
    if (s) {
        free(s->head);
        free(s->pieces);
    }
    free(s);
}

uint64_t sk_source_size(const struct sk_source *s)
{
    return s->size;
}

bool sk_source_random(const struct sk_source *s)
{
    return s->kind != STREAM;
}

/* Full reads: less than n only at the end of the file. */
static ssize_t read_descriptor(const struct sk_source *s, uint64_t off, uint8_t *buf, size_t n)
{
    size_t got = 0;
    while (got < n && off + got <= (uint64_t)INT64_MAX) {
        ssize_t r = pread(s->fd, buf + got, n - got, (off_t)(off + got));
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return got ? (ssize_t)got : -1; /* the next read meets the error again */
        if (r == 0)
            break;
        got += (size_t)r;
    }
    return (ssize_t)got;
}

/* Full reads as well. A piece that has become shorter ends the whole. */
static ssize_t read_joined(const struct sk_source *s, uint64_t off, uint8_t *buf, size_t n)
{
    size_t got = 0;
    for (size_t i = 0; i < s->n_pieces && got < n; i++) {
        const struct sk_stretch *p = &s->pieces[i];
        if (off >= p->n) {
            off -= p->n;
            continue;
        }
        size_t want = n - got < p->n - off ? n - got : (size_t)(p->n - off);
        ssize_t r = sk_source_read(p->source, p->off + off, buf + got, want);
        if (r < 0)
            return got ? (ssize_t)got : -1;
        got += (size_t)r;
        if ((size_t)r < want)
            break;
        off = 0;
    }
    return (ssize_t)got;
}

static ssize_t read_stream(struct sk_source *s, uint8_t *buf, size_t n)
{
    size_t got = 0;
    while (got < n && !s->failed) {
        ssize_t r = s->pull(s->ctx, buf + got, n - got);
        if (r == 0)
            break;
        if (r < 0 || (size_t)r > n - got) {
            s->failed = true;
            break;
        }
        got += (size_t)r;
        s->at += (uint64_t)r;
    }
    return got || !s->failed ? (ssize_t)got : -1;
}

/* Reads on until the head holds want bytes or the source ends. */
static void fill_head(struct sk_source *s, size_t want)
{
    if (s->head_n >= want || s->head_whole || s->failed)
        return;
    if (!s->head && !(s->head = malloc(SK_HEAD_BYTES))) {
        s->failed = true;
        return;
    }
    /* A descriptor is read in one call: most files end within the head. A stream gives what it is asked for. */
    size_t n = (s->kind == STREAM ? want : SK_HEAD_BYTES) - s->head_n;
    ssize_t r = s->kind == STREAM   ? read_stream(s, s->head + s->head_n, n)
                : s->kind == JOINED ? read_joined(s, s->head_n, s->head + s->head_n, n)
                                    : read_descriptor(s, s->head_n, s->head + s->head_n, n);
    if (r < 0) {
        s->failed = true;
        return;
    }
    s->head_n += (size_t)r;
    s->head_whole = (size_t)r < n && !s->failed;
}

struct sk_bytes sk_source_head(struct sk_source *s, size_t n)
{
    if (n > SK_HEAD_BYTES)
        n = SK_HEAD_BYTES;
    if (s->kind == MEMORY)
        return sk_bytes(s->memory.p, n < s->memory.n ? n : s->memory.n);
    fill_head(s, n);
    return sk_bytes(s->head, n < s->head_n ? n : s->head_n);
}

static ssize_t read_memory(const struct sk_source *s, uint64_t off, void *buf, size_t n)
{
    if (off >= s->memory.n)
        return 0;
    size_t left = s->memory.n - (size_t)off;
    n = n < left ? n : left;
    memcpy(buf, s->memory.p + off, n);
    return (ssize_t)n;
}

/* Pulls and drops what lies before off. */
static bool skip_to(struct sk_source *s, uint64_t off)
{
    uint8_t waste[SKIP_STEP];
    while (s->at < off) {
        uint64_t gap = off - s->at;
        if (read_stream(s, waste, gap < sizeof(waste) ? (size_t)gap : sizeof(waste)) <= 0)
            return false;
    }
    return true;
}

ssize_t sk_source_read(struct sk_source *s, uint64_t off, void *buf, size_t n)
{
    if (n == 0)
        return 0;
    if (n > (size_t)INT32_MAX)
        n = (size_t)INT32_MAX;
    if (s->kind == MEMORY)
        return read_memory(s, off, buf, n);
    /* Streams pass through the head as far as it reaches; descriptors use it when it is there. */
    if (off < SK_HEAD_BYTES && (s->kind == STREAM || s->head)) {
        fill_head(s, n < SK_HEAD_BYTES - off ? (size_t)off + n : SK_HEAD_BYTES);
        if (off < s->head_n) {
            size_t left = s->head_n - (size_t)off;
            n = n < left ? n : left;
            memcpy(buf, s->head + off, n);
            return (ssize_t)n;
        }
        return s->failed ? -1 : s->head_whole ? 0 : -1;
    }
    if (s->head_whole)
        return 0;
    if (s->kind == DESCRIPTOR)
        return read_descriptor(s, off, buf, n);
    if (s->kind == JOINED)
        return read_joined(s, off, buf, n);
    fill_head(s, SK_HEAD_BYTES); /* so that it can be looked at again later */
    if (s->head_whole)
        return 0;
    if (off < s->at)
        return -1;
    if (!skip_to(s, off))
        return s->failed ? -1 : 0;
    return read_stream(s, buf, n);
}

static bool too_large(struct sk_budget *budget)
{
    if (budget && budget->spent == SK_WHY_NONE)
        budget->spent = SK_WHY_TOO_LARGE;
    return false;
}

bool sk_source_all(struct sk_source *s, uint64_t max, struct sk_budget *budget, struct sk_buf *hold,
                   struct sk_bytes *out)
{
    if (s->size != SK_SIZE_UNKNOWN && s->size > max)
        return too_large(budget);
    if (s->kind == MEMORY) {
        *out = s->memory;
        return true;
    }
    uint64_t ceiling = max < SIZE_MAX - READ_STEP ? max + READ_STEP : SIZE_MAX - 1;
    sk_buf_free(hold);
    sk_buf_init(hold, (size_t)ceiling);
    if (s->size != SK_SIZE_UNKNOWN && s->size < READ_STEP && !sk_buf_reserve(hold, (size_t)s->size + 1))
        return false;
    for (;;) {
        if (budget && !sk_budget_time(budget))
            return false;
        size_t room = hold->cap > hold->n + 1 ? hold->cap - hold->n - 1 : 0;
        if (room == 0) {
            if (!sk_buf_reserve(hold, READ_STEP))
                return false;
            room = hold->cap - hold->n - 1;
        }
        ssize_t r = sk_source_read(s, hold->n, hold->p + hold->n, room < READ_STEP ? room : READ_STEP);
        if (r < 0)
            return false;
        if (r == 0)
            break;
        hold->n += (size_t)r;
        if (hold->n > max)
            return too_large(budget);
    }
    if (hold->p)
        hold->p[hold->n] = '\0';
    *out = sk_bytes(hold->p, hold->n);
    return true;
}
