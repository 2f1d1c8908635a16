/* key.c - the key of the site, with which receipts are signed. */
#include "api/key.h"

#include "base/files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEFAULT_NAME "/sekisho/site.key"

/* The folder of the default key, made on demand: secrets belong beside configuration, not in a cache. */
static bool default_path(struct sk_buf *b, bool create)
{
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (xdg && *xdg == '/')
        sk_buf_str(b, xdg);
    else if (home && *home == '/')
        sk_buf_printf(b, "%s/.config", home);
    else
        return false;
    if (create && !b->failed)
        mkdir(b->p, 0700);
    if (create && sk_buf_str(b, "/sekisho"))
        mkdir(b->p, 0700);
    return sk_buf_str(b, create ? DEFAULT_NAME + sizeof("/sekisho") - 1 : DEFAULT_NAME);
}

/* True: the caller named the file, so that it is never made silently. */
static bool find_path(const char *given, bool create, struct sk_buf *b, bool *known)
{
    const char *env = getenv("SEKISHO_KEY");
    sk_buf_init(b, 8192);
    if (!given && env && *env)
        given = env;
    *known = given ? sk_buf_str(b, given) : default_path(b, create);
    return given != NULL;
}

static seki_status explain(const char *path, enum sk_signer_state state, seki_error *err)
{
    int e = errno;
    switch (state) {
    case SK_SIGNER_GOOD:
        return SEKI_OK;
    case SK_SIGNER_OPEN:
        return sk_fail(err, SEKI_E_USAGE, 0, "署名の鍵 %s をほかの人が読めます。chmod 600 で持ち主だけにしてください。",
                       "Others can read the signing key %s. Restrict it to its owner with chmod 600.", path);
    case SK_SIGNER_MISSING:
        return sk_fail(
            err, SEKI_E_USAGE, ENOENT,
            "署名の鍵 %s がありません。控えを発行した鍵を --key で指定するか、sekisho key create で作って点検し"
            "直してください。",
            "The signing key %s is missing. Name the key that issued the receipts with --key, or make one with "
            "sekisho key create and check again.",
            path);
    case SK_SIGNER_WRONG:
        return sk_fail(err, SEKI_E_USAGE, 0, "%s は署名の鍵ではありません。正しい鍵のファイルを指定してください。",
                       "%s is no signing key. Name the right file.", path);
    case SK_SIGNER_DENIED:
        break;
    }
    return sk_fail(err, SEKI_E_USAGE, e, "署名の鍵 %s を読めません(%s)。", "Cannot read the signing key %s (%s).", path,
                   strerror(e));
}

seki_status sk_site_key_read(const char *given, struct sk_signer *key, seki_error *err)
{
    struct sk_buf path;
    bool known;
    find_path(given, false, &path, &known);
    seki_status status = known
                             ? explain(path.p, sk_signer_read(path.p, key), err)
                             : sk_fail(err, SEKI_E_USAGE, 0, "署名の鍵の場所が分かりません。--key で指定してください。",
                                       "It is not known where the signing key is. Name it with --key.");
    sk_buf_free(&path);
    return status;
}

seki_status sk_site_key_for_issuing(const char *given, struct sk_signer *key, bool *have, seki_error *err)
{
    struct sk_buf path;
    bool known, named = find_path(given, true, &path, &known);
    enum sk_signer_state state = known ? sk_signer_read(path.p, key) : SK_SIGNER_MISSING;
    seki_status status = SEKI_OK;
    *have = state == SK_SIGNER_GOOD;
    if (state == SK_SIGNER_MISSING && !named) /* none can be made: no receipt, and the slip says why */
        *have = known &&
                (sk_signer_create(path.p, key) || (errno == EEXIST && sk_signer_read(path.p, key) == SK_SIGNER_GOOD));
    else
        status = explain(path.p, state, err);
    sk_buf_free(&path);
    return status;
}

static bool write_public(const char *path, const struct sk_signer *key)
{
    char line[SK_SIGN_LINE];
    struct sk_buf pub;
    sk_buf_init(&pub, 8192);
    sk_signer_line(key, line);
    bool ok = sk_buf_printf(&pub, "%s.pub", path) && sk_write_whole(pub.p, line, strlen(line), true) &&
              chmod(pub.p, 0644) == 0;
    sk_buf_free(&pub);
    return ok;
}

seki_status seki_key_create(const char *given, seki_error *err)
{
    struct sk_buf path;
    struct sk_signer key;
    bool known;
    find_path(given, true, &path, &known);
    seki_status status = SEKI_OK;
    if (!known)
        status = sk_fail(err, SEKI_E_USAGE, 0, "署名の鍵の場所が分かりません。--key で指定してください。",
                         "It is not known where the signing key shall be. Name it with --key.");
    else if (!sk_signer_create(path.p, &key))
        status = errno == EEXIST
                     ? sk_fail(err, SEKI_E_USAGE, EEXIST,
                               "%s はもうあります。鍵を置き換えると、前の控えが使えなくなります。",
                               "%s exists already. Replacing it would make earlier receipts useless.", path.p)
                     : sk_fail(err, SEKI_E_USAGE, errno, "署名の鍵 %s を作れません(%s)。",
                               "Cannot make the signing key %s (%s).", path.p, strerror(errno));
    else if (!write_public(path.p, &key))
        status = sk_fail(err, SEKI_E_IO, errno, "公開鍵 %s.pub を書けません(%s)。",
                         "Cannot write the public key %s.pub (%s).", path.p, strerror(errno));
    if (!status)
        sk_signer_wipe(&key);
    sk_buf_free(&path);
    return status;
}

seki_status seki_key_show(const char *given, char public_hex[65], seki_error *err)
{
    struct sk_signer key;
    if (!public_hex)
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    seki_status status = sk_site_key_read(given, &key, err);
    if (status)
        return status;
    sk_hex(key.public_key, SK_SIGN_PUBLIC, public_hex);
    sk_signer_wipe(&key);
    return SEKI_OK;
}
