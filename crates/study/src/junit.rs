//! Scores as JUnit XML, which classrooms and CI systems read.

use anyhow::Result;
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};
use scores::Status;

use crate::graded::Graded;

/// One test suite a lesson, one test case a check; the points are properties.
pub fn junit(graded: &[Graded]) -> Result<String> {
    let mut report = Report::new("GenAI Study Buddy");
    for graded in graded {
        let sheet = &graded.sheet;
        let mut suite = TestSuite::new(sheet.lesson.as_str());
        suite.add_property(Property::new("points", sheet.points.to_string()));
        suite.add_property(Property::new("max_points", sheet.max_points.to_string()));
        for check in &sheet.checks {
            let mut status = match (&graded.broken, check.status) {
                (_, Status::Passed) => TestCaseStatus::success(),
                (_, Status::Unavailable) => TestCaseStatus::skipped(),
                (Some(_), _) => TestCaseStatus::non_success(NonSuccessKind::Error),
                (None, _) => TestCaseStatus::non_success(NonSuccessKind::Failure),
            };
            if let Some(message) = &check.message {
                status.set_message(message.lines().next().unwrap_or_default());
                status.set_description(message.as_str());
            }
            let mut case = TestCase::new(check.name.as_str(), status);
            case.set_classname(sheet.lesson.as_str());
            case.add_property(Property::new("title", check.title.as_str()));
            case.add_property(Property::new("points", check.points.to_string()));
            case.add_property(Property::new("max_points", check.max_points.to_string()));
            suite.add_test_case(case);
        }
        if let Some(broken) = &graded.broken {
            suite.set_system_err(anstream::adapter::strip_str(&broken.rendered).to_string());
        }
        report.add_test_suite(suite);
    }
    Ok(report.to_string()?)
}
