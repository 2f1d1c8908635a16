"""Opens libsekisho and turns its statuses and callbacks into Python's ways."""
from __future__ import annotations

import ctypes
import os
from ctypes import c_char_p, c_int, c_size_t, sizeof
from typing import Any, Callable, Iterable, List, NamedTuple, Optional, Sequence, Union

from . import _abi

PathLike = Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]


class Problem(NamedTuple):
    """One mistake in a file written by people; line and column are 1-based, 0 = the whole file."""

    file: str
    line: int
    column: int
    ja: str
    en: str


class Error(Exception):
    """What the library refused. `ja` and `en` say what happened, where, and what to do; `problems` lists every mistake."""

    def __init__(self, ja: str, en: str, system: int = 0, problems: Sequence[Problem] = ()) -> None:
        super().__init__(en or ja)
        self.ja, self.en, self.system, self.problems = ja, en, system, list(problems)

    def __str__(self) -> str:
        lines = ["%s:%d:%d: %s" % (p.file, p.line, p.column, p.en) for p in self.problems]
        return "\n".join([self.en] + lines)


class UsageError(Error, ValueError):
    """An argument cannot be used."""


class RulesError(Error):
    """Mistakes in rules, a policy, receipts or evidence: see `problems`."""


class InputError(Error, OSError):
    """A file that the caller named cannot be opened, read or written."""


class OutOfMemory(Error, MemoryError):
    pass


class Cancelled(Error):
    pass


class InternalError(Error):
    """A fault of the library: please report it."""


ERRORS = {
    _abi.SEKI_E_USAGE: UsageError,
    _abi.SEKI_E_RULES: RulesError,
    _abi.SEKI_E_IO: InputError,
    _abi.SEKI_E_MEMORY: OutOfMemory,
    _abi.SEKI_E_CANCELLED: Cancelled,
    _abi.SEKI_E_INTERNAL: InternalError,
}


def _open() -> ctypes.CDLL:
    name = os.environ.get("SEKISHO_LIBRARY", "libsekisho.so.0")
    try:
        library = ctypes.CDLL(name)
    except OSError as e:
        raise ImportError(
            "libsekisho is not installed, or another version is (%s). Install the package libsekisho0, or name the file in SEKISHO_LIBRARY." % e
        ) from e
    for function, (result, arguments) in _abi.FUNCTIONS.items():
        try:
            f = getattr(library, function)
        except AttributeError as e:
            raise ImportError("%s has no %s: it is older than this Python package" % (name, function)) from e
        f.restype, f.argtypes = result, arguments
    return library


lib: Any = _open()


def text(value: Optional[bytes]) -> str:
    return (value or b"").decode("utf-8", "replace")


def path_bytes(value: PathLike) -> bytes:
    return os.fsencode(value)


class Call:
    """The error, the mistakes and the callbacks of one call.

    An exception raised inside a callback cannot pass through C: it is kept, the call is stopped where it can be, and raised again here.
    """

    def __init__(self) -> None:
        self.err = _abi.seki_error()
        self.problems: List[Problem] = []
        self.raised: Optional[BaseException] = None
        self.keep: List[Any] = []
        self.problem = _abi.seki_problem_fn(self._problem)

    def _problem(self, _: Any, p: Any) -> None:
        c = p.contents
        self.problems.append(Problem(text(c.file), c.line, c.column, text(c.ja), text(c.en)))

    def guard(self, function: Callable[..., Any], failed: Any) -> Callable[..., Any]:
        def run(*args: Any) -> Any:
            if self.raised is not None:
                return failed
            try:
                return function(*args)
            except BaseException as e:  # also KeyboardInterrupt: it must not be lost in C
                self.raised = e
                return failed

        return run

    def writer(self, sink: Callable[[bytes], Any]) -> Any:
        def write(_: Any, data: int, n: int) -> bool:
            sink(ctypes.string_at(data, n))
            return True

        return _abi.seki_write_fn(self.guard(write, False))

    def canceller(self, kind: Any, cancelled: Optional[Callable[[], bool]]) -> Any:
        def ask(_: Any) -> bool:
            return bool(cancelled()) if cancelled else False

        asked = self.guard(ask, True)
        return kind(lambda ctx: True if self.raised is not None else asked(ctx))

    def progress(self, tell: Optional[Callable[[Progress], Any]]) -> Any:
        if tell is None:
            return _abi.seki_progress_fn()

        def told(_: Any, p: Any) -> None:
            c = p.contents
            tell(Progress(c.files, c.files_total, c.bytes, c.bytes_total, c.seconds))

        return _abi.seki_progress_fn(self.guard(told, None))

    def check(self, status: int) -> None:
        if self.raised is not None:
            raise self.raised
        if status != _abi.SEKI_OK:
            raise ERRORS.get(status, InternalError)(text(self.err.ja), text(self.err.en), self.err.system, self.problems)

    def options(self, kind: Any, values: dict) -> Any:
        """An options struct from keywords; None leaves a field at its default."""
        o = kind()
        o.size = sizeof(kind)
        names = {name for name, _ in kind._fields_} - {"size"}
        for name, value in values.items():
            if name not in names:
                raise TypeError("%s has no option %r" % (kind.__name__, name))
            if value is None:
                continue
            if "n_" + name in names:
                array = string_array(value)
                self.keep.append(array)
                setattr(o, name, array)
                setattr(o, "n_" + name, len(array))
            elif name == "fds":
                array = (c_int * len(value))(*value)
                self.keep.append(array)
                setattr(o, name, array)
            elif isinstance(value, (str, os.PathLike)):
                setattr(o, name, path_bytes(value))
            else:
                setattr(o, name, value)
        return o


class Progress(NamedTuple):
    files: int
    files_total: int
    bytes: int
    bytes_total: int
    seconds: float


def string_array(values: Union[PathLike, Iterable[PathLike]]) -> Any:
    if isinstance(values, (str, bytes, os.PathLike)):
        values = [values]
    encoded = [path_bytes(v) for v in values]
    return (c_char_p * len(encoded))(*encoded)


def counters() -> Any:
    return c_size_t(), c_size_t()


