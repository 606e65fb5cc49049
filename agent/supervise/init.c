/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PID 1. When it dies or waits for ever the machine is lost, so it does as little as
 * can be: it never opens, mounts, syncs or reads anything that lies on a target, never
 * looks at the crashed kernel's data, allocates nothing, and never waits without an
 * end. Children do the work, see supervise.h.
 *
 * The ladder at the end: reboot(2) from a child, after ten seconds sysrq, after ten more
 * a panic by our own death; and the watchdog, which nobody pets any more.
 */
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/version.h"
#include "config/config.h"
#include "machine/child.h"
#include "machine/watchdog.h"
#include "occasion.h"
#include "places.h"
#include "supervise.h"

#define REBOOT_WAIT_S 10.0
#define TRIES 4			/* of what all depends on */
#define PAUSE_S 0.25
#define SHARE_TRIES 8		/* in two seconds */

/* Nothing of this kernel was there before, and nobody looks on. */
static const struct occasion a_crash = {
	.happened = "crashed",
	.suffix = "",
	.brings_up = true,
	.shows_end = true,
	.may_withhold = true,
	.goes_on = true,
	.last_words = true,
};

struct machine {
	struct occasion occasion;
	struct places places;
	char places_text[PLACES_TEXT];
	struct config config;
	struct watchdog watchdog;
	struct supervisor supervisor;
	struct supervised own;		/* where none can be shared */
	double began;
};

static void report_bad(const struct err *e)
{
	log_warn("%s (ignored)", e->text);
}

/* ---- coming up -------------------------------------------------------------- */

static void mount_at(const char *type, const char *where)
{
	for (unsigned i = 0; i < TRIES; i++) {
		mkdir(where, 0755);
		if (!mount(type, where, type, MS_NOSUID | MS_NOEXEC, NULL) || errno == EBUSY)
			return;
		log_warn("%s: cannot mount: %s", where, strerror(errno));
		pause_seconds(PAUSE_S);
	}
}

/*
 * The kernel gives us a console only if the image had one to open. One that is stopped,
 * by a stray Ctrl-S or a missing handshake line, must not stop us: what it does not take
 * is lost. The children share this open file, and with it that rule.
 */
static void open_console(const char *console)
{
	struct termios tty;
	struct stat st;
	int fd;

	if (fstat(STDERR_FILENO, &st)) {
		mkdir("/dev", 0755);
		mount("devtmpfs", "/dev", "devtmpfs", MS_NOSUID, NULL);
		fd = open(console, O_RDWR | O_NOCTTY | O_NONBLOCK);
		if (fd < 0)
			fd = open("/dev/null", O_RDWR);
		for (int i = 0; fd >= 0 && i < 3; i++)
			if (fd != i)
				dup2(fd, i);
		if (fd > 2)
			close(fd);
	}
	fcntl(STDERR_FILENO, F_SETFL, O_RDWR | O_NONBLOCK);
	fcntl(STDOUT_FILENO, F_SETFL, O_RDWR | O_NONBLOCK);
	if (!tcgetattr(STDERR_FILENO, &tty)) {
		tty.c_iflag &= ~(IXON | IXOFF);
		tty.c_cflag &= ~CRTSCTS;
		tcsetattr(STDERR_FILENO, TCSANOW, &tty);
	}
}

static void set_up_kernel(const struct places *at)
{
	struct err e;

	umask(077);
	mount_at("proc", "/proc");
	/* Before anything else can go wrong: our own death must not be the end. */
	if (!write_text(at->panic, "10", &e))
		log_warn("%s", e.text);
	write_text("/proc/self/oom_score_adj", "-1000", &e);
	mount_at("sysfs", "/sys");
	mount_at("devtmpfs", "/dev");
	/* Else the kernel drops all but ten lines in five seconds. */
	write_text(at->printk_devkmsg, "on", &e);
	/*
	 * The kernel allows threads for an eighth of its memory, which are 40 in 22 MiB: too
	 * few for the workers of a file system, whose mount then fails for "memory".
	 */
	write_text(at->threads_max, "4096", &e);
	log_to_kmsg(at->kmsg);
}

static void set_up_signals(struct machine *m)
{
	sigset_t all;

	sigfillset(&all);
	/* Not those that the kernel sends for faults of our own. */
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGILL);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGABRT);
	m->supervisor.signal_fd = child_signals(&all);
}

static void read_config(struct machine *m)
{
	char cmdline[4096];
	struct err e;

	for (unsigned i = 0; i < TRIES; i++) {
		config_init(&m->config);
		m->config.told = report_bad;
		if (config_file(&m->config, m->places.config, &e))
			break;
		if (e.code == ENOENT) {
			log_info("no %s in the image, the command line has to do",
				 m->places.config);
			break;
		}
		log_warn("%s", e.text);
		/* It may have said that nothing is to be saved in the clear. */
		m->config.encrypt.to.is_broken = true;
		child_tick(m->supervisor.signal_fd);
	}
	if (read_text(m->places.cmdline, cmdline, sizeof(cmdline), &e))
		config_cmdline(&m->config, cmdline);
	if (!config_check(&m->config, &e))
		log_warn("%s", e.text);
	m->supervisor.deadline = m->began + m->config.deadline_s;
}

/* The last lines of a console that may be all there is: which target has what, and why. */
static void sum_up(const struct machine *m)
{
	for (unsigned i = 0; i < m->config.n_targets; i++) {
		const struct fate *fate = &m->supervisor.shared->fates[i];
		bool saved = fate->dump == DONE;

		log_info("target %u has %s%s%s%s: %s", i + 1,
			 fate->dmesg == DONE ? "the dmesg and " : "",
			 saved ? "the dump" : "no dump", !saved && fate->why[0] ? ", " : "",
			 saved ? "" : fate->why, m->config.targets[i]);
	}
}

/* ---- the end ---------------------------------------------------------------- */

/* Who asks: below 0 if nobody could be found to do it. */
static pid_t ask_kernel(enum action action)
{
	static const unsigned commands[] = {
		[ACTION_REBOOT] = LINUX_REBOOT_CMD_RESTART,
		[ACTION_POWEROFF] = LINUX_REBOOT_CMD_POWER_OFF,
		[ACTION_HALT] = LINUX_REBOOT_CMD_HALT,
	};

	/* From a child: the call may never come back. */
	pid_t pid = fork();

	if (pid)
		return pid;
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, commands[action], NULL);
	_exit(1);
}

_Noreturn static void finish(struct machine *m, enum action action)
{
	static const char *const words[] = {
		[ACTION_REBOOT] = "rebooting", [ACTION_POWEROFF] = "powering off",
		[ACTION_HALT] = "halting",
	};
	double until = monotonic_seconds() + REBOOT_WAIT_S;
	pid_t pid = -1;
	int status;
	struct err e;

	log_info("%s, %.1f s after start", words[action], monotonic_seconds() - m->began);
	/* A machine that is to stay down must not be reset. */
	if (action != ACTION_REBOOT)
		watchdog_release(&m->watchdog);
	while (monotonic_seconds() < until) {
		/* It has come back, or died before it could ask. */
		if (pid < 0 || child_reap(pid, &status))
			pid = ask_kernel(action);
		child_tick(m->supervisor.signal_fd);
	}
	if (action != ACTION_HALT) {
		log_warn("still here after %.0f s, trying sysrq", REBOOT_WAIT_S);
		write_text(m->places.sysrq, action == ACTION_REBOOT ? "b" : "o", &e);
	}
	until = monotonic_seconds() + REBOOT_WAIT_S;
	while (action != ACTION_REBOOT || monotonic_seconds() < until) {
		child_reap(-1, &status);
		child_tick(m->supervisor.signal_fd);
	}
	/* The last rung: our death is a panic, and panic= reboots by itself. */
	_exit(1);
}

/*
 * Where the word asks for others and they are not to be had this is no crash, and what is
 * here belongs to a machine that is up.
 */
static void find_places(struct machine *m, const char *word)
{
	static const char places_word[] = "--places=";
	struct err e;

	m->places = places_of_machine;
	if (strncmp(word, places_word, sizeof(places_word) - 1))
		return;
	if (!places_read(&m->places, word + sizeof(places_word) - 1, m->places_text, &e)) {
		log_warn("%s", e.text);
		_exit(1);
	}
}

/* With the children, whatever it takes. */
static void share(struct machine *m)
{
	struct err e;

	for (unsigned i = 0; i < SHARE_TRIES; i++) {
		if (supervise_begin(&m->supervisor, &e))
			return;
		log_warn("%s", e.text);
		child_tick(m->supervisor.signal_fd);
	}
	supervise_blind(&m->supervisor, &m->own);
}

_Noreturn void init_main(int argc, char **argv)
{
	struct machine m = { .watchdog = WATCHDOG_NONE };
	bool saved;

	/* From here on PID 1 must not exit: what fails is said, and passed over. */
	m.supervisor.config = &m.config;
	m.supervisor.watchdog = &m.watchdog;
	m.supervisor.occasion = &m.occasion;
	m.occasion = a_crash;
	m.occasion.places = &m.places;
	find_places(&m, argc > 1 ? argv[1] : "");
	open_console(m.places.console);
	m.began = monotonic_seconds();
	set_up_kernel(&m.places);
	log_info("version %s, saving the crash", CRASHBOX_VERSION);
	set_up_signals(&m);
	read_config(&m);
	share(&m);
	saved = supervise(&m.supervisor);
	if (!m.supervisor.blind)
		sum_up(&m);
	if (!saved)
		log_warn("the crash is NOT saved as it should be, see above");
	finish(&m, saved ? m.config.on_success : m.config.on_failure);
}
