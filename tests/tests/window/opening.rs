//! Files that are opened with the program, and one window for one database.

use serde_json::json;
use stories::window::{Home, Window};

/// A snapshot of one model that is not in the database any more.
fn snapshot(home: &Home, name: &str) -> String {
    let model =
        home.fts(&["create", "models", "--data", &json!({"huggingface_model_name": name}).to_string()]);
    let path = home.path(&format!("{}.fts.json", name.replace('/', "-"))).to_str().unwrap().to_owned();
    home.fts(&["export", &path]);
    home.fts(&["delete", "models", model["id"].as_str().unwrap()]);
    path
}

#[tokio::test]
async fn a_file_opens_as_the_plan_of_its_import_and_a_second_start_goes_to_the_open_window() {
    let home = Home::new();
    let (first, second) = (snapshot(&home, "acme/first"), snapshot(&home, "acme/second"));
    let window = Window::open_with(&home, &[&first]).await;
    window.see("Nothing has changed yet.").await;
    window.see("acme-first.fts.json").await;
    assert_eq!(home.fts(&["list", "models"])["total"], 0, "the plan changed something");
    window.click("Import").await;
    window.see("1 row added").await;
    window.click("Done").await;
    window.see_no_dialog().await;

    window.start_again(&home, &[]);
    window.see_no_dialog().await;
    window.start_again(&home, &[&second]);
    window.see("acme-second.fts.json").await;
    window.click("Import").await;
    window.see("1 row added").await;
    window.click("Done").await;
    window.close().await;
    assert_eq!(home.fts(&["list", "models"])["total"], 2);
}
