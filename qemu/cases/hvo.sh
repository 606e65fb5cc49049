#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels: 6.12
#
# The same with hugetlb_free_vmemmap: most struct pages of a huge page are one page,
# mapped many times, and some of those look like heads.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
workload_case hvo
