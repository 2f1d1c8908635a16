#include "records.h"

#include <cerrno>
#include <unistd.h>

#include <poppler/PDFDocEncoding.h>

namespace {
constexpr size_t kFlush = 64 << 10;
constexpr size_t kLineMax = 1 << 20;

std::string little(uint32_t v)
{
    return { char(v), char(v >> 8), char(v >> 16), char(v >> 24) };
}

/* A cut in the middle of a character is no valid UTF-8. */
std::string shortened(const std::string &s)
{
    if (s.size() <= kLineMax)
        return s;
    size_t n = kLineMax;
    while (n && (static_cast<unsigned char>(s[n]) & 0xC0) == 0x80)
        n--;
    return s.substr(0, n);
}
} // namespace

void Records::flush()
{
    for (size_t at = 0; at < pending_.size();) {
        ssize_t n = write(fd_, pending_.data() + at, pending_.size() - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            _exit(0); /* nobody wants to hear the rest */
        at += size_t(n);
    }
    pending_.clear();
}

void Records::head(char type, uint8_t kind, uint8_t hidden, uint32_t page, size_t n)
{
    pending_ += { type, char(kind), char(hidden), 0 };
    pending_ += little(page) + little(uint32_t(n));
}

void Records::put(char type, uint8_t kind, uint8_t hidden, uint32_t page, const char *p, size_t n)
{
    head(type, kind, hidden, page, n);
    pending_.append(p, n);
    if (pending_.size() >= kFlush)
        flush();
}

void Records::line(uint32_t page, Kind kind, Hidden hidden, const std::string &text)
{
    std::string s = shortened(text);
    if (!s.empty())
        put('L', kind, hidden, page, s.data(), s.size());
}

void Records::cell(uint32_t page, uint32_t row, uint32_t col, Hidden hidden, const std::string &text)
{
    std::string s = little(row) + little(col) + shortened(text);
    put('C', 0, hidden, page, s.data(), s.size());
}

void Records::named(char type, const std::string &name, const std::string &value)
{
    std::string s = little(uint32_t(shortened(name).size())) + shortened(name);
    head(type, 0, 0, 0, s.size() + value.size());
    pending_ += s;
    pending_ += value;
    flush();
}

void putUtf8(std::string &out, uint32_t c)
{
    if (c < 0x20 || c == 0x7F || (c >= 0xD800 && c < 0xE000) || c > 0x10FFFF || c == 0xFFFE || c == 0xFFFF)
        return;
    if (c < 0x80) {
        out += char(c);
    } else if (c < 0x800) {
        out += { char(0xC0 | c >> 6), char(0x80 | (c & 63)) };
    } else if (c < 0x10000) {
        out += { char(0xE0 | c >> 12), char(0x80 | (c >> 6 & 63)), char(0x80 | (c & 63)) };
    } else {
        out += { char(0xF0 | c >> 18), char(0x80 | (c >> 12 & 63)), char(0x80 | (c >> 6 & 63)), char(0x80 | (c & 63)) };
    }
}

std::string textString(const std::string &raw)
{
    std::string out;
    auto byte = [&](size_t i) { return static_cast<unsigned char>(raw[i]); };
    bool be = raw.size() >= 2 && byte(0) == 0xFE && byte(1) == 0xFF, le = raw.size() >= 2 && byte(0) == 0xFF && byte(1) == 0xFE;
    if (be || le) {
        for (size_t i = 2; i + 1 < raw.size(); i += 2) {
            uint32_t u = be ? uint32_t(byte(i) << 8 | byte(i + 1)) : uint32_t(byte(i + 1) << 8 | byte(i));
            if (u == 0x1B) { /* a language code stands between two of these */
                size_t j = i + 2;
                while (j + 1 < raw.size() && j < i + 16 && !((be ? byte(j) : byte(j + 1)) == 0 && (be ? byte(j + 1) : byte(j)) == 0x1B))
                    j += 2;
                i = j;
                continue;
            }
            if (u >= 0xD800 && u < 0xDC00 && i + 3 < raw.size()) {
                uint32_t v = be ? uint32_t(byte(i + 2) << 8 | byte(i + 3)) : uint32_t(byte(i + 3) << 8 | byte(i + 2));
                if (v >= 0xDC00 && v < 0xE000) {
                    u = 0x10000 + ((u - 0xD800) << 10) + (v - 0xDC00);
                    i += 2;
                }
            }
            if (u == '\r' || u == '\n' || u == '\t')
                u = ' ';
            putUtf8(out, u);
        }
        return out;
    }
    size_t from = raw.size() >= 3 && byte(0) == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF ? 3 : 0;
    /* Without a mark many Japanese tools write UTF-8 all the same. */
    bool utf8 = true, high = false;
    for (size_t i = from; utf8 && i < raw.size();) {
        size_t n = byte(i) < 0x80 ? 1 : byte(i) >= 0xC2 && byte(i) < 0xE0 ? 2 : byte(i) >= 0xE0 && byte(i) < 0xF0 ? 3 : byte(i) >= 0xF0 && byte(i) < 0xF5 ? 4 : 0;
        high |= n > 1;
        utf8 = n != 0 && i + n <= raw.size();
        uint32_t c = utf8 && n > 1 ? byte(i) & (0xFFu >> (n + 1)) : 0;
        for (size_t k = 1; utf8 && k < n; k++) {
            utf8 = (byte(i + k) & 0xC0) == 0x80;
            c = c << 6 | (byte(i + k) & 63);
        }
        if (utf8)
            putUtf8(out, n == 1 ? (byte(i) < 0x20 ? ' ' : byte(i)) : c);
        i += n ? n : 1;
    }
    if (utf8 && (high || from || out.size() == raw.size()))
        return out;
    out.clear();
    for (size_t i = 0; i < raw.size(); i++)
        putUtf8(out, byte(i) < 0x20 && (byte(i) == '\r' || byte(i) == '\n' || byte(i) == '\t') ? ' ' : pdfDocEncoding[byte(i)]);
    return out;
}
