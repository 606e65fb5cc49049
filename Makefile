# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox: the only Makefile. `make help` lists what it can do.
#
# The same sources are built twice: build/musl (static, ships as build/crashbox) and
# build/host (the host's compiler with ASan and UBSan, for the tests). `make ARCH=arm64`
# builds build/arm64/crashbox, with nothing but another compiler.

SHELL = /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
SOURCE_DATE_EPOCH ?= 1767225600
export SOURCE_DATE_EPOCH

B ?= build
DEPS ?= $(B)/deps
V ?= 0
Q := $(if $(filter 1,$(V)),,@)
say = @printf '  %-6s %s\n'

HOST_CC ?= gcc

# What ships, for this machine or for another CPU: objects, compiler, libraries.
# A CPU is a line of agent/deps/cpus.
cpu = $(shell agent/deps/cpu $(1) $(2))
ifneq ($(ARCH),)
FLAVOUR := $(call cpu,$(ARCH),name)
ifeq ($(FLAVOUR),)
$(error ARCH=$(ARCH): not in agent/deps/cpus; nothing is this machine)
endif
O := $(B)/$(FLAVOUR)
MUSL_CC := $(DEPS)/cross-$(FLAVOUR)/cc
STRIP := $(call cpu,$(ARCH),gnu)-strip
else
O := $(B)
FLAVOUR := musl
ifeq ($(origin MUSL_CC),undefined)
MUSL_CC := $(shell agent/deps/musl-cc 2>/dev/null || echo musl-gcc)
endif
STRIP ?= strip
endif

SRCS := $(sort $(filter-out agent/deps/%,$(wildcard agent/*/*.c)))
LIBSRCS := $(filter-out agent/verbs/main.c,$(SRCS))

# A warning ends the build where the tests are run, or where one asks (WERROR=1): a compiler
# that is newer than this source knows warnings of its own, and is no reason to have no binary.
WERROR ?= $(if $(filter check test tests-build,$(MAKECMDGOALS)),1)
WARN := -Wall -Wextra $(if $(WERROR),-Werror) -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wvla -Wwrite-strings -Wundef -Wno-parentheses -Wno-format-truncation
COMMON := -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 $(WARN) -Iagent \
          -ffile-prefix-map=$(CURDIR)=. -MMD -MP -pthread
MUSL_CFLAGS := $(COMMON) -O2 -fno-pie -ffunction-sections -fdata-sections \
               -fstack-protector-strong -fno-asynchronous-unwind-tables -isystem $(DEPS)/$(FLAVOUR)/include $(CFLAGS)
MUSL_LDFLAGS := -static -no-pie -Wl,--gc-sections -Wl,--build-id=none -Wl,-z,noexecstack $(LDFLAGS)
SAN ?= address,undefined
# What sanitizers put between makes gcc guess wrongly here, as its manual says of itself.
HOST_CFLAGS := $(COMMON) -Wno-error=maybe-uninitialized -O1 -g -fsanitize=$(SAN) -fno-sanitize-recover=undefined \
               -fno-omit-frame-pointer -isystem $(DEPS)/host/include $(CFLAGS)
HOST_LDFLAGS := -fsanitize=$(SAN) -pthread $(LDFLAGS)
LIBS := -lelf -lzstd -lz -lnettle -llzo2 -lx25519 -lmlkem

MUSL_OBJS := $(SRCS:agent/%.c=$(O)/musl/%.o)
HOST_OBJS := $(SRCS:agent/%.c=$(B)/host/%.o)
HOST_LIBOBJS := $(LIBSRCS:agent/%.c=$(B)/host/%.o)

# Settings that change what comes out: another value rebuilds everything.
SETTINGS := $(filter-out -Werror,$(MUSL_CC) $(MUSL_CFLAGS) $(HOST_CC) $(HOST_CFLAGS))
ifneq ($(shell cat $(O)/settings 2>/dev/null),$(strip $(SETTINGS)))
$(shell mkdir -p $(O); printf '%s\n' '$(strip $(SETTINGS))' >$(O)/settings)
endif

UNIT := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/*.c))
FUZZ := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(filter-out %/replay.c,$(wildcard tests/fuzz/*.c)))
TARGET ?= $(sort $(notdir $(FUZZ)))

.PHONY: all check index-real kasan-real test fuzz demo crash-cases report-figures interop vm-real image-real matrix crash-matrix bench bench-auto bench-readback bench-boot bench-scale repro size setup initramfs e2e tsan clean help \
        deps ssh tests-build kernel estimate compare ship-real kube-real install uninstall deb rpm dist container

all: $(O)/crashbox                 ## the static binary build/crashbox (default) [ARCH=arm64]

# ---- third-party libraries, fetched once, pinned in agent/deps/pins ---------------

$(DEPS)/%/stamp: agent/deps/pins agent/deps/build agent/deps/cross agent/deps/cpus agent/deps/musl-cc \
                 $(wildcard agent/deps/*.[ch])
	$(Q)agent/deps/build $*

deps: $(DEPS)/$(FLAVOUR)/stamp $(DEPS)/host/stamp ## zlib, zstd, libelf, nettle, lzo2

# OpenSSH's client, for images with a target sftp: and for tests; nothing else needs it.
$(O)/ssh: agent/deps/pins agent/deps/ssh agent/deps/lib.sh agent/deps/cross agent/deps/cpus
	$(Q)agent/deps/ssh $(FLAVOUR) $(CURDIR)/$(O)/ssh
	$(Q)touch $@

ssh: $(O)/ssh                      ## OpenSSH's client, static, as build/ssh [ARCH=arm64]

# ---- the binary, twice -----------------------------------------------------------

# What reads, judges and packs pages, and what searches symbols and types, is to be fast; all
# else is to be small.
FAST := $(addprefix vmcore/,corereader pagecache pagetable space stream) \
        $(addprefix kernel/,kallsyms symbol_names symsearch btf btf_find pfnset memmap) \
        $(addprefix pages/,filter page_layout pcp pagerun text_pages) \
        dump/codec dump/pipeline dump/snappy capture/scan capture/packer capture/copy
smaller = $(if $(filter $(FAST),$*),,-Os)

$(O)/musl/%.o: agent/%.c $(O)/settings | $(DEPS)/$(FLAVOUR)/stamp
	$(say) CC $<
	$(Q)mkdir -p $(@D)
	$(Q)$(MUSL_CC) $(MUSL_CFLAGS) $(smaller) -c -o $@ $<

$(B)/host/%.o: agent/%.c $(O)/settings | $(DEPS)/host/stamp
	$(say) 'CC san' $<
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -c -o $@ $<

# Linked three times: whole, without the verbs, and with all that the second did not have put
# where an image can leave it out.
link = $(MUSL_CC) $(MUSL_LDFLAGS) $(1) -L$(DEPS)/$(FLAVOUR)/lib $(LIBS)
CAPTURE_OBJS := $(filter-out $(O)/musl/verbs/dispatch.o,$(MUSL_OBJS))

$(O)/crashbox: $(MUSL_OBJS) agent/deps/host-half $(DEPS)/$(FLAVOUR)/stamp
	$(say) LD $@
	$(Q)$(call link,$(MUSL_OBJS)) -Wl,-Map=$@.map -o $@.full
	$(Q)$(call link,$(CAPTURE_OBJS)) -Wl,--defsym=dispatch=0 -Wl,-Map=$@.capture.map -o $@.full
	$(Q)agent/deps/host-half $@.map $@.capture.map >$@.ld
	$(Q)$(call link,$(MUSL_OBJS)) -Wl,-T,$@.ld -Wl,-Map=$@.map -o $@.full
	$(Q)$(STRIP) -s -o $@ $@.full

$(B)/host/crashbox: $(HOST_OBJS) $(DEPS)/host/stamp
	$(say) 'LD san' $@
	$(Q)$(HOST_CC) $(HOST_LDFLAGS) -o $@ $(HOST_OBJS) -L$(DEPS)/host/lib $(LIBS)

# Tests run on this machine, whatever CPU the other binary is for.
ifneq ($(O),$(B))
.PHONY: $(B)/crashbox $(B)/ssh
$(B)/crashbox:
	$(Q)$(MAKE) --no-print-directory ARCH= all

$(B)/ssh:
	$(Q)$(MAKE) --no-print-directory ARCH= ssh
endif

-include $(MUSL_OBJS:.o=.d) $(HOST_OBJS:.o=.d)

# ---- installing ------------------------------------------------------------------

VERSION := $(shell sed -n 's/.*CRASHBOX_VERSION "\(.*\)"/\1/p' agent/base/version.h)
CPU := $(shell machine=$(or $(ARCH),$$(uname -m)); agent/deps/cpu $$machine name 2>/dev/null || echo $$machine)
DEB_ARCH = $(or $(call cpu,$(CPU),deb),$(error $(CPU): not in agent/deps/cpus))
PREFIX ?= /usr
# What is built goes along: OpenSSH's client, and the capture kernel for servers; KERNEL=FILE
# names another, such as virt's, which knows the disks of virtual machines only.
CLIENT ?= $(wildcard $(O)/ssh)
KERNEL ?= $(wildcard $(B)/kernel/server-$(CPU)/vmlinuz)
INSTALL := DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' BINARY='$(O)/crashbox' MAN='$(B)/man' \
           SSH='$(CLIENT)' KERNEL='$(KERNEL)'

$(B)/man/crashbox.8: $(B)/crashbox initramfs/install/manual initramfs/install/crashbox.8 \
                     initramfs/install/crashbox.conf.5 initramfs/install/crashbox-manifest.5 \
                     initramfs/install/crashbox-report.5
	$(say) MAN $(@D)
	$(Q)initramfs/install/manual $(B)/crashbox $(@D)

install: all $(B)/man/crashbox.8   ## into DESTDIR, PREFIX=/usr: binary, manual, boot service, kernel hooks
	$(Q)$(INSTALL) initramfs/install/tree install

uninstall:                         ## takes that away again, but for the configuration
	$(Q)$(INSTALL) initramfs/install/tree uninstall

deb: all $(B)/man/crashbox.8       ## build/crashbox_VERSION_amd64.deb [ARCH=arm64]
	$(Q)$(INSTALL) initramfs/install/package $(VERSION) $(DEB_ARCH) \
		$(B)/crashbox_$(VERSION)_$(DEB_ARCH).deb
	@echo $(B)/crashbox_$(VERSION)_$(DEB_ARCH).deb

rpm: dist                          ## build/crashbox-VERSION-1.x86_64.rpm, by rpmbuild
	$(Q)initramfs/install/rpm/package $(VERSION) $(B)/crashbox-$(VERSION).tar.gz $(B)

# With CLIENT= and KERNEL= as for `make install`; KERNEL= (empty) is the node's own.
container: all                     ## build/container, for nodes of Kubernetes: buildah build build/container
	$(Q)BINARY='$(O)/crashbox' SSH='$(CLIENT)' KERNEL='$(KERNEL)' \
		initramfs/install/kubernetes/rootfs $(B)/container
	@echo $(B)/container

dist:                              ## build/crashbox-VERSION.tar.gz, builds without a network
	$(Q)agent/deps/dist $(VERSION) $(B)/crashbox-$(VERSION).tar.gz

# ---- tests -----------------------------------------------------------------------

$(B)/tools/mkcore: $(wildcard tests/tools/mkcore*.c tests/tools/mkcore*.h)
	$(say) CC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) -std=gnu11 -D_GNU_SOURCE $(WARN) -O1 -g -o $@ $(filter %.c,$^)

$(addprefix $(B)/tools/,readlimit slowpipe): $(B)/tools/%: tests/tools/%.c
	$(say) CC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) -std=gnu11 -D_GNU_SOURCE $(WARN) -O2 -g -o $@ $<

$(B)/tools/readdump: $(wildcard tests/tools/readdump*.c tests/tools/readdump*.h) $(DEPS)/host/stamp
	$(say) CC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) -std=gnu11 -D_GNU_SOURCE $(WARN) -O2 -g -isystem $(DEPS)/host/include \
		-o $@ $(filter %.c,$^) -L$(DEPS)/host/lib -lzstd -lz

$(B)/tools/nsinit: $(wildcard tests/tools/nsinit*.c tests/tools/nsinit.h)
	$(say) CC $@
	$(Q)mkdir -p $(@D)
	$(Q)printf '%s\n' '#include <asm/unistd.h>' | $(HOST_CC) -E -dM - | sort | \
		sed -n 's/^#define __NR_\([a-z0-9_]*\) \([0-9]*\)$$/CALL(\1, \2)/p' \
		> $(@D)/nsinit_names.h
	$(Q)$(HOST_CC) -std=gnu11 -D_GNU_SOURCE $(WARN) -O1 -g -I$(@D) -o $@ $(filter %.c,$^)

# Each links against all of the agent but its main().
$(addprefix $(B)/tools/,netup pokereport insns resign): $(B)/tools/%: tests/tools/%.c $(HOST_LIBOBJS)
	$(say) 'CC test' $@
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) $(HOST_LDFLAGS) -o $@ $< $(HOST_LIBOBJS) \
		-L$(DEPS)/host/lib $(LIBS)

$(B)/unit/%: tests/unit/%.c $(HOST_LIBOBJS) $(wildcard tests/unit/*.h)
	$(say) 'CC test' $@
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) $(HOST_LDFLAGS) -o $@ $< $(HOST_LIBOBJS) \
		-L$(DEPS)/host/lib $(LIBS)

$(B)/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(HOST_LIBOBJS) $(wildcard tests/unit/*.h tests/fuzz/*.h)
	$(say) 'CC test' $@
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) $(HOST_LDFLAGS) -o $@ $(filter %.c,$^) $(HOST_LIBOBJS) \
		-L$(DEPS)/host/lib $(LIBS)

tests-build: $(O)/crashbox $(B)/crashbox $(B)/host/crashbox \
             $(addprefix $(B)/tools/,mkcore readdump nsinit) \
             $(addprefix $(B)/tools/,netup pokereport insns resign) $(UNIT) $(FUZZ) $(B)/ssh

check: tests-build                 ## unit, golden, malformed, lint: a minute, no root
	$(Q)tests/run

setup:                             ## install the Debian packages that are missing
	$(Q)tests/setup

initramfs: all $(B)/crashbox       ## build/crashbox.img for CONFIG=file [MODULES=dir] [ARCH=arm64]
	$(Q)$(B)/crashbox image --agent $(O)/crashbox --config $(CONFIG) \
		--output $(O)/crashbox.img $(if $(MODULES),--modules $(MODULES),--no-modules)

kernel:                            ## build/kernel/virt-x86_64/vmlinuz [PROFILE=server] [ARCH=arm64]
	$(Q)kernel-config/build $(or $(PROFILE),virt) $(ARCH)

estimate: tests-build kernel       ## smallest crashkernel= that works [ROWS="virt/disk/1 ..."]
	$(Q)qemu/estimate $(ROWS)

bench-boot: tests-build kernel      ## from panic to reboot, step by step [KERNELS="NAME=VMLINUZ ..." ROUNDS=3]
	$(Q)qemu/boot-times $(KERNELS)

compare: tests-build kernel        ## our kernel, a stock one, and Debian's kdump-tools
	$(Q)qemu/compare

e2e: tests-build                   ## real panics in QEMU [CASE="disk-ext4 ..."] [ALL=1] [KEEP=1] [ARCH=arm64]
	$(Q)qemu/run $(if $(ALL),--all) $(CASE)

crash-cases: tests-build           ## ways to crash x kernels: reports, signatures [CASES="6.1 7.2/oops ..."]
	$(Q)$(MAKE) --no-print-directory ARCH=arm64 all
	$(Q)tests/crash-cases $(CASES)

report-figures: tests-build        ## reports' stacks and cost beside crash 9, of crashes that were kept
	$(Q)$(MAKE) --no-print-directory ARCH=arm64 all
	$(Q)tests/report-figures

faults: tests-build                ## PID 1 in namespaces: each system call fails once [SAMPLE=300] [SEED=N]
	$(Q)tests/faults/run $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))

soak: tests-build                  ## N captures in a row, faults and load at random: nothing is left [N=1000]
	$(Q)tests/faults/soak $(if $(N),-n $(N)) $(if $(SEED),--seed $(SEED))

mutants: tests-build               ## 35 lies built into the product: which test notices each
	$(Q)tests/mutants/run

power-cuts: tests-build            ## a capture's disk at every moment [POINTS=10000] [SEED=N]
	$(Q)tests/faults/power $(if $(POINTS),--points $(POINTS)) $(if $(SEED),--seed $(SEED))

# Everything once more, as clang's libFuzzer wants it. What it finds, gcc's programs replay.
FUZZ_CC ?= clang
FUZZ_CFLAGS := $(filter-out $(WARN),$(COMMON)) -w -O2 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
               -fno-sanitize-recover=undefined -isystem $(DEPS)/host/include
FUZZ_LIBOBJS := $(LIBSRCS:agent/%.c=$(B)/fuzz-clang/obj/%.o)

$(B)/fuzz-clang/obj/%.o: agent/%.c $(O)/settings | $(DEPS)/host/stamp
	$(say) 'CC fuz' $<
	$(Q)mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -c -o $@ $<

$(B)/fuzz-clang/agent.a: $(FUZZ_LIBOBJS)
	$(Q)rm -f $@ && ar rcs $@ $^

$(B)/fuzz-clang/%: tests/fuzz/%.c $(B)/fuzz-clang/agent.a $(wildcard tests/unit/*.h tests/fuzz/*.h)
	$(say) 'CC fuz' $@
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer -o $@ $(filter %.c %.a,$^) \
		-L$(DEPS)/host/lib $(LIBS)

-include $(FUZZ_LIBOBJS:.o=.d)

fuzz:                              ## parsers under libFuzzer, FUZZ_S seconds each [FUZZ_S=60] [JOBS=1] [TARGET="btf ..."]
	$(Q)command -v $(FUZZ_CC) >/dev/null || { echo "fuzz: there is no $(FUZZ_CC); tests/setup" >&2; exit 1; }
	$(Q)$(MAKE) --no-print-directory $(on_all_cpus) $(addprefix $(B)/fuzz-clang/,$(TARGET)) \
		$(addprefix $(B)/fuzz/,$(TARGET)) $(B)/tools/mkcore
	$(Q)FUZZ_S=$(or $(FUZZ_S),60) $(if $(JOBS),JOBS=$(JOBS)) tests/fuzz/run $(TARGET)

interop: tests-build               ## our dumps in crash, libkdumpfile and drgn
	$(Q)tests/interop/run

ship-real: $(B)/host/crashbox $(B)/tools/mkcore $(B)/tools/readdump ## crashbox ship to OpenStack Swift, and Prometheus with Alertmanager
	$(Q)tests/setup --rare
	$(Q)tests/interop/swift
	$(Q)tests/interop/alerts

kasan-real: $(B)/host/crashbox $(B)/crashbox kernel ## a kernel with KASAN, lockdep, debug_pagealloc: its dump by --stream in crash
	$(Q)tests/interop/kasan

index-real:                        ## a million made-up crashes in PostgreSQL, and its pages in headless Chromium
	$(Q)tests/setup --rare
	$(Q)BROWSE=1 tests/bench-index.sh

image-real: all                    ## disks that are made elsewhere: mmdebstrap, a container file
	$(Q)tests/setup --rare
	$(Q)tests/interop/imaged

vm-real: $(B)/host/crashbox          ## guests of libvirt's and virtme-ng's panic, and are captured
	$(Q)tests/setup --rare
	$(Q)tests/interop/libvirt
	$(Q)tests/interop/virtme-ng

kube-real: $(B)/crashbox $(B)/host/crashbox $(B)/tools/mkcore $(B)/tools/readdump ## the manifests by schemas, the container by buildah, below a made-up node
	$(Q)tests/setup --rare
	$(Q)tests/interop/kubernetes

# Who gave make a -j of his own has said how many.
on_all_cpus = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 1))

test:                              ## everything: set-up, check, real panics, interop [LOAD=4]
	$(Q)tests/setup
	$(Q)$(MAKE) --no-print-directory $(on_all_cpus) WERROR=1 ARCH=arm64 all
	$(Q)$(MAKE) --no-print-directory $(on_all_cpus) WERROR=1 tests-build kernel
	$(Q)$(if $(LOAD),tests/busy $(LOAD)) tests/all

demo:                              ## panic a stock kernel in QEMU and look at the dump
	$(Q)tests/setup --demo
	$(Q)$(MAKE) --no-print-directory $(on_all_cpus) all
	$(Q)qemu/demo

matrix: tests-build                ## kernels x workloads against makedumpfile [CELLS="7.2/huge ..."]
	$(Q)tests/matrix $(CELLS)

crash-matrix: tests-build          ## kernels x ways to crash: saved, right, reported [CELLS="7.2/oops ..."]
	$(Q)tests/crash-matrix $(CELLS)

bench: tests-build                 ## speed, memory and size beside makedumpfile
	$(Q)tests/bench.sh
	@echo
	$(Q)tests/bench-gain.sh
	@echo
	$(Q)tests/bench-sftp.sh
	@echo
	$(Q)tests/bench-nfs.sh
	@echo
	$(Q)$(MAKE) --no-print-directory bench-auto

bench-auto: $(B)/crashbox $(B)/tools/slowpipe ## codec auto beside each fixed level [RATES= CPUS= EFFORTS= REALTIME=1]
	$(Q)tests/bench-auto.sh

bench-readback: $(B)/crashbox       ## what reading back costs, after, meanwhile, a sample [RATES= CPUS= BULK= REALTIME=1]; root
	$(Q)tests/bench-readback.sh

bench-scale: $(B)/crashbox $(B)/tools/mkcore $(B)/tools/readlimit ## machines of 1, 4, 16 TiB
	$(Q)tests/bench-scale.sh

size: all                          ## bytes of the binary, by rooms, and of an image
	$(Q)tests/size

repro:                             ## build twice, compare binary and image
	$(Q)tests/repro

tsan:                              ## the threaded parts under ThreadSanitizer
	$(Q)tests/tsan

clean:                             ## remove what was built, keep what was fetched
	rm -rf $(B)/musl $(addprefix $(B)/,$(shell agent/deps/cpu --names)) $(B)/host $(B)/unit $(B)/fuzz $(B)/fuzz-clang $(B)/tools $(B)/tests $(B)/man $(B)/crashbox* $(B)/settings

help:                              ## this list
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | \
		awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'
