/* test_face_message.c - tests the message: header, body, and its octets. */
/* SPDX-License-Identifier: MIT */
#include "test_face.h"

#if DUVA_NETX_MORE
#include "nxd_smtp_message.h"
#endif

#include <time.h>

static NX_SMTP_CLIENT client;

/* The room of a packet of face_pool over IPv4. */
#define ROOM (MAIL_POOL_PAYLOAD - NX_IPv4_TCP_PACKET)

#define MIME                                                                   \
    "MIME-Version: 1.0\r\n"                                                    \
    "Content-Type: text/plain; charset=utf-8\r\n"                              \
    "Content-Transfer-Encoding: 8bit\r\n"                                      \
    "\r\n"

static const char *const plain[] = { HELLO, TAKEN, NULL };

static size_t copy(char *to, const char *from)
{
    const size_t len = strlen(from);

    memcpy(to, from, len);
    return len;
}

/* The Message-ID is what it is, if it has the right form; everything else is
 * compared octet by octet.  before and after stand around it; body as it is
 * on the wire, with its last line end. */
static void check_message(const char *before, const char *after,
                          const char *body, size_t len)
{
    static char want[sizeof(face_servers[0].message)];
    const struct face_server *s = &face_servers[0];
    size_t at = copy(want, before);
#if DUVA_NETX_MORE
    const char *id = strstr(s->message, "Message-ID: <");

    CHECK(id != NULL);
    id += sizeof("Message-ID: <") - 1;
    CHECK(strspn(id, "0123456789abcdef.") == 26);
    at += copy(want + at, "Message-ID: <");
    memcpy(want + at, id, 26);
    at += 26;
    at += copy(want + at, "@" DOMAIN ">\r\n");
    at += copy(want + at, after);
#else                          /* no field for identity or priority */
    (void)after;
#endif
    at += copy(want + at, MIME);
    memcpy(want + at, body, len);
    at += len;
    at += copy(want + at, ".\r\n");
    if (at != s->length || memcmp(want, s->message, at) != 0) {
        fprintf(stderr, "--- expected %u octets, got %u:\n%s---\n",
                (unsigned)at, (unsigned)s->length, s->message);
        exit(1);
    }
}

static void send_as(CHAR *to, UINT priority, CHAR *subject, const char *body,
                    size_t len, const char *const *script)
{
    face_plan(0, script);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_mail_send(&client, to, priority, subject,
                                               (CHAR *)body, (UINT)len));
    face_over(0);
    CHECK(!face_servers[0].reset);
}

#define HEADER(subject)                                                        \
    "To: " TO "\r\n"                                                           \
    "From: " FROM "\r\n"                                                       \
    "Subject: " subject "\r\n"

FACE_TEST(header)
{
    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    send_as(TO, NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi", "Hello.\r\n", 8, plain);
    check_message(HEADER("Hi"), "", "Hello.\r\n", 8);
    send_as(TO, NX_SMTP_MAIL_PRIORITY_HIGH, "", "Hello.", 6, plain);
    check_message(HEADER(""), "X-Priority: 1\r\nImportance: high\r\n",
                  "Hello.\r\n", 8);
    send_as(TO, NX_SMTP_MAIL_PRIORITY_LOW, "a\tb", "Hello.\n", 7, plain);
    check_message(HEADER("a\tb"), "X-Priority: 5\r\nImportance: low\r\n",
                  "Hello.\r\n", 8);
    send_as(TO, 77, "other", "\r\n", 2, plain);
    check_message(HEADER("other"), "", "\r\n", 2);
}

#if DUVA_NETX_MORE
static ULONG now = 1;

static ULONG clock_now(VOID)
{
    return now;
}

FACE_TEST(date)
{
    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_clock_set(&client, clock_now));
    now = 0;
    send_as(TO, NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi", "Hello.\r\n", 8, plain);
    check_message(HEADER("Hi"), "", "Hello.\r\n", 8);
    now = 1700000000;
    send_as(TO, NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi", "Hello.\r\n", 8, plain);
    check_message(HEADER("Hi") "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n", "",
                  "Hello.\r\n", 8);
    now = 0xFFFFFFFF;
    send_as(TO, NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi", "Hello.\r\n", 8, plain);
    check_message(HEADER("Hi") "Date: Sun, 07 Feb 2106 06:28:15 +0000\r\n", "",
                  "Hello.\r\n", 8);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_clock_set(&client, NX_NULL));
    send_as(TO, NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi", "Hello.\r\n", 8, plain);
    check_message(HEADER("Hi"), "", "Hello.\r\n", 8);
}

/* Every day that 32 bits can tell, against the C library's calendar. */
FACE_TEST(calendar)
{
    static const char *const day[] = { "Sun", "Mon", "Tue", "Wed",
                                       "Thu", "Fri", "Sat" };
    static const char *const month[] = { "Jan", "Feb", "Mar", "Apr",
                                         "May", "Jun", "Jul", "Aug",
                                         "Sep", "Oct", "Nov", "Dec" };
    struct face_server *s = &face_servers[0];
    ULONG days;

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    client.nx_smtp_client_mail.nx_smtp_client_mail_subject = "";
    client.nx_smtp_client_session.mail.from = "";
    client.nx_smtp_client_session.recipient.addr = "";
    for (days = 0; days < 0xFFFFFFFF / 86400; days++) {
        const ULONG seconds = days * 86400 + days % 86400 + 1;
        const time_t t = (time_t)seconds;
        const struct tm *tm = gmtime(&t);
        char want[64];
        int n;

        snprintf(want, sizeof(want),
                 "Date: %s, %02d %s %d %02d:%02d:%02d +0000\r\n",
                 day[tm->tm_wday], tm->tm_mday, month[tm->tm_mon],
                 tm->tm_year + 1900, tm->tm_hour, tm->tm_min, tm->tm_sec);
        client.nx_smtp_client_session.seconds = seconds;
        CHECK(duva__nx_message_read(&client, NULL, 0) == 0);
        for (s->length = 0; s->length < 80; s->length += (size_t)n) {
            n = duva__nx_message_read(&client, s->message + s->length, 32);
            CHECK(n > 0);
        }
        s->message[s->length] = '\0';
        CHECK(strstr(s->message, want) != NULL);
    }
}

/* No two are the same: not of one client, not of two, and not of one that is
 * created anew for each mail. */
FACE_TEST(message_id)
{
    static NX_SMTP_CLIENT other;
    static char seen[90][32];
    size_t i, j;

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    face_client(&other, NX_SMTP_CLIENT_AUTH_NONE);
    for (i = 0; i < 90; i++) {
        if (i >= 60) {
            CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
            face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
        }
        CHECK_STATUS(NX_SUCCESS, nx_smtp_client_clock_set(&client, clock_now));
        face_send(i < 60 && i % 2 ? &other : &client, plain, NX_SUCCESS);
        memcpy(seen[i], strstr(face_servers[0].message, "Message-ID: <") + 13,
               26);
        for (j = 0; j < i; j++)
            CHECK(strcmp(seen[i], seen[j]) != 0);
    }
}
#endif

#define BRACKETED "<" TO ">"
#if DUVA_NETX_MORE
#define SHOWN_TO TO
#define SHOWN_FROM FROM
#else
#define SHOWN_TO BRACKETED
#define SHOWN_FROM "<" FROM ">"
#endif

static void from(CHAR *address, const char *const *script, const char *header)
{
    NXD_ADDRESS server = face_v4;

    CHECK_STATUS(NX_SUCCESS,
                 nxd_smtp_client_create(&client, &face_ip, &face_pool, "", "",
                                        address, DOMAIN,
                                        NX_SMTP_CLIENT_AUTH_NONE, &server,
                                        25));
    send_as(BRACKETED, NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi", "Hello.\n", 7,
            script);
    check_message(header, "", "Hello.\r\n", 8);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
}

/* One pair of brackets is taken off, or stays in the header; a sender of nobody
 * is one. */
FACE_TEST(brackets)
{
    static const char *const nobody[] = {
        HELLO, "<MAIL FROM:<>\r\n", ">250 ok\r\n", RCPT, ">250 ok\r\n",
        "<DATA\r\n", ">354 go\r\n", "{", ">250 taken\r\n", GOODBYE, NULL
    };

    from("<" FROM ">", plain, "To: " SHOWN_TO "\r\nFrom: " SHOWN_FROM
                              "\r\nSubject: Hi\r\n");
    from(FROM, plain, "To: " SHOWN_TO "\r\nFrom: " FROM
                      "\r\nSubject: Hi\r\n");
    from("", nobody, "To: " SHOWN_TO "\r\nFrom: \r\nSubject: Hi\r\n");
    from("<>", nobody, "To: " SHOWN_TO "\r\nFrom: \r\nSubject: Hi\r\n");
}

FACE_TEST(lines)
{
    static const struct {
        const char *body, *wire;
    } bodies[] = {
        { ".", "..\r\n" },
        { ".\r\n", "..\r\n" },
        { ".a\n.\n..\r\n...", "..a\r\n..\r\n...\r\n....\r\n" },
        { "a\r\n.\r\nQUIT\r\n", "a\r\n..\r\nQUIT\r\n" },
        { "\n\n\r\n\n", "\r\n\r\n\r\n\r\n" },
        { "a\n\r\nb", "a\r\n\r\nb\r\n" },
    };
    size_t i;

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        send_as(TO, NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi", bodies[i].body,
                strlen(bodies[i].body), plain);
        check_message(HEADER("Hi"), "", bodies[i].wire, strlen(bodies[i].wire));
    }
}

#if DUVA_WITH_SIZE
/* 8BITMIME is asked for when there is need, and needed then: RFC 6152 3. */
FACE_TEST(eight_bits)
{
    static const char *const script[] = {
        EHLO, ">250-hi\r\n250 8BITMIME\r\n",
        "<MAIL FROM:<" FROM "> BODY=8BITMIME\r\n", ">250 ok\r\n", RCPT,
        ">250 ok\r\n", "<DATA\r\n", ">354 go\r\n", "{", ">250 taken\r\n",
        GOODBYE, NULL
    };
    static const char *const seven[] = {
        EHLO, ">250-hi\r\n250 8BITMIME\r\n", TAKEN, NULL
    };
    static const char *const without[] = { HELLO, GOODBYE, NULL };

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    send_as(TO, NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi", "gr\303\274n\n", 6, script);
    check_message(HEADER("Hi"), "", "gr\303\274n\r\n", 7);
    send_as(TO, NX_SMTP_MAIL_PRIORITY_NORMAL, "gr\303\274n", "a\n", 2, script);
    check_message(HEADER("gr\303\274n"), "", "a\r\n", 3);
    send_as(TO, NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi", "Hello\n", 6, seven);
    face_plan(0, without);
    CHECK_STATUS(NX_SMTP_MAIL_REPLY_ERROR,
                 nx_smtp_mail_send(&client, TO, NX_SMTP_MAIL_PRIORITY_NORMAL,
                                   "Hi", "gr\303\274n\n", 6));
    face_over(0);
}
#endif

/* Lines of 60 octets without a dot in front. */
static char text[100 * 1024 + 2];

static void write_text(void)
{
    size_t i;

    for (i = 0; i + 2 < sizeof(text); i++)
        text[i] = i % 62 < 60 ? (char)('a' + i / 7 % 26) : "\r\n"[i % 62 - 60];
}

/* What SIZE says is what comes. */
static void send_sized(size_t len)
{
    static char size[80];
    static const char *const script[] = {
        EHLO, ">250-hi\r\n250 SIZE\r\n", size, ">250 ok\r\n", RCPT,
        ">250 ok\r\n", "<DATA\r\n", ">354 go\r\n", "{", ">250 taken\r\n",
        GOODBYE, NULL
    };
    char keep[2];

#if DUVA_WITH_SIZE
    const size_t header = sizeof(HEADER("Hi")) - 1
#if DUVA_NETX_MORE
                          + sizeof("Message-ID: <@" DOMAIN ">\r\n") - 1 + 26
#endif
                          + sizeof(MIME) - 1;

    snprintf(size, sizeof(size), "<MAIL FROM:<" FROM "> SIZE=%u\r\n",
             (unsigned)(header + len + 2));
#else
    snprintf(size, sizeof(size), "%s", MAIL);
#endif
    memcpy(keep, text + len, 2);
    send_as(TO, NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi", text, len, script);
    memcpy(text + len, "\r\n", 2);
    check_message(HEADER("Hi"), "", text, len + 2);
    memcpy(text + len, keep, 2);
}

FACE_TEST(sizes)
{
    const struct face_server *s = &face_servers[0];
    size_t len;

    write_text();
    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    for (len = 1; len <= 2 * ROOM + 60; len += len % 62 < 59 ? 1 : 4)
        send_sized(len);
    send_sized(100 * 1024 - 30);
    CHECK(s->longest == ROOM);
    CHECK(s->packets < 100 * 1024 / ROOM + 10);
}

/* IPv6, and the create of old. */
FACE_TEST(families)
{
    NXD_ADDRESS v6 = { NX_IP_VERSION_V6, { 0 } };

    v6.nxd_ip_address.v6[0] = 0x20010db8;
    v6.nxd_ip_address.v6[3] = 1;
    write_text();
    CHECK_STATUS(NX_SUCCESS,
                 nxd_smtp_client_create(&client, &face_ip, &face_pool, USER,
                                        PASSWORD, FROM, DOMAIN,
                                        NX_SMTP_CLIENT_AUTH_NONE, &v6, 25));
    send_sized(2000);
    CHECK(face_servers[0].longest == MAIL_POOL_PAYLOAD - NX_IPv6_TCP_PACKET);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    CHECK_STATUS(NX_IP_ADDRESS_ERROR,
                 nx_smtp_client_create(&client, &face_ip, &face_pool, USER,
                                       PASSWORD, FROM, DOMAIN,
                                       NX_SMTP_CLIENT_AUTH_NONE, 0, 25));
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_create(&client, &face_ip, &face_pool, USER,
                                       PASSWORD, FROM, DOMAIN,
                                       NX_SMTP_CLIENT_AUTH_NONE,
                                       IP_ADDRESS(10, 0, 0, 1), 25));
    send_sized(2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#if DUVA_NETX_MORE
        cmocka_unit_test(date),       cmocka_unit_test(calendar),
        cmocka_unit_test(message_id),
#endif
#if DUVA_WITH_SIZE
        cmocka_unit_test(eight_bits),
#endif
        cmocka_unit_test(header),     cmocka_unit_test(brackets),
        cmocka_unit_test(lines),      cmocka_unit_test(sizes),
        cmocka_unit_test(families),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
