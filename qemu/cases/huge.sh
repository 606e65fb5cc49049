#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels: 6.12
#
# Huge pages of 2 MiB and 1 GiB, set aside at boot, half of the small ones used.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
workload_case huge
