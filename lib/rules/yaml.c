#include "rules/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "rules/textfile.h"

#define MOST_NODES 1000000u
#define MOST_LEVELS 64

struct level {
    struct sk_node *node, *last; /* last child */
    const char *key;             /* key read, its value is awaited */
    unsigned key_line, key_column;
};

struct builder {
    const char *file;
    struct sk_arena *arena;
    struct sk_problems *problems;
    struct sk_node *root;
    struct level levels[MOST_LEVELS];
    size_t depth;
    size_t nodes;
    bool stopped; /* a mistake after which no tree can be given */
};

static unsigned line_of(yaml_mark_t m)
{
    return (unsigned)m.line + 1;
}

static unsigned column_of(yaml_mark_t m)
{
    return (unsigned)m.column + 1;
}

static void complain(struct builder *b, yaml_mark_t m, const char *ja, const char *en)
{
    sk_problem_add(b->problems, b->file, line_of(m), column_of(m), ja, en);
}

static void stop(struct builder *b, yaml_mark_t m, const char *ja, const char *en)
{
    complain(b, m, ja, en);
    b->stopped = true;
}

/* ---- libyaml's own mistakes, in the words of somebody who edits a rule file ---- */

static const struct {
    const char *libyaml, *ja, *en;
} WORDING[] = {
    { "found a tab character", "字下げにタブが使われています。空白に直してください",
      "a tab is used to indent; use spaces" },
    { "found character that cannot start any token",
      "この文字から値を書き始めることはできません。値を '…' で囲むか、字下げのタブを空白に直してください",
      "a value cannot start with this character; put the value in '...', or replace a tab by spaces" },
    { "could not find expected ':'", "「項目: 値」の「:」とその後の空白がありません",
      "expected 'key: value' with a colon and a space" },
    { "did not find expected key", "字下げがそろっていないか、項目名がありません",
      "the indentation does not match, or a key is missing" },
    { "mapping values are not allowed in this context",
      "ここに「:」は書けません。値に「: 」が入るときは '…' で囲み、字下げも確かめてください",
      "':' is not allowed here; put a value that holds ': ' in '...', and check the indentation" },
    { "block sequence entries are not allowed in this context", "ここに「- 」は書けません。字下げを確かめてください",
      "'- ' is not allowed here; check the indentation" },
    { "did not find expected '-' indicator", "一覧の「-」の字下げがそろっていません",
      "the '-' of this list are not indented alike" },
    { "did not find expected ',' or ']'", "[ ] の中の「,」か、終わりの「]」がありません",
      "',' or the closing ']' is missing" },
    { "did not find expected ',' or '}'", "{ } の中の「,」か、終わりの「}」がありません",
      "',' or the closing '}' is missing" },
    { "found unexpected end of stream", "引用符が閉じられていません", "a quotation mark is not closed" },
    { "found unknown escape character", "\"…\" の中の「\\」がわかりません。正規表現は '…' で囲んでください",
      "unknown escape after '\\'; put regular expressions in '...'" },
    { "found undefined tag handle", "タグ(!)は使えません", "tags (!) are not allowed" },
    { "did not find expected <document start>",
      "文書の区切りが正しくありません。1つのファイルには1つの文書だけを書きます",
      "content after the document's end; a file holds one document" },
    { "control characters are not allowed", "使えない制御文字があります", "control characters are not allowed" },
    { "did not find expected node content", "値がありません", "a value is missing" },
};

static void libyaml_problem(struct builder *b, const yaml_parser_t *parser)
{
    b->stopped = true;
    if (parser->error == YAML_MEMORY_ERROR) {
        b->problems->no_memory = true;
        return;
    }
    const char *what = parser->problem ? parser->problem : "?";
    yaml_mark_t at = parser->error == YAML_READER_ERROR ? parser->mark : parser->problem_mark;
    for (size_t i = 0; i < sizeof(WORDING) / sizeof(WORDING[0]); i++)
        if (strncmp(what, WORDING[i].libyaml, strlen(WORDING[i].libyaml)) == 0) {
            complain(b, at, WORDING[i].ja, WORDING[i].en);
            return;
        }
    sk_problem_add(b->problems, b->file, line_of(at), column_of(at), "YAML として読めません (%s)",
                   "not valid YAML (%s)", what);
}

/* ---- events -> tree ---- */

static struct sk_node *new_node(struct builder *b, enum sk_node_kind kind, const yaml_event_t *e)
{
    if (++b->nodes > MOST_NODES) {
        stop(b, e->start_mark, "項目が多すぎます(上限 1,000,000)", "too many nodes (at most 1,000,000)");
        return NULL;
    }
    struct sk_node *node = sk_arena_new(b->arena, 1, sizeof(*node));
    if (!node) {
        b->problems->no_memory = true;
        b->stopped = true;
        return NULL;
    }
    node->kind = kind;
    node->line = line_of(e->start_mark);
    node->column = column_of(e->start_mark);
    return node;
}

static void attach(struct builder *b, struct sk_node *node)
{
    if (b->depth == 0) {
        b->root = node;
        return;
    }
    struct level *l = &b->levels[b->depth - 1];
    if (l->node->kind == SK_NODE_MAP) {
        node->key = l->key;
        node->key_line = l->key_line;
        node->key_column = l->key_column;
        l->key = NULL;
    }
    if (l->last)
        l->last->next = node;
    else
        l->node->child = node;
    l->last = node;
    l->node->n++;
}

static bool awaits_key(const struct builder *b)
{
    return b->depth > 0 && b->levels[b->depth - 1].node->kind == SK_NODE_MAP && !b->levels[b->depth - 1].key;
}

static void refuse_extras(struct builder *b, const yaml_event_t *e, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor)
        complain(b, e->start_mark, "アンカー(&)は使えません。同じ内容をもう一度書いてください",
                 "anchors (&) are not allowed; write the content again");
    if (tag)
        complain(b, e->start_mark, "タグ(!)は使えません", "tags (!) are not allowed");
}

static char *scalar_text(struct builder *b, const yaml_event_t *e)
{
    size_t n = e->data.scalar.length;
    const char *value = (const char *)e->data.scalar.value;
    if (memchr(value, 0, n)) { /* "\0" in double quotes */
        complain(b, e->start_mark, "文字 NUL は使えません", "the character NUL is not allowed");
        n = strlen(value);
    }
    char *text = sk_arena_string(b->arena, value, n);
    if (!text) {
        b->problems->no_memory = true;
        b->stopped = true;
    }
    return text;
}

static void on_scalar(struct builder *b, const yaml_event_t *e)
{
    refuse_extras(b, e, e->data.scalar.anchor, e->data.scalar.tag);
    char *text = scalar_text(b, e);
    if (!text)
        return;
    if (awaits_key(b)) {
        struct level *l = &b->levels[b->depth - 1];
        l->key = text;
        l->key_line = line_of(e->start_mark);
        l->key_column = column_of(e->start_mark);
        return;
    }
    struct sk_node *node = new_node(b, SK_NODE_SCALAR, e);
    if (!node)
        return;
    node->text = text;
    node->text_n = strlen(text);
    node->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    attach(b, node);
}

static void on_start(struct builder *b, enum sk_node_kind kind, const yaml_event_t *e)
{
    if (awaits_key(b)) {
        stop(b, e->start_mark, "項目名には文字だけを書けます", "a key must be plain text");
        return;
    }
    if (b->depth == MOST_LEVELS) {
        stop(b, e->start_mark, "入れ子が深すぎます(上限 64)", "nested too deeply (at most 64)");
        return;
    }
    struct sk_node *node = new_node(b, kind, e);
    if (!node)
        return;
    attach(b, node);
    b->levels[b->depth++] = (struct level){ .node = node };
}

static int by_key(const void *a, const void *b)
{
    const struct sk_node *x = *(const struct sk_node *const *)a, *y = *(const struct sk_node *const *)b;
    int order = strcmp(x->key, y->key);
    if (order)
        return order;
    if (x->key_line != y->key_line)
        return x->key_line < y->key_line ? -1 : 1;
    return x->key_column < y->key_column ? -1 : x->key_column > y->key_column;
}

static void find_duplicates(struct builder *b, const struct sk_node *map)
{
    if (map->n < 2)
        return;
    const struct sk_node **sorted = sk_new(map->n, sizeof(const struct sk_node *));
    if (!sorted) {
        b->problems->no_memory = true;
        b->stopped = true;
        return;
    }
    size_t n = 0;
    for (const struct sk_node *c = map->child; c; c = c->next)
        sorted[n++] = c;
    qsort(sorted, n, sizeof(const struct sk_node *), by_key);
    for (size_t i = 1, first = 0; i < n; i++) {
        if (strcmp(sorted[i]->key, sorted[first]->key) != 0)
            first = i;
        else
            sk_problem_add(b->problems, b->file, sorted[i]->key_line, sorted[i]->key_column,
                           "項目「%s」が2度書かれています(1度目は %u 行目)",
                           "key '%s' is written twice (first on line %u)", sorted[i]->key, sorted[first]->key_line);
    }
    free(sorted);
}

static void on_end(struct builder *b)
{
    struct sk_node *node = b->levels[--b->depth].node;
    /* NOLINTNEXTLINE(clang-analyzer-*) */
    if (node->kind == SK_NODE_MAP)
        find_duplicates(b, node);
}

static void on_document(struct builder *b, const yaml_event_t *e)
{
    if (b->root)
        stop(b, e->start_mark, "1つのファイルには1つの文書だけを書けます(--- で区切れません)",
             "a file holds one document only (no further ---)");
    else if (e->data.document_start.tag_directives.start != e->data.document_start.tag_directives.end)
        complain(b, e->start_mark, "%%TAG は使えません", "%%TAG is not allowed");
}

static void on_event(struct builder *b, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT:
        on_document(b, e);
        break;
    case YAML_SCALAR_EVENT:
        on_scalar(b, e);
        break;
    case YAML_SEQUENCE_START_EVENT:
        refuse_extras(b, e, e->data.sequence_start.anchor, e->data.sequence_start.tag);
        on_start(b, SK_NODE_LIST, e);
        break;
    case YAML_MAPPING_START_EVENT:
        refuse_extras(b, e, e->data.mapping_start.anchor, e->data.mapping_start.tag);
        on_start(b, SK_NODE_MAP, e);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        on_end(b);
        break;
    case YAML_ALIAS_EVENT:
        stop(b, e->start_mark, "別名(*)は使えません。値が * で始まるときは '…' で囲んでください",
             "aliases (*) are not allowed; put a value that starts with * in '...'");
        break;
    default:
        break;
    }
}

static void run(struct builder *b, yaml_parser_t *parser)
{
    for (bool end = false; !end && !b->stopped;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) {
            libyaml_problem(b, parser);
            return;
        }
        end = event.type == YAML_STREAM_END_EVENT;
        on_event(b, &event);
        yaml_event_delete(&event);
    }
}

struct sk_node *sk_yaml_parse(struct sk_bytes text, const char *file, struct sk_arena *arena,
                              struct sk_problems *problems)
{
    if (!sk_textfile_check(text, file, problems))
        return NULL;
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        problems->no_memory = true;
        return NULL;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, text.n ? text.p : (const unsigned char *)"", text.n);
    struct builder b = { .file = file, .arena = arena, .problems = problems };
    run(&b, &parser);
    yaml_parser_delete(&parser);
    if (b.stopped)
        return NULL;
    if (!b.root)
        sk_problem_add(problems, file, 0, 0, "ファイルに何も書かれていません", "the file is empty");
    return b.root;
}

struct sk_node *sk_yaml_load(const char *path, struct sk_buf *text, struct sk_arena *arena,
                             struct sk_problems *problems)
{
    if (!sk_textfile_read(path, text, problems))
        return NULL;
    return sk_yaml_parse(sk_bytes(text->p, text->n), path, arena, problems);
}
