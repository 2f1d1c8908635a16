/*
 * codepage.h - Windows code pages that are none of our own encodings: documents from abroad and old programs. Only
 * where the format itself names the code page; bytes without such a word go to charset.h.
 */
#ifndef SK_TEXT_CODEPAGE_H
#define SK_TEXT_CODEPAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room that n bytes may need as UTF-8. */
static inline size_t sk_codepage_room(size_t n)
{
    return n * 3 + 16;
}
/* Converts; bytes that are no characters become U+FFFD. Stores the length. False: the code page is not known, there is
 * no memory, or cap is less than sk_codepage_room(n). Thread-safe. */
bool sk_codepage_to_utf8(uint32_t codepage, const uint8_t *p, size_t n, char *out, size_t cap, size_t *length);
/* The code page of a declared name ("big5", "windows-1251", "koi8-r"); 0: none of these. */
uint32_t sk_codepage_named(const char *name, size_t n);

#endif
