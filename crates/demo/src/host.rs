//! Files in a page: the worker has them, `Host` in `theme/study/protocol.d.ts`.
//!
//! They are functions, not methods of a [`Sink`](crate::Sink): a page whose demos have no files
//! downloads nothing of this.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::DemoError;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = studyHost, js_name = asset)]
    fn promise(run: u32, name: &str) -> Promise;
    /// The bytes of the file of a control.
    #[wasm_bindgen(js_namespace = studyHost)]
    pub fn file(run: u32, control: &str) -> Option<Vec<u8>>;
    /// Offers a file to save.
    #[wasm_bindgen(js_namespace = studyHost)]
    pub fn offer(run: u32, name: &str, label: &str, bytes: &[u8]);
}

/// A file of the book's models.
pub async fn asset(run: u32, name: &str) -> Result<Vec<u8>, DemoError> {
    match JsFuture::from(promise(run, name)).await {
        Ok(bytes) => Ok(bytes.unchecked_into::<Uint8Array>().to_vec()),
        // Without a reason: the reader has stopped it.
        Err(why) => Err(why.as_string().map_or(DemoError::Cancelled, DemoError::Other)),
    }
}
