"""What an import finds: there is no cloud to read, so it is what the id tells, and what AWS gives every resource.

Everything else is that of the configuration, which a provider gets to see after the import, in a plan: what the id does
not tell is then changed in place, never replaced.
"""

import re
from collections.abc import Mapping

from product_import.stand_in.made_up import Origin, fill
from product_import.stand_in.planning import Values, conform, set_defaults, set_unknowns, unique_of
from product_import.stand_in.schema import ResourceType

_IN_REGION = re.compile(r"(.+)@([a-z]{2}(?:-[a-z]+)+-\d+)")
_SCALED = "(?P<service_namespace>[^/]+)/(?P<resource_id>.+)/(?P<scalable_dimension>[^/]+)"
# The provider's documentation of each type, section "Import", where the id is not that of the state or tells more.
_IDS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "aws_appautoscaling_policy": f"{_SCALED}/(?P<name>[^/]+)",
        "aws_appautoscaling_target": _SCALED,
        "aws_cloudwatch_dashboard": "(?P<dashboard_name>.+)",
        "aws_cloudwatch_log_group": "(?P<name>.+)",
        "aws_cloudwatch_metric_alarm": "(?P<alarm_name>.+)",
        "aws_db_instance": "(?P<identifier>.+)",
        "aws_ecs_cluster": "(?P<name>.+)",
        "aws_ecs_service": "(?P<cluster>.+)/(?P<name>[^/]+)",
        "aws_ecs_task_definition": r"(?P<arn>.+:task-definition/(?P<family>[^:]+):\d+)",
        "aws_elasticache_parameter_group": "(?P<name>.+)",
        "aws_elasticache_replication_group": "(?P<replication_group_id>.+)",
        "aws_elasticache_subnet_group": "(?P<name>.+)",
        "aws_iam_role": "(?P<name>.+)",
        "aws_iam_role_policy": "(?P<role>[^:]+):(?P<name>.+)",
        "aws_iam_role_policy_attachment": "(?P<role>[^/]+)/(?P<policy_arn>.+)",
        "aws_route": "(?P<route_table_id>[^_]+)_(?P<destination_cidr_block>.+)",
        "aws_route53_record": "(?P<zone_id>[^_]+)_(?P<name>.+)_(?P<type>[A-Z]+)",
        "aws_route_table_association": "(?P<subnet_id>[^/]+)/(?P<route_table_id>.+)",
        "aws_s3_bucket": "(?P<bucket>.+)",
        "aws_secretsmanager_secret": "(?P<arn>.+:secret:(?P<name>.+)-[^-]+)",
        "aws_secretsmanager_secret_version": r"(?P<secret_id>.+)\|(?P<version_id>.+)",
        "aws_sns_topic": "(?P<arn>.+:(?P<name>[^:]+))",
    }.items()
}
_PLAIN = re.compile(r"\{(\w+)\}")


def told(resource_type: ResourceType, given: str, region: str) -> Values:
    """Return the attributes that an id tells.

    Raises:
        ValueError: it has not the form of one of this type.
    """
    attributes, match = resource_type.block.attributes, _IN_REGION.fullmatch(given)
    here = {"region": match[2] if match else region} if "region" in attributes else {}
    given = match[1] if match and here else given
    if (pattern := _IDS.get(resource_type.name)) is not None:
        found = pattern.fullmatch(given)
        if found is None:
            raise ValueError(f"The id of {resource_type.name} has to have the form {_shown(pattern)}. Given: {given}.")
        return here | found.groupdict()
    form = resource_type.facts.made.get("id")
    same = _PLAIN.fullmatch(form) if isinstance(form, str) else None
    values = {"id": given} if "id" in attributes else {}
    return here | values | ({same[1]: given} if same and same[1] in attributes else {})


def _shown(pattern: re.Pattern[str]) -> str:
    """A pattern as documentation writes it: ROLE:NAME."""
    return re.sub(r"\(\?P<(\w+)>[^()]*\)", lambda group: group[1].upper(), pattern.pattern).replace("\\", "")


def imported(resource_type: ResourceType, values: Values, region: str) -> Values:
    """Return the state of a resource of which the id told these values, in the region of the provider or its own."""
    block = resource_type.block
    state = conform({}, block)
    set_unknowns(block, state)
    state |= values
    set_defaults(block, resource_type.facts.defaults, state)
    if "tags_all" in state:
        state["tags_all"] = {}
    origin = Origin(resource_type.name, unique_of(resource_type, state, 0), values.get("region") or region)
    fill(block, state, origin, resource_type.facts.made, serial=1, prior={})
    return state
