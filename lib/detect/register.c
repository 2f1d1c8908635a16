#include "detect/register.h"

#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the index is mapped as it lies in the file, little-endian"
#endif

#define HEADER 128u
#define MOST_BITS 24u
static const char MAGIC[8] = "SKREG1\n";

struct header {
    char magic[8];
    uint64_t n;
    uint32_t bits, zero;
    int64_t day;
    uint64_t check, records;
    uint8_t body[SK_SHA256_BYTES];
    uint8_t rest[48];
};
_Static_assert(sizeof(struct header) == HEADER, "as in the file");

struct sk_register {
    void *map;
    size_t bytes;
    const uint64_t *first, *keys;
    struct header h;
    struct sk_key key;
    uint8_t digest[SK_SHA256_BYTES];
};

static uint64_t check_of(const struct sk_key *key)
{
    static const char TEXT[] = "sekisho register";
    return sk_siphash(key, TEXT, sizeof(TEXT) - 1);
}

static size_t body_bytes(const struct header *h)
{
    return ((((size_t)1 << h->bits) + 1) + (size_t)h->n) * sizeof(uint64_t);
}

/* The table of first keys leads where keys are, and the body is the one that was written. */
static bool holds(const struct sk_register *r)
{
    uint8_t digest[SK_SHA256_BYTES];
    size_t slots = (size_t)1 << r->h.bits;
    if (!sk_sha256(r->first, body_bytes(&r->h), digest) || memcmp(digest, r->h.body, sizeof(digest)) != 0)
        return false;
    for (size_t i = 0; i < slots; i++)
        if (r->first[i] > r->first[i + 1])
            return false;
    return r->first[slots] == r->h.n;
}

static enum sk_register_state map_file(struct sk_register *r, int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (uint64_t)st.st_size < HEADER ||
        pread(fd, &r->h, HEADER, 0) != (ssize_t)HEADER || memcmp(r->h.magic, MAGIC, sizeof(MAGIC)) != 0 ||
        r->h.bits > MOST_BITS || r->h.n > (uint64_t)1 << 40 || (uint64_t)st.st_size != HEADER + body_bytes(&r->h))
        return SK_REGISTER_DAMAGED;
    if (r->h.check != check_of(&r->key))
        return SK_REGISTER_WRONG_KEY;
    r->bytes = (size_t)st.st_size;
    r->map = mmap(NULL, r->bytes, PROT_READ, MAP_PRIVATE, fd, 0);
    if (r->map == MAP_FAILED) {
        r->map = NULL;
        return SK_REGISTER_NO_MEMORY;
    }
    r->first = (const uint64_t *)(const void *)((const char *)r->map + HEADER);
    r->keys = r->first + ((size_t)1 << r->h.bits) + 1;
    return holds(r) && sk_sha256(&r->h, HEADER, r->digest) ? SK_REGISTER_GOOD : SK_REGISTER_DAMAGED;
}

enum sk_register_state sk_register_open(const char *path, const struct sk_key *key, struct sk_register **out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return SK_REGISTER_MISSING;
    struct sk_register *r = sk_new(1, sizeof(*r));
    enum sk_register_state state = SK_REGISTER_NO_MEMORY;
    if (r) {
        r->key = *key;
        state = map_file(r, fd);
    }
    close(fd);
    if (state != SK_REGISTER_GOOD) {
        sk_register_free(r);
        r = NULL;
    }
    *out = r;
    return state;
}

void sk_register_free(struct sk_register *r)
{
    if (!r)
        return;
    if (r->map)
        munmap(r->map, r->bytes);
    explicit_bzero(&r->key, sizeof(r->key));
    free(r);
}

bool sk_register_has(const struct sk_register *r, uint64_t key)
{
    size_t slot = r->h.bits ? (size_t)(key >> (64 - r->h.bits)) : 0;
    uint64_t low = r->first[slot], high = r->first[slot + 1];
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (r->keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->first[slot + 1] && r->keys[low] == key;
}

const struct sk_key *sk_register_key(const struct sk_register *r)
{
    return &r->key;
}

uint64_t sk_register_size(const struct sk_register *r)
{
    return r->h.n;
}

uint64_t sk_register_records(const struct sk_register *r)
{
    return r->h.records;
}

long sk_register_day(const struct sk_register *r)
{
    return (long)r->h.day;
}

const uint8_t *sk_register_digest(const struct sk_register *r)
{
    return r->digest;
}

/* ---------------------------------------------------------------- making it */

bool sk_register_list_add(struct sk_register_list *l, uint64_t key)
{
    if (!sk_grow(&l->keys, &l->cap, l->n + 1, sizeof(*l->keys)))
        return false;
    l->keys[l->n++] = key;
    return true;
}

void sk_register_list_free(struct sk_register_list *l)
{
    free(l->keys);
    explicit_bzero(l, sizeof(*l));
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* About 16 keys for each entry of the table of first keys: half a byte a key. */
static uint32_t bits_for(size_t n)
{
    uint32_t bits = 0;
    while (bits < MOST_BITS && ((size_t)1 << bits) < n / 16)
        bits++;
    return bits;
}

static bool make_header(const struct sk_register_list *l, const uint64_t *first, size_t slots, struct header *h)
{
    struct sk_sha256 *sha = sk_sha256_new();
    bool ok = sha && sk_sha256_start(sha) && sk_sha256_add(sha, first, (slots + 1) * sizeof(*first)) &&
              sk_sha256_add(sha, l->keys, l->n * sizeof(*l->keys)) && sk_sha256_end(sha, h->body);
    sk_sha256_free(sha);
    return ok;
}

bool sk_register_write(struct sk_register_list *l, const char *path, long day)
{
    if (l->n)
        qsort(l->keys, l->n, sizeof(*l->keys), by_value);
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++)
        if (n == 0 || l->keys[i] != l->keys[n - 1])
            l->keys[n++] = l->keys[i];
    l->n = n;
    struct header h = { .n = n, .bits = bits_for(n), .day = day, .check = check_of(&l->key), .records = l->records };
    memcpy(h.magic, MAGIC, sizeof(MAGIC));
    size_t slots = (size_t)1 << h.bits;
    uint64_t *first = sk_new(slots + 1, sizeof(*first));
    if (!first) {
        errno = ENOMEM;
        return false;
    }
    for (size_t i = 0, at = 0; i <= slots; i++) {
        while (at < n && h.bits && (size_t)(l->keys[at] >> (64 - h.bits)) < i)
            at++;
        first[i] = h.bits == 0 && i == slots ? n : at;
    }
    errno = 0;
    struct sk_bytes pieces[] = { sk_bytes(&h, sizeof(h)), sk_bytes(first, (slots + 1) * sizeof(*first)),
                                 sk_bytes(l->keys, l->n * sizeof(*l->keys)) };
    bool ok = make_header(l, first, slots, &h) && sk_write_pieces(path, pieces, 3, true);
    free(first);
    return ok;
}
