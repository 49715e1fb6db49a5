"""Dividing the sources among hosts that crawl into one bucket.

All sources of one registered domain belong to one shard, so that one host alone paces its requests to an outlet,
and no page is fetched by two.
"""

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self

from pipelines.urls import registered_domain

MOST = 1000
"""Shards: more than there are outlets in any sources file seen, and a bound on what a typing error can ask for."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One of so many parts.

    Attributes:
        number: which, from 1.
        of: how many.
    """

    number: int
    of: int

    @classmethod
    def parse(cls, written: str) -> Self:
        """Reads "3/8": the third of eight.

        Raises:
            ValueError: if it is no such pair, or the part is none of the parts.
        """
        match = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", written.strip())
        number, of = (int(match[1]), int(match[2])) if match else (0, 0)
        if not 1 <= number <= of <= MOST:
            msg = f"{written!r} is no shard; write for example 3/8, the third of eight"
            raise ValueError(msg)
        return cls(number, of)

    def holds(self, home: str) -> bool:
        """Whether the outlet with this address belongs to the part.

        By BLAKE2b of the registered domain: the same on every host and in every version of Python, whatever other
        sources there are. An outlet moves to another part only when the number of parts changes.

        >>> [Shard(number, 3).holds("https://www.example.co.uk/news") for number in (1, 2, 3)].count(True)
        1
        """
        digest = blake2b((registered_domain(home) or home).encode("utf-8", "replace"), digest_size=8).digest()
        return int.from_bytes(digest, "big") % self.of == self.number - 1
