/*
 * sign.h - Ed25519 keys kept in files, and signatures (libsodium). Shared by receipts (the key of the site) and the
 * audit chain (the key of a store). A secret key is a file of 64 bytes, mode 0600; its public key may be given to
 * others as one line of text, with which they can verify and not sign.
 */
#ifndef SK_BASE_SIGN_H
#define SK_BASE_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SK_SIGN_PUBLIC 32
#define SK_SIGN_SECRET 64
#define SK_SIGNATURE 64

struct sk_signer {
    uint8_t public_key[SK_SIGN_PUBLIC];
    uint8_t secret[SK_SIGN_SECRET]; /* zero when it can only verify */
    bool can_sign;
};
enum sk_signer_state {
    SK_SIGNER_GOOD,
    SK_SIGNER_OPEN,    /* a secret key that others may read or change; *s is filled */
    SK_SIGNER_MISSING, /* no such file */
    SK_SIGNER_WRONG,   /* the file is no key */
    SK_SIGNER_DENIED   /* errno */
};
/* Reads a secret key, or the line of a public one. Follows no link. */
enum sk_signer_state sk_signer_read(const char *path, struct sk_signer *s);
/* Makes a new secret key at path, mode 0600. Never replaces a file: false, errno EEXIST. */
bool sk_signer_create(const char *path, struct sk_signer *s);
/* The line of its public key, with the line end: what sk_signer_read takes. */
#define SK_SIGN_LINE 96
void sk_signer_line(const struct sk_signer *s, char out[SK_SIGN_LINE]);
void sk_signer_wipe(struct sk_signer *s);

/* False when it can only verify, or libsodium cannot start. */
bool sk_sign(const struct sk_signer *s, const void *p, size_t n, uint8_t signature[SK_SIGNATURE]);
bool sk_signature_holds(const uint8_t public_key[SK_SIGN_PUBLIC], const void *p, size_t n,
                        const uint8_t signature[SK_SIGNATURE]);

/* n bytes of 2n lower-case hex digits and nothing behind them. */
bool sk_unhex(const char *text, uint8_t *out, size_t n);

#endif
