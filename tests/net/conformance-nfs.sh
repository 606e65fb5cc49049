#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What every kind of sink and store promises (tests/unit/conformance.c), asked of NFS 4 and 3:
# a real server, and a Debian kernel in QEMU as its client, which mounts it as a capture does.
#
# shellcheck source=qemu/lib.sh
. "${0%/*}/../../qemu/lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
kind=nfs4
start_server
guest=$dir/guest
mkdir -p "$guest"
echo "sh rm ip insmod sleep mount" >"$guest/programs"
echo "virtio_pci virtio_net nfs nfsv3 nfsv4" >"$guest/drivers"
echo "file conformance 755 $top/build/unit/conformance" >"$guest/files"
cat >"$guest/script" <<END
ip link set eth0 up
ip addr add 10.0.2.15/24 dev eth0
sleep 1
for words in nfs4:$server:/crash nfs3:$server:$export_dir; do
	echo "\$words"
	ASAN_OPTIONS=detect_leaks=0 /conformance \$words /tmp/at || exit 1
done
END
# shellcheck disable=SC2086 # options, none of them with a blank inside
tests/tools/guest "$guest" $devices || fail "NFS does not keep what a target promises"
