#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A CPU that is made up, as a line more of agent/deps/cpus and nothing else: Makefile and
# scripts build, fetch and start for it what the line says. Compiler, packages and QEMU are
# stand-ins that write down how they were called.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

tree=$work/tree
mkdir -p "$tree/agent" "$tree/build" "$work/bin"
cp -a "$top/Makefile" "$top/qemu" "$top/kernel-config" "$tree/"
for folder in "$top"/agent/*/; do
	ln -s "${folder%/}" "$tree/agent/"
done
rm "$tree/agent/deps"
cp -a "$top/agent/deps" "$tree/agent/"
ln -s "$top/tests" "$top/initramfs" "$tree/"
cd "$tree"

row='name=madeup deb=mudeb uname=mu64 gnu=mu64-linux-gnu ld=elf64mu cc=-mtiny karch=mu
	image=arch/mu/boot/Image file_load=no loader=lib/ld-mu.so.1 qemu=qmu machine=board
	cpu=big console=ttyMU0 ports=1 args=- series=9.9 threads=all kexec=trixie'
columns=$(sed -n '/^name /p' agent/deps/cpus)
for column in $columns; do
	value=$(echo "$row" | tr -s ' \t' '\n' | sed -n "s/^$column=//p")
	[ -n "$value" ] || fail "the made-up CPU lacks the column $column"
	printf '%s ' "$value"
done >"$work/line"
equals "columns of the made-up CPU" "$(echo "$columns" | wc -w)" \
	"$(wc -w <"$work/line")"
{
	cat "$work/line"
	echo
} >>agent/deps/cpus

# stand_in NAME COMMAND: a program that writes down its words, then runs the command
stand_in()
{
	# shellcheck disable=SC2016 # the stand-in's own
	printf '#!/bin/sh\necho "${0##*/} $*" >>%s/called\n%s\n' "$work" "$2" >"$work/bin/$1"
	chmod +x "$work/bin/$1"
}

# called WORDS: that was called
called()
{
	grep -qxF -e "$1" "$work/called" || fail "not called: $1; but: $(cat "$work/called")"
}

says()
{
	grep -qF -e "$2" "$work/said" || fail "$1: not said: $2; but: $(cat "$work/said")"
}

PATH=$work/bin:$PATH
export PATH
unset ARCH SERIES CPU BINARY CASE MAKEFLAGS MAKELEVEL

# ---- the table ----------------------------------------------------------------------

for called_so in madeup mudeb mu64; do
	equals "its GNU name, asked as $called_so" mu64-linux-gnu \
		"$(agent/deps/cpu $called_so gnu)"
done
equals "a column with nothing in it" '' "$(agent/deps/cpu madeup args)"
! agent/deps/cpu madeup2 gnu >"$work/said" 2>&1 || fail "a CPU that is in no line is known"
says "a CPU that is in no line" "madeup2: no such CPU; there are x86_64 arm64 madeup"
! agent/deps/cpu madeup colour >"$work/said" 2>&1 || fail "a column that is not there is known"
says "a column that is not there" "colour: no such column"

# ---- what is built ------------------------------------------------------------------

make -n ARCH=madeup all >"$work/said" 2>&1 || fail "make: $(tail -n 3 "$work/said")"
says "make" "agent/deps/build madeup"
says "make" "build/deps/cross-madeup/cc -std=gnu11"
says "make" "mu64-linux-gnu-strip -s -o build/madeup/crashbox"
make -n ARCH=madeup ssh >"$work/said" 2>&1 || fail "make ssh: $(tail -n 3 "$work/said")"
says "make ssh" "agent/deps/ssh madeup $tree/build/madeup/ssh"
make -n ARCH=madeup kernel >"$work/said" 2>&1 || fail "make kernel: $(cat "$work/said")"
says "make kernel" "kernel-config/build virt madeup"
make -n ARCH=madeup deb >"$work/said" 2>&1 || fail "make deb: $(tail -n 3 "$work/said")"
says "make deb" "_mudeb.deb"
! make -n ARCH=madeup2 all >"$work/said" 2>&1 || fail "make takes a CPU that is in no line"
says "make of another one" "ARCH=madeup2: not in agent/deps/cpus"

! kernel-config/build virt madeup >"$work/said" 2>&1 || fail "a kernel without a compiler"
says "kernel-config/build" "there is no mu64-linux-gnu-gcc"

# The cross compiler: Debian's gcc and musl of that CPU.
# shellcheck disable=SC2016 # the stand-in's own
printf '#!/bin/sh\necho "apt $*" >>%s/called\n: >"$3/musl.deb"\n' "$work" >agent/deps/apt
stand_in dpkg-deb "mkdir -p \"\$3/usr/lib/mu64-linux-musl\"
	: >\"\$3/usr/lib/mu64-linux-musl/libc.a\""
stand_in mu64-linux-gnu-gcc ''
agent/deps/cross madeup >"$work/said" 2>&1 || fail "cross: $(cat "$work/said")"
cross=$tree/build/deps/cross-madeup
called "apt bookworm:mudeb binary $cross/debs musl-dev linux-libc-dev"
called "mu64-linux-gnu-gcc -specs=$cross/specs -mtiny -static -o $cross/try $cross/try.c"
grep -q -- '-melf64mu$' "$cross/specs" || fail "ld is not told the format"

# The capture kernel's configuration; a fragment that this CPU lacks is none.
stand_in make "for word; do case \$word in O=*) cp \"\${word#O=}/asked\" \"\${word#O=}/.config\" ;; esac; done"
mkdir -p source
: >source/Kconfig
MAKE_ARGS="CROSS_COMPILE=mu64-linux-gnu-" kernel-config/merge source virt madeup merged \
	>"$work/said" 2>&1 || fail "merge: $(cat "$work/said")"
called "make -s -C source O=merged ARCH=mu CROSS_COMPILE=mu64-linux-gnu- KCONFIG_ALLCONFIG=merged/asked allnoconfig"
rm "$work/bin/make" "$work/bin/dpkg-deb"

# ---- what is started ----------------------------------------------------------------

cat >qemu/cases/said.py <<'END'
from pathlib import Path

from harness import host
from harness.case import Case
from harness.machine import Board, first_kernel_args, qemu_options


def story(guest):
	cpu, settings = guest.settings.cpu, guest.settings
	board = Board(guest.folder, settings, Path("kernel"), "multi", guest.host)
	(host.TOP / "build/options").write_text("\n".join([
		f"{cpu.deb} {settings.series} {settings.binary.relative_to(host.TOP)} "
		f"{cpu.compiler.relative_to(host.TOP)} {cpu.libraries} {cpu.of('loader')} "
		f"{' '.join(cpu.emulator)}",
		" ".join(["args", *first_kernel_args(settings, guest.machine)]),
		" ".join(qemu_options(board, guest.machine, guest.target))]) + "\n")


CASE = Case(story=story)
END
stand_in qemu-system-qmu 'echo "version of qmu"'
export VM_TIMEOUT=1
ARCH=madeup qemu/run said >"$work/said" 2>&1 || fail "qemu/run: $(cat "$work/said")"
says "qemu/run" "version of qmu"
wanted="mudeb 9.9 build/madeup/crashbox build/deps/cross-madeup/cc lib/mu64-linux-gnu lib/ld-mu.so.1 qemu-qmu-static"
equals "a case" "$wanted" "$(sed -n 1p build/options)"
equals "its kernel's words" "args console=ttyMU0 panic=10" "$(sed -n 2p build/options)"
for words in "qemu-system-qmu -machine board" "-cpu big" "-device pci-serial,chardev=channel"; do
	grep -qF -e "$words" build/options || fail "QEMU is not called with $words"
done
stand_in qemu-system-x86_64 ''
qemu/run said@8.8-madeup >"$work/said" 2>&1 || fail "qemu/run: $(cat "$work/said")"
equals "a case of a kernel" "mudeb 8.8" "$(sed -n '1s/ build.*//p' build/options)"

rm tests
mkdir -p tests/compare
cp "$top/tests/compare/peer" tests/compare/
peer=build/peers/sid-mudeb/crash
mkdir -p $peer/usr/bin $peer/lib
echo 1 >$peer/version
for file in usr/bin/crash lib/ld-mu.so.1; do
	: >$peer/$file
	chmod +x $peer/$file
done
stand_in qemu-qmu-static ''
tests/compare/peer sid:mudeb crash -s || fail "a peer is not started"
at=$tree/$peer
called "qemu-qmu-static $at/lib/ld-mu.so.1 --library-path $at/lib/mu64-linux-gnu:$at/usr/lib/mu64-linux-gnu $at/usr/bin/crash -s"
