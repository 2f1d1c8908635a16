/*
 * sekisho-pdf - reads one PDF and says what is in it.
 *
 * Standard input: u64 length (little-endian), then the PDF. Standard output: records (records.h). The argument is the time it may take in
 * seconds. Started by libsekisho's launcher, one process a file; linked with poppler, so it is under the GPL and not part of the library.
 * Exit status: 0 all was written, 1 it could not be locked or the input was short, 3 memory ended.
 */
#include "document.h"
#include "lock.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <new>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <poppler/Error.h>
#include <poppler/GlobalParams.h>

namespace {
constexpr int kFailed = 1, kMemory = 3;
constexpr uint64_t kLargest = uint64_t(1) << 30;
constexpr long kMuch = 1500L << 10; /* KiB resident: an abort here is for want of memory */

bool readAll(void *p, size_t n)
{
    for (char *at = static_cast<char *>(p); n;) {
        ssize_t got = read(0, at, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        n -= size_t(got);
    }
    return true;
}

void onAbort(int)
{
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    if (use.ru_maxrss > kMuch)
        _exit(kMemory);
}

void quiet(ErrorCategory, Goffset, const char *) {}
} // namespace

int main(int argc, char **argv)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGABRT, onAbort);
    std::set_new_handler([] { _exit(kMemory); });
    uint8_t length[8];
    uint64_t n = 0;
    long seconds = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 60;
    if (!readAll(length, sizeof(length)))
        return kFailed;
    for (int i = 8; i-- > 0;)
        n = n << 8 | length[i];
    if (n > kLargest || !lockProcess(seconds > 0 ? uint32_t(seconds) : 1, n))
        return kFailed;
    char *bytes = static_cast<char *>(std::malloc(n ? n : 1));
    if (!bytes)
        return kMemory;
    if (!readAll(bytes, n))
        return kFailed;
    setErrorCallback(quiet);
    globalParams = std::make_unique<GlobalParams>(POPPLER_DATA);
    Records out(1);
    readDocument(bytes, n, out);
    _exit(0); /* what is to be freed ends with the process */
}
