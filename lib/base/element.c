#include "base/element.h"

#include <string.h>

static const struct {
    const char *name, *ja, *en;
} ELEMENTS[] = {
#define X(symbol, name, ja, en) { name, ja, en },
#include "base/elements.def"
#undef X
};

_Static_assert(SK_EL_COUNT <= 64, "a set of elements must fit sk_elements");

const char *sk_element_name(enum sk_element e)
{
    return ELEMENTS[e].name;
}

const char *sk_element_title(enum sk_element e, int english)
{
    return english ? ELEMENTS[e].en : ELEMENTS[e].ja;
}

enum sk_element sk_element_find(const char *name)
{
    for (int e = 0; e < SK_EL_COUNT; e++)
        if (strcmp(ELEMENTS[e].name, name) == 0)
            return (enum sk_element)e;
    return SK_EL_NONE;
}

const char *sk_confidence_name(enum sk_confidence c)
{
    static const char *const NAMES[] = { "low", "medium", "high" };
    return NAMES[c];
}
