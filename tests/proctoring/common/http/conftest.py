"""A vendor's machine for tests that need real connections."""

import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.command, self.path, dict(self.headers), body, self.client_address))
        self.server.answers.popleft()(self)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *args):
        pass

    def reply(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)


class Vendor(ThreadingHTTPServer):
    """Answers with what is in ``answers`` (callables given the handler) and notes what it has ``seen``."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = deque()
        self.seen = []
        self.closing = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def says(self, *answers):
        self.answers.extend(answers)

    def replies(self, status=200, body=b"", **headers):
        return lambda handler: handler.reply(status, body, **headers)

    def drops(self, handler):
        """Closes the connection without an answer."""
        handler.close_connection = True

    def stays_silent(self, handler):
        self.closing.wait(5)
        handler.close_connection = True

    def stalls_in_the_body(self, handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "10")
        handler.end_headers()
        handler.wfile.write(b"half")
        self.stays_silent(handler)

    def drops_in_the_body(self, handler):
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"a\r\nhalf")
        handler.close_connection = True


@pytest.fixture
def vendor():
    server = Vendor()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def naps(monkeypatch):
    """Seconds that would have been slept."""
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)
    return slept
