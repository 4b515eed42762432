from .slug import slug

__all__ = ["slug"]
