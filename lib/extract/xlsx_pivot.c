/* xlsx_pivot.c - copies of other tables that a workbook carries: pivot caches (the table may be deleted) and caches of
 * external links. */
#include "extract/xlsx.h"

#include <stdio.h>
#include <stdlib.h>

#define FIELDS_MAX 16384u
#define CHARGE_EVERY ((uint64_t)256 << 10)
#define ITEMS_MAX 20000000u

/* ---------------------------------------------------------------- pivot cache: fields and their shared items */

struct item {
    size_t begin;
    uint32_t n;
    bool used;
};

struct field {
    size_t name, name_n;
    size_t first, n; /* items */
};

struct pivot {
    struct xlsx *x;
    struct sk_out *o;
    struct sk_buf text;
    struct field *fields;
    size_t n_fields, cap_fields;
    struct item *items;
    size_t n_items, cap_items;
    bool in_items, in_record, records;
    unsigned inner; /* inside an item: its properties are no items */
    uint32_t row, col;
    uint64_t owed;
    bool overflow;
};

static bool is_item(const char *name)
{
    return name[0] && !name[1] && strchr("smndbe", name[0]);
}

static size_t item_text(const char *name, const char **atts, char out[XLSX_NUMBER], const char **p)
{
    const char *v = sk_xml_attr(atts, "v");
    *p = v ? v : "";
    if (!v || name[0] == 'm' || name[0] == 'e')
        return 0;
    size_t n = strlen(v);
    if (name[0] == 'd' || name[0] == 'n') {
        static const struct xlsx_format GENERAL = { XLSX_PLAIN, NULL, false };
        *p = out;
        return name[0] == 'd' ? xlsx_iso_date(v, n, out) : xlsx_number(&GENERAL, false, v, n, out);
    }
    return n;
}

static void start_field(struct pivot *v, const char **atts)
{
    const char *name = sk_xml_attr(atts, "name");
    if (v->n_fields >= FIELDS_MAX || !sk_grow(&v->fields, &v->cap_fields, v->n_fields + 1, sizeof(*v->fields))) {
        v->overflow = true;
        return;
    }
    struct field *f = &v->fields[v->n_fields++];
    memset(f, 0, sizeof(*f));
    f->name = v->text.n;
    f->name_n = name ? strlen(name) : 0;
    f->first = v->n_items;
    if (!sk_buf_add(&v->text, name, f->name_n))
        f->name_n = 0;
}

static void add_item(struct pivot *v, const char *name, const char **atts)
{
    char out[XLSX_NUMBER];
    const char *p;
    size_t n = item_text(name, atts, out, &p);
    if (v->n_fields == 0)
        return;
    if (v->n_items >= ITEMS_MAX || !sk_grow(&v->items, &v->cap_items, v->n_items + 1, sizeof(*v->items)) ||
        n > UINT32_MAX || !sk_buf_add(&v->text, p, n)) {
        v->overflow = true;
        return;
    }
    v->items[v->n_items++] = (struct item){ v->text.n - n, (uint32_t)n, false };
    v->fields[v->n_fields - 1].n++;
}

static bool definition_start(void *ctx, const char *name, const char **atts)
{
    struct pivot *v = ctx;
    if (strcmp(name, "cacheField") == 0) {
        start_field(v, atts);
    } else if (strcmp(name, "sharedItems") == 0) {
        v->in_items = true;
    } else if (v->in_items && is_item(name)) {
        if (v->inner++ == 0)
            add_item(v, name, atts);
    }
    return true;
}

static bool definition_end(void *ctx, const char *name)
{
    struct pivot *v = ctx;
    if (strcmp(name, "sharedItems") == 0) {
        v->in_items = false;
        v->inner = 0;
    } else if (v->in_items && is_item(name)) {
        v->inner -= v->inner > 0;
    }
    return true;
}

/* ---------------------------------------------------------------- records */

static bool put(struct pivot *v, uint32_t row, uint32_t col, const char *p, size_t n)
{
    return n == 0 ||
           (sk_out_cell_begin(v->o, row, col, SK_SHOWN, false) && sk_out_text(v->o, p, n) && sk_out_cell_end(v->o));
}

static bool put_names(struct pivot *v)
{
    bool ok = sk_out_table_begin(v->o, false);
    for (size_t i = 0; ok && i < v->n_fields; i++)
        ok = put(v, 0, (uint32_t)i, v->text.p + v->fields[i].name, v->fields[i].name_n);
    return ok;
}

static bool record_start(void *ctx, const char *name, const char **atts)
{
    struct pivot *v = ctx;
    if (strcmp(name, "r") == 0) {
        if (!v->records && !put_names(v))
            return false;
        v->records = v->in_record = true;
        v->row++;
        v->col = 0;
        v->inner = 0;
        return sk_budget_time(v->x->opc->job->budget);
    }
    bool shared = strcmp(name, "x") == 0;
    if (!v->in_record || (!shared && !is_item(name)) || v->inner++ > 0)
        return true;
    uint32_t col = v->col++;
    char out[XLSX_NUMBER];
    const char *p = sk_xml_attr(atts, "v");
    if (!shared) {
        size_t n = item_text(name, atts, out, &p);
        return put(v, v->row, col, p, n);
    }
    unsigned long k = p ? strtoul(p, NULL, 10) : 0;
    if (col >= v->n_fields || k >= v->fields[col].n)
        return true;
    struct item *it = &v->items[v->fields[col].first + k];
    it->used = true;
    v->owed += it->n; /* a short reference can stand for a long text */
    if (v->owed >= CHARGE_EVERY) {
        if (!sk_budget_expand(v->x->opc->job->budget, v->owed))
            return false;
        v->owed = 0;
    }
    return put(v, v->row, col, v->text.p + it->begin, it->n);
}

static bool record_end(void *ctx, const char *name)
{
    struct pivot *v = ctx;
    if (strcmp(name, "r") == 0)
        v->in_record = false;
    else if (v->in_record && (strcmp(name, "x") == 0 || is_item(name)))
        v->inner -= v->inner > 0;
    return true;
}

/* Items that no record uses: values of rows deleted before, or a cache saved without its records. Each field is a table
 * of its own, because the items of two fields are not rows. */
static bool put_unused(struct pivot *v)
{
    bool ok = true;
    for (size_t f = 0; ok && f < v->n_fields; f++) {
        uint32_t row = 0;
        for (size_t k = 0; ok && k < v->fields[f].n; k++) {
            const struct item *it = &v->items[v->fields[f].first + k];
            if (it->used || it->n == 0)
                continue;
            if (row == 0)
                ok = sk_out_table_begin(v->o, false) &&
                     put(v, row++, 0, v->text.p + v->fields[f].name, v->fields[f].name_n);
            ok = ok && put(v, row++, 0, v->text.p + it->begin, it->n);
        }
        if (row)
            ok = sk_out_table_end(v->o) && ok;
    }
    return ok;
}

static bool read_records(struct pivot *v, size_t definition)
{
    static const struct sk_xml_calls CALLS = { record_start, record_end, NULL };
    struct sk_rels r;
    bool ok = true;
    sk_opc_rels(v->x->opc, definition, &r);
    for (size_t i = 0; ok && i < r.n; i++)
        if (strcmp(r.items[i].type, "pivotCacheRecords") == 0 && r.items[i].member != SIZE_MAX &&
            !v->x->opc->seen[r.items[i].member])
            ok = sk_opc_parse(v->x->opc, r.items[i].member, &CALLS, v);
    if (v->records)
        ok = sk_out_table_end(v->o) && ok;
    return ok;
}

/* A part of its own, named 日本語 and a number. */
static struct sk_out *open_part(struct xlsx *x, const char *title, uint32_t number, enum sk_hidden hidden)
{
    struct sk_job *job = x->opc->job;
    char name[64];
    int n = snprintf(name, sizeof(name), "%s%u", title, number);
    uint32_t part = job->sink->part(job->sink->ctx, job->part, name, n > 0 ? (size_t)n : 0, hidden);
    struct sk_out *o = part ? sk_out_open(job, part) : NULL;
    if (!o)
        sk_opc_reason(x->opc, SK_WHY_TOO_LARGE, "");
    else
        sk_out_kind(o, SK_RUN_BODY, hidden);
    return o;
}

bool xlsx_pivot_read(struct xlsx *x, size_t i, enum sk_hidden hidden)
{
    static const struct sk_xml_calls CALLS = { definition_start, definition_end, NULL };
    struct pivot v = { .x = x };
    v.o = open_part(
        x,
        "\343\203\224\343\203\234\343\203\203\343\203\210\343\202\255\343\203\243\343\203\203\343\202\267\343\203\245",
        ++x->pivots, hidden); /* ピボットキャッシュ */
    if (!v.o)
        return true;
    uint64_t most = x->opc->job->budget->limits.max_member_bytes;
    sk_buf_init(&v.text, most > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)most);
    /* Offsets into the text are taken even when it stays empty. */
    bool ok = true;
    if (!sk_buf_reserve(&v.text, 0))
        v.overflow = true;
    else
        ok = (sk_opc_parse(x->opc, i, &CALLS, &v) && read_records(&v, i) && put_unused(&v));
    if (v.overflow)
        sk_opc_reason(x->opc, SK_WHY_TOO_LARGE, "");
    ok = sk_out_close(v.o) && ok;
    sk_buf_free(&v.text);
    free(v.fields);
    free(v.items);
    return ok;
}

/* ---------------------------------------------------------------- external links */

struct link {
    struct sk_out *o;
    struct sk_buf value;
    bool in_value, in_table;
    uint32_t row, col, last_row;
};

static bool link_start(void *ctx, const char *name, const char **atts)
{
    struct link *l = ctx;
    if (strcmp(name, "sheetData") == 0) {
        l->in_table = true;
        l->last_row = UINT32_MAX;
        return sk_out_table_begin(l->o, true);
    }
    if (strcmp(name, "cell") == 0) {
        const char *r = sk_xml_attr(atts, "r");
        sk_buf_clear(&l->value);
        l->row = l->col = UINT32_MAX;
        if (r && xlsx_ref(r, &l->row, &l->col, NULL) && l->last_row != UINT32_MAX && l->row < l->last_row)
            l->row = UINT32_MAX;
    }
    if (strcmp(name, "v") == 0 || strcmp(name, "val") == 0)
        l->in_value = true;
    return true;
}

static bool link_end(void *ctx, const char *name)
{
    struct link *l = ctx;
    if (strcmp(name, "v") == 0 || strcmp(name, "val") == 0)
        l->in_value = false;
    if (strcmp(name, "sheetData") == 0 && l->in_table) {
        l->in_table = false;
        return sk_out_table_end(l->o);
    }
    if (strcmp(name, "cell") == 0 && l->in_table && l->value.n && l->row != UINT32_MAX) {
        l->last_row = l->row;
        return sk_out_cell_begin(l->o, l->row, l->col, SK_SHOWN, false) && sk_out_text(l->o, l->value.p, l->value.n) &&
               sk_out_cell_end(l->o);
    }
    if (strcmp(name, "value") == 0 && !l->in_table && l->value.n) { /* DDE items */
        bool ok = sk_out_text(l->o, l->value.p, l->value.n) && sk_out_line(l->o);
        sk_buf_clear(&l->value);
        return ok;
    }
    return true;
}

static bool link_text(void *ctx, const char *p, size_t n)
{
    struct link *l = ctx;
    if (l->in_value)
        sk_buf_add(&l->value, p, n);
    return true;
}

bool xlsx_link_read(struct xlsx *x, size_t i)
{
    static const struct sk_xml_calls CALLS = { link_start, link_end, link_text };
    struct link l = { .last_row = UINT32_MAX };
    l.o = open_part(x, "\345\244\226\351\203\250\343\203\252\343\203\263\343\202\257", ++x->links,
                    SK_HIDDEN_CACHE); /* 外部リンク */
    if (!l.o)
        return true;
    sk_buf_init(&l.value, (size_t)1 << 20);
    bool ok = sk_opc_parse(x->opc, i, &CALLS, &l);
    if (l.in_table)
        ok = sk_out_table_end(l.o) && ok;
    ok = sk_out_close(l.o) && ok;
    sk_buf_free(&l.value);
    return ok;
}
