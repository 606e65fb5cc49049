#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A made-up machine whose target lies on volumes: the text that they are frozen to, in the
# image, what crashbox status says once they have changed, and which kinds are refused.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/machine.sh
. "$top/tests/machine.sh"

# volume DM NAME TABLE: a device of device mapper
volume()
{
	put "sys/devices/virtual/block/$1/dev" "253:${1#dm-}"
	put "sys/devices/virtual/block/$1/dm/name" "$2"
	mkdir -p "$at/sys/dev/block"
	ln -sfn "../../devices/virtual/block/$1" "$at/sys/class/block/$1"
	ln -sfn "../../devices/virtual/block/$1" "$at/sys/dev/block/253:${1#dm-}"
	put "dev/mapper/$2.table" "$3"
}

# frozen: the text in an image that is made now, to $work/frozen
frozen()
{
	"$AGENT" image --root "$at" --agent "$top/build/crashbox" \
		--config "$at/etc/crashbox.conf" --no-modules --codec none \
		--output "$work/made.img" >"$work/said" 2>"$work/errors" || return 1
	(cd "$work" && cpio --quiet -iud etc/crashbox.volumes <made.img && mv etc/crashbox.volumes frozen)
}

# The file system is not on the disk but on a volume of two pieces of it, mirrored by md.
another
mv "$at/dev/vdb" "$at/dev/dm-1"
truncate -s 400M "$at/dev/vdb"
put $device/serial 'a serial, 7'
volume dm-1 box-crash '0 327680 linear 9:5 2048'
put sys/devices/virtual/block/md5/dev 9:5
ln -s ../../devices/virtual/block/md5 "$at/sys/class/block/md5"
ln -s ../../devices/virtual/block/md5 "$at/sys/dev/block/9:5"
for file in level:raid1 raid_disks:2 metadata_version:1.2 reshape_position:none \
	dev-vdb/slot:0 dev-vdb/state:in_sync dev-vdc/slot:none dev-vdc/state:spare; do
	put "sys/devices/virtual/block/md5/md/${file%%:*}" "${file#*:}"
done
frozen || fail "no image: $(cat "$work/errors")"
diff - "$work/frozen" <<'TEXT' || fail "another text"
crashbox volumes 1
disk d0 sectors=819200 serial=aserial,7
md m1 level=raid1 disks=2 version=1.2 d0
dm v0 name=box-crash
map v0 0 327680 linear @m1 2048
target v0 disk:LABEL=crash:/crash
TEXT

an_image virtio_pci virtio-blk ext4 dm_mod md_mod raid1
record
status 2
row fail volumes 'does not know how the targets. volumes are put together: crashbox image'
cp "$work/frozen" "$tree/etc/crashbox.volumes"
an_image virtio_pci virtio-blk ext4 dm_mod md_mod raid1
record
status 0
row ok volumes 'knows the targets. volumes as they are'
row ok drivers 'has the 6 drivers'
row ok 'target 1' 'ext4 on /dev/dm-1'
an_image virtio_pci virtio-blk ext4 dm_mod md_mod
record
status 1
row warn drivers 'whether raid1 is built into'

# Extended meanwhile, or a leg of it has failed.
an_image virtio_pci virtio-blk ext4 dm_mod md_mod raid1
record
put dev/mapper/box-crash.table '0 327680 linear 9:5 2048
327680 8192 linear 9:5 500000'
status 2
row fail volumes 'a volume of the targets has changed since .*: crashbox image, then crashbox load'
frozen || fail "no image: $(cat "$work/errors")"
grep -q '^map v0 327680 8192 linear @m1 500000$' "$work/frozen" ||
	fail "its second piece is not in the text"
put dev/mapper/box-crash.table '0 327680 linear 9:5 2048'
status 0

# A mirror of which a leg is an array of another level: both modules are wanted, "raid1" too,
# though it stands in "raid10".
put sys/devices/virtual/block/md6/dev 9:6
ln -s ../../devices/virtual/block/md6 "$at/sys/class/block/md6"
for file in level:raid10 raid_disks:2 metadata_version:1.2 reshape_position:none \
	dev-vdb/slot:0 dev-vdb/state:in_sync; do
	put "sys/devices/virtual/block/md6/md/${file%%:*}" "${file#*:}"
done
put sys/devices/virtual/block/md5/md/dev-vdb/slot none
put sys/devices/virtual/block/md5/md/dev-md6/slot 0
put sys/devices/virtual/block/md5/md/dev-md6/state in_sync
frozen || fail "no image: $(cat "$work/errors")"
mv "$tree/etc/crashbox.volumes" "$work/volumes"
cp "$work/frozen" "$tree/etc/crashbox.volumes"
an_image virtio_pci virtio-blk ext4 dm_mod md_mod raid10
record
status 1
row warn drivers 'whether raid1 is built into'
rm -r "$at/sys/devices/virtual/block/md5/md/dev-md6"
put sys/devices/virtual/block/md5/md/dev-vdb/slot 0
mv "$work/volumes" "$tree/etc/crashbox.volumes"

# An encrypted one: its key is in no image, and was not loaded.
put dev/mapper/box-crash.table '0 327680 crypt aes-xts-plain64 00112233445566778899 0 9:5 4096'
frozen
grep -q '^map v0 0 327680 crypt aes-xts-plain64 %v0 0 @m1 4096$' "$work/frozen" ||
	fail "another text: $(cat "$work/frozen")"
! grep -q 00112233445566778899 "$work/made.img" || fail "the key is in the image"
cp "$work/frozen" "$tree/etc/crashbox.volumes"
an_image virtio_pci virtio-blk ext4 dm_crypt md_mod raid1 xts aes_generic
record
status 2
row fail keys 'a target is encrypted, and its key was not loaded: crashbox load'
key=$(printf 'v0 00112233445566778899\n' | sha256sum)
echo "keys_sha256 ${key%% *}" >>"$at/run/crashbox/loaded"
status 0
row ok keys 'the keys of encrypted targets are loaded'
put dev/mapper/box-crash.table '0 327680 crypt aes-xts-plain64 ff112233445566778899 0 9:5 4096'
status 2
row ok volumes 'as they are'
row fail keys 'the key of an encrypted target has changed since it was loaded: crashbox load'

# refused TABLE WORDS
refused()
{
	put dev/mapper/box-crash.table "$1"
	! frozen || fail "not refused: $1"
	grep -q "target disk:LABEL=crash:/crash: box-crash: .*$2" "$work/errors" ||
		fail "'$1': no '$2' in: $(cat "$work/errors")"
}
refused '0 8 thin 9:5 1' 'it is a thin volume'
refused '0 8 cache 9:5 9:5 9:5 512 0 default 0' 'it is a cached volume'
refused '0 8 snapshot 9:5 9:5 P 8' 'it is a snapshot'
refused '0 8 snapshot-origin 9:5' 'it is a volume with snapshots'
refused '0 8 mirror disk 2 9:5 1024 2 9:5 0 9:5 0' 'wait for pvmove, or lvconvert'
refused '0 8 raid raid5_ls 3 64 region_size 1024 2 9:5 9:5 9:5 9:5' 'it is raid5_ls of LVM'
refused '0 8 raid raid1 4 0 rebuild 1 region_size 2 9:5 9:5 9:5 9:5' 'just rebuilt or reshaped'
refused '0 8 dust 9:5 0 512' "it is 'dust' of device mapper"
refused '0 8 crypt aes-xts-plain64 :64:logon:cryptsetup:x 0 9:5 0' 'refresh --disable-keyring'
put sys/devices/virtual/block/md5/md/metadata_version external:imsm
refused '0 327680 linear 9:5 2048' 'md5 has metadata external:imsm'
rm "$at/$device/serial"
put sys/devices/virtual/block/md5/md/metadata_version 1.2
refused '0 327680 linear 9:5 2048' 'vdb has nothing that it could be known by again'
