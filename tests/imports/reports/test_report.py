"""The report that other programs read has its promised shape."""

import json
from datetime import date
from decimal import Decimal

from oportuna.imports.columns.matching import match_columns
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.reports.report import Counts, PreviewRow, Report
from oportuna.imports.rows.values import Problem


def test_a_finished_import_has_every_promised_field_in_its_form() -> None:
    report = Report(
        "done",
        "leads.csv",
        format="csv",
        encoding="cp1252",
        delimiter=";",
        header_row=3,
        mapping=match_columns(["Empresa"], []),
        dry_run=True,
        counts=Counts(created=1, duplicates=1, rejected=1),
        problems=[
            Problem(10, "B", "cnpj", "1", "cnpj_length", "Errado.", rejects=True),
            Problem(12, "H", "value", "10 mil", "value_unclear", "Incerto.", rejects=False),
        ],
        preview=[
            PreviewRow(
                4,
                "created",
                {
                    "value": Decimal("1234.5"),
                    "probability": Decimal(25),
                    "closed_on": date(2026, 12, 31),
                    "uf": "",
                },
            ),
            PreviewRow(5, "duplicate", {"tags": []}, duplicate_of_row=4),
            PreviewRow(6, "duplicate", {"custom": {"k": Decimal(1)}}, duplicate_of_customer=31),
        ],
        seconds=1.23456,
    )

    assert json.loads(json.dumps(report.to_json())) == {
        "status": "done",
        "message": None,
        "code": None,
        "file": "leads.csv",
        "format": "csv",
        "encoding": "cp1252",
        "delimiter": ";",
        "sheet": None,
        "sheets": [],
        "header_row": 3,
        "mapping": [{"column": "A", "header": "Empresa", "field": "name", "certainty": 0.98}],
        "dry_run": True,
        "rows": 3,
        "created": 1,
        "updated": 0,
        "duplicates": 1,
        "skipped": 0,
        "suppressed": 0,
        "rejected": 1,
        "rejections": [
            {
                "row": 10,
                "column": "B",
                "field": "cnpj",
                "value": "1",
                "code": "cnpj_length",
                "message": "Errado.",
            }
        ],
        "warnings": [
            {
                "row": 12,
                "column": "H",
                "field": "value",
                "value": "10 mil",
                "code": "value_unclear",
                "message": "Incerto.",
            }
        ],
        "preview": [
            {
                "row": 4,
                "outcome": "created",
                "duplicate_of": None,
                "values": {"value": "1234.50", "probability": 25.0, "closed_on": "2026-12-31", "uf": None},
            },
            {"row": 5, "outcome": "duplicate", "duplicate_of": {"row": 4}, "values": {"tags": []}},
            {
                "row": 6,
                "outcome": "duplicate",
                "duplicate_of": {"customer": 31},
                "values": {"custom": {"k": "1.00"}},
            },
        ],
        "seconds": 1.235,
    }


def test_a_refused_file_an_empty_one_and_a_choice_are_told_apart() -> None:
    reports = [
        Report.of_refusal(Refusal(cause, names="“A”", rows=1), "x.xlsx").to_json()
        for cause in ("damaged", "empty", "several_sheets")
    ]

    assert [(report["status"], report["code"], report["rows"]) for report in reports] == [
        ("refused", "corrupt", 0),
        ("empty", "empty", 0),
        ("needs_choice", "several_sheets", 0),
    ]
    assert all(report["message"] for report in reports)
    assert "preview" not in reports[0]
