# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Two machines joined by cables: network namespaces and pairs of veth. In one of them
# build/tools/netup does what the agent does in a crash; the other is the rest of the
# world, with real servers. Nothing leaves the two. Needs root; a kind of interface that
# this kernel does not have is tried in a guest of another kernel (tests/net/guest).
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

NETUP=$top/build/tools/netup
PATH=$PATH:/usr/sbin:/sbin
us=cbx-us-$$ world=cbx-world-$$
server_pids=''
n_cables=0
MAC=52:54:00:c0:00:0	# of our end of cable N, with N behind it
WORLD_MAC=52:54:00:f0:00:0

[ "$(id -u)" = 0 ] || skip "needs root for network namespaces"
for program in ip dnsmasq; do
	command -v "$program" >/dev/null || fail "$program is not there; tests/setup installs it"
done

stop_servers()
{
	for pid in $server_pids; do
		kill "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
	server_pids=''
}

tidy()
{
	stop_servers
	ip netns del "$us" 2>/dev/null || :
	ip netns del "$world" 2>/dev/null || :
}
trap tidy EXIT
trap 'exit 1' HUP INT TERM

if ! ip netns add "$us" || ! ip netns add "$world"; then
	skip "no network namespaces here"
fi

# needs KIND...: kinds of interfaces; a kernel that does not have one is not asked again
needs()
{
	for kind in "$@"; do
		case $kind in
		vlan) set -- link add link w0 name probe type vlan id 5 ;;
		*) set -- link add probe type "$kind" ;;
		esac
		if ! ip -n "$world" "$@" 2>"$work/probe"; then
			[ -z "${CBX_GUEST-}" ] || fail "no $kind: $(cat "$work/probe")"
			tidy
			trap - EXIT
			exec "$here/guest" "$name"
		fi
		ip -n "$world" link del probe
	done
}

# cable: one more interface of ours, ethN, and world's end of it, wN, which is up
cable()
{
	n=$n_cables
	n_cables=$((n + 1))
	ip -n "$world" link add "w$n" address "$WORLD_MAC$n" type veth \
		peer name "eth$n" address "$MAC$n" netns "$us"
	ip -n "$world" link set lo up
	ip -n "$world" link set "w$n" up
}

in_world()
{
	ip netns exec "$world" "$@"
}

in_us()
{
	ip netns exec "$us" "$@"
}

# dns_masq OPTION...: a server for DHCP and router advertisements, and no DNS. Not over
# in_world: what $! names has to be the server itself, to be ended.
dns_masq()
{
	ip netns exec "$world" dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root \
		--pid-file= --leasefile-ro --no-ping --log-facility="$work/dnsmasq.log" \
		--log-dhcp "$@" &
	server_pids="$server_pids $!"
	sleep 0.3
}

# netup LINES [CMDLINE]: the exit code is in rc, what it says in $work/said
netup()
{
	printf '%b\n' "$1" >"$work/conf"
	shift
	rc=0
	in_us timeout 100 "$NETUP" "$work/conf" "$@" >"$work/stdout" 2>"$work/said" || rc=$?
	case $rc in
	0 | 1 | 2) ;;
	*) fail "netup: exit $rc: $(tail -n 20 "$work/said")" ;;
	esac
	[ "$rc" = 2 ] || took=$(sed -n '2s/\..*//p' "$work/stdout")
	[ "$rc" = 2 ] || life=$(sed -n '2s/.* //p' "$work/stdout")
	cat "$work/stdout"
}

# up LINES [CMDLINE]: it must come up, with nothing to complain of
up()
{
	netup "$@" >/dev/null
	[ "$rc" = 0 ] || fail "'$1' is not up: $(cat "$work/said" "$work/stdout")"
	! grep -q warning "$work/said" || fail "'$1': $(grep warning "$work/said")"
}

# down WORDS LINES [CMDLINE]: it must not, and say why
down()
{
	words=$1
	shift
	netup "$@" >/dev/null
	[ "$rc" = 1 ] || fail "'$1' is up: $(cat "$work/said")"
	grep -q -- "down: .*$words" "$work/stdout" ||
		fail "'$1': no '$words': $(cat "$work/stdout" "$work/said")"
}

# warns WORDS: something did not work, and that was said
warns()
{
	grep "warning" "$work/said" | grep -q -- "$1" || fail "no '$1': $(cat "$work/said")"
}

# within_s LEAST MOST: what the last netup took, in whole seconds, alive all the time
within_s()
{
	if [ "$took" -lt "$1" ] || [ "$took" -gt "$2" ]; then
		fail "took $took s, wanted $1 to $2: $(cat "$work/said")"
	fi
	[ "$life" -ge "$((took * 5))" ] || fail "only $life signs of life in $took s"
}

has_address()
{
	in_us ip -o addr show dev "$1" | grep -qF " $2 " ||
		fail "$1 has not $2: $(in_us ip -o addr show dev "$1")"
}

# has_route WORDS: a line of the table begins with them
has_route()
{
	{ in_us ip -4 route; in_us ip -6 route; } >"$work/routes"
	grep -q "^$1" "$work/routes" || fail "no route $1: $(cat "$work/routes")"
}

# reaches ADDRESS: it answers to TCP, which may well be a no
reaches()
{
	in_us "$NETUP" --reach "$1" 2>"$work/reach" || fail "$1: $(cat "$work/reach")"
}
