#include "sink_log.h"

static struct sink_log *l;

static void setup(void)
{
    l = log_new();
}

static void teardown(void)
{
    log_free(l);
}

TestSuite(identify, .init = setup, .fini = teardown);

/* Signatures as the formats' own descriptions give them; none of them may pass as inspected. */
Test(identify, unreadable_types_are_named)
{
    static const struct {
        const char *name, *bytes;
        size_t n;
        const char *reason;
    } CASES[] = {
#define C(name, lit, reason) { name, lit, sizeof(lit) - 1, reason }
        C("pdf", "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n1 0 obj\n", "unsupported:pdf;"),
        C("docuworks", "\x60\x0E\x82\x01\x0A\x80\x03\0\xC0\x13", "unsupported:docuworks;"),
        C("png", "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR", "image-only:;"),
        C("jpeg", "\xFF\xD8\xFF\xE0\0\x10JFIF\0", "image-only:;"),
        C("gif", "GIF89a\x01\0\x01\0", "image-only:;"),
        C("tiff", "II*\0\x08\0\0\0", "image-only:;"),
        C("bmp", "BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0", "image-only:;"),
        C("webp", "RIFF\x24\0\0\0WEBPVP8 ", "image-only:;"),
        C("heic",
          "\0\0\0\x18"
          "ftypheic\0\0\0\0",
          "image-only:;"),
        C("mp4",
          "\0\0\0\x18"
          "ftypisom\0\0\0\0",
          "unsupported:mp4;"),
        C("wav", "RIFF\x24\0\0\0WAVEfmt ", "unsupported:wav;"),
        C("mp3", "ID3\x03\0\0\0\0\0\x0A", "unsupported:mp3;"),
        C("elf",
          "\x7F"
          "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0",
          "unsupported:elf;"),
        C("sqlite", "SQLite format 3\0\x10\0\x01\x01", "damaged:;"),
        C("access", "\0\x01\0\0Standard Jet DB\0\x01\0\0\0", "damaged:;"),
        C("evtx", "ElfFile\0\0\0\0\0\0\0\0\0", "unsupported:evtx;"),
        C("ttf", "\0\x01\0\0\0\x0C\0\x80\0\x03\0\x40", "unsupported:ttf;"),
        C("lnk", "L\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46", "unsupported:lnk;"),
        C("openssl", "Salted__\x01\x02\x03\x04\x05\x06\x07\x08\xFF\xFE\xFD", "encrypted:openssl;"),
        C("pgp", "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n", "encrypted:pgp;"),
        C("", "\x01\x02\x03\x04\xFF\xFE\x80\x81\0\0\x05\x06\x07\x08\xF0\xF1\x0E\x0F\x10\x11\x12\0\0\0\xFF\xFF\xFF\xFF",
          "unsupported:;"),
#undef C
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        cr_assert(log_memory(l, CASES[i].bytes, CASES[i].n, "name.txt"));
        cr_expect_str_eq(l->parts[0].format, CASES[i].name, "%s: %s", CASES[i].name, l->parts[0].format);
        cr_expect_str_eq(log_text(&l->parts[0].reasons), CASES[i].reason, "%s: %s", CASES[i].name,
                         log_text(&l->parts[0].reasons));
    }
}

Test(identify, executable)
{
    char b[256] = "MZ\x90\0\x03\0\0\0\x04\0\0\0\xFF\xFF";
    b[60] = (char)128;
    memcpy(b + 128, "PE\0\0", 4);
    cr_assert(log_memory(l, b, sizeof(b), "a.txt"));
    cr_expect_str_eq(l->parts[0].format, "exe");
}

/* dBase III: version, date, header of 32 + 2 * 32 + 1 */
Test(identify, dbase)
{
    char b[200] = "\x03\x7C\x0A\x01\x02\0\0\0\x61\0\x0B\0";
    memcpy(b + 32, "NAME\0\0\0\0\0\0\0C", 12);
    memcpy(b + 64, "NO\0\0\0\0\0\0\0\0\0N", 12);
    b[96] = 0x0D;
    cr_assert(log_memory(l, b, sizeof(b), "a"));
    cr_expect_str_eq(l->parts[0].format, "dbf");
}

/* Every format has a name of its own and a title in both languages. */
Test(identify, list)
{
    for (size_t i = 0; i < SK_FORMATS_N; i++) {
        const struct sk_format *f = &SK_FORMATS[i];
        cr_assert(f->name && *f->name && f->title_ja && *f->title_ja && f->title_en && *f->title_en && f->sniff);
        for (size_t k = 0; k < i; k++)
            cr_expect_str_neq(f->name, SK_FORMATS[k].name);
    }
}

/* Hidden states and reasons have names for people. */
Test(identify, hidden_names)
{
    for (int h = 0; h < SK_HIDDEN_COUNT; h++)
        cr_assert(*sk_hidden_name((enum sk_hidden)h, 0) && *sk_hidden_name((enum sk_hidden)h, 1));
}
