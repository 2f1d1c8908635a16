/* joined.h - several stores opened as one, people of their places counted once. */
#ifndef SK_API_JOINED_H
#define SK_API_JOINED_H

#include "api/api.h"
#include "nightly/store.h"

/* files: the inventory too. NULL with problems: a store that cannot be opened, another policy, people under different
 * keys. */
struct sk_store *sk_open_joined(const char *const *paths, size_t n, const struct sk_policy *policy, bool files,
                                struct sk_problems *problems);

#endif
