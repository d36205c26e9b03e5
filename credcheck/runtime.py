"""ONNX Runtime, with what it would report to its maker switched off.

Since 1.29 the official Linux builds send events (model names, hashes, shapes) unless the
environment says otherwise, and keep a device id and a queue in the user's cache. Nothing of
credcheck phones home: everything here imports the library from this module.
"""

import os

# Read when the library is loaded; a host program that loaded it before is asked below.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

onnxruntime.disable_telemetry_events()

__all__ = ["onnxruntime"]
