/* key.h - the key of the site: the file given, else $SEKISHO_KEY, else sekisho/site.key below the user's configuration
 * folder. */
#ifndef SK_API_KEY_H
#define SK_API_KEY_H

#include "api/api.h"

/* To verify: the key or its public line. SEKI_E_USAGE when it is missing, open to others, or no key. */
seki_status sk_site_key_read(const char *given, struct sk_signer *key, seki_error *err);
/* To issue: the default key is made at its first use, a named one never. *have false with SEKI_OK: there is none and
 * none can be made here (no home folder, read-only), so that no receipt is issued. */
seki_status sk_site_key_for_issuing(const char *given, struct sk_signer *key, bool *have, seki_error *err);

#endif
