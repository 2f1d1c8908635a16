#include "extract/archive_sign.h"

#define ISO_SIGN 32769u /* "CD001" of the first volume descriptor, sector 16 */

static bool has(struct sk_bytes b, size_t off, const char *lit, size_t n)
{
    return off <= b.n && n <= b.n - off && memcmp(b.p + off, lit, n) == 0;
}
#define HAS(off, lit) has(b, (off), (lit), sizeof(lit) - 1)

/* The header's sum over all its bytes, the checksum field itself read as spaces; some old writers summed signed
 * characters. */
static bool tar_checksum(struct sk_bytes b)
{
    if (b.n < 512 || b.p[0] == 0)
        return false;
    long want = 0, sum = 0, signed_sum = 0;
    size_t i = 148;
    while (i < 156 && b.p[i] == ' ')
        i++;
    size_t digits = i;
    for (; i < 156 && b.p[i] >= '0' && b.p[i] <= '7'; i++)
        want = want * 8 + (b.p[i] - '0');
    if (i == digits || (i < 156 && b.p[i] != 0 && b.p[i] != ' '))
        return false;
    for (i = 0; i < 512; i++) {
        int c = i >= 148 && i < 156 ? ' ' : b.p[i];
        sum += c;
        signed_sum += (signed char)c;
    }
    return want == sum || want == signed_sum;
}

static bool all_octal(struct sk_bytes b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (i >= b.n || b.p[i] < '0' || b.p[i] > '7')
            return false;
    return true;
}

static bool all_hex(struct sk_bytes b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (i >= b.n || !((b.p[i] >= '0' && b.p[i] <= '9') || ((b.p[i] | 0x20) >= 'a' && (b.p[i] | 0x20) <= 'f')))
            return false;
    return true;
}

/* The length of a name, eight hexadecimal digits at 94; libarchive would ask for as much memory as they say. */
static bool newc_cpio(struct sk_bytes b)
{
    return (HAS(0, "070701") || HAS(0, "070702")) && all_hex(b, 110) && memcmp(b.p + 94, "0000", 4) == 0;
}

/* Old binary cpio: two bytes of magic only, so mode and name must fit too. */
static bool binary_cpio(struct sk_bytes b)
{
    if (b.n < 28)
        return false;
    bool little = b.p[0] == 0xC7 && b.p[1] == 0x71, big = b.p[0] == 0x71 && b.p[1] == 0xC7;
    if (!little && !big)
        return false;
    unsigned mode = little ? b.p[6] | b.p[7] << 8 : b.p[6] << 8 | b.p[7];
    unsigned name = little ? b.p[20] | b.p[21] << 8 : b.p[20] << 8 | b.p[21];
    unsigned type = mode & 0170000u;
    return (type == 0100000 || type == 0040000 || type == 0120000) && name >= 2 && name <= 1024 && 26u + name <= b.n &&
           b.p[26 + name - 1] == 0;
}

/* properties 5D, a dictionary size of 2^n or 2^n + 2^(n-1), unknown or believable length */
static bool lzma_alone(struct sk_bytes b)
{
    if (b.n < 14 || b.p[0] != 0x5D || b.p[1] || b.p[2] || b.p[13] != 0)
        return false;
    uint32_t dictionary = (uint32_t)b.p[3] << 16 | (uint32_t)b.p[4] << 24;
    uint32_t low = dictionary & (~dictionary + 1u), rest = dictionary ^ low;
    if (dictionary == 0 || (rest && rest != low << 1))
        return false;
    bool unknown = HAS(5, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
    return unknown || (b.p[10] == 0 && b.p[11] == 0 && b.p[12] == 0);
}

static enum sk_archive_kind sign_compressor(struct sk_bytes b, int *bits)
{
    *bits = 32;
    if (HAS(0, "\x1F\x8B\x08") && b.n >= 4 && (b.p[3] & 0xE0) == 0)
        return SK_ARC_GZ;
    if (HAS(0, "BZh") && b.n >= 10 && b.p[3] >= '1' && b.p[3] <= '9' &&
        (HAS(4, "1AY&SY") || HAS(4, "\x17\x72\x45\x38\x50\x90")))
        return SK_ARC_BZ2;
    if (HAS(0, "\xFD"
               "7zXZ\0"))
        return SK_ARC_XZ;
    if (HAS(0, "LZIP") && b.n >= 6 && b.p[4] <= 1)
        return SK_ARC_LZIP;
    if (HAS(0, "\x28\xB5\x2F\xFD") || (b.n >= 4 && (b.p[0] & 0xF0) == 0x50 && HAS(1, "\x2A\x4D\x18")))
        return SK_ARC_ZST;
    if (HAS(0, "\x04\x22\x4D\x18") || HAS(0, "\x02\x21\x4C\x18"))
        return SK_ARC_LZ4;
    if (HAS(0, "\x1F\x9D") && b.n >= 3 && (b.p[2] & 0x60) == 0 && (b.p[2] & 0x1F) >= 9 && (b.p[2] & 0x1F) <= 16)
        return SK_ARC_Z;
    if (lzma_alone(b))
        return SK_ARC_LZMA;
    *bits = 0;
    return SK_ARC_NONE;
}

enum sk_archive_kind sk_archive_sign(struct sk_bytes b, int *bits)
{
    *bits = 64;
    if (b.n < 4)
        return *bits = 0, SK_ARC_NONE;
    if (HAS(0, "7z\xBC\xAF\x27\x1C"))
        return SK_ARC_7Z;
    if (HAS(0, "Rar!\x1A\x07\x01\0"))
        return SK_ARC_RAR5;
    if (HAS(0, "Rar!\x1A\x07\0"))
        return SK_ARC_RAR4;
    if (HAS(0, "MSCF\0\0\0\0"))
        return SK_ARC_CAB;
    if (HAS(0, "!<arch>\n"))
        return SK_ARC_AR;
    if (HAS(0, "xar!\0"))
        return SK_ARC_XAR;
    if (HAS(0, "\xED\xAB\xEE\xDB"))
        return SK_ARC_RPM;
    if ((HAS(0, "070707") && all_octal(b, 76)) || newc_cpio(b) || binary_cpio(b))
        return SK_ARC_CPIO;
    if (b.n >= 512 && b.p[0] && tar_checksum(b))
        return SK_ARC_TAR;
    if (HAS(ISO_SIGN, "CD001"))
        return SK_ARC_ISO;
    return sign_compressor(b, bits);
}
