//! What came when, from top to bottom.

use super::{Anchor, Drawing, Ink};

const STEP: f64 = 24.0;
const AXIS: f64 = 52.0;

/// Events in order.
///
/// ```
/// use demo::figure::{Drawing, Timeline};
///
/// let drawing: Drawing = Timeline::new().event("1948", "Shannon counts words").into();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    events: Vec<(String, String)>,
}

impl Timeline {
    /// No event yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What happened, and when.
    pub fn event(mut self, when: &str, what: &str) -> Self {
        self.events.push((when.into(), what.into()));
        self
    }
}

impl From<Timeline> for Drawing {
    fn from(Timeline { events }: Timeline) -> Self {
        let height = STEP * events.len() as f64;
        let mut drawing = Self::new(height + 4.0);
        drawing.line(&[(AXIS, 4.0), (AXIS, height)], Ink::Quiet);
        for (i, (when, what)) in events.iter().enumerate() {
            let y = STEP * (i as f64 + 0.5) + 2.0;
            drawing.dot((AXIS, y), 3.5, Ink::Marked);
            drawing.text((AXIS - 10.0, y + 4.0), Anchor::End, when, Ink::Quiet);
            drawing.text((AXIS + 12.0, y + 4.0), Anchor::Start, what, Ink::Plain);
        }
        drawing
    }
}
