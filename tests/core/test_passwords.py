from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.passwords import hash_password, is_hash, verify_password

CHEAP = 2


@settings(max_examples=30)
@given(st.text(max_size=50), st.text(max_size=50))
def test_only_the_password_fits(password: str, other: str) -> None:
    kept = hash_password(password, CHEAP)
    assert verify_password(password, kept)
    assert verify_password(other, kept) == (other == password)
    assert is_hash(kept)


def test_equal_passwords_have_different_hashes() -> None:
    assert hash_password("x", CHEAP) != hash_password("x", CHEAP)


def test_what_is_made_is_not_cheap() -> None:
    assert hash_password("x").startswith("$scrypt$n=16384,r=8,p=1$")


@pytest.mark.parametrize(
    "kept",
    [
        "", "x", "$scrypt$", "$scrypt$n=16384,r=8,p=1$$", "$scrypt$n=3,r=8,p=1$AAAA$AAAA",
        "$scrypt$n=4194304,r=99,p=9$AAAA$AAAA", "$scrypt$n=2,r=0,p=1$AAAA$AAAA",
        "$scrypt$n=2,r=8,p=1$A$A", "$2b$12$abc",
    ],
)  # fmt: skip
def test_what_is_no_hash_fits_nothing(kept: str) -> None:
    assert not is_hash(kept)
    assert not verify_password("x", kept)
    assert not verify_password("", kept)
