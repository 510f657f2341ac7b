//! The example workspace, and the lineage of its rows.

use stories::window::{Home, Window};

#[tokio::test]
async fn the_example_is_walked_through_and_removed_again() {
    let home = Home::new();
    let window = Window::open(&home).await;
    window.click("Load the example").await;
    window.see("The example was added").await;
    window.click("Datasets").await;
    window.click_row("Shop messages").await;
    window.see_detail("Shop messages").await;
    window.click("Lineage").await;
    window.see("Lineage of Shop messages").await;
    window.see("Sort a message").await;
    window.click("Answer a message").await;
    window.see("Lineage of Answer a message").await;
    window.see_no("Sort a message").await;
    window.click("List").await;
    window.see("from dataset, as dataset: Shop messages").await;
    window.click("Open prompt").await;
    window.see_detail("Answer a message").await;

    window.click("Home").await;
    window.click("Remove the example").await;
    window.see("The example workspace was removed.").await;
    window.see("Start here").await;
    assert_eq!(home.fts(&["list", "prompts"])["total"], 0);
    window.press("ctrl+z");
    window.see("Changed last").await;
    window.close().await;
    assert_eq!(home.fts(&["list", "prompts"])["total"], 2);
}
