#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox show: which words of the running kernel's command line the capture kernel gets, in
# which order; which kernel is taken; and that nothing is called there which is not.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

mkdir -p "$work/dev" "$work/proc/sys/kernel"
echo 6.1.0-56-cloud-amd64 >"$work/proc/sys/kernel/osrelease"

# given CMDLINE: the capture kernel's, up to the words that are always added
given()
{
	echo "$1" >"$work/proc/cmdline"
	"$AGENT" show --root "$work" --command-line --append 'crashbox.level=16 last' >"$work/got"
	sed 's/ *irqpoll .*//' "$work/got"
}

# row CMDLINE WANTED
row()
{
	got=$(given "$1")
	[ "$got" = "$2" ] || fail "'$1' became '$got', wanted '$2'"
}

cd /
row 'console=ttyS0,115200 iommu=pt' 'console=ttyS0,115200 iommu=pt'
row 'BOOT_IMAGE=/vmlinuz root=UUID=1 ro quiet console=tty0' 'console=tty0'
row 'crashkernel=256M hugepages=512 log_buf_len=64M console=tty0' 'console=tty0'
row 'root=/dev/sda1 rw rd.luks=0 systemd.unit=x init=/bin/sh ' ''
row 'mce=2 panic=0 nr_cpus=64 nvme_core.admin_timeout=20' 'nvme_core.admin_timeout=20'
row 'glob=* [a-z] crashbox.codec=zlib' 'glob=* [a-z] crashbox.codec=zlib'
row 'rootless=1 rowdy quietly' 'rootless=1 rowdy quietly'

case $(cat "$work/got") in
*log_callers*) fail "log_callers is set for a kernel that has none" ;;
esac
echo '6,0,0,-,caller=T0;Linux version' >"$work/dev/kmsg"
given quiet >/dev/null
case $(cat "$work/got") in
*' crashbox.log_callers=yes crashbox.level=16 last') ;;
*) fail "log_callers is not set: $(cat "$work/got")" ;;
esac

# Where ramoops has its records, as it says itself, if they can be written to.
parameters=$work/sys/module/ramoops/parameters
mkdir -p "$parameters"
echo 251658240 >"$parameters/mem_address"
echo 131072 >"$parameters/mem_size"
echo 8192 >"$parameters/record_size"
given quiet >/dev/null
grep -qw 'crashbox.ramoops=0xf000000,8192,16' "$work/got" || fail "ramoops: $(cat "$work/got")"
echo 16 >"$parameters/ecc"
given quiet >/dev/null
! grep -q ramoops "$work/got" || fail "ramoops with ecc: $(cat "$work/got")"
rm -r "$work/sys/module/ramoops"

# Five levels of page tables only where there is memory that four do not reach; the list of
# ranges is longer than what is read at once.
# levels WANTED END
levels()
{
	{
		for range in $(seq 200); do
			printf '%08x-%08x : PCI Bus 0000:%02x\n' "$range" "$range" "$range"
		done
		echo '100000000-407fffffff : System RAM'
		echo "408000000000-$2 : System RAM"
		echo 'fffff80000000-fffffffffffff : PCI Bus 0000:ff'
	} >"$work/proc/iomem"
	given quiet >/dev/null
	[ "$(grep -ow no5lvl "$work/got" | wc -l)" = "$1" ] ||
		fail "no5lvl is not there $1 times, with RAM up to $2: $(cat "$work/got")"
}
printf 'processor\t: 0\nflags\t\t: fpu lm la57x\n\nprocessor\t: 1\nflags\t\t: la57\n' \
	>"$work/proc/cpuinfo"
levels 0 400fffffffff
printf 'processor\t: 0\nflags\t\t: fpu lm la57\nbugs\t\t: none\n' >"$work/proc/cpuinfo"
levels 1 3fffffffffff
levels 0 400000000fff

for word in irqpoll nr_cpus=1 reset_devices panic=10 novmcoredd; do
	[ "$(grep -ow -e "$word" "$work/got" | wc -l)" = 1 ] || fail "$word is not there once"
done
case $(cat "$work/got") in
*' crashbox.level=16 last') ;;
*) fail "the words of --append do not stand last, so they could be overridden" ;;
esac

# How many CPUs, and that the boot CPU of x86 is none of those that a crash on another one
# starts; only one where it cannot be told. 3 MiB more than the least do for whoever asks for three more.
cpuinfo()
{
	printf 'processor\t: 0\napicid\t\t: %s\ninitial apicid\t: %s\nflags\t\t: fpu\n\n' "$@"
}
mkdir -p "$work/sys/devices/system/cpu" "$work/sys/kernel" "$work/etc"
echo 0-3 >"$work/sys/devices/system/cpu/present"
echo 'MemTotal: 66000000 kB' >"$work/proc/meminfo"
"$top/tests/tools/mkkernel" "$work/own" run=13 release=6.12-crashbox
# cpus WANTED CONFIG-LINE RESERVED-MIB [OPTION...]: words about CPUs
cpus()
{
	wanted=$1
	printf 'target disk:LABEL=crash:/\n%s\n' "$2" >"$work/etc/crashbox.conf"
	echo $(($3 << 20)) >"$work/sys/kernel/kexec_crash_size"
	shift 3
	"$AGENT" show --root "$work" --kernel "$work/own" --command-line "$@" >"$work/got" ||
		fail "show $*"
	got=$(grep -oE '(nr_cpus|maxcpus|disable_cpu_apicid)=[^ ]*' "$work/got" | tr '\n' ' ')
	equals "CPUs of $*" "$wanted" "$got"
}
cpuinfo 7 7 >"$work/proc/cpuinfo"
# The firmware lists that CPU first, as it should.
mkdir -p "$work/sys/firmware/acpi/tables"
printf 'APIC%40s\0\010\0\007\001\0\0\0' '' >"$work/sys/firmware/acpi/tables/APIC"
cpus 'nr_cpus=1 ' '' 192
cpus 'nr_cpus=4 disable_cpu_apicid=7 ' 'cpus auto' 192
cpus 'nr_cpus=2 disable_cpu_apicid=7 ' 'cpus 2' 192
cpus 'nr_cpus=1 ' 'cpus 1' 192
cpus 'nr_cpus=1 ' 'cpus auto' 17
least=$("$AGENT" estimate --no-earlier --root "$work" --kernel "$work/own" |
	sed -n 's/^measured *\([0-9]*\)\.0 MiB.*/\1/p')
cpus 'nr_cpus=1 ' 'cpus 4' "$least"
cpus 'nr_cpus=3 disable_cpu_apicid=7 ' 'cpus 4' $((least + 2))
cpus 'nr_cpus=4 disable_cpu_apicid=7 ' 'cpus 4' $((least + 3))
# The kernel takes the least of what is said: ours says what words of the operator say, as far
# as there is room.
cpus 'nr_cpus=3 disable_cpu_apicid=7 nr_cpus=3 ' 'cpus 1' 192 --append nr_cpus=3
cpus 'nr_cpus=1 nr_cpus=3 ' '' 16 --append nr_cpus=3
cpus 'nr_cpus=1 nr_cpus=1 ' 'cpus 4' 192 --append nr_cpus=1
cpus 'disable_cpu_apicid=7 ' 'cpus 1' 17 --remove nr_cpus
cpuinfo 7 8 >"$work/proc/cpuinfo"
cpus 'nr_cpus=1 ' 'cpus 4' 192
printf 'processor\t: 0\nFeatures\t: fp asimd\n\n' >"$work/proc/cpuinfo"
cpus 'nr_cpus=4 ' 'cpus auto' 192
rm "$work/etc/crashbox.conf"
echo 0 >"$work/sys/devices/system/cpu/present"

# A line that no kernel would take is refused, not cut.
long=$(printf 'x%.0s' $(seq 2000))
if "$AGENT" show --root "$work" --command-line --append "$long" >"$work/got" 2>"$work/errors"; then
	fail "a command line of more than 2047 characters was made"
fi
grep -q 'shorten --append' "$work/errors" || fail "$(cat "$work/errors")"

# Words that switch something off save memory; others can be taken out, and that is shown.
row 'kasan=off zswap.enabled=1 slub_debug=-' 'kasan=off slub_debug=-'
echo 'iommu=pt console=tty0' >"$work/proc/cmdline"
"$AGENT" show --root "$work" --command-line --remove 'iommu irqpoll' >"$work/got"
grep -q '^console=tty0 nr_cpus=1 .* kfence.sample_interval=0' "$work/got" ||
	fail "--remove: $(cat "$work/got")"
"$AGENT" show --root "$work" --remove iommu >"$work/got" 2>&1 || :
grep -q '^left out  iommu=pt: --remove names it' "$work/got" || fail "--remove is not shown"

# Which kernel: the running one's, ours once it is there, but not where only signed ones
# may be loaded, and the operator's in any case.
# chosen WANTED [OPTION...]
chosen()
{
	wanted=$1
	shift
	"$AGENT" show --root "$work" "$@" >"$work/got" 2>"$work/errors" || :
	grep -q "^kernel *$wanted\$" "$work/got" ||
		fail "not $wanted, but $(head -n 1 "$work/got"): $(cat "$work/errors")"
}
chosen "$work/boot/vmlinuz-6.1.0-56-cloud-amd64"
mkdir -p "$work/usr/lib/crashbox" "$work/usr/lib/modules/6.1.0-56-cloud-amd64"
: >"$work/usr/lib/modules/6.1.0-56-cloud-amd64/vmlinuz"
chosen "$work/usr/lib/modules/6.1.0-56-cloud-amd64/vmlinuz"
: >"$work/usr/lib/crashbox/vmlinuz"
chosen "$work/usr/lib/crashbox/vmlinuz"
mkdir -p "$work/sys/kernel/security"
echo 'none [integrity] confidentiality' >"$work/sys/kernel/security/lockdown"
chosen "$work/usr/lib/modules/6.1.0-56-cloud-amd64/vmlinuz"
chosen /no-kernel --kernel /no-kernel
echo '[none] integrity confidentiality' >"$work/sys/kernel/security/lockdown"
chosen "$work/usr/lib/crashbox/vmlinuz"
efi=$work/sys/firmware/efi/efivars
mkdir -p "$efi"
printf '\6\0\0\0\1' >"$efi/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
chosen "$work/usr/lib/modules/6.1.0-56-cloud-amd64/vmlinuz"
printf '\6\0\0\0\0' >"$efi/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
chosen "$work/usr/lib/crashbox/vmlinuz"

# refused TEXT OPTION...: load says so, and has loaded nothing
refused()
{
	text=$1
	shift
	if "$AGENT" load "$@" >"$work/stdout" 2>"$work/errors"; then
		fail "load $*: was done"
	fi
	grep -q "$text" "$work/errors" || fail "load $*: $(cat "$work/errors")"
}
refused 'no-kernel: No such file' --kernel "$work/no-kernel" --initrd "$work/got"
refused 'not a kernel: neither bzImage' --kernel "$top/README.md" --initrd "$work/got"
refused 'an ELF file: use the bzImage' --kernel "$AGENT" --initrd "$work/got"
refused 'takes options only' vmlinuz
refused 'unknown option' --krenel x
refused 'is for --kexec-tools' --no-checks

# What is too long to be looked for is told, and not cut.
# too_long WORDS SAID
too_long()
{
	rc=0
	"$AGENT" show --root "$work" --command-line --remove "$1" >"$work/got" 2>"$work/stderr" ||
		rc=$?
	equals "--remove of ${#1} characters" 1 "$rc"
	grep -q -e "$2" "$work/stderr" || fail "--remove of ${#1} characters: $(cat "$work/stderr")"
}
echo 'quiet last' >"$work/proc/cmdline"
words=$(seq -s ' ' 540)
too_long "$words last" '--remove, with the configuration.s, is longer than the 2047 characters'
word=$(printf '%0253d' 0)
too_long "last $word" "--remove '0*\.\.\.': longer than 252 characters"
"$AGENT" show --root "$work" --command-line --remove "last ${word%0}" >"$work/got" ||
	fail "--remove of 252 characters"
! grep -q last "$work/got" || fail "--remove of 252 characters: $(cat "$work/got")"
