"""The two files that people edit: `data/sources.toml` and `data/projects.toml`, read and checked before anything is fetched."""

from pipelines.catalogue.problems import CatalogueError, Problem
from pipelines.catalogue.projects import Project, Projects, load_projects
from pipelines.catalogue.sources import Source, load_sources

__all__ = ["CatalogueError", "Problem", "Project", "Projects", "Source", "load_projects", "load_sources"]
