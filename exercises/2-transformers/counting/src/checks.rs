//! Judges answers: the reference, the learner's, a mutant.

mod differential;
mod models;
mod training;

use differential::*;
use models::*;
use training::*;

grading::checks! {
    "Decoders have the parameters of transformers" => decoders_are_those_of_transformers {
        function: params, points: 3, section: "count-the-parts", hints: [
            "The failure names the part. Queries and output know all heads, keys and values theirs.",
            "Heads together may be wider or narrower than d_model: n_heads · d_head.",
            "An untied model has a second table, the head.",
        ]
    }
    "Encoders have the parameters of transformers" => encoders_are_those_of_transformers {
        function: params, points: 2, section: "count-the-parts", hints: [
            "Token types are rows beside the tokens. The pooler is a product with a bias.",
            "Two norms a layer, and the one behind the embeddings.",
        ]
    }
    "Encoder-decoders have them, too" => encoder_decoders_are_those_of_transformers {
        function: params, points: 2, section: "count-the-parts", hints: [
            "A layer of the decoder attends twice, and has three norms.",
            "Encoder and decoder have each their own positions, and one norm more.",
        ]
    }
    "PaLM is that of its paper" => palm_is_that_of_its_paper {
        function: params, points: 1, section: "count-the-parts", hints: [
            "The parts of a parallel layer share one norm.",
        ]
    }
    "Parameters end at 64 bits" => params_end_at_64_bits {
        function: params, points: 1, section: "count-the-parts", hints: [
            "`Count` stays at its largest value; `exact()?` says so. So does `params.total()?`.",
            "Heads first: `architecture.sizes()?` refuses those that make no groups.",
        ]
    }
    "Drawn models have the reference's parameters" => params_agree {
        function: params, points: 1, section: "count-the-parts", hints: [
            "The failure shows the smallest model. Which of its sizes is 0, or huge?",
        ]
    }
    "FLOPs are those that PyTorch counts" => flops_are_those_of_pytorch {
        function: flops, points: 3, section: "two-for-every-weight", hints: [
            "Twice the weights for each token; biases count nothing.",
            "A pair takes 2 · d_head for its score and as many for the value, in each query head.",
            "Sharing keys saves products with weights, and no scores.",
        ]
    }
    "So are those of encoders" => flops_of_encoders_are_those_of_pytorch {
        function: flops, points: 2, section: "two-for-every-weight", hints: [
            "An encoder has no logits; its pooler reads one vector a text.",
            "Cross-attention: queries and output for the tokens, keys and values for the source.",
        ]
    }
    "A past is looked at, not read again" => a_past_is_looked_at {
        function: flops, points: 1, section: "pairs-of-tokens", hints: [
            "Products only for new tokens; pairs of each new token with all of the past.",
        ]
    }
    "Only the past is seen" => only_the_past_is_seen {
        function: flops, points: 1, section: "pairs-of-tokens", hints: [
            "Of t tokens the first sees 1, the second 2: t (t + 1) / 2 together, and the past besides.",
        ]
    }
    "FLOPs end at 64 bits" => flops_end_at_64_bits {
        function: flops, points: 1, section: "two-for-every-weight", hints: [
            "First heads, then a past that does not belong, then sizes.",
            "Half of t (t + 1) is a u64 more often than t (t + 1).",
        ]
    }
    "Drawn steps take the reference's FLOPs" => flops_agree {
        function: flops, points: 1, section: "two-for-every-weight", hints: [
            "The failure shows the smallest model and step.",
        ]
    }
    "Caches are those of transformers" => caches_are_those_of_transformers {
        function: kv_bytes, points: 2, section: "what-writing-keeps", hints: [
            "A key and a value: 2. Heads of keys and values, not of queries.",
            "A decoder that looks at a source keeps its keys and values, too.",
        ]
    }
    "An encoder keeps nothing" => an_encoder_keeps_nothing {
        function: kv_bytes, points: 1, section: "what-writing-keeps", hints: [
            "It reads all at once, and never goes on. And a decoder alone has no source.",
        ]
    }
    "Caches end at 64 bits" => kv_bytes_end_at_64_bits {
        function: kv_bytes, points: 1, section: "what-writing-keeps", hints: [
            "Multiply as `Count`, and ask for `exact()` at the end.",
        ]
    }
    "Drawn caches are the reference's" => kv_bytes_agree {
        function: kv_bytes, points: 1, section: "what-writing-keeps", hints: [
            "The failure shows the smallest case.",
        ]
    }
    "ZeRO saves what its paper says" => zero_is_that_of_its_paper {
        function: training_bytes, points: 2, section: "what-training-keeps", hints: [
            "2 bytes of weights, 2 of gradients, 12 of the optimizer: 16 for each parameter.",
            "Each stage shares out what those before it do, and one thing more.",
        ]
    }
    "Every byte has its place" => every_byte_has_its_place {
        function: training_bytes, points: 1, section: "what-training-keeps", hints: [
            "Numbers of the optimizer have 4 bytes; its own weights are one number more.",
        ]
    }
    "The fullest device counts" => the_fullest_device_counts {
        function: training_bytes, points: 1, section: "what-training-keeps", hints: [
            "10 parameters on 3 devices: one keeps 4. `div_ceil` rounds up.",
            "Round the parameters, then multiply by bytes.",
        ]
    }
    "Training ends at 64 bits" => training_ends_at_64_bits {
        function: training_bytes, points: 1, section: "what-training-keeps", hints: [
            "No devices first. Then each part, then all together.",
        ]
    }
    "Drawn recipes take the reference's bytes" => training_bytes_agree {
        function: training_bytes, points: 1, section: "what-training-keeps", hints: [
            "The failure shows the smallest recipe.",
        ]
    }
    "PaLM kept its chips as busy as its paper says" => utilization_is_that_of_palm {
        function: mfu, points: 2, section: "how-busy-are-the-chips", hints: [
            "Operations of a token, times tokens a second, over chips times peak.",
        ]
    }
    "Utilization needs numbers" => utilization_needs_numbers {
        function: mfu, points: 1, section: "how-busy-are-the-chips", hints: [
            "NaN is not above 0: `!(x > 0.0 && x.is_finite())`. The name is that of the field.",
        ]
    }
    "Drawn runs are as busy as the reference says" => utilization_agrees {
        function: mfu, points: 1, section: "how-busy-are-the-chips", hints: [
            "Turn each number into an f64 before you multiply.",
        ]
    }
}
