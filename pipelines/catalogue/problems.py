"""What is wrong with a sources or projects file, said so that a person can mend it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake.

    Attributes:
        where: the entry or line, for example `source "spacenews"`, `source 3` or `line 12`.
        what: what is wrong.
        mend: what to do about it.
    """

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.mend}"


class CatalogueError(ValueError):
    """A sources or projects file cannot be used; nothing has been fetched.

    Attributes:
        path: the file.
        problems: all mistakes found, in the file's order.
    """

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        super().__init__("\n".join(f"{path}: {problem}" for problem in problems))


def default_file(name: str) -> Path:
    """The project's own "sources.toml" or "projects.toml": in the checkout's `data/`, or inside the wheel."""
    here = Path(__file__).resolve().parent
    checkout = here.parents[1] / "data" / name
    return checkout if checkout.is_file() else here / "defaults" / name
