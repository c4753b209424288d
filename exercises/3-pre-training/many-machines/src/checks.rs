//! Judges answers: the reference, the learner's, a mutant.

mod bytes;
mod data;
mod mlp;
mod pipeline;
mod ring;

use bytes::*;
use data::*;
use mlp::*;
use pipeline::*;
use ring::*;

grading::checks! {
    "Each rank ends with the sum of its chunk" => reduce_scatter_sums {
        function: reduce_scatter, points: 4, section: "a-sum-around-a-ring", hints: [
            "Begin with the chunk of your left neighbor: it has the longest way to go.",
            "What comes in a round is the chunk before the one that you send in it. Add it to yours.",
            "`(rank + ranks − round) % ranks` is sent in rounds 1, 2, … up to `ranks − 1`.",
        ]
    }
    "Each chunk goes around once" => reduce_scatter_counts {
        function: reduce_scatter, points: 3, section: "a-sum-around-a-ring", hints: [
            "A message is one chunk, not everything that you have.",
            "Send before you receive, or all wait for each other.",
            "Your own chunk is never sent, and as many messages come as go.",
        ]
    }
    "Drawn chunks are those of the reference" => reduce_scatter_agrees {
        function: reduce_scatter, points: 1, section: "a-sum-around-a-ring", hints: [
            "The failure shows the smallest ring: does it have an empty chunk, or one rank only?",
        ]
    }
    "Every rank gets every chunk" => all_gather_gathers {
        function: all_gather, points: 3, section: "a-sum-around-a-ring", hints: [
            "Send your own chunk first. Afterward, send what came last.",
            "Here nothing is added: what comes takes the place of what was there.",
        ]
    }
    "Nobody sends a chunk back to its owner" => all_gather_counts {
        function: all_gather, points: 2, section: "a-sum-around-a-ring", hints: [
            "After `ranks − 1` rounds everybody has everything.",
            "The chunk of your right neighbor is the one that you never send.",
        ]
    }
    "Drawn chunks are gathered as by the reference" => all_gather_agrees {
        function: all_gather, points: 1, section: "a-sum-around-a-ring", hints: [
            "The failure shows the smallest ring: are bits copied, also those of −0 and NaN?",
        ]
    }
    "Every rank has the same sum" => all_reduce_sums {
        function: ring_all_reduce, points: 2, section: "a-sum-around-a-ring", hints: [
            "You have written both halves.",
            "The sum, not the mean: who divides is somebody else.",
        ]
    }
    "Nobody sends everything to everybody" => all_reduce_counts {
        function: ring_all_reduce, points: 3, section: "a-sum-around-a-ring", hints: [
            "A chunk travels twice around the ring, and nothing else does.",
        ]
    }
    "Threads come to the same sum" => all_reduce_on_threads {
        function: ring_all_reduce, points: 1, section: "a-sum-around-a-ring", hints: [
            "Nothing but the link may be shared between ranks.",
        ]
    }
    "Drawn sums are those of the reference" => all_reduce_agrees {
        function: ring_all_reduce, points: 1, section: "a-sum-around-a-ring", hints: [
            "The failure shows the smallest ring: is there a NaN or an ∞ that got lost?",
        ]
    }
    "Ragged ranks are one machine" => ragged_ranks_are_one_machine {
        function: data_parallel, points: 4, section: "different-texts", hints: [
            "Divide once, by all tokens, and not on each rank by its own.",
            "The tokens of all ranks are a sum, too: let them travel with the gradients.",
        ]
    }
    "Tokens are counted to the last" => tokens_are_counted {
        function: data_parallel, points: 2, section: "different-texts", hints: [
            "A rank without tokens still has to send and to receive.",
            "Nobody has a token: all know it after the sum, and only then.",
            "An f32 cannot hold 16,777,217.",
        ]
    }
    "Drawn batches are those of the reference" => data_parallel_agrees {
        function: data_parallel, points: 1, section: "different-texts", hints: [
            "The failure shows the smallest batch: which rank has no tokens?",
        ]
    }
    "Shards are the whole network" => shards_are_the_whole_network {
        function: parallel_mlp, points: 4, section: "a-part-of-every-matrix", hints: [
            "Your columns of A give some hidden units, whole. What does GELU need to know of others?",
            "What your units add to the result is a part of it. Who has the rest?",
        ]
    }
    "One sum is enough" => one_sum_is_enough {
        function: parallel_mlp, points: 2, section: "a-part-of-every-matrix", hints: [
            "Between the two products nothing has to be sent.",
            "Compute both products before the first message; `?` hands on what does not fit.",
        ]
    }
    "Drawn networks are those of the reference" => mlp_agrees {
        function: parallel_mlp, points: 1, section: "a-part-of-every-matrix", hints: [
            "The failure shows the smallest network: has some rank no column at all?",
        ]
    }
    "Schedules follow from their rules" => schedules_follow_from_rules {
        function: pipeline_schedule, points: 4, section: "some-of-the-layers", hints: [
            "GPipe: two loops over the micro-batches.",
            "1F1B: the last stage begins with forward 0, backward 0. How much earlier is the one \
             before it?",
            "What is left to go back are the last `w` micro-batches.",
        ]
    }
    "1F1B holds a few, GPipe all" => schedules_hold_what_they_should {
        function: pipeline_schedule, points: 2, section: "some-of-the-layers", hints: [
            "Stage `s` of `p` has at most `p − s` micro-batches that have not come back.",
            "With fewer micro-batches than stages the warm-up takes all of them.",
        ]
    }
    "Drawn schedules are those of the reference" => schedules_agree {
        function: pipeline_schedule, points: 1, section: "some-of-the-layers", hints: [
            "The failure shows the smallest pipeline: what if there are no micro-batches?",
        ]
    }
    "Timelines are those of a clock" => timelines_are_those_of_a_clock {
        function: timeline, points: 4, section: "some-of-the-layers", hints: [
            "A job begins at the latest of: when its stage is free, when what it needs is done.",
            "Go over the stages again and again, until nobody can do another job.",
            "The last stage's backward needs only its own forward.",
        ]
    }
    "Bubbles have their closed form" => bubbles_have_their_closed_form {
        function: timeline, points: 2, section: "some-of-the-layers", hints: [
            "A pipeline of p stages ends at (m + p − 1) · (forward + backward), in either order.",
        ]
    }
    "Who can never finish is named" => who_never_finishes_is_named {
        function: timeline, points: 2, section: "some-of-the-layers", hints: [
            "If a whole round over all stages adds nothing, nothing will ever come.",
            "Name every stage with a job left, also those that only wait for such a stage.",
        ]
    }
    "Drawn timelines are those of the reference" => timelines_agree {
        function: timeline, points: 1, section: "some-of-the-layers", hints: [
            "The failure shows the smallest schedule: does something take no time?",
        ]
    }
    "ZeRO's numbers are those of its paper" => zero_is_that_of_its_paper {
        function: machine_bytes, points: 3, section: "what-a-machine-keeps", hints: [
            "2 for the weight, 2 for the gradient, 12 for the optimizer: which are divided?",
            "`sharded >= Sharded::Gradients` holds for `Gradients` and for `Weights`.",
        ]
    }
    "The fullest machine counts" => fullest_machine_counts {
        function: machine_bytes, points: 2, section: "what-a-machine-keeps", hints: [
            "Where a division leaves a rest, somebody has one parameter more: `div_ceil`.",
            "Divide among tensor and pipeline first, and that part among data.",
            "16 bytes for each of 2⁶⁴ − 1 parameters do not fit into a u64.",
        ]
    }
    "Drawn layouts are those of the reference" => bytes_agree {
        function: machine_bytes, points: 1, section: "what-a-machine-keeps", hints: [
            "The failure shows the smallest layout: is one of its numbers 0, or their product large?",
        ]
    }
}
