#include "cli.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *ja, *en;
} COMMANDS[] = {
    { "scan", cmd_scan, "フォルダを検査し、置き場所の違反を報告します", "scan folders and report misplaced files" },
    { "check", cmd_check, "外部送付の前にファイルを点検します", "check files before an external transfer" },
    { "serve", cmd_serve, "端末を使わない人のための点検の画面を、この機械の中だけで開きます",
      "a local page for checking files before a transfer" },
    { "report", cmd_report, "夜間検査の報告書を作ります(nightly, audit, trend, inventory)",
      "reports over a state file (nightly, audit, trend, inventory)" },
    { "evidence", cmd_evidence, "証拠の束を作り、検証します", "make and verify an evidence bundle" },
    { "log", cmd_log, "監査記録の連鎖を検証します", "verify the audit chain" },
    { "policy", cmd_policy, "ポリシーの検査・印刷・比較(lint, render, coverage, diff)",
      "policy tools (lint, render, coverage, diff)" },
    { "rules", cmd_rules, "検出規則の一覧・試験・比較(list, test, diff)", "detection rules (list, test, diff)" },
    { "label", cmd_label, "格付を一覧・書き出し・ファイルの属性へ書き込みます(show, export, apply)",
      "show, export or apply labels (show, export, apply)" },
    { "key", cmd_key, "点検の控えに署名する鍵を作り、公開鍵を表示します(create, show)",
      "the key that signs receipts (create, show)" },
    { "index", cmd_index, "自会の被保険者台帳の索引を作ります(key, build, show)",
      "the index of the own register (key, build, show)" },
    { "selftest", cmd_selftest, "この検査器が正しく働くことを確かめます", "prove that detection works here" },
    { "version", cmd_version, "版と対応形式を表示します(--formats)", "version and formats (--formats)" },
};
#define N_COMMANDS (sizeof(COMMANDS) / sizeof(COMMANDS[0]))

static int language = -1; /* 0 Japanese, 1 English, -1 not asked yet */

bool english(void)
{
    if (language < 0) {
        const char *names[] = { getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG") };
        const char *value = "";
        for (size_t i = 0; i < 3 && !*value; i++)
            value = names[i] ? names[i] : "";
        language = strncmp(value, "en", 2) == 0;
    }
    return language == 1;
}

void set_language(const char *lang)
{
    if (!lang)
        return;
    if (strcmp(lang, "ja") != 0 && strcmp(lang, "en") != 0) {
        complain("--lang %s は使えません。ja か en を書いてください。", "--lang %s is not known. Use ja or en.", lang);
        exit(EXIT_USAGE);
    }
    language = strcmp(lang, "en") == 0;
}

void complain(const char *ja, const char *en, ...)
{
    va_list ap;
    va_start(ap, en);
    fputs("sekisho: ", stderr);
    vfprintf(stderr, english() ? en : ja, ap);
    fputc('\n', stderr);
    va_end(ap);
}

int fail(const seki_error *err)
{
    if (err->status == SEKI_E_RULES) { /* each mistake was printed by print_problem */
        complain("誤りがあるため何も実行しませんでした。", "Nothing was done because of the mistakes above.");
        return EXIT_USAGE;
    }
    fprintf(stderr, "sekisho: %s\n", english() ? err->en : err->ja);
    return err->status == SEKI_E_USAGE ? EXIT_USAGE : EXIT_BROKEN;
}

void print_problem(void *ctx, const seki_problem *p)
{
    if (ctx)
        ++*(size_t *)ctx;
    fprintf(stderr, "%s", p->file);
    if (p->line)
        fprintf(stderr, ":%u", p->line);
    if (p->line && p->column)
        fprintf(stderr, ":%u", p->column);
    fprintf(stderr, ": %s\n", english() ? p->en : p->ja);
}

bool write_stdout(void *ctx, const void *p, size_t n)
{
    (void)ctx;
    errno = 0;
    return fwrite(p, 1, n, stdout) == n;
}

bool flush_stdout(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    complain("標準出力へ書けませんでした(%s)。", "Could not write to standard output (%s).", strerror(errno));
    return false;
}

int load(seki_rules **rules, seki_policy **policy, const char *policy_path)
{
    seki_error err;
    seki_rules_options ro = { .size = sizeof(ro), .problem = print_problem };
    if (seki_rules_load(rules, &ro, &err))
        return fail(&err);
    seki_policy_options po = { .size = sizeof(po), .rules = *rules, .problem = print_problem };
    if (policy && seki_policy_load(policy, policy_path, &po, &err)) {
        seki_rules_free(*rules);
        *rules = NULL;
        return fail(&err);
    }
    return 0;
}

int run_verb(const char *policy_path, verb_fn verb, void *options)
{
    seki_rules *rules = NULL;
    seki_policy *policy = NULL;
    seki_error err;
    int status = load(&rules, &policy, policy_path);
    if (status == 0) {
        if (verb(rules, policy, options, &status, &err))
            status = fail(&err);
        if (!flush_stdout())
            status = EXIT_BROKEN;
    }
    seki_policy_free(policy);
    seki_rules_free(rules);
    return status;
}

static volatile sig_atomic_t signalled;

static void on_signal(int sig)
{
    (void)sig;
    signalled = 1;
}

void catch_interrupts(void)
{
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
}

bool interrupted(void *ctx)
{
    (void)ctx;
    return signalled != 0;
}

static int help(FILE *to)
{
    fprintf(to,
            english()
                ? "sekisho: finds personal and medical-claim data in files, and files that lie where they must not.\n\n"
                : "sekisho(関所): "
                  "ファイルの中の個人情報・レセプトを見つけ、置いてはいけない場所にあるファイルを知らせます。\n\n");
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(to, "  sekisho %-9s %s\n", COMMANDS[i].name, english() ? COMMANDS[i].en : COMMANDS[i].ja);
    fprintf(to, english() ? "\nExamples:\n" : "\n例:\n");
    fprintf(to,
            "  sekisho scan --as /share /mnt/fs01\n  sekisho check --dest D-INSURER --recipient 100016 RECEIPTC.UKE\n");
    fprintf(to, english() ? "\nExit status: 0 fine, 1 violation or refused, 2 something was not inspected, 3 "
                            "conditions not met, 64 usage, 70 internal error\n"
                          : "\n終了状態: 0 問題なし / 1 違反・送付不可 / 2 検査できないものがある / 3 条件未達 / 64 "
                            "指定の誤り / 70 内部エラー\n");
    return to == stdout ? EXIT_FINE : EXIT_USAGE;
}

/* What was read from files must not end in a core dump. */
static void no_cores(void)
{
    struct rlimit none = { 0, 0 };
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
    no_cores();
    if (argc < 2)
        return help(stderr);
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help(stdout);
    if (strcmp(argv[1], "--version") == 0)
        return cmd_version(0, NULL);
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(argv[1], COMMANDS[i].name) == 0)
            return COMMANDS[i].run(argc - 2, argv + 2);
    complain("%s という命令はありません。sekisho help で一覧を見てください。", "Unknown command %s. See sekisho help.",
             argv[1]);
    return EXIT_USAGE;
}
