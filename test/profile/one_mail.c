/* one_mail.c - a firmware's mail: create, send, delete. */
/* SPDX-License-Identifier: MIT */

/* Written for the API as its guide has it; ONE_MAIL_CONTENT asks for what goes
 * beyond. */
#include "nx_api.h"
#include "nxd_smtp_client.h"
#ifdef ONE_MAIL_CONTENT
#include "nxd_smtp_client_content.h"
#endif

#include "one_mail.h"

static NX_SMTP_CLIENT client;

#ifdef ONE_MAIL_CONTENT
static NX_SMTP_CONTENT content;

static UINT add_content(VOID)
{
    static CHAR log[] = "12:00 2.1 bar\n12:05 1.9 bar\n";
    UINT        status = nx_smtp_client_content_set(&client, &content);

#if !DUVA_MIME_SMALL           /* which has no HTML beside the text */
    static CHAR html[] = "<p>Pressure is <b>low</b>.</p>";

    if (status == NX_SUCCESS)
        status = nx_smtp_client_html_set(&client, html, sizeof(html) - 1);
#endif
    if (status == NX_SUCCESS)
        status = nx_smtp_client_attachment_add(&client, "pump7.csv",
                                               "text/csv", log,
                                               sizeof(log) - 1);
    return status;
}
#else
#define add_content() NX_SUCCESS
#endif

UINT one_mail(NX_IP *ip, NX_PACKET_POOL *pool, NXD_ADDRESS *server,
              CHAR *recipient, CHAR *body, UINT body_length)
{
    UINT status = nxd_smtp_client_create(
        &client, ip, pool, "ada", "s3cret", "ada@example.net",
        "device.example.net", NX_SMTP_CLIENT_AUTH_PLAIN, server, 25);

    if (status != NX_SUCCESS)
        return status;
    status = add_content();
    if (status == NX_SUCCESS)
        status = nx_smtp_mail_send(&client, recipient,
                                   NX_SMTP_MAIL_PRIORITY_HIGH, "Pump 7", body,
                                   body_length);
    nx_smtp_client_delete(&client);
    return status;
}
