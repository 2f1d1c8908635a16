/*
 * fold_cells.c - cells of the double-byte sets. CP932 is ICU's "ibm-943_P15A-2003" (= Microsoft's table); JIS X 0208
 * and 0212 are ICU's "EUC-JP". Cells which that leaves empty but CP932 fills at the same row and cell (NEC rows, as in
 * CP51932 and CP50221) are taken from CP932, so that a file reads alike in all three encodings.
 */
#include "base/mem.h"
#include "text/fold_internal.h"
#include <stdlib.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>

struct sk_cells {
    UConverter *cp932, *euc;
    struct { /* the last row of sk_cells_one */
        bool held;
        enum sk_cell_set set;
        unsigned a;
        uint16_t cell[192];
    } row;
};

static UConverter *open_converter(const char *name)
{
    UErrorCode e = U_ZERO_ERROR;
    UConverter *c = ucnv_open(name, &e);
    if (U_FAILURE(e))
        return NULL;
    ucnv_setToUCallBack(c, UCNV_TO_U_CALLBACK_SUBSTITUTE, NULL, NULL, NULL, &e);
    if (U_FAILURE(e)) {
        ucnv_close(c);
        return NULL;
    }
    return c;
}

struct sk_cells *sk_cells_open(void)
{
    struct sk_cells *c = sk_new(1, sizeof(*c));
    if (!c)
        return NULL;
    c->cp932 = open_converter("ibm-943_P15A-2003");
    c->euc = open_converter("EUC-JP");
    if (!c->cp932 || !c->euc) {
        sk_cells_close(c);
        return NULL;
    }
    return c;
}

void sk_cells_close(struct sk_cells *c)
{
    if (!c)
        return;
    if (c->cp932)
        ucnv_close(c->cp932);
    if (c->euc)
        ucnv_close(c->euc);
    free(c);
}

/* Row and cell of EUC to the bytes of CP932 (the arithmetic of JIS X 0208 annex 1). */
static void euc_to_cp932(unsigned a, unsigned b, unsigned *first, unsigned *second)
{
    unsigned row = a - 0xA1, cell = b - 0xA1;
    *first = row / 2 + (row < 62 ? 0x81 : 0xC1);
    *second = row % 2 ? cell + 0x9F : cell + (cell < 63 ? 0x40 : 0x41);
}

/* Converts the pairs (a, b), each followed by a line feed so that a broken one cannot swallow the next. */
static bool convert_row(UConverter *conv, bool three, unsigned a, unsigned low, unsigned high, uint16_t out[192])
{
    char source[192 * 4];
    UChar target[192 * 4];
    int32_t n = 0;
    for (unsigned b = low; b <= high; b++) {
        if (three)
            source[n++] = (char)0x8F;
        source[n++] = (char)a;
        source[n++] = (char)b;
        source[n++] = '\n';
    }
    UErrorCode e = U_ZERO_ERROR;
    int32_t units = ucnv_toUChars(conv, target, 192 * 4, source, n, &e);
    if (U_FAILURE(e))
        return false;
    int32_t i = 0;
    for (unsigned b = low; b <= high; b++) {
        int32_t start = i;
        while (i < units && target[i] != '\n')
            i++;
        if (i - start == 1 && target[start] != 0xFFFD)
            out[b - 0x40] = target[start];
        i++;
    }
    return true;
}

static bool jis_row(struct sk_cells *c, unsigned a, uint16_t out[192])
{
    if (!convert_row(c->euc, false, a, 0xA1, 0xFE, out))
        return false;
    unsigned first, second;
    euc_to_cp932(a, 0xA1, &first, &second);
    uint16_t spare[192] = { 0 };
    if (!sk_cells_row(c, SK_CELLS_CP932, first, spare))
        return false;
    for (unsigned b = 0xA1; b <= 0xFE; b++) {
        euc_to_cp932(a, b, &first, &second);
        if (!out[b - 0x40])
            out[b - 0x40] = spare[second - 0x40];
    }
    return true;
}

bool sk_cells_row(struct sk_cells *c, enum sk_cell_set set, unsigned a, uint16_t out[192])
{
    for (int i = 0; i < 192; i++)
        out[i] = 0;
    if (set == SK_CELLS_CP932) {
        if (!sk_cp932_lead((uint8_t)a))
            return true;
        if (!convert_row(c->cp932, false, a, 0x40, 0xFC, out))
            return false;
        out[0x7F - 0x40] = 0;
        return true;
    }
    if (!sk_euc_byte((uint8_t)a))
        return true;
    return set == SK_CELLS_JIS ? jis_row(c, a, out) : convert_row(c->euc, true, a, 0xA1, 0xFE, out);
}

uint32_t sk_cells_one(struct sk_cells *c, enum sk_cell_set set, unsigned a, unsigned b)
{
    if (b < 0x40 || b > 0xFF)
        return 0;
    if (!c->row.held || c->row.set != set || c->row.a != a) {
        c->row.held = sk_cells_row(c, set, a, c->row.cell);
        c->row.set = set;
        c->row.a = a;
    }
    return c->row.held ? c->row.cell[b - 0x40] : 0;
}
