/* index.c - the index of the own register and the secrets of a site. */
#include "api/api.h"

#include "base/secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

seki_status sk_secret_key(const char *path, const char *purpose, struct sk_key *key, seki_error *err)
{
    switch (sk_secret_read(path, purpose, key)) {
    case SK_SECRET_GOOD:
        return SEKI_OK;
    case SK_SECRET_MISSING:
        return sk_fail(err, SEKI_E_USAGE, errno, "鍵 %s を開けません。sekisho index key で作れます。",
                       "The secret %s cannot be opened. sekisho index key makes one.", path);
    case SK_SECRET_OPEN:
        return sk_fail(err, SEKI_E_USAGE, 0, "鍵 %s を他人が読めます。chmod 600 にしてください。",
                       "The secret %s can be read by others. Set chmod 600.", path);
    default:
        return sk_fail(err, SEKI_E_USAGE, 0, "%s は鍵(32バイト)ではありません。", "%s is not a secret (32 bytes).",
                       path);
    }
}

seki_status seki_secret_create(const char *path, seki_error *err)
{
    if (!path)
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    if (sk_secret_create(path))
        return SEKI_OK;
    int e = errno;
    return sk_fail(err, e == EEXIST ? SEKI_E_USAGE : SEKI_E_IO, e, "鍵 %s を作れません(%s)。",
                   "The secret %s cannot be made (%s).", path, strerror(e));
}

seki_status sk_own_register(const char *index, const char *key_path, struct sk_register **out, seki_error *err)
{
    struct sk_key key;
    *out = NULL;
    if (!index && !key_path)
        return SEKI_OK;
    if (!index || !key_path)
        return sk_fail(err, SEKI_E_USAGE, 0, "台帳の索引(--index)とその鍵(--index-key)は両方を指定してください。",
                       "Name both the index of the register (--index) and its secret (--index-key).");
    seki_status status = sk_secret_key(key_path, "register", &key, err);
    if (status)
        return status;
    enum sk_register_state state = sk_register_open(index, &key, out);
    explicit_bzero(&key, sizeof(key));
    switch (state) {
    case SK_REGISTER_GOOD:
        return SEKI_OK;
    case SK_REGISTER_MISSING:
        return sk_fail(err, SEKI_E_USAGE, errno, "台帳の索引 %s を開けません。", "The index %s cannot be opened.",
                       index);
    case SK_REGISTER_WRONG_KEY:
        return sk_fail(err, SEKI_E_USAGE, 0, "台帳の索引 %s は別の鍵で作られています。",
                       "The index %s was made with another secret.", index);
    case SK_REGISTER_NO_MEMORY:
        return sk_no_memory(err);
    default:
        return sk_fail(err, SEKI_E_USAGE, 0, "台帳の索引 %s は壊れているか、索引ではありません。",
                       "The index %s is damaged or not an index.", index);
    }
}

static bool info_usable(const seki_index_info *info)
{
    return !info || info->size == sizeof(*info);
}

static void tell(const struct sk_register *r, uint64_t without, seki_index_info *info)
{
    if (!info)
        return;
    info->records = sk_register_records(r);
    info->keys = sk_register_size(r);
    info->without = without;
    sk_day_text(sk_register_day(r), info->made);
    sk_hex(sk_register_digest(r), SK_SHA256_BYTES, info->digest);
}

seki_status seki_index_show(const char *index, const char *secret, seki_index_info *info, seki_error *err)
{
    struct sk_register *r;
    if (!index || !secret || !info_usable(info))
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    seki_status status = sk_own_register(index, secret, &r, err);
    if (status)
        return status;
    tell(r, 0, info);
    sk_register_free(r);
    return SEKI_OK;
}

/* The whole list must have been read: an index of half of it would call the other half strangers. */
static seki_status read_list(seki_scanner *scanner, const char *list, seki_error *err)
{
    seki_result *result = NULL;
    seki_status status = seki_scan_path(scanner, list, &result, err);
    if (!status && strcmp(seki_result_state(result), "inspected") != 0)
        status = sk_fail(err, SEKI_E_USAGE, 0,
                         "%s を最後まで読めません(壊れている、暗号化されているなど)。索引は作りませんでした。",
                         "%s cannot be read to its end (damaged, encrypted ...). No index was made.", list);
    seki_result_free(result);
    return status;
}

seki_status seki_index_build(const seki_rules *rules, const char *list, const char *output, const char *secret,
                             seki_index_info *info, seki_error *err)
{
    struct sk_register_list keys = { 0 };
    seki_scanner *scanner = NULL;
    long day;
    if (!rules || !list || !output || !secret || !info_usable(info))
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    seki_scanner_options o = { .size = sizeof(o), .max_places = 1 };
    seki_status status = sk_as_of(NULL, &day, err);
    if (!status)
        status = sk_secret_key(secret, "register", &keys.key, err);
    if (!status)
        status = seki_scanner_new(&scanner, rules, NULL, &o, err);
    if (!status && !sk_scanner_lists(scanner, &keys))
        status = sk_no_memory(err);
    if (!status)
        status = read_list(scanner, list, err);
    if (!status && keys.records == 0)
        status = sk_fail(err, SEKI_E_USAGE, 0,
                         "%s "
                         "に被保険者番号や氏名・生年月日の列が見つかりません。1行目に見出し("
                         "保険者番号、記号、番号、氏名、生年月日など)を書いてください。",
                         "%s has no columns of insured numbers or names with birth dates. Write headers (保険者番号, "
                         "記号, 番号, 氏名, 生年月日 ...) in the first row.",
                         list);
    if (!status && !sk_register_write(&keys, output, day)) {
        int e = errno;
        status = sk_fail(err, SEKI_E_IO, e, "%s を書けません(%s)。", "%s cannot be written (%s).", output, strerror(e));
    }
    uint64_t without = keys.without;
    seki_scanner_free(scanner);
    sk_register_list_free(&keys);
    if (!status) {
        struct sk_register *r;
        status = sk_own_register(output, secret, &r, err); /* what was written is what will be read */
        if (!status) {
            tell(r, without, info);
            sk_register_free(r);
        }
    }
    return status;
}
