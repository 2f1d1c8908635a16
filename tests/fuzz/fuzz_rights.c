/* layer: input */
#include "input/rights.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    sk_nfs4_everybody(sk_bytes(p, n));
    sk_descriptor_everybody(sk_bytes(p, n));
    sk_ntacl_everybody(sk_bytes(p, n));
    return 0;
}
