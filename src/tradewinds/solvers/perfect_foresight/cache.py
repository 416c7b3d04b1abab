"""Compiled functions kept between processes, so that a model is compiled once on a machine and not once a run.

An entry is named by a hash of the traced program itself, with its shapes and every constant in it, and of all that decides what
machine code comes of it: versions, processor, compiler flags. Two models can therefore never be mistaken for one another, and a
change of an equation is a new entry. Files appear under their name only when complete and carry a checksum, so processes share the
folder without locks, and a damaged entry is compiled again.

Nothing of JAX's own configuration is touched: this is not JAX's compilation cache, and what else a process compiles is not kept.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import os
import pickle
import platform
import tempfile
import threading
import time
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tradewinds.errors import CompilationCacheWarning

__all__ = ["Kept", "cache_folder"]

#: Where entries are, and ``off`` for nowhere.
VARIABLE = "TRADEWINDS_CACHE"
#: Largest size of all entries, bytes; those not used for longest go first.
LARGEST = 256 * 1024**2
#: Seconds after which a file that was never completed is taken for abandoned.
ABANDONED = 3600.0
#: The compiler's fusion emitters take two fifths of its time on these programs, and do not make them faster.
CPU_OPTIONS = {"xla_cpu_use_fusion_emitters": False}

_SUFFIX = ".compiled"
_log = logging.getLogger(__name__)
_warned = threading.Event()


def cache_folder() -> Path | None:
    """Return where compiled functions are kept, or None if nowhere.

    It is the folder ``compiled`` in ``TRADEWINDS_CACHE``, else in ``XDG_CACHE_HOME/tradewinds``, else in ``~/.cache/tradewinds``.
    ``TRADEWINDS_CACHE=off`` keeps nothing. The folder can be deleted at any time. Its entries are programs, so only files that
    belong to the user who runs are loaded.
    """
    chosen = os.environ.get(VARIABLE, "").strip()
    if chosen.lower() == "off":
        return None
    if chosen:
        return Path(chosen).expanduser() / "compiled"
    shared = os.environ.get("XDG_CACHE_HOME", "")
    if shared and Path(shared).is_absolute():  # the standard asks to ignore others
        return Path(shared) / "tradewinds" / "compiled"
    try:
        return Path.home() / ".cache" / "tradewinds" / "compiled"
    except RuntimeError:  # nobody's home
        return None


class Kept:
    """A function of arrays, compiled once for each shape of them and kept in :func:`cache_folder`.

    Parameters
    ----------
    function : callable
        Of arrays, or mappings and sequences of them; traced by JAX.
    name : str
        For files and messages.
    """

    def __init__(self, function: Callable[..., Any], name: str) -> None:
        self.function = function
        self.name = name
        self._ready: dict[Any, Any] = {}
        self._lock = threading.Lock()

    def __call__(self, *arguments: Any) -> Any:
        """Return the value at some arrays."""
        import jax

        leaves, tree = jax.tree.flatten(arguments)
        shapes = tree, tuple((leaf.shape, leaf.dtype) for leaf in leaves)
        ready = self._ready.get(shapes)
        if ready is None:
            with self._lock:
                ready = self._ready.get(shapes) or _compiled(jax.jit(self.function).lower(*arguments), self.name)
                self._ready[shapes] = ready
        return ready(*arguments)


def _compiled(lowered: Any, name: str) -> Any:
    """Return a lowered function as a compiled one, loaded where it is kept, else compiled and kept."""
    folder = cache_folder()
    if folder is None:
        return _compile(lowered)
    file = folder / f"{name}-{_key(lowered)}{_SUFFIX}"
    found = _load(file)
    if found is not None:
        _log.debug("%s: reused %s", name, file.name)
        return found
    made = _compile(lowered)
    _log.debug("%s: compiled %s", name, file.name)
    try:
        content = _packed(made)
    except Exception as error:  # this version of JAX, or this program, cannot be stored: only time is lost
        _log.debug("%s: cannot be kept: %s", name, error)
        return made
    _write(file, content)
    return made


def _compile(lowered: Any) -> Any:
    """Return a lowered function compiled, with options that fit where JAX knows them."""
    if _device().platform == "cpu":
        with contextlib.suppress(
            Exception
        ):  # another version of JAX may not know them; a true failure comes again below
            return lowered.compile(compiler_options=CPU_OPTIONS)
    return lowered.compile()


def _key(lowered: Any) -> str:
    """Return a hash of a program with its constants, and of what decides the machine code that comes of it."""
    digest = hashlib.sha256(lowered.as_text().encode())
    for part in (*_surroundings(), os.environ.get("XLA_FLAGS", ""), str(_device()), repr(CPU_OPTIONS)):
        digest.update(b"\0" + part.encode())
    return digest.hexdigest()[:40]


@functools.cache
def _surroundings() -> tuple[str, ...]:
    """Return versions of what compiles and the kind of machine it compiles for."""
    import jax
    import jaxlib

    device = _device()
    found = [platform.python_version(), jax.__version__, jaxlib.__version__, device.client.platform_version]
    return (*found, device.device_kind, platform.system(), platform.machine(), _processor())


def _processor() -> str:
    """Return what tells processors apart: machines that share a home folder need not share instructions."""
    told: dict[str, str] = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines():
            what, _, value = line.partition(":")
            told.setdefault(what.strip(), value.strip())
    found = [told[what] for what in ("model name", "CPU part", "flags", "Features") if what in told]
    return " ".join(found or [platform.processor(), platform.node()])


def _device() -> Any:
    """Return the device that JAX compiles for."""
    import jax

    chosen = getattr(jax.config, "jax_default_device", None)
    return jax.local_devices()[0] if chosen is None or isinstance(chosen, str) else chosen


def _packed(made: Any) -> bytes:
    """Return a compiled function as bytes: a checksum, then what it is the checksum of."""
    from jax.experimental.serialize_executable import serialize

    content = zlib.compress(pickle.dumps(serialize(made)), 1)
    return hashlib.sha256(content).digest() + content


def _load(file: Path) -> Any:
    """Return what a file keeps, or None if it is absent, damaged, another user's or cannot be used."""
    from jax.experimental.serialize_executable import deserialize_and_load

    try:
        with file.open("rb") as stream:
            if hasattr(os, "getuid") and os.fstat(stream.fileno()).st_uid != os.getuid():
                return None
            whole = stream.read()
        if hashlib.sha256(whole[32:]).digest() != whole[:32]:
            _log.debug("%s is damaged", file.name)
            return None
        program, into, out = pickle.loads(zlib.decompress(whole[32:]))
        found = deserialize_and_load(program, into, out, execution_devices=[_device()])
    except FileNotFoundError:
        return None
    except Exception as error:  # whatever is wrong with it, the function can be compiled
        _log.debug("%s cannot be used: %s", file.name, error)
        return None
    with contextlib.suppress(OSError):
        os.utime(file)
    return found


def _write(file: Path, content: bytes) -> None:
    """Put a file in place in one step, or warn once that nothing can be kept."""
    waiting = None
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, waiting = tempfile.mkstemp(prefix="writing-", dir=file.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(waiting).replace(file)
        _trim(file.parent)
    except OSError as error:
        if waiting is not None:
            with contextlib.suppress(OSError):
                Path(waiting).unlink(missing_ok=True)
        if not _warned.is_set() and not file.is_file():  # where it is there now, another process was first
            _warned.set()
            message = (
                f"compiled functions cannot be kept in {file.parent} ({error.strerror or error}); every process compiles again. "
                f"Set {VARIABLE} to a folder that can be written, or to off"
            )
            warnings.warn(message, CompilationCacheWarning, stacklevel=2)


def _trim(folder: Path) -> None:
    """Delete abandoned files, and entries not used for longest while all are larger than allowed."""
    entries = []
    for file in folder.iterdir():
        with contextlib.suppress(OSError):  # another process may have deleted it
            seen = file.stat()
            if file.name.endswith(_SUFFIX):
                entries.append((seen.st_mtime, seen.st_size, file))
            elif file.name.startswith("writing-") and time.time() - seen.st_mtime > ABANDONED:
                file.unlink()
    total = sum(size for _, size, _ in entries)
    for _, size, file in sorted(entries):
        if total <= LARGEST:
            return
        with contextlib.suppress(OSError):
            file.unlink()
        total -= size
