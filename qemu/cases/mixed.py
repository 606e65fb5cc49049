# SPDX-License-Identifier: GPL-2.0-or-later
"""Page cache of ext4 and xfs, clean, written and dirty, tmpfs, all kinds of shared and
private memory, huge pages, KSM, swap on zram: nothing of it is in the dump. Slab, pipes
and what zram holds are there to the last page."""
from harness.common import workload_case

CASE = workload_case("mixed", kernels="6.12 | 7.2")
