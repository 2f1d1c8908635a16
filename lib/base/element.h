/* element.h - the closed list of things that can be found. */
#ifndef SK_BASE_ELEMENT_H
#define SK_BASE_ELEMENT_H

#include <stdint.h>

enum sk_element {
#define X(symbol, name, ja, en) SK_EL_##symbol,
#include "base/elements.def"
#undef X
    SK_EL_COUNT,
    SK_EL_NONE = 255
};

/* A set of elements: bit e is element e. */
typedef uint64_t sk_elements;
#define SK_BIT(e) ((sk_elements)1 << (e))

enum sk_confidence { SK_CONF_LOW, SK_CONF_MEDIUM, SK_CONF_HIGH, SK_CONF_COUNT };

/* Static strings; e must be < SK_EL_COUNT. */
const char *sk_element_name(enum sk_element e);
const char *sk_element_title(enum sk_element e, int english);
/* SK_EL_NONE when the name is unknown. */
enum sk_element sk_element_find(const char *name);
const char *sk_confidence_name(enum sk_confidence c);

#endif
