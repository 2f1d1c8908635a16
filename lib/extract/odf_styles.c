/* odf_styles.c - see odf.h. */
#include "extract/odf.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define STYLES_MAX 100000u

void odf_styles_init(struct odf_styles *s)
{
    memset(s, 0, sizeof(*s));
    sk_arena_init(&s->arena, (size_t)16 << 20);
}

void odf_styles_free(struct odf_styles *s)
{
    sk_arena_free(&s->arena);
    free(s->items);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct odf_style *)a)->key, ((const struct odf_style *)b)->key);
}

static unsigned find(struct odf_styles *s, const char *key)
{
    if (!s->sorted && s->n)
        qsort(s->items, s->n, sizeof(*s->items), by_key);
    s->sorted = true;
    struct odf_style want = { key, 0 };
    const struct odf_style *f = s->n ? bsearch(&want, s->items, s->n, sizeof(want), by_key) : NULL;
    return f ? f->look : 0;
}

unsigned odf_style_look(struct odf_styles *s, const char *family, const char *name)
{
    char key[256];
    if (!name || s->n == 0 || snprintf(key, sizeof(key), "%s:%s", family, name) >= (int)sizeof(key))
        return 0;
    return find(s, key);
}

static void add(struct odf_styles *s)
{
    if (s->look == 0 || s->n == STYLES_MAX || !sk_grow(&s->items, &s->cap, s->n + 1, sizeof(*s->items)))
        return;
    const char *key = sk_arena_string(&s->arena, s->current, strlen(s->current));
    if (!key)
        return;
    s->items[s->n++] = (struct odf_style){ key, s->look };
    s->sorted = false;
}

static bool is(const char *value, const char *want)
{
    return value && strcasecmp(value, want) == 0;
}

static void look_at(struct odf_styles *s, const char *name, const char **atts)
{
    if (strcmp(name, "text-properties") == 0) {
        const char *ground = sk_xml_attr(atts, "background-color");
        if (is(sk_xml_attr(atts, "display"), "none"))
            s->look |= ODF_NO_TEXT;
        if (is(sk_xml_attr(atts, "color"), "#ffffff") &&
            (!ground || is(ground, "transparent") || is(ground, "#ffffff")))
            s->look |= ODF_WHITE;
        else if (sk_xml_attr(atts, "color") || ground)
            s->look &= ~(unsigned)ODF_WHITE;
    } else if (strcmp(name, "paragraph-properties") == 0) {
        const char *ground = sk_xml_attr(atts, "background-color");
        if (ground && !is(ground, "transparent") && !is(ground, "#ffffff"))
            s->look &= ~(unsigned)ODF_WHITE;
    } else if (strcmp(name, "table-properties") == 0) {
        if (is(sk_xml_attr(atts, "display"), "false"))
            s->look |= ODF_NO_TABLE;
    } else if (strcmp(name, "drawing-page-properties") == 0) {
        if (is(sk_xml_attr(atts, "visibility"), "hidden"))
            s->look |= ODF_NO_SLIDE;
    }
}

bool odf_style_start(struct odf_styles *s, const char *name, const char **atts)
{
    if (strcmp(name, "style") == 0) {
        const char *own = sk_xml_attr(atts, "name"), *family = sk_xml_attr(atts, "family");
        if (!own || !family ||
            snprintf(s->current, sizeof(s->current), "%s:%s", family, own) >= (int)sizeof(s->current))
            s->current[0] = '\0';
        s->look = odf_style_look(s, family ? family : "", sk_xml_attr(atts, "parent-style-name"));
        return true;
    }
    if (!s->current[0])
        return false;
    look_at(s, name, atts);
    return true;
}

void odf_style_end(struct odf_styles *s, const char *name)
{
    if (!s->current[0] || strcmp(name, "style") != 0)
        return;
    add(s);
    s->current[0] = '\0';
}
