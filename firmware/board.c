/* board.c - QEMU's mps2-an386: reset, console, clock, calls of the host. */
/* SPDX-License-Identifier: MIT */
#include "board.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define REG(address) (*(volatile uint32_t *)(address))

/* ARM DUI 0553A, ARM DAI 0386: the registers that are used here. */
#define UART_DATA   REG(0x40004000u)
#define UART_STATE  REG(0x40004004u)
#define UART_CTRL   REG(0x40004008u)
#define UART_BAUD   REG(0x40004010u)
#define SYST_CSR    REG(0xE000E010u)
#define SYST_RVR    REG(0xE000E014u)
#define SYST_CVR    REG(0xE000E018u)
#define AIRCR       REG(0xE000ED0Cu)
#define CLOCK_HZ    25000000u

#define PAINT 0xA5A5A5A5u

/* Of the linker script. */
extern uint32_t board_data[], board_data_end[], board_data_load[];
extern uint32_t board_bss[], board_bss_end[];
extern uint32_t board_stack[], board_stack_top[];
extern uint32_t board_kept[2]; /* what a reset leaves as it is */

int main(void);

/* Of a kept count of starts, which is garbage when the power comes. */
#define KEPT 0x4B455054u

static volatile uint32_t ms;

/* ---- semihosting: calls of the emulator ---- */

enum {
    SYS_OPEN = 0x01, SYS_CLOSE = 0x02, SYS_READ = 0x06, SYS_TIME = 0x11,
    SYS_GET_CMDLINE = 0x15, SYS_EXIT_EXTENDED = 0x20
};

static int call_host(int operation, void *block)
{
    register int   r0 __asm__("r0") = operation;
    register void *r1 __asm__("r1") = block;

    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static int open_host(const char *path)
{
    const uint32_t block[3] = { (uint32_t)(uintptr_t)path, 1, /* "rb" */
                                (uint32_t)strlen(path) };

    return call_host(SYS_OPEN, (void *)block);
}

static void close_host(int file)
{
    uint32_t block[1] = { (uint32_t)file };

    call_host(SYS_CLOSE, block);
}

/* Returns the octets that were read. */
static size_t read_host(int file, void *to, size_t len)
{
    uint32_t  block[3] = { (uint32_t)file, (uint32_t)(uintptr_t)to,
                           (uint32_t)len };
    const int left = call_host(SYS_READ, block);

    return left < 0 || (size_t)left > len ? 0 : len - (size_t)left;
}

int board_file(const char *path, char *buf, size_t size)
{
    const int file = open_host(path);
    size_t    len;

    if (file < 0)
        return -1;
    len = read_host(file, buf, size);
    close_host(file);
    if (len == size)
        return -1;
    buf[len] = '\0';
    return (int)len;
}

int board_random(void *context, unsigned char *out, size_t len)
{
    const int file = open_host("/dev/urandom");
    size_t    got;

    (void)context;
    if (file < 0)
        return -1;
    got = read_host(file, out, len);
    close_host(file);
    return got == len ? 0 : -1;
}

uint32_t board_time(void)
{
    return (uint32_t)call_host(SYS_TIME, NULL);
}

const char *board_arguments(void)
{
    static char text[1024];
    uint32_t    block[2] = { (uint32_t)(uintptr_t)text, sizeof(text) };

    return call_host(SYS_GET_CMDLINE, block) == 0 ? text : "";
}

void board_exit(int code)
{
    uint32_t block[2] = { 0x20026, (uint32_t)code }; /* application exit */

    call_host(SYS_EXIT_EXTENDED, block);
    for (;;)
        ;
}

/* ---- console and clock ---- */

static void put(const char *text)
{
    for (; *text != '\0'; text++) {
        while (UART_STATE & 1)
            ;
        UART_DATA = (uint8_t)*text;
    }
}

void board_print(const char *format, ...)
{
    static char line[512];
    va_list     args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    put(line);
}

uint32_t board_ms(void)
{
    return ms;
}

void board_idle(void)
{
    __asm__ volatile("wfi" ::: "memory");
}

static void tick(void)
{
    ms++;
}

/* ---- reset ---- */

static void paint_stack(void)
{
    uint32_t *here = (uint32_t *)__builtin_frame_address(0) - 64, *p;

    for (p = board_stack; p < here; p++)
        *p = PAINT;
}

size_t board_stack_used(void)
{
    const uint32_t *p = board_stack;

    while (p < board_stack_top && *p == PAINT)
        p++;
    return (size_t)((const char *)board_stack_top - (const char *)p);
}

void board_reset(void)
{
    AIRCR = 0x05FA0004u;       /* its key, and SYSRESETREQ */
    for (;;)
        ;
}

unsigned board_starts(void)
{
    return board_kept[1];
}

static void count_start(void)
{
    if (board_kept[0] != KEPT)
        board_kept[1] = 0;
    board_kept[0] = KEPT;
    board_kept[1]++;
}

/* frame: what the processor has saved: r0-r3, r12, lr, pc, xPSR. */
__attribute__((used)) static void print_fault(const uint32_t *frame)
{
    board_print("fault at %08lx, called from %08lx\n",
                (unsigned long)frame[6], (unsigned long)frame[5]);
    board_exit(3);
}

__attribute__((naked)) static void fault(void)
{
    __asm__ volatile("mov r0, sp\n b print_fault");
}

void board_start(void);
void board_start(void)
{
    size_t n = (size_t)(board_data_end - board_data);

    memcpy(board_data, board_data_load, n * sizeof(*board_data));
    n = (size_t)(board_bss_end - board_bss);
    memset(board_bss, 0, n * sizeof(*board_bss));
    paint_stack();
    count_start();
    UART_BAUD = 16;
    UART_CTRL = 1;
    SYST_RVR = CLOCK_HZ / 1000 - 1;
    SYST_CVR = 0;
    SYST_CSR = 7;              /* on, with its interrupt, by the CPU's clock */
    board_exit(main());
}

typedef void handler(void);
__attribute__((section(".vectors"), used)) static handler *const vectors[16] = {
    (handler *)(uintptr_t)board_stack_top, board_start, fault, fault, fault,
    fault, fault, NULL, NULL, NULL, NULL, fault, fault, NULL, fault, tick
};

/* ---- what newlib asks for ---- */

static char   heap[BOARD_HEAP_MAX] __attribute__((aligned(8)));
static size_t heap_used, heap_limit;

void board_heap_limit(size_t octets)
{
    heap_limit = octets < sizeof(heap) ? octets : sizeof(heap);
}

size_t board_heap_used(void)
{
    return heap_used;
}

/* malloc() gives nothing back here: what is used is also the most that was. */
void *_sbrk(int more);
void *_sbrk(int more)
{
    char *at = heap + heap_used;

    if (more < 0 || (size_t)more > heap_limit - heap_used) {
        errno = ENOMEM;
        return (void *)-1;
    }
    heap_used += (size_t)more;
    return at;
}

/* Of abort() and assert(). */
void _exit(int code);
void _exit(int code)
{
    put("aborted\n");
    board_exit(code);
}
