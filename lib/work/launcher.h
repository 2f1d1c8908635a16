/*
 * launcher.h - how a locked worker reaches the programs that read what the library must not (PDF: poppler is GPL).
 * Before the lock a small process is forked, the launcher. Over a socket it takes fixed messages and nothing else:
 * start one of the programs in the helpers' folder, end it. The program's standard streams are a socket whose other end
 * the worker gets. The launcher ends when the worker's end of the socket closes, and takes what it started with it.
 */
#ifndef SK_WORK_LAUNCHER_H
#define SK_WORK_LAUNCHER_H

#include "extract/extract.h"

struct sk_launcher;

/* Forks nothing yet. folder NULL: environment SEKISHO_HELPERS, else the build's or the installed folder. */
struct sk_launcher *sk_launcher_new(const char *folder);
void sk_launcher_free(struct sk_launcher *l);
/* Forks the launcher now: for a worker, before its lock. Without it the first start does so. A launcher that was
 * inherited over a fork is left alone and replaced. False: no process to be had. */
bool sk_launcher_fork(struct sk_launcher *l);
const struct sk_helper *sk_launcher_helper(struct sk_launcher *l);

/* Closes every descriptor from `first` on. */
void sk_close_from(unsigned first);

#endif
