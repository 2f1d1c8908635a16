/*
 * receipt.h - a receipt: these plain files were found fit for this destination under this policy, but for their
 * encryption. One sk_receipt a file, all of one check under one id, which ends in a digest of all they say, and signed
 * with the key of the site: a receipt that nobody issued here, or that was edited, opens no way.
 */
#ifndef SK_REPORT_RECEIPT_H
#define SK_REPORT_RECEIPT_H

#include "report/report.h"

#define SK_RECEIPT_ID 64

/* What a check says of its files, in arena, *n of them; NULL without memory. Files without SHA-256, and a run without a
 * key that can sign, give none: *n is 0. */
struct sk_receipt *sk_receipts_issue(const struct sk_run_info *run, const struct sk_transfer_request *q,
                                     const struct sk_transfer_file *files, size_t n_files,
                                     const struct sk_verdict_result *v, struct sk_arena *arena, size_t *n);
/* {"id":…,"sha256":…,"issued":…,"expires":…,"policy":…,"dest":…,"members":[…],"signature":{…}} */
bool sk_receipts_json(struct sk_buf *b, const struct sk_signer *signer, const struct sk_receipt *receipts, size_t n);
/* "R-20261124-" and 32 hex digits; false without memory. */
bool sk_receipts_id(const struct sk_receipt *receipts, size_t n, char id[SK_RECEIPT_ID]);
/* SHA-256 that the receipt names: of the file when it is one, else of all digests in order. */
bool sk_receipts_sha256(const struct sk_receipt *receipts, size_t n, uint8_t out[32]);

#endif
