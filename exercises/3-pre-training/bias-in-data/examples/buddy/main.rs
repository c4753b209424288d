//! Measures what Buddy makes of groups, and prints it:
//! `cargo run --release -p bias-in-data --example buddy > …/golden/buddy.json`. A minute.

mod measure;

use anyhow::Result;
use bias_in_data::measured::Measured;
use measure::Measure;

fn main() -> Result<()> {
    let measure = Measure::new()?;
    let names = measure.names();
    let (newcomers, gap) = measure.newcomers(&names)?;
    let measured = Measured {
        sides: measure.sides()?,
        jobs: measure.jobs()?,
        residents: measure.residents()?,
        newcomers,
        gap,
    };
    println!("{}", serde_json::to_string_pretty(&measured)?);
    Ok(())
}
