"""What is remembered between runs, in one SQLite file that may be deleted without loss."""

from pipelines.state.file import StateError
from pipelines.state.state import Due, RobotsCopy, State, host_of

__all__ = ["Due", "RobotsCopy", "State", "StateError", "host_of"]
