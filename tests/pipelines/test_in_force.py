"""Which catalogue files hold."""

from pathlib import Path

from pipelines.catalogue.in_force import files_in_force


def test_what_is_named_goes_before_the_data_directory_and_that_before_the_projects_own(tmp_path: Path) -> None:
    named = tmp_path / "elsewhere.toml"
    assert files_in_force(tmp_path, None, None) == (None, None)
    (tmp_path / "sources.toml").touch()
    (tmp_path / "projects.toml").mkdir()
    assert files_in_force(tmp_path, None, None) == (tmp_path / "sources.toml", None)
    assert files_in_force(tmp_path, named, named) == (named, named)
