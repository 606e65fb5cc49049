#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tests/bench-nfs.sh: a capture of 128 MiB into an NFS 4.2 mount of a real server, beside
# `dd bs=1M conv=fsync` of the very same file to the same mount, in turns. The client is
# a Debian kernel in QEMU, as the capture would have it, with one CPU that is emulated; the
# memory is random and nothing is packed, so that the way is what is measured: once as fast
# as this machine can, which is the emulated CPU's speed, and once over 200 Mbit/s, which is
# that of the cable. The capture's time is that of its copy and sync stages. Prints; never
# fails on timing.
#   ROUNDS  of each, the best counts; default 3
set -eu
cd "${0%/*}/.."
[ -n "${SERVER:-}" ] || exec qemu/with-server nfs4 tests/bench-nfs.sh

binary=$PWD/${BINARY:-build/crashbox}
guest=$FOLDER/guest
mkdir -p "$guest"
tests/tools/bulkcore.py 128 "$guest/core"
echo "sh mount umount mkdir rm cat dd ip insmod sed sleep tr" >"$guest/programs"
echo "virtio_pci virtio_net nfs nfsv4" >"$guest/drivers"
{
	echo "dir nfs 755"
	echo "file core 644 $guest/core"
	echo "file crashbox 755 $binary"
} >"$guest/files"
cat >"$guest/script" <<END
ip link set eth0 up
ip addr add 10.0.2.15/24 dev eth0
sleep 1
mount -i -t nfs4 -o addr=$SERVER,clientaddr=10.0.2.15,vers=4.2,proto=tcp,hard \\
	$SERVER:/crash /nfs || exit 1
i=0
while [ \$i -lt ${ROUNDS:-3} ]; do
	/crashbox capture --level 0 --codec none --workers 1 /core /nfs/capture >/tmp/log 2>&1 ||
		[ \$? = 2 ] || { cat /tmp/log; exit 1; }	# 2: made up, and so without a log
	echo "capture \$(sed -n '/"seconds"/,/}/p' /nfs/capture/manifest.json | tr -d ' \n')"
	[ -f /tmp/vmcore ] || cat /nfs/capture/vmcore >/tmp/vmcore
	rm -r /nfs/capture
	dd if=/tmp/vmcore of=/nfs/copy bs=1M conv=fsync 2>/tmp/log || { cat /tmp/log; exit 1; }
	echo "dd \$(sed -n 's/.* copied, \([0-9.]*\) s,.*/\1/p' /tmp/log)"
	rm /nfs/copy
	i=\$((i + 1))
done
END

# best LABEL: of all rounds, in seconds
best()
{
	sed -n "s/^$1 //p" "$FOLDER/printed" | /usr/bin/python3 -c '
import re, sys
def seconds(line):
	stage = dict(re.findall(r"\"(\w+)\":([0-9.]+)", line))
	return float(stage["copy"]) + float(stage["sync"]) if stage else float(line)
print(f"{min(map(seconds, sys.stdin)):.2f}")'
}

printf '| NFS 4.2, 128 MiB | capture s | dd s | ratio |\n|---|---|---|---|\n'
for way in "as fast as it goes" "over 200 Mbit/s"; do
	[ "$way" = "as fast as it goes" ] ||
		tc qdisc replace dev v0 root tbf rate 200mbit burst 512k latency 100ms
	# shellcheck disable=SC2086 # options, none of them with a blank inside
	MEMORY=1536 LIMIT=900 tests/tools/guest "$guest" $DEVICES >"$FOLDER/printed" ||
		{ echo "the guest: $(tail -n 3 "$FOLDER/printed")" >&2; exit 1; }
	printf '| %s | %s | %s | %s |\n' "$way" "$(best capture)" "$(best dd)" \
		"$(echo "$(best capture) $(best dd)" | awk '{ printf "%.2f", $1 / $2 }')"
done
