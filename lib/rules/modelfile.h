/* modelfile.h - inside rules: the frame that every file of patterns/models/ has, mapped and checked. */
#ifndef SK_RULES_MODELFILE_H
#define SK_RULES_MODELFILE_H

#include "rules/load.h"

/*
 * Little-endian: 8 bytes of magic, version, length of the file, three numbers of the model's own, CRC-32 of everything
 * but itself; then the body, whose arrays begin at multiples of 4.
 */
#define SK_MODEL_HEAD 32u
#define SK_MODEL_MOST ((size_t)8 << 20)
struct sk_model {
    uint32_t own[3];
    struct sk_bytes body; /* stays mapped until the rules are freed */
};
/* Maps dir/models/<file>, checks the frame and adds it to the rules' digest. False: there is none, or a problem was
 * added. */
bool sk_model_open(struct sk_loader *l, const char *dir, const char *file, const char magic[8], uint32_t version,
                   struct sk_model *out);
/* The problem "damaged or of another version", for a body that does not fit its head. */
void sk_model_refuse(struct sk_loader *l, const char *dir, const char *file);
void sk_models_unmap(struct sk_rules *r);

/* An array of n little-endian numbers at `at` of the body, NULL when it does not fit. In place on machines that read
 * them as they are, else copied into the rules' arena. */
const uint32_t *sk_model_u32(struct sk_loader *l, const struct sk_model *m, size_t at, size_t n);

#endif
