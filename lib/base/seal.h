/*
 * seal.h - a file encrypted for the holder of a key pair (Ed25519 keys of sign.h, turned into X25519): libsodium's
 * sealed box around a random key, secretstream (XChaCha20-Poly1305) for the content. A cut or changed file does not
 * open.
 */
#ifndef SK_BASE_SEAL_H
#define SK_BASE_SEAL_H

#include "base/hash.h"
#include "base/sign.h"

/* Reads in from its beginning with pread, appends to out. sha (started; may be NULL) gets what is written, plain (the
 * same) what was read. False with errno. */
bool sk_seal(int in, int out, const struct sk_signer *recipient, struct sk_sha256 *sha, struct sk_sha256 *plain);
/* False: not sealed for this key, changed, cut off, or not readable or writable. */
bool sk_unseal(int in, int out, const struct sk_signer *key);

#endif
