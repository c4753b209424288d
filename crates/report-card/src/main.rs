//! Trains and tests Buddy in every form that the book has, and prints the scores:
//! `cargo study report` keeps them in `src/report-card.json`.

fn main() -> anyhow::Result<()> {
    print!("{}", report_card::report_card()?);
    Ok(())
}
