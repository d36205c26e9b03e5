"""Weights of many steps → their mean, which often generalizes better than the last ones.

Izmailov et al. 2018, arXiv:1803.05407.
"""

from typing import Any

from torch import Tensor

from training.network import StatusNetwork, learned_state


class WeightAverage:
    """A running mean of a network's learned weights, begun at a given step."""

    def __init__(self, first_step: int, every: int) -> None:
        self._first_step, self._every = first_step, every
        self._mean: dict[str, Tensor] = {}
        self._n = 0

    def add(self, network: StatusNetwork, step: int) -> None:
        """Take the weights in, when the step is late enough and its turn."""
        if step < self._first_step or step % self._every:
            return
        self._n += 1
        for name, tensor in learned_state(network).items():
            if name not in self._mean:
                self._mean[name] = tensor.detach().clone()
            else:
                mean = self._mean[name]
                mean += (tensor.detach().to(mean.device) - mean) / self._n

    def apply(self, network: StatusNetwork) -> None:
        """Put the mean into the network, if there is one."""
        if self._n:
            network.load_state_dict(self._mean, strict=False)

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return {"mean": self._mean, "n": self._n}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint."""
        self._mean, self._n = state["mean"], state["n"]
