#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the configuration says of every image and every load: the same as the options of that
# meaning, which come behind or instead, and what the service makes anew keeps it.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
cd "$work"

mkdir -p proc/sys/kernel etc boot
echo 6.1.0-1-amd64 >proc/sys/kernel/osrelease
echo 'console=tty0 iommu=pt quiet' >proc/cmdline
cat >etc/crashbox.conf <<END
target disk:LABEL=crash:/
kernel /boot/own
append crashbox.level=16 one
append two
remove iommu
END

# shows WANTED OPTION...: the end of the capture kernel's command line
shows()
{
	wanted=$1
	shift
	"$AGENT" show --root "$work" --command-line "$@" >got || fail "show $*: status $?"
	case $(cat got) in
	*" $wanted") ;;
	*) fail "show $*: wanted ... $wanted, got $(cat got)" ;;
	esac
	! grep -qw iommu got || fail "show $*: iommu=pt was not taken out"
}
shows 'crashbox.level=16 one two'
shows 'crashbox.level=16 one two crashbox.level=1' --append crashbox.level=1
"$AGENT" show --root "$work" >got 2>&1 || :
grep -q "^kernel *$work/boot/own\$" got || fail "another kernel: $(head -n 1 got)"
"$AGENT" show --root "$work" --kernel /boot/other >got 2>&1 || :
grep -q "^kernel */boot/other\$" got || fail "--kernel: another one: $(head -n 1 got)"
"$AGENT" config etc/crashbox.conf >printed || fail "the configuration is refused"
for line in 'kernel /boot/own' 'append crashbox.level=16 one two' 'remove iommu'; do
	grep -qx "$line" printed || fail "crashbox config does not print '$line'"
done

# Images: by option and by key the same bytes, and --if-needed leaves them alone.
modules=lib/modules/6.1.0-1-amd64
mkdir -p $modules/kernel
for name in disk filesystem other; do
	printf 'module %s' $name >$modules/kernel/$name.ko
	echo "kernel/$name.ko:" >>$modules/modules.dep
done
image()
{
	"$AGENT" image --agent "$top/build/crashbox" "$@" >said 2>&1 ||
		fail "image $*: $(cat said)"
}
echo 'target disk:LABEL=crash:/' >plain
{ cat plain; echo "image_modules $work/$modules"; echo 'image_drivers disk filesystem'; } >keyed
image --config keyed --output one
image --config keyed --output one --if-needed
grep -q 'as it should be' said || fail "--if-needed made another image: $(cat said)"
image --config keyed --list
for module in disk filesystem; do
	grep -q "modules/$module.ko" said ||
		fail "the drivers of the configuration are not in it: $(cat said)"
done
image --config keyed --drivers other --list
grep -q 'modules/other.ko' said || fail "--drivers does not win: $(cat said)"
! grep -q 'modules/disk.ko' said || fail "--drivers only adds: $(cat said)"
image --config keyed --no-modules --list
! grep -q 'modules/.*ko' said || fail "--no-modules does not win: $(cat said)"
{ cat plain; echo 'image_modules none'; } >none
image --config none --list
! grep -q 'modules/.*ko' said || fail "image_modules none: $(cat said)"
