"""The command line: one clear line for whatever goes wrong."""

import pytest
from django.conf import settings

from oportuna import cli
from oportuna.accounts.models import Company, Invitation
from oportuna.ops import address
from tests.factories import make_company


@pytest.mark.parametrize(
    "command", ["serve", "worker", "migrate", "create-company", "add-member", "backup", "restore"]
)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.execute([command, "--help"])

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: oportuna {command}")


def test_an_unknown_command_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.execute(["brew"])

    assert ended.value.code == 2


def test_a_company_is_opened_and_its_administrator_gets_an_address(db, capsys):
    status = cli.execute(
        ["create-company", "--name", "Padaria Sol", "--slug", "sol", "--admin", "ana@example.com"]
    )

    invitation = Invitation.objects.get()
    assert (status, Company.objects.get().name) == (0, "Padaria Sol")
    assert (invitation.email, invitation.role) == ("ana@example.com", "admin")
    assert f"{settings.OPORTUNA_URL}/invitations/" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("slug", "email"), [("login", "ana@example.com"), ("So L", "ana@example.com"), ("sol", "not an e-mail")]
)
def test_a_company_that_will_not_do_is_refused_in_one_line(db, capsys, slug, email):
    status = cli.execute(["create-company", "--name", "Sol", "--slug", slug, "--admin", email])

    assert (status, Company.objects.count()) == (1, 0)
    assert capsys.readouterr().err.count("\n") == 1


def test_a_member_is_invited_with_a_role(db, capsys):
    company = make_company()

    status = cli.execute(
        [
            "add-member",
            "--company",
            company.slug,
            "--email",
            "bia@example.com",
            "--name",
            "Bia",
            "--role",
            "manager",
        ]
    )

    invitation = Invitation.objects.get()
    assert (status, invitation.company, invitation.name, invitation.role) == (0, company, "Bia", "manager")
    assert "/invitations/" in capsys.readouterr().out


def test_a_member_of_no_company_is_refused(db, capsys):
    status = cli.execute(["add-member", "--company", "nobody", "--email", "b@example.com", "--name", "B"])

    assert (status, "nobody" in capsys.readouterr().err) == (1, True)


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ([], "http://127.0.0.1:8000"),
        (["--port", "8123"], "http://127.0.0.1:8123"),
        (["--host", "192.168.0.7", "--port", "8123"], "http://192.168.0.7:8123"),
        (["--host", "0.0.0.0"], "http://127.0.0.1:8000"),
        (["--host", "fd00::7"], "http://[fd00::7]:8000"),
    ],
)
def test_the_address_of_links_follows_host_and_port(argv, expected):
    environ: dict[str, str] = {}

    address.set_address(["serve", *argv], environ)

    said = environ.get("OPORTUNA_URL") or f"http://127.0.0.1:{environ['PORT']}"
    assert said == expected


def test_an_address_that_is_set_stands():
    environ = {"OPORTUNA_URL": "https://vendas.example"}

    address.set_address(["serve", "--host", "192.168.0.7"], environ)

    assert environ["OPORTUNA_URL"] == "https://vendas.example"
