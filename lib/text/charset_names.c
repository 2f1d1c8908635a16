/* charset_names.c - names of the encodings, ours and those found in mail, HTML and XML declarations. */
#include "text/charset.h"

const char *sk_charset_name(enum sk_charset cs)
{
    static const char *const names[SK_CS_COUNT] = {
        [SK_CS_BINARY] = "binary",    [SK_CS_ASCII] = "us-ascii",   [SK_CS_UTF8] = "utf-8",
        [SK_CS_CP932] = "cp932",      [SK_CS_EUCJP] = "euc-jp",     [SK_CS_ISO2022JP] = "iso-2022-jp",
        [SK_CS_UTF16LE] = "utf-16le", [SK_CS_UTF16BE] = "utf-16be",
    };
    return (unsigned)cs < SK_CS_COUNT ? names[cs] : names[SK_CS_BINARY];
}

/* Letters and digits only, letters small: "Shift_JIS" = "shift-jis" = "SHIFTJIS". */
static size_t plain_name(const char *name, size_t n, char *out, size_t cap)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        char c = name[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            continue;
        if (k + 1 >= cap)
            return 0;
        out[k++] = c;
    }
    out[k] = '\0';
    return k;
}

static int same(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

/* The labels of the WHATWG Encoding Standard and IANA's aliases, and what Windows and old Japanese software write.
 * Plain "utf-16" without a byte order mark is little-endian, as that standard has it. */
enum sk_charset sk_charset_named(const char *name, size_t n)
{
    static const struct {
        const char *name;
        enum sk_charset cs;
    } known[] = {
        { "utf8", SK_CS_UTF8 },
        { "xutf8", SK_CS_UTF8 },
        { "utf8n", SK_CS_UTF8 },
        { "utf8bom", SK_CS_UTF8 },
        { "utf8sig", SK_CS_UTF8 },
        { "utf8mb4", SK_CS_UTF8 },
        { "utf8mb3", SK_CS_UTF8 },
        { "cp65001", SK_CS_UTF8 },
        { "unicode11utf8", SK_CS_UTF8 },
        { "unicode20utf8", SK_CS_UTF8 },
        { "xunicode20utf8", SK_CS_UTF8 },
        { "shiftjis", SK_CS_CP932 },
        { "xshiftjis", SK_CS_CP932 },
        { "sjis", SK_CS_CP932 },
        { "xsjis", SK_CS_CP932 },
        { "sjiswin", SK_CS_CP932 },
        { "xsjiscp932", SK_CS_CP932 },
        { "mskanji", SK_CS_CP932 },
        { "csshiftjis", SK_CS_CP932 },
        { "windows31j", SK_CS_CP932 },
        { "cswindows31j", SK_CS_CP932 },
        { "windows932", SK_CS_CP932 },
        { "ms932", SK_CS_CP932 },
        { "cp932", SK_CS_CP932 },
        { "932", SK_CS_CP932 },
        { "ibm943", SK_CS_CP932 },
        { "cp943", SK_CS_CP932 },
        { "eucjp", SK_CS_EUCJP },
        { "xeucjp", SK_CS_EUCJP },
        { "xeuc", SK_CS_EUCJP },
        { "ujis", SK_CS_EUCJP },
        { "eucjpms", SK_CS_EUCJP },
        { "eucjpwin", SK_CS_EUCJP },
        { "cp51932", SK_CS_EUCJP },
        { "cseucpkdfmtjapanese", SK_CS_EUCJP },
        { "extendedunixcodepackedformatforjapanese", SK_CS_EUCJP },
        { "iso2022jp", SK_CS_ISO2022JP },
        { "iso2022jp1", SK_CS_ISO2022JP },
        { "iso2022jp2", SK_CS_ISO2022JP },
        { "iso2022jp3", SK_CS_ISO2022JP },
        { "iso2022jp2004", SK_CS_ISO2022JP },
        { "iso2022jpms", SK_CS_ISO2022JP },
        { "csiso2022jp", SK_CS_ISO2022JP },
        { "csiso2022jp2", SK_CS_ISO2022JP },
        { "cp50220", SK_CS_ISO2022JP },
        { "cp50221", SK_CS_ISO2022JP },
        { "cp50222", SK_CS_ISO2022JP },
        { "jis", SK_CS_ISO2022JP },
        { "jis7", SK_CS_ISO2022JP },
        { "utf16", SK_CS_UTF16LE },
        { "utf16le", SK_CS_UTF16LE },
        { "ucs2", SK_CS_UTF16LE },
        { "ucs2le", SK_CS_UTF16LE },
        { "unicode", SK_CS_UTF16LE },
        { "unicodefeff", SK_CS_UTF16LE },
        { "csunicode", SK_CS_UTF16LE },
        { "iso10646ucs2", SK_CS_UTF16LE },
        { "cp1200", SK_CS_UTF16LE },
        { "utf16be", SK_CS_UTF16BE },
        { "ucs2be", SK_CS_UTF16BE },
        { "unicodefffe", SK_CS_UTF16BE },
        { "cp1201", SK_CS_UTF16BE },
        { "usascii", SK_CS_ASCII },
        { "ascii", SK_CS_ASCII },
        { "csascii", SK_CS_ASCII },
        { "iso646us", SK_CS_ASCII },
        { "ansix341968", SK_CS_ASCII },
        { "ansix341986", SK_CS_ASCII },
        { "cp20127", SK_CS_ASCII },
    };
    char plain[64];
    if (!plain_name(name, n, plain, sizeof(plain)))
        return SK_CS_BINARY;
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (same(known[i].name, plain))
            return known[i].cs;
    return SK_CS_BINARY;
}
