/* ooxml.h - what the three Office formats share: properties and labels, DrawingML text, charts, tables, text set aside,
 * and the rest of a package that no format asked for. */
#ifndef SK_EXTRACT_OOXML_H
#define SK_EXTRACT_OOXML_H

#include "extract/opc.h"

/* ---- text set aside (ooxml_side.c): ruby, deletions, boxes would break the text in which they stand if written at
 * once ---- */
struct sk_side {
    struct sk_out *o;
    struct sk_buf text;
    struct sk_side_item {
        size_t begin, n;
        enum sk_run_kind kind;
        enum sk_hidden hidden;
        uint32_t slide, paragraph;
    } * items;
    size_t n, cap;
    bool lost; /* there was no room */
};
void sk_side_init(struct sk_side *s, struct sk_out *o);
/* Notes a line; empty ones are dropped. False: stop. */
bool sk_side_add(struct sk_side *s, enum sk_run_kind kind, enum sk_hidden hidden, uint32_t slide, uint32_t paragraph,
                 const char *p, size_t n);
/* Writes all lines, kind by kind in the order of their first; then kind BODY, SK_SHOWN holds. */
/* Text that an element bears in its attributes: whichever rows of the table name the element, each that is there.
 * False: stop. */
struct sk_attribute_text {
    const char *element, *attribute, *instead; /* instead: taken when the first is missing; NULL: none */
};
struct sk_attribute_place {
    enum sk_run_kind kind;
    enum sk_hidden hidden;
    uint32_t slide, paragraph;
};
bool sk_side_attributes(struct sk_side *s, struct sk_attribute_place at, const char *element, const char **atts,
                        const struct sk_attribute_text *table, size_t n);
bool sk_side_flush(struct sk_side *s);
/* The same, when much has come together: to be called where lines may be written (not inside a table). */
bool sk_side_settle(struct sk_side *s);
void sk_side_free(struct sk_side *s);
/* mc:AlternateContent holds the same thing once for each generation of programs. One branch is read; what another
 * says besides is shown to nobody and is set aside, as other data that only programs see. */
struct sk_branches {
    struct sk_buf read, other; /* texts */
    unsigned depth;            /* of AlternateContent */
    bool in_text;              /* of a branch that is not read */
};
void sk_branches_init(struct sk_branches *b);
void sk_branches_begin(struct sk_branches *b);
/* False: stop. */
bool sk_branches_end(struct sk_branches *b, struct sk_side *s, uint32_t slide, uint32_t paragraph);
void sk_branches_free(struct sk_branches *b);
/* A box whose text is this short is a stamp (a marking), not prose. */
bool sk_is_stamp(const char *p, size_t n);
/* One line of this kind in `o`; BODY, SK_SHOWN holds afterwards. */
bool sk_ooxml_line(struct sk_out *o, enum sk_run_kind kind, enum sk_hidden hidden, const char *p, size_t n);

/* ---- tables of documents and slides (ooxml_grid.c): spans, and cells merged downwards shown again for each row ----
 */
enum sk_merge { SK_MERGE_NONE, SK_MERGE_RESTART, SK_MERGE_CONTINUE };
#define SK_GRID_COLUMNS 256u
struct sk_grid {
    struct sk_out *o;
    uint32_t row, col;
    struct {
        struct sk_buf text;
        enum sk_hidden hidden;
    } above[SK_GRID_COLUMNS];
};
struct sk_grid *sk_grid_new(void);
bool sk_grid_begin(struct sk_grid *g, struct sk_out *o, bool sheet);
void sk_grid_row(struct sk_grid *g); /* before each row */
bool sk_grid_cell(struct sk_grid *g, const char *p, size_t n, enum sk_hidden hidden, uint32_t span,
                  enum sk_merge merge);
bool sk_grid_end(struct sk_grid *g);
void sk_grid_free(struct sk_grid *g);

/* ---- DrawingML (ooxml_drawing.c): slides, notes, text boxes of sheets, diagrams ---- */
struct sk_drawing {
    uint32_t slide;        /* 0: none */
    enum sk_run_kind kind; /* of plain text */
    enum sk_hidden hidden; /* a slide that says that it is not shown sets this */
    bool master;           /* prompts of placeholders are nobody's text */
    bool stamps;           /* short boxes are stamps */
    uint64_t *known;       /* hashes of texts already given (masters and layouts repeat each other); NULL: none */
    size_t known_n, known_cap;
    int64_t width, height; /* of the slide; 0: unknown */
};
bool sk_drawing_text(struct sk_opc *p, size_t i, struct sk_out *o, struct sk_drawing *d);
/* A chart's titles and cached values (ooxml_chart.c). */
bool sk_chart_text(struct sk_opc *p, size_t i, struct sk_out *o, uint32_t slide);

/* ---- ooxml_props.c ---- */
bool sk_ooxml_props(struct sk_opc *p, struct sk_out *o);
/* A LabelInfo part (MS-OI29500 3.4.1.5). */
void sk_label_info(struct sk_job *job, struct sk_bytes xml);

/* ---- ooxml_rest.c: every part that was not seen: embedded files, custom XML, link targets, unknown parts ---- */
bool sk_ooxml_rest(struct sk_opc *p, struct sk_out *o);
/* Charts and diagrams are found by type, whatever refers to them. */
bool sk_ooxml_pictures(struct sk_opc *p, struct sk_out *o);
/* By its bytes, not by its name. */
bool sk_is_picture(struct sk_bytes b);

#endif
