/*
 * sekisho-image, sekisho-ocr - what stands in a picture: QR and bar codes (zbar) and, as sekisho-ocr, text (tesseract).
 *
 * Standard input: u64 length (little-endian), then the picture. Standard output: the records of lib/extract/pdf.h: A
 * for the bytes of a code, L for a line of text, I when the picture cannot be decoded, T when it is too large, E at the
 * end. The argument is the time it may take in seconds. A program of its own because decoders of pictures are what
 * attackers aim at: it locks itself before the first byte. Exit status: 0 all was written, 1 not locked or short input,
 * 3 memory.
 */
#define _GNU_SOURCE
#include "lock.h"

#include <errno.h>
#include <leptonica/allheaders.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <zbar.h>
#ifdef WITH_OCR
#include <tesseract/capi.h>
#endif

#define FAILED 1
#define MEMORY 3
#define LARGEST ((uint64_t)256 << 20)
#define MOST_PIXELS ((int64_t)120 * 1000 * 1000) /* A3 at 600 dpi has 70 million */
#define MOST_PAGES 200
#define MOST_CODES 500u

static bool read_all(void *p, size_t n)
{
    for (char *at = p; n;) {
        ssize_t got = read(0, at, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        n -= (size_t)got;
    }
    return true;
}

static bool write_all(const void *p, size_t n)
{
    for (const char *at = p; n;) {
        ssize_t put = write(1, at, n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        at += put;
        n -= (size_t)put;
    }
    return true;
}

static void put32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

/* One record; its payload in two pieces. */
static bool record(char type, uint32_t page, const void *a, size_t na, const void *b, size_t nb)
{
    uint8_t head[12] = { (uint8_t)type };
    put32(head + 4, page);
    put32(head + 8, (uint32_t)(na + nb));
    return write_all(head, sizeof(head)) && (na == 0 || write_all(a, na)) && (nb == 0 || write_all(b, nb));
}

/* ---------------------------------------------------------------- codes */

/* The bytes as they stand in the code: zbar's own guess of the encoding garbles CP932. */
static bool give_codes(PIX *grey, uint32_t page)
{
    uint32_t w = (uint32_t)pixGetWidth(grey), h = (uint32_t)pixGetHeight(grey);
    uint8_t *bytes = malloc((size_t)w * h);
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_t *image = zbar_image_create();
    bool ok = bytes && scanner && image;
    l_uint32 *data = pixGetData(grey);
    int stride = pixGetWpl(grey);
    for (uint32_t y = 0; ok && y < h; y++)
        for (uint32_t x = 0; x < w; x++)
            bytes[(size_t)y * w + x] = (uint8_t)GET_DATA_BYTE(data + (size_t)y * (size_t)stride, x);
    if (!ok)
        _exit(MEMORY);
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 1);
    zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, w, h);
    zbar_image_set_data(image, bytes, (unsigned long)w * h, NULL);
    zbar_scan_image(scanner, image);
    unsigned n = 0;
    for (const zbar_symbol_t *s = zbar_image_first_symbol(image); ok && s && n < MOST_CODES; s = zbar_symbol_next(s)) {
        char name[48];
        uint8_t head[4 + sizeof(name)];
        int length = snprintf(name, sizeof(name), "%s %u", zbar_get_symbol_name(zbar_symbol_get_type(s)), ++n);
        put32(head, (uint32_t)length);
        memcpy(head + 4, name, (size_t)length);
        ok = record('A', page, head, 4 + (size_t)length, zbar_symbol_get_data(s), zbar_symbol_get_data_length(s));
    }
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(scanner);
    free(bytes);
    return ok;
}

/* ---------------------------------------------------------------- text */

#ifdef WITH_OCR
static TessBaseAPI *ocr; /* made before the lock: it reads its model then */

/* The runtime of OpenMP reads its environment before main: with it set, the program starts once more. A locked process
 * can start no threads. */
static void ready(char **argv)
{
    if (!getenv("OMP_THREAD_LIMIT") && setenv("OMP_THREAD_LIMIT", "1", 1) == 0)
        execv("/proc/self/exe", argv);
    ocr = TessBaseAPICreate();
    if (!ocr || TessBaseAPIInit3(ocr, TESSDATA, "jpn") != 0)
        _exit(FAILED);
}

static bool give_text(PIX *grey, uint32_t page)
{
    TessBaseAPISetImage2(ocr, grey);
    char *text = TessBaseAPIGetUTF8Text(ocr);
    bool ok = true;
    for (char *line = text; ok && line && *line;) {
        size_t n = strcspn(line, "\n");
        ok = n == 0 || record('L', page, line, n, NULL, 0);
        line += n + (line[n] != '\0');
    }
    if (text)
        TessDeleteText(text);
    return ok;
}
#else
static void ready(char **argv)
{
    (void)argv;
}
static bool give_text(PIX *grey, uint32_t page)
{
    (void)grey, (void)page;
    return true;
}
#endif

/* ---------------------------------------------------------------- the picture */

static bool give_page(PIX *page, uint32_t number)
{
    PIX *grey = pixConvertTo8(page, 0);
    if (!grey)
        return record('I', number, NULL, 0, NULL, 0);
    bool ok = give_codes(grey, number) && give_text(grey, number);
    pixDestroy(&grey);
    return ok;
}

/* A header that promises more than can be held is believed before anything is decoded. */
static bool too_large(const l_uint8 *bytes, size_t n)
{
    l_int32 format = 0, w = 0, h = 0, bps = 0, spp = 0, map = 0;
    return pixReadHeaderMem(bytes, n, &format, &w, &h, &bps, &spp, &map) == 0 && (int64_t)w * h > MOST_PIXELS;
}

static bool give_picture(const l_uint8 *bytes, size_t n)
{
    l_int32 format = IFF_UNKNOWN;
    if (too_large(bytes, n))
        return record('T', 0, NULL, 0, NULL, 0) && record('E', 0, NULL, 0, NULL, 0);
    findFileFormatBuffer(bytes, &format);
    bool tiff = format >= IFF_TIFF && format <= IFF_TIFF_ZIP;
    uint32_t pages = 0;
    bool ok = true;
    for (size_t offset = 0; ok && pages < MOST_PAGES;) { /* only TIFF has several */
        PIX *page = tiff ? pixReadMemFromMultipageTiff(bytes, n, &offset) : pixReadMem(bytes, n);
        if (!page)
            break;
        ok = (int64_t)pixGetWidth(page) * pixGetHeight(page) > MOST_PIXELS ? record('T', pages + 1, NULL, 0, NULL, 0)
                                                                           : give_page(page, pages + 1);
        pages++;
        pixDestroy(&page);
        if (!tiff || offset == 0)
            break;
    }
    return ok && (pages || record('I', 1, NULL, 0, NULL, 0)) && record('E', pages, NULL, 0, NULL, 0);
}

int main(int argc, char **argv)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    uint8_t length[8];
    uint64_t n = 0;
    long seconds = argc > 1 ? strtol(argv[1], NULL, 10) : 60;
    setMsgSeverity(L_SEVERITY_NONE);
    ready(argv);
    if (!read_all(length, sizeof(length)))
        return FAILED;
    for (int i = 8; i-- > 0;)
        n = n << 8 | length[i];
    if (n > LARGEST || !lock_process(seconds > 0 ? (uint32_t)seconds : 1))
        return FAILED;
    l_uint8 *bytes = malloc(n + 16);
    if (!bytes)
        return MEMORY;
    if (!read_all(bytes, n))
        return FAILED;
    memset(bytes + n, 0, 16);
    give_picture(bytes, n);
    _exit(0);
}
