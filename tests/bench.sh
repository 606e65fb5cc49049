#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tests/bench.sh [RAW]: crashbox and makedumpfile on the same vmcore, in memory, side by
# side in one run: wall and CPU seconds, peak memory, bytes out, and the ratios that we
# promise. Prints; never fails on timing. Needs makedumpfile and GNU time.
#   RAW     a copy of /proc/vmcore; default build/e2e/raw-6.1/vmcore
#   ROUNDS  runs of each, the best counts; default 3
#   AGENT   default build/crashbox
set -eu

top=$(cd "${0%/*}/.." && pwd)
raw=${1:-$top/build/e2e/raw-6.1/vmcore}
AGENT=${AGENT:-$top/build/crashbox}
ROUNDS=${ROUNDS:-3}

[ -f "$raw" ] || { echo "$raw is not there; qemu/raw-vmcore 6.1 makes one" >&2; exit 1; }
for tool in "$AGENT" makedumpfile age-keygen /usr/bin/time; do
	command -v "$tool" > /dev/null || { echo "$tool is not there" >&2; exit 1; }
done

dir=$(mktemp -d /dev/shm/crashbox-bench.XXXXXX)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
need=$(($(wc -c < "$raw") / 512))
if [ "$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')" -lt "$need" ]; then
	echo "/dev/shm has no room for twice $raw; it is read from where it lies" >&2
	ln -s "$raw" "$dir/core"
else
	cp "$raw" "$dir/core"
fi

# measure NAME OUTPUT COMMAND...: the best of some rounds; a row of the table, and
# NAME's numbers in $dir/NAME: wall user+system peak-KiB bytes
measure()
{
	label=$1 output=$2
	shift 2
	: > "$dir/rounds"
	i=0
	while [ "$i" -lt "$ROUNDS" ]; do
		rm -rf "$dir/out"
		mkdir "$dir/out"
		/usr/bin/time -f '%e %U %S %M' -o "$dir/time" "$@" > "$dir/log" 2>&1 ||
			{ cat "$dir/log" >&2; echo "$label failed" >&2; exit 1; }
		bytes=0
		[ -z "$output" ] || bytes=$(wc -c < "$dir/out/$output")
		cpu=$(awk 'END { print $2 + $3 }' "$dir/time")
		awk -v cpu="$cpu" -v bytes="$bytes" 'END { print $1, cpu, $4, bytes }' \
			"$dir/time" >> "$dir/rounds"
		if [ -f "$dir/out/manifest.json" ]; then
			cp "$dir/out/manifest.json" "$dir/manifest.$label"
		fi
		i=$((i + 1))
	done
	sort -n "$dir/rounds" | head -n 1 > "$dir/$label"
	awk -v label="$label" '{ printf "%-28s %8.2f %8.2f %9d %12d\n", label, $1, $2, $3, $4 }' \
		"$dir/$label"
}

ratio()
{
	awk -v what="$1" -v wanted="$2" -v column="$3" '
		{ v[FILENAME] = $column; name[NR] = FILENAME }
		END { a = v[name[1]]; b = v[name[2]]
			printf "%-52s %6.3f   wanted %s\n", what, b ? a / b : 0, wanted }' \
		"$dir/$4" "$dir/$5"
}

echo "core: $raw, $(wc -c < "$raw") bytes, in $(df -P "$dir/core" | awk 'NR == 2 { print $1 }')"
echo "$(nproc) CPUs, load $(cut -d' ' -f1-3 /proc/loadavg), best of $ROUNDS"
printf '%-28s %8s %8s %9s %12s\n' "" "wall s" "CPU s" "peak KiB" "bytes"
measure makedumpfile-zlib vmcore makedumpfile -c -d 31 "$dir/core" "$dir/out/vmcore"
measure crashbox-zstd vmcore "$AGENT" capture --workers 1 "$dir/core" "$dir/out"
measure crashbox-zlib vmcore "$AGENT" capture --workers 1 --codec zlib "$dir/core" "$dir/out"
measure crashbox-none vmcore "$AGENT" capture --workers 1 --codec none "$dir/core" "$dir/out"
measure crashbox-zstd-all-CPUs vmcore "$AGENT" capture "$dir/core" "$dir/out"
echo "encrypt $(age-keygen 2> /dev/null | sed -n 's/^# public key: //p')" > "$dir/conf"
measure crashbox-zstd-one-CPU vmcore taskset -c 0 "$AGENT" capture --workers 1 "$dir/core" \
	"$dir/out"
measure crashbox-zstd-encrypted vmcore.age taskset -c 0 "$AGENT" capture --workers 1 \
	--config "$dir/conf" "$dir/core" "$dir/out"
measure makedumpfile-dry-run "" makedumpfile --dry-run --message-level 31 \
	-c -d 31 "$dir/core" "$dir/out/vmcore"

echo
ratio "wall, zstd / makedumpfile zlib" "<= 0.333" 1 crashbox-zstd makedumpfile-zlib
ratio "bytes, zstd / makedumpfile zlib" "<= 1.02" 4 crashbox-zstd makedumpfile-zlib
ratio "wall, zlib / makedumpfile zlib" "(for comparison)" 1 crashbox-zlib makedumpfile-zlib
ratio "wall, one worker / one for each CPU" ">= 1.7 on two CPUs" 1 crashbox-zstd crashbox-zstd-all-CPUs
ratio "wall, encrypted / not, one CPU" "<= 1.10" 1 crashbox-zstd-encrypted \
	crashbox-zstd-one-CPU
ratio "CPU, encrypted / not, one CPU" "(for comparison)" 2 crashbox-zstd-encrypted \
	crashbox-zstd-one-CPU
/usr/bin/python3 - "$dir/manifest.crashbox-zstd" "$dir/log" <<'PYTHON'
import json, re, sys
m = json.load(open(sys.argv[1]))
steps = re.findall(r"STEP \[(.*?) *\] : ([0-9.]+) seconds", open(sys.argv[2], errors="replace").read())
theirs = sum(float(s) for name, s in steps if name.startswith("Excluding"))
ours = m["seconds"]["scan"]
print(f"scan: crashbox {ours:.4f} s, makedumpfile {theirs:.4f} s (all its passes), "
      f"ratio {ours / theirs:.2f}   wanted <= 1")
for key in ("seconds", "peak_memory_bytes", "rate_bytes_per_second"):
    print("crashbox", key, json.dumps(m.get(key)))
PYTHON
