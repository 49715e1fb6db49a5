"""The part of Orbitwatch that must not lose anything: lock, journal, month files.

`check`, `rebuild_stories` and `migrate` load pyarrow when first asked for; `Store` only when it stores.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from pipelines.store.errors import (
    Owner,
    RowRefused,
    StoreDamaged,
    StoreError,
    StoreFault,
    StoreForeign,
    StoreLocked,
    StoreTooNew,
    StoreTooOld,
)
from pipelines.store.files import Files, LocalFiles
from pipelines.store.store import Folded, Store

if TYPE_CHECKING:
    from pipelines.store.audit import Report, check
    from pipelines.store.examine import Problem
    from pipelines.store.migration import migrate
    from pipelines.store.rebuild import Rebuilt, rebuild_stories

__all__ = [
    "Files",
    "Folded",
    "LocalFiles",
    "Owner",
    "Problem",
    "Rebuilt",
    "Report",
    "RowRefused",
    "Store",
    "StoreDamaged",
    "StoreError",
    "StoreFault",
    "StoreForeign",
    "StoreLocked",
    "StoreTooNew",
    "StoreTooOld",
    "check",
    "migrate",
    "rebuild_stories",
]

_LATER = {
    "Problem": "pipelines.store.examine",
    "Rebuilt": "pipelines.store.rebuild",
    "Report": "pipelines.store.audit",
    "check": "pipelines.store.audit",
    "migrate": "pipelines.store.migration",
    "rebuild_stories": "pipelines.store.rebuild",
}


def __getattr__(name: str) -> object:
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
