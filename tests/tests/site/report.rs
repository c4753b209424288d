//! Buddy's report card is what the models reach now.

use book_tests::site;

#[test]
fn the_report_card_is_what_the_models_reach() {
    let recorded = std::fs::read_to_string(site::root().join("src/report-card.json"));
    let recorded = recorded.expect("src/report-card.json can be read");
    let measured = report_card::report_card().expect("the models can be trained and tested");
    assert_eq!(recorded, measured, "run `cargo study report` and commit src/report-card.json");
}
