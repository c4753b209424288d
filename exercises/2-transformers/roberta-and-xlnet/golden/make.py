"""Expected values for the checks, from transformers.

    pip install torch==2.15.0 transformers==5.24.0 safetensors
    python golden/make.py

Written are, each with drawn weights of which none is left at its start,

- roberta.safetensors and roberta.json, a RobertaForMaskedLM: positions and logits of texts that are
  padded on either side, or in the middle, in double precision;
- xlnet.safetensors and xlnet.json, an XLNetLMHeadModel: what its attention makes of both streams,
  layer by layer, and logits for masks and targets of several kinds.

Masks are written as the lesson has them, 1 where a token may be looked at: transformers' perm_mask
says where it may not. A target sees at least one token here. transformers would let a query that
sees nothing look at everything, since it subtracts 1e30 from all of its scores. Nor is a target there
twice: transformers would add up its queries.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import (
    RobertaConfig,
    RobertaForMaskedLM,
    XLNetConfig,
    XLNetLMHeadModel,
    XLNetModel,
)

HERE = Path(__file__).parent
F64 = torch.float64

ROBERTA = dict(
    num_hidden_layers=2,
    num_attention_heads=3,
    hidden_size=12,
    intermediate_size=20,
    max_position_embeddings=16,
    type_vocab_size=1,
    vocab_size=29,
    layer_norm_eps=0.03,
    pad_token_id=3,
    attn_implementation="eager",
)
XLNET = dict(
    vocab_size=31,
    d_model=12,
    n_layer=3,
    n_head=3,
    d_inner=20,
    layer_norm_eps=0.02,
    dropout=0.0,
)


def numbers(tensor):
    return [float(f"{v:.10g}") for v in tensor.flatten().tolist()]


def whole(tensor):
    return [int(v) for v in tensor.flatten().tolist()]


def redraw(model, norm, spread):
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.normal_(0.0, spread)
            if norm in name and name.endswith("weight"):
                p.add_(1.0)


def write(name, golden):
    lines = [
        f'"{k}":[\n' + ",\n".join(json.dumps(c, separators=(",", ":")) for c in v) + "\n]"
        for k, v in golden.items()
    ]
    (HERE / name).write_text("{\n" + ",\n".join(lines) + "\n}\n")


def roberta():
    torch.manual_seed(40)
    model = RobertaForMaskedLM(RobertaConfig(**ROBERTA)).eval()
    redraw(model, "orm", 0.4)
    tied = ["lm_head.decoder.weight", "lm_head.decoder.bias"]
    state = {n: t for n, t in model.state_dict().items() if n not in tied}
    save_file(state, HERE / "roberta.safetensors")
    model = model.to(F64)
    pad = ROBERTA["pad_token_id"]
    cases = []
    for name, rows in [
        ("one text", [[1] * 12]),
        ("padding on the right", [[1] * 7, [1] * 4 + [0] * 3, [1] + [0] * 6]),
        ("padding on the left", [[1] * 6, [0] * 4 + [1] * 2, [0] + [1] * 5]),
        ("padding on both sides and in the middle", [[0, 1, 1, 0, 1], [1, 0, 0, 1, 0]]),
    ]:
        mask = torch.tensor(rows)
        ids = torch.randint(0, ROBERTA["vocab_size"] - 1, mask.shape)
        ids = torch.where(ids >= pad, ids + 1, ids)
        ids = torch.where(mask == 1, ids, pad)
        seen = {}
        hook = model.roberta.embeddings.position_embeddings.register_forward_hook(
            lambda _m, args, _out: seen.update(positions=args[0])
        )
        with torch.no_grad():
            logits = model(ids, attention_mask=mask).logits
        hook.remove()
        # What is computed at padding is nobody's business.
        logits = logits * mask[:, :, None]
        cases.append(
            dict(
                name=name,
                shape=list(ids.shape),
                ids=whole(ids),
                positions=whole(seen["positions"]),
                logits=numbers(logits),
            )
        )
    write("roberta.json", dict(texts=cases))


def encoding(self, qlen, klen, bsz=None, device=None):
    """transformers' own, which is float32 whatever the model is, in double precision."""
    assert self.attn_type == "bi" and self.clamp_len < 0 and not self.bi_data
    inv_freq = 1 / 10000 ** (torch.arange(0, self.d_model, 2, dtype=F64) / self.d_model)
    return self.positional_embedding(torch.arange(klen, -qlen, -1, dtype=F64), inv_freq, bsz)


def masks(batch, seq, generator):
    """Drawn query masks; the content stream sees itself, too."""
    query = torch.randint(0, 3, (batch, seq, seq), generator=generator) > 0
    return query | torch.eye(seq, dtype=bool), query


def of_order(order):
    seq = len(order)
    rank = [order.index(t) for t in range(seq)]
    query = torch.tensor([[rank[s] < rank[t] for s in range(seq)] for t in range(seq)])
    return (query | torch.eye(seq, dtype=bool))[None], query[None]


def xlnet():
    XLNetModel.relative_positional_encoding = encoding
    torch.manual_seed(41)
    model = XLNetLMHeadModel(XLNetConfig(**XLNET, ff_activation="gelu")).eval()
    redraw(model, "layer_norm", 0.5)
    state = {n: t for n, t in model.state_dict().items() if n != "lm_loss.weight"}
    save_file(state, HERE / "xlnet.safetensors")
    relu = XLNetLMHeadModel(XLNetConfig(**XLNET, ff_activation="relu")).eval()
    relu.load_state_dict(model.state_dict())
    models = dict(gelu=model.to(F64), relu=relu.to(F64))

    generator = torch.Generator().manual_seed(42)
    shifts = []
    for shape in [(1, 2, 1, 2), (2, 1, 4, 8), (1, 3, 5, 10)]:
        x = torch.randn(shape, generator=generator, dtype=F64)
        y = model.transformer.layer[0].rel_attn.rel_shift_bnij(x, klen=shape[2])
        shifts.append(dict(shape=list(shape), x=numbers(x), y=numbers(y)))

    layers, texts = [], []
    plans = [
        ("drawn masks", "gelu", masks(2, 5, generator), [[4, 0], [2, 3]]),
        ("the order 3 1 4 0 2", "gelu", of_order([3, 1, 4, 0, 2]), [[2, 0, 4]]),
        ("the order of the text", "relu", of_order(list(range(7))), [[6, 3, 1]]),
        ("all see all, no targets", "gelu", None, None),
        ("no targets, ReLU", "relu", masks(2, 4, generator), None),
    ]
    for name, act, both, targets in plans:
        content, query = both or (torch.ones(2, 4, 4, dtype=bool),) * 2
        batch, seq, _ = content.shape
        ids = torch.randint(0, XLNET["vocab_size"], (batch, seq), generator=generator)
        perm_mask = 1.0 - query.to(F64)
        mapping = None
        if targets is not None:
            mapping = torch.nn.functional.one_hot(torch.tensor(targets), seq).to(F64)
            for b, row in enumerate(targets):
                assert all(query[b, t].any() for t in row), name
        seen = []
        whole_query = torch.eye(seq, dtype=F64)[None].expand(batch, -1, -1)
        hooks = [
            layer.rel_attn.register_forward_hook(
                lambda _m, args, out: seen.append((args[0], args[1], args[4], out[0], out[1]))
            )
            for layer in models[act].transformer.layer
        ]
        run = lambda mapping: models[act](ids, perm_mask=perm_mask, target_mapping=mapping)
        with torch.no_grad():
            logits = run(mapping).logits
            seen.clear()
            run(whole_query)
        for hook in hooks:
            hook.remove()
        texts.append(
            dict(
                name=name,
                activation=act,
                shape=[batch, seq],
                ids=whole(ids),
                content=whole(content),
                query=whole(query),
                targets=targets or [],
                logits=numbers(logits),
            )
        )
        if len(layers) < 5 and targets is not None:
            # Rows that see something: of the others, transformers makes something else.
            sees = query.any(-1)[:, :, None]
            for i, (h, g, r, new_h, new_g) in enumerate(seen[:2]):
                bsd = lambda x: x.transpose(0, 1)
                layers.append(
                    dict(
                        name=name,
                        layer=i,
                        shape=[batch, seq],
                        content=whole(content),
                        query=whole(query),
                        r=numbers(r[:, 0]) if not layers else [],
                        h=numbers(bsd(h)),
                        g=numbers(bsd(g)),
                        new_h=numbers(bsd(new_h)),
                        new_g=numbers(bsd(new_g) * sees),
                    )
                )
    write("xlnet.json", dict(shifts=shifts, layers=layers, texts=texts))


if __name__ == "__main__":
    roberta()
    xlnet()
