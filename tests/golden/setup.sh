#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The lists of packages: each thing has a name for apt, what the demo needs is no more than
# what the tests need, and nobody is told to install a compiler for another CPU for a demo;
# without dpkg and apt the names of the others are printed, and make's tools are found.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

setup=$top/tests/setup
for list in build demo all; do
	"$setup" --$list --list apt | tr ' ' '\n' | sort > "$work/$list"
	equals "$list: names without a name" "" "$(grep -x -e - -e '' "$work/$list" || :)"
	equals "$list: named twice" "" "$(uniq -d "$work/$list")"
done
equals "needed by make, not by the demo" "" "$(comm -23 "$work/build" "$work/demo")"
equals "needed by the demo, not by the tests" "" "$(comm -23 "$work/demo" "$work/all")"
for name in gcc-aarch64-linux-gnu nfs-ganesha debootstrap qemu-system-arm; do
	grep -qx "$name" "$work/all" || fail "$name is not in the list of all"
	! grep -qx "$name" "$work/demo" || fail "the demo wants $name"
done
grep -qx qemu-system-x86 "$work/demo" || fail "the demo does not want QEMU"
for manager in dnf zypper pacman apk; do
	names=" $("$setup" --build --list $manager) "
	for name in gcc make m4; do
		case $names in *" $name "*) ;; *) fail "$manager: no $name in:$names" ;; esac
	done
done

# Each line of the table has all its columns.
awk '!/^#/ && NF != 6 { print NR ": " $0; bad = 1 } END { exit bad }' "$top/tests/packages" ||
	fail "tests/packages: a line with too few or too many columns"

status=0
"$setup" --nothing > "$work/out" 2> "$work/err" || status=$?
equals "a wrong word" "2 tests/setup: what is '--nothing'? See tests/setup --help" \
	"$status $(cat "$work/err")"

status=0
"$top/tests/tools/plain-system" "$setup" --build > "$work/plain" 2>&1 || status=$?
[ $status != 77 ] || skip "no mount namespace for a system without dpkg"
equals "elsewhere" 0 $status
for command in 'dnf install -y' 'zypper install -y' 'pacman -S' 'apk add'; do
	grep -q "^  $command.* gcc .* m4 " "$work/plain" ||
		fail "elsewhere: '$command' is not printed: $(cat "$work/plain")"
done

# Whatever the compiler is called: by its name, by the environment, by what it is.
mkdir "$work/bin"
fake()
{
	printf '#!/bin/sh\necho %s\n' "$2" > "$work/bin/$1"
	chmod 755 "$work/bin/$1"
}
for program in sh uname dirname; do
	ln -s "$(command -v $program)" "$work/bin/$program"
done
finds()
{
	PATH=$work/bin sh "$top/agent/deps/musl-cc" 2> "$work/err" || echo "status $?"
}
equals "none" "status 1" "$(finds)"
grep -q 'MUSL_CC' "$work/err" || fail "none: says $(cat "$work/err")"
fake gcc x86_64-linux-gnu
equals "glibc's own" "status 1" "$(finds)"
fake gcc x86_64-alpine-linux-musl
equals "musl's own" gcc "$(finds)"
fake "$(uname -m)-linux-musl-gcc" none
equals "a cross compiler" "$(uname -m)-linux-musl-gcc" "$(finds)"
fake musl-gcc none
equals "the wrapper" musl-gcc "$(finds)"
equals "the operator's" /opt/cc "$(MUSL_CC=/opt/cc PATH=$work/bin sh "$top/agent/deps/musl-cc")"
