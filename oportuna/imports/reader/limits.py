"""How much of a file is read before it is refused."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds; a file over one of them is refused, never cut."""

    file_bytes: int = 200 * MEGABYTE
    inflated_bytes: int = 3072 * MEGABYTE
    # Real workbooks pack 10 to 60 to 1; deflate ends at about 1,030 to 1. Small files may do as they like.
    inflated_ratio: int = 200
    ratio_from_bytes: int = 64 * MEGABYTE
    workbook_rows: int = 1_048_576
    text_rows: int = 5_000_000
    # The dense area that calamine lays out in memory, last row x last column.
    workbook_cells: int = 60_000_000
    memory_bytes: int = 3072 * MEGABYTE
    cpu_seconds: int = 300
    wait_seconds: float = 300.0
