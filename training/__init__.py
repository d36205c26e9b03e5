"""How the models are made: needs the `train` extra; not shipped."""

# Before anything loads ONNX Runtime: its telemetry is switched off there.
import credcheck.runtime  # noqa: F401
