/* names.h - inside detect: is this a name of a person? Asked of whole cells and, by names_text.c, of running text. */
#ifndef SK_DETECT_NAMES_H
#define SK_DETECT_NAMES_H

#include "rules/model.h"

#define SK_NAME_CHARS 16u /* a surname, a space and a given name are looked for in so many */

/* Folded characters of a stretch of text, with where each ends. */
struct sk_name_text {
    uint32_t cp[SK_NAME_CHARS], end[SK_NAME_CHARS];
    unsigned n;
    bool more; /* the stretch goes on behind the last character */
};
/* At most `most` characters of names and spaces between them, from text[0] on; stops in front of any other. */
void sk_name_read(const struct sk_names *m, const char *text, size_t n, unsigned most, struct sk_name_text *out);

/* Flags of the word cp[from, to). */
unsigned sk_name_word(const struct sk_names *m, const struct sk_name_text *t, unsigned from, unsigned to);

enum sk_name_like { SK_NAME_NO, SK_NAME_MAYBE, SK_NAME_LIKELY };
/* The whole of s as a name in kanji (or kana given name) / as the reading of one. Folded text. */
enum sk_name_like sk_name_cell(const struct sk_names *m, const struct sk_word_list *tails, const char *s, size_t n);
/* The same with the model of running text, when there is one: given names that no dictionary has. */
enum sk_name_like sk_name_cell_of(const struct sk_rules *r, const char *s, size_t n);
enum sk_name_like sk_name_reading(const struct sk_names *m, const char *s, size_t n);

/* Does s end with a word of the list? */
bool sk_name_tail(const struct sk_word_list *tails, const char *s, size_t n);

#endif
