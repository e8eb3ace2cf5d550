"""A workload simulated several times: with each rule that AWS does not document, and with several seeds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from product_import.simulation.assumptions import Assumptions, variants
from product_import.simulation.play import Played, Simulation
from product_import.simulation.scaling import Scaling
from product_import.simulation.schedule import ScheduledAction
from product_import.simulation.workload import JobSeconds, Workload

# Small workloads are simulated with many seeds and large ones with few, so that all take some seconds at most. The time
# goes to jobs and to minutes, each of which takes as long as so many jobs.
MOST_SEEDS, MOST_JOBS, JOBS_OF_A_MINUTE = 10, 1_000_000, 25


@dataclass(frozen=True)
class Scenario:
    """What is simulated, except the module's configuration.

    Attributes:
        outage: minutes in which nobody publishes the queue's depth.
        schedule: scheduled actions beside the module.
        seed: the first one.
    """

    workload: Workload
    seconds: JobSeconds
    assumptions: Assumptions
    outage: range = range(0)
    schedule: Sequence[ScheduledAction] = ()
    seed: int = 0

    @property
    def title(self) -> str:
        name = self.workload.name
        return f"{name[0].upper()}{name[1:]}, {self.seconds.text} s each"

    @property
    def seeds(self) -> range:
        workload = self.workload
        size = sum(workload.jobs) + JOBS_OF_A_MINUTE * len(workload.jobs)
        return range(self.seed, self.seed + max(1, min(MOST_SEEDS, MOST_JOBS // size)))

    def start(self, scaling: Scaling, assumptions: Assumptions, seed: int | None = None) -> Simulation:
        """Start a simulation; without a seed with the first one."""
        return Simulation(
            scaling,
            self.workload,
            self.seconds,
            assumptions,
            seed=self.seed if seed is None else seed,
            outage=self.outage,
            schedule=self.schedule,
        )

    def runs(self, scaling: Scaling) -> Iterator[Played]:
        """Simulate with each seed and each rule that the assumptions leave open."""
        for seed in self.seeds:
            done: list[tuple[Simulation, Played]] = []
            for variant in variants(self.assumptions):
                # A rule that would have decided the same has the same result.
                same = (played for simulation, played in done if simulation.decides_alike(scaling, variant))
                played = next(same, None)
                if played is None:
                    simulation = self.start(scaling, variant, seed)
                    played = simulation.to_the_end()
                    done.append((simulation, played))
                yield played
