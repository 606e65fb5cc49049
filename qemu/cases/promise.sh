#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: good no-fs-module no-exec wrong-label first-broken full changed-config append-target too-small net-good no-net-line wrong-host-key | ext4-quota own-quota crash-loop failed-load failed-load-twice no-crashkernel not-loaded no-memory no-disk-module other-modules wrong-device no-such-uuid other-fs encrypted short-deadline file-system-errors two-labels unfed-watchdog fed-watchdog kdump-beside no-room read-only write-protected broken-line broken-target empty-image append-level no-image-file other-image other-kernel old-init other-cpu oops-goes-on no-service lockdown ssh-good no-card-driver no-such-card other-network wrong-gateway good-dhcp no-dhcp no-nfs-module not-exported no-server black-hole not-insecure no-address read-only-nfs full-nfs no-client no-key wrong-key no-host-key no-folder-there
#
# What `crashbox status` promises: one machine for each row of qemu/ways.sh, which is wrong in
# that way, is asked, and then really crashes. Where the answer was "ok" all is saved; what is
# lost was told by the row that says why. qemu/run prints the table.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/ways.sh
. "$top/qemu/ways.sh"
[ "$arch" = amd64 ] || skip "one CPU's promise is like the other's"
way "$VARIANT"
kind=$way_kind
read_here=yes no_reboot=yes
# A busy host is no reason to be wrong.
arm_seconds=400 capture_seconds=600
service="dir etc/runlevels 755
dir etc/runlevels/default 755
file etc/runlevels/default/crashbox 755 $top/initramfs/install/crashbox.openrc"
agent=$binary image_modules='' image_drivers='' hand_files='' guest_words='' crash=sysrq
net_line='' target_config=''
echo "put /proc/sys/kernel/panic_on_oops 1" >"$dir/verbs"
case $VARIANT in
*-watchdog) series=6.12 ;;
esac
kernel=$(qemu/fetch-kernel "$series")
release=$(cat "$kernel/version")
first_files="dir boot 755
file boot/config-$release 644 $kernel/config"

case $kind in
disk)
	target_disk ext4 400M
	target=disk:LABEL=crash:/crash
	image_drivers="virtio_pci virtio_blk ext4"
	;;
*)
	# shellcheck source=qemu/net.sh
	. "$top/qemu/net.sh"
	small_export 300M
	start_server
	[ "$kind" != sftp ] || target_config=$(echo "$target_config" | sed "s,$dir/ssh/id,/run/id,")
	[ "$kind" != sftp ] || ln -sf "$dir/ssh/id" /run/id
	boot_files=$first_files
	operator_files
	first_files="$first_files
$boot_files"
	rm "$dir/operator.conf"
	net_line=$guest_net
	image_drivers="$first_modules"
	guest_words="fk.net=10.0.2.15"
	;;
esac
target_line="target $target"
"way_$(echo "$VARIANT" | tr - _)"
[ "$kind" != sftp ] || first_files="$first_files
dir run 755
file run/id 600 $dir/ssh/id"
first_files=$(printf '%s\n' "$first_files" "$service" | sed '/^$/d')

# What is lost is lost soon, and what is saved is not worth an emulated CPU's time.
[ -f "$dir/crashbox.conf" ] || says "target $target" "$target_config" "$net_line"
for conf in "$dir/crashbox.conf" "$dir/by-hand/conf"; do
	[ "$way_crash" != lost ] || [ ! -f "$conf" ] || grep -q '^deadline' "$conf" ||
		echo "deadline 60" >>"$conf"
	[ "$kind" != sftp ] || [ ! -f "$conf" ] || echo "stall 50" >>"$conf"
	[ ! -f "$conf" ] || echo "codec none" >>"$conf"
done
echo status >>"$dir/verbs"

# In place of lib.sh's: with this agent, these modules, and what was put in by hand.
capture_image()
{
	modules=$modules_dir
	[ -z "$image_modules" ] ||
		for modules in "$(qemu/fetch-kernel "$image_modules")"/modules/lib/modules/*; do :; done
	set -- --agent "$agent" --modules "$modules" --drivers "$image_drivers"
	[ -z "${CAPTURE_KERNEL:-}" ] || set -- --agent "$agent" --no-modules
	if [ -n "$hand_files" ]; then
		capture_image_part generic.img --generic "$@"
		echo "$hand_files" | tests/tools/cpio | cat "$dir/generic.img" - >"$dir/capture.img"
	else
		[ "$kind" != sftp ] || set -- "$@" --ssh "$top/build/ssh"
		capture_image_part capture.img --config "$dir/crashbox.conf" "$@"
	fi
}

# shellcheck disable=SC2086 # words
if [ "$way_crash" = alive ]; then
	qemu/null-module "$dir/null.ko" || lost "qemu/null-module"
	(boot fk.cache=0 "fk.crash=$crash" $guest_words) && fail "the oops was the end of it"
	grep -q 'survived fk.crash' "$dir/events" || lost "see events"
	found=alive
else
	boot fk.cache=0 "fk.crash=$crash" $guest_words
	found=lost
	for file in "$dir"/out*/crash/"$host"-*/vmcore-dmesg.txt; do
		[ ! -s "$file" ] || found=log
	done
	for file in "$dir"/out*/crash/"$host"-*/vmcore; do
		[ ! -e "$file" ] || ! "$reader" check "$file" >"$dir/check" 2>&1 || found=saved
	done
fi

said=$(sed -n 's/^[0-9.]* verb \([0-9]*\) status$/\1/p' "$dir/events")
tr -d '\r' <"$dir/console.log" | grep -aE '^(ok|warn|fail)  ' >"$dir/rows" || :
row=$(grep -aE "^$way_grade +$way_row.* $way_text|^$way_grade +$way_row.*$way_text" "$dir/rows" |
	head -n 1)
printf '%-16s %-5s %-6s %.90s\n' "$VARIANT" "$found" \
	"$(echo "ok warn fail" | cut -d ' ' -f $((${said:-2} + 1)))" "${row:-no row says so}" \
	>"$dir/row"
[ -n "$said" ] || lost "status was not asked: $(verdict)"
[ -n "$row" ] || fail "status does not say '$way_grade $way_row ... $way_text'"
[ "$said" != 0 ] || [ "$found" = saved ] || fail "status was ok, and the crash is $found"
[ "$way_grade" != ok ] || [ "$said" = 0 ] ||
	fail "nothing is wrong, and status says: $(grep -av '^ok' "$dir/rows" | head -n 1)"
[ "$found" = "$way_crash" ] || fail "the crash is $found, $way_crash is wanted"
