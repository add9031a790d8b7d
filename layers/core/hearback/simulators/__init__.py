"""Providers' servers on their wire formats, with faults on demand: for the demo, tests and benchmarks. Never deployed."""
