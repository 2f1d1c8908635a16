/*
 * serve.c - seki_serve: HTTP on 127.0.0.1 for one person at this machine. Who can reach the port is not enough to be
 * served: the path holds a random token, the Host header must be this address (a name that was bound to 127.0.0.1 by
 * its owner's DNS is another origin), and files must come from this page. No cookie, because cookies of 127.0.0.1 go to
 * every port. One thread, one check at a time.
 */
#define _GNU_SOURCE
#include "api/serve.h"

#include "report/put.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define TOKEN_BYTES 32
#define TOKEN_HEX (2 * TOKEN_BYTES)
#define DEFAULT_MAX ((uint64_t)256 << 20)
#define MOST_RECEIPT_BYTES ((size_t)8 << 20)
#define MOST_WORDS 64u /* recipients, approvals */

struct server {
    const seki_rules *rules;
    const seki_policy *policy;
    seki_serve_options o;
    bool english;
    long as_of;
    struct MHD_Daemon *daemon;
    char token[TOKEN_HEX + 1];
    char hosts[2][32];              /* 127.0.0.1:port, localhost:port */
    char form_path[TOKEN_HEX + 3];  /* /token/ */
    char check_path[TOKEN_HEX + 8]; /* /token/check */
};

struct request {
    struct sk_form form;
    struct MHD_PostProcessor *post;
    unsigned refused; /* HTTP status; 0: go on */
    const char *ja, *en;
    bool unreadable;
};

static struct sk_run_info run_info(const struct server *s)
{
    return (struct sk_run_info){ .tool_version = seki_version(),
                                 .rules_version = sk_rules_version(s->rules->rules),
                                 .engine = sk_match_engine(),
                                 .rules_digest = sk_rules_digest(s->rules->rules),
                                 .policy = s->policy->policy,
                                 .as_of = s->as_of,
                                 .started = time(NULL),
                                 .english = s->english };
}

/* ---------------------------------------------------------------- answers */

static enum MHD_Result answer(struct MHD_Connection *c, unsigned status, struct sk_buf *page)
{
    static const char *const HEADERS[][2] = {
        { "Content-Type", "text/html; charset=utf-8" },
        { "Cache-Control", "no-store" },
        { "X-Content-Type-Options", "nosniff" },
        { "X-Frame-Options", "DENY" },
        { "Referrer-Policy", "same-origin" },
        { "Cross-Origin-Opener-Policy", "same-origin" },
        { "Cross-Origin-Resource-Policy", "same-origin" },
        /* beside the page's own policy, which names its style and script by their digests */
        { "Content-Security-Policy", "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; connect-src 'none'; "
                                     "form-action 'self'" },
    };
    struct MHD_Response *r =
        page->failed ? NULL : MHD_create_response_from_buffer(page->n, page->p ? page->p : "", MHD_RESPMEM_MUST_COPY);
    sk_buf_free(page);
    if (!r)
        return MHD_NO;
    bool ok = true;
    for (size_t i = 0; i < sizeof(HEADERS) / sizeof(HEADERS[0]); i++)
        ok = MHD_add_response_header(r, HEADERS[i][0], HEADERS[i][1]) == MHD_YES && ok;
    enum MHD_Result sent = ok ? MHD_queue_response(c, status, r) : MHD_NO;
    MHD_destroy_response(r);
    return sent;
}

static enum MHD_Result refuse(struct server *s, struct MHD_Connection *c, unsigned status, const char *ja,
                              const char *en, const struct sk_buf *details, bool back)
{
    struct sk_buf page;
    struct sk_run_info run = run_info(s);
    sk_buf_init(&page, (size_t)4 << 20);
    sk_error_page(&page, &run, ja, en, details, back ? s->form_path : NULL);
    return answer(c, status, &page);
}

static enum MHD_Result send_form(struct server *s, struct MHD_Connection *c)
{
    struct sk_buf page;
    struct sk_run_info run = run_info(s);
    sk_buf_init(&page, (size_t)4 << 20);
    sk_form_page(&page, &run, s->check_path, s->o.max_bytes);
    return answer(c, MHD_HTTP_OK, &page);
}

/* ---------------------------------------------------------------- a check */

static bool to_buf(void *ctx, const void *p, size_t n)
{
    return sk_buf_add(ctx, p, n);
}

struct told {
    struct sk_buf text;
    bool english;
};

static void tell_problem(void *ctx, const seki_problem *p)
{
    struct told *all = ctx;
    sk_buf_printf(&all->text, "%s%s", all->text.n ? " / " : "", all->english ? p->en : p->ja);
}

/* Splits text in place at the characters of `between`; empty words are left out. */
static size_t split(char *text, const char *between, const char *words[MOST_WORDS])
{
    size_t n = 0;
    char *rest = NULL;
    for (char *w = text ? strtok_r(text, between, &rest) : NULL; w && n < MOST_WORDS;
         w = strtok_r(NULL, between, &rest))
        if (w[strspn(w, " \t")])
            words[n++] = w;
    return n;
}

static const char *text_of(const struct sk_form *f, enum sk_form_text which)
{
    const char *s = f->texts[which].p;
    return s && s[strspn(s, " \t\r\n")] ? s : NULL;
}

/* The way back in front, and the receipt at the end, of the slip's own page. */
static bool dress(const struct server *s, const struct sk_buf *slip, const struct sk_buf *json, struct sk_buf *page)
{
    static const char BODY[] = "<body>\n", END[] = "</body>";
    const char *body = slip->p ? strstr(slip->p, BODY) : NULL, *end = body ? strstr(body, END) : NULL;
    if (!end)
        return false;
    body += sizeof(BODY) - 1;
    sk_buf_add(page, slip->p, (size_t)(body - slip->p));
    sk_buf_printf(page, "<nav class=\"tools\"><a href=\"%s\">%s</a></nav>\n", s->form_path,
                  s->english ? "Check another file" : "別のファイルを点検する");
    sk_buf_add(page, body, (size_t)(end - body));
    const char *receipt = json->p ? strstr(json->p, "\"receipt\":{") : NULL;
    if (receipt && json->n <= MOST_RECEIPT_BYTES) {
        sk_buf_str(
            page,
            "<p class=\"tools\"><a id=\"receipt\" download=\"receipt.json\" href=\"data:application/json;base64,");
        sk_put_base64(page, json->p, json->n);
        sk_buf_printf(page, "\">%s</a></p>\n",
                      s->english ? "Save the receipt (needed when the encrypted file is checked)"
                                 : "控えを保存する(暗号化したファイルの点検に使います)");
    }
    return sk_buf_str(page, end);
}

static seki_status check(struct server *s, struct request *q, struct sk_buf *slip, struct sk_buf *json,
                         seki_problem_fn problem, void *ctx, seki_error *err)
{
    struct sk_form *f = &q->form;
    const char *names[SK_FORM_FILES], *recipients[MOST_WORDS], *approvals[MOST_WORDS];
    int fds[SK_FORM_FILES], exit_status;
    char receipts[64];
    for (size_t i = 0; i < f->n_files; i++) {
        names[i] = f->files[i].name;
        fds[i] = f->files[i].fd;
        fcntl(fds[i], F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    }
    snprintf(receipts, sizeof(receipts), "/proc/self/fd/%d", f->receipts.fd);
    seki_check_options o = { .size = sizeof(o),
                             .files = names,
                             .fds = fds,
                             .n_files = f->n_files,
                             .dest = text_of(f, SK_FORM_DEST),
                             .recipients = recipients,
                             .n_recipients = split(f->texts[SK_FORM_RECIPIENTS].p, " ,\t\r\n", recipients),
                             .approvals = approvals,
                             .n_approvals = split(f->texts[SK_FORM_APPROVALS].p, "\r\n", approvals),
                             .contract = text_of(f, SK_FORM_CONTRACT),
                             .requested_by = text_of(f, SK_FORM_REQUESTER),
                             .purpose = text_of(f, SK_FORM_PURPOSE),
                             .channel = text_of(f, SK_FORM_CHANNEL),
                             .receipts = f->receipts.fd >= 0 ? receipts : NULL,
                             .format = "html",
                             .write = to_buf,
                             .write_ctx = slip,
                             .json = to_buf,
                             .json_ctx = json,
                             .language = s->o.language,
                             .as_of = s->o.as_of,
                             .state = s->o.state,
                             .key = s->o.key,
                             .problem = problem,
                             .problem_ctx = ctx };
    return seki_check(s->rules, s->policy, &o, &exit_status, err);
}

static enum MHD_Result send_slip(struct server *s, struct MHD_Connection *c, struct request *q)
{
    struct told problems = { .english = s->english };
    struct sk_buf slip, json, page;
    seki_error err;
    sk_buf_init(&problems.text, (size_t)1 << 20);
    sk_buf_init(&slip, (size_t)64 << 20);
    sk_buf_init(&json, (size_t)1 << 30);
    sk_buf_init(&page, (size_t)128 << 20);
    seki_status status = check(s, q, &slip, &json, tell_problem, &problems, &err);
    enum MHD_Result sent;
    if (!status && dress(s, &slip, &json, &page)) {
        sent = answer(c, MHD_HTTP_OK, &page);
    } else if (status == SEKI_E_USAGE || status == SEKI_E_RULES) {
        sent = refuse(s, c, MHD_HTTP_BAD_REQUEST, err.ja, err.en, status == SEKI_E_RULES ? &problems.text : NULL, true);
    } else {
        sent = refuse(s, c, MHD_HTTP_INTERNAL_SERVER_ERROR, status ? err.ja : "内部エラーです。",
                      status ? err.en : "Internal error.", NULL, true);
    }
    sk_buf_free(&problems.text);
    sk_buf_free(&slip);
    sk_buf_free(&json);
    sk_buf_free(&page);
    return sent;
}

static enum MHD_Result answer_check(struct server *s, struct MHD_Connection *c, struct request *q)
{
    const struct sk_form *f = &q->form;
    if (f->too_large || q->refused == MHD_HTTP_CONTENT_TOO_LARGE)
        return refuse(s, c, MHD_HTTP_CONTENT_TOO_LARGE, "大きすぎます。小さく分けて点検してください。",
                      "Too large. Split the files and check them one by one.", NULL, true);
    if (f->too_many)
        return refuse(s, c, MHD_HTTP_BAD_REQUEST, "ファイルが多すぎます。分けて点検してください。",
                      "Too many files. Check them in several goes.", NULL, true);
    if (f->failed || q->unreadable)
        return refuse(s, c, MHD_HTTP_BAD_REQUEST, "送られた内容を受け取れませんでした。もう一度送ってください。",
                      "What was sent could not be received. Send it again.", NULL, true);
    if (f->n_files == 0 || !text_of(f, SK_FORM_DEST))
        return refuse(s, c, MHD_HTTP_BAD_REQUEST, "送付先とファイルを選んでください。",
                      "Choose a destination and files.", NULL, true);
    return send_slip(s, c, q);
}

/* ---------------------------------------------------------------- who may ask */

static const char *header(struct MHD_Connection *c, const char *name)
{
    return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

static bool is_host(const struct server *s, const char *host)
{
    return host && (strcmp(host, s->hosts[0]) == 0 || strcmp(host, s->hosts[1]) == 0);
}

static bool has_token(const struct server *s, const char *url)
{
    return url[0] == '/' && strlen(url) > TOKEN_HEX && sodium_memcmp(url + 1, s->token, TOKEN_HEX) == 0 &&
           url[TOKEN_HEX + 1] == '/';
}

/* Browsers tell where a form comes from: by Origin, newer ones by Sec-Fetch-Site too. */
static bool is_same_origin(const struct server *s, struct MHD_Connection *c)
{
    const char *origin = header(c, "Origin"), *site = header(c, "Sec-Fetch-Site"), *host = header(c, "Host");
    if (site && strcmp(site, "same-origin") != 0)
        return false;
    if (!origin)
        return site != NULL;
    return strncmp(origin, "http://", 7) == 0 && is_host(s, origin + 7) && host && strcmp(origin + 7, host) == 0;
}

static void stop(struct request *q, unsigned status, const char *ja, const char *en)
{
    q->refused = status;
    q->ja = ja;
    q->en = en;
}

static void admit(const struct server *s, struct MHD_Connection *c, const char *url, const char *method,
                  struct request *q)
{
    bool post = strcmp(method, MHD_HTTP_METHOD_POST) == 0;
    const char *length = header(c, "Content-Length");
    if (!is_host(s, header(c, "Host")))
        stop(q, MHD_HTTP_FORBIDDEN, "この宛先名では使えません。", "This host name is not served.");
    else if (!has_token(s, url))
        stop(q, MHD_HTTP_FORBIDDEN,
             "この画面を使う許可がありません。起動したときに表示されたアドレスを開いてください。",
             "Open the address that was printed at the start.");
    else if (post && strcmp(url, s->check_path) == 0) {
        if (!is_same_origin(s, c))
            stop(q, MHD_HTTP_FORBIDDEN, "ほかの画面からは送れません。", "Files are taken from the own page only.");
        else if (length && strtoull(length, NULL, 10) > s->o.max_bytes + SK_FORM_TEXT * SK_FORM_TEXTS)
            stop(q, MHD_HTTP_CONTENT_TOO_LARGE, "", "");
        else if (!(q->post = MHD_create_post_processor(c, (size_t)64 << 10, sk_form_take, &q->form)))
            stop(q, MHD_HTTP_BAD_REQUEST, "画面のフォームから送ってください。", "Use the form of the page.");
    } else if (post || (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)) {
        stop(q, MHD_HTTP_METHOD_NOT_ALLOWED, "使えない操作です。", "This method is not served.");
    } else if (strcmp(url, s->form_path) != 0) {
        stop(q, MHD_HTTP_NOT_FOUND, "そのページはありません。", "There is no such page.");
    }
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
                                  const char *version, const char *data, size_t *n, void **own)
{
    struct server *s = ctx;
    struct request *q = *own;
    (void)version;
    if (!q) {
        if (!(q = sk_new(1, sizeof(*q))))
            return MHD_NO;
        sk_form_init(&q->form, s->o.max_bytes);
        *own = q;
        admit(s, c, url, method, q);
        return MHD_YES;
    }
    if (*n) {
        if (!q->refused && !q->unreadable && MHD_post_process(q->post, data, *n) != MHD_YES)
            q->unreadable = true;
        *n = 0;
        return MHD_YES;
    }
    if (q->refused && q->refused != MHD_HTTP_CONTENT_TOO_LARGE)
        return refuse(s, c, q->refused, q->ja, q->en, NULL, false);
    if (!q->refused && !q->post)
        return send_form(s, c);
    if (q->post) {
        q->unreadable |= MHD_destroy_post_processor(q->post) != MHD_YES;
        q->post = NULL;
    }
    return answer_check(s, c, q);
}

static void on_end(void *ctx, struct MHD_Connection *c, void **own, enum MHD_RequestTerminationCode why)
{
    struct request *q = *own;
    (void)ctx;
    (void)c;
    (void)why;
    if (!q)
        return;
    if (q->post)
        MHD_destroy_post_processor(q->post);
    sk_form_free(&q->form);
    free(q);
    *own = NULL;
}

/* ---------------------------------------------------------------- the server */

static bool make_token(struct server *s)
{
    uint8_t bytes[TOKEN_BYTES];
    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return false;
    sk_hex(bytes, sizeof(bytes), s->token);
    snprintf(s->form_path, sizeof(s->form_path), "/%s/", s->token);
    snprintf(s->check_path, sizeof(s->check_path), "/%s/check", s->token);
    return true;
}

static seki_status start(struct server *s, seki_error *err)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)s->o.port),
                                   .sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
    errno = 0;
    s->daemon = MHD_start_daemon(MHD_NO_FLAG, (uint16_t)s->o.port, NULL, NULL, on_request, s, MHD_OPTION_SOCK_ADDR,
                                 &address, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_CONNECTION_LIMIT, 16u,
                                 MHD_OPTION_CONNECTION_TIMEOUT, 120u, MHD_OPTION_END);
    const union MHD_DaemonInfo *info = s->daemon ? MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info)
        return sk_fail(err, SEKI_E_IO, errno,
                       "127.0.0.1 のポート %u で待ち受けできません(%s)。--port で別の番号を指定してください。",
                       "Cannot listen on port %u of 127.0.0.1 (%s). Choose another one with --port.",
                       (unsigned)s->o.port, strerror(errno));
    snprintf(s->hosts[0], sizeof(s->hosts[0]), "127.0.0.1:%u", (unsigned)info->port);
    snprintf(s->hosts[1], sizeof(s->hosts[1]), "localhost:%u", (unsigned)info->port);
    return SEKI_OK;
}

seki_status seki_serve(const seki_rules *rules, const seki_policy *policy, const seki_serve_options *given,
                       seki_error *err)
{
    struct server s = { .rules = rules, .policy = policy };
    char url[160];
    if (!rules || !policy || !SK_OPTIONS(s.o, given) || s.o.port > UINT16_MAX)
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    if (s.o.max_bytes == 0)
        s.o.max_bytes = DEFAULT_MAX;
    seki_status status = sk_as_of(s.o.as_of, &s.as_of, err);
    if (!status)
        status = sk_language(s.o.language, &s.english, err);
    if (!status && !make_token(&s))
        status = sk_fail(err, SEKI_E_INTERNAL, errno, "乱数が得られません。", "No random numbers from the system.");
    if (!status)
        status = start(&s, err);
    if (!status && s.o.started) {
        snprintf(url, sizeof(url), "http://%s%s", s.hosts[0], s.form_path);
        s.o.started(s.o.started_ctx, url);
    }
    while (!status && !(s.o.cancelled && s.o.cancelled(s.o.cancel_ctx)))
        if (MHD_run_wait(s.daemon, 500) != MHD_YES)
            status = sk_fail(err, SEKI_E_IO, errno, "待ち受けが止まりました(%s)。", "The server stopped (%s).",
                             strerror(errno));
    if (s.daemon)
        MHD_stop_daemon(s.daemon);
    sodium_memzero(s.token, sizeof(s.token));
    return status;
}
