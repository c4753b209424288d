//! Turns a panic of an answer into a failure, without a word on standard error.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use crate::{Failure, Outcome};

thread_local! {
    /// Whether this thread keeps its panics to itself.
    static QUIET: Cell<bool> = const { Cell::new(false) };
    /// Where the last panic that it kept happened.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What `check` returns; if it panics, the failure `panicked: MESSAGE (FILE:LINE)`.
///
/// `todo!()` and `unimplemented!()` panic on, and the panic hook hears of them: they say "not yet",
/// and the runner makes a status of its own of it. Where a panic aborts (WebAssembly), it does.
pub fn catch(check: impl FnOnce() -> Outcome) -> Outcome {
    if cfg!(panic = "abort") {
        return check();
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(quiet_hook);
    let outer = QUIET.replace(true);
    let caught = panic::catch_unwind(AssertUnwindSafe(check));
    QUIET.set(outer);
    caught.unwrap_or_else(|payload| {
        let message = text(&*payload);
        if is_unfinished(message) {
            panic::resume_unwind(payload);
        }
        let place = PLACE.take().map(|place| format!(" ({place})")).unwrap_or_default();
        Err(Failure::wrong(format!("panicked: {message}{place}")))
    })
}

/// Puts a hook before the present one. A hook set later replaces both; then a panic is only as quiet
/// as that one is, and its place unknown.
fn quiet_hook() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if QUIET.get() && !is_unfinished(info.payload_as_str().unwrap_or_default()) {
            PLACE.set(info.location().map(|at| format!("{}:{}", at.file(), at.line())));
        } else {
            previous(info);
        }
    }));
}

fn text(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or(payload.downcast_ref::<&str>().copied()).unwrap_or("without a message")
}

/// Whether `todo!()` or `unimplemented!()` says so.
fn is_unfinished(message: &str) -> bool {
    message.starts_with("not yet implemented") || message.starts_with("not implemented")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_failure_that_names_its_place() {
        let failure = catch(|| panic!("off by {}", 1)).unwrap_err();
        let message = failure.message();
        assert!(message.starts_with("panicked: off by 1"), "{message}");
        assert_eq!(catch(|| Ok(())), Ok(()));
    }

    #[test]
    fn what_is_not_written_yet_panics_on() {
        for not_yet in [(|| todo!("softmax")) as fn() -> Outcome, || unimplemented!()] {
            let payload = panic::catch_unwind(|| catch(not_yet)).unwrap_err();
            assert!(is_unfinished(text(&*payload)), "{}", text(&*payload));
        }
        assert!(!QUIET.get());
    }
}
