/* Written by bindings/generate.py from sekisho.h. Do not edit. */
#ifndef SEKISHO_NODE_ABI_H
#define SEKISHO_NODE_ABI_H

static const struct option seki_rules_options_fields[] = {
    {"directory", OPTION_STRING, offsetof(seki_rules_options, directory), 0},
    {"cache", OPTION_STRING, offsetof(seki_rules_options, cache), 0},
    {NULL, OPTION_BOOL, 0, 0}};

static const struct option seki_policy_options_fields[] = {
    {NULL, OPTION_BOOL, 0, 0}};

static const struct option seki_scanner_options_fields[] = {
    {"as_of", OPTION_STRING, offsetof(seki_scanner_options, as_of), 0},
    {"max_places", OPTION_UINT32, offsetof(seki_scanner_options, max_places), 0},
    {"no_helpers", OPTION_BOOL, offsetof(seki_scanner_options, no_helpers), 0},
    {"index", OPTION_STRING, offsetof(seki_scanner_options, index), 0},
    {"index_key", OPTION_STRING, offsetof(seki_scanner_options, index_key), 0},
    {"ocr", OPTION_BOOL, offsetof(seki_scanner_options, ocr), 0},
    {NULL, OPTION_BOOL, 0, 0}};

static const struct option seki_judge_options_fields[] = {
    {"path", OPTION_STRING, offsetof(seki_judge_options, path), 0},
    {"group", OPTION_STRING, offsetof(seki_judge_options, group), 0},
    {"mtime", OPTION_INT64, offsetof(seki_judge_options, mtime), 0},
    {"world_readable", OPTION_BOOL, offsetof(seki_judge_options, world_readable), 0},
    {"as_of", OPTION_STRING, offsetof(seki_judge_options, as_of), 0},
    {NULL, OPTION_BOOL, 0, 0}};

static const struct option seki_tree_options_fields[] = {
    {"paths", OPTION_STRINGS, offsetof(seki_tree_options, paths), offsetof(seki_tree_options, n_paths)},
    {"as_prefix", OPTION_STRING, offsetof(seki_tree_options, as_prefix), 0},
    {"state", OPTION_STRING, offsetof(seki_tree_options, state), 0},
    {"format", OPTION_STRING, offsetof(seki_tree_options, format), 0},
    {"output", OPTION_STRING, offsetof(seki_tree_options, output), 0},
    {"language", OPTION_STRING, offsetof(seki_tree_options, language), 0},
    {"as_of", OPTION_STRING, offsetof(seki_tree_options, as_of), 0},
    {"jobs", OPTION_UINT32, offsetof(seki_tree_options, jobs), 0},
    {"in_process", OPTION_BOOL, offsetof(seki_tree_options, in_process), 0},
    {"full", OPTION_BOOL, offsetof(seki_tree_options, full), 0},
    {"verbose", OPTION_BOOL, offsetof(seki_tree_options, verbose), 0},
    {"max_places", OPTION_UINT32, offsetof(seki_tree_options, max_places), 0},
    {"index", OPTION_STRING, offsetof(seki_tree_options, index), 0},
    {"index_key", OPTION_STRING, offsetof(seki_tree_options, index_key), 0},
    {"site_key", OPTION_STRING, offsetof(seki_tree_options, site_key), 0},
    {"shard", OPTION_STRING, offsetof(seki_tree_options, shard), 0},
    {"bytes_per_second", OPTION_UINT64, offsetof(seki_tree_options, bytes_per_second), 0},
    {"until", OPTION_STRING, offsetof(seki_tree_options, until), 0},
    {"ocr", OPTION_BOOL, offsetof(seki_tree_options, ocr), 0},
    {NULL, OPTION_BOOL, 0, 0}};

static const struct option seki_label_options_fields[] = {
    {"paths", OPTION_STRINGS, offsetof(seki_label_options, paths), offsetof(seki_label_options, n_paths)},
    {"as_prefix", OPTION_STRING, offsetof(seki_label_options, as_prefix), 0},
    {"format", OPTION_STRING, offsetof(seki_label_options, format), 0},
    {"output", OPTION_STRING, offsetof(seki_label_options, output), 0},
    {"language", OPTION_STRING, offsetof(seki_label_options, language), 0},
    {"as_of", OPTION_STRING, offsetof(seki_label_options, as_of), 0},
    {"jobs", OPTION_UINT32, offsetof(seki_label_options, jobs), 0},
    {"in_process", OPTION_BOOL, offsetof(seki_label_options, in_process), 0},
    {"apply_xattr", OPTION_BOOL, offsetof(seki_label_options, apply_xattr), 0},
    {"state", OPTION_STRING, offsetof(seki_label_options, state), 0},
    {NULL, OPTION_BOOL, 0, 0}};

static const struct option seki_check_options_fields[] = {
    {"files", OPTION_STRINGS, offsetof(seki_check_options, files), offsetof(seki_check_options, n_files)},
    {"dest", OPTION_STRING, offsetof(seki_check_options, dest), 0},
    {"recipients", OPTION_STRINGS, offsetof(seki_check_options, recipients), offsetof(seki_check_options, n_recipients)},
    {"approvals", OPTION_STRINGS, offsetof(seki_check_options, approvals), offsetof(seki_check_options, n_approvals)},
    {"contract", OPTION_STRING, offsetof(seki_check_options, contract), 0},
    {"requested_by", OPTION_STRING, offsetof(seki_check_options, requested_by), 0},
    {"receipts", OPTION_STRING, offsetof(seki_check_options, receipts), 0},
    {"format", OPTION_STRING, offsetof(seki_check_options, format), 0},
    {"output", OPTION_STRING, offsetof(seki_check_options, output), 0},
    {"language", OPTION_STRING, offsetof(seki_check_options, language), 0},
    {"as_of", OPTION_STRING, offsetof(seki_check_options, as_of), 0},
    {"in_process", OPTION_BOOL, offsetof(seki_check_options, in_process), 0},
    {"max_places", OPTION_UINT32, offsetof(seki_check_options, max_places), 0},
    {"state", OPTION_STRING, offsetof(seki_check_options, state), 0},
    {"key", OPTION_STRING, offsetof(seki_check_options, key), 0},
    {"fds", OPTION_INTS, offsetof(seki_check_options, fds), 0},
    {"purpose", OPTION_STRING, offsetof(seki_check_options, purpose), 0},
    {"channel", OPTION_STRING, offsetof(seki_check_options, channel), 0},
    {NULL, OPTION_BOOL, 0, 0}};

static const struct option seki_serve_options_fields[] = {
    {"port", OPTION_UINT32, offsetof(seki_serve_options, port), 0},
    {"max_bytes", OPTION_UINT64, offsetof(seki_serve_options, max_bytes), 0},
    {"language", OPTION_STRING, offsetof(seki_serve_options, language), 0},
    {"as_of", OPTION_STRING, offsetof(seki_serve_options, as_of), 0},
    {"state", OPTION_STRING, offsetof(seki_serve_options, state), 0},
    {"key", OPTION_STRING, offsetof(seki_serve_options, key), 0},
    {NULL, OPTION_BOOL, 0, 0}};

static const struct option seki_report_options_fields[] = {
    {"state", OPTION_STRING, offsetof(seki_report_options, state), 0},
    {"kind", OPTION_STRING, offsetof(seki_report_options, kind), 0},
    {"format", OPTION_STRING, offsetof(seki_report_options, format), 0},
    {"audience", OPTION_STRING, offsetof(seki_report_options, audience), 0},
    {"output", OPTION_STRING, offsetof(seki_report_options, output), 0},
    {"language", OPTION_STRING, offsetof(seki_report_options, language), 0},
    {"sample", OPTION_UINT32, offsetof(seki_report_options, sample), 0},
    {"seed", OPTION_UINT64, offsetof(seki_report_options, seed), 0},
    {"states", OPTION_STRINGS, offsetof(seki_report_options, states), offsetof(seki_report_options, n_states)},
    {NULL, OPTION_BOOL, 0, 0}};

static const struct option seki_evidence_options_fields[] = {
    {"state", OPTION_STRING, offsetof(seki_evidence_options, state), 0},
    {"finding", OPTION_STRING, offsetof(seki_evidence_options, finding), 0},
    {"known", OPTION_STRING, offsetof(seki_evidence_options, known), 0},
    {"folder", OPTION_STRING, offsetof(seki_evidence_options, folder), 0},
    {"language", OPTION_STRING, offsetof(seki_evidence_options, language), 0},
    {"drill", OPTION_BOOL, offsetof(seki_evidence_options, drill), 0},
    {"recipient", OPTION_STRING, offsetof(seki_evidence_options, recipient), 0},
    {NULL, OPTION_BOOL, 0, 0}};

#endif
