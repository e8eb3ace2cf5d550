"""What a schema does not say about the provider's types, and what provider 6 changes in it.

Each type names the file of hashicorp/terraform-provider-aws, below internal/service/, that its facts come from. They
were read as of provider 5.99 and, where 6 differs, of 6.2x (README.md says what could not be read). The forms of ARNs
are those of AWS's Service Authorization Reference, the form of endpoints that of ElastiCache's user guide.
"""

from collections.abc import Mapping

from product_import.stand_in.facts import autoscaling, ecs, elasticache, iam, monitoring, network, secrets, storage
from product_import.stand_in.facts.kinds import NOTHING, Facts, Resource
from product_import.stand_in.facts.others import facts_of_other, replacements_known

__all__ = ["NOTHING", "Facts", "Resource", "facts_of", "facts_of_other", "replacements_known"]


def facts_of(major: int) -> Mapping[str, Facts]:
    """Return the facts of each type, by its full name, in a major version of the provider."""
    topics = (autoscaling, ecs, elasticache, iam, monitoring, network, secrets, storage)
    facts = {name: known for topic in topics for name, known in topic.FACTS.items()}
    return facts if major < 6 else {**facts, **ecs.IN_6, **elasticache.IN_6}
