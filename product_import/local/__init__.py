"""The whole system on one machine: Redis, the publisher and workers, without AWS and without Docker."""
