"""The queue and its workers, event by event: first come, first served, as many jobs at once as a worker takes."""

import random
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush, heapreplace
from itertools import count as numbers
from itertools import takewhile
from math import inf

# AWS Fargate pricing: one minute at least.
LEAST_BILLED_SECONDS = 60


class Workers:
    """Workers with slots for jobs.

    Args:
        count: workers that run from the start.
        concurrency: jobs that a worker takes at once.
        arrivals: times at which jobs come, in order.
        job_seconds: seconds that each job takes, in the order in which they start; without an end.
        chance: decides which workers stop, and which jobs they have.

    Attributes:
        now: time of the last advance().
        at_once: jobs that started when they came.
        waits: seconds that each other job waited.
        last_arrival: when the last job came.
        last_finish: when a job last ended while none waited.
        interrupted: jobs that a stopped worker did not end; another worker does them again.
        running_seconds: sum over the workers.
        next_change: when a worker starts to run, or something happens to a job of a stopped one.
    """

    def __init__(
        self,
        count: int,
        concurrency: int,
        arrivals: Iterator[float],
        job_seconds: Iterator[float],
        chance: random.Random,
    ) -> None:
        self._concurrency, self._chance = concurrency, chance
        self._arrivals, self._job_seconds = arrivals, job_seconds
        self._arrival = next(arrivals, inf)
        # When each job at work ends. The last entry stays, so that there is always a first one.
        self._busy = [inf]
        self._waiting: deque[float] = deque()
        # Interrupted jobs that wait; they come before the others.
        self._again = 0
        # Jobs that wait, less free slots. One of the two is always 0.
        self._level = -count * concurrency
        # Jobs that stopped workers still do, and interrupted ones that no other worker may take yet.
        self._apart = 0
        # When billing began for each worker that runs, and for each that starts, by the time at which it runs.
        self._since = [0.0] * count
        self._starting: list[tuple[float, float]] = []
        # What happens to jobs apart, by time. The numbers keep the order of what happens at the same time.
        self._later: list[tuple[float, int, str]] = []
        self._numbers = numbers()
        self._billed = self._busy_seconds = 0.0
        self._most = 0
        self.now = self.last_arrival = self.last_finish = self.running_seconds = 0.0
        self.at_once = self.interrupted = 0
        # Waits that waited_longer() has compared, and how many of them were longer.
        self._compared = self._longer = 0
        self.waits: array[float] = array("d")
        self.next_change = inf

    @property
    def running(self) -> int:
        """Workers that take jobs."""
        return len(self._since)

    @property
    def count(self) -> int:
        """Workers that run or start."""
        return len(self._since) + len(self._starting)

    @property
    def depth(self) -> int:
        """Jobs that wait or are worked on."""
        return self._level + len(self._since) * self._concurrency + self._apart

    def billed_seconds(self) -> float:
        """Seconds of all workers that Fargate bills until now."""
        return self._billed + sum(self.now - since for since in self._since) + self._billed_starting(self._starting)

    def still_waiting(self) -> list[float]:
        """Seconds that each job has waited that has not started yet; without interrupted ones."""
        return [self.now - arrival for arrival in self._waiting]

    def waited_longer(self, seconds: float) -> int:
        """Count the jobs that have waited for at least so many seconds."""
        self._longer += sum(wait >= seconds for wait in self.waits[self._compared :])
        self._compared = len(self.waits)
        return self._longer + sum(1 for _ in takewhile(lambda arrival: self.now - arrival >= seconds, self._waiting))

    def end_period(self) -> tuple[int, float]:
        """Tell the highest depth, and the seconds of slots in use, since the last call."""
        told = self._most, self._busy_seconds
        self._most, self._busy_seconds = self.depth, 0.0
        return told

    def start(self, ready: Sequence[float], billed: float) -> None:
        """Start workers.

        Args:
            ready: when each takes its first job.
            billed: when Fargate begins to bill them.
        """
        for time in ready:
            heappush(self._starting, (time, min(time, billed)))
        self._look_ahead()

    def stop(self, count: int, timeout: float, stalled: float) -> None:
        """Stop workers now, first those that do not run yet.

        Args:
            count: how many.
            timeout: seconds in which they may end their jobs.
            stalled: seconds after which another worker may take a job that they did not end.
        """
        self._starting.sort()
        kept = max(0, len(self._starting) - count)
        count -= len(self._starting) - kept
        self._billed += self._billed_starting(self._starting[kept:])
        del self._starting[kept:]
        at_work, slots = len(self._busy) - 1, self.running * self._concurrency
        # Jobs are spread over the workers by chance: each place of a stopped worker may be that of any job.
        places = self._chance.sample(range(slots), count * self._concurrency)
        finishes = sorted(self._busy)
        gone = {place for place in places if place < at_work}
        self._busy = [finish for place, finish in enumerate(finishes) if place not in gone]
        heapify(self._busy)
        self._level += len(places) - len(gone)
        self._apart += len(gone)
        for place in gone:
            if finishes[place] <= self.now + timeout:
                self._expect(finishes[place], "ends")
            else:
                self.interrupted += 1
                self._expect(self.now + timeout + stalled, "returns")
        for number, worker in enumerate(self._chance.sample(range(self.running), count)):
            own = places[number * self._concurrency : (number + 1) * self._concurrency]
            last = max((finishes[place] for place in own if place in gone), default=self.now)
            self._bill(self._since[worker], min(last, self.now + timeout))
            self._since[worker] = inf
        self._since = [since for since in self._since if since < inf]
        self._look_ahead()

    def advance(self, end: float) -> None:
        """Play what happens until a time, at most that of `next_change`: also at it, except jobs that come."""
        self._play(end)
        if end < self.next_change:
            return
        while self._later and self._later[0][0] <= end:
            _, _, happens = heappop(self._later)
            self._apart -= 1
            if happens == "ends":
                self.last_finish = end
            else:
                self._level += 1
                if self._level <= 0:
                    heappush(self._busy, end + next(self._job_seconds))
                else:
                    self._again += 1
        while self._starting and self._starting[0][0] <= end:
            self._since.append(heappop(self._starting)[1])
            for _ in range(max(0, min(self._concurrency, self._level))):
                heappush(self._busy, end + next(self._job_seconds))
                if self._again:
                    self._again -= 1
                else:
                    self.waits.append(end - self._waiting.popleft())
            self._level -= self._concurrency
        self._look_ahead()

    def _look_ahead(self) -> None:
        self.next_change = min([first[0][0] for first in (self._starting, self._later) if first], default=inf)

    def _play(self, end: float) -> None:
        # Local names and bound methods: a pass of the loop for each job that comes and each that ends takes the time.
        busy, waiting, level, again = self._busy, self._waiting, self._level, self._again
        arrivals, arrival, seconds = self._arrivals, self._arrival, self._job_seconds.__next__
        waited, come, longest = self.waits.append, waiting.append, waiting.popleft
        last_arrival, last_finish, most, at_once = self.last_arrival, self.last_finish, level, 0
        passed = end - self.now
        in_use = (len(busy) - 1) * passed
        while True:
            finish = busy[0]
            if finish <= arrival:
                if finish > end:
                    break
                if level > 0:
                    heapreplace(busy, finish + seconds())
                    if again:
                        again -= 1
                    else:
                        waited(finish - longest())
                else:
                    heappop(busy)
                    in_use -= end - finish
                    last_finish = finish
                level -= 1
            else:
                if arrival >= end:
                    break
                if level < 0:
                    heappush(busy, arrival + seconds())
                    in_use += end - arrival
                    at_once += 1
                else:
                    come(arrival)
                level += 1
                if level > most:  # noqa: PLR1730 -- max() takes three times as long
                    most = level
                last_arrival = arrival
                arrival = next(arrivals, inf)
        self._most = max(self._most, self.depth - self._level + most)
        self._level, self._again, self._arrival = level, again, arrival
        self.last_arrival, self.last_finish = last_arrival, last_finish
        self._busy_seconds += in_use
        self.running_seconds += len(self._since) * passed
        self.at_once += at_once
        self.now = end

    def _expect(self, time: float, happens: str) -> None:
        heappush(self._later, (time, next(self._numbers), happens))

    def _bill(self, since: float, until: float) -> None:
        self._billed += max(LEAST_BILLED_SECONDS, until - since)

    def _billed_starting(self, starting: Sequence[tuple[float, float]]) -> float:
        """Seconds of workers that do not run, of which some have begun to pull their image."""
        return sum(max(LEAST_BILLED_SECONDS, self.now - since) for _, since in starting if since < self.now)
