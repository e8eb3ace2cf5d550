"""The queue and its workers, second by second: first come, first served, as many jobs at once as a worker takes."""

import random
from collections import deque
from collections.abc import Iterable
from heapq import heapify, heappop, heappush, heapreplace

from product_import.simulation.workload import JobSeconds


class Workers:
    """Workers with slots for jobs.

    Args:
        count: those that run from the start.
        concurrency: jobs that a worker takes at once.
        seconds: how long a job takes.
        chance: where the distributions and the choice of stopped workers come from.
        sums: seconds over which completions and busy time are added up, and how many such periods there are at most.
    """

    def __init__(
        self, count: int, concurrency: int, seconds: JobSeconds, chance: random.Random, sums: tuple[float, int]
    ) -> None:
        self._concurrency, self._draw, self._chance = concurrency, seconds.draw, chance
        self._period, periods = sums
        self._waiting: deque[float] = deque()
        self._again: list[float] = []
        self._slots: list[tuple[float, int]] = []
        self._ready: dict[int, float] = {}
        self._all_ready = 0.0
        self._made = 0
        # Of each period: jobs done, and seconds of slots in use; a last one takes what comes after the end.
        self.done = [0] * (periods + 1)
        self._busy = [0.0] * (periods + 1)
        self._whole = [0] * (periods + 2)
        self._whole_now = 0
        self.waits: list[float] = []
        self.interrupted = 0
        self.start(count, 0)

    @property
    def count(self) -> int:
        """Workers that run or are about to."""
        return len(self._ready)

    def running(self, now: float) -> int:
        """Workers that have started before a time."""
        if self._all_ready < now:
            return len(self._ready)
        return sum(1 for ready in self._ready.values() if ready < now)

    def start(self, count: int, ready: float) -> None:
        """Workers that take jobs from a time on."""
        self._all_ready = max(self._all_ready, ready)
        for _ in range(count):
            self._made += 1
            self._ready[self._made] = ready
            for _ in range(self._concurrency):
                heappush(self._slots, (ready, self._made))

    def stop(self, count: int, now: float, timeout: float, stalled: float) -> None:
        """Stop workers, those that have not started first: what runs longer than the timeout is done again later."""
        not_started = [worker for worker, ready in self._ready.items() if ready > now]
        running = [worker for worker, ready in self._ready.items() if ready <= now]
        chosen = set(not_started[:count])
        chosen |= set(self._chance.sample(running, count - len(chosen)))
        for worker in chosen:
            del self._ready[worker]
        kept = []
        for finish, worker in self._slots:
            if worker not in chosen:
                kept.append((finish, worker))
            elif finish > now + timeout and worker not in not_started:
                self.interrupted += 1
                self._count(now + timeout, finish, -1)
                heappush(self._again, now + timeout + stalled)
        heapify(kept)
        self._slots = kept

    def add(self, arrivals: Iterable[float]) -> None:
        """Jobs by the time at which they come."""
        self._waiting.extend(arrivals)

    def still_waited(self, now: float) -> list[float]:
        """How long each job waited until a time that has not started by then; without those that were interrupted."""
        return [now - arrival for arrival in self._waiting]

    def advance(self, period: int) -> None:
        """Start every job that starts in a period; to be asked of each period in turn."""
        waiting, again, slots = self._waiting, self._again, self._slots
        draw, chance, waits, count = self._draw, self._chance, self.waits, self._count
        end = (period + 1) * self._period
        done, busy = self.done[period], self._busy[period]
        # This is where the time goes: what is asked for each job is no attribute and no call but those that it needs.
        while slots and (waiting or again):
            free, worker = slots[0]
            # A job that was interrupted comes back before those that came after it.
            if again and (not waiting or again[0] <= waiting[0]):
                arrival = again[0]
                start = arrival if arrival > free else free
                if start >= end:
                    break
                heappop(again)
            else:
                arrival = waiting[0]
                start = arrival if arrival > free else free
                if start >= end:
                    break
                waiting.popleft()
                waits.append(start - arrival)
            finish = start + draw(chance)
            heapreplace(slots, (finish, worker))
            if finish <= end:
                done += 1
                busy += finish - start
            else:
                busy += end - start
                count(end, finish, 1)
        self.done[period], self._busy[period] = done, busy

    def busy(self, period: int) -> float:
        """Seconds of slots in use in a period; to be asked of each period in turn."""
        self._whole_now += self._whole[period]
        return self._busy[period] + self._whole_now * self._period

    def _count(self, start: float, finish: float, sign: int) -> None:
        """Count a job in the period in which it ends, and its slot from a time until then."""
        period, last = self._period, len(self._busy) - 1
        first, final = int(start // period), int(finish // period)
        rest = finish - final * period
        # What ends with a period was done in it.
        self.done[min(final if rest else final - 1, last)] += sign
        if first >= last:
            return
        if first == final:
            self._busy[first] += sign * (finish - start)
            return
        self._busy[first] += sign * ((first + 1) * period - start)
        if final < last:
            self._busy[final] += sign * rest
        if final > first + 1:
            self._whole[first + 1] += sign
            self._whole[min(final, last)] -= sign
