"""The simulator's HTTP server: one thread a connection."""

import select
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from demo.simulator.spoiling import DROP, KEEP_SILENT


class RequestHandler(WSGIRequestHandler):
    """Lets a view close the line, or leave it open, so that its answer is lost as it would be on a bad network."""

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        environ[DROP] = self._drop
        environ[KEEP_SILENT] = self._keep_silent
        return environ

    def _drop(self) -> None:
        self.close_connection = True
        # The client may have closed it before.
        with suppress(OSError):
            cast("socket.socket", self.connection).shutdown(socket.SHUT_RDWR)

    def _keep_silent(self) -> None:
        """Say nothing until the client has gone, then close the line."""
        line = cast("socket.socket", self.connection)
        # A client that waits sends nothing more: what can be read is the end.
        select.select([line], [], [], settings.SILENT_SECONDS)
        self._drop()


def make_server(host: str, port: int, application: Callable[..., Any]) -> ThreadedWSGIServer:
    """A server that listens already. Raises ``OSError`` where the port is taken."""
    server = ThreadedWSGIServer((host, port), RequestHandler)
    server.daemon_threads = True
    server.set_app(application)
    return server
