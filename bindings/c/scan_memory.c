/*
 * scan_memory.c - scans bytes that are in memory already, and can be stopped by a signal.
 *
 *   cc scan_memory.c $(pkg-config --cflags --libs sekisho) && ./a.out NAME < FILE      Ctrl-C stops it
 */
#include <sekisho/sekisho.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* The library touches no signals; what a signal means is the host's affair. */
static volatile sig_atomic_t stopped;

static void stop(int signal)
{
    (void)signal;
    stopped = 1;
}

struct progress {
    time_t told;
    unsigned asked;
};

/* Asked at least every 50 ms of work: the place to look at a flag, a deadline, a closed connection, and to tell of progress. */
static bool cancelled(void *ctx)
{
    struct progress *p = ctx;
    time_t now = time(NULL);
    p->asked++;
    if (now > p->told) {
        p->told = now;
        fprintf(stderr, "still working (%u)\n", p->asked);
    }
    return stopped != 0;
}

static char *read_all(FILE *f, size_t *n)
{
    size_t room = 1 << 16;
    char *bytes = malloc(room);
    *n = 0;
    while (bytes) {
        *n += fread(bytes + *n, 1, room - *n, f);
        if (*n < room)
            break;
        char *more = realloc(bytes, room *= 2);
        if (!more)
            free(bytes);
        bytes = more;
    }
    return bytes;
}

int main(int argc, char **argv)
{
    struct progress progress = { time(NULL), 0 };
    seki_scanner_options options = { .size = sizeof(options), .cancelled = cancelled, .cancel_ctx = &progress, .max_places = 10 };
    seki_rules *rules = NULL;
    seki_scanner *scanner = NULL;
    seki_result *result = NULL;
    seki_error err;
    size_t n;
    int status = EXIT_FAILURE;
    char *bytes = read_all(stdin, &n);
    if (argc != 2 || !bytes) {
        fprintf(stderr, "usage: %s NAME < FILE\n", argv[0]);
        free(bytes);
        return status;
    }
    signal(SIGINT, stop);
    if (seki_rules_load(&rules, NULL, &err) == SEKI_OK && seki_scanner_new(&scanner, rules, NULL, &options, &err) == SEKI_OK &&
        seki_scan_memory(scanner, bytes, n, argv[1], &result, &err) == SEKI_OK) {
        free(bytes); /* a result borrows nothing from the input */
        bytes = NULL;
        printf("%s %s %zu kinds of data\n", seki_result_state(result), seki_result_format(result), seki_result_findings(result));
        status = EXIT_SUCCESS;
    } else if (err.status == SEKI_E_CANCELLED) {
        fprintf(stderr, "stopped\n");
        status = 130;
    } else {
        fprintf(stderr, "%s\n", err.en);
    }
    free(bytes);
    seki_result_free(result);
    seki_scanner_free(scanner);
    seki_rules_free(rules);
    return status;
}
