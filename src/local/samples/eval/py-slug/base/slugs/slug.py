import re


def slug(title):
    """The title as it stands in an address: lower case, words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
