"""parsers - what three parsers read in a message, in one form.

SPDX-License-Identifier: MIT
"""
import email
import email.policy
import email.utils
import json
import pathlib
import re
import shutil
import subprocess
from email.header import decode_header, make_header

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent


def header_text(raw):
    return str(make_header(decode_header(re.sub(r'\r?\n', '', raw))))


def python_email(octets):
    message = email.message_from_bytes(octets)
    modern = email.message_from_bytes(octets, policy=email.policy.default)
    unfolded = {k: re.sub(r'\r?\n', '', v) for k, v in message.items()}
    people = {}
    for field in ('From', 'Sender', 'Reply-To', 'To', 'Cc'):
        people[field] = [
            (header_text(name), addr) for name, addr in
            email.utils.getaddresses([unfolded.get(field, '')]) if addr]
    parts = []
    for part in message.walk():
        assert not part.defects, part.defects
        if part.is_multipart() and part.get_content_type() != 'message/rfc822':
            continue
        if part.get_content_type() == 'message/rfc822':
            content = part.get_payload(0).as_bytes(
                policy=email.policy.SMTP.clone(max_line_length=0))
        else:
            content = part.get_payload(decode=True)
        name = part.get_filename()
        parts.append((part.get_content_type(), name, part['Content-ID'],
                      content))
        if part.get_content_type() == 'message/rfc822':
            break
    for part in modern.walk():
        assert not part.defects, part.defects
    return {'subject': header_text(unfolded.get('Subject', '')),
            'people': people, 'parts': parts,
            'headers': {k: header_text(v) for k, v in unfolded.items()}}


class GMimeParser:
    def __init__(self):
        import gi
        gi.require_version('GMime', '3.0')
        from gi.repository import GMime
        GMime.init()
        self.g = GMime

    def _list(self, addresses):
        found = []
        for i in range(addresses.length()):
            one = addresses.get_address(i)
            if isinstance(one, self.g.InternetAddressGroup):
                found += self._list(one.get_members())
            else:
                found.append((one.get_name() or '', one.get_addr()))
        return found

    def __call__(self, octets):
        g = self.g
        stream = g.StreamMem.new_with_buffer(octets)
        message = g.Parser.new_with_stream(stream).construct_message(None)
        kinds = {'From': g.AddressType.FROM, 'Sender': g.AddressType.SENDER,
                 'Reply-To': g.AddressType.REPLY_TO, 'To': g.AddressType.TO,
                 'Cc': g.AddressType.CC}
        people = {field: self._list(message.get_addresses(kind))
                  for field, kind in kinds.items()}
        parts = []
        self._walk(message.get_mime_part(), parts)
        return {'subject': message.get_subject() or '', 'people': people,
                'parts': parts}

    def _walk(self, part, parts):
        g = self.g
        if part is None:
            return
        if isinstance(part, g.Multipart):
            for i in range(part.get_count()):
                self._walk(part.get_part(i), parts)
            return
        if isinstance(part, g.MessagePart):
            content = None
        else:
            out = g.StreamMem.new()
            part.get_content().write_to_stream(out)
            content = bytes(out.get_byte_array())
        kind = part.get_content_type()
        disposition = part.get_content_disposition()
        name = part.get_filename() if isinstance(part, g.Part) else \
            disposition and disposition.get_parameters() and \
            part.get_content_disposition_parameter('filename')
        cid = part.get_content_id()
        parts.append((kind.get_mime_type(), name, cid and f'<{cid}>', content))


def gmime():
    """The parser, or None and why not."""
    try:
        return GMimeParser(), None
    except (ImportError, ValueError) as error:
        return None, f'GMime: {error}'


def mailparser(files):
    """What mailparser reads in the files, or None and why it does not."""
    node = shutil.which('node')
    if node is None:
        return None, 'mailparser: there is no node'
    done = subprocess.run(
        [node, HERE / 'mailparser.js', *files], capture_output=True,
        text=True, env={'NODE_PATH': str(ROOT / 'build/npm/node_modules'),
                        'PATH': '/usr/bin:/bin'})
    if done.returncode == 77:
        return None, 'mailparser: not in build/npm (tools/setup test)'
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()], None
