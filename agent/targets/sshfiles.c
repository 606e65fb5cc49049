/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files for the SSH client. The folder is a ramfs, which is in every kernel and is
 * never swapped out. It is mounted by a child in a mount namespace of its own that ends a
 * moment later; only the open folder is left. OpenSSH closes what it inherits, so the
 * client has it as its working folder.
 */
#include "sshfiles.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"

#define KEY_FILE_MAX 16384
#define MOUNT_POINT "/proc"	/* a folder that is there everywhere; seen by nobody */
#define PROGRAM_COPY "ssh"
#define DEEPEST 128		/* folders above one that we are locked up in */

/* ---- the folder ------------------------------------------------------------- */

/* A folder that we were locked up in need not be a mount; the root of them all is one. */
static bool go_to_root(void)
{
	bool ok = !chdir("/") && !chroot(MOUNT_POINT);

	for (unsigned i = 0; ok && i < DEEPEST; i++)
		ok = !chdir("..");
	return ok && !chroot(".");
}

/* What is mounted from here on in a namespace of our own, nobody else sees. */
static bool hide_mounts(void)
{
	return go_to_root() && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

static bool mount_memory(const char *mode)
{
	return !mount("crashbox", MOUNT_POINT, "ramfs", MS_NODEV | MS_NOSUID, mode);
}

/* In a child that shares our open files and nothing else: the folder goes to slot. */
_Noreturn static void mount_into(int slot)
{
	int fd;

	if (unshare(CLONE_NEWNS) || !hide_mounts() || !mount_memory("mode=0711"))
		_exit(1);
	fd = open(MOUNT_POINT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || dup3(fd, slot, O_CLOEXEC) < 0)
		_exit(1);
	close(fd);
	_exit(0);
}

/* -1 where we may not mount. */
static int hidden_folder(void)
{
	cleanup_fd int slot = open("/", O_PATH | O_CLOEXEC);
	int status;
	pid_t pid;

	if (slot < 0 || geteuid())
		return -1;
	pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
	if (!pid)
		mount_into(slot);
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return pid > 0 && !status ? take_fd(&slot) : -1;
}

struct made_file {
	const char *name;
	const void *text;
	size_t len;
	mode_t mode;
	unsigned uid;	/* whose it is */
};

static bool make_file(int dir_fd, const struct made_file *f, struct err *e)
{
	cleanup_fd int fd = openat(dir_fd, f->name,
				   O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);

	if (fd < 0)
		return fail(e, errno, "%s for the SSH client: %s", f->name, strerror(errno));
	return write_all(fd, f->text, f->len, f->name, e) &&
	       (!(fchown(fd, f->uid, f->uid) || fchmod(fd, f->mode)) ||
		fail(e, errno, "%s for the SSH client: %s", f->name, strerror(errno)));
}

/* ---- its user --------------------------------------------------------------- */

/* glibc asks nscd first, which knows the machine's own /etc/passwd. */
#define NSCD "/run/nscd"

void sshfiles_know_user(const char *passwd)
{
	const struct made_file file = { "passwd", passwd, strlen(passwd), 0444, 0 };
	cleanup_fd int root = -1;
	cleanup_fd int dir = -1;
	struct err ignored;

	if (unshare(CLONE_NEWNS))
		return;
	/* That of the new namespace: an older one is not to be mounted on. */
	root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0 || !hide_mounts() || fchdir(root) || chroot(".") ||
	    !mount_memory("mode=0755"))
		return;
	dir = open(MOUNT_POINT, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir >= 0 && make_file(dir, &file, &ignored))
		mount(MOUNT_POINT "/passwd", "/etc/passwd", NULL, MS_BIND, NULL);
	umount2(MOUNT_POINT, MNT_DETACH);
	mount("crashbox", NSCD, "ramfs", MS_NODEV | MS_NOSUID, "mode=0755");
}

/* ---- what is in it ---------------------------------------------------------- */

/* Without a folder it is read where it is, but by the same rules. */
static bool take_key(struct sshfiles *f, const struct sshfiles_want *want, struct err *e)
{
	const char *key_file = want->key_file;
	cleanup_fd int fd = open(key_file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char key[KEY_FILE_MAX];
	struct stat st;
	bool ok;

	if (fd < 0 || fstat(fd, &st))
		return fail(e, errno, "ssh_key %s: cannot open: %s", key_file,
			    strerror(errno));
	if (!S_ISREG(st.st_mode) || st.st_size < 1 || st.st_size > KEY_FILE_MAX)
		return fail(e, EINVAL, "ssh_key %s: not a private key", key_file);
	if (st.st_mode & 077)
		return fail(e, EACCES, "ssh_key %s: its mode is %04o, so others may read it; "
			    "chmod 600 it", key_file, (unsigned)st.st_mode & 07777);
	snprintf(f->key, sizeof(f->key), "%s", f->dir_fd < 0 ? key_file : SSH_KEY_COPY);
	if (f->dir_fd < 0)
		return true;
	ok = pread_all(fd, key, st.st_size, 0, key_file, e) &&
	     make_file(f->dir_fd, &(struct made_file){ SSH_KEY_COPY, key, st.st_size, 0400,
						       want->uid }, e);
	explicit_bzero(key, sizeof(key));
	return ok;
}

static bool take_list(struct sshfiles *f, const char *pinned, struct err *e)
{
	const struct made_file file = { SSH_KNOWN_HOSTS, pinned, strlen(pinned), 0444, 0 };

	snprintf(f->list, sizeof(f->list), "%s", SSH_KNOWN_HOSTS);
	if (f->dir_fd >= 0)
		return make_file(f->dir_fd, &file, e);
	/* No secret, and a client of the same user may look into us. */
	f->list_fd = memfd_create(SSH_KNOWN_HOSTS, MFD_CLOEXEC);
	snprintf(f->list, sizeof(f->list), "/proc/%d/fd/%d", getpid(), f->list_fd);
	if (f->list_fd < 0)
		return fail(e, errno, SSH_KNOWN_HOSTS ": %s", strerror(errno));
	return write_all(f->list_fd, pinned, strlen(pinned), SSH_KNOWN_HOSTS, e);
}

bool sshfiles_make(struct sshfiles *f, const struct sshfiles_want *want, struct err *e)
{
	*f = SSHFILES_NONE;
	f->dir_fd = hidden_folder();
	if (take_key(f, want, e) && take_list(f, want->pinned, e))
		return true;
	sshfiles_drop(f);
	return false;
}

static bool copy_program(int dir_fd, int from)
{
	cleanup_fd int to = openat(dir_fd, PROGRAM_COPY,
				   O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
	ssize_t n = 1;

	while (to >= 0 && n > 0)
		n = sendfile(to, from, NULL, 1 << 20);
	return to >= 0 && !n && !fchmod(to, 0111);
}

int sshfiles_program(const struct sshfiles *f, const char *path)
{
	cleanup_fd int fd = access(path, X_OK) ? -1 : open(path, O_PATH | O_CLOEXEC);
	cleanup_fd int from = -1;
	struct stat st;

	if (fd < 0 || f->dir_fd < 0 || fstat(fd, &st) || !(st.st_mode & 004))
		return take_fd(&fd);
	from = open(path, O_RDONLY | O_CLOEXEC);
	if (from < 0 || !copy_program(f->dir_fd, from))
		return -1;
	return openat(f->dir_fd, PROGRAM_COPY, O_PATH | O_CLOEXEC);
}

void sshfiles_drop(struct sshfiles *f)
{
	static const char *const names[] = { SSH_KEY_COPY, SSH_KNOWN_HOSTS, PROGRAM_COPY };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && f->dir_fd >= 0; i++)
		unlinkat(f->dir_fd, names[i], 0);
	if (f->dir_fd >= 0)
		close(take_fd(&f->dir_fd));
	if (f->list_fd >= 0)
		close(take_fd(&f->list_fd));
}
