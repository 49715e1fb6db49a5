"""Lengths of time, told to people."""


def spoken(seconds: float) -> str:
    """A time in the unit that a person would use.

    >>> [spoken(s) for s in (20, 600, 30_000, 400_000)]
    ['20 s', '10 min', '8.3 h', '4.6 days']
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 172_800 else f"{seconds / 86_400:.1f} days"
