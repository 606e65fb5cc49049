# SPDX-License-Identifier: GPL-2.0-or-later
"""Huge pages of 2 MiB and 1 GiB, set aside at boot, half of the small ones used."""
from harness.common import workload_case

CASE = workload_case("huge", kernels="6.12", rare=True)
