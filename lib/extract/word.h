/* word.h - inside the reader of Word's binary documents: where its text lies, and what is known of pieces of it. */
#ifndef SK_EXTRACT_WORD_H
#define SK_EXTRACT_WORD_H

#include "extract/ole.h"

enum word_flag { WORD_IN_TABLE = 1, WORD_ROW_END = 2, WORD_VANISH = 4, WORD_DELETED = 8 };

struct word_piece {
    uint32_t cp, end; /* characters of the document */
    uint64_t off;     /* of the first one in the stream */
    bool wide;        /* two bytes each */
};
struct word_range { /* bytes of the stream */
    uint32_t from, to;
    uint8_t flags;
};
struct word_ranges {
    struct word_range *items; /* ascending */
    size_t n, cap;
};
struct word_story { /* the document is one row of characters: body, notes, headers, ... */
    uint32_t end;
    enum sk_run_kind kind;
    enum sk_hidden hidden;
};

struct word {
    struct sk_ole *f;
    struct sk_buf stream, table;
    bool old; /* Word 6 and 95: bytes of a code page */
    uint32_t codepage;
    struct word_piece *pieces;
    size_t n_pieces, cap_pieces;
    struct word_ranges paragraphs, characters;
    struct word_story *stories;
    size_t n_stories, cap_stories;
};

/* False when it is no document or there is no text. */
bool word_open(struct word *w, struct sk_ole *f);
void word_close(struct word *w);
/* Flags at a byte of the stream; *until: they hold up to here. */
uint8_t word_flags(const struct word_ranges *r, uint32_t at, uint32_t *until);

#endif
