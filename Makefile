# What a contributor runs.
.PHONY: check test gate smoke train

check:            ## lint, format, types
	ruff check .
	ruff format --check .
	mypy

test:             ## all tests
	pytest

gate:             ## the shipped model against its pinned floors
	python -m eval.gate

smoke:            ## build the wheel, install it bare, use it
	rm -rf build/smoke && python -m build --wheel --outdir build/smoke .
	python -m venv build/smoke/venv
	build/smoke/venv/bin/pip install -q build/smoke/*.whl
	cd build/smoke && venv/bin/credcheck labels && venv/bin/credcheck model

train:            ## train both recipes and export (about four hours on two cores with AMX)
	python -m training.train training/configs/base.toml --out runs/base
	python -m training.train training/configs/small-v2.toml --out runs/small-v2
	python -m training.train training/configs/small-v3.toml --out runs/small-v3
	python -m training.export runs/small-v3 --out models/credcheck-small-v3
