/* page.h - whole HTML pages without any request to the outside: style and script are inline, and the page's own policy
 * allows these alone. */
#ifndef SK_REPORT_PAGE_H
#define SK_REPORT_PAGE_H

#include "report/inner.h"

enum sk_page_script {
    SK_PAGE_PLAIN,
    SK_PAGE_TABLES, /* sorts and filters tables */
    SK_PAGE_PRINT,  /* shows the button of sk_page_print */
    SK_PAGE_FORM    /* the same, on a page with a form for the server that sent it */
};
/* From the doctype to <body>. */
bool sk_page_begin(struct sk_buf *b, const struct sk_run_info *run, const char *title, enum sk_page_script script);
bool sk_page_end(struct sk_buf *b, enum sk_page_script script);
/* A button that prints the page; hidden where scripts do not run, and on paper. */
bool sk_page_print(struct sk_buf *b, const struct sk_run_info *run);
bool sk_page_put(struct sk_buf *b, const char *s);        /* escaped; NULL as "" */
bool sk_page_told(struct sk_buf *b, struct sk_buf *said); /* escaped; clears said, takes over its failure */

#endif
