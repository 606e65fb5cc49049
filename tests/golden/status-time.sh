#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox status on made-up machines whose capture would take too long: for the deadline, by
# what the memory has now and by how fast the last test was; for a watchdog; for a cluster.
# And crashbox estimate, which tells the seconds of each target.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/machine.sh
. "$top/tests/machine.sh"

# 100,000 KiB are neither free nor cache nor of programs, and the map of all pages is there:
# 113.1 MiB, which is less than what a dump of 1 GiB may have in the end.
record
status 0
row ok deadline '3600 s, and a dump of 102.4 MiB may take 22 s, at 47.7 MiB/s, which is assumed$'

# What the level keeps counts: with a leak there is more.
another
put proc/meminfo 'MemTotal:       64014000 kB
MemFree:         1000000 kB
Buffers:              10 kB
Cached:          1000000 kB
SwapCached:            0 kB
AnonPages:       2000000 kB
Hugetlb:         1000000 kB'
status 1
row warn 'target 1' 'and a dump at level 31 may take 6.1 GiB'
row ok deadline '3600 s, and a dump now, which has 57.2 GiB of memory, may take 429 s, at 143.1 MiB/s, which'
put etc/crashbox.conf 'target disk:LABEL=crash:/crash
deadline 440
level 17'
reload
status 1
row warn deadline '440 s, and a dump of 61.0 GiB may take [0-9]* s'

# The last test of this target, not of another.
another
put var/lib/crashbox/test-paces '20000000 60000000 1000 disk:LABEL=crash
20000000 10000000 10000 disk:LABEL=crash:/crash'
status 0
row ok deadline '3600 s, and a dump now, which has 113.1 MiB of memory, may take 138 s, at 976.6 KiB/s, as the last test$'
put etc/crashbox.conf 'target disk:LABEL=crash:/crash
deadline 137'
reload
status 1
row warn deadline '137 s, .* may take 138 s, .*, as the last test: what is not saved by then is lost$'
for bad in '' 'x' '1 2 3' '1 1 1 disk:LABEL=crash:/crash' '20000000 10000000 0 disk:LABEL=crash:/crash' \
	'20000000 10000000 18446744073709551615 disk:LABEL=crash:/crash' \
	'18446744073709551615 18446744073709551615 1 disk:LABEL=crash:/crash'; do
	put var/lib/crashbox/test-paces "$bad"
	status 0
	row ok deadline 'which is assumed$'
done

# The same in seconds of each target.
put var/lib/crashbox/test-paces '20000000 10000000 10000 disk:LABEL=crash:/crash'
put etc/crashbox.conf 'target disk:LABEL=crash:/crash
target disk:LABEL=other:/
deadline 137'
"$AGENT" estimate --root "$at" --no-earlier >"$work/got" 2>"$work/errors" ||
	fail "estimate: $(cat "$work/errors")"
{ grep -qx 'time  *138s  for the 113.1 MiB that a dump now has, to disk:LABEL=crash:/crash, as the last test: more than the deadline' "$work/got" &&
	grep -qx 'time  *20s  for the 113.1 MiB that a dump now has, to disk:LABEL=other:/, at a pace which is assumed' "$work/got"; } ||
	fail "$(cat "$work/got" "$work/errors")"

# A watchdog that resets before it can be fed.
another
dog=sys/devices/pci0000:00/0000:00:1f.0/watchdog/watchdog0
put $dog/identity 'HPE iLO2+ HW Watchdog Timer'
put $dog/state active
put $dog/timeout 10
mkdir -p "$at/sys/class/watchdog" "$at/sys/module/hpwdt" \
	"$at/sys/devices/pci0000:00/0000:00:1f.0/driver"
ln -s "$at/sys/module/hpwdt" "$at/sys/devices/pci0000:00/0000:00:1f.0/driver/module"
ln -s "$at/sys/devices/pci0000:00/0000:00:1f.0" "$at/$dog/device"
ln -s "$at/$dog" "$at/sys/class/watchdog/watchdog0"
a_kernel boot/vmlinuz-$release "config=$base/CONFIG_HP_WATCHDOG=m"
an_image virtio_pci virtio-blk ext4 hpwdt
record
status 1
row warn watchdog 'armed (HPE.*, 10 s) may reset a capture before it can feed them, which takes 20 s'
an_image virtio_pci virtio-blk ext4
record
status 2
row fail watchdog 'need hpwdt'

# A cluster that is not told, has nobody who listens, or does not wait.
another
put etc/corosync/corosync.conf 'totem { }'
status 1
row warn cluster 'is a node of a cluster .*name the other nodes with fence_kdump'
put etc/crashbox.conf 'target disk:LABEL=crash:/crash
fence_kdump 192.0.2.7'
reload
# cluster GRADE WORDS DEVICE
cluster()
{
	put var/lib/pacemaker/cib/cib.xml "<cib><primitive id=\"x\" type=\"fence_ipmilan\"><nvpair name=\"timeout\" value=\"3\"/></primitive>$3</cib>"
	"$AGENT" status --root "$at" >"$work/got" 2>/dev/null || true
	row "$1" cluster "$2"
}
"$AGENT" status --root "$at" >"$work/got" 2>/dev/null || true
row warn cluster 'how long the cluster waits to be told of a capture is not known: .*cib.xml'
kdump='<primitive class="stonith" id="k" type="fence_kdump"><instance_attributes id="k-i">'
end='</instance_attributes></primitive>'
cluster warn 'none of the cluster.s devices is a fence_kdump' ''
cluster ok 'its fence_kdump waits 60 s' "$kdump$end"
cluster ok 'its fence_kdump waits 90 s' "$kdump<nvpair id=\"t\" name=\"timeout\" value=\"90\"/>$end"
cluster warn 'fence_kdump waits 10 s, and a capture may need 20 s' \
	"$kdump<nvpair value=\"10s\" id=\"t\" name=\"timeout\"/>$end$kdump$end"
cluster ok 'its fence_kdump waits 120 s' "$kdump<nvpair name=\"timeout\" value=\"2min\"/>$end"
cluster ok 'its fence_kdump waits 60 s' "$kdump"
