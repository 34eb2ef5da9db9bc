/* oauth_preset.c - options and a provider into a login. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "login/token.h"
#include "oauth/oauth_http.h"
#include "oauth/oauth_options.h"
#include "oauth/oauth_preset.h"
#include "oauth/oauth_print.h"
#include "system/guard.h"

/* %s is the tenant. */
static const struct preset {
    const char *name, *device_url, *authorize_url, *token_url, *scope;
    const char *redirect;
    const char *client;        /* how to register a client */
    const char *no_device;     /* why there is no device_url */
} preset[] = {
    { "google", "", "https://accounts.google.com/o/oauth2/v2/auth",
      "https://oauth2.googleapis.com/token", "https://mail.google.com/",
      "127.0.0.1",
      "create a client of the type 'Desktop app' in the Google Cloud console, "
      "with the scope https://mail.google.com/ in its consent screen, and "
      "give it with --client-id and --client-secret-file",
      "Google does not permit the scope of mail in the device flow; use --flow "
      "browser" },
    { "microsoft",
      "https://login.microsoftonline.com/%s/oauth2/v2.0/devicecode",
      "https://login.microsoftonline.com/%s/oauth2/v2.0/authorize",
      "https://login.microsoftonline.com/%s/oauth2/v2.0/token",
      "https://outlook.office.com/SMTP.Send offline_access", "localhost",
      "register an application in Microsoft Entra that permits public client "
      "flows, with the permission SMTP.Send, and give it with --client-id",
      NULL }
};

enum { PRESETS = sizeof(preset) / sizeof(preset[0]) };

static const struct preset *find_preset(const char *name)
{
    size_t i;

    for (i = 0; i < PRESETS; i++)
        if (strcmp(preset[i].name, name) == 0)
            return &preset[i];
    return NULL;
}

/* Copies text, with tenant in the place of %s.  Returns 0, or -1: it does not
 * fit. */
static int set_text(char *dst, size_t size, const char *text,
                    const char *tenant)
{
    const char *hole = strstr(text, "%s");
    int n = hole == NULL ? snprintf(dst, size, "%s", text)
                         : snprintf(dst, size, "%.*s%s%s", (int)(hole - text),
                                    text, tenant, hole + 2);

    return n >= 0 && (size_t)n < size ? 0 : -1;
}

static int use_preset(struct cli_token *t, const struct preset *p,
                      const struct oauth_options *o)
{
    const char *tenant = o->tenant != NULL ? o->tenant : "common";

    if (strspn(tenant, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                       "0123456789.-") != strlen(tenant)
        || tenant[0] == '\0') {
        oauth_print("--tenant '%s' is not a domain or GUID", tenant);
        return EX_USAGE;
    }
    t->flow[0] = '\0';
    if (set_text(t->device_url, sizeof(t->device_url), p->device_url, tenant)
            == 0
        && set_text(t->authorize_url, sizeof(t->authorize_url),
                    p->authorize_url, tenant)
               == 0
        && set_text(t->token_url, sizeof(t->token_url), p->token_url, tenant)
               == 0
        && set_text(t->scope, sizeof(t->scope), p->scope, "") == 0
        && set_text(t->redirect, sizeof(t->redirect), p->redirect, "") == 0)
        return 0;
    oauth_print("--tenant is too long");
    return EX_USAGE;
}

static int read_client_secret(struct cli_token *t, const char *file)
{
    char *secret = t->client_secret;
    size_t len = 0;
    const char *problem = cli_read_private(AT_FDCWD, file, secret,
                                           sizeof(t->client_secret), &len);

    if (problem == NULL) {
        secret[len] = '\0';
        secret[strcspn(secret, "\r\n")] = '\0';
        if (secret[0] == '\0')
            problem = "its first line is empty";
    }
    if (problem == NULL)
        return 0;
    oauth_print("--client-secret-file %s: %s", file, problem);
    return EX_CONFIG;
}

static int use_options(struct cli_token *t, const struct oauth_options *o)
{
    const struct {
        const char *option, *text;
        char *to;
        size_t size;
        int is_url;
    } each[] = {
        { "--flow", o->flow, t->flow, sizeof(t->flow), 0 },
        { "--client-id", o->client_id, t->client_id, sizeof(t->client_id),
          0 },
        { "--scope", o->scope, t->scope, sizeof(t->scope), 0 },
        { "--device-url", o->device_url, t->device_url,
          sizeof(t->device_url), 1 },
        { "--authorize-url", o->authorize_url, t->authorize_url,
          sizeof(t->authorize_url), 1 },
        { "--token-url", o->token_url, t->token_url, sizeof(t->token_url), 1 }
    };
    const char *problem;
    size_t i;

    for (i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
        if (each[i].text == NULL)
            continue;
        problem = each[i].is_url ? oauth_url_check(each[i].text) : NULL;
        if (problem == NULL
            && set_text(each[i].to, each[i].size, "%s", each[i].text) != 0)
            problem = "it is too long";
        if (problem == NULL && strpbrk(each[i].text, "\r\n") != NULL)
            problem = "it contains a line end";
        if (problem != NULL) {
            oauth_print("%s '%s': %s", each[i].option, each[i].text, problem);
            return EX_USAGE;
        }
    }
    return 0;
}

/* Stored as an absolute path: a renewal may run in another folder. */
static int use_ca(struct cli_token *t, const char *file)
{
    char *path = realpath(file, NULL);
    const char *problem = path == NULL ? strerror(errno) : NULL;

    if (path != NULL && set_text(t->ca, sizeof(t->ca), "%s", path) != 0)
        problem = "its path is too long";
    free(path);
    if (problem == NULL)
        return 0;
    oauth_print("--ca %s: %s", file, problem);
    return EX_NOINPUT;
}

static int check_flow(const struct cli_token *t, const struct preset *p)
{
    const int device = strcmp(t->flow, "device") == 0;

    if (!device && strcmp(t->flow, "browser") != 0) {
        oauth_print("--flow '%s' is unknown: use device or browser", t->flow);
        return EX_USAGE;
    }
    if (device && t->device_url[0] == '\0') {
        oauth_print("%s", p != NULL && p->no_device != NULL
                              ? p->no_device
                              : "--flow device needs --device-url");
        return EX_USAGE;
    }
    if (!device && t->authorize_url[0] == '\0') {
        oauth_print("--flow browser needs --authorize-url");
        return EX_USAGE;
    }
    return 0;
}

static int check_login(struct cli_token *t, const struct preset *p)
{
    if (t->token_url[0] == '\0') {
        oauth_print("no provider: use --provider google or microsoft, or "
                    "--token-url with --device-url or --authorize-url");
        return EX_USAGE;
    }
    if (t->client_id[0] == '\0') {
        oauth_print("--client-id is missing%s%s", p != NULL ? ": " : "",
                    p != NULL ? p->client : "");
        return EX_USAGE;
    }
    if (t->redirect[0] == '\0')
        strcpy(t->redirect, "127.0.0.1"); /* RFC 8252 8.3 */
    if (t->flow[0] == '\0')
        strcpy(t->flow, t->device_url[0] != '\0' ? "device" : "browser");
    return check_flow(t, p);
}

int oauth_preset_apply(struct cli_token *t, const struct oauth_options *o)
{
    const struct preset *p
        = o->provider != NULL ? find_preset(o->provider) : NULL;
    int failed = 0;

    if (o->provider != NULL && p == NULL) {
        oauth_print(
            "--provider '%s' is unknown: known are google and microsoft; "
            "for others use --token-url with --device-url or "
            "--authorize-url",
            o->provider);
        return EX_USAGE;
    }
    if (p != NULL)
        failed = use_preset(t, p, o);
    if (failed == 0)
        failed = use_options(t, o);
    if (failed == 0 && o->ca != NULL)
        failed = use_ca(t, o->ca);
    if (failed == 0 && o->client_secret_file != NULL)
        failed = read_client_secret(t, o->client_secret_file);
    return failed == 0 ? check_login(t, p) : failed;
}
