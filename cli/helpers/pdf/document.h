/* document.h - all of one PDF, as records. */
#pragma once
#include "records.h"

void readDocument(const char *bytes, size_t n, Records &out);
