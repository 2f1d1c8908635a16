"""Written by bindings/generate.py from sekisho.h. Do not edit."""
# fmt: off
from ctypes import CFUNCTYPE, POINTER, Structure, c_bool, c_char, c_char_p, c_double, c_int, c_int64, c_size_t, c_uint, c_uint16, c_uint32, c_uint64, c_void_p

SEKI_OK = 0
SEKI_E_USAGE = 1
SEKI_E_RULES = 2
SEKI_E_IO = 3
SEKI_E_MEMORY = 4
SEKI_E_CANCELLED = 5
SEKI_E_INTERNAL = 6


class seki_error(Structure):
    _fields_ = [
        ("status", c_int),
        ("system", c_int),
        ("ja", c_char * 512),
        ("en", c_char * 512),
    ]


class seki_problem(Structure):
    _fields_ = [
        ("file", c_char_p),
        ("line", c_uint),
        ("column", c_uint),
        ("ja", c_char_p),
        ("en", c_char_p),
    ]


seki_problem_fn = CFUNCTYPE(None, c_void_p, POINTER(seki_problem))


class seki_rules_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("directory", c_char_p),
        ("cache", c_char_p),
        ("problem", seki_problem_fn),
        ("problem_ctx", c_void_p),
    ]


class seki_policy_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("rules", c_void_p),
        ("problem", seki_problem_fn),
        ("problem_ctx", c_void_p),
    ]


seki_scanner_options_cancelled = CFUNCTYPE(c_bool, c_void_p)


class seki_scanner_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("as_of", c_char_p),
        ("max_places", c_uint32),
        ("cancelled", seki_scanner_options_cancelled),
        ("cancel_ctx", c_void_p),
        ("no_helpers", c_bool),
        ("index", c_char_p),
        ("index_key", c_char_p),
        ("ocr", c_bool),
    ]


class seki_reason(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("code", c_char_p),
        ("detail", c_char_p),
        ("part", c_size_t),
    ]


class seki_finding(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("element", c_char_p),
        ("confidence", c_char_p),
        ("count", c_uint64),
        ("places", c_size_t),
    ]


class seki_place(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("part", c_size_t),
        ("kind", c_char_p),
        ("hidden", c_char_p),
        ("offset", c_uint64),
        ("line", c_uint64),
        ("length", c_uint32),
        ("column", c_uint32),
        ("row", c_uint32),
        ("col", c_uint32),
        ("number", c_uint32),
    ]


class seki_insurer(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("number", c_char_p),
        ("min", c_uint64),
        ("max", c_uint64),
    ]


class seki_judge_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("path", c_char_p),
        ("group", c_char_p),
        ("mtime", c_int64),
        ("world_readable", c_bool),
        ("as_of", c_char_p),
    ]


class seki_progress(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("files", c_uint64),
        ("files_total", c_uint64),
        ("bytes", c_uint64),
        ("bytes_total", c_uint64),
        ("seconds", c_double),
    ]


seki_write_fn = CFUNCTYPE(c_bool, c_void_p, c_void_p, c_size_t)
seki_progress_fn = CFUNCTYPE(None, c_void_p, POINTER(seki_progress))
seki_tree_options_cancelled = CFUNCTYPE(c_bool, c_void_p)


class seki_tree_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("paths", POINTER(c_char_p)),
        ("n_paths", c_size_t),
        ("as_prefix", c_char_p),
        ("state", c_char_p),
        ("format", c_char_p),
        ("output", c_char_p),
        ("write", seki_write_fn),
        ("write_ctx", c_void_p),
        ("language", c_char_p),
        ("as_of", c_char_p),
        ("jobs", c_uint),
        ("in_process", c_bool),
        ("full", c_bool),
        ("verbose", c_bool),
        ("max_places", c_uint32),
        ("progress", seki_progress_fn),
        ("progress_ctx", c_void_p),
        ("cancelled", seki_tree_options_cancelled),
        ("cancel_ctx", c_void_p),
        ("problem", seki_problem_fn),
        ("problem_ctx", c_void_p),
        ("index", c_char_p),
        ("index_key", c_char_p),
        ("site_key", c_char_p),
        ("shard", c_char_p),
        ("bytes_per_second", c_uint64),
        ("until", c_char_p),
        ("ocr", c_bool),
    ]


seki_label_options_cancelled = CFUNCTYPE(c_bool, c_void_p)


class seki_label_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("paths", POINTER(c_char_p)),
        ("n_paths", c_size_t),
        ("as_prefix", c_char_p),
        ("format", c_char_p),
        ("output", c_char_p),
        ("write", seki_write_fn),
        ("write_ctx", c_void_p),
        ("language", c_char_p),
        ("as_of", c_char_p),
        ("jobs", c_uint),
        ("in_process", c_bool),
        ("apply_xattr", c_bool),
        ("state", c_char_p),
        ("cancelled", seki_label_options_cancelled),
        ("cancel_ctx", c_void_p),
        ("problem", seki_problem_fn),
        ("problem_ctx", c_void_p),
    ]


class seki_check_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("files", POINTER(c_char_p)),
        ("n_files", c_size_t),
        ("dest", c_char_p),
        ("recipients", POINTER(c_char_p)),
        ("n_recipients", c_size_t),
        ("approvals", POINTER(c_char_p)),
        ("n_approvals", c_size_t),
        ("contract", c_char_p),
        ("requested_by", c_char_p),
        ("receipts", c_char_p),
        ("format", c_char_p),
        ("output", c_char_p),
        ("write", seki_write_fn),
        ("write_ctx", c_void_p),
        ("language", c_char_p),
        ("as_of", c_char_p),
        ("in_process", c_bool),
        ("max_places", c_uint32),
        ("state", c_char_p),
        ("problem", seki_problem_fn),
        ("problem_ctx", c_void_p),
        ("key", c_char_p),
        ("fds", POINTER(c_int)),
        ("json", seki_write_fn),
        ("json_ctx", c_void_p),
        ("purpose", c_char_p),
        ("channel", c_char_p),
    ]


seki_serve_options_started = CFUNCTYPE(None, c_void_p, c_char_p)
seki_serve_options_cancelled = CFUNCTYPE(c_bool, c_void_p)


class seki_serve_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("port", c_uint32),
        ("max_bytes", c_uint64),
        ("language", c_char_p),
        ("as_of", c_char_p),
        ("state", c_char_p),
        ("key", c_char_p),
        ("started", seki_serve_options_started),
        ("started_ctx", c_void_p),
        ("cancelled", seki_serve_options_cancelled),
        ("cancel_ctx", c_void_p),
    ]


class seki_index_info(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("records", c_uint64),
        ("keys", c_uint64),
        ("without", c_uint64),
        ("made", c_char * 11),
        ("digest", c_char * 65),
    ]


class seki_report_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("state", c_char_p),
        ("kind", c_char_p),
        ("format", c_char_p),
        ("audience", c_char_p),
        ("output", c_char_p),
        ("language", c_char_p),
        ("write", seki_write_fn),
        ("write_ctx", c_void_p),
        ("sample", c_uint32),
        ("seed", c_uint64),
        ("problem", seki_problem_fn),
        ("problem_ctx", c_void_p),
        ("states", POINTER(c_char_p)),
        ("n_states", c_size_t),
        ("policy", c_void_p),
    ]


class seki_evidence_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("state", c_char_p),
        ("finding", c_char_p),
        ("known", c_char_p),
        ("folder", c_char_p),
        ("language", c_char_p),
        ("drill", c_bool),
        ("recipient", c_char_p),
        ("problem", seki_problem_fn),
        ("problem_ctx", c_void_p),
    ]


# name -> (result, arguments)
FUNCTIONS = {
    "seki_version": (c_char_p, []),
    "seki_version_engines": (c_char_p, []),
    "seki_formats": (c_size_t, []),
    "seki_format": (c_int, [c_size_t, POINTER(c_char_p), POINTER(c_char_p), POINTER(c_char_p), POINTER(c_bool)]),
    "seki_rules_load": (c_int, [POINTER(c_void_p), POINTER(seki_rules_options), POINTER(seki_error)]),
    "seki_rules_free": (None, [c_void_p]),
    "seki_rules_version": (c_char_p, [c_void_p]),
    "seki_rules_digest": (c_char_p, [c_void_p]),
    "seki_rules_count": (c_size_t, [c_void_p]),
    "seki_rules_item": (c_int, [c_void_p, c_size_t, POINTER(c_char_p), POINTER(c_char_p), POINTER(c_char_p), POINTER(c_char_p)]),
    "seki_rules_test": (c_int, [c_void_p, seki_problem_fn, c_void_p, POINTER(c_size_t), POINTER(c_size_t), POINTER(seki_error)]),
    "seki_policy_load": (c_int, [POINTER(c_void_p), c_char_p, POINTER(seki_policy_options), POINTER(seki_error)]),
    "seki_policy_free": (None, [c_void_p]),
    "seki_policy_id": (c_char_p, [c_void_p]),
    "seki_policy_version": (c_char_p, [c_void_p]),
    "seki_policy_digest": (c_char_p, [c_void_p]),
    "seki_policy_is_draft": (c_bool, [c_void_p]),
    "seki_policy_render": (c_int, [c_void_p, c_bool, c_char_p, seki_write_fn, c_void_p, POINTER(seki_error)]),
    "seki_policy_diff": (c_int, [c_void_p, c_void_p, c_char_p, c_char_p, seki_write_fn, c_void_p, POINTER(seki_error)]),
    "seki_rules_diff": (c_int, [c_void_p, c_void_p, c_void_p, POINTER(c_char_p), c_size_t, c_char_p, seki_write_fn, c_void_p, POINTER(c_size_t), POINTER(seki_error)]),
    "seki_policy_coverage": (c_int, [c_void_p, POINTER(c_char_p), c_size_t, c_char_p, seki_write_fn, c_void_p, POINTER(seki_error)]),
    "seki_scanner_new": (c_int, [POINTER(c_void_p), c_void_p, c_void_p, POINTER(seki_scanner_options), POINTER(seki_error)]),
    "seki_scanner_free": (None, [c_void_p]),
    "seki_scan_path": (c_int, [c_void_p, c_char_p, POINTER(c_void_p), POINTER(seki_error)]),
    "seki_scan_fd": (c_int, [c_void_p, c_int, c_char_p, POINTER(c_void_p), POINTER(seki_error)]),
    "seki_scan_memory": (c_int, [c_void_p, c_void_p, c_size_t, c_char_p, POINTER(c_void_p), POINTER(seki_error)]),
    "seki_result_free": (None, [c_void_p]),
    "seki_result_state": (c_char_p, [c_void_p]),
    "seki_result_format": (c_char_p, [c_void_p]),
    "seki_result_sha256": (c_char_p, [c_void_p, c_void_p]),
    "seki_result_persons": (None, [c_void_p, POINTER(c_uint64), POINTER(c_uint64)]),
    "seki_result_own_persons": (c_bool, [c_void_p, POINTER(c_uint64)]),
    "seki_result_reasons": (c_size_t, [c_void_p]),
    "seki_result_reason": (c_int, [c_void_p, c_size_t, POINTER(seki_reason)]),
    "seki_result_findings": (c_size_t, [c_void_p]),
    "seki_result_finding": (c_int, [c_void_p, c_size_t, POINTER(seki_finding)]),
    "seki_result_place": (c_int, [c_void_p, c_size_t, c_size_t, POINTER(seki_place)]),
    "seki_result_part": (c_size_t, [c_void_p, c_size_t, c_void_p, c_size_t]),
    "seki_result_insurers": (c_size_t, [c_void_p]),
    "seki_result_insurer": (c_int, [c_void_p, c_size_t, POINTER(seki_insurer)]),
    "seki_judge_place": (c_int, [POINTER(c_void_p), c_void_p, c_void_p, POINTER(seki_judge_options), POINTER(seki_error)]),
    "seki_judgement_free": (None, [c_void_p]),
    "seki_judgement_grade": (c_char_p, [c_void_p]),
    "seki_judgement_location": (c_char_p, [c_void_p]),
    "seki_judgement_violations": (c_size_t, [c_void_p]),
    "seki_judgement_violation": (c_int, [c_void_p, c_size_t, POINTER(c_char_p), POINTER(c_char_p), POINTER(c_char_p), POINTER(c_char_p)]),
    "seki_scan_tree": (c_int, [c_void_p, c_void_p, POINTER(seki_tree_options), POINTER(c_int), POINTER(seki_error)]),
    "seki_label": (c_int, [c_void_p, c_void_p, POINTER(seki_label_options), POINTER(c_int), POINTER(seki_error)]),
    "seki_check": (c_int, [c_void_p, c_void_p, POINTER(seki_check_options), POINTER(c_int), POINTER(seki_error)]),
    "seki_serve": (c_int, [c_void_p, c_void_p, POINTER(seki_serve_options), POINTER(seki_error)]),
    "seki_key_create": (c_int, [c_char_p, POINTER(seki_error)]),
    "seki_key_show": (c_int, [c_char_p, c_void_p, POINTER(seki_error)]),
    "seki_secret_create": (c_int, [c_char_p, POINTER(seki_error)]),
    "seki_index_build": (c_int, [c_void_p, c_char_p, c_char_p, c_char_p, POINTER(seki_index_info), POINTER(seki_error)]),
    "seki_index_show": (c_int, [c_char_p, c_char_p, POINTER(seki_index_info), POINTER(seki_error)]),
    "seki_report": (c_int, [POINTER(seki_report_options), POINTER(seki_error)]),
    "seki_evidence": (c_int, [c_char_p, c_char_p, c_char_p, c_char_p, c_char_p, seki_problem_fn, c_void_p, POINTER(seki_error)]),
    "seki_evidence_make": (c_int, [POINTER(seki_evidence_options), POINTER(seki_error)]),
    "seki_evidence_content": (c_int, [c_char_p, c_char_p, c_char_p, POINTER(seki_error)]),
    "seki_evidence_verify": (c_int, [c_char_p, seki_problem_fn, c_void_p, POINTER(seki_error)]),
    "seki_selftest": (c_int, [c_void_p, c_void_p, seki_problem_fn, c_void_p, POINTER(c_size_t), POINTER(c_size_t), POINTER(seki_error)]),
    "seki_log_verify": (c_int, [c_char_p, seki_problem_fn, c_void_p, POINTER(seki_error)]),
}
