from datetime import UTC, datetime

from pipelines.accounting import Ledger

START = datetime(2021, 10, 5, 9, tzinfo=UTC)


def test_every_fate_is_counted_under_its_own_name() -> None:
    ledger = Ledger("run", START)
    for fate, reason in (
        ("stored", ""),
        ("duplicate", ""),
        ("off_topic", ""),
        ("dropped", "no_text"),
        ("dropped", "no_text"),
    ):
        ledger.page("tribune")
        ledger.fate("tribune", fate, reason)  # type: ignore[arg-type]
    row = ledger.of("tribune")
    assert (row.pages, row.stored, row.duplicates, row.off_topic, row.dropped) == (5, 1, 1, 1, {"no_text": 2})
    assert ledger.imbalances() == {}


def test_a_page_without_a_fate_shows() -> None:
    ledger = Ledger("run", START)
    ledger.page("tribune")
    ledger.page("tribune")
    ledger.fate("tribune", "stored")
    assert ledger.imbalances() == {"tribune": 1}


def test_totals_add_counts_and_reasons() -> None:
    ledger = Ledger("run", START)
    for source in ("a", "b"):
        ledger.page(source)
        ledger.fate(source, "dropped", "empty")
        ledger.failure(source, "timeout")
    total = ledger.total()
    assert (total.pages, total.dropped, total.failed) == (2, {"empty": 2}, {"timeout": 2})
