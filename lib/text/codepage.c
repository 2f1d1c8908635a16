/* codepage.c - see codepage.h. ICU is the authority for the tables. */
#include "text/codepage.h"

#include <string.h>
#include <strings.h>

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>

/* Windows code page identifiers and ICU's converters. Those of Japan, UTF-8 and UTF-16 are charset.h's. */
static const struct {
    uint32_t id;
    const char *icu, *declared; /* names found in documents, '|' between them */
} PAGES[] = {
    { 437, "ibm-437_P100-1995", "ibm437" },
    { 850, "ibm-850_P100-1995", "ibm850" },
    { 852, "ibm-852_P100-1995", "ibm852" },
    { 866, "ibm-866_P100-1995", "ibm866" },
    { 874, "windows-874-2000", "windows-874|tis-620" },
    { 936, "windows-936-2000", "gb2312|gbk|x-gbk|gb_2312-80|hz-gb-2312" },
    { 949, "windows-949-2000", "euc-kr|ks_c_5601-1987|ksc5601" },
    { 950, "windows-950-2000", "big5|x-x-big5|big5-hkscs" },
    { 1250, "ibm-5346_P100-1998", "windows-1250" },
    { 1251, "ibm-5347_P100-1998", "windows-1251" },
    { 1252, "ibm-5348_P100-1997", "windows-1252" },
    { 1253, "ibm-5349_P100-1998", "windows-1253" },
    { 1254, "ibm-5350_P100-1998", "windows-1254" },
    { 1255, "ibm-9447_P100-2002", "windows-1255" },
    { 1256, "ibm-9448_X100-2005", "windows-1256" },
    { 1257, "ibm-9449_P100-2002", "windows-1257" },
    { 1258, "ibm-5354_P100-1998", "windows-1258" },
    { 10000, "macos-0_2-10.2", "macintosh" },
    { 20866, "ibm-878_P100-1996", "koi8-r" },
    { 28591, "ISO-8859-1", "iso-8859-1" },
    { 28592, "ibm-912_P100-1995", "iso-8859-2" },
    { 28595, "ibm-915_P100-1995", "iso-8859-5" },
    { 28597, "ibm-9005_X110-2007", "iso-8859-7" },
    { 28605, "ibm-923_P100-1998", "iso-8859-15" },
    { 54936, "gb18030", "gb18030" },
};

bool sk_codepage_to_utf8(uint32_t codepage, const uint8_t *p, size_t n, char *out, size_t cap, size_t *length)
{
    const char *name = NULL;
    for (size_t i = 0; i < sizeof(PAGES) / sizeof(PAGES[0]); i++)
        if (PAGES[i].id == codepage)
            name = PAGES[i].icu;
    if (!name || n > (size_t)INT32_MAX / 4 || cap < sk_codepage_room(n))
        return false;
    UErrorCode e = U_ZERO_ERROR;
    UConverter *from = ucnv_open(name, &e), *to = ucnv_open("UTF-8", &e);
    const char *source = (const char *)p;
    char *target = out;
    UChar pivot[512], *pivot_source = pivot, *pivot_target = pivot;
    if (U_SUCCESS(e)) {
        ucnv_setToUCallBack(from, UCNV_TO_U_CALLBACK_SUBSTITUTE, NULL, NULL, NULL, &e);
        ucnv_convertEx(to, from, &target, out + cap, &source, source + n, pivot, &pivot_source, &pivot_target,
                       pivot + 512, 1, 1, &e);
    }
    ucnv_close(from); /* NULL is allowed */
    ucnv_close(to);
    *length = (size_t)(target - out);
    return U_SUCCESS(e);
}

uint32_t sk_codepage_named(const char *name, size_t n)
{
    for (size_t i = 0; n && i < sizeof(PAGES) / sizeof(PAGES[0]); i++)
        for (const char *s = PAGES[i].declared; s; s = strchr(s, '|') ? strchr(s, '|') + 1 : NULL)
            if (strcspn(s, "|") == n && strncasecmp(s, name, n) == 0)
                return PAGES[i].id;
    return 0;
}
