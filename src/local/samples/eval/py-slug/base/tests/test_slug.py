import unittest

from slugs import slug


class SlugTest(unittest.TestCase):
    def test_joins_words(self):
        self.assertEqual(slug("Hello, World!"), "hello-world")
