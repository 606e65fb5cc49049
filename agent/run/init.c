/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PID 1. When it dies or waits for ever the machine is lost, so it does as little as
 * can be: it never opens, mounts, syncs or reads anything that lies on a target, never
 * looks at the crashed kernel's data, allocates nothing, and never waits without an
 * end. Children do the work; one that dies, or stands still for too long, is given up,
 * even if it cannot be killed, and what is left to save goes to another.
 *
 * The ladder at the end: reboot(2) from a child, after ten seconds sysrq, after ten more
 * a panic by our own death; and the watchdog, which nobody pets any more.
 */
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "machine/config.h"
#include "machine/watchdog.h"
#include "progress.h"
#include "retry.h"
#include "session.h"
#include "version.h"

#define TICK_MS 250
#define SHOW_EVERY_S 1.0
#define WATCHDOG_S 60
#define DISK_STALL_S 120	/* a journal may have to be replayed */
#define KILL_WAIT_S 3.0
#define REBOOT_WAIT_S 10.0
#define BUDGET_MARGIN_S 15	/* to end in good order once copying has stopped */
#define MAX_ATTEMPTS (3 * MAX_TARGETS + 4)

struct shared {
	struct fate fates[MAX_TARGETS];
	struct progress attempts[MAX_ATTEMPTS];	/* one each */
};

struct machine {
	struct config config;
	struct watchdog watchdog;
	struct shared *shared;		/* with the children */
	int signal_fd;
	double began, deadline;
};

static void report_bad(const struct err *e)
{
	log_warn("%s (ignored)", e->text);
}

/* ---- coming up -------------------------------------------------------------- */

static void mount_at(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, MS_NOSUID | MS_NOEXEC, NULL) && errno != EBUSY)
		log_warn("%s: cannot mount: %s", where, strerror(errno));
}

/*
 * The kernel gives us a console only if the image had one to open. One that is stopped,
 * by a stray Ctrl-S or a missing handshake line, must not stop us: what it does not take
 * is lost. The children share this open file, and with it that rule.
 */
static void open_console(void)
{
	struct termios tty;
	struct stat st;
	int fd;

	if (fstat(STDERR_FILENO, &st)) {
		mkdir("/dev", 0755);
		mount("devtmpfs", "/dev", "devtmpfs", MS_NOSUID, NULL);
		fd = open("/dev/console", O_RDWR | O_NOCTTY | O_NONBLOCK);
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

static void set_up_kernel(void)
{
	struct err e;

	umask(077);
	mount_at("proc", "/proc");
	/* Before anything else can go wrong: our own death must not be the end. */
	if (!write_text("/proc/sys/kernel/panic", "10", &e))
		log_warn("%s", e.text);
	write_text("/proc/self/oom_score_adj", "-1000", &e);
	mount_at("sysfs", "/sys");
	mount_at("devtmpfs", "/dev");
	/* Else the kernel drops all but ten lines in five seconds. */
	write_text("/proc/sys/kernel/printk_devkmsg", "on", &e);
	/*
	 * The kernel allows threads for an eighth of its memory, which are 40 in 22 MiB: too
	 * few for the workers of a file system, whose mount then fails for "memory".
	 */
	write_text("/proc/sys/kernel/threads-max", "4096", &e);
	log_to_kmsg();
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
	sigprocmask(SIG_SETMASK, &all, NULL);
	m->signal_fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void read_config(struct machine *m)
{
	char cmdline[4096];
	struct err e;

	config_init(&m->config);
	if (!config_file(&m->config, DEFAULT_CONFIG, report_bad, &e) && e.code == ENOENT)
		log_info("no %s in the image, the command line has to do", DEFAULT_CONFIG);
	if (read_text("/proc/cmdline", cmdline, sizeof(cmdline), &e))
		config_cmdline(&m->config, cmdline, report_bad);
	if (!config_check(&m->config, &e))
		log_warn("%s", e.text);
	m->deadline = m->began + m->config.deadline_s;
}

/* ---- children --------------------------------------------------------------- */

static void let_signals_in(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static pid_t start(struct machine *m, const struct attempt *attempt,
		   struct progress *progress)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	let_signals_in();
	/* Only PID 1 may keep it open: else a child that hangs would keep it armed. */
	if (m->watchdog.fd >= 0)
		close(m->watchdog.fd);
	_exit(session_run(&m->config, attempt, m->shared->fates, progress));
}

/* Sleeps for a tick or until a child ends. Never longer, whatever happens. */
static void tick(struct machine *m)
{
	struct pollfd fd = { .fd = m->signal_fd, .events = POLLIN };
	struct signalfd_siginfo info;

	if (poll(&fd, 1, TICK_MS) > 0)
		while (read(m->signal_fd, &info, sizeof(info)) == sizeof(info))
			;
}

/* Reaps whoever ended. True when it was pid; *status_ret is its wait status. */
static bool reap(pid_t pid, int *status_ret)
{
	bool found = false;
	int status;
	pid_t ended;

	while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
		if (ended == pid) {
			found = true;
			*status_ret = status;
		}
	}
	return found;
}

/* Counts up whatever a child can move. */
static uint64_t motion(const struct progress *p)
{
	return p->stage + p->module + progress_get(&p->done) + progress_get(&p->durable) +
	       progress_get(&p->alive);
}

/*
 * Is the process waiting for something, and not working? Else it is lost in a loop of
 * ours. This file of /proc never waits for the process itself.
 */
static bool is_waiting(pid_t pid)
{
	char path[32], text[512], *state;
	struct err ignored;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (!read_text(path, text, sizeof(text), &ignored))
		return false;
	state = strrchr(text, ')');
	return state && state[1] == ' ' && strchr("SD", state[2]);
}

/* False: it is stuck in the kernel, waiting for a device, and there it stays. */
static bool give_up_on(struct machine *m, pid_t pid)
{
	double until = monotonic_seconds() + KILL_WAIT_S;
	int status;

	kill(pid, SIGKILL);
	while (monotonic_seconds() < until) {
		if (reap(pid, &status))
			return true;
		watchdog_pet(&m->watchdog);
		tick(m);
	}
	log_warn("the capture process cannot be killed, going on without it");
	return false;
}

static double stall_limit(const struct machine *m, const struct progress *p)
{
	bool patient = p->stage == STAGE_START || (p->stage == STAGE_TARGET && !p->brisk);

	return patient && m->config.stall_s < DISK_STALL_S ? DISK_STALL_S
							   : m->config.stall_s;
}

/* Is it time to end the child? why gets the reason. */
static bool is_over(const struct machine *m, const struct progress *p, double moved,
		    bool *stuck_ret, char *why, size_t size)
{
	double now = monotonic_seconds(), until = progress_get(&p->give_up_ms) / 1000.0;

	*stuck_ret = false;
	if (now >= m->deadline - KILL_WAIT_S) {
		snprintf(why, size, "the deadline of %u s came in stage %s",
			 m->config.deadline_s, stage_name(p->stage));
	} else if (now - moved >= stall_limit(m, p)) {
		*stuck_ret = true;
		snprintf(why, size, "nothing moved for %.0f s in stage %s", now - moved,
			 stage_name(p->stage));
	} else if (until && now >= until + BUDGET_MARGIN_S) {
		snprintf(why, size, "its time was over in stage %s", stage_name(p->stage));
	} else {
		return false;
	}
	return true;
}

/* Ends the child. What it was waiting for is at fault, if it waited. */
static enum ending end_child(struct machine *m, pid_t pid, bool stuck)
{
	bool waiting = stuck && is_waiting(pid);

	if (!give_up_on(m, pid))
		return HUNG;
	return waiting ? STUCK : DIED;
}

/*
 * Watches one child to its end. The watchdog is petted only while something moves.
 * why gets a sentence when it was not the child's own decision to end.
 */
static enum ending watch(struct machine *m, pid_t pid, struct progress *p, char *why,
			 size_t size)
{
	struct meter meter = { .stage = N_STAGES, .page_size = sysconf(_SC_PAGESIZE) };
	double moved = monotonic_seconds();
	uint64_t last = motion(p);
	bool stuck;
	int status;

	for (;;) {
		char line[160];

		tick(m);
		if (reap(pid, &status))
			break;
		if (motion(p) != last) {
			last = motion(p);
			moved = monotonic_seconds();
		}
		if (m->watchdog.fd < 0 && watchdog_open(&m->watchdog, WATCHDOG_S))
			log_info("watchdog armed, %u s", m->watchdog.timeout_s);
		if (monotonic_seconds() - moved < stall_limit(m, p))
			watchdog_pet(&m->watchdog);
		if (meter_line(&meter, p, SHOW_EVERY_S, line, sizeof(line)))
			log_info("%s", line);
		if (is_over(m, p, moved, &stuck, why, size))
			return end_child(m, pid, stuck);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) <= 1)
		return ENDED;
	snprintf(why, size, "the capture process died (%s %d) in stage %s",
		 WIFSIGNALED(status) ? "signal" : "status",
		 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
		 stage_name(p->stage));
	return DIED;
}

static bool run_attempts(struct machine *m)
{
	struct fate *fates = m->shared->fates;
	double margin = KILL_WAIT_S +
			(m->config.deadline_s < 150 ? m->config.deadline_s / 5.0 : 30);
	struct attempt a = { .load_modules = true, .give_up = m->deadline - margin };

	for (unsigned i = 0; i < MAX_ATTEMPTS; i++) {
		struct progress *p = &m->shared->attempts[i];
		char why[200];
		pid_t pid = start(m, &a, p);
		enum ending ending;

		if (pid < 0) {
			log_warn("cannot start a process: %s", strerror(errno));
			tick(m);
			continue;
		}
		ending = watch(m, pid, p, why, sizeof(why));
		if (ending == ENDED)
			break;
		log_warn("%s", why);
		/* What came after the dump was committed is not worth another. */
		if (retry_has_dump(fates, m->config.n_targets) ||
		    monotonic_seconds() >= m->deadline - KILL_WAIT_S ||
		    !retry_next(p, &a, fates, m->config.n_targets, ending, why))
			break;
	}
	return retry_is_saved(fates, m->config.n_targets);
}

/* The last lines of a console that may be all there is: which target has what, and why. */
static void sum_up(const struct machine *m)
{
	for (unsigned i = 0; i < m->config.n_targets; i++) {
		const struct fate *fate = &m->shared->fates[i];
		bool saved = fate->dump == DONE;

		log_info("target %u has %s%s%s%s: %s", i + 1,
			 fate->dmesg == DONE ? "the dmesg and " : "",
			 saved ? "the dump" : "no dump", !saved && fate->why[0] ? ", " : "",
			 saved ? "" : fate->why, m->config.targets[i]);
	}
}

/* ---- the end ---------------------------------------------------------------- */

static void ask_kernel(enum action action)
{
	static const unsigned commands[] = {
		[ACTION_REBOOT] = LINUX_REBOOT_CMD_RESTART,
		[ACTION_POWEROFF] = LINUX_REBOOT_CMD_POWER_OFF,
		[ACTION_HALT] = LINUX_REBOOT_CMD_HALT,
	};

	/* From a child: the call may never come back. */
	if (fork() == 0) {
		syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
			commands[action], NULL);
		_exit(1);
	}
}

_Noreturn static void finish(struct machine *m, enum action action)
{
	static const char *const words[] = {
		[ACTION_REBOOT] = "rebooting", [ACTION_POWEROFF] = "powering off",
		[ACTION_HALT] = "halting",
	};
	double until = monotonic_seconds() + REBOOT_WAIT_S;
	int status;
	struct err e;

	log_info("%s, %.1f s after start", words[action], monotonic_seconds() - m->began);
	/* A machine that is to stay down must not be reset. */
	if (action != ACTION_REBOOT)
		watchdog_release(&m->watchdog);
	ask_kernel(action);
	while (monotonic_seconds() < until) {
		reap(-1, &status);
		tick(m);
	}
	if (action != ACTION_HALT) {
		log_warn("still here after %.0f s, trying sysrq", REBOOT_WAIT_S);
		write_text("/proc/sysrq-trigger", action == ACTION_REBOOT ? "b" : "o", &e);
	}
	until = monotonic_seconds() + REBOOT_WAIT_S;
	while (action != ACTION_REBOOT || monotonic_seconds() < until) {
		reap(-1, &status);
		tick(m);
	}
	/* The last rung: our death is a panic, and panic= reboots by itself. */
	_exit(1);
}

_Noreturn void init_main(void)
{
	struct machine m = { .watchdog = WATCHDOG_NONE, .signal_fd = -1 };
	bool saved = false;

	/* From here on PID 1 must not exit: what fails is said, and passed over. */
	open_console();
	m.began = monotonic_seconds();
	set_up_kernel();
	log_info("version %s, saving the crash", CRASHBOX_VERSION);
	set_up_signals(&m);
	read_config(&m);
	m.shared = mmap(NULL, sizeof(*m.shared), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (m.shared == MAP_FAILED) {
		log_warn("no memory to work in: %s", strerror(errno));
	} else {
		saved = run_attempts(&m);
		sum_up(&m);
	}
	if (!saved)
		log_warn("the crash is NOT saved as it should be, see above");
	finish(&m, saved ? m.config.on_success : m.config.on_failure);
}
