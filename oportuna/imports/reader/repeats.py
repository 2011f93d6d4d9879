"""How many cells the rows of an ods come to."""

import re

from oportuna.imports.reader.limits import MEGABYTE, Limits
from oportuna.imports.reader.refusals import Refusal

_ODS_ROW, _ODS_ROW_ENDS = b"<table:table-row", b"</table:table-row>"
_ODS_ROWS = re.compile(rb'number-rows-repeated="(\d{1,9})"')
_ODS_COLUMNS = re.compile(rb'number-columns-repeated="(\d{1,9})"')


class Repeats:
    """How many cells the rows of an ods come to: a few bytes may repeat one without end, which the parser would write out.

    A row without content repeats for nothing: every sheet ends with such.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.cells = 0
        self.rest = b""

    def add(self, block: bytes) -> None:
        _, *rows, last = _ODS_ROW.join((b"", self.rest + block)).split(_ODS_ROW)
        self.rest = last[: 2 * MEGABYTE]
        if _ODS_ROW_ENDS in last:
            rows.append(last)
            self.rest = last[-len(_ODS_ROW) :]  # the next one may have begun
        for row in rows:
            head, _, cells = row.partition(_ODS_ROW_ENDS)[0].partition(b">")
            times = _ODS_ROWS.search(head)
            if times and b"office:" in cells:
                # Up to the last one with content: the parser leaves the empty ones behind it out, as every row has them.
                filled = cells[: cells.find(b">", cells.rfind(b"office:"))]
                columns = 1 + sum(int(repeated) for repeated in _ODS_COLUMNS.findall(filled))
                self.cells += int(times[1]) * columns
                if self.cells > self.limits.empty_cells * 2:
                    raise Refusal("memory")
