#include "base/sign.h"

#include "base/files.h"
#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(SK_SIGN_PUBLIC == crypto_sign_PUBLICKEYBYTES && SK_SIGN_SECRET == crypto_sign_SECRETKEYBYTES &&
                   SK_SIGNATURE == crypto_sign_BYTES,
               "Ed25519");
#define LINE "sekisho-public-key 1 "

bool sk_unhex(const char *text, uint8_t *out, size_t n)
{
    if (strlen(text) != 2 * n)
        return false;
    for (size_t i = 0; i < 2 * n; i++) {
        char c = text[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0)
            return false;
        out[i / 2] = (uint8_t)(out[i / 2] << 4 | digit);
    }
    return true;
}

/* ---------------------------------------------------------------- keys */

void sk_signer_wipe(struct sk_signer *s)
{
    sodium_memzero(s, sizeof(*s));
}

void sk_signer_line(const struct sk_signer *s, char out[SK_SIGN_LINE])
{
    char hex[2 * SK_SIGN_PUBLIC + 1];
    sk_hex(s->public_key, SK_SIGN_PUBLIC, hex);
    snprintf(out, SK_SIGN_LINE, LINE "%s\n", hex);
}

/* The line of a public key, with or without its line end. */
static bool read_line(char *text, size_t n, struct sk_signer *s)
{
    text[n] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    return strncmp(text, LINE, sizeof(LINE) - 1) == 0 &&
           sk_unhex(text + sizeof(LINE) - 1, s->public_key, SK_SIGN_PUBLIC);
}

/* libsodium keeps the public key behind the seed; that they belong together is what tells a key from 64 other bytes. */
static bool read_secret(const char *p, struct sk_signer *s)
{
    uint8_t again[SK_SIGN_SECRET];
    memcpy(s->secret, p, SK_SIGN_SECRET);
    bool ok = crypto_sign_seed_keypair(s->public_key, again, s->secret) == 0 &&
              sodium_memcmp(again, s->secret, sizeof(again)) == 0;
    sodium_memzero(again, sizeof(again));
    s->can_sign = ok;
    return ok;
}

enum sk_signer_state sk_signer_read(const char *path, struct sk_signer *s)
{
    char text[SK_SIGN_LINE + 1];
    struct stat st;
    memset(s, 0, sizeof(*s));
    if (sodium_init() < 0)
        return SK_SIGNER_DENIED;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT ? SK_SIGNER_MISSING : SK_SIGNER_DENIED;
    bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    int64_t n = regular ? sk_read_up_to(fd, text, SK_SIGN_LINE) : 0;
    int e = errno;
    close(fd);
    errno = e;
    enum sk_signer_state state = SK_SIGNER_WRONG;
    if (n < 0)
        state = SK_SIGNER_DENIED;
    else if (n == SK_SIGN_SECRET && st.st_size == SK_SIGN_SECRET && read_secret(text, s))
        state = st.st_mode & (S_IRWXG | S_IRWXO) ? SK_SIGNER_OPEN : SK_SIGNER_GOOD;
    else if (n > SK_SIGN_SECRET && read_line(text, (size_t)n, s))
        state = SK_SIGNER_GOOD;
    sodium_memzero(text, sizeof(text));
    if (state != SK_SIGNER_GOOD && state != SK_SIGNER_OPEN)
        sk_signer_wipe(s);
    return state;
}

bool sk_signer_create(const char *path, struct sk_signer *s)
{
    memset(s, 0, sizeof(*s));
    errno = EIO;
    if (sodium_init() < 0 || crypto_sign_keypair(s->public_key, s->secret) != 0)
        return false;
    s->can_sign = sk_write_whole(path, s->secret, SK_SIGN_SECRET, false);
    bool ok = s->can_sign;
    if (!ok)
        sk_signer_wipe(s);
    return ok;
}

bool sk_sign(const struct sk_signer *s, const void *p, size_t n, uint8_t signature[SK_SIGNATURE])
{
    return s->can_sign && sodium_init() >= 0 && crypto_sign_detached(signature, NULL, p, n, s->secret) == 0;
}

bool sk_signature_holds(const uint8_t public_key[SK_SIGN_PUBLIC], const void *p, size_t n,
                        const uint8_t signature[SK_SIGNATURE])
{
    return sodium_init() >= 0 && crypto_sign_verify_detached(signature, p, n, public_key) == 0;
}
