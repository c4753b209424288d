"""Expected values for the checks, from transformers.

    pip install torch==2.15.0 transformers==5.24.0 safetensors
    python golden/make.py

writes three tiny models with drawn weights, t5.safetensors (ReLU, tied), t5_gated.safetensors (gated
GELU, a head of its own) and bart.safetensors, each with its config as JSON; seq2seq.json, what they
make of some tokens, computed in double precision from the same weights; and buckets.json.

No weight is left at its start: a bias of 0 or a gain of 1 would hide that it is not used.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    T5Config,
    T5ForConditionalGeneration,
)
from transformers.models.bart.modeling_bart import shift_tokens_right
from transformers.models.t5.modeling_t5 import T5Attention, T5LayerNorm

HERE = Path(__file__).parent
F64 = torch.float64
VOCAB = 41

T5 = dict(
    vocab_size=VOCAB,
    d_model=12,
    d_kv=5,
    d_ff=20,
    num_layers=2,
    num_decoder_layers=3,
    num_heads=3,
    relative_attention_num_buckets=8,
    relative_attention_max_distance=20,
    layer_norm_epsilon=1e-3,
    decoder_start_token_id=0,
)
CONFIGS = {
    "t5": T5Config(**T5),
    "t5_gated": T5Config(
        **{**T5, "num_layers": 3, "num_decoder_layers": 2, "d_ff": 14, "layer_norm_epsilon": 1e-6},
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
    ),
    "bart": BartConfig(
        vocab_size=VOCAB,
        d_model=12,
        encoder_layers=3,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=3,
        encoder_ffn_dim=20,
        decoder_ffn_dim=14,
        max_position_embeddings=16,
        scale_embedding=True,
        forced_eos_token_id=None,
    ),
}


def rms_norm(self, x):
    return self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.variance_epsilon)


# Its own squares in single precision, whatever the type of the model.
T5LayerNorm.forward = rms_norm


def numbers(tensor, digits=9):
    return [float(f"{v:.{digits}g}") for v in tensor.flatten().tolist()]


def tiny(name, seed):
    torch.manual_seed(seed)
    config = CONFIGS[name]
    kind = BartForConditionalGeneration if name == "bart" else T5ForConditionalGeneration
    config._attn_implementation = "eager"
    model = kind(config).eval()
    if name == "t5_gated":
        # This version ties all; of T5 1.1 it remembers only that nothing is scaled.
        assert not config.scale_decoder_outputs
        model.lm_head.weight = torch.nn.Parameter(torch.empty(VOCAB, config.d_model))
    with torch.no_grad():
        for key, p in model.named_parameters():
            p.normal_(0.0, 1.0 if "relative_attention_bias" in key else 0.4)
            if "norm" in key and key.endswith("weight"):
                p.add_(1.0)
        if name == "bart":
            model.final_logits_bias.normal_(0.0, 0.4)
    # Tied tables once.
    tables = ("embed_tokens.weight",) + (() if name == "t5_gated" else ("lm_head.weight",))
    state = {k: t.contiguous() for k, t in model.state_dict().items() if not k.endswith(tables)}
    save_file(state, HERE / f"{name}.safetensors")
    # With its fields as the published files of T5 1.1 have them.
    fields = {k: v for k, v in config.to_dict().items() if k != "scale_decoder_outputs"}
    fields["tie_word_embeddings"] = name != "t5_gated"
    (HERE / f"{name}.json").write_text(json.dumps(fields, indent=2) + "\n")
    return model.to(F64)


def ids(shape, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(3, VOCAB, shape, generator=generator)


def mask(lengths, longest, side):
    rows = [[1] * n + [0] * (longest - n) for n in lengths]
    return torch.tensor(rows if side == "right" else [row[::-1] for row in rows])


def run(model, tokens, is_token, decoder):
    with torch.no_grad():
        return model(
            input_ids=tokens,
            attention_mask=is_token,
            decoder_input_ids=decoder,
            decoder_attention_mask=torch.ones_like(decoder),
            use_cache=False,
        )


def text(model, name, source, target, is_token=None, seed=1):
    tokens, decoder = ids(source, seed), ids(target, seed + 1)
    decoder[:, 0] = model.config.decoder_start_token_id
    # As transformers has it, of no mask; padding is looked at only if there is one.
    given = torch.ones_like(tokens) if is_token is None else is_token
    return dict(
        name=name,
        ids=tokens.tolist(),
        is_token=None if is_token is None else is_token.tolist(),
        decoder_ids=decoder.tolist(),
        logits=numbers(run(model, tokens, given, decoder).logits),
    )


def texts(model):
    return [
        text(model, "one token each", (1, 1), (1, 1), seed=3),
        text(model, "a text that is longer than its output", (1, 12), (1, 3), seed=5),
        text(model, "two texts that are shorter than their outputs", (2, 2), (2, 7), seed=7),
        text(model, "padding on the right", (2, 5), (2, 2), mask([5, 2], 5, "right"), 9),
        text(model, "padding on the left", (2, 5), (2, 3), mask([3, 5], 5, "left"), 11),
    ]


def blocks(model, is_t5):
    """What goes into the last block of each stack, and what comes out."""
    tokens, decoder = ids((2, 4), 21), ids((2, 3), 22)
    is_token = mask([4, 3], 4, "right")
    encoder_blocks = model.encoder.block if is_t5 else model.model.encoder.layers
    decoder_blocks = model.decoder.block if is_t5 else model.model.decoder.layers
    seen, cases = {}, []

    def hook(part):
        def note(_module, args, kwargs, out):
            x = args[0] if args else kwargs["hidden_states"]
            seen[part] = (x, out[0] if isinstance(out, tuple) else out)

        return note

    handles = [
        module.register_forward_hook(hook(part), with_kwargs=True)
        for part, module in [("encoder", encoder_blocks[-1]), ("decoder", decoder_blocks[-1])]
    ]
    states = run(model, tokens, is_token, decoder).encoder_last_hidden_state
    for handle in handles:
        handle.remove()
    for part in ["encoder", "decoder"]:
        x, y = seen[part]
        case = dict(part=part, is_token=is_token.tolist(), shape=list(x.shape), x=numbers(x, 13))
        case.update(states=numbers(states, 13), states_shape=list(states.shape), y=numbers(y), bias=[])
        if is_t5:
            first = (model.encoder if part == "encoder" else model.decoder).block[0]
            bias = first.layer[0].SelfAttention.compute_bias(x.shape[1], x.shape[1])
            case["bias"] = numbers(bias, 13)
        cases.append(case)
    return cases


def biases(model):
    cases = []
    for part in ["encoder", "decoder"]:
        attention = getattr(model, part).block[0].layer[0].SelfAttention
        for t_q, t_k, offset in [(1, 1, 0), (13, 13, 0), (2, 12, 10), (1, 12, 11), (4, 7, 2)]:
            bias = attention.compute_bias(t_q, t_k, past_seen_tokens=offset)
            cases.append(dict(part=part, t_q=t_q, t_k=t_k, offset=offset, bias=numbers(bias)))
    return cases


def generations(model):
    cases = []
    for length, seed in [(5, 31), (1, 32), (9, 35)]:
        tokens = ids((1, length), seed)
        with torch.no_grad():
            out = model.generate(
                tokens,
                attention_mask=torch.ones_like(tokens),
                do_sample=False,
                num_beams=1,
                max_new_tokens=8,
                eos_token_id=None,
                use_cache=False,
            )[0]
            logits = run(model, tokens, torch.ones_like(tokens), out[None, :-1]).logits[0]
        top = logits.topk(2).values
        assert (top[:, 0] - top[:, 1]).min() > 1e-3, "two tokens nearly tie"
        out = out.tolist()
        cases.append(dict(start=out[0], ids=tokens[0].tolist(), new=out[1:]))
    return cases


def exact(distance, bidirectional, num_buckets, max_distance):
    """The bucket in whole numbers, so that no rounding moves a boundary."""
    bucket, n = 0, num_buckets
    if bidirectional:
        n //= 2
        bucket = n if distance > 0 else 0
        d = abs(distance)
    else:
        d = max(-distance, 0)
    small = n // 2
    if d < small:
        return bucket + d
    steps = n - small
    k = 0
    while k < steps - 1 and d**steps >= small ** (steps - k - 1) * max_distance ** (k + 1):
        k += 1
    return bucket + small + k


def buckets():
    cases, moved = [], 0
    settings = [(True, 32, 128), (False, 32, 128), (True, 8, 9), (False, 8, 9), (True, 64, 100)]
    settings += [(False, 5, 81), (True, 9, 30), (False, 2, 2), (True, 4, 3), (False, 31, 300)]
    for bidirectional, num_buckets, max_distance in settings:
        far = list(range(-150, 151)) if num_buckets == 32 else list(range(-40, 41))
        far += [-100000, -301, -300, -299, 299, 300, 301, 100000]
        got = T5Attention._relative_position_bucket(
            torch.tensor(far), bidirectional, num_buckets, max_distance
        ).tolist()
        want = [exact(d, bidirectional, num_buckets, max_distance) for d in far]
        off = sum(g != w for g, w in zip(got, want))
        print(bidirectional, num_buckets, max_distance, "differs from exact at", off)
        # Where transformers' f32 logarithm falls just short of a boundary, the exact bucket counts.
        moved += off
        assert num_buckets != 32 or off == 0, "the published settings"
        cases.append(
            dict(
                bidirectional=bidirectional,
                num_buckets=num_buckets,
                max_distance=max_distance,
                relative_positions=far,
                buckets=want,
            )
        )
    return cases


def shifts():
    labels = torch.tensor([[5, 6, 7, 1], [9, -100, 4, -100], [-100, 3, 2, 2]])
    return [
        dict(labels=rows.tolist(), start=s, pad=p, ids=shift_tokens_right(rows, p, s).tolist())
        for rows, s, p in [(labels, 2, 1), (labels, 0, 0), (labels[:1, :1], 7, 3)]
    ]


def lines(name, cases):
    inner = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    return f'"{name}":[\n{inner}\n]'


def main():
    golden = []
    for seed, name in enumerate(CONFIGS, start=20):
        model = tiny(name, seed)
        is_t5 = name != "bart"
        cases = [("texts", texts(model)), ("blocks", blocks(model, is_t5))]
        cases.append(("generations", generations(model)))
        cases.append(("biases", biases(model) if name == "t5" else []))
        golden.append(f'"{name}":{{\n' + ",\n".join(lines(*case) for case in cases) + "\n}")
    golden.append(lines("shifts", shifts()))
    (HERE / "seq2seq.json").write_text("{\n" + ",\n".join(golden) + "\n}\n")
    (HERE / "buckets.json").write_text("[\n" + ",\n".join(
        json.dumps(case, separators=(",", ":")) for case in buckets()) + "\n]\n")


if __name__ == "__main__":
    main()
