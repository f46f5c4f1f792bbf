"""The line to a model: one address, bounded in size and time, patient, and silent about the key."""

import json
import time

import pytest

from tolqyn.errors import ExtractError, UsageError
from tolqyn.extract.model import ModelEngine, RequestRefusedError
from tolqyn.wave.endpoint import Endpoint

KEY = "sk-invented-1234567890"
BODY = {"model": "m", "messages": []}


def complete(server, *answers, key=None, **settings):
    server.answers = list(answers)
    return Endpoint(server.url, key, **{"seconds": 5.0, "pause": 0.01, **settings}).complete(BODY)


def test_a_request_is_posted_with_the_key_in_its_header(server):
    response = complete(server, {"choices": [], "model": "x"}, key=KEY)

    (asked,) = server.asked
    assert response == {"choices": [], "model": "x"}
    assert asked["path"] == "/v1/chat/completions"
    assert asked["headers"]["Authorization"] == f"Bearer {KEY}"
    assert asked["body"] == BODY


def test_without_a_key_none_is_sent(server):
    complete(server, {"a": 1})

    assert "Authorization" not in server.asked[0]["headers"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(server, status):
    busy = (status, {"error": {"message": "later"}}, {})

    assert complete(server, busy, busy, {"a": 1}) == {"a": 1}
    assert len(server.asked) == 3


def test_a_line_that_breaks_is_tried_again(server):
    def hang_up(handler):
        handler.connection.close()

    def half(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b'{"a": ')

    assert complete(server, hang_up, half, {"a": 1}) == {"a": 1}


def test_patience_has_an_end_and_waits_as_long_as_it_is_asked_to(server):
    begun = time.monotonic()

    with pytest.raises(ExtractError, match="answers 503: 'still busy'") as raised:
        complete(
            server, (503, {"error": "still busy"}, {"Retry-After": "1"}), (503, {"error": "still busy"}, {})
        )

    assert len(server.asked) == 4
    assert time.monotonic() - begun > 1
    assert "quota" in raised.value.hint


def test_a_server_that_is_silent_or_trickles_is_left_when_the_time_is_up(server):
    def silent(handler):
        time.sleep(3)

    def trickle(handler):
        handler.send_response(200)
        handler.end_headers()
        while True:  # until the line is cut, or for ever
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)

    def slow_headers(handler):
        while True:
            handler.wfile.write(b"X")
            handler.wfile.flush()
            time.sleep(0.05)

    for slow in (silent, trickle, slow_headers):
        with pytest.raises(ExtractError, match=r"no answer within 0\.4 s"):
            complete(server, slow, seconds=0.4)


def test_an_answer_without_end_is_not_read_to_its_end(server):
    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(10_000):
            handler.wfile.write(b"x" * 65_536)

    with pytest.raises(ExtractError, match="above 4,000,000 bytes"):
        complete(server, endless)
    with pytest.raises(ExtractError, match="above 4,000,000 bytes"):
        complete(server, b" " * 4_000_001)


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[1]", b"[" * 100_000, b"3"])
def test_an_answer_that_is_no_json_object_is_told(server, body):
    with pytest.raises(ExtractError, match="no JSON") as raised:
        complete(server, body)

    assert raised.value.message.isprintable()


def test_a_redirect_is_not_followed(server):
    with pytest.raises(UsageError, match="answers 302: it leads elsewhere"):
        complete(server, (302, b"", {"Location": "https://example.org/v1/chat/completions"}), key=KEY)

    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "hint"), [(401, "--key-env"), (403, "--key-env"), (404, "name of the model")]
)
def test_a_refusal_stops_the_run_at_once(server, status, hint):
    with pytest.raises(UsageError, match=f"answers {status}") as raised:
        complete(server, (status, {"error": {"message": "no"}}, {}))

    assert hint in raised.value.hint
    assert len(server.asked) == 1


def test_a_form_that_is_refused_is_told_apart(server):
    with pytest.raises(RequestRefusedError, match="response_format"):
        complete(server, (400, {"error": {"message": "unknown response_format"}}, {}))


def test_nobody_is_asked_who_failed_three_times_in_a_row(server):
    server.answers = [b"nonsense", b"nonsense", {"a": 1}, b"nonsense"]
    endpoint = Endpoint(server.url, seconds=5.0, pause=0.01)

    for _ in range(2):
        with pytest.raises(ExtractError):
            endpoint.complete(BODY)
    endpoint.complete(BODY)
    for _ in range(2):
        with pytest.raises(ExtractError):
            endpoint.complete(BODY)
    with pytest.raises(UsageError, match="failed 3 times in a row"):
        endpoint.complete(BODY)


def test_an_endpoint_that_is_not_there_is_told(server):
    server.http.server_close()

    with pytest.raises(ExtractError, match="cannot be reached"):
        Endpoint(server.url, seconds=2.0, pause=0.01).complete(BODY)


def test_the_key_is_in_no_message_even_where_the_server_sends_it_back(server):
    def echoes(handler):
        sent = json.dumps({"error": {"message": f"bad key {handler.headers['Authorization']}"}}).encode()
        handler.send_response(401)
        handler.send_header("Content-Length", str(len(sent)))
        handler.end_headers()
        handler.wfile.write(sent)

    with pytest.raises(UsageError) as raised:
        complete(server, echoes, key=KEY)
    assert KEY not in str(raised.value)
    assert "***" in str(raised.value)
    assert KEY not in json.dumps(complete(server, {"choices": [f"Bearer {KEY}"]}, key=KEY))
    assert KEY not in repr(Endpoint(server.url, KEY))


@pytest.mark.parametrize("key", ["a b", "a\nHost: x", "ключ", "a\r"])
def test_a_key_that_no_header_can_carry_is_refused_unshown(key):
    with pytest.raises(UsageError, match="the key holds") as raised:
        Endpoint("https://example.org/v1", key)

    assert key not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/v1", "http://192.0.2.1/v1", "http://localhost.example.org/v1", "http://127.0.0.1.example.org",
        "ftp://127.0.0.1/v1", "127.0.0.1:80", "", "https://", "https://user:secret@example.org/v1",
        "http://127.0.0.1:99999/v1", "http://[::1", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_an_address_that_is_not_private_is_refused(url):
    with pytest.raises(UsageError) as raised:
        Endpoint(url)

    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://127.0.0.1:9", "http://127.0.0.1:9/v1/chat/completions"),
        ("http://localhost:9/v1/", "http://localhost:9/v1/chat/completions"),
        ("http://[::1]:9/api/v1", "http://[::1]:9/api/v1/chat/completions"),
        ("https://example.org/v1/chat/completions", "https://example.org/v1/chat/completions"),
        ("https://example.org/x?api-version=1#part", "https://example.org/x/chat/completions?api-version=1"),
    ],
)
def test_a_base_is_completed_to_the_address_that_is_asked(url, asked):
    assert Endpoint(url).url == asked


def test_proxies_of_the_environment_are_not_used(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")

    assert complete(server, {"a": 1}) == {"a": 1}


def test_a_server_that_knows_no_schema_is_asked_in_a_plainer_form(
    server, document, make_record, make_completion
):
    refused = (400, {"error": {"message": "response_format is not supported"}}, {})
    server.answers = [refused, make_completion([make_record()])]
    engine = ModelEngine("m", Endpoint(server.url, seconds=5.0, pause=0.01).complete)

    found = engine.extract(document)

    assert len(found.claims) == 1
    assert ["response_format" in body for body in server.bodies] == [True, False]
