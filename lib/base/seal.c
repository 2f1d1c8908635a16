#include "base/seal.h"

#include "base/files.h"
#include "base/mem.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK ((size_t)64 << 10)
#define SEALED_CHUNK (CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES)
#define KEY_BYTES crypto_secretstream_xchacha20poly1305_KEYBYTES
#define HEADER_BYTES crypto_secretstream_xchacha20poly1305_HEADERBYTES
static const char MAGIC[8] = "SKSEAL1\n";

struct head {
    char magic[8];
    uint8_t key[KEY_BYTES + crypto_box_SEALBYTES], header[HEADER_BYTES];
};

static bool put(int out, const void *p, size_t n, struct sk_sha256 *sha)
{
    return (!sha || sk_sha256_add(sha, p, n)) && sk_write_all(out, p, n);
}

/* As many bytes as there are, up to n; -1 with errno. */
static ssize_t get(int in, void *p, size_t n, off_t at)
{
    size_t have = 0;
    while (have < n) {
        ssize_t r = pread(in, (char *)p + have, n - have, at + (off_t)have);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return -1;
        if (r == 0)
            break;
        have += (size_t)r;
    }
    return (ssize_t)have;
}

static bool start(const struct sk_signer *recipient, struct head *h, crypto_secretstream_xchacha20poly1305_state *state)
{
    uint8_t key[KEY_BYTES], box[crypto_box_PUBLICKEYBYTES];
    memcpy(h->magic, MAGIC, sizeof(MAGIC));
    errno = EINVAL;
    bool ok = sodium_init() >= 0 && crypto_sign_ed25519_pk_to_curve25519(box, recipient->public_key) == 0;
    if (ok) {
        crypto_secretstream_xchacha20poly1305_keygen(key);
        ok = crypto_box_seal(h->key, key, sizeof(key), box) == 0 &&
             crypto_secretstream_xchacha20poly1305_init_push(state, h->header, key) == 0;
    }
    sodium_memzero(key, sizeof(key));
    return ok;
}

bool sk_seal(int in, int out, const struct sk_signer *recipient, struct sk_sha256 *sha, struct sk_sha256 *plain)
{
    crypto_secretstream_xchacha20poly1305_state state;
    struct head h;
    uint8_t *clear = sk_new(2 * CHUNK, 1), *sealed = sk_new(SEALED_CHUNK, 1);
    bool ok = clear && sealed && start(recipient, &h, &state) && put(out, &h, sizeof(h), sha), last = false;
    off_t at = 0;
    while (ok && !last) { /* one byte further shows whether this chunk is the last */
        ssize_t n = get(in, clear, CHUNK + 1, at);
        last = n <= (ssize_t)CHUNK;
        size_t take = n < 0 ? 0 : last ? (size_t)n : CHUNK;
        unsigned long long length = 0;
        ok = n >= 0 && (!plain || sk_sha256_add(plain, clear, take)) &&
             crypto_secretstream_xchacha20poly1305_push(&state, sealed, &length, clear, take, NULL, 0,
                                                        last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0) ==
                 0 &&
             put(out, sealed, (size_t)length, sha);
        at += (off_t)take;
    }
    if (clear)
        sodium_memzero(clear, 2 * CHUNK);
    sodium_memzero(&state, sizeof(state));
    free(clear);
    free(sealed);
    return ok;
}

static bool begin(const struct head *h, const struct sk_signer *key, crypto_secretstream_xchacha20poly1305_state *state)
{
    uint8_t secret[crypto_box_SECRETKEYBYTES], box[crypto_box_PUBLICKEYBYTES], stream[KEY_BYTES];
    bool ok = sodium_init() >= 0 && key->can_sign && memcmp(h->magic, MAGIC, sizeof(MAGIC)) == 0 &&
              crypto_sign_ed25519_pk_to_curve25519(box, key->public_key) == 0 &&
              crypto_sign_ed25519_sk_to_curve25519(secret, key->secret) == 0 &&
              crypto_box_seal_open(stream, h->key, sizeof(h->key), box, secret) == 0 &&
              crypto_secretstream_xchacha20poly1305_init_pull(state, h->header, stream) == 0;
    sodium_memzero(secret, sizeof(secret));
    sodium_memzero(stream, sizeof(stream));
    return ok;
}

bool sk_unseal(int in, int out, const struct sk_signer *key)
{
    crypto_secretstream_xchacha20poly1305_state state;
    struct head h;
    uint8_t *clear = sk_new(CHUNK, 1), *sealed = sk_new(SEALED_CHUNK, 1), tag = 0;
    bool ok = clear && sealed && get(in, &h, sizeof(h), 0) == (ssize_t)sizeof(h) && begin(&h, key, &state);
    off_t at = (off_t)sizeof(h);
    while (ok && tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
        ssize_t n = get(in, sealed, SEALED_CHUNK, at);
        unsigned long long length = 0;
        ok =
            n > 0 &&
            crypto_secretstream_xchacha20poly1305_pull(&state, clear, &length, &tag, sealed, (size_t)n, NULL, 0) == 0 &&
            put(out, clear, (size_t)length, NULL);
        at += (off_t)(n > 0 ? n : 0);
    }
    ok = ok && get(in, sealed, 1, at) == 0; /* nothing behind the end */
    if (clear)
        sodium_memzero(clear, CHUNK);
    free(clear);
    free(sealed);
    return ok;
}
