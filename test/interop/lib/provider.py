"""provider - an authorization server on loopback, by HTTPS, for tests.

SPDX-License-Identifier: MIT

    with Provider(certificate, TOKEN=[pending(), grant()]) as provider:
        ... provider.url, provider.asked ...

DEVICE and TOKEN are what each path answers: (status, body), a list of them to
be used up one by one, the last for ever; HANG_UP instead ends the connection.
"""
import json
import ssl
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANG_UP = object()


def answer(status=200, **members):
    return status, json.dumps(members).encode()


def error(name, **more):
    return answer(400, error=name, **more)


def device(**more):
    return answer(**{'device_code': 'dev-code', 'user_code': 'ABCD-EFGH',
                     'verification_uri': 'https://example.org/device',
                     'expires_in': 60, 'interval': 1, **more})


def grant(**more):
    return answer(**{'access_token': 'access-1', 'token_type': 'Bearer',
                     'expires_in': 3600, 'refresh_token': 'refresh-1', **more})


class Provider:
    def __init__(self, certificate, DEVICE=device(), TOKEN=grant()):
        self.asked = []             # (path, form)
        self._answers = {'/device': DEVICE, '/token': TOKEN}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                text = self.rfile.read(int(self.headers['Content-Length']))
                provider.asked.append(
                    (self.path, dict(urllib.parse.parse_qsl(text.decode()))))
                reply = provider.next(self.path)
                if reply is HANG_UP:
                    self.close_connection = True
                    return
                status, body = reply
                self.send_response(status)
                self.send_header('Content-Type', 'application/json')
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_):
                pass                # a client that does not trust us

        self._server = Server(('127.0.0.1', 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server.socket = context.wrap_socket(self._server.socket,
                                                  server_side=True)
        self.url = f'https://127.0.0.1:{self._server.server_address[1]}'
        self._thread = threading.Thread(target=self._server.serve_forever,
                                        args=(0.05,))

    def next(self, path):
        answers = self._answers.get(path, (404, b'{}'))
        if isinstance(answers, list):
            return answers.pop(0) if len(answers) > 1 else answers[0]
        return answers

    def forms(self, path):
        return [form for where, form in self.asked if where == path]

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)
