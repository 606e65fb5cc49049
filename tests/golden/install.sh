#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make install and uninstall: which files, with which modes; that a configuration which is
# there stays; what the kernel hooks call; and that the Debian package is made of the same,
# twice the same bytes.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
cd "$top"

# A capture kernel and a client need not have been built.
echo kernel >"$work/vmlinuz"
echo client >"$work/ssh"

# make_it TARGET [VARIABLE=VALUE...]
make_it()
{
	make -s O=build B=build BINARY=build/crashbox CLIENT="$work/ssh" \
		KERNEL="$work/vmlinuz" "$@" >"$work/make.log" 2>&1 ||
		fail "make $*: $(tail -n 5 "$work/make.log")"
}

# files FOLDER: mode and name of each
files()
{
	(cd "$1" && find . -type f -printf '%m %P\n' | LC_ALL=C sort -k 2)
}

{
	make_it install DESTDIR="$work/dest"
	echo "== install"
	files "$work/dest"
	stat -c '%a %n' "$work/dest/var/lib/crashbox" | sed "s|$work/dest/||"
	make_it uninstall DESTDIR="$work/dest"
	echo "== uninstall"
	files "$work/dest"
	mkdir "$work/kernel"
	for file in vmlinuz modules.builtin modules.builtin.modinfo; do
		echo $file >"$work/kernel/$file"
	done
	make_it install DESTDIR="$work/with" KERNEL="$work/kernel/vmlinuz"
	echo "== install, with lists beside the kernel"
	files "$work/with" | grep lib/crashbox
	make_it install DESTDIR="$work/local" PREFIX=/usr/local INIT=openrc CLIENT= KERNEL=
	echo "== install PREFIX=/usr/local INIT=openrc"
	files "$work/local"
} >"$work/got"
expect
grep -q '^	/usr/local/sbin/crashbox load' "$work/local/etc/init.d/crashbox" ||
	fail "the OpenRC script does not know PREFIX"
sh -n "$work/local/etc/init.d/crashbox" || fail "the OpenRC script is no shell"

echo 'target disk:LABEL=mine:/' >"$work/local/etc/crashbox.conf"
make_it install DESTDIR="$work/local" PREFIX=/usr/local
grep -q LABEL=mine "$work/local/etc/crashbox.conf" || fail "the configuration was replaced"

# What systemd thinks of its units.
PREFIX=$work/units SYSCONFDIR=$work/units/etc STATEDIR=$work/units/state INIT=systemd \
	LIBDIR=$work/units/lib initramfs/install/tree install
! command -v systemd-analyze >/dev/null || (
	cd "$work/units/lib/systemd/system"
	systemd-analyze verify --man=no ./*.service ./*.timer >"$work/analyze" 2>&1 || :
	equals "systemd-analyze" "" "$(cat "$work/analyze")"
)

# The hooks, below a folder of our own, with a crashbox that writes down how it is called.
live=$work/live
PREFIX=$live SYSCONFDIR=$live/etc STATEDIR=$live/state LIBDIR=$live/lib INIT=openrc \
	initramfs/install/tree install
cat >"$live/sbin/crashbox" <<END
#!/bin/sh
case \$1 in
show) echo "kernel    \$(cat '$live/shown' 2>/dev/null)" ;;
*) echo "\$*" >>'$live/calls' ;;
esac
[ ! -e '$live/broken' ]
END
: >"$live/vmlinuz"
# hook NAME ARG...: its status must be 0; what it called
hook()
{
	: >"$live/calls"
	program=$live/etc/kernel/$1
	shift
	"$program" "$@" >"$work/hook" 2>&1 || fail "$program $*: status $?"
	cat "$live/calls"
}
equals "no kernel" "" "$(hook postinst.d/crashbox 0.0.0-none "$live/none")"
version=6.1.0-x
want="image --kernel $live/vmlinuz --output $live/state/crashbox.img-$version"
equals "a new kernel" "$want" "$(hook postinst.d/crashbox "$version" "$live/vmlinuz")"
equals "by kernel-install" "$want" "$(hook ../../lib/kernel/install.d/90-crashbox.install \
		add "$version" /nowhere "$live/vmlinuz")"
: >"$live/broken"
equals "an image that fails" "$want" "$(hook postinst.d/crashbox "$version" "$live/vmlinuz")"
grep -q "no image for Linux $version" "$work/hook" || fail "a failing image is not told"
mkdir -p "$live/lib" && : >"$live/lib/vmlinuz"
equals "with our own kernel, which may not be loaded" "$want" \
	"$(hook postinst.d/crashbox "$version" "$live/vmlinuz")"
echo "$live/lib/vmlinuz" >"$live/shown"
equals "with our own kernel" "" "$(hook postinst.d/crashbox "$version" "$live/vmlinuz")"
: >"$live/state/crashbox.img-$version"
: >"$live/state/crashbox.img"
hook postrm.d/crashbox "$version"
equals "after removal" crashbox.img "$(ls "$live/state")"

# The first configuration: the disk under a folder, if an image can be made for it.
mkdir -p "$work/bin" "$work/data/crash"
cat >"$work/bin/findmnt" <<-END
	#!/bin/sh
	case \$3 in
	UUID) echo 1111-2222 ;;
	TARGET) echo '$work/data' ;;
	FSROOT) echo /part ;;
	esac
END
chmod +x "$work/bin/findmnt"
ln -s data/crash "$work/link"
first_config()
{
	PATH=$work/bin:$PATH "$live/share/crashbox/first-config" "$work/link" |
		grep '^target' || echo none
}
rm -f "$live/broken"
equals "a link to a folder" "target disk:UUID=1111-2222:/part/crash" "$(first_config)"
: >"$live/broken"
equals "no image can be made" none "$(first_config)"
rm -f "$live/broken"

# At the first boot of a machine that was installed as an image: only where nothing is said yet.
etc=$live/etc
find_config() { PATH=$work/bin:$PATH "$live/share/crashbox/first-config" --if-missing; }
rm -rf "$etc/crashbox.conf" "$etc/crashbox.conf.d"
mkdir -p "$etc/crashbox.conf.d"
echo 'host %H-%m' >"$etc/crashbox.conf.d/10-fleet.conf"
find_config
grep -q '^target disk:UUID=1111-2222:' "$etc/crashbox.conf" || fail "$(cat "$etc/crashbox.conf")"
echo 'level 31' >"$etc/crashbox.conf"
find_config
equals "what was there" 'level 31' "$(cat "$etc/crashbox.conf")"
rm "$etc/crashbox.conf"
echo '  target disk:LABEL=x:/' >"$etc/crashbox.conf.d/20-target.conf"
find_config
[ ! -e "$etc/crashbox.conf" ] || fail "a target beside that of crashbox.conf.d"
equals "what is left" '10-fleet.conf 20-target.conf' "$(cd "$etc/crashbox.conf.d" && echo *)"
rm -r "$etc/crashbox.conf.d"

# A package of the CPU on which it is made.
printf '#!/bin/sh\necho aarch64\n' >"$work/bin/uname"
chmod +x "$work/bin/uname"
PATH=$work/bin:$PATH make -n deb >"$work/make.log" 2>&1 || :
grep -q 'crashbox_[0-9.]*_arm64.deb$' "$work/make.log" ||
	fail "on arm64 the package is for another CPU"

# The OpenRC script, by what it calls; a prepared image is taken.
openrc()
{
	: >"$live/calls"
	# shellcheck disable=SC2016 # for the other shell
	sh -euc 'ebegin() { :; }; eend() { return "$1"; }; ewarn() { :; }
		. "$1"; "$2"' sh "$live/etc/init.d/crashbox" "$1" >"$work/openrc" 2>&1 ||
		fail "init.d/crashbox $1: $(cat "$work/openrc")"
	tr '\n' ' ' <"$live/calls"
}
rm -f "$live/broken"
echo prepared >"$live/state/crashbox.img-$(uname -r)"
equals "OpenRC reloads" "image --if-needed load " "$(openrc reload)"
equals "the image" prepared "$(cat "$live/state/crashbox.img")"
equals "OpenRC stops" "unload " "$(openrc stop)"
# Its services have other names on other distributions.
# shellcheck disable=SC2016 # for the other shell
needs=$(sh -euc 'need() { echo "$@"; }; after() { :; }; keyword() { :; }
	. "$1"; depend' sh "$live/etc/init.d/crashbox")
equals "what OpenRC must have" "" "$needs"

command -v dpkg-deb >/dev/null || exit 0
for copy in one two; do
	SOURCE_DATE_EPOCH=1767225600 SSH=$work/ssh KERNEL=$work/vmlinuz \
		initramfs/install/package 0.0 amd64 "$work/$copy.deb"
done
cmp "$work/one.deb" "$work/two.deb" || fail "the package is not reproducible"
dpkg-deb -x "$work/one.deb" "$work/deb"
dpkg-deb -e "$work/one.deb" "$work/deb/DEBIAN"
[ ! -e "$work/deb/etc/crashbox.conf" ] || fail "the package brings a configuration"
cmp "$work/deb/usr/sbin/crashbox" build/crashbox || fail "the package has another binary"
(cd "$work/deb" && md5sum --quiet -c DEBIAN/md5sums) || fail "md5sums"
for script in postinst prerm postrm; do
	sh -n "$work/deb/DEBIAN/$script" || fail "$script is no shell"
done
grep -rnI '@[A-Z]\{1,\}@' "$work/deb" "$work/local" && fail "a name was not replaced"
exit 0
