/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first process in a guest of `crashbox vm`. */
#ifndef VM_GUEST_H
#define VM_GUEST_H

/*
 * Loads modules, arms the guest, and runs the command, or what the user's archive has as
 * /init. Never returns: it powers off.
 */
_Noreturn void guest_main(void);

#endif
