/*
 * charset.h - which encoding are these bytes in? Our own detector, because general ones (ICU's ucsdet, uchardet,
 * libmagic) score frequent kana and fail on registers of names, digits and half-width kana, which is what a
 * federation stores. Pure function of the bytes.
 */
#ifndef SK_TEXT_CHARSET_H
#define SK_TEXT_CHARSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sk_charset {
    SK_CS_BINARY, /* not text in any encoding that is known here */
    SK_CS_ASCII,
    SK_CS_UTF8,
    SK_CS_CP932,     /* Microsoft's Shift_JIS with NEC and IBM extensions: ICU "ibm-943_P15A-2003" */
    SK_CS_EUCJP,     /* incl. JIS X 0212 (8F) and half-width kana (8E), NEC row 13 */
    SK_CS_ISO2022JP, /* incl. half-width kana (ESC ( I), SO/SI kana, JIS X 0212, NEC row 13 */
    SK_CS_UTF16LE,
    SK_CS_UTF16BE,
    SK_CS_COUNT
};

struct sk_guess {
    enum sk_charset best;
    enum sk_charset second; /* the runner-up when it is close to the best, else == best: scan both readings */
    uint8_t bom;            /* bytes of byte order mark at the start */
};

/*
 * Judges n bytes (usually the first 4 to 64 KiB of a part, or one later block). The sample may end inside a
 * character. at_start: a byte order mark may stand at p.
 */
struct sk_guess sk_charset_guess(const uint8_t *p, size_t n, bool at_start);

/* True while the block still reads as cs: few invalid sequences. For re-validation of later blocks. */
bool sk_charset_holds(enum sk_charset cs, const uint8_t *p, size_t n);

/* "utf-8", "cp932", ...; a static string. */
const char *sk_charset_name(enum sk_charset cs);
/* From a declared name ("Shift_JIS", "windows-31j", "iso-2022-jp", "x-sjis", "utf8", ...), any case;
 * SK_CS_BINARY when it is none of ours. */
enum sk_charset sk_charset_named(const char *name, size_t n);

#endif
