#include "rules/modelfile.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void sk_model_refuse(struct sk_loader *l, const char *dir, const char *file)
{
    char path[4200];
    (void)snprintf(path, sizeof(path), "%s/models/%s", dir, file);
    sk_problem_add(l->problems, path, 0, 0, "辞書が壊れているか、この版のものではありません",
                   "the dictionary is damaged or of another version");
}

static bool map(struct sk_rules *r, const char *path, struct sk_bytes *out)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    bool ok = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= (off_t)SK_MODEL_HEAD &&
              (size_t)st.st_size <= SK_MODEL_MOST && r->n_maps < sizeof(r->maps) / sizeof(r->maps[0]);
    if (ok) {
        void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        ok = p != MAP_FAILED;
        if (ok) {
            r->maps[r->n_maps].at = p;
            r->maps[r->n_maps++].n = (size_t)st.st_size;
            *out = sk_bytes(p, (size_t)st.st_size);
        }
    }
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool check(struct sk_bytes file, const char magic[8], uint32_t version, struct sk_model *out)
{
    struct sk_bytes b = file;
    uint32_t is, total, crc;
    if (memcmp(file.p, magic, 8) != 0 || !sk_skip(&b, 8) || !sk_u32le(&b, &is) || !sk_u32le(&b, &total) ||
        !sk_u32le(&b, &out->own[0]) || !sk_u32le(&b, &out->own[1]) || !sk_u32le(&b, &out->own[2]) ||
        !sk_u32le(&b, &crc) || is != version || total != file.n)
        return false;
    out->body = b;
    return sk_crc32(sk_crc32(0, file.p, SK_MODEL_HEAD - 4), b.p, b.n) == crc;
}

bool sk_model_open(struct sk_loader *l, const char *dir, const char *file, const char magic[8], uint32_t version,
                   struct sk_model *out)
{
    char path[4200], name[64];
    struct sk_bytes all;
    if (snprintf(path, sizeof(path), "%s/models/%s", dir, file) >= (int)sizeof(path) || access(path, F_OK) != 0)
        return false;
    (void)snprintf(name, sizeof(name), "models/%s", file);
    if (!map(l->rules, path, &all) || !check(all, magic, version, out)) {
        sk_model_refuse(l, dir, file);
        return false;
    }
    return sk_load_digest(l, name, all.p, all.n);
}

void sk_models_unmap(struct sk_rules *r)
{
    for (size_t i = 0; i < r->n_maps; i++)
        (void)munmap(r->maps[i].at, r->maps[i].n);
    r->n_maps = 0;
}

const uint32_t *sk_model_u32(struct sk_loader *l, const struct sk_model *m, size_t at, size_t n)
{
    if (at % 4 != 0 || at > m->body.n || n > (m->body.n - at) / 4)
        return NULL;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    (void)l;
    return (const uint32_t *)(const void *)(m->body.p + at);
#else
    uint32_t *copy = sk_arena_new(&l->rules->arena, n + 1, sizeof(*copy));
    struct sk_bytes b = m->body;
    if (!copy || !sk_skip(&b, at)) {
        l->problems->no_memory = l->problems->no_memory || !copy;
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        (void)sk_u32le(&b, &copy[i]);
    return copy;
#endif
}
