"""The word that was meant is the one that the standard library finds the nearest, however soon it is found."""

from difflib import get_close_matches

from hypothesis import given
from hypothesis import strategies as st

from onward.diagnostics.spelling import nearest

WORDS = st.text("abcde_", max_size=9)


@given(WORDS, st.frozensets(WORDS, max_size=25), st.sampled_from([0.3, 0.6, 0.8]))
def test_the_nearest_word_is_the_one_that_the_library_finds(word: str, known: frozenset[str], alike: float) -> None:
    assert nearest(word, known, alike=alike) == (get_close_matches(word, sorted(known), n=1, cutoff=alike) or [""])[0]
