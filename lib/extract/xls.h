/* xls.h - inside the reader of binary workbooks: what all sheets share, and a sheet's cells. */
#ifndef SK_EXTRACT_XLS_H
#define SK_EXTRACT_XLS_H

#include "extract/biff.h"
#include "extract/ole.h"
#include "extract/xls_crypt.h"
#include "extract/xlsx.h"

struct xls_sheet {
    uint32_t at; /* of its substream */
    enum sk_hidden hidden;
    size_t name, name_n; /* in names */
};

struct xls {
    struct sk_ole *f;
    struct sk_bytes stream;
    struct sk_xls_key key; /* when it was encrypted */
    bool encrypted;
    bool wide, date1904;
    uint32_t codepage;
    struct xlsx_strings strings;
    struct sk_arena arena; /* codes of formats */
    struct xls_code {
        uint16_t id;
        const char *code;
    } * codes;
    size_t n_codes, cap_codes;
    struct xlsx_format *formats; /* by index of XF */
    size_t n_formats, cap_formats;
    uint8_t *white; /* by index of FONT */
    size_t n_white, cap_white;
    struct xls_sheet *sheets;
    size_t n_sheets, cap_sheets;
    struct sk_buf names;
};

/* The globals substream (xls_globals.c). */
bool xls_globals(struct xls *x);
/* One sheet as a part (xls_sheet.c); false = stop. */
bool xls_sheet_read(struct xls *x, const struct xls_sheet *sheet);

#endif
