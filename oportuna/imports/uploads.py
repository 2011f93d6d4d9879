"""A file on its way in: streamed to disk, and what is beyond the limit is read and thrown away.

The rest is read because a browser that is still sending does not listen to an answer.
"""

from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from oportuna.imports.reader.limits import MEGABYTE, Limits


class CappedUpload(TemporaryFileUploadHandler):
    """Keeps nothing of a file over the limit; its `size` still says how large it was."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A request larger than file and form together can be: nothing of it is written."""
        super().new_file(*args, **kwargs)
        most = Limits().file_bytes
        sent = int((self.request and self.request.META.get("CONTENT_LENGTH")) or 0)
        self._most = 0 if sent > most + MEGABYTE else most

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write the chunk, unless the file has grown too large."""
        if start + len(raw_data) <= self._most:
            super().receive_data_chunk(raw_data, start)
