//! Finds the check that somebody names.

use anyhow::{Result, bail};
use scores::{ListedCheck, Listing};

/// The check of this name, or the only one whose name has it as a part.
pub fn check<'a>(listing: &'a Listing, name: &str) -> Result<&'a ListedCheck> {
    let wanted = name.to_lowercase().replace(['-', ' '], "_");
    let checks = &listing.checks;
    if let Some(check) = checks.iter().find(|check| check.name == wanted) {
        return Ok(check);
    }
    let fits: Vec<&ListedCheck> = checks.iter().filter(|c| c.name.contains(&wanted)).collect();
    let lesson = &listing.name;
    match fits[..] {
        [one] => Ok(one),
        [] => {
            // Names of checks are sentences: what they begin with says most.
            let likeness = |check: &&ListedCheck| strsim::jaro_winkler(&wanted, &check.name);
            let nearest = checks.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
            let nearest = nearest.filter(|check| likeness(check) > 0.9);
            let meant = nearest.map(|c| format!(": did you mean `{}`?", c.name));
            let listed = names(checks.iter());
            bail!("{lesson} has no check `{name}`{} It has{listed}", meant.unwrap_or(".".into()))
        }
        _ => bail!(
            "`{name}` is part of the names of {} checks of {lesson}{}",
            fits.len(),
            names(fits.into_iter())
        ),
    }
}

fn names<'a>(checks: impl Iterator<Item = &'a ListedCheck>) -> String {
    checks.flat_map(|check| ["\n  ", &check.name]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unique_part_will_do_and_what_is_unknown_is_answered_with_all_names() {
        let listed = |name: &str| ListedCheck {
            name: name.into(),
            title: String::new(),
            function: String::new(),
            is_kernel: false,
            points: 1,
            section: String::new(),
            hints: Vec::new(),
        };
        let listing = Listing {
            name: "alpha".into(),
            step: "1-basics".into(),
            title: "Alpha".into(),
            hash: "0".into(),
            checks: ["sum", "sum_of_none", "mean_of_none"].map(listed).into(),
        };
        let found = |name: &str| check(&listing, name).map(|check| check.name.clone());
        assert_eq!(found("sum").unwrap(), "sum");
        assert_eq!(found("Mean").unwrap(), "mean_of_none");
        assert_eq!(found("sum-of").unwrap(), "sum_of_none");
        let error = found("none").unwrap_err().to_string();
        assert_eq!(
            error,
            "`none` is part of the names of 2 checks of alpha\n  sum_of_none\n  mean_of_none"
        );
        let error = found("median").unwrap_err().to_string();
        let all = "It has\n  sum\n  sum_of_none\n  mean_of_none";
        assert_eq!(error, format!("alpha has no check `median`. {all}"));
        let error = found("mean_of_nine").unwrap_err().to_string();
        assert_eq!(
            error,
            format!("alpha has no check `mean_of_nine`: did you mean `mean_of_none`? {all}")
        );
    }
}
