#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels: 7.2
#
# The same, but the capture kernel is not loaded again: the first kernel itself tells it
# of the DIMM, as kernels do since 6.6.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
workload_case numa-refresh
