/* curl.c - sends a job with libcurl: the easy interface, and the multi. */
/* SPDX-License-Identifier: MIT */
#include "../job.h"

#include <curl/curl.h>
#include <stdlib.h>

struct slot {
    CURL             *handle;
    struct job_reader reader;
};

static struct curl_slist *recipients, *headers;

static void check(int good, const char *what, const char *why)
{
    if (!good)
        job_fail(what, why);
}

static size_t take(char *buf, size_t size, size_t count, void *reader)
{
    return job_take(reader, buf, size * count);
}

static void attach(CURL *h, const struct job *j)
{
    curl_mime     *mime = curl_mime_init(h);
    curl_mimepart *part = curl_mime_addpart(mime);

    curl_mime_data(part, j->text, j->text_len);
    curl_mime_type(part, "text/plain");
    part = curl_mime_addpart(mime);
    curl_mime_filedata(part, j->attach);
    curl_mime_encoder(part, "base64");
    headers = curl_slist_append(NULL, "From: " JOB_FROM);
    headers = curl_slist_append(headers, "Subject: benchmark");
    curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(h, CURLOPT_MIMEPOST, mime);
}

static CURL *make(const struct job *j, struct slot *slot)
{
    CURL *h = curl_easy_init();
    char  url[300];

    check(h != NULL, "libcurl", "gives no handle");
    snprintf(url, sizeof(url), "%s://%s:%s/client.example",
             j->tls == JOB_IMPLICIT ? "smtps" : "smtp", j->host, j->port);
    curl_easy_setopt(h, CURLOPT_URL, url);
    curl_easy_setopt(h, CURLOPT_MAIL_FROM, "<" JOB_FROM ">");
    curl_easy_setopt(h, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(h, CURLOPT_PRIVATE, slot);
    if (j->tls != JOB_CLEAR) {
        curl_easy_setopt(h, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
        curl_easy_setopt(h, CURLOPT_CAINFO, j->ca);
    }
    if (j->anew) {
        curl_easy_setopt(h, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(h, CURLOPT_FORBID_REUSE, 1L);
    }
    if (j->attach != NULL) {
        attach(h, j);
    } else {
        curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(h, CURLOPT_READFUNCTION, take);
        curl_easy_setopt(h, CURLOPT_READDATA, &slot->reader);
    }
    return h;
}

static void one_by_one(const struct job *j)
{
    struct slot   slot;
    CURL         *h = make(j, &slot);
    unsigned long i;

    for (i = 0; i < j->mails; i++) {
        CURLcode code;

        job_open(&slot.reader, j);
        code = curl_easy_perform(h);
        check(code == CURLE_OK, "libcurl", curl_easy_strerror(code));
        job_close(&slot.reader);
    }
    curl_easy_cleanup(h);
}

/* Gives back how many mails are done, each slot having begun its next. */
static unsigned long reap(CURLM *m, const struct job *j, unsigned long *begun)
{
    unsigned long done = 0;
    CURLMsg      *msg;
    int           left;

    while ((msg = curl_multi_info_read(m, &left)) != NULL) {
        CURL        *h = msg->easy_handle;
        struct slot *slot;

        check(msg->data.result == CURLE_OK, "libcurl",
              curl_easy_strerror(msg->data.result));
        curl_multi_remove_handle(m, h);
        curl_easy_getinfo(h, CURLINFO_PRIVATE, (char **)&slot);
        job_close(&slot->reader);
        done++;
        if (*begun == j->mails)
            continue;
        ++*begun;
        job_open(&slot->reader, j);
        curl_multi_add_handle(m, h);
    }
    return done;
}

static void side_by_side(const struct job *j)
{
    CURLM        *m = curl_multi_init();
    struct slot  *slot = calloc(j->sessions, sizeof(*slot));
    unsigned long begun = 0, done = 0, i;
    int           running;

    check(m != NULL && slot != NULL, "memory", "there is none left");
    curl_multi_setopt(m, CURLMOPT_MAXCONNECTS, (long)j->sessions);
    for (i = 0; i < j->sessions && begun < j->mails; i++, begun++) {
        slot[i].handle = make(j, &slot[i]);
        job_open(&slot[i].reader, j);
        curl_multi_add_handle(m, slot[i].handle);
    }
    while (done < j->mails) {
        check(curl_multi_perform(m, &running) == CURLM_OK, "libcurl", "multi");
        done += reap(m, j, &begun);
        if (done < j->mails)
            curl_multi_poll(m, NULL, 0, 1000, NULL);
    }
    for (i = 0; i < j->sessions; i++)
        curl_easy_cleanup(slot[i].handle);
    curl_multi_cleanup(m);
    free(slot);
}

int main(int argc, char **argv)
{
    struct job    job;
    unsigned long i;

    (void)argc;
    job_read(&job, argv);
    curl_global_init(CURL_GLOBAL_ALL);
    for (i = 0; i < job.rcpts; i++)
        recipients = curl_slist_append(recipients, job.rcpt[i]);
    if (job.sessions == 1)
        one_by_one(&job);
    else
        side_by_side(&job);
    return 0;
}
