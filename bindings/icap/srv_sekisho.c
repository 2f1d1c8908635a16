/*
 * srv_sekisho.c - a service for c-icap: Squid or a mail gateway asks Sekisho before something leaves.
 *
 *   Service sekisho srv_sekisho.so
 *   sekisho.Destination D-OTHER      where everything that passes this gateway goes; needed
 *   sekisho.Policy FILE              default: the policy beside the installed patterns
 *   sekisho.MaxObject BYTES          larger bodies are 判定不能 and do not pass; default 64 MiB
 *   sekisho.State FILE               checks are noted in this store's audit chain
 *   sekisho.Language ja|en           of the slip
 *
 * 送付可 passes. Everything else (送付不可, 条件未達, 判定不能 by the policy's verdict_when_incomplete, and every failure of ours) is answered with
 * 403 and the slip. A body lives in memory (memfd) until the answer is sent and is parsed by a locked worker process, never in this one.
 * A multipart form is read as the mail-like document that it is, so that each of its files is looked into. The URL itself is not looked at.
 */
#define _GNU_SOURCE
#include <c_icap/c-icap.h>
#include <c_icap/cfg_param.h>
#include <c_icap/debug.h>
#include <c_icap/request.h>
#include <c_icap/service.h>
#include <c_icap/simple_api.h>

#include <sekisho/sekisho.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

/* c-icap hands settings to variables of the module; they and the loaded rules do not change once requests come. */
static char *destination, *policy_file, *state_file, *language;
static int max_object = 64 << 20;
static seki_rules *rules;
static seki_policy *policy;

static struct ci_conf_entry settings[] = {
    { "Destination", &destination, ci_cfg_set_str, NULL },
    { "Policy", &policy_file, ci_cfg_set_str, NULL },
    { "State", &state_file, ci_cfg_set_str, NULL },
    { "Language", &language, ci_cfg_set_str, NULL },
    { "MaxObject", &max_object, ci_cfg_set_int, NULL },
    { NULL, NULL, NULL, NULL },
};

static const char PAGE[] = "<!DOCTYPE html><meta charset=\"utf-8\"><title>Sekisho</title><p>";

struct request {
    int fd;           /* the body; -1: none came */
    size_t prefix, n; /* bytes put before it; all bytes */
    size_t sent;
    bool broken;   /* a part of it is missing here */
    bool too_long; /* beyond MaxObject; the rest was dropped */
    bool blocked;
    char *slip;
    size_t n_slip, room;
};

/* ---------------------------------------------------------------- the service */

static void tell_problem(void *ctx, const seki_problem *p)
{
    (void)ctx;
    ci_debug_printf(1, "sekisho: %s:%u:%u: %s\n", p->file, p->line, p->column, p->en);
}

static int init_service(ci_service_xdata_t *service, struct ci_server_conf *conf)
{
    (void)conf;
    ci_service_set_preview(service, 4096);
    ci_service_enable_204(service);
    ci_service_set_transfer_preview(service, "*");
    return CI_OK;
}

/* Read once, before c-icap makes its children: they share these pages. */
static int post_init_service(ci_service_xdata_t *service, struct ci_server_conf *conf)
{
    (void)conf;
    seki_error err;
    seki_rules_options rules_options = { .size = sizeof(rules_options), .problem = tell_problem };
    seki_policy_options policy_options = { .size = sizeof(policy_options), .problem = tell_problem };
    if (!destination) {
        ci_debug_printf(1, "sekisho: set sekisho.Destination to one of the policy's destinations\n");
        return CI_ERROR;
    }
    if (seki_rules_load(&rules, &rules_options, &err) != SEKI_OK ||
        (policy_options.rules = rules, seki_policy_load(&policy, policy_file, &policy_options, &err)) != SEKI_OK) {
        ci_debug_printf(1, "sekisho: %s\n", err.en);
        return CI_ERROR;
    }
    /* Caches may keep an answer only as long as rules and policy are these. */
    char tag[CI_SERVICE_ISTAG_SIZE + 1];
    snprintf(tag, sizeof(tag), "%.12s%.12s", seki_rules_digest(rules), seki_policy_digest(policy));
    ci_service_set_istag(service, tag);
    return CI_OK;
}

static void close_service(void)
{
    seki_policy_free(policy);
    seki_rules_free(rules);
    policy = NULL;
    rules = NULL;
}

static void *init_request(ci_request_t *req)
{
    struct request *r = calloc(1, sizeof(*r));
    if (!r)
        return NULL;
    r->fd = -1;
    ci_req_lock_data(req);
    return r;
}

static void release_request(void *data)
{
    struct request *r = data;
    if (r->fd >= 0)
        close(r->fd);
    free(r->slip);
    free(r);
}

/* ---------------------------------------------------------------- the body comes in */

static bool write_all(int fd, const char *bytes, size_t n)
{
    while (n) {
        ssize_t k = write(fd, bytes, n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return false;
        bytes += k;
        n -= (size_t)k;
    }
    return true;
}

static const char *header(ci_request_t *req, const char *name)
{
    return ci_req_type(req) == ICAP_RESPMOD ? ci_http_response_get_header(req, name) : ci_http_request_get_header(req, name);
}

/* A form is multipart MIME whose header HTTP carries: with it the body is a document of its own. */
static bool start_body(struct request *r, ci_request_t *req)
{
    const char *type = header(req, "Content-Type");
    r->fd = memfd_create("sekisho-icap", MFD_CLOEXEC);
    if (r->fd < 0)
        return false;
    if (!type || strncasecmp(type, "multipart/", 10) != 0 || strpbrk(type, "\r\n"))
        return true;
    int n = dprintf(r->fd, "MIME-Version: 1.0\r\nContent-Type: %s\r\n\r\n", type);
    if (n < 0)
        return false;
    r->n = r->prefix = (size_t)n;
    return true;
}

static void take(struct request *r, ci_request_t *req, const char *bytes, int n)
{
    if (n <= 0 || r->broken || r->too_long)
        return;
    if (r->n - r->prefix + (size_t)n > (size_t)max_object)
        r->too_long = true;
    else if ((r->fd < 0 && !start_body(r, req)) || !write_all(r->fd, bytes, (size_t)n))
        r->broken = true;
    else
        r->n += (size_t)n;
}

static int preview(char *bytes, int n, ci_request_t *req)
{
    struct request *r = ci_service_data(req);
    if (!ci_req_hasbody(req))
        return CI_MOD_ALLOW204;
    if (!r)
        return CI_MOD_ERROR;
    take(r, req, bytes, n);
    return CI_MOD_CONTINUE;
}

/* ---------------------------------------------------------------- the verdict */

static bool write_slip(void *ctx, const void *bytes, size_t n)
{
    struct request *r = ctx;
    if (r->room - r->n_slip < n) {
        size_t room = (r->n_slip + n) * 2;
        char *more = realloc(r->slip, room);
        if (!more)
            return false;
        r->slip = more;
        r->room = room;
    }
    memcpy(r->slip + r->n_slip, bytes, n);
    r->n_slip += n;
    return true;
}

static void say(struct request *r, const char *ja, const char *en)
{
    const char *words = language && strcmp(language, "en") == 0 ? en : ja;
    r->n_slip = 0;
    write_slip(r, PAGE, sizeof(PAGE) - 1);
    write_slip(r, words, strlen(words));
}

/* What a person would call the thing: the last part of the URL, never longer than a name. */
static void name_of(ci_request_t *req, char name[256])
{
    char url[4096];
    snprintf(name, 256, "upload");
    if (ci_http_request_url(req, url, sizeof(url)) <= 0)
        return;
    url[strcspn(url, "?#")] = 0;
    const char *slash = strrchr(url, '/');
    if (slash && slash[1])
        snprintf(name, 256, "%s", slash + 1);
}

static bool passes(struct request *r, ci_request_t *req)
{
    char name[256];
    const char *file = name;
    seki_error err;
    int verdict = 2;
    if (r->too_long) {
        say(r, "判定不能: 送信する内容が上限より大きいため、点検できません。分けて送るか、管理者に相談してください。",
            "Undetermined: larger than can be checked here. Send it in parts or ask the administrator.");
        return false;
    }
    name_of(req, name);
    seki_check_options o = { .size = sizeof(o), .files = &file, .n_files = 1, .fds = &r->fd, .dest = destination, .format = "html",
                             .language = language, .state = state_file, .write = write_slip, .write_ctx = r, .problem = tell_problem };
    if (r->broken || seki_check(rules, policy, &o, &verdict, &err) != SEKI_OK) {
        ci_debug_printf(1, "sekisho: %s\n", r->broken ? "a body could not be kept" : err.en);
        say(r, "判定不能: 点検器の不具合により、点検できませんでした。管理者に知らせてください。",
            "Undetermined: the check failed. Tell the administrator.");
        return false;
    }
    return verdict == 0;
}

static void answer_blocked(struct request *r, ci_request_t *req)
{
    char length[64];
    r->blocked = true;
    snprintf(length, sizeof(length), "Content-Length: %zu", r->n_slip);
    ci_http_response_create(req, 1, 1);
    ci_http_response_add_header(req, "HTTP/1.1 403 Forbidden");
    ci_http_response_add_header(req, "Content-Type: text/html; charset=utf-8");
    ci_http_response_add_header(req, "Cache-Control: no-store");
    ci_http_response_add_header(req, "Connection: close");
    ci_http_response_add_header(req, length);
}

static int end_of_data(ci_request_t *req)
{
    struct request *r = ci_service_data(req);
    if (!r)
        return CI_MOD_ERROR;
    if ((r->fd >= 0 || r->too_long || r->broken) && !passes(r, req))
        answer_blocked(r, req);
    else if (ci_req_allow204(req))
        return CI_MOD_ALLOW204;
    r->sent = r->blocked ? 0 : r->prefix;
    ci_req_unlock_data(req);
    return CI_MOD_DONE;
}

/* Before the verdict nothing goes out; afterwards the slip, or what came in. */
static int give(struct request *r, char *out, int room)
{
    if (r->blocked) {
        size_t n = r->n_slip - r->sent < (size_t)room ? r->n_slip - r->sent : (size_t)room;
        if (n)
            memcpy(out, r->slip + r->sent, n);
        r->sent += n;
        return n ? (int)n : CI_EOF;
    }
    ssize_t n = r->fd < 0 ? 0 : pread(r->fd, out, (size_t)room, (off_t)r->sent);
    if (n < 0)
        return CI_ERROR;
    r->sent += (size_t)n;
    return n ? (int)n : CI_EOF;
}

static int service_io(char *out, int *n_out, char *in, int *n_in, int end, ci_request_t *req)
{
    struct request *r = ci_service_data(req);
    (void)end;
    if (!r)
        return CI_ERROR;
    if (in && n_in)
        take(r, req, in, *n_in);
    if (out && n_out) {
        *n_out = give(r, out, *n_out);
        if (*n_out == CI_ERROR)
            return CI_ERROR;
    }
    return CI_OK;
}

CI_DECLARE_MOD_DATA ci_service_module_t service = {
    .mod_name = "sekisho",
    .mod_short_descr = "Sekisho: personal and medical-claim data before it leaves",
    .mod_type = ICAP_REQMOD | ICAP_RESPMOD,
    .mod_init_service = init_service,
    .mod_post_init_service = post_init_service,
    .mod_close_service = close_service,
    .mod_init_request_data = init_request,
    .mod_release_request_data = release_request,
    .mod_check_preview_handler = preview,
    .mod_end_of_data_handler = end_of_data,
    .mod_service_io = service_io,
    .mod_conf_table = settings,
};
