"""The costs of the workers on Fargate and Fargate Spot."""

from decimal import Decimal

from product_import.costs.cost import Component, Cost, plain
from product_import.costs.planned import Planned, PlannedResource, address, number, region
from product_import.costs.price_list import HOURS_PER_MONTH, Prices
from product_import.costs.usage import Usage

TARGET = ("aws_appautoscaling_target", "import_worker")
_SERVICE = ("aws_ecs_service", "import_worker")
_TASK = ("aws_ecs_task_definition", "import_worker")


def mean_workers(module: Planned, usage: Usage) -> Decimal:
    """Return the mean number of workers of the usage, within the module's limits."""
    target = module.resource(*TARGET)
    least, most = (number(target, f"{limit}_capacity") for limit in ("min", "max"))
    return min(max(usage.mean_workers, least), most)


def on_average(module: Planned, usage: Usage, prices: Prices) -> Cost:
    """Return the cost of the mean number of workers."""
    workers = mean_workers(module, usage)
    return running(module, workers, prices, f"{plain(workers)} on average")


def running(module: Planned, workers: Decimal, prices: Prices, amount: str = "") -> Cost:
    """Return the cost of a number of workers that run all month."""
    task, service = module.resource(*_TASK), module.resource(*_SERVICE)
    vcpus, gigabytes = (number(task, name) / 1024 for name in ("cpu", "memory"))
    platforms = task.blocks("runtime_platform")
    architecture = (platforms[0].get("cpu_architecture") if platforms else None) or "X86_64"
    shares = _shares(service, workers)
    components = [
        Component(
            address(*_SERVICE, service),
            f"{provider} {architecture} {part}",
            count * HOURS_PER_MONTH * size,
            prices.of(f"{provider.lower()} {architecture} {part}", region(module)),
        )
        for provider, count in shares.items()
        for part, size in (("vcpu", vcpus), ("memory", gigabytes))
    ]
    spot = shares.get("FARGATE_SPOT")
    of_these = f", {plain(round(spot, 1))} of them on Spot" if spot else ""
    arm = ", ARM64" if architecture == "ARM64" else ""
    size = f"{plain(vcpus)} vCPU and {plain(gigabytes)} GB each"
    return Cost("Workers", f"{amount}{of_these}, {size}{arm}", tuple(components))


def _shares(service: PlannedResource, workers: Decimal) -> dict[str, Decimal]:
    """Return how many workers each capacity provider runs: its base first, the rest by weight."""
    strategy = service.blocks("capacity_provider_strategy")
    if not strategy:
        return {"FARGATE": workers}
    shares = {item["capacity_provider"]: Decimal(min(item.get("base") or 0, workers)) for item in strategy}
    rest = workers - sum(shares.values(), Decimal(0))
    weights: dict[str, Decimal] = {item["capacity_provider"]: Decimal(item.get("weight") or 0) for item in strategy}
    of_all = sum(weights.values(), Decimal(0))
    if rest > 0 and of_all:
        for provider, weight in weights.items():
            shares[provider] += rest * weight / of_all
    return {provider: share for provider, share in shares.items() if share}
