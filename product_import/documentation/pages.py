"""The module's README and the pages beside it: templates, filled from the synthesized tree and the tables behind it."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from product_import.audit.posture import Answer, read_posture
from product_import.configuration import Configuration
from product_import.costs import (
    HOURS_PER_MONTH,
    Cost,
    monthly_costs,
    read_prices,
    read_usage,
    redis_cost,
    total,
    worker_cost,
)
from product_import.doctor.faults import FAULTS, Fault
from product_import.documentation.diagram import diagram
from product_import.documentation.markdown import Row, table_rows
from product_import.documentation.permissions import permissions
from product_import.documentation.settings import input_of, shown, with_settings
from product_import.documentation.worker import worker_values
from product_import.inputs import INPUTS, Input
from product_import.inputs.redis import ENGINE_VERSIONS
from product_import.inputs.workers import FARGATE_SIZES
from product_import.module.containers import QUEUE_DEPTH_MEMORY_MIB, STOP_TIMEOUT_SECONDS
from product_import.module.metrics import HOST_CPU_LIMIT_PERCENT
from product_import.module.outputs import OUTPUTS

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent / "templates"
MINUTES_SHOWN = 30
FIRST_NODE = "${aws_elasticache_replication_group.redis.replication_group_id}-001"
LARGER_NODE = "cache.r7g.xlarge"
QUEUED_IN_EXAMPLE = (10, 100, 500, 1000)

_ATTRIBUTE = re.compile(r"\$\{(\w+)\.(\w+)\.(\w+)\}")


def module_pages(tree: Mapping[str, Any], note: str) -> dict[Path, str]:
    """Render README.md and docs/*.md.

    Args:
        tree: the module as Terraform's JSON has it, without comments.
        note: what the first line says about the file.

    Returns:
        The texts by path in the module's folder.

    Raises:
        jinja2.UndefinedError: a template names what the tree does not have.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        # Compiling the templates takes longer than all the rest. Kept in the user's own folder below the temporary one.
        bytecode_cache=FileSystemBytecodeCache(),
    )
    values = _values(tree) | worker_values(tree)
    return {
        Path(name).with_suffix(""): shown(environment.get_template(name).render(values, note=note))
        for name in environment.list_templates(extensions=["j2"])
    }


def _values(tree: Mapping[str, Any]) -> dict[str, Any]:
    """What the templates show."""
    everything = _with_values(tree["resource"])
    resources = {kind: chosen for kind, named in everything.items() if (chosen := _named(named, optional=False))}
    optional = {kind: chosen for kind, named in everything.items() if (chosen := _named(named, optional=True))}
    policies, alarms, log_groups = (
        resources[f"aws_{kind}"]
        for kind in ("appautoscaling_policy", "cloudwatch_metric_alarm", "cloudwatch_log_group")
    )
    fast = optional["aws_appautoscaling_policy"]["import_worker_fast_scale_out"]
    steps = fast["step_scaling_policy_configuration"]
    defaults = {row.name: row.default for row in INPUTS if not row.required}
    return {
        "terraform": tree["terraform"],
        "redis": resources["aws_elasticache_replication_group"]["redis"],
        "service": resources["aws_ecs_service"]["import_worker"],
        "target": resources["aws_appautoscaling_target"]["import_worker"],
        "queue_policy": policies["import_worker_queue_depth"]["target_tracking_scaling_policy_configuration"],
        "cpu_policy": policies["import_worker_cpu"]["target_tracking_scaling_policy_configuration"],
        "step_policy": steps,
        "step_rows": table_rows(_steps(steps, defaults)),
        "alarms": alarms,
        "depth": alarms["queue_overload"],
        "depth_dimensions": ",".join(
            f"{{Name={name},Value={value}}}" for name, value in alarms["queue_overload"]["dimensions"].items()
        ),
        "tasks": alarms["worker_count_low"],
        "memory": _metric_read(alarms["redis_memory_high"]),
        "logs": log_groups,
        "last_minutes": _last_minutes,
        "defaults": defaults,
        "resource_rows": table_rows(_resources(resources)),
        "optional_rows": table_rows(_optional(optional)),
        "diagram": diagram(tree),
        "required_rows": table_rows(_required(row) for row in INPUTS if row.required),
        "option_rows": {
            group: table_rows(_option(row) for row in INPUTS if row.group == group and not row.required)
            for group in dict.fromkeys(row.group for row in INPUTS if not row.required)
        },
        "effect_rows": table_rows(_effect(row) for row in INPUTS),
        "size_rows": table_rows(_sizes()),
        "output_rows": table_rows((row.name, _described(row.description, row.sensitive)) for row in OUTPUTS),
        "example_rows": table_rows(_examples(defaults)),
        "costs": _costs(tree, defaults),
        "alarm_rows": table_rows(_alarms(alarms)),
        "troubleshooting": list(_troubleshooting(alarms)),
        "dashboard_rows": table_rows(_dashboard(tree)),
        "log_rows": table_rows(_log_groups(log_groups)),
        "permission_rows": table_rows(_permissions(tree)),
        "posture_rows": table_rows(map(_answer, read_posture())),
        "stop_timeout_seconds": STOP_TIMEOUT_SECONDS,
        "queue_depth_memory_mib": QUEUE_DEPTH_MEMORY_MIB,
    }


def _with_values(resources: Mapping[str, Any]) -> Any:
    """The resources with attributes in the place of references, inputs as settings, and the first Redis node."""

    def attribute(match: re.Match[str]) -> str:
        value = resources.get(match[1], {}).get(match[2], {}).get(match[3], match[0])
        text = json.dumps(value)
        return text[1:-1] if isinstance(value, str) else text

    text = json.dumps(resources).replace("${metric_query.value}", FIRST_NODE)
    return with_settings(json.loads(_ATTRIBUTE.sub(attribute, text)))


def _resources(resources: Mapping[str, Mapping[str, Any]]) -> Iterator[Row]:
    for resource_type, named in sorted(resources.items()):
        yield len(named), f"`{resource_type}`", ", ".join(sorted(named))
    yield f"**{sum(map(len, resources.values()))}**", "", ""


def _named(resources: Mapping[str, Any], *, optional: bool) -> dict[str, Any]:
    """Those that an input decides on, which a count shows, or all others."""
    return {name: resource for name, resource in resources.items() if ("count" in resource) == optional}


def _optional(resources: Mapping[str, Mapping[str, Any]]) -> Iterator[Row]:
    yield from sorted(
        (f"`{switch}`", f"`{resource_type}`", name)
        for resource_type, named in resources.items()
        for name, resource in named.items()
        for switch in re.findall(r"var\.(\w+)", resource["count"])
    )


def _required(row: Input) -> Row:
    said = _lines(_described(row.description, row.sensitive) + ".", _allowed(row))
    return _lines(f"`{row.name}`", row.type), said


def _option(row: Input) -> Row:
    named = _lines(f"`{row.name}`", f"{row.type}, `{json.dumps(row.default)}`")
    return named, _lines(f"{row.description}.", row.use and f"*When to set it:* {row.use}.", _allowed(row))


def _effect(row: Input) -> Row:
    return f"`{row.name}`", _lines(row.effect.text, row.provider and f"provider {row.provider} or newer")


def _allowed(row: Input) -> str:
    # What looks like an HTML tag would not show.
    return f"*Must* {'; '.join(rule.brief or rule.allowed for rule in row.rules)}.".replace("<", "\\<")


def _lines(*lines: str) -> str:
    return "<br>".join(filter(None, lines))


def _sizes() -> Iterator[Row]:
    for cpu, memory in FARGATE_SIZES.items():
        if isinstance(memory, range):
            yield cpu, f"{memory[0]} to {memory[-1]} in steps of {memory.step}"
        else:
            yield cpu, ", ".join(map(str, memory))


def _described(description: str, sensitive: bool) -> str:
    return f"{description} (sensitive)" if sensitive else description


def _examples(inputs: Mapping[str, Any]) -> Iterator[Row]:
    """What target tracking makes of a queue while the smallest number of workers runs."""
    running, most = inputs["worker_min_count"], inputs["worker_max_count"]
    for queued in QUEUED_IN_EXAMPLE:
        wanted = math.ceil(running * (queued / running) / inputs["target_jobs_per_worker"])
        remark = " (the minimum)" if wanted < running else " (the maximum)" if wanted > most else ""
        yield f"{queued:,}", f"{queued / running:g}", f"{min(max(wanted, running), most)}{remark}"


def _steps(policy: Mapping[str, Any], inputs: Mapping[str, Any]) -> Iterator[Row]:
    """The steps count from one target on."""
    for step in policy["step_adjustment"]:
        lowest = 1 + int(step["metric_interval_lower_bound"])
        reached = "above the target" if lowest == 1 else f"from {lowest} times the target on"
        jobs = lowest * inputs["target_jobs_per_worker"]
        yield reached, f"above {jobs}" if lowest == 1 else jobs, f"{step['scaling_adjustment']} %"


def _costs(tree: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The estimate with the defaults, and what its text names besides."""
    configuration, prices = Configuration(tree, {}), read_prices()
    rows = monthly_costs(configuration, read_usage(), prices)
    larger = Configuration(tree, {"redis_node_type": LARGER_NODE})
    valkey = Configuration(tree, {"redis_engine": "valkey", "redis_engine_version": ENGINE_VERSIONS["valkey"][-1]})
    dates = [price.date for row in rows for price in row.prices]
    return {
        "rows": table_rows(_cost_rows(rows)),
        "hours": HOURS_PER_MONTH,
        "region": configuration.variable("aws_region"),
        "dates": f"{min(dates):%B} to {max(dates):%B %Y}",
        "worker": [
            f"{worker_cost(configuration, Decimal(count), prices):,}"
            for count in (1, inputs["worker_min_count"], inputs["worker_max_count"])
        ],
        "larger_node": LARGER_NODE,
        "larger_redis": f"{redis_cost(larger, prices):,}",
        "valkey": f"{redis_cost(valkey, prices):,}",
    }


def _cost_rows(rows: list[Cost]) -> Iterator[Row]:
    for row in rows:
        prices = ", ".join(f"{price.usd} a {price.unit}" for price in row.prices)
        yield row.item if row.sure else f"{row.item}†", row.amount, prices, f"{row.usd:,}"
    yield "**Total**", "", "", f"**{total(rows):,}**"


def _alarms(alarms: Mapping[str, Any]) -> Iterator[Row]:
    for name, alarm in sorted(alarms.items()):
        metric = _metric_read(alarm)
        read = metric["statistic"] if metric is alarm else f"{metric['stat']}, highest node"
        side = {"GreaterThanThreshold": "above", "LessThanThreshold": "below"}[alarm["comparison_operator"]]
        threshold = alarm["threshold"]
        limit = f"{threshold:,}" if isinstance(threshold, int) else threshold
        yield (
            # Runbooks link to the README's anchor.
            f'<a id="{name}"></a>[{name}](docs/troubleshooting.md#{name})',
            f"{_limited(metric['metric_name'], read)} {side} {limit}",
            f"{alarm['evaluation_periods'] * metric['period'] // 60} min",
            {"breaching": "alarms", "missing": "does not notify"}[alarm["treat_missing_data"]],
            _input_name(alarm["alarm_actions"][0]),
        )


def _troubleshooting(alarms: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """A section for each alarm, under its key, with the faults that lead to it; then one with those that lead to none.

    A fault has its row in the section of its first alarm; the others point there.
    """
    for name, alarm in sorted(alarms.items()):
        elsewhere = [fault for fault in FAULTS if name in fault.alarms[1:]]
        yield {
            "name": name,
            "description": alarm["alarm_description"],
            "rows": table_rows(_fault(fault) for fault in FAULTS if fault.alarms[:1] == (name,)),
            "elsewhere": ", ".join(f"[`{fault.name}`](#{fault.alarms[0]})" for fault in elsewhere),
        }
    yield {
        "name": "Without an alarm",
        "description": "What no alarm tells of:",
        "rows": table_rows(_fault(fault) for fault in FAULTS if not fault.alarms),
        "elsewhere": "",
    }


def _fault(fault: Fault) -> Row:
    command = (f"`{fault.command}`",) if fault.command else ()
    return _lines(f"`{fault.name}`", fault.seen), _lines(fault.means, f"*What to do:* {fault.do}", *command)


def _limited(metric_name: str, read: str) -> str:
    """What is compared with an alarm's threshold; where the node type decides, what small nodes have comes first."""
    names = re.findall(r'"(\w+)"', metric_name.partition(" ? ")[2])
    if not names:
        return f"`{metric_name}` ({read})"
    host, thread = names
    return (
        f"up to 2 vCPUs: `{host}` ({read}) above {HOST_CPU_LIMIT_PERCENT} divided by the vCPUs; from 4 on: "
        f"`{thread}` ({read})"
    )


def _metric_read(alarm: Mapping[str, Any]) -> Any:
    """The metric of an alarm: its own or that of each Redis node."""
    return alarm["dynamic"]["metric_query"]["content"]["metric"] if "dynamic" in alarm else alarm


def _input_name(variable: str) -> str:
    return f"`{variable.removeprefix('$').lower()}`"


def _log_groups(groups: Mapping[str, Any]) -> Iterator[Row]:
    for group in groups.values():
        days = group["retention_in_days"]
        yield f"`{group['name']}`", f"{int(days)} days", f"`{input_of(days)}`"


def _dashboard(tree: Mapping[str, Any]) -> Iterator[Row]:
    """The widgets with a title, and what they show."""
    alarms = tree["resource"]["aws_cloudwatch_metric_alarm"]
    applied: dict[str, Any] = {f"aws_cloudwatch_metric_alarm.{name}.arn": name for name in alarms}
    applied["aws_elasticache_replication_group.redis.member_clusters"] = ["001"]
    inputs = {"create_dashboard": True, "environment": "production"}
    dashboard = Configuration(tree, inputs, applied).resource("aws_cloudwatch_dashboard", "product_import")
    for widget in json.loads(dashboard["dashboard_body"])["widgets"]:
        properties = widget["properties"]
        if widget["type"] == "metric":
            yield properties["title"], ", ".join(dict.fromkeys(_shown_metrics(properties["metrics"])))
        elif widget["type"] != "text":
            what = {"alarm": "the state of each alarm", "log": "the latest errors in the workers' logs"}[widget["type"]]
            yield properties["title"], what


def _shown_metrics(metrics: list[list[Any]]) -> Iterator[str]:
    for metric in metrics:
        if isinstance(metric[0], dict):
            yield f"`{metric[0]['expression']}`"
        elif metric[-1].get("visible", True):
            yield f"`{metric[1]}` ({metric[-1]['stat']})"


def _permissions(tree: Mapping[str, Any]) -> Iterator[Row]:
    for permission in permissions(tree):
        resources = ", ".join(f"`{resource}`" for resource in permission.resources)
        yield f"`{permission.role}`", f"`{permission.action}`", resources, permission.call


def _answer(answer: Answer) -> Row:
    option = f": {', '.join(f'`{name}`' for name in answer.set)}" if answer.set else ""
    return answer.what, f"{answer.state}{option}", answer.why, ", ".join(answer.ids)


def _last_minutes(metric: Mapping[str, Any], statistic: str) -> str:
    """The command that shows a metric."""
    dimensions = " ".join(f'"Name={name},Value={value}"' for name, value in sorted(metric["dimensions"].items()))
    return f"""aws cloudwatch get-metric-statistics --statistics {statistic} --period 60 \\
  --namespace {metric["namespace"]} --metric-name {metric["metric_name"]} \\
  --dimensions {dimensions} \\
  --start-time "$(( $(date +%s) - {MINUTES_SHOWN * 60} ))" --end-time "$(date +%s)" \\
  --query 'sort_by(Datapoints, &Timestamp)[].[Timestamp, {statistic}]' --output text"""
