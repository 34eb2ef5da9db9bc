/* test_face_content.c - tests HTML and attachments, composed on a device. */
/* SPDX-License-Identifier: MIT */
#include "test_face.h"

#include "nxd_smtp_client_content.h"

static NX_SMTP_CLIENT client;
static NX_SMTP_CONTENT content;
static UCHAR octets[3000];

static const char *const plain[] = { HELLO, TAKEN, NULL };

static void set_content(void)
{
    size_t i;

    for (i = 0; i < sizeof(octets); i++)
        octets[i] = (UCHAR)(i * 7 + i / 256);
    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_content_set(&client, &content));
}

static UINT mail(CHAR *subject, CHAR *text)
{
    return nx_smtp_mail_send(&client, TO, NX_SMTP_MAIL_PRIORITY_LOW, subject,
                             text, (UINT)strlen(text));
}

static void send_by(const char *const *script)
{
    face_plan(0, script);
    CHECK_STATUS(NX_SUCCESS, mail("Hi", "Hello.\r\n"));
    face_over(0);
}

static const char *after(const char *at, const char *what)
{
    at = strstr(at, what);
    CHECK(at != NULL);
    return at + strlen(what);
}

static int begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static UINT digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
                                 "qrstuvwxyz0123456789+/";
    const char *at = strchr(digits, c);

    CHECK(c != '\0' && at != NULL);
    return (UINT)(at - digits);
}

/* What follows is base64 of these octets, up to a line of something else. */
static void check_base64(const char *at, const UCHAR *want, size_t len)
{
    UINT bits = 0, held = 0;

    while (len > 0) {
        at += strspn(at, "\r\n");
        held = held << 6 | digit(*at++);
        bits += 6;
        if (bits < 8)
            continue;
        bits -= 8;
        CHECK((UCHAR)(held >> bits) == *want++);
        len--;
    }
    CHECK(strspn(at, "=") <= 2);
    at += strspn(at, "=");
    CHECK(begins(at, "\r\n"));
}

static void attach(CHAR *name, CHAR *type, ULONG length)
{
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_attachment_add(&client, name, type, octets,
                                               length));
}

static const char *message(void)
{
    return face_servers[0].message;
}

/* No line of a message is long, and no octet beyond ASCII. */
static void check_seven_bits(void)
{
    const char *at = message();
    size_t column = 0;

    for (; *at != '\0'; at++) {
        CHECK((UCHAR)*at < 0x80);
        column = *at == '\n' ? 0 : column + 1;
        CHECK(column < 80);
    }
}

FACE_TEST(attachments)
{
    const char *at;

    set_content();
    attach("pump.bin", NX_NULL, sizeof(octets));
    attach("empty.txt", "text/plain", 0);
    send_by(plain);
    check_seven_bits();
    CHECK(begins(message(), "To: " TO "\r\nX-Priority: 5\r\n"));
    at = after(message(), "From: " FROM "\r\n");
    at = after(at, "Content-Type: multipart/mixed;");
    at = after(at, "\r\n\r\nHello.\r\n");
    at = after(at, "filename=\"pump.bin\"\r\n\r\n");
    check_base64(at, octets, sizeof(octets));
    at = after(at, "Content-Type: text/plain;\r\n name=\"empty.txt\"");
}

FACE_TEST(html)
{
    static CHAR text[] = "<p>gr\303\274n</p>\n";
    const char *at;

    set_content();
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_html_set(&client, text,
                                                     sizeof(text) - 1));
    send_by(plain);
    check_seven_bits();
    at = after(message(), "Content-Type: multipart/alternative;");
    at = after(at, "\r\n\r\nHello.\r\n");
    at = after(at, "Content-Type: text/html; charset=utf-8\r\n");
    after(at, "<p>gr=C3=BCn</p>");
    attach("pump.bin", NX_NULL, 9);
    send_by(plain);
    at = after(message(), "Content-Type: multipart/mixed;");
    at = after(at, "Content-Type: multipart/alternative;");
    after(at, "filename=\"pump.bin\"");
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_html_set(&client, NX_NULL, 0));
    send_by(plain);
    CHECK(strstr(message(), "html") == NULL);
}

/* The subject and the body may have any letters, and any length. */
FACE_TEST(letters)
{
    static CHAR subject[1200], text[1200];
    size_t i;

    set_content();
    for (i = 0; i + 2 < sizeof(subject); i += 2) {
        memcpy(subject + i, "\303\244", 2);
        memcpy(text + i, "\303\266", 2);
    }
    face_plan(0, plain);
    CHECK_STATUS(NX_SUCCESS, mail(subject, text));
    face_over(0);
    check_seven_bits();
    after(message(), "Subject: =?utf-8?");
}

/* Octets from a function, given the second time round as the first. */
static struct {
    ULONG at, size, fail_at;
    UINT starts;
} source;

static UINT read_octets(VOID *context, UCHAR *buffer, ULONG size, ULONG *length)
{
    CHECK(context == &source);
    if (buffer == NX_NULL) {
        source.at = 0;
        source.starts++;
        return NX_SUCCESS;
    }
    if (source.fail_at > 0 && source.at >= source.fail_at)
        return NX_NOT_FOUND;
    if (size > source.size - source.at)
        size = source.size - source.at;
    if (size > 100)
        size = 100;
    memcpy(buffer, octets + source.at, size);
    source.at += size;
    *length = size;
    return NX_SUCCESS;
}

static void attach_source(ULONG said, ULONG size, ULONG fail_at)
{
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_content_set(&client, &content));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_attachment_add_extended(
                                 &client, "pump.bin", NX_NULL, read_octets,
                                 &source, said));
    source.size = size;
    source.fail_at = fail_at;
}

/* SIZE is said, and true, when the length is known. */
FACE_TEST(function)
{
    static char size[80];
    static const char *const script[] = {
        EHLO, ">250-hi\r\n250 SIZE\r\n", "[MAIL FROM:<" FROM "> SIZE=",
        ">250 ok\r\n", RCPT, ">250 ok\r\n", "<DATA\r\n", ">354 go\r\n", "{",
        ">250 taken\r\n", GOODBYE, NULL
    };
    static const char *const exact[] = {
        EHLO, ">250-hi\r\n250 SIZE\r\n", size, ">250 ok\r\n", RCPT,
        ">250 ok\r\n", "<DATA\r\n", ">354 go\r\n", "{", ">250 taken\r\n",
        GOODBYE, NULL
    };
    static const char *const unsized[] = {
        EHLO, ">250-hi\r\n250 SIZE\r\n", "<MAIL FROM:<" FROM ">\r\n",
        ">250 ok\r\n", RCPT, ">250 ok\r\n", "<DATA\r\n", ">354 go\r\n", "{",
        ">250 taken\r\n", GOODBYE, NULL
    };
    const char *at;

    set_content();
    attach_source(sizeof(octets), sizeof(octets), 0);
    send_by(script);
    at = after(message(), "filename=\"pump.bin\"\r\n\r\n");
    check_base64(at, octets, sizeof(octets));
    snprintf(size, sizeof(size), "<MAIL FROM:<" FROM "> SIZE=%u\r\n",
             (unsigned)face_servers[0].length - 3);
    send_by(exact);
    CHECK(source.starts == 4); /* twice to be counted, twice to be sent */
    attach_source(NX_SMTP_LENGTH_UNKNOWN, sizeof(octets), 0);
    send_by(unsized);
    at = after(message(), "filename=\"pump.bin\"\r\n\r\n");
    check_base64(at, octets, sizeof(octets));
}

/* A function that fails, or has not what was said, ends the mail. */
FACE_TEST(failing)
{
    static const char *const cut[] = {
        HELLO, UP_TO_DATA, ">354 go\r\n", "*", NULL
    };
    static const struct {
        ULONG said, size, fail_at;
        UINT status;
    } bad[] = {
        { 3000, 3000, 1000, NX_NOT_FOUND },
        { NX_SMTP_LENGTH_UNKNOWN, 3000, 1000, NX_NOT_FOUND },
        { 3000, 2000, 0, NX_SMTP_INVALID_PARAM },
    };
    size_t i;

    set_content();
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        attach_source(bad[i].said, bad[i].size, bad[i].fail_at);
        face_plan(0, cut);
        CHECK_STATUS(bad[i].status, mail("Hi", "Hello.\r\n"));
        face_over(0);
        CHECK(strstr(message(), "\r\n.\r\n") == NULL);
    }
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_content_set(&client, NX_NULL));
    send_by(plain);
}

/* The text from a function, too, and the same attachment for each mail. */
FACE_TEST(text_from_function)
{
    static const char *const script[] = {
        HELLO, MESSAGE, ">250 taken\r\n", MESSAGE, ">250 taken\r\n", GOODBYE,
        NULL
    };
    UINT i;

    set_content();
    attach("pump.bin", NX_NULL, sizeof(octets));
    memset(octets, 'x', 60);
    octets[60] = '\n';
    source.size = 61;
    face_plan(0, script);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_connect(&client, PATIENCE));
    for (i = 0; i < 2; i++) {
        const char *at;

        CHECK_STATUS(NX_SUCCESS,
                     nx_smtp_mail_send_extended(&client, TO,
                                                NX_SMTP_MAIL_PRIORITY_NORMAL,
                                                "Hi", read_octets, &source));
        at = after(message(), "\r\n\r\nxxxxxxxxxxxxxxx");
        at = after(at, "filename=\"pump.bin\"\r\n\r\n");
        check_base64(at, octets, sizeof(octets));
    }
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_disconnect(&client, PATIENCE));
    face_over(0);
}

/* Recipients stand above what the composer writes. */
FACE_TEST(recipients)
{
    static const char *const script[] = {
        HELLO, MAIL, ">250 ok\r\n", "<RCPT TO:<ann@example.org>\r\n",
        ">250 ok\r\n", "<RCPT TO:<bo@example.org>\r\n", ">250 ok\r\n",
        "<DATA\r\n", ">354 go\r\n", "{", ">250 ok\r\n", GOODBYE, NULL
    };
    static NX_SMTP_RECIPIENT list[2];

    set_content();
    attach("pump.bin", NX_NULL, 3);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_recipients_set(&client, list, 2,
                                                           NX_NULL, 0));
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_recipient_add(&client, "bo@example.org",
                                              NX_SMTP_RECIPIENT_CC));
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_recipient_add(&client, "ann@example.org",
                                              NX_SMTP_RECIPIENT_TO));
    face_plan(0, script);
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_mail_send(&client, NX_NULL,
                                   NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi",
                                   "Hello.\r\n", 8));
    face_over(0);
    CHECK(begins(message(), "To: ann@example.org\r\nCc: bo@example.org\r\n"));
    after(message(), "From: " FROM "\r\n");
}

/* Nobody is called for what could break out of its field. */
FACE_TEST(injection)
{
    static const struct {
        CHAR *name, *type;
    } bad[] = {
        { "a\r\nBcc: eve@example.com", NX_NULL }, { "a\nb", NX_NULL },
        { "\377", NX_NULL }, { "\001", NX_NULL },
        { "a", "text/plain\r\nBcc: eve@example.com" }, { "a", "plain" },
        { "a", "" }, { "a", "multipart/mixed" }, { "a", "text/plain; a=b" }
    };
    static CHAR address[80];
    NXD_ADDRESS server = face_v4;
    size_t i;

    set_content();
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK_STATUS(NX_SUCCESS, nx_smtp_client_content_set(&client, &content));
        attach(bad[i].name, bad[i].type, 3);
        CHECK_STATUS(NX_SMTP_INVALID_PARAM, mail("Hi", "Hello.\r\n"));
    }
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_content_set(&client, &content));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM, mail("a\r\nBcc: eve@example.com", "x"));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM, mail("\377", "x"));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM, mail("Hi", "\377"));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_html_set(&client, "\377", 1));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM, mail("Hi", "x"));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_html_set(&client, NX_NULL, 0));
    send_by(plain);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    CHECK_STATUS(NX_SUCCESS,
                 nxd_smtp_client_create(&client, &face_ip, &face_pool, "", "",
                                        address, DOMAIN,
                                        NX_SMTP_CLIENT_AUTH_NONE, &server,
                                        25));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_content_set(&client, &content));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM, mail("Hi", "x"));
    strcpy(address, "ada@example.net\r\nBcc: eve@example.com");
    CHECK_STATUS(NX_SMTP_INVALID_PARAM, mail("Hi", "x"));
}

static UINT read_within(VOID *context, UCHAR *buffer, ULONG size,
                        ULONG *length)
{
    NX_PARAMETER_NOT_USED(context);
    NX_PARAMETER_NOT_USED(size);
    CHECK_STATUS(NX_ALREADY_BOUND,
                 nx_smtp_client_content_set(&client, NX_NULL));
    CHECK_STATUS(NX_ALREADY_BOUND, nx_smtp_client_html_set(&client, "x", 1));
    CHECK_STATUS(NX_ALREADY_BOUND,
                 nx_smtp_client_attachment_add(&client, "a", NX_NULL, octets,
                                               1));
    CHECK_STATUS(NX_ALREADY_BOUND,
                 nx_smtp_client_attachment_add_extended(
                     &client, "a", NX_NULL, read_octets, NX_NULL, 1));
    if (buffer != NX_NULL)
        *length = 0;
    return NX_SUCCESS;
}

FACE_TEST(arguments)
{
    UINT i;

    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_content_set(&client, &content));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_html_set(&client, "x", 1));
    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_html_set(&client, "x", 1));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_attachment_add(
                                   &client, "a", NX_NULL, octets, 1));
    CHECK_STATUS(NX_PTR_ERROR,
                 nx_smtp_client_attachment_add_extended(
                     &client, "a", NX_NULL, read_octets, NX_NULL, 1));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_content_set(&client, &content));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_html_set(&client, NX_NULL, 1));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_attachment_add(
                                   &client, NX_NULL, NX_NULL, octets, 1));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_attachment_add(
                                   &client, "a", NX_NULL, NX_NULL, 1));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_attachment_add_extended(
                                   &client, "a", NX_NULL, NX_NULL, NX_NULL, 1));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_attachment_add_extended(
                                 &client, "a", NX_NULL, read_within, NX_NULL,
                                 NX_SMTP_LENGTH_UNKNOWN));
    send_by(plain);
    for (i = 1; i < NX_SMTP_CLIENT_MAX_ATTACHMENTS; i++)
        attach("a", NX_NULL, 3);
    CHECK_STATUS(NX_NO_MORE_ENTRIES, nx_smtp_client_attachment_add(
                                         &client, "a", NX_NULL, octets, 3));
    CHECK_STATUS(NX_NO_MORE_ENTRIES,
                 nx_smtp_client_attachment_add_extended(
                     &client, "a", NX_NULL, read_octets, NX_NULL, 3));
    send_by(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attachments), cmocka_unit_test(html),
        cmocka_unit_test(letters),     cmocka_unit_test(function),
        cmocka_unit_test(failing),     cmocka_unit_test(text_from_function),
        cmocka_unit_test(recipients),  cmocka_unit_test(injection),
        cmocka_unit_test(arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
