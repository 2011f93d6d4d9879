"""Reads a spreadsheet of any kind, held safe, and knows nothing of the database.

`opening.open_table()` is the door. A file per format: `delimited.py` (csv and its kin, streamed here) and
`workbook.py`, which has the rest read by `child.py` in a process of its own, under limits: xlsx, xlsm, xlsb, xls and ods by a
native parser, and where that one fails at an xlsx, by `xlsx.py`; what passes for an xls, by `page.py` and `excel_xml.py`.
The row of the header is found by the words that people give to columns: `header_words.py`, understood by `headers.py`.
"""
