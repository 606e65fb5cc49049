# SPDX-License-Identifier: GPL-2.0-or-later
"""The same, but the capture kernel is not loaded again: the first kernel itself tells it
of the DIMM, as kernels do since 6.6."""
from harness.common import workload_case

CASE = workload_case("numa-refresh", kernels="7.2")
