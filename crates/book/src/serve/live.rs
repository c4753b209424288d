//! What the builder tells the server: the site to serve, and the news for the pages.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::sync::broadcast;

/// News for the pages; `theme/study/dev.js` shows them.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A build of this has begun.
    Building(String),
    /// The build failed, and why: the compiler's messages, or one line. The pages are those of the
    /// last build that did not.
    Failed(String),
    /// The site is up to date.
    Ok,
    /// There is a new site.
    Reload,
}

/// Shared by the builder's thread and the server.
pub struct Live {
    state: Mutex<State>,
    news: broadcast::Sender<Event>,
}

struct State {
    site: Option<PathBuf>,
    /// Tells one site from another, also across runs of `serve`.
    build: u128,
    /// What a page that connects must know; never [`Event::Reload`].
    standing: Event,
}

impl Default for Live {
    fn default() -> Self {
        let standing = Event::Building("the book".into());
        Self {
            state: Mutex::new(State { site: None, build: 0, standing }),
            news: broadcast::channel(64).0,
        }
    }
}

impl Live {
    /// Tells every page, and those that connect later.
    pub fn tell(&self, event: Event) {
        self.state().standing = event.clone();
        // No page may be open.
        let _ = self.news.send(event);
    }

    /// Serves another site from now on; pages that reload are told how the build ended.
    pub fn publish(&self, site: PathBuf, standing: Event) {
        let build = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let build = build.unwrap_or_default().as_millis();
        *self.state() = State { site: Some(site), build, standing };
        let _ = self.news.send(Event::Reload);
    }

    /// Serves another site with the same pages from now on.
    pub fn replace(&self, site: PathBuf) {
        self.state().site = Some(site);
    }

    /// The site to serve, once there is one.
    pub fn site(&self) -> Option<PathBuf> {
        self.state().site.clone()
    }

    /// The number of the site being served.
    pub fn build(&self) -> u128 {
        self.state().build
    }

    /// Where things stand, and the news to come.
    pub fn listen(&self) -> (Event, broadcast::Receiver<Event>) {
        let state = self.state();
        (state.standing.clone(), self.news.subscribe())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_reloads_learns_how_the_build_ended() {
        let live = Live::default();
        let (_, mut news) = live.listen();
        live.publish("site".into(), Event::Failed("e".into()));
        assert_eq!(news.try_recv().unwrap(), Event::Reload);
        assert_eq!(live.listen().0, Event::Failed("e".into()));
    }
}
