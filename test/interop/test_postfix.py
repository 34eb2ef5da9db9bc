#!/usr/bin/python3
"""test_postfix - what Postfix delivers is what was sent.

SPDX-License-Identifier: MIT

Run by CTest, which says where the programs are: ctest -R postfix
"""
import unittest

from common import Common, main
from servers import Postfix


class PostfixTest(Common, unittest.TestCase):
    refused = 'eve@elsewhere.example'

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Postfix())

    def take_for(self, recipients):
        """Each recipient has a copy."""
        return self.server.take(recipients)


if __name__ == '__main__':
    main()
