#!/usr/bin/python3
"""test_firmware - a Cortex-M4 mails to a Postfix on this machine, and what
happens when its network, its server or its memory fails.

SPDX-License-Identifier: MIT

    test_firmware.py MAILER.elf
"""
import concurrent.futures
import email
import email.policy
import hashlib
import os
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[1:1] = [str(ROOT / 'test/interop/lib'), str(ROOT / 'tools')]
import footprint
from authority import Authority
from board import Run
from common import main
from dovecot import Dovecot, Tokens
from nameserver import NameServer
from processes import Missing
from scripted import CLOSE, SILENCE
from servers import Postfix
from stalling import RESET, Stalling
from tree import limits

USER, PASSWORD = 'pump7', 'correct-horse'
SUBJECT = 'Pump 7: pressure below 2 bar'
TEXT = ('Pressure at pump 7 fell below 2 bar.\n.\n'
        'Valve B was closed. Please have a look.\n')
LOG = ''.join(f'{row:03},pressure,1.97\r\n' for row in range(1, 101))
DISTANT_FUTURE = 4102444800     # 2100: every certificate has expired
WORKERS = 8                     # a run waits more than it computes


def setUpModule():
    global authority, stranger, certificate, postfix, names
    enter = unittest.enterModuleContext
    authority, stranger = enter(Authority()), enter(Authority('Stranger'))
    certificate = authority.certificate('DNS:mail.example')
    try:
        sasl = enter(Dovecot(certificate, enter(Tokens()), {USER: PASSWORD}))
        postfix = enter(Postfix(certificate, sasl.socket))
    except Missing as problem:
        raise unittest.SkipTest(str(problem)) from problem
    names = enter(NameServer({'mail.example': ['10.0.2.2', 'fec0::2'],
                              'other.example': ['10.0.2.2'],
                              'slow.example': ['10.0.2.2', 'fec0::99']}))


def run(**words):
    return Run(IMAGE, **{'host': 'mail.example', 'port': postfix.port,
                         'dns': names.port, 'user': USER, 'pass': PASSWORD,
                         'ca': authority.file, 'trace': 1, **words})


def run_all(cases):
    """The runs of several settings, a few at a time, by the case's name."""
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as workers:
        runs = {name: workers.submit(run, **words)
                for name, words in cases.items()}
        return {name: future.result() for name, future in runs.items()}


class FirmwareTest(unittest.TestCase):
    def check(self, done, verdict, **details):
        """The alarm, the only mail of the run, ended so."""
        self.assertEqual(done.code, 0 if verdict == 'accepted' else 1,
                         done.out)
        result = done.results().get('alarm', {})
        self.assertEqual({'verdict': result.get('verdict'),
                          **{name: result.get(name) for name in details}},
                         {'verdict': verdict, **details}, done.out)

    def check_alarm(self, stored):
        message = email.message_from_bytes(stored, policy=email.policy.SMTP)
        self.assertEqual(message['Subject'], SUBJECT)
        text, log = message.iter_parts()
        self.assertEqual(text.get_content().replace('\r\n', '\n'), TEXT)
        self.assertEqual(log.get_filename(), 'pressure.csv')
        self.assertEqual(log.get_payload(decode=True).decode(), LOG)

    def check_stored(self, done, count):
        """What Postfix stored is, octet for octet, what the board sent."""
        stored = postfix.take(count)
        digests = done.digests()
        self.assertEqual(
            {hashlib.sha256(mail.message).hexdigest() for mail in stored},
            set(digests.values()), done.out)
        self.assertEqual({mail.login for mail in stored}, {USER})
        alarms = [mail for mail in stored if SUBJECT.encode() in mail.message]
        self.assertEqual(sorted(mail.recipients[0] for mail in alarms),
                         ['duty@example.org', 'log@example.org'])
        for mail in alarms:
            self.check_alarm(mail.message)
        return alarms

    # ---- it mails ----

    def check_fifty(self, network, address):
        done = run(network=network, net=4 if '.' in address else 6, mails=50)
        self.assertEqual(done.code, 0, done.out)
        self.assertIn(f'connected to {address}\n', done.out.lower())
        self.assertIn('nobody@refused.example: refused, code 554', done.out)
        self.assertIn('duty@example.org: accepted', done.out)
        self.assertIn('AUTH SCRAM-SHA-256', done.out)
        self.assertNotIn(PASSWORD, done.out)
        results = done.results()
        self.assertEqual(len(results), 51, done.out)
        self.assertEqual({result['verdict'] for result in results.values()},
                         {'accepted'}, done.out)
        self.assertEqual(len(set(done.digests().values())), 51)
        self.assertEqual(len(self.check_stored(done, 52)), 2)
        return done.memory()

    def test_fifty_mails_over_ipv4(self):
        memory = self.check_fifty('user,ipv6=off', '10.0.2.2')
        limit = limits()
        self.assertLess(memory['stack'], limit['board_stack'])
        self.assertLess(memory['heap of TLS'], limit['board_heap'])
        if 'DUVA_WRITE' in os.environ:
            footprint.publish(memory, IMAGE, limit)

    def test_fifty_mails_over_ipv6(self):
        self.check_fifty('user,ipv4=off', 'fec0::2')

    def test_ipv4_follows_when_ipv6_does_not_answer(self):
        done = run(host='slow.example', net=6, mails=0)
        self.assertIn('connected to 10.0.2.2\n', done.out)
        self.check(done, 'retry', err='tls', reason='cert-name')

    # ---- the network fails ----

    def test_cable_is_pulled(self):
        stages = {'greeting': 'greeting', 'ehlo': 'ehlo',
                  'starttls': 'starttls', 'tls': 'tls', 'auth': 'auth',
                  'mail': 'mail', 'rcpt': 'rcpt', 'data': 'data',
                  'body': 'end', 'end': 'end'}
        done = run_all({stage: {'pull': stage, 'wait': 2000, 'lock': 1}
                        for stage in stages})
        for stage, where in stages.items():
            with self.subTest(stage):
                self.check(done[stage],
                           'uncertain' if where == 'end' else 'retry',
                           code='0', stage=where, err='timeout')
        postfix.take(2)         # that pulled at "end" had arrived

    def test_board_is_reset(self):
        done = run(reset='body')
        self.assertIn('reset at body\n', done.out)
        self.check(done, 'accepted', code='250')
        self.check_stored(done, 2)      # of the first start there is nothing

    # ---- the server fails ----

    def check_server(self, answer, err):
        stages = {'CONNECT': 'greeting', 'CLEAR_EHLO': 'ehlo',
                  'STARTTLS': 'starttls', 'EHLO': 'ehlo', 'MAIL': 'mail',
                  'RCPT': 'rcpt', 'DATA': 'data', 'END': 'end'}
        servers = {verb: Stalling(certificate, **{verb: answer})
                   for verb in stages}
        if answer is SILENCE:
            stages['HANDSHAKE'] = 'tls'
            servers['HANDSHAKE'] = Stalling(certificate, HANDSHAKE=SILENCE)
        for server in servers.values():
            server.__enter__()
            self.addCleanup(server.__exit__)
        done = run_all({verb: {'port': server.port, 'user': None,
                               'wait': 1500, 'lock': 1}
                        for verb, server in servers.items()})
        for verb, stage in stages.items():
            # A reset may be here before the board sees the connection.
            if answer is RESET and verb == 'CONNECT' \
                    and 'no connection: connect' in done[verb].out:
                continue
            with self.subTest(verb):
                self.check(done[verb],
                           'uncertain' if verb == 'END' else 'retry',
                           code='0', stage=stage, err=err)

    def test_server_stalls(self):
        self.check_server(SILENCE, 'timeout')

    def test_server_resets_the_connection(self):
        self.check_server(RESET, 'closed')

    def test_server_hangs_up(self):
        self.check_server(CLOSE, 'closed')

    def test_server_reads_no_message(self):
        with Stalling(certificate, BODY=RESET) as server:
            done = run(port=server.port, user=None)
        result = done.results()['alarm']
        self.assertEqual(result['err'], 'closed', done.out)
        self.assertEqual(result['verdict'], {
            'body': 'retry', 'end': 'uncertain'}[result['stage']], done.out)

    def test_nobody_listens(self):
        done = run(port=1)
        self.assertEqual(done.code, 1)
        self.assertIn('no connection: connect', done.out)
        done = run(host='nowhere.example')
        self.assertIn('no connection: resolve', done.out)

    # ---- the server is another one ----

    def test_certificate_is_wrong(self):
        expired = authority.certificate('DNS:mail.example',
                                        end='20210101000000Z')
        cases = {'cert-untrusted': {'ca': stranger.file},
                 'cert-name': {'host': 'other.example'},
                 'cert-expired': {'time': DISTANT_FUTURE},
                 'cert-not-yet': {'time': 0}}   # a board without a clock
        done = run_all(cases)
        with Stalling(expired) as server:
            done['expired'] = run(port=server.port, user=None)
        for name, one in done.items():
            with self.subTest(name):
                self.check(one, 'retry', stage='tls', err='tls',
                           reason='cert-expired' if name == 'expired'
                           else name)
                self.assertNotIn('AUTH', one.out)
                self.assertNotIn('MAIL FROM', one.out)

    # ---- there is no memory ----

    def test_heap_is_empty(self):
        done = run_all({str(heap): {'heap': heap}
                        for heap in (600, 2000, 8000, 12000, 20000, 22000, 24000)}
                       | {'hold': {'hold': 1, 'host': '10.0.2.2'}})
        self.assertIn('no connection: resources', done['hold'].out)
        self.assertEqual(done['hold'].code, 1)
        self.assertIn('no TLS: resources', done['600'].out)
        for heap in ('2000', '8000', '12000', '20000', '22000', '24000'):
            self.check(done[heap], 'retry', err='resources', stage='tls')


if __name__ == '__main__':
    IMAGE = sys.argv.pop(1)
    main()
