"""Hypothesis profiles: quick in make test, thorough in make proof."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))  # strategies.py beside the tests

settings.register_profile("test", max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("proof", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("proof" if os.environ.get("HEARBACK_PROOF") else "test")
