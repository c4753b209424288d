//! Judges answers: the reference, the learner's, a mutant.

mod files;
mod runs;
mod steps;

use files::*;
use runs::*;
use steps::*;

grading::checks! {
    "Each epoch is read in its own order" => rows_follow_the_epochs {
        function: rows_at, points: 3, section: "where-a-run-is", hints: [
            "How many whole steps does an epoch have? Dividing the step by that gives the epoch, and \
             the remainder is the step within it.",
            "The epoch goes into `epoch_order`: with 0 for all of them, each epoch has the same order.",
            "`Plan { batch, ranks: 1, rank: 0, drop_last: true }` is for one machine.",
        ]
    }
    "Too few rows are refused" => too_few_rows_are_refused {
        function: rows_at, points: 1, section: "where-a-run-is", hints: [
            "Before you divide by the steps of an epoch: could there be none?",
            "Look at a batch of 0 first, then at one larger than the rows.",
        ]
    }
    "Drawn steps read the same rows" => drawn_steps_read_the_same_rows {
        function: rows_at, points: 1, section: "where-a-run-is", hints: [
            "The failure shows the smallest numbers. Is there one step an epoch, or a very late one?",
        ]
    }
    "Ten plain steps are those of PyTorch" => plain_steps_are_those_of_pytorch {
        function: train_step, points: 4, section: "one-step", hints: [
            "In order: rows, gradient, clipping, learning rate, AdamW, count.",
            "`engine.gradient` multiplies by the `scale` that you give it: with one over the number \
             of tokens, the sum of losses becomes their mean.",
            "These steps go as far as the gradient says. AdamW would hide a wrong scale; they do not.",
        ]
    }
    "Ten steps of AdamW are those of PyTorch" => adamw_steps_are_those_of_pytorch {
        function: train_step, points: 3, section: "one-step", hints: [
            "`lr_at` gets the step before it is counted up.",
            "`decay_groups` takes a `Parameter` for each of `model.tensors()`, in their order.",
            "`adamw_step` counts in `moments.step` itself.",
        ]
    }
    "Micro-batches add up to one batch" => micro_batches_add_up_to_one {
        function: train_step, points: 4, section: "more-rows-than-memory", hints: [
            "`rows.portions(micro_batch)` cuts them; `engine.gradient` adds to the gradient it gets.",
            "The mean is over the tokens of the whole batch: count them before the first portion.",
            "A mean of means gives a portion with few labels too much weight.",
            "Clip once, when all portions are in.",
        ]
    }
    "Nothing but the state decides" => nothing_else_decides {
        function: train_step, points: 2, section: "where-a-run-is", hints: [
            "Each step begins with a gradient of zeros.",
            "Nothing may be kept between two calls but what is in `state`.",
        ]
    }
    "A failed step changes nothing" => failed_step_changes_nothing {
        function: train_step, points: 3, section: "one-step", hints: [
            "Change `state` last: until AdamW, everything goes into lists of your own.",
            "The order of the errors is in the docs: `micro_batch` comes first, NaN in the loss before \
             clipping.",
            "A mean over no tokens is NaN, but its error is `NoLabels`.",
        ]
    }
    "Drawn steps are those of the reference" => drawn_steps_are_those_of_the_reference {
        function: train_step, points: 2, section: "one-step", hints: [
            "The failure shows the smallest model and settings. Is `max_norm` 0 or ∞, or a row without \
             labels?",
        ]
    }
    "The loss is that of PyTorch" => loss_is_that_of_pytorch {
        function: evaluate, points: 2, section: "is-it-learning", hints: [
            "`engine.loss` gives a sum and how many tokens it is of; two of them can be added.",
        ]
    }
    "Every token counts the same" => every_token_counts_the_same {
        function: evaluate, points: 2, section: "is-it-learning", hints: [
            "Add up losses and tokens of all portions, and divide once.",
            "The last portion may be smaller, but it is not left out.",
        ]
    }
    "What cannot be judged is refused" => what_cannot_be_judged_is_refused {
        function: evaluate, points: 1, section: "is-it-learning", hints: [
            "`rows.pick` looks at each row; give it all of them, in order.",
        ]
    }
    "Drawn losses are those of the reference" => drawn_losses_are_those_of_the_reference {
        function: evaluate, points: 1, section: "is-it-learning", hints: [
            "The failure shows the smallest rows. Are there none, or none that ask anything?",
        ]
    }
    "Training ends where it should" => training_ends_where_it_should {
        function: train, points: 2, section: "the-loop", hints: [
            "`while state.step < until`: a run that is there already takes no step.",
            "`on_step` hears of the last step, too, and its `false` ends the loop.",
        ]
    }
    "A stopped run goes on as if nothing had been" => stopped_run_goes_on_as_if_nothing_had_been {
        function: train, points: 4, section: "where-a-run-is", hints: [
            "Count with `state.step` alone: a counter of your own begins at 0 again.",
            "Neither the moments nor the learning rate begin anew.",
        ]
    }
    "A failed step ends the run" => failed_step_ends_the_run {
        function: train, points: 1, section: "the-loop", hints: [
            "`?` after `train_step` is enough: the state is that after the last good step.",
        ]
    }
    "Drawn runs are those of the reference" => drawn_runs_are_those_of_the_reference {
        function: train, points: 1, section: "the-loop", hints: [
            "The failure shows the smallest run. Where did it begin, and when was it stopped?",
        ]
    }
    "The file is one that any program reads" => file_is_one_that_any_program_reads {
        function: checkpoint, points: 3, section: "what-a-checkpoint-holds", hints: [
            "Three lists of numbers, each cut into the model's tensors: `tensor.range` says where.",
            "`number.to_le_bytes()` has its four bytes, and `TensorView::new` wants them all in a row.",
            "`Header::of(state).to_metadata()` is the second argument of `safetensors::serialize`.",
        ]
    }
    "Drawn runs are saved whole" => drawn_runs_are_saved_whole {
        function: checkpoint, points: 1, section: "what-a-checkpoint-holds", hints: [
            "The failure shows the smallest run. What is lost: a bit of NaN, or a list?",
        ]
    }
    "Python's file is restored" => pythons_file_is_restored {
        function: restore, points: 3, section: "what-a-checkpoint-holds", hints: [
            "`Header::read` says how large the model is, and `Model::zeros` makes it.",
            "`f32::from_le_bytes` for every four bytes of `view.data()`.",
            "Both counts come from the header: `state.step` and `state.moments.step`.",
        ]
    }
    "What is no checkpoint is refused" => what_is_no_checkpoint_is_refused {
        function: restore, points: 3, section: "what-a-checkpoint-holds", hints: [
            "Of each tensor look at three things before you copy: is it there, is it f32, has it the \
             shape of the model's.",
            "Which names of the file did you not use? The first by the alphabet is the error.",
        ]
    }
    "Drawn files are judged alike" => drawn_files_are_judged_alike {
        function: restore, points: 2, section: "what-a-checkpoint-holds", hints: [
            "The failure shows the smallest file. Which promise of the docs does it break first?",
        ]
    }
}
