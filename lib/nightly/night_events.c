/*
 * night_events.c - the night as lines for other programs: CEF, syslog (RFC 5424), and a mail. Numbers, places and
 * codes only; no values, no paths, no file names, whoever reads it.
 */
#include "nightly/night.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum kind { CEF, SYSLOG };

/* CEF severities go from 0 to 10; syslog's from 7 (debug) to 0. */
static const int CEF_SEVERITY[] = { 10, 8, 5, 3 };
static const int SYSLOG_SEVERITY[] = { 2, 3, 4, 5 };
#define FACILITY (13 * 8) /* log audit */

static int rank(const char *severity)
{
    return severity[0] == 'S' && severity[1] >= '1' && severity[1] <= '4' ? severity[1] - '1' : 3;
}

/* What has a meaning in either format, and control characters, never get in: names of places come from the policy. */
static void plain(struct sk_buf *b, const char *s)
{
    for (; *s; s++)
        sk_buf_printf(b, "%c", strchr("|=\\\"]\r\n", *s) || (unsigned char)*s < 0x20 ? '_' : *s);
}

static void time_text(int64_t t, char out[32])
{
    struct tm tm;
    time_t when = (time_t)t;
    if (!gmtime_r(&when, &tm) || strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        snprintf(out, 32, "-");
}

static void begin(struct sk_buf *b, enum kind kind, const struct sk_night *n, const char *id, const char *title,
                  int severity)
{
    char when[32];
    time_text(n->run.ended ? n->run.ended : n->run.started, when);
    if (kind == CEF) {
        sk_buf_str(b, "CEF:0|Sekisho|sekisho|");
        plain(b, n->run.tool);
        sk_buf_printf(b, "|%s|%s|%d|", id, title, CEF_SEVERITY[severity]);
    } else {
        sk_buf_printf(b, "<%d>1 %s - sekisho - %s [sekisho@32473", FACILITY + SYSLOG_SEVERITY[severity], when, id);
    }
}

static void text(struct sk_buf *b, enum kind kind, const char *key, const char *value)
{
    sk_buf_printf(b, kind == CEF ? "%s=" : " %s=\"", key);
    plain(b, value);
    sk_buf_str(b, kind == CEF ? " " : "\"");
}

static void number(struct sk_buf *b, enum kind kind, const char *key, int64_t value)
{
    sk_buf_printf(b, kind == CEF ? "%s=%" PRId64 " " : " %s=\"%" PRId64 "\"", key, value);
}

static void end(struct sk_buf *b, enum kind kind, const char *message)
{
    if (kind == CEF)
        sk_buf_printf(b, "msg=%s\n", message);
    else
        sk_buf_printf(b, "] \xEF\xBB\xBF%s\n", message); /* RFC 5424 6.4: UTF-8 messages begin with a BOM */
}

static void persons(struct sk_buf *b, enum kind kind, int64_t max, const struct sk_night *n,
                    const struct sk_nightly_request *q)
{
    if (!sk_night_hides(max, n, q))
        number(b, kind, "cnt", max);
}

/* One line a kind of event. NOLINTNEXTLINE(readability-function-cognitive-complexity) */
static bool lines(const struct sk_night *n, const struct sk_nightly_request *q, enum kind kind, struct sk_buf *b)
{
    struct sk_buf said;
    sk_buf_init(&said, 4096);
    enum sk_night_verdict verdict = sk_night_conclusion(n, q->english, &said);
    begin(b, kind, n, "night", "nightly scan",
          verdict == SK_NIGHT_ACT    ? (n->worst[0]   ? 0
                                        : n->worst[1] ? 1
                                                      : 2)
          : verdict == SK_NIGHT_FINE ? 3
                                     : 2);
    number(b, kind, kind == CEF ? "cn1" : "files", n->files);
    text(b, kind, kind == CEF ? "outcome" : "result", sk_night_run_word(&n->run, true));
    end(b, kind, said.p ? said.p : "");
    bool ok = !said.failed;
    sk_buf_free(&said);
    for (size_t i = 0; i < n->n_findings; i++) {
        const struct sk_night_finding *f = &n->findings[i];
        char id[32];
        snprintf(id, sizeof(id), "F-%" PRId64, f->id);
        begin(b, kind, n, "finding", "misplaced file", rank(f->severity));
        if (kind == CEF)
            sk_buf_str(b, "cs1Label=location cs2Label=violations cs3Label=grade ");
        text(b, kind, kind == CEF ? "externalId" : "id", id);
        text(b, kind, kind == CEF ? "cs1" : "location", f->location);
        text(b, kind, kind == CEF ? "cs2" : "violations", f->violations);
        text(b, kind, kind == CEF ? "cs3" : "grade", f->grade);
        text(b, kind, kind == CEF ? "act" : "status", f->status);
        persons(b, kind, f->persons_max, n, q);
        end(b, kind, sk_night_status(f->status, q->english));
    }
    for (size_t i = 0; i < n->n_aggregates; i++) {
        const struct sk_night_aggregate *a = &n->aggregates[i];
        begin(b, kind, n, "aggregate", "persons of a place", rank(a->severity));
        text(b, kind, kind == CEF ? "cs1" : "location", a->location);
        text(b, kind, kind == CEF ? "cs2" : "violations", a->code);
        persons(b, kind, a->max, n, q);
        end(b, kind, a->code);
    }
    for (size_t i = 0; i < n->n_places; i++)
        if (n->places[i].unreachable) {
            begin(b, kind, n, "unreachable", "share out of reach", 1);
            text(b, kind, kind == CEF ? "cs1" : "location", n->places[i].location);
            number(b, kind, kind == CEF ? "cn1" : "files", n->places[i].files);
            number(b, kind, kind == CEF ? "cn2" : "before", n->places[i].before);
            end(b, kind, q->english ? "out of reach" : "到達不良");
        }
    for (size_t i = 0; i < n->n_canaries; i++)
        if (!n->canaries[i].ok) {
            begin(b, kind, n, "canary", "detector test failed", 0);
            text(b, kind, kind == CEF ? "cs1" : "location", n->canaries[i].location);
            end(b, kind, q->english ? "detector test failed" : "検査器試験:不合格");
        }
    return ok && !b->failed;
}

static void base64(struct sk_buf *b, const char *s, size_t n, size_t width)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t column = 0;
    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i;
        uint32_t v = (uint32_t)(unsigned char)s[i] << 16 | (left > 1 ? (uint32_t)(unsigned char)s[i + 1] << 8 : 0) |
                     (left > 2 ? (uint32_t)(unsigned char)s[i + 2] : 0);
        sk_buf_printf(b, "%c%c%c%c", DIGITS[v >> 18], DIGITS[v >> 12 & 63], left > 1 ? DIGITS[v >> 6 & 63] : '=',
                      left > 2 ? DIGITS[v & 63] : '=');
        if (width && (column += 4) >= width) {
            sk_buf_str(b, "\r\n");
            column = 0;
        }
    }
}

/* An encoded word may hold 75 characters (RFC 2047); a cut must not split a character. */
static void encoded_words(struct sk_buf *b, const char *s)
{
    size_t n = strlen(s);
    for (size_t at = 0; at < n;) {
        size_t take = n - at < 42 ? n - at : 42;
        while (at + take < n && ((unsigned char)s[at + take] & 0xC0) == 0x80)
            take--;
        sk_buf_str(b, at ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
        base64(b, s + at, take, 0);
        sk_buf_str(b, "?=");
        at += take;
    }
}

/* Headers that do not depend on the receiver, and the text report: for sendmail -t behind a To: line. */
static bool mail(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *b)
{
    struct sk_buf body, subject;
    char day[11];
    sk_buf_init(&body, (size_t)64 << 20);
    sk_buf_init(&subject, 4096);
    sk_day_text(n->run.as_of, day);
    sk_buf_printf(&subject, q->english ? "Sekisho %s: " : "関所 夜間検査 %s: ", day);
    sk_night_conclusion(n, q->english, &subject);
    bool ok = sk_night_text(n, q, &body) && !subject.failed;
    if (ok) {
        sk_buf_str(b, "Subject: ");
        encoded_words(b, subject.p);
        sk_buf_str(b, "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: "
                      "base64\r\nAuto-Submitted: auto-generated\r\n\r\n");
        base64(b, body.p, body.n, 76);
        sk_buf_str(b, "\r\n");
    }
    sk_buf_free(&body);
    sk_buf_free(&subject);
    return ok && !b->failed;
}

bool sk_night_events(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *out)
{
    struct sk_nightly_request safe = *q;
    safe.restricted = false;
    if (strcmp(q->format, "mail") == 0)
        return mail(n, &safe, out);
    return lines(n, &safe, strcmp(q->format, "cef") == 0 ? CEF : SYSLOG, out);
}
