/* layout.h - the glyphs of a page as lines and tables of text. */
#pragma once
#include "page.h"

/* Writes the page's text; appends what a reader sees to seen, without spaces. True when there was any text. */
bool writePage(const PageReader &page, uint32_t number, Records &out, std::string &seen);
