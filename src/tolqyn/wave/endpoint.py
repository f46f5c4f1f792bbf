"""One line to a language model: the endpoint that the user named, and no other.

https, or plain http to this machine alone. No redirect is followed, no proxy of the environment is
used, an answer is bounded in size and time, and the key is never shown: not in messages, not where the
server sends it back.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from tolqyn.errors import ExtractError, UsageError
from tolqyn.extract.model import RequestRefusedError

__all__ = ["Endpoint"]

_MOST_BYTES = 4_000_000
_CHUNK = 65_536
_CONNECT_SECONDS = 10.0
_LONGEST_PAUSE = 60.0
_TRIES = 4
_IN_A_ROW = 3  # failures after which nobody is at the other end
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
_FORM = frozenset({400, 415, 422, 501})
_SHOWN = 160


class Endpoint:
    """An OpenAI-compatible endpoint for chat completions.

    Args:
        url: its base (https://host/v1) or the whole address up to /chat/completions.
        key: sent as a bearer token; None where the endpoint asks for none.
        seconds: time for one answer.
        pause: seconds before the first retry; each further one waits twice as long.

    Raises:
        UsageError: an address that is not https and not this machine, or a key that no header can carry.
    """

    def __init__(
        self, url: str, key: str | None = None, *, seconds: float = 120.0, pause: float = 1.0
    ) -> None:
        self._parts = _checked(url)
        self._key = key or None
        if self._key is not None and not (
            self._key.isascii() and self._key.isprintable() and " " not in self._key
        ):
            raise UsageError("the key holds spaces, line ends or letters that no header can carry")
        self._seconds = seconds
        self._pause = pause
        self._failed = 0
        self.requests = 0

    @property
    def url(self) -> str:
        """The address that requests go to."""
        return self._parts.geturl()

    def complete(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The response to a chat completion; tried again where the server is busy or the line breaks.

        Raises:
            RequestRefusedError: the server does not take the form of the request.
            ExtractError: no answer, or none that can be read.
            UsageError: the server refuses us, or has failed several times in a row.
        """
        content = json.dumps(body, ensure_ascii=True).encode()
        try:
            response = self._patiently(content)
        except RequestRefusedError:
            raise
        except ExtractError as error:
            self._failed += 1
            if self._failed >= _IN_A_ROW:
                message = (
                    f"the model endpoint failed {self._failed} times in a row, at last so: {error.message}"
                )
                raise UsageError(message, self.url, error.hint) from None
            raise
        self._failed = 0
        return response

    def _patiently(self, content: bytes) -> Mapping[str, Any]:
        """One answer, after as many tries as are reasonable."""
        for attempt in range(_TRIES):
            self.requests += 1
            try:
                status, wait, answer = self._once(content)
            except TimeoutError:
                raise ExtractError(
                    f"no answer within {self._seconds:g} s", self.url, "give it more time: --timeout SECONDS"
                ) from None
            except ssl.SSLCertVerificationError as error:
                raise UsageError(
                    f"the certificate is not to be trusted ({error.verify_message})", self.url
                ) from None
            except (OSError, http.client.HTTPException) as error:
                failure = f"cannot be reached ({type(error).__name__}: {str(error)[:_SHOWN]})"
                wait = None
            else:
                if status == 200:
                    return self._read(answer)
                failure = f"answers {status}{self._told(answer)}"
                if status not in _BUSY:
                    raise self._refusal(status, failure)
            if attempt + 1 < _TRIES:
                time.sleep(min(wait if wait is not None else self._pause * 2**attempt, _LONGEST_PAUSE))
        raise ExtractError(f"the endpoint {failure}", self.url, "is it running, and is there quota left?")

    def _refusal(self, status: int, failure: str) -> ExtractError | UsageError:
        if status in _FORM:
            return RequestRefusedError(f"the endpoint {failure}", self.url)
        if 300 <= status < 400:
            return UsageError(
                f"the endpoint {failure}: it leads elsewhere", self.url, "name the final address yourself"
            )
        if status in {401, 403}:
            return UsageError(
                f"the endpoint {failure}", self.url, "put the key into the environment variable of --key-env"
            )
        if status in {404, 405}:
            return UsageError(
                f"the endpoint {failure}", self.url, "check the address and the name of the model"
            )
        return ExtractError(f"the endpoint {failure}", self.url)

    def _once(self, content: bytes) -> tuple[int, float | None, bytes]:
        """Status, seconds it asks us to wait, body.

        Raises:
            TimeoutError: the time was up.
        """
        late = threading.Event()
        try:
            with self._line(late) as connection:
                connection.request("POST", self._target, content, self._headers())
                with connection.getresponse() as response:
                    answer = self._body(response)
                    waits = response.getheader("Retry-After", "")
                    status = response.status
        except (OSError, http.client.HTTPException):
            if late.is_set():
                raise TimeoutError from None
            raise
        if late.is_set():  # a line that was cut looks like one that ended
            raise TimeoutError
        return status, float(waits) if waits.isdecimal() else None, answer

    @contextlib.contextmanager
    def _line(self, late: threading.Event) -> Iterator[http.client.HTTPConnection]:
        """A line to the endpoint that is cut when the time is up, however slowly bytes trickle in."""
        host, port = self._parts.hostname or "", self._parts.port
        plain = self._parts.scheme == "http"
        kind = http.client.HTTPConnection if plain else http.client.HTTPSConnection
        connection = kind(host, port, timeout=min(_CONNECT_SECONDS, self._seconds))

        def cut() -> None:
            late.set()
            with contextlib.suppress(OSError):
                socket.socket.shutdown(held[0], socket.SHUT_RDWR)

        held: list[socket.socket] = []
        clock = threading.Timer(self._seconds, cut)
        clock.daemon = True
        try:
            connection.connect()
            if plain and not ipaddress.ip_address(connection.sock.getpeername()[0]).is_loopback:
                raise UsageError(f"{host} is not this machine, and http is not private", hint="use https")
            connection.sock.settimeout(self._seconds)
            # The connection lets go of its socket once an answer without a length begins.
            held.append(connection.sock)
            clock.start()
            yield connection
        finally:
            clock.cancel()
            connection.close()

    @property
    def _target(self) -> str:
        return f"{self._parts.path}?{self._parts.query}" if self._parts.query else self._parts.path

    def _headers(self) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": "Tolqyn/0.1",
        }
        return {**headers, "Authorization": f"Bearer {self._key}"} if self._key else headers

    def _body(self, response: http.client.HTTPResponse) -> bytes:
        body = bytearray()
        while chunk := response.read1(_CHUNK):
            body += chunk
            if len(body) > _MOST_BYTES:
                raise ExtractError(f"the answer is above {_MOST_BYTES:,} bytes", self.url)
        if response.length:
            raise http.client.IncompleteRead(bytes(body[:0]), response.length)
        return bytes(body)

    def _read(self, answer: bytes) -> Mapping[str, Any]:
        try:
            response = json.loads(self._without_key(answer.decode("utf-8")))
        except (ValueError, RecursionError):
            raise ExtractError(f"the endpoint's answer is no JSON: {answer[:60]!r}", self.url) from None
        if not isinstance(response, dict):
            raise ExtractError("the endpoint's answer is no JSON object", self.url)
        return response

    def _told(self, answer: bytes) -> str:
        """What an error answer says of itself, in short."""
        with contextlib.suppress(ValueError, RecursionError, LookupError, TypeError):
            told = json.loads(self._without_key(answer.decode("utf-8")))["error"]
            message = told["message"] if isinstance(told, dict) else told
            return f": {str(message)[:_SHOWN]!r}"
        return ""

    def _without_key(self, text: str) -> str:
        """An answer in which the server does not show our key back."""
        return text.replace(self._key, "***") if self._key else text


def _checked(url: str) -> SplitResult:
    """The parts of the address that chat completions are asked at.

    Raises:
        UsageError: an address that is not to be used.
    """
    try:
        parts = urlsplit(url.strip())
        parts.port  # noqa: B018  a port that is no number is told only when it is asked for
    except ValueError as error:
        raise UsageError(f"the endpoint is no address ({error})") from None
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "the endpoint's address holds a user name",
            hint="give a key in an environment variable: --key-env",
        )
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"{url!r:.120} is no endpoint", hint="as in http://127.0.0.1:11434/v1")
    if parts.scheme == "http" and not _is_here(parts.hostname):
        raise UsageError(
            f"{url!r:.120} would send articles and the key over the open network",
            hint="use https, or 127.0.0.1",
        )
    path = parts.path.rstrip("/")
    if not path.endswith("/chat/completions"):
        path = f"{path or '/v1'}/chat/completions"
    return parts._replace(path=path, fragment="")


def _is_here(host: str) -> bool:
    """Whether a host may be this machine; where a name leads is looked at again once there is a line."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
