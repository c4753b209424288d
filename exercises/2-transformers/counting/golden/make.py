"""Expected values for the checks, from transformers and from PyTorch's own counter of FLOPs.

    pip install torch==2.15.0 transformers==5.24.0
    python golden/make.py

writes counts.json, parameters by part of models that are built without memory for their weights;
flops.json, what torch.utils.flop_counter counts while small models read; and caches.json, how many
numbers those models keep of what they have read.
"""

import json
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode
from transformers import (
    BartConfig, BartForConditionalGeneration, BertConfig, BertModel, FalconConfig,
    FalconForCausalLM, GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM, T5Config,
    T5ForConditionalGeneration,
)

HERE = Path(__file__).parent
SIZES = ["vocab_size", "d_model", "n_layers", "n_heads", "n_kv_heads", "d_head", "d_ff"]


def architecture(family, sizes, positions, tied=True, biases=True, gated=False):
    return dict(
        family=family, **dict(zip(SIZES, sizes)), positions=positions, is_tied=tied,
        has_biases=biases, is_gated=gated, is_parallel=False,
    )


def gpt2(vocab, d, layers, heads, positions):
    c = GPT2Config(vocab_size=vocab, n_embd=d, n_layer=layers, n_head=heads, n_positions=positions,
                   bos_token_id=0, eos_token_id=0)
    sizes = (vocab, d, layers, heads, heads, d // heads, 4 * d)
    return c, GPT2LMHeadModel, architecture("Decoder", sizes, dict(Learned=positions))


def llama(vocab, d, layers, heads, kv, d_head, d_ff, tied):
    c = LlamaConfig(vocab_size=vocab, hidden_size=d, num_hidden_layers=layers,
                    num_attention_heads=heads, num_key_value_heads=kv, head_dim=d_head,
                    intermediate_size=d_ff, tie_word_embeddings=tied)
    sizes = (vocab, d, layers, heads, kv, d_head, d_ff)
    a = architecture("Decoder", sizes, "Rotary", tied, biases=False, gated=True)
    return c, LlamaForCausalLM, a


def falcon(vocab, d, layers, heads, d_ff):
    """Parallel and multi-query as PaLM is, but with biases."""
    c = FalconConfig(vocab_size=vocab, hidden_size=d, num_hidden_layers=layers,
                     num_attention_heads=heads, ffn_hidden_size=d_ff, bias=True, multi_query=True,
                     parallel_attn=True, alibi=False, bos_token_id=0, eos_token_id=0)
    a = architecture("Decoder", (vocab, d, layers, heads, 1, d // heads, d_ff), "Rotary")
    a["is_parallel"] = True
    return c, FalconForCausalLM, a


def bert(vocab, d, layers, heads, d_ff, positions, types, pooler=True):
    c = BertConfig(vocab_size=vocab, hidden_size=d, num_hidden_layers=layers,
                   num_attention_heads=heads, intermediate_size=d_ff,
                   max_position_embeddings=positions, type_vocab_size=types, pad_token_id=0)
    family = dict(Encoder=dict(token_types=types, has_pooler=pooler))
    sizes = (vocab, d, layers, heads, heads, d // heads, d_ff)
    return c, lambda c: BertModel(c, pooler), architecture(family, sizes, dict(Learned=positions))


def t5(vocab, d, layers, decoder_layers, heads, d_head, d_ff, buckets, v11=False):
    c = T5Config(vocab_size=vocab, d_model=d, num_layers=layers, num_decoder_layers=decoder_layers,
                 num_heads=heads, d_kv=d_head, d_ff=d_ff, relative_attention_num_buckets=buckets,
                 feed_forward_proj="gated-gelu" if v11 else "relu", tie_word_embeddings=not v11,
                 decoder_start_token_id=0)
    family = dict(EncoderDecoder=dict(decoder_layers=decoder_layers))
    sizes = (vocab, d, layers, heads, heads, d_head, d_ff)
    a = architecture(family, sizes, dict(Relative=dict(buckets=buckets)), not v11, False, v11)
    return c, T5ForConditionalGeneration, a


def bart(vocab, d, layers, decoder_layers, heads, d_ff, positions):
    c = BartConfig(vocab_size=vocab, d_model=d, encoder_layers=layers,
                   decoder_layers=decoder_layers, encoder_attention_heads=heads,
                   decoder_attention_heads=heads, encoder_ffn_dim=d_ff, decoder_ffn_dim=d_ff,
                   max_position_embeddings=positions, pad_token_id=1, eos_token_id=2,
                   bos_token_id=0, decoder_start_token_id=2, forced_eos_token_id=2)
    family = dict(EncoderDecoder=dict(decoder_layers=decoder_layers))
    sizes = (vocab, d, layers, heads, heads, d // heads, d_ff)
    # Its tables have two rows more than it has positions.
    return c, BartForConditionalGeneration, architecture(family, sizes, dict(Learned=positions + 2))


COUNTED = {
    "GPT-2 small": gpt2(50257, 768, 12, 12, 1024),
    "GPT-2 medium": gpt2(50257, 1024, 24, 16, 1024),
    "GPT-2 large": gpt2(50257, 1280, 36, 20, 1024),
    "GPT-2 XL": gpt2(50257, 1600, 48, 25, 1024),
    "GPT-3 175B": gpt2(50257, 12288, 96, 96, 2048),
    "Llama 2 7B": llama(32000, 4096, 32, 32, 32, 128, 11008, False),
    "Llama 3.1 8B": llama(128256, 4096, 32, 32, 8, 128, 14336, False),
    "Llama 3.1 70B": llama(128256, 8192, 80, 64, 8, 128, 28672, False),
    "BERT base": bert(30522, 768, 12, 12, 3072, 512, 2),
    "BERT large": bert(30522, 1024, 24, 16, 4096, 512, 2),
    "T5 small": t5(32128, 512, 6, 6, 8, 64, 2048, 32),
    "T5 base": t5(32128, 768, 12, 12, 12, 64, 3072, 32),
    "T5 large": t5(32128, 1024, 24, 24, 16, 64, 4096, 32),
    "T5 3B": t5(32128, 1024, 24, 24, 32, 128, 16384, 32),
    "T5 11B": t5(32128, 1024, 24, 24, 128, 128, 65536, 32),
    "BART base": bart(50265, 768, 6, 6, 12, 3072, 1024),
}
SMALL = {
    "a small GPT-2": gpt2(19, 12, 3, 4, 31),
    "a small Llama": llama(23, 18, 3, 6, 2, 4, 14, False),
    "a small tied Llama": llama(17, 8, 2, 4, 1, 6, 9, True),
    "a small Falcon": falcon(29, 20, 2, 5, 33),
    "a small BERT": bert(21, 15, 2, 3, 11, 37, 3),
    "a small BERT without pooler": bert(13, 8, 3, 2, 5, 29, 2, False),
    "a small T5": t5(27, 10, 2, 3, 3, 4, 13, 8),
    "a small T5 of version 1.1": t5(15, 9, 3, 1, 2, 6, 7, 6, True),
    "a small BART": bart(18, 14, 3, 2, 7, 11, 33),
}


def part(key):
    for piece, name in [
        ("relative_attention_bias", "positions"), ("embed_positions", "positions"),
        ("position_embeddings", "positions"), ("wpe", "positions"),
        ("pooler", "head"), ("lm_head", "head"),
        ("norm", "norms"), ("LayerNorm", "norms"), ("ln_", "norms"),
        ("attn", "attention"), ("Attention", "attention"), ("attention", "attention"),
        ("mlp", "feed_forward"), ("fc1", "feed_forward"), ("fc2", "feed_forward"),
        ("DenseReluDense", "feed_forward"), ("intermediate", "feed_forward"),
        ("output.dense", "feed_forward"),
        ("embed", "embeddings"), ("wte", "embeddings"), ("shared", "embeddings"),
    ]:
        if piece in key:
            return name
    raise KeyError(key)


def count(name, config, build, arch):
    with torch.device("meta"):
        model = build(config)
        if isinstance(model, T5ForConditionalGeneration) and not arch["is_tied"]:
            # transformers ties T5 always; checkpoints of version 1.1 have a table for logits.
            model.lm_head = torch.nn.Linear(config.d_model, config.vocab_size, bias=False)
    if arch["is_tied"] and hasattr(model, "tie_weights"):
        model.tie_weights()
    parts = dict.fromkeys(
        ["embeddings", "positions", "attention", "feed_forward", "norms", "head"], 0
    )
    for key, p in model.named_parameters():
        parts[part(key)] += p.numel()
    assert sum(parts.values()) == sum(p.numel() for p in model.parameters()), name
    return dict(name=name, architecture=arch, **parts)


def run(config, build, arch, texts, source, tokens, past):
    torch.manual_seed(0)
    config._attn_implementation = "eager"
    model = build(config).eval()
    ids = lambda n: torch.randint(3, arch["vocab_size"], (texts, n))
    kwargs = dict(input_ids=ids(tokens))
    if "EncoderDecoder" in arch["family"]:
        kwargs = dict(input_ids=ids(source), decoder_input_ids=ids(tokens))
    with torch.no_grad():
        if past:
            kwargs["past_key_values"] = model(input_ids=ids(past), use_cache=True).past_key_values
        with FlopCounterMode(display=False, depth=99) as counter:
            out = model(**kwargs)
    counts = counter.get_flop_counts()
    of = lambda ops: sum(n for op, n in ops.items())
    # What turns positions into angles is no product of the model.
    angles = sum(of(v) for k, v in counts.items() if k.endswith("rotary_emb"))
    logits = sum(of(v) for k, v in counts.items() if k.endswith("lm_head"))
    attention = sum(n for op, n in counts["Global"].items() if "bmm" in str(op)) - angles
    everything = counter.get_total_flops() - angles
    step = dict(texts=texts, source=source, tokens=tokens, past=past, pairs="All")
    flops = dict(weights=everything - attention - logits, attention=attention, logits=logits)
    return step, flops, getattr(out, "past_key_values", None)


def kept(cache):
    """Numbers in a cache, each tensor once."""
    if cache is None:
        return 0
    halves = [getattr(cache, "self_attention_cache", cache)]
    if hasattr(cache, "cross_attention_cache"):
        halves.append(cache.cross_attention_cache)
    return sum(x.numel() for half in halves for layer in half.layers
               for x in (layer.keys, layer.values))


def main():
    rows = [count(name, *model) for name, model in [*COUNTED.items(), *SMALL.items()]]
    flops, caches = [], []
    for name, model in SMALL.items():
        is_decoder = model[2]["family"] == "Decoder"
        for texts, source, tokens, past in [(1, 5, 1, 0), (2, 7, 11, 0), (3, 4, 2, 9), (1, 3, 1, 6)]:
            if past and not is_decoder:
                continue
            source = source if "EncoderDecoder" in model[2]["family"] else 0
            step, counted, cache = run(*model, texts, source, tokens, past)
            flops.append(dict(name=name, architecture=model[2], step=step, flops=counted))
            if "BERT" not in name:
                caches.append(dict(name=name, architecture=model[2], texts=texts, source=source,
                                   tokens=tokens + past, numbers=kept(cache)))
    for name, rows in [("counts", rows), ("flops", flops), ("caches", caches)]:
        lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
        (HERE / f"{name}.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
