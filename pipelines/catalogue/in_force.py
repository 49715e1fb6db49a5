"""Which of the catalogue files hold: those that are named, those of the data directory, or the project's own."""

from pathlib import Path


def files_in_force(data: Path, sources: Path | None, projects: Path | None) -> tuple[Path | None, Path | None]:
    """The sources file and the projects file; None for one of the project's own.

    Args:
        data: the data directory.
        sources: the sources file where one is named.
        projects: likewise.
    """
    in_data = data / "sources.toml", data / "projects.toml"
    return (
        sources or (in_data[0] if in_data[0].is_file() else None),
        projects or (in_data[1] if in_data[1].is_file() else None),
    )
