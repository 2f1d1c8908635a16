/*
 * What a host may rely on: nothing of its process is touched, cancelling is quick, a fork is survived, scanners leave
 * nothing behind. Usage: host PATTERNS SCANNERS FILE...      SCANNERS: how many are made in turn (few under valgrind)
 */
#define _GNU_SOURCE
#include <sekisho/sekisho.h>

#include <dirent.h>
#include <inttypes.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int failures;

static void want(bool ok, const char *what)
{
    printf("%s %s\n", ok ? "ok  " : "FAIL", what);
    failures += !ok;
}

static unsigned entries(const char *folder)
{
    unsigned n = 0;
    DIR *d = opendir(folder);
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

static long resident_kib(void)
{
    long size, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f) {
        if (fscanf(f, "%ld %ld", &size, &resident) != 2)
            resident = 0;
        fclose(f);
    }
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/* ---------------------------------------------------------------- what belongs to the host */

struct process {
    struct sigaction handlers[NSIG];
    sigset_t mask;
    char locale[256], folder[4096];
    mode_t umask;
    unsigned descriptors, threads;
};

static void look(struct process *p)
{
    memset(p, 0, sizeof(*p));
    for (int s = 1; s < NSIG; s++)
        sigaction(s, NULL, &p->handlers[s]);
    sigprocmask(SIG_BLOCK, NULL, &p->mask);
    snprintf(p->locale, sizeof(p->locale), "%s", setlocale(LC_ALL, NULL));
    if (!getcwd(p->folder, sizeof(p->folder)))
        p->folder[0] = 0;
    p->umask = umask(0);
    umask(p->umask);
    p->descriptors = entries("/proc/self/fd");
    p->threads = entries("/proc/self/task");
}

static bool same_handlers(const struct process *a, const struct process *b)
{
    for (int s = 1; s < NSIG; s++)
        if (a->handlers[s].sa_handler != b->handlers[s].sa_handler ||
            a->handlers[s].sa_flags != b->handlers[s].sa_flags)
            return false;
    return memcmp(&a->mask, &b->mask, sizeof(a->mask)) == 0;
}

static void compare(const struct process *a, const struct process *b)
{
    want(same_handlers(a, b), "signal handlers and mask are as they were");
    want(strcmp(a->locale, b->locale) == 0, "locale is as it was");
    want(strcmp(a->folder, b->folder) == 0 && a->umask == b->umask, "working folder and umask are as they were");
    want(a->descriptors == b->descriptors, "no descriptor is left open");
    want(a->threads == b->threads, "no thread was made");
}

/* ---------------------------------------------------------------- scanning */

static uint64_t summary(const seki_rules *rules, const seki_policy *policy, char **files, int n)
{
    seki_scanner_options options = { .size = sizeof(options), .no_helpers = true };
    seki_scanner *scanner = NULL;
    seki_error err;
    uint64_t sum = 1;
    if (seki_scanner_new(&scanner, rules, policy, &options, &err) != SEKI_OK)
        return 0;
    for (int i = 0; i < n; i++) {
        seki_result *r = NULL;
        if (seki_scan_path(scanner, files[i], &r, &err) != SEKI_OK) {
            sum = 0;
            break;
        }
        for (size_t k = 0; k < seki_result_findings(r); k++) {
            seki_finding f = { .size = sizeof(f) };
            if (seki_result_finding(r, k, &f) == SEKI_OK)
                sum = sum * 1000003u + f.count * 31u + f.places;
        }
        seki_result_free(r);
    }
    seki_scanner_free(scanner);
    return sum;
}

static void in_a_fork(const seki_rules *rules, const seki_policy *policy, char **files, int n)
{
    uint64_t before = summary(rules, policy, files, n);
    int status = -1;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        _exit(summary(rules, policy, files, n) == before ? 0 : 1);
    waitpid(pid, &status, 0);
    want(before && WIFEXITED(status) && WEXITSTATUS(status) == 0, "a forked child scans with the rules of its parent");
    want(summary(rules, policy, files, n) == before, "and the parent goes on");
}

static void in_turn(const seki_rules *rules, const seki_policy *policy, char **files, int scanners)
{
    bool same = true;
    uint64_t first = 0;
    long after_warm_up = 0;
    for (int i = 0; i < scanners; i++) {
        uint64_t sum = summary(rules, policy, files, 1);
        if (!i)
            first = sum;
        same = same && sum == first;
        if (i == scanners / 10)
            after_warm_up = resident_kib();
    }
    long growth = resident_kib() - after_warm_up;
    printf("%d scanners in turn, growth %ld KiB\n", scanners, growth);
    want(same && first, "every scanner finds the same");
    if (scanners >= 1000) /* fewer say nothing, and a sanitizer's own books grow */
        want(growth <= 1024, "scanners in turn leave nothing behind");
}

/* ---------------------------------------------------------------- cancelling */

struct asked {
    struct timespec last;
    double longest; /* seconds of this thread's work between two questions */
    unsigned questions, stop_at;
};

static bool cancelled(void *ctx)
{
    struct asked *a = ctx;
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    double gap = (double)(now.tv_sec - a->last.tv_sec) + (double)(now.tv_nsec - a->last.tv_nsec) / 1e9;
    if (gap > a->longest)
        a->longest = gap;
    a->last = now;
    return ++a->questions == a->stop_at;
}

static char *big_input(size_t n)
{
    static const char row[] = "山田太郎,1980/01/02,090-1234-5678,群馬県前橋市元総社町335番地の8,高血圧症\n";
    char *bytes = malloc(n);
    for (size_t i = 0; bytes && i < n; i++)
        bytes[i] = row[i % (sizeof(row) - 1)];
    return bytes;
}

static void stops(const seki_rules *rules, const seki_policy *policy, size_t n)
{
    struct asked asked = { .questions = 0 };
    seki_scanner_options options = { .size = sizeof(options), .cancelled = cancelled, .cancel_ctx = &asked };
    seki_scanner *scanner = NULL;
    seki_result *result = NULL;
    seki_error err;
    char *bytes = big_input(n);
    if (!bytes || seki_scanner_new(&scanner, rules, policy, &options, &err) != SEKI_OK) {
        want(false, "a scanner with cancelling");
        free(bytes);
        return;
    }
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &asked.last);
    want(seki_scan_memory(scanner, bytes, n, "big.csv", &result, &err) == SEKI_OK, "a large scan that nobody cancels");
    seki_result_free(result);
    result = NULL;
    printf("%u questions in %zu MB, at most %.1f ms of work between two\n", asked.questions, n / 1000000,
           asked.longest * 1e3);
    want(asked.questions > n / 4000000, "it asks as it goes");
    asked.stop_at = asked.questions + 3;
    want(seki_scan_memory(scanner, bytes, n, "big.csv", &result, &err) == SEKI_E_CANCELLED && !result,
         "and stops when told");
    want(asked.questions == asked.stop_at, "at once");
    seki_scanner_free(scanner);
    free(bytes);
}

int main(int argc, char **argv)
{
    struct process before, after;
    seki_rules_options options = { .size = sizeof(options), .directory = argv[1], .cache = "" };
    seki_rules *rules = NULL;
    seki_policy *policy = NULL;
    seki_error err;
    if (argc < 4)
        return 64;
    int scanners = atoi(argv[2]);
    setlocale(LC_ALL, "C");
    setenv("SEKISHO_PATTERNS", argv[1], 1);
    look(&before);
    if (seki_rules_load(&rules, &options, &err) != SEKI_OK || seki_policy_load(&policy, NULL, NULL, &err) != SEKI_OK) {
        fprintf(stderr, "%s\n", err.en);
        return 70;
    }
    in_a_fork(rules, policy, argv + 3, argc - 3);
    in_turn(rules, policy, argv + 3, scanners);
    stops(rules, policy, scanners >= 1000 ? 50000000 : 2000000);
    seki_policy_free(policy);
    seki_rules_free(rules);
    look(&after);
    compare(&before, &after);
    return failures ? 1 : 0;
}
