"""Which parts of a backfill are done."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.polling.listings import Fate, Seen, fetch_reason
from pipelines.state import State
from pipelines.state.units import MAX_TRIES, Memory

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite"


def test_a_unit_is_done_with_the_fates_of_its_articles_or_not_at_all(path: Path) -> None:
    with State(path) as state:
        assert state.units.memory("sitemap a") is None
        with suppress(KeyboardInterrupt), state.transaction():
            state.mark_seen([Fate("key", "stored")], NOW)
            state.units.mark_done([("sitemap a", "")], NOW)
            raise KeyboardInterrupt
        assert state.units.memory("sitemap a") is None
        assert state.seen(["key"]) == {}
        state.units.mark_done([("index 1", "key-2\nlast"), ("index 2", "")], NOW)
    with State(path) as state:
        assert state.units.memory("index 1") == Memory(NOW, 0, "key-2\nlast")
        assert state.units.memory("index 2") == Memory(NOW, 0, "")


def test_a_unit_whose_pages_always_fail_is_given_up(path: Path) -> None:
    with State(path) as state:
        given_up = [state.units.mark_failed("unit", "onward", NOW) for _ in range(MAX_TRIES)]
        assert given_up == [False] * (MAX_TRIES - 1) + [True]
        assert state.units.memory("unit") == Memory(NOW, MAX_TRIES, "onward")
        state.units.mark_done([("unit", "onward")], NOW + timedelta(days=1))
        assert state.units.memory("unit") == Memory(NOW + timedelta(days=1), 0, "onward")


@pytest.mark.parametrize(
    ("outcome", "signature", "reason"),
    [
        ("failed:gone", 2 << 32, "elsewhere"),
        ("dropped:soft_404", 2 << 32, "elsewhere"),
        ("failed:gone", 1 << 32, None),
        ("stored", 2 << 32, None),
        ("off_topic", 2 << 32, None),
    ],
)
def test_what_another_list_led_to_in_vain_is_tried_in_an_archive(
    outcome: str, signature: int, reason: str | None
) -> None:
    seen = Seen(1 << 32, outcome, 1, NOW, NOW)
    assert fetch_reason(seen, signature, elsewhere=True) == reason
    assert fetch_reason(seen, signature) is None, "lists that are polled do not take turns"
