#include "sink_log.h"

#include <archive.h>
#include <archive_entry.h>

#define ROWS "0,0=氏名\n0,1=番号\n1,0=山田太郎\n1,1=12\n2,0=鈴木花子\n2,1=34\n"

static struct sink_log *l;

static void setup(void)
{
    l = log_new();
}

static void teardown(void)
{
    log_free(l);
}

TestSuite(archive, .init = setup, .fini = teardown);

static void scan_seed(const char *name)
{
    char path[512];
    snprintf(path, sizeof(path), "corpus/archive/%s", name);
    struct sk_bytes b = log_file(path);
    log_memory(l, b.p, b.n, name);
    free((void *)b.p);
}

/* Seeds written by tests/corpus/make_archive.py. */
Test(archive, members)
{
    static const struct {
        const char *seed, *format, *member;
    } CASES[] = {
        { "gnu.tar", "tar", "dir/名簿.csv" },
        { "cp932-name.tar", "tar", "名簿.csv" },
        { "home.tar.gz", "tar.gz", "dir/名簿.csv" },
        { "nested.tar.gz", "tar.gz", "b.txt" },
        { "nested.tar.gz", "tar.gz", "dir/名簿.csv" },
        { "名簿.csv.gz", "gz", "名簿.csv" },
        { "名簿.csv.bz2", "bz2", "名簿.csv" },
        { "名簿.csv.xz", "xz", "名簿.csv" },
        { "名簿.csv.lzma", "lzma", "名簿.csv" },
        { "copy.7z", "7z", "名簿.csv" },
        { "stored.cab", "cab", "資料/名簿.csv" },
        { "stored-4.rar", "rar", "a.csv" },
        { "stored-5.rar", "rar", "資料/名簿.csv" },
        { "newc.cpio", "cpio", "名簿.csv" },
        { "static.a", "ar", "a.csv" },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        scan_seed(CASES[i].seed);
        cr_expect_str_eq(l->parts[0].format, CASES[i].format, "%s: %s", CASES[i].seed, l->parts[0].format);
        struct log_part *p = log_find(l, CASES[i].member);
        cr_expect(p, "%s: %s is missing", CASES[i].seed, CASES[i].member);
        for (uint32_t k = 0; k < l->n; k++)
            cr_expect_str_eq(log_text(&l->parts[k].reasons), "", "%s: %s", CASES[i].seed,
                             log_text(&l->parts[k].reasons));
        if (p)
            cr_expect_str_eq(log_text(&p->cells), ROWS, "%s: %s", CASES[i].seed, log_text(&p->cells));
    }
}

Test(archive, long_pax_name)
{
    scan_seed("pax.tar");
    cr_assert_eq(l->n, 2);
    cr_assert_eq(strncmp(l->parts[1].name, "長い名前長い名前", 24), 0);
    cr_assert_str_eq(log_text(&l->parts[1].cells), ROWS);
}

Test(archive, encrypted)
{
    static const struct {
        const char *seed, *method, *members;
    } CASES[] = {
        /* CRC-32 by Python's zlib.crc32 of the seeds' text; a MAC is not shown */
        { "aes.7z", "7z-aes256", "名簿.csv:41:00000000;" },
        { "aes-header.7z", "7z-aes256", "" },
        { "aes-4.rar", "rar4-aes128", NULL },
        { "aes-5.rar", "rar5-aes256", NULL },
        { "aes-header-4.rar", "rar4-aes128", "" },
        { "aes-header-5.rar", "rar5-aes256", "" },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        scan_seed(CASES[i].seed);
        struct log_part *p = &l->parts[0];
        char want[64];
        snprintf(want, sizeof(want), "encrypted:%s;", CASES[i].method);
        cr_expect_str_eq(p->encrypted, CASES[i].method, "%s", CASES[i].seed);
        cr_expect_str_eq(log_text(&p->reasons), want, "%s: %s", CASES[i].seed, log_text(&p->reasons));
        cr_expect_eq(l->n, 1);
        if (CASES[i].members)
            cr_expect_str_eq(log_text(&p->members), CASES[i].members, "%s: %s", CASES[i].seed, log_text(&p->members));
    }
    scan_seed("aes-5.rar");
    cr_assert_eq(strncmp(log_text(&l->parts[0].members), "名簿.csv:", 11), 0);
    cr_assert(strstr(log_text(&l->parts[0].members), ";b.csv:"));
    cr_assert(strstr(log_text(&l->parts[0].members), ":00000000;"), "the checksum of b.csv is a MAC");
    scan_seed("aes-4.rar");
    cr_assert_eq(strncmp(log_text(&l->parts[0].members), "a.csv:", 6), 0);
}

Test(archive, volumes_and_damage)
{
    scan_seed("volume-5.rar");
    cr_expect_str_eq(log_text(&l->parts[0].reasons), "unsupported:multi-volume;");
    scan_seed("cut.tar.gz");
    struct log_part *p = log_find(l, "a.txt");
    cr_assert(p);
    cr_expect_str_eq(log_text(&p->text), "first\r\n");
    p = log_find(l, "b.txt");
    cr_assert(p);
    cr_expect_gt(p->text.n, 1000);
    cr_expect(strstr(log_text(&p->reasons), "damaged"));
}

Test(archive, one_file)
{
    scan_seed("empty.gz");
    cr_expect_str_eq(log_text(&l->parts[0].reasons), "");
    scan_seed("zeros-first.gz"); /* zeros are no empty tar */
    cr_expect_eq(l->n, 2);
    scan_seed("two.gz");
    struct log_part *p = log_find(l, "two");
    cr_assert(p);
    cr_expect_str_eq(log_text(&p->text), "one\ntwo\n");
}

Test(archive, limits)
{
    l->limits.max_ratio = 100;
    l->limits.ratio_floor = 1 << 20;
    scan_seed("bomb.gz");
    cr_expect_eq(l->budget.spent, SK_WHY_RATIO);
    bool told = false;
    for (uint32_t i = 0; i < l->n; i++)
        told = told || strstr(log_text(&l->parts[i].reasons), "ratio:");
    cr_expect(told);
    cr_expect_leq(l->budget.expanded, 2u << 20);
    l->limits = SK_LIMITS_DEFAULT;
    l->limits.max_members = 1;
    scan_seed("nested.tar.gz");
    cr_expect_eq(l->n, 2);
    cr_expect(strstr(log_text(&l->parts[1].reasons), "too-large:"));
}

/* Signatures in texts, and texts that other readers would take for archives. */
Test(archive, text_is_no_archive)
{
    static const char *const TEXTS[] = { "#mtree\nfile type=file\n", "070707は電話番号ではありません。070707070707\n",
                                         "BZh91 は見出しです。\n",   "Rar! という書庫があります。\n",
                                         "MZという社名\n",           "LZIP format\n",
                                         "BM という略号\n",          "ID3 タグの説明\n",
                                         "PK という略語の説明。\n",  "%PDF-1.7 で始まるのがPDFです。\n" };
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
        cr_assert(log_memory(l, TEXTS[i], strlen(TEXTS[i]), "x"));
        if (i + 1 < sizeof(TEXTS) / sizeof(TEXTS[0])) /* a PDF header decides for PDF */
            cr_expect_str_eq(l->parts[0].format, "text", "%s", TEXTS[i]);
        cr_expect_eq(l->n, 1);
    }
}

/* ---- archives written by libarchive itself: ISO, 7z with LZMA, zstd, lz4, compress, lzip ---- */

static la_ssize_t to_buf(struct archive *a, void *ctx, const void *p, size_t n)
{
    (void)a;
    return sk_buf_add(ctx, p, n) ? (la_ssize_t)n : -1;
}

static struct sk_buf write_archive(int (*format)(struct archive *), int (*filter)(struct archive *), const char *name,
                                   const void *data, size_t n)
{
    struct sk_buf b;
    sk_buf_init(&b, 1 << 24);
    struct archive *a = archive_write_new();
    cr_assert_eq(format(a), ARCHIVE_OK);
    archive_write_set_bytes_in_last_block(a, 1);
    if (filter)
        cr_assert_geq(filter(a), ARCHIVE_WARN);
    cr_assert_eq(archive_write_open(a, &b, NULL, to_buf, NULL), ARCHIVE_OK);
    struct archive_entry *e = archive_entry_new();
    archive_entry_set_pathname(e, name);
    archive_entry_set_size(e, (la_int64_t)n);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0600);
    cr_assert_geq(archive_write_header(a, e), ARCHIVE_WARN);
    archive_write_data(a, data, n);
    archive_entry_free(e);
    cr_assert_geq(archive_write_close(a), ARCHIVE_WARN);
    archive_write_free(a);
    return b;
}

Test(archive, written_by_libarchive)
{
    static const struct {
        const char *format, *member;
        int (*write)(struct archive *);
        int (*filter)(struct archive *);
    } CASES[] = {
        { "iso", "RECEIPTC.UKE", archive_write_set_format_iso9660, NULL },
        { "7z", "a.csv", archive_write_set_format_7zip, NULL },
        { "xar", "a.csv", archive_write_set_format_xar, NULL },
        { "cpio", "a.csv", archive_write_set_format_cpio, NULL },
        { "tar", "a.csv", archive_write_set_format_v7tar, NULL },
        { "tar.zst", "a.csv", archive_write_set_format_ustar, archive_write_add_filter_zstd },
        { "tar.lz4", "a.csv", archive_write_set_format_pax, archive_write_add_filter_lz4 },
        { "tar.Z", "a.csv", archive_write_set_format_ustar, archive_write_add_filter_compress },
        { "tar.lz", "a.csv", archive_write_set_format_ustar, archive_write_add_filter_lzip },
        { "tar.xz", "a.csv", archive_write_set_format_ustar, archive_write_add_filter_xz },
        { "lz4", "x", archive_write_set_format_raw, archive_write_add_filter_lz4 },
    };
    static const char CSV[] = "氏名,番号\n山田太郎,１２\n鈴木花子,３４\n";
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct sk_buf b = write_archive(CASES[i].write, CASES[i].filter, CASES[i].member, CSV, sizeof(CSV) - 1);
        cr_assert(log_memory(l, b.p, b.n, "x"));
        cr_expect_str_eq(l->parts[0].format, CASES[i].format, "%s", l->parts[0].format);
        struct log_part *p = l->n > 1 ? log_find(l, CASES[i].member) : NULL;
        cr_expect(p, "%s: %s", CASES[i].format, log_text(&l->parts[0].reasons));
        if (p)
            cr_expect_str_eq(log_text(&p->cells), ROWS, "%s", CASES[i].format);
        cr_expect_str_eq(log_text(&l->parts[0].reasons), "");
        /* the same as a member of a tar: a forward-only source */
        struct sk_buf t = write_archive(archive_write_set_format_ustar, NULL, "inner.bin", b.p, b.n);
        cr_assert(log_memory(l, t.p, t.n, "t"));
        p = l->n > 2 ? &l->parts[2] : NULL;
        cr_expect(p, "%s in tar: %s", CASES[i].format, l->n > 1 ? log_text(&l->parts[1].reasons) : "");
        if (p)
            cr_expect_str_eq(log_text(&p->cells), ROWS, "%s in tar", CASES[i].format);
        sk_buf_free(&t);
        sk_buf_free(&b);
    }
}
