# SPDX-License-Identifier: GPL-2.0-or-later
"""Pages of all kinds that the kernel was told are broken: none of them is touched."""
from harness.common import workload_case

CASE = workload_case("poison", kernels="6.12")
