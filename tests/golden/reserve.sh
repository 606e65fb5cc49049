#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox reserve on made-up machines: what would change is shown, nothing is changed without a
# yes, --undo gives back what was there even if the file has changed since, and what the boot
# loader's own file says is what counts.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

at=$work/machine
cd "$work"

# machine: an empty one
machine()
{
	rm -rf "$at"
	mkdir -p "$at/etc/default" "$at/boot/grub" "$at/var/lib"
}

# run STATUS WORDS...: with the answer in $answer
answer=''
run()
{
	want=$1
	shift
	status=0
	echo "$answer" | "$AGENT" reserve --root "$at" "$@" >said 2>&1 || status=$?
	equals "$*: exit: $(cat said)" "$want" "$status"
}

machine
run 1 64M
grep -q 'no file of a boot loader is here' said || fail "$(cat said)"
for size in 64 '64M quiet' "64M'" ''; do
	run 1 "$size"
	grep -q 'is not what crashkernel= may be' said || fail "$size: $(cat said)"
done

printf 'GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\n' >"$at/etc/default/grub"
chmod 640 "$at/etc/default/grub"
printf 'title a\noptions root=/dev/vda crashkernel=auto ro\n' >first
mkdir -p "$at/boot/loader/entries"
cp first "$at/boot/loader/entries/a-6.1.conf"
printf 'title b\noptions root=/dev/vda ro\n' >"$at/boot/loader/entries/b-6.2.conf"
find "$at" -type f -exec sha256sum {} + | sort >before
cat >want <<'END'
/etc/default/grub
-GRUB_CMDLINE_LINUX_DEFAULT="quiet"
+GRUB_CMDLINE_LINUX_DEFAULT="quiet crashkernel=64M"
then, by hand: what makes the boot loader's files of it
END
run 0 --dry-run 64M
head -n 4 said | diff -u want - || fail "another change is shown"
grep -qx -- '+options root=/dev/vda ro crashkernel=64M' said || fail "$(cat said)"
for answer in no '' YES; do
	run 1 64M
	grep -q 'nothing is changed' said || fail "$(cat said)"
done
find "$at" -type f -exec sha256sum {} + | sort | cmp - before || fail "changed without a yes"
answer=yes
run 0 64M
grep -q 'ok: from the next boot on$' said || fail "$(cat said)"
equals "mode" 640 "$(stat -c %a "$at/etc/default/grub")"
grep -qx 'GRUB_CMDLINE_LINUX_DEFAULT="quiet crashkernel=64M"' "$at/etc/default/grub" || fail grub
for entry in a-6.1 b-6.2; do
	grep -qx 'options root=/dev/vda ro crashkernel=64M' "$at/boot/loader/entries/$entry.conf" ||
		fail "$entry"
done
run 0 --yes 64M
grep -qx 'ok: nothing is to be changed' said || fail "$(cat said)"
run 0 --yes 512M-:192M
# Somebody changes a file, and takes another away.
sed -i 's/quiet/quiet splash/' "$at/etc/default/grub"
rm "$at/boot/loader/entries/b-6.2.conf"
run 0 --yes --undo
grep -qx 'GRUB_CMDLINE_LINUX_DEFAULT="quiet splash"' "$at/etc/default/grub" || fail "undone: grub"
grep -qx 'options root=/dev/vda ro crashkernel=auto' "$at/boot/loader/entries/a-6.1.conf" ||
	fail "undone: $(cat "$at/boot/loader/entries/a-6.1.conf")"
run 1 --undo
grep -q 'nothing is to be undone' said || fail "$(cat said)"

# What GRUB reads is made of another file: without that nothing is reserved.
machine
printf 'GRUB_CMDLINE_LINUX="ro"\n' >"$at/etc/default/grub"
printf 'menuentry x {\n\tlinux /vmlinuz-6.1 root=/dev/vda ro\n}\n' >"$at/boot/grub/grub.cfg"
mkdir -p "$at/usr/sbin"
touch "$at/usr/sbin/update-grub"
run 1 --yes 64M
grep -qx 'then: update-grub' said || fail "$(cat said)"
grep -q '/boot/grub/grub.cfg still has no crashkernel=' said || fail "$(cat said)"
sed -i 's/ ro$/ ro crashkernel=65M/' "$at/boot/grub/grub.cfg"
run 0 --yes 65M

# Extlinux and the firmware of small boards.
machine
mkdir -p "$at/boot/extlinux" "$at/boot/firmware"
printf 'default b\nlabel a\n\tappend ro\nlabel b\n\tappend rw\n' >"$at/boot/extlinux/extlinux.conf"
printf 'console=tty1 root=/dev/mmcblk0p2\n' >"$at/boot/firmware/cmdline.txt"
cp "$at/boot/extlinux/extlinux.conf" extlinux
run 0 --yes 1G,high
equals "both labels" 2 "$(grep -c ' crashkernel=1G,high$' "$at/boot/extlinux/extlinux.conf")"
equals "the board" 'console=tty1 root=/dev/mmcblk0p2 crashkernel=1G,high' \
	"$(cat "$at/boot/firmware/cmdline.txt")"
run 0 --yes --undo
cmp extlinux "$at/boot/extlinux/extlinux.conf" || fail "extlinux.conf is not what it was"

# A link stays one, and what others add behind ours is seen.
machine
printf 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"' >"$at/etc/grub.real"
ln -s "$at/etc/grub.real" "$at/etc/default/grub"
printf 'menuentry x {\n\tlinux /vmlinuz-6.1 ro crashkernel=64M crashkernel=384M-:128M\n}\n' \
	>"$at/boot/grub/grub.cfg"
run 1 --yes 64M
[ -L "$at/etc/default/grub" ] || fail "a link became a file"
equals "what it leads to" 'GRUB_CMDLINE_LINUX_DEFAULT="quiet crashkernel=64M"' \
	"$(cat "$at/etc/grub.real")"
grep -q 'has another crashkernel= where it counts' said || fail "$(cat said)"
machine
printf 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n' >"$at/etc/default/grub"
run 1 --yes 64M
grep -q 'is not known here' said || fail "$(cat said)"
printf 'export GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n' >"$at/etc/default/grub"
run 1 --yes 64M
grep -q "is not understood: change that line by hand" said || fail "$(cat said)"
# The size comes from estimate, which may have none here.
printf 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n' >"$at/etc/default/grub"
status=0
"$AGENT" reserve --root "$at" --dry-run >said 2>&1 || status=$?
case $status in
0) grep -q 'crashkernel=[0-9]*M' said || fail "$(cat said)" ;;
*)
	equals "without a size: exit" 1 "$status"
	grep -q 'gives no size' said || fail "$(cat said)"
	;;
esac

# The program that makes GRUB's file is run, where its files are others'.
if [ "$(id -u)" != 0 ] || ! unshare -m true 2>/dev/null; then
	echo "not tried: update-grub itself, as this is not root, or has no mount namespace"
	exit 0
fi
cat >inside <<'END'
mount --make-rprivate /
for folder in /etc/default /boot /var/lib /usr/sbin; do mount -t tmpfs tmpfs $folder; done
mkdir /boot/grub
echo 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"' >/etc/default/grub
printf '#!/bin/sh\n. /etc/default/grub\necho "linux /vmlinuz $GRUB_CMDLINE_LINUX_DEFAULT" >/boot/grub/grub.cfg\n' \
	>/usr/sbin/update-grub
chmod 755 /usr/sbin/update-grub
"$1" reserve --yes 64M
END
unshare -m sh inside "$AGENT" >said 2>&1 || fail "with update-grub: $(cat said)"
grep -q 'ok: from the next boot on' said || fail "with update-grub: $(cat said)"
