/* cli.h - the command: a table of verbs, one file each, over the public header only. */
#ifndef SEKISHO_CLI_H
#define SEKISHO_CLI_H

#include "sekisho/sekisho.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    EXIT_FINE = 0,
    EXIT_VIOLATION = 1,
    EXIT_UNINSPECTED = 2,
    EXIT_CONDITIONS = 3,
    EXIT_USAGE = 64,
    EXIT_BROKEN = 70
};

/* ---- options.c ---- */
enum option_kind { OPT_FLAG, OPT_TEXT, OPT_NUMBER, OPT_LIST };
struct option_list {
    const char **items;
    size_t n, cap;
};
struct option {
    const char *name; /* "--policy" */
    char letter;      /* 'o', 0 = none */
    enum option_kind kind;
    void *target; /* bool, const char *, unsigned long, struct option_list */
};
/* Reads argv[0..argc) into the targets and the rest into words; --help ends the program. argv[-1] is the verb. False: a
 * message was printed (exit 64). */
bool options_read(int argc, char **argv, const struct option *options, size_t n, struct option_list *words);
void option_list_free(struct option_list *list);

/* ---- help.c ---- */
/* Prints the forms and options of the verb that stands before argv[0], and exits. */
void help_verb(int argc, char **argv, const struct option *options, size_t n);

/* ---- main.c ---- */
bool english(void);                  /* language of human output: --lang, else the locale, else Japanese */
void set_language(const char *lang); /* "ja", "en" or NULL; others print a message and exit 64 */
/* Prints "sekisho: ..." in the chosen language to stderr. */
void complain(const char *ja, const char *en, ...);
/* Prints *err unless its problems were already printed; returns the exit status for it. */
int fail(const seki_error *err);
void print_problem(void *ctx,
                   const seki_problem *p); /* file:line:column: message; counts in *(size_t *)ctx when not NULL */
bool write_stdout(void *ctx, const void *p, size_t n);
bool flush_stdout(void); /* false and a message when the output could not be written */
/* From here on Ctrl+C and SIGTERM only make interrupted() true: what runs ends in order. */
void catch_interrupts(void);
bool interrupted(void *ctx);
/* Rules and policy as every verb loads them; NULL policy path = default. Returns 0 or the exit status after a message.
 */
int load(seki_rules **rules, seki_policy **policy, const char *policy_path);

/* Loads both, runs the verb with them, prints its error, flushes stdout; returns the exit status. */
typedef seki_status (*verb_fn)(const seki_rules *rules, const seki_policy *policy, void *options, int *exit_status,
                               seki_error *err);
int run_verb(const char *policy_path, verb_fn verb, void *options);

int cmd_scan(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_evidence(int argc, char **argv);
int cmd_log(int argc, char **argv);
int cmd_policy(int argc, char **argv);
int cmd_rules(int argc, char **argv);
int cmd_selftest(int argc, char **argv);
int cmd_label(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_key(int argc, char **argv);
int cmd_version(int argc, char **argv);

#endif
int cmd_index(int argc, char **argv);
