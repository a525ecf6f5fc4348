"""The job queue: which task is which function, how often it is tried again, and what comes round by itself."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Thread, Timer, current_thread, main_thread
from typing import Any

import structlog
from opentelemetry.trace import SpanKind
from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status

from core import metrics
from core.database import Database, Door
from core.tracing import spanning, tell

Job = Callable[..., None]
"""A job gets the database and the ids that were put in the outbox; it opens its own transaction."""

log = structlog.get_logger()
ATTEMPTS = 8
AGAIN = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=3)
STOP_SECONDS = 10  # that a running job gets to finish
LAST_SECONDS = 5  # after which it is left to the next worker, and again after which the process ends in any case
SIGNS = 3  # that a living worker gives within the silence after which it is taken for dead
LONGEST_PAUSE = 15.0


@dataclass(frozen=True)
class Round:
    """A job that comes round by itself, at the times of a cron line (a sixth field, the last one, is for seconds)."""

    name: str
    cron: str
    job: Job


class Worker:
    """Takes jobs from the queue and does them, until it is told to stop; without a database it waits for one."""

    def __init__(self, database: Database, jobs: Mapping[str, Job], rounds: tuple[Round, ...]) -> None:
        url = database.url(Door.JOBS)
        self._silence = database.settings.worker_silence_seconds
        self.app = App(
            connector=PsycopgConnector(
                conninfo=url.set(drivername="postgresql").render_as_string(hide_password=False),
                kwargs={"options": "-c search_path=jobs -c statement_timeout=15000", "connect_timeout": 10},
                min_size=1,
                max_size=4,
                timeout=10,
            )
        )
        for name, job in jobs.items():
            self.app.task(name=name, retry=AGAIN)(_watched(name, partial(job, database)))
        for each in rounds:
            task = self.app.task(name=each.name, queueing_lock=each.name, pass_context=False)(
                _watched(each.name, partial(_ignoring_time, each.job, database))
            )
            self.app.periodic(cron=each.cron)(task)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until asked to stop; running jobs get some seconds to finish, and what does not is left to the next."""
        self._loop = asyncio.get_running_loop()
        if current_thread() is main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                self._loop.add_signal_handler(number, self._stop_in_time)
        pause = 1.0
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                await self._work()
            except (ConnectorException, OSError) as fault:
                log.warning("worker_without_database", kind=type(fault).__name__)
            pause = 1.0 if time.monotonic() - began > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    def start_beside(self) -> Thread:
        """Run in a thread of this process, as the demo does."""
        thread = Thread(target=lambda: asyncio.run(self.run()), name="worker", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """Ask a worker that runs beside to stop."""
        if self._loop is not None:
            with suppress(RuntimeError):  # it ended by itself
                self._loop.call_soon_threadsafe(self._stopping.set)

    async def _work(self) -> None:
        """Work with one pool of connections, until asked to stop or the database is gone."""
        async with self.app.open_async():
            working: asyncio.Task[Any] = asyncio.create_task(
                self.app.run_worker_async(
                    concurrency=2,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=STOP_SECONDS,
                    fetch_job_polling_interval=2,
                    delete_jobs="successful",
                    stalled_worker_timeout=self._silence,
                    update_heartbeat_interval=self._silence / SIGNS,
                )
            )
            beside: list[asyncio.Task[Any]] = [
                asyncio.create_task(self._stopping.wait()),
                asyncio.create_task(self._give_back()),
            ]
            try:
                await asyncio.wait([working, *beside], return_when=asyncio.FIRST_COMPLETED)
                working.cancel()
                done, _late = await asyncio.wait([working], timeout=STOP_SECONDS + LAST_SECONDS)
                for each in done:
                    with suppress(asyncio.CancelledError):
                        each.result()
                if not done:
                    log.warning("worker_left_a_job")
            finally:
                for each in beside:
                    each.cancel()
                await asyncio.gather(*beside, return_exceptions=True)

    async def _give_back(self) -> None:
        """Give the jobs of workers that died back to the queue: a process that was killed cannot do so itself."""
        manager = self.app.job_manager
        while True:
            await manager.prune_stalled_workers(self._silence)
            for job in await manager.get_stalled_jobs(seconds_since_heartbeat=self._silence):
                log.warning("job_given_back", task=job.task_name, count=job.attempts)
                await self._again(job)
            await asyncio.sleep(self._silence / SIGNS)

    async def _again(self, job: QueuedJob) -> None:
        """Let a job be done again, unless it comes round by itself or was begun too often."""
        manager = self.app.job_manager
        if job.queueing_lock is not None:
            await manager.finish_job(job, Status.ABORTED, delete_job=True)
        elif job.attempts >= ATTEMPTS:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
        else:
            await manager.retry_job(job)

    def _stop_in_time(self) -> None:
        """Stop; a job that hangs in a thread of its own must not keep the process alive beyond its time."""
        self._stopping.set()
        last = Timer(STOP_SECONDS + 2 * LAST_SECONDS, os._exit, (1,))
        last.daemon = True
        last.start()


def _watched(name: str, job: Callable[..., None]) -> Callable[..., None]:
    """Return a job that is counted, timed and traced; of what fails the log gets the kind, never the words."""

    def work(*arguments: object, **ids: object) -> None:
        began, outcome = time.perf_counter(), "failed"
        with structlog.contextvars.bound_contextvars(task=name), spanning(name, SpanKind.CONSUMER) as span:
            try:
                job(*arguments, **ids)
                outcome = "done"
            except Exception as fault:
                log.error("job_failed", kind=type(fault).__name__)
                raise
            finally:
                metrics.JOBS.labels(name, outcome).inc()
                metrics.JOB_SECONDS.labels(name).observe(time.perf_counter() - began)
                tell(span, providerboog_task=name, providerboog_outcome=outcome)

    work.__name__ = name  # the library asks for it
    return work


def _ignoring_time(job: Job, database: Database, timestamp: int) -> None:  # noqa: ARG001 -- the library hands it over
    job(database)
