/* A small ring buffer. */
#include <stdio.h>
#include "ring.h"

#define RING_MAX 1024
#define RING_GUARD
#define RING_EACH(ring, it) \
    /* walks from the oldest entry */ \
    for (size_t it = (ring)->head; \
         it != (ring)->tail; \
         it = ring_next(ring, it))

typedef unsigned long long ring_time;
typedef int (*ring_cmp)(const void *a, const void *b);

/* One entry, oldest first. */
typedef struct ring_entry {
    char *key;              /* owned */
    unsigned flags : 3;
    ring_time at[2], *seen;
    void (*free_value)(void *value);
    union { int number; void *pointer; } as;
} ring_entry;

typedef struct {
    size_t head, tail;
    ring_entry entries[RING_MAX];
} ring;

enum ring_error { RING_OK, RING_FULL = 2, RING_EMPTY };
typedef enum { RING_READ, RING_WRITE } ring_mode;
union any { int i; float f; };
struct ring_opaque;

extern int ring_debug;
static const char *names[] = { "head", "tail" }, *unused;
ring *ring_create(size_t capacity);
int ring_compare(const ring_entry *, const ring_entry *) __attribute__((pure));
void (*ring_set_handler(int signo, void (*handler)(int)))(int);

/* Adds an entry.
 *
 * Fails when the ring is full. */
static inline enum ring_error
ring_push(ring *r, const char *key)
{
    int local = 3;
    extern int ring_hidden(int);
    if (r->tail - r->head == RING_MAX)
        return RING_FULL;
    r->entries[r->tail++ % RING_MAX].key = strdup(key);
    return RING_OK;
}

RING_API ring_entry *ring_last(const ring *r) {
    return (ring_entry *)&r->entries[(r->tail - 1) % RING_MAX];
}

bool __weak ring_supported(void)
{
    return true;
}

static __printf(2, 3) void ring_log(ring *r, const char *fmt, ...)
{
    vfprintf(stderr, fmt, r->args);
}

int old_style(a, b)
    int a;
    char *b;
{
    return a + *b;
}

#ifdef RING_THREADS
static void *ring_worker(void *arg) {
    ring_lock(arg);
#else
static void *ring_worker(void *arg, int unused) {
#endif
    return arg;
}

SYSCALL_DEFINE2(ring_read, int, fd, char __user *, buf)
{
    return ring_copy(fd, buf);
}

EXPORT_SYMBOL(ring_read);
module_init(ring_start)

#ifdef __cplusplus
extern "C" {
#endif
void ring_version(int *major, int *minor);
#ifdef __cplusplus
}
#endif

int broken(int a {
    if (a) return 1;

void after_broken(struct ring_opaque *o)
{
    free(o);
}
