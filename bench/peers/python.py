"""python - sends a job with smtplib.

SPDX-License-Identifier: MIT
"""
import smtplib
import sys


def dial(job):
    return smtplib.SMTP(job['host'], int(job['port']), 'client.example')


def main():
    job = dict(word.split('=', 1) for word in sys.argv[1:])
    with open(job['file'], 'rb') as file:
        text = file.read()
    rcpts = [f'r{i}@sink.example' for i in range(int(job['rcpts']))]
    server = None
    for _ in range(int(job['mails'])):
        if server is None:
            server = dial(job)
        server.sendmail('bench@client.example', rcpts, text)
        if job['connection'] == 'new':
            server.quit()
            server = None
    if server is not None:
        server.quit()


main()
