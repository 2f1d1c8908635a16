/* rtf.h - Rich Text Format (RTF 1.9.1): its tokens, and where text goes. */
#ifndef SK_EXTRACT_RTF_H
#define SK_EXTRACT_RTF_H

#include "extract/ooxml.h"

enum rtf_kind { RTF_END, RTF_OPEN, RTF_CLOSE, RTF_WORD, RTF_SYMBOL, RTF_BYTE, RTF_BINARY };
struct rtf_token {
    enum rtf_kind kind;
    char word[33]; /* WORD; SYMBOL: word[0] */
    bool has_number;
    long number;
    uint8_t byte;         /* BYTE: a character of the text, plain or \'hh */
    bool quoted;          /* it was \'hh */
    struct sk_bytes data; /* BINARY */
};
/* The next token of what is left in *b. Line ends between tokens are passed over. */
void rtf_next(struct sk_bytes *b, struct rtf_token *t);

/* ---- rtf_text.c: the document at hand, its text and tables ---- */
#define RTF_GROUPS 512u
#define RTF_FONTS 4096u
#define RTF_BOXES 16u

enum rtf_dest {
    RTF_TO_TEXT, /* of the box at hand, else of the document */
    RTF_TO_SKIP,
    RTF_TO_FONTS,
    RTF_TO_OBJECT, /* hexadecimal bytes of an embedded object */
    RTF_TO_CODE    /* of a field */
};

struct rtf_group {
    uint8_t dest;
    uint8_t skip; /* \ucN: characters to pass over behind \u */
    bool hidden, deleted, box, star;
    uint16_t codepage; /* of the font; 0: the document's */
};

struct rtf_box {
    struct sk_buf text;
    enum sk_run_kind kind;
    enum sk_hidden hidden;
};

struct rtf {
    struct sk_job *job;
    struct sk_out *o;
    struct sk_side side;
    struct sk_grid *grid;
    struct rtf_group group[RTF_GROUPS];
    unsigned depth, over;
    struct rtf_box box[RTF_BOXES];
    unsigned boxes;
    struct sk_buf bytes; /* of a legacy encoding, not yet converted */
    struct sk_buf cell, aside, object, code;
    enum sk_hidden aside_why;
    bool in_table, in_row, overflow;
    uint32_t codepage; /* \ansicpg */
    uint32_t high;     /* first half of a surrogate pair */
    uint32_t pass;     /* characters still to be passed over */
    uint32_t paragraph;
    long font;                 /* in the font table */
    uint16_t fonts[RTF_FONTS]; /* their code pages; 0 unknown */
    int nibble;
    /* merged cells as the row's definition has them */
    uint8_t merge[SK_GRID_COLUMNS], next_merge;
    uint32_t defined, col;
};

/* Gathered bytes of a legacy encoding become text: before anything that is no byte. */
bool rtf_flush_bytes(struct rtf *r);
bool rtf_put_byte(struct rtf *r, uint8_t c);
bool rtf_put(struct rtf *r, const char *s);
/* \uN; the characters for readers that do not know it are passed over. */
bool rtf_put_code_point(struct rtf *r, long number);
/* Hidden text gathered in the paragraph. */
bool rtf_flush_aside(struct rtf *r);
bool rtf_paragraph_end(struct rtf *r);
bool rtf_row_end(struct rtf *r);
/* Control words of tables; *known false: it is none. */
bool rtf_table_word(struct rtf *r, const char *w, bool *known);

#endif
