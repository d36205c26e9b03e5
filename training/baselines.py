"""What a model must beat: the majority status, and TF-IDF of character n-grams (scikit-learn)."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline

from credcheck.labels import STATUSES
from training.corpora import Document, to_dataset
from training.scores import score

NTREX_LANGUAGES = ("eng", "ind", "deu", "arb", "rus", "zho-CN", "swa", "hin", "tur", "vie")
"""NTREX languages that the baseline learns from: all 128 would not fit in memory as n-grams."""


def score_baselines(
    training: Sequence[Document], development: dict[str, list[Document]], seed: int = 1
) -> dict[str, Any]:
    """Scores of both baselines on each development set, trained on the same documents."""
    chosen = [
        document
        for document in training
        if document.corpus != "ntrex" or document.language in NTREX_LANGUAGES
    ]
    rows = to_dataset(chosen)
    texts, statuses = list(rows["text"]), list(rows["status"])
    majority = Counter(statuses).most_common(1)[0][0]
    classifier = make_pipeline(
        TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(2, 4),
            min_df=3,
            max_features=300_000,
            sublinear_tf=True,
        ),
        # Logistic regression by stochastic gradient descent: the same model, in minutes.
        SGDClassifier(loss="log_loss", alpha=2e-6, max_iter=20, random_state=seed),
    )
    classifier.fit(texts, statuses)
    columns = {str(status): column for column, status in enumerate(STATUSES)}
    results: dict[str, Any] = {"majority": {}, "tfidf": {}}
    for name, documents in development.items():
        part = to_dataset(documents)
        gold = np.array([columns[status] for status in part["status"]])
        articles = list(part["group"])
        constant = np.full(len(gold), columns[majority])
        predicted = np.array([columns[status] for status in classifier.predict(list(part["text"]))])
        results["majority"][name] = score(gold, constant, articles).to_dict()
        results["tfidf"][name] = score(gold, predicted, articles).to_dict()
    return results
