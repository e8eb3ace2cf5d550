"""ECR, ECS and EKS. The files named here are below internal/service/ of the provider."""

import hashlib
from collections.abc import Callable, Mapping

from product_import.stand_in.data.asked import Asked
from product_import.stand_in.data.known import Values


def _repository(asked: Asked) -> Values:
    """ecr/repository_data_source.go; the defaults are those of ECR's API Reference, CreateRepository."""
    return {
        "arn": f"arn:{asked.partition.name}:ecr:{asked.region}:{_registry(asked)}:repository/{asked.config['name']}",
        "encryption_configuration": [{"encryption_type": "AES256", "kms_key": ""}],
        "id": asked.config["name"],
        "image_scanning_configuration": [{"scan_on_push": False}],
        "image_tag_mutability": "MUTABLE",
        "image_tag_mutability_exclusion_filter": [],
        "most_recent_image_tags": ["latest"],
        "registry_id": _registry(asked),
        "repository_url": _url(asked, asked.config["name"]),
    }


def _image(asked: Asked) -> Values:
    """ecr/image_data_source.go."""
    config = asked.config
    given = f"{config['repository_name']}:{config['image_tag'] or 'latest'}"
    digest = config["image_digest"] or f"sha256:{hashlib.sha256(given.encode()).hexdigest()}"
    known = asked.known.found(asked.run, asked.region, ("aws_ecr_repository",))
    urls = [each.get("repository_url") for each in known if each.get("name") == config["repository_name"]]
    return {
        "id": digest,
        "image_digest": digest,
        "image_pushed_at": 1704067200,
        "image_size_in_bytes": 100000000,
        "image_tags": [config["image_tag"] or "latest"],
        "image_uri": f"{next(iter(urls), None) or _url(asked, config['repository_name'])}@{digest}",
        "registry_id": _registry(asked),
    }


def _images(asked: Asked) -> Values:
    """ecr/images_data_source.go and ecr/repositories_data_source.go: without a filter there is one."""
    return {"registry_id": _registry(asked)}


def _authorization_token(asked: Asked) -> Values:
    """ecr/authorization_token_data_source.go."""
    return {
        "authorization_token": "QVdTOm1hZGUtdXA=",
        "id": asked.region,
        "password": "made-up",
        "proxy_endpoint": f"https://{_url(asked, '')}".rstrip("/"),
        "user_name": "AWS",
    }


def _registry(asked: Asked) -> str:
    return str(asked.config["registry_id"] or asked.account)


def _url(asked: Asked, repository: str) -> str:
    """ECR's user guide, "Private registries"."""
    return f"{_registry(asked)}.dkr.ecr.{asked.region}.{asked.partition.dns_suffix}/{repository}"


def _cluster(asked: Asked) -> Values:
    """ecs/cluster_data_source.go."""
    return {
        "id": asked.subject.arn,
        "pending_tasks_count": 0,
        "registered_container_instances_count": 0,
        "running_tasks_count": 0,
        "service_connect_defaults": [],
        "setting": [{"name": "containerInsights", "value": "disabled"}],
        "status": "ACTIVE",
    }


def _service(asked: Asked) -> Values:
    """ecs/service_data_source.go; the ARN has the cluster's name (ECS's developer guide, "ARNs and IDs")."""
    cluster, name = asked.config["cluster_arn"].rpartition("/")[2], asked.config["service_name"]
    arn = f"arn:{asked.partition.name}:ecs:{asked.region}:{asked.account}:service/{cluster}/{name}"
    return {
        "arn": arn,
        "id": arn,
        "launch_type": "FARGATE",
        "scheduling_strategy": "REPLICA",
        "task_definition": f"arn:{asked.partition.name}:ecs:{asked.region}:{asked.account}:task-definition/{name}:1",
    }


def _task_definition(asked: Asked) -> Values:
    """ecs/task_definition_data_source.go: by family, by family and revision, or by ARN."""
    given = asked.config["task_definition"].rpartition("/")[2]
    family, _, revision = given.partition(":")
    plain = f"arn:{asked.partition.name}:ecs:{asked.region}:{asked.account}:task-definition/{family}"
    return {
        "arn": f"{plain}:{revision or 1}",
        "arn_without_revision": plain,
        "container_definitions": "[]",
        "family": family,
        "id": f"{plain}:{revision or 1}",
        "network_mode": "awsvpc",
        "revision": int(revision) if revision.isdigit() else 1,
        "status": "ACTIVE",
    }


EXACT: Mapping[str, Callable[[Asked], Values]] = {
    "aws_ecr_authorization_token": _authorization_token,
    "aws_ecr_image": _image,
    "aws_ecr_images": _images,
    "aws_ecr_repository": _repository,
    "aws_ecs_cluster": _cluster,
    "aws_ecs_service": _service,
    "aws_ecs_task_definition": _task_definition,
}
