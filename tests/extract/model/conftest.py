"""A model server on this machine that answers as a test tells it to."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tolqyn.claims import Document

PUBLISHED = "2022-10-04"
ARTICLE = (
    "ASTANA, Oct 4. About 200,000 Russians have entered Kazakhstan since September 21, the Interior Ministry said.\n\n"
    "Minister Marat Testov said on Tuesday that 147,000 had left the country in the same period. "
    "Between 50,000 and 80,000 are expected to come in November. On Monday 7,000 came and 11,000 left.\n\n"
    "The ministry was founded in 1992 and has 3 buildings.\n"
)
"""Invented, with an invented minister."""


def record(**changes):
    """What a good model writes of the first sentence, with changes."""
    first = {
        "quote": "About 200,000 Russians have entered Kazakhstan since September 21",
        "measure": "entries", "kind": None, "place": "KAZ", "counterpart": None, "group": "RUS",
        "value": 200000, "low": None, "high": None, "unit": "persons", "qualifier": "about",
        "window_start": "2022-09-21", "window_end": "2022-10-04", "said": "2022-10-04", "speaker": None,
        "organization": "Ministry of Internal Affairs of Kazakhstan", "modality": "observed",
        "words": {"measure": "entered", "place": "Kazakhstan", "group": "Russians",
                  "window": "since September 21", "source": "the Interior Ministry"},
    }  # fmt: skip
    words = {**first["words"], **changes.pop("words", {})}
    return {**first, **changes, "words": words}


def completion(content, **choice):
    """A chat completion with that content; records become the JSON that is asked for."""
    if not isinstance(content, str):
        content = json.dumps({"claims": content})
    return {
        "model": "invented-model-1",
        "choices": [{"message": {"content": content}, "finish_reason": "stop", **choice}],
    }


class Server:
    """Gives the answers in turn, the last one for ever; keeps what was asked."""

    def __init__(self):
        self.answers = []
        self.asked = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                server.asked.append(
                    {"path": self.path, "headers": dict(self.headers), "body": json.loads(body)}
                )
                answer = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
                if callable(answer):
                    answer(self)
                    return
                status, content, headers = answer if isinstance(answer, tuple) else (200, answer, {})
                sent = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                for name, value in {"Content-Length": str(len(sent)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(sent)

            def log_message(self, *words):
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # a client that hangs up is what some tests are about

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def bodies(self):
        return [asked["body"] for asked in self.asked]


@pytest.fixture
def server():
    made = Server()
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def document():
    from datetime import date

    return Document("kz", ARTICLE, published=date.fromisoformat(PUBLISHED), language="en")


@pytest.fixture
def make_record():
    return record


@pytest.fixture
def make_completion():
    return completion
