/* records.h - what this program writes; lib/extract/pdf.h describes the records and reads them. */
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

enum Kind : uint8_t { kBody, kTitle, kComment, kForm, kWatermark, kHeader, kFooter };
enum Hidden : uint8_t { kShown, kInvisible, kCovered, kNote };

class Records
{
  public:
    explicit Records(int fd) : fd_(fd)
    {
    }
    void line(uint32_t page, Kind kind, Hidden hidden, const std::string &text);
    void tableBegin(uint32_t page)
    {
        put('B', 0, 0, page, "", 0);
    }
    void cell(uint32_t page, uint32_t row, uint32_t col, Hidden hidden, const std::string &text);
    void tableEnd(uint32_t page)
    {
        put('N', 0, 0, page, "", 0);
    }
    void property(const std::string &name, const std::string &value)
    {
        named('P', name, value);
    }
    void attachment(const std::string &name, const std::string &bytes)
    {
        named('A', name, bytes);
    }
    void encrypted(const std::string &method)
    {
        put('X', 0, 0, 0, method.data(), method.size());
    }
    void mark(char type, uint32_t page)
    {
        put(type, 0, 0, page, "", 0);
    }
    void flush();

  private:
    void named(char type, const std::string &name, const std::string &value);
    void put(char type, uint8_t kind, uint8_t hidden, uint32_t page, const char *p, size_t n);
    void head(char type, uint8_t kind, uint8_t hidden, uint32_t page, size_t n);

    int fd_;
    std::string pending_;
};

/* Appends a code point as UTF-8; control characters and what is no character are left out. */
void putUtf8(std::string &out, uint32_t cp);
/* A PDF text string: UTF-16 with its mark, UTF-8 with its markor without, else PDFDocEncoding. */
std::string textString(const std::string &raw);
