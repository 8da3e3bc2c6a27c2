import numpy as np
import pytest

from providers.local.minilm import MiniLM

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


def test_a_paraphrase_is_nearer_than_an_unrelated_sentence(model: MiniLM) -> None:
    asked, same, other = model.embed(
        ["It is too expensive for us.", "We cannot afford that price.", "The dog sleeps in the garden."]
    )
    assert asked @ same > asked @ other + 0.3


def test_rows_are_of_unit_length_and_do_not_depend_on_their_neighbours(model: MiniLM) -> None:
    sentences = [f"Sentence number {i} about " + "trucks and " * i for i in range(40)]
    rows = model.embed(sentences)
    assert rows.shape == (40, 384)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(model.embed(sentences[7:8]), rows[7:8], atol=1e-5)


def test_no_sentences_are_no_rows_and_an_empty_one_is_a_row(model: MiniLM) -> None:
    assert model.embed([]).shape == (0, 384)
    assert np.isfinite(model.embed([""])).all()
