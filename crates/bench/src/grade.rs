//! What a learner waits for after a save.

use std::fs;

use anyhow::{Result, bail};
use book_tests::solved;

use crate::timing::shortest;

/// Edits whose shortest answer counts.
const EDITS: usize = 3;

/// Prints how long a lesson is graded after an edit, in a clone in which it is solved.
pub fn bench() -> Result<()> {
    println!("Grading softmax-sampling after an edit of its exercise");
    let exercise = solved::clone()?.join("exercises/1-basics/softmax-sampling/src/exercise.rs");
    let text = fs::read_to_string(&exercise)?;
    grade()?;
    let mut edit = 0;
    let (time, graded) = shortest(EDITS, || {
        edit += 1;
        fs::write(&exercise, format!("{text}\n// Edit {edit}.\n"))?;
        grade()
    });
    fs::write(&exercise, text)?;
    graded?;
    println!("  full points after {:.1} s (5 is the budget)", time.as_secs_f64());
    Ok(())
}

fn grade() -> Result<()> {
    let arguments = ["study", "grade", "softmax-sampling"];
    let output = solved::command("cargo")?.args(arguments).output()?;
    if !output.status.success() {
        bail!("the solution is not graded:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
