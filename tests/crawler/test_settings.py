"""The settings that safety and politeness rest on are in force, not merely written down."""

import os
import subprocess
import sys

import pytest
from scrapy.settings import Settings

from crawler import settings as ours

FORCE = Settings()
FORCE.setmodule(ours, priority="project")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROBOTSTXT_OBEY", True),
        ("CONCURRENT_REQUESTS_PER_DOMAIN", 1),
        ("TELNETCONSOLE_ENABLED", False),
        ("REMOTE_CONTROL_ENABLED", False),
        ("DOWNLOAD_VERIFY_CERTIFICATES", True),
        ("DOWNLOAD_TLS_MIN_VERSION", "TLSv1.2"),
        ("HTTPPROXY_ENABLED", False),
        ("COOKIES_ENABLED", False),
        ("METAREFRESH_ENABLED", False),
        ("REFERRER_POLICY", "no-referrer"),
        ("SCHEDULER_PRIORITY_QUEUE", "crawler.fair_queue.FairQueue"),
        ("TWISTED_DNS_RESOLVER", "crawler.netguard.PublicOnlyResolver"),
    ],
)
def test_setting(name: str, value: object) -> None:
    assert FORCE[name] == value


def test_every_scheme_but_http_and_https_is_off() -> None:
    handlers = FORCE.getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}


def test_limits_are_bounded() -> None:
    assert FORCE.getint("DOWNLOAD_MAXSIZE") <= 16 * 2**20
    assert FORCE.getfloat("DOWNLOAD_TIMEOUT") <= 60
    assert FORCE.getint("REDIRECT_MAX_TIMES") <= 5
    assert 0 < FORCE.getint("CLOSESPIDER_TIMEOUT") < 15 * 60
    assert FORCE.getfloat("DOWNLOAD_DELAY") >= 1
    assert FORCE.getfloat("MEMUSAGE_CHECK_INTERVAL_SECONDS") <= 10


def test_the_user_agent_names_us_and_a_contact() -> None:
    assert FORCE["USER_AGENT"].startswith("orbitwatch/")
    assert "(+" in FORCE["USER_AGENT"]


def test_the_contact_of_the_environment_is_told_to_whoever_is_asked() -> None:
    agent = subprocess.run(
        [sys.executable, "-c", "from crawler.settings import USER_AGENT; print(USER_AGENT)"],
        env={**os.environ, "ORBITWATCH_CONTACT": "desk@orbitwatch.example"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert agent.strip().endswith("(+desk@orbitwatch.example)")
