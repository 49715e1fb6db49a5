"""Digests sent to receivers on the loopback: what arrives, and what of it could do harm."""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from click.testing import CliRunner
from lxml import etree

from crawler.cli import main
from crawler.notify import NotifyError, open_channels
from pipelines.analysis.digest import Digest, Moved, NewClaim, NewStory, Unwell
from pipelines.store import Store
from tests.crawler.loopback import Done, sources_toml
from tests.crawler.receivers import Mailbox, Receiver
from tests.pipelines.rows import article

HOSTILE = (
    "<!channel> &lt;!here&gt; <@U1> @everyone @room *bold* _low_ `code` [text](x) <script>alert(1)</script> ![pic](x) "
    "\x1b[31m\u202e\x00 ~gone~ |hidden| # {x} \\"
)
DAY = date(2021, 10, 5)
FOUND = Digest(
    datetime(2021, 10, 5, tzinfo=UTC),
    datetime(2021, 10, 6, tzinfo=UTC),
    (
        NewStory(
            "s1", DAY, "tribune", HOSTILE, "https://a.example/@everyone/*x*_y_?q=<!channel>", "en", ("challenge",), 2
        ),
    ),
    (NewClaim("challenge", "studio_launch", "planned", DAY, "day", 1, "tribune", HOSTILE),),
    (Moved("challenge", "launch", DAY, "day", date(2021, 10, 20), "day", 15, "tribune", HOSTILE),),
    (Unwell("gazette", "Gazette & Co", "silent", "timeout", 12),),
    {"challenge": "The Challenge"},
    {"tribune": "The @Tribune"},
)
TITLE = "Orbitwatch: 1 planned date moved, 1 new claim, 1 new story, 1 source needs a person"


def send(url: str, found: Digest = FOUND) -> str:
    (channel,) = open_channels([url])
    return channel.send(found)


def assert_inert(text: str) -> None:
    ours = text.replace(" -> ", " ")  # the one sign that the digest itself writes
    assert re.findall(r"[*_`~|<>\[\]{}&!\\@\x00-\x08\x0b\x0c\x0e-\x1f\u202e]|#(?!\d)", ours) == []
    assert "＜！channel＞" in text
    assert "\ufe6beveryone" in text
    assert "https://a.example/%40everyone/%2Ax%2A%5Fy%5F?q=%3C%21channel%3E" in text
    assert "The Challenge: studio launch planned 5 Oct 2021" in text


@pytest.mark.parametrize(
    ("scheme", "read"),
    [
        ("json", lambda body: json.loads(body)["message"]),
        ("form", lambda body: parse_qs(body.decode())["message"][0]),
        ("xml", lambda body: etree.fromstring(body).findtext(".//Message")),
    ],
)
def test_text_arrives_without_anything_that_a_chat_obeys(
    scheme: str, read: Callable[[bytes], str], receiver: Receiver
) -> None:
    assert send(f"{scheme}://127.0.0.1:{receiver.port}/hook") == ""
    (note,) = receiver.notes
    assert note.path == "/hook"
    assert_inert(read(note.body))


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("mmost://127.0.0.1:{}/3ccdd113474722377935511fc85d3dd4", lambda body: body["text"]),
        ("matrix://hooktoken@127.0.0.1:{}/?mode=slack", lambda body: body["attachments"][0]["text"]),
    ],
)
def test_chats_get_it_so_as_well(url: str, text: Callable[[dict], str], receiver: Receiver) -> None:
    assert send(url.format(receiver.port)) == ""
    assert_inert(text(json.loads(receiver.notes[0].body)).replace("&gt;", ">").replace("\r", "").partition("\n")[2])


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_channel_that_takes_html_gets_it_escaped(receiver: Receiver) -> None:
    assert send(f"json://127.0.0.1:{receiver.port}/?format=html") == ""
    body = json.loads(receiver.notes[0].body)
    page = Tags()
    page.feed(body["message"])
    assert page.tags == {"h1", "h2", "p", "ul", "li", "strong", "bdi", "q", "a"}
    assert page.links == ["https://a.example/%40everyone/%2Ax%2A%5Fy%5F?q=%3C%21channel%3E"]
    assert "<script>alert(1)</script>" in page.text
    assert "@" not in page.text
    assert all(char.isprintable() or char == "\n" for char in page.text)
    assert body["title"] == TITLE


def test_a_mail_arrives_with_a_subject_and_text_beside_the_html(mailbox: Mailbox) -> None:
    server = f"127.0.0.1:{mailbox.port}/?smtp=127.0.0.1&mode=insecure&from=a@race.example&to=b@race.example"
    assert send(f"mailto://{server}") == ""
    (mail,) = mailbox.mails
    assert mail["Subject"] == TITLE
    assert "b@race.example" in mail["To"]
    html, plain = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None
    assert plain is not None
    assert "The Challenge: launch" in plain.get_content()
    assert "<h2>New stories</h2>" in html.get_content()
    assert "<script>" not in html.get_content()


def test_a_long_digest_is_shortened_to_the_channel(receiver: Receiver) -> None:
    many = replace(FOUND, stories=FOUND.stories * 300)
    assert send(f"mmost://127.0.0.1:{receiver.port}/3ccdd113474722377935511fc85d3dd4", many) == ""
    (note,) = receiver.notes  # not a dozen
    text = json.loads(note.body)["text"]
    assert "New stories: 300\n" in text
    assert re.search(r"\n  and \d+ more\n", text)


def test_no_message_repeats_an_address(receiver: Receiver) -> None:
    receiver.status = 500
    problem = send(f"json://user:pa%20ss@127.0.0.1:{receiver.port}/tokentoken?X-Key=querykey")
    assert problem.startswith("address 1 (json://): ")
    assert "500" in problem
    refused = send("json://user:pa%20ss@127.0.0.1:1/tokentoken")
    assert refused.startswith("address 1 (json://): ")
    for secret in ("user", "pa%20ss", "pa ss", "127.0.0.1", "tokentoken", "querykey"):
        assert secret not in problem + refused


def test_an_address_that_apprise_does_not_know_is_named_by_its_place() -> None:
    with pytest.raises(NotifyError) as refused:
        open_channels(["json://127.0.0.1/", "fax://secret", "no address"])
    assert re.findall(r"^address \d.*?is none", str(refused.value), re.MULTILINE) == [
        "address 2 (fax://) is none",
        "address 3 is none",
    ]
    assert "secret" not in str(refused.value)


@pytest.fixture
def stored(data: Path) -> Path:
    """One story, seen on 5 October 2021."""
    data.mkdir()
    (data / "sources.toml").write_text(sources_toml({"id": "tribune", "feeds": ["https://tribune.example/feed"]}))
    moment = datetime(2021, 10, 5, 12, tzinfo=UTC)
    store = Store(data)
    with store.lock():
        store.append(article(1, title="Lift-off", first_seen_at=moment, fetched_at=moment))
        store.fold()
    return data


def test_the_command_sends_instead_of_printing(
    stored: Path, orbitwatch: Callable[..., Done], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = f"json://127.0.0.1:{receiver.port}"
    monkeypatch.setenv("ORBITWATCH_SEND", f"{base}/one {base}/two")
    done = orbitwatch("digest", "--now", "2021-10-06T06:00")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert receiver.paths == ["/one", "/two"]
    assert "Lift-off" in json.loads(receiver.notes[0].body)["message"]


def test_nothing_is_sent_when_nothing_is_new(stored: Path, orbitwatch: Callable[..., Done], receiver: Receiver) -> None:
    arguments = ("--send", f"json://127.0.0.1:{receiver.port}/", "--now", "2021-11-06T06:00")
    done = orbitwatch("digest", *arguments)
    assert (done.code, done.out, receiver.notes) == (0, "", [])
    assert orbitwatch("digest", *arguments, "--send-empty", "--json").json["stories"] == []
    assert json.loads(receiver.notes[0].body)["title"] == "Orbitwatch: nothing new"


def test_a_failed_delivery_is_an_error_and_keeps_no_other_from_its_own(
    stored: Path, orbitwatch: Callable[..., Done], receiver: Receiver
) -> None:
    good, bad = f"json://127.0.0.1:{receiver.port}/good", "json://127.0.0.1:1/tokentoken"
    done = orbitwatch("digest", "--now", "2021-10-06T06:00", "--send", bad, "--send", good)
    assert done.code == 1
    assert done.err.startswith("Error: the digest was not sent to address 1 (json://): ")
    assert "tokentoken" not in done.err
    assert receiver.paths == ["/good"]


def test_an_address_that_cannot_be_used_is_a_mistake_of_the_operator(
    stored: Path, orbitwatch: Callable[..., Done]
) -> None:
    done = orbitwatch("digest", "--send", "fax://tokentoken")
    assert done.code == 2
    assert "address 1 (fax://)" in done.err
    assert "tokentoken" not in done.err


def test_without_the_extra_the_message_names_it(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    done = CliRunner().invoke(main, ["digest", "--data", str(stored), "--send", "json://127.0.0.1/"])
    assert done.exit_code == 2
    assert "pip install 'orbitwatch[notify]'" in done.output
