"""`data/projects.toml`: the film projects that are followed, and the words that give them away.

The file holds two things. `[vocabulary]` lists words by family (shooting, place, work, ...) and language;
`[[project]]` names each project with its titles, people and the facts already known of it. Nothing is used
before all of it is right. How terms are written is told in the file itself, and obeyed in
`pipelines.matching`.
"""

import hashlib
from pathlib import Path

from pipelines.catalogue.documents import decoded, parsed, read_bytes
from pipelines.catalogue.problems import CatalogueError, default_file
from pipelines.catalogue.project import FAMILIES, KINDS, KnownMilestone, Project, Projects, Vocabulary
from pipelines.catalogue.projects_check import Checker

__all__ = ["FAMILIES", "KINDS", "KnownMilestone", "Project", "Projects", "Vocabulary", "load_projects"]


def load_projects(path: Path | None = None) -> Projects:
    """Read and check a projects file; None means the project's own.

    Raises:
        CatalogueError: with every problem found, each naming its entry or line and the mend.
    """
    path = path or default_file("projects.toml")
    return _read(path, read_bytes(path, missing="name another with --projects"))


def _read(path: Path, data: bytes) -> Projects:
    checker = Checker()
    projects, vocabulary = checker.read(parsed(decoded(data, path), path))
    if checker.problems:
        raise CatalogueError(path, checker.problems)
    return Projects(projects, vocabulary, hashlib.sha256(data).hexdigest()[:12])
