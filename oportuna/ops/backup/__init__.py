"""Backups: one zip with every table from one snapshot and the uploaded files, which either database takes back.

    manifest.json               what is in it: versions, rows, checksums
    tables/sales.Customer.jsonl one line with the columns' names, then a line for each row
    files/imports/…             the uploaded files

The secret key is never in it, nor what one process tells another for a while (sessions, tickets, the clock's row).
"""
