/* xlsx.h - inside SpreadsheetML: the workbook's tables and the readers of its parts. */
#ifndef SK_EXTRACT_XLSX_H
#define SK_EXTRACT_XLSX_H

#include "extract/ooxml.h"

/* ---- number formats (xlsx_number.c) ---- */
enum xlsx_show { XLSX_PLAIN, XLSX_DATE, XLSX_TIME, XLSX_PATTERN, XLSX_AMOUNT, XLSX_ERA };
struct xlsx_format {
    enum xlsx_show show;
    const char *code; /* of XLSX_PATTERN: digits with leading zeros or with literals between them; of XLSX_AMOUNT and
                         XLSX_ERA, built-in ones too */
    bool unseen;      /* white on white, or a code that shows nothing */
};
/* Built-in id (ECMA-376 part 1, 18.8.30, with its ja-jp list) or a custom code (NULL: built-in). */
struct xlsx_format xlsx_format_of(uint32_t id, const char *code);
#define XLSX_NUMBER 512u
/* The stored number as text for reading: dates as YYYY/MM/DD or in Japanese eras, digits without exponent, leading
 * zeros as shown, amounts with their commas and signs of currency. */
size_t xlsx_number(const struct xlsx_format *f, bool date1904, const char *v, size_t n, char out[XLSX_NUMBER]);
/* Walks over a format code character by character; literal ones (quoted, escaped) are told. */
struct xlsx_scan {
    const char *s;
    char c;
    bool literal, quoted;
};
bool xlsx_scan_next(struct xlsx_scan *k);
/* The section of a code for a value and its length, by conditions or by sign; *negative: the section shows the sign
 * itself. */
size_t xlsx_section(const char *code, double v, const char **begin, bool *negative);
/* xlsx_amount.c: is the code one of amounts (thousands, currency, percent)? The built-in code of an id, or NULL. */
bool xlsx_is_amount(const char *code);
const char *xlsx_built_in(uint32_t id);
/* digits: a plain decimal. 0: shown as it is. */
size_t xlsx_amount(const char *code, const char *digits, size_t n, char out[XLSX_NUMBER]);
/* The day as the code of an era says (ggge"年"m"月"d"日", ge.m.d). 0: not in an era that is known. */
size_t xlsx_era(const char *code, long year, unsigned month, unsigned day, char out[XLSX_NUMBER]);

/* "2020-01-31T00:00:00" -> "2020/01/31"; anything else unchanged. */
size_t xlsx_iso_date(const char *v, size_t n, char out[XLSX_NUMBER]);

/* ---- shared strings (xlsx_strings.c) ---- */
struct xlsx_strings {
    struct sk_buf text, ruby;
    struct xlsx_string {
        uint64_t begin, ruby;
        bool used;
    } * items; /* n + 1: the last one marks the end */
    size_t n, cap;
    bool overflow;
};
bool xlsx_strings_read(struct sk_opc *p, size_t i, struct xlsx_strings *s);
void xlsx_strings_free(struct xlsx_strings *s);

/* ---- the workbook ---- */
struct xlsx {
    struct sk_opc *opc;
    struct sk_out *o; /* of the file itself: names, properties, what belongs to no sheet */
    struct xlsx_strings strings;
    struct xlsx_format *formats; /* by index of cellXfs */
    size_t n_formats;
    bool date1904;
    uint32_t pivots, links;
};
bool xlsx_styles_read(struct xlsx *x, size_t i);
/* One sheet: its table, and what hangs on it (comments, text boxes, header and footer). */
bool xlsx_sheet_read(struct xlsx *x, size_t i, const char *name, enum sk_hidden hidden);

struct xlsx_merge {
    uint32_t row0, row1, col;
};
struct xlsx_merges {
    struct xlsx_merge *items; /* ascending by row0; only those of several rows */
    size_t n, cap;
};
/* Merged ranges stand behind the cells to which they belong: searched for in the bytes before parsing. */
void xlsx_merges_scan(struct sk_bytes b, struct xlsx_merges *m);
/* The same for a sheet too large for memory; false: it is not. */
bool xlsx_merges_stream(struct sk_opc *p, size_t i, struct xlsx_merges *m);
/* "BC12" -> zero-based; false when it is no reference. Returns what follows in *rest (may be NULL). */
bool xlsx_ref(const char *s, uint32_t *row, uint32_t *col, const char **rest);

/* Comments of a sheet, old and threaded; threaded: old comments that only copy a thread are left out. */
bool xlsx_comments_read(struct sk_opc *p, size_t i, struct sk_side *side, bool threaded);
bool xlsx_pivot_read(struct xlsx *x, size_t i, enum sk_hidden hidden);
bool xlsx_link_read(struct xlsx *x, size_t i);
/* &-codes taken out (18.3.1.46); sections end with a line. */
void xlsx_header_text(const char *s, size_t n, struct sk_buf *out);

#endif
