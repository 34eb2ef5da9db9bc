#!/usr/bin/python3
"""test_manifests - what each registry reads is valid, complete and true.

SPDX-License-Identifier: MIT

The keys are those that the registries document; the tools of the registries
themselves are not here.
"""
import json
import pathlib
import re
import tempfile
import unittest
import xml.etree.ElementTree as tree_of_xml
import zipfile

import yaml

from building import HERE, ROOT, WARNINGS, run
from common import main
from tree import files, source_list, version

ENGINE = ('DUVA_CORE_SOURCES', 'DUVA_EXTRA_SOURCES', 'DUVA_SASL_SOURCES',
          'DUVA_CLIENT_SOURCES', 'DUVA_MIME_SOURCES')
MBEDTLS = ('DUVA_MBEDTLS_SOURCES', 'DUVA_MBEDCRYPTO_SOURCES')
COMPILE = [*WARNINGS, '-fsyntax-only', '-Wno-deprecated-declarations']


def sources(lists):
    return [name for part in lists for name in source_list(part)]


def matched(pattern):
    """The files of the project that a pattern of a manifest names."""
    if pattern.endswith('/**/*'):
        pattern = pattern[:-3]
    return {path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)
            if path.is_file()} | {
        name for name in files('*') if name.startswith(
            pattern.rstrip('*/') + '/')}


class Manifest(unittest.TestCase):
    def check_keys(self, found, required, optional=()):
        self.assertLessEqual(set(required), set(found))
        self.assertLessEqual(set(found), {*required, *optional})

    def check_left_out(self, patterns, needed):
        """What is not published is not needed."""
        left_out = set().union(*map(matched, patterns))
        self.assertEqual(left_out & set(needed), set())
        for pattern in patterns:
            self.assertTrue(matched(pattern) or pattern.startswith('build'),
                            pattern)


class FoldersTest(Manifest):
    def test_what_a_person_leaves_out(self):
        """doc/ecosystems.md says it, for those who copy folders."""
        present = set(files('src/*.c', 'client/*.c', 'mime/*.c'))
        left_out = present - set(sources(ENGINE))
        page = (ROOT / 'doc/ecosystems.md').read_text()
        step = page.split('\n4. Exclude')[1].split('\n\n')[0]
        self.assertEqual(left_out, set(re.findall(r'`(mime/\S+\.c)`', step)))


class PlatformioTest(Manifest):
    @classmethod
    def setUpClass(cls):
        cls.library = json.loads((ROOT / 'library.json').read_text())
        cls.build = cls.library['build']

    def filtered(self):
        first, *others = self.build['srcFilter']
        self.assertEqual(first, '-<*>')
        names = []
        for one in others:
            pattern = re.fullmatch(r'\+<(.+)>', one)[1]
            found = sorted(ROOT.glob(pattern))
            self.assertTrue(found, pattern)
            names += [path.relative_to(ROOT).as_posix() for path in found]
        return names

    def includes(self):
        folders = [self.build['includeDir'], self.build['srcDir']]
        for flag in self.build['flags']:
            folders.append(re.fullmatch('-I (.+)', flag)[1])
        for folder in folders:
            self.assertTrue((ROOT / folder).is_dir(), folder)
        return [word for folder in folders for word in ('-I', ROOT / folder)]

    def test_keys(self):
        self.check_keys(self.library, ['name', 'version'], [
            'description', 'keywords', 'license', 'authors', 'frameworks',
            'platforms', 'headers', 'examples', 'export', 'build'])
        self.check_keys(self.build, ['srcDir', 'includeDir', 'srcFilter',
                                     'flags'])
        self.assertEqual(self.library['version'], version())
        self.assertEqual(self.library['license'], 'MIT')
        for word in self.library['keywords']:
            self.assertRegex(word, r'^[a-z\d\-+. ]{1,50}$')
        for author in self.library['authors']:
            self.check_keys(author, ['name'], ['email', 'maintainer', 'url'])
        for example in self.library['examples']:
            self.check_keys(example, ['name', 'base', 'files'])
            for name in example['files']:
                self.assertTrue((ROOT / example['base'] / name).is_file())

    def test_sources(self):
        own = {path.relative_to(ROOT).as_posix() for pattern in (
            'packaging/platformio/*.c', 'packaging/arduino/src/*.cpp')
            for path in ROOT.glob(pattern)}
        found = self.filtered()
        self.assertEqual(len(found), len(set(found)))
        self.assertEqual(set(found), set(sources(ENGINE)) | own,
                         'tools/package manifests writes them anew')
        self.check_left_out(self.library['export']['exclude'],
                            [*found, *sources(MBEDTLS)])

    def test_wrapper_of_mbedtls(self):
        text = (ROOT / 'packaging/platformio/mbedtls.c').read_text()
        self.assertEqual(
            sorted(re.findall(r'#include "\.\./\.\./(.*\.c)"', text)),
            sorted(sources(MBEDTLS)),
            'tools/package manifests writes them anew')

    def test_compiles(self):
        boards = {
            'arduino': ['-DARDUINO=10819', '-I', HERE / 'stubs/arduino'],
            'esp32': ['-DARDUINO=10819', '-DESP32', '-I',
                      HERE / 'stubs/arduino'],
            'sockets': ['-D_GNU_SOURCE',
                        '-DDUVA_SOCKETS_HEADER="sockets_posix.h"'],
        }
        for board, flags in boards.items():
            for name in self.filtered():
                if name.startswith('packaging/') or board == 'arduino':
                    compiler = ('gcc', '-std=gnu11') if name.endswith('.c') \
                        else ('g++', '-std=gnu++11')
                    run(*compiler, *COMPILE, *flags, *self.includes(),
                        ROOT / name)

    def test_headers(self):
        for header in self.library['headers']:
            source = f'#include <{header}>\n'
            with tempfile.NamedTemporaryFile('w', suffix='.cpp') as file:
                file.write(source)
                file.flush()
                run('g++', '-std=gnu++11', *COMPILE, '-DARDUINO=10819', '-I',
                    HERE / 'stubs/arduino', *self.includes(), file.name)


class EspIdfTest(Manifest):
    def test_manifest(self):
        component = yaml.safe_load((ROOT / 'idf_component.yml').read_text())
        self.check_keys(component, ['version', 'description', 'license'], [
            'tags', 'dependencies', 'examples', 'files', 'url', 'repository',
            'documentation', 'issues', 'maintainers', 'targets'])
        self.assertEqual(component['version'], version())
        self.assertEqual(component['license'], 'MIT')
        for tag in component['tags']:
            self.assertRegex(tag, r'^[A-Za-z0-9_-]{3,32}$')
        self.check_keys(component['files'], ['exclude'], ['include'])
        self.check_left_out(component['files']['exclude'], [
            'CMakeLists.txt', 'LICENSE', 'README.md', 'cmake/sources.cmake',
            'packaging/Kconfig', 'packaging/kconfig.cmake',
            *files('packaging/esp-idf/*', 'include/*', 'port/sockets/*'),
            *sources(ENGINE + MBEDTLS)])
        for example in component['examples']:
            self.check_keys(example, ['path'])
            projects = list((ROOT / example['path']).glob('*/CMakeLists.txt'))
            self.assertTrue(projects)
            for project in projects:
                self.check_example(project.parent)

    def check_example(self, folder):
        manifest = yaml.safe_load(
            (folder / 'main/idf_component.yml').read_text())
        self.check_keys(manifest, ['dependencies'])
        mine = folder / 'main' / manifest['dependencies']['duva'][
            'override_path']
        self.assertEqual(mine.resolve(), ROOT)
        self.assertTrue((folder / 'README.md').is_file())
        for line in (folder / 'sdkconfig.defaults').read_text().splitlines():
            self.assertRegex(line, r'^(#.*|CONFIG_\w+=\S+)$')


class ZephyrTest(Manifest):
    def test_module(self):
        module = yaml.safe_load((ROOT / 'zephyr/module.yml').read_text())
        self.check_keys(module, ['name', 'build'], ['samples', 'tests',
                                                    'boards', 'blobs'])
        self.check_keys(module['build'], ['cmake', 'kconfig'],
                        ['depends', 'settings'])
        self.assertTrue((ROOT / module['build']['cmake'] / 'CMakeLists.txt')
                        .is_file())
        self.assertTrue((ROOT / module['build']['kconfig']).is_file())
        for folder in module['samples']:
            samples = list((ROOT / folder).rglob('sample.yaml'))
            self.assertTrue(samples)
            for sample in samples:
                self.check_sample(sample)

    def check_sample(self, file):
        sample = yaml.safe_load(file.read_text())
        self.check_keys(sample, ['sample', 'tests'], ['common'])
        self.check_keys(sample['sample'], ['name'], ['description'])
        self.check_keys(sample['common'], [], [
            'tags', 'min_ram', 'min_flash', 'depends_on', 'harness'])
        for name in sample['tests']:
            self.assertRegex(name, r'^sample(\.\w+)+$')
        settings = (file.parent / 'prj.conf').read_text().splitlines()
        for line in settings:
            self.assertRegex(line, r'^(|#.*|CONFIG_\w+=\S+)$')
        self.assertIn('CONFIG_DUVA=y', settings)
        self.assertIn('CONFIG_MBEDTLS_HAVE_TIME_DATE=y', settings)


class CmsisTest(Manifest):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix='duva-cmsis-')))
        cls.archive = pathlib.Path(run(
            ROOT / 'tools/package', 'cmsis', '--url', 'https://packs.example/',
            '--out', cls.folder / 'out').strip())
        with zipfile.ZipFile(cls.archive) as packed:
            cls.names = packed.namelist()
            packed.extractall(cls.folder / 'pack')
        cls.package = tree_of_xml.parse(
            cls.folder / 'pack/Duva.Duva.pdsc').getroot()

    def test_description(self):
        self.assertEqual(self.archive.name, f'Duva.Duva.{version()}.pack')
        self.assertEqual([name for name in self.names
                          if name.endswith('.pdsc')], ['Duva.Duva.pdsc'])
        self.assertEqual([element.tag for element in self.package], [
            'vendor', 'name', 'description', 'url', 'license', 'releases',
            'keywords', 'conditions', 'components'])
        self.assertEqual(self.package.findtext('url'),
                         'https://packs.example/')
        release = self.package.find('releases')[0]
        self.assertEqual(release.get('version'), version())
        self.assertRegex(release.get('date'), r'^\d{4}-\d\d-\d\d$')
        self.assertIn(self.package.findtext('license'), self.names)

    def test_components(self):
        conditions = {one.get('id'): one for one in
                      self.package.iter('condition')}
        seen = []
        for component in self.package.iter('component'):
            self.check_keys(component.keys(), ['Cclass', 'Cgroup', 'Csub',
                                               'Cversion'], ['condition'])
            self.assertEqual(component.get('Cversion'), version())
            self.assertIn(component.get('condition'), [None, *conditions])
            for file in component.iter('file'):
                self.assertIn(file.get('category'), (
                    'source', 'header', 'include', 'doc'))
                self.assertTrue((self.folder / 'pack' / file.get('name'))
                                .exists(), file.get('name'))
                if file.get('category') == 'source':
                    seen.append(file.get('name'))
        self.assertEqual(sorted(seen), sorted(sources((
            *ENGINE, *MBEDTLS, 'DUVA_LWIP_SOURCES', 'DUVA_SOCKETS_SOURCES'))))

    def test_compiles(self):
        """From the pack alone, as a tool does that adds its folders."""
        pack = self.folder / 'pack'
        includes = [word for file in self.package.iter('file')
                    if file.get('category') == 'include'
                    for word in ('-I', pack / file.get('name'))]
        lwip = ROOT / 'build/sources/lwip/src/include'
        for file in self.package.iter('file'):
            name = file.get('name')
            if file.get('category') != 'source' or (
                    name.startswith('port/lwip') and not lwip.is_dir()):
                continue
            run('gcc', '-std=gnu11', *COMPILE, *includes,
                '-D_GNU_SOURCE', '-DDUVA_SOCKETS_HEADER="sockets_posix.h"',
                '-isystem', lwip, '-I', ROOT / 'test/lwip/host', pack / name)

    def test_is_the_same_each_time(self):
        again = run(ROOT / 'tools/package', 'cmsis', '--url',
                    'https://packs.example/', '--out', self.folder / 'again')
        self.assertEqual(pathlib.Path(again.strip()).read_bytes(),
                         self.archive.read_bytes())


if __name__ == '__main__':
    main()
