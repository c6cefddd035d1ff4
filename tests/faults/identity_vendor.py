"""
The vendor of photo verifications: takes requests, keeps them, and calls back until the LMS has taken the result.

    python -m tests.faults.identity_vendor PORT DATABASE

A process of its own, so that it can be killed; it goes on where it stopped. It loses an answer now and then, fails now
and then, and repeats some of its results.
"""

import json
import os
import socket
import sqlite3
import sys
import threading
import time
from contextlib import closing, suppress
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from verify_student.backends.software_secure.signature import authorization

TABLES = """
CREATE TABLE IF NOT EXISTS asked (id INTEGER PRIMARY KEY, receipt TEXT, outcome TEXT);
CREATE TABLE IF NOT EXISTS results (
    receipt TEXT PRIMARY KEY, address TEXT, outcome TEXT, left INTEGER, due REAL, taken INTEGER DEFAULT 0,
    refused INTEGER DEFAULT 0, tries INTEGER DEFAULT 0
);
"""
DELAY, PAUSE, RETRY = 0.5, 0.1, 1.0
TIMEOUT = (3.0, 10.0)
# What comes of every so-and-so-many-th request.
FAILS, LOSES, REPEATS = 7, 5, 4
REFUSED_NAME = "Refused"
JSON = "application/json"


def opened(path: str) -> sqlite3.Connection:
    """The vendor's books, in autocommit."""
    return sqlite3.connect(path, timeout=20, isolation_level=None)


class Handler(BaseHTTPRequestHandler):
    books = ""
    lock = threading.Lock()

    def do_GET(self) -> None:
        self._answer(200)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.lock, closing(opened(self.books)) as books:
            number = books.execute("SELECT count(*) FROM asked").fetchone()[0] + 1
            outcome = "failed" if number % FAILS == 0 else "lost" if number % LOSES == 0 else "taken"
            books.execute("BEGIN")
            books.execute("INSERT INTO asked (receipt, outcome) VALUES (?, ?)", (asked["EdX-ID"], outcome))
            if outcome != "failed":
                _take(books, asked, number)
            books.execute("COMMIT")
        if outcome == "lost":
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._answer(503 if outcome == "failed" else 200)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what arrived is in the books."""

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")


def _take(books: sqlite3.Connection, asked: dict[str, Any], number: int) -> None:
    """The same receipt again is the same request."""
    verdict = "FAIL" if asked["ExpectedName"].endswith(REFUSED_NAME) else "PASS"
    times = 3 if number % REPEATS == 0 else 1
    books.execute(
        "INSERT OR IGNORE INTO results (receipt, address, outcome, left, due) VALUES (?, ?, ?, ?, ?)",
        (asked["EdX-ID"], asked["SendResponseTo"], verdict, times, time.time() + DELAY),
    )


def bring(path: str) -> None:
    """Call back whatever is due, for ever."""
    with requests.Session() as session:
        session.trust_env = False
        while True:
            with closing(opened(path)) as books:
                rows = books.execute(
                    "SELECT receipt, address, outcome FROM results WHERE left > 0 AND due <= ?", (time.time(),)
                ).fetchall()
                for receipt, address, outcome in rows:
                    status = _told(session, receipt, address, outcome)
                    taken, refused = 200 <= status < 300, 400 <= status < 500
                    books.execute(
                        "UPDATE results SET left = left - ?, taken = taken + ?, refused = refused + ?,"
                        " tries = tries + 1, due = ? WHERE receipt = ?",
                        (taken, taken, refused, time.time() + (0 if taken else RETRY), receipt),
                    )
            time.sleep(PAUSE)


def _told(session: requests.Session, receipt: str, address: str, outcome: str) -> int:
    document: dict[str, Any] = {"EdX-ID": receipt, "Result": outcome, "Reason": "", "MessageType": ""}
    if outcome == "FAIL":
        document |= {"Reason": [{"photoIdReasons": ["Not provided"]}], "MessageType": "Your photo ID was not found."}
    headers = {"Content-Type": JSON, "Date": formatdate(usegmt=True)}
    signed = authorization(os.environ["FAULTS_KEY"], os.environ["FAULTS_SECRET"], headers, document)
    try:
        body = json.dumps(document).encode()
        answer = session.post(address, data=body, headers=headers | {"Authorization": signed}, timeout=TIMEOUT)
    except requests.RequestException:
        return 0
    return answer.status_code


def main() -> None:
    """Serve until killed."""
    port, path = int(sys.argv[1]), sys.argv[2]
    with closing(opened(path)) as books:
        books.execute("PRAGMA journal_mode=WAL")
        books.executescript(TABLES)
    Handler.books = path
    threading.Thread(target=bring, args=[path], daemon=True).start()
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main()
