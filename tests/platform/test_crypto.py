"""Encryption of stored secrets: bound to one place, readable with each configured key."""

import stat
from pathlib import Path

import pytest

from api.platform.crypto import Keyring, Unreadable, development_keys

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
PLACE = "grants/gra_1/refresh_token"


def test_an_encrypted_value_is_readable_in_its_place_and_does_not_show_the_secret():
    keyring = Keyring({"old": OLD})
    sealed = keyring.seal("refresh-me", place=PLACE)
    assert keyring.open(sealed, place=PLACE) == "refresh-me"
    assert "refresh-me" not in sealed
    assert sealed != keyring.seal("refresh-me", place=PLACE), "two encryptions of one text differ"


def test_moved_and_changed_values_are_refused():
    keyring = Keyring({"old": OLD})
    sealed = keyring.seal("refresh-me", place=PLACE)
    version, kid, nonce, body = sealed.split("|")
    swapped = body[:-2] + ("AA" if body[-2:] != "AA" else "BB")
    wrong = [
        (sealed, "grants/gra_2/refresh_token"),
        (f"{version}|{kid}|{nonce}|{swapped}", PLACE),
        (f"{version}|other|{nonce}|{body}", PLACE),
        (f"v2|{kid}|{nonce}|{body}", PLACE),
        ("nonsense", PLACE),
        ("", PLACE),
    ]
    for value, place in wrong:
        with pytest.raises(Unreadable):
            keyring.open(value, place=place)


def test_after_a_key_rotation_old_values_are_readable_and_new_ones_use_the_first_key():
    before, both = Keyring({"old": OLD}), Keyring({"new": NEW, "old": OLD})
    sealed = before.seal("refresh-me", place=PLACE)
    assert both.open(sealed, place=PLACE) == "refresh-me"
    with pytest.raises(Unreadable):
        before.open(both.seal("refresh-me", place=PLACE), place=PLACE)
    assert both.verifies(b"text", before.sign(b"text", purpose="cursor"), purpose="cursor")


def test_a_signature_is_valid_for_one_purpose_and_one_text():
    keyring = Keyring({"old": OLD})
    signature = keyring.sign(b"text", purpose="cursor")
    assert keyring.verifies(b"text", signature, purpose="cursor")
    assert not keyring.verifies(b"text", signature, purpose="link")
    assert not keyring.verifies(b"texts", signature, purpose="cursor")


def test_the_development_key_is_created_once_and_readable_by_its_owner_only(tmp_path: Path):
    created = development_keys(tmp_path / "new")
    assert created == development_keys(tmp_path / "new")
    assert len(created["development"]) == 32
    assert stat.S_IMODE((tmp_path / "new" / "secret-key").stat().st_mode) == 0o600
    assert created != development_keys(tmp_path / "other")
