//! What becomes of the window when WebKit crashes.

use stories::wait::until;
use stories::window::{Home, Window};

#[tokio::test]
async fn a_page_whose_process_ends_comes_back_and_can_be_used() {
    let home = Home::new();
    let window = Window::open(&home).await;
    window.see("Start here").await;
    let button = window.place("Load the example").await;
    window.kill_web_process();
    assert_eq!(home.fts(&["list", "datasets"])["total"], 0);
    until("a click on the page to load the example", || {
        window.click_at(button);
        (home.fts(&["list", "datasets"])["total"] != 0).then_some(())
    });
    window.close().await;
}
