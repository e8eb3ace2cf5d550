"""What the doctor looks at: a file for each part of a deployment."""

from collections.abc import Mapping

from product_import.doctor.checks.alarms import alarms
from product_import.doctor.checks.logs import logged_failures
from product_import.doctor.checks.queue import depth
from product_import.doctor.checks.redis import load, nodes, parameters
from product_import.doctor.checks.roles import policies, rights
from product_import.doctor.checks.scaling import scaling
from product_import.doctor.checks.secret import redis_url
from product_import.doctor.checks.workers import last_deployment, workers
from product_import.doctor.checks.zones import zones
from product_import.doctor.findings import Check

CHECKS: Mapping[str, Check] = {
    "workers": workers,
    "last deployment": last_deployment,
    "depth of the queue": depth,
    "scaling": scaling,
    "nodes of Redis": nodes,
    "parameters of Redis": parameters,
    "memory, evictions and CPU of Redis": load,
    "secret of REDIS_URL": redis_url,
    "policies of the roles": policies,
    "rights of the roles": rights,
    "alarms": alarms,
    "availability zones": zones,
    "failures in the log": logged_failures,
}
"""By what a report calls them."""
