#include "cli.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Each line a datagram to a local socket, as syslog daemons take them (/dev/log). */
struct sender {
    int fd;
    char line[8192];
    size_t n;
};

static bool send_lines(void *ctx, const void *p, size_t n)
{
    struct sender *s = ctx;
    const char *text = p;
    for (size_t i = 0; i < n; i++) {
        if (text[i] != '\n' && s->n < sizeof(s->line)) {
            s->line[s->n++] = text[i];
        } else if (text[i] == '\n') {
            if (send(s->fd, s->line, s->n, MSG_NOSIGNAL) != (ssize_t)s->n)
                return false;
            s->n = 0;
        }
    }
    return true;
}

static bool connect_to(struct sender *s, const char *path)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    s->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (s->fd >= 0 && strlen(path) < sizeof(a.sun_path)) {
        memcpy(a.sun_path, path, strlen(path) + 1);
        if (connect(s->fd, (const struct sockaddr *)&a, sizeof(a)) == 0)
            return true;
    }
    complain("%s へ送れません(%s)。", "Cannot send to %s (%s).", path, strerror(errno));
    return false;
}

int cmd_report(int argc, char **argv)
{
    const char *lang = NULL;
    unsigned long sample = 0, seed = 0;
    const char *policy_path = NULL, *send_to = NULL;
    struct sender sender = { .fd = -1 };
    seki_rules *rules = NULL;
    seki_policy *policy = NULL;
    struct option_list words = { 0 }, states = { 0 };
    seki_report_options o = { .size = sizeof(o) };
    const struct option options[] = {
        { "--lang", 0, OPT_TEXT, &lang },           { "--state", 0, OPT_LIST, &states },
        { "--policy", 0, OPT_TEXT, &policy_path },  { "--format", 0, OPT_TEXT, &o.format },
        { "--audience", 0, OPT_TEXT, &o.audience }, { "--output", 'o', OPT_TEXT, &o.output },
        { "--sample", 0, OPT_NUMBER, &sample },     { "--seed", 0, OPT_NUMBER, &seed },
        { "--send", 0, OPT_TEXT, &send_to },
    };
    int status = EXIT_USAGE;
    if (!options_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &words))
        goto out;
    set_language(lang);
    if (words.n != 1 || states.n == 0) {
        complain("sekisho report nightly|audit|trend|inventory --state FILE と書いてください。",
                 "Use sekisho report nightly|audit|trend|inventory --state FILE.");
        goto out;
    }
    if (states.n > 1 && (status = load(&rules, &policy, policy_path)))
        goto out;
    o.policy = policy;
    o.states = states.items;
    o.n_states = states.n;
    o.kind = words.items[0];
    o.sample = (uint32_t)sample;
    o.seed = seed;
    o.language = english() ? "en" : "ja";
    if (send_to && !connect_to(&sender, send_to)) {
        status = EXIT_BROKEN;
        goto out;
    }
    o.write = send_to ? send_lines : write_stdout;
    o.write_ctx = &sender;
    o.problem = print_problem;
    seki_error err;
    status = seki_report(&o, &err) ? fail(&err) : EXIT_FINE;
    if (!flush_stdout())
        status = EXIT_BROKEN;
out:
    if (sender.fd >= 0)
        close(sender.fd);
    seki_policy_free(policy);
    seki_rules_free(rules);
    option_list_free(&states);
    option_list_free(&words);
    return status;
}
