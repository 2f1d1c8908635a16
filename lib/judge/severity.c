/* severity.c - the first entry of the policy's list of which one line holds. */
#include "judge/inner.h"

#include <string.h>

static bool is_listed(const struct sk_severity_line *line, const char *location)
{
    for (size_t i = 0; i < line->n_locations; i++)
        if (strcmp(line->locations[i], location) == 0)
            return true;
    return line->n_locations == 0;
}

static bool line_holds(const struct sk_severity_line *line, int code, uint8_t grade, const char *location,
                       uint64_t persons)
{
    if (code < 0 ? !line->review : line->review || (line->codes && !(line->codes >> code & 1)))
        return false;
    return grade >= line->grade_at_least && is_listed(line, location) &&
           (line->persons_over < 0 || persons > (uint64_t)line->persons_over);
}

const char *sk_severity_of(const struct sk_policy *p, int code, uint8_t grade, const char *location, uint64_t persons)
{
    for (size_t i = 0; i < p->n_severities; i++)
        for (size_t k = 0; k < p->severities[i].n_lines; k++)
            if (line_holds(&p->severities[i].lines[k], code, grade, location, persons))
                return p->severities[i].id;
    return "";
}
