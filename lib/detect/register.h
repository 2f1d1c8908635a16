/*
 * register.h - the index of the own register (EDM): keyed 64-bit fingerprints of insured numbers and of names with
 * birth dates, sorted in a file that is mapped and shared by all workers. 8 bytes a key. Nothing made from a 個人番号
 * is ever in it. Without the key nobody can test a guess against it.
 *
 * File, little-endian: "SKREG1\n\0", u64 keys, u32 bits, u32 0, i64 day made, u64 check (tells a wrong key),
 * u64 records, SHA-256 of the body, zeros to 128 bytes; body: u64 first[2^bits + 1], u64 keys[], ascending.
 */
#ifndef SK_DETECT_REGISTER_H
#define SK_DETECT_REGISTER_H

#include "base/hash.h"
#include "base/mem.h"

struct sk_register; /* immutable; shareable */
enum sk_register_state {
    SK_REGISTER_GOOD,
    SK_REGISTER_MISSING,
    SK_REGISTER_DAMAGED,
    SK_REGISTER_WRONG_KEY,
    SK_REGISTER_NO_MEMORY
};
enum sk_register_state sk_register_open(const char *path, const struct sk_key *key, struct sk_register **out);
void sk_register_free(struct sk_register *r);
bool sk_register_has(const struct sk_register *r, uint64_t key);
const struct sk_key *sk_register_key(const struct sk_register *r);
uint64_t sk_register_size(const struct sk_register *r);    /* keys */
uint64_t sk_register_records(const struct sk_register *r); /* records of the list it was made from */
long sk_register_day(const struct sk_register *r);
const uint8_t *sk_register_digest(const struct sk_register *r);

/* Keys that a list gives while it is read. */
struct sk_register_list {
    struct sk_key key;
    uint64_t *keys;
    size_t n, cap;
    uint64_t records, without; /* records with keys; with none */
};
bool sk_register_list_add(struct sk_register_list *l, uint64_t key);
/* Sorts, drops repeats, writes aside and renames: mode 0600. False with errno. */
bool sk_register_write(struct sk_register_list *l, const char *path, long day);
void sk_register_list_free(struct sk_register_list *l);

#endif
