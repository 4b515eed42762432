import unittest

from slugs import slug


class SlugCheck(unittest.TestCase):
    def test_accents(self):
        self.assertEqual(slug("Crème brûlée"), "creme-brulee")

    def test_longest(self):
        self.assertEqual(slug("one two three", longest=9), "one-two")
        self.assertEqual(slug("one two three", longest=7), "one-two")

    def test_without_a_length(self):
        self.assertEqual(slug("a " * 200).count("a"), 200)
