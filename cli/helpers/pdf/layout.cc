/*
 * Lines are what stands on one base line, cells what a wide gap or a drawn border divides in it. Rows of cells that stand under each other
 * are a table, whose rows tell who belongs to what. Text that is spaced out to fill a width loses its spaces.
 */
#include "layout.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace {
constexpr double kCellGap = 0.9;   /* em between cells without a border */
constexpr double kWordGap = 0.2;   /* em: a space that was not written */
constexpr double kSpreadGap = 3.5; /* em: the widest that text is spaced out */
constexpr double kBoxPitch = 2.2;  /* em: digits in boxes of their own */
constexpr double kStepGap = 0.15;  /* em without a written space: perhaps between two cells */
constexpr size_t kColumns = 64;
constexpr size_t kRiverLines = 3;  /* lines that leave a place free: nobody's accident */
constexpr size_t kGroupLines = 400;
/* A page's header and footer: a short line by itself in the margin. */
constexpr double kHeaderPart = 0.06, kFooterPart = 0.08; /* of the height */
constexpr double kApart = 2.5;                   /* em to the next line */
constexpr size_t kMarginGlyphs = 25, kWatermarkGlyphs = 15;
constexpr double kHugeType = 40; /* points: nobody writes text so large */

struct Cell {
    double from, to;
    Hidden hidden;
    std::string text;
    size_t glyphs;
};
struct Line {
    double across, em;
    std::vector<Cell> cells;
};
using Run = std::vector<const Glyph *>;

double end(const Glyph &g)
{
    return g.along + g.length;
}

/* ---------------------------------------------------------------- lines */

std::vector<Run> baselines(std::vector<const Glyph *> glyphs)
{
    std::stable_sort(glyphs.begin(), glyphs.end(), [](const Glyph *a, const Glyph *b) { return a->across < b->across; });
    std::vector<Run> lines;
    double first = 0;
    for (const Glyph *g : glyphs) {
        double em = lines.empty() ? 0 : std::min(g->em, lines.back().front()->em);
        if (lines.empty() || g->across - first > 0.4 * em) {
            lines.push_back({});
            first = g->across;
        }
        lines.back().push_back(g);
    }
    for (Run &l : lines)
        std::stable_sort(l.begin(), l.end(), [](const Glyph *a, const Glyph *b) { return a->along < b->along; });
    return lines;
}

/* Rules in the order of `at`. */
bool border(const std::vector<Rule> &rules, double from, double to, double across, double em)
{
    auto first = std::lower_bound(rules.begin(), rules.end(), from - 0.15 * em, [](const Rule &r, double at) { return r.at < at; });
    for (auto r = first; r != rules.end() && r->at < to + 0.15 * em; ++r)
        if (r->from < across - 0.2 * em && r->to > across - 0.5 * em)
            return true;
    return false;
}

/* The text of a run of glyphs, with the spaces that stand in it or are meant by its gaps. */
std::string textOf(const Run &run, bool spread)
{
    std::vector<double> gaps;
    for (size_t i = 1; i < run.size(); i++)
        gaps.push_back(run[i]->along - end(*run[i - 1]));
    double usual = 0;
    if (gaps.size() >= 4) {
        std::vector<double> sorted = gaps;
        std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2, sorted.end());
        usual = std::max(0.0, sorted[sorted.size() / 2]);
    }
    std::string out;
    for (size_t i = 0; i < run.size(); i++) {
        const Glyph &g = *run[i];
        if (i && !spread && !g.space && !run[i - 1]->space) {
            bool dense = g.cjk && run[i - 1]->cjk;
            if (gaps[i - 1] > (dense ? 0.45 : kWordGap) * g.em + usual)
                out += ' ';
        }
        if (!(g.space && spread))
            for (char32_t c : g.text)
                putUtf8(out, uint32_t(c));
    }
    return out;
}

/* 1 glyph each at an even pitch: a word spaced out over a width, or digits in boxes. */
bool spreadOut(const std::vector<Run> &runs, size_t from, size_t to)
{
    double least = 1e30, most = 0, em = runs[from][0]->em;
    for (size_t i = from + 1; i < to; i++) {
        double pitch = runs[i][0]->along + runs[i][0]->length / 2 - runs[i - 1][0]->along - runs[i - 1][0]->length / 2;
        least = std::min(least, pitch);
        most = std::max(most, pitch);
    }
    return most <= (kSpreadGap + 1) * em && most - least <= 0.25 * most;
}

bool boxed(const Run &r)
{
    return r.size() == 1 && r[0]->text.size() == 1 && (r[0]->cjk || (r[0]->text[0] >= '0' && r[0]->text[0] <= '9') || r[0]->text[0] == '-');
}

std::vector<Cell> cellsOf(const Run &line, const std::vector<Rule> &rules)
{
    std::vector<Run> runs;
    std::vector<bool> bordered; /* a border before run i */
    const Glyph *before = nullptr;
    double filled = 0; /* by spaces since `before` */
    size_t spaces = 0;
    for (const Glyph *g : line) {
        if (g->space) {
            filled += g->length;
            spaces++;
            continue;
        }
        bool edge = before && border(rules, std::min(end(*before), g->along), g->along, g->across, g->em);
        double gap = before ? g->along - end(*before) : 0;
        /* Written spaces bridge a gap, unless it is wide: they are what fills it. */
        bool apart = before && (edge || gap > kCellGap * g->em || g->hidden != before->hidden);
        if (apart && !edge && g->hidden == before->hidden) {
            apart = spaces == 0 || spaces > 2 || gap - filled > kCellGap * g->em;
        }
        if (!before || apart) {
            runs.push_back({});
            bordered.push_back(edge);
        }
        runs.back().push_back(g);
        before = g;
        filled = 0;
        spaces = 0;
    }
    std::vector<Cell> cells;
    size_t at = 0; /* in line */
    for (size_t i = 0; i < runs.size();) {
        size_t j = i + 1;
        bool boxes = boxed(runs[i]), anyBorder = false;
        while (boxes && j < runs.size() && boxed(runs[j]) && runs[j][0]->hidden == runs[i][0]->hidden)
            anyBorder |= bordered[j++];
        size_t least = anyBorder ? 4 : 3;
        double em = runs[i][0]->em;
        if (boxes && j - i == 2 && !anyBorder && runs[i][0]->cjk && runs[i + 1][0]->cjk && runs[i + 1][0]->along - end(*runs[i][0]) < 2.5 * em)
            least = 2; /* 氏　名 */
        bool spread = boxes && j - i >= least && spreadOut(runs, i, j) &&
                      (!anyBorder || runs[i + 1][0]->along - runs[i][0]->along <= kBoxPitch * em);
        if (!spread)
            j = i + 1;
        Run all;
        for (size_t k = i; k < j; k++)
            all.insert(all.end(), runs[k].begin(), runs[k].end());
        /* Spaces written inside the run belong to it. */
        Run full;
        for (size_t next = 0; at < line.size() && next < all.size(); at++) {
            if (line[at] == all[next])
                next++;
            else if (!line[at]->space || next == 0)
                continue;
            full.push_back(line[at]);
        }
        if (!cells.empty()) /* a word too wide for its cell is cut where the next begins */
            cells.back().to = std::min(cells.back().to, all.front()->along);
        cells.push_back({ all.front()->along, end(*all.back()), all.front()->hidden, textOf(full, spread), all.size() });
        i = j;
    }
    return cells;
}

/* ---------------------------------------------------------------- vertical writing with a horizontal font */

/* Chains of characters painted one below the other, which on their lines would be torn apart. */
std::vector<Run> columnsOfText(std::vector<const Glyph *> &glyphs)
{
    std::vector<Run> out;
    std::vector<const Glyph *> rest;
    for (size_t i = 0; i < glyphs.size();) {
        size_t j = i + 1;
        while (j < glyphs.size() && glyphs[j]->cjk && glyphs[j - 1]->cjk) {
            const Glyph &a = *glyphs[j - 1], &b = *glyphs[j];
            double step = b.across - a.across, aside = std::fabs(b.along + b.length / 2 - a.along - a.length / 2);
            if (aside > 0.15 * b.em || step < 0.8 * b.em || step > 1.35 * b.em || a.hidden != b.hidden)
                break;
            j++;
        }
        if (j - i >= 3) {
            out.emplace_back(glyphs.begin() + long(i), glyphs.begin() + long(j));
        } else {
            rest.insert(rest.end(), glyphs.begin() + long(i), glyphs.begin() + long(j));
        }
        i = j;
    }
    glyphs = std::move(rest);
    return out;
}

/* ---------------------------------------------------------------- borders that nobody drew */

struct Drawn {
    Run run;
    Line line;
};

/* Places along a line where it goes on without a written space: where the next glyph begins, and where the one before it ended. */
std::vector<std::pair<double, double>> steps(const Run &run)
{
    std::vector<std::pair<double, double>> out;
    bool space = false;
    const Glyph *before = nullptr;
    for (const Glyph *g : run) {
        if (g->space) {
            space = true;
            continue;
        }
        double gap = before ? g->along - end(*before) : 0;
        if (before && gap > (space ? kCellGap : kStepGap) * g->em)
            out.emplace_back(end(*before), g->along);
        before = g;
        space = false;
    }
    return out;
}

struct Stretch {
    double from, to;
};

/* What at least `need` of the lines [first, last) leave free without a written space. */
std::vector<Stretch> freeStretches(const std::vector<Drawn> &all, size_t first, size_t last, size_t need)
{
    struct Edge {
        double at;
        int step;
    };
    std::vector<Edge> edges;
    for (size_t i = first; i < last; i++) {
        const Run &run = all[i].run;
        edges.push_back({ -1e30, 1 }); /* before and behind its text a line is free */
        edges.push_back({ run.front()->along, -1 });
        for (const auto &s : steps(run)) {
            edges.push_back({ s.first, 1 });
            edges.push_back({ s.second, -1 });
        }
        edges.push_back({ end(*run.back()), 1 });
    }
    std::stable_sort(edges.begin(), edges.end(), [](const Edge &a, const Edge &b) { return a.at < b.at; });
    std::vector<Stretch> out;
    size_t open = 0;
    double from = -1e30;
    for (const Edge &e : edges) {
        bool free = open >= need;
        open += size_t(e.step); /* modulo its range: -1 */
        if (!free && open >= need)
            from = e.at;
        else if (free && open < need && e.at > from && from > -1e29)
            out.push_back({ from, e.at });
    }
    return out;
}

/* Cells of a narrow table stand close, and only the lines below each other show where they end: what all lines of the group leave free
 * without a written space is a border; a tenth of many lines may lie over it. The first line's words may touch: then one of them begins
 * where the cells below begin. */
void rivers(const std::vector<Drawn> &all, size_t first, size_t last, std::vector<Rule> &out)
{
    const Line &top = all[first].line, &low = all[last - 1].line;
    size_t lines = last - first - 1;
    std::vector<Stretch> head = freeStretches(all, first, first + 1, 1);
    const Run &run = all[first].run;
    for (const Stretch &s : freeStretches(all, first + 1, last, lines - lines / 10)) {
        double to = s.to, tight = 0.08 * top.em;
        bool free = s.to <= run.front()->along || s.from >= end(*run.back());
        for (const Stretch &h : head)
            if (h.from < s.to && h.to > s.from) {
                free = true;
                to = std::min(s.to, h.to);
            }
        bool begins = std::any_of(run.begin(), run.end(), [&](const Glyph *g) { return !g->space && std::fabs(g->along - s.to) < tight; });
        if (free || begins || lines >= 10)
            out.push_back({ to, top.across - top.em, low.across });
    }
}

/* Lines that stand close below each other and have two cells, or gaps like those between cells. */
void undrawnBorders(std::vector<Drawn> &all, const std::vector<Rule> &drawn)
{
    auto belongs = [&](size_t i, size_t first) {
        return (all[i].line.cells.size() >= 2 || steps(all[i].run).size() >= 2) && i - first < kGroupLines &&
               (i == first || all[i].line.across - all[i - 1].line.across <= 3.5 * std::max(all[i].line.em, all[i - 1].line.em));
    };
    std::vector<Rule> rules = drawn;
    for (size_t i = 0; i < all.size();) {
        size_t j = i;
        while (j < all.size() && belongs(j, i))
            j++;
        if (j - i >= kRiverLines)
            rivers(all, i, j, rules);
        i = std::max(j, i + 1);
    }
    if (rules.size() == drawn.size())
        return;
    std::sort(rules.begin(), rules.end(), [](const Rule &a, const Rule &b) { return a.at < b.at; });
    for (Drawn &d : all)
        d.line.cells = cellsOf(d.run, rules);
}

/* ---------------------------------------------------------------- tables */

struct Column {
    double from, to;
};

struct Block {
    std::vector<Column> columns;            /* in order along the line */
    std::vector<std::vector<size_t>> places; /* of each line: the column of each cell, by position in `columns` when it was added */
    size_t first, last, wide = 0;           /* lines [first, last); lines of two cells and more */
};

/* Where the cells of a line fit; false when one lies over two columns, or two in one. */
bool fits(const std::vector<Column> &columns, const std::vector<Cell> &cells, std::vector<Column> &grown)
{
    grown = columns;
    std::vector<bool> used(columns.size(), false);
    for (const Cell &c : cells) {
        size_t hit = SIZE_MAX;
        for (size_t k = 0; k < columns.size(); k++) {
            if (c.to <= columns[k].from || c.from >= columns[k].to)
                continue;
            if (hit != SIZE_MAX || used[k])
                return false;
            hit = k;
        }
        if (hit == SIZE_MAX) {
            grown.push_back({ c.from, c.to });
        } else {
            used[hit] = true;
            grown[hit] = { std::min(grown[hit].from, c.from), std::max(grown[hit].to, c.to) };
        }
    }
    std::sort(grown.begin(), grown.end(), [](const Column &a, const Column &b) { return a.from < b.from; });
    for (size_t k = 1; k < grown.size(); k++)
        if (grown[k].from < grown[k - 1].to)
            return false;
    return grown.size() <= kColumns;
}

size_t columnOf(const Block &b, const Cell &c)
{
    for (size_t k = 0; k < b.columns.size(); k++)
        if (c.from < b.columns[k].to && c.to > b.columns[k].from)
            return k;
    return 0;
}

/* Without borders: a line that has nothing in the first column, and stands close under cells that fill their columns, is the rest of these. */
bool goesOn(const std::vector<Line> &lines, const Block &b, size_t i)
{
    if (i == b.first || columnOf(b, lines[i].cells.front()) == 0)
        return false;
    for (const Cell &c : lines[i].cells) {
        size_t k = columnOf(b, c);
        bool wrapped = false;
        for (size_t j = i; j-- > b.first && !wrapped && lines[i].across - lines[j].across < 1.8 * lines[i].em;)
            for (const Cell &above : lines[j].cells)
                wrapped |= columnOf(b, above) == k && above.to - above.from > 0.6 * (b.columns[k].to - b.columns[k].from);
        if (!wrapped)
            return false;
    }
    return true;
}

/* A head that begins its column stands apart from numbers that end theirs: where only the first line has the one and never the other
 * beside it, they are one column. */
void joinHeads(const std::vector<Line> &lines, Block &b)
{
    std::vector<bool> head(b.columns.size()), body(b.columns.size());
    for (size_t i = b.first; i < b.last; i++)
        for (const Cell &c : lines[i].cells)
            (i == b.first ? head : body)[columnOf(b, c)] = true;
    for (size_t k = 0; k + 1 < b.columns.size();) {
        bool apart = head[k] != head[k + 1] && body[k] != body[k + 1] && head[k] != body[k];
        if (!apart) {
            k++;
            continue;
        }
        b.columns[k].to = b.columns[k + 1].to;
        head[k] = body[k] = true;
        b.columns.erase(b.columns.begin() + long(k) + 1);
        head.erase(head.begin() + long(k) + 1);
        body.erase(body.begin() + long(k) + 1);
    }
}

Block blockAt(const std::vector<Line> &lines, size_t first)
{
    Block b;
    b.first = first;
    b.last = first;
    for (size_t i = first; i < lines.size(); i++) {
        std::vector<Column> grown;
        if (i > first && lines[i].across - lines[i - 1].across > 3.5 * std::max(lines[i].em, lines[i - 1].em))
            break;
        if (!fits(b.columns, lines[i].cells, grown))
            break;
        b.columns = grown;
        b.wide += lines[i].cells.size() >= 2;
        b.last = i + 1;
    }
    joinHeads(lines, b);
    auto single = [&](size_t i) { return lines[i].cells.size() < 2; };
    while (b.last > b.first + 1 && single(b.last - 1) && !goesOn(lines, b, b.last - 1)) /* prose behind the table */
        b.last--;
    return b;
}

class Writer {
public:
    Writer(Records &out, uint32_t page, std::string &seen) : out_(out), page_(page), seen_(seen) {}
    void lines(const std::vector<Line> &all, const PageReader &page);
    void prose(const Line &l, Kind kind = kBody);
    void text(Hidden hidden, const std::string &s, Kind kind = kBody);
    bool any = false;

private:
    void table(const std::vector<Line> &all, const Block &b, const std::vector<Rule> &rules);
    void note(Hidden hidden, const std::string &s);

    Records &out_;
    uint32_t page_;
    std::string &seen_;
};

void Writer::note(Hidden hidden, const std::string &s)
{
    any |= !s.empty();
    if (hidden == kShown && seen_.size() < (8u << 20))
        for (char c : s)
            if (c != ' ')
                seen_ += c;
}

void Writer::text(Hidden hidden, const std::string &s, Kind kind)
{
    if (s.empty())
        return;
    note(hidden, s);
    out_.line(page_, kind, hidden, s);
}

/* A line by itself; one with hidden pieces is a row of cells, so that labels keep their values. */
void Writer::prose(const Line &l, Kind kind)
{
    bool mixed = std::any_of(l.cells.begin(), l.cells.end(), [&](const Cell &c) { return c.hidden != l.cells[0].hidden; });
    if (mixed) {
        out_.tableBegin(page_);
        for (size_t k = 0; k < l.cells.size() && k < kColumns; k++) {
            note(l.cells[k].hidden, l.cells[k].text);
            out_.cell(page_, 0, uint32_t(k), l.cells[k].hidden, l.cells[k].text);
        }
        out_.tableEnd(page_);
        return;
    }
    std::string s;
    for (const Cell &c : l.cells)
        s += (s.empty() ? "" : "\t") + c.text;
    if (!l.cells.empty())
        text(l.cells[0].hidden, s, kind);
}

bool ruled(const std::vector<Rule> &rules, double from, double to, const Block &b)
{
    double left = b.columns.front().from, right = b.columns.back().to, covered = 0;
    for (const Rule &r : rules)
        if (r.at > from && r.at < to)
            covered += std::max(0.0, std::min(r.to, right) - std::max(r.from, left));
    return covered > 0.5 * (right - left);
}

/* Rows are divided by borders where there are any, else each line is one. */
void Writer::table(const std::vector<Line> &all, const Block &b, const std::vector<Rule> &rules)
{
    size_t borders = 0;
    std::vector<bool> starts(b.last - b.first, true);
    for (size_t i = b.first + 1; i < b.last; i++)
        borders += starts[i - b.first] = ruled(rules, all[i - 1].across, all[i].across - 0.3 * all[i].em, b);
    if (borders == 0 || borders * 6 < b.last - b.first)
        for (size_t i = b.first + 1; i < b.last; i++)
            starts[i - b.first] = !goesOn(all, b, i);
    out_.tableBegin(page_);
    uint32_t row = 0;
    for (size_t i = b.first; i < b.last;) {
        std::map<size_t, Cell> cells;
        size_t j = i;
        do {
            for (const Cell &c : all[j].cells) {
                size_t k = columnOf(b, c);
                auto at = cells.find(k);
                if (at == cells.end()) {
                    cells.emplace(k, c);
                    continue;
                }
                /* A full line goes on in the next; a short one is another piece. */
                bool full = at->second.to - at->second.from > 0.8 * (b.columns[k].to - b.columns[k].from) && at->second.glyphs > 4;
                at->second.text += (full ? "" : " ") + c.text;
                at->second.hidden = std::max(at->second.hidden, c.hidden);
            }
        } while (++j < b.last && !starts[j - b.first]);
        for (const auto &c : cells) {
            note(c.second.hidden, c.second.text);
            out_.cell(page_, row, uint32_t(c.first), c.second.hidden, c.second.text);
        }
        row++;
        i = j;
    }
    out_.tableEnd(page_);
}

/* Two or more columns of running text: long cells, no borders. */
bool isProse(const std::vector<Line> &all, const Block &b, const std::vector<Rule> &vertical)
{
    if (b.last - b.first < 4 || b.columns.size() > 3)
        return false;
    std::vector<size_t> glyphs(b.columns.size()), cells(b.columns.size());
    for (size_t i = b.first; i < b.last; i++)
        for (const Cell &c : all[i].cells) {
            size_t k = columnOf(b, c);
            glyphs[k] += c.glyphs;
            cells[k]++;
        }
    for (const Rule &r : vertical)
        if (r.at > b.columns.front().from && r.at < b.columns.back().to && r.from < all[b.first].across + 1 && r.to > all[b.first].across)
            return false;
    for (size_t k = 0; k < b.columns.size(); k++) /* a column of labels is short */
        if (glyphs[k] <= 14 * cells[k])
            return false;
    return true;
}

size_t glyphsOf(const Line &l)
{
    size_t n = 0;
    for (const Cell &c : l.cells)
        n += c.glyphs;
    return n;
}

Kind kindOf(const std::vector<Line> &all, size_t i, double height)
{
    const Line &l = all[i];
    size_t n = glyphsOf(l);
    if (l.em >= kHugeType && n <= kWatermarkGlyphs)
        return kWatermark;
    if (n > kMarginGlyphs)
        return kBody;
    if (i == 0 && l.across < kHeaderPart * height && (all.size() == 1 || all[1].across - l.across > kApart * l.em))
        return kHeader;
    if (i + 1 == all.size() && l.across > (1 - kFooterPart) * height && (i == 0 || l.across - all[i - 1].across > kApart * l.em))
        return kFooter;
    return kBody;
}

void Writer::lines(const std::vector<Line> &all, const PageReader &page)
{
    for (size_t i = 0; i < all.size();) {
        Block b = all[i].cells.size() >= 2 ? blockAt(all, i) : Block{ {}, {}, i, i };
        if (b.wide >= 2 && isProse(all, b, page.vertical)) {
            for (size_t k = 0; k < b.columns.size(); k++)
                for (size_t l = b.first; l < b.last; l++)
                    for (const Cell &c : all[l].cells)
                        if (columnOf(b, c) == k)
                            text(c.hidden, c.text);
            i = b.last;
        } else if (b.wide >= 2) {
            table(all, b, page.horizontal);
            i = b.last;
        } else {
            prose(all[i], kindOf(all, i, page.height));
            i++;
        }
    }
}
} // namespace

bool writePage(const PageReader &page, uint32_t number, Records &out, std::string &seen)
{
    std::map<int, std::vector<const Glyph *>> turns; /* by the direction of writing */
    for (const Glyph &g : page.glyphs)
        turns[int(std::lround(g.angle / 2))].push_back(&g);
    Writer writer(out, number, seen);
    for (auto &turn : turns) {
        static const std::vector<Rule> kNone;
        bool level = turn.first == 0;
        std::vector<Run> columns = level ? columnsOfText(turn.second) : std::vector<Run>();
        std::vector<Drawn> drawn;
        for (const Run &run : baselines(turn.second)) {
            Line l = { run.front()->across, run.front()->em, cellsOf(run, level ? page.vertical : kNone) };
            if (!l.cells.empty())
                drawn.push_back({ run, std::move(l) });
        }
        if (level)
            undrawnBorders(drawn, page.vertical);
        std::vector<Line> lines;
        for (Drawn &d : drawn)
            lines.push_back(std::move(d.line));
        if (level)
            writer.lines(lines, page);
        else
            for (const Line &l : lines)
                writer.prose(l, l.em > kHugeType / 2 && glyphsOf(l) <= kWatermarkGlyphs ? kWatermark : kBody); /* a slanting stamp */
        for (const Run &run : columns)
            writer.text(run.front()->hidden, textOf(run, true));
    }
    return writer.any;
}
