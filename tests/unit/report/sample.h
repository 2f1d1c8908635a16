/* Results made at random and by hand, and the deep comparison of two. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "detect/result.h"

struct seki_result *sample_random(uint64_t seed);
bool sample_equal(const struct seki_result *a, const struct seki_result *b);

#endif
