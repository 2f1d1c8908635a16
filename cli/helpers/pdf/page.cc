#include "page.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <poppler/Gfx.h>
#include <poppler/GfxFont.h>

namespace {
constexpr size_t kGlyphs = 1000000, kPaints = 100000, kPoints = 20000, kRules = 20000;
constexpr uint64_t kWork = 200000000; /* comparisons of glyphs with paints on a page */
constexpr double kThin = 3.0;         /* points: a line, not an area */
constexpr double kStrip = 16.0;
constexpr double kOpaque = 0.95;
constexpr double kSame = 0.08; /* colours nobody can tell apart on paper */

Point onPage(const GfxState *s, double x, double y)
{
    Point p;
    s->transform(x, y, &p.x, &p.y);
    return p;
}

Colour colourOf(GfxState *s, bool strokes)
{
    GfxColorSpace *space = strokes ? s->getStrokeColorSpace() : s->getFillColorSpace();
    if (!space || space->getMode() == csPattern)
        return { false, 0, 0, 0 };
    GfxRGB c;
    if (strokes)
        s->getStrokeRGB(&c);
    else
        s->getFillRGB(&c);
    return { true, float(colToDbl(c.r)), float(colToDbl(c.g)), float(colToDbl(c.b)) };
}

bool same(const Colour &a, const Colour &b)
{
    return std::fabs(a.r - b.r) < kSame && std::fabs(a.g - b.g) < kSame && std::fabs(a.b - b.b) < kSame;
}

double light(const Colour &c)
{
    return 0.3 * c.r + 0.59 * c.g + 0.11 * c.b;
}

bool inRings(const Paint &p, Point q)
{
    int winding = 0, crossings = 0;
    for (const auto &ring : p.rings)
        for (size_t i = 0; i < ring.size(); i++) {
            Point a = ring[i], b = ring[(i + 1) % ring.size()];
            if ((a.y <= q.y) == (b.y <= q.y))
                continue;
            if (a.x + (q.y - a.y) / (b.y - a.y) * (b.x - a.x) > q.x) {
                winding += a.y <= q.y ? 1 : -1;
                crossings++;
            }
        }
    return p.evenOdd ? crossings & 1 : winding != 0;
}

bool contains(const Paint &p, Point q)
{
    return p.box.has(q) && (p.rings.empty() || inRings(p, q));
}

Box clipOf(const GfxState *s)
{
    Box b;
    s->getClipBBox(&b.x0, &b.y0, &b.x1, &b.y1);
    return b;
}

Box bounds(const std::vector<std::vector<Point>> &rings)
{
    Box b = { 1e30, 1e30, -1e30, -1e30 };
    for (const auto &ring : rings)
        for (Point p : ring) {
            b.x0 = std::min(b.x0, p.x);
            b.y0 = std::min(b.y0, p.y);
            b.x1 = std::max(b.x1, p.x);
            b.y1 = std::max(b.y1, p.y);
        }
    return b;
}

bool isCjk(char32_t c)
{
    return (c >= 0x2E80 && c < 0xA4D0) || (c >= 0xF900 && c < 0xFB00) || (c >= 0xFE30 && c < 0xFE50) || (c >= 0xFF00 && c < 0xFFF0) || c >= 0x20000;
}

bool isSpace(char32_t c)
{
    return c == ' ' || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200B) || c == '\t' || c == '\n' || c == '\r';
}
} // namespace

void PageReader::clear()
{
    glyphs.clear();
    horizontal.clear();
    vertical.clear();
    paints_.clear();
    strips_.clear();
    groups_.clear();
    ended_.clear();
    masks_.clear();
    imageArea = 0;
    unmapped = 0;
    work_ = 0;
    order_ = 0;
    inMask_ = 0;
    masked_ = overflow = inActual_ = false;
}

void PageReader::startPage(int, GfxState *state, XRef *)
{
    width = state ? state->getPageWidth() : 0;
    height = state ? state->getPageHeight() : 0;
}

void PageReader::restoreState(GfxState *)
{
    if (masks_.empty())
        return;
    masked_ = masks_.back();
    masks_.pop_back();
}

/* ---------------------------------------------------------------- glyphs */

void PageReader::drawChar(GfxState *s, double x, double y, double dx, double dy, double, double, CharCode code, int nBytes, const Unicode *u, int uLen)
{
    const auto &font = s->getFont();
    if (outside() || !font)
        return;
    if (glyphs.size() >= kGlyphs) {
        overflow = true;
        return;
    }
    bool upright = font->getWMode() == 1;
    double spacing = s->getCharSpace() + (nBytes == 1 && code == 0x20 ? s->getWordSpace() : 0), sx, sy, w, h;
    s->textTransformDelta(upright ? 0 : spacing * s->getHorizScaling(), upright ? spacing : 0, &sx, &sy);
    s->transformDelta(dx - sx, dy - sy, &w, &h);
    Point at = onPage(s, x, y);
    double length = std::hypot(w, h), em = s->getTransformedFontSize();
    if (!std::isfinite(at.x) || !std::isfinite(at.y) || !std::isfinite(length) || !std::isfinite(em))
        return;
    if (font->getType() == fontType3)
        em *= std::fabs(font->getFontMatrix()[0] * 1000) > 0 ? std::min(1000.0, std::fabs(font->getFontMatrix()[0] * 1000)) : 1;
    if (em < 0.01)
        em = length > 0.01 ? length : 1;
    if (length < 1e-3) { /* a font without widths */
        s->textTransformDelta(upright ? 0 : 1, upright ? -1 : 0, &sx, &sy);
        s->transformDelta(sx, sy, &w, &h);
        double l = std::hypot(w, h);
        w = l > 0 ? w / l : 1;
        h = l > 0 ? h / l : 0;
        length = 0;
    } else {
        w /= length;
        h /= length;
    }
    Glyph g{};
    for (int i = 0; i < uLen; i++)
        if (u[i])
            g.text += char32_t(u[i]);
    unmapped += g.text.empty() || g.text[0] == 0xFFFD;
    g.space = std::all_of(g.text.begin(), g.text.end(), isSpace);
    g.cjk = !g.text.empty() && isCjk(g.text[0]);
    g.angle = std::round(std::atan2(h, w) * 180 / M_PI);
    if (g.angle <= -180)
        g.angle += 360;
    double t = g.angle * M_PI / 180, c = std::cos(t), n = std::sin(t);
    g.along = at.x * c + at.y * n;
    g.across = at.y * c - at.x * n;
    g.length = length;
    g.em = em;
    /* Across the line: from the base line up; vertical glyphs have it in their middle. */
    double low = upright ? -0.3 : 0.1, high = upright ? 0.3 : 0.6, mid = (low + high) / 2;
    auto corner = [&](double a, double b) { return Point{ at.x + w * length * a + h * em * b, at.y + h * length * a - w * em * b }; };
    g.centre = corner(0.5, mid);
    g.corners[0] = g.centre;
    g.corners[1] = corner(0.2, low);
    g.corners[2] = corner(0.8, low);
    g.corners[3] = corner(0.2, high);
    g.corners[4] = corner(0.8, high);
    g.order = order_++;
    int render = s->getRender();
    g.invisible = render == 3;
    g.colour = colourOf(s, (render & 3) == 1);
    g.opacity = float((render & 3) == 1 ? s->getStrokeOpacity() : s->getFillOpacity());
    if (render == 7 || masked_)
        g.colour.known = false;
    g.clipped = !clipOf(s).has(g.centre);
    glyphs.push_back(std::move(g));
}

/* What the producer says the glyphs mean goes before what they look like. */
void PageReader::beginActualText(GfxState *, const GooString *text)
{
    if (inActual_ || !text)
        return;
    inActual_ = true;
    actual_ = textString(text->toStr());
    actualFrom_ = glyphs.size();
}

void PageReader::endActualText(GfxState *)
{
    if (!inActual_)
        return;
    inActual_ = false;
    if (actualFrom_ >= glyphs.size())
        return;
    std::u32string meant;
    for (size_t i = 0; i < actual_.size();) {
        unsigned char b = static_cast<unsigned char>(actual_[i]);
        size_t n = b < 0x80 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
        char32_t c = n == 1 ? b : b & (0xFFu >> (n + 1));
        for (size_t k = 1; k < n && i + k < actual_.size(); k++)
            c = c << 6 | (static_cast<unsigned char>(actual_[i + k]) & 63);
        meant += c;
        i += n;
    }
    size_t n = glyphs.size() - actualFrom_;
    for (size_t i = 0; i < n; i++) { /* one each, the last takes the rest */
        Glyph &g = glyphs[actualFrom_ + i];
        g.text = i < meant.size() ? (i + 1 == n ? meant.substr(i) : meant.substr(i, 1)) : std::u32string();
        g.space = std::all_of(g.text.begin(), g.text.end(), isSpace);
        g.cjk = !g.text.empty() && isCjk(g.text[0]);
    }
}

/* ---------------------------------------------------------------- paint */

void PageReader::addPaint(Paint &&p, GfxState *s, double opacity, const Colour &colour)
{
    Box clip = clipOf(s);
    p.box = { std::max(p.box.x0, clip.x0), std::max(p.box.y0, clip.y0), std::min(p.box.x1, clip.x1), std::min(p.box.y1, clip.y1) };
    double w = p.box.x1 - p.box.x0, h = p.box.y1 - p.box.y0;
    if (!(w >= 0) || !(h >= 0))
        return;
    if (p.type == Paint::kFill && std::min(w, h) < kThin) {
        auto &rules = w > h ? horizontal : vertical;
        if (std::max(w, h) > 4 && rules.size() < kRules)
            rules.push_back(w > h ? Rule{ (p.box.y0 + p.box.y1) / 2, p.box.x0, p.box.x1 } : Rule{ (p.box.x0 + p.box.x1) / 2, p.box.y0, p.box.y1 });
        return;
    }
    if (paints_.size() >= kPaints) {
        overflow = true;
        return;
    }
    GfxBlendMode blend = s->getBlendMode();
    bool darkens = (blend == gfxBlendMultiply || blend == gfxBlendDarken) && colour.known && light(colour) < 0.15;
    p.opaque = p.opaque && opacity >= kOpaque && !masked_ && (blend == gfxBlendNormal || darkens);
    p.colour = colour;
    p.order = order_++;
    paints_.push_back(std::move(p));
}

void PageReader::addPath(GfxState *s, bool evenOdd)
{
    const GfxPath *path = s->getPath();
    if (outside() || !path)
        return;
    Paint p{};
    p.type = Paint::kFill;
    p.opaque = true;
    p.evenOdd = evenOdd;
    size_t points = 0;
    for (int i = 0; i < path->getNumSubpaths() && points < kPoints; i++) {
        const GfxSubpath *sub = path->getSubpath(i);
        std::vector<Point> ring;
        for (int k = 0; k < sub->getNumPoints() && points < kPoints; k++, points++)
            ring.push_back(onPage(s, sub->getX(k), sub->getY(k)));
        p.rings.push_back(std::move(ring));
    }
    bool thin = p.rings.size() > 1; /* many producers draw all borders of a table in one path */
    for (size_t i = 0; thin && i < p.rings.size(); i++) {
        Box b = bounds({ p.rings[i] });
        thin = std::min(b.x1 - b.x0, b.y1 - b.y0) < kThin;
    }
    Colour colour = colourOf(s, false);
    if (!thin) {
        p.box = bounds(p.rings);
        addPaint(std::move(p), s, s->getFillOpacity(), colour);
        return;
    }
    for (auto &ring : p.rings) {
        Paint one{};
        one.type = Paint::kFill;
        one.box = bounds({ ring });
        addPaint(std::move(one), s, s->getFillOpacity(), colour);
    }
}

/* Straight strokes along the axes: borders when thin; a marker pen when thick. */
void PageReader::stroke(GfxState *s)
{
    const GfxPath *path = s->getPath();
    if (outside() || !path)
        return;
    double half = s->getTransformedLineWidth() / 2;
    size_t points = 0;
    for (int i = 0; i < path->getNumSubpaths() && points < kPoints; i++) {
        const GfxSubpath *sub = path->getSubpath(i);
        int n = sub->getNumPoints();
        for (int k = 0; k + 1 < n && points < kPoints; k++, points++) {
            Point a = onPage(s, sub->getX(k), sub->getY(k)), b = onPage(s, sub->getX(k + 1), sub->getY(k + 1));
            bool flat = std::fabs(a.y - b.y) < 0.5, upright = std::fabs(a.x - b.x) < 0.5;
            if (flat == upright)
                continue;
            Paint p{};
            p.type = Paint::kFill;
            p.opaque = true;
            p.box = { std::min(a.x, b.x) - (flat ? 0 : half), std::min(a.y, b.y) - (flat ? half : 0), std::max(a.x, b.x) + (flat ? 0 : half),
                      std::max(a.y, b.y) + (flat ? half : 0) };
            addPaint(std::move(p), s, s->getStrokeOpacity(), colourOf(s, true));
        }
    }
}

bool PageReader::tilingPatternFill(GfxState *s, Gfx *, Catalog *, GfxTilingPattern *, const double *, int, int, int, int, double, double)
{
    return shaded(s);
}

/* Something is seen there, and nobody knows what colour. */
bool PageReader::shaded(GfxState *s)
{
    if (outside())
        return true;
    Paint p{};
    p.type = Paint::kOther;
    p.box = clipOf(s);
    addPaint(std::move(p), s, 1, { false, 0, 0, 0 });
    return true;
}

void PageReader::addImage(GfxState *s, bool opaque)
{
    if (outside())
        return;
    Paint p{};
    p.type = Paint::kImage;
    p.opaque = opaque;
    p.rings.push_back({ onPage(s, 0, 0), onPage(s, 1, 0), onPage(s, 1, 1), onPage(s, 0, 1) });
    p.box = bounds(p.rings);
    Box clip = clipOf(s);
    double w = std::min(p.box.x1, clip.x1) - std::max(p.box.x0, clip.x0), h = std::min(p.box.y1, clip.y1) - std::max(p.box.y0, clip.y0);
    if (w > 0 && h > 0)
        imageArea += w * h;
    addPaint(std::move(p), s, s->getFillOpacity(), { false, 0, 0, 0 });
}

void PageReader::drawImageMask(GfxState *s, Object *ref, Stream *str, int w, int h, bool invert, bool smooth, bool inlined)
{
    addImage(s, false);
    if (inlined) /* its bytes stand between operators and must be read over */
        OutputDev::drawImageMask(s, ref, str, w, h, invert, smooth, inlined);
}

void PageReader::drawImage(GfxState *s, Object *ref, Stream *str, int w, int h, GfxImageColorMap *map, bool smooth, const int *mask, bool inlined)
{
    addImage(s, !mask);
    if (inlined)
        OutputDev::drawImage(s, ref, str, w, h, map, smooth, mask, inlined);
}

void PageReader::drawMaskedImage(GfxState *s, Object *, Stream *, int, int, GfxImageColorMap *, bool, Stream *, int, int, bool, bool)
{
    addImage(s, false);
}

void PageReader::drawSoftMaskedImage(GfxState *s, Object *, Stream *, int, int, GfxImageColorMap *, bool, Stream *, int, int, GfxImageColorMap *, bool)
{
    addImage(s, false);
}

void PageReader::beginTransparencyGroup(GfxState *, const double *, GfxColorSpace *, bool, bool, bool forSoftMask)
{
    groups_.push_back({ glyphs.size(), paints_.size(), forSoftMask });
    inMask_ += forSoftMask;
}

void PageReader::endTransparencyGroup(GfxState *)
{
    if (groups_.empty())
        return;
    Group g = groups_.back();
    groups_.pop_back();
    inMask_ -= g.mask;
    if (!g.mask)
        ended_.push_back(g);
}

/* A group that is painted half transparent covers nothing. */
void PageReader::paintTransparencyGroup(GfxState *s, const double *)
{
    if (ended_.empty())
        return;
    Group g = ended_.back();
    ended_.pop_back();
    bool solid = s->getFillOpacity() >= kOpaque && s->getBlendMode() == gfxBlendNormal && !masked_;
    for (size_t i = g.paints; !solid && i < paints_.size(); i++)
        paints_[i].opaque = false;
    for (size_t i = g.glyphs; i < glyphs.size(); i++) {
        glyphs[i].opacity *= float(s->getFillOpacity());
        glyphs[i].colour.known = glyphs[i].colour.known && solid;
    }
}

/* ---------------------------------------------------------------- who sees what */

void PageReader::buildStrips()
{
    double most = std::min(height > 0 ? height : 1, 1e5);
    strips_.assign(size_t(most / kStrip) + 2, {});
    for (size_t i = 0; i < paints_.size(); i++) {
        const Box &b = paints_[i].box;
        double from = std::max(0.0, b.y0), to = std::min(most, b.y1);
        for (size_t k = size_t(from / kStrip); from <= to && k <= size_t(to / kStrip); k++)
            strips_[k].push_back(uint32_t(i));
    }
}

/* The last paint over a glyph's middle before it was painted; or, above: an opaque one that hides it. */
const Paint *PageReader::last(const Glyph &g, bool above) const
{
    if (g.centre.y < 0 || size_t(g.centre.y / kStrip) >= strips_.size())
        return nullptr;
    const auto &strip = strips_[size_t(g.centre.y / kStrip)];
    for (size_t i = strip.size(); i-- > 0;) {
        const Paint &p = paints_[strip[i]];
        if ((p.order > g.order) != above) {
            if (above)
                break;
            continue;
        }
        if (++work_ > kWork)
            return nullptr;
        if (!contains(p, g.centre))
            continue;
        if (!above)
            return &p;
        /* A scanned page over its own recognised text hides nothing. */
        if (!p.opaque || (p.type == Paint::kImage && (p.box.x1 - p.box.x0) * (p.box.y1 - p.box.y0) > 0.5 * width * height))
            continue;
        if (std::count_if(g.corners, g.corners + 5, [&](Point q) { return contains(p, q); }) >= 4)
            return &p;
    }
    return nullptr;
}

bool PageReader::overImage(const Glyph &g) const
{
    if (g.centre.y < 0 || size_t(g.centre.y / kStrip) >= strips_.size())
        return false;
    for (uint32_t i : strips_[size_t(g.centre.y / kStrip)])
        if (++work_ <= kWork && paints_[i].type != Paint::kFill && contains(paints_[i], g.centre))
            return true;
    return false;
}

/* One or two characters that a cell too narrow cuts off its visible text are no hidden content. */
void PageReader::forgiveCuts()
{
    constexpr size_t kCut = 2;
    auto goesOn = [](const Glyph &a, const Glyph &b) {
        return std::fabs(a.across - b.across) < 0.1 * a.em && std::fabs(b.along - a.along - a.length) < 0.5 * a.em;
    };
    for (size_t i = 0; i < glyphs.size();) {
        size_t j = i;
        while (j < glyphs.size() && glyphs[j].clipped && (j == i || goesOn(glyphs[j - 1], glyphs[j])))
            j++;
        bool seen = j > i && ((i > 0 && !glyphs[i - 1].clipped && goesOn(glyphs[i - 1], glyphs[i])) ||
                              (j < glyphs.size() && !glyphs[j].clipped && goesOn(glyphs[j - 1], glyphs[j])));
        for (size_t k = i; seen && j - i <= kCut && k < j; k++)
            glyphs[k].clipped = false;
        i = std::max(j, i + 1);
    }
}

void PageReader::judge()
{
    auto byPlace = [](const Rule &a, const Rule &b) { return a.at < b.at; };
    std::sort(horizontal.begin(), horizontal.end(), byPlace);
    std::sort(vertical.begin(), vertical.end(), byPlace);
    buildStrips();
    forgiveCuts();
    for (Glyph &g : glyphs) {
        if (g.space)
            continue;
        if (g.clipped || g.opacity < 0.03 || (g.invisible && !overImage(g)))
            g.hidden = kInvisible;
        else if (last(g, true))
            g.hidden = kCovered;
        else if (!g.invisible && g.colour.known) {
            const Paint *below = last(g, false);
            Colour back = below ? below->colour : Colour{ true, 1, 1, 1 };
            if (below && !below->opaque)
                back.known = false;
            if (back.known && same(back, g.colour))
                g.hidden = light(back) > 0.9 ? kInvisible : kCovered;
        }
    }
    overflow |= work_ > kWork;
    forgetDoubles();
    for (size_t i = 1; i < glyphs.size(); i++) /* spaces go with what stands before them */
        if (glyphs[i].space && glyphs[i - 1].hidden)
            glyphs[i].hidden = glyphs[i - 1].hidden;
}

/* Bold type and shadows made by painting twice; text painted again over what covered it: one is enough, the visible one. */
void PageReader::forgetDoubles()
{
    std::unordered_map<uint64_t, std::vector<uint32_t>> at;
    auto key = [](double x, double y) { return uint64_t(int64_t(std::floor(x / 4)) & 0xFFFFFFFF) << 32 | uint64_t(int64_t(std::floor(y / 4)) & 0xFFFFFFFF); };
    for (uint32_t i = 0; i < glyphs.size(); i++) {
        Glyph &g = glyphs[i];
        if (g.space)
            continue;
        double near = std::min(2.0, 0.15 * g.em);
        bool doubled = false;
        for (int k = 0; k < 4 && !doubled; k++) {
            auto cell = at.find(key(g.centre.x + (k & 1 ? near : -near), g.centre.y + (k & 2 ? near : -near)));
            if (cell == at.end() || cell->second.size() > 64)
                continue;
            for (uint32_t j : cell->second) {
                Glyph &o = glyphs[j];
                if (o.text != g.text || o.text.empty() || std::fabs(o.centre.x - g.centre.x) > near || std::fabs(o.centre.y - g.centre.y) > near)
                    continue;
                if (o.hidden && !g.hidden) /* the one that is seen takes the place */
                    o.hidden = kShown;
                doubled = true;
                break;
            }
        }
        if (doubled)
            g.text.clear();
        else
            at[key(g.centre.x, g.centre.y)].push_back(i);
    }
    glyphs.erase(std::remove_if(glyphs.begin(), glyphs.end(), [](const Glyph &g) { return g.text.empty(); }), glyphs.end());
}
