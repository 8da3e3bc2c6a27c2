import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelligence.sentences import MOST_STRETCH_WORDS, RUN_OVERLAP_WORDS, clauses_of, stretches_of

pytestmark = pytest.mark.unit


def test_short_sentences_go_with_their_neighbour() -> None:
    assert stretches_of("Eleven. Well, that was last year. Okay.") == ["Eleven. Well, that was last year. Okay."]
    assert stretches_of("No. We have our own people for that. Can it print labels too?") == [
        "No. We have our own people for that.", "Can it print labels too?",
    ]  # fmt: skip


def test_what_runs_on_is_cut_into_overlapping_runs() -> None:
    runs = stretches_of(" ".join(f"word{number}" for number in range(60)))
    assert len(runs) == 5
    assert all(len(run.split()) <= MOST_STRETCH_WORDS for run in runs)
    assert runs[0].split()[-2 * RUN_OVERLAP_WORDS :] == runs[1].split()[: 2 * RUN_OVERLAP_WORDS]


def test_clauses_are_cut_at_commas_and_conjunctions() -> None:
    sentence = "We like it a lot, but the price is far too high because we are small."
    assert clauses_of(sentence) == ["We like it a lot", "but the price is far too high", "because we are small."]
    assert clauses_of("Hm, no.") == ["Hm, no."]


@given(st.text(alphabet="ab ?.,\n", max_size=300))
def test_every_piece_stands_in_the_text_and_no_word_is_lost(text: str) -> None:
    stretches = stretches_of(text)
    assert all(piece in text for piece in stretches)
    assert all(clause in piece for piece in stretches for clause in clauses_of(piece))
    assert set(text.split()) == {word for piece in stretches for word in piece.split()}
