"""The encoder: a BERT of twelve small layers which reads sender, subject and body at once, and its heads."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from encoder.base import Base

FAR = 1e4
HEADS = ("kind", "detail", "action", "round", "intent")


class Layer(nn.Module):
    """Self-attention and feed-forward, each with a residual and a norm after it."""

    def __init__(self, hidden: int, heads: int, inner: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.ao = (nn.Linear(hidden, hidden) for _ in range(4))
        self.fi, self.fo = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.aln, self.oln = nn.LayerNorm(hidden, epsilon), nn.LayerNorm(hidden, epsilon)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """x: (messages, tokens, hidden). mask: 0 where a token stands, a large negative number elsewhere."""
        count, length, hidden = x.shape

        def split(y: torch.Tensor) -> torch.Tensor:
            return y.view(count, length, self.heads, hidden // self.heads).transpose(1, 2)

        # spelt out: on a CPU the fused attention's backward pass takes twice as long
        scores = split(self.q(x)) @ split(self.k(x)).transpose(-1, -2) * (hidden // self.heads) ** -0.5 + mask
        with torch.autocast("cpu", enabled=False):
            shares = scores.softmax(-1)
        seen = shares @ split(self.v(x))
        x = self.aln(x + self.drop(self.ao(seen.transpose(1, 2).reshape(count, length, hidden))))
        return self.oln(x + self.drop(self.fo(functional.gelu(self.fi(x)))))


class Reader(nn.Module):
    """Tokens of one message in; scores of its kind, detail, action, round, intent, and three tags a token out."""

    def __init__(self, base: Base, kept: list[int], sizes: dict[str, int]) -> None:
        super().__init__()
        hidden = base.hidden
        self.word = nn.Embedding(len(kept), hidden)
        self.position = nn.Embedding(base.positions, hidden)
        self.part = nn.Embedding(3, hidden)
        self.norm = nn.LayerNorm(hidden, base.epsilon)
        self.layers = nn.ModuleList(Layer(hidden, base.heads, base.inner, base.epsilon) for _ in range(base.layers))
        self.drop = nn.Dropout(0.1)
        self.look = nn.Linear(hidden, 1)
        self.out = nn.ModuleDict({name: nn.Linear(2 * hidden, sizes[name]) for name in HEADS})
        self.tag = nn.Linear(hidden, 3)
        self._fill(base, kept)

    @torch.no_grad()
    def _fill(self, base: Base, kept: list[int]) -> None:
        hidden = base.hidden

        def put(module: nn.Module, name: str, *shape: int) -> None:
            module.weight.copy_(torch.from_numpy(base.tensor(f"{name}.w", *shape)))
            module.bias.copy_(torch.from_numpy(base.tensor(f"{name}.b", shape[0])))

        self.word.weight.copy_(torch.from_numpy(base.tensor("emb.word", base.vocabulary, hidden)[kept]))
        positions = base.tensor("emb.pos", base.positions, hidden) + base.tensor("emb.type", base.types, hidden)[0]
        self.position.weight.copy_(torch.from_numpy(positions))
        nn.init.zeros_(self.part.weight)
        put(self.norm, "emb.ln", hidden)
        for number, layer in enumerate(self.layers):
            for name in ("q", "k", "v", "ao"):
                put(getattr(layer, name), f"l{number}.{name}", hidden, hidden)
            put(layer.fi, f"l{number}.fi", base.inner, hidden)
            put(layer.fo, f"l{number}.fo", hidden, base.inner)
            put(layer.aln, f"l{number}.aln", hidden)
            put(layer.oln, f"l{number}.oln", hidden)

    def forward(self, ids: torch.Tensor, parts: torch.Tensor, mask: torch.Tensor) -> dict[str, torch.Tensor]:
        """ids, parts, mask: (messages, tokens); mask is 1.0 where a token stands."""
        x = self.norm(self.word(ids) + self.position.weight[: ids.shape[1]])
        x = self.drop(x) + self.part(parts)
        kind = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else x.dtype
        over = ((mask[:, None, None, :] - 1) * FAR).to(kind)
        for layer in self.layers:
            x = layer(x, over)
        weights = self.look(x).squeeze(-1).masked_fill(mask == 0, -1e4).softmax(1)
        mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        pooled = torch.cat([mean, (x * weights[..., None]).sum(1)], 1)
        return {**{name: head(pooled) for name, head in self.out.items()}, "tag": self.tag(x)}
