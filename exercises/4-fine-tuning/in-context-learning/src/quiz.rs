//! The keys of the quiz: the lesson's code picks the right choices.

use grading::numbers::settled;
use grading::{Keys, pick, position};

use crate::Normalize::{None, Tokens};
use crate::measured::measured;
use crate::oracle::Toy;
use crate::solution::{calibrate, choice_scores, encode_pair, few_shot_prompt};
use crate::{Example, Template};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("which-goes", || {
            let template = Template { before: "".into(), between: ":".into(), after: "\n".into() };
            let examples = ["a", "b", "c"].map(|input| Example::new(input, "good"));
            let prompt = few_shot_prompt(&Toy::new(1), "", &template, &examples, "d", 12)?;
            let shown = ["a:", "b:", "c:"].map(|input| prompt.text.contains(input));
            position(&[[true, true, false], [false, true, true], [true, false, true]], &shown)
        })
        .key("whose-space", || {
            let pair = encode_pair(&Toy::new(1), "a: ", "good");
            let [prompt, answer] = [pair.prompt, pair.answer].map(|ids| Toy::decode(&ids));
            pick([
                prompt.ends_with(' '),
                answer.starts_with(' '),
                !(prompt + &answer).contains(' '),
            ])
        })
        .key("long-choice", || {
            let log_probs = [vec![-2.0], vec![-1.0; 4]];
            let choices = ["no", "yes, of course"].map(String::from);
            let first_wins = [None, Tokens].map(|normalize| {
                choice_scores(&log_probs, &choices, normalize).is_ok_and(|s| s[0] > s[1])
            });
            position(&[[true, true], [false, false], [true, false]], &first_wins)
        })
        .key("leaning", || {
            let p = [0.9_f64, 0.1].map(f64::ln);
            let q = calibrate(&p, &[p.to_vec()])?;
            position(&[0.9, 0.5, 0.1], &settled(q[0]))
        })
        .key("one-more-story", || {
            let right = |shots| measured("put-away", shots).map(|row| row.share());
            let (without, with) = (right(0)?, right(1)?);
            pick([with > without + 0.1, (with - without).abs() <= 0.1, with < without - 0.1])
        })
}
