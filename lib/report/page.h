/* page.h - whole HTML pages without any request to the outside: style and script are inline, and the page's own policy
 * allows these alone. */
#ifndef SK_REPORT_PAGE_H
#define SK_REPORT_PAGE_H

#include "report/inner.h"

/* From the doctype to <body>. script: with the one that sorts and filters tables. */
bool sk_page_begin(struct sk_buf *b, const struct sk_run_info *run, const char *title, bool script);
bool sk_page_end(struct sk_buf *b, bool script);
bool sk_page_put(struct sk_buf *b, const char *s);        /* escaped; NULL as "" */
bool sk_page_told(struct sk_buf *b, struct sk_buf *said); /* escaped; clears said, takes over its failure */

#endif
