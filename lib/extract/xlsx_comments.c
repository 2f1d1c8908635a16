/* xlsx_comments.c - notes and threaded comments of a sheet; headers and footers. */
#include "extract/xlsx.h"

#include <stdlib.h>

struct comments {
    struct sk_side *side;
    struct sk_buf text, author;
    bool in_text, in_author, skip_copies, skip;
    unsigned phonetic;
    uint8_t *is_copy; /* by author: "tc={...}" stands for a thread whose copy this is */
    size_t n_authors, cap_authors;
};

static bool on_start(void *ctx, const char *name, const char **atts)
{
    struct comments *c = ctx;
    if (strcmp(name, "comment") == 0) {
        const char *author = sk_xml_attr(atts, "authorId");
        unsigned long k = author ? strtoul(author, NULL, 10) : 0;
        c->skip = c->skip_copies && k < c->n_authors && c->is_copy[k];
        sk_buf_clear(&c->text);
    } else if (strcmp(name, "threadedComment") == 0) {
        c->skip = false;
        sk_buf_clear(&c->text);
    } else if (strcmp(name, "author") == 0) {
        c->in_author = true;
        sk_buf_clear(&c->author);
    } else if (strcmp(name, "t") == 0 || strcmp(name, "text") == 0) {
        c->in_text = true;
    } else if (strcmp(name, "rPh") == 0) {
        c->phonetic++;
    }
    return true;
}

static bool on_end(void *ctx, const char *name)
{
    struct comments *c = ctx;
    if (strcmp(name, "comment") == 0 || strcmp(name, "threadedComment") == 0) {
        if (!c->skip)
            return sk_side_add(c->side, SK_RUN_COMMENT, SK_HIDDEN_COMMENT, 0, 0, c->text.p, c->text.n);
    } else if (strcmp(name, "author") == 0) {
        bool copy = c->author.n > 3 && memcmp(c->author.p, "tc=", 3) == 0;
        c->in_author = false;
        if (sk_grow(&c->is_copy, &c->cap_authors, c->n_authors + 1, 1))
            c->is_copy[c->n_authors++] = copy;
        return copy || sk_side_add(c->side, SK_RUN_PROPERTY, SK_SHOWN, 0, 0, c->author.p, c->author.n);
    } else if (strcmp(name, "t") == 0 || strcmp(name, "text") == 0) {
        c->in_text = false;
    } else if (strcmp(name, "rPh") == 0) {
        c->phonetic -= c->phonetic > 0;
    }
    return true;
}

static bool on_text(void *ctx, const char *p, size_t n)
{
    struct comments *c = ctx;
    if (c->in_author)
        sk_buf_add(&c->author, p, n);
    else if (c->in_text && !c->phonetic)
        sk_buf_add(&c->text, p, n);
    return true;
}

bool xlsx_comments_read(struct sk_opc *p, size_t i, struct sk_side *side, bool threaded)
{
    static const struct sk_xml_calls CALLS = { on_start, on_end, on_text };
    struct comments c = { .side = side, .skip_copies = threaded };
    sk_buf_init(&c.text, (size_t)1 << 20);
    sk_buf_init(&c.author, 4096);
    bool ok = sk_opc_parse(p, i, &CALLS, &c);
    sk_buf_free(&c.text);
    sk_buf_free(&c.author);
    free(c.is_copy);
    return ok;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* &L &C &R begin sections; &"font" &12 &K04+000 &B and the other codes are looks or fields. */
void xlsx_header_text(const char *s, size_t n, struct sk_buf *out)
{
    for (size_t i = 0; i < n; i++) {
        if (s[i] != '&' || i + 1 == n) {
            sk_buf_add(out, s + i, 1);
            continue;
        }
        char c = s[++i];
        if (c == '&') {
            sk_buf_add(out, "&", 1);
        } else if (c == 'L' || c == 'C' || c == 'R') {
            if (out->n && out->p[out->n - 1] != '\n')
                sk_buf_add(out, "\n", 1);
        } else if (c == '"') {
            while (i + 1 < n && s[i + 1] != '"')
                i++;
            i += i + 1 < n;
        } else if (is_digit(c)) {
            while (i + 1 < n && is_digit(s[i + 1]))
                i++;
        } else if (c == 'K') {
            for (int k = 0; k < 6 && i + 1 < n && (is_digit(s[i + 1]) || strchr("ABCDEFabcdef+-", s[i + 1])); k++)
                i++;
        }
    }
}
