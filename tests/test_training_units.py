"""The parts of training, each by itself."""

import json
import logging
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytestmark = pytest.mark.train

import numpy as np  # noqa: E402
import torch  # noqa: E402
from conftest import WordTokenizer  # noqa: E402
from torch import nn  # noqa: E402

from credcheck.labels import EVIDENCE_TAGS, STATUSES  # noqa: E402
from credcheck.model_folder import Calibration, WindowSize  # noqa: E402
from training.averaging import WeightAverage  # noqa: E402
from training.calibration import (  # noqa: E402
    expected_calibration_error,
    fit_temperature,
    measure_coverage,
)
from training.config import TrainConfig, read_config  # noqa: E402
from training.corpora import (  # noqa: E402
    SETS,
    Document,
    LabelledSentence,
    forbids_commercial_use,
    read_groups,
    read_public,
    read_written,
    split_documents,
    text_hash,
)
from training.examples import IGNORED, to_examples  # noqa: E402
from training.network import FeatureDropout, StatusNetwork  # noqa: E402
from training.onnx_graph import dequantize_table, quantize_table  # noqa: E402
from training.optimization import learning_rate_schedule  # noqa: E402
from training.sampling import Corpus, Sampler  # noqa: E402
from training.scores import score  # noqa: E402
from training.train import read_learned, start_from  # noqa: E402


def make_document(name: str, **values: object) -> Document:
    made = {
        "id": name,
        "group": name,
        "corpus": "native",
        "language": "id",
        "licence": "MIT",
        "sentences": (LabelledSentence("Hujan turun.", "unattributed"),),
        "has_headline": False,
    }
    return Document(**(made | values))  # type: ignore[arg-type]


def test_written_articles_are_well_formed() -> None:
    documents = list(read_written(SETS / "written"))
    assert len({document.id for document in documents}) == len(documents) >= 300
    assert len({document.language.split("-")[0] for document in documents}) >= 60
    for document in documents:
        for sentence in document.sentences:
            assert sentence.source in sentence.text, document.id
            assert sentence.cue in sentence.text, document.id
            assert bool(sentence.source) == bool(sentence.source_type), document.id


def test_split_keeps_translations_together_and_licences_apart() -> None:
    documents = [
        make_document(
            f"ntrex/d{i}/{language}", group=f"ntrex/d{i}", corpus="ntrex", language=language
        )
        for i in range(20)
        for language in ("eng", "ind", "deu")
    ]
    documents += [make_document(f"n{i}") for i in range(40)]
    documents += [make_document("nc", development_only=True)]
    documents += [make_document(f"w{i}", corpus="written") for i in range(10)]
    listed = frozenset({"ntrex/d3", "ntrex/d7", "n0", "n1", "n2", "n3", "not there"})
    training, development = split_documents(documents, listed)
    assert {d.id for d in training} | {d.id for d in development} == {d.id for d in documents}
    assert not {d.group for d in training} & {d.group for d in development}
    assert sum(d.corpus == "ntrex" for d in development) == 2 * 3
    assert sum(d.corpus == "native" for d in development) == 4 + 1
    assert not any(d.corpus == "written" for d in development)


def test_documents_listed_for_development_are_real_and_few() -> None:
    listed = read_groups()
    public = {
        json.loads(line)["id"]
        for path in (SETS / "public").glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    assert 10 < len(public & listed) < len(public) / 5


def test_a_run_never_goes_on_from_one_that_saw_its_development_documents(tmp_path: Path) -> None:
    (tmp_path / "split.json").write_text(json.dumps({"training": ["a", "b"]}))
    corpus = Corpus([], [make_document("b")], "digest")
    with pytest.raises(ValueError, match="'b'"):
        start_from(None, tmp_path, read_learned(tmp_path), corpus)  # type: ignore[arg-type]


def test_non_commercial_texts_never_train() -> None:
    assert forbids_commercial_use("xx_news", "CC BY-NC-SA 4.0")
    assert not forbids_commercial_use("it_kind_wikinews", "text CC BY 2.5, annotation CC BY-NC")
    assert not forbids_commercial_use("xx_news", "CC BY-SA 4.0")


def test_public_labels_join_by_id_and_say_what_is_missing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    labels, raw = tmp_path / "labels", tmp_path / "raw"
    labels.mkdir()
    raw.mkdir()
    texts = ["Polisi menahan dua orang.", "Teks berubah."]
    entry = {
        "hash": text_hash(texts[0]), "status": "confirmed_official",
        "source": [0, 6], "source_type": "official", "cue": [7, 14],
    }  # fmt: skip
    rows = [
        {"id": "corpus/a", "sentences": [entry, {"hash": "0" * 16, "status": "denied"}]},
        {"id": "corpus/gone", "sentences": [entry]},
    ]
    (labels / "x.jsonl").write_text("\n".join(map(json.dumps, rows)))
    text_row = {"doc_id": "a", "lang": "id", "licence": "MIT", "title": "Judul", "sentences": texts}
    (raw / "corpus.jsonl").write_text(json.dumps(text_row))
    with caplog.at_level(logging.WARNING):
        documents = list(read_public(labels, raw))
    assert [s.status for s in documents[0].sentences] == ["", "confirmed_official", ""]
    assert documents[0].sentences[1].source == "Polisi"
    assert "1 documents not found" in caplog.text
    assert "1 sentences changed" in caplog.text


def test_examples_carry_statuses_and_tags_of_their_targets() -> None:
    sentences = (
        LabelledSentence("Judul berita", ""),
        LabelledSentence(
            "Camat Rini berkata air surut", "single_source", "Camat Rini", "berkata", "official"
        ),
        LabelledSentence("Hujan turun", "unattributed", has_evidence=False),
    )  # fmt: skip
    document = make_document("a", sentences=sentences, has_headline=True)
    (example,) = to_examples(document, WordTokenizer(), WindowSize())
    assert example.statuses.tolist() == [
        IGNORED, list(STATUSES).index("single_source"), list(STATUSES).index("unattributed"),
    ]  # fmt: skip
    target = example.window.targets[1]
    tags = example.tags[target.token_start : target.token_end]
    assert [EVIDENCE_TAGS[tag] for tag in tags] == [
        "source:official", "source:official", "cue", "outside", "outside",
    ]  # fmt: skip
    last = example.window.targets[2]
    assert (example.tags[last.token_start : last.token_end] == IGNORED).all()


def test_four_bit_table_comes_back_exactly() -> None:
    generator = np.random.default_rng(0)
    nibbles = generator.integers(0, 16, (50, 64)).astype(np.float32) - 8
    nibbles[:, ::32] = -8
    scales = generator.uniform(0.001, 0.1, (50, 2)).astype(np.float16).astype(np.float32)
    table = nibbles * np.repeat(scales, 32, axis=1)
    table[0] = 0
    assert np.array_equal(dequantize_table(*quantize_table(table)), table)


def test_a_sentence_state_is_its_mean_beside_its_separator() -> None:
    hidden = torch.arange(24, dtype=torch.float32).reshape(2, 4, 3)
    state = StatusNetwork.pool(hidden, torch.tensor([[1, 1, 2], [0, 3, 3]]))
    assert state[0].tolist() == [*hidden[1, 1:3].mean(0).tolist(), *hidden[1, 2].tolist()]
    assert state[1].tolist() == [*hidden[0, 3].tolist()] * 2


def test_temperature_finds_the_scale_of_overconfident_logits() -> None:
    generator = np.random.default_rng(1)
    true = generator.normal(0, 2, (4_000, len(STATUSES)))
    shares = np.exp(true) / np.exp(true).sum(1, keepdims=True)
    gold = np.array([generator.choice(len(STATUSES), p=row) for row in shares])
    assert fit_temperature((true * 3).astype(np.float32), gold) == pytest.approx(3, rel=0.1)
    assert expected_calibration_error(shares, gold) < 0.03
    coverage = measure_coverage(shares, gold, 0.5)
    assert coverage.decided_accuracy > coverage.undecided_accuracy
    assert Calibration().temperature == 1


def test_macro_f1_is_over_the_statuses_that_occur() -> None:
    scores = score(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 5]), list("aabb"))
    assert scores.accuracy == 0.75
    assert set(scores.by_status) == {str(STATUSES[0]), str(STATUSES[1])}
    assert scores.macro_f1 == pytest.approx((1 + 2 / 3) / 2)


def test_a_setting_that_does_not_exist_is_named(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text("learning_rat = 1.0")
    with pytest.raises(ValueError, match="learning_rat"):
        read_config(path)


def test_feature_dropout_takes_the_same_features_from_all_tokens_of_a_window() -> None:
    torch.manual_seed(3)
    dropout = FeatureDropout(0.5)
    hidden = torch.ones(4, 7, 200)
    dropped = dropout(hidden)
    assert torch.equal(dropped, dropped[:, :1].expand_as(dropped))
    assert set(dropped.unique().tolist()) == {0.0, 2.0}
    assert not torch.equal(dropped[0], dropped[1])
    assert torch.equal(dropout.eval()(hidden), hidden)


def test_average_is_the_mean_of_late_weights_and_survives_a_checkpoint() -> None:
    network = nn.Linear(1, 1, bias=False)
    average = WeightAverage(first_step=20, every=10)
    for step in range(1, 41):
        nn.init.constant_(network.weight, float(step))
        average.add(network, step)  # type: ignore[arg-type]
        if step == 30:
            saved, average = average.state(), WeightAverage(first_step=20, every=10)
            average.load(saved)
    average.apply(network)  # type: ignore[arg-type]
    assert network.weight.item() == pytest.approx((20 + 30 + 40) / 3)


def test_learning_rate_rises_then_falls_to_the_share_that_is_left() -> None:
    config = TrainConfig(warmup_share=0.1, final_rate_share=0.25)
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = learning_rate_schedule(optimizer, config, 100)
    rates = []
    for _ in range(100):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    assert rates[0] == 0
    assert max(rates) == rates[10] == 1
    assert rates[55] == pytest.approx(0.25 + 0.75 * 0.5)
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.25)


def test_documents_are_cut_in_every_training_size() -> None:
    sizes = (WindowSize(64, 8, 16, 8), WindowSize(96, 8, 16, 8))
    text = LabelledSentence("satu dua tiga empat lima enam tujuh delapan", "unattributed")
    documents = [make_document(f"n{i}", sentences=(text,) * 40) for i in range(12)]
    config = TrainConfig(epochs=2, batch_tokens=512, training_windows=sizes)
    sampler = Sampler(Corpus(documents, [], ""), WordTokenizer(), config)
    plan = sampler.plan()
    for epoch in plan:
        keys = [key for batch in epoch for key in batch]
        assert {size for _, size, _ in keys} == {0, 1}
        n_targets = sum(len(example.statuses) for example in sampler.load(keys))
        assert n_targets == 12 * 40
