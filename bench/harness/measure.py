"""measure - one run of one contender, valid only if the sink agrees.

SPDX-License-Identifier: MIT
"""
import json
import statistics
import subprocess
import zlib

from .stage import Failure

TIMEOUT = 300                     # seconds for a run


def job_of(row, contender, stage, mails):
    """The words of job.h."""
    body = stage.bodies[row.body]
    sink = stage.sink_of(row)
    job = {'host': sink.address, 'port': sink.ports[row.server],
           'file': getattr(body, contender.form), 'mails': mails,
           'rcpts': row.rcpts, 'sessions': row.sessions,
           'connection': row.connection, 'tls': row.tls,
           'source': 'memory' if contender.from_memory else row.source}
    if row.tls != 'none':
        job['ca'] = stage.certificate[0]
    if row.attach:
        job['attach'] = stage.attachment
    return {name: str(value) for name, value in job.items()}


def complaints(row, contender, stage, mails, tally):
    """What of the sink's counts is not as it must be."""
    body = stage.bodies[row.body]
    wanted = {'mails': mails, 'recipients': mails * row.rcpts, 'cut': 0,
              'refused': 0}
    if contender.exact and not row.attach:
        wanted['octets'] = mails * (body.octets + len(contender.adds))
        wanted['sum'] = mails * zlib.crc32(contender.adds, body.sum)
    for name, value in wanted.items():
        if tally[name] != value:
            yield f'{name} is {tally[name]}, not {value}'
    anew = row.connection == 'new' or contender.per_mail
    most = (mails if anew else row.sessions) + contender.visits
    if tally['connections'] > most or (anew and tally['connections'] < most):
        yield f'connections is {tally["connections"]}, not {most}'
    least = stage.attachment_octets * 4 // 3 if row.attach else 0
    if tally['octets'] < least:
        yield f'octets is {tally["octets"]}, below {least}'


def run_once(row, contender, stage, mails):
    """Figures of one run."""
    job = job_of(row, contender, stage, mails)
    times = mails if contender.per_mail else 1
    command = [*stage.inside(row), str(stage.programs / 'launch'), str(times),
               job['file'], *contender.command(job)]
    sink = stage.sink_of(row)
    try:
        done = subprocess.run(command, capture_output=True, text=True,
                              timeout=TIMEOUT, env=stage.environment)
    except subprocess.TimeoutExpired:
        raise Failure(f'no end after {TIMEOUT} s') from None
    tally = sink.report()
    if not done.stdout:
        raise Failure(f'did not run: {done.stderr.strip()[-300:]}')
    cost = json.loads(done.stdout)
    if cost['status'] != 0:
        raise Failure(f'exit {cost["status"]}: {done.stderr.strip()[-300:]}')
    found = list(complaints(row, contender, stage, mails, tally))
    if found:
        raise Failure('not all arrived whole: ' + '; '.join(found))
    cpu = cost['user'] + cost['system']
    megabytes = tally['octets'] / 1e6
    return {'rate': mails / cost['wall'], 'cpu_us': cpu / mails * 1e6,
            'cpu_ms_mb': cpu / megabytes * 1e3, 'cpu_s': cpu,
            'wall_s': cost['wall'], 'rss_mb': cost['rss_kb'] * 1024 / 1e6,
            'turns': tally['turns'] / mails}


def summary(runs):
    """median, least and most of each figure."""
    return {name: {'median': statistics.median(values), 'min': min(values),
                   'max': max(values)}
            for name in runs[0]
            for values in [[run[name] for run in runs]]}


def mails_for(row, contender, quick):
    whole = row.quick if quick else row.mails
    if not contender.slow or whole <= 20:
        return whole
    return max(row.sessions, whole // 10)


def measure(row, contenders, stage, repetitions, quick, say):
    """Runs all in turns: what each gave, and why others gave nothing."""
    runs = {contender.name: [] for contender in contenders}
    reasons = {}
    for turn in range(repetitions):
        order = contenders[turn % len(contenders):] \
            + contenders[:turn % len(contenders)]
        for contender in order:
            if contender.name in reasons:
                continue
            mails = mails_for(row, contender, quick)
            try:
                runs[contender.name].append(
                    run_once(row, contender, stage, mails))
            except Failure as failure:
                reasons[contender.name] = str(failure)
                say(f'{row.id}: {contender.name}: {failure}')
    return {name: {'runs': all_of, 'summary': summary(all_of)}
            for name, all_of in runs.items()
            if all_of and name not in reasons}, reasons
