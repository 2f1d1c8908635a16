/*
 * xlsb.h - binary workbooks (MS-XLSB): the same package as xlsx with parts of records instead of XML. Records are told
 * as the elements of SpreadsheetML that they stand for, so that one reader serves both.
 */
#ifndef SK_EXTRACT_XLSB_H
#define SK_EXTRACT_XLSB_H

#include "extract/xlsx.h"

/* The bytes of a part are records, not XML. */
static inline bool xlsb_is(struct sk_bytes b)
{
    return b.n >= 2 && b.p[0] >= 0x80 && b.p[0] != 0xEF && b.p[0] != 0xFE && b.p[0] != 0xFF;
}
enum sk_xml_end xlsb_parse(struct sk_bytes b, const struct sk_xml_calls *calls, void *ctx, struct sk_budget *budget);
/* Merged ranges of a sheet: call(row0, row1, col) for each. */
void xlsb_merges(struct sk_bytes b, void (*call)(void *ctx, uint32_t row0, uint32_t row1, uint32_t col), void *ctx);

#endif
