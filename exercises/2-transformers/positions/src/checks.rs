//! Judges answers: the reference, the learner's, a mutant.

mod differential;
mod kernel;
mod rotation;
mod slopes;
mod waves;

use differential::*;
use kernel::*;
use rotation::*;
use slopes::*;
use waves::*;

grading::checks! {
    "Frequencies fall by equal factors" => frequencies_fall_by_equal_factors {
        function: frequencies, points: 2, section: "an-address-of-clock-hands", hints: [
            "The first hand turns by 1 radian a position, whatever the base. And the next?",
            "With 8 numbers and base 10,000 each hand is ten times as slow as the one before.",
            "`theta.powf(-2.0 * i as f64 / dim as f64)` for `i` in `0..dim / 2`.",
        ]
    }
    "Frequencies are those of Llama" => frequencies_match_llama {
        function: frequencies, points: 1, section: "an-address-of-clock-hands", hints: [
            "The exponent of pair i is −2i / dim: the two counts the numbers of a pair.",
            "All in f64: f32 has seven digits, and positions multiply the error.",
        ]
    }
    "Odd sizes and bad bases are errors" => bad_sizes_and_bases_are_errors {
        function: frequencies, points: 1, section: "an-address-of-clock-hands", hints: [
            "What cannot be cut into pairs? And which bases make no falling frequencies?",
            "0 numbers are no pairs either; and no comparison with NaN holds.",
            "First `Odd`, then `if !(theta >= 1.0 && theta.is_finite())` gives `Base`.",
        ]
    }
    "Drawn frequencies are those of the reference" => frequencies_agree {
        function: frequencies, points: 1, section: "an-address-of-clock-hands", hints: [
            "The failure shows the smallest input. Is its base very large, or 1, or none?",
            "A power of theta does for all of them; only bad arguments need a case of their own.",
        ]
    }
    "The waves are those of the paper" => waves_match_the_paper {
        function: sinusoidal, points: 3, section: "an-address-of-clock-hands", hints: [
            "Row 0 is 0, 1, 0, 1, …: all hands point up.",
            "Sine and cosine of the same angle stand side by side, in columns 2i and 2i + 1.",
            "For each position, for each frequency w: push `(p as f64 * w).sin()`, then `.cos()`.",
        ]
    }
    "Waves know distances" => waves_know_distances {
        function: sinusoidal, points: 1, section: "an-address-of-clock-hands", hints: [
            "The dot product of two rows is Σ cos((p − q) ω_i).",
            "That holds if each sine has the cosine of its own angle beside it.",
        ]
    }
    "Far waves keep their digits" => waves_keep_their_digits {
        function: sinusoidal, points: 2, section: "an-address-of-clock-hands", hints: [
            "Near 40,000 an f32 is a multiple of 1/256. What is left of the angle?",
            "Compute angle, sine and cosine in f64, and round what goes into the tensor.",
        ]
    }
    "Waves of odd sizes are errors" => waves_refuse_odd_sizes {
        function: sinusoidal, points: 1, section: "an-address-of-clock-hands", hints: [
            "`frequencies` knows already which sizes are wrong.",
            "`frequencies(d_model, BASE)?` comes first, also for no positions.",
        ]
    }
    "Drawn waves are those of the reference" => sinusoidal_agrees {
        function: sinusoidal, points: 1, section: "an-address-of-clock-hands", hints: [
            "The failure shows the smallest input: how many positions, how many numbers?",
            "No position at all is a tensor of shape (0, d_model); very many are no special case.",
        ]
    }
    "Rope pairs the halves of a vector" => rope_pairs_halves {
        function: rope, points: 2, section: "which-numbers-are-a-pair", hints: [
            "Two layouts are in use. Which numbers does the picture on the page join?",
            "Number i belongs to number i + head_dim / 2, not to its neighbor.",
            "`x.narrow(3, 0, half)?` and `x.narrow(3, half, half)?` are the two halves.",
        ]
    }
    "Rope turns as Llama does" => rope_matches_llama {
        function: rope, points: 3, section: "turn-it", hints: [
            "Turn a pair on paper: (1, 0) by a quarter is (0, 1), and (0, 1) is (−1, 0).",
            "Angles of shape (seq, half) go with x by broadcasting, over batch and heads.",
            "`a.broadcast_mul(&cos)? - b.broadcast_mul(&sin)?` is the first half; then `cat`.",
        ]
    }
    "Position 0 and all lengths stay" => rope_starts_at_zero_and_keeps_lengths {
        function: rope, points: 1, section: "turn-it", hints: [
            "A turn changes no length. Do sine and cosine belong to the same angle?",
            "At position 0 the sine is 0 and the cosine 1.",
        ]
    }
    "The score knows only the distance" => scores_know_only_the_distance {
        function: rope, points: 2, section: "only-the-difference-counts", hints: [
            "Move query and key by the same number of positions: their score must stay.",
            "Every pair has one frequency, the same for queries and keys.",
        ]
    }
    "Rope counts from the offset" => rope_counts_from_the_offset {
        function: rope, points: 2, section: "turn-it", hints: [
            "When a model writes, x holds only the newest token. Where does it stand?",
            "Place t of seq is position offset + t, in every text of the batch and every head.",
            "`(offset..offset + seq)` are the positions.",
        ]
    }
    "Far positions keep their digits" => rope_keeps_its_digits {
        function: rope, points: 2, section: "turn-it", hints: [
            "Position 100,000 times a frequency, in f32: how many digits of the turn are left?",
            "Angles, sines and cosines in f64; then convert to the type of x.",
            "`Tensor::from_vec` of f64 angles, `.cos()?.to_dtype(x.dtype())?`.",
        ]
    }
    "Rope takes views of both types" => rope_takes_views_of_both_types {
        function: rope, points: 1, section: "turn-it", hints: [
            "Keep x a tensor, and use its own type: not every x is f32 or lies in order.",
            "`narrow`, `broadcast_mul` and `cat` take transposed views as they are.",
        ]
    }
    "Gradients flow back through rope" => rope_passes_gradients {
        function: rope, points: 1, section: "turn-it", hints: [
            "Through plain numbers no gradient flows, and none through candle's fused rope.",
            "Only the angles are made of plain numbers; x goes through tensor operations.",
        ]
    }
    "Rope refuses what it cannot turn" => rope_refuses_what_it_cannot_turn {
        function: rope, points: 1, section: "turn-it", hints: [
            "Four axes, or `PositionError::Shape` with what came instead.",
            "`let &[_, _, seq, head_dim] = x.dims() else { return Err(…) };`, then `frequencies`.",
        ]
    }
    "Drawn vectors turn like the reference's" => rope_agrees {
        function: rope, points: 2, section: "turn-it", hints: [
            "The failure shows the smallest input: its shape, type, offset and base.",
            "A NaN spoils its own pair and no other; no place in seq gives no numbers.",
            "Nothing is kept from call to call, and nothing depends on how large x is.",
        ]
    }
    "Slopes halve again and again" => slopes_of_powers_of_two {
        function: alibi_slopes, points: 2, section: "a-penalty-for-distance", hints: [
            "Eight heads have 1/2, 1/4, …, 1/256. How many steps do 16 heads take to 1/256?",
            "Head h of n, counted from 1, has 2 to the power −8h / n.",
            "`(-8.0 * h as f64 / n as f64).exp2()`",
        ]
    }
    "Slopes are those of BLOOM and MPT" => slopes_match_bloom_and_mpt {
        function: alibi_slopes, points: 2, section: "a-penalty-for-distance", hints: [
            "Six heads: first the slopes of four, then two more from those of eight.",
            "Of the slopes for 2c every second one is new: the 1st, the 3rd, the 5th.",
            "`let c = 1 << n_heads.ilog2();`, and `(1..).step_by(2)` of 2c behind all of c.",
        ]
    }
    "No heads are an error" => no_heads_are_an_error {
        function: alibi_slopes, points: 1, section: "a-penalty-for-distance", hints: [
            "0 has no logarithm: `ilog2` would panic.",
            "Begin with `if n_heads == 0 { return Err(PositionError::NoHeads); }`.",
        ]
    }
    "Drawn slopes are those of the reference" => slopes_agree {
        function: alibi_slopes, points: 1, section: "a-penalty-for-distance", hints: [
            "The failure shows the smallest number of heads. Is it a power of two, or beside one?",
            "Compute each slope by itself: a product of many ratios collects their errors.",
        ]
    }
    "The bias falls with distance" => bias_falls_with_distance {
        function: alibi_bias, points: 2, section: "a-penalty-for-distance", hints: [
            "0 for the token itself, −m for its neighbors, −2m one further.",
            "Row-major: heads, in them queries, in them keys.",
            "`-m * p.abs_diff(j) as f64`, as f32.",
        ]
    }
    "The bias counts from the offset" => bias_counts_from_the_offset {
        function: alibi_bias, points: 2, section: "a-penalty-for-distance", hints: [
            "The keys start at position 0, the queries at offset.",
            "There are offset + seq keys; the query at place t stands at offset + t.",
        ]
    }
    "The bias is that of BLOOM and MPT" => bias_matches_bloom_and_mpt {
        function: alibi_bias, points: 1, section: "a-penalty-for-distance", hints: [
            "Each head has its own slope, also where their number is no power of two.",
            "`for m in alibi_slopes(n_heads)?`",
        ]
    }
    "A bias without heads is an error" => a_bias_without_heads_is_an_error {
        function: alibi_bias, points: 1, section: "a-penalty-for-distance", hints: [
            "`alibi_slopes` knows it already: pass its error on with `?`.",
        ]
    }
    "Drawn biases are those of the reference" => bias_agrees {
        function: alibi_bias, points: 1, section: "a-penalty-for-distance", hints: [
            "The failure shows the smallest sizes. Is there no query, or a long past?",
            "Distances are whole numbers: subtract positions before anything becomes a float.",
        ]
    }
    "The kernel is right thread by thread" => kernel_is_right_thread_by_thread {
        kernel: rope_wgsl, points: 2, section: "the-kernel", hints: [
            "The failure names a thread and what it reads or writes. Is that its own pair?",
            "Most of the 256 threads have no pair here: ask before you read anything.",
            "`if thread >= dims.rows * dims.seq * half { return; }` comes first.",
        ]
    }
    "The kernel turns pairs" => kernel_turns_pairs {
        kernel: rope_wgsl, points: 3, section: "the-kernel", hints: [
            "Which vector, and which pair of it? Both come from `thread` and `half`.",
            "`thread / half` is the vector, `thread % half` the pair, i; its partner is i + half.",
            "Read both numbers and both of the tables, then write both.",
        ]
    }
    "The kernel counts positions" => kernel_counts_positions {
        kernel: rope_wgsl, points: 2, section: "the-kernel", hints: [
            "Vectors are numbered through all rows, positions begin anew in each.",
            "The place in seq is `vector % dims.seq`; the offset comes on top.",
            "In the tables, position p and pair i stand at p · half + i.",
        ]
    }
    "The kernel stays inside" => kernel_stays_inside {
        kernel: rope_wgsl, points: 1, section: "the-kernel", hints: [
            "There may be more threads than pairs, and buffers longer than what is in them.",
            "There are rows · seq · half pairs: compare `thread` with that.",
        ]
    }
    "The kernel turns drawn vectors" => kernel_agrees {
        kernel: rope_wgsl, points: 2, section: "the-kernel", hints: [
            "The failure shows the smallest sizes. Are there several rows, places, lines?",
            "Whole numbers for places, no limit to any of them, and the tables as they are.",
        ]
    }
}
