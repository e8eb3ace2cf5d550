"""What the doctor looks at: a file for each part of a deployment."""

from collections.abc import Mapping

from product_import.doctor.checks.alarms import alarms, topics
from product_import.doctor.checks.configured import CONFIGURED
from product_import.doctor.checks.logs import logged_failures
from product_import.doctor.checks.queue import depth
from product_import.doctor.checks.redis import load, nodes, parameters
from product_import.doctor.checks.roles import rights
from product_import.doctor.checks.scaling import scaling
from product_import.doctor.checks.secrets import keys, redis_url, secrets
from product_import.doctor.checks.tasks import tasks
from product_import.doctor.checks.workers import last_deployment, workers
from product_import.doctor.checks.zones import zones
from product_import.doctor.findings import Check

CHECKS: Mapping[str, Check] = {
    "workers": workers,
    "stopped tasks": tasks,
    "last deployment": last_deployment,
    "depth of the queue": depth,
    "scaling": scaling,
    "nodes of Redis": nodes,
    "parameters of Redis": parameters,
    "memory, evictions and CPU of Redis": load,
    "secrets of the tasks": secrets,
    "KMS keys": keys,
    "secret of REDIS_URL": redis_url,
    "rights of the roles": rights,
    "alarms": alarms,
    "topics of the alarms": topics,
    "subnets": zones,
    "failures in the log": logged_failures,
    **CONFIGURED,
}
"""By the names that a report uses."""
