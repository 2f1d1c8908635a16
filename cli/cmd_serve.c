#include "cli.h"

#include <stdio.h>
#include <string.h>

static void started(void *ctx, const char *url)
{
    (void)ctx;
    printf(english() ? "Open this address in a browser on this machine (Ctrl+C ends):\n%s\n"
                     : "この端末のブラウザーで、次のアドレスを開いてください(終わるときは Ctrl+C):\n%s\n",
           url);
    fflush(stdout);
}

static seki_status serve(const seki_rules *rules, const seki_policy *policy, void *options, int *exit_status,
                         seki_error *err)
{
    catch_interrupts();
    *exit_status = EXIT_FINE;
    return seki_serve(rules, policy, options, err);
}

int cmd_serve(int argc, char **argv)
{
    const char *policy_path = NULL, *lang = NULL;
    unsigned long port = 0, megabytes = 0;
    struct option_list words = { 0 };
    seki_serve_options o = { .size = sizeof(o) };
    const struct option options[] = {
        { "--policy", 0, OPT_TEXT, &policy_path }, { "--port", 0, OPT_NUMBER, &port },
        { "--max-mb", 0, OPT_NUMBER, &megabytes }, { "--lang", 0, OPT_TEXT, &lang },
        { "--as-of", 0, OPT_TEXT, &o.as_of },      { "--state", 0, OPT_TEXT, &o.state },
        { "--key", 0, OPT_TEXT, &o.key },
    };
    int status = EXIT_USAGE;
    if (!options_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &words))
        goto out;
    set_language(lang);
    if (words.n || port > 65535 || megabytes > 65536) {
        complain("sekisho serve [--port 0-65535] [--max-mb 1-65536] [--policy FILE] [--state FILE] [--key FILE]",
                 "Use sekisho serve [--port 0-65535] [--max-mb 1-65536] [--policy FILE] [--state FILE] [--key FILE]");
        goto out;
    }
    o.port = (uint32_t)port;
    o.max_bytes = (uint64_t)megabytes << 20;
    o.language = english() ? "en" : "ja";
    o.started = started;
    o.cancelled = interrupted;
    status = run_verb(policy_path, serve, &o);
out:
    option_list_free(&words);
    return status;
}
