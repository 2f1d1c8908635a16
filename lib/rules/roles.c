#include "rules/rules.h"

static const struct sk_role_info ROLES[] = {
#define X(symbol, element, class, check) { #symbol, SK_EL_##element, class, check },
#include "rules/roles.def"
#undef X
};

const struct sk_role_info *sk_role_info(enum sk_role r)
{
    return r < SK_ROLES ? &ROLES[r] : NULL;
}
