"""The thread that brings callbacks to the LMS until the LMS has taken or refused them."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from demo.simulator import callbacks, proofs
from demo.simulator.lms import LmsClient, Message
from demo.simulator.models import Attempt, Callback
from demo.simulator.verdicts import State, judge

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 0.05
AT_ONCE = 4


class Courier:
    """Looks for callbacks that are due and posts them, a few at once, each by one thread only."""

    def __init__(self, client: LmsClient) -> None:
        self._client = client
        self._stopping = threading.Event()
        self._under_way: set[int] = set()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin, with what an earlier process left undone."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing new and wait for what is under way."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="courier") as pool:
            while not self._stopping.wait(PAUSE_SECONDS):
                try:
                    self._hand_out(pool)
                except Exception:
                    logger.exception("looking for callbacks failed")
        connection.close()

    def _hand_out(self, pool: ThreadPoolExecutor) -> None:
        # What is under way is read first: a callback that ends in between is then skipped once, not sent twice.
        under_way = set(self._under_way)
        for callback in callbacks.due(timezone.now()):
            if callback.pk not in under_way:
                self._under_way.add(callback.pk)
                pool.submit(self._bring, callback)

    def _bring(self, callback: Callback) -> None:
        try:
            deliver(self._client, callback)
        except Exception:
            logger.exception("callback %s failed", callback.pk)
        finally:
            self._under_way.discard(callback.pk)
            connection.close()


def deliver(client: LmsClient, callback: Callback) -> None:
    """Post the callback once and write down what came of it."""
    attempt = callback.attempt
    message = Message(
        base_url=lms_of(attempt),
        path=callbacks.path_of(callback),
        body=callback.body.encode(),
        operation=callback.kind,
        attempt=attempt.external_id,
        proof=proofs.headers(callback),
        fault=callback.fault,
    )
    callback.status = client.post(message)
    callback.tries += 1
    verdict = judge(callback.status, callback.tries)
    callback.state = verdict.state
    callback.due_at = timezone.now() + timedelta(seconds=verdict.delay)
    # An update, since the attempt may have been deleted meanwhile and the callback with it.
    changed = {"status": callback.status, "tries": callback.tries, "state": callback.state, "due_at": callback.due_at}
    Callback.objects.filter(pk=callback.pk).update(**changed)
    if verdict.state == State.DELIVERED and callback.kind == callbacks.REVIEWED:
        callbacks.remember_review(callback)


def lms_of(attempt: Attempt) -> str:
    """Root of the LMS that the attempt's callbacks go to."""
    return str(settings.LMS_URL) or attempt.lms_host.rstrip("/")
