#include "base/secret.h"

#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum sk_secret_state sk_secret_read(const char *path, const char *purpose, struct sk_key *key)
{
    uint8_t secret[SK_SECRET_BYTES + 1];
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return SK_SECRET_MISSING;
    ssize_t n = -1;
    bool known = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    bool open_to_others = known && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0;
    if (known && !open_to_others)
        n = read(fd, secret, sizeof(secret));
    close(fd);
    enum sk_secret_state state = open_to_others ? SK_SECRET_OPEN : SK_SECRET_WRONG;
    if (n == SK_SECRET_BYTES && sodium_init() >= 0 &&
        crypto_generichash((uint8_t *)key, sizeof(*key), (const uint8_t *)purpose, strlen(purpose), secret,
                           SK_SECRET_BYTES) == 0)
        state = SK_SECRET_GOOD;
    sodium_memzero(secret, sizeof(secret));
    return state;
}

bool sk_secret_create(const char *path)
{
    uint8_t secret[SK_SECRET_BYTES];
    if (sodium_init() < 0) {
        errno = ENOSYS;
        return false;
    }
    randombytes_buf(secret, sizeof(secret));
    bool ok = sk_write_whole(path, secret, sizeof(secret), false);
    int e = errno;
    sodium_memzero(secret, sizeof(secret));
    errno = e;
    return ok;
}
