//! What a kernel takes over from an earlier lesson.
//!
//! In a solution's kernel, `// GIVEN by LESSON/FILE: function, function` and `// END GIVEN` enclose
//! the text of these functions of that lesson's kernel. The text is in both files, so that each can
//! be read whole and compiled as it is; the earlier lesson is where it is changed.

use anyhow::{Context, Result, bail};

use crate::item::{declared_fn, without_markers};

const GIVEN: &str = "// GIVEN by ";
const END: &str = "// END GIVEN";

/// The kernel with what is given in it as `kernel(lesson, file)` has it now.
///
/// # Errors
/// If a mark has no end, or the other kernel has no function of a name.
pub fn fill_given(source: &str, kernel: impl Fn(&str, &str) -> Result<String>) -> Result<String> {
    let mut out = String::new();
    let mut lines = source.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        out += line;
        out += "\n";
        let Some(mark) = line.strip_prefix(GIVEN) else { continue };
        let place = || format!("line {}: `{line}`", at + 1);
        let (from, names) =
            mark.split_once(": ").with_context(|| format!("{} names no function", place()))?;
        let (lesson, file) =
            from.split_once('/').with_context(|| format!("{} names no file", place()))?;
        let other = without_markers(&kernel(lesson, file).with_context(place)?);
        let given: Vec<String> = names
            .split(", ")
            .map(|name| {
                wgsl_function(&other, name)
                    .with_context(|| format!("{}: no function {name}", place()))
            })
            .collect::<Result<_>>()?;
        out += &given.join("\n");
        if !lines.any(|(_, line)| line == END) {
            bail!("{} has no `{END}` below it", place());
        }
        out += END;
        out += "\n";
    }
    Ok(out)
}

/// A function at the level of items, with the comment above it.
fn wgsl_function(source: &str, name: &str) -> Option<String> {
    let lines: Vec<&str> = source.lines().collect();
    let start = lines.iter().position(|line| declared_fn(line) == Some(name))?;
    let above = lines[..start].iter().rev().take_while(|line| line.starts_with("//")).count();
    let length = lines[start..].iter().position(|&line| line == "}")?;
    Some(lines[start - above..=start + length].iter().flat_map(|&line| [line, "\n"]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EARLIER: &str = "\
const A: u32 = 1u;

// Twice.
fn twice(x: f32) -> f32 {
    // BEGIN ANSWER
    // STUB: // your code here
    return 2.0 * x;
    // END ANSWER
}

fn thrice(x: f32) -> f32 {
    return 3.0 * x;
}
";

    fn earlier(lesson: &str, file: &str) -> Result<String> {
        assert_eq!((lesson, file), ("earlier", "twice.wgsl"));
        Ok(EARLIER.into())
    }

    #[test]
    fn the_functions_are_those_of_the_earlier_kernel() {
        let source = "// K.\n\n// GIVEN by earlier/twice.wgsl: thrice, twice\nold\n// END GIVEN\nfn main() {}\n";
        let filled = fill_given(source, earlier).unwrap();
        let want = "// K.\n\n// GIVEN by earlier/twice.wgsl: thrice, twice\n\
                    fn thrice(x: f32) -> f32 {\n    return 3.0 * x;\n}\n\n\
                    // Twice.\nfn twice(x: f32) -> f32 {\n    return 2.0 * x;\n}\n\
                    // END GIVEN\nfn main() {}\n";
        assert_eq!(filled, want);
        assert_eq!(fill_given(&filled, earlier).unwrap(), want);
        assert_eq!(fill_given("fn main() {}\n", earlier).unwrap(), "fn main() {}\n");
    }

    #[test]
    fn what_is_missing_is_named_with_its_line() {
        for (source, words) in [
            ("\n// GIVEN by earlier/twice.wgsl: half\n// END GIVEN\n", "no function half"),
            ("\n// GIVEN by earlier/twice.wgsl: twice\n", "has no `// END GIVEN`"),
            ("\n// GIVEN by earlier: twice\n// END GIVEN\n", "names no file"),
            ("\n// GIVEN by earlier/twice.wgsl\n// END GIVEN\n", "names no function"),
        ] {
            let error = format!("{:#}", fill_given(source, earlier).unwrap_err());
            assert!(error.contains(words) && error.starts_with("line 2: "), "{error}");
        }
    }
}
