//! From the first start to an exported snapshot.

use stories::window::{Home, Window};

#[tokio::test]
async fn the_window_opens() {
    let home = Home::new();
    let window = Window::open(&home).await;
    window.see("Datasets").await;
    let file = home.file("tickets.csv", "a,b\n1,2\n");
    window.click("Import").await;
    window.choose_file(&file);
    window.see(&format!("picked {}", file.display())).await;
    window.picture();
    window.click("Import").await;
    let place = home.path("out.json");
    window.choose_place(&place);
    window.see(&format!("picked {}", place.display())).await;
    window.click("Import").await;
    window.choose_nothing();
    window.see("picked nothing").await;
    window.press("ctrl+n");
    window.see("ctrl n pressed").await;
    window.click("New model").await;
    window.fill("Hub name", "what ever").await;
    window.fill("Note", "{\"a\": 1}\nÄ{b}").await;
    window.fill("Hub name", "what/ever").await;
    window.choose("Type", "Folder").await;
    window.see_held("Type", "Folder").await;
    window.click("Create").await;
    window.see_beside("Hub name", "Bad hub name what/ever").await;
    window.close().await;
    let window = Window::open(&home).await;
    window.see("Nowhere").await;
}
