//! Judges answers: the reference, the learner's, a mutant.

mod differential;
mod losses;
mod network;
mod training;

use differential::*;
use grading::{Outcome, expect, expect_eq, expect_same};
use losses::*;
use network::*;
use training::*;

use crate::Answers;

grading::checks! {
    "Targets are shifted by one" => targets_are_shifted_by_one {
        function: shift, points: 2, section: "shifted-by-one", hints: [
            "Write a text of four words twice, one row below the other. What does a model see when \
             it has to guess the third?",
            "The target of example i is token i. Its context ends with token i − 1: it never holds \
             the target itself.",
            "With `context` times `pad` in front of the text, the context of token i is \
             `padded[i..i + context]`.",
        ]
    }
    "Before the text stands padding" => before_the_text_stands_padding {
        function: shift, points: 1, section: "shifted-by-one", hints: [
            "How many examples does a text of five tokens give? Also the first token is guessed.",
            "Every context has the same length. Where the text has not begun, it holds `pad`, and \
             the text's own tokens stand at its end.",
            "`[vec![pad; context], tokens.to_vec()].concat()`, and one window for each token, not \
             for each window that fits.",
        ]
    }
    "Drawn texts have the examples of the reference" => shift_like_reference {
        function: shift, points: 1, section: "shifted-by-one", hints: [
            "The failure shows the smallest input. How long is the text, and how long a context?",
            "A context may be longer than the text, and may have no token at all; a text may be \
             empty, and then there are no examples.",
            "Ids need all 32 bits, and `pad` may be one of the text's own: nothing is looked for, \
             everything goes by place.",
        ]
    }
    "Loss and gradient are those of PyTorch" => loss_matches_pytorch {
        function: softmax_loss, points: 2, section: "a-table-that-learns", hints: [
            "The loss is a mean over rows, not a sum. What does that make of the gradient?",
            "Each row of the gradient is p, with 1 taken off at the target, all of it divided by \
             the number of rows.",
            "`exp(x - max)` for each logit, divide by their sum times `batch`, then \
             `row[target] -= 1.0 / batch as f32`.",
        ]
    }
    "The loss survives large logits" => loss_survives_large_logits {
        function: softmax_loss, points: 2, section: "a-table-that-learns", hints: [
            "e^89 is more than an f32 holds, and the logarithm of a probability that was rounded \
             to 0 is infinite.",
            "Take the largest logit off every logit of its row first. The loss needs no \
             probability: it is ln Σ e^(x − max) − (x_target − max).",
            "Keep `x_target − max` before you overwrite the row, and take `ln` of the sum alone.",
        ]
    }
    "Drawn logits have the loss of the reference" => loss_like_reference {
        function: softmax_loss, points: 1, section: "a-table-that-learns", hints: [
            "The failure shows the smallest input. Are there rows, is a target missing, is a logit \
             infinite?",
            "The errors come in the order of the docs: count the targets, then look whether there \
             are any, then whether each is a column.",
            "Add a long sum of losses up in f64. −∞ needs no case of its own, and NaN stays NaN if \
             you let it.",
        ]
    }
    "The table learns the counts" => table_learns_the_counts {
        function: bigram_gradient, points: 3, section: "a-table-that-learns", hints: [
            "The logits of a pair are the row of its first token: `table.select(tokens)`.",
            "`softmax_loss` says how each logit should move. Give that to the row from which the \
             logit came.",
            "For each pair i, add row i of the gradient of the logits to the row `tokens[i]` of a \
             matrix of zeros; it is a mean already.",
        ]
    }
    "Gradients of a table match finite differences" => table_matches_differences {
        function: bigram_gradient, points: 2, section: "a-table-that-learns", hints: [
            "A token that occurs twice was used twice. What does backpropagation do then?",
            "Add, do not assign: `+=`. Rows of tokens that do not occur stay 0.",
            "`for (&token, row) in tokens.iter().zip(d_logits.rows())`, and each number of `row` \
             is added to that of `gradient.row_mut(token as usize)`.",
        ]
    }
    "Drawn tables have the gradient of the reference" => bigram_like_reference {
        function: bigram_gradient, points: 1, section: "a-table-that-learns", hints: [
            "The failure shows the smallest input. Which error does it expect, or which row?",
            "An unknown token comes before anything else that may be wrong, then what \
             `softmax_loss` complains of.",
            "`softmax_loss(&table.select(tokens)?, targets)?` has all the errors in their order.",
        ]
    }
    "The logits are those of PyTorch" => logits_match_pytorch {
        function: forward, points: 3, section: "bengios-network", hints: [
            "Follow the figure from top to bottom, and write down the shape after each step.",
            "`model.c.select(contexts)` has a row for each token; `reshape` with the rows of \
             `model.h` puts the vectors of a context side by side.",
            "`x.matmul(&model.h)?`, `add_to_rows(&model.b1)`, `tanh` of each number of \
             `data_mut()`; then the same with `u` and `b2`, and no tanh.",
        ]
    }
    "Drawn networks have the activations of the reference" => forward_like_reference {
        function: forward, points: 1, section: "bengios-network", hints: [
            "The failure shows the smallest input. Is a token in it unknown, is a context not full, \
             is there none?",
            "The id behind the last token, `model.pad()`, has a row in `c`; the one behind that \
             has none.",
            "`model.c.select(contexts)?.reshape(model.h.shape().0)?` gives both errors in their \
             order. Return `hidden` behind tanh.",
        ]
    }
    "Gradients are those of PyTorch" => gradients_match_pytorch {
        function: backward, points: 4, section: "all-the-way-back", hints: [
            "Go through `forward` from its end. Each product has two factors, and both get a \
             gradient: `d_out · bᵀ` and `aᵀ · d_out`.",
            "`u` gets hiddenᵀ · d_logits, and hidden gets d_logits · uᵀ. Multiply that by \
             1 − tanh², where tanh is what `hidden` holds; then the same with x and `h`.",
            "Biases get sums of rows. Reshape the gradient of x to rows of `dim` numbers, and add \
             row i to the row `batch.contexts[i]` of c's gradient.",
        ]
    }
    "Gradients match finite differences" => gradients_match_differences {
        function: backward, points: 2, section: "all-the-way-back", hints: [
            "Which field differs? Those before it in the order u, b2, h, b1, c are right.",
            "A token that stands twice in a context collects from both places, and padding has a \
             vector that learns, too.",
            "The gradient of the logits is a mean over the batch already: divide nothing again.",
        ]
    }
    "Drawn networks have the gradients of the reference" => backward_like_reference {
        function: backward, points: 1, section: "all-the-way-back", hints: [
            "The failure shows the smallest input. How many neurons, numbers, tokens has it?",
            "Squares hide a wrong order of factors. And errors come from `forward` first, then \
             from `softmax_loss`.",
            "Every gradient has the shape of its parameter: `Model { c, h, b1, u, b2 }`.",
        ]
    }
    "A round follows its settings" => a_round_follows_its_settings {
        function: train_round, points: 3, section: "training", hints: [
            "Four things happen in a step: draw, go back, step, count. Which learning rate has \
             step 7?",
            "`settings.rate(run.step)` with the steps of all rounds so far; the loss of a \
             mini-batch is that before its step, the loss held out that behind the last step.",
            "`training.draw(settings.batch, rng)` inside of the loop, `run.step += 1` behind the \
             step, and at the end one `Losses` with the mean.",
        ]
    }
    "The best model is kept, not the last" => the_best_model_is_kept {
        function: train_round, points: 3, section: "training", hints: [
            "While the loss on held-out text falls, copy the model. When it rises, do not.",
            "`run.waited` counts rounds in a row: a new best sets it to 0.",
            "`if loss < run.best_loss { run.best = run.model.clone(); … } else { run.waited += 1 }`, \
             and go on while `run.waited < settings.patience`.",
        ]
    }
    "A loss that explodes is an error" => an_explosion_is_an_error {
        function: train_round, points: 2, section: "training", hints: [
            "Is NaN above `settings.most`? Is it below? Ask the other way around.",
            "Look at the loss before you take the step, and again at the loss held out, before you \
             keep anything of it.",
            "`if !(loss <= settings.most) { return Err(NetError::Diverged { step: run.step, loss }) }`",
        ]
    }
    "Drawn trainings end where the reference does" => round_like_reference {
        function: train_round, points: 2, section: "training", hints: [
            "The failure shows the smallest input. Which of the losses is above `most`, or equal \
             to the best so far?",
            "A loss that equals the best is no new best. The generator is asked for mini-batches, \
             and for nothing else.",
            "If there are no examples, `backward` or `softmax_loss` says so: pass it on with `?`.",
        ]
    }
    "Tinytown is learned, below the counted bigram" => tinytown_is_learned {
        function: train_round, points: 3, section: "training", hints: [
            "This check trains with all of your functions. Do the checks before it pass?",
            "If all others pass, look at the sign of the step and at what a context holds.",
            "`run.model.step(&gradients, rate)` goes downhill by itself; a context that holds its \
             target teaches to copy.",
        ]
    }
}

/// Texts in which no token comes twice, so that each place is known by its token.
fn targets_are_shifted_by_one(answers: &Answers) -> Outcome {
    let text = [3, 1, 14, 15, 9, 26, 5, 35, 8, 97, 93];
    for (len, context) in [(11, 3), (7, 1), (9, 2), (5, 4), (2, 1)] {
        let tokens = &text[11 - len..];
        let what = format!("{tokens:?} with contexts of {context}");
        let got = (answers.shift)(tokens, context, 100);
        expect_eq(&format!("the targets of {what}"), &got.targets, tokens)?;
        expect_same(
            &format!("how many tokens all contexts of {what} have"),
            &got.contexts.len(),
            &(len * context),
        )?;
        for (i, target) in tokens.iter().enumerate() {
            let seen = &got.contexts[i * context..(i + 1) * context];
            expect(seen.last() != Some(target), || {
                format!(
                    "{what}: the context of target {i} ends with that target, {target}: nothing is \
                     left to guess. Inputs and targets must be shifted by one"
                )
            })?;
            // The token so many places before the target, where the text has one.
            for back in 1..=context.min(i) {
                let (is, should) = (seen[context - back], tokens[i - back]);
                expect(is == should, || {
                    format!(
                        "{what}: in the context of target {i}, {back} before the target, expected \
                         {should}, got {is}"
                    )
                })?;
            }
        }
    }
    Ok(())
}

fn before_the_text_stands_padding(answers: &Answers) -> Outcome {
    let cases: [(&[u32], usize, &[u32]); 4] = [
        (&[5, 6, 7], 2, &[9, 9, 9, 5, 5, 6]),
        (&[5, 6], 4, &[9, 9, 9, 9, 9, 9, 9, 5]),
        (&[4], 1, &[9]),
        (&[], 3, &[]),
    ];
    for (tokens, context, contexts) in cases {
        let got = (answers.shift)(tokens, context, 9);
        let what = format!("{tokens:?} with contexts of {context} and 9 as padding");
        expect_eq(&format!("the contexts of {what}"), &got.contexts, contexts)?;
        expect_eq(&format!("the targets of {what}"), &got.targets, tokens)?;
        expect_same(&format!("`context` of {what}"), &got.context, &context)?;
    }
    Ok(())
}
