/* lock.h - this program reads hostile bytes: it locks itself before the first of them. */
#pragma once
#include <cstdint>

/* False with errno when the kernel refuses. bytes: of the PDF, for the limits. */
bool lockProcess(uint32_t seconds, uint64_t bytes);
