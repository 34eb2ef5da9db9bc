/* test_face_extended.c - tests bodies that come from a function. */
/* SPDX-License-Identifier: MIT */
#include "test_face.h"

static NX_SMTP_CLIENT client;

/* A body, and how its function behaves. */
static struct {
    const char *text;          /* again and again */
    ULONG size, at, most;      /* octets: all, given, in one call */
    ULONG fail_at;             /* fails when so many were given; 0: never */
    UINT fail_start;           /* so many starts succeed; 0: all */
    UINT starts, greedy;
} body;

static UINT read_body(VOID *context, UCHAR *buffer, ULONG size, ULONG *length)
{
    ULONG n = size < body.most ? size : body.most, i;

    CHECK(context == &body);
    if (buffer == NX_NULL) {
        body.at = 0;
        body.starts++;
        return body.fail_start > 0 && body.starts > body.fail_start
                   ? NX_NOT_FOUND : NX_SUCCESS;
    }
    CHECK(size > 0);
    if (body.fail_at > 0 && body.at >= body.fail_at)
        return NX_NOT_FOUND;
    if (n > body.size - body.at)
        n = body.size - body.at;
    for (i = 0; i < n; i++)
        buffer[i] = (UCHAR)body.text[(body.at + i) % strlen(body.text)];
    body.at += n;
    *length = body.greedy ? size + 1 : n;
    return NX_SUCCESS;
}

static void set_body(const char *text, ULONG size)
{
    memset(&body, 0, sizeof(body));
    body.text = text;
    body.size = size;
    body.most = 4096;
}

static UINT send_body(CHAR *to)
{
    return nx_smtp_mail_send_extended(&client, to, NX_SMTP_MAIL_PRIORITY_HIGH,
                                      "Hi", read_body, &body);
}

static void send_by(const char *const *script, UINT want)
{
    face_plan(0, script);
    CHECK_STATUS(want, send_body(TO));
    face_over(0);
}

static const char *const plain[] = { HELLO, TAKEN, NULL };

static const char *body_of(const struct face_server *s)
{
    const char *at = strstr(s->message, "\r\n\r\n");

    CHECK(at != NULL);
    return at + 4;
}

#define LINE "0123456789 0123456789 0123456789 0123456789 012345\r\n"

/* A mebibyte through a pool with two packets. */
FACE_TEST(large)
{
    static char memory[2 * (256 + sizeof(NX_PACKET)) + 64];
    const struct face_server *s = &face_servers[0];
    const ULONG size = (1024 * 1024 / (sizeof(LINE) - 1)) * (sizeof(LINE) - 1);
    NXD_ADDRESS server = face_v4;
    NX_PACKET_POOL pool;
    const char *at;
    ULONG i;

    CHECK_STATUS(NX_SUCCESS, nx_packet_pool_create(&pool, (CHAR *)"tiny", 256,
                                                   memory, sizeof(memory)));
    CHECK(pool.nx_packet_pool_total == 2);
    CHECK_STATUS(NX_SUCCESS,
                 nxd_smtp_client_create(&client, &face_ip, &pool, "", "", FROM,
                                        DOMAIN, NX_SMTP_CLIENT_AUTH_NONE,
                                        &server, 25));
    set_body(LINE, size);
    send_by(plain, NX_SUCCESS);
    CHECK(body.starts == 1);
    at = body_of(s);
    CHECK(strlen(at) == size + 3);
    for (i = 0; i < size; i += sizeof(LINE) - 1)
        CHECK(memcmp(at + i, LINE, sizeof(LINE) - 1) == 0);
    CHECK(strcmp(at + size, ".\r\n") == 0);
    CHECK(strstr(s->message, "X-Priority: 1\r\n") != NULL);
    CHECK(pool.nx_packet_pool_available == 2);
    CHECK(pool.nx_packet_pool_invalid_releases == 0);
}

/* Pieces of any size, dots and all, and none. */
FACE_TEST(pieces)
{
    static const char text[] = "a\n.b\r\n..\r\n";
    ULONG most;

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    for (most = 1; most < 12; most++) {
        set_body(text, sizeof(text) - 1);
        body.most = most;
        send_by(plain, NX_SUCCESS);
        CHECK(strcmp(body_of(&face_servers[0]), "a\r\n..b\r\n...\r\n.\r\n")
              == 0);
    }
    set_body(text, 0);
    send_by(plain, NX_SUCCESS);
    CHECK(strcmp(body_of(&face_servers[0]), ".\r\n") == 0);
}

/* It may have 8 bits, and its length is not known. */
FACE_TEST(parameters)
{
    static const char *const script[] = {
        EHLO, ">250-hi\r\n250-SIZE\r\n250 8BITMIME\r\n",
        "<MAIL FROM:<" FROM "> BODY=8BITMIME\r\n", ">250 ok\r\n", RCPT,
        ">250 ok\r\n", "<DATA\r\n", ">354 go\r\n", "{", ">250 taken\r\n",
        GOODBYE, NULL
    };

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    set_body("gr\303\274n\n", 6);
    send_by(script, NX_SUCCESS);
}

/* What goes wrong in the middle leaves the message without an end. */
FACE_TEST(failing)
{
    static const char *const cut[] = {
        HELLO, UP_TO_DATA, ">354 go\r\n", "*", NULL
    };
    static const struct {
        const char *text;
        ULONG size;
        UINT status;
    } bad[] = {
        { LINE, 5000, NX_NOT_FOUND },
        { LINE, 5000, NX_SIZE_ERROR },
        { "a\rb", 3, NX_SMTP_INVALID_PARAM },
        { "\r", 1, NX_SMTP_INVALID_PARAM },
        { "x", 999, NX_SMTP_INVALID_PARAM },
    };
    NX_SMTP_REPLY reply;
    size_t i;

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        set_body(bad[i].text, bad[i].size);
        if (bad[i].status == NX_NOT_FOUND)
            body.fail_at = 2500;
        body.greedy = bad[i].status == NX_SIZE_ERROR;
        send_by(cut, bad[i].status);
        CHECK(strstr(face_servers[0].message, "\r\n.\r\n") == NULL);
        CHECK(client.nx_smtp_client_mail_status == bad[i].status);
        CHECK_STATUS(NX_SUCCESS, nx_smtp_client_reply_get(&client, &reply));
        CHECK(reply.nx_smtp_reply_verdict
              == (i < 2 ? NX_SMTP_VERDICT_RETRY : NX_SMTP_VERDICT_REFUSED));
    }
    /* Nobody is called when it cannot even start. */
    set_body(LINE, 5000);
    body.fail_start = 1;
    body.starts = 1;
    CHECK_STATUS(NX_NOT_FOUND, send_body(TO));
    set_body("Hello.\r\n", 8);
    send_by(plain, NX_SUCCESS);
}

/* A kept connection does not survive it; the next mail makes another. */
FACE_TEST(kept)
{
    static const char *const script[] = {
        HELLO, MESSAGE, ">250 taken\r\n", UP_TO_DATA, ">354 go\r\n", "*", "/",
        HELLO, MESSAGE, ">250 taken\r\n", GOODBYE, NULL
    };

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    face_plan(0, script);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_connect(&client, PATIENCE));
    set_body("Hello.\r\n", 8);
    CHECK_STATUS(NX_SUCCESS, send_body(TO));
    set_body(LINE, 5000);
    body.fail_at = 1;
    CHECK_STATUS(NX_NOT_FOUND, send_body(TO));
    set_body("Hello.\r\n", 8);
    CHECK_STATUS(NX_SUCCESS, send_body(TO));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_disconnect(&client, PATIENCE));
    face_over(0);
}

/* Recipients that are put off get it by another reading, if there can be. */
FACE_TEST(twice)
{
#define OK ">250 ok\r\n"
#define BOB "<RCPT TO:<bob@example.org>\r\n"
#define ANN "<RCPT TO:<ann@example.org>\r\n"
    static const char *const once[] = {
        HELLO, MAIL, OK, BOB, OK, ANN, ">452 one\r\n", "<DATA\r\n",
        ">354 go\r\n", "{", OK, GOODBYE, NULL
    };
    static const char *const script[] = {
        HELLO, MAIL, OK, BOB, OK, ANN, ">452 one\r\n", "<DATA\r\n",
        ">354 go\r\n", "{", OK, MAIL, OK, ANN, OK, "<DATA\r\n", ">354 go\r\n",
        "{", OK, GOODBYE, NULL
    };
    static NX_SMTP_RECIPIENT list[2];
    NX_SMTP_REPLY reply;
    UINT i;

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_recipients_set(&client, list, 2,
                                                           NX_NULL, 0));
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_recipient_add(&client, "bob@example.org",
                                              NX_SMTP_RECIPIENT_TO));
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_recipient_add(&client, "ann@example.org",
                                              NX_SMTP_RECIPIENT_TO));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_recipient_policy_set(
                                 &client, NX_SMTP_RECIPIENTS_ANY));
    for (i = 0; i < 2; i++) {
        set_body(LINE, 5000);
        body.fail_start = i == 0 ? 1 : 0;
        face_plan(0, i == 0 ? once : script);
        CHECK_STATUS(NX_SUCCESS, send_body(NX_NULL));
        face_over(0);
        CHECK(body.starts == 2);
        CHECK_STATUS(NX_SUCCESS, nx_smtp_client_recipient_status_get(
                                     &client, 1, NX_NULL, &reply));
        CHECK(reply.nx_smtp_reply_verdict
              == (i == 0 ? NX_SMTP_VERDICT_RETRY : NX_SMTP_VERDICT_ACCEPTED));
    }
}

/* A function that uses the client from within is told that it is in use. */
static UINT meddle(VOID *context, UCHAR *buffer, ULONG size, ULONG *length)
{
    NX_PARAMETER_NOT_USED(context);
    NX_PARAMETER_NOT_USED(size);
    if (buffer != NX_NULL) {
        CHECK_STATUS(NX_ALREADY_BOUND, send_body(TO));
        CHECK_STATUS(NX_ALREADY_BOUND,
                     nx_smtp_client_recipients_clear(&client));
        CHECK_STATUS(NX_STILL_BOUND, nx_smtp_client_delete(&client));
        *length = 0;
    }
    return NX_SUCCESS;
}

FACE_TEST(within)
{
    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    face_plan(0, plain);
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_mail_send_extended(&client, TO,
                                            NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi",
                                            meddle, NX_NULL));
    face_over(0);
}

FACE_TEST(arguments)
{
    set_body(LINE, 10);
    CHECK_STATUS(NX_SMTP_CLIENT_NOT_INITIALIZED, send_body(TO));
    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    CHECK_STATUS(NX_PTR_ERROR, send_body(NX_NULL));
    CHECK_STATUS(NX_PTR_ERROR,
                 nx_smtp_mail_send_extended(&client, TO,
                                            NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi",
                                            NX_NULL, NX_NULL));
    CHECK_STATUS(NX_PTR_ERROR,
                 nx_smtp_mail_send_extended(&client, TO,
                                            NX_SMTP_MAIL_PRIORITY_NORMAL,
                                            NX_NULL, read_body, &body));
    CHECK_STATUS(NX_PTR_ERROR,
                 nx_smtp_mail_send_extended(NX_NULL, TO,
                                            NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi",
                                            read_body, &body));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM,
                 nx_smtp_mail_send_extended(&client, TO,
                                            NX_SMTP_MAIL_PRIORITY_NORMAL,
                                            "Hi\r\nBcc: eve@example.com",
                                            read_body, &body));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM,
                 send_body("bob@example.org\r\nDATA"));
    CHECK(body.starts == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large),      cmocka_unit_test(pieces),
        cmocka_unit_test(parameters), cmocka_unit_test(failing),
        cmocka_unit_test(kept),       cmocka_unit_test(twice),
        cmocka_unit_test(within),     cmocka_unit_test(arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
