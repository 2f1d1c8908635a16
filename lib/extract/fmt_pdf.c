/*
 * fmt_pdf.c - PDF, read by the helper program sekisho-pdf: poppler is GPL, and too large to be trusted inside. This
 * side hands over the bytes and takes records (pdf.h).
 */
#define _GNU_SOURCE
#include "extract/pdf.h"

#include <errno.h>
#include <sys/socket.h>
#include <time.h>

int sk_sniff_pdf(struct sk_bytes head, struct sk_source *source);
bool sk_extract_pdf(struct sk_job *job);

#define COPY_BYTES ((size_t)64 << 10)
#define IDLE_SECONDS 60u /* without a record: a page that takes longer is not waited for */
#define MOST_SECONDS 3600u

/* The header stands within the first 1024 bytes (ISO 32000-1, annex H.3.4.1). Behind other bytes an object must follow,
 * or it is a text about PDF. */
int sk_sniff_pdf(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    if (SK_STARTS(head, "%PDF-"))
        return 40;
    struct sk_bytes first = sk_bytes(head.p, head.n < 1024 ? head.n : 1024);
    size_t at = head.n ? sk_find(first, 0, "%PDF-", 5) : SIZE_MAX;
    size_t object = at == SIZE_MAX ? SIZE_MAX : sk_find(head, at, " 0 obj", 6);
    return object != SIZE_MAX && object - at < 2048 ? 40 : 0;
}

struct link {
    struct sk_job *job;
    const char *name; /* of the program */
    int fd;
    uint64_t idle_since_ns;
    bool timed_out, cancelled;
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* After an error of the socket: true when it was only the tick, and there is time left. */
static bool again(struct link *l)
{
    if (errno == EINTR)
        return true;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        return false;
    if (!sk_budget_time(l->job->budget))
        return l->cancelled = true, false;
    if (now_ns() - l->idle_since_ns > (uint64_t)IDLE_SECONDS * 1000000000u)
        return l->timed_out = true, false;
    return true;
}

static bool send_all(struct link *l, const void *p, size_t n)
{
    for (const char *at = p; n;) {
        ssize_t sent = send(l->fd, at, n, MSG_NOSIGNAL);
        if (sent < 0 && again(l))
            continue;
        if (sent <= 0)
            return false;
        l->idle_since_ns = now_ns();
        at += sent;
        n -= (size_t)sent;
    }
    return true;
}

static ssize_t receive(void *ctx, void *buf, size_t n)
{
    struct link *l = ctx;
    l->idle_since_ns = now_ns(); /* what the caller did meanwhile is not the program's time */
    for (;;) {
        ssize_t got = recv(l->fd, buf, n, 0);
        if (got >= 0)
            return got;
        if (!again(l))
            return l->cancelled || l->timed_out ? -1 : 0;
    }
}

/* u64 length, then the bytes. A program that ends before it has read all is heard all the same. */
static void hand_over(struct link *l, struct sk_bytes all)
{
    uint8_t n[8];
    for (unsigned i = 0; i < 8; i++)
        n[i] = (uint8_t)((uint64_t)all.n >> (8 * i));
    if (send_all(l, n, sizeof(n)))
        send_all(l, all.p, all.n);
}

static uint32_t seconds_left(const struct sk_budget *b)
{
    uint64_t now = now_ns(), left = b->deadline_ns > now ? (b->deadline_ns - now) / 1000000000u + 1 : 1;
    return b->deadline_ns == 0 || left > MOST_SECONDS ? MOST_SECONDS : (uint32_t)left;
}

static void tell(struct sk_job *job, enum sk_reason why, const char *detail)
{
    job->sink->reason(job->sink->ctx, job->part, why, detail);
}

static void tell_end(struct link *l, enum sk_pdf_end end, enum sk_helper_end how)
{
    if (end == SK_PDF_WHOLE || (end == SK_PDF_STOPPED && !l->timed_out) || l->job->budget->spent != SK_WHY_NONE)
        return; /* what the budget or the sink said is told already */
    if (l->timed_out || how == SK_HELPER_TIMEOUT)
        tell(l->job, SK_WHY_TIMEOUT, l->name);
    else if (how == SK_HELPER_MEMORY)
        tell(l->job, SK_WHY_TOO_LARGE, "memory");
    else if (how == SK_HELPER_ABSENT)
        tell(l->job, SK_WHY_UNSUPPORTED, l->name);
    else
        tell(l->job, SK_WHY_CRASHED, l->name);
}

bool sk_read_by_helper(struct sk_job *job, const char *name, struct sk_bytes all, bool *whole)
{
    const struct sk_helper *h = job->helper;
    struct link l = { .job = job, .name = name, .fd = h ? h->start(h->ctx, name, seconds_left(job->budget)) : -1 };
    *whole = false;
    if (l.fd < 0) {
        tell(job, SK_WHY_UNSUPPORTED, name);
        return true;
    }
    l.idle_since_ns = now_ns();
    hand_over(&l, all);
    enum sk_pdf_end end = l.cancelled || l.timed_out ? SK_PDF_STOPPED : sk_pdf_records(job, receive, &l);
    enum sk_helper_end how = h->finish(h->ctx, l.fd);
    *whole = end == SK_PDF_WHOLE;
    tell_end(&l, end, how);
    return end != SK_PDF_STOPPED || l.timed_out;
}

bool sk_extract_pdf(struct sk_job *job)
{
    struct sk_buf hold;
    struct sk_bytes all;
    uint64_t most = job->budget->limits.max_member_bytes;
    sk_buf_init(&hold, (size_t)most + 1);
    bool more = true, whole;
    if (sk_source_all(job->source, most, job->budget, &hold, &all))
        more = sk_read_by_helper(job, "pdf", all, &whole);
    else if (job->budget->spent == SK_WHY_NONE)
        tell(job, SK_WHY_DAMAGED, "");
    sk_buf_free(&hold);
    return more;
}
