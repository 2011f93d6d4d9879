"""How much of a file is read before it is refused."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds; a file over one of them is refused, never cut."""

    # A million leads of twelve columns come to 235 MB of text.
    file_bytes: int = 500 * MEGABYTE
    inflated_bytes: int = 3072 * MEGABYTE
    # Real workbooks pack 10 to 60 to 1; deflate ends at about 1,030 to 1. Small files may do as they like.
    inflated_ratio: int = 200
    ratio_from_bytes: int = 64 * MEGABYTE
    workbook_rows: int = 1_048_576
    text_rows: int = 5_000_000
    # Empty cells that our own readers lay out before others: they cost a file nothing.
    empty_cells: int = 30_000_000
    memory_bytes: int = 3072 * MEGABYTE
    least_memory_bytes: int = 256 * MEGABYTE
    cpu_seconds: int = 300
    wait_seconds: float = 300.0

    def memory_for(self, kind: str, inflated: int) -> int:
        """What a parser may take for a file whose parts come to so many bytes.

        It lays out 32 to 150 bytes for a cell. The shortest cell in XML takes 22 bytes, in a binary sheet 6.
        """
        return min(self.memory_bytes, self.least_memory_bytes + inflated * _MEMORY_FOR_A_BYTE[kind])


_MEMORY_FOR_A_BYTE = {"xlsx": 12, "ods": 12, "xlsb": 30, "xls": 30}
