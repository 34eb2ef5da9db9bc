/* test_secure.h - a device with TLS, and a mail server with TLS. */
/* SPDX-License-Identifier: MIT */

/* Each test is a program of its own (see test_host_run.h): SECURE_TEST(name)
 * { ... } is the thread of a device.  Its server is a thread of the machine
 * behind a socket of the machine; each session of it follows a script:
 *   ">text"  send this at once     "<text"  exactly these octets come
 *   "T"      the handshake of TLS  "{"      a message comes
 *   "|"      the server ends it    "*"      whatever comes is thrown away
 *   "!"      the server resets it
 *   "/"      the client ends the connection, and makes another
 * After the last step the client ends the connection.  When lenient is set,
 * anything may go wrong. */

#ifndef TEST_SECURE_H
#define TEST_SECURE_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include "tls_authority.h"

#include "test_host_run.h"

#include "duva_nx_host.h"
#include "nxd_smtp_client.h"

#define HOST "mail.example.net"
#define USER "ada"
#define PASSWORD "s3cret"
#define BOTH64 "AGFkYQBzM2NyZXQ="
#define FROM "ada@example.net"
#define TO "bob@example.org"
#define DOMAIN "device.example.net"
#define BODY "Nobody reads this.\r\n"
#define NOW 1800000000         /* the device's clock */

/* The usual stretches of a script. */
#define EHLO "<EHLO " DOMAIN "\r\n"
#define STARTTLS                                                               \
    ">220 hi\r\n", EHLO, ">250-hi\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n",      \
        "<STARTTLS\r\n"
#define AUTH                                                                   \
    ">250-hi\r\n250 AUTH PLAIN\r\n", "<AUTH PLAIN\r\n", ">334 \r\n",           \
        "<" BOTH64 "\r\n", ">235 ok\r\n"
#define MAIL                                                                   \
    "<MAIL FROM:<" FROM ">\r\n", ">250 ok\r\n", "<RCPT TO:<" TO ">\r\n",       \
        ">250 ok\r\n", "<DATA\r\n", ">354 go\r\n", "{", ">250 taken\r\n",      \
        "<QUIT\r\n", ">221 bye\r\n"
#define BY_STARTTLS STARTTLS, ">220 go\r\n", "T", EHLO, AUTH, MAIL, NULL
#define BY_IMPLICIT "T", ">220 hi\r\n", EHLO, AUTH, MAIL, NULL

static struct {
    struct identity self, issuer;
    SSL_CTX *context;
    SSL     *ssl;
    int      listener, fd;
    int      lenient, failed, done;
    const char *const *script;
    char     sni[256];
    char     raw[256 * 1024];  /* all that came, as it came */
    size_t   raw_size;
    char     message[64 * 1024];
    size_t   message_size;
} server;

/* ---- the server ---- */

static inline void server_record(const void *data, size_t size)
{
    if (size > sizeof(server.raw) - server.raw_size)
        size = sizeof(server.raw) - server.raw_size;
    memcpy(server.raw + server.raw_size, data, size);
    server.raw_size += size;
}

static inline long server_overhear(BIO *bio, int operation, const char *data,
                                   size_t len, int i, long l, int result,
                                   size_t *processed)
{
    (void)bio;
    (void)len;
    (void)i;
    (void)l;
    if (operation == (BIO_CB_READ | BIO_CB_RETURN) && result > 0)
        server_record(data, *processed);
    return result;
}

static inline int server_octet(void)
{
    unsigned char c;

    if (server.ssl != NULL)
        return SSL_read(server.ssl, &c, 1) == 1 ? c : -1;
    if (recv(server.fd, &c, 1, 0) != 1)
        return -1;
    server_record(&c, 1);
    return c;
}

static inline void server_wrong(const char *step)
{
    if (!server.lenient && !server.failed)
        fprintf(stderr, "server: not what was expected at \"%s\"\n", step);
    server.failed = 1;
}

static inline void server_shake(const char *step)
{
    const char *sni;
    BIO        *bio = BIO_new_socket(server.fd, BIO_NOCLOSE);

    server.ssl = SSL_new(server.context);
    BIO_set_callback_ex(bio, server_overhear);
    SSL_set_bio(server.ssl, bio, bio);
    if (SSL_accept(server.ssl) != 1) {
        server_wrong(step);
        return;
    }
    sni = SSL_get_servername(server.ssl, TLSEXT_NAMETYPE_host_name);
    server.sni[0] = '\0';
    if (sni != NULL)
        strncat(server.sni, sni, sizeof(server.sni) - 1);
}

static inline void server_message(const char *step)
{
    static const char end[] = "\r\n.\r\n";
    size_t matched = 2;
    int    c;

    for (server.message_size = 0; matched < 5;) {
        c = server_octet();
        if (c < 0 || server.message_size == sizeof(server.message) - 1) {
            server_wrong(step);
            return;
        }
        server.message[server.message_size++] = (char)c;
        matched = c == end[matched] ? matched + 1 : c == '\r';
    }
    server.message[server.message_size] = '\0';
}

static inline void server_leave(void)
{
    char    rest[512];
    ssize_t n;

    if (!server.failed && server_octet() >= 0)
        server_wrong("end");
    if (server.ssl != NULL)
        SSL_shutdown(server.ssl);
    shutdown(server.fd, SHUT_WR);
    while ((n = recv(server.fd, rest, sizeof(rest), 0)) > 0)
        server_record(rest, (size_t)n);
    SSL_free(server.ssl);
    server.ssl = NULL;
    close(server.fd);
}

static inline void server_reset(void)
{
    const struct linger none = { 1, 0 };

    CHECK(setsockopt(server.fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none))
          == 0);
    close(server.fd);
    server.fd = -1;
}

static inline void server_step(const char *step)
{
    const char *at = step + 1;
    int         size = (int)strlen(at);

    switch (*step) {
    case '>':
        if (server.ssl != NULL ? SSL_write(server.ssl, at, size) != size
                               : send(server.fd, at, (size_t)size,
                                      MSG_NOSIGNAL) != size)
            server_wrong(step);
        break;
    case '<':
        for (; *at != '\0' && !server.failed; at++)
            if (server_octet() != *at)
                server_wrong(step);
        break;
    case 'T':
        server_shake(step);
        break;
    case '{':
        server_message(step);
        break;
    case '/':
        server_leave();
        server.fd = accept(server.listener, NULL, NULL);
        break;
    case '!':
        server_reset();
        break;
    case '|':
        if (server.ssl != NULL)
            SSL_shutdown(server.ssl);
        shutdown(server.fd, SHUT_WR);
        break;
    default:
        CHECK(*step == '*');
        while (server_octet() >= 0)
            ;
    }
}

static inline void *server_run(void *unused)
{
    sigset_t mine;

    (void)unused;
    sigemptyset(&mine);        /* OpenSSL writes to clients that are gone */
    sigaddset(&mine, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &mine, NULL);
    server.fd = accept(server.listener, NULL, NULL);
    for (; *server.script != NULL && !server.failed; server.script++)
        server_step(*server.script);
    server_leave();
    __atomic_store_n(&server.done, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

/* Begins a session that follows the script. */
static inline void server_plan(const char *const *script)
{
    pthread_t thread;

    server.script = script;
    server.failed = server.done = 0;
    server.raw_size = 0;
    CHECK(pthread_create(&thread, NULL, server_run, NULL) == 0);
    CHECK(pthread_detach(thread) == 0);
}

static inline int server_heard(const char *text)
{
    size_t i, len = strlen(text);

    for (i = 0; i + len <= server.raw_size; i++)
        if (memcmp(server.raw + i, text, len) == 0)
            return 1;
    return 0;
}

/* The session is over, and nothing of the mail could be read on its way. */
static inline void server_over(void)
{
    static const char *const secrets[] = {
        "MAIL FROM", "RCPT", TO, "AUTH ", BOTH64, PASSWORD, "Nobody reads",
        "Subject", NULL
    };
    size_t i;

    while (!__atomic_load_n(&server.done, __ATOMIC_SEQ_CST))
        tx_thread_sleep(1);
    for (i = 0; secrets[i] != NULL; i++)
        CHECK(!server_heard(secrets[i]));
}

/* A server with a certificate as wished, of the authority that the device
 * trusts or of another. */
static inline void server_identify(struct wish wish,
                                   const struct identity *issuer)
{
    SSL_CTX_free(server.context);
    forget_identity(&server.self);
    server.self = make_identity(wish, issuer);
    server.context = SSL_CTX_new(TLS_server_method());
    CHECK(SSL_CTX_use_certificate(server.context, server.self.cert) == 1);
    CHECK(SSL_CTX_use_PrivateKey(server.context, server.self.key) == 1);
}

static inline struct wish wish(const char *name, const char *alt, int from,
                               int to, int is_ca)
{
    const long now = (long)time(NULL);
    struct wish w = { .name = name, .alt = alt, .from = NOW - now + from * DAY,
                      .to = NOW - now + to * DAY, .is_ca = is_ca };

    return w;
}

static inline void server_open(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof(address);
    char      map[64];

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server.listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(server.listener, (struct sockaddr *)&address, size) == 0);
    CHECK(listen(server.listener, 5) == 0);
    getsockname(server.listener, (struct sockaddr *)&address, &size);
    snprintf(map, sizeof(map), "10.9.9.9:587=127.0.0.1:%u",
             (unsigned)ntohs(address.sin_port));
    CHECK(duva_nx_map(map) == NULL);
    server.issuer = make_identity(wish("Authority", NULL, -1, 1, 1), NULL);
    server_identify(wish("other", "DNS:" HOST, -1, 1, 0), &server.issuer);
}

/* ---- the device ---- */

static NX_PACKET_POOL net_pool, mail_pool;
static NX_IP          device_ip;
static TX_THREAD      device_thread;
static VOID         (*device_entry)(ULONG);
static NX_SMTP_CLIENT client;

/* What tls_setup does, and what it has seen. */
static struct {
    UINT  status;              /* what it returns */
    int   no_session;          /* it does not create one */
    int   no_trust, no_time, own_name;
    int   await_end;           /* it returns when the connection is lost */
    ULONG callback_status;
    int   callback;            /* it sets one */
    int   calls, seen;
    NX_SECURE_TLS_SESSION *unchecked; /* takes our callback out of it */
} setup;

static inline ULONG device_clock(VOID)
{
    if (setup.unchecked != NULL)
        nx_secure_tls_session_certificate_callback_set(setup.unchecked,
                                                       NX_NULL);
    return NOW;
}

static inline ULONG device_look(NX_SECURE_TLS_SESSION *session,
                                NX_SECURE_X509_CERT *certificate)
{
    CHECK(session->nx_secure_tls_id == NX_SECURE_TLS_ID);
    CHECK(certificate->nx_secure_x509_certificate_raw_data_length > 100);
    setup.seen++;
    return setup.callback_status;
}

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc;

static inline UINT device_setup(NX_SMTP_CLIENT *c,
                                NX_SECURE_TLS_SESSION *session)
{
    static UCHAR metadata[16384], packets[18000], remote[3][2000], der[2000];
    static NX_SECURE_X509_CERT     trusted, space[3];
    static NX_SECURE_X509_DNS_NAME name;
    UCHAR *at = der;
    int    i, size = i2d_X509(server.issuer.cert, &at);

    CHECK(c == &client);
    setup.calls++;
    if (setup.no_session)
        return setup.status;
    CHECK_STATUS(0, nx_secure_tls_session_create(session,
                                                 &nx_crypto_tls_ciphers_ecc,
                                                 metadata, sizeof(metadata)));
    CHECK_STATUS(0, nx_secure_tls_session_packet_buffer_set(session, packets,
                                                            sizeof(packets)));
    for (i = 0; i < 3; i++)
        CHECK_STATUS(0, nx_secure_tls_remote_certificate_allocate(
                            session, &space[i], remote[i], 2000));
    CHECK_STATUS(0, nx_secure_x509_certificate_initialize(
                        &trusted, der, (USHORT)size, NX_NULL, 0, NX_NULL, 0,
                        NX_SECURE_X509_KEY_TYPE_NONE));
    if (!setup.no_trust)
        CHECK_STATUS(0, nx_secure_tls_trusted_certificate_add(session,
                                                              &trusted));
    if (!setup.no_time)
        CHECK_STATUS(0, nx_secure_tls_session_time_function_set(session,
                                                                device_clock));
    if (setup.callback)
        CHECK_STATUS(0, nx_secure_tls_session_certificate_callback_set(
                            session, device_look));
    if (setup.own_name) {
        CHECK_STATUS(0, nx_secure_x509_dns_name_initialize(
                            &name, (const UCHAR *)"own.example", 11));
        CHECK_STATUS(0, nx_secure_tls_session_sni_extension_set(session,
                                                                &name));
    }
    while (setup.await_end
           && client.nx_smtp_client_socket.nx_tcp_socket_state
                  == NX_TCP_ESTABLISHED)
        tx_thread_sleep(1);
    return setup.status;
}

VOID _nx_ram_network_driver(struct NX_IP_DRIVER_STRUCT *request);

static inline void device_define(void *first)
{
    static char net_memory[40 * (1600 + sizeof(NX_PACKET))];
    static char pool_memory[8 * (512 + sizeof(NX_PACKET))];
    char *memory = first;

    CHECK_STATUS(0, nx_packet_pool_create(&net_pool, (CHAR *)"net", 1600,
                                          net_memory, sizeof(net_memory)));
    CHECK_STATUS(0, nx_packet_pool_create(&mail_pool, (CHAR *)"mail", 512,
                                          pool_memory, sizeof(pool_memory)));
    CHECK_STATUS(0, nx_ip_create(&device_ip, (CHAR *)"ip",
                                 IP_ADDRESS(10, 0, 0, 10), 0xFF000000,
                                 &net_pool, _nx_ram_network_driver, memory,
                                 2048, 1));
    CHECK_STATUS(0, nx_tcp_enable(&device_ip));
    nx_secure_tls_initialize();
    spawn(&device_thread, device_entry, 16, &memory);
}

/* No packet is lost, none was given back twice, no session is left. */
static inline void device_is_clean(void)
{
    CHECK(mail_pool.nx_packet_pool_available
          == mail_pool.nx_packet_pool_total);
    CHECK(mail_pool.nx_packet_pool_invalid_releases == 0);
    CHECK(net_pool.nx_packet_pool_available == net_pool.nx_packet_pool_total);
    CHECK(net_pool.nx_packet_pool_invalid_releases == 0);
    CHECK(_nx_secure_tls_created_count == 0);
    CHECK(client.nx_smtp_client_session.tls.session.nx_secure_tls_id == 0);
}

static inline void device_create(void)
{
    NXD_ADDRESS address = { NX_IP_VERSION_V4, { IP_ADDRESS(10, 9, 9, 9) } };

    CHECK_STATUS(0, nxd_smtp_client_create(&client, &device_ip, &mail_pool,
                                           USER, PASSWORD, FROM, DOMAIN,
                                           NX_SMTP_CLIENT_AUTH_PLAIN, &address,
                                           587));
}

#define SECURE_TEST(name)                                                      \
    static void name##_body(void);                                             \
    static VOID name##_thread(ULONG unused)                                    \
    {                                                                          \
        NX_PARAMETER_NOT_USED(unused);                                         \
        server_open();                                                         \
        device_create();                                                       \
        name##_body();                                                         \
        device_is_clean();                                                     \
        CHECK_STATUS(0, nx_smtp_client_delete(&client));                       \
        passed();                                                              \
    }                                                                          \
    static void name(void **state)                                             \
    {                                                                          \
        (void)state;                                                           \
        device_entry = name##_thread;                                          \
        assert_int_equal(run(device_define), PASSED);                          \
    }                                                                          \
    static void name##_body(void)

/* Sends a mail by a script; its status must be `want`. */
static inline void device_send(UINT mode, const char *const *script, UINT want)
{
    CHECK_STATUS(0, nx_smtp_client_secure_set(&client, mode, HOST,
                                              device_setup));
    server_plan(script);
    CHECK_STATUS(want, nx_smtp_mail_send(&client, TO,
                                         NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi",
                                         BODY, sizeof(BODY) - 1));
    server_over();
    CHECK(!server.failed);
    device_is_clean();
}

#endif
