#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What every kind of sink and store promises (tests/unit/conformance.c), asked of NFS 4 and 3:
# a real server, and a Debian kernel in QEMU as its client, which mounts it as a capture does.
set -eu
cd "${0%/*}/../.."
[ -n "${SERVER:-}" ] || exec qemu/with-server nfs4 tests/net/conformance-nfs.sh

guest=$FOLDER/guest
mkdir -p "$guest"
echo "sh rm ip insmod sleep mount" >"$guest/programs"
echo "virtio_pci virtio_net nfs nfsv3 nfsv4" >"$guest/drivers"
echo "file conformance 755 $PWD/build/unit/conformance" >"$guest/files"
cat >"$guest/script" <<END
ip link set eth0 up
ip addr add 10.0.2.15/24 dev eth0
sleep 1
for words in nfs4:$SERVER:/crash nfs3:$SERVER:$EXPORT; do
	echo "\$words"
	ASAN_OPTIONS=detect_leaks=0 /conformance \$words /tmp/at || exit 1
done
END
# shellcheck disable=SC2086 # options, none of them with a blank inside
tests/tools/guest "$guest" $DEVICES ||
	{ echo "NFS does not keep what a target promises"; exit 1; }
