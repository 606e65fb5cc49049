# shellcheck shell=sh disable=SC2154,SC2034 # the variables are lib.sh's
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A network for the guest, with real servers on it; sourced after lib.sh. The case is run
# again in namespaces of its own (network, processes, mounts), so that nothing it starts
# outlives it or meets the host's network, and every port is free:
#
#	guest 10.0.2.15, fd00:2::15 -- tap0 [br0] v0 == v1 10.0.2.2, fd00:2::2: the servers
#
# 10.0.2.66 is a black hole: ARP is answered, what comes there is never. What the kinds of
# targets have in common is asked for by $VARIANT: nfs3, nfs4 (that is 4.2), sftp.
# Needs root, /dev/net/tun and the servers' packages; else the case is skipped.

if [ -z "${CRASHBOX_NET:-}" ]; then
	[ "$(id -u)" = 0 ] || skip "a network of its own needs root"
	[ -c /dev/net/tun ] || skip "there is no /dev/net/tun"
	for program in ip bridge tc rpcbind ganesha.nfsd unshare; do
		command -v "$program" >/dev/null || skip "there is no $program (tests/setup)"
	done
	CRASHBOX_NET=1 exec unshare --net --mount --pid --fork --kill-child --mount-proc "$0"
fi

server=10.0.2.2
server6=fd00:2::2
black_hole=10.0.2.66
guest_net="net 52:54:00:12:34:56 address=10.0.2.15/24"
guest_net6="net 52:54:00:12:34:56 address=fd00:2::15/64"
export_dir=$dir/out/crash
no_reboot=yes

first_modules="virtio_pci virtio_net"
devices="-netdev tap,id=net0,ifname=tap0,script=no,downscript=no
-device ${nic:-virtio-net-pci},netdev=net0,mac=52:54:00:12:34:56,romfile=
-monitor unix:monitor,server=on,wait=off"
kind=${kind:-${VARIANT:-nfs4}}

network()
{
	ip link set lo up
	# An address is answered for on its own wire only, and not on the bridge before it.
	echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore
	ip link add br0 type bridge
	ip link add v0 type veth peer name v1
	ip tuntap add tap0 mode tap
	for at in v0 tap0; do
		ip link set "$at" master br0 up
	done
	ip link set br0 up
	ip addr add "$server/24" dev v1
	ip addr add "$black_hole/24" dev v1
	ip addr add "$server6/64" dev v1 nodad
	ip link set v1 up
	ip rule add from "$black_hole" table 66
	ip route add blackhole default table 66
	mkdir -p "$export_dir"
	mount -t tmpfs -o mode=755 none /run
}

network >"$dir/network.log" 2>&1 || lost "network: $(tail -n 1 "$dir/network.log")"

# vlan_port ID: the guest's cable carries this VLAN only. The machine at its end must not
# leave sums to hardware that is not there.
vlan_port()
{
	first_modules="$first_modules 8021q"
	off=csum=off,gso=off,host_tso4=off,host_tso6=off,guest_csum=off,guest_tso4=off
	devices=$(echo "$devices" | sed "s/,romfile=/,romfile=,$off,guest_tso6=off/")
	{
		ip link set tap0 nomaster
		ip link add v2 type veth peer name v3
		ip link set v3 master br0 up
		ip link set v2 up
	} >>"$dir/network.log" 2>&1 || lost "VLAN: $(tail -n 1 "$dir/network.log")"
	qemu/vlan-port tap0 v2 "$1" v1 >"$dir/vlan-port.log" 2>&1 &
}

# second_leg: another interface, by another cable to the same bridge
second_leg()
{
	first_modules="$first_modules bonding"
	{
		ip tuntap add tap1 mode tap
		ip link set tap1 master br0 up
	} >>"$dir/network.log" 2>&1 || lost "tap1: $(tail -n 1 "$dir/network.log")"
	devices="$devices
-netdev tap,id=net1,ifname=tap1,script=no,downscript=no
-device virtio-net-pci,netdev=net1,mac=52:54:00:12:34:57,romfile="
}

# throttle RATE: from the guest to the servers, in what tc calls a rate
throttle()
{
	tc qdisc replace dev v0 root tbf rate "$1" burst 64k latency 200ms
}

# small_export SIZE: what the server exports is a file system of that size
small_export()
{
	truncate -s "$1" "$dir/small"
	mkfs.ext4 -q "$dir/small" || lost "no file system of $1 to export"
	mount -o loop "$dir/small" "$export_dir" || lost "no loop device for $1 to export"
}

# cut: the cable to the servers, which the guest's own carrier does not show
cut_cable()
{
	ip link set v0 down
}

# carrier on|off: of the guest's interface
carrier()
{
	"$top/qemu/monitor" "$dir" set_link net0 "$1" >>"$dir/monitor.log" 2>&1
}

# wait_for_port PORT [ADDRESS]: until somebody listens there
wait_for_port()
{
	tries=0
	until ss -Hltn "sport = :$1" | grep -q .; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || lost "nobody listens on port $1"
		sleep 0.2
	done
}

# ---- NFS ----

nfs_server()
{
	first_modules="$first_modules nfs nfsv3 nfsv4"
	mkdir -p "$dir/nfs"
	cat >"$dir/nfs/conf" <<-END
		NFS_CORE_PARAM {
			Protocols = ${nfs_protocols:-3, 4};
			MNT_Port = 20048;
			Enable_NLM = false;
			Enable_RQUOTA = false;
			Enable_UDP = false;
			Plugins_Dir = $(dirname "$(find /usr/lib -name libfsalvfs.so | head -n 1)");
		}
		NFSv4 {
			Graceless = true;
			RecoveryRoot = "$dir/nfs";
		}
		EXPORT {
			Export_Id = 1;
			Path = "$export_dir";
			Pseudo = /crash;
			Access_Type = RW;
			Squash = No_Root_Squash;
			SecType = sys;
			Transports = TCP;
			Protocols = 3, 4;
			FSAL { Name = VFS; }
		}
	END
	rpcbind
	wait_for_port 111
	ganesha.nfsd -F -f "$dir/nfs/conf" -L "$dir/nfs/log" -p "$dir/nfs/pid" \
		>"$dir/nfs/out" 2>&1 &
	server_pid=$!
	wait_for_port 2049
}

# ---- SFTP ----

# ssh_server: Debian's sshd; what it says is in ssh/log. The client's key is ssh/id, the
# server's that is pinned ssh/host; $server_key and $known_key are those it really has.
server_key=host
known_key=id
ssh_server()
{
	[ -x build/ssh ] || lost "there is no build/ssh (make ssh)"
	mkdir -p "$dir/ssh" /run/sshd
	chmod 700 "$dir/ssh"
	for key in id other-id host other-host; do
		ssh-keygen -q -t ed25519 -N '' -C '' -f "$dir/ssh/$key"
	done
	cat >"$dir/ssh/config" <<-END
		Port 22
		HostKey $dir/ssh/$server_key
		AuthorizedKeysFile $dir/ssh/$known_key.pub
		StrictModes no
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		UsePAM no
		PidFile none
		LogLevel DEBUG1
		PermitRootLogin prohibit-password
		Subsystem sftp /usr/lib/openssh/sftp-server
	END
	/usr/sbin/sshd -D -f "$dir/ssh/config" -E "$dir/ssh/log" &
	server_pid=$!
	wait_for_port 22
}

# ---- what all kinds of servers can do ----

# start_server: of $kind; sets $target and $target_config
start_server()
{
	case $kind in
	nfs3)
		nfs_server
		target=nfs3:$server:$export_dir
		target6=nfs3:[$server6]:$export_dir
		target_config="insecure yes"
		;;
	nfs4)
		nfs_server
		target=nfs4:$server:/crash
		target6=nfs4:[$server6]:/crash
		target_config="insecure yes"
		;;
	sftp)
		ssh_server
		target=sftp:root@$server:$export_dir
		target6=sftp:root@[$server6]:$export_dir
		target_config="ssh_key $dir/ssh/id
ssh_host_key $(cut -d ' ' -f 1-2 "$dir/ssh/host.pub")"
		;;
	*) lost "VARIANT=$kind: no such kind of server" ;;
	esac
}

# family PID...: these and all that they have started
family()
{
	for child in $(ps -e -o pid=,ppid= | awk -v of="$*" '
		BEGIN { n = split(of, p, " "); for (i = 1; i <= n; i++) parent[p[i]] = 1 }
		$2 in parent { print $1 }'); do
		family "$child"
	done
	echo "$@"
}

# operator_files: the first kernel's network, drivers, SSH client, and $dir/operator.conf
operator_files()
{
	host_modules="virtio_net nfs nfsv3 nfsv4"
	# The client brings a user of its own.
	echo "root:x:0:0::/:/" >"$dir/passwd"
	# An emulated machine takes some seconds to log in.
	stall=$((5 * scale))
	[ "$kind" != sftp ] || stall=$((20 * scale))
	printf 'target %s\n%s\nstall %s\n' "$target" "$target_config" "$stall" |
		sed "s,$dir/ssh/id,/etc/id," >"$dir/operator.conf"
	first_files="dir bin 755
file bin/ssh 711 $top/build/ssh
file etc/passwd 644 $dir/passwd"
	[ ! -f "$dir/ssh/id" ] || first_files="$first_files
file etc/id 600 $dir/ssh/id"
}

# on_please FUNCTION...: each when the guest asks for it by its name, in this order
on_please()
{
	# shellcheck disable=SC2016 # for the shell that runs it
	hook='[ "$1" = armed ] || { : >"please.$2"; until [ -e "did.$2" ]; do sleep 0.2; done; }'
	(
		for what in "$@"; do
			until [ -e "$dir/please.$what" ]; do
				sleep 0.2
			done
			"$what"
			: >"$dir/did.$what"
		done
	) >"$dir/on-please.log" 2>&1 &
}

thaw_server()
{
	# shellcheck disable=SC2046 # a list of process ids
	kill -CONT $(family "$server_pid")
}

freeze_server()
{
	# shellcheck disable=SC2046 # a list of process ids
	kill -STOP $(family "$server_pid")
}

kill_server()
{
	# shellcheck disable=SC2046 # a list of process ids
	kill -KILL $(family "$server_pid")
}

# in_the_middle COMMAND...: when the dump on the server has grown to 6 MiB
in_the_middle()
{
	(
		while [ -z "$(find "$export_dir" -name vmcore-incomplete -size +12288 \
			2>/dev/null)" ]; do
			sleep 0.1
		done
		"$@"
		cut -d ' ' -f 1 /proc/uptime >"$dir/died"
	) >"$dir/in-the-middle.log" 2>&1 &
}

# The time of the crash on the same clock.
hook="cut -d ' ' -f 1 /proc/uptime >'$dir/crashed'"

# note_time: how long the machine was down after its last target died
note_time()
{
	[ -f "$dir/died" ] || cp "$dir/crashed" "$dir/died"
	awk -v crashed="$(cat "$dir/crashed")" -v died="$(cat "$dir/died")" '
		$2 == "go" { t = $1 }
		t && ($2 == "back" || $2 == "verdict") {
			printf "reboot %.0f s after the crash, %.0f s after the death of the target\n",
				$1 - t, $1 - t - (died - crashed)
			exit
		}' "$dir/events" >"$dir/note"
}

# What is true of a target that failed in the middle: nothing there looks whole.
expect_nothing_whole()
{
	for file in "$export_dir"/*/vmcore; do
		[ ! -e "$file" ] || fail "there is a vmcore where there must be none"
	done
	for file in "$export_dir"/*/manifest.json; do
		[ ! -e "$file" ] || ! grep -q '"value": true' "$file" ||
			fail "a manifest says that the dump is valid or complete"
	done
}
