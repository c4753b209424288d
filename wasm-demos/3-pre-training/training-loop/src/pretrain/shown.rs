//! What is shown of a run.

use demo::format::{count, counted, number};
use demo::{Cell, Context, Line, View};

use super::{BATCH, HEAD, Run, settings};
use crate::checkpoints;

/// What the counts of each order are called.
const COUNTS: [&str; 3] = ["counted tokens", "counted pairs", "counted triples"];

impl Run {
    /// The loss, what it writes, and where a head looks, until now.
    pub(super) fn views(&self) -> Vec<View> {
        let line = |name: &str, of: fn(&(usize, f64, f64)) -> f64| Line {
            name: name.into(),
            points: self.curve.iter().map(|point| (point.0 as f64, of(point))).collect(),
        };
        let level = |(order, &loss): (usize, &f64)| Line {
            name: format!("{}, held out", COUNTS[order]),
            points: vec![(0.0, loss), (self.steps as f64, loss)],
        };
        let mut lines = vec![line("GPT, held out", |p| p.2), line("GPT, its batches", |p| p.1)];
        lines.extend(self.counts.iter().enumerate().map(level));
        vec![
            View::Lines {
                label: "The loss as it learns".into(),
                x_label: "step".into(),
                y_label: format!("loss, nats a {}", self.texts.token()),
                lines,
            },
            View::Table {
                label: "What it writes as it learns, each time with the same luck".into(),
                columns: ["Steps", "Loss held out", "Sample"].map(String::from).into(),
                rows: self.samples.iter().map(row).collect(),
            },
            self.head(),
        ]
    }

    /// What a head attends to in the same words, each time that the model wrote.
    fn head(&self) -> View {
        let names: Vec<String> =
            self.texts.opening().iter().map(|&id| self.texts.name(id)).collect();
        let frame = |(step, weights): &(usize, Vec<f64>)| {
            let matrix = View::Matrix {
                label: "Each row attends to the columns up to itself".into(),
                rows: names.clone(),
                columns: names.clone(),
                values: weights.clone(),
            };
            (format!("After {}", counted(*step, "step")), vec![matrix])
        };
        View::Steps {
            label: format!("What a head attends to: head {} of block {}", HEAD.1 + 1, HEAD.0 + 1),
            frames: self.attention.iter().map(frame).collect(),
            start: self.attention.len().saturating_sub(1),
        }
    }

    /// The loss now, beside that of counts.
    pub(super) fn verdict(&self) -> String {
        let loss = self.curve.last().map_or(0.0, |point| point.2);
        let beaten = self.counts.iter().rposition(|counted| loss < *counted);
        let place = match beaten {
            None => format!("above that of {}", COUNTS[0]),
            Some(order) => format!("below that of {}", COUNTS[order]),
        };
        let guessing = (self.texts.vocab_size() as f64).ln();
        let doubt = match self.curve.first() {
            Some(&(1.., _, first)) if first > guessing => format!(
                " What the file has does worse than blind guessing, {}: it learned from another \
                 text, or other tokens.",
                number(guessing)
            ),
            _ => String::new(),
        };
        format!(
            "After {} the loss held out is {}, {place}.{doubt}",
            counted(self.state.step, "step"),
            number(loss)
        )
    }

    /// How much it has read.
    pub(super) fn facts(&self) -> View {
        let read = self.steps * BATCH * self.rows.context;
        let times = read as f64 / self.texts.count() as f64;
        View::Prose(vec![format!(
            "{} weights, trained on {} positions in rows of {}. The text has {}, so it was read {} \
             times.",
            count(self.state.model.parameters.len()),
            count(read),
            self.rows.context,
            counted(self.texts.count(), self.texts.token()),
            number((10.0 * times).round() / 10.0),
        )])
    }

    /// How it goes on outside of the page, if it can.
    pub(super) fn command(&self) -> Option<View> {
        let settings = settings(self.peak, self.steps);
        let is_buddys = self.texts.token() == "piece";
        is_buddys.then(|| checkpoints::command(&self.state, &settings, self.has_own_text))
    }

    /// How far it is, and how it goes on.
    pub(super) fn show_stop(&self, cx: &Context) {
        let mut views = self.views();
        views.push(View::Prose(vec![format!(
            "Stopped after {} of {}. Press Run, and it goes on from here as if nothing had happened, \
             unless you change a setting. With the file below you can go on another day.",
            count(self.state.step),
            counted(self.steps, "step")
        )]));
        views.extend(self.command());
        cx.show(self.verdict(), &views);
    }

    /// What was seen, in place of what was hoped for.
    pub(super) fn show_explosion(&self, cx: &Context) {
        let summary = format!(
            "It diverged: the loss of step {} is no finite number. A peak learning rate of {} is \
             too high. The state is that before the step.",
            self.state.step,
            number(self.peak)
        );
        let mut views = vec![View::Prose(vec![summary.clone()])];
        views.extend(self.views());
        cx.show(summary, &views);
    }
}

fn row((step, loss, text): &(usize, f64, String)) -> Vec<Cell> {
    let numbers = [count(*step), number(*loss)].map(Cell::Number);
    [numbers.into(), vec![text.as_str().into()]].concat()
}
