"""Lanes: how many requests work at once, so that those that take long leave room for the others."""

import asyncio
from collections.abc import Callable
from math import inf
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from ontology.errors import Overloaded
from schema.deadline import Deadline

_Result = TypeVar("_Result")

# A statement that began in the instant of its end is cancelled by a later attempt.
_AGAIN = 0.05


class Lane:
    """Threads of which a fixed number works at once; the rest waits in turn, not longer than its deadline."""

    def __init__(self, width: int) -> None:
        self._places = asyncio.Semaphore(width)
        # The places bound the threads already, and waiting for them has an end.
        self._threads = CapacityLimiter(inf)

    async def run(self, work: Callable[[], _Result], deadline: Deadline) -> _Result:
        """What `work` comes to in a thread. Raises Overloaded when no place came free in time."""
        await self._enter(deadline)
        try:
            watching = asyncio.create_task(_ended(deadline))
            try:
                return await to_thread.run_sync(work, limiter=self._threads)
            finally:
                watching.cancel()
        finally:
            self._places.release()

    async def _enter(self, deadline: Deadline) -> None:
        try:
            async with asyncio.timeout(deadline.remaining()):
                await self._places.acquire()
        except TimeoutError:
            raise Overloaded(
                f"other operations kept the service busy for {deadline.seconds:g} seconds",
                "Try again in a moment.",
            ) from None


async def _ended(deadline: Deadline) -> None:
    """Cancel the statement that runs when the deadline is over, until reading has ended."""
    await asyncio.sleep(deadline.remaining())
    while True:
        # Cancelling on PostgreSQL is a message over the network.
        await to_thread.run_sync(deadline.expire)
        await asyncio.sleep(_AGAIN)
