# SPDX-License-Identifier: GPL-2.0-or-later
"""Two nodes, a balloon that took a quarter of the memory, and a DIMM that came after the
capture kernel was loaded, which was then loaded again: all of it is in the dump."""
from harness.common import workload_case

CASE = workload_case("numa-hotplug", kernels="6.12", rare=True)
