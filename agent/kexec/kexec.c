/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading and unloading a capture kernel. kexec_file_load(2) has the kernel read and
 * check the files itself, so it works under lockdown. Kernels without it (Debian's for
 * arm64) take segments that a program in user space has put together, which is what
 * kexec-tools are for.
 */
#include "kexec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "bootimage.h"
#include "host/lockdown.h"
#include "host/root.h"
#include "signature.h"

/* Linux include/uapi/linux/kexec.h */
#define FILE_UNLOAD 1
#define FILE_ON_CRASH 2

void kexec_state(struct kexec_state *s, const char *root)
{
	uint64_t loaded;

	*s = (struct kexec_state){ .reserved = 0 };
	s->supported = root_number(root, "/sys/kernel/kexec_crash_loaded", &loaded);
	s->loaded = s->supported && loaded;
	if (!root_number(root, "/sys/kernel/kexec_crash_size", &s->reserved))
		s->reserved = 0;
}

/* ---- what went wrong -------------------------------------------------------- */

static const struct {
	int code;
	const char *why;
} reasons[] = {
	{ EBUSY, "another program is loading a kernel right now; try again" },
	{ ENOEXEC, "not a kernel that this one can start: x86 wants a relocatable 64-bit "
		   "bzImage, arm64 an Image that is not compressed" },
	{ EADDRNOTAVAIL, "it does not fit into the reserved memory: boot with a larger "
			 "crashkernel=, `crashbox estimate` says how large" },
	{ ENOMEM, "the running system has no memory to read it into, or the reserved "
		  "memory is too small: boot with a larger crashkernel=" },
	{ EKEYREJECTED, "its signature is not right, or not of a key that the running kernel "
			"trusts: use the distribution's own signed kernel with --kernel" },
	{ ENOKEY, "the running kernel does not have the key that signed it: use the "
		  "distribution's own signed kernel with --kernel" },
	{ ENODATA, "it is not signed, and the running kernel takes signed ones only: use the "
		   "distribution's own kernel with --kernel" },
	{ ELIBBAD, "its signature is damaged" },
	{ EBADMSG, "its signature is damaged" },
	{ EACCES, "a security module of the running kernel (IMA, SELinux) forbids it" },
	{ EFBIG, "one of the files is too large" },
	{ EIO, "one of the files cannot be read" },
	{ EINVAL, "the running kernel refuses these files, or the command line is too long "
		  "for the kernel that is to be loaded" },
	{ EOPNOTSUPP, "the running kernel has a security module that wants a signature in "
		      "another form" },
};

const char *kexec_why(int code)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].code == code)
			return reasons[i].why;
	return "";
}

/* Why a kernel that is locked down does not take this one. */
static void fail_lockdown(const struct lockdown *l, const char *kernel, struct err *e)
{
	const char *secure = l->secure_boot ? "Secure Boot, " : "";
	char issuer[64];
	struct bootimage b;

	if (!bootimage_open(&b, kernel, e)) {
		fail(e, EPERM, "the running kernel is locked down (%s%s): it takes only a "
		     "signed kernel", secure, l->mode);
		return;
	}
	signature_issuer(&b, issuer, sizeof(issuer));
	if (!b.is_signed)
		fail(e, EPERM, "the running kernel is locked down (%s%s): it takes only a "
		     "signed kernel, and this one is not: use the distribution's own",
		     secure, l->mode);
	else if (signature_trust(&b, "") == TRUST_NO)
		fail(e, EPERM, "the running kernel is locked down (%s%s), and has no key of "
		     "'%s', who signed this one: that comes from shim or the firmware, "
		     "with Secure Boot", secure, l->mode, issuer);
	else
		fail(e, EPERM, "the running kernel is locked down (%s%s), and the signature "
		     "of this one is not right: install it again", secure, l->mode);
	bootimage_close(&b);
}

/* EPERM has three causes, which want three different things done. */
static bool fail_permission(const char *kernel, struct err *e)
{
	struct lockdown l;

	lockdown_read(&l, "");
	if (geteuid())
		return fail(e, EPERM, "only root may do this");
	if (l.load_disabled)
		return fail(e, EPERM, "kernel.kexec_load_disabled is set: nothing can be "
			    "loaded or taken out until the next boot");
	if (kernel && lockdown_wants_signature(&l)) {
		fail_lockdown(&l, kernel, e);
		return false;
	}
	return fail(e, EPERM, "the running kernel forbids it (is CAP_SYS_BOOT missing, as in a "
		    "container?)");
}

/* What is no EFI program has no place for a signature: the kernel calls it damaged. */
static bool has_signature(const char *kernel)
{
	struct bootimage b;
	struct err ignored;
	bool has;

	if (!bootimage_open(&b, kernel, &ignored))
		return true;
	has = b.is_signed;
	bootimage_close(&b);
	return has;
}

/* kernel NULL: it is to be taken out. */
static bool fail_load(int code, const char *kernel, struct err *e)
{
	bool is_unsigned = (code == ELIBBAD || code == EBADMSG) && kernel &&
			   !has_signature(kernel);
	const char *why = kexec_why(is_unsigned ? ENODATA : code);

	if (code == EPERM)
		fail_permission(kernel, e);
	else
		err_set(e, code, "%s", why[0] ? why : strerror(code));
	return within(e, "%s", kernel ? kernel : "cannot take it out");
}

/* ---- the two ways ----------------------------------------------------------- */

static bool open_file(const char *path, const char *what, int *fd, struct err *e)
{
	*fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0)
		return fail(e, errno, "%s %s: %s", what, path, strerror(errno));
	return true;
}

static bool load_by_syscall(const struct kexec_job *job, struct err *e)
{
	cleanup_fd int kernel = -1;
	cleanup_fd int initrd = -1;

	if (!open_file(job->kernel, "kernel", &kernel, e) ||
	    !open_file(job->initrd_now ? job->initrd_now : job->initrd, "image", &initrd, e))
		return false;
	if (syscall(SYS_kexec_file_load, kernel, initrd, strlen(job->cmdline) + 1,
		    job->cmdline, (unsigned long)FILE_ON_CRASH))
		return fail_load(errno, job->kernel, e);
	return true;
}

/* Waits for `kexec argv...`; its own words go to standard error. */
static bool run_kexec(const char *const argv[], struct err *e)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	if (pid < 0)
		return fail(e, errno, "cannot start kexec: %s", strerror(errno));
	while (waitpid(pid, &status, 0) != pid)
		if (errno != EINTR)
			return fail(e, errno, "kexec: %s", strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return fail(e, ENOENT, "the program kexec is not installed (package "
			    "kexec-tools)");
	return !status || fail(e, EIO, "kexec failed, see above");
}

static bool load_by_tools(const struct kexec_job *job, struct err *e)
{
	char initrd[HOST_PATH_MAX + 16], append[4096];
	const char *argv[] = { "kexec", "-p", "-c", initrd, append, job->kernel,
			       job->no_checks ? "--no-checks" : NULL, NULL };

	if (snprintf(initrd, sizeof(initrd), "--initrd=%s", job->initrd_now ? job->initrd_now
		     : job->initrd) >= (int)sizeof(initrd))
		return fail(e, ENAMETOOLONG, "image %s: the name is too long", job->initrd);
	snprintf(append, sizeof(append), "--append=%s", job->cmdline);
	return run_kexec(argv, e);
}

bool kexec_load(struct kexec_job *job, struct err *e)
{
	struct kexec_state state;
	bool ok = false;

	kexec_state(&state, "");
	if (!state.supported)
		return fail(e, ENOSYS, "the running kernel cannot start another one after a "
			    "crash (CONFIG_KEXEC and CONFIG_CRASH_DUMP are off)");
	if (!state.reserved)
		return fail(e, ENOMEM, "no memory is reserved for a capture kernel: boot with "
			    "crashkernel=SIZE on the command line, `crashbox estimate` says "
			    "how much");
	if (job->how == KEXEC_BY_SYSCALL) {
		ok = load_by_syscall(job, e);
		if (!ok && e->code == ENOSYS)
			job->how = KEXEC_BY_TOOLS;
	}
	if (job->how == KEXEC_BY_TOOLS) {
		ok = load_by_tools(job, e);
		if (!ok && e->code == ENOENT)
			within(e, "the running kernel has no kexec_file_load, or --kexec-tools "
			       "was given, and");
	}
	if (!ok)
		return false;
	kexec_state(&state, "");
	return state.loaded || fail(e, EIO, "the load was said to be done, but the kernel has "
				    "nothing loaded");
}

/* Of kernels without the newer call, the older one takes out what either has put in. */
bool kexec_unload(struct err *e)
{
	struct kexec_state state;

	kexec_state(&state, "");
	if (!state.supported)
		return fail(e, ENOSYS, "the running kernel cannot load a capture kernel at "
			    "all");
	if (syscall(SYS_kexec_file_load, -1, -1, 0UL, NULL,
		    (unsigned long)(FILE_UNLOAD | FILE_ON_CRASH)) &&
	    (errno != ENOSYS || syscall(SYS_kexec_load, 0UL, 0UL, NULL, 1UL)))
		return fail_load(errno, NULL, e);
	kexec_state(&state, "");
	return !state.loaded || fail(e, EIO, "the kernel still has it loaded");
}
