/*
 * fmt_hl7.c - HL7 version 2 messages (also SS-MIX2 files and batches): segments of a line each, fields between '|'.
 * Positions: HL7 2.5, JAHIS 臨床検査データ交換規約, SS-MIX2 仕様書 (IN1-3 保険者番号, IN1-10 記号, IN1-36 番号).
 */
#include "extract/doc.h"
#include "extract/fieldset.h"

#include <stdlib.h>

int sk_sniff_hl7(struct sk_bytes head, struct sk_source *source);
bool sk_extract_hl7(struct sk_job *job);

#define FIELDS_SOME ((size_t)32 << 20)

#define NUMBER 255 /* XTN: the first component, 12 (unformatted), or 6 and 7 (area and local number) */

static const struct rule {
    char segment[4];
    uint8_t field;      /* as HL7 counts */
    uint8_t components; /* how many are joined; 0: the second, else the first (code^text) */
    uint8_t element, aspect;
} RULES[] = {
    { "PID", 5, 2, SK_EL_PERSON_NAME, SK_WHOLE },
    { "PID", 7, 1, SK_EL_BIRTH_DATE, SK_WHOLE },
    { "PID", 8, 1, SK_EL_SEX, SK_WHOLE },
    { "PID", 11, 4, SK_EL_ADDRESS, SK_WHOLE },
    { "PID", 13, NUMBER, SK_EL_PHONE, SK_WHOLE },
    { "PID", 14, NUMBER, SK_EL_PHONE, SK_WHOLE },
    { "IN1", 3, 1, SK_EL_INSURER_NUMBER, SK_WHOLE },
    { "IN1", 10, 1, SK_EL_INSURED_ID, SK_SYMBOL },
    { "IN1", 36, 1, SK_EL_INSURED_ID, SK_NUMBER },
    { "DG1", 3, 0, SK_EL_DISEASE, SK_WHOLE },
    { "DG1", 4, 1, SK_EL_DISEASE, SK_WHOLE },
    { "PRB", 3, 0, SK_EL_DISEASE, SK_WHOLE },
    { "RXE", 2, 0, SK_EL_DRUG, SK_WHOLE },
    { "RXO", 1, 0, SK_EL_DRUG, SK_WHOLE },
    { "RXA", 5, 0, SK_EL_DRUG, SK_WHOLE },
    { "PR1", 3, 0, SK_EL_PROCEDURE, SK_WHOLE },
    { "OBX", 5, 0, SK_EL_LAB_VALUE, SK_WHOLE },
};

struct hl7 {
    struct sk_job *job;
    struct sk_out *o;
    struct sk_fieldset fields;
    uint32_t record;
    char field, component, repeat, escape, sub; /* MSH-1, MSH-2 */
    struct sk_buf value;
};

static const char *part_end(const char *p, const char *end, char sign)
{
    const char *e = memchr(p, sign, (size_t)(end - p));
    return e ? e : end;
}

/* "\T\" and the like (HL7 2.5, 2.7); others are dropped. */
static void add_unescaped(struct hl7 *h, const char *p, const char *end)
{
    static const char NAMES[] = "FSTRE";
    const char signs[] = { h->field, h->component, h->sub, h->repeat, h->escape };
    while (p < end) {
        const char *e = part_end(p, end, h->escape);
        sk_buf_add(&h->value, p, (size_t)(e - p));
        if (e == end)
            break;
        const char *close = part_end(e + 1, end, h->escape);
        const char *name = close - e == 2 ? strchr(NAMES, e[1]) : NULL;
        if (name && *name)
            sk_buf_add(&h->value, &signs[name - NAMES], 1);
        p = close < end ? close + 1 : end;
    }
}

/* A telephone: older messages give it whole, newer ones in the components that XTN came to have. */
static void give_number(struct hl7 *h, const struct rule *r, const char *p, const char *end)
{
    struct {
        const char *from, *to;
    } part[13] = { 0 };
    sk_buf_clear(&h->value);
    for (unsigned n = 1; n < 13 && p <= end; n++) {
        part[n].from = p;
        part[n].to = part_end(p, end, h->component);
        p = part[n].to + 1;
    }
    unsigned pick = part[1].to > part[1].from ? 1 : part[12].to > part[12].from ? 12 : 0;
    if (pick != 0) {
        add_unescaped(h, part[pick].from, part[pick].to);
    } else if (part[7].to > part[7].from) {
        add_unescaped(h, part[6].from, part[6].to);
        if (part[6].to > part[6].from)
            sk_buf_add(&h->value, "-", 1);
        add_unescaped(h, part[7].from, part[7].to);
    }
    if (h->value.n)
        sk_fieldset_add(&h->fields, h->record, (enum sk_element)r->element, (enum sk_aspect)r->aspect, h->value.p,
                        h->value.n);
}

/* One repetition of a field. */
static void give_value(struct hl7 *h, const struct rule *r, const char *p, const char *end)
{
    unsigned n = 0;
    if (r->components == NUMBER) {
        give_number(h, r, p, end);
        return;
    }
    sk_buf_clear(&h->value);
    for (const char *c = p; c <= end; n++) {
        const char *e = part_end(c, end, h->component);
        if (r->components == 0 && n == 1 && e > c)
            sk_buf_clear(&h->value); /* the text behind the code */
        if (r->components == 0 ? n < 2 : n < r->components) {
            if (h->value.n && e > c && r->components > 1)
                sk_buf_add(&h->value, " ", 1);
            add_unescaped(h, c, e);
        }
        if (r->element == SK_EL_ADDRESS && n == 4)
            sk_fieldset_add(&h->fields, h->record, SK_EL_POSTAL_CODE, SK_WHOLE, c, (size_t)(e - c));
        c = e + 1;
    }
    if (h->value.n)
        sk_fieldset_add(&h->fields, h->record, (enum sk_element)r->element, (enum sk_aspect)r->aspect, h->value.p,
                        h->value.n);
}

static const struct rule *rule_of(const char *segment, unsigned field)
{
    for (size_t i = 0; i < sizeof(RULES) / sizeof(RULES[0]); i++)
        if (RULES[i].field == field && memcmp(segment, RULES[i].segment, 3) == 0)
            return &RULES[i];
    return NULL;
}

static bool has_text(const char *p, const char *end)
{
    for (; p < end; p++)
        if ((unsigned char)*p >= 0x80)
            return true;
    return false;
}

/* Fields that no rule names: codes, but for what is more than ASCII. */
static bool give_text(struct hl7 *h, const char *p, const char *end)
{
    if (!has_text(p, end))
        return true;
    sk_buf_clear(&h->value);
    for (; p <= end;) {
        const char *e = part_end(p, end, h->component);
        if (h->value.n)
            sk_buf_add(&h->value, " ", 1);
        add_unescaped(h, p, e);
        p = e + 1;
    }
    return sk_out_text(h->o, h->value.p ? h->value.p : "", h->value.n) && sk_out_line(h->o);
}

static void begin_message(struct hl7 *h, const char *p, const char *end)
{
    h->field = p[3];
    if (end - p >= 8) {
        h->component = p[4];
        h->repeat = p[5];
        h->escape = p[6];
        h->sub = p[7];
    }
}

static bool segment(struct hl7 *h, const char *p, const char *end)
{
    bool ok = true, head = memcmp(p, "MSH", 3) == 0 || memcmp(p, "FHS", 3) == 0 || memcmp(p, "BHS", 3) == 0;
    if (head)
        begin_message(h, p, end);
    if (memcmp(p, "PID", 3) == 0)
        h->record++;
    const char *f = part_end(p, end, h->field) + 1;
    for (unsigned field = head ? 2 : 1; ok && f <= end; field++) {
        const char *e = part_end(f, end, h->field);
        const struct rule *r = rule_of(p, field);
        for (const char *v = f; r && v <= e;) {
            const char *stop = part_end(v, e, h->repeat);
            give_value(h, r, v, stop);
            v = stop + 1;
        }
        ok = r || (head && field == 2) || give_text(h, f, e);
        f = e + 1;
    }
    return ok;
}

static bool read_messages(struct hl7 *h, const struct sk_doc *d)
{
    const struct sk_sink *sink = h->job->sink;
    const char *p = d->p, *end = d->p + d->n, *checked = p;
    bool ok = true;
    while (ok && p < end) {
        const char *e = p;
        while (e < end && *e != '\r' && *e != '\n')
            e++;
        const char *s = p;
        while (s < e && (unsigned char)*s <= ' ') /* MLLP's start and end of a block */
            s++;
        if (e - s > 3)
            ok = segment(h, s, e);
        else if (e > s)
            ok = sk_out_text(h->o, s, (size_t)(e - s)) && sk_out_line(h->o);
        p = e + 1;
        if (ok && h->fields.arena.used > FIELDS_SOME)
            ok = sk_fieldset_give(&h->fields, h->o);
        if (p - checked > 1 << 18) {
            checked = p;
            if (!sk_budget_time(h->job->budget))
                break;
        }
    }
    ok = ok && sk_fieldset_give(&h->fields, h->o);
    bool spent = h->job->budget->spent != SK_WHY_NONE;
    if (spent || h->fields.lost)
        sink->reason(sink->ctx, h->job->part, spent ? h->job->budget->spent : SK_WHY_TOO_LARGE, "");
    return ok;
}

bool sk_extract_hl7(struct sk_job *job)
{
    struct sk_doc d;
    bool go = true;
    struct sk_out *o = sk_doc_load(job, NULL, &d) ? sk_out_open(job, job->part) : NULL;
    if (o) {
        struct hl7 h = {
            .job = job, .o = o, .record = 1, .field = '|', .component = '^', .repeat = '~', .escape = '\\', .sub = '&'
        };
        sk_fieldset_init(&h.fields);
        sk_buf_init(&h.value, (size_t)64 << 20);
        go = read_messages(&h, &d);
        go = sk_out_close(o) && go;
        sk_fieldset_free(&h.fields);
        sk_buf_free(&h.value);
    }
    sk_doc_free(&d);
    return go;
}

/* MSH|^~\& and the headers of files and batches; in front of it perhaps the vertical tab of MLLP. */
int sk_sniff_hl7(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    if (head.n && head.p[0] == 0x0B)
        sk_skip(&head, 1);
    bool sign = SK_STARTS(head, "MSH|^~\\&") || SK_STARTS(head, "FHS|^~\\&") || SK_STARTS(head, "BHS|^~\\&");
    return sign ? 64 : 0;
}
