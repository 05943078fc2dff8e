"""The receiving end: work that was handed down without admission, reported and answered (T21; PR-13)."""
