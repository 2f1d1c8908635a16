/*
 * pdf.h - the records that the helper program sekisho-pdf writes (cli/helpers/pdf/records.h is its side). The program
 * has read hostile bytes, so nothing it says is believed unchecked. A header of 12 bytes, numbers little-endian, then
 * the payload:
 *
 *   u8 type, u8 kind, u8 hidden, u8 0, u32 page, u32 length
 *
 * kind:   0 body, 1 title, 2 comment, 3 form value, 4 watermark, 5 header, 6 footer
 * hidden: 0 no, 1 invisible, 2 covered, 3 comment
 * type:
 * - L a line of text
 * - B a table begins, N it ends
 * - C a cell: u32 row, u32 column, text
 * - P a document property: u32 length of its name, name, value
 * - A an attachment: u32 length of its name, name, bytes
 * - X encrypted; the payload is the method
 * - R rights-managed
 * - D damaged
 * - I the page has pictures and no text
 * - F its fonts do not tell their characters
 * - T something was left out for its cost
 * - E the end: what comes before is whole; page = number of pages
 */
#ifndef SK_EXTRACT_PDF_H
#define SK_EXTRACT_PDF_H

#include "extract/extract.h"

/* As sk_pull: count, 0 at the end, -1 when it is to be given up. */
typedef ssize_t (*sk_pdf_pull)(void *ctx, void *buf, size_t n);
enum sk_pdf_end {
    SK_PDF_WHOLE,   /* up to E */
    SK_PDF_CUT,     /* the program ended before */
    SK_PDF_INVALID, /* no such record */
    SK_PDF_STOPPED  /* the sink or the budget said stop */
};
enum sk_pdf_end sk_pdf_records(struct sk_job *job, sk_pdf_pull pull, void *ctx);
/* Gives the bytes to the program sekisho-NAME and what it says to the sink; tells when it cannot be had or fails.
 * *whole: it said all it had to say. False: stop. */
bool sk_read_by_helper(struct sk_job *job, const char *name, struct sk_bytes all, bool *whole);
/* A picture, known by its signature only: codes in it, text when the limits ask for it (image.c). */
bool sk_image_read(struct sk_job *job);

#endif
