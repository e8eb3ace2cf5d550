"""The faults that a deployment can have. The doctor's advice and the README's troubleshooting come from this table.

The worst fault comes first.
"""

from dataclasses import dataclass
from typing import Literal

Urgency = Literal["now", "before the next apply", "soon"]


@dataclass(frozen=True)
class Fault:
    """A row of the table. Its texts are sentences in Markdown.

    Attributes:
        name: never changes, because programs identify faults by it.
        urgency: by when somebody has to look.
        seen: what the doctor sees; a report adds the details.
        command: to paste into a shell; a report fills in its variables, ENVIRONMENT and ECS_CLUSTER_NAME.
        alarms: keys of the module's alarms that the fault may set off; the README shows the row under the first one.
    """

    name: str
    urgency: Urgency
    seen: str
    means: str
    do: str
    command: str
    alarms: tuple[str, ...] = ()


_SERVICE = '--cluster "$ECS_CLUSTER_NAME" --service "$ENVIRONMENT-product-import-worker"'
_REDEPLOY = f"aws ecs update-service {_SERVICE} --force-new-deployment"
_EVENTS = (
    'aws ecs describe-services --cluster "$ECS_CLUSTER_NAME" --services "$ENVIRONMENT-product-import-worker" '
    '--query "services[0].events[:10].[createdAt, message]" --output text'
)
_STOPPED_TASKS = (
    'aws ecs list-tasks --cluster "$ECS_CLUSTER_NAME" --service-name "$ENVIRONMENT-product-import-worker" '
    "--desired-status STOPPED"
)
_TASK = 'aws ecs describe-task-definition --task-definition "$ENVIRONMENT-product-import-worker"'
_LOG = 'aws logs tail "/ecs/$ENVIRONMENT/product-import-worker" --since 30m'
_TARGET = (
    "--service-namespace ecs --scalable-dimension ecs:service:DesiredCount "
    '--resource-id "service/$ECS_CLUSTER_NAME/$ENVIRONMENT-product-import-worker"'
)
_ACTIVITIES = (
    f"aws application-autoscaling describe-scaling-activities {_TARGET} --include-not-scaled-activities --max-items 10"
)
_REDIS = 'aws elasticache describe-replication-groups --replication-group-id "$ENVIRONMENT-product-import"'
_REDIS_EVENTS = "aws elasticache describe-events --duration 180"
_ALARMS = 'aws cloudwatch describe-alarms --alarm-name-prefix "$ENVIRONMENT-product-import-"'
_DEPTH = "aws cloudwatch list-metrics --namespace AVNZ/ProductImport --metric-name BullQueueDepth"
_PLAN = "terraform plan"

SERVICE_MISSING = Fault(
    "service-missing",
    "now",
    seen="The cluster has no active service of the workers.",
    means="Nothing takes jobs from the queue.",
    do="Check the account, region and cluster. If they are right, apply the configuration.",
    command=_EVENTS,
    alarms=("worker_count_low", "queue_overload"),
)
IMAGE_NOT_PULLED = Fault(
    "image-not-pulled",
    "now",
    seen="ECS could not pull an image for a task in the last hour.",
    means="New tasks do not start. Running tasks continue until they are replaced.",
    do="Check that the image and its tag exist, that the execution role may pull it, and that the subnets reach the "
    "registry. Then correct `worker_image` or `queue_depth_image` and apply.",
    command=_STOPPED_TASKS,
    alarms=("worker_count_low",),
)
SECRET_UNREADABLE = Fault(
    "secret-unreadable",
    "now",
    seen="A secret that the tasks need cannot be read.",
    means="New tasks do not start. Running tasks continue until they are replaced.",
    do="Restore a deleted secret with `aws secretsmanager restore-secret`, correct its resource policy, or correct the "
    "ARN in the inputs.",
    command=_TASK,
    alarms=("worker_count_low",),
)
KEY_DISABLED = Fault(
    "key-disabled",
    "now",
    seen="A KMS key of the deployment cannot be used.",
    means="What it encrypts cannot be read: without a secret no task starts, without its key Redis stops.",
    do="Enable the key with `aws kms enable-key`, or cancel its deletion with `aws kms cancel-key-deletion`.",
    command="aws kms list-aliases",
    alarms=("worker_count_low",),
)
ADDRESSES_MISSING = Fault(
    "addresses-missing",
    "now",
    seen="A subnet of the workers has no free IP address, is not available or does not exist.",
    means="Each task needs an address: tasks do not start in this subnet, and scaling out fails.",
    do="Set `private_subnet_ids` to subnets that have addresses, or delete what uses them. Tasks and Redis share them.",
    command='aws ec2 describe-subnets --query "Subnets[].[SubnetId, AvailableIpAddressCount]" --output text',
    alarms=("worker_count_low", "queue_overload"),
)
OUT_OF_MEMORY = Fault(
    "out-of-memory",
    "now",
    seen="Tasks of the workers ran out of memory in the last hour.",
    means="Their jobs were interrupted. Bull runs them again, so the same job may end the next task as well.",
    do="Raise `worker_memory` or lower `worker_concurrency`, and apply. Look for the job in the log.",
    command=_LOG,
    alarms=("worker_count_low",),
)
TASKS_STOP = Fault(
    "tasks-stop",
    "now",
    seen="Tasks of the workers stopped again and again in the last hour.",
    means="ECS replaces each of them, so the count looks right. Jobs are interrupted and run again.",
    do="Read the reasons and the log of the stopped tasks.",
    command=_LOG,
    alarms=("worker_count_low",),
)
NO_WORKERS = Fault(
    "no-workers",
    "now",
    seen="No worker runs.",
    means="Jobs wait. Scaling stands still as well: without a worker the depth for each worker has no value.",
    do="Read the events of ECS and the reasons of stopped tasks, and fix the image, the secret or the container that "
    "they name. ECS tries again by itself. If the desired count is 0, somebody stopped the workers: set it with `aws "
    "ecs update-service --desired-count`.",
    command=_EVENTS,
    alarms=("worker_count_low", "queue_overload"),
)
WORKERS_MISSING = Fault(
    "workers-missing",
    "now",
    seen="Fewer workers than the desired count have been running for minutes.",
    means="Tasks do not start, or do not stay. The queue is processed more slowly than it could be.",
    do="Read the events of ECS. If Fargate has no capacity, wait or add subnets in other zones. Otherwise fix the "
    "image, the secret or the role that they name.",
    command=_EVENTS,
    alarms=("worker_count_low", "queue_overload"),
)
REDIS_MISSING = Fault(
    "redis-missing",
    "now",
    seen="There is no Redis of the configured name.",
    means="There is no queue: jobs can neither be added nor taken.",
    do="Check the account and region. If somebody deleted it, set `redis_snapshot_name` to its last snapshot, and "
    "apply.",
    command=_REDIS,
    alarms=("queue_overload",),
)
REDIS_UNAVAILABLE = Fault(
    "redis-unavailable",
    "now",
    seen="Redis, or one of its nodes, is not available.",
    means="Connections break while AWS changes or replaces a node. A failover loses the newest jobs.",
    do="If somebody applies a change, wait for its end. Otherwise read the events of ElastiCache and ask AWS.",
    command=_REDIS_EVENTS,
    alarms=("queue_overload",),
)
# The provider reads the version that it wrote, and does not see that another one is current (its
# internal/service/secretsmanager/secret_version.go, resourceSecretVersionRead).
_WRITE_SECRET = (
    "Write the secret with `terraform apply -replace` of its version, `aws_secretsmanager_secret_version.redis_url`: a "
    "plain apply does not see what was written by hand. Then redeploy the workers: they read secrets only when they "
    "start."
)

SECRET_NO_URL = Fault(
    "secret-no-url",
    "now",
    seen="The secret that the workers get as `REDIS_URL` holds no URL of Redis.",
    means="Workers that start now cannot connect. Running workers continue until they are replaced.",
    do=_WRITE_SECRET,
    command=_REDEPLOY,
    alarms=("worker_count_low", "queue_overload"),
)
SECRET_ELSEWHERE = Fault(
    "secret-elsewhere",
    "now",
    seen="`REDIS_URL` leads to another host or port than this Redis has.",
    means="The workers take jobs from another queue than the one that is filled, or cannot connect.",
    do=_WRITE_SECRET,
    command=_REDEPLOY,
    alarms=("queue_overload", "worker_count_low"),
)
ROLE_MISSING = Fault(
    "role-missing",
    "now",
    seen="A role of the workers, or one of its policies, is missing.",
    means="Without the policies of the execution role no task starts. Without those of the task role jobs fail at S3, "
    "and the publisher at CloudWatch.",
    do="Apply the configuration. If it is missing again later, find out who removes it.",
    command=_PLAN,
    alarms=("worker_count_low", "queue_overload"),
)
ROLE_DENIED = Fault(
    "role-denied",
    "now",
    seen="IAM would deny a role of the workers what it needs.",
    means="A permissions boundary, a denial, a policy that was changed by hand, or one of the organization forbids it.",
    do="Check `iam_permissions_boundary_arn` and the policies of the role. An apply restores the module's policies.",
    command='aws iam list-attached-role-policies --role-name "$ENVIRONMENT-product-import-worker-task"',
    alarms=("worker_count_low", "queue_overload"),
)
DEPLOYMENT_FAILED = Fault(
    "deployment-failed",
    "now",
    seen="The last deployment of the workers did not succeed.",
    means="After a rollback the workers run the previous revision. Terraform does not know of it: its next plan "
    "proposes the failed revision again.",
    do="Read why tasks of the new revision stopped, and change the image or the inputs before the next apply.",
    command=_EVENTS,
    alarms=("worker_count_low",),
)
DEPLOYMENT_STUCK = Fault(
    "deployment-stuck",
    "now",
    seen="A deployment of the workers does not end.",
    means="Its tasks fail or do not start. ECS keeps trying, or rolls back after more failures.",
    do="Read why its tasks stopped. Apply a corrected configuration, which starts another deployment.",
    command=_EVENTS,
    alarms=("worker_count_low",),
)
DEPTH_MISSING = Fault(
    "depth-missing",
    "now",
    seen="Nobody has published the queue's depth in the last 5 minutes.",
    means="Only the CPU policy adds workers, and none are removed.",
    do="With `queue_depth_image`, read the lines of the container `queue-depth` in the log of the workers. Without it "
    "the application must publish: check that it runs and may call `cloudwatch:PutMetricData`.",
    command=_LOG,
    alarms=("queue_overload",),
)
DEPTH_ELSEWHERE = Fault(
    "depth-elsewhere",
    "now",
    seen="The depth is published with other dimensions than those that scaling reads.",
    means="Scaling and the alarm see nothing: to CloudWatch, other dimensions are another metric.",
    do="Make the publisher send `Environment` and `QueueName` with the values of `environment` and `queue_name`.",
    command=_DEPTH,
    alarms=("queue_overload",),
)
DEPTH_WRONG = Fault(
    "depth-wrong",
    "now",
    seen="The published depth of the queue is below 0.",
    means="No queue is that short: scaling removes workers whatever the queue holds.",
    do="Find out who publishes it. The publisher of `queue_depth_image` counts jobs and never publishes less than 0.",
    command=_DEPTH,
    alarms=("queue_overload",),
)
SCALING_MISSING = Fault(
    "scaling-missing",
    "now",
    seen="The scaling target, one of its policies, or the alarms of a policy are missing.",
    means="The number of workers does not follow the queue.",
    do="Apply the configuration. Alarms whose names begin with `TargetTracking-` belong to the policies: if somebody "
    "deleted one, `terraform apply -replace` of its policy creates it again.",
    command=f"aws application-autoscaling describe-scaling-policies {_TARGET}",
    alarms=("queue_overload",),
)
SCALING_SUSPENDED = Fault(
    "scaling-suspended",
    "now",
    seen="Scaling is suspended.",
    means="Somebody stopped it, perhaps to set the number of workers by hand. It does not resume by itself.",
    do="Resume it when nobody needs it suspended.",
    command=f"aws application-autoscaling register-scalable-target {_TARGET} --suspended-state "
    "DynamicScalingInSuspended=false,DynamicScalingOutSuspended=false,ScheduledScalingSuspended=false",
    alarms=("queue_overload",),
)
SCALING_FAILED = Fault(
    "scaling-failed",
    "now",
    seen="The last attempt to change the number of workers failed, or does not end.",
    means="Application Auto Scaling could not set the number that it computed.",
    do="Read its message. Usually a quota of Fargate is reached, or the service was changed at the same time.",
    command=_ACTIVITIES,
    alarms=("queue_overload",),
)
REDIS_EVICTS = Fault(
    "redis-evicts",
    "now",
    seen="Redis has evicted keys in the last hour.",
    means="Jobs are lost: Redis drops keys to free memory, which `noeviction` forbids.",
    do="Check that the parameter group is the module's and in sync, with `maxmemory-policy` at `noeviction`. Then free "
    "memory: a larger `redis_node_type`, or fewer finished jobs that Bull keeps.",
    command=_REDIS,
    alarms=("redis_memory_high",),
)
REDIS_MEMORY_HIGH = Fault(
    "redis-memory-high",
    "now",
    seen="The memory of a Redis node is above `redis_memory_threshold`.",
    means="When it is full, Redis refuses new jobs.",
    do="Find out whether the queue or finished jobs fill it (`removeOnComplete`, `removeOnFail`). If the queue does, "
    "find out why the workers are behind. If it stays, choose a larger `redis_node_type`.",
    command=_DEPTH,
    alarms=("redis_memory_high",),
)
REDIS_CPU_HIGH = Fault(
    "redis-cpu-high",
    "now",
    seen="The CPU of a Redis node is above `redis_cpu_threshold`.",
    means="Redis runs commands in one thread: they wait for each other, and jobs are added and taken more slowly.",
    do="Look for slow commands in the slow log. Nodes of burstable types (t3, t4g) may be out of credits: choose a "
    "larger `redis_node_type`. Otherwise fewer workers, or a lower `worker_concurrency`, reduce the load.",
    command='aws logs tail "/aws/elasticache/$ENVIRONMENT-product-import/slow-log" --since 1h',
    alarms=("redis_cpu_high",),
)
SCALING_AT_MAXIMUM = Fault(
    "scaling-at-maximum",
    "now",
    seen="As many workers run as `worker_max_count` allows, and the queue needs more.",
    means="The queue grows, or shrinks more slowly than it should.",
    do="If Redis and the database can take it, raise `worker_max_count`. Otherwise wait, or find out what slows jobs "
    "down.",
    command=_ACTIVITIES,
    alarms=("queue_overload",),
)
ALARM_ON = Fault(
    "alarm-on",
    "now",
    seen="An alarm is on.",
    means="It has notified its topic. If a finding above explains it, fix that one; the alarm then ends by itself.",
    do="Read the section of the same name in the troubleshooting of the module's README.",
    command=f"{_ALARMS} --state-value ALARM",
)
REDIS_REPLACED = Fault(
    "redis-would-be-replaced",
    "before the next apply",
    seen="Redis runs a newer version, or another engine, than is configured.",
    means="The next apply replaces Redis, and every job is lost: AWS cannot go back to the configured version.",
    do="Do not apply. Set `redis_engine` to the engine that runs and `redis_engine_version` to the first two numbers "
    "of its version, and read the plan.",
    command=_PLAN,
)
REDIS_UPGRADED = Fault(
    "redis-would-be-upgraded",
    "before the next apply",
    seen="Redis runs an older version, or another engine, than is configured.",
    means="The next apply upgrades it in place, in the maintenance window unless `redis_apply_immediately` is on. "
    "Connections break for a moment.",
    do="If you want that, take a snapshot first. Otherwise set `redis_engine` and `redis_engine_version` to what runs.",
    command=_PLAN,
)
NODES_DIFFER = Fault(
    "nodes-differ",
    "before the next apply",
    seen="Redis has another number or another type of nodes than is configured.",
    means="The next apply changes them. A change that waits for the maintenance window looks the same until then.",
    do="Set `redis_num_replicas` and `redis_node_type` to what runs, or apply what they say.",
    command=_REDIS,
    alarms=("redis_memory_high", "redis_cpu_high"),
)
LIMITS_DIFFER = Fault(
    "limits-differ",
    "before the next apply",
    seen="The limits of scaling are not those that are configured.",
    means="Somebody changed them outside Terraform, and no scheduled action explains them. The next apply resets them.",
    do="Set `worker_min_count` and `worker_max_count` to what you need, and apply.",
    command="aws application-autoscaling describe-scalable-targets --service-namespace ecs "
    '--resource-ids "service/$ECS_CLUSTER_NAME/$ENVIRONMENT-product-import-worker"',
    alarms=("worker_count_low", "queue_overload"),
)
RESOURCE_MISSING = Fault(
    "resource-missing",
    "before the next apply",
    seen="A resource of the configuration is missing.",
    means="Somebody deleted it outside Terraform, or it has not been applied yet. The next apply creates it.",
    do="Read the plan, and apply it.",
    command=_PLAN,
)
DIFFERS = Fault(
    "differs",
    "before the next apply",
    seen="A resource differs from the configuration.",
    means="Somebody changed it outside Terraform, or the configuration has not been applied yet. The next apply "
    "changes it to what is configured.",
    do="To keep what is live, set the input that decides on it. Otherwise read the plan, and apply it.",
    command=_PLAN,
)
PARAMETERS_DIFFER = Fault(
    "parameters-differ",
    "soon",
    seen="A node has another parameter group than the module's, or a parameter in it has another value.",
    means="With a `maxmemory-policy` other than `noeviction` a full Redis drops jobs.",
    do="Apply the configuration.",
    command=_PLAN,
    alarms=("redis_memory_high",),
)
PARAMETERS_PENDING = Fault(
    "parameters-pending",
    "soon",
    seen="The parameter group of a node is not in sync.",
    means="A change of the parameters is not in effect yet.",
    do="If it does not become `in-sync` by itself, reboot the node. Reboot replicas first: the reboot of the primary "
    "fails over.",
    command="aws elasticache describe-cache-clusters "
    '--query "CacheClusters[].[CacheClusterId, CacheParameterGroup.ParameterApplyStatus]" --output text',
    alarms=("redis_memory_high",),
)
ALARM_MISSING = Fault(
    "alarm-missing",
    "soon",
    seen="An alarm of the module is missing.",
    means="Nobody is notified of what it watches.",
    do="Apply the configuration.",
    command=_PLAN,
)
ALARM_MUTED = Fault(
    "alarm-muted",
    "soon",
    seen="The actions of an alarm are off, or are not those that are configured.",
    means="It does not notify those it should, or nobody.",
    do="Apply the configuration, or switch the actions on: `aws cloudwatch enable-alarm-actions --alarm-names ...`",
    command=_ALARMS,
)
TOPIC_MISSING = Fault(
    "topic-missing",
    "soon",
    seen="The topic that an alarm notifies does not exist.",
    means="The alarm notifies nobody, and CloudWatch shows no error.",
    do="Create the topic again, or set `sns_alarm_topic_arn` and `sns_critical_topic_arn` to one that exists.",
    command="aws sns list-topics",
)
TOPIC_WITHOUT_SUBSCRIPTION = Fault(
    "topic-without-subscription",
    "soon",
    seen="The topic that an alarm notifies has no confirmed subscription.",
    means="The alarm notifies nobody.",
    do="Subscribe somebody, or confirm the subscription: `aws sns subscribe --topic-arn ...`",
    command="aws sns list-subscriptions",
)
ALARM_WITHOUT_DATA = Fault(
    "alarm-without-data",
    "soon",
    seen="An alarm has no data.",
    means="It cannot go off. A new alarm has no data for some minutes.",
    do="Check that what it watches exists and sends metrics. An alarm of Redis reads the nodes of the last apply: "
    "apply again after nodes came or went.",
    command=f"{_ALARMS} --state-value INSUFFICIENT_DATA",
    alarms=("redis_memory_high", "redis_cpu_high"),
)
REDIS_METRICS_MISSING = Fault(
    "redis-metrics-missing",
    "soon",
    seen="A node of Redis has sent no metric in the last 15 minutes.",
    means="It is new, or does not run well. Its memory is not known.",
    do="Wait some minutes, then look at the node in the console of ElastiCache.",
    command=_REDIS_EVENTS,
    alarms=("redis_memory_high", "redis_cpu_high"),
)
SCALING_HELD = Fault(
    "scaling-held",
    "soon",
    seen="Application Auto Scaling held back a change of the number of workers.",
    means="It expects to have to undo the change at once, or ECS accepts no change of the service now.",
    do="Wait for the end of a deployment. If the number of workers keeps swinging, raise `target_jobs_per_worker`.",
    command=_ACTIVITIES,
    alarms=("queue_overload",),
)
ONE_ZONE = Fault(
    "one-zone",
    "soon",
    seen="All subnets are in one availability zone.",
    means="With that zone all workers stop, and Redis cannot fail over.",
    do="Add subnets of other zones to `private_subnet_ids`.",
    command='aws ec2 describe-subnets --query "Subnets[].[SubnetId, AvailabilityZone]" --output text',
    alarms=("worker_count_low",),
)
LOG_MISSING = Fault(
    "log-missing",
    "soon",
    seen="A log group of the module is missing.",
    means="Tasks that log into it do not start. Without a group of Redis its log is lost.",
    do="Apply the configuration.",
    command=_PLAN,
    alarms=("worker_count_low",),
)
FAILURES_LOGGED = Fault(
    "failures-logged",
    "soon",
    seen="The workers have logged failures in the last 15 minutes.",
    means="Jobs fail, or connections break: the lines say which.",
    do="Read more of the log.",
    command=_LOG,
    alarms=("worker_count_low", "queue_overload"),
)

FAULTS: tuple[Fault, ...] = tuple(value for value in list(vars().values()) if isinstance(value, Fault))
