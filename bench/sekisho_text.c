/*
 * sekisho_text.c - what the scanner sees of a file: everything the extractors deliver, as JSON lines. Built, never
 * installed: unlike the product it prints contents. For measuring recall (recall.py) and for authors of rules.
 *
 *   sekisho-text FILE...
 * {"part":"a.zip!b.xlsx","format":"xlsx","place":"B12","kind":"body","hidden":"row","text":"..."} and
 * {"part":...,"why":"damaged","detail":""}, {"part":...,"encrypted":"zipcrypto"} sekisho-text --fold     standard input
 * folded as the scanner's text is, line by line
 */
#include "report/put.h"
#include "work/launcher.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct part {
    char *path; /* members joined by '!' */
    const char *format;
    enum sk_hidden hidden;
};

struct show {
    struct sk_sink sink;
    struct sk_budget budget;
    struct sk_fold *fold;
    struct sk_scratch *scratch;
    struct sk_launcher *launcher;
    struct part *parts;
    size_t n, cap;
    struct sk_buf line;
};

static const char *const KINDS[] = { "body",    "title", "header",   "footer",   "watermark",   "stamp",
                                     "comment", "note",  "property", "filename", "mail-header", "ruby" };

static _Noreturn void fail(const char *what)
{
    perror(what);
    exit(2);
}

/* ---------------------------------------------------------------- one JSON line */

static void member(struct sk_buf *b, const char *name, const char *value, size_t n)
{
    sk_buf_printf(b, "%s\"%s\":\"", b->n ? "," : "{", name);
    sk_put_json(b, value, n);
    sk_buf_str(b, "\"");
}

static void begin_line(struct show *w, uint32_t part)
{
    sk_buf_clear(&w->line);
    member(&w->line, "part", w->parts[part].path, strlen(w->parts[part].path));
    member(&w->line, "format", w->parts[part].format, strlen(w->parts[part].format));
}

static void end_line(struct show *w)
{
    if (!sk_buf_str(&w->line, "}\n"))
        fail("memory");
    fwrite(w->line.p, 1, w->line.n, stdout);
}

static void text_line(struct show *w, const struct sk_segment *s, enum sk_hidden hidden, const char *place,
                      uint32_t begin, uint32_t end)
{
    if (begin == end)
        return;
    if (!hidden)
        hidden = s->hidden ? s->hidden : w->parts[s->part].hidden;
    const char *name = hidden ? sk_hidden_name(hidden, 1) : "";
    begin_line(w, s->part);
    member(&w->line, "place", place, strlen(place));
    member(&w->line, "kind", KINDS[s->kind], strlen(KINDS[s->kind]));
    member(&w->line, "hidden", name, strlen(name));
    member(&w->line, "text", s->text + begin, end - begin);
    end_line(w);
}

/* ---------------------------------------------------------------- the sink */

static uint32_t on_part(void *ctx, uint32_t parent, const char *name, size_t n, enum sk_hidden hidden)
{
    struct show *w = ctx;
    struct sk_buf path;
    sk_buf_init(&path, 1u << 20);
    if (w->n)
        sk_buf_printf(&path, "%s!", w->parts[parent].path);
    if (!sk_buf_add(&path, name, n) || !sk_grow(&w->parts, &w->cap, w->n + 1, sizeof(*w->parts)))
        fail("memory");
    if (!hidden && w->n)
        hidden = w->parts[parent].hidden;
    w->parts[w->n] = (struct part){ path.p, "", hidden };
    return (uint32_t)w->n++;
}

static void show_cells(struct show *w, const struct sk_segment *s)
{
    struct sk_buf place;
    sk_buf_init(&place, 256);
    for (uint32_t i = 0; i < s->n_cells; i++) {
        const struct sk_cell *c = &s->cells[i];
        if (c->repeat)
            continue;
        sk_buf_clear(&place);
        if (s->sheet)
            sk_put_cell(&place, c->row, c->col);
        else
            sk_buf_printf(&place, "row %u column %u", c->row + 1u, c->col + 1u);
        text_line(w, s, (enum sk_hidden)c->hidden, place.p ? place.p : "", c->begin, c->end);
    }
    sk_buf_free(&place);
}

static void show_fields(struct show *w, const struct sk_segment *s)
{
    char place[96];
    for (uint32_t i = 0; i < s->n_fields; i++) {
        const struct sk_field *f = &s->fields[i];
        snprintf(place, sizeof(place), "record %u %s", f->record, sk_element_name((enum sk_element)f->element));
        text_line(w, s, SK_SHOWN, place, f->begin, f->end);
    }
}

static void show_lines(struct show *w, const struct sk_segment *s)
{
    uint32_t unit = 0;
    uint64_t number = s->raw ? s->raw->line : 0;
    for (uint32_t at = 0; at < s->len; number++) {
        char place[96] = "";
        const char *end = memchr(s->text + at, '\n', s->len - at);
        uint32_t to = end ? (uint32_t)(end - s->text) : s->len;
        while (unit + 1 < s->n_units && s->units[unit + 1].begin <= at)
            unit++;
        if (unit < s->n_units && s->units[unit].begin <= at) {
            const struct sk_unit *u = &s->units[unit];
            snprintf(place, sizeof(place), "%s%.0u%s%.0u%s%.0u", u->page ? "page " : "", u->page,
                     u->slide ? "slide " : "", u->slide, u->paragraph ? " paragraph " : "", u->paragraph);
        } else if (s->raw) {
            snprintf(place, sizeof(place), "line %llu", (unsigned long long)number);
        }
        text_line(w, s, SK_SHOWN, place[0] == ' ' ? place + 1 : place, at, to);
        at = to + 1;
    }
}

static bool on_segment(void *ctx, const struct sk_segment *s)
{
    if (s->second_reading)
        return true;
    if (s->n_cells)
        show_cells(ctx, s);
    else if (s->n_fields)
        show_fields(ctx, s);
    else
        show_lines(ctx, s);
    return true;
}

static void on_format(void *ctx, uint32_t part, const char *name)
{
    ((struct show *)ctx)->parts[part].format = name;
}

static void on_reason(void *ctx, uint32_t part, enum sk_reason why, const char *detail)
{
    struct show *w = ctx;
    begin_line(w, part);
    member(&w->line, "why", sk_reason_code(why), strlen(sk_reason_code(why)));
    member(&w->line, "detail", detail ? detail : "", detail ? strlen(detail) : 0);
    end_line(w);
}

static void on_encrypted(void *ctx, uint32_t part, const char *method)
{
    struct show *w = ctx;
    begin_line(w, part);
    member(&w->line, "encrypted", method, strlen(method));
    end_line(w);
}

static void on_member(void *ctx, uint32_t part, const char *name, size_t n, uint64_t size, uint32_t crc)
{
    struct show *w = ctx;
    (void)size, (void)crc;
    begin_line(w, part);
    member(&w->line, "member", name, n);
    end_line(w);
}

static void on_msip(void *ctx, uint32_t part, const struct sk_msip *label)
{
    struct show *w = ctx;
    begin_line(w, part);
    member(&w->line, "msip", label->guid, strlen(label->guid));
    end_line(w);
}

/* As the library's own (api/scan.c), less matching. */
static bool scan_part(struct show *w, uint32_t part, struct sk_source *source)
{
    struct sk_job job = { .source = source,
                          .part = part,
                          .name = strrchr(w->parts[part].path, '!') ? strrchr(w->parts[part].path, '!') + 1
                                                                    : w->parts[part].path,
                          .budget = &w->budget,
                          .fold = w->fold,
                          .scratch = w->scratch,
                          .sink = &w->sink,
                          .helper = sk_launcher_helper(w->launcher) };
    const struct sk_format *format = sk_identify(source, &job.guess);
    w->parts[part].format = format ? format->name : "";
    struct sk_out *o = sk_out_open(&job, part);
    if (!o)
        fail("memory");
    sk_out_kind(o, SK_RUN_FILENAME, w->parts[part].hidden);
    sk_out_text(o, job.name, strlen(job.name));
    sk_out_close(o);
    if (!format || !format->extract)
        on_reason(w, part, SK_WHY_UNSUPPORTED,
                  format ? format->name : sk_name_binary(w->scratch, sk_source_head(source, SK_HEAD_BYTES)));
    else if (w->budget.depth >= w->budget.limits.max_depth && strcmp(format->name, "text") != 0)
        on_reason(w, part, SK_WHY_TOO_DEEP, "");
    else if (!format->extract(&job) && w->budget.spent != SK_WHY_NONE)
        on_reason(w, part, w->budget.spent, "");
    return w->budget.spent == SK_WHY_NONE;
}

static bool on_child(void *ctx, uint32_t part, struct sk_source *source)
{
    struct show *w = ctx;
    w->budget.depth++;
    bool more = scan_part(w, part, source);
    w->budget.depth--;
    return more;
}

/* ---------------------------------------------------------------- the command */

static void show_file(struct show *w, const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0)
        fail(path);
    struct sk_source *source = sk_source_fd(fd, (uint64_t)st.st_size);
    if (!source)
        fail("memory");
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    sk_budget_start(&w->budget, &SK_LIMITS_DEFAULT, (uint64_t)st.st_size);
    w->n = 0;
    on_part(w, 0, name, strlen(name), SK_SHOWN);
    scan_part(w, 0, source);
    for (size_t i = 0; i < w->n; i++)
        free(w->parts[i].path);
    sk_source_free(source);
    close(fd);
}

static void fold_input(const struct sk_fold *fold)
{
    char *line = NULL;
    size_t cap = 0;
    for (ssize_t n; (n = getline(&line, &cap, stdin)) > 0;) {
        size_t room = (size_t)n * 8 + 256;
        char *out = malloc(room);
        if (!out)
            fail("memory");
        fwrite(out, 1, sk_fold_utf8(fold, line, (size_t)n, out, room), stdout);
        free(out);
    }
    free(line);
}

int main(int argc, char **argv)
{
    struct show w = { .fold = sk_fold_new(), .scratch = sk_scratch_new(), .launcher = sk_launcher_new(NULL) };
    if (argc < 2 || !w.fold || !w.scratch || !w.launcher) {
        fputs("sekisho-text FILE... | --fold\n", stderr);
        return 2;
    }
    w.sink =
        (struct sk_sink){ &w, on_part, on_segment, on_child, on_format, on_reason, on_encrypted, on_member, on_msip };
    sk_buf_init(&w.line, (size_t)1 << 30);
    if (strcmp(argv[1], "--fold") == 0)
        fold_input(w.fold);
    else
        for (int i = 1; i < argc; i++)
            show_file(&w, argv[i]);
    sk_buf_free(&w.line);
    free(w.parts);
    sk_launcher_free(w.launcher);
    sk_scratch_free(w.scratch);
    sk_fold_free(w.fold);
    return ferror(stdout) || fflush(stdout) ? 2 : 0;
}
