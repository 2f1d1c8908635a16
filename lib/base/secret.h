/*
 * secret.h - a site's secret: a file of 32 random bytes, mode 0600, from which keys of keyed hashes are derived, each
 * for its own purpose. Whoever has it can test a guessed name or number against an index; without it the hashes say
 * nothing.
 */
#ifndef SK_BASE_SECRET_H
#define SK_BASE_SECRET_H

#include "base/hash.h"

#define SK_SECRET_BYTES 32
enum sk_secret_state { SK_SECRET_GOOD, SK_SECRET_MISSING, SK_SECRET_OPEN, SK_SECRET_WRONG };
/* The key for a purpose ("register", "persons"). OPEN: others may read the file; *key is not filled. */
enum sk_secret_state sk_secret_read(const char *path, const char *purpose, struct sk_key *key);
/* Never replaces a file: false, errno EEXIST. */
bool sk_secret_create(const char *path);

#endif
