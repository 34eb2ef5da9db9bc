"""contenders - who is measured: how each is started, and which it is.

SPDX-License-Identifier: MIT

A contender turns a job, the words of job.h as a dictionary, into a command.
"""
import os
import re
import shutil
import subprocess

PEERS = os.path.join(os.path.dirname(__file__), '..', 'peers')
FROM = 'bench@client.example'
TO = 'r0@sink.example'


class Contender:
    """needs: what must be there.  version: a command that prints it.  slow:
    it is given a tenth of a row's mails, and left out when time is short.
    per_mail: it is started once for each mail.  exact: the message arrives as
    it is in the file; else only its parts are counted.  form: which of the
    files of a Body it takes.  adds: what it puts behind the message.
    from_memory: it cannot read from a file.  visits: connections on which it
    sends no mail."""

    def __init__(self, name, command, needs=(), version=None, slow=False,
                 per_mail=False, exact=True, form='crlf', adds=b'',
                 from_memory=False, visits=0):
        self.name = name
        self.command = command
        self.needs = needs
        self.slow = slow
        self.per_mail = per_mail
        self.exact = exact
        self.form = form
        self.adds = adds
        self.from_memory = from_memory
        self.visits = visits
        self._version = version

    def why_not(self):
        """Why it cannot run here; None when it can."""
        for program in self.needs:
            if not (shutil.which(program) or os.path.exists(program)):
                return f'{os.path.basename(program)} is not here'
        return None

    def version(self):
        if not self._version:
            return ''
        done = subprocess.run(self._version, capture_output=True, text=True)
        found = re.search(r'\d+(\.\d+)+', done.stdout + done.stderr)
        return found.group(0) if found else '?'


def words(job):
    return [f'{name}={value}' for name, value in job.items()]


def driver(*program):
    return lambda job: [*program, *words(job)]


def smtp_source(job):
    reuse = ['-d'] if job['connection'] == 'reused' else []
    return ['smtp-source', *reuse, '-s', job['sessions'], '-m', job['mails'],
            '-r', job['rcpts'], '-f', FROM, '-t', TO, '-M', 'client.example',
            '-F', job['file'], f"inet:{job['host']}:{job['port']}"]


def msmtp(job):
    rcpts = [f'r{i}@sink.example' for i in range(int(job['rcpts']))]
    return ['msmtp', f"--host={job['host']}", f"--port={job['port']}",
            '--domain=client.example', '--tls=off', '--auth=off', '--file=',
            f'--from={FROM}', '--', *rcpts]


def curl(job):
    return ['curl', '--silent', '--show-error', '--upload-file', job['file'],
            '--mail-from', FROM, '--mail-rcpt', TO,
            f"smtp://{job['host']}:{job['port']}/client.example"]


def swaks(job):
    return ['swaks', '--silent', '3', '--server', job['host'], '--port',
            job['port'], '--helo', 'client.example', '--from', FROM, '--to',
            TO, '--data', '@' + job['file']]


def s_nail(job):
    attach = ['-a', job['attach']] if job.get('attach') else []
    return ['s-nail', '-:/', '-Sv15-compat', '-Ssendwait',
            f"-Smta=smtp://{job['host']}:{job['port']}", '-Ssmtp-auth=none',
            '-Ssmtp-config=-all,ehlo', '-Shostname=client.example',
            f'-Sfrom={FROM}', '-s', 'benchmark', *attach, TO]


def duva_send(program):
    return lambda job: [
        program, 'send', '--server', f"smtp://{job['host']}:{job['port']}",
        '--from', FROM, '--to', TO, '--raw', job['file'], '--hello',
        'client.example', '--quiet']


def duva_merge(program):
    """A row for each mail; the text is as long as the file is."""
    def command(job):
        rows, text = job['file'] + '.csv', job['file'] + '.text'
        for left in ('.journal', '.results.csv'):
            if os.path.exists(rows + left):
                os.unlink(rows + left)
        with open(rows, 'w') as file:
            file.write('name,email\n')
            file.writelines(f'Ada {i},r{i}@sink.example\n'
                            for i in range(int(job['mails'])))
        with open(job['file']) as message, open(text, 'w') as file:
            file.write('Dear {{name}},\n' + message.read().split('\n\n')[1])
        return [program, 'send', '--server',
                f"smtp://{job['host']}:{job['port']}", '--merge', rows,
                '--from', FROM, '--to', '{{name}} <{{email}}>', '--subject',
                'benchmark', '--body', text, '--hello', 'client.example',
                '--connections', job['sessions'], '--quiet']
    return command


def package(name):
    return ['dpkg-query', '-W', '-f', '${Version}', name]


def contenders(build, npm):
    """All of them by name.  Duva's are those that begin with "duva"."""
    programs = build / 'bench'

    def library(peer, name, debian, **more):
        program = str(programs / f'peer_{peer}')
        return Contender(name, driver(program), [program],
                         debian and package(debian), **more)

    def duva(driver_name):
        program = str(programs / f'duva_{driver_name}')
        return Contender(f'duva {driver_name}', driver(program), [program])

    command = str(build / 'duva')
    python = os.path.join(PEERS, 'python.py')
    mailer = os.path.join(PEERS, 'nodemailer.mjs')
    found = [
        duva('send'),
        duva('tls'),
        duva('pool'),
        Contender('duva command', duva_send(command), [command],
                  per_mail=True),
        Contender('duva merge', duva_merge(command), [command], exact=False,
                  visits=1),
        library('curl', 'libcurl', 'libcurl4'),
        library('esmtp', 'libESMTP', 'libesmtp6'),
        library('etpan', 'libEtPan', 'libetpan20', from_memory=True),
        library('floor', 'floor', None),
        Contender('smtp-source', smtp_source, ['smtp-source'],
                  package('postfix'), form='lf', adds=b'\r\n'),
        Contender('smtplib', driver('python3', python), ['python3'],
                  ['python3', '--version'], slow=True),
        Contender('nodemailer', driver('node', mailer),
                  ['node', str(npm / 'node_modules/nodemailer')],
                  ['sed', '-n', 's/"version"://p',
                   str(npm / 'node_modules/nodemailer/package.json')],
                  slow=True),
        Contender('curl', curl, ['curl'], package('curl'), per_mail=True),
        Contender('msmtp', msmtp, ['msmtp'], package('msmtp'), per_mail=True,
                  form='lf', slow=True),
        Contender('swaks', swaks, ['swaks'], package('swaks'), per_mail=True,
                  form='open', slow=True),
        Contender('s-nail', s_nail, ['s-nail'], package('s-nail'),
                  per_mail=True, exact=False, form='lf', slow=True),
    ]
    return {contender.name: contender for contender in found}
