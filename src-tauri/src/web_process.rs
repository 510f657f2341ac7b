//! WebKit's web process, which draws the pages. Where it crashes or is killed for memory, the window stays
//! and is blank.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use tauri::WebviewWindow;
use webkit2gtk::WebViewExt as _;

/// A page whose process ends again within this time is not loaded again, as it may be the page that ends it.
const APART: Duration = Duration::from_secs(10);

/// Loads the page of the window again each time its process ends.
pub(crate) fn reload_after_its_end(window: &WebviewWindow) -> tauri::Result<()> {
    window.with_webview(|webview| {
        let last: Cell<Option<Instant>> = Cell::new(None);
        webview.inner().connect_web_process_terminated(move |view, reason| {
            let again = last.replace(Some(Instant::now())).is_some_and(|at| at.elapsed() < APART);
            if again {
                tracing::error!("the process of the page ended again ({reason:?}); the page is not reloaded");
            } else {
                tracing::warn!("the process of the page ended ({reason:?}); the page is reloaded");
                view.reload();
            }
        });
    })
}
