/* textfile.h - reading the files that people write: regular, at most 16 MiB, UTF-8. */
#ifndef SK_RULES_TEXTFILE_H
#define SK_RULES_TEXTFILE_H

#include "base/bytes.h"
#include "rules/problem.h"

/* Initialises *text and reads the file into it (NUL-terminated); free it in any case. False: a problem was added. */
bool sk_textfile_read(const char *path, struct sk_buf *text, struct sk_problems *problems);
/* Size and encoding; false: a problem with line and column was added. */
bool sk_textfile_check(struct sk_bytes text, const char *file, struct sk_problems *problems);

#endif
