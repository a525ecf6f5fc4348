"""The job queue: which task is which function, how often it is tried again, and what comes round by itself."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Thread

from procrastinate import App, PsycopgConnector, RetryStrategy

from core.database import Database, Door

Job = Callable[..., None]
"""A job gets the database and the ids that were put in the outbox; it opens its own transaction."""

AGAIN = RetryStrategy(max_attempts=8, exponential_wait=3)
STOP_SECONDS = 10
KEEP_HOURS = 24 * 7  # finished jobs hold ids and times only; a week is enough to look into what went wrong


@dataclass(frozen=True)
class Round:
    """A job that comes round by itself, at the times of a cron line (a sixth field, the last one, is for seconds)."""

    name: str
    cron: str
    job: Job


class Worker:
    """Takes jobs from the queue and does them, until it is told to stop."""

    def __init__(self, database: Database, jobs: Mapping[str, Job], rounds: tuple[Round, ...]) -> None:
        url = database.url(Door.JOBS)
        self.app = App(
            connector=PsycopgConnector(
                conninfo=url.set(drivername="postgresql").render_as_string(hide_password=False),
                kwargs={"options": "-c search_path=jobs", "connect_timeout": 10},
                min_size=1,
                max_size=4,
            )
        )
        for name, job in jobs.items():
            self.app.task(name=name, retry=AGAIN)(_named(name, partial(job, database)))
        for each in rounds:
            task = self.app.task(name=each.name, queueing_lock=each.name, pass_context=False)(
                _named(each.name, partial(_ignoring_time, each.job, database))
            )
            self.app.periodic(cron=each.cron)(task)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    async def run(self, *, install_signal_handlers: bool = True) -> None:
        """Work until the process is asked to stop; running jobs get some seconds to finish."""
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        async with self.app.open_async():
            await self.app.run_worker_async(
                concurrency=2,
                install_signal_handlers=install_signal_handlers,
                shutdown_graceful_timeout=STOP_SECONDS,
                fetch_job_polling_interval=2,
                delete_jobs="successful",
            )

    def start_beside(self) -> Thread:
        """Run in a thread of this process, as the demo does."""
        thread = Thread(target=self._run_quietly, name="worker", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """Ask a worker that runs beside to stop."""
        if self._loop is not None and self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)

    def _run_quietly(self) -> None:
        try:
            asyncio.run(self.run(install_signal_handlers=False))
        except asyncio.CancelledError:
            return


def _named(name: str, job: Callable[..., None]) -> Callable[..., None]:
    job.__name__ = name  # the library asks for it, and a partial has none
    return job


def _ignoring_time(job: Job, database: Database, timestamp: int) -> None:  # noqa: ARG001 -- the library hands it over
    job(database)
