//! What the tests of the book share: the built site, a server for it, a browser.

pub mod axe;
mod browser;
pub mod clone;
mod demo;
pub mod listed;
mod page;
pub mod server;
pub mod site;
pub mod wire;

pub use browser::{Browsers, Gpu, Shared};
pub use demo::Demo;
pub use listed::Listed;
pub use page::{Modifier, Page, eventually, quoted};

/// The browser's protocol, for what [`Page`] has no method.
pub use chromiumoxide::cdp::browser_protocol as protocol;
