"""What can be wrong with a deployment: the table that the doctor's advice and the README's troubleshooting are made of.

The rows stand in the order in which an operator wants to read them, the worst first.
"""

from dataclasses import dataclass
from typing import Literal

Urgency = Literal["now", "before the next apply", "soon"]


@dataclass(frozen=True)
class Fault:
    """A row of the table; its texts are sentences in Markdown.

    Attributes:
        name: stays, for it is what programs tell faults by.
        urgency: by when somebody has to look.
        seen: what the doctor sees; what it saw exactly stands beside it in a report.
        alarms: keys of the module's alarms that may go off for it; the first one's section of the README has the row.
        command: of a shell, to paste; a report fills in its variables, ENVIRONMENT and ECS_CLUSTER_NAME.
    """

    name: str
    urgency: Urgency
    seen: str
    means: str
    do: str
    alarms: tuple[str, ...] = ()
    command: str = ""


_DEPLOY_ANEW = (
    'aws ecs update-service --cluster "$ECS_CLUSTER_NAME" --service "$ENVIRONMENT-product-import-worker" '
    "--force-new-deployment"
)

SERVICE_MISSING = Fault(
    "service-missing",
    "now",
    seen="The cluster has no active service of the workers.",
    means="Nothing takes jobs from the queue.",
    do="See that account, region and cluster are the right ones. If they are, apply the configuration.",
    alarms=("worker_count_low", "queue_overload"),
)
NO_WORKERS = Fault(
    "no-workers",
    "now",
    seen="No worker runs.",
    means="Jobs wait, and scaling stands still: with no worker there is nothing to divide the queue's depth by.",
    do="Read what ECS says of its tasks: an image that cannot be pulled, a secret that cannot be read, a container "
    "that ends at once. Mend that; ECS tries again by itself. Where 0 are wanted, somebody stopped them: `aws ecs "
    "update-service --desired-count` starts them again.",
    alarms=("worker_count_low", "queue_overload"),
)
WORKERS_MISSING = Fault(
    "workers-missing",
    "now",
    seen="For minutes fewer workers have been running than are wanted.",
    means="Tasks do not start, or do not stay: the queue is worked off more slowly than it could be.",
    do="Read what ECS says of its tasks. Where Fargate has no capacity, wait or add subnets in further zones; else "
    "mend the image, the secret or the role that it names.",
    alarms=("worker_count_low", "queue_overload"),
)
REDIS_MISSING = Fault(
    "redis-missing",
    "now",
    seen="There is no Redis of the configuration's name.",
    means="There is no queue: jobs can be neither added nor taken.",
    do="See that account and region are the right ones. If somebody deleted it, set `redis_snapshot_name` to its last "
    "snapshot and apply.",
    alarms=("queue_overload",),
)
REDIS_UNAVAILABLE = Fault(
    "redis-unavailable",
    "now",
    seen="Redis, or one of its nodes, is not available.",
    means="While AWS changes or replaces a node, connections break; a failover takes the newest jobs with it.",
    do="If somebody applies a change, wait for its end. Else read the events of ElastiCache in the console; ask AWS.",
    alarms=("queue_overload",),
)
# The provider reads the version that it wrote, and does not see that another one is current (its
# internal/service/secretsmanager/secret_version.go, resourceSecretVersionRead).
_WRITE_SECRET = (
    "Write the secret with `terraform apply -replace` of its version, `aws_secretsmanager_secret_version.redis_url`: "
    "what was written by hand, a plain apply does not see. Then deploy the workers anew: they read secrets only when "
    "they start."
)

SECRET_NO_URL = Fault(
    "secret-no-url",
    "now",
    seen="The secret that the workers get as `REDIS_URL` holds no URL of Redis.",
    means="Workers that start now cannot connect; those that run go on until they are replaced.",
    do=_WRITE_SECRET,
    command=_DEPLOY_ANEW,
    alarms=("worker_count_low", "queue_overload"),
)
SECRET_ELSEWHERE = Fault(
    "secret-elsewhere",
    "now",
    seen="`REDIS_URL` leads to another host or port than this Redis has.",
    means="The workers take jobs from another queue than the one that is filled, or cannot connect.",
    do=_WRITE_SECRET,
    command=_DEPLOY_ANEW,
    alarms=("queue_overload", "worker_count_low"),
)
ROLE_MISSING = Fault(
    "role-missing",
    "now",
    seen="A role of the workers, or one of its policies, is missing.",
    means="Without the execution role's policies no task starts; without the task role's, jobs fail at S3, and the "
    "publisher at CloudWatch.",
    do="Apply the configuration. If it is missing again later, find out who takes it away.",
    alarms=("worker_count_low", "queue_overload"),
)
ROLE_DENIED = Fault(
    "role-denied",
    "now",
    seen="IAM would deny a role of the workers what it needs.",
    means="The policies are there, and something else forbids it: a permissions boundary, a denial, a policy that was "
    "changed by hand, or one of the organization.",
    do="Look at `iam_permissions_boundary_arn` and at the role's policies in the console. An apply gives the module's "
    "own policies back.",
    alarms=("worker_count_low", "queue_overload"),
)
DEPLOYMENT_FAILED = Fault(
    "deployment-failed",
    "now",
    seen="The last deployment of the workers did not succeed.",
    means="After a rollback the workers run the revision before. Terraform does not know of it: its next plan proposes "
    "the failed revision again.",
    do="Read why tasks of the new revision stopped, and change the image or the inputs before the next apply.",
    alarms=("worker_count_low",),
)
DEPTH_MISSING = Fault(
    "depth-missing",
    "now",
    seen="Nobody has published the queue's depth in the last 5 minutes.",
    means="Only the CPU policy adds workers, and none are removed.",
    do="With `queue_depth_image`, read the lines of the container `queue-depth` in the workers' log. Without it the "
    "application has to publish: see that it runs, with the right to `cloudwatch:PutMetricData`.",
    alarms=("queue_overload",),
)
DEPTH_ELSEWHERE = Fault(
    "depth-elsewhere",
    "now",
    seen="The depth is published, but with other dimensions than those that are read.",
    means="Scaling and the alarm see nothing: CloudWatch takes other dimensions for another metric.",
    do="Make `Environment` and `QueueName` of whoever publishes the values of `environment` and `queue_name`.",
    alarms=("queue_overload",),
)
SCALING_MISSING = Fault(
    "scaling-missing",
    "now",
    seen="The scaling target, one of its policies, or the alarms of a policy are missing.",
    means="The number of workers does not follow the queue.",
    do="Apply the configuration. Alarms whose names begin with `TargetTracking-` belong to the policies: where "
    "somebody deleted one, `terraform apply -replace` of its policy makes it anew.",
    alarms=("queue_overload",),
)
SCALING_SUSPENDED = Fault(
    "scaling-suspended",
    "now",
    seen="Scaling is suspended.",
    means="Somebody stopped it, perhaps to set the number of workers by hand; it does not resume by itself.",
    do="Once nobody needs it so, give it back.",
    command="aws application-autoscaling register-scalable-target --service-namespace ecs "
    "--scalable-dimension ecs:service:DesiredCount "
    '--resource-id "service/$ECS_CLUSTER_NAME/$ENVIRONMENT-product-import-worker" --suspended-state '
    "DynamicScalingInSuspended=false,DynamicScalingOutSuspended=false,ScheduledScalingSuspended=false",
    alarms=("queue_overload",),
)
SCALING_FAILED = Fault(
    "scaling-failed",
    "now",
    seen="The last attempt to change the number of workers failed.",
    means="Application Auto Scaling wanted another number and did not get it.",
    do="Its message says why: mostly a quota of Fargate, or a service that was changed at the same time.",
    alarms=("queue_overload",),
)
REDIS_EVICTS = Fault(
    "redis-evicts",
    "now",
    seen="Redis has evicted keys in the last hour.",
    means="Jobs are lost: it makes room by dropping them, which `noeviction` forbids.",
    do="See that the parameter group is the module's and in sync, with `maxmemory-policy` at `noeviction`. Then make "
    "room: a larger `redis_node_type`, or fewer finished jobs that Bull keeps.",
    alarms=("redis_memory_high",),
)
REDIS_MEMORY_HIGH = Fault(
    "redis-memory-high",
    "now",
    seen="The memory of a Redis node is above `redis_memory_threshold`.",
    means="When it is full, Redis refuses new jobs.",
    do="See whether it is the queue or finished jobs (`removeOnComplete`, `removeOnFail`). If the queue, see why the "
    "workers lag behind; if it stays, take a larger `redis_node_type`.",
    alarms=("redis_memory_high",),
)
REDIS_CPU_HIGH = Fault(
    "redis-cpu-high",
    "now",
    seen="The CPU of a Redis node is above `redis_cpu_threshold`.",
    means="Redis is one thread: commands wait for each other, and jobs are added and taken more slowly.",
    do="Look for slow commands in the slow log. Nodes of burstable types (t3, t4g) may be out of credits: take a "
    "larger `redis_node_type`. Elsewhere fewer workers, or a lower `worker_concurrency`, ask less of it.",
    alarms=("redis_cpu_high",),
)
SCALING_AT_MAXIMUM = Fault(
    "scaling-at-maximum",
    "now",
    seen="As many workers run as `worker_max_count` allows, and the queue asks for more.",
    means="The queue grows, or shrinks more slowly than it should.",
    do="If Redis and the database stand it, raise `worker_max_count`; else wait, or find what makes jobs slow.",
    alarms=("queue_overload",),
)
ALARM_ON = Fault(
    "alarm-on",
    "now",
    seen="An alarm is on.",
    means="It has notified its topic. Where a finding above explains it, mend that; the alarm then ends by itself.",
    do="Read the section of the same name in the troubleshooting of the module's README.",
)
REDIS_REPLACED = Fault(
    "redis-would-be-replaced",
    "before the next apply",
    seen="Redis runs a newer version, or another engine, than is configured.",
    means="The next apply replaces Redis, and every job is lost: AWS cannot go back to what is configured.",
    do="Do not apply. Set `redis_engine` to the engine that runs and `redis_engine_version` to the first two numbers "
    "of its version, and read the plan.",
)
REDIS_UPGRADED = Fault(
    "redis-would-be-upgraded",
    "before the next apply",
    seen="Redis runs an older version, or another engine, than is configured.",
    means="The next apply upgrades it in place, in the maintenance window unless `redis_apply_immediately` is on; "
    "connections break for a moment.",
    do="If that is wanted, take a snapshot first. Else set `redis_engine` and `redis_engine_version` to what runs.",
)
NODES_DIFFER = Fault(
    "nodes-differ",
    "before the next apply",
    seen="Redis has another number or another type of nodes than is configured.",
    means="The next apply changes them; a change that waits for the maintenance window looks the same until then.",
    do="Bring `redis_num_replicas` and `redis_node_type` in line with what runs, or apply what they say.",
    alarms=("redis_memory_high", "redis_cpu_high"),
)
LIMITS_DIFFER = Fault(
    "limits-differ",
    "before the next apply",
    seen="The limits of scaling are not those that are configured.",
    means="Somebody changed them by hand; the next apply sets them back.",
    do="Set `worker_min_count` and `worker_max_count` to what is wanted, and apply.",
    alarms=("worker_count_low", "queue_overload"),
)
PARAMETERS_DIFFER = Fault(
    "parameters-differ",
    "soon",
    seen="A node has another parameter group than the module's, or a parameter in it has another value.",
    means="With a `maxmemory-policy` other than `noeviction` a full Redis drops jobs.",
    do="Apply the configuration.",
    alarms=("redis_memory_high",),
)
PARAMETERS_PENDING = Fault(
    "parameters-pending",
    "soon",
    seen="A node's parameter group is not in sync.",
    means="A change of the parameters is not in effect yet.",
    do="If it does not become `in-sync` by itself, reboot the node, replicas first: the primary's reboot fails over.",
    alarms=("redis_memory_high",),
)
ALARM_MISSING = Fault(
    "alarm-missing",
    "soon",
    seen="An alarm of the module is missing.",
    means="Nobody is told of what it watches.",
    do="Apply the configuration.",
)
ALARM_MUTED = Fault(
    "alarm-muted",
    "soon",
    seen="An alarm notifies nobody: its actions are off, or it has none.",
    means="Somebody muted it, perhaps for some work.",
    do="Apply the configuration, or switch its actions on: `aws cloudwatch enable-alarm-actions --alarm-names ...`",
)
ALARM_WITHOUT_DATA = Fault(
    "alarm-without-data",
    "soon",
    seen="An alarm has no data.",
    means="It cannot go off, whatever happens. Fresh alarms have none for some minutes.",
    do="See that what it watches exists and sends metrics. An alarm of Redis reads the nodes that there were at the "
    "last apply: after nodes came or went, apply again.",
    alarms=("redis_memory_high", "redis_cpu_high"),
)
REDIS_METRICS_MISSING = Fault(
    "redis-metrics-missing",
    "soon",
    seen="A node of Redis has sent no metric in the last 15 minutes.",
    means="It is new, or does not run well; its memory is not known.",
    do="Wait some minutes, then look at the node in the console of ElastiCache.",
    alarms=("redis_memory_high", "redis_cpu_high"),
)
SCALING_HELD = Fault(
    "scaling-held",
    "soon",
    seen="Application Auto Scaling wanted to scale, and held back.",
    means="It expects to have to go back at once, or ECS takes no change of the service now.",
    do="Wait for the end of a deployment. If the number of workers keeps swinging, raise `target_jobs_per_worker`.",
    alarms=("queue_overload",),
)
ONE_ZONE = Fault(
    "one-zone",
    "soon",
    seen="All subnets lie in one availability zone.",
    means="With that zone all workers stop, and Redis has nowhere to fail over to.",
    do="Add subnets of other zones to `private_subnet_ids`.",
    alarms=("worker_count_low",),
)
LOG_MISSING = Fault(
    "log-missing",
    "soon",
    seen="The workers' log group is missing.",
    means="Tasks that log into it do not start.",
    do="Apply the configuration.",
    alarms=("worker_count_low",),
)
FAILURES_LOGGED = Fault(
    "failures-logged",
    "soon",
    seen="The workers have logged failures in the last 15 minutes.",
    means="It depends on the lines: jobs that fail, or connections that break.",
    do="Read on in the log.",
    command='aws logs tail "/ecs/$ENVIRONMENT/product-import-worker" --since 30m',
    alarms=("worker_count_low", "queue_overload"),
)

FAULTS: tuple[Fault, ...] = tuple(value for value in list(vars().values()) if isinstance(value, Fault))
