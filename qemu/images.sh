# shellcheck shell=sh disable=SC2154,SC2034 # the variables are lib.sh's
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The images of a run: the capture kernel's initramfs, and that of the first kernel,
# which is a part all cases share (test init, Debian's kexec, modules, vmlinuz) followed
# by a part of the case (capture initramfs, arguments). Two archives in a row are one to
# the kernel. Shared parts lie in build/qemu and are made anew when an input is newer.

# older THAN_FILES...: is $1 absent, or older than one of the others?
older()
{
	made=$1
	shift
	[ -e "$made" ] || return 0
	[ -n "$(find "$@" -newer "$made" -print | head -n 1)" ]
}

# What differs between the CPUs of the guest: the compiler, Debian's own kexec with the
# libraries it is linked to, and how to ask which those are.
kexec_packages='kexec-tools libc6 libxencall1 libxendevicemodel1 libxenevtchn1
	libxenforeignmemory1 libxengnttab1 libxenhypfs1 libxenstore4 libxentoolcore1
	libxentoollog1 zlib1g'
kexec_suite=$(cpu_is kexec)
case $kexec_suite in
bookworm) kexec_packages="$kexec_packages libxenmisc4.17" ;;
*) kexec_packages="$kexec_packages libxenmisc4.20" ;;
esac
libs=lib/$(cpu_is gnu) loader=$(cpu_is loader)
if [ -z "$suffix" ]; then
	guest_cc=$(agent/deps/musl-cc) run=''
else
	guest_cc=build/deps/cross-$(cpu_is name)/cc run=qemu-$(cpu_is qemu)-static
fi

# Print cpio list lines for kexec and what it loads.
kexec_list()
{
	root=$top/build/qemu/kexec$suffix
	if [ ! -f "$root/complete" ]; then
		rm -rf "$root"
		mkdir -p "$root/debs"
		# shellcheck disable=SC2086 # a list of packages
		agent/deps/apt "$kexec_suite:$arch" binary "$root/debs" $kexec_packages >&2
		for deb in "$root"/debs/*.deb; do
			dpkg-deb -x "$deb" "$root"
		done
		: >"$root/complete"
	fi
	# Programs may have moved below usr, in name only.
	for at in "$root" "$root/usr"; do
		[ ! -f "$at/sbin/kexec" ] || kexec=$at/sbin/kexec
		[ ! -f "$at/$loader" ] || loader_file=$at/$loader
	done
	$run "$loader_file" --list --library-path "$root/$libs:$root/usr/$libs" "$kexec" \
		>"$root/list" || return 1
	echo "dir sbin 755
dir lib 755
dir lib64 755
file sbin/kexec 755 $kexec
file $loader 755 $loader_file"
	awk '$2 == "=>" && $3 ~ /^\// { print "file lib/" $1 " 644 " $3 }' "$root/list"
}

# modules_list STORE FOLDER NAME...: cpio list lines for modules, plain copies in STORE/FOLDER:
# those of an image with them, unpacked
modules_list()
{
	store=$1 folder=$2
	shift 2
	rm -rf "${store:?}/$folder" "$store/unpacked"
	mkdir -p "$store/unpacked"
	build/crashbox image --generic --modules "$modules_dir" --drivers "$*" --codec none \
		--output "$store/modules.cpio" >&2 || return 1
	(cd "$store/unpacked" && cpio --quiet -id 'modules/*' <"$store/modules.cpio") ||
		return 1
	mv "$store/unpacked/modules" "$store/$folder"
	rm -f "$store/modules.cpio"
	echo "dir $folder 755"
	for path in "$store/$folder"/*; do
		echo "file $folder/${path##*/} 644 $path"
	done
}

first_kernel_program()
{
	program=build/qemu/first-kernel$suffix
	[ -z "$suffix" ] || agent/deps/cross "$arch"
	if older "$program" qemu/first-kernel/*; then
		$guest_cc -std=gnu11 -Os -Wall -Wextra -Werror -static \
			-o "$program.new" qemu/first-kernel/*.c
		mv "$program.new" "$program"
	fi
}

small_list()
{
	for folder in dev proc sys mnt tmp; do
		echo "dir $folder 755"
	done
	echo "nod dev/console 600 5 1"
	echo "file init 755 $program"
	modules_list "$shared" modules "$@"
}

# Cases side by side share these parts: the first one makes them, the others wait.
shared_image()
{
	mkdir -p build/qemu
	exec 7>build/qemu/lock
	flock 7
	kernel=$(qemu/fetch-kernel "$series" "$arch") ||
		lost "no kernel of series $series for $arch"
	for modules_dir in "$kernel"/modules/lib/modules/*; do :; done
	shared=$top/build/qemu/$series$suffix
	case ,$(cpu_is threads), in
	*,all,* | *",$series,"*) tcg_threads=multi ;;
	*) tcg_threads=single ;;	# newer kernels stall when TCG runs threads
	esac
	mkdir -p "$shared"
	first_kernel_program
	if older "$shared/shared.cpio" "$program" qemu/images.sh \
		tests/tools/cpio "$kernel/vmlinuz"; then
		{
			small_list virtio_pci virtio_blk ext4 xfs
			# Those of a workload are loaded only for it.
			set -- zram lzo_rle virtio_balloon
			! grep -q hwpoison-inject "$modules_dir/modules.dep" ||
				set -- "$@" hwpoison_inject
			modules_list "$shared" modules-work "$@"
			kexec_list
			echo "dir capture 755"
			echo "file capture/vmlinuz 644 $kernel/vmlinuz"
		} >"$shared/list"
		tests/tools/cpio <"$shared/list" >"$shared/shared.cpio.new"
		mv "$shared/shared.cpio.new" "$shared/shared.cpio"
	fi
	exec 7>&-
}

# The initramfs under test; or, with raw_capture_image, one that copies /proc/vmcore.
capture_image()
{
	if [ -n "$raw_capture_image" ]; then
		capture_args="$capture_args fk.role=rawcopy"
		exec 7>build/qemu/lock
		flock 7
		small_list virtio_pci virtio_blk >"$dir/list"
		tests/tools/cpio <"$dir/list" | gzip -n >"$dir/capture.img"
		exec 7>&-
		return
	fi
	set -- --agent "$binary" --modules "$modules_dir" \
		--drivers "$first_modules virtio_pci virtio_blk ${fs:-ext4}"
	[ -z "${CAPTURE_KERNEL:-}" ] || set -- --agent "$binary" --no-modules
	case $generic in
	here) ;;	# see made_here_list
	'') capture_image_part capture.img --config "$dir/crashbox.conf" "$@" ;;
	no-config) capture_image_part capture.img --generic "$@" ;;
	*)
		capture_image_part generic.img --generic --codec "$generic" "$@"
		capture_image_part conf.cpio --config-only --config "$dir/crashbox.conf"
		cat "$dir/generic.img" "$dir/conf.cpio" >"$dir/capture.img"
		;;
	esac
}

# made_here_list: cpio list lines for making the capture image in the guest: as much of
# /lib/modules as these names need
made_here_list()
{
	at=lib/modules/${modules_dir##*/}
	echo "dir lib 755
dir lib/modules 755
dir $at 755"
	for table in dep softdep alias builtin; do
		echo "file $at/modules.$table 644 $modules_dir/modules.$table"
	done
	build/crashbox image --generic --modules "$modules_dir" --list \
		--drivers "$first_modules virtio_pci virtio_blk ${fs:-ext4}" |
		awk -v from="$modules_dir/" -v at="$at" '$4 != "" && $3 ~ /^modules/ {
			path = substr($4, length(from) + 1)
			n = split(path, part, "/")
			folder = at
			for (i = 1; i < n; i++)
				print "dir " (folder = folder "/" part[i]) " 755"
			print "file " at "/" path " 644 " $4
		}' | sort -u
}

# capture_image_part NAME OPTION...
capture_image_part()
{
	part=$dir/$1
	shift
	build/crashbox image --output "$part" "$@" >>"$dir/image.log" || fail "crashbox image"
}

first_image()
{
	echo "$capture_args" >"$dir/append"
	{
		echo "dir capture 755"
		if [ "$generic" = here ]; then
			made_here_list
		else
			echo "file capture/initrd 644 $dir/capture.img"
		fi
		echo "file capture/append 644 $dir/append"
		echo "dir sbin 755"
		echo "file sbin/crashbox 755 $binary"
		[ -z "${CAPTURE_KERNEL:-}" ] ||
			echo "file capture/vmlinuz 644 $CAPTURE_KERNEL"
		echo "dir etc 755"
		for name in crashbox.conf operator.conf; do
			[ ! -f "$dir/$name" ] ||
				echo "file etc/crashbox.conf 600 $dir/$name"
		done
		for name in verbs verbs-after; do
			[ ! -f "$dir/$name" ] || echo "file capture/$name 644 $dir/$name"
		done
		[ -z "$first_files" ] || echo "$first_files"
		# Its own folder, as cases side by side differ in these.
		[ -z "$host_modules" ] ||
			modules_list "$dir" modules-net "$host_modules"
		for name in null cont; do
			[ ! -f "$dir/$name.ko" ] ||
				echo "file capture/$name.ko 644 $dir/$name.ko"
		done
	} | tests/tools/cpio | cat "$shared/shared.cpio" - >"$dir/initrd"
}
