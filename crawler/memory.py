"""What the C library does with memory that has been freed.

glibc raises the size from which a block gets pages of its own to that of the largest block freed so far, up to 32 MB.
After the first bodies of pages, those of later ones lie in the heap among what lives longer, and leave holes that are
never given back; and each thread has a heap of its own.
"""

import ctypes

#: Of glibc's malloc.h.
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
#: Bytes from which a block gets pages of its own: more than most pages have, since to map and unmap costs a millisecond
# each; less than the few that leave large holes. And the number of heaps: one for the reactor and one for the threads
# that talk to workers.
_OWN_PAGES, _HEAPS = 2**20, 2


def give_back_freed_memory() -> None:
    """Makes this process give large bodies back when they are freed; without glibc nothing happens."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _OWN_PAGES)
        mallopt(_M_ARENA_MAX, _HEAPS)
