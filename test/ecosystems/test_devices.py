#!/usr/bin/python3
"""test_devices - the component of ESP-IDF and the module of Zephyr.

SPDX-License-Identifier: MIT

Their Kconfig is read by Kconfiglib; their CMake files run with stubs of the
functions that ESP-IDF and Zephyr document; and their examples send mails over
the sockets of this machine, with STARTTLS and SCRAM.
"""
import pathlib
import re
import shutil
import tempfile
import unittest

from building import HERE, ROOT, run
from authority import Authority
from common import main
from scram import Scram
from tree import source_list

try:
    import kconfiglib
except ImportError:
    kconfiglib = None

ALWAYS = ('DUVA_CORE_SOURCES', 'DUVA_EXTRA_SOURCES', 'DUVA_CLIENT_SOURCES',
          'DUVA_SOCKETS_SOURCES')
CHOSEN = {'SASL': ('DUVA_SASL_SOURCES',), 'MIME': ('DUVA_MIME_SOURCES',),
          'MBEDTLS': ('DUVA_MBEDTLS_SOURCES', 'DUVA_MBEDCRYPTO_SOURCES')}
BEFORE = {                     # symbols of the frameworks that are needed
    'esp_idf': '',
    'zephyr': ''.join(f'config {name}\n\tbool\n\tdefault y\n'
                      for name in ('NET_SOCKETS', 'NET_TCP', 'MBEDTLS')),
}
KCONFIG = {'esp_idf': 'packaging/esp-idf/Kconfig', 'zephyr': 'zephyr/Kconfig'}
EXAMPLE = {'esp_idf': 'packaging/esp-idf/examples/alarm',
           'zephyr': 'zephyr/samples/alarm'}


@unittest.skipUnless(kconfiglib, 'python3-kconfiglib is not here')
class DevicesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix='duva-frameworks-')))
        cls.authority = cls.enterClassContext(Authority())
        run('openssl', 'x509', '-in', cls.authority.file, '-outform', 'DER',
            '-out', cls.folder / 'authority.der')

    def settings(self, framework, chosen=()):
        """The symbols with these values beside the defaults."""
        top = self.folder / 'Kconfig'
        top.write_text(BEFORE[framework]
                       + f'source "{ROOT / KCONFIG[framework]}"\n')
        kconfig = kconfiglib.Kconfig(str(top), warn_to_stderr=False)
        for name, value in {'DUVA': 'y', **dict(chosen)}.items():
            if name in kconfig.syms and kconfig.syms[name].nodes:
                self.assertTrue(kconfig.syms[name].set_value(value), name)
        self.assertEqual(kconfig.warnings, [])
        return {name: symbol.str_value for name, symbol in
                kconfig.syms.items() if symbol.nodes}

    def configured(self, framework, chosen=()):
        """A file of CMake with the settings, as both frameworks have it."""
        file = self.folder / f'{framework}.cmake'
        file.write_text(''.join(
            f'set(CONFIG_{name} "{"" if value == "n" else value}")\n'
            for name, value in self.settings(framework, chosen).items()))
        return file

    def build(self, framework, chosen=(), target='all'):
        """The folder of a build of the example."""
        example = self.folder / f'{framework}-example'
        if not example.exists():
            shutil.copytree(ROOT / EXAMPLE[framework], example)
            shutil.copy(self.authority.file, example / 'main/authority.pem'
                        if framework == 'esp_idf' else example / 'unused')
            if framework == 'zephyr':
                shutil.copy(self.folder / 'authority.der',
                            example / 'src/authority.der')
        built = self.folder / f'{framework}-build'
        shutil.rmtree(built, ignore_errors=True)
        run('cmake', '-S', HERE / framework, '-B', built, f'-DDUVA={ROOT}',
            f'-DCONFIG={self.configured(framework, chosen)}',
            f'-DEXAMPLE={example}', f'-DSAMPLE={example}',
            f'-DZephyr_DIR={HERE / framework}',
            '-DCMAKE_EXPORT_COMPILE_COMMANDS=ON')
        run('cmake', '--build', built, '-j', '2', '--target', target)
        return built

    def compiled(self, built):
        """The sources of Duva, and the definitions that they got."""
        text = (built / 'compile_commands.json').read_text()
        files = {pathlib.Path(name).relative_to(ROOT).as_posix() for name in
                 re.findall(r'"file": "([^"]+)"', text)
                 if pathlib.Path(name).is_relative_to(ROOT)
                 and not pathlib.Path(name).is_relative_to(HERE)}
        return files, set(re.findall(r'-D(DUVA_\w+=\w+)', text))

    # -- sources and settings

    def test_defaults(self):
        for framework in KCONFIG:
            with self.subTest(framework):
                settings = self.settings(framework)
                self.assertEqual(settings['DUVA_PROFILE_FULL'], 'y')
                for name in (*CHOSEN, 'TRACE'):
                    self.assertEqual(settings[f'DUVA_{name}'], 'y', name)
                self.assertEqual(settings['DUVA_MIME_SMALL'], 'n')

    def test_everything(self):
        for framework in KCONFIG:
            with self.subTest(framework):
                files, definitions = self.compiled(self.build(framework))
                lists = [*ALWAYS, *(name for names in CHOSEN.values()
                                    for name in names)]
                self.assertEqual(files, {name for part in lists
                                         for name in source_list(part)})
                self.assertEqual(definitions, {
                    'DUVA_PROFILE=DUVA_FULL', 'DUVA_TEXT_SIZE=128', 'DUVA_TRACE=1',
                    'DUVA_MIME_SMALL=0', 'DUVA_SOCKETS_ATTEMPT_MS=5000'})

    def test_classic(self):
        chosen = {'DUVA_PROFILE_CLASSIC': 'y', 'DUVA_SASL': 'n',
                  'DUVA_TEXT_SIZE': '64'}
        for framework, library in ('esp_idf', 'idf_duva'), (
                'zephyr', 'duva'):
            with self.subTest(framework):
                built = self.build(framework, chosen, library)
                files, definitions = self.compiled(built)
                self.assertEqual(files, {
                    name for part in (*ALWAYS, 'DUVA_MIME_SOURCES')
                    for name in source_list(part)})
                self.assertLessEqual({
                    'DUVA_PROFILE=DUVA_CLASSIC', 'DUVA_TEXT_SIZE=64', 'DUVA_TRACE=0',
                    'DUVA_MIME_SMALL=1'}, definitions)

    def test_requirements_of_the_component(self):
        said = run('cmake', '-DESP_PLATFORM=1', f'-DDUVA={ROOT}', '-P',
                   HERE / 'esp_idf/requirements.cmake', cwd=self.folder)
        self.assertIn('REQUIRES lwip;mbedtls\n', said)
        self.assertIn(f'KCONFIG {ROOT / KCONFIG["esp_idf"]}\n', said)

    # -- a mail

    def check_mail(self, program):
        right = self.authority.certificate('DNS:mail.example.net')
        with Scram(right) as server:
            said = run(program, env={'DUVA_PORT': str(server.port)})
            message, = server.messages
        self.assertRegex(said, 'accepted: .*: 250 ')
        self.assertIn(b'\r\nSubject: Pump 7: pressure is low\r\n', message)
        self.assertTrue(message.endswith(
            b'\r\n\r\nPressure is below 2 bar.\r\nValve B was closed.\r\n'),
            message)
        wrong = self.authority.certificate('DNS:mail.example.org')
        with Scram(wrong) as server:
            said = run(program, env={'DUVA_PORT': str(server.port)})
            self.assertRegex(said, 'retry: ')
            self.assertEqual(server.messages, [])
        said = run(program, env={'DUVA_PORT': '9'})
        self.assertRegex(said, 'retry: no connection')

    def test_mail_of_esp_idf(self):
        self.check_mail(self.build('esp_idf') / 'board')

    def test_mail_of_zephyr(self):
        self.check_mail(self.build('zephyr') / 'sample/app')


if __name__ == '__main__':
    main()
