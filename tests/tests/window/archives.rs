//! Rows leave with their files, and come back where they were lost.

use std::fs;

use stories::{
    samples,
    window::{Home, Window},
};

#[tokio::test]
async fn a_dataset_is_archived_lost_and_imported_with_its_file() {
    let home = Home::new();
    let file = home.file("tickets.csv", samples::tickets_csv(30));
    let dataset = home.fts(&["dataset", "import", file.to_str().unwrap(), "--name", "Tickets"]);
    let id = dataset["id"].as_str().unwrap();

    let window = Window::open(&home).await;
    window.click("Database").await;
    window.click("Export as archive…").await;
    window.see("1 dataset, with 1 file").await;
    window.click("Save archive…").await;
    let archive = home.path("tickets.fts.tar.zst");
    window.choose_place(&archive);
    window.see("Archived 1 file").await;
    window.see_no_dialog().await;

    home.fts(&["delete", "datasets", id]);
    fs::remove_file(&file).unwrap();
    window.click("Import a file").await;
    window.choose_file(&archive);
    window.see("An archive with 1 new row.").await;
    window.see("Files are written there, in a new folder for each row.").await;
    window.click("Import").await;
    window.see("1 row added").await;
    window.see("Written files").await;
    window.click("Done").await;
    window.close().await;

    let row = home.fts(&["get", "datasets", id]);
    let location = row["location"].as_str().unwrap();
    assert!(location.contains("imported/dataset-Tickets-"), "{location}");
    assert_eq!(fs::read_to_string(location).unwrap(), samples::tickets_csv(30));
}
