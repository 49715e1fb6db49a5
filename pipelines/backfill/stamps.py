"""Instants as archives write them: 14 digits, in UTC."""

from datetime import UTC, datetime

_FORM = "%Y%m%d%H%M%S"
_FIRST_YEAR = 1990


def read_stamp(digits: str) -> datetime:
    """The instant of `20211005085500`.

    Raises:
        ValueError: if it is not 14 digits, no instant, or older than the web.
    """
    if len(digits) != 14 or not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"{digits[:20]!r} is not 14 digits")
    instant = datetime.fromisoformat(f"{digits[:8]}T{digits[8:]}").replace(tzinfo=UTC)
    if instant.year < _FIRST_YEAR:
        raise ValueError(f"{digits!r} is older than the web")
    return instant


def write_stamp(instant: datetime) -> str:
    """The 14 digits of an aware instant."""
    return instant.astimezone(UTC).strftime(_FORM)
