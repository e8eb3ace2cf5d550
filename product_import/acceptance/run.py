"""The run: what it creates and sees, and that it removes all of it."""

import json
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from product_import.acceptance import jobs
from product_import.acceptance.pace import Pace
from product_import.acceptance.record import Record, forget, in_use
from product_import.acceptance.removal import NOTHING, remove
from product_import.acceptance.report import Report, Step
from product_import.acceptance.root import Root
from product_import.configuration import Configuration
from product_import.costs import HOURS_PER_MONTH, Prices, redis_cost, worker_cost
from product_import.doctor.account import Account, NotLookedAtError
from product_import.doctor.deployment import Deployment
from product_import.doctor.examination import Examination, examine
from product_import.doctor.faults import TOPIC_WITHOUT_SUBSCRIPTION
from product_import.engine import Executable
from product_import.errors import UserError
from product_import.plan_diff.compare.changes import plan_diff
from product_import.plan_diff.read.plan import read_plan
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


PREREQUISITES = Path(__file__).with_name("prerequisites.tf")


def roots(
    folder: Path, record: Record, executable: Executable, session: boto3.Session, say: Callable[[str], object]
) -> list[Root]:
    """The module's root and that of its prerequisites, in the order in which they are destroyed."""
    return [Root(folder / name, record, executable, session, say) for name in ("module", "prerequisites")]


@dataclass
class Run:
    """One run.

    Attributes:
        folder: of the roots and their states; it goes when nothing is left.
        record: where the resources are, and their name.
        module: the folder of the module that is accepted.
        base: the folder of the last release's module, if there is a release.
        session: of the account.
        say: tells a person what happens.
    """

    folder: Path
    record: Record
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
        """All steps, and however they end, the removal of all that they created. The report says what happened.

        Raises:
            UserError: there can be no folder; nothing was created.
            KeyboardInterrupt: somebody pressed Ctrl-C; all was removed, as far as possible.
        """
        both = module, prerequisites = roots(self.folder, self.record, self.executable, self.session, self.say)
        try:
            # A state holds secrets.
            self.folder.mkdir(mode=0o700)
            for root in both:
                root.create()
        except OSError as error:
            raise UserError(f"{self.folder}: {error.strerror}. Nothing was created.") from None
        self.record.write(self.folder)
        with in_use(self.folder):
            # Until the removal has looked.
            self.report.remains = [f"not known, the removal did not end: {self.folder} has the states"]
            try:
                self._steps(module, prerequisites)
                self.report.completed = True
            except UserError:
                pass  # it is in the report
            finally:
                self._remove(both)
                self._price()

    def _steps(self, module: Root, prerequisites: Root) -> None:
        with self._step("Create the prerequisites: a network, a cluster, a topic, a secret, a bucket") as result:
            prerequisites.write(
                {
                    "main.tf": PREREQUISITES.read_text(encoding="utf-8"),
                    "terraform.tfvars.json": {"name": self.record.name, "zones": self._zones()},
                }
            )
            prerequisites.init()
            number, around = prerequisites.apply(), prerequisites.outputs()
            result(f"{counted(number, 'resource')} in {self.record.region}, {around['vpc_id']}")
        inputs = {
            "environment": self.record.name,
            "aws_region": self.record.region,
            "queue_depth_image": self.queue_depth_image,
            # The tasks cost money too.
            "propagate_tags": "SERVICE",
            **SIZES,
            **jobs.inputs(),
            **around,
        }
        # Of the characters that need no encoding, for a URL is read by many.
        module.write({"terraform.tfvars.json": {"redis_auth_token": secrets.token_hex(24)}})
        if self.base:
            with self._step("Apply the last release") as result:
                consume(module, self.base, inputs)
                result(counted(module.apply(), "resource"))
        with self._step("Upgrade to this version" if self.base else "Apply this version") as result:
            consume(module, self.module, inputs)
            result(self._upgrade(module) if self.base else counted(module.apply(), "resource"))
        with self._step("See an empty plan") as result:
            changes = plan_diff(read_plan(module.plan(), "the plan"))
            if changes.has_changes:
                addresses = ", ".join(change.address for change in changes.resources)
                raise UserError(f"the plan after an apply has changes: {addresses}")
            result("no changes")
        self._jobs(Configuration.read(self.module).with_inputs(inputs))

    def _zones(self) -> list[str]:
        """Two availability zones of the region, without local zones that the account has opted in to."""
        filters = [{"Name": "zone-type", "Values": ["availability-zone"]}, {"Name": "state", "Values": ["available"]}]
        answer = self._client("ec2").describe_availability_zones(Filters=filters)
        return sorted(zone["ZoneName"] for zone in answer["AvailabilityZones"])[:2]

    def _upgrade(self, root: Root) -> str:
        changes = plan_diff(read_plan(root.plan(), "the plan"))
        if changes.dangers:
            said = (f"{' and '.join(danger.addresses)} {danger.event}" for danger in changes.dangers)
            raise UserError(f"the upgrade is dangerous: {'; '.join(said)}")
        root.apply()
        return f"{counted(len(changes.resources), 'resource')} changed, none of them dangerously"

    def _jobs(self, configuration: Configuration) -> None:
        def well() -> Examination | None:
            found = self._examined(configuration)
            return None if found.findings or found.gaps else found

        with self._step("See that all is well, by the doctor") as result:
            result(self._waited("all is well", well, WELL_MINUTES, configuration))
        with self._step(f"Put {FEW} jobs into the queue") as result:
            self._add(configuration, FEW)
            result("put, by a task in the VPC")
        with self._step("See workers come") as result:
            result(self._seen(configuration, "workers come", lambda running, _: running > MINIMUM, OUT_MINUTES))
        with self._step("See the queue worked off") as result:
            result(self._seen(configuration, "an empty queue", lambda _, depth: depth == 0, DONE_MINUTES))
        with self._step(f"Put {MANY} jobs into the queue") as result:
            self._add(configuration, MANY)
            result("put, by a task in the VPC")
        with self._step("See as many workers as are allowed") as result:
            result(self._seen(configuration, f"{MAXIMUM} workers", lambda running, _: running == MAXIMUM, OUT_MINUTES))
        with self._step("See the queue worked off again") as result:
            result(self._seen(configuration, "an empty queue", lambda _, depth: depth == 0, DONE_MINUTES))
        with self._step("See workers go") as result:
            result(self._seen(configuration, "the minimum", lambda running, _: running == MINIMUM, IN_MINUTES))

    def _add(self, configuration: Configuration, number: int) -> None:
        ecs, cluster = self._client("ecs"), self.record.name
        service = self._deployment(configuration).service
        assert service is not None
        task = jobs.add(ecs, cluster, dict(service), number)
        self.pace.wait_for(f"{number} jobs in the queue", lambda: jobs.added(ecs, cluster, task), ADDED_MINUTES)

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
        found = examine(self._deployment(configuration))
        # Nobody subscribes to the topics of a run.
        expected = [finding for finding in found.findings if finding.fault is TOPIC_WITHOUT_SUBSCRIPTION]
        return replace(found, findings=[finding for finding in found.findings if finding not in expected])

    def _deployment(self, configuration: Configuration) -> Deployment:
        return Deployment(Account(self.session, self.record.region), configuration, datetime.now(UTC))

    def _remove(self, both: list[Root]) -> None:
        with self._step("Destroy all, and see nothing left", last=True) as result:
            self.report.remains = remove(self.record, both, self.session, self.pace, self.say)
            if self.report.remains:
                raise UserError(f"{counted(len(self.report.remains), 'resource')} left")
            forget(self.folder)
            shutil.rmtree(self.folder)
            result(NOTHING)

    def _client(self, service: str) -> Any:
        return self.session.client(service, region_name=self.record.region)

    def _price(self) -> None:
        hours = Decimal(self.pace.elapsed) / 3600
        workers = Decimal(sum(self._workers)) / len(self._workers) if self._workers else Decimal(MINIMUM)
        try:
            self.report.usd = hours * hourly(self.module, self.record.region, workers, self.prices)
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


def consume(root: Root, module: Path, inputs: Mapping[str, Any]) -> None:
    """Use a folder's module in a root; inputs that it does not have are left out."""
    copy = root.folder / "module"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(module, copy, ignore=shutil.ignore_patterns("tests", ".terraform*"))
    declared = json.loads((copy / "variables.tf.json").read_text(encoding="utf-8"))["variable"]
    given = {name: value for name, value in inputs.items() if name in declared}
    token = {"redis_auth_token": "${var.redis_auth_token}"}
    root.write(
        {
            "main.tf.json": {
                "variable": {"redis_auth_token": {"type": "string", "sensitive": True}},
                "module": {"product_import": {"source": "./module", **given, **token}},
            }
        }
    )
    root.init()
