"""The stack: the module's parts, wired."""

from product_import.aws.provider import AwsProvider
from product_import.inputs import Inputs, check
from product_import.inputs.variables import real_values, variables
from product_import.module.alarms import alarms
from product_import.module.autoscaling import autoscaling
from product_import.module.dashboard import dashboard
from product_import.module.fast_scale_out import fast_scale_out
from product_import.module.network import network
from product_import.module.outputs import Outputs, declare
from product_import.module.redis import redis
from product_import.module.resources import Resources
from product_import.module.roles import roles
from product_import.module.workers import workers

from cdktf import LocalBackend, TerraformStack
from constructs import Construct

TERRAFORM_VERSION = ">= 1.0"
PROVIDER_SOURCE = "hashicorp/aws"
# 5.6.0 recreates resources on a change of tags, 5.27.0 breaks auth_token_update_strategy.
PROVIDER_VERSION = ">= 5.28, < 7"


class ProductImport(TerraformStack):
    """The infrastructure of the product catalogue import.

    Args:
        scope: the app.
        id_: name of the stack.
        inputs: real values; None makes each input a Terraform variable.

    Attributes:
        outputs: references to the module's outputs. Another stack of the app that uses one reads it from this one's
            state, and is deployed after it.

    Raises:
        InputError: values break the rules of the inputs.
    """

    def __init__(self, scope: Construct, id_: str, inputs: Inputs | None = None) -> None:
        if inputs is not None:
            check(inputs)
        super().__init__(scope, id_)
        values = variables(self) if inputs is None else real_values(self, inputs)
        AwsProvider(self, "aws", region=values.aws_region)
        # The bindings would pin the one version that they were made of.
        self.add_override(
            "terraform",
            {
                "required_version": TERRAFORM_VERSION,
                "required_providers": {"aws": {"source": PROVIDER_SOURCE, "version": PROVIDER_VERSION}},
            },
        )

        resources = Resources(self, values.tags)
        groups = network(resources, values)
        store = redis(resources, values, groups)
        rights = roles(resources, values, store)
        service = workers(resources, values, groups, store, rights)
        target = autoscaling(resources, values, service)
        fast_scale_out(resources, values, target, service)
        alarms_by_name = alarms(resources, values, store, service)
        dashboard(resources, values, store, service, alarms_by_name)
        self.outputs = Outputs(
            redis_endpoint=store.group.primary_endpoint_address,
            redis_configuration_endpoint=store.group.configuration_endpoint_address,
            redis_port=store.group.port,
            redis_security_group_id=groups.redis.id,
            worker_security_group_id=groups.worker.id,
            worker_task_definition_arn=service.task.arn,
            worker_task_definition_family=service.task.family,
            worker_service_name=service.service.name,
            worker_service_id=service.service.id,
            worker_log_group_name=service.log_group.name,
            redis_url_secret_arn=store.url_secret.arn,
            autoscaling_target_id=target.resource_id,
            alarms={name: alarm.arn for name, alarm in alarms_by_name.items()},
        )
        declare(self, self.outputs)

    def prepare_stack(self) -> None:
        """Keep the state beside the app where no other backend was chosen.

        cdktf's own default is an absolute path, and cdktf.out/ may be deleted at any time.
        """
        if self.node.try_find_child("backend") is None:
            LocalBackend(self, path=f"../../../terraform.{self.node.id}.tfstate")
        super().prepare_stack()
