/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first process in a guest of `crashbox vm`. It runs on a kernel that is to be tested:
 * what fails is told over the channel, and whoever started the guest has the clock.
 */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "guest_words.h"
#include "kexec/kexec.h"
#include "kexec/plan.h"
#include "machine/modules.h"

#define DISK_WAIT_S 20.0
#define POLL_S 0.1
#define BEAT_S 1.0

/* ---- the channel ------------------------------------------------------------ */

/* As bytes: the terminal layer is to add nothing, and to send nothing back. */
static int open_channel(void)
{
	int fd = open(GUEST_CHANNEL, O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios tty;

	if (fd >= 0 && !tcgetattr(fd, &tty)) {
		cfmakeraw(&tty);
		tcsetattr(fd, TCSANOW, &tty);
	}
	return fd;
}

/* A whole line in one write, so that those of the heart do not mix with it. */
static void tell(int channel, const char *word, const char *rest)
{
	char line[300];
	int len = snprintf(line, sizeof(line), "%s%.250s\n", word, rest);
	struct err ignored;

	if (write_all(channel, line, len, GUEST_CHANNEL, &ignored))
		tcdrain(channel);
}

/* A process of its own: it goes on when the user's /init takes our place. */
static pid_t start_heart(int channel)
{
	struct err ignored;
	pid_t pid = fork();

	if (pid)
		return pid;
	write_text("/proc/self/oom_score_adj", "-1000", &ignored);
	for (;;) {
		tell(channel, SAYS_BEAT, "");
		pause_seconds(BEAT_S);
	}
}

/* ---- coming up -------------------------------------------------------------- */

static void mount_basics(const char *below)
{
	static const char *const kinds[][2] = {
		{ "proc", "proc" }, { "sysfs", "sys" }, { "devtmpfs", "dev" },
	};
	char where[64];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(where, sizeof(where), "%s/%s", below, kinds[i][1]);
		mkdir(where, 0755);
		mount(kinds[i][0], where, kinds[i][0], MS_NOSUID, NULL);
	}
}

static bool load_capture(struct err *e)
{
	struct plan plan;
	const struct plan_want want = {
		.root = "", .kernel = "/" GUEST_KERNEL, .initrd = "/" GUEST_IMAGE,
		.append = GUEST_CAPTURE_WORDS,
	};
	struct kexec_job job = { .kernel = plan.kernel, .initrd = plan.initrd,
				 .cmdline = plan.cmdline };

	if (!plan_make(&plan, &want, e))
		return false;
	if (kexec_load(&job, e))
		return true;
	/* There are no such tools here, and nobody has asked for them. */
	return job.how == KEXEC_BY_TOOLS &&
	       fail(e, ENOSYS, "its kernel has no kexec_file_load: CONFIG_KEXEC_FILE is off");
}

static void arm(int channel)
{
	struct err e;

	if (access("/" GUEST_IMAGE, F_OK))
		return;
	if (load_capture(&e))
		tell(channel, SAYS_ARMED, "");
	else
		tell(channel, SAYS_UNARMED, e.text);
	/* They are memory, as all files here. */
	unlink("/" GUEST_KERNEL);
	unlink("/" GUEST_IMAGE);
}

/* The folder of the host itself, with a memory over it for what is written. */
static bool mount_share(struct err *e)
{
	static const char changes[] = "lowerdir=/" GUEST_SHARE ",upperdir=/" GUEST_CHANGES
				      "/upper,workdir=/" GUEST_CHANGES "/work";

	mkdir("/" GUEST_SHARE, 0755);
	mkdir("/" GUEST_CHANGES, 0755);
	if (mount(GUEST_SHARE_TAG, "/" GUEST_SHARE, "9p", MS_RDONLY,
		  "trans=virtio,version=9p2000.L,msize=262144,cache=loose"))
		return fail(e, errno, "--root cannot be mounted by 9p: %s", strerror(errno));
	mount("tmpfs", "/" GUEST_CHANGES, "tmpfs", 0, "mode=755");
	mkdir("/" GUEST_CHANGES "/upper", 0755);
	mkdir("/" GUEST_CHANGES "/work", 0755);
	return !mount("overlay", "/" GUEST_ROOT, "overlay", 0, changes) ||
	       fail(e, errno, "--root cannot be made writable: %s", strerror(errno));
}

/* Or a copy, on a disk. */
static bool mount_disk(struct err *e)
{
	double until = monotonic_seconds() + DISK_WAIT_S;

	while (mount(GUEST_ROOT_DISK, "/" GUEST_ROOT, "ext4", 0, NULL)) {
		if ((errno != ENOENT && errno != ENXIO) || monotonic_seconds() >= until)
			return fail(e, errno, "the disk with --root cannot be mounted: %s",
				    strerror(errno));
		pause_seconds(POLL_S);
	}
	return true;
}

/* What the command changes of its file system is gone with the guest. */
static bool enter_root(struct err *e)
{
	bool is_share = !access("/" GUEST_HAS_SHARE, F_OK);

	if (!is_share && access("/" GUEST_HAS_ROOT, F_OK))
		return true;
	mkdir("/" GUEST_ROOT, 0755);
	if (!(is_share ? mount_share(e) : mount_disk(e)))
		return false;
	mount_basics("/" GUEST_ROOT);
	mkdir("/" GUEST_ROOT "/tmp", 01777);
	mount("tmpfs", "/" GUEST_ROOT "/tmp", "tmpfs", MS_NOSUID, "mode=1777");
	mount("tmpfs", "/" GUEST_ROOT "/run", "tmpfs", MS_NOSUID, "mode=755");
	return (!chroot("/" GUEST_ROOT) && !chdir("/")) ||
	       fail(e, errno, "--root: %s", strerror(errno));
}

/* ---- the command ------------------------------------------------------------ */

/* Its words go to argv, which ends with NULL. False: there is none. */
static bool read_command(char text[GUEST_COMMAND_MAX], char *argv[GUEST_WORDS_MAX + 1])
{
	cleanup_fd int fd = open("/" GUEST_COMMAND, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, text, GUEST_COMMAND_MAX);
	unsigned n = 0;

	for (ssize_t at = 0; at < len && n < GUEST_WORDS_MAX; at += strlen(text + at) + 1)
		argv[n++] = text + at;
	argv[n] = NULL;
	return n > 0;
}

/* What it says of itself comes by the channel, as its own output is the console. */
static void start_command(int channel, char *const argv[])
{
	setsid();
	setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
	tell(channel, SAYS_RUNS, "");
	execvp(argv[0], argv);
	tell(channel, SAYS_FAILED, strerror(errno));
	_exit(127);
}

/* Whoever is orphaned meanwhile is ours, and reaped as well. A command may end our heart. */
static int wait_for(pid_t pid, int channel, pid_t heart)
{
	int status = 0;
	pid_t ended;

	do {
		ended = wait(&status);
		if (ended == heart)
			heart = start_heart(channel);
	} while (ended != pid && (ended >= 0 || errno == EINTR));
	return status;
}

static void run_command(int channel, pid_t heart, char *const argv[])
{
	pid_t pid = fork();
	char number[16];
	int status;

	if (!pid)
		start_command(channel, argv);
	if (pid < 0) {
		tell(channel, SAYS_FAILED, strerror(errno));
		return;
	}
	status = wait_for(pid, channel, heart);
	snprintf(number, sizeof(number), "%d", WIFSIGNALED(status) ? WTERMSIG(status)
								  : WEXITSTATUS(status));
	tell(channel, WIFSIGNALED(status) ? SAYS_SIGNAL : SAYS_EXIT, number);
}

_Noreturn static void power_off(void)
{
	sync();
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
		LINUX_REBOOT_CMD_POWER_OFF, NULL);
	for (;;)
		pause();
}

_Noreturn void guest_main(void)
{
	char *argv[GUEST_WORDS_MAX + 1], text[GUEST_COMMAND_MAX];
	uint32_t at = 0;
	bool has_command;
	pid_t heart;
	int channel;
	struct err e;

	mount_basics("");
	sethostname(GUEST_HOST, sizeof(GUEST_HOST) - 1);
	channel = open_channel();
	tell(channel, SAYS_UP, "");
	heart = start_heart(channel);
	modules_load("/modules", 0, &at);
	arm(channel);
	has_command = read_command(text, argv);
	if (!enter_root(&e))
		tell(channel, SAYS_FAILED, e.text);
	else if (has_command)
		run_command(channel, heart, argv);
	else if (!access("/init", X_OK))
		execl("/init", "/init", NULL);
	else
		tell(channel, SAYS_EXIT, "0");
	power_off();
}
