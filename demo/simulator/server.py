"""The simulator's HTTP server: one thread a connection."""

import socket
from collections.abc import Callable
from typing import Any, cast

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from demo.simulator.gateway import DROP


class RequestHandler(WSGIRequestHandler):
    """Lets a view close the line, so that its answer is lost as it would be on a bad network."""

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        environ[DROP] = self._drop
        return environ

    def _drop(self) -> None:
        self.close_connection = True
        cast("socket.socket", self.connection).shutdown(socket.SHUT_RDWR)


def make_server(host: str, port: int, application: Callable[..., Any]) -> ThreadedWSGIServer:
    """A server that listens already. Raises ``OSError`` where the port is taken."""
    server = ThreadedWSGIServer((host, port), RequestHandler)
    server.daemon_threads = True
    server.set_app(application)
    return server
