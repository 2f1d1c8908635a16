/* page.h - everything that is painted on one page, in the order of painting: glyphs, and what may hide them. */
#pragma once
#include "records.h"

#include <string>
#include <vector>

#include <poppler/GfxState.h>
#include <poppler/OutputDev.h>

struct Point {
    double x, y;
};
struct Box {
    double x0, y0, x1, y1;
    bool has(Point p) const
    {
        return p.x >= x0 && p.x <= x1 && p.y >= y0 && p.y <= y1;
    }
};
struct Colour {
    bool known;
    float r, g, b;
};

/* A glyph stands in the coordinates of its own line: `along` the line, `across` towards the next line. */
struct Glyph {
    std::u32string text;
    Point centre;         /* on the page */
    double angle;         /* of its line, degrees, y downwards; vertical writing 90 */
    double along, length; /* where it begins, how far it goes */
    double across;        /* its base line */
    double em;
    uint32_t order;   /* of painting, shared with Paint */
    Point corners[5]; /* what must be covered for it to be hidden */
    Colour colour;
    float opacity;
    bool clipped, invisible, space, cjk;
    Hidden hidden;
};

struct Paint {
    enum Type : uint8_t { kFill, kImage, kOther } type;
    bool opaque, evenOdd;
    Colour colour;
    uint32_t order;
    Box box; /* with the clip */
    std::vector<std::vector<Point>> rings;
};

/* A thin line: a cell's border. Horizontal: at `at` from `from` to `to`. */
struct Rule {
    double at, from, to;
};

class PageReader : public OutputDev
{
  public:
    std::vector<Glyph> glyphs;
    std::vector<Rule> horizontal, vertical;
    double width = 0, height = 0, imageArea = 0;
    size_t unmapped = 0;   /* glyphs whose font does not tell what they mean */
    bool overflow = false; /* some of the page was left out */

    void clear();
    /* After the page was painted: which glyphs a reader does not see. Sorts the rules. */
    void judge();

    bool upsideDown() override
    {
        return true;
    }
    bool useDrawChar() override
    {
        return true;
    }
    bool interpretType3Chars() override
    {
        return false;
    }
    bool useTilingPatternFill() override
    {
        return true;
    }
    bool useShadedFills(int) override
    {
        return true;
    }
    void startPage(int, GfxState *state, XRef *) override;
    void saveState(GfxState *) override
    {
        masks_.push_back(masked_);
    }
    void restoreState(GfxState *) override;
    void drawChar(GfxState *, double, double, double, double, double, double, CharCode, int, const Unicode *,
                  int) override;
    void beginActualText(GfxState *, const GooString *text) override;
    void endActualText(GfxState *) override;
    void fill(GfxState *state) override
    {
        addPath(state, false);
    }
    void eoFill(GfxState *state) override
    {
        addPath(state, true);
    }
    void stroke(GfxState *state) override;
    bool tilingPatternFill(GfxState *, Gfx *, Catalog *, GfxTilingPattern *, const double *, int, int, int, int, double,
                           double) override;
    bool functionShadedFill(GfxState *state, GfxFunctionShading *) override
    {
        return shaded(state);
    }
    bool axialShadedFill(GfxState *state, GfxAxialShading *, double, double) override
    {
        return shaded(state);
    }
    bool radialShadedFill(GfxState *state, GfxRadialShading *, double, double) override
    {
        return shaded(state);
    }
    bool gouraudTriangleShadedFill(GfxState *state, GfxGouraudTriangleShading *) override
    {
        return shaded(state);
    }
    bool patchMeshShadedFill(GfxState *state, GfxPatchMeshShading *) override
    {
        return shaded(state);
    }
    bool axialShadedSupportExtend(GfxState *, GfxAxialShading *) override
    {
        return true;
    }
    bool radialShadedSupportExtend(GfxState *, GfxRadialShading *) override
    {
        return true;
    }
    void drawImageMask(GfxState *, Object *, Stream *, int, int, bool, bool, bool) override;
    void drawImage(GfxState *, Object *, Stream *, int, int, GfxImageColorMap *, bool, const int *, bool) override;
    void drawMaskedImage(GfxState *, Object *, Stream *, int, int, GfxImageColorMap *, bool, Stream *, int, int, bool,
                         bool) override;
    void drawSoftMaskedImage(GfxState *, Object *, Stream *, int, int, GfxImageColorMap *, bool, Stream *, int, int,
                             GfxImageColorMap *, bool) override;
    void beginTransparencyGroup(GfxState *, const double *, GfxColorSpace *, bool, bool, bool forSoftMask) override;
    void endTransparencyGroup(GfxState *) override;
    void paintTransparencyGroup(GfxState *, const double *) override;
    void setSoftMask(GfxState *, const double *, bool, Function *, GfxColor *) override
    {
        masked_ = true;
    }
    void clearSoftMask(GfxState *) override
    {
        masked_ = false;
    }

  private:
    struct Group {
        size_t glyphs, paints;
        bool mask;
    };
    void addPath(GfxState *state, bool evenOdd);
    void addPaint(Paint &&p, GfxState *state, double opacity, const Colour &colour);
    void addImage(GfxState *state, bool opaque);
    bool shaded(GfxState *state);
    bool outside() const
    {
        return inMask_ > 0;
    }
    const Paint *last(const Glyph &g, bool above) const;
    bool overImage(const Glyph &g) const;
    void forgiveCuts();
    void buildStrips();
    void forgetDoubles();

    std::vector<Paint> paints_;
    std::vector<std::vector<uint32_t>> strips_; /* of paints_, by 16 points of y */
    mutable uint64_t work_ = 0;
    std::vector<Group> groups_, ended_;
    std::vector<bool> masks_;
    bool masked_ = false;
    int inMask_ = 0;
    uint32_t order_ = 0;
    std::string actual_;
    size_t actualFrom_ = 0;
    bool inActual_ = false;
};
