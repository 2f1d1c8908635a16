/*
 * pst.h - inside the reader of Outlook data files (MS-PST). Three layers as in the specification: blocks in two trees
 * (pst_file.c), heaps with properties and tables in them (pst_table.c), folders and messages (fmt_pst.c).
 */
#ifndef SK_EXTRACT_PST_H
#define SK_EXTRACT_PST_H

#include "extract/extract.h"

enum { PST_PLAIN, PST_PERMUTED, PST_CYCLIC, PST_EDP = 0x10 /* Windows Information Protection */ };

/* ---- blocks ---- */

struct pst {
    struct sk_job *job;
    struct sk_source *source; /* random */
    bool wide;                /* 64-bit: Outlook 2003 and later */
    bool large;               /* pages of 4096 bytes, blocks may be compressed: .ost of Outlook 2013 and later */
    unsigned method;
    uint64_t nodes, blocks;    /* offsets of the roots of the trees */
    uint64_t pages_left;       /* trees that lead in circles end here */
    bool damaged, unsupported; /* told once */
    struct sk_buf packed;
};

struct pst_node { /* of the tree, or below another node */
    uint32_t nid, parent;
    uint64_t data, sub; /* block identifiers; 0 = none */
};

bool pst_open(struct pst *p, struct sk_job *job, struct sk_source *source);
void pst_close(struct pst *p);
/* Each node of the tree in the order of its number, until each returns false. */
typedef bool (*pst_each)(void *ctx, const struct pst_node *node);
bool pst_nodes(struct pst *p, pst_each each, void *ctx);

/* The blocks of one node's data, in order. */
struct pst_data {
    uint64_t *bids;
    size_t n, cap;
};
bool pst_data_list(struct pst *p, uint64_t bid, struct pst_data *out);
void pst_data_free(struct pst_data *d);
/* Appends a block's bytes, ungarbled and inflated. */
bool pst_block(struct pst *p, uint64_t bid, struct sk_buf *out);

struct pst_subnodes {
    struct pst_node *nodes;
    size_t n, cap;
};
bool pst_subnodes_list(struct pst *p, uint64_t bid, struct pst_subnodes *out);
const struct pst_node *pst_subnode(const struct pst_subnodes *s, uint32_t nid);
void pst_subnodes_free(struct pst_subnodes *s);

void pst_ungarble(unsigned method, uint64_t bid, uint8_t *p, size_t n);

/* ---- heaps ---- */

#define PST_HEAP_MAX ((size_t)32 << 20)

struct pst_heap {
    struct pst *p;
    struct sk_buf bytes;
    size_t *starts; /* of each block in bytes; starts[n] is their end */
    size_t n;
    uint32_t root;
    uint8_t kind;
    struct pst_subnodes sub;
};
/* Opens the heap of a node. Free it also after a failure. */
bool pst_heap_open(struct pst *p, const struct pst_node *node, struct pst_heap *h);
void pst_heap_free(struct pst_heap *h);
/* A value kept in the heap or in a node below; borrowed from the heap, or read into *hold. */
bool pst_value(struct pst_heap *h, uint32_t hnid, struct sk_buf *hold, struct sk_bytes *out);

struct pst_property {
    uint16_t id, type;
    uint32_t value;        /* the value itself, or where it is (hnid) */
    struct sk_bytes bytes; /* of values of four bytes or fewer */
};
typedef bool (*pst_on_property)(void *ctx, struct pst_heap *h, const struct pst_property *p);
/* Each property of a property context. */
bool pst_properties(struct pst_heap *h, pst_on_property each, void *ctx);
/* Each cell of a table context, row by row; row counts from 0. */
typedef bool (*pst_on_cell)(void *ctx, struct pst_heap *h, uint32_t row, const struct pst_property *p);
bool pst_table(struct pst_heap *h, pst_on_cell each, void *ctx);
bool pst_is_inline(unsigned type);

#endif
