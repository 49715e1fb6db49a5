"""The stories of `tests/data/events.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Told:
    """One telling of one event."""

    event: str
    outlet: str
    language: str
    published: datetime
    projects: list[str]
    title: str
    text: str

    @property
    def story_id(self) -> str:
        return f"{self.event}/{self.outlet}"


with (Path(__file__).parents[1] / "data" / "events.toml").open("rb") as file:
    TOLD = [Told(**row) for row in tomllib.load(file)["story"]]
