/* test_face_boot.c - tests that Message-IDs differ from one start to the next.
 * */
/* SPDX-License-Identifier: MIT */

#define _DEFAULT_SOURCE        /* MAP_ANONYMOUS */

#include "nxd_smtp_client_content.h"

/* Its own copy of the source, on a device that has no clock, and draws the
 * same numbers at the same ticks after each start. */
#undef NX_RAND
#define NX_RAND() 4
#undef tx_time_get
#define tx_time_get() 7u

#include "nxd_smtp_message.c"

#include "nxd_smtp_content.c"

#undef tx_time_get
#define tx_time_get _tx_time_get

#include "test_face.h"

#include <sys/mman.h>

enum { STARTS = 4 };

static NX_SMTP_CLIENT client;
static NX_SMTP_CONTENT room;
static struct {
    unsigned count;
    char     seen[STARTS][160]; /* Message-ID, and for content the boundary */
} *starts;

static void note_line(const char *begin)
{
    char       *seen = starts->seen[starts->count];
    const char *at = strstr(face_servers[0].message, begin);

    CHECK(at != NULL);
    strncat(seen, at, strcspn(at, "\r"));
}

static void mail(void)
{
    static const char *const script[] = { HELLO, TAKEN, NULL };

    face_send(&client, script, NX_SUCCESS);
    note_line("Message-ID: ");
}

FACE_TEST(plain_body)
{
    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    mail();
}

FACE_TEST(composed)
{
    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_content_set(&client, &room));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_html_set(&client, "<p>", 3));
    mail();
    note_line(" boundary=");
}

static void differ(void (*test)(void **state), void **state)
{
    unsigned i;

    memset(starts, 0, sizeof(*starts));
    for (; starts->count < STARTS; starts->count++) {
        test(state);
        for (i = 0; i < starts->count; i++)
            assert_string_not_equal(starts->seen[i],
                                    starts->seen[starts->count]);
    }
}

static void differ_plain(void **state)
{
    differ(plain_body, state);
}

static void differ_composed(void **state)
{
    differ(composed, state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differ_plain),
        cmocka_unit_test(differ_composed),
    };

    starts = mmap(NULL, sizeof(*starts), PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return starts == MAP_FAILED
               ? 1
               : cmocka_run_group_tests(tests, NULL, NULL);
}
