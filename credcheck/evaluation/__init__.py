"""Labelled articles and the model's judgements → figures with intervals."""
