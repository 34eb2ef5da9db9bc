/* test_face_args.c - tests which arguments the API refuses, and what delete
 * frees. */
/* SPDX-License-Identifier: MIT */
#include "test_face.h"

static NX_SMTP_CLIENT client;

static const char *const good[] = { HELLO, TAKEN, NULL };

static UINT create(CHAR *username, CHAR *password, CHAR *from, CHAR *domain)
{
    NXD_ADDRESS server = face_v4;

    return nxd_smtp_client_create(&client, &face_ip, &face_pool, username,
                                  password, from, domain,
                                  NX_SMTP_CLIENT_AUTH_NONE, &server, 25);
}

static UINT send_to(CHAR *to, CHAR *subject, CHAR *body, UINT len)
{
    return nx_smtp_mail_send(&client, to, NX_SMTP_MAIL_PRIORITY_NORMAL, subject,
                             body, len);
}

static int all_zero(const void *memory, size_t len)
{
    const unsigned char *at = memory;
    size_t i;

    for (i = 0; i < len; i++)
        if (at[i] != 0)
            return 0;
    return 1;
}

static int contains(const void *memory, size_t len, const char *what)
{
    const char *at = memory;

    for (; len >= strlen(what); at++, len--)
        if (memcmp(at, what, strlen(what)) == 0)
            return 1;
    return 0;
}

FACE_TEST(create_checks)
{
    NXD_ADDRESS server = face_v4;
    NX_IP no_ip;

#define CREATE(client, ip, pool, user, password, from, domain, server)         \
    nxd_smtp_client_create(client, ip, pool, user, password, from, domain,     \
                           NX_SMTP_CLIENT_AUTH_NONE, server, 25)
    CHECK_STATUS(NX_PTR_ERROR, CREATE(NULL, &face_ip, &face_pool, "", "", FROM,
                                      DOMAIN, &server));
    CHECK_STATUS(NX_PTR_ERROR, CREATE(&client, NULL, &face_pool, "", "", FROM,
                                      DOMAIN, &server));
    CHECK_STATUS(NX_PTR_ERROR, CREATE(&client, &face_ip, NULL, "", "", FROM,
                                      DOMAIN, &server));
    CHECK_STATUS(NX_PTR_ERROR, CREATE(&client, &face_ip, &face_pool, NULL, "",
                                      FROM, DOMAIN, &server));
    CHECK_STATUS(NX_PTR_ERROR, CREATE(&client, &face_ip, &face_pool, "", NULL,
                                      FROM, DOMAIN, &server));
    CHECK_STATUS(NX_PTR_ERROR, CREATE(&client, &face_ip, &face_pool, "", "",
                                      NULL, DOMAIN, &server));
    CHECK_STATUS(NX_PTR_ERROR, CREATE(&client, &face_ip, &face_pool, "", "",
                                      FROM, NULL, &server));
    CHECK_STATUS(NX_PTR_ERROR, CREATE(&client, &face_ip, &face_pool, "", "",
                                      FROM, DOMAIN, NULL));
    memset(&no_ip, 0, sizeof(no_ip));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM, CREATE(&client, &no_ip, &face_pool, "",
                                               "", FROM, DOMAIN, &server));
    server.nxd_ip_version = 5;
    CHECK_STATUS(NX_IP_ADDRESS_ERROR, CREATE(&client, &face_ip, &face_pool, "",
                                             "", FROM, DOMAIN, &server));
    CHECK(all_zero(&client, sizeof(client)));
}

/* The limits of the three strings that are copied. */
FACE_TEST(sizes)
{
    static CHAR user[NX_SMTP_CLIENT_MAX_USERNAME + 2];
    static CHAR password[NX_SMTP_CLIENT_MAX_PASSWORD + 2];
    static CHAR domain[NX_SMTP_CLIENT_MAX_USERNAME + 2];

    memset(user, 'u', sizeof(user) - 1);
    memset(password, 'p', sizeof(password) - 1);
    memset(domain, 'd', sizeof(domain) - 1);
    CHECK_STATUS(NX_SIZE_ERROR, create(user, password + 1, FROM, domain + 1));
    CHECK(all_zero(&client, sizeof(client)));
    CHECK_STATUS(NX_SIZE_ERROR, create(user + 1, password, FROM, domain + 1));
    CHECK(all_zero(&client, sizeof(client)));
    CHECK_STATUS(NX_SIZE_ERROR, create(user + 1, password + 1, FROM, domain));
    CHECK(all_zero(&client, sizeof(client)));
    CHECK_STATUS(NX_SMTP_CLIENT_NOT_INTIALIZED, send_to(TO, "Hi", "x", 1));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_delete(&client));

    CHECK_STATUS(NX_SUCCESS,
                 create(user + 1, password + 1, FROM, domain + 1));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    CHECK_STATUS(NX_SUCCESS, create("", "", FROM, DOMAIN));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    CHECK(face_ip.nx_ip_tcp_created_sockets_count == 0);
}

/* What was given to create may change, but for the sender. */
FACE_TEST(copies)
{
    static const char *const script[] = {
        EHLO, ">250-hi\r\n250 AUTH PLAIN\r\n",
        "<AUTH PLAIN\r\n", ">334 \r\n", "<AGFkYQBzM2NyZXQ=\r\n",
        ">235 hi\r\n", TAKEN, NULL
    };
    CHAR user[] = USER, password[] = PASSWORD, domain[] = DOMAIN;

    CHECK_STATUS(NX_SUCCESS, create(user, password, FROM, domain));
    memset(user, 'x', sizeof(user));
    memset(password, 'x', sizeof(password));
    memset(domain, 'x', sizeof(domain));
    face_send(&client, script, NX_SUCCESS);
}

/* A client in use cannot be created again, and remains one. */
FACE_TEST(twice)
{
    static CHAR long_name[NX_SMTP_CLIENT_MAX_USERNAME + 2];

    memset(long_name, 'u', sizeof(long_name) - 1);
    CHECK_STATUS(NX_SUCCESS, create(USER, PASSWORD, FROM, DOMAIN));
    CHECK_STATUS(NX_PTR_ERROR, create("eve", "x", "eve@example.com", "evil"));
    CHECK_STATUS(NX_SIZE_ERROR, create(long_name, "", "eve@example.com", ""));
    face_send(&client, good, NX_SUCCESS);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    CHECK_STATUS(NX_SUCCESS, create(USER, PASSWORD, FROM, DOMAIN));
    face_send(&client, good, NX_SUCCESS);
}

FACE_TEST(send_checks)
{
    CHECK_STATUS(NX_SMTP_CLIENT_NOT_INITIALIZED, send_to(TO, "Hi", "x", 1));
    CHECK_STATUS(NX_SUCCESS, create(USER, PASSWORD, FROM, DOMAIN));
    CHECK_STATUS(NX_PTR_ERROR,
                 nx_smtp_mail_send(NULL, TO, NX_SMTP_MAIL_PRIORITY_LOW, "Hi",
                                   "x", 1));
    CHECK_STATUS(NX_PTR_ERROR, send_to(NULL, "Hi", "x", 1));
    CHECK_STATUS(NX_PTR_ERROR, send_to(TO, NULL, "x", 1));
    CHECK_STATUS(NX_PTR_ERROR, send_to(TO, "Hi", NULL, 1));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM, send_to(TO, "Hi", "x", 0));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_delete(NULL));
#if DUVA_NETX_MORE
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_clock_set(NULL, NULL));
#endif
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
#if DUVA_NETX_MORE
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_clock_set(&client, NULL));
#endif
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_delete(&client));
    CHECK_STATUS(NX_SMTP_CLIENT_NOT_INITIALIZED, send_to(TO, "Hi", "x", 1));
}

/* Nothing that could end a line gets on it; nobody is even called. */
FACE_TEST(injection)
{
    static CHAR *const bad_address[] = {
        "bob@example.org\r\nRCPT TO:<eve@example.com>", "bob@example.org\n",
        "bob@example.org\r", "\001@example.org", "bob@example.org>",
        "<bob@example.org>>", "<<bob@example.org>>", "<bob@example.org",
        "bob@example.org> SIZE=1", "bob bob@example.org",
        "Bob <bob@example.org>", "\"a\r\n\"@b", "@",
        "b\303\266b@example.org", "bob@", "<a\r\nDATA\r\n@example.org>"
    };
    static CHAR *const bad_subject[] = {
        "Hi\r\nBcc: eve@example.com", "Hi\n there", "Hi\r", "\001", "\177"
    };
    size_t i;

    for (i = 0; i < sizeof(bad_address) / sizeof(bad_address[0]); i++) {
        CHECK_STATUS(NX_SUCCESS, create("", "", FROM, DOMAIN));
        CHECK_STATUS(NX_SMTP_INVALID_PARAM,
                     send_to(bad_address[i], "Hi", "x", 1));
        CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
        CHECK_STATUS(NX_SUCCESS, create("", "", bad_address[i], DOMAIN));
        CHECK_STATUS(NX_SMTP_INVALID_PARAM, send_to(TO, "Hi", "x", 1));
        CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    }
    CHECK_STATUS(NX_SUCCESS, create("", "", FROM, "host\r\nQUIT"));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM, send_to(TO, "Hi", "x", 1));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    CHECK_STATUS(NX_SUCCESS, create("", "", FROM, ""));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM, send_to(TO, "Hi", "x", 1));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));

    CHECK_STATUS(NX_SUCCESS, create("", "", FROM, DOMAIN));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM, send_to("", "Hi", "x", 1));
    for (i = 0; i < sizeof(bad_subject) / sizeof(bad_subject[0]); i++)
        CHECK_STATUS(NX_SMTP_INVALID_PARAM,
                     send_to(TO, bad_subject[i], "x", 1));
    CHECK(client.nx_smtp_client_mail_status == NX_SMTP_INVALID_PARAM);
#if !DUVA_NETX_MORE
    CHECK(client.nx_smtp_client_session.mail.result.verdict == DUVA_REFUSED);
#endif
    face_send(&client, good, NX_SUCCESS);
}

/* Bodies that cannot be sent as they are, and subjects too long for a line;
 * the longest that fit do go. */
FACE_TEST(unfit)
{
    static CHAR line[1001], subject[991];
    static const struct {
        const char *text;
        UINT len;
    } bad[] = {
        { "a\rb", 3 }, { "a\r", 2 }, { "a\r\r\n", 4 }, { "a\0b", 3 },
        { "\0", 1 },   { "text\0", 5 }
    };
    size_t i;

    CHECK_STATUS(NX_SUCCESS, create("", "", FROM, DOMAIN));
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_STATUS(NX_SMTP_INVALID_PARAM,
                     send_to(TO, "Hi", (CHAR *)bad[i].text, bad[i].len));
    memset(line, 'x', sizeof(line));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM, send_to(TO, "Hi", line, 999));
    memset(subject, 'x', sizeof(subject) - 1);
    CHECK_STATUS(NX_SMTP_INVALID_PARAM, send_to(TO, subject, "x", 1));
    face_plan(0, good);
    CHECK_STATUS(NX_SUCCESS, send_to(TO, subject + 1, line, 998));
    face_over(0);
    CHECK(strstr(face_servers[0].message, "Subject: xxx") != NULL);
}

/* Addresses in brackets take their place in the buffer of the client, but not
 * in the smaller client. */
#if DUVA_NETX_MORE
#define BRACKETED_MAX (NX_SMTP_CLIENT_BUFFER_SIZE - DUVA_BUFFER_MIN - 1)
#define TOO_LONG NX_SIZE_ERROR
#else
#define BRACKETED_MAX 254
#define TOO_LONG NX_SMTP_INVALID_PARAM
#endif

FACE_TEST(long_addresses)
{
    static CHAR plain[256], bracketed[258];
    static char expected[300];
    static const char *const script[] = {
        HELLO, MAIL, ">250 ok\r\n", expected, ">250 ok\r\n", "<DATA\r\n",
        ">354 go\r\n", "{", ">250 taken\r\n", GOODBYE, NULL
    };
    const size_t fit = BRACKETED_MAX;

    memset(plain, 'd', 254);
    memcpy(plain, "bob@", 4);
    snprintf(expected, sizeof(expected), "<RCPT TO:<%s>\r\n", plain);
    CHECK_STATUS(NX_SUCCESS, create("", "", FROM, DOMAIN));
    face_plan(0, script);
    CHECK_STATUS(NX_SUCCESS, send_to(plain, "Hi", "x", 1));
    face_over(0);

    plain[fit] = '\0';
    snprintf(expected, sizeof(expected), "<RCPT TO:<%s>\r\n", plain);
    snprintf(bracketed, sizeof(bracketed), "<%s>", plain);
    face_plan(0, script);
    CHECK_STATUS(NX_SUCCESS, send_to(bracketed, "Hi", "x", 1));
    face_over(0);

    plain[fit] = 'd';
    plain[fit + 1] = '\0';
    snprintf(bracketed, sizeof(bracketed), "<%s>", plain);
    CHECK_STATUS(TOO_LONG, send_to(bracketed, "Hi", "x", 1));
    face_send(&client, good, NX_SUCCESS);
}

/* Nothing of a client remains: no password, in no form. */
FACE_TEST(wiped)
{
    static const char *const script[] = {
        EHLO, ">250-hi\r\n250 AUTH LOGIN\r\n", "<AUTH LOGIN\r\n", ">334 \r\n",
        "<YWRh\r\n", ">334 \r\n", "<czNjcmV0\r\n", ">535 no\r\n", GOODBYE, NULL
    };

    memset(&client, 0xA5, sizeof(client));
    CHECK_STATUS(NX_SUCCESS, create(USER, PASSWORD, FROM, DOMAIN));
    face_send(&client, script, NX_SMTP_AUTH_REPLY_ERROR);
    CHECK(!contains(&client, sizeof(client), "czNj"));
    CHECK(contains(&client, sizeof(client), PASSWORD));
    CHECK(client.nx_smtp_client_mail.nx_smtp_client_mail_body == NULL);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    CHECK(all_zero(&client, sizeof(client)));
}

/* Before the threads run: create is allowed there, sending and deleting are
 * not. */
static UINT early_create, early_send, too_early_delete, early_delete;

static void define_early(void *memory)
{
    static CHAR long_name[NX_SMTP_CLIENT_MAX_USERNAME + 2];
    NXD_ADDRESS server = face_v4;

    memset(long_name, 'u', sizeof(long_name) - 1);
    face_define(memory);
    CHECK_STATUS(NX_SIZE_ERROR,
                 nxd_smtp_client_create(&client, &face_ip, &face_pool,
                                        long_name, PASSWORD, FROM, DOMAIN,
                                        NX_SMTP_CLIENT_AUTH_NONE, &server,
                                        25));
    CHECK(face_ip.nx_ip_tcp_created_sockets_count == 0);
    early_create = nxd_smtp_client_create(&client, &face_ip, &face_pool, USER,
                                          PASSWORD, FROM, DOMAIN,
                                          NX_SMTP_CLIENT_AUTH_NONE, &server,
                                          25);
    early_send = send_to(TO, "Hi", "x", 1);
    too_early_delete = nx_smtp_client_delete(&client);
}

static VOID early_thread(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    CHECK(early_create == NX_SUCCESS);
    CHECK(early_send == NX_CALLER_ERROR);
    CHECK(too_early_delete == NX_CALLER_ERROR);
    face_send(&client, good, NX_SUCCESS);
    early_delete = nx_smtp_client_delete(&client);
    CHECK(early_delete == NX_SUCCESS);
    face_passed();
}

static void early(void **state)
{
    (void)state;
    face_entry = early_thread;
    assert_int_equal(run(define_early), PASSED);
}

static VOID no_tcp_thread(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
}

static void define_no_tcp(void *memory)
{
    static char pool_memory[4096];
    NXD_ADDRESS server = face_v4;

    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_pool_create(&face_pool, (CHAR *)"pool", 512,
                                       pool_memory, sizeof(pool_memory)));
    CHECK_STATUS(NX_SUCCESS,
                 nx_ip_create(&face_ip, (CHAR *)"ip", IP_ADDRESS(10, 0, 0, 10),
                              0xFFFFFF00, &face_pool, _nx_ram_network_driver,
                              memory, 2048, 1));
    memset(&client, 0xA5, sizeof(client));
    CHECK_STATUS(NX_NOT_ENABLED,
                 nxd_smtp_client_create(&client, &face_ip, &face_pool, USER,
                                        PASSWORD, FROM, DOMAIN,
                                        NX_SMTP_CLIENT_AUTH_NONE, &server,
                                        25));
    CHECK(client.nx_smtp_client_id == 0);
    CHECK(client.nx_smtp_client_init_status == 0);
    passed();
}

/* TCP was not enabled: the status of the socket is that of create. */
static void no_tcp(void **state)
{
    (void)state;
    face_entry = no_tcp_thread;
    assert_int_equal(run(define_no_tcp), PASSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(create_checks), cmocka_unit_test(sizes),
        cmocka_unit_test(copies),        cmocka_unit_test(twice),
        cmocka_unit_test(send_checks),   cmocka_unit_test(injection),
        cmocka_unit_test(unfit),         cmocka_unit_test(long_addresses),
        cmocka_unit_test(wiped),         cmocka_unit_test(early),
        cmocka_unit_test(no_tcp),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
