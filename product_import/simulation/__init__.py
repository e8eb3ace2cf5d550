"""How the module scales: a workload played against the scaling configuration of the synthesized module."""

from product_import.simulation.assumptions import Assumptions
from product_import.simulation.play import Played, play
from product_import.simulation.scaling import Scaling, read_scaling
from product_import.simulation.workload import JobSeconds, Workload

__all__ = ["Assumptions", "JobSeconds", "Played", "Scaling", "Workload", "play", "read_scaling"]
