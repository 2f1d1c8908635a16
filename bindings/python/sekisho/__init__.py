"""Sekisho (関所): finds personal and medical-claim data in files, labels their confidentiality, says which lie where they must not.

    import sekisho

    rules, policy = sekisho.Rules(), sekisho.Policy("policy.yaml")
    with sekisho.Scanner(rules, policy) as scanner:
        with scanner.scan_path("file.xlsx") as result:
            for finding in result.findings():
                print(finding.element, finding.count, [place.row for place in finding.places()])

A thin layer over sekisho.h, which is the manual: names, options and meanings are those of the header. No value that was found ever
crosses this border. Rules and policies may be shared by threads; a Scanner belongs to one thread at a time, and the interpreter lock
is free while the library works.
"""
from __future__ import annotations

import ctypes
from ctypes import byref, c_bool, c_char_p, c_int, c_size_t, c_uint64, c_void_p, sizeof
from typing import Any, Callable, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from . import _abi
from ._library import (Call, Cancelled, Error, InputError, InternalError, OutOfMemory, PathLike, Problem, Progress, RulesError, UsageError,
                       counters, lib, path_bytes, string_array, text)

__all__ = [
    "Rules", "Policy", "Scanner", "Result", "Finding", "Place", "Reason", "Insurer", "Judgement", "Violation", "Format", "Rule",
    "Problem", "Progress", "Error", "UsageError", "RulesError", "InputError", "OutOfMemory", "Cancelled", "InternalError",
    "IndexInfo", "scan_tree", "check", "label", "serve", "report", "evidence", "evidence_make", "evidence_content", "evidence_verify", "log_verify", "key_create", "key_show", "secret_create", "index_build", "index_show",
    "selftest", "formats", "version", "engines",
]


def version() -> str:
    return text(lib.seki_version())


def engines() -> str:
    return text(lib.seki_version_engines())


class Format(NamedTuple):
    name: str
    title_ja: str
    title_en: str
    readable: bool


def formats() -> List[Format]:
    """Every format that is known, and whether it can be read."""
    out = []
    for i in range(lib.seki_formats()):
        name, ja, en, readable = c_char_p(), c_char_p(), c_char_p(), c_bool()
        Call().check(lib.seki_format(i, byref(name), byref(ja), byref(en), byref(readable)))
        out.append(Format(text(name.value), text(ja.value), text(en.value), readable.value))
    return out


class _Owned:
    """Holds one object of the library; free it with close(), or by leaving a with block."""

    _free: Any = None
    _p: Optional[int] = None

    def close(self) -> None:
        if self._p:
            p, self._p = self._p, None
            self._free(p)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    @property
    def _pointer(self) -> c_void_p:
        if not self._p:
            raise ValueError("%s is closed" % type(self).__name__)
        return c_void_p(self._p)


class Rule(NamedTuple):
    id: str
    element: str
    title_ja: str
    title_en: str


class Rules(_Owned):
    """What to look for. directory None: the installed patterns. cache "": compile anew and keep nothing."""

    def __init__(self, directory: Optional[PathLike] = None, cache: Optional[PathLike] = None) -> None:
        self._free = lib.seki_rules_free
        call, p = Call(), c_void_p()
        options = call.options(_abi.seki_rules_options, {"directory": directory, "cache": cache, "problem": call.problem})
        call.check(lib.seki_rules_load(byref(p), byref(options), byref(call.err)))
        self._p = p.value

    @property
    def version(self) -> str:
        return text(lib.seki_rules_version(self._pointer))

    @property
    def digest(self) -> str:
        return text(lib.seki_rules_digest(self._pointer))

    def __len__(self) -> int:
        return int(lib.seki_rules_count(self._pointer))

    def __iter__(self) -> Iterator[Rule]:
        for i in range(len(self)):
            words = [c_char_p() for _ in range(4)]
            Call().check(lib.seki_rules_item(self._pointer, i, *[byref(w) for w in words]))
            yield Rule(*[text(w.value) for w in words])

    def test(self) -> Tuple[int, List[Problem]]:
        """Runs each detector's own examples: how many, and what failed."""
        call, (run, failed) = Call(), counters()
        call.check(lib.seki_rules_test(self._pointer, call.problem, None, byref(run), byref(failed), byref(call.err)))
        return run.value, call.problems


    def diff(self, newer: Rules, *, policy: Optional[Policy] = None, paths: Iterable[PathLike] = (), language: str = "ja") -> Tuple[int, str]:
        """What differs: how many differences, and a line each; with paths also what that means for the files there."""
        array, changes, call, out = string_array(paths), c_size_t(), Call(), bytearray()
        call.check(lib.seki_rules_diff(self._pointer, newer._pointer, policy._pointer if policy else None, array, len(array), language.encode(),
                                       call.writer(out.extend), None, byref(changes), byref(call.err)))
        return changes.value, out.decode("utf-8")


class Policy(_Owned):
    """How to judge. path None: the default policy beside the installed patterns."""

    def __init__(self, path: Optional[PathLike] = None, rules: Optional[Rules] = None) -> None:
        self._free = lib.seki_policy_free
        call, p = Call(), c_void_p()
        options = call.options(_abi.seki_policy_options, {"rules": rules._pointer if rules else None, "problem": call.problem})
        call.check(lib.seki_policy_load(byref(p), None if path is None else path_bytes(path), byref(options), byref(call.err)))
        self._p = p.value

    @property
    def id(self) -> str:
        return text(lib.seki_policy_id(self._pointer))

    @property
    def version(self) -> str:
        return text(lib.seki_policy_version(self._pointer))

    @property
    def digest(self) -> str:
        return text(lib.seki_policy_digest(self._pointer))

    @property
    def is_draft(self) -> bool:
        return bool(lib.seki_policy_is_draft(self._pointer))

    def render(self, html: bool = False, language: str = "ja") -> str:
        """The tables of the annex, as Markdown or HTML."""
        return _written(lambda call, write: lib.seki_policy_render(self._pointer, html, language.encode(), write, None, byref(call.err)))

    def diff(self, newer: Policy, state: Optional[PathLike] = None, language: str = "ja") -> str:
        """What differs, by id; with a state also how many stored files would change."""
        s = None if state is None else path_bytes(state)
        return _written(lambda call, write: lib.seki_policy_diff(self._pointer, newer._pointer, s, language.encode(), write, None, byref(call.err)))

    def coverage(self, paths: Iterable[PathLike], language: str = "ja") -> str:
        """Which of these folders fall to the default location."""
        array = string_array(paths)
        return _written(lambda call, write: lib.seki_policy_coverage(self._pointer, array, len(array), language.encode(), write, None, byref(call.err)))


def _written(run: Callable[[Call, Any], int]) -> str:
    """What a call wrote, as text."""
    call, out = Call(), bytearray()
    call.check(run(call, call.writer(out.extend)))
    return out.decode("utf-8")


class Scanner(_Owned):
    """Scans in this process, one file after another. cancelled: asked every 50 ms of work; true raises Cancelled.

    Hostile bytes are parsed inside your process; scan_tree() and check() use locked worker processes instead.
    """

    def __init__(self, rules: Rules, policy: Optional[Policy] = None, *, cancelled: Optional[Callable[[], bool]] = None, **options: Any) -> None:
        self._free = lib.seki_scanner_free
        self._borrowed = (rules, policy)
        # Lives as long as the scanner: the library keeps its callback.
        self._call = call = Call()
        p = c_void_p()
        o = call.options(_abi.seki_scanner_options, options)
        o.cancelled = call.canceller(_abi.seki_scanner_options_cancelled, cancelled)
        self._options = o
        call.check(lib.seki_scanner_new(byref(p), rules._pointer, policy._pointer if policy else None, byref(o), byref(call.err)))
        self._p = p.value

    def _scan(self, scan: Callable[[Any, Any], int]) -> Result:
        p = c_void_p()
        self._call.raised = None
        self._call.check(scan(byref(p), byref(self._call.err)))
        return Result(p.value, self)

    def scan_path(self, path: PathLike) -> Result:
        return self._scan(lambda out, err: lib.seki_scan_path(self._pointer, path_bytes(path), out, err))

    def scan_fd(self, fd: int, name: Optional[PathLike] = None) -> Result:
        """fd is read with pread and not closed."""
        n = None if name is None else path_bytes(name)
        return self._scan(lambda out, err: lib.seki_scan_fd(self._pointer, fd, n, out, err))

    def scan_bytes(self, data: bytes, name: Optional[PathLike] = None) -> Result:
        n = None if name is None else path_bytes(name)
        return self._scan(lambda out, err: lib.seki_scan_memory(self._pointer, data, len(data), n, out, err))


class Reason(NamedTuple):
    """Why something was not inspected."""

    code: str
    detail: str
    part: str


class Insurer(NamedTuple):
    number: str
    min: int
    max: int


class Place(NamedTuple):
    """Where a person would look. kind: bytes, cell, page, slide, paragraph, part; the other fields are those of that kind."""

    part: str
    kind: str
    hidden: Optional[str]
    offset: int
    length: int
    line: int
    column: int
    row: int
    col: int
    number: int


class Finding:
    """One kind of data that was found; never the data."""

    def __init__(self, result: Result, index: int) -> None:
        f = _abi.seki_finding()
        f.size = sizeof(f)
        Call().check(lib.seki_result_finding(result._pointer, index, byref(f)))
        self._result, self._index, self._places = result, index, f.places
        self.element, self.confidence, self.count = text(f.element), text(f.confidence), int(f.count)

    def places(self) -> Iterator[Place]:
        """The places that were kept (max_places); count is exact whatever their number."""
        p = _abi.seki_place()
        p.size = sizeof(p)
        for i in range(self._places):
            Call().check(lib.seki_result_place(self._result._pointer, self._index, i, byref(p)))
            yield Place(self._result.part(p.part), text(p.kind), None if p.hidden is None else text(p.hidden), p.offset, p.length, p.line, p.column,
                        p.row, p.col, p.number)

    def __repr__(self) -> str:
        return "Finding(%s, %s, %d)" % (self.element, self.confidence, self.count)


class Result(_Owned):
    """What one scan saw. Immutable; everything read from it is copied."""

    def __init__(self, p: Optional[int], scanner: Scanner) -> None:
        self._free, self._p, self._scanner = lib.seki_result_free, p, scanner

    @property
    def state(self) -> str:
        """"inspected", "partial" or "uninspectable"; only the first can be clean."""
        return text(lib.seki_result_state(self._pointer))

    @property
    def format(self) -> str:
        return text(lib.seki_result_format(self._pointer))

    @property
    def sha256(self) -> str:
        return text(lib.seki_result_sha256(self._pointer, ctypes.create_string_buffer(65)))

    @property
    def persons(self) -> Tuple[int, int]:
        low, high = c_uint64(), c_uint64()
        lib.seki_result_persons(self._pointer, byref(low), byref(high))
        return low.value, high.value

    @property
    def own_persons(self) -> Optional[int]:
        """Persons of the own register, when the scanner was given an index; else None."""
        n = c_uint64()
        return n.value if lib.seki_result_own_persons(self._pointer, byref(n)) else None

    def part(self, number: int) -> str:
        """Path inside the file, "!"-separated; "" for the file itself."""
        n = lib.seki_result_part(self._pointer, number, None, 0)
        buffer = ctypes.create_string_buffer(n + 1)
        lib.seki_result_part(self._pointer, number, buffer, n + 1)
        return text(buffer.value)

    def reasons(self) -> Iterator[Reason]:
        r = _abi.seki_reason()
        r.size = sizeof(r)
        for i in range(lib.seki_result_reasons(self._pointer)):
            Call().check(lib.seki_result_reason(self._pointer, i, byref(r)))
            yield Reason(text(r.code), text(r.detail), self.part(r.part))

    def findings(self) -> Iterator[Finding]:
        for i in range(lib.seki_result_findings(self._pointer)):
            yield Finding(self, i)

    def insurers(self) -> Iterator[Insurer]:
        n = _abi.seki_insurer()
        n.size = sizeof(n)
        for i in range(lib.seki_result_insurers(self._pointer)):
            Call().check(lib.seki_result_insurer(self._pointer, i, byref(n)))
            yield Insurer(text(n.number), n.min, n.max)

    def judge(self, policy: Policy, **options: Any) -> Judgement:
        """Label and violations as if the file lay at path=…; other options: group, mtime, world_readable, as_of."""
        call, p = Call(), c_void_p()
        o = call.options(_abi.seki_judge_options, options)
        call.check(lib.seki_judge_place(byref(p), policy._pointer, self._pointer, byref(o), byref(call.err)))
        try:
            return Judgement(p)
        finally:
            lib.seki_judgement_free(p)


class Violation(NamedTuple):
    code: str
    severity: str
    detail_ja: str
    detail_en: str


class Judgement:
    """A copy of what the library judged."""

    def __init__(self, p: c_void_p) -> None:
        self.grade, self.location = text(lib.seki_judgement_grade(p)), text(lib.seki_judgement_location(p))
        self.violations: List[Violation] = []
        for i in range(lib.seki_judgement_violations(p)):
            words = [c_char_p() for _ in range(4)]
            Call().check(lib.seki_judgement_violation(p, i, *[byref(w) for w in words]))
            self.violations.append(Violation(*[text(w.value) for w in words]))


def scan_tree(rules: Rules, policy: Policy, paths: Iterable[PathLike], *, write: Optional[Callable[[bytes], Any]] = None,
              progress: Optional[Callable[[Progress], Any]] = None, cancelled: Optional[Callable[[], bool]] = None, **options: Any) -> int:
    """Whole trees in locked worker processes. Returns the exit status of the command: 0 nothing wrong and everything inspected, 1, 2 or 3.

    options are the fields of seki_tree_options: as_prefix, state, format, output, language, as_of, jobs, full, ….
    """
    call, status = Call(), c_int()
    o = call.options(_abi.seki_tree_options, dict(options, paths=paths, problem=call.problem))
    o.progress = call.progress(progress)
    o.cancelled = call.canceller(_abi.seki_tree_options_cancelled, cancelled)
    if write:
        o.write = call.writer(write)
    call.check(lib.seki_scan_tree(rules._pointer, policy._pointer, byref(o), byref(status), byref(call.err)))
    return status.value


def check(rules: Rules, policy: Policy, files: Sequence[PathLike], dest: str, *, fds: Optional[Sequence[int]] = None,
          write: Optional[Callable[[bytes], Any]] = None, json: Optional[Callable[[bytes], Any]] = None, **options: Any) -> int:
    """May these files be sent to dest? Returns 0 送付可, 1 送付不可, 2 判定不能 or 3 条件未達; write receives the slip.

    With fds, descriptors that are read instead, files only name them. json also receives the JSON, which holds the receipt.
    options are the fields of seki_check_options: recipients, approvals, contract, receipts, format ("text", "json", "html"), language, ….
    """
    call, status = Call(), c_int()
    if fds is not None and len(fds) != len(files):
        raise ValueError("fds: one for each of files is wanted")
    o = call.options(_abi.seki_check_options, dict(options, files=files, dest=dest, fds=fds, problem=call.problem))
    if write:
        o.write = call.writer(write)
    if json:
        o.json = call.writer(json)
    call.check(lib.seki_check(rules._pointer, policy._pointer, byref(o), byref(status), byref(call.err)))
    return status.value


def label(rules: Rules, policy: Policy, paths: Iterable[PathLike], *, write: Optional[Callable[[bytes], Any]] = None,
          cancelled: Optional[Callable[[], bool]] = None, **options: Any) -> int:
    """Labels for other tools. options are the fields of seki_label_options: format ("text", "csv", "json"), apply_xattr, state, …."""
    call, status = Call(), c_int()
    o = call.options(_abi.seki_label_options, dict(options, paths=paths, problem=call.problem))
    o.cancelled = call.canceller(_abi.seki_label_options_cancelled, cancelled)
    if write:
        o.write = call.writer(write)
    call.check(lib.seki_label(rules._pointer, policy._pointer, byref(o), byref(status), byref(call.err)))
    return status.value


def serve(rules: Rules, policy: Policy, *, started: Callable[[str], Any], cancelled: Optional[Callable[[], bool]] = None, **options: Any) -> None:
    """The local page, in the calling thread until cancelled() is true. started is told the address, with its token."""
    call = Call()
    o = call.options(_abi.seki_serve_options, options)
    o.started = _abi.seki_serve_options_started(call.guard(lambda _, url: started(text(url)), None))
    o.cancelled = call.canceller(_abi.seki_serve_options_cancelled, cancelled)
    call.check(lib.seki_serve(rules._pointer, policy._pointer, byref(o), byref(call.err)))


def report(state: Optional[PathLike] = None, kind: str = "nightly", *, policy: Optional[Policy] = None, write: Optional[Callable[[bytes], Any]] = None, **options: Any) -> None:
    """A report from the store, or with states=[…] and their policy from several as one. kind: "nightly", "audit", "trend" or "inventory";
    options: format, audience, output, language, sample, seed."""
    call = Call()
    if policy:
        options["policy"] = policy._pointer
    o = call.options(_abi.seki_report_options, dict(options, state=state, kind=kind, problem=call.problem))
    if write:
        o.write = call.writer(write)
    call.check(lib.seki_report(byref(o), byref(call.err)))


def evidence(state: PathLike, finding: str, folder: PathLike, *, known: Optional[str] = None, language: str = "ja") -> None:
    """Writes the evidence bundle of a finding ("F-12") into a new folder."""
    call = Call()
    call.check(lib.seki_evidence(path_bytes(state), finding.encode(), known.encode() if known else None, path_bytes(folder), language.encode(),
                                 call.problem, None, byref(call.err)))


def evidence_make(state: PathLike, finding: str, folder: PathLike, **options: Any) -> None:
    """The same with all options: drill (訓練 on every page), recipient (public key for whom the content is sealed), known, language."""
    call = Call()
    o = call.options(_abi.seki_evidence_options, dict(options, state=state, finding=finding, folder=folder, problem=call.problem))
    call.check(lib.seki_evidence_make(byref(o), byref(call.err)))


def evidence_content(folder: PathLike, key: PathLike, output: PathLike) -> None:
    """Opens the sealed content of a bundle with the secret key into a new file."""
    call = Call()
    call.check(lib.seki_evidence_content(path_bytes(folder), path_bytes(key), path_bytes(output), byref(call.err)))


def evidence_verify(folder: PathLike) -> None:
    """Raises RulesError, whose problems name each file of the bundle that is not as it was written."""
    call = Call()
    call.check(lib.seki_evidence_verify(path_bytes(folder), call.problem, None, byref(call.err)))


def log_verify(state: PathLike) -> None:
    """Raises RulesError when the audit chain of a store was edited, cut or reordered."""
    call = Call()
    call.check(lib.seki_log_verify(path_bytes(state), call.problem, None, byref(call.err)))


def key_create(path: PathLike) -> None:
    """Makes the site's signing key in a new file that only its owner may read."""
    call = Call()
    call.check(lib.seki_key_create(path_bytes(path), byref(call.err)))


def key_show(path: PathLike) -> str:
    """The public half of a key, 64 hex digits."""
    call, out = Call(), ctypes.create_string_buffer(65)
    call.check(lib.seki_key_show(path_bytes(path), out, byref(call.err)))
    return text(out.value)


def secret_create(path: PathLike) -> None:
    """Makes the secret of an index, or of stores that are joined, in a new file that only its owner may read."""
    call = Call()
    call.check(lib.seki_secret_create(path_bytes(path), byref(call.err)))


class IndexInfo(NamedTuple):
    records: int
    keys: int
    without: int
    made: str
    digest: str


def _index_info(run: Callable[[Any, Any], int]) -> IndexInfo:
    call, info = Call(), _abi.seki_index_info()
    info.size = sizeof(info)
    call.check(run(byref(info), byref(call.err)))
    return IndexInfo(info.records, info.keys, info.without, text(info.made), text(info.digest))


def index_build(rules: Rules, people: PathLike, output: PathLike, secret: PathLike) -> IndexInfo:
    """Reads the list of the own insured persons once and writes their keyed index; Individual Numbers are never taken."""
    return _index_info(lambda info, err: lib.seki_index_build(rules._pointer, path_bytes(people), path_bytes(output), path_bytes(secret), info, err))


def index_show(index: PathLike, secret: PathLike) -> IndexInfo:
    return _index_info(lambda info, err: lib.seki_index_show(path_bytes(index), path_bytes(secret), info, err))


def selftest(rules: Rules, policy: Policy) -> Tuple[int, List[Problem]]:
    """Proves that detection works here and now: how many tests ran, and what failed."""
    call, (run, failed) = Call(), counters()
    call.check(lib.seki_selftest(rules._pointer, policy._pointer, call.problem, None, byref(run), byref(failed), byref(call.err)))
    return run.value, call.problems
