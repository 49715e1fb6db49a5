from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.backfill.scopes import Scope, scope_of_pattern, scope_of_site


@pytest.mark.parametrize(
    ("pattern", "scope"),
    [
        ("*.outlet.example", Scope("outlet.example", "domain")),
        ("*.outlet.example/*", Scope("outlet.example", "domain")),
        ("outlet.example/2021/*", Scope("outlet.example/2021/", "prefix")),
        ("https://Outlet.example/2021/film*", Scope("outlet.example/2021/film", "prefix")),
        ("outlet.example/2021/film?id=7", Scope("outlet.example/2021/film?id=7", "exact")),
    ],
)
def test_of_a_pattern(pattern, scope):
    assert scope_of_pattern(pattern) == scope


@pytest.mark.parametrize("pattern", ["", "*", "outlet.*/a", "*.outlet.example/a*", "ftp://outlet.example/", "a b"])
def test_of_no_pattern(pattern):
    with pytest.raises(ValueError, match=r"wildcard|domain pattern|no host|scheme|host name"):
        scope_of_pattern(pattern)


@given(st.text())
def test_of_any_text(text):
    for scope_of in (scope_of_pattern, scope_of_site):
        with suppress(ValueError):
            scope_of(f"https://outlet.example{text}")
        with suppress(ValueError):
            scope_of(text)


@pytest.mark.parametrize(
    ("home", "scope"),
    [
        ("https://www.outlet.example/", Scope("outlet.example", "domain")),
        ("https://science.outlet.example", Scope("science.outlet.example", "host")),
        ("https://www.outlet.example/news/", Scope("www.outlet.example/news/", "prefix")),
        ("http://127.0.0.1:8000/", Scope("127.0.0.1:8000", "domain")),
    ],
)
def test_of_a_site(home, scope):
    assert scope_of_site(home) == scope
