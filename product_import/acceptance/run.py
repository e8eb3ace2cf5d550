"""The run: what is made, what is looked for, and that all of it goes again."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from product_import.acceptance import jobs
from product_import.acceptance.pace import Pace
from product_import.acceptance.report import Report, Step
from product_import.acceptance.root import Root
from product_import.acceptance.signals import answered
from product_import.acceptance.surroundings import Surroundings, Things, surroundings
from product_import.configuration import Configuration
from product_import.costs import HOURS_PER_MONTH, Prices, redis_cost, worker_cost
from product_import.doctor.account import Account, NotLookedAtError
from product_import.doctor.deployment import Deployment
from product_import.doctor.examination import Examination, examine
from product_import.doctor.faults import TOPIC_WITHOUT_SUBSCRIPTION
from product_import.engine import Executable
from product_import.errors import UserError
from product_import.plan_diff.changes import plan_diff
from product_import.plan_diff.plan import read_plan
from product_import.words import counted

import boto3  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

# The smallest sizes, and limits that a hundred jobs stay below and five hundred go beyond.
MINIMUM, MAXIMUM, TARGET = 1, 10, 20
SIZES = {
    "redis_node_type": "cache.t4g.micro",
    "redis_num_replicas": 1,
    "worker_cpu": 256,
    "worker_memory": 512,
    "worker_concurrency": 5,
    "worker_min_count": MINIMUM,
    "worker_max_count": MAXIMUM,
    "target_jobs_per_worker": TARGET,
}
FEW, MANY = 100, 500
# Minutes that AWS may take. The longest is to scale in: fifteen minutes of low depth, then five between two steps.
WELL_MINUTES, ADDED_MINUTES, OUT_MINUTES, DONE_MINUTES, IN_MINUTES = 20, 10, 20, 30, 60
# Source: the pricing page of Amazon VPC, us-east-1: an hour of a NAT gateway, and one of its public address.
NAT_USD_PER_HOUR = Decimal("0.045") + Decimal("0.005")


@dataclass
class Run:
    """One run.

    Attributes:
        folder: of the root and its state; it goes when nothing is left.
        module: the folder of the module that is accepted.
        base: the folder of the last release's module, if there is a release.
        session: of the account.
        say: tells a person what goes on.
    """

    folder: Path
    module: Path
    base: Path | None
    session: boto3.Session
    executable: Executable
    queue_depth_image: str
    prices: Prices
    report: Report
    say: Callable[[str], object]
    pace: Pace
    _workers: list[int] = field(default_factory=list)

    def run(self) -> None:
        """All steps, and whatever happens, the end of all that was made. What happened stands in the report.

        Raises:
            KeyboardInterrupt: somebody pressed Ctrl-C; all was removed, as far as it could be.
        """
        name = f"pi-accept-{secrets.token_hex(4)}"
        things = Things(self.pace)
        # Of the characters that need no encoding, for a URL is read by many.
        root = Root(self.folder, self.executable, secrets.token_hex(24), self.say)
        # A state holds secrets.
        self.folder.mkdir(mode=0o700)
        try:
            self._steps(name, things, root)
        except UserError:
            pass  # it stands in the report
        finally:
            self._remove(name, things, root)
            self._price()

    def _steps(self, name: str, things: Things, root: Root) -> None:
        region = self.session.region_name
        with self._step("Make a network, a cluster, topics, secrets, a bucket") as result:
            around = surroundings(self.session, name, things)
            result(f"{around.vpc_id} in {region}")
        inputs = {
            "environment": name,
            "aws_region": region,
            "queue_depth_image": self.queue_depth_image,
            **SIZES,
            **jobs.inputs(),
            **around.inputs(),
        }
        if self.base:
            with self._step("Apply the last release") as result:
                root.use(self.base, inputs)
                root.apply()
                result(counted(len(root.left()), "resource"))
        with self._step("Upgrade to this version" if self.base else "Apply this version") as result:
            root.use(self.module, inputs)
            result(self._upgrade(root) if self.base else _applied(root))
        with self._step("See an empty plan") as result:
            changes = plan_diff(read_plan(root.plan(), "the plan"))
            if changes.has_changes:
                addresses = ", ".join(change.address for change in changes.resources)
                raise UserError(f"the plan after an apply has changes: {addresses}")
            result("no changes")
        configuration = Configuration.read(self.module).with_inputs(inputs)
        self._jobs(configuration, around)

    def _upgrade(self, root: Root) -> str:
        changes = plan_diff(read_plan(root.plan(), "the plan"))
        if changes.dangers:
            said = (f"{' and '.join(danger.addresses)} {danger.event}" for danger in changes.dangers)
            raise UserError(f"the upgrade is dangerous: {'; '.join(said)}")
        root.apply()
        return f"{counted(len(changes.resources), 'resource')} changed, none of them dangerously"

    def _jobs(self, configuration: Configuration, around: Surroundings) -> None:
        def well() -> Examination | None:
            found = self._examined(configuration)
            # Nobody subscribes to the topics of a run.
            faults = {finding.fault for finding in found.findings} - {TOPIC_WITHOUT_SUBSCRIPTION}
            return None if faults or found.gaps else found

        with self._step("See that all is well, by the doctor") as result:
            result(self._waited("all is well", well, WELL_MINUTES, configuration))
        with self._step(f"Put {FEW} jobs into the queue") as result:
            self._add(configuration, around, FEW)
            result("put, by a task in the VPC")
        with self._step("See workers come") as result:
            result(self._seen(configuration, "workers come", lambda running, _: running > MINIMUM, OUT_MINUTES))
        with self._step("See the queue worked off") as result:
            result(self._seen(configuration, "an empty queue", lambda _, depth: depth == 0, DONE_MINUTES))
        with self._step(f"Put {MANY} jobs into the queue") as result:
            self._add(configuration, around, MANY)
            result("put, by a task in the VPC")
        with self._step("See as many workers as are allowed") as result:
            result(self._seen(configuration, f"{MAXIMUM} workers", lambda running, _: running == MAXIMUM, OUT_MINUTES))
        with self._step("See the queue worked off again") as result:
            result(self._seen(configuration, "an empty queue", lambda _, depth: depth == 0, DONE_MINUTES))
        with self._step("See workers go") as result:
            result(self._seen(configuration, "the minimum", lambda running, _: running == MINIMUM, IN_MINUTES))

    def _add(self, configuration: Configuration, around: Surroundings, number: int) -> None:
        ecs = self.session.client("ecs")
        service = self._deployment(configuration).service
        assert service is not None
        task = jobs.add(ecs, around.cluster, dict(service), number)
        self.pace.wait_for(f"{number} jobs in the queue", lambda: jobs.added(ecs, around.cluster, task), ADDED_MINUTES)

    def _seen(
        self, configuration: Configuration, what: str, is_so: Callable[[int, float], bool], minutes: float
    ) -> str:
        def look() -> str | None:
            deployment = self._deployment(configuration)
            try:
                service, (values, _) = deployment.service, deployment.depth
            except NotLookedAtError as error:
                self.say(f"    {error}, and once more")
                return None
            running = service["runningCount"] if service else 0
            self._workers.append(running)
            # Without a value nobody knows how long the queue is.
            depth = values[-1] if values else float("nan")
            shown = f"{counted(running, 'worker')}, {depth:g} jobs"
            self.say(f"    {shown}")
            return shown if is_so(running, depth) else None

        return self.pace.wait_for(what, look, minutes)

    def _waited(
        self, what: str, well: Callable[[], Examination | None], minutes: float, configuration: Configuration
    ) -> str:
        try:
            self.pace.wait_for(what, well, minutes)
        except UserError as error:
            found = self._examined(configuration)
            names = [finding.fault.name for finding in found.findings] + [
                f"{gap.check}: {gap.why}" for gap in found.gaps
            ]
            raise UserError(f"{error} The doctor says: {', '.join(names)}") from None
        return "the doctor finds nothing"

    def _examined(self, configuration: Configuration) -> Examination:
        return examine(self._deployment(configuration))

    def _deployment(self, configuration: Configuration) -> Deployment:
        return Deployment(Account(self.session, self.session.region_name), configuration, datetime.now(UTC))

    def _remove(self, name: str, things: Things, root: Root) -> None:
        """Destroy, then remove what was made beside it; Ctrl-C does not end this."""
        please_wait = "    removing what was made, which costs money while it is there: please wait"
        with (
            answered(lambda: self.say(please_wait)),
            self._step("Destroy all, and see nothing left", last=True) as result,
        ):
            self.report.remains += self._destroyed(name, root)
            # Also where something is left: what does not depend on it goes.
            self.report.remains += things.remove()
            if self.report.remains:
                raise UserError(f"{counted(len(self.report.remains), 'thing')} left")
            shutil.rmtree(self.folder)
            result("nothing, but the revisions of the task definition and, for 30 days, the deleted secret")

    def _destroyed(self, cluster: str, root: Root) -> list[str]:
        """Destroy what the engine made, twice where the first time fails. Returns what is left."""
        if not root.state.exists():
            return []
        try:
            # What they lie in could not go.
            jobs.stop(self.session.client("ecs"), cluster)
        except (ClientError, BotoCoreError) as error:
            self.say(f"    {error}")
        for _ in range(2):
            try:
                root.destroy()
                break
            except UserError as error:
                self.say(f"    {error}")
        try:
            return [f"{address}, of the state {root.state}" for address in root.left()]
        except UserError as error:
            return [f"what the state {root.state} has, which the engine does not tell: {error}"]

    def _price(self) -> None:
        hours = Decimal(self.pace.elapsed) / 3600
        workers = Decimal(sum(self._workers)) / len(self._workers) if self._workers else Decimal(MINIMUM)
        try:
            self.report.usd = hours * hourly(self.module, self.session.region_name, workers, self.prices)
        except UserError:
            self.report.usd = None

    @contextmanager
    def _step(self, name: str, *, last: bool = False) -> Iterator[Callable[[str], None]]:
        """A step of the report, which tells its result; what ends it otherwise is its failure."""
        self.say(f"{name} ...")
        begun, results = self.pace.seconds(), list[str]()
        try:
            if not last:
                self.pace.check()
            yield results.append
        except BaseException as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            self.report.steps.append(Step(name, self.pace.seconds() - begun, reason, passed=False))
            self.say(f"  failed: {reason}")
            if isinstance(error, ClientError | BotoCoreError | NotLookedAtError):
                raise UserError(reason) from None
            if not (last and isinstance(error, UserError)):
                raise
        else:
            self.report.steps.append(Step(name, self.pace.seconds() - begun, results[0]))
            self.say(f"  {results[0]}")


def hourly(module: Path, region: str, workers: Decimal, prices: Prices) -> Decimal:
    """US dollars for an hour of Redis, of so many workers and of the way out of the network.

    Raises:
        UserError: there is no price.
    """
    configuration = Configuration.read(module).with_inputs({"aws_region": region, **SIZES})
    monthly = redis_cost(configuration, prices) + worker_cost(configuration, workers, prices)
    return monthly / HOURS_PER_MONTH + NAT_USD_PER_HOUR


def _applied(root: Root) -> str:
    root.apply()
    return counted(len(root.left()), "resource")
