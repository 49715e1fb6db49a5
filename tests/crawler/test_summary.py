from datetime import UTC, datetime

import pytest

from crawler.summary import exit_code
from pipelines.model import SourceRun


def rows(*outcomes: str, stored: int = 0) -> list[SourceRun]:
    return [
        SourceRun("r", datetime(2021, 10, 5, tzinfo=UTC), str(n), outcome=o, stored=stored)
        for n, o in enumerate(outcomes)
    ]


@pytest.mark.parametrize(
    ("happened", "failed", "interrupted", "code"),
    [
        (rows(), False, False, 0),
        (rows("ok", "ok"), False, False, 0),
        (rows("ok", "failed"), False, False, 3),
        (rows("ok", "partial"), False, False, 3),
        (rows("failed", "failed"), False, False, 1),
        (rows("failed", stored=1), False, False, 3),
        (rows("ok"), True, False, 1),
        (rows("ok", "failed"), False, True, 130),
        (rows("ok"), True, True, 130),
    ],
)
def test_exit_code(happened: list[SourceRun], failed: bool, interrupted: bool, code: int) -> None:
    assert exit_code(happened, failed=failed, interrupted=interrupted) == code
