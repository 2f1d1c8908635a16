/* odf.h - OpenDocument (ISO/IEC 26300, OASIS ODF 1.3) text, sheets and slides, packed or flat: one reader of elements
 * for all streams, because body, styles and metadata use the same ones. */
#ifndef SK_EXTRACT_ODF_H
#define SK_EXTRACT_ODF_H

#include "extract/ooxml.h"

/* ---- odf_styles.c: only what hides text is kept ---- */
enum odf_look {
    ODF_NO_TEXT = 1,  /* text:display="none" */
    ODF_WHITE = 2,    /* white letters without a ground */
    ODF_NO_TABLE = 4, /* table:display="false" */
    ODF_NO_SLIDE = 8  /* presentation:visibility="hidden" */
};
struct odf_styles {
    struct sk_arena arena;
    struct odf_style {
        const char *key; /* family:name */
        unsigned look;
    } * items;
    size_t n, cap;
    bool sorted;
    char current[256]; /* key of the style that is open; "" none */
    unsigned look;
};
void odf_styles_init(struct odf_styles *s);
void odf_styles_free(struct odf_styles *s);
/* Elements of a style; false: it is none of theirs. */
bool odf_style_start(struct odf_styles *s, const char *name, const char **atts);
void odf_style_end(struct odf_styles *s, const char *name);
unsigned odf_style_look(struct odf_styles *s, const char *family, const char *name);

/* ---- odf_rows.c: the row at hand, given as often as it is repeated ---- */
#define ODF_COLUMNS 16384u
struct odf_cell {
    uint32_t col;
    uint32_t count; /* of equal cells side by side */
    size_t begin, n;
    uint8_t hidden, merge;
};
struct odf_rows {
    struct sk_grid *grid;
    bool sheet;
    uint32_t col; /* of the next cell */
    uint32_t row_count;
    uint64_t repeated; /* cells that were given again */
    bool row_hidden, capped, failed;
    unsigned hidden_groups, hidden_column_groups; /* depth of groups of rows and of columns that are not displayed */
    uint32_t next_column;                         /* of the column descriptions */
    uint8_t hidden_columns[ODF_COLUMNS / 8];
    uint32_t down[SK_GRID_COLUMNS]; /* rows that a merged cell goes on for */
    struct sk_buf text;
    struct odf_cell *cells;
    size_t n, cap;
};
void odf_rows_init(struct odf_rows *r);
void odf_rows_free(struct odf_rows *r);
bool odf_table_begin(struct odf_rows *r, struct sk_out *o, bool sheet);
void odf_column(struct odf_rows *r, const char **atts);
void odf_row_begin(struct odf_rows *r, const char **atts);
/* A cell's text; atts of its start decide about repetition and spans, which are kept here between start and end. */
struct odf_span {
    uint32_t count, across, down;
    bool covered;
};
void odf_cell_begin(struct odf_rows *r, const char **atts, bool covered, struct odf_span *span);
void odf_cell_end(struct odf_rows *r, const struct odf_span *span, const char *p, size_t n, enum sk_hidden hidden);
bool odf_row_end(struct odf_rows *r);
bool odf_table_end(struct odf_rows *r);

/* What the end of an element does. */
enum odf_act {
    ODF_NOTHING,
    ODF_SKIPPED,
    ODF_PARAGRAPH,
    ODF_BOX,
    ODF_TABLE,
    ODF_INNER_TABLE,
    ODF_ROW,
    ODF_INNER_ROW,
    ODF_CELL,
    ODF_INNER_CELL,
    ODF_ROW_GROUP,
    ODF_COLUMN_GROUP,
    ODF_STREAM, /* header, footer, hidden section: the stream's kind held inside only */
    ODF_META,
    ODF_FORMS,
    ODF_MASTER,
    ODF_FRAME,
    ODF_SLIDE,
    ODF_BINARY,
    ODF_STYLE
};

/* ---- odf_body.c ---- */
#define ODF_BOXES 16u
struct odf_box {
    struct sk_buf text;
    enum sk_run_kind kind;
    enum sk_hidden hidden;
    unsigned in_text; /* of what stands around it */
    bool stamp, space;
};
struct odf {
    struct sk_job *job;
    struct sk_opc *opc;      /* NULL: flat */
    struct sk_out *base, *o; /* of the document; of the sheet at hand */
    uint32_t part;
    struct sk_side side;
    struct odf_styles styles;
    struct odf_rows rows;
    enum sk_run_kind kind;
    enum sk_hidden hidden; /* of the stream */
    uint32_t slide, paragraph, slides;
    bool spreadsheet, in_meta, in_forms, in_master;
    uint8_t stack[SK_XML_DEPTH + 1]; /* what the end of each open element does */
    unsigned depth, skip;
    bool macros;      /* skipped, but for the text of programs */
    unsigned in_text; /* depth of paragraphs: only there text counts */
    bool space;       /* a blank was written last: further ones are none */

    struct odf_box box[ODF_BOXES];
    unsigned boxes, boxes_over;
    bool frame_title, frame_small;
    bool in_table; /* only the outermost is a table */
    unsigned inner;
    enum sk_hidden table_hidden, hidden_before;
    struct odf_span span;
    struct sk_buf cell, value; /* value: what is shown is told by attributes */
    bool lost;
};
/* ---- odf_table.c ---- */
enum odf_act odf_table_start(struct odf *d, const char **atts, bool *ok);
bool odf_table_stop(struct odf *d);
bool odf_cell_stop(struct odf *d);
/* A sheet's part ends; the document's goes on. */
bool odf_sheet_end(struct odf *d);
/* Rows, cells, columns, groups; *known false: it is none of these. */
enum odf_act odf_table_part(struct odf *d, const char *name, const char **atts, bool *known);

extern const struct sk_xml_calls ODF_CALLS;
struct odf *odf_new(struct sk_job *job, uint32_t part, struct sk_opc *opc);
/* Before each stream; after it whatever a cut left open is closed. */
bool odf_stream_begin(struct odf *d);
bool odf_stream_end(struct odf *d);
bool odf_free(struct odf *d);

#endif
