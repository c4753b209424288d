//! A kernel as naga has understood it, with what is looked up in it.

use std::collections::HashSet;

use naga::valid::{Capabilities, FunctionInfo, ModuleInfo, ValidationFlags, Validator};
use naga::{EntryPoint, Function, Handle, Module, Span, Statement};

use crate::place::Lines;
use crate::refusal::{Reason, Refusal};

/// Numbers of 16 bits as halves of a word are core WGSL; naga asks, since some drivers lack them.
const CAPABILITIES: Capabilities = Capabilities::SHADER_FLOAT16_IN_FLOAT32;

/// A source that naga has understood.
#[derive(Debug)]
pub(crate) struct Source {
    pub module: Module,
    pub info: ModuleInfo,
    pub lines: Lines,
    text: String,
    entry: usize,
}

impl Source {
    /// Compiles a kernel with this entry point.
    pub(crate) fn read(wgsl: &str, entry: &str) -> Result<Self, Refusal> {
        let lines = Lines::new(wgsl);
        let refuse = |span, message| Refusal::new(Reason::Invalid, &lines, span, message);
        let module = naga::front::wgsl::parse_str(wgsl).map_err(|error| {
            // Some labels are of a place that the compiler made up.
            let labelled = error.labels().find(|(span, _)| span.is_defined());
            let labelled = labelled.or_else(|| error.labels().next());
            let span = labelled.map_or(Span::UNDEFINED, |(span, _)| span);
            let label = labelled.map(|(_, label)| label.to_owned());
            let message = match label {
                Some(label) if !label.is_empty() && label != error.message() => {
                    format!("{}: {label}", error.message())
                }
                _ => error.message().to_owned(),
            };
            refuse(span, message)
        })?;
        // naga's own judgment of uniformity is for fragment shaders: ours is below.
        let flags = ValidationFlags::all() & !ValidationFlags::CONTROL_FLOW_UNIFORMITY;
        let info = Validator::new(flags, CAPABILITIES).validate(&module).map_err(|error| {
            let span = error.spans().next().map_or(Span::UNDEFINED, |(span, _)| *span);
            let mut message = error.as_inner().to_string();
            let mut cause: Option<&dyn std::error::Error> =
                std::error::Error::source(error.as_inner());
            while let Some(inner) = cause {
                message.push_str(&format!(": {inner}"));
                cause = inner.source();
            }
            refuse(span, message)
        })?;
        let compute = |e: &EntryPoint| e.name == entry && e.stage == naga::ShaderStage::Compute;
        let Some(at) = module.entry_points.iter().position(compute) else {
            let message = format!("there is no compute entry point `{entry}`");
            return Err(refuse(Span::UNDEFINED, message));
        };
        Ok(Self { module, info, lines, text: wgsl.to_owned(), entry: at })
    }

    pub(crate) fn entry(&self) -> &EntryPoint {
        &self.module.entry_points[self.entry]
    }

    pub(crate) fn entry_info(&self) -> &FunctionInfo {
        self.info.get_entry_point(self.entry)
    }

    pub(crate) fn unsupported(&self, span: Span, message: impl Into<String>) -> Refusal {
        Refusal::new(Reason::Unsupported, &self.lines, span, message)
    }

    pub(crate) fn invalid(&self, span: Span, message: impl Into<String>) -> Refusal {
        Refusal::new(Reason::Invalid, &self.lines, span, message)
    }

    /// Where a function's name stands.
    pub(crate) fn span_of(&self, function: &Function) -> Span {
        match &function.name {
            Some(name) => self.span_after("fn ", name),
            None => Span::UNDEFINED,
        }
    }

    /// Where a parameter's name stands; naga does not keep it.
    pub(crate) fn parameter_span(&self, name: Option<&str>) -> Span {
        let Some(name) = name else { return Span::UNDEFINED };
        let header = self.span_after("fn ", &self.entry().name);
        let from = header.to_range().map_or(0, |range| range.start);
        find_word(&self.text[from..], name)
            .map_or(header, |at| Span::new((from + at) as u32, (from + at + name.len()) as u32))
    }

    fn span_after(&self, before: &str, name: &str) -> Span {
        let whole = format!("{before}{name}");
        match find_word(&self.text, &whole) {
            Some(at) => {
                let start = at + before.len();
                Span::new(start as u32, (start + name.len()) as u32)
            }
            None => Span::UNDEFINED,
        }
    }

    /// The functions that the entry point calls, and those that they call.
    pub(crate) fn reachable(&self) -> HashSet<Handle<Function>> {
        let mut found = HashSet::new();
        let mut open = Vec::new();
        calls(&self.entry().function.body, &mut open);
        while let Some(handle) = open.pop() {
            if found.insert(handle) {
                calls(&self.module.functions[handle].body, &mut open);
            }
        }
        found
    }
}

/// Where a name stands alone.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .map(|(at, _)| at)
        .find(|&at| !text[..at].ends_with(part) && !text[at + word.len()..].starts_with(part))
}

fn calls(block: &naga::Block, out: &mut Vec<Handle<Function>>) {
    for statement in block.iter() {
        match statement {
            Statement::Call { function, .. } => out.push(*function),
            Statement::Block(block) => calls(block, out),
            Statement::If { accept, reject, .. } => {
                calls(accept, out);
                calls(reject, out);
            }
            Statement::Switch { cases, .. } => {
                cases.iter().for_each(|case| calls(&case.body, out));
            }
            Statement::Loop { body, continuing, .. } => {
                calls(body, out);
                calls(continuing, out);
            }
            _ => {}
        }
    }
}
