#include <sekisho/sekisho.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    seki_rules_options o;
    seki_error err;
    seki_rules *rules = NULL;
    (void)argc;
    memset(&o, 0, sizeof(o));
    o.size = sizeof(o);
    o.directory = argv[1];
    o.cache = "";
    if (seki_rules_load(&rules, &o, &err)) {
        fprintf(stderr, "%s\n", err.en);
        return 1;
    }
    printf("sekisho %s, %lu detectors\n", seki_version(), (unsigned long)seki_rules_count(rules));
    seki_rules_free(rules);
    return 0;
}
