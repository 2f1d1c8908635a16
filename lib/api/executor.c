#include "api/tree.h"

#include "input/rights.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

/* ---------------------------------------------------------------- items */

static char *group_name(gid_t gid)
{
    struct group entry, *found = NULL;
    char buffer[4096], number[16];
    if (getgrgid_r(gid, &entry, buffer, sizeof(buffer), &found) == 0 && found)
        return sk_copy_string(found->gr_name, strlen(found->gr_name));
    snprintf(number, sizeof(number), "%u", (unsigned)gid);
    return sk_copy_string(number, strlen(number));
}

/* Files of one group follow each other, and asking the system opens its databases each time. */
static char *known_group(struct sk_group *known, gid_t gid)
{
    if (!known)
        return group_name(gid);
    if (!known->name || known->gid != gid) {
        free(known->name);
        known->gid = gid;
        known->name = group_name(gid);
    }
    return known->name ? sk_copy_string(known->name, strlen(known->name)) : NULL;
}

struct sk_item *sk_item_new(const char *shown, const struct stat *st, struct sk_group *known)
{
    struct sk_item *item = sk_new(1, sizeof(*item));
    if (!item)
        return NULL;
    item->why = SK_WHY_NONE;
    item->path = sk_copy_string(shown, strlen(shown));
    item->group = known_group(known, st->st_gid);
    if (!item->path || !item->group) {
        sk_item_free(item);
        return NULL;
    }
    item->facts = (struct sk_facts){ .path = item->path,
                                     .size = (uint64_t)st->st_size,
                                     .mtime = st->st_mtim.tv_sec,
                                     .ctime = st->st_ctim.tv_sec,
                                     .ctime_ns = (uint32_t)st->st_ctim.tv_nsec,
                                     .mode = st->st_mode,
                                     .uid = st->st_uid,
                                     .gid = st->st_gid,
                                     .group = item->group,
                                     .world_readable = (st->st_mode & S_IROTH) != 0,
                                     .dev = st->st_dev,
                                     .ino = st->st_ino,
                                     .nlink = (uint32_t)st->st_nlink };
    return item;
}

void sk_item_free(struct sk_item *item)
{
    if (!item)
        return;
    sk_result_free(item->stored);
    free(item->path);
    free(item->worn);
    free(item->real);
    free(item->group);
    free(item);
}

bool sk_item_attributes(struct sk_item *item, int fd, const struct sk_policy *policy)
{
    uint8_t bytes[SK_WORN_MAX + 1];
    item->asked = true;
    item->facts.world_by = sk_everybody_reads(fd, item->facts.mode);
    item->facts.world_readable = item->facts.world_by != NULL;
    ssize_t n = fgetxattr(fd, SK_WORN_ATTRIBUTE, bytes, sizeof(bytes));
    if (n <= 0 && !(n < 0 && errno == ERANGE))
        return true;
    struct sk_buf kept;
    sk_buf_init(&kept, 2 * SK_WORN_MAX);
    bool ok = sk_worn_accept(policy, sk_bytes(bytes, n > 0 ? (size_t)n : sizeof(bytes)), &kept);
    item->worn = ok ? sk_copy_string(kept.p, kept.n) : NULL;
    sk_buf_free(&kept);
    return item->worn != NULL;
}

bool sk_item_dress(const struct sk_item *item, struct seki_result *result)
{
    if (item->asked)
        result->worn = item->worn ? sk_arena_string(&result->arena, item->worn, strlen(item->worn)) : NULL;
    return !item->worn || result->worn;
}

/* ---------------------------------------------------------------- executor */

static struct seki_result *scan_here(void *ctx, int fd, const char *name, uint64_t size)
{
    struct seki_result *r = NULL;
    return sk_scan_descriptor(ctx, fd, name, size, &r, NULL) == SEKI_OK ? r : NULL;
}

seki_status sk_executor_open(struct sk_executor *e, const struct sk_executor_options *o, seki_error *err)
{
    memset(e, 0, sizeof(*e));
    e->deliver = o->deliver;
    e->ctx = o->ctx;
    seki_status status = seki_scanner_new(&e->scanner, o->rules, o->policy, o->scanner, err);
    if (status)
        return status;
    if (o->key && !sk_scanner_keys(e->scanner, o->key))
        return sk_no_memory(err);
    if (o->workers == 0)
        return SEKI_OK;
    struct sk_limits limits = SK_LIMITS_DEFAULT;
    if (o->policy)
        sk_policy_limits(o->policy->policy, &limits);
    struct sk_pool_options po = { .workers = o->workers,
                                  .scan = scan_here,
                                  .scan_ctx = e->scanner,
                                  .before_lock = sk_scanner_before_lock,
                                  .seconds = limits.seconds + 30,
                                  .memory_bytes = (uint64_t)2 << 30,
                                  .sandbox = true,
                                  .cancelled = o->cancelled,
                                  .cancel_ctx = o->ctx };
    e->pool = sk_pool_new(&po);
    if (!e->pool)
        return sk_fail(err, SEKI_E_INTERNAL, 0, "検査用のプロセスを起動できません。", "Cannot start worker processes.");
    sk_pool_on_deliver(e->pool, o->deliver, o->ctx);
    if (o->drop)
        sk_pool_on_drop(e->pool, o->drop, o->ctx);
    return SEKI_OK;
}

bool sk_executor_submit(struct sk_executor *e, int fd, const char *name, uint64_t size, void *tag)
{
    if (e->pool)
        return sk_pool_submit(e->pool, fd, name, size, tag);
    struct seki_result *r = NULL;
    if (fd >= 0) {
        r = scan_here(e->scanner, fd, name, size);
        close(fd);
        if (!r)
            r = sk_result_unread(name, size, SK_WHY_CRASHED, "memory");
    }
    return e->deliver(e->ctx, tag, r);
}

bool sk_executor_drain(struct sk_executor *e)
{
    return !e->pool || sk_pool_drain(e->pool);
}

void sk_executor_close(struct sk_executor *e)
{
    sk_pool_free(e->pool);
    seki_scanner_free(e->scanner);
    memset(e, 0, sizeof(*e));
}
