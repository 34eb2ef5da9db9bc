/* provider.c - the domain of an address into the server that sends its mail. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <string.h>
#include <strings.h>

#include "account/provider.h"

#define APP_PASSWORD                                                          \
    "use an app password instead of your own; create it at "

/* TLS from the start where it is offered (RFC 8314 3). */
static const struct cli_provider known[] = {
    { "gmail.com googlemail.com", "Gmail", "smtps://smtp.gmail.com:465",
      APP_PASSWORD "https://myaccount.google.com/apppasswords, or OAuth" },
    { "outlook.com hotmail.com live.com msn.com", "Outlook.com",
      "smtp://smtp-mail.outlook.com:587", "it accepts only OAuth" },
    { "office365.com onmicrosoft.com", "Microsoft 365",
      "smtp://smtp.office365.com:587",
      "it accepts OAuth, and passwords only where SMTP AUTH is enabled" },
    { "icloud.com me.com mac.com", "iCloud", "smtp://smtp.mail.me.com:587",
      APP_PASSWORD "https://account.apple.com" },
    { "yahoo.com yahoo.de yahoo.fr yahoo.co.uk ymail.com rocketmail.com",
      "Yahoo", "smtps://smtp.mail.yahoo.com:465",
      APP_PASSWORD "https://login.yahoo.com/account/security" },
    { "aol.com", "AOL", "smtps://smtp.aol.com:465",
      APP_PASSWORD "https://login.aol.com/account/security" },
    { "fastmail.com fastmail.fm", "Fastmail", "smtps://smtp.fastmail.com:465",
      APP_PASSWORD "https://app.fastmail.com/settings/security" },
    { "gmx.net gmx.de gmx.at gmx.ch", "GMX", "smtps://mail.gmx.net:465",
      "enable SMTP in its settings first" },
    { "gmx.com", "GMX", "smtps://mail.gmx.com:465",
      "enable SMTP in its settings first" },
    { "web.de", "WEB.DE", "smtps://smtp.web.de:465",
      "enable SMTP in its settings first" },
    { "posteo.de posteo.net", "Posteo", "smtps://posteo.de:465", NULL },
    { "mailbox.org", "mailbox.org", "smtps://smtp.mailbox.org:465", NULL },
    { "zoho.com zohomail.com", "Zoho", "smtps://smtp.zoho.com:465",
      "with two-factor authentication use an app password" },
    { "zoho.eu zohomail.eu", "Zoho", "smtps://smtp.zoho.eu:465",
      "with two-factor authentication use an app password" },
    { "proton.me protonmail.com pm.me", "Proton Mail Bridge",
      "smtp://127.0.0.1:1025",
      "its Bridge must run on this machine, and shows the password" },
    { "t-online.de", "Telekom", "smtps://securesmtp.t-online.de:465",
      "use the password for e-mail programs, not that of the web login" },
    { "freenet.de", "freenet", "smtps://mx.freenet.de:465", NULL },
    { "orange.fr wanadoo.fr", "Orange", "smtps://smtp.orange.fr:465", NULL },
    { "yandex.ru yandex.com ya.ru", "Yandex", "smtps://smtp.yandex.com:465",
      APP_PASSWORD "https://id.yandex.com/security/app-passwords" },
    { "mail.ru bk.ru inbox.ru list.ru", "Mail.ru", "smtps://smtp.mail.ru:465",
      APP_PASSWORD "https://account.mail.ru/user/2-step-auth/passwords" }
};

static int holds(const char *domains, const char *domain)
{
    const size_t len = strlen(domain);
    size_t n;

    for (; *domains != '\0'; domains += n + (domains[n] == ' ')) {
        n = strcspn(domains, " ");
        if (n == len && strncasecmp(domains, domain, len) == 0)
            return 1;
    }
    return 0;
}

const struct cli_provider *cli_provider_of(const char *domain)
{
    size_t i;

    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (holds(known[i].domains, domain))
            return &known[i];
    return NULL;
}
