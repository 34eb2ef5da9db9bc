/* test_face.h - a device, and SMTP servers that follow a script. */
/* SPDX-License-Identifier: MIT */

/* For the tests of compat/netxduo/nxd_smtp_client.  Each test is a program of
 * its own (see test_host_run.h): FACE_TEST(name) { ... } is the thread of a
 * device on the host layer, with a stack of 2048 octets as on a target.  Its
 * servers are threads behind a second IP instance of the same process.
 *
 * A script is a list of steps, ended by NULL:
 *   ">text"  send this as one packet
 *   "<text"  exactly these octets come from the client
 *   "[text"  a line that begins with this comes from the client
 *   "{"      the message, up to its final dot, is kept in server->message
 *   "~20"    for so many ticks nothing comes from the client
 *   "z20"    do nothing for so many ticks
 *   "@"      the server's thread calls face_meanwhile()
 *   "*"      whatever comes is kept there, as far as there is room
 *   "!"      reset the connection
 *   "|"      end it in order
 *   "/"      the client ends the connection, and makes another
 * After the last step the client ends the connection; server->reset tells
 * how.  What goes against the script ends the test.
 *
 * Ticks pass even when no thread of the test runs.  So "~" and "z" are no way
 * to let another thread do something before the next step; "@" is. */

#ifndef TEST_FACE_H
#define TEST_FACE_H

#include "test_host_run.h"

#include "nxd_smtp_client.h"

#define SERVERS 2
#define MAIL_POOL_PAYLOAD 512

#define USER "ada"
#define PASSWORD "s3cret"
#define FROM "ada@example.net"
#define TO "bob@example.org"
#define DOMAIN "device.example.net"

/* The usual stretches of a script. */
#define EHLO ">220 hi\r\n", "<EHLO " DOMAIN "\r\n"
#define HELLO EHLO, ">250 hi\r\n"
#define MAIL "<MAIL FROM:<" FROM ">\r\n"
#define RCPT "<RCPT TO:<" TO ">\r\n"
#define UP_TO_RCPT MAIL, ">250 ok\r\n", RCPT
#define UP_TO_DATA UP_TO_RCPT, ">250 ok\r\n", "<DATA\r\n"
#define MESSAGE UP_TO_DATA, ">354 go\r\n", "{"
#define GOODBYE "<QUIT\r\n", ">221 bye\r\n"
#define TAKEN MESSAGE, ">250 taken\r\n", GOODBYE

struct face_server {
    TX_THREAD thread;
    TX_SEMAPHORE go, done;
    NX_TCP_SOCKET socket;
    UINT port;
    const char *const *script;
    NX_PACKET *packet;
    ULONG at;
    UINT packets;              /* received in this session */
    ULONG longest;             /* of them */
    int reset;
    char message[1100 * 1024];
    size_t length;
};

static NX_PACKET_POOL face_net_pool, face_pool;
static NX_IP face_ip, face_server_ip;
static TX_THREAD face_thread;
static VOID (*face_entry)(ULONG);
static struct face_server face_servers[SERVERS];
static UINT face_open, face_most; /* sessions at the same time */
static void (*face_meanwhile)(void);
static const NXD_ADDRESS face_v4 = {
    NX_IP_VERSION_V4, { IP_ADDRESS(10, 0, 0, 1) }
};

VOID _nx_ram_network_driver(struct NX_IP_DRIVER_STRUCT *request);

/* ---- the server ---- */

static inline void face_fail(const struct face_server *s, const char *what,
                             const char *step)
{
    fprintf(stderr, "server %u: %s at step \"%s\"\n", s->port, what, step);
    exit(1);
}

enum { FACE_SILENCE = -1, FACE_END = -2 };

static inline int face_octet(struct face_server *s, ULONG wait)
{
    UCHAR octet;
    ULONG n;

    if (s->packet == NX_NULL) {
        const UINT status = nx_tcp_socket_receive(&s->socket, &s->packet, wait);

        if (status != NX_SUCCESS)
            return status == NX_NO_PACKET ? FACE_SILENCE : FACE_END;
        s->at = 0;
        s->packets++;
        if (s->packet->nx_packet_length > s->longest)
            s->longest = s->packet->nx_packet_length;
    }
    CHECK_STATUS(NX_SUCCESS, nx_packet_data_extract_offset(s->packet, s->at,
                                                           &octet, 1, &n));
    if (++s->at == s->packet->nx_packet_length)
        CHECK_STATUS(NX_SUCCESS, nx_packet_release(s->packet));
    return octet;
}

static inline void face_say(struct face_server *s, const char *step)
{
    NX_PACKET *packet;
    const ULONG size = (ULONG)strlen(step + 1);

    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_allocate(&face_net_pool, &packet, NX_TCP_PACKET,
                                    NX_IP_PERIODIC_RATE));
    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_data_append(packet, (VOID *)(step + 1), size,
                                       &face_net_pool, NX_IP_PERIODIC_RATE));
    if (nx_tcp_socket_send(&s->socket, packet, PATIENCE) != NX_SUCCESS)
        face_fail(s, "client is gone", step);
}

static inline void face_expect(struct face_server *s, const char *step)
{
    const char *want = step + 1;

    for (; *want != '\0'; want++) {
        const int c = face_octet(s, PATIENCE);

        if (c != (unsigned char)*want) {
            fprintf(stderr, "got %d after %d octets: ", c,
                    (int)(want - step) - 1);
            face_fail(s, "not what was expected", step);
        }
    }
}

static inline void face_message(struct face_server *s, const char *step)
{
    static const char end[] = "\r\n.\r\n";
    size_t matched = 2;        /* a line begins */

    for (s->length = 0; matched < 5; s->length++) {
        const int c = face_octet(s, PATIENCE);

        if (c < 0 || s->length == sizeof(s->message) - 1)
            face_fail(s, "no end of the message", step);
        s->message[s->length] = (char)c;
        if (c == end[matched])
            matched++;
        else
            matched = c == '\r';
    }
    s->message[s->length] = '\0';
}

static inline void face_rest(struct face_server *s)
{
    int c;

    for (s->length = 0; (c = face_octet(s, PATIENCE)) >= 0;)
        if (s->length < sizeof(s->message) - 1)
            s->message[s->length++] = (char)c;
    s->message[s->length] = '\0';
}

static inline void face_accept(struct face_server *s)
{
    if (nx_tcp_server_socket_accept(&s->socket, PATIENCE) != NX_SUCCESS)
        face_fail(s, "nobody connects", "accept");
    if (++face_open > face_most)
        face_most = face_open;
}

static inline void face_leave(struct face_server *s)
{
    if (face_octet(s, PATIENCE) != FACE_END)
        face_fail(s, "more than expected", "end");
    face_open--;
    s->reset = s->socket.nx_tcp_socket_state != NX_TCP_CLOSE_WAIT;
    nx_tcp_socket_disconnect(&s->socket, PATIENCE);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_unaccept(&s->socket));
    nx_tcp_server_socket_relisten(&face_server_ip, s->port, &s->socket);
}

static inline void face_step(struct face_server *s, const char *step)
{
    switch (*step) {
    case '>':
        face_say(s, step);
        break;
    case '<':
    case '[':
        face_expect(s, step);
        while (*step == '[' && face_octet(s, PATIENCE) != '\n')
            ;
        break;
    case '{':
        face_message(s, step);
        break;
    case '~':
        if (face_octet(s, (ULONG)atoi(step + 1)) != FACE_SILENCE)
            face_fail(s, "no silence", step);
        break;
    case 'z':
        tx_thread_sleep((ULONG)atoi(step + 1));
        break;
    case '@':
        face_meanwhile();
        break;
    case '/':
        face_leave(s);
        face_accept(s);
        break;
    case '*':
        face_rest(s);
        break;
    case '!':
    case '|':
        nx_tcp_socket_disconnect(&s->socket,
                                 *step == '!' ? NX_NO_WAIT : PATIENCE);
        break;
    default:
        face_fail(s, "unknown action", step);
    }
}

static inline VOID face_serve(ULONG which)
{
    struct face_server *s = &face_servers[which];

    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_server_socket_listen(&face_server_ip, s->port,
                                             &s->socket, 5, NX_NULL));
    for (;;) {
        CHECK_STATUS(TX_SUCCESS, tx_semaphore_get(&s->go, TX_WAIT_FOREVER));
        face_accept(s);
        for (; *s->script != NULL; s->script++)
            face_step(s, *s->script);
        face_leave(s);
        CHECK_STATUS(TX_SUCCESS, tx_semaphore_put(&s->done));
    }
}

/* The next session of a server follows this script. */
static inline void face_plan(UINT which, const char *const *script)
{
    struct face_server *s = &face_servers[which];

    s->script = script;
    s->packets = 0;
    s->longest = 0;
    CHECK_STATUS(TX_SUCCESS, tx_semaphore_put(&s->go));
}

/* It has come to this step of its script. */
static inline void face_await(UINT which, const char *const *step)
{
    while (face_servers[which].script < step)
        CHECK_STATUS(TX_SUCCESS, tx_thread_sleep(1));
}

/* Its session has ended. */
static inline void face_over(UINT which)
{
    CHECK_STATUS(TX_SUCCESS,
                 tx_semaphore_get(&face_servers[which].done, PATIENCE));
}

/* ---- the device ---- */

static inline CHAR *face_cut(char **memory, size_t size)
{
    CHAR *at = *memory;

    *memory += (size + 15) / 16 * 16;
    return at;
}

static inline void face_ip_create(NX_IP *ip, ULONG address, char **memory)
{
    NXD_ADDRESS v6 = { NX_IP_VERSION_V6, { 0 } };

    CHECK_STATUS(NX_SUCCESS,
                 nx_ip_create(ip, (CHAR *)"ip", address, 0xFFFFFF00,
                              &face_net_pool, _nx_ram_network_driver,
                              face_cut(memory, 2048), 2048, 1));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_enable(ip));
    CHECK_STATUS(NX_SUCCESS, nxd_ipv6_enable(ip));
    CHECK_STATUS(NX_SUCCESS, nxd_icmp_enable(ip));
    v6.nxd_ip_address.v6[0] = 0x20010db8;
    v6.nxd_ip_address.v6[3] = address & 0xFF;
    CHECK_STATUS(NX_SUCCESS,
                 nxd_ipv6_address_set(ip, 0, &v6, 64, NX_NULL));
}

static inline void face_server_create(UINT which, char **memory)
{
    struct face_server *s = &face_servers[which];

    s->port = 25 + which;
    CHECK_STATUS(TX_SUCCESS, tx_semaphore_create(&s->go, (CHAR *)"go", 0));
    CHECK_STATUS(TX_SUCCESS, tx_semaphore_create(&s->done, (CHAR *)"done", 0));
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_socket_create(&face_server_ip, &s->socket,
                                      (CHAR *)"server", NX_IP_NORMAL,
                                      NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE,
                                      8000, NX_NULL, NX_NULL));
    CHECK_STATUS(TX_SUCCESS,
                 tx_thread_create(&s->thread, (CHAR *)"server", face_serve,
                                  which, face_cut(memory, 2048), 2048, 8, 8,
                                  TX_NO_TIME_SLICE, TX_AUTO_START));
}

static inline void face_define(void *first)
{
    static char net_memory[40 * (1600 + sizeof(NX_PACKET))];
    static char pool_memory[8 * (MAIL_POOL_PAYLOAD + sizeof(NX_PACKET))];
    char *memory = first;
    UINT i;

    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_pool_create(&face_net_pool, (CHAR *)"net", 1600,
                                       net_memory, sizeof(net_memory)));
    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_pool_create(&face_pool, (CHAR *)"mail",
                                       MAIL_POOL_PAYLOAD, pool_memory,
                                       sizeof(pool_memory)));
    face_ip_create(&face_ip, IP_ADDRESS(10, 0, 0, 10), &memory);
    face_ip_create(&face_server_ip, IP_ADDRESS(10, 0, 0, 1), &memory);
    for (i = 0; i < SERVERS; i++)
        face_server_create(i, &memory);
    CHECK_STATUS(TX_SUCCESS,
                 tx_thread_create(&face_thread, (CHAR *)"device", face_entry,
                                  0, face_cut(&memory, 2048), 2048, 16, 16,
                                  TX_NO_TIME_SLICE, TX_AUTO_START));
}

/* No packet is lost, and none was given back twice. */
static inline void face_passed(void)
{
    CHECK(face_pool.nx_packet_pool_available == face_pool.nx_packet_pool_total);
    CHECK(face_pool.nx_packet_pool_invalid_releases == 0);
    CHECK(face_net_pool.nx_packet_pool_available
          == face_net_pool.nx_packet_pool_total);
    CHECK(face_net_pool.nx_packet_pool_invalid_releases == 0);
    passed();
}

#define FACE_TEST(name)                                                        \
    static void name##_body(void);                                             \
    static VOID name##_thread(ULONG unused)                                    \
    {                                                                          \
        NX_PARAMETER_NOT_USED(unused);                                         \
        name##_body();                                                         \
        face_passed();                                                         \
    }                                                                          \
    static void name(void **state)                                             \
    {                                                                          \
        (void)state;                                                           \
        face_entry = name##_thread;                                            \
        assert_int_equal(run(face_define), PASSED);                            \
    }                                                                          \
    static void name##_body(void)

/* ---- what the tests do ---- */

static inline void face_client(NX_SMTP_CLIENT *c, UINT type)
{
    NXD_ADDRESS server = face_v4;

    CHECK_STATUS(NX_SUCCESS,
                 nxd_smtp_client_create(c, &face_ip, &face_pool, USER, PASSWORD,
                                        FROM, DOMAIN, type, &server, 25));
}

/* Sends a mail by a script; its status must be `want`. */
static inline void face_send(NX_SMTP_CLIENT *c, const char *const *script,
                             UINT want)
{
    face_plan(0, script);
    CHECK_STATUS(want, nx_smtp_mail_send(c, TO, NX_SMTP_MAIL_PRIORITY_NORMAL,
                                         "Hi", "Hello.\r\n", 8));
    face_over(0);
}

#endif
