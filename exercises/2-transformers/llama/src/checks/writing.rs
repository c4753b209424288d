//! How a model goes on from several texts.

use candle_core::DType;
use grading::{Outcome, expect_error_is, expect_same};

use crate::oracle::{Ruled, golden, tiny};
use crate::{Answers, LlamaDecoder, LlamaError, SOLUTION};

pub fn texts_are_those_of_transformers(answers: &Answers) -> Outcome {
    for case in golden()?.generations {
        let model = tiny(&case.model)?.map(|tensor| tensor.to_dtype(DType::F64))?;
        let mut decoder = LlamaDecoder { model: &model, forward: SOLUTION.llama_forward };
        let got =
            (answers.continue_texts)(&mut decoder, &case.prompts, case.max_new_tokens, &case.end)?;
        let what = format!(
            "golden/{}: {} new tokens at most behind {:?}, ended by {:?}",
            case.model, case.max_new_tokens, case.prompts, case.end
        );
        expect_same(&what, &got, &case.new)?;
    }
    Ok(())
}

/// The same as one prompt at a time.
pub fn expect_as_if_alone(
    answers: &Answers,
    model: &mut Ruled,
    prompts: &[Vec<u32>],
    most: usize,
    end: &[u32],
) -> Outcome {
    let want: Vec<_> = prompts.iter().map(|prompt| model.written(prompt, most, end)).collect();
    let got = (answers.continue_texts)(model, prompts, most, end)?;
    let what = format!("at most {most} new tokens behind {prompts:?}, ended by {end:?}");
    expect_same(&what, &got, &want)?;
    // All prompts in one call, and from there a token of each; none when all have ended.
    let longest = prompts.iter().map(Vec::len).max().unwrap_or(0);
    let new = want.iter().map(Vec::len).max().unwrap_or(0);
    let calls: Vec<_> = (0..new)
        .map(|call| match call {
            0 => (vec![prompts.len(), longest], 0),
            _ => (vec![prompts.len(), 1], longest + call - 1),
        })
        .collect();
    let what = format!("{what}: ids of each call, and how many places were read before");
    expect_same(&what, &model.calls, &calls)
}

pub fn each_text_is_as_if_alone(answers: &Answers) -> Outcome {
    let texts = [
        vec![vec![3, 1, 4]],
        vec![vec![2], vec![7, 1, 8, 2, 8], vec![0, 0], vec![5, 5, 5]],
        vec![vec![6, 6, 6, 6], vec![6]],
    ];
    for (i, prompts) in texts.iter().enumerate() {
        for (most, end) in
            [(1, &[][..]), (6, &[]), (12, &[3, 8]), (0, &[]), (usize::MAX, &[0, 2, 4, 6])]
        {
            let mut model = Ruled { dtype: DType::F64, ..Ruled::new(9 + i, 1000) };
            expect_as_if_alone(answers, &mut model, prompts, most, end)?;
        }
    }
    texts_are_those_of_transformers(answers)
}

pub fn of_equal_logits_the_first_is_taken(answers: &Answers) -> Outcome {
    for steps in [1, 2, 3] {
        let prompts = [vec![1, 2], vec![3], vec![4, 4, 4]];
        expect_as_if_alone(answers, &mut Ruled::new(12, steps), &prompts, 8, &[])?;
    }
    texts_are_those_of_transformers(answers)
}

pub fn writing_refuses(answers: &Answers) -> Outcome {
    texts_are_those_of_transformers(answers)?;
    let run = |prompts: &[Vec<u32>], most: usize| {
        let mut model = Ruled::new(9, 100);
        let got = (answers.continue_texts)(&mut model, prompts, most, &[]);
        (got, model.calls)
    };
    for (prompts, text) in [
        (vec![vec![1], vec![], vec![2, 3]], 1),
        (vec![vec![]], 0),
        (vec![vec![2], vec![3], vec![], vec![]], 2),
    ] {
        for most in [0, 4] {
            let (got, calls) = run(&prompts, most);
            let what = format!("prompts {prompts:?}, {most} new tokens");
            expect_error_is(&what, got, &LlamaError::EmptyPrompt { text })?;
            expect_same(&format!("{what}: calls of the model"), &calls.len(), &0)?;
        }
    }
    for (prompts, most, want) in
        [(vec![], 4, vec![]), (vec![vec![1, 2], vec![3]], 0, vec![vec![], vec![]])]
    {
        let (got, calls) = run(&prompts, most);
        let what = format!("prompts {prompts:?}, {most} new tokens");
        expect_same(&what, &got?, &want)?;
        expect_same(&format!("{what}: calls of the model"), &calls.len(), &0)?;
    }
    // An error of the model is handed on.
    let (got, _) = run(&[vec![1, 9], vec![2]], 3);
    let want = LlamaError::UnknownId { id: 9, vocab_size: 9 };
    expect_error_is("token 9 of a vocabulary of 9", got, &want)
}
