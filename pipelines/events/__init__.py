"""Which stories are about one event, across languages and wordings."""

from pipelines.events.grouping import relate
from pipelines.events.upkeep import complete_events, rebuild_events, update_events

__all__ = ["complete_events", "rebuild_events", "relate", "update_events"]
