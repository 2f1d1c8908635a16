/* naming.c - libmagic names what no format here knows. It is never asked whether something can be read. */
#include "extract/scratch.h"

#include <magic.h>
#include <string.h>

/* Its own decompressors, archives and text guesses are not wanted: those are formats of ours. */
#define FLAGS                                                                                                          \
    (MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_TOKENS |                          \
     MAGIC_NO_CHECK_ENCODING | MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_JSON | MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_ELF |    \
     MAGIC_NO_CHECK_APPTYPE)
#define LOOK ((size_t)4096)

void sk_naming_ready(struct sk_scratch *s)
{
    if (s->magic_tried)
        return;
    s->magic_tried = true;
    s->magic = magic_open(FLAGS);
    if (s->magic && magic_load(s->magic, NULL) != 0) {
        magic_close(s->magic);
        s->magic = NULL; /* files then have no name; nothing else depends on it */
    }
}

const char *sk_name_binary(struct sk_scratch *s, struct sk_bytes head)
{
    sk_naming_ready(s);
    const char *name = s->magic ? magic_buffer(s->magic, head.p, head.n < LOOK ? head.n : LOOK) : NULL;
    return name && strcmp(name, "application/octet-stream") != 0 ? name : "";
}

void sk_naming_free(struct sk_scratch *s)
{
    if (s->magic)
        magic_close(s->magic);
}
