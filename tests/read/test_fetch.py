"""Fetching: public addresses only, and never more bytes or seconds than allowed.

A real server runs on the loopback interface; the inner function is told to let that one address pass.
"""

import contextlib
import gzip
import ipaddress
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
import zlib
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tolqyn.errors import ReadError
from tolqyn.read import fetch, read_bytes
from tolqyn.read.fetch import _fetch, is_public
from tolqyn.read.limits import FETCHED_BYTES

PAGE = b"<html><head><title>A</title></head><body><p>98 thousand came</p></body></html>"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append((self.path, self.headers.get("Host")))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, "at_" + self.path.strip("/").split("/")[0].partition("?")[0])()

    def send(self, body, status=200, content_type="text/html; charset=utf-8", **headers):
        self.send_response(status)
        if content_type:
            self.send_header("Content-Type", content_type)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def at_page(self):
        self.send(PAGE)

    def at_gzip(self):
        self.send(gzip.compress(PAGE), Content_Encoding="gzip")

    def at_deflate(self):
        self.send(zlib.compress(PAGE), Content_Encoding="deflate")

    def at_brotli(self):
        self.send(PAGE, Content_Encoding="br")

    def at_notgzip(self):
        self.send(PAGE, Content_Encoding="gzip")

    def at_halfgzip(self):
        self.send(gzip.compress(os.urandom(5000))[:2000], Content_Encoding="gzip")

    def at_bomb(self):
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        zeros = b"".join(packer.compress(bytes(1_000_000)) for _ in range(300)) + packer.flush()
        self.send(zeros, Content_Encoding="gzip")

    def at_large(self):
        self.send(b"", Content_Length=str(FETCHED_BYTES + 1))

    def at_endless(self):
        self.send(b"")
        for _ in range(10_000):
            self.wfile.write(bytes(65_536))

    def at_short(self):
        self.send(b"half", Content_Length="8")

    def at_empty(self):
        self.send(b"")

    def at_slow(self):
        self.send(b"")
        while True:  # until the line is cut, or for ever
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def at_slowhead(self):
        while True:
            self.wfile.write(b"H")
            self.wfile.flush()
            time.sleep(0.05)

    def at_garbage(self):
        self.wfile.write(b"\x00\x01\x02 not http\r\n\r\n")

    def at_missing(self):
        self.send(b"no", status=404)

    def at_there(self):
        self.send(b"", status=302, Location="/page")

    def at_round(self):
        self.send(b"", status=301, Location="/round")

    def at_inside(self):
        self.send(b"", status=302, Location="http://127.0.0.2:1/secret")

    def at_file(self):
        self.send(b"", status=302, Location="file:///etc/passwd")

    def at_picture(self):
        self.send(b"\x89PNG\r\n", content_type="image/png")

    def at_mistaken(self):
        self.send(b"%PDF-1.7 broken", content_type="text/html")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen = []
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def get(server):
    def get(path, seconds=10.0, host="127.0.0.1"):
        here = ipaddress.ip_address("127.0.0.1")
        return _fetch(f"http://{host}:{server.server_port}{path}", lambda address: address == here, seconds)

    return get


@pytest.mark.parametrize("path", ["/page", "/gzip", "/deflate", "/there"])
def test_a_page_comes_whole_whether_packed_moved_or_plain(get, path):
    page = get(path)

    assert page.content == PAGE
    assert page.content_type == "text/html; charset=utf-8"
    assert page.final_url.endswith("/page" if path == "/there" else path)
    assert abs((page.date - datetime.now(UTC)).total_seconds()) < 60


def test_the_server_is_asked_for_the_host_and_path_of_the_address(get, server):
    get("/page/новости a?q=98 тыс&b=%20", host="localhost")

    path, host = server.seen[-1]
    assert path == "/page/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8%20a?q=98%20%D1%82%D1%8B%D1%81&b=%20"
    assert host == f"localhost:{server.server_port}"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/bomb", "more than 20,000,000 bytes"),
        ("/large", "more than 20,000,000 bytes"),
        ("/endless", "more than 20,000,000 bytes"),
        ("/brotli", "the answer is packed as br"),
        ("/notgzip", "cannot be fetched (error"),
        ("/halfgzip", "the answer is cut off inside its packing"),
        ("/short", "the answer is cut off 4 bytes before its end"),
        ("/empty", "the server sends nothing"),
        ("/garbage", "cannot be fetched (BadStatusLine"),
        ("/missing", "the server answers 404 Not Found"),
        ("/round", "more than 5 redirects"),
        ("/inside", "127.0.0.2 is at 127.0.0.2, which is not an address of the public internet"),
        ("/file", "scheme 'file' is not fetched"),
    ],
)
def test_a_bad_answer_is_refused_with_the_address_and_the_reason(get, path, message):
    with pytest.raises(ReadError) as caught:
        get(path)

    assert caught.value.message.startswith(message)
    assert caught.value.where.startswith(("http://127.0.0.", "file:"))


@pytest.mark.parametrize("path", ["/slow", "/slowhead"])
def test_a_server_that_drips_is_cut_off_in_time(get, path):
    with pytest.raises(ReadError, match="took too long"):
        get(path, seconds=0.5)


def test_a_server_that_never_shakes_hands_is_cut_off_in_time(server):
    here = ipaddress.ip_address("127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ReadError, match="took too long"):
        _fetch(f"https://127.0.0.1:{silent.getsockname()[1]}/", lambda address: address == here, 0.5)
    with pytest.raises(ReadError, match=r"cannot be fetched \(SSLError"):
        _fetch(f"https://127.0.0.1:{server.server_port}/page", lambda address: address == here, 5)


def test_a_page_over_tls_comes_only_with_a_certificate_for_its_name(tmp_path, absent, monkeypatch):
    openssl = shutil.which("openssl") or absent("openssl")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    words = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -out {cert} -keyout {key}"
    subprocess.run([openssl, *words.split()], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen = []
    server.handle_error = lambda *_: None  # refused handshakes are what is tested
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = ipaddress.ip_address("127.0.0.1")

    def get(host):
        return _fetch(f"https://{host}:{server.server_port}/page", lambda address: address == here, 5)

    try:
        with pytest.raises(ReadError, match="the certificate is not to be trusted"):
            get("localhost")
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        with pytest.raises(ReadError, match="the certificate is not to be trusted"):
            get("127.0.0.1")
        assert get("localhost").content == PAGE
    finally:
        server.shutdown()
        server.server_close()


def test_what_the_server_calls_it_counts_unless_the_bytes_say_otherwise(get):
    for path, message in (
        ("/picture", "the file begins as a picture|of type image/png"),
        ("/mistaken", "not a whole PDF"),
    ):
        page = get(path)
        with pytest.raises(ReadError, match=message):
            read_bytes(page.content, "a", content_type=page.content_type)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://0/",
        "http://10.0.0.1/", "http://192.168.1.1:8080/", "http://172.16.0.1/", "http://100.64.0.1/", "http://169.254.169.254/x",
        "http://224.0.0.1/", "http://255.255.255.255/", "http://[::1]/", "http://[::]/", "http://[fe80::1]/", "http://[fc00::1]/",
        "http://[::ffff:127.0.0.1]/", "http://[::ffff:10.0.0.1]/", "http://[2002:7f00:1::]/", "http://[64:ff9b::a00:1]/",
    ],
)  # fmt: skip
def test_an_address_inside_is_never_asked(url):
    with pytest.raises(ReadError, match="not an address of the public internet") as caught:
        fetch(url)

    assert caught.value.where == url


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://example.org/", "scheme 'ftp' is not fetched"),
        ("file:///etc/passwd", "scheme 'file' is not fetched"),
        ("example.org", "scheme '' is not fetched"),
        ("http:///x", "the address names no host"),
        ("http://[::1", "not an address"),
        ("http://example.org:99999/", "not an address"),
        ("http://user:secret@example.org/", "the address holds a user name"),
        ("http://no-such-host.invalid/", "the host no-such-host.invalid is not known"),
        (f"http://{'a' * 70}.example/", "the host"),
        ("http://exa\tmple.invalid/\r\nX: y", "the host example.invalid is not known"),
    ],
)
def test_what_is_no_public_address_is_refused(url, message):
    with pytest.raises(ReadError) as caught:
        fetch(url)

    assert caught.value.message.startswith(message)
    assert "secret" not in str(caught.value)


@given(st.ip_addresses(v=4))
def test_an_address_is_as_public_inside_another_as_by_itself(address):
    number = int(address)
    mapped = ipaddress.IPv6Address(0xFFFF << 32 | number)
    translated = ipaddress.IPv6Address((0x64FF9B << 96) | number)

    assert is_public(mapped) <= is_public(address)
    assert is_public(translated) <= is_public(address)


def test_ordinary_addresses_are_public():
    assert is_public(ipaddress.ip_address("93.184.215.14"))
    assert is_public(ipaddress.ip_address("2606:2800:21f:cb07:6820:80da:af6b:8b2c"))
