"""Settings that have to fit each other."""

from api.xero.config import JobtallySettings
from tests.platform.test_settings import errors


def test_several_processes_need_a_redis_that_counts_for_all_of_them():
    assert errors({"JOBTALLY_PROCESSES": "2"}) == [
        "JOBTALLY_PROCESSES: more than one needs JOBTALLY_REDIS_URL, to count requests and sign-ins for all of them"
    ]
    shared = {"JOBTALLY_PROCESSES": "2", "JOBTALLY_REDIS_URL": "redis://localhost"}
    assert JobtallySettings.from_env(shared).processes == 2


def test_sending_mail_needs_a_sender():
    sending = {"JOBTALLY_SMTP_URL": "smtps://mere%40example.nz:pass@mail.example.nz"}
    [line] = errors(sending)
    assert line.startswith("JOBTALLY_MAIL_FROM: has to be set with JOBTALLY_SMTP_URL")
    assert "pass@" not in line
    JobtallySettings.from_env(sending | {"JOBTALLY_MAIL_FROM": "us@example.nz"})


def test_any_free_ports_may_be_chosen_for_both():
    settings = JobtallySettings.from_env({"JOBTALLY_PORT": "0", "JOBTALLY_OPERATOR_PORT": "0"})
    assert (settings.port, settings.operator_port) == (0, 0)


def test_scopes_that_are_missing_are_named_together():
    [line] = errors({"XERO_SCOPES": "email"})
    assert "openid" in line
    assert "offline_access" in line
