"""What the components put on the page."""

import pytest
from django import forms
from jinja2 import UndefinedError

from tests.ui.rendering import render


class Sale(forms.Form):
    title = forms.CharField(label="Título", max_length=5, help_text="Até 5 letras.")
    value = forms.CharField(label="Valor", required=False)
    stage = forms.ChoiceField(label="Etapa", choices=[("1", "Lead"), ("2", "Proposta")])
    notes = forms.CharField(label="Nota", required=False, widget=forms.Textarea)
    again = forms.BooleanField(label="De novo", required=False)
    reason = forms.ChoiceField(
        label="Motivo", required=False, choices=[("a", "Preço"), ("b", "Prazo")], widget=forms.RadioSelect
    )
    colour = forms.CharField(label="Cor", required=False)


def test_a_label_from_outside_is_escaped() -> None:
    page = render("{{ ui.button(label) }}", label="<b>Oi</b>")

    assert page == '<button type="submit" class="btn"><span>&lt;b&gt;Oi&lt;/b&gt;</span></button>'


def test_what_a_macro_does_not_know_becomes_an_attribute_and_is_escaped() -> None:
    page = render('{{ ui.button("Oi", hx_get=url, data_close=true, hidden=false, id=none) }}', url='/a?"b')

    assert page == (
        '<button type="submit" class="btn" hx-get="/a?&quot;b" data-close><span>Oi</span></button>'
    )


def test_a_misspelt_variable_is_an_error_and_not_an_empty_place() -> None:
    with pytest.raises(UndefinedError):
        render("{{ ui.button(lable) }}", label="Oi")


def test_a_wrong_field_says_so_to_everyone() -> None:
    form = Sale({"title": "longo demais"})

    page = render('{{ ui.field(form["title"]) }}', form=form)

    assert 'class="form-control is-invalid"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_title_helptext id_title_error"' in page
    assert 'id="id_title_helptext">Até 5 letras.' in page
    assert 'id="id_title_error"' in page
    assert "no máximo 5 caracteres" in page


def test_a_right_field_shows_no_error() -> None:
    page = render('{{ ui.field(form["title"]) }}', form=Sale({"title": "curto"}))

    assert "is-invalid" not in page
    assert "_error" not in page


def test_the_label_belongs_to_its_control() -> None:
    page = render('{{ ui.field(form["title"]) }}', form=Sale())

    assert (
        '<label class="form-label" for="id_title">Título <span class="req" aria-hidden="true">*</span>'
        in page
    )
    assert 'id="id_title"' in page


@pytest.mark.parametrize(
    ("name", "control"),
    [
        ("title", '<input type="text" name="title"'),
        ("stage", '<select name="stage" class="form-select"'),
        ("notes", '<textarea name="notes" cols="40" rows="10" class="form-control"'),
        ("again", '<input type="checkbox" name="again" class="form-check-input"'),
        ("reason", '<input type="radio" name="reason" value="a"'),
    ],
)
def test_a_field_gets_the_control_of_its_kind(name: str, control: str) -> None:
    page = render("{{ ui.field(form[name]) }}", form=Sale(), name=name)

    assert page.count(control) == 1


def test_an_amount_is_wrapped_by_the_element_that_writes_it() -> None:
    page = render('{{ ui.money_field(form["value"]) }}', form=Sale())

    assert "<money-input><input" in page
    assert 'inputmode="decimal"' in page


def test_a_pick_list_knows_where_to_search() -> None:
    page = render('{{ ui.picker_field(form["value"], url="/c/?a=1", create=true) }}', form=Sale())

    assert '<customer-picker data-url="/c/?a=1" data-create data-none="Nada encontrado"' in page


def test_the_chosen_colour_is_marked() -> None:
    page = render('{{ ui.colour_field(form["colour"]) }}', form=Sale({"colour": "ipe"}))

    assert page.count('type="radio"') == 10
    assert 'value="ipe" aria-label="ipê" checked' in page
    assert page.count(" checked") == 1


def test_a_form_with_errors_counts_them_above_its_fields() -> None:
    assert "Corrija 2 campos para continuar." in render("{{ ui.form_errors(form) }}", form=Sale({}))
    assert "Corrija 1 campo para continuar." in render(
        "{{ ui.form_errors(form) }}", form=Sale({"stage": "1"})
    )
    assert render("{{ ui.form_errors(form) }}", form=Sale()).strip() == ""


def test_a_dialog_posts_its_form_by_htmx_and_as_a_page_without() -> None:
    source = '{% call ui.dialog("Perder", "/x/", csrf, "Salvar", page=page) %}corpo{% endcall %}'

    dialog = render(source, csrf="<csrf>", page=False)
    page = render(source, csrf="<csrf>", page=True)

    assert 'hx-post="/x/" hx-target="#dialog"' in dialog
    assert "<modal-dialog><dialog" in dialog
    assert "hx-post" not in page
    assert "<dialog" not in page
    assert 'method="post" action="/x/"' in page
    assert "&lt;csrf&gt;" in page


def test_a_stage_is_read_by_how_far_its_ring_is_filled() -> None:
    assert 'stroke-dasharray="25 100"' in render('{{ ui.stage_pie(250, "azul") }}')


def test_a_sorted_column_says_in_which_direction() -> None:
    assert 'aria-sort="descending"' in render('{{ ui.th("Valor", url="?o=v", direction="descending") }}')
    assert "aria-sort" not in render('{{ ui.th("Valor", url="?o=v") }}')


def test_one_day_is_singular() -> None:
    assert 'title="1 dia nesta etapa"' in render("{{ ui.age(1) }}")
    assert 'title="16 dias nesta etapa"' in render("{{ ui.age(16, stale=true) }}")


def test_an_undo_is_a_form_that_posts() -> None:
    page = render('{{ ui.toast("Movida", kind="moved", undo_url="/desfaz/", csrf_input="c") }}')

    assert '<form method="post" action="/desfaz/" hx-post="/desfaz/" hx-swap="none">c<button' in page
    assert "Desfazer" in page


def test_an_error_interrupts_who_listens() -> None:
    assert 'role="alert"' in render('{{ ui.toast("Não deu", kind="error") }}')
    assert "role=" not in render('{{ ui.toast("Feito") }}')


def test_no_component_carries_a_style_or_a_script() -> None:
    page = render(
        '{{ ui.bar(620) }}{{ ui.progress(1, 2, "x") }}{{ ui.avatar("Ana") }}{{ ui.board_zones() }}'
        '{% call ui.chart("{}", "x") %}t{% endcall %}{% call ui.menu("m", "x") %}i{% endcall %}'
    )

    assert "style=" not in page
    assert "<script" not in page
    assert " on" not in page.replace(" one", "")
