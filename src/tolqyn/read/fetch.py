"""A page from the web: http and https, public addresses only, bounded in size and time.

A name is resolved once, every address it has is checked, and the connection is made to an address
that was checked, so that a second answer of the name server cannot lead inside (DNS rebinding).
Redirects are followed by hand, each checked anew. Proxies of the environment are not used, because
behind one the address could not be checked.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from tolqyn.errors import ReadError
from tolqyn.read.limits import FETCHED_BYTES
from tolqyn.read.names import shown

__all__ = ["Fetched", "fetch", "is_public"]

_AGENT = "Tolqyn/0.1"
_ACCEPT = "text/html, application/xhtml+xml, application/pdf, text/plain;q=0.9, */*;q=0.5"
_REDIRECTS = 5
_CONNECT_SECONDS = 10.0
_TOTAL_SECONDS = 60.0
_CHUNK = 65_536
_MOVED = frozenset({301, 302, 303, 307, 308})

# Networks that carry an IPv4 address inside, where a gateway may lead anywhere.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server sent.

    Attributes:
        content: the body, unpacked.
        final_url: where it was found after redirects.
        content_type: as sent, with its charset; None where none was.
        date: the day and time that the server gives itself; None where it gives none.
    """

    content: bytes = field(repr=False)
    final_url: str
    content_type: str | None
    date: datetime | None


def fetch(url: str, *, total_seconds: float = _TOTAL_SECONDS) -> Fetched:
    """The body of an address on the public web.

    Args:
        url: http or https, without a user name.
        total_seconds: time for everything, redirects included; connecting may take 10 s of it.

    Raises:
        ReadError: the address is refused; the server cannot be reached, answers with an error, is too
            slow, or sends more than 20 MB.
    """
    return _fetch(url, is_public, total_seconds)


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, and so is what it carries inside."""
    inner: list[Address | None] = []
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and all(is_public(one) for one in inner if one is not None)
    )


def _fetch(url: str, allowed: Callable[[Address], bool], total_seconds: float) -> Fetched:
    """`fetch` with its own idea of which addresses may be reached."""
    deadline = time.monotonic() + total_seconds
    here = url
    for _ in range(_REDIRECTS + 1):
        parts = _checked_url(here)
        try:
            answer = _request(parts, here, allowed, deadline)
        except TimeoutError:
            raise ReadError(
                "the time is up", shown(here), "try again later, or save the page as a file"
            ) from None
        if isinstance(answer, Fetched):
            return answer
        here = urljoin(here, answer)
    raise ReadError(f"more than {_REDIRECTS} redirects", shown(url), "give the address that it ends at")


def _checked_url(url: str) -> SplitResult:
    """The parts of an address that may be asked."""
    where = shown(url)
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise ReadError(f"not an address ({error})", where, "as in https://example.org/news") from None
    if parts.scheme not in {"http", "https"}:
        raise ReadError(f"scheme {parts.scheme!r} is not fetched", where, "only http and https are")
    if not parts.hostname or port == 0:
        raise ReadError("the address names no host", where, "as in https://example.org/news")
    if parts.username is not None or parts.password is not None:
        raise ReadError(
            "the address holds a user name", "the URL", "leave it out: addresses are kept and shown"
        )
    return parts


def _request(
    parts: SplitResult, url: str, allowed: Callable[[Address], bool], deadline: float
) -> Fetched | str:
    """What the server sent, or where it says the page has moved to."""
    where = shown(url)
    host = _ascii_host(parts, where)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    addresses = _resolve(host, port, where, allowed, deadline)
    late = threading.Event()
    try:
        with _line(addresses, parts.scheme, host, deadline, late) as sock:
            connection = http.client.HTTPConnection(host, port)
            connection.sock = sock
            connection.putrequest("GET", _target(parts), skip_host=True, skip_accept_encoding=True)
            for name, value in _headers(parts, host):
                connection.putheader(name, value)
            connection.endheaders()
            with connection.getresponse() as response:
                answer = _answer(response, url, where)
        if late.is_set():  # a line that was cut looks like one that ended
            raise TimeoutError
    except ssl.SSLCertVerificationError as error:
        raise ReadError(f"the certificate is not to be trusted ({error.verify_message})", where) from None
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
        if late.is_set() or isinstance(error, TimeoutError):
            raise ReadError(
                "the server took too long", where, "try again later, or save the page as a file"
            ) from None
        reason = f"{type(error).__name__}: {error}"[:160]
        raise ReadError(
            f"cannot be fetched ({reason})", where, "check the address and the connection"
        ) from None
    return answer


def _ascii_host(parts: SplitResult, where: str) -> str:
    """The host as name servers know it."""
    host = parts.hostname or ""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise ReadError(f"{shown(host)!r} is no name of a host", where) from None


def _resolve(
    host: str, port: int, where: str, allowed: Callable[[Address], bool], deadline: float
) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
    """The addresses of a host; all of them must be allowed.

    In a thread of its own, because a name server that is silent cannot be interrupted.
    """
    answers: list[tuple[socket.AddressFamily, tuple[str, int]]] = []
    failures: list[Exception] = []

    def ask() -> None:
        try:
            for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                answers.append((family, (str(address[0]), port)))
        except (OSError, UnicodeError) as error:
            failures.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(min(_CONNECT_SECONDS, _left(deadline)))
    if asking.is_alive():
        raise ReadError(f"the name {host} was not resolved in time", where, "try again later")
    if failures or not answers:
        raise ReadError(f"the host {host} is not known", where, "check the address and the connection")
    for _, (text, _) in answers:
        if not allowed(ipaddress.ip_address(text.partition("%")[0])):
            raise ReadError(
                f"{host} is at {text}, which is not an address of the public internet",
                where,
                "save the page as a file and read that",
            )
    return answers


@contextlib.contextmanager
def _line(
    addresses: list[tuple[socket.AddressFamily, tuple[str, int]]],
    scheme: str,
    host: str,
    deadline: float,
    late: threading.Event,
) -> Iterator[socket.socket]:
    """A line to one of the checked addresses; `late` is set, and the line cut, at the deadline.

    A server may send a byte now and then for ever, and each would start a time-out of the socket's
    anew: so a clock cuts the line, whatever waits on it.
    """
    held = [_connect(addresses, deadline)]

    def cut() -> None:
        late.set()
        with contextlib.suppress(OSError):
            socket.socket.shutdown(held[-1], socket.SHUT_RDWR)

    clock = threading.Timer(_left(deadline), cut)
    clock.daemon = True
    clock.start()
    try:
        if scheme == "https":
            context = ssl.create_default_context()
            held.append(context.wrap_socket(held[0], server_hostname=host, do_handshake_on_connect=False))
            held[-1].do_handshake()  # type: ignore[attr-defined]
        yield held[-1]
    finally:
        clock.cancel()
        for sock in held:
            sock.close()


def _connect(addresses: list[tuple[socket.AddressFamily, tuple[str, int]]], deadline: float) -> socket.socket:
    """A socket to the first address that answers."""
    failure: OSError | None = None
    for family, address in addresses:
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(min(_CONNECT_SECONDS, _left(deadline)))
            sock.connect(address)
        except OSError as error:
            failure = error
            sock.close()
        else:
            sock.settimeout(_left(deadline))
            return sock
    raise failure or OSError("no address")


def _target(parts: SplitResult) -> str:
    """The path and query of the request line, what is not ASCII percent-encoded."""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return f"{path}?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else path


def _headers(parts: SplitResult, host: str) -> list[tuple[str, str]]:
    name = f"[{host}]" if ":" in host else host
    return [
        ("Host", f"{name}:{parts.port}" if parts.port else name),
        ("User-Agent", _AGENT),
        ("Accept", _ACCEPT),
        ("Accept-Encoding", "gzip"),
        ("Connection", "close"),
    ]


def _answer(response: http.client.HTTPResponse, url: str, where: str) -> Fetched | str:
    """The body, or the address that a redirect names.

    Raises:
        ReadError: an error status, a body above the limit, or one that is cut off.
    """
    location = response.getheader("Location")
    if response.status in _MOVED and location:
        return location
    if response.status != 200:
        raise ReadError(
            f"the server answers {response.status} {shown(response.reason)}",
            where,
            "check the address in a browser",
        )
    length = response.getheader("Content-Length", "")
    if length.isdecimal() and int(length) > FETCHED_BYTES:
        raise _too_large(where)
    content = _unpack(response, where)
    if response.length:
        raise ReadError(f"the answer is cut off {response.length:,} bytes before its end", where, "try again")
    if not content:
        raise ReadError("the server sends nothing", where, "check the address in a browser")
    return Fetched(content, url, response.getheader("Content-Type"), _date(response.getheader("Date")))


def _unpack(response: http.client.HTTPResponse, where: str) -> bytes:
    """The body without its packing; never more than the limit of it in memory."""
    coding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if coding not in {"identity", "gzip", "x-gzip", "deflate"}:
        raise ReadError(f"the answer is packed as {shown(coding)}, which is not read", where)
    # 32 + the window's size takes both gzip and zlib.
    unpacker = None if coding == "identity" else zlib.decompressobj(32 + zlib.MAX_WBITS)
    body = bytearray()
    while chunk := response.read(_CHUNK):
        if unpacker is not None:
            chunk = unpacker.decompress(chunk, FETCHED_BYTES + 1 - len(body))
        body += chunk
        if len(body) > FETCHED_BYTES:
            raise _too_large(where)
    if unpacker is not None and not unpacker.eof:
        raise ReadError("the answer is cut off inside its packing", where, "try again")
    return bytes(body)


def _too_large(where: str) -> ReadError:
    return ReadError(f"more than {FETCHED_BYTES:,} bytes", where, "save the part that matters as a file")


def _date(text: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(text) if text else None
    except ValueError:
        return None


def _left(deadline: float) -> float:
    """Seconds to the deadline.

    Raises:
        TimeoutError: none are left.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
