/* what_if.c - counts of what another policy would change for files already scanned. */
#include "judge/policy.h"

#include <inttypes.h>
#include <string.h>

_Static_assert(SK_WHAT_IF_CODES == SK_V_CODES, "one counter a violation");

static uint32_t codes_of(const struct sk_judgement *j)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < j->n_violations; i++)
        for (int c = 0; c < SK_V_CODES; c++)
            if (strcmp(j->violations[i].code, SK_CODES[c]) == 0)
                bits |= UINT32_C(1) << c;
    return bits;
}

static bool is_other_label(const struct sk_label *a, const struct sk_label *b)
{
    return a->grade != b->grade || a->compartments != b->compartments || a->handling != b->handling ||
           a->integrity != b->integrity;
}

void sk_what_if_add(struct sk_what_if *w, const struct sk_judgement *before, const struct sk_judgement *after)
{
    uint32_t old_codes = codes_of(before), new_codes = codes_of(after);
    w->files++;
    w->label_changed += is_other_label(&before->label, &after->label);
    w->grades_before[before->label.grade % SK_MOST_GRADES]++;
    w->grades_after[after->label.grade % SK_MOST_GRADES]++;
    for (int c = 0; c < SK_V_CODES; c++) {
        bool was = old_codes >> c & 1, is = new_codes >> c & 1;
        w->before[c] += was;
        w->after[c] += is;
        w->appeared[c] += is && !was;
        w->gone[c] += was && !is;
    }
}

bool sk_what_if_render(const struct sk_what_if *w, const struct sk_policy *old_policy,
                       const struct sk_policy *new_policy, bool english, struct sk_buf *buf)
{
    sk_buf_printf(buf,
                  english ? "What if: %" PRIu64 " files; label changes for %" PRIu64 "\n"
                          : "影響の試算: %" PRIu64 "件、うち格付が変わる %" PRIu64 "件\n",
                  w->files, w->label_changed);
    size_t n = old_policy->grade_ids.n > new_policy->grade_ids.n ? old_policy->grade_ids.n : new_policy->grade_ids.n;
    for (size_t i = 0; i < n && i < SK_MOST_GRADES; i++) {
        const char *from = sk_policy_grade(old_policy, (uint8_t)i), *to = sk_policy_grade(new_policy, (uint8_t)i);
        const char *name = *from ? from : to;
        if (w->grades_before[i] || w->grades_after[i])
            sk_buf_printf(buf, "  %s%s%s  %" PRIu64 " → %" PRIu64 "\n", name, *to && strcmp(name, to) != 0 ? "/" : "",
                          strcmp(name, to) != 0 ? to : "", w->grades_before[i], w->grades_after[i]);
    }
    for (int c = 0; c < SK_V_CODES; c++)
        if (w->before[c] || w->after[c])
            sk_buf_printf(buf,
                          english ? "  %s  %" PRIu64 " → %" PRIu64 " (new %" PRIu64 ", gone %" PRIu64 ")\n"
                                  : "  %s  %" PRIu64 " → %" PRIu64 "(新しく %" PRIu64 "、なくなる %" PRIu64 ")\n",
                          SK_CODES[c], w->before[c], w->after[c], w->appeared[c], w->gone[c]);
    return !buf->failed;
}
