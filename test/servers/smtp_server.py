"""smtp_server - nodemailer's smtp-server, in a small program.

SPDX-License-Identifier: MIT
"""
import pathlib

from node import MODULES, Node


class SmtpServer(Node):
    name = 'smtp-server'
    package = 'smtp-server'
    adds = {'delivered-to'}
    hidden = ()         # extensions that it does not offer

    def command(self):
        return (pathlib.Path(__file__).with_name('smtp_server.js'), MODULES,
                str(self.port), self.mail, *self.hidden)


class SevenBit(SmtpServer):
    name = 'smtp-server without 8BITMIME'
    hidden = '8BITMIME', 'SMTPUTF8'
