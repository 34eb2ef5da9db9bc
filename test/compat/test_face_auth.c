/* test_face_auth.c - tests which mechanism is used, and with which credentials.
 * */
/* SPDX-License-Identifier: MIT */
#include "test_face.h"

/* ada, s3cret in base64, and the two as PLAIN has them */
#define USER64 "YWRh"
#define PASSWORD64 "czNjcmV0"
#define BOTH64 "AGFkYQBzM2NyZXQ="

#define LISTED(list) EHLO, ">250-hi\r\n250 " list "\r\n"
#define PLAIN "<AUTH PLAIN\r\n", ">334 \r\n", "<" BOTH64 "\r\n"
#define SAYS_PLAIN PLAIN, ">235 hi ada\r\n"
#define SAYS_LOGIN                                                             \
    "<AUTH LOGIN\r\n", ">334 VXNlcm5hbWU6\r\n", "<" USER64 "\r\n",             \
        ">334 UGFzc3dvcmQ6\r\n", "<" PASSWORD64 "\r\n", ">235 hi ada\r\n"

static NX_SMTP_CLIENT client;

struct choice {
    UINT asked;
    const char *script[24];
};

static const struct choice choices[] = {
    /* asked and listed */
    { NX_SMTP_CLIENT_AUTH_PLAIN,
      { LISTED("AUTH PLAIN"), SAYS_PLAIN, TAKEN, NULL } },
    { NX_SMTP_CLIENT_AUTH_PLAIN,
      { LISTED("AUTH LOGIN PLAIN"), SAYS_PLAIN, TAKEN, NULL } },
    { NX_SMTP_CLIENT_AUTH_LOGIN,
      { LISTED("AUTH LOGIN"), SAYS_LOGIN, TAKEN, NULL } },
    { NX_SMTP_CLIENT_AUTH_LOGIN,
      { LISTED("AUTH PLAIN LOGIN"), SAYS_LOGIN, TAKEN, NULL } },
    /* asked, and only the other one listed */
    { NX_SMTP_CLIENT_AUTH_PLAIN,
      { LISTED("AUTH CRAM-MD5 LOGIN"), SAYS_LOGIN, TAKEN, NULL } },
    { NX_SMTP_CLIENT_AUTH_LOGIN,
      { LISTED("AUTH PLAIN"), SAYS_PLAIN, TAKEN, NULL } },
    /* asked, and nothing listed that would do */
    { NX_SMTP_CLIENT_AUTH_PLAIN,
      { LISTED("AUTH CRAM-MD5"), SAYS_PLAIN, TAKEN, NULL } },
    { NX_SMTP_CLIENT_AUTH_LOGIN,
      { LISTED("AUTH MOGIN QLAIN"), SAYS_PLAIN, TAKEN, NULL } },
    { NX_SMTP_CLIENT_AUTH_PLAIN,
      { LISTED("HELP"), SAYS_PLAIN, TAKEN, NULL } },
    { NX_SMTP_CLIENT_AUTH_LOGIN,
      { LISTED("HELP"), SAYS_PLAIN, TAKEN, NULL } },
    { NX_SMTP_CLIENT_AUTH_LOGIN,
      { EHLO, ">250 author.example\r\n", SAYS_PLAIN, TAKEN, NULL } },
    /* none asked */
    { NX_SMTP_CLIENT_AUTH_NONE, { LISTED("HELP"), TAKEN, NULL } },
    { NX_SMTP_CLIENT_AUTH_NONE,
      { LISTED("AUTH LOGIN PLAIN"), SAYS_PLAIN, TAKEN, NULL } },
    { NX_SMTP_CLIENT_AUTH_NONE,
      { LISTED("AUTH LOGIN"), SAYS_LOGIN, TAKEN, NULL } },
    /* what is no type means PLAIN */
    { NX_SMTP_CLIENT_AUTH_CRAM_MD5,
      { LISTED("AUTH LOGIN PLAIN"), SAYS_PLAIN, TAKEN, NULL } },
    { 77, { LISTED("AUTH LOGIN PLAIN"), SAYS_PLAIN, TAKEN, NULL } },
    /* a server that needs no response */
    { NX_SMTP_CLIENT_AUTH_PLAIN,
      { LISTED("AUTH PLAIN"), "<AUTH PLAIN\r\n", ">235 hi\r\n", TAKEN,
        NULL } },
    /* what LOGIN's prompts say does not matter */
    { NX_SMTP_CLIENT_AUTH_LOGIN,
      { LISTED("AUTH LOGIN"), "<AUTH LOGIN\r\n", ">334 VXNlciBOYW1lAA==\r\n",
        "<" USER64 "\r\n", ">334 \r\n", "<" PASSWORD64 "\r\n", ">235 hi\r\n",
        TAKEN, NULL } },
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* All with one client after another, each used twice: a choice is made for
 * one mail only. */
FACE_TEST(matrix)
{
    static const char *const unlisted[] = { LISTED("HELP"), SAYS_PLAIN, TAKEN,
                                            NULL };
    size_t i;

    for (i = 0; i < COUNT(choices); i++) {
        const UINT asked = choices[i].asked;

        face_client(&client, asked);
        face_send(&client, choices[i].script, NX_SUCCESS);
        CHECK(client.nx_smtp_client_authentication_state
              == (asked == NX_SMTP_CLIENT_AUTH_NONE
                          && choices[i].script[3][1] == 'M'
                      ? NX_SMTP_NOT_AUTHENTICATED
                      : NX_SMTP_AUTHENTICATION_SUCCEEDED));
        if (asked == NX_SMTP_CLIENT_AUTH_LOGIN) {
            face_send(&client, unlisted, NX_SUCCESS);
            CHECK(client.nx_smtp_client_authentication_type == asked);
            face_send(&client, choices[2].script, NX_SUCCESS);
        }
        face_send(&client, choices[i].script, NX_SUCCESS);
        CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    }
}

/* Without a name there is nothing to authenticate with. */
FACE_TEST(nobody)
{
    static const char *const script[] = { LISTED("AUTH PLAIN"), TAKEN, NULL };
    NXD_ADDRESS server = face_v4;

    CHECK_STATUS(NX_SUCCESS,
                 nxd_smtp_client_create(&client, &face_ip, &face_pool, "", "",
                                        FROM, DOMAIN, NX_SMTP_CLIENT_AUTH_NONE,
                                        &server, 25));
    face_send(&client, script, NX_SUCCESS);
    CHECK(client.nx_smtp_client_authentication_state
          == NX_SMTP_NOT_AUTHENTICATED);
}

/* A refusal, a cut and what cannot be understood; then the same once more. */
FACE_TEST(refused)
{
    static const struct {
        UINT status, code;
        const char *script[16];
    } tries[] = {
        { NX_SMTP_AUTH_REPLY_ERROR, 535,
          { LISTED("AUTH PLAIN"), PLAIN,
            ">535 5.7.8 no\r\n", GOODBYE, NULL } },
        { NX_SMTP_AUTH_REPLY_ERROR, 504,
          { LISTED("HELP"), PLAIN, ">504 no\r\n",
            GOODBYE, NULL } },
        { NX_SMTP_AUTH_REPLY_ERROR, 250,
          { LISTED("AUTH PLAIN"), PLAIN, ">250 hi\r\n",
            GOODBYE, NULL } },
        { NX_SMTP_AUTH_REPLY_ERROR, 0,
          { LISTED("AUTH PLAIN"), PLAIN, ">welcome\r\n",
            GOODBYE, NULL } },
        { NX_SMTP_AUTH_REPLY_ERROR, 454,
          { LISTED("AUTH LOGIN"), "<AUTH LOGIN\r\n", ">334 \r\n",
            "<" USER64 "\r\n", ">454 later\r\n", GOODBYE, NULL } },
        { NX_NOT_CONNECTED, 0,
          { LISTED("AUTH LOGIN"), "<AUTH LOGIN\r\n", ">334 \r\n",
            "<" USER64 "\r\n", "|", NULL } },
    };
    size_t i;

    face_client(&client, NX_SMTP_CLIENT_AUTH_PLAIN);
    for (i = 0; i < COUNT(tries); i++) {
        face_send(&client, tries[i].script, tries[i].status);
        CHECK(client.nx_smtp_client_reply_code_status == tries[i].code);
        CHECK(client.nx_smtp_client_authentication_state
              == NX_SMTP_AUTHENTICATION_FAILED);
        face_send(&client, choices[0].script, NX_SUCCESS);
    }
}

#define U21 "dXV1dXV1dXV1dXV1dXV1dXV1dXV1" /* of 21 letters */
#define P24 "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw"

/* The longest name and password, through the buffer of a client. */
FACE_TEST(longest)
{
    static CHAR user[NX_SMTP_CLIENT_MAX_USERNAME + 1];
    static CHAR password[NX_SMTP_CLIENT_MAX_PASSWORD + 1];
    static const char *const script[] = {
        LISTED("AUTH LOGIN"), "<AUTH LOGIN\r\n", ">334 \r\n",
        "<" U21 U21 U21 "dQ==\r\n", ">334 \r\n",
        "<" P24 P24 P24 P24 "\r\n",
        ">235 hi\r\n", TAKEN, NULL
    };
    NXD_ADDRESS server = face_v4;

    memset(user, 'u', NX_SMTP_CLIENT_MAX_USERNAME);
    memset(password, 'p', NX_SMTP_CLIENT_MAX_PASSWORD);
    CHECK_STATUS(NX_SUCCESS,
                 nxd_smtp_client_create(&client, &face_ip, &face_pool, user,
                                        password, FROM, DOMAIN,
                                        NX_SMTP_CLIENT_AUTH_LOGIN, &server,
                                        25));
    face_send(&client, script, NX_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matrix),
        cmocka_unit_test(nobody),
        cmocka_unit_test(refused),
        cmocka_unit_test(longest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
