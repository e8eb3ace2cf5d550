"""The examples, each on a real engine."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from product_import.engine import Engine, changes, resources
from tests.project import Copy

TOKEN = "0123456789abcdef"


def test_the_consumer_plans_and_applies_with_its_tfvars(project: Copy, engine: Engine) -> None:
    """25 resources under the module's address, for a three-node Redis."""
    run = Engine(project.folder / "examples/consumer", engine.executable, engine.reattach)
    run.variables["TF_VAR_redis_auth_token"] = TOKEN
    run.init()
    plan = run.plan("-var-file=production.tfvars")
    assert len(changes(plan)) == 25
    assert all(address.startswith("module.product_import.aws_") for address in changes(plan))
    state = run.apply()
    group = resources(state)["module.product_import.aws_elasticache_replication_group.redis"]
    assert (group["num_cache_clusters"], group["node_type"]) == (3, "cache.r7g.large")
    assert changes(run.plan("-var-file=production.tfvars")) == {}


def test_two_environments_live_in_one_root(project: Copy, engine: Engine) -> None:
    """Twice 25 resources, each environment with its own names and sizes."""
    run = Engine(project.folder / "examples/two-environments", engine.executable, engine.reattach)
    run.variables["TF_VAR_redis_auth_tokens"] = json.dumps({"staging": TOKEN, "production": TOKEN[::-1]})
    run.init()
    assert len(changes(run.plan())) == 50
    state = resources(run.apply())
    nodes = {
        environment: state[f'module.product_import["{environment}"].aws_elasticache_replication_group.redis'][
            "num_cache_clusters"
        ]
        for environment in ("staging", "production")
    }
    assert nodes == {"staging": 1, "production": 3}
    assert changes(run.plan()) == {}


def test_the_python_app_gives_two_roots_that_plan(project: Copy, engine: Engine, tmp_path: Path) -> None:
    """Real values, a state in S3 each; the plan needs the token only."""
    folder = project.folder / "examples/python"
    environment = {**os.environ, "PYTHONPATH": "../.."}
    subprocess.run((sys.executable, "main.py"), cwd=folder, env=environment, check=True)
    for name in ("staging", "production"):
        synthesized = json.loads((folder / f"cdktf.out/stacks/{name}/cdk.tf.json").read_text())
        assert synthesized["terraform"].pop("backend") == {
            "s3": {"bucket": "terraform-states", "key": f"product-import/{name}.tfstate", "region": "us-east-1"}
        }
        assert set(synthesized["variable"]) == {"redis_auth_token"}
        root = tmp_path / name
        root.mkdir()
        run = Engine(root, engine.executable, engine.reattach)
        run.write("cdk.tf.json", synthesized)
        run.variables["TF_VAR_redis_auth_token"] = TOKEN
        run.init()
        assert len(changes(run.plan())) == 25


def test_the_examples_are_formatted(engine: Engine) -> None:
    """As `terraform fmt` writes them."""
    examples = Path(__file__).parents[2] / "examples"
    shutil.copytree(examples, engine.folder / "examples", ignore=shutil.ignore_patterns("cdktf.out", ".terraform"))
    engine.run("fmt", "-check", "-recursive")
