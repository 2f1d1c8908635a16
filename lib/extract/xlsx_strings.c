/* xlsx_strings.c - the shared string table: text and furigana of each string, kept once; cells only refer to it. */
#include "extract/xlsx.h"

#include <stdlib.h>

struct reader {
    struct xlsx_strings *s;
    bool in_string, in_text;
    unsigned phonetic;
};

static bool mark(struct xlsx_strings *s)
{
    if (!sk_grow(&s->items, &s->cap, s->n + 2, sizeof(*s->items))) {
        s->overflow = true;
        return false;
    }
    s->items[s->n] = (struct xlsx_string){ s->text.n, s->ruby.n, false };
    return true;
}

static bool on_start(void *ctx, const char *name, const char **atts)
{
    struct reader *r = ctx;
    (void)atts;
    if (strcmp(name, "si") == 0)
        r->in_string = mark(r->s);
    else if (strcmp(name, "rPh") == 0)
        r->phonetic++;
    else if (strcmp(name, "t") == 0)
        r->in_text = true;
    return true;
}

static bool on_end(void *ctx, const char *name)
{
    struct reader *r = ctx;
    if (strcmp(name, "si") == 0 && r->in_string) {
        r->s->n++;
        r->in_string = false;
    } else if (strcmp(name, "rPh") == 0) {
        r->phonetic -= r->phonetic > 0;
    } else if (strcmp(name, "t") == 0) {
        r->in_text = false;
    }
    return true;
}

static bool on_text(void *ctx, const char *p, size_t n)
{
    struct reader *r = ctx;
    if (r->in_text && r->in_string && !sk_buf_add(r->phonetic ? &r->s->ruby : &r->s->text, p, n))
        r->s->overflow = true;
    return true;
}

bool xlsx_strings_read(struct sk_opc *p, size_t i, struct xlsx_strings *s)
{
    static const struct sk_xml_calls CALLS = { on_start, on_end, on_text };
    struct reader r = { s, false, false, 0 };
    uint64_t most = p->job->budget->limits.max_member_bytes;
    sk_buf_init(&s->text, most > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)most);
    sk_buf_init(&s->ruby, s->text.ceiling);
    if (!sk_buf_reserve(&s->text, 0) ||
        !sk_buf_reserve(&s->ruby, 0)) { /* offsets into them are taken even when they stay empty */
        sk_opc_reason(p, SK_WHY_TOO_LARGE, "memory");
        return true;
    }
    bool ok = sk_opc_parse(p, i, &CALLS, &r);
    if (r.in_string) /* the XML was cut inside a string */
        s->n++;
    if (!mark(s)) {
        s->n = 0;
        s->overflow = true;
    }
    if (s->overflow)
        sk_opc_reason(p, SK_WHY_TOO_LARGE, "");
    return ok;
}

void xlsx_strings_free(struct xlsx_strings *s)
{
    sk_buf_free(&s->text);
    sk_buf_free(&s->ruby);
    free(s->items);
}
