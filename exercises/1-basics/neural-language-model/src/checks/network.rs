//! The network, forward and backward.

use grading::{Outcome, expect_close, expect_same};

use super::losses::LOSS;
use crate::oracle::{
    CLOSE, expect_model, golden, loss, model_of, numbers_of, random_examples, random_model, slopes,
};
use crate::{Answers, Sizes};

pub fn logits_match_pytorch(answers: &Answers) -> Outcome {
    for case in golden()?.networks {
        let (sizes, rows) = (case.sizes, case.targets.len());
        let model = model_of(sizes, &case.parameters.numbers());
        let got = (answers.forward)(&model, &case.contexts)?;
        let what = format!("{rows} contexts, {sizes:?}");
        for (name, got, cols) in [
            ("x", &got.x, sizes.context * sizes.dim),
            ("hidden", &got.hidden, sizes.hidden),
            ("logits", &got.logits, sizes.vocab),
        ] {
            expect_same(&format!("the shape of {name}, {what}"), &got.shape(), &(rows, cols))?;
        }
        let (shape, want) = ([rows, sizes.vocab], &case.logits.data);
        expect_close(&format!("the logits of {what}"), &shape, got.logits.data(), want, CLOSE)?;
    }
    Ok(())
}

pub fn gradients_match_pytorch(answers: &Answers) -> Outcome {
    for case in golden()?.networks {
        let model = model_of(case.sizes, &case.parameters.numbers());
        let (loss, gradients) = (answers.backward)(&model, &case.batch())?;
        let what = format!("{} contexts, {:?}", case.targets.len(), case.sizes);
        expect_close(&format!("the loss of {what}"), &[], &[loss], &[case.loss], LOSS)?;
        let what = format!("the gradients of {what}");
        expect_model(&what, &gradients, &case.gradients.numbers(), case.sizes, CLOSE)?;
    }
    Ok(())
}

pub fn gradients_match_differences(answers: &Answers) -> Outcome {
    let sizes = |vocab, context, dim, hidden| Sizes { vocab, context, dim, hidden };
    for (sizes, count, seed) in
        [(sizes(5, 3, 2, 4), 6, 1), (sizes(2, 1, 1, 1), 3, 2), (sizes(3, 4, 2, 3), 1, 3)]
    {
        let model = random_model(sizes, 1.0, seed);
        let mut batch = random_examples(sizes, count, seed);
        // The first context is one token again and again, the last is padding.
        batch.contexts[..sizes.context].fill(1);
        let end = batch.contexts.len() - 1;
        batch.contexts[end] = model.pad();
        let numbers = numbers_of(&model);
        let (got, gradients) = (answers.backward)(&model, &batch)?;
        let what = format!("{count} contexts, {sizes:?}");
        let want = [loss(sizes, &numbers, &batch)];
        expect_close(&format!("the loss of {what}"), &[], &[got], &want, LOSS)?;
        let want = slopes(&numbers, |numbers| loss(sizes, numbers, &batch));
        expect_model(&format!("the gradients of {what}"), &gradients, &want, sizes, CLOSE)?;
    }
    Ok(())
}
