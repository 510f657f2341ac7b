//! Any row of a large file is reached at once, and is the one that reading from the start finds.

use std::fmt::Write as _;

use sqlx::Connection as _;
use studio::{DatasetSource, datasets::Preview, platform::Work};

use crate::world::{World, id};

const ROWS: usize = 40_000;

/// Files of several megabytes: rows over two lines, blank lines, keys that come late.
fn files() -> [(&'static str, String); 4] {
    let text = "a text that is there to fill the file, ".repeat(3);
    let mut csv = String::from("\u{feff}id,text,n\n");
    let [mut lines, mut list] = [String::new(), String::from("[\n")];
    for row in 0..ROWS {
        writeln!(csv, "row {row},\"{text}\n{row}\",{row}").unwrap();
        if row % 1_000 == 7 {
            csv.push('\n');
            lines.push('\n');
        }
        let late = if row > ROWS / 2 { ",\"late\":true" } else { "" };
        writeln!(lines, "{{\"id\":\"row {row}\",\"text\":\"{text}\",\"n\":{row}{late}}}").unwrap();
        let comma = if row + 1 < ROWS { "," } else { "" };
        writeln!(list, "{{\"id\":\"row {row}\",\n\"text\":\"{text}\",\"n\":{row}{late}}}{comma}").unwrap();
    }
    list.push_str("]\n");
    let crlf = csv.replace('\n', "\r\n");
    [("rows.csv", csv), ("crlf.csv", crlf), ("rows.jsonl", lines), ("rows.json", list)]
}

async fn page(world: &World, source: &str, offset: usize) -> Preview {
    world.studio.datasets().preview(&DatasetSource::from_text(source), offset as u64, 20).await.unwrap()
}

#[tokio::test]
async fn a_page_is_the_same_however_it_is_reached() {
    let world = World::new().await;
    for (name, content) in files() {
        let path = world.file(name, content);
        let created = world.studio.datasets().import(&path, Some(name), &Work::unwatched()).await.unwrap();
        let (dataset, path) = (id(&created.row), path.display().to_string());
        for offset in [0, 1, 999, 7_600, 17_007, 23_456, 39_990, 40_000, 50_000] {
            let [sought, passed] = [page(&world, &dataset, offset).await, page(&world, &path, offset).await];
            assert_eq!(sought.end, passed.end, "{name} {offset}");
            assert_eq!(sought.total_rows, Some(ROWS as u64));
            let names = |page: &Preview| page.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
            assert!(names(&sought).starts_with(&names(&passed)), "{name} {offset}: {:?}", names(&sought));
            assert_eq!(sought.rows.len(), passed.rows.len(), "{name} {offset}");
            for (one, other) in sought.rows.iter().zip(&passed.rows) {
                assert_eq!(one.line, other.line, "{name} {offset}");
                assert!(one.values.starts_with(&other.values), "{name} {offset}: {one:?} {other:?}");
            }
            // What is odd further up came with the pages there.
            assert!(passed.problems.ends_with(&sought.problems) || passed.problems.len() >= 100);
        }
    }
}

#[tokio::test]
async fn a_file_that_changed_is_read_from_its_start() {
    let world = World::new().await;
    let [(name, content), ..] = files();
    let path = world.file(name, &content);
    let created = world.studio.datasets().import(&path, None, &Work::unwatched()).await.unwrap();
    let dataset = id(&created.row);
    world.file(name, content.replacen("row 0", "another and longer first row", 1));
    let shown = page(&world, &dataset, 30_000).await;
    assert_eq!((shown.rows[0].values[0].as_str(), shown.total_rows), (Some("row 30000"), None));
}

#[tokio::test]
async fn places_that_make_no_sense_do_no_harm() {
    let world = World::new().await;
    let [(name, content), ..] = files();
    let path = world.file(name, content);
    let created = world.studio.datasets().import(&path, None, &Work::unwatched()).await.unwrap();
    let dataset = id(&created.row);
    for offsets in
        [&b"\xff\xff\xff"[..], b"", b"\x01\x01a\x01\x05\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00"]
    {
        let mut stranger = world.stranger().await;
        sqlx::query("UPDATE studio_dataset_files SET offsets = ?")
            .bind(offsets)
            .execute(&mut stranger)
            .await
            .unwrap();
        stranger.close().await.unwrap();
        // Nonsense may show nothing or say why; it never ends the program.
        let _ = world.studio.datasets().preview(&DatasetSource::from_text(&dataset), 7, 5).await;
    }
}
