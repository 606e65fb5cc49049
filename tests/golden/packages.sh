#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Packages of other distributions: an RPM by rpmbuild, put into an empty root by rpm and checked
# there; what Arch's and Alpine's recipes put together. All have what `make install` has, and no
# file that belongs to another distribution's tools.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

command -v rpmbuild >/dev/null || { echo "skip: rpmbuild is not installed"; exit 77; }
cd "$top"
version=$(sed -n 's/.*CRASHBOX_VERSION "\(.*\)"/\1/p' agent/base/version.h)
tree=$work/crashbox-$version

# A source tree as `make dist` packs it, with what was built: only the recipes are tried here.
mkdir -p "$tree/build"
cp -a Makefile LICENSE README.md agent initramfs kernel-config "$tree"
mkdir "$tree/tests" "$tree/qemu"
cp -a build/deps build/musl build/settings build/crashbox* "$tree/build"
rm -rf "$tree"/build/*.deb "$tree"/build/deps/host
cp -a build/man "$tree/build" 2>/dev/null || make -s -C "$top" build/man/crashbox.8
mkdir "$work/bin"
cat >"$work/bin/make" <<'END'
#!/bin/sh
# What is built is up to date, wherever it lies: `make rpm` compiles it.
/usr/bin/make -s -t all build/man/crashbox.8 >/dev/null && exec /usr/bin/make "$@"
END
chmod +x "$work/bin/make"
PATH=$work/bin:$PATH
tar -C "$work" -cf "$work/crashbox-$version.tar.gz" "crashbox-$version"

# listed FOLDER: its files, as the tests of make install list them
listed()
{
	(cd "$1" && find . -type f | sed 's|^\./||; s|\.gz$||' | sort)
}

DESTDIR=$work/all PREFIX=/usr INIT=systemd BINARY=build/crashbox initramfs/install/tree install
listed "$work/all" >"$work/all.list"

# wanted SED...: what a package has of that
wanted()
{
	sed "$@" "$work/all.list" | sort >"$work/wanted.list"
}

rpm=$(initramfs/install/rpm/package "$version" "$work/crashbox-$version.tar.gz" "$work") ||
	fail "no RPM"
rpm=$(echo "$rpm" | grep -v debug)
mkdir -p "$work/system/var/lib/rpm"
rpm --root "$work/system" --initdb
rpm --root "$work/system" -i --nodeps --noscripts --ignorearch "$rpm" >"$work/log" 2>&1 ||
	fail "rpm does not install it: $(cat "$work/log")"
rm -rf "$work/system/var/lib/rpm" "$work/system/usr/lib/sysimage" "$work/system/$HOME"
wanted -e '/^etc\//d'
listed "$work/system" | grep -v '^usr/share/licenses/\|^usr/share/doc/crashbox/LICENSE' |
	diff -u "$work/wanted.list" - || fail "the RPM has other files"
cmp "$work/system/usr/sbin/crashbox" build/crashbox || fail "the RPM's program was changed"
equals "mode of what outlives a boot" 700 "$(stat -c %a "$work/system/var/lib/crashbox")"
rpm -qp --qf '%{LICENSE} %{VERSION}\n' "$rpm" | grep -qx "GPL-2.0-or-later $version" || fail "its head"
rpm -qp --scripts "$rpm" | sed 's/^p[a-z]* scriptlet .*//; s/^post[a-z]* program.*//' >"$work/scripts"
sh -n "$work/scripts" || fail "its scripts are no shell's"

# recipe FILE SHELL: its build() and package() as makepkg and abuild call them, into pkg
recipe()
{
	rm -rf "$work/pkg"
	mkdir "$work/pkg"
	sed "s/@VERSION@/$version/" "$1" >"$work/recipe"
	# shellcheck disable=SC2016 # its own
	(cd "$tree" && srcdir=$work pkgdir=$work/pkg "$2" -euc '. "$0"; build; package' "$work/recipe") \
		>"$work/log" 2>&1 || fail "$1: $(tail -n 5 "$work/log")"
	listed "$work/pkg" >"$work/pkg.list"
}

recipe initramfs/install/arch/PKGBUILD bash
wanted -e '/^etc\/kernel/d; /^etc\/init.d/d; s|^usr/sbin|usr/bin|'
diff -u "$work/wanted.list" "$work/pkg.list" || fail "Arch's package has other files"

# Alpine's compiler is musl's own; here a wrapper is, under the name that it has there.
sed 's/MUSL_CC=gcc//' initramfs/install/alpine/APKBUILD >"$work/APKBUILD"
recipe "$work/APKBUILD" dash
wanted -e '/^etc\/kernel/d; /\/systemd\//d; /^usr\/lib\/kernel/d'
echo etc/init.d/crashbox >>"$work/wanted.list"
sort -o "$work/wanted.list" "$work/wanted.list"
diff -u "$work/wanted.list" "$work/pkg.list" || fail "Alpine's package has other files"
