"""Scrapy's settings as `-s NAME=VALUE` gives them: what is no number where one is due is told before anything runs."""

import math
import re
from typing import Any

import click

from crawler import settings

#: Of the numbers, those that Scrapy reads as floats although their defaults may be whole: they are in seconds.
_SECONDS = re.compile(r"_(?:DELAY|TIMEOUT|INTERVAL)\Z")
_YES_NO = frozenset({"True", "true", "False", "false"})


class ScrapySetting(click.ParamType[tuple[str, str]]):
    """A setting by its name. The kind of its value is that of its default."""

    name = "setting"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Name and value."""
        name, equals, said = value.partition("=")
        if not equals or not name.isupper():
            self.fail(f"{name!r}: write NAME=VALUE, for example DOWNLOAD_DELAY=2", param, ctx)
        default = _default(name)
        if isinstance(default, bool):
            if said not in _YES_NO and not _is_number(said, int):
                self.fail(f"{value}: write {name}=True or {name}=False", param, ctx)
        elif isinstance(default, int) and not _SECONDS.search(name):
            if not _is_number(said, int):
                self.fail(f"{value}: write a whole number, for example {name}={default}", param, ctx)
        elif isinstance(default, int | float) and not _is_number(said, float):
            self.fail(f"{value}: write a number, for example {name}={default}", param, ctx)
        return name, said


def _default(name: str) -> object:
    """The project's default, else Scrapy's, which is loaded for those only: an idle run does without it."""
    if hasattr(settings, name):
        return getattr(settings, name)
    from scrapy.settings import default_settings

    return getattr(default_settings, name, None)


def _is_number(said: str, kind: type[int] | type[float]) -> bool:
    try:
        return math.isfinite(kind(said))
    except (ValueError, OverflowError):
        return False
