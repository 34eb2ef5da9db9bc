"""board - runs the program of firmware/ on an emulated Cortex-M4.

SPDX-License-Identifier: MIT

    run = Run(image, host='mail.example', port=587, ...)

QEMU's user network leads to loopback: 10.0.2.2 is 127.0.0.1 there, and fec0::2
is ::1.  The words are the settings of firmware/mailer.c.
"""
import re
import subprocess

EMULATOR = 'qemu-system-arm'
LIMIT_S = 60            # of a run; none takes ten on an idle machine


class Run:
    """One start of the board; it ends with the program."""

    def __init__(self, image, network='user', **words):
        arguments = ''.join(f',arg={name}={value}'
                            for name, value in words.items()
                            if value is not None)
        done = subprocess.run(
            ['timeout', str(LIMIT_S), EMULATOR, '-M', 'mps2-an386',
             '-display', 'none', '-serial', 'stdio', '-monitor', 'none',
             '-nic', network, '-semihosting-config',
             'enable=on,target=native,arg=mailer' + arguments,
             '-kernel', image],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, check=False)
        self.code, self.out = done.returncode, done.stdout.decode('latin-1')

    def results(self):
        """What became of each mail, by its name: a dictionary of verdict,
        code, stage, err, reason and cause."""
        return {name: {'verdict': verdict,
                       **dict(re.findall(r'(\w+) ([\w-]+)', rest))}
                for name, verdict, rest in re.findall(
                    r'^(alarm|report \d+): (\w+), (.*)', self.out, re.M)}

    def digests(self):
        """The SHA-256 of each message that was read, by the mail's name."""
        return dict(re.findall(
            r'^(alarm|report \d+): .*\n(?:  \S+@.*\n)*  sha256 (\w+)',
            self.out, re.M))

    def memory(self):
        """What print_memory() of mailer.c says, by name."""
        line = re.search('^memory: (.*)', self.out, re.M)[1]
        return {name: int(octets) for name, octets in
                re.findall(r'([A-Za-z ]+?) (\d+)(?:, )?', line)}
