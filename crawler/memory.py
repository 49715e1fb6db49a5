"""What the C library and Python's collector do with memory.

glibc raises the size from which a block gets pages of its own to that of the largest block freed so far, up to 32 MB.
After the first bodies of pages, those of later ones lie in the heap among what lives longer, and leave holes that are
never given back; and each thread has a heap of its own.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: Of glibc's malloc.h.
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
#: Bytes from which a block gets pages of its own: more than most pages have, since to map and unmap costs a millisecond
# each; less than the few that leave large holes. And the number of heaps: one for the reactor and one for the threads
# that talk to workers.
_OWN_PAGES, _HEAPS = 2**20, 2

#: Objects more than before from which the collector looks at the young ones, rounds of these before it looks at the
# middle-aged ones, and rounds of those before it looks at all. What a crawl drops is freed without it, but for what
# failed; with Python's (700, 10, 10) a tenth of the CPU went into looking.
_GENERATIONS = 10_000, 20, 50


def collect_rarely() -> None:
    """Makes this process look less often for objects that only point at each other."""
    gc.set_threshold(*_GENERATIONS)


def keep_for_good() -> None:
    """Takes what is loaded by now, modules and rules, out of the collector's sight: it lives as long as the process.

    What loading took in passing is given back: to read the rules and to compile them for the gate, 50 MB.
    """
    gc.freeze()
    if trim := getattr(_c_library(), "malloc_trim", None):
        trim(0)


@contextmanager
def loading() -> Iterator[None]:
    """Holds the collector back while something is loaded that lives as long as the process, and keeps it for good.

    There is nothing to be found among rules that are being read, and to look for it took a sixth of the reading.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        keep_for_good()


def give_back_freed_memory() -> None:
    """Makes this process give large bodies back when they are freed; without glibc nothing happens."""
    if mallopt := getattr(_c_library(), "mallopt", None):
        mallopt(_M_MMAP_THRESHOLD, _OWN_PAGES)
        mallopt(_M_ARENA_MAX, _HEAPS)


def _c_library() -> object:
    """Whose functions are none where it is not glibc."""
    import ctypes  # noqa: PLC0415 - the verbs that only read do without

    return ctypes.CDLL(None)
