"""The form of a stored CNPJ or CPF, as the database itself holds to it."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

_DIGIT, _LETTER_TOO = "[0-9]", "[0-9A-Z]"
CNPJ_FORM = _LETTER_TOO * 12 + _DIGIT * 2
CPF_FORM = _DIGIT * 11


class HasForm(models.Func):
    """The condition that a text is of a form: for each of its characters the class, in brackets, of those that may stand there.

    Of nothing but classes, which GLOB and SIMILAR TO read alike. SQLite borrows its regular expressions from Python, whose
    `$` stands before a last line break too: a document with one behind it would pass.
    """

    output_field = models.BooleanField()
    template = "%(expressions)s"

    def __init__(self, text: Any, form: str) -> None:
        super().__init__(text, models.Value(form))

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        fits, params = self.as_sql(compiler, connection, arg_joiner=" GLOB ", **context)
        text, of_text = compiler.compile(self.source_expressions[0])
        # GLOB reads a text as far as its first NUL.
        return f"({fits} AND instr({text}, char(0)) = 0)", (*params, *of_text)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, arg_joiner=" SIMILAR TO ", **context)
