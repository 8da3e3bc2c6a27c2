"""`python -m benchmarks.nudge_weights`: trains the classifier of nudges on our own utterances and writes its weights.

A softmax regression over the deep embeddings of MiniLM and the words and pairs of words, one for prospects and one for
reps. The utterances under
intelligence/detectors/utterances were written for this; none is taken from a call,
and lines nearer than a cosine of .60 to a labelled one were dropped. Nothing is drawn by chance: the
loss is convex, so that the same utterances give the same weights.
`--check` prints how often the kind is right for utterances held out in five folds (seeded) instead of writing.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from intelligence.detectors.classifier import FILE, Classifier, weighted
from intelligence.detectors.grams import grams_of
from providers.local.minilm import MiniLM

UTTERANCES = FILE.parent / "utterances"

SCALE = 2.0
"""Of the embeddings while training; with PENALTY it says how freely the weights may grow."""

GRAM_SCALE = {"prospect": 1.5, "rep": 0.0}
"""Of the words and pairs beside the embeddings. A rep's 300 lines are too few to learn words from."""

PENALTY = {"prospect": 2e-4, "rep": 4e-4}
"""L2, on half the squared weights. Source, with the scales: a sweep over three sets of labelled calls (2026-11-21);
for prospects 1e-4 to 4e-4 and scales of 1 to 2.5 differ little."""

MOST_STEPS = 150
FOLDS, SEED = 5, 7

Doubles = NDArray[np.float64]


def read(file: Path) -> tuple[list[str], list[str]]:
    """Label and text of each utterance; a line "[kind/topic]" stands before those it labels."""
    labels, texts, label = [], [], ""
    for line in filter(None, map(str.strip, file.read_text().splitlines())):
        if line.startswith("["):
            label = line.strip("[]")
        else:
            labels.append(label)
            texts.append(line)
    return labels, texts


def fit(role: str, embeddings: NDArray[np.float32], texts: list[str], labels: list[str]) -> Classifier:
    gram_scale, penalty = GRAM_SCALE[role], PENALTY[role]
    names = sorted(set(labels))
    grams = grams_of(texts)
    rarity = np.log(len(texts) / (1 + grams.sum(axis=0))).clip(0).astype(np.float32)
    features = np.concatenate([embeddings, gram_scale * weighted(grams, rarity)], axis=1)
    mean = features.mean(axis=0)
    x: Doubles = ((features - mean) * SCALE).astype(np.float64)
    d, t = x.shape[1], len(names)
    y: Doubles = np.eye(t)[[names.index(label) for label in labels]]

    def loss(flat: Doubles) -> tuple[float, Doubles]:
        weights, bias = flat[: d * t].reshape(d, t), flat[d * t :]
        scores = x @ weights + bias
        scores -= scores.max(axis=1, keepdims=True)
        total = np.log(np.exp(scores).sum(axis=1))
        error = (np.exp(scores - total[:, None]) - y) / len(x)
        value = float((total - (scores * y).sum(axis=1)).mean() + penalty / 2 * (weights**2).sum())
        return value, np.concatenate([(x.T @ error + penalty * weights).ravel(), error.sum(axis=0)])

    flat = minimize(loss, np.zeros(d * t + t), jac=True, method="L-BFGS-B", options={"maxiter": MOST_STEPS}).x
    weights = flat[: d * t].reshape(d, t) * SCALE
    of_embeddings, of_grams = np.split(weights, [embeddings.shape[1]])
    return Classifier(
        labels=tuple(names),
        weights=of_embeddings.astype(np.float16).astype(np.float32),
        gram_weights=(of_grams * gram_scale).astype(np.float16).astype(np.float32),
        rarity=rarity,
        bias=(flat[d * t :] - mean @ weights).astype(np.float32),
    )


def kinds_right(role: str, embeddings: NDArray[np.float32], texts: list[str], labels: list[str]) -> float:
    """The share of held-out utterances whose kind is right."""
    folds = np.random.default_rng(SEED).integers(0, FOLDS, len(labels))
    kinds = np.array([label.split("/")[0] for label in labels])
    right = 0
    for fold in range(FOLDS):
        seen, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        classifier = fit(role, embeddings[seen], [texts[at] for at in seen], [labels[at] for at in seen])
        shares = classifier.probabilities(embeddings[held], [texts[at] for at in held])
        names = sorted(set(kinds))
        of_kind = np.array([[label.startswith(f"{name}/") for name in names] for label in classifier.labels])
        right += int((np.array(names)[(shares @ of_kind).argmax(axis=1)] == kinds[held]).sum())
    return right / len(labels)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--check", action="store_true", help="five folds instead of writing")
    args = ask.parse_args()
    model = MiniLM()
    kept: dict[str, NDArray[np.generic]] = {}
    for role in ("prospect", "rep"):
        labels, texts = read(UTTERANCES / f"{role}.txt")
        embeddings = model.embed_deep(texts)
        if args.check:
            print(f"{role}: {len(texts)} utterances, kind right {kinds_right(role, embeddings, texts, labels):.2f}")
            continue
        classifier = fit(role, embeddings, texts, labels)
        kept[f"{role}_labels"] = np.array(classifier.labels)
        kept[f"{role}_weights"] = classifier.weights.astype(np.float16)
        kept[f"{role}_gram_weights"] = classifier.gram_weights.astype(np.float16)
        kept[f"{role}_rarity"] = classifier.rarity.astype(np.float16)
        kept[f"{role}_bias"] = classifier.bias
        print(f"{role}: {len(texts)} utterances, {len(classifier.labels)} topics")
    if kept:
        np.savez_compressed(FILE, **kept)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
