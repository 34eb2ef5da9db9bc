/* oauth_browser.c - a browser redirected to a loopback port into tokens. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include "login/secret.h"
#include "login/token.h"
#include "oauth/oauth_response.h"
#include "oauth/oauth_browser.h"
#include "oauth/oauth_flow.h"
#include "oauth/oauth_form.h"
#include "oauth/oauth_options.h"
#include "oauth/oauth_print.h"
#include "oauth/oauth_redirect.h"
#include "system/clock.h"
#include "system/guard.h"

#define WAIT_S 600u     /* for the person to log in */
#define REQUEST_MS 2000 /* for the request of a browser */

/* PKCE (RFC 7636) and the state (RFC 6749 10.12): known to us only. */
struct secrets {
    char verifier[OAUTH_BASE64_SIZE(32)], challenge[OAUTH_BASE64_SIZE(32)];
    char state[OAUTH_BASE64_SIZE(16)];
};

static int make_secrets(struct secrets *s)
{
    uint8_t random[48], digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    int failed;

    if (getentropy(random, sizeof(random)) != 0)
        return -1;
    oauth_base64url(s->verifier, random, 32);
    oauth_base64url(s->state, random + 32, 16);
    failed = EVP_Digest(s->verifier, 43, digest, &len, EVP_sha256(), NULL) != 1
             || len != 32;
    if (!failed)
        oauth_base64url(s->challenge, digest, 32);
    cli_wipe(random, sizeof(random));
    return failed ? -1 : 0;
}

/* Listens on loopback.  Returns the socket, or -1 with errno. */
static int listen_on_loopback(unsigned *port)
{
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in here;
    socklen_t len = sizeof(here);

    memset(&here, 0, sizeof(here));
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&here, len) == 0
        && listen(fd, 8) == 0
        && getsockname(fd, (struct sockaddr *)&here, &len) == 0) {
        *port = ntohs(here.sin_port);
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Waits until fd can be read.  Returns 0, or -1: it cannot before end. */
static int wait_readable(int fd, int64_t end)
{
    struct pollfd p = { fd, POLLIN, 0 };
    int64_t left = end - cli_now();
    int n = 0;

    while (n <= 0 && left > 0) {
        n = poll(&p, 1, (int)(left < 60000 ? left : 60000));
        if (n < 0 && errno != EINTR)
            return -1;
        left = end - cli_now();
    }
    return n > 0 ? 0 : -1;
}

/* Reads the first line of a request, or "" when it is not whole. */
static void read_request(int fd, char *request, size_t size)
{
    const int64_t end = cli_now() + REQUEST_MS;
    size_t len = 0;
    ssize_t n;

    request[0] = '\0';
    while (len + 1 < size && strchr(request, '\n') == NULL
           && wait_readable(fd, end) == 0) {
        n = recv(fd, request + len, size - 1 - len, 0);
        if (n <= 0)
            break;
        len += (size_t)n;
        request[len] = '\0';
    }
    if (strchr(request, '\n') == NULL)
        request[0] = '\0'; /* a code that is cut is none */
}

static void respond(int fd, int status)
{
    const char *text = status == 200
                           ? "Done. Return to the terminal; you can close this "
                             "window.\n"
                           : "Not found.\n";
    char head[256];
    int n
        = snprintf(head, sizeof(head),
                   "HTTP/1.1 %d %s\r\nContent-Type: text/plain\r\n"
                   "Content-Length: %zu\r\nCache-Control: no-store\r\n"
                   "Referrer-Policy: no-referrer\r\n"
                   "Connection: close\r\n\r\n%s",
                   status, status == 200 ? "OK" : "Error", strlen(text), text);

    /* it is only for the person to read */
    (void)send(fd, head, (size_t)n, MSG_NOSIGNAL);
    shutdown(fd, SHUT_WR);
}

/* Returns 0 and a code, or an exit code after a message. */
static int wait_for_code(int listener, const char *state, char *code,
                         size_t size, int64_t end)
{
    static char request[16384];
    char problem[OAUTH_PROBLEM_SIZE] = "";
    int fd, status = 0;

    while (status != 200) {
        fd = wait_readable(listener, end) == 0 ? accept(listener, NULL, NULL)
                                               : -1;
        if (fd < 0) {
            oauth_print("the browser did not return in time; try again");
            return EX_NOPERM;
        }
        read_request(fd, request, sizeof(request));
        status = oauth_redirect(request, state, code, size, problem);
        respond(fd, status);
        close(fd);
        cli_wipe(request, sizeof(request));
    }
    if (code[0] != '\0')
        return 0;
    oauth_print("the login was rejected: %s", problem);
    return EX_NOPERM;
}

/* Returns 0, or an exit code after a message. */
static int print_url(const struct cli_token *t, const struct secrets *s,
                     const char *redirect)
{
    static struct oauth_form url;

    oauth_form_start(&url, t->authorize_url);
    oauth_form_add(&url, "response_type", "code");
    oauth_form_add(&url, "client_id", t->client_id);
    oauth_form_add(&url, "redirect_uri", redirect);
    oauth_form_add(&url, "scope", t->scope);
    oauth_form_add(&url, "state", s->state);
    oauth_form_add(&url, "code_challenge", s->challenge);
    oauth_form_add(&url, "code_challenge_method", "S256");
    /* so that Google gives a refresh token */
    oauth_form_add(&url, "access_type", "offline");
    if (url.too_long) {
        oauth_print("the URL for the browser would be too long");
        return EX_USAGE;
    }
    fprintf(stderr,
            "Open this page in a browser on this machine:\n\n%s\n\n"
            "Waiting; Ctrl-C cancels.\n",
            url.text);
    return 0;
}

int oauth_by_browser(struct cli_token *t, const struct oauth_options *o)
{
    static char code[CLI_SECRET_SIZE];
    const int64_t end = cli_now()
                        + (o->timeout_s != 0 ? o->timeout_s : WAIT_S)
                              * INT64_C(1000);
    struct secrets s;
    char redirect[64];
    unsigned port;
    int failed, listener;

    if (make_secrets(&s) != 0) {
        oauth_print("the system gives no random numbers");
        return EX_OSERR;
    }
    listener = listen_on_loopback(&port);
    if (listener < 0) {
        oauth_print("cannot listen on loopback for the browser: %s",
                    strerror(errno));
        return EX_OSERR;
    }
    snprintf(redirect, sizeof(redirect), "http://%s:%u/", t->redirect, port);
    failed = print_url(t, &s, redirect);
    if (failed == 0)
        failed = wait_for_code(listener, s.state, code, sizeof(code), end);
    close(listener);
    if (failed == 0)
        failed = oauth_by_code(t, code, s.verifier, redirect);
    cli_wipe(code, sizeof(code));
    cli_wipe(&s, sizeof(s));
    return failed;
}
