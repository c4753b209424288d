//! Prompts, and where the answer begins.

use grading::draw::{self, Strategy};
use grading::{Outcome, agree, differential, expect, expect_eq, expect_error_is, expect_same};

use crate::oracle::{PIECES, Toy};
use crate::{Answers, Example, IclError, LanguageModel, Prompt, SOLUTION, Template};

fn templates() -> [Template; 3] {
    let of = |before: &str, between: &str, after: &str| Template {
        before: before.into(),
        between: between.into(),
        after: after.into(),
    };
    [of("a: ", "\nb:", "\n\n"), of("", "", ""), of("", ":", "\n")]
}

fn examples(n: usize) -> Vec<Example> {
    let outputs = ["good", "bad", "é c", "ab"];
    let input = |i: usize| format!("{} {i}", PIECES[i % PIECES.len()].trim());
    (0..n).map(|i| Example::new(input(i), outputs[i % 4])).collect()
}

fn models() -> [Toy; 2] {
    [Toy::new(1), Toy { begins: true, ..Toy::new(2) }]
}

/// Piece by piece.
fn written(template: &Template, instruction: &str, shown: &[Example], query: &str) -> String {
    let mut pieces = vec![instruction];
    for example in shown {
        pieces.extend([&template.before[..], &example.input, &template.between, " "]);
        pieces.extend([&example.output[..], &template.after]);
    }
    pieces.extend([&template.before[..], query, &template.between]);
    pieces.concat()
}

fn expect_prompt(what: &str, got: &Prompt, want: (&str, &[u32], usize)) -> Outcome {
    let (text, ids, shots) = want;
    expect_same(&format!("{what}: the text"), got.text.as_str(), text)?;
    expect_eq(&format!("{what}: the tokens"), &got.ids, ids)?;
    expect_same(&format!("{what}: examples shown"), &got.shots, &shots)
}

pub fn prompt_follows_the_template(answers: &Answers) -> Outcome {
    for (template, model) in templates().iter().flat_map(|t| models().map(|model| (t, model))) {
        for (n, instruction, query) in
            [(0, "", "bad"), (1, "abc\n\n", "d 9"), (3, "", " cd "), (7, "a\n", "")]
        {
            let shown = examples(n);
            let what = format!("{template:?}, examples: {n}, the query {query:?}");
            let got = (answers.few_shot_prompt)(&model, instruction, template, &shown, query, 999)?;
            let text = written(template, instruction, &shown, query);
            expect_prompt(&what, &got, (&text, &model.encode(&text), n))?;
        }
    }
    Ok(())
}

pub fn oldest_examples_go_first(answers: &Answers) -> Outcome {
    for (template, model) in templates().iter().flat_map(|t| models().map(|model| (t, model))) {
        let all = examples(5);
        let prompts: Vec<(String, Vec<u32>, usize)> = (0..=all.len())
            .map(|shots| {
                let text = written(template, "ab ", &all[all.len() - shots..], "cd");
                let ids = model.encode(&text);
                (text, ids, shots)
            })
            .collect();
        let most = prompts[all.len()].1.len();
        for limit in 0..=most + 1 {
            let what = format!("{template:?}, 5 examples, a limit of {limit}");
            let got = (answers.few_shot_prompt)(&model, "ab ", template, &all, "cd", limit);
            match prompts.iter().rev().find(|(_, ids, _)| ids.len() <= limit) {
                Some((text, ids, shots)) => expect_prompt(&what, &got?, (text, ids, *shots))?,
                None => {
                    let error = IclError::TooLong { tokens: prompts[0].1.len(), limit };
                    expect_error_is(&what, got, &error)?;
                }
            }
        }
    }
    Ok(())
}

fn toys() -> impl Strategy<Value = Toy> {
    (draw::any_u64(), draw::select(vec![false, true]))
        .prop_map(|(seed, begins)| Toy { begins, ..Toy::new(seed) })
}

/// Texts of the toy's pieces, some of other characters.
fn texts(most: usize) -> impl Strategy<Value = String> + Clone {
    let mut pieces = PIECES.to_vec();
    pieces.extend(["x", "日", "\u{a0}", "\t", "ab", " "]);
    draw::list(draw::select(pieces), 0..=most).prop_map(|pieces| pieces.concat())
}

pub fn prompts_agree(answers: &Answers) -> Outcome {
    let example = (texts(4), texts(2)).prop_map(|(input, output)| Example { input, output });
    let template = (texts(2), texts(2), texts(2)).prop_map(|(before, between, after)| Template {
        before,
        between,
        after,
    });
    let all = (toys(), texts(3), template, draw::list(example, 0..=9), texts(4), 0..60_usize);
    differential(all, |(model, instruction, template, examples, query, limit)| {
        let run = |answers: &Answers| {
            (answers.few_shot_prompt)(model, instruction, template, examples, query, *limit)
        };
        agree("few_shot_prompt", run(answers), run(&SOLUTION), |got, want| {
            expect_prompt("few_shot_prompt", got, (&want.text, &want.ids, want.shots))
        })
    })
}

pub fn space_belongs_to_the_answer(answers: &Answers) -> Outcome {
    for model in models() {
        // Texts that are cut into the same tokens alone and together.
        for (prompt, answer, moved) in [
            ("a b:", " good", " good"),
            ("a b: ", "good", " good"),
            ("a b:\n\n", "bad", "\n\nbad"),
            ("cd \n", " bad", " \n bad"),
            ("d:", " cd bad é", " cd bad é"),
            ("a b:", " good \n", " good \n"),
            ("d", "", ""),
            ("d ", "", " "),
            ("", " good", " good"),
            (" \n", "c", " \nc"),
            ("d\u{a0}", "c", "\u{a0}c"),
        ] {
            let what = format!("the prompt {prompt:?} and the answer {answer:?}");
            let got = (answers.encode_pair)(&model, prompt, answer);
            let alone = prompt.trim_end();
            expect_eq(&format!("{what}: the prompt's tokens"), &got.prompt, &model.encode(alone))?;
            let whole = model.encode(&format!("{prompt}{answer}"));
            let both = [&got.prompt[..], &got.answer].concat();
            expect_eq(&format!("{what}: all tokens"), &both, &whole)?;
            let text = Toy::decode(&got.answer).replace('?', "\u{a0}");
            expect_same(&format!("{what}: the answer's text"), text.as_str(), moved)?;
        }
        // A token reaches across: `ab` and `c` together are one, as are `a` and `bc`.
        for (prompt, answer) in
            [("dab", "cd"), ("da", "bc"), ("ab", "c"), ("a:a", "b"), ("é", " b")]
        {
            let what = format!("the prompt {prompt:?} and the answer {answer:?}");
            let got = (answers.encode_pair)(&model, prompt, answer);
            let alone = model.encode(prompt);
            let whole = model.encode(&format!("{prompt}{answer}"));
            expect_eq(&format!("{what}: the prompt's tokens"), &got.prompt, &alone)?;
            let rest = &whole[alone.len().min(whole.len())..];
            expect_eq(&format!("{what}: the answer's tokens"), &got.answer, rest)?;
        }
    }
    // Merged over the boundary, the whole may even be shorter than the prompt.
    let got = (answers.encode_pair)(&Shrinks, "a b", "c");
    expect(got.answer.is_empty(), || {
        format!("a whole that is shorter than its prompt: expected no tokens, got {:?}", got.answer)
    })
}

/// A tokenizer that takes everything with a `c` in it for one token.
struct Shrinks;

impl LanguageModel for Shrinks {
    fn encode(&self, text: &str) -> Vec<u32> {
        if text.contains('c') { vec![0] } else { text.bytes().map(u32::from).collect() }
    }

    fn logits(&mut self, ids: &[u32]) -> Vec<f32> {
        vec![0.0; 256 * ids.len()]
    }

    fn vocab_size(&self) -> usize {
        256
    }

    fn n_positions(&self) -> usize {
        9
    }
}

pub fn pairs_agree(answers: &Answers) -> Outcome {
    differential((toys(), texts(8), texts(5)), |(model, prompt, answer)| {
        let got = (answers.encode_pair)(model, prompt, answer);
        expect_same("encode_pair", &got, &(SOLUTION.encode_pair)(model, prompt, answer))
    })
}
