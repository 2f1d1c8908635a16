/* For the rebuild of patterns/models/prose.bin only, never installed: trains the gate and the chain of labels.
 *   names_train PATTERNS NAMES.tsv OUT EPOCHS FILE...
 * PATTERNS/models/names.bin is the dictionary; NAMES.tsv (build_names.py --list) its surnames and given names as text,
 * for the gate; each line of a FILE: folded text, a tab, "begin,end,kind;..." in characters, kind 1 person, 2 other
 * proper name. One thread, its own random numbers, no fused multiply-add: the same bytes each time on x86-64 with this
 * compiler. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "detect/crf.h"

#define L SK_CRF_LABELS
#define LINE 65536
#define ROWS ((size_t)1 << SK_CRF_ROW_BITS)
#define GATE ((size_t)1 << SK_GATE_ROW_BITS)
#define DROP 0.15f
#define RATE 0.1f
#define L2 1e-5f
#define CLIP 3.0f /* the largest weight */
/* Characters are asked about when the gate's sum is above this. At -1 nearly every name of the training passes, and with
 * them a sixth of ordinary text; here a fiftieth, for 2 of 100 names of unseen text. */
#define GATE_LEAST 0.25f

struct sample {
    char *line;
};

static const struct sk_names *names;
static struct sk_crf_work work;
static float *weight, *square, *average;
static float step[L][L], step_square[L][L], step_sum[L][L];
static struct sample *samples;
static size_t n_samples;
static uint32_t state = 2463534242u;

static uint32_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 17;
    return state ^= state << 5;
}

static void *need(void *p)
{
    if (!p) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return p;
}

static bool may(unsigned from, unsigned to)
{
    bool inside = from == SK_CRF_B || from == SK_CRF_I;
    return inside == (to == SK_CRF_I || to == SK_CRF_E);
}

/* Characters of a line and their labels; too long lines are cut. */
static uint32_t read_line(const char *line, uint32_t *cp, uint8_t *gold)
{
    size_t bytes = strcspn(line, "\t\n"), i = 0;
    uint32_t n = 0;
    while (i < bytes && n < SK_CRF_WINDOW) {
        uint32_t c;
        i += sk_utf8_next(line + i, bytes - i, &c);
        cp[n] = sk_crf_char(names, c);
        gold[n++] = SK_CRF_O;
    }
    const char *p = line + bytes;
    while (*p == '\t' || *p == ';') {
        char *rest;
        unsigned long b = strtoul(p + 1, &rest, 10), e, kind;
        if (rest == p + 1 || *rest != ',')
            break;
        e = strtoul(rest + 1, &rest, 10);
        kind = *rest == ',' ? strtoul(rest + 1, &rest, 10) : 1;
        p = rest;
        if (e > n || b >= e)
            continue;
        for (unsigned long k = b; k < e; k++)
            gold[k] = kind == 2 ? SK_CRF_X : SK_CRF_I;
        if (kind != 2) {
            gold[b] = e - b == 1 ? SK_CRF_S : SK_CRF_B;
            if (e - b > 1)
                gold[e - 1] = SK_CRF_E;
        }
    }
    return n;
}

static double add_logs(double a, double b)
{
    double hi = a > b ? a : b, lo = a > b ? b : a;
    return lo < -1e29 ? hi : hi + log1p(exp(lo - hi));
}

static uint32_t rows[SK_CRF_WINDOW][SK_CRF_FEATURES];
static unsigned n_rows[SK_CRF_WINDOW];
static float score[SK_CRF_WINDOW][L];
static double forward[SK_CRF_WINDOW][L], backward[SK_CRF_WINDOW][L];

static double sums(uint32_t n)
{
    for (unsigned y = 0; y < L; y++) {
        forward[0][y] = y == SK_CRF_I || y == SK_CRF_E ? -1e30 : (double)score[0][y];
        backward[n - 1][y] = y == SK_CRF_B || y == SK_CRF_I ? -1e30 : 0;
    }
    for (uint32_t i = 1; i < n; i++)
        for (unsigned y = 0; y < L; y++) {
            double s = -1e30;
            for (unsigned x = 0; x < L; x++)
                if (may(x, y))
                    s = add_logs(s, forward[i - 1][x] + (double)step[x][y]);
            forward[i][y] = s + (double)score[i][y];
        }
    for (uint32_t i = n - 1; i-- > 0;)
        for (unsigned y = 0; y < L; y++) {
            double s = -1e30;
            for (unsigned x = 0; x < L; x++)
                if (may(y, x))
                    s = add_logs(s, (double)step[y][x] + (double)score[i + 1][x] + backward[i + 1][x]);
            backward[i][y] = s;
        }
    double z = -1e30;
    for (unsigned y = 0; y < L; y++)
        z = add_logs(z, forward[n - 1][y] + backward[n - 1][y]);
    return z;
}

static void learn(uint32_t i, const uint8_t *gold, double z)
{
    float g[L];
    bool any = false;
    for (unsigned y = 0; y < L; y++) {
        g[y] = (float)exp(forward[i][y] + backward[i][y] - z) - (y == gold[i] ? 1.0f : 0.0f);
        any = any || fabsf(g[y]) > 1e-3f;
    }
    if (!any)
        return;
    for (unsigned k = 0; k < n_rows[i]; k++) {
        float *w = weight + (size_t)rows[i][k] * L, *q = square + (size_t)rows[i][k] * L;
        for (unsigned y = 0; y < L; y++) {
            float d = g[y] + L2 * w[y];
            q[y] += d * d;
            w[y] -= RATE / sqrtf(q[y] + 1e-2f) * d;
        }
    }
    if (i == 0)
        return;
    for (unsigned x = 0; x < L; x++)
        for (unsigned y = 0; y < L; y++)
            if (may(x, y)) {
                double p = exp(forward[i - 1][x] + (double)step[x][y] + (double)score[i][y] + backward[i][y] - z);
                float d = (float)p - (gold[i - 1] == x && gold[i] == y ? 1.0f : 0.0f);
                step_square[x][y] += d * d;
                step[x][y] -= 0.2f * RATE / sqrtf(step_square[x][y] + 1e-2f) * d;
            }
}

static double one(const char *line)
{
    uint32_t cp[SK_CRF_WINDOW];
    uint8_t gold[SK_CRF_WINDOW];
    uint32_t n = read_line(line, cp, gold);
    if (n == 0)
        return 0;
    sk_crf_load(names, cp, n, 0, n, &work);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t all[SK_CRF_FEATURES];
        sk_crf_features(&work, i, all);
        n_rows[i] = 0;
        memset(score[i], 0, sizeof(score[i]));
        for (unsigned k = 0; k < SK_CRF_FEATURES; k++) {
            if ((float)(next_random() >> 8) * (1.0f / 16777216) < DROP)
                continue;
            rows[i][n_rows[i]++] = all[k];
            for (unsigned y = 0; y < L; y++)
                score[i][y] += weight[(size_t)all[k] * L + y];
        }
        for (unsigned y = 0; y < L; y++)
            score[i][y] /= 1 - DROP;
    }
    double z = sums(n), truth = 0;
    for (uint32_t i = 0; i < n; i++)
        truth += (double)score[i][gold[i]] + (i ? (double)step[gold[i - 1]][gold[i]] : 0);
    for (uint32_t i = 0; i < n; i++)
        learn(i, gold, z);
    return z - truth;
}

static void shuffle(void)
{
    for (size_t i = n_samples; i-- > 1;) {
        size_t j = next_random() % (i + 1);
        struct sample x = samples[i];
        samples[i] = samples[j];
        samples[j] = x;
    }
}

static void train_labels(unsigned epochs)
{
    unsigned kept = 0;
    weight = need(calloc(ROWS * L, sizeof(*weight)));
    square = need(calloc(ROWS * L, sizeof(*square)));
    average = need(calloc(ROWS * L, sizeof(*average)));
    for (unsigned e = 0; e < epochs; e++) {
        double loss = 0;
        shuffle();
        for (size_t i = 0; i < n_samples; i++)
            loss += one(samples[i].line);
        if (e >= epochs / 2) {
            kept++;
            for (size_t i = 0; i < ROWS * L; i++)
                average[i] += weight[i];
            for (unsigned x = 0; x < L; x++)
                for (unsigned y = 0; y < L; y++)
                    step_sum[x][y] += step[x][y];
        }
        fprintf(stderr, "labels %u: %.4f\n", e, loss / (double)n_samples);
    }
    for (size_t i = 0; i < ROWS * L; i++)
        average[i] /= (float)kept;
    for (unsigned x = 0; x < L; x++)
        for (unsigned y = 0; y < L; y++)
            step_sum[x][y] /= (float)kept;
}

/* ---------------------------------------------------------------- gate */

static float (*pair)[4], (*pair_square)[4], gate_bias, gate_square;
static float prior[4][16], prior_square[4][16];
static uint8_t *code; /* by row: what the dictionary says of the two characters */

static void read_codes(const char *path)
{
    static char line[LINE];
    FILE *f = fopen(path, "r");
    code = need(calloc(GATE, 1));
    while (f && fgets(line, sizeof(line), f)) {
        uint32_t a, b;
        size_t n = strcspn(line, "\t"), k = sk_utf8_next(line, n, &a);
        unsigned flags = (unsigned)strtoul(line + n + 1, NULL, 10);
        if (k >= n)
            continue;
        k += sk_utf8_next(line + k, n - k, &b);
        unsigned s = SK_NAME_SURNAME(flags), g = SK_NAME_GIVEN(flags) > 1;
        uint32_t row = sk_gate_row(sk_crf_char(names, a), sk_crf_char(names, b));
        unsigned now = k == n ? s << 1 | g : s ? 8u | (s - 1) << 1 | g : 0; /* the whole name, or what it begins with */
        unsigned old = code[row];
        if (now && ((now < 8 && (old >= 8 || now > old)) || (now >= 8 && (old == 0 || (old >= 8 && now > old)))))
            code[row] = (uint8_t)now;
    }
    if (f)
        fclose(f);
}

static void gate_line(const char *line)
{
    uint32_t cp[SK_CRF_WINDOW + 4], row[SK_CRF_WINDOW + 4];
    uint8_t gold[SK_CRF_WINDOW];
    uint32_t n = read_line(line, cp + 2, gold);
    cp[0] = cp[1] = cp[n + 2] = cp[n + 3] = SK_CRF_BREAK;
    for (uint32_t i = 0; i + 1 < n + 4; i++)
        row[i] = sk_gate_row(cp[i], cp[i + 1]);
    for (uint32_t i = 0; i < n; i++) { /* the pairs (i-2, i-1) to (i+1, i+2) */
        float z = gate_bias;
        for (unsigned d = 0; d < 4; d++)
            z += pair[row[i + d]][d] + prior[d][code[row[i + d]]];
        bool is = gold[i] != SK_CRF_O && gold[i] != SK_CRF_X;
        float p = 1 / (1 + expf(-z)), g = (p - (is ? 1.0f : 0.0f)) * (is ? 3.0f : 1.0f);
        if (fabsf(g) < 1e-3f)
            continue;
        gate_square += g * g;
        gate_bias -= RATE / sqrtf(gate_square + 1) * g;
        for (unsigned d = 0; d < 4; d++) {
            float *w = &pair[row[i + d]][d], *q = &pair_square[row[i + d]][d], gg = g + 1e-3f * *w;
            *q += gg * gg;
            *w -= RATE / sqrtf(*q + 1e-2f) * gg;
            w = &prior[d][code[row[i + d]]];
            q = &prior_square[d][code[row[i + d]]];
            *q += g * g;
            *w -= RATE / sqrtf(*q + 1e-2f) * g;
        }
    }
}

static void train_gate(const char *path)
{
    pair = need(calloc(GATE, sizeof(*pair)));
    pair_square = need(calloc(GATE, sizeof(*pair_square)));
    read_codes(path);
    for (unsigned e = 0; e < 4; e++) {
        shuffle();
        for (size_t i = 0; i < n_samples; i++)
            gate_line(samples[i].line);
    }
}

/* ---------------------------------------------------------------- file */

static int8_t small(float x, float unit)
{
    float v = roundf(x * unit);
    return (int8_t)(v > 127 ? 127 : v < -127 ? -127 : v);
}

static void put32(struct sk_buf *b, uint32_t v)
{
    char p[4] = { (char)v, (char)(v >> 8), (char)(v >> 16), (char)(v >> 24) };
    if (!sk_buf_add(b, p, 4))
        exit(1);
}

static int save(const char *path)
{
    struct sk_buf body, file;
    float unit = 127 / CLIP;
    sk_buf_init(&body, (size_t)1 << 26);
    sk_buf_init(&file, (size_t)1 << 26);
    put32(&body, (uint32_t)unit);
    put32(&body, (uint32_t)(int32_t)roundf(gate_bias * 16));
    put32(&body, (uint32_t)(int32_t)roundf(GATE_LEAST * 16));
    for (unsigned x = 0; x < L; x++)
        for (unsigned y = 0; y < L; y++)
            put32(&body, (uint32_t)(int32_t)roundf(step_sum[x][y] * unit));
    for (size_t i = 0; i < GATE; i++) {
        uint32_t v = 0;
        for (unsigned d = 0; d < 4; d++)
            v |= (uint32_t)(uint8_t)small(pair[i][d] + prior[d][code[i]], 16) << 8 * d;
        put32(&body, v);
    }
    for (size_t i = 0; i < ROWS * L; i++) {
        char c = (char)small(average[i], unit);
        if (!sk_buf_add(&body, &c, 1))
            return 1;
    }
    put32(&body, 0);
    put32(&body, 0);
    if (!sk_buf_add(&file, "SKPROSE\0", 8))
        return 1;
    put32(&file, 1);
    put32(&file, (uint32_t)(32 + body.n));
    put32(&file, L);
    put32(&file, SK_CRF_ROW_BITS);
    put32(&file, SK_GATE_ROW_BITS);
    put32(&file, sk_crc32(sk_crc32(0, file.p, 28), body.p, body.n));
    FILE *f = fopen(path, "wb");
    bool ok = f && fwrite(file.p, 1, file.n, f) == file.n && fwrite(body.p, 1, body.n, f) == body.n;
    return f && fclose(f) == 0 && ok ? 0 : 1;
}

int main(int argc, char **argv)
{
    static char line[LINE];
    struct sk_problems problems;
    size_t cap = 0;
    sk_problems_init(&problems);
    if (argc < 6)
        return 64;
    struct sk_fold *fold = need(sk_fold_new());
    struct sk_rules *rules = need(sk_rules_load(argv[1], fold, &problems));
    names = need((void *)(size_t)sk_rules_names(rules));
    for (int a = 5; a < argc; a++) {
        FILE *f = fopen(argv[a], "r");
        while (f && fgets(line, sizeof(line), f)) {
            if (n_samples == cap) {
                cap = cap * 2 + 1024;
                samples = need(realloc(samples, cap * sizeof(*samples)));
            }
            samples[n_samples++].line = need(strdup(line));
        }
        if (!f || fclose(f) != 0) {
            perror(argv[a]);
            return 1;
        }
    }
    train_labels((unsigned)strtoul(argv[4], NULL, 10));
    train_gate(argv[2]);
    return save(argv[3]);
}
