#include "cli.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* One line that is rewritten: files, bytes, rate, time left. */
static void progress(void *ctx, const seki_progress *p)
{
    (void)ctx;
    double rate = p->seconds > 0 ? (double)p->bytes / p->seconds / 1e6 : 0;
    double done = p->bytes_total ? (double)p->bytes / (double)p->bytes_total : 0;
    long left = done > 0.01 ? (long)(p->seconds * (1 - done) / done) : -1;
    fprintf(stderr,
            english() ? "\r%llu/%llu files  %.1f/%.1f MB  %.1f MB/s  " : "\r%llu/%llu 件  %.1f/%.1f MB  %.1f MB/秒  ",
            (unsigned long long)p->files, (unsigned long long)p->files_total, (double)p->bytes / 1e6,
            (double)p->bytes_total / 1e6, rate);
    if (left >= 0)
        fprintf(stderr, english() ? "%ld:%02ld left   " : "残り %ld:%02ld   ", left / 60, left % 60);
    if (p->files == p->files_total)
        fputc('\n', stderr);
}

static seki_status scan(const seki_rules *rules, const seki_policy *policy, void *options, int *exit_status,
                        seki_error *err)
{
    catch_interrupts();
    return seki_scan_tree(rules, policy, options, exit_status, err);
}

int cmd_scan(int argc, char **argv)
{
    const char *policy_path = NULL, *lang = NULL;
    unsigned long jobs = 0, places = ULONG_MAX, rate = 0;
    bool show = false, quiet = false;
    struct option_list words = { 0 };
    seki_tree_options o = { .size = sizeof(o) };
    const struct option options[] = {
        { "--policy", 0, OPT_TEXT, &policy_path },  { "--as", 0, OPT_TEXT, &o.as_prefix },
        { "--state", 0, OPT_TEXT, &o.state },       { "--format", 0, OPT_TEXT, &o.format },
        { "--output", 'o', OPT_TEXT, &o.output },   { "--jobs", 'j', OPT_NUMBER, &jobs },
        { "--as-of", 0, OPT_TEXT, &o.as_of },       { "--full", 0, OPT_FLAG, &o.full },
        { "--places", 0, OPT_NUMBER, &places },     { "--lang", 0, OPT_TEXT, &lang },
        { "--verbose", 'v', OPT_FLAG, &o.verbose }, { "--progress", 0, OPT_FLAG, &show },
        { "--index", 0, OPT_TEXT, &o.index },       { "--index-key", 0, OPT_TEXT, &o.index_key },
        { "--site-key", 0, OPT_TEXT, &o.site_key }, { "--shard", 0, OPT_TEXT, &o.shard },
        { "--until", 0, OPT_TEXT, &o.until },       { "--limit", 0, OPT_NUMBER, &rate }, /* MB a second */
        { "--quiet", 'q', OPT_FLAG, &quiet },       { "--in-process", 0, OPT_FLAG, &o.in_process },
        { "--ocr", 0, OPT_FLAG, &o.ocr },
    };
    int status = EXIT_USAGE;
    if (!options_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &words))
        goto out;
    set_language(lang);
    if (words.n == 0) {
        complain("検査する場所を書いてください。例: sekisho scan --as /share /mnt/fs01",
                 "Name what to scan, e.g. sekisho scan --as /share /mnt/fs01");
        goto out;
    }
    if (jobs > 64) {
        complain("-j は 1 から 64 までです。", "-j takes 1 to 64.");
        goto out;
    }
    if (rate > 1000000) {
        complain("--limit は毎秒のMB数です。", "--limit is in MB a second.");
        goto out;
    }
    o.bytes_per_second = (uint64_t)rate * 1000000;
    o.paths = words.items;
    o.n_paths = words.n;
    o.jobs = (unsigned)jobs;
    o.max_places = places == ULONG_MAX ? 0 : places == 0 || places > UINT32_MAX ? UINT32_MAX : (uint32_t)places;
    o.language = english() ? "en" : "ja";
    o.write = write_stdout;
    o.problem = print_problem;
    o.cancelled = interrupted;
    if (show || (!quiet && isatty(2) && (o.output || !isatty(1))))
        o.progress = progress;
    status = run_verb(policy_path, scan, &o);
out:
    option_list_free(&words);
    return status;
}
