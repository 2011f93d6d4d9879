"""Signing in: by e-mail and password, with a second factor, and what happens to whoever guesses."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from oportuna import settings as installed
from oportuna.accounts.models import AuditEntry, Company, Membership, User
from oportuna.accounts.scope import company_scope
from tests.factories import admin_of, make_actor, make_company, make_user

PASSWORD = "girassol-amarelo-42"


@pytest.fixture(autouse=True)
def _no_attempts_before() -> None:
    cache.clear()


def sign_in(client, email: str, password: str = PASSWORD, **fields):
    return client.post("/login/", {"login": email, "password": password, **fields})


def make_member(**fields) -> User:
    """A seller who has a password."""
    user = make_actor().membership.user
    for name, value in fields.items():
        setattr(user, name, value)
    user.set_password(PASSWORD)
    user.save()
    return user


def board_of(user: User) -> str:
    company = Company.objects.get(memberships__user=user)
    return f"/{company.slug}/"


def totp_code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def test_who_signs_in_lands_on_the_board_and_is_audited(client, db):
    user = make_member()

    answer = sign_in(client, user.email)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/").headers["Location"] == board_of(user)
    with company_scope(Company.objects.get()):
        assert AuditEntry.objects.filter(verb="signed_in", by__user=user).count() == 1


def test_the_capitals_of_an_e_mail_do_not_matter(client, db):
    user = make_member()

    assert sign_in(client, user.email.upper()).status_code == 302


def test_signing_in_leads_to_the_page_that_was_asked_for(client, db):
    user = make_member()

    assert sign_in(client, user.email, next=f"{board_of(user)}people/").headers["Location"] == (
        f"{board_of(user)}people/"
    )


def test_signing_in_leads_to_no_other_site(client, db):
    user = make_member()

    assert sign_in(client, user.email, next="https://example.org/").headers["Location"] == "/"


@pytest.mark.parametrize("email", ["", "ninguem@example.com", "ana@example.com"])
def test_a_wrong_e_mail_and_a_wrong_password_look_the_same(client, db, email):
    make_member(email="ana@example.com")

    answer = sign_in(client, email or "ana@example.com", "outra-senha-qualquer")

    assert "E-mail e senha não conferem." in answer.text
    assert client.get("/").status_code == 302


def test_after_five_wrong_passwords_the_right_one_waits_too(client, db):
    user = make_member()
    for _turn in range(5):
        sign_in(client, user.email, "outra-senha-qualquer")

    answer = sign_in(client, user.email)

    assert "Muitas tentativas. Aguarde cinco minutos e tente de novo." in answer.text
    assert client.get("/").headers["Location"].startswith("/login/")


def test_asking_for_too_many_passwords_gets_a_page_that_says_to_wait(client, db):
    answers = [client.post("/password/reset/", {"email": "ana@example.com"}) for _turn in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Muitas tentativas" in answers[-1].text


def test_passwords_are_kept_by_argon2(settings, client, db):
    settings.PASSWORD_HASHERS = installed.PASSWORD_HASHERS

    user = make_member()

    assert user.password.startswith("argon2$argon2id$")
    assert sign_in(client, user.email).status_code == 302


def test_a_former_member_enters_the_company_no_more(client, db):
    user = make_member()
    url = board_of(user)
    Membership.objects.filter(user=user).update(is_active=False)

    sign_in(client, user.email)

    assert client.get(url).status_code == 404
    assert "Você não está em nenhuma empresa" in client.get("/").text


def test_a_closed_account_is_not_let_in(client, db):
    user = make_member(is_active=False)

    answer = client.get(sign_in(client, user.email).headers["Location"])

    assert "Esta conta está encerrada" in answer.text
    assert client.get("/").headers["Location"].startswith("/login/")


def test_a_session_ends_when_its_time_is_over(client, db):
    user = make_member()
    client.force_login(user)
    assert client.get(board_of(user)).status_code == 200

    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert client.get(board_of(user)).status_code == 302


def test_a_session_that_cannot_be_is_nobodys(client, db):
    url = board_of(make_member())

    # As a header: newer releases of Python put no such value into a cookie of their own, and still read it.
    answer = client.get(url, headers={"cookie": 'sessionid="aaaaaaaa\\000aaaaaaaa"'})

    assert answer.wsgi_request.COOKIES == {"sessionid": "aaaaaaaa\0aaaaaaaa"}
    assert answer.status_code == 302


def test_an_account_that_is_closed_ends_its_sessions(client, db):
    user = make_member()
    client.force_login(user)

    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get(board_of(user)).status_code == 302


def test_signing_out_asks_first_and_then_ends_the_session(client, db):
    user = make_member()
    client.force_login(user)

    assert "Sair" in client.get("/logout/").text
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/").headers["Location"].startswith("/login/")


def test_nobody_signs_up_without_an_invitation(client, db):
    assert "As contas são abertas por convite" in client.get("/signup/").text
    client.post("/signup/", {"email": "ana@example.com", "password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["account_email", "account_email_verification_sent", "account_confirm_login_code"]
)
def test_what_is_not_offered_has_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_forgotten_password_is_replaced_by_a_mailed_address_that_works_once(client, db):
    user = make_member(name="João & Filhos")

    client.post("/password/reset/", {"email": user.email.upper()})

    (message,) = mail.outbox
    assert message.subject == "Nova senha do Oportuna"
    assert "Olá, João & Filhos!" in message.body
    (url,) = re.findall(r"http://\S+", str(message.body))
    form = client.get(url, follow=True)
    place = form.request["PATH_INFO"]
    weak = client.post(place, {"password1": "12345678", "password2": "12345678"})
    assert "muito curta" in weak.text
    new = "outra-senha-bem-longa"
    assert client.post(place, {"password1": new, "password2": new}, follow=True).status_code == 200
    assert sign_in(client, user.email, new).status_code == 302
    client.logout()
    assert "já foi usado ou expirou" in client.get(url, follow=True).text


def test_an_unknown_e_mail_gets_the_same_answer_and_a_mail_that_explains(client, db):
    known = client.post("/password/reset/", {"email": make_member().email}, follow=True)
    unknown = client.post("/password/reset/", {"email": "ninguem@example.com"}, follow=True)

    assert known.text == unknown.text
    assert "não tem conta no Oportuna" in mail.outbox[1].body


def test_without_a_mail_server_nobody_is_told_to_wait_for_a_mail(client, db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

    asked = client.get("/password/reset/").text
    told = client.post("/password/reset/", {"email": "ninguem@example.com"}, follow=True).text

    assert "não envia e-mails" in asked
    assert "onde o programa roda" in told
    assert "a caminho" not in told


def test_changing_the_password_asks_for_the_current_one(client, db):
    user = make_member()
    sign_in(client, user.email)
    new = "outra-senha-bem-longa"

    wrong = client.post("/password/change/", {"oldpassword": "errada", "password1": new, "password2": new})
    right = client.post("/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert "Esta não é a sua senha atual." in wrong.text
    assert right.headers["Location"] == "/"
    user.refresh_from_db()
    assert user.check_password(new)


def test_the_second_factor_is_asked_for_after_the_password(client, db):
    user = make_member()
    sign_in(client, user.email)
    asked = client.get("/mfa/totp/activate/", follow=True)
    assert "Confirme que é você" in asked.text
    page = client.post(
        asked.request["PATH_INFO"] + "?next=/mfa/totp/activate/", {"password": PASSWORD}, follow=True
    )
    secret = re.search(r'op-code">([A-Z2-7]+)<', page.text)
    assert secret
    wrong = client.post("/mfa/totp/activate/", {"code": "000000"})
    assert "Código incorreto." in wrong.text
    codes = client.post("/mfa/totp/activate/", {"code": totp_code(secret[1])}, follow=True)
    recovery = re.findall(r'op-code">([0-9a-z]+)<', codes.text)
    assert len(recovery) == 10
    client.logout()

    answer = sign_in(client, user.email)

    assert answer.headers["Location"] == "/mfa/authenticate/"
    assert client.get("/").headers["Location"].startswith("/login/")
    assert "Código incorreto." in client.post("/mfa/authenticate/", {"code": "000000"}).text
    assert client.post("/mfa/authenticate/", {"code": recovery[0]}).headers["Location"] == "/"
    assert client.get("/").headers["Location"] == board_of(user)


def test_the_second_factor_is_turned_off_after_the_password(client, db):
    user = make_member()
    client.force_login(user)

    assert client.get("/mfa/").status_code == 200
    assert client.get("/mfa/totp/deactivate/").status_code == 404


def test_who_is_in_two_companies_begins_in_the_one_chosen_last(client, db):
    acme = make_company("Acme")
    zebra = make_company("Zebra")
    user = admin_of(acme).membership.user
    Membership.objects.create(company=zebra, user=user, name="Ana", role="seller")
    client.force_login(user)

    page = client.get("/companies/")
    assert ["Acme" in page.text, "Zebra" in page.text] == [True, True]
    assert client.get("/").headers["Location"] == f"/{acme.slug}/"
    assert client.post("/companies/", {"company": zebra.slug}).headers["Location"] == f"/{zebra.slug}/"
    assert client.get("/").headers["Location"] == f"/{zebra.slug}/"


def test_a_company_of_others_cannot_be_chosen(client, db):
    other = make_company()
    client.force_login(make_user())

    assert client.post("/companies/", {"company": other.slug}).status_code == 404
    assert other.name not in client.get("/companies/").text
