#include "rules/textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"

#define MOST_BYTES ((size_t)16 << 20)

static void place(struct sk_bytes text, size_t offset, unsigned *line, unsigned *column)
{
    size_t start = 0;
    *line = 1;
    for (size_t i = 0; i < offset; i++)
        if (text.p[i] == '\n') {
            (*line)++;
            start = i + 1;
        }
    *column = (unsigned)sk_utf8_count((const char *)text.p + start, offset - start) + 1;
}

bool sk_textfile_check(struct sk_bytes text, const char *file, struct sk_problems *problems)
{
    if (text.n > MOST_BYTES) {
        sk_problem_add(problems, file, 0, 0, "ファイルが大きすぎます(上限 16 MiB)",
                       "the file is too large (at most 16 MiB)");
        return false;
    }
    if (text.n >= 2 && ((text.p[0] == 0xFF && text.p[1] == 0xFE) || (text.p[0] == 0xFE && text.p[1] == 0xFF))) {
        sk_problem_add(problems, file, 1, 1, "UTF-16 のファイルです。UTF-8 で保存し直してください",
                       "the file is UTF-16; save it as UTF-8");
        return false;
    }
    for (size_t i = 0; i < text.n;) {
        uint32_t cp;
        size_t used = sk_utf8_next((const char *)text.p + i, text.n - i, &cp);
        if (!(cp == SK_REPLACEMENT && used == 1)) { /* U+FFFD itself has three bytes */
            i += used;
            continue;
        }
        unsigned line, column;
        place(text, i, &line, &column);
        sk_problem_add(problems, file, line, column,
                       "UTF-8 ではない文字があります。ファイルを UTF-8 で保存し直してください(Shift_JIS は使えません)",
                       "bytes that are not UTF-8; save the file as UTF-8 (not Shift_JIS)");
        return false;
    }
    return true;
}

/* Reads the whole file into text; errno tells why not. */
static bool read_file(const char *path, struct sk_buf *text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); /* a FIFO must not stop the program */
    if (fd < 0)
        return false;
    struct stat st;
    bool ok = fstat(fd, &st) == 0;
    if (ok && !S_ISREG(st.st_mode)) {
        ok = false;
        errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
    }
    while (ok) {
        if (!sk_buf_reserve(text, 65536)) {
            ok = false;
            errno = text->n >= MOST_BYTES - 65536 ? EFBIG : ENOMEM;
            break;
        }
        ssize_t got = read(fd, text->p + text->n, 65536);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            ok = got == 0;
            break;
        }
        text->n += (size_t)got;
        text->p[text->n] = '\0';
    }
    int why = errno;
    close(fd);
    errno = why;
    return ok;
}

bool sk_textfile_read(const char *path, struct sk_buf *text, struct sk_problems *problems)
{
    sk_buf_init(text, MOST_BYTES + 131072);
    if (read_file(path, text))
        return true;
    if (errno == ENOMEM)
        problems->no_memory = true;
    else if (errno == EFBIG)
        sk_problem_add(problems, path, 0, 0, "ファイルが大きすぎます(上限 16 MiB)",
                       "the file is too large (at most 16 MiB)");
    else
        sk_problem_add(problems, path, 0, 0, "ファイルを読めません: %s", "cannot read the file: %s", strerror(errno));
    return false;
}
