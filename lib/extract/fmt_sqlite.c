/*
 * fmt_sqlite.c - SQLite databases: every table as a table, blobs as what they are, and what deleted rows left in free
 * pages.
 */
#include "base/utf8.h"
#include "extract/sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

int sk_sniff_sqlite(struct sk_bytes head, struct sk_source *source);
bool sk_extract_sqlite(struct sk_job *job);

#define TABLES 65536u
#define COLUMNS 32767u /* SQLite's own ceiling */
#define BLOB_MIN 16u   /* fewer bytes are a key or a number, no document */

struct table {
    uint32_t root;
    bool is_table;
    const char *name, *sql;
    size_t name_n, sql_n;
};

struct reader {
    struct sqlite_db db;
    struct sk_job *job;
    struct sk_out *own; /* schema and remains, in the part of the file */
    struct sk_arena arena;
    struct table *tables;
    size_t n, cap;
    /* the table at hand */
    struct sk_out *o;
    uint32_t row;
    long key; /* column that is the row's own number: stored as nothing */
    uint32_t part;
    bool blob;
};

/* ---------------------------------------------------------------- the schema */

static size_t text_of(struct reader *r, struct sk_bytes b, const char **out)
{
    size_t room = b.n * 2 + 16, n = 0;
    char *p = sk_arena_alloc(&r->arena, room);
    *out = "";
    if (!p) {
        r->db.large = true;
        return 0;
    }
    if (r->db.cs == SK_CS_UTF8) {
        memcpy(p, b.p, b.n);
        n = b.n;
    } else {
        n = sk_to_utf8(r->db.cs, b.p, b.n, p, room);
    }
    p[n] = '\0';
    *out = p;
    return n;
}

static bool schema_row(void *ctx, int64_t rowid, struct sk_bytes payload)
{
    struct reader *r = ctx;
    struct sk_bytes header, body;
    struct sqlite_value v[5];
    struct table t = { 0 };
    const char *type;
    (void)rowid;
    if (!sqlite_record(payload, &header, &body)) {
        r->db.damaged = true;
        return true;
    }
    for (int i = 0; i < 5; i++)
        if (!sqlite_next(&header, &body, &v[i]))
            return true;
    size_t n = text_of(r, v[0].bytes, &type);
    t.is_table = n == 5 && memcmp(type, "table", 5) == 0;
    t.name_n = text_of(r, v[1].bytes, &t.name);
    t.root = v[3].kind == SQLITE_INTEGER && v[3].integer > 0 && v[3].integer <= UINT32_MAX ? (uint32_t)v[3].integer : 0;
    if (v[4].kind == SQLITE_TEXT)
        t.sql_n = text_of(r, v[4].bytes, &t.sql);
    if (r->n >= TABLES || !sk_grow(&r->tables, &r->cap, r->n + 1, sizeof(*r->tables))) {
        r->db.large = true;
        return true;
    }
    r->tables[r->n++] = t;
    return true;
}

/* Behind one element of SQL: a quoted name, a comment, a bracket's inside, or one character. */
static const char *step(const char *s)
{
    char end = *s == '[' ? ']' : *s == '"' || *s == '\'' || *s == '`' ? *s : 0;
    if (end) {
        const char *e = strchr(s + 1, end);
        return e ? e + 1 : s + strlen(s);
    }
    if (s[0] == '-' && s[1] == '-') {
        const char *e = strchr(s, '\n');
        return e ? e + 1 : s + strlen(s);
    }
    if (s[0] == '/' && s[1] == '*') {
        const char *e = strstr(s + 2, "*/");
        return e ? e + 2 : s + strlen(s);
    }
    return s + 1;
}

static const char *blanks(const char *s)
{
    for (;;) {
        if (*s && strchr(" \t\r\n", *s))
            s++;
        else if ((s[0] == '-' && s[1] == '-') || (s[0] == '/' && s[1] == '*'))
            s = step(s);
        else
            return s;
    }
}

static bool word_is(const char *s, const char *word)
{
    size_t n = strlen(word);
    return strncasecmp(s, word, n) == 0 && !((s[n] | 32) >= 'a' && (s[n] | 32) <= 'z');
}

/* One column definition; *next behind its comma, NULL at the end. The name's extent. */
static size_t column(const char *s, const char **name, bool *key, const char **next)
{
    const char *end, *from = s;
    if (*s && strchr("\"[`'", *s)) {
        end = step(s);
        *name = s + 1;
        from = end;
    } else {
        end = s + strcspn(s, " \t\r\n,()");
        *name = s;
    }
    size_t n = (size_t)(end - *name);
    if (*name != s && n)
        n--;
    bool integer = word_is(blanks(from > s ? from : end), "INTEGER"), primary = false;
    unsigned depth = 0;
    *next = NULL;
    for (const char *p = end; *p; p = step(p)) {
        if (*p == '(') {
            depth++;
        } else if (*p == ')' && depth-- == 0) {
            break;
        } else if (*p == ',' && depth == 0) {
            *next = blanks(p + 1);
            break;
        } else if (word_is(p, "PRIMARY")) {
            primary = true;
        }
    }
    *key = integer && primary;
    return n;
}

/* Names of the columns, as the first row. */
static bool columns(struct reader *r, const struct table *t)
{
    static const char *const CONSTRAINTS[] = { "CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN" };
    const char *s = t->sql, *name;
    r->key = -1;
    while (s && *s && *s != '(')
        s = step(s);
    if (!s || !*s)
        return true;
    s = blanks(s + 1);
    for (uint32_t i = 0; s && *s && i < COLUMNS; i++) {
        bool key;
        for (size_t k = 0; k < sizeof(CONSTRAINTS) / sizeof(CONSTRAINTS[0]); k++)
            if (word_is(s, CONSTRAINTS[k]))
                return true;
        size_t n = column(s, &name, &key, &s);
        if (key)
            r->key = (long)i;
        if (!sk_out_cell_begin(r->o, 0, i, SK_SHOWN, false) || !sk_out_text(r->o, name, n) || !sk_out_cell_end(r->o))
            return false;
    }
    return true;
}

/* ---------------------------------------------------------------- rows */

/* Bytes that are a document, or text kept as bytes. */
static bool blob(struct reader *r, struct sk_bytes b, uint32_t col)
{
    struct sk_source *s = b.n >= BLOB_MIN ? sk_source_memory(b) : NULL;
    struct sk_guess guess;
    char name[64];
    if (!s)
        return true;
    const struct sk_format *f = sk_identify(s, &guess);
    bool ok = true;
    if (f && strcmp(f->name, "text") == 0) {
        ok = sk_out_bytes(r->o, guess.best, b.p, b.n);
    } else if (f && f->extract) {
        struct sk_job job = *r->job;
        int n = snprintf(name, sizeof(name), "row %u column %u", r->row + 1, col + 1);
        job.part = r->part;
        ok = sk_budget_member(job.budget) && sk_out_child(&job, name, n > 0 ? (size_t)n : 0, SK_HIDDEN_EMBEDDED, s);
    } else {
        r->blob = true;
    }
    sk_source_free(s);
    return ok;
}

static bool value(struct reader *r, const struct sqlite_value *v, uint32_t col)
{
    char text[40];
    int n = 0;
    switch (v->kind) {
    case SQLITE_INTEGER:
        n = snprintf(text, sizeof(text), "%lld", (long long)v->integer);
        break;
    case SQLITE_REAL:
        n = snprintf(text, sizeof(text), "%.15g", v->real);
        for (int i = 0; i < n; i++) /* whatever the host's locale is */
            if (text[i] == ',')
                text[i] = '.';
        break;
    case SQLITE_TEXT:
        return sk_out_bytes(r->o, r->db.cs, v->bytes.p, v->bytes.n);
    case SQLITE_BYTES:
        return blob(r, v->bytes, col);
    default:
        break;
    }
    return sk_out_text(r->o, text, n > 0 ? (size_t)n : 0);
}

static bool table_row(void *ctx, int64_t rowid, struct sk_bytes payload)
{
    struct reader *r = ctx;
    struct sk_bytes header, body;
    struct sqlite_value v;
    bool ok = true;
    if (!sqlite_record(payload, &header, &body)) {
        r->db.damaged = true;
        return true;
    }
    r->row++;
    for (uint32_t col = 0; ok && col < COLUMNS && sqlite_next(&header, &body, &v); col++) {
        if (v.kind == SQLITE_NOTHING && (long)col == r->key)
            v = (struct sqlite_value){ .kind = SQLITE_INTEGER, .integer = rowid };
        if (v.kind != SQLITE_NOTHING)
            ok = sk_out_cell_begin(r->o, r->row, col, SK_SHOWN, false) && value(r, &v, col) && sk_out_cell_end(r->o);
    }
    return ok;
}

static bool table(struct reader *r, const struct table *t)
{
    const struct sk_sink *sink = r->job->sink;
    if (!t->is_table || t->root == 0) /* an index holds copies; its pages are no remains */
        return t->root == 0 || sqlite_walk(&r->db, t->root, NULL, NULL);
    r->part = sink->part(sink->ctx, r->job->part, t->name, t->name_n, SK_SHOWN);
    if (r->part == 0 || !(r->o = sk_out_open(r->job, r->part))) {
        r->db.large = true;
        return false;
    }
    r->row = 0;
    bool ok = sk_out_name(r->o, t->name, t->name_n, SK_SHOWN) && sk_out_table_begin(r->o, false) && columns(r, t) &&
              sqlite_walk(&r->db, t->root, table_row, r) && sk_out_table_end(r->o);
    return sk_out_close(r->o) && ok;
}

/* ---------------------------------------------------------------- what deletion left */

/* Runs of text in a page that belongs to nothing: SQLite does not wipe them unless told to. UTF-8 only: between
 * numbers no other encoding could be told from them. */
static bool remains(struct reader *r, const char *p, size_t n)
{
    bool ok = true;
    for (size_t i = 0; ok && i < n;) {
        size_t from = i, step = 1;
        uint32_t c = 0;
        for (; i < n; i += step) {
            step = sk_utf8_next(p + i, n - i, &c);
            if ((c < 0x20 && c != '\t') || c == 0x7F || c == SK_REPLACEMENT)
                break;
        }
        if (i - from >= 6)
            ok = sk_out_text(r->own, p + from, i - from) && sk_out_line(r->own);
        i += i < n ? step : 0;
    }
    return ok;
}

static bool free_pages(struct reader *r)
{
    bool ok = sk_out_kind(r->own, SK_RUN_BODY, SK_HIDDEN_CHANGE);
    for (uint32_t page = 1; ok && page <= r->db.pages; page++) {
        const uint8_t *p = sqlite_unvisited(&r->db, page);
        ok = (!p || remains(r, (const char *)p, r->db.page_size)) && ((page & 63) || sk_budget_time(r->job->budget));
    }
    return ok;
}

/* ---------------------------------------------------------------- the file */

static bool read_all(struct reader *r)
{
    bool ok = sqlite_walk(&r->db, 1, schema_row, r) && sk_out_kind(r->own, SK_RUN_PROPERTY, SK_SHOWN);
    for (size_t i = 0; ok && i < r->n; i++)
        ok = r->tables[i].sql_n == 0 ||
             (sk_out_text(r->own, r->tables[i].sql, r->tables[i].sql_n) && sk_out_line(r->own));
    for (size_t i = 0; ok && i < r->n; i++)
        ok = table(r, &r->tables[i]);
    return ok && free_pages(r);
}

static bool extract(struct sk_job *job, struct sk_source *source)
{
    struct reader r = { .job = job, .own = sk_out_open(job, job->part) };
    const struct sk_sink *sink = job->sink;
    bool ok = true;
    if (!r.own) {
        sink->reason(sink->ctx, job->part, SK_WHY_TOO_LARGE, "memory");
        return true;
    }
    sk_arena_init(&r.arena, (size_t)64 << 20);
    if (sqlite_open(&r.db, job, source))
        ok = read_all(&r);
    else
        r.db.damaged = true;
    if (r.db.damaged)
        sink->reason(sink->ctx, job->part, SK_WHY_DAMAGED, "");
    if (r.db.large)
        sink->reason(sink->ctx, job->part, SK_WHY_TOO_LARGE, "");
    if (r.blob)
        sink->reason(sink->ctx, job->part, SK_WHY_UNSUPPORTED, "blob");
    sqlite_close(&r.db);
    sk_arena_free(&r.arena);
    free(r.tables);
    return sk_out_close(r.own) && ok;
}

bool sk_extract_sqlite(struct sk_job *job)
{
    return sk_with_random(job, extract);
}

int sk_sniff_sqlite(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    return sk_starts(head, "SQLite format 3", 16) ? 128 : 0;
}
