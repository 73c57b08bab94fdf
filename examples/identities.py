"""Every dollar once: `oblea run --json | python examples/identities.py`."""
import json
import sys

a = json.load(sys.stdin)
gap, m, books = a["gap"], a["market"], a["accounts"]
worst = {"gap": abs(sum(g["part"] for g in gap["parts"]) + a["absorbed"]["mean"] - a["pledge"])
         / a["pledge"],
         "revenue": max(abs(u + i + f - w - p) / (w + p) for u, i, f, w, p in zip(
             *(m[k] for k in ("users", "internal", "investors", "world", "programme")),
             strict=True)),
         "money": max(abs(x - s - h - r) / x for x, s, h, r in zip(
             *(books[k] for k in ("money_in", "spent", "held", "returned")),
             strict=True))}
sys.exit(print(worst) or max(worst.values()) > 1e-9)
