"""Rate: how many changes a token may ask for, as a bucket that fills up again with time."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from threading import Lock
from time import monotonic

from ontology.errors import RateLimited

# So many buckets are kept; one that is full again says nothing.
_MOST = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rate:
    """At most so many changes a minute for each token, and so many at once; each process counts by itself."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = monotonic) -> None:
        self.per_minute, self._clock = per_minute, clock
        self._buckets: dict[str, _Bucket] = {}
        self._lock = Lock()

    def take(self, token: str, count: int) -> int:
        """Count changes that are asked for, and give how many are left. Raises RateLimited."""
        # More than all at once is never allowed by waiting, and costs all that there is.
        wanted = min(count, self.per_minute)
        with self._lock:
            bucket = self._filled(token)
            if bucket.left < wanted:
                seconds = max(ceil((wanted - bucket.left) * 60 / self.per_minute), 1)
                raise RateLimited(
                    f"the token asks for more than {self.per_minute} changes a minute",
                    f"Wait {seconds} seconds, then send the request again.",
                    seconds=seconds,
                )
            bucket.left -= wanted
            return int(bucket.left)

    def _filled(self, token: str) -> _Bucket:
        now = self._clock()
        if len(self._buckets) > _MOST:
            self._buckets = {
                name: each for name, each in self._buckets.items() if self._fill(each, now) < self.per_minute
            }
        bucket = self._buckets.setdefault(token, _Bucket(self.per_minute, now))
        bucket.left, bucket.at = self._fill(bucket, now), now
        return bucket

    def _fill(self, bucket: _Bucket, now: float) -> float:
        return min(bucket.left + (now - bucket.at) * self.per_minute / 60, self.per_minute)
