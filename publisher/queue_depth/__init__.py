"""Publishes to CloudWatch how many jobs of a Bull queue want a worker now."""
