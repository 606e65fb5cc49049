/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/frame_name, triage/signature: equal for one fault everywhere, private nowhere. */
#include "triage/signature.h"
#include "t.h"

static const struct {
	const char *row, *symbol, *module, *name;
	enum frame_role role;
} names[] = {
	{ "plain", "vfs_read", NULL, "vfs_read", FRAME_PLAIN },
	{ "of a module", "xfs_log_force", "xfs", "xfs!xfs_log_force", FRAME_PLAIN },
	{ "what gcc adds", "__mutex_lock.constprop.0", NULL, "__mutex_lock",
	  FRAME_PRIMITIVE },
	{ "twice", "foo.isra.0.cold", NULL, "foo", FRAME_PLAIN },
	{ "what clang adds", "foo.llvm.1234567890", NULL, "foo", FRAME_PLAIN },
	{ "a dot of its own", "foo.bar", NULL, "foo.bar", FRAME_PLAIN },
	{ "Rust, with a hash", "_ZN4core9panicking5panic17h0123456789abcdefE", NULL,
	  "_ZN4core9panicking5panic", FRAME_PLAIN },
	{ "a system call", "__x64_sys_read", NULL, "sys_read", FRAME_PLAIN },
	{ "the same on arm64", "__arm64_sys_read", NULL, "sys_read", FRAME_PLAIN },
	{ "who has its code", "__do_sys_finit_module", NULL, "sys_finit_module", FRAME_PLAIN },
	{ "the same by clang", "__se_sys_finit_module", NULL, "sys_finit_module", FRAME_PLAIN },
	{ "its wrapper", "ksys_read", NULL, "ksys_read",
	  FRAME_WRAPPER },
	{ "a trampoline of ftrace", "ftrace_regs_call", NULL, "ftrace_regs_call",
	  FRAME_WRAPPER },
	{ "what it calls for several tracers", "arch_ftrace_ops_list_func", NULL,
	  "arch_ftrace_ops_list_func", FRAME_WRAPPER },
	{ "an entry", "entry_SYSCALL_64_after_hwframe", NULL,
	  "entry_SYSCALL_64_after_hwframe",
	  FRAME_ENTRY },
	{ "an entry of arm64 alone", "____do_softirq", NULL, "____do_softirq", FRAME_ENTRY },
	{ "what tells of a copy that was too long", "usercopy_abort", NULL, "usercopy_abort",
	  FRAME_REPORTER },
	{ "a reporter", "asm_exc_page_fault", NULL, "asm_exc_page_fault", FRAME_REPORTER },
	{ "a module's function of that name", "panic", "lab", "lab!panic", FRAME_PLAIN },
	{ "a BPF program", "bpf_prog_6deef7357e7b4530_sd_fw_ingress", "bpf",
	  "bpf!sd_fw_ingress",
	  FRAME_PLAIN },
	{ "a name that would break the text", "a|b c", NULL, "a?b?c", FRAME_PLAIN },
	{ "memcpy", "memcpy_orig", NULL, "memcpy_orig", FRAME_PRIMITIVE },
	{ "looks like a helper", "stripe_work", NULL, "stripe_work", FRAME_PLAIN },
};

#define STACK 16

/*
 * Identifiers by: printf 'c1|KIND|F1|...' | sha256sum | cut -c 1-16
 */
static const struct {
	const char *row;
	enum crash_kind kind;
	const char *subkind, *panic;
	const char *stack[STACK];	/* "module!function" */
	const char *text, *title, *id, *coarse;
} rows[] = {
	{ "a fault, with reporters in front and an entry behind", KIND_NULL_DEREF, "", "",
	  { "__crash_kexec", "crash_kexec", "oops_end", "page_fault_oops", "exc_page_fault",
	    "asm_exc_page_fault", "lab!lab_null", "lab!lab_init", "do_one_initcall",
	    "do_init_module", "__do_sys_finit_module", "do_syscall_64",
	    "entry_SYSCALL_64_after_hwframe" },
	  "c1|null-deref|lab!lab_null|lab!lab_init|do_one_initcall|do_init_module|"
	  "sys_finit_module", "null-deref in lab!lab_null",
	  "c1-0bcd0d1ffd74d9ee", "c1-081dd4266674a4d9" },
	{ "the same on arm64", KIND_NULL_DEREF, "", "",
	  { "lab!lab_null", "lab!lab_init", "do_one_initcall", "do_init_module",
	    "__do_sys_finit_module", "invoke_syscall", "el0_svc" },
	  "c1|null-deref|lab!lab_null|lab!lab_init|do_one_initcall|do_init_module|"
	  "sys_finit_module", "null-deref in lab!lab_null", "", "" },
	{ "in an entry itself, whatever it interrupted", KIND_NULL_DEREF, "", "",
	  { "asm_exc_page_fault", "net_rx_action", "handle_softirqs", "default_idle" },
	  "c1|null-deref|net_rx_action", "null-deref in net_rx_action", "", "" },
	{ "the caller of a helper", KIND_BAD_ACCESS, "", "",
	  { "strnlen", "string_nocheck", "vsnprintf", "seq_printf", "s_show", "seq_read_iter",
	    "proc_reg_read_iter", "vfs_read", "ksys_read", "do_syscall_64" },
	  "c1|bad-access|s_show|seq_read_iter|proc_reg_read_iter|vfs_read",
	  "bad-access in s_show",
	  "", "" },
	{ "nothing but helpers", KIND_GPF, "", "", { "memcpy", "kfree", "kthread" },
	  "c1|gpf|memcpy|kfree", "gpf in memcpy", "", "" },
	{ "the same function again", KIND_STACK_OVERFLOW, "", "",
	  { "lab!deep", "lab!deep", "lab!deep", "lab!store", "param_attr_store",
	  "kernfs_fop_write_iter",
	    "vfs_write", "do_syscall_64" },
	  "c1|stack-overflow|lab!deep|lab!store|param_attr_store|kernfs_fop_write_iter|"
	  "vfs_write",
	  "stack-overflow in lab!deep", "", "" },
	{ "a task that ends is no reporter", KIND_BUG, "", "",
	  { "exit_mmap", "mmput", "do_exit", "do_group_exit", "sys_exit_group",
	  "do_syscall_64" },
	  "c1|bug|exit_mmap|mmput|sys_exit_group", "bug in exit_mmap", "", "" },
	{ "a lock-up: what is nearest to the entry", KIND_SOFT_LOCKUP, "", "",
	  { "delay_tsc", "lab!inner", "lab!spin", "lab!thread", "kthread", "ret_from_fork" },
	  "c1|soft-lockup|lab!inner|lab!spin|lab!thread", "soft-lockup in lab!inner",
	  "", "" },
	{ "memory", KIND_OOM, "slab kmalloc-2k", "", { "panic", "out_of_memory" },
	  "c1|oom|slab kmalloc-2k", "oom, slab kmalloc-2k", "c1-fe848986b126bb63",
	  "c1-fe848986b126bb63" },
	{ "an object freed twice, where the allocator notices", KIND_SLAB_CORRUPTION, "", "",
	  { "kfree", "lab!twice", "lab!store" }, "c1|slab-corruption|lab!twice|lab!store",
	  "slab-corruption in lab!twice", "c1-39291a2ca93ea840", "c1-1cf64cba26ed0188" },
	{ "and where its list does: coarsely one", KIND_LIST_CORRUPTION, "", "",
	  { "__list_add_valid", "lab!twice", "lab!store" },
	  "c1|list-corruption|lab!twice|lab!store", "list-corruption in lab!twice",
	  "c1-a6b17860800f3af4", "c1-1cf64cba26ed0188" },
	{ "tasks that wait for what is none", KIND_HUNG_TASK, "disk", "", { NULL },
	  "c1|hung-task|disk", "hung-task, disk", "", "" },
	{ "code of a module that is gone, where it is not mapped", KIND_BAD_EXEC, "", "",
	  { "(unloaded)", "call_timer_fn" }, "c1|bad-exec|(unloaded)", "bad-exec in (unloaded)",
	  "c1-357800203cb028f0", "c1-357800203cb028f0" },
	{ "and where it is full of breakpoints", KIND_INVALID_OP, "", "",
	  { "(unloaded)", "call_timer_fn" }, "c1|bad-exec|(unloaded)", "bad-exec in (unloaded)",
	  "c1-357800203cb028f0", "c1-357800203cb028f0" },
	{ "init", KIND_INIT_EXIT, "signal 11", "", { "panic" }, "c1|init-exit|signal 11",
	  "init-exit, signal 11", "", "" },
	{ "numbers in words", KIND_PANIC, "", "lab 12 at 0xffff8000 of sda1 "
	  "deadbeef0123", { NULL },
	  "c1|panic|lab N at N of sdaN N", "panic, lab N at N of sdaN N", "", "" },
	{ "KASAN", KIND_KASAN, "slab-use-after-free", "", { "kasan_report", "lab!f" },
	  "c1|kasan-slab-use-after-free|lab!f", "kasan-slab-use-after-free in lab!f",
	  "", "" },
	{ "sysrq, from wherever", KIND_SYSRQ, "", "", { "panic",
	  "sysrq_handle_crash", "vfs_write" },
	  "c1|sysrq", "sysrq", "", "" },
};

/* "lab!f" as symbol and module. */
static void set(struct frame_name *f, const char *text)
{
	char module[64];
	const char *mark = strchr(text, '!');

	if (mark)
		snprintf(module, sizeof(module), "%.*s", (int)(mark - text), text);
	frame_name_set(f, mark ? mark + 1 : text, mark ? module : NULL);
}

static void make(struct signature *s, size_t row)
{
	struct frame_name stack[STACK];
	struct signature_input in = { .kind = rows[row].kind, .subkind = rows[row].subkind,
				      .panic = rows[row].panic, .stack = stack,
				      .confidence = CONFIDENCE_EXACT };

	for (; in.n_stack < STACK && rows[row].stack[in.n_stack]; in.n_stack++)
		set(&stack[in.n_stack], rows[row].stack[in.n_stack]);
	signature_make(s, &in);
}

/* What is hashed can be put together again from what a report shows. */
static void shown(const struct signature *s, const char *bare, char *text, size_t size)
{
	size_t len = snprintf(text, size, "c1|%s%s%s", s->kind_text,
	  bare[0] ? "|" : "", bare);

	for (unsigned i = 0; i < s->n_frames; i++)
		len += snprintf(text + len, size - len, "|%s", s->frames[i].text);
}

int main(void)
{
	struct signature s, other;
	char text[2048];

	for (size_t i = 0; i < T_SIZE(names); i++) {
		struct frame_name f;

		frame_name_set(&f, names[i].symbol, names[i].module);
		T_TEXT(names[i].row, names[i].name, f.text);
		T_EQUAL(names[i].row, names[i].role, frame_role(&f));
	}
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		const char *comma;

		make(&s, i);
		comma = strstr(s.title, ", ");
		shown(&s, comma ? comma + 2 : "", text, sizeof(text));
		T_TEXT(rows[i].row, rows[i].text, text);
		T_TEXT(rows[i].row, rows[i].title, s.title);
		if (rows[i].id[0]) {
			T_TEXT(rows[i].row, rows[i].id, s.id);
			T_TEXT(rows[i].row, rows[i].coarse, s.coarse);
		}
		for (size_t k = 0; k < i; k++) {
			make(&other, k);
			T_EQUAL(rows[i].row, !strcmp(rows[i].text, rows[k].text),
				!strcmp(s.id, other.id));
		}
	}
	return t_done();
}
