"""The examples, each on a real engine."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from product_import import Inputs, ProductImport
from product_import.aws.cloudwatch_log_group import CloudwatchLogGroup
from product_import.aws.provider import AwsProvider
from product_import.engine import Engine, Executable, changes, resources
from product_import.own_state.backend import DATA
from product_import.own_state.providers import names
from product_import.plan_diff.environments import REQUIRED
from product_import.stand_in.provider import Provider
from tests.engine import deployment
from tests.engine.conftest import both_majors
from tests.engine.stand_in import stand_in
from tests.project import Copy, copy_project

import pytest
from cdktf import App, Fn, LocalBackend, TerraformStack

TOKEN = "only-an-example-token"


def test_the_consumer_plans_and_applies_with_its_tfvars(project: Copy, engine: Engine) -> None:
    """25 resources under the module's address, for a three-node Redis."""
    run = replace(engine, folder=project.folder / "examples/consumer")
    run.variables["TF_VAR_redis_auth_token"] = TOKEN
    run.init()
    run.deploy("-var-file=production.tfvars")
    state = resources(run.state())
    assert len(state) == 25
    assert all(address.startswith("module.product_import.aws_") for address in state)
    group = state["module.product_import.aws_elasticache_replication_group.redis"]
    assert (group["num_cache_clusters"], group["node_type"]) == (3, "cache.r7g.large")
    assert deployment.actions(run, "-var-file=production.tfvars") == {}


def test_two_environments_live_in_one_root(project: Copy, engine: Engine) -> None:
    """Twice 25 resources, each environment with its own names and sizes."""
    run = replace(engine, folder=project.folder / "examples/two-environments")
    run.variables["TF_VAR_redis_auth_tokens"] = json.dumps({"staging": TOKEN, "production": TOKEN[::-1]})
    run.init()
    run.deploy()
    state = resources(run.state())
    assert len(state) == 50
    nodes = {
        environment: state[f'module.product_import["{environment}"].aws_elasticache_replication_group.redis'][
            "num_cache_clusters"
        ]
        for environment in ("staging", "production")
    }
    assert nodes == {"staging": 1, "production": 3}
    assert deployment.actions(run) == {}


@both_majors
def test_a_root_adds_to_the_module_with_its_outputs(project: Copy, engine: Engine, provider: Provider) -> None:
    """A schedule, an alarm and a right of the workers, and a client of Redis, which the module knows by its input."""
    run = replace(engine, folder=project.folder / "examples/extended")
    run.variables["TF_VAR_redis_auth_token"] = TOKEN
    run.init()
    run.deploy()
    state = resources(run.state())
    assert len(state) == 25 + 8
    assert deployment.actions(run) == {}
    inside = "module.product_import"
    client = state["aws_security_group.api"]["id"]
    rule = state["aws_vpc_security_group_egress_rule.api_to_redis"]
    redis = state[f"{inside}.aws_security_group.redis"]
    assert (rule["security_group_id"], rule["from_port"], rule["to_port"]) == (client, 6379, 6379)
    assert rule["referenced_security_group_id"] == redis["id"]
    assert [client] in [source["security_groups"] for source in redis["ingress"]]
    role = state[f"{inside}.aws_iam_role.ecs_task_role"]["name"]
    assert state["aws_iam_role_policy.worker_reads_prices"]["role"] == role
    target = state[f"{inside}.aws_appautoscaling_target.import_worker"]
    for name, least in (("by_day", 10), ("by_night", 2)):
        action = state[f'aws_appautoscaling_scheduled_action.workers["{name}"]']
        assert action["resource_id"] == target["resource_id"] == "service/production/production-product-import-worker"
        assert action["scalable_target_action"][0]["min_capacity"] == str(least)
    alarm = state["aws_cloudwatch_metric_alarm.worker_memory_high"]
    assert alarm["dimensions"]["ServiceName"] == state[f"{inside}.aws_ecs_service.import_worker"]["name"]
    overload = state[f"{inside}.aws_cloudwatch_metric_alarm.queue_overload"]
    assert overload["alarm_actions"] == [state['aws_sns_topic.alarms["critical"]']["arn"]]
    # As the example says: what the schedule did by day, a plan would undo.
    provider.change_outside("aws_appautoscaling_target", target["id"], min_capacity=10)
    assert deployment.actions(run) == {f"{inside}.aws_appautoscaling_target.import_worker": "update"}


@both_majors
def test_a_company_has_two_environments_with_all_that_the_module_needs(
    project: Copy, engine: Engine, executable: Executable, major: int
) -> None:
    """Each is created, stays as it is and goes, with a state of its own."""
    root = project.folder / "examples/company"
    secrets = {"redis_auth_token": TOKEN, "database_password": "p@ss", "encryption_key": "key"}
    with stand_in(executable, major, partial(names, root)) as (_, reattach):
        run = replace(engine, folder=root, reattach=reattach)
        # There `names` looks for the modules.
        run.variables |= {"TF_DATA_DIR": str(DATA), **{f"TF_VAR_{name}": value for name, value in secrets.items()}}
        run.init()
        deployed = {}
        for environment in ("staging", "production"):
            run.run("workspace", "new", environment)
            run.deploy(f"-var-file={environment}.tfvars")
            deployed[environment] = resources(run.state())
            assert deployment.actions(run, f"-var-file={environment}.tfvars") == {}
        _is_wired(deployed["production"])
        for environment in ("staging", "production"):
            run.run("workspace", "select", environment)
            assert resources(run.state()) == deployed[environment]
            run.destroy(f"-var-file={environment}.tfvars")
            assert resources(run.state()) == {}


def _is_wired(state: dict[str, Any]) -> None:
    """The module's resources name those of the company."""
    task = state["module.product_import.aws_ecs_task_definition.import_worker"]
    (container,) = json.loads(task["container_definitions"])
    assert container["image"] == "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:1.0.0"
    secrets = {secret["name"]: secret["valueFrom"] for secret in container["secrets"]}
    database, key = (
        state[f"module.{module}.aws_secretsmanager_secret.{name}"]
        for module, name in (("rds", "database_url"), ("secrets", "encryption_key"))
    )
    assert (secrets["DATABASE_URL"], secrets["INTEGRATION_ENCRYPTION_KEY"]) == (database["arn"], key["arn"])
    instance = state["module.rds.aws_db_instance.this"]
    url = state["module.rds.aws_secretsmanager_secret_version.database_url"]["secret_string"]
    assert url == f"postgresql://products:p%40ss@{instance['endpoint']}/products"
    service = state["module.product_import.aws_ecs_service.import_worker"]
    assert service["cluster"] == state["module.ecs.aws_ecs_cluster.this"]["arn"]
    (network,) = service["network_configuration"]
    assert set(network["subnets"]) == {state[f"module.vpc.aws_subnet.private[{index}]"]["id"] for index in (0, 1)}
    alarm = state["module.product_import.aws_cloudwatch_metric_alarm.queue_overload"]
    assert alarm["alarm_actions"] == [state["module.sns.aws_sns_topic.critical"]["arn"]]


@pytest.fixture(scope="module")
def of_python_app(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The roots that the app in Python synthesizes, by name."""
    folder = copy_project(tmp_path_factory.mktemp("app") / "project").folder / "examples/python"
    subprocess.run((sys.executable, "main.py"), cwd=folder, env={**os.environ, "PYTHONPATH": "../.."}, check=True)
    files = folder.glob("cdktf.out/stacks/*/cdk.tf.json")
    return {file.parent.name: json.loads(file.read_text()) for file in files}


@pytest.mark.parametrize("name", ["staging", "production"])
def test_the_python_app_gives_two_roots_that_plan(of_python_app: dict[str, Any], engine: Engine, name: str) -> None:
    """Real values, a state in S3 each; the plan needs the token only, and has what the app changed of the stack."""
    terraform = dict(of_python_app[name]["terraform"])
    assert terraform.pop("backend") == {
        "s3": {"bucket": "terraform-states", "key": f"product-import/{name}.tfstate", "region": "us-east-1"}
    }
    assert set(of_python_app[name]["variable"]) == {"redis_auth_token"}
    engine.write("cdk.tf.json", {**of_python_app[name], "terraform": terraform})
    engine.variables["TF_VAR_redis_auth_token"] = TOKEN
    engine.init()
    plan = engine.plan()
    further = {"aws_cloudwatch_metric_alarm.log_flood": ("create",)} if name == "production" else {}
    assert len(changes(plan)) == 25 + len(further)
    assert further.items() <= changes(plan).items()
    group = resources(plan)["aws_elasticache_replication_group.redis"]
    assert group["snapshot_window"] == ("01:00-03:00" if name == "production" else "03:00-05:00")


def test_the_python_apps_third_root_reads_the_state_of_another(of_python_app: dict[str, Any]) -> None:
    """The output that it uses is one of the other root's, and is read from where that keeps its state."""
    production, application = of_python_app["production"], of_python_app["application"]
    name = "cross-stack-output-aws_secretsmanager_secretredis_urlarn"
    assert production["output"][name] == {"value": "${aws_secretsmanager_secret.redis_url.arn}", "sensitive": True}
    state = "cross-stack-reference-input-production"
    assert application["data"]["terraform_remote_state"][state]["config"]["key"] == "product-import/production.tfstate"
    policy = json.loads(application["resource"]["aws_iam_role_policy"]["redis_url"]["policy"])
    resource = policy["Statement"][0]["Resource"]
    assert resource == f"${{data.terraform_remote_state.{state}.outputs.{name}}}"


def test_a_stack_plans_with_outputs_of_another(engine: Engine, tmp_path: Path) -> None:
    """Text, a number and an item of a map get from state to state."""
    app = App(outdir=str(tmp_path / "cdktf.out"))
    outputs = ProductImport(app, "production", Inputs(**REQUIRED)).outputs
    other = TerraformStack(app, "other")
    LocalBackend(other, path="../../../terraform.other.tfstate")
    AwsProvider(other, "aws", region="us-east-1")
    tags = {"Port": Fn.tostring(outputs.redis_port), "Alarm": outputs.alarms["queue_overload"]}
    CloudwatchLogGroup(other, "group", name=outputs.worker_service_name, tags=tags)
    app.synth()
    stacks = {name: replace(engine, folder=tmp_path / "cdktf.out/stacks" / name) for name in ("production", "other")}
    for run in stacks.values():
        run.init()
    stacks["production"].deploy()
    planned = resources(stacks["other"].plan())["aws_cloudwatch_log_group.group"]
    assert planned["name"] == "production-product-import-worker"
    assert planned["tags"] == {
        "Port": "6379",
        "Alarm": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:production-product-import-queue-overload",
    }


def test_the_examples_are_formatted(engine: Engine) -> None:
    """As `terraform fmt` writes them."""
    examples = Path(__file__).parents[2] / "examples"
    shutil.copytree(examples, engine.folder / "examples", ignore=shutil.ignore_patterns("cdktf.out", ".terraform"))
    engine.run("fmt", "-check", "-recursive")
