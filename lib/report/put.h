/* put.h - strings and numbers as people read them. Beside the sk_put_ functions of report.h. */
#ifndef SK_REPORT_PUT_H
#define SK_REPORT_PUT_H

#include "report/report.h"

/* Columns on a terminal: East Asian wide characters take two, combining ones none (UAX #11; ambiguous ones count as
 * one). */
size_t sk_width(const char *s);
/* s, made safe, then spaces up to width columns; for right, the spaces come first. */
bool sk_put_padded(struct sk_buf *b, const char *s, size_t width, bool right);
bool sk_put_number(struct sk_buf *b, uint64_t n);   /* 1,204,511 */
bool sk_put_size(struct sk_buf *b, uint64_t bytes); /* 2.1 TB */
/* "C2" of 0-based row and column. */
bool sk_put_cell(struct sk_buf *b, uint32_t row, uint32_t col);
/* "quoted and escaped" JSON string; NULL as "". */
bool sk_put_base64(struct sk_buf *b, const void *p, size_t n);
bool sk_put_json_string(struct sk_buf *b, const char *s);
bool sk_put_time(struct sk_buf *b, int64_t seconds); /* 2026-11-24T22:10:37Z */
/* file:///share/%E7%B7%8F… of a path; a path without leading slash stays relative. */
bool sk_put_uri(struct sk_buf *b, const char *path);

#endif
