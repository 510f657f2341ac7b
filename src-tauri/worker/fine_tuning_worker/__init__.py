"""Trains and evaluates inside a run folder, and answers prompts from a loaded model.

Importing this package and any module's top level needs the standard library alone: whatever is
heavy is imported inside the functions that use it, after the run has said that it started.
"""

CONTRACT_VERSION = 1
"""The version of the run folder that this worker understands; see the README beside the package."""
