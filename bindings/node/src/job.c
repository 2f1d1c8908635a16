#define _GNU_SOURCE /* strdup */
#include "job.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

static const napi_type_tag BOX = { 0x73656b6973686f01u, 0x626f780000000001u };

napi_value throw_memory(napi_env env)
{
    napi_throw_error(env, "SEKI_E_MEMORY", "out of memory");
    return NULL;
}

/* ---------------------------------------------------------------- boxes */

struct box *box_new(void *object, void (*release)(void *), struct box *first, struct box *second)
{
    struct box *b = calloc(1, sizeof(*b));
    if (!b) {
        release(object);
        return NULL;
    }
    *b = (struct box){ 1, object, release, { first, second } };
    for (int i = 0; i < 2; i++)
        if (b->needs[i])
            box_keep(b->needs[i]);
    return b;
}

void box_keep(struct box *b)
{
    b->users++;
}

void box_drop(struct box *b)
{
    if (!b || --b->users)
        return;
    b->release(b->object);
    box_drop(b->needs[0]);
    box_drop(b->needs[1]);
    free(b);
}

static void finalize(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    box_drop(data);
}

napi_value box_value(napi_env env, struct box *b)
{
    napi_value v;
    if (!b)
        return throw_memory(env);
    if (napi_create_object(env, &v) != napi_ok || napi_wrap(env, v, b, finalize, NULL, NULL) != napi_ok) {
        box_drop(b);
        return NULL;
    }
    napi_type_tag_object(env, v, &BOX);
    return v;
}

struct box *box_of(napi_env env, napi_value v, void (*release)(void *), bool optional)
{
    bool ours = false;
    void *p = NULL;
    napi_valuetype type;
    napi_typeof(env, v, &type);
    if (optional && (type == napi_undefined || type == napi_null))
        return NULL;
    if (type == napi_object && napi_check_object_type_tag(env, v, &BOX, &ours) == napi_ok && ours && napi_unwrap(env, v, &p) == napi_ok) {
        struct box *b = p;
        if (b->release == release)
            return b;
    }
    napi_throw_type_error(env, NULL, "not the object of Sekisho that belongs here");
    return NULL;
}

/* ---------------------------------------------------------------- arguments */

static bool own(struct job *job, void *p)
{
    char **more = realloc(job->owned, (job->n_owned + 1) * sizeof(*more));
    if (!more)
        return false;
    job->owned = more;
    job->owned[job->n_owned++] = p;
    return true;
}

char *job_string(napi_env env, struct job *job, napi_value v, bool *ok)
{
    napi_valuetype type;
    bool buffer = false;
    size_t n = 0;
    void *bytes = NULL;
    *ok = true;
    napi_typeof(env, v, &type);
    if (type == napi_undefined || type == napi_null)
        return NULL;
    napi_is_buffer(env, v, &buffer);
    if (buffer)
        napi_get_buffer_info(env, v, &bytes, &n);
    else if (type != napi_string || napi_get_value_string_utf8(env, v, NULL, 0, &n) != napi_ok) {
        napi_throw_type_error(env, NULL, "a string or Buffer is wanted");
        *ok = false;
        return NULL;
    }
    char *s = malloc(n + 1);
    if (!s || !own(job, s)) {
        free(s);
        throw_memory(env);
        *ok = false;
        return NULL;
    }
    if (buffer && n)
        memcpy(s, bytes, n);
    else if (!buffer)
        napi_get_value_string_utf8(env, v, s, n + 1, &n);
    s[n] = 0;
    if (strlen(s) != n) { /* a path cut at a NUL would be another path */
        napi_throw_type_error(env, NULL, "a string holds a NUL");
        *ok = false;
        return NULL;
    }
    return s;
}

bool job_list(napi_env env, struct job *job, napi_value array, char ***out, size_t *n_out)
{
    uint32_t n = 0;
    bool is = false, ok = true;
    napi_is_array(env, array, &is);
    if (!is || napi_get_array_length(env, array, &n) != napi_ok) {
        napi_throw_type_error(env, NULL, "an array of strings is wanted");
        return false;
    }
    char **list = calloc((size_t)n + 1, sizeof(*list));
    if (!list || !own(job, list)) {
        free(list);
        throw_memory(env);
        return false;
    }
    for (uint32_t i = 0; i < n && ok; i++) {
        napi_value v;
        napi_get_element(env, array, i, &v);
        list[i] = job_string(env, job, v, &ok);
        if (ok && !list[i]) {
            napi_throw_type_error(env, NULL, "an array of strings is wanted");
            ok = false;
        }
    }
    *out = list;
    *n_out = n;
    return ok;
}

static bool set_ints(napi_env env, struct job *job, const struct option *o, char *base, napi_value array)
{
    uint32_t n = 0;
    bool ok = napi_get_array_length(env, array, &n) == napi_ok;
    int32_t *list = ok ? calloc((size_t)n + 1, sizeof(*list)) : NULL;
    if (ok && (!list || !own(job, list))) {
        free(list);
        throw_memory(env);
        return false;
    }
    for (uint32_t i = 0; i < n && ok; i++) {
        napi_value v;
        ok = napi_get_element(env, array, i, &v) == napi_ok && napi_get_value_int32(env, v, &list[i]) == napi_ok;
    }
    if (!ok) {
        napi_throw_type_error(env, NULL, o->name);
        return false;
    }
    memcpy(base + o->offset, &list, sizeof(list));
    return true;
}

static bool set(napi_env env, struct job *job, const struct option *o, char *base, napi_value v)
{
    bool ok = true;
    double number = 0;
    if (o->kind == OPTION_STRING) {
        const char *s = job_string(env, job, v, &ok);
        memcpy(base + o->offset, &s, sizeof(s));
        return ok;
    }
    if (o->kind == OPTION_STRINGS) {
        char **list = NULL;
        size_t n = 0;
        if (!job_list(env, job, v, &list, &n))
            return false;
        memcpy(base + o->offset, &list, sizeof(list));
        memcpy(base + o->count_offset, &n, sizeof(n));
        return true;
    }
    if (o->kind == OPTION_INTS)
        return set_ints(env, job, o, base, v);
    if (o->kind == OPTION_BOOL) {
        bool b = false;
        ok = napi_get_value_bool(env, v, &b) == napi_ok;
        memcpy(base + o->offset, &b, sizeof(b));
    } else {
        ok = napi_get_value_double(env, v, &number) == napi_ok && number == (double)(int64_t)number &&
             (o->kind == OPTION_INT64 || number >= 0) && (o->kind != OPTION_UINT32 || number <= UINT32_MAX) &&
             number <= 9007199254740991.0 && number >= -9007199254740991.0;
        if (ok && o->kind == OPTION_UINT32)
            memcpy(base + o->offset, &(uint32_t){ (uint32_t)number }, sizeof(uint32_t));
        else if (ok)
            memcpy(base + o->offset, &(int64_t){ (int64_t)number }, sizeof(int64_t));
    }
    if (!ok)
        napi_throw_type_error(env, NULL, o->name);
    return ok;
}

bool job_options(napi_env env, struct job *job, const struct option *table, void *into, napi_value object)
{
    napi_value names;
    uint32_t n = 0;
    napi_valuetype type;
    napi_typeof(env, object, &type);
    if (type == napi_undefined || type == napi_null)
        return true;
    if (napi_get_property_names(env, object, &names) != napi_ok || napi_get_array_length(env, names, &n) != napi_ok) {
        napi_throw_type_error(env, NULL, "options: an object is wanted");
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        napi_value key, v;
        char name[64];
        size_t len;
        napi_get_element(env, names, i, &key);
        napi_get_value_string_utf8(env, key, name, sizeof(name), &len);
        napi_get_property(env, object, key, &v);
        napi_typeof(env, v, &type);
        if (type == napi_undefined)
            continue;
        const struct option *o = table;
        while (o->name && strcmp(o->name, name) != 0)
            o++;
        if (!o->name) {
            char message[128] = "there is no option ";
            strncat(message, name, 100);
            napi_throw_type_error(env, NULL, message);
            return false;
        }
        if (!set(env, job, o, into, v))
            return false;
    }
    return true;
}

/* ---------------------------------------------------------------- callbacks of the library, on the pool's thread */

/* What is told to JavaScript while a call works: an address, or how far it is. */
struct told {
    char *url;
    seki_progress progress;
};

void job_problem(void *ctx, const seki_problem *p)
{
    struct job *job = ctx;
    struct problem *more = realloc(job->problems, (job->n_problems + 1) * sizeof(*more));
    if (!more)
        return;
    job->problems = more;
    more[job->n_problems] = (struct problem){ strdup(p->file ? p->file : ""), strdup(p->ja), strdup(p->en), p->line, p->column };
    job->n_problems++;
}

static bool append(char **out, size_t *used, size_t *room, const void *bytes, size_t n)
{
    if (*room - *used < n) {
        size_t wanted = *room * 2 > *used + n ? *room * 2 : *used + n;
        char *more = realloc(*out, wanted);
        if (!more)
            return false;
        *out = more;
        *room = wanted;
    }
    if (n)
        memcpy(*out + *used, bytes, n);
    *used += n;
    return true;
}

bool job_write(void *ctx, const void *bytes, size_t n)
{
    struct job *job = ctx;
    return append(&job->out, &job->n_out, &job->room, bytes, n);
}

bool job_write_json(void *ctx, const void *bytes, size_t n)
{
    struct job *job = ctx;
    return append(&job->json, &job->n_json, &job->json_room, bytes, n);
}

bool job_cancelled(void *ctx)
{
    const struct job *job = ctx;
    return job->cancel && atomic_load(job->cancel);
}

void job_started(void *ctx, const char *url)
{
    struct job *job = ctx;
    struct told *told = calloc(1, sizeof(*told));
    if (told)
        told->url = strdup(url);
    if (!told || !told->url || napi_call_threadsafe_function(job->progress, told, napi_tsfn_nonblocking) != napi_ok) {
        if (told)
            free(told->url);
        free(told);
    }
}

void job_progress(void *ctx, const seki_progress *p)
{
    struct job *job = ctx;
    struct told *copy = calloc(1, sizeof(*copy));
    if (!copy)
        return;
    copy->progress = *p;
    /* Never waits: a busy page may miss a step, the scan may not. */
    if (napi_call_threadsafe_function(job->progress, copy, napi_tsfn_nonblocking) != napi_ok)
        free(copy);
}

static napi_value progress_value(napi_env env, const seki_progress *p)
{
    napi_value object;
    napi_create_object(env, &object);
    set_number(env, object, "files", (double)p->files);
    set_number(env, object, "filesTotal", (double)p->files_total);
    set_number(env, object, "bytes", (double)p->bytes);
    set_number(env, object, "bytesTotal", (double)p->bytes_total);
    set_number(env, object, "seconds", p->seconds);
    return object;
}

static void tell(napi_env env, napi_value function, void *ctx, void *data)
{
    (void)ctx;
    struct told *told = data;
    if (env && function) {
        napi_value v, undefined;
        if (told->url)
            napi_create_string_utf8(env, told->url, NAPI_AUTO_LENGTH, &v);
        else
            v = progress_value(env, &told->progress);
        napi_get_undefined(env, &undefined);
        napi_call_function(env, undefined, function, 1, &v, NULL);
    }
    free(told->url);
    free(told);
}

bool job_progress_to(napi_env env, struct job *job, napi_value function)
{
    napi_valuetype type;
    napi_value name;
    napi_typeof(env, function, &type);
    if (type == napi_undefined || type == napi_null)
        return true;
    napi_create_string_utf8(env, "sekisho progress", NAPI_AUTO_LENGTH, &name);
    if (napi_create_threadsafe_function(env, function, NULL, name, 16, 1, NULL, NULL, NULL, tell, &job->progress) != napi_ok) {
        napi_throw_type_error(env, NULL, "progress: a function is wanted");
        return false;
    }
    return true;
}

/* ---------------------------------------------------------------- life of a job */

struct job *job_new(napi_env env, void (*run)(struct job *), napi_value (*done)(napi_env, struct job *))
{
    struct job *job = calloc(1, sizeof(*job));
    if (!job) {
        throw_memory(env);
        return NULL;
    }
    job->run = run;
    job->done = done;
    job->fd = -1;
    return job;
}

void job_free(struct job *job)
{
    for (size_t i = 0; i < job->n_owned; i++)
        free(job->owned[i]);
    free(job->owned);
    for (size_t i = 0; i < job->n_problems; i++) {
        free(job->problems[i].file);
        free(job->problems[i].ja);
        free(job->problems[i].en);
    }
    free(job->problems);
    free(job->out);
    free(job->json);
    box_drop(job->rules);
    box_drop(job->policy);
    box_drop(job->other);
    free(job);
}

static napi_value failure(napi_env env, const struct job *job)
{
    static const char *const codes[] = { "SEKI_OK", "SEKI_E_USAGE", "SEKI_E_RULES", "SEKI_E_IO", "SEKI_E_MEMORY", "SEKI_E_CANCELLED", "SEKI_E_INTERNAL" };
    napi_value code, message, error, list;
    napi_create_string_utf8(env, codes[job->status <= SEKI_E_INTERNAL ? job->status : SEKI_E_INTERNAL], NAPI_AUTO_LENGTH, &code);
    napi_create_string_utf8(env, job->error.en, NAPI_AUTO_LENGTH, &message);
    napi_create_error(env, code, message, &error);
    set_text(env, error, "name", "SekishoError");
    set_text(env, error, "ja", job->error.ja);
    set_text(env, error, "en", job->error.en);
    set_number(env, error, "system", job->error.system);
    napi_create_array_with_length(env, job->n_problems, &list);
    for (size_t i = 0; i < job->n_problems; i++) {
        napi_value p;
        napi_create_object(env, &p);
        set_text(env, p, "file", job->problems[i].file);
        set_number(env, p, "line", job->problems[i].line);
        set_number(env, p, "column", job->problems[i].column);
        set_text(env, p, "ja", job->problems[i].ja);
        set_text(env, p, "en", job->problems[i].en);
        napi_set_element(env, list, (uint32_t)i, p);
    }
    napi_set_named_property(env, error, "problems", list);
    return error;
}

static void execute(napi_env env, void *data)
{
    (void)env;
    struct job *job = data;
    job->run(job);
}

static void complete(napi_env env, napi_status status, void *data)
{
    struct job *job = data;
    napi_value value = NULL, raised;
    bool pending = false;
    if (status != napi_ok && job->status == SEKI_OK)
        job->status = SEKI_E_CANCELLED;
    if (job->status == SEKI_OK) {
        value = job->done ? job->done(env, job) : NULL;
        napi_is_exception_pending(env, &pending);
        if (pending) {
            napi_get_and_clear_last_exception(env, &raised);
            napi_reject_deferred(env, job->deferred, raised);
        } else {
            if (!value)
                napi_get_undefined(env, &value);
            napi_resolve_deferred(env, job->deferred, value);
        }
    } else {
        napi_reject_deferred(env, job->deferred, failure(env, job));
    }
    if (job->progress)
        napi_release_threadsafe_function(job->progress, napi_tsfn_release);
    if (job->keep)
        napi_delete_reference(env, job->keep);
    napi_delete_async_work(env, job->work);
    job_free(job);
}

napi_value job_start(napi_env env, struct job *job)
{
    napi_value promise, name;
    napi_create_string_utf8(env, "sekisho", NAPI_AUTO_LENGTH, &name);
    if (napi_create_promise(env, &job->deferred, &promise) != napi_ok ||
        napi_create_async_work(env, NULL, name, execute, complete, job, &job->work) != napi_ok ||
        napi_queue_async_work(env, job->work) != napi_ok) {
        job_free(job);
        return throw_memory(env);
    }
    return promise;
}
