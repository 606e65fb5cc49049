/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb vm: a kernel in QEMU, armed from outside, and what became of it. */
#include "verb.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/numbers.h"
#include "kexec/plan.h"
#include "vm/run.h"

#define MIB_MAX (1u << 20)	/* a TiB */
#define OWN_OUTS 99		/* folders of one second */

struct vm_words {
	struct vm_want want;
	const char *out, *junit;
	bool tap;
};

/* "512M", "2G", or MiB. */
static bool take_mib(unsigned *mib, const char *value, struct err *e)
{
	size_t len = strlen(value);
	char number[16];
	bool is_gib = len && value[len - 1] == 'G';

	if (len >= sizeof(number))
		return fail(e, EINVAL, "'%s' is no size", value);
	snprintf(number, sizeof(number), "%s", value);
	if (len && strchr("GM", number[len - 1]))
		number[len - 1] = '\0';
	if (!number_parse(number, 1, is_gib ? MIB_MAX >> 10 : MIB_MAX, mib, e))
		return false;
	*mib <<= is_gib ? 10 : 0;
	return true;
}

static bool take_memory(void *into, const char *value, struct err *e)
{
	return take_mib(&((struct vm_words *)into)->want.memory_mib, value, e);
}

static bool take_reserve(void *into, const char *value, struct err *e)
{
	return take_mib(&((struct vm_words *)into)->want.reserve_mib, value, e);
}

static bool take_cpus(void *into, const char *value, struct err *e)
{
	return number_parse(value, 1, 255, &((struct vm_words *)into)->want.cpus, e);
}

static bool take_timeout(void *into, const char *value, struct err *e)
{
	return number_parse_seconds(value, 1, &((struct vm_words *)into)->want.timeout_s, e);
}

static bool take_hang(void *into, const char *value, struct err *e)
{
	return number_parse_seconds(value, 10, &((struct vm_words *)into)->want.hang_s, e);
}

static const struct option_row options[] = {
	OPTION_TEXT("kernel", "FILE", struct vm_words, want.kernel,
		.help = "the kernel that is tested, a bzImage"),
	OPTION_TEXT("modules", "DIR", struct vm_words, want.modules, .help =
		"the folder of its modules, with modules.dep; default: /lib/modules/RELEASE, "
		"and if that is not there all that is needed is built in"),
	OPTION_TEXT("initrd", "FILE", struct vm_words, want.initrd, .help =
		"an archive in which COMMAND runs; without a COMMAND its /init does"),
	OPTION_TEXT("root", "DIR", struct vm_words, want.root, .joins = JOINS_OR, .help =
		"a folder that is / for COMMAND, by 9p if its kernel has that and overlay, "
		"else a copy on a disk; what is changed there is not kept"),
	OPTION_CALL("memory", "SIZE", take_memory, .help = "of the guest (default 1G)"),
	OPTION_CALL("cpus", "N", take_cpus, .help = "of the guest (default 2)"),
	OPTION_TEXT("append", "WORDS", struct vm_words, want.append, .help =
		"more for its command line; they win over console=ttyS0 panic=-1 oops=panic"),
	OPTION_TEXT("capture-kernel", "FILE", struct vm_words, want.capture_kernel, .help =
		"what it is armed with; default: " OWN_KERNEL " if it is there, else the "
		"kernel that is tested"),
	OPTION_CALL("reserve", "SIZE", take_reserve,
		.help = "of its memory for that, crashkernel= (default 192M)"),
	OPTION_FLAG("unarmed", struct vm_words, want.unarmed, .joins = JOINS_OR,
		.help = "arm nothing: of a panic the memory is taken from outside"),
	OPTION_FLAG("kvm", struct vm_words, want.kvm, .help =
		"have this machine's CPUs run it, by /dev/kvm; else QEMU's emulation does"),
	OPTION_TEXT("qemu", "PROGRAM", struct vm_words, want.qemu,
		.help = "default qemu-system-x86_64"),
	OPTION_CALL("timeout", "TIME", take_timeout,
		.help = "for all of it, 10m say; default: as long as there is life"),
	OPTION_CALL("hang", "TIME", take_hang, .help =
		"without a sign of life, after which it is taken for hung (default 2m)"),
	OPTION_TEXT("out", "DIR", struct vm_words, out, .help =
		"where console.log goes, and after a crash dump, report and log; default: "
		"crashbox-vm-TIME here, which is removed when all went well"),
	OPTION_TEXT("junit", "FILE", struct vm_words, junit,
		.help = "the outcome as JUnit's XML, with the first lines of the report"),
	OPTION_FLAG("tap", struct vm_words, tap,
		.help = "the outcome as TAP on standard output, in place of the console"),
	OPTION_END
};

/* What is asked for by the line, and what it lacks. */
static bool check_words(struct vm_words *w, struct err *e)
{
	struct vm_want *want = &w->want;

	if (!want->kernel)
		return fail(e, EINVAL, "which kernel? (--kernel FILE)");
	if (want->initrd && want->root)
		return fail(e, EINVAL, "--initrd, --root: only one of them");
	if (want->n_command && !want->initrd && !want->root)
		return fail(e, EINVAL, "where does %s run? (--root DIR, or --initrd FILE)",
			    want->command[0]);
	if (!want->unarmed && want->reserve_mib >= want->memory_mib)
		return fail(e, EINVAL, "--reserve: the guest has %u MiB in all",
			    want->memory_mib);
	if (want->unarmed && want->capture_kernel)
		return fail(e, EINVAL, "--unarmed, --capture-kernel: only one of them");
	if (!want->unarmed && !want->capture_kernel && plan_takes_own(""))
		want->capture_kernel = OWN_KERNEL;
	want->is_quiet = w->tap;
	return true;
}

/* A folder of our own, by a name that was free: what is there already is somebody else's. */
static bool make_own_out(struct vm_folders *at, struct err *e)
{
	char name[64], here[PATH_MAX];
	time_t now = time(NULL);
	struct tm tm;
	int len;

	strftime(name, sizeof(name), "crashbox-vm-%Y%m%d-%H%M%S", localtime_r(&now, &tm));
	if (!getcwd(here, sizeof(here)))
		return fail(e, errno, "this folder: %s", strerror(errno));
	len = snprintf(at->out, sizeof(at->out), "%s/%s", here, name);
	if (len >= (int)sizeof(at->out) / 2)
		return fail(e, ENAMETOOLONG, "%s: the name is too long, give --out", here);
	for (unsigned i = 2; mkdir(at->out, 0777); i++) {
		if (errno != EEXIST || i > OWN_OUTS)
			return fail(e, errno, "%s: %s", at->out, strerror(errno));
		snprintf(at->out + len, sizeof(at->out) - len, "-%u", i);
	}
	return true;
}

static bool make_out(const char *asked, struct vm_folders *at, struct err *e)
{
	char path[PATH_MAX];

	if (!asked)
		return make_own_out(at, e);
	if (mkdir(asked, 0777) && errno != EEXIST)
		return fail(e, errno, "%s: %s", asked, strerror(errno));
	if (!realpath(asked, path))
		return fail(e, errno, "%s: %s", asked, strerror(errno));
	return snprintf(at->out, sizeof(at->out), "%s", path) < (int)sizeof(at->out) / 2 ||
	       fail(e, ENAMETOOLONG, "%s: the name is too long", path);
}

/* Of the folder that we have made, with a console at most that nobody wants to read. */
static void remove_own_out(const struct vm_folders *at, bool is_done)
{
	char console[HOST_PATH_MAX];
	struct stat st;

	vm_path(console, at->out, VM_CONSOLE);
	if (is_done || (!lstat(console, &st) && !st.st_size))
		unlink(console);
	rmdir(at->out);
}

static int tell(const struct vm_words *w, struct outcome *o)
{
	bool is_done = o->kind == OUTCOME_DONE;
	struct err e;

	log_info("vm: %s%s%s, %.0f s", outcome_rows[o->kind].name, o->line[0] ? ": " : "",
		 o->line, o->seconds);
	if (w->tap)
		outcome_tap(o);
	if (w->junit && !outcome_junit(o, w->junit, &e)) {
		log_info("%s", e.text);
		o->kind = is_done ? OUTCOME_NOTHING : o->kind;
	}
	if (!w->out)
		remove_own_out(o->at, is_done);
	return outcome_rows[o->kind].exit_status;
}

static int run(int argc, char **argv)
{
	const int nothing = outcome_rows[OUTCOME_NOTHING].exit_status;
	struct vm_words w = {
		.want = { .memory_mib = 1024, .reserve_mib = 192, .cpus = 2, .hang_s = 120,
			  .qemu = "qemu-system-x86_64" },
	};
	struct operands words;
	struct vm_folders at;
	struct outcome o;
	struct err e;

	if (!verb_options(&verb_vm, &w, argc, argv, &words))
		return nothing;
	w.want.command = words.words;
	w.want.n_command = words.n;
	if (!check_words(&w, &e))
		return usage("vm: %s", e.text), nothing;
	if (!make_out(w.out, &at, &e)) {
		log_info("vm: %s", e.text);
		return nothing;
	}
	vm_run(&w.want, &at, &o);
	return tell(&w, &o);
}

const struct verb verb_vm = {
	.name = "vm",
	.operands = "[-- COMMAND...]",
	.summary = "a kernel in QEMU: boot it, arm it, run a command, keep what it crashed of",
	.options = options,
	.about =
"The guest starts with this program as its first process, which loads the modules of its\n"
"disks and a capture kernel, runs COMMAND on the console, and powers off. When the guest\n"
"panics its capture kernel saves the dump. When it cannot, when the guest hangs, or when QEMU\n"
"was killed, the memory is taken from outside, and becomes the same files.\n",
	.more =
"Exit status: 0 the command succeeded, or the guest came up and there was none; 1 the command\n"
"failed, its own status is said; 3 the guest panicked; 4 it hung; 5 QEMU was killed; 6 the\n"
"time was up; 7 the guest was off or reset before the command had ended; 125 nothing was\n"
"found out: a wrong word, no QEMU, no such command. mke2fs and debugfs are needed.\n",
	.run = run,
};
