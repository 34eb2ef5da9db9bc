"""duva - runs the programs under test.

SPDX-License-Identifier: MIT

Where they are is said in the environment, by CTest: DUVA is duva(1),
DUVA_MANY the program of many.c, DUVA_EXAMPLE, DUVA_NETX, DUVA_NETX_REPORT and
DUVA_NETX_TLS those of examples/send.c, netx_alarm.c, netx_report.c and
netx_alarm_tls.c.
"""
import os
import pathlib
import subprocess
import tempfile


def _run(program, arguments, **options):
    return subprocess.run([os.environ[program], *map(str, arguments)],
                          capture_output=True, timeout=60, **options)


def url(address, port):
    host = f'[{address}]' if ':' in address else address
    return f'smtp://{host}:{port}'


def send(address, port, message, *options, sender='alarm@pump.example',
         to=('ada@example.org',), environment=None):
    """duva send --raw, with the message through a pipe."""
    recipients = [word for address in to for word in ('--to', address)]
    return _run('DUVA', ['send', '--server', url(address, port),
                                 '--from', sender, *recipients,
                                 '--raw', '-', *options], input=message,
                env={**os.environ, **(environment or {})})


def send_file(address, port, message, *options):
    """The same with the message in a file."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(message)
        file.flush()
        return _run('DUVA', [
            'send', '--server', url(address, port), '--from',
            'alarm@pump.example', '--to', 'ada@example.org', '--raw',
            file.name, *options])


def many(address, port, sender, mails, window=0):
    """Several mails, as (recipient, message), on one connection."""
    with tempfile.TemporaryDirectory() as folder:
        words = []
        for number, (recipient, message) in enumerate(mails):
            file = pathlib.Path(folder, str(number))
            file.write_bytes(message)
            words += [recipient, file]
        return _run('DUVA_MANY', [str(window), address, port, sender, *words])


def example(address, port, sender, recipient):
    return _run('DUVA_EXAMPLE', [address, port, sender, recipient])


def netx_map(addresses, port):
    """Where the host layer is to look for the servers of netx_alarm: on
    loopback, over IPv6 where there is IPv6."""
    v6 = '[::1]' if '::1' in addresses else '127.0.0.1'
    return (f'192.0.2.25:25=127.0.0.1:{port},'
            f'[2001:db8::25]:25={v6}:{port}')


def netx_alarm(addresses, port):
    where = {'DUVA_NX_MAP': netx_map(addresses, port)}
    return _run('DUVA_NETX', [], env={**os.environ, **where})


def netx_report(port):
    where = {'DUVA_NX_MAP': f'192.0.2.25:25=127.0.0.1:{port}'}
    return _run('DUVA_NETX_REPORT', [], env={**os.environ, **where})


def netx_alarm_tls(port, authority):
    where = {'DUVA_NX_MAP': f'192.0.2.25:587=127.0.0.1:{port}'}
    return _run('DUVA_NETX_TLS', [authority], env={**os.environ, **where})
