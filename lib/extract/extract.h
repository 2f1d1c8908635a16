/*
 * extract.h - formats turn bytes into parts, text and cells, and push them into a sink.
 *
 * A format's obligations: read only through sk_source / sk_bytes; never open another format (give its bytes to
 * sk_out_child); bad input is sk_out_state(DAMAGED, ...) with what was read so far; stop as soon as a sk_out_ function
 * returns false; charge the budget for what it inflates. Formats know no rules, and meaning only where the format
 * itself defines it.
 *
 * Adding a format: one file fmt_<name>.c, one line in formats.def, one folder tests/corpus/<name>/.
 */
#ifndef SK_EXTRACT_EXTRACT_H
#define SK_EXTRACT_EXTRACT_H

#include "base/budget.h"
#include "base/bytes.h"
#include "base/element.h"
#include "base/mem.h"
#include "input/source.h"
#include "text/fold.h"

/* ---------------------------------------------------------------- what the sink receives */

/* Where in a document a piece of text stands. Markings count only in some of these. */
enum sk_run_kind {
    SK_RUN_BODY,
    SK_RUN_TITLE,  /* document title, slide title, mail subject */
    SK_RUN_HEADER, /* page header */
    SK_RUN_FOOTER,
    SK_RUN_WATERMARK, /* also stamps, word art in headers */
    SK_RUN_STAMP,     /* text box used as a stamp */
    SK_RUN_COMMENT,
    SK_RUN_NOTE,     /* footnote, endnote, speaker notes */
    SK_RUN_PROPERTY, /* document property */
    SK_RUN_FILENAME,
    SK_RUN_MAIL_HEADER,
    SK_RUN_RUBY /* furigana, kept apart from the text it annotates */
};

/* Why a reader would not see it. The names are public (T-HIDDEN details): see sk_hidden_name. */
enum sk_hidden {
    SK_SHOWN,
    SK_HIDDEN_SHEET,
    SK_HIDDEN_VERY, /* very hidden sheet */
    SK_HIDDEN_ROW,
    SK_HIDDEN_COLUMN,
    SK_HIDDEN_PIVOT,    /* pivot cache: a copy of the source table */
    SK_HIDDEN_EMBEDDED, /* workbook behind a chart, embedded object */
    SK_HIDDEN_CACHE,    /* chart cache, external link cache */
    SK_HIDDEN_CHANGE,   /* tracked deletion, old revision */
    SK_HIDDEN_COMMENT,
    SK_HIDDEN_NOTES, /* speaker notes */
    SK_HIDDEN_SLIDE,
    SK_HIDDEN_TEXT,    /* vanish, white on white, off page */
    SK_HIDDEN_COVERED, /* under a black box */
    SK_HIDDEN_NAME,    /* defined name, validation list, custom XML */
    SK_HIDDEN_COUNT
};
const char *sk_hidden_name(enum sk_hidden h, int english);

enum sk_layout {
    SK_PROSE,
    SK_TABLE, /* cells[] with rows and columns */
    SK_FIELDS /* fields[] whose meaning and record the format defines */
};

struct sk_cell {
    uint32_t begin, end; /* folded text of the cell, without quotes and outer spaces */
    uint32_t row;        /* 0-based in its table; ascending */
    uint16_t col;        /* 0-based */
    uint8_t hidden;      /* enum sk_hidden */
    uint8_t repeat;      /* 1: the value of a merged cell shown again for a further row: links, is not counted */
};

struct sk_field {
    uint32_t begin, end;
    uint32_t record; /* 1-based within the part; fields of one person's record share it */
    uint8_t element; /* enum sk_element */
    uint8_t aspect;  /* enum sk_aspect: which piece of the element */
};
enum sk_aspect { SK_WHOLE, SK_SYMBOL, SK_NUMBER, SK_BRANCH, SK_FAMILY, SK_GIVEN };

/* From folded offset `begin` on, text stands here. 0 / NULL = not applicable. */
struct sk_unit {
    uint32_t begin;
    uint32_t page, slide, paragraph; /* 1-based */
};

/* Plain text keeps its source bytes, so that a place can be told in bytes, lines and columns. */
struct sk_raw {
    enum sk_charset charset;
    const uint8_t *bytes;
    size_t n;
    uint64_t offset;     /* of bytes[0] in the part */
    uint64_t line;       /* 1-based number of the line in which bytes[0] stands */
    uint64_t line_start; /* offset in the part where that line begins */
    uint64_t line_chars; /* characters of that line before bytes[0] */
    struct sk_fold_state state;
    const struct sk_fold_map *map;
};

/* A block of folded text. All pointers are valid during the callback only. */
struct sk_segment {
    const char *text; /* SK_PAD bytes behind len are readable and zero */
    uint32_t len;
    uint32_t part;
    enum sk_run_kind kind;
    enum sk_hidden hidden; /* of the whole segment */
    enum sk_layout layout;
    bool first;            /* first segment of this text stream or table: nothing before it */
    bool last;             /* nothing follows in this text stream or table */
    bool sheet;            /* cells have spreadsheet addresses (A1) */
    uint32_t line_of_row0; /* unused for sheets */
    const struct sk_cell *cells;
    uint32_t n_cells;
    const struct sk_field *fields;
    uint32_t n_fields;
    const struct sk_unit *units;
    uint32_t n_units;
    const struct sk_raw *raw; /* NULL unless plain text */
    const struct sk_fold *fold;
    bool second_reading; /* the same bytes were already given in another encoding */
};
#define SK_PAD 64u

/* What a Microsoft sensitivity label says (MS-OI29500 3.4.1.5 LabelInfo, MSIP_Label_ properties). */
struct sk_msip {
    char guid[40], site[40]; /* lower case, without braces */
    bool removed, enabled;
    bool label_info; /* from LabelInfo; else from custom properties */
};

enum sk_state { SK_INSPECTED, SK_PARTIAL, SK_UNINSPECTABLE };

/* One node of the document tree is a part; the sink numbers them. Part 0 is the file itself. */
struct sk_sink {
    void *ctx;
    /* New part inside parent; name is UTF-8 for display. Returns its number, or 0 when there are too many (budget). */
    uint32_t (*part)(void *ctx, uint32_t parent, const char *name, size_t n, enum sk_hidden hidden);
    /* False: stop the whole file. */
    bool (*segment)(void *ctx, const struct sk_segment *s);
    /* Bytes of another format inside part `part` (already made by part()); scanned one level deeper before returning.
     */
    bool (*child)(void *ctx, uint32_t part, struct sk_source *source);
    /* The part's format, when the extractor knows better than the sniffing (e.g. "docx"). Static string. */
    void (*format)(void *ctx, uint32_t part, const char *name);
    /* Something of the part was not inspected. detail: "" or static-like short text without content (e.g. a method
     * name). */
    void (*reason)(void *ctx, uint32_t part, enum sk_reason why, const char *detail);
    /* Encrypted: the method as named in a policy's encryption.strong ("zip-aes256", "zipcrypto", "ooxml-agile-aes",
     * ...). */
    void (*encrypted)(void *ctx, uint32_t part, const char *method);
    /* A member of an encrypted container, for receipts: name, size, CRC-32 (0 = not shown). */
    void (*member)(void *ctx, uint32_t part, const char *name, size_t n, uint64_t size, uint32_t crc);
    void (*msip)(void *ctx, uint32_t part, const struct sk_msip *label);
};

/* ---------------------------------------------------------------- what a format is given */

/* ---------------------------------------------------------------- programs of their own, for readers that must stay
 * outside the library */

enum sk_helper_end {
    SK_HELPER_DONE,
    SK_HELPER_CRASHED,
    SK_HELPER_TIMEOUT,
    SK_HELPER_MEMORY,
    SK_HELPER_ABSENT /* the program is not installed */
};
/* How a format reaches such a program; given by the layers above, as a locked worker cannot start one itself. */
struct sk_helper {
    void *ctx;
    /* Starts the program `name`, killed after `seconds`. Its standard input and output are the stream socket that is
     * returned; a receive or send on it gives EAGAIN every 50 ms, so that a caller can look at its budget. -1: not to
     * be had. */
    int (*start)(void *ctx, const char *name, uint32_t seconds);
    /* Closes the socket, ends the program if it still runs, and tells how it ended. */
    enum sk_helper_end (*finish)(void *ctx, int fd);
};

struct sk_scratch; /* reusable buffers of one scanner (out.c); nothing is malloc'd per small file */

/* The writing side of a part: batches text into segments, folds it, keeps places. */
struct sk_out;

struct sk_job {
    struct sk_source *source;
    uint32_t part;
    const char *name; /* the part's own name, for hints only; never decides */
    struct sk_budget *budget;
    const struct sk_fold *fold;
    struct sk_scratch *scratch;
    const struct sk_sink *sink;
    struct sk_guess guess;          /* for text formats: encoding of the head */
    const struct sk_helper *helper; /* NULL: no program may be started */
};

struct sk_format {
    const char *name; /* as in "format": "zip", "xlsx", "text" */
    const char *title_ja, *title_en;
    /* Bits of evidence that these first bytes are this format; 0 = no. 8 bits per matching byte of magic, as libarchive
     * does. */
    int (*sniff)(struct sk_bytes head, struct sk_source *source);
    /* Reads the whole source. Returns false only when the sink said stop. NULL = known but unreadable: "unsupported".
     */
    bool (*extract)(struct sk_job *job);
};
extern const struct sk_format SK_FORMATS[];
extern const size_t SK_FORMATS_N;

/* The best bid; NULL when the bytes are no known format and no text. A text format when they read as text, with *guess
 * filled. */
const struct sk_format *sk_identify(struct sk_source *source, struct sk_guess *guess);

/*
 * Binary data of no known format: what libmagic calls its type ("application/x-foo"), for the detail of UNSUPPORTED; ""
 * when it has no name. Slow (0.2 ms), so only for what nothing else knows. Its rules are read by the first call, or by
 * sk_naming_ready, which a process that is going to be locked calls before.
 */
const char *sk_name_binary(struct sk_scratch *s, struct sk_bytes head);
void sk_naming_ready(struct sk_scratch *s);

struct sk_scratch *sk_scratch_new(void);
void sk_scratch_free(struct sk_scratch *s);

/* ---------------------------------------------------------------- writing (out.c); each false = stop */

/* Starts writing text of a part. kind and hidden hold until changed. NULL without memory. One open sk_out per part at a
 * time; outs of different parts may be open together (children are scanned while their container is open). */
struct sk_out *sk_out_open(struct sk_job *job, uint32_t part);
/* Delivers what is pending and releases; returns false when the sink had said stop. */
bool sk_out_close(struct sk_out *o);

/* UTF-8 text, joined without any separator to what was written before (runs split words). */
bool sk_out_text(struct sk_out *o, const char *utf8, size_t n);
/* Bytes in any charset. */
bool sk_out_bytes(struct sk_out *o, enum sk_charset cs, const uint8_t *p, size_t n);
/* The name of a part that is not scanned as a file of its own (a sheet, a table): people put names and markings there.
 * BODY, hidden holds afterwards. */
bool sk_out_name(struct sk_out *o, const char *name, size_t n, enum sk_hidden hidden);
/* Something that belongs here could not be kept: told once as TOO_LARGE. */
void sk_out_lost(struct sk_out *o);
/* Ends a line: '\n'. */
bool sk_out_line(struct sk_out *o);
/* The text from here on has this kind / hidden state / place; a change of kind or hidden state begins a new segment. */
bool sk_out_kind(struct sk_out *o, enum sk_run_kind kind, enum sk_hidden hidden);
bool sk_out_place(struct sk_out *o, uint32_t page, uint32_t slide, uint32_t paragraph);
/* Tables: begin, then cells in reading order (text by sk_out_text between cell_begin and cell_end), then end.
 * sheet: cells have spreadsheet addresses. Tables do not nest: an inner table is written as text of its cell. */
bool sk_out_table_begin(struct sk_out *o, bool sheet);
bool sk_out_cell_begin(struct sk_out *o, uint32_t row, uint32_t col, enum sk_hidden hidden, bool repeat);
bool sk_out_cell_end(struct sk_out *o);
bool sk_out_table_end(struct sk_out *o);
/* A field of a record whose meaning the format defines (XML, FHIR); delivered in SK_FIELDS segments. */
bool sk_out_field(struct sk_out *o, uint32_t record, enum sk_element element, enum sk_aspect aspect, const char *utf8,
                  size_t n);

/* Convenience: part + child of in-memory bytes / of a source. */
bool sk_out_child(struct sk_job *job, const char *name, size_t n, enum sk_hidden hidden, struct sk_source *source);
bool sk_out_child_bytes(struct sk_job *job, const char *name, size_t n, enum sk_hidden hidden, struct sk_bytes bytes);
/* As sk_source_read, which may give fewer bytes at the end of what it remembers; only the source's end ends this. */
ssize_t sk_read_fully(struct sk_source *source, uint64_t off, void *buf, size_t n);
/* Calls read with the job's source, or with all of its bytes in memory when it only goes forward (whole.c). */
bool sk_with_random(struct sk_job *job, bool (*read)(struct sk_job *job, struct sk_source *source));
/* Name of a member in unknown encoding -> UTF-8 for display: strict UTF-8, else the detector, else CP932. */
size_t sk_member_name(const uint8_t *raw, size_t n, char *out, size_t cap);

#endif
