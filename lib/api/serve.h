/* serve.h - inside api: what serve.c (HTTP) and serve_form.c (the page and its form) share. */
#ifndef SK_API_SERVE_H
#define SK_API_SERVE_H

#include "api/api.h"

#include <microhttpd.h>

#define SK_FORM_FILES 32u
#define SK_FORM_TEXT ((size_t)16 << 10)

struct sk_upload {
    char *name; /* base name as the browser tells it */
    int fd;     /* memfd: nothing of it reaches a disk */
    uint64_t bytes;
};
enum sk_form_text {
    SK_FORM_DEST,
    SK_FORM_RECIPIENTS,
    SK_FORM_APPROVALS,
    SK_FORM_CONTRACT,
    SK_FORM_REQUESTER,
    SK_FORM_PURPOSE,
    SK_FORM_CHANNEL,
    SK_FORM_TEXTS
};
struct sk_form {
    struct sk_buf texts[SK_FORM_TEXTS];
    struct sk_upload files[SK_FORM_FILES], receipts; /* receipts.fd -1: none */
    size_t n_files;
    uint64_t bytes, max_bytes;
    bool too_large, too_many, failed;
    struct sk_upload *last; /* that the next bytes belong to */
};
void sk_form_init(struct sk_form *f, uint64_t max_bytes);
void sk_form_free(struct sk_form *f);
/* MHD_PostDataIterator over a struct sk_form. */
enum MHD_Result sk_form_take(void *form, enum MHD_ValueKind kind, const char *key, const char *filename,
                             const char *content_type, const char *transfer_encoding, const char *data, uint64_t off,
                             size_t size);

/* The page with the form; path: where the form goes. */
bool sk_form_page(struct sk_buf *b, const struct sk_run_info *run, const char *path, uint64_t max_bytes);
/* A page that tells a mistake; back: address of the form, or NULL. */
bool sk_error_page(struct sk_buf *b, const struct sk_run_info *run, const char *ja, const char *en,
                   const struct sk_buf *details, const char *back);

#endif
