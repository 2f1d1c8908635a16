#include <sekisho/sekisho.h>
int sekisho_header_compiles;
