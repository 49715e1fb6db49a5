"""Which stories are about one event, across languages and wordings."""

from pipelines.events.grouping import relate
from pipelines.events.upkeep import rebuild_events, update_events

__all__ = ["rebuild_events", "relate", "update_events"]
