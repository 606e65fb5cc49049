#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox status on CPUs of the capture kernel: as many as are loaded, whether the reserved
# memory has room for them, and that the boot CPU of x86 is none of them.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/machine.sh
. "$top/tests/machine.sh"

another
# The dump of such a machine would not fit onto its target, which is a warning anyway.
row_of_cpus()
{
	status 1
	row "$1" cpus "$2"
}
status 0
row ok cpus '1 of 1$'
mkdir -p "$at/sys/devices/system/cpu" "$at/sys/firmware/acpi/tables"
printf 'APIC%40s\0\010\0\0\001\0\0\0' '' >"$at/sys/firmware/acpi/tables/APIC"
put sys/devices/system/cpu/present 0-3
put proc/cpuinfo 'processor	: 0
apicid		: 0
initial apicid	: 0
flags		: fpu'
put proc/meminfo 'MemTotal:        33000000 kB'
put etc/crashbox.conf 'target disk:LABEL=crash:/crash
cpus auto'
append='nr_cpus=3 disable_cpu_apicid=0'
reload
row_of_cpus ok '3 of 4, as much as what is kept of this memory is worth$'
append=nr_cpus=3
record
row_of_cpus warn '3 are started, and no disable_cpu_apicid= says which one is the boot CPU'
append='nr_cpus=1'
record
row_of_cpus ok '1 are started; now it would be 3 of 4'
put etc/crashbox.conf 'target disk:LABEL=crash:/crash
cpus 4'
append='nr_cpus=4 disable_cpu_apicid=0'
reload
row_of_cpus ok '4 of 4$'
put sys/kernel/kexec_crash_size $((72 << 20))
row_of_cpus warn '4 are started, and 72 MiB have no room for so many: cpus 1, or boot with'
# Of a kernel that takes as much to start as the one that was measured, that is certain.
a_kernel boot/vmlinuz-$release run=52
record
status 2
row fail cpus '4 are started, and 72 MiB have no room for so many: cpus 1, or boot with'
append='nr_cpus=1'
record
row_of_cpus warn '1 of 4: for 4 there is no room in 72.0 MiB, but in crashkernel=[0-9]*M$'
