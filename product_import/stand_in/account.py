"""What AWS does to one resource when another one changes.

A run of an engine tells it in the order in which it goes through resources: what another one depends on comes first.
"""

import uuid
from typing import Any

Values = dict[str, Any]

SCALED = frozenset({"aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action", "aws_appautoscaling_target"})


class Account:
    """Knows two ties: of an ECS service to what scales it, and of a role to its policies.

    Which service a scalable target belongs to is kept with the state (`private`), as is what tells a service from the
    one that it replaces. So it holds across processes, and what one deployment does is nothing to a copy of its state.
    The policies of roles are known to one process.
    """

    def __init__(self) -> None:
        self._services: dict[tuple[str, str], str] = {}
        """By run and scalable resource: the service that is there, empty where it is gone."""
        self._policies: dict[str, Values] = {}
        """By role."""

    def found(self, run: str, resource_type: str, values: Values, private: Values) -> Values:
        """Take note of a resource that a read finds, in `private` too; return the values that others decide on."""
        if resource_type == "aws_ecs_service" and "service" in private:
            self._services[run, _scalable(values)] = private["service"]
        elif resource_type in SCALED and "service" not in private:
            private |= self._of_service(run, values)
        elif resource_type == "aws_iam_role":
            policies = self._policies.get(values["name"], {})
            return {name: [items[key] for key in sorted(items)] for name, items in policies.items()}
        self._note_policy(resource_type, values)
        return {}

    def planned(self, run: str, resource_type: str, values: Values, private: Values) -> Values:
        """What is kept with a planned resource: an apply goes through the changes alone."""
        return private | self._of_service(run, values) if resource_type in SCALED else private

    def applied(
        self, run: str, resource_type: str, config: Values, values: Values, private: Values, *, is_new: bool
    ) -> None:
        """Take note of a resource that an apply created or changed."""
        if resource_type == "aws_ecs_service":
            if is_new:
                private["service"] = uuid.uuid4().hex
            self.found(run, resource_type, values, private)
        elif resource_type in SCALED:
            private |= self._of_service(run, values)
        elif resource_type == "aws_iam_role":
            role = self._policies.setdefault(values["name"], {})
            if is_new or config["inline_policy"]:
                role["inline_policy"] = {policy["name"]: policy for policy in values["inline_policy"]}
            if is_new or config["managed_policy_arns"]:
                role["managed_policy_arns"] = {arn: arn for arn in values["managed_policy_arns"]}
        else:
            self._note_policy(resource_type, values)

    def deleted(self, run: str, resource_type: str, values: Values) -> None:
        """Take note of a resource that is no longer there."""
        if resource_type == "aws_ecs_service":
            self._services[run, _scalable(values)] = ""
        elif resource_type == "aws_iam_role":
            self._policies.pop(values["name"], None)
        elif resource_type == "aws_iam_role_policy":
            self._policies.get(values["role"], {}).get("inline_policy", {}).pop(values["name"], None)
        elif resource_type == "aws_iam_role_policy_attachment":
            self._policies.get(values["role"], {}).get("managed_policy_arns", {}).pop(values["policy_arn"], None)

    def is_gone(self, run: str, resource_type: str, values: Values, private: Values) -> bool:
        """Whether AWS deleted a scalable target, its policy or its schedule with its service.

        Source: Application Auto Scaling API Reference, DeregisterScalableTarget, and provider issues 9473, 14615 and
        10432: no read finds them once the service of an ECS target is deleted.
        """
        if resource_type not in SCALED:
            return False
        there, own = self._services.get((run, values["resource_id"])), private.get("service")
        return there is not None and own is not None and there != own

    def _of_service(self, run: str, values: Values) -> Values:
        """What a scaled resource keeps of the service as this run knows it."""
        there = self._services.get((run, str(values["resource_id"])))
        return {} if there is None else {"service": there}

    def _note_policy(self, resource_type: str, values: Values) -> None:
        if resource_type == "aws_iam_role_policy":
            policy = {"name": values["name"], "policy": values["policy"]}
            self._policies.setdefault(values["role"], {}).setdefault("inline_policy", {})[values["name"]] = policy
        elif resource_type == "aws_iam_role_policy_attachment":
            arns = self._policies.setdefault(values["role"], {}).setdefault("managed_policy_arns", {})
            arns[values["policy_arn"]] = values["policy_arn"]


def _scalable(service: Values) -> str:
    """The `ResourceId` of Application Auto Scaling's API Reference, RegisterScalableTarget."""
    return f"service/{service['cluster'].rpartition('/')[2]}/{service['name']}"
