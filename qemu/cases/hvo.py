# SPDX-License-Identifier: GPL-2.0-or-later
"""The same with hugetlb_free_vmemmap: most struct pages of a huge page are one page,
mapped many times, and some of those look like heads."""
from harness.common import workload_case

CASE = workload_case("hvo", kernels="6.12", rare=True)
