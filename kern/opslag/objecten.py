"""Files in a private S3 bucket. A failure is an OSError, as on disk; there is no public address."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage


class Objecten(S3Storage):
    """``file_overwrite=False``, ``default_acl=None`` and ``querystring_auth=True`` come from the settings."""

    def _save(self, name: str, content: File) -> str:
        try:
            return str(super()._save(name, content))
        except (BotoCoreError, ClientError) as fout:
            raise OSError(f"opslag: {fout}") from fout

    def _open(self, name: str, mode: str = "rb") -> Any:
        try:
            return super()._open(name, mode)
        except (BotoCoreError, ClientError) as fout:
            raise OSError(f"opslag: {fout}") from fout

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        raise ValueError("Een bestand heeft geen openbaar adres.")
