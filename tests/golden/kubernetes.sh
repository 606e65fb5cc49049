#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What goes to a cluster: the container's root has exactly what a node needs, each option in the
# manifests is one of the program's, and configurations and units in them are the ones that are
# installed elsewhere. What a schema says of them: make kube-real.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
cd "$top"
python=/usr/bin/python3
$python -c 'import yaml' 2>/dev/null || skip "there is no python3-yaml"
kube=initramfs/install/kubernetes
echo kernel >"$work/vmlinuz"
echo list >"$work/modules.builtin"
echo client >"$work/ssh"

# container OUT [VARIABLE=VALUE...]
container()
{
	out=$1
	shift
	make -s container O=build B="$out" BINARY=build/crashbox DEPS=build/deps "$@" \
		>"$work/make.log" 2>&1 || fail "make container: $(tail -n 5 "$work/make.log")"
}
plain=$work/plain
BINARY=build/crashbox SSH='' KERNEL='' $kube/rootfs "$plain"
equals "a container" "644 Containerfile
644 rootfs/node/etc/systemd/system/crashbox.service
644 rootfs/node/etc/systemd/system/multi-user.target.d/crashbox.conf
755 rootfs/node/opt/crashbox/sbin/crashbox" \
	"$(cd "$plain" && find . -type f -printf '%m %P\n' | sort -k 2)"
cmp build/crashbox "$plain/rootfs/node/opt/crashbox/sbin/crashbox" || fail "another program"
BINARY=build/crashbox SSH="$work/ssh" KERNEL="$work/vmlinuz" $kube/rootfs "$work/full"
equals "with a client and a kernel" "modules.builtin ssh vmlinuz" \
	"$(cd "$work/full/rootfs/node/opt/crashbox/lib" && printf '%s\n' ./* | cut -c3- | xargs)"
equals "and where they are" "image_ssh /opt/crashbox/lib/ssh
kernel /opt/crashbox/lib/vmlinuz
image_modules none" "$(cat "$work/full/rootfs/node/etc/crashbox.conf")"
container "$work" CLIENT= KERNEL=
diff -r "$plain" "$work/container" || fail "make container makes something else"

unit=$plain/rootfs/node/etc/systemd/system/crashbox.service
! grep -n '@' "$unit" || fail "a path of the unit is missing"
grep -q '^ExecStart=/opt/crashbox/sbin/crashbox load$' "$unit" || fail "another unit"
! command -v systemd-analyze >/dev/null || {
	mkdir "$work/units"
	sed "s|/opt/crashbox|$plain/rootfs/node/opt/crashbox|" "$unit" \
		>"$work/units/crashbox.service"
	equals "systemd-analyze" "" "$(cd "$work/units"
		systemd-analyze verify --man=no ./crashbox.service 2>&1 || :)"
}

# Each command of the manifests, with a root that is none: known are its words if that is what
# is complained of.
initramfs/install/kubernetes/machineconfig --role infra --crashkernel 300M \
	initramfs/install/crashbox.conf >"$work/machineconfig.yaml"
$python - "$kube" "$work" "$AGENT" "$unit" <<'PYTHON'
import base64, json, pathlib, subprocess, sys, yaml

kube, work, agent, unit = map(pathlib.Path, sys.argv[1:])
program = "/opt/crashbox/sbin/crashbox"


def check(good, what):
    if not good:
        sys.exit(f"kubernetes: {what}")


def check_command(words):
    at = words.index("node") + 1
    run = subprocess.run([agent, "node", "--root", work / "none", *words[at:]], text=True,
                         stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, check=False)
    check("is not the root of a machine" in run.stderr, f"{words}: {run.stderr}")
    if words[at] in ("status", "list"):
        run = subprocess.run([agent, *words[at:], "--help"], check=False, text=True,
                             stdout=subprocess.PIPE)
        run = subprocess.run([agent, *words[at:], "--config", work / "none"], text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        check(run.returncode in (1, 2) and run.stdout.count("\n") == 1,
              f"{words}: {run.returncode} {run.stdout} {run.stderr}")


docs = [d for d in yaml.safe_load_all((kube / "crashbox.yaml").read_text()) if d]
sets = {d["metadata"]["name"]: d["spec"] for d in docs if d["kind"] == "DaemonSet"}
check(sorted(sets) == ["crashbox", "crashbox-remove"], f"DaemonSets: {sorted(sets)}")
images = set()
for name, spec in sets.items():
    pod = spec["template"]["spec"]
    box, = pod["containers"]
    images.add(box["image"])
    check(spec["selector"]["matchLabels"].items() <=
          spec["template"]["metadata"]["labels"].items(), f"{name}: selects others")
    check(pod["nodeSelector"]["crashbox"] == ("arm" if name == "crashbox" else "remove"),
          f"{name}: runs where nobody has asked for it")
    check_command(["node", *box["args"]])
    volumes = {v["name"]: v for v in pod["volumes"]}
    mounts = {m["mountPath"]: volumes[m["name"]] for m in box["volumeMounts"]}
    check(mounts["/host"]["hostPath"]["path"] == "/", f"{name}: /host is not the node's root")
probe = sets["crashbox"]["template"]["spec"]["containers"][0]["readinessProbe"]
check(probe["exec"]["command"][0] == "/node" + program, "the probe is another program")
check_command(probe["exec"]["command"])
kustomization = yaml.safe_load((kube / "kustomization.yaml").read_text())
check({i.rsplit(":", 1)[0] for i in images} == {kustomization["images"][0]["name"]} and
      kustomization["resources"] == ["crashbox.yaml"], "kustomization.yaml: of another image")

monitor, = [d for d in yaml.safe_load_all((kube / "node-problem-detector.yaml").read_text()) if d]
monitor = json.loads(monitor["data"]["crashbox-monitor.json"])
conditions = {c["type"] for c in monitor["conditions"]}
check(monitor["plugin"] == "custom" and len(conditions) == len(monitor["conditions"]),
      "a condition twice")
for rule in monitor["rules"]:
    check(rule["type"] == "permanent" and rule["condition"] in conditions, f"{rule}")
    check(rule["path"] == "/host" + program, f"{rule['path']}: is not there")
    check(rule["timeout"] <= monitor["pluginConfig"]["timeout"], f"{rule}: longer than all")
    check_command([rule["path"], *rule["args"]])
source = pathlib.Path("agent/verbs/plugin.c").read_text()
check(f"LINE_LEN {monitor['pluginConfig']['max_output_length']}" in source, "lines are cut")

machine = yaml.safe_load((work / "machineconfig.yaml").read_text())
spec = machine["spec"]
check(machine["metadata"]["labels"]["machineconfiguration.openshift.io/role"] == "infra" and
      spec["kernelArguments"] == ["crashkernel=300M"], "options of machineconfig")
file, = spec["config"]["storage"]["files"]
scheme, _, data = file["contents"]["source"].partition(",")
check(scheme.startswith("data:") and scheme.endswith(";base64"), scheme)
check(base64.b64decode(data) == pathlib.Path("initramfs/install/crashbox.conf").read_bytes(),
      "machineconfig: another configuration")
check(file["path"].startswith("/etc/crashbox.conf.d/") and file["mode"] == 0o644, f"{file['path']}")
entry, = spec["config"]["systemd"]["units"]
check(entry["contents"] == unit.read_text(), "machineconfig: another unit than the container's")
(work / "ignition.json").write_text(json.dumps(spec["config"]))
config, = [d for d in docs if d["kind"] == "ConfigMap"]
for name, text in config["data"].items():
    check(name.endswith(".conf"), f"{name}: is not read from crashbox.conf.d")
    (work / name).write_text(text)
    subprocess.run([agent, "config", work / name], check=True, stdout=subprocess.DEVNULL)
PYTHON
rc=0
$kube/machineconfig >"$work/said" 2>&1 || rc=$?
equals "machineconfig of nothing" 2 "$rc"
grep -q '^machineconfig .*CONF' "$work/said" || fail "$(cat "$work/said")"
! command -v ignition-validate >/dev/null || ignition-validate "$work/ignition.json" ||
	fail "Ignition does not take it"
